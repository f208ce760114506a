"""The change log: tokens, scopes, filters and limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
EVERYTHING = {"Item": True, "List": True, "Field": True, "Add": True, "Update": True, "DeleteObject": True}


def changes(server: EmbeddedServer, path: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.post(f"{path}/getChanges", {"query": {**EVERYTHING, **query}})["value"]
    return found


def test_changes_since_a_token(server: EmbeddedServer, new_list: NewList) -> None:
    """From a token on, each write is told once, in order; from the last token on, nothing."""
    path = new_list()
    start = server.get(f"{path}?$select=CurrentChangeToken")["CurrentChangeToken"]
    server.post(f"{path}/items", {"Title": "a"})
    server.merge(f"{path}/items(1)", {"Title": "b"})
    server.post(f"{path}/items(1)/recycle")
    found = changes(server, path, ChangeTokenStart=start)
    assert [(one["ChangeType"], one["ItemId"]) for one in found] == [(1, 1), (2, 1), (3, 1)]
    assert changes(server, path, ChangeTokenStart=found[-1]["ChangeToken"]) == []
    middle = {"ChangeTokenStart": found[0]["ChangeToken"], "ChangeTokenEnd": found[1]["ChangeToken"]}
    assert [one["ChangeType"] for one in changes(server, path, **middle)] == [2]
    assert [one["ChangeType"] for one in changes(server, path, ChangeTokenStart=start, Update=False)] == [1, 3]
    assert len(changes(server, path, ChangeTokenStart=start, FetchLimit=2)) == 2
    minimal = server.post(f"{path}/getChanges", {"query": EVERYTHING}, accept="application/json")["value"]
    assert {one["odata.type"] for one in minimal} == {"SP.ChangeList", "SP.ChangeField", "SP.ChangeItem"}


def test_the_web_tells_of_every_list(server: EmbeddedServer, new_list: NewList) -> None:
    """Web and site scopes have tokens of their own and tell which list."""
    for scope, address in (("2", "web"), ("1", "site")):
        start = server.get(f"{address}/CurrentChangeToken")
        assert start["StringValue"].startswith(f"1;{scope};")
        first, second = new_list({}), new_list({})
        found = [one for one in changes(server, address, ChangeTokenStart=start) if one.get("ItemId")]
        assert [one["ListId"] for one in found] == [server.get(path)["Id"] for path in (first, second)]


@pytest.mark.parametrize(
    "token", ["", "x", "1;3;x;1;1", "1;9;{guid};1;1", "1;2;{guid};1;1", "1;3;{other};{ticks};1", 5]
)
def test_a_foreign_or_malformed_token_is_refused(server: EmbeddedServer, new_list: NewList, token: object) -> None:
    """A token that this list did not give is an error with a name, not an empty answer."""
    path, other = new_list(), new_list()
    ticks = server.get(f"{path}/CurrentChangeToken")["StringValue"].split(";")[3]
    if isinstance(token, str):
        token = token.format(guid=server.get(path)["Id"], other=server.get(other)["Id"], ticks=ticks)
    query = {**EVERYTHING, "ChangeTokenStart": {"StringValue": token}}
    response = server.call("POST", f"{path}/getChanges", {"query": query})
    assert response.status_code == 400
    assert "SPInvalidChangeTokenException" in response.json()["odata.error"]["code"]


def test_an_old_token_is_refused(tmp_path: Path) -> None:
    """With `--change-days 0` every token is too old at once, and a restart forgets the changes."""
    with EmbeddedServer(tmp_path, extra=("--change-days", "0")) as server:
        path = server.list("Old")
        token = server.get(f"{path}/CurrentChangeToken")
        response = server.call("POST", f"{path}/getChanges", {"query": {**EVERYTHING, "ChangeTokenStart": token}})
        assert "SPInvalidChangeTokenException" in response.json()["odata.error"]["code"]
        assert len(changes(server, path)) == 1
    with EmbeddedServer(tmp_path, extra=("--change-days", "0")) as server:
        assert changes(server, path) == []
