"""The board's calendar through the real door: seen by everybody, moved and cancelled by its chairs, told once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from tests.board_people import CHAIR, NURSE, STRANGER
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import eventually, page, sentence, text_of
from tests.teams import Person, find_action, inputs

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANCHOR = "2026-12-09"
"""A Wednesday; the next boards are on 20 January and 3 March 2027."""


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board whose next meeting is in three weeks and two days."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00", anchor=ANCHOR) as story:
        await story.opens_a_chat(CHAIR, NURSE)
        yield story


def told(story: ActionStory, words: str) -> int:
    """How many posts of the channel say this."""
    return sum(words in text_of(post.activity) for post in story.teams.posts_in(story.channel))


async def passes(story: ActionStory, day: str) -> None:
    """Let a working day's round be done."""
    story.moves_to(f"{day}T08:35")
    await eventually(lambda: story.bot.round_done() == day, day, 20)


async def test_everybody_sees_the_year(board: ActionStory) -> None:
    """The next board with its milestones, and those of a year; a stranger is told whom to ask."""
    said = await board.types(NURSE, "board")
    assert "The next board is on Wednesday 9 December 2026 at 10:00." in said
    assert "Outstanding actions go to every agency\nWednesday 25 November 2026" in said
    assert "Wednesday 20 January 2027\n as planned" in said
    assert "board move" not in said
    assert "board move" in await board.types(CHAIR, "board")
    assert "The next board" not in await board.types(STRANGER, "board")


def _file(story: ActionStory) -> str:
    """The calendar that members add to their own."""
    path = "web/getFileByServerRelativeUrl('BoardPapers/board 1.ics')/$value"
    answer = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10)
    return answer.content.decode().replace("\r\n ", "")


async def test_its_calendar_can_be_added_to_ones_own(board: ActionStory) -> None:
    """Made with the day's round, put right as soon as a board moves, and made no more often than it changes."""
    await passes(board, "2026-11-16")
    assert "BoardPapers/board 1.ics" in await board.types(NURSE, "board")
    assert "DTSTART:20261209T100000Z" in _file(board)
    await board.types(CHAIR, "board move 2026-12-09 2026-12-16 the chairs are away")
    await eventually(lambda: sum(row["Key"].startswith("calendar/") for row in board.bot.rows("Events")) == 2, "filed")
    moved = _file(board)
    assert "DTSTART:20261216T100000Z" in moved
    assert "Moved from Wednesday 9 December 2026: the chairs are away." in moved
    await passes(board, "2026-11-17")
    await passes(board, "2026-11-18")
    assert sum(row["Key"].startswith("calendar/") for row in board.bot.rows("Events")) == 2


async def test_a_board_is_moved_and_told_once(board: ActionStory) -> None:
    """Its reminders follow, the channel hears once, the record says why; moved twice it is one board still."""
    kept = await board.types(CHAIR, "board move 9 December 2026 to 16 December 2026: the chairs are away")
    assert "moved to Wednesday 16 December 2026" in kept
    (row,) = board.bot.rows("Meetings")
    assert (row["Key"], row["HeldOn"][:10], row["Why"]) == (
        "meeting:MHRMB:2026-12-09",
        "2026-12-16",
        "the chairs are away",
    )
    assert row["ChangedBy"] == CHAIR.name
    assert "Moved from Wednesday 9 December 2026\n the chairs are away" in await board.types(NURSE, "board")
    await passes(board, "2026-11-16")
    await passes(board, "2026-11-17")
    assert told(board, "is moved: it meets on Wednesday 16 December 2026 at 10:00") == 1
    assert "moved to Thursday 17 December 2026" in await board.types(
        CHAIR, "board move 2026-12-16 2026-12-17 again away"
    )
    assert len(board.bot.rows("Meetings")) == 1
    for day in ("2026-11-25", "2026-12-03", "2026-12-08", "2026-12-09", "2026-12-16", "2026-12-17"):
        await passes(board, day)
    # Working days before Thursday 17 December: the 3rd (10), the 16th (1). Of 26 November (15) the call is told late.
    assert told(board, "The board meets on Thursday 17 December 2026") == 3, "the call, ten days before, and the eve"
    assert told(board, "The board meets today, Thursday 17 December 2026") == 1
    assert told(board, "9 December 2026 at 10:00") == 0


