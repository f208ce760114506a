"""Where lists live below the site: the server-relative address of a list's root folder, and the list of an address."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded.errors import FileMissing
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import PATH


def root_folder(info: ListInfo) -> str:
    """A list's root folder, such as `/sites/mhrmb/Lists/Actions`."""
    return f"{PATH}/{info.folder}"


def same(one: str, other: str) -> bool:
    """Whether two server-relative addresses are of the same thing."""
    return one.strip().rstrip("/").lower() == other.strip().rstrip("/").lower()


def asked_folder(given: dict[str, Any]) -> str:
    """The folder that a query or a new item names, by FolderServerRelativeUrl or a path object; "" for the root."""
    path = given.get("FolderServerRelativePath") or given.get("FolderPath")
    decoded = path.get("DecodedUrl") if isinstance(path, dict) else None
    return str(decoded or given.get("FolderServerRelativeUrl") or "")


def refuse_other_folder(info: ListInfo, folder: str) -> None:
    """FileMissing unless the folder is the list's root, given from the server or from the site."""
    root = root_folder(info)
    if folder and not any(same(folder, one) for one in (root, root.removeprefix(f"{PATH}/"))):
        raise FileMissing
