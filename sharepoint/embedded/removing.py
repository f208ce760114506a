"""Items, files and folders deleted for good, put in the recycle bin, and taken out of it again.

DELETE is for good and does not go to the bin; recycle() does (report: tipsbybits.com "Delete vs Recycle", mastykarz.nl
"Programmatically deleting list items/documents with Recycle Bin support"). A recycled item's versions, attachments and
permissions stay where they are, under an id that is never given again.
"""

from __future__ import annotations

import sqlite3
import uuid
from typing import Any

import orjson

from sharepoint.embedded import changes, locks, moments, names, scopes, trimming, writing
from sharepoint.embedded.errors import Refused
from sharepoint.embedded.people import Person
from sharepoint.embedded.renaming import refuse_taken
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

FILE, ITEM, LIST, FOLDER, ATTACHMENT = 1, 3, 4, 5, 7
_OF_ITEM = ("versions", "attachments", "uploads", *scopes.ITEM_RIGHTS)


def delete(site: Site, info: ListInfo, person: Person, item: int) -> None:
    """Delete an item and all that hangs on it for good; a folder with everything in it."""
    with site.database.write():
        for row in _taken_out(site, info, person, item):
            purge(site, info.no, row["id"])


def recycle(site: Site, info: ListInfo, person: Person, item: int) -> str:
    """Put an item in the recycle bin, a folder with everything in it; answers the bin's guid for it."""
    with site.database.write():
        rows = _taken_out(site, info, person, item)
        top = rows[0]
        kind = (FOLDER if top["fs"] else FILE) if info.library else ITEM
        leaf, directory = (top["leaf"], top["dir"]) if info.library else (f"{item}_.000", info.root)
        title = leaf if info.library else top["title"] or ""
        size = sum(row["length"] for row in rows) if info.library else 0
        return keep(
            site,
            person,
            {"list_no": info.no, "item": item, "kind": kind, "title": title, "leaf": leaf, "dir": directory,
             "author": top["author"], "size": size, "content": _packed(rows)},
        )  # fmt: skip


def keep(site: Site, person: Person, entry: dict[str, Any]) -> str:
    """Write down one entry of the recycle bin; answers its guid."""
    guid = str(uuid.uuid4())
    row = {"guid": guid, "deleted": moments.now(), "deleted_by": person.id, "stage": 1, **entry}
    site.database.run(
        f"INSERT INTO recycled ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608 — names of ours
        list(row.values()),
    )
    return guid


def purge(site: Site, list_no: int, item: int) -> None:
    """Drop what hangs on an item that is gone: versions and their bytes, attachments, permissions."""
    site.database.forget()
    for table in _OF_ITEM:
        site.database.run(f"DELETE FROM {table} WHERE list_no = ? AND item = ?", (list_no, item))  # noqa: S608


def restore(site: Site, info: ListInfo, person: Person, content: str) -> None:
    """Put back what `recycle` took: the same id, versions, attachments and permissions.

    Refused whole if a unique value or the name has been taken meanwhile, or the folder it lay in is gone.
    """
    for row in unpacked(content):
        columns = {field.sql for field in info.fields}
        kept = {name: value for name, value in row.items() if not name.startswith("f") or name in columns | {"fs"}}
        writing.refuse_duplicates(site, info, kept, 0)
        if info.library:
            _refuse_misplaced(site, info, kept)
        kept["scope"] = _scope(site, info, kept)
        site.database.run(
            f"INSERT INTO {info.table} ({', '.join(kept)}) VALUES ({', '.join('?' * len(kept))})",  # noqa: S608
            list(kept.values()),
        )
        changes.record(site, info, person, change=changes.RESTORE, item=row["id"], guid=row["guid"])
        trimming.unseal_item(site, info, row["id"])
        writing.count(site, info, 1, moments.now())


def unpacked(content: str) -> list[dict[str, Any]]:
    """The rows of an entry, the top one first; earlier versions of this server kept the one row alone."""
    held = orjson.loads(content)
    rows: list[dict[str, Any]] = held.get("rows", [held])
    return rows


def _packed(rows: list[sqlite3.Row]) -> str:
    return orjson.dumps({"rows": [dict(row) for row in rows]}).decode()


def _taken_out(site: Site, info: ListInfo, person: Person, item: int) -> list[sqlite3.Row]:
    rows = [writing.find(site, info, item)]
    if info.library and rows[0]["fs"]:
        place = rows[0]["place"]
        rows += site.database.all(
            f"SELECT * FROM {info.table} WHERE place > ? AND place < ? ORDER BY place",  # noqa: S608 — a name of ours
            (place + "/", place + "0"),
        )
    for row in rows:
        locks.refuse(info, row, person)
        site.database.run(f"DELETE FROM {info.table} WHERE id = ?", (row["id"],))  # noqa: S608 — a name of ours
        changes.record(site, info, person, change=changes.DELETE, item=row["id"], guid=row["guid"])
        trimming.seal_item(site, info, row["id"], row["scope"])
        writing.count(site, info, -1, moments.now())
    return rows


def _refuse_misplaced(site: Site, info: ListInfo, row: dict[str, Any]) -> None:
    refuse_taken(site, info, f"{row['dir']}/{row['leaf']}")
    above = names.split(row["place"])[0]
    if above != info.root.casefold() and not site.database.one(
        f"SELECT 1 FROM {info.table} WHERE place = ? AND fs = 1",  # noqa: S608 — a name of ours
        (above,),
    ):
        raise Refused("The folder that the item was in is no longer there. Restore or make the folder first.")


def _scope(site: Site, info: ListInfo, row: dict[str, Any]) -> int:
    own = site.database.one("SELECT 1 FROM item_scopes WHERE list_no = ? AND item = ?", (info.no, row["id"]))
    return int(row["id"]) if own else scopes.parent_scope(site, info, row)
