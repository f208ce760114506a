"""Teams' limits are kept in every window, for a conversation and for the tenant, in order; no wait is unbounded."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.limits import CONVERSATION, REMEMBERED, TENANT, Limits
from bot.turn import TeamsBusy


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def limits(time: Time) -> Limits:
    return Limits(clock=time, sleep=time.sleep)


def most_within(moments: list[float], seconds: float) -> int:
    """The largest number of moments in any stretch of so many seconds, counted the slow way."""
    return max((sum(1 for other in moments if moment <= other < moment + seconds) for moment in moments), default=0)


@given(st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.4, 2.0, 40.0]), min_size=1, max_size=150))
def test_every_window_of_a_conversation(pauses: list[float]) -> None:
    """Whatever the pattern of asking, no window ever holds more than it may."""
    time = Time()
    bounds, moments = limits(time), list[float]()

    async def ask() -> None:
        for pause in pauses:
            time.now += pause
            await bounds.let_pass("19:board@thread.tacv2;messageid=1", "t", longest=4_000)
            moments.append(time.now)

    asyncio.run(ask())
    for count, seconds in CONVERSATION:
        assert most_within(moments, seconds) <= count


def test_tenant() -> None:
    """Many conversations together keep the tenant's limit."""
    time = Time()
    bounds, moments = limits(time), list[float]()

    async def ask() -> None:
        for number in range(200):
            await bounds.let_pass(f"a:{number}", "t", longest=60)
            moments.append(time.now)

    asyncio.run(ask())
    ((count, seconds),) = TENANT
    assert most_within(moments, seconds) <= count
    assert time.now - 1_000 < 200 / count * seconds + 2  # and they are not slower than they need be


async def test_other_conversations_do_not_wait() -> None:
    """A channel that is full holds up nobody else."""
    time = Time()
    bounds = limits(time)
    for _ in range(7):
        await bounds.let_pass("19:full", "t", longest=60)
    await bounds.let_pass("19:other", "t", longest=0.5)
    assert time.now == 1_000
    with pytest.raises(TeamsBusy) as caught:
        await bounds.let_pass("19:full", "t", longest=0.5)
    assert caught.value.retry_after == pytest.approx(1.02)


async def test_refused_is_not_counted() -> None:
    """Who is told to come back has used nothing up."""
    time = Time()
    bounds = limits(time)
    for _ in range(7):
        await bounds.let_pass("c", "t", longest=60)
    for _ in range(50):
        with pytest.raises(TeamsBusy):
            await bounds.let_pass("c", "t", longest=0.5)
    time.now += 1.02
    await bounds.let_pass("c", "t", longest=0.0001)


async def test_threads_count_together() -> None:
    """Replies in a channel's threads are sends to that channel."""
    time = Time()
    bounds = limits(time)
    for number in range(7):
        bounds.count(f"19:board;messageid={number}", "t")
    with pytest.raises(TeamsBusy):
        await bounds.let_pass("19:board", "t", longest=0.5)


async def test_in_the_order_they_ask() -> None:
    """Those who wait for one conversation go in turn, in real time."""
    bounds = Limits(((2, 0.05),))
    went: list[int] = []

    async def one(number: int) -> None:
        await bounds.let_pass("c", "t", longest=5)
        went.append(number)

    await asyncio.gather(*(one(number) for number in range(9)))
    assert went == list(range(9))


async def test_conversations_are_forgotten() -> None:
    """However many people chat with the bot, what is remembered is bounded."""
    bounds = Limits()
    for number in range(REMEMBERED + 300):
        bounds.count(f"a:{number}", "t")
    assert len(bounds._conversations) == REMEMBERED
