"""What the bot counts, for Prometheus: turns, requests, posts, and how long ago it last got round. Never a person.

Labels take their values from fixed sets (a kind, an outcome, a status), so the number of series is bounded and none
can carry what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector

SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.0, 5.0, 10.0)
"""Bounds of the histogram of turns: Teams gives up on a button after about five seconds."""

Read = Callable[[], float]


class Metrics:
    """The counts of one bot, in a registry of their own: two bots in one process do not share them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._turns = Counter(
            "mhrmb_turns", "Turns, by what came in and how it ended.", ("kind", "outcome"), registry=self._registry
        )
        self._seconds = Histogram(
            "mhrmb_turn_seconds", "How long turns took.", ("kind",), buckets=SECONDS, registry=self._registry
        )
        self._refused = Counter(
            "mhrmb_requests_refused", "Requests refused at the door.", ("status",), registry=self._registry
        )

    def turn(self, kind: str, outcome: str, seconds: float) -> None:
        """Count one turn: both words come from fixed sets of ours."""
        self._turns.labels(kind, outcome).inc()
        self._seconds.labels(kind).observe(seconds)

    def refused(self, status: int) -> None:
        """Count a request that no handler saw."""
        self._refused.labels(str(status)).inc()

    def counts(self, name: str, says: str, reads: Mapping[str, Read]) -> None:
        """Show numbers that only grow, kept elsewhere and read when somebody asks; the keys are their `outcome`."""
        self._registry.register(_Kept(name, says, reads, growing=True))

    def shows(self, name: str, says: str, read: Read) -> None:
        """Show a number that goes up and down, kept elsewhere and read when somebody asks."""
        self._registry.register(_Kept(name, says, {"": read}, growing=False))

    async def serve(self, _request: web.Request) -> web.Response:
        """Answer `GET /metrics` in Prometheus' text format."""
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Kept:
    """Numbers that the parts keep as plain attributes, so that counting costs them nothing."""

    def __init__(self, name: str, says: str, reads: Mapping[str, Read], *, growing: bool) -> None:
        self._name, self._says, self._reads, self._growing = name, says, reads, growing

    def describe(self) -> Iterator[Metric]:
        """Tell the name without reading anything yet."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        """Read the numbers now."""
        family = self._family()
        for key, read in self._reads.items():
            family.add_metric([key] if key else [], read())
        yield family

    def _family(self) -> CounterMetricFamily | GaugeMetricFamily:
        labels = [] if "" in self._reads else ["outcome"]
        made = CounterMetricFamily if self._growing else GaugeMetricFamily
        return made(self._name, self._says, labels=labels)
