"""A year of the subgroup: three hundred referrals, a meeting every week, a report to each board; then a recount."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.actions import provisioned
from tests.scenarios.recount import faults
from tests.scenarios.year import live

__all__ = ["provisioned"]

pytestmark = [pytest.mark.soak, pytest.mark.asyncio]

LAST = date(2027, 11, 16)
MEMORY_MB = 200
"""What the bot may hold after a year, its papers made."""


async def test_a_year_leaves_a_record_in_order(
    tmp_path: Path, provisioned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fifty-two weeks through `/api/messages`: every answer as expected, no fault in the record, each report right."""
    async with live(tmp_path, provisioned) as year:
        of = await year.live(52)
        memory = year.story.bot.memory_mb()
    with capsys.disabled():
        print(f"\n{year.done}, {memory:.0f} MB")  # noqa: T201
    assert memory < MEMORY_MB
    assert year.unsaid == []
    assert faults(of, LAST) == []
    assert year.done["referred"] > 250
    assert len(of.rows["Hearings"]) > 150
    assert {row["Status"] for row in of.rows["Referrals"]} >= {"Reviewed"} | {"Plan agreed", "Withdrawn", "Redirected"}
    assert len(of.reports) > 7
