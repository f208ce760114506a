"""The risk register through the real door: raised, rated, shown, accepted, closed, opened again; reminded once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE, STRANGER, TRUST_LEAD
from tests.scenarios.actions import ActionStory, board_at, provisioned
from tests.scenarios.board import eventually, text_of
from tests.scenarios.test_board import passes
from tests.teams import Person, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on a Monday morning before the round."""
    async with board_at(tmp_path, provisioned, "2026-11-30T07:00", anchor="2027-01-13") as story:
        await story.opens_a_chat(CHAIR, NURSE, POLICE, TRUST_LEAD)
        yield story


async def raised(story: ActionStory, person: Person = NURSE) -> str:
    """A risk of the nurse's agency."""
    await story.types(person, "risk Two wards close; people wait for a bed; harm while waiting")
    await eventually(lambda: all(row["Reference"] for row in story.bot.rows("Risks")), "its number")
    return str(story.bot.rows("Risks")[-1]["Reference"])


async def test_from_raised_to_closed_and_back(board: ActionStory) -> None:
    """Its owner rates it, a chair accepts, closes and opens it again; each word is kept with why."""
    risk = await raised(board)
    assert "1 not rated" in await board.types(CHAIR, "risks")
    card = await board.types(
        TRUST_LEAD, f"risk review {risk} 5x4 3x4 2027-03-01 four beds are bought; the second ward closes"
    )
    assert "The review is kept." in card
    assert "high 12 (possible × major)" in card
    row = board.bot.rows("Risks")[-1]
    assert (row["LikelihoodBefore"], row["ImpactBefore"], row["LikelihoodAfter"], row["ImpactAfter"]) == (5, 4, 3, 4)
    assert (row["Controls"], row["Rationale"]) == ("four beds are bought", "the second ward closes")
    assert row["ReviewOn"][:10] == "2027-03-01"
    assert row["ChangedBy"] == TRUST_LEAD.name
    worse = await board.types(TRUST_LEAD, f"risk review {risk} 5x4 4x4 no nurse at night; winter")
    assert "↑ rising" in worse
    said = await board.types(CHAIR, "risks very high")
    assert f"{risk} · very high 16 (likely × major) · ↑ rising · MHT" in said
    assert "No risk of Example Police is on the register" in await board.types(CHAIR, "risks pol")
    assert "It is accepted" in await board.types(CHAIR, f"risk accept {risk} no bed is to be had before spring")
    assert "· Accepted" in await board.types(NURSE, "risks wards")
    assert "It is closed" in await board.types(CHAIR, f"risk close {risk} the wards are open again")
    assert "No risk is on the register" in await board.types(NURSE, "risks")
    assert "on the register again" in await board.types(CHAIR, f"risk reopen {risk} one closed once more")
    assert board.bot.rows("Risks")[-1]["Open"] is True


async def test_with_buttons_and_what_is_wrong_told_beside_what_was_typed(board: ActionStory) -> None:
    """The form is filled with what stands; an error brings it back as typed; a second press changes nothing."""
    risk = await raised(board)
    await board.types(TRUST_LEAD, f"risk {risk}")
    post = board.teams.last(board.teams.chat(TRUST_LEAD))
    _, form = await board.teams.press(TRUST_LEAD, post, find_action(post.card, title="Review it"), {})
    send = find_action(form["value"], title="Keep the review")
    typed = {"likelihood_before": "4", "impact_before": "4", "likelihood_after": "5", "impact_after": "4"}
    typed |= {"controls": "A nurse at night", "risk_why": "Winter", "risk_agency": "MHT"}
    _, back = await board.teams.press(TRUST_LEAD, post, send, typed)
    assert "How likely with the controls is rated worse" in text_of(back["value"])
    assert "A nurse at night" in str(back["value"])
    send = find_action(back["value"], title="Keep the review")
    for _ in range(2):
        _, kept = await board.teams.press(TRUST_LEAD, post, send, {**typed, "likelihood_after": "2"})
        assert "moderate" in text_of(kept["value"]) or "high 8" in text_of(kept["value"])
    row = next(each for each in board.bot.rows("Risks") if each["Reference"] == risk)
    assert (row["LikelihoodAfter"], row["LastScore"] or 0) == (2, 0), "pressed twice it is one review"


async def test_who_may_not(board: ActionStory) -> None:
    """Another agency, an observer and a stranger change nothing; a channel shows no word that somebody typed."""
    risk = await raised(board)
    before = board.bot.rows("Risks")
    for person in (POLICE, OBSERVER, STRANGER):
        await board.types(person, f"risk review {risk} 5x4 3x4 2027-03-01 beds; why")
        await board.types(person, f"risk close {risk} why")
    assert board.bot.rows("Risks") == before
    assert "on the register" not in await board.types(STRANGER, "risks")
    assert risk in await board.types(OBSERVER, "risks"), "it holds nothing of any case"
    shown = await board.types(CHAIR, "risks", board.channel)
    assert risk in shown
    assert "people wait" not in shown
    assert "people wait" not in await board.types(CHAIR, f"risk {risk}", board.channel)
    assert "K-9999" in await board.types(CHAIR, "risk K-9999")
    assert "who somebody is" in await board.types(CHAIR, f"risk close {risk} John Planted, born 17/03/1984, is well")
    assert board.bot.rows("Risks") == before


async def test_its_owner_is_reminded_once(board: ActionStory) -> None:
    """A fortnight after it was raised without a rating, a week before, and on the day; then each Monday."""
    risk = await raised(board)
    days = ("2026-11-30", "2026-12-07", "2026-12-08", "2026-12-14", "2026-12-15", "2026-12-21")
    heard = []
    for day in days:
        await passes(board, day)
        posts = [text_of(post.activity) for post in board.teams.posts_in(board.teams.chat(TRUST_LEAD))]
        heard.append(sum("Risks to review" in said and risk in said for said in posts))
    assert heard == [0, 1, 1, 2, 2, 3]


async def test_actions_that_come_from_it_are_shown(board: ActionStory) -> None:
    """An action whose source is the risk stands on its card."""
    risk = await raised(board)
    action = await board.add_action(source=risk, due="2026-12-22")
    assert f"{action} (" in await board.types(NURSE, f"risk {risk}")
