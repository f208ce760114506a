"""The action tracker as an Excel workbook: a summary with charts, and a table that `import` reads back.

Made with openpyxl, which the import reads with. A text that begins like a formula stays a text; what Excel cannot hold
is left out. Nothing is said by colour alone: whatever is coloured has a column that says it in words.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from board.actions import Action
from board.calendar import uk_date
from board.importing.headings import Field
from board.records import Agency
from board.tracker import is_overdue, is_soon, totals
from cards import words
from cards.papers.house import FONT, clean

HEADINGS = (
    *(Field.REFERENCE, Field.WHAT, Field.OWNER, Field.AGENCY, Field.DUE, Field.STATUS, Field.PRIORITY, Field.NOTE),
    *(Field.WHY, Field.SOURCE, Field.PROGRAMME, Field.AGREED, Field.CLOSED),
)
"""The columns of the table, by the names that the import knows them by; one more says how late each is."""

LATE = "How late"
WIDTHS = (11, 48, 22, 10, 13, 20, 12, 40, 34, 12, 20, 13, 13, 14)
"""Columns' widths, in characters."""

FIRST_ROW = 4
"""The row of the headings: a title, when it was made, and a blank row come first."""

MOST = 32_767
"""Characters that a cell of Excel holds."""

TITLE = "Action tracker"
DAY = "dd mmm yyyy"
HEAD, RED, AMBER, GREEN, GREY = "1F4E79", "FCE4E4", "FFF4D6", "E5F3E8", "EEEEEE"


def tracker_workbook(actions: Sequence[Action], agencies: Mapping[str, Agency], made: datetime) -> bytes:
    """The workbook of these actions, the most pressing first; nothing in it is a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - a quarter of a second that no other command needs

    today = uk_date(made)
    book = Workbook()
    core = book.properties
    core.title, core.creator, core.lastModifiedBy, core.category = TITLE, words.BOT_NAME, words.BOT_NAME, words.MARKING
    core.created = core.modified = made.replace(tzinfo=None)
    summary: Any = book.active
    summary.title = "Summary"
    _summarise(summary, actions, agencies, made)
    _list(book.create_sheet("Actions"), sorted(actions, key=lambda each: _order(each, today)), made)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _order(action: Action, today: date) -> tuple[bool, date, int]:
    return (not action.live, action.due or date.max, action.id)


def _list(sheet: Any, actions: Sequence[Action], made: datetime) -> None:
    """The table, with its filters, colours and what is needed to print it."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above
    from openpyxl.worksheet.table import Table, TableStyleInfo  # noqa: PLC0415

    today = uk_date(made)
    _titled(sheet, made)
    heads = [*(each.value for each in HEADINGS), LATE]
    for column, (head, width) in enumerate(zip(heads, WIDTHS, strict=True), start=1):
        _head(sheet.cell(FIRST_ROW, column), head)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, action in enumerate(actions, start=FIRST_ROW + 1):
        values = _values(action, today)
        for column, value in enumerate(values, start=1):
            _put(sheet.cell(number, column), value)
        sheet.row_dimensions[number].height = _height(values)
    last = FIRST_ROW + max(len(actions), 1)
    across = f"A{FIRST_ROW}:{get_column_letter(len(heads))}{last}"
    table = Table(displayName="Actions", ref=across)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    sheet.freeze_panes = sheet.cell(FIRST_ROW + 1, 3)
    _colour(sheet, last)
    _printed(sheet, f"{FIRST_ROW}:{FIRST_ROW}")


def _values(action: Action, today: date) -> list[object]:
    """A row of the table, in the order of the headings."""
    late = (today - action.due).days if is_overdue(action, today) and action.due else 0
    said = f"{words.count(late, 'day')} overdue" if late else "due within a week" if is_soon(action, today) else ""
    return [
        *(action.reference, action.what, action.owner_name, action.agency, action.due, action.status),
        *(action.priority, action.note, action.why, action.source, action.programme),
        *(
            uk_date(action.agreed_on) if action.agreed_on else None,
            uk_date(action.closed_on) if action.closed_on else None,
        ),
        said,
    ]


