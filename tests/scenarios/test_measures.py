"""Measures through the real door: reported, revised, shown to everybody without what is small, and told as missing."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from docx import Document

from board.months import Month
from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER, TRUST_LEAD
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import text_of
from tests.scenarios.test_board import passes, told
from tests.scenarios.test_pack import file_of
from tests.teams import find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board in the middle of November 2026 whose agencies are of their kinds."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00") as story:
        await kinds_are_set(story)
        yield story


@pytest_asyncio.fixture(loop_scope="module")
async def eve(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """The same board at the end of November, seven working days before it meets."""
    async with board_at(tmp_path, provisioned, "2026-11-26T07:00", anchor="2026-12-09") as story:
        await kinds_are_set(story)
        yield story


async def kinds_are_set(story: ActionStory) -> None:
    """An administrator says what each agency is, by which the measures name who reports them."""
    kinds = {"POL": "Police", "MHT": "Mental health trust", "ASC": "Adult social care"}
    for row in story.bot.rows("Agencies"):
        if row["Agency"] in kinds:
            story.bot.change_row("Agencies", row["Id"], Kind=kinds[row["Agency"]])
    await story.opens_a_chat(CHAIR, NURSE, POLICE, SOCIAL, TRUST_LEAD)
    said = ""
    while not all(f"{code}\n" in said for code in kinds):  # until the feed has brought the kinds
        said = await story.types(CHAIR, "measures missing")
        await asyncio.sleep(0.2)


def figures(story: ActionStory) -> list[tuple[Any, ...]]:
    """What the list holds of each figure."""
    names = ("Measure", "Agency", "Month", "Part", "Whole", "Status", "Revisions")
    return [tuple(row[name] for name in names) for row in story.bot.rows("Figures")]


async def in_channel(story: ActionStory, said: str) -> str:
    """What the channel is shown."""
    await story.teams.say(NURSE, said, story.channel)
    return text_of(story.teams.last(story.channel).activity)


async def test_reported_shown_and_compared(board: ActionStory) -> None:
    """An officer reports this October and the last; everybody sees the change by arrow, words and meaning."""
    assert "October 2026: 41, Provisional." in await board.types(POLICE, "measure s136 2026-10 41")
    await board.types(POLICE, "measure s136 october 2025 60 final; from the old system")
    said = await in_channel(board, "measures")
    line = "41 detentions · provisional · ↓ 32% lower than a year before (60): better"
    assert f"s136 detentions\n {line}" in said
    assert "OFFICIAL-SENSITIVE" not in said
    assert "Never reported\n s136-time, s136-police" in said
    assert figures(board) == [
        ("s136", "POL", "2026-10", 41, None, "Provisional", 0),
        ("s136", "POL", "2025-10", 60, None, "Final", 0),
    ]
    one = await board.types(OBSERVER, "measures s136")
    assert "October 2025\n60\n" in one
    assert "September 2026\nnot reported\n" in one


async def test_a_revision_keeps_what_was(board: ActionStory) -> None:
    """The same again changes nothing; another number counts as revised, is said to be, and the version before stays."""
    await board.types(POLICE, "measure s136 2026-10 41")
    before = board.bot.rows("Figures")
    assert "It was reported like this before." in await board.types(POLICE, "measure s136 2026-10 41")
    assert board.bot.rows("Figures") == before
    assert "It was 41. It counts as revised (1)" in await board.types(CHAIR, "measure s136 2026-10 38 final")
    assert figures(board) == [("s136", "POL", "2026-10", 38, None, "Final", 1)]
    assert board.bot.rows("Figures")[0]["ChangedBy"] == CHAIR.name
    assert [version["Part"] for version in board.bot.versions("Figures", 1)] == [38, 41]
    assert "38 detentions · revised" in await board.types(NURSE, "measures")


async def test_a_small_number_is_kept_and_never_posted(board: ActionStory) -> None:
    """Its reporter sees it, and that it will not be shown; no card tells it, nor hours about so few."""
    assert "It is small" in await board.types(POLICE, "measure s136 2026-10 3")
    await board.types(POLICE, "measure s136-police 2026-10 17.25")
    await board.types(POLICE, "measure s136-handover 2026-10 38/41")
    for asked in ("measures", "measures s136", "measures s136-police", "measures s136-handover"):
        said = await in_channel(board, asked)
        assert not {"17.25", "17", "38", "93"} & set(said.replace("(", " ").replace("%", " ").split())
    assert "a small number, not shown ·" in await in_channel(board, "measures")
    assert "not shown: about too few people ·" in await in_channel(board, "measures")


async def test_the_form_shows_what_was_reported_to_its_reporters_alone(board: ActionStory) -> None:
    """It is filled with the number as it is, small ones too: not for another agency's people, however they ask."""
    await board.types(POLICE, "measure s136 2026-10 3 provisional; three on one night")
    assert "three on one night" in json.dumps((await board.answered(POLICE, "measure s136 2026-10")).card)
    for typed in ("measure s136 2026-10", "measure s136 POL 2026-10", "measure s136 pol october 2026"):
        shown = await board.answered(NURSE, typed)
        assert "Your agency does not report that" in text_of(shown.activity)
        assert "three on one night" not in json.dumps(shown.activity)


