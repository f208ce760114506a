"""Filling the embedded server with tens of thousands of actions in seconds, for measurements.

The server must not be running. Its own write path is used, so that every row has its version and its change as if it
had come over HTTP; only HTTP, and the fsync after each, is left out. All or nothing: one transaction.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sharepoint.embedded import writing
from sharepoint.embedded.call import Key
from sharepoint.embedded.database import Database
from sharepoint.embedded.people import Person
from sharepoint.embedded.site import Site
from tests.embedded_server import EmbeddedServer
from tests.provisioned import make_lists

TODAY = date(2026, 11, 16)
CHOSEN = "The chosen twenty"
"""The programme of exactly twenty actions, however many there are."""

OWNERS, AGENCIES = 60, 10


def actions(count: int, open_: int) -> Iterator[dict[str, Any]]:
    """Sound rows as the bot leaves them: the open ones and the chosen twenty spread evenly, the rest closed."""
    for number in range(1, count + 1):
        is_open = number * open_ // count > (number - 1) * open_ // count
        chosen = number * 20 // count > (number - 1) * 20 // count
        agreed = TODAY - timedelta(days=30 + (count - number) % 3600)
        yield {
            "Reference": f"A-{number}",
            "Key": f"{number:032x}",
            "Open": is_open,
            "Status": "In progress" if is_open else "Verified",
            "Title": f"A-{number}",
            "ChangedBy": "Seed",
            "ChangeReason": "made for a measurement",
            "What": f"Thing {number}: agree with every ward how the discharge meeting is told, and by whom. ",
            "OwnerUserId": f"00000000-0000-4000-8000-{number % OWNERS:012}",
            "OwnerName": f"Owner {number % OWNERS}",
            "Agency": f"AG{number % AGENCIES}",
            "DueDate": f"{TODAY + timedelta(days=number % 90 - 30)}T12:00:00Z",
            "Priority": "Normal",
            "Source": "B-7",
            "Programme": CHOSEN if chosen else "Winter plan",
            "Forum": "MHRMB",
            "AgreedOn": f"{agreed}T10:00:00Z",
            "ClosedOn": None if is_open else f"{agreed + timedelta(days=20)}T12:00:00Z",
        }


def seed_actions(data_dir: Path, count: int, open_: int) -> float:
    """Put so many actions into a provisioned site that nobody serves just now; the seconds it took."""
    begun = time.perf_counter()
    database = Database(data_dir)
    try:
        site = Site(database, "http://127.0.0.1:1", 60)
        info = site.list(Key("title", "Actions"))
        row = database.one("SELECT min(id) AS id FROM principals")
        assert row is not None
        person = Person(row["id"], "seed", "Seed", admin=True)
        with database.write():
            for given in actions(count, open_):
                writing.create(site, info, person, writing.checked(site, info, given))
    finally:
        database.close()
    return time.perf_counter() - begun


def provision(data_dir: Path) -> None:
    """Make every list in a fresh directory."""
    with EmbeddedServer(data_dir) as server, ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, make_lists(server)).result()
