"""Everything the product does to SharePoint, by many callers at once, each keeping account of what it was told."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from typing import Any

from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.client import SharePoint
from sharepoint.feed import Feed
from sharepoint.schema import AGENCIES, EVENTS, MEMBERS
from sharepoint.store import PEOPLE_WAIT, Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import path_of
from tests.sharepoint.ledger import Ledger

BACKGROUND_WAIT = 12.0
BY = "Ada Example"


class Caller:
    """One caller that adds, claims, changes and reads. What it does follows from its seed; when, from the faults."""

    def __init__(self, name: str, store: Store, ledger: Ledger, *, bound: float, kind: str) -> None:
        self._name = name
        self._store = store
        self._ledger = ledger
        self._bound = bound
        self._kind = kind
        self._chance = random.Random(f"{kind}:{name}")
        self._mine: list[Event] = []
        self._number = 0

    async def does(self, steps: int) -> None:
        """So many things, one after the other."""
        for _ in range(steps):
            self._number += 1
            step = self._chance.choice((self.adds, self.adds, self.changes, self.changes, self.claims, self.reads))
            await step()

    async def adds(self) -> None:
        """A row of its own."""
        name = f"{self._name}:{self._number}"
        event = Event(key=name, kind=self._kind, value=name)
        made = await self._ledger.write(name, self._bound, lambda: self._store.add(EVENTS, event, by=BY, why="mix"))
        if made is not None:
            self._mine.append(made)

    async def claims(self) -> None:
        """A row that every caller wants at about the same time: one may have it. All write the same values."""
        key = f"claim:{self._kind}:{self._number}"
        event = Event(key=key, kind=self._kind, value="wanted")
        await self._ledger.write(
            f"{key}@{self._name}", self._bound, lambda: self._store.add(EVENTS, event, by=BY, why="claim")
        )

    async def changes(self) -> None:
        """One of its rows, to a value that nothing else has."""
        if not self._mine:
            return
        old = self._mine.pop(self._chance.randrange(len(self._mine)))
        name = f"{self._name}:{self._number}"
        new = replace(old, value=name)
        made = await self._ledger.write(
            name, self._bound, lambda: self._store.change(EVENTS, old, new, by=BY, why="mix")
        )
        if made is not None:
            self._mine.append(made)

    async def reads(self) -> None:
        """A row, three lists at once, a list in pages."""
        await self._ledger.read(
            self._bound,
            lambda: self._store.gather(
                ask.keyed(EVENTS, f"{self._name}:1"),
                ask.open_rows(AGENCIES),
                ask.member("nobody"),
                ask.open_rows(MEMBERS),
            ),
        )
        if self._mine:
            await self._ledger.read(self._bound, lambda: self._store.read(EVENTS, self._mine[0].id))
        await self._ledger.read(self._bound * 4, self._pages)

    async def _pages(self) -> int:
        count = 0
        async for page in self._store.pages(ask.Query(EVENTS, order="Id", top=50)):
            count += len(page)
            if count >= 150:
                break
        return count


class Watcher:
    """Follows the change feed from the beginning, however often it fails, and keeps what it heard of."""

    def __init__(self, site: SharePoint, ledger: Ledger) -> None:
        self._feed = Feed(site)
        self._ledger = ledger
        self.token = ""
        self.heard: set[int] = set()

    async def starts(self) -> None:
        """Take the token of this moment."""
        self.token = await self._feed.now(within=BACKGROUND_WAIT)

    async def looks(self) -> None:
        """Read what changed since it looked last."""
        changes = await self._ledger.read(BACKGROUND_WAIT, lambda: self._feed.since(self.token, within=BACKGROUND_WAIT))
        if changes is not None:
            self.heard |= changes.items.get(EVENTS.name, frozenset())
            self.token = changes.token


async def everything(site: SharePoint, ledger: Ledger, *, seed: int, callers: int, steps: int) -> Watcher:
    """People and background work at once, watched by the feed; returns the watcher. The rows' kind is `mix:<seed>`."""
    watcher = Watcher(site, ledger)
    await watcher.starts()
    people = Store(site)
    background = people.patient(BACKGROUND_WAIT)
    everybody = [
        Caller(
            f"s{seed}c{n}",
            background if n % 3 == 0 else people,
            ledger,
            bound=BACKGROUND_WAIT if n % 3 == 0 else PEOPLE_WAIT,
            kind=f"mix:{seed}",
        )
        for n in range(callers)
    ]

    async def keep_looking() -> None:
        while True:
            await watcher.looks()
            await asyncio.sleep(0.2)

    looking = asyncio.create_task(keep_looking())
    try:
        await asyncio.gather(*(caller.does(steps) for caller in everybody))
    finally:
        looking.cancel()
    return watcher


def found(server: EmbeddedServer, ledger: Ledger, seed: int) -> Counter[str]:
    """How often each write is there: in the versions of every row, read without any client of ours."""
    there: Counter[str] = Counter()
    rows: list[dict[str, Any]] = server.get(f"{path_of(EVENTS)}?$filter=Kind eq 'mix:{seed}'&$top=5000")["value"]
    for row in rows:
        if row["Value"] == "wanted":
            there.update(_claimants(row["Key"], ledger))
        else:
            versions = server.get(f"{path_of(EVENTS, row['Id'])}/versions?$select=Value")["value"]
            there.update(version["Value"] for version in versions)
    return there


def _claimants(key: str, ledger: Ledger) -> list[str]:
    """Whose a claimed row is: its one caller who was told so, else the one of those who could not be told."""
    told = {name: what for name, what in ledger.told.items() if name.startswith(f"{key}@")}
    sure = [name for name, what in told.items() if what == "done"]
    assert len(sure) <= 1, f"two were told that {key} is theirs"
    return sure or [name for name, what in told.items() if what == "uncertain"][:1] or [f"{key}@nobody"]
