"""Months, and when each is told of: on the first working day of the next one, once. Dates, never clocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from board.calendar import DIGEST_AT, at_uk, is_working_day, uk_date, working_days_from

_SPELT = re.compile(r"([0-9]{4})-([0-9]{2})")

MOST_MISSED = 12
"""Months that are told of together at most after a long outage: what is older is asked for by whoever needs it."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in the United Kingdom; its text is such as `2026-10`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day is in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """Read what `str` wrote; None for anything else."""
        spelt = _SPELT.fullmatch(text)
        if not spelt or not 1 <= int(spelt[2]) <= 12 or not 1900 <= int(spelt[1]) <= 2199:
            return None
        return cls(int(spelt[1]), int(spelt[2]))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after."""
        return Month.of(self.first + timedelta(days=31))

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def year_before(self) -> Month:
        """The same month a year before."""
        return Month(self.year - 1, self.number)

    def back(self, number: int) -> list[Month]:
        """So many months that end with this one, the oldest first."""
        at = self.year * 12 + self.number - 1
        return [Month(each // 12, each % 12 + 1) for each in range(at - number + 1, at + 1)]


def told_on(month: Month) -> date:
    """The day on which a month is told of: the first working day of the next."""
    return working_days_from(month.next.first, 0)


def to_tell(told: Month, now: datetime) -> list[Month]:
    """The months to tell of at this instant, oldest first; none outside a working day's hours from the digest's on.

    `told` is the last that was told of.
    """
    today = uk_date(now)
    if not is_working_day(today) or now < at_uk(today, DIGEST_AT):
        return []
    missed, due = list[Month](), latest(today)
    while due > told and len(missed) < MOST_MISSED:
        missed.insert(0, due)
        due = due.before
    return missed


def told_before(today: date) -> Month:
    """The last month that counts as told of on the first day of all: only what is told of this very day is not.

    A bot set up in the middle of a month has nothing to say of the one before.
    """
    due = latest(today)
    return due.before if told_on(due) == today else due


def latest(today: date) -> Month:
    """The last month whose day to be told of has come."""
    before = Month.of(today).before
    return before if told_on(before) <= today else before.before


def monthly_key(kind: str, month: Month, member: str) -> str:
    """The key of a monthly notice to one member, for ever."""
    return f"{kind}/{month}/member:{member}"


def read_monthly_key(key: str) -> tuple[str, Month, str] | None:
    """Read a monthly notice's key back: its kind, its month and the member's id; None for any other text."""
    parts = key.split("/")
    month = Month.parse(parts[1]) if len(parts) == 3 else None
    if month is None or not parts[2].startswith("member:"):
        return None
    return parts[0], month, parts[2].removeprefix("member:")
