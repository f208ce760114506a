"""The site, its lists and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.conformance.row import Refusal, Row, Scene
from tests.conformance.rows.sources import FIELDS, LARGE, LISTS, REPORT

NO_LIST = Refusal(404, "-1, System.ArgumentException", "List 'Nowhere' does not exist at site with URL")


def _id(scene: Scene) -> Mapping[str, Any]:
    return {"id": scene.server.get(f"{scene.path}?$select=Id")["Id"]}


def _changed(scene: Scene) -> Mapping[str, Any]:
    """The list's ETag before a change of its settings: stale."""
    told = scene.server.get(scene.path, accept="application/json;odata=minimalmetadata")
    scene.server.merge(scene.path, {"Description": "first"})
    return {"etag": told["odata.etag"]}


def _awkward(scene: Scene) -> Mapping[str, Any]:
    title = f"{scene.list} o'Hara's 50% & co/1 #2"
    scene.server.post("web/lists", {"Title": title, "BaseTemplate": 100})
    return {"list": title}


def _beside(scene: Scene) -> Mapping[str, Any]:
    return {"title": f"{scene.list}x"}


SITE = [
    Row("Read the site", "web.read", {"Title": "MHRMB", "ServerRelativeUrl": "/sites/mhrmb"}, LISTS,
        told={"select": ["Title", "ServerRelativeUrl"]}),
    Row("Ask for a form digest", "context.info", {"FormDigestTimeoutSeconds": 1800, "WebFullUrl": "{site}"}, LISTS,
        told={"select": ["FormDigestTimeoutSeconds", "WebFullUrl"]}),
]  # fmt: skip

LISTS_THEMSELVES = [
    Row("Make a list", "lists.add",
        {"Title": "{list}x", "Description": "d", "BaseTemplate": 100, "ItemCount": 0,
         "ListItemEntityTypeFullName": "SP.Data.{list}xListItem"}, LISTS, prepare=_beside,
        told={"description": "d", "select": ["Title", "Description", "BaseTemplate", "ItemCount",
                                             "ListItemEntityTypeFullName"]}),
    Row("Make a list whose title is taken", "lists.add",
        Refusal(500, "-2130575342, Microsoft.SharePoint.SPException",
                "A list, survey, discussion board, or document library with the specified title already exists"),
        REPORT, prepare=lambda scene: {"title": scene.list}, told={"description": "", "select": ["Title"]}),
    Row("Read a list by title", "lists.read", {"Title": "{list}", "ItemCount": 1}, LISTS, given=({"Title": "a"},),
        told={"select": ["Title", "ItemCount"]}),
    Row("Read a list whose title is awkward", "lists.read", {"Title": "{list} o'Hara's 50% & co/1 #2"}, LISTS,
        prepare=_awkward, told={"select": ["Title"]}),
    Row("Read a list by id", "lists.by_id", {"Title": "{list}"}, LISTS, prepare=_id, told={"select": ["Title"]}),
    Row("Read a list's permissions flag", "lists.read", {"HasUniqueRoleAssignments": False}, LISTS,
        told={"select": ["HasUniqueRoleAssignments"]}),
    Row("Find a list by a filter", "lists.filter", [{"Title": "{list}"}], LISTS,
        prepare=lambda scene: {"filter": f"Title eq '{scene.list}'"}, told={"select": ["Title"]}),
    Row("Read a list that is not there", "lists.read", NO_LIST, REPORT, told={"list": "Nowhere", "select": ["Title"]}),
    Row("Change a list's settings", "lists.update", None, LISTS,
        told={"values": {"Description": "new", "EnableVersioning": False}, "etag": "*"},
        leaves=("?$select=Description,EnableVersioning", {"Description": "new", "EnableVersioning": False})),
    Row("Change a list's settings with a stale ETag", "lists.update",
        Refusal(412, "-1, Microsoft.SharePoint.Client.ClientServiceException", "The request ETag value"), LISTS,
        prepare=_changed, told={"values": {"Description": "second"}},
        leaves=("?$select=Description", {"Description": "first"})),
    Row("Delete a list", "lists.delete", None, LISTS, leaves=("", Refusal(404, "-1, System.ArgumentException"))),
]  # fmt: skip


def _made(kind: str, title: str, values: Mapping[str, Any], gives: Mapping[str, Any]) -> Row:
    return Row(f"Add a {kind} column", "fields.add", gives, FIELDS, columns={},
               told={"kind": kind, "title": title, "values": values, "select": list(gives)})  # fmt: skip


def _twenty(scene: Scene) -> Mapping[str, Any]:
    """Indexes until SharePoint has had enough; Title's own index and others that a list begins with count too."""
    for number in range(21):
        made = scene.server.post(f"{scene.path}/fields", {"Title": f"C{number}", "FieldTypeKind": 2})
        answer = scene.server.call(
            "POST", f"{scene.path}/fields(guid'{made['Id']}')", {"Indexed": True}, x_http_method="MERGE", if_match="*"
        )
        if number < 20:
            assert answer.ok, answer.text
    return {}


