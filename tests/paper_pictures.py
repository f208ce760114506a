"""`make paper-pictures`: the papers of the invented board as pictures in docs/pictures/papers, page by page.

It needs LibreOffice (`soffice`) and poppler (`pdftoppm`), which no test needs.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from board.briefing import Brief
from board.escalation import Rung
from board.measures import SEEDED, awaited, last_month, suppliers
from board.pack import Pack
from board.publishing import Shown, publish
from board.records import Agency
from bot.charting import pictures
from bot.demo_data import PARTNERS
from bot.demo_measures import figures
from cards.papers.brief import brief_paper
from cards.papers.measures import charts
from cards.papers.minutes import minutes_paper
from cards.papers.pack import pack_paper
from cards.papers.tracker import tracker_workbook
from tests.cards import example_board as example

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "papers"
DOTS = "60"
"""Dots per inch: a page can be read, and weighs some twenty kilobytes."""

BRIEF = Brief(
    example.DAY,
    to_verify=("A-104", "A-111"),
    more_time=("A-105",),
    with_chairs=("A-101",),
    overdue=7,
    slipped=(("MHT", 4, 38), ("POL", 2, 12), ("AMB", 1, 3)),
    escalated={Rung.CHAIRS: 1, Rung.LEAD: 3},
    awaited=(("ICB", 4), ("PRO", 2)),
    unsigned=(("P-14.2", ("MHT", "ASC")),),
    without_receipt=("R-31",),
)


def _measures() -> Shown:
    """The measures of the demonstration's fictional partners, two years of them."""
    agencies = {code: Agency(code=code, name=name, kind=kind) for code, name, kind in PARTNERS}
    reported = list(figures(SEEDED, agencies, example.DAY))
    who = {each.code.casefold(): suppliers(each, agencies) for each in SEEDED}
    until = last_month(example.DAY)
    missing = awaited(SEEDED, reported, agencies, example.FORUM, until)
    return Shown(SEEDED, publish(SEEDED, reported, who), until, missing)


async def _with_charts(made: Pack) -> Pack:
    assert made.measures is not None
    wanted = charts(made.measures)
    return replace(made, pictures=dict(zip(wanted, await pictures(list(wanted.values())), strict=True)))


def papers() -> dict[str, bytes]:
    """Each paper by the name of its file."""
    return {
        "pack.docx": pack_paper(asyncio.run(_with_charts(replace(example.pack(), measures=_measures())))),
        "minutes.docx": minutes_paper(example.held(), example.MADE),
        "brief.docx": brief_paper(BRIEF, example.FORUM, "B-7", example.MADE),
        "tracker.xlsx": tracker_workbook(example.actions(), example.AGENCIES, example.MADE),
    }


def main() -> int:
    """Draw them all; 1 where a tool is missing, which is named."""
    for tool, package in (("soffice", "libreoffice-writer and libreoffice-calc"), ("pdftoppm", "poppler-utils")):
        if shutil.which(tool) is None:
            sys.stderr.write(f"{tool} is not here: install {package}.\n")
            return 1
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in papers().items():
            (Path(folder) / name).write_bytes(content)
            _run("soffice", "--headless", "--convert-to", "pdf", name, folder=folder)
            stem = name.partition(".")[0]
            _run("pdftoppm", "-png", "-r", DOTS, f"{stem}.pdf", stem, folder=folder)
        for picture in sorted(Path(folder).glob("*.png")):
            shutil.copy(picture, PICTURES / picture.name)
            sys.stdout.write(f"{picture.name}\n")
    return 0


def _run(*command: str, folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)


if __name__ == "__main__":
    sys.exit(main())
