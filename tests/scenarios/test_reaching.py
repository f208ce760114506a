"""People whom the bot cannot write to: their channel mentions them, others hear at once, and the chairs can see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE, TRUST_LEAD
from tests.scenarios.actions import CASE, CASE_WORDS, ActionStory, board_at
from tests.scenarios.board import eventually, planted_in, text_of
from tests.teams import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board at seven on a Monday morning."""
    async with board_at(tmp_path, provisioned) as story:
        yield story


async def channel_says(board: ActionStory, words: str) -> str:
    """The newest post of the channel that says so, once it is there."""

    def there() -> str:
        posts = [text_of(post.activity) for post in board.teams.posts_in(board.channel)]
        return next((said for said in reversed(posts) if words in said), "")

    return str(await eventually(there, words, 15))


async def unreached(board: ActionStory) -> str:
    """What a chair sees; a digest may come beside it."""
    chat = board.teams.chat(CHAIR)
    await board.teams.say(CHAIR, "unreached", chat)
    return [said for post in board.teams.posts_in(chat) if "be reached" in (said := text_of(post.activity))][-1]


async def test_whoever_has_no_chat_is_mentioned_in_the_channel(board: ActionStory) -> None:
    """Once, on the day on which something did not reach them; of what it was about the channel hears nothing."""
    await board.opens_a_chat(CHAIR)
    await board.add_action(CHAIR, **{**CASE, "due": "2026-11-16"})
    board.moves_to("2026-11-16T09:00")
    said = await channel_says(board, "Please open a chat with me")
    assert f"<at>{NURSE.name}</at> (MHT)" in said
    assert planted_in(said, CASE_WORDS) == []
    (post,) = [p for p in board.teams.posts_in(board.channel) if "Please open a chat" in text_of(p.activity)]
    (entity,) = post.card["msteams"]["entities"]
    assert entity["mentioned"] == {"id": NURSE.object_id, "name": NURSE.name}

    told = await unreached(board)
    assert f"MHT · has not opened a chat with me · 1 thing not told in six weeks\n{NURSE.name}" in told
    assert POLICE.name in told, "nothing was to be told to them yet, but nothing could be"
    assert CHAIR.name not in told


async def test_an_immediate_risk_goes_to_who_answers_for_the_agency(board: ActionStory) -> None:
    """At once, to its lead who can be reached, with its number and whose it is."""
    await board.opens_a_chat(CHAIR, TRUST_LEAD)
    reference = await board.add_action(CHAIR, **{**CASE, "priority": "Immediate risk"})
    chat = board.teams.chat(TRUST_LEAD)

    def told() -> str:
        return next(
            (
                said
                for p in board.teams.posts_in(chat)
                if f"Immediate risk: {reference}" in (said := text_of(p.activity))
            ),
            "",
        )

    said = await eventually(told, "the lead to be told", 15)
    assert "I could not tell its owner" in said
    assert NURSE.name in said
    assert planted_in(said, CASE_WORDS) == []


async def test_without_anybody_to_reach_the_channel_hears(board: ActionStory) -> None:
    """Once: its number and whose it is; the words stay where they are."""
    reference = await board.add_action(CHAIR, **{**CASE, "priority": "Immediate risk"})
    said = await channel_says(board, f"Immediate risk: {reference}")
    assert planted_in(said, CASE_WORDS) == []
    posts = [p for p in board.teams.posts_in(board.channel) if "Immediate risk:" in json.dumps(p.activity)]
    assert len(posts) == 1


async def test_what_teams_refuses_is_seen_too(board: ActionStory) -> None:
    """Somebody who took the app away: Teams answers 403, and the chairs see it."""
    await board.opens_a_chat(CHAIR, NURSE)
    await board.add_action(CHAIR, due="2026-11-16", source="R-14")
    board.teams.fail_next(403, 2)
    board.moves_to("2026-11-16T09:00")

    def refused() -> list[str]:
        rows = [row for row in board.bot.rows("Posts") if row["Status"] == "Not delivered"]
        return [row["Failure"] for row in rows if row["Audience"].endswith(NURSE.object_id)]

    (failure,) = await eventually(refused, "the digest to be refused", 15)
    assert "403" in failure
    board.teams.recover()
    assert f"Teams refused the last of it · 1 thing not told in six weeks\n{NURSE.name}" in await unreached(board)


@pytest.mark.parametrize("person", [NURSE, POLICE], ids=lambda person: person.name)
async def test_only_who_runs_the_board_sees_the_list(board: ActionStory, person: Person) -> None:
    """And in private only."""
    assert "Your role does not include that" in await board.types(person, "unreached")
    assert "private chat" in await board.types(CHAIR, "unreached", board.channel)


async def test_a_board_whose_members_are_all_reached_hears_nothing(board: ActionStory) -> None:
    """No post where nothing was missed."""
    await board.opens_a_chat(CHAIR, NURSE)
    await board.add_action(CHAIR, due="2026-11-16")
    board.moves_to("2026-11-16T09:00")
    await channel_says(board, "Actions, Monday 16 November 2026")
    await eventually(
        lambda: [row for row in board.bot.rows("Events") if row["Key"] == "clock:round" and row["Value"]], "the round"
    )
    assert "Please open a chat" not in board.in_the_channel()
