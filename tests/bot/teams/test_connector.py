"""The channel posts to Teams, and turns each of Teams' answers into the right error."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from bot.teams.breaker import FAILURES, REST, Breaker
from bot.teams.connector import TeamsChannel
from bot.teams.hosts import ServiceHosts
from bot.teams.settings import EdgeSettings
from bot.turn import (
    Message,
    OutcomeUnknown,
    Reference,
    Scope,
    TeamsBusy,
    TeamsDown,
    TeamsError,
    TeamsRefused,
)
from tests.bot.teams.conftest import quick_channel
from tests.teams import BOT_ID, CARD, TENANT, Person, Teams

HELLO = Message("Summary", card={"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "café"}]})
AMY = Person("Amy Archer")


@pytest.fixture
async def channel() -> AsyncIterator[TeamsChannel]:
    channel = quick_channel(EdgeSettings())
    yield channel
    await channel.close()


@pytest.fixture
def board(teams: Teams) -> Reference:
    """The board's channel."""
    place = teams.channel("Board")
    where = {"tenant_id": TENANT, "team_id": place.team_id, "channel_id": place.channel_id, "bot_id": BOT_ID}
    return Reference(teams.service_url, place.conversation_id, Scope.CHANNEL, **where)


@pytest.fixture
def chat(teams: Teams) -> Reference:
    """Amy's chat."""
    return Reference(teams.service_url, teams.chat(AMY).conversation_id, Scope.PERSONAL, TENANT, bot_id=BOT_ID)