async def test_a_board_is_cancelled(board: ActionStory) -> None:
    """It is told once and has no reminders; the next is the next one; it can be held again."""
    assert "is cancelled" in await board.types(CHAIR, "board cancel 2026-12-09 too few can come")
    said = await board.types(NURSE, "board")
    assert "The next board is on Wednesday 20 January 2027" in said
    assert "Wednesday 9 December 2026\n cancelled: too few can come" in said
    for day in ("2026-11-16", "2026-11-25", "2026-12-08", "2026-12-09"):
        await passes(board, day)
    assert told(board, "The board of Wednesday 9 December 2026 is cancelled.") == 1
    assert told(board, "The board meets") == 0
    board.moves_to("2026-12-01T10:00")
    await board.types(CHAIR, "board move 2026-12-09 2026-12-09 they can after all")
    assert "The next board is on Wednesday 9 December 2026" in await board.types(NURSE, "board")


async def test_the_tracker_counts_from_the_last_board_that_was_held(board: ActionStory) -> None:
    """The board of 28 October gave way: what was agreed and closed is counted from that of 16 September on."""
    await board.add_action()
    assert "28 October 2026" in await board.types(CHAIR, "tracker")
    board.bot.add_row(
        "Meetings", Key="meeting:MHRMB:2026-10-28", Forum="MHRMB", HeldOn="2026-10-28T12:00:00Z", Status="Cancelled",
        Kind="Board",
    )  # fmt: skip
    said = await board.types(CHAIR, "tracker")
    assert "16 September 2026" in said
    assert "28 October 2026" not in said


async def test_the_chair_s_brief_comes_on_the_eve(board: ActionStory) -> None:
    """Once, to the chair alone, with references and counts; whoever chairs asks for it at any time."""
    reference = await board.add_action(due="2026-11-20", source="B-7")
    case = await board.refer(NURSE)
    await board.types(NURSE, f"more time {reference} 2027-01-29 the ward is shut")
    await passes(board, "2026-12-07")
    assert not briefs(board, CHAIR)
    for day in ("2026-12-08", "2026-12-09"):
        await passes(board, day)
    (told_,) = briefs(board, CHAIR)
    assert "The board of Wednesday 9 December 2026:" in told_
    assert f"More time is asked for\n {reference}" in told_
    assert "1 action overdue\n MHT 1 (longest 18 days)" in told_
    assert "Answers awaited\n ASC on 1 case, HOU on 1 case, POL on 1 case" in told_
    assert case not in told_
    assert briefs(board, NURSE) == []
    assert "CasePapers/B-1/B-1 brief.docx" in told_
    assert "B-1 brief.docx" in await board.makes(CHAIR, "brief document")
    assert "Decisions needed" in await board.types(CHAIR, "brief")
    assert "Decisions needed" not in await board.types(NURSE, "brief")


async def test_a_brief_asks_little(board: ActionStory) -> None:
    """Four requests at most, members' lists among them, however much is overdue, open and in use."""
    for _ in range(3):
        await board.add_action(due="2026-11-20", source="B-7")
        await board.refer(NURSE)
    board.moves_to("2026-12-01T09:00")
    since = len(board.bot.heard())
    assert "3 actions overdue" in await board.types(CHAIR, "brief")
    turns = [line for line in board.bot.heard()[since:] if " turn kind=message" in line]
    spent = [int(found[1]) for line in turns if (found := re.search(r"requests=(\d+)", line))]
    assert spent
    assert max(spent) <= 4


