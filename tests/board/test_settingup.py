"""The code that makes the first chair, and what a new agency needs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.records import Agency, Member
from board.settingup import (
    ALPHABET,
    LENGTH,
    TRIES,
    Progress,
    anchored,
    check_code,
    choose_agency,
    digest,
    first_chair,
    new_agency,
    new_member,
)
from board.vocabulary import Role
from tests.builders import KEY, TODAY, create_agency, create_forum, create_member

CODE = "ABCD2345"


def test_alphabet_has_nothing_taken_for_another() -> None:
    """No character of a code is taken for another when it is read aloud or copied, and guessing is hopeless."""
    assert not set(ALPHABET) & set("0O1IL")
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert len(ALPHABET) ** LENGTH > 10**11 * TRIES


@pytest.mark.parametrize("said", ["ABCD2345", "abcd2345", "ABCD-2345", " ab cd 23 45 ", "A.B.C.D.2345"])
def test_code_as_people_say_it(said: str) -> None:
    """Case, spaces and dashes do not matter."""
    check_code(said, digest(CODE), 0)


@pytest.mark.parametrize("said", ["", "ABCD2346", "ABCD234", "ABCD23455", "BACD2345", "王王王王王王王王"])
def test_wrong_code(said: str) -> None:
    """Any other code is refused without saying what was wrong with it."""
    with pytest.raises(NotUnderstood) as caught:
        check_code(said, digest(CODE), 0)
    assert [(found.field, found.problem) for found in caught.value.problems] == [("code", Problem.WRONG_CODE)]


@pytest.mark.parametrize(("tries", "taken"), [(0, True), (TRIES - 1, True), (TRIES, False), (TRIES + 1, False)])
def test_guesses_run_out(tries: int, taken: bool) -> None:
    """After five wrong guesses even the right code is refused."""
    if taken:
        check_code(CODE, digest(CODE), tries)
        return
    with pytest.raises(NotUnderstood):
        check_code(CODE, digest(CODE), tries)


@pytest.mark.parametrize("stored", ["", "ABCD2345", "é", "0" * 64])
def test_without_a_printed_code_nothing_is_right(stored: str) -> None:
    """No code, or something typed in its place by hand, is matched by nothing, the empty code included."""
    for said in ("", CODE, stored):
        with pytest.raises(NotUnderstood):
            check_code(said, stored, 0)


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_two_codes_never_match(one: str, other: str) -> None:
    """Codes match only themselves, and what is stored does not hold the code."""
    assert (digest(one) == digest(other)) is (one == other)
    assert one not in digest(one)


def test_first_chair_who_is_new() -> None:
    """Whoever gives the code becomes a chair who administers, by the id Teams vouches for."""
    assert first_chair("abc", "Ada Chairperson", None) == Member(
        key="member:abc", user_id="abc", name="Ada Chairperson", roles=frozenset({Role.CHAIR, Role.ADMINISTRATOR})
    )


def test_first_chair_who_is_there() -> None:
    """A member keeps their agency, name and other roles."""
    found = create_member(Role.MENTAL_HEALTH_TEAM, name="Cy Nurse")
    chair = first_chair(found.user_id, "Another name", found)
    assert chair.roles == {Role.MENTAL_HEALTH_TEAM, Role.CHAIR, Role.ADMINISTRATOR}
    assert (chair.agency, chair.name, chair.id) == (found.agency, "Cy Nurse", found.id)


THERE = [create_agency("POL", id=1, name="Example Police"), create_agency("Longer-Than-Ten", id=2, name="Example Long")]


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ({"agency": "POL"}, THERE[0]),
        ({"agency": " pol "}, THERE[0]),
        ({"agency": "POL", "agency_name": "Something else"}, THERE[0]),
        ({"agency": "Longer-Than-Ten"}, THERE[1]),
        (
            {"agency": "mht", "agency_name": " Example  Trust "},
            Agency(key="agency:MHT", code="MHT", name="Example Trust"),
        ),
    ],
    ids=["there", "in any case", "name ignored", "long code typed in the list", "new"],
)
def test_choose_agency(values: dict[str, Any], chosen: Agency) -> None:
    """An agency that is there is found by its code; a new one takes a code and a name, and has signed nothing."""
    assert choose_agency(Form(values), THERE) == chosen


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({}, "agency", Problem.MISSING),
        ({"agency": "MHT"}, "agency_name", Problem.MISSING),
        ({"agency": "M/T", "agency_name": "Example"}, "agency", Problem.MISSING),
        ({"agency": "ABCDEFGHIJK", "agency_name": "Example"}, "agency", Problem.TOO_LONG),
        ({"agency": 5}, "agency", Problem.NOT_TEXT),
        ({"agency": "MHT", "agency_name": "x" * 256}, "agency_name", Problem.TOO_LONG),
    ],
)
def test_agency_that_cannot_be_made(values: dict[str, Any], field: str, problem: Problem) -> None:
    """What is missing or wrong is named, and no agency is made of half."""
    with pytest.raises(NotUnderstood) as caught:
        choose_agency(Form(values), THERE)
    assert [(found.field, found.problem) for found in caught.value.problems] == [(field, problem)]


NURSE = "7904be9b-053a-576e-8e32-c2143b91f34e"
AGENCIES = {"MHT": create_agency("MHT")}
AGENCY = {"agency_code": "amb", "agency_name": "Example Ambulance", "key": KEY}
MEMBER = {"member": NURSE, "member_agency": "mht", "member_roles": "Representative,Liaison", "key": KEY}
BOARD = {"anchor": "2026-12-09", "meets_at": "10:00", "board_link": "https://example.com/b", "key": KEY}


def wrong(what: Any) -> set[tuple[str, Problem]]:
    with pytest.raises(NotUnderstood) as told:
        what()
    return {(each.field, each.problem) for each in told.value.problems}


def test_a_new_agency() -> None:
    """Its code in capitals; its key is its code's, so that it is made once."""
    made = new_agency(Form({**AGENCY, "isa_signed": "2026-01-05", "isa_lapses": "2028-01-05"}), AGENCIES.values())
    assert (made.code, made.name, made.key) == ("AMB", "Example Ambulance", "agency:AMB")
    assert (made.isa_signed_on, made.isa_lapses_on) == (date(2026, 1, 5), date(2028, 1, 5))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"agency_code": ""}, ("agency_code", Problem.MISSING)),
        ({"agency_code": "A B"}, ("agency_code", Problem.NOT_TEXT)),
        ({"agency_code": "mht"}, ("agency_code", Problem.THERE)),
        ({"agency_code": "ABCDEFGHIJK"}, ("agency_code", Problem.TOO_LONG)),
        ({"agency_name": " "}, ("agency_name", Problem.MISSING)),
        ({"agency_kind": "Circus"}, ("agency_kind", Problem.ONE_OF)),
        ({"isa_signed": "2026-01-05", "isa_lapses": "2026-01-05"}, ("isa_lapses", Problem.NOT_LATER)),
        ({"isa_signed": "soon"}, ("isa_signed", Problem.NOT_A_DATE)),
        ({"key": "x"}, ("key", Problem.STALE)),
    ],
)
def test_an_agency_that_cannot_be_added(changed: dict[str, Any], problem: tuple[str, Problem]) -> None:
    """Each wrong field is told."""
    assert wrong(lambda: new_agency(Form({**AGENCY, **changed}), AGENCIES.values())) == {problem}


