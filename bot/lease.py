"""One process posts at a time: a row in `Events` that its holder renews, guarded by its ETag.

The holder counts its own time from before it asked, on a clock that nobody sets and that runs on while the process or
the machine is asleep, so it stops before others may start.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from board.errors import Conflict
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.schema import EVENTS
from sharepoint.store import Store

LASTS = 30.0
RENEWED_AFTER = 10.0
MARGIN = 5.0
"""Seconds: a lease lasts 30 from when it was written, is renewed after 10, and is not relied on in its last 5."""


def _seconds() -> float:
    """Seconds that passed, those asleep included: `time.monotonic` stands still on Linux while a machine is suspended.

    https://docs.python.org/3/library/time.html#time.CLOCK_BOOTTIME
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Lease:
    """`holder` names this process; the same name takes its own lease back at once after a restart."""

    def __init__(self, store: Store, name: str, holder: str) -> None:
        self._store = store
        self._key = f"lease:{name}"
        self._holder = holder
        self._row: Event | None = None
        self._good_until = float("-inf")
        self._renew_at = float("-inf")

    def held(self) -> bool:
        """Whether this process may still act. Asked again just before anything is sent."""
        return _seconds() < self._good_until

    async def hold(self) -> bool:
        """Take or renew the lease when that is due; false when another process has it. Raises the store's errors."""
        if self.held() and _seconds() < self._renew_at:
            return True
        started, now = _seconds(), datetime.now(UTC)
        row = self._row or await self._read(now)
        if row.holder != self._holder and row.until is not None and row.until > now:
            self._row, self._good_until = None, float("-inf")
            return False
        try:
            mine = replace(row, holder=self._holder, until=now + timedelta(seconds=LASTS))
            self._row = await self._store.change(EVENTS, row, mine, by=self._holder, why="lease")
        except Conflict:
            self._row, self._good_until = None, float("-inf")
            return False
        self._good_until, self._renew_at = started + LASTS - MARGIN, started + RENEWED_AFTER
        return True

    async def give_up(self) -> None:
        """Let another process take over at once, when this one stops."""
        row, self._row = self._row, None
        if row is not None and self.held():
            free = replace(row, until=datetime.now(UTC) - timedelta(seconds=1))
            self._good_until = float("-inf")
            with suppress(Conflict):  # somebody else's by now, so there is nothing to give up
                await self._store.change(EVENTS, row, free, by=self._holder, why="lease given up")

    async def _read(self, now: datetime) -> Event:
        rows: list[Event] = await self._store.find(ask.keyed(EVENTS, self._key))
        if rows:
            return rows[0]
        fresh = Event(key=self._key, kind="lease", holder=self._holder, until=now)
        row, _ = await self._store.add_once(EVENTS, fresh, by=self._holder, why="lease")
        return row
