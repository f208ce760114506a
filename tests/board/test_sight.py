"""How much of an action is shown to whom, over every combination of what the rule goes by."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

import pytest

from board.actions import Action, ActionStatus
from board.entitlement import Sight, Standing, sight, sight_in_channel
from board.records import Agency, Member
from board.vocabulary import Role
from tests.action_builders import OWNER_ID, STRANGER_ID, create_action
from tests.builders import TODAY, create_agency, create_member, create_referral


class Place(Enum):
    """Where the viewer's agency stands to the action, which is the trust's."""

    OWN = "the action's agency"
    OTHER = "another"
    OWN_CLOSED = "the action's agency, whose row is closed"
    NONE = "none that the lists know"


class Isa(Enum):
    """How the viewer's agency's information sharing agreement stands: signed and lapsing, in days from TODAY."""

    CURRENT = (-100, 100)
    SIGNED_TODAY = (0, 365)
    LAPSES_TOMORROW = (-364, 1)
    WITHOUT_END = (-100, None)
    LAPSES_TODAY = (-365, 0)
    LAPSED = (-400, -35)
    NOT_YET_SIGNED = (1, 366)
    UNSIGNED = (None, None)


AGREED = {Isa.CURRENT, Isa.SIGNED_TODAY, Isa.LAPSES_TOMORROW, Isa.WITHOUT_END}
"""An agreement holds from the day it is signed until the day before it lapses."""

RUN_THE_BOARD = {Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.SUBGROUP_CHAIR}
NO_CASE_DATA = {Role.OBSERVER, Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE_LEAD}
"""Observers get no case data; an administrator looks after the lists, and the governance lead after the rules."""

ROLE_SETS = [frozenset(chosen) for count in (0, 1, 2) for chosen in itertools.combinations(Role, count)]


@dataclass(frozen=True)
class Situation:
    roles: frozenset[Role]
    place: Place
    isa: Isa
    from_a_case: bool
    owner: bool
    open: bool

    def seen(self) -> Sight:
        """What the product says."""
        member = create_member(
            roles=self.roles,
            user_id=OWNER_ID if self.owner else STRANGER_ID,
            agency="POL" if self.place is Place.OTHER else "MHT",
            open=self.open,
        )
        return sight(
            create_action(source="R-14" if self.from_a_case else "B-7"), Standing(member, self.agency()), TODAY
        )

    def agency(self) -> Agency | None:
        """The viewer's agency as the lists have it."""
        if self.place is Place.NONE:
            return None
        signed, lapses = (None if days is None else TODAY + timedelta(days=days) for days in self.isa.value)
        code = "POL" if self.place is Place.OTHER else "MHT"
        return create_agency(code, isa_signed_on=signed, isa_lapses_on=lapses, open=self.place is not Place.OWN_CLOSED)

    def expected(self) -> Sight:
        """What the rule says, in its own order."""
        if not self.open or self.place in (Place.NONE, Place.OWN_CLOSED):
            return Sight.NOTHING
        if not self.from_a_case:
            return Sight.FULL
        if self.roles <= NO_CASE_DATA:
            return Sight.NOTHING
        theirs = self.place is Place.OWN or self.owner or not self.roles.isdisjoint(RUN_THE_BOARD)
        return Sight.FULL if theirs and self.isa in AGREED else Sight.OUTLINE


def situations(roles: frozenset[Role]) -> Iterator[Situation]:
    flags = (True, False)
    for rest in itertools.product(Place, Isa, flags, flags, flags):
        yield Situation(roles, *rest)


