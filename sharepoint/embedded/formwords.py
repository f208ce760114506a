"""One word of a form as the stored value of its column; what cannot be read is refused with the form's own sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from sharepoint.embedded import lookups, region
from sharepoint.embedded.errors import SharePointError
from sharepoint.embedded.kinds import LONGEST_TEXT, SEVERAL, Stored
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.site import Site
from sharepoint.embedded.texts import date_only

# 2 is how the form's own radio button says no (report: koltyakov's FieldTypes.md).
_YES, _NO = frozenset({"1", "yes", "true"}), frozenset({"0", "2", "no", "false"})


class Wrong(Exception):
    """A value that its column refuses; the text is told to whoever filled in the form."""


def read(site: Site, info: ListInfo, field: Field, words: str) -> Stored:
    """The stored form; nothing if there are no words. Wrong if they are not of the column's kind."""
    if words.strip() in ("", "[]"):
        if field.required:
            raise Wrong("You can't leave this blank.")
        return None
    try:
        if field.kind in ("User", "UserMulti"):
            return _people(site, field, words)
        if field.kind in ("Lookup", "LookupMulti"):
            return _looked_up(site, info, field, words)
        return _READERS.get(field.kind, _text)(field, words)
    except SharePointError as error:
        raise Wrong(error.message) from error


def _text(field: Field, words: str) -> Stored:
    longest = int(field.settings.get("MaxLength") or LONGEST_TEXT)
    if field.kind == "Text" and len(words.encode("utf-16-le")) // 2 > longest:
        raise Wrong(f"This field can have no more than {longest} characters.")
    return field.type.read(words, longest)


def _choice(field: Field, words: str) -> Stored:
    _refuse_choice(field, words)
    return field.type.read(words, LONGEST_TEXT)


def _choices(field: Field, words: str) -> Stored:
    found = [one for one in words.split(";#") if one]
    for one in found:
        _refuse_choice(field, one)
    return field.type.read(found, LONGEST_TEXT)


def _refuse_choice(field: Field, words: str) -> None:
    # Forms offer the choices alone; a body of items is not held to them, as in SharePoint (memory).
    if words not in field.settings.get("Choices", ()) and not field.settings.get("FillInChoice"):
        raise Wrong(f"'{words[:60]}' is not one of the choices.")


def _number(field: Field, words: str) -> Stored:
    try:
        value = float(words.replace(",", ""))
    except ValueError:
        raise Wrong("Only numbers can go here.") from None
    stored = field.type.read(int(value) if field.kind == "Integer" and value.is_integer() else value, 0)
    least, most = field.settings.get("MinimumValue"), field.settings.get("MaximumValue")
    if (least is not None and value < least) or (most is not None and value > most):
        raise Wrong("The number is outside the limits of the column.")
    return stored


def _boolean(_field: Field, words: str) -> Stored:
    said = words.strip().lower()
    if said not in _YES | _NO:
        raise Wrong("The value is neither yes nor no.")
    return int(said in _YES)


def _moment(field: Field, words: str) -> Stored:
    try:
        return region.from_form(words)
    except (ValueError, OverflowError):
        kind, example = ("date", "23/02/2012") if date_only(field) else ("date and time", "23/02/2012 14:25")
        raise Wrong(f"Enter a {kind} like this: {example}") from None


_READERS: dict[str, Callable[[Field, str], Stored]] = {
    "Choice": _choice, "MultiChoice": _choices, "Number": _number, "Integer": _number, "Boolean": _boolean,
    "DateTime": _moment,
}  # fmt: skip


def _people(site: Site, field: Field, words: str) -> Stored:
    """People are a JSON array of objects with a Key, their login name (report: koltyakov's FieldTypes.md)."""
    try:
        listed = orjson.loads(words)
    except orjson.JSONDecodeError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Wrong("Enter people as a JSON array of objects with a Key.")
    return _held(field, [_person(site, one.get("Key")) for one in listed])


def _person(site: Site, key: Any) -> int:
    plain = str(key or "").rpartition("|")[2]
    row = site.database.one("SELECT id FROM principals WHERE login = ?", (plain,))
    if row is None:
        raise Wrong("The specified user could not be found.")
    return int(row["id"])


def _looked_up(site: Site, info: ListInfo, field: Field, words: str) -> Stored:
    """`2`, `2;#Ambridge`, or several as `3;#;#4;#` or `3;#Ambridge;#4;#Borchester`."""
    ids = words.split(";#")[::2]
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in ids if one):
        raise Wrong("Invalid lookup value.")
    stored = _held(field, [int(one) for one in ids if one])
    lookups.refuse_dangling(site, info.columns, field, stored)
    return stored


def _held(field: Field, found: list[int]) -> Stored:
    if field.kind in SEVERAL.values():
        return field.type.read(found, 0)
    if len(found) > 1:
        raise Wrong("Only one value is allowed here.")
    return found[0] if found else None
