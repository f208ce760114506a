"""Answers as a fault makes them: refused, cut off, dealt out in drops, or replaced by something else."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web

from sharepoint.embedded import dispatch, render
from sharepoint.embedded.dispatch import Answer
from sharepoint.embedded.errors import SharePointError
from sharepoint.embedded.faults import Fault, utc_now

PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><h1>Something went wrong</h1></body></html>"
DROPS = 20


def refused(fault: Fault, accept: str) -> Answer:
    """What is answered instead of the truth."""
    status = fault.status if isinstance(fault.status, int) else 200
    headers = fault.told(utc_now())
    if fault.answer == "html":
        return Answer(status, {"Content-Type": "text/html; charset=utf-8", **headers}, PAGE)
    told = SharePointError("A fault was asked for.", code=fault.code)
    shown = dispatch.refusal(told, render.dialect(accept))
    return Answer(status, {**shown.headers, **headers}, shown.body)


def changed(fault: Fault, reply: Answer) -> Answer:
    """The true answer as the fault leaves it."""
    headers = {**reply.headers, **fault.told(utc_now())}
    if fault.answer == "type" and reply.body:
        headers["Content-Type"] = "text/plain"
    body = reply.body[: len(reply.body) // 2] if fault.answer == "truncated" else reply.body
    return replace(reply, headers=headers, body=body)


def dropped(request: web.BaseRequest) -> web.Response:
    """Cut the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def sent(request: web.BaseRequest, fault: Fault, reply: web.Response) -> web.StreamResponse:
    """Send an answer by halves or drop by drop, as the fault asks; anything else is left to the server."""
    body = reply.body if isinstance(reply.body, bytes) else b""
    if fault.answer not in ("half", "drip"):
        return reply
    slow = web.StreamResponse(status=reply.status, headers=reply.headers)
    slow.content_length = len(body)
    await slow.prepare(request)
    if fault.answer == "half":
        await slow.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return slow
    size = max(len(body) // DROPS, 1)
    for at in range(0, len(body), size):
        await asyncio.sleep(fault.drip / DROPS)
        await slow.write(body[at : at + size])
    await slow.write_eof()
    return slow
