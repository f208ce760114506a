"""The pack of a board: drawn from the lists, issued on its day, and what comes in afterwards told in a supplement.

What decides is the state of the lists and not the day alone, so a pack that could not be filed is issued by the next
round. A board that is moved after its pack was issued is handed another one for its new day.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TypeVar

from board import pack as rules
from board.actions import Action
from board.agenda import Part, agenda, spoken
from board.agenda import starts as begin_at
from board.agreements import Due, coming, dues
from board.boardroom import decisions, public
from board.boards import AROUND, Board, upcoming
from board.briefing import awaited_by
from board.calendar import at_uk, uk_date
from board.cycle import awaited, reports_for, subgroups
from board.disputes import of_agency
from board.engagement import engagement, span_meant
from board.errors import BoardError, Conflict
from board.focus import paper_key
from board.learning import of_the_board
from board.notices import Audience, Notice, NoticeKind
from board.pack import Engaged, Last, Pack
from board.records import AgendaItem, Agreement, Attendance, Forum, Lesson, Meeting, Risk
from board.rounds import HORIZON, Window, belongs
from board.vocabulary import MeetingKind, MeetingStatus
from bot.boards import focus_of, forum_of, with_row
from bot.briefing import answers
from bot.charting import pictures
from bot.directory import Directory, People
from bot.engaging import records
from bot.escalating import escalated_in, kept_as, months_between
from bot.filling import SIX_WEEKS, last_before
from bot.house import BOT
from bot.logs import tell
from bot.measuring import measured
from bot.minutes import filed_as
from bot.poster import Poster
from bot.turn import Message
from cards import board as show
from cards.papers.measures import charts
from cards.papers.pack import pack_paper, supplement_paper
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.errors import StoreError
from sharepoint.libraries import BOARD_PAPERS, CASE_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import AGENDA_ITEMS, AGREEMENTS, ATTENDANCE, EVENTS, LESSONS, RISKS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.packs")

R = TypeVar("R", Risk, Lesson)

KIND, LATER, DRAFT = "pack", "pack supplement", "pack draft"

PATIENCE = 30.0
"""Seconds for one request while a pack is made."""


def pack_key(forum: Forum, board: Board) -> str:
    """The key of the row of `Events` that says when a board's pack was issued, and where it is."""
    return f"pack/{forum.code.upper()}/{board.day.isoformat()}"


def supplement_key(forum: Forum, board: Board) -> str:
    """How the keys begin of the rows of `Events` that say where a pack's supplement is; the newest counts."""
    return f"supplement/{forum.code.upper()}/{board.day.isoformat()}/"


def draft_key(forum: Forum, board: Board) -> str:
    """The key of the row of `Events` that says where a board's draft is, and what it was made of."""
    return f"pack-draft/{forum.code.upper()}/{board.day.isoformat()}"


def papers_of(papers: Iterable[Event], meetings: Iterable[Meeting], people: People) -> list[Event]:
    """Those of the papers that are of these people's board; `meetings` are its own. With one board, all of them."""
    theirs = {each.reference for each in meetings}
    return [each for each in papers if people.scope is None or each.reference in theirs]


async def is_frozen(store: Store, forum: Forum, board: Board) -> bool:
    """Whether the pack was issued: what is told later comes in a supplement."""
    return bool(await store.find(ask.keyed(EVENTS, pack_key(forum, board))))


@dataclass(frozen=True, slots=True)
class Issued:
    """A pack that was issued: when, where it is, the references of what it held, and where its supplement is."""

    on: datetime | None
    address: str
    held: frozenset[str]
    supplement: str = ""


async def issued(store: Store, forum: Forum, board: Board) -> Issued | None:
    """The pack of a board, if it was issued. One request."""
    rows, later = await store.gather(
        ask.keyed(EVENTS, pack_key(forum, board)), ask.keyed_below(EVENTS, supplement_key(forum, board))
    )
    if not rows:
        return None
    address, _, held = rows[0].value.partition("\n")
    return Issued(rows[0].until, address, frozenset(held.split()), later[0].value if later else "")


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


