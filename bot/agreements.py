"""Agreements in the background: what is due is told in the daily round; who loses the sight of cases, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from board.agreements import (
    Due,
    access_changed,
    access_notices,
    asked,
    digests,
    dues,
    lapsed_between,
    read_access_key,
    read_key,
    told,
)
from board.calendar import previous_working_day, uk_date
from board.notices import NoticeKind
from board.records import Agency, Agreement
from board.rounds import Window
from bot.boards import forum_of
from bot.directory import Directory, People
from bot.poster import Poster
from bot.scopes import of_board
from bot.turn import Message
from cards import agreements as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import AGENCIES, AGREEMENTS
from sharepoint.store import Store


class Agreements:
    """Safe to repeat: every notice has its key."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.AGREEMENTS] = self._again
        poster.outbox.makers[NoticeKind.ACCESS] = self._access_again

    async def daily(self, span: Window) -> list[str]:
        """Tell what is due, in one message a person, and which agencies lapsed; returns the keys. One request."""
        people, posted = await self._directory.current(), list[str]()
        agencies = list(people.agencies.values())
        for agency in lapsed_between(agencies, span.after, span.until):
            posted += await self._tell_access(people, agency, span.until)
        found = await _due(self._store, people, span)
        wanted = digests(found, agencies, people.members.values(), forum_of(people).code, span.until)
        return posted + await self._poster.say_all((notice, _message(some, span.until)) for notice, some in wanted)

    async def look(self, numbers: Iterable[int]) -> None:
        """Tell at once where a change of these agencies' rows took the sight of cases from their members, or gave it
        back. One request, and one for each row: what it was before."""
        ids = list(numbers)
        rows: list[Agency] = await self._store.rows(AGENCIES, ids) if ids else []
        today = uk_date(self._now())
        for row in rows:
            before = await self._store.before(AGENCIES, row.id)
            if before is not None and access_changed(before, row, today):
                await self._tell_access(await self._directory.current(), row, today)

    async def _tell_access(self, people: People, agency: Agency, today: date) -> list[str]:
        message = _access(agency, today)
        wanted = access_notices(agency, people.members.values(), today)
        return await self._poster.say_all((notice, message) for notice in wanted)

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """What was due on its day, as the rows are now; None when nothing of it is left."""
        read = read_key(post.key)
        if read is None:
            return None
        board, day = read
        store, people = of_board(self._store, await self._directory.current(), board)
        found = await _due(store, people, Window(previous_working_day(day), day))
        every = digests(found, people.agencies.values(), people.members.values(), board, day)
        return next((_message(some, day) for notice, some in every if notice.key == post.key), None)

    async def _access_again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """As it stands now; None where it is the other way round again."""
        read, today = read_access_key(post.key), uk_date(self._now())
        agency = (await self._directory.current()).agencies.get(read[0]) if read else None
        if read is None or agency is None or agency.isa_current(today) != read[1]:
            return None
        return _access(agency, today)


async def _due(store: Store, people: People, span: Window) -> list[Due]:
    """What a board has to hear of in a round. One request."""
    rows: list[Agreement] = await store.find(ask.open_rows(AGREEMENTS))
    agencies, forum = list(people.agencies.values()), forum_of(people)
    new = asked(rows, agencies, forum, span.after, span.until)
    return [*told(dues(rows, agencies, forum, span.until), span.after, span.until), *new]


def _message(due: Sequence[Due], day: date) -> Message:
    return Message("Agreements due", card=show.agreements_due_card(due, day))


def _access(agency: Agency, today: date) -> Message:
    sees, name = agency.isa_current(today), agency.name or agency.code
    card = show.access_card(name, sees=sees, until=agency.isa_lapses_on)
    return Message("The information sharing agreement", card=card)
