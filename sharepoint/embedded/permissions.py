"""Users, groups, roles, and who may do what with a list."""

from __future__ import annotations

import sqlite3
from typing import Any

from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Entity, Many, Reply, Single
from sharepoint.embedded.errors import BadQuery, PrincipalMissing, Refused, ResourceMissing, UnknownProperty
from sharepoint.embedded.filters import parse
from sharepoint.embedded.people import FULL, GROUP, MEMBERS, OWNERS, ROLES, SITE_ROLES, USER, VISITORS, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site
from sharepoint.embedded.where import matches


def current_user(site: Site, call: Call) -> Reply:
    """GET web/currentuser."""
    return Reply(principal(site, call.person.id).pick(call.options.select))


def users(site: Site, call: Call) -> Reply:
    """GET web/siteusers."""
    site.people.require(call.person, Right.READ)
    return _page(call, [_shown(row) for row in _rows(site, USER)], "Users")


def user(site: Site, call: Call) -> Reply:
    """GET one user, by id, e-mail address or login name."""
    site.people.require(call.person, Right.READ)
    return Reply(_shown(_find(site, USER, call.keys[0])).pick(call.options.select))


def user_by_id(site: Site, call: Call) -> Reply:
    """GET web/getuserbyid(3)."""
    site.people.require(call.person, Right.READ)
    return Reply(_shown(_find(site, USER, Key("id", call.arg("userid")))).pick(call.options.select))


def ensure_user(site: Site, call: Call) -> Reply:
    """POST web/ensureuser: there is no directory here, so any login name becomes a user."""
    site.people.require(call.person, Right.READ)
    login = call.arg("logonname") or call.json().get("logonName")
    if not isinstance(login, str) or not login.strip():
        raise BadQuery("ensureUser needs a logonName.")
    plain = login.strip().rpartition("|")[2]
    with site.database.write():
        made = site.people.ensure(plain, plain.partition("@")[0])
    return Reply(principal(site, made))


def groups(site: Site, call: Call) -> Reply:
    """GET web/sitegroups."""
    site.people.require(call.person, Right.READ)
    return _page(call, [_shown(row) for row in _rows(site, GROUP)], "Groups")


def group(site: Site, call: Call) -> Reply:
    """GET one group."""
    site.people.require(call.person, Right.READ)
    return Reply(_shown(_find(site, GROUP, call.keys[0])).pick(call.options.select))


def create_group(site: Site, call: Call) -> Reply:
    """POST web/sitegroups."""
    site.people.require(call.person, Right.OWN)
    given = call.entity("SP.Group", "SP.GroupCreationInformation")
    title, description = given.pop("Title", None), given.pop("Description", "")
    if given:
        raise UnknownProperty(next(iter(given)), "SP.Group")
    if not isinstance(title, str) or not title.strip() or not isinstance(description, str):
        raise BadQuery("A group needs a Title.")
    if site.database.one("SELECT 1 FROM principals WHERE login = ?", (title,)):
        raise Refused("The specified name is already in use.", code="-2130575293, Microsoft.SharePoint.SPException")
    with site.database.write():
        made = site.people.ensure(title, title, kind=GROUP)
        site.database.run("UPDATE principals SET description = ? WHERE id = ?", (description, made))
    return Reply(principal(site, made), status=201)


def associated(name: str) -> Any:
    """The handler of web/associatedmembergroup and its two fellows."""

    def handler(site: Site, call: Call) -> Reply:
        site.people.require(call.person, Right.READ)
        return Reply(principal(site, site.people.group(name)).pick(call.options.select))

    return handler


associated_members, associated_owners, associated_visitors = map(associated, (MEMBERS, OWNERS, VISITORS))


def group_users(site: Site, call: Call) -> Reply:
    """GET a group's users."""
    site.people.require(call.person, Right.READ)
    group_id = _find(site, GROUP, call.keys[0])["id"]
    rows = site.database.all(
        "SELECT p.* FROM memberships m JOIN principals p ON p.id = m.user_id WHERE m.group_id = ? ORDER BY p.id",
        (group_id,),
    )
    return _page(call, [_shown(row) for row in rows], "Users")


