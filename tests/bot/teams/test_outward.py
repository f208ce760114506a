"""The way out to Teams and to its issuer of tokens: a proxy and a private authority that the environment names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.teams.connector import TeamsChannel
from bot.teams.hosts import ServiceHosts
from bot.teams.keys import KeyCache, KeysUnavailable
from bot.turn import Message, Reference, Scope, TeamsDown
from tests.bot.teams.issuer import Issuer
from tests.certificates import Authority

HELLO = Message("Summary", text="Hello")


@pytest.fixture
async def refusing(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """A proxy named in the environment that opens no way to anybody; the first line of each request."""
    asked = list[str]()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().strip())
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    yield asked
    server.close()
    await server.wait_closed()


async def test_a_post_goes_by_the_proxy(refusing: list[str]) -> None:
    """The proxy is asked for the way to Teams; where it gives none, nothing was sent, and it is tried again."""
    channel = TeamsChannel(ServiceHosts(), attempts=2, first_wait=0.001)
    where = Reference("https://smba.trafficmanager.net/uk/", "a:1", Scope.PERSONAL)
    with pytest.raises(TeamsDown, match="cannot be reached"):
        await channel.send(where, HELLO)
    await channel.close()
    assert refusing == ["CONNECT smba.trafficmanager.net:443 HTTP/1.1"] * 2


async def test_the_keys_come_by_the_proxy(refusing: list[str]) -> None:
    """Nobody is let in by keys that could not be had."""
    keys = KeyCache("https://login.example.test/openid")
    with pytest.raises(KeysUnavailable):
        await keys.get("one")
    assert refusing == ["CONNECT login.example.test:443 HTTP/1.1"]


@asynccontextmanager
async def served(app: web.Application, folder: Path) -> AsyncIterator[str]:
    """An app behind a certificate that a private authority signed; its address."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=Authority(folder).server_context()).start()
    yield f"https://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_private_authority_proves_teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a proxy that looks into what passes: only with its authority named is anything sent."""

    async def taken(_request: web.Request) -> web.Response:
        return web.json_response({"id": "1"})

    app = web.Application()
    app.router.add_post("/{path:.*}", taken)
    async with served(app, tmp_path) as url:
        where = Reference(url, "a:1", Scope.PERSONAL)
        channel = TeamsChannel(ServiceHosts(loopback_only=True), attempts=1)
        with pytest.raises(TeamsDown):
            await channel.send(where, HELLO)
        await channel.close()
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        assert (await channel.send(where, HELLO)).activity_id == "1"
        await channel.close()


async def test_a_private_authority_proves_the_issuer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that tokens are checked by are taken from nobody who cannot prove itself."""
    async with served(Issuer().app(), tmp_path) as url:
        with pytest.raises(KeysUnavailable):
            await KeyCache(f"{url}/openid").get("one")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        assert (await KeyCache(f"{url}/openid").get("one")).endorsements == ["msteams", "webchat"]
