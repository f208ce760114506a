"""The floor: aiohttp, orjson and PyJWT with nothing between them. Nothing is validated, decided, logged or counted.

With a store in its work it asks the site, before a tracker, what the bot asks, in the same one request, and reads the
answer's JSON: the fewest REST calls that could answer.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import orjson
from aiohttp import web
from jwt.algorithms import RSAAlgorithm

WORK: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
SENT = {name: orjson.dumps(WORK[name]) for name in ("help", "tracker")}
INVOKED = orjson.dumps(WORK["invoke"])
STORE = WORK.get("store") or {}
ASKED = {name: base64.b64decode(body) for name, body in STORE.get("batches", {}).items()}


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
        if activity["type"] == "invoke":
            return web.Response(body=INVOKED, content_type="application/json")
        if activity["text"] in ASKED:
            await self.ask(ASKED[activity["text"]])
        await self.send(activity, SENT.get(activity["text"], SENT["tracker"]))
        return web.Response()

    async def send(self, activity: dict[str, Any], body: bytes) -> None:
        """Post a message where the activity came from."""
        assert self.session is not None
        url = f"{activity['serviceUrl']}v3/conversations/{activity['conversation']['id']}/activities"
        headers = {"Authorization": f"Bearer {WORK['token']}", "Content-Type": "application/json"}
        async with self.session.post(url, data=body, headers=headers) as answer:
            orjson.loads(await answer.read())

    async def ask(self, batch: bytes) -> None:
        """Read the site in one request, and the JSON of each part."""
        assert self.session is not None
        async with self.session.request(STORE["method"], STORE["url"], data=batch, headers=STORE["headers"]) as answer:
            said = await answer.read()
        for part in said.split(b"\r\n\r\n")[2::2]:
            orjson.loads(part.partition(b"\r\n--")[0])


def main() -> None:
    """Serve until told to stop."""
    bare, app = Bare(), web.Application()
    app.router.add_post("/api/messages", bare.messages)
    app.on_startup.append(bare.begin)
    app.on_cleanup.append(bare.end)
    web.run_app(app, host="127.0.0.1", port=WORK["port"], access_log=None, print=lambda *_: None)


if __name__ == "__main__":
    main()
