"""`history` through the real door: who did what, when, why, before and after, to those who may review a case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE
from tests.scenarios.board import PLANTED, Story, eventually, page, planted_in, text_of
from tests.teams import Person, find_action

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def said(story: Story, person: Person, words: str) -> str:
    """What the bot answers in the person's own chat, its details where it shows some for a while."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    await story.teams.say(person, words, chat)
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


async def answered_case(story: Story) -> str:
    """A case that was referred, answered by the trust, and edited by hand in SharePoint."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    await story.look_and_answer(NURSE, post, "Here is the information", "PLANTEDINFO seen in May")
    number = int(reference[2:])
    story.bot.change_row("Referrals", number, Urgency="Routine")
    await eventually(lambda: _reason(story, number) == "edited in the list", "the edit to be sealed")
    return reference


def _reason(story: Story, number: int) -> str:
    row: dict[str, Any] = next(row for row in story.bot.rows("Referrals") if row["Id"] == number)
    return str(row["ChangeReason"])


async def test_a_case_is_told_with_the_real_people(story: Story) -> None:
    """The referrer, the nurse and whoever edited the row are named, with what it was before; the look comes first."""
    reference = await answered_case(story)
    told = await said(story, CHAIR, f"history {reference} statutory")
    assert f"made by {POLICE.name}" in told
    assert f"made by {NURSE.name}" in told
    assert "Urgent (before the next subgroup) → Routine" in told
    assert f"looked by {CHAIR.name}" in told, "this look itself is on record, and is shown"
    editor = next(
        row["Editor"]["Title"]
        for row in story.bot.rows("Referrals", select="Id,Editor/Title", expand="Editor")
        if row["Id"] == int(reference[2:])
    )
    assert f"edited in SharePoint by {editor}" in told
    assert "Chain" not in told
    assert "PLANTEDINFO seen in May" in told
    looks = [row for row in story.bot.rows("Disclosures") if row["MemberUserId"] == CHAIR.object_id]
    assert [row["Outcome"] for row in looks] == ["shown"]


async def test_it_asks_why_and_refuses_on_record(story: Story) -> None:
    """Without a reason it is asked for; a representative is refused, and that is recorded; a channel gets nothing."""
    reference = await answered_case(story)
    asked = await said(story, CHAIR, f"history {reference}")
    assert "Why do you need to see it" in asked or "recorded before anything is shown" in asked
    refused = await said(story, OBSERVER, f"history {reference} statutory")
    assert planted_in(refused, PLANTED) == []
    rows = [row for row in story.bot.rows("Disclosures") if row["MemberUserId"] == OBSERVER.object_id]
    assert rows[-1]["Outcome"].startswith("refused")
    await story.teams.say(CHAIR, f"history {reference} statutory", story.channel)
    posts = "\n".join(text_of(post.activity) for post in story.teams.posts_in(story.channel))
    assert planted_in(posts, PLANTED) == []


async def test_the_button_of_the_details_leads_to_it(story: Story) -> None:
    """From who it is about, a chair opens the history in the same dialog, after a reason of its own."""
    reference = await answered_case(story)
    detail = await story.look(CHAIR, await story.card_of(reference))
    button = find_action(detail, title="History")
    reasons = page(await story.teams.submit(CHAIR, button["data"], {}, story.channel))
    show = find_action(reasons, title="Show me")
    shown = page(await story.teams.submit(CHAIR, show["data"], {"reason": "Triage"}, story.channel))
    assert f"made by {NURSE.name}" in text_of(shown)


@pytest.mark.long
async def test_a_look_that_cannot_be_recorded_shows_nothing(story: Story) -> None:
    """When `Disclosures` cannot be written, not a word of the history is shown."""
    reference = await answered_case(story)
    story.bot.control("POST", "/__faults", {"match": "POST .*Disclosures", "status": 503, "share": 1.0})
    told = await said(story, CHAIR, f"history {reference} statutory")
    story.bot.control("DELETE", "/__faults")
    assert planted_in(told, (*PLANTED, "PLANTEDINFO")) == []
    assert NURSE.name not in told