def add_group_user(site: Site, call: Call) -> Reply:
    """POST a group's users: join by LoginName."""
    site.people.require(call.person, Right.OWN)
    group_id = _find(site, GROUP, call.keys[0])["id"]
    login = call.entity("SP.User", "SP.UserCreationInformation").get("LoginName")
    if not isinstance(login, str) or not login.strip():
        raise BadQuery("A user needs a LoginName.")
    plain = login.strip().rpartition("|")[2]
    with site.database.write():
        user_id = site.people.ensure(plain, plain.partition("@")[0])
        site.people.join(group_id, user_id)
    return Reply(principal(site, user_id), status=201)


def remove_group_user(site: Site, call: Call) -> Reply:
    """POST users/removeById(3) of a group."""
    site.people.require(call.person, Right.OWN)
    group_id = _find(site, GROUP, call.keys[0])["id"]
    user_id = _find(site, USER, Key("id", call.arg("id")))["id"]
    with site.database.write():
        site.database.run("DELETE FROM memberships WHERE group_id = ? AND user_id = ?", (group_id, user_id))
    return Reply(Single("RemoveById", None))


def role_definitions(site: Site, call: Call) -> Reply:
    """GET web/roledefinitions."""
    site.people.require(call.person, Right.READ)
    return _page(call, [_role(number) for number in ROLES], "RoleDefinitions")


def role_definition(site: Site, call: Call) -> Reply:
    """GET one role, by id or name."""
    site.people.require(call.person, Right.READ)
    wanted = call.keys[0].value.lower()
    for number, (name, _) in ROLES.items():
        if wanted in (str(number), name.lower()):
            return Reply(_role(number).pick(call.options.select))
    raise PrincipalMissing("Can not find the permission level.")


def break_inheritance(site: Site, call: Call) -> Reply:
    """POST breakroleinheritance(copyRoleAssignments, clearSubscopes); whoever asks keeps full control."""
    info = site.open(call.person, call.keys[0], Right.OWN)
    copied = call.arg("copyroleassignments").lower() == "true"
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


def principal(site: Site, number: int) -> Entity:
    """A user or group as shown."""
    row = site.database.one("SELECT * FROM principals WHERE id = ?", (number,))
    if row is None:
        raise PrincipalMissing(f"Can not find the principal with id: {number}.")
    return _shown(row)


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


def _rows(site: Site, kind: int) -> list[sqlite3.Row]:
    return site.database.all("SELECT * FROM principals WHERE kind = ? ORDER BY id", (kind,))


def _find(site: Site, kind: int, key: Key) -> sqlite3.Row:
    columns = {"id": "id", "name": "login", "loginname": "login", "email": "email"}
    if key.by not in columns:
        raise ResourceMissing(f"getby{key.by}")
    number = key.value.isdigit()
    column = "login" if key.by == "id" and not number else columns[key.by]
    value = key.value if number else key.value.rpartition("|")[2]
    row = site.database.one(f"SELECT * FROM principals WHERE kind = ? AND {column} = ?", (kind, value))  # noqa: S608
    if row is None:
        raise PrincipalMissing("Group cannot be found." if kind == GROUP else "User cannot be found.")
    return row


def _shown(row: sqlite3.Row) -> Entity:
    if row["kind"] == GROUP:
        values = {
            "Id": row["id"], "IsHiddenInUI": False, "LoginName": row["login"], "Title": row["title"],
            "PrincipalType": 8,
            "AllowMembersEditMembership": False, "Description": row["description"], "OwnerTitle": OWNERS,
        }  # fmt: skip
        return Entity("SP.Group", f"Web/SiteGroups/GetById({row['id']})", values, links=("Owner", "Users"))
    login = row["login"] if row["admin"] else f"i:0#.f|membership|{row['login']}"
    values = {
        "Id": row["id"], "IsHiddenInUI": False, "LoginName": login, "Title": row["title"], "PrincipalType": 1,
        "Email": row["email"], "IsSiteAdmin": bool(row["admin"]), "UserPrincipalName": row["login"],
    }  # fmt: skip
    return Entity("SP.User", f"Web/GetUserById({row['id']})", values, links=("Groups",))


def _page(call: Call, shown: list[Entity], name: str) -> Reply:
    if call.options.filter:
        node = parse(call.options.filter)
        shown = [one for one in shown if matches(node, one.values)]
    picked = [one.pick(call.options.select) for one in shown[: call.options.top]]
    return Reply(Many(picked, metadata=f"SP.ApiData.{name}"))
