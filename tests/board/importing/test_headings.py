"""Columns by their names, the row of headings below a title block, and which sheet is the tracker."""

from __future__ import annotations

import pytest

from board.importing.cells import Cell, Row, Sheet
from board.importing.choosing import choose
from board.importing.headings import SYNONYMS, Field, find, read


def columns(*headings: Cell) -> dict[str, Field | None]:
    """What a row of headings becomes."""
    return {column.says: column.field for column in read(Row(1, headings), {}).columns}


def sheet(*rows: tuple[Cell, ...], name: str = "Sheet1", hidden: bool = False) -> Sheet:
    """A sheet from its first row on."""
    return Sheet(name, tuple(Row(n, cells) for n, cells in enumerate(rows, start=1)), hidden=hidden)


@pytest.mark.parametrize(("field", "word"), [(field, word) for field, words in SYNONYMS.items() for word in words])
def test_every_synonym_names_a_column(field: Field, word: str) -> None:
    """Beside a column for the action alone, each synonym is understood, in any case and with any marks."""
    shouted = f" {word.upper().replace(' ', '_')}: " if word != "#" else word
    alone = read(Row(1, (shouted,)), {}).columns[0].field
    assert alone is not None
    if field is not alone:  # a word two columns go by: the other one is meant once the first is there
        first = SYNONYMS[alone][0]
        assert read(Row(1, (first, shouted)), {}).columns[1].field is field


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Action Owner / Lead", Field.OWNER),
        ("Due date (dd/mm/yyyy)", Field.DUE),
        ("By\nwhen?", Field.DUE),
        ("ACTION NO.", Field.REFERENCE),
        ("Lead\u00a0Agency", Field.AGENCY),
        ("What - action required", Field.WHAT),
        ("Cost code", None),
        ("", None),
        (3, None),
    ],
    ids=str,
)
def test_headings_as_boards_write_them(heading: Cell, field: Field | None) -> None:
    """Brackets, alternatives and line breaks do not hide what a column is; a word of its own is left aside."""
    assert read(Row(1, (heading,)), {}).columns[0].field is field


def test_a_surer_word_wins() -> None:
    """Of two columns that could be the same, the surer word is taken, wherever it stands."""
    assert columns("RAG", "Action", "Status", "Progress") == {
        "RAG": None,
        "Action": Field.WHAT,
        "Status": Field.STATUS,
        "Progress": Field.NOTE,
    }
    assert columns("Description", "Action", "RAG") == {"Description": None, "Action": Field.WHAT, "RAG": Field.STATUS}


def test_headings_below_a_title_block() -> None:
    """The row that names most columns is the headings', whatever stands above; its number is the spreadsheet's."""
    found = find(
        sheet(("Fictonshire action log",), ("Owner: A Person", "Status: draft"), (), ("Ref", "Action", "Owner", "Due")),
        {},
    )
    assert found is not None
    assert found.row == 4
    assert [column.letter for column in found.columns] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "rows", [(), (("Name", "Telephone"),), (("Action",), ("Ring them",)), (("Owner", "Due"), ("A", "B"))]
)
def test_a_sheet_that_is_no_tracker(rows: tuple[tuple[Cell, ...], ...]) -> None:
    """Without a column for the action, and another beside it, there are no headings."""
    assert find(sheet(*rows), {}) is None


def test_what_the_person_says_of_a_column_counts() -> None:
    """A heading of their own becomes what they said; one left aside makes room for another."""
    told = {"taskinhand": Field.WHAT, "owner": None}
    found = read(Row(1, ("Task in hand", "Owner", "Lead")), told)
    assert [column.field for column in found.columns] == [Field.WHAT, None, Field.OWNER]


TRACKER = (("Ref", "Action", "Owner", "Due"), ("1", "Ring them", "Cy", "3/4/2026"))
SMALL = (("Action", "Owner"), ("Ring", "Cy"), ("Write", "Cy"), ("Meet", "Cy"))


def test_the_likeliest_sheet_is_taken() -> None:
    """Most columns understood, then most rows; a hidden one only by its name."""
    sheets = [
        sheet(*SMALL, name="Old"),
        sheet(*TRACKER, name="Now"),
        sheet(*TRACKER, *TRACKER, name="Kept", hidden=True),
    ]
    for named, expected in (("", "Now"), ("old ", "Old"), ("KEPT", "Kept")):
        found = choose(sheets, named, {})
        assert found is not None
        assert found[0].name == expected
    assert choose(sheets, "Other", {}) is None
