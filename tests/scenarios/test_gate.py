"""The gate through the real door: triage in order, redirects until they are received, declines, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.board_people import CHAIR, NURSE, POLICE, STRANGER
from tests.scenarios.actions import TEAM_OFFICER
from tests.scenarios.board import PLANTED, Story, eventually, page, planted_in, text_of
from tests.teams import Person, find_action, inputs

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def said(story: Story, person: Person, words: str) -> str:
    """What the bot answers in the person's own chat."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    await story.teams.say(person, words, chat)
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


def row_of(story: Story, reference: str) -> dict[str, Any]:
    """The referral as it stands in the list."""
    return next(row for row in story.bot.rows("Referrals") if row["Reference"] == reference)


def told(story: Story, person: Person, words: str) -> bool:
    """Whether a person's private chat says this anywhere."""
    return any(words in text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person)))


@pytest.fixture
def team(story: Story) -> Person:
    """An officer of the mental health team."""
    add_officer(story)
    return TEAM_OFFICER


def add_officer(story: Story) -> None:
    """Add the officer once."""
    if not any(row["UserId"] == TEAM_OFFICER.object_id for row in story.bot.rows("Members")):
        story.bot.add_row(
            "Members",
            UserId=TEAM_OFFICER.object_id,
            MemberName=TEAM_OFFICER.name,
            Agency="POL",
            Roles="Mental health team",
        )


async def test_a_case_goes_to_the_subgroup_with_the_wording_it_was_decided_by(story: Story, team: Person) -> None:
    """The definitions stand beside the choice with their source, the look is on record, and the referrer hears."""
    reference = await story.refer(POLICE)
    await story.teams.say(POLICE, "hello", story.teams.chat(POLICE))
    waits = await said(story, team, "triage")
    assert reference in waits
    assert planted_in(waits, PLANTED) == []

    shown = await said(story, team, f"triage {reference}")
    assert "Zebedee" in shown
    assert "risk of their committing an offence" in shown, "the later wording of a potentially dangerous person"
    assert "present likelihood" not in shown
    looks = [row for row in story.bot.rows("Disclosures") if row["MemberUserId"] == team.object_id]
    assert looks[-1]["Reason"] == "Triage"

    kept = await said(story, team, f"triage {reference} subgroup: neither MAPPA nor PDP, and it is getting worse")
    assert "goes to the subgroup" in kept
    row = row_of(story, reference)
    assert (row["Status"], row["Gate"], row["Open"]) == ("Triaged", "The subgroup", True)
    assert row["Definitions"] == "MAPPA (1); PDP (2); Serious harm (1)"
    assert row["Rationale"] == "neither MAPPA nor PDP, and it is getting worse"
    await eventually(lambda: told(story, POLICE, "It goes to the subgroup"), "the referrer to hear")
    assert not told(story, POLICE, "getting worse")


async def test_a_redirect_stays_open_until_it_is_received(story: Story, team: Person) -> None:
    """It is still ours until somebody there has it; the referrer hears of both."""
    reference = await story.refer(POLICE)
    assert "receipt" in await said(story, team, f"triage {reference} mappa cat 2 level 1: a hospital order in 2021")
    row = row_of(story, reference)
    assert (row["Status"], row["RedirectedTo"], row["MappaStatus"], row["Open"]) == (
        *("Redirected", "MAPPA", "Category 2, level 1", True),
    )
    assert "Who at the receiving forum has it is needed" in await said(story, team, f"receipt {reference}")
    assert "closed here" in await said(story, team, f"receipt {reference} Fay Coordinator")
    row = row_of(story, reference)
    assert (row["Status"], row["ReceiptBy"], row["Open"]) == ("Redirected", "Fay Coordinator", False)
    assert row["ClosedOn"]
    await eventually(lambda: told(story, POLICE, "has received it"), "the referrer to hear")
    assert (
        "cannot be done" in (again := await said(story, team, f"back {reference} they sent it back"))
        or "closed" in again
    )


async def test_what_another_forum_does_not_take_comes_back(story: Story, team: Person) -> None:
    """A redirect that is refused there is the subgroup's, so nobody falls between forums."""
    reference = await story.refer(POLICE)
    await said(story, team, f"triage {reference} forum MARAC: domestic abuse")
    assert row_of(story, reference)["RedirectedTo"] == "MARAC"
    assert "goes to the subgroup" in await said(story, team, f"back {reference} MARAC does not hear it")
    assert (row_of(story, reference)["Status"], row_of(story, reference)["RedirectedTo"]) == ("Triaged", None)


