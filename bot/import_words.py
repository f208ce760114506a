"""What the importer says at the terminal: a preview to be read in ten seconds, and a sentence for every wrong row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from board.actions import CLOSED, Action
from board.importing.cells import Sheet
from board.importing.headings import Field, Headings
from board.importing.problems import RowProblem, Trouble
from board.importing.reading import Entry, Understanding
from board.tracker import is_overdue

SHOWN_ROWS = 5
NAMED = 8
"""Words listed of one kind; how many more there are is said."""

_SENTENCES: dict[Trouble, str] = {
    Trouble.NO_WORDS: "nothing says what is to be done",
    Trouble.TOO_LONG: "the text is longer than {number:,} characters, and nothing is cut short: shorten it",
    Trouble.NOT_A_DATE: "{said}is not a date; write it as 3 April 2026 or 03/04/2026",
    Trouble.NO_SUCH_DAY: "{said}is no day of the calendar (the day comes before the month)",
    Trouble.YEAR: "the year of {said}is outside 2000 to 2099",
    Trouble.SEVERAL_DATES: "{said}holds more than one date; leave the one that counts",
    Trouble.IN_THE_FUTURE: "{said}is still to come, which this date cannot be",
    Trouble.STATUS: "{said}is not a status that is known; correct it, or add --status '{word}=Agreed' (or another)",
    Trouble.COLOUR: "{said}is a colour, which alone is not a status; say what it means: --status '{word}=In progress'",
    Trouble.OPEN_BUT_CLOSED: "there is a date closed, but the status is not closed; correct one of them",
    Trouble.FORMULA: "the formula gives {said}instead of a value",
    Trouble.SAME_REFERENCE: "the reference {said}is on row {number} too, for another action; give each its own",
}


def problem(found: RowProblem, *, quoting: bool) -> str:
    """One problem as a sentence that begins with the row's number. Without `quoting` no cell's text is repeated."""
    word = _short(found.said) if quoting else "…"
    said = f"“{word}” " if quoting and found.said else "it "
    sentence = _SENTENCES[found.trouble].format(said=said, word=word, number=found.number)
    return f"Row {found.row}, {found.heading}: {sentence}."


def _short(text: str, most: int = 40) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else one_line[: most - 1].rstrip() + "…"


def no_tracker(sheets: Sequence[Sheet], named: str) -> str:
    """Why no sheet could be taken."""
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
    if named and all(sheet.name.casefold() != named.casefold() for sheet in sheets):
        return f"There is no sheet “{named}”. There are: {names}."
    return (
        f"No row of headings was found in {f'the sheet “{named}”' if named else names}. "
        "One column must say what is to be done (Action, What or Description) and another must be known too, such as "
        "Owner, Due or Status. If yours has another name: --column 'Your heading=What'."
    )


def chosen(name: str, sheets: Sequence[Sheet], sheet: Sheet, headings: Headings) -> Iterator[str]:
    """Which sheet is read, and how to choose another."""
    where = name if len(sheets) == 1 else f"{name}, sheet “{sheet.name}”"
    yield f"{where}: headings in row {headings.row}."
    if len(sheets) > 1:
        others = ", ".join(f"“{other.name}”" for other in sheets if other is not sheet)
        yield f"It looks most like a tracker. Left aside: {others} (choose with --sheet NAME)."


def columns(headings: Headings, filled: Mapping[int, int]) -> Iterator[str]:
    """Which column became what. `filled` counts the cells of each that hold something."""
    yield "Columns"
    for column in headings.columns:
        if not column.says and not filled.get(column.index):
            continue
        became = f"→ {column.field}" if column.field else "· left aside"
        if column.field is None and not column.says:
            became += f" ({_count(filled[column.index], 'cell')} without a heading)"
        yield f"  {column.letter:>2}  {_short(column.says or '(no heading)', 30):<30}  {became}"
    missing = [each.value for each in Field if headings.of(each) is None and each is not Field.OWNER_EMAIL]
    if missing:
        yield f"  Not found: {', '.join(missing)}."


def counts(read: Understanding, there: int, today: date) -> Iterator[str]:
    """How many there are, in a line or two."""
    actions = [entry.action for entry in read.entries]
    still = [action for action in actions if action.status not in CLOSED]
    late = sum(is_overdue(action, today) for action in still)
    yield (
        f"{_count(len(actions), 'action')} can be kept: {len(still):,} open ({late:,} overdue), "
        f"{len(actions) - len(still):,} closed. {_count(read.refused_rows, 'row')} with errors"
        f"{' (at the end)' if read.problems else ''}."
    )
    if there:
        yield f"{there:,} of them are here already and stay as they are; {len(actions) - there:,} are new."


def breakdown(read: Understanding) -> Iterator[str]:
    """How many of each status and agency, and which words of the spreadsheet became which status."""
    actions = [entry.action for entry in read.entries]
    words: dict[str, list[str]] = {}
    for (said, status), _ in read.tallies.statuses.most_common():
        words.setdefault(status, []).append(f"“{_short(said, 24)}”" if said else "blank")
    by_status = Counter(action.status for action in actions)
    yield "Status"
    for status, number in by_status.most_common():
        yield f"  {number:>6}  {status:<28} from {_listed(words[status])}"
    yield "Agency"
    for code, number in Counter(action.agency for action in actions).most_common():
        yield f"  {number:>6}  {code or 'none'}"


def remarks(read: Understanding) -> Iterator[str]:
    """What was read in a way that a person should look at, and what happens then."""
    found, actions = read.tallies, [entry.action for entry in read.entries]
    ownerless = sum(action.open and not action.owner_name for action in actions)
    if ownerless:
        yield f"{_count(ownerless, 'open action')} without an owner: kept, and listed as nobody's."
    if found.unknown_owners:
        names = _tallied(found.unknown_owners)
        yield f"Owners who are not members: {names}. Their names are kept; nobody is reminded until they are members."
    if found.unsure_owners:
        names = _tallied(found.unsure_owners)
        yield f"Owners whose name several members have: {names}. The name is kept; choose the owner in the list."
    if found.agencies:
        yield f"Agencies not in the list: {_tallied(found.agencies)}. Their words are kept below the reason (Why)."
    if found.priorities:
        yield f"Priorities not known: {_tallied(found.priorities)}. They come in as Normal."
    if found.no_days:
        yield f"No due date, only words: {_tallied(found.no_days)}. The words are kept below the reason (Why)."
    if found.months:
        yield f"{_count(found.months, 'date')} gave only a month: its last day is taken."
    yield from _without(actions)
    yield from _rows(read)


def _without(actions: Iterable[Action]) -> Iterator[str]:
    every = list(actions)
    undated = sum(action.open and action.due is None for action in every)
    if undated:
        yield f"{_count(undated, 'open action')} without a due date: kept and listed, but never overdue."
    unclosed = sum(not action.open and action.closed_on is None for action in every)
    if unclosed:
        yield f"{_count(unclosed, 'closed action')} without the day it was closed: kept closed, that day unknown."
    agreed = sum(action.open and action.agreed_on is None for action in every)
    if agreed:
        yield f"{_count(agreed, 'open action')} without the day it was agreed: kept, its age unknown."


def _rows(read: Understanding) -> Iterator[str]:
    sheet, found = read.sheet, read.tallies
    if sheet.hidden_rows or sheet.hidden_columns:
        hidden = {"row": sheet.hidden_rows, "column": sheet.hidden_columns}
        both = " and ".join(_count(number, f"hidden {thing}") for thing, number in hidden.items() if number)
        yield f"{both}: read like the others."
    if found.repeats:
        yield f"Passed over as the same again: {_numbers(found.repeats)}."
    if found.titles:
        yield f"Passed over as headings between rows: {_numbers(found.titles)}."


def first_rows(entries: Sequence[Entry]) -> Iterator[str]:
    """The first rows as they would be kept."""
    for entry in entries[:SHOWN_ROWS]:
        action = entry.action
        owner = action.owner_name or "no owner"
        due = f"due {action.due.day} {action.due:%b %Y}" if action.due else "no due date"
        whose = f"{owner} ({action.agency})" if action.agency else owner
        member = "" if entry.owners == 1 or not action.owner_name else ", not a member"
        yield f"  Row {entry.row:<5} {_short(action.what, 60)}"
        yield f"            {whose}{member} · {due} · {action.status}"


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more


def _tallied(words: Counter[str]) -> str:
    return _listed([f"“{_short(word, 30)}” ({number})" for word, number in words.most_common()])


def _numbers(rows: Sequence[int]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"rows {_listed([str(row) for row in rows])}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
