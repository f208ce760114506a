"""One process posts at a time, whatever dies, pauses or loses an answer."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import lease as leases
from bot.instance import Instance
from bot.lease import Lease
from bot.settings import SettingsError
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy
from sharepoint.pace import HOLD
from sharepoint.schema import EVENTS
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client, path_of

_numbers = itertools.count(1)
Make = Callable[[str], Lease]


@pytest.fixture
def name() -> str:
    """A lease of the test's own."""
    return f"test-{next(_numbers)}"


@pytest.fixture
def make(store: Store, name: str) -> Make:
    """Another process that wants the same lease."""
    return lambda holder: Lease(store, name, holder)


@pytest.fixture
async def other_store(server: EmbeddedServer) -> AsyncIterator[Store]:
    """A store over a connection of its own, as another process has."""
    opened = client(server)
    yield Store(opened)
    await opened.close()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease of three seconds, relied on for half a second.

    SharePoint keeps whole seconds only, so a renewal within the second it was taken in has nothing to write.
    """
    monkeypatch.setattr(leases, "LASTS", 3.0)
    monkeypatch.setattr(leases, "MARGIN", 2.5)
    monkeypatch.setattr(leases, "RENEWED_AFTER", 0.2)


async def row_of(store: Store, name: str) -> Event:
    """The lease's row."""
    (row,) = await store.find(ask.keyed(EVENTS, f"lease:{name}"))
    event: Event = row
    return event


def test_the_times_leave_room() -> None:
    """A holder renews well before it stops relying on the lease, and stops before another may start."""
    assert leases.RENEWED_AFTER < leases.LASTS - leases.MARGIN < leases.LASTS
    assert leases.MARGIN >= 2, "whole seconds in SharePoint, and clocks that differ a little"


async def test_nobody_holds_it_before_asking(make: Make) -> None:
    """A process that has not asked may not act."""
    assert not make("one").held()


async def test_only_one_of_two_holds(make: Make) -> None:
    """The second to ask is told no, for as long as the first holds."""
    one, two = make("one"), make("two")
    assert await one.hold()
    assert not await two.hold()
    assert (one.held(), two.held()) == (True, False)
    assert await one.hold()


async def test_of_many_at_the_same_moment_one_holds(
    server: EmbeddedServer, make: Make, name: str, store: Store
) -> None:
    """Sixteen processes that start together make one row and one holder."""
    all_ = [make(f"process-{n}") for n in range(16)]
    held = await asyncio.gather(*(each.hold() for each in all_))
    assert sum(held) == 1
    assert [each.held() for each in all_] == held
    assert (await row_of(store, name)).holder == f"process-{held.index(True)}"


async def test_holding_on_costs_nothing_until_it_is_due(site: SharePoint, make: Make) -> None:
    """Asked every second, a fresh lease makes no request."""
    lease = make("one")
    await lease.hold()
    before = site.requests_made
    for _ in range(5):
        assert await lease.hold()
    assert site.requests_made == before


async def test_renewing_is_one_request(short: None, site: SharePoint, make: Make, store: Store, name: str) -> None:
    """When it is due the holder writes its row again, in one request, and holds longer."""
    lease = make("one")
    await lease.hold()
    first = await row_of(store, name)
    await asyncio.sleep(1.1)
    before = site.requests_made
    assert await lease.hold()
    assert site.requests_made == before + 1
    second = await row_of(store, name)
    assert first.until is not None
    assert second.until is not None
    assert second.until > first.until


async def test_the_same_name_takes_it_back_at_once(make: Make, other_store: Store, name: str) -> None:
    """After a crash and a restart a process need not wait for its own lease to run out."""
    assert await make("one").hold()
    assert await Lease(other_store, name, "one").hold()


@pytest.mark.long
async def test_a_holder_that_pauses_no_longer_holds(short: None, make: Make, other_store: Store, name: str) -> None:
    """A process that slept past its time knows so before anybody else may hold, and does not get it back by force."""
    one, two = make("one"), Lease(other_store, name, "two")
    assert await one.hold()
    await asyncio.sleep(0.6)
    assert not one.held()
    assert not await two.hold(), "its row still stands: there is a gap, never an overlap"
    deadline = time.monotonic() + 6
    while not await two.hold():
        assert not one.held()
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    assert not await one.hold()
    assert not one.held()


