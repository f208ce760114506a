"""The first cycle of the nine boards' year (`make soak` lives all of it): from three weeks before to two days after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.actions import provisioned
from tests.scenarios.nine_boards import CO_CHAIRS, LEAD, MANAGER, Climbing, nine_boards, script

__all__ = ["provisioned"]


@pytest.mark.timeout(180)
@pytest.mark.long
async def test_the_first_cycle(tmp_path: Path, provisioned: Path) -> None:
    """Every milestone once on its day, every overdue action on its rung, what the board decided told."""
    async with nine_boards(tmp_path, provisioned, script(8)) as year:
        await year.live(date(2026, 11, 19))
    assert year.wrong == []
    assert year.days == 32


def test_the_climb_is_counted_as_a_wall_calendar_does() -> None:
    """Over Christmas: due on Thursday 17 December; the 25th, the 28th and 1 January are holidays."""
    left = Climbing("MHT", date(2026, 12, 17))
    assert {day: rung for day, rung in left.rungs().items() if rung in (MANAGER, LEAD)} == {
        date(2026, 12, 29): MANAGER,  # 18, 21, 22, 23 and 24 December are the owner's five
        date(2027, 1, 6): LEAD,  # 29, 30, 31 December, 4 and 5 January
    }
    answered = Climbing("POL", date(2026, 12, 17), answered=[date(2026, 12, 23)])
    assert answered.rungs() == {
        date(2026, 12, 22): LEAD,  # 18 and 21 December are its owner's two
        date(2026, 12, 31): CO_CHAIRS,  # answered on the 23rd: 24, 29 and 30 December
    }
