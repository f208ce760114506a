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

USER, GROUP = 1, 8
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
        row = self._database.one("SELECT id FROM principals WHERE login = ?", (login,))
        if row:
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

    def rights(self, person: Person, info: ListInfo | None = None) -> Right:
        """What the person may do on the site, or on a list."""
        if person.admin:
            return ROLES[FULL][1]
        held = Right.NONE
        for role in self._roles(person.id, info):
            held |= ROLES[role][1]
        return held

    def require(self, person: Person, right: Right, info: ListInfo | None = None) -> None:
        """AccessDenied unless the person has the right."""
        if right not in self.rights(person, info):
            raise AccessDenied

    def _roles(self, user: int, info: ListInfo | None) -> list[int]:
        if info is not None and info.row["unique_roles"]:
            rows = self._database.all(
                "SELECT role FROM assignments WHERE list_no = ?1 AND (principal = ?2 OR principal IN "
                "(SELECT group_id FROM memberships WHERE user_id = ?2))",
                (info.no, user),
            )
            return [row["role"] for row in rows]
        rows = self._database.all(
            "SELECT p.login FROM memberships m JOIN principals p ON p.id = m.group_id WHERE m.user_id = ?", (user,)
        )
        return [SITE_ROLES[row["login"]] for row in rows if row["login"] in SITE_ROLES]
