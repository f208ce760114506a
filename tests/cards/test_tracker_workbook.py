"""The tracker's workbook: a table that people filter and that the import reads, whatever was typed in it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from board.actions import Action, ActionStatus
from cards import words
from cards.papers.tracker import FIRST_ROW, tracker_workbook
from tests.action_builders import create_action
from tests.builders import NOW, TODAY, create_agency

AGENCIES = {"MHT": create_agency("MHT"), "POL": create_agency("POL", name="Example Police")}


def book_of(*actions: Action) -> Any:
    """The workbook, read back with its styles."""
    return load_workbook(io.BytesIO(tracker_workbook(actions, AGENCIES, NOW)))


def rows_of(book: Any) -> list[dict[str, Any]]:
    """The rows of the table by their headings."""
    heads, *rows = book["Actions"].iter_rows(min_row=FIRST_ROW, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_row_is_an_action() -> None:
    """Every column that the import knows, dates as dates, and how late it is in words."""
    late = create_action(id=7, due=TODAY - timedelta(days=3))
    soon = create_action(id=8, due=TODAY + timedelta(days=2), agency="POL")
    done = create_action(id=9, due=TODAY - timedelta(days=3), status=ActionStatus.VERIFIED, open=False, closed_on=NOW)
    rows = rows_of(book_of(done, soon, late))
    assert [row["Reference"] for row in rows] == ["A-7", "A-8", "A-9"], "what is late comes first, what is closed last"
    first = rows[0]
    assert (first["What"], first["Owner"], first["Agency"]) == (late.what, "Dee Matron", "MHT")
    assert first["Due"].date() == TODAY - timedelta(days=3)
    assert first["Agreed"].date() == date(2026, 6, 1)
    assert [row["How late"] for row in rows] == ["3 days overdue", "due within a week", None]
    assert rows[2]["Closed"].date() == TODAY


def test_it_is_a_table_that_filters_and_prints() -> None:
    """A named table over all rows, frozen headings, colours with words beside them, marked on each printed page."""
    book = book_of(*(create_action(id=n) for n in range(1, 30)))
    sheet = book["Actions"]
    table = sheet.tables["Actions"]
    assert table.ref == f"A{FIRST_ROW}:N{FIRST_ROW + 29}"
    assert table.autoFilter is not None
    assert sheet.freeze_panes == f"C{FIRST_ROW + 1}"
    assert sheet.print_title_rows == f"${FIRST_ROW}:${FIRST_ROW}"
    assert sheet.oddHeader.center.text == sheet.oddFooter.center.text == words.MARKING
    assert sum(len(rules.rules) for rules in sheet.conditional_formatting) == 4
    assert words.MARKING in sheet["A2"].value


def test_the_summary_counts_and_draws() -> None:
    """Open, overdue and the rest as counted by hand, by agency with both series, and two charts."""
    actions = [
        create_action(id=1, due=TODAY - timedelta(days=1)),
        create_action(id=2, due=TODAY + timedelta(days=1)),
        create_action(id=3, agency="POL", status=ActionStatus.BLOCKED, due=TODAY + timedelta(days=30)),
        create_action(id=4, agency="POL", status=ActionStatus.VERIFIED, open=False, due=TODAY - timedelta(days=9)),
    ]
    book = book_of(*actions)
    sheet = book["Summary"]
    said = {row[0]: row[1:3] for row in sheet.iter_rows(min_row=FIRST_ROW, max_col=3, values_only=True) if row[0]}
    assert (said["Open"][0], said["Overdue"][0], said["Due within a week"][0], said["Blocked"][0]) == (3, 1, 1, 1)
    assert said["Example Mental Health Trust"] == (2, 1)
    assert said["Example Police"] == (1, 0)
    assert len(sheet._charts) == 2


def test_an_empty_tracker_is_a_workbook_too() -> None:
    """With no action there is a table with its headings, and no chart of nothing."""
    book = book_of()
    assert len(rows_of(book)) <= 1
    assert book["Summary"]._charts == []


@settings(max_examples=40)
@given(
    st.text(max_size=80), st.sampled_from(["=1+1", "+44", "-x", "@SUM(A1)", '=HYPERLINK("http://x")', "\x00\x0b", "𝒳"])
)
def test_whatever_was_typed_stays_a_text(text: str, start: str) -> None:
    """A text that begins like a formula is shown as it was typed and never worked out; what Excel cannot hold goes."""
    book = book_of(create_action(id=1, what=start + text, note=start, owner_name=start))
    cell = book["Actions"].cell(FIRST_ROW + 1, 2)
    assert cell.data_type != "f"
    assert book["Actions"].cell(FIRST_ROW + 1, 8).data_type != "f"
    if start.isprintable():
        assert str(book["Actions"].cell(FIRST_ROW + 1, 8).value) == start


def test_a_text_longer_than_a_cell_is_cut() -> None:
    """Excel would not open a file with more."""
    book = book_of(create_action(id=1, note="x" * 40_000))
    assert len(rows_of(book)[0]["Note"]) == 32_767
