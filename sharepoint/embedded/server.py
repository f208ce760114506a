"""The HTTP edge: sockets, tokens, body sizes, faults and counts; what an operation means is dispatch's business."""

from __future__ import annotations

import asyncio
import hmac
import sqlite3
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import orjson
from aiohttp import web

from sharepoint.embedded import batch, contents, dispatch, render, trouble
from sharepoint.embedded.database import Database
from sharepoint.embedded.dispatch import Answer, Asked
from sharepoint.embedded.errors import (
    HandshakeNeeded,
    NotBuilt,
    NotSignedIn,
    ResourceMissing,
    SharePointError,
    TooLarge,
)
from sharepoint.embedded.faults import Counts, Fault, Faults
from sharepoint.embedded.hooks import Hooks
from sharepoint.embedded.people import Person
from sharepoint.embedded.site import PATH, Site

LARGEST_BODY = 2 * 1024 * 1024
QUIET = 0.5
"""Seconds without a deletion after which the file is written anew."""

_API = f"{PATH}/_api"


@dataclass(slots=True)
class Edge:
    """Answers HTTP requests for one site."""

    site: Site
    token: str
    hooks: Hooks
    faults: Faults = field(default_factory=Faults)
    counts: Counts = field(default_factory=Counts)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request; the work itself is synchronous, so requests never interleave within it."""
        raw_path, _, query = request.raw_path.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        if raw_path in ("/__faults", "/__requests"):
            return _response(await self._control(request, raw_path))
        fault = self._fault(request, raw_path, headers)
        if fault and fault.latency:
            await asyncio.sleep(fault.latency)
        if fault and not fault.works:
            return self._struck(request, fault, trouble.refused(fault, headers.get("accept", "")))
        reply = await self._answer(request, raw_path, query, headers)
        if fault and (fault.status is not None or fault.answer == "html"):
            return self._struck(request, fault, trouble.refused(fault, headers.get("accept", "")))
        if fault:
            return await trouble.sent(request, fault, _response(trouble.changed(fault, reply)))
        return _response(reply)

    def _struck(self, request: web.BaseRequest, fault: Fault, reply: Answer) -> web.Response:
        return trouble.dropped(request) if fault.status == "drop" else _response(reply)

    def _part(self, site: Site, asked: Asked, person: Person) -> Answer:
        """One operation of a batch, which a fault may befall as it may a request of its own."""
        fault = self.faults.strike(f"{asked.meant} {unquote(asked.path)}", part=True) if self.faults.faults else None
        if fault is None or fault.works:
            reply = dispatch.answer(site, asked, person)
        return reply if fault is None else trouble.refused(fault, asked.headers.get("accept", ""))

    def _fault(self, request: web.BaseRequest, raw_path: str, headers: dict[str, str]) -> Fault | None:
        verb = headers.get("x-http-method", request.method) if request.method == "POST" else request.method
        return self.faults.strike(f"{verb} {unquote(raw_path)}") if self.faults.faults else None

    async def _answer(self, request: web.BaseRequest, raw_path: str, query: str, headers: dict[str, str]) -> Answer:
        spoken = render.dialect(headers.get("accept", ""))
        try:
            person = self.site.people.who(headers.get("authorization", ""))
            below = _below_api(raw_path)
            longest = contents.LARGEST_BODY if contents.takes_bytes(below) else LARGEST_BODY
            asked = Asked(request.method, below, query, headers, await _body(request, longest))
            if below.rstrip("/").lower() != "$batch":
                self.counts.by[dispatch.counted_as(asked)] += 1
                return await self._alone(asked, person)
            self.counts.by["POST $batch"] += 1
            operations = batch.read(asked.body, headers.get("content-type", ""))
            self.counts.parts.update(map(dispatch.counted_as, operations))
            return batch.write(batch.run(self.site, operations, person, self._part))
        except SharePointError as error:
            return dispatch.refusal(error, spoken)
        except Exception as error:  # noqa: BLE001 — a batch's commit can fail on a full disk; still no traceback
            return dispatch.unexpected(error, spoken)

    async def _alone(self, asked: Asked, person: Person) -> Answer:
        """An operation that did not come in a batch: a notification URL in it is called before it is kept."""
        try:
            return dispatch.answer(self.site, replace(asked, validated=""), person)
        except HandshakeNeeded as needed:
            url = needed.url
        await self.hooks.handshake(url)
        return dispatch.answer(self.site, replace(asked, validated=url), person)

    async def _control(self, request: web.BaseRequest, path: str) -> Answer:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.token.encode()):
            return Answer(404)
        if request.method == "DELETE":
            (self.faults if path == "/__faults" else self.counts).clear()
            return Answer(204)
        if path == "/__requests" and request.method == "GET":
            return Answer(200, {"Content-Type": "application/json"}, orjson.dumps(self.counts.shown()))
        if path == "/__faults" and request.method == "GET":
            return Answer(200, {"Content-Type": "application/json"}, orjson.dumps(self.faults.shown()))
        if path == "/__faults" and request.method == "POST":
            try:
                self.faults.add(await _body(request))
            except SharePointError as error:
                return dispatch.refusal(error, render.Dialect.NONE)
            return Answer(204)
        return Answer(405)


def _below_api(raw_path: str) -> str:
    if not raw_path.lower().startswith((f"{_API}/", f"{PATH}/_vti_bin")):
        raise ResourceMissing(unquote(raw_path)[-80:])
    if raw_path.lower().startswith(f"{PATH}/_vti_bin"):
        raise NotBuilt("The addresses under _vti_bin are not built in this server.")
    return raw_path[len(_API) + 1 :]


async def _body(request: web.BaseRequest, longest: int = LARGEST_BODY) -> bytes:
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > longest:
            raise TooLarge(f"The request is larger than {longest} bytes.")
    return bytes(body)


def _response(reply: Answer) -> web.Response:
    headers = {"SPRequestGuid": str(uuid.uuid4()), "X-Content-Type-Options": "nosniff", **reply.headers}
    if reply.status == NotSignedIn.status:
        headers["WWW-Authenticate"] = 'Bearer realm="mhrmb"'
    return web.Response(status=reply.status, headers=headers, body=reply.body or None)


async def serve(edge: Edge, listener: object, stop: asyncio.Event) -> None:
    """Answer on a bound socket until told to stop, then let running requests finish."""
    runner = web.ServerRunner(web.Server(edge.handle, access_log=None))
    await runner.setup()
    await web.SockSite(runner, listener, shutdown_timeout=2).start()  # type: ignore[arg-type]
    edge.hooks.start()
    tidying = asyncio.create_task(_rewrite_when_quiet(edge.site.database))
    await stop.wait()
    tidying.cancel()
    await edge.hooks.stop()
    await runner.cleanup()


async def _rewrite_when_quiet(database: Database) -> None:
    """Take what was deleted for good out of the file's pages, once nothing more was deleted for a moment."""
    while True:
        await asyncio.sleep(QUIET)
        if database.marred and time.monotonic() - database.last_marred >= QUIET:
            with suppress(sqlite3.Error):  # a full disk: tried again
                database.rewrite()
