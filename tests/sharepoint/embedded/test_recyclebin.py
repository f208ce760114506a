"""The recycle bin over real HTTP: what goes in, what comes out, for whom, and what is then as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
MEMBER = "Bearer member-token"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A site of the test's own, whose bin is empty."""
    with EmbeddedServer(tmp_path, extra=("--member-token", "member-token")) as running:
        yield running


def bytes_of(server: EmbeddedServer, method: str, path: str, data: bytes = b"") -> requests.Response:
    headers = {"Authorization": f"Bearer {server.token}"}
    return requests.request(method, f"{server.url}/_api/{path}", data=data, headers=headers, timeout=30)


def test_delete_is_for_good_and_recycle_is_not(own: EmbeddedServer) -> None:
    """Only a recycled item is in the bin, and it comes back with its id, ETag, versions and attachments."""
    path = own.list("Notes", {"Score": {"FieldTypeKind": 9}})
    for title in ("kept", "lost"):
        own.post(f"{path}/items", {"Title": title})
    own.merge(f"{path}/items(1)", {"Score": 2})
    bytes_of(own, "POST", f"{path}/items(1)/AttachmentFiles/add(FileName='a.txt')", b"bytes")
    before, etag = own.get(f"{path}/items(1)"), own.call("GET", f"{path}/items(1)").headers["ETag"]
    guid = own.post(f"{path}/items(1)/recycle()")["value"]
    own.delete(f"{path}/items(2)")
    entries = own.get("web/recyclebin?$select=Id,Title,ItemType,ItemState,LeafName,DirName,DeletedByName")["value"]
    assert entries == [
        {"Id": guid, "Title": "kept", "ItemType": 3, "ItemState": 1, "LeafName": "1_.000",
         "DirName": "sites/mhrmb/Lists/Notes", "DeletedByName": "SharePoint App"},
    ]  # fmt: skip
    assert own.get(f"{path}/ItemCount") == {"value": 0}
    own.post(f"web/recyclebin('{guid}')/restore()")
    assert own.get(f"{path}/items(1)") == before
    assert own.call("GET", f"{path}/items(1)").headers["ETag"] == etag
    assert [one["Score"] for one in own.get(f"{path}/items(1)/versions")["value"]] == [2, None]
    assert bytes_of(own, "GET", f"{path}/items(1)/AttachmentFiles('a.txt')/$value").content == b"bytes"
    assert own.get("web/recyclebin")["value"] == []
    assert own.call("POST", f"web/recyclebin('{guid}')/restore()").status_code == 404


def test_a_taken_unique_value_keeps_an_item_in_the_bin(server: EmbeddedServer, new_list: NewList) -> None:
    """Restoring is refused whole while another item holds the value, and works once it does not."""
    path = new_list({"Key": "k", "Title": "old"})
    guid = server.post(f"{path}/items(1)/recycle()")["value"]
    server.post(f"{path}/items", {"Key": "K"})
    refused = server.call("POST", f"web/recyclebin('{guid}')/restore()")
    assert refused.json()["odata.error"]["code"].startswith("-2130575169")
    assert server.call("GET", f"{path}/items(1)").status_code == 404
    server.delete(f"{path}/items(2)")
    server.post(f"web/recyclebin('{guid}')/restore()")
    assert server.get(f"{path}/items(1)")["Title"] == "old"


def test_a_folder_comes_back_with_all_that_was_in_it(own: EmbeddedServer) -> None:
    """A folder is one entry of the bin. What was recycled out of it earlier needs the folder first."""
    own.post("web/lists", {"Title": "Papers", "BaseTemplate": 101})
    own.post("web/folders", {"ServerRelativeUrl": "/sites/mhrmb/Papers/f"})
    for name in ("a.txt", "b.txt"):
        bytes_of(own, "POST", f"web/getFolderByServerRelativeUrl('Papers/f')/files/add(url='{name}')", name.encode())
    file = own.post("web/getFileByServerRelativeUrl('Papers/f/b.txt')/recycle()")["value"]
    folder = own.post("web/getFolderByServerRelativeUrl('Papers/f')/recycle()")["value"]
    types = {one["Id"]: (one["ItemType"], one["Size"]) for one in own.get("web/recyclebin")["value"]}
    assert types == {file: (1, "5"), folder: (5, "5")}
    assert own.call("POST", f"web/recyclebin('{file}')/restore()").status_code == 500
    own.post("web/recyclebin/restoreAll()")
    for name in ("a.txt", "b.txt"):
        found = bytes_of(own, "GET", f"web/getFileByServerRelativeUrl('Papers/f/{name}')/$value")
        assert found.content == name.encode()
    ids = own.get("web/lists/getByTitle('Papers')/items?$select=Id,FileLeafRef&$orderby=Id")["value"]
    assert ids == [{"Id": 1, "FileLeafRef": "f"}, {"Id": 2, "FileLeafRef": "a.txt"}, {"Id": 3, "FileLeafRef": "b.txt"}]