@pytest.mark.parametrize("roles", ROLE_SETS, ids=lambda roles: "+".join(sorted(roles)) or "no role")
def test_every_combination(roles: frozenset[Role]) -> None:
    """For each set of at most two roles, every agency, agreement, source and owner gives the sight the rule states."""
    wrong = [(s, s.seen()) for s in situations(roles) if s.seen() is not s.expected()]
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "agency", "source", "expected"),
    [
        # What comes from a board is everybody's, an observer's too.
        (Role.OBSERVER, "POL", "B-7", Sight.FULL),
        (Role.ADMINISTRATOR, "POL", "K-12", Sight.FULL),
        (Role.REFERRER, "POL", "B-7", Sight.FULL),
        # What comes from a case is its agency's and theirs who run the board.
        (Role.REPRESENTATIVE, "MHT", "R-14", Sight.FULL),
        (Role.LIAISON, "MHT", "S-31", Sight.FULL),
        (Role.AGENCY_LEAD, "MHT", "P-14.2", Sight.FULL),
        (Role.REFERRER, "MHT", "R-14", Sight.FULL),
        (Role.CHAIR, "POL", "R-14", Sight.FULL),
        (Role.SUBGROUP_CHAIR, "POL", "R-14", Sight.FULL),
        (Role.MENTAL_HEALTH_TEAM, "POL", "R-14", Sight.FULL),
        # Others learn that it is there.
        (Role.REPRESENTATIVE, "POL", "R-14", Sight.OUTLINE),
        (Role.AGENCY_LEAD, "POL", "R-14", Sight.OUTLINE),
        (Role.LIAISON, "POL", "R-14", Sight.OUTLINE),
        (Role.REFERRER, "POL", "R-14", Sight.OUTLINE),
        # Some roles get no case data, in its own agency either.
        (Role.OBSERVER, "MHT", "R-14", Sight.NOTHING),
        (Role.ADMINISTRATOR, "MHT", "R-14", Sight.NOTHING),
        (Role.INFORMATION_GOVERNANCE_LEAD, "MHT", "R-14", Sight.NOTHING),
        # A source that was left out or that nobody can read may be a case.
        (Role.REPRESENTATIVE, "POL", "", Sight.OUTLINE),
        (Role.REPRESENTATIVE, "POL", "Ref R14", Sight.OUTLINE),
        (Role.OBSERVER, "POL", "R14", Sight.NOTHING),
    ],
)
def test_who_sees_how_much(role: Role, agency: str, source: str, expected: Sight) -> None:
    """With a current agreement it is the role, the agency and where the action comes from that decide."""
    who = Standing(create_member(role, user_id=STRANGER_ID, agency=agency), create_agency(agency))
    assert sight(create_action(source=source), who, TODAY) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 2, 28), Sight.OUTLINE),
        (date(2026, 3, 1), Sight.FULL),
        (date(2028, 2, 28), Sight.FULL),
        (date(2028, 2, 29), Sight.OUTLINE),
    ],
    ids=str,
)
def test_sight_follows_the_agreement_from_day_to_day(on: date, expected: Sight) -> None:
    """An agency sees a case's words from the day of its signature until the day before the agreement lapses."""
    agency = create_agency(isa_signed_on=date(2026, 3, 1), isa_lapses_on=date(2028, 2, 29))
    assert sight(create_action(source="R-14"), Standing(create_member(Role.AGENCY_LEAD), agency), on) is expected


@pytest.mark.parametrize(
    ("member", "agency"),
    [
        (None, None),
        (None, create_agency()),
        (create_member(Role.CHAIR), None),
        (create_member(Role.CHAIR, open=False), create_agency()),
        (create_member(Role.CHAIR), create_agency(open=False)),
    ],
    ids=["nobody", "no member", "no agency", "a member who left", "an agency that left"],
)
@pytest.mark.parametrize("source", ["B-7", "R-14"])
def test_who_is_not_of_the_board_sees_nothing(member: Member | None, agency: Agency | None, source: str) -> None:
    """A stranger, and one whose own row or agency is closed, sees nothing at all, even of what is everybody's."""
    assert sight(create_action(source=source), Standing(member, agency), TODAY) is Sight.NOTHING


@pytest.mark.parametrize(
    "action",
    [
        create_action(source="R-14", agency=""),
        create_action(source="R-14", agency="", owner_id=""),
        create_action(source="R-14", agency="XXX", owner_id=""),
    ],
    ids=["no agency", "neither", "an unknown agency"],
)
def test_an_action_of_nobody_is_an_outline_to_all_but_those_who_run_the_board(action: Action) -> None:
    """Where nobody is named as owner, those who run the board see the words, and others that it is there."""
    nobody = create_member(Role.REPRESENTATIVE, user_id=STRANGER_ID)
    chair = create_member(Role.CHAIR, user_id=STRANGER_ID)
    assert sight(action, Standing(nobody, create_agency()), TODAY) is Sight.OUTLINE
    assert sight(action, Standing(chair, create_agency()), TODAY) is Sight.FULL


