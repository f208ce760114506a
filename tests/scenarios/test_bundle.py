"""`bundle` through the real door: a look on record first, then a document and data in the case's own folder."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
import requests
from docx import Document

from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE
from tests.scenarios.board import Story, eventually, page, planted_in, text_of
from tests.scenarios.test_history import said
from tests.teams import Person, find_action

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

ANSWER = "PLANTEDINFO Wilhelmina rang on 1 March 1951, Mina said"


async def case(story: Story) -> str:
    """A case that names another person, who was put right by hand, and was answered with words about her."""
    reference = await story.refer(POLICE, why_now="PLANTEDWHY said that Wilhelmina Invented must go")
    mother = {
        "PersonRole": "Person who may be at risk",
        "PersonName": "Wilhelmine",
        "DateOfBirth": "1951-03-01T12:00:00Z",
    }
    number = story.bot.add_row("Subjects", Title=reference, Reference=reference, Key=f"m-{reference}", **mother)
    story.bot.change_row("Subjects", number, PersonName="Wilhelmina Invented", Aliases="Mina")
    post = await story.card_of(reference)
    await story.look_and_answer(NURSE, post, "Here is the information", ANSWER)
    return reference


def files(story: Story, reference: str) -> list[str]:
    """The names of the files in the case's folder; none when there is no folder."""
    path = f"web/getFolderByServerRelativeUrl('CasePapers/{reference}')/files?$select=Name"
    answer = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10)
    return sorted(each["Name"] for each in answer.json()["value"]) if answer.ok else []


def read(story: Story, reference: str, name: str) -> bytes:
    """A file's bytes."""
    path = f"web/getFileByServerRelativeUrl('CasePapers/{reference}/{quote(name)}')/$value"
    answer = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10)
    answer.raise_for_status()
    return answer.content


def pages(content: bytes) -> str:
    """What the document says."""
    document: Any = Document(io.BytesIO(content))
    lines = [each.text for each in document.paragraphs]
    return "\n".join(lines + [cell.text for table in document.tables for row in table.rows for cell in row.cells])


def looks(story: Story, reference: str) -> list[tuple[str, str, str]]:
    """Who looked at the case, why, and what came of it."""
    rows = [row for row in story.bot.rows("Disclosures") if row["Reference"] == reference]
    return [(row["MemberName"], row["Reason"], row["Outcome"]) for row in rows]


async def made(story: Story, person: Person, asked: str) -> str:
    """Ask for a bundle in a private chat; what is answered, and what comes once it is made."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    told = await said(story, person, asked)
    if "comes here in a moment" in told:
        await comes(story, person, before + 2)
        told = text_of(story.teams.posts_in(chat)[-1].activity)
    return told


async def comes(story: Story, person: Person, number: int) -> None:
    """Wait until somebody's chat holds so many posts."""
    await eventually(lambda: len(story.teams.posts_in(story.teams.chat(person))) >= number, "what was being made", 20)


async def test_a_review_gets_everything_in_order(story: Story) -> None:
    """The look is on record, both files are in the folder, every step is told with its person, the oldest first."""
    reference = await case(story)
    told = await made(story, CHAIR, f"bundle {reference} review")
    assert f"CasePapers/{reference}/{reference} bundle for review.docx" in told
    assert planted_in(told, ("PLANTEDINFO", "PLANTEDWHY", "Wilhelmina", "Zebedee")) == []
    assert looks(story, reference)[-1] == (CHAIR.name, "A statutory or internal review", "shown")
    assert files(story, reference) == [f"{reference} bundle for review.docx", f"{reference} bundle for review.json"]

    text = pages(read(story, reference, f"{reference} bundle for review.docx"))
    for word in ("Zebedee Planted", "Wilhelmina Invented", "Wilhelmine", "PLANTEDWHY", ANSWER, NURSE.name, POLICE.name):
        assert word in text
    assert (
        text.index(f"made by {POLICE.name}")
        < text.index(f"made by {NURSE.name}")
        < text.index(f"looked by {CHAIR.name}")
    )
    for person in (POLICE, NURSE, CHAIR):
        assert person.object_id not in text, "who somebody is to Teams is no reader's concern"
    assert all(label not in text for label in ("Chain", "WriteMark", "StepKey"))

    data = json.loads(read(story, reference, f"{reference} bundle for review.json"))
    assert (data["schema"], data["reference"], data["made"]["for"]) == ("mhrmb-bundle/1", reference, CHAIR.name)
    times = [step["when"] for step in data["history"] if step["when"]]
    assert times == sorted(times)
    assert {"Referrals", "Subjects", "Returns", "Disclosures"} <= {step["list"] for step in data["history"]}


