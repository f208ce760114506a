"""Libraries over real HTTP: folders, files, their names, bytes, ETags, items, uploads in pieces and versions."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.embedded_server import EmbeddedServer

_numbers = itertools.count(1)
MEMBER = "Bearer member-token"
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def bytes_of(server: EmbeddedServer, method: str, path: str, data: bytes = b"", **headers: str) -> requests.Response:
    """One request that carries or answers bytes."""
    named = {"Authorization": f"Bearer {server.token}", "Accept": "application/json;odata=nometadata"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, f"{server.url}/_api/{path}", data=data, headers=named, timeout=60)


def literal(text: str) -> str:
    """A string as a path carries it: quotes doubled, then percent-encoded."""
    return f"'{quote(text.replace(chr(39), chr(39) * 2), safe='')}'"


def folder_at(path: str) -> str:
    return f"web/getFolderByServerRelativePath(decodedurl={literal(path)})"


def file_at(path: str) -> str:
    return f"web/getFileByServerRelativePath(decodedurl={literal(path)})"


def add(server: EmbeddedServer, folder: str, name: str, data: bytes, *, overwrite: bool = False) -> Any:
    """Put a file in a folder; the answer."""
    call = f"{folder_at(folder)}/files/addUsingPath(decodedurl={literal(name)},overwrite={str(overwrite).lower()})"
    return bytes_of(server, "POST", call, data)


def code(response: requests.Response) -> str:
    return str(response.json()["odata.error"]["code"]).partition(",")[0]


@pytest.fixture
def library(server: EmbeddedServer) -> str:
    """The address of a fresh library's root folder."""
    title = f"Papers{next(_numbers)}"
    server.post("web/lists", {"Title": title, "BaseTemplate": 101})
    return f"/sites/mhrmb/{title}"


def items_of(library: str) -> str:
    return f"web/lists/getByTitle('{library.rpartition('/')[2]}')/items"


def test_a_library_says_what_it_is(server: EmbeddedServer) -> None:
    """Template 101, base type 1, an item type without `List`, and a root folder beside `Lists`, not in it."""
    made = server.post("web/lists", {"Title": "Case Papers #1", "BaseTemplate": 101})
    assert (made["BaseTemplate"], made["BaseType"], made["EnableAttachments"]) == (101, 1, False)
    assert made["ListItemEntityTypeFullName"] == "SP.Data.Case_x0020_Papers_x0020_1Item"
    root = server.get(f"web/lists(guid'{made['Id']}')/RootFolder")
    assert root["ServerRelativeUrl"] == "/sites/mhrmb/Case Papers 1"
    shown = server.get(f"web/lists(guid'{made['Id']}')?$select=Title,RootFolder/ServerRelativeUrl&$expand=RootFolder")
    assert shown == {"Title": "Case Papers #1", "RootFolder": {"ServerRelativeUrl": "/sites/mhrmb/Case Papers 1"}}
    generic = server.list("A generic list")
    assert server.get(f"{generic}/RootFolder/ServerRelativeUrl") == {"value": "/sites/mhrmb/Lists/A generic list"}


def test_a_library_takes_items_only_as_files(server: EmbeddedServer, library: str) -> None:
    """POST items of a library is refused, as is a file in a generic list."""
    assert server.call("POST", items_of(library), {"Title": "x"}).status_code == 400
    server.list("Not a library")
    refused = add(server, "/sites/mhrmb/Lists/Not a library", "a.txt", b"x")
    assert refused.status_code == 404


