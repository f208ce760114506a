"""Individual detentions, row by row: what is refused and why, the clocks, and what the month's figures are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from board.detentions import instants
from board.errors import Problem
from board.importing import detentions
from board.importing.cells import Cell, Row, Sheet
from board.importing.figures import Known, Read
from board.measures import SEEDED
from board.records import Figure

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
HEADINGS = ("Detention id", "Agency", "Arrived", "Released", "Admitted", "Police left at", "Police hours")
SOUND = ("A-1", "POL", "01/10/2026 10:00", "01/10/2026 16:30", None, "01/10/2026 10:45", None)
KNOWN = Known(SEEDED, {each.code: ("BTP", "POL") for each in SEEDED}, date(2026, 11, 16), NOW)


def sheet(*rows: tuple[Cell, ...], headings: tuple[str, ...] = HEADINGS) -> Sheet:
    return Sheet("Custody", tuple(Row(number, cells) for number, cells in enumerate((headings, *rows), start=3)))


def read(*rows: tuple[Cell, ...]) -> Read:
    columns = detentions.recognised([sheet(*rows)])
    assert columns is not None
    return detentions.understand(columns, KNOWN)


def row(**changed: Any) -> tuple[Cell, ...]:
    names = ("id", "agency", "arrived", "released", "admitted", "left", "hours")
    return tuple({**dict(zip(names, SOUND, strict=True)), **changed}.values())


def figures(of: Read) -> dict[str, Figure]:
    return {f"{each.figure.measure} {each.figure.agency} {each.figure.month}": each.figure for each in of.entries}


def test_the_figures_of_a_month() -> None:
    """How many, their hours in all, police hours, and of how many the handover came within the hour."""
    of = read(row(), row(id="A-2", left="01/10/2026 11:01"), row(id="A-3", left=None, hours=2.5))
    found = {code: (each.numerator, each.denominator, each.status) for code, each in figures(of).items()}
    assert found == {
        "s136 POL 2026-10": (3, None, "Final"),
        "s136-time POL 2026-10": (Decimal("19.5"), 3, "Final"),
        "s136-police POL 2026-10": (Decimal("4.27"), None, "Final"),  # 0:45, 1:01 and 2.5 hours
        "s136-handover POL 2026-10": (1, 3, "Final"),
    }
    assert of.refused == ()


@pytest.mark.parametrize(
    ("changed", "heading", "problem"),
    [
        ({"id": None}, "Detention id", Problem.MISSING),
        ({"id": "Gray Placeholder"}, "Detention id", Problem.NOT_A_PSEUDONYM),
        ({"id": "9434765870"}, "Detention id", Problem.NOT_A_PSEUDONYM),
        ({"id": "x" * 41}, "Detention id", Problem.NOT_A_PSEUDONYM),
        ({"agency": "NHSE"}, "Agency", Problem.NOT_ITS_SUPPLIER),
        ({"agency": None}, "Agency", Problem.MISSING),
        ({"arrived": None}, "Arrived", Problem.MISSING),
        ({"arrived": "01/10/2026"}, "Arrived", Problem.NOT_A_TIME),
        ({"arrived": "31/09/2026 10:00"}, "Arrived", Problem.NOT_A_TIME),
        ({"arrived": "01/10/2026 25:00"}, "Arrived", Problem.NOT_A_TIME),
        ({"arrived": 12}, "Arrived", Problem.NOT_A_TIME),
        ({"arrived": "17/11/2026 10:00"}, "Arrived", Problem.IN_THE_FUTURE),
        ({"arrived": "29/03/2026 01:30", "left": None}, "Arrived", Problem.SKIPPED_HOUR),
        ({"released": "01/10/2026 09:59"}, "Released", Problem.BEFORE_IT_BEGAN),
        ({"released": "17/11/2026 10:00"}, "Released", Problem.IN_THE_FUTURE),
        ({"released": "09/10/2026 10:00"}, "Released", Problem.TOO_LONG_A_STAY),
        ({"released": None, "admitted": "01/10/2026 09:00"}, "Admitted", Problem.BEFORE_IT_BEGAN),
        ({"admitted": "01/10/2026 17:00"}, "Admitted", Problem.TWO_ENDS),
        ({"left": "01/10/2026 09:00"}, "Police left at", Problem.BEFORE_IT_BEGAN),
        ({"hours": "-1"}, "Police hours", Problem.NEGATIVE),
        ({"hours": "two"}, "Police hours", Problem.NOT_A_NUMBER),
        ({"hours": 400}, "Police hours", Problem.TOO_MANY_HOURS),
    ],
)
def test_a_bad_row(changed: dict[str, Any], heading: str, problem: Problem) -> None:
    """It is refused by its own number, the column and the reason, and counts in nothing."""
    of = read(row(id="A-0"), row(**changed))
    assert [(each.row, each.heading, each.problem) for each in of.refused] == [(5, heading, problem)]
    assert figures(of)["s136 POL 2026-10"].numerator == 1


def test_every_problem_of_a_row_is_told() -> None:
    """At once, so that a spreadsheet is corrected once."""
    of = read(row(id=None, agency="X", arrived="soon"))
    assert [each.problem for each in of.refused] == [Problem.MISSING, Problem.NOT_ITS_SUPPLIER, Problem.NOT_A_TIME]


def test_the_same_id_twice() -> None:
    """The second is refused, and says where the first is."""
    (refused,) = read(row(), row(), row(id="a-1")).refused[:1]
    assert (refused.row, refused.problem, refused.other) == (5, Problem.SAME_ID, 4)


@pytest.mark.parametrize(
    ("arrived", "released", "hours"),
    [
        ("25/10/2026 00:30", "25/10/2026 03:30", "4"),  # an hour longer than it looks
        ("25/10/2026 01:40", "25/10/2026 01:20", "0.67"),  # over the change: forty minutes
        ("25/10/2026 01:10", "25/10/2026 01:20", "0.17"),  # both in the first of the two hours
        ("28/03/2026 23:30", "29/03/2026 03:30", "3"),  # an hour shorter
        ("2026-10-25T01:10+00:00", "25/10/2026 01:20", "0.17"),  # an offset leaves nothing to guess
        ("31/12/2025 23:00", "01/01/2026 01:00", "2"),
    ],
)
def test_the_clocks(arrived: str, released: str, hours: str) -> None:
    """Hours are those that passed, whatever the clocks on the wall did."""
    of = read(row(arrived=arrived, released=released, left=None))
    (time,) = [each.figure.numerator for each in of.entries if each.figure.measure == "s136-time"]
    assert time == Decimal(hours)


def test_a_month_is_that_of_the_arrival_here() -> None:
    """At half past midnight in summer it is still the day before in UTC."""
    of = read(row(arrived="01/07/2026 00:30", released="01/07/2026 02:00", left=None))
    assert "s136 POL 2026-07" in figures(of)


@pytest.mark.parametrize(
    ("wall", "number"),
    [("2026-03-29T01:30", 0), ("2026-10-25T01:30", 2), ("2026-10-25T02:00", 1), ("2026-06-01T12:00", 1)],
)
def test_instants(wall: str, number: int) -> None:
    """A wall time is none, one or two instants."""
    assert len(instants(datetime.fromisoformat(wall))) == number


def test_times_as_excel_holds_them() -> None:
    """As a date and time, and as a number of days."""
    wall = datetime.fromisoformat
    of = read(
        row(arrived=wall("2026-10-01T10:00"), released=wall("2026-10-01T16:29:59.999700"), left=None),
        row(id="A-2", arrived=46296.5, released="1 October 2026 at 14:00", left=None),
    )
    assert of.refused == ()
    assert figures(of)["s136-time POL 2026-10"].numerator == Decimal("8.5")


def test_what_is_not_recorded() -> None:
    """No end, no handover: they count, are said, and the month's figures stay provisional."""
    of = read(row(), row(id="A-2", released=None, left=None))
    found = figures(of)
    assert (found["s136 POL 2026-10"].numerator, found["s136 POL 2026-10"].status) == (2, "Final")
    assert (found["s136-time POL 2026-10"].denominator, found["s136-time POL 2026-10"].status) == (1, "Provisional")
    assert any("1 without an end" in each for each in of.remarks)


