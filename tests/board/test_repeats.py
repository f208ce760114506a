"""Somebody who was referred before is recognised however they are spelled, and nobody else is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board import pnc
from board.records import Subject
from board.repeats import Ground, Repeat, earlier, ground
from board.vocabulary import PersonRole
from tests.builders import create_referral, create_subject

BORN = date(1984, 3, 17)
NHS, OTHER_NHS = "9434765870", "9434765919"
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)


def person(name: str = "", **values: object) -> Subject:
    """Somebody of whom only this is known."""
    blank = dict.fromkeys(("name", "aliases", "nhs_number", "pnc_id", "other_ids", "address_area", "whereabouts"), "")
    return create_subject(**{**blank, "date_of_birth": BORN, "name": name, **values})


SAME = [
    ("Zebedee Planted", "zebedee planted"),
    ("Zebedee Planted", "PLANTED, Zebedee"),
    ("Zebedee Planted", "Mr Zebedee Planted"),
    ("Zoë O'Brien-Planted", "Zoe OBrien Planted"),
]
LIKE = [
    ("John Planted", "Jon Planted"),
    ("Mohammed Planted", "Muhammad Planted"),
    ("Catherine Planted", "Katherine Planted"),
    ("Steven Planted", "Stephen Planted"),
    ("Zebedee Planted", "Zebedee Imagined Planted"),
    ("Zebedee Plantid", "Zebedee Planted"),
    ("Planted", "Zebedee Planted"),
]
OTHERS = [
    ("Adam Planted", "Alan Planted"),
    ("Zebedee Planted", "Zebedee Imagined"),
    ("Zebedee Planted", "Yorick Invented"),
    ("Zeb", "Zebedee Planted"),
    ("", ""),
    ("", "Zebedee Planted"),
    ("Mr", "Mr"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_name(one: str, other: str) -> None:
    """Case, order, accents, joins and titles are no difference, either way round."""
    assert ground(person(one), person(other)) == ground(person(other), person(one)) == Ground.NAME_AND_BIRTH


@pytest.mark.parametrize(("one", "other"), LIKE)
def test_a_name_spelled_much_the_same(one: str, other: str) -> None:
    """Spelling is forgiven where the day of birth is the same, and only there."""
    assert ground(person(one), person(other)) == ground(person(other), person(one)) == Ground.LIKE_NAME_AND_BIRTH
    assert ground(person(one), person(other, date_of_birth=date(1984, 3, 18))) is None
    assert ground(person(one, date_of_birth=None), person(other, date_of_birth=None)) is None


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_name(one: str, other: str) -> None:
    """Twins, and people who share a day, are two; a name that is not known is no name."""
    assert ground(person(one), person(other)) is None
    assert ground(person(other), person(one)) is None


def test_by_an_alias() -> None:
    """Any name that somebody goes by counts."""
    known = person("Yorick Invented", aliases="Zebedee Planted; The Magpie")
    assert ground(person("Zebedee Planted"), known) == Ground.NAME_AND_BIRTH
    assert ground(person("Zeb Planted, aka Yorick"), person("Yorick Invented aka Zebedee Planted")) is not None


def test_by_number() -> None:
    """A number is enough without a name or a date; two different NHS numbers are two people with one name."""
    assert (
        ground(person(nhs_number="943 476 5870", date_of_birth=None), person("X", nhs_number=NHS)) == Ground.NHS_NUMBER
    )
    twin, other = person("Zebedee Planted", nhs_number=NHS), person("Zebedee Planted", nhs_number=OTHER_NHS)
    assert ground(twin, other) is None
    assert ground(twin, person("Zebedee Planted")) == Ground.NAME_AND_BIRTH
    assert ground(person(nhs_number="1234567890"), person(nhs_number="1234567890")) is None, "not valid, so no number"
    assert ground(person(pnc_id="2014/0123456D"), person(pnc_id="14/123456d")) == Ground.PNC_ID
    assert ground(person(pnc_id=""), person(pnc_id="")) is None


def received(days: int, number: int, **values: object) -> tuple[object, Subject]:
    """An earlier referral of Zebedee, so many days before."""
    referral = create_referral(id=number, received_on=NOW - timedelta(days=days))
    return referral, person("Zebedee Planted", **values)


def test_the_latest_within_a_year() -> None:
    """Of several the latest; a year to the day counts, a day more does not; later ones, itself and others do not."""
    case = create_referral(id=50, received_on=NOW)
    zed = person("Zebedee Planted")

    def found(*rows: tuple[object, Subject]) -> str:
        repeat = earlier(case, zed, rows)  # type: ignore[arg-type]
        return repeat.reference if repeat else ""

    assert found(received(300, 7), received(20, 9), received(100, 8)) == "R-9"
    assert found(received(365, 7)) == "R-7"
    assert found(received(366, 7)) == ""
    assert found(received(-1, 51)) == ""
    assert found(received(0, 50)) == ""
    assert found(received(0, 49)) == "R-49", "of one moment, the one that was made first"
    assert found(received(20, 9, role=PersonRole.AT_RISK)) == "", "a person at risk then was not the one referred"
    assert found() == ""
    assert earlier(create_referral(received_on=None), zed, ()) is None


def test_a_leap_day() -> None:
    """On 29 February a year before is 28 February."""
    case = create_referral(id=50, received_on=datetime(2028, 2, 29, 12, tzinfo=UTC))
    before = create_referral(id=7, received_on=datetime(2027, 2, 28, 12, tzinfo=UTC))
    zed = person("Zebedee Planted")
    assert earlier(case, zed, [(before, zed)]) == Repeat("R-7", Ground.NAME_AND_BIRTH)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_it_is_the_same_both_ways(one: str, other: str, alias: str) -> None:
    """Whatever is typed, who is like whom does not depend on who is asked about, and everybody is like themselves."""
    first, second = person(one, aliases=alias), person(other)
    assert ground(first, second) == ground(second, first)
    if any(part.isalpha() and len(part) > 4 for part in one.split()):
        assert ground(first, first) == Ground.NAME_AND_BIRTH


@given(st.integers(0, 99), st.integers(1, 9_999_999), st.sampled_from(["19", "20", ""]), st.booleans())
def test_a_pnc_id_is_read_however_it_is_spelled(year: int, serial: int, century: str, padded: bool) -> None:
    """With or without century, leading zeros, blanks and capitals; with one letter changed it is none."""
    digits = f"{year:02}{serial:07}"
    letter = "ZABCDEFGHJKLMNPQRTUVWXY"[int(digits) % 23]
    number = f"{serial:07}" if padded else str(serial)
    kept = f"{century}{year:02}/{serial:07}{letter}"
    assert pnc.read(f" {century}{year:02} / {number}{letter.lower()} ") == kept
    assert kept in pnc.spellings(kept)
    assert pnc.same(kept, f"{year:02}/{number}{letter}")
    wrong = "A" if letter != "A" else "B"
    assert pnc.read(f"{century}{year:02}/{number}{wrong}") == ""


@pytest.mark.parametrize(
    "typed", ["", "2014", "2014/A", "214/0123456F", "2014/01234567F", "2014/0123456I", "٢٠/1A", "x"]
)
def test_what_is_no_pnc_id(typed: str) -> None:
    """None of these is one."""
    assert pnc.read(typed) == ""
