"""Items: queried, read, made, changed, deleted, recycled, and their versions."""

from __future__ import annotations

import sqlite3
from typing import Any

import orjson

from sharepoint.embedded import branches, collection, lookups, query, removing, writing
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Reply, Single
from sharepoint.embedded.errors import BadQuery, ItemMissing, ResourceMissing
from sharepoint.embedded.kinds import REFERENCES, show
from sharepoint.embedded.lists import check_etag
from sharepoint.embedded.lists import entity as list_entity
from sharepoint.embedded.people import Right
from sharepoint.embedded.schema import Field, ListInfo, escaped_name
from sharepoint.embedded.scopes import require
from sharepoint.embedded.selection import choose
from sharepoint.embedded.selection import item as shown_item
from sharepoint.embedded.site import Site

_MAJOR = 512


def read_page(site: Site, call: Call) -> Reply:
    """GET items, with the OData options."""
    info = site.open(call.person, call.keys[0])
    return Reply(query.page(site, info, call.options, call.address))


def read(site: Site, call: Call) -> Reply:
    """GET one item."""
    info, item = _named(site, call, Right.READ)
    return _one(site, info, item, call)


def create(site: Site, call: Call) -> Reply:
    """POST items; answers 201 with the item and its ETag."""
    info = site.open(call.person, call.keys[0], Right.WRITE)
    writing.refuse_library(info)
    values = writing.checked(site, info, lookups.plain(call, info, call.entity(info.item_type, "SP.ListItem")))
    item = writing.create(site, info, call.person, writing.with_defaults(info, values))
    made = _one(site, info, item, call)
    return Reply(made.value, 201, {**made.headers, "Location": f"{site.api}{info.path}/Items({item})"})


def update(site: Site, call: Call) -> Reply:
    """MERGE or PATCH one item; answers 204 with the new ETag."""
    info, item = _named(site, call, Right.WRITE)
    check_etag(call, _etag(writing.find(site, info, item)))
    values = writing.checked(site, info, lookups.plain(call, info, call.entity(info.item_type, "SP.ListItem")))
    writing.update(site, info, call.person, item, values)
    return Reply(status=204, headers={"ETag": _etag(writing.find(site, info, item))})


def delete(site: Site, call: Call) -> Reply:
    """DELETE one item for good."""
    info, item = _named(site, call, Right.WRITE)
    check_etag(call, _etag(writing.find(site, info, item)))
    removing.delete(site, info, call.person, item)
    return Reply(status=200)


def recycle(site: Site, call: Call) -> Reply:
    """POST recycle(): to the recycle bin, whatever the ETag unless one is given."""
    info, item = _named(site, call, Right.WRITE)
    if "if-match" in call.headers:
        check_etag(call, _etag(writing.find(site, info, item)))
    return Reply(Single("Recycle", removing.recycle(site, info, call.person, item)))


def parent_list(site: Site, call: Call) -> Reply:
    """GET an item's ParentList."""
    info, _ = _named(site, call, Right.READ)
    return branches.reply(call, list_entity(site, info))


def versions(site: Site, call: Call) -> Reply:
    """GET an item's versions, newest first, with $filter, $orderby, $select and $top."""
    info, item = _named(site, call, Right.READ)
    shown = [_version(site, info, row, newest=at == 0) for at, row in enumerate(_version_rows(site, info, item))]
    return collection.page(call, shown, "Versions")


def version(site: Site, call: Call) -> Reply:
    """GET one version, named by its VersionId (512 for each whole version)."""
    info, item = _named(site, call, Right.READ)
    for at, row in enumerate(_version_rows(site, info, item)):
        shown = _version(site, info, row, newest=at == 0)
        if shown.values["VersionId"] == call.keys[2].number():
            return Reply(shown.pick(call.options.select))
    raise ResourceMissing("versions")


def _named(site: Site, call: Call, right: Right) -> tuple[ListInfo, int]:
    info = site.open(call.person, call.keys[0])
    row = writing.find(site, info, call.keys[1].number())
    require(site, call.person, right, info, row)
    return info, row["id"]


def _one(site: Site, info: ListInfo, item: int, call: Call) -> Reply:
    if call.options.filter or call.options.orderby:
        raise BadQuery("$filter and $orderby apply to collections, not to one item.")
    chosen = choose(info.columns, call.options)
    row = site.database.one(f"SELECT {chosen.sql} FROM {info.table} WHERE id = ?", (item,))  # noqa: S608
    if row is None:
        raise ItemMissing
    shown = shown_item(site, info, row, chosen)
    return Reply(shown, headers={"ETag": str(shown.etag)})


def _etag(row: sqlite3.Row) -> str:
    return f'"{row["guid"]},{row["version"]}"'


def _version_rows(site: Site, info: ListInfo, item: int) -> list[sqlite3.Row]:
    return site.database.all(
        "SELECT * FROM versions WHERE list_no = ? AND item = ? ORDER BY number DESC", (info.no, item)
    )


def _version(site: Site, info: ListInfo, row: sqlite3.Row, *, newest: bool) -> Entity:
    content = orjson.loads(row["content"])
    values: dict[str, Any] = {
        escaped_name(field.name): _version_value(site, info, field, content[field.name])
        for field in info.fields
        if field.name in content
    }
    number = int(str(row["label"]).partition(".")[0]) * _MAJOR
    values |= {
        "IsCurrentVersion": newest,
        "VersionId": number,
        "VersionLabel": row["label"],
        "Created": row["created"],
        "Editor": _version_value(site, info, info.columns.references["Editor"], row["editor"]),
    }
    return Entity("SP.ListItemVersion", f"{info.path}/Items({row['item']})/Versions({number})", values)


def _version_value(site: Site, info: ListInfo, field: Field, stored: Any) -> Any:
    if field.kind in REFERENCES:
        return lookups.in_version(site, info.columns, field, stored)
    return show(field.kind, stored)
