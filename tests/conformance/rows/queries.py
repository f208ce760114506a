"""Many items at a time: filters, order, pages, and what a query is refused for."""

from __future__ import annotations

from typing import Any

from tests.conformance.row import OFFICE, Known, Refusal, Row
from tests.conformance.rows.sources import LARGE, LIMITS, ODATA, REPORT

QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
THROTTLED = Refusal(
    500, "-2147024860, Microsoft.SharePoint.SPQueryThrottledException",
    "The attempted operation is prohibited because it exceeds the list view threshold.")  # fmt: skip
UNKNOWN = Refusal(400, "-1, Microsoft.SharePoint.SPException", "The field or property 'Nowhere' does not exist.")

FIVE: tuple[dict[str, Any], ...] = (
    {"Title": "Alpha", "Status": "Open", "Open": True, "Score": 1, "Due": "2026-01-05T09:00:00Z", "Key": "a"},
    {"Title": "beta", "Status": "Closed", "Open": False, "Score": 2, "Due": "2026-06-01T09:00:00Z", "Key": "b"},
    {"Title": "gamma", "Status": "open", "Open": True, "Score": 3, "Key": "c"},
    {"Title": "it's 100% & #1 + a/b", "Status": "Closed", "Open": False, "Score": 4, "Key": "d"},
    {"Title": "epsilon", "Open": True, "Key": "e"},
)


def _finds(what: str, condition: str, ids: list[int]) -> Row:
    return Row(f"Filter: {what}", "items.page", [{"Id": number} for number in ids], ODATA, given=FIVE,
               told={"filter": condition, "select": ["Id"]})  # fmt: skip


def _refuses(what: str, told: dict[str, Any], gives: Refusal, source: str = REPORT, **more: Any) -> Row:
    return Row(what, "items.page", gives, source, given=FIVE, told={"select": ["Id"], **told}, **more)


FILTERS = [
    _finds("text, in any case", "Status eq 'OPEN'", [1, 3]),
    _finds("ne", "Status ne 'open'", [2, 4, 5]),
    _finds("a quote, %, &, #, + and /", "Title eq 'it''s 100% & #1 + a/b'", [4]),
    _finds("startswith", "startswith(Title,'al')", [1]),
    _finds("substringof", "substringof('m',Title)", [3]),
    _finds("gt, le, and", "Score gt 1 and Score le 3", [2, 3]),
    _finds("or in brackets", "(Score lt 2 or Score gt 3) and Open eq 1", [1]),
    _finds("yes or no", "Open eq 0", [2, 4]),
    _finds("nothing", "Score eq null", [5]),
    _finds("a date", "Due ge datetime'2026-06-01T00:00:00Z'", [2]),
    _finds("items that are no folders", "FSObjType eq 0 and Id le 2", [1, 2]),
    _finds("the id", "Id ge 4", [4, 5]),
    _finds("a person's name", "Author/Title eq 'SharePoint App' and Id le 2", [1, 2]),
    _refuses("Filter: endswith, which SharePoint has not", {"filter": "endswith(Title,'a')"},
             Refusal(400, QUERY), ODATA),
    _refuses("Filter: tolower, which SharePoint has not", {"filter": "tolower(Title) eq 'a'"},
             Refusal(400, QUERY), ODATA),
    _refuses("Filter: an unknown column", {"filter": "Nowhere eq 1"}, UNKNOWN),
    _refuses("Filter: several lines of text", {"filter": "Notes eq 'x'"}, Refusal(400, "-1, Microsoft.SharePoint")),
    _refuses("Filter: text where a number belongs", {"filter": "Score eq 'x'"}, Refusal(400, QUERY)),
    _refuses("Filter: cut off", {"filter": "Title eq 'a"}, Refusal(400, QUERY)),
]  # fmt: skip

ORDER = [
    Row("Order, descending", "items.page", [{"Id": 4}, {"Id": 3}, {"Id": 2}], ODATA, given=FIVE,
        told={"orderby": "Score", "ascending": False, "top": 3, "select": ["Id"]}),
    Row("Order with the client's own method", "items.order_by", [5, 4, 3, 2, 1], ODATA, given=FIVE,
        told={"orderby": "Id"},
        known={OFFICE: Known(Refusal(400, QUERY, "The query parameter '$order_by'"),
                             "sends $order_by= (since 3.0.0), which SharePoint refuses")}),
    _refuses("Order by an unknown column", {"orderby": "Nowhere"}, UNKNOWN),
    _refuses("Select an unknown column", {"select": ["Nowhere"]}, UNKNOWN),
    _refuses("An unknown $option", {"options": {"$sort": "Id"}},
             Refusal(400, QUERY, "The query parameter '$sort' begins with a system-reserved '$' character"), ODATA),
    Row("Expand a person", "items.page", [{"Id": 1, "Author": {"Id": 1, "Title": "SharePoint App"}}], ODATA, given=FIVE,
        told={"select": ["Id", "Author/Id", "Author/Title"], "expand": ["Author"], "top": 1}),
    _refuses("Select a person's name without $expand", {"select": ["Author/Title"]},
             Refusal(400, "-1, Microsoft.SharePoint.SPException", "The query to field 'Author"), ODATA),
    _refuses("Expand an unknown column", {"select": ["Id", "Nowhere/Title"], "expand": ["Nowhere"]}, UNKNOWN),
]  # fmt: skip

