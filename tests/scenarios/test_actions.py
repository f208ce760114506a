"""Actions as members meet them: added, worked, decided and looked up, in Teams and in SharePoint, at one quiet hour."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, LAPSED, MHT, NURSE, OBSERVER, SOCIAL, STRANGER, TRUST_LEAD, add_member
from tests.embedded_server import EmbeddedServer
from tests.running import TOKEN, RunningBot
from tests.scenarios.actions import (
    ACTION,
    CASE,
    CASE_WORDS,
    LARGEST_CARD,
    QUIET,
    TEAM_OFFICER,
    ActionStory,
    board_at,
    fill,
    longest_action,
    provisioned,
    weight,
)
from tests.scenarios.board import JSON, eventually, planted_in, sentence, text_of
from tests.teams import Person, Teams, find_action, inputs

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNERS = ["Acknowledge", "Update", "Done", "Ask for more time", "Blocked", "Not possible"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board that this module's tests share: each adds its own actions and looks at those only."""
    async with board_at(tmp_path_factory.mktemp("actions"), provisioned) as made:
        await made.opens_a_chat(CHAIR, NURSE, TEAM_OFFICER)
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board of its own for one test."""
    async with board_at(tmp_path, provisioned) as made:
        yield made


# Adding


async def test_a_chair_adds_an_action(story: ActionStory) -> None:
    """What the dialog sends is kept as it was typed, under a reference that the chair is told at once."""
    reference = await story.add_action()

    row = story.action(reference)
    assert (row["What"], row["Why"]) == ("Agree the discharge protocol", "Two wards ring two numbers")
    assert (row["OwnerUserId"], row["OwnerName"], row["Agency"]) == (NURSE.object_id, "Cy Nurse", MHT)
    assert (row["DueDate"][:10], row["Priority"], row["Source"]) == ("2026-11-27", "Normal", "B-7")
    assert (row["Programme"], row["Forum"], row["Status"], row["Open"]) == ("Winter plan", "MHRMB", "Agreed", True)
    assert (row["Reference"], row["Title"]) == (reference, reference)
    assert row["AgreedOn"] == "2026-11-16T07:00:00Z", "by the board's clock"
    assert reference in await story.types(NURSE, "my actions")


async def test_the_least_an_action_needs(story: ActionStory) -> None:
    """What, whose and by when are enough; it may be due today."""
    form = await story.add_form(CHAIR)

    kept = await story.submit_action(
        CHAIR, form, {"what": "Ring the ward", "owner": SOCIAL.object_id, "due": "2026-11-16"}
    )

    assert "Monday 16 November 2026" in text_of(kept)
    row = story.bot.rows("Actions")[-1]
    assert (row["What"], row["Priority"], row["Agency"]) == ("Ring the ward", "Normal", "ASC")


WRONG: list[tuple[str, Any, str]] = [
    ("what", "", "What is to be done is needed."),
    ("what", " \u200b\n ", "What is to be done is needed."),
    ("what", "x" * 2001, "What is to be done is too long: at most 2000 characters."),
    ("what", "💥" * 1001, "What is to be done is too long: at most 2000 characters."),
    ("what", ["a list"], "What is to be done could not be read."),
    ("what", 7, "What is to be done could not be read."),
    ("owner", "", "Owner: please choose from the list."),
    ("owner", STRANGER.object_id, "Owner: please choose from the list."),
    ("owner", "' or 1 eq 1", "Owner: please choose from the list."),
    ("owner", {"id": NURSE.object_id}, "Owner: please choose from the list."),
    ("due", "", "Due is needed."),
    ("due", "next Friday", "Due is not a date I can read."),
    ("due", "2026-11-31", "Due is not a date I can read."),
    ("due", "9999-12-31", "Due is not a date I can read."),
    ("due", "2026-11-15", "Due is in the past."),
    ("due", 20261127, "Due could not be read."),
    ("priority", "Whenever", "Priority: please choose one of Immediate risk, High or Normal."),
    ("priority", ["High"], "Priority could not be read."),
    ("source", "x" * 41, "Where it comes from is too long: at most 40 characters."),
    ("source", {"R": 14}, "Where it comes from could not be read."),
    ("why", "x" * 2001, "Why is too long: at most 2000 characters."),
    ("programme", "x" * 121, "Programme is too long: at most 120 characters."),
]


@pytest.mark.parametrize(("field", "value", "says"), WRONG, ids=[f"{n}-{str(v)[:12]!r}" for n, v, _ in WRONG])
async def test_a_bad_field_is_answered_with_a_sentence(story: ActionStory, field: str, value: Any, says: str) -> None:
    """The form comes back with what is wrong and what was typed, and nothing is stored."""
    form, before = await story.add_form(CHAIR), story.kept()

    again = await story.submit_action(CHAIR, form, {**ACTION, field: value})

    assert says in text_of(again)
    for name in {"what", "why", "source", "programme", "due"} - {field}:
        assert inputs(again)[name]["value"] == ACTION[name]
    assert weight(again) < LARGEST_CARD
    assert story.kept() == before


async def test_all_that_is_missing_is_told_at_once(story: ActionStory) -> None:
    """An empty form names the three fields that are needed, once each."""
    form, before = await story.add_form(CHAIR), story.kept()

    said = text_of(await story.submit_action(CHAIR, form, {}))

    told = "Not sent yet. What is to be done is needed. Due is needed. Owner: please choose from the list."
    assert told in said
    assert story.kept() == before


@pytest.mark.parametrize("key", ["", None, "x" * 32, ["a"], "A" * 32], ids=repr)
async def test_a_form_without_its_key_is_out_of_date(story: ActionStory, key: Any) -> None:
    """The key travels with the form; a forged one stores nothing."""
    form, before = await story.add_form(CHAIR), story.kept()
    send = find_action(form, title="Add the action")

    _, answer = await story.teams.submit(CHAIR, {**send["data"], "key": key}, ACTION, story.teams.chat(CHAIR))

    assert "This form is out of date." in sentence(answer)
    assert story.kept() == before


async def test_the_same_form_sent_twice_at_once_is_one_action(story: ActionStory) -> None:
    """A double click, or Teams trying again, makes one action and tells the same reference."""
    form, before = await story.add_form(CHAIR), len(story.bot.rows("Actions"))

    answers = await asyncio.gather(*(story.submit_action(CHAIR, form, ACTION) for _ in range(4)))

    assert len({re.search(r"Kept as (A-\d+)\.", text_of(answer))[1] for answer in answers}) == 1  # type: ignore[index]
    assert len(story.bot.rows("Actions")) == before + 1


@pytest.mark.parametrize(
    ("person", "says"),
    [
        (NURSE, "Only a chair or the mental health team can do that."),
        (OBSERVER, "Observers see no case information."),
        (LAPSED, "Only a chair or the mental health team can do that."),
        (STRANGER, "I do not know you as a member of this board yet."),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_who_may_not_add(story: ActionStory, person: Person, says: str) -> None:
    """By word, by button and by a form taken from a chair, others are refused with whom to ask; nothing is stored."""
    form, before = await story.add_form(CHAIR), story.kept()
    send = find_action(form, title="Add the action")["data"]
    chat = story.teams.chat(person)

    _, opened = await story.teams.open(person, {"do": "action.add"}, chat)
    _, sent = await story.teams.submit(person, send, ACTION, chat)

    for said in (await story.types(person, "add action"), sentence(opened), sentence(sent)):
        assert says in said
    assert story.kept() == before


async def test_the_mental_health_team_may_add(story: ActionStory) -> None:
    """Those who arrange the board write its actions down."""
    first, *_ = versions_of(story, await story.add_action(TEAM_OFFICER))  # the bot's own writing may have come since
    assert first["ChangedBy"] == TEAM_OFFICER.name


# The path of one action


async def test_an_action_from_agreed_to_verified(story: ActionStory) -> None:
    """The owner acknowledges, updates and claims it; the chair returns it once, and verifies it the second time."""
    reference = await story.add_action()
    await eventually(lambda: story.action(reference)["AssignedSync"], "the bot's own bookkeeping to be done")

    card = await story.opens(NURSE, reference)
    assert story.buttons(card) == OWNERS
    card = await story.chooses(NURSE, card, "Acknowledge")
    assert "Acknowledged. Thank you." in text_of(card)
    assert story.buttons(card) == OWNERS[1:]
    card = await story.chooses(NURSE, card, "Update", note="The first ward agreed")
    row = story.action(reference)
    assert (row["Status"], row["Note"]) == ("In progress", "The first ward agreed")
    assert (row["ChangedBy"], row["ChangeReason"]) == ("Cy Nurse", "update")
    card = await story.chooses(NURSE, card, "Done", note="Both wards agreed")
    assert "Kept as done. A chair will verify it." in text_of(card)
    assert story.buttons(card) == [], "it is for a chair now"

    card = await story.opens(CHAIR, reference)
    assert story.buttons(card) == ["Verify", "Return to owner"]
    card = await story.chooses(CHAIR, card, "Return to owner")
    assert "Note is needed." in text_of(card), "an owner is told why"
    assert story.action(reference)["Status"] == "Done, to be verified"
    await story.chooses(CHAIR, card, "Return to owner", note="The second has not signed")
    row = story.action(reference)
    assert (row["Status"], row["Note"], row["Open"]) == ("In progress", "The second has not signed", True)

    await story.takes(NURSE, reference, "Done")
    card = await story.takes(CHAIR, reference, "Verify")
    assert "Verified and closed." in text_of(card)
    row = story.action(reference)
    assert (row["Status"], row["Open"], row["ClosedOn"]) == ("Verified", False, "2026-11-16T07:00:00Z")
    assert (row["ChangedBy"], row["ChangeReason"]) == ("Ada Chairperson", "verify")
    assert row["Note"] == "The second has not signed", "a step without a note keeps the last one"
    assert story.buttons(await story.opens(NURSE, reference)) == []
    assert reference not in await story.types(NURSE, "tracker mine")


async def test_more_time_is_asked_for_and_granted(story: ActionStory) -> None:
    """The new date counts only once a chair grants it."""
    reference = await story.add_action()

    card = await story.takes(NURSE, reference, "Ask for more time", asked_due="2026-12-11", note="The panel meets then")
    assert "Friday 11 December 2026" in text_of(card)
    row = story.action(reference)
    assert (row["Status"], row["DueDate"][:10]) == ("More time asked for", "2026-11-27")
    card = await story.takes(CHAIR, reference, "Grant the new date")

    assert "The new date is granted." in text_of(card)
    row = story.action(reference)
    assert (row["Status"], row["DueDate"][:10], row["AskedDue"]) == ("In progress", "2026-12-11", None)


async def test_more_time_may_be_returned_instead(story: ActionStory) -> None:
    """A chair who does not grant it says why, and the old date stands."""
    reference = await story.add_action()
    await story.takes(NURSE, reference, "Ask for more time", asked_due="2027-03-01", note="It is winter")

    await story.takes(CHAIR, reference, "Return to owner", note="Not in this of all winters")

    row = story.action(reference)
    assert (row["Status"], row["DueDate"][:10], row["AskedDue"]) == ("In progress", "2026-11-27", None)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"note": "The panel"}, "New date is needed."),
        ({"note": "The panel", "asked_due": "after Christmas"}, "New date is not a date I can read."),
        ({"note": "The panel", "asked_due": "2026-11-27"}, "New date is not later than it is now."),
        ({"note": "The panel", "asked_due": "2026-11-17"}, "New date is not later than it is now."),
        ({"asked_due": "2026-12-11"}, "Note is needed."),
        ({"asked_due": "2026-12-11", "note": "x" * 2001}, "Note is too long: at most 2000 characters."),
        ({}, "New date is needed. Note is needed."),
    ],
    ids=repr,
)
async def test_asking_for_more_time_needs_a_date_and_a_reason(story: ActionStory, typed: JSON, says: str) -> None:
    """What is missing is told, and the action stays as it was."""
    reference = await story.add_action()
    before = story.kept(reference)

    card = await story.takes(NURSE, reference, "Ask for more time", **typed)

    assert says in text_of(card)
    assert "Ask for more time" in story.buttons(card), "it can be tried again at once"
    assert story.kept(reference) == before


@pytest.mark.parametrize(
    ("button", "status", "says"),
    [
        ("Blocked", "Blocked", "Kept as blocked. The chairs can see why."),
        ("Not possible", "Not possible, to be verified", "Kept as not possible. A chair will verify it."),
    ],
)
async def test_what_cannot_go_on_says_why(story: ActionStory, button: str, status: str, says: str) -> None:
    """Blocked and not possible each need a reason, which is kept."""
    reference = await story.add_action()
    refused = await story.takes(NURSE, reference, button)
    assert "Note is needed." in text_of(refused)
    assert story.action(reference)["Status"] == "Agreed"

    card = await story.chooses(NURSE, refused, button, note="The room was given up")

    assert says in text_of(card)
    row = story.action(reference)
    assert (row["Status"], row["Note"], row["Open"]) == (status, "The room was given up", True)


async def test_not_possible_counts_once_a_chair_verifies_it(story: ActionStory) -> None:
    """Circumstances changed: verified it is closed as not possible, and not as done."""
    reference = await story.add_action()
    await story.takes(NURSE, reference, "Not possible", note="The ward has closed")

    await story.takes(CHAIR, reference, "Verify")

    row = story.action(reference)
    assert (row["Status"], row["Open"]) == ("Not possible", False)


async def test_the_lead_of_the_agency_answers_for_its_owner(story: ActionStory) -> None:
    """When the owner is away, the lead of the same agency takes the step, in their own name."""
    reference = await story.add_action()

    await story.takes(TRUST_LEAD, reference, "Done")

    done = [each for each in versions_of(story, reference) if each["Status"] == "Done, to be verified"]
    assert done[0]["ChangedBy"] == TRUST_LEAD.name


async def test_a_card_in_a_private_chat_takes_the_same_steps(story: ActionStory) -> None:
    """Where dialogs do not open, the card in the chat is replaced step by step."""
    reference = await story.add_action()
    post = await story.answered(NURSE, f"action {reference}")
    assert story.buttons(post.card) == OWNERS

    _, answer = await story.teams.press(NURSE, post, "Update", {"note": "Half of it"})

    assert "The update is kept." in text_of(answer["value"])
    assert story.action(reference)["Note"] == "Half of it"


# The same steps, typed


async def test_every_button_has_its_words(story: ActionStory) -> None:
    """Each step can be typed in a private chat, small forms of the reference included."""
    reference = await story.add_action()
    number = reference[2:]
    steps: list[tuple[Person, str, str, str]] = [
        (NURSE, f"acknowledge {reference}", "Acknowledged. Thank you.", "Acknowledged"),
        (NURSE, f"update a{number} the first ward agreed", "The update is kept.", "In progress"),
        (NURSE, f"blocked a-{number} no room", "Kept as blocked. The chairs can see why.", "Blocked"),
        (
            NURSE,
            f"more time {reference} 2026-12-11 the panel meets then",
            "More time is asked for. A chair will decide.",
            "More time asked for",
        ),
        (CHAIR, f"grant {reference}", "The new date is granted.", "In progress"),
        (NURSE, f"done {reference} all agreed", "Kept as done. A chair will verify it.", "Done, to be verified"),
        (CHAIR, f"return {reference} not signed", "Returned to its owner.", "In progress"),
        (
            NURSE,
            f"not possible A-00{number} the ward closed",
            "Kept as not possible. A chair will verify it.",
            "Not possible, to be verified",
        ),
        (CHAIR, f"verify {reference}", "Verified and closed.", "Not possible"),
    ]
    for person, typed, says, status in steps:
        assert await story.types(person, typed) == f"{reference}: {says}\n"
        assert story.action(reference)["Status"] == status
    assert story.action(reference)["DueDate"][:10] == "2026-12-11"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("done", "not a reference"),
        ("done it", "not a reference"),
        ("done R-1", "not a reference"),
        ("done A-999999", "There is no A-999999"),
        ("done A-0", "not a reference"),
        ("action A-1' or 1 eq 1", "not a reference"),
        ("update {}", "Note is needed."),
        ("blocked {}", "Note is needed."),
        ("not possible {}", "Note is needed."),
        ("more time {}", "New date is needed. Note is needed."),
        ("more time {} soon please", "New date is not a date I can read."),
        ("more time {} 2026-12-11", "Note is needed."),
        ("verify {}", "Please ask Ivy Teamofficer or Ada Chairperson."),
        ("grant {}", "Please ask Ivy Teamofficer or Ada Chairperson."),
        ("return {} why", "Please ask Ivy Teamofficer or Ada Chairperson."),
    ],
)
async def test_what_is_typed_wrongly_gets_a_sentence(story: ActionStory, typed: str, says: str) -> None:
    """Every slip is answered with what is missing, and changes nothing."""
    reference = await story.add_action()
    before = story.kept()

    said = await story.types(NURSE, typed.format(reference))

    assert says in said
    assert story.kept() == before


# Once each


async def test_the_same_press_twice_is_one_step(story: ActionStory) -> None:
    """Teams may deliver a press again, at once or later: the second is answered like the first and writes nothing."""
    reference = await story.add_action()
    card = await story.opens(NURSE, reference)

    first, second = await asyncio.gather(
        story.chooses(NURSE, card, "Update", note="Half of it"), story.chooses(NURSE, card, "Update", note="Half of it")
    )
    versions = versions_of(story, reference)
    third = await story.chooses(NURSE, card, "Update", note="Half of it")

    assert all("The update is kept." in text_of(answer) for answer in (first, second, third))
    assert versions_of(story, reference) == versions
    assert [v["ChangeReason"] for v in versions].count("update") == 1


async def test_what_the_bot_keeps_for_itself_is_nobody_s_edit(story: ActionStory) -> None:
    """Each version of an action names who made it: the chair, or the bot for its own order, not an edit by hand."""
    reference = await story.add_action()
    await eventually(lambda: story.action(reference)["AssignedSync"], "the person column to be kept in step")

    blamed = {(version["ChangedBy"], version["ChangeReason"]) for version in versions_of(story, reference)}
    assert ("Ada Chairperson", "agreed") in blamed
    assert blamed <= {
        ("Ada Chairperson", "agreed"),
        ("Ada Chairperson", "numbered"),
        ("MHRMB bot", "kept in step"),
    }


async def test_another_button_of_the_same_card_is_another_step(story: ActionStory) -> None:
    """A card that was not replaced on somebody's screen keeps its key, yet each of its buttons does what it says."""
    reference = await story.add_action()
    card = await story.opens(NURSE, reference)
    await story.chooses(NURSE, card, "Acknowledge")

    answer = await story.chooses(NURSE, card, "Done")

    assert "Kept as done." in text_of(answer)
    assert story.action(reference)["Status"] == "Done, to be verified"


