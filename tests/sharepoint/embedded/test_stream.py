"""renderListDataAsStream: the page's shape, every kind of value, paging both ways, options and refusals."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.embedded_server import EmbeddedServer

ALL = "".join(f"<FieldRef Name='{name}'/>" for name in ("LinkTitle", "Score", "Open", "Due", "Day", "Town", "Towns"))
ALL += "".join(f"<FieldRef Name='{name}'/>" for name in ("Owner", "Tags", "Notes"))


def render(server: EmbeddedServer, path: str, query: str = "", **parameters: Any) -> Any:
    return server.call("POST", f"{path}/RenderListDataAsStream{query}", {"parameters": parameters})


def view(fields: str = ALL, where: str = "", limit: int = 0, order: str = "") -> str:
    rows = f"<RowLimit Paged='TRUE'>{limit}</RowLimit>" if limit else ""
    query = f"<Query>{order}{f'<Where>{where}</Where>' if where else ''}</Query>"
    return f"<View>{query}<ViewFields>{fields}</ViewFields>{rows}</View>"


@pytest.fixture(scope="module")
def path(server: EmbeddedServer) -> str:
    towns = server.list("StreamTowns")
    for title in ("Ambridge", "Borchester"):
        server.post(f"{towns}/items", {"Title": title})
    columns = {
        "Score": {"FieldTypeKind": 9},
        "Open": {"FieldTypeKind": 8},
        "Due": {"FieldTypeKind": 4},
        "Day": {"FieldTypeKind": 4, "DisplayFormat": 0},
        "Notes": {"FieldTypeKind": 3},
        "Owner": {"FieldTypeKind": 20},
        "Tags": {"FieldTypeKind": 15, "Choices": ["red", "blue"]},
    }
    made = server.list("Stream", columns)
    guid = server.get(f"{towns}?$select=Id")["Id"]
    for title, several in (("Town", ""), ("Towns", "Multi")):
        xml = f"<Field Type='Lookup{several}' DisplayName='{title}' List='{{{guid}}}' ShowField='Title'/>"
        server.post(f"{made}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    row = {"Title": "One & only", "Score": 1234.5, "Open": True, "Due": "2026-07-01T09:05:00Z", "TownId": 1}
    row |= {"Day": "2026-06-30T23:00:00Z", "TownsId": [2, 1], "OwnerId": 1, "Tags": ["blue"], "Notes": "a\nb"}
    server.post(f"{made}/items", row)
    server.post(f"{made}/items", {"Title": "Empty"})
    server.post(f"{made}/items", {"Title": "No", "Open": False, "Score": 11})
    return made


def test_a_page_has_the_services_shape(server: EmbeddedServer, path: str) -> None:
    """Data alone is the page itself; ids, masks and row numbers are as the service's own pages read them."""
    page = render(server, path, ViewXml=view("<FieldRef Name='LinkTitle'/>"), RenderOptions=2).json()
    told = {name: page[name] for name in ("FirstRow", "LastRow", "RowLimit", "FilterLink", "FolderPermissions")}
    assert told == {
        "FirstRow": 1,
        "LastRow": 3,
        "RowLimit": 30,
        "FilterLink": "?",
        "FolderPermissions": "0x7fffffffffffffff",
    }
    assert "NextHref" not in page
    row = page["Row"][0]
    assert (row["ID"], row["FSObjType"], row["Title"], row["LinkTitle"]) == ("1", "0", "One & only", "One & only")
    assert row["FileRef"] == "/sites/mhrmb/Lists/Stream/1_.000"
    assert "Score" not in row


def test_every_kind_of_value(server: EmbeddedServer, path: str) -> None:
    """Numbers, yes/no and dates have words and a raw form beside them; people, lookups and choices are arrays."""
    row = render(server, path, ViewXml=view(where=""), DatesInUtc=True).json()["Row"][0]
    expected = {
        "Score": "1,234.5",
        "Score.": "1234.50000000000",
        "Open": "Yes",
        "Open.value": "1",
        "Due": "01/07/2026 10:05",
        "Due.": "2026-07-01T09:05:00Z",
        "Day": "01/07/2026",
        "Town": [{"lookupId": 1, "lookupValue": "Ambridge", "isSecretFieldValue": False}],
        "Towns": [
            {"lookupId": 2, "lookupValue": "Borchester", "isSecretFieldValue": False},
            {"lookupId": 1, "lookupValue": "Ambridge", "isSecretFieldValue": False},
        ],
        "Owner": [
            {"id": "1", "title": "SharePoint App", "email": "app@sharepoint", "sip": "app@sharepoint", "picture": ""}
        ],
        "Tags": ["blue"],
        "Notes": "a\nb",
    }
    assert {name: row[name] for name in expected} == expected


def test_nothing_is_an_empty_text(server: EmbeddedServer, path: str) -> None:
    """Empty columns of every kind are "", and No is not empty."""
    rows = render(server, path, ViewXml=view()).json()["Row"]
    names = ("Score", "Score.", "Open", "Open.value", "Due", "Town", "Towns", "Owner", "Tags", "Notes")
    assert {rows[1][name] for name in names} == {""}
    assert (rows[2]["Open"], rows[2]["Open.value"], rows[2]["Score."]) == ("No", "0", "11.0000000000000")
    assert "Due." not in rows[0]


