"""With an app id only Teams may call: tokens are checked on the SDK's production path against a local issuer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import orjson
import pytest
from aiohttp import web

from bot.logs import TextFormatter
from bot.teams.authentication import GOOD_FOR, REMEMBERED, Authenticator
from bot.teams.edge import Edge
from bot.teams.keys import KeyCache, KeysUnavailable, NotAuthentic, SigningKey
from bot.teams.settings import EdgeSettings
from bot.turn import Toast
from tests.bot.teams.conftest import Recorder, bot_for
from tests.bot.teams.issuer import APP_ID, KEY, OTHER_KEY, SERVICE_URL, Issuer
from tests.teams import TENANT, Person, Teams

AMY = Person("Amy Archer")


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
async def teams(issuer: Issuer) -> AsyncIterator[Teams]:
    async with Teams(service_url=SERVICE_URL) as running:
        yield running


@pytest.fixture
async def edge(teams: Teams, handler: Recorder, issuer: Issuer) -> AsyncIterator[Edge]:
    handler.answer = Toast("ok")
    settings = EdgeSettings(app_id=APP_ID, tenant_id=TENANT, openid_metadata_url=issuer.url)
    async with bot_for(teams, handler, settings) as running:
        yield running


pytestmark = pytest.mark.usefixtures("edge")


def button(teams: Teams, **change: Any) -> dict[str, Any]:
    activity = teams.activity(AMY, teams.channel(), "invoke", name="adaptiveCard/action")
    return {**activity, "value": {"action": {"type": "Action.Execute", "verb": "v"}}, **change}


async def test_good_token(teams: Teams, issuer: Issuer, handler: Recorder) -> None:
    """A token Teams signed for this bot lets the turn in; its keys are fetched once."""
    for _ in range(3):
        status, body = await teams.deliver(button(teams), Authorization=issuer.token())
        assert (status, body["value"]) == (200, "ok")
    assert (len(handler.turns), issuer.fetched) == (3, 1)


NOW = int(time.time())


@pytest.mark.parametrize(
    "made",
    [
        pytest.param({"key": OTHER_KEY}, id="another key"),
        {"kid": "two"},
        {"iss": "https://evil.example"},
        {"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"},
        {"aud": "another-app"},
        {"aud": [APP_ID]},
        pytest.param({"exp": NOW - 3_600}, id="expired"),
        {"exp": "soon"},
        pytest.param({"nbf": NOW + 3_600}, id="not yet"),
        {"without": "exp"},
        {"without": "aud"},
        {"without": "iss"},
        {"without": "serviceurl"},
        {"serviceurl": "https://smba.trafficmanager.net/emea/"},
    ],
    ids=repr,
)
async def test_bad_token(
    teams: Teams, issuer: Issuer, handler: Recorder, made: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A token that is forged, expired, for someone else or incomplete is a 401; the log does not repeat it."""
    token = issuer.token(**made)
    status, body = await teams.deliver(button(teams), Authorization=token)
    assert (status, body["error"]["code"], handler.turns) == (401, "Unauthorized", [])
    assert token.split(".")[1] not in "".join(TextFormatter().format(record) for record in caplog.records)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer e30.e30.",
        "Basic dTpw",
        "Bearer a.b.c d",
        "x" * 8_000,
        "bearer a.b.c",
    ],
)
async def test_garbage_header(teams: Teams, handler: Recorder, header: str) -> None:
    """What is no token is a 401."""
    status, body = await teams.deliver(button(teams), Authorization=header)
    assert (status, body["error"]["code"], handler.turns) == (401, "Unauthorized", [])


async def test_no_header(teams: Teams) -> None:
    """Without a token nothing is read, well-formed or not."""
    assert (await teams.deliver(button(teams)))[0] == 401
    assert (await teams.deliver(b"{"))[0] == 401


async def test_unsigned_token(teams: Teams, issuer: Issuer) -> None:
    """A token that claims to need no signature, or one made with the public key as a secret, is refused."""
    claims = jwt.decode(issuer.token().split()[1], options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})
    shared = jwt.encode(claims, "n" * 32, algorithm="HS256", headers={"kid": "one"})
    for token in (unsigned, shared):
        assert (await teams.deliver(button(teams), Authorization=f"Bearer {token}"))[0] == 401


async def test_tampered_token(teams: Teams, issuer: Issuer) -> None:
    """Claims changed after signing are refused."""
    head, claims, signature = issuer.token().split(".")
    other = issuer.token(aud="x").split(".")[1]
    assert (await teams.deliver(button(teams), Authorization=f"{head}.{other}.{signature}"))[0] == 401
    assert (await teams.deliver(button(teams), Authorization=f"{head}.{claims}.{signature}"))[0] == 200


