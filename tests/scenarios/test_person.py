"""Somebody who may be at risk is added to a referral, checked like its subject, and shown after a look alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.board_people import NURSE, POLICE
from tests.scenarios.board import REFERRAL, Story, eventually, page, planted_in, reference_in, text_of
from tests.scenarios.test_gate import row_of, said
from tests.teams import find_action, inputs

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROTHER = {
    "person_role": "Person who may be at risk",
    "name": "Quentin Victimson",
    "relationship": "Brother",
    "date_of_birth": "2012-05-31",
    "nhs_number": "943 476 5919",
}
WORDS = ("Quentin", "Victimson", "9434765919", "943 476", "2012-05-31", "31 May 2012")


def people(story: Story, reference: str) -> list[dict[str, Any]]:
    """Rows of the people of a referral but the one it is about."""
    return [
        row for row in story.bot.rows("Subjects") if row["Reference"] == reference and row["PersonRole"] != "Subject"
    ]


async def test_from_the_receipt(story: Story) -> None:
    """The form asks who and what they are; sent twice it is one row; a look shows them, nothing else does; a child has
    children's social care asked."""
    story.bot.add_row(
        "Agencies", Agency="CSC", AgencyName="Example Children", Kind="Children's social care",
        IsaSignedOn="2025-01-06T12:00:00Z", IsaLapsesOn="2030-12-31T12:00:00Z", Open=True,
    )  # fmt: skip
    receipt = await story.submit_referral(POLICE, await story.referral_form(POLICE), REFERRAL)
    reference, chat = reference_in(receipt), story.teams.chat(POLICE)
    button = find_action(receipt, title="Add somebody at risk")
    form = page(await story.teams.submit(POLICE, button["data"], {}, chat))
    assert inputs(form)["name"].get("value", "") == ""
    send = find_action(form, title="Add this person")
    kept = [page(await story.teams.submit(POLICE, send["data"], BROTHER, chat)) for _ in range(2)]
    assert f"Kept with {reference}." in text_of(kept[0])
    assert planted_in(kept, WORDS) == []
    (row,) = people(story, reference)
    assert (row["PersonName"], row["Relationship"], row["NhsNumber"]) == ("Quentin Victimson", "Brother", "9434765919")
    assert (row["ChangedBy"], row["ChangeReason"]) == (POLICE.name, "added a person")
    await eventually(lambda: "CSC" in row_of(story, reference)["Asked"], "children's social care to be asked")

    shown = text_of(await story.look(NURSE, await story.card_of(reference)))
    assert "Person who may be at risk\n" in shown
    assert "Quentin Victimson" in shown
    assert "Brother" in shown
    channel = "\n".join(text_of(post.activity) for post in story.teams.posts_in(story.channel))
    assert planted_in(channel, WORDS) == []


async def test_typed(story: Story) -> None:
    """Everything the form asks can be typed in a private chat; a third party likewise; a channel takes none of it."""
    reference = await story.refer(POLICE)
    told = await said(story, POLICE, f"person {reference} at risk: Quentin Victimson; is: Brother; born: 1990-05-31")
    assert f"Kept with {reference}." in told
    await said(story, POLICE, f"person {reference} third party: a caller who did not say who; pnc: 2014/0123456D")
    assert [(row["PersonRole"], row["PncId"]) for row in people(story, reference)] == [
        ("Person who may be at risk", None),
        ("Third party", "2014/0123456D"),
    ]
    assert "Add this person" in await said(story, POLICE, f"person {reference}")
    await story.teams.say(POLICE, f"person {reference} at risk: Quentin Victimson", story.channel)
    assert len(people(story, reference)) == 2


async def test_what_is_wrong_is_named_and_comes_back(story: Story) -> None:
    """A wrong check digit or letter, a date to come and a missing name are each named; nothing is kept."""
    reference, chat = await story.refer(POLICE), story.teams.chat(POLICE)
    form = page(await story.teams.open(POLICE, {"do": "person", "reference": reference}, chat))
    send = find_action(form, title="Add this person")
    wrong = {
        **BROTHER,
        "name": " ",
        "nhs_number": "9434765918",
        "pnc_id": "2014/0123456X",
        "date_of_birth": "2099-01-01",
    }
    again = page(await story.teams.submit(POLICE, send["data"], wrong, chat))
    for part in ("Name of the person is needed", "is not an NHS number", "is not a PNC id", "Date of birth"):
        assert part in text_of(again), part
    assert inputs(again)["relationship"]["value"] == "Brother"
    assert people(story, reference) == []
    assert "Who this is" in await said(story, POLICE, f"person {reference} witness: Quentin Victimson")
    assert people(story, reference) == []


async def test_who_may_not_add(story: Story) -> None:
    """An agency that did not refer it adds nobody; a referral that is not there is said not to be."""
    reference = await story.refer(POLICE)
    await said(story, NURSE, f"person {reference} at risk: Quentin Victimson")
    assert people(story, reference) == []
    assert "R-9999" in await said(story, POLICE, "person R-9999 at risk: Quentin Victimson")


async def test_nothing_of_it_was_logged(story: Story) -> None:
    """No name and no number is in the bot's output."""
    assert planted_in("\n".join(story.bot.heard()), (*WORDS, "Traceback")) == []