async def test_others_are_taken_out_on_request(story: Story) -> None:
    """By the form: no name, alias, former name or birthday of hers is left, his is; it is another file."""
    reference = await case(story)
    history = await said(story, CHAIR, f"history {reference} statutory")
    assert "Wilhelmina" in history
    chat = story.teams.chat(CHAIR)
    post = next(post for post in reversed(story.teams.posts_in(chat)) if "Bundle" in text_of(post.activity))
    _, form = await story.teams.press(CHAIR, post, find_action(post.card, title="Bundle"), {})
    values = {"bundle_for": "A statutory or internal review", "bundle_people": "Take them out"}
    before = len(story.teams.posts_in(chat))
    _, done = await story.teams.press(CHAIR, post, find_action(form["value"], title="Make it"), values)
    assert "comes here in a moment" in text_of(done)
    await comes(story, CHAIR, before + 1)
    assert "Read every page before you pass it on" in text_of(story.teams.last(chat).activity)
    name = f"{reference} bundle for review redacted"
    assert files(story, reference) == [f"{name}.docx", f"{name}.json"]
    for content in (pages(read(story, reference, f"{name}.docx")), read(story, reference, f"{name}.json").decode()):
        for word in ("Wilhelmin", "Mina", "1951", "March 1951"):
            assert word not in content
        assert "Zebedee Planted" in content
        assert "[person who may be at risk 1]" in content


async def test_the_persons_own_request(story: Story) -> None:
    """Neither others nor members of staff are named; what a person has to decide stands first."""
    reference = await case(story)
    told = await made(story, CHAIR, f"bundle {reference} subject access")
    assert looks(story, reference)[-1][1] == "Answering the person's own request"
    assert "Read every page" in told
    text = pages(read(story, reference, f"{reference} bundle for subject access.docx"))
    for word in ("Wilhelmin", "Mina", NURSE.name, POLICE.name):
        assert word not in text
    assert "must not be sent until" in text
    assert "made by [member of staff, MHT]" in text


async def test_who_may_not_gets_nothing(story: Story) -> None:
    """A nurse and an observer are refused on record, in a channel it is not made at all, and nothing is filed."""
    reference = await case(story)
    for person in (NURSE, OBSERVER):
        told = await made(story, person, f"bundle {reference} review")
        assert planted_in(told, ("PLANTEDINFO", "Zebedee", "CasePapers/")) == []
        assert looks(story, reference)[-1][2].startswith("refused")
    await story.teams.say(CHAIR, f"bundle {reference} review", story.channel)
    assert files(story, reference) == []
    assert "R-9999" in await said(story, CHAIR, "bundle R-9999 review")


async def test_a_look_that_cannot_be_recorded_makes_nothing(story: Story) -> None:
    """When `Disclosures` cannot be written there is no bundle."""
    reference = await case(story)
    story.bot.control("POST", "/__faults", {"match": "POST .*Disclosures", "status": 503, "share": 1.0})
    told = await made(story, CHAIR, f"bundle {reference} review")
    story.bot.control("DELETE", "/__faults")
    assert "CasePapers/" not in told
    assert files(story, reference) == []


async def test_a_library_that_cannot_be_reached_is_told(story: Story) -> None:
    """Filing refused, the person hears that nothing was filed and how to try again; then it works."""
    reference = await case(story)
    story.bot.control("POST", "/__faults", {"match": "POST .*CasePapers", "status": 503, "share": 1.0})
    told = await made(story, CHAIR, f"bundle {reference} review")
    story.bot.control("DELETE", "/__faults")
    assert "CasePapers/" not in told
    assert "try again" in told.casefold()
    assert f"CasePapers/{reference}/" in await made(story, CHAIR, f"bundle {reference} review")


