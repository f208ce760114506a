"""What is not done climbs: from its owner through the ranks of the owner's agency to the board's co-chairs. Pure.

Each rung has a clock of working days, which begins when an action becomes overdue (domain default: five). Whoever is
told says that they see to it, which stops that rung's clock and gives it another: an answer that nothing follows climbs
on. An immediate risk begins at the agency's lead. Above the co-chairs the Senior Partnership Board is a paper, by a
chair's decision, and no clock's. An agency may have a ladder of its own, in its row. Not possible, once a chair
verifies it, is closed and climbs no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from board.actions import Action, Priority
from board.calendar import is_working_day, uk_date
from board.notices import Audience, Notice, NoticeKind
from board.records import Member
from board.tracker import is_overdue
from board.tuning import read
from board.vocabulary import Role

CLOCK = 5
"""Working days of each rung (domain default)."""

LONGEST = 60
"""Working days: no agency's clock runs longer."""

FURTHEST = timedelta(days=400)
"""How far back a climb is followed: an action that is overdue for longer has long been at the top."""


class Rung(IntEnum):
    """Who an overdue action is with. The order is the climb's."""

    OWNER = 0
    MANAGER = 1
    LEAD = 2
    MEMBER = 3
    CHAIRS = 4
    SENIOR = 5


NAMED = {"owner": Rung.OWNER, "manager": Rung.MANAGER, "lead": Rung.LEAD, "member": Rung.MEMBER, "chairs": Rung.CHAIRS}
"""What an administrator calls each rung in the row of an agency."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One rung of a ladder: how many working days its clock runs, and whom it means where the agency says so."""

    rung: Rung
    clock: int = CLOCK
    who: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of an agency from its owner up; there is always the owner's, and the co-chairs' at the top."""

    steps: tuple[LadderStep, ...] = tuple(LadderStep(rung) for rung in NAMED.values())

    def at(self, rung: Rung) -> LadderStep:
        """The rung's own step; one that this ladder has not has the default's clock."""
        return next((step for step in self.steps if step.rung == rung), LadderStep(rung))

    def above(self, rung: Rung) -> Rung | None:
        """The next rung up; None above the co-chairs'."""
        return next((step.rung for step in self.steps if step.rung > rung), None)

    def first(self, rung: Rung) -> Rung:
        """The rung itself, or the next above it that this ladder has."""
        return next((step.rung for step in self.steps if step.rung >= rung), Rung.CHAIRS)


def ladder_of(text: str) -> Ladder:
    """The ladder that an agency's row holds, a line for each rung: `manager 5: the duty superintendent`.

    Rungs that it does not name are left out; with no line that can be read, or for no text, it is the default one.
    """
    said = {NAMED[word]: (days, who) for word, days, who in read(text) if word in NAMED and 1 <= days <= LONGEST}
    if not said:
        return Ladder()
    rungs = [rung for rung in NAMED.values() if rung in said or rung in (Rung.OWNER, Rung.CHAIRS)]
    return Ladder(tuple(LadderStep(rung, *said.get(rung, (CLOCK, ""))) for rung in rungs))


STANDARD = Ladder()
"""The ladder of an agency that says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody's word that they see to it: on which rung and which due day it was asked, who, and when."""

    rung: int
    due: date
    who: str
    on: date


@dataclass(frozen=True, slots=True)
class Climb:
    """Where an action stands: its rung, since when, for how many working days it is overdue, and what was answered.

    `told` has each rung that it came to with its day, but the owner's; `answers` those of this climb, the oldest first.
    """

    rung: Rung
    since: date
    late: int
    told: tuple[tuple[Rung, date], ...]
    answers: tuple[Answer, ...] = ()

    @property
    def answered(self) -> Answer | None:
        """The latest answer on the present rung."""
        here = [each for each in self.answers if each.rung == self.rung]
        return here[-1] if here else None


