"""Lessons through the real door: raised, disseminated, told once in the month's digest, withdrawn with why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, OBSERVER, STRANGER
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, text_of
from tests.scenarios.test_monthly import run_due, told_of
from tests.teams import find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

RAISED = "lesson Two wards rang two numbers at night; one number for both; bed managers"


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board at the end of October: the first working day of November is Monday the 2nd."""
    async with board_at(tmp_path, provisioned, "2026-10-29T09:30") as story:
        await eventually(lambda: told_of(story) == "2026-09", "September to count as told")
        yield story


async def month_passes(story: ActionStory, instant: str, month: str) -> None:
    """Move the clock, and wait until the month is told of."""
    story.moves_to(instant)
    await eventually(lambda: told_of(story) == month, f"{month} to be told of", 20)


def digests(story: ActionStory) -> list[str]:
    """What the channel was told of lessons, in order."""
    said = [text_of(post.activity) for post in story.teams.posts_in(story.channel)]
    return [each for each in said if "What we learned in" in each]


async def test_a_lesson_from_raised_to_told(board: ActionStory) -> None:
    """It waits for a chair, whom nobody else need be; then every member finds it, and the channel hears once."""
    assert "Kept as L-1" in await board.types(NURSE, RAISED)
    assert "0 lessons." in await board.types(NURSE, "lessons")
    assert "There is no L-1" in await board.types(NURSE, "lesson L-1")
    waiting = await board.types(CHAIR, "lessons")
    assert "1 lesson. 1 lesson waits for a chair." in waiting
    assert "Two wards rang two numbers" in waiting
    assert "It is disseminated" in await board.types(CHAIR, "lesson disseminate L-1")
    (row,) = board.bot.rows("Lessons")
    assert (row["Status"], row["DisseminatedBy"], row["DisseminatedOn"][:10], row["ChangedBy"]) == (
        "Disseminated",
        CHAIR.name,
        "2026-10-29",
        CHAIR.name,
    )
    await board.types(TEAM_OFFICER, "lesson disseminate L-1")
    assert board.bot.rows("Lessons") == [row]
    for person in (NURSE, OBSERVER):
        assert "L-1 · disseminated on 29 October 2026" in await board.types(person, "lessons NIGHT wards")
    assert "0 lessons found." in await board.types(NURSE, "lessons handcuffs")
    assert "Two wards rang two numbers" in await board.types(NURSE, "lessons", board.channel)
    assert digests(board) == []
    await month_passes(board, "2026-11-02T09:00", "2026-10")
    (said,) = digests(board)
    for each in (
        "What we learned in October 2026",
        "Two wards rang two numbers",
        "one number for both",
        "bed managers",
    ):
        assert each in said
    assert CHAIR.name not in said
    await month_passes(board, "2026-12-01T09:00", "2026-11")
    (memory,) = [row for row in board.bot.rows("Events") if row["Key"] == "clock:month"]
    board.bot.change_row("Events", memory["Id"], Value="2026-09")
    await run_due(board, "2026-12-01T09:00")
    assert len(digests(board)) == 1


async def test_a_wrong_lesson_is_taken_back(board: ActionStory) -> None:
    """With a reason; whoever was told hears in the next digest; one that nobody was told of goes quietly."""
    await board.types(NURSE, RAISED)
    await board.types(NURSE, RAISED.replace("Two", "Three"))
    for reference in ("L-1", "L-2"):
        await board.types(CHAIR, f"lesson disseminate {reference}")
    assert "Why is needed" in await board.types(CHAIR, "lesson withdraw L-2")
    assert "holds something that may say who" in await board.types(CHAIR, "lesson withdraw L-2 it was R-14")
    assert "It is withdrawn." in await board.types(TEAM_OFFICER, "lesson withdraw L-2 it was two")
    await month_passes(board, "2026-11-02T09:00", "2026-10")
    assert "Three wards" not in digests(board)[0]
    await board.types(CHAIR, "lesson withdraw L-1 the trust has one number since May")
    assert "0 lessons." in await board.types(NURSE, "lessons")
    assert "was withdrawn, so nobody is told" in await board.types(CHAIR, "lesson disseminate L-1")
    await month_passes(board, "2026-12-01T09:00", "2026-11")
    assert "these no longer hold\nL-1\nthe trust has one number since May" in digests(board)[1]


async def pressed(story: ActionStory, text: str, button: str, **typed: str) -> JSON:
    """Type something as the chair, and press a button of the card that answers, twice; the last answer's card."""
    post = await story.answered(CHAIR, text)
    for _ in range(2):
        _, answer = await story.teams.press(CHAIR, post, find_action(post.card, title=button), typed)
    shown: JSON = answer["value"]
    return shown


async def test_by_buttons(board: ActionStory) -> None:
    """The chair says who should know where nobody did; pressed twice it is disseminated once."""
    await board.types(NURSE, "lesson What happened; what changes")
    assert "Who should know is needed" in await board.types(CHAIR, "lesson disseminate L-1")
    opened = await pressed(board, "lessons", "Open L-1")
    assert "waits for a chair" in text_of(opened).casefold()
    shown = await pressed(board, "lesson L-1", "Disseminate", audience="All wards")
    assert "All wards" in text_of(shown)
    (row,) = board.bot.rows("Lessons")
    assert (row["Status"], row["Audience"]) == ("Disseminated", "All wards")


async def test_who_may_not(board: ActionStory) -> None:
    """A nurse disseminates nothing, a stranger sees nothing, and in a channel nothing is decided."""
    await board.types(NURSE, RAISED)
    before = board.bot.rows("Lessons")
    for person in (NURSE, OBSERVER, STRANGER):
        for text in ("lesson disseminate L-1", "lesson withdraw L-1 wrong"):
            assert "Lesson L-1" not in await board.types(person, text)
    assert "Two wards" not in await board.types(STRANGER, "lessons")
    for text in ("lesson disseminate L-1", "lesson L-1"):
        assert "private chat" in await board.types(CHAIR, text, board.channel)
    assert "Two wards" not in await board.types(CHAIR, "lessons", board.channel)
    assert board.bot.rows("Lessons") == before


async def test_an_edited_row_is_checked_again(board: ActionStory) -> None:
    """Words typed into the list that may say who somebody is keep it back, and a told one out of the digest."""
    await board.types(NURSE, RAISED)
    board.bot.change_row("Lessons", 1, What="PLANTEDWORD of R-14")
    refused = await board.types(CHAIR, "lesson disseminate L-1")
    assert "What happened holds something that may say who somebody is" in refused
    board.bot.change_row("Lessons", 1, What="Two wards")
    await board.types(CHAIR, "lesson disseminate L-1")
    board.bot.change_row("Lessons", 1, What="PLANTEDWORD of R-14")
    await month_passes(board, "2026-11-02T09:00", "2026-10")
    (said,) = digests(board)
    assert "L-1: a chair looks at the words first." in said
    assert "PLANTEDWORD" not in said


async def test_a_month_without_lessons_is_quiet(board: ActionStory) -> None:
    """What waits for a chair is no lesson yet."""
    await board.types(NURSE, RAISED)
    await month_passes(board, "2026-11-02T09:00", "2026-10")
    assert digests(board) == []
