"""The rows of renderListDataAsStream: every value as the service writes it there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sharepoint.embedded import addresses, lookups, texts
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


@dataclass(frozen=True, slots=True)
class How:
    """How a row is written: with dates in UTC beside the site's, with the columns that pages require, for whom."""

    utc: bool
    required: bool
    mask: str


def mask(site: Site, info: ListInfo, person: Person) -> str:
    """What the person may do with the list's items, as a permission mask."""
    held_rights = site.people.rights(person, info)
    return next((text for right, text in _MASKS if right in held_rights), "0x0")


def row(site: Site, info: ListInfo, fields: Iterable[Field], found: sqlite3.Row, how: How) -> dict[str, Any]:
    """One item; `found` is selected as Selection.sql of these fields says."""
    name = f"{found['id']}_.000"
    shown: dict[str, Any] = {
        "ID": str(found["id"]), "PermMask": how.mask, "FSObjType": "0", "UniqueId": f"{{{found['guid'].upper()}}}",
        "FileRef": f"{addresses.root_folder(info)}/{name}", "FileLeafRef": name, "File_x0020_Type": "",
    }  # fmt: skip
    shown["FileRef.urlencode"] = quote(shown["FileRef"], safe="")
    if how.required:
        shown["owshiddenversion"] = str(found["version"])
    for at, field in enumerate(fields, start=3):
        shown |= _value(site, info, field, found[at], how)
    if "Title" in shown:
        shown |= {"LinkTitle": shown["Title"], "LinkTitleNoMenu": shown["Title"]}
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
