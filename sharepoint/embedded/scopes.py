"""Permission scopes of items: which item an item takes its permissions from, and what a person may do with it.

An item's row names its scope: its own id once its inheritance is broken, that of the nearest folder above with
permissions of its own, or 0 for the list.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sharepoint.embedded.errors import AccessDenied, ItemMissing
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

ITEM_RIGHTS = ("item_scopes", "item_assignments")


def require(site: Site, person: Person, right: Right, info: ListInfo, row: sqlite3.Row) -> None:
    """ItemMissing if the person may not even read the item, AccessDenied if they may read it but lack the right.

    That an item out of sight is "not there" rather than "denied" is memory: SharePoint trims it from every query.
    """
    held = site.people.rights(person, info, row["scope"])
    if Right.READ not in held:
        raise ItemMissing
    if right not in held:
        raise AccessDenied


def parent_scope(site: Site, info: ListInfo, row: sqlite3.Row | dict[str, Any]) -> int:
    """The scope an item would have without one of its own: that of the folder it lies in."""
    if not info.library:
        return 0
    above = site.database.one(f"SELECT scope FROM {info.table} WHERE place = ?", (row["dir"].casefold(),))  # noqa: S608
    return int(above["scope"]) if above else 0


def follow(site: Site, info: ListInfo, row: sqlite3.Row, old: int, new: int) -> None:
    """Give an item, and everything below it that had its old scope, a new one."""
    site.database.run(f"UPDATE {info.table} SET scope = ? WHERE id = ?", (new, row["id"]))  # noqa: S608 — a name of ours
    if info.library and row["fs"]:
        site.database.run(
            f"UPDATE {info.table} SET scope = ? WHERE scope = ? AND place > ? AND place < ?",  # noqa: S608
            (new, old, row["place"] + "/", row["place"] + "0"),
        )


def forget(site: Site, info: ListInfo, item: int) -> None:
    """Drop the permissions an item has of its own."""
    for table in ITEM_RIGHTS:
        site.database.run(f"DELETE FROM {table} WHERE list_no = ? AND item = ?", (info.no, item))  # noqa: S608
