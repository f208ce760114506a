"""What the pieces of a turn cost by themselves, in microseconds, the least of many runs: `python -m benchmarks.pieces`.

Least, since nothing but the piece itself can make it quicker, and anything else on the machine makes it slower.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from benchmarks.compared import bodies
from benchmarks.say import say
from bot import logs
from bot.teams.adapter import TurnAdapter, sdk_activity
from bot.teams.authentication import Authenticator
from bot.teams.incoming import read_turn
from bot.teams.keys import KeyCache
from sharepoint.schema import ACTIONS
from sharepoint.store import from_item
from tests.bot.teams.issuer import APP_ID, SERVICE_URL, Issuer

RUNS, TIMES = 60, 50
ROW = {
    "odata.etag": '"x,1"', "Id": 5, "Reference": "A-5", "Open": True, "Status": "In progress", "What": "x" * 80,
    "OwnerUserId": "0" * 36, "OwnerName": "Aa Bb", "Agency": "POL", "DueDate": "2026-11-27T12:00:00Z",
    "AgreedOn": "2026-10-27T12:00:00Z", "Priority": "Normal", "Source": "B-7", "Programme": "Winter",
}  # fmt: skip
"""An open action as the tracker asks for it."""


async def least(of: Callable[[], Awaitable[Any]]) -> float:
    """Microseconds of processor time."""
    best = float("inf")
    for _ in range(RUNS):
        begun = time.thread_time()
        for _ in range(TIMES):
            await of()
        best = min(best, (time.thread_time() - begun) / TIMES * 1e6)
    return best


async def nothing(*_: Any) -> None:
    """Stands for the work of a turn."""


async def main() -> None:
    """Tell each."""
    issuer = Issuer()
    runner = web.AppRunner(issuer.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    checked = Authenticator(APP_ID, KeyCache(f"http://127.0.0.1:{runner.addresses[0][1]}/openid"))
    token = issuer.token()
    identity = await checked.check(token, "msteams", SERVICE_URL)
    text = bodies(SERVICE_URL, "invoke", 1)[0].encode()
    raw = json.loads(text)
    turn = read_turn(raw, tenant_id="t", correlation="c")
    assert turn is not None
    adapter, activity, log = TurnAdapter(), sdk_activity(raw, turn), logging.getLogger("mhrmb.turn")
    logs.begin("text", io.StringIO())

    async def parsed() -> None:
        read_turn(orjson.loads(text), tenant_id="t", correlation="c")

    async def made() -> None:
        sdk_activity(raw, turn)

    async def told() -> None:
        logs.tell(log, logging.INFO, "turn", kind="message", did="-", outcome="answered", requests=1, ms=12)

    async def row() -> None:
        from_item(ACTIONS, ROW)

    told_of: dict[str, Callable[[], Awaitable[Any]]] = {
        "nothing (the loop of this measurement)": nothing,
        "the token, looked at": lambda: checked._prove(token, "msteams"),
        "the token, remembered": lambda: checked.check(token, "msteams", SERVICE_URL),
        "the activity's JSON read into a Turn": parsed,
        "the SDK's Activity made": made,
        "the SDK's pipeline around nothing": lambda: adapter.run(identity, activity, nothing),
        "one line of log": told,
        "one action read from its row": row,
    }
    for name, of in told_of.items():
        say(f"  {name:42} {await least(of):7.1f} µs")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
