"""Attachments of list items over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
import requests

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
NAME = "it's #1 – 50%.txt"
DATA = bytes(range(256)) * 3


def send(server: EmbeddedServer, method: str, path: str, data: bytes = b"", **headers: str) -> requests.Response:
    named = {"Authorization": f"Bearer {server.token}", "Accept": "application/json;odata=nometadata", **headers}
    return requests.request(method, f"{server.url}/_api/{path}", data=data, headers=named, timeout=30)


def literal(text: str) -> str:
    return f"'{quote(text.replace(chr(39), chr(39) * 2), safe='')}'"


def attach(server: EmbeddedServer, path: str, name: str = NAME, data: bytes = DATA) -> requests.Response:
    return send(server, "POST", f"{path}/items(1)/AttachmentFiles/add(FileName={literal(name)})", data)


def test_an_attachment_is_kept_and_shown(server: EmbeddedServer, new_list: NewList) -> None:
    """Its bytes come back by name; the item's flag, its $expand and its ETag tell of it."""
    path = new_list({"Title": "a"}, {"Title": "b"})
    before = server.call("GET", f"{path}/items(1)").headers["ETag"]
    assert server.get(f"{path}/items(1)")["Attachments"] is False
    made = attach(server, path).json()
    title = server.get(path)["Title"]
    address = f"/sites/mhrmb/Lists/{title}/Attachments/1/{NAME}"
    assert (made["FileName"], made["ServerRelativeUrl"]) == (NAME, address)
    one = f"{path}/items(1)/AttachmentFiles({literal(NAME)})"
    assert send(server, "GET", f"{one}/$value").content == DATA
    by_name = f"{path}/items(1)/AttachmentFiles/getByFileName({literal(NAME.upper())})"
    assert server.get(by_name)["FileName"] == NAME
    shown = server.get(f"{path}/items?$select=Id,Attachments,AttachmentFiles/FileName&$expand=AttachmentFiles")
    assert shown["value"] == [
        {"Id": 1, "Attachments": True, "AttachmentFiles": [{"FileName": NAME}]},
        {"Id": 2, "Attachments": False, "AttachmentFiles": []},
    ]
    stale = server.call("POST", f"{path}/items(1)", {"Title": "x"}, x_http_method="MERGE", if_match=before)
    assert stale.status_code == 412


def test_attachments_are_replaced_and_deleted(server: EmbeddedServer, new_list: NewList) -> None:
    """A taken name is refused; PUT replaces the bytes; DELETE is for good and leaves the others."""
    path = new_list({"Title": "a"})
    attach(server, path)
    attach(server, path, "b.txt", b"b")
    refused = attach(server, path, NAME.upper())
    assert (refused.status_code, refused.json()["odata.error"]["code"][:11]) == (400, "-2130575257")
    one = f"{path}/items(1)/AttachmentFiles({literal(NAME)})"
    assert send(server, "PUT", f"{one}/$value", b"new").status_code == 204
    assert send(server, "GET", f"{one}/$value").content == b"new"
    assert send(server, "DELETE", one).status_code == 200
    assert send(server, "GET", f"{one}/$value").status_code == 404
    assert [one["FileName"] for one in server.get(f"{path}/items(1)/AttachmentFiles")["value"]] == ["b.txt"]


def test_a_recycled_attachment_comes_back(server: EmbeddedServer, new_list: NewList) -> None:
    """recycleObject takes it away; restore brings it back, unless its name has been taken meanwhile."""
    path = new_list({"Title": "a"})
    attach(server, path)
    one = f"{path}/items(1)/AttachmentFiles({literal(NAME)})"
    guid = server.post(f"{one}/recycleObject")["value"]
    assert server.get(f"{path}/items(1)")["Attachments"] is False
    entry = server.get(f"web/recyclebin('{guid}')")
    assert (entry["ItemType"], entry["LeafName"], entry["Size"]) == (7, NAME, str(len(DATA)))
    attach(server, path, data=b"another")
    assert server.call("POST", f"web/recyclebin('{guid}')/restore()").status_code == 400
    send(server, "DELETE", one)
    server.post(f"web/recyclebin('{guid}')/restore()")
    assert send(server, "GET", f"{one}/$value").content == DATA


@pytest.mark.parametrize("name", ["a/b.txt", "a:b", "", "con", " x"])
def test_attachment_names_follow_the_rules_of_files(server: EmbeddedServer, new_list: NewList, name: str) -> None:
    """A name no file may have is refused."""
    path = new_list({"Title": "a"})
    assert attach(server, path, name).status_code == 400
    assert server.get(f"{path}/items(1)/AttachmentFiles")["value"] == []


def test_a_list_may_have_no_attachments(server: EmbeddedServer, new_list: NewList) -> None:
    """With EnableAttachments off they are refused, and an item that is not there has none."""
    path = new_list({"Title": "a"})
    assert send(server, "POST", f"{path}/items(9)/AttachmentFiles/add(FileName='a')").status_code == 404
    server.merge(path, {"EnableAttachments": False})
    assert attach(server, path).status_code == 400
