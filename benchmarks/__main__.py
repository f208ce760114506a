"""`make bench`: the whole product in its own processes, driven over HTTP, beside what one would use instead."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import counting, growth, pieces, steady, turns
from benchmarks.say import say

PARTS = ("pieces", "turns", "requests", "steady", "growth")


def main(parts: Sequence[str], *, quick: bool) -> None:
    """Measure these parts, each over folders of its own, and print as it goes."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        say("MHRMB, one run on this machine. Absolute figures drift with it; the ratios are of this run.")
        if "pieces" in parts:
            say("What the pieces of a turn cost by themselves, processor time, the least of many runs")
            asyncio.run(pieces.main())
        if "turns" in parts:
            turns.Comparison(turns.QUICK if quick else turns.WHOLE, folder).run()
        if "steady" in parts:
            steady.run(folder / "steady", turns=1_000 if quick else 50_000, seconds=0.5 if quick else 2.0)
        if "growth" in parts:
            growth.run(folder / "growth", whole=not quick)
        if "requests" in parts:
            asyncio.run(counting.run(folder / "requests", 10 if quick else 150))


if __name__ == "__main__":
    asked_quick = bool(os.environ.get("QUICK"))
    main(sys.argv[1:] or (PARTS[:-1] if asked_quick else PARTS), quick=asked_quick)
