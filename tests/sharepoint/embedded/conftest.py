"""One server for the whole folder; each test makes lists of its own, so that none sees another's rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.embedded_server import EmbeddedServer

_numbers = itertools.count(1)
COLUMNS: dict[str, dict[str, Any]] = {
    "Status": {"FieldTypeKind": 2, "Indexed": True},
    "Key": {"FieldTypeKind": 2, "Indexed": True, "EnforceUniqueValues": True},
    "Open": {"FieldTypeKind": 8, "Indexed": True},
    "Score": {"FieldTypeKind": 9},
    "Due": {"FieldTypeKind": 4},
    "Notes": {"FieldTypeKind": 3},
    "Owner": {"FieldTypeKind": 20},
}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    data = tmp_path_factory.mktemp("site")
    people = ("--member-token", "member-token", "--user", "ada-token=Ada Example")
    with EmbeddedServer(data, extra=people) as running:
        yield running


@pytest.fixture
def new_list(server: EmbeddedServer) -> Callable[..., str]:
    """Makes a list with columns and rows, and answers its path."""

    def make(*rows: dict[str, Any], columns: dict[str, dict[str, Any]] = COLUMNS) -> str:
        path = server.list(f"List{next(_numbers)}", columns)
        for row in rows:
            server.post(f"{path}/items", row)
        return path

    return make


@pytest.fixture(scope="session")
def big(server: EmbeddedServer) -> str:
    """A list of 5,001 rows: one over the threshold. Bucket b0 holds one row, `many` holds them all."""
    columns = {
        "Bucket": {"FieldTypeKind": 2, "Indexed": True},
        "Number": {"FieldTypeKind": 9, "Indexed": True},
        "Loose": {"FieldTypeKind": 2},
    }
    path = server.list("Big", columns)
    rows = [{"Bucket": "b0" if n == 0 else "many", "Number": n // 3, "Loose": f"l{n}"} for n in range(5001)]
    for start in range(0, len(rows), 100):
        answers = server.batch([("POST", f"{path}/items", row) for row in rows[start : start + 100]])
        assert {status for status, _ in answers} == {201}
    return path
