"""The calendar of each board as a file among its papers, made anew when a board was moved, cancelled or tuned."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from board.boards import AROUND, YEAR, Board, boards
from board.calendar import uk_date
from board.errors import BoardError
from board.records import Forum, Meeting
from board.rounds import Window
from board.vocabulary import NO_BOARDS
from bot.directory import Directory
from bot.house import BOT
from bot.logs import tell
from cards.papers.calendar import calendar_file
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError
from sharepoint.libraries import BOARD_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import EVENTS, MEETINGS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.calendars")

KIND = "calendar"

BEHIND = timedelta(weeks=7)
"""How far back the file reaches: a board moved to an earlier day is put right where it was added."""


def filed_as(forum: Forum) -> str:
    """How the keys begin of the rows of `Events` that say where a board's calendar is, the newest counting."""
    return f"calendar/{forum.code.upper()}/"


class Calendars:
    """Safe to repeat: what was filed is known by a row of `Events` that names what it was made of."""

    def __init__(self, store: Store, directory: Directory, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._now = now
        self._papers = Papers(store, BOARD_PAPERS)
        self._site = urlsplit(store.site.site_url).netloc

    async def look(self, changed: Mapping[str, Iterable[int]]) -> None:
        """File the calendars anew when a row of a meeting changed that is a board's."""
        rows: list[Meeting] = await self._store.rows(MEETINGS, changed.get(MEETINGS.name, ()))
        if any(row.kind not in NO_BOARDS for row in rows):
            await self.file(uk_date(self._now()))

    async def everything(self) -> None:
        """File what is not there yet: when a site is watched for the first time, or what changed is not known."""
        await self.file(uk_date(self._now()))

    async def daily(self, span: Window) -> list[str]:
        """File what a new year, the row of a forum or a library that was down left behind."""
        await self.file(span.until)
        return []

    async def file(self, today: date) -> None:
        """File each board's calendar unless it lies there as it would be made. One request when all do.

        A library that cannot be reached is said in the log: the next round tries again.
        """
        people = await self._directory.current()
        forums = [each for each in people.forums.values() if each.anchor and each.is_board]
        if not forums:
            return
        asked = [ask.keyed_below(EVENTS, filed_as(forum)) for forum in forums]
        meetings, *filed = await self._store.gather(ask.meetings_since(today - AROUND), *asked)
        for forum, events in zip(forums, filed, strict=True):
            found = boards(forum, meetings, today - BEHIND, today + YEAR)
            key = f"{filed_as(forum)}{_mark(forum, found)}"
            if not any(each.key == f"{key}/{len(events) - 1}" for each in events[:1]):
                await self._put(forum, found, f"{key}/{len(events)}")

    async def _put(self, forum: Forum, found: Sequence[Board], key: str) -> None:
        now = self._now()
        content = await asyncio.to_thread(calendar_file, forum, found, now, site=self._site)
        try:
            address = await self._papers.put("", f"board {forum.id}.ics", content, by=BOT, why="the calendar")
            row = Event(key=key, kind=KIND, reference=forum.code, until=now, value=address)
            await self._store.add_once(EVENTS, row, by=BOT, why="filed")
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a calendar waits", forum=forum.code, error=type(error).__name__)


def _mark(forum: Forum, found: Sequence[Board]) -> str:
    """A short mark of all that the file tells: another when any of it changed."""
    told = [forum.name, forum.meets_at, forum.link, forum.agenda]
    told += [repr((each.planned, each.day, each.cancelled, each.why)) for each in found]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
