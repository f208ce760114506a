"""Every way of not being Teams that we could think of: no such token reaches a handler, and each is a 401.

The tokens are put together here by hand, not by the library that reads them, so that a header or a claim may be
anything at all.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from bot.logs import TextFormatter
from bot.teams.edge import Edge
from bot.teams.settings import EdgeSettings
from bot.turn import Toast
from tests.bot.teams.conftest import Recorder, bot_for
from tests.bot.teams.issuer import APP_ID, KEY, OTHER_KEY, SERVICE_URL, Issuer
from tests.teams import TENANT, Person, Teams

AMY = Person("Amy Archer")
EC_KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def encoded(value: object) -> str:
    """JSON (or bytes as they are) in base64url without padding."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def rs256(text: bytes, key: rsa.RSAPrivateKey = KEY) -> bytes:
    return key.sign(text, padding.PKCS1v15(), hashes.SHA256())


def ps256(text: bytes) -> bytes:
    return KEY.sign(text, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def es256(text: bytes) -> bytes:
    return EC_KEY.sign(text, ec.ECDSA(hashes.SHA256()))


def with_public_key(text: bytes) -> bytes:
    """The classic confusion: the public key, which all may have, used as a shared secret."""
    mac = hmac.HMAC(PUBLIC_PEM, hashes.SHA256())
    mac.update(text)
    return mac.finalize()


@dataclass(frozen=True)
class Made:
    """How a token differs from a good one. A value of None takes the header or claim away."""

    head: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[bytes], bytes] = rs256

    def token(self) -> str:
        now = int(time.time())
        head = {"alg": "RS256", "typ": "JWT", "kid": "one", **self.head}
        claims = {
            "iss": "https://api.botframework.com",
            "aud": APP_ID,
            "serviceurl": SERVICE_URL,
            "nbf": now - 60,
            "exp": now + 3_600,
            **{name: now + value.seconds if isinstance(value, Ago) else value for name, value in self.claims.items()},
        }
        parts = [encoded({n: v for n, v in part.items() if v is not None}) for part in (head, claims)]
        signed = ".".join(parts)
        return f"{signed}.{encoded(self.sign(signed.encode()))}"


class Ago(NamedTuple):
    """A moment told from now, in seconds."""

    seconds: int


