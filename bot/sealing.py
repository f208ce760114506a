"""Keeps the record sealed: what people edit in SharePoint is adopted by a sealing write, and each day's heads are kept.

One process at a time does it, as it does the rest of the watch. Without a key it does nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from board.calendar import uk_date
from bot.house import BOT
from bot.logs import tell
from sharepoint import seals
from sharepoint.bookkeeping import Event
from sharepoint.keeping import SEALED, Keeping, Row
from sharepoint.queries import sealings
from sharepoint.schema import EVENTS
from sharepoint.seals import Found, Seal
from sharepoint.store import Store

log = logging.getLogger("mhrmb.sealing")


class Sealing:
    """Raises the store's errors; whoever calls comes again."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        keys = store.site.keys
        self._store = store
        self._keys = keys
        self._keeping = Keeping(store.site, keys) if keys is not None else None
        self._now = now
        self._sealed: date | None = None
        self._warned: set[tuple[str, int, str]] = set()

    async def look(self, changed: Mapping[str, Iterable[int]]) -> None:
        """Verify the rows that changed, and adopt what was edited or typed by hand. One request when nothing was."""
        if self._keeping is not None:
            async for rows in self._keeping.named(changed):
                await self._adopt(rows)

    async def everything(self) -> None:
        """The same for all there is: when what changed is not known, and for rows that were made without a key."""
        if self._keeping is not None:
            for of in SEALED.values():
                async for rows in self._keeping.every(of):
                    await self._adopt(rows)

    async def _adopt(self, rows: list[Row]) -> None:
        assert self._keeping is not None
        adopted, spoilt = await self._keeping.adopt(rows, self._now())
        if adopted:
            tell(log, logging.INFO, "edits by hand sealed", rows=adopted)
        for of, item in spoilt:
            seen = (of.name, int(item["Id"]), str(item.get("odata.etag")))
            if seen not in self._warned:
                self._warned.add(seen)
                tell(log, logging.WARNING, "a record is not as it was sealed", list=of.name, row=item["Id"])

    async def daily(self, now: datetime) -> None:
        """Seal what changed since the last seal, once a day. Costs nothing when today's is known to be there."""
        today = uk_date(now)
        if self._keys is None or self._keeping is None or self._sealed == today:
            return
        last = await last_seal(self._store)
        if last is None or last.day < today:
            found = await self._found(self._keeping, last)
            for seal in seals.made(self._keys, today, now, last, found):
                row = Event(key=seal.key, kind=seals.KIND, until=now, value=seal.text())
                await self._store.add_once(EVENTS, row, by=BOT, why="daily seal")
            tell(log, logging.INFO, "sealed", day=today, rows=sum(len(rows) for rows in found.heads.values()))
        self._sealed = today

    @staticmethod
    async def _found(keeping: Keeping, last: Seal | None) -> Found:
        token = await keeping.feed.now(within=30.0)  # first: what changes meanwhile is the next seal's
        changed = await keeping.since(last.token) if last is not None and last.token else None
        heads = await keeping.heads(changed)
        gone = {name: frozenset(rows) - heads.get(name, {}).keys() for name, rows in (changed or {}).items()}
        return Found(heads, {name: rows for name, rows in gone.items() if rows}, await keeping.counts(), token)


async def last_seal(store: Store) -> Seal | None:
    """The newest seal; None where there is none that can be read."""
    rows: list[Event] = await store.find(sealings(1))
    return seals.read(rows[0].value) if rows else None
