"""The agenda and the agency in focus through the real door, and what the board's milestones tell and ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE, STRANGER, TRUST_LEAD
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import eventually, text_of
from tests.scenarios.test_board import passes, told
from tests.teams import Person, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANCHOR = "2026-12-09"
"""A Wednesday. Working days before it: 18 November (15), 25 November (10), 30 November (7), 2 December (5), 8 (1)."""


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board whose next meeting is in three weeks and two days."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00", anchor=ANCHOR) as story:
        await story.opens_a_chat(CHAIR, NURSE, POLICE, TRUST_LEAD)
        yield story


def heard(story: ActionStory, person: Person, words: str) -> int:
    """How many cards in somebody's chat say this."""
    return sum(words in text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person)))


async def test_an_item_is_offered_and_put_on_the_agenda(board: ActionStory) -> None:
    """A nurse offers it; the channel sees its reference and its agency, never its words; the chair says how long."""
    assert "Kept as I-1" in await board.types(NURSE, "agenda add Beds at night; two wards closed; 20")
    assert "I-1\n MHT · 20 min · Beds at night" in await board.types(CHAIR, "agenda")
    assert "It is on the agenda." in await board.types(CHAIR, "agenda accept I-1 25")
    (row,) = board.bot.rows("AgendaItems")
    assert (row["Status"], row["Minutes"], row["Meeting"], row["ChangedBy"]) == ("Accepted", 25, "B-1", CHAIR.name)
    said = await board.types(NURSE, "agenda")
    # 10:00 welcome 5, 10:05 decisions 10, 10:15 tracker 20, 10:35 risks 10, 10:45 focus 20, 11:05 reports 15,
    # 11:20 measures 10, 11:30 learning 10, 11:40 the item 25, 12:05 any other business.
    assert "10:15 Action tracker\n 20 min · none open" in said
    assert "11:40 I-1\n 25 min · MHT · Beds at night" in said
    assert "12:05 Any other business" in said
    await board.teams.say(NURSE, "agenda", board.channel)
    shown = text_of(board.teams.last(board.channel).activity)
    assert "11:40 I-1\n 25 min · MHT\n" in shown
    assert "Beds at night" not in shown


async def test_an_item_is_declined_with_a_reason(board: ActionStory) -> None:
    """Without one it is not; whoever offered it sees why; it cannot be accepted afterwards."""
    await board.types(NURSE, "agenda add Parking")
    assert "Why is needed" in await board.types(CHAIR, "agenda decline I-1")
    assert "Declined." in await board.types(CHAIR, "agenda decline I-1 the trust decides that")
    assert "the trust decides that" in await board.types(NURSE, "agenda I-1")
    assert "stays as it is" in await board.types(CHAIR, "agenda accept I-1")
    assert "Offered, and not on the agenda" not in await board.types(CHAIR, "agenda")


async def test_what_is_for_the_chairs_only(board: ActionStory) -> None:
    """The form's choice: the chair and whoever offered it see it, nobody else does, by whatever command."""
    card = board.teams.last(board.teams.chat(NURSE)).card if await board.types(NURSE, "agenda add") else {}
    send = find_action(card, title="Offer the item")
    await board.teams.press(
        NURSE, board.teams.last(board.teams.chat(NURSE)), send, {"title": "PLANTEDITEM", "chairs_only": "Yes"}
    )
    assert "PLANTEDITEM" in await board.types(NURSE, "agenda")
    await board.types(CHAIR, "agenda accept I-1")
    assert "PLANTEDITEM" in await board.types(CHAIR, "agenda")
    assert "PLANTEDITEM" not in await board.types(POLICE, "agenda")
    assert "There is no I-1" in await board.types(POLICE, "agenda I-1")
    assert "There is no I-1" in await board.types(POLICE, "agenda withdraw I-1")
    await board.teams.say(CHAIR, "agenda", board.channel)
    assert "I-1" not in text_of(board.teams.last(board.channel).activity)


WRONG = {
    "agenda add see R-14": "What it is called holds something that may say who somebody is",
    "agenda add a; born 3 May 1971": "What is to be known beforehand holds something",
    "agenda accept I-9": "There is no I-9",
    "agenda accept nine": "That is not a reference",
    "agenda add ; x": "What it is called is needed",
}