async def test_a_step_that_comes_too_late_undoes_nothing(story: ActionStory) -> None:
    """An owner's update that comes after a chair's verifying is told so, instead of undoing it."""
    reference = await story.add_action()
    late = await story.opens(NURSE, reference)
    await story.takes(TRUST_LEAD, reference, "Done")
    await story.takes(CHAIR, reference, "Verify")
    before = story.kept(reference)
    pressed = find_action(late, title="Update")

    _, answer = await story.teams.submit(NURSE, pressed["data"], {"note": "Still at it"}, story.channel)

    assert len(sentence(answer)) > 20
    assert story.kept(reference) == before


def versions_of(story: ActionStory, reference: str) -> list[JSON]:
    """The versions SharePoint keeps of an action, oldest first."""
    path = f"/sites/mhrmb/_api/web/lists/getByTitle('Actions')/items({reference[2:]})/versions?$top=500"
    found: list[JSON] = story.bot.control("GET", path)["value"]
    return sorted(found, key=lambda each: each["VersionId"])


# Who may


async def test_a_stranger_gets_no_more_than_whom_to_ask(story: ActionStory) -> None:
    """By word, button and forged step, in a chat and in the channel, an unknown person changes and learns nothing."""
    reference = await story.add_action()
    before = story.kept(reference)

    said = [await story.types(STRANGER, typed) for typed in (f"action {reference}", "tracker", f"done {reference}")]
    said += [await story.types(STRANGER, "tracker", story.channel), await story.types(STRANGER, "my actions")]
    said.append(sentence(await story.forges(STRANGER, reference, "done")))
    _, opened = await story.teams.open(STRANGER, {"do": "action", "reference": reference}, story.channel)
    said.append(sentence(opened))

    for each in said:
        assert "I do not know you as a member of this board yet." in each
        assert "discharge" not in each
    assert story.kept(reference) == before


