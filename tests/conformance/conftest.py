"""The site, the clients and the table, once for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import table
from tests.conformance.pnpjs import PnPjs
from tests.conformance.receiver import Receiver
from tests.conformance.scenes import Scenes
from tests.embedded_server import EmbeddedServer

LINES = pytest.StashKey[list[table.Line]]()
BIG = 20_001


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LINES] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table, and write it where CONFORMANCE_TABLE says."""
    lines = config.stash[LINES]
    if not lines:
        return
    terminalreporter.section("conformance")
    for text in [*table.printed(lines), "", table.counted(lines)]:
        terminalreporter.line(text)
    if path := os.environ.get("CONFORMANCE_TABLE"):
        Path(path).write_text(table.markdown(lines), encoding="utf-8")


@pytest.fixture(scope="session")
def lines(request: pytest.FixtureRequest) -> list[table.Line]:
    """Where each row's outcome is put down."""
    return request.config.stash[LINES]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path_factory.mktemp("site"), extra=("--member-token", "member-token")) as running:
        yield running


@pytest.fixture(scope="session")
def big(server: EmbeddedServer) -> None:
    """The list `Big`: one row more than SharePoint lets an index be added to; one of them in the bucket `few`."""
    columns = {
        "Bucket": {"FieldTypeKind": 2, "Indexed": True},
        "Number": {"FieldTypeKind": 9, "Indexed": True},
        "Loose": {"FieldTypeKind": 2},
    }
    path = server.list("Big", columns)
    server.merge(path, {"EnableVersioning": False})
    rows = [{"Bucket": "many" if n else "few", "Number": n, "Loose": f"l{n}"} for n in range(BIG)]
    for start in range(0, len(rows), 100):
        answers = server.batch([("POST", f"{path}/items", row) for row in rows[start : start + 100]])
        assert {status for status, _ in answers} == {201}


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with Receiver() as answering:
        yield answering


@pytest.fixture(scope="session")
def scenes(server: EmbeddedServer, receiver: Receiver) -> Scenes:
    return Scenes(server, receiver.origin)


@pytest.fixture(scope="session")
def pnpjs(server: EmbeddedServer) -> Iterator[PnPjs]:
    client = PnPjs(server.url)
    yield client
    client.close()
