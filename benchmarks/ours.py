"""The bot as it is, with what a benchmark needs switched on: run in its place, as `python -m benchmarks.ours`.

Always: service URLs on loopback count as Teams' own, so that a bot that checks callers can post to the stand-in
connector. By the environment: `BENCH_REPLAY=1` answers the reads of turns from what SharePoint answered first (a turn
without a store), `BENCH_WATCH=1` watches the event loop and counts connections made, `BENCH_PROFILE=FILE` writes what
cProfile saw between two SIGUSR1, `BENCH_READ=FILE` writes at the end which paths were read, `BENCH_KEEP=SECONDS` keeps
the members for longer than a minute. A watched one prints a line `BENCH {…}` on SIGUSR2 and counts from nothing.
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from benchmarks.watchdog import Watchdog
from bot import directory
from bot.__main__ import main
from bot.teams import hosts
from sharepoint.asking import spending


def loopback_too() -> None:
    """Let the connector be on this machine."""
    strict = hosts.ServiceHosts.allow

    def allow(rule: hosts.ServiceHosts, url: str) -> bool:
        return strict(rule, url) or hosts._LOOPBACK.fullmatch(url) is not None

    hosts.ServiceHosts.allow = allow  # type: ignore[method-assign]


def replay() -> None:
    """Answer a turn's reads with what was answered first, as parsed JSON and without leaving the event loop."""
    from sharepoint.client import SharePoint  # noqa: PLC0415

    kept: dict[Any, Any] = {}

    def first(ask: Any) -> Any:
        async def asked(site: SharePoint, what: Any, **terms: Any) -> Any:
            key = what if isinstance(what, str) else tuple(what)
            if spending.get() is None:
                return await ask(site, what, **terms)
            if key not in kept:
                kept[key] = await ask(site, what, **terms)
            return kept[key]

        return asked

    SharePoint.get = first(SharePoint.get)  # type: ignore[method-assign]
    SharePoint.batch = first(SharePoint.batch)  # type: ignore[method-assign]


def listen(asked: list[str], read: dict[str, None]) -> None:
    """Note what the last turn that read the site read, and all that was read, each once."""
    from sharepoint.client import SharePoint  # noqa: PLC0415

    def noting(ask: Any) -> Any:
        async def noted(site: SharePoint, what: Any, **terms: Any) -> Any:
            read.update(dict.fromkeys([what] if isinstance(what, str) else what))
            if spending.get() is not None:
                asked[:] = [what] if isinstance(what, str) else list(what)
            return await ask(site, what, **terms)

        return noted

    SharePoint.get = noting(SharePoint.get)  # type: ignore[method-assign]
    SharePoint.batch = noting(SharePoint.batch)  # type: ignore[method-assign]


class Watched(asyncio.DefaultEventLoopPolicy):
    """Makes the loop with a watchdog on it, which answers SIGUSR2."""

    def __init__(self) -> None:
        super().__init__()
        self._watchdog, self._connects, self._asked, self._read = Watchdog(), 0, list[str](), dict[str, None]()
        listen(self._asked, self._read)
        sys.addaudithook(self._heard)

    def _heard(self, event: str, _of: Any) -> None:
        if event == "socket.connect":
            self._connects += 1

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """The loop, watched from its first turn."""
        loop = super().new_event_loop()
        loop.call_soon(self._watchdog.start, loop)
        loop.call_soon(loop.add_signal_handler, signal.SIGUSR2, self._tell)
        return loop

    def _tell(self) -> None:
        connects, self._connects = self._connects, 0
        told = {"connects": connects, "asked": self._asked, "read": list(self._read)}
        print("BENCH " + json.dumps(self._watchdog.figures() | told), flush=True)
        self._read.clear()


def profile(path: str) -> None:
    """The first SIGUSR1 begins, the next writes."""
    profiler, on = cProfile.Profile(), []

    def turn(_number: int, _frame: Any) -> None:
        if on:
            profiler.disable()
            profiler.dump_stats(path)
            on.clear()
        else:
            on.append(True)
            profiler.enable()

    signal.signal(signal.SIGUSR1, turn)


if __name__ == "__main__":
    loopback_too()
    if os.environ.get("BENCH_REPLAY"):
        replay()
    if os.environ.get("BENCH_WATCH"):
        asyncio.set_event_loop_policy(Watched())
    if keep := os.environ.get("BENCH_KEEP"):
        directory.KEPT_SECONDS = float(keep)
    if where := os.environ.get("BENCH_PROFILE"):
        profile(where)
    everything = dict[str, None]()
    if noted := os.environ.get("BENCH_READ"):
        listen([], everything)
    code = main()
    if noted:
        Path(noted).write_text(json.dumps(list(everything)))
    sys.exit(code)
