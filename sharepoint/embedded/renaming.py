"""A file or folder gets another name or another folder of its library; what lies below it goes along."""

from __future__ import annotations

import sqlite3
from typing import Any

from sharepoint.embedded import names, scopes
from sharepoint.embedded.errors import Refused
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site


class NameTaken(Refused):
    """A file or folder of that name is there already; the address is told back, the editor's name is not."""

    status = 400
    code = "-2130575257, Microsoft.SharePoint.SPException"

    def __init__(self, path: str) -> None:
        super().__init__(f"A file or folder with the name {path} already exists.")


def refuse_taken(site: Site, info: ListInfo, path: str, item: int = 0) -> None:
    """NameTaken if another item of the library lies at this address."""
    if site.database.one(f"SELECT 1 FROM {info.table} WHERE place = ? AND id <> ?", (path.casefold(), item)):  # noqa: S608
        raise NameTaken(path)


def filed_at(directory: str, name: str) -> dict[str, Any]:
    """The columns that say where a new or moved item lies; refused as names.check refuses."""
    place = names.check(directory, name).casefold()
    return {"leaf": name, "dir": directory, "place": place, "extension": names.extension(name)}


def move(site: Site, info: ListInfo, row: sqlite3.Row, directory: str, name: str) -> dict[str, Any]:
    """The columns of an item at its new place; what is below a folder is moved at once."""
    columns = filed_at(directory, name)
    refuse_taken(site, info, f"{directory}/{name}", row["id"])
    if row["fs"]:
        if f"{columns['place']}/".startswith(f"{row['place']}/") and columns["place"] != row["place"]:
            raise Refused("A folder cannot be moved into itself.", status=400)
        _move_below(site, info, row, f"{directory}/{name}")
    above = site.database.one(f"SELECT scope FROM {info.table} WHERE place = ?", (directory.casefold(),))  # noqa: S608
    inherited = int(above["scope"]) if above else 0
    if row["scope"] not in (row["id"], inherited):
        scopes.follow(site, info, row, row["scope"], inherited)
    return columns


def _move_below(site: Site, info: ListInfo, row: sqlite3.Row, path: str) -> None:
    old = f"{row['dir']}/{row['leaf']}"
    below = site.database.all(
        f"SELECT id, dir, leaf FROM {info.table} WHERE place > ? AND place < ?",  # noqa: S608 — a name of ours
        (row["place"] + "/", row["place"] + "0"),
    )
    moved = [(path + one["dir"][len(old) :], one["leaf"], one["id"]) for one in below]
    for directory, leaf, _ in moved:
        names.check(directory, leaf)
    for directory, leaf, item in moved:
        site.database.run(
            f"UPDATE {info.table} SET dir = ?, place = ? WHERE id = ?",  # noqa: S608 — a name of ours
            (directory, f"{directory}/{leaf}".casefold(), item),
        )
