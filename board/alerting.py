"""Whom a plan's trigger alerts, and what its agencies are told of a plan. Pure: records in, notices out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from board.errors import FieldProblem, Problem
from board.forms import PARAGRAPH, Form
from board.notices import Audience, Notice, NoticeKind
from board.records import Member, Plan, TriggerReport
from board.sections import fingerprint, first_actions, lines
from board.signing import Signed, named
from board.vocabulary import PlanStatus, Role

ALERTED = (Role.AGENCY_LEAD, Role.REPRESENTATIVE)
"""Who in an agency that the plan names hears of a trigger, whatever the hour."""

RUNNING = (Role.CHAIR, Role.MENTAL_HEALTH_TEAM)
"""Who hears of every trigger."""


def triggers_of(plan: Plan) -> dict[str, str]:
    """The plan's triggers to choose from in a report, by what stands for each in its form: the text itself does not."""
    return {fingerprint(line): line for line in lines(plan.triggers).splitlines()}


def report(plan: Plan, member: Member, form: Form, *, now: datetime) -> TriggerReport:
    """A report that a trigger of this plan has happened: one of its own, words of one's own, or both.

    Raises NotUnderstood when neither is there, and when the one chosen is no longer among them.
    """
    own = triggers_of(plan)
    key, which, note = form.key(), form.choice("which_trigger", own, told=False), form.text("note", PARAGRAPH)
    if not (which or note) and not form.problems:
        form.problems.append(FieldProblem("note", Problem.MISSING))
    form.done()
    return TriggerReport(
        key=f"trigger-{key}",
        reference=named(plan),
        case=plan.case,
        forum=plan.forum,
        agency=member.agency,
        member_id=member.user_id,
        member_name=member.name,
        trigger=own.get(which, ""),
        note=note,
        reported_on=now,
    )


def alerted_agencies(plan: Plan) -> tuple[str, ...]:
    """The agencies that a plan names: those with a first action, and those that sign it off."""
    return tuple(sorted({*first_actions(plan.first_actions), *(code.upper() for code in plan.signatories)}))


def members_of(agency: str, members: Iterable[Member]) -> list[Member]:
    """Who is alerted for an agency, its leads first."""
    found = [m for m in members if m.open and m.agency.upper() == agency and m.has(*ALERTED)]
    return sorted(found, key=lambda m: (not m.has(Role.AGENCY_LEAD), m.user_id))


def alert(report: TriggerReport, user_id: str) -> Notice:
    """The alert of one report to one person, the same for ever."""
    key = f"trigger/{report.id}/{user_id.lower()}"
    return Notice(key, NoticeKind.TRIGGER, Audience(member=user_id.lower()), f"trigger/{report.id}")


def channel_alert(report: TriggerReport, agencies: Iterable[str], forum: str) -> Notice:
    """What the channel is told for agencies none of whose people could be: which are they is part of the key."""
    key = f"trigger/{report.id}/channel/{'+'.join(agencies)}"[:255]
    return Notice(key, NoticeKind.TRIGGER, Audience(forum=forum), f"trigger/{report.id}")


def told(plan: Plan, signed: Signed, members: Iterable[Member]) -> list[Notice]:
    """What is to be said of a plan as it stands: to those who sign when they are asked, to others how that ended."""
    everybody = tuple(members)
    if plan.status == PlanStatus.SIGN_OFF and not signed.stopped_by:
        signers = [m for code in signed.awaited for m in members_of(code.upper(), everybody)]
        return [_told("asked", plan, member) for member in signers]
    what = "stopped" if signed.stopped_by else "agreed" if plan.status == PlanStatus.AGREED else ""
    keepers = [m for m in everybody if m.open and (m.has(*RUNNING) or m.name == plan.owner_name)]
    return [_told(what, plan, member) for member in keepers] if what else []


EXPIRES_SOON = timedelta(days=14)
"""How long before a plan expires it is said once: two weekly subgroups can still take it up."""


def unsigned_about(home: str, until: date) -> str:
    """What the day's notices of unsigned plans of a board are about."""
    return f"unsigned-{home}/{until.isoformat()}"


def unsigned(
    plans: Iterable[tuple[Plan, Signed]], members: Iterable[Member], home: str, until: date
) -> list[tuple[Notice, list[Plan]]]:
    """Who has still to sign, and what: one notice a person and working day, however many plans wait for them."""
    everybody, theirs = tuple(members), dict[str, list[Plan]]()
    for plan, signed in plans:
        if plan.status == PlanStatus.SIGN_OFF and not signed.stopped_by:
            signers = {m.user_id.lower() for code in signed.awaited for m in members_of(code.upper(), everybody)}
            for user_id in sorted(signers):
                theirs.setdefault(user_id, []).append(plan)
    about = unsigned_about(home, until)
    return [
        (Notice(f"plan/{about}/{user_id}", NoticeKind.PLAN, Audience(member=user_id), about), waiting)
        for user_id, waiting in theirs.items()
    ]


def read_unsigned(key: str) -> tuple[str, str] | None:
    """Read such a notice's key back: the board's code and the member's id; None for any other key."""
    parts = key.split("/")
    if len(parts) != 4 or not parts[1].startswith("unsigned-"):
        return None
    return parts[1].removeprefix("unsigned-"), parts[3]


def due(plan: Plan, members: Iterable[Member], until: date) -> list[Notice]:
    """What a working day's round says of a plan besides: its dates, once each."""
    everybody, found = tuple(members), list[str]()
    if plan.status == PlanStatus.EXPIRED:
        found.append("expired")
    elif plan.status == PlanStatus.AGREED:
        soon = plan.expires_on is not None and plan.expires_on - EXPIRES_SOON <= until
        review = plan.review_on is not None and plan.review_on <= until
        found += ["expiring"] * soon + [f"review-{plan.review_on}"] * review
    keepers = [m for m in everybody if m.open and (m.has(*RUNNING) or m.name == plan.owner_name)]
    return [_told(what, plan, member) for what in found for member in keepers]


def _told(what: str, plan: Plan, member: Member) -> Notice:
    user_id = member.user_id.lower()
    return Notice(f"plan/{named(plan)}/{what}/{user_id}", NoticeKind.PLAN, Audience(member=user_id), named(plan))
