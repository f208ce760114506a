"""Bare aiohttp doing the same outward work as a turn of ours and nothing else: the least a turn could cost.

No token is checked, nothing is validated or decided, the card is a constant. The server runs in this process beside the
client, as ours does not; that flatters neither by more than the switch between processes.
"""

from __future__ import annotations

from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.running import TOKEN
from tests.teams import Teams

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "x" * 200}] * 10}
READ = "web/lists/getByTitle('Referrals')/items?$filter=Id%20eq%201&$top=1"

OPEN = "web/lists/getByTitle('Actions')/items?$filter=Open%20eq%201&$top=5000"


class Floor:
    """Serves a message (one post to Teams) and an invoke (one read of SharePoint)."""

    def __init__(self, site: str, teams: Teams) -> None:
        self._site = site
        self._service = teams.service_url
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._url = ""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_post("/message", self._message)
        app.router.add_post("/invoke", self._invoke)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    async def message(self, session: aiohttp.ClientSession, *, read: bool = False) -> None:
        """One message turn; with `read` it reads the open actions first."""
        async with session.post(f"{self._url}/message", json={"text": "help", "read": read}) as answer:
            await answer.read()

    async def invoke(self, session: aiohttp.ClientSession) -> None:
        """One invoke turn."""
        async with session.post(f"{self._url}/invoke", json={"value": {}}) as answer:
            await answer.read()

    async def _message(self, request: web.Request) -> web.Response:
        said = await request.json()
        assert self._session is not None
        if said["read"]:
            headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json;odata=nometadata"}
            async with self._session.get(f"{self._site}/_api/{OPEN}", headers=headers) as answer:
                await answer.json()
        content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
        body = {"type": "message", "attachments": [content]}
        url = f"{self._service.rstrip('/')}/v3/conversations/a:floor/activities"
        async with self._session.post(url, json=body) as answer:
            await answer.read()
        return web.Response()

    async def _invoke(self, request: web.Request) -> web.Response:
        await request.json()
        assert self._session is not None
        headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json;odata=nometadata"}
        async with self._session.get(f"{self._site}/_api/{READ}", headers=headers) as answer:
            read: Any = await answer.json()
        return web.json_response({"card": CARD, "rows": len(read["value"])})
