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


MALFORMED = "-2146233086, System.ArgumentOutOfRangeException"
TOO_OLD = "-2130575172, Microsoft.SharePoint.SPInvalidChangeTokenException"
OF_ANOTHER = "-2130575173, Microsoft.SharePoint.SPInvalidChangeTokenException"
"""What a public client tells these apart by."""


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", MALFORMED),
        ("x", MALFORMED),
        ("1;3;x;1;1", MALFORMED),
        ("1;3;{guid};{ticks};-2", MALFORMED),
        ("1;3;{guid};{ticks};1;1", MALFORMED),
        ("1;9;{guid};1;1", MALFORMED),
        (5, MALFORMED),
        ("1;2;{guid};{ticks};1", OF_ANOTHER),
        ("1;3;{other};{ticks};1", OF_ANOTHER),
        ("1;3;{guid};1;1", TOO_OLD),
    ],
)
def test_a_token_that_is_no_good_is_refused(
    server: EmbeddedServer, new_list: NewList, token: object, code: str
) -> None:
    """A token that this list did not give is an error with a name, not an empty answer."""
    path, other = new_list(), new_list()
    ticks = server.get(f"{path}/CurrentChangeToken")["StringValue"].split(";")[3]
    if isinstance(token, str):
        token = token.format(guid=server.get(path)["Id"], other=server.get(other)["Id"], ticks=ticks)
    query = {**EVERYTHING, "ChangeTokenStart": {"StringValue": token}}
    response = server.call("POST", f"{path}/getChanges", {"query": query})
    assert (response.status_code, response.json()["odata.error"]["code"]) == (400, code)


def test_a_token_of_one_s_own_making(server: EmbeddedServer, new_list: NewList) -> None:
    """Clients make a token of an instant, numbered -1: it is what came after that instant."""
    path = new_list({"Title": "before"})
    token = server.get(f"{path}/CurrentChangeToken")["StringValue"]
    server.post(f"{path}/items", {"Title": "after"})
    made = ";".join([*token.split(";")[:4], "-1"])
    found = changes(server, path, ChangeTokenStart={"StringValue": made})
    assert [(one["ChangeType"], one["ItemId"]) for one in found] == [(1, 2)]


@pytest.mark.parametrize("flag", ["Restore", "Rename", "SystemUpdate", "View", "File", "Folder", "Alert", "Group"])
def test_what_did_not_happen_is_not_told(server: EmbeddedServer, new_list: NewList, flag: str) -> None:
    """Each flag of a query is taken, and selects nothing but its own kind."""
    path = new_list({"Title": "a"})
    only = {"List": False, "Field": False, "Add": False, "Update": False, "DeleteObject": False, flag: True}
    assert changes(server, path, **only) == []


@pytest.mark.parametrize(
    "query",
    [{"Itme": True}, {"Item": 1}, {"Item": "true"}, {"FetchLimit": "²"}, {"FetchLimit": 0}, {"FetchLimit": "x"}],
)
def test_a_query_that_is_no_query_is_refused(server: EmbeddedServer, new_list: NewList, query: dict[str, Any]) -> None:
    """A misspelt name or a value of another type is an error, not a change that goes unseen."""
    response = server.call("POST", f"{new_list()}/getChanges", {"query": {**EVERYTHING, **query}})
    assert response.status_code == 400
    assert "InvalidClientQueryException" in response.json()["odata.error"]["code"]


def test_the_latest_come_first_when_asked(server: EmbeddedServer, new_list: NewList) -> None:
    """LatestFirst with a limit is the newest changes, newest first."""
    path = new_list({"Title": "a"}, {"Title": "b"}, {"Title": "c"})
    found = changes(server, path, LatestFirst=True, FetchLimit=2)
    assert [one["ItemId"] for one in found] == [3, 2]


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
