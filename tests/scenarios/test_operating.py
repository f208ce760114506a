"""What an operator sees from outside: health, readiness and counts, and a log of one line an event."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.board_people import CHAIR
from tests.running import RunningBot
from tests.scenarios.board import Story


async def got(bot: RunningBot, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{bot.port}{path}") as answer:
        return answer.status, await answer.text()


async def ready(bot: RunningBot) -> tuple[int, dict[str, Any]]:
    status, body = await got(bot, "/readyz")
    return status, json.loads(body)


async def counts(bot: RunningBot) -> dict[str, float]:
    """Every sample, by name and its labels' values."""
    status, body = await got(bot, "/metrics")
    assert status == 200
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


async def until(bot: RunningBot, wanted: int) -> None:
    """Wait until readiness answers with this status."""
    async with asyncio.timeout(20):
        while (await ready(bot))[0] != wanted:
            await asyncio.sleep(0.1)


async def test_ready_means_it(fresh_story: Story) -> None:
    """Ready once the lists are watched, in words for each part."""
    bot = fresh_story.bot
    await until(bot, 200)
    status, told = await ready(bot)
    assert (status, told["lists"], told["clock"], told["posts"]) == (200, "watched", "running", "0 waiting")
    assert (await got(bot, "/healthz"))[0] == 200


async def test_counts(fresh_story: Story) -> None:
    """Turns, requests and posts are counted as they happen, and nobody is named."""
    bot, teams = fresh_story.bot, fresh_story.teams
    before = await counts(bot)
    await teams.say(CHAIR, "tracker", teams.chat(CHAIR))
    await teams.say(CHAIR, "done A-9999", teams.chat(CHAIR))
    await fresh_story.refer(CHAIR)
    status, _ = await teams.deliver(b"{")
    assert status == 400

    async with asyncio.timeout(20):
        while (await counts(bot))["mhrmb_posts_total sent"] == before["mhrmb_posts_total sent"]:
            await asyncio.sleep(0.1)
    after = await counts(bot)
    assert after["mhrmb_turns_total message answered"] - before["mhrmb_turns_total message answered"] >= 2
    assert after["mhrmb_turns_total message not found"] == 1
    assert after["mhrmb_requests_refused_total 400"] == 1
    assert after["mhrmb_sharepoint_requests_total"] > before["mhrmb_sharepoint_requests_total"]
    assert after["mhrmb_posts_total sent"] > before["mhrmb_posts_total sent"]
    assert after["mhrmb_lease_held"] == 1
    assert "Planted" not in (await got(bot, "/metrics"))[1]
