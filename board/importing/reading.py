"""From rows to records: each row becomes an action as it would be kept, or problems; what was guessed is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from board.actions import Action, ActionStatus
from board.importing.cells import Row, Sheet, line, paragraph
from board.importing.headings import Field, Headings, data_rows
from board.importing.marks import key_by_reference, key_by_words, marked
from board.importing.matching import Agencies, Owners
from board.importing.problems import RowProblem, Trouble
from board.importing.row import RowReader
from board.records import Agency, Member


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are read against. `statuses` is what the person said of words of their own (squeezed)."""

    agencies: tuple[Agency, ...]
    members: tuple[Member, ...]
    forum: str
    today: date
    statuses: Mapping[str, ActionStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it would be kept. `reference` is the spreadsheet's own; `owners` how many members its owner may be."""

    row: int
    reference: str
    action: Action
    owners: int


@dataclass(slots=True)
class Tallies:
    """What was read in a way that the person should know of, counted over the rows that can be kept.

    Each counts words of the spreadsheet; `months` are dates of a whole month, whose last day was taken; `repeats` and
    `titles` are the numbers of rows passed over.
    """

    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    agencies: Counter[str] = field(default_factory=Counter)
    unknown_owners: Counter[str] = field(default_factory=Counter)
    unsure_owners: Counter[str] = field(default_factory=Counter)
    priorities: Counter[str] = field(default_factory=Counter)
    no_days: Counter[str] = field(default_factory=Counter)
    months: int = 0
    repeats: list[int] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that a sheet says: the entries that can be kept, every problem by row, and what was counted on the way."""

    sheet: Sheet
    headings: Headings
    entries: tuple[Entry, ...]
    problems: tuple[RowProblem, ...]
    tallies: Tallies

    @property
    def refused_rows(self) -> int:
        """How many rows have a problem."""
        return len({problem.row for problem in self.problems})


def understand(sheet: Sheet, headings: Headings, known: Known) -> Understanding:
    """Read every row below the headings. Nothing is cut short and nothing is guessed without being counted."""
    reader = RowReader(
        headings,
        today=known.today,
        epoch=sheet.epoch,
        statuses=known.statuses,
        agencies=Agencies(known.agencies),
        owners=Owners(known.members),
    )
    sorter = _Sorter(headings, known.forum)
    for row in data_rows(sheet, headings):
        if _is_title(row, headings):
            sorter.tallies.titles.append(row.number)
        else:
            sorter.take(row, reader)
    return Understanding(
        sheet,
        headings,
        tuple(sorter.entries),
        tuple(sorted(sorter.problems, key=lambda p: (p.row, p.trouble))),
        sorter.tallies,
    )


def _is_title(row: Row, headings: Headings) -> bool:
    """A row that holds one text outside the column of actions is a heading between rows; so are the headings again."""
    filled = [(i, line(cell)) for i, cell in enumerate(row.cells) if paragraph(cell)]
    what = headings.of(Field.WHAT)
    if len(filled) == 1 and what is not None and filled[0][0] != what.index:
        return True
    says = {column.index: column.says for column in headings.columns if column.field}
    mine = [(i, text) for i, text in filled if i in says]
    return len(mine) > 1 and all(text == says[i] for i, text in mine)


class _Sorter:
    """Gives each row its key, and finds rows that are there twice."""

    def __init__(self, headings: Headings, forum: str) -> None:
        self.entries: list[Entry] = []
        self.problems: list[RowProblem] = []
        self.tallies = Tallies()
        self._headings = headings
        self._forum = forum
        self._rows: dict[tuple[str, ...], int] = {}
        self._keys: dict[str, int] = {}
        self._nth: Counter[tuple[str, ...]] = Counter()

    def take(self, row: Row, reader: RowReader) -> None:
        words = tuple(paragraph(row.cell(column.index)) for column in self._headings.columns if column.field)
        if words in self._rows:
            self.tallies.repeats.append(row.number)
            return
        self._rows[words] = row.number
        read = reader.read(row)
        if read.problems:
            self.problems += read.problems
            return
        action, before = self._keyed(read.action, read.reference), len(self.problems)
        self._once(action.key, row, read.reference)
        if len(self.problems) == before:
            entry = Entry(row.number, read.reference, marked(action), read.owners)
            self.entries.append(entry)
            self._count(entry, read.status_said, read.counted)

    def _keyed(self, action: Action, reference: str) -> Action:
        action = replace(action, forum=self._forum)
        if reference:
            return replace(action, key=key_by_reference(self._forum, reference, action.source))
        same = tuple(text.casefold() for text in (action.what, action.owner_name, action.source))
        self._nth[same] += 1
        return replace(action, key=key_by_words(self._forum, action, self._nth[same]))

    def _once(self, key: str, row: Row, reference: str) -> None:
        first = self._keys.setdefault(key, row.number)
        column = self._headings.of(Field.REFERENCE)
        if first != row.number:
            heading = column.says if column else ""
            self.problems.append(RowProblem(row.number, Trouble.SAME_REFERENCE, heading, reference, first))

    def _count(self, entry: Entry, status_said: str, counted: Iterable[tuple[str, str]]) -> None:
        self.tallies.statuses[(status_said, entry.action.status)] += 1
        if entry.action.owner_name and entry.owners != 1:
            names = self.tallies.unsure_owners if entry.owners else self.tallies.unknown_owners
            names[entry.action.owner_name] += 1
        for what, said in counted:
            if what == "month":
                self.tallies.months += 1
            else:
                tally: Counter[str] = getattr(self.tallies, what)
                tally[said] += 1
