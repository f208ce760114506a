"""A referral's path as a table: what may follow what, from every state, by every step that the product takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotAllowed, Refusal
from board.hearing import after_hearing
from board.listing import HEARABLE, listed
from board.path import may_follow, planned, require_follows
from board.records import Hearing
from board.vocabulary import Decision, Status
from tests.builders import NOW, create_referral

AFTER = {
    "Received": "Triaged Redirected Declined Withdrawn",
    "Triaged": "Redirected Declined Listed Heard No-plan Closed Withdrawn",
    "Redirected": "Triaged Withdrawn",
    "Listed": "Triaged Heard No-plan Closed Redirected Withdrawn",
    "Heard": "Plan-agreed No-plan Closed Redirected Listed Withdrawn",
    "Plan agreed": "Reviewed Closed Redirected Listed Withdrawn",
    "No plan": "Heard Plan-agreed Reviewed Closed Redirected Listed Withdrawn",
    "Reviewed": "Plan-agreed Closed Redirected Listed Withdrawn",
    "Declined": "",
    "Closed": "",
    "Withdrawn": "",
}
"""Received, triaged, redirected or declined or listed, heard, plan agreed or no plan, reviewed, closed; withdrawn from
any open state. A meeting may hear a triaged case at once, close or redirect it, and hear one again; what it does not
come to is triaged still; what is redirected may come back; what needed no plan may need one later."""


def allowed(before: str, after: str) -> bool:
    """Whether the table above lets a state follow; each may stay as it is."""
    return before == after or after.replace(" ", "-") in AFTER.get(before, "").split()


@pytest.mark.parametrize("before", Status)
@pytest.mark.parametrize("after", Status)
def test_each_pair_is_as_the_table_says(before: Status, after: Status) -> None:
    """All hundred and twenty-one pairs."""
    assert may_follow(before, after) == allowed(before, after)


@pytest.mark.parametrize("typed", ["", "received", "Heard ", "Nonsense"])
def test_a_state_typed_by_hand_follows_nothing(typed: str) -> None:
    """A state that is none of the board's own neither follows nor is followed."""
    assert not may_follow(typed, Status.TRIAGED)
    assert not may_follow(Status.RECEIVED, typed)


@given(st.sampled_from(HEARABLE), st.sampled_from(Decision))
def test_no_decision_of_a_meeting_leaves_the_path(status: Status, decision: Decision) -> None:
    """Whatever a meeting decides of a case it may hear, the state after it may follow."""
    hearing = Hearing(key="S-1/R-14", reference="R-14", meeting="S-1", decision=decision, rationale="because")
    case = create_referral(status=status)
    after = after_hearing(case, hearing, "MARAC", "k", now=NOW)
    assert allowed(status, after.status)
    assert after.open == (decision != Decision.CLOSE)


@given(st.sampled_from(Status), st.booleans(), st.booleans())
def test_an_agreed_plan_takes_a_case_no_further_than_it_may(status: Status, open_: bool, fresh: bool) -> None:
    """A closed, declined, withdrawn, redirected or unheard case stays as it is; a heard one has a plan, with why."""
    case = create_referral(status=status, open=open_, rationale="before")
    after = planned(case, "all signed", just_agreed=fresh)
    moved = open_ and (status == "Heard" or (fresh and status in ("No plan", "Reviewed")))
    assert (after.status, after.rationale) == (("Plan agreed", "all signed") if moved else (status, "before"))
    assert allowed(status, after.status)


@given(st.sampled_from(Status))
def test_listing_lists_what_is_triaged_only(status: Status) -> None:
    """A case that comes back for review keeps its state on the list."""
    assert listed(create_referral(status=status), "S-4").status == ("Listed" if status == "Triaged" else status)


def test_a_step_off_the_path_is_refused_by_name() -> None:
    """The refusal is the one that the step names, so that a person reads why."""
    closed, heard = create_referral(status=Status.CLOSED), create_referral(status=Status.HEARD)
    with pytest.raises(NotAllowed) as refused:
        require_follows(closed, heard, Refusal.NOT_HEARABLE)
    assert refused.value.refusal is Refusal.NOT_HEARABLE
    assert require_follows(heard, closed, Refusal.NOT_HEARABLE) is closed