def _height(values: Sequence[object]) -> float:
    """Points that a row needs for its longest text, ten lines at most: not every program finds that out by itself."""
    texts = zip(values, WIDTHS, strict=True)
    lines = max(sum(1 + len(line) // width for line in str(value or "").split("\n")) for value, width in texts)
    return 13.5 * min(max(lines, 1), 10) + 2


def _head(cell: Any, text: str) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 - as above

    _put(cell, text)
    cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
    cell.fill = PatternFill(start_color=HEAD, end_color=HEAD, fill_type="solid")


def _put(cell: Any, value: object) -> None:
    """Write a value; a text stays one whatever it begins with."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as above

    if isinstance(value, str):
        cell.value = clean(value)[:MOST]
        cell.data_type = "s"
    else:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = DAY
    cell.font = Font(name=FONT, size=10)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _colour(sheet: Any, last: int) -> None:
    """Rows that are late, due soon, blocked and closed; each is said in words in its column too."""
    from openpyxl.formatting.rule import FormulaRule  # noqa: PLC0415 - as above
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    first = FIRST_ROW + 1
    rule: Any = FormulaRule
    rules = (
        (f'ISNUMBER(SEARCH("overdue",$N{first}))', RED),
        (f'$F{first}="Blocked"', GREY),
        (f'$N{first}="due within a week"', AMBER),
        (f'OR($F{first}="Verified",$F{first}="Done")', GREEN),
    )
    for formula, colour in rules:
        fill = PatternFill(start_color=colour, end_color=colour, fill_type="solid")
        sheet.conditional_formatting.add(f"A{first}:N{last}", rule(formula=[formula], fill=fill, stopIfTrue=True))


def _titled(sheet: Any, made: datetime) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 - as above

    sheet["A1"], sheet["A2"] = TITLE, f"{words.MARKING} · made {words.when(made)}"
    sheet["A1"].font = Font(name=FONT, size=16, bold=True, color=HEAD)
    sheet["A2"].font = Font(name=FONT, size=10, bold=True)


def _printed(sheet: Any, titles: str = "") -> None:
    """Across the page, marked at head and foot, the headings on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = words.MARKING
    sheet.oddFooter.right.text = "Page &P of &N"
    if titles:
        sheet.print_title_rows = titles


def _summarise(sheet: Any, actions: Sequence[Action], agencies: Mapping[str, Agency], made: datetime) -> None:
    """What is open, late and to be verified, in figures; then by agency and by status, each with its chart."""
    today = uk_date(made)
    _titled(sheet, made)
    found = totals([each for each in actions if each.live], today)
    facts = (
        *(("Open", found.open), ("Overdue", found.overdue), ("Due within a week", found.soon)),
        *(("Blocked", found.blocked), ("Said to be done, to be verified", found.to_verify)),
        *(("Median age in days", found.median_age), ("Age of the oldest in days", found.oldest_age)),
    )
    row = _block(sheet, FIRST_ROW, ("In all", "Number"), facts)
    by_agency = _by_agency(actions, agencies, today)
    at_agencies = row
    row = _block(sheet, row, ("Agency", "Open", "Overdue"), by_agency)
    statuses = Counter(str(each.status) for each in actions if each.live).most_common()
    at_statuses = row
    _block(sheet, row, ("Status", "Open"), statuses)
    sheet.column_dimensions["A"].width = 44
    if by_agency:
        _chart(
            sheet, "Open and overdue by agency", "F4", row=at_agencies, lines=len(by_agency), series=2, most=found.open
        )
    if statuses:
        _chart(
            sheet,
            "Open by status",
            f"F{8 + 2 * max(len(by_agency), 4)}",
            row=at_statuses,
            lines=len(statuses),
            series=1,
            most=found.open,
        )
    _printed(sheet)


def _by_agency(actions: Sequence[Action], agencies: Mapping[str, Agency], today: date) -> list[tuple[str, int, int]]:
    live = [each for each in actions if each.live]
    opened, late = (
        Counter(each.agency for each in live),
        Counter(each.agency for each in live if is_overdue(each, today)),
    )
    named = {code: agencies[code].name if code in agencies else code or "No agency" for code in opened}
    return sorted(
        ((named[code], opened[code], late[code]) for code in opened), key=lambda each: (-each[2], -each[1], each[0])
    )


def _block(sheet: Any, row: int, heads: Sequence[str], lines: Sequence[Sequence[object]]) -> int:
    """A small table with its headings; returns the row at which the next may begin."""
    for column, head in enumerate(heads, start=1):
        _head(sheet.cell(row, column), head)
    for number, line in enumerate(lines, start=row + 1):
        for column, value in enumerate(line, start=1):
            _put(sheet.cell(number, column), value)
    return row + len(lines) + 2


def _chart(sheet: Any, title: str, at: str, *, row: int, lines: int, series: int, most: int) -> None:
    """Bars, one for each line of a block that begins at `row`, beside it."""
    from openpyxl.chart import BarChart, Reference  # noqa: PLC0415 - as above

    chart = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, title
    chart.height, chart.width = 2.4 + 0.9 * lines, 18
    chart.add_data(
        Reference(sheet, min_col=2, max_col=1 + series, min_row=row, max_row=row + lines), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=row + 1, max_row=row + lines))
    chart.y_axis.majorGridlines = None
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblSkip = 1
    chart.y_axis.number_format, chart.y_axis.majorUnit = "0", max(1, most // 8)
    chart.gapWidth = 60
    if series == 1:
        chart.legend = None
    sheet.add_chart(chart, at)
