"""The daily round's cost does not grow with history: the same actions open among hundreds of rows, and among 20,000."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.scenarios.actions import ActionStory, provisioned, run_command
from tests.soak.test_tracker_scale import board_of

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

HISTORY, FEW, OPEN = 20_000, 600, 300
DAYS = ("2026-11-17T09:00", "2026-11-18T09:00", "2026-11-19T09:00")
"""The first round tells each rung of what is long overdue; the second and third are days like any other."""


BY_THE_CLOCK = 5
"""Requests that come with time and not with rows: the lease is renewed every few seconds of a round."""


async def round_at(story: ActionStory, instant: str) -> tuple[int, int]:
    """`run-due` at an instant, while the bot itself rests: how many posts it claimed, and its SharePoint requests."""
    bot = story.bot
    bot.pause()
    try:
        before = len(bot.rows("Posts"))
        bot.control("DELETE", "/__requests")
        done = await asyncio.to_thread(
            lambda: run_command(
                *("run-due", "--at", instant),
                data_dir=bot.data_dir,
                within=300,
                MHRMB_SHAREPOINT_PORT=str(bot.sharepoint_port),
                **bot.settings,
            )
        )
        asked = bot.control("GET", "/__requests")["total"]
    finally:
        bot.resume()
    assert done.returncode == 0, done.stderr
    return len(bot.rows("Posts")) - before, asked


async def test_the_round_costs_what_is_open(tmp_path: Path, provisioned: Path) -> None:
    """Three days among 20,000 actions ask SharePoint as often as among 600 with as many open, and post the same."""
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(board_of(tmp_path / "few", provisioned, FEW, OPEN))
        many = await stack.enter_async_context(board_of(tmp_path / "many", provisioned, HISTORY, OPEN))
        figures = [(day, await round_at(few, day), await round_at(many, day)) for day in DAYS]
        again = await round_at(many, DAYS[-1])
    for day, (posts, asked), (posts_many, asked_many) in figures:
        print(  # noqa: T201 - the figures are what whoever runs this wants to see
            f"\n{day}: {OPEN} open: {asked} SharePoint requests and {posts} posts among {FEW} actions, "
            f"{asked_many} and {posts_many} among {HISTORY}"
        )
    print(f"\nasked again: {again[1]} requests, {again[0]} posts")  # noqa: T201
    for _, (posts, asked), (posts_many, asked_many) in figures:
        assert posts == posts_many
        assert abs(asked_many - asked) <= BY_THE_CLOCK
    assert again[0] == 0
