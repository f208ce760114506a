"""The table of addresses under `_api/`: `*` stands for one of many, however its path names it."""

from __future__ import annotations

from collections.abc import Callable

from sharepoint.embedded import (
    attached,
    attachments,
    changes,
    contenttypes,
    fieldchanges,
    fields,
    fieldtext,
    files,
    folders,
    formvalues,
    getitems,
    items,
    lists,
    movecopy,
    permissions,
    places,
    principals,
    recyclebin,
    stream,
    subscriptions,
    uploads,
    versions,
    views,
)
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Reply
from sharepoint.embedded.errors import BadQuery
from sharepoint.embedded.paths import Segment
from sharepoint.embedded.site import Site

Handler = Callable[[Site, Call], Reply]
attached.register()

_LIST = "web/lists/*"
_ITEM = f"{_LIST}/items/*"
_VIEW = f"{_LIST}/views/*"
_GROUP = "web/sitegroups/*"
_USER = "web/siteusers/*"
_FOLDER = "web/Folder"
_FILE = "web/File"
_BIN = "recyclebin"
LONGEST_PATH = 100  # each step may be a folder to look up


def _of_permissions(base: str) -> dict[str, Handler]:
    return {
        f"POST {base}/breakroleinheritance": permissions.break_inheritance,
        f"POST {base}/resetroleinheritance": permissions.reset_inheritance,
        f"GET {base}/roleassignments": permissions.assignments,
        f"GET {base}/roleassignments/*": permissions.assignment,
        f"DELETE {base}/roleassignments/*": permissions.delete_assignment,
        f"POST {base}/roleassignments/addroleassignment": permissions.add_assignment,
        f"POST {base}/roleassignments/removeroleassignment": permissions.remove_assignment,
        f"GET {base}/effectivebasepermissions": permissions.effective,
        f"GET {base}/getusereffectivepermissions": permissions.effective_of_user,
    }


def _of_versions(base: str, of: Callable[[versions.Handler], Handler]) -> dict[str, Handler]:
    return {
        f"DELETE {base}/*": of(versions.delete),
        f"POST {base}/deletebyid": of(versions.delete),
        f"POST {base}/deletebylabel": of(versions.delete_by_label),
        f"POST {base}/deleteall": of(versions.delete_all),
        f"POST {base}/restorebylabel": of(versions.restore_by_label),
    }


def _of_bin(base: str) -> dict[str, Handler]:
    return {
        f"GET {base}": recyclebin.read_all,
        f"GET {base}/*": recyclebin.read,
        f"POST {base}/*/restore": recyclebin.restore,
        f"POST {base}/*/deleteobject": recyclebin.delete,
        f"POST {base}/*/movetosecondstage": recyclebin.to_second_stage,
        f"POST {base}/restoreall": recyclebin.restore_all,
        f"POST {base}/deleteall": recyclebin.delete_all,
        f"POST {base}/deleteallsecondstageitems": recyclebin.delete_all_second,
        f"POST {base}/movealltosecondstage": recyclebin.all_to_second_stage,
    }