def test_a_stay_beyond_the_law_counts_and_is_said() -> None:
    """A breach is no slip of the pen: leaving it out would make the mean better than it was."""
    of = read(row(released="03/10/2026 10:00"))
    assert figures(of)["s136-time POL 2026-10"].numerator == 48
    assert any("1 longer than 36 hours" in each for each in of.remarks)


def test_the_month_that_is_not_over() -> None:
    """Its detentions wait: a half month beside a whole one would be a fall."""
    of = read(row(), row(id="A-2", arrived="10/11/2026 10:00", released="10/11/2026 12:00", left=None))
    assert set(figures(of)) == {f"{code} POL 2026-10" for code in ("s136", "s136-time", "s136-police", "s136-handover")}
    assert any("1 of the month that is not over" in each for each in of.remarks)


def test_a_month_without_any_is_said_and_not_nought() -> None:
    """None may mean that nothing was recorded."""
    of = read(row(arrived="01/08/2026 10:00", released="01/08/2026 12:00", left=None), row(id="A-2"))
    assert any("POL has none in 2026-09" in each for each in of.remarks)
    assert "s136 POL 2026-09" not in figures(of)


@pytest.mark.parametrize("heading", ["Surname", "Date of Birth", "NHS No.", "Address", "Notes"])
def test_a_column_that_says_who(heading: str) -> None:
    """It is found by its heading alone."""
    columns = detentions.recognised([sheet(row(), headings=(*HEADINGS, heading))])
    assert columns is not None
    assert detentions.says_who(columns) == [heading]


def test_a_tracker_is_none() -> None:
    """A sheet of actions is read as one."""
    assert detentions.recognised([sheet(headings=("Ref", "Action", "Owner", "Due"))]) is None
