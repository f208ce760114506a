"""What is shown of the agencies' figures, and that nothing shown tells a number that is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.measures import of_forum
from board.months import Month
from board.publishing import SMALL, Hidden, NoComparison, Published, Shown, Verdict, change, hides, publish
from board.records import Figure, Measure
from cards.measures import measure_card, measures_card
from tests.builders import create_figure, create_forum, create_measure

MAY, MAY_BEFORE = Month(2026, 5), Month(2025, 5)

COUNT = create_measure()
SHARE = create_measure("handover", id=2, kind="Share", unit="%", good="Higher")
AVERAGE = create_measure("time", id=3, kind="Average", unit="hours")
AMOUNT = create_measure("police", id=4, kind="Amount", unit="hours", rests_on="s136")
MEASURES = [COUNT, SHARE, AVERAGE, AMOUNT]
AGENCIES = ("AMB", "BTP", "POL")


def shown(*figures: Figure, agencies: tuple[str, ...] = ("POL",)) -> Published:
    return publish(MEASURES, figures, {each.code: agencies for each in MEASURES})


def value(of: Published, measure: Measure = COUNT, month: Month = MAY) -> Decimal | None:
    return of.cell(measure, month).value


@pytest.mark.parametrize(
    ("number", "hidden"),
    [(0, None), (1, Hidden.SMALL), (4, Hidden.SMALL), (5, None), (41, None), (None, Hidden.MISSING)],
)
def test_a_count(number: int | None, hidden: Hidden | None) -> None:
    """Nought and five are shown, what lies between is not; nothing reported is missing, not nought."""
    cell = shown(create_figure(number=number)).cell(COUNT, MAY)
    assert (cell.hidden, cell.value) == (hidden, None if hidden else Decimal(number or 0))


@pytest.mark.parametrize(
    ("part", "whole", "hidden"),
    [
        (30, 41, None),
        (0, 41, None),
        (41, 41, None),
        (3, 41, Hidden.SMALL),
        (38, 41, Hidden.SMALL),
        (2, 4, Hidden.SMALL),
        (0, 4, Hidden.SMALL),
        (0, 0, Hidden.NOTHING),
        (5, None, Hidden.MISSING),
    ],
)
def test_a_share(part: int, whole: int | None, hidden: Hidden | None) -> None:
    """It is left out where its part, what is left of the whole, or the whole is small: one tells the other."""
    assert hides(SHARE, create_figure(number=part, whole=whole)) == hidden


@pytest.mark.parametrize(("whole", "hidden"), [(4, Hidden.SMALL), (5, None), (0, Hidden.NOTHING)])
def test_an_average(whole: int, hidden: Hidden | None) -> None:
    """It is left out where so few people are in it that their times could be guessed."""
    assert hides(AVERAGE, create_figure(number=0 if whole == 0 else 30, whole=whole)) == hidden


@pytest.mark.parametrize(("people", "hidden"), [(3, Hidden.RESTS), (0, None), (9, None), (None, Hidden.WAITS)], ids=str)
def test_an_amount_rests_on_its_people(people: int | None, hidden: Hidden | None) -> None:
    """Police hours about three people tell of three people; while their number is not in, nobody knows."""
    hours = create_figure(number=12.5, measure="police", id=2)
    of = shown(hours, *([create_figure(number=people)] if people is not None else []))
    assert of.cell(AMOUNT, MAY).hidden == hidden


def test_a_total_leaves_small_numbers_out() -> None:
    """It is the sum of what is shown and says whose is not in it, so no difference tells the small one."""
    of = shown(
        create_figure(number=12, agency="AMB"),
        create_figure(number=3, agency="BTP", id=2),
        create_figure(number=30, agency="POL", id=3),
        agencies=("AMB", "BTP", "MHT", "POL"),
    )
    cell = of.cell(COUNT, MAY)
    assert (cell.value, cell.from_, cell.small, cell.missing) == (42, ("AMB", "POL"), ("BTP",), ("MHT",))


def test_the_newer_of_two_rows_counts() -> None:
    """Where a figure was typed twice by hand; one that was closed does not count."""
    rows = [create_figure(number=41, id=1), create_figure(number=43, id=2), create_figure(number=9, id=3, open=False)]
    assert value(shown(*rows)) == 43


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (41, 60, (Decimal(-19), Verdict.BETTER, None)),
        (60, 60, (Decimal(0), Verdict.SAME, None)),
        (60, 40, (Decimal(20), Verdict.WORSE, None)),
        (7, 0, (Decimal(7), Verdict.NEITHER, NoComparison.NONE_THEN)),
        (41, 3, (Decimal(0), Verdict.NEITHER, NoComparison.SMALL_THEN)),
        (41, None, (Decimal(0), Verdict.NEITHER, NoComparison.MISSING_THEN)),
        (3, 41, (Decimal(0), Verdict.NEITHER, NoComparison.NOT_NOW)),
    ],
)
def test_a_comparison(now: int, before: int | None, expected: tuple[Decimal, Verdict, NoComparison | None]) -> None:
    """A month beside the same one a year before; none of nought, of a small number, or of nothing reported."""
    told = change(COUNT, shown(create_figure(number=now), create_figure("2025-05", before, id=2)), [MAY])
    assert (told.difference, told.verdict, told.none) == expected


def test_agencies_are_compared_with_themselves() -> None:
    """One that reports only now is in the month's number, not in its comparison."""
    of = shown(
        create_figure(number=30),
        create_figure(number=50, agency="AMB", id=2),
        create_figure("2025-05", 60, id=3),
        agencies=("AMB", "POL"),
    )
    told = change(COUNT, of, [MAY])
    assert (value(of), told.now, told.before, told.percent) == (80, 30, 60, -50)
    assert change(COUNT, shown(create_figure(number=9, agency="AMB"), create_figure("2025-05", 60, id=3)), [MAY]).none


