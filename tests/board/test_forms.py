"""Whatever a form sends back is read, or refused with a reason; it never breaks the reader."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form, clean
from tests.builders import TODAY

NOT_TEXT: list[Any] = [7, 0, -1.5, True, False, [], ["a"], {}, {"a": "b"}]
SWARM = "\U0001f41d"
"""A bee: one character, two UTF-16 code units, four bytes."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def problems_of(form: Form) -> list[tuple[str, Problem]]:
    return [(found.field, found.problem) for found in form.problems]


@pytest.mark.parametrize("value", NOT_TEXT, ids=repr)
def test_text_of_another_type(value: Any) -> None:
    """What is not text is refused as such, zero and an empty list included, and reads as empty."""
    form = Form({"contact": value})
    assert form.text("contact") == ""
    assert problems_of(form) == [("contact", Problem.NOT_TEXT)]


@pytest.mark.parametrize(
    "values", [{}, {"contact": None}, {"contact": ""}, {"contact": " \t\n "}, {"contact": "\u200b"}]
)
def test_text_left_empty(values: dict[str, Any]) -> None:
    """An absent, blank or invisible text is empty: no problem, unless it is needed."""
    form = Form(values)
    assert form.text("contact") == ""
    assert form.problems == []
    assert form.text("contact", required=True) == ""
    assert problems_of(form) == [("contact", Problem.MISSING)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zed   Invented \n", "Zed Invented"),
        ("Zed\r\nInvented", "Zed Invented"),
        ("Zed\tInvented", "Zed Invented"),
        ("Zed\u2028Invented", "Zed Invented"),
        ("Zed\xa0Invented", "Zed Invented"),
        ("Z\x00e\x1b[31md", "Ze[31md"),
        ("\u202edeZ\u202c \u2066Invented\u2069", "deZ Invented"),
        ("Z\u200be\u200dd\ufeff", "Zed"),
        ("Z\u00aded", "Zed"),
        ("Z\ud800ed\udfff", "Zed"),
        ("Z\ue000ed\U0010ffff\ufffe", "Zed"),
        ("Zoe\u0301", "Zo\u00e9"),
        ("Zoe\u200b\u0301", "Zo\u00e9"),
        ("Иван محمد 王 O’Neill-Świątek", "Иван محمد 王 O’Neill-Świątek"),
        ("[a](https://example.com) <at>b</at>", "[a](https://example.com) <at>b</at>"),
    ],
)
def test_line_is_tidied(typed: str, kept: str) -> None:
    """A line keeps its letters in any script and loses line breaks, doubled spaces and what cannot be seen."""
    form = Form({"name": typed})
    assert form.text("name") == kept
    assert form.problems == []


def test_paragraph_keeps_its_lines() -> None:
    """A paragraph keeps line breaks, which Teams sends as CR LF, and its inner spacing."""
    form = Form({"why_now": "  first\r\n\r\n  second\tthird \x07\n"})
    assert form.text("why_now", 2000) == "first\n\n  second\tthird"


@pytest.mark.parametrize("limit", [30, 60, 255, 2000])
@pytest.mark.parametrize(("character", "units"), [("x", 1), ("é", 1), ("王", 1), (SWARM, 2)])
def test_text_at_its_limit(limit: int, character: str, units: int) -> None:
    """Exactly the limit passes and one more does not, counted as SharePoint and browsers count: an emoji is two."""
    longest = character * (limit // units)
    assert Form({"a": longest}).text("a", limit) == longest
    form = Form({"a": longest + character})
    assert form.text("a", limit) == ""
    assert form.problems == [FieldProblem("a", Problem.TOO_LONG, limit)]


def test_what_is_tidied_away_does_not_count_towards_the_limit() -> None:
    """Spaces around a text of exactly the limit do not make it too long."""
    assert Form({"a": " " * 50 + "x" * 255 + "\u200b" * 50}).text("a") == "x" * 255


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_clean_text_is_settled(typed: str) -> None:
    """Cleaning leaves one Unicode form and nothing hidden, keeps letters, and changes nothing the second time."""
    cleaned = clean(typed)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c).startswith("C") and c not in "\n\t"]
    cleaned.encode()  # storable: no half of a surrogate pair


