"""A chair's brief: what is open for a board, counted by hand from a small one."""

from __future__ import annotations

from datetime import date, timedelta

from board.actions import ActionStatus
from board.briefing import Held, brief, notices, read_key
from board.escalation import Climb, Rung
from board.records import Agreement, Lesson, Plan
from board.signing import Signed
from board.vocabulary import PlanStatus, Role
from tests.action_builders import create_action
from tests.builders import NOW, TODAY, create_forum, create_member, create_referral, create_return

BOARD = date(2026, 6, 17)


def plan(number: int, status: PlanStatus) -> Plan:
    """A plan in this state."""
    return Plan(id=number, reference=f"P-{number}.1", case="R-14", status=status, signatories=frozenset({"MHT", "POL"}))


def test_everything_that_waits_is_in_it() -> None:
    """Claims and requests to decide, what is with the chairs, which plan was stopped; what is late, by agency with its
    longest; whose answers and signatures are awaited; what another forum has not received."""
    late = [create_action(id=n, due=TODAY - timedelta(days=n), agency="MHT" if n < 3 else "POL") for n in (1, 2, 3)]
    done = create_action(id=4, status=ActionStatus.DONE, due=TODAY - timedelta(days=9))
    maybe = create_action(id=5, status=ActionStatus.NOT_POSSIBLE_CLAIMED)
    asked = create_action(id=6, status=ActionStatus.MORE_TIME, due=TODAY + timedelta(days=9))
    climbs = [
        (late[0], Climb(Rung.CHAIRS, TODAY, 21, ())),
        (late[1], Climb(Rung.LEAD, TODAY, 11, ())),
        (late[2], Climb(Rung.LEAD, TODAY, 11, ())),
    ]
    cases = [
        (create_referral(id=14), [create_return(agency="MHT")]),
        (create_referral(id=15), []),
    ]
    plans = [
        (plan(1, PlanStatus.SIGN_OFF), Signed(awaited=("POL",)), "P-1.1"),
        (plan(2, PlanStatus.SIGN_OFF), Signed(stopped_by=frozenset({"MHT"}), awaited=("MHT",)), "P-2.1"),
        (plan(3, PlanStatus.DRAFT), Signed(awaited=("MHT", "POL")), "P-3.1"),
    ]
    made = brief(Held([*late, done, maybe, asked], climbs, cases, [create_referral(id=9)], plans), BOARD, TODAY)
    assert (made.to_verify, made.more_time, made.with_chairs) == (("A-4", "A-5"), ("A-6",), ("A-1",))
    assert (made.stopped, made.decisions) == (("P-2.1",), 5)
    assert (made.overdue, made.slipped) == (3, (("MHT", 2, 2), ("POL", 1, 3)))
    assert made.escalated == {Rung.CHAIRS: 1, Rung.LEAD: 2}
    assert made.awaited == (("ASC", 2), ("MHT", 1))
    assert made.unsigned == (("P-1.1", ("POL",)), ("P-2.1", ("MHT",)))
    assert made.without_receipt == ("R-9",)


def test_lessons_and_agreements_that_wait() -> None:
    """A lesson that waits for a chair is a decision; an agreement whose review day has passed has slipped."""
    lessons = [Lesson(id=4), Lesson(id=3, status="Disseminated", disseminated_on=NOW), Lesson(id=5, open=False)]
    agreements = [
        Agreement(id=1, kind="Terms of reference", review_on=TODAY - timedelta(days=1)),
        Agreement(id=2, kind="Section 135 procedure", review_on=TODAY),
        Agreement(id=3, kind="Section 136 escalation policy"),
    ]
    made = brief(Held([], [], [], [], [], lessons, agreements), BOARD, TODAY)
    assert (made.lessons, made.reviews, made.decisions) == (("L-4",), ("G-1",), 1)


def test_a_quiet_board() -> None:
    """With nothing open, nothing waits."""
    made = brief(Held([], [], [], [], []), BOARD, TODAY)
    assert (made.decisions, made.overdue, made.slipped, made.awaited) == (0, 0, (), ())


def test_each_chair_is_told_once_for_each_board() -> None:
    """Chairs alone, by a key that is read back."""
    members = [
        create_member(Role.CHAIR, user_id="A"),
        create_member(Role.CHAIR, user_id="b", open=False),
        create_member(Role.MENTAL_HEALTH_TEAM, user_id="c"),
    ]
    (notice,) = notices(create_forum("MHRMB"), BOARD, members)
    assert notice.key == "brief/MHRMB/2026-06-17/member:a"
    assert read_key(notice.key) == ("MHRMB", BOARD)
    assert read_key("brief/MHRMB/x/member:a") is None
    assert read_key("board/MHRMB/2026-06-17/eve") is None
