"""The table of addresses under `_api/`: `*` stands for one of many, however its path names it."""

from __future__ import annotations

from collections.abc import Callable

from sharepoint.embedded import (
    changes,
    contenttypes,
    fields,
    fieldtext,
    formvalues,
    getitems,
    items,
    lists,
    permissions,
    principals,
    stream,
    subscriptions,
)
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Reply
from sharepoint.embedded.errors import BadQuery
from sharepoint.embedded.paths import Segment
from sharepoint.embedded.selection import LINKED
from sharepoint.embedded.site import Site

Handler = Callable[[Site, Call], Reply]

_LIST = "web/lists/*"
_ITEM = f"{_LIST}/items/*"
_GROUP = "web/sitegroups/*"

ROUTES: dict[str, Handler] = {
    "POST contextinfo": lists.context_info,
    "GET web": lists.read_web,
    "GET site": lists.read_site,
    "POST web/getchanges": changes.of_web,
    "POST site/getchanges": changes.of_site,
    "GET web/lists": lists.read_all,
    "POST web/lists": lists.create,
    f"GET {_LIST}": lists.read,
    f"MERGE {_LIST}": lists.update,
    f"DELETE {_LIST}": lists.delete,
    f"GET {_LIST}/views": lists.read_views,
    f"POST {_LIST}/getchanges": changes.of_list,
    f"GET {_LIST}/subscriptions": subscriptions.read_all,
    f"POST {_LIST}/subscriptions": subscriptions.create,
    f"GET {_LIST}/subscriptions/*": subscriptions.read,
    f"MERGE {_LIST}/subscriptions/*": subscriptions.update,
    f"DELETE {_LIST}/subscriptions/*": subscriptions.delete,
    f"GET {_LIST}/fields": fields.read_all,
    f"POST {_LIST}/fields": fields.create,
    f"POST {_LIST}/fields/addfield": fields.add,
    f"POST {_LIST}/fields/createfieldasxml": fields.create_as_xml,
    f"GET {_LIST}/fields/*": fields.read,
    f"MERGE {_LIST}/fields/*": fields.update,
    f"DELETE {_LIST}/fields/*": fields.delete,
    f"GET {_LIST}/items": items.read_page,
    f"POST {_LIST}/items": items.create,
    f"POST {_LIST}/getitems": getitems.get_items,
    f"POST {_LIST}/renderlistdata": stream.render_text,
    f"POST {_LIST}/renderlistdataasstream": stream.render,
    f"POST {_LIST}/addvalidateupdateitemusingpath": formvalues.add,
    f"POST {_ITEM}/validateupdatelistitem": formvalues.update,
    f"GET {_ITEM}": items.read,
    f"MERGE {_ITEM}": items.update,
    f"DELETE {_ITEM}": items.delete,
    f"POST {_ITEM}/recycle": items.recycle,
    f"GET {_ITEM}/parentlist": items.parent_list,
    f"GET {_ITEM}/fieldvaluesastext": fieldtext.read_text,
    f"GET {_ITEM}/fieldvaluesashtml": fieldtext.read_html,
    f"GET {_LIST}/contenttypes": contenttypes.read_all,
    f"GET {_LIST}/contenttypes/*": contenttypes.read,
    f"GET {_ITEM}/versions": items.versions,
    f"GET {_ITEM}/versions/*": items.version,
    f"POST {_LIST}/breakroleinheritance": permissions.break_inheritance,
    f"POST {_LIST}/resetroleinheritance": permissions.reset_inheritance,
    f"GET {_LIST}/roleassignments": permissions.assignments,
    f"GET {_LIST}/roleassignments/*": permissions.assignment,
    f"DELETE {_LIST}/roleassignments/*": permissions.delete_assignment,
    f"POST {_LIST}/roleassignments/addroleassignment": permissions.add_assignment,
    f"POST {_LIST}/roleassignments/removeroleassignment": permissions.remove_assignment,
    "GET web/currentuser": principals.current_user,
    "GET web/siteusers": principals.users,
    "GET web/siteusers/*": principals.user,
    "GET web/getuserbyid": principals.user_by_id,
    "POST web/ensureuser": principals.ensure_user,
    "GET web/sitegroups": principals.groups,
    "POST web/sitegroups": principals.create_group,
    f"GET {_GROUP}": principals.group,
    f"GET {_GROUP}/users": principals.group_users,
    f"POST {_GROUP}/users": principals.add_group_user,
    f"POST {_GROUP}/users/removebyid": principals.remove_group_user,
    "GET web/associatedmembergroup": principals.associated_members,
    "GET web/associatedownergroup": principals.associated_owners,
    "GET web/associatedvisitorgroup": principals.associated_visitors,
    "GET web/roledefinitions": permissions.role_definitions,
    "GET web/roledefinitions/*": permissions.role_definition,
}
# Where $expand and $orderby mean something.
QUERYABLE = frozenset(
    {
        f"{_LIST}/items",
        f"{_LIST}/getitems",
        _ITEM,
        f"{_ITEM}/versions",
        f"{_ITEM}/fieldvaluesastext",
        f"{_ITEM}/fieldvaluesashtml",
        "web/lists",
        _LIST,
        f"{_LIST}/fields",
        f"{_LIST}/contenttypes",
        "web/siteusers",
        "web/sitegroups",
        f"{_GROUP}/users",
        "web/roledefinitions",
        f"{_LIST}/roleassignments",
        f"{_LIST}/roleassignments/*",
    }
)
LINKED |= {
    "ContentType": contenttypes.linked,
    "FieldValuesAsHtml": fieldtext.linked_html,
    "FieldValuesAsHTML": fieldtext.linked_html,
    "FieldValuesAsText": fieldtext.linked_text,
    "ParentList": items.linked_list,
}
PATTERNS = frozenset(route.partition(" ")[2] for route in ROUTES)
NOT_BUILT = frozenset(
    [
        "adddependentlookupfield",
        "attachmentfiles",
        "attachments",
        "breakroleinheritance",
        "customlist",
        "defaultview",
        "effectivebasepermissions",
        "eventreceivers",
        "fieldvaluesforedit",
        "file",
        "files",
        "folder",
        "folders",
        "getcatalog",
        "getfilebyid",
        "getfilebyserverrelativepath",
        "getfilebyserverrelativeurl",
        "getfolderbyserverrelativepath",
        "getfolderbyserverrelativeurl",
        "getlistitemchangessincetoken",
        "getview",
        "navigation",
        "recyclebin",
        "resetroleinheritance",
        "restore",
        "roleassignments",
        "rootfolder",
        "search",
        "sitepages",
        "social",
        "usercustomactions",
        "views",
        "webs",
    ]
)
_COLLECTIONS = frozenset(
    {"lists", "items", "fields", "versions", "siteusers", "sitegroups", "users", "roleassignments",
     "roledefinitions", "subscriptions", "views", "contenttypes"}
)  # fmt: skip


def canonical(segments: list[Segment]) -> tuple[str, tuple[Key, ...]]:
    """A path as a pattern of the table and the keys its `*` stand for."""
    names: list[str] = []
    keys: list[Key] = []
    for segment in segments:
        last = names[-1] if names else ""
        if last in _COLLECTIONS and segment.name.startswith("getby"):
            names.append("*")
            keys.append(Key(segment.name[5:].replace("principalid", "id"), _only(segment)))
        elif segment.name in ("getlist", "getlistusingpath"):
            names += ["lists", "*"]
            keys.append(Key("root", _only(segment)))
        elif segment.name == "getitembyid":
            names += ["items", "*"]
            keys.append(Key("id", _only(segment)))
        elif segment.name in _COLLECTIONS and (segment.args or segment.named):
            names += [segment.name, "*"]
            keys.append(Key("id", _only(segment)))
        else:
            names.append(segment.name)
    # `_api/lists` is short for `_api/web/lists`.
    return "/".join(["web", *names] if names[:1] == ["lists"] else names), tuple(keys)


def _only(segment: Segment) -> str:
    values = [*segment.args, *segment.named.values()]
    if len(values) != 1:
        raise BadQuery(f"'{segment.written}' takes one argument.")
    return values[0]
