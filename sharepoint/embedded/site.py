"""The one site: its database, its people, and its lists as last loaded."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sharepoint.embedded import moments
from sharepoint.embedded.call import Key
from sharepoint.embedded.database import Database
from sharepoint.embedded.errors import FolderMissing, ListMissing, ResourceMissing
from sharepoint.embedded.people import People, Person, Right
from sharepoint.embedded.schema import Columns, Field, ListInfo

PATH = "/sites/mhrmb"


class Site:
    """What every handler works on. `change_days` is how long change tokens stay good."""

    def __init__(self, database: Database, origin: str, change_days: float) -> None:
        self.database = database
        self.people = People(database)
        self.origin = origin
        self.change_days = change_days
        self.guid = self._kept("web")
        self.collection_guid = self._kept("site")
        self.tenant_guid = self._kept("tenant")
        self.created = self._kept("created", moments.now())
        # Columns change rarely and are read on every request; any write of them, or a rollback, forgets them.
        self.columns = lru_cache(maxsize=200)(self._columns)
        database.on_undo.append(self.forget)
        # Told of each change inside its transaction, so they may only take a note.
        self.on_change: list[Callable[[], None]] = []

    @property
    def url(self) -> str:
        """The address of the site."""
        return self.origin + PATH

    @property
    def api(self) -> str:
        """The address of the site's `_api/`."""
        return f"{self.url}/_api/"

    def forget(self) -> None:
        """Load columns anew when next asked for."""
        self.columns.cache_clear()

    def lists(self) -> list[ListInfo]:
        """Every list, oldest first."""
        rows = self.database.all("SELECT * FROM lists WHERE recycled IS NULL ORDER BY no")
        return [self._info(row) for row in rows]

    def list(self, key: Key) -> ListInfo:
        """The list a path names by title or id, or its root folder; ListMissing or FolderMissing otherwise."""
        if key.by == "root":
            return self._at(key.value)
        if key.by not in ("title", "id"):
            raise ResourceMissing(f"getby{key.by}")
        given = key.value.strip("{}").lower() if key.by == "id" else key.value
        column = "title" if key.by == "title" else "guid"
        row = self.database.one(f"SELECT * FROM lists WHERE {column} = ? AND recycled IS NULL", (given,))  # noqa: S608 — one of two names
        if row is None:
            raise ListMissing(key.value, self.url)
        return self._info(row)

    def open(self, person: Person, key: Key, right: Right = Right.READ) -> ListInfo:
        """A list, for a person who must hold this right on it; `visible` tells which of its items they may see.

        Whoever may read one item may open its list and sees that item alone (SharePoint's "Limited Access").
        """
        info = self.list(key)
        visible = self.people.visible(person, info)
        if right is not Right.READ or visible == "0":
            self.people.require(person, right, info)
        columns = info.columns
        if any(field.kind.startswith("Lookup") for field in info.fields):
            # What a lookup shows is another list's, so it is read with the reader's own rights.
            columns = Columns(info.fields, lambda guid: self._readable(person, guid))
        return replace(info, visible=visible, columns=columns)

    def _readable(self, person: Person, guid: str) -> ListInfo | None:
        try:
            info = self.list(Key("id", guid))
        except ListMissing:
            return None
        visible = self.people.visible(person, info)
        return None if visible == "0" else replace(info, visible=visible)

    def again(self, info: ListInfo) -> ListInfo:
        """The same list as it now is."""
        return self.list(Key("id", info.guid))

    def recycled_list(self, no: int) -> ListInfo:
        """A list that is in the recycle bin."""
        row = self.database.one("SELECT * FROM lists WHERE no = ? AND recycled IS NOT NULL", (no,))
        if row is None:
            raise ListMissing(str(no), self.url)
        return self._info(row)

    def _at(self, address: str) -> ListInfo:
        wanted = address.removeprefix(self.origin).rstrip("/").casefold()
        for info in self.lists():
            if info.root.casefold() in (wanted, f"{PATH}/{wanted}"):
                return info
        raise FolderMissing

    def _info(self, row: sqlite3.Row) -> ListInfo:
        no = row["no"]
        return ListInfo(no, row["guid"], row["title"], row["entity"], row, self.columns(no))

    def _columns(self, no: int) -> Columns:
        rows = self.database.all("SELECT * FROM fields WHERE list_no = ? ORDER BY no", (no,))
        return Columns(Field.of(row) for row in rows)

    def _kept(self, name: str, value: str = "") -> str:
        self.database.run("INSERT OR IGNORE INTO meta VALUES (?, ?)", (name, value or str(uuid.uuid4())))
        row = self.database.one("SELECT value FROM meta WHERE name = ?", (name,))
        assert row is not None
        return str(row["value"])
