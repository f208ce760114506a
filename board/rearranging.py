"""What is done with an action beside its everyday steps: another owner, a pause of its reminders, an end without being
done, and the way to the Senior Partnership Board. Pure.

A transfer keeps the action and its reference, so that its history stays in one place; whoever has it next begins by
acknowledging it. *Not undertaken* is a chair's word that nothing was done though it could have been: it is kept apart
from *not possible*, and counts against engagement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from board.actions import CLAIMS, Action, ActionStatus, Priority
from board.calendar import uk_date
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.records import Member
from board.tracker import is_overdue
from board.vocabulary import Role

LONGEST_SNOOZE = timedelta(days=14)
"""How long an owner's reminders may rest (domain default)."""

HISTORY = 20
"""Lines of an action's transfers that are kept in its row; all of them are in its versions."""

ARRANGE = (Role.CHAIR, Role.SUBGROUP_CHAIR, Role.MENTAL_HEALTH_TEAM)
ENDS = (Role.CHAIR, Role.SUBGROUP_CHAIR)


class Change(StrEnum):
    """What somebody can do; the words are those that are typed."""

    TRANSFER = "transfer"
    SNOOZE = "snooze"
    NOT_UNDERTAKEN = "not undertaken"
    SUPERSEDE = "supersede"
    SENIOR = "senior board"


def changes(action: Action, member: Member, today: date) -> list[Change]:
    """What this member can do with this action now, in the order it is offered."""
    if not action.live:
        return []
    found = [Change.TRANSFER] if _may_transfer(action, member) else []
    if _owns(action, member) and action.priority != Priority.IMMEDIATE and action.status not in CLAIMS:
        found.append(Change.SNOOZE)
    if member.has(*ENDS):
        found += [Change.NOT_UNDERTAKEN, Change.SUPERSEDE]
    if member.has(Role.CHAIR) and action.senior_on is None and is_overdue(action, today):
        found.append(Change.SENIOR)
    return found


def _owns(action: Action, member: Member) -> bool:
    return bool(action.owner_id) and action.owner_id.casefold() == member.user_id.casefold()


def _leads(action: Action, member: Member) -> bool:
    return member.has(Role.AGENCY_LEAD) and bool(action.agency) and member.agency.upper() == action.agency.upper()


def _may_transfer(action: Action, member: Member) -> bool:
    return member.has(*ARRANGE) or _owns(action, member) or _leads(action, member)


def receivers(action: Action, member: Member, members: Iterable[Member]) -> list[Member]:
    """To whom this member may transfer it: within its agency, anywhere for those who arrange the board."""
    anywhere = member.has(*ARRANGE)
    others = (each for each in members if each.open and each.user_id.casefold() != action.owner_id.casefold())
    return [each for each in others if anywhere or each.agency.upper() == action.agency.upper()]


@dataclass(frozen=True, slots=True)
class Now:
    """Who changes an action, to whom it goes where it goes to somebody, and when."""

    member: Member
    to: Member | None
    at: datetime

    @property
    def today(self) -> date:
        """The calendar date in the United Kingdom."""
        return uk_date(self.at)


def change(action: Action, what: Change, form: Form, now: Now) -> Action:
    """The action after it. Raises NotAllowed or NotUnderstood with every problem, and changes nothing then."""
    if not action.live:
        raise NotAllowed(Refusal.CLOSED)
    if what not in changes(action, now.member, now.today):
        raise NotAllowed(Refusal.NOT_NOW if _could(what, action, now.member) else Refusal.NOT_YOURS)
    return _CHANGE[what](action, form, now)


def _could(what: Change, action: Action, member: Member) -> bool:
    """Whether it would be theirs at another time."""
    return {
        Change.TRANSFER: _may_transfer(action, member),
        Change.SNOOZE: _owns(action, member),
        Change.NOT_UNDERTAKEN: member.has(*ENDS),
        Change.SUPERSEDE: member.has(*ENDS),
        Change.SENIOR: member.has(Role.CHAIR),
    }[what]


def _transfer(action: Action, form: Form, now: Now) -> Action:
    """Within an agency its own people may; to another, whoever arranges the board. What is overdue gets a new day."""
    why, due = form.text("note", PARAGRAPH, required=True), form.any_day("new_due")
    to = now.to
    if to is None or not to.open or to.user_id.casefold() == action.owner_id.casefold():
        form.problems.append(FieldProblem("owner", Problem.NOT_A_CHOICE))
    elif to.agency.upper() != action.agency.upper() and not now.member.has(*ARRANGE):
        form.problems.append(FieldProblem("owner", Problem.OTHER_AGENCY))
    if due is None and is_overdue(action, now.today) and all(each.field != "new_due" for each in form.problems):
        form.problems.append(FieldProblem("new_due", Problem.MISSING))
    if due is not None and due < now.today:
        form.problems.append(FieldProblem("new_due", Problem.IN_THE_PAST))
    form.done()
    if to is None:
        raise NotUnderstood(FieldProblem("owner", Problem.NOT_A_CHOICE))
    line = (
        f"{now.today.isoformat()}: from {action.owner_name or 'nobody'} ({action.agency or '-'}) to {to.name} "
        f"({to.agency or '-'}), by {now.member.name}: {' '.join(why.split())}"
    )
    return replace(
        action,
        owner_id=to.user_id,
        owner_name=to.name,
        agency=to.agency,
        due=due or action.due,
        asked_due=None,
        status=ActionStatus.DISSEMINATED,
        claimed_on=None,
        transfers="\n".join([*action.transfers.splitlines(), line][-HISTORY:]),
        transferred_on=now.at,
        snoozed_until=None,
    )


def _snooze(action: Action, form: Form, now: Now) -> Action:
    until = form.any_day("snooze_until")
    if until is None and not form.problems:
        form.problems.append(FieldProblem("snooze_until", Problem.MISSING))
    if until is not None and until <= now.today:
        form.problems.append(FieldProblem("snooze_until", Problem.NOT_LATER))
    if until is not None and until > now.today + LONGEST_SNOOZE:
        form.problems.append(FieldProblem("snooze_until", Problem.TOO_LONG_A_PAUSE))
    form.done()
    return replace(action, snoozed_until=until)


def _end(status: ActionStatus) -> Callable[[Action, Form, Now], Action]:
    def ended(action: Action, form: Form, now: Now) -> Action:
        why = form.text("note", PARAGRAPH, required=True)
        form.done()
        return replace(action, status=status, note=why, open=False, closed_on=now.at, asked_due=None)

    return ended


def _senior(action: Action, form: Form, now: Now) -> Action:
    why = form.text("note", PARAGRAPH, required=True)
    form.done()
    return replace(action, note=why, senior_on=now.at)


_CHANGE: dict[Change, Callable[[Action, Form, Now], Action]] = {
    Change.TRANSFER: _transfer,
    Change.SNOOZE: _snooze,
    Change.NOT_UNDERTAKEN: _end(ActionStatus.NOT_UNDERTAKEN),
    Change.SUPERSEDE: _end(ActionStatus.SUPERSEDED),
    Change.SENIOR: _senior,
}


def rests(action: Action, today: date) -> bool:
    """Whether its owner is not to be reminded today. What is an immediate risk never rests."""
    until = action.snoozed_until
    return until is not None and today < until and action.priority != Priority.IMMEDIATE


def wakes(action: Action, after: date, until: date) -> bool:
    """Whether its owner is reminded again in these days (after one, until another), whatever its own days say."""
    return action.live and action.snoozed_until is not None and after < action.snoozed_until <= until
