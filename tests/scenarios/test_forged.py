"""What no card of ours offers, sent all the same: answered as such, and nothing shown, written or put away by it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.board_people import CHAIR, NURSE, POL, POLICE, STRANGER
from tests.scenarios.board import PLANTED, Story, eventually, planted_in, sentence, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUR_FAULT = "Something went wrong on our side"
LISTS = ("Members", "Agencies", "Settings", "Forums")


def state(story: Story) -> list[Any]:
    """The lists that decide who may do what, row by row with their versions."""
    return [[(r["Id"], r["OData__UIVersionString"]) for r in story.bot.rows(name)] for name in LISTS]


@pytest.mark.parametrize("name", ["composeExtension/queryLink", "signin/verifyState", "fileConsent/invoke", "x"])
async def test_an_invoke_the_bot_does_not_know(story: Story, name: str) -> None:
    """It is said that the bot cannot do that; nothing went wrong, so nobody is told to report it."""
    activity = story.teams.activity(NURSE, story.channel, "invoke", name=name, value={"state": "1"})

    status, answer = await story.teams.deliver(activity)

    assert status == 200
    assert "I cannot do that here" in str(answer), "in the frame that fits what was asked"
    assert OUR_FAULT not in str(answer)


async def test_a_page_of_the_tracker_asked_for_by_message(story: Story) -> None:
    """A client that sends a card's button as a message in a channel is told to go on privately, not that we failed."""
    value = {"verb": "tracker", "do": "tracker", "page": "0"}
    activity = story.teams.activity(NURSE, story.channel, "message", text="", value=value)

    status, _ = await story.teams.deliver(activity)

    assert status == 200
    said = story.teams.last(story.channel).text
    assert "Open a private chat with me" in said
    assert OUR_FAULT not in said


@pytest.mark.parametrize("verb", ["look", "look.submit", "answer", "refer.submit", "refer.more.submit", "action.step"])
async def test_a_private_cards_button_pressed_in_a_channel(story: Story, verb: str) -> None:
    """It is refused before anything is read: no details, no look on record, and no post is marked to be put away."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    looks = len(story.bot.rows("Disclosures"))
    data = {"reference": reference, "key": "c" * 32, "reason": "Preparing for the subgroup", "answer": "Known"}

    _, answer = await story.teams.press(
        NURSE, post, {"verb": verb, "data": {**data, "step": "done", "name": PLANTED[0]}}
    )

    assert "private chat" in sentence(answer)
    assert planted_in(answer) == []
    assert len(story.bot.rows("Disclosures")) == looks
    assert [row for row in story.bot.rows("Posts") if row["Kind"] == "detail"] == []


async def test_a_guess_at_a_used_code_writes_nothing(story: Story) -> None:
    """Once the code is used up there is nothing left to count: anybody could otherwise have a row written at will."""
    before = state(story)

    for _ in range(3):
        await story.teams.say(STRANGER, "setup AAAA-AAAA", story.channel)
        assert "not the set-up code" in story.teams.last(story.channel).text

    assert state(story) == before


@pytest.mark.parametrize("agency", ["MHT", "NEWONE"])
async def test_a_chair_does_not_change_agency_from_an_old_card(story: Story, agency: str) -> None:
    """The set-up card asks once; pressed again with another agency it changes no member and adds no agency."""
    before = state(story)
    post = story.teams.last(story.channel)

    _, answer = await story.teams.press(
        CHAIR, post, {"verb": "setup.agency", "data": {"agency": agency, "agency_name": "Invented"}}
    )

    assert "on record already" in sentence(answer)
    assert state(story) == before


async def test_a_chair_presses_the_same_agency_again(story: Story) -> None:
    """A double click on the set-up card is answered as the first time."""
    before = state(story)

    _, answer = await story.teams.press(
        CHAIR, story.teams.last(story.channel), {"verb": "setup.agency", "data": {"agency": POL.lower()}}
    )

    assert "You are a chair, from Example Police" in text_of(answer["value"])
    assert state(story) == before


async def test_a_name_of_nothing_but_pictures_is_kept(story: Story) -> None:
    """A display name that SharePoint's line could not hold is cut, so that a refused look is still on record."""
    reference = await story.refer(POLICE)
    chat = story.teams.chat(STRANGER)
    activity = story.teams.activity(STRANGER, chat, "message", text=f"look {reference}")
    activity["from"]["name"] = "💥" * 300
    activity["from"]["aadObjectId"] = "00000000-0000-4000-8000-00000000f00d"

    await story.teams.deliver(activity)

    assert "I do not know you" in story.teams.last(chat).text
    (row,) = await eventually(
        lambda: [r for r in story.bot.rows("Disclosures") if r["MemberUserId"].endswith("f00d")], "the refusal"
    )
    assert set(row["MemberName"]) == {"💥"}
