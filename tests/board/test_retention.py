"""Keeping or disposing: the day it is decided, who decides, and that one person alone can make nothing go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import Referral
from board.retention import (
    Choice,
    Stage,
    came_from,
    closed,
    decide,
    due,
    refusal,
    review_day,
    settled,
    stage,
    struck,
    years,
)
from board.vocabulary import Retention, Role, Status
from tests.builders import NOW, TODAY, create_member, create_referral, create_subject

FIRST = create_member(Role.INFORMATION_GOVERNANCE_LEAD, user_id="00000000-0000-4000-8000-0000000000a1", name="Gil One")
SECOND = create_member(Role.CHAIR, user_id="00000000-0000-4000-8000-0000000000a2", name="Hob Two")
WHY = {"retention_why": "Six years have passed and nothing is pending."}
KEEP = {"retention_why": "An inquest is listed.", "keep_until": "2033-01-01"}


def record(**values: object) -> Referral:
    """R-14 closed six years ago, its day come yesterday."""
    defaults = {
        "open": False,
        "status": Status.CLOSED,
        "closed_on": datetime(2020, 6, 14, 9, tzinfo=UTC),
        "review_on": date(2026, 6, 14),
    }
    return create_referral(**{**defaults, **values})


def decided() -> Referral:
    """R-14 once the first person has decided to dispose of it."""
    return decide(record(), FIRST, Choice.DISPOSE, Form(WHY), now=NOW)


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (date(2020, 6, 15), date(2026, 6, 15)),
        (date(2026, 12, 31), date(2032, 12, 31)),
        (date(2024, 2, 29), date(2030, 3, 1)),
        (date(2018, 2, 28), date(2024, 2, 28)),
        (date(2018, 3, 1), date(2024, 3, 1)),
    ],
)
def test_the_first_review_is_six_years_after_closing(closing: date, expected: date) -> None:
    """Never a day early: what closed on 29 February waits until 1 March of a year without one."""
    assert review_day(closing) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("8", 8), (" 20 ", 20), ("", 6), ("0", 6), ("-3", 6), ("eight", 6), ("101", 6), ("100", 100), ("6.5", 6)],
)
def test_the_years_are_a_setting(said: str, expected: int) -> None:
    """A row typed by hand that says nothing sensible changes nothing."""
    assert years(said) == expected


def test_closing_near_midnight_counts_the_day_in_the_united_kingdom() -> None:
    """23:30 UTC on 30 June is 1 July in London."""
    row = closed(create_referral(), datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert (row.open, row.closed_on, row.review_on) == (
        False,
        datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
        date(2032, 7, 1),
    )


def test_closing_again_changes_nothing() -> None:
    """A case that has its days keeps them, whoever closes it a second time."""
    once = closed(create_referral(), NOW)
    assert closed(once, NOW + timedelta(days=400), 20) == once


@pytest.mark.parametrize("status", [Status.CLOSED, Status.DECLINED, Status.WITHDRAWN])
def test_a_row_closed_by_hand_gets_its_days(status: Status) -> None:
    """Whichever of the two columns was edited, the status or the tick."""
    by_status = settled(create_referral(status=status), NOW)
    by_tick = settled(create_referral(open=False), NOW)
    for row in (by_status, by_tick):
        assert (row.open, row.closed_on, row.review_on) == (False, NOW, date(2032, 6, 15))


def test_a_row_opened_again_by_hand_loses_its_days_and_decision() -> None:
    """An open case is nobody's to dispose of: a decision made about it while it was closed does not lie in wait."""
    again = settled(replace(decided(), open=True, status=Status.REVIEWED), NOW)
    assert (again.closed_on, again.review_on, again.retention, again.retention_by_id) == (None, None, "", "")


@pytest.mark.parametrize("retention", [Retention.DISPOSED, Retention.IN_PART])
def test_what_is_gone_is_not_settled_again(retention: Retention) -> None:
    """A record without a day has none because it was disposed of; it does not come up for review for ever."""
    row = record(retention=retention, review_on=None)
    assert settled(row, NOW) == row


