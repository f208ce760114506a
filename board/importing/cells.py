"""A sheet as it was read, whatever kind of file it came from, and the text of its cells as people mean it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from board.forms import clean

Cell = str | int | float | bool | date | datetime | time | None

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""Day 0 of the two calendars of Excel. The first is two days early: Excel counts a 29 February 1900 that never was."""

_BLANKS = frozenset({"na", "nil", "none", "null", "blank"})
_ESCAPED_RETURN = "_x000D_"
"""How a workbook writes a carriage return inside a text; no reader turns it back."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is what the spreadsheet shows at its left."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """A cell by its position; None to the right of the last one."""
        return self.cells[index] if 0 <= index < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `hidden_rows` and `hidden_columns` count what Excel does not show; they are read like the others.

    `beyond` is the number of the first row that holds something and was not read because the sheet is too long.
    """

    name: str
    rows: tuple[Row, ...]
    epoch: date = EPOCH_1900
    hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: int = 0
    beyond: int = 0


def paragraph(cell: Cell) -> str:
    """The text of a cell, its line breaks kept. What stands for a blank (`-`, `n/a`) is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else cell
    if isinstance(cell, date | time):
        return f"{cell.day} {cell:%B %Y}" if isinstance(cell, date) else f"{cell:%H:%M}"
    return _written(str(cell))


@lru_cache(maxsize=200_000)
def _written(cell: str) -> str:
    """Kept, since each text is asked for some ten times while a sheet is understood, and cleaning takes longest."""
    text = clean(
        cell.replace(_ESCAPED_RETURN, "").replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    )
    return "" if is_blank(text) and not is_formula_error(text) else text


def line(cell: Cell) -> str:
    """The text of a cell on one line."""
    return " ".join(paragraph(cell).split())


def is_blank(text: str) -> bool:
    """Whether a text only says that there is nothing."""
    bare = squeezed(text)
    return bare in _BLANKS or (not bare and len(text) <= 10 and not set(text) & set("?!£$%"))


def squeezed(text: str) -> str:
    """A text as headings and names are compared: without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold())


def is_formula_error(text: str) -> bool:
    """Whether a cell holds what Excel leaves when a formula fails, such as `#REF!`."""
    return text in ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
