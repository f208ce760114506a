"""Users, groups, roles and permissions."""

from __future__ import annotations

from typing import Any

from tests.conformance.shape import pick


def _shown(run: Any, a: dict[str, Any]) -> Any:
    return pick(run.execute_query().properties, a["select"])


def _list(context: Any, a: dict[str, Any]) -> Any:
    return context.web.lists.get_by_title(a["list"])


def _groups_filter(context: Any, a: dict[str, Any]) -> Any:
    found = context.web.site_groups.filter(a["filter"]).select(a["select"]).get().execute_query()
    return [pick(one.properties, a["select"]) for one in found]


def _emails(context: Any, a: dict[str, Any]) -> Any:
    found = context.web.site_groups.get_by_name(a["title"]).users.get().execute_query()
    return [one.properties["Email"] for one in found]


def _join(context: Any, a: dict[str, Any]) -> Any:
    context.web.site_groups.get_by_name(a["title"]).users.add_user(a["login"]).execute_query()
    return _emails(context, a)


def _leave(context: Any, a: dict[str, Any]) -> Any:
    context.web.site_groups.get_by_name(a["title"]).users.remove_by_id(a["id"]).execute_query()
    return _emails(context, a)


def _roles(context: Any, a: dict[str, Any]) -> Any:
    return [pick(one.properties, a["select"]) for one in context.web.role_definitions.get().execute_query()]


def _break(context: Any, a: dict[str, Any]) -> Any:
    _list(context, a).break_role_inheritance(a["copy"], clear_sub_scopes=False).execute_query()
    return len(_list(context, a).role_assignments.get().execute_query())


def _reset(context: Any, a: dict[str, Any]) -> Any:
    _list(context, a).reset_role_inheritance().execute_query()
    found = _list(context, a).select(["HasUniqueRoleAssignments"]).get().execute_query()
    return found.properties["HasUniqueRoleAssignments"]


def _assign(context: Any, a: dict[str, Any]) -> None:
    _list(context, a).role_assignments.add_role_assignment(a["principal"], a["role"])
    context.execute_query()


def _unassign(context: Any, a: dict[str, Any]) -> None:
    _list(context, a).role_assignments.remove_role_assignment(a["principal"], a["role"])
    context.execute_query()


def _assignments(context: Any, a: dict[str, Any]) -> Any:
    found = _list(context, a).role_assignments.expand(["Member", "RoleDefinitionBindings"]).get().execute_query()
    return [
        {
            "who": one.member.properties["Title"],
            "roles": [role.properties["Name"] for role in one.role_definition_bindings],
        }
        for one in found
    ]


OPERATIONS = {
    "people.me": lambda context, a: _shown(context.web.current_user.get(), a),
    "people.ensure": lambda context, a: _shown(context.web.ensure_user(a["login"]), a),
    "people.by_id": lambda context, a: _shown(context.web.get_user_by_id(a["id"]).get(), a),
    "people.by_email": lambda context, a: _shown(context.web.site_users.get_by_email(a["email"]).get(), a),
    "people.by_login": lambda context, a: _shown(context.web.site_users.get_by_login_name(a["login"]).get(), a),
    "groups.filter": _groups_filter,
    "groups.add": lambda context, a: _shown(context.web.site_groups.add(a["title"]), a),
    "groups.by_name": lambda context, a: _shown(context.web.site_groups.get_by_name(a["title"]).get(), a),
    "groups.members": lambda context, a: _shown(context.web.associated_member_group.get(), a),
    "groups.join": _join,
    "groups.leave": _leave,
    "roles.all": _roles,
    "roles.by_name": lambda context, a: _shown(context.web.role_definitions.get_by_name(a["name"]).get(), a),
    "roles.break": _break,
    "roles.reset": _reset,
    "roles.assign": _assign,
    "roles.unassign": _unassign,
    "roles.assignments": _assignments,
}
