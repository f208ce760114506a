"""The measures in the pack: what it says, its charts in words, and that it tells no small number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from board.measures import awaited
from board.months import Month
from board.publishing import SMALL, Hidden, Shown, publish
from board.records import Figure
from cards.papers import measures as paper
from cards.papers.pack import pack_paper
from tests.board.test_publishing import AGENCIES, COUNT, MAY, MEASURES, hidden, reports
from tests.builders import create_figure, create_forum, create_partners
from tests.cards import example_board as example
from tests.cards.test_papers import said

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
"""A PNG of one white point."""


def of(*figures: Figure) -> Shown:
    suppliers = {each.code: ("POL",) for each in MEASURES}
    missing = awaited(MEASURES, figures, create_partners(), create_forum(agencies=frozenset()), MAY)
    return Shown(MEASURES, publish(MEASURES, figures, suppliers), MAY, missing)


def year(*small: Month) -> list[Figure]:
    """Two years of detentions: 60 a month, then 30; three in the months that are named."""
    months = MAY.back(24)
    return [
        create_figure(str(month), 3 if month in small else 60 if at < 12 else 30, id=at + 1)
        for at, month in enumerate(months)
    ]


def test_the_chapter() -> None:
    """A sentence of the year, the charts with what they show in words, the table, and what is not in."""
    figures = [*year(Month(2026, 2)), create_figure("2026-03", 9, measure="police", id=90)]
    pack = replace(example.pack(), measures=of(*figures), pictures={"s136": PICTURE})
    text = said(pack_paper(pack))
    assert "s136 detentions fell by 50%, from 660 to 330 detentions in the year to May 2026: it halved" in text
    assert paper.NOT_DRAWN not in text
    assert "POL: s136 detentions (Apr 26) and s136 detentions (May 26)." in text
    assert "Never reported: s136 detentions, s136 detentions." in text


def test_without_pictures_it_says_so() -> None:
    """The table says what they would; with nothing reported there is a sentence."""
    assert paper.NOT_DRAWN in said(pack_paper(replace(example.pack(), measures=of(*year()))))
    assert "Nothing has been reported" in said(pack_paper(replace(example.pack(), measures=of())))
    assert "Nothing has been reported" in said(pack_paper(example.pack()))


def test_a_chart_leaves_out_what_is_not_shown() -> None:
    """No bar and no point, neither at nought nor anywhere: and its words say that there is no number."""
    (chart,) = paper.charts(of(*year(Month(2026, 2), Month(2025, 4)))).values()
    assert chart.values == [30, 30, 30, 30, 30, 30, 30, 30, None, 30, 30, 30]
    assert chart.before[10] is None
    assert chart.labels[7] == "Jan\n26"


class Listening:
    """Hears what is written on a paper."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def __getattr__(self, name: str) -> Any:
        def hears(*given: object, **more: object) -> None:
            self.heard.append((name, given, more))

        return hears


def posted(figures: list[Figure]) -> list[object]:
    """All that the chapter writes, and every chart."""
    shown = Shown(MEASURES, publish(MEASURES, figures, {each.code: AGENCIES for each in MEASURES}), MAY)
    listening = Listening()
    paper.chapter(listening, replace(example.pack(), measures=shown))  # type: ignore[arg-type]
    return [*listening.heard, *paper.charts(shown).values()]


@settings(deadline=None, max_examples=40)
@given(reports(), st.data())
def test_the_pack_tells_no_small_number(figures: list[Figure], data: st.DataObject) -> None:
    """Whatever the counts that are not shown had been, the chapter and its charts would be the same."""
    other = [
        replace(each, numerator=each.numerator * 0 + data.draw(st.integers(1, SMALL - 1)))
        if each.measure == COUNT.code and each.numerator is not None and hidden(each, figures) is Hidden.SMALL
        else each
        for each in figures
    ]
    assert posted(other) == posted(figures)
