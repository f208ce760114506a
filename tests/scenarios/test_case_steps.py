"""*More* with a referral: who is offered what, what each step means before it is taken, and what it comes to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE, STRANGER, TRUST_LEAD
from tests.scenarios.board import JSON, Story, eventually, page, planted_in, sentence, text_of
from tests.scenarios.test_gate import TEAM_OFFICER, add_officer, row_of, said, told
from tests.teams import Person, find_action, inputs

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def more(story: Story, person: Person, reference: str) -> JSON:
    """The page that *More* opens."""
    return page(await story.teams.open(person, {"do": "case", "reference": reference}, story.teams.chat(person)))


async def chosen(story: Story, person: Person, card: JSON, button: str, **typed: str) -> JSON:
    """Press a button of the page."""
    data = find_action(card, title=button)["data"]
    return page(await story.teams.submit(person, data, typed, story.teams.chat(person)))


def offered(card: JSON) -> list[str]:
    """What the page's buttons say."""
    return [each["title"] for each in card.get("actions", [])]


async def test_a_referrer_withdraws_by_a_button(story: Story) -> None:
    """It is told what that means, asked why once it was left out, and withdrawn once; then nothing is left to do."""
    reference = await story.refer(POLICE)
    first = await more(story, POLICE, reference)
    assert offered(first) == ["Restrict it", "Withdraw it"]
    assert f"withdraw {reference} why" in text_of(first)
    form = await chosen(story, POLICE, first, "Withdraw it")
    assert "its record is kept" in text_of(form)
    empty = await chosen(story, POLICE, form, "Withdraw it", rationale=" ")
    assert "Rationale is needed" in text_of(empty)
    assert row_of(story, reference)["Status"] == "Received"
    kept = await chosen(story, POLICE, empty, "Withdraw it", rationale="made twice by mistake")
    assert f"{reference} is withdrawn and closed." in text_of(kept)
    again = await chosen(story, POLICE, empty, "Withdraw it", rationale="made twice by mistake")
    assert f"{reference} is withdrawn and closed." in text_of(again)
    row = row_of(story, reference)
    assert (row["Status"], row["Rationale"], row["Open"]) == ("Withdrawn", "made twice by mistake", False)
    left = await more(story, POLICE, reference)
    assert "nothing else that you can do" in text_of(left)
    assert planted_in([first, form, empty, kept, left]) == []


async def test_a_redirect_is_received_or_taken_back(story: Story) -> None:
    """From the gate's own list, each in a form of one field."""
    add_officer(story)
    reference = await story.refer(POLICE)
    await said(story, TEAM_OFFICER, f"triage {reference} forum MARAC: domestic abuse")
    await story.teams.say(TEAM_OFFICER, "triage", story.teams.chat(TEAM_OFFICER))
    listed = story.teams.last(story.teams.chat(TEAM_OFFICER))
    button = find_action(listed.card, title=f"{reference}, redirected")
    first = page(await story.teams.open(TEAM_OFFICER, button["data"], story.teams.chat(TEAM_OFFICER)))
    assert offered(first)[:2] == ["Another forum has it", "Take it back"]
    back = await chosen(story, TEAM_OFFICER, first, "Take it back")
    assert "goes to the subgroup" in text_of(
        await chosen(story, TEAM_OFFICER, back, "Take it back", rationale="not theirs")
    )
    assert row_of(story, reference)["Status"] == "Triaged"
    other = await story.refer(POLICE)
    await said(story, TEAM_OFFICER, f"triage {other} forum MARAC: domestic abuse")
    form = await chosen(story, TEAM_OFFICER, await more(story, TEAM_OFFICER, other), "Another forum has it")
    missed = await chosen(story, TEAM_OFFICER, form, "Another forum has it", receipt_by="")
    assert "Who at the receiving forum has it is needed" in text_of(missed)
    kept = await chosen(story, TEAM_OFFICER, missed, "Another forum has it", receipt_by="Fay Coordinator")
    assert "closed here" in text_of(kept)
    assert row_of(story, other)["ReceiptBy"] == "Fay Coordinator"


