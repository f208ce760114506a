"""What a bot run as `benchmarks.ours` tells of itself when it is asked."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

from tests.running import RunningBot


def bench_line(bot: RunningBot, within: float = 5.0) -> dict[str, Any]:
    """Ask a bot that was started with `BENCH_WATCH=1`; it counts from nothing afterwards."""
    before = len(bot.said)
    os.kill(bot.pid, signal.SIGUSR2)
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        for line in bot.said[before:]:
            if line.startswith("BENCH "):
                found: dict[str, Any] = json.loads(line[6:])
                return found
        time.sleep(0.01)
    raise RuntimeError("the bot did not answer the benchmark's signal")
