"""Killing the embedded server while it writes, and looking with SQLite itself at what is left.

Nothing here reads through the server what the server wrote: the file is opened as it lies on the disk after the kill,
so a half-done write would be seen before anything could mend it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from json import dumps, loads
from typing import Any

import requests

from tests.embedded_server import EmbeddedServer

TITLE = 400
WRITERS = 3
BATCH = 8
COLUMNS = {
    "Key": {"FieldTypeKind": 2, "Indexed": True, "EnforceUniqueValues": True},
    "Open": {"FieldTypeKind": 8, "Indexed": True},
}
LIST = "Writes"
Writer = Callable[["Victim", int], None]


@dataclass
class Victim:
    """One server that is killed again and again, and what its writers were told. `more` writes besides, if given."""

    server: EmbeddedServer
    path: str = ""
    kept: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """By key: the id, the last acknowledged text and its ETag."""
    tried: dict[str, str] = field(default_factory=dict)
    """By key: the last text that was sent, acknowledged or not."""
    ids: dict[int, str] = field(default_factory=dict)
    """Every id that was ever acknowledged, and its key."""
    stop: threading.Event = field(default_factory=threading.Event)
    more: tuple[Writer, ...] = ()
    checks: list[Callable[[sqlite3.Connection], None]] = field(default_factory=list)


def begin(server: EmbeddedServer) -> Victim:
    """A server that has not been started, with one list to write to."""
    victim = Victim(server.start())
    victim.path = victim.server.list(LIST, COLUMNS)
    return victim


def one_by_one(victim: Victim, number: int) -> None:
    """Add items and change each twice, with the ETag that the last answer gave."""
    session, count = _Session(victim.server), 0
    while not victim.stop.is_set():
        count += 1
        key = f"{number}-{count}"
        victim.tried[key] = _text(key, 1)
        made = session.post(f"{victim.path}/items", {"Key": key, "Title": _text(key, 1), "Open": True})
        item, etag = int(made.json()["Id"]), made.headers["ETag"]
        victim.kept[key], victim.ids[item] = (item, _text(key, 1), etag), key
        for change in (2, 3):
            victim.tried[key] = _text(key, change)
            done = session.post(f"{victim.path}/items({item})", {"Title": _text(key, change)}, merge=etag)
            etag = done.headers["ETag"]
            victim.kept[key] = (item, _text(key, change), etag)


def in_batches(victim: Victim, number: int) -> None:
    """Add items several at a time; a batch is acknowledged as a whole."""
    session, count = _Session(victim.server), 0
    while not victim.stop.is_set():
        count += 1
        keys = [f"{number}-{count}-{n}" for n in range(BATCH)]
        victim.tried |= {key: _text(key, 1) for key in keys}
        made = session.batch(victim.path, [{"Key": key, "Title": _text(key, 1), "Open": True} for key in keys])
        for key, (item, etag) in zip(keys, made, strict=True):
            victim.kept[key], victim.ids[item] = (item, _text(key, 1), etag), key


def kill_once(victim: Victim, round_: int, chance: random.Random) -> None:
    """Write from several sides, kill at a random moment, look at the file, and start again."""
    victim.stop.clear()
    known = len(victim.kept)
    work: list[Writer] = [one_by_one] * WRITERS + [in_batches] + list(victim.more)
    threads = [
        threading.Thread(target=_until_killed, args=(each, victim, round_ * 100 + n)) for n, each in enumerate(work)
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while len(victim.kept) < known + 2 and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.06)
    os.kill(victim.server.pid, signal.SIGKILL)
    victim.stop.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "a writer hangs"
    victim.server.kill()
    look(victim)
    victim.server.start()


def _until_killed(work: Writer, victim: Victim, number: int) -> None:
    with contextlib.suppress(requests.RequestException):
        work(victim, number)


def look(victim: Victim) -> None:
    """Fails unless every acknowledged write is in the file and no write is there in part."""
    with contextlib.closing(sqlite3.connect(victim.server.data_dir / "sharepoint.db")) as database:
        database.row_factory = sqlite3.Row
        assert [row[0] for row in database.execute("PRAGMA integrity_check")] == ["ok"]
        no, count = database.execute("SELECT no, item_count FROM lists WHERE title = ?", (LIST,)).fetchone()
        columns = dict(database.execute("SELECT name, sql FROM fields WHERE list_no = ?", (no,)).fetchall())
        rows = {
            row["key"]: row
            for row in database.execute(
                f"SELECT id, guid, version, title, label, {columns['Key']} AS key FROM items_{no}"
            )
        }
        _kept(victim, rows)
        _whole(database, no, count, rows)
        for check in victim.checks:
            check(database)


def _kept(victim: Victim, rows: dict[str, sqlite3.Row]) -> None:
    """Every acknowledged write is there, or what was sent after it; ids and ETags go on from what was told."""
    for key, (item, text, etag) in victim.kept.items():
        row = rows.get(key)
        assert row is not None, f"{key} was acknowledged and is lost"
        assert row["id"] == item
        assert row["title"] in (text, victim.tried[key])
        guid, version = etag.strip('"').split(",")
        assert row["guid"] == guid
        assert row["version"] == int(version) + (row["title"] != text)
    assert all(row["title"] == _text(key, row["version"]) for key, row in rows.items())
    assert {row["id"]: key for key, row in rows.items()}.items() >= victim.ids.items(), "an id was given twice"


def _whole(database: sqlite3.Connection, no: int, count: int, rows: dict[str, sqlite3.Row]) -> None:
    """Each item has all its versions and change rows, and nothing has any without an item."""
    assert count == len(rows)
    versions: dict[int, list[tuple[int, str]]] = {}
    for row in database.execute("SELECT item, number, content FROM versions WHERE list_no = ? ORDER BY number", (no,)):
        versions.setdefault(row["item"], []).append((row["number"], loads(row["content"])["Title"]))
    assert versions == {
        row["id"]: [(number, _text(key, number)) for number in range(1, row["version"] + 1)]
        for key, row in rows.items()
    }
    changes: dict[int, list[int]] = {}
    told = "SELECT item, change FROM changes WHERE list_no = ? AND object = 'Item' ORDER BY seq"
    for row in database.execute(told, (no,)):
        changes.setdefault(row["item"], []).append(row["change"])
    assert changes == {row["id"]: [1] + [2] * (row["version"] - 1) for row in rows.values()}


def _text(key: str, version: int) -> str:
    """A title that says which version of which item it is, and is long enough to be written in part."""
    return (f"{key}/{version} " * TITLE)[:250]


class _Session:
    """One writer's own connection."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server
        self._session = requests.Session()
        self._type = "application/json;odata=nometadata"

    def post(self, path: str, body: Any, *, merge: str = "") -> requests.Response:
        """Make an item, or change one that is still at an ETag."""
        headers = {"X-HTTP-Method": "MERGE", "If-Match": merge} if merge else {}
        answer = self._session.post(
            f"{self._server.url}/_api/{path}",
            data=dumps(body),
            headers={"Accept": self._type, "Content-Type": self._type, **self._signed(), **headers},
            timeout=20,
        )
        assert answer.ok, answer.text
        return answer

    def batch(self, path: str, bodies: list[Any]) -> list[tuple[int, str]]:
        """Make several; the ids and ETags of all."""
        head = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        accept = "application/json;odata=minimalmetadata"
        pieces = [
            f"{head}POST {self._server.url}/_api/{path}/items HTTP/1.1\r\nAccept: {accept}\r\n"
            f"Content-Type: {self._type}\r\n\r\n{dumps(body)}\r\n"
            for body in bodies
        ]
        answer = self._session.post(
            f"{self._server.url}/_api/$batch",
            data="".join([*pieces, "--b--\r\n"]),
            headers={"Content-Type": "multipart/mixed; boundary=b", **self._signed()},
            timeout=20,
        )
        assert answer.ok, answer.text
        made = [loads(line) for line in answer.text.split("\r\n") if line.startswith("{")]
        return [(int(each["Id"]), each["odata.etag"]) for each in made]

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._server.token}"}
