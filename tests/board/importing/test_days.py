"""Dates in a spreadsheet: the day before the month, words for having none, and a trouble for whatever is no date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from board.importing.cells import EPOCH_1904, Cell
from board.importing.days import FIRST, LAST, Day, DayTrouble, read_day

APRIL_3 = date(2026, 4, 3)


@pytest.mark.parametrize(
    "cell",
    [
        *("3/4/2026", "03/04/26", "03.04.26", "3-4-2026", "3rd April 2026", "3 Apr 26", "Fri 3 April 2026"),
        *("3 of April 2026", "3-Apr-26", "Friday, 3 April 2026", "2026-04-03 00:00:00", "3/4/2026 14:30"),
        *("2026-04-03", "3 / 4 / 2026"),
        *("\u00a03/4/2026 ", "3\u00a0April\u00a02026", "3 APRIL, 2026", "46115", "46115.0", 46115, 46115.75),
        *(date(2026, 4, 3), datetime(2026, 4, 3, 9, 30, tzinfo=UTC)),
    ],
    ids=str,
)  # fmt: skip
def test_the_third_of_april(cell: Cell) -> None:
    """However it is written, the third of the fourth is a day in April and never one in March."""
    assert read_day(cell) == Day(APRIL_3)


def test_the_calendar_of_old_macs() -> None:
    """A serial number counts from the workbook's own day 0."""
    assert read_day(46115 - 1462, EPOCH_1904) == Day(APRIL_3)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "–", "n/a", "N/A", "...", "\u00a0"], ids=repr)
def test_blanks_are_no_date(cell: Cell) -> None:
    """What stands for nothing is nothing, and nobody is told."""
    assert read_day(cell) == Day()


@pytest.mark.parametrize("said", ["ASAP", "ongoing", "TBC", "Next meeting", "a.s.a.p.", "?", "Standing item"])
def test_words_for_having_none(said: str) -> None:
    """A word that means that there is no date is kept as it was said."""
    assert read_day(said) == Day(said=said)


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("April 2026", date(2026, 4, 30)),
        ("end of February 2028", date(2028, 2, 29)),
        ("by Dec-26", date(2026, 12, 31)),
        ("Sept 2026", date(2026, 9, 30)),
    ],
)
def test_a_month_means_its_last_day(said: str, last: date) -> None:
    """A month alone is its last day, and is marked as such."""
    assert read_day(said) == Day(last, whole_month=True)


@pytest.mark.parametrize(
    ("cell", "trouble"),
    [
        ("32/1/2026", DayTrouble.NO_SUCH_DAY),
        ("29/2/2026", DayTrouble.NO_SUCH_DAY),
        ("4/13/2026", DayTrouble.NO_SUCH_DAY),
        ("31 June 2026", DayTrouble.NO_SUCH_DAY),
        ("3/4/1926", DayTrouble.YEAR),
        ("3/4/2206", DayTrouble.YEAR),
        (date(1900, 1, 3), DayTrouble.YEAR),
        ("3/4/2026, now 1/5/2026", DayTrouble.SEVERAL),
        ("3 April 2026 (was 3 March 2026)", DayTrouble.SEVERAL),
        ("when the ward opens", DayTrouble.NOT_A_DATE),
        ("3/4", DayTrouble.NOT_A_DATE),
        ("3 Aprll 2026", DayTrouble.NOT_A_DATE),
        (True, DayTrouble.NOT_A_DATE),
        (12, DayTrouble.NOT_A_DATE),
        ("99999", DayTrouble.YEAR),
    ],
    ids=str,
)
def test_what_is_no_date(cell: Cell, trouble: DayTrouble) -> None:
    """Nothing is guessed: a slip, another country's order or two dates in a cell is a trouble."""
    assert read_day(cell) == Day(trouble=trouble)


@given(
    some.dates(FIRST, LAST), some.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y", "%Y-%m-%d", "%d/%m/%y"])
)
def test_every_day_reads_back(day: date, form: str) -> None:
    """Each day of the century reads back from each way of writing it."""
    assert read_day(day.strftime(form)) == Day(day)


@given(some.dates(FIRST, LAST))
def test_every_serial_number_reads_back(day: date) -> None:
    """Excel's own count of days, which takes 1900 for a leap year."""
    assert read_day((day - date(2000, 1, 1)) // timedelta(days=1) + 36526) == Day(day)


@given(some.text(max_size=60) | some.integers() | some.floats())
def test_no_cell_breaks_it(cell: Cell) -> None:
    """Whatever a cell holds is a day in this century, a word, a trouble or nothing."""
    found = read_day(cell)
    assert found.day is None or FIRST <= found.day <= LAST
