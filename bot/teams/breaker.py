"""Leaving Teams alone while it is down: after a few failures in a row nobody asks it for a while, then one does.

Written here because it is thirty lines, while the libraries to be had bring threads, stores or listeners of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 5
"""Failures in a row after which Teams counts as down."""

REST: Final = 10.0
LONGEST_REST: Final = 60.0
"""Seconds it is left alone the first time, doubled each time it is still down, up to the longest."""


class Breaker:
    """Counts failures that say that Teams itself is down: no connection, no answer, a 5xx. A refusal is not one."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rest = REST
        self._until = float("-inf")

    @property
    def down(self) -> bool:
        """Whether Teams counts as down, be it left alone or about to be asked again."""
        return self._failures >= FAILURES

    @property
    def down_for(self) -> float:
        """Seconds that Teams is still to be left alone; 0 when it may be asked."""
        return max(0.0, self._until - self._clock())

    def asked(self) -> None:
        """Somebody is about to ask after a rest: everyone else waits for what comes of it."""
        if self._failures >= FAILURES:
            self._until = self._clock() + self._rest

    def failed(self) -> None:
        """Teams did not answer, or not as itself."""
        self._failures += 1
        if self._failures > FAILURES:
            self._rest = min(self._rest * 2, LONGEST_REST)
        if self._failures >= FAILURES:
            self._until = self._clock() + self._rest

    def answered(self) -> None:
        """Teams answered, whatever it said."""
        self._failures, self._rest, self._until = 0, REST, float("-inf")
