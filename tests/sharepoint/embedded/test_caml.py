"""GetItems by CAML: conditions, order, columns, paging, the threshold, and XML that means harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.embedded_server import EmbeddedServer

NOT_INSTALLED = "-2130575340, Microsoft.SharePoint.SPException"
MALFORMED = "-2147467259, Microsoft.SharePoint.SPException"
THROTTLED = "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"


def ask(server: EmbeddedServer, path: str, xml: str, options: str = "", **more: Any) -> Any:
    body = {"query": {"ViewXml": xml, **more}}
    return server.call("POST", f"{path}/GetItems{options}", body)


def ids(server: EmbeddedServer, path: str, condition: str, **more: Any) -> list[int]:
    response = ask(server, path, where(condition), **more)
    assert response.ok, response.text
    return [row["Id"] for row in response.json()["value"]]


@pytest.fixture(scope="module")
def rows(server: EmbeddedServer) -> str:
    towns = server.list("CamlTowns")
    for title in ("Ambridge", "Borchester"):
        server.post(f"{towns}/items", {"Title": title})
    columns = {
        "Status": {"FieldTypeKind": 6, "Choices": ["Open", "Closed"]},
        "Score": {"FieldTypeKind": 9},
        "Open": {"FieldTypeKind": 8},
        "Due": {"FieldTypeKind": 4},
        "Notes": {"FieldTypeKind": 3},
        "Owner": {"FieldTypeKind": 20},
        "Tags": {"FieldTypeKind": 15, "Choices": ["red", "blue"]},
    }
    path = server.list("Caml", columns)
    lookup = {"Title": "Town", "FieldTypeKind": 7, "LookupFieldName": "Title"}
    lookup["LookupListId"] = server.get(f"{towns}?$select=Id")["Id"]
    server.post(f"{path}/fields/addField", {"parameters": lookup})
    for row in (
        # 23:30 UTC on the last of June is half past midnight on 1 July in London.
        {"Title": "Alpha", "Status": "Open", "Score": 1, "Open": True, "Due": "2026-06-30T23:30:00Z", "TownId": 1},
        {"Title": "Beta & co", "Status": "Closed", "Score": 2.5, "Open": False, "Due": "2026-07-01T12:00:00Z"},
        {"Title": "alphabet", "Status": "open", "Score": 3, "Open": True, "Due": "2026-07-02T00:00:00Z", "TownId": 2},
        {"Title": "Delta", "Notes": "one\nmention of alpha", "OwnerId": 1, "Tags": ["red", "blue"]},
    ):
        server.post(f"{path}/items", row)
    return path


def op(name: str, column: str, value: str, kind: str = "Text", ref: str = "", attributes: str = "") -> str:
    return f"<{name}><FieldRef Name='{column}' {ref}/><Value Type='{kind}' {attributes}>{value}</Value></{name}>"


def among(column: str, *values: str) -> str:
    listed = "".join(f"<Value Type='Text'>{value}</Value>" for value in values)
    return f"<In><FieldRef Name='{column}'/><Values>{listed}</Values></In>"


def where(condition: str) -> str:
    return f"<View><Query><Where>{condition}</Where></Query></View>"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (op("Eq", "Status", "OPEN", "Choice"), [1, 3]),
        (op("Neq", "Status", "Open", "Choice"), [2, 4]),
        (op("Eq", "Title", "Beta &amp; co"), [2]),
        (op("Eq", "Title", "<![CDATA[Beta & co]]>"), [2]),
        (op("BeginsWith", "Title", "alpha"), [1, 3]),
        (op("Contains", "Title", "et"), [2, 3]),
        (op("Contains", "Notes", "Mention", "Note"), [4]),
        (op("Gt", "Score", "1", "Number"), [2, 3]),
        (op("Geq", "Score", "2.5", "Number"), [2, 3]),
        (op("Lt", "Score", "2.5", "Number"), [1]),
        (op("Leq", "ID", "2", "Counter"), [1, 2]),
        (op("Eq", "Open", "1", "Boolean"), [1, 3]),
        ("<IsNull><FieldRef Name='Status'/></IsNull>", [4]),
        ("<IsNotNull><FieldRef Name='Town'/></IsNotNull>", [1, 3]),
        (f"<And>{op('Eq', 'Open', '1', 'Boolean')}{op('Gt', 'Score', '1', 'Number')}</And>", [3]),
        (f"<Or>{op('Eq', 'ID', '4', 'Counter')}{op('Eq', 'ID', '1', 'Counter')}</Or>", [1, 4]),
        (among("Title", "delta", "Alpha"), [1, 4]),
        (op("Eq", "Town", "Borchester", "Lookup"), [3]),
        (op("Eq", "Town", "2", "Lookup", "LookupId='TRUE'"), [3]),
        (op("Eq", "Town", "2", "Integer"), [3]),
        (op("Eq", "Owner", "SharePoint App", "User"), [4]),
        (op("Eq", "Owner", "<UserID/>", "Integer"), [4]),
        (op("Eq", "Author", "<UserID/>", "Integer", "LookupId='TRUE'"), [1, 2, 3, 4]),
        (op("Eq", "Tags", "blue", "MultiChoice"), [4]),
        (op("Includes", "Tags", "red", "MultiChoice"), [4]),
        (op("NotIncludes", "Tags", "red", "MultiChoice"), [1, 2, 3]),
        # By day, the site's day being London's:
        (op("Eq", "Due", "2026-07-01", "DateTime"), [1, 2]),
        (op("Eq", "Due", "2026-07-01T09:00:00Z", "DateTime"), [1, 2]),
        (op("Lt", "Due", "2026-07-01", "DateTime"), []),
        (op("Gt", "Due", "2026-07-01", "DateTime"), [3]),
        (op("Geq", "Due", "2026-07-02", "DateTime"), [3]),
        (op("Leq", "Due", "2026-07-01", "DateTime"), [1, 2]),
        (op("Neq", "Due", "2026-07-01", "DateTime"), [3, 4]),
        # By instant:
        (op("Eq", "Due", "2026-07-01T12:00:00Z", "DateTime", "", "IncludeTimeValue='TRUE'"), [2]),
        (op("Eq", "Due", "2026-07-01T13:00:00", "DateTime", "", "IncludeTimeValue='TRUE'"), [2]),
        (op("Lt", "Due", "2026-07-01T12:00:00Z", "DateTime", "", "IncludeTimeValue='TRUE'"), [1]),
        (op("Geq", "Created", "<Today OffsetDays='-1'/>", "DateTime"), [1, 2, 3, 4]),
        (op("Gt", "Created", "<Today OffsetDays='1'/>", "DateTime"), []),
    ],
)
def test_conditions_find_what_they_say(server: EmbeddedServer, rows: str, condition: str, found: list[int]) -> None:
    """Each operator, by the kind of its column; dates go by the site's day unless the time is included."""
    assert ids(server, rows, condition) == found


