"""What of the agencies' figures anybody is shown: the one way from what was reported to what is posted. Pure.

A number from 1 to 4 is not shown, nor one by which it could be worked out: a share whose part or whose remainder is so
small is left out with its whole, an average over so few with its total, an amount where the people it rests on are so
few. **Whatever else is shown (a total, a difference, a percentage, a headline, a chart) is worked out from cells that
are shown, and from nothing else**, so it cannot say more than they do. A nought is shown: it is about nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from board.measures import SHOWN_MONTHS, Awaited, FigureStatus, Good, MeasureKind, counted, kind_of
from board.months import Month
from board.records import Figure, Measure

SMALL = 5
"""Numbers above nought and below this are not shown (the board's rule; the NHS's custom for small numbers)."""

Figures = Mapping[tuple[str, str, str], Figure]


class Hidden(StrEnum):
    """Why there is no number."""

    MISSING = "missing"
    SMALL = "small"
    RESTS = "rests on a small number"
    WAITS = "rests on a number that is not in"
    NOTHING = "nothing to measure"


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure in one month, as it may be shown: `value` with its part and whole, or why there is none.

    `from_` are the agencies whose figures are in it, `small` and `missing` those whose are not.
    """

    month: Month
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    hidden: Hidden | None = None
    provisional: bool = False
    revised: bool = False
    from_: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def is_small(number: Decimal | None) -> bool:
    """Whether a number is not to be shown by itself."""
    return number is not None and 0 < number < SMALL


def hides(measure: Measure, figure: Figure | None, resting: Sequence[Figure] | None = None) -> Hidden | None:
    """Why one agency's figure is not shown; None when it is. `resting` are the counts that it rests on."""
    if figure is None or figure.numerator is None:
        return Hidden.MISSING
    part, whole, kind = figure.numerator, figure.denominator, kind_of(measure)
    if kind in (MeasureKind.SHARE, MeasureKind.AVERAGE):
        if whole is None:
            return Hidden.MISSING
        if is_small(whole) or (kind is MeasureKind.SHARE and (is_small(part) or is_small(whole - part))):
            return Hidden.SMALL
        if whole == 0:
            return Hidden.NOTHING
    elif kind is MeasureKind.COUNT and is_small(part):
        return Hidden.SMALL
    return _resting(measure, resting)


def _resting(measure: Measure, resting: Sequence[Figure] | None) -> Hidden | None:
    if not measure.rests_on.strip():
        return None
    if not resting:
        return Hidden.WAITS
    return Hidden.RESTS if any(is_small(each.numerator) for each in resting) else None


@dataclass(frozen=True, slots=True)
class Published:
    """A board's figures as they may be shown. Nothing else that shows them is given what the agencies reported."""

    cells: Mapping[tuple[str, str, str], Cell]
    """By the measure's code, the agency's and the month's."""

    suppliers: Mapping[str, tuple[str, ...]]

    def cell(self, measure: Measure, month: Month, agencies: Iterable[str] | None = None) -> Cell:
        """All agencies' figures of a month as one, or those of `agencies`: of cells that are shown alone."""
        code = _code(measure)
        each = [
            (agency, self.cells.get((code, agency, str(month)), Cell(month, hidden=Hidden.MISSING)))
            for agency in (self.suppliers.get(code, ()) if agencies is None else agencies)
        ]
        return _together(measure, month, each)

    def pair(self, measure: Measure, months: Sequence[Month]) -> tuple[Cell, Cell, int]:
        """These months beside the same ones a year before: only what is shown of an agency in both, and how many such
        pairs there are."""
        now, before, paired = list[Cell](), list[Cell](), 0
        for month in months:
            both = [
                agency
                for agency in self.suppliers.get(_code(measure), ())
                if all(self._shown(measure, agency, each) for each in (month, month.year_before))
            ]
            paired += len(both)
            now += [self.cell(measure, month, [agency]) for agency in both]
            before += [self.cell(measure, month.year_before, [agency]) for agency in both]
        return _summed(measure, months[-1], now), _summed(measure, months[-1].year_before, before), paired

    def _shown(self, measure: Measure, agency: str, month: Month) -> bool:
        cell = self.cells.get((_code(measure), agency, str(month)))
        return cell is not None and cell.value is not None


def publish(
    measures: Sequence[Measure], figures: Iterable[Figure], suppliers: Mapping[str, Sequence[str]]
) -> Published:
    """What may be shown of what was reported. `suppliers` are the agencies' codes by the measure's in small letters."""
    by, known = counted(figures), {_code(measure): measure for measure in measures}
    counts: dict[tuple[str, str], list[Figure]] = {}
    for (code, _, said), figure in by.items():
        counts.setdefault((code, said), []).append(figure)
    cells = dict[tuple[str, str, str], Cell]()
    for (code, agency, said), figure in by.items():
        measure, month = known.get(code), Month.parse(said)
        if measure is not None and month is not None and agency in suppliers.get(code, ()):
            resting = counts.get((measure.rests_on.strip().casefold(), said), [])
            cells[code, agency, said] = _cell(measure, month, figure, _own(resting, agency))
    return Published(cells, {code: tuple(each) for code, each in suppliers.items()})


def _code(measure: Measure) -> str:
    return measure.code.strip().casefold()


def _own(resting: Sequence[Figure], agency: str) -> list[Figure]:
    """The counts that a figure rests on: its own agency's, else those of whoever reports them."""
    return [each for each in resting if each.agency.strip().upper() == agency] or list(resting)


