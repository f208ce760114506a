"""The pack of a board through the real door: drafted, issued on its day, frozen, and what came in after it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from tests.board_people import CHAIR, NURSE, POLICE, STRANGER, TRUST_LEAD
from tests.cards.test_papers import said, xml_of
from tests.scenarios.actions import CASE, CASE_WORDS, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, planted_in, text_of
from tests.scenarios.test_board import passes, told

__all__ = ["provisioned"]

from tests.teams import find_action

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANCHOR = "2026-12-09"
"""A Wednesday. Its pack is issued five working days before, on Wednesday 2 December."""


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on the eve of its pack."""
    async with board_at(tmp_path, provisioned, "2026-12-01T07:00", anchor=ANCHOR) as story:
        await story.opens_a_chat(CHAIR, NURSE, POLICE, TRUST_LEAD)
        yield story


def file_of(story: ActionStory, name: str, library: str = "BoardPapers") -> bytes | None:
    """A paper of the first board; None when it is not filed."""
    path = f"web/getFileByServerRelativeUrl('{library}/B-1/B-1 {name}.docx')/$value"
    answer = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10)
    return answer.content if answer.ok else None


async def test_the_pack_is_issued_on_its_day(board: ActionStory) -> None:
    """Once, with what there is by then; the channel hears where it is; no word of a case is in it."""
    await board.types(NURSE, "agenda add Beds at night; Two wards closed; 20")
    await board.types(CHAIR, "agenda accept I-1 25")
    await board.types(CHAIR, "focus 2026-12-09 MHT the inspection is out")
    await board.types(TRUST_LEAD, "focus Referrals rise; Few beds; A line for the ward")
    await board.types(POLICE, "risk No line at night; A call is lost; Somebody waits")
    await board.types(POLICE, "lesson Two numbers; One number; Everybody")
    await board.add_action(due="2026-12-22", source="B-7", what="Write the protocol")
    await board.add_action(**{**CASE, "due": "2026-12-22"})
    before = await board.types(NURSE, "pack")
    assert "The pack of the board on Wednesday 9 December 2026 is issued on Wednesday 2 December 2026." in before
    await passes(board, "2026-12-01")
    assert file_of(board, "pack") is None
    await passes(board, "2026-12-02")
    await eventually(lambda: file_of(board, "pack"), "the pack")
    text = said(file_of(board, "pack") or b"")
    for each in (
        "Board pack, Wednesday 9 December 2026",
        "4  Action tracker",
        "I-1: Beds at night",
        "Two wards closed",
        "Write the protocol",
        "From a case",
        "K-1: A call is lost",
        "Somebody waits",
        "Referrals rise",
        "A line for the ward",
        "L-1: Two numbers",
        "Example Homes (HOU)\nLapsed on",
        "No board was recorded before this one.",
    ):
        assert each in text, each
    assert planted_in(xml_of(file_of(board, "pack") or b""), CASE_WORDS) == []
    assert told(board, "The pack of the board on Wednesday 9 December 2026 is here.") == 1
    shown = await board.answered(NURSE, "pack")
    assert "was issued on 2 December 2026" in text_of(shown.activity)
    assert "BoardPapers/B-1/B-1 pack.docx" in text_of(shown.activity)


async def test_until_it_is_frozen_its_draft_keeps_up(tmp_path: Path, provisioned: Path) -> None:
    """From ten working days before, made anew on the mornings on which something changed, and on no other."""
    async with board_at(tmp_path, provisioned, "2026-11-24T07:00", anchor=ANCHOR) as board:
        await board.opens_a_chat(CHAIR, NURSE)
        await passes(board, "2026-11-24")
        assert file_of(board, "pack draft", "CasePapers") is None
        made = []
        for day in ("2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"):
            if day == "2026-11-27":
                await board.types(NURSE, "risk No line at night; A call is lost; Somebody waits")
            await passes(board, day)
            made.append(file_of(board, "pack draft", "CasePapers"))
        assert [each == made[0] for each in made] == [True, True, False, False, False]
        assert made[2] == made[3], "a weekend alone changes nothing"
        assert made[4] != made[3], "November is over: its measures are awaited now"
        assert "A call is lost" in said(made[4] or b"")
        assert "CasePapers/B-1/B-1 pack draft.docx" in await board.types(CHAIR, "pack")
        assert "pack draft.docx" not in await board.types(NURSE, "pack")
        await passes(board, "2026-12-02")
        await board.types(NURSE, "risk Radios fail; Nobody hears; Somebody waits")
        await passes(board, "2026-12-03")
        assert file_of(board, "pack draft", "CasePapers") == made[4], "once it is frozen, what changes is a supplement"


