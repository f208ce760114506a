"""Two clients that share no code do the same operations; both must get what the documentation says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance import office, product
from tests.conformance.outcome import agrees
from tests.conformance.pnpjs import PnPjs
from tests.conformance.row import OFFICE, PNPJS, PRODUCT, Row
from tests.conformance.rows import PARTS
from tests.conformance.scenes import Scenes, done, left
from tests.conformance.table import Line
from tests.embedded_server import EmbeddedServer

pytestmark = [pytest.mark.node, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

OPERATIONS = {OFFICE: office.OPERATIONS, PRODUCT: product.OPERATIONS}
"""What a client has no way of doing is left out of its column; PnPjs has everything."""
Client = Callable[[str, dict[str, Any], str], object]
CASES = [pytest.param(part, row, id=row.name) for part, rows in PARTS.items() for row in rows]


@pytest.fixture
def clients(server: EmbeddedServer, pnpjs: PnPjs) -> dict[str, Client]:
    return {
        OFFICE: lambda *asked: office.do(server.url, *asked),
        PRODUCT: lambda *asked: product.do(server.url, *asked),
        PNPJS: pnpjs.do,
    }


@pytest.mark.parametrize(("part", "row"), CASES)
def test_row(
    part: str,
    row: Row,
    scenes: Scenes,
    clients: dict[str, Client],
    lines: list[Line],
    request: pytest.FixtureRequest,
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
        scene = scenes.of(row)
        outcome = line.outcomes[name] = done(row, scene, client)
        if not agrees(row.expected_of(name), outcome):
            wrong.append(f"{name}: expected {row.expected_of(name)!r}, got {outcome!r}")
        elif row.leaves and name not in row.known and not agrees(row.leaves[1], found := left(row, scene)):
            wrong.append(f"{name}: expected to leave {row.leaves[1]!r}, found {found!r}")
    assert not wrong, "\n".join(wrong)
