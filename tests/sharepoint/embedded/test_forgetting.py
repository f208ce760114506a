"""What is deleted for good is in no file any more, while the server goes on running and after it was killed."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sharepoint.embedded.database import Database
from tests.embedded_server import EmbeddedServer

WORD = "PLANTEDWORD"


def holders(folder: Path) -> list[str]:
    """The files that hold the planted word, as UTF-8 or UTF-16."""
    spelled = (WORD.encode(), WORD.encode("utf-16-le"))
    files = [each for each in folder.rglob("*") if each.is_file()]
    return sorted(each.name for each in files if any(word in each.read_bytes() for word in spelled))


def _versions(server: EmbeddedServer, notes: str) -> None:
    server.merge(f"{notes}/items(1)", {"Title": "bare"})
    server.post(f"{notes}/items(1)/versions/deleteAll()")


def _bin(server: EmbeddedServer, notes: str) -> None:
    server.post(f"{notes}/items(1)/recycle()")
    server.post("web/recyclebin/deleteAll()")


def _delete(server: EmbeddedServer, notes: str) -> None:
    server.delete(f"{notes}/items(1)")


def _list(server: EmbeddedServer, notes: str) -> None:
    server.delete(notes)


@pytest.mark.parametrize("way", [_versions, _bin, _delete, _list], ids=lambda way: way.__name__.strip("_"))
def test_what_is_deleted_leaves_no_bytes(tmp_path: Path, way: Callable[[EmbeddedServer, str], None]) -> None:
    """An item's words were in the files; once it and its versions are gone for good no file holds them, at once."""
    server = EmbeddedServer(tmp_path).start()
    try:
        notes = server.list("Notes")
        for number in range(3):  # others beside it keep its pages in use
            server.post(f"{notes}/items", {"Title": WORD if number == 0 else f"other {number}"})
        server.merge(f"{notes}/items(1)", {"Title": f"{WORD} " * 20})
        assert holders(tmp_path)
        way(server, notes)
        assert holders(tmp_path) == []
    finally:
        server.kill()
    assert holders(tmp_path) == []


def _rebalanced(folder: Path) -> Database:
    """An open file in which rows of many lengths were written, moved between pages, and partly deleted for good.

    Lengths and seed were chosen so that SQLite, its overwriting of freed space notwithstanding, leaves pieces behind.
    """
    database, lengths = Database(folder), random.Random(47)
    rows = [(number, item) for number in range(4) for item in range(5)]
    with database.write():
        for number, item in rows:
            _version(database, number, item, 1, (f"{WORD} " if number == 1 else "other ") * lengths.randint(5, 160))
    for number, item in rows:
        with database.write():
            _version(database, number, item, 2, "bare" * lengths.randint(20, 300))
    for item in range(5):
        with database.write():
            database.forget()
            database.run("DELETE FROM versions WHERE list_no = 1 AND item = ? AND number = 1", (item,))
    return database


def _version(database: Database, number: int, item: int, version: int, content: str) -> None:
    database.run(
        "INSERT INTO versions (list_no, item, number, label, created, editor, content) VALUES (?, ?, ?, '', '', 1, ?)",
        (number, item, version, content),
    )


def test_closing_leaves_no_pieces_in_pages(tmp_path: Path) -> None:
    """What is left of rows that moved between pages goes when the file is closed; the rows that stay are there."""
    database = _rebalanced(tmp_path)
    kept = database.all("SELECT list_no, item, number, content FROM versions")
    database.close()
    assert holders(tmp_path) == []
    again = Database(tmp_path)
    assert [tuple(row) for row in again.all("SELECT list_no, item, number, content FROM versions")] == [
        tuple(row) for row in kept
    ]
    assert len(kept) == 35
    again.close()


def test_opening_after_a_crash_leaves_no_pieces_in_pages(tmp_path: Path) -> None:
    """A server that died before it wrote the file anew leaves a mark, so the next one does it before it serves."""
    database = _rebalanced(tmp_path / "died")
    shutil.copytree(tmp_path / "died", tmp_path / "next")  # the files as a kill at this moment leaves them
    Database(tmp_path / "next").close()
    assert holders(tmp_path / "next") == []
    database.close()


def test_a_running_server_writes_the_file_anew_soon(tmp_path: Path) -> None:
    """The mark that pages may hold pieces is gone a moment after the last deletion, without a stop."""
    server = EmbeddedServer(tmp_path).start()
    try:
        notes = server.list("Notes")
        server.post(f"{notes}/items", {"Title": WORD})
        server.delete(f"{notes}/items(1)")
        assert _marred(tmp_path)
        deadline = time.monotonic() + 10
        while _marred(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not _marred(tmp_path)
        assert server.post(f"{notes}/items", {"Title": "next"})["Id"] == 2
    finally:
        server.kill()


def _marred(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "sharepoint.db")) as connection:
        return bool(connection.execute("SELECT 1 FROM meta WHERE name = 'marred'").fetchone())
