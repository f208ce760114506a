"""The subgroup's week as those who run it meet it: the list, and a meeting of twelve cases, to its close."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, page, planted_in, text_of
from tests.teams import Person, find_action, inputs

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEDNESDAY = "2026-11-18T07:00"
"""A day on which the subgroup meets, before the day's digests."""

CONCERNS = ("Threats to kill or seriously harm", "Fire setting")
URGENCIES = ("Routine (the next subgroup)", "Urgent (before the next subgroup)", "Immediate (today)")
NAMES = ("Zebedee", "Planted", "PLANTEDWHY", "PLANTEDRETURN", "PLANTEDSHARED", "PLANTEDRATIONALE", "PLANTEDDISSENT")


def add_case(story: ActionStory, number: int, **changed: Any) -> str:
    """A triaged referral, as the lists hold it, with who it is about and one answer of the trust; its reference."""
    row: JSON = {
        "Key": f"case-{story.bot.port}-{number}",
        "Open": True,
        "Status": "Triaged",
        "Gate": "The subgroup",
        "Agency": "POL",
        "Asked": "MHT; ASC",
        "Concern": CONCERNS[number % 2],
        "Urgency": URGENCIES[number % 3],
        "WhyNow": "PLANTEDWHY said what he would do",
        "Forum": "MHRMB",
        "ReferredBy": None,
        "ReceivedOn": f"2026-11-{1 + number:02}T10:00:00Z",
        "ReferrerUserId": POLICE.object_id,
        "ReferrerName": POLICE.name,
    }
    del row["ReferredBy"]
    item = story.bot.add_row("Referrals", **{**row, **changed})
    reference = f"R-{item}"
    story.bot.change_row("Referrals", item, Reference=reference)
    story.bot.add_row(
        "Subjects", Reference=reference, Key=f"{row['Key']}-s", PersonRole="Subject", PersonName="Zebedee Planted"
    )
    story.bot.add_row(
        "Returns",
        Reference=reference,
        Key=f"{row['Key']}-r",
        Agency="MHT",
        Answer="Information added",
        Information="PLANTEDRETURN seen on the ward",
        MemberUserId=NURSE.object_id,
        MemberName=NURSE.name,
        AnsweredOn="2026-11-16T10:00:00Z",
    )
    return reference


@pytest_asyncio.fixture(loop_scope="module")
async def weekly(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board whose subgroup meets on this Wednesday, with a chair and an officer in their chats."""
    async with board_at(tmp_path, provisioned, WEDNESDAY) as made:
        made.bot.add_row(
            "Forums", Key="forum:SUB", Forum="SUB", ForumName="Subgroup", Kind="Subgroup", Weeks=1,
            Anchor="2026-11-04T12:00:00Z", Open=True,
        )  # fmt: skip
        await made.opens_a_chat(CHAIR, TEAM_OFFICER)
        yield made


def referral(story: ActionStory, reference: str) -> JSON:
    """A referral's row."""
    return next(row for row in story.bot.rows("Referrals") if row["Reference"] == reference)


@contextmanager
def counted(story: ActionStory, most: int) -> Iterator[None]:
    """Hold what is done within to so many SharePoint requests, as the server itself counts the turn's."""
    before = len(story.bot.said)
    yield
    turns = [json.loads(line) for line in story.bot.said[before:] if line.startswith("{") and '"turn"' in line]
    lines = [line for line in story.bot.said[before:] if " turn " in line or '"turn"' in line]
    assert turns or lines, story.bot.said[before:]
    spent = [_requests(line) for line in lines]
    assert max(spent) <= most, lines


def _requests(line: str) -> int:
    if line.startswith("{"):
        return int(json.loads(line)["requests"])
    return int(line.split("requests=")[1].split(maxsplit=1)[0].strip(",;"))


async def sheet(story: ActionStory, person: Person) -> JSON:
    """Open the run-sheet in a dialog."""
    return page(await story.teams.open(person, {"do": "subgroup"}, story.teams.chat(person)))


async def pressed(story: ActionStory, person: Person, card: JSON, title: str, **typed: Any) -> JSON:
    """Press a button of the dialog with what the form shows and what was typed; the next page is returned."""
    button = find_action(card, title=title)
    shown = {name: each.get("value", "") for name, each in inputs(card).items()}
    return page(await story.teams.submit(person, button["data"], {**shown, **typed}, story.teams.chat(person)))


async def test_a_meeting_of_twelve_cases(weekly: ActionStory) -> None:
    """Twelve cases take a chair two submits each, from the statement to the close, and nobody is named outside."""
    cases = [add_case(weekly, number) for number in range(12)]
    said = await weekly.types(CHAIR, "list")
    assert all(f"{case}\n" in said for case in cases)
    assert "12 cases, 180 of 180 minutes" in said
    card = await sheet(weekly, CHAIR)
    assert "What is said here is confidential" in text_of(card)
    card = await pressed(weekly, CHAIR, card, "I accept it: begin the meeting")
    submits = 0
    for number in range(12):
        card = await pressed(weekly, CHAIR, card, "Open the next case" if number else "Open the case")
        assert "Zebedee Planted" in text_of(card)
        assert "PLANTEDRETURN seen on the ward" in text_of(card)
        typed = {
            "decision": "No plan is needed" if number % 2 else "A tactical plan is needed",
            "rationale": "PLANTEDRATIONALE",
            "shared": "PLANTEDSHARED",
            "outcomes": "Arrest,Charge",
            "dissent": "PLANTEDDISSENT",
            "dissent_by": "POL",
            "action_what_1": "Zebedee is to be visited",
            "action_agency_1": "MHT",
            "action_due_1": "2026-11-27",
        }
        card = await pressed(weekly, CHAIR, card, "Keep", **typed)
        assert "1 action added" in text_of(card)
        submits += 2
    assert submits / 12 <= 4
    card = await pressed(weekly, CHAIR, card, "Run-sheet")
    assert "12 cases recorded, 0 to come" in text_of(card)
    card = await pressed(weekly, CHAIR, card, "Close the meeting")
    assert "is closed" in text_of(card)
    assert len(weekly.bot.rows("Hearings")) == 12
    assert len(weekly.bot.rows("Actions")) == 12
    states = {row["Status"] for row in weekly.bot.rows("Referrals")}
    assert states == {"Heard", "No plan"}
    (looks,) = [[row for row in weekly.bot.rows("Disclosures") if row["Reason"] == "Chairing the subgroup"]]
    assert {row["Reference"] for row in looks} == set(cases)
    assert not planted_in(weekly.in_the_channel(), NAMES)
