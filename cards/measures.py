"""The measures on cards: all of them at a glance, one over thirteen months, what is not in yet, and the form for one.

They are made of `Published` figures, so that no card can tell a small number. A chart stands above its text table; a
client that knows no charts draws bars in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from board.measures import Awaited, FigureStatus, MeasureKind, by_agency, has_whole, kind_of
from board.months import Month
from board.publishing import Cell, Shown, change, is_small
from board.records import Figure, Measure
from cards import elements as e
from cards import figures as told
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Measures"
LISTED = 40
OPENED = 4
NAMED = 8
NAME_BYTES = 140

TYPED = "Or type *measure s136 2026-10 41*; a share or an average as *measure s136-handover 2026-10 30/41*."
ONE = "*measures s136* shows one over thirteen months; *measures missing* what is not in yet."
HOW = "Report the number as it is, small ones too: what is posted leaves those out. Nothing about anybody in the note."


def measures_card(of: Shown, *, private: bool, reports: bool) -> JSON:
    """Every measure: its last month, against the same month a year before, and what is not in yet."""
    shown = of.reported()
    said = f"{words.count(len(shown), 'measure')}: {told.month_name(of.until)}, where no other month is named."
    if not shown:
        said = "Nothing has been reported yet."

    told_first, lines = _headlines(of, shown), [_line(of, measure, cell) for measure, cell in shown[:LISTED]]

    each = [e.subheading("Each measure")] if told_first else []

    def made(share: float) -> JSON:
        body = [e.heading(TITLE), e.text(said), *told_first, *each, *lines[: max(1, int(share * LISTED))]]
        body += _left_out(len(shown) - max(1, int(share * LISTED)))
        body += [*_not_in(of, int(share * 2 * NAMED)), e.quiet(told.SMALL_SAID), e.quiet(ONE)]
        return e.card(body, speak=said, actions=_ways(reports) if private else (), official=True)

    return e.fitted(made)


def _headlines(of: Shown, shown: Sequence[tuple[Measure, Cell]]) -> list[JSON]:
    """The first three that say something of the year: what the board is told first."""
    lines = (line for measure, _ in shown if (line := told.headline(measure, of.published, of.until)))
    return [e.entry("•", e.shortened(line, 400)) for line in islice(lines, 3)]


def _line(of: Shown, measure: Measure, cell: Cell) -> JSON:
    unit = told.unit_of(measure) if cell.value is not None else ""
    late = "" if cell.month == of.until else f" in {told.month_name(cell.month)}"
    said = [
        f"{told.figure_of(measure, cell)} {unit}".strip() + late,
        *told.marks(cell),
        _against(of, measure, cell.month),
    ]
    said += [f"{told.month_name(of.until)} not reported"] if late else []
    label = e.shortened(words.tame(measure.name) or words.tame(measure.code), NAME_BYTES)
    return e.entry(label, " · ".join(e.shortened(part, 200) for part in said if part))


def _against(of: Shown, measure: Measure, month: Month, then: str = "a year before") -> str:
    return told.change_of(measure, change(measure, of.published, [month]), then)


def _left_out(number: int) -> list[JSON]:
    return [e.quiet(f"And {words.count(number, 'measure')} more: type *measures* and its code.")] if number > 0 else []


def _ways(reports: bool) -> list[JSON]:
    return [e.submits("Report a figure", Verb.MEASURE_FORM, in_dialog=False, checks=False)] if reports else []


def _not_in(of: Shown, most: int) -> list[JSON]:
    """What is not in of the last month, by agency: only of what was reported before, so that it is missed."""
    silent = {measure.code for measure in of.measures} - {measure.code for measure, _ in of.reported()}
    missed = [each for each in of.missing if each.code not in silent]
    body = list[JSON]()
    if missed:
        body.append(e.subheading("Not in yet"))
        body += [e.entry(e.shortened(words.tame(code), 20), _months(each)) for code, each in by_agency(missed).items()][
            : max(1, most)
        ]
    if silent:
        names = [e.shortened(words.tame(each.code), 40) for each in of.measures if each.code in silent]
        more = f" and {len(names) - 3 * NAMED} more" if len(names) > 3 * NAMED else ""
        body.append(e.entry("Never reported", ", ".join(names[: 3 * NAMED]) + more))
    return body


def _months(missing: Sequence[Awaited]) -> str:
    """What one agency still owes, by measure: `s136 (Sep, Oct 26), beds (Oct 26)`."""
    by: dict[str, list[Month]] = {}
    for each in missing:
        by.setdefault(each.code, []).append(each.month)
    parts = [f"{e.shortened(words.tame(code), 40)} ({_span(months)})" for code, months in list(by.items())[:NAMED]]
    return ", ".join(parts) + (f" and {len(by) - NAMED} more" if len(by) > NAMED else "")


def _span(months: Sequence[Month]) -> str:
    named = [told.short_month(each) for each in months[-3:]]
    return (f"{len(months) - 3} more, " if len(months) > 3 else "") + ", ".join(named)


def missing_card(of: Shown, *, private: bool, reports: bool) -> JSON:
    """What is not in yet, agency by agency."""
    number = len(of.missing)
    said = f"{words.count(number, 'figure is', 'figures are')} not in yet." if number else "Every figure is in."
    by = by_agency(of.missing)
    lines = [e.entry(e.shortened(words.tame(code), 20), _months(each)) for code, each in list(by.items())[:LISTED]]
    body = [
        e.heading("Measures: not in yet"),
        e.text(f"To {told.month_name(of.until)}. {said}"),
        *lines,
        e.quiet(TYPED),
    ]
    return e.card(body, speak=said, actions=_ways(reports) if private else (), official=True)


def owed_card(day: date, missing: Sequence[Awaited]) -> JSON:
    """To those who answer for an agency, before a board: which of its figures are not in yet."""
    said = f"The board meets on {words.weekday(day)}, and {words.count(len(missing), 'figure')} of your agency "
    said += "is not in yet." if len(missing) == 1 else "are not in yet."
    body = [e.heading("Your agency's measures"), e.text(said), *_owed(missing, several=False), e.quiet(TYPED)]
    return e.card(body, speak=said, actions=_ways(reports=True), official=True)


def with_owed(card: JSON, missing: Sequence[Awaited]) -> JSON:
    """A card that asks for something else before the board, and for the figures too."""
    asked = [e.subheading("Your agency's measures"), *_owed(missing, several=False), e.quiet(TYPED)]
    return {**card, "body": [*card["body"], *asked]}


def none_such(codes: Sequence[str]) -> str:
    """The sentence for a code that is none, with those there are."""
    names = ", ".join(e.shortened(words.tame(code), 40) for code in codes[:LISTED])
    return f"There is no measure of that code. There are: {names or 'none yet'}."


def measure_card(of: Shown, measure: Measure, *, owner: str, suppliers: Sequence[str], private: bool) -> JSON:
    """One measure over thirteen months: a headline, a chart, the table, and what it means."""
    name = e.named(measure.name) or words.tame(measure.code)
    cells = [of.published.cell(measure, month) for month in of.months]
    line = told.headline(measure, of.published, of.until)
    said = line or f"{name}: {_last(of, measure)}."
    body = [
        e.heading(name),
        *([e.entry("", e.shortened(line, 500))] if line else []),
        *_chart(measure, name, cells),
        _table(of, measure, cells),
        e.entry("Counted:", e.shortened(_counted(measure), 300)),
        e.entry("Good:", _good(measure)),
        e.entry("Owner:", e.shortened(words.tame(owner), 200) or "nobody yet"),
        e.entry("Reported by:", e.shortened(", ".join(map(words.tame, suppliers)), 200) or "nobody yet"),
        *([e.entry("Source:", e.shortened(measure.source, 300))] if measure.source.strip() else []),
        e.quiet(told.SMALL_SAID),
    ]
    return e.card(body, speak=e.shortened(said, 500), actions=_ways(private), official=True)


def _last(of: Shown, measure: Measure) -> str:
    cell = of.latest(measure)
    if cell is None:
        return "nothing has been reported yet"
    return f"{told.figure_of(measure, cell)} in {told.month_name(cell.month)}"


def _counted(measure: Measure) -> str:
    part, whole = words.tame(measure.numerator), words.tame(measure.denominator)
    if has_whole(measure):
        joint = "of" if kind_of(measure) is MeasureKind.SHARE else "over"
        return f"{part or 'the part'} {joint} {whole or 'the whole'}"
    return part or words.tame(measure.unit) or "as its owner counts"


def _good(measure: Measure) -> str:
    good = measure.good.strip().casefold()
    return {"lower": "a lower figure", "higher": "a higher figure"}.get(good, "neither direction by itself")


def _table(of: Shown, measure: Measure, cells: Sequence[Cell]) -> JSON:
    rows = [
        [
            e.cell(told.month_name(cell.month)),
            e.cell(" · ".join([told.figure_of(measure, cell), *told.marks(cell)])),
            e.cell(_against(of, measure, cell.month, "") or "–"),
        ]
        for cell in reversed(cells)
    ]
    return e.table(("Month", "Figure", "Against a year before"), rows, (4, 4, 4))


def _chart(measure: Measure, name: str, cells: Sequence[Cell]) -> list[JSON]:
    """The months that are shown as a chart; nothing where fewer than two are."""
    shown = [(told.short_month(cell.month), cell.value) for cell in cells if cell.value is not None]
    if len(shown) < 2:
        return []
    points = [(label, float(told.rounded(value, 1))) for label, value in shown]
    unit = "%" if kind_of(measure) is MeasureKind.SHARE else told.unit_of(measure)
    bars = _bars(measure, cells)
    is_line = kind_of(measure) in (MeasureKind.SHARE, MeasureKind.AVERAGE)
    left = len(cells) - len(shown)
    made = [(e.line_chart if is_line else e.bar_chart)(name, unit, points, fallback=bars)]
    if left:
        made.append(e.quiet(f"{words.count(left, 'month')} without a number: the table says why."))
    return made


def _bars(measure: Measure, cells: Sequence[Cell]) -> JSON:
    """The chart for a client that knows none: a bar for each month, with its number beside it."""
    most = max((cell.value for cell in cells if cell.value is not None), default=Decimal()) or Decimal(1)
    rows = [
        (
            told.short_month(cell.month),
            0 if cell.value is None else int(told.rounded(cell.value / most * 100)),
            told.value_of(measure, cell.value) if cell.value is not None else told.figure_of(measure, cell),
        )
        for cell in cells
    ]
    return e.bars(rows)


@dataclass(frozen=True, slots=True)
class Report:
    """What a form for a figure is made of: the measures that somebody reports, each for which agencies, and what of
    theirs is not in. `chosen` is what they came for, `before` what was reported of it."""

    choices: Sequence[tuple[Measure, str]]
    missing: Sequence[Awaited] = ()
    chosen: tuple[str, str, str] = ("", "", "")
    before: Figure | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def choice_of(code: str, agency: str) -> str:
    """How a choice of measure and agency travels."""
    return f"{code} {agency}"


def measure_form(of: Report, key: str, *, in_dialog: bool, warned: str = "") -> JSON:
    """The form for one figure, filled with what is missing first; after an error as it was typed."""
    if not of.choices:
        said = "No measure names your agency, so there is nothing to report. The mental health team can add it to one."
        return e.card([e.heading("Report a figure"), e.text(said)], speak=said, official=True)
    send = e.submits("Keep", Verb.MEASURE_SUBMIT, main=True, in_dialog=in_dialog, key=key)
    kept = _kept_values(of)

    def made(share: float) -> JSON:
        typed = e.typed({**kept, **of.values}, share)
        several = len({agency for _, agency in of.choices}) > 1
        most = max(1, int(share * 60))
        choices = [
            (_choice(measure, agency, several), choice_of(measure.code, agency)) for measure, agency in of.choices
        ]
        chosen = typed("which_measure")
        body = [
            *([e.warning(f"{e.shortened(warned, 2000)} {words.TYPED_BELOW}")] if warned else []),
            e.heading("Report a figure"),
            e.text(HOW),
            *_owed(of.missing, several),
            e.titled_choices(
                "which_measure",
                [each for n, each in enumerate(choices) if n < most or each[1] == chosen],
                chosen if chosen in {value for _, value in choices} else "",
                required=True,
            ),
            e.line_input("month", typed("month"), required=True, limit=30, hint="2026-10"),
            e.line_input("numerator", typed("numerator"), required=True, limit=20),
            e.line_input("denominator", typed("denominator"), limit=20),
            e.choice_input("figure_status", tuple(FigureStatus), typed("figure_status") or FigureStatus.PROVISIONAL),
            e.line_input("note", typed("note")),
            e.quiet(TYPED),
        ]
        return e.card(body, speak="Report a figure of a measure.", actions=[send], official=True)

    return e.fitted(made)


def _choice(measure: Measure, agency: str, several: bool) -> str:
    name = e.shortened(words.tame(measure.name) or measure.code, NAME_BYTES)
    of = f" ({e.shortened(words.tame(agency), 20)})" if several else ""
    return f"{name}{of}"


def _kept_values(of: Report) -> dict[str, str]:
    code, agency, month = of.chosen
    if not code and of.missing:
        code, agency, month = of.missing[0].code, of.missing[0].agency, str(of.missing[0].month)
    values = {"which_measure": choice_of(code, agency) if code else "", "month": month}
    if of.before is not None and of.before.numerator is not None:
        values["numerator"] = f"{of.before.numerator:f}"
        values["denominator"] = f"{of.before.denominator:f}" if of.before.denominator is not None else ""
        values |= {"figure_status": of.before.status, "note": of.before.note}
    return values


def _owed(missing: Sequence[Awaited], several: bool) -> list[JSON]:
    if not missing:
        return [e.text("Every figure of yours is in.")]
    by = by_agency(missing)
    lines = [
        e.entry(e.shortened(words.tame(code), 20) if several else "Not in yet:", _months(each))
        for code, each in list(by.items())[:NAMED]
    ]
    return [*([e.subheading("Not in yet")] if several else []), *lines]


def reported_card(
    measure: Measure,
    figure: Figure,
    before: Figure | None,
    *,
    missing: Sequence[Awaited],
    in_dialog: bool,
) -> JSON:
    """That a figure is kept: as it was reported, to whoever reported it; what it was, and what is not in yet."""
    month = Month.parse(figure.month)
    kept = f"{told.month_name(month) if month else figure.month}: {_as_reported(measure, figure)}, {figure.status}."
    same = before is not None and _numbers(before) == _numbers(figure)
    body = [
        e.heading("Kept"),
        e.plain("Measure", measure.name or measure.code),
        e.entry(e.shortened(words.tame(figure.agency), 20), kept),
    ]
    if before is not None:
        was = "It was reported like this before." if same else f"It was {_as_reported(measure, before)}."
        more = (
            "" if same else f" It counts as revised ({figure.revisions}); what it was stays in the record's versions."
        )
        body.append(e.text(f"{was}{more}"))
    if _small(measure, figure):
        body.append(e.text("It is small, so nothing that is posted shows it."))
    body += _owed(missing, several=False)
    again = e.submits("Report another", Verb.MEASURE_FORM, in_dialog=in_dialog, checks=False)
    return e.card(body, speak="The figure is kept.", actions=[again], official=True)


def _numbers(figure: Figure) -> tuple[Decimal | None, Decimal | None]:
    return figure.numerator, figure.denominator


def _small(measure: Measure, figure: Figure) -> bool:
    if not has_whole(measure):
        return kind_of(measure) is MeasureKind.COUNT and is_small(figure.numerator)
    part, whole = figure.numerator, figure.denominator
    rest = whole - part if whole is not None and part is not None else None
    return is_small(whole) or (kind_of(measure) is MeasureKind.SHARE and (is_small(part) or is_small(rest)))


def _as_reported(measure: Measure, figure: Figure) -> str:
    part = f"{figure.numerator:,f}" if figure.numerator is not None else "nothing"
    return f"{part} of {figure.denominator:,f}" if figure.denominator is not None else part
