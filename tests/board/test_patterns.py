"""What is unusual in a month's looks: each kind at its threshold and one beyond, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.months import Month
from board.patterns import Unusual, month_meant, out_of_hours, unusual
from board.records import Disclosure, Member
from board.vocabulary import Role
from tests.builders import create_look, create_member

OCTOBER = Month(2026, 10)
MORNING = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
"""A Monday; ten o'clock in the United Kingdom, which keeps summer time until the 25th."""


def look(person: str, case: int = 14, at: datetime = MORNING, *, agency: str = "MHT", outcome: str = "") -> Disclosure:
    """One look by somebody of the trust, shown unless another outcome is given."""
    made = create_look(agency, member_id=person, member_name=f"{person} Invented", looked_on=at)
    return replace(made, reference=f"R-{case}", outcome=outcome or made.outcome)


def found(
    rows: list[Disclosure],
    kind: Unusual,
    *,
    asked: frozenset[str] = frozenset({"MHT"}),
    members: tuple[Member, ...] = (),
) -> list[tuple[str, int]]:
    """Whom one kind names, and the counts, in a month in which each case asks the same agencies."""
    involved = {row.reference: asked for row in rows}
    by_id = {member.user_id: member for member in members}
    return [(each.name, each.count) for each in unusual(rows, involved, by_id, OCTOBER).of(kind)]


@pytest.mark.parametrize(
    ("cases", "others", "named"),
    [
        (20, [1, 2, 2], False),  # twenty are not more than twenty
        (21, [1, 2, 2], True),  # half of the four stay within 2, three times that is 6
        (21, [9, 9, 9], False),  # everybody was busy: three times 9 is 27
        (28, [9, 9, 9], True),
        (60, [], False),  # alone, nothing is usual but what they did
    ],
)
def test_many_cases(cases: int, others: list[int], named: bool) -> None:
    """More than twenty different cases and more than three times the median; the same case twice counts once."""
    rows = [look("amy", case) for case in range(1, cases + 1)]
    rows += [look(f"other{n}", case) for n, many in enumerate(others) for case in range(1, many + 1)]
    rows.append(look("amy", 1))
    assert found(rows, Unusual.MANY_CASES) == ([("amy Invented", cases)] if named else [])


@pytest.mark.parametrize(
    ("instant", "out"),
    [
        (datetime(2026, 10, 5, 5, 59, tzinfo=UTC), True),  # 06:59 in summer time
        (datetime(2026, 10, 5, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 5, 17, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 5, 18, 0, tzinfo=UTC), True),  # 19:00
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), True),  # the Monday after the clocks went back
        (datetime(2026, 10, 26, 18, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 3, 11, 0, tzinfo=UTC), True),  # a Saturday
        (datetime(2026, 8, 31, 11, 0, tzinfo=UTC), True),  # the summer bank holiday
        (datetime(2026, 12, 28, 11, 0, tzinfo=UTC), True),  # Boxing Day's substitute
        (datetime(2026, 12, 29, 11, 0, tzinfo=UTC), False),
    ],
)
def test_out_of_hours_by_the_wall_clock(instant: datetime, out: bool) -> None:
    """Seven to seven in UK time on working days of England; across the clock change too."""
    assert out_of_hours(instant) is out


def test_out_of_hours_counts_what_was_shown() -> None:
    """Two looks at night are counted, the one by day and the one that was refused are not."""
    night = MORNING.replace(hour=22)
    rows = [
        look("amy", 1, night),
        look("amy", 2, night),
        look("amy", 3),
        look("amy", 4, night, outcome="refused: role"),
    ]
    assert found(rows, Unusual.OUT_OF_HOURS) == [("amy Invented", 2)]


def test_an_agency_that_is_not_involved() -> None:
    """Looks at a case that neither asks nor comes from one's agency are listed; a case nobody can read is not."""
    rows = [look("amy", 1), look("bob", 1, agency="asc"), look("bob", 2, agency="asc")]
    assert found(rows, Unusual.NOT_INVOLVED, asked=frozenset({"POL", "ASC"})) == [("amy Invented", 1)]
    assert unusual(rows, {}, {}, OCTOBER).of(Unusual.NOT_INVOLVED) == []


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MENTAL_HEALTH_TEAM, Role.SUBGROUP_CHAIR, Role.REPRESENTATIVE])
def test_those_who_run_the_board_are_marked(role: Role) -> None:
    """Of those who arrange the list it is expected, and said; of a representative it is not."""
    member = create_member(role, user_id="amy", name="Amy Now")
    (each,) = unusual([look("amy")], {"R-14": frozenset({"POL"})}, {"amy": member}, OCTOBER).found
    assert (each.kind, each.name, each.arranges) == (Unusual.NOT_INVOLVED, "Amy Now", role != Role.REPRESENTATIVE)


