"""Having charts drawn: a process of its own for each paper, ended when it takes too long. What fails is no picture."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.logs import tell
from cards.papers.charts import Chart, answered, asked

log = logging.getLogger("mhrmb.charting")

SECONDS = 12.0
"""How long drawing may take: a person may be waiting for the draft of a pack."""

ROOT = Path(__file__).parents[1]
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV")
"""What the process is told of the environment: none of the bot's settings, which hold its secrets."""


async def pictures(charts: Sequence[Chart], *, seconds: float = SECONDS) -> list[bytes]:
    """A PNG for each chart; none at all where they could not be drawn in time, which is said in the log."""
    if not charts:
        return []
    with tempfile.TemporaryDirectory() as folder:
        known = {name: value for name, value in os.environ.items() if name in KEPT}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "cards.papers.charts"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
            env={**known, "MPLCONFIGDIR": folder, "HOME": folder},
        )
        try:
            out, _ = await asyncio.wait_for(process.communicate(asked(charts)), seconds)
            return answered(out, len(charts))
        except (TimeoutError, ValueError, OSError) as error:
            tell(log, logging.WARNING, "charts were not drawn", error=type(error).__name__, code=process.returncode)
            return []
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
