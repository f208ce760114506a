"""A board that is run here, through the real door: from its statement to approved minutes and its recording."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE, STRANGER, TRUST_LEAD
from tests.cards.test_papers import said
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, text_of
from tests.scenarios.test_board import passes, told
from tests.teams import Person, find_action, inputs

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = "2026-12-09"
"""A Wednesday, on which the board meets; the next one is on 20 January 2027."""


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on the day of its meeting, before the day's round."""
    async with board_at(tmp_path, provisioned, f"{DAY}T07:00", anchor=DAY) as story:
        await story.opens_a_chat(CHAIR, NURSE, POLICE, TEAM_OFFICER)
        yield story


async def begun(story: ActionStory) -> None:
    """The chair accepts the statement, which begins the board."""
    assert "Accepted. It is recorded with the board." in await story.types(CHAIR, "board accept")


def minutes(story: ActionStory, reference: str = "B-1") -> str | None:
    """What the document of a board's minutes says; None when it is not filed."""
    path = f"web/getFileByServerRelativeUrl('BoardPapers/{reference}/{reference} minutes.docx')/$value"
    answer = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10)
    return said(answer.content) if answer.ok else None


async def presses(story: ActionStory, person: Person, card: JSON, button: str, **typed: str) -> JSON:
    """Press a button of a card in somebody's chat; the card that takes its place."""
    post = story.teams.last(story.teams.chat(person))
    _, answer = await story.teams.press(person, post, find_action(card, title=button), typed)
    shown: JSON = answer["value"]
    return shown


async def test_a_board_from_its_statement_to_its_minutes(board: ActionStory) -> None:
    """The statement first; attendance, a decision with an action on a standing item, one on a member's; the close."""
    await board.types(NURSE, "agenda add Beds at night; two wards closed; 20")
    await board.types(CHAIR, "agenda accept I-1 25")
    assert "The board begins when you accept it" in await board.types(CHAIR, "board start")
    assert "Whoever runs the board accepts" not in await board.types(NURSE, "board start")
    await begun(board)
    assert board.bot.rows("Meetings")[0]["Status"] == "In progress"
    assert "POL present" in await board.types(CHAIR, "board attend POL present")
    await board.types(CHAIR, "board attend mht apologies sent")
    kept = await board.types(
        CHAIR, "decide tracker: Each agency reviews what is overdue; action MHT 2027-01-15: Send the list"
    )
    assert "Kept: the decision and 1 action." in kept
    assert "Action tracker: Each agency reviews what is overdue" in kept
    assert "Send the list (by 15 January 2027)" in kept
    await board.types(CHAIR, "decide I-1: One ward opens")
    (action,) = board.bot.rows("Actions")
    assert (action["Source"], action["Agency"], action["OwnerName"]) == ("B-1", "MHT", TRUST_LEAD.name)
    assert minutes(board) is None, "no minutes before the board is closed"
    closed = await board.types(CHAIR, "board close")
    assert "2 decisions and 1 action recorded." in closed
    assert "approved at the board of Wednesday 20 January 2027" in closed
    await eventually(lambda: "A-1" in (minutes(board) or ""), "the minutes with the action's number")
    text = minutes(board) or ""
    for each in (
        "Board minutes, Wednesday 9 December 2026",
        "Status\nDraft",
        f"Run by\n{CHAIR.name}",
        "Next board\nWednesday 20 January 2027",
        "Decided: Each agency reviews what is overdue",
        "Decided: One ward opens",
        "Beds at night",
        "Send the list",
        "Present",
        "Apologies, information sent",
    ):
        assert each in text, each
    assert board.bot.rows("AgendaItems")[0]["Open"] is False, "the item was dealt with"
    assert "No board is going on" in await board.types(CHAIR, "decide tracker: too late")


