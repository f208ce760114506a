"""A hundred thousand spoilt activities, eight at a time, over one bot that has to end as light as it began."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from tests.board_people import CHAIR
from tests.fuzz.campaign import Told
from tests.fuzz.run import fuzz_board, members, powerless
from tests.scenarios.actions import provisioned

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1_500)]

COUNT = int(os.environ.get("FUZZ_COUNT", "100000"))
SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
PAPERS = ("export tracker", "pack draft", "brief document")
"""Made once before anything is measured: what makes them is loaded by the first, for good."""

MOST_MB = 5.0
"""How much the bot may gain after the first tenth, which fills its caches: resident memory, from /proc."""


async def test_a_hundred_thousand(tmp_path: Path, provisioned: Path) -> None:
    """Nothing breaks, hangs, leaks or is written that should not be, and memory stays where the first tenth left it."""
    memory: list[tuple[int, float]] = []
    begun = time.monotonic()
    # In tenths, by turns: what the powerless did is told apart from what members did, and both fill the caches early.
    halves = Told(), Told()
    async with fuzz_board(tmp_path / "bot", provisioned) as story:
        for paper in PAPERS:
            await story.teams.say(CHAIR, paper, story.teams.chat(CHAIR))
            await asyncio.sleep(1)  # a pack is made behind the answer
        for tenth in range(10):
            numbers = range(tenth * COUNT // 20, (tenth + 1) * COUNT // 20)
            for half, campaign in zip(halves, (powerless, members), strict=True):
                half.add(await campaign(story, SEED, numbers))
            memory.append((2 * numbers.stop, story.bot.memory_mb()))
    took = time.monotonic() - begun
    for who, told in zip(("powerless", "members"), halves, strict=True):
        print(f"\n{who}: statuses {dict(told.statuses)}, posts {told.posts}, slowest {told.slowest:.1f} s")  # noqa: T201
    print(f"{COUNT} activities in {took:.0f} s; MB by activities: {[(n, round(mb, 1)) for n, mb in memory]}")  # noqa: T201
    wrong = [line for told in halves for line in told.wrong]
    assert not wrong, "\n".join(wrong[:12])
    assert memory[-1][1] - memory[0][1] < MOST_MB
