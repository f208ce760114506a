"""The document of a plan, through the real door: filed when agreed, offered where it is filed, gone with its case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from tests.board_people import CHAIR, NURSE, POL, POLICE, add_member
from tests.cards.test_papers import said
from tests.cards.test_papers import xml_of as parts_of
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, PLANTED, eventually, planted_in, text_of
from tests.scenarios.test_disposal import GOVERNANCE
from tests.scenarios.test_plans import agreed, begun, case_of, chat_says, opened, pressed, row_of, typed

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board that this module's tests share: each makes a plan of its own."""
    async with board_at(tmp_path_factory.mktemp("papers"), provisioned) as made:
        await made.opens_a_chat(CHAIR, POLICE, NURSE)
        yield made


def content(story: ActionStory, reference: str) -> bytes | None:
    """The file of a plan's document; None when there is none."""
    case = row_of(story, reference)["Case"]
    path = f"web/getFileByServerRelativeUrl('CasePapers/{case}/{reference} plan.docx')/$value"
    answer = requests.get(f"{story.bot.site}/_api/{path}", headers=story.bot._headers(), timeout=10)
    return answer.content if answer.ok else None


def paper(story: ActionStory, reference: str) -> str | None:
    """What the document of a plan says; None when it is not filed."""
    found = content(story, reference)
    return said(found) if found else None


def kept(story: ActionStory, reference: str) -> list[JSON]:
    """The rows by which it is known that a document is filed."""
    return [row for row in story.bot.rows("Events") if row["Key"].startswith(f"paper/{reference}/")]


def path(story: ActionStory, reference: str) -> str:
    """Where the card says that the document is."""
    return f"CasePapers/{row_of(story, reference)['Case']}/{reference} plan.docx"


async def test_an_agreed_plan_is_filed_as_a_document(story: ActionStory) -> None:
    """Its page lies in the case's folder, with who signed and nobody's identity; the card says where, a draft's not."""
    reference = await agreed(story)
    await eventually(lambda: kept(story, reference), "the document")
    text = paper(story, reference) or ""
    assert "PLANNEDTRIGGER is not at the hostel by ten" in text
    assert "Signed off by Cy Nurse" in text
    assert "Review on\nMonday 14 December 2026" in text
    assert planted_in(parts_of(content(story, reference) or b""), PLANTED) == []
    assert path(story, reference) in text_of(await opened(story, NURSE, reference))
    by_case = await opened(story, CHAIR, str(row_of(story, reference)["Case"]))
    assert path(story, reference) in text_of(by_case), "opened by its case as well"

    draft, card = await begun(story)
    assert paper(story, draft) is None
    assert "Document" not in text_of(card)


async def test_a_day_that_changes_files_it_anew(story: ActionStory) -> None:
    """A review, and an expiry set in the list by hand: the same file says the new day. A new version has none yet."""
    reference = await agreed(story)
    await eventually(lambda: kept(story, reference), "the document")
    form = await pressed(story, CHAIR, await opened(story, CHAIR, reference), "Reviewed")
    await pressed(story, CHAIR, form, "Reviewed", review_on="2027-01-06")
    await eventually(
        lambda: "Wednesday 6 January 2027" in (paper(story, reference) or ""), "the document after the review"
    )
    number = row_of(story, reference)["Id"]
    story.bot.change_row("Plans", number, ExpiresOn="2027-01-20T12:00:00Z")
    await eventually(lambda: "expires 20 January 2027" in (paper(story, reference) or ""), "the day set by hand")

    form = await pressed(story, CHAIR, await opened(story, CHAIR, reference), "New version")
    card = await pressed(story, CHAIR, form, "New version", changes="He has moved")
    assert "Document" not in text_of(card), "what was agreed is another version's"


async def test_a_library_that_cannot_be_reached_costs_no_agreement(tmp_path: Path, provisioned: Path) -> None:
    """The plan is agreed and told without its document, which no card claims; the next working day's round files it."""
    async with board_at(tmp_path, provisioned) as story:
        await story.opens_a_chat(CHAIR, POLICE, NURSE)
        fault = {"match": "POST .*CasePapers", "status": 400, "share": 1.0}
        story.bot.control("POST", "/__faults", fault)
        reference = await agreed(story)
        await eventually(lambda: chat_says(story, CHAIR, f"Plan {reference} is agreed"), "the chair to hear")
        await eventually(lambda: any("document waits" in line for line in story.bot.said), "the log to say so", 20)
        card = await opened(story, NURSE, reference)
        assert "Agreed" in text_of(card)
        assert "Document" not in text_of(card)
        story.bot.control("DELETE", "/__faults")
        assert paper(story, reference) is None
        story.moves_to("2026-11-17T09:30")
        await eventually(lambda: kept(story, reference), "the next round to file it", 20)
        assert "PLANNEDTRIGGER" in (paper(story, reference) or "")
        assert path(story, reference) in text_of(await opened(story, NURSE, reference))


async def test_it_goes_with_its_case(tmp_path: Path, provisioned: Path) -> None:
    """Once the plan has ended, the case is closed and two people have disposed of it, no document is left."""
    async with board_at(tmp_path, provisioned) as story:
        await story.opens_a_chat(CHAIR, POLICE, NURSE)
        add_member(story.bot, GOVERNANCE, POL, "Information governance lead")
        reference = await agreed(story)
        await eventually(lambda: kept(story, reference), "the document")
        case = row_of(story, reference)["Case"]
        number = int(case[2:])
        form = await pressed(story, CHAIR, await opened(story, CHAIR, reference), "End the plan")
        await pressed(story, CHAIR, form, "End the plan", why="He lives elsewhere now")
        story.bot.change_row("Referrals", number, Status="Closed")
        await eventually(lambda: case_of(story, number)["ReviewOn"], "the bot to see that it is closed")
        story.bot.change_row("Referrals", number, ReviewOn="2026-11-01T12:00:00Z")
        assert "a second person" in await typed(story, GOVERNANCE, f"dispose {case} no longer needed")
        assert content(story, reference), "nothing has gone yet"
        assert "is being disposed of" in await typed(story, CHAIR, f"dispose {case} confirm")
        await eventually(lambda: case_of(story, number)["Retention"] == "Disposed", "the disposal", 20)
        assert content(story, reference) is None
