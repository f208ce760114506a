"""Several boards in one installation: which board a turn is about, and work done board by board.

With one board there is nothing to part, and nothing here costs a request or leaves anything out.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Protocol, cast

from board.records import Member
from board.rounds import Window
from board.scopes import Scope, of_channels, of_forum, of_member, scopes, theirs
from bot.directory import Directory, People, ScopedDirectory
from bot.house import House
from bot.turn import Reference, Turn
from bot.turn import Scope as Place
from sharepoint import queries as ask
from sharepoint.bookkeeping import Conversation, Event
from sharepoint.errors import StoreBusy, StoreError
from sharepoint.schema import CONVERSATIONS, EVENTS
from sharepoint.scoped import ScopedStore
from sharepoint.store import Store

KEPT_SECONDS = 60.0
"""How long it is known which channels are bound, and which board somebody chose."""

CHOICE = "board choice"


class Job(Protocol):
    """Work of the daily round."""

    async def daily(self, span: Window) -> list[str]:
        """Do it, and return the keys of what was posted."""


def among(people: People, forum: str) -> People:
    """The people of the board to which a forum belongs; all of them where there is one board."""
    scope = of_forum(scopes(people.forums.values()), forum)
    return people if scope is None else people.within(scope)


def of_board(store: Store, people: People, forum: str) -> tuple[Store, People]:
    """The store and the people of the board to which a forum belongs; both as they are where there is one board."""
    scope = of_forum(scopes(people.forums.values()), forum)
    if scope is None:
        return store, people
    return ScopedStore(store.site, scope.keeps, within=store.within), people.within(scope)


def for_member(store: Store, people: People, member: Member) -> Store:
    """The store as far as somebody's boards go: for what is told to one person about all of theirs."""
    every = scopes(people.forums.values())
    if not every:
        return store
    mine = theirs(every, member)
    return ScopedStore(store.site, lambda row: any(each.keeps(row) for each in mine), within=store.within)


def board_by_board(job: Job, directory: Directory) -> Callable[[Window], Awaitable[list[str]]]:
    """A job's daily work, done for each board by itself: it reads that board's rows and people and no other's."""

    async def daily(span: Window) -> list[str]:
        every = scopes((await directory.current()).forums.values())
        keys = list[str]()
        for each in [_seen_from(job, scope) for scope in every] or [job]:
            keys += await each.daily(span)
        return keys

    return daily


def _seen_from(job: Job, scope: Scope) -> Job:
    """The same job over one board's rows and people."""
    seen: Any = copy.copy(job)
    seen._store = ScopedStore(seen._store.site, scope.keeps, within=seen._store.within)
    seen._directory = ScopedDirectory(seen._directory, scope)
    return cast("Job", seen)


class Scopes:
    """Finds the board that a turn is about: the channel's, or the one that somebody chose in their own chat."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._every: list[Scope] | None = None
        self._channels: dict[str, str] = {}
        self._channels_at = float("-inf")
        self._chosen: dict[str, tuple[str, float]] = {}

    async def houses(self, turn: Turn) -> list[House]:
        """The house of each board that a turn may be about, the likeliest first; the one house where there is one.

        In their own chat somebody of several boards is answered by the one they chose; what is not found there is
        looked for in the others of theirs. In a channel it is the channel's board alone. While that cannot be found
        out, what needs no record is answered, and nothing that is a board's is shown.
        """
        try:
            return await self._found(turn)
        except StoreError:
            return [self._house if self._every == [] else replace(self._house, store=_closed(self._house.store))]

    async def _found(self, turn: Turn) -> list[House]:
        people = await self._house.directory.current()
        self._every = scopes(people.forums.values())
        member = people.members.get(turn.sender.user_id.lower()) if turn.sender.user_id else None
        forum = await self._channel(turn, people)
        if not self._every:
            return [replace(self._house, forum=forum)] if forum else [self._house]
        here = of_forum(self._every, forum) if forum else None
        if here is not None:
            return [replace(self._of(here), forum=forum)]
        mine = theirs(self._every, member)
        first = of_member(self._every, member, await self._choice(member) if len(mine) > 1 else "")
        return [self._of(each, mine) for each in (first, *(other for other in mine if other.code != first.code))]

    def _of(self, scope: Scope, mine: list[Scope] | None = None) -> House:
        house = self._house
        return replace(
            house,
            store=ScopedStore(house.store.site, scope.keeps, within=house.store.within),
            directory=ScopedDirectory(house.directory, scope),
            board=scope.code,
            boards=tuple(each.board for each in mine or ()),
            choose=self._choose,
        )

    async def _channel(self, turn: Turn, people: People) -> str:
        """The code of the forum whose channel a turn came from; read once a minute, where there are several forums."""
        if turn.reference.scope is Place.PERSONAL or len(people.forums) < 2:
            return ""
        if time.monotonic() - self._channels_at > KEPT_SECONDS:
            rows: list[Conversation] = await self._house.store.find(ask.keyed_below(CONVERSATIONS, "forum:"))
            self._channels = {row.audience.partition(":")[2]: _where(row) for row in rows if row.open}
            self._channels_at = time.monotonic()
        return of_channels(self._channels, turn.reference.root().conversation_id)

    async def _choice(self, member: Member | None) -> str:
        """The board that somebody of several chose; empty while they chose none."""
        if member is None:
            return ""
        code, read_at = self._chosen.get(member.user_id, ("", float("-inf")))
        if time.monotonic() - read_at > KEPT_SECONDS:
            rows: list[Event] = await self._house.store.find(ask.keyed(EVENTS, choice_key(member.user_id)))
            code = rows[0].value if rows else ""
            self._chosen[member.user_id] = (code, time.monotonic())
        return code

    def _choose(self, user_id: str, code: str) -> None:
        self._chosen[user_id] = (code, time.monotonic())

    def rebound(self) -> None:
        """A channel was bound: find out anew which are."""
        self._channels_at = float("-inf")


def _closed(store: Store) -> Store:
    """A store that shows no row that is a board's, while it is not known which board's somebody may see."""

    def keeps(row: object) -> bool:
        if isinstance(getattr(row, "forum", None), str):
            raise StoreBusy("it is not known just now which board this is about")
        return True

    return ScopedStore(store.site, keeps, within=store.within)


def choice_key(user_id: str) -> str:
    """The key of the row of `Events` that keeps which board somebody speaks to."""
    return f"board-choice/{user_id.lower()}"


def _where(row: Conversation) -> str:
    try:
        return Reference.from_text(row.stored).root().conversation_id
    except ValueError:
        return ""
