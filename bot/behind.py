"""What takes longer than an answer may: done behind it, and told in the same private chat when it is ready."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context

from board.errors import BoardError
from bot.logs import tell
from bot.turn import Channel, Message, Reply, TeamsError, Turn
from cards import words
from sharepoint.errors import StoreError

log = logging.getLogger("mhrmb.behind")

Work = Callable[[], Awaitable[Message]]
"""Makes something, and what is said of it."""


def begun(what: str) -> Reply:
    """What is answered at once: that it is being made. `what` names it in a sentence."""
    said = words.MAKING.format(what=what[:1].lower() + what[1:])
    return Reply((Message(said, text=said),))


class Behind:
    """Work that a turn began. It is not kept: what is under way when the bot is killed has to be asked for again."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, turn: Turn, what: str, work: Work) -> None:
        """Do it, and send into the conversation of the turn what came of it; `what` names it in a sentence."""
        # In a context of its own: its requests are not the turn's, nor is its time.
        task = asyncio.create_task(self._do(turn, what, work), context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait for what is under way, when the bot stops."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _do(self, turn: Turn, what: str, work: Work) -> None:
        try:
            made = await work()
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "not made", error=type(error).__name__, says=error)
            made = self._sorry(what)
        except Exception:
            log.exception("not made")
            made = self._sorry(what)
        try:
            await self._channel.send(turn.reference, made)
        except TeamsError as error:
            tell(log, logging.WARNING, "made, and not told", error=type(error).__name__)

    def _sorry(self, what: str) -> Message:
        said = words.NOT_MADE.format(what=what)
        return Message(said, text=said)
