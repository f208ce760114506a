"""Taking people out of texts: no spelling of what is known of them survives, and the person's own words stay."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.redacting import Hidden, Redactor
from board.vocabulary import PersonRole
from tests.builders import create_subject

MOTHER = create_subject(
    id=10,
    role=PersonRole.AT_RISK,
    name="Wilhelmina Planted-O'Brien",
    aliases="Mina, also known as The Magpie",
    date_of_birth=date(1951, 3, 17),
    nhs_number="9434765870",
    pnc_id="1990/0123456X",
    other_ids="nDelius X012345",
    address_area="Nowhereham",
    whereabouts="Kestrel House",
)
SON = create_subject(
    name="Zebedee Planted",
    aliases="",
    date_of_birth=date(1984, 3, 17),
    nhs_number="",
    pnc_id="",
    other_ids="",
    address_area="Elsewhere",
    whereabouts="",
)
LABEL = "[person at risk 1]"
REDACTOR = Redactor([Hidden(LABEL, MOTHER)], kept=[SON])

SPELLINGS = (
    "Wilhelmina Planted-O'Brien",
    "WILHELMINA",
    "wilhelmina",
    "Wilhélmina",
    "Wil\u200bhelmina",
    "Wilhelmina's",
    "Mrs O'Brien",
    "OBrien",
    "Mina",
    "magpie",
    "W.P.O.",
    "W. O'Brien",
    "17/03/1951",
    "17 March 1951",
    "17.3.51",
    "1951-03-17",
    "17th of March 1951",
    "9434765870",
    "943 476 5870",
    "943-476-5870",
    "1990/0123456X",
    "X012345",
    "Nowhereham",
    "Kestrel",
)
SAYS = ("wilhelmina", "brien", "mina", "magpie", "1951", "03-17", "434", "0123456", "012345", "nowhereham", "kestrel")
"""Pieces of her that no redacted text may hold, whatever stood around them (`planted` is her son's name too)."""


def left(text: str) -> list[str]:
    """What of her is still to be read, in any case and without marks."""
    return [piece for piece in SAYS if piece in text.casefold().replace("é", "e").replace("\u200b", "")]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_each_spelling_is_taken_out(spelled: str) -> None:
    """In a sentence, a label stands where she was named, and the sentence's other words stay."""
    said = REDACTOR.text(f"The ward told {spelled} on Friday, and she rang.")
    assert left(said) == []
    assert LABEL in said
    assert said.startswith("The ward told ")
    assert said.endswith("on Friday, and she rang.")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SPELLINGS),
            st.sampled_from([" ", ", ", "; ", " and ", "\n", " (", ") ", " – ", ": ", "\u00a0", "\u2028"]),
            st.sampled_from(["ring", "the ward", "s136", "“she”", "R-14", "9 of 42", "ß", "İ", "🙂"]),
        ),
        max_size=12,
    )
)
def test_nothing_of_her_survives_any_text(parts: list[tuple[str, str, str]]) -> None:
    """However her names, numbers and dates are put together with other words, none is left, and the others are."""
    text = "".join(f"{other}{gap}{spelled}{gap}" for spelled, gap, other in parts)
    said = REDACTOR.text(text)
    assert left(said) == []
    for _, _, other in parts:
        assert other in said


@given(st.text(max_size=200))
def test_any_text_at_all_is_taken(text: str) -> None:
    """Whatever people type, folding and putting back lose nothing when nobody is named."""
    said = REDACTOR.text(text)
    assert left(said) == []
    if LABEL not in said:
        assert said == text


@given(st.sampled_from(SPELLINGS), st.text(alphabet="abcdefghij .,", max_size=40))
def test_doing_it_twice_is_doing_it_once(spelled: str, text: str) -> None:
    """A redacted text has nothing more to take out."""
    once = REDACTOR.text(f"{text} {spelled} {text}")
    assert REDACTOR.text(once) == once


def test_the_persons_own_words_stay() -> None:
    """A surname and a day that are also the person's own stay when they stand alone."""
    said = "Zebedee Planted, born 17 March 1984, of Elsewhere, was seen. Planted was calm."
    assert REDACTOR.text(said) == said


def test_ordinary_words_stay() -> None:
    """Counts, sections, roads and references identify nobody."""
    said = "Since 1 March 2026 nine of 42 handovers on the A12 took 60 minutes; s136 suite shut (R-14, A-103)."
    assert REDACTOR.text(said) == said


def test_a_birthday_as_a_date_is_told() -> None:
    """A column's date is hers or not; the person's own is kept."""
    assert REDACTOR.hides(date(1951, 3, 17))
    assert not REDACTOR.hides(date(1984, 3, 17))
    assert not REDACTOR.hides(date(2026, 3, 17))


def test_a_phrase_is_a_whole_name() -> None:
    """A member's whole name is taken out, a part of it that is an ordinary word is not."""
    redactor = Redactor([], phrases=[("Bo Officer", "[member of staff, POL]")])
    assert redactor.text("told by BO  OFFICER to an officer") == "told by [member of staff, POL] to an officer"


def test_nobody_to_take_out() -> None:
    """With nobody known, texts come back as they are; a person of blanks and a name of signs match nothing."""
    empty = create_subject(
        name="?!",
        aliases=" ,, ",
        date_of_birth=None,
        nhs_number="",
        pnc_id="",
        other_ids="-",
        address_area="",
        whereabouts="",
    )
    for redactor in (Redactor([]), Redactor([Hidden("[x]", empty)])):
        assert redactor.text("a ? b ! c\x00") == "a ? b ! c\x00"
