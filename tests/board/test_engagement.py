"""Engagement: what counts, what counts against, what is left out; against tables, and a count made another way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.actions import CLOSED, Action, ActionStatus, Step, decide
from board.engagement import COUNTS, LEFT_OUT, Part, Records, Span, Why, engagement, is_conference, span_meant
from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.records import Attendance, Forum, Hearing, Meeting, Referral, Return
from board.vocabulary import Answer, Attended, MeetingKind, MeetingStatus, Role
from tests.builders import create_look, create_member, create_referral, create_return

TODAY = date(2026, 11, 30)
SPAN = Span(date(2026, 6, 1), TODAY)
SUB = Forum(code="SUB", name="Subgroup", kind="Subgroup")
BOARD = Forum(code="MHRMB", name="Board", kind="Board", agencies=frozenset({"POL", "MHT"}))
MAPPA = Forum(code="MAPPA", name="MAPPA", kind="MAPPA")
FORUMS = {each.code: each for each in (SUB, BOARD, MAPPA)}


def create_meeting(number: int, **values: Any) -> Meeting:
    """A meeting of the subgroup that was held in October."""
    defaults: dict[str, Any] = {
        "id": number,
        "reference": f"S-{number}",
        "forum": "SUB",
        "kind": MeetingKind.SUBGROUP,
        "status": MeetingStatus.HELD,
        "held_on": date(2026, 10, 7),
    }
    return Meeting(**{**defaults, **values})


def came(reference: str, status: str, agency: str = "MHT", *, sent: bool = False) -> Attendance:
    """How an agency took part."""
    return Attendance(reference=reference, agency=agency, status=status, information_sent=sent)


def counted(of: Records, part: Part = Part.MEETINGS, agency: str = "MHT") -> dict[Why, tuple[str, ...]]:
    """One part of an agency's, as the rule counts it."""
    tallies = {tally.part: tally for tally in engagement(agency, of, SPAN, TODAY).parts}
    return dict(tallies[part].found)


class TestMeetings:
    """Boards and subgroups."""

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            (came("S-1", Attended.PRESENT), Why.PRESENT),
            (came("S-1", Attended.DEPUTY), Why.DEPUTY),
            (came("S-1", Attended.APOLOGIES, sent=True), Why.INFORMED),
            (came("S-1", Attended.APOLOGIES), Why.APOLOGIES),
            (came("S-1", Attended.ABSENT), Why.ABSENT),
            (came("S-1", "In spirit"), Why.UNRECORDED),
            (came("S-1", Attended.PRESENT, "POL"), Why.UNRECORDED),
            (came("S-2", Attended.PRESENT), Why.UNRECORDED),
            (came("S-1", ""), Why.UNRECORDED),
        ],
    )
    def test_how_it_took_part(self, row: Attendance, why: Why) -> None:
        """Each way by itself; what nobody recorded of this agency at this meeting is said so."""
        assert counted(Records(FORUMS, [create_meeting(1)], [row])) == {why: ("S-1",)}

    @pytest.mark.parametrize(
        "changed",
        [
            {"status": MeetingStatus.CANCELLED},
            {"status": MeetingStatus.PLANNED},
            {"held_on": date(2026, 5, 31)},
            {"held_on": date(2026, 12, 1)},
            {"held_on": None},
        ],
    )
    def test_what_is_no_meeting_of_these_days(self, changed: dict[str, Any]) -> None:
        """Cancelled, not held yet, before or after."""
        of = Records(FORUMS, [create_meeting(1, **changed)], [came("S-1", Attended.PRESENT)])
        assert counted(of) == {}

    def test_who_is_not_invited_does_not_count(self) -> None:
        """Nor if they came all the same; a forum that is gone counts for those who were recorded."""
        board = create_meeting(2, reference="B-2", forum="MHRMB", kind=MeetingKind.BOARD)
        gone = create_meeting(3, forum="GONE")
        rows = [came("B-2", Attended.PRESENT, "ASC"), came("S-3", Attended.ABSENT, "ASC")]
        assert counted(Records(FORUMS, [board, gone], rows), agency="ASC") == {Why.ABSENT: ("S-3",)}
        assert counted(Records(FORUMS, [board, gone], rows), agency="MHT") == {Why.UNRECORDED: ("B-2",)}

    def test_conferences_are_counted_by_themselves(self) -> None:
        """By their own kind, or by a forum that is neither a board nor a subgroup."""
        meetings = [
            create_meeting(1),
            create_meeting(2, reference="C-2", forum="MAPPA", kind=MeetingKind.CONFERENCE),
            create_meeting(3, reference="B-3", forum="MAPPA", kind=""),
        ]
        rows = [came(each.reference, Attended.PRESENT) for each in meetings]
        of = Records(FORUMS, meetings, rows)
        assert counted(of) == {Why.PRESENT: ("S-1",)}
        assert counted(of, Part.CONFERENCES) == {Why.PRESENT: ("C-2", "B-3")}
        assert not is_conference(create_meeting(4, kind="", forum="MHRMB"), FORUMS)


