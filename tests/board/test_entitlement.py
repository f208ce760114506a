"""Who may do what, held against the rules as the domain states them, over every combination of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

import pytest

from board.entitlement import Act, Standing, may_chair, own_forum, refusal, require
from board.errors import NotAllowed, Refusal
from board.records import Agency, Forum, Member, Referral
from board.vocabulary import Role
from tests.builders import TODAY, create_agency, create_forum, create_member, create_referral

SIGNED = date(2026, 3, 1)
LAPSES = date(2026, 9, 1)


CASE_ACTS = (Act.REFER, Act.LIST, Act.LOOK, Act.ANSWER, Act.ADD)
"""What this table is about: referrals."""


class Place(Enum):
    """Where the asker's agency stands to the referral."""

    REFERRING = "made the referral"
    REFERRING_OUTSIDE = "made the referral, does not belong to the forum"
    ASKED = "is asked"
    ASKED_OUTSIDE = "is asked, does not belong to the forum"
    IN_FORUM = "belongs to the forum, is not asked"
    OUTSIDE = "does not belong to the forum, is not asked"
    NONE = "none"
    CLOSED = "asked, but its row is closed"


class Isa(Enum):
    """How the agency's information sharing agreement stands: the days are counted from TODAY."""

    CURRENT = (-100, 100)
    LAPSED = (-400, -35)
    LAPSES_TODAY = (-365, 0)
    NOT_YET_SIGNED = (1, 400)
    UNSIGNED = None


@dataclass(frozen=True)
class Situation:
    roles: frozenset[Role]
    place: Place
    isa: Isa
    open: bool
    own: bool


ROLE_SETS = (
    frozenset(),
    *[frozenset({role}) for role in Role],
    *[frozenset({role, Role.OBSERVER}) for role in Role if role is not Role.OBSERVER],
)


def situations(roles: frozenset[Role]) -> Iterator[Situation]:
    for place, isa, is_open, own in itertools.product(Place, Isa, (True, False), (True, False)):
        yield Situation(roles, place, isa, is_open, own)


def true_objections(act: Act, of: Situation) -> set[Refusal]:
    """Every rule of the domain that this act breaks, in no order. Written from the domain, not from the code."""
    broken: set[Refusal] = set()
    # Whoever is not from an agency that is a partner now can do nothing.
    if of.place in (Place.NONE, Place.CLOSED):
        broken.add(Refusal.NO_AGENCY)
    # Observers get no case data, and neither does somebody who is nothing to the board; any other role lifts that.
    if not [role for role in of.roles if role != "Observer"]:
        broken.add(Refusal.OBSERVER)
    # Referring must be easy, and what a list shows is what a channel may show: no rule of the case applies.
    if act.value in ("refer", "list referrals"):
        return broken
    # What is closed is not shown, answered or added to.
    if not of.open:
        broken.add(Refusal.CLOSED)
    # Adding: the referrer can add to it; the mental health team arranges everything.
    if act.value == "add to a referral":
        if not of.own and "Mental health team" not in of.roles:
            broken.add(Refusal.NOT_YOURS)
        return broken
    # Seeing who it is about, and answering, which begins with seeing.
    if of.isa is not Isa.CURRENT:
        broken.add(Refusal.NO_ISA)
    seeing = {"Chair", "Mental health team", "Subgroup chair", "Agency lead", "Representative", "Liaison"}
    if not of.own and not seeing & of.roles:
        broken.add(Refusal.ROLE)
    asked = of.place in (Place.ASKED, Place.ASKED_OUTSIDE, Place.CLOSED)
    concerned = asked or of.own or of.place in (Place.REFERRING, Place.REFERRING_OUTSIDE)
    runs_it = of.place is Place.IN_FORUM and bool({"Chair", "Mental health team", "Subgroup chair"} & of.roles)
    if not concerned and not runs_it:
        broken.add(Refusal.NOT_ASKED)
        if of.place is not Place.IN_FORUM:
            broken.add(Refusal.NOT_IN_FORUM)
    if act.value == "answer" and not asked:
        broken.add(Refusal.NOT_ASKED)
    return broken


