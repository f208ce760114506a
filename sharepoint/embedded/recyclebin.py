"""The recycle bin: what was recycled, seen, restored, moved to the second stage, or deleted for good.

`web/RecycleBin` is the first stage: to its owners the whole of it, to anyone else what they deleted themselves.
`site/RecycleBin` is both stages, for owners. Entries go after 93 days (doc).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import orjson

from sharepoint.embedded import attachments, branches, changes, collection, lists, moments, removing, shelves, trimming
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Reply, Single
from sharepoint.embedded.errors import AccessDenied, ItemMissing, ListExists, SharePointError
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.principals import named
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

KEPT_DAYS = 93
_FIRST, _SECOND = 1, 2


class EntryMissing(SharePointError):
    """No such entry, or not for this person to see (code from memory)."""

    status = 404
    code = "-2147024809, System.ArgumentException"

    def __init__(self) -> None:
        super().__init__("The item is not in the recycle bin, or you do not have permission to it.")


def prune(site: Site) -> None:
    """Delete what has been in the bin for 93 days."""
    with site.database.write():
        limit = moments.from_ticks(moments.days_ago(KEPT_DAYS))
        for entry in site.database.all("SELECT * FROM recycled WHERE deleted < ?", (limit,)):
            _purge(site, entry)


def read_all(site: Site, call: Call) -> Reply:
    """GET RecycleBin, newest first."""
    return collection.page(call, [_entity(site, entry) for entry in _entries(site, call)], "RecycleBin")


def read(site: Site, call: Call) -> Reply:
    """GET one entry."""
    return branches.reply(call, _entity(site, _entry(site, call)))


def restore(site: Site, call: Call) -> Reply:
    """POST restore()."""
    with site.database.write():
        _restore(site, call.person, _entry(site, call))
    return Reply(Single("Restore", None))


def restore_all(site: Site, call: Call) -> Reply:
    """POST restoreAll(): all, or none if one is refused."""
    with site.database.write():
        # The last recycled first: a list before its items, a folder before what was recycled out of it earlier.
        for entry in _entries(site, call):
            _restore(site, call.person, entry)
    return Reply(Single("RestoreAll", None))


def delete(site: Site, call: Call) -> Reply:
    """POST deleteObject(): for good."""
    with site.database.write():
        _purge(site, _entry(site, call))
    return Reply(Single("DeleteObject", None))


def to_second_stage(site: Site, call: Call) -> Reply:
    """POST moveToSecondStage()."""
    with site.database.write():
        _stage(site, _entry(site, call))
    return Reply(Single("MoveToSecondStage", None))


def for_all(name: str, do: Callable[[Site, sqlite3.Row], None], stage: int = _FIRST) -> Callable[[Site, Call], Reply]:
    """The handler that does something to every entry of a stage."""

    def handler(site: Site, call: Call) -> Reply:
        with site.database.write():
            for entry in _entries(site, call, stage):
                do(site, entry)
        return Reply(Single(name, None))

    return handler


def _purge(site: Site, entry: sqlite3.Row) -> None:
    site.database.forget()
    site.database.run("DELETE FROM recycled WHERE guid = ?", (entry["guid"],))
    if entry["kind"] == removing.LIST:
        lists.drop(site, site.recycled_list(entry["list_no"]))
    elif entry["kind"] == removing.ATTACHMENT:
        site.database.run("DELETE FROM attachments WHERE recycled = ?", (entry["guid"],))
    else:
        for row in removing.unpacked(entry["content"]):
            removing.purge(site, entry["list_no"], row["id"])
            site.database.run("DELETE FROM recycled WHERE list_no = ? AND item = ?", (entry["list_no"], row["id"]))


def _stage(site: Site, entry: sqlite3.Row) -> None:
    site.database.run("UPDATE recycled SET stage = ? WHERE guid = ?", (_SECOND, entry["guid"]))


delete_all = for_all("DeleteAll", _purge)
delete_all_second = for_all("DeleteAllSecondStageItems", _purge, _SECOND)
all_to_second_stage = for_all("MoveAllToSecondStage", _stage)


def _restore(site: Site, person: Person, entry: sqlite3.Row) -> None:
    site.database.run("DELETE FROM recycled WHERE guid = ?", (entry["guid"],))
    if entry["kind"] == removing.LIST:
        _restore_list(site, person, entry)
        return
    info = _list_of(site, entry)
    site.people.require(person, Right.WRITE, info)
    if entry["kind"] == removing.ATTACHMENT:
        row = site.database.one(f"SELECT guid FROM {info.table} WHERE id = ?", (entry["item"],))  # noqa: S608
        if row is None:
            raise ItemMissing
        attachments.restore(site, entry)
        changes.record(site, info, person, change=changes.UPDATE, item=entry["item"], guid=row["guid"])
        return
    removing.restore(site, info, person, entry["content"])


def _restore_list(site: Site, person: Person, entry: sqlite3.Row) -> None:
    site.people.require(person, Right.SHAPE)
    if site.database.one("SELECT 1 FROM lists WHERE title = ?", (entry["title"],)):
        raise ListExists
    site.database.run("UPDATE lists SET recycled = NULL, title = ? WHERE no = ?", (entry["title"], entry["list_no"]))
    info = _list_of(site, entry)
    trimming.unseal_list(site, info)
    changes.record(site, info, person, change=changes.RESTORE, about=changes.LIST, guid=info.guid)


def recycle_list(site: Site, call: Call) -> Reply:
    """POST a list's recycle(): it keeps all it has, under a title that leaves its own free."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    with site.database.write():
        directory, _, leaf = info.root.rpartition("/")
        guid = removing.keep(
            site,
            call.person,
            {"list_no": info.no, "item": 0, "kind": removing.LIST, "title": info.title, "leaf": leaf,
             "dir": directory, "author": call.person.id, "content": orjson.dumps({"rows": []}).decode()},
        )  # fmt: skip
        site.database.run("UPDATE lists SET recycled = ?, title = ? WHERE no = ?", (guid, guid, info.no))
        changes.record(site, info, call.person, change=changes.DELETE, about=changes.LIST, guid=info.guid)
        trimming.seal_list(site, info)
    return Reply(Single("Recycle", guid))


