"""SP.MoveCopyUtil: files and folders moved and copied by their absolute addresses, as PnPjs and list pages do it.

Doc: SP.MoveCopyUtil.MoveFileByPath, CopyFileByPath, MoveFolderByPath, CopyFolderByPath; the options are those of
SP.MoveCopyOptions. What is moved stays within its library here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sharepoint.embedded import filing, names, places, shelves
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Reply, Single
from sharepoint.embedded.errors import BadQuery
from sharepoint.embedded.people import Person
from sharepoint.embedded.places import Node
from sharepoint.embedded.site import Site

_FLAGS = frozenset({"KeepBoth", "ResetAuthorAndCreatedOnCopy", "RetainEditorAndModifiedOnMove",
                    "ShouldBypassSharedLocks", "IncludeItemPermissions", "SameWebCopyMoveOptimization"})  # fmt: skip


def move_file(site: Site, call: Call) -> Reply:
    """POST SP.MoveCopyUtil.MoveFileByPath(overwrite=@a1)."""
    return _done(site, call, places.file, filing.move)


def copy_file(site: Site, call: Call) -> Reply:
    """POST SP.MoveCopyUtil.CopyFileByPath(overwrite=@a1)."""
    return _done(site, call, places.file, filing.copy)


def move_folder(site: Site, call: Call) -> Reply:
    """POST SP.MoveCopyUtil.MoveFolderByPath()."""
    return _done(site, call, places.folder, filing.move)


def copy_folder(site: Site, call: Call) -> Reply:
    """POST SP.MoveCopyUtil.CopyFolderByPath(): everything in it that the person may read goes along."""
    return _done(site, call, places.folder, _copy_folder)


def _done(site: Site, call: Call, find: Callable[[Site, Person, Key], Node], carry: Callable[..., object]) -> Reply:
    given = call.json()
    source, target = _path(site, given, "srcPath"), _path(site, given, "destPath")
    found = find(site, call.person, Key("path", source))
    if _options(given).get("KeepBoth"):
        directory, name = names.split(target)
        target = f"{directory}/{filing.unused(site, directory, name)}"
    with site.database.write():
        carry(site, call.person, found, target, overwrite=_overwrite(call, given))
    return Reply(Single("MoveCopyUtil", None))


def _overwrite(call: Call, given: dict[str, Any]) -> bool:
    return str(call.arg("overwrite") or given.get("overwrite")).lower() == "true"


def _path(site: Site, given: dict[str, Any], name: str) -> str:
    """The server-relative address of a parameter, which must be absolute and on this server (doc)."""
    path = given.get(name)
    text = path.get("DecodedUrl") if isinstance(path, dict) else None
    if not isinstance(text, str) or not text.startswith((f"{site.origin}/", "/")):
        raise BadQuery(f"{name} needs a DecodedUrl that is an absolute address on this server.")
    return places.absolute(site, Key("path", text))


def _options(given: dict[str, Any]) -> dict[str, bool]:
    options = given.get("options") or {}
    if not isinstance(options, dict):
        raise BadQuery("The options are not an object.")
    told = {name: value for name, value in options.items() if name != "__metadata" and value is not None}
    for name, value in told.items():
        if name not in _FLAGS or not isinstance(value, bool):
            raise BadQuery(f"The property '{name[:60]}' does not exist on type 'SP.MoveCopyOptions', or is no boolean.")
    return told


def _copy_folder(site: Site, person: Person, found: Node, target: str, *, overwrite: bool) -> None:
    found.held()  # a library itself is not copied
    if f"{target.casefold()}/".startswith(f"{found.path.casefold()}/"):
        raise BadQuery("A folder cannot be copied into itself.")
    directory, name = names.split(target)
    made = filing.make_folder(site, person, places.folder(site, person, Key("path", directory)), name)
    for child in shelves.children(site, person, found):
        carry = _copy_folder if child.folder else filing.copy
        carry(site, person, child, f"{made.path}/{names.split(child.path)[1]}", overwrite=overwrite)
