"""Lists: read, made, changed and deleted; and the site itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson

from sharepoint.embedded import branches, changes, collection, moments, trimming, viewtable
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Complex, Entity, Reply, Single, Strings
from sharepoint.embedded.errors import BadQuery, ListExists, NotBuilt, Refused, Stale, UnknownProperty
from sharepoint.embedded.kinds import wrong_type
from sharepoint.embedded.people import Right
from sharepoint.embedded.permissions import mask
from sharepoint.embedded.schema import FIELD_ROW, LIBRARY, ListInfo, builtin_rows, entity_name, item_table
from sharepoint.embedded.scopes import ITEM_RIGHTS
from sharepoint.embedded.site import PATH, Site

GENERIC = 100
_LINKS = ("DefaultView", "Fields", "Items", "RoleAssignments", "RootFolder", "Views", "ParentWeb")
# What `$expand` of a list leads to, which is built on this module; attached fills it.
LINKED: dict[str, Callable[[Site, ListInfo], Any]] = {}
# Settings kept and shown, without effect here.
_INERT: dict[str, Any] = {
    "AllowContentTypes": True, "ContentTypesEnabled": False, "DraftVersionVisibility": 0, "EnableAttachments": True,
    "EnableFolderCreation": False, "EnableMinorVersions": False, "EnableModeration": False, "ForceCheckout": False,
    "ImageUrl": "", "IrmEnabled": False, "NoCrawl": False, "OnQuickLaunch": False,
    "ReadSecurity": 1, "WriteSecurity": 1,
}  # fmt: skip
_HANGING = (
    "fields", "views", "versions", "assignments", "recycled", "attachments", "uploads", "subscriptions", *ITEM_RIGHTS,
)  # fmt: skip
_NOT_IN_ADDRESSES = re.compile(r'["#%&*:<>?/\\|{}~\x00-\x1f]')
_STORED: dict[str, tuple[str, type]] = {
    "Title": ("title", str), "Description": ("description", str), "Hidden": ("hidden", bool),
    "EnableVersioning": ("versioning", bool), "MajorVersionLimit": ("major_limit", int),
}  # fmt: skip


def read_web(site: Site, call: Call) -> Reply:
    """GET web."""
    site.people.require(call.person, Right.READ)
    return Reply(web(site).pick(call.options.select))


def web(site: Site) -> Entity:
    """The site as shown."""
    values = {
        "Id": site.guid, "Title": "MHRMB", "Description": "", "Url": site.url, "ServerRelativeUrl": PATH,
        "WebTemplate": "STS", "Language": 1033, "Created": site.created, "IsMultilingual": False,
    }  # fmt: skip
    more: dict[str, Callable[[], Any]] = {
        "CurrentChangeToken": lambda: changes.current_token(site, 2, site.guid),
        "ServerRelativePath": lambda: Complex("SP.ResourcePath", {"DecodedUrl": PATH}),
    }
    return Entity("SP.Web", "Web", values, links=("Lists", "RootFolder", "SiteUsers", "SiteGroups"), more=more)


def read_site(site: Site, call: Call) -> Reply:
    """GET site, the site collection."""
    site.people.require(call.person, Right.READ)
    values = {"Id": site.collection_guid, "Url": site.url, "ServerRelativeUrl": PATH, "ReadOnly": False}
    more = {"CurrentChangeToken": lambda: changes.current_token(site, 1, site.collection_guid)}
    return Reply(Entity("SP.Site", "Site", values, more=more).pick(call.options.select))


def context_info(site: Site, _call: Call) -> Reply:
    """POST contextinfo. The digest is never checked: a bearer token needs none."""
    values: dict[str, Any] = {
        "FormDigestTimeoutSeconds": 1800,
        "FormDigestValue": f"0x{uuid.uuid4().hex.upper()},{moments.now()}",
        "LibraryVersion": "16.0.0.0",
        "SiteFullUrl": site.url,
        "SupportedSchemaVersions": Strings(("14.0.0.0", "15.0.0.0")),
        "WebFullUrl": site.url,
    }
    return Reply(Single("GetContextWebInformation", Complex("SP.ContextWebInformation", values)))


def read_all(site: Site, call: Call) -> Reply:
    """GET web/lists: those the person may read."""
    readable = [info for info in site.lists() if site.people.visible(call.person, info) != "0"]
    return collection.page(call, [entity(site, info) for info in readable], "Lists")


def read(site: Site, call: Call) -> Reply:
    """GET one list; EffectiveBasePermissions, which depends on who asks, only when selected."""
    info = site.open(call.person, call.keys[0])
    shown = entity(site, info)
    shown.more = {**shown.more, "EffectiveBasePermissions": lambda: mask(site.people.roles(call.person, info))}
    return Reply(branches.shown(shown, call.options), headers={"ETag": str(shown.etag)})


def create(site: Site, call: Call) -> Reply:
    """POST web/lists."""
    site.people.require(call.person, Right.SHAPE)
    given = call.entity("SP.List", "SP.ListCreationInformation")
    template = given.pop("BaseTemplate", given.pop("TemplateType", GENERIC))
    if template not in (GENERIC, LIBRARY):
        raise NotBuilt("Only generic lists (BaseTemplate 100) and libraries (101) are built in this server.")
    given.pop("Url", None)
    title = given.get("Title")
    if not isinstance(title, str) or not title.strip() or len(title) > 255:
        raise Refused("Cannot use an empty value or more than 255 characters for the title of a list.", status=400)
    with site.database.write():
        info = _insert(site, title, template)
        _apply(site, info, given)
        changes.record(site, info, call.person, change=changes.ADD, about=changes.LIST, guid=info.guid)
    shown = entity(site, site.again(info))
    return Reply(shown, status=201, headers={"ETag": str(shown.etag), "Location": site.api + shown.path})


def update(site: Site, call: Call) -> Reply:
    """MERGE a list's settings."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    check_etag(call, _etag(info))
    with site.database.write():
        _apply(site, info, call.entity("SP.List"))
        changes.record(site, info, call.person, change=changes.UPDATE, about=changes.LIST, guid=info.guid)
    return Reply(status=204, headers={"ETag": _etag(site.again(info))})


