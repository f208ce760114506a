"""The measures in the pack: the year in sentences, a few charts, each measure's last month, and what is not in."""

from __future__ import annotations

from collections.abc import Sequence

from board.measures import YEAR, MeasureKind, by_agency, kind_of
from board.months import Month
from board.pack import Pack
from board.publishing import Shown, change
from board.records import Measure
from cards import figures as told
from cards import words
from cards.papers.charts import Chart
from cards.papers.house import Paper

HEADLINES = 6
CHARTS = 4
FEWEST = 6
"""Months that a chart needs to say anything."""

NOT_DRAWN = "The charts could not be drawn this time. The table says what they would."
READ = "Bars are the last twelve months, hatched where provisional; the dashed line is the same months a year before."


def charts(of: Shown) -> dict[str, Chart]:
    """The charts of the first measures that have enough months to show, by the measure's code."""
    found = dict[str, Chart]()
    for measure in of.measures:
        made = _chart(of, measure)
        if len(found) < CHARTS and sum(each is not None for each in made.values) >= FEWEST:
            found[measure.code] = made
    return found


def _chart(of: Shown, measure: Measure) -> Chart:
    months = of.until.back(YEAR)
    cells = [of.published.cell(measure, month) for month in months]
    before = [of.published.cell(measure, month.year_before).value for month in months]
    places = 1 if kind_of(measure) is MeasureKind.AVERAGE else 0
    return Chart(
        title=words.tame(measure.name) or words.tame(measure.code),
        unit="%" if kind_of(measure) is MeasureKind.SHARE else told.unit_of(measure),
        labels=[_label(month) for month in months],
        values=[None if cell.value is None else float(told.rounded(cell.value, places)) for cell in cells],
        before=[None if value is None else float(told.rounded(value, places)) for value in before],
        hatched=[cell.provisional for cell in cells],
        places=places,
    )


def _label(month: Month) -> str:
    name = told.MONTHS[month.number - 1]
    return f"{name}\n{month.year % 100:02}" if month.number == 1 else name


def chapter(paper: Paper, of: Pack) -> None:
    """The whole chapter."""
    shown = of.measures
    if shown is None or not shown.reported():
        paper.paragraph("Nothing has been reported of the board's measures yet.")
        return
    lines = [line for each, _ in shown.reported() if (line := told.headline(each, shown.published, shown.until))]
    paper.bullets(lines[:HEADLINES])
    _pictures(paper, shown, of)
    paper.heading("Each measure", 2)
    paper.table(
        ("Measure", "Month", "Figure", "Against a year before"),
        [_row(shown, measure) for measure, _ in shown.reported()],
        (0.31, 0.10, 0.29, 0.30),
    )
    paper.paragraph(told.SMALL_SAID, quiet=True)
    _not_in(paper, shown)


def _pictures(paper: Paper, shown: Shown, of: Pack) -> None:
    wanted = charts(shown)
    drawn = [(of.pictures[code], _alt(chart)) for code, chart in wanted.items() if code in of.pictures]
    if drawn:
        paper.pictures(drawn)
        paper.paragraph(READ, quiet=True)
    elif wanted:
        paper.paragraph(NOT_DRAWN)


def _alt(chart: Chart) -> str:
    """The chart in words, for whoever does not see it."""
    numbers = [
        f"{' '.join(label.split())} {'no number' if value is None else f'{value:,.{chart.places}f}'}"
        for label, value in zip(chart.labels, chart.values, strict=True)
    ]
    return f"{chart.title}, {chart.unit or 'number'} by month: {', '.join(numbers)}."


def _row(shown: Shown, measure: Measure) -> Sequence[str]:
    cell = shown.latest(measure)
    assert cell is not None
    unit = told.unit_of(measure) if cell.value is not None else ""
    figure = ", ".join([f"{told.figure_of(measure, cell)} {unit}".strip(), *told.marks(cell)])
    against = told.change_of(measure, change(measure, shown.published, [cell.month]), "")
    return words.tame(measure.name) or measure.code, told.short_month(cell.month), figure, against or "–"


def _not_in(paper: Paper, shown: Shown) -> None:
    codes = {measure.code for measure, _ in shown.reported()}
    names = {measure.code: words.tame(measure.name) or measure.code for measure in shown.measures}
    missing = [each for each in shown.missing if each.code in codes]
    if missing:
        paper.heading("Not in yet", 2)
    for agency, each in by_agency(missing).items():
        what = [f"{names.get(one.code, one.code)} ({told.short_month(one.month)})" for one in each]
        paper.labelled(f"{words.tame(agency)}:", words.joined(what) + ".")
    never = [names[measure.code] for measure in shown.measures if measure.code not in codes]
    if never:
        paper.paragraph(f"Never reported: {', '.join(never)}.", quiet=True)
