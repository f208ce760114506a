"""`make bench`: the whole product in its own processes, driven over HTTP, beside bare aiohttp doing the least."""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import scale
from benchmarks.floor import Floor
from tests.board_people import NURSE, POLICE, SOCIAL, fill
from tests.running import RunningBot
from tests.scenarios.board import Story
from tests.teams import Teams, find_action

ROUNDS, TURNS = 5, 60
TURN = re.compile(r" turn kind=(\S+) did=(\S+) requests=(\d+)")
STARTS = 5


async def main() -> None:
    """Print every figure, one a line."""
    with tempfile.TemporaryDirectory() as folder:
        say("MHRMB, one run on this machine; ratios are against bare aiohttp in the same run")
        starts(Path(folder))
        say(str(await asyncio.to_thread(lambda: scale.measured(*scale.sites(Path(folder))))))
        with RunningBot(Path(folder) / "turns", MHRMB_POLL_SECONDS="3600") as bot:
            fill(bot)
            async with Teams(bot.url) as teams:
                story = Story(bot, teams)
                await story.set_up()
                await requests_of_each(story)
                await turns(story)
                say(f"memory of the bot after all of this     {bot.memory_mb():7.1f} MB   (bound: 120)")


def starts(folder: Path) -> None:
    """From the command to the line that says it is ready, with a store that is there already."""
    bot = RunningBot(folder / "starts", MHRMB_DEMO="1")
    bot.start()
    bot.stop()
    taken: list[float] = []
    for _ in range(STARTS):
        bot.start()
        taken.append(bot.started_in)
        bot.stop()
    spread = f"{min(taken):.2f} to {max(taken):.2f}"
    say(f"ready with an existing store            {statistics.median(taken):7.2f} s    ({spread}; bound: 2)")


async def requests_of_each(story: Story) -> None:
    """SharePoint requests of each thing a person does, as the bot counts them turn by turn."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    detail = await story.look(NURSE, post)
    story.bot.control("DELETE", "/__requests")
    await story.answer(NURSE, detail, "Known")
    await story.card_of(reference, saying="1 of")
    await asyncio.sleep(1.0)
    whole = story.bot.control("GET", "/__requests")
    chat = story.teams.chat(SOCIAL)
    counted: dict[str, list[int]] = {}
    for line in story.bot.said:
        if found := TURN.search(line):
            counted.setdefault(f"{found[1]} {found[2]}", []).append(int(found[3]))
    await story.teams.say(SOCIAL, "help", chat)
    await asyncio.sleep(0.5)
    sent: dict[str, int] = {}
    for said in (f"referral {reference}", "referrals", "tracker", "my actions", "whoami", "help"):
        before = len(story.teams.calls)
        await story.teams.say(SOCIAL, said, chat)
        found = next(filter(None, map(TURN.search, reversed(story.bot.said))), None)
        counted[f"typed: {said}"] = [int(found[3])] if found else []
        sent[f"typed: {said}"] = len(story.teams.calls) - before
    say("requests of a turn to SharePoint (the first of a process reads the members too), and to Teams:")
    for name, numbers in counted.items():
        say(f"    {name:35} {min(numbers):3d} to {max(numbers)}   + {sent.get(name, 0)}")
    say(f"    an answer, and behind it the feed read and everyone's card updated: {whole['total']} in all")


async def turns(story: Story) -> None:
    """Time of common turns, interleaved round by round with the floor's."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    look = find_action(post.card, title="See who this is")
    chat = story.teams.chat(SOCIAL)
    async with Floor(story.bot.site, story.teams) as floor, aiohttp.ClientSession() as session:
        kinds: dict[str, tuple[Callable[[], Awaitable[Any]], Callable[[], Awaitable[Any]]]] = {
            "help (a message, one reply, no store)": (
                lambda: story.teams.say(SOCIAL, "help", chat),
                lambda: floor.message(session),
            ),
            "tracker (a message, one read, one reply)": (
                lambda: story.teams.say(SOCIAL, "tracker", chat),
                lambda: floor.message(session, read=True),
            ),
            "open a look (an invoke, one read)": (
                lambda: story.teams.open(SOCIAL, look["data"], story.channel),
                lambda: floor.invoke(session),
            ),
        }
        for name, (ours, bare) in kinds.items():
            mine, least = [], []
            for _ in range(ROUNDS):
                mine.append(await timed(ours))
                least.append(await timed(bare))
            ratio = statistics.median(mine) / statistics.median(least)
            spread = f"{min(mine):.1f} to {max(mine):.1f}"
            say(f"{name:40}{statistics.median(mine):6.1f} ms   ({spread}); {ratio:.1f} x bare aiohttp doing the same")


async def timed(turn: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds a turn, over a run of them."""
    began = time.perf_counter()
    for _ in range(TURNS):
        await turn()
    return (time.perf_counter() - began) * 1000 / TURNS


def say(line: str) -> None:
    """Print one line now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