COLUMNS_OF_LISTS = [
    _made("text", "Ward", {}, {"InternalName": "Ward", "TypeAsString": "Text", "FieldTypeKind": 2, "MaxLength": 255}),
    _made("number", "Beds", {}, {"InternalName": "Beds", "TypeAsString": "Number", "FieldTypeKind": 9}),
    _made("boolean", "Closed", {}, {"InternalName": "Closed", "TypeAsString": "Boolean", "FieldTypeKind": 8}),
    _made("user", "Chair", {}, {"InternalName": "Chair", "TypeAsString": "User", "FieldTypeKind": 20}),
    _made("choice", "Colour", {"Choices": ["Red", "Amber"]},
          {"InternalName": "Colour", "TypeAsString": "Choice", "Choices": ["Red", "Amber"]}),
    Row("A column's internal name is encoded", "fields.add", {"InternalName": "Next_x0020_step", "Title": "Next step"},
        FIELDS, columns={}, told={"kind": "text", "title": "Next step", "values": {},
                                  "select": ["InternalName", "Title"]}),
    Row("Add a column whose name is taken", "fields.add",
        Refusal(500, "-2130575257, Microsoft.SharePoint.SPException", "A duplicate field name"), REPORT,
        told={"kind": "text", "title": "Status", "values": {}, "select": []}),
    Row("Add a column by its XML", "fields.xml",
        {"InternalName": "Ref", "Title": "Ref", "Indexed": True, "EnforceUniqueValues": True, "Required": True},
        FIELDS, columns={},
        told={"xml": '<Field Type="Text" Name="Ref" DisplayName="Ref" Required="TRUE" Indexed="TRUE" '
                     'EnforceUniqueValues="TRUE"/>',
              "select": ["InternalName", "Title", "Indexed", "EnforceUniqueValues", "Required"]}),
    Row("Add a column from XML that is none", "fields.xml", Refusal(400), REPORT, columns={},
        told={"xml": "<Field", "select": []}),
    Row("Read a column", "fields.read", {"InternalName": "Key", "Indexed": True, "EnforceUniqueValues": True}, FIELDS,
        told={"name": "Key", "select": ["InternalName", "Indexed", "EnforceUniqueValues"]}),
    Row("Find columns by a filter", "fields.filter",
        [{"InternalName": "Key"}, {"InternalName": "Open"}, {"InternalName": "Status"}], FIELDS,
        columns={name: {"FieldTypeKind": 2, "Indexed": True} for name in ("Key", "Open", "Status")},
        told={"filter": "Indexed eq true and Hidden eq false", "select": ["InternalName"]}),
    Row("Read a column that is not there", "fields.read",
        Refusal(400, "-2147024809, System.ArgumentException", "Column 'Nowhere' does not exist"), REPORT,
        told={"name": "Nowhere", "select": ["InternalName"]}),
    Row("Rename a column: the internal name stays", "fields.update", None, FIELDS,
        told={"name": "Score", "values": {"Title": "Points"}},
        leaves=("/fields/getByTitle('Points')?$select=InternalName,Title",
                {"InternalName": "Score", "Title": "Points"})),
    Row("Index a column", "fields.update", None, LARGE, told={"name": "Due", "values": {"Indexed": True}},
        leaves=("/fields/getByInternalNameOrTitle('Due')?$select=Indexed", {"Indexed": True})),
    Row("Make a column unique that is not indexed", "fields.update", Refusal(400), FIELDS,
        columns={"Loose": {"FieldTypeKind": 2}},
        told={"name": "Loose", "values": {"EnforceUniqueValues": True}}),
    Row("Make a column unique that holds duplicates", "fields.update", Refusal(400), FIELDS,
        given=({"Status": "same"}, {"Status": "Same"}),
        told={"name": "Status", "values": {"EnforceUniqueValues": True}}),
    Row("Index a column of several lines", "fields.update", Refusal(400), LARGE,
        told={"name": "Notes", "values": {"Indexed": True}}),
    Row("A twenty-first index", "fields.update", Refusal(400), LARGE, columns={}, prepare=_twenty,
        told={"name": "C20", "values": {"Indexed": True}}),
    Row("Delete a column", "fields.delete", None, FIELDS, told={"name": "Score"},
        leaves=("/fields/getByInternalNameOrTitle('Score')", Refusal(400, "-2147024809"))),
    Row("Delete a column that a list begins with", "fields.delete", Refusal(400), FIELDS, told={"name": "Title"}),
]  # fmt: skip

ROWS = [*SITE, *LISTS_THEMSELVES, *COLUMNS_OF_LISTS]
