"""`python -m bot import FILE`: brings the tracker a board keeps in a spreadsheet into the list, once, and says how.

Nothing is written before somebody has seen what was understood and said yes. The keys come from what a row says, so the
same file again adds nothing, and one that broke off half way goes on.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from board.actions import Action, ActionStatus, assignment
from board.calendar import uk_date
from board.importing.cells import Sheet, paragraph, squeezed
from board.importing.choosing import choose
from board.importing.comparing import corrected, is_same, own_number
from board.importing.headings import Field, data_rows
from board.importing.reading import Entry, Known, Understanding, understand
from board.importing.statuses import STATUS_WORDS
from bot import directory
from bot import import_words as words
from bot.exporting import NotExported, one_board
from bot.house import BOT
from bot.spreadsheet import MOST_ROWS
from sharepoint import queries as ask
from sharepoint.errors import StoreRefused
from sharepoint.many import Many, Row
from sharepoint.schema import ACTIONS, MEMBERS
from sharepoint.store import Store

MOST_OPEN = 5_000
"""Open actions that the tracker can ask for: SharePoint refuses a query that touches more (list view threshold)."""

SAY_EVERY = 500
REMARKED = 20

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line. `columns` and `statuses` are by squeezed word."""

    path: Path
    sheet: str = ""
    columns: Mapping[str, Field | None] = field(default_factory=dict)
    statuses: Mapping[str, ActionStatus] = field(default_factory=dict)
    yes: bool = False
    dry_run: bool = False
    skip_errors: bool = False
    board: str = ""


class NotImported(Exception):
    """Nothing was written; the message is the sentence a person reads."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was understood, beside what is kept already under the same keys."""

    read: Understanding
    kept: Mapping[str, Action]

    @property
    def new(self) -> list[Entry]:
        """The rows that are not there yet."""
        return [entry for entry in self.read.entries if entry.action.key not in self.kept]

    @property
    def unfinished(self) -> list[Action]:
        """Rows of an import that broke off before they had their reference."""
        return [action for action in self.kept.values() if not action.reference]


async def prepare(store: Store, wanted: Wanted, sheets: Sequence[Sheet], now: datetime) -> Prepared:
    """Understand the file against the lists as they are. Raises NotImported; writes nothing."""
    picked = choose(sheets, wanted.sheet, wanted.columns)
    if picked is None:
        raise NotImported(words.no_tracker(sheets, wanted.sheet))
    sheet, headings = picked
    if sheet.beyond:
        raise NotImported(
            f"Row {sheet.beyond:,} of “{sheet.name}” holds something, and at most {MOST_ROWS:,} rows are read. Delete "
            "what does not belong there, or split the file and bring in the parts."
        )
    members, agencies, forums = await store.gather(*directory.queries())
    try:
        store, people = one_board(store, directory.people(members, agencies, forums), wanted.board)
    except NotExported as unclear:
        raise NotImported(str(unclear)) from unclear
    known = Known(
        tuple(people.agencies.values()),
        tuple(people.members.values()),
        people.home,
        uk_date(now),
        wanted.statuses,
    )
    read = understand(sheet, headings, known)
    kept = await Many(store, ACTIONS, by=BOT).by_keys(entry.action.key for entry in read.entries)
    return Prepared(read, kept | await _exported(store, [e for e in read.entries if e.action.key not in kept]))


async def _exported(store: Store, entries: Sequence[Entry]) -> dict[str, Action]:
    """The actions that rows of a workbook of our own were made from, by the keys that the rows would have."""
    numbers = {entry.row: number for entry in entries if (number := own_number(entry.reference))}
    rows = {row.id: row for row in await store.rows(ACTIONS, numbers.values())}
    found = ((entry, rows.get(numbers.get(entry.row, 0))) for entry in entries)
    return {entry.action.key: row for entry, row in found if row is not None and is_same(row, entry.action)}


