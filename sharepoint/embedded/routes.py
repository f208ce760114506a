"""The table of addresses under `_api/`: `*` stands for one of many, however its path names it."""

from __future__ import annotations

from collections.abc import Callable

from sharepoint.embedded import changes, fieldchanges, fields, items, lists, permissions, principals, views
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Reply
from sharepoint.embedded.errors import BadQuery
from sharepoint.embedded.paths import Segment
from sharepoint.embedded.site import Site

Handler = Callable[[Site, Call], Reply]

_LIST = "web/lists/*"
_ITEM = f"{_LIST}/items/*"
_VIEW = f"{_LIST}/views/*"
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
    f"GET {_LIST}/views": views.read_all,
    f"POST {_LIST}/views": views.create,
    f"POST {_LIST}/views/add": views.add,
    f"GET {_VIEW}": views.read_one,
    f"MERGE {_VIEW}": views.update,
    f"DELETE {_VIEW}": views.delete,
    f"POST {_VIEW}/setviewxml": views.set_xml,
    f"GET {_VIEW}/viewfields": views.read_fields,
    f"POST {_VIEW}/viewfields/addviewfield": views.add_field,
    f"POST {_VIEW}/viewfields/removeviewfield": views.remove_field,
    f"POST {_VIEW}/viewfields/removeallviewfields": views.remove_all_fields,
    f"POST {_VIEW}/viewfields/moveviewfieldto": views.move_field,
    f"POST {_LIST}/getchanges": changes.of_list,
    f"GET {_LIST}/fields": fields.read_all,
    f"POST {_LIST}/fields": fields.create,
    f"POST {_LIST}/fields/addfield": fields.add,
    f"POST {_LIST}/fields/createfieldasxml": fields.create_as_xml,
    f"GET {_LIST}/fields/*": fields.read,
    f"MERGE {_LIST}/fields/*": fieldchanges.update,
    f"POST {_LIST}/fields/*/setshowinnewform": fieldchanges.show_in_form,
    f"POST {_LIST}/fields/*/setshowineditform": fieldchanges.show_in_form,
    f"POST {_LIST}/fields/*/setshowindisplayform": fieldchanges.show_in_form,
    f"DELETE {_LIST}/fields/*": fields.delete,
    f"GET {_LIST}/items": items.read_page,
    f"POST {_LIST}/items": items.create,
    f"GET {_ITEM}": items.read,
    f"MERGE {_ITEM}": items.update,
    f"DELETE {_ITEM}": items.delete,
    f"POST {_ITEM}/recycle": items.recycle,
    f"GET {_ITEM}/parentlist": items.parent_list,
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
        _ITEM,
        f"{_ITEM}/versions",
        f"{_LIST}/roleassignments",
        f"{_LIST}/roleassignments/*",
        f"{_LIST}/views",
        _VIEW,
    }
)
PATTERNS = frozenset(route.partition(" ")[2] for route in ROUTES)
NOT_BUILT = frozenset(
    [
        "addvalidateupdateitemusingpath",
        "attachmentfiles",
        "attachments",
        "breakroleinheritance",
        "contenttypes",
        "customlist",
        "effectivebasepermissions",
        "eventreceivers",
        "fieldvaluesashtml",
        "fieldvaluesastext",
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
        "getitems",
        "getlist",
        "getlistitemchangessincetoken",
        "getlistusingpath",
        "navigation",
        "recyclebin",
        "renderashtml",
        "renderlistdata",
        "renderlistdataasstream",
        "resetroleinheritance",
        "restore",
        "roleassignments",
        "rootfolder",
        "search",
        "sitepages",
        "social",
        "subscriptions",
        "usercustomactions",
        "validateupdatelistitem",
        "webs",
    ]
)
_COLLECTIONS = frozenset(
    {"lists", "items", "fields", "versions", "siteusers", "sitegroups", "users", "roleassignments",
     "roledefinitions", "views"}
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
        elif segment.name == "getitembyid":
            names += ["items", "*"]
            keys.append(Key("id", _only(segment)))
        elif segment.name == "getview":
            names += ["views", "*"]
            keys.append(Key("id", _only(segment)))
        elif segment.name == "defaultview":
            names += ["views", "*"]
            keys.append(Key("default", ""))
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