async def test_what_is_not_understood_changes_nothing(board: ActionStory) -> None:
    """Each mistake is named by its field."""
    for typed, answer in WRONG.items():
        assert answer in await board.types(CHAIR, typed), typed
    assert board.bot.rows("AgendaItems") == []


async def test_who_may_not(board: ActionStory) -> None:
    """A nurse accepts nothing, a stranger sees nothing, and in a channel nobody's words are kept."""
    await board.types(NURSE, "agenda add Beds at night")
    assert "Only the person whose it is" in await board.types(POLICE, "agenda accept I-1")
    assert "Agenda" not in await board.types(STRANGER, "agenda")
    await board.teams.say(NURSE, "agenda add PLANTEDHERE", board.channel)
    assert len(board.bot.rows("AgendaItems")) == 1
    assert "PLANTEDHERE" not in text_of(board.teams.last(board.channel).activity)


async def test_the_agency_in_focus(board: ActionStory) -> None:
    """The rotation is the year's; a chair gives a board to another agency, with a reason; that one tells the board."""
    first = await board.types(NURSE, "focus")
    assert "The board of Wednesday 9 December 2026 looks at" in first
    assert "Why is needed" in await board.types(CHAIR, "focus 2026-12-09 MHT")
    assert "Which agency" in await board.types(CHAIR, "focus 2026-12-09 XYZ because")
    assert "Your role does not include that" in await board.types(NURSE, "focus 2026-12-09 MHT because")
    assert "out of its turn: the inspection is out" in await board.types(
        CHAIR, "focus 2026-12-09 MHT the inspection is out"
    )
    (row,) = board.bot.rows("Meetings")
    assert (row["Focus"], row["FocusWhy"], row["Key"]) == ("MHT", "the inspection is out", "meeting:MHRMB:2026-12-09")
    assert "Only the person whose it is" in await board.types(POLICE, "focus calls rise; few beds; a line for the ward")
    assert "Kept. Thank you." in await board.types(TRUST_LEAD, "focus referrals rise; few beds; a line for the ward")
    (paper,) = board.bot.rows("AgendaItems")
    assert (paper["Kind"], paper["Words"], paper["Blockers"], paper["Enablers"]) == (
        "Focus paper",
        "referrals rise",
        "few beds",
        "a line for the ward",
    )
    assert "Kept. Thank you." in await board.types(TRUST_LEAD, "focus referrals fall; few beds; a line for the ward")
    assert [each["Words"] for each in board.bot.rows("AgendaItems")] == ["referrals fall"]


async def test_the_milestones_tell_and_ask(board: ActionStory) -> None:
    """Each once, on its day: the call and the agency in focus, the agencies' actions, what is awaited."""
    reference = await board.add_action(due="2026-12-22", source="B-7")
    await board.types(CHAIR, "focus 2026-12-09 MHT the inspection is out")
    for day in ("2026-11-16", "2026-11-17"):
        await passes(board, day)
    assert told(board, "Call for agenda items") == 0
    for day in ("2026-11-18", "2026-11-19", "2026-11-25", "2026-11-26"):
        await passes(board, day)
    assert told(board, "The board meets on Wednesday 9 December 2026 at 10:00. What should it talk about?") == 1
    assert heard(board, TRUST_LEAD, "Your agency is in focus") == 1
    assert heard(board, NURSE, "Your agency is in focus") == 0
    assert heard(board, TRUST_LEAD, "Your agency's actions") == 1
    (action,) = board.bot.rows("Actions")
    assert (action["Reference"], action["Status"]) == (reference, "Disseminated")
    for day in ("2026-11-30", "2026-12-01"):
        await passes(board, day)
    assert told(board, "Papers for the board") == 1
    await eventually(lambda: heard(board, TRUST_LEAD, "Your agency is in focus") == 2, "the lead to be asked again")
    for day in ("2026-12-08", "2026-12-09", "2026-12-11"):
        await passes(board, day)
    assert told(board, "Agenda\n Welcome and confidentiality") == 2, "the eve and the day"
    assert told(board, "Nothing was recorded here of the board of Wednesday 9 December 2026.") == 1
