"""A pack drawn: what the lists hold for a board, read in a few requests and put together beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from board import pack as rules
from board.actions import Action
from board.agenda import Part, agenda, spoken
from board.agenda import starts as begin_at
from board.agreements import Due, coming, dues
from board.boardroom import decisions, public
from board.boards import AROUND, Board
from board.briefing import awaited_by
from board.calendar import at_uk, uk_date
from board.cycle import awaited, reports_for, subgroups
from board.disputes import Dispute, of_agency
from board.engagement import Records, Span, engagement, span_meant
from board.focus import paper_key
from board.learning import of_the_board
from board.pack import Engaged, Last, Pack
from board.records import (
    AgendaItem,
    Agreement,
    Attendance,
    Figure,
    Forum,
    Lesson,
    Measure,
    Meeting,
    Referral,
    Return,
    Risk,
)
from board.rounds import belongs
from board.vocabulary import MeetingKind, MeetingStatus
from bot.boards import focus_of
from bot.briefing import answers
from bot.directory import People
from bot.engaging import records
from bot.escalating import escalated_in, kept_as, months_between
from bot.filling import SIX_WEEKS, last_before
from bot.measuring import asked
from bot.measuring import made as measured_in
from bot.minutes import filed_as
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.schema import AGENDA_ITEMS, AGREEMENTS, ATTENDANCE, EVENTS, LESSONS, RISKS
from sharepoint.store import Store

R = TypeVar("R", Risk, Lesson)


@dataclass(frozen=True, slots=True)
class _Span:
    """What a pack speaks for: since the last board, and of escalations since its pack, until a day."""

    meetings: Sequence[Meeting]
    last: Board | None
    since: date
    escalated_after: date
    today: date

    @classmethod
    async def of(cls, store: Store, forum: Forum, board: Board, today: date) -> _Span:
        """Read the meetings around a board. One request."""
        meetings: list[Meeting] = await store.find(ask.meetings_since(today - 3 * AROUND))
        last = last_before(forum, meetings, board.day)
        since = last.day if last else board.day - SIX_WEEKS
        return cls(meetings, last, since, rules.pack_day(forum, last.day) if last else since, today)

    @property
    def before(self) -> str:
        """The last board's reference; a text that is none's where there is none."""
        return (spoken(self.last) if self.last else "") or "-"


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the lists hold of a pack's time, besides what is read of each agency and measure."""

    risks: Sequence[Risk]
    lessons: Sequence[Lesson]
    items: Sequence[AgendaItem]
    offered: Sequence[AgendaItem]
    told: Sequence[AgendaItem]
    decided: Sequence[AgendaItem]
    attendance: Sequence[Attendance]
    filed: Sequence[Event]
    agreements: Sequence[Agreement]
    shared: Sequence[Lesson]
    back: Sequence[Lesson]
    escalated: Sequence[Event]

    @classmethod
    async def read(cls, store: Store, forum: Forum, board: Board, span: _Span) -> _Rows:
        """One request."""
        moment, months = at_uk(span.since, time(0)), months_between(span.escalated_after, span.today)
        found = await store.gather(
            ask.open_rows(RISKS),
            ask.raised_since(LESSONS, moment),
            ask.items_since(AGENDA_ITEMS, moment),
            ask.agenda_items(),
            ask.keyed(AGENDA_ITEMS, paper_key(forum, board)),
            ask.items_of(span.before),
            ask.about(ATTENDANCE, span.before),
            ask.keyed_below(EVENTS, filed_as(span.before)),
            ask.open_rows(AGREEMENTS),
            ask.disseminated_since(moment),
            ask.withdrawn_since(moment),
            *(ask.keyed_below(EVENTS, kept_as(month)) for month in months),
        )
        lists, escalated = found[: -len(months)], found[-len(months) :]
        lists.append([row for rows in escalated for row in rows])
        return cls(*lists)


