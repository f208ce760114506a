"""Our turns beside the others' doing the same outward work: rounds interleaved, medians, spreads, and the ratios."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from benchmarks.compared import (
    FLOOR,
    IN_PYTHON,
    KINDS,
    OTHERS,
    OURS_DIFFERS,
    SENDERS,
    answers,
    bodies,
    entra,
    our_bot,
    record_of,
    server,
)
from benchmarks.fewest import reads
from benchmarks.load import request_of
from benchmarks.process import Load, Server, answered, apart, memory_mb, processor_seconds, settle
from benchmarks.report import bench_line
from benchmarks.say import say
from bot.directory import queries

CONCURRENCY = (1, 8, 32)
NOISY = 0.30
"""Spread of a cell's rounds, as a part of their median, above which its rounds are repeated."""

TRIES = 3
"""Runs until one has as many posts as turns: the bots beside it may tell somebody of the day meanwhile."""

AHEAD_OF_PYTHON = {"invoke": 1.5, "help": 2.0, "tracker": 2.0}
"""How many times as many turns as each Python alternative are aimed at."""

OURS, OURS_STORE, FLOOR_STORE = "MHRMB", "MHRMB + store", "bare + store"
CONSTANTS = CONSTANT, CONSTANT_IN_NODE = "agents-hosting, const.", "Node bot, const."
"""The quickest in Python and Node's botbuilder once more, with a tracker that is a constant: what making it costs."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    seconds: float
    repeats: int
    starts: int


WHOLE, QUICK = Size(rounds=5, seconds=0.6, repeats=2, starts=3), Size(rounds=2, seconds=0.25, repeats=0, starts=1)


@dataclass
class Cell:
    """One server, one kind of turn, one concurrency: a figure for each round."""

    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    processor: float = 0.0
    turns: int = 0

    @property
    def rate(self) -> float:
        """Turns a second, the median of the rounds."""
        return statistics.median(self.rates)

    @property
    def spread(self) -> float:
        """Between the slowest and the fastest round, as a part of the median."""
        return (max(self.rates) - min(self.rates)) / self.rate

    @property
    def microseconds(self) -> float:
        """Processor time a turn."""
        return self.processor / self.turns * 1e6 if self.turns else 0.0


@dataclass
class Measured:
    """A server under measurement: its port and process, and whether it answers this kind of turn at all."""

    name: str
    port: int
    pid: int
    kinds: tuple[str, ...] = KINDS
    started: list[float] = field(default_factory=list)


Cells = dict[tuple[str, str, int], Cell]


class Comparison:
    """Everything compared, running side by side; idle while another is measured."""

    def __init__(self, size: Size, folder: Path) -> None:
        self._size, self._folder = size, folder
        self._stack = ExitStack()
        self.cells: Cells = defaultdict(Cell)
        self.servers: list[Measured] = []

    def run(self) -> None:
        """Start all, measure, tell."""
        with self._stack:
            self._load = self._stack.enter_context(Load())
            given, asked = self._begin_ours()
            self._begin_others(given, asked)
            self._check_alike()
            cores = apart([each.pid for each in self.servers], [self._load.pid, *self._sites])
            self._tell_what_differs(given, cores=cores)
            self._starts()
            self._rounds()
            self._tell()

    def _begin_ours(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        issuer = entra(self._folder / "entra", self._stack)
        with_store = our_bot(self._folder / "store", self._load, issuer, BENCH_WATCH="1")
        self._stack.enter_context(with_store)
        given = answers(with_store.port, self._load)
        paths = bench_line(with_store)["asked"]
        asked = reads(with_store.site, paths)
        self._record = record_of(with_store.site, [*paths, *(query.path for query in queries())])
        with_store.stop()
        with_store.settings.pop("BENCH_WATCH")
        self._ours = our_bot(self._folder / "store", self._load, issuer)
        self._ours.port = with_store.port
        self._ours.start()
        self._stack.callback(self._ours.stop)
        replayed = our_bot(self._folder / "replay", self._load, issuer, BENCH_REPLAY="1")
        self._stack.enter_context(replayed)
        self._sites = [self._ours.sharepoint_pid, replayed.sharepoint_pid]
        self.servers += [
            Measured(OURS, replayed.port, replayed.pid),
            Measured(OURS_STORE, self._ours.port, self._ours.pid),
        ]
        asked[0]["url"] = f"{self._ours.site}/_api/$batch"
        return given, asked

    def _begin_others(self, given: dict[str, Any], asked: list[dict[str, Any]]) -> None:
        self._spare: dict[str, Callable[[], Server]] = {}
        wanted = [(FLOOR, FLOOR.name, {}, KINDS), (FLOOR, FLOOR_STORE, {"store": {"tracker": asked}}, ("tracker",))]
        made = {"record": self._record}
        wanted += [(other, other.name, made, KINDS) for other in OTHERS]
        wanted += [(OTHERS[1], CONSTANT, {}, ("tracker",)), (OTHERS[3], CONSTANT_IN_NODE, {}, ("tracker",))]
        for compared, name, more, kinds in wanted:
            if not compared.there:
                say(f"{name} is not measured: `make beside` makes its environment")
                continue
            made = server(compared, self._folder, self._load, given, **more)
            self._stack.callback(made.stop)
            made.start(self._folder / f"{made.port}.log")
            self.servers.append(Measured(name, made.port, made.pid, kinds))
            if name not in (FLOOR_STORE, *CONSTANTS):
                self._spare[name] = lambda c=compared: server(c, self._folder, self._load, given)

    def _check_alike(self) -> None:
        """That whoever makes the tracker answers each person with the card that the bot does: else RuntimeError."""
        makers = [each for each in self.servers if each.name in {other.name for other in OTHERS}]
        for body in bodies(self._load.service, "tracker", len(SENDERS)):
            ours = self._card(self.servers[1], body)  # the record is of its site
            for each in makers:
                if self._card(each, body) != ours:
                    raise RuntimeError(f"{each.name} answers with another tracker: what it does is not the same work")

    def _card(self, of: Measured, body: str) -> Any:
        ran = self._load.run(of.port, [body], concurrency=1, seconds=10.0, turns=1)
        return orjson.loads(ran["last"])["attachments"][0]["content"] if not ran["failures"] else ran["failures"]

    def _tell_what_differs(self, given: dict[str, Any], *, cores: bool) -> None:
        size = {kind: f"{len(orjson.dumps(given[kind])):,} bytes" for kind in KINDS}
        where = "Servers on one core, load, connector and record store on the other." if cores else "All on one core."
        say("Turns with the caller's token checked. What is the same: activities of the same bytes, the same token of")
        say(f"one local issuer, a message answered by a post (help: {size['help']}, tracker: {size['tracker']}) to the")
        say(
            f"same stand-in connector, an invoke (task/fetch) answered with {size['invoke']}; one process each. {where}"
        )
        say("What differs:")
        say(f"  {OURS:22} {OURS_DIFFERS}")
        say(f"  {'':22} reads of the record are answered from memory with what SharePoint answered first")
        say(f"  {OURS_STORE:22} the same, with the embedded SharePoint asked each time")
        for each in (FLOOR, *OTHERS):
            says = "a constant card"
            if each is not FLOOR:
                by = "the bot's own code" if each in IN_PYTHON else "a port of the bot's code"
                says += f", but the tracker's, made by {by} over the same rows"
            say(f"  {each.name:22} {each.differs}; answers with {says}")
        say(f"  {' and '.join(CONSTANTS)}: the same with a constant tracker too")
        say(f"  {FLOOR_STORE:22} the floor, asking the embedded SharePoint what the tracker asks, in one request")

    def _starts(self) -> None:
        """From the command to the first answer, each once a round."""
        took: dict[str, list[float]] = defaultdict(list)
        first = bodies(self._load.service, "invoke", 1)[0]
        for _ in range(self._size.starts):
            self._ours.stop()
            begun = time.monotonic()
            self._ours.start()
            while not answered(self._ours.port, request_of(self._ours.port, self._load.token, first)):
                time.sleep(0.005)
            took[OURS_STORE].append(time.monotonic() - begun)
            took["Ready"].append(self._ours.started_in)
            for name, make in self._spare.items():
                spare = make()
                spare.start(self._folder / "spare.log")
                took[name].append(spare.started_in)
                spare.stop()
        self.servers[1] = Measured(OURS_STORE, self._ours.port, self._ours.pid)
        self._sites[0] = self._ours.sharepoint_pid
        apart([self._ours.pid], self._sites)
        self.starts = {name: statistics.median(each) for name, each in took.items()}

    def _rounds(self) -> None:
        for each in self.servers:
            settle(each.pid)
        for each in self.servers:
            for kind in each.kinds:  # warm
                self._one(each, kind, 8, Cell(), self._size.seconds)
        for number in range(self._size.rounds):
            for kind in KINDS:
                for concurrency in CONCURRENCY:
                    self._round(kind, concurrency, number)
        for again in range(self._size.repeats):
            noisy = {key[1:] for key, cell in self.cells.items() if cell.spread > NOISY}
            say(f"{len(noisy)} of {len(KINDS) * len(CONCURRENCY)} sets of rounds were noisy and are repeated")
            for kind, concurrency in sorted(noisy):
                self._round(kind, concurrency, again)

    def _round(self, kind: str, concurrency: int, number: int) -> None:
        turned = self.servers[number % len(self.servers) :] + self.servers[: number % len(self.servers)]
        for each in turned:
            if kind in each.kinds:
                self._one(each, kind, concurrency, self.cells[each.name, kind, concurrency], self._size.seconds)

    def _one(self, each: Measured, kind: str, concurrency: int, cell: Cell, seconds: float) -> None:
        for _ in range(TRIES):
            before = processor_seconds(each.pid)
            ran = self._load.run(each.port, bodies(self._load.service, kind), concurrency=concurrency, seconds=seconds)
            posts = 0 if kind == "invoke" else ran["turns"]
            if ran["turns"] and not ran["failures"] and ran["posts"] == posts:
                break
        else:
            told = f"{ran['turns']} turns, {ran['posts']} posts, failures {ran['failures']}"
            raise RuntimeError(f"{each.name}: {kind} at {concurrency}: {told}")
        cell.rates.append(ran["turns"] / ran["seconds"])
        cell.p50.append(ran["p50"])
        cell.p99.append(ran["p99"])
        cell.processor += processor_seconds(each.pid) - before
        cell.turns += ran["turns"]

    def _tell(self) -> None:
        for kind in KINDS:
            say("")
            say(f"{kind:22} turns/s   of    spread |   ms at 1         at 8           at 32         | processor   of")
            say(f"{'':22} at 8      floor        |   p50 /   p99    p50 /   p99    p50 /   p99   | a turn, µs  floor")
            for each in self.servers:
                if kind in each.kinds:
                    say(self._row(each.name, kind))
        say("")
        say(f"{'':22} peak memory MB   start to first answer s")
        for each in self.servers:
            start = f"{self.starts[each.name]:10.2f}" if each.name in self.starts else ""
            say(f"{each.name:22} {memory_mb(each.pid, peak=True):10.0f}       {start}")
        ready = f"{self.starts['Ready']:.2f} s after the command, its SharePoint started too"
        say(f"{OURS_STORE} says Ready {ready}   (bound: 1.5)")
        self._tell_bounds()

    def _row(self, name: str, kind: str) -> str:
        at = {c: self.cells[name, kind, c] for c in CONCURRENCY}
        times = "  ".join(f"{statistics.median(c.p50):5.1f} / {statistics.median(c.p99):5.1f}" for c in at.values())
        floor, cell = self.cells[FLOOR.name, kind, 8], at[8]
        head = f"{name:22} {cell.rate:7.0f}  {cell.rate / floor.rate:6.3f}   {cell.spread:5.0%}  | {times}  |"
        return f"{head} {cell.microseconds:7.0f}    {floor.microseconds / cell.microseconds:6.3f}"

    def _tell_bounds(self) -> None:
        """The ratios that are aimed at, by turns a second and by processor time, which other work disturbs less."""
        there = {each.name for each in self.servers}
        aims = [(other.name, kind, least) for other in IN_PYTHON for kind, least in AHEAD_OF_PYTHON.items()]
        aims += [(CONSTANT, "tracker", 2.0)]
        aims += [(OTHERS[3].name, kind, 1.0) for kind in KINDS]
        aims += [(CONSTANT_IN_NODE, "tracker", 1.0), (FLOOR.name, "invoke", 0.40)]
        say(f"{OURS} beside each at 8 concurrent: times as many turns a second (by processor time), and the aim")
        for name, kind, least in aims:
            if name in there:
                ours, theirs = self.cells[OURS, kind, 8], self.cells[name, kind, 8]
                ratio, computed = ours.rate / theirs.rate, theirs.microseconds / ours.microseconds
                met = "met" if ratio >= least else "NOT MET"
                say(f"  {name:22} {kind:8} {ratio:7.2f} x  ({computed:.2f})   aim {least:.2f}: {met}")
