"""Killed while it writes: what was acknowledged is there, and nothing is there by halves."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sharepoint.embedded.kills import begin, kill_once, look


def survive(data: Path, kills: int, seed: int) -> int:
    """So many kills of one server over one directory; how many items were acknowledged."""
    victim, chance = begin(data), random.Random(seed)
    try:
        for number in range(kills):
            kill_once(victim, number, chance)
    finally:
        victim.server.stop()
    look(victim)
    return len(victim.kept)


def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    """Twenty kills among concurrent writers and batches: items, versions, changes, counts, ids and ETags agree."""
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(lambda n: survive(tmp_path / str(n), 10, n), range(2)))
    assert min(written) >= 20
