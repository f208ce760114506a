"""Lookups and columns of several values, CAML, list pages as a stream, and form values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.conformance.row import OFFICE, Known, Refusal, Row, Scene
from tests.conformance.rows.sources import CAML, FIELDS, FORMS, LISTS, ODATA, REPORT, STREAM

VISITS: dict[str, dict[str, Any]] = {
    "Status": {"FieldTypeKind": 2, "Indexed": True},
    "Score": {"FieldTypeKind": 9},
    "Open": {"FieldTypeKind": 8},
    "Due": {"FieldTypeKind": 4},
    "WriteMark": {"FieldTypeKind": 2},
    "Tags": {"FieldTypeKind": 15, "Choices": ["red", "blue"]},
    "Team": {"FieldTypeKind": 20, "AllowMultipleValues": True},
}
ROWS_OF_VISITS = (
    {"Title": "one", "TownId": 1, "TownsId": [1, 2], "TeamId": [1], "Tags": ["red", "blue"], "Score": 1234.5,
     "Status": "Open", "Open": True, "Due": "2026-07-01T09:05:00Z"},
    {"Title": "two", "TownId": 2, "TownsId": [2], "Tags": ["blue"], "Score": 2, "Status": "Closed", "Open": False},
    {"Title": "none"},
)  # fmt: skip


def _towns(scene: Scene) -> Mapping[str, Any]:
    """A list of two towns."""
    towns = scene.server.list(f"{scene.list}t")
    for title in ("Ambridge", "Borchester"):
        scene.server.post(f"{towns}/items", {"Title": title})
    return {"target": scene.server.get(f"{towns}?$select=Id")["Id"]}


def _visits(scene: Scene) -> Mapping[str, Any]:
    """Three visits to two towns."""
    target = _towns(scene)["target"]
    for title, several in (("Town", ""), ("Towns", "Multi")):
        xml = f"<Field Type='Lookup{several}' DisplayName='{title}' List='{{{target}}}' ShowField='Title'/>"
        scene.server.post(f"{scene.path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    for row in ROWS_OF_VISITS:
        scene.server.post(f"{scene.path}/items", row)
    return {}


def _visit(name: str, operation: str, gives: object, source: str, told: Mapping[str, Any], **more: Any) -> Row:
    return Row(name, operation, gives, source, told=told, columns=VISITS, prepare=_visits, **more)


LOOKED_UP = [
    Row("Add a lookup column", "fields.add_lookup", {"InternalName": "Town", "TypeAsString": "Lookup"}, FIELDS,
        columns={}, prepare=_towns, told={"title": "Town", "select": ["InternalName", "TypeAsString"]}),
    Row("Add a column of several choices", "fields.add",
        {"InternalName": "Tags", "TypeAsString": "MultiChoice", "Choices": ["red", "blue"]}, FIELDS, columns={},
        told={"kind": "multichoice", "title": "Tags", "values": {"Choices": ["red", "blue"]},
              "select": ["InternalName", "TypeAsString", "Choices"]}),
    _visit("Read lookups by id", "items.read", {"TownId": 1, "TownsId": [1, 2], "TeamId": [1]}, LISTS,
           {"id": 1, "select": ["TownId", "TownsId", "TeamId"]}),
    _visit("Read several choices", "items.read", {"Tags": ["red", "blue"]}, LISTS, {"id": 1, "select": ["Tags"]}),
    _visit("Expand lookups and people", "items.read",
           {"Town": {"Title": "Ambridge"}, "Towns": [{"Title": "Ambridge"}, {"Title": "Borchester"}],
            "Team": [{"Title": "SharePoint App"}]}, ODATA,
           {"id": 1, "select": ["Town/Title", "Towns/Title", "Team/Title"], "expand": ["Town", "Towns", "Team"]}),
    _visit("Filter by what a lookup shows", "items.page", [{"Id": 2}], ODATA,
           {"filter": "Town/Title eq 'Borchester'", "select": ["Id"]}),
    _visit("Filter by a lookup's id", "items.page", [{"Id": 1}], ODATA, {"filter": "TownId eq 1", "select": ["Id"]}),
    _visit("Filter by one of several", "items.page", [{"Id": 1}, {"Id": 2}], ODATA,
           {"filter": "Tags eq 'blue'", "select": ["Id"]}),
    _visit("Change a lookup", "items.update", '"{guid},2"', LISTS, {"id": 3, "values": {"TownId": 2}, "etag": "*"},
           leaves=("/items(3)?$select=TownId", {"TownId": 2})),
]  # fmt: skip

WHERE = "<Where><Eq><FieldRef Name='Status'/><Value Type='Text'>Open</Value></Eq></Where>"
FIELDS_SHOWN = "<ViewFields><FieldRef Name='ID'/><FieldRef Name='Title'/></ViewFields>"
ORDERED = "<OrderBy><FieldRef Name='Score' Ascending='FALSE'/></OrderBy>"
BY_CAML = [
    _visit("CAML: filter", "caml.items", [{"Id": 1, "Title": "one"}], CAML,
           {"xml": f"<View><Query>{WHERE}</Query></View>", "select": ["Id", "Title"]}),
    _visit("CAML: order and row limit", "caml.items", [{"Id": 1}, {"Id": 2}], CAML,
           {"xml": f"<View><Query>{ORDERED}</Query><RowLimit>2</RowLimit></View>", "select": ["Id"]}),
    _visit("CAML: an unknown column", "caml.items", Refusal(500, "-2130575340"), REPORT,
           {"xml": f"<View><Query>{WHERE.replace('Status', 'Nowhere')}</Query></View>", "select": ["Id"]}),
    Row("CAML over 20,000 items: filter an unindexed column", "caml.items",
        Refusal(500, "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"), CAML, columns={},
        told={"list": "Big", "select": ["Id"],
              "xml": f"<View><Query>{WHERE.replace('Status', 'Loose')}</Query></View>"}),
]  # fmt: skip

NOTHING = {OFFICE: Known("", "makes an empty text of the stream")}
STREAMED = [
    _visit("A list page as a stream", "stream.rows",
           [{"ID": "1", "Title": "one"}, {"ID": "2", "Title": "two"}, {"ID": "3", "Title": "none"}], STREAM,
           {"xml": f"<View>{FIELDS_SHOWN}</View>", "select": ["ID", "Title"]}, known=NOTHING),
    _visit("A stream's values are words", "stream.rows", [{"Score": "1,234.5", "Open": "Yes", "Open.value": "1"}],
           STREAM, {"xml": f"<View><Query>{WHERE}</Query><ViewFields><FieldRef Name='Score'/><FieldRef Name='Open'/>"
                           "</ViewFields></View>", "select": ["Score", "Open", "Open.value"]}, known=NOTHING),
    _visit("A stream tells of its next page", "stream.next", True, STREAM,
           {"xml": f"<View>{FIELDS_SHOWN}<RowLimit Paged='TRUE'>2</RowLimit></View>"}, known=NOTHING),
]  # fmt: skip


def _words(**values: str) -> list[dict[str, str]]:
    return [{"FieldName": name, "FieldValue": value} for name, value in values.items()]


BY_FORM = [
    _visit("Change an item by form values", "forms.update",
           [{"FieldName": "Title", "HasException": False}, {"FieldName": "Score", "HasException": False}], FORMS,
           {"id": 2, "values": _words(Title="deux", Score="1,500"), "select": ["FieldName", "HasException"]},
           leaves=("/items(2)?$select=Title,Score", {"Title": "deux", "Score": 1500.0})),
    _visit("A form value that is none changes nothing", "forms.update",
           [{"FieldName": "Title", "HasException": False}, {"FieldName": "Score", "HasException": True}], FORMS,
           {"id": 2, "values": _words(Title="deux", Score="many"), "select": ["FieldName", "HasException"]},
           leaves=("/items(2)?$select=Title,Score", {"Title": "two", "Score": 2.0})),
    _visit("Add an item by form values", "forms.add",
           [{"FieldName": "Title", "HasException": False}, {"FieldName": "Id", "HasException": False}], FORMS,
           {"values": _words(Title="four"), "select": ["FieldName", "HasException"]},
           leaves=("/items(4)?$select=Title", {"Title": "four"})),
    _visit("Read an item's values as text", "items.texts", {"Title": "one", "Score": "1,234.5", "Town": "Ambridge"},
           LISTS, {"id": 1, "select": ["Title", "Score", "Town"]}),
]  # fmt: skip

ROWS = [*LOOKED_UP, *BY_CAML, *STREAMED, *BY_FORM]