def _list_of(site: Site, entry: sqlite3.Row) -> ListInfo:
    for info in site.lists():
        if info.no == entry["list_no"]:
            return info
    raise SharePointError("The list that the item was in is in the recycle bin too. Restore the list first.")


def _entries(site: Site, call: Call, stage: int = 0) -> list[sqlite3.Row]:
    owner = Right.OWN in site.people.rights(call.person)
    whole = call.pattern.startswith("site/")
    if whole and not owner:
        raise AccessDenied
    site.people.require(call.person, Right.READ)
    stages = (stage,) if stage else (_FIRST, _SECOND) if whole else (_FIRST,)
    rows = site.database.all(
        f"SELECT * FROM recycled WHERE stage IN ({','.join(map(str, stages))}) AND deleted >= ? "  # noqa: S608 — numbers
        "ORDER BY deleted DESC, rowid DESC",
        (moments.from_ticks(moments.days_ago(KEPT_DAYS)),),
    )
    return [row for row in rows if owner or row["deleted_by"] == call.person.id]


def _entry(site: Site, call: Call) -> sqlite3.Row:
    wanted = call.keys[0].value.strip("{}").lower()
    for entry in _entries(site, call):
        if entry["guid"] == wanted:
            return entry
    raise EntryMissing


def _entity(site: Site, entry: sqlite3.Row) -> Entity:
    author, deleter = named(site, entry["author"]), named(site, entry["deleted_by"])
    directory = entry["dir"].lstrip("/")
    values = {
        "AuthorEmail": author[1], "AuthorName": author[0], "DeletedByEmail": deleter[1], "DeletedByName": deleter[0],
        "DeletedDate": entry["deleted"], "DeletedDateLocalFormatted": entry["deleted"], "DirName": directory,
        "DirNamePath": shelves.resource_path(directory), "Id": entry["guid"], "ItemState": entry["stage"],
        "ItemType": entry["kind"], "LeafName": entry["leaf"], "LeafNamePath": shelves.resource_path(entry["leaf"]),
        "Size": str(entry["size"]), "Title": entry["title"],
    }  # fmt: skip
    return Entity("SP.RecycleBinItem", f"Web/RecycleBin(guid'{entry['guid']}')", values)
