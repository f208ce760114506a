"""The sentences people read: one for everything that can go wrong, and dates in words, UK time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import FieldProblem, Problem, Refusal, one_of
from board.vocabulary import Answer, PersonRole
from cards import words

PRETORIA = timezone(timedelta(hours=2))


@pytest.mark.parametrize("refusal", Refusal, ids=lambda each: each.name)
def test_every_refusal_has_a_sentence(refusal: Refusal) -> None:
    """Each rule that says no has a sentence of its own, complete whoever is to be asked."""
    for whom in ("Please ask Ada Chairperson.", "Please ask {0} {name} %s."):
        said = words.refused(refusal, whom)
        assert said.endswith((".", "?"))
        assert said[0].isupper()
        assert whom in words.REFUSALS[refusal].replace("{whom}", whom) if "{whom}" in words.REFUSALS[refusal] else True
        assert "{whom}" not in said
    others = [each for each in Refusal if each is not refusal and words.REFUSALS[each] == words.REFUSALS[refusal]]
    assert others == []


@pytest.mark.parametrize("found", Problem, ids=lambda each: each.name)
def test_every_problem_has_a_sentence(found: Problem) -> None:
    """Each thing that can be wrong with a field is said with the field's label and its limit, for any field."""
    for field in (*words.FIELDS, "a field without a label"):
        said = words.problem(FieldProblem(field, found, 30))
        assert said.endswith(".")
        assert said[0].isupper()
        assert not re.search(r"[{}_]", said)
    if "{field}" in words.PROBLEMS[found]:
        assert "Mental Health Act status" in words.problem(FieldProblem("mental_health_act", found, 30))
    if "{limit}" in words.PROBLEMS[found]:
        assert "30" in words.problem(FieldProblem("pnc_id", found, 30))


def test_what_could_have_been_typed_is_told() -> None:
    """One or several by name, as plain words; of very many the first."""
    assert words.problem(one_of("export", ["tracker"])) == "What to export: please choose tracker."
    assert words.problem(one_of("pack", ["draft", "issue"])).endswith(": please choose one of draft or issue.")
    assert words.problem(one_of("forum", ["A", "B", "[C](https://x.test)"])).endswith(
        "one of A, B or C(https://x.test)."
    )
    many = words.problem(one_of("forum", [f"F{number}" for number in range(100)]))
    assert many.endswith("F22, F23 and so on.")
    assert words.problem(one_of("forum", [])).endswith(": please choose from the list.")


def test_problems_are_said_once_each() -> None:
    """Two fields with the same sentence give it once; the order is that of the form."""
    stale = FieldProblem("key", Problem.STALE)
    missing = FieldProblem("name", Problem.MISSING)
    assert words.not_sent([missing, stale, stale]) == (
        "Not sent yet. Name of the person is needed. This form is out of date. Please open it again."
    )


def test_labels_are_told_apart() -> None:
    """No two fields share a label, so a sentence about one is not read as about another."""
    assert len(set(words.FIELDS.values())) == len(words.FIELDS)


def test_every_answer_and_role_has_words() -> None:
    """Each answer has its button and each role in a case its heading."""
    assert set(words.ANSWERS) == set(Answer)
    assert set(words.PEOPLE) == set(PersonRole)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 1, 5, 9, 5, tzinfo=UTC), "5 January 2026, 09:05"),
        (datetime(2026, 6, 15, 9, 5, tzinfo=UTC), "15 June 2026, 10:05"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 March 2026, 00:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026, 02:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026, 01:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026, 01:30"),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "25 October 2026, 00:30"),
        (datetime(2026, 7, 31, 23, 30, tzinfo=UTC), "1 August 2026, 00:30"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "31 December 2026, 23:59"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=PRETORIA), "31 December 2025, 22:30"),
        (None, "not recorded"),
    ],
)
def test_when(moment: datetime | None, said: str) -> None:
    """An instant is said as the clock on a wall in the United Kingdom shows it, across both clock changes."""
    assert words.when(moment) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 5, 3), "3 May 2026"),
        (date(2024, 2, 29), "29 February 2024"),
        (date(1900, 1, 1), "1 January 1900"),
        (None, "not recorded"),
    ],
)
def test_day(value: date | None, said: str) -> None:
    """A date is said in words, so nobody takes a day for a month."""
    assert words.day(value) == said


@pytest.mark.parametrize(
    ("given_name", "tamed"),
    [
        ("Example Trust", "Example Trust"),
        ("St John's & St Anne's (North)", "St John's & St Anne's (North)"),
        ("[Trust](https://evil.example)", "Trust(https://evil.example)"),
        ("<at>Everybody</at>", "atEverybody/at"),
        ("{{DATE(2026-01-01)}}", "DATE(2026-01-01)"),
        ("**bold** _it_ `code` ~~no~~ #1 a|b \\c", "bold it code no 1 ab c"),
        ("Trust\n- item\n# heading", "Trust - item heading"),
        ("  ", ""),
    ],
)
def test_tame(given_name: str, tamed: str) -> None:
    """A name loses what markdown, mentions and functions are made of, and its line breaks; the rest it keeps."""
    assert words.tame(given_name) == tamed


@given(st.text(max_size=60))
def test_tame_is_one_harmless_line(typed: str) -> None:
    """Whatever a name holds, it comes out as one line without markup."""
    tamed = words.tame(typed)
    assert not set(tamed) & set("[]<>*_`~|#\\{}\n\r")
    assert tamed == tamed.strip()


@pytest.mark.parametrize(
    ("contact", "names", "said"),
    [
        ("the mental health team, ext. 4410", ["Ada"], "Please ask the mental health team, ext. 4410."),
        ("", ["Ada"], "Please ask Ada."),
        ("", ["Ada", "", "Bo"], "Please ask Ada or Bo."),
        ("", ["Ada", "Ada", "Bo"], "Please ask Ada or Bo."),
        ("", ["Ada", "Bo", "Cy", "Di", "Ed"], "Please ask Ada, Bo, Cy or Di."),
        ("", ["[A](x)", "<b>"], "Please ask A(x) or b."),
        ("", [], "Please ask the board's mental health team."),
        ("", [""], "Please ask the board's mental health team."),
    ],
)
def test_whom_to_ask(contact: str, names: list[str], said: str) -> None:
    """A refused person is told whom to ask: the forum's contact, else up to four of those who run it, else the team."""
    assert words.whom_to_ask(contact, names) == said


@pytest.mark.parametrize(
    ("digits", "said"),
    [("9434765870", "943 476 5870"), ("", ""), ("94347658", "94347658"), ("943 476 5870", "943 476 5870")],
)
def test_nhs_number(digits: str, said: str) -> None:
    """An NHS number is shown in the groups people read it in; anything else as it is."""
    assert words.nhs_number(digits) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 agencies"), (1, "1 agency"), (2, "2 agencies"), (11, "11 agencies")]
)
def test_count(number: int, said: str) -> None:
    """A number comes with its noun in the right form."""
    assert words.count(number, "agency", "agencies") == said


@pytest.mark.parametrize(
    ("names", "both", "one_of"),
    [(["A"], "A", "A"), (["A", "B"], "A and B", "A or B"), (["A", "B", "C"], "A, B and C", "A, B or C")],
)
def test_names_in_a_row(names: list[str], both: str, one_of: str) -> None:
    """Names are joined as in speech."""
    assert words.joined(names) == both
    assert words.either(names) == one_of
