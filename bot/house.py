"""What every use case is handed: the store, the members, the time, and the way to have Teams brought up to date."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from board import history
from board.notices import Notice
from board.records import Forum
from board.scopes import FIRST
from bot.chats import Chats
from bot.directory import Directory
from bot.turn import Channel, Message, Turn
from sharepoint.store import Store

UK = ZoneInfo("Europe/London")

BOT = history.BOT
"""Who the record says did what no person asked for."""

DEFAULT_FORUM = FIRST

TRIES = 3
"""How often a change is decided on what is there now before its maker is told that others were in between.

The same press, delivered to two copies of the bot while a third looks after what was just made, is three writers.
"""


def _nothing() -> None:
    """What is done where nothing is to be done."""


def _chosen(_user_id: str, _code: str) -> None:
    """What is chosen where there is one board."""


async def _unheard(_notice: Notice, _message: Message) -> bool:
    """What is told where nobody hears."""
    return False


def _undone(_turn: Turn, _what: str, _work: Callable[[], Awaitable[Message]]) -> None:
    """What is done behind an answer where nothing is."""


def utc_now() -> datetime:
    """The time, aware and in UTC. The one clock; rules are given what it says."""
    return datetime.now(UTC)


def new_key() -> str:
    """A fresh idempotency key: it travels with a form and names the one write the form can make."""
    return secrets.token_hex(16)


def key_of(turn: Turn, purpose: str) -> str:
    """The idempotency key of what was typed or opened: the same activity delivered again has the same one."""
    told = (
        f"{turn.reference.conversation_id}|{turn.activity_id or secrets.token_hex(8)}|{turn.sender.user_id}|{purpose}"
    )
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class House:
    """The parts, put together once in `bot.app`. `nudge` asks for a referral's posts to be brought up to date soon.

    `board` is the code of the board that a turn is about: `store` and `directory` are that board's alone. `forum` is
    that of the forum in whose channel it was said, empty elsewhere. `boards` are those that whoever spoke belongs to,
    where there are several, and `choose` keeps in mind which of them they speak to.

    `dispose` asks that what is confirmed to be disposed of goes soon. `announce` has a notice told once, and says
    whether it was told by this. `behind` has something done after the answer, named in a sentence, and what comes of it
    told in the conversation of the turn.
    """

    store: Store
    directory: Directory
    channel: Channel
    chats: Chats
    nudge: Callable[[str], None]
    reconcile: Callable[[], None]
    now: Callable[[], datetime] = utc_now
    new_key: Callable[[], str] = new_key
    dispose: Callable[[], None] = _nothing
    announce: Callable[[Notice, Message], Awaitable[bool]] = _unheard
    behind: Callable[[Turn, str, Callable[[], Awaitable[Message]]], None] = _undone
    board: str = FIRST
    forum: str = ""
    boards: tuple[Forum, ...] = ()
    choose: Callable[[str, str], None] = _chosen

    def today(self) -> date:
        """The calendar date in the United Kingdom."""
        return self.now().astimezone(UK).date()
