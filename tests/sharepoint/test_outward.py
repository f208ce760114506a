"""The way out: a proxy, a private authority and a password file, as a machine's environment may name them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from sharepoint import outward
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy
from sharepoint.sign_in import static
from tests.certificates import Authority
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client

PRIVATE = {"Title": "behind a private authority", "FormDigestValue": "0x1", "FormDigestTimeoutSeconds": 1800}
OUTSIDE = "http://board.example.test"
NAMED = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
PER_HOP = ("host", "connection", "content-length", "transfer-encoding", "proxy-authorization")


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no way out."""
    for name in (*NAMED, *(each.upper() for each in NAMED), *outward.AUTHORITIES, "NETRC"):
        monkeypatch.delenv(name, raising=False)


class Proxy:
    """A proxy that brings every request to one server, whatever host it names, and keeps what it was asked."""

    def __init__(self, to: str) -> None:
        self._to = to
        self.asked: list[tuple[str, str, str]] = []
        self.url = ""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._bring)
        self._runner = web.AppRunner(app)

    async def start(self) -> None:
        """Listen on a port of its own."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://user:secret@127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let the port go."""
        await self._runner.cleanup()

    async def _bring(self, request: web.Request) -> web.Response:
        host = request.headers["Host"]
        self.asked.append((request.method, host, request.headers.get("Proxy-Authorization", "")))
        headers = {name: value for name, value in request.headers.items() if name.lower() not in PER_HOP}
        path = request.raw_path.removeprefix(f"http://{host}")
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            body = await request.read()
            async with session.request(request.method, self._to + path, headers=headers, data=body) as answer:
                kept = {n: v for n, v in answer.headers.items() if n.lower() not in PER_HOP}
                return web.Response(status=answer.status, headers=kept, body=await answer.read())


@pytest.fixture
async def proxy(server: EmbeddedServer) -> AsyncIterator[Proxy]:
    """A proxy before the site."""
    parts = urlsplit(server.url)
    made = Proxy(f"{parts.scheme}://{parts.netloc}")
    await made.start()
    yield made
    await made.stop()


async def test_reads_and_writes_go_by_the_proxy(
    proxy: Proxy, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways to the site take the proxy that the environment names, with its password."""
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    site = SharePoint(OUTSIDE + urlsplit(server.url).path, static(server.token))
    assert "Title" in await site.get("web?$select=Title", within=10)
    number, etag = await site.add("Events", {"Key": "by the proxy", "Kind": "test"}, within=10)
    await site.merge("Events", number, {"Kind": "changed"}, etag=etag, within=10)
    await site.close()
    assert [method for method, _, _ in proxy.asked] == ["GET", "POST", "POST", "POST"]
    assert {host for _, host, _ in proxy.asked} == {"board.example.test"}
    assert {said for _, _, said in proxy.asked} == {"Basic dXNlcjpzZWNyZXQ="}  # user:secret in base64


async def test_this_machine_is_reached_without_a_proxy(
    proxy: Proxy, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded site stays here, whatever the environment names."""
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    site = client(server)
    assert "Title" in await site.get("web?$select=Title", within=10)
    await site.add("Events", {"Key": "without the proxy", "Kind": "test"}, within=10)
    await site.close()
    assert proxy.asked == []


async def test_a_password_file_does_not_take_the_tokens_place(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a password for every host in `.netrc` it is still the token that signs reads and writes."""
    (tmp_path / "netrc").write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    site = client(server)
    assert "Title" in await site.get("web?$select=Title", within=10)
    await site.add("Events", {"Key": "signed by the token", "Kind": "test"}, within=10)
    await site.close()


@pytest.fixture
async def private(tmp_path: Path) -> AsyncIterator[str]:
    """A site whose certificate a private authority signed; it answers every request alike. Its address."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(PRIVATE)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=Authority(tmp_path).server_context()).start()
    yield f"https://127.0.0.1:{runner.addresses[0][1]}/sites/mhrmb"
    await runner.cleanup()


@pytest.mark.parametrize("name", outward.AUTHORITIES)
async def test_reads_trust_the_authority_that_writes_trust(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The file that the README names for requests is heeded by the reads too, which requests does not make."""
    monkeypatch.setenv(name, str(tmp_path / "ca.pem"))
    site = SharePoint(private, static("token"))
    assert await site.get("web", within=10) == PRIVATE
    assert await site.post("web/anything", within=10) == PRIVATE
    await site.close()


async def test_an_authority_that_nobody_named_is_not_trusted(private: str) -> None:
    """Nothing is read from a site that cannot prove itself."""
    site = SharePoint(private, static("token"))
    with pytest.raises(StoreBusy, match="could not be reached"):
        await site.get("web", within=1)
    await site.close()


async def test_a_file_of_authorities_that_went_away(
    private: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the store's own error, to be tried again, for reads and for writes."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    site = SharePoint(private, static("token"))
    with pytest.raises(StoreBusy, match="could not be reached"):
        await site.get("web", within=1)
    with pytest.raises(StoreBusy, match="could not be reached"):
        await site.post("web/anything", within=1)
    await site.close()


@pytest.mark.parametrize(
    ("named", "url", "expected"),
    [
        ({}, "https://example.sharepoint.com/sites/x", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://example.sharepoint.com/sites/x", "http://p:1"),
        ({"https_proxy": "http://p:1"}, "https://example.sharepoint.com/sites/x", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://example.sharepoint.com/sites/x", None),
        ({"ALL_PROXY": "http://p:1"}, "https://example.sharepoint.com/sites/x", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "sharepoint.com"}, "https://example.sharepoint.com/", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other.com"}, "https://example.sharepoint.com/", "http://p:1"),
        ({"HTTPS_PROXY": "p:1"}, "https://example.sharepoint.com/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "http://127.0.0.1:3980/sites/mhrmb", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://localhost:3980/sites/mhrmb", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://[::1]:3980/sites/mhrmb", None),
    ],
)
def test_which_proxy(named: dict[str, str], url: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables as curl and requests read them; never a proxy to this machine."""
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert outward.proxy(url) == expected
