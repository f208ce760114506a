"""An action's path: who is offered which step, what each needs and does, and what no sequence of them can break."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.actions import Action, ActionStatus, Priority, Step, add, decide, steps
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import Member
from board.vocabulary import Role
from tests.action_builders import AGREED_ON, DUE, OWNER_ID, create_action, create_other, create_owner
from tests.builders import KEY, NOW, TODAY, create_member

A = ActionStatus

OWNERS_STEPS: dict[ActionStatus, list[Step]] = {
    # New to the owner: everything is open, acknowledging first.
    A.AGREED: [Step.ACKNOWLEDGE, Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE],
    A.DISSEMINATED: [Step.ACKNOWLEDGE, Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE],
    # Known to the owner: there is nothing left to acknowledge.
    A.ACKNOWLEDGED: [Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE],
    A.IN_PROGRESS: [Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE],
    A.BLOCKED: [Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE],
    # Asked already, a chair has not answered.
    A.MORE_TIME: [Step.UPDATE, Step.DONE, Step.BLOCKED, Step.NOT_POSSIBLE],
    # Claimed: the owner has spoken.
    A.DONE: [],
    A.NOT_POSSIBLE_CLAIMED: [],
    # Over.
    A.VERIFIED: [],
    A.NOT_POSSIBLE: [],
    A.NOT_UNDERTAKEN: [],
    A.TRANSFERRED: [],
    A.SUPERSEDED: [],
}
"""What whoever answers for an action can do in each state, in the order it is offered."""

CHAIRS_STEPS: dict[ActionStatus, list[Step]] = {
    A.DONE: [Step.VERIFY, Step.RETURN],
    A.NOT_POSSIBLE_CLAIMED: [Step.VERIFY, Step.RETURN],
    A.MORE_TIME: [Step.GRANT, Step.RETURN],
}
"""What a chair decides: a claim, and a request for more time. Nothing else waits for a chair."""

OVER = {A.VERIFIED, A.NOT_POSSIBLE, A.NOT_UNDERTAKEN, A.TRANSFERRED, A.SUPERSEDED}
OWNERS = {Step.ACKNOWLEDGE, Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE}

PEOPLE: dict[str, tuple[Member, bool, bool]] = {
    # name: the member, whether they answer for A-103 (the trust's), whether they decide as a chair
    "owner": (create_owner(), True, False),
    "owner of another agency": (create_owner(agency="ASC"), True, False),
    "lead of the agency": (create_other(Role.AGENCY_LEAD), True, False),
    "lead of another agency": (create_other(Role.AGENCY_LEAD, agency="POL"), False, False),
    "mental health team": (create_other(Role.MENTAL_HEALTH_TEAM, agency="POL"), True, False),
    "chair": (create_other(Role.CHAIR, agency="POL"), False, True),
    "chair of the same agency": (create_other(Role.CHAIR), False, True),
    "subgroup chair": (create_other(Role.SUBGROUP_CHAIR, agency="ASC"), False, True),
    "chair and owner": (create_owner(Role.CHAIR), True, True),
    "representative of the agency": (create_other(Role.REPRESENTATIVE), False, False),
    "representative of another": (create_other(Role.REPRESENTATIVE, agency="ASC"), False, False),
    "liaison": (create_other(Role.LIAISON), False, False),
    "administrator": (create_other(Role.ADMINISTRATOR), False, False),
    "observer": (create_other(Role.OBSERVER), False, False),
    "member without a role": (create_other(roles=frozenset()), False, False),
}

ENOUGH: dict[str, Any] = {"note": "The trust has named a number.", "asked_due": "2026-07-06"}
"""A form with which every step that is offered succeeds: Monday 6 July is after DUE and after TODAY."""


def standing(status: str) -> Action:
    """A-103 in a state, as a sound row has it: closed in the states after which nothing is expected."""
    if status in OVER:
        return create_action(status=status, open=False, closed_on=NOW)
    asked = date(2026, 7, 6) if status == A.MORE_TIME else None
    return create_action(status=status, asked_due=asked)


def taken(action: Action, step: Step, member: Member, **values: Any) -> Action:
    """The action after a step."""
    return decide(action, member, step, Form(values), now=NOW, today=TODAY)


def problems_of(act: Callable[[], object]) -> list[tuple[str, Problem]]:
    with pytest.raises(NotUnderstood) as caught:
        act()
    return [(found.field, found.problem) for found in caught.value.problems]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("status", A, ids=lambda status: status.name)
def test_who_is_offered_what(status: ActionStatus, who: str) -> None:
    """In each state the owner, a lead of the agency and the mental health team answer; a chair decides claims."""
    member, answers, decides = PEOPLE[who]
    expected = CHAIRS_STEPS.get(status, []) * decides + OWNERS_STEPS[status] * answers
    assert expected == steps(standing(status), member)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("status", A, ids=lambda status: status.name)
def test_a_step_is_taken_exactly_when_it_is_offered(status: ActionStatus, who: str) -> None:
    """What is not offered is refused for its reason: it is over, it is somebody else's, or its time is not now."""
    member, answers, decides = PEOPLE[who]
    action = standing(status)
    for step in Step:
        theirs = answers if step in OWNERS else decides
        now = step in (OWNERS_STEPS[status] if step in OWNERS else CHAIRS_STEPS.get(status, []))
        if theirs and now:
            assert taken(action, step, member, **ENOUGH) != action
            continue
        with pytest.raises(NotAllowed) as caught:
            taken(action, step, member, **ENOUGH)
        expected = Refusal.CLOSED if status in OVER else Refusal.NOT_NOW if theirs else Refusal.NOT_YOURS
        assert caught.value.refusal is expected


