"""A board's meeting: what it decides, the actions it agrees, and its minutes until they are approved. Pure.

A decision belongs to one meeting and to one item of its agenda. Nothing of this may hold anything about a person: what
would say who somebody is is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from board import references
from board.actions import Action
from board.agenda import CHAIRS, ITEM, ItemStatus, Part, says_who
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import LINE, PARAGRAPH, Form
from board.hearing import VOLUNTEERED, Room, volunteered
from board.identifying import Found, in_fields
from board.records import AgendaItem, Attendance, Meeting, Member
from board.vocabulary import NO_BOARDS, Attended, MeetingStatus, Role

DECISION, CORRECTION = "Decision", "Correction of the minutes"
RECORDED, WITHDRAWN = "Recorded", "Withdrawn"
"""How a decision stands: one that was taken back while its board went on is in no minutes."""


class MinutesStatus(StrEnum):
    """How far a board's minutes are."""

    DRAFT = "Draft"
    APPROVED = "Approved"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a board made of one item of its agenda: a decision, actions, or both."""

    decision: AgendaItem | None
    actions: tuple[Action, ...]


def outcome(
    form: Form, member: Member, meeting: Meeting, parts: Sequence[Part], room: Room, *, now: datetime
) -> Outcome:
    """Read what was made of an item. `about` is a standing item's name or a member's item's reference.

    Raises NotAllowed when the board does not go on, NotUnderstood with every problem.
    """
    require_on(meeting)
    key, part = form.key(), _part(form, parts)
    words = form.text("decision", PARAGRAPH)
    actions = volunteered(form, references.reference(references.BOARD, meeting.id), room, key, now=now)
    if not words and not actions and not form.problems:
        form.problems.append(FieldProblem("decision", Problem.MISSING))
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    form.done()
    decision = AgendaItem(
        key=f"{key}-decision",
        forum=room.forum.code,
        meeting=references.reference(references.BOARD, meeting.id),
        kind=DECISION,
        about=name_of(part) if part else "",
        words=words,
        status=RECORDED,
        owner_id=member.user_id,
        owner_name=member.name,
        agency=member.agency,
        chairs_only=part.chairs_only if part else False,
        submitted_on=now,
        open=False,
    )
    return Outcome(decision if words else None, actions)


def name_of(part: Part) -> str:
    """What a decision says it is about: a standing item's name, or a member's item's reference."""
    return part.item.reference if part.item else part.name


def _part(form: Form, parts: Sequence[Part]) -> Part | None:
    about = form.text("about", 40, required=True)
    found = next((part for part in parts if about and name_of(part).casefold() == about.casefold()), None)
    if about and found is None:
        form.problems.append(FieldProblem("about", Problem.NOT_A_CHOICE))
    return found


def found_in(form: Form) -> dict[str, list[Found]]:
    """What in each field would say who somebody is, for whoever typed it."""
    names = ("decision", "correction", *(f"action_what_{number}" for number in range(1, VOLUNTEERED + 1)))
    return in_fields(form.values, names, says_who)


def require_on(meeting: Meeting) -> None:
    """Raise NotAllowed unless the board goes on."""
    if meeting.status != MeetingStatus.IN_PROGRESS:
        raise NotAllowed(Refusal.BOARD_NOT_ON)


def begun(meeting: Meeting) -> Meeting:
    """The board's row once somebody runs it; its day stays the calendar's, on whatever day it is recorded."""
    return replace(meeting, status=MeetingStatus.IN_PROGRESS)


def closed(meeting: Meeting) -> Meeting:
    """The board's row once it is over: its minutes are a draft from then on. Raises NotAllowed when it is not on."""
    require_on(meeting)
    return replace(meeting, status=MeetingStatus.HELD, open=False, minutes=MinutesStatus.DRAFT)


def dealt_with(items: Iterable[AgendaItem], meeting: Meeting) -> list[tuple[AgendaItem, AgendaItem]]:
    """The items that were on the agenda, each as it is and as it is once the board is over."""
    on = references.reference(references.BOARD, meeting.id)
    mine = [each for each in items if each.kind == ITEM and each.open and each.meeting == on]
    return [(each, replace(each, open=False)) for each in mine if each.status == ItemStatus.ACCEPTED]


