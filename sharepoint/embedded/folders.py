"""Operations on folders."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded import branches, collection, filing, names, places, removing, renaming, shelves
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Entity, Reply, Single
from sharepoint.embedded.errors import BadQuery, FolderMissing, NotBuilt
from sharepoint.embedded.people import Right
from sharepoint.embedded.places import Node
from sharepoint.embedded.site import Site


def read_all(site: Site, call: Call) -> Reply:
    """GET a folder's folders. SharePoint adds `Forms` in the root of a library; there is none here."""
    folder = places.folder(site, call.person, call.keys[0])
    found = [one for one in shelves.children(site, call.person, folder) if one.folder]
    return collection.page(call, [shelves.folder(site, call.person, one) for one in found], "Folders")


def read(site: Site, call: Call) -> Reply:
    """GET one folder. Asked for Exists alone, a missing one is answered and not refused (report:
    SharePoint/sp-dev-docs#7437, which also says that files are refused)."""
    try:
        found = places.folder(site, call.person, call.keys[0])
    except FolderMissing:
        if call.options.select == ("Exists",):
            return Reply(Entity("SP.Folder", "Web/Folder", {"Exists": False}))
        raise
    return branches.reply(call, shelves.folder(site, call.person, found))


def exists(site: Site, call: Call) -> Reply:
    """GET a folder's Exists."""
    try:
        places.folder(site, call.person, call.keys[0])
    except FolderMissing:
        return Reply(Single("Exists", False))
    return Reply(Single("Exists", True))


def create(site: Site, call: Call) -> Reply:
    """POST folders, with ServerRelativeUrl in the body."""
    given = call.entity("SP.Folder").get("ServerRelativeUrl")
    if not isinstance(given, str):
        raise BadQuery("A folder needs a ServerRelativeUrl.")
    return _added(site, call, given, by="path", again=True, status=201)


def add(site: Site, call: Call) -> Reply:
    """POST folders/add('…'): the folder there already is answered as it is (memory)."""
    return _added(site, call, call.arg("url") or call.arg("name"), by="url", again=True)


def add_using_path(site: Site, call: Call) -> Reply:
    """POST folders/addUsingPath(decodedurl='…',overwrite=false): taken is refused unless overwrite is true."""
    return _added(
        site, call, call.arg("decodedurl"), by="path", again=call.named.get("overwrite", "").lower() == "true"
    )


def add_sub_folder(site: Site, call: Call) -> Reply:
    """POST addSubFolderUsingPath, with leafPath in the body, and addSubFolder(leafName)."""
    given: Any = call.json()
    path = given.get("leafPath")
    wanted = path.get("DecodedUrl") if isinstance(path, dict) else given.get("DecodedUrl") or given.get("leafName")
    wanted = wanted or call.arg("decodedurl") or call.arg("leafname")
    if not isinstance(wanted, str):
        raise BadQuery("The name of the new folder is missing.")
    _added(site, call, wanted, by="path", again=False)
    return Reply(Single("AddSubFolderUsingPath", None))


def update(site: Site, call: Call) -> Reply:
    """MERGE a folder: Name renames it."""
    found = _to_write(site, call)
    given = call.entity("SP.Folder")
    name = given.pop("Name", None)
    if given or not isinstance(name, str):
        raise NotBuilt("Only the Name of a folder can be changed in this server.")
    filing.move(site, call.person, found, f"{names.split(found.path)[0]}/{name}", overwrite=False)
    return Reply(status=204)


def delete(site: Site, call: Call) -> Reply:
    """DELETE a folder with everything in it, for good."""
    info, row = _to_write(site, call).held()
    removing.delete(site, info, call.person, row["id"])
    return Reply(status=200)


def recycle(site: Site, call: Call) -> Reply:
    """POST recycle(): the folder and everything in it become one entry of the bin."""
    info, row = _to_write(site, call).held()
    return Reply(Single("Recycle", removing.recycle(site, info, call.person, row["id"])))


def move(site: Site, call: Call) -> Reply:
    """POST moveTo(newurl='…'), and moveToUsingPath(decodedurl='…')."""
    found = _to_write(site, call)
    by = "path" if {"decodedurl", "newpath"} & set(call.named) else "url"
    target = next(iter([*call.named.values(), *call.args]), "")
    filing.move(site, call.person, found, places.absolute(site, Key(by, target)), overwrite=False)
    return Reply(Single("MoveTo", None))


def _to_write(site: Site, call: Call) -> Node:
    found = places.folder(site, call.person, call.keys[0])
    places.require(site, call.person, Right.WRITE, found)
    found.held()
    return found


def _added(site: Site, call: Call, given: str, *, by: str, again: bool, status: int = 200) -> Reply:
    folder = places.folder(site, call.person, call.keys[0])
    if not given:
        raise names.BadName("The name of the new folder is missing.")
    # Only an address from the site's root is taken for one; `a/b` is a path below this folder.
    path = given if given.startswith(("/", site.origin)) else f"{folder.path}/{given}"
    directory, name = names.split(places.absolute(site, Key(by, path)))
    above = places.folder(site, call.person, Key("path", directory))
    found = places.at(site, f"{directory}/{name}")
    if found is not None and not (again and found.folder):
        raise renaming.NameTaken(f"{directory}/{name}")
    made = found or filing.make_folder(site, call.person, above, name)
    return branches.reply(call, shelves.folder(site, call.person, made), status)
