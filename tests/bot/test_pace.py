"""When the lists are looked at: polls, and notifications that are gathered and bounded. Time is the loop's."""

from __future__ import annotations

import asyncio

import pytest

from bot import pace
from bot.pace import Pace


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundredths of a second where the product has seconds."""
    monkeypatch.setattr(pace, "SETTLE", 0.05)
    monkeypatch.setattr(pace, "GAP", 0.3)


def test_the_times() -> None:
    """A notification is not made to wait, nor can many of them outdo the poll of the fastest setting by much."""
    assert 0 < pace.SETTLE < pace.GAP <= 5
    assert pace.SLOW == 60


@pytest.mark.usefixtures("quick")
async def test_many_notifications_are_one_look() -> None:
    """Two hundred at once are one look; what comes within the gap after it is one more, and then it is quiet."""
    looks: list[int] = []
    kept = Pace(5, lambda: looks.append(1))
    for _ in range(200):
        kept.notified()
    await asyncio.sleep(0.15)
    assert len(looks) == 1
    for _ in range(200):
        kept.notified()
    await asyncio.sleep(0.05)
    assert len(looks) == 1, "not so soon after the last"
    await asyncio.sleep(0.5)
    assert len(looks) == 2
    await asyncio.sleep(0.4)
    assert len(looks) == 2


@pytest.mark.usefixtures("quick")
async def test_after_stopping_nobody_is_woken() -> None:
    """A look that was due when the bot stopped does not happen."""
    looks: list[int] = []
    kept = Pace(5, lambda: looks.append(1))
    kept.notified()
    kept.stop()
    await asyncio.sleep(0.15)
    assert looks == []


async def test_without_notifications_the_poll_stays() -> None:
    """Whatever polls find, no notification ever is no reason to slow down."""
    kept = Pace(5, lambda: None)
    for found in (True, False):
        kept.looked(found=found, asked=False)
        assert kept.seconds == 5


@pytest.mark.parametrize(("poll", "slowed"), [(0.2, 60), (5, 60), (60, 60), (3600, 3600)])
async def test_a_notification_slows_the_poll(poll: float, slowed: float) -> None:
    """To once a minute; one that was set slower stays as it is."""
    kept = Pace(poll, lambda: None)
    kept.notified()
    assert kept.seconds == slowed
    kept.stop()


@pytest.mark.usefixtures("quick")
async def test_a_change_nobody_announced_has_it_poll_again() -> None:
    """Once notifications fail to come, polls are as set until one comes again."""
    kept = Pace(5, lambda: None)
    kept.notified()
    kept.looked(found=True, asked=False)
    assert kept.seconds == 60, "it was announced, and the look it asked for is still to come"
    await asyncio.sleep(0.1)
    kept.looked(found=True, asked=True)
    kept.looked(found=False, asked=False)
    assert kept.seconds == 60, "nothing found, nothing missed"
    kept.looked(found=True, asked=True)
    assert kept.seconds == 60, "somebody at this bot asked for that look"
    kept.looked(found=True, asked=False)
    assert kept.seconds == 5
    kept.notified()
    assert kept.seconds == 60
    kept.stop()
