"""Folders, files, attachments, the two bins, and permissions of items."""

from __future__ import annotations

import io
from typing import Any

from office365.sharepoint.files.checkin_type import CheckinType
from office365.sharepoint.permissions.kind import PermissionKind
from office365.sharepoint.utilities.move_copy_util import MoveCopyUtil

from tests.conformance.shape import pick


def _folder(context: Any, a: dict[str, Any]) -> Any:
    return context.web.get_folder_by_server_relative_path(a["folder"])


def _file(context: Any, a: dict[str, Any], name: str = "") -> Any:
    return context.web.get_file_by_server_relative_path(f"{a['folder']}/{name or a['name']}")


def _item(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"]).get_item_by_id(a["id"])


def _shown(run: Any, a: dict[str, Any]) -> Any:
    return pick(run.execute_query().properties, a["select"])


def _one(found: Any, a: dict[str, Any]) -> Any:
    return _shown(found.select(a["select"]).get(), a)


def _many(found: Any, a: dict[str, Any]) -> Any:
    return [pick(one.properties, a["select"]) for one in found.get().execute_query()]


def _text(context: Any, a: dict[str, Any], name: str = "") -> Any:
    return _file(context, a, name).get_content().execute_query().value.decode()


def _add_in_pieces(context: Any, a: dict[str, Any]) -> Any:
    whole = (b"0123456789" * (a["size"] // 10 + 1))[: a["size"]]
    files = _folder(context, a).files
    files.create_upload_session(io.BytesIO(whole), a["piece"], file_name=a["name"]).execute_query()
    kept = _file(context, a).get_content().execute_query().value
    return {"size": len(kept), "same": kept == whole}


def _replace(context: Any, a: dict[str, Any]) -> Any:
    _file(context, a).save_binary_stream(a["content"].encode()).execute_query()
    return _text(context, a)


def _rename(context: Any, a: dict[str, Any]) -> Any:
    _file(context, a).rename(a["to"]).execute_query()
    return _text(context, a, a["to"])


def _move(context: Any, a: dict[str, Any]) -> Any:
    MoveCopyUtil.move_file_by_path(context, f"{a['folder']}/{a['name']}", f"{a['folder']}/{a['to']}")
    context.execute_query()
    return _text(context, a, a["to"])


def _copy(context: Any, a: dict[str, Any]) -> Any:
    MoveCopyUtil.copy_file_by_path(context, f"{a['folder']}/{a['name']}", f"{a['folder']}/{a['to']}", False)
    context.execute_query()
    return _text(context, a, a["to"])


def _restore_version(context: Any, a: dict[str, Any]) -> Any:
    _file(context, a).versions.restore_by_label(a["label"]).execute_query()
    return _text(context, a)


def _delete_version(context: Any, a: dict[str, Any]) -> Any:
    _file(context, a).versions.delete_by_id(a["version"]).execute_query()
    return _many(_file(context, a).versions, a)


def _checked(context: Any, a: dict[str, Any]) -> Any:
    return _file(context, a).select(["CheckOutType"]).get().execute_query().properties["CheckOutType"]


def _check_out(context: Any, a: dict[str, Any]) -> Any:
    _file(context, a).checkout().execute_query()
    return _checked(context, a)


def _check_in(context: Any, a: dict[str, Any]) -> Any:
    _file(context, a).checkin("done", CheckinType.MajorCheckIn).execute_query()
    return _checked(context, a)


def _recycle(context: Any, a: dict[str, Any]) -> Any:
    entry = _file(context, a).recycle().execute_query().value
    return _shown(context.web.recycle_bin.get_by_id(entry).get(), a)


def _bin_delete(context: Any, a: dict[str, Any]) -> Any:
    context.web.recycle_bin.get_by_id(a["entry"]).delete_object().execute_query()
    return any(one.properties["Id"] == a["entry"] for one in context.web.recycle_bin.get().execute_query())


def _second_stage(context: Any, a: dict[str, Any]) -> Any:
    context.web.recycle_bin.get_by_id(a["entry"]).move_to_second_stage().execute_query()
    return _shown(context.site.recycle_bin.get_by_id(a["entry"]).get(), a)


def _attachment(context: Any, a: dict[str, Any]) -> Any:
    return _item(context, a).attachment_files.get_by_filename(a["name"])


def _attach(context: Any, a: dict[str, Any]) -> Any:
    asked = {"filename": a["name"], "content": a["content"].encode()}
    return _shown(_item(context, a).attachment_files.add(asked), a)


def _version_gone(context: Any, a: dict[str, Any]) -> Any:
    _item(context, a).versions.get_by_id(a["version"]).delete_object().execute_query()
    return [one.properties["VersionLabel"] for one in _item(context, a).versions.get().execute_query()]


def _break(context: Any, a: dict[str, Any]) -> Any:
    _item(context, a).break_role_inheritance(a["copy"], clear_sub_scopes=False).execute_query()
    return len(_item(context, a).role_assignments.get().execute_query())


def _assign(context: Any, a: dict[str, Any]) -> Any:
    _item(context, a).role_assignments.add_role_assignment(a["principal"], a["role"])
    context.execute_query()
    return [one.properties["PrincipalId"] for one in _item(context, a).role_assignments.get().execute_query()]


def _rights(context: Any, a: dict[str, Any]) -> Any:
    found = context.web.lists.get_by_title(a["list"]).select(["EffectiveBasePermissions"]).get().execute_query()
    held = found.effective_base_permissions
    names = ("ViewListItems", "AddListItems", "ManageLists", "ManagePermissions")
    return {name: held.has(getattr(PermissionKind, name)) for name in names}


def _root(context: Any, a: dict[str, Any]) -> Any:
    return _one(context.web.lists.get_by_title(a["list"]).root_folder, a)


OPERATIONS = {
    "folders.add": lambda context, a: _shown(_folder(context, a).folders.add_using_path(a["name"], False), a),
    "folders.read": lambda context, a: _one(_folder(context, a), a),
    "folders.all": lambda context, a: _many(_folder(context, a).folders.filter(a["filter"]).select(a["select"]), a),
    "folders.root": _root,
    "folders.delete": lambda context, a: _folder(context, a).delete_object().execute_query() and None,
    "files.add": lambda context, a: _shown(
        _folder(context, a).files.add(a["name"], a["content"].encode(), a.get("overwrite", False)), a
    ),
    "files.add_in_pieces": _add_in_pieces,
    "files.all": lambda context, a: _many(_folder(context, a).files.select(a["select"]), a),
    "files.read": lambda context, a: _one(_file(context, a), a),
    "files.text": _text,
    "files.replace": _replace,
    "files.item": lambda context, a: _one(_file(context, a).listItemAllFields, a),
    "files.rename": _rename,
    "files.move": _move,
    "files.copy": _copy,
    "files.versions": lambda context, a: _many(_file(context, a).versions.select(a["select"]), a),
    "files.restore_version": _restore_version,
    "files.delete_version": _delete_version,
    "files.check_out": _check_out,
    "files.check_in": _check_in,
    "files.delete": lambda context, a: _file(context, a).delete_object().execute_query() and None,
    "bin.recycle_file": _recycle,
    "bin.restore": lambda context, a: context.web.recycle_bin.get_by_id(a["entry"]).restore().execute_query() and None,
    "bin.delete": _bin_delete,
    "bin.second_stage": _second_stage,
    "attachments.add": _attach,
    "attachments.all": lambda context, a: _many(_item(context, a).attachment_files, a),
    "attachments.text": lambda context, a: _attachment(context, a).get_content().execute_query().value.decode(),
    "attachments.delete": lambda context, a: _attachment(context, a).delete_object().execute_query() and None,
    "items.delete_version": _version_gone,
    "items.break": _break,
    "items.assign": _assign,
    "rights.of_list": _rights,
    "people.groups": lambda context, a: _many(context.web.current_user.groups, a),
    "people.filter": lambda context, a: _many(context.web.site_users.filter(a["filter"]), a),
}