def delete(site: Site, call: Call) -> Reply:
    """DELETE a list, its items and their versions."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    check_etag(call, _etag(info))
    with site.database.write():
        changes.record(site, info, call.person, change=changes.DELETE, about=changes.LIST, guid=info.guid)
        trimming.seal_list(site, info)
        drop(site, info)
    return Reply(status=200)


def drop(site: Site, info: ListInfo) -> None:
    """Take a list out of the file with all that hangs on it."""
    site.database.forget()
    for table in _HANGING:
        site.database.run(f"DELETE FROM {table} WHERE list_no = ?", (info.no,))  # noqa: S608 — names of ours
    site.database.run("DELETE FROM lists WHERE no = ?", (info.no,))
    site.database.run(f"DROP TABLE {info.table}")
    site.forget()


def check_etag(call: Call, current: str) -> None:
    """Stale unless If-Match is `*` or the current ETag; a missing header is refused too (see errors.Stale)."""
    given = call.headers.get("if-match", "").strip()
    if given not in ("*", current):
        raise Stale(given, current)


def entity(site: Site, info: ListInfo) -> Entity:
    """A list as shown."""
    row = info.row
    values = {
        "BaseTemplate": row["template"], "BaseType": int(info.library), "Created": row["created"],
        "Description": row["description"], "EnableVersioning": bool(row["versioning"]),
        "EntityTypeName": info.entity if info.library else f"{info.entity}List",
        "Hidden": bool(row["hidden"]),
        "Id": info.guid, "ItemCount": row["item_count"], "LastItemDeletedDate": row["item_deleted"],
        "LastItemModifiedDate": row["item_modified"], "LastItemUserModifiedDate": row["item_modified"],
        "ListItemEntityTypeFullName": info.item_type, "MajorVersionLimit": row["major_limit"], "ParentWebUrl": PATH,
        "Title": info.title, **_INERT, **orjson.loads(row["settings"]),
        **({"EnableAttachments": False, "EnableFolderCreation": True} if info.library else {}),
    }  # fmt: skip
    more: dict[str, Callable[[], Any]] = {
        "CurrentChangeToken": lambda: changes.current_token(site, 3, info.guid),
        "DefaultViewUrl": lambda: viewtable.default_url(site, info),
        "HasUniqueRoleAssignments": lambda: bool(row["unique_roles"]),
    }
    ways = {name: partial(way, site, info) for name, way in LINKED.items()}
    return Entity("SP.List", info.path, values, _etag(info), _LINKS, more, ways)


def _etag(info: ListInfo) -> str:
    return f'"{info.guid},{info.row["version"]}"'


def _insert(site: Site, title: str, template: int) -> ListInfo:
    _refuse_taken(site, title, 0)
    now, guid, library = moments.now(), str(uuid.uuid4()), template == LIBRARY
    root = new_root(site, title, library=library)
    # SharePoint Online makes lists with versioning on and 50 versions kept, libraries with 500 (doc).
    no = site.database.run(
        "INSERT INTO lists (guid, title, entity, description, template, versioning, major_limit, created, item_count,"
        " item_modified, item_deleted, root) VALUES (?, ?, ?, '', ?, 1, ?, ?, 0, ?, ?, ?)",
        (guid, title, entity_name(root.rpartition("/")[2]), template, 500 if library else 50, now, now, now, root),
    )
    site.database.run(item_table(no, library=library))
    for values in builtin_rows(no, library=library):
        site.database.run(f"INSERT INTO fields {FIELD_ROW}", values)
    site.forget()
    made = site.list(Key("title", title))
    viewtable.first(site, made)
    return made


def new_root(site: Site, title: str, *, library: bool) -> str:
    """The address of a new list's root folder: its title without what an address cannot hold; a number if taken."""
    plain = _NOT_IN_ADDRESSES.sub("", title).strip(" .") or "List"
    stem = f"{PATH}/{plain}" if library else f"{PATH}/Lists/{plain}"
    taken = {row["root"].casefold() for row in site.database.all("SELECT root FROM lists")} | {f"{PATH}/lists"}
    number, root = 0, stem
    while root.casefold() in taken:
        number += 1
        root = f"{stem}{number}"
    return root


