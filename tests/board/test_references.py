"""References as people say them aloud and type them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import FieldProblem, NotUnderstood, Problem
from board.references import item_id, reference


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("R-14", 14),
        ("r-14", 14),
        ("R14", 14),
        ("r 14", 14),
        ("R - 14", 14),
        ("  R-14\n", 14),
        ("R-014", 14),
        ("R–14", 14),
        ("R—14", 14),
        ("R‑14", 14),
        ("R‐14", 14),
        ("R-1", 1),
        ("R-999999999", 999_999_999),
    ],
)
def test_spoken_forms(typed: str, number: int) -> None:
    """Any case, spaces, leading zeros and the dashes that phones put in are understood."""
    assert item_id(typed, "R") == number


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "R", "R-", "14", "-14", "R-0", "R-000", "R--14", "R-1.4", "R-14a", "RR-14", "A-14", "R-14 R-15"),
        *("R-1000000000", "R-" + "9" * 5000, "R-1e3", "R-0x10", "Я-14", "R-²", "R_14", "R/14", "R-14\x00", "R-14'--"),
    ],
)
def test_other_text(typed: str) -> None:
    """Anything else is refused as no reference, the letter of another list and numbers no list reaches included."""
    with pytest.raises(NotUnderstood) as caught:
        item_id(typed, "R")
    assert caught.value.problems == (FieldProblem("reference", Problem.NOT_A_REFERENCE),)


@given(st.sampled_from("ABKRS"), st.integers(1, 999_999_999))
def test_round_trip(letter: str, number: int) -> None:
    """A reference made is read back, whichever case it is typed in."""
    made = reference(letter, number)
    assert item_id(made, letter) == number
    assert item_id(made.lower(), letter) == number


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    """No text gives anything but a positive whole number or NotUnderstood."""
    try:
        number = item_id(typed, "R")
    except NotUnderstood:
        return
    assert 1 <= number <= 999_999_999


@pytest.mark.parametrize("filler", [" ", "0", "1", "\u2003", "R", "- "])
def test_long_text_is_refused_quickly(filler: str) -> None:
    """A text of many thousand characters, which a card can send, costs no more than reading it once."""
    started = time.perf_counter()
    for typed in (filler * 50_000, "R" + filler * 50_000 + "x", "R-" + filler * 50_000 + "x"):
        with pytest.raises(NotUnderstood):
            item_id(typed, "R")
    assert time.perf_counter() - started < 1
