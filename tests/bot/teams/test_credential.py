"""The bot's own token is awaited off the event loop, kept while it is good, and proved in each of three ways."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import credentials
from bot.settings import Settings, SettingsError
from bot.teams.credential import RESOURCE, AppCredential
from bot.turn import TeamsBusy, TeamsRefused
from sharepoint.errors import StoreBusy, StoreError, StoreRefused
from sharepoint.sign_in import Kept, Token
from tests.certificates import certificate, private_pem, public_pem
from tests.token_issuer import APP, TENANT, EntraIssuer, MachineIdentity


class Endpoint:
    """Counts requests, notes the thread, and hands out token-1, token-2 and so on, or raises `failure`."""

    def __init__(self, failure: StoreError | None = None) -> None:
        self.failure = failure
        self.asked = 0
        self.threads: set[int] = set()
        self.now = 0.0

    def __call__(self) -> Token:
        self.asked += 1
        self.threads.add(threading.get_ident())
        if self.failure is not None:
            raise self.failure
        return Token(f"token-{self.asked}", 3_600)

    def credential(self) -> AppCredential:
        return AppCredential(Kept(self, what="Teams", clock=lambda: self.now))


async def test_single_flight() -> None:
    """However many ask at once, one request is made, and not on the event loop's thread."""
    endpoint = Endpoint()
    credential = endpoint.credential()
    tokens = await asyncio.gather(*(credential.token() for _ in range(20)))
    assert (set(tokens), endpoint.asked) == ({"token-1"}, 1)
    assert threading.get_ident() not in endpoint.threads


async def test_a_refresh_that_fails_does_not_stop_the_bot() -> None:
    """In its last five minutes a token that cannot be renewed is still used; after them the reason is told."""
    endpoint = Endpoint()
    credential = endpoint.credential()
    await credential.token()
    endpoint.now, endpoint.failure = 3_400, StoreBusy("No token for Teams: the issuer answered HTTP 503.")
    assert [await credential.token() for _ in range(3)] == ["token-1"] * 3
    endpoint.now = 3_600
    with pytest.raises(TeamsBusy, match="HTTP 503"):
        await credential.token()


async def test_forget() -> None:
    """A token Teams did not accept is not used again."""
    credential = Endpoint().credential()
    await credential.token()
    credential.forget()
    assert await credential.token() == "token-2"


async def test_refused() -> None:
    """A wrong secret needs a person."""
    credential = Endpoint(StoreRefused("No token for Teams: wrong.", code="AADSTS7000215")).credential()
    with pytest.raises(TeamsRefused) as caught:
        await credential.token()
    assert caught.value.code == "AADSTS7000215"


@pytest.fixture
def entra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EntraIssuer]:
    """An issuer that this process trusts and that knows the bot's certificate and secret."""
    with EntraIssuer(tmp_path) as running:
        running.apps[APP], running.secrets[APP] = [certificate("app")], "planted"
        (tmp_path / "bot.pem").write_bytes(private_pem("app") + public_pem(running.apps[APP][0]))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.authority.bundle))
        yield running


@pytest.mark.parametrize("proof", ["bot_secret", "bot_certificate"])
async def test_entra(entra: EntraIssuer, tmp_path: Path, proof: str) -> None:
    """With a secret or a certificate Entra grants a token for the Bot Framework, and another after it was dropped."""
    names = iter(["first", "second"])
    entra.grant = lambda: next(names)
    given = {"bot_secret": "planted", "bot_certificate": str(tmp_path / "bot.pem")}[proof]
    registered = Settings(bot_app_id=APP, tenant_id=TENANT, authority=entra.url)
    settings = (
        replace(registered, bot_secret=given) if proof == "bot_secret" else replace(registered, bot_certificate=given)
    )
    credential = credentials.for_teams(settings)
    assert credential is not None
    assert [await credential.token(), await credential.token()] == ["first", "first"]
    credential.forget()
    assert await credential.token() == "second"
    assert entra.scopes == [f"{RESOURCE}/.default"] * 2


async def test_a_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot registered as a user-assigned identity is that identity: its client id is the app id."""
    with MachineIdentity() as machine:
        machine.identities[APP] = "granted"
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{machine.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", machine.header)
        credential = credentials.for_teams(Settings(bot_app_id=APP, tenant_id=TENANT, managed_identity="system"))
        assert credential is not None
        assert await credential.token() == "granted"
        assert machine.resources == [RESOURCE]


def test_nobody() -> None:
    """Without an app id there is no credential."""
    assert credentials.for_teams(Settings()) is None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The setting of the bot's own certificate is named, not the site's."""
    lost = Settings(bot_app_id=APP, tenant_id=TENANT, bot_certificate=str(tmp_path / "none.pem"))
    with pytest.raises(SettingsError, match="MHRMB_BOT_CERTIFICATE: there is no file"):
        credentials.for_teams(lost)