@pytest.mark.parametrize(
    "name",
    ["plain.txt", "it's.txt", "50% of #2.txt", "a&b=c+d,e;f.txt", "naïve – 例 🙂.txt", "UPPER.TXT", "no extension",
     "{x}~[y](z).txt", "%23.txt", ".hidden"],
)  # fmt: skip
def test_a_file_is_kept_under_any_name_sharepoint_allows(server: EmbeddedServer, library: str, name: str) -> None:
    """The name and the bytes come back exactly, by address, by id, through the folder and through the item."""
    data = bytes(range(256)) * 5 + b"\r\n--batch\r\n"
    made = add(server, library, name, data)
    assert made.status_code == 200, made.text
    shown = made.json()
    assert (shown["Name"], shown["Length"], shown["ServerRelativeUrl"]) == (name, "1291", f"{library}/{name}")
    ways = [
        file_at(f"{library}/{name}"),
        f"web/getFileById('{shown['UniqueId']}')",
        f"{folder_at(library)}/files({literal(name)})",
        f"{folder_at(library)}/files/getByUrl({literal(name)})",
        f"{items_of(library)}(1)/File",
        f"{items_of(library)}(1)/File/ListItemAllFields/File",
    ]
    for way in ways:
        assert server.get(f"{way}?$select=Name") == {"Name": name}
        for reading in ("$value", "openBinaryStream"):
            answer = bytes_of(server, "GET", f"{way}/{reading}")
            assert (answer.status_code, answer.content) == (200, data)
    assert server.get(f"{items_of(library)}(1)?$select=FileLeafRef,FileRef,FileDirRef,FileSystemObjectType") == {
        "FileLeafRef": name,
        "FileRef": f"{library}/{name}",
        "FileDirRef": library,
        "FileSystemObjectType": 0,
    }
    assert server.get(f"{folder_at(library)}/files?$select=Name")["value"] == [{"Name": name}]


def test_the_older_addresses_are_encoded_once_more(server: EmbeddedServer, library: str) -> None:
    """…ByServerRelativeUrl reads its text as an encoded address: `%23` in it means `#`, and `#` ends it."""
    add(server, library, "a #1.txt", b"1")
    found = f"web/getFileByServerRelativeUrl({literal(library + '/a %231.txt')})"
    assert bytes_of(server, "GET", f"{found}/$value").content == b"1"
    assert server.call("GET", f"web/getFileByServerRelativeUrl({literal(library + '/a #1.txt')})").status_code == 404
    for name in ("b #2.txt", "50%.txt"):
        refused = bytes_of(server, "POST", f"{folder_at(library)}/files/add(url={literal(name)})", b"x")
        assert refused.status_code == 400
    alias = f"web/getFileByServerRelativePath(decodedurl=@p)?@p={literal(library + '/a #1.txt')}&$select=Name"
    assert server.get(alias) == {"Name": "a #1.txt"}


@pytest.mark.parametrize(
    "name",
    [*(f"a{mark}b.txt" for mark in '"*:<>?\\|'), " lead.txt", "trail.txt ", "dot.", "", "con", "LPT1", ".lock",
     "~$a.docx", "a_vti_b.txt", "x" * 256, "a\tb.txt"],
)  # fmt: skip
def test_names_that_sharepoint_refuses_are_refused(server: EmbeddedServer, library: str, name: str) -> None:
    """A forbidden, reserved or too long name is 400 for files and folders, and nothing is made."""
    assert add(server, library, name, b"x").status_code == 400
    assert (
        server.call(
            "POST", f"{folder_at(library)}/folders/addUsingPath(decodedurl={literal(name)},overwrite=true)"
        ).status_code
        == 400
    )
    assert server.get(items_of(library))["value"] == []


def test_an_address_is_at_most_400_characters(server: EmbeddedServer, library: str) -> None:
    """Folders and names add up; the 401st character is refused with the code of a path too long."""
    server.post(f"{folder_at(library)}/folders/add({literal('f' * 200)})")
    folder = f"{library}/{'f' * 200}"
    room = 400 - len(f"{folder}/") + 1  # the first slash is not counted
    assert add(server, folder, "n" * room, b"x").status_code == 200
    refused = add(server, folder, "m" * (room + 1), b"x")
    assert (refused.status_code, code(refused)) == (400, "-2147024690")


def test_a_name_taken_needs_overwrite(server: EmbeddedServer, library: str) -> None:
    """Without overwrite a taken name, in whatever case, is -2130575257; with it the file gets a new version."""
    add(server, library, "Résumé.txt", b"one")
    for name in ("Résumé.txt", "RÉSUMÉ.TXT"):
        refused = add(server, library, name, b"two")
        assert (refused.status_code, code(refused)) == (400, "-2130575257")
    assert bytes_of(server, "GET", f"{file_at(library + '/résumé.txt')}/$value").content == b"one"
    again = add(server, library, "résumé.txt", b"two", overwrite=True).json()
    assert (again["Name"], again["UIVersionLabel"], again["Length"]) == ("Résumé.txt", "2.0", "3")
    assert len(server.get(items_of(library))["value"]) == 1


