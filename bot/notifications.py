"""`POST /api/sharepoint/changes`: SharePoint's handshake, and its notifications that a list changed.

Whoever sends what, the answer comes at once and the most that happens is one look at the lists (`Pace` says when).
Statuses: 405, 415, 413, 408 and 400 for what is no notification, 403 without our secret, 404 for a subscription that is
not ours, 503 before the secret is read, else 200. To SharePoint any status but 2xx is the same (documented): it tries
four times more, five minutes apart, and then drops it. So a batch with one good entry is answered 200, lest a leftover
entry should have the good ones repeated.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from bot.logs import tell
from bot.webhooks import PATH, Heard, Webhooks

log = logging.getLogger("mhrmb.notifications")

LARGEST = 64 * 1024
"""Bytes; one entry is some 400, and a batch of ours has seven."""

LONGEST = 5.0
"""Seconds for the body to arrive: SharePoint itself waits no longer for an answer."""

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=:;,@!$ -]{1,256}")
"""What is echoed: anything a token may be made of, nothing that could be markup."""

_PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_REFUSALS = {Heard.FOREIGN: 403, Heard.UNKNOWN: 404, Heard.NOT_YET: 503}
_TELL_EVERY = 60.0


class Notifications:
    """The endpoint. `changed` is called for each request that carries a valid notification. Counts what came."""

    def __init__(self, webhooks: Webhooks, changed: Callable[[], None]) -> None:
        self._webhooks = webhooks
        self._changed = changed
        self._told_at = float("-inf")
        self.valid = self.refused = 0

    def add_routes(self, app: web.Application) -> None:
        """Serve it in this application."""
        app.router.add_route("*", PATH, self.receive)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request; never raises for what a caller sent."""
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"})
        token = next((value for name, value in request.query.items() if name.lower() == "validationtoken"), None)
        if token is not None:
            return _echo(token)
        status = _bad_head(request)
        if status:
            return self._refuse(status, "not a notification")
        try:
            async with asyncio.timeout(LONGEST):
                entries = _entries(await _body(request))
        except TimeoutError:
            return self._refuse(408, "the body did not arrive")
        except _TooLarge:
            return self._refuse(413, "too large")
        except ValueError:
            return self._refuse(400, "not a notification")
        heard = self._webhooks.heard(entries)
        if heard is not Heard.VALID:
            return self._refuse(_REFUSALS[heard], heard.value)
        self.valid += 1
        self._changed()
        return web.Response()

    def _refuse(self, status: int, why: str) -> web.Response:
        """Refuse, saying so in the log at most once a minute, however much comes."""
        self.refused += 1
        if time.monotonic() - self._told_at >= _TELL_EVERY:
            self._told_at = time.monotonic()
            tell(log, logging.WARNING, "a notification was refused", status=status, why=why, refused=self.refused)
        return web.Response(status=status, headers={"Retry-After": "60"} if status == 503 else None)


class _TooLarge(Exception):
    pass


def _echo(token: str) -> web.Response:
    if not _TOKEN.fullmatch(token):
        return web.Response(status=400)
    return web.Response(text=token, content_type="text/plain", headers=_PLAIN)


def _bad_head(request: web.Request) -> int:
    if request.content_type != "application/json" or request.headers.get("Content-Encoding"):
        return 415
    return 413 if (request.content_length or 0) > LARGEST else 0


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > LARGEST:
                raise _TooLarge
    except web.RequestPayloadError as error:
        raise ValueError("broken") from error
    return bytes(body)


def _entries(body: bytes) -> list[dict[str, Any]]:
    """The notifications in a body; ValueError for anything else."""
    read = orjson.loads(body)
    entries = read.get("value") if isinstance(read, dict) else None
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise ValueError("not a notification")
    return entries