async def test_an_observer_reads_the_board_s_and_nothing_of_a_case(story: ActionStory) -> None:
    """An observer sees what concerns nobody, cannot touch it, and does not learn that a case's action is there."""
    board, case = await story.add_action(), await story.add_action(**CASE)
    before = story.kept(board, case)

    card = await story.opens(OBSERVER, board)
    assert "Agree the discharge protocol" in text_of(card)
    assert story.buttons(card) == []
    hidden = await story.types(OBSERVER, f"action {case}")
    assert f"There is no {case}" in hidden
    assert "No open action matches." in await story.types(OBSERVER, f"tracker {case}")
    for reference in (board, case):
        assert len(sentence(await story.forges(OBSERVER, reference, "done"))) > 20

    assert story.kept(board, case) == before


async def test_another_agency_s_member_cannot_answer_for_it(story: ActionStory) -> None:
    """They read a board's action, of a case's no more than an outline, and no step of theirs is taken."""
    board, case = await story.add_action(), await story.add_action(**CASE)
    before = story.kept(board, case)

    card = await story.opens(SOCIAL, board)
    assert "Agree the discharge protocol" in text_of(card)
    assert story.buttons(card) == []
    card = await story.opens(SOCIAL, case)
    assert planted_in(card, CASE_WORDS) == []
    assert "Cy Nurse" in text_of(card), "whom to ask"
    assert story.buttons(card) == []
    for reference in (board, case):
        for step in ("acknowledge", "done", "verify", "grant", "return"):
            answer = await story.forges(SOCIAL, reference, step, note="Mine now")
            assert len(sentence(answer)) > 20
            assert planted_in(answer, CASE_WORDS) == []
    assert "Only" in await story.types(SOCIAL, f"done {board}")

    assert story.kept(board, case) == before


