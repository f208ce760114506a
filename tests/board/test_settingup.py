"""The code that makes the first chair, and what a new agency needs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.records import Agency, Member
from board.settingup import ALPHABET, LENGTH, TRIES, check_code, choose_agency, digest, first_chair
from board.vocabulary import Role
from tests.builders import create_agency, create_member

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
