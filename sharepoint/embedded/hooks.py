"""Calling receivers: the handshake of a new subscription, and notifications, apart from every request.

Nothing here holds a request up but the handshake of the one that asked for it: deliveries are tasks of their own, one
for each notification URL, so that a receiver that hangs keeps only itself waiting. What is still to be told is in the
database, so a restart tells it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import uuid
from contextlib import suppress
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
import orjson

from sharepoint.embedded import subscriptions
from sharepoint.embedded.errors import NotValidated
from sharepoint.embedded.site import Site

ATTEMPTS = 5
"""SharePoint tries five times and then drops the notification (documented)."""

_ANSWER = 4096
_log = logging.getLogger(__name__)


class Hooks:
    """The callers of one site. `after` gathers changes, `retry` parts attempts, `patience` bounds a call: seconds.

    SharePoint's are some seconds to a minute (report), five minutes and five seconds (documented).
    """

    def __init__(self, site: Site, *, after: float = 1.0, retry: float = 300.0, patience: float = 5.0) -> None:
        self._site = site
        self._after = after
        self._retry = retry
        self._patience = patience
        self._changed = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Begin to tell of changes, those of before a restart first."""
        self._site.on_change.append(self._changed.set)
        self._changed.set()
        self._watch = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop at once: what was not told is told after the next start."""
        tasks = [*self._under_way.values(), *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def handshake(self, url: str) -> None:
        """POST a token to the URL, which must come back within five seconds as 200 text/plain; else NotValidated."""
        token = str(uuid.uuid4())
        answer = await self._post(_with_token(url, token), b"")
        if answer is None or answer != (200, "text/plain", token.encode()):
            raise NotValidated(url)

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(self._after)
            self._changed.clear()
            for url in self._urls():
                if url not in self._under_way:
                    task = asyncio.create_task(self._tell(url))
                    self._under_way[url] = task
                    task.add_done_callback(lambda done, url=url: self._told(url, done))  # type: ignore[misc]

    def _urls(self) -> list[str]:
        """The notification URLs that something is due for; none while the database cannot be read."""
        try:
            return sorted({str(row["url"]) for row in subscriptions.due(self._site)})
        except sqlite3.Error as error:
            _log.error("notifications wait: %s", type(error).__name__)
            return []

    def _told(self, url: str, task: asyncio.Task[None]) -> None:
        self._under_way.pop(url, None)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a notification broke off: %s", type(error).__name__)
        if not task.cancelled() and not task.exception():
            self._changed.set()  # what changed meanwhile is told next

    async def _tell(self, url: str) -> None:
        """Tell one receiver of all that is due for it; each attempt takes in what changed since the last."""
        rows: list[sqlite3.Row] = []
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._retry)
            rows = [row for row in subscriptions.due(self._site) if row["url"] == url]
            told = {"value": [subscriptions.notification(self._site, row) for row in rows]}
            if not rows or _is_well(await self._post(url, orjson.dumps(told))):
                break
        if rows:
            subscriptions.told(self._site, rows)

    async def _post(self, url: str, body: bytes) -> tuple[int, str, bytes] | None:
        """The status, type and first bytes of the answer; None when none came in time."""
        if not subscriptions.may_be_called(url):
            return None
        headers = {"Content-Type": "application/json"} if body else {}
        with suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
            async with (
                asyncio.timeout(self._patience),
                self._client().post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return answer.status, answer.content_type, await answer.content.read(_ANSWER)
        return None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No cookies, no proxies, and no connection kept: a receiver is called now and then.
            connector = aiohttp.TCPConnector(limit=50, force_close=True)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session


def _is_well(answer: tuple[int, str, bytes] | None) -> bool:
    return answer is not None and 200 <= answer[0] <= 299


def _with_token(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode({"validationtoken": token})]))
    return urlunsplit(parts._replace(query=query))
