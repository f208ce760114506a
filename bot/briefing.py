"""The chair's brief: told to each chair once, on the working day before the board, and whenever one asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from board.boards import AROUND, next_held, upcoming
from board.briefing import Brief, Held, brief, notices, read_key
from board.calendar import previous_working_day, uk_date
from board.notices import NoticeKind
from board.path import waiting
from board.records import Meeting, Plan, Referral, Return
from board.rounds import HORIZON, Window
from board.signing import Signed, as_of, named
from board.vocabulary import MeetingKind
from bot.directory import Directory, People
from bot.escalating import climbing
from bot.house import DEFAULT_FORUM
from bot.poster import Poster
from bot.turn import Message
from cards import brief as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import PLANS, RETURNS, SIGN_OFFS
from sharepoint.store import Store

TOGETHER = 90


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
        forums = [forum for forum in people.forums.values() if forum.kind != MeetingKind.SUBGROUP]
        meetings: list[Meeting] = await self._store.find(ask.meetings_since(span.until - AROUND))
        for forum in forums:
            for board in upcoming(forum, meetings, span.until, HORIZON):
                eve = previous_working_day(board.day)
                if board.cancelled or not span.after < eve <= span.until:
                    continue
                message = _message(await drawn(self._store, people, board.day, span.until))
                for notice in notices(forum, board.day, people.members.values()):
                    if await self._poster.say(notice, message):
                        posted.append(notice.key)
        return posted

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """As it stands now; None once the board is over."""
        read, today = read_key(post.key), uk_date(self._now())
        if read is None or read[1] < today:
            return None
        return _message(await drawn(self._store, await self._directory.current(), read[1], today))


def _message(of: Brief) -> Message:
    return Message("Your brief for the board", card=show.brief_card(of))


async def drawn(store: Store, people: People, board: date, today: date) -> Brief:
    """The brief as it stands. Three requests, one more for ninety that are overdue, open or in use."""
    actions = await store.find_open(ask.open_actions())
    referrals = await answers(store)
    cases = [case for case, _ in referrals]
    rows: list[Plan] = await store.find(ask.open_rows(PLANS))
    plans = [as_of(row, today) for row in rows if row.reference]
    signs = await _each(store, [ask.about(SIGN_OFFS, named(plan)) for plan in plans])
    held = Held(
        actions=actions,
        climbing=await climbing(store, people, today),
        referrals=referrals,
        unreceived=waiting(cases, today).unreceived,
        plans=[(plan, Signed.of(plan, of), named(plan)) for plan, of in zip(plans, signs, strict=True)],
    )
    return brief(held, board, today)


async def answers(store: Store) -> list[tuple[Referral, list[Return]]]:
    """The open referrals, each with what came back. One request, and one more for ninety of them."""
    cases: list[Referral] = await store.find_open(ask.for_the_list())
    returns = await _each(store, [ask.about(RETURNS, case.reference) for case in cases])
    return list(zip(cases, returns, strict=True))


async def _each(store: Store, asked: list[ask.Query]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for start in range(0, len(asked), TOGETHER):
        found += await store.gather(*asked[start : start + TOGETHER])
    return found


async def next_board(store: Store, directory: Directory, today: date) -> date | None:
    """The day of the next board that is held; None where none is planned."""
    forum = (await directory.current()).forum(DEFAULT_FORUM)
    meetings: list[Meeting] = await store.find(ask.meetings_since(today - AROUND))
    return next_held(forum, meetings, today) if forum else None