async def test_a_brief_does_not_wait_for_its_library(board: ActionStory) -> None:
    """Where it cannot be filed it comes all the same; asked for as a page, the chair hears that there is none now."""
    board.bot.control("POST", "/__faults", {"match": "POST .*CasePapers", "status": 400, "share": 1.0})
    await passes(board, "2026-12-08")
    (told_,) = briefs(board, CHAIR)
    assert "The board of Wednesday 9 December 2026:" in told_
    assert ".docx" not in told_
    assert "Decisions needed" not in await board.makes(CHAIR, "brief document")
    board.bot.control("DELETE", "/__faults")
    assert "CasePapers/B-1/B-1 brief.docx" in await board.makes(CHAIR, "brief document")
    assert "Decisions needed" not in await board.types(NURSE, "brief document")


def briefs(story: ActionStory, person: Person) -> list[str]:
    """The briefs in somebody's chat."""
    said = [text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person))]
    return [each for each in said if "Your brief" in each]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("board move 2026-12-09", "The new day"),
        ("board move", "Which board"),
        ("board move 2026-12-09 2026-12-12 because", "is a weekend or a bank holiday"),
        ("board move 2026-12-09 2027-01-20 because", "is the day of another board"),
        ("board move 2026-12-09 2026-12-16", "Why"),
        ("board cancel 2026-12-10 because", "Which board"),
        ("board cancel 2026-12-09", "Why"),
    ],
)
async def test_what_is_not_understood_changes_nothing(board: ActionStory, typed: str, answer: str) -> None:
    """Each mistake is named by its field."""
    assert answer in await board.types(CHAIR, typed)
    assert board.bot.rows("Meetings") == []


async def test_who_may_not(board: ActionStory) -> None:
    """A nurse moves no board, and in a channel nobody does."""
    assert "Your role does not include" in await board.types(NURSE, "board cancel 2026-12-09 because")
    await board.teams.say(CHAIR, "board cancel 2026-12-09 because", board.channel)
    assert board.bot.rows("Meetings") == []


async def test_a_chair_moves_a_board_in_a_form(tmp_path: Path, provisioned: Path) -> None:
    """From the calendar's card: what is wrong comes back as typed, and pressed twice it is one move."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00", anchor="2026-12-09") as board:
        card = (await board.answered(CHAIR, "board")).card
        opened = find_action(card, title="Move or cancel a board")["data"]
        chat = board.teams.chat(CHAIR)
        form = page(await board.teams.open(CHAIR, opened, chat))
        send = find_action(form, title="Save")["data"]
        values = {"board": "2026-12-09", "step": "Move it", "board_day": "2026-12-25", "why": "The chair is away"}
        back = page(await board.teams.submit(CHAIR, send, values, chat))
        assert "bank holiday" in text_of(back)
        assert inputs(back)["why"]["value"] == "The chair is away"
        missing = page(await board.teams.submit(CHAIR, send, {**values, "board_day": "", "why": ""}, chat))
        assert "The new day is needed." in text_of(missing)
        assert "Why is needed." in text_of(missing)
        for _ in range(2):
            kept = page(await board.teams.submit(CHAIR, send, {**values, "board_day": "2026-12-16"}, chat))
            assert "16 December 2026" in text_of(kept)
            values["board"] = "2026-12-16"
        (row,) = board.bot.rows("Meetings")
        assert (row["HeldOn"], row["ChangeReason"]) == ("2026-12-16T12:00:00Z", "moved")
        _, refused = await board.teams.submit(NURSE, send, values, board.teams.chat(NURSE))
        assert "Your role does not include that" in sentence(refused)
        cancel = {**values, "step": "Cancel it", "board_day": ""}
        assert "cancelled" in text_of(page(await board.teams.submit(CHAIR, send, cancel, chat)))
        (row,) = board.bot.rows("Meetings")
        assert row["Status"] == "Cancelled"
