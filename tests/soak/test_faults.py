"""Three in ten requests to SharePoint fail for minutes: provisioning, many callers, and the whole bot."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest

from sharepoint import provision
from sharepoint.errors import StoreError
from sharepoint.store import PEOPLE_WAIT
from tests.board_people import CHAIR, NURSE, POLICE
from tests.embedded_server import EmbeddedServer
from tests.provisioned import client, server, site, template
from tests.scenarios.actions import ACTION, ActionStory, board_at, provisioned
from tests.scenarios.board import text_of
from tests.sharepoint.ledger import SHARE, Ledger, trouble
from tests.sharepoint.mix import everything, found
from tests.teams import find_action

__all__ = ["provisioned", "server", "site", "template"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

SEEDS = range(10, 10 + int(os.environ.get("SOAK_SEEDS", "8")))
TURN = PEOPLE_WAIT + 4.0
"""Seconds a turn may take over HTTP: what its store may, and what a busy machine adds."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_many_callers(server: EmbeddedServer, site: Any, seed: int) -> None:
    """What each was told is what is there; nothing is there twice; every answer came within its bound."""
    await site.get("web?$select=Title", within=5)
    ledger = Ledger()
    trouble(server, seed)
    await everything(site, ledger, seed=seed, callers=12, steps=15)
    server.no_faults()
    print(f"\nseed {seed}: {ledger.said()}")  # noqa: T201
    ledger.holds(found(server, ledger, seed))


async def test_provisioning_is_finished_by_asking_again(tmp_path: Path) -> None:
    """However often faults stop it, it is run again and ends with the lists it makes without faults."""
    with EmbeddedServer(tmp_path / "calm") as calm:
        await _provisioned(calm, attempts=1)
        expected = _shape(calm)
    with EmbeddedServer(tmp_path / "rough") as rough:
        trouble(rough, 7)
        runs = await _provisioned(rough, attempts=100)
        rough.no_faults()
        print(f"\nprovisioned in {runs} runs")  # noqa: T201
        assert _shape(rough) == expected


async def _provisioned(server: EmbeddedServer, attempts: int) -> int:
    """Provision again until it ends without an error; how many runs it took."""
    for run in range(1, attempts + 1):
        opened = client(server)
        try:
            async for _ in provision.apply(opened, await provision.plan(opened)):
                pass
            async for _ in provision.close_zones(opened):
                pass
        except StoreError:
            if run == attempts:
                raise
        else:
            return run
        finally:
            await opened.close()
    raise AssertionError("no attempt")


def _shape(server: EmbeddedServer) -> dict[str, list[tuple[str, bool, bool]]]:
    """Every list with its columns, as the server tells them."""
    lists = server.get("web/lists?$select=Title&$top=500")["value"]
    return {
        each["Title"]: sorted(
            (field["InternalName"], field["Indexed"], field["EnforceUniqueValues"])
            for field in server.get(f"web/lists/getByTitle('{each['Title']}')/fields")["value"]
        )
        for each in lists
    }


async def test_the_whole_bot_under_fire(tmp_path: Path, provisioned: Path) -> None:
    """Chairs add actions and owners report them: each is answered in time with a sentence, and what it says is so."""
    async with board_at(tmp_path, provisioned) as story:
        await story.opens_a_chat(NURSE, POLICE)
        forms = [await story.add_form(CHAIR) for _ in range(15)]
        for fault in _everywhere():
            story.bot.control("POST", "/__faults", fault)
        told: dict[str, str] = {}
        slowest = 0.0
        for number, form in enumerate(forms):
            what = f"Thing number {number} of the storm"
            said, took = await _timed(_send(story, form, what))
            slowest = max(slowest, took)
            told[what] = said
            said, took = await _timed(_reply(story, CHAIR, "tracker"))
            slowest = max(slowest, took)
            assert said.strip(), "silence"
        done: dict[str, str] = {}
        for said in told.values():
            if kept := re.search(r"Kept as (A-\d+)\.", said):
                answer, took = await _timed(_reply(story, NURSE, f"done {kept[1]}"))
                slowest, done[kept[1]] = max(slowest, took), answer
        story.bot.control("DELETE", "/__faults")
        rows = story.bot.rows("Actions")
        for what, said in told.items():
            there = [row for row in rows if row["What"] == what]
            assert len(there) <= 1, f"{what}: twice"
            if kept := re.search(r"Kept as (A-\d+)\.", said):
                assert [row["Id"] for row in there] == [int(kept[1][2:])], said
            elif "nothing was changed" in said:
                assert there == [], said
        print(  # noqa: T201
            f"\n{len(told)} adds, {sum('Kept as' in said for said in told.values())} told as kept; "
            f"{len(done)} reported; slowest turn {slowest:.1f} s"
        )
        assert slowest < TURN
        assert any("Kept as" in said for said in told.values())


def _everywhere() -> list[dict[str, Any]]:
    """The storm of the callers, asked for through the bot's own SharePoint."""
    asked: list[dict[str, Any]] = []

    class Collecting:
        def no_faults(self) -> None:
            """None are in force."""

        def fault(self, **fault: Any) -> None:
            asked.append(fault)

    trouble(Collecting(), 3, SHARE)  # type: ignore[arg-type]
    return asked


async def _timed(turn: Any) -> tuple[str, float]:
    begun = time.monotonic()
    said = await asyncio.wait_for(turn, TURN * 2)
    return str(said), time.monotonic() - begun


async def _send(story: ActionStory, form: Any, what: str) -> str:
    send = find_action(form, title="Add the action")
    status, answer = await story.teams.submit(CHAIR, send["data"], {**ACTION, "what": what}, story.teams.chat(CHAIR))
    assert status == 200
    task = answer["task"]
    return str(task["value"]) if task["type"] == "message" else text_of(task["value"]["card"]["content"])


async def _reply(story: ActionStory, person: Any, text: str) -> str:
    """What the turn itself answered; posts of the loop behind it come in between."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    status, _ = await story.teams.say(person, text, chat)
    assert status == 200
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])
