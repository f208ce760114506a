"""Somebody to notify: answers SharePoint's validation handshake on one address and refuses it on another."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self
from urllib.parse import parse_qs, urlsplit


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        address = urlsplit(self.path)
        token = parse_qs(address.query).get("validationtoken", [""])[0]
        body = token.encode() if address.path == "/changes" else b"who are you?"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""


class Receiver:
    """A receiver on loopback. At `/changes` it answers the handshake, anywhere else it does not understand it."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        """Its scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