def _refuse_taken(site: Site, title: str, no: int) -> None:
    if site.database.one("SELECT 1 FROM lists WHERE title = ? AND no <> ?", (title, no)):
        raise ListExists


def _apply(site: Site, info: ListInfo, given: dict[str, Any]) -> None:
    settings = orjson.loads(info.row["settings"])
    for name, value in given.items():
        if name in _STORED:
            _store(site, info, name, value)
        elif name in _INERT:
            if type(value) is not type(_INERT[name]):
                raise BadQuery(f"The value of {name} is of another type.")
            settings[name] = value
        else:
            raise UnknownProperty(name, "SP.List")
    site.database.run(
        "UPDATE lists SET settings = ?, version = version + 1 WHERE no = ?", (orjson.dumps(settings).decode(), info.no)
    )


def _store(site: Site, info: ListInfo, name: str, value: Any) -> None:
    column, kind = _STORED[name]
    if type(value) is not kind:
        raise wrong_type({str: "Edm.String", bool: "Edm.Boolean", int: "Edm.Int32"}[kind])
    if name == "Title":
        _refuse_taken(site, str(value), info.no)
    if isinstance(value, int) and not 0 <= value <= 50_000:
        raise BadQuery("MajorVersionLimit must be from 0 to 50000.")
    site.database.run(f"UPDATE lists SET {column} = ? WHERE no = ?", (value, info.no))  # noqa: S608 — names of ours
