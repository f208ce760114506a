"""A subgroup's list for its next meeting: which cases, in which order, for how many minutes. Pure.

The list follows from the referrals: what is triaged to the subgroup, what is due for review, and what an earlier
meeting did not come to. Those who arrange it add, hold, move and remove; settling it makes the proposed cases Listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from board.calendar import board_days
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.path import require_follows
from board.records import Forum, Meeting, Referral
from board.references import REFERRAL, SUBGROUP, reference
from board.scopes import MADE_UP, made_up
from board.vocabulary import Gate, MeetingKind, MeetingStatus, Status, Urgency

DEFAULT_CODE = MADE_UP
"""The code of the subgroup of a board that has no row for one."""

DEFAULT_ANCHOR = date(2026, 1, 7)
"""A Wednesday: when a subgroup meets whose row, and whose board's, name no day."""

MINUTES = 15
SHORTEST, LONGEST = 5, 60
"""A case has 12 to 15 minutes (domain default: 15); what is typed for one is kept within reason."""

LENGTH = 180
"""Minutes of a meeting: twelve cases of fifteen."""

MOST = 40
"""Cases shown: more than three meetings can hear."""

REVIEWED_LATER = (Status.HEARD, Status.PLAN, Status.NO_PLAN, Status.REVIEWED)
"""States in which a case comes back when its next review is due."""

HEARABLE = (Status.TRIAGED, Status.LISTED, *REVIEWED_LATER)
"""States in which the subgroup may take a case."""

_URGENCY = {str(urgency): rank for rank, urgency in enumerate(Urgency)}
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Arranging(StrEnum):
    """What those who run the meeting do with a case on the list."""

    ADD = "add"
    HOLD = "hold"
    UNHOLD = "unhold"
    REMOVE = "remove"
    FIRST = "first"
    UP = "up"
    DOWN = "down"
    MOVE = "move"
    MINUTES = "minutes"


MOVES = frozenset({Arranging.FIRST, Arranging.UP, Arranging.DOWN, Arranging.MOVE})
"""The steps that put a case at another place, and so may change every row of the list."""


def subgroup_of(forums: Iterable[Forum], code: str = "", *, board: Forum | None = None) -> Forum:
    """The subgroup of that code, or the first there is; one made up for a board that has no row for it."""
    found = sorted((f for f in forums if f.kind.casefold() == MeetingKind.SUBGROUP.casefold()), key=lambda f: f.id)
    named = [forum for forum in found if forum.code.upper() == code.upper()]
    if named or found:
        return (named or found)[0]
    anchor = board.anchor if board else None
    code = made_up(board.code) if board else DEFAULT_CODE
    return Forum(code=code, name="Subgroup", kind=MeetingKind.SUBGROUP, anchor=anchor, weeks=1)


def meeting_day(forum: Forum, first: date) -> date:
    """The first day from that one on which the subgroup meets; on a bank holiday, the next working day."""
    weeks = max(forum.weeks, 1)
    return board_days(forum.anchor or DEFAULT_ANCHOR, first, first + timedelta(weeks=weeks, days=14), weeks)[0]


def planned(forum: Forum, day: date) -> Meeting:
    """A meeting as its row is made when it is first needed: once, by its key."""
    key = f"subgroup/{forum.code}/{day.isoformat()}"
    return Meeting(key=key, forum=forum.code, held_on=day, kind=MeetingKind.SUBGROUP)


def spoken(meeting: Meeting) -> str:
    """The meeting's reference, from its own number; empty while it has none."""
    return reference(SUBGROUP, meeting.id) if meeting.id else ""


def the_meeting(meetings: Iterable[Meeting], forum: Forum, today: date, *, resume: bool) -> Meeting:
    """The meeting that is going on, or else the next one, which may have no row yet.

    One that began on another day and was never closed is gone on with when that is what is asked (`resume`).
    """
    every = tuple(meetings)
    its = _its(every, forum)
    begun = [m for m in its if m.status == MeetingStatus.IN_PROGRESS and (resume or m.held_on == today)]
    return begun[0] if begun else _to_come(every, forum, today)


