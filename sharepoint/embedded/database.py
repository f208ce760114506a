"""The SQLite file: one writer, write-ahead log, and one transaction for each write with its version and change.

`synchronous=FULL` because an answer of 201 or 204 is a promise: with NORMAL a power cut may lose commits that were
answered. SQL runs on the server's event loop itself: an indexed query takes tens of microseconds, a commit one fsync,
and a single thread means that no request ever sees another's half-done write.

What is deleted for good is gone from the files too: freed space is overwritten with zeros (`secure_delete`, which only
some builds of SQLite have on by themselves), and the write-ahead log, which holds pages as they were, is folded in and
emptied. Even so a page that was rebalanced keeps pieces of rows that moved (seen: the end of a deleted version), so the
whole file is written anew once it is quiet, at the latest when it is closed or next opened. What a disk or a backup
below keeps of overwritten blocks is beyond this.
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sharepoint.embedded.migration import upgrade

_FIRST = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lists (
    no INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL UNIQUE, title TEXT NOT NULL UNIQUE COLLATE NOCASE,
    entity TEXT NOT NULL, description TEXT NOT NULL, template INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0,
    versioning INTEGER NOT NULL, major_limit INTEGER NOT NULL, created TEXT NOT NULL, item_count INTEGER NOT NULL,
    item_modified TEXT NOT NULL, item_deleted TEXT NOT NULL, unique_roles INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0, settings TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS fields (
    no INTEGER PRIMARY KEY AUTOINCREMENT, list_no INTEGER NOT NULL, guid TEXT NOT NULL, name TEXT NOT NULL,
    title TEXT NOT NULL, kind TEXT NOT NULL, sql TEXT NOT NULL, builtin INTEGER NOT NULL, required INTEGER NOT NULL,
    hidden INTEGER NOT NULL, indexed INTEGER NOT NULL, is_unique INTEGER NOT NULL, settings TEXT NOT NULL,
    UNIQUE (list_no, name));
CREATE TABLE IF NOT EXISTS versions (
    list_no INTEGER NOT NULL, item INTEGER NOT NULL, number INTEGER NOT NULL, label TEXT NOT NULL,
    created TEXT NOT NULL, editor INTEGER NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (list_no, item, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, ticks INTEGER NOT NULL, list_no INTEGER NOT NULL, list_guid TEXT NOT NULL,
    object TEXT NOT NULL, change INTEGER NOT NULL, item INTEGER, guid TEXT NOT NULL, editor INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS changes_by_list ON changes (list_no, seq);
CREATE TABLE IF NOT EXISTS subscriptions (
    id TEXT PRIMARY KEY, list_no INTEGER NOT NULL, url TEXT NOT NULL, state TEXT, expires TEXT NOT NULL,
    creator INTEGER NOT NULL, told INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS principals (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    title TEXT NOT NULL, email TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', admin INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS memberships (group_id INTEGER, user_id INTEGER, PRIMARY KEY (group_id, user_id));
CREATE TABLE IF NOT EXISTS assignments (
    list_no INTEGER NOT NULL, principal INTEGER NOT NULL, role INTEGER NOT NULL,
    PRIMARY KEY (list_no, principal, role));
CREATE TABLE IF NOT EXISTS recycled (
    guid TEXT PRIMARY KEY, list_no INTEGER NOT NULL, item INTEGER NOT NULL, deleted TEXT NOT NULL,
    deleted_by INTEGER NOT NULL, content TEXT NOT NULL);
"""
# Every list made before views were built gets the one that SharePoint gives a new list.
_VIEWS = """
CREATE TABLE views (
    no INTEGER PRIMARY KEY AUTOINCREMENT, list_no INTEGER NOT NULL, guid TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    page TEXT NOT NULL, query TEXT NOT NULL, fields TEXT NOT NULL, row_limit INTEGER NOT NULL, paged INTEGER NOT NULL,
    is_default INTEGER NOT NULL, hidden INTEGER NOT NULL, owner INTEGER NOT NULL, settings TEXT NOT NULL);
CREATE INDEX views_by_list ON views (list_no);
INSERT INTO views (list_no, guid, title, page, query, fields, row_limit, paged, is_default, hidden, owner, settings)
SELECT no, lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
    || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), 'All Items', 'AllItems.aspx',
    '<OrderBy><FieldRef Name="ID" /></OrderBy>', '["LinkTitle"]', 30, 1, 1, 0, 0, '{}' FROM lists;
"""
STEPS = (_FIRST, _VIEWS)
"""How the file came to be as it is, in order. `user_version` counts the steps a file has taken: add one at the end,
never change one that has been shipped. The first also fits files that were made before steps were counted."""


