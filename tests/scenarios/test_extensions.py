"""Teams' own search box and menus: finding a record to put into a message, raising an action from one, referring."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, LAPSED, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER
from tests.scenarios.actions import ACTION, CASE, CASE_WORDS, ActionStory, board_at, weight
from tests.scenarios.board import JSON, REFERRAL, eventually, page, planted_in, reference_in, sentence, text_of
from tests.teams import Person, find_action, inputs

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEARCHES = ("actions", "referrals", "risks", "papers")
SAID = "<p>Could the trust ring <b>01632 960001</b> about the beds?</p><p>By Friday.</p>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board with one action of its own, one of a case, a referral, and two risks, one of which names somebody."""
    async with board_at(tmp_path_factory.mktemp("extensions"), provisioned) as made:
        await made.add_action(CHAIR)
        await made.add_action(CHAIR, **CASE)
        await made.refer(POLICE)
        made.bot.add_row("Risks", Cause="Too few beds", Event="Long waits", Impact="Harm", Agency="MHT", Open=True)
        made.bot.add_row("Risks", Cause="born 17/03/1984, Zebedee Planted", Event="x", Impact="y", Open=True)
        yield made


async def found(story: ActionStory, person: Person, command: str, text: str = "", **more: Any) -> list[JSON]:
    """The finds of a search; fails with what was said instead when there are none."""
    status, answer = await story.teams.search(person, command, text, story.channel, **more)
    assert status == 200
    assert answer["composeExtension"].get("type") == "result", answer
    return list(answer["composeExtension"]["attachments"])


async def told(story: ActionStory, person: Person, command: str, text: str = "", **more: Any) -> str:
    """The sentence where nothing is found or allowed."""
    status, answer = await story.teams.search(person, command, text, story.channel, **more)
    assert (status, answer["composeExtension"]["type"]) == (200, "message"), answer
    return str(answer["composeExtension"]["text"])


def titles(finds: list[JSON]) -> list[str]:
    return [find["preview"]["content"]["title"] for find in finds]


async def test_an_action_is_found_and_its_card_opens_it(story: ActionStory) -> None:
    """By number, word, owner's agency or state; the card is the channel's, whose button opens a dialog."""
    for said in ("A-1", "a1", "discharge", "MHT", "mht discharge", ""):
        finds = await found(story, SOCIAL, "actions", said)
        assert "A-1: Agree the discharge protocol" in titles(finds)
    card = (await found(story, NURSE, "actions", "discharge"))[0]["content"]
    opened = page(await story.teams.open(NURSE, find_action(card, title="Open")["data"], story.channel))
    assert "Done" in story.buttons(opened)


@pytest.mark.parametrize("person", [CHAIR, NURSE, SOCIAL], ids=lambda person: person.name)
async def test_a_cases_action_never_brings_its_words(story: ActionStory, person: Person) -> None:
    """Not to its owner, not to a chair: what is found goes where others read along. Its words find nothing either."""
    everything = await found(story, person, "actions")
    assert titles(everything) == ["A-2: comes from a case", "A-1: Agree the discharge protocol"][::-1]
    assert planted_in(everything, CASE_WORDS) == []
    assert "No open action matches" in await told(story, person, "actions", "PLANTEDWHAT")


async def test_a_referral_is_found_by_its_reference_alone(story: ActionStory) -> None:
    """Nobody's name finds anything, and the card is the channel's own."""
    for said in ("R-1", "r 1", "1", ""):
        (find,) = await found(story, NURSE, "referrals", said)
        assert find["preview"]["content"]["title"] == "R-1: Threats to kill or seriously harm"
        assert planted_in(find) == []
        assert find_action(find["content"], title="See who this is")
    for said in ("Zebedee", "R-99", "A-1", "R-1 x"):
        assert "no name is looked for" in await told(story, NURSE, "referrals", said)


async def test_a_restricted_referral_is_a_pointer(story: ActionStory) -> None:
    """Its kind of concern is not shown, not even in the list under the box."""
    reference = await story.refer(POLICE, concern="Fire setting")
    await story.types(POLICE, f"restrict {reference} a victim")
    assert story.bot.rows("Referrals")[-1]["Restricted"], "the scenario restricts it"
    (find,) = await found(story, NURSE, "referrals", reference)
    assert find["preview"]["content"]["title"] == f"{reference}: restricted"
    assert "Fire" not in json.dumps(find)