async def test_over_a_channel_it_is_told_in_the_private_chat(story: Story) -> None:
    """The dialog says at once that it is being made; where the files are comes where nobody reads along."""
    reference, chat = await case(story), story.teams.chat(CHAIR)
    await said(story, CHAIR, "whoami")
    await eventually(lambda: chat_of(story, CHAIR), "the chat to be kept")
    before = len(story.teams.posts_in(chat))
    assert "comes into your private chat" in text_of(await pressed_over_a_channel(story, reference))
    await comes(story, CHAIR, before + 1)
    told = text_of(story.teams.posts_in(chat)[-1].activity)
    assert f"CasePapers/{reference}/{reference} bundle for review.docx" in told
    assert looks(story, reference)[-1][2] == "shown"
    assert not any("CasePapers" in text_of(post.activity) for post in story.teams.posts_in(story.channel))


async def test_over_a_channel_somebody_unknown_says_hello_first(story: Story) -> None:
    """Nothing is recorded nor made for somebody whose private chat is not known; the form stays as it was."""
    reference = await case(story)
    await said(story, CHAIR, "whoami")
    (kept,) = await eventually(lambda: chat_of(story, CHAIR), "the chat to be kept")
    story.bot.change_row("Conversations", kept["Id"], Open=False)
    try:
        form = await pressed_over_a_channel(story, reference)
    finally:
        story.bot.change_row("Conversations", kept["Id"], Open=True)
    assert "say hello" in text_of(form)
    assert find_action(form, title="Make it")
    assert looks(story, reference)[-1][0] != CHAIR.name
    assert files(story, reference) == []


def chat_of(story: Story, person: Person) -> list[Any]:
    """Where somebody's private chat is kept; nothing until it is."""
    return [row for row in story.bot.rows("Conversations") if row["Key"] == f"member:{person.object_id}"]


async def pressed_over_a_channel(story: Story, reference: str) -> Any:
    """What the chair is answered who sends the bundle's form in a dialog over the channel."""
    form = page(await story.teams.open(CHAIR, {"do": "bundle", "reference": reference}, story.channel))
    values = {"bundle_for": "A statutory or internal review", "bundle_people": "Leave them in"}
    make = find_action(form, title="Make it")["data"]
    return page(await story.teams.submit(CHAIR, make, values, story.channel))


async def test_what_is_not_understood_is_asked(story: Story) -> None:
    """Without a purpose the form comes; a form sent with neither choice comes back with what is missing."""
    reference = await case(story)
    assert "What it is for" in await said(story, CHAIR, f"bundle {reference}")
    form = story.teams.posts_in(story.teams.chat(CHAIR))[-1]
    make = find_action(form.card, title="Make it")
    _, answer = await story.teams.press(CHAIR, form, make, {"bundle_for": "Neither", "bundle_people": ""})
    assert "What it is for" in text_of(answer)
    assert files(story, reference) == []


async def test_the_same_press_twice_is_one_look(story: Story) -> None:
    """Delivered twice at once, one look is on record and one file of each kind is there."""
    reference = await case(story)
    await said(story, CHAIR, f"bundle {reference}")
    form = story.teams.posts_in(story.teams.chat(CHAIR))[-1]
    make = find_action(form.card, title="Make it")
    values = {"bundle_for": "A statutory or internal review", "bundle_people": "Leave them in"}
    for _ in range(2):
        await story.teams.press(CHAIR, form, make, values)
    mine = [each for each in looks(story, reference) if each[0] == CHAIR.name]
    assert mine == [(CHAIR.name, "A statutory or internal review", "shown")]
    await eventually(lambda: len(files(story, reference)) == 2, "one file of each kind")


async def test_nothing_of_it_was_logged(story: Story) -> None:
    """After all of that no name and no word of a case is in the bot's output."""
    words = ("Zebedee", "Wilhelmin", "PLANTED", "Traceback", date(1951, 3, 1).isoformat())
    assert planted_in("\n".join(story.bot.heard()), words) == []
