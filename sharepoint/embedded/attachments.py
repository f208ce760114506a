"""Attachments of list items: bytes with a name, without versions of their own.

Adding, replacing or removing one makes the item's ETag new (the strict side: whether SharePoint Online also writes a
version of the item is not known to us; here it does not).
"""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

import orjson

from sharepoint.embedded import (
    branches,
    changes,
    collection,
    contents,
    moments,
    names,
    removing,
    renaming,
    scopes,
    shelves,
    writing,
)
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Raw, Reply, Single
from sharepoint.embedded.errors import FolderMissing, Refused
from sharepoint.embedded.people import Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

Subject = tuple[ListInfo, sqlite3.Row]


def read_all(site: Site, call: Call) -> Reply:
    """GET AttachmentFiles."""
    info, row = _item(site, call, Right.READ)
    return collection.page(call, listed(site, info, row["id"]), "AttachmentFiles")


def listed(site: Site, info: ListInfo, item: int) -> list[Entity]:
    """An item's attachments, by name."""
    rows = site.database.all(
        "SELECT * FROM attachments WHERE list_no = ? AND item = ? AND recycled IS NULL ORDER BY place", (info.no, item)
    )
    return [_entity(info, one) for one in rows]


def read(site: Site, call: Call) -> Reply:
    """GET one attachment."""
    subject = _item(site, call, Right.READ)
    return branches.reply(call, _entity(subject[0], _found(site, subject, call)))


def value(site: Site, call: Call) -> Reply:
    """GET $value: the bytes."""
    return Reply(Raw(contents.read(site, _found(site, _item(site, call, Right.READ), call)["blob"])))


def add(site: Site, call: Call) -> Reply:
    """POST AttachmentFiles/add(FileName='…'); a name that is there already is refused."""
    info, row = subject = _item(site, call, Right.WRITE)
    if info.library or not orjson.loads(info.row["settings"]).get("EnableAttachments", True):
        raise Refused("Attachments are not enabled for this list.", status=400)
    name = call.arg("filename") or call.arg("decodedurl")
    path = names.check(_directory(info, row["id"]), name)
    with site.database.write():
        if _row(site, subject, name):
            raise renaming.NameTaken(path)
        blob = contents.store(site, call.body)
        site.database.run(
            "INSERT INTO attachments (list_no, item, name, place, blob) VALUES (?, ?, ?, ?, ?)",
            (info.no, row["id"], name, name.casefold(), blob),
        )
        _touch(site, call, subject)
    made = _row(site, subject, name)
    assert made is not None
    return branches.reply(call, _entity(info, made))


def replace(site: Site, call: Call) -> Reply:
    """PUT $value: other bytes under the same name."""
    info, row = subject = _item(site, call, Right.WRITE)
    with site.database.write():
        old = _found(site, subject, call)
        blob = contents.store(site, call.body)
        site.database.run(
            "UPDATE attachments SET blob = ? WHERE list_no = ? AND item = ? AND place = ? AND recycled IS NULL",
            (blob, info.no, row["id"], old["place"]),
        )
        site.database.forget()
        site.database.run("DELETE FROM contents WHERE no = ?", (old["blob"],))
        _touch(site, call, subject)
    return Reply(status=204)


def delete(site: Site, call: Call) -> Reply:
    """DELETE an attachment for good."""
    info, row = subject = _item(site, call, Right.WRITE)
    with site.database.write():
        old = _found(site, subject, call)
        site.database.forget()
        site.database.run(
            "DELETE FROM attachments WHERE list_no = ? AND item = ? AND place = ? AND recycled IS NULL",
            (info.no, row["id"], old["place"]),
        )
        _touch(site, call, subject)
    return Reply(status=200)


def recycle(site: Site, call: Call) -> Reply:
    """recycleObject: to the recycle bin."""
    info, row = subject = _item(site, call, Right.WRITE)
    with site.database.write():
        old = _found(site, subject, call)
        guid = removing.keep(
            site,
            call.person,
            {"list_no": info.no, "item": row["id"], "kind": removing.ATTACHMENT, "title": old["name"],
             "leaf": old["name"], "dir": _directory(info, row["id"]), "author": row["author"],
             "size": contents.length(site, old["blob"]), "content": "{}"},
        )  # fmt: skip
        site.database.run(
            "UPDATE attachments SET recycled = ? WHERE list_no = ? AND item = ? AND place = ? AND recycled IS NULL",
            (guid, info.no, row["id"], old["place"]),
        )
        _touch(site, call, subject)
    return Reply(Single("RecycleObject", guid))


def restore(site: Site, entry: sqlite3.Row) -> None:
    """Take one out of the recycle bin; refused if its name has been taken meanwhile."""
    taken = site.database.one(
        "SELECT 1 FROM attachments WHERE list_no = ? AND item = ? AND place = ? AND recycled IS NULL",
        (entry["list_no"], entry["item"], entry["leaf"].casefold()),
    )
    if taken:
        raise renaming.NameTaken(f"{entry['dir']}/{entry['leaf']}")
    site.database.run("UPDATE attachments SET recycled = NULL WHERE recycled = ?", (entry["guid"],))


def _item(site: Site, call: Call, right: Right) -> Subject:
    info = site.open(call.person, call.keys[0])
    row = writing.find(site, info, call.keys[1].number())
    scopes.require(site, call.person, right, info, row)
    return info, row


def _directory(info: ListInfo, item: int) -> str:
    return f"{info.root}/Attachments/{item}"


def _row(site: Site, subject: Subject, name: str) -> sqlite3.Row | None:
    return site.database.one(
        "SELECT * FROM attachments WHERE list_no = ? AND item = ? AND place = ? AND recycled IS NULL",
        (subject[0].no, subject[1]["id"], name.casefold()),
    )


def _found(site: Site, subject: Subject, call: Call) -> sqlite3.Row:
    row = _row(site, subject, call.keys[2].value)
    if row is None:
        raise FolderMissing  # "File Not Found.", as for folders (memory)
    return row


def _touch(site: Site, call: Call, subject: Subject) -> None:
    info, row = subject
    now = moments.now()
    site.database.run(
        f"UPDATE {info.table} SET version = version + 1, modified = ?, editor = ? WHERE id = ?",  # noqa: S608
        (now, call.person.id, row["id"]),
    )
    changes.record(site, info, call.person, change=changes.UPDATE, item=row["id"], guid=row["guid"])
    writing.count(site, info, 0, now)


def _entity(info: ListInfo, row: sqlite3.Row) -> Entity:
    path = f"{_directory(info, row['item'])}/{row['name']}"
    values = {
        "FileName": row["name"], "FileNameAsPath": shelves.resource_path(row["name"]),
        "ServerRelativePath": shelves.resource_path(path), "ServerRelativeUrl": path,
    }  # fmt: skip
    literal = quote(row["name"].replace("'", "''"), safe="")
    return Entity("SP.Attachment", f"{info.path}/Items({row['item']})/AttachmentFiles('{literal}')", values)