def decisions(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """What was decided and not taken back, in the order in which it was."""
    return sorted(
        (each for each in items if each.kind == DECISION and each.status != WITHDRAWN), key=lambda each: each.id
    )


def public(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """What every member may read of decisions and corrections."""
    return [each for each in items if not each.chairs_only]


def taken_back(decision: AgendaItem, meeting: Meeting) -> AgendaItem:
    """A decision that was recorded by mistake, while its board goes on. Raises NotAllowed afterwards."""
    require_on(meeting)
    return replace(decision, status=WITHDRAWN)


def attended(rows: Iterable[Attendance]) -> frozenset[str]:
    """The codes of the agencies that were there, in person or by deputy."""
    there = (Attended.PRESENT, Attended.DEPUTY)
    return frozenset(row.agency.upper() for row in rows if row.status in there)


def correction(
    form: Form, member: Member, meeting: Meeting, rows: Iterable[Attendance], *, now: datetime
) -> AgendaItem:
    """What somebody of an agency that attended, or a chair, would have put right in draft minutes.

    Raises NotAllowed for anybody else, before there are minutes, and once they are approved.
    """
    if not meeting.minutes:
        raise NotAllowed(Refusal.MINUTES_NOT_MADE)
    if meeting.minutes == MinutesStatus.APPROVED:
        raise NotAllowed(Refusal.MINUTES_APPROVED)
    if member.agency.upper() not in attended(rows) and not member.has(*CHAIRS):
        raise NotAllowed(Refusal.NOT_ATTENDED)
    words = form.text("correction", PARAGRAPH, required=True)
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    key = form.key()
    form.done()
    return AgendaItem(
        key=key,
        forum=meeting.forum,
        meeting=references.reference(references.BOARD, meeting.id),
        kind=CORRECTION,
        words=words,
        status="Submitted",
        open=False,
        owner_id=member.user_id,
        owner_name=member.name,
        agency=member.agency,
        submitted_on=now,
    )


def approved(meeting: Meeting, later: Iterable[Meeting], member: Member) -> Meeting:
    """The board's row once its minutes are approved, which a chair does at a later board of the same forum.

    Raises NotAllowed before a later board has begun, and when they are approved already.
    """
    if not member.has(Role.CHAIR):
        raise NotAllowed(Refusal.NOT_A_CHAIR)
    if not meeting.minutes:
        raise NotAllowed(Refusal.MINUTES_NOT_MADE)
    if meeting.minutes == MinutesStatus.APPROVED:
        raise NotAllowed(Refusal.MINUTES_APPROVED)
    begun = (MeetingStatus.IN_PROGRESS, MeetingStatus.HELD)
    day = meeting.held_on or date.max
    mine = (row for row in later if row.forum.upper() == meeting.forum.upper() and row.kind not in NO_BOARDS)
    if not any(row.status in begun and row.held_on and row.held_on > day for row in mine):
        raise NotAllowed(Refusal.MINUTES_LATER)
    return replace(meeting, minutes=MinutesStatus.APPROVED, minutes_by=member.name)


def recorded(meeting: Meeting, link: str, who: str, until: date | None, today: date) -> Meeting:
    """The board's row with the link to its recording, who may open it and by when it is disposed of."""
    problems = list[FieldProblem]()
    if not link.startswith("https://") or len(link) > LINE or any(c.isspace() for c in link):
        problems.append(FieldProblem("recording", Problem.NOT_A_LINK))
    if not who.strip():
        problems.append(FieldProblem("recording_for", Problem.MISSING))
    if until is None or until <= today:
        problems.append(FieldProblem("recording_until", Problem.NOT_LATER if until else Problem.MISSING))
    if problems:
        raise NotUnderstood(*problems)
    return replace(meeting, recording=link, recording_for=who.strip()[:LINE], recording_until=until)
