"""A store that sees one board of several: rows of the others are left out where they are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from board.errors import NotFound
from board.records import Stored
from sharepoint.client import SharePoint
from sharepoint.queries import Query
from sharepoint.schema import ListOf
from sharepoint.store import Store

R = TypeVar("R", bound=Stored)


class ScopedStore(Store):
    """As `Store`, for the records that `keeps` says may be seen. What is written is written as it is.

    A row is left out after it was read, so a query costs what it does without; a record of another board that is asked
    for by its number is not found.
    """

    def __init__(self, site: SharePoint, keeps: Callable[[object], bool], *, within: float | None = None) -> None:
        super().__init__(site, within=within)
        self._keeps = keeps

    def patient(self, within: float) -> Store:
        """The same store, the same board, for background work."""
        return ScopedStore(self.site, self._keeps, within=within)

    async def read(self, of: ListOf[R], item_id: int) -> R:
        """Read one record by its number; raises NotFound for another board's."""
        record = await super().read(of, item_id)
        if not self._keeps(record):
            raise NotFound(of.reference_of(record))
        return record

    async def gather(self, *queries: Query) -> list[list[Any]]:
        """Read several lists in one request, without the rows of other boards."""
        found = await super().gather(*queries)
        return [[row for row in rows if self._keeps(row)] for rows in found]

    async def pages(self, query: Query) -> AsyncIterator[list[Any]]:
        """Read all a query finds, a page at a time, without the rows of other boards."""
        async for page in super().pages(query):
            yield [row for row in page if self._keeps(row)]
