"""Items one by one: written, read, refused, and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.conformance.row import Refusal, Row, Scene
from tests.conformance.rows.sources import LIMITS, LISTS, REPORT, STALE, UNIQUE, VERSIONS

NO_LIST = Refusal(404, "-1, System.ArgumentException", "List 'Nowhere' does not exist at site with URL")
NO_ITEM = Refusal(404, "-2130575338, System.ArgumentException", "Item does not exist.")
DUPLICATE = Refusal(
    400, "-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException",
    "The list item could not be added or updated because duplicate values were found in the following field(s) in the "
    "list: [Key].")  # fmt: skip
TOO_OLD = Refusal(412, "-1, Microsoft.SharePoint.Client.ClientServiceException", "The request ETag value")
UNREADABLE = Refusal(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException")

AWKWARD = "it's 100% & #1 + a/b \\ “é” \N{SNOWMAN}"
FULL: dict[str, Any] = {
    "Title": AWKWARD, "Status": "New", "Key": "k1", "Open": True, "Score": 2.5, "Due": "2026-07-01T09:00:00Z",
    "Notes": "one\ntwo",
}  # fmt: skip
ONE = ({"Title": "first", "Key": "taken"},)
TWO = (*ONE, {"Title": "second", "Key": "other"})


def _stale(scene: Scene) -> Mapping[str, Any]:
    """The ETag of item 1 as it was before somebody else changed it."""
    etag = scene.etag()
    scene.server.merge(f"{scene.path}/items(1)", {"Title": "theirs"})
    return {"etag": etag}


def _fresh(scene: Scene) -> Mapping[str, Any]:
    return {"etag": scene.etag()}


def _gone(scene: Scene) -> Mapping[str, Any]:
    scene.server.delete(f"{scene.path}/items(2)")
    return {}


def _thrice(scene: Scene) -> Mapping[str, Any]:
    for title in ("second", "third"):
        scene.server.merge(f"{scene.path}/items(1)", {"Title": title})
    return {}


def _refused(name: str, values: Mapping[str, Any], gives: Refusal, source: str, **more: Any) -> Row:
    """An addition that is refused leaves nothing behind."""
    return Row(name, "items.add", gives, source, told={"values": values, "select": ["Id"]},
               leaves=more.pop("leaves", ("/ItemCount", {"value": len(more.get("given", ()))})), **more)  # fmt: skip


WRITTEN = [
    Row("Add an item", "items.add", {"Id": 1, **FULL}, LISTS, told={"values": FULL, "select": ["Id", *FULL]}),
    Row("An added item has an ETag of version 1", "items.add_etag", '"{guid},1"', LISTS,
        told={"values": {"Title": "a"}}),
    Row("A text of 255 characters", "items.add", {"Title": "x" * 255}, LIMITS,
        told={"values": {"Title": "x" * 255}, "select": ["Title"]}),
    _refused("A text of 256 characters", {"Title": "x" * 256},
             Refusal(500, "-2130575336, Microsoft.SharePoint.SPException", "Invalid text value."), REPORT),
    _refused("An unknown column in a new item", {"Nowhere": "x"},
             Refusal(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
                     "The property 'Nowhere' does not exist on type 'SP.Data."), REPORT),
    _refused("A text where a number belongs", {"Score": "many"}, UNREADABLE, REPORT),
    _refused("A date that is none", {"Due": "soon"}, UNREADABLE, REPORT),
    _refused("A value that a unique column holds, in other case", {"Key": "TAKEN"}, DUPLICATE, UNIQUE, given=ONE),
    Row("A unique column takes blanks again and again", "items.add", {"Id": 2}, UNIQUE, given=({"Title": "a"},),
        told={"values": {"Title": "b"}, "select": ["Id"]}),
    Row("Add an item to a list that is not there", "items.add", NO_LIST, REPORT,
        told={"list": "Nowhere", "values": {"Title": "x"}, "select": ["Id"]}),
    Row("Ids are never given twice", "items.add", {"Id": 3}, LISTS, given=TWO, prepare=_gone,
        told={"values": {"Title": "c"}, "select": ["Id"]}),
    Row("A date with an offset is kept in UTC, to the second", "items.add", {"Due": "2026-07-01T08:00:00Z"}, LISTS,
        told={"values": {"Due": "2026-07-01T09:00:00.789+01:00"}, "select": ["Due"]}),
    Row("A blank date", "items.add", {"Due": None}, LISTS, told={"values": {"Due": None}, "select": ["Due"]}),
]  # fmt: skip

READ = [
    Row("Read an item", "items.read", {"Id": 1, "Title": "first", "Key": "taken"}, LISTS, given=ONE,
        told={"id": 1, "select": ["Id", "Title", "Key"]}),
    Row("Read an item's ETag", "items.read_etag", '"{guid},1"', LISTS, given=ONE, told={"id": 1}),
    Row("Read an item with its author", "items.read", {"Id": 1, "Author": {"Title": "SharePoint App"}}, LISTS,
        given=ONE, told={"id": 1, "select": ["Id", "Author/Title"], "expand": ["Author"]}),
    Row("Read an item that is not there", "items.read", NO_ITEM, REPORT, given=ONE,
        told={"id": 99, "select": ["Id"]}),
    Row("Read an item of a list that is not there", "items.read", NO_LIST, REPORT,
        told={"list": "Nowhere", "id": 1, "select": ["Id"]}),
    Row("Select an unknown column of an item", "items.read",
        Refusal(400, "-1, Microsoft.SharePoint.SPException", "The field or property 'Nowhere' does not exist."),
        REPORT, given=ONE, told={"id": 1, "select": ["Nowhere"]}),
]  # fmt: skip

CHANGED = [
    Row("Change an item at its ETag", "items.update", '"{guid},2"', LISTS, given=ONE, prepare=_fresh,
        told={"id": 1, "values": {"Title": AWKWARD}},
        leaves=("/items(1)?$select=Title,Key", {"Title": AWKWARD, "Key": "taken"})),
    Row("Change an item whatever its ETag", "items.update", '"{guid},2"', LISTS, given=ONE,
        told={"id": 1, "values": {"Title": "mine"}, "etag": "*"},
        leaves=("/items(1)?$select=Title", {"Title": "mine"})),
    Row("Change an item at a stale ETag", "items.update", TOO_OLD, STALE, given=ONE, prepare=_stale,
        told={"id": 1, "values": {"Title": "mine"}}, leaves=("/items(1)?$select=Title", {"Title": "theirs"})),
    Row("Change an item to a value that a unique column holds", "items.update", DUPLICATE, UNIQUE, given=TWO,
        told={"id": 2, "values": {"Key": "Taken"}, "etag": "*"}, leaves=("/items(2)?$select=Key", {"Key": "other"})),
    Row("Change an item that is not there", "items.update", NO_ITEM, REPORT, given=ONE,
        told={"id": 99, "values": {"Title": "x"}, "etag": "*"}),
    Row("Change an unknown column", "items.update",
        Refusal(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
                "The property 'Nowhere' does not exist on type 'SP.Data."), REPORT, given=ONE,
        told={"id": 1, "values": {"Nowhere": "x"}, "etag": "*"}),
    Row("Empty a column", "items.update", '"{guid},2"', LISTS, given=ONE,
        told={"id": 1, "values": {"Key": None}, "etag": "*"}, leaves=("/items(1)?$select=Key", {"Key": None})),
    Row("Delete an item at its ETag", "items.delete", None, LISTS, given=ONE, prepare=_fresh, told={"id": 1},
        leaves=("/items(1)", NO_ITEM)),
    Row("Delete an item at a stale ETag", "items.delete", TOO_OLD, STALE, given=ONE, prepare=_stale, told={"id": 1},
        leaves=("/items(1)?$select=Title", {"Title": "theirs"})),
    Row("Delete an item that is not there", "items.delete", NO_ITEM, REPORT, told={"id": 1, "etag": "*"}),
    Row("Recycle an item", "items.recycle", "{guid}", LISTS, given=ONE, told={"id": 1}, leaves=("/items(1)", NO_ITEM)),
]  # fmt: skip

_VERSION = ["VersionLabel", "VersionId", "IsCurrentVersion", "Title"]
KEPT = [
    Row("Read an item's versions, newest first", "items.versions",
        [{"VersionLabel": "3.0", "VersionId": 1536, "IsCurrentVersion": True, "Title": "third"},
         {"VersionLabel": "2.0", "VersionId": 1024, "IsCurrentVersion": False, "Title": "second"},
         {"VersionLabel": "1.0", "VersionId": 512, "IsCurrentVersion": False, "Title": "first"}], VERSIONS,
        given=ONE, prepare=_thrice, told={"id": 1, "select": _VERSION}),
    Row("Read one version of an item", "items.version", {"VersionLabel": "2.0", "Title": "second"}, VERSIONS,
        given=ONE, prepare=_thrice, told={"id": 1, "version": 1024, "select": ["VersionLabel", "Title"]}),
]  # fmt: skip

ROWS = [*WRITTEN, *READ, *CHANGED, *KEPT]
