"""What a list leads to: the web it is in, its root folder, its columns and its content types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sharepoint.embedded import addresses, changes, contenttypes
from sharepoint.embedded.entities import Complex, Entity
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import PATH, Site


def of_list(site: Site, info: ListInfo) -> Mapping[str, Callable[[], Any]]:
    """The ways that `$expand` of a list may take."""
    # Columns know their lists, so they are imported when asked for.
    from sharepoint.embedded.fields import entity  # noqa: PLC0415

    return {
        "ContentTypes": lambda: contenttypes.of_list(info),
        "Fields": lambda: [entity(info, field) for field in info.fields],
        "ParentWeb": lambda: web(site),
        "RootFolder": lambda: root_folder(info),
    }


def web(site: Site) -> Entity:
    """The web as shown."""
    values = {
        "Id": site.guid, "Title": "MHRMB", "Description": "", "Url": site.url, "ServerRelativeUrl": PATH,
        "ServerRelativePath": _path(PATH), "WebTemplate": "STS", "Language": 1033, "Created": site.created,
        "IsMultilingual": False,
    }  # fmt: skip
    more = {"CurrentChangeToken": lambda: changes.current_token(site, 2, site.guid)}
    return Entity("SP.Web", "Web", values, links=("Lists", "SiteUsers", "SiteGroups"), more=more)


def root_folder(info: ListInfo) -> Entity:
    """A list's root folder; its id is the list's, which SharePoint keeps apart."""
    address = addresses.root_folder(info)
    values = {
        "Exists": True, "IsWOPIEnabled": False, "ItemCount": info.row["item_count"],
        "Name": address.rpartition("/")[2], "ProgID": None, "ServerRelativePath": _path(address),
        "ServerRelativeUrl": address, "TimeCreated": info.row["created"], "TimeLastModified": info.row["item_modified"],
        "UniqueId": info.guid, "WelcomePage": "",
    }  # fmt: skip
    return Entity("SP.Folder", f"{info.path}/RootFolder", values)


def _path(address: str) -> Complex:
    return Complex("SP.ResourcePath", {"DecodedUrl": address})
