"""Readiness, part by part, with each part made to fail."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.operating import STUCK, Operating


@dataclass
class Parts:
    """A loop, an outbox and Teams, as far as readiness asks them."""

    alive_at: float
    late: float = 0.0
    waiting: int = 3
    down: bool = False


async def asked(parts: Parts, stale_after: float = 30.0) -> tuple[int, dict[str, Any]]:
    app = web.Application()
    Operating(cast("Any", parts), cast("Any", parts), cast("Any", parts), stale_after=stale_after).add_routes(app)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/readyz")
        assert (await client.get("/healthz")).status == 200
        return answer.status, json.loads(await answer.text())


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({}, 200, {"posts": "3 waiting", "lists": "watched", "clock": "running"}),
        ({"alive_at": -1_000.0}, 503, {"lists": "not reached lately"}),
        ({"late": STUCK + 1}, 503, {"posts": "stuck"}),
        ({"late": STUCK - 1}, 200, {"posts": "3 waiting"}),
        ({"down": True}, 200, {"teams": "not answering"}),
    ],
)
async def test_parts(change: dict[str, Any], status: int, told: dict[str, str]) -> None:
    """What cannot do its work is named, and only that makes the bot unready; alive it is throughout."""
    parts = Parts(alive_at=time.monotonic())
    for name, value in change.items():
        setattr(parts, name, value + (parts.alive_at if name == "alive_at" else 0))
    answered, body = await asked(parts)
    assert (answered, body["ready"]) == (status, status == 200)
    assert told.items() <= body.items()


async def test_a_stopped_clock() -> None:
    """A clock that has not ticked for too long is told."""
    answered, body = await asked(Parts(alive_at=float("inf")), stale_after=-1.0)
    assert (answered, body["clock"]) == (503, "stopped")
