"""What in a text would say who somebody is: looked for in every text that leaves a case. Pure.

A text that leaves a case (a risk, a lesson, a report to the board) is refused when anything is found. What the case
holds of its people is compared with the text; besides, whatever looks like a name's companion (a date of birth, a
number, an address, a reference) is found though the case does not hold it. A name that the case does not hold cannot
be told from an ordinary word, so finding nothing is no proof.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.gb import nhs

from board.records import Subject


class Kind(StrEnum):
    """What was found."""

    NAME = "a name"
    BORN = "a date of birth"
    NUMBER = "a number"
    ADDRESS = "an address"
    CONTACT = "a telephone number or e-mail address"
    REFERENCE = "a case's reference"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found; `said` is how the text spells it, to be shown to nobody but whoever typed it."""

    kind: Kind
    said: str


SHORTEST_NAME = 3
"""Letters a part of a name needs to be looked for by itself: a shorter one is found as part of the whole name."""

SHORTEST_PLACE = 4
SHORTEST_NUMBER = 4
"""Characters a local number needs, a digit among them: fewer may be a count."""

_WORD = re.compile(r"[^\W\d_]+")

TITLES = frozenset(_WORD.findall("mr mrs miss dr the and aka nee also known not unknown none name names called per"))
"""Words that stand in a column of names and are nobody's name."""

ORDINARY = frozenset(
    _WORD.findall(
        "road street lane avenue close court drive house flat floor ward room unit hospital hostel prison custody "
        "home lives living stays staying with near north south east west upper lower great little area town city "
        "county address mother father brother sister parents family friend friends partner known unknown fixed abode "
        "current currently none from their this that where somewhere nowhere community centre supported accommodation "
        "homeless station village"
    )
)
"""Words of addresses that say nothing of where somebody lives; a place's own name is what is left."""

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    "december",
)

_CHUNK = re.compile(r"[^\s\-‐‑–—/]+")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.\-\s](\d{1,2})[/.\-\s](\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?: of)?[\s\-./]?([a-z]{3,9})\.?,?[\s\-./]?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"(?<![a-z])([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}|\d{2})(?!\d)")
_RUN = re.compile(r"(?<!\d)(\d{6}|\d{8})(?!\d)")
_BORN = re.compile(r"(?<![a-z])(?:born|dob|d\.o\.b\.?|date of birth)(?![a-z])[^\n]{0,12}?\d{1,4}")
_NHS = re.compile(r"(?<!\d)\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)")
_PNC = re.compile(r"(?<!\w)\d{2,4}/\d{1,7}[a-z](?!\w)")
_INSURANCE = re.compile(r"(?<!\w)[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?!\w)")
_POSTCODE = re.compile(r"(?<!\w)[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}(?!\w)")
_MAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,64}\.[\w.\-]{2,64}")
_PHONE = re.compile(r"(?<![\w+])(?:\+\d{1,3}|0)(?:[ \-]?\(?\d\)?){9,11}(?!\w)")
_REFERENCE = re.compile(r"(?<!\w)(?:r ?[\-‐‑–—]? ?\d{1,9}|[ap] ?[\-‐‑–—] ?\d{1,9}(?:\.\d{1,3})?)(?!\w)")
"""A referral's in any spelling; an action's and a plan's only with a dash, since roads are called A12."""

PATTERNS = (
    (Kind.BORN, _BORN),
    (Kind.NUMBER, _PNC),
    (Kind.NUMBER, _INSURANCE),
    (Kind.ADDRESS, _POSTCODE),
    (Kind.CONTACT, _MAIL),
    (Kind.CONTACT, _PHONE),
    (Kind.REFERENCE, _REFERENCE),
)


def identifying(text: str, subjects: Iterable[Subject]) -> list[Found]:
    """What in the text would identify somebody, each spelling once, in the order of the kinds."""
    people, plain = tuple(subjects), fold(text)
    found = [
        *(Found(Kind.NAME, said) for said in _names(text, people)),
        *(Found(Kind.BORN, said) for said in _births(plain, people)),
        *(Found(Kind.NUMBER, said) for said in _numbers(plain, people)),
        *(Found(Kind.ADDRESS, said) for said in _places(text, people)),
        *(Found(kind, match[0].strip()) for kind, pattern in PATTERNS for match in pattern.finditer(plain)),
    ]
    return list(dict.fromkeys(found))


