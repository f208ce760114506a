"""The report to the board: recounted from the same records by another way, and what of it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.records import AgendaItem, Attendance, Hearing, Meeting, Plan, Referral, Return
from board.reporting import (
    REPORT,
    SUPPLEMENT,
    Figures,
    Period,
    Records,
    Reporting,
    exactly,
    figures,
    for_the_board,
    period,
    submit,
)
from tests.builders import KEY, create_forum, create_member, create_referral, create_subject

START, END = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)
SPOKEN = Period(START, END, date(2026, 12, 9))
MOMENTS = st.datetimes(datetime(2026, 10, 25), datetime(2026, 12, 10), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is drawn
CONCERN = st.sampled_from(["Fire setting", "Other", "Zed Invented"])
CODES = st.sampled_from(["POL", "MHT", "ASC"])
CASE = st.integers(1, 9).map(lambda number: f"R-{number}")


@st.composite
def records(draw: st.DrawFn) -> Records:
    """Records of a few weeks, some of them outside the period."""
    referrals = [
        create_referral(
            id=number,
            concern=draw(CONCERN),
            asked=frozenset(draw(st.sets(CODES))),
            status=draw(st.sampled_from(["Heard", "No plan", "Closed", "Declined"])),
            closed_on=draw(st.none() | MOMENTS),
            redirected_on=draw(st.none() | MOMENTS),
            repeat_of=draw(st.sampled_from(["", "R-1"])),
        )
        for number in range(1, 10)
    ]
    hearings = draw(
        st.lists(
            st.builds(
                Hearing,
                reference=CASE,
                meeting=st.sampled_from(["S-1", "S-2"]),
                heard_on=st.none() | MOMENTS,
                outcomes=st.sampled_from([(), ("Arrest",), ("Arrest", "Charge")]),
            ),
            max_size=12,
        )
    )
    returns = draw(
        st.lists(st.builds(Return, reference=CASE, agency=CODES, answer=st.just("Known"), answered_on=MOMENTS))
    )
    return Records(hearings, referrals, [], [], returns, [])


@given(records())
def test_the_report_agrees_with_a_recount(found: Records) -> None:
    """Cases, concerns, outcomes, redirects, declines and returns in time, counted case by case, are the report's."""
    counted = figures(found, SPOKEN, ["POL", "MHT", "ASC"])
    when: dict[str, datetime] = {}
    arrested = set()
    for hearing in found.hearings:
        at = hearing.heard_on
        if at and START < at <= END:
            when[hearing.reference] = min(at, when.get(hearing.reference, at))
            arrested |= {hearing.reference} if "Arrest" in hearing.outcomes else set()
    by_reference: dict[str, Referral] = {f"R-{each.id}": each for each in found.referrals}
    assert counted.heard == len(when)
    assert counted.outcomes.get("Arrest", 0) == len(arrested)
    fires = [reference for reference in when if by_reference[reference].concern == "Fire setting"]
    assert counted.concerns.get("Fire setting", 0) == len(fires)
    assert sum(counted.concerns.values()) == len(when)
    declined = [r for r in found.referrals if r.status == "Declined" and r.closed_on and START < r.closed_on <= END]
    assert counted.declined == len(declined)
    for each in counted.engaged:
        asked = [reference for reference in when if each.agency in by_reference[reference].asked]
        in_time = [
            reference
            for reference in asked
            if [r for r in found.returns if r.reference == reference and r.agency == each.agency
                and r.answered_on and r.answered_on <= when[reference]]
        ]  # fmt: skip
        assert (each.asked, each.in_time) == (len(asked), len(in_time))


@given(st.dictionaries(st.sampled_from(["Fire setting", "Other", "Stalking or fixation"]), st.integers(1, 30)))
def test_no_small_number_is_told_or_can_be_worked_out(concerns: dict[str, int]) -> None:
    """No figure from one to four is told; of a breakdown with a total, never is a single one left out."""
    told = for_the_board(Figures(heard=sum(concerns.values()), concerns=concerns))
    numbers = [int(said) for label, said in told if said.isdigit()]
    assert not [number for number in numbers if 0 < number < 5]
    shown = [said for label, said in told if label.startswith("Concern")]
    hidden = [said for said in shown if not said.isdigit()]
    assert len(hidden) != 1 or len(shown) == 1
    assert [int(said) for label, said in exactly(Figures(concerns=concerns)) if label.startswith("Concern")] == list(
        concerns.values()
    )


