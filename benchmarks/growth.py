"""What grows with history: the same number open among 100, 600, 5,000 and 60,000 actions, beside the floor.

The floor is bare aiohttp and orjson behind the same token check, asking the same embedded SharePoint what the bot asks,
in as few requests as can answer, and answering with a constant card. A bot and its site for each size run side by side,
and rounds are interleaved.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.compared import FLOOR, batch_of, entra, our_bot, server
from benchmarks.process import ROOT, Load, Server, apart, memory_mb, settle
from benchmarks.report import bench_line
from benchmarks.say import say
from tests.board_people import CHAIR, POL, add_member, fill
from tests.running import TOKEN, RunningBot
from tests.sharepoint.seeding import provision
from tests.soak.test_tracker_scale import LAST_BOARD, insert
from tests.teams import Person, Teams

OPEN = 60
FEW, WHOLE = (600, 5_000), (100, 600, 5_000, 60_000)
BASE = 600
"""What the others are compared with: from here on as many were closed since the last board, whose trend is told."""
OWNER = Person("Owner Seven", "00000000-0000-4000-8000-000000000007")
ROUND_AT = "2026-11-16T08:31"
TURN = re.compile(r' turn kind=\S+ did=\S+ outcome=("[^"]*"|\S+) requests=(\d+)')

REPEATED = ("tracker", "tracker ward", "my actions", "update A-1 as far as it is")
ONCE = ("export tracker", "pack draft")
READS = ("tracker", "my actions")
"""Of the turns, those that the floor can make: it only reads."""


@dataclass
class Board:
    """One size: its bot, its floor, and the bodies of its turns."""

    count: int
    bot: RunningBot
    folder: Path
    floor: Server
    bodies: dict[str, list[str]]


def typed(load: Load, text: str, count: int) -> list[str]:
    """A message of the owner's, or of a chair's where only chairs may."""
    teams = Teams(service_url=load.service)
    who = CHAIR if text in ONCE else OWNER
    made = [
        teams.activity(who, teams.chat(who), "message", textFormat="plain", text=text, attachments=[])
        for _ in range(count)
    ]
    return [json.dumps(each, separators=(",", ":")) for each in made]


class Growth:
    """All sizes side by side."""

    def __init__(self, folder: Path, sizes: tuple[int, ...], rounds: int) -> None:
        self._folder, self._sizes, self._rounds = folder, sizes, rounds
        self._stack = ExitStack()
        self._ms: dict[tuple[str, int, bool], list[float]] = defaultdict(list)
        self._requests: dict[tuple[str, int], set[int]] = defaultdict(set)
        self._refused: dict[tuple[str, int], list[str]] = {}

    def run(self) -> None:
        """Set up, measure, tell."""
        with self._stack:
            self._load = self._stack.enter_context(Load())
            self._entra = entra(self._folder / "entra", self._stack)
            provision(self._folder / "lists")
            self._boards = [self._board(count) for count in self._sizes]
            apart([b.bot.pid for b in self._boards], [self._load.pid, *(b.bot.sharepoint_pid for b in self._boards)])
            apart([b.floor.pid for b in self._boards], ())
            for board in self._boards:
                settle(board.bot.pid)
            for number in range(self._rounds + 1):
                for text in REPEATED:
                    for board in self._boards:
                        self._turn(board, text, keep=number > 0)
            for text in ONCE:
                for board in self._boards:
                    self._turn(board, text, keep=True)
            self._tell()
            self._daily_round()

    def _board(self, count: int) -> Board:
        folder = self._folder / f"board-{count}"
        shutil.copytree(self._folder / "lists", folder)
        first = our_bot(folder, self._load, self._entra, MHRMB_DEMO="")
        with first:
            fill(first)
            add_member(first, OWNER, POL, "Representative")
            (forum,) = first.rows("Forums")
            first.change_row("Forums", forum["Id"], Anchor=f"{LAST_BOARD}T12:00:00Z")
            self._set_up(first)
        insert(folder, count, OPEN)
        bot = our_bot(folder, self._load, self._entra, MHRMB_DEMO="", BENCH_WATCH="1")
        self._stack.enter_context(bot)
        mine = bot.rows("Actions", filter="Open eq 1", select="Id,Reference", top="10")
        for row in mine:
            bot.change_row("Actions", row["Id"], OwnerUserId=OWNER.object_id, OwnerName=OWNER.name, Agency=POL)
        said = {text: text.replace("A-1", mine[0]["Reference"]) for text in (*REPEATED, *ONCE)}
        bodies = {text: typed(self._load, said[text], 30) for text in said}
        floor = self._floor(bot, bodies)
        return Board(count, bot, folder, floor, bodies)

    def _set_up(self, bot: RunningBot) -> None:
        """Bind a channel and make the first chair, whose agency is the police."""
        teams = Teams(service_url=self._load.service)
        said = teams.activity(CHAIR, teams.channel(), "message", text=f"setup {bot.code}", attachments=[])
        ran = self._load.run(bot.port, [json.dumps(said)], concurrency=1, seconds=5.0, turns=1)
        assert not ran["failures"], ran["failures"]
        chair = next(row for row in bot.rows("Members") if row["UserId"] == CHAIR.object_id)
        bot.change_row("Members", chair["Id"], Agency=POL)

    def _floor(self, bot: RunningBot, bodies: dict[str, list[str]]) -> Server:
        asked: dict[str, Any] = {}
        card = {"summary": "", "attachments": []}
        for text in READS:
            ran = self._load.run(bot.port, bodies[text], concurrency=1, seconds=5.0, turns=2)
            card = json.loads(ran["last"])
            batch = batch_of(bot.site, bench_line(bot)["asked"])
            asked = {**batch, "batches": {**asked.get("batches", {}), text: batch["batches"]["tracker"]}}
        given = {"help": card, "tracker": card, "invoke": {}}
        floor = server(FLOOR, self._folder, self._load, given, store=asked)
        self._stack.callback(floor.stop)
        return floor.start(self._folder / f"{floor.port}.log")

    def _turn(self, board: Board, text: str, *, keep: bool) -> None:
        turns = 1 if text in ONCE else 6
        said = len(board.bot.heard())
        ran = self._load.run(board.bot.port, board.bodies[text], concurrency=1, seconds=30.0, turns=turns)
        assert not ran["failures"], (board.count, text, ran["failures"])
        time.sleep(0.02)
        ended = [found for found in map(TURN.search, board.bot.heard()[said:]) if found]
        if any(found[1] != "answered" for found in ended):
            self._refused[text, board.count] = [line for line in board.bot.heard()[said:] if "WARNING" in line][:2]
            return
        if keep:
            self._ms[text, board.count, True].append(ran["p50"])
            self._requests[text, board.count] |= {int(found[2]) for found in ended}
        if text in READS:
            ran = self._load.run(board.floor.port, board.bodies[text], concurrency=1, seconds=30.0, turns=turns)
            assert not ran["failures"], (board.count, text, ran["failures"])
            if keep:
                self._ms[text, board.count, False].append(ran["p50"])

    def _tell(self) -> None:
        say("")
        say(f"Scale: {OPEN} open among so many actions; ms a turn alone (spread), requests, times the floor")
        for text in (*REPEATED, *ONCE):
            for board in self._boards:
                say(self._row(text, board.count))
        for board in self._boards:
            say(f"  {'memory of the bot':28} {board.count:7,}   {memory_mb(board.bot.pid):7.1f} MB")
            figures = bench_line(board.bot)
            say(f"  {'the event loop was held':28} {board.count:7,}   {figures['held p99.9']:7.1f} ms at p99.9, "
                f"{figures['held most']:.1f} at most")  # fmt: skip

    def _row(self, text: str, count: int) -> str:
        if (text, count) in self._refused:
            return f"! {text:28} {count:7,}   was refused: {' '.join(self._refused[text, count])[25:200]}"
        ours = self._ms[text, count, True]
        asked = "-".join(str(n) for n in sorted({min(self._requests[text, count]), max(self._requests[text, count])}))
        row = f"  {text:28} {count:7,}   {statistics.median(ours):7.1f}"
        row += f"  ({min(ours):.1f} to {max(ours):.1f})  {asked} requests"
        if floor := self._ms[text, count, False]:
            ratio = statistics.median(ours) / statistics.median(floor)
            row += f"   {ratio:4.1f} x the floor's {statistics.median(floor):.1f}   (bound: 3)"
        base = statistics.median(self._ms[text, BASE, True] or ours)
        return row + f"   {statistics.median(ours) / base:4.2f} x that at {BASE}"

    def _daily_round(self) -> None:
        """`run-due`, a process of its own, over each site: its start and the sign-in are in it, alike at each size."""
        for board in self._boards:
            board.bot.control("DELETE", "/__requests")
            environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
            environment |= {
                "MHRMB_DATA_DIR": str(board.folder),
                "MHRMB_SHAREPOINT_PORT": str(board.bot.sharepoint_port),
                "MHRMB_SHAREPOINT_TOKEN": TOKEN,
            }
            begun = time.perf_counter()
            ran = subprocess.run(
                [sys.executable, "-m", "bot", "run-due", "--at", f"{ROUND_AT}Z"],
                cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True,
            )  # fmt: skip
            seconds = time.perf_counter() - begun
            asked = board.bot.control("GET", "/__requests")["total"]
            told = f"{asked} requests, {ran.stdout.count('posted ')} posts"
            say(f"  {'run-due, the daily round':28} {board.count:7,}   {seconds:7.2f} s     {told}")


def run(folder: Path, *, whole: bool) -> None:
    """The scale of things, told."""
    folder.mkdir(parents=True)
    Growth(folder, WHOLE if whole else FEW, 5 if whole else 2).run()
