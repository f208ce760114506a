"""Returns that are late for the subgroup: who is told, once, two working days before it meets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from board.calendar import working_days_from
from board.entitlement import Act, Standing, refusal
from board.notices import Audience, Notice, NoticeKind
from board.records import Agency, Forum, Member, Referral
from board.vocabulary import Role

BEFORE = 2
"""Working days before the meeting on which the list is settled and late returns are chased (default)."""

CHASED = (Role.AGENCY_LEAD, Role.REPRESENTATIVE)


def is_chased(day: date, until: date) -> bool:
    """Whether a round on that day chases for a meeting: from two working days before it until the day before.

    So an outage on the day itself is caught up, and the keys of the notices make it once.
    """
    return working_days_from(day, -BEFORE) <= until < day


@dataclass(frozen=True, slots=True)
class Awaited:
    """A meeting's cases, with the codes of the agencies whose answers are awaited on each."""

    meeting: str
    cases: tuple[Referral, ...]
    codes: Mapping[str, tuple[str, ...]]
    forums: Mapping[str, Forum]

    def of(self, member: Member, agency: Agency, on: date) -> tuple[str, ...]:
        """The cases on which this member's answer is awaited and allowed: whoever may not look is not asked to."""
        who = Standing(member, agency)
        return tuple(
            case.reference
            for case in self.cases
            if agency.code.upper() in self.codes.get(case.reference, ())
            and refusal(Act.ANSWER, who, on, referral=case, forum=self.forums.get(case.forum.upper())) is None
        )


def digests(
    awaited: Awaited, members: Iterable[Member], agencies: Mapping[str, Agency], on: date
) -> list[tuple[Notice, tuple[str, ...]]]:
    """One notice for each lead and representative of an agency whose answer is awaited, and the cases it names."""
    found: list[tuple[Notice, tuple[str, ...]]] = []
    for member in sorted(members, key=lambda m: m.id):
        agency = agencies.get(member.agency.upper())
        if agency is None or not member.has(*CHASED) or not member.user_id:
            continue
        theirs = awaited.of(member, agency, on)
        if theirs:
            key = f"late/{awaited.meeting}/{agency.code}/{member.user_id}"
            audience = Audience(member=member.user_id.lower())
            found.append((Notice(key, NoticeKind.LATE, audience, awaited.meeting), theirs))
    return found


def line(meeting: str, forum: str) -> Notice:
    """The one line in the channel: which cases and whose answers, never what was answered."""
    return Notice(f"late/{meeting}/channel", NoticeKind.LATE, Audience(forum=forum), meeting)


def read_key(key: str) -> tuple[str, str] | None:
    """Read a late notice's key back: the meeting, and the member (empty for the channel's); None for other texts."""
    parts = key.split("/")
    if parts[:1] != ["late"] or len(parts) not in (3, 4):
        return None
    return parts[1], parts[3] if len(parts) == 4 else ""
