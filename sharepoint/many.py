"""Many records at once, a hundred to a request: added by their keys, numbered by their ETags, found by their keys.

A batch is not transactional, so each part is read: a key that is there already is no failure, a part that SharePoint
was too busy for is asked again, and anything else stops everything.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import orjson

from board.errors import Conflict, NotFound
from board.records import Stored
from sharepoint import sealed
from sharepoint.answers import Answer, Write, check
from sharepoint.client import BATCH_LIMIT
from sharepoint.errors import Duplicate, StoreBusy
from sharepoint.queries import entity_type, items_path, keyed
from sharepoint.schema import ListOf
from sharepoint.store import Store, difference, values

R = TypeVar("R", bound=Stored)

BATCH_BYTES = 800_000
"""What a batch's bodies may weigh together: SharePoint takes about a megabyte (doc)."""

AT_ONCE = 1.0
"""Seconds to wait before parts are asked again when SharePoint does not say how long; doubled each time."""


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """A record to add, and why, for its version history."""

    record: R
    why: str


class Many(Generic[R]):
    """One list's rows in bulk. `within` bounds, in seconds, how long one batch is tried before StoreBusy is raised."""

    def __init__(self, store: Store, of: ListOf[R], *, by: str, within: float = 300.0) -> None:
        self._store = store.patient(within)
        self._of = of
        self._by = by
        self._within = within

    async def add(self, rows: Sequence[Row[R]]) -> AsyncIterator[list[R]]:
        """Add the rows, batch after batch, and give the records of each with number and ETag once it is written.

        One whose key was there already is read and given as it is there, so that what broke off can be finished.
        """
        writes = [self._write(row) for row in rows]
        for batch in _batches(writes):
            made = await self._do([write for _, write in batch])
            there = {record.key for (record, _), answer in zip(batch, made, strict=True) if answer is None}
            kept = await self.by_keys(there) if there else {}
            yield [
                kept[record.key] if answer is None else _numbered(record, answer)
                for (record, _), answer in zip(batch, made, strict=True)
                if answer is not None or record.key in kept
            ]

    async def number(self, records: Iterable[R]) -> None:
        """Give each record that lacks it its reference. One changed meanwhile is left to whoever changed it."""
        lacking = [record for record in records if not record.reference]
        todo = [self._number(record) for record in lacking]
        for batch in _batches([(write, write) for write in todo]):
            await self._do([write for write, _ in batch])

    async def by_keys(self, keys: Iterable[str]) -> dict[str, R]:
        """The rows that these keys made."""
        wanted, found = sorted(set(keys)), dict[str, R]()
        for start in range(0, len(wanted), BATCH_LIMIT):
            asked = [keyed(self._of, key) for key in wanted[start : start + BATCH_LIMIT]]
            found |= {row.key: row for rows in await self._store.gather(*asked) for row in rows}
        return found

    def _write(self, row: Row[R]) -> tuple[R, Write]:
        """The record with its seal, and how it is added."""
        if not row.record.key:
            raise ValueError(f"a record without a key was given to {self._of.name}")
        body, keys = values(self._of, row.record, self._by, row.why), self._store.site.keys
        if keys is not None and self._of.sealed:
            body |= sealed.first(keys, self._of, body, datetime.now(UTC))
        record = replace(row.record, chain=sealed.chain_of(body), written=1)
        return record, Write("POST", items_path(self._of), self._typed(body))

    def _number(self, record: R) -> Write:
        named = replace(record, reference=self._of.reference_of(record))
        body, keys = difference(self._of, record, named, by=self._by, why="numbered"), self._store.site.keys
        if keys is not None and self._of.sealed:
            # One whose chain is of an earlier key stays with it: the change feed looks at what is changed.
            body |= sealed.following(keys, self._of, record, body, datetime.now(UTC)) or {}
        return Write("MERGE", f"{items_path(self._of)}({record.id})", self._typed(body), etag=record.etag)

    def _typed(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"__metadata": {"type": entity_type(self._of.name)}, **body}

    async def _do(self, writes: Sequence[Write]) -> list[Answer | None]:
        """Every write's answer; None for one that cannot be made because it was made, or changed, before."""
        answers: list[Answer | None] = [None] * len(writes)
        left, deadline, pause = list(range(len(writes))), time.monotonic() + self._within, AT_ONCE
        while left:
            told = await self._store.site.write_batch([writes[i] for i in left], within=self._within)
            busy: list[tuple[int, StoreBusy]] = []
            for i, answer in zip(left, told, strict=True):
                try:
                    answers[i] = check(answer, f"{writes[i].method} {self._of.name} in a batch")
                except (Duplicate, Conflict, NotFound):
                    continue
                except StoreBusy as error:
                    busy.append((i, error))
            left = [i for i, _ in busy]
            wait = max([pause, *(error.retry_after for _, error in busy)])
            if left and time.monotonic() + wait >= deadline:
                raise busy[0][1]
            if left:
                await asyncio.sleep(wait)
            pause = min(2 * pause, 30.0)
        return answers


def _numbered(record: R, answer: Answer) -> R:
    made = answer.json()
    made = made.get("d", made)
    etag = made.get("odata.etag") or answer.headers.get("etag") or ""
    return replace(record, id=int(made["Id"]), etag=str(etag))


T = TypeVar("T")


def _batches(writes: Sequence[tuple[T, Write]]) -> Iterator[list[tuple[T, Write]]]:
    """Cut at a hundred writes, or where their bodies together would weigh more than a batch may."""
    batch: list[tuple[T, Write]] = []
    weight = 0
    for each in writes:
        heavy = len(orjson.dumps(each[1].body)) + 500  # its request line, headers and boundary
        if batch and (len(batch) == BATCH_LIMIT or weight + heavy > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(each)
        weight += heavy
    if batch:
        yield batch