def test_today_is_the_day_in_london(server: EmbeddedServer, new_list: Callable[..., str]) -> None:
    """`<Today/>` holds the whole of London's present day and neither of its neighbours."""
    noon = datetime.now(ZoneInfo("Europe/London")).replace(hour=12, minute=0, second=0, microsecond=0)
    days = [(noon + timedelta(days=away)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for away in (-1, 0, 1)]
    path = new_list(*({"Due": day} for day in days))
    for offset, found in ((-1, [1]), (0, [2]), (1, [3])):
        assert ids(server, path, op("Eq", "Due", f"<Today OffsetDays='{offset}'/>", "DateTime")) == found


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (op("Eq", "Nowhere", "1"), NOT_INSTALLED),
        ("<IsNull><FieldRef Name=''/></IsNull>", NOT_INSTALLED),
        (op("Eq", "Score", "many", "Number"), MALFORMED),
        (op("Eq", "Score", "nan", "Number"), MALFORMED),
        (op("Eq", "Due", "soon", "DateTime"), MALFORMED),
        (op("Eq", "Due", "20260701", "DateTime"), MALFORMED),
        (op("Eq", "Due", "0001-01-01", "DateTime"), MALFORMED),
        (op("Eq", "Due", "2026-W27-3T10:00:00", "DateTime", "", "IncludeTimeValue='TRUE'"), MALFORMED),
        (op("Eq", "Due", "<Today OffsetDays='x'/>", "DateTime"), MALFORMED),
        (op("Eq", "Due", "<Today OffsetDays='99999999'/>", "DateTime"), MALFORMED),
        (op("Eq", "Open", "perhaps", "Boolean"), MALFORMED),
        (op("BeginsWith", "Score", "1", "Number"), MALFORMED),
        (op("Like", "Title", "a"), MALFORMED),
        (f"<And>{op('Eq', 'Title', 'a')}</And>", MALFORMED),
        (op("Eq", "Title", "a") * 2, MALFORMED),
        ("<Eq><Value Type='Text'>a</Value></Eq>", MALFORMED),
        ("<Eq><FieldRef Name='Title'/></Eq>", MALFORMED),
        ("<In><FieldRef Name='Title'/><Values/></In>", MALFORMED),
        ("<Or>" * 70 + op("Eq", "ID", "1") + f"{op('Eq', 'ID', '1')}</Or>" * 70, MALFORMED),
    ],
)
def test_what_cannot_be_asked_is_refused(server: EmbeddedServer, rows: str, condition: str, code: str) -> None:
    """An unknown column, operator or value, and the wrong number of parts, are 500 with SharePoint's codes."""
    response = ask(server, rows, where(condition))
    assert (response.status_code, response.json()["odata.error"]["code"]) == (500, code), response.text


