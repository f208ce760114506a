"""Conferences of other forums: which forums hold them, and the row that records one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from board.boards import boards
from board.conference import forums, held, key_of
from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.records import Forum
from sharepoint.schema import MEETINGS

TODAY = date(2026, 11, 30)
MAPPA = Forum(code="MAPPA", name="MAPPA", kind="MAPPA")
EVERY = {
    each.code: each
    for each in (
        MAPPA,
        Forum(code="MARAC", name="MARAC", kind="Conference"),
        Forum(code="SUB", name="Subgroup", kind="subgroup"),
        Forum(code="MHRMB", name="Board", kind="Board"),
        Forum(code="OLD", name="Old", kind=""),
        Forum(code="GONE", name="Gone", kind="MASH", open=False),
    )
}


def test_which_forums_hold_conferences() -> None:
    """Neither a board nor a subgroup, however its kind is spelt; a forum of no kind is a board."""
    assert [each.code for each in forums(EVERY.values())] == ["MAPPA", "MARAC"]


def test_its_row() -> None:
    """Held and closed, one for each forum and day, its reference a C; and no board of that forum."""
    row = held(Form({"forum": "mappa", "conference_day": "2026-11-20"}), EVERY, TODAY)
    assert (row.key, row.status, row.open) == ("conference:MAPPA:2026-11-20", "Held", False)
    assert row.key == key_of("mappa", date(2026, 11, 20))
    assert MEETINGS.reference_of(replace(row, id=7)) == "C-7"
    assert boards(MAPPA, [row], date(2026, 1, 1), date(2026, 12, 31)) == []
    assert (
        held(Form({"forum": "MAPPA", "conference_day": "2026-11-20"}), EVERY, TODAY, cancelled=True).status
        == "Cancelled"
    )


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"conference_day": "2026-11-20"}, "forum", Problem.MISSING),
        ({"forum": "SUB", "conference_day": "2026-11-20"}, "forum", Problem.ONE_OF),
        ({"forum": "MAPPA"}, "conference_day", Problem.MISSING),
        ({"forum": "MAPPA", "conference_day": "2026-12-01"}, "conference_day", Problem.IN_THE_FUTURE),
        ({"forum": "MAPPA", "conference_day": "20 Nov"}, "conference_day", Problem.NOT_A_DATE),
    ],
)
def test_what_is_wrong_with_it(values: dict[str, str], field: str, problem: Problem) -> None:
    """Each mistake is named by its field."""
    with pytest.raises(NotUnderstood) as wrong:
        held(Form(values), EVERY, TODAY)
    assert [(each.field, each.problem) for each in wrong.value.problems] == [(field, problem)]
