"""The subgroup's list: what is on it, in which order, and every change to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotAllowed, NotUnderstood, Refusal
from board.listing import (
    MOVES,
    Arranging,
    arrange,
    in_order,
    listed,
    meeting_day,
    of_forum,
    order_after,
    settled,
    subgroup_of,
    the_meeting,
    the_next,
    week_list,
)
from board.records import Forum, Meeting, Referral
from board.vocabulary import Gate, Status, Urgency
from tests.builders import create_forum, create_referral

SUB = create_forum("SUB", kind="Subgroup", anchor=date(2026, 11, 4), weeks=1)
MEETING = Meeting(id=31, key="subgroup/SUB/2026-11-18", forum="SUB", held_on=date(2026, 11, 18), kind="Subgroup")

REFUSED_ADD = {Status.RECEIVED, Status.REDIRECTED, Status.DECLINED, Status.CLOSED, Status.WITHDRAWN}
"""States from which nobody can put a case on the list, open or not."""


def case(number: int = 14, **values: object) -> Referral:
    """A triaged referral of that number."""
    return create_referral(**{"id": number, "status": Status.TRIAGED, "gate": Gate.SUBGROUP, **values})


cases = st.lists(
    st.builds(
        case,
        st.integers(1, 40),
        status=st.sampled_from(Status),
        gate=st.sampled_from(["", *Gate]),
        urgency=st.sampled_from([*Urgency, "Zed Invented"]),
        on_hold=st.booleans(),
        open=st.booleans(),
        list_order=st.integers(-2, 50),
        list_minutes=st.integers(-5, 500),
        listed_for=st.sampled_from(["", "S-30", "S-31", "S-32", "nonsense"]),
        next_review=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
        received_on=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    unique_by=lambda each: each.id,
    max_size=15,
)


@pytest.mark.parametrize(
    ("anchor", "first", "day"),
    [
        (date(2026, 11, 4), date(2026, 11, 18), date(2026, 11, 18)),
        (date(2026, 11, 4), date(2026, 11, 19), date(2026, 11, 25)),
        (date(2026, 11, 2), date(2026, 12, 28), date(2026, 12, 29)),  # Monday 28 December stands in for Boxing Day
        (date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 4)),  # New Year's Day is a Friday
        (date(2026, 3, 25), date(2026, 3, 30), date(2026, 4, 1)),  # over the clocks going forward
        (None, date(2026, 11, 16), date(2026, 11, 18)),
    ],
)
def test_the_subgroup_meets_weekly_from_its_anchor(anchor: date | None, first: date, day: date) -> None:
    """Its weekday is the anchor's (a Wednesday without one); a bank holiday moves it to the next working day."""
    assert meeting_day(replace(SUB, anchor=anchor), first) == day


def test_a_board_without_a_subgroup_has_one_made_up() -> None:
    """Where no forum is a subgroup, the board's own weekday serves, and every open referral is heard by it."""
    board = create_forum("MHRMB", kind="Board", anchor=date(2026, 11, 3))
    made = subgroup_of([board], board=board)
    assert (made.code, made.anchor) == ("SUBGROUP", date(2026, 11, 3))
    assert of_forum(case(forum="MHRMB"), made, {"MHRMB": board})


def test_each_subgroup_hears_its_own() -> None:
    """A case that names a subgroup is that one's; what names the board, or nothing, is the first subgroup's."""
    north = replace(SUB, code="NORTH", id=2)
    forums: dict[str, Forum] = {"SUB": SUB, "NORTH": north, "MHRMB": create_forum("MHRMB", kind="Board")}
    heard_by = {
        forum: [of_forum(case(forum=forum), each, forums) for each in (SUB, north)] for forum in ("NORTH", "MHRMB", "")
    }
    assert heard_by == {"NORTH": [False, True], "MHRMB": [True, False], "": [True, False]}


def test_the_meeting_that_goes_on_comes_first() -> None:
    """One begun last week and never closed is gone on with; the list meanwhile is that of the next."""
    begun = replace(MEETING, status="In progress")
    later = date(2026, 11, 23)
    assert the_meeting([begun], SUB, later, resume=True) == begun
    assert the_meeting([begun], SUB, later, resume=False).held_on == date(2026, 11, 25)
    assert the_meeting([begun], SUB, date(2026, 11, 18), resume=False) == begun


def test_a_closed_or_moved_meeting_is_not_made_again() -> None:
    """After a meeting was closed, or held on another day than planned, the next is the week after's."""
    closed = replace(MEETING, status="Held", open=False)
    moved = replace(MEETING, held_on=date(2026, 11, 17), status="In progress")
    assert the_meeting([closed], SUB, date(2026, 11, 18), resume=True).held_on == date(2026, 11, 25)
    assert the_next([moved], SUB, moved).held_on == date(2026, 11, 25)


@given(cases)
def test_the_list_holds_what_it_should(found: list[Referral]) -> None:
    """Nothing closed, held back, belonging elsewhere or listed for a later meeting is on a list; all else due is."""
    week = week_list(found, MEETING, later=["S-32"])
    waiting = {Status.TRIAGED, Status.LISTED}
    back = {Status.HEARD, Status.PLAN, Status.NO_PLAN, Status.REVIEWED}
    expected = set()
    for each in found:
        mine = each.listed_for == "S-31" and each.status in waiting | back
        new = each.status in waiting and each.gate in ("", "The subgroup")
        review = each.status in back and each.next_review is not None and each.next_review <= date(2026, 11, 18)
        if each.open and each.listed_for != "S-32" and (mine or new or review):
            expected.add(each.id)
    assert {each.id for each in (*week.cases, *week.held)} == expected
    assert not any(each.on_hold for each in week.cases)
    assert 5 * len(week.cases) <= week.minutes <= 60 * len(week.cases)
    assert 0 <= week.fitting <= len(week.cases)


