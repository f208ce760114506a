"""Connections that can be cut from outside, so that a slow or unwanted answer never keeps a thread.

`requests` bounds the silence between two bytes, not the whole answer: a server that sends a byte a second holds its
reader for hours. So each call has a `Line`; cutting it shuts the socket down, and whoever reads from it gets an error
at once, whatever it was waiting for. Only connecting (2 s) and the look-up of the name cannot be cut short.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from sharepoint import outward

_here = threading.local()


class Line:
    """One call's hold on the connection it uses. `cut` may come from any thread, before, during or after the call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: HTTPConnection | None = None
        self._cut = False
        self.begun = False

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Make every connection used by this thread in the block one that `cut` ends."""
        self.take(None)
        self.begun, _here.line = True, self
        try:
            yield
        finally:
            _here.line = None
            self.take(None, late=True)

    def take(self, connection: HTTPConnection | None, *, late: bool = False) -> None:
        """Hold another connection, or none; ConnectionAbortedError if the line was cut, so nothing more is sent."""
        with self._lock:
            if self._cut and not late:
                raise ConnectionAbortedError("nobody waits for this any more")
            self._connection = connection

    def cut(self) -> None:
        """End what is under way; harmless when it has ended."""
        with self._lock:
            self._cut = True
            sock = self._connection.sock if self._connection is not None else None
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)


def _hold(connection: HTTPConnection) -> None:
    line: Line | None = getattr(_here, "line", None)
    if line is not None:
        line.take(connection)


class _Plain(HTTPConnection):
    def connect(self) -> None:
        _hold(self)
        super().connect()
        _hold(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _hold(self)
        super().request(*args, **kwargs)


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        _hold(self)
        super().connect()
        _hold(self)

    def request(self, *args: Any, **kwargs: Any) -> None:
        _hold(self)
        super().request(*args, **kwargs)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        return manager


class Session(requests.Session):
    """One site's for all threads: urllib3's pool is made for that, and cookies, which are not, are never kept.

    `heard` is told the status and headers (names in lower case) of every answer, whatever becomes of it.
    """

    def __init__(self, site_url: str, connections: int, heard: Callable[[int, Mapping[str, Any]], None]) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = outward.authorities() or True
        if way := outward.proxy(site_url):
            self.proxies = {"http": way, "https": way}
        self._heard = heard
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = _Adapter(pool_maxsize=connections)
        for scheme in ("http://", "https://"):
            self.mount(scheme, adapter)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send, read the answer whole, and let the connection go: it may serve another call from here on."""
        response = super().send(request, **kwargs)
        line: Line | None = getattr(_here, "line", None)
        if line is not None:
            line.take(None, late=True)
        self._heard(response.status_code, {name.lower(): value for name, value in response.headers.items()})
        return response
