"""Who may sign in and what they may do: users, groups and the roles they hold on the site or on a list."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag
from urllib.parse import quote

from sharepoint.embedded.database import Database
from sharepoint.embedded.errors import AccessDenied, NotSignedIn
from sharepoint.embedded.schema import ListInfo

GONE, USER, GROUP = 0, 1, 8
APP_LOGIN = "app@sharepoint"
OWNERS, VISITORS, MEMBERS = "MHRMB Owners", "MHRMB Visitors", "MHRMB Members"


class Right(IntFlag):
    """What a role allows; a role is a sum of these."""

    NONE = 0
    READ = 1
    WRITE = 2
    SHAPE = 4
    OWN = 8


FULL, EDIT, CONTRIBUTE, READ = 1073741829, 1073741830, 1073741827, 1073741826
ROLES: dict[int, tuple[str, Right]] = {
    FULL: ("Full Control", Right.READ | Right.WRITE | Right.SHAPE | Right.OWN),
    EDIT: ("Edit", Right.READ | Right.WRITE | Right.SHAPE),
    CONTRIBUTE: ("Contribute", Right.READ | Right.WRITE),
    READ: ("Read", Right.READ),
}
# Their BasePermissions as REST shows them, (High, Low) (memory, and equal to the sums of SP.PermissionKind).
MASKS = {
    FULL: (2147483647, 4294967295),
    EDIT: (432, 1011030767),
    CONTRIBUTE: (432, 1011028719),
    READ: (176, 138612833),
}
# What the groups every site begins with hold on the site itself.
SITE_ROLES = {OWNERS: FULL, MEMBERS: EDIT, VISITORS: READ}


@dataclass(frozen=True, slots=True)
class Person:
    """Who sent a request. An administrator (the app) passes every check."""

    id: int
    login: str
    title: str
    admin: bool


class People:
    """Tokens and rights. Tokens are kept in memory only, as given at the start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tokens: list[tuple[bytes, int]] = []

    def prepare(self, app_token: str, people: Iterable[tuple[str, str]]) -> None:
        """Make the app, the site's groups and these people (token, name), who join the members."""
        with self._database.write():
            self._tokens = [(app_token.encode(), self.ensure(APP_LOGIN, "SharePoint App", admin=True))]
            for title in (OWNERS, VISITORS, MEMBERS):
                self.ensure(title, title, kind=GROUP)
            for token, name in people:
                user = self.ensure(f"{quote(name.lower().replace(' ', '.'))}@board.example", name)
                self.join(self.group(MEMBERS), user)
                self._tokens.append((token.encode(), user))

    def who(self, authorization: str) -> Person:
        """The person a bearer token belongs to; every known token is compared, in constant time."""
        scheme, _, token = authorization.partition(" ")
        given = token.strip().encode("utf-8", "surrogateescape")
        user = 0
        for known, candidate in self._tokens:
            if hmac.compare_digest(known, given):
                user = candidate
        if not user or scheme.lower() != "bearer":
            raise NotSignedIn("Access denied. The bearer token is missing or is not known to this site.")
        row = self._database.one("SELECT login, title, admin FROM principals WHERE id = ?", (user,))
        assert row is not None
        return Person(user, row["login"], row["title"], bool(row["admin"]))

    def ensure(self, login: str, title: str, *, kind: int = USER, email: str = "", admin: bool = False) -> int:
        """The id of the user or group with this login name, made if need be."""
        row = self._database.one("SELECT id, kind FROM principals WHERE login = ?", (login,))
        if row:
            if row["kind"] == GONE:  # who was removed and comes back is the same user
                self._database.run("UPDATE principals SET kind = ? WHERE id = ?", (kind, row["id"]))
            return int(row["id"])
        address = email or (login if kind == USER else "")
        return self._database.run(
            "INSERT INTO principals (kind, login, title, email, admin) VALUES (?, ?, ?, ?, ?)",
            (kind, login, title, address, int(admin)),
        )

    def group(self, login: str) -> int:
        """The id of one of the groups every site begins with."""
        return self.ensure(login, login, kind=GROUP)

    def join(self, group: int, user: int) -> None:
        """Put a user in a group."""
        self._database.run("INSERT OR IGNORE INTO memberships VALUES (?, ?)", (group, user))

    def rights(self, person: Person, info: ListInfo | None = None, scope: int = 0) -> Right:
        """What the person may do on the site, on a list, or on the items of a scope of it (0: as the list)."""
        held = Right.NONE
        for role in self.roles(person, info, scope):
            held |= ROLES[role][1]
        return held

    def require(self, person: Person, right: Right, info: ListInfo | None = None) -> None:
        """AccessDenied unless the person has the right."""
        if right not in self.rights(person, info):
            raise AccessDenied

    def roles(self, person: Person, info: ListInfo | None = None, scope: int = 0) -> list[int]:
        """The roles the person holds there; an administrator has full control everywhere."""
        if person.admin:
            return [FULL]
        if info is not None and scope:
            return self._held("item_assignments", "list_no = ?2 AND item = ?3", (person.id, info.no, scope))
        if info is not None and info.row["unique_roles"]:
            return self._held("assignments", "list_no = ?2", (person.id, info.no))
        rows = self._database.all(
            "SELECT p.login FROM memberships m JOIN principals p ON p.id = m.group_id WHERE m.user_id = ?", (person.id,)
        )
        return [SITE_ROLES[row["login"]] for row in rows if row["login"] in SITE_ROLES]

    def visible(self, person: Person, info: ListInfo) -> str:
        """SQL true for the items of a list that the person may read; "0" if the list itself is closed to them."""
        if person.admin:
            return "1"
        scopes = self._database.all("SELECT item FROM item_scopes WHERE list_no = ?", (info.no,))
        whole = Right.READ in self.rights(person, info)
        if not scopes:
            return "1" if whole else "0"
        # Every role lets its holder read, so whoever holds any sees the item.
        open_ = set(self._items(person.id, info.no))
        if whole:
            closed = [row["item"] for row in scopes if row["item"] not in open_]
            return f"scope NOT IN ({','.join(map(str, closed))})" if closed else "1"
        return f"scope IN ({','.join(map(str, sorted(open_)))})" if open_ else "0"

    def _items(self, user: int, list_no: int) -> list[int]:
        rows = self._database.all(
            "SELECT DISTINCT item FROM item_assignments WHERE list_no = ?2 AND (principal = ?1 OR principal IN "
            "(SELECT group_id FROM memberships WHERE user_id = ?1))",
            (user, list_no),
        )
        return [row["item"] for row in rows]

    def _held(self, table: str, where: str, values: tuple[int, ...]) -> list[int]:
        rows = self._database.all(
            f"SELECT DISTINCT role FROM {table} WHERE {where} AND (principal = ?1 OR principal IN "  # noqa: S608 — names of ours
            "(SELECT group_id FROM memberships WHERE user_id = ?1))",
            values,
        )
        return [row["role"] for row in rows]