async def drawn(store: Store, people: People, forum: Forum, board: Board, now: datetime) -> Pack:
    """The pack of a board as it stands now; `board` has its row. Ten requests, one more for ninety
    open cases and for as many meetings and heard cases of six months."""
    span = await _Span.of(store, forum, board, uk_date(now))
    actions: list[Action] = await store.find_open(ask.open_actions())
    rows = await _Rows.read(store, forum, board, span)
    mine = [action for action in actions if belongs(action, forum) and action.live]
    parts, starts = _agenda(forum, rows.offered, spoken(board))
    reports = reports_for(rows.items, board)
    code = await focus_of(store, people, forum, board, span.today)
    over = span_meant("", span.today)
    taking_part, disputes = await records(store, people, over)
    partners = [each.code for _, each in sorted(people.agencies.items()) if each.open and forum.includes(each.code)]
    return Pack(
        forum=forum,
        day=board.day,
        reference=spoken(board),
        made=now,
        since=span.since,
        parts=parts,
        starts=starts,
        last=_last(span.last, rows.decided, rows.filed),
        actions=mine,
        escalated=escalated_in(rows.escalated, span.escalated_after, span.today, people),
        risks=_ours(rows.risks, forum),
        focus=people.agency_name(code),
        paper=rows.told[0] if rows.told else None,
        reports=[each for each in reports if each.words],
        awaited=awaited("", None, reports, subgroups(people.forums.values())).reports,
        lessons=_ours(of_the_board(rows.lessons, rows.shared, rows.back, span.since), forum),
        engaged=await _engaged(store, people, forum, span, rows.attendance, mine),
        engagement=[engagement(each, taking_part, over, span.today) for each in partners],
        engagement_over=over,
        disputes=[said for each in partners for said in of_agency(disputes, each, over)],
        lapsing=rules.lapsing(people.agencies.values(), forum, span.today),
        measures=(await measured(store, people, forum, span.today)).shown,
        agreements=_agreements(rows.agreements, people, forum, span.today),
        agencies=people.agencies,
    )


def _agreements(rows: Sequence[Agreement], people: People, forum: Forum, today: date) -> list[Due]:
    """What is due of the agreements, but for what the pack says of each agency's sharing agreement by itself."""
    found = coming(dues(rows, list(people.agencies.values()), forum, today), today)
    return [each for each in found if not each.shares]


async def _engaged(  # noqa: PLR0917 - whose, of which time, and what is known already
    store: Store, people: People, forum: Forum, span: _Span, last: Sequence[Attendance], actions: Sequence[Action]
) -> list[Engaged]:
    """Each agency at a glance. Two requests, one more for ninety open cases."""
    held = _held_since(span.meetings, span.since, span.today)
    at = await store.gather(*(ask.about(ATTENDANCE, each.reference) for each in held)) if held else []
    return rules.engaged(
        forum,
        people.agencies.values(),
        last=last,
        meetings=held,
        attendance=[row for rows in at for row in rows],
        actions=actions,
        awaited=awaited_by(await answers(store)),
        today=span.today,
    )


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


async def issue(  # noqa: PLR0917 - whose pack, of which board, when and by whom
    store: Store, people: People, forum: Forum, board: Board, now: datetime, by: str = BOT
) -> str:
    """File the pack and freeze it; its address. What it held is kept, to know later what came after it.

    Drawing it takes longer than a person's turn gives its requests, so it waits as the round does.
    """
    store = store.patient(PATIENCE)
    board = await with_row(store, board, by)
    made = await _with_pictures(await drawn(store, people, forum, board, now))
    content = await asyncio.to_thread(pack_paper, made)
    papers, name = Papers(store, BOARD_PAPERS), f"{made.reference} pack.docx"
    address = await papers.put(made.reference, name, content, by=by, why="issued")
    value = f"{address}\n{' '.join(sorted(made.holds))}"
    row = Event(key=pack_key(forum, board), kind=KIND, reference=made.reference, until=now, value=value)
    await store.add_once(EVENTS, row, by=by, why="issued")
    return address


async def _with_pictures(made: Pack) -> Pack:
    """The pack with its charts, or without them where they could not be drawn: it then says so."""
    if made.measures is None:
        return made
    wanted = charts(made.measures)
    return replace(made, pictures=dict(zip(wanted, await pictures(list(wanted.values())), strict=False)))


async def draft(  # noqa: PLR0917 - as above
    store: Store, people: People, forum: Forum, board: Board, now: datetime, by: str
) -> str:
    """File the pack as it stands now, where those who arrange the board may open it; its address."""
    store = store.patient(PATIENCE)
    board = await with_row(store, board, by)
    return await _drafted(store, await drawn(store, people, forum, board, now), draft_key(forum, board), by)


async def _drafted(store: Store, made: Pack, key: str, by: str) -> str:
    """File a draft and keep what it was made of. The picture of a mark that is kept twice is the same."""
    content = await asyncio.to_thread(pack_paper, await _with_pictures(made), draft=True)
    papers, name = Papers(store, CASE_PAPERS), f"{made.reference} pack draft.docx"
    address = await papers.put(made.reference, name, content, by=by, why="drafted")
    value = f"{address}\n{rules.mark_of(made)}"
    row = Event(key=key, kind=DRAFT, reference=made.reference, until=made.made, value=value)
    kept, fresh = await store.add_once(EVENTS, row, by=by, why="drafted")
    if not fresh:
        try:
            await store.change(EVENTS, kept, replace(kept, value=value, until=made.made), by=by, why="drafted anew")
        except Conflict:
            tell(log, logging.INFO, "a draft was made twice at once", reference=made.reference)
    return address


