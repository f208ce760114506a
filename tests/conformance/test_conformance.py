"""Two clients that share no code do the same operations; both must get what the documentation says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.conformance import office, product
from tests.conformance.outcome import Refusal, agrees, plain
from tests.conformance.pnpjs import PnPjs
from tests.conformance.row import OFFICE, PNPJS, PRODUCT, Row, Scene
from tests.conformance.rows import PARTS
from tests.conformance.table import Line
from tests.embedded_server import EmbeddedServer

pytestmark = [pytest.mark.node, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

OPERATIONS = {OFFICE: office.OPERATIONS, PRODUCT: product.OPERATIONS}
"""What a client has no way of doing is left out of its column; PnPjs has everything."""
_numbers = itertools.count(1)
Client = Callable[[str, dict[str, Any], str], object]
CASES = [pytest.param(part, row, id=row.name) for part, rows in PARTS.items() for row in rows]


@pytest.fixture
def clients(server: EmbeddedServer, pnpjs: PnPjs) -> dict[str, Client]:
    return {
        OFFICE: lambda *asked: office.do(server.url, *asked),
        PRODUCT: lambda *asked: product.do(server.url, *asked),
        PNPJS: pnpjs.do,
    }


@pytest.fixture(scope="session")
def shared() -> dict[object, Scene]:
    """The lists that several rows read."""
    return {}


def _scene(server: EmbeddedServer, row: Row, shared: dict[object, Scene]) -> Scene:
    """A list of the row's own, or, for a row that only reads, one that others with the same rows read too."""
    key = (id(row.given), id(row.columns))
    if row.reads and key in shared:
        return shared[key]
    scene = Scene(server, f"C{next(_numbers):04}")
    server.list(scene.list, row.columns)
    for start in range(0, len(row.given), 100):
        server.batch([("POST", f"{scene.path}/items", given) for given in row.given[start : start + 100]])
    if row.reads:
        shared[key] = scene
    return scene


def _done(row: Row, scene: Scene, client: Client) -> object:
    told = {"list": scene.list, **row.told, **row.prepare(scene)}
    if row.fault:
        scene.server.fault(**row.fault)
    try:
        outcome = client(row.operation, told, row.token or scene.server.token)
    finally:
        scene.server.no_faults()
    names = {scene.list: "{list}", scene.server.url: "{site}"}
    if isinstance(outcome, Refusal):
        return replace(outcome, message=plain(outcome.message, names))
    return plain(outcome, names)


def _left(row: Row, scene: Scene) -> object:
    """What a plain GET finds at the row's address afterwards."""
    assert row.leaves is not None
    response = scene.server.call("GET", f"{scene.path}{row.leaves[0]}")
    if response.ok:
        return plain(response.json(), {scene.list: "{list}"})
    told = response.json()["odata.error"]
    return Refusal(response.status_code, told["code"], told["message"]["value"])


@pytest.mark.parametrize(("part", "row"), CASES)
def test_row(
    part: str,
    row: Row,
    server: EmbeddedServer,
    request: pytest.FixtureRequest,
    shared: dict[object, Scene],
    clients: dict[str, Client],
    lines: list[Line],
) -> None:
    """Each client gets what the row's source says, unless its own known defect is in the way."""
    if row.told.get("list") == "Big":
        request.getfixturevalue("big")
    line = Line(part, row)
    lines.append(line)
    wrong = []
    for name, client in clients.items():
        if row.operation not in OPERATIONS.get(name, {row.operation}):
            continue
        scene = _scene(server, row, shared)
        outcome = line.outcomes[name] = _done(row, scene, client)
        if not agrees(row.expected_of(name), outcome):
            wrong.append(f"{name}: expected {row.expected_of(name)!r}, got {outcome!r}")
        elif row.leaves and name not in row.known and not agrees(row.leaves[1], left := _left(row, scene)):
            wrong.append(f"{name}: expected to leave {row.leaves[1]!r}, found {left!r}")
    assert not wrong, "\n".join(wrong)
