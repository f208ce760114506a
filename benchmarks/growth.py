"""What grows with history: the same number open among 100, 600, 5,000 and 60,000 actions, beside the floor.

The floor is bare aiohttp and orjson, behind the same token check where it is a turn, making the fewest REST calls that
could do the same of the same embedded SharePoint (`benchmarks/fewest.py`): what is read was noted as the bot read it.
It answers with a constant and decides nothing. A bot, a site and a floor for each size run side by side, and rounds are
interleaved. The round of a day and an import are processes of their own, the floor's too.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import fewest
from benchmarks.compared import FLOOR, entra, our_bot, server
from benchmarks.jobs import Jobs
from benchmarks.process import Load, Server, apart, forget_peak, memory_mb, settle
from benchmarks.report import bench_line
from benchmarks.say import say
from tests.board_people import CHAIR, POL, add_member, fill
from tests.running import RunningBot
from tests.sharepoint.seeding import provision
from tests.soak.test_tracker_scale import LAST_BOARD, insert
from tests.teams import Person, Teams

JSON = dict[str, Any]

OPEN = 60
FEW, WHOLE = (600, 5_000), (100, 600, 5_000, 60_000)
BASE = 600
"""What the others are compared with: from here on as many were closed since the last board, whose trend is told."""
OWNER = Person("Owner Ninety", "00000000-0000-4000-8000-000000000090")
"""Somebody with ten open and nothing closed at any size. `my actions` is led by the owner, so that it answers where
more are open than SharePoint gives; the embedded server then goes over the closed ones of theirs too, 2 ms a thousand.
"""

TURN = re.compile(r' turn kind=\S+ did=(?:"[^"]*"|\S+) outcome=("[^"]*"|\S+) requests=(\d+)')
PAPER = b"PK" + bytes(60_000)
"""What the floor files: as many bytes as a pack or a workbook has."""


@dataclass(frozen=True)
class Thing:
    """What is measured: typed, or a card answered. `posts` are what Teams gets until it is done."""

    name: str
    said: str = ""
    chairs: bool = False
    posts: int = 1
    turns: int = 6
    bound: bool = False
    """Whether three times the floor is what it may take."""


CARD = Thing("a card answered", posts=0)
EXPORT = Thing("export tracker", "export tracker", chairs=True, turns=1)
PACK = Thing("the pack's draft made", "pack draft", chairs=True, posts=2, turns=1)
THINGS = (
    Thing("tracker", "tracker", bound=True),
    Thing("my actions", "my actions", bound=True),
    Thing("search: tracker ward", "tracker ward"),
    CARD,
    Thing("update", "update {action} as far as it is"),
    EXPORT,
    PACK,
)


@dataclass
class Board:
    """One size: its bot, its floor, and an action of the owner's."""

    count: int
    bot: RunningBot
    teams: Teams
    action: JSON
    floor: Server | None = None

    def bodies(self, thing: Thing) -> list[str]:
        """Activities of the owner's, or of a chair's where only chairs may; each with ids of its own."""
        return [json.dumps(self._activity(thing), separators=(",", ":")) for _ in range(thing.turns)]

    def said(self, thing: Thing) -> str:
        """What is typed for it."""
        return thing.said.format(action=self.action["Reference"])

    def _activity(self, thing: Thing) -> JSON:
        who = CHAIR if thing.chairs else OWNER
        chat = self.teams.chat(who)
        if thing is not CARD:
            return self.teams.activity(who, chat, "message", textFormat="plain", text=self.said(thing), attachments=[])
        made = self.teams.activity(who, chat, "invoke", name="adaptiveCard/action", replyToId="1")
        key = f"{int(made['id'][2:]):032x}"
        data = {"reference": self.action["Reference"], "step": "update", "key": key, "note": f"As far as {key[-6:]} is"}
        action = {"type": "Action.Execute", "verb": "action.step", "data": data}
        return {**made, "value": {"action": action, "trigger": "manual"}}


