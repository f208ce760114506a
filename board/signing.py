"""How far a plan has come on the word of its agencies: what is signed, what was stopped, what has run out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from board.records import Plan, SignOff
from board.references import PLAN, reference
from board.vocabulary import PlanStatus, SignedOff

EXPIRES_AFTER = timedelta(days=90)
"""How long a plan stands unless a chair says otherwise: two boards see it before anybody relies on an old one."""

REVIEW_AFTER = timedelta(days=28)
"""When it is looked at again unless a chair says otherwise: every fourth weekly subgroup."""

YES, NO = "Yes", "No"

OVER = frozenset({PlanStatus.SUPERSEDED, PlanStatus.ENDED})
"""States after which nothing more is done with a plan."""


def named(plan: Plan) -> str:
    """A plan's reference: its number and its version, such as `P-14.2`."""
    return f"{reference(PLAN, plan.id)}.{plan.version}"


def as_of(plan: Plan, today: date) -> Plan:
    """The plan as it stands on a day: one that was agreed is expired from the day it expires on.

    A state typed by hand that is none of the board's counts as a draft, and a version below one as the first.
    """
    status = plan.status if plan.status in tuple(PlanStatus) else PlanStatus.DRAFT
    if status == PlanStatus.AGREED and plan.expires_on is not None and plan.expires_on <= today:
        status = PlanStatus.EXPIRED
    return replace(plan, status=status, version=max(plan.version, 1))


@dataclass(frozen=True, slots=True)
class Signed:
    """How far the sign-off of a version has come: agency codes. `stopped_by` said that it directs that care be refused.

    An agency's latest row counts, whoever typed it; it is signed only where the question was answered with no.
    """

    signed: frozenset[str] = frozenset()
    not_signed: frozenset[str] = frozenset()
    stopped_by: frozenset[str] = frozenset()
    awaited: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, signs: Iterable[SignOff]) -> Signed:
        """Count what was said of the version that the plan is now."""
        latest: dict[str, SignOff] = {}
        for sign in sorted(signs, key=lambda each: each.id):
            if sign.reference == named(plan) and sign.agency in plan.signatories:
                latest[sign.agency] = sign
        stopped = {code for code, sign in latest.items() if sign.refuses_care.strip().casefold() == YES.casefold()}
        signed = {code for code, sign in latest.items() if sign.answer == SignedOff.SIGNED and sign.refuses_care == NO}
        return cls(
            frozenset(signed),
            frozenset(set(latest) - signed),
            frozenset(stopped),
            tuple(sorted(plan.signatories - signed)),
        )


def settled(plan: Plan, signs: Iterable[SignOff], *, now: datetime, today: date) -> Plan:
    """The plan after what has been signed: agreed once every signatory has signed and nobody stopped it."""
    signed = Signed.of(plan, signs)
    if plan.status != PlanStatus.SIGN_OFF or not plan.signatories or signed.awaited or signed.stopped_by:
        return plan
    expires = plan.expires_on if plan.expires_on and plan.expires_on > today else today + EXPIRES_AFTER
    review = plan.review_on if plan.review_on and plan.review_on > today else today + REVIEW_AFTER
    return replace(plan, status=PlanStatus.AGREED, agreed_on=now, expires_on=expires, review_on=min(review, expires))


def superseded(plans: Iterable[Plan], by: Plan) -> list[Plan]:
    """The case's other plans that this one, now agreed, takes the place of."""
    return [
        replace(plan, status=PlanStatus.SUPERSEDED, open=False)
        for plan in plans
        if plan.id != by.id and plan.case == by.case and plan.open and plan.status not in OVER
    ]