async def check_room(store: Store, prepared: Prepared) -> None:
    """Raise NotImported when more would be open than the tracker could ever show."""
    coming = sum(entry.action.open for entry in prepared.new)
    there = len(await store.find(ask.open_actions()))
    if there + coming > MOST_OPEN:
        raise NotImported(
            f"{there + coming:,} actions would be open, and SharePoint can show at most {MOST_OPEN:,} at a time. "
            "Close in the spreadsheet what is no longer expected, and bring it in again. Nothing was written."
        )


def preview(prepared: Prepared, wanted: Wanted, sheets: Sequence[Sheet], now: datetime) -> Iterable[str]:
    """What was understood, line by line."""
    read = prepared.read
    yield from words.chosen(wanted.path.name, sheets, read.sheet, read.headings)
    yield from words.counts(read, len(prepared.kept), uk_date(now))
    yield ""
    yield from words.columns(read.headings, _filled(read))
    yield from words.breakdown(read)
    remarks = [*words.remarks(read), *_corrections(prepared)]
    if remarks:
        yield ""
        yield "Please look at"
        yield from (f"  • {remark}" for remark in remarks)
    if prepared.new and quoting(wanted):
        yield ""
        yield "The first rows as they would be kept"
        yield from words.first_rows(prepared.new)
    if read.problems:
        yield ""
        yield "Errors, by the spreadsheet's own row numbers"
        yield from (f"  {words.problem(each, quoting=quoting(wanted))}" for each in read.problems)


def quoting(wanted: Wanted) -> bool:
    """Whether rows may be quoted: to a person who looks on, not to a file that a script keeps."""
    return sys.stdout.isatty() or not wanted.yes


def _filled(read: Understanding) -> Counter[int]:
    rows = data_rows(read.sheet, read.headings)
    return Counter(index for row in rows for index, cell in enumerate(row.cells) if paragraph(cell))


def _corrections(prepared: Prepared) -> Iterable[str]:
    """Rows that were brought in before and have been changed in the file since."""
    found: list[str] = []
    for entry in prepared.read.entries:
        kept = prepared.kept.get(entry.action.key)
        names = corrected(kept, entry.action) if kept is not None else ()
        if kept is not None and names:
            found.append(f"row {entry.row} ({kept.reference or 'no reference yet'}): {', '.join(names)}")
    if found:
        more = f"; and {len(found) - REMARKED} more" if len(found) > REMARKED else ""
        yield (
            f"Differs from what is kept, which stays: {'; '.join(found[:REMARKED])}{more}. "
            "Change it in Teams or in the list."
        )


async def write(store: Store, prepared: Prepared, say: Say) -> int:
    """Add what is new, number it, finish what broke off; the number of actions added. Safe to do again."""
    new, many = prepared.new, Many(store, ACTIONS, by=BOT)
    await many.number(prepared.unfinished)
    numbers = await _site_users(store, new)
    rows = [Row(_assigned(entry.action, numbers), _why(entry)) for entry in new]
    done = said = 0
    async for records in many.add(rows):
        await many.number(records)  # at once, before the running bot finds them and does it one by one
        done += len(records)
        if done - said >= SAY_EVERY:
            said = done
            say(f"{done:,} of {len(rows):,} kept")
    return done


def _why(entry: Entry) -> str:
    return f"brought in from row {entry.row} of the earlier tracker"


async def _site_users(store: Store, entries: Iterable[Entry]) -> dict[str, int]:
    """The site's own number of each owner who is a member with an address: asked once each, not once a row."""
    owners = {entry.action.owner_id for entry in entries if entry.action.owner_id}
    found: dict[str, int] = {}
    for member in (await store.find(ask.open_rows(MEMBERS))) if owners else ():
        if member.user_id in owners and member.email and member.user_id not in found:
            try:
                found[member.user_id] = await store.ensure_site_user(member.email)
            except StoreRefused:
                found[member.user_id] = 0
    return found


