"""The tracker's cost does not grow with history: the same number open among hundreds of rows, and among 50,000."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from sharepoint.embedded import writing
from sharepoint.embedded.call import Key
from sharepoint.embedded.database import Database
from sharepoint.embedded.site import Site
from tests.board_people import AGENCIES, CHAIR
from tests.running import RunningBot
from tests.scenarios.actions import QUIET, ActionStory, fill, provisioned
from tests.scenarios.board import JSON, eventually, text_of
from tests.teams import Teams, find_action

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

HISTORY = 50_000
CLOSED_LATELY = 60
"""Closed since the last board, at either size: what the tracker's trend counts."""

ROUNDS = 15
WARM_UP = 3
MOST_REQUESTS = 2
MOST_RATIO = 1.5
TODAY = date(2026, 11, 16)
LAST_BOARD = date(2026, 10, 21)


def rows(count: int, open_: int) -> Iterator[JSON]:
    """Sound rows as the bot leaves them, the open ones spread over the whole list and alike at every size, the
    rest closed over ten years."""
    every = count // open_
    opened = 0
    for number in range(1, count + 1):
        is_open = opened < open_ and (number % every == 0 or count - number < open_ - opened)
        opened += is_open
        nth = opened if is_open else number
        code, name = AGENCIES[nth % len(AGENCIES)]
        agreed = TODAY - timedelta(days=30 + (count - number) % 3600)
        lately = count - number < 4 * CLOSED_LATELY
        yield {
            "Reference": f"A-{number}",
            "Key": f"{number:032x}",
            "Open": is_open,
            "Status": "In progress" if is_open else "Verified",
            "Title": f"A-{number}",
            "ChangedBy": "Scale",
            "ChangeReason": "made for a measurement",
            "What": f"Thing {number}: agree with every ward how the discharge meeting is told, and by whom. " * 2,
            "Why": "It was agreed at the board. " * 8,
            "OwnerUserId": f"00000000-0000-4000-8000-{nth % 60:012}",
            "OwnerName": f"Owner of {name} {nth % 60}",
            "Agency": code,
            "DueDate": f"{TODAY + timedelta(days=nth % 90 - 30) if is_open else agreed + timedelta(days=30)}T12:00:00Z",
            "Priority": "Normal",
            "Source": "B-7",
            "Programme": "Winter plan",
            "Forum": "MHRMB",
            "Note": "What was said last. " * 5,
            "AgreedOn": f"{agreed}T10:00:00Z",
            "ClosedOn": None
            if is_open
            else f"{LAST_BOARD if lately else min(agreed, LAST_BOARD - timedelta(1))}T12:00:00Z",
        }


