"""What OData asks beside items: small collections, what lists and items lead to, texts, and pages backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
VERBOSE = {"accept": "application/json;odata=verbose", "content_type": "application/json;odata=verbose"}


@pytest.fixture(scope="module")
def path(server: EmbeddedServer) -> str:
    columns = {
        "Due": {"FieldTypeKind": 4},
        "Score": {"FieldTypeKind": 9},
        "Open": {"FieldTypeKind": 8},
        "Owner": {"FieldTypeKind": 20},
        "Notes": {"FieldTypeKind": 3},
        "The stage": {"FieldTypeKind": 2},
    }
    made = server.list("Odata Things", columns)
    dues = ("2026-06-30T23:30:05Z", "2026-07-01T12:00:00Z", "2025-07-02T12:45:00Z", None)
    for n, due in enumerate(dues, start=1):
        server.post(f"{made}/items", {"Title": f"t{n}", "Due": due, "Score": n})
    rest = {"Open": True, "OwnerId": 1, "Notes": "a < b\nc", "The_x0020_stage": "early", "Score": 1234.5}
    server.merge(f"{made}/items(1)", rest)
    return made


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("year(Due) eq 2026", [1, 2]),
        ("month(Due) ge 7", [2, 3]),
        ("day(Due) eq 30", [1]),
        ("day(Due) ne 30", [2, 3]),
        ("hour(Due) eq 12 and minute(Due) eq 45", [3]),
        ("second(Due) gt 0", [1]),
        ("not (year(Due) eq 2026)", [3, 4]),
    ],
)
def test_parts_of_a_date_are_filtered(server: EmbeddedServer, path: str, condition: str, found: list[int]) -> None:
    """The parts are those of the instant in UTC; an empty date has none."""
    rows = server.get(f"{path}/items?$select=Id&$filter={condition}")["value"]
    assert [row["Id"] for row in rows] == found


@pytest.mark.parametrize(
    "condition", ["year(Title) eq 2026", "year(Due) eq 'x'", "year(Due)", "year(2026) eq 1", "week(Due) eq 1"]
)
def test_a_part_of_no_date_is_refused(server: EmbeddedServer, path: str, condition: str) -> None:
    """Parts are of date columns, are compared with numbers, and are six."""
    assert server.call("GET", f"{path}/items?$filter={condition}").status_code == 400


def test_parts_of_dates_use_no_index(server: EmbeddedServer, big: str) -> None:
    """Over the threshold a part of a date is refused, as nothing indexes it."""
    refused = server.call("GET", f"{big}/items?$filter=year(Created) eq 2026&$top=1")
    assert (refused.status_code, "SPQueryThrottledException" in refused.text) == (500, True)


def test_items_page_backwards(server: EmbeddedServer, path: str) -> None:
    """PagedPrev gives the page before a place, in the order asked for, and a link forward from it."""
    back = "$skiptoken=Paged%3DTRUE%26PagedPrev%3DTRUE%26p_ID%3D4"
    page = server.get(f"{path}/items?$select=Id&$top=2&{back}")
    assert [row["Id"] for row in page["value"]] == [2, 3]
    onward = server.get(page["odata.nextLink"].partition("/_api/")[2])
    assert [row["Id"] for row in onward["value"]] == [4]
    ordered = server.get(f"{path}/items?$select=Id&$top=2&$orderby=Score desc&{back.replace('D4', 'D2')}")
    assert [row["Id"] for row in ordered["value"]] == [4, 3]
    first = server.get(f"{path}/items?$select=Id&{back.replace('D4', 'D1')}")
    assert first["value"] == []


def test_lists_lead_to_what_is_in_them(server: EmbeddedServer, path: str) -> None:
    """$expand of a list, nested and narrowed by $select."""
    query = "$select=Title,RootFolder/ServerRelativeUrl,ParentWeb/Title,Fields/InternalName"
    shown = server.get(f"{path}?{query}&$expand=RootFolder,ParentWeb,Fields")
    assert shown["RootFolder"] == {"ServerRelativeUrl": "/sites/mhrmb/Lists/Odata Things"}
    assert (shown["Title"], shown["ParentWeb"]) == ("Odata Things", {"Title": "MHRMB"})
    assert {"InternalName": "The_x0020_stage"} in shown["Fields"]
    whole = server.get(f"{path}?$expand=RootFolder")
    assert (whole["Title"], whole["RootFolder"]["Name"]) == ("Odata Things", "Odata Things")
    titles = server.get("web/lists?$select=Title,RootFolder/Name&$expand=RootFolder&$filter=Title eq 'odata things'")
    assert titles["value"] == [{"Title": "Odata Things", "RootFolder": {"Name": "Odata Things"}}]
    assert server.call("GET", f"{path}?$expand=Nowhere").status_code == 400


def test_items_lead_to_their_list(server: EmbeddedServer, path: str) -> None:
    """What PnPjs asks to learn where an item is: its list, and through it the folder and the web."""
    select = "$select=Id,ParentList/Title,ParentList/RootFolder/ServerRelativePath,ParentList/ParentWeb/Url"
    expand = "$expand=ParentList,ParentList/RootFolder,ParentList/ParentWeb"
    shown = server.get(f"{path}/items(2)?{select}&{expand}")
    folder = {"ServerRelativePath": {"DecodedUrl": "/sites/mhrmb/Lists/Odata Things"}}
    parent = {"Title": "Odata Things", "RootFolder": folder, "ParentWeb": {"Url": server.url}}
    assert shown == {"Id": 2, "ParentList": parent}


@pytest.mark.parametrize(
    ("collection", "query", "names"),
    [
        ("{list}/fields", "$filter=FromBaseType eq false&$orderby=Title desc&$top=2", ["The stage", "Score"]),
        ("{list}/fields", "$filter=FieldTypeKind eq 4 and FromBaseType eq false", ["Due"]),
        ("{list}/fields", "$filter=FromBaseType eq false&$skip=4", ["Notes", "The stage"]),
        ("web/sitegroups", "$orderby=Title", ["MHRMB Members", "MHRMB Owners", "MHRMB Visitors"]),
        ("web/sitegroups", "$orderby=Id desc&$top=1&$filter=startswith(Title,'MHRMB')", ["MHRMB Members"]),
        ("web/siteusers", "$filter=IsSiteAdmin eq true", ["SharePoint App"]),
    ],
)
def test_small_collections_are_filtered_sorted_and_cut(
    server: EmbeddedServer, path: str, collection: str, query: str, names: list[str]
) -> None:
    """$filter, $orderby, $skip and $top work on columns, groups and users."""
    rows = server.get(f"{collection.format(list=path)}?$select=Title&{query}")["value"]
    assert [row["Title"] for row in rows] == names


@pytest.mark.parametrize("query", ["$orderby=Nowhere", "$orderby=Title upwards", "$filter=Nowhere eq 1", "$skip=x"])
def test_a_small_collection_refuses_what_it_lacks(server: EmbeddedServer, path: str, query: str) -> None:
    """An unknown property or a malformed option is 400."""
    assert server.call("GET", f"{path}/fields?{query}").status_code == 400


def test_versions_are_filtered_and_sorted(server: EmbeddedServer, new_list: NewList) -> None:
    """Newest first unless sorted; the columns of the version may be filtered by."""
    path = new_list({"Title": "a", "Score": 1})
    for score in (2, 3):
        server.merge(f"{path}/items(1)", {"Score": score})

    def labels(query: str) -> list[str]:
        return [one["VersionLabel"] for one in server.get(f"{path}/items(1)/versions?{query}")["value"]]

    assert labels("") == ["3.0", "2.0", "1.0"]
    assert labels("$orderby=VersionId&$top=2") == ["1.0", "2.0"]
    assert labels("$filter=Score lt 3&$select=VersionLabel") == ["2.0", "1.0"]
    assert labels("$filter=IsCurrentVersion eq true") == ["3.0"]


def test_values_as_text_and_html(server: EmbeddedServer, path: str) -> None:
    """Every value in words: London's clock, Yes and No, people by name, underscores spelt out; HTML is escaped."""
    texts = server.get(f"{path}/items(1)/FieldValuesAsText")
    expected = {
        "Title": "t1",
        "Due": "01/07/2026 00:30",
        "Score": "1,234.5",
        "Open": "Yes",
        "Owner": "SharePoint App",
        "Notes": "a < b\nc",
        "The_x005f_x0020_x005f_stage": "early",
    }
    assert {name: texts[name] for name in expected} == expected
    assert server.get(f"{path}/items(1)/FieldValuesAsHTML?$select=Notes") == {"Notes": "a &lt; b<br>c"}
    empty = server.get(f"{path}/items(4)/fieldValuesAsText?$select=Due,Open,Owner")
    assert empty == {"Due": "", "Open": "", "Owner": ""}
    expanded = server.get(f"{path}/items?$select=Id,FieldValuesAsText/Due&$expand=FieldValuesAsText&$top=1")["value"]
    assert expanded == [{"Id": 1, "FieldValuesAsText": {"Due": "01/07/2026 00:30"}}]
    by_caml = server.call("POST", f"{path}/GetItems?$expand=FieldValuesAsText", {"query": {"ViewXml": "<View/>"}})
    assert by_caml.json()["value"][0]["FieldValuesAsText"]["Score"] == "1,234.5"


