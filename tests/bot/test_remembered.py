"""What the bot remembers between turns is bounded, whoever and however many write to it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from bot import chats
from bot.chats import Chats
from bot.teams import limits
from bot.teams.limits import Limits
from bot.turn import Kind, Reference, Scope, Sender, Turn
from sharepoint.store import Store

HERE = Reference("http://127.0.0.1/", "a:1", Scope.PERSONAL)
HELLO = Turn(Kind.MESSAGE, Sender("nobody", "29:1"), HERE)


class Empty:
    """A store that counts what it is asked, and holds nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def patient(self, _within: float) -> Empty:
        return self

    async def find(self, _query: object) -> list[object]:
        self.asked += 1
        return []

    async def add_once(self, *_: object, **__: object) -> None:
        return None


async def test_chats_forget_whom_they_heard_of_first() -> None:
    """A chat is looked up once while it is remembered; beyond the bound the oldest is looked up again."""
    store = Empty()
    kept = Chats(cast("Store", store))

    async def hears(number: int) -> int:
        before = store.asked
        kept.remember(replace(HELLO, sender=Sender(f"user-{number}", "29:1")))
        await kept.settled()
        return store.asked - before

    assert await hears(0) == 1
    assert await hears(0) == 0
    for number in range(1, chats.REMEMBERED):
        assert await hears(number) == 1
    assert await hears(0) == 0
    assert await hears(chats.REMEMBERED) == 1
    assert await hears(0) == 1


def test_tenants_are_remembered_so_many() -> None:
    """Any tenant may be named while authentication is off; those not heard of for longest are forgotten."""
    counted = Limits()
    for number in range(limits.REMEMBERED + 50):
        counted.count("19:one", f"tenant-{number}")
    assert len(counted._tenants) == limits.REMEMBERED
    assert "tenant-0" not in counted._tenants
    assert f"tenant-{limits.REMEMBERED + 49}" in counted._tenants
