"""What is not done climbs on the right working day, and an answer stops a clock once: tables from a wall calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.actions import Action, ActionStatus, Priority
from board.escalation import Answer, Rung, climb, may_answer, notices, read_key, recipients
from board.records import Member
from board.vocabulary import Role
from tests.action_builders import create_action
from tests.builders import create_member

DUE = date(2026, 12, 14)
"""A Monday. Overdue from Tuesday the 15th; Christmas Day, Monday the 28th and 1 January are bank holidays."""

# Working days overdue: 15, 16, 17, 18, 21 December are the owner's five; then 22, 23, 24, 29, 30; then 31 December,
# 4, 5, 6, 7 January; then 8, 11, 12, 13, 14; from 15 January on it is with the co-chairs.
TABLE = [
    ("2026-12-14", None),
    ("2026-12-15", Rung.OWNER),
    ("2026-12-21", Rung.OWNER),
    ("2026-12-22", Rung.MANAGER),
    ("2026-12-28", Rung.MANAGER),
    ("2026-12-30", Rung.MANAGER),
    ("2026-12-31", Rung.LEAD),
    ("2027-01-07", Rung.LEAD),
    ("2027-01-08", Rung.MEMBER),
    ("2027-01-14", Rung.MEMBER),
    ("2027-01-15", Rung.CHAIRS),
    ("2028-06-01", Rung.CHAIRS),
]


def late(**values: object) -> Action:
    """An action of the trust's that was due on that Monday."""
    return create_action(**{"due": DUE, "agency": "MHT", **values})


@pytest.mark.parametrize(("day", "rung"), TABLE)
def test_each_rung_has_five_working_days(day: str, rung: Rung | None) -> None:
    """Over Christmas and New Year, against the wall calendar."""
    at = climb(late(), [], date.fromisoformat(day))
    assert (at.rung if at else None) == rung


def test_what_is_told_of_the_climb() -> None:
    """Each rung with its day, how long it is overdue, and since when it is where it is."""
    at = climb(late(), [], date(2027, 1, 8))
    assert at is not None
    assert (at.since, at.late) == (date(2027, 1, 8), 16)
    assert at.told == (
        (Rung.MANAGER, date(2026, 12, 22)),
        (Rung.LEAD, date(2026, 12, 31)),
        (Rung.MEMBER, date(2027, 1, 8)),
    )


def test_an_immediate_risk_begins_at_the_lead() -> None:
    """On its first working day overdue it is with the agency's lead, and with the chairs after ten more."""
    action = late(priority=Priority.IMMEDIATE)
    at = climb(action, [], date(2026, 12, 15))
    assert at is not None
    assert (at.rung, at.told) == (Rung.LEAD, ((Rung.LEAD, date(2026, 12, 15)),))
    assert [climb(action, [], date.fromisoformat(day)).rung for day in ("2026-12-22", "2026-12-31")] == [  # type: ignore[union-attr]
        Rung.MEMBER,
        Rung.CHAIRS,
    ]


def test_an_answer_stops_the_clock_once() -> None:
    """Five working days from the answer on; an answer on another rung, or of another due day, stops nothing."""
    answer = Answer(Rung.MANAGER, DUE, "Dee Matron", date(2026, 12, 24))
    days = ("2026-12-24", "2027-01-05", "2027-01-06")  # 29, 30, 31 December, 4 and 5 January are five; then it climbs
    rungs = [climb(late(), [answer], date.fromisoformat(day)).rung for day in days]  # type: ignore[union-attr]
    assert rungs == [Rung.MANAGER, Rung.MANAGER, Rung.LEAD]
    at = climb(late(), [answer], date(2026, 12, 24))
    assert at is not None
    assert at.answered == answer
    for other in (
        Answer(Rung.LEAD, DUE, "x", date(2026, 12, 24)),
        Answer(1, date(2026, 12, 1), "x", date(2026, 12, 24)),
    ):
        assert climb(late(), [other], date(2026, 12, 31)).rung is Rung.LEAD  # type: ignore[union-attr]


def test_an_answer_of_a_weekend_counts_on_the_next_working_day() -> None:
    """Given on Sunday the 27th, it stops the clock on Tuesday the 29th, after a bank holiday: five more days."""
    answer = Answer(Rung.MANAGER, DUE, "Dee Matron", date(2026, 12, 27))
    days = ("2026-12-29", "2027-01-06", "2027-01-07")
    rungs = [climb(late(), [answer], date.fromisoformat(day)).rung for day in days]  # type: ignore[union-attr]
    assert rungs == [Rung.MANAGER, Rung.MANAGER, Rung.LEAD]


