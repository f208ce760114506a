"""An action: agreed at a meeting or by a chair, owned by a person, and not forgotten.

Its path is agreed, disseminated, acknowledged, in progress, done (the owner says so), verified (a chair says so).
Beside it: blocked, more time asked for, not possible (counts once a chair verifies it), not undertaken, transferred,
superseded.
Everything here is pure: an action and what somebody wants in, the changed action or an error out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.identifying import Found, in_fields, of_nobody
from board.records import Member, Stored
from board.vocabulary import Role

_NO_CASE = re.compile(r"[BbKk]\s*(?:[-‐‑–—]\s*)?[0-9]{1,9}")
"""A board's or a risk's reference as people type it, and nothing beside it."""


IMPORTED = "import:"
"""How the key of an action begins that came from the tracker a board kept before."""


class ActionStatus(StrEnum):
    """Where an action stands."""

    AGREED = "Agreed"
    DISSEMINATED = "Disseminated"
    ACKNOWLEDGED = "Acknowledged"
    IN_PROGRESS = "In progress"
    DONE = "Done, to be verified"
    VERIFIED = "Verified"
    BLOCKED = "Blocked"
    MORE_TIME = "More time asked for"
    NOT_POSSIBLE_CLAIMED = "Not possible, to be verified"
    NOT_POSSIBLE = "Not possible"
    NOT_UNDERTAKEN = "Not undertaken"
    TRANSFERRED = "Transferred"
    SUPERSEDED = "Superseded"


CLOSED = frozenset(
    {
        ActionStatus.VERIFIED,
        ActionStatus.NOT_POSSIBLE,
        ActionStatus.NOT_UNDERTAKEN,
        ActionStatus.TRANSFERRED,
        ActionStatus.SUPERSEDED,
    }
)
"""States after which nothing more is expected."""

CLAIMS = frozenset({ActionStatus.DONE, ActionStatus.NOT_POSSIBLE_CLAIMED})
"""States in which the owner has spoken and a chair decides."""


class Priority(StrEnum):
    """How much an action matters; only the first goes out at any hour."""

    IMMEDIATE = "Immediate risk"
    HIGH = "High"
    NORMAL = "Normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Stored):
    """One action. `source` is the reference of the case, board or risk it came from, or a forum's code.

    `claimed_on` is when its owner said that it is done, or not possible: being in time goes by that, and not by when a
    chair came to verify it. `evidence` says where one sees that it was done. `transfers` has a line for each owner it
    went from, and `transferred_on` is when it last did. Its owner is not reminded before `snoozed_until`. `senior_on`
    is when a chair put it before the Senior Partnership Board. `step_key` holds the keys of its latest steps, for
    `has_taken`. `assigned_to` is the owner as SharePoint's own person (0 is nobody), and `assigned_sync` what it and
    `owner_id` were when they last agreed.
    """

    what: str
    why: str = ""
    owner_id: str = ""
    owner_name: str = ""
    agency: str = ""
    due: date | None = None
    priority: str = Priority.NORMAL
    source: str = ""
    programme: str = ""
    forum: str = ""
    status: str = ActionStatus.AGREED
    note: str = ""
    asked_due: date | None = None
    agreed_on: datetime | None = None
    claimed_on: datetime | None = None
    closed_on: datetime | None = None
    evidence: str = ""
    transfers: str = ""
    transferred_on: datetime | None = None
    snoozed_until: date | None = None
    senior_on: datetime | None = None
    step_key: str = ""
    assigned_to: int = 0
    assigned_sync: str = ""

    @property
    def about_a_case(self) -> bool:
        """Whether its words may be about somebody: unless it certainly came from a board, a risk or its own forum.

        The source is typed by hand (`R14`, `Referral R–14`), so what is not understood counts as a case.
        """
        if self.source and self.source.casefold() == self.forum.casefold():
            return False
        return not _NO_CASE.fullmatch(self.source.strip())

    @property
    def imported(self) -> bool:
        """Whether it came from an earlier tracker: when it was agreed or closed may then not be known, ever."""
        return self.key.startswith(IMPORTED)

    @property
    def live(self) -> bool:
        """Whether something is still expected. A row that was closed by hand in one column only is closed."""
        return self.open and self.status not in CLOSED


KEYS_KEPT = 5
"""Steps whose keys an action keeps: 45 characters each at most, in a column of 255."""


def has_taken(action: Action, key: str) -> bool:
    """Whether the step with this key is taken already: the same press delivered again, be it after other steps."""
    return key in action.step_key.split(";")


def taken(action: Action, key: str) -> Action:
    """The action with this key among those of its latest steps."""
    before = [each for each in action.step_key.split(";") if each]
    return replace(action, step_key=";".join([*before, key][-KEYS_KEPT:]))


class Step(StrEnum):
    """What somebody can do to an action."""

    ACKNOWLEDGE = "acknowledge"
    UPDATE = "update"
    DONE = "done"
    MORE_TIME = "more time"
    BLOCKED = "blocked"
    NOT_POSSIBLE = "not possible"
    VERIFY = "verify"
    RETURN = "return"
    GRANT = "grant"


BY_OWNER = (Step.ACKNOWLEDGE, Step.UPDATE, Step.DONE, Step.MORE_TIME, Step.BLOCKED, Step.NOT_POSSIBLE)
BY_CHAIR = (Step.VERIFY, Step.RETURN, Step.GRANT)

_DECIDES = (Role.CHAIR, Role.SUBGROUP_CHAIR)


def steps(action: Action, member: Member) -> list[Step]:
    """What this member can do with this action now, in the order it is offered."""
    if not action.live:
        return []
    offered: list[Step] = []
    if member.has(*_DECIDES):
        if action.status in CLAIMS:
            offered += [Step.VERIFY, Step.RETURN]
        if action.status == ActionStatus.MORE_TIME:
            offered += [Step.GRANT, Step.RETURN]
    if _answers_for(action, member) and action.status not in CLAIMS:
        fresh = action.status in (ActionStatus.AGREED, ActionStatus.DISSEMINATED)
        said = {Step.ACKNOWLEDGE} if not fresh else set[Step]()
        if action.status == ActionStatus.MORE_TIME:
            said.add(Step.MORE_TIME)
        offered += [step for step in BY_OWNER if step not in said]
    return offered


def _answers_for(action: Action, member: Member) -> bool:
    """The owner answers; so may the lead of the agency that owns it, and the mental health team for anybody."""
    if member.has(Role.MENTAL_HEALTH_TEAM) or (action.owner_id and action.owner_id == member.user_id):
        return True
    return member.has(Role.AGENCY_LEAD) and bool(action.agency) and member.agency == action.agency


def decide(action: Action, member: Member, step: Step, form: Form, *, now: datetime, today: date) -> Action:
    """The action after this step. Raises NotAllowed or NotUnderstood, and changes nothing then."""
    if not action.live:
        raise NotAllowed(Refusal.CLOSED)
    if step not in steps(action, member):
        mine = (step in BY_CHAIR and member.has(*_DECIDES)) or (step in BY_OWNER and _answers_for(action, member))
        raise NotAllowed(Refusal.NOT_NOW if mine else Refusal.NOT_YOURS)
    after = _DECIDE[step](action, form, now, today)
    return after if after.status == ActionStatus.MORE_TIME else replace(after, asked_due=None)


def _acknowledge(action: Action, _form: Form, _now: datetime, _today: date) -> Action:
    return replace(action, status=ActionStatus.ACKNOWLEDGED)


def _update(action: Action, form: Form, _now: datetime, _today: date) -> Action:
    return replace(action, status=ActionStatus.IN_PROGRESS, note=_note(form, required=True))


def _done(action: Action, form: Form, now: datetime, _today: date) -> Action:
    evidence = form.text("evidence")
    return replace(
        action,
        status=ActionStatus.DONE,
        note=_note(form) or action.note,
        evidence=evidence or action.evidence,
        claimed_on=now,
    )


def _more_time(action: Action, form: Form, _now: datetime, today: date) -> Action:
    asked = _needed_day(form, "asked_due")
    if asked is not None and asked <= max(today, action.due or today):
        form.problems.append(FieldProblem("asked_due", Problem.NOT_LATER))
    return replace(action, status=ActionStatus.MORE_TIME, asked_due=asked, note=_note(form, required=True))


def _blocked(action: Action, form: Form, _now: datetime, _today: date) -> Action:
    return replace(action, status=ActionStatus.BLOCKED, note=_note(form, required=True))


def _not_possible(action: Action, form: Form, now: datetime, _today: date) -> Action:
    note = _note(form, required=True)
    return replace(action, status=ActionStatus.NOT_POSSIBLE_CLAIMED, note=note, claimed_on=now)


def _verify(action: Action, form: Form, now: datetime, _today: date) -> Action:
    done = action.status == ActionStatus.DONE
    status = ActionStatus.VERIFIED if done else ActionStatus.NOT_POSSIBLE
    return replace(action, status=status, open=False, closed_on=now, note=_note(form) or action.note)


def _return(action: Action, form: Form, _now: datetime, _today: date) -> Action:
    return replace(action, status=ActionStatus.IN_PROGRESS, note=_note(form, required=True), claimed_on=None)


def _grant(action: Action, form: Form, _now: datetime, _today: date) -> Action:
    due = action.asked_due or action.due
    return replace(action, status=ActionStatus.IN_PROGRESS, due=due, note=_note(form) or action.note)


_DECIDE: dict[Step, Callable[[Action, Form, datetime, date], Action]] = {
    Step.ACKNOWLEDGE: _acknowledge,
    Step.UPDATE: _update,
    Step.DONE: _done,
    Step.MORE_TIME: _more_time,
    Step.BLOCKED: _blocked,
    Step.NOT_POSSIBLE: _not_possible,
    Step.VERIFY: _verify,
    Step.RETURN: _return,
    Step.GRANT: _grant,
}


def _note(form: Form, *, required: bool = False) -> str:
    note = form.text("note", PARAGRAPH, required=required)
    form.done()
    return note


def _needed_day(form: Form, name: str) -> date | None:
    """Read a date that is needed: one that is there and cannot be read is one problem, not a missing one as well."""
    day = form.any_day(name)
    if day is None and all(found.field != name for found in form.problems):
        form.problems.append(FieldProblem(name, Problem.MISSING))
    return day


def add(
    form: Form,
    chair: Member,
    owner: Member | None,
    *,
    forum: str,
    now: datetime,
    today: date,
    message: str | None = None,
) -> Action:
    """A new action by a chair. `owner` is the member chosen; raises NotAllowed or NotUnderstood with every problem.

    `message`: it is raised from a message in Teams, and this is the way back to it, which is kept with it. Somebody
    wrote those words for another purpose, so they are looked through where a channel will show them.
    """
    if not chair.has(*_DECIDES, Role.MENTAL_HEALTH_TEAM):
        raise NotAllowed(Refusal.NOT_A_CHAIR)
    what = form.text("what", PARAGRAPH, required=True)
    due = _needed_day(form, "due")
    if due is not None and due < today:
        form.problems.append(FieldProblem("due", Problem.IN_THE_PAST))
    if owner is None:
        form.problems.append(FieldProblem("owner", Problem.NOT_A_CHOICE))
    action = Action(
        key=form.key(),
        what=what,
        why=form.text("why", PARAGRAPH),
        due=due,
        priority=form.choice("priority", Priority) or Priority.NORMAL,
        source=form.text("source", 40),
        programme=form.text("programme", 120),
        forum=forum,
        agreed_on=now,
    )
    if message is not None:
        action = _of_a_message(action, form, message)
    form.done()
    if owner is None:
        raise NotUnderstood(FieldProblem("owner", Problem.NOT_A_CHOICE))
    return replace(action, owner_id=owner.user_id, owner_name=owner.name, agency=owner.agency)


def _of_a_message(action: Action, form: Form, link: str) -> Action:
    if not action.about_a_case:
        form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    return replace(action, why=f"{action.why}\nRaised from a message: {link}".strip()) if link else action


def found_in(form: Form) -> dict[str, list[Found]]:
    """What in each field of a new action may say who somebody is, for whoever typed it."""
    return in_fields(form.values, ("what", "why", "programme"), of_nobody)


class Broken(StrEnum):
    """What is wrong with a row that was typed or edited in the list, and needs a person."""

    NO_OWNER = "no owner who is a member"
    NO_DUE = "no due date"
    NO_WORDS = "nothing that is to be done"
    STATUS = "a status that is not one of the board's"


def goes_at_once(action: Action) -> bool:
    """Whether its owner is told whatever the hour: an immediate risk that nobody has taken up yet."""
    fresh = action.status in (ActionStatus.AGREED, ActionStatus.DISSEMINATED)
    return action.live and fresh and action.priority == Priority.IMMEDIATE and bool(action.owner_id)


@dataclass(frozen=True, slots=True)
class Hands:
    """What else is known of an edited row: its owner before the edit, and the member that its person column names."""

    owner_before: str = ""
    assignee: Member | None = None


def owner_is_unclear(row: Action, members: Iterable[Member]) -> bool:
    """Whether the owner's id and name are two members': one of them was edited, and the version before tells which."""
    everybody = tuple(members)
    by_id, by_name = _by_id(row, everybody), _by_name(row, everybody)
    return by_id is not None and by_name is not None and by_id.user_id != by_name.user_id


def assignee_changed(row: Action) -> bool:
    """Whether somebody chose another person in SharePoint's own column since it last agreed with the owner."""
    return bool(row.assigned_to) and str(row.assigned_to) != row.assigned_sync.partition(":")[0]