async def test_the_minutes_are_put_right_and_approved(board: ActionStory) -> None:
    """Who attended has them put right; who did not cannot; a chair approves them once the next board began."""
    await begun(board)
    await board.types(CHAIR, "board attend POL present")
    await board.types(CHAIR, "decide tracker: Everything stays")
    await board.types(CHAIR, "board close")
    await eventually(lambda: minutes(board), "the minutes")
    assert "A draft" in await board.types(POLICE, "minutes")
    assert "Those who attended the board correct its minutes" in await board.types(NURSE, "minutes correct I was there")
    assert "To be put right" in await board.types(POLICE, "minutes correct We said that by Friday it is done")
    await eventually(lambda: "by Friday it is done" in (minutes(board) or ""), "the correction")
    assert "approved at the next board" in await board.types(CHAIR, "minutes approve")
    board.moves_to("2027-01-20T10:00")
    await begun(board)
    assert "Only a chair" in await board.types(POLICE, "minutes B-1 approve")
    assert f"Approved by\n{CHAIR.name}" in await board.types(CHAIR, "minutes approve")
    await eventually(lambda: f"Status\nApproved by {CHAIR.name}" in (minutes(board) or ""), "the approved minutes")
    assert "stay as they are" in await board.types(POLICE, "minutes B-1 correct too late")
    assert "There is no B-9" in await board.types(POLICE, "minutes B-9")


async def test_a_decision_is_taken_back(board: ActionStory) -> None:
    """While the board goes on, by whoever runs it; it is in no minutes, and the row says what became of it."""
    await begun(board)
    await board.types(CHAIR, "decide tracker: A mistake")
    await board.types(CHAIR, "decide tracker: Meant so")
    undone = await board.types(CHAIR, "board undo I-1")
    assert "Taken back: it is in no minutes." in undone
    assert "A mistake" not in undone
    assert "There is no I-9" in await board.types(CHAIR, "board undo I-9")
    await board.types(CHAIR, "board close")
    await eventually(lambda: minutes(board), "the minutes")
    assert "Meant so" in (minutes(board) or "")
    assert "A mistake" not in (minutes(board) or "")
    assert board.bot.rows("AgendaItems")[0]["Status"] == "Withdrawn"


async def test_it_is_run_by_its_buttons(board: ActionStory) -> None:
    """Accept, attendance, record, close: every step of the day without typing a command."""
    card = (await board.answered(CHAIR, "board start")).card
    card = await presses(board, CHAIR, card, "I accept it: begin the board")
    assert "Accepted." in text_of(card)
    card = await presses(board, CHAIR, card, "Attendance")
    assert "Attendance at B-1" in text_of(card)
    card = await presses(board, CHAIR, card, "Keep", attend_POL="Present")
    assert "POL present" in text_of(card)
    card = await presses(board, CHAIR, card, "Record an item")
    assert "Record an item of B-1" in text_of(card)
    card = await presses(board, CHAIR, card, "Keep", about="risks", decision="See R-14")
    assert "Decision holds something that may say who somebody is" in text_of(card)
    assert inputs(card)["decision"]["value"] == "See R-14", "what was typed is there still"
    card = await presses(board, CHAIR, card, "Keep", about="risks", decision="The register stands")
    assert "The register stands" in text_of(card)
    assert "The board is closed" in text_of(await presses(board, CHAIR, card, "Close the board"))


async def test_two_run_it(board: ActionStory) -> None:
    """Each accepts the statement for themselves before recording anything."""
    await begun(board)
    assert "accepts its confidentiality statement first" in await board.types(TEAM_OFFICER, "decide tracker: mine")
    assert "I accept it" in text_of((await board.answered(TEAM_OFFICER, "board start")).activity)
    await board.types(TEAM_OFFICER, "board accept")
    assert "mine" in await board.types(TEAM_OFFICER, "decide tracker: mine")
    assert "mine" in await board.types(CHAIR, "board start")


async def test_the_recording(board: ActionStory) -> None:
    """Its link, who may open it and until when; each missing part is named."""
    await begun(board)
    await board.types(CHAIR, "board close")
    wrong = await board.types(CHAIR, "board recording http://x.example/v")
    assert "is not a link" in wrong
    assert "Who may open it is needed" in wrong
    assert "Dispose of it by is needed" in wrong
    assert "not later" in await board.types(CHAIR, "board recording https://x.example.org/v; chairs; 2026-12-01")
    shown = await board.answered(CHAIR, "board recording https://x.example.org/v; the chairs; 31 March 2027")
    assert "For the chairs, until 31 March 2027" in text_of(shown.activity)
    assert find_action(shown.card, title="Open the recording")["url"] == "https://x.example.org/v"
    await eventually(
        lambda: "Kept for the chairs, until 31 March 2027" in (minutes(board) or ""), "the minutes with it"
    )


