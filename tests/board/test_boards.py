"""The board's calendar: six weeks from an anchor, moved and cancelled by a chair, over Christmas and leap years."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.boards import Board, boards, cancelled, key_of, last_held, may_change, moved, next_held, upcoming
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem
from board.records import Forum, Meeting
from board.vocabulary import MeetingKind, MeetingStatus, Role
from tests.builders import create_forum, create_member

BOARD = create_forum("MHRMB", kind="Board", anchor=date(2026, 12, 9))
TODAY = date(2026, 11, 27)

# From a wall calendar: Wednesdays six weeks apart from 9 December 2026, none of them a bank holiday in England.
YEAR = (
    *("2026-12-09", "2027-01-20", "2027-03-03", "2027-04-14", "2027-05-26", "2027-07-07", "2027-08-18", "2027-09-29"),
    "2027-11-10",
)


def row(planned: str, held: str, status: str = MeetingStatus.PLANNED, **more: str) -> Meeting:
    """A row that a chair's change wrote."""
    return Meeting(
        key=key_of("MHRMB", date.fromisoformat(planned)), forum="MHRMB", held_on=date.fromisoformat(held),
        status=status, kind=MeetingKind.BOARD, why="The chairs are away", **more,
    )  # fmt: skip


def days(rows: list[Meeting], forum: Forum = BOARD) -> list[str]:
    """The year's boards as they are held, the cancelled in brackets."""
    return [f"({each.day})" if each.cancelled else str(each.day) for each in upcoming(forum, rows, TODAY)]


def test_a_year_from_the_anchor() -> None:
    """Nine boards, as the wall calendar has them."""
    assert days([]) == list(YEAR)


def test_a_board_on_a_bank_holiday() -> None:
    """One that falls on Christmas Day is held on the next working day, Tuesday 29 December; the next is in step."""
    christmas = create_forum("MHRMB", kind="Board", anchor=date(2026, 12, 25))
    assert days([], christmas)[:2] == ["2026-12-29", "2027-02-05"]


def test_moved_cancelled_and_moved_again() -> None:
    """A move changes that board alone; a second move is of the same board; a cancelled one is seen, and not held."""
    once = row("2026-12-09", "2026-12-16")
    assert days([once])[:3] == ["2026-12-16", "2027-01-20", "2027-03-03"]
    twice = row("2026-12-09", "2026-12-02")
    assert days([twice])[:2] == ["2026-12-02", "2027-01-20"]
    gone = row("2027-01-20", "2027-01-20", MeetingStatus.CANCELLED)
    assert days([once, gone])[:3] == ["2026-12-16", "(2027-01-20)", "2027-03-03"]
    assert next_held(BOARD, [once, gone], date(2026, 12, 17)) == date(2027, 3, 3)
    assert last_held(BOARD, [once, gone], date(2027, 3, 3)) == date(2026, 12, 16)


def test_rows_that_people_typed() -> None:
    """A row on a board's own day is that board; on another day it is one besides; a subgroup's is none."""
    same = Meeting(key="typed", forum="mhrmb", held_on=date(2026, 12, 9), status=MeetingStatus.CANCELLED)
    extra = Meeting(key="", forum="MHRMB", held_on=date(2026, 12, 18))
    other = Meeting(key="s", forum="MHRMB", held_on=date(2026, 12, 2), kind=MeetingKind.SUBGROUP)
    assert days([same, extra, other])[:3] == ["(2026-12-09)", "2026-12-18", "2027-01-20"]
    assert days([extra], create_forum("MHRMB", kind="Board", anchor=None)) == ["2026-12-18"]
    assert next_held(create_forum("MHRMB", anchor=None), [], TODAY) is None


@pytest.mark.parametrize(
    ("to", "why", "problem"),
    [
        ("2026-11-27", "x", FieldProblem("board_day", Problem.NOT_LATER)),
        ("2026-12-12", "x", FieldProblem("board_day", Problem.NOT_A_WORKING_DAY)),
        ("2026-12-25", "x", FieldProblem("board_day", Problem.NOT_A_WORKING_DAY)),
        ("2027-01-20", "x", FieldProblem("board_day", Problem.TAKEN)),
        ("2027-02-18", "x", FieldProblem("board_day", Problem.TOO_FAR)),
        ("2026-12-16", " ", FieldProblem("why", Problem.MISSING)),
    ],
)
def test_a_day_that_cannot_be(to: str, why: str, problem: FieldProblem) -> None:
    """The past, a weekend, a bank holiday, another board's day, ten weeks off, or no reason: each is named."""
    board, *others = upcoming(BOARD, [], TODAY)
    with pytest.raises(NotUnderstood) as wrong:
        moved(board, date.fromisoformat(to), why, [board, *others], TODAY)
    assert wrong.value.problems == (problem,)


def test_what_a_change_writes() -> None:
    """One row a board, by its own day's key, whatever happens to it; moving it back holds it as planned."""
    board = upcoming(BOARD, [], TODAY)[0]
    first = moved(board, date(2026, 12, 16), " away ", [], TODAY)
    assert (first.key, first.held_on, first.why) == ("meeting:MHRMB:2026-12-09", date(2026, 12, 16), "away")
    again = upcoming(BOARD, [first], TODAY)[0]
    assert (again.planned, again.day, again.moved) == (date(2026, 12, 9), date(2026, 12, 16), True)
    gone = cancelled(again, "snow", TODAY)
    assert (gone.key, gone.status, gone.open) == (first.key, MeetingStatus.CANCELLED, False)
    back = moved(upcoming(BOARD, [gone], TODAY)[0], date(2026, 12, 9), "it thawed", [], TODAY)
    assert days([back]) == list(YEAR)
    with pytest.raises(NotUnderstood):
        cancelled(board, "", TODAY)
    with pytest.raises(NotAllowed):
        cancelled(board, "late", date(2026, 12, 10))


@pytest.mark.parametrize("role", Role)
def test_who_changes_it(role: Role) -> None:
    """The chairs, and the team that arranges everything."""
    if role in (Role.CHAIR, Role.MENTAL_HEALTH_TEAM):
        may_change(create_member(role))
    else:
        with pytest.raises(NotAllowed):
            may_change(create_member(role))


@given(st.dates(date(2024, 1, 1), date(2031, 12, 31)), st.integers(0, 900))
def test_every_six_weeks_for_ever(anchor: date, ahead: int) -> None:
    """From any anchor, leap years and holidays and all: about nine a year, each a working day, none twice, and the days
    of two neighbours are six weeks apart but for bank holidays."""
    forum = create_forum("MHRMB", anchor=anchor)
    found = [
        each.day for each in boards(forum, [], anchor + timedelta(days=ahead), anchor + timedelta(days=ahead + 364))
    ]
    assert len(found) in (8, 9, 10)
    assert len(set(found)) == len(found)
    assert all(day.weekday() < 5 for day in found)
    assert all(abs((after - before).days - 42) <= 5 for before, after in itertools.pairwise(found))
    assert all(isinstance(each, Board) for each in boards(forum, [], anchor, anchor))
