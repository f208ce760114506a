"""Lists and their columns as loaded from the database, and the columns every list begins with."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from sharepoint.embedded.kinds import KINDS, Kind

INDEXES_PER_LIST = 20
ADDING_AN_INDEX = 20_000
THRESHOLD = 5_000


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `name` is its internal name, `sql` the expression that reads it from the list's table."""

    no: int
    guid: str
    name: str
    title: str
    kind: str
    sql: str
    builtin: bool
    required: bool
    hidden: bool
    indexed: bool
    unique: bool
    settings: dict[str, Any]

    @classmethod
    def of(cls, row: sqlite3.Row) -> Field:
        """From a row of the table `fields`."""
        return cls(
            no=row["no"],
            guid=row["guid"],
            name=row["name"],
            title=row["title"],
            kind=row["kind"],
            sql=row["sql"],
            builtin=bool(row["builtin"]),
            required=bool(row["required"]),
            hidden=bool(row["hidden"]),
            indexed=bool(row["indexed"]),
            unique=bool(row["is_unique"]),
            settings=orjson.loads(row["settings"]),
        )

    @property
    def type(self) -> Kind:
        """The kind of column it is."""
        return KINDS[self.kind]

    @property
    def shown_as(self) -> str:
        """The name an item's JSON gives its value: `AuthorId`, `OData__UIVersionString`, otherwise `name`."""
        if self.kind == "User":
            return f"{self.entity_name}Id"
        return str(self.settings.get("Property") or self.entity_name)

    @property
    def entity_name(self) -> str:
        """The internal name as OData may spell it."""
        return f"OData_{self.name}" if self.name.startswith("_") else self.name

    @property
    def read_only(self) -> bool:
        """Whether a body cannot set it."""
        return bool(self.settings.get("ReadOnly"))


class Columns:
    """The columns of a list by the names a request may use; made once for each change of the list's columns."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.fields = tuple(fields)

    @cached_property
    def by_property(self) -> dict[str, Field]:
        """By the name in an item's JSON; `Id` and `ID` are the same column, and so are FileSystemObjectType and the
        FSObjType that clients filter and select by (report: many, as `$filter=FSObjType eq 0&$select=FSObjType`)."""
        names = {field.shown_as: field for field in self.fields}
        return {**names, "Id": names["ID"], "FSObjType": names["FileSystemObjectType"]}

    @cached_property
    def people(self) -> dict[str, Field]:
        """Person columns by the name `$expand` uses."""
        return {field.entity_name: field for field in self.fields if field.kind == "User"}

    @cached_property
    def shown(self) -> dict[str, Field]:
        """What an item shows without `$select`: hidden columns are left out, so ask for them by name."""
        names = {"Id": self.by_property["Id"]}
        names.update({field.shown_as: field for field in self.fields if not field.hidden})
        return names


@dataclass(frozen=True, slots=True)
class ListInfo:
    """One list with its columns; the counts are those of the moment it was read."""

    no: int
    guid: str
    title: str
    entity: str
    row: sqlite3.Row
    columns: Columns

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its columns, in the order they were made."""
        return self.columns.fields

    @property
    def table(self) -> str:
        """The SQL table of its items."""
        return f"items_{self.no}"

    @property
    def item_type(self) -> str:
        """Its ListItemEntityTypeFullName."""
        return f"SP.Data.{self.entity}ListItem"

    @property
    def path(self) -> str:
        """Its address under `_api/`."""
        return f"Web/Lists(guid'{self.guid}')"

    @property
    def big(self) -> bool:
        """Whether the list view threshold applies."""
        return int(self.row["item_count"]) > THRESHOLD


_BUILTINS: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("1d22ea11-1e32-424e-89ab-9fedbadb6ce1", "ID", "ID", "Counter", "id", {"ReadOnly": True}),
    ("30bb605f-5bae-48fe-b4e3-1f81d9772af9", "FSObjType", "Item Type", "Integer", "0",
     {"ReadOnly": True, "Property": "FileSystemObjectType"}),
    ("03e45e84-1992-4d42-9116-26f756012634", "ContentTypeId", "Content Type ID", "ContentTypeId", "'0x0100'",
     {"ReadOnly": True}),
    ("fa564e0f-0c70-4ab9-b863-0177e6ddd247", "Title", "Title", "Text", "title", {"MaxLength": 255}),
    ("28cf69c5-fa48-462a-b5cd-27b6f9d2bd5f", "Modified", "Modified", "DateTime", "modified", {"ReadOnly": True}),
    ("8c06beca-0777-48f7-91da-6da68bc07b69", "Created", "Created", "DateTime", "created", {"ReadOnly": True}),
    ("1df5e554-ec7e-46a6-901d-d85a3881cb18", "Author", "Created By", "User", "author", {"ReadOnly": True}),
    ("d31655d1-1d5b-4511-95a1-7a09e9b75bf2", "Editor", "Modified By", "User", "editor", {"ReadOnly": True}),
    ("dce8262a-3ae9-45aa-aab4-83bd75fb738a", "_UIVersionString", "Version", "Text", "label", {"ReadOnly": True}),
    ("67df98f4-9dec-48ff-a553-29bece9c5bf4", "Attachments", "Attachments", "Attachments", "0", {"ReadOnly": True}),
    ("ae069f25-3ac2-4256-b9c3-15dbc15da0e0", "GUID", "GUID", "Guid", "guid", {"ReadOnly": True}),
)  # fmt: skip


def builtin_rows(list_no: int) -> list[tuple[Any, ...]]:
    """The rows of the table `fields` that a new list begins with; the guids are SharePoint's own."""
    return [
        (list_no, guid, name, title, kind, sql, 1, 0, 0, 0, 0, orjson.dumps(settings).decode())
        for guid, name, title, kind, sql, settings in _BUILTINS
    ]


def item_table(no: int) -> str:
    """The SQL that makes a list's table. AUTOINCREMENT, so that an id is never given twice."""
    return (
        f"CREATE TABLE items_{no} (id INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL COLLATE NOCASE, "
        "version INTEGER NOT NULL, major INTEGER NOT NULL, label TEXT NOT NULL, created TEXT NOT NULL, "
        "modified TEXT NOT NULL, author INTEGER NOT NULL, editor INTEGER NOT NULL, title TEXT COLLATE NOCASE)"
    )


def encoded_name(text: str) -> str:
    """A title as SharePoint makes an internal name of it: other characters become `_x0020_` and the like."""
    encoded = re.sub(r"[^A-Za-z0-9_]", lambda found: f"_x{ord(found.group()):04x}_", text)
    if encoded[:1].isdigit():
        encoded = f"_x{ord(encoded[0]):04x}_{encoded[1:]}"
    return encoded


def entity_name(title: str) -> str:
    """A list's title as its entity type begins: `Referrals` gives `SP.Data.ReferralsListItem`."""
    encoded = encoded_name(title)
    return encoded[:1].upper() + encoded[1:]
