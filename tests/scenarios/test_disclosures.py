"""Who saw what, asked through the real door: the information governance lead is told, everybody else is not."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, MHT, NURSE, OBSERVER, POLICE, SOCIAL, add_member
from tests.scenarios.board import Story, eventually, planted_in, text_of
from tests.teams import Person, find_action

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEAD = Person("Jo Governance")


async def answered(story: Story, person: Person, said: str) -> str:
    """What the bot answers in the person's own chat."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    await story.teams.say(person, said, chat)
    posts = story.teams.posts_in(chat)
    assert len(posts) > before
    return "\n".join(text_of(post.activity) for post in posts[before:])


@pytest_asyncio.fixture(loop_scope="module")
async def looked_at(story: Story) -> str:
    """A referral that a nurse looked at, and that an observer was refused."""
    if not any(row["UserId"] == LEAD.object_id for row in story.bot.rows("Members")):
        add_member(story.bot, LEAD, MHT, "Information governance lead")
        await eventually(lambda: any(r["MemberName"] == LEAD.name for r in story.bot.rows("Members")), "the lead")
    reference = await story.refer(POLICE)
    card = await story.card_of(reference)
    await story.look(NURSE, card)
    await story.open_look(OBSERVER, card)
    return reference


async def test_the_lead_is_told_who_looked_and_who_was_refused(story: Story, looked_at: str) -> None:
    """By case: both are there with how it ended and the reason, and nothing of who the case is about."""
    said = await answered(story, LEAD, f"disclosures {looked_at}")
    assert "1 look shown, 1 refused: 2 people, 1 case." in said
    assert f"{NURSE.name} (MHT)" in said
    assert "Shown · Checking our records to answer" in said
    assert f"{OBSERVER.name} (ASC)" in said
    assert planted_in(said) == []


async def test_by_person_agency_and_period(story: Story, looked_at: str) -> None:
    """The same looks are found by the person, by the agency and by the day, and not by another's."""
    by_person = await answered(story, LEAD, f"disclosures {NURSE.name} today")
    assert NURSE.name in by_person
    assert f"{OBSERVER.name} (ASC)" not in by_person
    by_agency = await answered(story, LEAD, "who saw ASC last 7 days")
    assert f"{OBSERVER.name} (ASC)" in by_agency
    assert f"{NURSE.name} (MHT)" not in by_agency
    assert "Nobody looked." in await answered(story, LEAD, f"disclosures {looked_at} 2020-01-01 to 2020-12-31")
    assert "nothing was searched" in await answered(story, LEAD, "disclosures of the whole world")


@pytest.mark.parametrize("person", [CHAIR, NURSE, OBSERVER, POLICE, SOCIAL], ids=lambda person: person.name)
async def test_nobody_else_is_told(story: Story, looked_at: str, person: Person) -> None:
    """A chair, a representative and an observer are refused, with whom to ask."""
    said = await answered(story, person, f"disclosures {looked_at}")
    assert "(MHT)" not in said
    assert "Please ask" in said


async def test_not_in_a_channel(story: Story, looked_at: str) -> None:
    """In the channel the lead is told to ask in private, and nothing is shown there."""
    await story.teams.say(LEAD, f"disclosures {looked_at}", story.channel)
    assert "do not take that in a channel" in text_of(story.teams.last(story.channel).activity)


async def test_a_role_taken_away_works_at_once(story: Story, looked_at: str) -> None:
    """Whoever is no longer the lead is refused the very next time, and when turning a page too."""
    other = Person("Kim Former")
    row = add_member(story.bot, other, MHT, "Information governance lead")
    for _ in range(9):
        await story.open_look(OBSERVER, await story.card_of(looked_at))
    assert "(MHT)" in await answered(story, other, "disclosures today")
    chat = story.teams.chat(other)
    page = story.teams.last(chat)
    story.bot.change_row("Members", row, Roles="Representative")
    assert "Your role does not include that." in await answered(story, other, "disclosures today")
    pressed = {"verb": "disclosures", "data": {"asked": "today", "page": "1"}}
    status, answer = await story.teams.press(other, page, pressed)
    assert status == 200
    assert "Your role does not include that." in text_of(answer)
    with pytest.raises(LookupError):
        find_action(answer, title="Older")