def test_what_is_missing_says_so(server: EmbeddedServer, library: str) -> None:
    """A missing file or folder is 404 with its own code; only a folder may be asked whether it exists."""
    file, folder = file_at(f"{library}/no.txt"), folder_at(f"{library}/no")
    missing = server.call("GET", file)
    assert (missing.status_code, code(missing)) == (404, "-2130575338")
    assert server.call("GET", f"{file}?$select=Exists").status_code == 404
    missing = server.call("GET", folder)
    assert (missing.status_code, code(missing)) == (404, "-2147024894")
    assert server.get(f"{folder}?$select=Exists") == {"Exists": False}
    assert server.get(f"{folder}/Exists") == {"value": False}
    assert add(server, f"{library}/no", "a.txt", b"x").status_code == 404
    add(server, library, "a.txt", b"x")
    assert server.call("GET", folder_at(f"{library}/a.txt")).status_code == 404
    assert server.call("GET", file_at(library)).status_code == 404


def test_new_bytes_are_a_new_version_under_an_etag(server: EmbeddedServer, library: str) -> None:
    """PUT $value needs the current ETag if it names one; earlier bytes stay readable as versions."""
    made = add(server, library, "a.txt", b"one").json()
    path = file_at(f"{library}/a.txt")
    assert made["ETag"] == f'"{{{made["UniqueId"].upper()}}},1"'
    kept = bytes_of(server, "PUT", f"{path}/$value", b"two", If_Match=made["ETag"])
    assert kept.status_code == 204
    assert bytes_of(server, "PUT", f"{path}/$value", b"late", If_Match=made["ETag"]).status_code == 412
    assert bytes_of(server, "POST", f"{path}/$value", b"three", X_HTTP_Method="PUT").status_code == 204
    assert bytes_of(server, "GET", f"{path}/$value").content == b"three"
    versions = server.get(f"{path}/versions?$select=ID,VersionLabel,Size,IsCurrentVersion")["value"]
    assert versions == [
        {"ID": 512, "VersionLabel": "1.0", "Size": 3, "IsCurrentVersion": False},
        {"ID": 1024, "VersionLabel": "2.0", "Size": 3, "IsCurrentVersion": False},
    ]
    assert bytes_of(server, "GET", f"{path}/versions(512)/$value").content == b"one"
    assert server.call("POST", path, x_http_method="DELETE", if_match=made["ETag"]).status_code == 412
    assert server.call("POST", path, x_http_method="DELETE").status_code == 412
    server.delete(path)
    assert server.call("GET", path).status_code == 404


def test_a_file_and_its_item_are_one(server: EmbeddedServer, library: str) -> None:
    """Columns are written through ListItemAllFields; FileLeafRef renames; both ETags move together."""
    server.post(f"{items_of(library)[:-6]}/fields", {"Title": "Kind", "FieldTypeKind": 2})
    add(server, library, "a.txt", b"one")
    item = f"{file_at(library + '/a.txt')}/ListItemAllFields"
    etag = server.merge(item, {"Title": "T", "Kind": "minutes"})
    assert etag.endswith(',2"')
    assert server.get(f"{item}?$select=Id,Title,Kind") == {"Id": 1, "Title": "T", "Kind": "minutes"}
    assert server.get(file_at(f"{library}/a.txt"))["ETag"].endswith(',2"')
    server.merge(f"{items_of(library)}(1)", {"FileLeafRef": "b #2.txt"})
    assert bytes_of(server, "GET", f"{file_at(library + '/b #2.txt')}/$value").content == b"one"
    assert server.call("GET", file_at(f"{library}/a.txt")).status_code == 404
    refused = server.call("MERGE", f"{items_of(library)}(1)", {"FileLeafRef": "a/b"}, if_match="*")
    assert refused.status_code == 400
    options = "$select=Kind,File/Name,File/Length&$expand=File&$filter=FileLeafRef eq 'b %232.txt'"
    expanded = server.get(f"{items_of(library)}?{options}")
    assert expanded["value"] == [{"Kind": "minutes", "File": {"Name": "b #2.txt", "Length": "3"}}]
    assert server.get(f"{folder_at(library)}/ListItemAllFields") == {"odata.null": True}


