"""The load and all around the measured bot that is not the bot, in its own process: `python -m benchmarks.load`.

It plays Teams on loopback: a stand-in connector that takes every post, an issuer of the tokens Teams calls with, and a
client that keeps so many turns under way for so long. The client and the connector are bare asyncio protocols with
requests made beforehand, so that they cost a small part of what even bare aiohttp does. Orders are lines of JSON on
standard input, answers lines of JSON on standard output; it ends with its input.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from tests.bot.teams.issuer import Issuer

TAKEN = orjson.dumps({"id": "1767600000001"})
ANSWER = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(TAKEN), TAKEN)
PATIENCE = 20.0
"""Seconds after the end of a run that its last turns may take."""


class _Messages:
    """Splits a stream into HTTP messages with a body of a stated length, or a chunked one; gives back head and body."""

    def __init__(self) -> None:
        self._held = b""

    def fed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The messages that are whole now."""
        self._held += data
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    def _next(self) -> tuple[bytes, bytes] | None:
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, start = self._held[:end], end + 4
        lowered = head.lower()
        at = lowered.find(b"\r\ncontent-length:")
        if at < 0 and b"\r\ntransfer-encoding: chunked" in lowered:
            stop = self._held.find(b"0\r\n\r\n", start)
            if stop < 0:
                return None
            body, self._held = self._held[start:stop], self._held[stop + 5 :]
            return head, body
        length = int(lowered[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._held) < start + length:
            return None
        body, self._held = self._held[start : start + length], self._held[start + length :]
        return head, body


@dataclass
class Connector:
    """What Teams' side has seen: posts and connections, and how long it takes to answer one."""

    delay: float = 0.0
    posts: int = 0
    connections: int = 0
    last: bytes = b""
    moments: list[float] = field(default_factory=list)
    """When each post came; kept while `timing`."""
    timing: bool = False


class _Post(asyncio.Protocol):
    """One connection of the bot's to the connector."""

    def __init__(self, connector: Connector) -> None:
        self._connector, self._messages = connector, _Messages()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connector.connections += 1

    def data_received(self, data: bytes) -> None:
        connector = self._connector
        for _, body in self._messages.fed(data):
            connector.posts += 1
            connector.last = body
            if connector.timing:
                connector.moments.append(time.perf_counter())
            if connector.delay:
                asyncio.get_running_loop().call_later(connector.delay, self._answer)
            else:
                self._answer()

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(ANSWER)  # type: ignore[attr-defined]


class Run:
    """So many turns under way at once, until a moment or a count; each as soon as the one before it is answered."""

    def __init__(self, requests: list[bytes], until: float, at_most: int) -> None:
        self._requests, self._until, self._left = requests, until, at_most
        self._next = 0
        self.took: list[float] = []
        self.failures: dict[str, int] = {}
        self.body = b""
        self.under_way = 0
        self.ended = asyncio.get_running_loop().create_future()

    def take(self) -> bytes | None:
        """The next request, or nothing when the run is over."""
        if self._left <= 0 or time.perf_counter() >= self._until:
            return None
        self._left -= 1
        self._next += 1
        return self._requests[self._next % len(self._requests)]

    def failed(self, why: str) -> None:
        """Count what was no answer."""
        self.failures[why] = self.failures.get(why, 0) + 1

    def done(self) -> None:
        """One of the connections has ended."""
        self.under_way -= 1
        if not self.under_way and not self.ended.done():
            self.ended.set_result(None)


class _Turns(asyncio.Protocol):
    """One connection to the bot, kept open through the run."""

    def __init__(self, run: Run) -> None:
        self._run, self._messages, self._sent = run, _Messages(), 0.0
        self._over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._go_on()

    def data_received(self, data: bytes) -> None:
        for head, body in self._messages.fed(data):
            status = head[9:12]
            if status[:1] == b"2":
                self._run.took.append(time.perf_counter() - self._sent)
                self._run.body = body
            else:
                self._run.failed(status.decode())
            self._go_on()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._over:
            self._run.failed("hung up")
            self._end()

    def _go_on(self) -> None:
        request = self._run.take()
        if request is None:
            self._end()
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._run.done()


def request_of(port: int, token: str, body: str) -> bytes:
    """A whole HTTP request with an activity."""
    data = body.encode()
    head = (
        f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {token}\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


async def run(order: dict[str, Any], connector: Connector) -> dict[str, Any]:
    """Carry out one run and tell its figures; times are in milliseconds."""
    requests = [request_of(order["port"], order["token"], body) for body in order["bodies"]]
    posts, connections = connector.posts, connector.connections
    connector.moments, connector.timing = [], bool(order.get("timing") or order.get("posts"))
    began, loop = time.perf_counter(), asyncio.get_running_loop()
    this = Run(requests, began + order["seconds"], order.get("turns", 1_000_000))
    this.under_way = order["concurrency"]
    for _ in range(order["concurrency"]):
        await loop.create_connection(lambda: _Turns(this), "127.0.0.1", order["port"])
    try:
        await asyncio.wait_for(this.ended, order["seconds"] + PATIENCE)
        await _posted(connector, posts + order.get("posts", 0), order["seconds"])
    except TimeoutError:
        this.failed("no answer")
    seconds = time.perf_counter() - began
    took = sorted(this.took)
    return {
        "turns": len(took),
        "seconds": seconds,
        "p50": took[len(took) // 2] * 1000 if took else None,
        "p99": took[min(int(len(took) * 0.99), len(took) - 1)] * 1000 if took else None,
        "failures": this.failures,
        "posts": connector.posts - posts,
        "connections": connector.connections - connections,
        "body": this.body.decode(),
        "last": connector.last.decode(),
        "moments": [moment - began for moment in connector.moments],
    }


async def _posted(connector: Connector, count: int, seconds: float) -> None:
    """Wait until Teams got so many posts: what is made behind an answer is told later."""
    async with asyncio.timeout(seconds):
        while connector.posts < count:
            await asyncio.sleep(0.005)


async def main() -> None:
    """Serve until standard input ends."""
    loop, connector, issuer = asyncio.get_running_loop(), Connector(), Issuer()
    server = await loop.create_server(lambda: _Post(connector), "127.0.0.1", 0)
    app = issuer.app()
    app.router.add_get("/openidconfiguration", issuer._metadata)  # as the real one ends
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/uk/"
    metadata = f"http://127.0.0.1:{runner.addresses[0][1]}/openidconfiguration"
    _tell({"service": service, "metadata": metadata, "token": issuer.token(serviceurl=service)})
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        order = orjson.loads(line)
        connector.delay = order.get("delay", 0.0)
        _tell(await run(order, connector))


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(what) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main())
