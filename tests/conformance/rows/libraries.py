"""Libraries: folders, files and their versions; the bins; attachments and permissions of items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tests.conformance.row import OFFICE, Known, Refusal, Row, Scene
from tests.conformance.rows.sources import BIN, FILES, LISTS, PEOPLE, REPORT, VERSIONS

AWKWARD = "it's 50% of #1 & more.txt"
NO_ITEM = Refusal(404, "-2130575338, System.ArgumentException", "Item does not exist.")
NO_FILE = Refusal(404, "-2130575338")
MEMBER = "member-token"


def _upload(scene: Scene, folder: str, name: str, content: str) -> None:
    there, named = (quote(text.replace("'", "''"), safe="") for text in (folder, name))
    address = f"web/getFolderByServerRelativePath(decodedUrl='{there}')/files/addUsingPath(decodedUrl='{named}',"
    scene.server.post(f"{address}overwrite=true)", content)


def _library(scene: Scene) -> Mapping[str, Any]:
    """An empty library."""
    scene.server.post("web/lists", {"Title": f"{scene.list}p", "BaseTemplate": 101})
    return {"folder": f"/sites/mhrmb/{scene.list}p"}


def papers(scene: Scene) -> Mapping[str, Any]:
    """A library with a folder `2026` and a file written twice; JSON strings, since that is what the harness posts."""
    told = _library(scene)
    scene.server.post(f"web/getFolderByServerRelativePath(decodedUrl='{told['folder']}')/folders/addUsingPath"
                      "(decodedUrl='2026')")  # fmt: skip
    for content in ("one", "two"):
        _upload(scene, told["folder"], "minutes.txt", content)
    return {**told, "name": "minutes.txt"}


def _filed(scene: Scene) -> Mapping[str, Any]:
    told = papers(scene)
    _upload(scene, f"{told['folder']}/2026", "minutes.txt", "in 2026")
    return told


def _awkward(scene: Scene) -> Mapping[str, Any]:
    told = _library(scene)
    _upload(scene, told["folder"], AWKWARD, "one")
    return {**told, "name": AWKWARD}


def _checked_out(scene: Scene) -> Mapping[str, Any]:
    told = papers(scene)
    scene.server.post(f"web/getFileByServerRelativePath(decodedUrl='{told['folder']}/{told['name']}')/checkout")
    return told


def _recycled(scene: Scene) -> Mapping[str, Any]:
    return {"entry": scene.server.post(f"{scene.path}/items(1)/recycle")["value"]}


def _in_library(scene: Scene) -> Mapping[str, Any]:
    return {**papers(scene), "list": f"{scene.list}p"}


FOLDERS = [
    Row("Make a folder", "folders.add", {"Name": "Board", "ServerRelativeUrl": "/sites/mhrmb/{list}p/Board"}, FILES,
        prepare=_library, told={"name": "Board", "select": ["Name", "ServerRelativeUrl"]}),
    Row("Read a folder", "folders.read", {"Name": "{list}p", "ItemCount": 2}, FILES, prepare=papers,
        told={"select": ["Name", "ItemCount"]}),
    Row("A library's root folder", "folders.root", {"ServerRelativeUrl": "/sites/mhrmb/{list}p"}, FILES,
        prepare=_in_library, told={"select": ["ServerRelativeUrl"]}),
    Row("The folders of a folder", "folders.all", [{"Name": "2026"}], FILES, prepare=papers,
        told={"filter": "Name ne 'Forms'", "select": ["Name"]}),
    Row("Move a folder", "folders.move", {"Name": "archive"}, FILES, prepare=papers,
        told={"name": "2026", "to": "archive", "select": ["Name"]}),
    Row("Copy a folder with what is in it", "folders.copy", ["minutes.txt"], FILES, prepare=_filed,
        told={"name": "2026", "to": "copy"}),
    Row("Delete a folder", "folders.delete", None, FILES,
        prepare=lambda scene: {"folder": f"{papers(scene)['folder']}/2026"}),
]  # fmt: skip

FILES_THEMSELVES = [
    Row("Make a file", "files.add",
        {"Name": "plain.txt", "UIVersionLabel": "1.0", "ServerRelativeUrl": "/sites/mhrmb/{list}p/plain.txt"}, FILES,
        prepare=_library,
        told={"name": "plain.txt", "content": "hello", "select": ["Name", "UIVersionLabel", "ServerRelativeUrl"]}),
    Row("Make a file whose name is taken", "files.add", Refusal(400, "-2130575257"), REPORT, prepare=papers,
        told={"content": "x", "select": ["Name"]}),
    Row("Make a file over another", "files.add", {"Name": "minutes.txt", "UIVersionLabel": "3.0"}, FILES,
        prepare=papers, told={"content": "x", "overwrite": True, "select": ["Name", "UIVersionLabel"]}),
    Row("Make a file with a character SharePoint refuses", "files.add", Refusal(400), REPORT, prepare=_library,
        told={"name": "a|b.txt", "content": "x", "select": ["Name"]}),
    Row("Make a file in pieces", "files.add_in_pieces", {"size": 10_000, "same": True}, FILES, prepare=_library,
        told={"name": "big.bin", "size": 10_000, "piece": 3000}),
    Row("The files of a folder", "files.all", [{"Name": "minutes.txt"}], FILES, prepare=papers,
        told={"select": ["Name"]}),
    Row("Read a file's properties", "files.read", {"Name": AWKWARD, "Exists": True}, FILES, prepare=_awkward,
        told={"select": ["Name", "Exists"]}),
    Row("Read a file", "files.text", '"one"', FILES, prepare=_awkward),
    Row("Read a file that is not there", "files.read", NO_FILE, REPORT, prepare=_library,
        told={"name": "no.txt", "select": ["Name"]}),
    Row("Write a file anew", "files.replace", "new", FILES, prepare=papers, told={"content": "new"}),
    Row("A file's item", "files.item", {"Id": 2, "Title": None}, FILES, prepare=papers,
        told={"select": ["Id", "Title"]}),
    Row("Rename a file", "files.rename", '"two"', FILES, prepare=papers, told={"to": "agreed.txt"}),
    Row("Move a file", "files.move", '"two"', FILES, prepare=papers, told={"to": "2026/agreed.txt"}),
    Row("Copy a file", "files.copy", '"two"', FILES, prepare=papers, told={"to": "2026/copy.txt"}),
    Row("Copy a file over another without leave", "files.copy", Refusal(400, "-2130575257"), FILES, prepare=papers,
        told={"to": "minutes.txt"}),
    Row("Check a file out", "files.check_out", 0, FILES, prepare=papers),
    Row("Check a file in", "files.check_in", 2, FILES, prepare=_checked_out),
    Row("Delete a file", "files.delete", None, FILES, prepare=papers),
    Row("A file's earlier versions", "files.versions", [{"VersionLabel": "1.0", "ID": 512}], VERSIONS, prepare=papers,
        told={"select": ["VersionLabel", "ID"]}),
    Row("Restore a file's version", "files.restore_version", '"one"', VERSIONS, prepare=papers, told={"label": "1.0"}),
    Row("Delete a file's version", "files.delete_version", [], VERSIONS, prepare=papers,
        told={"version": 512, "select": ["VersionLabel"]}),
]  # fmt: skip

BINS = [
    Row("Recycle a file: the answer names the bin's entry", "bin.recycle_file", {"LeafName": "minutes.txt"}, BIN,
        prepare=papers, told={"select": ["LeafName"]}),
    Row("Restore from the bin", "bin.restore", None, BIN, given=({"Title": "a"},), prepare=_recycled,
        leaves=("/items(1)?$select=Title", {"Title": "a"})),
    Row("Delete from the bin", "bin.delete", False, BIN, given=({"Title": "a"},), prepare=_recycled,
        known={OFFICE: Known(Refusal(405), "sends DELETE, and an entry of the bin is deleted by its deleteObject()")}),
    Row("Move to the second stage", "bin.second_stage", {"Title": "a", "ItemState": 2}, BIN, given=({"Title": "a"},),
        prepare=_recycled, told={"select": ["Title", "ItemState"]}),
]  # fmt: skip


def attached(scene: Scene) -> Mapping[str, Any]:
    scene.server.post(f"{scene.path}/items(1)/AttachmentFiles/add(FileName='note.txt')", "hello")
    return {}


def _versions(scene: Scene) -> Mapping[str, Any]:
    for title in ("second", "third"):
        scene.server.merge(f"{scene.path}/items(1)", {"Title": title})
    return {}


def _item_closed(scene: Scene) -> Mapping[str, Any]:
    scene.server.post(f"{scene.path}/items(1)/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    return {"principal": 3, "role": 1073741826}


ONE = ({"Title": "a"},)
PLAIN = {"Status": {"FieldTypeKind": 2}}
OF_ITEMS = [
    Row("Attach a file", "attachments.add", {"FileName": "note.txt"}, LISTS, given=ONE,
        told={"id": 1, "name": "note.txt", "content": "hello", "select": ["FileName"]}),
    Row("An item's attachments", "attachments.all", [{"FileName": "note.txt"}], LISTS, given=ONE, prepare=attached,
        told={"id": 1, "select": ["FileName"]}),
    Row("Read an attachment", "attachments.text", '"hello"', LISTS, given=ONE, prepare=attached,
        told={"id": 1, "name": "note.txt"}),
    Row("Delete an attachment", "attachments.delete", None, LISTS, given=ONE, prepare=attached,
        told={"id": 1, "name": "note.txt"}, leaves=("/items(1)/AttachmentFiles", {"value": []})),
    Row("Delete an item's version", "items.delete_version", ["3.0", "2.0"], VERSIONS, given=ONE, prepare=_versions,
        told={"id": 1, "version": 512}),
    Row("Break an item's inheritance, copying", "items.break", 4, PEOPLE, given=ONE, columns=PLAIN,
        told={"id": 1, "copy": True}),
    Row("Give a role on an item", "items.assign", [1, 3], PEOPLE, given=ONE, columns=PLAIN, prepare=_item_closed,
        told={"id": 1}),
    Row("Read an item one may not read", "items.read", NO_ITEM, PEOPLE, given=ONE, columns=PLAIN,
        prepare=_item_closed, token=MEMBER, told={"id": 1, "select": ["Title"]}),
    Row("What a member may do with a list", "rights.of_list",
        {"ViewListItems": True, "AddListItems": True, "ManageLists": True, "ManagePermissions": False}, PEOPLE,
        token=MEMBER),
    Row("A member's groups", "people.groups", [{"Title": "MHRMB Members"}], PEOPLE, token=MEMBER,
        told={"select": ["Title"]}),
    Row("Find users by a filter", "people.filter", [{"Title": "Member Person"}], PEOPLE,
        told={"filter": "Title eq 'Member Person'", "select": ["Title"]}),
]  # fmt: skip

ROWS = [*FOLDERS, *FILES_THEMSELVES, *BINS, *OF_ITEMS]