HUNDRED_AND_FIVE = tuple({"Title": f"t{number}"} for number in range(105))

PAGES = [
    Row("Without $top a page is 100 items", "items.count", 100, ODATA, given=HUNDRED_AND_FIVE, told={}),
    Row("Follow the next page's address to the end", "items.pages", [[5, 4], [3, 2], [1]], ODATA, given=FIVE,
        told={"top": 2, "orderby": "Id", "ascending": False, "select": ["Id"]}),
    Row("Pages keep the filter", "items.pages", [[1, 3], [5]], ODATA, given=FIVE,
        told={"top": 2, "filter": "Open eq 1", "select": ["Id"]}),
    Row("$skip is ignored", "items.page", [{"Id": 1}, {"Id": 2}], ODATA, given=FIVE,
        told={"options": {"$skip": "3"}, "top": 2, "select": ["Id"]}),
    Row("$skiptoken begins after an id", "items.page", [{"Id": 4}, {"Id": 5}], ODATA, given=FIVE,
        told={"options": {"$skiptoken": "Paged=TRUE&p_ID=3"}, "select": ["Id"]}),
    _refuses("$top of 5,001", {"top": 5001}, Refusal(400, QUERY), REPORT),
    Row("$top of 5,000", "items.count", 5, LIMITS, given=FIVE, told={"top": 5000}),
]  # fmt: skip

BIG = {"list": "Big", "select": ["Id"]}


def _over(what: str, gives: object, **told: Any) -> Row:
    return Row(f"Over 20,000 items: {what}", "items.page", gives, LARGE, columns={}, told={**BIG, **told})


THRESHOLD = [
    _over("filter an indexed column that finds few", [{"Id": 1}], filter="Bucket eq 'few'"),
    _over("filter an unindexed column", THROTTLED, filter="Loose eq 'l7'"),
    _over("filter an indexed column that finds too many", THROTTLED, filter="Bucket eq 'many'"),
    _over("an indexed term leads, an unindexed follows", [{"Id": 1}], filter="Bucket eq 'few' and Loose eq 'l0'"),
    _over("or with an unindexed column", THROTTLED, filter="Bucket eq 'few' or Loose eq 'l7'"),
    _over("ne of an indexed column", THROTTLED, filter="Bucket ne 'many'"),
    _over("order by an unindexed column", THROTTLED, orderby="Loose"),
    _over("order by an indexed column", [{"Id": 20001}, {"Id": 20000}], orderby="Number", ascending=False, top=2),
    _over("paging does not save a bad filter", THROTTLED, filter="Loose eq 'l7'", top=10),
    _over("the first page of everything", [{"Id": 1}], top=1),
    Row("Over 20,000 items: add an index", "fields.update", THROTTLED, LARGE, columns={},
        told={"list": "Big", "name": "Loose", "values": {"Indexed": True}}),
]  # fmt: skip

_PEOPLE = [f"P{number}" for number in range(13)]


def _expands(count: int) -> dict[str, Any]:
    return {"select": ["Id", *(f"{name}/Title" for name in _PEOPLE[:count])], "expand": _PEOPLE[:count]}


LOOKUPS = [
    Row("Twelve person columns in one query", "items.page", [], LIMITS,
        columns={name: {"FieldTypeKind": 20} for name in _PEOPLE}, told=_expands(12)),
    Row("Thirteen person columns in one query", "items.page",
        Refusal(500, "-2147024860, Microsoft.SharePoint.SPQueryThrottledException",
                "The query cannot be completed because the number of lookup columns it contains exceeds the lookup"),
        LIMITS, columns={name: {"FieldTypeKind": 20} for name in _PEOPLE}, told=_expands(13)),
]  # fmt: skip

ROWS = [*FILTERS, *ORDER, *PAGES, *THRESHOLD, *LOOKUPS]
