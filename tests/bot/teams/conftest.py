"""A bot whose handler only records what it heard, served over real HTTP, and Teams beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.teams.connector import TeamsChannel
from bot.teams.edge import Edge
from bot.teams.settings import EdgeSettings
from bot.turn import Answer, Turn
from tests.teams import Teams

SORRY = "Something went wrong; nothing was changed. Please try again."
SUMMARY = "A message from the board"


class Recorder:
    """Answers every turn with `answer` (or what it returns), or raises it; `turns` are those it heard."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.answer: Answer | Exception | Callable[[Turn], Awaitable[Answer]] = None

    async def __call__(self, turn: Turn) -> Answer:
        self.turns.append(turn)
        if isinstance(self.answer, Exception):
            raise self.answer
        return await self.answer(turn) if callable(self.answer) else self.answer


def quick_channel(settings: EdgeSettings, **more: Any) -> TeamsChannel:
    """A channel whose pauses are too short to notice."""
    return TeamsChannel(settings.hosts(), **{"first_wait": 0.001, "longest_wait": 0.05, "timeout": 10.0, **more})


@asynccontextmanager
async def served(edge: Edge) -> AsyncIterator[str]:
    """Serve the edge; yields the URL of its endpoint."""
    app = web.Application()
    edge.add_routes(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bot_for(teams: Teams, handler: Recorder, settings: EdgeSettings) -> AsyncIterator[Edge]:
    """Run a bot with these settings and point `teams` at it."""
    channel = quick_channel(settings)
    edge = Edge(settings, handler, channel, sorry=SORRY, summary=SUMMARY)
    async with served(edge) as url:
        teams.bot = url
        yield edge
    await channel.close()


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as running:
        yield running


@pytest.fixture
def handler() -> Recorder:
    return Recorder()


@pytest.fixture
async def edge(teams: Teams, handler: Recorder) -> AsyncIterator[Edge]:
    """A bot without authentication, as on a developer's machine."""
    async with bot_for(teams, handler, EdgeSettings()) as running:
        yield running
