"""When the lists are looked at next. The whole rule is here.

The lists are polled every `poll` seconds, with or without webhooks. While notifications prove themselves, that slows to
once a minute: from the first valid one on, until a poll finds a change that none announced. A notification has the
lists looked at a second later, together with whatever else arrives meanwhile, and at most every two seconds however
many come. Nothing in it is believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SLOW = 60.0
SETTLE = 1.0
GAP = 2.0


class Pace:
    """The rule for one watch; `wake` has it look. Runs on one event loop."""

    def __init__(self, poll: float, wake: Callable[[], None]) -> None:
        self._poll = poll
        self._wake = wake
        self._announced = False
        self._trusted = False
        self._waiting: asyncio.TimerHandle | None = None
        self._woke_at = float("-inf")

    @property
    def seconds(self) -> float:
        """How long after one look the next is due by itself."""
        return max(self._poll, SLOW) if self._trusted else self._poll

    def notified(self) -> None:
        """A valid notification came: look soon."""
        self._trusted = self._announced = True
        if self._waiting is None:
            loop = asyncio.get_running_loop()
            wait = max(SETTLE, self._woke_at + GAP - loop.time())
            self._waiting = loop.call_later(wait, self._look)

    def looked(self, *, found: bool, asked: bool) -> None:
        """The lists were looked at, because somebody asked for it or because it was time."""
        if found and not asked and not self._announced:
            self._trusted = False
        if self._waiting is None:
            self._announced = False

    def stop(self) -> None:
        """Wake nobody any more."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _look(self) -> None:
        self._waiting = None
        self._woke_at = asyncio.get_running_loop().time()
        self._wake()
