"""Finding the columns of a sheet of figures by their headings, and telling what is wrong with a row of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from board.errors import Problem
from board.importing.cells import Cell, Row, Sheet, paragraph, squeezed
from board.importing.headings import LOOKED_AT


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing wrong with one row, by the spreadsheet's own number and heading; `other` is another row's number,
    `limit` and `choices` what a `FieldProblem` says."""

    row: int
    heading: str
    said: str
    problem: Problem
    other: int = 0
    limit: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """A sheet whose headings were found in a row: each known column by its name, with what its heading says."""

    sheet: Sheet
    row: int
    at: Mapping[str, int]
    says: Mapping[str, str]
    others: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """The rows below the headings that hold anything."""
        return [each for each in self.sheet.rows if each.number > self.row and any(map(paragraph, each.cells))]

    def cell(self, row: Row, name: str) -> Cell:
        """A row's cell of a column; None where there is no such column."""
        return row.cell(self.at[name]) if name in self.at else None

    def refused(self, row: Row, name: str, problem: Problem, other: int = 0) -> Refused:
        """What is wrong with a row's cell."""
        return Refused(row.number, self.says.get(name, name), paragraph(self.cell(row, name)), problem, other)


def find(
    sheets: Sequence[Sheet], named: str, words: Mapping[str, Sequence[str]], needed: Sequence[Sequence[str]]
) -> Columns | None:
    """The first sheet with a row, near its top, that names the needed columns: one at least of each group of them.

    A sheet that Excel hides is read only when it is named.
    """
    known = {squeezed(word): name for name, every in words.items() for word in (name, *every)}
    for sheet in sheets:
        if squeezed(sheet.name) != squeezed(named) if named else sheet.hidden:
            continue
        for row in sheet.rows[:LOOKED_AT]:
            found = _columns(sheet, row, known)
            if all(any(name in found.at for name in group) for group in needed):
                return found
    return None


def _columns(sheet: Sheet, row: Row, known: Mapping[str, str]) -> Columns:
    at, says, others = dict[str, int](), dict[str, str](), list[str]()
    for index, cell in enumerate(row.cells):
        said = " ".join(paragraph(cell).split())
        name = known.get(squeezed(said)) or known.get(squeezed(said.partition("(")[0]))
        if name is not None and name not in at:
            at[name], says[name] = index, said
        elif said:
            others.append(said)
    return Columns(sheet, row.number, at, says, tuple(others))
