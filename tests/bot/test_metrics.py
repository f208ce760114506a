"""Counts for Prometheus, read with its own parser."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics

Sample = tuple[str, tuple[tuple[str, str], ...]]


async def scraped(metrics: Metrics) -> dict[Sample, float]:
    """What a scrape over HTTP finds, by name and labels."""
    app = web.Application()
    app.router.add_get("/metrics", metrics.serve)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        families = list(text_string_to_metric_families(await answer.text()))
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


async def test_turns() -> None:
    """A turn is counted by kind and outcome, and its time falls into a bucket."""
    metrics = Metrics()
    metrics.turn("message", "answered", 0.3)
    metrics.turn("message", "answered", 0.02)
    metrics.turn("task/fetch", "refused", 0.02)
    seen = await scraped(metrics)
    assert seen["mhrmb_turns_total", (("kind", "message"), ("outcome", "answered"))] == 2
    assert seen["mhrmb_turns_total", (("kind", "task/fetch"), ("outcome", "refused"))] == 1
    assert seen["mhrmb_turn_seconds_bucket", (("kind", "message"), ("le", "0.25"))] == 1
    assert seen["mhrmb_turn_seconds_bucket", (("kind", "message"), ("le", "0.5"))] == 2


async def test_kept_elsewhere() -> None:
    """Numbers that the parts keep are read at each scrape, growing ones as counters."""
    metrics, posts, waiting = Metrics(), {"sent": 3.0, "failed": 0.0}, [4.0]
    metrics.counts("mhrmb_posts", "Posts.", {name: lambda name=name: posts[name] for name in posts})
    metrics.counts("mhrmb_sharepoint_requests", "Requests.", {"": lambda: 7.0})
    metrics.shows("mhrmb_posts_waiting", "Waiting.", lambda: waiting[0])
    before = await scraped(metrics)
    posts["failed"], waiting[0] = 2.0, 0.0
    after = await scraped(metrics)
    assert before["mhrmb_posts_total", (("outcome", "failed"),)] == 0
    assert after["mhrmb_posts_total", (("outcome", "failed"),)] == 2
    assert after["mhrmb_posts_total", (("outcome", "sent"),)] == 3
    assert before["mhrmb_posts_waiting", ()] == 4
    assert after["mhrmb_posts_waiting", ()] == 0
    assert after["mhrmb_sharepoint_requests_total", ()] == 7


async def test_two_bots_do_not_share() -> None:
    """Each bot has a registry of its own."""
    one, other = Metrics(), Metrics()
    one.refused(401)
    assert (await scraped(one))["mhrmb_requests_refused_total", (("status", "401"),)] == 1
    assert ("mhrmb_requests_refused_total", (("status", "401"),)) not in await scraped(other)