@pytest.mark.parametrize(
    "xml",
    [
        "<View",
        "<Query/>",
        "nonsense",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><View>&b;</View>",
        "<!DOCTYPE View SYSTEM 'file:///etc/passwd'><View/>",
        "<View>&undefined;</View>",
        "<View><RowLimit>many</RowLimit></View>",
        "<View Scope='Everywhere'/>",
        "<View>" + " " * 200_001 + "</View>",
    ],
)
def test_xml_that_is_no_view_is_refused(server: EmbeddedServer, rows: str, xml: str) -> None:
    """Ill-formed XML, another root, and any document type are refused before an entity could grow."""
    response = ask(server, rows, xml)
    assert (response.status_code, response.json()["odata.error"]["code"]) == (500, MALFORMED), response.text


@pytest.mark.parametrize(
    "xml",
    [
        where("<Membership Type='CurrentUserGroups'><FieldRef Name='Owner'/></Membership>"),
        "<View><Joins/></View>",
        "<View><Query><GroupBy><FieldRef Name='Status'/></GroupBy></Query></View>",
    ],
)  # fmt: skip
def test_what_is_not_built_says_so(server: EmbeddedServer, rows: str, xml: str) -> None:
    """Membership, joins and grouping are 501, never left out of the question in silence."""
    assert ask(server, rows, xml).status_code == 501


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("<FieldRef Name='Score' Ascending='FALSE'/>", [3, 2, 1, 4]),
        ("<FieldRef Name='Town' Ascending='FALSE'/><FieldRef Name='ID'/>", [3, 1, 2, 4]),
        ("<FieldRef Name='LinkTitle'/>", [1, 3, 2, 4]),
    ],
)
def test_order_and_pages(server: EmbeddedServer, rows: str, order: str, found: list[int]) -> None:
    """Rows come in the order asked for, and a page begins where its position says."""
    xml = f"<View><Query><OrderBy>{order}</OrderBy></Query><RowLimit Paged='TRUE'>3</RowLimit></View>"
    first = [row["Id"] for row in ask(server, rows, xml).json()["value"]]
    position = {"PagingInfo": f"Paged=TRUE&p_ID={first[-1]}"}
    rest = [row["Id"] for row in ask(server, rows, xml, ListItemCollectionPosition=position).json()["value"]]
    assert (first, rest) == (found[:3], found[3:])


