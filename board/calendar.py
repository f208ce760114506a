"""The board's calendar: working days in England, the six-weekly board, and when reminders fall. Dates, never clocks.

Bank holidays are England's, from the `holidays` library. A board every so many weeks from its anchor keeps its weekday,
and a clock change never moves it: its time is a wall time in Europe/London.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from board.tuning import tuned

UK = ZoneInfo("Europe/London")

WEEKS = 6
DIGEST_AT = time(8, 30)
"""When the day's digests are due, UK time: at the start of the day shift, inside quiet hours' end."""

AHEAD = (7, 1, 0)
"""Days before an action is due on which its owner hears of it (domain default: 7 and 1, and the day itself)."""


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - a tenth of a second that a start need not wait for

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether people are at work: Monday to Friday and no bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_from(day: date, count: int) -> date:
    """The day that many working days after (before, if negative); 0 is the day itself, or the next working day."""
    step = timedelta(days=1 if count >= 0 else -1)
    while not is_working_day(day) and count == 0:
        day += step
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def previous_working_day(day: date) -> date:
    """The last working day before."""
    return working_days_from(day, -1)


@lru_cache(4_096)
def uk_date(moment: datetime) -> date:
    """The calendar date of an instant in the United Kingdom. Kept: a page of rows asks it for each, and of few days."""
    return moment.astimezone(UK).date()


def at_uk(day: date, wall: time) -> datetime:
    """A UK wall time on a day, as an instant in UTC. A time that a clock change skips becomes the one after it."""
    return datetime.combine(day, wall, UK).astimezone(UTC)


def board_days(anchor: date, first: date, last: date, weeks: int = WEEKS) -> list[date]:
    """The days between two dates (both counted) on which the board meets: every so many weeks from the anchor.

    A board on a bank holiday meets on the next working day; the one after it is back in step.
    """
    return list(_board_days(anchor, first, last, weeks))


@lru_cache(64)
def _board_days(anchor: date, first: date, last: date, weeks: int) -> tuple[date, ...]:
    """As above. Kept, since a year of boards is asked for with every tracker and changes once a day."""
    step = timedelta(weeks=weeks)
    behind = (first - anchor).days // step.days
    nominal = anchor + (behind - 1) * step
    found: list[date] = []
    while nominal <= last:
        held = working_days_from(nominal, 0)
        if first <= held <= last:
            found.append(held)
        nominal += step
    return tuple(found)


def next_board(anchor: date, today: date, weeks: int = WEEKS) -> date:
    """The first board on or after today."""
    return board_days(anchor, today, today + timedelta(weeks=weeks, days=14), weeks)[0]


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something told so many working days before the board (after it, if negative).

    `name` is part of the notice's key, so it never changes.
    """

    name: str
    working_days_before: int


MILESTONES = (
    Milestone("call", 15),
    Milestone("disseminate", 10),
    Milestone("returns", 7),
    Milestone("pack", 5),
    Milestone("eve", 1),
    Milestone("day", 0),
    Milestone("decisions", -2),
)
"""What is told of a board (domain defaults): the call for items, outstanding actions to everybody, what is awaited, the
pack, the reminder the day before, the day, and two working days after it what was decided."""

LONGEST = 40
"""Working days: no milestone is further from its board."""


def milestones_of(text: str) -> tuple[Milestone, ...]:
    """The milestones with a board's own numbers, such as `pack 6`; the day itself is always the day."""
    numbers = tuned(text, {m.name: m.working_days_before for m in MILESTONES}, least=-LONGEST, most=LONGEST)
    own = [Milestone(name, 0 if name == "day" else days) for name, days in numbers.items()]
    return tuple(sorted(own, key=lambda each: -each.working_days_before))


def milestone_day(board: date, milestone: Milestone) -> date:
    """The day on which a milestone of a board falls."""
    return working_days_from(board, -milestone.working_days_before) if milestone.working_days_before else board


def milestones_between(
    board: date, after: date, until: date, milestones: Iterable[Milestone] = MILESTONES
) -> list[tuple[Milestone, date]]:
    """The milestones of a board that fall after one day and until another (counted), with their days, in order."""
    found = [(milestone, milestone_day(board, milestone)) for milestone in milestones]
    return [(milestone, day) for milestone, day in found if after < day <= until]


def reminder_days(due: date) -> list[date]:
    """The days on which an action due then is mentioned before it is overdue."""
    return [due - timedelta(days=days) for days in AHEAD]


def told_between(due: date, after: date, until: date) -> bool:
    """Whether one of an action's reminder days falls after one day and until another (counted).

    So a reminder day on a weekend or bank holiday is carried to the next digest instead of being lost.
    """
    return any(after < day <= until for day in reminder_days(due))
