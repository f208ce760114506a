"""How a measure's figures are said: numbers, changes and why there is none, the same on cards and on paper."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from board.measures import YEAR, MeasureKind, has_year, kind_of
from board.months import Month
from board.publishing import Cell, Change, Hidden, NoComparison, Published, Verdict, change
from board.records import Measure
from cards import words

HIDDEN: dict[Hidden, str] = {
    Hidden.MISSING: "not reported",
    Hidden.SMALL: "a small number, not shown",
    Hidden.RESTS: "not shown: about too few people",
    Hidden.WAITS: "not shown until the number of people is in",
    Hidden.NOTHING: "nothing to measure",
}

NO_COMPARISON: dict[NoComparison, str] = {
    NoComparison.NONE_THEN: "no comparison: none a year before",
    NoComparison.MISSING_THEN: "no comparison: not reported a year before",
    NoComparison.SMALL_THEN: "no comparison: a small number a year before",
    NoComparison.NOT_NOW: "",
    NoComparison.NOT_ALIKE: "no comparison: other agencies reported a year before",
}

SMALL_SAID = "Numbers from 1 to 4 are not shown, nor anything from which one could be worked out. A nought is shown."

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(month: Month) -> str:
    """A month as people write it: `October 2026`."""
    return f"{month.first:%B %Y}"


def short_month(month: Month) -> str:
    """A month where room is short: `Oct 26`."""
    return f"{MONTHS[month.number - 1]} {month.year % 100:02}"


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """A number as people round it: a half goes up."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value: Decimal, places: int = 0) -> str:
    """A number with its thousands apart."""
    return f"{rounded(value, places):,}"


def value_of(measure: Measure, value: Decimal) -> str:
    """A value without its unit: a share in whole percent, an average to a tenth, an amount whole from a hundred on."""
    kind = kind_of(measure)
    if kind is MeasureKind.SHARE:
        return f"{number(value)}%"
    if kind is MeasureKind.COUNT:
        return number(value)
    whole = kind is MeasureKind.AMOUNT and (value >= 100 or value == value.to_integral_value())
    return number(value, 0 if whole else 1)


def unit_of(measure: Measure) -> str:
    """What it is counted in, to follow a number; nothing for a share, whose sign says it."""
    return "" if kind_of(measure) is MeasureKind.SHARE else words.tame(measure.unit)


def with_unit(measure: Measure, value: Decimal) -> str:
    """A value with its unit: `41 detentions`."""
    return f"{value_of(measure, value)} {unit_of(measure)}".strip()


def figure_of(measure: Measure, cell: Cell) -> str:
    """What a cell shows, or why nothing: `30 of 41 (73%)`, `41`, `not reported`."""
    if cell.value is None:
        return HIDDEN[cell.hidden or Hidden.MISSING]
    if kind_of(measure) is MeasureKind.SHARE and cell.numerator is not None and cell.denominator is not None:
        return f"{number(cell.numerator)} of {number(cell.denominator)} ({value_of(measure, cell.value)})"
    return value_of(measure, cell.value)


def marks(cell: Cell) -> list[str]:
    """What is to be known of a cell beside its number."""
    found = ["provisional"] if cell.provisional and cell.hidden is not Hidden.MISSING else []
    found += ["revised"] if cell.revised else []
    if cell.value is not None:
        found += [f"without {words.joined(list(map(words.tame, cell.small)))} (small)"] if cell.small else []
        found += [f"{words.joined(list(map(words.tame, cell.missing)))} missing"] if cell.missing else []
    return found


def change_of(measure: Measure, told: Change, then: str = "a year before") -> str:
    """A comparison in words, by an arrow and by what it means: `↓ 32% lower than a year before (60): better`."""
    if told.none is not None:
        return NO_COMPARISON[told.none]
    assert told.before is not None
    before = value_of(measure, told.before)
    if told.difference == 0:
        return f"the same{f' as {then}' if then else ''} ({before})"
    arrow, word = ("↑", "higher") if told.difference > 0 else ("↓", "lower")
    verdict = f": {told.verdict}" if told.verdict in (Verdict.BETTER, Verdict.WORSE) else ""
    return f"{arrow} {_amount(told)} {word}{f' than {then}' if then else ''} ({before}){verdict}"


def _amount(told: Change) -> str:
    if told.percent is None:
        points = rounded(abs(told.difference))
        return words.count(int(points), "point") if points else "less than 1 point"
    percent = rounded(abs(told.percent))
    return f"{percent:,}%" if percent else "less than 1%"


HALF = (Decimal(-52), Decimal(-48))
"""Percent between which a fall is said to be a half."""


def headline(measure: Measure, published: Published, until: Month) -> str:
    """Twelve months beside the twelve before, in a sentence; empty where nothing of them can be compared, or added up.

    Months that are not shown of an agency in one of the years are in neither, and the sentence says so.
    """
    if not has_year(measure):
        return ""
    told = change(measure, published, until.back(YEAR))
    if told.none is not None or told.now is None or told.before is None:
        return ""
    name = words.tame(measure.name)
    months = "months" if told.of == YEAR else "agencies' months"
    left = "" if told.paired == told.of else f" ({told.paired} of {told.of} {months} can be compared)"
    if told.difference == 0:
        return (
            f"{name}: {with_unit(measure, told.now)} in the year to {month_name(until)}, as in the year before{left}."
        )
    way = "rose" if told.difference > 0 else "fell"
    by = "" if told.percent is None else f" by {_amount(told)}"
    said = f"{name} {way}{by}, from {value_of(measure, told.before)} to {with_unit(measure, told.now)}"
    half = ": it halved" if told.percent is not None and HALF[0] <= told.percent <= HALF[1] else ""
    saved = f": {with_unit(measure, -told.difference)} saved" if _saves(measure, told) else ""
    return f"{said} in the year to {month_name(until)}{half}{saved}{left}."


def _saves(measure: Measure, told: Change) -> bool:
    return kind_of(measure) is MeasureKind.AMOUNT and told.verdict is Verdict.BETTER and told.difference < 0