@pytest.mark.parametrize("status", A, ids=lambda status: status.name)
def test_a_row_half_closed_by_hand_is_closed(status: ActionStatus) -> None:
    """A row of which somebody changed only the status or only `Open` in SharePoint offers nothing and refuses all."""
    action = create_action(status=status, open=status in OVER)
    for member, _, _ in PEOPLE.values():
        assert steps(action, member) == []
        for step in Step:
            with pytest.raises(NotAllowed) as caught:
                taken(action, step, member, **ENOUGH)
            assert caught.value.refusal is Refusal.CLOSED


def test_a_state_that_nobody_knows_can_be_brought_back() -> None:
    """A state typed by hand that is not one of the words leaves the action open, so its owner can put it right."""
    action = create_action(status="waiting for Bo")
    assert steps(action, create_owner()) == OWNERS_STEPS[A.IN_PROGRESS]
    assert taken(action, Step.UPDATE, create_owner(), note="Asked again.").status == A.IN_PROGRESS
    assert steps(action, create_other(Role.CHAIR)) == []


@pytest.mark.parametrize("user_id", ["", OWNER_ID])
def test_an_action_of_nobody_is_not_answered_for_by_chance(user_id: str) -> None:
    """An action without an owner or an agency is not that of a member who lacks the same."""
    action = create_action(owner_id="", owner_name="", agency="")
    assert steps(action, create_member(Role.REPRESENTATIVE, user_id=user_id, agency="")) == []
    assert steps(action, create_member(Role.AGENCY_LEAD, user_id=user_id, agency="")) == []
    assert steps(action, create_member(Role.MENTAL_HEALTH_TEAM, user_id=user_id)) == OWNERS_STEPS[A.AGREED]