async def test_key_without_the_endorsement(teams: Teams, issuer: Issuer) -> None:
    """A key of another channel does not speak for Teams."""
    issuer.endorsements = ["webchat"]
    assert (await teams.deliver(button(teams), Authorization=issuer.token()))[0] == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"serviceUrl": None}, 401),
        ({"serviceUrl": "https://smba.trafficmanager.net/emea/"}, 401),
        ({"channelId": None}, 403),
        ({"channelId": "emulator"}, 401),
        ({"channelId": "webchat"}, 403),
        ({"channelData": {"tenant": {"id": "other"}}}, 403),
        ({"channelData": {}}, 403),
        ({"value": None}, 400),
    ],
)
async def test_good_token_for_another_activity(
    teams: Teams, issuer: Issuer, handler: Recorder, change: dict[str, Any], status: int
) -> None:
    """A token does not vouch for another service URL, channel or tenant."""
    assert (await teams.deliver(button(teams, **change), Authorization=issuer.token()))[0] == status
    assert handler.turns == []


async def test_service_that_is_not_teams(teams: Teams, issuer: Issuer) -> None:
    """Even a signed service URL must be one of Teams' own."""
    url = "https://evil.trafficmanager.net/"
    status, body = await teams.deliver(button(teams, serviceUrl=url), Authorization=issuer.token(serviceurl=url))
    assert (status, body["error"]["code"]) == (403, "ServiceUrlNotAllowed")


async def test_malformed_body_with_a_token(teams: Teams, issuer: Issuer) -> None:
    """The form of the body is judged as without authentication."""
    assert (await teams.deliver(b"{", Authorization=issuer.token()))[0] == 400
    deep = orjson.dumps(button(teams)).replace(b'"verb":"v"', b'"verb":"v","x":' + b"[" * 50 + b"]" * 50)
    assert (await teams.deliver(deep, Authorization=issuer.token()))[0] == 400
    assert (await teams.deliver(deep, Authorization=issuer.token(OTHER_KEY)))[0] == 401


async def test_issuer_down(teams: Teams, issuer: Issuer, handler: Recorder) -> None:
    """While no key was ever fetched nobody is let in, and the caller is told to come back."""
    issuer.down = True
    status, body = await teams.deliver(button(teams), Authorization=issuer.token())
    assert (status, body["error"]["code"], handler.turns) == (503, "ServiceUnavailable", [])


