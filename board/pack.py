"""The pack of a board: what its members are handed before it meets, frozen once it is issued. Pure.

Nothing in it is about a person: an action that comes from a case has no words in it, and of a case nothing is told but
counts. What comes in after it was issued is told in a supplement, and the pack itself stays as it is.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from board.actions import CLAIMS, Action, ActionStatus
from board.agenda import Part
from board.agreements import Due
from board.boards import Board
from board.calendar import milestone_day, milestones_of
from board.disputes import Dispute
from board.engagement import Engagement, Span
from board.escalation import Rung
from board.publishing import Shown
from board.records import Agency, AgendaItem, Attendance, Forum, Lesson, Meeting, Risk
from board.tracker import is_overdue
from board.vocabulary import Attended, MeetingKind

SOON = timedelta(days=90)
"""How long before an agreement lapses the board is told (domain default)."""

NAME, DRAFTED = "pack", "disseminate"


@dataclass(frozen=True, slots=True)
class Escalated:
    """That an action came to a rung on a day; its agency's code as it was then."""

    action: str
    agency: str
    rung: Rung
    on: date


def came_down(escalated: Iterable[Escalated], still: Container[str]) -> list[Escalated]:
    """How high each action came that is escalated no more, the latest first; `still` are the actions that are."""
    highest = dict[str, Escalated]()
    for each in escalated:
        if each.action not in still and each.rung >= highest.get(each.action, each).rung:
            highest[each.action] = each
    return sorted(highest.values(), key=lambda each: (each.on, each.action), reverse=True)


@dataclass(frozen=True, slots=True)
class Engaged:
    """One agency at a glance: whether it was at the last board, at how many of the subgroups' meetings since, and what
    it owes the board."""

    code: str
    name: str
    last: str = ""
    meetings: int = 0
    of: int = 0
    open: int = 0
    overdue: int = 0
    awaited: int = 0


@dataclass(frozen=True, slots=True)
class Lapsing:
    """An agency whose agreement is not signed (`on` is None then), has lapsed, or lapses soon, on that day."""

    code: str
    name: str
    on: date | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Last:
    """The board before: its reference and day, how far its minutes are and where, and what it decided."""

    reference: str
    day: date
    minutes: str = ""
    address: str = ""
    decisions: Sequence[AgendaItem] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """All that a pack tells. `actions` are the open ones of the board; `focus` is the agency's name; `awaited` are the
    codes of the subgroups whose reports are not in. `since` is the last board's day. `measures` are what may be
    shown of them, `pictures` their charts by the measure's code."""

    forum: Forum
    day: date
    reference: str
    made: datetime
    since: date
    parts: Sequence[Part] = ()
    starts: Sequence[str] = ()
    last: Last | None = None
    actions: Sequence[Action] = ()
    escalated: Sequence[Escalated] = ()
    risks: Sequence[Risk] = ()
    focus: str = ""
    paper: AgendaItem | None = None
    reports: Sequence[AgendaItem] = ()
    awaited: Sequence[str] = ()
    lessons: Sequence[Lesson] = ()
    engaged: Sequence[Engaged] = ()
    engagement: Sequence[Engagement] = ()
    engagement_over: Span | None = None
    disputes: Sequence[Dispute] = ()
    lapsing: Sequence[Lapsing] = ()
    measures: Shown | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    agreements: Sequence[Due] = ()
    agencies: Mapping[str, Agency] = field(default_factory=dict)

    @property
    def holds(self) -> frozenset[str]:
        """The references of what members and subgroups brought, by which it is known later what came after it."""
        items = [part.item for part in self.parts if part.item is not None]
        mine = [*items, *self.reports, *self.risks, *self.lessons, *([self.paper] if self.paper else [])]
        return frozenset(each.reference for each in mine if each.reference)


def pack_day(forum: Forum, day: date) -> date:
    """The day on which the pack of a board that meets on a day is issued."""
    return next(milestone_day(day, each) for each in milestones_of(forum.milestones) if each.name == NAME)


def is_issued_on(forum: Forum, board: Board, today: date) -> bool:
    """Whether a board's pack is due: its day has come, and the board has not met yet."""
    return not board.cancelled and pack_day(forum, board.day) <= today <= board.day


def is_drafted_on(forum: Forum, board: Board, today: date) -> bool:
    """Whether a board's pack is kept up to date as a draft: from the day on which actions are disseminated until it is
    issued."""
    first = next(milestone_day(board.day, each) for each in milestones_of(forum.milestones) if each.name == DRAFTED)
    return not board.cancelled and first <= today < pack_day(forum, board.day)


def mark_of(pack: Pack) -> str:
    """A short mark of all that a pack tells: another when any of it changed. The day on which it is drawn
    alone changes nothing, nor do the days that engagement is counted over."""
    told = repr(_plain(replace(pack, engagement_over=None, made=datetime(2000, 1, 1, tzinfo=UTC), pictures={})))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


BESIDE = frozenset({"etag", "chain", "written", "step_key", "assigned_to", "assigned_sync"})
"""What rows hold beside what they tell."""


