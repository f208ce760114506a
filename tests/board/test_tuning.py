"""Numbers that a board tunes: read however they are typed, kept within bounds, and what cannot be followed named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.tuning import faults, read, tuned

DEFAULTS = {"pack": 5, "call": 15, "any other": 0, "decisions": -2}
LEAST, MOST = -40, 40

SPELLINGS = ("{0} {1}", "{0}: {1}", "{0}={1}", "  {0}  =  {1}  ", "{0}{1}", "{0} {1}: the team does it", "{0} {1}, so")
"""How people type a word and its number."""

LINE = st.tuples(
    st.sampled_from([*DEFAULTS, "pact", "packs", "p"]),
    st.integers(-999, 999),
    st.sampled_from(SPELLINGS),
    st.sampled_from([str.lower, str.upper, str.title]),
)
NONSENSE = ("pack", "pack six", "7", "7 pack", "pack - 6", "pack 1000", "pack 6th", "päck 6", ": 6", "?")
"""Lines that say no word with a number."""


def spelled(word: str, number: int, spelling: str) -> str:
    """One line as somebody types it."""
    return spelling.format(word, number)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("pack 6", ("pack", 6, "")),
        ("PACK: 6", ("pack", 6, "")),
        ("  Pack =06 ", ("pack", 6, "")),
        ("decisions -2", ("decisions", -2, "")),
        ("decisions:-2", ("decisions", -2, "")),
        ("Any   other 5", ("any other", 5, "")),
        ("manager 5: the duty superintendent", ("manager", 5, "the duty superintendent")),
        ("manager 5 the duty superintendent", ("manager", 5, "the duty superintendent")),
        ("manager 5; floor 2, ring first", ("manager", 5, "floor 2, ring first")),
    ],
)
def test_a_line_is_read(line: str, found: tuple[str, int, str]) -> None:
    """Its word in small letters with single spaces, its number, and what follows it."""
    assert read(line) == [found]


@pytest.mark.parametrize("line", NONSENSE)
def test_a_line_that_cannot_be_read(line: str) -> None:
    """It is passed over and changes nothing, whatever stands around it; and it is named."""
    assert read(line) == []
    assert read(f"call 9\n{line}\npack 7") == [("call", 9, ""), ("pack", 7, "")]
    assert tuned(line, DEFAULTS, least=LEAST, most=MOST) == DEFAULTS
    assert faults(f"call 9\n{line}\npack 7", DEFAULTS, least=LEAST, most=MOST) == [line.strip()]


@given(st.lists(LINE, max_size=8))
def test_the_last_number_within_bounds_counts(lines: list[tuple[str, int, str, Callable[[str], str]]]) -> None:
    """For each word that is known, however it is spelled; every other keeps its default, and no word is added."""
    text = "\n".join(spelled(capitals(word), number, spelling) for word, number, spelling, capitals in lines)
    followed = {word: number for word, number, _, _ in lines if word in DEFAULTS and -40 <= number <= 40}
    assert tuned(text, DEFAULTS, least=LEAST, most=MOST) == DEFAULTS | followed


@given(st.lists(LINE, max_size=8), st.sampled_from(NONSENSE), st.integers(0, 8))
def test_what_cannot_be_followed_is_named(
    lines: list[tuple[str, int, str, Callable[[str], str]]], nonsense: str, place: int
) -> None:
    """Each line with an unknown word or a number out of bounds, as it was typed and in its order; empty lines never."""
    typed = [
        (spelled(capitals(word), number, spelling), word in DEFAULTS and abs(number) <= 40)
        for word, number, spelling, capitals in lines
    ]
    typed.insert(place, (nonsense, False))
    typed.insert(place, ("   ", True))
    expected = [line.strip() for line, good in typed if not good]
    assert faults("\n".join(line for line, _ in typed), DEFAULTS, least=LEAST, most=MOST) == expected


@given(st.text("packls 0123456789-:=,;\n\r\t\x0b\x00\u2028é²٣", max_size=80), st.integers(-5, 5), st.integers(5, 30))
def test_no_text_does_harm(text: str, least: int, most: int) -> None:
    """Whatever is typed, the words stay those of the defaults, and each number is its default or within bounds."""
    said = f"pack {least}\n{text}\ncall {most + 1}"
    after = tuned(said, DEFAULTS, least=least, most=most)
    assert list(after) == list(DEFAULTS)
    assert all(number == DEFAULTS[word] or least <= number <= most for word, number in after.items())
    wrong = faults(said, DEFAULTS, least=least, most=most)
    assert f"call {most + 1}" in wrong
    assert f"pack {least}" not in wrong
    assert all(tuned(line, DEFAULTS, least=least, most=most) == DEFAULTS for line in wrong)


@pytest.mark.parametrize(
    ("text", "least", "most", "pack"),
    [
        ("pack 0", 0, 120, 0),
        ("pack 0", 1, 120, 5),
        ("pack 120", 0, 120, 120),
        ("pack 121", 0, 120, 5),
        ("pack -1", 0, 120, 5),
        ("pack -1", -1, 120, -1),
        ("pack 9\npack 200", 0, 120, 9),
        ("pack 9\nPACK 8", 0, 120, 8),
        ("", 0, 120, 5),
    ],
)
def test_bounds_are_counted_in(text: str, least: int, most: int, pack: int) -> None:
    """The least and the most are allowed, what is beyond them is not; of two lines that can be followed the later."""
    assert tuned(text, DEFAULTS, least=least, most=most) == {**DEFAULTS, "pack": pack}


def test_the_defaults_stay_as_they_are() -> None:
    """A board's own numbers are its own: the next board begins from the same defaults."""
    before = dict(DEFAULTS)
    assert tuned("pack 9", DEFAULTS, least=LEAST, most=MOST)["pack"] == 9
    assert before == DEFAULTS
