"""What is taken of a report, and every value that is not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from board.errors import NotUnderstood, Problem
from board.forms import Form
from board.measures import SEEDED, awaited, of_forum, suppliers
from board.months import Month
from board.records import Figure, Measure
from board.reported import Typed, read_month, read_number, read_typed, report, revised, says_the_same
from tests.builders import create_agency, create_figure, create_forum, create_measure, create_member, create_partners

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
COUNT = create_measure()
SHARE = create_measure("handover", kind="Share")
AVERAGE = create_measure("time", kind="Average")
AMOUNT = create_measure("police", kind="Amount")
QUARTER = create_measure(frequency="Quarterly")


def taken(measure: Measure = COUNT, **values: Any) -> Figure:
    form = Form({"month": "2026-05", "numerator": "41", **values})
    return report(form, measure, "POL", create_member(agency="POL"), NOW, TODAY)


def refused(measure: Measure = COUNT, **values: Any) -> list[tuple[str, Problem]]:
    with pytest.raises(NotUnderstood) as found:
        taken(measure, **values)
    return [(each.field, each.problem) for each in found.value.problems]


def test_a_figure_is_kept_as_it_was_reported() -> None:
    """Its numbers, whose it is, who said so and when; provisional unless it is said to be final."""
    kept = taken(SHARE, numerator="30", denominator="41", note="without the night of the 3rd", figure_status="Final")
    assert (kept.measure, kept.agency, kept.month) == ("handover", "POL", "2026-05")
    assert (kept.numerator, kept.denominator, kept.status) == (Decimal(30), Decimal(41), "Final")
    assert (kept.member_name, kept.reported_on, kept.revisions) == ("Cy Nurse", NOW, 0)
    assert taken().status == "Provisional"


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        (create_measure(), {"numerator": "about 40"}, [("numerator", Problem.NOT_A_NUMBER)]),
        (create_measure(), {"numerator": "41 hours"}, [("numerator", Problem.NOT_A_NUMBER)]),
        (create_measure(), {"numerator": "1e3"}, [("numerator", Problem.NOT_A_NUMBER)]),
        (create_measure(), {"numerator": "NaN"}, [("numerator", Problem.NOT_A_NUMBER)]),
        (create_measure(), {"numerator": "٤١"}, [("numerator", Problem.NOT_A_NUMBER)]),
        (create_measure(), {"numerator": "12,34"}, [("numerator", Problem.NOT_A_NUMBER)]),
        (create_measure(), {"numerator": "-3"}, [("numerator", Problem.NEGATIVE)]),
        (create_measure(), {"numerator": ""}, [("numerator", Problem.MISSING)]),
        (create_measure(), {"numerator": "4.5"}, [("numerator", Problem.NOT_WHOLE)]),
        (create_measure(), {"numerator": "10000001"}, [("numerator", Problem.TOO_LARGE)]),
        (AMOUNT, {"numerator": "4.125"}, [("numerator", Problem.DECIMALS)]),
        (create_measure(), {"denominator": "60"}, [("denominator", Problem.NO_WHOLE)]),
        (SHARE, {}, [("denominator", Problem.NEEDS_WHOLE)]),
        (SHARE, {"denominator": "40"}, [("numerator", Problem.MORE_THAN_WHOLE)]),
        (SHARE, {"denominator": "60.5"}, [("denominator", Problem.NOT_WHOLE)]),
        (AVERAGE, {"denominator": "0"}, [("denominator", Problem.OF_NOTHING)]),
        (create_measure(), {"month": "2026-06"}, [("month", Problem.NOT_OVER)]),
        (create_measure(), {"month": "2027-01"}, [("month", Problem.NOT_OVER)]),
        (create_measure(), {"month": "2014-12"}, [("month", Problem.TOO_EARLY)]),
        (create_measure(), {"month": "2026-13"}, [("month", Problem.NOT_A_MONTH)]),
        (create_measure(), {"month": "Mayember 2026"}, [("month", Problem.NOT_A_MONTH)]),
        (create_measure(), {"month": ""}, [("month", Problem.MISSING)]),
        (QUARTER, {"month": "2026-05"}, [("month", Problem.NOT_A_QUARTER)]),
        (create_measure(), {"figure_status": "Perhaps"}, [("figure_status", Problem.ONE_OF)]),
        (create_measure(), {"note": "see R-14"}, [("note", Problem.IDENTIFYING)]),
        (
            create_measure(),
            {"month": "soon", "numerator": "x"},
            [("month", Problem.NOT_A_MONTH), ("numerator", Problem.NOT_A_NUMBER)],
        ),
    ],
)
def test_a_bad_value_is_refused(measure: Measure, values: dict[str, str], expected: list[tuple[str, Problem]]) -> None:
    """By its field and reason, all at once; nothing is kept of it."""
    assert refused(measure, **values) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-10", "2026-10"),
        ("October 2026", "2026-10"),
        ("oct 26", "2026-10"),
        ("Sept. 2026", "2026-09"),
        ("10/2026", "2026-10"),
        ("1.2026", "2026-01"),
        ("may", None),
        ("2026-1", None),
        ("13/2026", None),
        ("20261", None),
    ],
)
def test_a_month(said: str, expected: str | None) -> None:
    """As people write it."""
    found = read_month(said)
    assert (str(found) if found else None) == expected


def test_a_number() -> None:
    """With its thousands apart or not, and what is equal is the same."""
    assert read_number("1,204") == read_number("1204.00") == Decimal(1204)
    assert read_number("0") == Decimal(0)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("s136 2026-10 41", Typed("s136", "", {"month": "2026-10", "numerator": "41", "denominator": "", "note": ""})),
        (
            "handover pol October 2026 30/41 final; two nights late",
            Typed(
                "handover",
                "POL",
                {
                    "month": "October 2026",
                    "numerator": "30",
                    "denominator": "41",
                    "figure_status": "Final",
                    "note": "two nights late",
                },
            ),
        ),
        ("s136 2026-10", Typed("s136", "", {"month": "2026-10", "note": ""})),
        ("s136", Typed("s136", "", {"month": "", "note": ""})),
        ("", Typed("", "", {"month": "", "note": ""})),
    ],
)
def test_what_is_typed(said: str, expected: Typed) -> None:
    """A code, an agency where one is named, the month, the number with its whole, and what follows."""
    assert read_typed(said, ("POL", "MHT")) == expected


def test_a_second_report_revises() -> None:
    """Other numbers count as a revision; becoming final does not, and the same again is nothing."""
    kept = taken()
    assert says_the_same(kept, taken())
    final = revised(kept, taken(figure_status="Final"))
    assert (final.status, final.revisions) == ("Final", 0)
    again = revised(final, taken(numerator="38"))
    assert (again.numerator, again.revisions, again.key) == (Decimal(38), 1, kept.key)


def test_who_reports() -> None:
    """Agencies named by code or by kind, open ones of the board; its owner where nobody is named."""
    partners = create_partners()
    assert suppliers(create_measure(agency="Police"), partners) == ["POL"]
    assert suppliers(create_measure(suppliers="mht; Adult social care"), partners) == ["ASC", "MHT"]
    assert suppliers(create_measure(), partners, create_forum(agencies=frozenset({"MHT"}))) == []
    assert suppliers(create_measure(), {"POL": create_agency("POL", open=False)}) == []
    assert suppliers(create_measure(agency=""), {"X": create_agency("X", kind="")}) == []


def test_what_is_missing() -> None:
    """From an agency's first month on; of one that never reported the last month alone; quarters under their month."""
    measures = [create_measure(), create_measure("beds", id=2, agency="MHT"), create_measure("q", id=3, agency="ASC")]
    measures[2] = create_measure("q", id=3, agency="ASC", frequency="Quarterly")
    figures = [create_figure("2026-02", 4), create_figure("2026-04", 0, id=2), create_figure("2026-03", None, id=3)]
    missing = awaited(measures, figures, create_partners(), create_forum(agencies=frozenset()), Month(2026, 5))
    assert [(str(each.month), each.code, each.agency) for each in missing] == [
        ("2026-03", "q", "ASC"),
        ("2026-03", "s136", "POL"),
        ("2026-05", "beds", "MHT"),
        ("2026-05", "s136", "POL"),
    ]


def test_a_boards_measures() -> None:
    """Its own and those of every board, in their order; a code that is there twice counts once."""
    rows = [
        create_measure("b", id=1, place=20),
        create_measure("a", id=2, place=10),
        create_measure("A", id=3),
        create_measure("c", id=4, forum="OTHER"),
        create_measure("d", id=5, open=False),
    ]
    assert [each.id for each in of_forum(rows, create_forum("MHRMB"))] == [2, 1]


def test_shipped_measures_are_sound() -> None:
    """Codes are single words, each once; what rests on another names one that is there; shares say of what."""
    codes = [each.code for each in SEEDED]
    assert len(set(codes)) == len(codes)
    assert all(each.code.split() == [each.code] for each in SEEDED)
    assert {each.rests_on for each in SEEDED if each.rests_on} <= set(codes)
    assert all(bool(each.denominator) == (each.kind in ("Share", "Average")) for each in SEEDED)
