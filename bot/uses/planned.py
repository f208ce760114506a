"""One plan as it stands now: its case, who asks and what was signed, read afresh in two requests at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from board import references
from board.entitlement import Act, Standing, require
from board.errors import NotAllowed, NotFound, Refusal
from board.forms import Form
from board.records import SHOWN, Disclosure, Member, Plan, SignOff, TriggerReport
from board.signing import as_of, named
from bot.directory import people
from bot.house import House
from bot.plan_papers import filed_as
from bot.turn import Turn
from bot.uses.case import Case
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.queries import Query
from sharepoint.schema import (
    AGENCIES,
    DISCLOSURES,
    EVENTS,
    FORUMS,
    PLANS,
    REFERRALS,
    SIGN_OFFS,
)

LOOK_STANDS = timedelta(hours=1)
"""How long what was shown may be worked on before the reason is asked again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case's plan (None: it has none in use) with all that decides about it, of one moment."""

    case: Case
    plans: tuple[Plan, ...]
    plan: Plan | None
    signs: tuple[SignOff, ...] = ()
    looked: bool = False
    lookers: frozenset[str] = frozenset()
    reports: tuple[TriggerReport, ...] = ()
    papers: tuple[Event, ...] = ()

    @property
    def who(self) -> Standing:
        """Who asks."""
        return self.case.who

    @property
    def reference(self) -> str:
        """The plan's reference, or the case's while there is none."""
        return named(self.plan) if self.plan else self.case.referral.reference

    @property
    def document(self) -> str:
        """Where the document of the plan's present version lies; empty while it is not filed."""
        return next((row.value for row in self.papers if row.key.startswith(filed_as(self.reference))), "")

    def member(self, act: Act, house: House) -> Member:
        """The member, in the agency as its own list spells it, if the rules allow this act; raises NotAllowed."""
        member = self.case.require(act, house)
        return replace(member, agency=self.who.agency.code if self.who.agency else member.agency)


def _plan_id(spoken: str) -> tuple[int, int]:
    """The number and version of a plan's reference as people type it; version 0 where none is said."""
    number, _, version = spoken.strip().partition(".")
    return references.item_id(number, references.PLAN), int(version) if version.isdigit() and len(version) < 5 else 0


async def open_plan(house: House, turn: Turn, spoken: str, case: str = "", look: str = "") -> Opened:
    """Read a plan by its own reference or its case's. Two requests at most; a button that names both needs one.

    Raises NotFound for what is not there; a stranger is not told even that.
    """
    number = version = 0
    if spoken.strip()[:1].upper() == references.PLAN:
        number, version = _plan_id(spoken)
        if not case or not version:
            case, version = await _case_of(house, turn, number, version)
    case_id = references.item_id(case or spoken, references.REFERRAL)
    case = references.reference(references.REFERRAL, case_id)
    signed = f"{references.reference(references.PLAN, number)}.{version}" if number else f"{case}-"
    members, agencies, forums, referrals, plans, signs, papers, looks, seen, reports = await house.store.gather(
        ask.member(turn.sender.user_id),
        ask.open_rows(AGENCIES),
        ask.open_rows(FORUMS),
        ask.numbered(REFERRALS, case_id),
        ask.plans_of(case),
        *_of_version(signed),
        ask.keyed(DISCLOSURES, Form({"key": look}).key() or "-"),  # what is no key is nobody's look
        ask.looks(case),
        ask.reports_of(case),
    )
    everybody = people(members, agencies, forums, house.board)
    who = everybody.standing(turn.sender.user_id)
    found = [each for each in plans if each.id == number] if number else _in_use(plans)
    if not referrals or (number and not found):
        require(Act.LIST, who, house.today())
        raise NotFound(f"P-{number}" if number else case)
    plan = as_of(found[0], house.today()) if found else None
    looked = any(_stands(house, row, turn, case) for row in looks)
    if plan is not None and signed != named(plan):
        signs, papers = await house.store.gather(*_of_version(named(plan)))
    return Opened(
        Case(referrals[0], who, everybody),
        tuple(as_of(each, house.today()) for each in plans),
        plan,
        tuple(signs),
        looked,
        frozenset(row.agency for row in seen),
        tuple(reports),
        tuple(papers),
    )


def _of_version(reference: str) -> tuple[Query, Query]:
    """What there is of one version alone: who signed it, and its document."""
    return ask.about(SIGN_OFFS, reference), ask.keyed_below(EVENTS, filed_as(reference))


async def _case_of(house: House, turn: Turn, number: int, version: int) -> tuple[str, int]:
    """The case of a plan and its version now; raises NotAllowed when another version was named."""
    members, agencies, forums, rows = await house.store.gather(
        ask.member(turn.sender.user_id), ask.open_rows(AGENCIES), ask.open_rows(FORUMS), ask.numbered(PLANS, number)
    )
    require(Act.LIST, people(members, agencies, forums, house.board).standing(turn.sender.user_id), house.today())
    if not rows:
        raise NotFound(references.reference(references.PLAN, number))
    now = as_of(rows[0], house.today()).version
    if version and version != now:
        raise NotAllowed(Refusal.PLAN_CHANGED)
    return rows[0].case, now


def _in_use(plans: Sequence[Plan]) -> list[Plan]:
    """The plans of a case that are not over, the newest first."""
    return sorted((plan for plan in plans if plan.open), key=lambda plan: -plan.id)


def _stands(house: House, row: Disclosure, turn: Turn, case: str) -> bool:
    mine = (row.member_id.lower(), row.reference, row.outcome) == (turn.sender.user_id.lower(), case, SHOWN)
    return mine and row.looked_on is not None and house.now() - row.looked_on < LOOK_STANDS