def test_engagement_counts_what_took_place() -> None:
    """A deputy counts as there, apologies with information as informed; what was cancelled or is to come not at all."""
    meetings = [
        Meeting(id=n, reference=f"S-{n}", forum="SUB", held_on=date(2026, 11, 4 + n), kind="Subgroup", status=status)
        for n, status in enumerate(("Held", "Held", "Held", "Cancelled", "Planned", "Held"), start=1)
    ]
    meetings.append(replace(meetings[0], id=7, reference="S-7", held_on=date(2026, 11, 2)))
    said = {"S-1": "Present", "S-2": "Deputy", "S-3": "Apologies", "S-4": "Present", "S-6": "Absent", "S-7": "Present"}
    rows = [
        Attendance(id=n, reference=meeting, agency="POL", status=status, information_sent=True)
        for n, (meeting, status) in enumerate(said.items(), start=1)
    ]
    (police,) = figures(Records(meetings=meetings, attendance=rows), SPOKEN, ["POL"]).engaged
    assert (police.meetings, police.attended, police.informed) == (4, 2, 1)


def test_plans_are_counted_by_what_became_of_them() -> None:
    """Agreed in the period, run out in it, and in force with a review day that has passed."""
    inside, today = datetime(2026, 11, 10, tzinfo=UTC), date(2026, 12, 1)
    plans = [
        Plan(id=1, case="R-1", status="Agreed", agreed_on=inside, review_on=today),
        Plan(id=2, case="R-2", status="Agreed", agreed_on=START, review_on=today - timedelta(days=1)),
        Plan(id=3, case="R-3", status="Expired", expires_on=date(2026, 11, 3), open=False),
        Plan(id=4, case="R-4", status="Ended", expires_on=date(2026, 11, 3), open=False),
        Plan(id=5, case="R-5", status="Expired", expires_on=date(2026, 11, 2), open=False),
    ]
    counted = figures(Records(plans=plans), SPOKEN, [])
    assert (counted.agreed, counted.expired, counted.overdue) == (1, 1, 1)


def test_a_report_speaks_from_the_last_one_on() -> None:
    """Since the report to an earlier board; else since the last board; else for six weeks."""
    board, forum = create_forum("MHRMB", anchor=date(2026, 12, 9)), create_forum("SUB")
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    sent = datetime(2026, 10, 20, 9, tzinfo=UTC)
    earlier = AgendaItem(forum="SUB", kind=REPORT, about="2026-10-28", submitted_on=sent)
    this = replace(earlier, about="2026-12-09", submitted_on=now)
    assert period(board, [earlier, this], forum, now) == Period(sent, now, date(2026, 12, 9))
    other = replace(earlier, forum="NORTH")
    assert period(board, [other], forum, now).holds_day(date(2026, 10, 28))
    assert not period(board, [other], forum, now).holds_day(date(2026, 10, 27))
    assert period(None, [], forum, now).holds_day(date(2026, 10, 20))


OF = Reporting(create_forum("SUB"), SPOKEN, "B-7", Figures(heard=12))


@pytest.mark.parametrize(
    "typed",
    [
        "Zed is back in care",
        "zeddy came home",
        "born 31/5/1990",
        "NHS 943 476 5870",
        "the one from R-14",
        "call 01632 960001",
    ],
)
def test_what_may_say_who_somebody_is_is_refused(typed: str) -> None:
    """A name, a date of birth, a number, a reference: the field is named, and nothing is made."""
    with pytest.raises(NotUnderstood) as wrong:
        submit(Form({"key": KEY, "results": typed}), create_member(), OF, [create_subject()], now=END, to=None)
    assert [(found.field, found.problem) for found in wrong.value.problems] == [("results", Problem.IDENTIFYING)]


def test_a_report_is_made_once_and_then_added_to() -> None:
    """The report's key is the board's; whatever comes later is a supplement with its own key, and has words."""
    form: dict[str, Any] = {"key": KEY, "results": "Two people are back in care."}
    first = submit(Form(form), create_member(), OF, [], now=END, to=None)
    assert (first.key, first.kind, first.meeting) == ("report/SUB/2026-12-09", REPORT, "B-7")
    assert re.search(r"^Cases heard: 12$", first.figures, re.MULTILINE)
    second = submit(Form(form), create_member(), OF, [], now=END, to=first)
    assert (second.key, second.kind, second.figures) == (f"supplement-{KEY}", SUPPLEMENT, "")
    with pytest.raises(NotUnderstood):
        submit(Form({"key": KEY}), create_member(), OF, [], now=END, to=first)