async def test_an_owner_without_a_current_agreement_sees_an_outline(story: ActionStory) -> None:
    """Even their own action from a case shows no words and takes no step until their agency has signed again."""
    case = await story.add_action(**{**CASE, "owner": LAPSED.object_id})
    before = story.kept(case)

    card = await story.opens(LAPSED, case)

    assert planted_in(card, CASE_WORDS) == []
    assert "Friday 27 November 2026" in text_of(card)
    assert story.buttons(card) == []
    assert planted_in(await story.forges(LAPSED, case, "done"), CASE_WORDS) == []
    assert planted_in(await story.types(LAPSED, "my actions"), CASE_WORDS) == []
    assert planted_in(await story.types(LAPSED, f"tracker {case}"), CASE_WORDS) == []
    assert planted_in(await story.types(LAPSED, "tracker PLANTEDWHAT"), CASE_WORDS[1:]) == []
    assert len(await story.types(LAPSED, f"done {case} it was PLANTEDNOTE")) > 20
    assert story.kept(case) == before


async def test_an_owner_without_a_current_agreement_still_works_the_board_s_own(story: ActionStory) -> None:
    """What concerns nobody needs no sharing agreement."""
    reference = await story.add_action(owner=LAPSED.object_id)

    await story.takes(LAPSED, reference, "Done", note="Ours is done")

    assert story.action(reference)["Status"] == "Done, to be verified"