async def test_giving_up_lets_another_in(make: Make) -> None:
    """A process that stops hands over at once, and no longer holds."""
    one, two = make("one"), make("two")
    await one.hold()
    await one.give_up()
    assert not one.held()
    assert await two.hold()
    assert not await one.hold()


async def test_giving_up_what_is_not_held_does_nothing(site: SharePoint, make: Make) -> None:
    """Stopping without the lease touches nobody's row."""
    one, two = make("one"), make("two")
    await one.hold()
    await two.hold()
    before = site.requests_made
    await two.give_up()
    assert site.requests_made == before
    assert one.held()


async def test_a_row_changed_by_another_is_a_no(
    short: None, server: EmbeddedServer, make: Make, store: Store, name: str
) -> None:
    """A renewal that meets somebody else's write is false, not an error, and the row is theirs."""
    one = make("one")
    await one.hold()
    row = await row_of(store, name)
    await store.change(EVENTS, row, replace(row, holder="two"), by="two", why="taken")
    await asyncio.sleep(1.05)
    assert not await one.hold()
    assert not one.held()
    assert (await row_of(store, name)).holder == "two"


async def test_giving_up_what_another_took_is_quiet(make: Make, store: Store, name: str) -> None:
    """Stopping must not fail because the row was changed meanwhile, and must leave the other's row alone."""
    one = make("one")
    await one.hold()
    row = await row_of(store, name)
    theirs = await store.change(EVENTS, row, replace(row, holder="two"), by="two", why="taken")
    await one.give_up()
    assert not one.held()
    assert await row_of(store, name) == theirs


async def test_a_renewal_whose_answer_was_lost_is_found_again(short: None, server: EmbeddedServer, make: Make) -> None:
    """When the answer to a renewal is lost it is recognised as made, and the process goes on holding."""
    one = make("one")
    await one.hold()
    await asyncio.sleep(1.05)
    server.fault(status="drop", count=1, after=True, match="MERGE")
    assert await one.hold()
    assert one.held()
    assert server.faults()[0]["struck"] == 1


async def test_a_store_that_cannot_be_reached_is_told(
    short: None, server: EmbeddedServer, name: str, store: Store
) -> None:
    """A busy store is the caller's to hear of; what was held stays held only until its time."""
    one = Lease(store.patient(0.3), name, "one")
    await one.hold()
    server.fault(status=503)
    assert await one.hold(), "not due yet, so nothing is asked"
    await asyncio.sleep(1.05)
    with pytest.raises(StoreBusy):
        await one.hold()
    assert not one.held()
    server.no_faults()
    await asyncio.sleep(HOLD)  # background work stands back for so long after a refusal
    assert await one.hold()


@pytest.mark.parametrize(
    "values", [{"Until": None}, {"Until": None, "Holder": None}, {"Until": "1999-01-01T00:00:00Z"}]
)
async def test_a_row_edited_by_hand_is_free(
    server: EmbeddedServer, make: Make, store: Store, name: str, values: dict[str, object]
) -> None:
    """A lease that a person cleared, or set long ago, can be taken."""
    await make("one").hold()
    row = await row_of(store, name)
    server.merge(path_of(EVENTS, row.id), values)
    assert await make("two").hold()


async def test_leases_of_other_names_do_not_meet(store: Store) -> None:
    """Each lease has a row of its own."""
    assert await Lease(store, "apart-1", "one").hold()
    assert await Lease(store, "apart-2", "two").hold()


class TestInstance:
    """The name a process holds under: its own after a restart, never another's."""

    def test_the_name_is_kept(self, tmp_path: Path) -> None:
        """The same data folder gives the same name again."""
        one = Instance(tmp_path / "data")
        one.close()
        again = Instance(tmp_path / "data")
        assert again.name == one.name
        again.close()

    def test_a_second_process_has_another_name(self, tmp_path: Path) -> None:
        """While one runs, a second over the same folder is somebody else."""
        one, two = Instance(tmp_path), Instance(tmp_path)
        assert one.name != two.name
        one.close()
        two.close()

    def test_a_folder_that_cannot_be_used_is_a_sentence(self, tmp_path: Path) -> None:
        """A data folder that is a file is refused by the name of its setting."""
        (tmp_path / "file").write_text("")
        with pytest.raises(SettingsError, match="MHRMB_DATA_DIR"):
            Instance(tmp_path / "file")