async def test_the_recording_by_its_form(board: ActionStory) -> None:
    """Offered with the minutes to whoever runs the board; what is wrong comes back typed, what is kept stands in it."""
    await begun(board)
    await board.types(CHAIR, "board close")
    assert "Recording" not in board.buttons((await board.answered(NURSE, "minutes")).card)
    card = (await board.answered(CHAIR, "minutes")).card
    form = await presses(board, CHAIR, card, "Recording")
    typed = {"recording": "http://x.example/v", "recording_for": "the chairs", "recording_until": "2026-12-01"}
    form = await presses(board, CHAIR, form, "Keep", **typed)
    assert "is not a link" in text_of(form)
    assert inputs(form)["recording"]["value"] == "http://x.example/v"
    typed |= {"recording": "https://x.example.org/v", "recording_until": "2027-03-31"}
    shown = await presses(board, CHAIR, form, "Keep", **typed)
    assert "For the chairs, until 31 March 2027" in text_of(shown)
    form = await presses(board, CHAIR, shown, "Recording")
    assert {name: each.get("value") for name, each in inputs(form).items()} == typed
    post = board.teams.last(board.teams.chat(NURSE))
    _, answer = await board.teams.press(NURSE, post, {"verb": "recording.submit", "data": {"meeting": "B-1"}}, typed)
    assert "Your role does not include that" in str(answer)


async def test_who_may_not_and_where(board: ActionStory) -> None:
    """A nurse and an observer run nothing, a stranger sees nothing, and a channel hears of references alone."""
    assert "Your role does not include that" in await board.types(NURSE, "board accept")
    assert "Observers see no case information" in await board.types(OBSERVER, "decide tracker: mine")
    await begun(board)
    await board.types(CHAIR, "decide tracker: PLANTEDDECISION")
    await board.types(CHAIR, "board close")
    await eventually(lambda: minutes(board), "the minutes")
    assert "PLANTEDDECISION" not in await board.types(STRANGER, "minutes")
    await board.teams.say(CHAIR, "minutes", board.channel)
    shown = text_of(board.teams.last(board.channel).activity)
    assert "1 decision, 0 actions." in shown
    assert "PLANTEDDECISION" not in shown
    await board.teams.say(CHAIR, "decide tracker: PLANTEDHERE", board.channel)
    assert "PLANTEDHERE" not in text_of(board.teams.last(board.channel).activity)
    assert len(board.bot.rows("AgendaItems")) == 1


async def test_what_is_for_the_chairs_only_is_in_no_minutes(board: ActionStory) -> None:
    """A decision on such an item is the chairs' alone; the paper and other members' cards do not have it."""
    form = (await board.answered(CHAIR, "agenda add")).card
    await presses(board, CHAIR, form, "Offer the item", title="PLANTEDITEM", chairs_only="Yes")
    await board.types(CHAIR, "agenda accept I-1")
    await begun(board)
    await board.types(CHAIR, "board attend POL present")
    await board.types(CHAIR, "decide I-1: PLANTEDDECISION")
    await board.types(CHAIR, "board close")
    await eventually(lambda: minutes(board), "the minutes")
    assert "PLANTED" not in (minutes(board) or "")
    assert "PLANTEDDECISION" not in await board.types(POLICE, "minutes")
    assert "PLANTEDDECISION" in await board.types(CHAIR, "minutes")


async def test_the_decisions_are_told_two_working_days_later(board: ActionStory) -> None:
    """The channel hears how much was decided and what was undertaken, with the way to the minutes."""
    await begun(board)
    await board.types(CHAIR, "decide tracker: Everything stays; action POL 2027-01-15: Count them")
    await board.types(CHAIR, "board close")
    await eventually(lambda: minutes(board), "the minutes")
    for day in ("2026-12-09", "2026-12-10", "2026-12-11"):
        await passes(board, day)
    assert told(board, "The board of Wednesday 9 December 2026: 1 decision, 1 new action.") == 1
    (action,) = board.bot.rows("Actions")
    assert action["Status"] == "Disseminated"