_MARRED = "marred"
"""The row of `meta` that says, across a kill, that pages may hold pieces of what was deleted."""


class DirectoryBusy(Exception):
    """Another server holds this directory."""


class Database:
    """The open file. Raises OSError or sqlite3.Error if it cannot be used, DirectoryBusy if another server has it.

    An older file is brought to the present shape; one that a newer server wrote is refused.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(directory / "sharepoint.lock")
        self._connection = sqlite3.connect(
            directory / "sharepoint.db", isolation_level=None, cached_statements=512, check_same_thread=True
        )
        self._connection.row_factory = sqlite3.Row
        self._depth = 0
        self._forgets = False
        self.last_marred = 0.0
        self.on_undo: list[Callable[[], None]] = []
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "cache_size=-8000",
            "temp_store=MEMORY",
            "secure_delete=ON",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self._take_steps()
        upgrade(self._connection)
        self.marred = bool(self.one("SELECT 1 FROM meta WHERE name = ?", (_MARRED,)))
        self.rewrite()

    def close(self) -> None:
        """Fold the log into the file and let the directory go."""
        with suppress(sqlite3.Error):  # a full disk: the next server that opens it does it
            self.rewrite()
        self._connection.close()
        self._lock.close()

    def _take_steps(self) -> None:
        """Bring the file to the present shape, each step whole or not at all, so that a kill half way does no harm."""
        taken = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if taken > len(STEPS):
            self.close()
            raise sqlite3.DatabaseError("a newer version of this server wrote it")
        for number, step in enumerate(STEPS[taken:], start=taken + 1):
            try:
                self._connection.executescript(f"BEGIN IMMEDIATE; {step} PRAGMA user_version = {number}; COMMIT;")
            except sqlite3.Error:
                self.close()
                raise

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; answers the id of the row it inserted."""
        return int(self._connection.execute(sql, values).lastrowid or 0)

    def forget(self) -> None:
        """Have what this write deletes for good taken out of the files, once it is kept: the log at once, what is left
        in pages at the next `rewrite`."""
        self._forgets = True
        self.run("INSERT OR REPLACE INTO meta VALUES (?, '')", (_MARRED,))

    def rewrite(self) -> None:
        """Write the whole file anew if pages may hold pieces of what was deleted (`marred`); it takes as long as
        copying the file. Raises sqlite3.Error when there is no room for that."""
        if not self.marred:
            return
        self._connection.execute("VACUUM")
        self.run("DELETE FROM meta WHERE name = ?", (_MARRED,))
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.marred = False

    @contextmanager
    def write(self) -> Iterator[None]:
        """All or nothing. Nested (a part of a batch) it is a savepoint, kept or undone by itself."""
        name = f"part{self._depth}"
        outermost = self._depth == 0
        self._connection.execute("BEGIN IMMEDIATE" if outermost else f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
            self._connection.execute("COMMIT" if outermost else f"RELEASE {name}")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have ended it already
                self._connection.execute("ROLLBACK" if outermost else f"ROLLBACK TO {name}")
            for forget in self.on_undo:
                forget()
            raise
        finally:
            self._depth -= 1
        if outermost and self._forgets:
            self._forgets, self.marred = False, True
            self.last_marred = time.monotonic()
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _lock(path: Path) -> IO[bytes]:
    handle = path.open("ab")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise DirectoryBusy(str(path.parent)) from error
    return handle
