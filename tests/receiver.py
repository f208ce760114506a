"""A stand-in receiver of webhooks: answers handshakes well or badly, and keeps what it was told."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import orjson

JSON = dict[str, Any]


class Receiver:
    """On loopback while the block runs. `manner` is how it behaves, and may be changed at any time:

    `well`; `wrong token`, `html`, `status 201`, `redirect` (handshakes); `status 500`; `hang` (until it is closed).
    """

    def __init__(self, manner: str = "well") -> None:
        self.manner = manner
        self.handshakes: list[str] = []
        self.calls: list[JSON] = []
        self._closed = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def told(self, count: int = 1, within: float = 10) -> list[JSON]:
        """The notifications of all calls so far, once there are so many; fails when they do not come."""
        deadline = time.monotonic() + within
        while len(found := [each for call in list(self.calls) for each in call["value"]]) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} notifications came instead of {count}")
            time.sleep(0.02)
        return found

    def calls_made(self, count: int, within: float = 10) -> None:
        """Wait for so many calls, whatever they were answered."""
        deadline = time.monotonic() + within
        while len(self.calls) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.calls)} calls came instead of {count}")
            time.sleep(0.02)

    def answer(self, path: str, body: bytes) -> tuple[int, str, bytes]:
        """What it answers: status, content type and body."""
        manner = self.manner
        tokens = parse_qs(urlsplit(path).query).get("validationtoken")
        if tokens:
            self.handshakes.append(path)
        else:
            self.calls.append(orjson.loads(body))
        if manner == "hang":
            self._closed.wait(30)
        if manner.startswith("status"):
            return int(manner.split()[1]), "text/plain", (tokens or [""])[0].encode()
        if manner == "redirect":
            return 302, "text/plain", b""
        if manner == "wrong token":
            return 200, "text/plain", b"another"
        return 200, "text/html" if manner == "html" else "text/plain", (tokens or [""])[0].encode()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, kind, answer = receiver.answer(
                self.path, self.rfile.read(int(self.headers.get("Content-Length", 0)))
            )
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Location", receiver.url)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