def _cell(measure: Measure, month: Month, figure: Figure, resting: Sequence[Figure]) -> Cell:
    hidden, agency = hides(measure, figure, resting), figure.agency.strip().upper()
    provisional, revised = figure.status != FigureStatus.FINAL, figure.revisions > 0
    if hidden is not None:
        return Cell(month, hidden=hidden, provisional=provisional, revised=revised)
    part, whole = figure.numerator, figure.denominator
    value = _value(measure, part, whole)
    return Cell(month, value, part, whole, provisional=provisional, revised=revised, from_=(agency,))


def _value(measure: Measure, part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    kind = kind_of(measure)
    if part is None or kind not in (MeasureKind.SHARE, MeasureKind.AVERAGE):
        return part
    if not whole:
        return None
    return part / whole * (100 if kind is MeasureKind.SHARE else 1)


def _together(measure: Measure, month: Month, each: Sequence[tuple[str, Cell]]) -> Cell:
    """Several agencies' cells as one; where none is shown, why."""
    shown = [cell for _, cell in each if cell.value is not None]
    small = tuple(code for code, cell in each if cell.hidden in (Hidden.SMALL, Hidden.RESTS))
    missing = tuple(code for code, cell in each if cell.hidden in (Hidden.MISSING, Hidden.WAITS))
    if not shown:
        reasons = [cell.hidden for _, cell in each if cell.hidden is not None]
        why = next((one for one in Hidden if one is not Hidden.MISSING and one in reasons), Hidden.MISSING)
        provisional = any(cell.provisional for _, cell in each)
        return Cell(month, hidden=why, small=small, missing=missing, provisional=provisional)
    made = _summed(measure, month, shown)
    return Cell(
        month,
        made.value,
        made.numerator,
        made.denominator,
        provisional=made.provisional,
        revised=made.revised,
        from_=tuple(code for code, cell in each if cell.value is not None),
        small=small,
        missing=missing,
    )


def _summed(measure: Measure, month: Month, shown: Sequence[Cell]) -> Cell:
    if not shown:
        return Cell(month, hidden=Hidden.MISSING)
    part = sum((cell.numerator or Decimal() for cell in shown), Decimal())
    wholes = [cell.denominator for cell in shown if cell.denominator is not None]
    whole = sum(wholes, Decimal()) if wholes else None
    return Cell(
        month,
        _value(measure, part, whole),
        part,
        whole,
        provisional=any(cell.provisional for cell in shown),
        revised=any(cell.revised for cell in shown),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """The measures of a board as they may be shown, until the last month that is over, and what is not in."""

    measures: Sequence[Measure]
    published: Published
    until: Month
    missing: Sequence[Awaited] = ()

    @property
    def months(self) -> list[Month]:
        """The months that are shown: the same one a year before is the first."""
        return self.until.back(SHOWN_MONTHS)

    def latest(self, measure: Measure) -> Cell | None:
        """The last of these months of which anything was reported; None where nothing was."""
        cells = (self.published.cell(measure, month) for month in reversed(self.months))
        return next((cell for cell in cells if cell.hidden is not Hidden.MISSING), None)

    def reported(self) -> list[tuple[Measure, Cell]]:
        """The measures of which anything was reported, each with the last month there is."""
        found = [(each, self.latest(each)) for each in self.measures]
        return [(measure, cell) for measure, cell in found if cell is not None]


class Verdict(StrEnum):
    """What a change means, by the direction that is good."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "no change"
    NEITHER = ""


class NoComparison(StrEnum):
    """Why a month is not compared with the same one a year before."""

    NONE_THEN = "none a year before"
    MISSING_THEN = "not reported a year before"
    SMALL_THEN = "a small number a year before"
    NOT_NOW = "not shown now"
    NOT_ALIKE = "other agencies reported then"


@dataclass(frozen=True, slots=True)
class Change:
    """A comparison with a year before: both values, what differs, and what that means; or why there is none.

    `percent` is of the value before; for a share `difference` is in percentage points and there is no percent. `paired`
    of `of` agencies' months are in it: the others are not shown in one of the two years.
    """

    now: Decimal | None = None
    before: Decimal | None = None
    difference: Decimal = Decimal()
    percent: Decimal | None = None
    verdict: Verdict = Verdict.NEITHER
    none: NoComparison | None = None
    paired: int = 0
    of: int = 0


def change(measure: Measure, published: Published, months: Sequence[Month]) -> Change:
    """Months beside the same ones a year before, of the agencies that are shown in both."""
    now, before, paired = published.pair(measure, months)
    of = len(months) * len(published.suppliers.get(_code(measure), ()))
    if now.value is None or before.value is None:
        return Change(none=_why_none(measure, published, months[-1]))
    if before.value == 0:
        return Change(now.value, before.value, now.value, none=NoComparison.NONE_THEN, paired=paired, of=of)
    difference = now.value - before.value
    percent = None if kind_of(measure) is MeasureKind.SHARE else difference / before.value * 100
    return Change(now.value, before.value, difference, percent, _verdict(measure, difference), paired=paired, of=of)


def _why_none(measure: Measure, published: Published, month: Month) -> NoComparison:
    now, then = published.cell(measure, month), published.cell(measure, month.year_before)
    if now.value is None:
        return NoComparison.NOT_NOW
    if then.value is None:
        return {
            Hidden.SMALL: NoComparison.SMALL_THEN,
            Hidden.RESTS: NoComparison.SMALL_THEN,
            Hidden.NOTHING: NoComparison.NONE_THEN,
        }.get(then.hidden or Hidden.MISSING, NoComparison.MISSING_THEN)
    return NoComparison.NOT_ALIKE


def _verdict(measure: Measure, difference: Decimal) -> Verdict:
    if difference == 0:
        return Verdict.SAME
    good = measure.good.strip().casefold()
    if good not in (Good.LOWER.casefold(), Good.HIGHER.casefold()):
        return Verdict.NEITHER
    return Verdict.BETTER if (difference < 0) == (good == Good.LOWER.casefold()) else Verdict.WORSE
