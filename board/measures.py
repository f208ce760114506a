"""What a measure is: its kinds, who supplies it, which months are expected, and those that a new board begins with.

Measures are rows that a board edits and adds to. What agencies report of them is kept apart (`Figure`), since small
numbers lie in it: see `publishing` for what anybody is shown. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from board.months import Month
from board.records import Agency, Figure, Forum, Measure

YEAR = 12
SHOWN_MONTHS = 13
"""Months of one measure that are shown together: the same month a year before is the first of them."""

WINDOW = 24
"""Months that are read: a year, and the year before it for comparison."""


class MeasureKind(StrEnum):
    """What a figure is. A count is of people or events; a share has a part and a whole; an average a total and a count
    of people; an amount (hours, days) rests on people counted elsewhere."""

    COUNT = "Count"
    SHARE = "Share"
    AVERAGE = "Average"
    AMOUNT = "Amount"


_KINDS = {each.casefold(): each for each in MeasureKind}


class Good(StrEnum):
    """Which direction is good."""

    LOWER = "Lower"
    HIGHER = "Higher"
    NEITHER = "Neither"


class Frequency(StrEnum):
    """How often a figure is expected; a quarter is told under its last month."""

    MONTHLY = "Monthly"
    QUARTERLY = "Quarterly"


class OverYear(StrEnum):
    """What a year of it is: its months added up, or each month by itself. Shares and averages are told over a year
    from their parts, whatever is said here."""

    ADDED = "Added up"
    APART = "Month by month"


class FigureStatus(StrEnum):
    """Whether a figure may still change."""

    PROVISIONAL = "Provisional"
    FINAL = "Final"


def kind_of(measure: Measure) -> MeasureKind:
    """What its figures are; a row typed by hand that says nothing known holds counts, the kind shown least."""
    return _KINDS.get(measure.kind.strip().casefold(), MeasureKind.COUNT)


def has_whole(measure: Measure) -> bool:
    """Whether its figures have a denominator."""
    return kind_of(measure) in (MeasureKind.SHARE, MeasureKind.AVERAGE)


def has_year(measure: Measure) -> bool:
    """Whether twelve months of it say something together: what is waiting each month, added up, does not."""
    return has_whole(measure) or measure.over_year.strip().casefold() == OverYear.ADDED.casefold()


def is_quarterly(measure: Measure) -> bool:
    """Whether a figure is expected each quarter only."""
    return measure.frequency.strip().casefold() == Frequency.QUARTERLY.casefold()


def suppliers(measure: Measure, agencies: Mapping[str, Agency], forum: Forum | None = None) -> list[str]:
    """The codes of the agencies that report a measure: named by code, or by kind; in order, open ones of the forum."""
    named = {part.strip().casefold() for part in (measure.suppliers or measure.agency).replace(",", ";").split(";")}
    return sorted(
        code
        for code, agency in agencies.items()
        if agency.open
        and (forum is None or forum.includes(code))
        and (code.casefold() in named or (agency.kind and agency.kind.casefold() in named))
    )


def of_forum(measures: Iterable[Measure], forum: Forum) -> list[Measure]:
    """A board's measures in their order, each code once; those that name no board are the first one's."""
    found: dict[str, Measure] = {}
    for each in sorted(measures, key=lambda each: (each.place or 999, each.id)):
        mine = not each.forum.strip() or each.forum.strip().upper() == forum.code.upper()
        if each.open and mine and each.code.strip():
            found.setdefault(each.code.strip().casefold(), each)
    return list(found.values())


def named(measures: Iterable[Measure], said: str) -> Measure | None:
    """The measure of a code, whatever its capitals."""
    return next((each for each in measures if each.code.strip().casefold() == said.strip().casefold()), None)


def last_month(today: date) -> Month:
    """The last month that is over."""
    return Month.of(today).before


@dataclass(frozen=True, slots=True, order=True)
class Awaited:
    """A figure that is expected and not there."""

    month: Month
    code: str
    agency: str


def counted(figures: Iterable[Figure]) -> dict[tuple[str, str, str], Figure]:
    """The figures by measure, agency and month; where one was typed twice by hand, the newer row counts."""
    found: dict[tuple[str, str, str], Figure] = {}
    for each in sorted(figures, key=lambda each: each.id):
        if each.open and each.numerator is not None:
            key = each.measure.strip().casefold(), each.agency.strip().upper(), each.month.strip()
            found[key] = each
    return found


def awaited(
    measures: Iterable[Measure],
    figures: Iterable[Figure],
    agencies: Mapping[str, Agency],
    forum: Forum,
    until: Month,
) -> list[Awaited]:
    """What is missing, the oldest first: from the first month of the last thirteen that an agency reported on; the last
    month alone where it never did."""
    by = counted(figures)
    found = list[Awaited]()
    for measure in measures:
        quarterly, code_of = is_quarterly(measure), measure.code.strip().casefold()
        months = [(each, str(each)) for each in until.back(SHOWN_MONTHS) if not quarterly or each.number % 3 == 0]
        for code in suppliers(measure, agencies, forum):
            there = [(code_of, code, spelled) in by for _, spelled in months]
            since = there.index(True) if True in there else len(months) - 1
            found += [
                Awaited(month, measure.code, code)
                for (month, _), is_there in list(zip(months, there, strict=True))[since:]
                if not is_there
            ]
    return sorted(found)


def by_agency(missing: Sequence[Awaited]) -> dict[str, list[Awaited]]:
    """What is missing, by the code of the agency that reports it."""
    found: dict[str, list[Awaited]] = {}
    for each in missing:
        found.setdefault(each.agency, []).append(each)
    return dict(sorted(found.items()))


def key_of(measure: Measure) -> str:
    """The key of a shipped measure: provisioning again adds nothing."""
    return f"measure:{measure.code}"


_POLICE, _TRUST = "Police", "Mental health trust"
_LOWER, _HIGHER, _NEITHER = Good.LOWER, Good.HIGHER, Good.NEITHER


def _measure(code: str, name: str, agency: str, kind: MeasureKind, unit: str) -> Measure:
    year = OverYear.ADDED if kind in (MeasureKind.COUNT, MeasureKind.AMOUNT) else ""
    return Measure(code=code, name=name, agency=agency, kind=kind, unit=unit, good=_LOWER, over_year=year)


def _count(code: str, name: str, agency: str, good: str, unit: str) -> Measure:
    return replace(_measure(code, name, agency, MeasureKind.COUNT, unit), good=good)


def _share(code: str, name: str, agency: str, part: str, whole: str) -> Measure:
    made = _measure(code, name, agency, MeasureKind.SHARE, "%")
    return replace(made, good=_HIGHER, numerator=part, denominator=whole)


def _average(code: str, name: str, agency: str, total: str, whole: str) -> Measure:
    made = _measure(code, name, agency, MeasureKind.AVERAGE, total.partition(" ")[0])
    return replace(made, numerator=total, denominator=whole)


def _level(made: Measure) -> Measure:
    """What there is of it at the end of a month: a backlog, and not what came in."""
    return replace(made, over_year=OverYear.APART)


def _amount(code: str, name: str, agency: str, unit: str, rests_on: str) -> Measure:
    return replace(_measure(code, name, agency, MeasureKind.AMOUNT, unit), rests_on=rests_on)


_ANY = "Police; Mental health trust; Ambulance; Adult social care; Acute hospital"

SEEDED: tuple[Measure, ...] = (
    _count("s136", "s136 detentions", _POLICE, _LOWER, "detentions"),
    _average(
        *("s136-time", "Mean time in s136 detention", _POLICE),
        *("hours from arrival to release or admission", "detentions that ended"),
    ),
    _amount("s136-police", "Police hours on s136", _POLICE, "hours", "s136"),
    _share("s136-handover", "s136 handovers within 60 minutes", _POLICE, "within 60 minutes", "handovers"),
    _level(_count("s135", "s135 backlog", "Adult social care", _LOWER, "warrants")),
    _level(_amount("s135-oldest", "s135: the oldest in the backlog", "Adult social care", "days", "s135")),
    _average("s135-days", "s135: granted to executed", "Adult social care", "days waited", "warrants executed"),
    _level(_count("beds", "Waiting for a bed", _TRUST, _LOWER, "people")),
    _level(_count("firearms", "Firearms licensing backlog", _POLICE, _LOWER, "licences")),
    _count("incidents", "Mental health incidents", _POLICE, _NEITHER, "incidents"),
    replace(
        _share("custody", "Custody records with a mental health marker", _POLICE, "with a marker", "custody records"),
        good=_NEITHER,
    ),
    _count("callers", "Calls from the five most frequent callers", _POLICE, _LOWER, "calls"),
    _count("assaults", "Assaults in health settings", f"{_TRUST}; Acute hospital", _LOWER, "assaults"),
    _count("missing", "Missing from health settings", f"{_TRUST}; Acute hospital", _LOWER, "people"),
    _count("triage", "Diversions by street triage", _TRUST, _HIGHER, "people"),
    _count("atr", "Alcohol treatment requirements", "Probation", _HIGHER, "requirements"),
    _count("drr", "Drug rehabilitation requirements", "Probation", _HIGHER, "requirements"),
    replace(_count("training", "Training completed", _POLICE, _HIGHER, "people"), suppliers=_ANY),
    _share("sla", "Service levels kept", _TRUST, "within the agreed time", "requests"),
    replace(_share("conference", "Conference attendance", _POLICE, "attended", "invitations"), suppliers=_ANY),
    _share("plans", "Higher-risk people with a plan", _TRUST, "with a plan", "higher-risk people"),
    _count("referrals", "Referrals to the subgroups", _POLICE, _NEITHER, "referrals"),
    _share("outcomes", "Referrals with an outcome", _POLICE, "with an outcome", "referrals closed"),
)
"""What the board scrutinises (domain default), owned by kinds of agency; a board edits the rows and adds its own."""
