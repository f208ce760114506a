"""Finding the row of headings and what each column is, by name, whatever the case, spaces and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from board.importing.cells import Row, Sheet, line, paragraph, squeezed

LOOKED_AT = 40
"""Rows from the top among which the headings are looked for: a title block and a key of colours come first."""


class Field(StrEnum):
    """What a column can be. The value is the word the preview and `--column` use."""

    WHAT = "What"
    REFERENCE = "Reference"
    WHY = "Why"
    OWNER = "Owner"
    OWNER_EMAIL = "Owner e-mail"
    AGENCY = "Agency"
    DUE = "Due"
    STATUS = "Status"
    PRIORITY = "Priority"
    SOURCE = "Source"
    AGREED = "Agreed"
    NOTE = "Note"
    PROGRAMME = "Programme"
    CLOSED = "Closed"


SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.WHAT: (
        *("what", "what is to be done", "action", "actions", "action description", "description of action"),
        *("action required", "agreed action", "actions agreed", "action agreed", "action to be taken"),
        *("details of action", "action detail", "action details", "task", "description", "details", "recommendation"),
    ),
    Field.REFERENCE: (
        *("reference", "ref", "ref no", "reference number", "action ref", "action reference", "action no"),
        *("action number", "action id", "no", "number", "id", "item no", "item", "#", "serial", "serial no"),
    ),
    Field.WHY: ("why", "rationale", "reason", "purpose", "background", "issue", "context", "intended outcome"),
    Field.OWNER: (
        *("owner", "action owner", "owner name", "lead", "action lead", "lead officer", "lead name", "responsible"),
        *("person responsible", "responsible person", "responsible officer", "responsibility", "who", "by whom"),
        *("assigned to", "allocated to", "action by", "named lead", "accountable"),
    ),
    Field.OWNER_EMAIL: ("owner email", "email", "email address", "lead email", "contact email"),
    Field.AGENCY: (
        *("agency", "agency code", "organisation", "organization", "org", "partner", "partner agency", "lead agency"),
        *("owning agency", "lead organisation", "responsible agency", "owner agency", "agency lead", "service"),
    ),
    Field.DUE: (
        *("due", "due date", "date due", "deadline", "target date", "target", "by when", "when", "timescale"),
        *("timescales", "completion due", "due by", "complete by", "to be completed by", "target completion date"),
        "expected completion",
    ),
    Field.STATUS: ("status", "action status", "current status", "open closed", "progress", "rag status", "rag"),
    Field.PRIORITY: ("priority", "urgency", "importance", "level of priority", "priority level"),
    Field.SOURCE: (
        *("source", "meeting", "forum", "board", "source meeting", "from meeting", "raised at", "agreed at", "origin"),
        *("case", "case reference", "case ref", "meeting raised", "minute", "minute ref", "agenda item"),
    ),
    Field.AGREED: (
        *("agreed", "date agreed", "agreed on", "agreed date", "date raised", "raised", "raised on", "date added"),
        *("date set", "date opened", "opened", "start date", "date created", "created", "date of meeting"),
        *("meeting date", "date"),
    ),
    Field.NOTE: (
        *("note", "notes", "latest note", "update", "updates", "latest update", "progress update", "progress updates"),
        *("progress note", "progress notes", "comments", "comment", "latest comments", "commentary", "narrative"),
        *("latest position", "outcome", "progress"),
    ),
    Field.PROGRAMME: ("programme", "program", "plan", "workstream", "theme", "project", "strand", "objective"),
    Field.CLOSED: (
        *("closed", "date closed", "closed on", "closed date", "closure date", "date completed", "completed on"),
        *("completed date", "completion date", "date of completion", "date complete", "actual completion date"),
    ),
}  # fmt: skip
"""The earlier a word stands, the more surely it names the column: it wins over a later one in the same sheet."""

_RANKS: dict[str, list[tuple[int, Field]]] = {}
for _field, _words in SYNONYMS.items():
    for _rank, _word in enumerate(_words):
        _RANKS.setdefault(squeezed(_word) or _word, []).append((_rank, _field))


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the sheet: its letter, what its heading says, and what it became (None: it is left aside)."""

    index: int
    says: str
    field: Field | None = None

    @property
    def letter(self) -> str:
        """The column's letters, as Excel shows them."""
        letters, rest = "", self.index + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        return letters


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of headings and its columns, from left to right."""

    row: int
    columns: tuple[Heading, ...]

    def of(self, field: Field) -> Heading | None:
        """The column that is this field."""
        return next((column for column in self.columns if column.field is field), None)

    @property
    def known(self) -> int:
        """How many columns were understood."""
        return sum(column.field is not None for column in self.columns)


def find(sheet: Sheet, told: Mapping[str, Field | None]) -> Headings | None:
    """The headings of a sheet: the row near the top that names most columns, an action's among them; None without one.

    `told` is what the person said of headings of their own (squeezed; None leaves a column aside).
    """
    best: Headings | None = None
    for row in sheet.rows[:LOOKED_AT]:
        found = read(row, told)
        if found.of(Field.WHAT) and found.known >= 2 and (best is None or found.known > best.known):
            best = found
    return best


def read(row: Row, told: Mapping[str, Field | None]) -> Headings:
    """What each cell of a row would be as a heading."""
    says = {index: line(row.cell(index)) or _mark(row, index) for index in range(len(row.cells))}
    taken: dict[int, Field | None] = {i: told[squeezed(t)] for i, t in says.items() if t and squeezed(t) in told}
    guesses = sorted((rank, i, field) for i, text in says.items() if i not in taken for rank, field in _ranked(text))
    for _, index, field in guesses:
        if index not in taken and field not in taken.values():
            taken[index] = field
    return Headings(row.number, tuple(Heading(i, text, taken.get(i)) for i, text in says.items()))


def _mark(row: Row, index: int) -> str:
    """A heading that is only a mark, such as `#`, which elsewhere would count as a blank."""
    cell = row.cell(index)
    return cell.strip() if isinstance(cell, str) and cell.strip() == "#" else ""


def _ranked(text: str) -> Iterator[tuple[int, Field]]:
    for penalty, words in enumerate(_readings(text)):
        for word in words:
            for rank, field in _RANKS.get(squeezed(word) or word, ()):
                yield 100 * penalty + rank, field


def _readings(text: str) -> Iterable[tuple[str, ...]]:
    """A heading whole, then without what is in brackets, then each of the words it offers (`Owner / Lead`)."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", text)
    return (text,), (bare,), tuple(re.split(r"[/,&;|]|\bor\b|\band\b|\s[-–—]\s", bare))


def data_rows(sheet: Sheet, headings: Headings) -> list[Row]:
    """The rows below the headings that hold anything."""
    return [row for row in sheet.rows if row.number > headings.row and any(paragraph(cell) for cell in row.cells)]
