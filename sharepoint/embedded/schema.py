"""Lists and their columns as loaded from the database, and the columns every list begins with."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import orjson

from sharepoint.embedded.kinds import KINDS, REFERENCES, Kind

LIBRARY = 101
INDEXES_PER_LIST = 20
ADDING_AN_INDEX = 20_000
THRESHOLD = 5_000
ITEM_TYPE, DOCUMENT_TYPE, FOLDER_TYPE = "0x0100", "0x0101", "0x0120"
# The site's content types as the items' tables hold them: their own ids, and their names.
_CONTENT_TYPES = {ITEM_TYPE: ("0x01", "Item"), DOCUMENT_TYPE: ("0x0101", "Document"), FOLDER_TYPE: ("0x0120", "Folder")}


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
        if self.kind in REFERENCES:
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

    def __init__(self, fields: Iterable[Field], target: Callable[[str], ListInfo | None] = lambda _: None) -> None:
        self.fields = tuple(fields)
        self._target = target

    @cached_property
    def by_property(self) -> dict[str, Field]:
        """By the name in an item's JSON; `Id` and `ID` are the same column, and so are FileSystemObjectType and the
        FSObjType that clients filter and select by (report: many, as `$filter=FSObjType eq 0&$select=FSObjType`)."""
        names = {field.shown_as: field for field in self.fields}
        return {**names, "Id": names["ID"], "FSObjType": names["FileSystemObjectType"]}

    @cached_property
    def references(self) -> dict[str, Field]:
        """Person and lookup columns by the name `$expand` uses."""
        return {field.entity_name: field for field in self.fields if field.kind in REFERENCES}

    def target(self, field: Field) -> ListInfo | None:
        """The list a lookup column reads from; None if it is gone or the reader may not read it."""
        return self._target(str(field.settings.get("LookupList", "")))

    @cached_property
    def shown(self) -> dict[str, Field]:
        """What an item shows without `$select`: hidden columns are left out, so ask for them by name."""
        names = {"Id": self.by_property["Id"]}
        # Names and places of files are shown when asked for, as in SharePoint.
        plain = [field for field in self.fields if not field.hidden and not field.settings.get("Unlisted")]
        names.update({field.shown_as: field for field in plain})
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
    # SQL true for the rows that whoever opened the list may see; every query of items must hold to it.
    visible: str = "1"

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
        return f"SP.Data.{self.entity}{'Item' if self.library else 'ListItem'}"

    @property
    def library(self) -> bool:
        """Whether its items are files and folders."""
        return bool(self.row["template"] == LIBRARY)

    @property
    def root(self) -> str:
        """The server-relative address of its root folder, decoded."""
        return str(self.row["root"])

    def content_type(self, stored: str) -> str:
        """The id of its own content type, of which every item holds the site's: that, followed by a guid of its own."""
        return _content_type(self.guid, stored)

    @property
    def path(self) -> str:
        """Its address under `_api/`."""
        return f"Web/Lists(guid'{self.guid}')"

    @property
    def big(self) -> bool:
        """Whether the list view threshold applies."""
        return int(self.row["item_count"]) > THRESHOLD


@lru_cache(1024)
def _content_type(guid: str, stored: str) -> str:
    """Kept: a guid made of names costs as much as reading the row that it stands in."""
    parent, name = _CONTENT_TYPES[stored]
    return f"{parent}00{uuid.uuid5(uuid.UUID(guid), name).hex.upper()}"


