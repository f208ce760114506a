"""Keeping within what Teams allows: so many sends to a conversation, and so many requests for the tenant.

Written here because each limit is several windows at once (7 in 1 s *and* 60 in 30 s …), and because whoever waits
longer than they may must be told when to come back, with nothing counted; the limiters to be had offer one of these.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bot.turn import TeamsBusy

Window = tuple[int, float]
"""So many requests in so many seconds."""

CONVERSATION: Final[tuple[Window, ...]] = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))
"""What a bot may send to one conversation.
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit#per-bot-per-thread-limit"""

TENANT: Final[tuple[Window, ...]] = ((30, 1.0),)
"""What an app may ask of one tenant: 30 a second is the lowest figure given."""

REMEMBERED: Final = 2_000
"""Conversations, and tenants, whose sends are remembered; the one that was quiet for longest goes first."""

SLACK: Final = 0.02
"""Seconds added to each window: Teams counts by its own clock, at the far end of a network."""


@dataclass(slots=True)
class _Sends:
    """The moments of the latest sends to one place; whoever holds `turn` is the next to send there."""

    windows: tuple[Window, ...]
    moments: deque[float] = field(default_factory=deque)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wait(self, now: float) -> float:
        """Seconds until one more send is within every window."""
        sent = self.moments
        ends = [sent[-count] + seconds + SLACK for count, seconds in self.windows if len(sent) >= count]
        return max([0.0, *(end - now for end in ends)])

    def add(self, now: float) -> None:
        """Remember a send, and no more of them than the largest window counts."""
        self.moments.append(now)
        if len(self.moments) > max(count for count, _ in self.windows):
            self.moments.popleft()


class Limits:
    """Lets one send after another pass, in the order they ask. A conversation is its root: threads count together."""

    def __init__(
        self,
        conversation: tuple[Window, ...] = CONVERSATION,
        tenant: tuple[Window, ...] = TENANT,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._windows, self._tenant_windows = conversation, tenant
        self._clock, self._sleep = clock, sleep
        self._conversations: OrderedDict[str, _Sends] = OrderedDict()
        self._tenants: OrderedDict[str, _Sends] = OrderedDict()

    async def let_pass(self, conversation: str, tenant: str, *, longest: float) -> None:
        """Return when one more send is within bounds, having counted it.

        Raises TeamsBusy with a time to come back, having counted nothing, when that is more than `longest` seconds off.
        """
        here = self._of(conversation.partition(";")[0])
        shared = self._of_tenant(tenant)
        try:
            async with asyncio.timeout(longest):
                async with here.turn:
                    await self._until_free(here, longest)
                    async with shared.turn:
                        await self._until_free(shared, longest)
                        now = self._clock()
                        here.add(now)
                        shared.add(now)
        except TimeoutError:
            raise TeamsBusy("Teams takes no more just now", max(here.wait(self._clock()), 1.0)) from None

    def count(self, conversation: str, tenant: str) -> None:
        """Count a send that does not wait."""
        now = self._clock()
        self._of(conversation.partition(";")[0]).add(now)
        self._of_tenant(tenant).add(now)

    def _of_tenant(self, tenant: str) -> _Sends:
        return _kept(self._tenants, tenant, self._tenant_windows)

    async def _until_free(self, sends: _Sends, longest: float) -> None:
        wait = sends.wait(self._clock())
        if wait > longest:
            raise TeamsBusy("Teams takes no more just now", wait)
        if wait > 0:
            await self._sleep(wait)

    def _of(self, conversation: str) -> _Sends:
        return _kept(self._conversations, conversation, self._windows)


def _kept(places: OrderedDict[str, _Sends], name: str, windows: tuple[Window, ...]) -> _Sends:
    """The sends to one place, which becomes the latest; the one that was quiet for longest makes room."""
    sends = places.get(name)
    if sends is None:
        sends = places[name] = _Sends(windows)
        oldest = next(iter(places))
        if len(places) > REMEMBERED and not places[oldest].turn.locked():
            del places[oldest]
    places.move_to_end(name)
    return sends
