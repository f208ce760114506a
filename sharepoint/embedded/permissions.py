"""Roles, and who holds which on a list or an item."""

from __future__ import annotations

from sharepoint.embedded import branches, changes, collection, scopes
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Complex, Entity, Reply, Single
from sharepoint.embedded.errors import PrincipalMissing, Refused
from sharepoint.embedded.people import (
    CONTRIBUTE,
    EDIT,
    FULL,
    MASKS,
    READ,
    ROLES,
    SITE_ROLES,
    USER,
    Person,
    Right,
)
from sharepoint.embedded.principals import page, principal
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.secured import Secured, secured
from sharepoint.embedded.site import Site

_KINDS = {READ: 2, CONTRIBUTE: 3, FULL: 5, EDIT: 6}  # SP.RoleType (doc)


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
    held = secured(site, call, Right.OWN)
    asked = call.arg("copyroleassignments") or call.json().get("copyRoleAssignments")
    copied = str(asked).lower() == "true"
    with site.database.write():
        if held.row is not None:
            # A list with a unique column takes no permissions of items, and the other way round (doc: "Enforcing
            # uniqueness in a column", limits of unique columns; report: zquad.in/2010/03/unique-column.html).
            if any(field.unique for field in held.info.fields):
                raise Refused(
                    "Permissions of an item cannot be made unique in a list that has a column with unique values.",
                    status=400,
                )
        elif str(call.arg("clearsubscopes", 1) or call.json().get("clearSubscopes")).lower() == "true":
            _clear_items(site, held.info)
        if not held.unique:
            inherited = _assigned(site, held)
            held.own(site)
            for number, roles in inherited.items() if copied else ():
                for role in roles:
                    held.assign(site, number, role)
            held.assign(site, call.person.id, FULL)
    return Reply(Single("BreakRoleInheritance", None))


def reset_inheritance(site: Site, call: Call) -> Reply:
    """POST resetroleinheritance: as the list, or the site, again."""
    held = secured(site, call, Right.OWN)
    with site.database.write():
        held.disown(site)
    return Reply(Single("ResetRoleInheritance", None))


def assignments(site: Site, call: Call) -> Reply:
    """GET roleassignments of the site, a list or an item, with $expand=Member,RoleDefinitionBindings."""
    if call.keys:
        return collection.page(call, assigned(site, secured(site, call, Right.READ)), "RoleAssignments")
    site.people.require(call.person, Right.READ)
    shown = [_assignment(None, site, number, roles) for number, roles in _of_site(site).items()]
    return collection.page(call, shown, "RoleAssignments")


def assignment(site: Site, call: Call) -> Reply:
    """GET one assignment, by its principal."""
    held = secured(site, call, Right.READ)
    number = call.keys[-1].number()
    roles = _assigned(site, held).get(number)
    if roles is None:
        raise PrincipalMissing("Can not find the principal with id: " + str(number) + ".")
    return branches.reply(call, _assignment(held, site, number, roles))


def delete_assignment(site: Site, call: Call) -> Reply:
    """DELETE every role a principal holds."""
    held = _unique(site, call)
    with site.database.write():
        for role in ROLES:
            held.unassign(site, call.keys[-1].number(), role)
        _tell(site, call, held, changes.RIGHTS_REMOVED)
    return Reply(status=200)


def add_assignment(site: Site, call: Call) -> Reply:
    """POST roleassignments/addroleassignment(principalid=3,roledefid=1073741826)."""
    held = _unique(site, call)
    number, role = _pair(site, call)
    with site.database.write():
        held.assign(site, number, role)
        _tell(site, call, held, changes.RIGHTS_ADDED)
    return Reply(Single("AddRoleAssignment", None))


def remove_assignment(site: Site, call: Call) -> Reply:
    """POST roleassignments/removeroleassignment(principalid=3,roledefid=1073741826)."""
    held = _unique(site, call)
    number, role = _pair(site, call)
    with site.database.write():
        held.unassign(site, number, role)
        _tell(site, call, held, changes.RIGHTS_REMOVED)
    return Reply(Single("RemoveRoleAssignment", None))


def effective(site: Site, call: Call) -> Reply:
    """GET EffectiveBasePermissions of the site, a list or an item: what whoever asks may do."""
    if not call.keys:
        site.people.require(call.person, Right.READ)
        return _mask("EffectiveBasePermissions", site.people.roles(call.person))
    held = secured(site, call, Right.READ)
    return _mask("EffectiveBasePermissions", held.roles(site, call.person))


