"""A subgroup's week as it stands now: who asks, its meeting and its list, read afresh; then how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from board import references
from board.entitlement import Act, Standing, may_chair, own_forum, require
from board.errors import FieldProblem, NotUnderstood, Problem
from board.hearing import accepted_by, by_agency
from board.listing import MOST, WeekList, of_forum, settled, spoken, subgroup_of, the_meeting, the_next, week_list
from board.notices import ReferralFace, face
from board.records import Attendance, Forum, Hearing, Meeting, Member, Referral, Return
from board.returning import progress
from bot.directory import People, people, queries
from bot.house import House
from bot.turn import Scope, Turn
from sharepoint import queries as ask
from sharepoint.schema import ATTENDANCE, MEETINGS, REFERRALS, RETURNS
from sharepoint.store import Store
from sharepoint.together import Together

LOOKED_BACK = timedelta(days=35)
"""How far back meetings are read: one that was begun and never closed is gone on with for so long."""


@dataclass(frozen=True, slots=True)
class Week:
    """A subgroup, its meeting and its list of one moment."""

    who: Standing
    people: People
    forum: Forum
    meetings: tuple[Meeting, ...]
    list: WeekList
    referrals: tuple[Referral, ...]

    @property
    def meeting(self) -> Meeting:
        """The meeting that goes on, or the next one, whose row may not be there yet (its id is 0 then)."""
        return self.list.meeting

    @property
    def next_meeting(self) -> Meeting:
        """The meeting after it."""
        return the_next(self.meetings, self.forum, self.meeting)

    def at(self, meeting: Meeting, *, changed: Iterable[Referral] = ()) -> Week:
        """The same with the meeting's row made, or with referrals changed."""
        by_id = {each.id: each for each in changed}
        referrals = tuple(by_id.get(each.id, each) for each in self.referrals)
        listed = week_list(referrals, meeting, later=_later(self.meetings, meeting))
        meetings = (*(each for each in self.meetings if each.id != meeting.id), meeting)
        return replace(self, list=listed, referrals=referrals, meetings=meetings)


@dataclass(frozen=True, slots=True)
class Course:
    """How far a meeting has come: attendance, what was recorded, and how the asking stands for each case."""

    attendance: tuple[Attendance, ...]
    hearings: tuple[Hearing, ...]
    faces: dict[str, ReferralFace]
    awaited: dict[str, tuple[str, ...]]

    def accepted(self, member: Member) -> bool:
        """Whether this person accepted the confidentiality statement."""
        return accepted_by(self.attendance, member.user_id)

    @property
    def agencies(self) -> dict[str, Attendance]:
        """How each agency took part, by its code."""
        return by_agency(self.attendance)


async def open_week(house: House, turn: Turn, act: Act, *, code: str = "", resume: bool = False) -> Week:
    """Read the subgroup's week. One request. Raises NotAllowed, or NotUnderstood outside private places."""
    privately(turn)
    found = await house.store.gather(*queries(), ask.meetings_since(house.today() - LOOKED_BACK), ask.for_the_list())
    members, agencies, forums, meetings, referrals = found
    everybody = people(members, agencies, forums, house.board)
    who = everybody.standing(turn.sender.user_id)
    member = require(act, who, house.today())
    code = code or own_forum(member, everybody.forums)
    week = assembled(everybody, who, (meetings, referrals), house.today(), code=code, resume=resume)
    may_chair(member, week.forum.code)
    return week


def assembled(
    everybody: People,
    who: Standing,
    rows: tuple[Iterable[Meeting], Iterable[Referral]],
    today: date,
    *,
    code: str = "",
    resume: bool = False,
) -> Week:
    """Put a subgroup's week together from the rows of meetings and open referrals."""
    forum = subgroup_of(everybody.forums.values(), code, board=everybody.board)
    meetings, referrals = tuple(rows[0]), rows[1]
    meeting = the_meeting(meetings, forum, today, resume=resume)
    its = tuple(case for case in referrals if of_forum(case, forum, everybody.forums))
    return Week(who, everybody, forum, meetings, week_list(its, meeting, later=_later(meetings, meeting)), its)


def _later(meetings: Iterable[Meeting], meeting: Meeting) -> list[str]:
    day = meeting.held_on
    return [spoken(m) for m in meetings if m.open and day and m.held_on and m.held_on > day and m.id != meeting.id]


async def course(store: Store, week: Week) -> Course:
    """How far the meeting has come. One request."""
    reference = week.list.reference or "-"
    cases = [*week.list.cases, *week.list.held][:MOST]
    attendance, hearings, *returns = await store.gather(
        ask.about(ATTENDANCE, reference),
        ask.hearings_of(reference),
        *(ask.about(RETURNS, case.reference) for case in cases),
    )
    by_case: dict[str, list[Return]] = {c.reference: rows for c, rows in zip(cases, returns, strict=True)}
    return Course(
        tuple(attendance),
        tuple(sorted(hearings, key=lambda row: row.id)),
        {case.reference: face(case, by_case[case.reference], week.people.agencies) for case in cases},
        {case.reference: _awaited(case, by_case[case.reference], week.people) for case in cases},
    )


def _awaited(case: Referral, returns: Iterable[Return], everybody: People) -> tuple[str, ...]:
    """Codes of the agencies that have not answered; of a restricted referral none, since it is a pointer."""
    if case.restricted:
        return ()
    return tuple(code for code in progress(case, returns).awaited if code in everybody.agencies)


async def with_row(store: Store, week: Week, by: str) -> Week:
    """The week with the meeting's row made, once whoever is first; its number follows with the next write."""
    if week.meeting.id:
        return week
    made, _ = await store.add_once(MEETINGS, week.meeting, by=by, why="planned")
    return week.at(made)


async def settled_list(store: Store, week: Week, by: str) -> tuple[Week, list[str]]:
    """Write the list down as it is proposed, and name the cases that it changed. Safe to repeat."""
    week = await with_row(store, week, by)
    batch, changes = Together(store, by), settled(week.list)
    for before, after in changes:
        batch.change(REFERRALS, before, after, why="listed")
    meeting = number(week.meeting)
    batch.change(MEETINGS, week.meeting, meeting, why="numbered")
    await batch.send()
    cases = [after for _, after in changes]
    return week.at(meeting, changed=cases), [case.reference for case in cases]


def number(meeting: Meeting) -> Meeting:
    """The meeting with its reference, to be written with the other writes of a turn."""
    return meeting if meeting.reference else replace(meeting, reference=spoken(meeting))


def meeting_id(said: str) -> int:
    """The number in a meeting's reference."""
    return references.item_id(said, references.SUBGROUP)


def privately(turn: Turn) -> None:
    """Raise NotUnderstood for what is typed where others read along."""
    if turn.reference.scope is not Scope.PERSONAL and turn.kind.value == "message":
        raise NotUnderstood(FieldProblem("list", Problem.NOT_PRIVATE))
