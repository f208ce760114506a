"""Killed while it writes: what was acknowledged is there, and nothing is there by halves."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.embedded_server import EmbeddedServer
from tests.sharepoint.embedded.kills import begin, kill_once, look
from tests.sharepoint.embedded.nursery import ForkedServer, Nursery


def survive(server: EmbeddedServer, kills: int, seed: int) -> int:
    """So many kills of one server over one directory; how many items were acknowledged."""
    victim, chance = begin(server), random.Random(seed)
    try:
        for number in range(kills):
            kill_once(victim, number, chance)
    finally:
        victim.server.stop()
    look(victim)
    return len(victim.kept)


@pytest.mark.long
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    """Twenty kills among concurrent writers and batches: items, versions, changes, counts, ids and ETags agree."""
    assert survive(EmbeddedServer(tmp_path / "own"), 4, 1) >= 4
    with Nursery() as nursery:
        assert survive(ForkedServer(tmp_path / "forked", nursery), 16, 2) >= 16
