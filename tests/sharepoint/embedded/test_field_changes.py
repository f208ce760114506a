"""Columns changed after they are there: their properties, their XML, the forms they are on, and what is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
STAGE = '<Field Type="Choice" Name="Stage" DisplayName="Stage"><CHOICES><CHOICE>New</CHOICE></CHOICES></Field>'
BODY = json.dumps({"elmType": "div", "txtContent": "@currentField"})


def field(path: str, name: str) -> str:
    return f"{path}/fields/getByInternalNameOrTitle('{name}')"


def made(server: EmbeddedServer, path: str, xml: str) -> str:
    """A column from its XML; answers its path."""
    made = server.post(f"{path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml, "Options": 8}})
    return field(path, made["InternalName"])


def attributes(server: EmbeddedServer, column: str) -> dict[str, str]:
    """What the column's SchemaXml says of it."""
    return dict(ET.fromstring(server.get(f"{column}/SchemaXml")["value"]).attrib)


def test_what_a_column_may_be_set_to(server: EmbeddedServer, new_list: NewList) -> None:
    """The properties of SP.Field, in either dialect, one at a time; the others stay."""
    status = field(new_list(), "Status")
    changes: dict[str, Any] = {
        "Title": "The status", "Description": "Where it stands", "Required": True, "DefaultValue": "New",
        "CustomFormatter": BODY, "Indexed": False, "ReadOnlyField": True,
    }  # fmt: skip
    for name, value in changes.items():
        verbose = {"__metadata": {"type": "SP.Field"}, name: value}
        server.merge(status.replace("Status", "Status"), verbose, content_type="application/json;odata=verbose")
    shown = server.get(status)
    assert {name: shown[name] for name in changes} == changes
    assert attributes(server, status).items() >= {"CustomFormatter": BODY, "ReadOnly": "TRUE"}.items()
    server.merge(status, {"CustomFormatter": "", "ReadOnlyField": False})
    assert server.get(status)["CustomFormatter"] is None


def test_a_read_only_column_keeps_its_value(server: EmbeddedServer, new_list: NewList) -> None:
    """Writes of it are passed over, as in SharePoint, so a column that a program fills must not be read-only."""
    path = new_list({"Status": "a"})
    server.merge(field(path, "Status"), {"ReadOnlyField": True})
    server.merge(f"{path}/items(1)", {"Status": "b"})
    assert server.get(f"{path}/items(1)")["Status"] == "a"


def test_choices_take_the_columns_own_type(server: EmbeddedServer, new_list: NewList) -> None:
    """Choices are a property of SP.FieldChoice: the body names that type, in either dialect."""
    stage = made(server, new_list(), STAGE)
    server.merge(stage, {"odata.type": "SP.FieldChoice", "Choices": ["New", "Old"]})
    assert server.get(stage)["Choices"] == ["New", "Old"]
    verbose = {"__metadata": {"type": "SP.FieldChoice"}, "Choices": {"results": ["One"]}, "FillInChoice": False}
    server.merge(stage, verbose, content_type="application/json;odata=verbose")
    assert server.get(stage)["Choices"] == ["One"]


@pytest.mark.parametrize("form", ["New", "Edit", "Display"])
def test_forms(server: EmbeddedServer, new_list: NewList, form: str) -> None:
    """A column is taken off a form and put on it again; its XML tells, and views show it as before."""
    status = field(new_list(), "Status")
    assert f"ShowIn{form}Form" not in attributes(server, status)
    for said in ("false", "true"):
        server.post(f"{status}/setShowIn{form}Form({said})")
        assert attributes(server, status)[f"ShowIn{form}Form"] == said.upper()
    server.post(f"{status}/setshowin{form.lower()}form(value=false)")
    assert attributes(server, status)[f"ShowIn{form}Form"] == "FALSE"
    assert server.get(status)["Hidden"] is False