@dataclass
class Cell:
    """One thing at one size: milliseconds of ours and of the floor's, requests of ours, the bot's highest memory."""

    ours: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    requests: set[int] = field(default_factory=set)
    peak: float = 0.0
    refused: str = ""


class Growth:
    """All sizes side by side."""

    def __init__(self, folder: Path, sizes: tuple[int, ...], rounds: int) -> None:
        self._folder, self._sizes, self._rounds = folder, sizes, rounds
        self._stack = ExitStack()
        self._cells: dict[tuple[str, int], Cell] = defaultdict(Cell)

    def run(self) -> None:
        """Set up, measure, tell."""
        with self._stack:
            self._load = self._stack.enter_context(Load())
            self._entra = entra(self._folder / "entra", self._stack)
            provision(self._folder / "lists")
            self._boards = [self._board(count) for count in self._sizes]
            apart([b.bot.pid for b in self._boards], [self._load.pid, *(b.bot.sharepoint_pid for b in self._boards)])
            for board in self._boards:
                settle(board.bot.pid)
                board.floor = self._floor(board)
            apart([b.floor.pid for b in self._boards if b.floor], ())
            for number in range(self._rounds + 1):
                for thing in THINGS:
                    for board in self._boards:
                        self._measure(board, thing, keep=number > 0)
            self._tell()
            Jobs(self._folder, {board.count: board.bot for board in self._boards}).run()

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
            _until(lambda: any(row["Key"] == "feed:token" and row["Value"] for row in first.rows("Events")))
        sealed = _has_sealed(first)
        insert(folder, count, OPEN)
        bot = our_bot(folder, self._load, self._entra, MHRMB_DEMO="", BENCH_WATCH="1")
        self._stack.enter_context(bot)
        _until(lambda: sealed or _has_sealed(bot))
        mine = bot.rows("Actions", filter="Open eq 1", select="Id,Reference", top="10")
        for row in mine:
            bot.change_row("Actions", row["Id"], OwnerUserId=OWNER.object_id, OwnerName=OWNER.name, Agency=POL)
        return Board(count, bot, Teams(service_url=self._load.service), mine[0])

    def _set_up(self, bot: RunningBot) -> None:
        """Bind a channel and make the first chair, whose agency is the police."""
        teams = Teams(service_url=self._load.service)
        said = teams.activity(CHAIR, teams.channel(), "message", text=f"setup {bot.code}", attachments=[])
        ran = self._load.run(bot.port, [json.dumps(said)], concurrency=1, seconds=5.0, turns=1)
        assert not ran["failures"], ran["failures"]
        chair = next(row for row in bot.rows("Members") if row["UserId"] == CHAIR.object_id)
        bot.change_row("Members", chair["Id"], Agency=POL)

    def _floor(self, board: Board) -> Server:
        """Bare aiohttp that knows the requests of each thing: those that the bot reads by now, and the writes."""
        store, site, card, invoked = dict[str, list[JSON]](), board.bot.site, dict[str, Any](), dict[str, Any]()
        change = fewest.changes(site, "Actions", [board.action["Id"]], {"Note": "As far as it is"})
        filed = fewest.file(site, "BoardPapers", "tracker 2026-01-05.xlsx", PAPER)
        for thing in THINGS:
            bench_line(board.bot)
            ran = self._turns(board, thing, board.bot.port, posts=thing.posts)
            steps = fewest.reads(site, bench_line(board.bot)["read"])
            if thing is CARD:
                invoked = json.loads(ran["body"])
                store["adaptiveCard/action"] = steps + change
                continue
            card = json.loads(ran["last"])
            kept = fewest.changes(site, "Events", [1], {"Until": "2026-01-05T08:00:00Z"})
            more = {"update": change, EXPORT.name: filed, PACK.name: filed + kept}.get(thing.name, [])
            store[board.said(thing)] = steps + more
        given = {"help": card, "tracker": card, "invoke": invoked}
        floor = server(FLOOR, self._folder, self._load, given, store=store)
        self._stack.callback(floor.stop)
        return floor.start(self._folder / f"{floor.port}.log")

    def _turns(self, board: Board, thing: Thing, port: int, *, posts: int = 0) -> JSON:
        """Its turns one after another, until so many posts have come."""
        order = {"concurrency": 1, "seconds": 30.0, "turns": thing.turns, "posts": posts}
        ran = self._load.run(port, board.bodies(thing), **order)
        assert not ran["failures"], (board.count, thing.name, ran["failures"])
        return ran

    def _measure(self, board: Board, thing: Thing, *, keep: bool) -> None:
        cell, said = self._cells[thing.name, board.count], len(board.bot.heard())
        forget_peak(board.bot.pid)
        board.bot.control("DELETE", "/__requests")
        ran = self._turns(board, thing, board.bot.port, posts=thing.posts * thing.turns)
        behind = int(board.bot.control("GET", "/__requests")["total"])  # the floor's are of the same site
        time.sleep(0.02)
        lines = board.bot.heard()[said:]
        ended = [found for found in map(TURN.search, lines) if found]
        if any(found[1] != "answered" for found in ended):
            cell.refused = " ".join([line for line in lines if "WARNING" in line][:2])
            return
        assert board.floor is not None
        bare = self._turns(board, thing, board.floor.port)
        if keep:
            cell.ours.append(ran["moments"][-1] * 1000 if thing.posts > 1 else ran["p50"])
            cell.floors.append(bare["p50"])
            cell.requests |= {behind} if thing.posts > 1 else {int(found[2]) for found in ended}
            cell.peak = max(cell.peak, memory_mb(board.bot.pid, peak=True))

    def _tell(self) -> None:
        say("")
        say(f"Scale: {OPEN} open among so many actions; ms alone (spread), requests until the answer, the bot's peak,")
        say("and times the floor, which makes the fewest REST calls that could do it")
        for thing in THINGS:
            for board in self._boards:
                say(self._row(thing, board.count))
        for board in self._boards:
            figures = bench_line(board.bot)
            held = f"{figures['held p99.9']:.1f} ms at p99.9, {figures['held most']:.1f} at most"
            memory = f"{memory_mb(board.bot.pid):7.1f} MB"
            say(f"  {'memory of the bot':24} {board.count:7,}   {memory}; the event loop held {held}")

    def _row(self, thing: Thing, count: int) -> str:
        cell = self._cells[thing.name, count]
        if cell.refused or not cell.ours:
            return f"! {thing.name:24} {count:7,}   was refused: {cell.refused[25:200]}"
        ours, floor = statistics.median(cell.ours), statistics.median(cell.floors)
        asked = "-".join(str(number) for number in sorted({min(cell.requests), max(cell.requests)}))
        base = statistics.median(self._cells[thing.name, BASE].ours or cell.ours)
        bound = "   (bound: 3)" if thing.bound else ""
        row = f"  {thing.name:24} {count:7,}   {ours:7.1f}  ({min(cell.ours):.1f} to {max(cell.ours):.1f})  {asked:>3}"
        row += f"  {cell.peak:6.1f} MB   {ours / floor:5.1f} x the floor's {floor:.1f}{bound}"
        return row + f"   {ours / base:5.2f} x that at {BASE}"


def _has_sealed(bot: RunningBot) -> bool:
    """Whether the day's seal is made: once a day, of all rows the first time."""
    return any(" sealed day=" in line for line in bot.said)


def _until(done: Callable[[], bool], within: float = 120.0) -> None:
    """Wait until what the bot does by itself is done: what is measured is not that."""
    deadline = time.monotonic() + within
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("the bot is not ready to be measured")
        time.sleep(0.2)


def run(folder: Path, *, whole: bool) -> None:
    """The scale of things, told."""
    folder.mkdir(parents=True)
    Growth(folder, WHOLE if whole else FEW, 5 if whole else 2).run()
