"""Columns as data: how a record's attribute is stored in an item, and how it is read back however it was edited."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from board.vocabulary import Role

UK = ZoneInfo("Europe/London")

TEXTS = 4_096
"""Dates whose reading is kept: the rows of a working query share a few hundred, and each is read with every query."""


class Type(Enum):
    """What a column holds. The value is SharePoint's own name for the field type."""

    TEXT = "Text"
    NOTE = "Note"
    CHOICE = "Choice"
    DATE_TIME = "DateTime"
    BOOLEAN = "Boolean"
    NUMBER = "Number"
    USER = "User"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `attribute` is the record's; `label` is what people see in SharePoint."""

    name: str
    attribute: str
    type: Type = Type.TEXT
    write: Callable[[Any], Any] = str
    read: Callable[[Any], Any] = str
    indexed: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()
    label: str = ""
    date_only: bool = False
    default: bool = True

    @property
    def internal(self) -> str:
        """The column's internal name; a person column is written and read as its name with `Id`."""
        return self.name.removesuffix("Id") if self.type is Type.USER else self.name

    @property
    def ready(self) -> builtins.type | None:
        """The class of values that are the attribute as they are told; None where each has to be read."""
        return str if self.read is _text else None


def text(name: str, attribute: str, *, label: str = "", indexed: bool = False, unique: bool = False) -> Column:
    """A single line of at most 255 characters."""
    return Column(name, attribute, write=str, read=_text, label=label, indexed=indexed, unique=unique)


def note(name: str, attribute: str, *, label: str = "") -> Column:
    """Plain text of several lines; it cannot be indexed."""
    return Column(name, attribute, Type.NOTE, write=str, read=_text, label=label)


def choice(name: str, attribute: str, choices: tuple[str, ...], *, label: str = "", indexed: bool = False) -> Column:
    """One of the board's own words. SharePoint lets other text in over REST, so what is read is not to be trusted."""
    return Column(name, attribute, Type.CHOICE, str, _text, label=label, indexed=indexed, choices=choices)


def codes(name: str, attribute: str, *, label: str = "") -> Column:
    """A set of agency codes, kept as `AAA; BBB` in one line so that people can read and edit it."""
    return Column(name, attribute, Type.TEXT, lambda value: "; ".join(sorted(value)), _codes, label=label)


def several(name: str, attribute: str, *, label: str = "") -> Column:
    """Several of the board's words, one on each line."""
    return Column(name, attribute, Type.NOTE, "\n".join, _lines, label=label)


def roles(name: str, attribute: str, *, label: str = "") -> Column:
    """A member's roles, kept as `Chair; Representative`; what is not a role is passed over."""
    return Column(name, attribute, Type.TEXT, lambda value: "; ".join(sorted(value)), _roles, label=label)


def yes_no(name: str, attribute: str, *, label: str = "", indexed: bool = False) -> Column:
    """A yes or no; a blank reads as yes, since a row typed by hand is meant to count."""
    return Column(name, attribute, Type.BOOLEAN, bool, _yes, label=label, indexed=indexed)


def flag(name: str, attribute: str, *, label: str = "", indexed: bool = False) -> Column:
    """A yes or no that is no until somebody says yes; a blank reads as no."""
    return Column(name, attribute, Type.BOOLEAN, bool, _flag, label=label, indexed=indexed, default=False)


def people(name: str, attribute: str, *, label: str = "") -> Column:
    """A set of Entra object ids, one on each line, in lower case."""
    return Column(name, attribute, Type.NOTE, lambda value: "\n".join(sorted(value)), _people, label=label)


def number(name: str, attribute: str, *, label: str = "") -> Column:
    """A whole number; a blank or anything else reads as 0."""
    return Column(name, attribute, Type.NUMBER, int, _number, label=label)


def amount(name: str, attribute: str, *, label: str = "") -> Column:
    """A number with or without decimals; a blank or anything else reads as none, which is not nought."""
    return Column(name, attribute, Type.NUMBER, _put_amount, _amount, label=label)


def person(name: str, attribute: str, *, label: str = "") -> Column:
    """Somebody of the site, as SharePoint's number for them; 0 is nobody. `name` ends in `Id`."""
    return Column(name, attribute, Type.USER, lambda value: value or None, _number, label=label)


def moment(name: str, attribute: str, *, label: str = "", indexed: bool = False) -> Column:
    """An instant, in UTC to the second; SharePoint keeps no finer one."""
    return Column(name, attribute, Type.DATE_TIME, _put_moment, read_moment, label=label, indexed=indexed)


def day(name: str, attribute: str, *, label: str = "", indexed: bool = False) -> Column:
    """A calendar date in the United Kingdom.

    Written as noon UTC and read in Europe/London: SharePoint answers a date as the site's midnight told in UTC, which
    is the evening before in summer, so the naive reading is a day out.
    """
    return Column(name, attribute, Type.DATE_TIME, _put_day, _day, label=label, date_only=True, indexed=indexed)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _split(value: Any) -> list[str]:
    return [part.strip() for part in _text(value).replace(",", ";").split(";") if part.strip()]


def _codes(value: Any) -> frozenset[str]:
    return frozenset(part.upper() for part in _split(value))


def _lines(value: Any) -> tuple[str, ...]:
    return tuple(line.strip() for line in _text(value).splitlines() if line.strip())


def _roles(value: Any) -> frozenset[Role]:
    by_word = {role.value.casefold(): role for role in Role}
    return frozenset(by_word[part.casefold()] for part in _split(value) if part.casefold() in by_word)


def _yes(value: Any) -> bool:
    return value is not False


def _flag(value: Any) -> bool:
    return value is True


def _people(value: Any) -> frozenset[str]:
    return frozenset(line.lower() for line in _lines(value))


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and isfinite(value) else 0


def _put_amount(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        return None
    return read.normalize() + 0 if read.is_finite() else None


def _put_moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def read_moment(value: Any) -> datetime | None:
    """An instant as SharePoint answers it, aware; None when it is blank or no date."""
    return _moment_of(value) if isinstance(value, str) else None


@lru_cache(TEXTS)
def _moment_of(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _put_day(value: date | None) -> str | None:
    return _put_moment(datetime.combine(value, time(12), UTC)) if value else None


def _day(value: Any) -> date | None:
    return _day_of(value) if isinstance(value, str) else None


@lru_cache(TEXTS)
def _day_of(text: str) -> date | None:
    read = _moment_of(text)
    try:
        return read.astimezone(UK).date() if read else None
    except OverflowError:  # .NET's blank date, the year 1, was before midnight in London
        return None
