"""Ten thousand rows beside a running bot: all there once, in batches, and no message for any of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.board_people import CHAIR, NURSE
from tests.running import RunningBot
from tests.scenarios.actions import QUIET, TEAM_OFFICER, board_at, provisioned, run_command
from tests.scenarios.board import eventually

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

ROWS, OPEN = 10_000, 3_000
MOST_BATCHES = 5 * ROWS // 100 + 30
"""Keys looked up, rows added and numbered, a hundred to a request, and the running bot's own reads of each twice."""


def tracker(path: Path) -> Path:
    """A tracker of two years, its first rows still open, half of them of an owner who is no member."""
    lines = ["Ref,Action,Owner,Agency,Date raised,Due,Status,Update,Closed on"]
    for n in range(ROWS):
        owner, status, closed = NURSE.name if n % 2 else "No Body", "Open" if n < OPEN else "Closed", "1/9/2026"
        due = f"{n % 28 + 1}/{n % 9 + 1}/2026" if n % 7 else "TBC"
        words = f"Agree arrangement {n} with every partner and report back to the board"
        lines.append(f"{n},{words},{owner},MHT,3/6/2025,{due},{status},As told,{closed if n >= OPEN else ''}")
    path.write_text("\n".join(lines))
    return path


def brings_in(bot: RunningBot, path: Path) -> subprocess.CompletedProcess[str]:
    """The command beside the running bot."""
    settings = {"MHRMB_SHAREPOINT_PORT": str(bot.sharepoint_port), "MHRMB_CLOCK": bot.settings["MHRMB_CLOCK"]}
    return run_command("import", str(path), "--yes", data_dir=bot.data_dir, within=400, **settings)


async def test_ten_thousand_rows(tmp_path: Path, provisioned: Path) -> None:
    """Every row once, with its number; few requests; the same again adds nothing; the next round posts one each."""
    path = tracker(tmp_path / "tracker.csv")
    async with board_at(tmp_path, provisioned) as story:
        await story.opens_a_chat(CHAIR, NURSE, TEAM_OFFICER)
        places = [story.channel, *(story.teams.chat(person) for person in (CHAIR, NURSE, TEAM_OFFICER))]
        before = [len(story.teams.posts_in(place)) for place in places]
        batches = _batches(story.bot)
        done = brings_in(story.bot, path)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{ROWS:,} actions added, 0 were here already." in done.stdout
        used = _batches(story.bot) - batches
        assert used <= MOST_BATCHES
        await eventually(lambda: _highest(story.bot) == ROWS, "the last row", within=60)
        assert [r["Reference"] for r in story.bot.rows("Actions", orderby="Id", top="5000")] == [
            f"A-{n}" for n in range(1, 5001)
        ]
        again = brings_in(story.bot, path)
        assert "Everything in it is here already. Nothing was written." in again.stdout
        story.moves_to(f"{QUIET[:11]}08:31")
        await eventually(lambda: len(story.teams.posts_in(places[2])) > before[2], "the owner's digest", 180)
        await eventually(lambda: len(story.teams.posts_in(places[0])) > before[0], "the channel's digest", 180)
        new = [len(story.teams.posts_in(place)) - count for place, count in zip(places, before, strict=True)]
        assert new == [1, 0, 1, 0]
        rows = story.bot.rows("Actions", orderby="Id desc", top="1")
        assert rows[0]["Id"] == ROWS


def _batches(bot: RunningBot) -> int:
    found = bot.control("GET", "/__requests")["by"]
    return sum(count for name, count in found.items() if "batch" in name)


def _highest(bot: RunningBot) -> int:
    return int(bot.rows("Actions", orderby="Id desc", top="1", select="Id")[0]["Id"])