async def test_a_risk_is_found_and_one_that_names_somebody_shows_no_word(story: ActionStory) -> None:
    """A row typed by hand passed no check of ours, so what looks like a person's is held back."""
    (risk,) = await found(story, NURSE, "risks", "beds trust")
    assert "Too few beds" in text_of(risk["content"])
    (hidden,) = await found(story, NURSE, "risks", "K-2")
    assert hidden["preview"]["content"]["title"] == "K-2"
    assert planted_in(hidden) == []
    assert "No open risk matches" in await told(story, NURSE, "risks", "cinnamon")


async def test_papers_are_found_once_there_are_some(story: ActionStory) -> None:
    """None at first; the pack once it is issued."""
    assert "No paper matches" in await told(story, NURSE, "papers")
    address = "https://example.sharepoint.com/sites/x/BoardPapers/B-7/B-7%20pack.docx"
    story.bot.add_row("Events", Key="pack/X/2026", Kind="pack", Reference="B-7", Value=f"{address}\nK-1", Open=True)
    (paper,) = await found(story, NURSE, "papers", "b7 pack")
    assert paper["preview"]["content"]["title"] == "Pack of B-7"
    assert find_action(paper["content"], title="Open")["url"] == address


@pytest.mark.parametrize("command", SEARCHES)
async def test_a_stranger_and_a_lapsed_agency(story: ActionStory, command: str) -> None:
    """A stranger is told whom to ask. A lapsed agreement hides cases, not that they are there."""
    assert "I do not know you" in await told(story, STRANGER, command)
    assert "I do not know you" in await told(story, Person("Nobody Known", user_id=""), command)
    if command != "papers":
        assert planted_in(await found(story, LAPSED, command), CASE_WORDS) == []


async def test_an_observer_finds_the_boards_actions_and_no_case(story: ActionStory) -> None:
    """As in the tracker: what comes from a case is not there for them."""
    assert titles(await found(story, OBSERVER, "actions")) == ["A-1: Agree the discharge protocol"]
    assert "Observers see no case information" in await told(story, OBSERVER, "referrals")


async def test_more_is_found_by_scrolling_and_ends(story: ActionStory) -> None:
    """Teams says how many it has; after the last there is a sentence."""
    assert titles(await found(story, NURSE, "actions", skip=1)) == ["A-2: comes from a case"]
    assert "That is all" in await told(story, NURSE, "actions", skip=2)
    assert len(await found(story, NURSE, "actions", skip=-5)) == 2


HOSTILE: tuple[Any, ...] = (
    *({}, {"commandId": "actions"}, {"commandId": 7, "parameters": [7, None, {"name": 3, "value": "x"}]}),
    {"commandId": "actions", "parameters": [{"name": "text", "value": "' or 1 eq 1"}]},
    {"commandId": "papers", "parameters": [{"name": "text", "value": "\x00\u202e💥" * 300}]},
    {"commandId": "referrals", "parameters": [{"name": "text", "value": "R-999999999999999"}]},
    {"commandId": "actions", "queryOptions": {"skip": "1' or", "count": []}},
    {"commandId": "actions", "queryOptions": {"skip": 2**63 - 1}},
    {"commandId": "drop table", "parameters": []},
    {"commandId": "raiseAction", "messagePayload": {"body": {"content": "<" * 9000}}},
    {"commandId": "raiseAction", "messagePayload": {"linkToMessage": "javascript:alert(1)"}},
    {"commandId": "refer", "data": {"do": "setup"}, "messagePayload": {}},
)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: json.dumps(value)[:60])
@pytest.mark.parametrize("name", ["query", "fetchTask", "submitAction", "selectItem", "queryLink"])
async def test_whatever_is_sent_gets_a_sentence_or_a_card(story: ActionStory, name: str, value: Any) -> None:
    """Nothing is kept, nothing fails, and nothing typed comes back as markup."""
    before = story.kept(), len(story.bot.rows("Referrals"))
    activity = story.teams.activity(CHAIR, story.channel, "invoke", name=f"composeExtension/{name}", value=value)
    status, answer = await story.teams.deliver(activity)
    assert status in (200, 400)
    assert answer
    assert "went wrong" not in json.dumps(answer)
    assert (story.kept(), len(story.bot.rows("Referrals"))) == before


async def raised_form(story: ActionStory, person: Person, said: str = SAID) -> Any:
    payload = story.teams.message_payload(said, story.channel)
    return await story.teams.begin(person, "raiseAction", story.channel, payload)


