"""The measures of a board as the lists have them now, and keeping what an agency reports.

Reading them is one request: the measures, and two years of figures month by month.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from board import measures as rules
from board.errors import Conflict
from board.measures import Awaited
from board.months import Month
from board.publishing import Published, Shown, publish
from board.records import Figure, Forum, Measure
from board.reported import revised, says_the_same
from bot.directory import People
from bot.house import TRIES
from sharepoint import queries as ask
from sharepoint.queries import Query
from sharepoint.schema import FIGURES
from sharepoint.store import Store

READ = rules.SHOWN_MONTHS + rules.YEAR
"""Months that are read: those shown, and the year before each."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A board's measures, what was reported of them, and what of that may be shown."""

    measures: Sequence[Measure]
    figures: Sequence[Figure]
    suppliers: Mapping[str, tuple[str, ...]]
    published: Published
    missing: Sequence[Awaited]
    until: Month

    @property
    def shown(self) -> Shown:
        """What cards are made of: nothing in it that may not be shown."""
        return Shown(self.measures, self.published, self.until, self.missing)

    def suppliers_of(self, measure: Measure) -> tuple[str, ...]:
        """The codes of the agencies that report a measure."""
        return self.suppliers.get(measure.code.strip().casefold(), ())


def asked(today: date) -> list[Query]:
    """What is asked of the lists: the measures first, then month after month."""
    return [ask.measures(), *(ask.figures_of(str(month)) for month in rules.last_month(today).back(READ))]


def made(people: People, forum: Forum, today: date, rows: Sequence[list[Measure] | list[Figure]]) -> Measured:
    """The measures of a board from what `asked` brought."""
    until = rules.last_month(today)
    measures = rules.of_forum((each for each in rows[0] if isinstance(each, Measure)), forum)
    figures = [each for some in rows[1:] for each in some if isinstance(each, Figure)]
    suppliers = {
        each.code.strip().casefold(): tuple(rules.suppliers(each, people.agencies, forum)) for each in measures
    }
    published = publish(measures, figures, suppliers)
    missing = rules.awaited(measures, figures, people.agencies, forum, until)
    return Measured(measures, figures, suppliers, published, missing, until)


async def measured(store: Store, people: People, forum: Forum, today: date) -> Measured:
    """Read them. One request; what may be shown of thousands of figures is worked out beside the event loop."""
    return await asyncio.to_thread(made, people, forum, today, await store.gather(*asked(today)))


async def keep(store: Store, figure: Figure, by: str) -> tuple[Figure, Figure | None]:
    """Keep a figure: the row as it is then, and as it was before where there was one. Reported again as it is, nothing
    is written; changed meanwhile, it is decided again on what is there now."""
    for attempt in range(TRIES):
        before = await _there(store, figure)
        if before is None:
            kept, fresh = await store.add_once(FIGURES, figure, by=by, why="reported")
            if fresh:
                return kept, None
            before = kept
        if before.open and says_the_same(before, figure):
            return before, before
        try:
            return await store.change(FIGURES, before, revised(before, figure), by=by, why="revised"), before
        except Conflict:
            if attempt == TRIES - 1:
                raise
    raise Conflict


async def _there(store: Store, figure: Figure) -> Figure | None:
    """The row of this measure, agency and month, whoever made it: one typed by hand has no key."""
    rows: list[Figure] = await store.find(ask.figures_of(figure.month))
    key = figure.measure.casefold(), figure.agency.upper(), figure.month
    found = rules.counted(rows).get(key)
    return found or next((each for each in rows if each.key == figure.key), None)
