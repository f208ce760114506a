"""A tactical plan: what may happen, what shows that it does, and what each agency then does first.

Its path is draft, for sign-off, agreed, and then expired, ended, or superseded by another plan of the same case. A
signature is of one version's text: to change anything that was sent for sign-off makes the next version, which nobody
has signed. A plan may not direct that care be refused, so the sign-off asks this outright; one such answer stops the
version.
Everything here is pure: a plan and what somebody wants in, the changed plan or an error out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from board.entitlement import ARRANGE, Act
from board.errors import FieldProblem, NotAllowed, Problem, Refusal
from board.forms import PARAGRAPH, Form, length
from board.records import Member, Plan, Referral, SignOff
from board.sections import fingerprint, first_actions, joined, lines, with_first_action
from board.signing import NO, OVER, REVIEW_AFTER, YES, Signed, named
from board.vocabulary import PlanStatus, Role, SignedOff

SECTIONS = ("scenarios", "triggers", "first_actions", "contingencies", "victim_safety")
"""What a plan consists of, as those who run the meeting edit it whole."""

ADDED = {"scenario": "scenarios", "trigger": "triggers", "contingency": "contingencies", "safety": "victim_safety"}
"""What any agency asked adds lines to, by the field it is typed into."""


class Move(StrEnum):
    """What somebody can do with a plan."""

    SIGN = "sign"
    CONTRIBUTE = "contribute"
    ASK = "send"
    CHANGE = "new version"
    REVIEW = "reviewed"
    REPORT = "trigger"
    END = "end plan"


ACTS = {Move.SIGN: Act.SIGN_OFF, Move.REPORT: Act.REPORT_TRIGGER}
"""The act that the rules of entitlement are asked about; any other move is writing the plan."""

POSSIBLE: dict[str, frozenset[Move]] = {
    PlanStatus.DRAFT: frozenset({Move.CONTRIBUTE, Move.ASK, Move.REPORT, Move.END}),
    PlanStatus.SIGN_OFF: frozenset({Move.SIGN, Move.CHANGE, Move.REPORT, Move.END}),
    PlanStatus.AGREED: frozenset({Move.CHANGE, Move.REVIEW, Move.REPORT, Move.END}),
    PlanStatus.EXPIRED: frozenset({Move.CHANGE, Move.REPORT, Move.END}),
}
"""What each state allows. A trigger is reported whatever the state: to turn the report away would be the greater harm.
"""


def act_of(move: Move) -> Act:
    """The act that a move is to the rules of entitlement."""
    return ACTS.get(move, Act.WRITE_PLAN)


def refusal(plan: Plan, member: Member, move: Move, signs: Iterable[SignOff] = ()) -> Refusal | None:
    """Say why this member cannot make this move now, or None. Whether they may see the case is asked elsewhere."""
    if not plan.open or plan.status in OVER:
        return Refusal.PLAN_OVER
    if move not in POSSIBLE[plan.status]:
        return Refusal.PLAN_NOT_NOW
    if move is Move.SIGN:
        return _sign_refusal(plan, member, Signed.of(plan, signs))
    if move in (Move.REPORT, Move.CONTRIBUTE) or member.has(*ARRANGE):
        return None
    return Refusal.NOT_A_CHAIR


def moves(plan: Plan, member: Member, signs: Iterable[SignOff] = ()) -> list[Move]:
    """What this member can do with this plan now, in the order it is offered."""
    said = tuple(signs)
    return [move for move in Move if refusal(plan, member, move, said) is None]


def _sign_refusal(plan: Plan, member: Member, signed: Signed) -> Refusal | None:
    if not member.has(Role.AGENCY_LEAD, Role.REPRESENTATIVE):
        return Refusal.NOT_THAT_ROLE
    if member.agency not in plan.signatories:
        return Refusal.NOT_A_SIGNATORY
    if member.agency in signed.signed:
        return Refusal.SIGNED
    return Refusal.PLAN_STOPPED if signed.stopped_by - {member.agency} else None


KEYS_KEPT = 5


def has_taken(plan: Plan, key: str) -> bool:
    """Whether the move with this key is made already: the same press delivered again."""
    return key in plan.step_key.split(";")


def taken(plan: Plan, key: str) -> Plan:
    """The plan with this key among those of its latest moves."""
    before = [each for each in plan.step_key.split(";") if each]
    return replace(plan, step_key=";".join([*before, key][-KEYS_KEPT:]))


def begin(case: Referral, member: Member, before: int, codes: Collection[str]) -> Plan:
    """A new, empty draft for a case that had `before` plans: the key makes it one, whoever else begins it just now."""
    if not member.has(*ARRANGE):
        raise NotAllowed(Refusal.NOT_A_CHAIR)
    sign = {code for code in {*case.asked, case.agency} if code in codes}
    return Plan(
        key=f"plan/{case.reference}/{before + 1}",
        case=case.reference,
        forum=case.forum,
        signatories=frozenset(sign),
        owner_name=member.name,
    )


def may_begin(plans: Iterable[Plan], member: Member) -> bool:
    """Whether the case may have a new plan: the ones it had are over, or have expired."""
    return member.has(*ARRANGE) and all(not plan.open or plan.status in {*OVER, PlanStatus.EXPIRED} for plan in plans)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a move is made, and the codes of the agencies that a first action may be of."""

    now: datetime
    today: date
    codes: tuple[str, ...] = ()


