"""How fast one sender may go: a token bucket each, so that a stuck button or a script cannot use up what all share.

SharePoint gives the whole app about 1,250 resource units a minute, and a turn costs a few: one person at full speed
could otherwise keep every other agency waiting. Written here because the limiters to be had (aiolimiter, say) make a
caller wait, and a person at a button must be answered at once.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

BURST: Final = 60
"""Turns at once: twenty double clicks and a filled-in form stay far below it."""

REMEMBERED: Final = 5_000
"""Senders whose bucket is kept; the one not heard of for longest goes first, and starts again with a full one."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: bool = False


@dataclass(frozen=True, slots=True)
class TooFast:
    """Come back after `seconds`. `first`: this sender has not been told since they were last well within bounds."""

    seconds: float
    first: bool


class SenderRate:
    """Counts turns by sender. `per_minute` is what a sender may keep up; 0 bounds nobody."""

    def __init__(self, per_minute: float, *, burst: int = BURST, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, sender: str) -> TooFast | None:
        """Count one turn of this sender; None when it is within bounds."""
        if not self._per_second:
            return None
        bucket = self._refilled(sender)
        if bucket.left >= 1:
            bucket.left -= 1
            bucket.told = bucket.told and bucket.left < self._burst / 2
            return None
        first, bucket.told = not bucket.told, True
        return TooFast((1 - bucket.left) / self._per_second, first)

    def _refilled(self, sender: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(sender)
        if bucket is None:
            bucket = self._buckets[sender] = _Bucket(self._burst, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(sender)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
        bucket.at = now
        return bucket