def test_a_taken_name_keeps_a_file_in_the_bin(own: EmbeddedServer) -> None:
    """Restoring over another file is refused and changes nothing."""
    own.post("web/lists", {"Title": "Papers", "BaseTemplate": 101})
    add = "web/getFolderByServerRelativeUrl('Papers')/files/add(url='a.txt')"
    bytes_of(own, "POST", add, b"old")
    guid = own.post("web/getFileByServerRelativeUrl('Papers/a.txt')/recycle()")["value"]
    bytes_of(own, "POST", add, b"new")
    refused = own.call("POST", f"web/recyclebin('{guid}')/restore()")
    assert refused.json()["odata.error"]["code"].startswith("-2130575257")
    assert bytes_of(own, "GET", "web/getFileByServerRelativeUrl('Papers/a.txt')/$value").content == b"new"
    assert [one["Id"] for one in own.get("web/recyclebin")["value"]] == [guid]


def test_a_list_is_recycled_whole(own: EmbeddedServer) -> None:
    """Its title is free at once; restoring needs it free; the items, columns and permissions are as they were."""
    path = own.list("Notes", {"Score": {"FieldTypeKind": 9, "Indexed": True}})
    own.post(f"{path}/items", {"Title": "a", "Score": 3})
    own.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    item = own.post(f"{path}/items(1)/recycle()")["value"]
    guid = own.post(f"{path}/recycle()")["value"]
    assert own.call("GET", path).status_code == 404
    assert "Notes" not in [one["Title"] for one in own.get("web/lists")["value"]]
    assert own.call("POST", f"web/recyclebin('{item}')/restore()").status_code == 500
    own.list("Notes")
    refused = own.call("POST", f"web/recyclebin('{guid}')/restore()")
    assert refused.json()["odata.error"]["code"].startswith("-2130575342")
    own.delete(path)
    own.post("web/recyclebin/restoreAll()")
    assert own.get(f"{path}/items(1)")["Score"] == 3
    assert own.call("GET", f"{path}/items", authorization=MEMBER).status_code == 403


def test_two_stages_and_the_end(own: EmbeddedServer) -> None:
    """The web's bin is the first stage, the site's both; what is deleted from either is gone for good."""
    path = own.list("Notes")
    guids = []
    for n in range(1, 6):
        own.post(f"{path}/items", {"Title": str(n)})
        guids.append(own.post(f"{path}/items({n})/recycle()")["value"])

    def ids(bin_: str) -> list[int]:
        return [guids.index(one["Id"]) for one in own.get(bin_)["value"]]

    own.post(f"web/recyclebin('{guids[0]}')/moveToSecondStage()")
    assert (ids("web/recyclebin"), ids("site/recyclebin")) == ([4, 3, 2, 1], [4, 3, 2, 1, 0])
    assert own.get(f"site/recyclebin('{guids[0]}')")["ItemState"] == 2
    assert own.call("GET", f"web/recyclebin('{guids[0]}')").status_code == 404
    own.post(f"web/recyclebin('{guids[1]}')/deleteObject()")
    own.post(f"site/recyclebin('{guids[0]}')/restore()")
    assert ids("site/recyclebin") == [4, 3, 2]
    own.post("web/recyclebin/moveAllToSecondStage()")
    assert (ids("web/recyclebin"), ids("site/recyclebin")) == ([], [4, 3, 2])
    own.post("site/recyclebin/deleteAllSecondStageItems()")
    own.post(f"{path}/items(1)/recycle()")
    own.post("web/recyclebin/deleteAll()")
    assert own.get("site/recyclebin")["value"] == []
    assert own.get(f"{path}/items")["value"] == []