async def test_what_comes_in_later_is_a_supplement(board: ActionStory) -> None:
    """The pack stays as it was; the supplement holds what is new and what was taken off, told once for each change."""
    await board.types(NURSE, "agenda add Beds at night")
    await board.types(CHAIR, "agenda accept I-1")
    await passes(board, "2026-12-02")
    issued = file_of(board, "pack")
    await passes(board, "2026-12-03")
    assert file_of(board, "pack supplement") is None, "nothing came in"
    await board.types(POLICE, "agenda add Radios; They fail indoors")
    await board.types(CHAIR, "agenda accept I-2")
    await board.types(CHAIR, "agenda decline I-1 another time")
    await board.types(POLICE, "risk No line at night; A call is lost; Somebody waits")
    await passes(board, "2026-12-04")
    await passes(board, "2026-12-07")
    text = said(file_of(board, "pack supplement") or b"")
    assert "I-2: Radios" in text
    assert "They fail indoors" in text
    assert "Taken off the agenda since\nI-1." in text
    assert "K-1: A call is lost" in text
    assert "Beds at night" not in text
    assert file_of(board, "pack") == issued
    assert told(board, "What came after the pack of the board on Wednesday 9 December 2026 is here.") == 1
    assert "BoardPapers/B-1/B-1 pack supplement.docx" in await board.types(NURSE, "pack")


async def test_a_late_paper_comes_in_the_supplement(board: ActionStory) -> None:
    """The agency in focus may still tell the board, once; what it told then stays."""
    await board.types(CHAIR, "focus 2026-12-09 MHT the inspection is out")
    await passes(board, "2026-12-02")
    assert "Its paper is not in yet" in said(file_of(board, "pack") or b"")
    await board.types(TRUST_LEAD, "focus Referrals rise; Few beds; A line for the ward")
    assert "stays as it is" in await board.types(TRUST_LEAD, "focus Another; word; of it")
    await passes(board, "2026-12-03")
    assert "Referrals rise" in said(file_of(board, "pack supplement") or b"")


async def test_a_chair_drafts_and_issues_it_early(board: ActionStory) -> None:
    """The draft lies where members do not look; issuing it tells the channel at once, and its day adds nothing."""
    assert "CasePapers/B-1/B-1 pack draft.docx" in await board.makes(CHAIR, "pack draft")
    assert "Draft of the board pack, Wednesday 9 December 2026" in said(
        file_of(board, "pack draft", "CasePapers") or b""
    )
    assert "was issued" in await board.makes(CHAIR, "pack issue")
    await eventually(
        lambda: told(board, "The pack of the board on Wednesday 9 December 2026 is here.") == 1, "the post"
    )
    assert "stays as it is" in await board.makes(CHAIR, "pack issue")
    await passes(board, "2026-12-02")
    assert told(board, "The pack of the board on Wednesday 9 December 2026 is here.") == 1


