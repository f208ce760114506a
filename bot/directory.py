"""Members, agencies and forums: what everything but a look and an answer goes by.

They are kept while the change feed is known to tell of no change in them, and otherwise for at most a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from board.entitlement import ARRANGE, Standing
from board.escalation import STANDARD, Ladder, ladder_of
from board.records import Agency, Forum, Member, Stored
from board.scopes import FIRST, Scope
from board.vocabulary import Role
from sharepoint.asking import read_for_all
from sharepoint.queries import Query, open_rows
from sharepoint.schema import AGENCIES, FORUMS, MEMBERS
from sharepoint.store import Store

T = TypeVar("T", bound=Stored)

KEPT_SECONDS = 60.0
"""Taking a role away works within a minute; for looks at once, since those read the lists afresh. The watch hears of it
sooner, and says every few seconds that nothing changed: then nobody's turn waits for the lists to be read again."""


@dataclass(frozen=True, slots=True)
class People:
    """The three lists as they stood at one moment, by user id and by code; `home` is the code of their
    board."""

    members: dict[str, Member] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    forums: dict[str, Forum] = field(default_factory=dict)
    home: str = FIRST
    scope: Scope | None = None

    def holds(self, forum: str) -> bool:
        """Whether what names this forum is their board's; there is one board where `scope` is None."""
        return self.scope is None or self.scope.holds(forum)

    @property
    def board(self) -> Forum:
        """The board whose people these are; one made up for a site that has no row for it."""
        return self.forum(self.home) or Forum(code=self.home, name=self.home)

    def within(self, scope: Scope) -> People:
        """Those of them who belong to one board of several, its agencies and its forums."""
        return People(
            {key: row for key, row in self.members.items() if scope.keeps(row)},
            {key: row for key, row in self.agencies.items() if scope.keeps(row)},
            {key: row for key, row in self.forums.items() if scope.keeps(row)},
            home=scope.code,
            scope=scope,
        )

    def standing(self, user_id: str) -> Standing:
        """Who asks, as these lists say."""
        member = self.members.get(user_id.lower()) if user_id else None
        return Standing(member, self.agencies.get(member.agency.upper()) if member else None)

    def agency_name(self, code: str) -> str:
        """What an agency is called; its code where no name is known."""
        agency = self.agencies.get(code.upper())
        return agency.name if agency is not None and agency.name else code

    def ladder(self, code: str) -> Ladder:
        """The ladder on which an agency's overdue actions climb; the default one where it has none of its own."""
        agency = self.agencies.get(code.upper())
        return ladder_of(agency.ladder) if agency is not None else STANDARD

    def forum(self, code: str) -> Forum | None:
        """A forum by its code."""
        return self.forums.get(code.upper())

    def whom_to_ask(self, code: str) -> tuple[str, list[str]]:
        """A forum's contact, and the names of those who run it: the mental health team first, then the chairs."""
        forum = self.forum(code)
        running = [m for m in self.members.values() if m.has(*ARRANGE)]
        running.sort(key=lambda m: (not m.has(Role.MENTAL_HEALTH_TEAM), m.name))
        return (forum.contact if forum else ""), [member.name for member in running]


def queries() -> tuple[Query, Query, Query]:
    """The reads that make up a directory: open rows only."""
    return open_rows(MEMBERS), open_rows(AGENCIES), open_rows(FORUMS)


def people(members: Iterable[Member], agencies: Iterable[Agency], forums: Iterable[Forum], home: str = FIRST) -> People:
    """Put rows in order; where a row is there twice, the older one counts."""
    return People(
        _first(members, lambda member: member.user_id.strip().lower()),
        _first(agencies, lambda agency: agency.code.strip().upper()),
        _first(forums, lambda forum: forum.code.strip().upper()),
        home,
    )


def _first(rows: Iterable[T], key: Callable[[T], str]) -> dict[str, T]:
    kept: dict[str, T] = {}
    for row in sorted(rows, key=lambda row: row.id):
        if key(row):
            kept.setdefault(key(row), row)
    return kept


class Directory:
    """Reads the lists when what it has is too old. Raises the store's errors when it cannot."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._people = People()
        self._read_at = float("-inf")
        self._expired = 0
        self._reading = asyncio.Lock()

    async def current(self) -> People:
        """The directory as it was within the last minute: one request when it has to be read, none otherwise."""
        async with self._reading:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                await self._read_now()
            return self._people

    async def since(self, moment: float) -> People:
        """The directory as it was after a moment (`time.monotonic`): one request unless it was read or known to stand
        since, which questions at the same time share."""
        async with self._reading:
            if self._read_at < moment:
                await self._read_now()
            return self._people

    async def afresh(self, *also: Query) -> tuple[People, list[list[Any]]]:
        """Read the directory now, and what else is asked, in one request."""
        async with self._reading:
            found = await self._read_now(*also)
            return self._people, found

    async def _read_now(self, *also: Query) -> list[list[Any]]:
        started, expired = time.monotonic(), self._expired
        if not also:
            read_for_all()
        members, agencies, forums, *found = await self._store.gather(*queries(), *also)
        self._people = people(members, agencies, forums)
        if expired == self._expired:  # else a list changed while it was read
            self._read_at = started
        return found

    def unchanged(self, until: float) -> None:
        """The change feed told of no change in these lists until this moment (`time.monotonic`): what was read stands
        as if it had been read then, and what `expire` said is not taken back."""
        if self._read_at > float("-inf"):
            self._read_at = max(self._read_at, until)

    def expire(self) -> None:
        """Read the lists again at the next question: one of them has changed."""
        self._expired += 1
        self._read_at = float("-inf")


class ScopedDirectory(Directory):
    """The same directory, read no more often, as one board of several sees it."""

    def __init__(self, whole: Directory, scope: Scope) -> None:
        super().__init__(whole._store)
        self._whole = whole
        self._scope = scope

    async def current(self) -> People:
        """The board's people."""
        return (await self._whole.current()).within(self._scope)

    async def since(self, moment: float) -> People:
        """The board's people."""
        return (await self._whole.since(moment)).within(self._scope)

    async def afresh(self, *also: Query) -> tuple[People, list[list[Any]]]:
        """The board's people, and what else is asked as the whole directory's store answers it."""
        everybody, found = await self._whole.afresh(*also)
        return everybody.within(self._scope), found

    def expire(self) -> None:
        """Read the lists again at the next question."""
        self._whole.expire()
