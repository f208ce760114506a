"""Who saw what: what is asked for in words, and what is counted of the looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.disclosing import PAGE, Search, looked, read
from board.records import Disclosure
from tests.builders import create_look, create_member, create_partners

TODAY = date(2026, 6, 15)
GRAY = create_member(user_id="00000000-0000-4000-8000-0000000000aa", name="Gray Placeholder")
MEMBERS = {GRAY.user_id: GRAY}
AGENCIES = create_partners()
MONTH = {"first": date(2026, 5, 16), "last": TODAY}

ASKED = [
    ("", MONTH),
    ("R-14", {"case": "R-14"}),
    ("r 014", {"case": "R-14"}),
    ("R-14 last month", {"case": "R-14", "first": date(2026, 5, 1), "last": date(2026, 5, 31)}),
    ("POL", {"agency": "POL", **MONTH}),
    ("example police", {"agency": "POL", **MONTH}),
    ("Gray Placeholder", {"member": GRAY.user_id, **MONTH}),
    ("gray placeholder, R-14", {"member": GRAY.user_id, "case": "R-14"}),
    ("today", {"first": TODAY, "last": TODAY}),
    ("last 7 days", {"first": date(2026, 6, 8), "last": TODAY}),
    ("this month", {"first": date(2026, 6, 1), "last": TODAY}),
    ("may", {"first": date(2026, 5, 1), "last": date(2026, 5, 31)}),
    ("october", {"first": date(2025, 10, 1), "last": date(2025, 10, 31)}),
    ("feb 2024", {"first": date(2024, 2, 1), "last": date(2024, 2, 29)}),
    ("2026-02", {"first": date(2026, 2, 1), "last": date(2026, 2, 28)}),
    ("2026-03-29", {"first": date(2026, 3, 29), "last": date(2026, 3, 29)}),
    ("2026-03-01 to 2026-03-29 MHT", {"agency": "MHT", "first": date(2026, 3, 1), "last": date(2026, 3, 29)}),
    ("since 2026-01-01", {"first": date(2026, 1, 1), "last": TODAY}),
]


@pytest.mark.parametrize(("said", "expected"), ASKED, ids=[said or "nothing" for said, _ in ASKED])
def test_what_is_asked_for(said: str, expected: dict[str, object]) -> None:
    """A case, an agency, a person and a period are read in any order; without a period the last thirty days count."""
    assert read(said, MEMBERS, AGENCIES, TODAY) == Search(**expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["nobody known", "2026-02-30", "R-14 and what not", "last 0 days", "policeman"])
def test_what_is_not_understood_is_said(said: str) -> None:
    """Words that are none of these are left over, so that nothing else is searched instead."""
    assert read(said, MEMBERS, AGENCIES, TODAY).unread


@given(st.text(max_size=60))
def test_any_text_is_read_or_left_over(said: str) -> None:
    """No text breaks the reading, and a period that is read does not end before it begins."""
    found = read(said, MEMBERS, AGENCIES, TODAY)
    if not found.unread and found.first and found.last and " " not in said.strip():
        assert found.first <= found.last


def look(number: int, **values: object) -> Disclosure:
    """A look so many hours after the beginning of June, UTC."""
    at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=number)
    return create_look(id=number, looked_on=at, **values)


def test_looks_are_counted_and_paged_newest_first() -> None:
    """All are counted whatever page is shown; a page past the end is the last."""
    rows = [look(number, outcome="shown" if number % 3 else "refused: role") for number in range(1, PAGE + 6)]
    first, last = looked(rows, Search()), looked(rows, Search(), 99)
    assert (first.shown, first.refused) == (14, 6)
    assert [row.id for row in first.rows] == list(range(PAGE + 5, 5, -1))
    assert (last.page, [row.id for row in last.rows]) == (1, [5, 4, 3, 2, 1])


def test_a_day_is_a_day_in_the_united_kingdom() -> None:
    """Half past eleven in the evening UTC is the next day's early morning in summer."""
    late = create_look(looked_on=datetime(2026, 6, 14, 23, 30, tzinfo=UTC))
    assert looked([late], Search(first=TODAY, last=TODAY)).shown == 1
    assert looked([late], Search(first=date(2026, 6, 14), last=date(2026, 6, 14))).shown == 0


@given(st.lists(st.tuples(st.sampled_from(["MHT", "POL"]), st.sampled_from(["R-1", "R-2"]), st.integers(1, 700))))
def test_every_condition_holds_of_every_row(drawn: list[tuple[str, str, int]]) -> None:
    """What is counted is what a plain reading of the conditions counts."""
    rows = [look(hours, agency=agency, reference=case) for agency, case, hours in drawn]
    asked = Search(case="R-1", agency="mht", first=date(2026, 6, 10), last=date(2026, 6, 20))
    begins, ends = datetime(2026, 6, 9, 23, tzinfo=UTC), datetime(2026, 6, 20, 23, tzinfo=UTC)
    plain = [
        r for r in rows if r.agency == "MHT" and r.reference == "R-1" and r.looked_on and begins <= r.looked_on < ends
    ]
    found = looked(rows, asked)
    assert found.shown == len(plain)
