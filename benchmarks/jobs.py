"""What is a process of its own: a day's round and an import, beside the same calls made by bare aiohttp in one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import fewest
from benchmarks.compared import FLOOR
from benchmarks.process import Ran, ended
from benchmarks.say import say
from tests.board_people import POL
from tests.running import TOKEN, RunningBot

ROUND_AT, ROUND_BEFORE = "2026-11-16T08:31", "2026-11-13"
"""When the round is had, and the working day before it, up to which the record is made to say that it was."""

ROWS = 500
"""Of a spreadsheet that is brought in beside each size."""


class Jobs:
    """Both, over every size; `bots` are those that run over the same sites, which they go on doing."""

    def __init__(self, folder: Path, bots: Mapping[int, RunningBot]) -> None:
        self._folder, self._bots = folder, bots

    def run(self) -> None:
        """Measure and tell. Starts, sign-in and reading of members are in the figures, alike at each size."""
        say("  processes of their own           s   requests        peak   times the floor")
        for count, bot in self._bots.items():
            self._daily_round(count, bot)
        for count, bot in self._bots.items():
            self._import(count, bot)

    def _daily_round(self, count: int, bot: RunningBot) -> None:
        for row in bot.rows("Events", filter="Key eq 'clock:round'"):  # had already, on a working day
            bot.change_row("Events", row["Id"], Value=ROUND_BEFORE)
        ours, read, asked = self._ours(bot, "run-due", "--at", f"{ROUND_AT}Z")
        posts = ours.said.count("posted ")
        steps = fewest.reads(bot.site, read)
        rows = [row["Id"] for row in bot.rows("Posts", select="Id", top=str(max(posts, 1)))]
        steps += fewest.changes(bot.site, "Posts", rows[:posts], {"ChangeReason": "told"}) if rows and posts else []
        self._tell("the daily round", count, ours, asked, steps, f"{posts} posts")

    def _import(self, count: int, bot: RunningBot) -> None:
        sheet = self._folder / f"{count}.csv"
        lines = [f"{n},Agree arrangement {n} with all,Nobody Yet,{POL},3/6/2026,1/12/2026,Open" for n in range(ROWS)]
        sheet.write_text("\n".join(["Ref,Action,Owner,Agency,Date raised,Due,Status", *lines]))
        ours, read, asked = self._ours(bot, "import", str(sheet), "--yes")
        assert f"{ROWS:,} actions added" in ours.said, ours.said
        row = {"What": "Agree an arrangement with all", "OwnerName": "Nobody Yet", "Agency": POL, "Open": True}
        added = [{**row, "Key": f"floor:{number}", "Title": str(number)} for number in range(ROWS)]
        steps = fewest.reads(bot.site, read) + fewest.adds(bot.site, "Actions", added)
        self._tell("import of 500 rows", count, ours, asked, steps, f"{ROWS / ours.seconds:.0f} rows a second")

    def _ours(self, bot: RunningBot, *command: str) -> tuple[Ran, list[str], int]:
        """The command over a bot's site: how it ran, what it read, and how many requests it made."""
        noted = self._folder / "read.json"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
        environment |= {
            "MHRMB_DATA_DIR": str(bot.data_dir),
            "MHRMB_SHAREPOINT_PORT": str(bot.sharepoint_port),
            "MHRMB_SHAREPOINT_TOKEN": TOKEN,
            "BENCH_READ": str(noted),
        }
        bot.control("DELETE", "/__requests")
        ran = ended([sys.executable, "-m", "benchmarks.ours", *command], environment)
        asked = int(bot.control("GET", "/__requests")["total"])
        return ran, json.loads(noted.read_text()), asked

    def _tell(self, name: str, count: int, ours: Ran, asked: int, steps: Sequence[dict[str, Any]], more: str) -> None:
        work = self._folder / "once.json"
        work.write_text(json.dumps({"once": list(steps)}))
        floor = ended([*FLOOR.command, str(work)], dict(os.environ))
        say(
            f"  {name:24} {count:7,}   {ours.seconds:6.2f}  {asked:4} requests  {ours.peak:6.1f} MB"
            f"   {ours.seconds / floor.seconds:5.1f} x the floor's {floor.seconds:.2f} ({len(steps)} requests)   {more}"
        )
