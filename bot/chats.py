"""Remembering where a person can be reached: their private chat with the bot, kept in `Conversations`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from contextvars import Context
from dataclasses import replace

from board.errors import BoardError
from bot.logs import tell
from bot.turn import Reference, Turn
from sharepoint import queries as ask
from sharepoint.bookkeeping import Conversation
from sharepoint.errors import StoreError
from sharepoint.schema import CONVERSATIONS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.chats")

BOT = "MHRMB bot"
REMEMBERED = 1_000
"""People whose chat is known to be kept; for anybody else one request finds out."""

KNOWN_FOR = 60.0
"""Seconds for which it is known where a member is reached."""


async def conversation(store: Store, audience: str) -> Reference | None:
    """Where an audience (`member:` and a user id, or `forum:` and its code) is spoken to. One request.

    None where nothing is kept, where the chat was closed, and for what cannot be read, which is logged.
    """
    rows: list[Conversation] = await store.find(ask.keyed(CONVERSATIONS, audience))
    if not rows or not rows[0].open:
        return None
    try:
        return Reference.from_text(rows[0].stored)
    except ValueError:
        tell(log, logging.WARNING, "a conversation reference cannot be read", audience=audience)
        return None


class Chats:
    """Keeps each private chat once, behind the person's back: nobody waits for it and it fails quietly."""

    def __init__(self, store: Store) -> None:
        self._store = store.patient(30)
        self._kept: OrderedDict[str, Reference | None] = OrderedDict()
        self._known: dict[str, tuple[float, Reference]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def where(self, member: str, store: Store) -> Reference | None:
        """Where a member (a user id in lower case) is reached; a chat that was found is known for a minute.

        A round tells one person several things. One request of `store` otherwise.
        """
        known = self._known.get(member)
        if known is not None and time.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        where = await conversation(store, f"member:{member}")
        if where is not None:
            self._known[member] = time.monotonic(), where
        return where

    def remember(self, turn: Turn, *, open_: bool = True) -> None:
        """Keep (or with `open_` no, close) the chat this turn came from, unless that is kept already."""
        user_id = turn.sender.user_id
        if not user_id or (open_ and self._kept.get(user_id) == turn.reference):
            return
        self._known.pop(user_id.lower(), None)
        self._kept[user_id] = turn.reference if open_ else None
        self._kept.move_to_end(user_id)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        # In a context of its own: its requests are not the turn's, which does not wait for them.
        task = asyncio.create_task(self._keep(f"member:{user_id}", turn, open_), context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait for what is being kept, when the bot stops."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, audience: str, turn: Turn, open_: bool) -> None:
        where = turn.reference
        new = Conversation(
            key=audience,
            audience=audience,
            scope=where.scope,
            stored=where.to_text(),
            tenant_id=where.tenant_id,
            open=open_,
        )
        try:
            rows: list[Conversation] = await self._store.find(ask.keyed(CONVERSATIONS, audience))
            if rows:
                changed = replace(new, id=rows[0].id, etag=rows[0].etag, reference=rows[0].reference)
                await self._store.change(CONVERSATIONS, rows[0], changed, by=BOT, why="private chat")
            elif open_:
                await self._store.add_once(CONVERSATIONS, new, by=BOT, why="private chat")
        except (StoreError, BoardError) as error:
            self._kept.pop(turn.sender.user_id, None)
            tell(log, logging.WARNING, "chat not kept", error=type(error).__name__)