async def test_a_restriction_is_passed_on_and_lifted(story: Story) -> None:
    """By its referrer's buttons and a chair's; the chair sees no more of it by that, and is not among the choices."""
    reference = await story.refer(POLICE)
    form = await chosen(story, POLICE, await more(story, POLICE, reference), "Restrict it")
    why = inputs(form)["restricted_why"]["choices"][0]["value"]
    assert "is restricted" in text_of(await chosen(story, POLICE, form, "Restrict", restricted_why=why))
    pointer = page(await story.teams.open(CHAIR, {"do": "look", "reference": reference}, story.teams.chat(CHAIR)))
    assert "This referral is restricted." in text_of(pointer)
    first = await chosen(story, CHAIR, pointer, "More")
    assert offered(first) == ["Give it another holder"]
    form = await chosen(story, CHAIR, first, "Give it another holder")
    choices = {each["value"] for each in inputs(form)["holder"]["choices"]}
    assert TRUST_LEAD.object_id in choices
    assert CHAIR.object_id not in choices
    forged = await chosen(story, CHAIR, form, "Give it another holder", holder=CHAIR.object_id)
    assert "please choose from the list" in text_of(forged)
    kept = await chosen(story, CHAIR, forged, "Give it another holder", holder=TRUST_LEAD.object_id)
    assert "has another holder" in text_of(kept)
    assert row_of(story, reference)["HolderUserId"] == TRUST_LEAD.object_id
    form = await chosen(story, TRUST_LEAD, await more(story, TRUST_LEAD, reference), "Restrict it no longer")
    assert "Who was admitted is forgotten" in text_of(form)
    assert "no longer restricted" in text_of(await chosen(story, TRUST_LEAD, form, "Restrict it no longer"))
    assert row_of(story, reference)["Restricted"] is False


@pytest.mark.parametrize("person", [NURSE, OBSERVER, STRANGER], ids=lambda person: person.name)
async def test_who_may_not(story: Story, person: Person) -> None:
    """No step is offered, opened or taken; what is no step at all is told so."""
    reference = await story.refer(POLICE)
    chat = story.teams.chat(person)

    async def asked(**data: Any) -> str:
        """What a forged press is answered, as a page or a sentence."""
        _, answer = await story.teams.submit(person, {"reference": reference, "key": "c" * 32, **data}, data, chat)
        return text_of(answer) or sentence(answer)

    for step in ("withdraw", "restrict", "receipt", "back", "holder", "unrestrict"):
        for verb in ("case.form", "case.step"):
            said_ = await asked(do=verb, step=step, rationale="mine now", receipt_by="Me", holder=person.object_id)
            assert "Kept" not in said_
            assert planted_in(said_) == []
    for forged in ("", "everything", 7, None, ["withdraw"]):
        assert await asked(do="case.step", step=forged)
    row = row_of(story, reference)
    assert (row["Status"], row["Restricted"], row["Open"]) == ("Received", False, True)


async def test_a_step_that_its_own_form_sends_is_no_step_here(story: Story) -> None:
    """Restricting has a form and a verb of its own; sent as a step by whoever may restrict, it is told to open anew."""
    reference = await story.refer(POLICE)
    data = {"do": "case.step", "reference": reference, "step": "restrict", "key": "d" * 32}
    _, answer = await story.teams.submit(POLICE, data, {}, story.teams.chat(POLICE))
    assert "This form is out of date" in sentence(answer)
    assert row_of(story, reference)["Restricted"] is False


@pytest.mark.long
async def test_what_was_typed_is_there_while_sharepoint_is_down(story: Story) -> None:
    """Neither the form nor its words are lost, and the same press works once SharePoint answers again."""
    reference = await story.refer(POLICE)
    form = await chosen(story, POLICE, await more(story, POLICE, reference), "Withdraw it")
    story.bot.control("POST", "/__faults", {"match": ".*", "status": 503, "share": 1.0})
    back = await chosen(story, POLICE, form, "Withdraw it", rationale="made twice by mistake")
    story.bot.control("DELETE", "/__faults")
    assert inputs(back)["rationale"]["value"] == "made twice by mistake"
    kept = await chosen(story, POLICE, back, "Withdraw it", rationale="made twice by mistake")
    assert "is withdrawn and closed" in text_of(kept)


async def test_the_referrer_s_own_card_leads_there(story: Story) -> None:
    """What a referrer hears of a step has the button."""
    add_officer(story)
    reference = await story.refer(POLICE)
    await story.teams.say(POLICE, "hello", story.teams.chat(POLICE))
    await said(story, TEAM_OFFICER, f"triage {reference} subgroup: getting worse")

    def card() -> JSON | None:
        posts = story.teams.posts_in(story.teams.chat(POLICE))
        found = [each for each in posts if f"Your referral {reference}" in text_of(each.activity)]
        return found[-1].card if found else None

    shown = await eventually(card, "the referrer to hear")
    assert find_action(shown, title="More")["data"]["reference"] == reference
    assert told(story, POLICE, "It goes to the subgroup")