def test_a_member_without_an_id_owns_nothing() -> None:
    """An action without an owner is not that of a member whose id is missing, though both lack one."""
    nobody = create_member(Role.REPRESENTATIVE, user_id="", agency="POL")
    action = create_action(source="R-14", owner_id="")
    assert sight(action, Standing(nobody, create_agency("POL")), TODAY) is Sight.OUTLINE


@pytest.mark.parametrize("status", ActionStatus, ids=lambda status: status.name)
@pytest.mark.parametrize("source", ["R-14", "B-7"])
def test_how_an_action_stands_changes_nothing(source: str, status: ActionStatus) -> None:
    """Sight is the same in every state, open or closed: an action is never deleted, and its board may look back."""
    who = Standing(create_member(Role.REPRESENTATIVE, user_id=STRANGER_ID, agency="POL"), create_agency("POL"))
    seen = {sight(create_action(source=source, status=status, open=is_open), who, TODAY) for is_open in (True, False)}
    assert seen == {Sight.FULL if source == "B-7" else Sight.OUTLINE}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("B-7", Sight.FULL),
        ("K-12", Sight.FULL),
        ("R-14", Sight.OUTLINE),
        ("r14", Sight.OUTLINE),
        ("R–14", Sight.OUTLINE),
        ("P-14.2", Sight.OUTLINE),
        ("S-31", Sight.OUTLINE),
        ("", Sight.OUTLINE),
        ("the ward round", Sight.OUTLINE),
        ("B-7, about Zed", Sight.OUTLINE),
    ],
)
def test_what_a_channel_sees(source: str, expected: Sight) -> None:
    """A channel sees the words of what comes from a board or a risk, and of everything else only that it is there."""
    assert sight_in_channel(create_action(source=source)) is expected


def test_a_channel_shows_no_case_in_full_whatever_else_the_row_says() -> None:
    """Neither priority, state, programme nor a missing owner lets a case's words into a channel."""
    case = create_action(source="R-14")
    for status, programme, owner, priority in itertools.product(
        ActionStatus, ("", "Inspection"), ("", OWNER_ID), ("Immediate risk", "Normal", "")
    ):
        action = replace(case, status=status, programme=programme, owner_id=owner, priority=priority)
        assert sight_in_channel(action) is Sight.OUTLINE


@pytest.mark.parametrize("source", ["R-14", "r14", "Referral R – 014", "R-14 and R-15"])
def test_an_action_of_a_restricted_case_is_an_outline_to_all_but_its_owner_and_those_let_in(source: str) -> None:
    """Neither the owner's colleagues nor those who run the board read it; the owner has to, those let in may."""
    action = create_action(source=source, agency="MHT", owner_id="00000000-0000-4000-8000-0000000000cc")
    pointer = create_referral(id=14, restricted=True, holder_id="holder", referrer_id="referrer")
    agency = create_agency()

    def seen(user_id: str, *roles: Role, let_in: frozenset[str] = frozenset()) -> Sight:
        member = create_member(*roles, user_id=user_id)
        return sight(action, Standing(member, agency), TODAY, [replace(pointer, admitted=let_in)])

    assert seen("colleague") is Sight.OUTLINE
    assert seen("chair", Role.CHAIR) is Sight.OUTLINE
    assert seen("team", Role.MENTAL_HEALTH_TEAM) is Sight.OUTLINE
    assert seen(action.owner_id) is Sight.FULL
    assert seen("chair", Role.CHAIR, let_in=frozenset({"chair"})) is Sight.FULL
    assert seen("holder") is Sight.FULL


def test_another_restricted_case_changes_nothing() -> None:
    """Only the case that the action came from counts: R-1 is not R-14, and no board's number is a case's."""
    member = Standing(create_member(Role.CHAIR), create_agency())
    others = [create_referral(id=number, restricted=True) for number in (1, 4, 7, 140)]
    assert sight(create_action(source="R-14"), member, TODAY, others) is Sight.FULL
    assert sight(create_action(source="B-7"), member, TODAY, others) is Sight.FULL
