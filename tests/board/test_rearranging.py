"""Another owner, a pause, an end without being done, the board above: who may, what each needs, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.actions import CLOSED, ActionStatus, Priority
from board.errors import NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.rearranging import Change, Now, change, changes, rests, wakes
from board.records import Member
from board.rounds import Window, digests, told, told_to_owners
from board.vocabulary import Role
from tests.action_builders import DUE, create_action, create_other, create_owner
from tests.builders import NOW, TODAY, create_forum

C = Change
LATE = DUE + timedelta(days=10)
"""A day on which A-103 is overdue."""

PEOPLE: dict[str, tuple[Member, list[Change], list[Change]]] = {
    # name: the member, what they can do before it is overdue, and once it is
    "owner": (create_owner(), [C.TRANSFER, C.SNOOZE], [C.TRANSFER, C.SNOOZE]),
    "lead of the agency": (create_other(Role.AGENCY_LEAD), [C.TRANSFER], [C.TRANSFER]),
    "lead of another": (create_other(Role.AGENCY_LEAD, agency="POL"), [], []),
    "mental health team": (create_other(Role.MENTAL_HEALTH_TEAM, agency="POL"), [C.TRANSFER], [C.TRANSFER]),
    "subgroup chair": (
        create_other(Role.SUBGROUP_CHAIR, agency="ASC"),
        [C.TRANSFER, C.NOT_UNDERTAKEN, C.SUPERSEDE],
        [C.TRANSFER, C.NOT_UNDERTAKEN, C.SUPERSEDE],
    ),
    "chair": (
        create_other(Role.CHAIR, agency="POL"),
        [C.TRANSFER, C.NOT_UNDERTAKEN, C.SUPERSEDE],
        [C.TRANSFER, C.NOT_UNDERTAKEN, C.SUPERSEDE, C.SENIOR],
    ),
    "representative": (create_other(), [], []),
    "observer": (create_other(Role.OBSERVER), [], []),
}

ENOUGH: dict[str, Any] = {"note": "The ward has moved.", "new_due": "2026-07-20", "snooze_until": "2026-06-20"}


def done(what: Change, who: Member, *, to: Member | None = None, on: date = TODAY, **values: Any) -> Any:
    """A-103 after it."""
    action = values.pop("action", create_action())
    at = datetime(on.year, on.month, on.day, 11, tzinfo=UTC)
    return change(action, what, Form({**ENOUGH, **values}), Now(who, to, at))


def problems(what: Change, who: Member, **values: Any) -> dict[str, Problem]:
    """What is wrong with each field."""
    with pytest.raises(NotUnderstood) as caught:
        done(what, who, **values)
    return {each.field: each.problem for each in caught.value.problems}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_may_do_what(name: str) -> None:
    """Before it is overdue and once it is; nothing of what is closed; the pause is its owner's alone."""
    member, before, late = PEOPLE[name]
    assert changes(create_action(), member, TODAY) == before
    assert changes(create_action(), member, LATE) == late
    for status in CLOSED:
        assert changes(create_action(status=status, open=False), member, LATE) == []


@pytest.mark.parametrize("name", PEOPLE)
def test_what_is_not_offered_is_refused(name: str) -> None:
    """With the reason: it is not theirs, or not now; of a closed action nothing is changed."""
    member, before, _ = PEOPLE[name]
    for what in set(Change) - set(before):
        with pytest.raises(NotAllowed) as caught:
            done(what, member, to=create_other())
        expected = Refusal.NOT_NOW if what is C.SENIOR and member.has(Role.CHAIR) else Refusal.NOT_YOURS
        assert caught.value.refusal is expected
    with pytest.raises(NotAllowed) as caught:
        done(C.TRANSFER, member, action=create_action(status=ActionStatus.VERIFIED, open=False))
    assert caught.value.refusal is Refusal.CLOSED


def test_a_transfer_keeps_the_action_and_its_history() -> None:
    """Its number, words and source stay; its owner, agency and day change, and a line says who had it before."""
    to = create_other(name="Bo Officer", agency="POL")
    before = create_action(note="Half of it", asked_due=date(2026, 7, 1), snoozed_until=date(2026, 6, 20))
    after = done(C.TRANSFER, create_other(Role.CHAIR, name="Ada Chair"), to=to, action=before)
    assert (after.owner_name, after.owner_id, after.agency) == ("Bo Officer", to.user_id, "POL")
    assert (after.status, after.due, after.asked_due, after.snoozed_until) == (
        ActionStatus.DISSEMINATED,
        date(2026, 7, 20),
        None,
        None,
    )
    assert after.transfers == "2026-06-15: from Dee Matron (MHT) to Bo Officer (POL), by Ada Chair: The ward has moved."
    same = ("reference", "what", "why", "source", "note", "agreed_on", "programme", "key", "id")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    again = done(C.TRANSFER, create_other(Role.CHAIR), to=create_owner(), action=after)
    assert len(again.transfers.splitlines()) == 2