def the_next(meetings: Iterable[Meeting], forum: Forum, meeting: Meeting) -> Meeting:
    """The meeting after this one; its row may not be there yet."""
    return _to_come((*meetings, meeting), forum, (meeting.held_on or date.min) + timedelta(days=1))


def _to_come(meetings: tuple[Meeting, ...], forum: Forum, first: date) -> Meeting:
    """The first meeting from a day on that has not begun: one with a row, or the first by the anchor that has none.

    A row keeps the key of the day it was made for, so a meeting that was moved is not made a second time.
    """
    taken = {meeting.key for meeting in meetings}
    free = planned(forum, meeting_day(forum, first))
    while free.key in taken and free.held_on is not None:
        free = planned(forum, meeting_day(forum, free.held_on + timedelta(days=1)))
    rows = [m for m in _its(meetings, forum) if m.status == MeetingStatus.PLANNED and (m.held_on or first) >= first]
    return min([*rows, free], key=lambda m: m.held_on or date.max)


def _its(meetings: Iterable[Meeting], forum: Forum) -> list[Meeting]:
    """The forum's open meetings that have a day, the earliest first."""
    its = [m for m in meetings if m.forum.upper() == forum.code.upper() and m.kind == MeetingKind.SUBGROUP and m.open]
    return sorted((m for m in its if m.held_on is not None), key=lambda m: (m.held_on or date.max, m.id))


@dataclass(frozen=True, slots=True)
class WeekList:
    """A meeting's list: its cases in order, and those held back. `proposed` are on it because nobody said otherwise."""

    meeting: Meeting
    cases: tuple[Referral, ...]
    held: tuple[Referral, ...]
    length: int = LENGTH

    @property
    def reference(self) -> str:
        """The meeting's reference; empty while its row is not made."""
        return spoken(self.meeting)

    @property
    def minutes(self) -> int:
        """Minutes of all its cases."""
        return sum(minutes_of(case) for case in self.cases)

    @property
    def fitting(self) -> int:
        """How many of its cases the meeting has time for."""
        total = 0
        for number, case in enumerate(self.cases):
            total += minutes_of(case)
            if total > self.length:
                return number
        return len(self.cases)

    def proposed(self, case: Referral) -> bool:
        """Whether the case is on it without being settled."""
        return not self.reference or case.listed_for != self.reference


def minutes_of(case: Referral) -> int:
    """Minutes the case has; what somebody typed into the list is kept within reason."""
    return min(max(case.list_minutes, SHORTEST), LONGEST) if case.list_minutes > 0 else MINUTES


def of_forum(case: Referral, forum: Forum, forums: Mapping[str, Forum]) -> bool:
    """Whether a forum hears this case: its own subgroup, or the first one where it names none."""
    named = forums.get(case.forum.upper())
    if named is not None and named.kind.casefold() == MeetingKind.SUBGROUP.casefold():
        return named.code.upper() == forum.code.upper()
    rows = [each for each in forums.values() if each.kind.casefold() == MeetingKind.SUBGROUP.casefold()]
    return not rows or forum.code.upper() == subgroup_of(rows).code.upper()


def week_list(
    referrals: Iterable[Referral], meeting: Meeting, *, later: Iterable[str] = (), heard: Iterable[str] = ()
) -> WeekList:
    """The list of a meeting, from the subgroup's open referrals.

    `later` are the references of meetings after it, `heard` the cases that it has come to already.
    """
    after, done, here = frozenset(later), frozenset(heard), spoken(meeting)
    found = [case for case in referrals if case.reference not in done and _is_due(case, meeting, here, after)]
    return WeekList(
        meeting,
        tuple(sorted((case for case in found if not case.on_hold), key=_order)),
        tuple(sorted((case for case in found if case.on_hold), key=_order)),
    )


def _is_due(case: Referral, meeting: Meeting, here: str, later: frozenset[str]) -> bool:
    if not case.open or case.reference != reference(REFERRAL, case.id) or case.listed_for in later:
        return False
    if here and case.listed_for == here:
        return case.status in HEARABLE
    if case.status in (Status.TRIAGED, Status.LISTED):
        return case.gate in ("", Gate.SUBGROUP)
    due = case.next_review is not None and meeting.held_on is not None and case.next_review <= meeting.held_on
    return due and case.status in REVIEWED_LATER


