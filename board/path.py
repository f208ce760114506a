"""A referral's path: which state follows which, and the gate's moves by the mental health team. Pure.

Received, triaged, then redirected, declined or listed; heard, a plan agreed or none; reviewed, closed; withdrawn from
any open state. Every move has a rationale. The gate is asked in one order: MAPPA (the Criminal Justice Act 2003 and the
MAPPA Guidance), then potentially dangerous person (Authorised Professional Practice), then the subgroup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from board.calendar import uk_date, working_days_from
from board.entitlement import Act
from board.errors import FieldProblem, NotAllowed, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.records import Forum, Member, Referral
from board.stepping import with_step
from board.vocabulary import DECLINE_REASONS, Gate, Status, Urgency

FOLLOWS: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.TRIAGED, Status.REDIRECTED, Status.DECLINED, Status.WITHDRAWN}),
    Status.TRIAGED: frozenset({Status.LISTED, Status.HEARD, Status.NO_PLAN, Status.CLOSED, Status.REDIRECTED})
    | {Status.DECLINED, Status.WITHDRAWN},
    Status.REDIRECTED: frozenset({Status.TRIAGED, Status.WITHDRAWN}),
    Status.LISTED: frozenset({Status.TRIAGED, Status.HEARD, Status.NO_PLAN, Status.CLOSED, Status.REDIRECTED})
    | {Status.WITHDRAWN},
    Status.HEARD: frozenset({Status.PLAN, Status.NO_PLAN, Status.HEARD, Status.CLOSED, Status.REDIRECTED})
    | {Status.LISTED, Status.WITHDRAWN},
    Status.PLAN: frozenset({Status.REVIEWED, Status.CLOSED, Status.REDIRECTED, Status.LISTED, Status.WITHDRAWN}),
    Status.NO_PLAN: frozenset({Status.HEARD, Status.PLAN, Status.REVIEWED, Status.CLOSED, Status.REDIRECTED})
    | {Status.LISTED, Status.WITHDRAWN},
    Status.REVIEWED: frozenset({Status.REVIEWED, Status.PLAN, Status.CLOSED, Status.REDIRECTED})
    | {Status.LISTED, Status.WITHDRAWN},
    Status.DECLINED: frozenset(),
    Status.CLOSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
"""Which states may follow each. A redirected case stays open until its receipt is recorded, and may come back."""

OVER = (Status.DECLINED, Status.CLOSED, Status.WITHDRAWN)
"""States that nothing follows."""


class Move(StrEnum):
    """What the mental health team, or the referrer, does with a referral before the subgroup hears it."""

    TRIAGE = "triage"
    REDIRECT = "redirect"
    DECLINE = "decline"
    RECEIPT = "receipt"
    BACK = "back"
    WITHDRAW = "withdraw"


AT_THE_GATE = (Status.RECEIVED, Status.TRIAGED)

FROM: dict[Move, tuple[Status, ...]] = {
    Move.TRIAGE: AT_THE_GATE,
    Move.REDIRECT: AT_THE_GATE,
    Move.DECLINE: AT_THE_GATE,
    Move.RECEIPT: (Status.REDIRECTED,),
    Move.BACK: (Status.REDIRECTED,),
    Move.WITHDRAW: tuple(status for status in Status if status not in OVER),
}
"""From which states each move may be made."""

ACTS = {move: Act.WITHDRAW if move is Move.WITHDRAW else Act.TRIAGE for move in Move}
"""What each move needs."""

DECLINE = "Decline"
CHOICES = (*Gate, DECLINE)
"""Where the gate leads, in the order in which it is asked."""

BY_ITSELF: dict[str, str] = {Gate.MAPPA: "MAPPA", Gate.PDP: "PDP pathway"}
"""Where a redirect goes when no other forum is named."""

NO, UNKNOWN = "No", "Not known"
MAPPA = (NO, *(f"Category {n}, level {level}" for n in (1, 2, 3, 4) for level in (1, 2, 3)), UNKNOWN)
"""Categories 1 to 4 and levels 1 to 3 of MAPPA."""

PDP = (NO, "Yes", UNKNOWN)

UNTRIAGED_AFTER, UNRECEIVED_AFTER = 2, 3
"""Working days after which a referral that nobody triaged, and a redirect without a receipt, are chased (defaults)."""


def refusal(referral: Referral, move: Move) -> Refusal | None:
    """What forbids a move of this referral as it stands; who may make it is the entitlement's to say."""
    if not referral.open or (move is Move.RECEIPT and referral.receipt_on is not None):
        return Refusal.CLOSED
    return None if referral.status in FROM[move] else Refusal.NOT_AT_THE_GATE


