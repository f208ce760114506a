"""How late the event loop gets round to what is due: a timer every few milliseconds that notes its own lateness.

A turn that holds the loop for 60 ms shows as one delay of about 60 ms: everybody else waited that long. On a machine
that others use too, a delay may be theirs: so what the loop's own thread computed meanwhile is noted as well, and the
smaller of the two is what the bot itself held.
"""

from __future__ import annotations

import asyncio
import time

EVERY = 0.005
"""Seconds between two looks: a hold shorter than this may fall between them, and would keep nobody waiting."""


class Watchdog:
    """Watches the running loop from `start` on. `delays` are seconds, one for each look: waited, and held by us."""

    def __init__(self) -> None:
        self.delays: list[tuple[float, float]] = []
        self._due = self._computed = 0.0

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch this loop."""
        self._loop = loop
        self._due = loop.time() + EVERY
        loop.call_at(self._due, self._look)

    def _look(self) -> None:
        now, computed = self._loop.time(), time.thread_time()
        late = now - self._due
        self.delays.append((late, min(late, computed - self._computed)))
        self._due, self._computed = now + EVERY, computed
        self._loop.call_at(self._due, self._look)

    def figures(self) -> dict[str, float]:
        """Percentiles of the delays in milliseconds since this was last asked; a delay weighs as its length.

        A look that came 60 ms late stands for the twelve that should have been in its place, as far as anybody who
        waited is concerned: a loop held for long would otherwise be looked at seldom and seem quick.
        """
        delays, self.delays = self.delays, []
        found: dict[str, float] = {}
        for name, which in (("late", 0), ("held", 1)):
            waits = sorted(wait for delay in delays for wait in _stood_for(delay[which])) or [0.0]
            for part in (99, 99.9):
                found[f"{name} p{part}"] = waits[min(int(len(waits) * part / 100), len(waits) - 1)] * 1000
            found[f"{name} most"] = waits[-1] * 1000
        return found


def _stood_for(delay: float) -> list[float]:
    """The waits of those who would have come while the loop was held, one every few milliseconds."""
    waits = [delay]
    while (delay := delay - EVERY) > 0:
        waits.append(delay)
    return waits