async def test_a_zero_base(board: ActionStory) -> None:
    """None a year before is no comparison; nothing reported a year before is another thing."""
    await board.types(POLICE, "measure firearms 2026-10 7")
    assert "not reported a year before" in await board.types(NURSE, "measures")
    await board.types(POLICE, "measure firearms 2025-10 0")
    assert "7 licences · provisional · no comparison: none a year before" in await board.types(NURSE, "measures")


async def test_only_who_supplies_it_reports(board: ActionStory) -> None:
    """Another agency's representative, an observer and a stranger do not; a chair does for anybody."""
    assert "Your agency does not report that" in await board.types(NURSE, "measure s136 2026-10 41")
    assert "Observers see no case" in await board.types(OBSERVER, "measure s136 2026-10 41")
    assert "do not know you" in await board.types(STRANGER, "measures")
    assert figures(board) == []
    await board.types(CHAIR, "measure beds 2026-10 12")
    assert figures(board) == [("beds", "MHT", "2026-10", 12, None, "Provisional", 0)]


async def test_what_is_not_taken(board: ActionStory) -> None:
    """The form comes back with a sentence for each; an unknown code names those there are; nothing is kept."""
    assert "Month is not over yet" in await board.types(POLICE, "measure s136 2026-11 4")
    assert "is not a number" in await board.types(POLICE, "measure s136 2026-10 lots")
    assert "is needed: a share or an average" in await board.types(POLICE, "measure s136-handover 2026-10 30")
    assert "There is no measure of that code. There are: s136, s136-time" in await board.types(
        POLICE, "measure s163 2026-10 4"
    )
    assert "There is no measure of that code" in await board.types(NURSE, "measures s163")
    await board.teams.say(POLICE, "measure s136 2026-10 41", board.channel)
    assert "private chat" in text_of(board.teams.last(board.channel).activity)
    assert figures(board) == []


async def test_the_form(board: ActionStory) -> None:
    """It opens on what is missing first; what is wrong comes back as it was typed; sent twice it is kept once."""
    post = await board.answered(POLICE, "measure")
    send = find_action(post.card, title="Keep")
    values = {
        "which_measure": "s136 POL",
        "month": "Oct 2026",
        "numerator": "-2",
        "denominator": "",
        "figure_status": "Final",
        "note": "",
    }
    _, back = await board.teams.press(POLICE, post, send, values)
    assert "is below nought" in text_of(back["value"])
    again = find_action(back["value"], title="Keep")
    for _ in range(2):
        _, kept = await board.teams.press(POLICE, post, again, {**values, "numerator": "41"})
        assert "October 2026: 41, Final." in text_of(kept["value"])
    assert figures(board) == [("s136", "POL", "2026-10", 41, None, "Final", 0)]


async def test_what_is_missing(board: ActionStory) -> None:
    """A month between two that were reported, and the last; nobody is asked for years before their first."""
    for month in ("2026-07", "2026-09"):
        await board.types(POLICE, f"measure s136 {month} 40")
    said = await in_channel(board, "measures missing")
    assert "s136 (Aug 26, Oct 26)" in said
    assert "MHT\n assaults (Oct 26), beds (Oct 26)" in said
    assert "POL\n s136 (Aug 26, Oct 26)" in await board.types(NURSE, "measures")


async def test_what_is_due_before_a_board(eve: ActionStory) -> None:
    """Seven working days before it, whoever answers for an agency is asked for its figures, once; the channel sees how
    many each owes. What was reported is not asked for."""
    await eve.types(POLICE, "measure s136 2026-09 41")
    await eve.types(TRUST_LEAD, "measure beds 2026-10 12")
    for day in ("2026-11-27", "2026-11-30", "2026-12-01"):
        await passes(eve, day)
    asked = [
        text_of(post.activity)
        for post in eve.teams.posts_in(eve.teams.chat(TRUST_LEAD))
        if "Your agency's measures" in text_of(post.activity)
    ]
    assert len(asked) == 1
    assert "The board meets on Wednesday 9 December 2026, and" in asked[0]
    assert "assaults (Oct 26)" in asked[0]
    assert "beds" not in asked[0]
    assert told(eve, "Figures of measures not in yet: ASC") == 1


async def test_the_pack_holds_the_measures(eve: ActionStory) -> None:
    """A chapter with the year in a sentence, a chart with its words, and the table; nothing small in any of them."""
    for at, month in enumerate(Month(2026, 10).back(24)):
        await eve.types(POLICE, f"measure s136 {month} {60 if at < 12 else 3 if at == 20 else 30} final")
    assert "pack draft.docx" in await eve.makes(CHAIR, "pack draft")
    document: Any = Document(io.BytesIO(file_of(eve, "pack draft", "CasePapers") or b""))
    text = "\n".join(each.text for each in document.paragraphs)
    assert "s136 detentions fell by 50%, from 660 to 330 detentions in the year to October 2026" in text
    assert "(11 of 12 months can be compared)" in text
    (picture,) = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert "Jun 30, Jul no number, Aug 30" in picture
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert cells[cells.index("s136 detentions") :][:4] == [
        "s136 detentions",
        "Oct 26",
        "30 detentions",
        "↓ 50% lower (60): better",
    ]
