"""The floor: aiohttp, orjson and PyJWT with nothing between them. Nothing is validated, decided, logged or counted.

With a store in its work it makes, before it answers what is named there, the requests that are given with it, and
reads the JSON of their answers: the fewest REST calls that could do it. With work to be done `once` it serves nobody:
it makes those requests and ends.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import orjson
from aiohttp import web
from jwt.algorithms import RSAAlgorithm

WORK: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
SENT = {name: orjson.dumps(WORK[name]) for name in ("help", "tracker") if name in WORK}
INVOKED = orjson.dumps(WORK.get("invoke"))
STORE: dict[str, list[dict[str, Any]]] = WORK.get("store") or {}


class Bare:
    """One session out, and the issuer's keys."""

    def __init__(self) -> None:
        self.session: aiohttp.ClientSession | None = None
        self.keys: dict[str, Any] = {}

    async def begin(self, _app: web.Application) -> None:
        """Open the session and fetch the keys once."""
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        async with self.session.get(WORK["metadata"]) as answer:
            where = (await answer.json())["jwks_uri"]
        async with self.session.get(where) as answer:
            keys = (await answer.json())["keys"]
        self.keys = {key["kid"]: RSAAlgorithm.from_jwk(key) for key in keys if key["kty"] == "RSA"}

    async def end(self, _app: web.Application) -> None:
        """Close the session."""
        assert self.session is not None
        await self.session.close()

    async def messages(self, request: web.Request) -> web.Response:
        """Check, read, answer."""
        token = request.headers["Authorization"][7:]
        key = self.keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(token, key, ["RS256"], audience=WORK["app_id"], issuer=WORK["issuer"], leeway=300)
        activity = orjson.loads(await request.read())
        if claims["serviceurl"] != activity["serviceUrl"]:
            return web.Response(status=401)
        await self.take(STORE.get(activity.get("text") or activity.get("name"), ()))
        if activity["type"] == "invoke":
            return web.Response(body=INVOKED, content_type="application/json")
        await self.send(activity, SENT.get(activity["text"], SENT["tracker"]))
        return web.Response()

    async def send(self, activity: dict[str, Any], body: bytes) -> None:
        """Post a message where the activity came from."""
        assert self.session is not None
        url = f"{activity['serviceUrl']}v3/conversations/{activity['conversation']['id']}/activities"
        headers = {"Authorization": f"Bearer {WORK['token']}", "Content-Type": "application/json"}
        async with self.session.post(url, data=body, headers=headers) as answer:
            orjson.loads(await answer.read())

    async def take(self, steps: Iterable[dict[str, Any]]) -> None:
        """Make these requests of the site, one after another, and read the JSON of each answer or of its parts."""
        assert self.session is not None
        for step in steps:
            body = base64.b64decode(step["body"])
            async with self.session.request(step["method"], step["url"], data=body, headers=step["headers"]) as answer:
                said = await answer.read()
                if answer.status >= 400 or b"HTTP/1.1 4" in said:
                    raise RuntimeError(f"{step['url']}: {said[:500]!r}")
            if step["url"].endswith("/$batch"):
                for part in said.split(b"\r\n\r\n")[2::2]:
                    if found := part.partition(b"\r\n--")[0].strip():
                        orjson.loads(found)
            elif said:
                orjson.loads(said)


async def once() -> None:
    """Make the requests of a work that is done once."""
    bare = Bare()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as bare.session:
        await bare.take(WORK["once"])


def main() -> None:
    """Serve until told to stop."""
    if "once" in WORK:
        asyncio.run(once())
        return
    bare, app = Bare(), web.Application()
    app.router.add_post("/api/messages", bare.messages)
    app.on_startup.append(bare.begin)
    app.on_cleanup.append(bare.end)
    web.run_app(app, host="127.0.0.1", port=WORK["port"], access_log=None, print=lambda *_: None)


if __name__ == "__main__":
    main()