HEARD = datetime(2026, 10, 7, 10, tzinfo=UTC)


def case(number: int = 14, **values: Any) -> Referral:
    """A case on which the trust is asked."""
    return create_referral(id=number, reference=f"R-{number}", asked=frozenset({"MHT", "ASC"}), **values)


def heard(reference: str = "R-14", at: datetime = HEARD) -> Hearing:
    """That a case was heard."""
    return Hearing(reference=reference, meeting="S-1", heard_on=at)


def returned(hours: float, answer: str = Answer.KNOWN, **values: Any) -> Return:
    """An answer of the trust, so many hours after the hearing began (before it: a negative number)."""
    return create_return("MHT", answer=answer, answered_on=HEARD + timedelta(hours=hours), **values)


LOOKED = create_look("MHT", looked_on=HEARD - timedelta(hours=5))


class TestReturns:
    """Answers on cases that were heard."""

    @pytest.mark.parametrize(
        ("returns", "looks", "why"),
        [
            ([returned(-1)], [], Why.IN_TIME),
            ([returned(0)], [], Why.IN_TIME),
            ([returned(1)], [], Why.LATE),
            ([returned(1), returned(-1, id=2)], [], Why.IN_TIME),
            ([], [], Why.MISSING),
            ([returned(-1, Answer.NOT_KNOWN)], [LOOKED], Why.IN_TIME),
            ([returned(-1, Answer.NOT_KNOWN)], [], Why.NOT_LOOKED),
            ([returned(-1, Answer.NOT_KNOWN)], [replace(LOOKED, agency="POL")], Why.NOT_LOOKED),
            ([returned(-1, Answer.NOT_KNOWN)], [replace(LOOKED, outcome="refused: role")], Why.NOT_LOOKED),
            ([returned(-1, Answer.NOT_KNOWN)], [replace(LOOKED, looked_on=HEARD)], Why.NOT_LOOKED),
            ([returned(-1, Answer.NOT_KNOWN), returned(2, id=2)], [], Why.LATE),
            ([returned(-1, "")], [], Why.IN_TIME),  # disposed of: that it answered stays
            ([create_return("ASC")], [], Why.MISSING),
        ],
    )
    def test_in_time(self, returns: list[Return], looks: list[Any], why: Why) -> None:
        """Before the case was heard; *not known* after somebody of the agency had looked."""
        of = Records(FORUMS, hearings=[heard()], referrals=[case()], returns=returns, looks=looks)
        assert counted(of, Part.RETURNS) == {why: ("R-14",)}

    def test_which_cases(self) -> None:
        """Those on which it is asked and that were heard for the first time in these days."""
        before = datetime(2026, 5, 20, 10, tzinfo=UTC)
        of = Records(
            FORUMS,
            hearings=[heard("R-1"), heard("R-1", before), heard("R-2"), heard("R-2", HEARD + timedelta(7))],
            referrals=[case(1), case(2), case(3)],
            returns=[replace(returned(24), reference="R-2")],
        )
        assert counted(of, Part.RETURNS) == {Why.LATE: ("R-2",)}
        assert counted(of, Part.RETURNS, "POL") == {}

    def test_a_restricted_case_is_not_held_against_those_it_is_kept_from(self) -> None:
        """Who answered all the same is counted."""
        of = Records(FORUMS, hearings=[heard()], referrals=[case(restricted=True)])
        assert counted(of, Part.RETURNS) == {Why.RESTRICTED: ("R-14",)}
        assert counted(replace(of, returns=[returned(-1)]), Part.RETURNS) == {Why.IN_TIME: ("R-14",)}


DUE = date(2026, 11, 16)


def action(**values: Any) -> Action:
    """The trust's, due a fortnight ago, in progress."""
    defaults: dict[str, Any] = {
        "id": 3,
        "reference": "A-3",
        "what": "x",
        "agency": "MHT",
        "due": DUE,
        "status": ActionStatus.IN_PROGRESS,
        "agreed_on": HEARD,
    }
    made = Action(**{**defaults, **values})
    return made if "open" in values else replace(made, open=made.status not in CLOSED)


ON_DUE = datetime(2026, 11, 16, 17, tzinfo=UTC)
NEXT_DAY = datetime(2026, 11, 17, 0, 30, tzinfo=UTC)


