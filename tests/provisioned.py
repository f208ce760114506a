"""A site with every list in it, made once a session and copied for each module, so that none sees another's rows."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sharepoint import provision
from sharepoint.client import SharePoint
from sharepoint.schema import ListOf
from sharepoint.sign_in import static
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer

MEMBER = "member-token"


def client(server: EmbeddedServer, token: str = "") -> SharePoint:
    """A client of a server; whoever makes it closes it."""
    return SharePoint(server.url, static(token or server.token))


async def make_lists(server: EmbeddedServer) -> None:
    """Provision a site as `python -m bot provision` does."""
    site = client(server)
    try:
        async for _ in provision.make(site):
            pass
        async for _ in provision.close_zones(site):
            pass
    finally:
        await site.close()


def path_of(of: ListOf[Any], item_id: int = 0) -> str:
    """The address below `_api/` of a list's items, or of one of them."""
    items = f"web/lists/getByTitle('{of.name}')/items"
    return f"{items}({item_id})" if item_id else items


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a provisioned site that no server has open."""
    data: Path = tmp_path_factory.mktemp("provisioned")
    with EmbeddedServer(data) as server, ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, make_lists(server)).result()
    return data


@pytest.fixture(scope="module")
def server(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A provisioned site of the module's own; `MEMBER` is the token of an ordinary member of its team."""
    data = tmp_path_factory.mktemp("site")
    shutil.copytree(template, data, dirs_exist_ok=True)
    with EmbeddedServer(data, extra=("--member-token", MEMBER)) as running:
        yield running


@pytest.fixture
async def site(server: EmbeddedServer) -> AsyncIterator[SharePoint]:
    """A fresh client, as of a process that has just started; no faults are left to the next test."""
    opened = client(server)
    yield opened
    server.no_faults()
    await opened.close()


@pytest.fixture
def store(site: SharePoint) -> Store:
    """The typed store over the module's site."""
    return Store(site)
