"""How an agency takes part, in four parts that are never added up: each says n of N, and from which records. Pure.

What is counted, and what is left out, is the board's own rule: a meeting that was cancelled, or to which an agency does
not belong, is none of its meetings; a deputy counts; *not known* counts only after somebody there had looked; an action
is in time when its owner said so by the day that was agreed last; *not undertaken* counts against its agency, *not
possible* does not once a chair has verified it, and what was superseded is nobody's. The references behind each figure
are given, so that an agency can say where a record is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from board.actions import Action, ActionStatus
from board.calendar import uk_date
from board.errors import FieldProblem, NotUnderstood, Problem
from board.identifying import read_days
from board.patterns import month_meant
from board.records import SHOWN, Attendance, Disclosure, Forum, Hearing, Meeting, Referral, Return
from board.vocabulary import Answer, Attended, MeetingKind, MeetingStatus

MONTHS = 6
"""How many months are looked at where nobody says which (default)."""

LONGEST = timedelta(days=366)
"""The longest time that is looked at together: what is read grows with it."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are looked at, both counted."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies within."""
        return day is not None and self.first <= day <= self.last


def span_meant(said: str, today: date) -> Span:
    """The days that were typed, until today at most; the last six months where nothing was.

    `2026`, `2026-10`, `october 2026`, or two days.

    Raises NotUnderstood for anything else, for what is all to come, and for more than a year.
    """
    found = _spelt(" ".join(said.replace("until", "to").split()), today)
    if found is None or found.first > found.last:
        raise NotUnderstood(FieldProblem("period", Problem.NOT_A_DATE))
    if found.first > today:
        raise NotUnderstood(FieldProblem("period", Problem.IN_THE_FUTURE))
    if found.last - found.first > LONGEST:
        raise NotUnderstood(FieldProblem("period", Problem.PERIOD_TOO_LONG))
    return Span(found.first, min(found.last, today))


def _spelt(said: str, today: date) -> Span | None:
    if not said:
        return Span(_months_before(today, MONTHS), today)
    parts = said.split("-")
    if all(each.isascii() and each.isdigit() for each in parts) and len(parts[0]) == 4 and len(parts) <= 2:
        year, month = int(parts[0]), int(parts[1]) if len(parts) == 2 else 0
        if not 1900 <= year <= 2199 or month > 12 or (len(parts) == 2 and month < 1):
            return None
        if not month:
            return Span(date(year, 1, 1), date(year, 12, 31))
        following = date(year + month // 12, month % 12 + 1, 1)
        return Span(date(year, month, 1), following - timedelta(days=1))
    meant = month_meant(said, today)
    if meant is not None:
        return Span(meant.first, meant.last)
    days, rest = read_days(said)
    return Span(days[0], days[1]) if len(days) == 2 and not rest else None


def _months_before(day: date, months: int) -> date:
    """The day after the same day so many months ago; after the last of a month that has no such day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = number // 12, number % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last)) + timedelta(days=1)


class Part(StrEnum):
    """What is looked at; each by itself."""

    MEETINGS = "meetings"
    RETURNS = "answers"
    ACTIONS = "actions"
    CONFERENCES = "conferences"


class Why(StrEnum):
    """Why a record counts, counts against, or is left out."""

    PRESENT = "came"
    DEPUTY = "sent a deputy"
    INFORMED = "apologies, information sent"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    UNRECORDED = "nobody recorded it"
    IN_TIME = "answered before the case was heard"
    LATE = "answered later"
    MISSING = "not answered"
    NOT_LOOKED = "not known, and nobody had looked"
    RESTRICTED = "restricted, and not answered"
    DONE_IN_TIME = "done in time"
    DONE_LATE = "done later"
    OVERDUE = "overdue"
    NOT_UNDERTAKEN = "not undertaken"
    NOT_POSSIBLE = "not possible"
    TO_VERIFY = "said not to be possible, to be verified"
    SUPERSEDED = "superseded"
    NOT_DUE = "not due yet"
    DAY_UNKNOWN = "closed on a day that nobody recorded"


