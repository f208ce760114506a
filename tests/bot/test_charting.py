"""Charts are drawn by a process of their own: in time or not at all, and never in the bot."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.charting import pictures
from cards.papers.charts import Chart, answered
from tests.running import ROOT

CHART = Chart("s136 detentions", "detentions", ["Sep", "Oct"], [41.0, None], [60.0, 58.0], [False, True])


async def test_a_picture_for_each_chart() -> None:
    """PNGs, in their order; nothing asked for is nothing drawn."""
    found = await pictures([CHART, CHART])
    assert [each[:4] for each in found] == [b"\x89PNG", b"\x89PNG"]
    assert await pictures([]) == []


async def test_drawing_that_takes_too_long_is_ended() -> None:
    """The paper does without: nobody waits for it."""
    assert await pictures([CHART], seconds=0.01) == []


async def test_a_chart_that_cannot_be_drawn() -> None:
    """A fault of the process is no picture, and no error."""
    assert await pictures([Chart("x", "", ["Oct"], [1.0], [], [])]) == []


@pytest.mark.parametrize("out", [b"", b"{}", b"[]", b'["bm90IGEgcGljdHVyZQ=="]', b'["%"]', b"[1]"])
def test_what_is_no_picture(out: bytes) -> None:
    """Whatever else came back is refused."""
    with pytest.raises(ValueError, match="picture"):
        answered(out, 1)


def test_the_bot_does_not_hold_the_drawing_library() -> None:
    """It takes more memory than the bot: no module that the bot loads brings it in."""
    told = "import sys, bot.app, bot.packs, bot.importing_figures; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
