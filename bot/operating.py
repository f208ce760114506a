"""What those who run the bot can ask it: is it there, is it fit to serve, and what has it done.

`/healthz` says that the process answers: restart it when it does not. `/readyz` says what it found: 503 when the lists
were not reached lately, the clock has stopped, or a post has long been due and nobody tried it. Teams being down is
told there, but does not make the bot unready: it answers people, and posts wait. `/metrics` counts for Prometheus.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.metrics import Metrics

if TYPE_CHECKING:
    from bot.lease import Lease
    from bot.outbox import Outbox
    from bot.teams.connector import TeamsChannel
    from bot.watch import Watch
    from sharepoint.client import SharePoint

STUCK: Final = 900.0
"""Seconds that a post may be overdue before it counts as stuck: a full channel of 1,800 an hour is not."""


class Operating:
    """The three addresses. `stale_after` is how many seconds old a sign of life of the loop or the clock may be."""

    def __init__(self, watch: Watch, outbox: Outbox, channel: TeamsChannel, *, stale_after: float) -> None:
        self.metrics = Metrics()
        self._watch, self._outbox, self._channel = watch, outbox, channel
        self._stale_after = stale_after
        self._ticked_at = time.monotonic()

    def add_routes(self, app: web.Application) -> None:
        """Serve them in this application."""
        app.router.add_get("/healthz", _healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self.metrics.serve)

    def ticked(self) -> None:
        """The clock is alive."""
        self._ticked_at = time.monotonic()

    def count(self, site: SharePoint, lease: Lease) -> None:
        """Show what the parts keep: requests, posts, and how long ago they last got round."""
        box, metrics = self._outbox, self.metrics
        posts: dict[str, Callable[[], float]] = {
            "sent": lambda: box.sent,
            "updated": lambda: box.updated,
            "failed": lambda: box.failed,
            "unknown": lambda: box.unknown,
            "merged": lambda: box.merged,
        }
        metrics.counts("mhrmb_posts", "Posts to Teams since the start, by what became of each try.", posts)
        metrics.counts("mhrmb_sharepoint_requests", "Requests to SharePoint.", {"": lambda: site.requests_made})
        metrics.counts("mhrmb_teams_requests", "Requests to Teams.", {"": lambda: self._channel.requests})
        metrics.shows("mhrmb_posts_waiting", "Posts that wait for another try.", lambda: box.waiting)
        metrics.shows("mhrmb_posts_overdue_seconds", "How long the most overdue post has waited.", lambda: box.late)
        metrics.shows("mhrmb_teams_down", "1 while Teams does not answer.", lambda: float(self._channel.down))
        metrics.shows("mhrmb_lease_held", "1 in the process that posts.", lambda: float(lease.held()))
        metrics.shows("mhrmb_lists_age_seconds", "Since the lists were last watched.", self._age)

    def _age(self) -> float:
        return time.monotonic() - self._watch.alive_at

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Each part in words, and 503 when one of them cannot do its work."""
        watched = self._age() < self._stale_after
        clock = time.monotonic() - self._ticked_at < self._stale_after
        stuck = self._outbox.late > STUCK
        body = {
            "ready": watched and clock and not stuck,
            "lists": "watched" if watched else "not reached lately",
            "clock": "running" if clock else "stopped",
            "posts": "stuck" if stuck else f"{self._outbox.waiting} waiting",
            "teams": "not answering" if self._channel.down else "answering, or not asked yet",
        }
        return web.json_response(body, status=200 if body["ready"] else 503)


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
