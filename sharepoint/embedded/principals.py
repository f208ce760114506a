"""Users and groups: found, made, and joined."""

from __future__ import annotations

import sqlite3
from typing import Any

from sharepoint.embedded import collection
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Entity, Reply, Single
from sharepoint.embedded.errors import BadQuery, PrincipalMissing, Refused, ResourceMissing, UnknownProperty
from sharepoint.embedded.people import GONE, GROUP, MEMBERS, OWNERS, USER, VISITORS, Right
from sharepoint.embedded.site import Site


def current_user(site: Site, call: Call) -> Reply:
    """GET web/currentuser."""
    return Reply(principal(site, call.person.id).pick(call.options.select))


def users(site: Site, call: Call) -> Reply:
    """GET web/siteusers."""
    site.people.require(call.person, Right.READ)
    return page(call, [shown(row) for row in _rows(site, USER)], "Users")


def user(site: Site, call: Call) -> Reply:
    """GET one user, by id, e-mail address or login name."""
    site.people.require(call.person, Right.READ)
    return Reply(shown(_find(site, USER, call.keys[0])).pick(call.options.select))


def user_by_id(site: Site, call: Call) -> Reply:
    """GET web/getuserbyid(3)."""
    site.people.require(call.person, Right.READ)
    return Reply(shown(_find(site, USER, Key("id", call.arg("userid")))).pick(call.options.select))


def ensure_user(site: Site, call: Call) -> Reply:
    """POST web/ensureuser: there is no directory here, so any login name becomes a user."""
    site.people.require(call.person, Right.READ)
    # POST siteusers, which is the same, names it LoginName.
    login = call.arg("logonname") or call.json().get("logonName") or call.json().get("LoginName")
    if not isinstance(login, str) or not login.strip():
        raise BadQuery("ensureUser needs a logonName.")
    plain = login.strip().rpartition("|")[2]
    with site.database.write():
        made = site.people.ensure(plain, plain.partition("@")[0])
    return Reply(principal(site, made))


def groups(site: Site, call: Call) -> Reply:
    """GET web/sitegroups."""
    site.people.require(call.person, Right.READ)
    return page(call, [shown(row) for row in _rows(site, GROUP)], "Groups")


def group(site: Site, call: Call) -> Reply:
    """GET one group."""
    site.people.require(call.person, Right.READ)
    return Reply(shown(_find(site, GROUP, call.keys[0])).pick(call.options.select))


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
    return page(call, [shown(row) for row in rows], "Users")


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
    """POST users/removeById(3) or users/removeByLoginName('…') of a group."""
    site.people.require(call.person, Right.OWN)
    group_id = _find(site, GROUP, call.keys[0])["id"]
    by = "name" if call.pattern.endswith("loginname") else "id"
    user_id = _find(site, USER, Key(by, next(iter([*call.named.values(), *call.args]), "")))["id"]
    with site.database.write():
        site.database.run("DELETE FROM memberships WHERE group_id = ? AND user_id = ?", (group_id, user_id))
    return Reply(Single("RemoveById", None))


def principal(site: Site, number: int) -> Entity:
    """A user or group as shown."""
    row = site.database.one("SELECT * FROM principals WHERE id = ?", (number,))
    if row is None:
        raise PrincipalMissing(f"Can not find the principal with id: {number}.")
    return shown(row)


def named(site: Site, number: int) -> tuple[str, str]:
    """The name and e-mail address of a user, also of one who has been removed."""
    row = site.database.one("SELECT title, email FROM principals WHERE id = ?", (number,))
    return (row["title"], row["email"]) if row else ("", "")


def update_user(site: Site, call: Call) -> Reply:
    """MERGE a user: Title, Email and IsSiteAdmin."""
    site.people.require(call.person, Right.OWN)
    row = _find(site, USER, call.keys[0])
    columns = _columns(call.entity("SP.User"), {"Title": str, "Email": str, "IsSiteAdmin": bool}, "SP.User")
    _set(site, row["id"], columns)
    return Reply(status=204)


def remove_user(site: Site, call: Call) -> Reply:
    """Remove a user from the site, by an argument or by DELETE. What they wrote keeps their name."""
    site.people.require(call.person, Right.OWN)
    row = _find(site, USER, _named_by(call))
    if row["admin"]:
        raise Refused("The app itself cannot be removed from the site.", status=400)
    _remove(site, row["id"])
    return Reply(Single("RemoveUser", None))