def _assigned(action: Action, numbers: Mapping[str, int]) -> Action:
    """The action as the feed would leave it, so that it has nothing to do for each."""
    given = replace(action, assigned_to=numbers.get(action.owner_id, 0))
    return replace(given, assigned_sync=assignment(given))


def told_columns(given: Iterable[str]) -> dict[str, Field | None]:
    """Read `--column HEADING=FIELD`; nothing after the sign leaves the column aside. Raises ValueError."""
    fields = {squeezed(each.value): each for each in Field}
    found: dict[str, Field | None] = {}
    for each in given:
        heading, sign, said = each.rpartition("=")
        if not sign or not squeezed(heading) or (said.strip() and squeezed(said) not in fields):
            choices = ", ".join(each.value for each in Field)
            raise ValueError(f"--column is written as 'Heading=Field', and a field is one of: {choices}")
        found[squeezed(heading)] = fields.get(squeezed(said))
    return found


def told_statuses(given: Iterable[str]) -> dict[str, ActionStatus]:
    """Read `--status WORD=STATUS`. Raises ValueError."""
    found: dict[str, ActionStatus] = {}
    for each in given:
        word, sign, said = each.rpartition("=")
        if not sign or not squeezed(word) or squeezed(said) not in STATUS_WORDS:
            choices = "; ".join(each.value for each in ActionStatus)
            raise ValueError(f"--status is written as 'Word=Status', and a status is one of: {choices}")
        found[squeezed(word)] = STATUS_WORDS[squeezed(said)]
    return found


async def run(store: Store, wanted: Wanted, sheets: Sequence[Sheet], now: datetime, say: Say) -> int:
    """The whole command; the exit code. Raises NotImported, and the store's errors."""
    prepared = await prepare(store, wanted, sheets, now)
    for text in preview(prepared, wanted, sheets, now):
        say(text)
    say("")
    if not prepared.new and not prepared.unfinished:
        if prepared.read.problems:
            raise NotImported("The rows without errors are here already. Nothing was written.")
        say("Everything in it is here already. Nothing was written.")
        return 0
    if prepared.read.problems and not wanted.skip_errors:
        raise NotImported(
            f"{_rows_have(prepared.read.refused_rows)}, so nothing was written. Correct the spreadsheet, or bring in "
            "the rows without errors with --skip-errors."
        )
    await check_room(store, prepared)
    if wanted.dry_run:
        say("A dry run: nothing was written.")
        return 0
    return await _confirmed(store, prepared, wanted, say)


async def agreed(wanted: Wanted, question: str, say: Say) -> bool:
    """Whether it may be written: said beforehand with --yes, or typed now by a person who is there."""
    if wanted.yes:
        return True
    if not sys.stdin.isatty():
        say("Nothing was written: nobody was there to say yes. Add --yes to write.")
        return False
    say(f"{question} Type yes to write, anything else to leave it.")
    if (await _typed()).strip().casefold() in ("yes", "y"):
        return True
    say("Nothing was written.")
    return False


async def _confirmed(store: Store, prepared: Prepared, wanted: Wanted, say: Say) -> int:
    if not await agreed(wanted, f"Write {len(prepared.new):,} actions?", say):
        return 0
    try:
        added = await write(store, prepared, say)
    except asyncio.CancelledError:
        say("Stopped. What was kept stays; run the same command again to go on.")
        raise
    say(f"{added:,} actions added, {len(prepared.kept):,} were here already.{_left_out(prepared)}")
    say("Nobody is sent a message for each: owners and the channel hear of what is due in the next daily digest.")
    return 0


def _left_out(prepared: Prepared) -> str:
    rows = prepared.read.refused_rows
    return f" {rows:,} rows with errors were left out: correct them and run it again." if rows else ""


def _rows_have(number: int) -> str:
    return f"{number:,} row has an error" if number == 1 else f"{number:,} rows have errors"


async def _typed() -> str:
    """A line from the terminal, waited for so that Ctrl-C still works."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not line.done():
            line.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin, read)
    try:
        return await line
    finally:
        loop.remove_reader(sys.stdin)