@dataclass(frozen=True, slots=True)
class _Found:
    """All that a pack is made of, as it was read."""

    forum: Forum
    board: Board
    people: People
    now: datetime
    span: _Span
    rows: _Rows
    actions: Sequence[Action]
    focus: str
    over: Span
    taking_part: Records
    disputes: Sequence[Dispute]
    held: Sequence[Meeting]
    at_held: Sequence[Attendance]
    answers: Sequence[tuple[Referral, list[Return]]]
    figures: Sequence[list[Measure] | list[Figure]]

    @classmethod
    async def read(cls, store: Store, people: People, forum: Forum, board: Board, now: datetime) -> _Found:
        """Ten requests, one more for ninety open cases and for as many meetings and heard cases of six months."""
        span = await _Span.of(store, forum, board, uk_date(now))
        actions: list[Action] = await store.find_open(ask.open_actions())
        rows, over = await _Rows.read(store, forum, board, span), span_meant("", span.today)
        focus = await focus_of(store, people, forum, board, span.today)
        taking_part, disputes = await records(store, people, over)
        held = _held_since(span.meetings, span.since, span.today)
        at = await store.gather(*(ask.about(ATTENDANCE, each.reference) for each in held)) if held else []
        return cls(
            *(forum, board, people, now, span, rows, actions, focus, over, taking_part, disputes, held),
            at_held=[row for each in at for row in each],
            answers=await answers(store),
            figures=await store.gather(*asked(span.today)),
        )

    def pack(self) -> Pack:
        """The pack: nothing is asked any more, and tens of milliseconds are computed."""
        forum, people, span, rows = self.forum, self.people, self.span, self.rows
        parts, starts = _agenda(forum, rows.offered, spoken(self.board))
        reports = reports_for(rows.items, self.board)
        partners = [each.code for _, each in sorted(people.agencies.items()) if each.open and forum.includes(each.code)]
        return Pack(
            forum=forum,
            day=self.board.day,
            reference=spoken(self.board),
            made=self.now,
            since=span.since,
            parts=parts,
            starts=starts,
            last=_last(span.last, rows.decided, rows.filed),
            actions=self._actions,
            escalated=escalated_in(rows.escalated, span.escalated_after, span.today, people),
            risks=_ours(rows.risks, forum),
            focus=people.agency_name(self.focus),
            paper=rows.told[0] if rows.told else None,
            reports=[each for each in reports if each.words],
            awaited=awaited("", None, reports, subgroups(people.forums.values())).reports,
            lessons=_ours(of_the_board(rows.lessons, rows.shared, rows.back, span.since), forum),
            engaged=self._engaged(),
            engagement=[engagement(each, self.taking_part, self.over, span.today) for each in partners],
            engagement_over=self.over,
            disputes=[said for each in partners for said in of_agency(self.disputes, each, self.over)],
            lapsing=rules.lapsing(people.agencies.values(), forum, span.today),
            measures=measured_in(people, forum, span.today, self.figures).shown,
            agreements=_agreements(rows.agreements, people, forum, span.today),
            agencies=people.agencies,
        )

    @property
    def _actions(self) -> list[Action]:
        return [action for action in self.actions if belongs(action, self.forum) and action.live]

    def _engaged(self) -> list[Engaged]:
        """Each agency at a glance."""
        return rules.engaged(
            self.forum,
            self.people.agencies.values(),
            last=self.rows.attendance,
            meetings=self.held,
            attendance=self.at_held,
            actions=self._actions,
            awaited=awaited_by(self.answers),
            today=self.span.today,
        )


async def drawn(store: Store, people: People, forum: Forum, board: Board, now: datetime) -> Pack:
    """The pack of a board as it stands now; `board` has its row. It is put together beside the event loop."""
    found = await _Found.read(store, people, forum, board, now)
    return await asyncio.to_thread(found.pack)


def _agreements(rows: Sequence[Agreement], people: People, forum: Forum, today: date) -> list[Due]:
    """What is due of the agreements, but for what the pack says of each agency's sharing agreement by itself."""
    found = coming(dues(rows, list(people.agencies.values()), forum, today), today)
    return [each for each in found if not each.shares]


def _agenda(forum: Forum, offered: Sequence[AgendaItem], reference: str) -> tuple[list[Part], list[str]]:
    every = agenda(forum, offered, reference)
    return rules.public(every, begin_at(every, forum.meets_at))


def _held_since(meetings: Sequence[Meeting], since: date, today: date) -> list[Meeting]:
    """The subgroups' meetings that were held since a day."""
    held = (MeetingStatus.IN_PROGRESS, MeetingStatus.HELD)
    rows = [each for each in meetings if each.kind == MeetingKind.SUBGROUP and each.status in held and each.reference]
    return [each for each in rows if each.held_on and since < each.held_on <= today]


def _ours(raised: Sequence[R], forum: Forum) -> list[R]:
    """The risks or lessons of a board, in order; those of no forum are its own."""
    mine = [each for each in raised if (each.forum or forum.code).upper() == forum.code.upper()]
    return sorted(mine, key=lambda each: each.id)


def _last(last: Board | None, decided: Sequence[AgendaItem], filed: Sequence[Event]) -> Last | None:
    if last is None or last.row is None:
        return None
    return Last(spoken(last), last.day, last.row.minutes, filed[0].value if filed else "", public(decisions(decided)))
