"""`python -m bot import FILE` for figures: a spreadsheet of measures, or of detentions from which they are worked out.

As with the tracker nothing is written before somebody has seen what was understood; the same file again adds nothing.
A figure that is there with other numbers is revised, which is shown beforehand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from board.calendar import uk_date
from board.importing import detentions, figures
from board.importing.cells import Sheet
from board.importing.columns import Columns, Refused
from board.importing.figures import Entry, Known, Read
from board.measures import counted, of_forum, suppliers
from board.records import Figure, Measure
from board.reported import placed, revised, says_the_same
from bot import directory
from bot.boards import forum_of
from bot.exporting import NotExported, one_board
from bot.house import BOT
from bot.importing import NotImported, Say, Wanted, agreed, quoting
from cards import words
from sharepoint import queries as ask
from sharepoint.client import BATCH_LIMIT
from sharepoint.many import Many, Row
from sharepoint.schema import FIGURES
from sharepoint.store import Store

SHOWN = 20
SHORT = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds figures: its columns, and whether each row is a detention."""

    columns: Columns
    single: bool


def recognised(sheets: Sequence[Sheet], wanted: Wanted) -> Found | None:
    """What kind of figures a file holds; None where it holds none, and is a tracker."""
    single = detentions.recognised(sheets, wanted.sheet)
    if single is not None:
        return Found(single, single=True)
    columns = figures.recognised(sheets, wanted.sheet)
    return Found(columns, single=False) if columns is not None else None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was read, sorted by what is there: new figures, those to be revised (as they are, as they will be), and how
    many are here already."""

    read: Read
    new: tuple[Entry, ...]
    revised: tuple[tuple[Figure, Figure], ...]
    same: int


async def prepare(store: Store, found: Found, wanted: Wanted, now: datetime) -> Prepared:
    """Understand the file against the lists as they are. Raises NotImported; writes nothing."""
    who = detentions.says_who(found.columns) if found.single else []
    if who:
        raise NotImported(
            f"The column {words.joined([f'“{each}”' for each in who])} may say who somebody is. Take it out of the "
            "spreadsheet, and bring in the rest. Nothing was written."
        )
    members, agencies, forums = await store.gather(*directory.queries())
    try:
        store, people = one_board(store, directory.people(members, agencies, forums), wanted.board)
    except NotExported as unclear:
        raise NotImported(str(unclear)) from unclear
    forum = forum_of(people)
    rows: list[Measure] = await store.find(ask.measures())
    measures = of_forum(rows, forum)
    who_reports = {each.code.strip().casefold(): suppliers(each, people.agencies, forum) for each in measures}
    known = Known(measures, who_reports, uk_date(now), now)
    read = (detentions if found.single else figures).understand(found.columns, known)
    entries = tuple(replace(each, figure=placed(each.figure, people.home)) for each in read.entries)
    return _sorted(replace(read, entries=entries), await _there(store, entries))


async def _there(store: Store, entries: Iterable[Entry]) -> dict[tuple[str, str, str], Figure]:
    """What is kept of the same months already, a hundred months to a request."""
    months, rows = sorted({entry.figure.month for entry in entries}), list[Figure]()
    for start in range(0, len(months), BATCH_LIMIT):
        asked = [ask.figures_of(month) for month in months[start : start + BATCH_LIMIT]]
        rows += [row for found in await store.gather(*asked) for row in found]
    return counted(rows)


def _sorted(read: Read, there: dict[tuple[str, str, str], Figure]) -> Prepared:
    new, changed, same = list[Entry](), list[tuple[Figure, Figure]](), 0
    for entry in read.entries:
        figure = entry.figure
        kept = there.get((figure.measure.casefold(), figure.agency, figure.month))
        if kept is None:
            new.append(entry)
        elif says_the_same(kept, figure):
            same += 1
        else:
            changed.append((kept, revised(kept, figure)))
    return Prepared(read, tuple(new), tuple(changed), same)


def preview(prepared: Prepared, found: Found, wanted: Wanted) -> Iterator[str]:
    """What was understood, line by line."""
    read, columns = prepared.read, found.columns
    yield f"{wanted.path.name}, sheet “{columns.sheet.name}”: headings in row {columns.row}."
    yield f"Columns: {', '.join(f'“{says}” → {name}' for name, says in columns.says.items())}."
    if columns.others:
        yield f"Left aside: {', '.join(f'“{each[:SHORT]}”' for each in columns.others[:SHOWN])}."
    yield (
        f"{words.count(len(read.entries), 'figure')} can be kept: {len(prepared.new)} new, {len(prepared.revised)} to "
        f"be revised, {prepared.same} here already. {words.count(read.refused_rows, 'row')} with errors"
        f"{' (at the end)' if read.refused else ''}."
    )
    yield from (f"  • {each}." for each in read.remarks)
    if prepared.revised:
        yield "To be revised"
        yield from (f"  {_revision(*pair)}" for pair in prepared.revised[:SHOWN])
        if len(prepared.revised) > SHOWN:
            yield f"  and {len(prepared.revised) - SHOWN} more"
    if read.refused:
        yield "Errors, by the spreadsheet's own row numbers"
        yield from (f"  {sentence(each, quoted=quoting(wanted))}" for each in read.refused)


def _revision(before: Figure, after: Figure) -> str:
    return f"{after.measure} {after.agency} {after.month}: {_said(before)} → {_said(after)}"


def _said(figure: Figure) -> str:
    whole = f" of {figure.denominator:,f}" if figure.denominator is not None else ""
    return f"{figure.numerator or 0:,f}{whole}, {figure.status.casefold()}"


def sentence(refused: Refused, *, quoted: bool) -> str:
    """One problem, beginning with the row's number. Without `quoted` no cell's text is repeated."""
    said = f"“{refused.said[:SHORT]}”: " if quoted and refused.said else ""
    other = f" (row {refused.other})" if refused.other else ""
    why = words.wrong_with(refused.heading, refused.problem, refused.limit, refused.choices).removesuffix(".")
    return f"Row {refused.row}, {refused.heading}: {said}{why}{other}."


async def run(store: Store, found: Found, wanted: Wanted, now: datetime, say: Say) -> int:
    """The whole command; the exit code. Raises NotImported, and the store's errors."""
    prepared = await prepare(store, found, wanted, now)
    for text in preview(prepared, found, wanted):
        say(text)
    say("")
    if prepared.read.refused and not wanted.skip_errors:
        raise NotImported(
            f"{words.count(prepared.read.refused_rows, 'row has an error', 'rows have errors')}, so nothing was "
            "written. Correct the spreadsheet, or bring in the rows without errors with --skip-errors."
        )
    number = len(prepared.new) + len(prepared.revised)
    if not number:
        say("Everything in it is here already. Nothing was written.")
        return 0
    if wanted.dry_run:
        say("A dry run: nothing was written.")
        return 0
    if not await agreed(wanted, f"Write {words.count(number, 'figure')}?", say):
        return 0
    try:
        await write(store, prepared, found)
    except asyncio.CancelledError:
        say("Stopped. What was kept stays; run the same command again to go on.")
        raise
    say(f"{len(prepared.new)} figures added, {len(prepared.revised)} revised, {prepared.same} were here already.")
    return 0


async def write(store: Store, prepared: Prepared, found: Found) -> None:
    """Add what is new and revise what differs. Safe to do again."""
    rows = [Row(entry.figure, _why(entry, found)) for entry in prepared.new]
    async for _ in Many(store, FIGURES, by=BOT).add(rows):
        pass
    for before, after in prepared.revised:
        await store.change(FIGURES, before, after, by=BOT, why="revised by an import")


def _why(entry: Entry, found: Found) -> str:
    return "worked out from detentions" if found.single else f"brought in from row {entry.row}"
