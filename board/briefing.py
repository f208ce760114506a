"""The chair's brief on the eve of a board: what needs deciding, what slipped, who has not answered. Pure.

References, codes and counts alone: it is told to chairs in their own chats, and is short enough to be read on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from board.actions import CLAIMS, Action, ActionStatus
from board.agreements import in_use
from board.agreements import named as agreement_named
from board.escalation import Climb, Rung
from board.learning import is_waiting
from board.learning import named as lesson_named
from board.notices import Audience, Notice, NoticeKind
from board.records import Agreement, Forum, Lesson, Member, Plan, Referral, Return
from board.returning import progress
from board.signing import Signed
from board.tracker import is_overdue
from board.vocabulary import PlanStatus, Role


@dataclass(frozen=True, slots=True)
class Brief:
    """What a chair is told. `slipped` and `awaited` are by agency code, the most first; the rest are references."""

    board: date
    to_verify: tuple[str, ...] = ()
    more_time: tuple[str, ...] = ()
    with_chairs: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    overdue: int = 0
    slipped: tuple[tuple[str, int, int], ...] = ()
    escalated: Mapping[Rung, int] = field(default_factory=dict)
    awaited: tuple[tuple[str, int], ...] = ()
    unsigned: tuple[tuple[str, tuple[str, ...]], ...] = ()
    without_receipt: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()

    @property
    def decisions(self) -> int:
        """How many things wait for a chair."""
        waiting = (self.to_verify, self.more_time, self.with_chairs, self.stopped, self.lessons)
        return sum(len(each) for each in waiting)


@dataclass(frozen=True, slots=True)
class Held:
    """What a brief is made of: the open actions and what of them climbed, the open referrals with their returns, those
    another forum has not received, the plans in use with how far they are signed, the lessons, and the agreements."""

    actions: Sequence[Action]
    climbing: Sequence[tuple[Action, Climb]]
    referrals: Sequence[tuple[Referral, Sequence[Return]]]
    unreceived: Sequence[Referral]
    plans: Sequence[tuple[Plan, Signed, str]]
    lessons: Sequence[Lesson] = ()
    agreements: Sequence[Agreement] = ()


def brief(of: Held, board: date, today: date) -> Brief:
    """Sort out what is open for a board."""
    late = [action for action in of.actions if is_overdue(action, today) and action.due]
    number = Counter(action.agency for action in late)
    longest = {code: max((today - a.due).days for a in late if a.agency == code and a.due) for code in number}
    awaited = awaited_by(of.referrals)
    return Brief(
        board=board,
        to_verify=_named(action for action in of.actions if action.status in CLAIMS),
        more_time=_named(action for action in of.actions if action.status == ActionStatus.MORE_TIME),
        with_chairs=tuple(action.reference for action, at in of.climbing if at.rung is Rung.CHAIRS),
        stopped=tuple(name for _, signed, name in of.plans if signed.stopped_by),
        overdue=len(late),
        slipped=tuple((code, count, longest[code]) for code, count in _most_first(number)),
        escalated=Counter(at.rung for _, at in of.climbing),
        awaited=tuple(_most_first(awaited)),
        unsigned=tuple((name, signed.awaited) for plan, signed, name in of.plans if _is_awaited(plan, signed)),
        without_receipt=tuple(case.reference for case in of.unreceived),
        lessons=tuple(lesson_named(each) for each in sorted(of.lessons, key=lambda each: each.id) if is_waiting(each)),
        reviews=tuple(
            agreement_named(each) for each in in_use(of.agreements) if each.review_on and each.review_on < today
        ),
    )


def awaited_by(referrals: Iterable[tuple[Referral, Sequence[Return]]]) -> Counter[str]:
    """On how many cases an answer is awaited, by the code of the agency."""
    return Counter(code for case, returns in referrals for code in progress(case, returns).awaited)


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _is_awaited(plan: Plan, signed: Signed) -> bool:
    return plan.status == PlanStatus.SIGN_OFF and bool(signed.awaited)


def _named(actions: Iterable[Action]) -> tuple[str, ...]:
    return tuple(action.reference for action in sorted(actions, key=lambda each: each.id) if action.reference)


def notices(forum: Forum, board: date, members: Iterable[Member]) -> list[Notice]:
    """One for each chair, once for each board."""
    found = []
    for member in members:
        if member.open and member.has(Role.CHAIR):
            audience = Audience(member=member.user_id.lower())
            found.append(Notice(f"brief/{forum.code}/{board.isoformat()}/{audience}", NoticeKind.BRIEF, audience, ""))
    return found


def read_key(key: str) -> tuple[str, date] | None:
    """Read a brief's key back: the forum and the board; None for any other text."""
    parts = key.split("/")
    if len(parts) != 4 or parts[0] != "brief":
        return None
    try:
        return parts[1], date.fromisoformat(parts[2])
    except ValueError:
        return None
