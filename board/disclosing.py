"""Who saw what: what the information governance lead asks of `Disclosures`, and how the answer is counted. Pure."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from board.calendar import uk_date
from board.records import SHOWN, Agency, Disclosure, Member
from board.references import REFERRAL, reference

USUAL = timedelta(days=30)
"""How far back is looked when no period and no case is named."""

LONGEST_DAYS = 3_660
"""The longest stretch that `last … days` may name: ten years."""

PAGE = 15
"""Rows shown at once."""

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_ISO = r"\d{4}-\d{2}-\d{2}"
_BETWEEN = re.compile(rf"(?:from )?({_ISO}) (?:to|until|-) ({_ISO})")
_ONE_DAY = re.compile(rf"(?:on )?({_ISO})")
_SINCE = re.compile(rf"since ({_ISO})")
_LAST_DAYS = re.compile(r"(?:the )?last (\d{1,4}) days?")
_A_MONTH = re.compile(rf"(?:in )?\b({'|'.join([*_MONTHS, *_SHORT])})\b(?: (\d{{4}}))?")
_ISO_MONTH = re.compile(r"\b(\d{4})-(\d{2})\b(?!-)")
_A_CASE = re.compile(r"\br ?-? ?0*([1-9]\d{0,8})\b")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for: a case, an agency's code, a member's user id, a period (`first` and `last` both counted).

    `unread` is what could not be understood; while it is not empty nothing is to be searched.
    """

    case: str = ""
    agency: str = ""
    member: str = ""
    first: date | None = None
    last: date | None = None
    unread: str = ""

    def takes(self, row: Disclosure) -> bool:
        """Whether a row is among what is asked for; the list was asked with one of the conditions only."""
        day = uk_date(row.looked_on) if row.looked_on else None
        return (
            (not self.case or row.reference == self.case)
            and (not self.agency or row.agency.casefold() == self.agency.casefold())
            and (not self.member or row.member_id.casefold() == self.member.casefold())
            and (self.first is None or (day is not None and day >= self.first))
            and (self.last is None or (day is not None and day <= self.last))
        )


def read(said: str, members: Mapping[str, Member], agencies: Mapping[str, Agency], today: date) -> Search:
    """Read `R-14`, an agency's code or name, a member's name and a period, in any order and together.

    Periods: `today`, `last 30 days`, `this month`, `last month`, `october`, `october 2026`, `2026-10`, one day or two
    in ISO form, `since` a day. A month without a year is the latest that has begun.
    """
    rest = " ".join(said.casefold().replace(",", " ").split())
    found, rest = _period(rest, today)
    if case := _A_CASE.search(rest):
        found, rest = replace(found, case=reference(REFERRAL, int(case[1]))), _without(rest, case)
    for member in sorted(members.values(), key=lambda m: -len(m.name)):
        if member.name and (there := _word(member.name, rest)):
            found, rest = replace(found, member=member.user_id), _without(rest, there)
            break
    for agency in sorted(agencies.values(), key=lambda a: -len(a.name)):
        there = (_word(agency.name, rest) if agency.name else None) or _word(agency.code, rest)
        if there:
            found, rest = replace(found, agency=agency.code), _without(rest, there)
            break
    if not found.case and found.first is None:
        found = replace(found, first=today - USUAL, last=today)
    return replace(found, unread=rest)


def _word(name: str, said: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(' '.join(name.casefold().split()))}(?!\w)", said)


def _without(said: str, found: re.Match[str]) -> str:
    return " ".join((said[: found.start()] + " " + said[found.end() :]).split())


def _period(said: str, today: date) -> tuple[Search, str]:
    """The period that is named, and the rest of what was said; days that do not exist stay unread."""
    first_of_month = today.replace(day=1)
    before = first_of_month - timedelta(days=1)
    for words, first, last in (
        ("today", today, today),
        ("this month", first_of_month, today),
        ("last month", before.replace(day=1), before),
    ):
        if there := _word(words, said):
            return Search(first=first, last=last), _without(said, there)
    if (there := _LAST_DAYS.search(said)) and 0 < int(there[1]) <= LONGEST_DAYS:
        return Search(first=today - timedelta(days=int(there[1])), last=today), _without(said, there)
    return _dated(said, today) or _month(said, today) or (Search(), said)


def _dated(said: str, today: date) -> tuple[Search, str] | None:
    for pattern in (_BETWEEN, _SINCE, _ONE_DAY):
        if there := pattern.search(said):
            days = [_day(text) for text in there.groups()]
            if None in days:
                return None
            first = days[0]
            last = today if pattern is _SINCE else days[-1]
            return Search(first=first, last=last), _without(said, there)
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(said: str, today: date) -> tuple[Search, str] | None:
    if (there := _ISO_MONTH.search(said)) and 1 <= int(there[2]) <= 12 and int(there[1]) >= 1:
        year, month = int(there[1]), int(there[2])
    elif there := _A_MONTH.search(said):
        month = _MONTHS.get(there[1]) or _SHORT[there[1]]
        year = int(there[2]) if there[2] else today.year - (month > today.month)
    else:
        return None
    if not 1900 <= year <= 2199:
        return None
    first = date(year, month, 1)
    return Search(first=first, last=date(year, month, calendar.monthrange(year, month)[1])), _without(said, there)


@dataclass(frozen=True, slots=True)
class Looked:
    """One page of the answer, newest first, and what all of it comes to."""

    rows: Sequence[Disclosure]
    shown: int
    refused: int
    people: int
    cases: int
    page: int
    pages: int


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def looked(rows: Iterable[Disclosure], asked: Search, page: int = 0) -> Looked:
    """Count and page the rows that are asked for; a page beyond the last is the last."""
    found = sorted(
        (row for row in rows if asked.takes(row)), key=lambda row: (row.looked_on or _NEVER, row.id), reverse=True
    )
    outcomes = Counter(row.outcome == SHOWN for row in found)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    return Looked(
        rows=found[page * PAGE : (page + 1) * PAGE],
        shown=outcomes[True],
        refused=outcomes[False],
        people=len({row.member_id for row in found}),
        cases=len({row.reference for row in found}),
        page=page,
        pages=pages,
    )
