"""Figures through `python -m bot import`: the published headlines from detentions, and a year of ten agencies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import Workbook, load_workbook

from board.months import Month
from tests.board_people import CHAIR, NURSE
from tests.fixtures import detentions as fixture
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import text_of
from tests.scenarios.test_import import brings_in
from tests.teams import find_action

__all__ = ["provisioned"]

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

TEN = ("POL", "BTP", "MHT", "ASC", "CSC", "AMB", "ICB", "HOS", "FIR", "PRO")


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board of ten agencies in the middle of November 2026. Two forces report section 136."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00") as story:
        there = {row["Agency"] for row in story.bot.rows("Agencies")}
        for code in TEN:
            if code not in there:
                story.bot.add_row("Agencies", Agency=code, AgencyName=f"Example {code}", Open=True)
        for row in story.bot.rows("Measures"):
            if row["Measure"].startswith("s136"):
                story.bot.change_row("Measures", row["Id"], Suppliers="POL; BTP")
            if row["Measure"] in ("training", "conference"):
                story.bot.change_row("Measures", row["Id"], Suppliers="; ".join(TEN))
        await story.opens_a_chat(CHAIR, NURSE)
        yield story


def worked_out() -> dict[str, tuple[float, ...]]:
    """The headlines of the workbook, as LibreOffice worked them out."""
    rows = load_workbook(fixture.WORKBOOK, data_only=True)["Headlines"].iter_rows(min_row=2, values_only=True)
    return {str(row[0]): tuple(float(str(cell or 0)) for cell in row[1:]) for row in rows}


def by_month() -> dict[tuple[str, str], tuple[float, ...]]:
    """Of each force and month: how many, hours, police hours, and within the hour, by the workbook."""
    found = dict[tuple[str, str], tuple[float, ...]]()
    for row in load_workbook(fixture.WORKBOOK, data_only=True)["Months"].iter_rows(min_row=2, values_only=True):
        for n, force in enumerate(fixture.COUNTS):
            cells = row[1 + 4 * n : 5 + 4 * n]
            if any(cells):
                found[force, str(row[0])] = tuple(float(str(cell)) for cell in cells)
    return found


def figures(story: ActionStory) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["Measure"], row["Agency"], row["Month"]): row for row in story.bot.rows("Figures")}


async def test_the_workbook_holds_formulas() -> None:
    """What is expected is worked out in the workbook, from the rows that the files hold."""
    told = load_workbook(fixture.WORKBOOK)
    assert all(str(cell).startswith("=") for row in told["Headlines"]["B2:D4"] for cell in [each.value for each in row])
    rows = fixture.CSV.read_text().splitlines()
    revised = {line.split(",")[0] for line in fixture.REVISED.read_text().splitlines()[1:]}
    ids = {line.split(",")[0] for line in rows[1:]} | revised
    assert ids == {str(row[0]) for row in told["Detentions"].iter_rows(min_row=2, values_only=True)}


async def test_the_published_headlines(board: ActionStory) -> None:
    """Time halved, volume down by a third, hours saved: as the workbook has them, with a month that is missing, one
    that was brought in again, one that was nought and one that is small. The same file again adds nothing."""
    done = brings_in(board.bot, fixture.CSV, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "POL has none in 2025-03: nothing is kept for that" in done.stdout
    assert "in the hour that the clocks repeat" in done.stdout
    assert "Nothing was written." in brings_in(board.bot, fixture.CSV, "--yes").stdout
    before = figures(board)
    assert before["s136", "POL", "2026-08"]["Part"] == fixture.FIRST_TOLD
    again = brings_in(board.bot, fixture.REVISED, "--yes")
    assert "s136 POL 2026-08: 35, final → 37, final" in again.stdout
    assert "0 figures added, 4 revised, 4 were here already." in again.stdout
    await board.types(CHAIR, "measure s136 BTP 2025-10 0 final")
    _holds_what_the_workbook_has(board)
    await _says_what_the_workbook_has(board)


def _holds_what_the_workbook_has(board: ActionStory) -> None:
    kept, expected = figures(board), by_month()
    assert ("s136", *fixture.MISSING) not in kept
    assert {(force, month) for code, force, month in kept if code == "s136"} == expected.keys() | {fixture.NOUGHT}
    for (force, month), (count, hours, police, within) in expected.items():
        assert kept["s136", force, month]["Part"] == count
        time = kept["s136-time", force, month]
        assert (time["Part"], time["Whole"]) == (pytest.approx(hours, abs=0.006), count)
        assert kept["s136-police", force, month]["Part"] == pytest.approx(police, abs=0.006)
        handover = kept["s136-handover", force, month]
        assert (handover["Part"], handover["Whole"]) == (within, count)


async def _says_what_the_workbook_has(board: ActionStory) -> None:
    told = worked_out()
    said = await board.types(NURSE, "measures")
    then, now, percent, _ = told["Detentions"]
    assert round(percent) == -32
    line = f"s136 detentions fell by 32%, from {then:.0f} to {now:.0f} detentions in the year to October 2026"
    assert f"{line} (22 of 24 agencies' months can be compared)." in said
    then, now, percent, _ = told["Mean hours"]
    assert round(percent) == -50
    assert f"Mean time in s136 detention fell by 50%, from {then:.1f} to {now:.1f} hours" in said
    assert "in the year to October 2026: it halved" in said
    then, now, percent, saved = told["Police hours"]
    assert round(saved, -2) == 2500
    assert f"fell by {-percent:.0f}%, from {then:,.0f} to {now:,.0f} hours" in said
    assert f": {saved:,.0f} hours saved" in said
    one = await board.types(NURSE, "measures s136")
    # September 2026: 37 of the police, and three of the transport police that no reader can work out.
    assert "September 2026\n37 · without BTP (small)\n" in one
    assert "March 2025" not in one


HEADINGS = ("Measure", "Agency", "Month", "Number", "Of", "Status", "Note")


def year(path: Path, *bad: tuple[Any, ...]) -> tuple[Path, int]:
    """A workbook with a year of two measures of each of ten agencies, and whatever rows are added."""
    book, number = Workbook(), 0
    sheet = book.active
    assert sheet is not None
    sheet.append(("Fictonshire measures",))
    sheet.append(HEADINGS)
    for n, agency in enumerate(TEN):
        for at, month in enumerate(Month(2026, 10).back(12)):
            sheet.append(("training", agency, month.first if at % 2 else str(month), 5 + n + at, None, "Final", None))
            sheet.append(
                ("Conference attendance", agency, f"{month.first:%B %Y}", 6 + at % 3, 20, "Provisional", "online")
            )
            number += 2
    for row in bad:
        sheet.append(row)
    book.save(path)
    return path, number


BAD = (
    (("traning", "POL", "2026-09", 4, None, "Final", None), "Measure: “traning”: Measure is none of the board's"),
    (("training", "NHSE", "2026-09", 4, None, "Final", None), "Agency: “NHSE”: Agency is no agency that reports"),
    (("training", "POL", "2026-11", 4, None, "Final", None), "Month: “2026-11”: Month is not over yet"),
    (("training", "POL", "Q3", 4, None, "Final", None), "Month: “Q3”: Month is not a month"),
    (("training", "POL", "2014-01", 4, None, "Final", None), "Month: “2014-01”: Month is before 2015"),
    (("training", "POL", "2025-09", -4, None, "Final", None), "Number: “-4”: Number is below nought"),
    (("training", "POL", "2025-09", 4.5, None, "Final", None), "Number: “4.5”: Number is not a whole number"),
    (("training", "POL", "2025-09", "many", None, "Final", None), "Number: “many”: Number is not a number"),
    (("training", "POL", "2025-09", None, None, "Final", None), "Number: Number is needed"),
    (("training", "POL", "2025-09", 4, 9, "Final", None), "Of: “9”: Of is left empty"),
    (("conference", "POL", "2025-09", 4, None, "Final", None), "Of: Of is needed"),
    (("conference", "POL", "2025-09", 24, 20, "Final", None), "Number: “24”: Number is more than the whole"),
    (("training", "POL", "2025-09", 4, None, "Perhaps", None), "Status: “Perhaps”: Status: please choose one of"),
    (("training", "POL", "2025-09", 4, None, "Final", "as in R-14"), "Note: “as in R-14”: Note holds something"),
    (("training", "POL", "2026-10", 9, None, "Final", None), "are on an earlier row already (row 25)"),
)


async def test_a_year_of_ten_agencies(board: ActionStory, tmp_path: Path) -> None:
    """Every bad value is refused by its row and reason and nothing is written; without them all of it is, once."""
    path, number = year(tmp_path / "year.xlsx", *(row for row, _ in BAD))
    done = brings_in(board.bot, path, "--dry-run", "--skip-errors")
    assert done.returncode == 0
    refused = brings_in(board.bot, path)
    assert refused.returncode == 1
    assert f"{len(BAD)} rows have errors, so nothing was written." in refused.stderr
    for at, (_, expected) in enumerate(BAD, start=number + 3):
        assert any(line.startswith(f"  Row {at}, ") and expected in line for line in refused.stdout.splitlines()), at
    assert figures(board) == {}
    assert f"{number} figures added, 0 revised" in brings_in(board.bot, path, "--yes", "--skip-errors").stdout
    assert len(figures(board)) == number
    kept = board.bot.rows("Figures")
    clean, _ = year(tmp_path / "again.xlsx")
    assert "Everything in it is here already." in brings_in(board.bot, clean, "--yes").stdout
    assert board.bot.rows("Figures") == kept
    said = await board.types(NURSE, "measures training")
    assert "October 2026\n205\n" in said  # 5 + 11 of the first agency, one more of each: 16 to 25


@pytest.mark.timeout(180)
async def test_a_year_of_ten_agencies_in_the_form(board: ActionStory) -> None:
    """Month by month for each agency: first refused for a value that cannot be, then kept as it is sent again."""
    post = await board.answered(CHAIR, "measure")
    send = find_action(post.card, title="Keep")
    wrong = ("-4", "many", "4.5", "")
    for n, agency in enumerate(TEN):
        for at, month in enumerate(Month(2026, 10).back(12)):
            values = {"which_measure": f"training {agency}", "month": str(month), "denominator": "", "note": ""}
            values |= {"figure_status": "Final", "numerator": wrong[(n + at) % len(wrong)]}
            _, back = await board.teams.press(CHAIR, post, send, values)
            again = find_action(back["value"], title="Keep")
            _, kept = await board.teams.press(CHAIR, post, again, {**values, "numerator": str(5 + n + at)})
            assert f": {5 + n + at}, Final." in text_of(kept["value"]), (agency, str(month))
    rows = board.bot.rows("Figures")
    assert {(row["Agency"], row["Month"]): row["Part"] for row in rows} == {
        (agency, str(month)): 5 + n + at
        for n, agency in enumerate(TEN)
        for at, month in enumerate(Month(2026, 10).back(12))
    }
    assert {row["Revisions"] or 0 for row in rows} == {0}
    said = await board.types(NURSE, "measures training")
    assert "October 2026\n205\n" in said


async def test_a_column_of_names_is_refused_whole(board: ActionStory, tmp_path: Path) -> None:
    """Whatever stands in it: nothing of the file is read into anything, and nothing is written."""
    path = tmp_path / "named.csv"
    path.write_text("Id,Force,Arrived,Released,Surname\nA1,POL,01/10/2026 10:00,01/10/2026 12:00,Placeholder\n")
    done = brings_in(board.bot, path, "--yes")
    assert done.returncode == 1
    assert "The column “Surname” may say who somebody is." in done.stderr
    assert figures(board) == {}


async def test_nothing_of_a_detention_is_kept(board: ActionStory, tmp_path: Path) -> None:
    """No pseudonym, time or place is in any list afterwards: the month's figures alone."""
    path = tmp_path / "few.csv"
    path.write_text(
        "Id,Force,Place of safety,Arrived,Released,Police hours\n"
        "PLANTED-7,POL,PLANTEDSUITE,01/10/2026 10:07,01/10/2026 12:37,2.25\n"
    )
    assert brings_in(board.bot, path, "--yes").returncode == 0
    for name in ("Figures", "Events", "Measures"):
        assert "PLANTED" not in str(board.bot.rows(name))
    kept = figures(board)
    assert {(code, row["Part"], row["Whole"]) for (code, _, _), row in kept.items()} == {
        ("s136", 1, None),
        ("s136-time", 2.5, 1),
        ("s136-police", 2.25, None),
        ("s136-handover", 0, 1),
    }
