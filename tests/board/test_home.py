"""What one person finds when they come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from board.boards import Board
from board.entitlement import Standing
from board.home import (
    LOOKED_AGAIN,
    OFFERED,
    REMEMBERED,
    asked_before,
    awaited_from,
    changed,
    commands_for,
    looked_since,
)
from board.vocabulary import Role
from tests.action_builders import create_action
from tests.builders import (
    NOW,
    TODAY,
    create_agency,
    create_forum,
    create_member,
    create_referral,
    create_return,
)

HOUR = timedelta(hours=1)
FORUM = create_forum("MHRMB", agencies=frozenset())


def standing(*roles: Role) -> Standing:
    return Standing(create_member(*roles), create_agency("MHT"))


@pytest.mark.parametrize(
    ("last", "before", "since"),
    [
        (None, None, None),
        (NOW - HOUR, None, NOW - HOUR),
        (NOW - HOUR, NOW - 9 * HOUR, NOW - HOUR),
        (NOW - LOOKED_AGAIN, NOW - 9 * HOUR, NOW - LOOKED_AGAIN),
        (NOW - LOOKED_AGAIN / 2, NOW - 9 * HOUR, NOW - 9 * HOUR),
        (NOW - LOOKED_AGAIN / 2, None, None),
        (NOW - timedelta(days=400), None, NOW - REMEMBERED),
    ],
)
def test_since_when_changes_are_told(last: datetime | None, before: datetime | None, since: datetime | None) -> None:
    """Since the last look; who looks again at once sees the same again; nothing the first time, nor for ever."""
    assert looked_since(last, before, NOW) == since


def test_what_came_after_is_told_and_nothing_else() -> None:
    """Actions given or handed over, closed, referrals one is asked about, papers; what came before is not."""
    since = NOW - HOUR
    fresh, old = NOW, NOW - 2 * HOUR
    told = changed(
        since,
        [
            create_action(id=1, agreed_on=fresh),
            create_action(id=2, agreed_on=old),
            create_action(id=3, agreed_on=old, transferred_on=fresh),
        ],
        [create_action(id=4, closed_on=fresh), create_action(id=5, closed_on=old)],
        [replace(create_referral(), received_on=fresh), replace(create_referral(), received_on=None)],
        [(fresh, "Pack of B-7"), (old, "Pack of B-6"), (None, "Pack of B-5")],
    )
    assert (told.given, told.closed, told.asked) == (("A-1", "A-3"), ("A-4",), ("R-14",))
    assert told.papers == ("Pack of B-7",)
    assert not told.nothing
    assert changed(NOW, [], [], [], []).nothing


def test_an_agency_is_awaited_until_it_answered() -> None:
    """The longest first; those of others are not shown, nor to a person who may not answer."""
    asked = [create_referral(id=n, reference=f"R-{n}", asked=frozenset({"MHT", "POL"})) for n in (9, 8, 7)]
    cases = [(asked[0], []), (asked[1], [create_return("MHT")]), (asked[2], [create_return("POL")])]
    cases.append((create_referral(id=6, reference="R-6", asked=frozenset({"POL"})), []))
    forums = {"MHRMB": FORUM}

    def awaited(who: Standing) -> list[str]:
        return [each.reference for each in awaited_from(cases, who, TODAY, forums, "MHRMB")]

    assert awaited(standing(Role.REPRESENTATIVE)) == ["R-7", "R-9"]
    assert awaited(standing(Role.OBSERVER)) == []
    lapsed = Standing(create_member(Role.REPRESENTATIVE), create_agency("MHT", isa_lapses_on=date(2026, 1, 1)))
    assert awaited(lapsed) == []


def test_a_restricted_one_is_awaited_all_the_same() -> None:
    """Whoever of the agency is let in: that it waits is no secret."""
    case = create_referral(asked=frozenset({"MHT"}), restricted=True, referrer_id="x", holder_id="y")
    (found,) = awaited_from([(case, [])], standing(Role.REPRESENTATIVE), TODAY, {"MHRMB": FORUM}, "MHRMB")
    assert found is case


def test_what_a_board_asks() -> None:
    """The paper of the agency in focus seven working days before it, a report, and what is overdue."""
    board = Board("MHRMB", date(2026, 12, 9), date(2026, 12, 9))
    late = create_action(due=TODAY - timedelta(days=1))
    before = asked_before(
        FORUM, board, in_focus=True, has_paper=False, report_awaited=True, mine=[late, create_action()], today=TODAY
    )
    assert (before.paper_by, before.report, before.overdue) == (date(2026, 11, 30), True, 1)
    none = asked_before(FORUM, board, in_focus=True, has_paper=True, report_awaited=False, mine=[], today=TODAY)
    assert (none.paper_by, none.report, none.overdue) == (None, False, 0)


def test_commands_are_those_one_can_use() -> None:
    """An observer sees actions and no case; a representative makes referrals; a chair and the team what is theirs."""
    assert commands_for(standing(Role.OBSERVER), TODAY) == ["my actions", "tracker"]
    assert commands_for(standing(Role.REPRESENTATIVE), TODAY)[:3] == ["refer", "my actions", "tracker"]
    assert "add action" not in commands_for(standing(Role.REPRESENTATIVE), TODAY)
    assert {"add action", "brief", "retention"} <= set(commands_for(standing(Role.CHAIR), TODAY))
    assert "triage" in commands_for(standing(Role.MENTAL_HEALTH_TEAM), TODAY)
    assert commands_for(Standing(None, None), TODAY) == []
    assert "patterns" in commands_for(standing(Role.INFORMATION_GOVERNANCE_LEAD), TODAY)
    assert len(commands_for(standing(*Role), TODAY)) == len(OFFERED)
    assert max(len(commands_for(standing(role), TODAY)) for role in Role) <= 12, "two rows of six"


def test_now_is_aware() -> None:
    """The builders' instants are, or nothing above would compare."""
    assert NOW.tzinfo is UTC
