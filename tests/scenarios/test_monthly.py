"""What is told once a month, through the real door, on a board whose clock stands where it is put."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.board_people import CHAIR, MHT, NURSE, POL, add_member
from tests.scenarios.actions import ActionStory, board_at, provisioned, run_command
from tests.scenarios.board import eventually, planted_in, text_of
from tests.teams import Person, Post

__all__ = ["provisioned"]

LEAD = Person("Jo Governance")

BEFORE = "2026-11-30T07:00"
"""A Monday, the last day of November; the first working day after it is Tuesday 1 December."""


@asynccontextmanager
async def board(data_dir: Path, provisioned: Path, instant: str = BEFORE) -> AsyncIterator[ActionStory]:
    """A board with an information governance lead, who can be written to, as the chair and a nurse can."""
    async with board_at(data_dir, provisioned, instant) as story:
        add_member(story.bot, LEAD, MHT, "Information governance lead")
        await story.opens_a_chat(LEAD, CHAIR, NURSE)
        await story.is_known(LEAD)
        yield story


def closed_case(story: ActionStory, number: int, review_on: str) -> None:
    """A closed case whose keeping is to be decided by a day."""
    story.bot.add_row(
        "Referrals",
        Reference=f"R-{number}",
        Key=f"closed-{number}",
        Agency=POL,
        Concern="Threats to kill or seriously harm",
        Status="Closed",
        Open=False,
        WhyNow="PLANTEDWHY",
        ReceivedOn="2020-10-01T09:00:00Z",
        ClosedOn="2020-11-20T09:00:00Z",
        ReviewOn=f"{review_on}T12:00:00Z",
    )


async def told(story: ActionStory, instant: str, month: str) -> None:
    """Move the clock, and wait until the month is told of."""
    story.moves_to(instant)
    await eventually(lambda: told_of(story) == month, f"{month} to be told of")


async def run_due(story: ActionStory, at: str) -> str:
    """What `python -m bot run-due --at` prints beside the running bot, against the same SharePoint."""
    bot = story.bot
    more = {"MHRMB_SHAREPOINT_PORT": str(bot.sharepoint_port), **bot.settings}
    done = await asyncio.to_thread(lambda: run_command("run-due", "--at", at, data_dir=bot.data_dir, **more))
    assert done.returncode == 0
    return done.stdout


def told_of(story: ActionStory) -> str:
    """The last month that was told of."""
    rows = [row["Value"] for row in story.bot.rows("Events") if row["Key"] == "clock:month"]
    return str(rows[0]) if rows else ""


def notices(story: ActionStory, person: Person, heading: str) -> list[Post]:
    """The messages with this heading in somebody's own chat."""
    return [post for post in story.teams.posts_in(story.teams.chat(person)) if heading in text_of(post.activity)]


async def test_records_to_decide_about_are_told_once_as_they_stand(tmp_path: Path, provisioned: Path) -> None:
    """The lead and the chair hear how many on the first working day; nothing due is nothing told.

    An outage is made up for by one notice, not by one for each month.
    """
    async with board(tmp_path, provisioned) as story:
        heading = "Records: keep or dispose"
        await told(story, "2026-12-01T09:00", "2026-11")
        assert notices(story, LEAD, heading) == []

        closed_case(story, 1, "2026-12-20")
        closed_case(story, 2, "2027-01-31")
        closed_case(story, 3, "2027-03-01")
        # Three months on: December's and January's days were missed.
        await told(story, "2027-03-01T09:00", "2027-02")

        for person in (LEAD, CHAIR):
            (post,) = notices(story, person, heading)
            assert "3 records to be decided about by 31 March 2027, 2 of them overdue." in text_of(post.card)
            assert planted_in(post.activity, ("PLANTEDWHY",)) == []
        assert notices(story, NURSE, heading) == []

        # Its memory of that taken away, another process tells the month again, and posts nothing twice.
        (memory,) = [row for row in story.bot.rows("Events") if row["Key"] == "clock:month"]
        story.bot.change_row("Events", memory["Id"], Value="2027-01")
        assert await run_due(story, "2027-03-01T09:00") == "Nothing was due.\n"
        assert told_of(story) == "2027-02"
        assert len(notices(story, LEAD, heading)) == 1


def looked(story: ActionStory, person: Person, number: int, at: str, outcome: str = "shown") -> None:
    """A look by somebody of the trust, as it stands in the list."""
    story.bot.add_row(
        "Disclosures",
        Reference=f"R-{number}",
        Key=f"look-{person.name}-{number}-{at}",
        MemberUserId=person.object_id,
        MemberName=person.name,
        Agency=MHT,
        Reason="Checking our records to answer",
        Outcome=outcome,
        LookedOn=at,
    )


async def test_unusual_looks_are_told_to_the_lead_alone(tmp_path: Path, provisioned: Path) -> None:
    """Names, numbers and cases, no reasons; typed again it says the same; nobody else is sent or told anything."""
    async with board(tmp_path, provisioned) as story:
        closed_case(story, 1, "2032-01-01")
        looked(story, NURSE, 1, "2026-11-28T11:00:00Z")  # a Saturday, at a case of the police that asks nobody
        for minute in range(6):
            looked(story, CHAIR, 1, f"2026-11-25T11:0{minute}:00Z", "refused: no isa")
        looked(story, NURSE, 1, "2026-12-01T11:00:00Z")  # the next month's
        await told(story, "2026-12-01T09:00", "2026-11")

        (post,) = notices(story, LEAD, "Unusual looks")
        said = text_of(post.card)
        assert "1 look shown and 6 refused in November 2026, by 2 people." in said
        assert "Out of hours\n" in said
        assert "Their agency neither asked nor referring\n" in said
        assert said.count(f"{NURSE.name} ({MHT})\n 1 look · R-1\n") == 2
        assert f"{CHAIR.name} ({MHT})\n 6 refusals · R-1\n" in said
        assert "Checking our records" not in said
        for person in (CHAIR, NURSE):
            assert notices(story, person, "Unusual looks") == []

        assert await story.types(LEAD, "patterns november 2026") == text_of(post.activity)
        assert await story.types(LEAD, "patterns") == text_of(post.activity)
        assert "1 look shown and 0 refused in December 2026" in await story.types(LEAD, "patterns this month")
        assert "0 looks shown and 0 refused in March 2026" in await story.types(LEAD, "patterns 2026-03")
        assert "did not understand which month" in await story.types(LEAD, "patterns last 30 days")
        for person in (CHAIR, NURSE):
            assert NURSE.name not in (refused := await story.types(person, "patterns"))
            assert "Your role does not include that." in refused
        assert NURSE.name not in await story.types(LEAD, "patterns", story.channel)
