"""Several boards kept apart: what belongs to which, by tables and against a counting of one's own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.actions import Action
from board.records import Agency, Forum, Member, Return, Risk
from board.scopes import of_channels, of_forum, of_member, scopes, theirs
from board.vocabulary import Role

NORTH = Forum(id=2, code="NORTH", name="North", kind="Board", agencies=frozenset({"POL", "NHT"}))
FIRST = Forum(id=1, code="MHRMB", name="First", kind="Board", agencies=frozenset({"POL", "MHT"}))
MARAC = Forum(id=3, code="MARAC", name="MARAC", kind="MARAC", board="NORTH")
WEEKLY = Forum(id=4, code="SUB", name="Weekly", kind="Subgroup")
LOST = Forum(id=5, code="LOST", name="Lost", kind="Bed call", board="GONE")
FORUMS = (NORTH, FIRST, MARAC, WEEKLY, LOST)


def member(**values: Any) -> Member:
    """Somebody of an agency."""
    return Member(user_id="u", name="Gray Placeholder", roles=frozenset({Role.REPRESENTATIVE}), **values)


def test_one_board_is_not_parted() -> None:
    """With one board, or none, nothing is ever left out."""
    assert scopes([FIRST, MARAC, WEEKLY]) == []
    assert scopes([]) == []
    assert scopes([FIRST, Forum(id=2, code="NORTH", name="North", kind="Board", open=False)]) == []


def test_which_forums_are_whose() -> None:
    """A forum is the board's that its row names; one that names none, or one that is not there, is the first's."""
    first, north = scopes(FORUMS)
    assert (first.code, first.forums) == ("MHRMB", {"MHRMB", "SUB", "LOST", "SUBGROUP"})
    assert (north.code, north.forums) == ("NORTH", {"NORTH", "MARAC", "NORTH-SUBGROUP"})
    assert of_forum([first, north], "marac") == north
    assert of_forum([first, north], "") == first
    assert of_forum([first, north], "NOWHERE") is None


@pytest.mark.parametrize(
    ("row", "boards"),
    [
        (Action(what="x", forum=""), {"MHRMB"}),
        (Action(what="x", forum="north"), {"NORTH"}),
        (Risk(forum="MARAC"), {"NORTH"}),
        (Risk(forum="ELSEWHERE"), set()),
        (Return(agency="POL", answer="Not known"), {"MHRMB", "NORTH"}),
        (Agency(code="MHT", name="x"), {"MHRMB"}),
        (Agency(code="POL", name="x"), {"MHRMB", "NORTH"}),
        (MARAC, {"NORTH"}),
        (member(agency="NHT"), {"NORTH"}),
        (member(agency="POL"), {"MHRMB", "NORTH"}),
        (member(agency="POL", forums=frozenset({"MARAC"})), {"NORTH"}),
        (member(agency="MHT", forums=frozenset({"north"})), {"NORTH"}),
        (member(agency=""), {"MHRMB"}),
        (member(agency="XXX"), set()),
    ],
)
def test_what_is_whose(row: object, boards: set[str]) -> None:
    """Rows by their forum, agencies by the board's row, members by their own row or their agency's."""
    assert {each.code for each in scopes(FORUMS) if each.keeps(row)} == boards


def test_which_board_somebody_speaks_to() -> None:
    """The one they chose, if it is theirs; else their first; a stranger is answered by the first board."""
    every = scopes(FORUMS)
    both = member(agency="POL")
    assert [each.code for each in theirs(every, both)] == ["MHRMB", "NORTH"]
    assert of_member(every, both, "").code == "MHRMB"
    assert of_member(every, both, "north").code == "NORTH"
    assert of_member(every, member(agency="MHT"), "NORTH").code == "MHRMB"
    assert of_member(every, None, "NORTH").code == "MHRMB"
    assert of_channels({"MHRMB": "19:a", "MARAC": "19:b"}, "19:b") == "MARAC"
    assert of_channels({"MHRMB": "19:a"}, "19:c") == ""


codes = st.sampled_from(["MHRMB", "NORTH", "SOUTH", "SUB", "MARAC", ""])
kinds = st.sampled_from(["Board", "MARAC"])
forum_rows = st.builds(Forum, id=st.integers(1, 50), code=codes, name=st.just("x"), kind=kinds, board=codes)
forums = st.lists(forum_rows, max_size=6, unique_by=lambda each: each.code)


@given(forums, codes)
def test_no_row_is_two_boards(rows: list[Forum], forum: str) -> None:
    """Whatever the rows of `Forums` say, what names a forum belongs to one board at most, and boards share no forum."""
    every = scopes(rows)
    assert len([each for each in every if each.keeps(Action(what="x", forum=forum))]) <= 1
    named = [code for each in every for code in each.forums]
    assert len(named) == len(set(named))
