"""Rows of sealed lists as SharePoint has them: adopting what was edited in them, and reading the heads of their chains.

What is read again are the rows that the change feed names, so the cost follows what changed and never the history.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sharepoint import adopting, chain, sealed
from sharepoint.adopting import Standing, Told
from sharepoint.answers import JSON, Write
from sharepoint.chain import Keys
from sharepoint.client import BATCH_LIMIT, SharePoint
from sharepoint.errors import TooManyRows
from sharepoint.feed import Feed
from sharepoint.queries import MOST, entity_type, items_path
from sharepoint.schema import ACTIONS, CHAIN, LISTS, REFERRALS, ListOf

T = TypeVar("T")

WAIT = 30.0
"""Seconds for each request: nobody waits for these."""

SEALED: dict[str, ListOf[Any]] = {of.name: of for of in LISTS if of.sealed}

COMPLETED_ELSEWHERE = (REFERRALS.name, ACTIONS.name)
"""Lists whose typed rows get their key, and with it their defaults, from whoever completes them."""

PAGE = 500

Row = tuple[ListOf[Any], JSON]
"""A row as SharePoint has it, and its list."""


class Keeping:
    """Reads and seals rows of one site. Raises the store's errors; `keys` are there, or nothing can be done."""

    def __init__(self, site: SharePoint, keys: Keys) -> None:
        self._site = site
        self._keys = keys
        self.feed = Feed(site)

    async def named(self, changed: Mapping[str, Iterable[int]]) -> AsyncIterator[list[Row]]:
        """The rows of these numbers that are there, by list, a hundred a request; other lists are passed over."""
        for some in hundreds(_wanted(changed)):
            paths = [f"{items_path(of)}?$filter=Id eq {number}" for of, number in some]
            answers = await self._site.batch(paths, within=WAIT, background=True)
            yield [(of, item) for (of, _), read in zip(some, answers, strict=True) for item in read.get("value", [])]

    async def every(self, of: ListOf[Any]) -> AsyncIterator[list[Row]]:
        """All rows of a list, however many, in the order of their numbers."""
        path: str | None = f"{items_path(of)}?$orderby=Id&$top={PAGE}"
        while path:
            answer = await self._site.get(path, within=WAIT, background=True)
            yield [(of, item) for item in answer.get("value", [])]
            link = answer.get("odata.nextLink")
            path = str(link).partition("/_api/")[2] if link else None

    async def open_rows(self) -> AsyncIterator[list[Row]]:
        """All open rows of every list, by list; of one with more than SharePoint gives, all rows."""
        for of in SEALED.values():
            path = f"{items_path(of)}?$filter=Open eq 1&$top={MOST}"
            try:
                answer = await self._site.get(path, within=WAIT, background=True)
            except TooManyRows:
                async for rows in self.every(of):
                    yield [(of, item) for of, item in rows if item.get("Open")]
            else:
                yield [(of, item) for item in answer.get("value", [])]

    async def versions(self, rows: Iterable[Row]) -> list[list[JSON]]:
        """The versions of each of these rows, newest first."""
        paths = [f"{items_path(of)}({item['Id']})/versions?$top={MOST}" for of, item in rows]
        found: list[list[JSON]] = []
        for some in hundreds(paths):
            answers = await self._site.batch(some, within=WAIT, background=True)
            found += [answer.get("value", []) for answer in answers]
        return found

    async def adopt(self, rows: list[Row], at: datetime) -> tuple[int, list[Row]]:
        """Seal what was typed or edited by hand, and return how many rows that were, and those that cannot be adopted.

        A row that somebody changes at the same moment is left: it comes again.
        """
        doubtful = await asyncio.to_thread(lambda: [row for row in rows if self.is_doubtful(*row)])
        writes: list[Write] = []
        spoilt: list[Row] = []
        for (of, item), versions in zip(doubtful, await self.versions(doubtful), strict=True):
            found = adopting.told(self._keys, of, item, versions)
            if found.standing is Standing.TAMPERED:
                spoilt.append((of, item))
            elif found.standing is not Standing.SOUND and _may_be_named(of, item):
                writes.append(self._sealing(of, item, found, at))
        for some in hundreds(writes):
            await self._site.write_batch(some, within=WAIT, background=True)
        return len(writes), spoilt

    def is_doubtful(self, of: ListOf[Any], item: JSON) -> bool:
        """Whether a row's versions have to be asked: it was never sealed, edited since, or is not as it was sealed."""
        verdict = sealed.verify(self._keys, of, item)
        return verdict.state is not chain.State.SOUND or adopting.needs_versions(self._keys, of, item)

    def _sealing(self, of: ListOf[Any], item: JSON, found: Told, at: datetime) -> Write:
        body = adopting.adopted(self._keys, of, item, found, at)
        typed = {"__metadata": {"type": entity_type(of.name)}, **body}
        return Write("MERGE", f"{items_path(of)}({item['Id']})", typed, str(item.get("odata.etag") or ""))

    async def since(self, token: str) -> dict[str, set[int]] | None:
        """The rows that changed since a token, deleted ones among them; None when the token is good no more."""
        found: dict[str, set[int]] = {}
        while True:
            changes = await self.feed.since(token, within=WAIT)
            if changes is None:
                return None
            for name, numbers in changes.items.items():
                if name in SEALED:
                    found.setdefault(name, set()).update(numbers)
            token = changes.token
            if not changes.more:
                return found

    async def heads(self, changed: Mapping[str, Iterable[int]] | None) -> dict[str, dict[int, str]]:
        """The heads of the rows of these numbers that are there; of all rows for None."""
        found: dict[str, dict[int, str]] = {}
        async for of, item in self._bare(changed):
            found.setdefault(of.name, {})[int(item["Id"])] = head(item)
        return found

    async def _bare(self, changed: Mapping[str, Iterable[int]] | None) -> AsyncIterator[Row]:
        narrow = f"$select=Id,{CHAIN.name}"
        if changed is None:
            for of in SEALED.values():
                path: str | None = f"{items_path(of)}?{narrow}&$orderby=Id&$top={MOST}"
                while path:
                    answer = await self._site.get(path, within=WAIT, background=True)
                    for item in answer.get("value", []):
                        yield of, item
                    link = answer.get("odata.nextLink")
                    path = str(link).partition("/_api/")[2] if link else None
            return
        for some in hundreds(_wanted(changed)):
            paths = [f"{items_path(of)}?$filter=Id eq {number}&{narrow}" for of, number in some]
            answers = await self._site.batch(paths, within=WAIT, background=True)
            for (of, _), read in zip(some, answers, strict=True):
                for item in read.get("value", []):
                    yield of, item

    async def counts(self) -> dict[str, int]:
        """How many rows each sealed list holds, as SharePoint counts them."""
        answer = await self._site.get("web/lists?$select=Title,ItemCount&$top=500", within=WAIT, background=True)
        return {each["Title"]: int(each["ItemCount"]) for each in answer.get("value", []) if each["Title"] in SEALED}


def head(item: JSON) -> str:
    """What a seal keeps of a row: empty for one that was never sealed."""
    step = chain.read(sealed.chain_of(item))
    return step.head if step is not None else ""


def hundreds(rows: list[T]) -> Iterator[list[T]]:
    """As many at a time as a request holds."""
    return (rows[start : start + BATCH_LIMIT] for start in range(0, len(rows), BATCH_LIMIT))


def _wanted(changed: Mapping[str, Iterable[int]]) -> list[tuple[ListOf[Any], int]]:
    return [(SEALED[name], number) for name in sorted(changed) if name in SEALED for number in sorted(changed[name])]


def _may_be_named(of: ListOf[Any], item: JSON) -> bool:
    return bool(item.get("Key")) or of.name not in COMPLETED_ELSEWHERE
