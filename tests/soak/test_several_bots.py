"""Three bots on one SharePoint, each killed twenty times while 300 notices arise: with the times of the product."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from bot.turn import Scope
from tests.scenarios.actions import add_member, provisioned
from tests.scenarios.board import REFERRAL, page, reference_in
from tests.several import Killer, Several, duplicates, settled, shown, unknown_outcomes
from tests.teams import Person, Teams, find_action

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1200)]

PLACES = 10
TYPED, SENT_IN = 140, 10
NOTICES = 2 * (TYPED + SENT_IN)
KILLS = 20
PAUSE = 4.0
EVERY = 1.2
"""Seconds: at most between two kills, and between two referrals typed into the list, so that both last as long."""

SLOW_SETTLING = {"match": "(POST|MERGE) .*Posts.*items", "latency": 0.5, "share": 0.5}
CLAIMS_AND_LEASES = 200.0
"""Seconds in which the last orphans are told: a claim stands for a minute, and a lease for half of one."""


async def test_three_bots_killed_twenty_times_each(tmp_path: Path, provisioned: Path) -> None:
    """Every notice is posted, and there are no more duplicates than sends whose outcome nobody knows."""
    async with Teams() as teams:
        with Several(tmp_path, provisioned) as several:
            forums, members = several.add_places(teams, PLACES)
            several.bind(teams, "forum:MHRMB", teams.channel("MHRMB").channel_id, Scope.CHANNEL)
            officers = officers_of(several, teams)
            several.server.fault(**SLOW_SETTLING)
            several.start()
            killing = asyncio.create_task(Killer(several, teams, times=KILLS, pause=PAUSE).run())
            sending = asyncio.create_task(send_in(several, teams, officers))
            for number in range(TYPED):
                await asyncio.to_thread(several.refer, forums[number % PLACES], members[number % PLACES])
                await asyncio.sleep(EVERY)
            references, tries = await sending
            toll = await killing
            several.server.no_faults()
            rows = await settled(several, NOTICES, within=CLAIMS_AND_LEASES)
            referrals = await asyncio.to_thread(several.any.rows, "Referrals")

    twice, unknown = duplicates(teams), unknown_outcomes(rows)
    print(  # noqa: T201 - the figures are what whoever runs this wants to see
        f"\nnotices={len(rows)} posted={len(shown(teams))} posts={shown(teams).total()} kills={toll.kills.total()} "
        f"after a post={toll.after_a_post} duplicates={twice} unknown outcomes={unknown} "
        f"forms={len(references)} sent {tries} times"
    )
    assert toll.kills == dict.fromkeys(range(3), KILLS)
    assert len(referrals) == len(set(references)) + TYPED == TYPED + SENT_IN
    assert Counter(row["Status"] for row in rows) == {"Sent": NOTICES}
    assert len({row["Key"] for row in rows}) == len(shown(teams)) == NOTICES
    assert all(row["ActivityId"] in teams.posts for row in rows)
    assert twice <= unknown
    assert unknown > 0, "nobody was killed at a bad moment, so nothing was shown"


def officers_of(several: Several, teams: Teams) -> list[Person]:
    """Members of an agency who make referrals of their own, each with a chat."""
    several.any.add_row(
        "Agencies",
        Agency="POL",
        AgencyName="Example Police",
        IsaSignedOn="2025-01-06T12:00:00Z",
        IsaLapsesOn="2099-12-31T12:00:00Z",
        Open=True,
    )
    officers = [Person(f"Several Officer-{number}") for number in range(SENT_IN)]
    for officer in officers:
        add_member(several.any, officer, "POL", "Representative")
        several.bind(teams, f"member:{officer.object_id}", teams.chat(officer).conversation_id, Scope.PERSONAL)
    return officers


async def send_in(several: Several, teams: Teams, officers: list[Person]) -> tuple[list[str], int]:
    """Each makes a referral through the dialog, and sends the same form to the next bot until one answers."""
    references, tries = [], 0
    for officer in officers:
        form = None
        while True:
            bot = several.bots[tries % len(several.bots)]
            teams.bot, tries = bot.url, tries + 1
            try:
                form = form or await form_of(teams, officer)
                send = find_action(form, title="Send the referral")
                answer = await teams.submit(officer, send["data"], REFERRAL, teams.chat(officer))
                references.append(reference_in(page(answer)))
                break
            except (aiohttp.ClientError, TimeoutError, AssertionError):
                await asyncio.sleep(0.5)
        await asyncio.sleep(3)
    return references, tries


async def form_of(teams: Teams, officer: Person) -> dict[str, object]:
    """Open the dialog's form, as the button of `refer` does."""
    return page(await teams.open(officer, {"do": "refer"}, teams.chat(officer)))