@pytest.mark.parametrize("reference", ["", None, 5, ["A-1"], "A-999999", "R-1", "A-1' or 1 eq 1"], ids=repr)
@pytest.mark.parametrize("step", ["done", "verify"])
async def test_a_forged_reference_is_answered_with_a_sentence(story: ActionStory, reference: Any, step: str) -> None:
    """Whatever a card sends as a reference, nothing is changed and something is said."""
    before = story.kept()
    assert len(sentence(await story.forges(CHAIR, reference, step))) > 20
    assert story.kept() == before


@pytest.mark.parametrize("step", ["", None, 5, ["done"], "delete", "Done", "supersede"], ids=repr)
async def test_a_forged_step_is_answered_with_a_sentence(story: ActionStory, step: Any) -> None:
    """A step that is none is an old card's."""
    reference = await story.add_action()
    before = story.kept(reference)
    assert len(sentence(await story.forges(NURSE, reference, step))) > 20
    assert story.kept(reference) == before


# In the channel


@pytest.mark.parametrize("typed", ["done {} PLANTEDNOTE Zebedee", "update {} PLANTEDNOTE", "return {} PLANTEDNOTE"])
async def test_free_text_typed_in_a_channel_is_not_kept(story: ActionStory, typed: str) -> None:
    """The bot says how to go on privately, repeats nothing and takes no step."""
    reference = await story.add_action()
    before = story.kept(reference)

    said = await story.types(NURSE, typed.format(reference), story.channel)

    assert "private chat" in said
    assert planted_in(said, CASE_WORDS) == []
    assert story.kept(reference) == before


async def test_a_step_without_words_may_be_typed_in_a_channel(story: ActionStory) -> None:
    """`done A-103` alone says nothing about anybody."""
    reference = await story.add_action()

    assert f"{reference}: Kept as done." in await story.types(NURSE, f"done {reference}", story.channel)

    assert story.action(reference)["Status"] == "Done, to be verified"


async def test_what_follows_a_command_in_the_channel_is_not_said_again(story: ActionStory) -> None:
    """Neither `add action`, nor a search, nor a wrong reference comes back with the words that followed it."""
    before = story.kept()
    for typed in ("add action PLANTEDWHAT visit Zebedee", "tracker PLANTEDWHAT", "action PLANTEDWHAT", "done Zebedee"):
        answer = await story.answered(CHAIR, typed, story.channel)
        assert planted_in(answer.activity, CASE_WORDS) == []
    assert story.kept() == before


async def test_a_step_s_button_does_nothing_on_a_card_in_the_channel(story: ActionStory) -> None:
    """A step is taken in a dialog or a private chat: everybody would see the card change, and the note in it."""
    reference = await story.add_action()
    post = await story.answered(NURSE, f"action {reference}", story.channel)
    pressed = {"verb": "action.step", "data": {"reference": reference, "step": "done", "key": "e" * 32}}

    _, answer = await story.teams.press(NURSE, post, pressed, {"note": "PLANTEDNOTE"})

    assert "private chat" in sentence(answer)
    assert story.action(reference)["Status"] == "Agreed"
    (button,) = [find_action(post.card, title="Open")]
    _, opened = await story.teams.open(NURSE, button["data"], story.channel)
    assert "Acknowledge" in text_of(opened)


async def test_the_words_of_a_case_stay_out_of_the_channel_and_the_logs(fresh: ActionStory) -> None:
    """Card, tracker, search and the day's digest show of a case's action no more than reference, owner, date, state."""
    await fresh.opens_a_chat(NURSE)
    case = await fresh.add_action(**CASE)
    fresh.bot.add_row(
        "Actions",
        What="PLANTEDWHAT typed by hand",
        OwnerName="Zebedee Planted",
        DueDate="2026-11-17T12:00:00Z",
        Source="Referral 14",
        Status="PLANTEDNOTE",
        Agency="PLANTEDPLAN",
        Priority="PLANTEDWHY",
        Title="Zebedee",
    )
    await eventually(lambda: fresh.action("A-2")["Reference"], "the typed row to be numbered")
    await fresh.types(NURSE, f"update {case} PLANTEDNOTE he was seen on Friday")

    for typed in (f"action {case}", "action A-2", "tracker", "tracker mine", "tracker overdue", "tracker PLANTEDWHAT"):
        for person in (NURSE, CHAIR):
            await fresh.types(person, typed, fresh.channel)
    await fresh.types(NURSE, "my actions", fresh.channel)
    fresh.moves_to("2026-11-20T09:00")
    digest = await eventually(
        lambda: next(
            (p for p in fresh.teams.posts_in(fresh.channel) if "Actions, Friday" in text_of(p.activity)), None
        ),
        "the channel's digest",
    )

    assert case in text_of(digest.card)
    assert "A-2" in text_of(digest.card)
    assert planted_in(fresh.in_the_channel(), CASE_WORDS) == []
    assert planted_in("\n".join(fresh.bot.heard()), (*CASE_WORDS, "Traceback", "broke")) == []
    chat = fresh.teams.chat(NURSE)
    await eventually(lambda: "Your actions, Friday" in text_of(fresh.teams.last(chat).activity), "the owner's digest")
    assert "PLANTEDWHAT visit Zebedee" in text_of(fresh.teams.last(chat).card), "who may read it does, in private"


