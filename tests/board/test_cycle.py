"""A board's milestones: who answers for an agency, whose actions are outstanding, and what is still awaited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.actions import Action, ActionStatus
from board.cycle import Awaited, answerers, awaited, by_agency, subgroups, to_disseminate
from board.records import Agency, AgendaItem, Forum, Member
from board.vocabulary import Role
from tests.action_builders import create_action
from tests.builders import create_agency, create_forum, create_member, create_partners

BOARD = create_forum("MHRMB", kind="Board")

POLICE_LEAD = create_member(Role.AGENCY_LEAD, id=4, name="Io Superintendent", agency="POL")
POLICE_DEPUTY = create_member(Role.AGENCY_LEAD, Role.REPRESENTATIVE, id=2, name="Jo Inspector", agency="pol")
OFFICER = create_member(Role.REPRESENTATIVE, id=3, name="Bo Officer", agency="POL")
NURSE = create_member(Role.REPRESENTATIVE, id=1, name="Cy Nurse", agency="MHT")
TEAM = create_member(Role.MENTAL_HEALTH_TEAM, id=9, name="Kit Coordinator", agency="MHT")
TEAM_TOO = create_member(Role.MENTAL_HEALTH_TEAM, Role.CHAIR, id=8, name="Lou Coordinator", agency="ASC")
OBSERVER = create_member(Role.OBSERVER, id=7, name="Flo Observer", agency="ASC")
EVERYBODY = [TEAM, POLICE_LEAD, OFFICER, NURSE, OBSERVER, TEAM_TOO, POLICE_DEPUTY]


def left(member: Member) -> Member:
    """Somebody who left the board."""
    return replace(member, open=False)


@pytest.mark.parametrize(
    ("agency", "members", "expected"),
    [
        ("POL", EVERYBODY, [POLICE_DEPUTY, POLICE_LEAD]),
        ("pol", EVERYBODY, [POLICE_DEPUTY, POLICE_LEAD]),
        ("POL", [OFFICER, left(POLICE_LEAD), TEAM], [OFFICER]),
        ("MHT", EVERYBODY, [NURSE]),
        ("MHT", [TEAM, left(NURSE)], [TEAM]),
        ("ASC", EVERYBODY, [TEAM_TOO, TEAM]),
        ("ASC", [OBSERVER, TEAM, left(TEAM_TOO)], [TEAM]),
        ("HOU", EVERYBODY, [TEAM_TOO, TEAM]),
        ("HOU", [NURSE, POLICE_LEAD], []),
        ("POL", [], []),
    ],
)
def test_who_answers_for_an_agency(agency: str, members: list[Member], expected: list[Member]) -> None:
    """All its leads; else all its representatives; else the mental health team; never who left, nor who observes."""
    assert answerers(agency, members) == expected


MEMBERS = st.lists(
    st.builds(
        create_member,
        id=st.integers(1, 60),
        agency=st.sampled_from(["POL", "pol", "MHT", "ASC"]),
        roles=st.frozensets(
            st.sampled_from(
                [Role.AGENCY_LEAD, Role.REPRESENTATIVE, Role.MENTAL_HEALTH_TEAM, Role.CHAIR, Role.OBSERVER]
            ),
            max_size=2,
        ),
        open=st.sampled_from([True, True, False]),
    ),
    unique_by=lambda each: each.id,
    max_size=8,
)


@given(MEMBERS)
def test_nobody_answers_beside_a_lead(members: list[Member]) -> None:
    """Of any people, those of the first kind that the agency has, each once, in the order of their rows."""
    here = {each.id: each for each in members if each.open}
    police = {number for number, each in here.items() if each.agency in ("POL", "pol")}
    leads = {number for number in police if Role.AGENCY_LEAD in here[number].roles}
    representatives = {number for number in police if Role.REPRESENTATIVE in here[number].roles}
    team = {number for number, each in here.items() if Role.MENTAL_HEALTH_TEAM in each.roles}
    assert [each.id for each in answerers("POL", members)] == sorted(leads or representatives or team)


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"agency": "mht"}, True),
        ({"forum": ""}, True),
        ({"forum": "mhrmb"}, True),
        ({"status": ActionStatus.DONE}, True),
        ({"forum": "SUB"}, False),
        ({"open": False}, False),
        ({"status": ActionStatus.VERIFIED}, False),
        ({"status": ActionStatus.TRANSFERRED}, False),
        ({"reference": ""}, False),
        ({"agency": ""}, False),
        ({"agency": "XYZ"}, False),
    ],
)
def test_what_an_agency_owes(changed: dict[str, Any], counts: bool) -> None:
    """What is live, has its number and is the board's, of a partner; an agency that owes nothing is left out."""
    action = create_action(**changed)
    assert by_agency([action], BOARD, create_partners()) == ({"MHT": [action]} if counts else {})


