"""An action beside its everyday steps, through the real door: typed and by buttons, and what follows from each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from tests.board_people import CHAIR, NURSE, POL, POLICE, SOCIAL, STRANGER, TRUST_LEAD
from tests.cards.test_papers import said, xml_of
from tests.scenarios.actions import CASE, CASE_WORDS, ActionStory, board_at, provisioned
from tests.scenarios.board import eventually, planted_in, text_of
from tests.scenarios.test_board import passes

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on a Monday, before the day's round."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00") as story:
        await story.opens_a_chat(CHAIR, NURSE, POLICE, SOCIAL, TRUST_LEAD)
        yield story


def digest(story: ActionStory, day: str) -> set[str]:
    """Who had a digest of their own on a day, by their ids."""
    keys = [row["Key"] for row in story.bot.rows("Posts")]
    return {key.split("member:")[1].split("/")[0] for key in keys if key.startswith("digest/member:") and day in key}


async def test_it_changes_hands(board: ActionStory) -> None:
    """It keeps its number; its new owner hears of it the next morning, may act on it, and its history says whose."""
    reference = await board.add_action(due="2026-12-22")
    assert "Owner is needed" not in await board.types(CHAIR, f"transfer {reference}")
    assert "Transferred." in await board.types(
        CHAIR, f"transfer {reference} {POLICE.name}; the ward has moved; 20/12/2026"
    )
    row = board.action(reference)
    assert (row["OwnerName"], row["Agency"], row["Status"]) == (POLICE.name, POL, "Disseminated")
    assert row["DueDate"].startswith("2026-12-20")
    assert f"from {NURSE.name} (MHT) to {POLICE.name} (POL), by {CHAIR.name}: the ward has moved" in row["Transfers"]
    await passes(board, "2026-11-16")
    assert digest(board, "2026-11-16") == {POLICE.object_id}
    assert "Acknowledged" in await board.types(POLICE, f"acknowledge {reference}")
    assert "Only the person" in await board.types(NURSE, f"update {reference} still mine")
    assert "transfer" in await board.types(CHAIR, f"history {reference}")


async def test_who_gives_it_to_whom(board: ActionStory) -> None:
    """Its owner within the agency; another agency's and nobody's name are refused; a stranger changes nothing."""
    reference = await board.add_action(due="2026-12-22")
    before = board.action(reference)
    assert "of another agency" in await board.types(NURSE, f"transfer {reference} {POLICE.name}; they know him")
    assert "Owner: please choose" in await board.types(NURSE, f"transfer {reference} Nobody Atall; gone")
    assert "Note is needed" in await board.types(NURSE, f"transfer {reference} {TRUST_LEAD.name};")
    await board.types(STRANGER, f"transfer {reference} {POLICE.name}; mine")
    await board.types(POLICE, f"transfer {reference} {POLICE.name}; mine")
    assert board.action(reference)["OwnerName"] == before["OwnerName"] == NURSE.name
    await board.teams.say(NURSE, f"transfer {reference} {TRUST_LEAD.name}; PLANTEDWHY", board.channel)
    assert planted_in(board.in_the_channel(), ("PLANTEDWHY",)) == []
    assert "Transferred." in await board.types(NURSE, f"transfer {reference} {TRUST_LEAD.name}; she leads it now")


async def test_it_is_done_by_buttons(board: ActionStory) -> None:
    """More…, then the form; what is missing comes back with what was typed; the same press again changes nothing."""
    reference = await board.add_action(due="2026-12-22")
    form = await board.chooses(CHAIR, await board.opens(CHAIR, reference), "More…")
    wrong = await board.chooses(CHAIR, form, "Transfer", note="PLANTEDNOTE")
    assert "Owner: please choose from the list." in text_of(wrong)
    assert "PLANTEDNOTE" in text_of(wrong)
    done = await board.chooses(CHAIR, wrong, "Transfer", owner=SOCIAL.object_id, note="The council has it")
    assert "Transferred." in text_of(done)
    await board.chooses(CHAIR, wrong, "Transfer", owner=SOCIAL.object_id, note="The council has it")
    assert len(board.action(reference)["Transfers"].splitlines()) == 1


async def test_how_far_a_programme_is(board: ActionStory) -> None:
    """n of N closed, overdue ones among them; of a case's action nothing in the channel, its programme neither."""
    assert "No open action belongs to a programme." in await board.types(NURSE, "programmes")
    first = await board.add_action(due="2026-12-22")
    await board.add_action(due="2026-11-17", programme="winter  plan")
    await board.add_action(**{**CASE, "due": "2026-12-22"})
    await board.types(CHAIR, f"supersede {first} another does it")
    await passes(board, "2026-11-18")
    assert "Winter plan\n 1 of 2 closed, 1 overdue" in await board.types(POLICE, "programmes")
    await board.teams.say(CHAIR, "programmes", board.channel)
    assert "1 of 2 closed" in text_of(board.teams.last(board.channel).activity)
    assert planted_in(board.in_the_channel(), CASE_WORDS) == []


