"""Understanding a spreadsheet of measures: a row for each measure, agency and month becomes a figure, or a problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.importing.cells import Cell, Row, Sheet, paragraph
from board.importing.columns import Columns, Refused, find
from board.measures import FigureStatus, named
from board.months import Month
from board.records import Figure, Measure, Member
from board.reported import BROUGHT_IN, report

WORDS: dict[str, tuple[str, ...]] = {
    "measure": ("measure code", "code", "indicator", "metric", "measure name"),
    "agency": ("agency code", "organisation", "reported by", "supplier", "force"),
    "month": ("period", "reporting month", "month of report"),
    "numerator": ("number", "value", "figure", "count", "part", "numerator", "total"),
    "denominator": ("of", "out of", "whole", "denominator", "base"),
    "status": ("provisional or final", "final", "state"),
    "note": ("notes", "comment", "comments"),
}
"""By column, what its heading may say besides its name."""

NEEDED = (("measure",), ("month",), ("numerator",))

FORM = {"month": "month", "numerator": "numerator", "denominator": "denominator", "figure_status": "status"}
"""The form's field of each column."""


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are read against: the measures, who reports each (by its code in small letters), and the day."""

    measures: Sequence[Measure]
    suppliers: Mapping[str, Sequence[str]]
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure, and from where in the file."""

    figure: Figure
    row: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """All that a file of figures says: what can be kept, what cannot by row, and what a person should look at."""

    entries: tuple[Entry, ...]
    refused: tuple[Refused, ...]
    remarks: tuple[str, ...] = ()

    @property
    def refused_rows(self) -> int:
        """How many rows have a problem."""
        return len({each.row for each in self.refused})


def recognised(sheets: Sequence[Sheet], sheet: str = "") -> Columns | None:
    """The columns of a sheet of measures; None where no sheet is one."""
    return find(sheets, sheet, WORDS, NEEDED)


def understand(columns: Columns, known: Known) -> Read:
    """Read every row. A row that is there twice for the same figure is refused the second time."""
    entries, refused, rows = list[Entry](), list[Refused](), dict[str, int]()
    for row in columns.rows():
        found, wrong = _row(columns, row, known)
        if found is not None and not wrong:
            first = rows.setdefault(found.key, row.number)
            if first == row.number:
                entries.append(Entry(found, row.number))
            else:
                wrong = [columns.refused(row, "measure", Problem.REPORTED_TWICE, first)]
        refused += wrong
    return Read(tuple(entries), tuple(refused))


def _row(columns: Columns, row: Row, known: Known) -> tuple[Figure | None, list[Refused]]:
    measure = _measure(known, paragraph(columns.cell(row, "measure")))
    if measure is None:
        return None, [columns.refused(row, "measure", Problem.NO_SUCH_MEASURE)]
    every = known.suppliers.get(measure.code.strip().casefold(), ())
    said = paragraph(columns.cell(row, "agency")).upper()
    agency = said or (every[0] if len(every) == 1 else "")
    if agency not in every:
        problem = Problem.NOT_ITS_SUPPLIER if said else Problem.MISSING
        return None, [columns.refused(row, "agency", problem)]
    try:
        figure = report(Form(_values(columns, row)), measure, agency, _NOBODY, known.now, known.today)
    except NotUnderstood as wrong:
        return None, [_refused(columns, row, each) for each in wrong.problems]
    return replace(figure, how=BROUGHT_IN), []


_NOBODY = Member(user_id="", name="")


def _measure(known: Known, said: str) -> Measure | None:
    by_name = (each for each in known.measures if said and each.name.strip().casefold() == said.casefold())
    return named(known.measures, said) if said and named(known.measures, said) else next(by_name, None)


def _refused(columns: Columns, row: Row, wrong: FieldProblem) -> Refused:
    found = columns.refused(row, FORM.get(wrong.field, wrong.field), wrong.problem)
    return replace(found, limit=wrong.limit, choices=wrong.choices)


def _values(columns: Columns, row: Row) -> dict[str, str]:
    values = {field: _text(columns.cell(row, name)) for field, name in FORM.items()}
    values["month"] = _month(columns.cell(row, "month"))
    part, slash, whole = values["numerator"].partition("/")
    if slash and not values["denominator"]:
        values |= {"numerator": part.strip(), "denominator": whole.strip()}
    status = values["figure_status"].capitalize()
    values["figure_status"] = {"P": FigureStatus.PROVISIONAL, "F": FigureStatus.FINAL}.get(status, status)
    return {**values, "note": _text(columns.cell(row, "note"))}


def _text(cell: Cell) -> str:
    """A number as Excel shows it, without what binary fractions add in the tenth place; else the cell's text."""
    if isinstance(cell, float):
        tidy = round(Decimal(repr(cell)), 9) if abs(cell) < 1e15 else Decimal(repr(cell))
        return f"{tidy.normalize():f}"
    return paragraph(cell)


def _month(cell: Cell) -> str:
    return str(Month.of(cell)) if isinstance(cell, date) else paragraph(cell)
