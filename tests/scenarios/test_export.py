"""The tracker as a workbook: from the command line and from a chat, and brought in again as the same actions."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Any

import pytest
import requests
from openpyxl import load_workbook

from tests.board_people import CHAIR, NURSE
from tests.scenarios.actions import CASE, CASE_WORDS, ActionStory, board_at, provisioned, run_command
from tests.scenarios.board import eventually, planted_in

__all__ = ["provisioned"]

KEPT = (
    "What",
    "Why",
    "OwnerName",
    "OwnerUserId",
    "Agency",
    "DueDate",
    "Status",
    "Priority",
    "Source",
    "Programme",
    "Note",
)


def kept(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a person minds of actions, in the order of their words; what an import says of the earlier number apart."""
    said = [{**row, "Why": (row["Why"] or "").split("\nReference in the earlier tracker")[0]} for row in rows]
    return sorted(tuple(row[name] or "" for name in (*KEPT, "Open")) for row in said)


def beside(story: ActionStory, *arguments: str) -> Any:
    """Run a command beside the running bot, against the same SharePoint."""
    settings = {"MHRMB_SHAREPOINT_PORT": str(story.bot.sharepoint_port), **story.bot.settings}
    return run_command(*arguments, data_dir=story.bot.data_dir, **settings)


async def filled(story: ActionStory) -> None:
    """Three actions of the board's, one of them done, and one that comes from a case."""
    await story.opens_a_chat(NURSE)
    case = await story.refer(CHAIR)
    references = [
        await story.add_action(what=f"Agree protocol {n}\nwith both wards", due=f"2026-12-0{n}") for n in (1, 2, 3)
    ]
    await story.add_action(**{**CASE, "source": case})
    await story.types(NURSE, f"done {references[0]} agreed on Monday")
    await story.types(CHAIR, f"verify {references[0]}")
    await eventually(lambda: all(row["Reference"] for row in story.bot.rows("Actions")), "the numbers")


@pytest.mark.long
async def test_what_is_exported_comes_back_the_same(tmp_path: Path, provisioned: Path) -> None:
    """Into another board it is the same actions; into the same one it adds nothing; no file is written over."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    file = tmp_path / "tracker.xlsx"
    async with board_at(tmp_path / "one", provisioned) as story:
        await filled(story)
        done = beside(story, "export", "tracker", str(file))
        assert done.returncode == 0, done.stderr
        assert "4 actions, 3 open" in done.stdout
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, "it holds words of cases"
        before = story.bot.rows("Actions")
        again = beside(story, "import", str(file), "--yes")
        assert again.returncode == 0, again.stderr
        assert "4 of them are here already and stay as they are; 0 are new." in again.stdout
        assert story.bot.rows("Actions") == before
        refused = beside(story, "export", "tracker", str(file))
        assert (refused.returncode, "is there already" in refused.stderr) == (1, True)
        wrong = beside(story, "export", "tracker", str(tmp_path / "tracker.doc"))
        assert (wrong.returncode, "is not the name of a workbook" in wrong.stderr) == (1, True)
    async with board_at(tmp_path / "two", provisioned) as other:
        done = beside(other, "import", str(file), "--yes")
        assert done.returncode == 0, done.stderr
        assert kept(other.bot.rows("Actions")) == kept(before)


async def test_in_a_chat_it_holds_no_word_of_a_case(tmp_path: Path, provisioned: Path) -> None:
    """A chair gets it in the library of board papers, what comes from a case as an outline; others do not get it."""
    async with board_at(tmp_path, provisioned) as story:
        await filled(story)
        said = await story.types(CHAIR, "export tracker")
        name = "tracker 2026-11-16.xlsx"
        assert f"BoardPapers/{name}" in said
        assert "1 action comes from a case" in said
        path = f"web/getFileByServerRelativeUrl('BoardPapers/{name}')/$value"
        content = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10).content
        sheet = load_workbook(io.BytesIO(content))["Actions"]
        cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        assert any("Agree protocol 2" in cell for cell in cells)
        assert any(cell.startswith("An action from a case") for cell in cells)
        assert planted_in("\n".join(cells), CASE_WORDS) == []
        assert f"BoardPapers/{name}" in await story.types(CHAIR, "export tracker"), "made anew on the same day"
        assert "BoardPapers/" not in await story.types(NURSE, "export tracker")
        assert "BoardPapers/" not in await story.types(CHAIR, "export everything")


@pytest.mark.parametrize("arguments", [("export",), ("export", "cases", "x.xlsx"), ("export", "tracker")])
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """What is not understood is exit code 2 with how it is used."""
    done = run_command(*arguments, data_dir=tmp_path)
    assert (done.returncode, "usage:" in done.stderr) == (2, True)
