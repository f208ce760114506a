"""What pages that browse lists and libraries ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.conformance.row import PNPJS, Known, Refusal, Row, Scene
from tests.conformance.rows.libraries import ONE, attached, papers
from tests.conformance.rows.sources import FILES, LISTS, ODATA

SOME = ({"Title": "it's", "Score": 1}, {"Title": "b", "Score": 2}, {"Title": "c", "Score": 0})


def _two_lists(scene: Scene) -> Mapping[str, Any]:
    scene.server.list(f"{scene.list}b")
    return {"filter": f"Title eq '{scene.list}' or Title eq '{scene.list}b'"}


OF_LISTS = [
    Row("Lists in an order", "browse.lists", [{"Title": "{list}b"}, {"Title": "{list}"}], ODATA, prepare=_two_lists,
        told={"select": ["Title"], "orderby": "Title", "ascending": False}),
    Row("A list with its root folder", "browse.list",
        {"Title": "{list}", "RootFolder": {"ServerRelativeUrl": "/sites/mhrmb/Lists/{list}"}}, LISTS,
        told={"select": ["Title", "RootFolder/ServerRelativeUrl"], "expand": ["RootFolder"]}),
    Row("A list by its address", "browse.list_at", {"Title": "{list}"}, LISTS,
        prepare=lambda scene: {"address": f"/sites/mhrmb/Lists/{scene.list}"}, told={"select": ["Title"]}),
    Row("Columns in an order", "browse.fields", [{"InternalName": "Status"}, {"InternalName": "Key"}], ODATA,
        told={"select": ["InternalName"], "orderby": "Title", "ascending": False,
              "filter": "InternalName eq 'Key' or InternalName eq 'Status'"}),
    Row("The list of an item", "browse.item_list", {"Title": "{list}"}, LISTS, given=ONE,
        told={"id": 1, "select": ["Title"]}),
    Row("A filter built by PnPjs", "browse.built_filter", [2, 3], ODATA, given=SOME, told={"title": "c"}),
    Row("A filter built by PnPjs of a text with a quote", "browse.built_filter", [1, 2], ODATA, given=SOME,
        told={"title": "it's"},
        known={PNPJS: Known(Refusal(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"),
                            "does not double the quote")}),
    Row("A list made only if it is not there", "browse.ensure", [True, False], LISTS,
        prepare=lambda scene: {"title": f"{scene.list}n"}),
    Row("Items with their texts", "browse.items", [{"Id": 1, "FieldValuesAsText": {"Title": "a"}}], LISTS, given=ONE,
        told={"select": ["Id", "FieldValuesAsText/Title"], "expand": ["FieldValuesAsText"]}),
    Row("Items with their attachments", "browse.items", [{"Id": 1, "AttachmentFiles": [{"FileName": "note.txt"}]}],
        LISTS, given=ONE, prepare=attached,
        told={"select": ["Id", "AttachmentFiles/FileName"], "expand": ["AttachmentFiles"]}),
]  # fmt: skip


def _library(scene: Scene) -> Mapping[str, Any]:
    return {**papers(scene), "list": f"{scene.list}p"}


OF_LIBRARIES = [
    Row("A library's items with their file names", "browse.items",
        [{"Id": 2, "FileLeafRef": "minutes.txt", "FileRef": "/sites/mhrmb/{list}p/minutes.txt"}], FILES,
        prepare=_library, told={"select": ["Id", "FileLeafRef", "FileRef"], "filter": "FSObjType eq 0"}),
    Row("Files with their items", "browse.files", [{"Name": "minutes.txt", "ListItemAllFields": {"Id": 2}}], FILES,
        prepare=papers, told={"select": ["Name", "ListItemAllFields/Id"], "expand": ["ListItemAllFields"]}),
    Row("Files with who wrote them", "browse.files",
        [{"Name": "minutes.txt", "Author": {"Title": "SharePoint App"}}], FILES, prepare=papers,
        told={"select": ["Name", "Author/Title"], "expand": ["Author"]}),
    Row("A folder with what is in it", "browse.folder", {"files": ["minutes.txt"], "folders": ["2026"]}, FILES,
        prepare=papers),
]  # fmt: skip

ROWS = [*OF_LISTS, *OF_LIBRARIES]
