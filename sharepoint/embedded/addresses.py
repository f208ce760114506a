"""Which folder a query or a new item names, and which rows of a list a view of it reaches."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded import places
from sharepoint.embedded.call import Key
from sharepoint.embedded.errors import FolderMissing
from sharepoint.embedded.people import Person
from sharepoint.embedded.query import Condition
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site


def asked_folder(given: dict[str, Any]) -> str:
    """The folder that a query or a new item names, by FolderServerRelativeUrl or a path object; "" for the root."""
    path = given.get("FolderServerRelativePath") or given.get("FolderPath")
    decoded = path.get("DecodedUrl") if isinstance(path, dict) else None
    return str(decoded or given.get("FolderServerRelativeUrl") or "")


def refuse_other_folder(site: Site, info: ListInfo, folder: str) -> None:
    """FolderMissing unless the folder is the list's root, given from the server or from the site."""
    if folder and places.absolute(site, Key("path", folder.strip())).casefold() != info.root.casefold():
        raise FolderMissing


def within(site: Site, person: Person, info: ListInfo, asked: tuple[str, str]) -> Condition:
    """What a view reaches, by the folder asked for ("" for the root) and its Scope.

    Without a Scope the files and folders in the folder itself, FilesOnly the files in it, Recursive every file below
    it, RecursiveAll every file and folder below it (doc: View element, Scope; SPViewScope). The items of a list that
    is no library all lie in its root.
    """
    folder, scope = asked
    if not info.library:
        refuse_other_folder(site, info, folder)
        return "1", []
    path = _folder(site, person, info, folder) if folder else info.root
    deep = scope in ("Recursive", "RecursiveAll")
    if deep and path == info.root:
        where, values = "1", list[str | int]()
    else:
        where, values = places.below(path) if deep else places.inside(path)
    return (f"{where} AND fs = 0" if scope in ("FilesOnly", "Recursive") else where), list(values)


def _folder(site: Site, person: Person, info: ListInfo, folder: str) -> str:
    found = places.folder(site, person, Key("path", folder.strip()))
    if found.info is None or found.info.no != info.no:
        raise FolderMissing
    return found.path
