"""A meeting of the subgroup: who took part, what it made of each case, and what follows for the case. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from board.actions import Action
from board.calendar import uk_date
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.listing import HEARABLE
from board.path import require_follows
from board.records import Agency, Attendance, Forum, Hearing, Meeting, Member, Referral
from board.stepping import with_step
from board.vocabulary import OUTCOMES, Attended, Decision, MeetingStatus, Role, Status

PRESENT, DEPUTY, ABSENT = Attended.PRESENT, Attended.DEPUTY, Attended.ABSENT
SENT, NOT_SENT = "Apologies, information sent", "Apologies, no information"
TAKING_PART = (str(PRESENT), str(DEPUTY), SENT, NOT_SENT, str(ABSENT))
"""How an agency took part, as a form asks it: apologies say at once whether information was sent."""

VOLUNTEERED = 3
"""Actions that one submit of a case takes."""

TEXTS = ("shared", "rationale", "dissent", "redirect_to")
"""The texts of a hearing's form, in the order they are asked."""


def took_part(said: str) -> tuple[str, bool]:
    """Read one of TAKING_PART: how they took part, and whether information was sent. Raises NotUnderstood."""
    if said not in TAKING_PART:
        raise NotUnderstood(FieldProblem("attended", Problem.NOT_A_CHOICE))
    return (Attended.APOLOGIES, said == SENT) if said in (SENT, NOT_SENT) else (said, False)


def as_said(row: Attendance) -> str:
    """An attendance in the words of TAKING_PART; empty for what is none of them."""
    if row.status == Attended.APOLOGIES:
        return SENT if row.information_sent else NOT_SENT
    return row.status if row.status in TAKING_PART else ""


def attendance(meeting: str, agency: str, said: str) -> Attendance:
    """An agency's row for a meeting, which its key makes once."""
    status, sent = took_part(said)
    return Attendance(key=f"{meeting}/{agency}", reference=meeting, agency=agency, status=status, information_sent=sent)


def acceptance(meeting: str, member: Member, now: datetime) -> Attendance:
    """That somebody who runs the meeting accepted the confidentiality statement; it says nothing of who took part."""
    return Attendance(
        key=f"{meeting}/accepted/{member.user_id}",
        reference=meeting,
        agency=member.agency,
        member_id=member.user_id,
        member_name=member.name,
        confidential_on=now,
    )


def accepted_by(rows: Iterable[Attendance], user_id: str) -> bool:
    """Whether this person accepted the statement for the meeting of these rows."""
    return any(row.confidential_on is not None and row.member_id.lower() == user_id.lower() for row in rows)


def by_agency(rows: Iterable[Attendance]) -> dict[str, Attendance]:
    """The rows that say how an agency took part, by its code."""
    return {row.agency.upper(): row for row in sorted(rows, key=lambda row: row.id) if as_said(row)}


