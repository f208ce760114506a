"""One sender cannot use up what all share, and hears so; nobody else notices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.edge import Edge
from bot.teams.rate import BURST, REMEMBERED, SenderRate, TooFast
from bot.teams.settings import EdgeSettings
from bot.turn import Kind, Message, Reply, Toast
from tests.bot.teams.conftest import Recorder, quick_channel, served
from tests.teams import Person, Teams

AMY, BEN = Person("Amy Archer"), Person("Ben Baker")
TOO_FAST = "Please wait a few seconds."


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 120), min_size=1, max_size=300), st.integers(10, 600))
def test_never_more_than_allowed(pauses: list[float], per_minute: int) -> None:
    """Over any stretch of time a sender gets at most the burst and what the rate adds."""
    clock = Clock()
    rate = SenderRate(per_minute, clock=clock)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause
        taken += [clock.now for _ in range(3) if rate.take("amy") is None]
    for first in range(0, len(taken), 7):
        for last in range(first, len(taken), 11):
            assert last - first + 1 <= BURST + (taken[last] - taken[first]) * per_minute / 60 + 1e-6


@given(st.floats(0.01, 600))
def test_waiting_as_told_is_enough(later: float) -> None:
    """After the seconds it names the next turn is taken."""
    clock = Clock()
    rate = SenderRate(30, burst=1, clock=clock)
    assert rate.take("amy") is None
    clock.now += later
    beyond = rate.take("amy")
    if beyond is not None:
        clock.now += beyond.seconds + 1e-6
        assert rate.take("amy") is None


def test_told_once_until_quiet_again() -> None:
    """The first refusal says so; the next do not, until the sender has been quiet for a while."""
    clock = Clock()
    rate = SenderRate(60, burst=4, clock=clock)
    assert [rate.take("amy") for _ in range(4)] == [None] * 4
    assert rate.take("amy") == TooFast(1.0, first=True)
    assert rate.take("amy") == TooFast(1.0, first=False)
    clock.now += 60
    assert [rate.take("amy") for _ in range(4)] == [None] * 4
    assert rate.take("amy") == TooFast(1.0, first=True)


def test_no_bound() -> None:
    """A rate of 0 bounds nobody."""
    assert not any(SenderRate(0).take("amy") for _ in range(1_000))


def test_senders_are_forgotten() -> None:
    """However many senders come, the memory they take is bounded."""
    rate = SenderRate(60)
    for number in range(REMEMBERED + 500):
        rate.take(str(number))
    assert len(rate._buckets) == REMEMBERED


@pytest.fixture
async def edge(teams: Teams, handler: Recorder) -> AsyncIterator[Edge]:
    settings = EdgeSettings(sender_per_minute=10)
    channel = quick_channel(settings)
    edge = Edge(settings, handler, channel, sorry="Sorry", too_fast=TOO_FAST, summary="MHRMB")
    async with served(edge) as url:
        teams.bot = url
        yield edge
    await channel.close()


@pytest.mark.usefixtures("edge")
class TestAtTheDoor:
    def button(self, teams: Teams, who: Person, name: str = "adaptiveCard/action") -> dict[str, Any]:
        activity = teams.activity(who, teams.channel(), "invoke", name=name)
        return {**activity, "value": {"action": {"type": "Action.Execute", "verb": "v"}}}

    async def test_buttons(self, teams: Teams, handler: Recorder) -> None:
        """Beyond the burst each press is answered with a sentence on the card, and no handler sees it."""
        handler.answer = Toast("ok")
        bodies = [(await teams.deliver(self.button(teams, AMY)))[1] for _ in range(BURST + 10)]
        assert [body["statusCode"] for body in bodies] == [200] * BURST + [429] * 10
        assert bodies[-1]["value"]["message"] == TOO_FAST
        assert len(handler.turns) == BURST
        assert (await teams.deliver(self.button(teams, BEN)))[1]["statusCode"] == 200

    async def test_dialog(self, teams: Teams, handler: Recorder) -> None:
        """A dialog shows the sentence where its form would be."""
        for _ in range(BURST):
            await teams.deliver(self.button(teams, AMY))
        status, body = await teams.deliver(self.button(teams, AMY, "task/fetch"))
        assert (status, body) == (200, {"task": {"type": "message", "value": TOO_FAST}})
        assert Kind.DIALOG_OPENED not in {turn.kind for turn in handler.turns}

    async def test_messages(self, teams: Teams, handler: Recorder) -> None:
        """A flood of messages is answered with one sentence, then by 429 and when to come back."""
        handler.answer = Reply((Message("ok", text="ok"),))
        chat = teams.chat(AMY)
        for _ in range(BURST):
            await teams.say(AMY, "help", chat)
        statuses = [(await teams.say(AMY, "help", chat))[0] for _ in range(20)]
        assert set(statuses) == {429}
        assert [post.text for post in teams.posts_in(chat)].count(TOO_FAST) == 1
        assert len(handler.turns) == BURST
        activity = teams.activity(AMY, chat, "message", text="help")
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                teams.bot, data=orjson.dumps(activity), headers={"Content-Type": "application/json"}
            ) as answer,
        ):
            assert 1 <= int(answer.headers["Retry-After"]) <= 6