@given(st.text(st.characters(categories=("L", "Nd", "P")), max_size=60))
def test_clean_keeps_letters(typed: str) -> None:
    """Letters, digits and punctuation of any script are kept, as their composed form."""
    assert clean(typed) == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize(
    ("value", "read", "problems"),
    [
        ("Yes", "Yes", []),
        (" Yes ", "Yes", []),
        ("yes", "", [Problem.ONE_OF]),
        ("Yes,No", "", [Problem.ONE_OF]),
        ("Perhaps", "", [Problem.ONE_OF]),
        ("x" * 256, "", [Problem.TOO_LONG]),
        ("", "", []),
        (None, "", []),
        (["Yes"], "", [Problem.NOT_TEXT]),
        (True, "", [Problem.NOT_TEXT]),
    ],
)
def test_choice(value: Any, read: str, problems: list[Problem]) -> None:
    """One of the choices exactly as it reads, or nothing."""
    form = Form({"person_aware": value})
    assert form.choice("person_aware", ("Yes", "No")) == read
    assert problems_of(form) == [("person_aware", problem) for problem in problems]


@pytest.mark.parametrize("value", ["", None, "  "])
def test_choice_that_is_needed(value: Any) -> None:
    """A needed choice left open is one problem, not two."""
    form = Form({"concern": value})
    assert form.choice("concern", ("A", "B"), required=True) == ""
    assert problems_of(form) == [("concern", Problem.MISSING)]


@pytest.mark.parametrize(
    ("value", "read", "problems"),
    [
        ("Beta,Alpha", ("Alpha", "Beta"), []),
        (" Beta , Beta ,, ", ("Beta",), []),
        ("", (), []),
        (None, (), []),
        ("Alpha,Delta", (), [Problem.NOT_A_CHOICE]),
        ("Alpha;Beta", (), [Problem.NOT_A_CHOICE]),
        (["Alpha"], (), [Problem.NOT_A_CHOICE]),
        ({"Alpha": True}, (), [Problem.NOT_A_CHOICE]),
        (3, (), [Problem.NOT_A_CHOICE]),
        (True, (), [Problem.NOT_A_CHOICE]),
        ("Alpha," * 2000, (), [Problem.NOT_A_CHOICE]),
    ],
)
def test_choices(value: Any, read: tuple[str, ...], problems: list[Problem]) -> None:
    """Several choices come in the list's own order, each once; one that is not on the list refuses them all."""
    form = Form({"indicators": value})
    assert form.choices("indicators", ("Alpha", "Beta", "Gamma")) == read
    assert problems_of(form) == [("indicators", problem) for problem in problems]


@pytest.mark.parametrize(
    ("value", "read", "problems"),
    [
        ("1990-05-31", date(1990, 5, 31), []),
        (" 1990-05-31 ", date(1990, 5, 31), []),
        (TODAY.isoformat(), TODAY, []),
        ("1900-01-01", date(1900, 1, 1), []),
        ("2024-02-29", date(2024, 2, 29), []),
        ("", None, []),
        (None, None, []),
        ((TODAY + timedelta(1)).isoformat(), None, [Problem.IN_THE_FUTURE]),
        ("9999-12-31", None, [Problem.IN_THE_FUTURE]),
        ("1899-12-31", None, [Problem.TOO_OLD]),
        ("0001-01-01", None, [Problem.TOO_OLD]),
        ("2023-02-29", None, [Problem.NOT_A_DATE]),
        ("31/05/1990", None, [Problem.NOT_A_DATE]),
        ("31 May 1990", None, [Problem.NOT_A_DATE]),
        ("1990-5-31", None, [Problem.NOT_A_DATE]),
        ("1990-05-31T00:00:00Z", None, [Problem.NOT_A_DATE]),
        ("１９９０-05-31", None, [Problem.NOT_A_DATE]),
        ("-1990-05-31", None, [Problem.NOT_A_DATE]),
        ("1" * 300, None, [Problem.TOO_LONG]),
        (19900531, None, [Problem.NOT_TEXT]),
        ({"year": 1990}, None, [Problem.NOT_TEXT]),
        (False, None, [Problem.NOT_TEXT]),
    ],
)
def test_day(value: Any, read: date | None, problems: list[Problem]) -> None:
    """A date of birth is a date as Input.Date sends it, from 1900 until today."""
    form = Form({"date_of_birth": value})
    assert form.day("date_of_birth", TODAY) == read
    assert problems_of(form) == [("date_of_birth", problem) for problem in problems]


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_past_day_is_read(born: date) -> None:
    """Every day from 1900 until today is read as itself."""
    assert Form({"date_of_birth": born.isoformat()}).day("date_of_birth", TODAY) == born