COUNTS = frozenset({Why.PRESENT, Why.DEPUTY, Why.IN_TIME, Why.DONE_IN_TIME})
"""What counts: the n of n of N."""

LEFT_OUT = frozenset(
    {Why.UNRECORDED, Why.RESTRICTED, Why.NOT_POSSIBLE, Why.TO_VERIFY, Why.SUPERSEDED, Why.NOT_DUE, Why.DAY_UNKNOWN}
)
"""What is in neither number: it says nothing of the agency, or nothing yet."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One part: each reason with its records' references, in the order of the reasons."""

    part: Part
    found: Mapping[Why, tuple[str, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many count."""
        return sum(len(each) for why, each in self.found.items() if why in COUNTS)

    @property
    def of(self) -> int:
        """Of how many."""
        return sum(len(each) for why, each in self.found.items() if why not in LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Engagement:
    """One agency's four parts."""

    agency: str
    meetings: Tally
    returns: Tally
    actions: Tally
    conferences: Tally

    @property
    def parts(self) -> tuple[Tally, ...]:
        """The parts in their order."""
        return self.meetings, self.returns, self.actions, self.conferences


@dataclass(frozen=True, slots=True)
class Records:
    """What engagement is counted from: of the days looked at and a little around them. `hearings` are all of the cases'
    that were heard in these days, `looks` those that were shown."""

    forums: Mapping[str, Forum] = field(default_factory=dict)
    meetings: Sequence[Meeting] = ()
    attendance: Sequence[Attendance] = ()
    hearings: Sequence[Hearing] = ()
    referrals: Sequence[Referral] = ()
    returns: Sequence[Return] = ()
    looks: Sequence[Disclosure] = ()
    actions: Sequence[Action] = ()


def engagement(agency: str, of: Records, span: Span, today: date) -> Engagement:
    """Count one agency's parts (`agency` is its code) for the days of `span`, as the records are today."""
    code = agency.upper()
    held = [each for each in of.meetings if _is_held(each, span)]
    conferences = [each for each in held if is_conference(each, of.forums)]
    others = [each for each in held if each not in conferences]
    return Engagement(
        agency=code,
        meetings=_attendance(Part.MEETINGS, code, others, of),
        returns=_returns(code, of, span),
        actions=_actions(code, of.actions, span, today),
        conferences=_attendance(Part.CONFERENCES, code, conferences, of),
    )


def _is_held(meeting: Meeting, span: Span) -> bool:
    return meeting.status in (MeetingStatus.HELD, MeetingStatus.IN_PROGRESS) and span.holds(meeting.held_on)


def is_conference(meeting: Meeting, forums: Mapping[str, Forum]) -> bool:
    """Whether a meeting is another forum's conference: neither a board nor a subgroup."""
    if meeting.kind:
        return meeting.kind == MeetingKind.CONFERENCE
    forum = forums.get(meeting.forum.upper())
    ours = {"", MeetingKind.BOARD.casefold(), MeetingKind.SUBGROUP.casefold()}
    return forum is not None and forum.kind.casefold() not in ours


def _attendance(part: Part, code: str, meetings: Iterable[Meeting], of: Records) -> Tally:
    """Of the meetings to which the agency belongs. Who came uninvited is nobody's to count."""
    rows = {each.reference: each for each in of.attendance if each.agency.upper() == code and each.status}
    tally = _Tally(part)
    for meeting in sorted(meetings, key=lambda each: (each.held_on or date.min, each.id)):
        forum = of.forums.get(meeting.forum.upper())
        if forum.includes(code) if forum else meeting.reference in rows:
            tally.add(_took_part(rows.get(meeting.reference)), meeting.reference)
    return tally.made()


def _took_part(row: Attendance | None) -> Why:
    if row is None:
        return Why.UNRECORDED
    if row.status == Attended.APOLOGIES:
        return Why.INFORMED if row.information_sent else Why.APOLOGIES
    said = {Attended.PRESENT: Why.PRESENT, Attended.DEPUTY: Why.DEPUTY, Attended.ABSENT: Why.ABSENT}
    return next((why for status, why in said.items() if row.status == status), Why.UNRECORDED)


def _returns(code: str, of: Records, span: Span) -> Tally:
    """Of the cases that were first heard in these days and on which the agency was asked."""
    first: dict[str, datetime] = {}
    for hearing in of.hearings:
        if hearing.heard_on is not None:
            first[hearing.reference] = min(hearing.heard_on, first.get(hearing.reference, hearing.heard_on))
    tally = _Tally(Part.RETURNS)
    for case in sorted(of.referrals, key=lambda each: each.id):
        heard = first.get(case.reference)
        if heard is not None and span.holds(uk_date(heard)) and code in case.asked:
            tally.add(_answered(code, case, heard, of), case.reference)
    return tally.made()


def _answered(code: str, case: Referral, heard: datetime, of: Records) -> Why:
    theirs = [each for each in of.returns if each.reference == case.reference and each.agency.upper() == code]
    moments = sorted(each.answered_on for each in theirs if each.answered_on and _is_answer(each, of.looks))
    if moments:
        return Why.IN_TIME if moments[0] <= heard else Why.LATE
    if theirs:
        return Why.NOT_LOOKED
    return Why.RESTRICTED if case.restricted else Why.MISSING


def _is_answer(given: Return, looks: Iterable[Disclosure]) -> bool:
    """Whether an answer counts: *not known* does once somebody of the agency had looked at who it is about."""
    if given.answer != Answer.NOT_KNOWN or given.answered_on is None:
        return True
    return any(
        each.reference == given.reference
        and each.agency.upper() == given.agency.upper()
        and each.outcome == SHOWN
        and each.looked_on is not None
        and each.looked_on <= given.answered_on
        for each in looks
    )


def _actions(code: str, actions: Iterable[Action], span: Span, today: date) -> Tally:
    """Of the actions that it owes now and that are due in these days; a day that a chair granted is the one."""
    tally = _Tally(Part.ACTIONS)
    for action in sorted(actions, key=lambda each: (each.due or date.min, each.id)):
        if action.agency.upper() == code and action.due is not None and span.holds(action.due):
            tally.add(_kept(action, action.due, today), action.reference)
    return tally.made()


_ENDED = {
    ActionStatus.SUPERSEDED: Why.SUPERSEDED,
    ActionStatus.TRANSFERRED: Why.SUPERSEDED,
    ActionStatus.NOT_POSSIBLE: Why.NOT_POSSIBLE,
    ActionStatus.NOT_POSSIBLE_CLAIMED: Why.TO_VERIFY,
    ActionStatus.NOT_UNDERTAKEN: Why.NOT_UNDERTAKEN,
}


def _kept(action: Action, due: date, today: date) -> Why:
    ended = next((why for status, why in _ENDED.items() if action.status == status), None)
    if ended is not None:
        return ended
    if action.status in (ActionStatus.DONE, ActionStatus.VERIFIED) or not action.live:
        moment = action.claimed_on or action.closed_on
        if moment is None:
            return Why.NOT_DUE if action.live and due >= today else Why.DAY_UNKNOWN
        return Why.DONE_IN_TIME if uk_date(moment) <= due else Why.DONE_LATE
    return Why.OVERDUE if due < today else Why.NOT_DUE


class _Tally:
    """A tally while it is counted."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._found: dict[Why, list[str]] = {}

    def add(self, why: Why, reference: str) -> None:
        self._found.setdefault(why, []).append(reference)

    def made(self) -> Tally:
        return Tally(self._part, {why: tuple(self._found[why]) for why in Why if why in self._found})
