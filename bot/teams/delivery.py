"""From a `Turn` to what its sender sees: the handler is called, and its answer is delivered.

No message text, name or value is ever logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import orjson

from bot.logs import tell
from bot.teams.answers import as_messages, error_body, invoke_body
from bot.teams.connector import Asked, asked
from bot.teams.logs import failed, place
from bot.turn import Answer, Channel, Handler, Kind, Message, Reply, TeamsError, Turn

log = logging.getLogger(__name__)

MOST_CALLS = 3
"""Calls to Teams with which a turn is answered: a person waits for each. A turn that makes more is told in the log."""

_TALK = frozenset({Kind.MESSAGE, Kind.CARD_ACTION})


class Delivery:
    """Calls one handler and answers through one channel.

    `sorry` is said when the handler failed, `not_here` to what the bot does not do or shows in private only, and
    `summary` announces a sentence or card that came without one. `lost_replies` counts messages Teams did not take,
    `failed_turns` turns whose handler failed unexpectedly; `on_lost` hears of each reply that was lost.
    """

    def __init__(
        self,
        handler: Handler,
        channel: Channel,
        *,
        sorry: str,
        not_here: str = "",
        summary: str = "",
        on_lost: Callable[[Turn, TeamsError], None] | None = None,
    ) -> None:
        self._handler = handler
        self._channel = channel
        self._sorry = sorry
        self._not_here = not_here or sorry
        self._summary = summary
        self._on_lost = on_lost
        self.lost_replies = 0
        self.failed_turns = 0

    async def answered(self, turn: Turn, *, invoke: bool) -> bytes:
        """Have the turn handled and its answer delivered; return the body for an invoke. Never raises."""
        made = Asked()
        counting = asked.set(made)
        try:
            return await self._handled(turn, invoke=invoke)
        finally:
            asked.reset(counting)
            if made.calls > MOST_CALLS:
                tell(log, logging.INFO, "a turn asked Teams often", kind=turn.kind.value, calls=made.calls)

    async def _handled(self, turn: Turn, *, invoke: bool) -> bytes:
        try:
            answer = await self._handler(turn)
            return await self._delivered(turn, answer, invoke=invoke)
        except Exception as error:  # noqa: BLE001 - whoever asked must hear something, whatever happened
            self.failed_turns += 1
            failed(log, "turn failed", error, kind=turn.kind)
        if invoke:
            return orjson.dumps(error_body(turn.kind, self._sorry, status=500))
        if turn.kind in _TALK:
            await self.say(turn, self._sorry)
        return b""

    def not_supported(self, name: str) -> bytes:
        """Return the answer to an invoke the bot does not know: a sentence, since a person is waiting for one.

        The SDK answers such an invoke with 501, and Teams then shows the person nothing they can use.
        """
        kind = Kind.SEARCHED if name.startswith("composeExtension/") else None
        return orjson.dumps(error_body(kind, self._not_here, status=400))

    async def _delivered(self, turn: Turn, answer: Answer, *, invoke: bool) -> bytes:
        if not invoke:
            await self._send(turn, as_messages(answer, turn.reference.scope, self._summary, self._not_here))
            return b""
        if isinstance(answer, Reply):
            await self._send(turn, answer.messages)
        body = invoke_body(turn.kind, answer, self._summary)
        return b"" if body is None else orjson.dumps(body)

    async def say(self, turn: Turn, sentence: str) -> None:
        """Send a sentence where the turn came from; never raises, for something else has gone wrong already."""
        try:
            await self._send(turn, (Message(self._summary, text=sentence),))
        except Exception as error:  # noqa: BLE001 - the failure itself is already counted
            failed(log, "sentence not sent", error)

    async def _send(self, turn: Turn, messages: tuple[Message, ...]) -> None:
        """Send in order; what Teams does not take is counted and logged, for the turn itself is done."""
        for number, message in enumerate(messages):
            try:
                await self._channel.send(turn.reference, message)
            except TeamsError as error:
                lost = len(messages) - number
                self.lost_replies += lost
                tell(log, logging.WARNING, "reply lost", messages=lost, error=place(error))
                if self._on_lost is not None:
                    self._on_lost(turn, error)
                return
