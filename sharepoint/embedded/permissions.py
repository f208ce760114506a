"""Roles, and who holds which on a list."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Entity, Many, Reply, Single
from sharepoint.embedded.errors import PrincipalMissing, Refused
from sharepoint.embedded.people import FULL, ROLES, SITE_ROLES, Right
from sharepoint.embedded.principals import page, principal
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site


def role_definitions(site: Site, call: Call) -> Reply:
    """GET web/roledefinitions."""
    site.people.require(call.person, Right.READ)
    return page(call, [_role(number) for number in ROLES], "RoleDefinitions")


def role_definition(site: Site, call: Call) -> Reply:
    """GET one role, by id or name."""
    site.people.require(call.person, Right.READ)
    wanted = call.keys[0].value.lower()
    for number, (name, _) in ROLES.items():
        if wanted in (str(number), name.lower()):
            return Reply(_role(number).pick(call.options.select))
    raise PrincipalMissing("Can not find the permission level.")


def break_inheritance(site: Site, call: Call) -> Reply:
    """POST breakroleinheritance(copyRoleAssignments, clearSubscopes); whoever asks keeps full control.

    The parameters may stand in the body as well (report: office365-rest-python-client sends them so).
    """
    info = site.open(call.person, call.keys[0], Right.OWN)
    asked = call.arg("copyroleassignments") or call.json().get("copyRoleAssignments")
    copied = str(asked).lower() == "true"
    with site.database.write():
        if not info.row["unique_roles"]:
            site.database.run("UPDATE lists SET unique_roles = 1 WHERE no = ?", (info.no,))
            _assign(site, info, call.person.id, FULL)
            for name, role in SITE_ROLES.items() if copied else ():
                _assign(site, info, site.people.group(name), role)
    return Reply(Single("BreakRoleInheritance", None))


def reset_inheritance(site: Site, call: Call) -> Reply:
    """POST resetroleinheritance: as the site again."""
    info = site.open(call.person, call.keys[0], Right.OWN)
    with site.database.write():
        site.database.run("UPDATE lists SET unique_roles = 0 WHERE no = ?", (info.no,))
        site.database.run("DELETE FROM assignments WHERE list_no = ?", (info.no,))
    return Reply(Single("ResetRoleInheritance", None))


def assignments(site: Site, call: Call) -> Reply:
    """GET a list's roleassignments, with $expand=Member,RoleDefinitionBindings."""
    info = site.open(call.person, call.keys[0])
    shown = [_assignment(site, info, number, roles, call) for number, roles in _assigned(site, info).items()]
    return Reply(Many(shown, metadata="SP.ApiData.RoleAssignments"))


def assignment(site: Site, call: Call) -> Reply:
    """GET one assignment, by its principal."""
    info = site.open(call.person, call.keys[0])
    number = call.keys[1].number()
    roles = _assigned(site, info).get(number)
    if roles is None:
        raise PrincipalMissing("Can not find the principal with id: " + str(number) + ".")
    return Reply(_assignment(site, info, number, roles, call))


def delete_assignment(site: Site, call: Call) -> Reply:
    """DELETE every role a principal holds on a list."""
    info = _unique(site, call)
    with site.database.write():
        site.database.run(
            "DELETE FROM assignments WHERE list_no = ? AND principal = ?", (info.no, call.keys[1].number())
        )
    return Reply(status=200)


def add_assignment(site: Site, call: Call) -> Reply:
    """POST roleassignments/addroleassignment(principalid=3,roledefid=1073741826)."""
    info = _unique(site, call)
    number, role = _pair(site, call)
    with site.database.write():
        _assign(site, info, number, role)
    return Reply(Single("AddRoleAssignment", None))


def remove_assignment(site: Site, call: Call) -> Reply:
    """POST roleassignments/removeroleassignment(principalid=3,roledefid=1073741826)."""
    info = _unique(site, call)
    number, role = _pair(site, call)
    with site.database.write():
        site.database.run(
            "DELETE FROM assignments WHERE list_no = ? AND principal = ? AND role = ?", (info.no, number, role)
        )
    return Reply(Single("RemoveRoleAssignment", None))


def _unique(site: Site, call: Call) -> ListInfo:
    info = site.open(call.person, call.keys[0], Right.OWN)
    if not info.row["unique_roles"]:
        raise Refused(
            "This operation is not allowed on an object that inherits permissions.",
            status=400,
            code="-2146233079, System.InvalidOperationException",
        )
    return info


def _pair(site: Site, call: Call) -> tuple[int, int]:
    number, role = Key("id", call.arg("principalid")).number(), Key("id", call.arg("roledefid", 1)).number()
    principal(site, number)
    if role not in ROLES:
        raise PrincipalMissing("Can not find the permission level.")
    return number, role


def _assign(site: Site, info: ListInfo, number: int, role: int) -> None:
    site.database.run("INSERT OR IGNORE INTO assignments VALUES (?, ?, ?)", (info.no, number, role))


def _assigned(site: Site, info: ListInfo) -> dict[int, list[int]]:
    if not info.row["unique_roles"]:
        return {site.people.group(name): [role] for name, role in SITE_ROLES.items()}
    found: dict[int, list[int]] = {}
    for row in site.database.all("SELECT * FROM assignments WHERE list_no = ? ORDER BY principal, role", (info.no,)):
        found.setdefault(row["principal"], []).append(row["role"])
    return found


def _assignment(site: Site, info: ListInfo, number: int, roles: list[int], call: Call) -> Entity:
    values: dict[str, Any] = {"PrincipalId": number}
    if "Member" in call.options.expand:
        values["Member"] = principal(site, number)
    if "RoleDefinitionBindings" in call.options.expand:
        values["RoleDefinitionBindings"] = [_role(role) for role in roles]
    path = f"{info.path}/RoleAssignments/GetByPrincipalId({number})"
    return Entity("SP.RoleAssignment", path, values, links=("Member", "RoleDefinitionBindings"))


def _role(number: int) -> Entity:
    name, _ = ROLES[number]
    values = {"Description": "", "Hidden": False, "Id": number, "Name": name, "Order": number - FULL + 4}
    return Entity("SP.RoleDefinition", f"Web/RoleDefinitions({number})", values)
