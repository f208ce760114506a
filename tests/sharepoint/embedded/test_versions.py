"""Versions of list items over real HTTP: deleted, restored, and trimmed by count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]


@pytest.fixture
def path(server: EmbeddedServer, new_list: NewList) -> str:
    """An item with five versions, whose Score is the version's number."""
    made = new_list({"Title": "v1", "Score": 1, "Key": "k1"})
    for n in range(2, 6):
        server.merge(f"{made}/items(1)", {"Title": f"v{n}", "Score": n, "Key": f"k{n}"})
    return made


def scores(server: EmbeddedServer, path: str) -> list[int]:
    return [one["Score"] for one in server.get(f"{path}/items(1)/versions?$select=Score")["value"]]


def test_single_versions_are_deleted(server: EmbeddedServer, path: str) -> None:
    """By DELETE, by id and by label; the rest keep their labels; the item itself does not change."""
    etag = server.call("GET", f"{path}/items(1)").headers["ETag"]
    server.delete(f"{path}/items(1)/versions(512)")
    server.post(f"{path}/items(1)/versions/deleteById(vid=1536)")
    server.post(f"{path}/items(1)/versions/deleteByLabel(versionlabel='4.0')")
    assert scores(server, path) == [5, 2]
    assert server.call("GET", f"{path}/items(1)").headers["ETag"] == etag
    for gone in ("deleteById(vid=1536)", "deleteByLabel(versionlabel='4.0')", "restoreByLabel(versionlabel='1.0')"):
        assert server.call("POST", f"{path}/items(1)/versions/{gone}").status_code == 404


def test_the_present_version_stays(server: EmbeddedServer, path: str) -> None:
    """It cannot be deleted by any name, and deleteAll leaves it alone."""
    for call in ("deleteById(vid=2560)", "deleteByLabel(versionlabel='5.0')"):
        assert server.call("POST", f"{path}/items(1)/versions/{call}").status_code == 400
    server.post(f"{path}/items(1)/versions/deleteAll()")
    assert scores(server, path) == [5]
    assert server.get(f"{path}/items(1)")["Title"] == "v5"


def test_a_restored_version_is_a_new_one(server: EmbeddedServer, path: str) -> None:
    """Its values come back under the next label, and are refused if a unique one is held by another item now."""
    server.post(f"{path}/items(1)/versions/restoreByLabel(versionlabel='2.0')")
    item = server.get(f"{path}/items(1)")
    assert (item["Title"], item["Score"], item["Key"], item["OData__UIVersionString"]) == ("v2", 2, "k2", "6.0")
    assert scores(server, path) == [2, 5, 4, 3, 2, 1]
    server.post(f"{path}/items", {"Key": "k3"})
    refused = server.call("POST", f"{path}/items(1)/versions/restoreByLabel(versionlabel='3.0')")
    assert refused.json()["odata.error"]["code"].startswith("-2130575169")
    assert server.get(f"{path}/items(1)")["Title"] == "v2"


def test_the_limit_counts_what_is_left(server: EmbeddedServer, path: str) -> None:
    """After single versions are deleted the list still keeps as many as it says, not as many numbers."""
    server.merge(path, {"MajorVersionLimit": 4})
    server.post(f"{path}/items(1)/versions/deleteByLabel(versionlabel='4.0')")
    server.merge(f"{path}/items(1)", {"Score": 6})
    assert scores(server, path) == [6, 5, 3, 2]


def test_deleting_versions_is_writing(server: EmbeddedServer, path: str) -> None:
    """Who may only read may not."""
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    number = server.get("web/currentuser", authorization="Bearer member-token")["Id"]
    server.post(f"{path}/roleassignments/addroleassignment(principalid={number},roledefid=1073741826)")
    refused = server.call("POST", f"{path}/items(1)/versions/deleteAll()", authorization="Bearer member-token")
    assert refused.status_code == 403
    assert scores(server, path) == [5, 4, 3, 2, 1]
