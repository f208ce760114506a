"""Views of a list, and the settings of columns that people see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.conformance.row import Refusal, Row, Scene
from tests.conformance.rows.sources import FIELDS, REPORT, VIEWS

OPEN = '<Where><Eq><FieldRef Name="Open" /><Value Type="Boolean">1</Value></Eq></Where>'
FORMATTER = '{"elmType":"div","txtContent":"@currentField"}'
ALL = "All Items"


def _ours(scene: Scene) -> Mapping[str, Any]:
    """A view `Ours` of two columns."""
    made = scene.server.post(f"{scene.path}/views", {"Title": "Ours", "PersonalView": False})
    view = f"{scene.path}/views('{made['Id']}')"
    scene.server.post(f"{view}/viewfields/removeallviewfields")
    for name in ("Status", "Due"):
        scene.server.post(f"{view}/viewfields/addviewfield('{name}')")
    return {"title": "Ours"}


def _first(scene: Scene) -> Mapping[str, Any]:
    return {"id": scene.server.get(f"{scene.path}/defaultview?$select=Id")["Id"]}


VIEWS_THEMSELVES = [
    Row("A new list's views", "views.all", [{"Title": ALL, "DefaultView": True, "RowLimit": 30}], VIEWS,
        told={"select": ["Title", "DefaultView", "RowLimit"]}),
    Row("A list's default view", "views.default", {"Title": ALL}, VIEWS, told={"select": ["Title"]}),
    Row("A view by its id", "views.by_id", {"Title": ALL}, VIEWS, prepare=_first, told={"select": ["Title"]}),
    Row("Make a view", "views.add",
        {"Title": "Open ones", "ViewQuery": OPEN, "RowLimit": 50, "Paged": True, "DefaultView": False}, VIEWS,
        told={"title": "Open ones", "values": {"ViewQuery": OPEN, "RowLimit": 50, "Paged": True},
              "select": ["Title", "ViewQuery", "RowLimit", "Paged", "DefaultView"]}),
    Row("The columns a view shows", "views.fields", ["Status", "Due"], VIEWS, prepare=_ours),
    Row("Show one more column", "views.add_field", ["Status", "Due", "Owner"], VIEWS, prepare=_ours,
        told={"field": "Owner"}),
    Row("Show one column fewer", "views.remove_field", ["Due"], VIEWS, prepare=_ours, told={"field": "Status"}),
    Row("Show a column first", "views.move_field", ["Due", "Status"], VIEWS, prepare=_ours,
        told={"field": "Due", "index": 0}),
    Row("Show no column", "views.remove_all_fields", [], VIEWS, prepare=_ours),
    Row("Show a column that is not there", "views.add_field", Refusal(400, "-2147024809"), REPORT, prepare=_ours,
        told={"field": "Nowhere"}),
    Row("Change a view and make it the default", "views.update", None, VIEWS, prepare=_ours,
        told={"values": {"ViewQuery": OPEN, "RowLimit": 75, "DefaultView": True, "CustomFormatter": FORMATTER}},
        leaves=("/defaultview?$select=Title,ViewQuery,RowLimit,CustomFormatter",
                {"Title": "Ours", "ViewQuery": OPEN, "RowLimit": 75, "CustomFormatter": FORMATTER})),
    Row("Set a view by its XML", "views.set_xml", None, VIEWS, prepare=_ours,
        told={"xml": f"<View><Query>{OPEN}</Query><ViewFields><FieldRef Name=\"Key\" /></ViewFields>"
                     "<RowLimit>20</RowLimit></View>"},
        leaves=("/views/getByTitle('Ours')?$select=RowLimit,ViewQuery", {"RowLimit": 20, "ViewQuery": OPEN})),
    Row("Delete a view", "views.delete", None, VIEWS, prepare=_ours,
        leaves=("/views?$select=Title", {"value": [{"Title": ALL}]})),
    Row("Read a view that is not there", "views.read", Refusal(404), REPORT, told={"title": "No", "select": ["Title"]}),
]  # fmt: skip

COLUMNS_SHOWN = [
    Row("Add a note column", "fields.add", {"InternalName": "Story", "TypeAsString": "Note", "FieldTypeKind": 3},
        FIELDS, columns={}, told={"kind": "note", "title": "Story", "values": {},
                                  "select": ["InternalName", "TypeAsString", "FieldTypeKind"]}),
    Row("Add a date column", "fields.add", {"InternalName": "Met", "TypeAsString": "DateTime", "FieldTypeKind": 4},
        FIELDS, columns={}, told={"kind": "date", "title": "Met", "values": {},
                                  "select": ["InternalName", "TypeAsString", "FieldTypeKind"]}),
    Row("Format a column", "fields.update", None, FIELDS,
        told={"name": "Due", "values": {"CustomFormatter": FORMATTER, "Description": "When", "Required": True}},
        leaves=("/fields/getByInternalNameOrTitle('Due')?$select=CustomFormatter,Description,Required",
                {"CustomFormatter": FORMATTER, "Description": "When", "Required": True})),
    Row("Format a column with what is no JSON", "fields.update", Refusal(400), REPORT,
        told={"name": "Due", "values": {"CustomFormatter": "{"}}),
    Row("Hide a column in the forms", "fields.hide_in_forms", 3, FIELDS, told={"name": "Due"}),
]  # fmt: skip

ROWS = [*VIEWS_THEMSELVES, *COLUMNS_SHOWN]