REFUSED = [
    (record(open=True, status=Status.HEARD), Choice.KEEP, Refusal.STILL_OPEN),
    (record(open=True, status=Status.HEARD), Choice.DISPOSE, Refusal.STILL_OPEN),
    (record(review_on=date(2026, 6, 16)), Choice.DISPOSE, Refusal.NOT_DUE),
    (record(review_on=None), Choice.DISPOSE, Refusal.NOT_DUE),
    (record(review_on=date(2026, 6, 16)), Choice.CONFIRM, Refusal.NOT_DUE),
    (record(), Choice.CONFIRM, Refusal.NOT_DECIDED),
    (decided(), Choice.DISPOSE, Refusal.DECIDED),
    (record(retention=Retention.DISPOSED), Choice.KEEP, Refusal.DISPOSED),
    (record(retention=Retention.DISPOSED), Choice.DISPOSE, Refusal.DISPOSED),
    (record(retention=Retention.IN_PART), Choice.KEEP, Refusal.UNDER_WAY),
]


@pytest.mark.parametrize(("row", "choice", "expected"), REFUSED)
def test_what_may_not_be_decided(row: Referral, choice: Choice, expected: Refusal) -> None:
    """Each refusal says what stands in the way, and nothing is changed."""
    with pytest.raises(NotAllowed) as refused:
        decide(row, SECOND, choice, Form({**WHY, **KEEP}), now=NOW)
    assert refused.value.refusal is expected


def test_a_case_that_goes_on_elsewhere_is_kept() -> None:
    """An open action or a plan in force holds a disposal back, and its confirmation, but not a decision to keep."""
    assert refusal(record(), FIRST, Choice.DISPOSE, TODAY, live=True) is Refusal.STILL_LIVE
    assert refusal(decided(), SECOND, Choice.CONFIRM, TODAY, live=True) is Refusal.STILL_LIVE
    assert refusal(record(), FIRST, Choice.KEEP, TODAY, live=True) is None


def test_keeping_has_a_day_and_a_reason() -> None:
    """The decision, who made it, when and why are on the record; it comes up again on the day named."""
    kept = decide(record(), FIRST, Choice.KEEP, Form(KEEP), now=NOW)
    assert (kept.retention, kept.review_on, kept.retention_why) == ("Keep", date(2033, 1, 1), "An inquest is listed.")
    assert (kept.retention_by, kept.retention_by_id, kept.retention_on) == ("Gil One", FIRST.user_id, NOW)
    assert stage(kept, TODAY) is Stage.NOT_DUE
    assert stage(kept, date(2033, 1, 1)) is Stage.DUE


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"keep_until": "2033-01-01"}, "retention_why", Problem.MISSING),
        ({"retention_why": "x"}, "keep_until", Problem.MISSING),
        ({"retention_why": "x", "keep_until": "soon"}, "keep_until", Problem.NOT_A_DATE),
        ({"retention_why": "x", "keep_until": "2026-06-15"}, "keep_until", Problem.NOT_LATER),
        ({"retention_why": "born 31 May 1990", "keep_until": "2033-01-01"}, "retention_why", Problem.IDENTIFYING),
        ({"retention_why": "see 943 476 5870", "keep_until": "2033-01-01"}, "retention_why", Problem.IDENTIFYING),
        ({"retention_why": "x" * 2001, "keep_until": "2033-01-01"}, "retention_why", Problem.TOO_LONG),
        ({"retention_why": 7, "keep_until": "2033-01-01"}, "retention_why", Problem.NOT_TEXT),
    ],
)
def test_what_is_wrong_with_a_decision_is_said(values: dict[str, object], field: str, problem: Problem) -> None:
    """Each field that is wrong, once; a reason that says who somebody is would outlive the case."""
    with pytest.raises(NotUnderstood) as wrong:
        decide(record(), FIRST, Choice.KEEP, Form(values), now=NOW)
    assert [(each.field, each.problem) for each in wrong.value.problems] == [(field, problem)]


def test_two_people_dispose() -> None:
    """The first decides, with a reason; nothing is under way until another confirms, and never the same one."""
    first = decided()
    assert (first.retention, first.retention_by, stage(first, TODAY)) == ("Dispose", "Gil One", Stage.DECIDED)
    with pytest.raises(NotAllowed) as refused:
        decide(first, FIRST, Choice.CONFIRM, Form({}), now=NOW)
    assert refused.value.refusal is Refusal.SECOND_PERSON
    both = decide(first, SECOND, Choice.CONFIRM, Form({}), now=NOW)
    assert (both.disposal_by, both.disposal_on, stage(both, TODAY)) == ("Hob Two", NOW, Stage.UNDER_WAY)
    assert both.retention_why == WHY["retention_why"]


