"""Whatever arrives at the edge gets a status that tells the truth, and never a 500."""

from __future__ import annotations

import itertools
from typing import Any

import aiohttp
import orjson
import pytest

from bot.teams.settings import EdgeSettings
from tests.bot.teams.conftest import Recorder, bot_for
from tests.teams import TENANT, Person, Teams

AMY = Person("Amy Archer")
JSON_TYPE = {"Content-Type": "application/json"}

pytestmark = pytest.mark.usefixtures("edge")


async def ask(
    url: str, method: str = "POST", data: Any = b"", headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Make a bare request; return the status and the error code, whose sentence must be there."""
    async with (
        aiohttp.ClientSession(skip_auto_headers=["Content-Type"]) as session,
        session.request(method, url, data=data, headers=headers if headers is not None else JSON_TYPE) as response,
    ):
        body = await response.read()
        error = orjson.loads(body)["error"] if body else {"code": "", "message": "-"}
        assert error["message"]
        return response.status, error["code"]


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def hello(teams: Teams, **change: Any) -> dict[str, Any]:
    return {**teams.activity(AMY, teams.chat(AMY), "message", text="help"), **change}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_method(teams: Teams, method: str) -> None:
    """Only POST is served, and the answer says so."""
    assert await ask(teams.bot, method) == (405, "MethodNotAllowed")
    async with aiohttp.ClientSession() as session, session.get(teams.bot) as response:
        assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Type": "text/plain"}, {"Content-Type": ";;"}, {**JSON_TYPE, "Content-Encoding": "gzip"}],
)
async def test_content_type(teams: Teams, headers: dict[str, str]) -> None:
    """Only JSON is read, and only as it is."""
    assert await ask(teams.bot, data=orjson.dumps(hello(teams)), headers=headers) == (415, "UnsupportedMediaType")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
async def test_content_type_spelt_otherwise(teams: Teams, kind: str) -> None:
    """Parameters and case do not matter."""
    assert await ask(teams.bot, data=orjson.dumps(hello(teams)), headers={"Content-Type": kind}) == (200, "")


async def test_size(teams: Teams, handler: Recorder) -> None:
    """A body over 256 KB is refused, whether it states its length or comes in chunks."""
    big = orjson.dumps(hello(teams, text="x" * 256 * 1024))

    async def chunks() -> Any:
        for start in range(0, len(big), 10_000):
            yield big[start : start + 10_000]

    assert await ask(teams.bot, data=big) == (413, "MessageSizeTooBig")
    assert await ask(teams.bot, data=chunks()) == (413, "MessageSizeTooBig")
    assert handler.turns == []


async def test_slow_body(teams: Teams, handler: Recorder) -> None:
    """A body that does not come is not waited for."""

    async def never() -> Any:
        yield b"{"
        await teams._stopping.wait()

    async with bot_for(teams, handler, EdgeSettings(body_seconds=0.05)):
        assert await ask(teams.bot, data=never()) == (408, "RequestTimeout")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"nonsense", b"[]", b"null", b"1", b'"text"', b"{}", b"\xff\xfe", b'{"a":NaN}'),
        *(b"[" * 100_000, b'{"type":"message","text":"\\ud800"}', nested(1_500)),
    ],
)
async def test_not_an_activity(teams: Teams, body: bytes) -> None:
    """What is not a JSON object, or lacks what every activity has, is a 400 (or a 403: no channel is not Teams)."""
    status, code = await ask(teams.bot, data=body)
    assert (status, code) in {(400, "BadSyntax"), (403, "ChannelNotAllowed")}


async def test_depth(teams: Teams, handler: Recorder) -> None:
    """Values may nest, within reason."""
    assert await ask(teams.bot, data=orjson.dumps(hello(teams, value=orjson.loads(nested(40))))) == (400, "BadSyntax")
    assert await ask(teams.bot, data=orjson.dumps(hello(teams, value=orjson.loads(nested(20))))) == (200, "")
    assert len(handler.turns) == 1


MEMBERS = {
    "": "type id name serviceUrl channelId text entities replyToId value membersAdded action locale from recipient "
    "conversation channelData timestamp attachments",
    "from.": "id name aadObjectId",
    "recipient.": "id name",
    "conversation.": "id conversationType tenantId",
    "channelData.": "tenant tenant.id team team.id team.name channel channel.id channel.name settings",
    "value.": "action action.verb action.data data data.verb",
}
PATHS = [holder + name for holder, names in MEMBERS.items() for name in names.split()]
WRONG: list[Any] = [1, True, 1.5, [], {}, [{}], "x", "", None]


@pytest.mark.parametrize("name", ["message", "adaptiveCard/action", "task/submit", "conversationUpdate"])
async def test_wrong_types(teams: Teams, name: str) -> None:
    """Any field of any type gets a 200, or a refusal with a sentence."""
    for path, wrong in itertools.product(PATHS, WRONG):
        value = {"action": {"verb": "v", "data": {}}, "data": {"verb": "v"}}
        kind = name if "/" not in name else "invoke"
        activity: dict[str, Any] = teams.activity(AMY, teams.channel(), kind, name=name, value=value, membersAdded=[])
        *outer, last = path.split(".")
        holder = activity
        for part in outer:
            holder = holder.setdefault(part, {})
        holder[last] = wrong
        status, body = await teams.deliver(activity)
        assert status in {200, 400, 403}, (path, wrong)
        assert status == 200 or body["error"]["message"], (path, wrong)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("text", 5),
        ("from", []),
        ("from", None),
        ("from.id", 5),
        ("from.aadObjectId", {}),
        ("conversation", None),
        ("conversation.id", ""),
        ("conversation.conversationType", "crowd"),
        ("channelData", "x"),
        ("entities", {}),
        ("serviceUrl", None),
        ("type", None),
        ("id", "x" * 1_001),
    ],
)
async def test_wrong_field_of_a_message(teams: Teams, handler: Recorder, path: str, wrong: Any) -> None:
    """A field the bot reads and that is wrong is named, and nothing is done."""
    activity = hello(teams)
    outer, _, last = path.rpartition(".")
    (activity[outer] if outer else activity)[last] = wrong
    status, body = await teams.deliver(activity)
    assert (status, body["error"]["code"], handler.turns) == (400, "BadSyntax", [])
    assert f"`{last}`" in body["error"]["message"]


@pytest.mark.parametrize(
    "service_url",
    [
        "https://smba.trafficmanager.net/uk/",  # Teams' own, but without a token anyone could name it
        "http://169.254.169.254/metadata",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://localhost:80@evil.example/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "http://127.0.0.1/?x=1",
        "http://127.0.0.1\\@evil.example/",
    ],
)
async def test_service_url_without_authentication(teams: Teams, handler: Recorder, service_url: str) -> None:
    """While anyone may call, the bot answers to its own machine and nowhere else."""
    status, body = await teams.deliver(hello(teams, serviceUrl=service_url))
    assert (status, body["error"]["code"], handler.turns) == (403, "ServiceUrlNotAllowed", [])


@pytest.mark.parametrize("channel_id", ["directline", "webchat", "", "MSTEAMS"])
async def test_other_channels(teams: Teams, channel_id: str) -> None:
    """The bot lives in Teams only."""
    status, body = await teams.deliver(hello(teams, channelId=channel_id))
    assert (status, body["error"]["code"]) == (403, "ChannelNotAllowed")


async def test_tenants(teams: Teams, handler: Recorder) -> None:
    """With an allow-list, other tenants and activities without one are refused; case does not matter."""
    async with bot_for(teams, handler, EdgeSettings(allowed_tenants=frozenset({TENANT.upper()}))):
        assert (await teams.deliver(hello(teams)))[0] == 200
        other = {"tenant": {"id": "11111111-0000-0000-0000-000000000000"}}
        for activity in (hello(teams, channelData=other), hello(teams, channelData={}, conversation={"id": "a:1"})):
            status, body = await teams.deliver(activity)
            assert (status, body["error"]["code"]) == (403, "TenantNotAllowed")
    assert len(handler.turns) == 1
