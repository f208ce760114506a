"""The rows of renderListDataAsStream: every value as the service writes it there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sharepoint.embedded import lookups, texts
from sharepoint.embedded.kinds import REFERENCES, held
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.site import Site

# The base permissions of the roles Full Control, Edit, Contribute and Read (doc: SPBasePermissions).
_MASKS = (
    (Right.OWN, "0x7fffffffffffffff"),
    (Right.SHAPE, "0x1b03c431aef"),
    (Right.WRITE, "0x1b03c4312ef"),
    (Right.READ, "0xb008431061"),
)

_PLACED = ("FSObjType", "FileRef", "FileLeafRef", "File_x0020_Type")


@dataclass(frozen=True, slots=True)
class How:
    """How a row is written: with dates in UTC beside the site's, with the columns that pages require, and with what
    a person may do in each permission scope."""

    utc: bool
    required: bool
    mask: Callable[[int], str]


def mask(site: Site, info: ListInfo, person: Person, scope: int) -> str:
    """What the person may do with the items of a permission scope, as a permission mask."""
    held_rights = site.people.rights(person, info, scope)
    return next((text for right, text in _MASKS if right in held_rights), "0x0")


def placed(info: ListInfo) -> str:
    """The SQL of what tells where an item lies and who may do what with it, to be selected beside the columns."""
    held_columns = {field.name: field.sql for field in info.fields}
    return ", ".join([*(f"{held_columns.get(name, 'NULL')} AS at_{name}" for name in _PLACED), "scope AS at_scope"])


def row(site: Site, info: ListInfo, fields: Iterable[Field], found: sqlite3.Row, how: How) -> dict[str, Any]:
    """One item; `found` is selected as Selection.sql of these fields says, and then `placed`."""
    shown: dict[str, Any] = {
        "ID": str(found["id"]), "PermMask": how.mask(found["at_scope"]), "UniqueId": f"{{{found['guid'].upper()}}}",
        **{name: str(found[f"at_{name}"] or ("0" if name == "FSObjType" else "")) for name in _PLACED},
    }  # fmt: skip
    shown["FileRef.urlencode"] = quote(shown["FileRef"], safe="")
    if how.required:
        shown["owshiddenversion"] = str(found["version"])
    for at, field in enumerate(fields, start=3):
        shown |= _value(site, info, field, found[at], how)
    if "Title" in shown:
        shown |= {"LinkTitle": shown["Title"], "LinkTitleNoMenu": shown["Title"]}
    if info.library:
        shown |= {"LinkFilename": shown["FileLeafRef"], "LinkFilenameNoMenu": shown["FileLeafRef"]}
    return shown


def _value(site: Site, info: ListInfo, field: Field, stored: Any, how: How) -> dict[str, Any]:
    name = field.name
    if field.kind in REFERENCES:
        return {name: _references(site, info, field, stored) or ""}
    if field.kind == "MultiChoice":
        return {name: held(stored) or ""}
    words = texts.text(site, info.columns, field, stored)
    if field.kind == "Boolean":
        return {name: words, f"{name}.value": "" if stored is None else str(int(stored))}
    if field.kind == "Number":
        # Fifteen figures: 4.00000000000000 and 11.0000000000000 (report).
        return {name: words, f"{name}.": "" if stored is None else f"{stored:#.15g}"}
    if field.kind == "DateTime":
        # The instant stands beside the words when dates are wanted in UTC (memory).
        return {name: words, **({f"{name}.": stored or ""} if how.utc else {}), f"{name}.FriendlyDisplay": ""}
    return {name: words}


def _references(site: Site, info: ListInfo, field: Field, stored: Any) -> list[dict[str, Any]]:
    found = lookups.shown_texts(site, info.columns, field, stored)
    if lookups.table_of(info.columns, field) != "principals":
        return [{"lookupId": number, "lookupValue": text, "isSecretFieldValue": False} for number, text in found]
    return [_person(site, number, title) for number, title in found]


def _person(site: Site, number: int, title: str) -> dict[str, Any]:
    row = site.database.one("SELECT email FROM principals WHERE id = ?", (number,))
    email = row["email"] if row else ""
    return {"id": str(number), "title": title, "email": email, "sip": email, "picture": ""}
