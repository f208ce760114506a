"""Where a path leads among files and folders, however many steps it takes to say so.

A folder is named by its address, its id, the list whose root it is, its item, its parent or a child of another folder;
every such path becomes `web/Folder`, every file `web/File`, and `…/ListItemAllFields` becomes the item itself
(`web/lists/*/items/*`), so that each operation has one route. The keys keep how it was said until there is a site to
look it up in.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from urllib.parse import unquote

from sharepoint.embedded import scopes, writing
from sharepoint.embedded.call import Key
from sharepoint.embedded.errors import BadQuery, FolderMissing, ItemMissing, ResourceMissing, SharePointError
from sharepoint.embedded.paths import Segment
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import PATH, Site

# In capitals, which no segment of a path has: nobody can ask for them by these names.
FOLDER, FILE = ["web", "Folder"], ["web", "File"]
_ITEM = ["web", "lists", "*", "items", "*"]
_ROOT = Key("path", PATH)
_STARTS = {
    "getfolderbyserverrelativeurl": (FOLDER, "url"), "getfolderbyserverrelativepath": (FOLDER, "path"),
    "getfolderbyid": (FOLDER, "id"), "getfilebyserverrelativeurl": (FILE, "url"),
    "getfilebyserverrelativepath": (FILE, "path"), "getfilebyid": (FILE, "id"),
    "getlist": (["web", "lists", "*"], "root"), "getlistusingpath": (["web", "lists", "*"], "root"),
}  # fmt: skip
_CHILDREN = {"folders": FOLDER, "files": FILE}


class FileMissing(SharePointError):
    """No such file (report: vgrem/office365-rest-python-client#479, #825)."""

    status = 404
    code = "-2130575338, Microsoft.SharePoint.SPException"

    def __init__(self, path: str) -> None:
        super().__init__(f"The file {path} does not exist.")


@dataclass(frozen=True, slots=True)
class Node:
    """A file or folder: `info` is None above the lists, `row` is None for those and for a list's root folder."""

    path: str
    info: ListInfo | None = None
    row: sqlite3.Row | None = None

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return self.row is None or bool(self.row["fs"])

    def held(self) -> tuple[ListInfo, sqlite3.Row]:
        """The list and row of a file or of a folder below a root; what has none is refused."""
        if self.info is None or self.row is None:
            raise SharePointError("The operation is not allowed on this folder.", status=400)
        return self.info, self.row


def step(names: list[str], keys: list[Key], segment: Segment) -> tuple[list[str], list[Key]] | None:
    """The pattern and keys after one more step of a path, or None if the step is not one between these places."""
    if names == ["web"]:
        return _start(segment)
    if names == ["web", "lists", "*"] and segment.name == "rootfolder":
        return FOLDER[:], [Key("rootof", "", tuple(keys))]
    if names == _ITEM and segment.name in ("file", "folder"):
        return (FILE if segment.name == "file" else FOLDER)[:], [Key("item", "", tuple(keys))]
    if names in (FOLDER, FILE) and segment.name == "listitemallfields":
        return _ITEM[:], [Key("listof", "", tuple(keys)), Key("itemof", names[1], tuple(keys))]
    if names == FOLDER:
        if segment.name == "parentfolder":
            return FOLDER[:], [Key("parent", "", tuple(keys))]
        return _child(segment.name, segment, keys)
    if names[:2] == FOLDER and len(names) == 3 and segment.name in ("getbyurl", "getbypath"):
        return _child(names[2], segment, keys)
    return None


def _start(segment: Segment) -> tuple[list[str], list[Key]] | None:
    if segment.name in _STARTS:
        names, by = _STARTS[segment.name]
        return names[:], [Key(by, _only(segment))]
    if segment.name == "rootfolder":
        return FOLDER[:], [_ROOT]
    if segment.name in _CHILDREN:
        return _child(segment.name, segment, [_ROOT]) or ([*FOLDER, segment.name], [_ROOT])
    return None


def _child(collection: str, segment: Segment, keys: list[Key]) -> tuple[list[str], list[Key]] | None:
    if collection not in _CHILDREN or not (segment.args or segment.named):
        return None
    return _CHILDREN[collection][:], [Key("child", _only(segment), tuple(keys))]


def _only(segment: Segment) -> str:
    values = [*segment.args, *segment.named.values()]
    if len(values) != 1:
        raise BadQuery(f"'{segment.written}' takes one argument.")
    return values[0]


def resolved(site: Site, person: Person, keys: tuple[Key, ...]) -> tuple[Key, ...] | None:
    """The keys with `ListItemAllFields` looked up; None if it was asked of a root folder, which has no item."""
    if not keys or keys[0].by != "listof":
        return keys
    found = (folder if keys[1].value == FOLDER[1] else file)(site, person, keys[0].beyond[0])
    if found.info is None or found.row is None:
        return None
    return (Key("id", found.info.guid), Key("id", str(found.row["id"])), *keys[2:])


def folder(site: Site, person: Person, key: Key) -> Node:
    """The folder a key names, which the person may read; FolderMissing otherwise."""
    found = _node(site, person, key)
    if found is None or not found.folder:
        raise FolderMissing
    return _readable(site, person, found) or _gone(FolderMissing())


def file(site: Site, person: Person, key: Key) -> Node:
    """The file a key names, which the person may read; FileMissing otherwise."""
    found = _node(site, person, key)
    if found is None or found.folder:
        raise FileMissing(absolute(site, key) if key.by in ("url", "path") else key.value)
    return _readable(site, person, found) or _gone(FileMissing(found.path))


def absolute(site: Site, key: Key) -> str:
    """The server-relative address a key says. In `…ByServerRelativeUrl` the text is itself an encoded address, so `%23`
    means `#` there, and `%` and `#` as they stand are not found; in `…ByServerRelativePath` it is taken as it is (doc:
    "Supporting % and # in files and folders with the ResourcePath API")."""
    text = key.value
    if key.by == "url":
        if "#" in text:
            raise FolderMissing
        text = unquote(text)
    text = text.removeprefix(site.origin).rstrip("/")
    return text if text.startswith("/") else f"{PATH}/{text}".rstrip("/")


def at(site: Site, path: str) -> Node | None:
    """What lies at a server-relative address, whoever asks."""
    wanted = path.casefold()
    if wanted in (PATH, f"{PATH}/lists"):
        return Node(PATH if wanted == PATH else f"{PATH}/Lists")
    for info in site.lists():
        root = info.root.casefold()
        if wanted == root:
            return Node(info.root, info)
        if info.library and wanted.startswith(f"{root}/"):
            row = site.database.one(f"SELECT * FROM {info.table} WHERE place = ?", (wanted,))  # noqa: S608
            return Node(f"{row['dir']}/{row['leaf']}", info, row) if row else None
    return None


def _node(site: Site, person: Person, key: Key) -> Node | None:
    if key.by in ("url", "path"):
        return at(site, absolute(site, key))
    if key.by == "rootof":
        info = site.open(person, key.beyond[0])
        return Node(info.root, info)
    if key.by == "item":
        return _of_item(site, person, key)
    if key.by == "id":
        return _by_id(site, key.value.strip("{}").lower())
    above = folder(site, person, key.beyond[0])
    if key.by == "parent":
        return at(site, above.path.rpartition("/")[0]) if above.path != PATH else above
    return at(site, f"{above.path}/{key.value}")


def _of_item(site: Site, person: Person, key: Key) -> Node | None:
    keys = resolved(site, person, key.beyond)
    if keys is None:
        raise ItemMissing
    info = site.open(person, keys[0])
    row = writing.find(site, info, keys[1].number())
    scopes.require(site, person, Right.READ, info, row)
    if not info.library:
        raise ItemMissing
    return Node(f"{row['dir']}/{row['leaf']}", info, row)


def _by_id(site: Site, guid: str) -> Node | None:
    for info in site.lists():
        if guid == root_id(info):
            return Node(info.root, info)
        if info.library:
            row = site.database.one(f"SELECT * FROM {info.table} WHERE guid = ?", (guid,))  # noqa: S608
            if row:
                return Node(f"{row['dir']}/{row['leaf']}", info, row)
    return None


def inside(path: str) -> tuple[str, list[str | int]]:
    """The SQL true for what lies in a folder of a library itself, and its parameters."""
    place = path.casefold()
    return "place > ? AND place < ? AND instr(substr(place, ?), '/') = 0", [f"{place}/", f"{place}0", len(place) + 2]


def below(path: str) -> tuple[str, list[str | int]]:
    """The same for what lies at any depth below it."""
    place = path.casefold()
    return "place > ? AND place < ?", [f"{place}/", f"{place}0"]


def root_id(info: ListInfo) -> str:
    """The UniqueId of a list's root folder: made of the list's own, so that it needs no keeping."""
    return f"{info.guid[:-1]}{'fedcba9876543210'[int(info.guid[-1], 16)]}"


def _readable(site: Site, person: Person, found: Node) -> Node | None:
    if found.info is None:
        site.people.require(person, Right.READ)
        return found
    if found.row is not None:
        held = site.people.rights(person, found.info, found.row["scope"])
        return found if Right.READ in held else None
    if site.people.visible(person, found.info) == "0":
        site.people.require(person, Right.READ, found.info)
    return found


def _gone(error: SharePointError) -> Node:
    raise error


def require(site: Site, person: Person, right: Right, found: Node) -> None:
    """AccessDenied unless the person has the right on this file or folder."""
    if found.info is None or found.row is None:
        site.people.require(person, right, found.info)
    else:
        scopes.require(site, person, right, found.info, found.row)


def writable(found: Node) -> ListInfo:
    """The library a folder belongs to; what is no library takes no files."""
    if found.info is None or not found.info.library:
        raise ResourceMissing("files")
    return found.info
