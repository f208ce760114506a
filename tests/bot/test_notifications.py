"""The webhook endpoint and the keeping of subscriptions, over real HTTP against the embedded server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import notifications, webhooks
from bot.notifications import Notifications
from bot.webhooks import PATH, STATE, Webhooks
from sharepoint import queries as ask
from sharepoint.schema import SETTINGS
from sharepoint.store import Store
from sharepoint.subscriptions import FOLLOWED
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client

JSON = dict[str, Any]


@dataclass
class Endpoint:
    """A bot's endpoint, served; `looks` counts what valid notifications asked for."""

    url: str
    door: Notifications
    webhooks: Webhooks
    now: list[datetime]
    keeps: list[bool]
    looks: list[None] = field(default_factory=list)

    async def post(self, **sent: Any) -> tuple[int, str, str]:
        """Post as given; the status, content type and body of the answer."""
        async with aiohttp.ClientSession() as session, session.post(self.url, **sent) as answer:
            return answer.status, answer.content_type, await answer.text()

    async def tell(self, *entries: JSON) -> int:
        return (await self.post(json={"value": list(entries)}))[0]


@pytest.fixture
async def endpoint(store: Store) -> AsyncIterator[Endpoint]:
    """An endpoint whose subscriptions have not been made yet, in the process that keeps them."""
    app = web.Application()
    runner = web.AppRunner(app)
    now, keeps, looks = [datetime.now(UTC)], [True], list[None]()
    serving: list[Notifications] = []

    async def receive(request: web.Request) -> web.Response:
        return await serving[0].receive(request)

    app.router.add_route("*", PATH, receive)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    hooks = Webhooks(store.patient(20), url, keeps=lambda: keeps[0], now=lambda: now[0])
    serving.append(Notifications(hooks, lambda: looks.append(None)))
    yield Endpoint(url, serving[0], hooks, now, keeps, looks)
    await runner.cleanup()