class TestActions:
    """Actions that were due."""

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"status": ActionStatus.VERIFIED, "claimed_on": ON_DUE, "closed_on": NEXT_DAY}, Why.DONE_IN_TIME),
            ({"status": ActionStatus.VERIFIED, "claimed_on": NEXT_DAY, "closed_on": NEXT_DAY}, Why.DONE_LATE),
            ({"status": ActionStatus.VERIFIED, "closed_on": ON_DUE}, Why.DONE_IN_TIME),
            ({"status": ActionStatus.VERIFIED}, Why.DAY_UNKNOWN),
            ({"status": ActionStatus.DONE, "claimed_on": ON_DUE}, Why.DONE_IN_TIME),
            ({"status": ActionStatus.DONE, "claimed_on": NEXT_DAY}, Why.DONE_LATE),
            ({"status": ActionStatus.DONE}, Why.DAY_UNKNOWN),
            ({"status": ActionStatus.NOT_UNDERTAKEN, "closed_on": ON_DUE}, Why.NOT_UNDERTAKEN),
            ({"status": ActionStatus.NOT_POSSIBLE, "closed_on": NEXT_DAY}, Why.NOT_POSSIBLE),
            ({"status": ActionStatus.NOT_POSSIBLE_CLAIMED}, Why.TO_VERIFY),
            ({"status": ActionStatus.SUPERSEDED, "closed_on": NEXT_DAY}, Why.SUPERSEDED),
            ({}, Why.OVERDUE),
            ({"status": ActionStatus.BLOCKED}, Why.OVERDUE),
            ({"status": ActionStatus.MORE_TIME, "asked_due": date(2026, 12, 30)}, Why.OVERDUE),
            ({"due": TODAY}, Why.NOT_DUE),
            ({"due": TODAY, "status": ActionStatus.DONE}, Why.NOT_DUE),
        ],
    )
    def test_in_time(self, values: dict[str, Any], why: Why) -> None:
        """By the owner's word, on the day or before; whatever a chair took to verify it."""
        assert counted(Records(actions=[action(**values)]), Part.ACTIONS) == {why: ("A-3",)}

    @pytest.mark.parametrize("values", [{"due": None}, {"due": date(2026, 5, 31)}, {"agency": "POL"}])
    def test_which_actions(self, values: dict[str, Any]) -> None:
        """Those that it owes now and that were due in these days."""
        assert counted(Records(actions=[action(**values)]), Part.ACTIONS) == {}

    def test_an_extension_that_was_granted_is_honoured(self) -> None:
        """Asked for, granted, claimed on the new day: in time."""
        owner = create_member(user_id="owner", agency="MHT")
        chair = create_member(Role.CHAIR, user_id="chair")
        new = {"asked_due": "2026-11-25", "note": "the lead is away"}
        taken = action(owner_id="owner")
        for who, step, values in (
            (owner, Step.MORE_TIME, new),
            (chair, Step.GRANT, {}),
            (owner, Step.DONE, {}),
        ):
            now = datetime(2026, 11, 24, 12, tzinfo=UTC)
            taken = decide(taken, who, step, Form(values), now=now, today=now.date())
        assert taken.claimed_on == datetime(2026, 11, 24, 12, tzinfo=UTC)
        assert counted(Records(actions=[taken]), Part.ACTIONS) == {Why.DONE_IN_TIME: ("A-3",)}

    def test_a_claim_that_a_chair_returned_is_none(self) -> None:
        """It counts by the word that holds."""
        owner, chair = create_member(user_id="owner", agency="MHT"), create_member(Role.CHAIR, user_id="chair")
        said = decide(action(owner_id="owner"), owner, Step.DONE, Form({}), now=ON_DUE, today=DUE)
        back = decide(said, chair, Step.RETURN, Form({"note": "not yet"}), now=NEXT_DAY, today=TODAY)
        assert counted(Records(actions=[back]), Part.ACTIONS) == {Why.OVERDUE: ("A-3",)}


