"""Engagement through the real door: each figure with its records, an agency's word against one, and conferences."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import ASC, CHAIR, MHT, NURSE, OBSERVER, POL, STRANGER, TRUST_LEAD, add_member
from tests.running import RunningBot
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, text_of
from tests.teams import Person, Post, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

POLICE_LEAD = Person("Kim Policelead")


def fill(bot: RunningBot) -> None:
    """Six months of the trust's: four meetings, three cases heard, and a forum that holds conferences."""
    bot.add_row("Forums", Forum="SUB", ForumName="Subgroup", Kind="Subgroup", Open=True)
    bot.add_row("Forums", Forum="MAPPA", ForumName="Example MAPPA", Kind="MAPPA", Open=True)
    meetings = (
        ("S-1", "Held", "10-07"),
        ("S-2", "Held", "10-14"),
        ("S-3", "Cancelled", "10-21"),
        ("S-4", "Held", "05-06"),
    )
    for reference, status, day in meetings:
        bot.add_row(
            "Meetings",
            Reference=reference,
            Key=reference,
            Forum="SUB",
            Kind="Subgroup",
            Status=status,
            HeldOn=f"2026-{day}T12:00:00Z",
            Open=False,
        )
    for reference, code, how in (("S-1", MHT, "Present"), ("S-2", MHT, "Apologies"), ("S-4", MHT, "Absent")):
        bot.add_row("Attendance", Reference=reference, Key=f"{reference}/{code}", Agency=code, Status=how, Open=True)
    answers = (
        (1, "Known", "2026-10-06T09:00:00Z"),
        (2, "Known", "2026-10-08T09:00:00Z"),
        (3, "Not known", "2026-10-06T09:00:00Z"),
    )
    for number, answer, at in answers:
        reference = f"R-{number}"
        bot.add_row(
            "Referrals",
            Reference=reference,
            Key=f"case-{number}",
            Agency=POL,
            Asked=f"{MHT}; {ASC}",
            Status="Heard",
            Open=True,
            Forum="SUB",
            ReceivedOn="2026-10-01T09:00:00Z",
            WhyNow="PLANTEDWHY",
        )
        bot.add_row(
            "Hearings",
            Reference=reference,
            Key=f"S-1/{reference}",
            Meeting="S-1",
            HeardOn="2026-10-07T10:00:00Z",
            Open=True,
        )
        bot.add_row(
            "Returns", Reference=reference, Key=f"return-{number}", Agency=MHT, Answer=answer, AnsweredOn=at, Open=True
        )


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board in November with half a year behind it."""
    async with board_at(tmp_path, provisioned, "2026-11-16T07:00") as story:
        fill(story.bot)
        add_member(story.bot, POLICE_LEAD, POL, "Agency lead")
        yield story


async def test_each_figure_with_its_records(board: ActionStory) -> None:
    """The chair sees all agencies, and one with what is behind each figure; a meeting of May is of another time."""
    said = await board.types(CHAIR, "engagement")
    assert "4 agencies, 17 May 2026 to 16 November 2026. Each part stands by itself: they are not added up." in said
    assert "Example Trust (MHT)\n meetings 1 of 2 · answers in time 1 of 3 · actions in time none" in said
    assert "Example Council (ASC)\n meetings none · answers in time 0 of 3" in said
    one = await board.types(CHAIR, "engagement MHT")
    for line in (
        "Meetings: 1 of 2\n",
        "1 came:\n S-1\n",
        "1 apologies:\n S-2\n",
        "Answers in time: 1 of 3\n",
        "1 answered before the case was heard:\n R-1\n",
        "1 answered later:\n R-2\n",
        "1 not known, and nobody had looked:\n R-3\n",
        "Conferences: none\n",
    ):
        assert line in one, line
    assert "S-3" not in one
    assert "PLANTEDWHY" not in one
    assert "2 left out, nobody recorded it:\n S-1 and S-2" in await board.types(CHAIR, "engagement asc")
    assert "Meetings: 0 of 1\n" in await board.types(TEAM_OFFICER, "engagement MHT 2026-05")
    assert "Meetings: none\n" in await board.types(CHAIR, "engagement MHT 2025")


async def test_an_action_is_in_time_by_its_owners_word(board: ActionStory) -> None:
    """Claimed before its day, verified after it: in time. What is due next week is left out."""
    first = await board.add_action(due="2026-11-20")
    await board.add_action(due="2026-11-19")
    await board.types(NURSE, f"done {first}")
    board.moves_to("2026-11-25T07:00")
    await board.types(CHAIR, f"verify {first}")
    said = await board.types(CHAIR, "engagement MHT")
    assert "Actions in time: 1 of 2\n" in said
    assert f"1 done in time:\n {first}\n" in said
    assert "1 overdue:\n A-2\n" in said


async def test_a_lead_sees_their_own_and_disputes_it(board: ActionStory) -> None:
    """Their words stand beside the figure, for the chair as well, once; another agency's figures are not shown."""
    own = await board.types(TRUST_LEAD, "engagement")
    assert "Engagement: Example Trust (MHT)" in own
    assert "Your role does not include that" in await board.types(TRUST_LEAD, "engagement POL")
    post = await board.answered(TRUST_LEAD, "engagement")
    send = find_action(post.card, title="Dispute")
    typed = {"figure": "meetings", "dispute": "Our deputy sat beside the police on the 14th."}
    for _ in range(2):
        _, answer = await board.teams.press(TRUST_LEAD, post, send, typed)
    assert "Kept. It stands beside the figure" in text_of(answer["value"])
    assert len([row for row in board.bot.rows("Events") if row["Kind"] == "engagement dispute"]) == 1
    seen = await board.types(CHAIR, "engagement MHT")
    assert "Di Trustlead: Our deputy sat beside the police on the 14th." in seen
    assert "Meetings: 1 of 2\n" in seen
    assert "1 figure disputed" in await board.types(CHAIR, "engagement")
    assert "deputy sat" not in await board.types(POLICE_LEAD, "engagement")
    assert "deputy sat" not in await board.types(CHAIR, "engagement MHT 2025")
    assert "Kept." in await board.types(TRUST_LEAD, "engagement dispute answers: we were never asked on one of them")