def decide(plan: Plan, member: Member, move: Move, form: Form, at: Moment) -> Plan:
    """The plan after this move. Raises NotAllowed or NotUnderstood, and changes nothing then."""
    against = refusal(plan, member, move)
    if against is not None or move not in _DECIDE:
        raise NotAllowed(against or Refusal.PLAN_NOT_NOW)
    return _DECIDE[move](plan, member, form, at)


def _with(plan: Plan, values: Mapping[str, Any]) -> Plan:
    return replace(plan, **values)


def _contribute(plan: Plan, member: Member, form: Form, at: Moment) -> Plan:
    after = _edited(plan, form, at) if member.has(*ARRANGE) else plan
    after = _with(after, {section: _with_lines(after, form, name) for name, section in ADDED.items()})
    own = form.text("first_action", PARAGRAPH)
    if own:
        after = replace(after, first_actions=with_first_action(after.first_actions, member.agency, own))
    for section in SECTIONS:
        if length(getattr(after, section)) > PARAGRAPH:
            form.problems.append(FieldProblem(section, Problem.TOO_LONG, PARAGRAPH))
    form.done()
    return after


def _edited(plan: Plan, form: Form, at: Moment) -> Plan:
    """Those who run the meeting edit the sections as wholes, set the dates and say who signs."""
    seen = dict(zip(SECTIONS, form.text("seen").split("."), strict=False))
    after = plan
    for section in SECTIONS:
        if section in form.values:
            typed, stored = lines(form.text(section, PARAGRAPH)), str(getattr(plan, section))
            if seen.get(section) not in (None, "", fingerprint(stored)):
                typed = _merged(section, typed, stored)
            after = _with(after, {section: typed})
    if "first_actions" in form.values:
        after = replace(after, first_actions=_checked(after.first_actions, form, at.codes))
    if "signatories" in form.values:
        after = replace(after, signatories=frozenset(form.choices("signatories", at.codes)))
    return _dated(after, form, at.today)


def _merged(section: str, typed: str, stored: str) -> str:
    """What was typed over a section that changed meanwhile: an agency's own word of its first action counts."""
    if section != "first_actions":
        return joined(typed, stored)
    for code, action in first_actions(stored).items():
        typed = with_first_action(typed, code, action)
    return typed


def _dated(plan: Plan, form: Form, today: date) -> Plan:
    """The dates that were chosen; none chosen leaves the default, which counts from the agreement."""
    dates = {name: form.any_day(name) for name in ("expires_on", "review_on") if form.values.get(name)}
    for name, chosen in dates.items():
        if chosen is not None and chosen <= today:
            form.problems.append(FieldProblem(name, Problem.IN_THE_PAST))
    return _with(plan, dates)


