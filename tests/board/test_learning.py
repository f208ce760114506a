"""Lessons: what may be disseminated, what is withdrawn, what each month's digest holds, and what is found by words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.learning import (
    digest_notice,
    digests,
    disseminate,
    is_told,
    is_waiting,
    is_withdrawn,
    matching,
    of_the_board,
    read_key,
    withdraw,
)
from board.months import Month, told_on
from board.records import Lesson
from board.vocabulary import LessonStatus, Role
from tests.builders import create_member

CHAIR = create_member(Role.CHAIR, name="Ada Chairperson")
NOW = datetime(2026, 10, 15, 9, tzinfo=UTC)
OCTOBER = Month(2026, 10)


def create_lesson(**values: Any) -> Lesson:
    """L-3: raised in October, waiting for a chair."""
    defaults: dict[str, Any] = {
        "id": 3,
        "what": "Three agencies held a piece each",
        "changes": "The fourth is asked on the first day",
        "audience": "Triage",
        "raised_on": NOW - timedelta(days=3),
    }
    return Lesson(**{**defaults, **values})


def told(**values: Any) -> Lesson:
    """One that a chair has disseminated."""
    return create_lesson(
        **{"status": LessonStatus.DISSEMINATED, "disseminated_on": NOW, "disseminated_by": CHAIR.name, **values}
    )


class TestDisseminating:
    """A chair has a lesson told."""

    def test_it_says_when_and_by_whom(self) -> None:
        """And whom it is for: what the chair types counts, else what it said."""
        after = disseminate(create_lesson(), Form({}), CHAIR, NOW)
        assert (after.status, after.disseminated_on, after.disseminated_by) == ("Disseminated", NOW, "Ada Chairperson")
        assert after.audience == "Triage"
        assert disseminate(create_lesson(), Form({"audience": "All"}), CHAIR, NOW).audience == "All"

    def test_done_twice_it_stays_as_it_was(self) -> None:
        """The same press, delivered again, by somebody else, an hour later."""
        first = told()
        other = create_member(Role.CHAIR, name="Somebody Else")
        assert disseminate(first, Form({"audience": "All"}), other, NOW + timedelta(hours=1)) == first

    @pytest.mark.parametrize(
        ("lesson", "typed", "field", "problem"),
        [
            ({"audience": " "}, {}, "audience", Problem.MISSING),
            ({"what": "See R-14"}, {}, "learned", Problem.IDENTIFYING),
            ({"changes": "Born 3 May 1971"}, {}, "change", Problem.IDENTIFYING),
            ({}, {"audience": "The family of R-14"}, "audience", Problem.IDENTIFYING),
            ({}, {"audience": "x" * 2001}, "audience", Problem.TOO_LONG),
        ],
    )
    def test_what_keeps_it_back(
        self, lesson: dict[str, str], typed: dict[str, str], field: str, problem: Problem
    ) -> None:
        """Nobody named who should know; words that may say who somebody is, also where a row was edited by hand."""
        with pytest.raises(NotUnderstood) as wrong:
            disseminate(create_lesson(**lesson), Form(typed), CHAIR, NOW)
        assert [(each.field, each.problem) for each in wrong.value.problems] == [(field, problem)]

    def test_a_withdrawn_one_is_not_told(self) -> None:
        """It is raised anew instead."""
        with pytest.raises(NotAllowed) as refused:
            disseminate(create_lesson(status=LessonStatus.WITHDRAWN), Form({}), CHAIR, NOW)
        assert refused.value.refusal is Refusal.LESSON_WITHDRAWN


class TestWithdrawing:
    """A lesson that turns out to be wrong."""

    def test_with_a_reason_it_is_closed(self) -> None:
        """Done twice, the first reason stays."""
        after = withdraw(told(), Form({"why": "The number was wrong"}), NOW)
        assert (after.status, after.open, after.withdrawn_on) == ("Withdrawn", False, NOW)
        assert withdraw(after, Form({"why": "Another"}), NOW).withdrawn_why == "The number was wrong"

    @pytest.mark.parametrize(("why", "problem"), [("", Problem.MISSING), ("It was R-14", Problem.IDENTIFYING)])
    def test_what_is_no_reason(self, why: str, problem: Problem) -> None:
        """None at all, and one that may say who somebody is: the channel is told of it."""
        with pytest.raises(NotUnderstood) as wrong:
            withdraw(told(), Form({"why": why}), NOW)
        assert [each.problem for each in wrong.value.problems] == [problem]


STATES = [
    (create_lesson(), "waiting"),
    (told(), "told"),
    (create_lesson(status="Disseminated"), "waiting"),  # typed by hand, without a day
    (told(open=False), "withdrawn"),
    (create_lesson(status="Withdrawn"), "withdrawn"),
    (create_lesson(status="Anything"), "waiting"),
]


@pytest.mark.parametrize(("lesson", "state"), STATES)
def test_every_lesson_is_in_one_state(lesson: Lesson, state: str) -> None:
    """Whatever somebody typed into its row."""
    found = {"waiting": is_waiting(lesson), "told": is_told(lesson), "withdrawn": is_withdrawn(lesson)}
    assert [name for name, is_so in found.items() if is_so] == [state]


class TestDigest:
    """What a channel is told of a month."""

    def test_the_month_is_the_united_kingdoms(self) -> None:
        """Half past eleven at night in UTC on the last day of June is July there; a winter's midnight is not."""
        summer = told(disseminated_on=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
        assert digests([summer], Month(2026, 6), "MHRMB") == {}
        assert list(digests([summer], Month(2026, 7), "MHRMB")) == ["MHRMB"]
        winter = told(disseminated_on=datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
        assert list(digests([winter], Month(2026, 11), "MHRMB")) == ["MHRMB"]

    @given(st.lists(st.integers(0, 17_000), max_size=12))
    def test_each_lesson_is_told_once(self, hours: list[int]) -> None:
        """Over all months together, whenever they were disseminated."""
        moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=each) for each in hours]
        rows = [told(id=n, disseminated_on=each) for n, each in enumerate(moments, start=1)]
        months = [Month(year, month) for year in (2025, 2026, 2027, 2028) for month in range(1, 13)]
        said = [
            each.id for month in months for digest in digests(rows, month, "MHRMB").values() for each in digest.lessons
        ]
        assert sorted(said) == [row.id for row in rows]

    def test_nothing_is_no_digest(self) -> None:
        """Nor what waits, nor what was withdrawn before anybody was told."""
        gone = told(open=False, status="Withdrawn", withdrawn_on=NOW, withdrawn_why="wrong")
        assert digests([], OCTOBER, "MHRMB") == {}
        assert digests([create_lesson(), gone], OCTOBER, "MHRMB") == {}

    def test_one_that_was_told_is_taken_back(self) -> None:
        """In the digest of the month in which it was withdrawn, with why."""
        before = datetime(2026, 9, 10, tzinfo=UTC)
        gone = told(open=False, status="Withdrawn", disseminated_on=before, withdrawn_on=NOW, withdrawn_why="wrong")
        digest = digests([gone], OCTOBER, "MHRMB")["MHRMB"]
        assert ([each.id for each in digest.withdrawn], list(digest.lessons)) == ([3], [])
        assert digest.withdrawn[0].withdrawn_why == "wrong"
        assert (
            digests([replace(gone, withdrawn_why="R-14")], OCTOBER, "MHRMB")["MHRMB"].withdrawn[0].withdrawn_why == ""
        )

    def test_words_that_say_who_somebody_is_stay_out(self) -> None:
        """Somebody edited the row after it was disseminated: the channel hears its number alone."""
        digest = digests([told(what="It was R-14")], OCTOBER, "MHRMB")["MHRMB"]
        assert (list(digest.lessons), list(digest.unfit)) == ([], ["L-3"])

    def test_each_forum_hears_its_own(self) -> None:
        """Nothing crosses; what is of no forum is the board's."""
        found = digests([told(id=1), told(id=2, forum="north"), told(id=3, forum="MHRMB")], OCTOBER, "MHRMB")
        assert {code: [each.id for each in of.lessons] for code, of in found.items()} == {"MHRMB": [1, 3], "NORTH": [2]}

    def test_its_key(self) -> None:
        """Read back as it was written; other keys are none."""
        assert read_key(digest_notice("MHRMB", OCTOBER).key) == (OCTOBER, "MHRMB")
        for other in ("", "lessons/2026-10/member:x", "lessons/x/forum:A", "digest/forum:A/2026-10-01"):
            assert read_key(other) is None
        assert told_on(OCTOBER) == date(2026, 11, 2)  # the first is a Sunday


@pytest.mark.parametrize(
    ("said", "found"),
    [("", [4, 3]), ("FOURTH", [4, 3]), ("fourth bed", [4]), ("L-3", [3]), ("waiting", [3]), ("nothing", [])],
)
def test_found_by_words(said: str, found: list[int]) -> None:
    """All words, anywhere, the newest first."""
    rows = [create_lesson(), told(id=4, audience="Bed managers")]
    assert [each.id for each in matching(rows, said)] == found


def test_what_a_board_is_told_of() -> None:
    """Raised, disseminated or withdrawn since the last board, each once; an old one only where something happened."""
    since = date(2026, 10, 1)
    raised = create_lesson(id=1)
    old = told(id=2, raised_on=datetime(2026, 3, 1, tzinfo=UTC))
    unheard = create_lesson(id=4, status="Withdrawn", open=False, withdrawn_on=NOW)
    gone = told(id=5, status="Withdrawn", open=False, withdrawn_on=NOW)
    assert [each.id for each in of_the_board([raised, unheard], [old, gone], [unheard, gone], since)] == [1, 2, 5]