NEW, OLD = "The trust has named a number.", "What was said before."
JULY_6 = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("step", "status", "values", "changes"),
    [
        (Step.ACKNOWLEDGE, A.AGREED, {}, {"status": A.ACKNOWLEDGED, "note": OLD}),
        (Step.ACKNOWLEDGE, A.DISSEMINATED, {"note": NEW}, {"status": A.ACKNOWLEDGED, "note": OLD}),
        (Step.UPDATE, A.ACKNOWLEDGED, {"note": NEW}, {"status": A.IN_PROGRESS, "note": NEW}),
        (Step.UPDATE, A.BLOCKED, {"note": NEW}, {"status": A.IN_PROGRESS, "note": NEW}),
        (Step.DONE, A.AGREED, {"note": NEW}, {"status": A.DONE, "note": NEW}),
        (Step.DONE, A.IN_PROGRESS, {"note": " \n "}, {"status": A.DONE, "note": OLD}),
        (Step.DONE, A.IN_PROGRESS, {}, {"status": A.DONE, "note": OLD}),
        (
            Step.MORE_TIME,
            A.IN_PROGRESS,
            {"note": NEW, "asked_due": "2026-07-06"},
            {"status": A.MORE_TIME, "note": NEW, "asked_due": JULY_6},
        ),
        (Step.BLOCKED, A.IN_PROGRESS, {"note": NEW}, {"status": A.BLOCKED, "note": NEW}),
        (Step.NOT_POSSIBLE, A.BLOCKED, {"note": NEW}, {"status": A.NOT_POSSIBLE_CLAIMED, "note": NEW}),
        (Step.VERIFY, A.DONE, {}, {"status": A.VERIFIED, "open": False, "closed_on": NOW, "note": OLD}),
        (Step.VERIFY, A.DONE, {"note": NEW}, {"status": A.VERIFIED, "open": False, "closed_on": NOW, "note": NEW}),
        (
            Step.VERIFY,
            A.NOT_POSSIBLE_CLAIMED,
            {},
            {"status": A.NOT_POSSIBLE, "open": False, "closed_on": NOW, "note": OLD},
        ),
        (Step.RETURN, A.DONE, {"note": NEW}, {"status": A.IN_PROGRESS, "note": NEW}),
        (Step.RETURN, A.NOT_POSSIBLE_CLAIMED, {"note": NEW}, {"status": A.IN_PROGRESS, "note": NEW}),
        # A request refused leaves the due date; one granted moves it.
        (Step.RETURN, A.MORE_TIME, {"note": NEW}, {"status": A.IN_PROGRESS, "note": NEW, "asked_due": None}),
        (Step.GRANT, A.MORE_TIME, {}, {"status": A.IN_PROGRESS, "note": OLD, "due": JULY_6, "asked_due": None}),
        (
            Step.GRANT,
            A.MORE_TIME,
            {"note": NEW},
            {"status": A.IN_PROGRESS, "note": NEW, "due": JULY_6, "asked_due": None},
        ),
        # An owner who says something else meanwhile no longer asks for time.
        (Step.UPDATE, A.MORE_TIME, {"note": NEW}, {"status": A.IN_PROGRESS, "note": NEW, "asked_due": None}),
        (Step.DONE, A.MORE_TIME, {"note": NEW}, {"status": A.DONE, "note": NEW, "asked_due": None}),
        (Step.BLOCKED, A.MORE_TIME, {"note": NEW}, {"status": A.BLOCKED, "note": NEW, "asked_due": None}),
        (
            Step.NOT_POSSIBLE,
            A.MORE_TIME,
            {"note": NEW},
            {"status": A.NOT_POSSIBLE_CLAIMED, "note": NEW, "asked_due": None},
        ),
    ],
)
def test_what_a_step_changes(step: Step, status: ActionStatus, values: dict[str, Any], changes: dict[str, Any]) -> None:
    """Each step changes its own few fields and leaves every other one as it was; a claim says when it was made."""
    before = standing(status)
    claims = {"claimed_on": NOW} if step in (Step.DONE, Step.NOT_POSSIBLE) else {}
    member = create_owner() if step in OWNERS else create_other(Role.CHAIR)
    assert replace(before, **changes, **claims) == taken(before, step, member, **values)


def test_a_request_without_a_date_is_granted_as_it_is() -> None:
    """Where a row typed by hand asks for more time and names no date, granting it keeps the due date."""
    after = taken(create_action(status=A.MORE_TIME), Step.GRANT, create_other(Role.CHAIR))
    assert (after.status, after.due) == (A.IN_PROGRESS, DUE)


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (None, Problem.MISSING),
        ("", Problem.MISSING),
        (" \n\t\u200b ", Problem.MISSING),
        ("x" * 2001, Problem.TOO_LONG),
        (["x"], Problem.NOT_TEXT),
        (7, Problem.NOT_TEXT),
    ],
    ids=["absent", "empty", "invisible", "too long", "a list", "a number"],
)
@pytest.mark.parametrize(
    ("step", "status"),
    [
        (Step.UPDATE, A.IN_PROGRESS),
        (Step.MORE_TIME, A.IN_PROGRESS),
        (Step.BLOCKED, A.IN_PROGRESS),
        (Step.NOT_POSSIBLE, A.IN_PROGRESS),
        (Step.RETURN, A.DONE),
        (Step.RETURN, A.MORE_TIME),
    ],
)
def test_a_reason_is_needed(step: Step, status: ActionStatus, note: Any, problem: Problem) -> None:
    """An update, a block, a request, an impossibility and a chair's return say why, or are not taken."""
    member = create_owner() if step in OWNERS else create_other(Role.CHAIR)
    values = {"note": note, "asked_due": "2026-07-06"}
    assert problems_of(lambda: taken(standing(status), step, member, **values)) == [("note", problem)]


