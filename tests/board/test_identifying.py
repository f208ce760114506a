"""What would say who somebody is is found in a text however it is spelled, and ordinary words are left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.identifying import TITLES, Found, Kind, fold, identifying
from board.records import Subject
from tests.builders import create_subject

ZED = create_subject(
    name="Zebedee Planted-O'Brien",
    aliases="Zeb, also known as The Magpie",
    date_of_birth=date(1984, 3, 17),
    nhs_number="9434765870",
    pnc_id="90/123456A",
    other_ids="nDelius X012345",
    address_area="Nowhereham Road",
    whereabouts="Kestrel ward with his mother",
)

PLAIN = (
    "Two wards ring two numbers when a discharge is brought forward, so nobody tells the police until the day. "
    "Since 1 March 2026 nine of 42 handovers on the A12 corridor took more than 60 minutes; the s136 suite was shut. "
    "A risk of (K-12) kind: beds for women, 3 to 4 weeks' wait, not known to the board of 27 November 2026."
)
"""What people write about the system: counts, dates, roads, sections, another risk's reference."""


def kinds(text: str, *people: Subject) -> set[Kind]:
    """The kinds of what is found."""
    return {found.kind for found in identifying(text, people or (ZED,))}


def test_ordinary_words_are_left_alone() -> None:
    """Words about the system identify nobody, though they hold numbers, dates and references of other kinds."""
    found = identifying(PLAIN, [ZED])
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "Zebedee was missed",
        "ZEBEDEE's ward",
        "the case of mr planted.",
        "Zébédée",
        "Z\u200bebedee",
        "O'Brien was not told",
        "OBrien was not told",
        "brien",
        "they call him magpie",
        "“Zeb”",
        "(zebedee)",
    ],
)
def test_a_name_is_found_as_people_write_it(text: str) -> None:
    """Any part of a name or alias, in any case, with accents, marks or a genitive."""
    assert {Kind.NAME} == kinds(text)


def test_a_name_within_a_word_is_no_name() -> None:
    """Parts count as whole words only: `replanted` names nobody, nor do the joining words of an alias."""
    assert set() == kinds("The beds were replanted, also known as the zebra scheme")


def test_a_short_name_is_found_whole() -> None:
    """A name whose parts are too short to look for is found when they stand together."""
    short = create_subject(name="Bo Li", aliases="", date_of_birth=None)
    assert {Kind.NAME} == kinds("Nobody rang Bo Li back", short)
    assert set() == kinds("Bo was told", short)


@pytest.mark.parametrize(
    "spelled",
    [
        *("17/03/1984", "17.3.84", "17-03-1984", "17 3 84", "1984-03-17", "1984/3/17", "03/17/1984"),
        *("17 March 1984", "17th Mar 84", "17th of March, 1984", "March 17, 1984", "mar 17th 1984", "17mar84"),
        *("17031984", "19840317", "170384", "840317"),
    ],
)
def test_the_date_of_birth_is_found_in_every_spelling(spelled: str) -> None:
    """Day, month or year first, in words or figures, with two digits of the year or four."""
    assert Kind.BORN in kinds(f"seen on {spelled} by")


@pytest.mark.parametrize("spelled", ["18/03/1984", "17 April 1984", "1985-03-17", "31/02/1984", "17 Marble 1984"])
def test_another_date_is_not_the_date_of_birth(spelled: str) -> None:
    """A date that the case does not hold is an ordinary date."""
    assert set() == kinds(f"reported on {spelled} by all")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("born in 1984", Kind.BORN),
        ("DOB: 1.1.70", Kind.BORN),
        ("d.o.b 1970", Kind.BORN),
        ("943 476 5870", Kind.NUMBER),
        ("943-476-5870", Kind.NUMBER),
        ("PNC 2011/7654321K", Kind.NUMBER),
        ("QQ 12 34 56 C", Kind.NUMBER),
        ("at CM99 9ZZ", Kind.ADDRESS),
        ("a.person@example.com", Kind.CONTACT),
        ("ring 01632 960001", Kind.CONTACT),
        ("ring +44 7700 900123", Kind.CONTACT),
        ("as in R-14", Kind.REFERENCE),
        ("as in r14", Kind.REFERENCE),
        ("R – 14 again", Kind.REFERENCE),
        ("after A-103", Kind.REFERENCE),
        ("under P-14.2", Kind.REFERENCE),
    ],
)
def test_a_pattern_is_found_without_the_case(text: str, kind: Kind) -> None:
    """What looks like a number, an address, a contact, a date of birth or a reference needs nobody to compare with."""
    assert {kind} == {found.kind for found in identifying(text, [])}


@pytest.mark.parametrize("spelled", ["90/123456A", "90 123456a", "X 012345", "x012345", "9434 765 870"])
def test_the_persons_own_numbers_are_found_however_they_are_grouped(spelled: str) -> None:
    """Numbers of the case are compared without spaces and strokes."""
    assert Kind.NUMBER in kinds(f"recorded under {spelled} twice")


def test_where_somebody_lives_is_found() -> None:
    """The place's own name is; the words that all addresses share are not."""
    assert {Kind.ADDRESS} == kinds("a call to Nowhereham")
    assert {Kind.ADDRESS} == kinds("moved to KESTREL")
    assert set() == kinds("a ward on a road, home with his mother")


def test_what_is_found_is_said_as_it_was_typed() -> None:
    """Whoever typed it is shown the very words, each once."""
    assert [Found(Kind.NAME, "Zebedee's")] == identifying("Zebedee's bed and Zebedee's ward", [ZED])


@given(
    before=st.text(st.sampled_from(" .,;:!?()-\n\"'0123456789"), max_size=12),
    name=st.from_regex(r"[A-Z][a-zé]{2,12}", fullmatch=True).filter(lambda name: fold(name) not in TITLES),
    after=st.text(st.sampled_from(' .,;:!?()\n"0123456789'), max_size=12),
)
def test_a_name_is_found_between_any_marks(before: str, name: str, after: str) -> None:
    """Whatever stands around it, so long as no letter does, a name of three letters or more is found."""
    person = Subject(name=f"{name} Zzyzx")
    found = {each.kind for each in identifying(f"told{before} {name}{after} again", [person])}
    assert Kind.NAME in found


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
def test_any_date_of_birth_is_found(born: date) -> None:
    """As people write one in the United Kingdom, in figures and in words."""
    person = Subject(name="Zzyzx", date_of_birth=born)
    for spelled in (f"{born:%d/%m/%Y}", f"{born:%d.%m.%y}", f"{born.day} {born:%B %Y}", born.isoformat()):
        assert Kind.BORN in kinds(f"a man ({spelled}), and", person)


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    """Anything at all is read without an error, and what is found of a pattern is in the text as it is compared."""
    assert all(found.said for found in identifying(text, [ZED]))
