"""What a long list costs: the same indexed query of twenty rows over 60 actions and over 60,000, in one run."""

from __future__ import annotations

import shutil
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.embedded_server import EmbeddedServer
from tests.sharepoint.seeding import CHOSEN, provision, seed_actions

FEW, MANY, OPEN = 60, 60_000, 300
ROUNDS, WARM_UP = 200, 20
MOST_RATIO = 3.0
FILTER = quote(f"Programme eq '{CHOSEN}'")
PATH = f"web/lists/getByTitle('Actions')/items?$filter={FILTER}&$top=20"


@dataclass(frozen=True)
class Scale:
    """Seconds: to load the many, and the medians of the query over few and over many."""

    loading: float
    few: float
    many: float

    @property
    def ratio(self) -> float:
        """How much longer it takes over many."""
        return self.many / self.few

    def __str__(self) -> str:
        took = f"{self.few * 1000:.1f} and {self.many * 1000:.1f} ms; {self.ratio:.2f} x"
        loaded = f"{MANY:,} loaded in {self.loading:.0f} s, without HTTP"
        return f"20 rows by an index, of {FEW} and {MANY:,} actions  {took}   (bound: {MOST_RATIO:g} x; {loaded})"


def sites(folder: Path) -> tuple[Path, Path, float]:
    """Two provisioned sites, one with few actions and one with many, and the seconds that the many took to load."""
    few, many = folder / "few", folder / "many"
    provision(few)
    shutil.copytree(few, many)
    seed_actions(few, FEW, FEW // 2)
    return few, many, seed_actions(many, MANY, OPEN)


def measured(few: Path, many: Path, loading: float) -> Scale:
    """Ask both in turn, so that what else the machine does falls on both alike."""
    with EmbeddedServer(few) as small, EmbeddedServer(many) as large:
        took: dict[int, list[float]] = {small.port: [], large.port: []}
        for turn in range(WARM_UP + ROUNDS):
            for server in (small, large):
                begun = time.perf_counter()
                rows = server.get(PATH)["value"]
                if turn >= WARM_UP:
                    took[server.port].append(time.perf_counter() - begun)
                assert len(rows) == 20
        return Scale(loading, statistics.median(took[small.port]), statistics.median(took[large.port]))
