"""The bot's own token for Teams, kept and renewed as the site's is, and awaited off the event loop."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from bot.turn import TeamsBusy, TeamsRefused
from sharepoint.errors import StoreBusy, StoreRefused
from sharepoint.sign_in import Kept, Token

RESOURCE = "https://api.botframework.com"


class Credential(Protocol):
    """Where `TeamsChannel` gets its bearer token from."""

    async def token(self) -> str:
        """Return a token that is good now; raises TeamsBusy or TeamsRefused."""
        ...

    def forget(self) -> None:
        """Drop the token: Teams did not accept it."""
        ...


class AppCredential:
    """The token that `kept` keeps for one app registration. However many ask at once, one thread asks for it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """Return a token that is good now; one that is near its end is renewed meanwhile."""
        token = self._kept.ready()
        if token is None:
            async with self._lock:
                token = await self._wait()
        return token.value

    async def _wait(self) -> Token:
        try:
            return await asyncio.to_thread(self._kept.token)
        except StoreBusy as busy:
            raise TeamsBusy(str(busy), busy.retry_after or None) from busy
        except StoreRefused as refused:
            raise TeamsRefused(str(refused), code=refused.code) from refused

    def forget(self) -> None:
        """Ask for a new token next time, unless another was dropped just now."""
        self._kept.drop(time.monotonic())