@pytest.mark.parametrize(
    ("who", "to", "values", "wrong"),
    [
        (create_other(Role.CHAIR), None, {}, {"owner": Problem.NOT_A_CHOICE}),
        (create_other(Role.CHAIR), create_owner(), {}, {"owner": Problem.NOT_A_CHOICE}),
        (create_other(Role.CHAIR), create_other(open=False), {}, {"owner": Problem.NOT_A_CHOICE}),
        (create_owner(), create_other(agency="POL"), {}, {"owner": Problem.OTHER_AGENCY}),
        (create_owner(), create_other(), {"note": " "}, {"note": Problem.MISSING}),
        (create_owner(), create_other(), {"new_due": "2026-06-14"}, {"new_due": Problem.IN_THE_PAST}),
        (create_owner(), create_other(), {"new_due": "soon"}, {"new_due": Problem.NOT_A_DATE}),
        (create_owner(), create_other(), {"new_due": "", "on": LATE}, {"new_due": Problem.MISSING}),
    ],
)
def test_what_a_transfer_needs(who: Member, to: Member | None, values: Any, wrong: dict[str, Problem]) -> None:
    """Somebody else, of the same agency unless who arranges the board says so; why; a day when it is overdue."""
    assert problems(C.TRANSFER, who, to=to, **values) == wrong


def test_a_transfer_in_time_keeps_its_day() -> None:
    """No day is needed then."""
    assert done(C.TRANSFER, create_owner(), to=create_other(), new_due="").due == DUE


@pytest.mark.parametrize(
    ("until", "wrong"),
    [
        ("", Problem.MISSING),
        ("2026-06-15", Problem.NOT_LATER),
        ("2026-06-30", Problem.TOO_LONG_A_PAUSE),
        ("later", Problem.NOT_A_DATE),
    ],
)
def test_what_a_pause_needs(until: str, wrong: Problem) -> None:
    """A day to come, two weeks ahead at most."""
    assert problems(C.SNOOZE, create_owner(), snooze_until=until) == {"snooze_until": wrong}
    assert done(C.SNOOZE, create_owner(), snooze_until="2026-06-29").snoozed_until == date(2026, 6, 29)


def test_an_immediate_risk_never_rests() -> None:
    """No pause is offered, and one that a hand wrote into the list holds nothing back."""
    urgent = create_action(priority=Priority.IMMEDIATE, snoozed_until=TODAY + timedelta(days=5))
    assert C.SNOOZE not in changes(urgent, create_owner(), TODAY)
    assert not rests(urgent, TODAY)


@pytest.mark.parametrize(
    ("what", "status"),
    [(C.NOT_UNDERTAKEN, ActionStatus.NOT_UNDERTAKEN), (C.SUPERSEDE, ActionStatus.SUPERSEDED)],
)
def test_an_end_without_being_done(what: Change, status: ActionStatus) -> None:
    """A chair's word, with a reason; nothing is expected afterwards."""
    chair = create_other(Role.CHAIR)
    after = done(what, chair)
    assert (after.status, after.open, after.note, after.live) == (status, False, "The ward has moved.", False)
    assert after.closed_on == datetime(2026, 6, 15, 11, tzinfo=UTC)
    assert problems(what, chair, note="") == {"note": Problem.MISSING}


def test_it_is_put_before_the_senior_board_once() -> None:
    """Once it is overdue; it stays open, and is not offered again."""
    chair = create_other(Role.CHAIR)
    after = done(C.SENIOR, chair, on=LATE)
    assert (after.live, after.note) == (True, "The ward has moved.")
    assert after.senior_on is not None
    assert C.SENIOR not in changes(after, chair, LATE)


@given(st.integers(-20, 40), st.integers(1, 20))
def test_a_pause_holds_back_only_its_owners_digest(start: int, length: int) -> None:
    """Until its day the owner hears nothing of it and the channel what it would; on its day the owner hears of it."""
    first = DUE + timedelta(days=start)
    paused = create_action(snoozed_until=first + timedelta(days=length))
    for offset in range(length + 1):
        day = first + timedelta(days=offset)
        span = Window(day - timedelta(days=1), day)
        mine, all_ = told_to_owners([paused], span), told([paused], span)
        assert bool(all_) is bool(told([replace(paused, snoozed_until=None)], span))
        assert mine == ([] if offset < length else [paused])
        assert wakes(paused, span.after, span.until) is (offset == length)


def test_who_gets_a_digest_of_what_changed_hands() -> None:
    """Its new owner the next morning, though nothing else of it is due."""
    action = create_action(due=date(2026, 12, 1), transferred_on=NOW, owner_id="new")
    found = digests([action], [create_forum("MHRMB")], Window(TODAY, TODAY + timedelta(days=1)))
    assert [str(each.audience) for each in found] == ["forum:MHRMB", "member:new"]
    assert digests([action], [], Window(TODAY + timedelta(days=1), TODAY + timedelta(days=2))) == []
