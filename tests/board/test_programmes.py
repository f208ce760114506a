"""n of N closed: against a count made otherwise, and nothing of what somebody may not see."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from board.actions import Action, ActionStatus
from board.entitlement import Sight, sight_in_channel
from board.programmes import programmes, spellings
from tests.action_builders import DUE, create_action

NAMES = ("Winter plan", "winter  PLAN", "Inspection", "")
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(list(ActionStatus)), st.booleans(), st.sampled_from(["B-7", "R-14"])
    ),
    max_size=25,
)


def made(drawn: list[tuple[str, ActionStatus, bool, str]]) -> list[Action]:
    """Actions of these programmes; every second is due long ago."""
    return [
        create_action(id=n, programme=name, status=status, source=source, due=DUE - timedelta(days=90 * late))
        for n, (name, status, late, source) in enumerate(drawn, 1)
    ]


@given(ACTIONS)
def test_n_of_n_closed(drawn: list[tuple[str, ActionStatus, bool, str]]) -> None:
    """By name, whatever its capitals and spaces; what is closed and what is late, counted one by one."""
    closed = {"Verified", "Not possible", "Not undertaken", "Transferred", "Superseded"}
    claimed = {"Done, to be verified", "Not possible, to be verified"}
    expected: dict[str, list[int]] = {}
    for name, status, late, source in drawn:
        if name and source == "B-7":
            counts = expected.setdefault(name[:2].lower(), [0, 0, 0])
            counts[0] += status in closed
            counts[1] += 1
            counts[2] += late and status not in closed | claimed
    found = programmes(made(drawn), sight_in_channel, DUE)
    assert {each.name[:2].lower(): [each.closed, each.of, each.overdue] for each in found} == expected
    assert [each.overdue for each in found] == sorted((each.overdue for each in found), reverse=True)


@given(ACTIONS)
def test_which_programmes_have_something_open(drawn: list[tuple[str, ActionStatus, bool, str]]) -> None:
    """In each spelling once; none that only actions from cases, or only closed ones, belong to."""
    actions = made(drawn)
    alive = {each.programme.lower() for each in actions if each.programme and each.live and each.source == "B-7"}
    found = [name.lower() for name in spellings(actions, sight_in_channel)]
    assert set(found) == alive
    assert len(found) == len(alive)
    assert spellings(actions, lambda _action: Sight.OUTLINE) == []
