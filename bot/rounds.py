"""Doing the daily round: reads what is open once, claims each notice's key, posts, and keeps the day it is done for."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from board import rounds
from board.actions import Action
from board.calendar import previous_working_day
from board.entitlement import Sight, sight, sight_in_channel
from board.notices import Audience, Notice, NoticeKind
from board.records import Forum
from board.tracker import Row, row, totals
from bot.directory import Directory, People
from bot.house import BOT
from bot.logs import tell
from bot.monthly import Monthly
from bot.poster import Poster
from bot.turn import Message
from cards import actions as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.schema import EVENTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.rounds")

DONE = "clock:round"


class Rounds:
    """One round a working day. `run` may be called at any time, by any number of processes: the keys make it once."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, monthly: Monthly | None = None) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._monthly = monthly
        self._done: date | None = None
        self._known = False
        self._span: rounds.Window | None = None
        self.also: list[Callable[[rounds.Window], Awaitable[list[str]]]] = []
        poster.outbox.makers[NoticeKind.DIGEST] = self._again

    async def run(self, now: datetime) -> list[str]:
        """Say what is due at this instant, and return the keys of what was posted. Nothing due costs no request."""
        posted = await self._daily(now)
        return posted if self._monthly is None else posted + await self._monthly.run(now)

    async def _daily(self, now: datetime) -> list[str]:
        if self._known and rounds.window(self._done, now) is None:
            return []
        row = await self._row()
        self._done, self._known = _day(row.value), True
        span = rounds.window(self._done, now)
        if span is None:
            return []
        self._span = span
        posted = await self._say(span)
        await self._store.change(EVENTS, row, replace(row, value=span.until.isoformat()), by=BOT, why="round done")
        self._done = span.until
        tell(log, logging.INFO, "round done", until=span.until, posts=len(posted), missed=len(span.missed))
        return posted

    async def _say(self, span: rounds.Window) -> list[str]:
        actions: list[Action] = await self._store.find_open(ask.open_actions())
        people = await self._directory.current()
        found = rounds.digests(actions, people.forums.values(), span)
        todo: list[tuple[Notice, Message]] = [(each, _digest(each.audience, actions, people, span)) for each in found]
        posted = await self._poster.say_all(todo)
        for each in self.also:
            posted += await each(span)
        return posted

    async def _again(self, post: Post, within: Sequence[Post]) -> Message | None:
        """Make a round's post anew, for one that did not get through: from what is open now, for the days it was for.

        It speaks for the days of those told within it too. None when nothing that it would tell is left.
        """
        actions: list[Action] = await self._store.find_open(ask.open_actions())
        people = await self._directory.current()
        digest = rounds.read_digest_key(post.key)
        if digest is not None:
            audience, day = digest
            span = await self._latest(day)
            days = [day, *(read[1] for each in within if (read := rounds.read_digest_key(each.key)))]
            if span.until != day or within:
                span = rounds.Window(previous_working_day(min(days)), day)
            tells = rounds.told if audience.forum else rounds.told_to_owners
            left = tells(_whose(audience, actions, people), span)
            return _digest(audience, actions, people, span) if left else None
        return None

    async def _latest(self, otherwise: date) -> rounds.Window:
        """The days of the latest round; after a restart its last day only, since no more of it is kept."""
        if self._span is not None:
            return self._span
        done = _day((await self._row()).value) or otherwise
        return rounds.Window(previous_working_day(done), done)

    async def _row(self) -> Event:
        rows: list[Event] = await self._store.find(ask.keyed(EVENTS, DONE))
        if rows:
            return rows[0]
        made, _ = await self._store.add_once(EVENTS, Event(key=DONE, kind="clock"), by=BOT, why="first round")
        return made


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _whose(audience: Audience, actions: Iterable[Action], people: People) -> list[Action]:
    """The actions that a channel or a person hears of."""
    if audience.forum:
        forum = people.forum(audience.forum) or Forum(code=audience.forum, name=audience.forum)
        return [action for action in actions if rounds.belongs(action, forum)]
    return [action for action in actions if action.owner_id.lower() == audience.member.lower()]


def _digest(audience: Audience, actions: Iterable[Action], people: People, span: rounds.Window) -> Message:
    theirs = _whose(audience, actions, people)
    counts = totals(theirs, span.until)
    if audience.forum:
        rows = [row(action, sight_in_channel(action), span.until) for action in rounds.told(theirs, span)]
        card = show.digest_card(rows, counts, day=span.until, missed=span.missed)
        return Message("Actions due and overdue", card=card)
    who = people.standing(audience.member)
    mine: list[Row] = []
    for action in rounds.told_to_owners(theirs, span):
        amount = sight(action, who, span.until)
        mine.append(row(action, amount if amount is not Sight.NOTHING else Sight.OUTLINE, span.until))
    return Message("Your actions", card=show.my_digest_card(mine, counts, day=span.until, missed=span.missed))