def _order(case: Referral) -> tuple[int, int, datetime, int]:
    """As it was put in order by hand; else the most urgent first, then the oldest."""
    by_hand = case.list_order if case.list_order > 0 else 10_000
    return by_hand, _URGENCY.get(case.urgency, len(_URGENCY)), case.received_on or _LONG_AGO, case.id


def settled(week: WeekList) -> list[tuple[Referral, Referral]]:
    """What settling the list changes: each case it proposes, before and after."""
    changed = [(case, listed(case, week.reference)) for case in week.cases if week.proposed(case)]
    return [(before, after) for before, after in changed if before != after]


def listed(case: Referral, meeting: str) -> Referral:
    """A case as it stands on that meeting's list. One that comes back for review keeps its state."""
    status = Status.LISTED if case.status == Status.TRIAGED else case.status
    return replace(case, status=status, listed_for=meeting)


def arrange(
    week: WeekList, case: Referral, step: Arranging, *, number: int = 0, next_meeting: str = ""
) -> list[tuple[Referral, Referral]]:
    """What one step changes, each case before and after. Raises NotAllowed or NotUnderstood, and changes nothing then.

    `number` is the place to move to (from 1), or the minutes. `next_meeting` is where a removed case goes.
    """
    if step is Arranging.ADD:
        return _changed([(case, _added(case, week))])
    here = [each for each in (*week.cases, *week.held) if each.id == case.id]
    if not here:
        raise NotAllowed(Refusal.NOT_ON_LIST)
    if step is Arranging.HOLD:
        return _changed([(case, replace(case, on_hold=True))])
    if step is Arranging.UNHOLD:
        return _changed([(case, replace(case, on_hold=False))])
    if step is Arranging.REMOVE:
        return _changed([(case, replace(listed(case, next_meeting), list_order=0))])
    if step is Arranging.MINUTES:
        if not SHORTEST <= number <= LONGEST:
            raise NotUnderstood(FieldProblem("minutes", Problem.NOT_A_CHOICE))
        return _changed([(case, replace(case, list_minutes=number))])
    return in_order(week, order_after(week, case, step, number))


def _changed(pairs: Sequence[tuple[Referral, Referral]]) -> list[tuple[Referral, Referral]]:
    return [(before, after) for before, after in pairs if before != after]


def _added(case: Referral, week: WeekList) -> Referral:
    if not case.open:
        raise NotAllowed(Refusal.CLOSED)
    if case.status not in HEARABLE or case.gate not in ("", Gate.SUBGROUP):
        raise NotAllowed(Refusal.NOT_LISTABLE)
    return require_follows(case, replace(listed(case, week.reference), on_hold=False), Refusal.NOT_LISTABLE)


def order_after(week: WeekList, case: Referral, step: Arranging, number: int) -> tuple[int, ...]:
    """The ids of the list's cases in the order that a step puts them in. Raises NotAllowed or NotUnderstood.

    A step such as one place down means something else on a list that it has changed already, so whoever has to try
    again keeps the order it wanted, and asks for that by `in_order`.
    """
    order = [each.id for each in week.cases]
    if case.id not in order:
        raise NotAllowed(Refusal.NOT_ON_LIST)
    if step is Arranging.MOVE and number < 1:
        raise NotUnderstood(FieldProblem("place", Problem.NOT_A_CHOICE))
    at = order.index(case.id)
    to = {Arranging.FIRST: 0, Arranging.UP: at - 1, Arranging.DOWN: at + 1, Arranging.MOVE: number - 1}[step]
    order.insert(min(max(to, 0), len(order)), order.pop(at))
    return tuple(order)


def in_order(week: WeekList, ids: Sequence[int]) -> list[tuple[Referral, Referral]]:
    """What putting the list's cases in that order changes; a case that it does not name comes after those it does.

    The whole order is written down, since what is proposed has none of its own.
    """
    wanted = {each: place for place, each in enumerate(ids)}
    order = sorted(week.cases, key=lambda each: wanted.get(each.id, len(wanted)))
    return _changed([(each, replace(each, list_order=place)) for place, each in enumerate(order, start=1)])
