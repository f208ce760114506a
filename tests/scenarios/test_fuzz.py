"""Two thousand spoilt activities through the front door: whatever people and clients send, nothing breaks or leaks."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fuzz.run import fuzz_board, members, powerless
from tests.scenarios.board import Story

pytestmark = pytest.mark.long

SEED = int(os.environ.get("FUZZ_SEED", "20261123"))
"""Always the same two thousand; set FUZZ_SEED to send others."""


@pytest.fixture
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[Story]:
    """A small board with three referrals and four actions, all about cases."""
    async with fuzz_board(tmp_path / "bot", provisioned) as story:
        yield story


async def test_the_powerless_change_nothing(board: Story) -> None:
    """Whatever a stranger, an observer or a lapsed agency's member sends: sentences, refusals on record, no more."""
    told = await powerless(board, SEED, range(1_000))
    assert not told.wrong, "\n".join(told.wrong[:12])
    assert told.statuses["200"] > 300
    assert told.statuses["400"] > 50


async def test_members_change_only_what_is_theirs(board: Story) -> None:
    """Whatever members send, no list of people changes, choices stay the board's words, and no channel says theirs."""
    told = await members(board, SEED, range(1_000))
    assert not told.wrong, "\n".join(told.wrong[:12])
    assert told.statuses["200"] > 300
    assert told.posts > 100
