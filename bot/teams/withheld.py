"""A request's body that is not sent when the process may not send any more."""

from __future__ import annotations

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload

from bot.turn import MaySend


class Withheld(Exception):
    """Nothing of this request was sent."""


class Body(BytesPayload):
    """JSON that asks `may_send` as it is written, the last moment before the system has it.

    aiohttp keeps a request's head back to send it with the first of the body (`StreamWriter.write_headers`, since
    3.12), so a body withheld leaves not a byte on the wire. `withheld` says that this happened.
    """

    def __init__(self, value: bytes, may_send: MaySend | None) -> None:
        super().__init__(value, content_type="application/json")
        self._may_send = may_send
        self.withheld = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write it, or raise Withheld."""
        self.withheld = self._may_send is not None and not self._may_send()
        if self.withheld:
            raise Withheld
        await super().write_with_length(writer, content_length)
