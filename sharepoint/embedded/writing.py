"""Writes of items: checked values in; the row, its version, its change and the list's counts in one transaction."""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

import orjson

from sharepoint.embedded import changes, locks, lookups, moments, renaming
from sharepoint.embedded.errors import Duplicate, ItemMissing, Refused, UnknownProperty
from sharepoint.embedded.kinds import LONGEST_TEXT, REFERENCES, Stored
from sharepoint.embedded.people import Person
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.site import Site

Values = dict[str, Stored]


def checked(site: Site, info: ListInfo, given: dict[str, Any]) -> Values:
    """A body's values by SQL column. Properties SharePoint sets itself are ignored, as SharePoint does (memory);
    required columns are not enforced, since its object model does not (memory)."""
    values: Values = {}
    for name, value in given.items():
        field = info.columns.by_property.get(name)
        if field is None:
            raise UnknownProperty(name, info.item_type)
        if not field.read_only:
            values[field.sql] = _checked(site, info, field, value)
    return values


def _checked(site: Site, info: ListInfo, field: Field, value: Any) -> Stored:
    if value is None:
        return None
    stored = field.type.read(value, int(field.settings.get("MaxLength") or LONGEST_TEXT))
    if field.kind in REFERENCES:
        lookups.refuse_dangling(site, info.columns, field, stored)
    return stored


def with_defaults(info: ListInfo, values: Values) -> Values:
    """The values of a new item: columns the body does not name take their default."""
    filled = dict(values)
    for field in info.fields:
        default = field.settings.get("DefaultValue")
        if default not in (None, "") and field.sql not in filled:
            filled[field.sql] = default_value(field, str(default))
    return filled


def default_value(field: Field, text: str) -> Stored:
    """A DefaultValue as stored; ValueError if it is not of the column's type."""
    if field.kind == "Boolean":
        return int(text.lower() in ("1", "true"))
    if field.kind == "DateTime":
        return moments.now() if text.lower() == "[today]" else moments.parse(text)
    if field.kind in ("Number", "Integer"):
        return float(text)
    if field.kind == "MultiChoice":
        return orjson.dumps([one for one in text.split(";#") if one]).decode()
    return text


def create(site: Site, info: ListInfo, person: Person, values: Values) -> int:
    """Make an item; answers its id, which no item of this list had before."""
    with site.database.write():
        refuse_duplicates(site, info, values, 0)
        now = moments.now()
        row: dict[str, Any] = {
            "guid": str(uuid.uuid4()), "version": 1, "major": 1, "label": "1.0", "created": now, "modified": now,
            "author": person.id, "editor": person.id, **values,
        }  # fmt: skip
        marks = ", ".join("?" * len(row))
        item = site.database.run(
            f"INSERT INTO {info.table} ({', '.join(row)}) VALUES ({marks})",  # noqa: S608 — names of ours
            list(row.values()),
        )
        remember(site, info, item)
        changes.record(site, info, person, change=changes.ADD, item=item, guid=row["guid"])
        count(site, info, 1, now)
    return item


def update(
    site: Site,
    info: ListInfo,
    person: Person,
    item: int,
    values: Values,
    *,
    overwrite: bool = False,
    renamed: bool = False,
) -> None:
    """Change an item; every update is a version, even one that changes no value, unless it is to overwrite the newest.
    Values for `modified` and `editor` replace the present and the person. A new FileLeafRef renames a file; `renamed`
    says that the values are those of a new place already."""
    with site.database.write():
        refuse_duplicates(site, info, values, item)
        row = find(site, info, item)
        locks.refuse(info, row, person)
        if info.library and "leaf" in values and not renamed:
            values = {**values, **renaming.move(site, info, row, row["dir"], str(values["leaf"] or ""))}
        renamed = renamed or ("leaf" in values and values["leaf"] != row["leaf"])
        major = row["major"] + (1 if info.row["versioning"] and not overwrite else 0)
        now = moments.now()
        new = {"modified": now, "editor": person.id, **values}
        new |= {"version": row["version"] + 1, "major": major, "label": f"{major}.0"}
        sets = ", ".join(f"{name} = ?" for name in new)
        site.database.run(f"UPDATE {info.table} SET {sets} WHERE id = ?", [*new.values(), item])  # noqa: S608
        remember(site, info, item, overwrite=overwrite)
        changes.record(site, info, person, change=changes.UPDATE, item=item, guid=row["guid"])
        if renamed:
            changes.record(site, info, person, change=changes.RENAME, item=item, guid=row["guid"])
        count(site, info, 0, now)


def find(site: Site, info: ListInfo, item: int) -> sqlite3.Row:
    """The whole row of an item; ItemMissing otherwise."""
    row = site.database.one(f"SELECT * FROM {info.table} WHERE id = ?", (item,))  # noqa: S608 — a name of ours
    if row is None:
        raise ItemMissing
    return row


def refuse_duplicates(site: Site, info: ListInfo, values: Values, item: int) -> None:
    """Duplicate if another item holds one of these values in a unique column."""
    taken = [
        field.name
        for field in info.fields
        if field.unique
        and values.get(field.sql) is not None
        and site.database.one(
            f"SELECT 1 FROM {info.table} WHERE {field.sql} = ? AND id <> ?",  # noqa: S608 — names of ours
            (values[field.sql], item),
        )
    ]
    if taken:
        raise Duplicate(taken)


def refuse_library(info: ListInfo) -> None:
    """Refused if the list is a library: its items come with their files."""
    if info.library:
        # memory: the sentence of SPListItemCollection.Add on a library.
        raise Refused("To add an item to a document library, use SPFileCollection.Add().", status=400)


def remember(site: Site, info: ListInfo, item: int, *, overwrite: bool = False) -> None:
    """Write down an item as a version, instead of the newest one if it is to overwrite that, and let go of the oldest
    beyond the list's limit."""
    row = find(site, info, item)
    content = {field.name: row[field.sql] for field in info.fields if field.sql in row.keys()}  # noqa: SIM118 — a Row
    site.database.run(
        "INSERT INTO versions (list_no, item, number, label, created, editor, content, blob) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (info.no, item, row["version"], row["label"], row["modified"], row["editor"], orjson.dumps(content).decode(),
         row["blob"] if info.library else None),
    )  # fmt: skip
    if overwrite:
        # After the new one is there, since bytes go with the last version that holds them.
        site.database.run(
            "DELETE FROM versions WHERE list_no = ?1 AND item = ?2 AND number = (SELECT max(number) FROM versions "
            "WHERE list_no = ?1 AND item = ?2 AND number < ?3)",
            (info.no, item, row["version"]),
        )
    kept = info.row["major_limit"] if info.row["versioning"] else 1
    if kept:
        # Counted, since single versions may have been deleted.
        site.database.run(
            "DELETE FROM versions WHERE list_no = ?1 AND item = ?2 AND number < (SELECT number FROM versions "
            "WHERE list_no = ?1 AND item = ?2 ORDER BY number DESC LIMIT 1 OFFSET ?3)",
            (info.no, item, kept - 1),
        )


def count(site: Site, info: ListInfo, more: int, now: str) -> None:
    """Tell the list that it has so many items more (or fewer), or that one has changed."""
    column = "item_deleted" if more < 0 else "item_modified"
    site.database.run(
        f"UPDATE lists SET item_count = item_count + ?, {column} = ? WHERE no = ?",  # noqa: S608 — one of two names
        (more, now, info.no),
    )