@dataclass(frozen=True, slots=True)
class Heard:
    """What one submit of a case's form comes to: the hearing, the case after it, and the actions volunteered."""

    hearing: Hearing
    referral: Referral
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Where a case is heard: the meeting, its forum, the day of the next one, and the partners with their members."""

    meeting: str
    forum: Forum
    next_day: date
    agencies: Mapping[str, Agency]
    members: tuple[Member, ...]


def hear(form: Form, case: Referral, before: Hearing | None, member: Member, room: Room, *, now: datetime) -> Heard:
    """Read the form of one case. Raises NotAllowed, or NotUnderstood with every problem, and changes nothing then."""
    if not case.open:
        raise NotAllowed(Refusal.CLOSED)
    if case.status not in HEARABLE:
        raise NotAllowed(Refusal.NOT_HEARABLE)
    key, decision = form.key(), form.choice("decision", Decision, required=True)
    dissent, by = form.text("dissent", PARAGRAPH), _codes(form, "dissent_by", room)
    if bool(dissent) != bool(by):
        form.problems.append(FieldProblem("dissent_by" if dissent else "dissent", Problem.MISSING))
    hearing = Hearing(
        key=f"{room.meeting}/{case.reference}",
        reference=case.reference,
        meeting=room.meeting,
        forum=case.forum,
        decision=decision,
        information=form.text("shared", PARAGRAPH),
        rationale=form.text("rationale", PARAGRAPH, required=True),
        dissent=dissent,
        dissent_by=by,
        outcomes=form.choices("outcomes", OUTCOMES),
        next_review=_next_review(form, decision, room, uk_date(now)),
        heard_on=before.heard_on if before else now,
        recorded_by=member.name,
        step_key=with_step(before.step_key if before else "", key),
    )
    to = form.text("redirect_to", required=decision == Decision.REDIRECT)
    actions = volunteered(form, case.reference, room, key, now=now)
    form.done()
    after = require_follows(case, after_hearing(case, hearing, to, key, now=now), Refusal.NOT_HEARABLE)
    return Heard(hearing, after, actions)


def _codes(form: Form, name: str, room: Room, *, most: int = 99) -> frozenset[str]:
    """Codes of agencies of the forum, chosen from a list or typed in any case; others are a problem of that field."""
    said = form.text(name).upper().replace(";", ",").split(",")
    codes = frozenset(code.strip() for code in said if code.strip())
    if codes <= room.agencies.keys() and len(codes) <= most:
        return codes
    form.problems.append(FieldProblem(name, Problem.NOT_A_CHOICE))
    return frozenset()


def _next_review(form: Form, decision: str, room: Room, today: date) -> date | None:
    """The day the case comes back; a case to be heard again comes back at the next meeting unless another is named."""
    day = form.any_day("next_review")
    if day is not None and day <= today:
        form.problems.append(FieldProblem("next_review", Problem.NOT_LATER))
    return room.next_day if day is None and decision == Decision.CONTINUE else day


def after_hearing(case: Referral, hearing: Hearing, to: str, key: str, *, now: datetime) -> Referral:
    """The case after its hearing. A case with a plan that is heard again is reviewed.

    A plan that is needed is agreed when its agencies have signed it, so until then the case stands at Heard.
    """
    heard = replace(
        case,
        rationale=hearing.rationale,
        outcomes=tuple(dict.fromkeys((*case.outcomes, *hearing.outcomes))),
        next_review=hearing.next_review,
        listed_for="",
        list_order=0,
        list_minutes=0,
        on_hold=False,
        step_key=with_step(case.step_key, key),
    )
    if hearing.decision == Decision.CLOSE:
        return replace(heard, status=Status.CLOSED, open=False, closed_on=now, next_review=None)
    if hearing.decision == Decision.REDIRECT:
        return replace(heard, status=Status.REDIRECTED, redirected_to=to, redirected_on=now, receipt_on=None)
    if case.status in (Status.PLAN, Status.REVIEWED):
        return replace(heard, status=Status.REVIEWED)
    return replace(heard, status=Status.NO_PLAN if hearing.decision == Decision.NO_PLAN else Status.HEARD)


def volunteered(form: Form, source: str, room: Room, key: str, *, now: datetime) -> tuple[Action, ...]:
    """The actions agencies took on, one for each row of the form that says something. `source` is where they come from:
    the reference of a case, or of a board."""
    made: list[Action] = []
    for number in range(1, VOLUNTEERED + 1):
        what = form.text(f"action_what_{number}", PARAGRAPH)
        code = "".join(_codes(form, f"action_agency_{number}", room, most=1))
        due = form.any_day(f"action_due_{number}")
        if not (what or code or due):
            continue
        for name, missing in (("what", not what), ("agency", not code), ("due", due is None)):
            field = f"action_{name}_{number}"
            if missing and all(found.field != field for found in form.problems):
                form.problems.append(FieldProblem(field, Problem.MISSING))
        if due is not None and due < uk_date(now):
            form.problems.append(FieldProblem(f"action_due_{number}", Problem.IN_THE_PAST))
        owner = answers_for(code, room.members)
        made.append(
            Action(
                key=f"{key}-{number}",
                what=what,
                due=due,
                agency=code,
                owner_id=owner.user_id if owner else "",
                owner_name=owner.name if owner else "",
                source=source,
                forum=room.forum.code,
                agreed_on=now,
            )
        )
    return tuple(made)


def answers_for(agency: str, members: Iterable[Member]) -> Member | None:
    """Who owns what an agency takes on until it names somebody: its lead, else its first representative."""
    theirs = sorted((m for m in members if m.open and m.agency.upper() == agency.upper()), key=lambda m: m.id)
    for role in (Role.AGENCY_LEAD, Role.REPRESENTATIVE):
        for member in theirs:
            if member.has(role):
                return member
    return None


def opened(meeting: Meeting, today: date) -> Meeting:
    """The meeting once somebody runs it: on the day it is run, whatever day it was planned for."""
    begun = meeting.status == MeetingStatus.IN_PROGRESS
    return meeting if begun else replace(meeting, status=MeetingStatus.IN_PROGRESS, held_on=today)


def closed(meeting: Meeting) -> Meeting:
    """The meeting once it is over."""
    return replace(meeting, status=MeetingStatus.HELD, open=False)


def as_values(hearing: Hearing) -> dict[str, str]:
    """What was recorded, as the fields of the form that records it."""
    return {
        "shared": hearing.information,
        "decision": hearing.decision,
        "rationale": hearing.rationale,
        "dissent": hearing.dissent,
        "dissent_by": ",".join(sorted(hearing.dissent_by)),
        "outcomes": ",".join(hearing.outcomes),
        "next_review": hearing.next_review.isoformat() if hearing.next_review else "",
    }


def beside(mine: Mapping[str, object], theirs: Hearing) -> dict[str, object]:
    """One recorder's form beside what another recorded meanwhile: what I left empty is theirs, nothing of mine goes."""
    return {**as_values(theirs), **{name: value for name, value in mine.items() if value}}