async def test_start_in_a_channel(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """A new conversation is asked for as Teams wants it; its ids lead to its thread."""
    sent = await channel.start(board, HELLO)
    call = teams.calls[0]
    assert (call.method, call.conversation_id) == ("POST", "")
    assert {name: call.json[name] for name in ("isGroup", "bot", "tenantId", "channelData")} == {
        "isGroup": True,
        "bot": {"id": BOT_ID},
        "tenantId": TENANT,
        "channelData": {"channel": {"id": board.channel_id}, "tenant": {"id": TENANT}},
    }
    assert sent.conversation_id == f"{board.channel_id};messageid={sent.activity_id}"
    assert teams.posts[sent.activity_id].card == HELLO.card


async def test_start_without_a_channel_id(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """A reference from a thread starts in the thread's channel."""
    thread = Reference(
        teams.service_url, f"{board.channel_id};messageid=5", Scope.CHANNEL, tenant_id=TENANT, bot_id=BOT_ID
    )
    sent = await channel.start(thread, HELLO)
    assert sent.conversation_id.startswith(f"{board.channel_id};messageid=")


async def test_start_in_a_chat(teams: Teams, channel: TeamsChannel, chat: Reference) -> None:
    """A chat has no threads: the message is sent into it."""
    sent = await channel.start(chat, HELLO)
    assert (sent.conversation_id, teams.calls[0].conversation_id) == (chat.conversation_id, chat.conversation_id)


async def test_send(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """The message is a plain activity; the conversation's id survives the path."""
    sent = await channel.send(board, HELLO)
    assert teams.calls[0].conversation_id == board.conversation_id
    assert teams.posts[sent.activity_id].activity == {
        "type": "message",
        "from": {"id": BOT_ID},
        "conversation": {"id": board.conversation_id},
        "summary": "Summary",
        "attachments": [{"contentType": CARD, "content": HELLO.card}],
    }
    assert channel.requests == 1


async def test_update(teams: Teams, channel: TeamsChannel, chat: Reference) -> None:
    """The one message changes; no new one appears."""
    sent = await channel.send(chat, HELLO)
    await channel.update(chat, sent.activity_id, Message("S", text="changed"))
    (post,) = teams.posts.values()
    assert (post.text, post.edits, channel.requests) == ("changed", 1, 2)


async def test_update_of_what_is_gone(channel: TeamsChannel, chat: Reference) -> None:
    """A message that is not there cannot be replaced, and a person should hear of it."""
    with pytest.raises(TeamsRefused) as caught:
        await channel.update(chat, "1", HELLO)
    assert (caught.value.status, caught.value.code) == (404, "ConversationNotFound")


REFUSED = [(status, TeamsRefused, 1, 1) for status in (302, 400, 401, 403, 404, 405, 409, 413)]
BUSY = [(status, TeamsBusy, 3, 3) for status in (412, 429)] + [(503, TeamsDown, 3, 3)]
UNKNOWN = [(what, OutcomeUnknown, 1, 3) for what in (500, 502, 504, "drop")]


@pytest.mark.parametrize(("what", "error", "posts", "puts"), REFUSED + BUSY + UNKNOWN)
async def test_failures(
    teams: Teams, channel: TeamsChannel, board: Reference, what: Any, error: type[TeamsError], posts: int, puts: int
) -> None:
    """Each failure becomes its error; a POST is repeated only when it was certainly not taken, an update also else."""
    await fails(teams, channel, board, what, error, posts, puts)


async def test_silence(teams: Teams, board: Reference) -> None:
    """So does no answer in time: whether it was taken is not known."""
    channel = quick_channel(EdgeSettings(), timeout=0.3)
    try:
        await fails(teams, channel, board, "timeout", OutcomeUnknown, 1, 3)
    finally:
        await channel.close()


async def fails(
    teams: Teams, channel: TeamsChannel, board: Reference, what: Any, error: type[TeamsError], posts: int, puts: int
) -> None:
    """Every call ends with the error, after so many tries."""
    teams.fail_next(what, count=20)  # more than needed: aiohttp itself repeats a PUT on a kept connection
    for call, tries in (
        (channel.send(board, HELLO), posts),
        (channel.start(board, HELLO), posts),
        (channel.update(board, "1", HELLO), puts),
    ):
        before = channel.requests
        channel.breaker.answered()  # what many failures in a row lead to is another test's
        with pytest.raises(error) as caught:
            await call
        assert (type(caught.value), channel.requests - before) == (error, tries)


@pytest.mark.parametrize("what", ["html", "empty", "no id"])
async def test_success_without_an_id(teams: Teams, channel: TeamsChannel, board: Reference, what: str) -> None:
    """A post counts only when Teams gave its id."""
    for call in (channel.send(board, HELLO), channel.start(board, HELLO)):
        teams.fail_next(what)
        with pytest.raises(OutcomeUnknown):
            await call


async def test_error_page(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """An answer that is no JSON, or odd JSON, still becomes the error of its status."""
    for body in ([], {"error": "text"}, {"error": {"code": 5}}):
        teams.fail_next(403, body=body)  # type: ignore[arg-type]
        with pytest.raises(TeamsRefused) as caught:
            await channel.send(board, HELLO)
        assert (caught.value.status, caught.value.code) == (403, "")


@pytest.mark.parametrize("status", [412, 429, 503])
async def test_recovery(teams: Teams, channel: TeamsChannel, board: Reference, status: int) -> None:
    """A passing refusal is waited out, and the message is posted once."""
    teams.fail_next(status, count=2, headers={"Retry-After": "0.01"})
    await channel.send(board, HELLO)
    assert (len(teams.posts), channel.requests) == (1, 3)


async def test_retry_after_is_honoured(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """The pause is never shorter than Teams asked for."""
    teams.fail_next(429, headers={"Retry-After": "0.04"})
    started = time.perf_counter()
    await channel.send(board, HELLO)
    assert time.perf_counter() - started >= 0.04


@pytest.mark.parametrize(("header", "told"), [("30", 30.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", 0.0)])
async def test_retry_after_is_passed_on(
    teams: Teams, channel: TeamsChannel, board: Reference, header: str, told: float | None
) -> None:
    """A pause longer than the channel may wait is the caller's to take: no second try is made."""
    teams.fail_next(429, count=3, headers={"Retry-After": header})
    with pytest.raises(TeamsBusy) as caught:
        await channel.send(board, HELLO)
    assert caught.value.retry_after == told
    assert channel.requests == (1 if told == 30.0 else 3)


async def test_update_is_repeated(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """An update whose fate is unknown is made again."""
    sent = await channel.send(board, HELLO)
    teams.fail_next(502)
    teams.fail_next("drop")
    await channel.update(board, sent.activity_id, Message("S", text="changed"))
    assert teams.posts[sent.activity_id].text == "changed"


async def test_post_made_in_spite_of_the_error(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """A gateway that gives up after Teams took the post is why such a post is not repeated."""
    teams.fail_next(504, made=True)
    with pytest.raises(OutcomeUnknown):
        await channel.send(board, HELLO)
    assert len(teams.posts) == 1


async def test_outage(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """While nothing listens nothing was posted; afterwards the same channel works again."""
    await channel.send(board, HELLO)
    await teams.stop()
    with pytest.raises(TeamsBusy):
        await channel.send(board, HELLO)
    await teams.start()
    await channel.send(board, HELLO)
    assert len(teams.posts) == 2


async def test_unknown_host(channel: TeamsChannel, board: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve means nothing was posted."""

    async def refuse(*_: object, **__: object) -> None:
        raise aiohttp.ClientConnectorDNSError(None, OSError("no such host"))  # type: ignore[arg-type]

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", refuse)
    with pytest.raises(TeamsBusy):
        await channel.send(board, HELLO)


@pytest.mark.parametrize("conversation_id", ["", ".", ".."])
async def test_no_conversation(teams: Teams, channel: TeamsChannel, conversation_id: str) -> None:
    """Without a conversation there is nowhere to send to."""
    with pytest.raises(TeamsRefused):
        await channel.send(Reference(teams.service_url, conversation_id, Scope.PERSONAL), HELLO)
    assert channel.requests == 0


async def test_host_that_is_not_allowed(teams: Teams, board: Reference) -> None:
    """The token never leaves for a host that is not Teams' own: not even a connection is made."""
    channel = TeamsChannel(ServiceHosts())
    for call in (channel.send(board, HELLO), channel.start(board, HELLO), channel.update(board, "1", HELLO)):
        with pytest.raises(TeamsRefused) as caught:
            await call
        assert caught.value.code == "ServiceUrlNotAllowed"
    assert (channel.requests, teams.calls) == (0, [])


class Token:
    """A credential that counts how often it was asked and told to forget."""

    def __init__(self) -> None:
        self.asked = self.forgotten = 0

    async def token(self) -> str:
        self.asked += 1
        return f"token-{self.forgotten}"

    def forget(self) -> None:
        self.forgotten += 1


async def test_token(teams: Teams, board: Reference) -> None:
    """Each request carries the token; one that Teams does not accept is fetched anew the next time."""
    token = Token()
    channel = TeamsChannel(ServiceHosts(loopback_only=True), token)
    teams.fail_next(401)
    with pytest.raises(TeamsRefused):
        await channel.send(board, HELLO)
    await channel.send(board, HELLO)
    await channel.close()
    assert [call.authorization for call in teams.calls] == ["Bearer token-0", "Bearer token-1"]


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://smba.trafficmanager.net/uk/", True),
        ("https://smba.trafficmanager.net/uk/6b8f2a4e-51d3-4c0a-9a7e-0d2f5c1e7b90/", True),
        ("https://SMBA.trafficmanager.net:443", True),
        ("https://smba.infra.gcc.teams.microsoft.com/gcc", True),
        ("https://teams.example.gov.uk/", True),
        ("http://smba.trafficmanager.net/uk/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://evil.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://evil.example/smba.trafficmanager.net", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://smba.trafficmanager.net/uk/?a=b", False),
        ("https://smba.trafficmanager.net/uk#x", False),
        ("https://smba.trafficmanager.net/uk/\n", False),
        ("https://smba.trafficmanager.net\\.evil.example/", False),
        ("https://127.0.0.1/", False),
        ("http://127.0.0.1:5000/", False),
        ("", False),
    ],
)
def test_hosts(url: str, allowed: bool) -> None:
    """With authentication only https on Teams' hosts and the operator's own is allowed."""
    settings = EdgeSettings(app_id="x", allowed_service_hosts=frozenset({"Teams.example.gov.uk"}))
    assert settings.hosts().allow(url) is allowed


async def test_left_alone_while_it_is_down(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """After five failures in a row Teams is not asked at all for a while; then one call finds out for everyone."""
    now = [100.0]
    channel.breaker = Breaker(clock=lambda: now[0])
    teams.fail_next(503, count=6)
    for _ in range(2):
        with pytest.raises(TeamsDown):
            await channel.send(board, HELLO)
    assert (channel.requests, channel.down) == (FAILURES, True)
    with pytest.raises(TeamsDown) as caught:
        await channel.send(board, HELLO)
    with pytest.raises(TeamsDown):
        await channel.room(board)
    assert (caught.value.retry_after, channel.requests) == (REST, FAILURES)
    now[0] += REST
    with pytest.raises(TeamsDown):
        await channel.send(board, HELLO)
    assert (channel.requests, channel.down_for) == (FAILURES + 1, 2 * REST)
    now[0] += 2 * REST
    await channel.send(board, HELLO)
    assert (channel.down, channel.down_for, len(teams.posts)) == (False, 0.0, 1)


async def test_a_refusal_is_an_answer(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """What Teams refuses does not count against it: it is there."""
    for _ in range(2 * FAILURES):
        teams.fail_next(403)
        with pytest.raises(TeamsRefused):
            await channel.send(board, HELLO)
    assert not channel.down


def answering(*answers: bool) -> Callable[[], bool]:
    """Whether one may send: these answers, one each time it is asked, and no for ever after."""
    left = list(answers)
    return lambda: left.pop(0) if left else False


@pytest.mark.parametrize("said", [(), (True,)], ids=["at-once", "as-it-is-written"])
async def test_who_may_not_send_any_more_sends_nothing(
    teams: Teams, channel: TeamsChannel, board: Reference, chat: Reference, said: tuple[bool, ...]
) -> None:
    """The last question comes as the bytes are handed over: after a no, not one of them reaches Teams."""
    sent = await channel.start(chat, HELLO, may_send=lambda: True)
    for call in (
        channel.start(board, HELLO, may_send=answering(*said)),
        channel.start(chat, HELLO, may_send=answering(*said)),
        channel.update(chat, sent.activity_id, Message("S", text="stale"), may_send=answering(*said)),
    ):
        with pytest.raises(TeamsBusy, match="another process posts now"):
            await call
    assert [(call.method, call.status) for call in teams.calls] == [("POST", 201)]
    assert not channel.down
    assert (await channel.start(board, HELLO, may_send=lambda: True)).activity_id in teams.posts


async def test_each_try_asks_again(teams: Teams, channel: TeamsChannel, board: Reference) -> None:
    """A process that loses its lease in the pause between two tries does not make the second."""
    teams.fail_next(429)
    with pytest.raises(TeamsBusy, match="another process posts now"):
        await channel.start(board, HELLO, may_send=answering(True, True))
    assert [call.status for call in teams.calls] == [429]
