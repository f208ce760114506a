"""Whether somebody was referred before within a year: by number, or by birth and name, spelling forgiven. Pure.

A match is a hint to a person who is entitled to both cases; nothing is merged and nothing is decided by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum

from stdnum.gb import nhs

from board import pnc
from board.calendar import uk_date
from board.identifying import TITLES, fold
from board.records import Referral, Subject
from board.vocabulary import PersonRole

MONTHS = 12
"""How far back a referral counts as a repeat (the board's definition)."""

ALIKE = 0.75
"""How alike two spellings of one part of a name are at least, by difflib's ratio: Jon and John are 0.86, Mohammed and
Muhammad 0.75, Catherine and Katherine 0.89; Adam and Alan 0.5."""

_WORD = re.compile(r"[^\W\d_]+")
_AKA = re.compile(r"[;/\n()]|\b(?:aka|also known as|or|nee|née|formerly)\b", re.IGNORECASE)


class Ground(StrEnum):
    """By what somebody was recognised, the surest first."""

    NHS_NUMBER = "the same NHS number"
    PNC_ID = "the same PNC id"
    NAME_AND_BIRTH = "the same date of birth and name"
    LIKE_NAME_AND_BIRTH = "the same date of birth and a name spelled much the same"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The latest earlier referral of the same person, and by what they were recognised."""

    reference: str
    ground: Ground


def ground(one: Subject, other: Subject) -> Ground | None:
    """By what two rows are of one person; None when they are not known to be.

    Two valid NHS numbers that differ tell two people apart, whatever their names: twins share a date of birth.
    """
    numbers = [nhs.compact(each.nhs_number) for each in (one, other) if nhs.is_valid(each.nhs_number)]
    if len(numbers) == 2 and numbers[0] == numbers[1]:
        return Ground.NHS_NUMBER
    if pnc.same(one.pnc_id, other.pnc_id):
        return Ground.PNC_ID
    if len(numbers) == 2 or one.date_of_birth is None or one.date_of_birth != other.date_of_birth:
        return None
    pairs = [(a, b) for a in _names(one) for b in _names(other)]
    if any(sorted(a) == sorted(b) for a, b in pairs):
        return Ground.NAME_AND_BIRTH
    return Ground.LIKE_NAME_AND_BIRTH if any(_alike(a, b) for a, b in pairs) else None


def earlier(case: Referral, person: Subject, others: Iterable[tuple[Referral, Subject]]) -> Repeat | None:
    """The latest referral of this person within twelve months before this one; None when there is none."""
    if case.received_on is None:
        return None
    found = [
        (referral.received_on, referral.id, Repeat(referral.reference, known))
        for referral, subject in others
        if referral.received_on is not None
        and referral.id != case.id
        and subject.role in ("", PersonRole.SUBJECT)
        and (referral.received_on, referral.id) < (case.received_on, case.id)
        and _within(referral.received_on, case.received_on)
        for known in [ground(person, subject)]
        if known is not None
    ]
    return max(found, key=lambda each: each[:2])[2] if found else None


def _within(before: datetime, now: datetime) -> bool:
    """The same day of the month a year before still counts; 28 February does where there is no 29th."""
    day = uk_date(now)
    first = date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
    return uk_date(before) >= first


def _names(person: Subject) -> list[list[str]]:
    """Each name somebody goes by as its parts, in small letters, without accents, titles and what joins them."""
    spoken = [*_AKA.split(person.name), *(each for part in _AKA.split(person.aliases) for each in part.split(","))]
    parts = [[_joined(chunk) for chunk in fold(each).replace("-", " ").replace(",", " ").split()] for each in spoken]
    return [named for each in parts if (named := [part for part in each if part and part not in TITLES])]


def _joined(chunk: str) -> str:
    return "".join(_WORD.findall(chunk))


def _alike(one: list[str], other: list[str]) -> bool:
    """Whether each part of the shorter name is like a part of the longer, each of which counts once.

    One part alone (a surname, say) is enough only where it is spelled the same.
    """
    few, many = sorted((one, other), key=len)
    if len(few) == 1:
        return few[0] in many
    left = list(many)
    for part in few:
        like = max(left, key=lambda each: _ratio(part, each))
        if _ratio(part, like) < ALIKE:
            return False
        left.remove(like)
    return True


def _ratio(one: str, other: str) -> float:
    """The larger of the two: difflib's answer depends on which comes first."""
    return max(SequenceMatcher(None, one, other).ratio(), SequenceMatcher(None, other, one).ratio())