async def test_an_immediate_risk_is_told_to_its_owner_at_once(story: ActionStory) -> None:
    """Before the digest's hour the owner hears that it is there, privately, without its words, and once."""
    chat, before = story.teams.chat(NURSE), len(story.teams.posts)
    reference = await story.add_action(**{**CASE, "priority": "Immediate risk"})

    def told() -> list[JSON]:
        return [
            p.activity for p in story.teams.posts_in(chat) if f"Action {reference} is yours." in text_of(p.activity)
        ]

    await eventually(told, "the owner to be told")
    assert planted_in(told(), CASE_WORDS) == []
    await story.takes(TRUST_LEAD, reference, "Update", note="On the way")
    await asyncio.sleep(1)
    assert len(told()) == 1
    assert len(story.teams.posts) == before + 2, "the chair's way to the form, and the word to the owner"


# Rows of the list


async def test_an_id_typed_in_capitals_is_the_same_person(fresh: ActionStory) -> None:
    """Entra shows object ids in either case: a member typed in capitals is told of, finds and works what is theirs."""
    capital = Person("Kim Capital")
    await fresh.opens_a_chat(capital)
    add_member(fresh.bot, capital, MHT, "Representative", UserId=capital.object_id.upper())
    while "I do not know you" in await fresh.types(capital, "whoami"):
        await asyncio.sleep(0.1)  # until the change feed has brought the new row; the test's time limit bounds it
    reference = await fresh.add_action(owner=capital.object_id.upper(), due="2026-11-17")

    assert reference in listed((await fresh.answered(capital, "tracker mine")).card)
    assert reference in listed((await fresh.answered(capital, "my actions")).card)
    fresh.moves_to("2026-11-16T09:00")
    chat = fresh.teams.chat(capital)
    await eventually(lambda: "Your actions, Monday" in text_of(fresh.teams.last(chat).activity), "their digest")
    await fresh.takes(capital, reference, "Done")
    assert fresh.action(reference)["Status"] == "Done, to be verified"


@dataclass
class Editor:
    """Somebody of the mental health team in SharePoint itself, with a token of their own."""

    server: EmbeddedServer
    token: str
    name: str

    def adds(self, **values: Any) -> str:
        """Type a row into `Actions`; returns the reference it should get."""
        row = self.server.call("POST", "web/lists/getByTitle('Actions')/items", values, token=self.token)
        row.raise_for_status()
        return f"A-{row.json()['Id']}"

    def edits(self, reference: str, **values: Any) -> None:
        """Edit a row in place."""
        path = f"web/lists/getByTitle('Actions')/items({reference[2:]})"
        self.server.call("POST", path, values, token=self.token, x_http_method="MERGE", if_match="*").raise_for_status()

    def deletes(self, reference: str) -> None:
        """Send a row to the recycle bin."""
        path = f"web/lists/getByTitle('Actions')/items({reference[2:]})/recycle"
        self.server.call("POST", path, token=self.token).raise_for_status()


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> Iterator[Editor]:
    """A SharePoint of its own in which a person may edit the cases' lists as an officer of the team may."""
    data = tmp_path_factory.mktemp("sharepoint") / "bot"
    shutil.copytree(provisioned, data)
    with EmbeddedServer(data, TOKEN, extra=("--user", "officer-token=Jo Editor")) as server:
        officer = server.get("web/currentuser", authorization="Bearer officer-token")
        server.post("web/sitegroups/getbyname('MHRMB mental health team')/users", {"LoginName": officer["LoginName"]})
        yield Editor(server, "officer-token", "Jo Editor")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edited(tmp_path_factory: pytest.TempPathFactory, editor: Editor) -> AsyncIterator[ActionStory]:
    """A board over that SharePoint, its mental health team reachable in a private chat."""
    clock = tmp_path_factory.mktemp("clock") / "clock"
    clock.write_text(QUIET)
    with RunningBot(
        editor.server.data_dir, MHRMB_CLOCK=str(clock), MHRMB_SHAREPOINT_PORT=str(editor.server.port)
    ) as bot:
        fill(bot)
        async with Teams(bot.url) as teams:
            story = ActionStory(bot, teams, clock)
            await story.set_up()
            await story.opens_a_chat(TEAM_OFFICER)
            yield story


async def test_a_row_typed_into_the_list_is_completed(edited: ActionStory, editor: Editor) -> None:
    """What is certain is filled in, in the name of the person who typed it, and it is an action like any other."""
    before = len(edited.teams.posts)
    reference = editor.adds(What="Typed by hand", OwnerName="cy nurse", DueDate="2026-11-18T12:00:00Z", Source="B-7")

    await eventually(lambda: edited.action(reference)["Reference"] == reference, "the row to be numbered")

    row = edited.action(reference)
    assert (row["OwnerUserId"], row["OwnerName"], row["Agency"]) == (NURSE.object_id, "Cy Nurse", MHT)
    assert (row["Status"], row["Open"], row["Forum"]) == ("Agreed", True, "MHRMB")
    assert (row["Key"], row["AgreedOn"]) == (f"row:{reference}", "2026-11-16T07:00:00Z")
    assert (row["ChangedBy"], row["ChangeReason"]) == ("Jo Editor", "edited in the list")
    await edited.takes(NURSE, reference, "Done")
    assert edited.action(reference)["Status"] == "Done, to be verified"
    assert len(edited.teams.posts) == before, "a sound row is reported to nobody"


async def test_an_edit_in_the_list_is_blamed_on_who_made_it(edited: ActionStory, editor: Editor) -> None:
    """Closing an action in SharePoint closes it here too, and its history names the person, not the bot."""
    reference = await edited.add_action()

    editor.edits(reference, Status="Superseded")
    await eventually(lambda: edited.action(reference)["ClosedOn"], "the row to be closed")

    row = edited.action(reference)
    assert (row["Open"], row["ChangedBy"]) == (False, "Jo Editor")
    assert edited.buttons(await edited.opens(NURSE, reference)) == []
    assert f"{reference}" not in await edited.types(NURSE, "tracker mine")


