"""The fictional board's subgroup: two meetings that were held, what they made of their cases, and two plans.

Everything has a fixed key, as in the rest of the fictional board.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from board.calendar import at_uk
from board.records import Attendance, Forum, Hearing, Meeting, Plan, Referral, SignOff
from board.signing import EXPIRES_AFTER, REVIEW_AFTER, named
from board.vocabulary import Attended, Decision, Gate, MeetingKind, MeetingStatus, PlanStatus, SignedOff, Status
from bot import demo_data as data
from bot.house import BOT
from sharepoint.schema import ATTENDANCE, FORUMS, HEARINGS, MEETINGS, PLANS, SIGN_OFFS, ListOf, R
from sharepoint.store import Store

WHY = "fictional data"
CODE = "SUB"
WEDNESDAY = 2

DECIDED = {
    Status.HEARD: Decision.PLAN,
    Status.PLAN: Decision.PLAN,
    Status.NO_PLAN: Decision.NO_PLAN,
    Status.REVIEWED: Decision.CONTINUE,
    Status.CLOSED: Decision.CLOSE,
}
"""What the meeting decided of a case in this state."""


def passed(referral: Referral, number: int, today: date) -> Referral:
    """An older referral with what the gate and the meeting left on it."""
    if referral.status in (Status.RECEIVED, Status.WITHDRAWN):
        return replace(referral, rationale="" if referral.open else "Seen by their own team since.")
    triaged = (referral.received_on or at_uk(today, time(9))) + timedelta(days=1)
    through = replace(referral, triaged_on=triaged, triaged_by="Casey Madeup", rationale=data.RATIONALES[number % 4])
    if referral.status == Status.DECLINED:
        return replace(through, decline_reason=data.DECLINED_BECAUSE, closed_on=triaged)
    if referral.status == Status.REDIRECTED:
        return replace(
            through, gate=Gate.MAPPA, redirected_to="MAPPA", redirected_on=at_uk(today - timedelta(days=6), time(9))
        )
    outcomes = (data.OUTCOMES_SEEN[number % len(data.OUTCOMES_SEEN)],) if referral.status == Status.CLOSED else ()
    return replace(
        through,
        gate=Gate.SUBGROUP,
        outcomes=outcomes,
        closed_on=at_uk(last_wednesday(today), time(11)) if referral.status == Status.CLOSED else None,
        next_review=last_wednesday(today) + timedelta(weeks=5 + number % 3) if referral.status in REVIEWED else None,
    )


REVIEWED = (Status.PLAN, Status.NO_PLAN, Status.REVIEWED)


def last_wednesday(today: date) -> date:
    """The last day before today on which the subgroup met."""
    return today - timedelta(days=(today.weekday() - WEDNESDAY - 1) % 7 + 1)


async def load(store: Store, today: date, cases: Sequence[Referral]) -> str:
    """Write the subgroup, its last two meetings and what came of them; say how much that was."""
    forum = Forum(key=f"forum:{CODE}", code=CODE, name="Fictonshire subgroup", kind="Subgroup")
    kept, _ = await store.add_once(FORUMS, forum, by=BOT, why=WHY)
    dated = replace(kept, anchor=last_wednesday(today) - timedelta(weeks=1), weeks=1, meets_at="10:00")
    await store.change(FORUMS, kept, dated, by=BOT, why=WHY)
    meetings = [await _meeting(store, last_wednesday(today) - timedelta(weeks=ago)) for ago in (1, 0)]
    heard = [case for case in cases if case.status in DECIDED]
    for number, case in enumerate(heard):
        await _hearing(store, case, meetings[number % 2], number)
    planned = [case for case in cases if case.status == Status.PLAN][:2]
    for case in planned:
        await _plan(store, case, today)
    return f"{len(meetings)} meetings of the subgroup, {len(heard)} hearings, {len(planned)} plans"


async def _numbered(store: Store, of: ListOf[R], row: R) -> R:
    kept, _ = await store.add_once(of, row, by=BOT, why=WHY)
    return kept if kept.reference else await store.number(of, kept, by=BOT)


async def _meeting(store: Store, day: date) -> Meeting:
    """A meeting with who came: all but one, which sent a deputy, and one that sent what it knew."""
    key = f"meeting:{CODE}:{day.isoformat()}"
    meeting = Meeting(
        key=key, forum=CODE, held_on=day, status=MeetingStatus.HELD, kind=MeetingKind.SUBGROUP, open=False
    )
    kept = await _numbered(store, MEETINGS, meeting)
    for number, (code, _, _) in enumerate(data.PARTNERS[:9]):
        status = (Attended.DEPUTY, Attended.APOLOGIES)[number - 7] if number >= 7 else Attended.PRESENT
        row = Attendance(
            key=f"{kept.reference}/{code}",
            reference=kept.reference,
            agency=code,
            status=status,
            information_sent=status == Attended.APOLOGIES,
        )
        await store.add_once(ATTENDANCE, row, by=BOT, why=WHY)
    return kept


async def _hearing(store: Store, case: Referral, meeting: Meeting, number: int) -> None:
    assert meeting.held_on is not None
    row = Hearing(
        key=f"{meeting.reference}/{case.reference}",
        reference=case.reference,
        meeting=meeting.reference,
        forum=case.forum,
        decision=DECIDED[Status(case.status)],
        information="What each agency returned was read out; nothing else was new.",
        rationale=case.rationale,
        outcomes=case.outcomes,
        next_review=case.next_review,
        heard_on=at_uk(meeting.held_on, time(10, 15)) + timedelta(minutes=12 * number),
        recorded_by="Ellis Pretend",
    )
    await store.add_once(HEARINGS, row, by="Ellis Pretend", why=WHY)


async def _plan(store: Store, case: Referral, today: date) -> None:
    """An agreed plan, signed by the police and the trust."""
    agreed = at_uk(last_wednesday(today) + timedelta(days=1), time(15))
    plan = Plan(
        key=f"demo:plan:{case.reference}",
        case=case.reference,
        forum=case.forum,
        status=PlanStatus.AGREED,
        scenarios="Leaves the hostel at night and goes to the parents' street\nStops taking medication",
        triggers="Is not back by ten in the evening\nMisses an appointment without ringing",
        first_actions="MHT: ring the crisis line's duty nurse\nPOL: send two officers to the parents' street",
        contingencies="The duty inspector rings the on-call manager of the trust",
        victim_safety="The parents have an alarm and a number to ring",
        signatories=frozenset({"MHT", "POL"}),
        agreed_on=agreed,
        expires_on=agreed.date() + EXPIRES_AFTER,
        review_on=agreed.date() + REVIEW_AFTER,
        owner_name="Ellis Pretend",
    )
    kept = await _numbered(store, PLANS, plan)
    for code, who in (("MHT", "Gray Placeholder"), ("POL", "Frankie Sample")):
        await store.add_once(SIGN_OFFS, _signed(kept, code, who, agreed), by=who, why=WHY)


def _signed(plan: Plan, code: str, who: str, when: datetime) -> SignOff:
    number = next(number for number, person in enumerate(data.PEOPLE, start=1) if person[0] == who)
    return SignOff(
        key=f"demo:sign:{named(plan)}:{code}",
        reference=named(plan),
        agency=code,
        member_id=f"00000000-0000-4000-8000-{number:012d}",
        member_name=who,
        answer=SignedOff.SIGNED,
        refuses_care="No",
        signed_on=when,
    )
