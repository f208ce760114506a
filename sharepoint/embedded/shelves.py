"""Files, folders and the items behind them as they are shown."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import quote

from sharepoint.embedded import lists, options, places, selection
from sharepoint.embedded.entities import Complex, Entity
from sharepoint.embedded.errors import Throttled
from sharepoint.embedded.people import Person
from sharepoint.embedded.places import Node
from sharepoint.embedded.principals import principal
from sharepoint.embedded.schema import THRESHOLD, ListInfo
from sharepoint.embedded.site import PATH, Site

MAJOR = 512
_NO_CHECK_OUT = 2


def file_etag(row: sqlite3.Row) -> str:
    """A file's ETag: its id in braces and capitals, and its version."""
    return f'"{{{row["guid"].upper()}}},{row["version"]}"'


def file(site: Site, person: Person, found: Node) -> Entity:
    """A file as SP.File."""
    info, row = found.held()
    values: dict[str, Any] = {
        "CheckInComment": row["comment"] or "", "CheckOutType": _NO_CHECK_OUT if row["holder"] is None else 0,
        "ContentTag": f"{{{row['guid'].upper()}}},{row['version']},{row['blob'] or 0}", "CustomizedPageStatus": 0,
        "ETag": file_etag(row), "Exists": True, "IrmEnabled": False, "Length": str(row["length"]),
        "Level": 1 if row["holder"] is None else 255, "LinkingUri": None, "LinkingUrl": "",
        "MajorVersion": row["major"], "MinorVersion": 0, "Name": row["leaf"], "ServerRelativeUrl": found.path,
        "TimeCreated": row["created"], "TimeLastModified": row["modified"], "Title": row["title"] or "",
        "UIVersion": row["major"] * MAJOR, "UIVersionLabel": row["label"], "UniqueId": row["guid"],
    }  # fmt: skip
    holder = row["holder"]
    more = {
        "ListId": lambda: info.guid,
        "ServerRelativePath": lambda: resource_path(found.path),
        "SiteId": lambda: site.collection_guid,
        "WebId": lambda: site.guid,
    }
    ways = {
        "Author": lambda: principal(site, row["author"]),
        "CheckedOutByUser": lambda: principal(site, holder) if holder else None,
        "ListItemAllFields": lambda: item(site, info, row),
        "LockedByUser": lambda: None,
        "ModifiedBy": lambda: principal(site, row["editor"]),
    }
    return Entity("SP.File", address("File", found.path), values, file_etag(row), (*ways, "Versions"), more, ways)


def folder(site: Site, person: Person, found: Node) -> Entity:
    """A folder as SP.Folder; root folders, and those above the lists, are folders too."""
    row, info = found.row, found.info
    values: dict[str, Any] = {
        "Exists": True, "IsWOPIEnabled": False, "ItemCount": count(site, person, found),
        "Name": found.path.rpartition("/")[2] if found.path != PATH else "", "ProgID": None,
        "ServerRelativeUrl": found.path,
        "TimeCreated": row["created"] if row else info.row["created"] if info else site.created,
        "TimeLastModified": row["modified"] if row else info.row["item_modified"] if info else site.created,
        "UniqueId": row["guid"] if row else places.root_id(info) if info else site.guid,
        "WelcomePage": "",
    }  # fmt: skip
    more = {"ServerRelativePath": lambda: resource_path(found.path)}
    ways = {
        "Files": lambda: [file(site, person, one) for one in children(site, person, found) if not one.folder],
        "Folders": lambda: [folder(site, person, one) for one in children(site, person, found) if one.folder],
        "ListItemAllFields": lambda: item(site, info, row) if info and row else None,
        "ParentFolder": lambda: folder(site, person, _above(site, found)),
        "Properties": lambda: Complex("SP.PropertyValues", {"vti_x005f_folderitemcount": values["ItemCount"]}),
    }
    return Entity("SP.Folder", address("Folder", found.path), values, None, tuple(ways), more, ways)


def count(site: Site, person: Person, found: Node) -> int:
    """How many things lie in a folder that the person may see; in the root of a list, its items."""
    if found.info is None:
        return len(_above_lists(site, person, found))
    if not found.info.library:
        return int(found.info.row["item_count"])
    where, values = places.inside(found.path)
    row = site.database.one(
        f"SELECT count(*) FROM {found.info.table} WHERE {where} AND {site.people.visible(person, found.info)}",  # noqa: S608
        values,
    )
    assert row is not None
    return int(row[0])


def children(site: Site, person: Person, found: Node) -> list[Node]:
    """What lies in a folder and the person may see, by name; Throttled if it is more than 5,000."""
    if found.info is None:
        return _above_lists(site, person, found)
    if not found.info.library:
        return []
    where, values = places.inside(found.path)
    rows = site.database.all(
        f"SELECT * FROM {found.info.table} WHERE {where} "  # noqa: S608
        f"AND {site.people.visible(person, found.info)} ORDER BY place LIMIT ?",
        [*values, THRESHOLD + 1],
    )
    if len(rows) > THRESHOLD:
        raise Throttled
    return [Node(f"{row['dir']}/{row['leaf']}", found.info, row) for row in rows]


def _above_lists(site: Site, person: Person, found: Node) -> list[Node]:
    readable = [info for info in site.lists() if site.people.visible(person, info) != "0"]
    below = [Node(info.root, info) for info in readable if info.root.rpartition("/")[0] == found.path]
    return [*below, Node(f"{PATH}/Lists")] if found.path == PATH else below


def _above(site: Site, found: Node) -> Node:
    above = found.path.rpartition("/")[0]
    return (places.at(site, above) if len(above) >= len(PATH) else None) or found


def item(site: Site, info: ListInfo, row: sqlite3.Row) -> Entity:
    """The list item of a file or folder, with every column that can be asked for."""
    shown = selection.choose(info.columns, options.parse(""))
    found = site.database.one(f"SELECT {shown.sql} FROM {info.table} WHERE id = ?", (row["id"],))  # noqa: S608
    assert found is not None
    entity = selection.item(site, info, found, shown)
    more = {
        name: _reader(site, info, row["id"], name) for name in info.columns.by_property if name not in entity.values
    }
    ways = {"ParentList": lambda: lists.entity(site, info)}
    return Entity(entity.type, entity.path, entity.values, entity.etag, entity.links, more, ways)


def _reader(site: Site, info: ListInfo, number: int, name: str) -> Any:
    def read() -> Any:
        chosen = selection.choose(info.columns, options.Options(select=(name,)))
        found = site.database.one(f"SELECT {chosen.sql} FROM {info.table} WHERE id = ?", (number,))  # noqa: S608
        return selection.item(site, info, found, chosen).values.get(name) if found else None

    return read


def resource_path(path: str) -> Complex:
    """An address as SP.ResourcePath, which holds it decoded."""
    return Complex("SP.ResourcePath", {"DecodedUrl": path})


def address(kind: str, path: str) -> str:
    """Where a file or folder is below `_api/`."""
    literal = quote(path.replace("'", "''"), safe="/")
    return f"Web/Get{kind}ByServerRelativePath(decodedurl='{literal}')"
