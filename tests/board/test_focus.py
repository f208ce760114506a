"""Whom the board looks at: fair over the years, a swap with its reason, and nobody featured by what was cancelled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.boards import Board, key_of
from board.errors import NotAllowed, NotUnderstood, Problem
from board.focus import paper, rotation, settled, swapped
from board.forms import Form
from board.records import Forum, Meeting
from board.vocabulary import MeetingKind, Role
from tests.builders import KEY, NOW, create_agency, create_member

ANCHOR = date(2026, 12, 9)
"""A Wednesday; every six weeks from there: 20 January, 3 March, 14 April, 26 May, 7 July, 18 August 2027."""

TODAY = date(2026, 12, 1)
FORUM = Forum(code="MHRMB", name="Board", kind=MeetingKind.BOARD, anchor=ANCHOR)
FOUR = {code: create_agency(code) for code in ("AMB", "FIR", "MHT", "POL")}


def row(day: str, focus: str = "", **changed: str) -> Meeting:
    planned = date.fromisoformat(day)
    return Meeting(id=1, key=key_of("MHRMB", planned), forum="MHRMB", held_on=planned, focus=focus, **changed)


def whom(rows: list[Meeting], count: int = 6) -> list[str]:
    return [turn.agency for turn in rotation(FORUM, rows, FOUR, TODAY)][:count]


def test_those_never_featured_come_first() -> None:
    """In the order of their codes; then round again."""
    assert whom([]) == ["AMB", "FIR", "MHT", "POL", "AMB", "FIR"]


def test_the_longest_ago_comes_first() -> None:
    """On 16 September AMB was featured, on 28 October POL: so FIR, MHT, then AMB and POL."""
    assert whom([row("2026-09-16", "AMB"), row("2026-10-28", "pol ")], 5) == ["FIR", "MHT", "AMB", "POL", "FIR"]


def test_a_cancelled_board_featured_nobody() -> None:
    """Whoever it would have looked at comes first still."""
    gone = row("2026-10-28", "AMB", status="Cancelled")
    assert whom([gone], 2) == ["AMB", "FIR"]


def test_a_swap() -> None:
    """POL takes January; AMB has December still, and whoever gave way comes next: nobody twice before all were once."""
    assert whom([row("2027-01-20", "POL", focus_why="its inspection is out")], 5) == ["AMB", "POL", "FIR", "MHT", "AMB"]
    turns = rotation(FORUM, [row("2027-01-20", "POL", focus_why="its inspection is out")], FOUR, TODAY)
    assert [(turn.swapped, turn.why) for turn in turns[:2]] == [(False, ""), (True, "its inspection is out")]


def test_an_agency_that_left_is_not_looked_at() -> None:
    """Nor one that does not belong to the forum, nor a name that is no agency's."""
    assert whom([row("2026-12-09", "NOBODY"), row("2027-01-20", "HOU")], 2) == ["AMB", "FIR"]
    assert rotation(FORUM, [], {}, TODAY) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.dictionaries(st.integers(0, 8), st.integers(0, 11), max_size=3))
def test_it_is_fair(number: int, pinned: dict[int, int]) -> None:
    """However boards are swapped, each agency is there within as many boards as there are agencies and swaps, but for
    one that waits because a swap gives it a board soon after."""
    agencies = {f"A{n:02}": create_agency(f"A{n:02}") for n in range(number)}
    days = [turn.board.planned for turn in rotation(FORUM, [], agencies, TODAY)]
    rows = [row(days[at].isoformat(), f"A{code % number:02}", focus_why="w") for at, code in pinned.items()]
    turns = [turn.agency for turn in rotation(FORUM, rows, agencies, TODAY)]
    assert len(turns) == len(days)
    first = turns[: number + len(pinned)]
    if len(first) == number + len(pinned):
        given_later = {f"A{code % number:02}" for at, code in pinned.items() if at >= len(first)}
        assert set(agencies) - set(first) <= given_later


@pytest.mark.parametrize(
    ("agency", "why", "fields"),
    [("XXX", "w", ["focus_agency"]), ("POL", " ", ["why"]), ("", "", ["focus_agency", "why"])],
)
def test_a_swap_that_is_not_understood(agency: str, why: str, fields: list[str]) -> None:
    """Each mistake is named by its field."""
    with pytest.raises(NotUnderstood) as wrong:
        swapped(Board("MHRMB", ANCHOR, ANCHOR), agency, why, FOUR, TODAY)
    assert [found.field for found in wrong.value.problems] == fields


def test_a_board_that_is_over_is_not_swapped() -> None:
    """It was held as it was."""
    with pytest.raises(NotAllowed):
        swapped(Board("MHRMB", ANCHOR, ANCHOR), "POL", "w", FOUR, ANCHOR + timedelta(days=1))


def test_what_a_swap_and_a_turn_write() -> None:
    """The board's own row, by the key that it has however often it is moved."""
    turn = rotation(FORUM, [], FOUR, TODAY)[0]
    assert (settled(turn).key, settled(turn).focus) == ("meeting:MHRMB:2026-12-09", "AMB")
    after = swapped(turn.board, "pol", " so ", FOUR, TODAY)
    assert (after.focus, after.focus_why) == ("POL", "so")


def test_the_paper_says_nothing_of_anybody() -> None:
    """It is the agency's own to write; an address, a case's reference or nothing at all is refused by its field."""
    turn = rotation(FORUM, [], FOUR, TODAY)[0]
    lead = create_member(agency="AMB", roles=frozenset({Role.AGENCY_LEAD}))
    made = paper(Form({"key": KEY, "demands": "calls rise"}), lead, FORUM, turn, now=NOW)
    assert (made.words, made.agency, made.about, made.key) == (
        "calls rise",
        "AMB",
        "2026-12-09",
        "focus:MHRMB:2026-12-09",
    )
    for values, field, problem in (
        ({"demands": "see R-14"}, "demands", Problem.IDENTIFYING),
        ({"blockers": "write to a.person@example.org"}, "blockers", Problem.IDENTIFYING),
        ({}, "demands", Problem.MISSING),
    ):
        with pytest.raises(NotUnderstood) as wrong:
            paper(Form({"key": KEY, **values}), lead, FORUM, turn, now=NOW)
        assert [(found.field, found.problem) for found in wrong.value.problems] == [(field, problem)]
    with pytest.raises(NotAllowed):
        paper(Form({"key": KEY, "demands": "x"}), create_member(agency="POL"), FORUM, turn, now=NOW)