def test_folders_hold_files_and_folders(server: EmbeddedServer, library: str) -> None:
    """Made by three calls, listed, counted, renamed with what they hold, and deleted with it."""
    root = folder_at(library)
    server.post(f"{root}/folders/add('one')")
    assert server.post(f"{root}/folders/add('ONE')")["Name"] == "one"  # there already: answered as it is
    taken = server.call("POST", f"{root}/folders/addUsingPath(decodedurl='one',overwrite=false)")
    assert (taken.status_code, code(taken)) == (400, "-2130575257")
    server.post("web/folders", {"ServerRelativeUrl": f"{library}/one/two"})
    server.post(f"{root}/addSubFolderUsingPath", {"leafPath": {"DecodedUrl": "three"}})
    add(server, f"{library}/one/two", "deep.txt", b"deep")
    add(server, f"{library}/one", "a.txt", b"a")
    assert [one["Name"] for one in server.get(f"{root}/folders")["value"]] == ["one", "three"]
    one = server.get(f"{folder_at(library + '/one')}?$select=ItemCount,Files/Name,Folders/Name&$expand=Files,Folders")
    assert one == {"ItemCount": 2, "Files": [{"Name": "a.txt"}], "Folders": [{"Name": "two"}]}
    assert server.get(f"{folder_at(library + '/one/two')}/ParentFolder")["Name"] == "one"
    assert server.get(f"{items_of(library)[:-6]}/ItemCount") == {"value": 5}
    server.post(f"{folder_at(library + '/one')}/moveTo(newurl={literal(library + '/three/won')})")
    assert bytes_of(server, "GET", f"{file_at(library + '/three/won/two/deep.txt')}/$value").content == b"deep"
    assert server.call("GET", folder_at(f"{library}/one")).status_code == 404
    refused = server.call("POST", f"{folder_at(library + '/three')}/moveTo(newurl={literal(library + '/three/won/x')})")
    assert refused.status_code == 400
    server.merge(folder_at(f"{library}/three"), {"Name": "3"})
    server.delete(folder_at(f"{library}/3"))
    assert server.get(items_of(library))["value"] == []
    assert server.get(f"{items_of(library)[:-6]}/ItemCount") == {"value": 0}
    assert server.call("POST", root, x_http_method="DELETE", if_match="*").status_code == 400


def test_files_are_moved_and_copied(server: EmbeddedServer, library: str) -> None:
    """A move keeps the item and its versions, a copy is a new item; a taken name is refused without overwrite."""
    server.post(f"{folder_at(library)}/folders/add('to')")
    add(server, library, "a.txt", b"one")
    add(server, library, "a.txt", b"two", overwrite=True)
    server.post(f"{file_at(library + '/a.txt')}/copyTo(strnewurl={literal(library + '/to/c.txt')},boverwrite=false)")
    copied = server.get(file_at(f"{library}/to/c.txt"))
    assert (copied["UIVersionLabel"], copied["Length"]) == ("1.0", "3")
    refused = server.call(
        "POST", f"{file_at(library + '/a.txt')}/moveTo(newurl={literal(library + '/to/c.txt')},flags=0)"
    )
    assert (refused.status_code, code(refused)) == (400, "-2130575257")
    server.post(f"{file_at(library + '/a.txt')}/moveTo(newurl={literal(library + '/to/c.txt')},flags=1)")
    moved = file_at(f"{library}/to/c.txt")
    assert server.get(f"{moved}/ListItemAllFields?$select=Id") == {"Id": 2}
    assert [one["VersionLabel"] for one in server.get(f"{moved}/versions")["value"]] == ["1.0", "2.0"]
    assert bytes_of(server, "GET", f"{moved}/$value").content == b"two"


def test_a_checked_out_file_is_its_holders(server: EmbeddedServer, library: str) -> None:
    """Others get 423 on every write until it is checked in; they may still read."""
    add(server, library, "a.txt", b"one")
    path = file_at(f"{library}/a.txt")
    server.post(f"{path}/checkOut()", authorization=MEMBER)
    assert server.get(f"{path}/CheckedOutByUser")["Title"] == "Member Person"
    assert server.get(f"{path}?$select=CheckOutType") == {"CheckOutType": 0}
    writes = [
        bytes_of(server, "PUT", f"{path}/$value", b"two"),
        server.call("POST", f"{path}/checkOut()"),
        server.call("POST", f"{path}/checkIn(comment='mine',checkintype=1)"),
        server.call("POST", path, x_http_method="DELETE", if_match="*"),
        server.call("POST", f"{path}/recycle()"),
        server.call("POST", f"{items_of(library)}(1)", {"Title": "x"}, x_http_method="MERGE", if_match="*"),
    ]
    assert [one.status_code for one in writes] == [423] * 6
    assert bytes_of(server, "GET", f"{path}/$value").content == b"one"
    server.post(f"{path}/checkIn(comment=@c,checkintype=1)?@c='it''s done'", authorization=MEMBER)
    assert server.get(f"{path}?$select=CheckInComment,CheckOutType") == {
        "CheckInComment": "it's done",
        "CheckOutType": 2,
    }
    assert server.get(f"{path}/CheckedOutByUser") == {"odata.null": True}
    assert bytes_of(server, "PUT", f"{path}/$value", b"two").status_code == 204
    assert server.call("POST", f"{path}/checkIn(comment='',checkintype=1)").status_code == 400


