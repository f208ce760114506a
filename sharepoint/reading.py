"""How the site is read: on the event loop, by one aiohttp session, without a thread and without the typed client.

Most requests are reads, and nothing of what the client is kept for (items' types, form digests) is needed to read; what
one costs either way stands in `docs/speed.md`. How long one may last is the caller's: leaving `asyncio.timeout` closes
the connection, so a slow answer holds nothing. A read on a connection that the other side has closed meanwhile aiohttp
itself sends once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp
from yarl import URL

from sharepoint import outward
from sharepoint.answers import Answer, check
from sharepoint.errors import StoreBusy
from sharepoint.sign_in import SignIn

AT_ONCE: Final = 16
"""Connections that may read at once; more wait their turn within their own time."""

KEPT: Final = 60.0
"""Seconds that a connection nobody uses is kept open."""

_WRITTEN: Final = ":/?#[]@!$&'()*+,;=%~"
"""What a path that its maker encoded already may hold beside letters, digits and `-._`."""


class Reader:
    """Reads of one site. `heard` is told the status and headers (names in lower case) of every answer.

    `takes` are the seconds to connect, and between bytes. Bound to the event loop that reads first.
    """

    def __init__(
        self,
        site_url: str,
        sign_in: SignIn,
        user_agent: str,
        heard: Callable[[int, Mapping[str, Any]], None],
        *,
        takes: tuple[float, float],
    ) -> None:
        self._site_url, self._sign_in = site_url, sign_in
        self._headers = {"User-Agent": user_agent}
        self._heard = heard
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=takes[0], sock_read=takes[1])
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def read(
        self, method: str, url: str, headers: Mapping[str, str], what: str, data: bytes | None = None
    ) -> Answer:
        """Send one request and return its answer whole. Raises StoreBusy, or what `check` makes of a refusal.

        A redirect is not followed: SharePoint gives none to a caller with a token, and whatever else answers does not
        get it.
        """
        token = self._sign_in.ready()
        if token is None:
            token = await asyncio.to_thread(self._sign_in.token)
        signed = {**headers, "Authorization": f"Bearer {token.value}"}
        address = URL(quote(url, safe=_WRITTEN), encoded=True)
        try:
            async with self._open().request(
                method, address, headers=signed, data=data, allow_redirects=False
            ) as response:
                told = {name.lower(): value for name, value in response.headers.items()}
                answer = Answer(response.status, told, await response.read())
        except aiohttp.ServerTimeoutError as error:
            raise StoreBusy(f"{what}: no answer in time", uncertain=True) from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientHttpProxyError, OSError) as error:
            raise StoreBusy(f"{what}: SharePoint could not be reached", uncertain=True) from error
        except aiohttp.ClientError as error:
            raise StoreBusy(f"{what}: an answer that could not be read", uncertain=True) from error
        self._heard(answer.status, answer.headers)
        return check(answer, what)

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            self._loop = loop
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=KEPT, ssl=outward.trusted()),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                headers=self._headers,
                proxy=outward.proxy(self._site_url),
            )
        return self._session