@pytest.mark.parametrize("step", [Step.DONE, Step.VERIFY, Step.GRANT])
@pytest.mark.parametrize(("note", "problem"), [("x" * 2001, Problem.TOO_LONG), ({}, Problem.NOT_TEXT)])
def test_a_note_that_may_be_left_out_must_still_be_usable(step: Step, note: Any, problem: Problem) -> None:
    """A note that is not needed and cannot be kept is told, instead of being lost."""
    status = {Step.DONE: A.IN_PROGRESS, Step.VERIFY: A.DONE, Step.GRANT: A.MORE_TIME}[step]
    member = create_owner() if step in OWNERS else create_other(Role.CHAIR)
    assert problems_of(lambda: taken(standing(status), step, member, note=note)) == [("note", problem)]


@pytest.mark.parametrize(
    ("due", "asked", "problem"),
    [
        # Due in a week, on Monday 22 June 2026: later than that.
        (date(2026, 6, 22), "2026-06-22", Problem.NOT_LATER),
        (date(2026, 6, 22), "2026-06-16", Problem.NOT_LATER),
        (date(2026, 6, 22), "2026-06-23", None),
        # Overdue since 1 June: later than today, Monday 15 June.
        (date(2026, 6, 1), "2026-06-10", Problem.NOT_LATER),
        (date(2026, 6, 1), "2026-06-15", Problem.NOT_LATER),
        (date(2026, 6, 1), "2026-06-16", None),
        # Due today, or without a date: later than today.
        (date(2026, 6, 15), "2026-06-15", Problem.NOT_LATER),
        (date(2026, 6, 15), "2026-06-16", None),
        (None, "2026-06-15", Problem.NOT_LATER),
        (None, "2026-06-16", None),
        (None, "2028-02-29", None),
        # No date, and what is none: one problem each.
        (date(2026, 6, 22), None, Problem.MISSING),
        (date(2026, 6, 22), "", Problem.MISSING),
        (date(2026, 6, 22), "2027-02-29", Problem.NOT_A_DATE),
        (date(2026, 6, 22), "next week", Problem.NOT_A_DATE),
        (date(2026, 6, 22), "2200-01-01", Problem.NOT_A_DATE),
        (date(2026, 6, 22), ["2026-07-06"], Problem.NOT_TEXT),
    ],
)
def test_the_date_asked_for(due: date | None, asked: Any, problem: Problem | None) -> None:
    """More time means a date after today and after the one it was due; anything else is told once and kept out."""
    action = create_action(due=due, status=A.IN_PROGRESS)
    values = {"asked_due": asked, "note": NEW}
    if problem is None:
        assert taken(action, Step.MORE_TIME, create_owner(), **values).asked_due == date.fromisoformat(asked)
    else:
        found = problems_of(lambda: taken(action, Step.MORE_TIME, create_owner(), **values))
        assert found == [("asked_due", problem)]


def test_both_of_a_requests_problems_are_told() -> None:
    """A request for more time that lacks its date and its reason hears of both at once."""
    found = problems_of(lambda: taken(create_action(), Step.MORE_TIME, create_owner()))
    assert found == [("asked_due", Problem.MISSING), ("note", Problem.MISSING)]


JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.lists(st.text(max_size=3), max_size=2)
NOTES = st.just(NEW) | JUNK
DATES = st.dates(date(2026, 6, 1), date(2026, 9, 1)).map(date.isoformat) | JUNK


@settings(deadline=None)
@given(
    start=st.sampled_from([status for status in A if status not in OVER]),
    path=st.lists(st.tuples(st.sampled_from(Step), st.sampled_from(sorted(PEOPLE)), NOTES, DATES), max_size=12),
)
def test_no_sequence_of_steps_breaks_an_action(start: ActionStatus, path: list[tuple[Step, str, Any, Any]]) -> None:
    """Whoever does what in whatever order: open and state agree, what it is and whose is kept, a refusal keeps all."""
    first = action = standing(start)
    now = NOW
    for step, who, note, asked in path:
        now += timedelta(hours=1)
        before = replace(action)
        try:
            action = decide(
                action, PEOPLE[who][0], step, Form({"note": note, "asked_due": asked}), now=now, today=TODAY
            )
        except (NotAllowed, NotUnderstood):
            assert before == action
            continue
        assert action.status in tuple(A)
        assert action.open is (action.status not in OVER)
        assert action.closed_on == (now if action.status in OVER else None)
        assert (action.asked_due is not None) is (action.status == A.MORE_TIME)
        assert action.due == before.due or (step is Step.GRANT and action.due == before.asked_due)
        assert action.note  # what was said last is never lost to an empty note
    kept = (
        *("id", "etag", "reference", "key", "what", "why", "owner_id", "owner_name", "agency", "priority"),
        *("source", "programme", "forum", "agreed_on"),
    )
    assert [getattr(first, name) for name in kept] == [getattr(action, name) for name in kept]