class TestRemembered:
    """A token that was checked is taken for five minutes without another look at its signature."""

    @pytest.fixture
    def now(self) -> list[float]:
        return [time.time()]

    @pytest.fixture
    def keys(self, issuer: Issuer) -> Counted:
        return Counted(issuer.url)

    @pytest.fixture
    def authenticator(self, keys: Counted, now: list[float]) -> Authenticator:
        return Authenticator(APP_ID, keys, clock=lambda: now[0])

    async def test_once(self, authenticator: Authenticator, keys: Counted, issuer: Issuer, now: list[float]) -> None:
        """The same token is looked at once in five minutes, another one by itself."""
        token = issuer.token()
        found = [await authenticator.check(token, "msteams", SERVICE_URL) for _ in range(3)]
        assert keys.asked == 1
        assert {each.get_claim_value("aud") for each in found} == {APP_ID}
        await authenticator.check(issuer.token(nbf=1), "msteams", SERVICE_URL)
        assert keys.asked == 2
        now[0] += GOOD_FOR
        await authenticator.check(token, "msteams", SERVICE_URL)
        assert keys.asked == 3

    async def test_not_beyond_its_end(
        self, authenticator: Authenticator, keys: Counted, issuer: Issuer, now: list[float]
    ) -> None:
        """One that ends sooner is looked at again then."""
        token = issuer.token(exp=int(now[0]) - 200)  # the SDK allows clocks to differ by five minutes
        await authenticator.check(token, "msteams", SERVICE_URL)
        now[0] += 99
        await authenticator.check(token, "msteams", SERVICE_URL)
        assert keys.asked == 1
        now[0] += 2
        await authenticator.check(token, "msteams", SERVICE_URL)
        assert keys.asked == 2

    async def test_for_its_service_and_channel_alone(self, authenticator: Authenticator, issuer: Issuer) -> None:
        """What is remembered of a token lets in no activity that it is not for."""
        issuer.endorsements = ["msteams"]
        token = issuer.token()
        await authenticator.check(token, "msteams", SERVICE_URL)
        for channel, service in (("msteams", "https://smba.trafficmanager.net/de/"), ("webchat", SERVICE_URL)):
            with pytest.raises(NotAuthentic):
                await authenticator.check(token, channel, service)

    async def test_not_when_the_keys_were_fetched_again(
        self, authenticator: Authenticator, keys: Counted, issuer: Issuer
    ) -> None:
        """A token whose key was withdrawn is refused as soon as the keys come anew."""
        token = issuer.token()
        await authenticator.check(token, "msteams", SERVICE_URL)
        issuer.published = {"two": OTHER_KEY}
        await keys._refresh()
        with pytest.raises(NotAuthentic):
            await authenticator.check(token, "msteams", SERVICE_URL)

    async def test_a_changed_token_is_another(self, authenticator: Authenticator, issuer: Issuer) -> None:
        """One letter of the signature changed is refused, whatever was let in before, and is not remembered as good."""
        token = issuer.token()
        await authenticator.check(token, "msteams", SERVICE_URL)
        forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
        for _ in range(2):
            with pytest.raises(NotAuthentic):
                await authenticator.check(forged, "msteams", SERVICE_URL)

    async def test_so_many(self, authenticator: Authenticator, keys: Counted, issuer: Issuer) -> None:
        """No more are remembered than that; the oldest goes first."""
        first = issuer.token(nbf=0)
        await authenticator.check(first, "msteams", SERVICE_URL)
        for number in range(REMEMBERED):
            await authenticator.check(issuer.token(nbf=number + 1), "msteams", SERVICE_URL)
        asked = keys.asked
        await authenticator.check(issuer.token(nbf=REMEMBERED), "msteams", SERVICE_URL)
        assert len(authenticator._checked) == REMEMBERED
        await authenticator.check(first, "msteams", SERVICE_URL)
        assert keys.asked == asked + 1


class Counted(KeyCache):
    """Counts how often a signature was looked at."""

    asked = 0

    async def get(self, key_id: str) -> SigningKey:
        self.asked += 1
        return await super().get(key_id)


class TestKeys:
    """Keys are fetched rarely, and never lost once they are known."""

    async def test_first_turns_of_a_process(self, issuer: Issuer) -> None:
        """Turns that come together before the first keys are there all wait for one fetch; none is refused."""
        keys = KeyCache(issuer.url)
        found = await asyncio.gather(*[keys.get("one") for _ in range(8)])
        assert [key.endorsements for key in found] == [issuer.endorsements] * 8
        assert issuer.fetched == 1

    async def test_rotation(self, issuer: Issuer) -> None:
        """A new key is found within five minutes of the last fetch; unknown ids cause no more fetches than that."""
        now = [1_000.0]
        keys = KeyCache(issuer.url, clock=lambda: now[0])
        await keys.get("one")
        issuer.published = {"one": KEY, "two": OTHER_KEY}
        for _ in range(3):
            with pytest.raises(NotAuthentic):
                await keys.get("two")
        assert issuer.fetched == 1
        now[0] += 300
        assert (await keys.get("two")).endorsements == issuer.endorsements
        assert issuer.fetched == 2

    async def test_old_keys_while_the_issuer_is_down(self, issuer: Issuer) -> None:
        """A day later keys are fetched again; if that fails the known ones stay good."""
        now = [0.0]
        keys = KeyCache(issuer.url, clock=lambda: now[0])
        await keys.get("one")
        issuer.down = True
        now[0] = 86_400
        await keys.get("one")
        await keys.get("one")
        assert issuer.fetched == 2

    async def test_withdrawn_key(self, issuer: Issuer) -> None:
        """A key the issuer no longer publishes is refused from the next fetch on."""
        now = [0.0]
        keys = KeyCache(issuer.url, clock=lambda: now[0])
        await keys.get("one")
        issuer.published = {"two": OTHER_KEY}
        now[0] = 86_400
        with pytest.raises(NotAuthentic):
            await keys.get("one")

    async def test_no_keys_at_all(self, issuer: Issuer) -> None:
        """An issuer that is down is asked again soon, but not for every request."""
        now = [0.0]
        issuer.down = True
        keys = KeyCache(issuer.url, clock=lambda: now[0])
        for _ in range(3):
            with pytest.raises(KeysUnavailable):
                await keys.get("one")
        assert issuer.fetched == 1
        issuer.down = False
        now[0] = 5
        await keys.get("one")