def effective_of_user(site: Site, call: Call) -> Reply:
    """GET getUserEffectivePermissions(@user): what another user may do there, by login name."""
    login = call.arg("username") or call.arg("user")
    row = site.database.one(
        "SELECT id, login, title, admin FROM principals WHERE kind = ? AND login = ?", (USER, login.rpartition("|")[2])
    )
    if row is None:
        raise PrincipalMissing("The specified user could not be found.")
    other = Person(row["id"], row["login"], row["title"], bool(row["admin"]))
    if not call.keys:
        site.people.require(call.person, Right.READ)
        return _mask("GetUserEffectivePermissions", site.people.roles(other))
    return _mask("GetUserEffectivePermissions", secured(site, call, Right.READ).roles(site, other))


def unique_assignments(site: Site, call: Call) -> Reply:
    """GET an item's HasUniqueRoleAssignments."""
    return Reply(Single("HasUniqueRoleAssignments", secured(site, call, Right.READ).unique))


def mask(roles: list[int]) -> Complex:
    """Roles together as SP.BasePermissions, whose halves are strings in JSON."""
    high = low = 0
    for role in roles:
        high, low = high | MASKS[role][0], low | MASKS[role][1]
    return Complex("SP.BasePermissions", {"High": str(high), "Low": str(low)})


def _mask(name: str, roles: list[int]) -> Reply:
    return Reply(Single(name, mask(roles)))


def _clear_items(site: Site, info: ListInfo) -> None:
    for table in scopes.ITEM_RIGHTS:
        site.database.run(f"DELETE FROM {table} WHERE list_no = ?", (info.no,))  # noqa: S608 — names of ours
    site.database.run(f"UPDATE {info.table} SET scope = 0 WHERE scope <> 0")  # noqa: S608 — a name of ours


def _tell(site: Site, call: Call, held: Secured, change: int) -> None:
    about = changes.ITEM if held.row is not None else changes.LIST
    item = held.row["id"] if held.row is not None else None
    guid = held.row["guid"] if held.row is not None else held.info.guid
    changes.record(site, held.info, call.person, change=change, about=about, item=item, guid=guid)


def _unique(site: Site, call: Call) -> Secured:
    held = secured(site, call, Right.OWN)
    if not held.unique:
        raise Refused(
            "This operation is not allowed on an object that inherits permissions.",
            status=400,
            code="-2146233079, System.InvalidOperationException",
        )
    return held


def _pair(site: Site, call: Call) -> tuple[int, int]:
    number, role = Key("id", call.arg("principalid")).number(), Key("id", call.arg("roledefid", 1)).number()
    principal(site, number)
    if role not in ROLES:
        raise PrincipalMissing("Can not find the permission level.")
    return number, role


def _of_site(site: Site) -> dict[int, list[int]]:
    return {site.people.group(name): [role] for name, role in SITE_ROLES.items()}


def _assigned(site: Site, held: Secured) -> dict[int, list[int]]:
    rows = held.rows(site)
    if rows is None:
        return _of_site(site)
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["principal"], []).append(row["role"])
    return found


def assigned(site: Site, held: Secured) -> list[Entity]:
    """Who holds what on a list or an item."""
    return [_assignment(held, site, number, roles) for number, roles in _assigned(site, held).items()]


def _assignment(held: Secured | None, site: Site, number: int, roles: list[int]) -> Entity:
    ways = {
        "Member": lambda: principal(site, number),
        "RoleDefinitionBindings": lambda: [_role(role) for role in roles],
    }
    path = f"{held.path if held else 'Web'}/RoleAssignments/GetByPrincipalId({number})"
    return Entity("SP.RoleAssignment", path, {"PrincipalId": number}, links=tuple(ways), ways=ways)


def _role(number: int) -> Entity:
    name, _ = ROLES[number]
    values = {
        "BasePermissions": mask([number]), "Description": "", "Hidden": False, "Id": number, "Name": name,
        "Order": number - FULL + 4, "RoleTypeKind": _KINDS[number],
    }  # fmt: skip
    return Entity("SP.RoleDefinition", f"Web/RoleDefinitions({number})", values)