ACTIONS = st.lists(
    st.builds(
        create_action,
        id=st.integers(1, 99),
        agency=st.sampled_from(["POL", "pol", "MHT", "ASC", "XYZ", ""]),
        forum=st.sampled_from(["MHRMB", "MHRMB", "", "SUB"]),
        status=st.sampled_from(["Agreed", "Agreed", "Disseminated", "In progress", "Verified", "Not possible"]),
        open=st.sampled_from([True, True, True, False]),
    ),
    unique_by=lambda each: each.id,
    max_size=12,
)


def is_owed(action: Action) -> bool:
    """Whether something is still to be done about an action of this board."""
    return action.open and action.status in ("Agreed", "Disseminated", "In progress") and action.forum != "SUB"


@given(ACTIONS)
def test_each_action_is_told_to_one_agency(actions: list[Action]) -> None:
    """Whatever is owed is there once, in the order of its number, with the agency that owes it; nothing else is."""
    owed = sorted(
        (each.agency.upper(), each.id) for each in actions if is_owed(each) and each.agency not in ("XYZ", "")
    )
    found = by_agency(actions, BOARD, create_partners())
    assert [(code, each.id) for code in sorted(found) for each in found[code]] == owed
    assert all(found.values())


@given(ACTIONS)
def test_what_was_agreed_is_disseminated(actions: list[Action]) -> None:
    """Each of them becomes so and changes in nothing else; what somebody has taken up or closed stays as it is."""
    expected = [each.id for each in actions if is_owed(each) and each.status == "Agreed"]
    found = to_disseminate(actions, BOARD)
    assert [before.id for before, _ in found] == expected
    assert all(before in actions and after.status == "Disseminated" for before, after in found)
    assert all(replace(after, status="Agreed") == before for before, after in found)
    assert to_disseminate([after for _, after in found], BOARD) == []


def test_an_action_without_its_number_waits() -> None:
    """Nobody could be told of it, so it is not yet disseminated."""
    assert to_disseminate([create_action(reference="")], BOARD) == []
    assert [after.status for _, after in to_disseminate([create_action()], BOARD)] == ["Disseminated"]


GROUPS = [create_forum("SUB", id=2, kind="Subgroup"), create_forum("NORTH", id=3, kind="Subgroup")]
PAPER = AgendaItem(forum="MHRMB", kind="Agency in focus", agency="POL")


def report(forum: str, kind: str = "Subgroup report") -> AgendaItem:
    """What a subgroup submitted for this board."""
    return AgendaItem(forum=forum, kind=kind, status="Submitted")


@pytest.mark.parametrize(
    ("focus", "paper", "reports", "expected"),
    [
        ("POL", None, [], Awaited("POL", ("SUB", "NORTH"))),
        ("POL", PAPER, [], Awaited("", ("SUB", "NORTH"))),
        ("", None, [], Awaited("", ("SUB", "NORTH"))),
        ("POL", None, [report("sub")], Awaited("POL", ("NORTH",))),
        ("POL", PAPER, [report("NORTH")], Awaited("", ("SUB",))),
        ("POL", PAPER, [report("SUB", "Supplement to a subgroup report"), report("NORTH")], Awaited("", ("SUB",))),
        ("POL", PAPER, [report("SUB", "Agenda item"), report("MHRMB")], Awaited("", ("SUB", "NORTH"))),
        ("POL", None, [report("NORTH"), report("SUB")], Awaited("POL", ())),
        ("POL", PAPER, [report("NORTH"), report("SUB")], Awaited("", ())),
    ],
)
def test_what_a_board_waits_for(
    focus: str, paper: AgendaItem | None, reports: list[AgendaItem], expected: Awaited
) -> None:
    """The paper of the agency in focus until it is there, and each subgroup's report; a supplement is no report."""
    assert awaited(focus, paper, reports, GROUPS) == expected


def test_when_all_is_in() -> None:
    """Only when neither a paper nor a report is missing, however a forum's code is typed in its row."""
    assert Awaited().nothing
    assert not Awaited(focus="POL").nothing
    assert not Awaited(reports=("SUB",)).nothing
    assert awaited("", None, [], []).nothing
    assert awaited("", None, [report("SUB")], [create_forum("Sub", kind="Subgroup")]).nothing


def test_the_subgroups_that_report() -> None:
    """Those that are open, however their kind is typed, in the order of their rows; no board and no other meeting."""
    sub, north = GROUPS
    typed = create_forum("EAST", id=1, kind="subgroup")
    others: list[Forum] = [
        BOARD,
        create_forum("GONE", id=4, kind="Subgroup", open=False),
        create_forum("MARAC", id=5, kind="Other"),
        create_forum("PLAIN", id=6, kind=""),
    ]
    assert subgroups([north, *others, sub, typed]) == [typed, sub, north]
    assert subgroups(others) == []


def test_an_agency_that_is_no_partner_of_this_board() -> None:
    """Only the agencies that are named are told, though others owe something."""
    only: dict[str, Agency] = {"POL": create_agency("POL")}
    mine, theirs = create_action(id=2, agency="POL"), create_action(id=1)
    assert by_agency([theirs, mine], BOARD, only) == {"POL": [mine]}
