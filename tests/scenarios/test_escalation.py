"""What is not done climbs through the real door: told once on each rung, answered, shown, and over when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE, SOCIAL, TRUST_LEAD
from tests.scenarios.actions import CASE, CASE_WORDS, TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, planted_in, text_of
from tests.teams import Person

__all__ = ["provisioned"]

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

# The action is due on Friday 20 November 2026, so it is overdue from Monday the 23rd: its owner has 23 to 27 November,
# the manager 30 November to 4 December, the lead 7 to 11 December, the member 14 to 18, and then it is the chairs'.
DUE = "2026-11-20"
RUNGS = (
    ("2026-11-27", ""),
    ("2026-11-30", "the owner's line manager"),
    ("2026-12-04", ""),
    ("2026-12-07", "the agency's lead"),
    ("2026-12-14", "the agency's member of the board"),
    ("2026-12-21", "the co-chairs"),
    ("2026-12-29", ""),
)


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on a Monday, whose people have opened their chats."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00", MHRMB_POLL_SECONDS="0.2") as story:
        await story.opens_a_chat(CHAIR, NURSE, TRUST_LEAD, POLICE, SOCIAL, TEAM_OFFICER)
        yield story


async def passes(story: ActionStory, day: str) -> None:
    """Let a working day's round be done."""
    story.moves_to(f"{day}T08:35")
    await eventually(
        lambda: any(row["Key"] == "clock:round" and row["Value"] == day for row in story.bot.rows("Events")), day, 20
    )


def told(story: ActionStory, person: Person, reference: str) -> list[str]:
    """Whom it was with, in each escalation that a person was told."""
    posts = [text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person))]
    return [said.split("is with ", 1)[1].split(" now.", 1)[0] for said in posts if f"{reference} was not done" in said]


async def test_it_climbs_on_the_right_day_and_each_is_told_once(board: ActionStory) -> None:
    """Nobody but those of the rung hears, on the day that the wall calendar gives, and the co-chairs last."""
    reference = await board.add_action(due=DUE, source="B-7")
    heard: Counter[str] = Counter()
    for day, rung in RUNGS:
        await passes(board, day)
        now = Counter(said for person in (TRUST_LEAD, NURSE, CHAIR) for said in told(board, person, reference))
        assert [said.split(",")[0] for said in (now - heard).elements()] == [rung][: len(rung)], day
        heard = now
    assert [each.split(",")[0] for each in told(board, TRUST_LEAD, reference)] == [
        "the owner's line manager",
        "the agency's lead",
    ]
    assert told(board, NURSE, reference) == ["the agency's member of the board"]
    assert told(board, CHAIR, reference) == ["the co-chairs"]
    for person in (POLICE, SOCIAL, TEAM_OFFICER):
        assert told(board, person, reference) == []
    said = await board.types(POLICE, "escalations")
    assert f"{reference} · MHT · 25 working days overdue" in said
    assert "With the co-chairs since 21 December 2026: no answer" in said


async def test_an_answer_is_kept_shown_and_holds_it_up(board: ActionStory) -> None:
    """Pressed twice it is one; it is shown; still not done after five more working days, it climbs."""
    reference = await board.add_action(due=DUE, source="B-7")
    await passes(board, "2026-11-30")
    chat = board.teams.chat(TRUST_LEAD)
    post = next(p for p in board.teams.posts_in(chat) if f"{reference} was not done" in text_of(p.activity))
    board.moves_to("2026-12-02T10:00")
    for _ in range(2):
        _, answer = await board.teams.press(TRUST_LEAD, post, "I see to it")
        assert f"it is kept that you see to {reference}" in text_of(answer)
    kept = [row for row in board.bot.rows("Events") if row["Kind"] == "escalation answer"]
    assert [(row["Reference"], row["Value"]) for row in kept] == [(reference, TRUST_LEAD.name)]
    assert f"{TRUST_LEAD.name} sees to it, 2 December 2026" in await board.types(CHAIR, "escalations")
    for day in ("2026-12-07", "2026-12-09"):
        await passes(board, day)
        assert len(told(board, TRUST_LEAD, reference)) == 1, "3, 4, 7, 8 and 9 December are its five days"
    await passes(board, "2026-12-10")
    assert [each.split(",")[0] for each in told(board, TRUST_LEAD, reference)][1:] == ["the agency's lead"]
    tried = text_of(board.teams.posts_in(chat)[-1].activity)
    assert f"{TRUST_LEAD.name} saw to it on 2 December 2026" in tried
    await board.types(NURSE, f"done {reference} agreed at last")
    over = await board.types(CHAIR, "escalations")
    assert "Nothing is escalated." in over
    assert (
        f"No longer escalated, in the last six weeks\n{reference} · MHT\nWith the agency's lead on 10 December" in over
    )
    board.moves_to("2027-01-22T10:00")
    assert reference not in await board.types(CHAIR, "escalations"), "six weeks and a day later"
    assert "sees to" not in await board.types(TRUST_LEAD, f"see to {reference}")


async def test_only_who_is_asked_answers(board: ActionStory) -> None:
    """A chair before it comes to them, its owner and another agency are refused, and nothing is kept."""
    reference = await board.add_action(due=DUE, source="B-7")
    await passes(board, "2026-11-30")
    for person in (CHAIR, NURSE, POLICE):
        assert "it is kept" not in await board.types(person, f"see to {reference}")
    assert not [row for row in board.bot.rows("Events") if row["Kind"] == "escalation answer"]
    assert "it is kept that you see to" in await board.types(TRUST_LEAD, f"see to {reference}")
    forged: JSON = {"do": "escalation.answer", "reference": "A-9999", "rung": "9", "due": "x"}
    status, _ = await board.teams.submit(TRUST_LEAD, forged, {}, board.channel)
    assert status == 200


async def test_of_a_case_no_more_is_told_than_may_be_seen(board: ActionStory) -> None:
    """An immediate action from a restricted case is with the lead at once, as an outline; no channel has its words."""
    case = await board.refer(POLICE)
    await board.types(POLICE, f"restrict {case} a victim")
    reference = await board.add_action(**{**CASE, "source": case, "due": DUE, "priority": "Immediate risk"})
    await passes(board, "2026-11-23")
    assert told(board, TRUST_LEAD, reference) == ["the agency's lead"]
    post = next(
        p
        for p in board.teams.posts_in(board.teams.chat(TRUST_LEAD))
        if f"{reference} was not done" in text_of(p.activity)
    )
    assert planted_in(post.activity, CASE_WORDS) == []
    assert "It comes from a case" in text_of(post.activity)
    assert planted_in(board.in_the_channel(), CASE_WORDS) == []
