"""Several bots on one SharePoint behave as one, whoever is killed or put to sleep; tests/soak has the long version."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.running import RunningBot
from tests.scenarios.board import eventually, text_of
from tests.several import Killer, Several, duplicates, settled, shown, unknown_outcomes
from tests.teams import Teams

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

SHORT = "tests.short_lease"
REFERRALS = 20
KILLS = 2
SLOW_SETTLING = {"match": "MERGE .*Posts.*items", "latency": 0.5, "share": 0.5}
"""Widens the moment between a post and the word of it in its row."""


@dataclass
class Pair:
    """Two bots on one SharePoint, and a forum and a member to write to."""

    several: Several
    teams: Teams
    forum: str
    member: str

    async def holder(self) -> RunningBot:
        """The bot that posts now."""
        found = await eventually(self.several.holder, "a bot to hold the lease")
        assert isinstance(found, RunningBot)
        return found

    def row(self, reference: str) -> dict[str, Any]:
        """The row of a referral's card."""
        return next((row for row in self.several.any.rows("Posts") if row["Key"] == f"referral/{reference}"), {})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[Pair]:
    """Two bots whose lease lasts for seconds, shared by the tests of pausing."""
    async with Teams() as teams:
        with Several(tmp_path_factory.mktemp("pair"), provisioned, count=2, module=SHORT) as several:
            forums, members = several.add_places(teams, 1)
            several.start()
            yield Pair(several, teams, forums[0], members[0])


async def test_killed_at_random_every_notice_is_posted(tmp_path: Path, provisioned: Path) -> None:
    """Three bots, each killed at random: every notice is posted, and none twice without a word of doubt in its row."""
    async with Teams() as teams:
        with Several(tmp_path, provisioned, module=SHORT) as several:
            forums, members = several.add_places(teams, 5)
            several.server.fault(**SLOW_SETTLING)
            several.start()
            killing = asyncio.create_task(Killer(several, teams, times=KILLS, pause=1.0).run())
            for number in range(REFERRALS):
                await asyncio.to_thread(several.refer, forums[number % 5], members[number % 5])
                await asyncio.sleep(0.3)
            toll = await killing
            several.server.no_faults()
            rows = await settled(several, 2 * REFERRALS, within=60)

    twice, unknown = duplicates(teams), unknown_outcomes(rows)
    print(f"kills={toll.kills.total()} after a post={toll.after_a_post} duplicates={twice} unknown={unknown}")  # noqa: T201
    assert {row["Key"] for row in rows} == {
        f"{kind}/R-{number + 1}" for kind in ("referral", "receipt") for number in range(REFERRALS)
    }
    assert {row["Status"] for row in rows} == {"Sent"}
    assert len(shown(teams)) == 2 * REFERRALS
    assert twice <= unknown
    assert toll.kills == {0: KILLS, 1: KILLS, 2: KILLS}


async def asleep_over_a_post(pair: Pair, bot: RunningBot, reference: str) -> None:
    """Have another bot post what this one was about to, while it sleeps; then wake it and give it time to err."""
    bot.pause()
    try:
        await eventually(lambda: pair.row(reference).get("Status") == "Sent", "the other bot to post", within=40)
        assert await pair.holder() is not bot
        before = pair.row(reference)
    finally:
        bot.resume()
    await asyncio.sleep(3)
    assert pair.row(reference) == before
    posts = [count for (_, about), count in shown(pair.teams).items() if about == reference]
    assert posts == [1, 1], "the card and the receipt, once each"


async def test_asleep_while_it_claims(pair: Pair) -> None:
    """A bot put to sleep while it claims a post finds that another has sent it, and lets it be."""
    bot = await pair.holder()
    pair.several.server.fault(match="POST .*Posts.*items$", latency=3, count=1)
    reference = pair.several.refer(pair.forum, pair.member)
    await eventually(lambda: pair.several.any.rows("Referrals")[-1]["Reference"] == reference, "the row to be seen")
    await asyncio.sleep(1)  # so that it waits for the answer to its claim, which is held up for longer
    await asleep_over_a_post(pair, bot, reference)


async def test_asleep_between_two_tries(pair: Pair) -> None:
    """A bot put to sleep in the pause that Teams asked for does not make its next try when it wakes."""
    bot, told = await pair.holder(), len(pair.teams.calls)
    pair.teams.fail_next(429, headers={"Retry-After": "3"})
    reference = pair.several.refer(pair.forum, pair.member)
    await eventually(lambda: len(pair.teams.calls) > told, "the first try")
    await asleep_over_a_post(pair, bot, reference)


async def test_asleep_while_it_updates(pair: Pair) -> None:
    """A bot put to sleep before it updated a card does not put its old words over newer ones."""
    reference = pair.several.refer(pair.forum, pair.member)
    await eventually(lambda: pair.row(reference).get("Status") == "Sent", "the card", within=40)
    bot, told = await pair.holder(), len(pair.teams.calls)
    pair.teams.fail_next(429, headers={"Retry-After": "3"})
    pair.several.any.change_row("Referrals", int(reference[2:]), Concern="Domestic abuse")
    await eventually(lambda: any(call.method == "PUT" for call in pair.teams.calls[told:]), "the first update")
    bot.pause()
    try:
        pair.several.any.change_row("Referrals", int(reference[2:]), Open=False)
        post = pair.teams.posts[pair.row(reference)["ActivityId"]]
        await eventually(lambda: "closed" in text_of(post.card), "the newer words", within=40)
        told = len(pair.teams.calls)
    finally:
        bot.resume()
    await asyncio.sleep(4)
    later = [call for call in pair.teams.calls[told:] if call.method == "PUT"]
    assert [call for call in later if b"closed" not in call.body] == [], "its old words came over newer ones"
    assert "closed" in text_of(post.card)
