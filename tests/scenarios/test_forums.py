"""Forums beside the board: a channel of their own, their own actions and risks, and a chair who runs that one alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, add_member
from tests.scenarios.actions import ACTION, ActionStory, board_at, provisioned
from tests.scenarios.board import eventually, text_of
from tests.scenarios.test_board import passes
from tests.teams import Person, Place, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEDS_CHAIR = Person("Ola Bedschair")
EAST_CHAIR = Person("Una Eastchair")


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board with two subgroups and a bed call, each with a chair of its own."""
    async with board_at(tmp_path, provisioned, "2026-11-30T07:00", anchor="2027-01-13") as story:
        bot = story.bot
        bot.add_row("Forums", Forum="WEST", ForumName="West subgroup", Kind="Subgroup", Open=True)
        bot.add_row("Forums", Forum="EAST", ForumName="East subgroup", Kind="Subgroup", Open=True)
        bot.add_row("Forums", Forum="BEDS", ForumName="The bed call", Kind="Bed call", Open=True)
        add_member(bot, BEDS_CHAIR, "MHT", "Subgroup chair", Forums="BEDS")
        add_member(bot, EAST_CHAIR, "MHT", "Subgroup chair", Forums="EAST")
        await story.opens_a_chat(CHAIR, NURSE, BEDS_CHAIR, EAST_CHAIR)
        await story.is_known(BEDS_CHAIR, EAST_CHAIR)
        yield story


async def bound(story: ActionStory) -> Place:
    """The bed call's channel, bound by a chair of the board."""
    place = story.teams.channel("beds")
    await story.teams.say(CHAIR, "setup forum BEDS", place)
    assert "This channel is now where The bed call" in text_of(story.teams.last(place).activity)
    return place


async def test_its_channel_is_its_own(board: ActionStory) -> None:
    """What is agreed there is the bed call's, so are the tracker and the register asked for there, and its digest."""
    beds = await bound(board)
    of_board = await board.add_action(due="2026-12-22", what="Of the board")
    await board.teams.say(CHAIR, "add action", beds)
    way_in = find_action(board.teams.last(beds).card, title="Open the form")
    opened = await board.teams.open(CHAIR, way_in["data"], beds)
    send = find_action(opened[1]["task"]["value"]["card"]["content"], title="Add the action")
    await board.teams.submit(CHAIR, send["data"], {**ACTION, "what": "Of the bed call", "due": "2026-12-22"}, beds)
    await eventually(lambda: len(board.bot.rows("Actions")) == 2, "the action")
    row = next(each for each in board.bot.rows("Actions") if each["What"] == "Of the bed call")
    assert row["Forum"] == "BEDS"
    here = await board.types(NURSE, "tracker", beds)
    assert "Of the bed call" in here
    assert "Of the board" not in here
    both = await board.types(NURSE, "tracker")
    assert "Of the bed call" in both
    assert "Of the board" in both
    assert of_board not in await board.types(NURSE, "tracker beds")
    await passes(board, "2026-12-21")
    digests = [text_of(post.activity) for post in board.teams.posts_in(beds) if "Actions," in text_of(post.activity)]
    assert len(digests) == 1
    assert "Of the bed call" in digests[0]
    assert "Of the board" not in digests[0]


async def test_a_chair_runs_their_own_forum(board: ActionStory) -> None:
    """What they agree is their forum's; another subgroup's meeting is not theirs; a chair of the board runs any."""
    reference = await board.add_action(BEDS_CHAIR, due="2026-12-22")
    assert board.action(reference)["Forum"] == "BEDS"
    assert "You chair another forum" in await board.types(BEDS_CHAIR, "subgroup")
    assert "You chair another forum" in await board.types(EAST_CHAIR, "subgroup WEST")
    assert "You chair another forum" not in await board.types(EAST_CHAIR, "subgroup")
    assert "Report to the board" in await board.types(EAST_CHAIR, "report")
    assert "You chair another forum" not in await board.types(CHAIR, "subgroup WEST")


async def test_a_forum_that_is_not_there_is_not_bound(board: ActionStory) -> None:
    """Nor by somebody who is no chair."""
    place = board.teams.channel("nowhere")
    await board.teams.say(CHAIR, "setup forum NOWHERE", place)
    assert "This channel is now" not in text_of(board.teams.last(place).activity)
    await board.teams.say(NURSE, "setup forum BEDS", place)
    assert "This channel is now" not in text_of(board.teams.last(place).activity)
    assert {row["Key"] for row in board.bot.rows("Conversations") if row["Key"].startswith("forum:")} == {"forum:MHRMB"}
