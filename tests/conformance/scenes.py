"""Setting the scene of a row: its list, what is in it, what is found there afterwards."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tests.conformance.outcome import Refusal, plain
from tests.conformance.row import Row, Scene
from tests.embedded_server import EmbeddedServer


class Scenes:
    """Makes the list that a client does a row in; rows that only read share one when they want the same."""

    def __init__(self, server: EmbeddedServer, receiver: str) -> None:
        self._server = server
        self._receiver = receiver
        self._numbers = itertools.count(1)
        self._shared: dict[object, Scene] = {}

    def of(self, row: Row) -> Scene:
        """A list with the row's columns and items."""
        wanted = (id(row.given), id(row.columns))
        if row.reads and wanted in self._shared:
            return self._shared[wanted]
        scene = Scene(self._server, f"C{next(self._numbers):04}", self._receiver)
        self._server.list(scene.list, row.columns)
        for start in range(0, len(row.given), 100):
            rows = row.given[start : start + 100]
            self._server.batch([("POST", f"{scene.path}/items", each) for each in rows])
        if row.reads:
            self._shared[wanted] = scene
        return scene


def done(row: Row, scene: Scene, client: Callable[[str, dict[str, Any], str], object]) -> object:
    """What a client makes of a row, with what differs from run to run replaced."""
    told = {"list": scene.list, **row.prepare(scene), **row.told}
    if row.fault:
        scene.server.fault(**row.fault)
    try:
        outcome = client(row.operation, told, row.token or scene.server.token)
    finally:
        scene.server.no_faults()
    return plain(outcome, scene.names)


def left(row: Row, scene: Scene) -> object:
    """What a plain GET finds at the row's address afterwards."""
    assert row.leaves is not None
    response = scene.server.call("GET", f"{scene.path}{row.leaves[0]}")
    if response.ok:
        return plain(response.json(), scene.names)
    told = response.json()["odata.error"]
    return Refusal(response.status_code, told["code"], told["message"]["value"])