@pytest.fixture
async def live(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its subscriptions in place."""
    await endpoint.webhooks.check()
    return endpoint


@pytest.fixture(autouse=True)
def none_left(server: EmbeddedServer) -> Iterator[None]:
    yield
    for of in FOLLOWED:
        for each in subscriptions(server, of.name):
            server.delete(f"web/lists/getByTitle('{of.name}')/subscriptions('{each['id']}')")


def subscriptions(server: EmbeddedServer, name: str = "Members") -> list[JSON]:
    found: list[JSON] = server.get(f"web/lists/getByTitle('{name}')/subscriptions")["value"]
    return found


async def secret(store: Store) -> str:
    (row,) = await store.find(ask.keyed(SETTINGS, STATE))
    return str(row.value)


async def entry(server: EmbeddedServer, store: Store, **changed: Any) -> JSON:
    """A notification as SharePoint sends it, for the subscription of Members."""
    (one,) = subscriptions(server)
    whole = {
        "subscriptionId": one["id"],
        "clientState": await secret(store),
        "expirationDateTime": one["expirationDateTime"],
        "resource": one["resource"],
        "tenantId": "00000000-0000-0000-0000-000000000000",
        "siteUrl": "/sites/mhrmb",
        "webId": "00000000-0000-0000-0000-000000000000",
    }
    return {name: value for name, value in {**whole, **changed}.items() if value is not ...}


async def test_subscriptions_are_made_through_the_handshake(
    server: EmbeddedServer, store: Store, live: Endpoint
) -> None:
    """One on each list, with a secret that nobody could guess, kept in Settings and told to nobody else."""
    state = await secret(store)
    assert len(state) >= 32
    for of in FOLLOWED:
        (one,) = subscriptions(server, of.name)
        assert (one["notificationUrl"], one["clientState"]) == (live.url, state)


@pytest.mark.parametrize("name", ["validationtoken", "validationToken", "ValidationToken"])
async def test_a_handshake_is_echoed_as_plain_text(endpoint: Endpoint, name: str) -> None:
    """Whatever the case of its name, before and after there are subscriptions; nothing is looked at for it."""
    token = "0c4b3ef1-9b0e-4d6c-a2f5-1d8a3a3c9b11"
    assert await endpoint.post(params={name: token}) == (200, "text/plain", token)
    async with aiohttp.ClientSession() as session, session.post(endpoint.url, params={name: token}) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert endpoint.looks == []


@pytest.mark.parametrize(
    "token",
    ["", "x" * 257, "<script>alert(1)</script>", "a&b", 'a"b', "a'b", "a\nb", "a\r\nSet-Cookie: x=y", "é", "\0"],
)
async def test_what_is_no_token_is_not_echoed(endpoint: Endpoint, token: str) -> None:
    """Too long, markup, or anything beyond what a token is made of: 400 and nothing of it comes back."""
    status, _, text = await endpoint.post(params={"validationtoken": token})
    assert status == 400
    assert text == "400: Bad Request" or not text


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_only_post_is_taken(endpoint: Endpoint, method: str) -> None:
    """405, and the answer says what would do; not even a handshake is answered otherwise."""
    sent = {"validationtoken": "t"}
    async with aiohttp.ClientSession() as session, session.request(method, endpoint.url, params=sent) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


async def test_a_valid_notification_has_the_lists_looked_at(
    server: EmbeddedServer, store: Store, live: Endpoint
) -> None:
    """200, nothing in the answer, one look; the id may be written in capitals."""
    one = await entry(server, store)
    assert await live.post(json={"value": [one]}) == (200, "application/octet-stream", "")
    assert await live.tell({**one, "subscriptionId": one["subscriptionId"].upper()}) == 200
    assert (len(live.looks), live.door.valid) == (2, 2)


async def test_a_body_causes_one_look_whatever_it_holds(server: EmbeddedServer, store: Store, live: Endpoint) -> None:
    """A hundred entries are one look, as are good ones among foreign ones; nothing else in them matters."""
    one = await entry(server, store, resource="<b>Members</b>", siteUrl=5, more={"deep": [1]})
    assert await live.tell(*[one] * 100) == 200
    assert len(live.looks) == 1
    assert await live.tell({}, {"clientState": "x"}, one, {"clientState": 5, "subscriptionId": []}) == 200
    assert len(live.looks) == 2


UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"clientState": "wrong"}, 403),
        ({"clientState": ""}, 403),
        ({"clientState": ...}, 403),
        ({"clientState": None}, 403),
        ({"clientState": ["x"]}, 403),
        ({"clientState": "\udfff"}, 403),
        ({"clientState": "é" * 43}, 403),
        ({"subscriptionId": UNKNOWN}, 404),
        ({"subscriptionId": ...}, 404),
        ({"subscriptionId": {"a": 1}}, 404),
    ],
    ids=["wrong", "empty", "none", "null", "list", "half a pair", "not ascii", "unknown id", "no id", "id an object"],
)
async def test_one_that_is_not_ours_is_refused(
    server: EmbeddedServer, store: Store, live: Endpoint, changed: JSON, status: int
) -> None:
    """Without the secret 403, for a subscription that is not ours 404; either way nothing is looked at."""
    one = await entry(server, store, **changed)
    if "\udfff" in str(one.get("clientState")):
        body = b'{"value":[{"clientState":"\\udfff"}]}'
        got, _, _ = await live.post(data=body, headers={"Content-Type": "application/json"})
        assert got in (400, 403)
    else:
        assert await live.tell(one) == status
    assert live.looks == []


BODIES = {
    "nothing": (b"", "application/json", 400),
    "no JSON": (b"{", "application/json", 400),
    "a list": (b"[]", "application/json", 400),
    "no value": (b"{}", "application/json", 400),
    "an empty value": (b'{"value":[]}', "application/json", 400),
    "a value that is no list": (b'{"value":{}}', "application/json", 400),
    "entries that are none": (b'{"value":[1,"x",null]}', "application/json", 400),
    "not UTF-8": (b'{"value":["\xff"]}', "application/json", 400),
    "deep": (b'{"value":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "application/json", 400),
    "large": (b'{"value":[{"a":"' + b"x" * 70_000 + b'"}]}', "application/json", 413),
    "a form": (b"value=1", "application/x-www-form-urlencoded", 415),
    "text": (b"{}", "text/plain", 415),
    "XML": (b"<a/>", "application/xml", 415),
}


@pytest.mark.parametrize("name", BODIES)
async def test_what_is_no_notification_is_refused(live: Endpoint, name: str) -> None:
    """With the status that fits, nothing of it in the answer, and nothing looked at."""
    body, kind, status = BODIES[name]
    assert (await live.post(data=body, headers={"Content-Type": kind}))[0] == status
    assert live.looks == []


async def test_a_large_body_without_a_length_is_cut_off(live: Endpoint) -> None:
    """A chunked body is counted as it comes."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    status, _, _ = await live.post(data=pieces(), headers={"Content-Type": "application/json"})
    assert status == 413


async def test_an_encoded_body_is_refused(live: Endpoint) -> None:
    """What would have to be unpacked first is not taken."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert (await live.post(data=b"\x1f\x8b", headers=headers))[0] in (400, 415)
    assert live.looks == []


async def test_a_body_that_does_not_arrive(live: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that stops half way is not waited for."""
    monkeypatch.setattr(notifications, "LONGEST", 0.1)
    host, port = live.url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    writer.write(head.encode())
    assert (await asyncio.wait_for(reader.readline(), 5)).split()[1] == b"408"
    writer.close()


async def test_before_the_secret_is_read_it_comes_too_early(endpoint: Endpoint) -> None:
    """503, so that SharePoint tries again."""
    assert await endpoint.tell({"subscriptionId": UNKNOWN, "clientState": ""}) == 503


async def test_a_process_that_does_not_keep_them_knows_the_secret(
    server: EmbeddedServer, store: Store, live: Endpoint
) -> None:
    """Behind a load balancer a notification may reach any process: the one that does not post takes it too."""
    one = await entry(server, store)
    other = Webhooks(store.patient(20), live.url, keeps=lambda: False)
    assert other.heard([one]) is webhooks.Heard.NOT_YET
    await other.check()
    assert other.heard([one]) is webhooks.Heard.VALID
    assert other.heard([{**one, "clientState": "x"}]) is webhooks.Heard.FOREIGN
    for of in FOLLOWED:
        assert len(subscriptions(server, of.name)) == 1


async def test_they_are_checked_daily(server: EmbeddedServer, live: Endpoint) -> None:
    """Until the next day a check asks nothing; then what was lost meanwhile is made again."""
    (one,) = subscriptions(server)
    server.delete(f"web/lists/getByTitle('Members')/subscriptions('{one['id']}')")
    server.forget_requests()
    live.now[0] += timedelta(hours=23)
    await live.webhooks.check()
    assert server.requests_served()["total"] == 0
    live.now[0] += timedelta(hours=2)
    await live.webhooks.check()
    assert len(subscriptions(server)) == 1


async def test_they_are_renewed_before_they_lapse(server: EmbeddedServer, endpoint: Endpoint) -> None:
    """Over half a year of days the end is never nearer than three months, and it stays one subscription."""
    real = endpoint.now[0]
    ids = set()
    for days in (-160, -100, -79, -30, 0):
        endpoint.now[0] = real + timedelta(days=days)
        await endpoint.webhooks.check()
        (one,) = subscriptions(server)
        ids.add(one["id"])
        assert datetime.fromisoformat(one["expirationDateTime"]) - endpoint.now[0] >= timedelta(days=90)
    assert len(ids) == 1


async def test_whoever_takes_the_lease_over_checks_at_once(server: EmbeddedServer, live: Endpoint) -> None:
    """What the process before it left undone is done by the next, however lately it was checked."""
    (one,) = subscriptions(server)
    server.delete(f"web/lists/getByTitle('Members')/subscriptions('{one['id']}')")
    live.keeps[0] = False
    await live.webhooks.check()
    assert subscriptions(server) == []
    live.keeps[0] = True
    await live.webhooks.check()
    assert len(subscriptions(server)) == 1


async def test_a_missing_right_is_said_once(
    server: EmbeddedServer, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """One sentence that tells what to do, and no more of it however often it is tried."""
    member = client(server, MEMBER)
    hooks = Webhooks(Store(member, within=20), endpoint.url, keeps=lambda: True, now=lambda: endpoint.now[0])
    with caplog.at_level(logging.INFO, "mhrmb.webhooks"):
        for _ in range(3):
            await hooks.check()
            endpoint.now[0] += timedelta(days=2)
    await member.close()
    (said,) = caplog.messages
    assert "polled as before" in said
    assert "grant" in said


async def test_an_address_nobody_reaches_is_said_once_and_tried_again(
    server: EmbeddedServer, store: Store, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """The sentence names the setting, not the secret; when the address is there later, so are the subscriptions."""
    url = endpoint.url.replace(PATH, "/nowhere")
    hooks = Webhooks(store.patient(20), url, keeps=lambda: True, now=lambda: endpoint.now[0])
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await hooks.check()
            endpoint.now[0] += timedelta(hours=1)
    (said,) = [text for text in caplog.messages if "MHRMB_PUBLIC_URL" in text]
    assert await secret(store) not in caplog.text
    assert "polled as before" in said
    hooks._url = endpoint.url
    await hooks.check()
    assert len(subscriptions(server)) == 1


async def test_the_secret_is_never_logged(
    server: EmbeddedServer, store: Store, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """Not when it is made, used, refused or wrong; nor is what was sent instead of it."""
    with caplog.at_level(logging.DEBUG):
        server.fault(status=503, count=1, match="subscriptions")
        await endpoint.webhooks.check()
        endpoint.now[0] += timedelta(minutes=2)
        await endpoint.webhooks.check()
        one = await entry(server, store)
        await endpoint.tell(one)
        await endpoint.tell({**one, "clientState": "PLANTED"})
        await endpoint.tell({**one, "subscriptionId": "PLANTED"})
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("mhrmb")]
    assert ours
    assert not [text for text in ours if "PLANTED" in text or one["clientState"] in text]


async def test_refusals_do_not_flood_the_log(live: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    """Fifty forgeries are one line; the count tells of the rest."""
    with caplog.at_level(logging.INFO, "mhrmb.notifications"):
        for _ in range(50):
            await live.tell({"clientState": "x"})
    assert [record.name for record in caplog.records if record.name.startswith("mhrmb.")] == ["mhrmb.notifications"]
    assert live.door.refused == 50


@pytest.mark.parametrize("name", ["Actions", "Subjects"])
async def test_a_check_that_breaks_off_is_finished_by_the_next(
    server: EmbeddedServer, store: Store, endpoint: Endpoint, name: str
) -> None:
    """A creation that never came back is neither missing nor doubled after the next check."""
    server.fault(status="drop", count=1, after=True, match=f"POST .*{name}.*subscriptions$")
    await endpoint.webhooks.check()
    endpoint.now[0] += timedelta(hours=1)
    await endpoint.webhooks.check()
    endpoint.now[0] += timedelta(days=1, hours=1)
    await endpoint.webhooks.check()
    assert {len(subscriptions(server, of.name)) for of in FOLLOWED} == {1}
