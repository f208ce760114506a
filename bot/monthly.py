"""What is told once a month, on its first working day: private notices, each to the members who may do a certain act.

To add one: a `NoticeKind` of its own, a `MonthlyNotice`, and its place in `bot.app`. Keys, catching up after an outage
and another try for what did not get through are the same for all.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from board.calendar import uk_date
from board.entitlement import Act, refusal
from board.months import Month, monthly_key, read_monthly_key, to_tell, told_before, told_on
from board.notices import Audience, Notice, NoticeKind
from board.records import Member
from bot.directory import Directory, People
from bot.house import BOT
from bot.logs import tell
from bot.poster import Poster
from bot.turn import Message
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.schema import EVENTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.monthly")

DONE = "clock:month"
"""The row that holds the last month that was told of."""


@dataclass(frozen=True, slots=True)
class MonthlyNotice:
    """One kind of monthly notice: to those who may do `act`, its words for a month, or None when there is nothing.

    `make` is called again for another try, so it reads what it tells of from the records each time. What is told
    `as_things_stand` is of now: of several months that an outage swallowed only the last is told.
    """

    kind: NoticeKind
    act: Act
    make: Callable[[Month, Member], Awaitable[Message | None]]
    as_things_stand: bool = False


class Monthly:
    """Tells each month once. `run` may be called at any time, by any number of processes: the keys make it once."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, notices: Sequence[MonthlyNotice]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._notices = tuple(notices)
        self._told: Month | None = None
        self.also: list[Callable[[Month], Awaitable[list[str]]]] = []
        """What else is told of a month: to a channel, not to each member who may do something."""

        for each in self._notices:
            poster.outbox.makers[each.kind] = self._again

    async def run(self, now: datetime) -> list[str]:
        """Tell what is due at this instant, and return the keys of what was posted. Nothing due costs no request."""
        if self._told is not None and not to_tell(self._told, now):
            return []
        row = await self._row(now)
        self._told = Month.parse(row.value) or told_before(uk_date(now))
        posted: list[str] = []
        months = to_tell(self._told, now)
        for month in months:
            keys = await self._tell(month, last=month == months[-1])
            row = await self._store.change(EVENTS, row, replace(row, value=str(month)), by=BOT, why="month told")
            self._told = month
            tell(log, logging.INFO, "month told", month=month, posts=len(keys))
            posted += keys
        return posted

    async def _tell(self, month: Month, *, last: bool) -> list[str]:
        people = await self._directory.current()
        found: list[str] = []
        for each in self._notices:
            if each.as_things_stand and not last:
                continue
            entitled = [member for member in people.members.values() if _may(each, people, member, month)]
            found += [
                monthly_key(each.kind, month, member.user_id)
                for member in entitled
                if await self._say(each, month, member)
            ]
        for tell_also in self.also:
            found += await tell_also(month)
        return found

    async def _say(self, each: MonthlyNotice, month: Month, member: Member) -> bool:
        message = await each.make(month, member)
        if message is None:
            return False
        key = monthly_key(each.kind, month, member.user_id)
        return await self._poster.say(Notice(key, each.kind, Audience(member=member.user_id.lower()), ""), message)

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a notice anew, for one that did not get through; None for who may no longer see it."""
        read = read_monthly_key(post.key)
        if read is None:
            return None
        kind, month, user_id = read
        people = await self._directory.current()
        member = people.members.get(user_id.lower())
        notice = next((each for each in self._notices if each.kind == kind), None)
        if member is None or notice is None or not _may(notice, people, member, month):
            return None
        return await notice.make(month, member)

    async def _row(self, now: datetime) -> Event:
        rows: list[Event] = await self._store.find(ask.keyed(EVENTS, DONE))
        if rows:
            return rows[0]
        first = Event(key=DONE, kind="clock", value=str(told_before(uk_date(now))))
        made, _ = await self._store.add_once(EVENTS, first, by=BOT, why="first month")
        return made


def _may(notice: MonthlyNotice, people: People, member: Member, month: Month) -> bool:
    return refusal(notice.act, people.standing(member.user_id), told_on(month)) is None