def user_groups(site: Site, call: Call) -> Reply:
    """GET a user's groups."""
    site.people.require(call.person, Right.READ)
    number = call.person.id if call.pattern.startswith("web/currentuser") else _find(site, USER, call.keys[0])["id"]
    rows = site.database.all(
        "SELECT p.* FROM memberships m JOIN principals p ON p.id = m.group_id WHERE m.user_id = ? ORDER BY p.id",
        (number,),
    )
    return page(call, [shown(row) for row in rows], "Groups")


def update_group(site: Site, call: Call) -> Reply:
    """MERGE a group: Title (which is its login name too) and Description."""
    site.people.require(call.person, Right.OWN)
    row = _find(site, GROUP, call.keys[0])
    columns = _columns(call.entity("SP.Group"), {"Title": str, "Description": str}, "SP.Group")
    if "title" in columns:
        taken = site.database.one("SELECT 1 FROM principals WHERE login = ? AND id <> ?", (columns["title"], row["id"]))
        if taken or row["login"] in (OWNERS, MEMBERS, VISITORS):
            raise Refused("The specified name is already in use, or the group's name cannot be changed.", status=400)
        columns["login"] = columns["title"]
    _set(site, row["id"], columns)
    return Reply(status=204)


def remove_group(site: Site, call: Call) -> Reply:
    """POST sitegroups/removeById(3) or removeByLoginName('…')."""
    site.people.require(call.person, Right.OWN)
    row = _find(site, GROUP, _named_by(call))
    if row["login"] in (OWNERS, MEMBERS, VISITORS):
        raise Refused("The groups that every site begins with cannot be removed here.", status=400)
    _remove(site, row["id"])
    site.database.run("DELETE FROM memberships WHERE group_id = ?", (row["id"],))
    site.database.run("DELETE FROM principals WHERE id = ?", (row["id"],))
    return Reply(Single("RemoveGroup", None))


def group_user(site: Site, call: Call) -> Reply:
    """GET one user of a group."""
    site.people.require(call.person, Right.READ)
    group_id, row = _find(site, GROUP, call.keys[0])["id"], _find(site, USER, call.keys[1])
    if not site.database.one("SELECT 1 FROM memberships WHERE group_id = ? AND user_id = ?", (group_id, row["id"])):
        raise PrincipalMissing("User cannot be found.")
    return Reply(shown(row).pick(call.options.select))


def _named_by(call: Call) -> Key:
    """The user or group that a path's key or the argument of its last step names."""
    if call.keys:
        return call.keys[-1]
    by = "name" if "loginname" in call.pattern else "id"
    values = [*call.named.values(), *call.args]
    if len(values) != 1:
        raise BadQuery("One id or login name is needed.")
    return Key(by, values[0])


def _columns(given: dict[str, Any], kinds: dict[str, type], type_name: str) -> dict[str, Any]:
    names = {"Title": "title", "Email": "email", "IsSiteAdmin": "admin", "Description": "description"}
    for name, value in given.items():
        if name not in kinds:
            raise UnknownProperty(name, type_name)
        if type(value) is not kinds[name] or (name == "Title" and not str(value).strip()):
            raise BadQuery(f"The value of {name} is of another type, or empty.")
    return {names[name]: int(value) if isinstance(value, bool) else value for name, value in given.items()}


def _set(site: Site, number: int, columns: dict[str, Any]) -> None:
    with site.database.write():
        for name, value in columns.items():
            site.database.run(f"UPDATE principals SET {name} = ? WHERE id = ?", (value, number))  # noqa: S608


def _remove(site: Site, number: int) -> None:
    with site.database.write():
        site.database.run("UPDATE principals SET kind = ?, admin = 0 WHERE id = ?", (GONE, number))
        site.database.run("DELETE FROM memberships WHERE user_id = ?", (number,))
        for table in ("assignments", "item_assignments"):
            site.database.run(f"DELETE FROM {table} WHERE principal = ?", (number,))  # noqa: S608 — names of ours


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
        # By name HTTP 500 (report: a guide to SharePoint's REST gotchas, "sitegroups/getbyname returns HTTP 500").
        status = 500 if kind == GROUP and key.by == "name" else None
        raise PrincipalMissing("Group cannot be found." if kind == GROUP else "User cannot be found.", status=status)
    return row


def shown(row: sqlite3.Row) -> Entity:
    """A row of `principals` as a user or a group."""
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


def page(call: Call, found: list[Entity], name: str) -> Reply:
    """A collection of principals, roles or assignments under the OData options."""
    return collection.page(call, found, name)