def test_keeping_takes_a_decision_back() -> None:
    """Whoever may decide can stop a disposal that is not confirmed; a confirmation of before counts for nothing."""
    kept = decide(decided(), SECOND, Choice.KEEP, Form(KEEP), now=NOW)
    assert (kept.retention, kept.disposal_by_id, stage(kept, TODAY)) == ("Keep", "", Stage.NOT_DUE)


STEPS = st.tuples(st.sampled_from(Choice), st.sampled_from([FIRST, SECOND]), st.booleans(), st.integers(0, 4000))


@given(st.lists(STEPS, max_size=12), st.booleans())
def test_nothing_goes_without_two_people(steps: list[tuple[Choice, object, bool, int]], open_: bool) -> None:
    """Whatever is tried in whatever order: what is under way was closed, due, decided by one and confirmed by another,
    with a reason; and what is refused leaves the record as it was."""
    row, now = record(open=open_, status=Status.HEARD if open_ else Status.CLOSED), NOW
    for choice, member, live, days in steps:
        now += timedelta(days=days)
        form = Form({**WHY, "keep_until": (now + timedelta(days=30)).date().isoformat()})
        before = row
        try:
            row = decide(row, member, choice, form, now=now, live=live)  # type: ignore[arg-type]
        except NotAllowed:
            assert row is before
            continue
        assert not open_
        if stage(row, now.date()) is Stage.UNDER_WAY:
            assert choice is Choice.CONFIRM
            assert not live
            assert row.retention_by_id != row.disposal_by_id
            assert {row.retention_by_id, row.disposal_by_id} == {FIRST.user_id, SECOND.user_id}
            assert row.retention_why
            assert row.review_on is not None
            assert row.review_on <= now.date()


@pytest.mark.parametrize(
    "typed",
    [
        {"retention": "Dispose"},
        {"retention": "Dispose", "retention_by_id": FIRST.user_id, "disposal_by_id": FIRST.user_id},
        {"retention": "Dispose", "disposal_by_id": SECOND.user_id},
        {"retention": "dispose now", "retention_by_id": FIRST.user_id, "disposal_by_id": SECOND.user_id},
    ],
)
def test_a_row_typed_by_hand_disposes_of_nothing(typed: dict[str, str]) -> None:
    """A choice made in SharePoint's own form is not a decision of two people."""
    assert stage(record(**typed), TODAY) in (Stage.DUE, Stage.DECIDED)


def test_the_list_is_what_waits_longest_first() -> None:
    """What is due by the day, what waits for a second person and what went in part; not what is kept, open or gone."""
    rows = [
        record(id=1, review_on=date(2026, 6, 30)),
        record(id=2, review_on=date(2026, 7, 1)),
        record(id=3, review_on=date(2024, 1, 1)),
        record(id=4, open=True, status=Status.HEARD),
        record(id=5, retention=Retention.DISPOSED, review_on=None),
        record(id=6, retention=Retention.IN_PART, review_on=date(2025, 1, 1)),
        replace(decided(), id=7),
    ]
    assert [row.id for row in due(rows, date(2026, 6, 30))] == [3, 6, 7, 1]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Zed Invented has died.", "[removed] has died."),
        ("ZEDDY asked for it", "[removed] asked for it"),
        ("Nothing is pending in R-14.", "Nothing is pending in R-14."),
    ],
)
def test_a_rationale_outlives_its_case_without_its_people(said: str, left: str) -> None:
    """Names of the case's own people are taken out of what stays; a reference stays."""
    assert struck(said, [create_subject()]) == left


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        *[(said, True) for said in ("R-14", "r14", "Referral R–14 (call)", "see R 014", "P-3", "P-3.2", "plan p 3")],
        *[(said, False) for said in ("", "R-141", "R-4", "B-14", "K-14", "P-31", "A-14", "14")],
    ],
)
def test_whose_an_action_was(source: str, expected: bool) -> None:
    """The words of an action go with its case, however somebody typed where it came from; another case's stay."""
    assert came_from(source, 14, {3}) is expected