BAD: dict[str, Made] = {
    "signed by another key": Made(sign=lambda text: rs256(text, OTHER_KEY)),
    "signed by nobody": Made(sign=lambda _text: b""),
    "signature of zeros": Made(sign=lambda _text: bytes(256)),
    "signature cut short": Made(sign=lambda text: rs256(text)[:-1]),
    "signature of other words": Made(sign=lambda _text: rs256(b"other words")),
    "alg none": Made({"alg": "none"}, sign=lambda _text: b""),
    "alg None": Made({"alg": "None"}, sign=lambda _text: b""),
    "alg none, yet signed": Made({"alg": "none"}),
    "alg HS256 with the public key": Made({"alg": "HS256"}, sign=with_public_key),
    "alg HS256, yet signed": Made({"alg": "HS256"}),
    "alg ES256 with a key of its own": Made({"alg": "ES256"}, sign=es256),
    "alg PS256": Made({"alg": "PS256"}, sign=ps256),
    "alg RS256 but signed as PS256": Made(sign=ps256),
    "alg missing": Made({"alg": None}),
    "alg a list": Made({"alg": ["RS256"]}),
    "alg in lower case": Made({"alg": "rs256"}),
    "kid unknown": Made({"kid": "two"}),
    "kid missing": Made({"kid": None}),
    "kid a number": Made({"kid": 1}),
    "kid a list": Made({"kid": ["one"]}),
    "kid a path": Made({"kid": "../../etc/passwd"}),
    "kid of the key that is not RSA": Made({"kid": "odd"}),
    "kid in another case": Made({"kid": "ONE"}),
    "key sent along": Made(
        {"kid": "mine", "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, sign=lambda text: rs256(text, OTHER_KEY)
    ),
    "key to be fetched": Made(
        {"kid": "mine", "jku": "http://127.0.0.1:9/keys"}, sign=lambda text: rs256(text, OTHER_KEY)
    ),
    "critical header nobody knows": Made({"crit": ["b64"], "b64": False}),
    "issuer of somebody else": Made(claims={"iss": "https://evil.example"}),
    "issuer of the emulator": Made(claims={"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}),
    "issuer of Entra": Made(claims={"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0"}),
    "issuer with a slash more": Made(claims={"iss": "https://api.botframework.com/"}),
    "issuer a list": Made(claims={"iss": ["https://api.botframework.com"]}),
    "issuer missing": Made(claims={"iss": None}),
    "for another bot": Made(claims={"aud": "11111111-0000-4000-8000-000000000000"}),
    "for several bots": Made(claims={"aud": [APP_ID, "another"]}),
    "for our name in a longer one": Made(claims={"aud": f"{APP_ID}.evil"}),
    "for nobody": Made(claims={"aud": None}),
    "for an empty name": Made(claims={"aud": ""}),
    "expired an hour ago": Made(claims={"exp": Ago(-3_600)}),
    "expired just beyond the leeway": Made(claims={"exp": Ago(-310)}),
    "never expiring": Made(claims={"exp": None}),
    "expiring in words": Made(claims={"exp": "tomorrow"}),
    "expiring in a list": Made(claims={"exp": [9_999_999_999]}),
    "expiring before time began": Made(claims={"exp": -1}),
    "not good yet": Made(claims={"nbf": Ago(3_600)}),
    "good from a word on": Made(claims={"nbf": "soon"}),
    "without a service URL": Made(claims={"serviceurl": None}),
    "for another service URL": Made(claims={"serviceurl": "https://smba.trafficmanager.net/emea/"}),
    "for the service URL without its end": Made(claims={"serviceurl": SERVICE_URL.rstrip("/")}),
    "for a list of service URLs": Made(claims={"serviceurl": [SERVICE_URL]}),
}

GOOD: dict[str, Made] = {
    "as Teams makes it": Made(),
    "expired within the leeway of five minutes": Made(claims={"exp": Ago(-200)}),
    "from a clock a little ahead": Made(claims={"nbf": Ago(200)}),
    "with claims we do not read": Made(claims={"appid": "x", "ver": "1.0", "roles": ["a"]}),
    "with a header we do not read": Made({"x5t": "abc"}),
}

BROKEN: dict[str, str] = {
    "no token": "Bearer ",
    "two parts": "Bearer " + ".".join(Made().token().split(".")[:2]),
    "four parts": f"Bearer {Made().token()}.x",
    "a part that is not base64": "Bearer " + Made().token().replace(".", ".=", 1),
    "a header that is not JSON": f"Bearer {encoded(b'{')}.{encoded({})}.{encoded(b's')}",
    "a header that is a list": f"Bearer {encoded([])}.{encoded({})}.{encoded(b's')}",
    "claims that are a list": f"Bearer {encoded({'alg': 'RS256', 'kid': 'one'})}.{encoded([])}.{encoded(b's')}",
    "bytes that are not text": f"Bearer {encoded(bytes([255, 254]))}.{encoded({})}.{encoded(b's')}",
    "another scheme": f"Basic {Made().token()}",
    "no scheme": Made().token(),
    "two tokens": f"Bearer {Made().token()}, Bearer {Made().token()}",
    "8,000 characters": "Bearer " + "a" * 2_600 + "." + "b" * 2_600 + "." + "c" * 2_600,
}


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    runner = web.AppRunner(issuer.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}/openid"
    yield issuer
    await runner.cleanup()


@pytest.fixture
async def edge(handler: Recorder, issuer: Issuer) -> AsyncIterator[tuple[Edge, Teams]]:
    handler.answer = Toast("ok")
    settings = EdgeSettings(app_id=APP_ID, tenant_id=TENANT, openid_metadata_url=issuer.url)
    async with Teams(service_url=SERVICE_URL) as teams, bot_for(teams, handler, settings) as running:
        yield running, teams


def button(teams: Teams) -> dict[str, Any]:
    activity = teams.activity(AMY, teams.channel(), "invoke", name="adaptiveCard/action")
    return {**activity, "value": {"action": {"type": "Action.Execute", "verb": "v"}}}


async def test_bad_tokens(edge: tuple[Edge, Teams], handler: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    """None of them reaches a handler; each is a 401 that says no more, and no token is in the log."""
    _, teams = edge
    headers = {**{name: f"Bearer {made.token()}" for name, made in BAD.items()}, **BROKEN}
    assert len(headers) >= 60
    for name, header in headers.items():
        status, body = await teams.deliver(button(teams), Authorization=header)
        assert (name, status, body["error"]) == (
            name,
            401,
            {"code": "Unauthorized", "message": "A valid token is required."},
        )
        logged = "".join(TextFormatter().format(record) for record in caplog.records)
        for part in header.split("."):
            assert len(part) < 20 or part not in logged, name
    assert handler.turns == []


async def test_good_tokens(edge: tuple[Edge, Teams], handler: Recorder) -> None:
    """The same tokens without the fault are let in, so the faults are what is refused."""
    _, teams = edge
    for name, made in GOOD.items():
        status, _ = await teams.deliver(button(teams), Authorization=f"Bearer {made.token()}")
        assert (name, status) == (name, 200)
    assert len(handler.turns) == len(GOOD)


async def test_rotation_and_outage(edge: tuple[Edge, Teams], issuer: Issuer, handler: Recorder) -> None:
    """Known keys go on counting while the issuer is down; what is signed by unknown ones is still refused."""
    _, teams = edge
    good, strange = Made(), Made({"kid": "two"}, sign=lambda text: rs256(text, OTHER_KEY))
    assert (await teams.deliver(button(teams), Authorization=f"Bearer {good.token()}"))[0] == 200
    issuer.down = True
    assert (await teams.deliver(button(teams), Authorization=f"Bearer {good.token()}"))[0] == 200
    assert (await teams.deliver(button(teams), Authorization=f"Bearer {strange.token()}"))[0] == 401
    assert len(handler.turns) == 2


async def test_two_headers(edge: tuple[Edge, Teams], handler: Recorder) -> None:
    """A second Authorization header does not stand in for the first."""
    _, teams = edge
    good = f"Bearer {Made().token()}"
    headers = [("Authorization", "Bearer a.b.c"), ("Authorization", good), ("Content-Type", "application/json")]
    async with (
        aiohttp.ClientSession() as session,
        session.post(teams.bot, data=json.dumps(button(teams)), headers=headers) as answer,
    ):
        assert answer.status == 401
    assert handler.turns == []
