"""Files and folders made, overwritten, moved and copied; each with its item, version and change in one transaction."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded import changes, contents, locks, names, places, removing, renaming, writing
from sharepoint.embedded.errors import BadQuery, FolderMissing, NotBuilt
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.places import Node
from sharepoint.embedded.site import Site


def put(site: Site, person: Person, folder: Node, name: str, data: bytes, *, overwrite: bool) -> Node:
    """Make a file in a folder, or give the one there new bytes if it may be overwritten; NameTaken otherwise."""
    info = places.writable(folder)
    path = names.check(folder.path, name)
    found = places.at(site, path)
    if found is None:
        with site.database.write():
            return _made(site, person, folder, name, {"blob": contents.store(site, data), "length": len(data)})
    if found.folder or not overwrite:
        raise renaming.NameTaken(path)
    if site.people.rights(person, info, found.held()[1]["scope"]) is Right.NONE:
        raise renaming.NameTaken(path)
    replace(site, person, found, data)
    return again(site, found)


def replace(site: Site, person: Person, found: Node, data: bytes) -> None:
    """Give a file new bytes: a new version."""
    with site.database.write():
        swap(site, person, found, contents.store(site, data))


def swap(site: Site, person: Person, found: Node, blob: int) -> None:
    """Give a file bytes that are stored already."""
    places.require(site, person, Right.WRITE, found)
    info, row = found.held()
    writing.update(site, info, person, row["id"], {"blob": blob, "length": contents.length(site, blob)})


def make_folder(site: Site, person: Person, folder: Node, name: str) -> Node:
    """Make a folder in a folder; NameTaken if something of that name is there."""
    places.writable(folder)
    with site.database.write():
        return _made(site, person, folder, name, {"fs": 1})


def _made(site: Site, person: Person, folder: Node, name: str, values: dict[str, Any]) -> Node:
    places.require(site, person, Right.WRITE, folder)
    info = places.writable(folder)
    renaming.refuse_taken(site, info, f"{folder.path}/{name}")
    scope = folder.row["scope"] if folder.row is not None else 0
    columns = renaming.filed_at(folder.path, name) | {"scope": scope} | values
    if folder.path == info.root and name.casefold() == "forms":
        raise names.BadName('The name "Forms" is reserved in the root of a library.')
    item = writing.create(site, info, person, writing.with_defaults(info, columns))
    return Node(f"{folder.path}/{name}", info, writing.find(site, info, item))


def again(site: Site, found: Node) -> Node:
    """The same file or folder as it now is."""
    info, row = found.held()
    now = writing.find(site, info, row["id"])
    return Node(f"{now['dir']}/{now['leaf']}", info, now)


def move(site: Site, person: Person, found: Node, target: str, *, overwrite: bool) -> Node:
    """Put a file or folder at another address of its library; it stays the same item, with its versions."""
    places.require(site, person, Right.WRITE, found)
    info, row = found.held()
    directory, name = names.split(target)
    folder = _folder_at(site, person, directory)
    if folder.info is None or folder.info.no != info.no:
        raise NotBuilt("Moving between libraries is not built in this server.")
    with site.database.write():
        taken = places.at(site, names.check(folder.path, name))
        if taken and overwrite and not taken.folder and taken.held()[1]["id"] != row["id"]:
            _displace(site, person, taken)
        writing.update(site, info, person, row["id"], renaming.move(site, info, row, folder.path, name), renamed=True)
    return again(site, found)


def copy(site: Site, person: Person, found: Node, target: str, *, overwrite: bool) -> Node:
    """Make a file of the same bytes and columns at another address, as its first version."""
    info, row = found.held()
    if found.folder:
        raise NotBuilt("Copying a folder is not built in this server.")
    directory, name = names.split(target)
    folder = _folder_at(site, person, directory)
    with site.database.write():
        made = put(site, person, folder, name, contents.read(site, row["blob"]), overwrite=overwrite)
        if made.info is not None and made.info.no == info.no:
            kept = {field.sql: row[field.sql] for field in info.fields if not field.builtin and not field.unique}
            sets = ", ".join(f"{column} = ?" for column in [*kept, "title"])
            made_row = made.held()[1]
            site.database.run(
                f"UPDATE {info.table} SET {sets} WHERE id = ?",  # noqa: S608 — names of ours
                [*kept.values(), row["title"], made_row["id"]],
            )
    return again(site, made)


def unused(site: Site, directory: str, name: str) -> str:
    """The name, or the first with a number before its ending that nothing in the folder has."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    number, free = 0, name
    while places.at(site, f"{directory}/{free}"):
        number += 1
        free = f"{stem}{number}{dot}{ending}"
    return free


def _displace(site: Site, person: Person, taken: Node) -> None:
    places.require(site, person, Right.WRITE, taken)
    info, row = taken.held()
    removing.delete(site, info, person, row["id"])


def _folder_at(site: Site, person: Person, directory: str) -> Node:
    found = places.at(site, directory)
    if found is None or not found.folder:
        raise FolderMissing
    places.require(site, person, Right.WRITE, found)
    places.writable(found)
    return found


def check_out(site: Site, person: Person, found: Node) -> None:
    """Only this person may change the file until it is checked in."""
    places.require(site, person, Right.WRITE, found)
    info, row = found.held()
    locks.refuse(info, row, person)
    _hold(site, person, found, person.id, row["comment"])


def check_in(site: Site, person: Person, found: Node, comment: str) -> None:
    """Let others change the file again; a file that is not checked out is refused."""
    places.require(site, person, Right.WRITE, found)
    info, row = found.held()
    locks.refuse(info, row, person)
    if row["holder"] is None:
        raise BadQuery("The file is not checked out. You must first check out this document before making changes.")
    if len(comment) > 1023:
        raise BadQuery("The check-in comment is longer than 1023 characters.")
    _hold(site, person, found, None, comment)


def undo_check_out(site: Site, person: Person, found: Node) -> None:
    """Let the file go. Whoever owns the site may do so for others."""
    info, row = found.held()
    if Right.OWN not in site.people.rights(person, info, row["scope"]):
        places.require(site, person, Right.WRITE, found)
        locks.refuse(info, row, person)
    _hold(site, person, found, None, row["comment"])


def _hold(site: Site, person: Person, found: Node, holder: int | None, comment: str | None) -> None:
    info, row = found.held()
    with site.database.write():
        site.database.run(
            f"UPDATE {info.table} SET holder = ?, comment = ?, version = version + 1 WHERE id = ?",  # noqa: S608
            (holder, comment, row["id"]),
        )
        changes.record(site, info, person, change=changes.UPDATE, item=row["id"], guid=row["guid"])