class Packs:
    """Safe to repeat: what was issued is known by a row of `Events`, and the same name again is one file."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        self._papers = Papers(store, BOARD_PAPERS)
        poster.outbox.makers[NoticeKind.BOARD_PAPER] = self._again

    async def daily(self, span: Window) -> list[str]:
        """Issue what is due, and tell what came in after; returns the keys of what was posted. Nothing due costs one
        request."""
        people, posted = await self._directory.current(), list[str]()
        forums = [forum for forum in people.forums.values() if forum.is_board]
        meetings: list[Meeting] = await self._store.find(ask.meetings_since(span.until - AROUND))
        for forum in forums:
            for board in upcoming(forum, meetings, span.until, HORIZON):
                if rules.is_issued_on(forum, board, span.until):
                    posted += await self._due(people, forum, board)
                elif rules.is_drafted_on(forum, board, span.until):
                    await self._keep_up(people, forum, board)
        return posted

    async def _keep_up(self, people: People, forum: Forum, board: Board) -> None:
        """Make the draft anew when anything that it tells changed; what cannot be filed now is filed tomorrow."""
        try:
            if await is_frozen(self._store, forum, board):
                return
            key, whole = draft_key(forum, board), await with_row(self._store, board, BOT)
            made = await drawn(self._store, people, forum, whole, self._now())
            rows: list[Event] = await self._store.find(ask.keyed(EVENTS, key))
            if not rows or rows[0].value.partition("\n")[2] != rules.mark_of(made):
                await _drafted(self._store, made, key, BOT)
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a draft waits", forum=forum.code, error=type(error).__name__)

    async def _due(self, people: People, forum: Forum, board: Board) -> list[str]:
        """A library that cannot be reached is said in the log: the next round tries again."""
        try:
            before = await issued(self._store, forum, board)
            if before is not None:
                return await self._later(people, forum, board, before)
            address = await issue(self._store, people, forum, board, self._now())
            return await self._say(*told(forum, board, address))
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a pack waits", forum=forum.code, error=type(error).__name__)
            return []

    async def _later(self, people: People, forum: Forum, board: Board, before: Issued) -> list[str]:
        """Tell what came in after the pack, when it is something else than was told already."""
        board = await with_row(self._store, board, BOT)
        now = self._now()
        found = rules.supplement(await drawn(self._store, people, forum, board, now), before.held)
        key = f"{supplement_key(forum, board)}{found.mark}"
        if found.is_empty or await self._store.find(ask.keyed(EVENTS, key)):
            return []
        content, name = await asyncio.to_thread(supplement_paper, found), f"{found.pack.reference} pack supplement.docx"
        address = await self._papers.put(found.pack.reference, name, content, by=BOT, why="came in later")
        row = Event(key=key, kind=LATER, reference=found.pack.reference, until=now, value=address)
        await self._store.add_once(EVENTS, row, by=BOT, why="came in later")
        notice = replace(told(forum, board, address)[0], key=f"paper/{forum.code}/{board.day.isoformat()}/{found.mark}")
        return await self._say(notice, _message(board.day, address, later=True))

    async def _say(self, notice: Notice, message: Message) -> list[str]:
        return [notice.key] if await self._poster.say(notice, message) else []

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a post anew that did not get through: from where the paper is now; None once its board is over."""
        parts = post.key.split("/")
        if len(parts) != 4:
            return None
        try:
            day = date.fromisoformat(parts[2])
        except ValueError:
            return None
        forum = forum_of(await self._directory.current(), parts[1])
        found = await issued(self._store, forum, Board(forum.code, day, day))
        if found is None or day < uk_date(self._now()):
            return None
        later = parts[0] == "paper"
        address = found.supplement if later else found.address
        return _message(day, address, later=later)


def told(forum: Forum, board: Board, address: str) -> tuple[Notice, Message]:
    """What the channel hears of a pack that was issued."""
    key = f"board/{forum.code}/{board.day.isoformat()}/pack"
    notice = Notice(key, NoticeKind.BOARD_PAPER, Audience(forum=forum.code), "")
    return notice, _message(board.day, address, later=False)


def _message(day: date, address: str, *, later: bool) -> Message:
    return Message("The board: its pack", card=show.pack_card(day, address=address, supplement=later))