def set_up(of: Situation) -> tuple[Standing, Referral, Forum]:
    """The records that make up a situation: agency AAA asks."""
    dates = of.isa.value
    signed, lapses = (TODAY + timedelta(dates[0]), TODAY + timedelta(dates[1])) if dates else (None, None)
    # A closed row never reaches the rules from the store; a rule that trusts it would still be wrong.
    agency = create_agency("AAA", isa_signed_on=signed, isa_lapses_on=lapses, open=of.place is not Place.CLOSED)
    member = create_member(agency="AAA", roles=of.roles, user_id="asker")
    inside = of.place in (Place.REFERRING, Place.ASKED, Place.IN_FORUM, Place.CLOSED)
    forum = create_forum(agencies=frozenset({"POL", "AAA"} if inside else {"POL", "MHT"}))
    referral = create_referral(
        agency="AAA" if of.place in (Place.REFERRING, Place.REFERRING_OUTSIDE) else "POL",
        referrer_id="asker" if of.own else "somebody-else",
        asked=frozenset({"AAA", "MHT"} if of.place in (Place.ASKED, Place.ASKED_OUTSIDE, Place.CLOSED) else {"MHT"}),
        open=of.open,
    )
    return Standing(member, None if of.place is Place.NONE else agency), referral, forum


@pytest.mark.parametrize("act", CASE_ACTS, ids=lambda act: act.name)
@pytest.mark.parametrize("roles", ROLE_SETS, ids=lambda roles: "+".join(sorted(roles)) or "no role")
def test_whole_table(roles: frozenset[Role], act: Act) -> None:
    """An act is allowed exactly when it breaks no rule, and the rule it is refused by is one that it breaks."""
    for of in situations(roles):
        who, referral, forum = set_up(of)
        told = refusal(act, who, TODAY, referral=referral, forum=forum)
        broken = true_objections(act, of)
        assert (told in broken) if broken else (told is None), (of, told, broken)


def test_table_allows_and_refuses_each_act() -> None:
    """The table would notice an act that is always allowed, or never."""
    for act in CASE_ACTS:
        verdicts = {bool(true_objections(act, of)) for roles in ROLE_SETS for of in situations(roles)}
        assert verdicts == {True, False}


@pytest.mark.parametrize("act", Act, ids=lambda act: act.name)
@pytest.mark.parametrize(
    "member",
    [None, create_member(*Role, open=False), create_member(Role.CHAIR, open=False)],
    ids=["no row", "closed row, every role", "closed row, chair"],
)
def test_stranger(act: Act, member: Member | None) -> None:
    """Somebody without an open row in Members may do nothing, whatever else holds."""
    who = Standing(member, create_agency())
    assert refusal(act, who, TODAY, referral=create_referral(), forum=create_forum()) is Refusal.STRANGER


@pytest.mark.parametrize(
    ("on", "current"),
    [
        (SIGNED - timedelta(1), False),
        (SIGNED, True),
        (SIGNED + timedelta(1), True),
        (LAPSES - timedelta(1), True),
        (LAPSES, False),
        (LAPSES + timedelta(1), False),
    ],
)
def test_agreement_day_by_day(on: date, current: bool) -> None:
    """An agreement counts from the day it is signed until the day before it lapses."""
    agency = create_agency(isa_signed_on=SIGNED, isa_lapses_on=LAPSES)
    told = refusal(Act.LOOK, Standing(create_member(), agency), on, referral=create_referral(), forum=create_forum())
    assert told is (None if current else Refusal.NO_ISA)
    assert agency.isa_current(on) is current


@pytest.mark.parametrize(
    ("signed", "lapses", "current"),
    [
        (SIGNED, None, True),
        (None, None, False),
        (None, LAPSES, False),
        (TODAY, TODAY, False),
        (LAPSES, SIGNED, False),
    ],
    ids=["no end", "never signed", "an end but no signature", "signed and lapsed in a day", "dates swapped"],
)
def test_agreement_with_odd_dates(signed: date | None, lapses: date | None, current: bool) -> None:
    """An agreement without an end goes on; without a signature, or with dates that make no sense, there is none."""
    assert create_agency(isa_signed_on=signed, isa_lapses_on=lapses).isa_current(TODAY) is current


@pytest.mark.parametrize(("act", "told"), [(Act.ADD, Refusal.NOT_YOURS), (Act.LOOK, Refusal.ROLE)])
def test_nobody_owns_a_referral_without_referrer(act: Act, told: Refusal) -> None:
    """A member row without a user id is not the referrer of a referral that was typed into the list without one."""
    who = Standing(create_member(Role.REFERRER, user_id=""), create_agency())
    assert refusal(act, who, TODAY, referral=create_referral(referrer_id=""), forum=create_forum()) is told


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.SUBGROUP_CHAIR], ids=lambda role: role.name)
def test_forum_that_is_gone_opens_nothing(role: Role) -> None:
    """Where the forum is not known, those who arrange it see only what their agency is asked about."""
    who = Standing(create_member(role, agency="AMB"), create_agency("AMB"))
    assert refusal(Act.LOOK, who, TODAY, referral=create_referral(), forum=None) is Refusal.NOT_IN_FORUM
    asked = create_referral(asked=frozenset({"AMB"}))
    assert refusal(Act.LOOK, who, TODAY, referral=asked, forum=None) is None


