"""The register's rules: the matrix against its published table, who may do what, reviews that nobody forgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotAllowed, NotUnderstood, Problem
from board.forms import Form
from board.records import Risk
from board.risks import (
    REVIEW_AFTER,
    Level,
    Rating,
    RiskStatus,
    RiskStep,
    Trend,
    due,
    heat_map,
    ranked,
    reviews,
    steps,
    take,
    trend,
)
from board.vocabulary import Role
from tests.builders import KEY, create_agency, create_member

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
AGENCIES = {"MHT": create_agency(code="MHT"), "POL": create_agency(code="POL")}
RISK = Risk(id=12, reference="K-12", agency="MHT", cause="c", event="e", impact="i", status="Raised")
CHAIR = create_member(agency="POL", roles=frozenset({Role.CHAIR}))
LEAD = create_member(agency="MHT", roles=frozenset({Role.AGENCY_LEAD}))
OTHER = create_member(agency="POL", roles=frozenset({Role.AGENCY_LEAD}))
OBSERVER = create_member(agency="MHT", roles=frozenset({Role.OBSERVER}))

MATRIX = (
    # The National Patient Safety Agency's matrix, likelihood by row (1 rare to 5 almost certain), impact by column:
    # L low, M moderate, H high, X extreme ("very high" here).
    "LLLMM",
    "LMMHH",
    "LMHHX",
    "MHHXX",
    "MHXXX",
)
BANDS = {"L": Level.LOW, "M": Level.MODERATE, "H": Level.HIGH, "X": Level.VERY_HIGH}


def test_every_square_has_the_band_of_the_published_matrix() -> None:
    """All twenty-five; what is not on the scale is not rated."""
    for likelihood, row in enumerate(MATRIX, start=1):
        for impact, band in enumerate(row, start=1):
            assert Rating(likelihood, impact).level is BANDS[band], (likelihood, impact)
    for likelihood, impact in ((0, 3), (3, 0), (6, 1), (-1, 4), (1, 99)):
        assert Rating(likelihood, impact).level is Level.UNRATED
        assert Rating(likelihood, impact).score == 0


def review(risk: Risk = RISK, member: Any = LEAD, **typed: str) -> Risk:
    """A sound review, with some of it changed."""
    values = {
        "key": KEY,
        "likelihood_before": "4",
        "impact_before": "5",
        "likelihood_after": "2",
        "impact_after": "4",
        "controls": "Beds are bought",
        "risk_why": "Two wards closed",
        "review_on": "2027-03-01",
        **typed,
    }
    return take(risk, RiskStep.REVIEW, member, Form(values), AGENCIES, NOW)


def test_a_review_puts_it_on_the_register() -> None:
    """With both ratings, its controls, why, and when it is looked at next; the trend from the second one on."""
    kept = review()
    assert (kept.status, kept.likelihood_after, kept.impact_after) == ("On the register", 2, 4)
    assert (kept.rationale, kept.review_on, kept.reviewed_on) == ("Two wards closed", date(2027, 3, 1), NOW)
    assert trend(kept) is Trend.NEW
    assert trend(review(kept, likelihood_after="3")) is Trend.RISING
    assert trend(review(kept)) is Trend.STEADY
    assert trend(review(kept, likelihood_after="1")) is Trend.FALLING
    assert review(review_on="").review_on == TODAY + REVIEW_AFTER
    assert review(risk_agency="pol").agency == "POL"


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"likelihood_before": ""}, "likelihood_before", Problem.MISSING),
        ({"impact_after": "6"}, "impact_after", Problem.ONE_OF),
        ({"likelihood_after": "5"}, "likelihood_after", Problem.WORSE),
        ({"controls": ""}, "controls", Problem.MISSING),
        ({"risk_why": ""}, "risk_why", Problem.MISSING),
        ({"review_on": "2026-11-30"}, "review_on", Problem.NOT_LATER),
        ({"review_on": "2028-01-01"}, "review_on", Problem.BEYOND_A_YEAR),
        ({"review_on": "next week"}, "review_on", Problem.NOT_A_DATE),
        ({"risk_agency": "XYZ"}, "risk_agency", Problem.NOT_A_CHOICE),
        ({"risk_category": "Weather"}, "risk_category", Problem.ONE_OF),
        ({"risk_why": "John Smith, born 17/03/1984, waited"}, "risk_why", Problem.IDENTIFYING),
        ({"key": "x"}, "key", Problem.STALE),
    ],
)
def test_what_a_review_cannot_be(typed: dict[str, str], field: str, problem: Problem) -> None:
    """Each told of its own field."""
    with pytest.raises(NotUnderstood) as wrong:
        review(**typed)
    assert (field, problem) in [(each.field, each.problem) for each in wrong.value.problems]


def test_without_controls_both_ratings_are_the_same() -> None:
    """Then none need be named."""
    kept = review(controls="", likelihood_after="4", impact_after="5")
    assert (kept.controls, kept.likelihood_after) == ("", 4)


def test_who_may_do_what() -> None:
    """Its owners review it; chairs and the mental health team decide; others, and observers, only see it."""
    rated = review()
    closed = replace(rated, status=RiskStatus.CLOSED, open=False)
    assert steps(RISK, LEAD) == [RiskStep.REVIEW]
    assert steps(RISK, OTHER) == steps(RISK, OBSERVER) == []
    assert steps(RISK, CHAIR) == [RiskStep.REVIEW, RiskStep.CLOSE], "nothing to accept before it is rated"
    assert steps(rated, CHAIR) == [RiskStep.REVIEW, RiskStep.ACCEPT, RiskStep.CLOSE]
    assert steps(closed, CHAIR) == [RiskStep.REOPEN]
    assert steps(closed, LEAD) == []
    with pytest.raises(NotAllowed):
        review(member=OTHER)


def test_accepted_closed_and_opened_again() -> None:
    """Each with why; an accepted one stays on the register, and another rating takes the acceptance away."""
    rated = review()

    def decide(risk: Risk, step: RiskStep, why: str = "It costs more than it saves") -> Risk:
        return take(risk, step, CHAIR, Form({"key": KEY, "risk_why": why}), AGENCIES, NOW)

    accepted = decide(rated, RiskStep.ACCEPT)
    assert (accepted.status, accepted.open, accepted.review_on) == ("Accepted", True, rated.review_on)
    assert review(accepted).status == "Accepted"
    assert review(accepted, likelihood_after="1").status == "On the register"
    closed = decide(accepted, RiskStep.CLOSE)
    assert (closed.status, closed.open, closed.review_on, closed.closed_on) == ("Closed", False, None, NOW)
    again = decide(closed, RiskStep.REOPEN)
    assert (again.status, again.open, again.closed_on) == ("On the register", True, None)
    assert decide(decide(RISK, RiskStep.CLOSE), RiskStep.REOPEN).status == "Raised"
    with pytest.raises(NotUnderstood):
        decide(rated, RiskStep.CLOSE, "")
    with pytest.raises(NotAllowed):
        decide(accepted, RiskStep.ACCEPT)


marks = st.integers(min_value=-1, max_value=7)
rows = st.lists(st.builds(Risk, id=st.integers(1, 99), likelihood_after=marks, impact_after=marks), max_size=12)


@given(rows)
def test_the_map_and_the_list_hold_the_same(risks: list[Risk]) -> None:
    """Each rated risk stands in one square, the others first in the list, and the list falls from the worst."""
    mapped = [each for square in heat_map(risks).values() for each in square]
    order = ranked(risks)
    rated = [each for each in risks if 1 <= each.likelihood_after <= 5 and 1 <= each.impact_after <= 5]
    assert sorted(map(id, mapped)) == sorted(map(id, rated))
    assert {id(each) for each in order[: len(risks) - len(rated)]} == {id(each) for each in risks} - set(
        map(id, mapped)
    )
    scores = [each.likelihood_after * each.impact_after for each in order[len(risks) - len(rated) :]]
    assert scores == sorted(scores, reverse=True)


def test_when_its_owners_are_reminded() -> None:
    """A week before, on the day, each Monday after; over a weekend by the next round; a closed one never."""
    risk = replace(RISK, review_on=date(2026, 12, 16))  # a Wednesday
    told = []
    day = date(2026, 12, 1)
    while day < date(2027, 1, 5):
        before = day - timedelta(days=3 if day.weekday() == 0 else 1)
        if day.weekday() < 5 and due([risk], before, day):
            told.append(day.isoformat())
        day += timedelta(days=1)
    assert told == ["2026-12-09", "2026-12-16", "2026-12-21", "2026-12-28", "2027-01-04"]
    saturday = replace(RISK, review_on=date(2026, 12, 19))
    assert due([saturday], date(2026, 12, 18), date(2026, 12, 21)) == [saturday]
    assert due([replace(risk, open=False)], date(2026, 12, 8), date(2026, 12, 9)) == []


def test_one_reminder_a_person_and_day() -> None:
    """However many risks; a risk of nobody goes to the mental health team."""
    team = create_member(user_id="t" * 8, agency="POL", roles=frozenset({Role.MENTAL_HEALTH_TEAM}))
    mine = [replace(RISK, id=n, reference=f"K-{n}", review_on=date(2026, 12, 9)) for n in (1, 2)]
    lost = replace(mine[0], id=3, reference="K-3", agency="GONE")
    found = reviews([*mine, lost], [LEAD, team], date(2026, 12, 8), date(2026, 12, 9))
    assert {each.member.user_id: [r.reference for r in each.risks] for each in found} == {
        LEAD.user_id: ["K-1", "K-2"],
        team.user_id: ["K-3"],
    }
    assert len({each.notice.key for each in found}) == 2