_BUILTINS: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("1d22ea11-1e32-424e-89ab-9fedbadb6ce1", "ID", "ID", "Counter", "id", {"ReadOnly": True}),
    ("30bb605f-5bae-48fe-b4e3-1f81d9772af9", "FSObjType", "Item Type", "Integer", "0",
     {"ReadOnly": True, "Property": "FileSystemObjectType"}),
    ("03e45e84-1992-4d42-9116-26f756012634", "ContentTypeId", "Content Type ID", "ContentTypeId", f"'{ITEM_TYPE}'",
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


# The columns that tell where an item lies, for every list and for libraries alone; the kind "File" is read as text.
_UNLISTED = {"ReadOnly": True, "Unlisted": True}
_FILE_COLUMNS: tuple[tuple[str, str, str, str, str, str, dict[str, Any]], ...] = (
    ("8553196d-ec8d-4564-9861-3dbe931050c8", "FileLeafRef", "Name", "File", "(id || '_.000')", "leaf", _UNLISTED),
    ("94f89715-e097-4e8b-ba79-ea02aa8b7adb", "FileRef", "URL Path", "File",
     "({root} || '/' || id || '_.000') COLLATE NOCASE", "(dir || '/' || leaf) COLLATE NOCASE", _UNLISTED),
    ("56605df6-8fa1-47e4-a04c-5b384d59609f", "FileDirRef", "Path", "File", "({root}) COLLATE NOCASE", "dir", _UNLISTED),
    ("4b7403de-8d94-43e8-9f0f-137a3e298126", "UniqueId", "Unique Id", "Guid", "guid", "guid", _UNLISTED),
    ("39360f11-34cf-4356-9945-25c44e68dade", "File_x0020_Type", "File Type", "File", "",
     "extension", _UNLISTED),
    ("8fca95c0-9b7d-456f-8dae-b41ee2728b85", "File_x0020_Size", "File Size", "Integer", "", "length", _UNLISTED),
    ("3881510a-4e4a-4ee8-b102-8ee8e2d0dd4b", "CheckoutUser", "Checked Out To", "User", "", "holder",
     {"ReadOnly": True}),
    ("58014f77-5463-437b-ab67-eec79532da67", "_CheckinComment", "Check In Comment", "File", "", "comment", _UNLISTED),
)  # fmt: skip
_OF_LIBRARIES = {
    "FSObjType": "fs",
    "ContentTypeId": f"(CASE fs WHEN 1 THEN '{FOLDER_TYPE}' ELSE '{DOCUMENT_TYPE}' END)",
}
FIELD_ROW = (
    "(list_no, guid, name, title, kind, sql, builtin, required, hidden, indexed, is_unique, settings) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def builtin_rows(list_no: int, *, library: bool = False) -> list[tuple[Any, ...]]:
    """The rows of the table `fields` that a new list begins with; the guids are SharePoint's own."""
    rows = []
    for guid, name, title, kind, sql, settings in _BUILTINS:
        if name == "Attachments" and library:
            continue
        expression = attachments_flag(list_no) if name == "Attachments" else sql
        expression = _OF_LIBRARIES.get(name, expression) if library else expression
        rows.append(_builtin(list_no, (guid, name, title, kind, expression), settings))
    return [*rows, *file_columns(list_no, library=library)]


def file_columns(list_no: int, *, library: bool) -> list[tuple[Any, ...]]:
    """The rows of the columns that tell where an item lies."""
    root = f"(SELECT root FROM lists WHERE no = {list_no})"  # noqa: S608 — a number of ours
    return [
        _builtin(
            list_no,
            (guid, name, title, kind, of_library if library else of_list.format(root=root)),
            {"Unlisted": True} if library and name == "FileLeafRef" else settings,  # a file is renamed by its item
        )
        for guid, name, title, kind, of_list, of_library, settings in _FILE_COLUMNS
        if library or of_list
    ]


def attachments_flag(list_no: int) -> str:
    """The SQL that tells whether an item has attachments."""
    return (
        f"EXISTS (SELECT 1 FROM attachments a WHERE a.list_no = {list_no} AND a.item = items_{list_no}.id "  # noqa: S608
        "AND a.recycled IS NULL)"
    )


def _builtin(list_no: int, column: tuple[str, str, str, str, str], settings: dict[str, Any]) -> tuple[Any, ...]:
    return (list_no, *column, 1, 0, 0, 0, 0, orjson.dumps(settings).decode())


def item_table(no: int, *, library: bool = False) -> str:
    """The SQL that makes a list's table. AUTOINCREMENT, so that an id is never given twice.

    `scope` is the item whose permissions it follows, 0 for the list's. In a library `place` is the whole address in
    one case, so that names which differ in case alone are one name, and `blob` the contents that the item holds.
    """
    files = (
        ", leaf TEXT NOT NULL COLLATE NOCASE, dir TEXT NOT NULL COLLATE NOCASE, place TEXT NOT NULL UNIQUE, "
        "extension TEXT, "
        "fs INTEGER NOT NULL DEFAULT 0, blob INTEGER, length INTEGER NOT NULL DEFAULT 0, holder INTEGER, comment TEXT"
    )
    return (
        f"CREATE TABLE items_{no} (id INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL COLLATE NOCASE, "
        "version INTEGER NOT NULL, major INTEGER NOT NULL, label TEXT NOT NULL, created TEXT NOT NULL, "
        "modified TEXT NOT NULL, author INTEGER NOT NULL, editor INTEGER NOT NULL, title TEXT COLLATE NOCASE, "
        f"scope INTEGER NOT NULL DEFAULT 0{files if library else ''})"
    )


def encoded_name(text: str) -> str:
    """A title as SharePoint makes an internal name of it: other characters become `_x0020_` and the like."""
    encoded = re.sub(r"[^A-Za-z0-9_]", lambda found: f"_x{ord(found.group()):04x}_", text)
    if encoded[:1].isdigit():
        encoded = f"_x{ord(encoded[0]):04x}_{encoded[1:]}"
    return encoded


def escaped_name(name: str) -> str:
    """A column's name among versions and texts, where an underscore is _x005f_ (report: pnp/pnpjs discussions)."""
    encoded = name.replace("_", "_x005f_")
    return f"OData_{encoded}" if name.startswith("_") else encoded


def entity_name(title: str) -> str:
    """A list's title as its entity type begins: `Referrals` gives `SP.Data.ReferralsListItem`."""
    encoded = encoded_name(title)
    return encoded[:1].upper() + encoded[1:]