@pytest.mark.parametrize("order", ["", "<OrderBy><FieldRef Name='Title' Ascending='FALSE'/></OrderBy>"])
def test_pages_are_walked_there_and_back(server: EmbeddedServer, path: str, order: str) -> None:
    """NextHref, in the body or as the query string, leads to the end; PrevHref leads back."""
    whole = [one["ID"] for one in render(server, path, ViewXml=view(order=order)).json()["Row"]]
    xml = view(limit=2, order=order)
    first = render(server, path, ViewXml=xml).json()
    second = render(server, path, ViewXml=xml, Paging=first["NextHref"].lstrip("?")).json()
    assert [one["ID"] for one in first["Row"] + second["Row"]] == whole
    assert (first["FirstRow"], first["LastRow"], second["FirstRow"], second["LastRow"]) == (1, 2, 3, 3)
    assert "NextHref" not in second
    assert "PrevHref" not in first
    assert render(server, path, first["NextHref"], ViewXml=xml).json()["Row"] == second["Row"]
    back = render(server, path, ViewXml=xml, Paging=second["PrevHref"].lstrip("?")).json()
    assert (back["Row"], back["FirstRow"], back["NextHref"]) == (first["Row"], 1, first["NextHref"])


def test_an_override_narrows_the_view(server: EmbeddedServer, path: str) -> None:
    """OverrideViewXml adds its condition to the view's own."""
    where = "<Eq><FieldRef Name='Open'/><Value Type='Boolean'>{}</Value></Eq>"
    narrowed = f"<Where>{where.format(0)}</Where>"
    ids = [one["ID"] for one in render(server, path, ViewXml=view(), OverrideViewXml=narrowed).json()["Row"]]
    assert ids == ["3"]
    both = render(server, path, ViewXml=view(where=where.format(1)), OverrideViewXml=f"<Query>{narrowed}</Query>")
    assert both.json()["Row"] == []


def test_options_add_schema_and_context(server: EmbeddedServer, path: str) -> None:
    """With more than the data asked for, the page is ListData and what was asked stands beside it."""
    shown = render(server, path, ViewXml=view(), RenderOptions=7).json()
    assert len(shown["ListData"]["Row"]) == 3
    kinds = {one["RealFieldName"]: one["FieldType"] for one in shown["ListSchema"]["Field"]}
    assert (kinds["Towns"], kinds["Open"], kinds["Title"]) == ("LookupMulti", "Boolean", "Text")
    assert (shown["listTitle"], shown["rootFolder"]) == ("Stream", "/sites/mhrmb/Lists/Stream")


def test_without_a_view_the_default_one_is_shown(server: EmbeddedServer, path: str) -> None:
    """No ViewXml is the default view: titles, thirty to a page."""
    page = server.post(f"{path}/RenderListDataAsStream")
    assert [one["Title"] for one in page["Row"]] == ["One & only", "Empty", "No"]
    assert page["RowLimit"] == 30


def test_the_older_call_answers_a_text_of_json(server: EmbeddedServer, path: str) -> None:
    """renderListData takes its ViewXml in the address, as PnPjs sends it, and answers JSON within JSON."""
    xml = quote(view("<FieldRef Name='Town'/>", limit=1).replace("'", "''"))
    text = server.post(f"{path}/renderListData(@viewXml)?@viewXml='{xml}'")["value"]
    assert [one["Town"][0]["lookupValue"] for one in json.loads(text)["Row"]] == ["Ambridge"]


def test_a_member_sees_a_members_mask(server: EmbeddedServer, path: str) -> None:
    """PermMask is what the reader may do."""
    shown = server.call("POST", f"{path}/RenderListDataAsStream", {"parameters": {}}, token="member-token").json()
    assert {one["PermMask"] for one in shown["Row"]} == {"0x1b03c431aef"}


@pytest.mark.parametrize(
    ("query", "parameters", "status"),
    [
        ("", {"ViewXml": view("<FieldRef Name='Nowhere'/>")}, 500),
        ("", {"ViewXml": "<View"}, 500),
        ("", {"ViewXml": 5}, 400),
        ("", {"Nonsense": True}, 400),
        ("", {"RenderOptions": "many"}, 400),
        ("", {"RenderOptions": 8}, 501),
        ("?View=0f0f0f0f-0000-0000-0000-000000000001", {}, 404),
        ("?FilterField1=Title&FilterValue1=x", {}, 501),
        ("", {"FolderServerRelativeUrl": "/sites/mhrmb/Lists/Other"}, 404),
        ("", {"ViewXml": view(limit=2), "Paging": "Paged=TRUE&p_ID=x"}, 400),
    ],
)
def test_what_it_cannot_render_is_refused(
    server: EmbeddedServer, path: str, query: str, parameters: dict[str, Any], status: int
) -> None:
    """Unknown columns, malformed XML and parameters, and what is not built each say so."""
    response = render(server, path, query, **parameters)
    assert response.status_code == status, response.text


def test_the_threshold_holds(server: EmbeddedServer, big: str) -> None:
    """A page of a big list is answered in id order, and refused if searched or sorted without an index."""
    loose = "<Eq><FieldRef Name='Loose'/><Value Type='Text'>l1</Value></Eq>"
    fields = "<FieldRef Name='Loose'/>"
    assert render(server, big, ViewXml=view(fields, limit=10)).ok
    for xml in (view(fields, where=loose), view(fields, order="<OrderBy><FieldRef Name='Loose'/></OrderBy>")):
        refused = render(server, big, ViewXml=xml)
        assert (refused.status_code, "SPQueryThrottledException" in refused.text) == (500, True)