def test_the_most_urgent_comes_first_then_the_oldest() -> None:
    """Urgency decides, then the day it was received; an urgency that is none of the board's words comes last."""
    day = datetime(2026, 11, 10, tzinfo=UTC)
    found = [
        case(1, urgency=Urgency.ROUTINE, received_on=day - timedelta(days=9)),
        case(2, urgency=Urgency.IMMEDIATE, received_on=day),
        case(3, urgency=Urgency.URGENT, received_on=day),
        case(4, urgency=Urgency.URGENT, received_on=day - timedelta(days=1)),
        case(5, urgency="soon", received_on=day - timedelta(days=30)),
    ]
    assert [each.id for each in week_list(found, MEETING).cases] == [2, 4, 3, 1, 5]


@given(st.integers(1, 9), st.data())
def test_moving_puts_a_case_where_it_was_sent(many: int, data: st.DataObject) -> None:
    """A case moved to a place stands there (or at the end), and the others keep their order among themselves."""
    week = week_list([case(n, urgency=Urgency.ROUTINE) for n in range(1, many + 1)], MEETING)
    chosen = data.draw(st.sampled_from(week.cases))
    place = data.draw(st.integers(1, 12))
    after = {new.id: new for _, new in arrange(week, chosen, Arranging.MOVE, number=place)}
    moved = week_list([after.get(each.id, each) for each in week.cases], MEETING)
    assert [each.id for each in moved.cases].index(chosen.id) == min(place, many) - 1
    others = [each.id for each in week.cases if each.id != chosen.id]
    assert [each.id for each in moved.cases if each.id != chosen.id] == others


@given(st.integers(2, 9), st.sampled_from(sorted(MOVES)), st.data())
def test_a_half_written_order_is_finished_as_it_was_meant(many: int, step: Arranging, data: st.DataObject) -> None:
    """Whatever part of a move was written, asking for the order it wanted gives that order; a new case comes last."""
    found = [case(n, urgency=data.draw(st.sampled_from(Urgency))) for n in range(1, many + 1)]
    week = week_list(found, MEETING)
    wanted = order_after(week, data.draw(st.sampled_from(week.cases)), step, data.draw(st.integers(1, 12)))
    written = {after.id: after for _, after in in_order(week, wanted) if data.draw(st.booleans())}
    half = week_list([*(written.get(each.id, each) for each in found), case(40, urgency=Urgency.IMMEDIATE)], MEETING)
    rest = {after.id: after for _, after in in_order(half, wanted)}
    whole = week_list([rest.get(each.id, each) for each in half.cases], MEETING)
    assert [each.id for each in whole.cases] == [*wanted, 40]


@given(st.sampled_from(Status), st.booleans(), st.sampled_from(["", *Gate]))
def test_what_can_be_added(status: Status, open_: bool, gate: str) -> None:
    """Only an open case that is triaged to the subgroup, or was heard before, is put on a list."""
    week = week_list([], MEETING)
    allowed = open_ and status not in REFUSED_ADD and gate in ("", "The subgroup")
    one = case(status=status, open=open_, gate=gate)
    if allowed:
        ((_, after),) = arrange(week, one, Arranging.ADD)
        assert after.listed_for == "S-31"
        assert after.status == (Status.LISTED if status in (Status.TRIAGED, Status.LISTED) else status)
    else:
        with pytest.raises(NotAllowed) as refused:
            arrange(week, one, Arranging.ADD)
        assert refused.value.refusal is (Refusal.NOT_LISTABLE if open_ else Refusal.CLOSED)


@pytest.mark.parametrize("step", [step for step in Arranging if step is not Arranging.ADD])
def test_a_case_that_is_not_on_the_list_is_left_alone(step: Arranging) -> None:
    """Every step with a case of another list is refused."""
    with pytest.raises(NotAllowed) as refused:
        arrange(week_list([case(1)], MEETING), case(2), step, number=12, next_meeting="S-32")
    assert refused.value.refusal is Refusal.NOT_ON_LIST


@pytest.mark.parametrize("minutes", [-1, 0, 4, 61, 999])
def test_minutes_are_kept_within_reason(minutes: int) -> None:
    """A case has from five minutes to an hour."""
    with pytest.raises(NotUnderstood):
        arrange(week_list([case()], MEETING), case(), Arranging.MINUTES, number=minutes)


def test_settling_twice_changes_nothing_the_second_time() -> None:
    """Settled cases are Listed for the meeting, those that come back for review keep their state."""
    review = case(2, status=Status.PLAN, next_review=date(2026, 11, 17))
    first = settled(week_list([case(1), review], MEETING))
    assert {new.id: (new.status, new.listed_for) for _, new in first} == {
        1: (Status.LISTED, "S-31"),
        2: (Status.PLAN, "S-31"),
    }
    assert not settled(week_list([new for _, new in first], MEETING))


def test_a_removed_case_is_on_the_next_list() -> None:
    """What is left for the next meeting is on its list, and no longer on this one."""
    ((_, after),) = arrange(week_list([case()], MEETING), case(), Arranging.REMOVE, next_meeting="S-32")
    assert after == replace(listed(case(), "S-32"), list_order=0)
    assert not week_list([after], MEETING, later=["S-32"]).cases
    following = replace(MEETING, id=32, held_on=date(2026, 11, 25))
    assert [each.id for each in week_list([after], following).cases] == [14]
