"""A year of nine boards in one process, every day in order, against a calendar and a climb worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.actions import provisioned
from tests.scenarios.nine_boards import nine_boards, script

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.asyncio]


async def test_nine_boards(tmp_path: Path, provisioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every milestone once on its day, every overdue action on the right rung: holidays, moves, a cancelled one, four
    days' outage."""
    async with nine_boards(tmp_path, provisioned, script()) as year:
        await year.live()
        rows = year.story.bot.rows("Posts")
    with capsys.disabled():
        print(f"\n{year.days} days, {year.posts} posts, {len(rows)} notices")  # noqa: T201
    assert year.wrong == [], year.wrong
    assert {row["Status"] for row in rows} == {"Sent"}