def test_xml_replaces_what_the_column_was(server: EmbeddedServer, new_list: NewList) -> None:
    """A new SchemaXml sets what it says and takes back what it leaves out; values and identity stay."""
    path = new_list()
    xml = STAGE.replace("<Field ", '<Field Required="TRUE" Indexed="TRUE" Description="d" ShowInEditForm="FALSE" ')
    stage = made(server, path, xml)
    guid = server.get(stage)["Id"]
    server.post(f"{path}/items", {"Stage": "New"})
    assert attributes(server, stage).items() >= {"Description": "d", "ShowInEditForm": "FALSE"}.items()
    server.merge(stage, {"SchemaXml": STAGE.replace('DisplayName="Stage"', 'DisplayName="Step" Hidden="TRUE"')})
    shown = server.get(f"{path}/fields('{guid}')")
    expected = {"Title": "Step", "Required": False, "Indexed": False, "Description": "", "Hidden": True}
    assert {name: shown[name] for name in expected} == expected
    assert server.get(f"{path}/items(1)?$select=Stage") == {"Stage": "New"}


def test_text_becomes_choice_and_back(server: EmbeddedServer, new_list: NewList) -> None:
    """SharePoint turns a text column into a choice without losing what it holds (doc: ConvertToField)."""
    path = new_list({"Status": "Odd"})
    status = field(path, "Status")
    server.merge(status, {"SchemaXml": STAGE.replace("Stage", "Status")})
    shown = server.get(status)
    assert (shown["TypeAsString"], shown["FieldTypeKind"], shown["Choices"]) == ("Choice", 6, ["New"])
    assert server.get(f"{path}/items?$filter=Status eq 'odd'")["value"][0]["Status"] == "Odd"
    server.merge(status, {"SchemaXml": '<Field Type="Text" Name="Status" DisplayName="Status" />'})
    assert server.get(status)["TypeAsString"] == "Text"


REFUSED: list[tuple[str, dict[str, Any], int]] = [
    ("Status", {"Title": ""}, 400),
    ("Status", {"Title": "t" * 256}, 400),
    ("Status", {"Choices": ["a"]}, 400),
    ("Status", {"MaxLength": 10}, 400),
    ("Status", {"odata.type": "SP.FieldChoice", "Choices": ["a"]}, 400),
    ("Status", {"CustomFormatter": "{"}, 400),
    ("Status", {"CustomFormatter": "3"}, 400),
    ("Status", {"Hidden": True}, 400),
    ("Status", {"ShowInEditForm": False}, 400),
    ("Status", {"Indexed": "TRUE"}, 400),
    ("Status", {"EnforceUniqueValues": True}, 400),
    ("Status", {"InternalName": "Other"}, 400),
    ("Score", {"EnforceUniqueValues": True, "Indexed": False}, 400),
    ("Key", {"Indexed": False}, 400),
    ("Notes", {"Indexed": True}, 400),
    ("Due", {"DefaultValue": "some day"}, 400),
    ("Status", {"SchemaXml": '<Field Type="Boolean" Name="Status" DisplayName="Status" />'}, 400),
    ("Status", {"SchemaXml": '<Field Type="User" Name="Status" DisplayName="Status" />'}, 400),
    ("Owner", {"SchemaXml": '<Field Type="Text" Name="Owner" DisplayName="Owner" />'}, 400),
    ("Status", {"SchemaXml": '<Field Type="Number" Name="Status" DisplayName="Status" />'}, 501),
    ("Status", {"SchemaXml": '<Field Type="Text" Name="Standing" DisplayName="Standing" />'}, 400),
    ("Status", {"SchemaXml": "<Field"}, 400),
    ("Status", {"SchemaXml": 3}, 400),
    ("Title", {"ReadOnlyField": True}, 501),
    ("Nowhere", {"Title": "t"}, 404),
]


@pytest.mark.parametrize(("name", "body", "status"), REFUSED, ids=range(len(REFUSED)))
def test_refused(server: EmbeddedServer, new_list: NewList, name: str, body: dict[str, Any], status: int) -> None:
    """What SharePoint refuses is refused, and leaves every column as it was."""
    path = new_list({"Status": "a", "Key": "1"}, {"Status": "A", "Key": "2"})
    before = server.get(f"{path}/fields")
    response = server.call("POST", field(path, name), body, x_http_method="MERGE", if_match="*")
    assert response.status_code == status, response.text
    assert server.get(f"{path}/fields") == before


