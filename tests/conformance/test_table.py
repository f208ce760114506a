"""The table itself: what counts as agreeing, how a line reads, and that every refusal we rely on has its row."""

from __future__ import annotations

import pytest

from tests.conformance.outcome import Failed, Refusal, agrees, plain
from tests.conformance.row import OFFICE, PNPJS, Known, Row
from tests.conformance.rows import PARTS
from tests.conformance.table import Line, counted, markdown, printed

GUID = "01234567-89ab-cdef-0123-456789abcdef"
DUPLICATE = Refusal(400, "-2130575169, Some.Exception", "The list item could not be added")


@pytest.mark.parametrize(
    ("expected", "outcome", "same"),
    [
        ({"Id": 1}, {"Id": 1}, True),
        ({"Id": 1}, {"Id": 1, "Title": None}, False),
        (None, {}, False),
        (Refusal(400), DUPLICATE, True),
        (Refusal(400, "-2130575169", "The list item"), DUPLICATE, True),
        (Refusal(500), DUPLICATE, False),
        (Refusal(400, "-1"), DUPLICATE, False),
        (Refusal(400, "", "Another sentence"), DUPLICATE, False),
        (Refusal(429, retry_after="3"), Refusal(429, "-1", "", "3"), True),
        (Refusal(429, retry_after="3"), Refusal(429, "-1", ""), False),
        (Refusal(400), {"Id": 1}, False),
        (Failed("no answer"), Failed("no answer"), True),
        (Failed("no answer"), Failed("something else"), False),
        (Refusal(400), Failed("something else"), False),
    ],
)
def test_agreeing_is_giving_what_was_expected(expected: object, outcome: object, same: bool) -> None:
    """A refusal agrees by status and, where the row says so, by how its code and sentence begin."""
    assert agrees(expected, outcome) is same


def test_what_differs_from_run_to_run_is_replaced() -> None:
    """Guids and the names of the scene, however deep, and in a refusal's sentence."""
    found = {"Title": "C0007 x", "etag": f'"{GUID},2"', "all": ["C0007", 3, None]}
    assert plain(found, {"C0007": "{list}"}) == {"Title": "{list} x", "etag": '"{guid},2"', "all": ["{list}", 3, None]}
    assert plain(Refusal(404, "-1", "no C0007"), {"C0007": "{list}"}) == Refusal(404, "-1", "no {list}")


def line(office: object, pnpjs: object, **row: object) -> Line:
    told = Row("Read | it", "items.read", {"Id": 1}, "doc: one", **row)  # type: ignore[arg-type]
    return Line("Items", told, {OFFICE: office, PNPJS: pnpjs})


DEFECT = {OFFICE: Known(Refusal(400), "sends $order_by=")}


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (line({"Id": 1}, {"Id": 1}), "agree"),
        (line({"Id": 1}, {"Id": 2}), "NO"),
        (line({"Id": 2}, {"Id": 2}), "NO"),
        (line(Refusal(400), {"Id": 1}, known=DEFECT), "no: the Python client sends $order_by="),
        (line({"Id": 1}, {"Id": 1}, known=DEFECT), "NO"),
        (line(Refusal(400), Refusal(400), known=DEFECT), "NO"),
    ],
    ids=[
        "both right",
        "one wrong",
        "both wrong the same way",
        "known",
        "known, but mended",
        "known, and the other too",
    ],
)
def test_a_verdict(shown: Line, verdict: str) -> None:
    """Two clients that agree on what is wrong do not agree with the row; a defect that is mended is noticed."""
    assert shown.verdict == verdict


def test_a_row_that_was_never_done_agrees_with_nothing() -> None:
    """Its scene could not be set, say; silence must not be counted as agreement."""
    assert Line("Items", Row("Read it", "items.read", {"Id": 1}, "doc: one")).verdict == "NO"


def test_the_table_is_printed_and_written() -> None:
    """Each line has what must come back, what each client made of it and where the expectation is from."""
    lines = [line({"Id": 1}, Refusal(500, "-1, X"))]
    assert counted(lines) == (
        "1 operations, 0 of them refusals: 0 agree, 0 differ by a known defect of a client, 1 disagree."
    )
    assert "| Read \\| it | `items.read` | {'Id': 1} | as expected | – | 500 -1 | NO | doc: one |" in markdown(lines)
    assert printed(lines)[1].split() == ["Read", "|", "it", "as", "expected", "–", "500", "-1", "NO"]


RELIED_ON = {
    "threshold": "Over 20,000 items: filter an unindexed column",
    "the leading term counts": "Over 20,000 items: an indexed term leads, an unindexed follows",
    "or defeats an index": "Over 20,000 items: or with an unindexed column",
    "ne defeats an index": "Over 20,000 items: ne of an indexed column",
    "paging does not save a bad filter": "Over 20,000 items: paging does not save a bad filter",
    "no index above 20,000": "Over 20,000 items: add an index",
    "about 20 indexes": "A twenty-first index",
    "12 lookups": "Thirteen person columns in one query",
    "255 characters": "A text of 256 characters",
    "$top at most 5,000": "$top of 5,001",
    "a page is 100": "Without $top a page is 100 items",
    "$skip is ignored": "$skip is ignored",
    "$skiptoken": "$skiptoken begins after an id",
    "throttled": "Throttled: 429 with Retry-After",
    "unavailable": "Throttled: 503 with Retry-After",
    "100 in a batch": "A batch of 101 operations",
    "a batch is not transactional": "A batch is not transactional",
    "stale ETag": "Change an item at a stale ETag",
    "unique": "A value that a unique column holds, in other case",
    "blanks may repeat": "A unique column takes blanks again and again",
    "no endswith": "Filter: endswith, which SharePoint has not",
    "no tolower": "Filter: tolower, which SharePoint has not",
    "unknown option": "An unknown $option",
    "unknown column": "Filter: an unknown column",
    "missing list": "Read a list that is not there",
    "missing item": "Read an item that is not there",
    "no token": "An unknown token",
    "dropped connection": "A dropped connection",
    "bad change token": "A change token that is none",
}


@pytest.mark.parametrize("fact", RELIED_ON)
def test_every_refusal_the_store_is_built_on_has_its_row(fact: str) -> None:
    """What the product is designed around is shown by two clients, not taken on trust."""
    assert RELIED_ON[fact] in {row.name for rows in PARTS.values() for row in rows}


def test_rows_have_names_of_their_own() -> None:
    """A name stands for one row, in the table and in what a test run reports."""
    names = [row.name for rows in PARTS.values() for row in rows]
    assert len(names) == len(set(names))
