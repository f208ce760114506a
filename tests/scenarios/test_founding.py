"""Setting a board up from nothing: the code, then each step in a private chat, by dialogs and typed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POL, POLICE, STRANGER
from tests.running import RunningBot
from tests.scenarios.board import JSON, Story, page, text_of
from tests.teams import Person, Teams, find_action, inputs

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def story(tmp_path: Path, provisioned: Path) -> AsyncIterator[Story]:
    """Lists with nothing in them, a bot, and a first chair who has given the code and named their agency."""
    shutil.copytree(provisioned, tmp_path / "bot")
    with RunningBot(tmp_path / "bot") as bot:
        async with Teams(bot.url) as teams:
            made = Story(bot, teams)
            await teams.say(CHAIR, f"setup {bot.code}", made.channel)
            card = teams.last(made.channel)
            await teams.press(
                CHAIR, card, find_action(card.card, title="Save"), {"agency": POL, "agency_name": "Police"}
            )
            yield made


async def said(story: Story, person: Person, text: str) -> str:
    """Type something in a private chat and return what the answer says."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    await story.teams.say(person, text, chat)
    (answer,) = story.teams.posts_in(chat)[before:]
    return text_of(answer.activity)


async def opens(story: Story, person: Person, button: str) -> JSON:
    """Open the form of a step from the card of `setup`."""
    chat = story.teams.chat(person)
    await story.teams.say(person, "setup", chat)
    data = find_action(story.teams.last(chat).card, title=button)["data"]
    return page(await story.teams.open(person, data, chat))


async def sends(story: Story, form: JSON, **values: str) -> JSON:
    """Send it; the next page is returned."""
    data = find_action(form, title="Save")["data"]
    return page(await story.teams.submit(CHAIR, data, values, story.teams.chat(CHAIR)))


async def test_a_board_is_set_up_step_by_step(story: Story) -> None:
    """Each step is told as to do, done by its form, and told as done; at the end nothing is left."""
    told = await said(story, CHAIR, "setup")
    assert "Done: the board's channel." in told
    for label in ("its agencies", "their sharing agreements", "its members", "the board's day"):
        assert f"To do: {label}." in told

    form = await opens(story, CHAIR, "Add an agency")
    again = await sends(story, form, agency_code="MHT", agency_name="")
    assert "Name of the agency is needed." in text_of(again)
    assert inputs(again)["agency_code"]["value"] == "MHT", "nothing typed is lost"
    kept = await sends(story, again, agency_code="MHT", agency_name="Trust", isa_signed="2026-01-05")
    assert "MHT is added." in text_of(kept)
    assert "There" not in text_of(kept)

    assert "I do not know you" in await said(story, NURSE, "home")
    assert "An administrator of the board decides. Please ask Ada Chairperson." in await said(story, NURSE, "join")
    assert "I have that already." in await said(story, NURSE, "join")
    form = await opens(story, CHAIR, "Add a member")
    assert [each["title"] for each in inputs(form)["member"]["choices"]] == [NURSE.name]
    kept = await sends(story, form, member=NURSE.object_id, member_agency="MHT", member_roles="Representative")
    assert f"{NURSE.name} is added." in text_of(kept)
    assert "My actions" in await said(story, NURSE, "home")
    assert "Nobody asks to be added" in text_of(await opens(story, CHAIR, "Add a member"))

    form = await opens(story, CHAIR, "Set the board's day")
    again = await sends(story, form, anchor="2030-12-25", meets_at="ten")
    assert "bank holiday" in text_of(again)
    assert "not a time of day" in text_of(again)
    kept = await sends(story, again, anchor="2030-12-11", meets_at="10:00")
    assert "Done: the board's day.\n Every six weeks from Wednesday 11 December 2030." in text_of(kept)
    assert "None current for POL" in text_of(kept)
    (forum,) = story.bot.rows("Forums")
    assert (forum["Anchor"], forum["MeetsAt"]) == ("2030-12-11T12:00:00Z", "10:00")


async def test_everything_can_be_typed(story: Story) -> None:
    """The same without a dialog, checked the same way, and once however often it is said."""
    assert "AMB is added." in await said(story, CHAIR, "setup agency AMB Ambulance service")
    assert "is on record already" in await said(story, CHAIR, "setup agency AMB Ambulance service")
    typed = f"setup member {POLICE.object_id} AMB representative, liaison; Bo Officer"
    assert "Bo Officer is added." in await said(story, CHAIR, typed)
    assert "is on record already" in await said(story, CHAIR, typed)
    assert "Every six weeks from Wednesday 11 December 2030" in await said(story, CHAIR, "setup board 2030-12-11 10:00")
    assert "is needed" in await said(story, CHAIR, "setup board")
    rows = {row["MemberName"]: row for row in story.bot.rows("Members")}
    assert (rows["Bo Officer"]["Agency"], rows["Bo Officer"]["ChangedBy"]) == ("AMB", CHAIR.name)


async def test_only_an_administrator_adds_anybody(story: Story) -> None:
    """A member, a stranger and somebody who asked change nothing, by no door; a second press adds nothing."""
    await said(story, NURSE, "join")
    form = await opens(story, CHAIR, "Add a member")
    send = find_action(form, title="Save")["data"]
    values = {"member": NURSE.object_id, "member_agency": POL, "member_roles": "Chair"}
    before = story.bot.rows("Members")
    for person in (NURSE, STRANGER):
        _, answer = await story.teams.submit(person, send, values, story.teams.chat(person))
        assert answer["task"]["type"] == "message", answer
        assert "Set up\n" not in await said(story, person, f"setup member {person.object_id} POL chair; me")
    assert story.bot.rows("Members") == before
    forged = {**values, "member": STRANGER.object_id}
    back = page(await story.teams.submit(CHAIR, send, forged, story.teams.chat(CHAIR)))
    assert "Not sent yet." in text_of(back), "nobody is added who did not ask"
    await story.teams.submit(CHAIR, send, values, story.teams.chat(CHAIR))
    await story.teams.submit(CHAIR, send, values, story.teams.chat(CHAIR))
    assert len([row for row in story.bot.rows("Members") if row["UserId"] == NURSE.object_id]) == 1
    await story.teams.say(STRANGER, "join", story.channel)
    assert "private chat" in story.teams.last(story.channel).text
