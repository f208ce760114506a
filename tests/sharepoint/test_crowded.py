"""More open actions than SharePoint lists at one time: refused plainly, and background work goes on all the same."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sharepoint import queries as ask
from sharepoint.errors import TooManyRows
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client
from tests.sharepoint.seeding import seed_actions

OPEN, COUNT = 5_001, 5_100


@pytest.fixture(scope="module")
def crowded(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A site with one open action more than the threshold, and some closed ones."""
    data = tmp_path_factory.mktemp("crowded")
    shutil.copytree(template, data, dirs_exist_ok=True)
    seed_actions(data, COUNT, OPEN)
    with EmbeddedServer(data) as server:
        yield server


@pytest.fixture
async def store(crowded: EmbeddedServer) -> AsyncIterator[Store]:
    """A store for background work over it."""
    opened = client(crowded)
    yield Store(opened, within=30)
    await opened.close()


async def test_open_actions_are_refused_beyond_the_threshold(store: Store) -> None:
    """SharePoint counts the rows of the leading condition, so the plain question is an error of its own kind."""
    with pytest.raises(TooManyRows) as refused:
        await store.find(ask.open_actions())
    assert (refused.value.status, refused.value.code.partition(",")[0]) == (500, "-2147024860")


async def test_background_work_reads_them_all_the_same(store: Store) -> None:
    """Page by page in the order of their numbers, with the same columns: every open one once, and no closed one."""
    before = store.site.requests_made
    found = await store.find_open(ask.open_actions())
    assert len(found) == len({row.id for row in found}) == OPEN
    assert all(row.open and row.reference == f"A-{row.id}" for row in found)
    assert [row.id for row in found] == sorted(row.id for row in found)
    assert store.site.requests_made == before + 3


async def test_ones_own_are_found_as_ever(store: Store) -> None:
    """A question that leads with a narrow index is answered, however many are open."""
    owned = await store.find(ask.owned_actions("00000000-0000-4000-8000-000000000007"))
    assert len(owned) >= 80
    assert {row.owner_id for row in owned} == {"00000000-0000-4000-8000-000000000007"}


async def test_few_open_cost_one_request(store: Store) -> None:
    """Below the threshold the way round is not taken."""
    before = store.site.requests_made
    assert await store.find_open(ask.newest_open_referrals()) == []
    assert store.site.requests_made == before + 1
