"""What a pack holds, what came after it, and when it is issued: tables, and properties over what may come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.actions import ActionStatus
from board.agenda import Part
from board.boards import Board
from board.escalation import Rung
from board.pack import Escalated, Pack, came_down, engaged, is_issued_on, lapsing, supplement, to_decide
from board.records import AgendaItem, Attendance, Forum, Lesson, Meeting, Risk
from tests.action_builders import create_action
from tests.builders import create_agency
from tests.cards import example_board as example

FORUM = Forum(code="MHRMB", name="The board", kind="Board")
DAY = date(2026, 12, 9)


@pytest.mark.parametrize(
    ("today", "milestones", "due"),
    [
        (date(2026, 12, 1), "", False),
        (date(2026, 12, 2), "", True),
        (date(2026, 12, 9), "", True),
        (date(2026, 12, 10), "", False),
        (date(2026, 12, 1), "pack 6", True),
        (date(2026, 12, 2), "pack 4", False),
    ],
)
def test_the_day_of_the_pack(today: date, milestones: str, due: bool) -> None:
    """Five working days before, or as many as the board's own row says, until the board has met."""
    assert is_issued_on(replace(FORUM, milestones=milestones), Board("MHRMB", DAY, DAY), today) is due


def test_a_cancelled_board_has_no_pack() -> None:
    """Its row says so."""
    board = Board("MHRMB", DAY, DAY, Meeting(forum="MHRMB", held_on=DAY, status="Cancelled"))
    assert is_issued_on(FORUM, board, date(2026, 12, 3)) is False


def test_it_is_issued_over_christmas() -> None:
    """A board on Wednesday 6 January 2027: 5, 4 January, then 31, 30, 29 December; the 28th is a bank holiday."""
    board = Board("MHRMB", date(2027, 1, 6), date(2027, 1, 6))
    due = [date(2026, 12, 20) + timedelta(days=n) for n in range(20)]
    assert next(day for day in due if is_issued_on(FORUM, board, day)) == date(2026, 12, 29)


REFERENCES = st.lists(st.integers(1, 40), unique=True, max_size=12)


def made(items: list[int], reports: list[int], risks: list[int], lessons: list[int]) -> Pack:
    """A pack that holds these, and nothing else."""
    parts = [Part("item", 10, 0, AgendaItem(forum="MHRMB", id=n, reference=f"I-{n}")) for n in items]
    return replace(
        example.pack(),
        parts=[Part("welcome", 5, 0), *parts],
        starts=["10:00"] * (len(items) + 1),
        reports=[AgendaItem(forum="SUB", id=100 + n, reference=f"I-{100 + n}") for n in reports],
        risks=[Risk(id=n, reference=f"K-{n}") for n in risks],
        lessons=[Lesson(id=n, reference=f"L-{n}") for n in lessons],
        paper=None,
    )


@given(st.lists(REFERENCES, min_size=8, max_size=8))
def test_a_supplement_holds_what_came_in_and_names_what_went(lists: list[list[int]]) -> None:
    """Exactly what is there now and was not, and of the agenda what was there and is not now."""
    before, now = made(*lists[:4]), made(*lists[4:])
    found = supplement(now, before.holds)
    assert found.pack.holds == now.holds - before.holds
    gone = {reference for reference in before.holds - now.holds if reference[0] == "I"}
    assert set(found.off) == gone
    assert found.is_empty is (not gone and now.holds <= before.holds)


@given(REFERENCES, REFERENCES)
def test_a_supplement_that_tells_the_same_has_the_same_mark(first: list[int], second: list[int]) -> None:
    """It is told again exactly when something else came in."""
    one, other = supplement(made(first, [], [], []), frozenset()), supplement(made(second, [], [], []), frozenset())
    assert (one.mark == other.mark) is (set(first) == set(second))


