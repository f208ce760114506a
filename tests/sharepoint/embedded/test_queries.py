"""$filter, $select, $orderby, $expand, paging, and the list view threshold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
THROTTLED = "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"


def follow(server: EmbeddedServer, path: str) -> tuple[list[dict[str, Any]], int]:
    """Every row behind a query, and the number of pages it took."""
    rows, pages = [], 0
    while path:
        page = server.get(path)
        rows += page["value"]
        pages += 1
        path = page.get("odata.nextLink", "").partition("/_api/")[2]
    return rows, pages


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("Status eq 'OPEN'", [1, 3]),
        ("Status ne 'open'", [2, 4, 5]),
        ("Status eq null", [5]),
        ("Title eq 'it''s 100%25 %26 %23 %2B %2F'", [4]),
        ("startswith(Title,'ALPHA')", [1]),
        ("substringof('a',Title)", [1, 2]),
        ("Score gt 1 and Score le 3", [2, 3]),
        ("(Score lt 2 or Score gt 3) and Open eq 1", [1]),
        ("not (Open eq true)", [2, 4, 5]),
        ("Due ge datetime'2026-06-01T00:00:00Z'", [2]),
        ("Due lt '2026-06-01T00:00:00Z'", [1]),
        ("Id ge 4", [4, 5]),
        ("AuthorId eq 1 and Author/Title eq 'sharepoint app'", [1, 2, 3, 4, 5]),
        ("Score eq 1e0", [1]),
    ],
)
def test_filters_find_what_they_say(server: EmbeddedServer, small: str, condition: str, found: list[int]) -> None:
    """Text compares without case, `ne` keeps blanks, and escaped characters reach the literal."""
    assert [row["Id"] for row in server.get(f"{small}/items?$select=Id&$filter={condition}")["value"]] == found
    plus = condition.replace(" ", "+")
    assert [row["Id"] for row in server.get(f"{small}/items?$select=Id&$filter={plus}")["value"]] == found


@pytest.fixture(scope="module")
def small(server: EmbeddedServer) -> str:
    path = server.list(
        "Small",
        {
            "Status": {"FieldTypeKind": 2},
            "Score": {"FieldTypeKind": 9},
            "Open": {"FieldTypeKind": 8},
            "Due": {"FieldTypeKind": 4},
            "Notes": {"FieldTypeKind": 3},
        },
    )
    for row in (
        {"Title": "Alpha", "Status": "Open", "Score": 1, "Open": True, "Due": "2026-01-01T00:00:00Z"},
        {"Title": "Beta", "Status": "Closed", "Score": 2, "Open": False, "Due": "2026-12-01T00:00:00Z"},
        {"Title": "Zed", "Status": "open", "Score": 3, "Open": True},
        {"Title": "it's 100% & # + /", "Status": "x", "Score": 4, "Open": False},
        {},
    ):
        server.post(f"{path}/items", row)
    return path


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$filter=Nowhere eq 1", "-1, Microsoft.SharePoint.SPException"),
        ("$select=Nowhere", "-1, Microsoft.SharePoint.SPException"),
        ("$orderby=Nowhere", "-1, Microsoft.SharePoint.SPException"),
        ("$select=Author", "-1, Microsoft.SharePoint.SPException"),
        ("$select=Author/Title", "-1, Microsoft.SharePoint.SPException"),
        ("$expand=Author", "-1, Microsoft.SharePoint.SPException"),
        ("$filter=Notes eq 'x'", "-1, Microsoft.SharePoint.SPException"),
        ("$filter=endswith(Title,'a')", "InvalidClientQuery"),
        ("$filter=tolower(Title) eq 'a'", "InvalidClientQuery"),
        ("$filter=Title eq 'a", "InvalidClientQuery"),
        ("$filter=Title eq", "InvalidClientQuery"),
        ("$filter=Title eq 5", "InvalidClientQuery"),
        ("$filter=Score eq 'x'", "InvalidClientQuery"),
        ("$filter=Due eq 'soon'", "InvalidClientQuery"),
        ("$filter=" + "(" * 60 + "Id eq 1" + ")" * 60, "InvalidClientQuery"),
        ("$filter=Id+eq+1" + "+or+Id+eq+1" * 450, "InvalidClientQuery"),
        ("$order_by=Id", "InvalidClientQuery"),
        ("$inlinecount=allpages", "InvalidClientQuery"),
        ("$top=5001", "InvalidClientQuery"),
        ("$top=x", "InvalidClientQuery"),
        ("$orderby=Id upwards", "InvalidClientQuery"),
        ("$skiptoken=x", "InvalidClientQuery"),
        ("$select=Id&$select=Title", "InvalidClientQuery"),
    ],
)
def test_what_sharepoint_refuses_is_refused(server: EmbeddedServer, small: str, query: str, code: str) -> None:
    """An unknown option, column, function or a malformed value is 400 with a code, never an empty answer."""
    response = server.call("GET", f"{small}/items?{query}")
    assert response.status_code == 400, response.text
    assert code in response.json()["odata.error"]["code"]


def test_select_expand_and_order(server: EmbeddedServer, small: str) -> None:
    """Only what is selected is shown; a person comes with the properties asked for; `$skip` is ignored."""
    query = "$select=Id,Author/Title,Author/EMail&$expand=Author&$orderby=Score desc&$top=2&$skip=3"
    person = {"Title": "SharePoint App", "EMail": "app@sharepoint"}
    rows = server.get(f"{small}/items?{query}")["value"]
    assert rows == [{"Id": 4, "Author": person}, {"Id": 3, "Author": person}]


@pytest.mark.parametrize("order", ["", "Id desc", "Score", "Score desc,Title", "Status,Id desc", "Due"])
def test_pages_add_up(server: EmbeddedServer, small: str, order: str) -> None:
    """Following nextLinks gives every row once, in the order asked for, blanks included."""
    clause = f"&$orderby={order}" if order else ""
    whole, _ = follow(server, f"{small}/items?$select=Id{clause}")
    paged, pages = follow(server, f"{small}/items?$select=Id&$top=2{clause}")
    assert paged == whole
    assert (len(paged), pages) == (5, 3)


def test_next_links_keep_every_option(server: EmbeddedServer, small: str) -> None:
    """The next page is asked with the same filter, selection and size; verbose calls it `__next`."""
    page = server.get(f"{small}/items?$select=Id,Title&$filter=Score gt 0&$top=3")
    assert "p_ID%3D3" in page["odata.nextLink"]
    rest = server.get(page["odata.nextLink"].partition("/_api/")[2])
    assert rest == {"value": [{"Id": 4, "Title": "it's 100% & # + /"}]}
    verbose = server.get(f"{small}/items?$top=2", accept="application/json;odata=verbose")
    assert "$skiptoken=Paged" in verbose["d"]["__next"]
    assert len(verbose["d"]["results"]) == 2


def test_a_bare_p_id_works_with_an_order(server: EmbeddedServer, small: str) -> None:
    """`$skiptoken=Paged=TRUE&p_ID=n` starts after that item in the order asked for, not after its id."""
    rows = server.get(f"{small}/items?$select=Id&$orderby=Score desc&$skiptoken=Paged%3DTRUE%26p_ID%3D3")["value"]
    assert [row["Id"] for row in rows] == [2, 1, 5]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "$orderby=Id desc",
        "$orderby=Number desc",
        "$filter=Bucket eq 'b0'",
        "$filter=Bucket eq 'B0' and Loose eq 'l0'&$orderby=Number",
        "$filter=Bucket eq 'b0' and (Loose eq 'l0' or Loose ne 'x')",
        "$filter=Id gt 5000",
        "$filter=Number lt 10 and substringof('l',Loose)",
        "$filter=startswith(Bucket,'b')",
        "$filter=Bucket eq null",
    ],
)
def test_an_indexed_query_passes_the_threshold(server: EmbeddedServer, big: str, query: str) -> None:
    """On 5,001 rows a query led by an index that touches few rows, or a walk in index order, is answered."""
    assert server.call("GET", f"{big}/items?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "$filter=Loose eq 'l0'",
        "$orderby=Loose",
        "$orderby=Number,Loose",
        "$filter=Bucket eq 'b0'&$orderby=Loose",
        "$filter=Loose eq 'l0' and Bucket eq 'b0'",
        "$filter=Bucket eq 'b0' or Number eq 1",
        "$filter=Bucket ne 'many'",
        "$filter=not (Bucket eq 'many')",
        "$filter=substringof('b0',Bucket)",
        "$filter=Id gt 0",
        "$filter=Id gt 0 and Bucket eq 'b0'",
        "$filter=Author/Title eq 'x'",
    ],
)
def test_a_slow_query_is_refused_over_the_threshold(server: EmbeddedServer, big: str, query: str) -> None:
    """On 5,001 rows anything that would touch them all is HTTP 500 with the throttling code, however few match."""
    response = server.call("GET", f"{big}/items?{query}&$top=1")
    assert (response.status_code, response.json()["odata.error"]["code"]) == (500, THROTTLED)


def test_paging_over_the_threshold_gives_every_row_once(server: EmbeddedServer, big: str) -> None:
    """A big list ordered by an indexed column with equal values pages to the end without loss or repeat."""
    rows, pages = follow(server, f"{big}/items?$select=Id,Number&$orderby=Number desc&$top=2000")
    assert pages == 3
    assert sorted(row["Id"] for row in rows) == list(range(1, 5002))
    assert [row["Number"] for row in rows] == sorted((row["Number"] for row in rows), reverse=True)
