"""A person at a browser talks with a running bot through a small page of ours: `Chat` serves it, `Hands` drive it."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.teams import JSON, Person, Place, Teams

HERE = Path(__file__).parent
ANSWER = 30.0
"""Seconds that one thing a person does may take, its waiting included."""


class Chat:
    """Serves the page beside the stand-in for Teams, whose posts it shows; activities go on to the bot as they came."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._seats: list[tuple[Person, Place]] = []
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        files = {"/": "chat.html", "/chat.mjs": "chat.mjs", "/teams.mjs": "teams.mjs"}
        for path, name in files.items():
            app.router.add_get(path, _file(HERE / name))
        app.router.add_static("/modules", HERE / "node_modules")
        app.router.add_get("/config", self._config)
        app.router.add_get("/posts", self._posts)
        app.router.add_post("/api/messages", self._forward)
        self._client = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._client is not None:
            await self._client.close()

    def seat(self, person: Person, place: Place) -> str:
        """The address of the page where this person sits in this conversation."""
        self._seats.append((person, place))
        return f"http://127.0.0.1:{self._port}/?seat={len(self._seats) - 1}"

    def _seat(self, request: web.Request) -> tuple[Person, Place]:
        return self._seats[int(request.query["seat"])]

    async def _config(self, request: web.Request) -> web.Response:
        person, place = self._seat(request)
        account = {"id": self._teams.bot_id, "name": self._teams.bot_name}
        mention = {"type": "mention", "mentioned": account, "text": f"<at>{self._teams.bot_name}</at>"}
        envelope = self._teams.activity(person, place, "invoke")
        return web.json_response(
            {"envelope": envelope, "channel": place.channel_id, "bot": self._teams.bot_name, "mention": [mention]}
        )

    async def _posts(self, request: web.Request) -> web.Response:
        _, place = self._seat(request)
        posts = self._teams.posts_in(place)
        return web.json_response([{"id": p.id, "edits": p.edits, "activity": p.activity} for p in posts])

    async def _forward(self, request: web.Request) -> web.Response:
        assert self._client is not None
        headers = {"Content-Type": "application/json"}
        async with self._client.post(self._teams.bot, data=await request.read(), headers=headers) as answer:
            body = await answer.read()
            return web.Response(status=answer.status, body=body, content_type="application/json")


def _file(path: Path) -> Any:
    async def served(_request: web.Request) -> web.StreamResponse:
        kind = "text/javascript" if path.suffix == ".mjs" else "text/html"
        return web.Response(text=path.read_text(), content_type=kind)

    return served


class Hands:
    """A person's hands and eyes in one headless Chromium. Each raises AssertionError with what the page says."""

    def __init__(self) -> None:
        self._node: asyncio.subprocess.Process | None = None
        self.said = ""

    async def __aenter__(self) -> Self:
        node = shutil.which("node")
        assert node is not None, "node was not found; install Node 20 or newer."
        self._node = await asyncio.create_subprocess_exec(
            node,
            str(HERE / "person.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1024 * 1024,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._node is not None
        assert self._node.stdin is not None
        self._node.stdin.close()
        try:
            await asyncio.wait_for(self._node.wait(), 10)
        except TimeoutError:
            self._node.kill()
            await self._node.wait()

    async def _do(self, what: str, **how: Any) -> Any:
        assert self._node is not None
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(f"{json.dumps({'do': what, **how})}\n".encode())
        await self._node.stdin.drain()
        line = await asyncio.wait_for(self._node.stdout.readline(), ANSWER)
        assert line, "the browser ended; is there a Chromium? (tests/browser/ensure-chromium)"
        told: JSON = json.loads(line)
        self.said = told["said"]
        assert "failed" not in told, f"{told['failed']}\n--- the page says ---\n{self.said}"
        return told["came"]

    async def sits_down(self, address: str) -> None:
        """Open the page."""
        await self._do("open", url=address)

    async def types(self, text: str) -> None:
        """Type a message and send it."""
        await self._do("type", text=text)

    async def clicks(self, button: str) -> None:
        """Click the newest button of that title, in the dialog while one is open."""
        await self._do("click", button=button)

    async def fills(self, **fields: str) -> None:
        """Fill fields by their labels, underscores for spaces."""
        for label, value in fields.items():
            await self._do("fill", label=label.replace("_", " "), value=value)

    async def chooses(self, label: str, value: str) -> None:
        """Choose from a list."""
        await self._do("choose", label=label, value=value)

    async def reads(self, text: str) -> None:
        """Wait until this is to be read."""
        await self._do("reads", text=text)

    async def holds(self, label: str) -> str:
        """What a field holds."""
        return str(await self._do("holds", label=label))

    async def tabs_to(self, name: str) -> int:
        """Press Tab until what has that name has the focus; how often that was."""
        return int(await self._do("tabs", name=name))

    async def presses(self, *keys: str) -> None:
        """Press keys by their names."""
        await self._do("keys", keys=keys)

    async def writes(self, text: str) -> None:
        """Type letters into whatever has the focus."""
        await self._do("writes", text=text)
