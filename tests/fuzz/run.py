"""A board to be fuzzed, and the two campaigns against it: those who may change nothing, and those who may."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.board_people import ASC, CHAIR, LAPSED, MHT, NURSE, OBSERVER, POL, POLICE, SOCIAL, STRANGER, TRUST_LEAD, fill
from tests.fuzz.campaign import Campaign, Told
from tests.fuzz.hostile import MARK
from tests.fuzz.ledger import Ledger, of_members, of_the_powerless, rows
from tests.running import RunningBot
from tests.scenarios.board import Story, eventually
from tests.teams import Person, Teams

NOBODY = Person("Nobody Known", user_id="")
POWERLESS = (STRANGER, NOBODY, OBSERVER, LAPSED)
MEMBERS = (CHAIR, POLICE, NURSE, TRUST_LEAD, SOCIAL)
LOOKS = {
    CHAIR.object_id: POL,
    POLICE.object_id: POL,
    NURSE.object_id: MHT,
    TRUST_LEAD.object_id: MHT,
    SOCIAL.object_id: ASC,
}


@asynccontextmanager
async def fuzz_board(data_dir: Path, provisioned: Path) -> AsyncIterator[Story]:
    """A board set up in its channel, with three referrals and four open actions; `MARK` is in all their texts."""
    shutil.copytree(provisioned, data_dir)
    with RunningBot(data_dir, MHRMB_POLL_SECONDS="2") as bot:
        fill(bot)
        async with Teams(bot.url) as teams:
            story = Story(bot, teams)
            await story.set_up()
            for person in (POLICE, NURSE, POLICE):
                reference = await story.refer(person, name=MARK, why_now=MARK, asked_for=MARK, contact=MARK)
                await story.card_of(reference)
            for number, owner in enumerate((NURSE, SOCIAL, POLICE, NURSE), 1):
                _add_action(bot, number, owner)
            await eventually(lambda: all(row["AssignedSync"] for row in bot.rows("Actions")), "the actions to be kept")
            teams.calls.clear()
            yield story


def _add_action(bot: RunningBot, number: int, owner: Person) -> None:
    """An action about a case, so that no channel may say its words."""
    bot.add_row(
        "Actions",
        Reference=f"A-{number}",
        Key=f"row:A-{number}",
        Open=True,
        Status="Agreed",
        What=MARK,
        Why=MARK,
        OwnerUserId=owner.object_id,
        OwnerName=owner.name,
        Agency=LOOKS[owner.object_id],
        DueDate="2099-11-27T12:00:00Z",
        Priority="Normal",
        Source="R-1",
        Forum="MHRMB",
        AgreedOn="2026-01-05T10:00:00Z",
    )


async def powerless(story: Story, seed: int, numbers: range) -> Told:
    """Fuzz by those who may change nothing, and what the ledger says of it."""
    before = rows(story.bot)
    campaign = Campaign(story, seed, POWERLESS)
    told = await campaign.run(numbers)
    ledger = Ledger(before, rows(story.bot))
    of_the_powerless(ledger, LAPSED.object_id)
    told.wrong += [f"seed {seed}: {line}" for line in ledger.wrong]
    return told


async def members(story: Story, seed: int, numbers: range) -> Told:
    """Fuzz by members of all kinds, and what the ledger says of it."""
    before = rows(story.bot)
    campaign = Campaign(story, seed, MEMBERS)
    told = await campaign.run(numbers)
    ledger = Ledger(before, rows(story.bot))
    of_members(ledger, LOOKS, frozenset({CHAIR.object_id}))
    told.wrong += [f"seed {seed}: {line}" for line in ledger.wrong]
    return told