def test_an_action_returned_and_done_again_can_be_verified() -> None:
    """The whole path: acknowledged, in progress, more time, done, returned, done, verified, and then nothing more."""
    owner, chair = create_owner(), create_other(Role.CHAIR, agency="POL")
    path: list[tuple[Step, Member, ActionStatus]] = [
        (Step.ACKNOWLEDGE, owner, A.ACKNOWLEDGED),
        (Step.UPDATE, owner, A.IN_PROGRESS),
        (Step.MORE_TIME, owner, A.MORE_TIME),
        (Step.GRANT, chair, A.IN_PROGRESS),
        (Step.DONE, owner, A.DONE),
        (Step.RETURN, chair, A.IN_PROGRESS),
        (Step.DONE, owner, A.DONE),
        (Step.VERIFY, chair, A.VERIFIED),
    ]
    action = create_action(status=A.DISSEMINATED)
    for step, member, status in path:
        action = taken(action, step, member, **ENOUGH)
        assert action.status == status
    assert (action.open, action.closed_on, action.due) == (False, NOW, JULY_6)
    assert steps(action, chair) == steps(action, owner) == []


@pytest.mark.parametrize(
    ("source", "about"),
    [
        # A board, a risk and the board's own forum are about the system and nobody in it.
        ("B-7", False),
        ("b7", False),
        ("K-12", False),
        ("K 12", False),
        ("MHRMB", False),
        ("mhrmb", False),
        (" b–7 ", False),
        ("\u212a-12", True),  # the sign for kelvin is no K that anybody typed
        # A referral, a subgroup meeting, a plan, however they are typed.
        ("R-14", True),
        ("r-14", True),
        ("R14", True),
        ("R 14", True),
        ("R–14", True),  # the dash that a phone puts there
        ("R‑14", True),  # the hyphen that a document puts there
        ("Referral R-14", True),
        ("S-31", True),
        ("P-14.2", True),
        ("B-7 and R-14", True),
        # Not said, or something that nobody can vouch for.
        ("", True),
        ("a call from the ward", True),
        ("SUB", True),
    ],
)
def test_what_is_about_a_case(source: str, about: bool) -> None:
    """Only what certainly comes from a board or a risk is about nobody; whatever else is typed may be about a case."""
    assert create_action(source=source, forum="MHRMB").about_a_case is about


CHOSEN = create_member(
    Role.REPRESENTATIVE, user_id="11111111-0000-4000-8000-00000000000e", name="Flo Lead", agency="ASC"
)

WHOLE: dict[str, Any] = {
    "key": KEY,
    "what": "  Name a lead for discharge planning. ",
    "why": "Two boards asked.",
    "due": "2026-07-06",
    "priority": "High",
    "source": "K-12",
    "programme": "Inspection 2026",
}


def added(values: dict[str, Any], chair: Member | None = None, owner: Member | None = CHOSEN) -> Action:
    """What `add` makes of a form sent by a chair of the police."""
    chair = chair or create_other(Role.CHAIR, agency="POL")
    return add(Form(values), chair, owner, forum="MHRMB", now=NOW, today=TODAY)


def test_a_new_action() -> None:
    """A whole form becomes an open, agreed action of the member who was chosen and of that member's agency."""
    assert added(WHOLE) == Action(
        key=KEY,
        what="Name a lead for discharge planning.",
        why="Two boards asked.",
        owner_id="11111111-0000-4000-8000-00000000000e",
        owner_name="Flo Lead",
        agency="ASC",
        due=date(2026, 7, 6),
        priority=Priority.HIGH,
        source="K-12",
        programme="Inspection 2026",
        forum="MHRMB",
        status=ActionStatus.AGREED,
        agreed_on=NOW,
    )


