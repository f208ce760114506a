"""A list or an item as something with permissions, whichever of the two a path names."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sharepoint.embedded import scopes, writing
from sharepoint.embedded.call import Call
from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site


@dataclass(frozen=True, slots=True)
class Secured:
    """A list, or with `row` an item of it."""

    info: ListInfo
    row: sqlite3.Row | None = None

    @property
    def unique(self) -> bool:
        """Whether it has permissions of its own."""
        if self.row is None:
            return bool(self.info.row["unique_roles"])
        return bool(self.row["scope"] == self.row["id"])

    @property
    def path(self) -> str:
        """Its address below `_api/`."""
        return self.info.path if self.row is None else f"{self.info.path}/Items({self.row['id']})"

    def roles(self, site: Site, person: Person) -> list[int]:
        """The roles a person holds on it."""
        return site.people.roles(person, self.info, self.row["scope"] if self.row is not None else 0)

    def rows(self, site: Site) -> list[sqlite3.Row] | None:
        """Its assignments, wherever they are inherited from; None if from the site."""
        scope = self.row["scope"] if self.row is not None else 0
        if scope:
            return site.database.all(
                "SELECT principal, role FROM item_assignments WHERE list_no = ? AND item = ? ORDER BY principal, role",
                (self.info.no, scope),
            )
        if not self.info.row["unique_roles"]:
            return None
        return site.database.all(
            "SELECT principal, role FROM assignments WHERE list_no = ? ORDER BY principal, role", (self.info.no,)
        )

    def own(self, site: Site) -> None:
        """Give it permissions of its own, none as yet."""
        if self.row is None:
            site.database.run("UPDATE lists SET unique_roles = 1 WHERE no = ?", (self.info.no,))
            return
        site.database.run("INSERT OR IGNORE INTO item_scopes VALUES (?, ?)", (self.info.no, self.row["id"]))
        scopes.follow(site, self.info, self.row, self.row["scope"], self.row["id"])

    def disown(self, site: Site) -> None:
        """Let it inherit again."""
        if self.row is None:
            site.database.run("UPDATE lists SET unique_roles = 0 WHERE no = ?", (self.info.no,))
            site.database.run("DELETE FROM assignments WHERE list_no = ?", (self.info.no,))
        elif self.unique:
            scopes.forget(site, self.info, self.row["id"])
            above = scopes.parent_scope(site, self.info, self.row)
            scopes.follow(site, self.info, self.row, self.row["id"], above)

    def assign(self, site: Site, principal: int, role: int) -> None:
        """Give a principal a role."""
        if self.row is None:
            site.database.run("INSERT OR IGNORE INTO assignments VALUES (?, ?, ?)", (self.info.no, principal, role))
        else:
            site.database.run(
                "INSERT OR IGNORE INTO item_assignments VALUES (?, ?, ?, ?)",
                (self.info.no, self.row["id"], principal, role),
            )

    def unassign(self, site: Site, principal: int, role: int) -> None:
        """Take a role from a principal."""
        where, values = "list_no = ? AND principal = ? AND role = ?", [self.info.no, principal, role]
        if self.row is None:
            site.database.run(f"DELETE FROM assignments WHERE {where}", values)  # noqa: S608 — text of ours
        else:
            site.database.run(f"DELETE FROM item_assignments WHERE {where} AND item = ?", [*values, self.row["id"]])  # noqa: S608


def secured(site: Site, call: Call, right: Right) -> Secured:
    """What the path names, for a person who must hold this right on it."""
    if not call.pattern.startswith("web/lists/*/items/*"):
        return Secured(site.open(call.person, call.keys[0], right))
    info = site.open(call.person, call.keys[0])
    row = writing.find(site, info, call.keys[1].number())
    scopes.require(site, call.person, right, info, row)
    return Secured(info, row)