@pytest.mark.parametrize("said", ["", "(maybe)", "(1)"])
def test_a_form_is_shown_or_not(server: EmbeddedServer, new_list: NewList, said: str) -> None:
    """Anything but true or false is refused."""
    status = field(new_list(), "Status")
    assert server.call("POST", f"{status}/setShowInNewForm{said}").status_code == 400
    assert server.call("GET", f"{status}/setShowInNewForm(true)").status_code == 405


def test_hiding_takes_a_mark_in_the_xml(server: EmbeddedServer, new_list: NewList) -> None:
    """A column made with CanToggleHidden may be hidden and shown; without it, and in POST fields, it is refused."""
    path = new_list()
    stage = made(server, path, STAGE.replace("<Field ", '<Field CanToggleHidden="TRUE" '))
    for hidden in (True, False):
        server.merge(stage, {"Hidden": hidden})
        assert server.get(stage)["Hidden"] is hidden
    refused = server.call("POST", f"{path}/fields", {"Title": "New", "FieldTypeKind": 2, "Hidden": True})
    assert refused.status_code == 400


def test_unique_and_indexed_as_the_rows_allow(server: EmbeddedServer, new_list: NewList) -> None:
    """Unique only once nothing repeats (case apart) and only with an index; blanks may repeat."""
    path = new_list({"Status": "a"}, {"Status": "A"}, {}, {})
    status = field(path, "Status")
    assert server.call("MERGE", status, {"EnforceUniqueValues": True}, if_match="*").status_code == 400
    server.merge(f"{path}/items(2)", {"Status": "b"})
    server.merge(status, {"EnforceUniqueValues": True})
    assert server.call("POST", f"{path}/items", {"Status": "B"}).status_code == 400
    assert server.call("MERGE", status, {"Indexed": False}, if_match="*").status_code == 400
    server.merge(status, {"EnforceUniqueValues": False, "Indexed": False})
    assert server.get(status)["Indexed"] is False


def test_changes_tell_of_columns(server: EmbeddedServer, new_list: NewList) -> None:
    """getChanges tells an update for a property and for a form when Field is asked for."""
    path = new_list()
    token = server.get(f"{path}?$select=CurrentChangeToken")["CurrentChangeToken"]["StringValue"]
    status = field(path, "Status")
    server.merge(status, {"Description": "d"})
    server.post(f"{status}/setShowInNewForm(false)")
    query = {"Update": True, "Field": True, "ChangeTokenStart": {"StringValue": token}}
    told = server.post(f"{path}/getChanges", {"query": query})["value"]
    assert [(one["ChangeType"], one["FieldId"]) for one in told] == [(2, server.get(status)["Id"])] * 2


def test_only_who_shapes_the_list_changes_columns(server: EmbeddedServer, new_list: NewList) -> None:
    """A reader is refused, by MERGE and by form."""
    path = new_list()
    members = server.get("web/associatedmembergroup")["Id"]
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    server.post(f"{path}/roleassignments/addroleassignment(principalid={members},roledefid=1073741826)")
    status = field(path, "Status")
    merge = {"x_http_method": "MERGE", "if_match": "*", "token": "member-token"}
    assert server.call("POST", status, {"Description": "d"}, **merge).status_code == 403
    assert server.call("POST", f"{status}/setShowInNewForm(false)", token="member-token").status_code == 403


@pytest.mark.parametrize(("rows", "status"), [(20_000, 204), (20_001, 500)])
def test_no_index_is_added_to_a_very_large_list(tmp_path: Path, rows: int, status: int) -> None:
    """Up to 20,000 items an index can be added; above, it is the threshold's refusal (doc). Other changes go on."""
    with EmbeddedServer(tmp_path) as server:
        path = server.list("Large", {"Status": {"FieldTypeKind": 2}})
    with sqlite3.connect(tmp_path / "sharepoint.db") as connection:
        connection.execute("UPDATE lists SET item_count = ?", (rows,))
    connection.close()
    with EmbeddedServer(tmp_path) as server:
        merge = {"x_http_method": "MERGE", "if_match": "*"}
        response = server.call("POST", field(path, "Status"), {"Indexed": True}, **merge)
        assert response.status_code == status
        assert ("SPQueryThrottledException" in response.text) is (status == 500)
        server.merge(field(path, "Status"), {"Description": "d"})