def may_follow(before: str, after: str) -> bool:
    """Whether a state may follow another on the path; a state not among the board's own follows nothing."""
    return before == after or (before in tuple(Status) and after in FOLLOWS[Status(before)])


def require_follows(before: Referral, after: Referral, against: Refusal) -> Referral:
    """The referral after a step, or NotAllowed with that refusal where its state does not follow the one before."""
    if not may_follow(before.status, after.status):
        raise NotAllowed(against)
    return after


def planned(referral: Referral, rationale: str, *, just_agreed: bool) -> Referral:
    """The referral once a plan for it is agreed. Heard, it has a plan now, whenever that was agreed; a state that a
    meeting gave it meanwhile (no plan is needed, reviewed) is overtaken only by a plan that was just agreed."""
    overtaken = (Status.HEARD, Status.NO_PLAN, Status.REVIEWED) if just_agreed else (Status.HEARD,)
    if not referral.open or referral.status not in overtaken:
        return referral
    return replace(referral, status=Status.PLAN, rationale=rationale)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a move is made, and what is known of the forums and the wording of the definitions then."""

    now: datetime
    forums: tuple[Forum, ...] = ()
    definitions: str = ""


def triage(referral: Referral, member: Member, form: Form, at: Moment) -> Referral:
    """Take the gate's form: to the subgroup, a redirect, or a decline. Raises NotAllowed, NotUnderstood."""
    where = form.choice("gate", CHOICES, required=True)
    mappa, pdp = form.choice("mappa", MAPPA, required=True), form.choice("pdp", PDP, required=True)
    urgency = form.choice("urgency", Urgency)
    if not where:
        _rationale(form)
        form.done()
    if where in (Gate.SUBGROUP, Gate.PDP):
        _in_order(form, where, mappa, pdp)
    move = {Gate.SUBGROUP: Move.TRIAGE, DECLINE: Move.DECLINE}.get(where, Move.REDIRECT)
    _require(referral, move)
    known = replace(
        referral,
        gate="" if where == DECLINE else where,
        mappa_status=mappa,
        pdp_status=pdp,
        definitions=at.definitions,
        urgency=urgency or referral.urgency,
        triaged_on=at.now,
        triaged_by=member.name,
    )
    if move is Move.DECLINE:
        return decline(known, form, at)
    return redirect(known, form, at) if move is Move.REDIRECT else _sent(known, form)


def _in_order(form: Form, where: str, mappa: str, pdp: str) -> None:
    """Whoever falls to an earlier door of the gate is not sent to a later one."""
    earlier = mappa not in (NO, UNKNOWN, "") or (where == Gate.SUBGROUP and pdp == "Yes")
    if earlier:
        form.problems.append(FieldProblem("gate", Problem.GATE_ORDER))


def _sent(known: Referral, form: Form) -> Referral:
    rationale = _rationale(form)
    form.done()
    return _stepped(replace(known, status=Status.TRIAGED, rationale=rationale), form)


def redirect(known: Referral, form: Form, at: Moment) -> Referral:
    """Send a case to another forum; it stays open here until that one's receipt is recorded."""
    _require(known, Move.REDIRECT)
    to = form.text("redirect_to", required=known.gate == Gate.OTHER)
    named = _named(to, at.forums) or BY_ITSELF.get(known.gate, "")
    rationale = _rationale(form)
    form.done()
    moved = replace(known, status=Status.REDIRECTED, redirected_to=named, redirected_on=at.now, rationale=rationale)
    return _stepped(replace(moved, receipt_on=None, receipt_by="", listed_for="", list_order=0), form)


def decline(known: Referral, form: Form, at: Moment) -> Referral:
    """Close a case that is not for the board, with a reason from the list and a rationale."""
    _require(known, Move.DECLINE)
    reason, rationale = form.choice("decline_reason", DECLINE_REASONS, required=True), _rationale(form)
    form.done()
    over = replace(known, status=Status.DECLINED, decline_reason=reason, rationale=rationale)
    return _stepped(replace(over, open=False, closed_on=at.now), form)


def receipt(referral: Referral, form: Form, at: Moment) -> Referral:
    """Record that the receiving forum has it: who there said so. Only then is the case closed here."""
    _require(referral, Move.RECEIPT)
    by = form.text("receipt_by", required=True)
    form.done()
    return _stepped(replace(referral, receipt_on=at.now, receipt_by=by, open=False, closed_on=at.now), form)


