"""The Bot Framework SDK's part of a turn, loaded off the event loop: half a second that a start need not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.arenas import lasting
from bot.teams.keys import KeyCache
from bot.teams.settings import EdgeSettings
from bot.turn import JSON, Turn

if TYPE_CHECKING:
    from bot.teams.authentication import Authenticator


@dataclass(frozen=True, slots=True)
class Sdk:
    """What the edge uses of the SDK. While authentication is off `authenticator` is None and `anonymous` the caller."""

    run: Callable[[Any, JSON, Turn, Callable[[Any], Awaitable[None]]], Awaitable[Any]]
    leave_invoke_response: Callable[[Any, bytes], None]
    authenticator: Authenticator | None
    anonymous: Any


class Loading:
    """Loads the SDK once, in a thread, from when the server starts; the first turns wait for it if they must."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._loading: asyncio.Task[Sdk] | None = None

    def begin(self) -> None:
        """Start loading now; needs a running event loop."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(_load, self._settings))

    async def loaded(self) -> Sdk:
        """The SDK, loaded."""
        self.begin()
        assert self._loading is not None
        return await asyncio.shield(self._loading)


def _load(settings: EdgeSettings) -> Sdk:
    with lasting():
        from bot.teams.adapter import TurnAdapter, leave_invoke_response, sdk_activity  # noqa: PLC0415
        from bot.teams.authentication import Authenticator, anonymous  # noqa: PLC0415

    adapter = TurnAdapter()

    async def run(identity: Any, raw: JSON, turn: Turn, logic: Callable[[Any], Awaitable[None]]) -> Any:
        return await adapter.run(identity, sdk_activity(raw, turn), logic)

    keys = KeyCache(settings.openid_metadata_url)
    authenticator = Authenticator(settings.app_id, keys) if settings.authenticated else None
    return Sdk(run, leave_invoke_response, authenticator, anonymous())