def assignment(row: Action) -> str:
    """What `assigned_sync` is when the person column and the owner agree as they stand."""
    return f"{row.assigned_to}:{row.owner_id}"


def mend(
    row: Action, members: Iterable[Member], *, now: datetime, hands: Hands = Hands()
) -> tuple[Action, tuple[Broken, ...]]:
    """Complete a row edited by hand, and say what only a person can put right. What it says is kept.

    `open` follows the status; an owner is recognised by id, by a name that only one member has, or by the person
    column, whichever was edited.
    """
    owner = hands.assignee or _owner(row, tuple(members), hands.owner_before)
    known = row.status in tuple(ActionStatus)
    closed = row.status in CLOSED
    as_it_came = row.imported and not row.open  # closed before it came here, on a day that nobody wrote down
    mended = replace(
        row,
        status=row.status or ActionStatus.AGREED,
        open=not closed,
        agreed_on=row.agreed_on or (None if row.imported else now),
        claimed_on=row.claimed_on or (now if row.status in CLAIMS and not row.imported else None),
        closed_on=(row.closed_on or (None if as_it_came else now)) if closed else None,
    )
    if owner is not None:
        same = row.assigned_sync.partition(":")[2] in ("", owner.user_id) and row.owner_id == owner.user_id
        agency = row.agency if same and row.agency else owner.agency
        mended = replace(mended, owner_id=owner.user_id, owner_name=owner.name, agency=agency)
    faults = (
        (Broken.NO_OWNER, owner is None),
        (Broken.NO_DUE, row.due is None),
        (Broken.NO_WORDS, not row.what.strip()),
        (Broken.STATUS, bool(row.status) and not known),
    )
    return mended, tuple(broken for broken, is_so in faults if is_so and not closed)


def _owner(row: Action, members: tuple[Member, ...], before: str) -> Member | None:
    by_id, by_name = _by_id(row, members), _by_name(row, members)
    if by_id is not None and by_name is not None and row.owner_id.casefold() == before.casefold():
        return by_name
    return by_id or (by_name if not row.owner_id else None)


def _by_id(row: Action, members: tuple[Member, ...]) -> Member | None:
    said = row.owner_id.strip().casefold()
    return next((m for m in members if said and m.user_id.casefold() == said), None)


def _by_name(row: Action, members: tuple[Member, ...]) -> Member | None:
    said = row.owner_name.strip().casefold()
    found = [m for m in members if said and m.name.casefold() == said]
    return found[0] if len(found) == 1 else None
