"""What is worth saying, to whom, and what a channel may be shown. Pure: records and what was posted in, notices out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from board.records import Agency, Referral, Return
from board.references import REFERRAL, reference
from board.returning import Progress, progress
from board.vocabulary import CONCERNS, Status, Urgency


class NoticeKind(StrEnum):
    """What a post is about."""

    REFERRAL = "referral"
    RECEIPT = "receipt"
    DIGEST = "digest"
    BOARD = "board"
    BOARD_ASK = "board ask"
    BOARD_PAPER = "board paper"
    REPORT = "report"
    IMMEDIATE = "immediate"
    INSTEAD = "instead"
    UNREACHED = "unreached"
    PATTERNS = "patterns"
    GATE = "gate"
    STATE = "state"
    REPEAT = "repeat"
    ESCALATION = "escalation"
    BRIEF = "brief"
    REQUEST = "request"
    REQUEST_ANSWER = "request answer"
    TRIGGER = "trigger"
    PLAN = "plan"
    LATE = "late"
    DISPOSAL = "disposal"
    RECORDS_DUE = "records due"
    AGREEMENTS = "agreements"
    ACCESS = "access"
    RISKS = "risks"
    LESSONS = "lessons"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a notice is for: a forum's channel (`forum` is its code) or one member (`member` is a user id)."""

    forum: str = ""
    member: str = ""

    def __str__(self) -> str:
        return f"forum:{self.forum}" if self.forum else f"member:{self.member}"

    @classmethod
    def parse(cls, stored: str) -> Audience | None:
        """Read what `str` wrote; None for anything else."""
        kind, _, name = stored.partition(":")
        if kind in ("forum", "member") and name:
            return cls(**{kind: name})
        return None


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to say once. `key` is unique for ever: the same notice found again has the same key."""

    key: str
    kind: NoticeKind
    audience: Audience
    about: str


def notices(referrals: Iterable[Referral], posted: Iterable[str]) -> list[Notice]:
    """What is to be said about these referrals that `posted` (keys) does not yet hold, oldest first."""
    said = frozenset(posted)
    found: list[Notice] = []
    for referral in sorted(referrals, key=lambda r: r.id):
        found += [notice for notice in _about(referral) if notice.key not in said]
    return found


def _about(referral: Referral) -> list[Notice]:
    about = _number(referral)
    if not referral.open or referral.reference != about or not referral.forum:
        return []
    made = [Notice(f"referral/{about}", NoticeKind.REFERRAL, Audience(forum=referral.forum), about)]
    if referral.referrer_id:
        audience = Audience(member=referral.referrer_id)
        made.append(Notice(f"receipt/{about}", NoticeKind.RECEIPT, audience, about))
    return made


@dataclass(frozen=True, slots=True)
class ReferralFace:
    """All that a channel may see of a referral: the board's own words and agencies' names, nothing a person typed."""

    reference: str
    concern: str
    urgency: str
    agency: str
    status: str
    received_on: datetime | None
    answered: int
    asked: int
    awaited: tuple[str, ...]
    open: bool
    restricted: bool = False
    involved: int = 0


def face(
    referral: Referral, returns: Iterable[Return], agencies: Mapping[str, Agency], *, entitled: bool = False
) -> ReferralFace:
    """Reduce a referral to what a channel may see; a restricted one to its pointer, save for the `entitled`.

    A concern, urgency, status or agency that is not among the board's own words is left out: somebody typed it by hand,
    and it may be a name. For the same reason the reference is made anew from the item's number.
    """
    if referral.restricted and not entitled:
        return _pointer(referral)
    reached: Progress = progress(referral, returns)
    return ReferralFace(
        reference=_number(referral),
        concern=referral.concern if referral.concern in CONCERNS else "",
        urgency=referral.urgency if referral.urgency in tuple(Urgency) else "",
        agency=_name(referral.agency, agencies),
        status=referral.status if referral.status in tuple(Status) else "",
        received_on=referral.received_on,
        answered=len(reached.answered),
        asked=reached.asked,
        awaited=tuple(name for code in reached.awaited if (name := _name(code, agencies))),
        open=referral.open,
    )


def _pointer(referral: Referral) -> ReferralFace:
    """What a channel may see of a restricted one: that it is there, and how many agencies are involved."""
    involved = len({referral.agency, *referral.asked} - {""})
    number, closed = _number(referral), not referral.open
    return ReferralFace(number, "", "", "", "", None, 0, 0, (), not closed, restricted=True, involved=involved)


def _number(referral: Referral) -> str:
    return reference(REFERRAL, referral.id)


def _name(code: str, agencies: Mapping[str, Agency]) -> str:
    agency = agencies.get(code)
    return agency.name if agency else ""
