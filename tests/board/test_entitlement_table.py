"""Every combination of what entitlement goes by, against expectations written as a governance lead would say them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from board.entitlement import Act, Standing, refusal
from board.vocabulary import Role
from tests.builders import TODAY, create_agency, create_forum, create_member, create_referral
from tests.entitlement_page import PAGE, page

RUNS = {"Chair", "Mental health team", "Subgroup chair"}
SEES = RUNS | {"Agency lead", "Representative", "Liaison"}
PLACES = ("referring", "asked", "in the forum", "outside", "none")
AGREEMENTS = {"current": (-100, 100), "lapsed": (-400, -35), "never": None, "in future": (1, 400)}
STATES = ("open", "closed", "disposed")
LETS_IN = ("unrestricted", "holder", "referrer", "admitted", "other")
ROLES = (
    frozenset[Role](),
    *(frozenset({role}) for role in Role),
    frozenset({Role.OBSERVER, Role.REPRESENTATIVE}),
    frozenset({Role.CHAIR, Role.INFORMATION_GOVERNANCE_LEAD}),
    frozenset({Role.AGENCY_LEAD, Role.REFERRER}),
    frozenset(Role),
)


@dataclass(frozen=True)
class Situation:
    """One row of the table; `let_in` is how the asker stands to a restricted referral."""

    roles: frozenset[Role]
    place: str
    agreement: str
    state: str
    let_in: str
    own: bool

    def any_of(self, roles: set[str]) -> bool:
        return bool(roles & {str(role) for role in self.roles})

    @property
    def referrer(self) -> bool:
        return self.own or self.let_in == "referrer"


def situations(roles: frozenset[Role]) -> Iterator[Situation]:
    for place, agreement, state, let_in, own in itertools.product(PLACES, AGREEMENTS, STATES, LETS_IN, (False, True)):
        if not (own and let_in in ("referrer", "other")):
            yield Situation(roles, place, agreement, state, let_in, own)


def may_see(of: Situation, *, looking_back: bool = False) -> bool:
    """Who is shown a case: a role that sees, let in, an agreement, an open case, and a need to know."""
    reviewer = looking_back and of.any_of(RUNS | {"Information governance lead"})
    if not (of.referrer or of.any_of(SEES) or reviewer):
        return False
    if of.let_in == "other" or of.agreement != "current":
        return False
    if of.state == "closed" and not reviewer:
        return False
    needs = of.referrer or of.place in ("asked", "referring") or of.let_in in ("holder", "admitted")
    return needs or (of.place == "in the forum" and (of.any_of(RUNS) or reviewer))


def allowed(act: str, of: Situation) -> bool:
    """Whether somebody may, in the order a governance lead would ask."""
    if of.place == "none" or (act not in OBSERVED and not of.any_of({str(role) for role in Role} - {"Observer"})):
        return False
    needed = NEEDED.get(act)
    if needed and not of.any_of(needed):
        return False
    if act in ("list referrals", "see who saw what"):
        return True
    if of.state == "disposed":
        return False
    is_open, inside = of.state == "open", of.let_in != "other"
    team, holds = of.any_of({"Mental health team"}), of.let_in == "holder" or of.referrer
    sole_holder = of.let_in == "holder" or (of.referrer and of.let_in != "holder")
    match act:
        case "add to a referral":
            return is_open and inside and (of.referrer or team)
        case "withdraw a referral":
            lead = of.place == "referring" and of.any_of({"Agency lead"})
            return is_open and inside and (of.referrer or team or lead)
        case "restrict a referral":
            return is_open and (holds or (of.let_in == "unrestricted" and team))
        case "pass a restricted referral to another holder":
            return is_open and (sole_holder or of.any_of({"Chair"}))
        case "answer a request to be admitted":
            return is_open and sole_holder
        case "ask to be admitted":
            return is_open and of.agreement == "current" and of.place != "outside"
        case "see the history" | "have a bundle made":
            return may_see(of, looking_back=True)
        case "answer":
            return of.place == "asked" and may_see(of)
        case _:
            return act not in SHOWS or may_see(of)


NEEDED = {
    "ask to be admitted": SEES,
    "add an action": RUNS,
    "offer an item for the agenda": SEES | {"Information governance lead", "Administrator"},
    "arrange and run the board": {"Chair", "Mental health team"},
    "set the board up": {"Administrator"},
    "have a bundle made": {"Information governance lead", "Mental health team", "Chair"},
    "see who saw what": {"Information governance lead"},
    "decide to keep or dispose": {"Information governance lead", "Chair"},
    "triage a referral": {"Mental health team"},
    "arrange the list": RUNS,
    "run a meeting": RUNS,
    "record a hearing": RUNS,
    "sign a plan off": {"Agency lead", "Representative"},
    "report to the board": {"Subgroup chair", "Mental health team"},
    "see agreements": {"Chair", "Mental health team", "Administrator", "Information governance lead", "Agency lead"},
    "disseminate or withdraw a lesson": {"Chair", "Mental health team"},
    "see engagement": RUNS | {"Agency lead"},
    "dispute a figure of one's agency": {"Agency lead"},
    "record who attended a conference": RUNS,
    "keep agreements": {"Chair", "Administrator"},
    "raise a risk or a lesson": RUNS | {"Agency lead", "Representative"},
    "report a measure": {"Chair", "Mental health team", "Agency lead", "Representative"},
}
OBSERVED = {"see actions", "see lessons", "see the measures"}
SHOWS = {"look", "record a hearing", "triage a referral", "see a plan", "write a plan", "sign a plan off"} | {
    "report a trigger"
}


def told(act: Act, of: Situation) -> bool:
    """Whether the product allows it."""
    days = AGREEMENTS[of.agreement]
    signed, lapses = (TODAY + timedelta(days[0]), TODAY + timedelta(days[1])) if days else (None, None)
    agency = create_agency("AAA", isa_signed_on=signed, isa_lapses_on=lapses)
    inside = of.place not in ("outside", "none")
    referral = create_referral(
        agency="AAA" if of.place == "referring" else "POL",
        referrer_id="asker" if of.referrer else "somebody-else",
        asked=frozenset({"AAA", "MHT"} if of.place == "asked" else {"MHT"}),
        open=of.state == "open",
        retention="Disposed" if of.state == "disposed" else "",
        restricted=of.let_in != "unrestricted",
        holder_id="asker" if of.let_in == "holder" else "",
        admitted=frozenset({"asker"} if of.let_in == "admitted" else {"another"}),
    )
    who = Standing(create_member(agency="AAA", roles=of.roles, user_id="asker"), agency if of.place != "none" else None)
    forum = create_forum(agencies=frozenset({"POL", "AAA"} if inside else {"POL"}))
    return refusal(act, who, TODAY, referral=referral, forum=forum) is None


@pytest.mark.parametrize("act", Act, ids=lambda act: act.name)
def test_every_combination(act: Act) -> None:
    """Each act is allowed to exactly those whom the words of the rule allow."""
    verdicts = set()
    for roles in ROLES:
        for of in situations(roles):
            expected = allowed(act.value, of)
            assert told(act, of) is expected, of
            verdicts.add(expected)
    assert verdicts == {True, False}


def test_page_for_the_governance_lead_is_not_stale() -> None:
    """The page in the docs is what the rule says now: make it again with `python -m tests.entitlement_page`."""
    assert PAGE.read_text() == page()
