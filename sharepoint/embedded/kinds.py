"""The kinds of column: how each is stored in SQLite, read from JSON and from filter literals, and shown.

Stored forms: text and dates as TEXT (dates `2026-11-22T10:00:00Z`, so they sort), booleans as 0 or 1, numbers as REAL,
people, lookups and counters as INTEGER, several of something as a JSON array in TEXT. An empty text or collection is
stored as nothing, as SharePoint does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from sharepoint.embedded import moments
from sharepoint.embedded.entities import Strings
from sharepoint.embedded.errors import BadQuery, BadRequest, InvalidText
from sharepoint.embedded.filters import Literal

Stored = str | int | float | None
LONGEST_TEXT = 255
_WHOLE = 2**31
# Characters XML 1.0 cannot carry; SharePoint refuses them, and SQLite's NOCASE stops at NUL.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of column; `read` takes a JSON value, `literal` a filter literal, and both answer the stored form."""

    name: str
    number: int
    entity: str
    edm: str
    sql: str
    read: Callable[[Any, int], Stored]
    literal: Callable[[Literal], Stored]
    indexable: bool = True
    filterable: bool = True


def wrong_type(edm: str) -> BadQuery:
    """The refusal of a JSON value that is not of the column's type."""
    return BadQuery(
        f"Cannot convert a primitive value to the expected type '{edm}'. See the inner exception for more details."
    )


def _incompatible(value: Literal, edm: str) -> BadQuery:
    return BadQuery(f"A {value.kind} literal is incompatible with a column of type '{edm}'.")


def clean_text(value: Any) -> str | None:
    """A JSON string without characters XML cannot carry; empty is None."""
    if not isinstance(value, str):
        raise wrong_type("Edm.String")
    if _UNSAFE.search(value):
        raise BadRequest("The text holds a character that cannot be stored.", code="-1, System.ArgumentException")
    return value or None


def _read_text(value: Any, longest: int) -> Stored:
    text = clean_text(value)
    # SharePoint counts UTF-16 code units, so one emoji is two.
    if text is not None and len(text.encode("utf-16-le")) // 2 > longest:
        raise InvalidText
    return text


def _read_note(value: Any, _longest: int) -> Stored:
    return clean_text(value)


def _read_number(value: Any, _longest: int) -> Stored:
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise wrong_type("Edm.Double")
    return float(value)


def _from_text(value: str) -> float | str:
    # OData v3 verbose JSON carries doubles as strings too.
    try:
        return float(value)
    except ValueError:
        return value


def _read_integer(value: Any, _longest: int) -> Stored:
    if isinstance(value, bool) or not isinstance(value, int) or not -_WHOLE <= value < _WHOLE:
        raise wrong_type("Edm.Int32")
    return value


def _read_ids(value: Any, _longest: int) -> Stored:
    if not isinstance(value, list):
        raise wrong_type("Collection(Edm.Int32)")
    return _collection([_read_integer(one, 0) for one in value])


def _read_texts(value: Any, longest: int) -> Stored:
    if not isinstance(value, list):
        raise wrong_type("Collection(Edm.String)")
    return _collection([text for one in value if (text := _read_text(one, longest)) is not None])


def _collection(values: list[Any]) -> Stored:
    return orjson.dumps(list(dict.fromkeys(values))).decode() if values else None


def _read_boolean(value: Any, _longest: int) -> Stored:
    if not isinstance(value, bool):
        raise wrong_type("Edm.Boolean")
    return int(value)


