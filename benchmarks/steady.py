"""The bot in steady state: no token asked for, no connection made, sends side by side, memory level, the loop free."""

from __future__ import annotations

import json
import statistics
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.compared import KINDS, bodies, entra, our_bot, person
from benchmarks.process import Load, apart, memory_mb, settle
from benchmarks.report import bench_line
from benchmarks.say import say
from tests.teams import Teams

SLOW, SIDE_BY_SIDE = 0.1, 32
HEAVY = (
    "tracker",
    "programmes",
    "pack draft",
    "export tracker",
    "brief",
    "bundle R-1 review",
    "referrals",
    "measures",
    "engagement",
)
HELD = 50.0
"""Milliseconds that the event loop may be held at p99.9."""


def run(folder: Path, *, turns: int, seconds: float) -> None:
    """Measure over the demonstration's data, with the embedded store and the token check, and tell."""
    with ExitStack() as stack:
        load = stack.enter_context(Load())
        issuer = entra(folder / "entra", stack)
        bot = our_bot(folder / "bot", load, issuer, BENCH_WATCH="1")
        stack.enter_context(bot)
        apart([bot.pid], [load.pid, bot.sharepoint_pid])
        settle(bot.pid)
        said = {kind: bodies(load.service, kind) for kind in KINDS}
        for kind in KINDS:
            load.run(bot.port, said[kind], concurrency=8, seconds=seconds)
        say("")
        say("Steady state, with the embedded store")
        bench_line(bot)
        say(f"  memory with the demonstration's data {memory_mb(bot.pid):.1f} MB   (bound: 120)")
        tokens, made, count = issuer.granted, 0, 0
        for kind in KINDS:
            ran = load.run(bot.port, said[kind], concurrency=8, seconds=seconds * 2)
            assert not ran["failures"], ran["failures"]
            made, count = made + ran["connections"], count + ran["turns"]
        figures = bench_line(bot)
        say(f"  {count:,} turns at 8: {issuer.granted - tokens} token requests, {figures['connects']} connections made "
            f"({made} of them to Teams)   (bound: 0 a turn)")  # fmt: skip
        _loop("turns of each kind at 8", figures)
        _sends(load, bot.port, said["help"], seconds)
        _loop("32 sends to a slow connector", bench_line(bot))
        for text in HEAVY:
            teams = Teams(service_url=load.service)
            who = person(1)
            typed = teams.activity(who, teams.chat(who), "message", text=text, attachments=[])
            load.run(bot.port, [json.dumps(typed)], concurrency=1, seconds=20.0, turns=1)
            _loop(text, bench_line(bot))
        before, began = memory_mb(bot.pid), time.perf_counter()
        ran = load.run(bot.port, said["invoke"] + said["help"], concurrency=8, seconds=120.0, turns=turns)
        assert not ran["failures"], ran["failures"]
        after, took = memory_mb(bot.pid), time.perf_counter() - began
        told = f"{before:.1f} MB; after {ran['turns']:,} turns more in {took:.0f} s {after:.1f} MB"
        say(f"  memory after these papers {told}, peak {memory_mb(bot.pid, peak=True):.1f}")


def _sends(load: Load, port: int, said: list[str], seconds: float) -> None:
    """So many sends in flight to a connector that takes 100 ms; the ideal is that each takes that and no more."""
    rates = []
    for _ in range(3):
        ran = load.run(port, said, concurrency=SIDE_BY_SIDE, seconds=max(seconds * 2, 1.0), delay=SLOW)
        assert not ran["failures"], ran["failures"]
        rates.append(ran["turns"] / ran["seconds"])
    ideal = SIDE_BY_SIDE / SLOW
    rate = statistics.median(rates)
    told = f"{rate:.0f}/s of an ideal {ideal:.0f}: {rate / ideal:.0%}   (bound: 80%)"
    say(f"  {SIDE_BY_SIDE} sends in flight to a connector of {SLOW * 1000:.0f} ms: {told}")


def _loop(what: str, figures: dict[str, float]) -> None:
    mark = "!" if figures["held p99.9"] > HELD else " "
    say(f"{mark} the event loop: {what:30} held by the bot {figures['held p99.9']:5.1f} ms at p99.9, "
        f"{figures['held most']:5.1f} at most; late {figures['late p99.9']:5.1f}, {figures['late most']:5.1f}"
        f"   (bound: {HELD:.0f})")  # fmt: skip