def test_a_file_is_sent_in_pieces(server: EmbeddedServer, library: str) -> None:
    """The file changes only when the upload is finished; a piece out of place or of no upload is refused."""
    add(server, library, "a.bin", b"")
    path, pieces = file_at(f"{library}/a.bin"), [bytes([n]) * (700_000 + n) for n in range(4)]

    def send(step: str, offset: int, data: bytes, upload: str = GUID) -> requests.Response:
        at = f",fileOffset={offset}" if offset else ""
        return bytes_of(server, "POST", f"{path}/{step}(uploadId=guid'{upload}'{at})", data)

    assert send("continueUpload", 5, b"x").status_code == 404
    assert send("startUpload", 0, pieces[0]).json() == {"value": "700000"}
    assert send("startUpload", 0, b"again").status_code == 400
    assert send("continueUpload", 700_000, pieces[1]).json() == {"value": "1400001"}
    assert send("continueUpload", 700_000, pieces[1]).status_code == 409
    assert send("continueUpload", 1_400_001, pieces[2]).json() == {"value": "2100003"}
    assert server.get(f"{path}/Length") == {"value": "0"}
    assert bytes_of(server, "POST", f"{path}/continueUpload(uploadId=guid'{GUID}',fileOffset=2100003)", b"x",
                    Authorization=MEMBER).status_code == 404  # fmt: skip
    done = send("finishUpload", 2_100_003, pieces[3])
    assert (done.json()["Length"], done.json()["UIVersionLabel"]) == (str(sum(map(len, pieces))), "2.0")
    assert bytes_of(server, "GET", f"{path}/$value").content == b"".join(pieces)
    assert send("finishUpload", 2_100_003, b"").status_code == 404
    send("startUpload", 0, b"other")
    assert send("cancelUpload", 0, b"").status_code == 200
    assert send("finishUpload", 5, b"").status_code == 404


def test_part_of_a_file_is_read_by_range(server: EmbeddedServer, library: str) -> None:
    """A Range of bytes is answered with 206 and that part; one beyond the end is 416."""
    add(server, library, "a.txt", b"0123456789")
    value = f"{file_at(library + '/a.txt')}/$value"
    for asked, part, told in (("bytes=4-", b"456789", "bytes 4-9/10"), ("bytes=2-3", b"23", "bytes 2-3/10")):
        answer = bytes_of(server, "GET", value, Range=asked)
        assert (answer.status_code, answer.content, answer.headers["Content-Range"]) == (206, part, told)
    assert bytes_of(server, "GET", value, Range="bytes=10-").status_code == 416
    assert bytes_of(server, "GET", value, Range="lines=1-2").content == b"0123456789"


def test_a_batch_carries_no_bytes(server: EmbeddedServer, library: str) -> None:
    """A part of a batch that would add a file is refused, and nothing of the batch is done."""
    call = f"{folder_at(library)}/files/add(url='a.txt',overwrite=true)"
    with pytest.raises(requests.HTTPError, match="400"):
        server.batch([("POST", call, {"bytes": "of a file"})])
    assert server.get(items_of(library))["value"] == []


def test_only_files_may_be_large(server: EmbeddedServer, library: str) -> None:
    """3 MiB are taken as a file and refused as anything else; more than the server's bound is 413 for a file too."""
    three = b"x" * (3 * 1024 * 1024)
    assert add(server, library, "large.bin", three).json()["Length"] == str(len(three))
    assert bytes_of(server, "POST", "web/lists", three).status_code == 413
    assert add(server, library, "huge.bin", b"x" * (64 * 1024 * 1024 + 1)).status_code == 413
    assert server.call("GET", file_at(f"{library}/huge.bin")).status_code == 404