async def test_a_dispute_names_nobody(board: ActionStory) -> None:
    """It stands in the pack: what may say who somebody is comes back as it was typed, and nothing is kept."""
    post = await board.answered(TRUST_LEAD, "engagement")
    send = find_action(post.card, title="Dispute")
    for typed, told in (
        ({"figure": "answers", "dispute": "R-2 was late because"}, "holds something that may say who somebody is"),
        ({"figure": "answers"}, "What is wrong with it, and why is needed"),
        ({"dispute": "all of it"}, "Which figure is needed"),
        (
            {"figure": "luck", "dispute": "all of it"},
            "Which figure: please choose one of meetings, answers",
        ),
    ):
        _, answer = await board.teams.press(TRUST_LEAD, post, send, typed)
        assert told in text_of(answer["value"])
    assert not [row for row in board.bot.rows("Events") if row["Kind"] == "engagement dispute"]


async def test_who_lapsed_could_not_answer(board: ActionStory) -> None:
    """It is said beside the figure; of an agency whose agreement is in force it is not."""
    assert "no sharing agreement in force now" in await board.types(CHAIR, "engagement HOU")
    assert "no sharing agreement in force now" not in await board.types(CHAIR, "engagement MHT")


async def test_what_it_costs_does_not_grow_with_history(board: ActionStory) -> None:
    """Cases of years ago are not read: as many requests with a hundred of them as with none."""
    assert "Answers in time: 1 of 3\n" in await board.types(CHAIR, "engagement MHT")
    before = min([await cost(board) for _ in range(3)])
    for number in range(100, 200):
        bot = board.bot
        reference = f"R-{number}"
        bot.add_row("Hearings", Reference=reference, Key=f"old-{number}", HeardOn="2024-10-07T10:00:00Z", Open=True)
        bot.add_row("Returns", Reference=reference, Key=f"old-{number}", Agency=MHT, AnsweredOn="2024-10-06T10:00:00Z")
    for _ in range(40):  # the rows are sealed meanwhile, which costs requests of its own
        if await cost(board) <= before:
            return
    raise AssertionError(f"more than {before} requests")


async def cost(story: ActionStory) -> int:
    """How many requests one look at an agency makes, with whatever goes on beside it."""
    story.bot.control("DELETE", "/__requests")
    await story.types(CHAIR, "engagement MHT")
    return int(story.bot.control("GET", "/__requests")["total"])


