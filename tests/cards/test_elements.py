"""Cutting texts to a card's weight, and inputs that come back filled."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from board.errors import FieldProblem, Problem
from cards import elements as e
from cards import words

STORABLE = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)


def weight(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())


@given(STORABLE, st.integers(8, 120))
def test_shortened(typed: str, limit: int) -> None:
    """A text that fits stays whole; another is cut to its beginning and an ellipsis, to the limit or just under."""
    cut = e.shortened(typed, limit)
    if weight(typed) <= limit:
        assert cut == typed
        return
    assert weight(cut) <= limit
    assert cut.endswith("…")
    assert typed.startswith(cut[:-1])
    assert weight(cut) >= limit - 6  # one more character may weigh six bytes, spelt \u0001


@pytest.mark.parametrize("heavy", [10, 20_000, 30_000, 100_000, 1_000_000])
def test_fitted_takes_the_fullest_that_is_light_enough(heavy: int) -> None:
    """A light card is made once at full length; a heavy one with a smaller share, the largest that fits."""
    tried: dict[float, e.JSON] = {}

    def made(share: float) -> e.JSON:
        tried[share] = {"text": "x" * int(share * heavy)}
        return tried[share]

    card = e.fitted(made)
    *before, last = tried
    assert list(tried) == list(e.SHARES[: len(tried)])
    assert card == tried[last]
    assert not [share for share in before if len(json.dumps(tried[share])) <= 23_500]
    assert len(json.dumps(card)) <= 23_500 or last == e.SHARES[-1]


@pytest.mark.parametrize(
    ("value", "many", "kept"),
    [
        ("Yes", False, "Yes"),
        ("Perhaps", False, None),
        ("Yes,No", False, None),
        ("", False, None),
        ("No,Yes", True, "Yes,No"),
        ("No, Perhaps", True, "No"),
        ("x" * 100_000, True, None),
    ],
)
def test_choice_that_comes_back(value: str, many: bool, kept: str | None) -> None:
    """Of what was sent only what is on the list comes back chosen, so nothing else can swell or fill the card."""
    assert e.choice_input("person_aware", ("Yes", "No"), value, many=many).get("value") == kept


@pytest.mark.parametrize(("value", "kept"), [("1990-05-31", "1990-05-31"), ("x" * 100_000, None), ("", None)])
def test_date_that_comes_back(value: str, kept: str | None) -> None:
    """What is longer than a date does not come back in a date field."""
    assert e.date_input("date_of_birth", value).get("value") == kept


def test_way_out_sends_no_inputs() -> None:
    """A button that only leaves a form works on a half-filled one, and sends nothing that was typed."""
    for in_dialog in (True, False):
        made = e.submits("Add", e.Verb.REFER_MORE, checks=False, in_dialog=in_dialog)
        assert made["associatedInputs"] == "none"
        assert "associatedInputs" not in e.submits("Send", e.Verb.REFER_SUBMIT, in_dialog=in_dialog)


def test_a_name_in_our_words_is_short() -> None:
    """A name of 255 of the heaviest characters takes no more room than a card of a dozen can give it."""
    assert weight(e.named("\U0001f41d" * 255)) <= 240
    assert e.named("Example [Trust]") == "Example Trust"


@given(st.text(max_size=60))
@example('\x00\x1f\x7f\x80\n\t"\\/\u2028\ud800 \U0001f600é')
def test_what_a_text_weighs(typed: str) -> None:
    """What counts is the bytes of the JSON that is sent, however odd the characters."""
    told = json.dumps(typed, ensure_ascii=False).encode("utf-8", "replace")
    assert e._size(typed) == len(told)
    assert e._size({"text": [typed]}) == len(told) + len('{"text":[]}')


def test_what_is_wrong_stands_beside_its_field() -> None:
    """At the head, and just above each field that is meant; not above one whose name another's begins with."""
    problems = [
        FieldProblem("due", Problem.IN_THE_PAST),
        FieldProblem("what", Problem.TOO_LONG, 2000),
        FieldProblem("asked_due", Problem.NOT_A_DATE),
    ]
    said = words.not_sent(problems)
    body = [e.warning(said), e.paragraph_input("what"), e.paragraph_input("why"), e.date_input("due")]
    shown = [each.get("text") or each.get("id") for each in e.card(body, speak="x")["body"]]
    assert shown[2:] == [
        "What is to be done is too long: at most 2000 characters.",
        "what",
        "why",
        "Due is in the past.",
        "due",
    ]
    unharmed = e.card([e.paragraph_input("what")], speak="x")["body"]
    assert [each.get("id") for each in unharmed[1:]] == ["what"]


def test_whatever_is_wrong_is_found_again() -> None:
    """Every sentence of ours about a field is told beside it, and beside no other field of the same form."""
    for problem in words.PROBLEMS:
        for field, label in (("due", words.FIELDS["due"]), ("new_due", words.FIELDS["new_due"])):
            said = words.not_sent([FieldProblem(field, problem, 7), FieldProblem("programme", Problem.MISSING)])
            beside = words.said_of(label, said)
            assert bool(beside) is words.PROBLEMS[problem].startswith("{field}"), problem
            assert words.said_of(words.FIELDS["programme"], said) == ["Programme is needed."]
