"""A tactical plan as its agencies meet it: made, signed off, and alerting at three in the morning of a bank holiday."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE, TRUST_LEAD
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, page, planted_in, text_of
from tests.teams import Person, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECTIONS = {
    "scenarios": "PLANNEDSCENE goes to his brother's house at night",
    "triggers": "PLANNEDTRIGGER is not at the hostel by ten\nbuys petrol",
    "first_actions": "MHT: PLANNEDACTION ring the night nurse\npol: send two officers",
    "contingencies": "PLANNEDELSE look at the station",
    "victim_safety": "PLANNEDSAFE the brother has an alarm",
    "signatories": "MHT,POL",
}
PLANNED = ("PLANNEDSCENE", "PLANNEDTRIGGER", "PLANNEDACTION", "PLANNEDELSE", "PLANNEDSAFE", "PLANNEDNOTE", "Zebedee")
HOLIDAY_NIGHT = "2026-12-28T03:00"
"""Three in the morning of the substitute day for Boxing Day, a bank holiday in England."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board that this module's tests share: each makes a referral and a plan of its own."""
    async with board_at(tmp_path_factory.mktemp("plans"), provisioned) as made:
        await made.opens_a_chat(CHAIR, POLICE, NURSE, TRUST_LEAD, TEAM_OFFICER)
        yield made


async def opened(story: ActionStory, person: Person, reference: str) -> JSON:
    """Open a plan in a dialog: a reason, and then the card."""
    asked = page(await story.teams.open(person, {"do": "plan", "reference": reference}, story.channel))
    return await pressed(story, person, asked, "Show me", reason="Making or reviewing a plan")


async def pressed(story: ActionStory, person: Person, card: JSON, title: str, **typed: Any) -> JSON:
    """Press a button of the dialog; the next page is returned."""
    button = find_action(card, title=title)
    return page(await story.teams.submit(person, button["data"], typed, story.channel))


async def begun(story: ActionStory, **changed: str) -> tuple[str, JSON]:
    """A plan with its sections filled in by the chair: its reference, and its card."""
    case = await story.refer(POLICE)
    card = await pressed(story, CHAIR, await opened(story, CHAIR, case), "Make a plan")
    form = await pressed(story, CHAIR, card, "Contribute")
    card = await pressed(story, CHAIR, form, "Contribute", **{**SECTIONS, **changed})
    found = re.search(r"Plan (P-\d+\.1) for", text_of(card))
    assert found, text_of(card)
    return found[1], card


async def sent(story: ActionStory, **changed: str) -> str:
    """A plan sent for sign-off."""
    reference, card = await begun(story, **changed)
    form = await pressed(story, CHAIR, card, "Send for sign-off")
    await pressed(story, CHAIR, form, "Send for sign-off")
    return reference


async def agreed(story: ActionStory, **changed: str) -> str:
    """A plan that the police and the trust have signed."""
    reference = await sent(story, **changed)
    for person in (NURSE, POLICE):
        await opened(story, person, reference)
        assert "answer is kept" in await story.types(person, f"sign {reference} no")
    await eventually(lambda: row_of(story, reference)["Status"] == "Agreed", "the plan to be agreed")
    return reference


def row_of(story: ActionStory, reference: str) -> JSON:
    """The plan's row."""
    number = int(reference[2:].split(".", maxsplit=1)[0])
    return next(row for row in story.bot.rows("Plans") if row["Id"] == number)


def chat_says(story: ActionStory, person: Person, said: str) -> int:
    """How many messages of a private chat say this."""
    return sum(said in text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person)))


async def test_a_plan_is_made_and_signed_off(story: ActionStory) -> None:
    """Sections are kept as typed, each signatory is asked once, and with all signatures it is agreed for 90 days."""
    reference = await agreed(story)

    row = row_of(story, reference)
    assert (row["Triggers"], row["Signatories"]) == (SECTIONS["triggers"], "MHT; POL")
    assert row["FirstActions"] == "MHT: PLANNEDACTION ring the night nurse\nPOL: send two officers"
    assert (row["ExpiresOn"][:10], row["ReviewOn"][:10]) == ("2027-02-14", "2026-12-14")
    await eventually(lambda: chat_says(story, CHAIR, f"Plan {reference} is agreed"), "the chair to hear")
    assert chat_says(story, NURSE, f"Plan {reference} waits for your agency's sign-off") == 2, "spoken and shown, once"
    looks = [row for row in story.bot.rows("Disclosures") if row["MemberUserId"] == NURSE.object_id]
    assert looks
    assert looks[-1]["Reason"] == "Making or reviewing a plan"
    assert planted_in(story.in_the_channel(), PLANNED) == []


async def test_a_trigger_alerts_at_any_hour(story: ActionStory) -> None:
    """At three on a bank holiday the named agencies hear at once, each once, with no word of the case; so do chairs."""
    reference = await agreed(story, first_actions="MHT: PLANNEDACTION ring\nASC: PLANNEDACTION open the shelter")
    story.moves_to(HOLIDAY_NIGHT)
    try:
        said = await story.types(POLICE, f"trigger {reference} PLANNEDNOTE he has bought petrol")
        assert "told now, whatever the hour" in said
        for person in (NURSE, TRUST_LEAD, POLICE, CHAIR, TEAM_OFFICER):
            heard = f"A trigger was reported against {reference}"
            await eventually(lambda p=person, h=heard: chat_says(story, p, h), f"{person.name} to hear")
    finally:
        story.moves_to("2026-11-16T07:00")

    (report,) = [row for row in story.bot.rows("TriggerReports") if row["Reference"] == reference]
    assert (report["Note"], report["Agency"]) == ("PLANNEDNOTE he has bought petrol", "POL")
    alert = story.teams.last(story.teams.chat(NURSE))
    assert planted_in(alert.activity, PLANNED) == []
    assert "call 999" in text_of(alert.activity)
    plain = reference.split(".")[0]
    warned = await eventually(
        lambda: [p for p in story.teams.posts_in(story.channel) if f"reported against {plain}" in text_of(p.activity)],
        "the channel to hear for the agency whose people have no chat",
    )
    assert len(warned) == 1
    assert "ASC, please look now" in text_of(warned[0].activity)
    assert planted_in(story.in_the_channel(), PLANNED) == []
    for _ in range(2):
        _, answer = await story.teams.press(NURSE, alert, "I have seen this")
        assert "you have seen this" in text_of(answer)
    seen = [row for row in story.bot.rows("Events") if row["Kind"] == "trigger seen"]
    assert [row["Holder"] for row in seen] == [NURSE.object_id]