def test_the_least_of_a_new_action() -> None:
    """What, whose and by when are enough; it may be due today, and its priority is normal unless it is said."""
    made = added({"key": KEY, "what": "Ring the ward.", "due": TODAY.isoformat()})
    assert (made.what, made.due, made.priority) == ("Ring the ward.", TODAY, Priority.NORMAL)
    assert (made.open, made.status) == (True, A.AGREED)
    assert {made.source, made.why, made.programme, made.note} == {""}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"what": ""}, [("what", Problem.MISSING)]),
        ({"what": None}, [("what", Problem.MISSING)]),
        ({"what": " \u200b\n"}, [("what", Problem.MISSING)]),
        ({"what": "x" * 2001}, [("what", Problem.TOO_LONG)]),
        ({"what": ["a"]}, [("what", Problem.NOT_TEXT)]),
        ({"why": "x" * 2001}, [("why", Problem.TOO_LONG)]),
        ({"why": 3}, [("why", Problem.NOT_TEXT)]),
        ({"due": None}, [("due", Problem.MISSING)]),
        ({"due": ""}, [("due", Problem.MISSING)]),
        ({"due": "tomorrow"}, [("due", Problem.NOT_A_DATE)]),
        ({"due": "2027-02-29"}, [("due", Problem.NOT_A_DATE)]),
        ({"due": "2200-01-01"}, [("due", Problem.NOT_A_DATE)]),
        ({"due": 20260706}, [("due", Problem.NOT_TEXT)]),
        ({"due": "2026-06-14"}, [("due", Problem.IN_THE_PAST)]),  # the day before TODAY
        ({"due": "1900-01-01"}, [("due", Problem.IN_THE_PAST)]),
        ({"priority": "Urgent"}, [("priority", Problem.ONE_OF)]),
        ({"priority": ["High"]}, [("priority", Problem.NOT_TEXT)]),
        ({"source": "R" * 41}, [("source", Problem.TOO_LONG)]),
        ({"source": {}}, [("source", Problem.NOT_TEXT)]),
        ({"programme": "x" * 121}, [("programme", Problem.TOO_LONG)]),
        ({"key": ""}, [("key", Problem.STALE)]),
        ({"key": "X" * 32}, [("key", Problem.STALE)]),
        ({"key": None}, [("key", Problem.STALE)]),
    ],
    ids=repr,
)
def test_a_field_of_a_new_action_that_will_not_do(changed: dict[str, Any], expected: list[tuple[str, Problem]]) -> None:
    """One field that is missing or wrong is told once, and nothing is made."""
    assert problems_of(lambda: added({**WHOLE, **changed})) == expected


def test_an_action_needs_an_owner() -> None:
    """An action whose owner is nobody the board knows is not made."""
    assert problems_of(lambda: added(WHOLE, owner=None)) == [("owner", Problem.NOT_A_CHOICE)]


def test_every_problem_of_a_new_action_is_told() -> None:
    """An empty form hears of all that it lacks, each once, the limit with what is too long."""
    with pytest.raises(NotUnderstood) as caught:
        added({"programme": "x" * 121}, owner=None)
    assert set(caught.value.problems) == {
        FieldProblem("what", Problem.MISSING),
        FieldProblem("due", Problem.MISSING),
        FieldProblem("owner", Problem.NOT_A_CHOICE),
        FieldProblem("key", Problem.STALE),
        FieldProblem("programme", Problem.TOO_LONG, 120),
    }
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_who_may_add_an_action(role: Role) -> None:
    """A chair, a subgroup's chair and the mental health team add actions; nobody else does, whatever the form says."""
    member = create_other(role)
    if role in (Role.CHAIR, Role.SUBGROUP_CHAIR, Role.MENTAL_HEALTH_TEAM):
        assert added(WHOLE, member).owner_id == CHOSEN.user_id
        return
    for values in (WHOLE, {}):
        with pytest.raises(NotAllowed) as caught:
            added(values, member)
        assert caught.value.refusal is Refusal.NOT_A_CHAIR


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), JUNK))
def test_no_form_breaks_adding(values: dict[str, Any]) -> None:
    """Whatever a form holds, an action is made whole or NotUnderstood is raised."""
    with suppress(NotUnderstood):
        made = added({**WHOLE, **values})
        assert made.what
        assert made.due is not None
        assert made.due >= TODAY
        assert (made.owner_id, made.agency, made.key) == (CHOSEN.user_id, "ASC", KEY)


def test_agreed_on_is_the_moment_it_was_given() -> None:
    """An action remembers when it was agreed, to the minute, and not when it was read."""
    at = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
    made = add(Form(WHOLE), create_other(Role.CHAIR), CHOSEN, forum="MHRMB", now=at, today=date(2026, 6, 16))
    assert made.agreed_on == at != AGREED_ON