@pytest.mark.parametrize(
    "values",
    [
        {"due": None},
        {"status": ActionStatus.DONE},
        {"status": ActionStatus.VERIFIED, "open": False},
        {"status": ActionStatus.NOT_POSSIBLE, "open": False},
        {"due": date(2027, 2, 1)},
    ],
)
def test_what_does_not_climb(values: dict[str, object]) -> None:
    """What has no day, is said to be done, is verified or not possible, or was given another day."""
    assert climb(late(**values), [], date(2027, 1, 8)) is None


MEMBERS = [
    create_member(Role.AGENCY_LEAD, user_id="lead", agency="MHT"),
    create_member(Role.REPRESENTATIVE, user_id="rep", agency="mht"),
    create_member(Role.AGENCY_LEAD, user_id="gone", agency="MHT", open=False),
    create_member(Role.AGENCY_LEAD, user_id="other", agency="POL"),
    create_member(Role.CHAIR, user_id="chair", agency="POL"),
    create_member(Role.MENTAL_HEALTH_TEAM, user_id="team", agency="POL"),
]


@pytest.mark.parametrize(
    ("rung", "agency", "told"),
    [
        (Rung.MANAGER, "MHT", ["lead"]),
        (Rung.LEAD, "MHT", ["lead"]),
        (Rung.MEMBER, "MHT", ["rep"]),
        (Rung.MEMBER, "POL", ["chair"]),
        (Rung.CHAIRS, "MHT", ["chair"]),
        (Rung.LEAD, "AMB", ["team"]),
        (Rung.MEMBER, "", ["team"]),
    ],
)
def test_who_is_told(rung: Rung, agency: str, told: list[str]) -> None:
    """The lead of the owner's agency, then its member of the board, then the chairs; where there is none, the team."""
    assert [each.user_id for each in recipients(rung, late(agency=agency), MEMBERS)] == told


def test_each_is_told_once_for_each_due_day() -> None:
    """The key names the action, its day, the rung and the person, and is read back; the owner's rung tells nobody."""
    at = climb(late(), [], date(2026, 12, 31))
    assert at is not None
    (notice,) = notices(late(), at, MEMBERS)
    assert notice.key == "escalation/A-103/2026-12-14/2/member:lead"
    assert read_key(notice.key) == ("A-103", DUE, Rung.LEAD)
    owner = climb(late(), [], date(2026, 12, 15))
    assert owner is not None
    assert notices(late(), owner, MEMBERS) == []
    for text in ("", "escalation/A-1/x/2/m", "escalation/A-1/2026-01-01/9/m", "digest/A-1/2026-01-01/2/m"):
        assert read_key(text) is None


def test_only_who_is_told_answers() -> None:
    """The lead on the lead's rung; not the chair before it comes to them, and nobody while it is the owner's."""
    at = climb(late(), [], date(2026, 12, 31))
    by_id = {each.user_id: each for each in MEMBERS}
    assert may_answer(late(), at, by_id["lead"], MEMBERS)
    assert not may_answer(late(), at, by_id["chair"], MEMBERS)
    assert not may_answer(late(), None, by_id["lead"], MEMBERS)
    assert not may_answer(late(), climb(late(), [], date(2026, 12, 15)), by_id["lead"], MEMBERS)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 120), st.sets(st.integers(0, 120), max_size=4))
def test_it_never_goes_down_and_never_skips(due: date, ahead: int, answered: set[int]) -> None:
    """From day to day the rung stays or goes one up; with an answer it is never higher than without one."""
    action = late(due=due)
    today = due + timedelta(days=ahead)
    answers = [Answer(rung, due, "x", due + timedelta(days=day)) for day in answered for rung in Rung]
    now, then = climb(action, answers, today), climb(action, answers, today + timedelta(days=1))
    without = climb(action, [], today)
    if now and then and without:
        assert then.rung - now.rung in (0, 1)
        assert now.rung <= without.rung
        assert [rung for rung, _ in now.told] == list(Rung)[1 : now.rung + 1]
    members: list[Member] = []
    assert recipients(Rung.CHAIRS, action, members) == []