async def test_the_gate_is_asked_in_order(story: Story, team: Person) -> None:
    """In the dialog: who is eligible for MAPPA does not go to the subgroup, and nothing typed is lost."""
    reference = await story.refer(POLICE)
    chat = story.teams.chat(team)
    await story.teams.say(team, "triage", chat)
    waits = story.teams.posts_in(chat)[-1]
    form = page(await story.teams.open(team, find_action(waits.card, title=f"Triage {reference}")["data"], chat))
    keep = find_action(form, title="Keep the triage")
    typed = {"mappa": "Category 1, level 2", "pdp": "No", "gate": "The subgroup", "rationale": "PLANTEDWHY"}
    again = page(await story.teams.submit(team, keep["data"], typed, chat))
    assert "the gate is asked in order" in text_of(again)
    assert inputs(again)["rationale"]["value"] == "PLANTEDWHY"
    assert row_of(story, reference)["Status"] == "Received"

    keep = find_action(again, title="Keep the triage")
    missing = page(await story.teams.submit(team, keep["data"], {**typed, "gate": "MAPPA", "rationale": ""}, chat))
    assert "Rationale is needed" in text_of(missing)
    done = page(await story.teams.submit(team, keep["data"], {**typed, "gate": "MAPPA"}, chat))
    assert "is redirected" in text_of(done)
    twice = page(await story.teams.submit(team, keep["data"], {**typed, "gate": "MAPPA"}, chat))
    assert "is redirected" in text_of(twice), "pressed twice, it was done once"


async def test_a_decline_has_a_reason_from_the_list_and_why(story: Story, team: Person) -> None:
    """A reason that is none of the list's is refused; then it is closed, and the referrer hears, not why."""
    reference = await story.refer(POLICE)
    refused = await said(story, team, f"triage {reference} decline because: nothing in it")
    assert "Reason, if it is declined" in refused
    await said(story, team, f"triage {reference} decline below the threshold: PLANTEDWHY nothing in it")
    row = row_of(story, reference)
    assert (row["Status"], row["Open"], row["DeclineReason"]) == (
        *("Declined", False, "Below the threshold of serious violence"),
    )
    await eventually(lambda: told(story, POLICE, "not taken on by the board"), "the referrer to hear")
    assert not told(story, POLICE, "PLANTEDWHY")


@pytest.mark.parametrize("person", [CHAIR, NURSE, STRANGER], ids=lambda person: person.name)
async def test_the_gate_is_the_mental_health_team_s(story: Story, team: Person, person: Person) -> None:
    """Nobody else sees what waits or decides; the refusal tells nothing of the case."""
    reference = await story.refer(POLICE)
    for words in ("triage", f"triage {reference}", f"triage {reference} subgroup: because"):
        answer = await said(story, person, words)
        assert planted_in(answer, PLANTED) == []
        assert "goes to the subgroup" not in answer
    assert row_of(story, reference)["Status"] == "Received"
    del team


async def test_a_referrer_withdraws(story: Story) -> None:
    """With why; what is withdrawn is closed and not withdrawn again; somebody else's is refused."""
    reference = await story.refer(POLICE)
    assert "is withdrawn" not in await said(story, NURSE, f"withdraw {reference} not ours")
    assert "Rationale is needed" in await said(story, POLICE, f"withdraw {reference}")
    assert "is withdrawn" in await said(story, POLICE, f"withdraw {reference} he is safe with his sister")
    assert (row_of(story, reference)["Status"], row_of(story, reference)["Open"]) == ("Withdrawn", False)
    assert "is withdrawn" not in await said(story, POLICE, f"withdraw {reference} again")


async def test_words_are_explained_with_their_source(story: Story) -> None:
    """`help serious harm` tells the wording in use; a misspelt term the nearest; other words get the help card."""
    assert "difficult or impossible" in await said(story, NURSE, "help serious harm")
    assert "section 135(1)" in await said(story, NURSE, "help s135(1)")
    assert "Did you mean *help Imminent*?" in await said(story, NURSE, "help imminnet")
    assert "triage R-14" in await said(story, NURSE, "help me please somebody")
    number = story.bot.add_row(
        "Definitions", Term="Imminent", Wording=2, Words="Within the day.", Source="The board, May", Open=True
    )
    assert "Within the day." in await said(story, NURSE, "help imminent")
    assert number