def back(referral: Referral, form: Form) -> Referral:
    """Take back a case that the other forum does not take: the subgroup's again, with why."""
    _require(referral, Move.BACK)
    rationale = _rationale(form)
    form.done()
    again = replace(referral, status=Status.TRIAGED, gate=Gate.SUBGROUP, rationale=rationale)
    return _stepped(replace(again, redirected_to="", redirected_on=None), form)


def withdraw(referral: Referral, form: Form, at: Moment) -> Referral:
    """End a case that its referrer no longer makes, with why."""
    _require(referral, Move.WITHDRAW)
    rationale = _rationale(form)
    form.done()
    over = replace(referral, status=Status.WITHDRAWN, rationale=rationale, open=False, closed_on=at.now)
    return _stepped(replace(over, listed_for="", list_order=0, next_review=None), form)


def _require(referral: Referral, move: Move) -> None:
    against = refusal(referral, move)
    if against is not None:
        raise NotAllowed(against)


def _rationale(form: Form) -> str:
    return form.text("rationale", PARAGRAPH, required=True)


def _stepped(referral: Referral, form: Form) -> Referral:
    return replace(referral, step_key=with_step(referral.step_key, form.key()))


def _named(said: str, forums: Iterable[Forum]) -> str:
    """A forum of ours by its code where one was meant, else the words as they were typed."""
    folded = said.strip().casefold()
    return next((each.code for each in forums if folded in (each.code.casefold(), each.name.casefold())), said)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at the gate: to be triaged, the most urgent first; without a receipt; and which of both are late."""

    untriaged: tuple[Referral, ...]
    unreceived: tuple[Referral, ...]
    late: frozenset[str]


def waiting(referrals: Iterable[Referral], today: date) -> Waiting:
    """What waits at the gate on a day."""
    rows = [each for each in referrals if each.open]
    ranks = {str(urgency): rank for rank, urgency in enumerate(Urgency)}
    first = sorted(
        (each for each in rows if each.status == Status.RECEIVED), key=lambda r: (ranks.get(r.urgency, 9), r.id)
    )
    sent = sorted((each for each in rows if each.status == Status.REDIRECTED), key=lambda r: r.id)
    late = {each.reference for each in first if _is_late(each.received_on, UNTRIAGED_AFTER, today)}
    late |= {each.reference for each in sent if _is_late(each.redirected_on, UNRECEIVED_AFTER, today)}
    return Waiting(tuple(first), tuple(sent), frozenset(late))


def _is_late(since: datetime | None, days: int, today: date) -> bool:
    return since is not None and working_days_from(uk_date(since), days) <= today


_TYPED = re.compile(
    r"(subgroup|mappa|pdp|forum|decline|redirect)\b[\s,:]*([^:]*?)\s*:\s*(.+)", re.IGNORECASE | re.DOTALL
)
_MAPPA = re.compile(r"(?:cat(?:egory)?\s*)?([1-4])\s*,?\s*(?:level\s*)?([1-3])?", re.IGNORECASE)


def read_triage(said: str) -> dict[str, str]:
    """Read `subgroup: rationale`, `mappa cat 2 level 1: …`, `pdp: …`, `forum MARAC: …`, `decline REASON: …`.

    Empty for what is none of these. Going to the subgroup says that neither earlier door applies.
    """
    found = _TYPED.fullmatch(said.strip())
    if not found:
        return {}
    word, more, rationale = found[1].casefold(), found[2].strip(), found[3].strip()
    values = {"rationale": rationale, "mappa": NO, "pdp": NO}
    if word == "subgroup":
        return {**values, "gate": Gate.SUBGROUP}
    if word == "mappa":
        level = _MAPPA.search(more)
        told = f"Category {level[1]}, level {level[2] or 1}" if level else UNKNOWN
        return {**values, "gate": Gate.MAPPA, "mappa": told, "pdp": UNKNOWN}
    if word == "pdp":
        return {**values, "gate": Gate.PDP, "pdp": "Yes"}
    if word == "decline":
        begun = [reason for reason in DECLINE_REASONS if more and more.casefold() in reason.casefold()]
        return {**values, "gate": DECLINE, "decline_reason": begun[0] if len(begun) == 1 else more}
    return {**values, "gate": Gate.OTHER, "redirect_to": more}