def test_a_year_pairs_its_months() -> None:
    """A month that is not shown in one year counts in neither, and how many do is told."""
    months = MAY.back(12)
    now = [create_figure(str(each), 10, id=n) for n, each in enumerate(months[1:], 1)]
    then = [create_figure(str(each.year_before), 3 if n == 2 else 20, id=50 + n) for n, each in enumerate(months, 1)]
    told = change(COUNT, shown(*now, *then), months)
    assert (told.now, told.before, told.paired) == (100, 200, 10)


def test_a_direction_that_is_neither_good_nor_bad() -> None:
    """Then a change is told without what it means."""
    neutral = replace(COUNT, good="Neither")
    of = publish([neutral], [create_figure(number=50), create_figure("2025-05", 40, id=2)], {"s136": ["POL"]})
    assert change(neutral, of, [MAY]).verdict is Verdict.NEITHER


NUMBERS = st.integers(0, 12) | st.integers(30, 300)


@st.composite
def reports(draw: st.DrawFn) -> list[Figure]:
    """A year and more of figures of four kinds by three agencies, some missing, many small."""
    found = list[Figure]()
    for measure in MEASURES:
        for agency in AGENCIES:
            for month in [*MAY.back(3), *MAY_BEFORE.back(3)]:
                number = draw(st.none() | NUMBERS)
                if number is None:
                    continue
                whole = number + draw(NUMBERS) if measure in (SHARE, AVERAGE) else None
                status = draw(st.sampled_from(("Final", "Provisional")))
                made = create_figure(str(month), number, whole, id=len(found) + 1, measure=measure.code)
                found.append(replace(made, agency=agency, status=status))
    return found


def posted(figures: list[Figure]) -> list[object]:
    """Every card that is posted of these figures."""
    of = publish(MEASURES, figures, {each.code: AGENCIES for each in MEASURES})
    board = Shown(of_forum(MEASURES, create_forum()), of, MAY)
    cards = [measure_card(board, each, owner="POL", suppliers=AGENCIES, private=False) for each in MEASURES]
    return [measures_card(board, private=True, reports=False), *cards]


def hidden(figure: Figure, figures: list[Figure]) -> Hidden | None:
    measure = next(each for each in MEASURES if each.code == figure.measure)
    same = [each for each in figures if (each.measure, each.month) == (measure.rests_on, figure.month)]
    own = [each for each in same if each.agency == figure.agency]
    return hides(measure, figure, own or same)


@settings(deadline=None, max_examples=50)
@given(reports(), st.data())
def test_no_card_tells_a_small_number(figures: list[Figure], data: st.DataObject) -> None:
    """Whatever a number that is not shown had been, every card would be the same: so none of them can tell it."""
    told, other = posted(figures), list[Figure]()
    for each in figures:
        if hidden(each, figures) not in (Hidden.SMALL, Hidden.RESTS):
            other.append(each)
        elif each.measure == COUNT.code:
            other.append(replace(each, numerator=Decimal(data.draw(st.integers(1, SMALL - 1)))))
        elif each.measure == AMOUNT.code:
            other.append(replace(each, numerator=Decimal(data.draw(NUMBERS))))
        elif each.measure == AVERAGE.code:
            part, whole = data.draw(NUMBERS), data.draw(st.integers(1, SMALL - 1))
            other.append(replace(each, numerator=Decimal(part), denominator=Decimal(whole)))
        else:
            part, rest = data.draw(st.integers(1, SMALL - 1)), data.draw(NUMBERS)
            part, rest = data.draw(st.sampled_from([(part, rest), (rest, part)]))
            other.append(replace(each, numerator=Decimal(part), denominator=Decimal(part + rest)))
    assert posted(other) == told


@settings(deadline=None, max_examples=50)
@given(reports())
def test_no_small_number_is_shown(figures: list[Figure]) -> None:
    """Of no measure, month or agency, by itself or added up."""
    of = publish(MEASURES, figures, {each.code: AGENCIES for each in MEASURES})
    for month in MAY.back(13):
        assert not 0 < (of.cell(COUNT, month).value or 0) < SMALL
        share = of.cell(SHARE, month)
        if share.numerator is not None and share.denominator is not None:
            assert not 0 < share.numerator < SMALL
            assert not 0 < share.denominator - share.numerator < SMALL