async def test_who_may_not(board: ActionStory) -> None:
    """A nurse, an observer and a stranger see nothing; a chair disputes nothing; in a channel nobody."""
    for person in (NURSE, OBSERVER, STRANGER):
        assert "meetings" not in await board.types(person, "engagement")
        assert "Meetings" not in await board.types(person, "engagement MHT")
        assert "Kept" not in await board.types(person, "conference MAPPA 2026-11-10 MHT present")
    assert "Your role does not include that" in await board.types(CHAIR, "engagement dispute meetings: no")
    for text in ("engagement", "engagement dispute meetings: PLANTEDWORD", "conference MAPPA 2026-11-10 MHT present"):
        said = await board.types(CHAIR, text, board.channel)
        assert "private chat" in said
        assert "PLANTEDWORD" not in said
    assert [row["Reference"] for row in board.bot.rows("Meetings")] == ["S-1", "S-2", "S-3", "S-4"]


async def pressed(story: ActionStory, post: Post, card: JSON, button: str, **typed: str) -> JSON:
    """Press a button of a card in the chair's chat, and return the card that takes its place."""
    _, answer = await story.teams.press(CHAIR, post, find_action(card, title=button), typed)
    shown: JSON = answer["value"]
    return shown


async def test_a_conference_counts_by_itself(board: ActionStory) -> None:
    """Typed, changed, cancelled and held after all; on the form too; never among boards or subgroups."""
    said = await board.types(CHAIR, "conference MAPPA 2026-11-10 MHT present, ASC apologies sent")
    assert "C-5: Example MAPPA, Tuesday 10 November 2026." in said
    await board.types(CHAIR, "conference MAPPA 10 November 2026 ASC deputy; POL absent")
    assert len([row for row in board.bot.rows("Meetings") if row["Kind"] == "Conference"]) == 1
    line = "meetings none · answers in time 0 of 3 · actions in time none · conferences 1 of 1"
    assert line in await board.types(CHAIR, "engagement")
    assert "Conferences: 0 of 1\n" in await board.types(CHAIR, "engagement POL")
    assert "It is cancelled, so it counts for nobody." in await board.types(
        CHAIR, "conference MAPPA 2026-11-10 cancelled"
    )
    assert "Conferences: none" in await board.types(CHAIR, "engagement POL")
    post = await board.answered(CHAIR, "engagement")
    form = await pressed(board, post, post.card, "Record a conference")
    values = {"forum": "MAPPA", "conference_day": "2026-11-10", "attend_POL": "Present"}
    wrong = await pressed(board, post, form, "Keep", **{**values, "conference_day": "2027-01-01"})
    assert "Its day is in the future" in text_of(wrong)
    for _ in range(2):
        await pressed(board, post, form, "Keep", **values)
    assert "Conferences: 1 of 1\n" in await board.types(CHAIR, "engagement POL")
    assert "C-5" not in await board.types(CHAIR, "board")


WRONG = {
    "engagement XYZ": "Which agency: please choose one of ASC, HOU, MHT or POL.",
    "engagement MHT yesterday": "is not a date I can read",
    "engagement 2027": "is in the future",
    "engagement 2024-01-01 to 2026-01-01": "is more than a year",
    "engagement dispute luck: x": "Your role does not include that",
    "conference NOWHERE 2026-11-10 MHT present": "Which forum: please choose MAPPA.",
    "conference SUB 2026-11-10 MHT present": "Which forum: please choose MAPPA.",
    "conference MAPPA 2026-12-10 MHT present": "is in the future",
    "conference MAPPA soon MHT present": "Its day is not a date I can read",
    "conference MAPPA 2026-11-10 MHT slept": (
        "How an agency took part: please choose one of present, deputy, apologies, apologies sent or absent."
    ),
    "conference MAPPA 2026-11-10 XYZ present": "Which agency: please choose one of ASC, HOU, MHT or POL.",
    "conference MAPPA 2026-11-10": "How an agency took part is needed",
}


def kept(story: ActionStory) -> list[tuple[str, str, str]]:
    """What stands in the two lists; the rows themselves are sealed meanwhile."""
    rows = [*story.bot.rows("Meetings"), *story.bot.rows("Attendance")]
    return [(row["Key"], row["Status"], row.get("Agency", "")) for row in rows]


async def test_what_is_not_understood_changes_nothing(board: ActionStory) -> None:
    """Each mistake is named."""
    before = kept(board)
    for typed, answer in WRONG.items():
        assert answer in await board.types(CHAIR, typed), typed
    assert kept(board) == before