async def test_reminders_rest(board: ActionStory) -> None:
    """Nothing in the owner's digest until the day, on which it is there; the channel has it all the time."""
    reference = await board.add_action(due="2026-11-17")
    assert "leaves it out until then" in await board.types(NURSE, f"snooze {reference} 2026-11-19")
    assert "more than two weeks ahead" in await board.types(NURSE, f"snooze {reference} 2026-12-31")
    for day in ("2026-11-16", "2026-11-17", "2026-11-18"):
        await passes(board, day)
        assert digest(board, day) == set(), day
        assert any(row["Key"] == f"digest/forum:MHRMB/{day}" for row in board.bot.rows("Posts")), day
    await passes(board, "2026-11-19")
    assert digest(board, "2026-11-19") == {NURSE.object_id}


async def test_it_ends_without_being_done(board: ActionStory) -> None:
    """A chair says which of the two it is, and why; its owner cannot; nothing more is done with it."""
    first, second = await board.add_action(due="2026-12-22"), await board.add_action(due="2026-12-22")
    assert "Only the person" in await board.types(NURSE, f"not undertaken {first} no time")
    assert "Closed as not undertaken." in await board.types(CHAIR, f"not undertaken {first} nobody came")
    assert "Closed as superseded." in await board.types(CHAIR, f"supersede {second} A-9 replaces it")
    assert [(row["Status"], row["Open"], row["Note"]) for row in map(board.action, (first, second))] == [
        ("Not undertaken", False, "nobody came"),
        ("Superseded", False, "A-9 replaces it"),
    ]
    assert "This is closed" in await board.types(CHAIR, f"supersede {first} again")


@pytest.mark.parametrize("from_a_case", [False, True])
async def test_it_goes_to_the_senior_partnership_board(board: ActionStory, from_a_case: bool) -> None:
    """Once it is overdue, by a chair; its paper says what was tried and what is asked, and of a case no word."""
    more = {**CASE} if from_a_case else {"source": "B-7"}
    reference = await board.add_action(**{**more, "due": "2026-11-17"})
    assert "cannot be done with this action as it stands" in await board.types(CHAIR, f"senior board {reference} pay")
    for day in ("2026-11-18", "2026-11-25"):
        await passes(board, day)
    assert "Only the person" in await board.types(NURSE, f"senior board {reference} pay")
    assert "put before the Senior Partnership Board" in await board.types(CHAIR, f"senior board {reference} Who pays?")
    path = f"web/getFileByServerRelativeUrl('CasePapers/{reference}/{reference} senior partnership board.docx')/$value"

    def paper() -> bytes:
        answer = requests.get(f"{board.bot.site}/_api/{path}", headers=board.bot._headers(), timeout=10)
        return answer.content if answer.ok else b""

    await eventually(paper, "the paper")
    text = said(paper())
    assert "The owner's line manager, through their agency's lead, 25 November 2026: no answer." in text
    assert ("Who pays?" in text) is not from_a_case
    assert planted_in(xml_of(paper()), CASE_WORDS) == []
    await eventually(lambda: [row for row in board.bot.rows("Events") if row["Key"].startswith("senior/")], "its row")
    shown = await board.types(CHAIR, f"action {reference}")
    assert f"CasePapers/{reference}/{reference} senior partnership board.docx" in shown
    assert "With the Senior Partnership Board since 25 November 2026" in await board.types(CHAIR, "escalations")


async def test_an_agency_has_a_ladder_of_its_own(board: ActionStory) -> None:
    """Two days with its owner, then its lead by name, then the co-chairs: as its row says."""
    (trust,) = [row for row in board.bot.rows("Agencies") if row["Agency"] == "MHT"]
    ladder = f"owner 2\nlead 3: {TRUST_LEAD.name}"
    board.bot.change_row("Agencies", trust["Id"], Ladder=ladder)
    reference = await board.add_action(due="2026-11-17", source="B-7")
    days = {"2026-11-18": "", "2026-11-19": "", "2026-11-20": "2", "2026-11-24": "2", "2026-11-25": "4"}
    for day, rung in days.items():
        await passes(board, day)
        keys = [row["Key"] for row in board.bot.rows("Posts") if row["Key"].startswith(f"escalation/{reference}/")]
        assert (max(key.split("/")[3] for key in keys) if keys else "") == rung, day
    assert any(TRUST_LEAD.object_id in key and "/2/" in key for key in keys)
