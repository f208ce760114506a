"""How fast SharePoint may be asked, so that background work slows before people do.

SharePoint gives an application 1,250 resource units a minute in a tenant of up to 1,000 licences (older pages: 1,200),
and tells RateLimit headers from 80 % of that on (doc: "Avoid getting throttled or blocked in SharePoint Online"). The
costs below are the documented ones of Microsoft Graph: 1 for one item, 2 for several or a write, 5 for permissions.
Each part of a batch counts. REST has no fixed cost and "usually" a higher one (doc), so background work keeps to half
of the allowance by this count. Throttled requests count as well (doc): going on after a 429 makes it last longer.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan
from typing import Any, Final

ALLOWANCE: Final = 1250.0
"""Resource units a minute."""

WINDOW: Final = 60.0
"""Seconds over which units are counted."""

BACKGROUND_SHARE: Final = 0.5
SHORT: Final = 0.2
"""Below this share of `RateLimit-Remaining` background work waits for the window to end."""

HOLD: Final = 1.0
"""Seconds background work waits after a refusal that names no time."""

LONGEST: Final = 600.0
"""Seconds beyond which a time SharePoint names is not believed."""

SINGLE, SEVERAL, WRITE, PERMISSIONS = 1.0, 2.0, 2.0, 5.0
_PERMISSIONS = ("roleassignments", "roleinheritance", "roledefinitions", "sitegroups", "siteusers")


def cost(method: str, path: str) -> float:
    """Resource units of a request, roughly; `path` is below `_api/`, with or without its options."""
    address = path.partition("?")[0].lower()
    if any(word in address for word in _PERMISSIONS):
        return PERMISSIONS
    if method != "GET":
        return WRITE
    single = address.endswith(")") or "/" not in address
    return SINGLE if single else SEVERAL


def told_to_wait(headers: Mapping[str, Any]) -> float:
    """The greater of `Retry-After` (seconds or an HTTP date) and `RateLimit-Reset`, in seconds; 0 when neither is told.

    Header names are in lower case. A date is counted from the answer's own `Date`, since clocks differ.
    """
    after, reset = headers.get("retry-after"), headers.get("ratelimit-reset")
    waits = [_seconds(after) or _until(after, headers.get("date")), _seconds(reset)]
    return max(0.0, min(max(waits), LONGEST))


def _seconds(text: Any) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError):
        return 0.0
    return 0.0 if isnan(value) else value


def _until(text: Any, date: Any) -> float:
    then, now = _moment(text), _moment(date)
    return (then - (now or datetime.now(UTC))).total_seconds() if then else 0.0


def _moment(text: Any) -> datetime | None:
    try:
        read = parsedate_to_datetime(str(text))
    except (ValueError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class Pace:
    """What was spent lately and what SharePoint said of it. `now` tells seconds that only go up; any thread may ask.

    `allowance` is in units a minute; None for a site that sets none, where only what it says itself counts.
    """

    def __init__(self, allowance: float | None = ALLOWANCE, now: Callable[[], float] = time.monotonic) -> None:
        self._most = None if allowance is None else allowance * BACKGROUND_SHARE
        self._now = now
        self._held_until = 0.0
        self._spent: deque[tuple[float, float]] = deque()
        self._lock = threading.Lock()

    def wait(self, units: float) -> float:
        """Seconds until background work may spend so many units; 0 is now. People never ask: they go on."""
        with self._lock:
            now = self._now()
            return max(self._held_until - now, self._until_room(units, now), 0.0)

    def spend(self, units: float) -> None:
        """Count what background work has just sent."""
        if self._most is not None:
            with self._lock:
                self._spent.append((self._now(), units))

    def told(self, status: int, headers: Mapping[str, Any]) -> None:
        """Learn from an answer, whoever asked for it: a refusal, or that little is left, holds background work back."""
        wait = 0.0
        if status in (429, 503):
            wait = told_to_wait(headers) or HOLD
        limit, left = _seconds(headers.get("ratelimit-limit")), headers.get("ratelimit-remaining")
        if left is not None and limit > 0 and _seconds(left) < SHORT * limit:
            wait = max(wait, told_to_wait({"ratelimit-reset": headers.get("ratelimit-reset")}) or HOLD)
        if wait:
            with self._lock:
                self._held_until = max(self._held_until, self._now() + wait)

    def _until_room(self, units: float, now: float) -> float:
        """Seconds until enough of what was spent has left the window; one request larger than the share goes alone."""
        if self._most is None:
            return 0.0
        while self._spent and self._spent[0][0] <= now - WINDOW:
            self._spent.popleft()
        over = sum(spent for _, spent in self._spent) + units - self._most
        for at, spent in self._spent:
            if over <= 0:
                break
            over -= spent
            until = at + WINDOW - now
            if over <= 0:
                return until
        return self._spent[-1][0] + WINDOW - now if over > 0 and self._spent else 0.0