async def test_an_owner_changed_in_the_list_takes_over(edited: ActionStory, editor: Editor) -> None:
    """A new name with the old id cleared is another owner, of another agency."""
    reference = await edited.add_action()

    editor.edits(reference, OwnerUserId="", OwnerName="Ed Socialworker")
    await eventually(lambda: edited.action(reference)["OwnerUserId"] == SOCIAL.object_id, "the owner to be known")

    assert edited.action(reference)["Agency"] == "ASC"
    assert edited.action(reference)["ChangedBy"] == "Jo Editor"
    await edited.takes(SOCIAL, reference, "Acknowledge")
    assert reference not in await edited.types(NURSE, "tracker mine")


async def test_a_row_that_only_a_person_can_mend_is_reported_once(edited: ActionStory, editor: Editor) -> None:
    """The mental health team hears privately what is wrong and who typed it; an edit that mends nothing is silent."""
    chat, before = edited.teams.chat(TEAM_OFFICER), len(edited.teams.posts)
    reference = editor.adds(What="PLANTEDWHAT for somebody", OwnerName="Zebedee Planted", Source="R-14")

    def reports() -> list[str]:
        return [text_of(p.card) for p in edited.teams.posts_in(chat) if f"Action {reference}\n" in text_of(p.card)]

    await eventually(reports, "the report")
    (said,) = reports()
    assert f"Action {reference} was edited in the list and has no owner who is a member and no due date." in said
    assert "Jo Editor" in said
    assert planted_in(said, CASE_WORDS) == []
    editor.edits(reference, Why="Because")
    await asyncio.sleep(1)
    assert len(reports()) == 1
    editor.edits(reference, OwnerName="Cy Nurse")
    await eventually(lambda: len(reports()) == 2, "what is still wrong to be reported")
    assert "has no due date." in reports()[1]
    editor.edits(reference, DueDate="2026-12-01T12:00:00Z")
    await eventually(lambda: edited.action(reference)["OwnerUserId"] == NURSE.object_id, "the owner to be known")
    await asyncio.sleep(1)
    assert len(edited.teams.posts) == before + 2, "nobody else is told, and nothing is told twice"


async def test_a_status_that_is_none_is_reported(edited: ActionStory, editor: Editor) -> None:
    """A word of somebody's own in Status is kept, reported, and shown nowhere as a state."""
    reference = await edited.add_action()

    editor.edits(reference, Status="Zebedee says no")

    said = await eventually(lambda: _report(edited, reference), "the report")
    assert "a status that is not one of the board's" in said
    assert planted_in(said, CASE_WORDS) == []
    assert "Zebedee" not in await edited.types(NURSE, f"action {reference}", edited.channel)


async def test_a_deleted_row_is_asked_back(edited: ActionStory, editor: Editor) -> None:
    """An action is never deleted: the team is told once which one is missing, and the bot goes on without it."""
    reference = await edited.add_action()
    before = len(edited.teams.posts)

    editor.deletes(reference)

    said = await eventually(lambda: _report(edited, reference), "the report")
    assert "was deleted from the list. An action is never deleted" in said
    assert f"There is no {reference}" in await edited.types(NURSE, f"done {reference}")
    await asyncio.sleep(1)
    assert len(edited.teams.posts) == before + 2, "the report, and the answer to the owner"


def _report(story: ActionStory, reference: str) -> str:
    posts = story.teams.posts_in(story.teams.chat(TEAM_OFFICER))
    found = [text_of(post.card) for post in posts if f"Action {reference}\n" in text_of(post.card)]
    return found[0] if found else ""


