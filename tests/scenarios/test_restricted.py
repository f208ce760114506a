"""A restricted referral is a pointer: who learns what, who may ask, who answers, and what is on record."""

from __future__ import annotations

import pytest

from tests.board_people import CHAIR, NURSE, POLICE, SOCIAL, TRUST_LEAD
from tests.scenarios.board import Story, eventually, planted_in, text_of
from tests.teams import Person, find_action

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHY = "My agency works with this person"


async def said(story: Story, person: Person, text: str) -> str:
    """Say something privately; all that the answer shows."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    status, _ = await story.teams.say(person, text, chat)
    assert status == 200
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


async def restricted(story: Story) -> str:
    """A referral by the police, which its referrer restricts."""
    reference = await story.refer(POLICE)
    await story.card_of(reference)
    assert "is restricted" in await said(story, POLICE, f"restrict {reference} a victim")
    return reference


async def test_channel_card_shrinks_to_the_pointer(story: Story) -> None:
    """Once a referral is restricted its card in the channel, where it stands, says no more than that it is there."""
    reference = await restricted(story)
    card = await story.card_of(reference, saying="This referral is restricted.")
    assert "Threats to kill" not in text_of(card.activity)
    assert "Example Police" not in text_of(card.activity)
    assert (
        len([p for p in story.teams.posts_in(story.channel) if f"Referral {reference}\n" in text_of(p.activity)]) == 1
    )


async def test_asked_agency_gets_the_pointer_and_asks(story: Story) -> None:
    """An agency that was asked sees agencies and whom to ask; it asks, the holder admits, it looks; all recorded."""
    reference = await restricted(story)
    pointer = await said(story, NURSE, f"look {reference} checking")
    assert "This referral is restricted." in pointer
    assert "Example Police" in pointer
    assert not planted_in(pointer)
    assert "Threats to kill" not in pointer
    refused = [row for row in story.bot.rows("Disclosures") if row["Reference"] == reference]
    assert [row["Outcome"] for row in refused] == ["refused: restricted"]
    assert "is told that you ask" in await said(story, NURSE, f"ask {reference} {WHY}")
    assert "have asked already" in await said(story, NURSE, f"ask {reference} {WHY}")

    def told() -> object:
        posts = story.teams.posts_in(story.teams.chat(POLICE))
        return [post for post in posts if f"A request to be admitted to {reference}" in text_of(post.activity)]

    notice = (await eventually(told, "the holder's notice"))[0]
    assert NURSE.name in text_of(notice.activity)
    assert not planted_in(notice.activity)
    await story.teams.press(POLICE, notice, find_action(notice.card, title="Admit"), {})
    rows = [row for row in story.bot.rows("Requests") if row["Reference"] == reference]
    assert [(row["Status"], row["AnsweredBy"]) for row in rows] == [("Admitted", POLICE.name)]
    assert "Zebedee" in await look(story, NURSE, reference)


async def look(story: Story, person: Person, reference: str) -> str:
    """What stands in the chat while the details are shown."""
    return await said(story, person, f"look {reference} checking")


async def test_admission_is_taken_back(story: Story) -> None:
    """`refuse` after `admit` closes it again, at once."""
    reference = await restricted(story)
    await said(story, NURSE, f"ask {reference} {WHY}")
    assert "is admitted" in await said(story, POLICE, f"admit {reference} {NURSE.name}")
    assert "Zebedee" in await look(story, NURSE, reference)
    assert "not admitted" in await said(story, POLICE, f"refuse {reference} {NURSE.name}")
    assert "This referral is restricted." in await look(story, NURSE, reference)


async def test_who_may_not_answer_or_lift(story: Story) -> None:
    """Neither a chair nor the asker lifts the restriction or answers the request; nothing changes."""
    reference = await restricted(story)
    await said(story, SOCIAL, f"ask {reference} {WHY}")
    for person in (CHAIR, SOCIAL, TRUST_LEAD):
        for text in (f"unrestrict {reference}", f"admit {reference} {SOCIAL.name}"):
            assert "Only the person whose it is" in await said(story, person, text)
    assert "This referral is restricted." in await look(story, SOCIAL, reference)


async def test_chair_passes_it_on_without_seeing_it(story: Story) -> None:
    """A chair gives it another holder, not themselves; the new holder sees it and has the requests, the chair not."""
    reference = await restricted(story)
    await said(story, SOCIAL, f"ask {reference} {WHY}")
    assert "another holder" not in await said(story, CHAIR, f"holder {reference} {CHAIR.name}")
    assert "another holder" in await said(story, CHAIR, f"holder {reference} {TRUST_LEAD.name}")
    assert reference in await said(story, TRUST_LEAD, "requests")
    assert reference not in await said(story, CHAIR, "requests")
    assert "This referral is restricted." in await look(story, CHAIR, reference)
    assert "Zebedee" in await look(story, TRUST_LEAD, reference)


async def test_its_actions_are_outlines_to_those_who_are_not_let_in(story: Story) -> None:
    """The chair who runs the board reads an action's words until its case is restricted, and no longer then."""
    reference = await story.refer(POLICE)
    await story.card_of(reference)
    number = story.bot.add_row(
        "Actions", What="PLANTEDWHAT visit", OwnerUserId=NURSE.object_id, Agency="MHT", Source=reference, Open=True
    )

    def there() -> object:
        return [row for row in story.bot.rows("Actions") if row["Id"] == number and row["Reference"]]

    await eventually(there, "the action's number")
    assert "PLANTEDWHAT" in await said(story, CHAIR, f"action A-{number}")
    await said(story, POLICE, f"restrict {reference} a victim")
    assert "PLANTEDWHAT" not in await said(story, CHAIR, f"action A-{number}")
    assert "PLANTEDWHAT" not in await said(story, TRUST_LEAD, "tracker")
    assert "No open action matches." in await said(story, CHAIR, "tracker PLANTEDWHAT")
    assert "PLANTEDWHAT" in await said(story, NURSE, "my actions")