def fold(text: str) -> str:
    """A text as it is compared: small letters, without accents and characters that cannot be seen."""
    parts = unicodedata.normalize("NFKD", text)
    seen = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))
    return seen.casefold()


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Each word as it is compared, and as it was typed: the letters in a row, and all letters of a chunk together.

    So `O'Brien` is found as it is, as `OBrien` and in `O'Brien's`.
    """
    for chunk in _CHUNK.findall(text):
        folded = fold(chunk)
        runs = _WORD.findall(folded)
        yield from ((run, chunk) for run in runs)
        if len(runs) > 1:
            yield "".join(runs), chunk


def _names(text: str, people: Iterable[Subject]) -> Iterator[str]:
    parts, wholes = set[str](), set[tuple[str, ...]]()
    for person in people:
        for spoken in (person.name, person.aliases):
            words = [word for word, _ in _words(spoken) if word not in TITLES]
            parts |= {word for word in words if len(word) >= SHORTEST_NAME}
            if len(words) > 1 and all(len(word) < SHORTEST_NAME for word in words):
                wholes.add(tuple(_WORD.findall(fold(spoken))))
    yield from (said for word, said in _words(text) if word in parts)
    typed = _WORD.findall(fold(text))
    for whole in wholes:
        if any(tuple(typed[at : at + len(whole)]) == whole for at in range(len(typed))):
            yield " ".join(whole)


def _births(plain: str, people: Iterable[Subject]) -> Iterator[str]:
    """Spellings of the dates of birth that the case holds, in whatever order, with two digits of the year or four."""
    born = {person.date_of_birth for person in people if person.date_of_birth is not None}
    if born:
        yield from (match[0] for match, days in dates(plain) if not born.isdisjoint(days))


def dates(plain: str) -> Iterator[tuple[re.Match[str], set[date]]]:
    """Everything that may be a date in a folded text, with the days that it may be.

    Each place is begun from anew: in `R-14 17/03/1951` the first three numbers are no date, the last three are one.
    """
    for match in _everywhere(_DAY_FIRST, plain):
        first, second, year = match.groups()
        yield match, _days(year, second, first) | _days(year, first, second)
    for match in _everywhere(_YEAR_FIRST, plain):
        yield match, _days(*match.groups())
    for match in _everywhere(_DAY_MONTH, plain):
        yield match, _days(match[3], _month(match[2]), match[1])
    for match in _everywhere(_MONTH_DAY, plain):
        yield match, _days(match[3], _month(match[1]), match[2])
    for match in _everywhere(_RUN, plain):
        run, last = match[0], match[0][4:]
        either = _days(last, run[2:4], run[:2]) | _days(last, run[:2], run[2:4])
        yield (
            match,
            either | (_days(run[:4], run[4:6], run[6:]) if len(run) == 8 else _days(run[:2], run[2:4], run[4:])),
        )


def in_fields(
    values: Mapping[str, object], names: Iterable[str], says: Callable[[str], list[Found]]
) -> dict[str, list[Found]]:
    """What in each field of a form would say who somebody is, for whoever typed it; no entry where nothing is found.

    `says` finds it in one text.
    """
    typed = {name: values.get(name) for name in names}
    found = {name: says(text) for name, text in typed.items() if isinstance(text, str)}
    return {name: each for name, each in found.items() if each}


def of_nobody(text: str) -> list[Found]:
    """What in a text would say who somebody is, where no case is there to compare with."""
    return identifying(text, ())


def read_days(said: str, *, most: int = 2) -> tuple[list[date], str]:
    """The days that a text names, in their order and `most` of them, and what follows the last: the reason."""
    plain = fold(said)
    found = sorted(
        ((match.start(), match.end(), days) for match, days in dates(plain) if days), key=lambda each: each[:2]
    )
    days, end = list[date](), 0
    for first, last, meant in found:
        if first >= end and len(days) < most and (not days or said[end:first].strip(" ,;:to") == ""):
            days.append(max(meant))
            end = last
    return days, said[end:].strip(" ,;:")


def _everywhere(pattern: re.Pattern[str], plain: str) -> Iterator[re.Match[str]]:
    """The matches that begin at any place, though they overlap."""
    match = pattern.search(plain)
    while match:
        yield match
        match = pattern.search(plain, match.start() + 1)


def _month(spoken: str) -> str:
    """The number of a month by the beginning of its name; 0, which no date has, for any other word."""
    begun = "sep" if spoken == "sept" else spoken
    return str(next((at for at, month in enumerate(MONTHS, 1) if month.startswith(begun)), 0))


def _days(year: str, month: str, day: str) -> set[date]:
    """The day meant, in either century where the year has two digits; none when there is no such day."""
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    found = set[date]()
    for each in years:
        try:
            found.add(date(each, int(month), int(day)))
        except ValueError:
            continue
    return found


def _numbers(plain: str, people: Iterable[Subject]) -> Iterator[str]:
    """Numbers of the case's people however they are grouped, and whatever has an NHS number's check digit."""
    yield from (match[0] for match in _NHS.finditer(plain) if nhs.is_valid(match[0]))
    known = set[str]()
    for person in people:
        known |= {_bare(person.nhs_number), _bare(person.pnc_id), *(_bare(each) for each in person.other_ids.split())}
    known = {each for each in known if len(each) >= SHORTEST_NUMBER and any(c.isdigit() for c in each)}
    bare = _bare(plain)
    yield from (each for each in sorted(known) if each in bare)


def _bare(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _places(text: str, people: Iterable[Subject]) -> Iterator[str]:
    """Words of where somebody lives or is, but for those that all addresses share."""
    places = set[str]()
    for person in people:
        words = {word for word, _ in _words(f"{person.address_area} {person.whereabouts}")}
        places |= {word for word in words - ORDINARY if len(word) >= SHORTEST_PLACE}
    yield from (said for word, said in _words(text) if word in places)