@pytest.mark.parametrize("value", ["0" * 32, "0123456789abcdef" * 2])
def test_key(value: str) -> None:
    """A key is 32 hexadecimal digits, as the form was shown with."""
    form = Form({"key": value})
    assert form.key() == value
    assert form.problems == []


@pytest.mark.parametrize(
    "value",
    [
        *("", "0" * 31, "0" * 33, "A" * 32, "g" * 32, " " + "0" * 31, "0" * 31 + "\n", "٠" * 32),
        *(None, True, 0, int("1" * 32), ["0"] * 32, {str(n): "0" for n in range(32)}),
    ],
    ids=repr,
)
def test_key_that_no_form_was_shown_with(value: Any) -> None:
    """Anything else is a form out of date: a key chosen by a sender could name somebody else's write."""
    form = Form({"key": value})
    assert form.key() == ""
    assert problems_of(form) == [("key", Problem.STALE)]


def test_every_problem_is_told_at_once() -> None:
    """`done` raises with every problem found, in the order of reading; without one it returns."""
    form = Form({"name": 5, "date_of_birth": "tomorrow", "indicators": "z", "contact": "x" * 256})
    form.text("name", required=True)
    form.day("date_of_birth", TODAY)
    form.choice("concern", ("A",), required=True)
    form.choices("indicators", ("A",))
    form.text("contact")
    form.key()
    with pytest.raises(NotUnderstood) as caught:
        form.done()
    assert caught.value.problems == (
        FieldProblem("name", Problem.NOT_TEXT),
        FieldProblem("date_of_birth", Problem.NOT_A_DATE),
        FieldProblem("concern", Problem.MISSING),
        FieldProblem("indicators", Problem.NOT_A_CHOICE),
        FieldProblem("contact", Problem.TOO_LONG, 255),
        FieldProblem("key", Problem.STALE),
    )
    Form({}).done()


@given(JSON)
def test_no_json_value_breaks_a_reader(value: Any) -> None:
    """Whatever value stands in a field, each reader returns its own type and only `done` raises, only NotUnderstood."""
    form = Form({"a": value, "key": value})
    assert isinstance(form.text("a"), str)
    assert isinstance(form.text("a", 2000, required=True), str)
    assert form.choice("a", ("A", "B")) in ("", "A", "B")
    assert set(form.choices("a", ("A", "B"))) <= {"A", "B"}
    assert isinstance(form.day("a", TODAY), date | None)
    assert isinstance(form.key(), str)
    with suppress(NotUnderstood):
        form.done()


@given(st.dictionaries(st.sampled_from(("name", "concern", "key")), JSON))
def test_error_never_quotes_what_was_typed(values: dict[str, Any]) -> None:
    """The error, which may be logged, names fields and problems and no value."""
    form = Form(values)
    form.text("name", 5)
    form.choice("concern", ("A",))
    form.key()
    with pytest.raises(NotUnderstood) as caught:
        Form(values, [*form.problems, FieldProblem("name", Problem.MISSING)]).done()
    said = {f"{name}: {problem.value}" for name in ("name", "concern", "key") for problem in Problem}
    assert set(str(caught.value).split(", ")) <= said
