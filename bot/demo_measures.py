"""A fictional board's measures: two years of figures, so that cards, charts and the pack look as they would.

Made by rule and not by chance, so that each loading is the same: a level, where it went in a year, and the season.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from board.measures import SHOWN_MONTHS, YEAR, FigureStatus, MeasureKind, has_whole, kind_of, last_month, suppliers
from board.months import Month
from board.records import Agency, Figure, Measure
from board.reported import TYPED, figure_key
from bot.house import BOT
from sharepoint import queries as ask
from sharepoint.many import Many, Row
from sharepoint.schema import FIGURES
from sharepoint.store import Store


class Course(NamedTuple):
    """How a measure went: its level a month two years ago, what became of it in percent, and its whole if it has one.

    An amount rests on `each` of a count: so many hours a detention at first, and at the end.
    """

    level: float
    percent: float
    whole: float = 0


COURSES = {
    "s136": Course(58, -32),
    "s136-time": Course(12.4, -50, 58),
    "s136-police": Course(435, -48),
    "s136-handover": Course(0.46, 60, 58),
    "s135": Course(26, -30),
    "s135-oldest": Course(61, -35),
    "s135-days": Course(17, -25, 12),
    "beds": Course(19, -10),
    "firearms": Course(410, -20),
    "incidents": Course(1450, -6),
    "custody": Course(0.29, 8, 820),
    "callers": Course(240, -22),
    "assaults": Course(23, -12),
    "missing": Course(11, -28),
    "triage": Course(64, 35),
    "atr": Course(9, 25),
    "training": Course(34, 60),
    "sla": Course(0.71, 18, 140),
    "plans": Course(0.62, 40, 37),
    "referrals": Course(21, 20),
    "outcomes": Course(0.83, 8, 19),
}
"""By the measure's code. What is not here is as yet reported by nobody."""

SEASON = (1.06, 0.97, 1.02, 0.95, 1.05, 1.08, 1.11, 1.04, 0.96, 0.99, 0.91, 0.86)
"""January to December."""

LATE = ("AMB", "training")
"""Who has not reported the last month yet."""


def figures(measures: Iterable[Measure], agencies: dict[str, Agency], today: date) -> Iterator[Figure]:
    """Two years and a month of every measure that has a course, of each agency that reports it."""
    months = last_month(today).back(SHOWN_MONTHS + YEAR)
    for measure in measures:
        course = COURSES.get(measure.code)
        for n, agency in enumerate(suppliers(measure, agencies)) if course else ():
            for at, month in enumerate(months):
                if (agency, measure.code) != LATE or month != months[-1]:
                    yield _figure(measure, course or Course(0, 0), agency, n, (at, month))


def _figure(measure: Measure, course: Course, agency: str, n: int, when: tuple[int, Month]) -> Figure:
    at, month = when
    year = 1 if at > YEAR else 0
    size = (1, 0.55, 0.35, 0.2, 0.14)[min(n, 4)]
    wave = SEASON[month.number - 1] * (1 + ((at * 7 + n * 3 + len(measure.code)) % 5 - 2) / 60)
    level = course.level * (1 + course.percent / 100 * year)
    part, whole = level * size * wave, None
    if has_whole(measure):
        people = round(course.whole * size * (0.68 if measure.code.startswith("s136") and year else 1) * wave)
        ratio = min(level * (1 + (wave - 1) / 3), 1 if kind_of(measure) is MeasureKind.SHARE else 1000)
        part, whole = ratio * people, Decimal(people)
    whole_number = kind_of(measure) in (MeasureKind.COUNT, MeasureKind.SHARE)
    last = at == SHOWN_MONTHS + YEAR - 1
    return Figure(
        key=figure_key(measure.code, agency, str(month)),
        reference=measure.code,
        measure=measure.code,
        agency=agency,
        month=str(month),
        numerator=Decimal(round(part)) if whole_number else round(Decimal(part), 2),
        denominator=whole,
        status=FigureStatus.PROVISIONAL if last else FigureStatus.FINAL,
        how=TYPED,
        member_name=BOT,
        reported_on=datetime.combine(month.next.first + timedelta(days=4), datetime.min.time(), UTC),
    )


async def load(store: Store, agencies: Iterable[Agency], today: date) -> str:
    """Write them, a hundred to a request; what was done, in words."""
    measures: list[Measure] = await store.find(ask.measures())
    made = list(figures(measures, {each.code: each for each in agencies}, today))
    async for _ in Many(store, FIGURES, by=BOT).add([Row(each, "fictional data") for each in made]):
        pass
    return f"{len(made)} figures of {len({each.measure for each in made})} measures"
