"""What is wrong with a row of the spreadsheet, by the spreadsheet's own row number. No sentence: `bot` makes it one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from board.importing.days import DayTrouble


class Trouble(StrEnum):
    """Why a row cannot be kept as it is."""

    NO_WORDS = "no words"
    TOO_LONG = "too long"
    NOT_A_DATE = "not a date"
    NO_SUCH_DAY = "no such day"
    YEAR = "year"
    SEVERAL_DATES = "several dates"
    IN_THE_FUTURE = "in the future"
    STATUS = "status"
    COLOUR = "colour"
    OPEN_BUT_CLOSED = "open but closed"
    FORMULA = "formula"
    SAME_REFERENCE = "same reference"


OF_DAYS = {
    DayTrouble.NOT_A_DATE: Trouble.NOT_A_DATE,
    DayTrouble.NO_SUCH_DAY: Trouble.NO_SUCH_DAY,
    DayTrouble.YEAR: Trouble.YEAR,
    DayTrouble.SEVERAL: Trouble.SEVERAL_DATES,
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one row. `heading` is the column's own, `said` its text, `number` a limit or another row."""

    row: int
    trouble: Trouble
    heading: str
    said: str = ""
    number: int = 0
