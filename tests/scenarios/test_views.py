"""Cards in a channel as each person sees them: what they may do, and no word more than the channel may see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, LAPSED, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER
from tests.scenarios.actions import CASE, CASE_WORDS, ActionStory, board_at
from tests.scenarios.board import JSON, eventually, page, planted_in, text_of
from tests.teams import Person, Post, find_action

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def board(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on a Monday morning."""
    async with board_at(tmp_path_factory.mktemp("views"), provisioned) as story:
        yield story


async def sees(board: ActionStory, person: Person, post: Post) -> JSON:
    """The card as Teams asks for it anew for one person, who pressed nothing; {} where there is none for them."""
    action = post.card["refresh"]["action"]
    activity = board.teams.activity(person, board.channel, "invoke", name="adaptiveCard/action", replyToId=post.id)
    executed = {"type": "Action.Execute", "verb": action["verb"], "data": action["data"]}
    status, answer = await board.teams.deliver({**activity, "value": {"action": executed, "trigger": "automatic"}})
    assert (status, answer["statusCode"]) == (200, 200)
    shown: Any = answer["value"]
    return shown if isinstance(shown, dict) else {}


async def test_a_referral_tells_each_what_it_is_to_them(board: ActionStory) -> None:
    """Awaited, answered, not asked, not entitled; and the post itself is as it was."""
    reference = await board.refer(POLICE)
    post = await board.card_of(reference)
    before = post.edits
    assert "refresh" in post.card
    assert "userIds" not in post.card["refresh"], "Teams asks for everybody where at most sixty read along"

    nurse = await sees(board, NURSE, post)
    assert "Your agency is awaited." in text_of(nurse)
    look = find_action(nurse, title="See who this is, and answer")
    assert "Why do you need" in text_of(page(await board.teams.open(NURSE, look["data"], board.channel)))
    assert "awaited." not in text_of(await sees(board, POLICE, post)).replace("Awaited:", "")
    for person, why in ((LAPSED, "sharing agreement"), (OBSERVER, "")):
        card = await sees(board, person, post)
        assert why in text_of(card)
        assert "See who this is\n" not in text_of(card)
    assert await sees(board, STRANGER, post) == {}

    await board.look_and_answer(NURSE, post, "Known")
    await eventually(lambda: "1 of 3" in text_of(board.teams.posts[post.id].card), "the answer to be counted")
    assert "Your agency has answered." in text_of(await sees(board, NURSE, board.teams.posts[post.id]))
    assert "Your agency is awaited." in text_of(await sees(board, SOCIAL, board.teams.posts[post.id]))
    for person in (NURSE, POLICE, SOCIAL, LAPSED, CHAIR):
        assert planted_in(await sees(board, person, post)) == []
    assert before == 0


async def test_an_action_tells_its_owner_and_a_chair_what_they_can_do(board: ActionStory) -> None:
    """Its words are as in the channel, whoever looks; the button says what opens."""
    reference = await board.add_action(CHAIR, **CASE)
    await board.teams.say(SOCIAL, f"action {reference}", board.channel)
    post = board.teams.last(board.channel)

    owner = await sees(board, NURSE, post)
    assert "This is yours." in text_of(owner)
    opened = find_action(owner, title="Open: acknowledge or update")
    assert "Done" in board.buttons(page(await board.teams.open(NURSE, opened["data"], board.channel)))
    assert find_action(await sees(board, SOCIAL, post), title="Open")
    await board.takes(NURSE, reference, "Done")
    assert find_action(await sees(board, CHAIR, post), title="Open: verify or return to owner")
    assert await sees(board, STRANGER, post) == {}
    for person in (NURSE, CHAIR, SOCIAL, OBSERVER):
        assert planted_in(await sees(board, person, post), CASE_WORDS) == []


async def test_a_view_costs_two_requests_at_most(board: ActionStory) -> None:
    """Sixty people may see a card in one minute."""
    lines = [line for line in board.bot.heard() if re.search(r"did=(referral|action)\.view", line)]
    assert len(lines) >= 10
    assert {re.search(r"requests=(\d+)", line)[1] for line in lines} <= {"1", "2"}  # type: ignore[index]