def climb(action: Action, answers: Iterable[Answer], today: date, ladder: Ladder = STANDARD) -> Climb | None:
    """Where an overdue action stands on a day, on its agency's ladder; None while it is not overdue.

    Another due day is another climb: what a chair granted begins anew. What a chair put before the Senior Partnership
    Board is with it from that day on.
    """
    if not is_overdue(action, today) or action.due is None:
        return None
    mine = sorted((each for each in answers if each.due == action.due), key=lambda each: each.on)
    rung = ladder.first(Rung.LEAD) if action.priority == Priority.IMMEDIATE else Rung.OWNER
    days = _working_days(max(action.due, today - FURTHEST), today)
    since, spent = (days[0] if days else today), 0
    told = [(rung, since)] if rung > Rung.OWNER else []
    before = action.due
    for day in days:
        spent += 1
        if any(each.rung == rung and before < each.on <= day for each in mine):  # one of a weekend counts on Monday
            spent = 0
        before = day
        above = ladder.above(rung)
        if above is not None and spent > ladder.at(rung).clock:
            rung, since, spent = above, day, 1
            told.append((rung, day))
    if action.senior_on is not None and uk_date(action.senior_on) <= today:
        rung, since = Rung.SENIOR, uk_date(action.senior_on)
        told = [*((each, day) for each, day in told if day <= since), (rung, since)]
    return Climb(rung, since, len(days), tuple(told), tuple(mine))


def _working_days(after: date, until: date) -> list[date]:
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return [day for day in days if is_working_day(day)]


def recipients(rung: Rung, action: Action, members: Iterable[Member], who: str = "") -> list[Member]:
    """Who is told on a rung. People outside the team are reached through their agency's lead.

    `who` is whom the agency's ladder names: told themselves where exactly one of its members has that name.

    Where an agency has nobody in the team for a rung, the mental health team is told, so that nothing is lost.
    """
    open_ = [member for member in members if member.open]
    if rung is Rung.CHAIRS:
        return [member for member in open_ if member.has(Role.CHAIR)]
    theirs = [member for member in open_ if member.agency.upper() == action.agency.upper()]
    named = [member for member in theirs if who and member.name.casefold() == who.casefold()]
    if len(named) == 1:
        return named
    leads = [member for member in theirs if member.has(Role.AGENCY_LEAD)]
    found = leads
    if rung is Rung.MEMBER:
        found = [member for member in theirs if member.has(Role.REPRESENTATIVE, Role.CHAIR)] or leads
    return found or [member for member in open_ if member.has(Role.MENTAL_HEALTH_TEAM)]


def notices(action: Action, at: Climb, members: Sequence[Member], ladder: Ladder = STANDARD) -> list[Notice]:
    """What is to be said of the rung that an action stands on: to each of its people, once for each due day."""
    if at.rung in (Rung.OWNER, Rung.SENIOR):
        return []
    found = []
    for member in recipients(at.rung, action, members, ladder.at(at.rung).who):
        audience = Audience(member=member.user_id.lower())
        key = f"escalation/{action.reference}/{action.due}/{at.rung.value}/{audience}"
        found.append(Notice(key, NoticeKind.ESCALATION, audience, action.reference))
    return found


def came_to(at: Climb, after: date, until: date) -> list[tuple[Rung, date]]:
    """The rungs that an action came to after one day and until another (counted), with the day of each."""
    return [(rung, day) for rung, day in at.told if after < day <= until]


def read_key(key: str) -> tuple[str, date, Rung] | None:
    """Read a notice's key back: the action, its due day, the rung; None for any other text."""
    parts = key.split("/")
    if len(parts) != 5 or parts[0] != "escalation":
        return None
    try:
        return parts[1], date.fromisoformat(parts[2]), Rung(int(parts[3]))
    except ValueError:
        return None


def may_answer(
    action: Action, at: Climb | None, member: Member, members: Iterable[Member], ladder: Ladder = STANDARD
) -> bool:
    """Whether somebody is among those who are told on the rung where the action stands now."""
    if at is None or at.rung in (Rung.OWNER, Rung.SENIOR):
        return False
    told = recipients(at.rung, action, members, ladder.at(at.rung).who)
    return any(each.user_id.lower() == member.user_id.lower() for each in told)
