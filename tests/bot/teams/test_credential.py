"""The bot's own token is fetched once, off the event loop, and kept while it is good."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.teams.credential import AppCredential
from bot.turn import TeamsBusy, TeamsRefused


class Endpoint:
    """A token endpoint: counts requests, notes the thread, and answers with `answer` or raises it."""

    def __init__(self, answer: dict[str, Any] | Exception | None = None) -> None:
        self.answer = answer
        self.asked = 0
        self.threads: set[int] = set()
        self.now = 0.0

    def __call__(self) -> dict[str, Any]:
        self.asked += 1
        self.threads.add(threading.get_ident())
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or {"access_token": f"token-{self.asked}", "expires_in": 3_600}

    def credential(self) -> AppCredential:
        return AppCredential("app", "tenant", acquire=self, clock=lambda: self.now)


async def test_single_flight() -> None:
    """However many ask at once, one request is made, and not on the event loop's thread."""
    endpoint = Endpoint()
    credential = endpoint.credential()
    tokens = await asyncio.gather(*(credential.token() for _ in range(20)))
    assert (set(tokens), endpoint.asked) == ({"token-1"}, 1)
    assert threading.get_ident() not in endpoint.threads


async def test_expiry() -> None:
    """Five minutes before its end a token is replaced."""
    endpoint = Endpoint()
    credential = endpoint.credential()
    await credential.token()
    endpoint.now = 3_299
    assert await credential.token() == "token-1"
    endpoint.now = 3_300
    assert await credential.token() == "token-2"


async def test_forget() -> None:
    """A token Teams did not accept is not used again."""
    endpoint = Endpoint()
    credential = endpoint.credential()
    await credential.token()
    credential.forget()
    assert await credential.token() == "token-2"


async def test_refused() -> None:
    """A wrong secret needs a person; what the endpoint said beyond its code stays out."""
    credential = Endpoint({"error": "invalid_client", "error_description": "secret words"}).credential()
    with pytest.raises(TeamsRefused) as caught:
        await credential.token()
    assert caught.value.code == "invalid_client"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("error", [ConnectionError("x"), TimeoutError("x"), ValueError("not JSON")])
async def test_unreachable(error: Exception) -> None:
    """An endpoint that cannot be reached may be reachable later."""
    with pytest.raises(TeamsBusy):
        await Endpoint(error).credential().token()


def certificate() -> str:
    """A self-signed certificate with its key, as a PEM file holds them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bot")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=365))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + made.sign(key, SHA256()).public_bytes(Encoding.PEM)).decode()


class Entra:
    """Answers msal's requests in place of the network."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, method: str, url: str, **more: Any) -> requests.Response:
        self.asked.append((url, str(more.get("data") or more.get("params"))))
        authority = "https://login.microsoftonline.com/tenant"
        found: dict[str, Any] = {"access_token": "secret-token", "expires_in": 3_600, "token_type": "Bearer"}
        if "openid-configuration" in url:
            found = {name: f"{authority}/{name}" for name in ("token_endpoint", "authorization_endpoint", "issuer")}
        response = requests.Response()
        response.status_code, response._content = 200, json.dumps(found).encode()
        return response


@pytest.mark.parametrize(
    ("how", "sign"),
    [
        ({"secret": "s3cret"}, "client_secret"),
        ({"certificate": certificate()}, "client_assertion"),
        ({"managed_identity": True}, "api.botframework.com"),
    ],
    ids=["secret", "certificate", "managed identity"],
)
async def test_msal(monkeypatch: pytest.MonkeyPatch, how: dict[str, Any], sign: str) -> None:
    """Each kind of credential gets a token from msal, and a fresh one after it was told to forget."""
    entra = Entra()
    monkeypatch.setattr(requests.Session, "request", lambda _, method, url, **more: entra(method, url, **more))
    credential = AppCredential("app", "tenant", **how)
    assert await credential.token() == "secret-token"
    assert sign in entra.asked[-1][1]
    asked = len(entra.asked)
    await credential.token()
    assert len(entra.asked) == asked
    credential.forget()
    await credential.token()
    assert len(entra.asked) > asked