# The tracker


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def forty(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board with forty actions, by twos and fives: twenty the nurse's, twenty the social worker's."""
    async with board_at(tmp_path_factory.mktemp("forty"), provisioned) as made:
        for number in range(1, 41):
            person, agency = ((NURSE, MHT), (SOCIAL, "ASC"))[number % 2]
            made.bot.add_row(
                "Actions",
                What=f"Thing number {number} of forty",
                OwnerUserId=person.object_id,
                OwnerName=person.name,
                Agency=agency,
                Source="R-9" if number == 40 else "B-7",
                # Every fourth is overdue, every fifth of the rest due this week, the others in the new year.
                DueDate="2026-11-09T12:00:00Z"
                if number % 4 == 0
                else "2026-11-19T12:00:00Z"
                if number % 5 == 0
                else "2027-01-20T12:00:00Z",
                Status="Blocked" if number % 10 == 0 else "In progress",
            )
        await eventually(lambda: all(row["Key"] for row in made.bot.rows("Actions")), "the rows to be completed", 30)
        yield made


def listed(card: JSON) -> list[str]:
    """The references of a tracker's lines, in order."""
    return re.findall(r"^(A-\d+) $", text_of(card), re.MULTILINE)


def counts(card: JSON) -> list[int]:
    """Open, overdue, due in 7 days, blocked, to verify."""
    return [
        int(n) for n in re.findall(r"^(\d+)\n(?:open|overdue|due in 7 days|blocked|to verify)$", text_of(card), re.M)
    ]


@pytest.mark.parametrize("where", ["chat", "channel"])
async def test_the_tracker_counts_all_and_shows_a_page(forty: ActionStory, where: str) -> None:
    """Totals are of everything that was asked for; pages follow one another and hold each action once."""
    place = forty.channel if where == "channel" else forty.teams.chat(CHAIR)
    post = await forty.answered(CHAIR, "tracker", place)
    assert counts(post.card) == [40, 10, 6, 4, 0]
    assert "1 to 15 of 40." in text_of(post.card)
    seen, card = listed(post.card), post.card
    assert len(seen) == 15
    workbook = ["All as a workbook"] if where == "chat" else []
    assert forty.buttons(card) == ["Next page", *workbook]

    for shown, buttons in (("16 to 30 of 40.", ["Previous page", "Next page"]), ("31 to 40 of 40.", ["Previous page"])):
        _, answer = await forty.teams.press(CHAIR, post, find_action(card, title="Next page"))
        card = answer["value"]
        assert shown in text_of(card)
        assert counts(card) == [40, 10, 6, 4, 0]
        assert forty.buttons(card) == [*buttons, *workbook]
        seen += listed(card)

    assert sorted(seen) == sorted(f"A-{number}" for number in range(1, 41))
    assert set(listed(card)).isdisjoint({f"A-{number}" for number in range(4, 41, 4)}), "what is overdue comes first"


@pytest.mark.parametrize(
    ("asked", "expected", "count"),
    [
        ("tracker mht", range(2, 41, 2), 20),
        ("tracker ASC", range(1, 41, 2), 20),
        ("tracker overdue", range(4, 41, 4), 10),
        ("tracker asc overdue", (), 0),
        ("tracker due", (5, 10, 15, 25, 30, 35), 6),
        ("tracker blocked", (10, 20, 30, 40), 4),
        ("tracker mine", range(2, 41, 2), 20),
        ("tracker number 17 of", (17,), 1),
        ("tracker A-23", (23,), 1),
        ("tracker MHT due number 10", (10,), 1),
        ("tracker cy nurse", range(2, 41, 2), 20),
        ("tracker nothing like this", (), 0),
        ("action tracker overdue", range(4, 41, 4), 10),
        ("actions blocked", (10, 20, 30, 40), 4),
    ],
)
async def test_the_tracker_is_filtered(forty: ActionStory, asked: str, expected: Iterable[int], count: int) -> None:
    """By agency, by state and by words, together or apart; and the next page keeps to what was asked."""
    post = await forty.answered(NURSE, asked)
    seen, card = listed(post.card), post.card
    while "Next page" in forty.buttons(card):
        _, answer = await forty.teams.press(NURSE, post, find_action(card, title="Next page"))
        card = answer["value"]
        seen += listed(card)

    assert sorted(seen) == sorted(f"A-{number}" for number in expected)
    if count:
        assert counts(card)[0] == count
    else:
        assert "No open action matches." in text_of(card)


@pytest.mark.parametrize("data", [{"page": "99"}, {"page": "-1"}, {"page": "x"}, {"page": 3}, {}, {"asked": ["a"]}])
async def test_a_forged_page_is_still_a_page(forty: ActionStory, data: JSON) -> None:
    """A page that there is not is the last or the first, never an error."""
    post = await forty.answered(NURSE, "tracker")
    _, answer = await forty.teams.press(NURSE, post, {"verb": "tracker", "data": {"asked": "", "page": "0", **data}})
    assert " of 40." in text_of(answer["value"])


async def test_the_next_page_in_a_channel_keeps_to_what_was_asked(forty: ActionStory) -> None:
    """A filter of the board's own words survives the turn of the page there too, and a case's words stay out."""
    post = await forty.answered(CHAIR, "tracker MHT", forty.channel)
    assert "1 to 15 of 20." in text_of(post.card)

    _, answer = await forty.teams.press(CHAIR, post, find_action(post.card, title="Next page"))

    assert "16 to 20 of 20." in text_of(answer["value"])
    seen = listed(post.card) + listed(answer["value"])
    assert sorted(seen) == sorted(f"A-{number}" for number in range(2, 41, 2))
    said = text_of(post.card) + text_of(answer["value"])
    assert "Thing number 38 of forty" in said
    assert "Thing number 40 of forty" not in said, "it comes from a case"


async def test_my_actions_are_the_most_pressing_first(forty: ActionStory) -> None:
    """A person's own, twelve of them, the five first a button away, and how many more there are."""
    post = await forty.answered(NURSE, "my actions")

    assert listed(post.card) == [f"A-{n}" for n in (4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 10, 30)]
    assert "And 8 more actions: type *tracker mine*." in text_of(post.card)
    assert forty.buttons(post.card) == [f"Open A-{n}" for n in (4, 8, 12, 16, 20)]
    _, answer = await forty.teams.press(NURSE, post, "Open A-8")
    assert "Thing number 8 of forty" in text_of(answer["value"])


@pytest.mark.long
async def test_no_card_is_too_heavy(fresh: ActionStory) -> None:
    """Forty actions of the longest texts, in the widest characters, fit every card that may show them."""
    await fresh.opens_a_chat(NURSE)
    for number in range(1, 41):
        fresh.bot.add_row("Actions", **longest_action(number))
    await eventually(lambda: all(row["Key"] for row in fresh.bot.rows("Actions")), "the rows to be completed", 30)

    for person, place in ((NURSE, fresh.teams.chat(NURSE)), (CHAIR, fresh.channel)):
        for typed in ("tracker", f"tracker {'💥' * 200}", "my actions", "action A-7"):
            post = await fresh.answered(person, typed, place)
            assert weight(post.activity) < LARGEST_CARD, typed
    form = await fresh.add_form(CHAIR)
    typed = {"what": "💥" * 1000, "why": "💥" * 1001, "programme": "💥" * 60, "source": "💥" * 20}
    assert weight(await fresh.submit_action(CHAIR, form, {**ACTION, **typed})) < LARGEST_CARD
    card = await fresh.takes(NURSE, "A-7", "Blocked", note="💥" * 1000)
    assert weight(card) < LARGEST_CARD
    fresh.moves_to("2026-11-20T09:00")
    digests = await eventually(
        lambda: (
            (found := [p for p in fresh.teams.posts.values() if "ctions, Friday" in text_of(p.activity)])[1:] and found
        ),
        "the digests",
    )
    assert all(weight(post.activity) < LARGEST_CARD for post in digests)


async def test_nothing_planted_was_logged(story: ActionStory, edited: ActionStory) -> None:
    """After all of the above no free text is in the bots' output, and nothing broke."""
    for each in (story, edited):
        assert planted_in("\n".join(each.bot.heard()), (*CASE_WORDS, "discharge", "Traceback", "broke")) == []
        assert planted_in(each.in_the_channel(), CASE_WORDS) == []