STATUSES = st.sampled_from([*Attended, "", "Somewhere"])
KINDS = st.sampled_from([MeetingKind.BOARD, MeetingKind.SUBGROUP, MeetingKind.CONFERENCE])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["MHRMB", "SUB"]),
            KINDS,
            st.sampled_from(list(MeetingStatus)),
            st.integers(-20, 220),
            STATUSES,
            st.booleans(),
        ),
        max_size=15,
    ),
    st.sampled_from(["MHT", "POL", "ASC"]),
)
def test_attendance_counted_another_way(rows: list[tuple[str, str, str, int, str, bool]], agency: str) -> None:
    """For any meetings: n and N as somebody with a pencil would find them, part by part."""
    meetings, attendance, pencil = list[Meeting](), list[Attendance](), Counter[tuple[bool, str]]()
    for number, (forum, kind, status, offset, how, sent) in enumerate(rows, start=1):
        day = SPAN.first + timedelta(days=offset)
        meetings.append(
            create_meeting(number, reference=f"S-{number}", forum=forum, kind=kind, status=status, held_on=day)
        )
        attendance.append(came(f"S-{number}", how, agency, sent=sent))
        belongs = forum == "SUB" or agency != "ASC"
        took_place = status in ("Held", "In progress") and SPAN.first <= day <= SPAN.last
        if belongs and took_place:
            there = "yes" if how in ("Present", "Deputy") else "no" if how in ("Apologies", "Absent") else "unknown"
            pencil[kind == MeetingKind.CONFERENCE, there] += 1
    found = engagement(agency, Records(FORUMS, meetings, attendance), SPAN, TODAY)
    for tally, conference in ((found.meetings, False), (found.conferences, True)):
        yes, no = pencil[conference, "yes"], pencil[conference, "no"]
        assert (tally.count, tally.of) == (yes, yes + no)


@given(
    st.lists(st.tuples(st.sampled_from(list(ActionStatus)), st.integers(-250, 60), st.integers(-40, 40)), max_size=15)
)
def test_actions_counted_another_way(rows: list[tuple[ActionStatus, int, int]]) -> None:
    """For any actions: each is in one group, and n and N are a plain count of them."""
    actions, count, total = list[Action](), 0, 0
    for number, (status, offset, after) in enumerate(rows, start=1):
        due = TODAY + timedelta(days=offset)
        done_on = due + timedelta(days=after)
        claimed = datetime(done_on.year, done_on.month, done_on.day, 12, tzinfo=UTC)
        said = status in (ActionStatus.DONE, ActionStatus.VERIFIED)
        made = action(id=number, reference=f"A-{number}", status=status, due=due, claimed_on=claimed if said else None)
        actions.append(made)
        if not SPAN.first <= due <= SPAN.last:
            continue
        if said:
            count, total = count + (after <= 0), total + 1
        elif status == ActionStatus.NOT_UNDERTAKEN or (status not in LET_GO and due < TODAY):
            total += 1
    tally = engagement("MHT", Records(actions=actions), SPAN, TODAY).actions
    assert (tally.count, tally.of) == (count, total)
    named = [each for found in tally.found.values() for each in found]
    assert sorted(named) == sorted({each.reference for each in actions if SPAN.holds(each.due)})


LET_GO = {
    ActionStatus.NOT_POSSIBLE,
    ActionStatus.NOT_POSSIBLE_CLAIMED,
    ActionStatus.SUPERSEDED,
    ActionStatus.TRANSFERRED,
}


def test_no_reason_both_counts_and_is_left_out() -> None:
    """So that n is never more than N."""
    assert COUNTS.isdisjoint(LEFT_OUT)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("", date(2026, 5, 31), TODAY),
        ("2026", date(2026, 1, 1), TODAY),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("October 2026", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-01-05 to 2026-02-06", date(2026, 1, 5), date(2026, 2, 6)),
        ("5 January 2026 until 6 February 2026", date(2026, 1, 5), date(2026, 2, 6)),
    ],
)
def test_days_that_are_meant(said: str, first: date, last: date) -> None:
    """A year, a month, two days, or the last six months; never beyond today."""
    assert span_meant(said, TODAY) == Span(first, last)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 8, 31), date(2026, 3, 1)),
        (date(2024, 8, 30), date(2024, 3, 1)),
        (date(2026, 3, 15), date(2025, 9, 16)),
        (date(2026, 12, 31), date(2026, 7, 1)),
    ],
)
def test_six_months_from_any_day(today: date, first: date) -> None:
    """From the day after the same day half a year ago; February is as long as it is."""
    assert span_meant("", today) == Span(first, today)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("yesterday", Problem.NOT_A_DATE),
        ("2026-13", Problem.NOT_A_DATE),
        ("2026-00", Problem.NOT_A_DATE),
        ("99999", Problem.NOT_A_DATE),
        ("2026-02-06 to 2026-01-05", Problem.NOT_A_DATE),
        ("2027", Problem.IN_THE_FUTURE),
        ("2024-01-01 to 2025-01-05", Problem.PERIOD_TOO_LONG),
    ],
)
def test_days_that_are_not(said: str, problem: Problem) -> None:
    """Each has its sentence."""
    with pytest.raises(NotUnderstood) as wrong:
        span_meant(said, TODAY)
    assert [(each.field, each.problem) for each in wrong.value.problems] == [("period", problem)]
