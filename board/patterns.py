"""Looks that are out of the ordinary, of one month, for the information governance lead to ask about. Pure.

None of them is an accusation: each has ordinary explanations, and the lead asks. The thresholds are defaults, chosen so
that a board of some thirty referrals a month lists what a person can still go through.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from statistics import median

from board.calendar import UK, is_working_day
from board.disclosing import read
from board.entitlement import LOOKS_BACK
from board.months import Month
from board.records import SHOWN, Disclosure, Member

MANY_CASES = 20
"""Different cases that one person may look at in a month unlisted: nearly all that arrive in one (25)."""

TIMES_MEDIAN = 3
"""How many times the usual number of cases is unusual: in a busy month everybody looks at more."""

DAY_BEGINS, DAY_ENDS = time(7), time(19)
"""UK wall times between which people are at work on working days, early and late shifts of offices included."""

REFUSALS = 5
"""Refusals that are still a matter of not knowing: each of them says which rule forbids it and whom to ask."""

SAME_CASE = 12
"""Looks at one case in a month: three for each of four weekly hearings, to answer, to prepare and to hear it."""


class Unusual(StrEnum):
    """What is out of the ordinary about somebody's looks."""

    MANY_CASES = "many cases"
    NOT_INVOLVED = "not involved"
    OUT_OF_HOURS = "out of hours"
    REFUSALS = "refusals"
    SAME_CASE = "same case"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One person's looks of one kind: how many (different cases for `MANY_CASES`), and at which cases, in order.

    `arranges` says that their role is to look at cases which their agency is not asked about.
    """

    kind: Unusual
    member_id: str
    name: str
    agency: str
    count: int
    cases: tuple[str, ...]
    arranges: bool = False


@dataclass(frozen=True, slots=True)
class Patterns:
    """A month's looks: how many were shown and refused, by how many people, and what is unusual, the most first."""

    month: Month
    shown: int
    refused: int
    people: int
    found: tuple[Pattern, ...] = ()

    def of(self, kind: Unusual) -> Sequence[Pattern]:
        """Those of one kind."""
        return [each for each in self.found if each.kind is kind]


def month_meant(said: str, today: date) -> Month | None:
    """The month that is asked for (`october 2026`, `2026-10`, `this month`), the last if none is; None for others."""
    if not said.strip():
        return Month.of(today).before
    asked = read(said, {}, {}, today)
    if asked.unread or asked.case or asked.first is None or asked.first.day != 1:
        return None
    month = Month.of(asked.first)
    so_far = Month.of(today) == month and asked.last == today
    return month if so_far or asked.last == month.last else None


def out_of_hours(moment: datetime) -> bool:
    """Whether people are not at work: at night, on a weekend or on one of England's bank holidays."""
    local = moment.astimezone(UK)
    return not is_working_day(local.date()) or not DAY_BEGINS <= local.time() < DAY_ENDS


def unusual(
    rows: Iterable[Disclosure], involved: Mapping[str, frozenset[str]], members: Mapping[str, Member], month: Month
) -> Patterns:
    """What is unusual in a month. `involved`: the codes of the agencies asked about a case or referring it.

    Rows of other months, and rows whose outcome is not one of the bot's, are passed over.
    """
    here = [row for row in rows if row.looked_on and Month.of(row.looked_on.astimezone(UK).date()) == month]
    shown, refused = _by_person(r for r in here if r.outcome == SHOWN), _by_person(r for r in here if _refused(r))
    usual = median(len(_cases(theirs)) for theirs in shown.values()) if shown else 0
    found: list[Pattern] = []
    for person, theirs in shown.items():
        found += _of_person(person, theirs, involved, members, usual)
    found += [
        _pattern(Unusual.REFUSALS, person, theirs, members)
        for person, theirs in refused.items()
        if len(theirs) > REFUSALS
    ]
    return Patterns(
        month=month,
        shown=sum(len(theirs) for theirs in shown.values()),
        refused=sum(len(theirs) for theirs in refused.values()),
        people=len(shown.keys() | refused.keys()),
        found=tuple(sorted(found, key=lambda each: (-each.count, each.name, each.member_id))),
    )


def _of_person(
    person: str,
    theirs: Sequence[Disclosure],
    involved: Mapping[str, frozenset[str]],
    members: Mapping[str, Member],
    usual: float,
) -> list[Pattern]:
    """What is unusual in the looks of one person that were shown."""
    found: list[Pattern] = []
    cases = len(_cases(theirs))
    if cases > MANY_CASES and cases > TIMES_MEDIAN * usual:
        found.append(_pattern(Unusual.MANY_CASES, person, theirs, members, count=cases))
    apart = [row for row in theirs if row.agency.upper() not in involved.get(row.reference, {row.agency.upper()})]
    if apart:
        found.append(_pattern(Unusual.NOT_INVOLVED, person, apart, members))
    late = [row for row in theirs if row.looked_on and out_of_hours(row.looked_on)]
    if late:
        found.append(_pattern(Unusual.OUT_OF_HOURS, person, late, members))
    for case, times in Counter(row.reference for row in theirs).items():
        if times > SAME_CASE:
            same = [row for row in theirs if row.reference == case]
            found.append(_pattern(Unusual.SAME_CASE, person, same, members))
    return found


def _pattern(
    kind: Unusual, person: str, rows: Sequence[Disclosure], members: Mapping[str, Member], *, count: int = 0
) -> Pattern:
    member, last = members.get(person), rows[-1]
    return Pattern(
        kind=kind,
        member_id=person,
        name=member.name if member else last.member_name,
        agency=last.agency,
        count=count or len(rows),
        cases=_cases(rows),
        arranges=member is not None and member.has(*LOOKS_BACK),
    )


def _by_person(rows: Iterable[Disclosure]) -> dict[str, list[Disclosure]]:
    found: dict[str, list[Disclosure]] = defaultdict(list)
    for row in rows:
        found[row.member_id.lower()].append(row)
    return found


def _refused(row: Disclosure) -> bool:
    return row.outcome.startswith("refused")


def _cases(rows: Iterable[Disclosure]) -> tuple[str, ...]:
    """The cases, in the order of their numbers where they have one."""
    return tuple(sorted({row.reference for row in rows}, key=lambda each: (len(each), each)))