def _read_moment(value: Any, _longest: int) -> Stored:
    if value == "":
        return None
    try:
        return moments.parse(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise wrong_type("Edm.DateTime") from error


def _literal_text(value: Literal) -> Stored:
    if value.kind not in ("string", "guid"):
        raise _incompatible(value, "Edm.String")
    text = str(value.value)
    if _UNSAFE.search(text):
        raise BadQuery("The filter holds a character that cannot be stored.")
    return text


def _literal_number(value: Literal) -> Stored:
    if value.kind != "number" or not isinstance(value.value, (int, float)):
        raise _incompatible(value, "Edm.Double")
    try:
        return float(value.value)
    except OverflowError as error:
        raise _incompatible(value, "Edm.Double") from error


def _literal_boolean(value: Literal) -> Stored:
    text = str(value.value).lower()
    if value.kind not in ("bool", "number", "string") or text not in ("true", "false", "1", "0"):
        raise _incompatible(value, "Edm.Boolean")
    return int(text in ("true", "1"))


def _literal_moment(value: Literal) -> Stored:
    if value.kind in ("datetime", "string"):
        try:
            return moments.parse(str(value.value))
        except ValueError:
            pass
    raise BadQuery(f"The value '{str(value.value)[:60]}' is not a date and time.")


_TEXTS = "Collection(Edm.String)"
_TEXT_SQL = "TEXT COLLATE NOCASE"
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Text", 2, "SP.FieldText", "Edm.String", _TEXT_SQL, _read_text, _literal_text),
        Kind("Note", 3, "SP.FieldMultiLineText", "Edm.String", "TEXT", _read_note, _literal_text, False, False),
        Kind("DateTime", 4, "SP.FieldDateTime", "Edm.DateTime", "TEXT", _read_moment, _literal_moment),
        Kind("Choice", 6, "SP.FieldChoice", "Edm.String", _TEXT_SQL, _read_text, _literal_text),
        Kind("Boolean", 8, "SP.Field", "Edm.Boolean", "INTEGER", _read_boolean, _literal_boolean),
        Kind("Number", 9, "SP.FieldNumber", "Edm.Double", "REAL", _read_number, _literal_number),
        Kind("Integer", 1, "SP.FieldNumber", "Edm.Int32", "INTEGER", _read_integer, _literal_number),
        Kind("User", 20, "SP.FieldUser", "Edm.Int32", "INTEGER", _read_integer, _literal_number),
        Kind("UserMulti", 20, "SP.FieldUser", "Collection(Edm.Int32)", "TEXT", _read_ids, _literal_number, False),
        Kind("Lookup", 7, "SP.FieldLookup", "Edm.Int32", "INTEGER", _read_integer, _literal_number),
        Kind("LookupMulti", 7, "SP.FieldLookup", "Collection(Edm.Int32)", "TEXT", _read_ids, _literal_number, False),
        Kind(
            "MultiChoice",
            15,
            "SP.FieldMultiChoice",
            "Collection(Edm.String)",
            "TEXT",
            _read_texts,
            _literal_text,
            False,
        ),
        Kind("Counter", 5, "SP.Field", "Edm.Int32", "INTEGER", _read_integer, _literal_number),
        Kind("Guid", 14, "SP.FieldGuid", "Edm.Guid", _TEXT_SQL, _read_text, _literal_text),
        Kind("Attachments", 19, "SP.Field", "Edm.Boolean", "INTEGER", _read_boolean, _literal_boolean, False, False),
        Kind("File", 18, "SP.Field", "Edm.String", _TEXT_SQL, _read_text, _literal_text, False),
        Kind("ContentTypeId", 25, "SP.Field", "Edm.String", "TEXT", _read_text, _literal_text, False, False),
    )
}
# What each column that refers to rows elsewhere becomes when it holds several.
SEVERAL = {"User": "UserMulti", "Lookup": "LookupMulti"}
REFERENCES = frozenset({*SEVERAL, *SEVERAL.values()})
COLLECTIONS = frozenset({*SEVERAL.values(), "MultiChoice"})
_MADE = frozenset(
    {"Text", "Note", "DateTime", "Choice", "Boolean", "Number", "Integer", "User", "Lookup", "MultiChoice"}
)
BY_NUMBER = {kind.number: kind for kind in KINDS.values() if kind.name in _MADE}


def show(kind: str, stored: Any) -> Any:
    """A stored value as JSON shows it; whole numbers lose their fraction, as in SharePoint."""
    if stored is None:
        return None
    if kind in ("Boolean", "Attachments"):
        return bool(stored)
    if kind in COLLECTIONS:
        return Strings(tuple(held(stored)), "Edm.String" if kind == "MultiChoice" else "Edm.Int32")
    if kind == "Number" and float(stored).is_integer() and abs(stored) < 1e15:
        return int(stored)
    return stored


def held(stored: Any) -> list[Any]:
    """What a column of several values holds, in order; a single value is a list of one."""
    if stored is None:
        return []
    return list(orjson.loads(stored)) if isinstance(stored, str) and stored.startswith("[") else [stored]
