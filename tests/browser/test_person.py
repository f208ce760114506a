"""A person types, clicks, fills in and sees the card change: the running bot through a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE
from tests.browser.chat import Chat, Hands
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import eventually

__all__ = ["provisioned"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def board(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A small board on a Monday morning."""
    async with board_at(tmp_path_factory.mktemp("person"), provisioned) as story:
        yield story


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chat(board: ActionStory) -> AsyncIterator[Chat]:
    """The page beside its Teams."""
    async with Chat(board.teams) as serving:
        yield serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hands() -> AsyncIterator[Hands]:
    """One browser for all; everybody sits down at it in turn."""
    async with Hands() as made:
        yield made


async def test_a_nurse_answers_after_a_look(board: ActionStory, chat: Chat, hands: Hands) -> None:
    """In the channel: see who it is, say why, *Not known* in one tap, and the channel's card counts the answer."""
    reference = await board.refer(POLICE)
    await board.card_of(reference)
    await hands.sits_down(chat.seat(NURSE, board.channel))
    await hands.reads("0 of 3 agencies answered")
    assert "Zebedee" not in hands.said, "the channel names nobody"

    await hands.clicks("See who this is")
    await hands.chooses("Why you need to see this", "Checking our records to answer")
    await hands.clicks("Show me")
    await hands.reads("Zebedee Planted")
    await hands.clicks("Not known")
    await hands.reads("is kept. Thank you.")
    await hands.clicks("Close")

    await hands.reads("1 of 3 agencies answered")
    assert "Zebedee" not in hands.said
    (answer,) = board.bot.rows("Returns")
    assert (answer["Agency"], answer["Answer"]) == ("MHT", "Not known")


async def test_an_action_is_added_and_done(board: ActionStory, chat: Chat, hands: Hands) -> None:
    """A chair is told beside the fields what is missing, loses nothing, and adds it; its owner says that it is done."""
    await hands.sits_down(chat.seat(CHAIR, board.teams.chat(CHAIR)))
    await hands.types("add action")
    await hands.clicks("Open the form")
    await hands.fills(Why="Two wards ring two numbers")
    await hands.clicks("Add the action")
    await hands.reads("What is to be done is needed.")
    await hands.reads("Owner is needed.")
    await hands.fills(What_is_to_be_done="Agree one number", Where_it_comes_from="B-7", Due="2020-01-01")
    await hands.chooses("Owner", "Cy Nurse (MHT)")
    await hands.clicks("Add the action")
    await hands.reads("Due is in the past.")
    assert await hands.holds("What is to be done") == "Agree one number"
    assert await hands.holds("Why") == "Two wards ring two numbers"
    await hands.fills(Due="2026-11-27")
    await hands.clicks("Add the action")
    await hands.reads("Kept as A-1.")

    await hands.sits_down(chat.seat(NURSE, board.teams.chat(NURSE)))
    await hands.types("home")
    await hands.reads("Agree one number")
    await hands.clicks("Open A-1")
    await hands.fills(Note="All wards have it")
    await hands.clicks("Done")
    await hands.reads("Kept as done. A chair will verify it.")
    await hands.reads("Done, to be verified")
    row = board.action("A-1")
    assert (row["Status"], row["Note"]) == ("Done, to be verified", "All wards have it")


async def test_a_referral_by_keyboard_alone(board: ActionStory, chat: Chat, hands: Hands) -> None:
    """Nothing but keys: the form is opened, filled in reading order, sent, and its receipt read."""
    before = len(board.bot.rows("Referrals"))
    await hands.sits_down(chat.seat(POLICE, board.teams.chat(POLICE)))
    await hands.tabs_to("Type a message")
    await hands.writes("refer")
    await hands.presses("Enter")
    await hands.reads("Make a referral")
    await hands.presses("Shift+Tab")
    await hands.tabs_to("Open the form")
    await hands.presses("Enter")
    await hands.reads("Name of the person")
    await hands.tabs_to("Name of the person")
    await hands.writes("Zebedee Planted")
    assert await hands.tabs_to("Kind of concern") > 0
    await hands.writes("Fire")
    assert await hands.tabs_to("Immediate (today)") == 1
    await hands.presses("ArrowDown", "ArrowDown")
    assert await hands.tabs_to("What, to whom, how soon, why now") == 1
    await hands.writes("PLANTEDWHY by keyboard")
    await hands.tabs_to("Send the referral")
    await hands.presses("Enter")
    await hands.reads("kept as R-")
    await hands.presses("Escape")

    rows = await eventually(lambda: board.bot.rows("Referrals")[before:], "the referral")
    kept = [(row["Concern"], row["Urgency"], row["WhyNow"]) for row in rows]
    assert kept == [("Fire setting", "Routine (the next subgroup)", "PLANTEDWHY by keyboard")]