async def test_an_action_is_raised_from_a_message(story: ActionStory) -> None:
    """The chair sees the message's words, is told what in them may identify somebody, changes them, and keeps them."""
    form = page(await raised_form(story, CHAIR))
    assert inputs(form)["what"]["value"] == "Could the trust ring 01632 960001 about the beds?\nBy Friday."
    assert "may say who somebody is" in text_of(form)
    assert "01632 960001" in text_of(form)

    typed = {**ACTION, "what": "Ask the trust about the beds", "source": "", "why": "Asked in the channel"}
    send = find_action(form, title="Add the action")["data"]
    kept = page(await story.teams.send(CHAIR, "raiseAction", send, typed, story.channel))
    again = page(await story.teams.send(CHAIR, "raiseAction", send, typed, story.channel))

    reference = re.search(r"Kept as (A-\d+)", text_of(kept))
    assert reference, text_of(kept)
    assert f"Kept as {reference[1]}" in text_of(again), "the same press twice is one action"
    row = story.action(reference[1])
    assert row["What"] == "Ask the trust about the beds"
    assert "Asked in the channel\nRaised from a message: https://teams.microsoft.com/l/message/19%3A" in row["Why"]
    assert "Ward" not in row["Why"], "names of teams stay out of the link"
    assert "about the beds" not in story.in_the_channel(), "without a source it may be about a case"


async def test_words_for_a_channel_are_looked_through(story: ActionStory) -> None:
    """A message's words that would be shown in a channel (source B-7) are not kept while they may name somebody."""
    form, before = page(await raised_form(story, CHAIR)), story.kept()
    typed = {**ACTION, "what": inputs(form)["what"]["value"], "why": "x"}
    send = find_action(form, title="Add the action")["data"]
    back = page(await story.teams.send(CHAIR, "raiseAction", send, typed, story.channel))
    assert "What is to be done holds something that may say who somebody is" in text_of(back)
    assert inputs(back)["what"]["value"] == typed["what"], "nothing typed is lost"
    assert inputs(back)["owner"]["value"] == typed["owner"]
    assert story.kept() == before

    kept = page(
        await story.teams.send(
            CHAIR,
            "raiseAction",
            find_action(back, title="Add the action")["data"],
            {**typed, "what": "Ring the trust"},
            story.channel,
        )
    )
    assert "Kept as A-" in text_of(kept)


@pytest.mark.parametrize("person", [NURSE, STRANGER, OBSERVER], ids=lambda person: person.name)
async def test_only_who_may_add_an_action_raises_one(story: ActionStory, person: Person) -> None:
    """Everybody else gets a sentence in the dialog's place, and a forged submit is refused as well."""
    _, answer = await raised_form(story, person)
    assert answer["task"]["type"] == "message", answer
    data = {"do": "action.add.submit", "raised": "message", "key": "c" * 32}
    before = story.kept()
    _, forged = await story.teams.send(person, "raiseAction", data, ACTION, story.channel)
    assert len(sentence(forged)) > 10
    assert story.kept() == before


async def test_a_referral_is_made_from_the_menu(story: ActionStory) -> None:
    """`Refer` opens the two-minute form; after an error it comes back as typed, and then gives its receipt."""
    form = page(await story.teams.begin(NURSE, "refer", story.channel))
    send = find_action(form, title="Send the referral")["data"]
    back = page(await story.teams.send(NURSE, "refer", send, {**REFERRAL, "name": ""}, story.channel))
    assert "Name of the person is needed" in text_of(back)
    receipt = page(await story.teams.send(NURSE, "refer", send, REFERRAL, story.channel))
    assert reference_in(receipt).startswith("R-")
    _, answer = await story.teams.begin(STRANGER, "refer", story.channel)
    assert "I do not know you" in sentence(answer)


async def test_no_search_costs_more_than_four_requests(story: ActionStory) -> None:
    """Each is answered within the bound, as the log tells."""
    for command in SEARCHES:
        await story.teams.search(NURSE, command, "", story.channel)

    def spent() -> list[int]:
        lines = [line for line in story.bot.heard() if "kind=composeExtension/query" in line]
        return [int(each[1]) for line in lines if (each := re.search(r"requests=(\d+)", line))]

    await eventually(lambda: len(spent()) >= len(SEARCHES), "the turns' log")
    assert max(spent()) <= 4


async def test_an_answer_is_never_too_heavy(story: ActionStory) -> None:
    """However long the texts are, the finds of one answer stay within what one message may weigh, and one is there."""
    rows = [{"What": "\U0001f41d" * 9000, "Why": "\U0001f41d" * 9000, "Source": "B-7", "Status": "Agreed"}] * 12
    made = [story.bot.add_row("Actions", Reference="A-9", Open=True, Agency="ASC", **row) for row in rows]
    finds = await found(story, NURSE, "actions", "ASC")
    assert 0 < len(finds) < 12
    assert weight([find["content"] for find in finds]) < 24_000
    for number in made:
        story.bot.change_row("Actions", number, Open=False, Status="Superseded")