def test_view_fields_choose_what_is_shown(server: EmbeddedServer, rows: str) -> None:
    """Built-in columns come anyway; `$select` with `$expand` overrides; an empty query is everything."""
    xml = "<View><ViewFields><FieldRef Name='Score'/><FieldRef Name='Town'/></ViewFields><RowLimit>1</RowLimit></View>"
    row = ask(server, rows, xml).json()["value"][0]
    assert (row["Score"], row["TownId"], row["Id"]) == (1, 1, 1)
    assert not {"Status", "Title"} & row.keys()
    chosen = ask(server, rows, xml, "?$select=Title,Town/Title&$expand=Town").json()["value"]
    assert chosen == [{"Title": "Alpha", "Town": {"Title": "Ambridge"}}]
    assert len(ask(server, rows, "").json()["value"]) == 4
    unknown = ask(server, rows, "<View><ViewFields><FieldRef Name='Nowhere'/></ViewFields></View>")
    assert unknown.json()["odata.error"]["code"] == NOT_INSTALLED


def test_a_verbose_query_names_its_type(server: EmbeddedServer, rows: str) -> None:
    """Verbose JSON as PnPjs and the documentation send it; a property CamlQuery lacks is 400."""
    verbose = {"accept": "application/json;odata=verbose", "content_type": "application/json;odata=verbose"}
    xml = "<View><RowLimit>2</RowLimit></View>"
    body = {"query": {"__metadata": {"type": "SP.CamlQuery"}, "ViewXml": xml}}
    assert len(server.post(f"{rows}/GetItems", body, **verbose)["d"]["results"]) == 2
    assert server.call("POST", f"{rows}/GetItems", {"query": {"View": xml}}).status_code == 400
    assert server.call("POST", f"{rows}/GetItems", {}).status_code == 400


def test_a_folder_is_the_root_or_is_not_there(server: EmbeddedServer, rows: str) -> None:
    """A list's own address is its root folder; another is 404."""
    root = ask(server, rows, "<View/>", FolderServerRelativeUrl="/sites/mhrmb/Lists/Caml")
    assert len(root.json()["value"]) == 4
    assert ask(server, rows, "<View/>", FolderServerRelativeUrl="/sites/mhrmb/Lists/Else").status_code == 404


@pytest.mark.parametrize(
    ("xml", "answered"),
    [
        ("<View><RowLimit>10</RowLimit></View>", True),
        (f"<View><Query><Where>{op('Eq', 'Bucket', 'b0')}</Where></Query></View>", True),
        (where(among("ID", "7")), True),
        ("<View><Query><OrderBy><FieldRef Name='Number'/></OrderBy></Query><RowLimit>5</RowLimit></View>", True),
        ("<View/>", False),
        ("<View><RowLimit>6000</RowLimit></View>", False),
        (f"<View><Query><Where>{op('Eq', 'Loose', 'l1')}</Where></Query><RowLimit>1</RowLimit></View>", False),
        (f"<View><Query><Where>{op('Contains', 'Bucket', 'b0')}</Where></Query></View>", False),
        (where(among("Bucket", "b0")), False),
        ("<View><Query><OrderBy><FieldRef Name='Loose'/></OrderBy></Query><RowLimit>5</RowLimit></View>", False),
    ],
)  # fmt: skip
def test_the_threshold_holds_for_caml(server: EmbeddedServer, big: str, xml: str, answered: bool) -> None:
    """On 5,001 rows a query must be led by an index or bounded by its RowLimit, as with $filter."""
    response = ask(server, big, xml)
    assert response.ok is answered, response.text
    if not answered:
        assert response.json()["odata.error"]["code"] == THROTTLED
