"""What an agency says against a figure: read from a form, kept as a text, and shown beside the days it was said of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.disputes import Dispute, dispute, of_agency, read, written
from board.engagement import Part, Span
from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.vocabulary import Role
from tests.builders import create_member

SPAN = Span(date(2026, 6, 1), date(2026, 11, 30))
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
LEAD = create_member(Role.AGENCY_LEAD, name="Di Trustlead", agency="mht")
SAID = Dispute("MHT", Part.MEETINGS, SPAN, "Our deputy was there.\nTwice.", "Di Trustlead", NOW)


def test_it_is_the_leads_own_agencys() -> None:
    """Whatever else a form says."""
    values = {"figure": "meetings", "dispute": "Our deputy was there.\nTwice.", "agency": "POL"}
    assert dispute(Form(values), LEAD, SPAN, NOW) == SAID


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"dispute": "x"}, "figure", Problem.MISSING),
        ({"figure": "luck", "dispute": "x"}, "figure", Problem.ONE_OF),
        ({"figure": "actions"}, "dispute", Problem.MISSING),
        ({"figure": "actions", "dispute": "x" * 2001}, "dispute", Problem.TOO_LONG),
        ({"figure": "answers", "dispute": "R-14 was late"}, "dispute", Problem.IDENTIFYING),
    ],
)
def test_what_is_wrong_with_it(values: dict[str, str], field: str, problem: Problem) -> None:
    """Each mistake is named by its field."""
    with pytest.raises(NotUnderstood) as wrong:
        dispute(Form(values), LEAD, SPAN, NOW)
    assert [(each.field, each.problem) for each in wrong.value.problems] == [(field, problem)]


@given(st.text(max_size=80).filter(lambda said: "\x00" not in said))
def test_kept_and_read_back(words: str) -> None:
    """Whatever was typed, lines and all."""
    said = replace(SAID, words=words)
    assert read("MHT", written(said), NOW) == said


@pytest.mark.parametrize(
    "value", ["", "meetings", "luck\n2026-06-01\n2026-11-30\nx\ny", "meetings\nx\n2026-11-30\nx\ny"]
)
def test_another_text_is_none(value: str) -> None:
    """A row that somebody edited into something else is passed over."""
    assert read("MHT", value, NOW) is None


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 11, 30), date(2026, 12, 31), True),
        (date(2026, 1, 1), date(2026, 6, 1), True),
        (date(2026, 12, 1), date(2026, 12, 31), False),
        (date(2026, 1, 1), date(2026, 5, 31), False),
    ],
)
def test_where_it_is_shown(first: date, last: date, shown: bool) -> None:
    """Over any of the days that it was said of; of its own agency alone."""
    assert bool(of_agency([SAID], "mht", Span(first, last))) is shown
    assert of_agency([SAID], "POL", Span(first, last)) == []