def test_members_see_what_they_deleted_themselves(own: EmbeddedServer) -> None:
    """The bin is the owners' as a whole; a member finds, and restores, only what the member recycled."""
    path = own.list("Notes")
    for title in ("app's", "member's"):
        own.post(f"{path}/items", {"Title": title})
    others = own.post(f"{path}/items(1)/recycle()")["value"]
    mine = own.post(f"{path}/items(2)/recycle()", authorization=MEMBER)["value"]
    assert [one["Id"] for one in own.get("web/recyclebin", authorization=MEMBER)["value"]] == [mine]
    assert own.call("POST", f"web/recyclebin('{others}')/restore()", authorization=MEMBER).status_code == 404
    assert own.call("GET", "site/recyclebin", authorization=MEMBER).status_code == 403
    own.post(f"web/recyclebin('{mine}')/restore()", authorization=MEMBER)
    assert [one["Title"] for one in own.get(f"{path}/items")["value"]] == ["member's"]


def rows(server: EmbeddedServer, sql: str) -> list[tuple[object, ...]]:
    """What a stopped server's file holds."""
    connection = sqlite3.connect(server.data_dir / "sharepoint.db")
    try:
        found = connection.execute(sql).fetchall()
        connection.commit()
        return found
    finally:
        connection.close()


def test_the_bin_forgets_after_93_days(tmp_path: Path) -> None:
    """What was recycled 93 days ago is gone with its versions at the next start; a day less, and it is there."""
    server = EmbeddedServer(tmp_path).start()
    path = server.list("Notes")
    for title in ("old", "young"):
        server.post(f"{path}/items", {"Title": title})
    for number in (1, 2):
        server.post(f"{path}/items({number})/recycle()")
    server.stop()
    for number, days in ((1, "-94 days"), (2, "-92 days")):
        rows(
            server,
            f"UPDATE recycled SET deleted = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{days}') WHERE item = {number}",
        )
    server.start()
    try:
        assert [one["Title"] for one in server.get("site/recyclebin")["value"]] == ["young"]
    finally:
        server.stop()
    assert rows(server, "SELECT DISTINCT item FROM versions") == [(2,)]


def test_bytes_go_with_the_last_that_needs_them(tmp_path: Path) -> None:
    """Deleted versions, files, attachments, uploads and lists leave no bytes behind; what is in the bin keeps its."""
    server = EmbeddedServer(tmp_path).start()
    root = "web/getFolderByServerRelativeUrl('Papers')"
    file = "web/getFileByServerRelativeUrl('Papers/a.txt')"
    guid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    server.post("web/lists", {"Title": "Papers", "BaseTemplate": 101})
    notes = server.list("Notes")
    server.post(f"{notes}/items", {"Title": "a"})
    for data in (b"one", b"two", b"three"):
        bytes_of(server, "POST", f"{root}/files/add(url='a.txt',overwrite=true)", data)
    server.merge(f"{file}/ListItemAllFields", {"Title": "shares the bytes of version 3"})
    server.post(f"{file}/versions/deleteByLabel(versionlabel='3.0')")
    bytes_of(server, "POST", f"{root}/files/add(url='gone.txt')", b"gone")
    server.delete("web/getFileByServerRelativeUrl('Papers/gone.txt')")
    bytes_of(server, "POST", f"{root}/files/add(url='kept.txt')", b"kept")
    server.post("web/getFileByServerRelativeUrl('Papers/kept.txt')/recycle()")
    bytes_of(server, "POST", f"{file}/startUpload(uploadId=guid'{guid}')", b"begun")
    bytes_of(server, "POST", f"{file}/cancelUpload(uploadId=guid'{guid}')")
    for name in ("a", "b"):
        bytes_of(server, "POST", f"{notes}/items(1)/AttachmentFiles/add(FileName='{name}')", name.encode())
    bytes_of(server, "PUT", f"{notes}/items(1)/AttachmentFiles('a')/$value", b"A")
    server.delete(f"{notes}/items(1)/AttachmentFiles('b')")
    server.stop()
    held = sorted(bytes(data) for (data,) in rows(server, "SELECT bytes FROM pieces"))  # type: ignore[call-overload]
    assert held == [b"A", b"kept", b"one", b"three", b"two"]
    server.start()
    server.post("web/recyclebin/deleteAll()")
    server.delete(notes)
    server.delete("web/lists/getByTitle('Papers')")
    server.stop()
    assert rows(server, "SELECT count(*) FROM pieces UNION ALL SELECT count(*) FROM contents") == [(0,), (0,)]