@pytest.mark.parametrize(("times", "named"), [(5, False), (6, True)])
def test_many_refusals(times: int, named: bool) -> None:
    """More than five in a month, each for whatever reason."""
    rows = [look("amy", n, outcome="refused: not asked") for n in range(1, times + 1)]
    assert found(rows, Unusual.REFUSALS) == ([("amy Invented", 6)] if named else [])


@pytest.mark.parametrize(("times", "named"), [(12, False), (13, True)])
def test_the_same_case_often(times: int, named: bool) -> None:
    """More than twelve looks by one person at one case; two people's looks are not added up."""
    rows = [look("amy")] * times + [look("amy", 15)] * 12 + [look("bob")] * 12
    assert found(rows, Unusual.SAME_CASE) == ([("amy Invented", 13)] if named else [])


def test_other_months_and_rows_typed_by_hand_are_passed_over() -> None:
    """The month is the United Kingdom's; an outcome that is not the bot's counts as nothing."""
    rows = [
        look("amy", at=datetime(2026, 9, 30, 22, 59, tzinfo=UTC)),  # 23:59 on 30 September
        look("bob", at=datetime(2026, 9, 30, 23, 0, tzinfo=UTC)),  # midnight of 1 October
        look("cat", at=datetime(2026, 11, 1, 0, 0, tzinfo=UTC)),
        look("dan", outcome="whatever"),
        replace(look("eve"), looked_on=None),
    ]
    every = unusual(rows, {}, {}, OCTOBER)
    assert (every.shown, every.refused, every.people) == (1, 0, 1)
    assert {each.name for each in every.found} == {"bob Invented"}  # at midnight, out of hours


LOOKS = st.builds(
    look,
    st.sampled_from(["amy", "bob", "cat"]),
    st.integers(1, 40),
    st.integers(0, 60 * 24 * 31 - 60).map(
        lambda minutes: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    agency=st.sampled_from(["MHT", "POL"]),
    outcome=st.sampled_from(["", "refused: role", "refused: not asked"]),
)


@given(st.lists(LOOKS, max_size=80))
def test_nothing_is_named_that_did_not_happen(rows: list[Disclosure]) -> None:
    """Every look is counted once; whoever is named looked, at the cases named; their order does not matter."""
    every = unusual(rows, {}, {}, OCTOBER)
    assert every.shown + every.refused == len(rows)
    assert every.people == len({row.member_id for row in rows})
    for each in every.found:
        theirs = [row for row in rows if row.member_id == each.member_id]
        assert set(each.cases) <= {row.reference for row in theirs}
        assert 0 < each.count <= len(theirs)
    backwards = unusual(rows[::-1], {}, {}, OCTOBER)
    assert {(p.kind, p.member_id, p.count, p.cases) for p in every.found} == {
        (p.kind, p.member_id, p.count, p.cases) for p in backwards.found
    }


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("", "2026-10"),
        ("october 2026", "2026-10"),
        ("Oct", "2026-10"),
        ("december", "2025-12"),
        ("2026-02", "2026-02"),
        ("last month", "2026-10"),
        ("this month", "2026-11"),
        ("2026-02-01 to 2026-02-28", "2026-02"),
        ("2026-02-01 to 2026-02-27", None),
        ("last 30 days", None),
        ("R-14", None),
        ("r-14 october", None),
        ("2026-13", None),
        ("the whole world", None),
    ],
)
def test_the_month_that_is_meant(said: str, month: str | None) -> None:
    """A month in the words that `disclosures` takes, the last when none is named; nothing else is guessed at."""
    read = month_meant(said, date(2026, 11, 26))
    assert (None if read is None else str(read)) == month


def test_thirty_days_that_begin_with_a_month_are_not_that_month() -> None:
    """On 1 December the last thirty days begin on 1 November, and are not November."""
    assert month_meant("last 30 days", date(2026, 12, 1)) is None
