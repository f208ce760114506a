"""Who was given a row or a role a moment ago is known at their next message, before the lists are looked at again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, MHT, OBSERVER, POLICE, STRANGER, add_member
from tests.scenarios.board import Story, page, sentence
from tests.scenarios.conftest import made_story
from tests.scenarios.test_gate import said
from tests.teams import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNKNOWN = "I do not know you as a member of this board yet."

LAST = Person("Ivo Latecomer")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[Story]:
    """A board whose bot does not look at its lists by itself while the tests run."""
    folder = tmp_path_factory.mktemp("seldom") / "bot"
    async for made in made_story(folder, provisioned, MHRMB_POLL_SECONDS="3600"):
        assert "Action tracker" in await said(made, CHAIR, "tracker")  # the lists are read and kept
        yield made


async def test_a_row_added_by_hand_counts_at_once(story: Story) -> None:
    """For what is typed and for what is pressed; who is still nobody is told so."""
    assert UNKNOWN in await said(story, STRANGER, "tracker")
    add_member(story.bot, STRANGER, MHT, "Representative")
    assert UNKNOWN not in await said(story, STRANGER, "tracker")
    assert UNKNOWN in await said(story, LAST, "tracker")
    chat, new = story.teams.chat(LAST), {"do": "refer"}
    assert UNKNOWN in sentence((await story.teams.open(LAST, new, chat))[1])
    add_member(story.bot, LAST, MHT, "Representative")
    assert page(await story.teams.open(LAST, new, chat))["body"]


@pytest.mark.parametrize(
    ("person", "words", "before", "roles"),
    [
        (POLICE, "triage", "your role does not include that", "Mental health team"),
        (OBSERVER, "refer", "observers see no case information", "Representative"),
    ],
    ids=["a role given", "no longer an observer"],
)
async def test_a_role_given_by_hand_counts_at_once(
    story: Story, person: Person, words: str, before: str, roles: str
) -> None:
    """What the role was wanting for is done at the next message."""
    refused = await said(story, person, words)
    assert before in refused.lower()
    (row,) = (row for row in story.bot.rows("Members") if row["UserId"] == person.object_id)
    story.bot.change_row("Members", row["Id"], Roles=roles)
    assert before not in (await said(story, person, words)).lower()


async def test_who_is_nobody_is_told_so_while_the_lists_cannot_be_read(story: Story) -> None:
    """The answer is by the lists as they were, not that the records are out of reach."""
    nobody = Person("Joy Nobody")
    story.bot.control("POST", "/__faults", {"status": 403})
    try:
        assert UNKNOWN in await said(story, nobody, "tracker")
    finally:
        story.bot.control("DELETE", "/__faults")
