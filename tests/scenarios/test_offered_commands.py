"""Every command that the app package offers is answered where it is offered."""

from __future__ import annotations

import pytest

from manifest.offered import PERSONAL, TEAM, offers
from tests.board_people import CHAIR, NURSE
from tests.scenarios.board import Story, text_of
from tests.teams import Person, Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOST = "did not understand"
OFFERED = [(scope, offer.title) for scope in (TEAM, PERSONAL) for offer in offers(scope)]


async def answer_to(story: Story, person: Person, typed: str, place: Place) -> str:
    """Everything the bot posted where something was typed."""
    before = len(story.teams.posts_in(place))
    status, _ = await story.teams.say(person, typed, place)
    assert status == 200
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(place)[before:])


@pytest.mark.parametrize("person", [CHAIR, NURSE], ids=["chair", "nurse"])
@pytest.mark.parametrize(("scope", "title"), OFFERED, ids=[" ".join(each) for each in OFFERED])
async def test_it_is_answered(story: Story, scope: str, title: str, person: Person) -> None:
    """A chair and a nurse who pick it get an answer of its own, be it that it is not theirs to do."""
    place = story.channel if scope == TEAM else story.teams.chat(person)
    said = await answer_to(story, person, title, place)
    assert said.strip()
    assert LOST not in said


async def test_what_is_not_offered_would_be_noticed(story: Story) -> None:
    """The test above could fail: other words are not understood."""
    assert LOST in await answer_to(story, CHAIR, "xyzzy", story.channel)
