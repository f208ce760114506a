"""Dates as people write them in a spreadsheet: day before month, always, and words that mean that there is none."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from board.importing.cells import EPOCH_1900, Cell, line, squeezed

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Outside these a year is a slip of the finger: boards of this kind began in this century."""


class DayTrouble(StrEnum):
    """Why a text is no date."""

    NOT_A_DATE = "not a date"
    NO_SUCH_DAY = "no such day"
    YEAR = "year"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Day:
    """What a cell says: a day, a word for having none (`said`), or a trouble. `whole_month`: its last day was taken."""

    day: date | None = None
    said: str = ""
    trouble: DayTrouble | None = None
    whole_month: bool = False


_NO_DAY = frozenset(
    {
        *("asap", "assoonaspossible", "immediate", "immediately", "urgent", "ongoing", "ongoingaction", "continuous"),
        *("tbc", "tba", "tbd", "tobeconfirmed", "tobeagreed", "tobedecided", "notset", "nodate", "open", "unknown"),
        *("nextmeeting", "nextboard", "bynextmeeting", "bynextboard", "eachmeeting", "everymeeting", "standing"),
        *(
            "standingitem",
            "monthly",
            "weekly",
            "quarterly",
            "rolling",
            "notapplicable",
            "complete",
            "completed",
            "done",
        ),
        *("closed", "overdue"),
    }
)

_MONTHS = {name.casefold(): n for n in range(1, 13) for name in (calendar.month_name[n], calendar.month_abbr[n])}
_MONTHS["sept"] = 9
_NUMBERS = re.compile(r"(\d{1,2})\s*[./\\-]\s*(\d{1,2})\s*[./\\-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s./-]*([a-z]+)\.?[\s,./'’-]*(\d{4}|\d{2})", re.IGNORECASE)
_MONTH_ONLY = re.compile(
    r"(?:(?:by\s+)?(?:the\s+)?end\s+(?:of\s+)?|by\s+)?([a-z]+)\.?[\s./'’-]*(\d{4}|\d{2})", re.IGNORECASE
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[\s,.]+", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_TIME = re.compile(r"\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:am|pm)?$", re.IGNORECASE)


def read_day(cell: Cell, epoch: date = EPOCH_1900) -> Day:
    """Read a date cell. Text is read as in the United Kingdom: 3/4/2026 is 3 April, 03.04.26 too."""
    if isinstance(cell, datetime):
        return _checked(cell.date())
    if isinstance(cell, date):
        return _checked(cell)
    text = line(cell)
    if not text:
        return Day()
    if squeezed(text) in _NO_DAY or not squeezed(text):
        return Day(said=text)
    if _SERIAL.fullmatch(text):
        return _checked(epoch + timedelta(days=int(float(text))))
    return _written(_TIME.sub("", _WEEKDAY.sub("", text)).strip(" ."))


def _written(text: str) -> Day:
    if match := _ISO.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        return _made(_year(match[3]), int(match[2]), int(match[1]))
    if (match := _NAMED.fullmatch(text)) and match[2].casefold() in _MONTHS:
        return _made(_year(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
    if (match := _MONTH_ONLY.fullmatch(text)) and match[1].casefold() in _MONTHS:
        year, month = _year(match[2]), _MONTHS[match[1].casefold()]
        found = _made(year, month, calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 1)
        return Day(found.day, trouble=found.trouble, whole_month=found.day is not None)
    several = len(_NUMBERS.findall(text)) + len(_NAMED.findall(text)) > 1
    return Day(trouble=DayTrouble.SEVERAL if several else DayTrouble.NOT_A_DATE)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _made(year: int, month: int, day: int) -> Day:
    try:
        return _checked(date(year, month, day))
    except ValueError:
        return Day(trouble=DayTrouble.NO_SUCH_DAY)


def _checked(day: date) -> Day:
    return Day(day) if FIRST <= day <= LAST else Day(trouble=DayTrouble.YEAR)
