"""The chair's brief: told to each chair once, on the working day before the board, and whenever one asks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from board.agenda import spoken
from board.boards import AROUND, Board, upcoming
from board.briefing import Brief, Held, brief, notices, read_key
from board.calendar import previous_working_day, uk_date
from board.errors import BoardError
from board.notices import NoticeKind
from board.path import waiting
from board.records import Forum, Meeting, Referral, Return
from board.rounds import HORIZON, Window
from board.signing import Signed, as_of, named
from bot.boards import with_row
from bot.directory import Directory, People
from bot.escalating import climbed, overdue
from bot.house import BOT
from bot.logs import tell
from bot.poster import Poster
from bot.scopes import of_board
from bot.turn import Message
from cards import brief as show
from cards.papers.brief import brief_paper
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.errors import StoreError, TooManyRows
from sharepoint.libraries import CASE_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import AGREEMENTS, EVENTS, PLANS, RETURNS, SIGN_OFFS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.briefing")


class Briefing:
    """Safe to repeat: every notice has its key."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.BRIEF] = self._again

    async def daily(self, span: Window) -> list[str]:
        """On the eve of each board, or on its day when that was missed; returns the keys of what was posted."""
        people, posted = await self._directory.current(), list[str]()
        forums = [forum for forum in people.forums.values() if forum.is_board]
        meetings: list[Meeting] = await self._store.find(ask.meetings_since(span.until - AROUND))
        for forum in forums:
            for board in upcoming(forum, meetings, span.until, HORIZON):
                eve = previous_working_day(board.day)
                if board.cancelled or not span.after < eve <= span.until:
                    continue
                made = await drawn(self._store, people, board.day, span.until)
                message = _message(made, await self._filed(made, forum, board))
                wanted = notices(forum, board.day, people.members.values())
                posted += await self._poster.say_all((notice, message) for notice in wanted)
        return posted

    async def _filed(self, made: Brief, forum: Forum, board: Board) -> str:
        """Where the brief is on paper; empty where the library cannot be reached: the brief itself does not wait."""
        try:
            return await filed(self._store, made, forum, board, self._now())
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a brief is not filed", forum=forum.code, error=type(error).__name__)
            return ""

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """As it stands now; None once the board is over."""
        read, today = read_key(post.key), uk_date(self._now())
        if read is None or read[1] < today:
            return None
        store, people = of_board(self._store, await self._directory.current(), read[0])
        return _message(await drawn(store, people, read[1], today))


def _message(of: Brief, address: str = "") -> Message:
    return Message(show.TITLE, card=show.brief_card(of, address))


async def filed(  # noqa: PLR0917 - what, of which board, when and for whom
    store: Store, made: Brief, forum: Forum, board: Board, now: datetime, by: str = BOT
) -> str:
    """File a brief on paper where the chairs and the mental health team may open it; its address. Three requests."""
    reference = spoken(await with_row(store, board, by))
    content = await asyncio.to_thread(brief_paper, made, forum, reference, now)
    papers = Papers(store, CASE_PAPERS)
    return await papers.put(reference, f"{reference} brief.docx", content, by=by, why="the chairs' brief")


async def drawn(store: Store, people: People, board: date, today: date) -> Brief:
    """The brief as it stands. Two requests, one more for each further ninety that are overdue, open or in use."""
    actions, cases, rows, lessons, agreements = await _at_once(store)
    plans, late = [as_of(row, today) for row in rows if row.reference], overdue(actions, today)
    asked = [ask.about(RETURNS, case.reference) for case in cases]
    asked += [ask.about(SIGN_OFFS, named(plan)) for plan in plans]
    asked += [ask.about(EVENTS, action.reference) for action in late]
    found = iter(await store.each(asked))
    returns, signs, events = ([next(found) for _ in of] for of in (cases, plans, late))
    held = Held(
        actions=actions,
        climbing=climbed(zip(late, events, strict=True), people, today),
        referrals=list(zip(cases, returns, strict=True)),
        unreceived=waiting(cases, today).unreceived,
        plans=[(plan, Signed.of(plan, of), named(plan)) for plan, of in zip(plans, signs, strict=True)],
        lessons=lessons,
        agreements=agreements,
    )
    return brief(held, board, today)


async def _at_once(store: Store) -> tuple[list[Any], ...]:
    """What is open, in one request; list by list where one holds more than SharePoint gives."""
    others = (ask.open_rows(PLANS), ask.newest_lessons(), ask.open_rows(AGREEMENTS))
    try:
        return tuple(await store.gather(ask.open_actions(), ask.for_the_list(), *others))
    except TooManyRows:
        actions, cases = await store.find_open(ask.open_actions()), await store.find_open(ask.for_the_list())
        return actions, cases, *await store.gather(*others)


async def answers(store: Store) -> list[tuple[Referral, list[Return]]]:
    """The open referrals, each with what came back. One request, and one more for ninety of them."""
    cases: list[Referral] = await store.find_open(ask.for_the_list())
    returns = await store.each([ask.about(RETURNS, case.reference) for case in cases])
    return list(zip(cases, returns, strict=True))


async def next_board(store: Store, forum: Forum, today: date) -> Board | None:
    """The next board that is held; None where none is planned."""
    meetings: list[Meeting] = await store.find(ask.meetings_since(today - AROUND))
    return next((each for each in upcoming(forum, meetings, today) if not each.cancelled), None)