def _plain(value: Any) -> Any:
    """A value as its parts in a set order, so that the same is written the same by every process."""
    if is_dataclass(value) and not isinstance(value, type):
        return [(each.name, _plain(getattr(value, each.name))) for each in fields(value) if each.name not in BESIDE]
    if isinstance(value, Mapping):
        return sorted((str(key), _plain(each)) for key, each in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value)


def public(parts: Iterable[Part], starts: Iterable[str]) -> tuple[list[Part], list[str]]:
    """The agenda that every member sees, with its times."""
    seen = [(part, start) for part, start in zip(parts, starts, strict=True) if not part.chairs_only]
    return [part for part, _ in seen], [start for _, start in seen]


@dataclass(frozen=True, slots=True)
class Supplement:
    """What came in after a pack was issued, in order, and the references of items that were taken off the agenda."""

    pack: Pack
    off: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.off and not self.pack.holds

    @property
    def mark(self) -> str:
        """A short mark of what it tells: another when something else came in."""
        told = "|".join([*sorted(self.pack.holds), *self.off])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def supplement(now: Pack, issued: frozenset[str]) -> Supplement:
    """What of a pack made now was not in the one that was issued (`issued` are the references that it held)."""
    seen = [
        (part, start)
        for part, start in zip(now.parts, now.starts, strict=True)
        if part.item is not None and part.item.reference not in issued
    ]
    on = {part.item.reference for part in now.parts if part.item is not None}
    fresh = Pack(
        forum=now.forum,
        day=now.day,
        reference=now.reference,
        made=now.made,
        since=now.since,
        parts=[part for part, _ in seen],
        starts=[start for _, start in seen],
        risks=[each for each in now.risks if each.reference not in issued],
        focus=now.focus,
        paper=now.paper if now.paper is not None and now.paper.reference not in issued else None,
        reports=[each for each in now.reports if each.reference not in issued],
        lessons=[each for each in now.lessons if each.reference not in issued],
        agencies=now.agencies,
    )
    kept = on | {each.reference for each in (*now.reports, *([now.paper] if now.paper else []))}
    items = {reference for reference in issued if reference.startswith("I-")}
    return Supplement(fresh, tuple(sorted(items - kept)))


def lapsing(agencies: Iterable[Agency], forum: Forum, today: date) -> list[Lapsing]:
    """The agencies of a board whose agreement is not in force or lapses within three months, the first first."""
    found = []
    for agency in agencies:
        if not agency.open or not forum.includes(agency.code):
            continue
        unsigned = agency.isa_signed_on is None or agency.isa_signed_on > today
        ends = None if unsigned else agency.isa_lapses_on
        if unsigned or (ends is not None and ends <= today + SOON):
            found.append(Lapsing(agency.code, agency.name, ends, lapsed=unsigned or bool(ends and ends <= today)))
    return sorted(found, key=lambda each: (each.on or date.min, each.code))


def engaged(
    forum: Forum,
    agencies: Iterable[Agency],
    *,
    last: Iterable[Attendance],
    meetings: Sequence[Meeting],
    attendance: Iterable[Attendance],
    actions: Sequence[Action],
    awaited: Mapping[str, int],
    today: date,
) -> list[Engaged]:
    """Each agency of a board at a glance, in the order of the codes.

    `last` is how agencies took part in the last board, `meetings` are those of its subgroups held since then, and
    `attendance` theirs; `awaited` says on how many cases an agency's answer is awaited.
    """
    there = {Attended.PRESENT, Attended.DEPUTY}
    held = {each.reference for each in meetings if each.kind == MeetingKind.SUBGROUP}
    at = Counter(row.agency.upper() for row in attendance if row.status in there and row.reference in held)
    how = {row.agency.upper(): row.status for row in last if row.status}
    owed = Counter(action.agency.upper() for action in actions)
    late = Counter(action.agency.upper() for action in actions if is_overdue(action, today))
    return [
        Engaged(
            code=agency.code,
            name=agency.name,
            last=how.get(agency.code.upper(), ""),
            meetings=at[agency.code.upper()],
            of=len(held),
            open=owed[agency.code.upper()],
            overdue=late[agency.code.upper()],
            awaited=awaited.get(agency.code, 0),
        )
        for agency in sorted(agencies, key=lambda each: each.code)
        if agency.open and forum.includes(agency.code)
    ]


def to_decide(actions: Iterable[Action]) -> list[tuple[Action, str]]:
    """The actions of which a chair has something to decide, and what: the board sees them first."""
    found = []
    for action in sorted(actions, key=lambda each: each.id):
        if action.status in CLAIMS:
            done = action.status == ActionStatus.DONE
            found.append((action, "said to be done, to be verified" if done else "said not to be possible"))
        elif action.status == ActionStatus.MORE_TIME:
            found.append((action, "more time is asked for"))
        elif action.status == ActionStatus.BLOCKED:
            found.append((action, "blocked"))
    return found