def test_forum_that_names_no_agency_includes_all() -> None:
    """A forum without a list of agencies is everybody's, so a chair from any agency sees its cases."""
    who = Standing(create_member(Role.CHAIR, agency="AMB"), create_agency("AMB"))
    forum = create_forum(agencies=frozenset())
    assert refusal(Act.LOOK, who, TODAY, referral=create_referral(), forum=forum) is None


@pytest.mark.parametrize("role", [Role.AGENCY_LEAD, Role.REPRESENTATIVE, Role.LIAISON], ids=lambda role: role.name)
def test_belonging_to_the_forum_is_not_being_asked(role: Role) -> None:
    """A restricted referral is a pointer to the rest of the forum: those who do not run it must be asked to see it."""
    who = Standing(create_member(role), create_agency())
    referral = create_referral(asked=frozenset({"ASC"}))
    assert refusal(Act.LOOK, who, TODAY, referral=referral, forum=create_forum()) is Refusal.NOT_ASKED


@pytest.mark.parametrize(
    ("member", "agency", "referral", "told"),
    [
        (create_member(roles=frozenset()), None, create_referral(open=False), Refusal.NO_AGENCY),
        (create_member(Role.OBSERVER), create_agency(isa_signed_on=None), create_referral(), Refusal.OBSERVER),
        (create_member(), create_agency(isa_signed_on=None), create_referral(open=False), Refusal.NO_ISA),
        (create_member(Role.REFERRER), create_agency(isa_signed_on=None), create_referral(), Refusal.ROLE),
        (
            create_member(Role.CHAIR, agency="AMB"),
            create_agency("AMB"),
            create_referral(open=False),
            Refusal.CLOSED,
        ),
    ],
    ids=["agency before role", "observer before agreement", "agreement before state", "role before agreement", "state"],
)
def test_which_rule_is_told_first(member: Member, agency: Agency | None, referral: Referral, told: Refusal) -> None:
    """Of several broken rules the person's own is told first, so that little is learnt of the case."""
    assert refusal(Act.LOOK, Standing(member, agency), TODAY, referral=referral, forum=create_forum()) is told


@pytest.mark.parametrize("act", CASE_ACTS, ids=lambda act: act.name)
def test_without_a_case_the_answer_is_about_the_person(act: Act) -> None:
    """Asked about no referral in particular, the rule tells strangers, outsiders and observers from the others."""
    assert refusal(act, Standing(create_member(Role.REFERRER), create_agency(isa_signed_on=None)), TODAY) is None
    assert refusal(act, Standing(create_member(Role.OBSERVER), create_agency()), TODAY) is Refusal.OBSERVER


def test_require_returns_the_member_or_says_which_rule() -> None:
    """`require` hands back the member who may, and raises NotAllowed with the rule for one who may not."""
    member = create_member()
    who = Standing(member, create_agency())
    assert require(Act.ANSWER, who, TODAY, referral=create_referral(), forum=create_forum()) is member
    with pytest.raises(NotAllowed) as caught:
        require(Act.ANSWER, who, TODAY, referral=create_referral(open=False), forum=create_forum())
    assert caught.value.refusal is Refusal.CLOSED
    with pytest.raises(NotAllowed) as caught:
        require(Act.LIST, Standing(None, None), TODAY)
    assert caught.value.refusal is Refusal.STRANGER


def test_who_chairs_which_forum() -> None:
    """A subgroup's chair whose row names forums runs those; one whose row names none, and a board's chair, any."""
    chair = create_member(roles=frozenset({Role.SUBGROUP_CHAIR}), forums=frozenset({"east"}))
    may_chair(chair, "EAST")
    with pytest.raises(NotAllowed) as refused:
        may_chair(chair, "WEST")
    assert refused.value.refusal is Refusal.ANOTHER_FORUM
    may_chair(replace(chair, forums=frozenset()), "WEST")
    may_chair(replace(chair, roles=frozenset({Role.SUBGROUP_CHAIR, Role.CHAIR})), "WEST")
    forums = {code: Forum(code=code, name=code, kind=kind) for code, kind in (("MHRMB", "Board"), ("EAST", "Subgroup"))}
    assert own_forum(chair, forums) == "EAST"
    assert own_forum(replace(chair, forums=frozenset({"MHRMB", "GONE"})), forums) == ""
    assert own_forum(replace(chair, roles=frozenset({Role.CHAIR})), forums) == own_forum(None, forums) == ""
