"""What agencies return, and how far the asking has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import Disclosure, Return
from board.returning import answer, progress, standing_answers
from board.vocabulary import Answer
from tests.builders import KEY, NOW, create_look, create_member, create_referral, create_return


def given_answer(values: dict[str, Any], looks: list[Disclosure] | None = None) -> Return:
    return answer(Form(values), create_member(), create_referral(), [create_look()] if looks is None else looks, NOW)


@pytest.mark.parametrize("chosen", ["Not known", "Known", "Known, will bring a report"])
def test_one_tap_is_an_answer(chosen: str) -> None:
    """Each of the three short answers needs no word more; whose it is comes from the member, not from the form."""
    made = given_answer({"key": KEY, "answer": chosen, "agency": "POL", "member_id": "somebody", "reference": "R-1"})
    assert made == Return(
        key=KEY,
        reference="R-14",
        agency="MHT",
        answer=chosen,
        member_id="00000000-0000-4000-8000-00000000000a",
        member_name="Cy Nurse",
        answered_on=NOW,
    )


def test_information_comes_with_the_answer() -> None:
    """Information is kept with its answer, at most a page of it."""
    made = given_answer({"key": KEY, "answer": "Information added", "information": " Seen on Monday.\r\nCalm. "})
    assert (made.answer, made.information) == (Answer.INFORMATION, "Seen on Monday.\nCalm.")


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"answer": "Information added"}, {("information", Problem.MISSING)}),
        ({"answer": "Information added", "information": "  "}, {("information", Problem.MISSING)}),
        ({"answer": "Known", "information": "x" * 2001}, {("information", Problem.TOO_LONG)}),
        ({"answer": "Known", "information": ["x"]}, {("information", Problem.NOT_TEXT)}),
        ({"answer": "Perhaps"}, {("answer", Problem.ONE_OF)}),
        ({"answer": 1}, {("answer", Problem.NOT_TEXT)}),
        ({}, {("answer", Problem.MISSING)}),
        ({"answer": "Known", "key": "mine"}, {("key", Problem.STALE)}),
    ],
)
def test_answer_that_cannot_be_used(values: dict[str, Any], problems: set[tuple[str, Problem]]) -> None:
    """An answer that is not one of the four, or says it informs and does not, is named and not made."""
    with pytest.raises(NotUnderstood) as caught:
        given_answer({"key": KEY, **values})
    assert {(found.field, found.problem) for found in caught.value.problems} == problems


def test_answer_without_anything_names_all() -> None:
    """An empty form names the answer and the form's key."""
    with pytest.raises(NotUnderstood) as caught:
        given_answer({})
    assert set(caught.value.problems) == {
        FieldProblem("answer", Problem.MISSING),
        FieldProblem("key", Problem.STALE),
    }


@pytest.mark.parametrize(
    ("looks", "counts"),
    [
        ([], False),
        ([create_look()], True),
        ([create_look(member_id="a colleague")], True),
        ([create_look("ASC")], False),
        ([create_look(outcome="refused: no isa")], False),
        ([create_look(outcome="")], False),
        ([create_look("ASC"), create_look(outcome="refused: role"), create_look()], True),
    ],
    ids=["none", "own", "a colleague's", "another agency's", "refused", "no outcome", "one among others"],
)
def test_an_answer_counts_only_after_a_look(looks: list[Disclosure], counts: bool) -> None:
    """Somebody of the answering agency must have been shown who it is; a refused look shows nothing."""
    values = {"key": KEY, "answer": "Not known"}
    if counts:
        assert given_answer(values, looks).answer == "Not known"
        return
    with pytest.raises(NotAllowed) as caught:
        given_answer(values, looks)
    assert caught.value.refusal is Refusal.NOT_LOOKED


@pytest.mark.parametrize(
    ("asked", "returned", "answered", "awaited"),
    [
        ((), (), (), ()),
        (("MHT", "ASC"), (), (), ("ASC", "MHT")),
        (("MHT", "ASC"), ("MHT",), ("MHT",), ("ASC",)),
        (("MHT", "ASC"), ("MHT", "MHT"), ("MHT",), ("ASC",)),
        (("MHT", "ASC"), ("ASC", "MHT"), ("ASC", "MHT"), ()),
        (("MHT",), ("POL",), (), ("MHT",)),
        ((), ("POL",), (), ()),
    ],
)
def test_progress(asked: Any, returned: Any, answered: Any, awaited: Any) -> None:
    """An asked agency has answered with its first return; what nobody asked for does not count."""
    reached = progress(create_referral(asked=frozenset(asked)), [create_return(code) for code in returned])
    assert (reached.answered, reached.awaited, reached.asked) == (answered, awaited, len(asked))


@given(st.frozensets(st.sampled_from("ABCDE")), st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(Answer))))
def test_progress_never_depends_on_the_answers(asked: frozenset[str], returns: list[tuple[str, Answer]]) -> None:
    """Asked splits into answered and awaited, the same whatever was answered: that an agency knows somebody is data."""
    referral = create_referral(asked=asked)
    reached = progress(referral, [create_return(code, answer=said) for code, said in returns])
    assert set(reached.answered) | set(reached.awaited) == asked
    assert not set(reached.answered) & set(reached.awaited)
    assert reached == progress(referral, [create_return(code) for code, _ in returns])


def test_latest_answer_stands() -> None:
    """Of an agency's answers the latest by time counts; at one time the later row; one without a time is oldest."""
    first = create_return(id=5, answered_on=NOW)
    later = create_return(id=3, answered_on=NOW + timedelta(seconds=1))
    same = create_return("ASC", id=8, answered_on=NOW)
    same_later = create_return("ASC", id=9, answered_on=NOW)
    undated = create_return("POL", id=20, answered_on=None)
    dated = create_return("POL", id=2, answered_on=NOW)
    found = standing_answers([later, same_later, undated, first, same, dated])
    assert found == {"MHT": later, "ASC": same_later, "POL": dated}