def test_versions_are_deleted_and_restored(server: EmbeddedServer, library: str) -> None:
    """By id, by label, all; the present one never; a restored one is a new version with its bytes and columns."""
    for n in range(1, 6):
        add(server, library, "a.txt", b"%d" % n, overwrite=True)
    path = file_at(f"{library}/a.txt")

    def labels() -> list[str]:
        return [one["VersionLabel"] for one in server.get(f"{path}/versions")["value"]]

    server.post(f"{path}/versions/deleteById(vid=512)")
    server.post(f"{path}/versions/deleteByLabel(versionlabel='3.0')")
    assert labels() == ["2.0", "4.0"]
    assert server.call("POST", f"{path}/versions/deleteByLabel(versionlabel='5.0')").status_code == 400
    assert server.call("POST", f"{path}/versions/deleteByLabel(versionlabel='3.0')").status_code == 404
    server.post(f"{path}/versions/restoreByLabel(versionlabel='2.0')")
    assert bytes_of(server, "GET", f"{path}/$value").content == b"2"
    server.delete(f"{path}/versions(1024)")
    assert bytes_of(server, "GET", f"{path}/$value").content == b"2"
    server.post(f"{path}/versions/deleteAll()")
    assert labels() == []
    assert server.get(path)["UIVersionLabel"] == "6.0"
    assert bytes_of(server, "GET", f"{path}/$value").content == b"2"


def test_changes_tell_of_files_and_folders(server: EmbeddedServer, library: str) -> None:
    """Adding, new bytes, renaming, recycling and restoring are all in the library's changes, by item."""
    listed = items_of(library)[:-6]
    start = server.get(f"{listed}/CurrentChangeToken")["StringValue"]
    server.post(f"{folder_at(library)}/folders/add('f')")
    add(server, f"{library}/f", "a.txt", b"1")
    bytes_of(server, "PUT", f"{file_at(library + '/f/a.txt')}/$value", b"2")
    server.merge(f"{items_of(library)}(2)", {"FileLeafRef": "b.txt"})
    gone = server.post(f"{folder_at(library + '/f')}/recycle()")["value"]
    server.post(f"web/recyclebin('{gone}')/restore()")
    wanted = dict.fromkeys(("Item", "Add", "Update", "DeleteObject", "Rename", "Restore"), True)
    told = server.post(f"{listed}/getChanges", {"query": {**wanted, "ChangeTokenStart": {"StringValue": start}}})
    add_, update, delete, rename, restore = 1, 2, 3, 4, 7
    assert [(one["ItemId"], one["ChangeType"]) for one in told["value"]] == [
        (1, add_), (2, add_), (2, update), (2, update), (2, rename), (1, delete), (2, delete),
        (1, restore), (2, restore),
    ]  # fmt: skip


def test_acknowledged_bytes_survive_a_kill(tmp_path: Path) -> None:
    """After kill -9 a file, its versions, an attachment and a half-sent upload are as they were acknowledged."""
    server = EmbeddedServer(tmp_path).start()
    try:
        server.post("web/lists", {"Title": "Kept", "BaseTemplate": 101})
        data = b"0123456789" * 150_000
        assert add(server, "/sites/mhrmb/Kept", "a.bin", data).ok
        path = file_at("/sites/mhrmb/Kept/a.bin")
        assert bytes_of(server, "POST", f"{path}/startUpload(uploadId=guid'{GUID}')", data).ok
        server.kill()
        server.start()
        assert bytes_of(server, "GET", f"{path}/$value").content == data
        ended = f"{path}/finishUpload(uploadId=guid'{GUID}',fileOffset={len(data)})"
        assert bytes_of(server, "POST", ended, b"!").ok
        server.kill()
        server.start()
        assert bytes_of(server, "GET", f"{path}/$value").content == data + b"!"
        assert bytes_of(server, "GET", f"{path}/versions(512)/$value").content == data
    finally:
        server.stop()


def test_names_are_not_in_what_the_server_says_of_itself(server: EmbeddedServer, library: str) -> None:
    """Request counts name the operation and the list, never a file or folder."""
    add(server, library, "Invented Person's report.pdf", b"x")
    server.get(f"{file_at(library + '/Invented Person' + chr(39) + 's report.pdf')}/ListItemAllFields")
    assert "Invented" not in str(server.requests_served())