def test_agreements_that_end() -> None:
    """Not signed, lapsed, lapsing within ninety days: told, the first first; not those of a year, closed, or others."""
    today = date(2026, 12, 2)
    sound = create_agency("AAA", isa_signed_on=date(2026, 1, 1), isa_lapses_on=date(2027, 12, 31))
    agencies = [
        sound,
        replace(sound, code="BBB", isa_lapses_on=date(2027, 3, 2)),
        replace(sound, code="CCC", isa_lapses_on=date(2027, 3, 3)),
        replace(sound, code="DDD", isa_lapses_on=date(2026, 12, 2)),
        replace(sound, code="EEE", isa_signed_on=None),
        replace(sound, code="FFF", isa_signed_on=None, open=False),
        replace(sound, code="GGG", isa_signed_on=date(2026, 12, 3)),
        replace(sound, code="HHH", isa_lapses_on=None),
    ]
    found = lapsing(agencies, FORUM, today)
    assert [(each.code, each.on, each.lapsed) for each in found] == [
        ("EEE", None, True),
        ("GGG", None, True),
        ("DDD", date(2026, 12, 2), True),
        ("BBB", date(2027, 3, 2), False),
    ]
    assert [each.code for each in lapsing(agencies, replace(FORUM, agencies=frozenset({"BBB"})), today)] == ["BBB"]


def test_an_agency_at_a_glance() -> None:
    """Each of the board's, with what it attended and owes; a deputy was there, apologies were not."""
    agencies = [create_agency("POL", name="Police"), create_agency("MHT", name="Trust"), create_agency("X", open=False)]
    meetings = [Meeting(forum="SUB", reference=f"S-{n}", kind="Subgroup") for n in (1, 2)]
    meetings.append(Meeting(forum="MHRMB", reference="B-6", kind="Board"))
    rows = [
        Attendance(reference="S-1", agency="pol", status="Present"),
        Attendance(reference="S-2", agency="POL", status="Deputy"),
        Attendance(reference="S-1", agency="MHT", status="Apologies"),
        Attendance(reference="B-6", agency="MHT", status="Present"),
    ]
    actions = [create_action(id=1, due=date(2026, 11, 1)), create_action(id=2, due=date(2027, 1, 1))]
    found = engaged(
        FORUM,
        agencies,
        last=[rows[3]],
        meetings=meetings,
        attendance=rows,
        actions=actions,
        awaited={"MHT": 3},
        today=date(2026, 12, 2),
    )
    assert [(e.code, e.last, e.meetings, e.of, e.open, e.overdue, e.awaited) for e in found] == [
        ("MHT", "Present", 0, 2, 2, 1, 3),
        ("POL", "", 2, 2, 0, 0, 0),
    ]


def test_what_is_to_be_decided() -> None:
    """What an owner claims, asks or is stopped by; nothing that simply goes on."""
    said = {
        ActionStatus.DONE: "said to be done, to be verified",
        ActionStatus.NOT_POSSIBLE_CLAIMED: "said not to be possible",
        ActionStatus.MORE_TIME: "more time is asked for",
        ActionStatus.BLOCKED: "blocked",
    }
    actions = [create_action(id=n, status=status) for n, status in enumerate(ActionStatus, 1)]
    found = {action.status: why for action, why in to_decide(reversed(actions))}
    assert found == said
    assert [action.id for action, _ in to_decide(reversed(actions))] == sorted(
        a.id for a in actions if a.status in said
    )


def test_what_a_pack_is_known_by() -> None:
    """What members and subgroups brought; standing items and decisions are always there."""
    assert example.pack().holds == {"I-5", "I-6", "I-21", "I-22", "K-3", "K-4", "L-2"}


def test_what_came_down_is_told_at_its_highest() -> None:
    """Once for each action, the latest first; what is escalated still is not among it."""
    day = date(2026, 12, 1)
    kept = [
        Escalated("A-1", "MHT", Rung.LEAD, day),
        Escalated("A-1", "MHT", Rung.CHAIRS, day + timedelta(days=14)),
        Escalated("A-1", "MHT", Rung.MANAGER, day + timedelta(days=20)),
        Escalated("A-2", "POL", Rung.LEAD, day + timedelta(days=1)),
        Escalated("A-3", "ASC", Rung.LEAD, day + timedelta(days=2)),
    ]
    assert came_down(kept, {"A-3"}) == [kept[1], kept[3]]
    assert came_down([], set()) == []