_FILES: dict[str, Handler] = {
    f"GET {_FOLDER}/files": files.read_all,
    f"POST {_FOLDER}/files/add": files.add,
    f"POST {_FOLDER}/files/addusingpath": files.add,
    f"GET {_FILE}": files.read,
    f"GET {_FILE}/$value": files.value,
    f"GET {_FILE}/openbinarystream": files.value,
    f"PUT {_FILE}/$value": files.replace,
    f"POST {_FILE}/savebinarystream": files.replace,
    f"DELETE {_FILE}": files.delete,
    f"POST {_FILE}/recycle": files.recycle,
    f"POST {_FILE}/checkout": files.check_out,
    f"POST {_FILE}/checkin": files.check_in,
    f"POST {_FILE}/undocheckout": files.undo_check_out,
    f"POST {_FILE}/moveto": files.move,
    f"POST {_FILE}/movetousingpath": files.move,
    f"POST {_FILE}/copyto": files.copy,
    f"POST {_FILE}/copytousingpath": files.copy,
    f"POST {_FILE}/startupload": uploads.start,
    f"POST {_FILE}/continueupload": uploads.proceed,
    f"POST {_FILE}/finishupload": uploads.finish,
    f"POST {_FILE}/cancelupload": uploads.cancel,
    f"GET {_FILE}/versions": versions.read_all,
    f"GET {_FILE}/versions/*": versions.read,
    f"GET {_FILE}/versions/*/$value": versions.value,
    f"GET {_FILE}/versions/*/openbinarystream": versions.value,
    **_of_versions(f"{_FILE}/versions", versions.of_file),
}
_MOVING = "sp.movecopyutil"
_FOLDERS: dict[str, Handler] = {
    f"POST {_MOVING}.movefilebypath": movecopy.move_file,
    f"POST {_MOVING}.copyfilebypath": movecopy.copy_file,
    f"POST {_MOVING}.movefolderbypath": movecopy.move_folder,
    f"POST {_MOVING}.copyfolderbypath": movecopy.copy_folder,
    f"GET {_FOLDER}": folders.read,
    f"GET {_FOLDER}/exists": folders.exists,
    f"MERGE {_FOLDER}": folders.update,
    f"DELETE {_FOLDER}": folders.delete,
    f"POST {_FOLDER}/recycle": folders.recycle,
    f"POST {_FOLDER}/moveto": folders.move,
    f"POST {_FOLDER}/movetousingpath": folders.move,
    f"POST {_FOLDER}/addsubfolder": folders.add_sub_folder,
    f"POST {_FOLDER}/addsubfolderusingpath": folders.add_sub_folder,
    f"GET {_FOLDER}/folders": folders.read_all,
    f"POST {_FOLDER}/folders": folders.create,
    f"POST {_FOLDER}/folders/add": folders.add,
    f"POST {_FOLDER}/folders/addusingpath": folders.add_using_path,
}
_ATTACHED = f"{_ITEM}/attachmentfiles"
_ATTACHMENTS: dict[str, Handler] = {
    f"GET {_ATTACHED}": attachments.read_all,
    f"POST {_ATTACHED}/add": attachments.add,
    f"POST {_ATTACHED}/addusingpath": attachments.add,
    f"GET {_ATTACHED}/*": attachments.read,
    f"GET {_ATTACHED}/*/$value": attachments.value,
    f"PUT {_ATTACHED}/*/$value": attachments.replace,
    f"DELETE {_ATTACHED}/*": attachments.delete,
    f"POST {_ATTACHED}/*/recycleobject": attachments.recycle,
    f"DELETE {_ATTACHED}/*/recycleobject": attachments.recycle,  # as PnPjs sends it
}
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
    f"MERGE {_LIST}/fields/*": fieldchanges.update,
    f"POST {_LIST}/fields/*/setshowinnewform": fieldchanges.show_in_form,
    f"POST {_LIST}/fields/*/setshowineditform": fieldchanges.show_in_form,
    f"POST {_LIST}/fields/*/setshowindisplayform": fieldchanges.show_in_form,
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
    **_of_versions(f"{_ITEM}/versions", versions.of_item),
    f"POST {_LIST}/recycle": recyclebin.recycle_list,
    **_of_permissions(_LIST),
    **_of_permissions(_ITEM),
    f"GET {_ITEM}/hasuniqueroleassignments": permissions.unique_assignments,
    "GET web/roleassignments": permissions.assignments,
    "GET web/effectivebasepermissions": permissions.effective,
    "GET web/getusereffectivepermissions": permissions.effective_of_user,
    **_FILES,
    **_FOLDERS,
    **_ATTACHMENTS,
    **_of_bin(f"web/{_BIN}"),
    **_of_bin(f"site/{_BIN}"),
    "GET web/currentuser": principals.current_user,
    "GET web/siteusers": principals.users,
    f"GET {_USER}": principals.user,
    f"MERGE {_USER}": principals.update_user,
    f"DELETE {_USER}": principals.remove_user,
    f"GET {_USER}/groups": principals.user_groups,
    "GET web/currentuser/groups": principals.user_groups,
    "POST web/siteusers": principals.ensure_user,
    "POST web/siteusers/removebyid": principals.remove_user,
    "POST web/siteusers/removebyloginname": principals.remove_user,
    "GET web/getuserbyid": principals.user_by_id,
    "POST web/ensureuser": principals.ensure_user,
    "GET web/sitegroups": principals.groups,
    "POST web/sitegroups": principals.create_group,
    "POST web/sitegroups/removebyid": principals.remove_group,
    "POST web/sitegroups/removebyloginname": principals.remove_group,
    f"GET {_GROUP}": principals.group,
    f"MERGE {_GROUP}": principals.update_group,
    f"GET {_GROUP}/users/*": principals.group_user,
    f"GET {_GROUP}/users": principals.group_users,
    f"POST {_GROUP}/users": principals.add_group_user,
    f"POST {_GROUP}/users/removebyid": principals.remove_group_user,
    f"POST {_GROUP}/users/removebyloginname": principals.remove_group_user,
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
        f"{_ITEM}/parentlist",
        "web/lists",
        _LIST,
        f"{_LIST}/fields",
        f"{_LIST}/contenttypes",
        f"{_LIST}/views",
        _VIEW,
        "web/siteusers",
        "web/sitegroups",
        f"{_GROUP}/users",
        "web/roledefinitions",
        "web/roleassignments",
        _FILE,
        f"{_FOLDER}/files",
        f"{_FILE}/versions",
        f"{_FILE}/finishupload",
        _FOLDER,
        f"{_FOLDER}/folders",
        _ATTACHED,
        f"web/{_BIN}",
        f"site/{_BIN}",
    }
    | {f"{base}/roleassignments{one}" for base in (_LIST, _ITEM) for one in ("", "/*")}
    | {f"{_FOLDER}/{kind}/{how}" for kind in ("files", "folders") for how in ("add", "addusingpath")}
)
PATTERNS = frozenset(route.partition(" ")[2] for route in ROUTES)
NOT_BUILT = frozenset(
    [
        "adddependentlookupfield",
        "addtemplatefile",
        "approve",
        "customlist",
        "deletewithparameters",
        "deny",
        "getlimitedwebpartmanager",
        "publish",
        "recyclebyid",
        "recyclebylabel",
        "storagemetrics",
        "unpublish",
        "uploadwithchecksum",
        "eventreceivers",
        "fieldvaluesforedit",
        "getcatalog",
        "getlistitemchangessincetoken",
        "navigation",
        "renderashtml",
        "search",
        "sitepages",
        "social",
        "usercustomactions",
        "webs",
    ]
)
_COLLECTIONS = frozenset(
    {"attachmentfiles", "contenttypes", "fields", "items", "lists", "recyclebin", "roleassignments", "roledefinitions",
     "sitegroups", "siteusers", "subscriptions", "users", "versions", "views"}
)  # fmt: skip


def canonical(segments: list[Segment]) -> tuple[str, tuple[Key, ...]]:
    """A path as a pattern of the table and the keys its `*` stand for."""
    if len(segments) > LONGEST_PATH:
        raise BadQuery(f"The address has more than {LONGEST_PATH} steps.")
    names: list[str] = []
    keys: list[Key] = []
    for segment in segments:
        last = names[-1] if names else ""
        place = places.step(names, keys, segment)
        if place:
            names, keys = place
        elif last in _COLLECTIONS and segment.name.startswith("getby"):
            names.append("*")
            keys.append(Key(segment.name[5:].replace("principalid", "id"), _only(segment)))
        elif segment.name in ("getlist", "getlistusingpath"):
            names += ["lists", "*"]
            keys.append(Key("root", _only(segment)))
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