def insert(data_dir: Path, count: int, open_: int) -> None:
    """Put the rows straight into the embedded server's file, which nobody serves just now."""
    database = Database(data_dir)
    try:
        site = Site(database, "http://127.0.0.1:1", 60)
        info = site.list(Key("title", "Actions"))
        with database.write():
            for number, given in enumerate(rows(count, open_), 1):
                values = writing.checked(site, info, given)
                stamp = "2026-11-01T00:00:00Z"
                row = {
                    "guid": f"00000000-0000-4000-8000-{number:012x}", "version": 1, "major": 1, "label": "1.0",
                    "created": stamp, "modified": stamp, "author": 1, "editor": 1, **values,
                }  # fmt: skip
                marks = ", ".join("?" * len(row))
                database.run(f"INSERT INTO {info.table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
            database.run("UPDATE lists SET item_count = ? WHERE no = ?", (count, info.no))
    finally:
        database.close()


@asynccontextmanager
async def board_of(data_dir: Path, provisioned: Path, count: int, open_: int) -> AsyncIterator[ActionStory]:
    """A board set up as usual, stopped, filled, and started again; it asks SharePoint nothing of its own accord."""
    data_dir.mkdir()
    clock = data_dir / "clock"
    clock.write_text(QUIET)
    shutil.copytree(provisioned, data_dir / "bot")
    bot = RunningBot(data_dir / "bot", MHRMB_CLOCK=str(clock))
    with bot:
        fill(bot)
        (forum,) = bot.rows("Forums")
        bot.change_row("Forums", forum["Id"], Anchor=f"{LAST_BOARD}T12:00:00Z")
        async with Teams(bot.url) as teams:
            story = ActionStory(bot, teams, clock)
            await story.set_up()
            await eventually(
                lambda: [r for r in bot.rows("Events") if r["Key"] == "feed:token" and r["Value"]], "a token"
            )
            bot.stop()
            insert(bot.data_dir, count, open_)
            bot.settings["MHRMB_POLL_SECONDS"] = "3600"
            bot.start()
            await story.answered(CHAIR, "whoami", story.channel)
            await eventually(lambda: has_sealed(bot), "the day's seal", 120)
            yield story


def has_sealed(bot: RunningBot) -> bool:
    """Whether the day's seal is made: once a day, of all rows the first time, which costs as much as there is."""
    return any(" sealed day=" in line for line in bot.said)


async def ask(story: ActionStory) -> float:
    """Ask for the tracker in the channel and return the seconds until it stands there."""
    begun = time.perf_counter()
    await story.teams.say(CHAIR, "tracker", story.channel)
    return time.perf_counter() - begun


@pytest.mark.parametrize(("open_", "few"), [(400, 500), (4_000, 4_500)], ids=["400 open", "4,000 open"])
async def test_the_tracker_costs_what_is_open(tmp_path: Path, provisioned: Path, open_: int, few: int) -> None:
    """Among 50,000 actions it asks SharePoint at most twice and takes what it takes among few with as many open."""
    async with AsyncExitStack() as stack:
        small = await stack.enter_async_context(board_of(tmp_path / "few", provisioned, few, open_))
        large = await stack.enter_async_context(board_of(tmp_path / "many", provisioned, HISTORY, open_))
        for story, count in ((small, few), (large, HISTORY)):
            story.bot.control("DELETE", "/__requests")
            await ask(story)
            asked = story.bot.control("GET", "/__requests")
            assert 1 <= asked["total"] <= MOST_REQUESTS, asked
            said = text_of(story.teams.last(story.channel).card)
            assert f"\n{open_}\nopen\n" in said
            assert f"1 to 15 of {open_}." in said
            assert f" {closed_lately(count, open_)} closed." in said
            story.bot.control("DELETE", "/__requests")
            post = story.teams.last(story.channel)
            _, answer = await story.teams.press(CHAIR, post, find_action(post.card, title="Next page"))
            assert f"16 to 30 of {open_}." in text_of(answer["value"])
            assert story.bot.control("GET", "/__requests")["total"] <= MOST_REQUESTS

        took: dict[str, list[float]] = {"few": [], "many": []}
        for turn in range(WARM_UP + ROUNDS):
            for name, story in (("few", small), ("many", large)):
                seconds = await ask(story)
                if turn >= WARM_UP:
                    took[name].append(seconds)

    few_ms, many_ms = (statistics.median(took[name]) * 1000 for name in ("few", "many"))
    print(  # noqa: T201 - the figures are what whoever runs this wants to see
        f"\ntracker, {open_} open: {few_ms:.0f} ms among {few} rows, {many_ms:.0f} ms among {HISTORY}; "
        f"ratio of medians {many_ms / few_ms:.2f} over {ROUNDS} rounds; "
        f"slowest {max(took['few']) * 1000:.0f} and {max(took['many']) * 1000:.0f} ms"
    )
    assert many_ms <= MOST_RATIO * few_ms


def closed_lately(count: int, open_: int) -> int:
    """How many of the rows made were closed on the day of the last board or later."""
    return sum(bool(row["ClosedOn"]) and row["ClosedOn"] >= f"{LAST_BOARD}" for row in rows(count, open_))
