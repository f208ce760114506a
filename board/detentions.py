"""Individual detentions under section 136, from which the month's figures are worked out. Pure.

A detention is a pseudonym, its times, and the hours of police. It is read, checked, counted and forgotten: the figures
alone are kept. Times are wall times in the United Kingdom; an hour that a clock change skips is no time, and one that
it repeats is the earlier unless that would put the end before the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from board.calendar import UK, uk_date
from board.errors import Problem
from board.measures import FigureStatus
from board.months import Month
from board.records import Figure
from board.reported import WORKED_OUT, figure_key

COUNT, TIME, POLICE, HANDOVER = "s136", "s136-time", "s136-police", "s136-handover"
"""The codes of the measures that are worked out."""

LONGEST = timedelta(hours=36)
"""A detention lasts 24 hours, and 12 more where a doctor extends it (Mental Health Act 1983 s136(2A) and s136B)."""

NOT_POSSIBLE = timedelta(days=7)
"""Beyond this it is a slip of the pen, and not a breach to be counted."""

SOON = timedelta(minutes=60)
"""Within which police hand over to health (domain)."""


@dataclass(frozen=True, slots=True)
class Times:
    """The times of one detention as written, and its hours of police where they are."""

    arrived: datetime
    ended: datetime | None = None
    handed: datetime | None = None
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Detention:
    """One detention, its times as instants in UTC. `hours` are those of police, from arrival until they left where
    nothing else was recorded."""

    agency: str
    arrived: datetime
    ended: datetime | None = None
    handed: datetime | None = None
    hours: Decimal | None = None

    @property
    def month(self) -> Month:
        """The month it counts in: that of the arrival in the United Kingdom."""
        return Month.of(uk_date(self.arrived))

    @property
    def is_long(self) -> bool:
        """Whether it lasted longer than the Act allows."""
        return self.ended is not None and self.ended - self.arrived > LONGEST


def instants(wall: datetime) -> list[datetime]:
    """The instants that a wall time may mean: one, none where a clock change skips it, two where one repeats it."""
    if wall.tzinfo is not None:
        return [wall.astimezone(UTC)]
    meant = [wall.replace(tzinfo=UK, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return sorted({each for each in meant if each.astimezone(UK).replace(tzinfo=None) == wall})


def is_repeated(wall: datetime) -> bool:
    """Whether a clock change repeats a wall time."""
    return len(instants(wall)) > 1


def placed(agency: str, times: Times, now: datetime) -> tuple[Detention | None, list[tuple[str, Problem]]]:
    """The detention at its instants, or what is wrong with which of its times."""
    arrived = instants(times.arrived)
    if not arrived:
        return None, [("arrived", Problem.SKIPPED_HOUR)]
    if arrived[0] > now:
        return None, [("arrived", Problem.IN_THE_FUTURE)]
    wrong = list[tuple[str, Problem]]()
    later = dict[str, datetime | None]()
    for name, wall in (("ended", times.ended), ("handed", times.handed)):
        later[name], problem = _after(arrived[0], wall, now)
        wrong += [(name, problem)] if problem else []
    ended, handed = later["ended"], later["handed"]
    if ended is not None and ended - arrived[0] > NOT_POSSIBLE:
        wrong.append(("ended", Problem.TOO_LONG_A_STAY))
    if handed is not None and handed - arrived[0] > NOT_POSSIBLE:
        wrong.append(("handed", Problem.TOO_LONG_A_STAY))
    if wrong:
        return None, wrong
    hours = times.hours if times.hours is not None else _hours(arrived[0], handed) if handed else None
    return Detention(agency, arrived[0], ended, handed, hours), []


def _after(begin: datetime, wall: datetime | None, now: datetime) -> tuple[datetime | None, Problem | None]:
    """The first instant of a wall time that is not before the beginning, or why there is none."""
    if wall is None:
        return None, None
    meant = instants(wall)
    if not meant:
        return None, Problem.SKIPPED_HOUR
    found = next((each for each in meant if each >= begin), None)
    if found is None:
        return None, Problem.BEFORE_IT_BEGAN
    return (None, Problem.IN_THE_FUTURE) if found > now else (found, None)


def _hours(begin: datetime, end: datetime) -> Decimal:
    return Decimal(int((end - begin).total_seconds())) / 3600


def worked_out(detentions: Iterable[Detention], now: datetime) -> list[Figure]:
    """The figures of each agency and month: how many, how long in the mean, police hours, and handed over within the
    hour. Of those whose end or handover is not recorded the month's figures are provisional, and the mean is of the
    others."""
    by: dict[tuple[Month, str], list[Detention]] = {}
    for each in detentions:
        by.setdefault((each.month, each.agency), []).append(each)
    return [
        _figure(code, agency, month, numbers, now)
        for (month, agency), found in sorted(by.items())
        for code, numbers in _numbers(found).items()
    ]


Numbers = tuple[Decimal, Decimal | None, bool]
"""A figure's part, its whole, and whether anything of it is not recorded."""


def _numbers(found: list[Detention]) -> Mapping[str, Numbers]:
    stayed = [_hours(each.arrived, each.ended) for each in found if each.ended is not None]
    hours = [each.hours for each in found if each.hours is not None]
    soon = [_was_soon(each) for each in found if each.handed is not None or each.hours is not None]
    numbers: dict[str, Numbers] = {COUNT: (Decimal(len(found)), None, False)}
    if stayed:
        numbers[TIME] = _whole(sum(stayed, Decimal())), Decimal(len(stayed)), len(stayed) < len(found)
    if hours:
        numbers[POLICE] = _whole(sum(hours, Decimal())), None, len(hours) < len(found)
    if soon:
        numbers[HANDOVER] = Decimal(sum(soon)), Decimal(len(soon)), len(soon) < len(found)
    return numbers


def _was_soon(each: Detention) -> bool:
    if each.handed is not None:
        return each.handed - each.arrived <= SOON
    return each.hours is not None and each.hours <= 1


def _whole(hours: Decimal) -> Decimal:
    return round(hours, 2).normalize() + 0


def _figure(code: str, agency: str, month: Month, numbers: Numbers, now: datetime) -> Figure:
    part, whole, lacking = numbers
    return Figure(
        key=figure_key(code, agency, str(month)),
        reference=code,
        measure=code,
        agency=agency,
        month=str(month),
        numerator=part,
        denominator=whole,
        status=FigureStatus.PROVISIONAL if lacking else FigureStatus.FINAL,
        how=WORKED_OUT,
        reported_on=now,
    )