def seen(plan: Plan) -> str:
    """The fingerprints of all sections, for a form to carry."""
    return ".".join(fingerprint(getattr(plan, section)) for section in SECTIONS)


def _with_lines(plan: Plan, form: Form, name: str) -> str:
    stored, typed = str(getattr(plan, ADDED[name])), lines(form.text(name, PARAGRAPH))
    return joined(stored, typed) if typed else stored


def _checked(section: str, form: Form, codes: Collection[str]) -> str:
    """First actions each of a known agency, one to an agency; anything else is a problem of the form."""
    known, found = {code.upper(): code for code in codes}, list[str]()
    for line in section.splitlines():
        code, colon, action = line.partition(":")
        if not colon or code.strip().upper() not in known or not action.strip():
            form.problems.append(FieldProblem("first_actions", Problem.NOT_OF_AN_AGENCY))
            return section
        found.append(known[code.strip().upper()])
    if len(found) != len(set(found)):
        form.problems.append(FieldProblem("first_actions", Problem.TWICE))
    return "\n".join(
        f"{code}: {line.partition(':')[2].strip()}" for code, line in zip(found, section.splitlines(), strict=True)
    )


def _ask(plan: Plan, _member: Member, form: Form, _at: Moment) -> Plan:
    for section in ("scenarios", "triggers", "first_actions"):
        if not getattr(plan, section).strip():
            form.problems.append(FieldProblem(section, Problem.MISSING))
    if not plan.signatories:
        form.problems.append(FieldProblem("signatories", Problem.MISSING))
    form.done()
    return replace(plan, status=PlanStatus.SIGN_OFF)


def _change(plan: Plan, _member: Member, form: Form, _at: Moment) -> Plan:
    changes = form.text("changes", PARAGRAPH, required=True)
    form.done()
    after = replace(plan, version=plan.version + 1, status=PlanStatus.DRAFT, changes=changes)
    return replace(after, reference=named(after), agreed_on=None, expires_on=None, review_on=None)


def _review(plan: Plan, _member: Member, form: Form, at: Moment) -> Plan:
    after = _dated(replace(plan, review_on=at.today + REVIEW_AFTER), form, at.today)
    form.done()
    return after


def _end(plan: Plan, _member: Member, form: Form, _at: Moment) -> Plan:
    why = form.text("why", PARAGRAPH, required=True)
    form.done()
    changes = "\n".join(part for part in (plan.changes, f"Ended: {why}") if part)
    return replace(plan, status=PlanStatus.ENDED, open=False, changes=changes)


_DECIDE: dict[Move, Callable[[Plan, Member, Form, Moment], Plan]] = {
    Move.CONTRIBUTE: _contribute,
    Move.ASK: _ask,
    Move.CHANGE: _change,
    Move.REVIEW: _review,
    Move.END: _end,
}


def sign(plan: Plan, member: Member, form: Form, signs: Iterable[SignOff], *, now: datetime) -> SignOff:
    """What the member's agency says of the plan's present version. Raises NotAllowed or NotUnderstood.

    Whether the plan directs that anybody be refused care has to be answered; yes, or no signature, needs a reason.
    """
    against = refusal(plan, member, Move.SIGN, signs)
    if against is not None:
        raise NotAllowed(against)
    refuses = form.choice("refuses_care", (YES, NO), required=True)
    answer = form.choice("answer", SignedOff) or SignedOff.SIGNED
    if refuses == YES:
        answer = SignedOff.NOT_SIGNED
    why = form.text("why", PARAGRAPH, required=answer == SignedOff.NOT_SIGNED)
    form.done()
    return SignOff(
        key=f"sign/{named(plan)}/{member.agency}",
        reference=named(plan),
        agency=member.agency,
        member_id=member.user_id,
        member_name=member.name,
        answer=answer,
        refuses_care=refuses,
        why=why,
        signed_on=now,
    )