async def test_a_chair_drafts_and_issues_it_by_buttons(board: ActionStory) -> None:
    """What would be missing is told before it is frozen, and there is a way back."""

    chat = board.teams.chat(CHAIR)

    async def presses(button: str, card: JSON | None = None) -> JSON:
        """The card that takes the place of the last one, or comes after it."""
        post, before = board.teams.last(chat), len(board.teams.posts_in(chat))
        _, answer = await board.teams.press(CHAIR, post, find_action(card or post.card, title=button), {})
        return value if isinstance(value := answer.get("value"), dict) else await board.ready(CHAIR, before)

    shown = await board.answered(CHAIR, "pack")
    assert "Issue it now" in board.buttons(shown.card)
    assert "Issue it now" not in board.buttons((await board.answered(NURSE, "pack")).card)
    await board.teams.say(CHAIR, "pack", chat)
    assert "pack draft.docx" in text_of(await presses("Make the draft"))
    await board.teams.say(CHAIR, "pack", chat)
    asked = await presses("Issue it now")
    assert "would be issued now" in text_of(asked)
    assert "It would lack the paper of" in text_of(asked)
    assert file_of(board, "pack") is None
    assert "is issued on" in text_of(await presses("Not yet", asked))
    assert "was issued" in text_of(await presses("Issue it", await presses("Issue it now")))
    assert file_of(board, "pack") is not None
    assert "stays as it is" in await board.makes(CHAIR, "pack issue")


async def test_who_may_not(board: ActionStory) -> None:
    """A nurse neither drafts nor issues it, a stranger is told nothing, and in a channel nothing is made."""
    assert "Your role does not include that" in await board.types(NURSE, "pack issue")
    assert "Your role does not include that" in await board.types(NURSE, "pack draft")
    assert "is issued on" not in await board.types(STRANGER, "pack")
    assert "please choose one of draft or issue" in await board.types(CHAIR, "pack everything")
    await board.teams.say(CHAIR, "pack issue", board.channel)
    assert file_of(board, "pack") is None


async def test_a_draft_that_cannot_be_filed_is_told(board: ActionStory) -> None:
    """A chair hears that there is none, and has it once the library is there again."""
    board.bot.control("POST", "/__faults", {"match": "POST .*CasePapers", "status": 400, "share": 1.0})
    assert "The draft of the pack could not be made just now" in await board.makes(CHAIR, "pack draft")
    board.bot.control("DELETE", "/__faults")
    assert "pack draft.docx" in await board.makes(CHAIR, "pack draft")


async def test_a_library_that_cannot_be_reached(board: ActionStory) -> None:
    """The pack waits, nothing says that it is there, and the next day's round issues it."""
    board.bot.control("POST", "/__faults", {"match": "POST .*BoardPapers", "status": 400, "share": 1.0})
    await passes(board, "2026-12-02")
    assert told(board, "The pack of the board") == 0
    board.bot.control("DELETE", "/__faults")
    await passes(board, "2026-12-03")
    assert told(board, "The pack of the board on Wednesday 9 December 2026 is here.") == 1
    assert file_of(board, "pack") is not None


async def test_what_was_escalated_is_in_the_next_pack(board: ActionStory) -> None:
    """The action was overdue, went to the line manager, and was done since: the board sees that it was escalated."""
    reference = await board.add_action(due="2026-12-01", source="B-7", what="Write the protocol")
    for day in range(2, 12):
        if day not in (5, 6):
            await passes(board, f"2026-12-{day:02}")
    assert [row["Key"] for row in board.bot.rows("Events") if row["Kind"] == "escalated"] == [
        f"escalated/2026-12-09/{reference}/1"
    ]
    await board.takes(NURSE, reference, "Done", note="It is written")
    await board.takes(CHAIR, reference, "Verify")
    await board.makes(CHAIR, "pack draft")
    (name,) = [row["Reference"] for row in board.bot.rows("Meetings") if row["HeldOn"].startswith("2027-01-20")]
    path = f"web/getFileByServerRelativeUrl('CasePapers/{name}/{name} pack draft.docx')/$value"
    answer = requests.get(f"{board.bot.site}/_api/{path}", headers=board.bot._headers(), timeout=10)
    text = said(answer.content)
    assert f"9 December 2026\n{reference}\nMHT\nThe owner's line manager, through their agency's lead\nClosed" in text
