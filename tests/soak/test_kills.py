"""A thousand kills of the embedded server while it writes."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sharepoint.embedded.nursery import ForkedServer, Nursery
from tests.sharepoint.embedded.test_kills import survive

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1500)]

KILLS = int(os.environ.get("SOAK_KILLS", "1000"))
KILLS_A_SITE = 25
"""After so many a fresh directory is begun: looking at the file costs what is in it."""


def test_a_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    """Whenever it dies, among concurrent writers and batches: what was acknowledged is there, nothing by halves."""

    def site(seed: int) -> int:
        with Nursery() as nursery:
            return survive(ForkedServer(tmp_path / f"site-{seed}", nursery), KILLS_A_SITE, seed)

    begun = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(site, range(KILLS // KILLS_A_SITE)))
    print(  # noqa: T201 - the figures are what whoever runs this wants to see
        f"\n{len(written) * KILLS_A_SITE} kills over {len(written)} sites in {time.monotonic() - begun:.0f} s; "
        f"{sum(written)} items acknowledged, none lost"
    )
    assert min(written) >= KILLS_A_SITE