def test_a_list_has_its_own_item_and_folder(server: EmbeddedServer, path: str, new_list: NewList) -> None:
    """Content types are children of the site's, one pair for each list, and items are of the first."""
    types = server.get(f"{path}/contentTypes")["value"]
    assert [one["Name"] for one in types] == ["Item", "Folder"]
    item, folder = (one["StringId"] for one in types)
    assert (item[:6], len(item), folder[:8], len(folder)) == ("0x0100", 38, "0x012000", 40)
    assert types[0]["Id"] == {"StringValue": item}
    assert server.get(f"{path}/items(1)?$select=ContentTypeId") == {"ContentTypeId": item}
    assert server.get(f"{path}/contentTypes('{folder}')?$select=Name") == {"Name": "Folder"}
    by_item = server.get(f"{path}/items(1)?$select=ContentType/Name&$expand=ContentType")
    assert by_item == {"ContentType": {"Name": "Item"}}
    assert server.get(f"{new_list()}/contentTypes")["value"][0]["StringId"] != item
    assert server.call("GET", f"{path}/contentTypes('0x0101')").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "web/getList('/sites/mhrmb/Lists/Odata Things')",
        "web/GetList('%2Fsites%2Fmhrmb%2Flists%2FODATA%20things%2F')",
        "web/getList(@url)/?@url='/sites/mhrmb/Lists/Odata%20Things'",
        "web/GetListUsingPath(DecodedUrl='/sites/mhrmb/Lists/Odata Things')",
    ],
)
def test_a_list_is_found_by_its_address(server: EmbeddedServer, path: str, address: str) -> None:
    """By the address of its root folder, encoded or not, whatever its case."""
    assert server.get(address)["Title"] == "Odata Things"


def test_a_lists_address_outlives_its_title(server: EmbeddedServer) -> None:
    """Renaming a list leaves its folder; items are reached through it; another address is 404."""
    path = server.list("Before")
    server.merge(path, {"Title": "After"})
    made: Any = server.post("web/getList('/sites/mhrmb/Lists/Before')/items", {"Title": "x"})
    assert made["Id"] == 1
    missing = server.call("GET", "web/getList('/sites/mhrmb/Lists/After')")
    assert (missing.status_code, "FileNotFoundException" in missing.text) == (404, True)


def test_verbose_wraps_what_is_expanded(server: EmbeddedServer, path: str) -> None:
    """In verbose JSON a collection that was expanded is `results`, and what was not stays deferred."""
    shown = server.get(f"{path}?$expand=ContentTypes", **VERBOSE)["d"]
    assert [one["Name"] for one in shown["ContentTypes"]["results"]] == ["Item", "Folder"]
    assert "__deferred" in shown["Fields"]