def test_a_new_member_is_who_teams_vouched_for() -> None:
    """By the name they asked with; one that is typed counts only where nobody asked."""
    made = new_member(Form(MEMBER), {NURSE: "Cy Nurse"}, {}, AGENCIES, name="Somebody else")
    assert (made.user_id, made.name, made.agency) == (NURSE, "Cy Nurse", "MHT")
    assert made.roles == {Role.REPRESENTATIVE, Role.LIAISON}
    assert new_member(Form(MEMBER), {}, {}, AGENCIES, name="Cy Nurse").name == "Cy Nurse"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"member": ""}, ("member", Problem.MISSING)),
        ({"member": "me"}, ("member", Problem.NOT_A_CHOICE)),
        ({"member": "00000000-0000-4000-8000-0000000000ff"}, ("member", Problem.NOT_A_CHOICE)),
        ({"member_agency": "AMB"}, ("member_agency", Problem.NOT_A_CHOICE)),
        ({"member_roles": ""}, ("member_roles", Problem.MISSING)),
        ({"member_roles": "King"}, ("member_roles", Problem.NOT_A_CHOICE)),
    ],
)
def test_a_member_who_cannot_be_added(changed: dict[str, Any], problem: tuple[str, Problem]) -> None:
    """Nobody who did not ask and has no name, no unknown agency, no role that is none."""
    assert wrong(lambda: new_member(Form({**MEMBER, **changed}), {NURSE: "Cy"}, {}, AGENCIES)) == {problem}


def test_a_member_is_not_added_twice() -> None:
    """Nor given other roles by being added again."""
    there = {NURSE: create_member(user_id=NURSE)}
    assert wrong(lambda: new_member(Form(MEMBER), {NURSE: "Cy"}, there, AGENCIES)) == {("member", Problem.THERE)}


def test_the_boards_day() -> None:
    """A working day to come; what is left empty stays as it was."""
    forum = create_forum("MHRMB", meets_at="09:30", link="https://example.com/old")
    made = anchored(Form(BOARD), forum, TODAY)
    assert (made.anchor, made.meets_at, made.link) == (date(2026, 12, 9), "10:00", "https://example.com/b")
    kept = anchored(Form({"anchor": "2026-12-09", "key": KEY}), forum, TODAY)
    assert (kept.meets_at, kept.link) == ("09:30", "https://example.com/old")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"anchor": ""}, ("anchor", Problem.MISSING)),
        ({"anchor": "2026-06-14"}, ("anchor", Problem.IN_THE_PAST)),
        ({"anchor": "2026-12-25"}, ("anchor", Problem.NOT_A_WORKING_DAY)),
        ({"anchor": "Wednesday"}, ("anchor", Problem.NOT_A_DATE)),
        ({"meets_at": "25:00"}, ("meets_at", Problem.NOT_A_WALL_TIME)),
        ({"board_link": "http://example.com"}, ("board_link", Problem.NOT_A_LINK)),
    ],
)
def test_a_day_that_cannot_be_the_boards(changed: dict[str, Any], problem: tuple[str, Problem]) -> None:
    """Past, not a working day, not a time, not a safe link."""
    assert wrong(lambda: anchored(Form({**BOARD, **changed}), create_forum("MHRMB"), TODAY)) == {problem}


def test_progress_names_who_lacks_what() -> None:
    """Agencies without a current agreement see no case; those of which nobody is a member take no part."""
    lapsed = create_agency("HOU", isa_lapses_on=date(2026, 1, 1))
    of = Progress(True, (create_agency("MHT"), lapsed), (create_member(agency="MHT"),), create_forum("MHRMB"), {})
    assert (of.unsigned(TODAY), of.alone()) == (["HOU"], ["HOU"])
