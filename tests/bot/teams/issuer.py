"""A local stand-in for the issuer of the tokens that Teams calls with."""

from __future__ import annotations

import time
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "4f1c9a7e-0000-4000-8000-00000000b071"
SERVICE_URL = "https://smba.trafficmanager.net/uk/"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Issuer:
    """Publishes keys as login.botframework.com does, and signs tokens."""

    def __init__(self) -> None:
        self.published = {"one": KEY}
        self.endorsements = ["msteams", "webchat"]
        self.fetched = 0
        self.down = False
        self.url = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/openid", self._metadata)
        app.router.add_get("/keys", self._keys)
        return app

    async def _metadata(self, request: web.Request) -> web.Response:
        self.fetched += 1
        if self.down:
            return web.Response(status=503, text="<html>down</html>")
        return web.json_response({"jwks_uri": f"{request.url.origin()}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        keys = [
            {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "endorsements": self.endorsements}
            for kid, key in self.published.items()
        ]
        return web.json_response({"keys": [{"kty": "EC", "kid": "odd"}, *keys]})

    def token(self, key: Any = KEY, *, kid: str = "one", without: str = "", **claims: Any) -> str:
        now = int(time.time())
        payload = {
            "iss": "https://api.botframework.com",
            "aud": APP_ID,
            "serviceurl": SERVICE_URL,
            "nbf": now - 60,
            "exp": now + 3_600,
            **claims,
        }
        payload.pop(without, None)
        return "Bearer " + jwt.encode(payload, key, algorithm="RS256", headers={"kid": kid})
