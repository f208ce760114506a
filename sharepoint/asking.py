"""How SharePoint is asked: off the event loop, again while it is busy, people before background work, never for ever.

Asked again are 429, 502, 503, 504, a Save Conflict, dropped connections and answers nobody can read; nothing else, a
threshold 500 least of all. The wait is the greater of what SharePoint says and a pause that doubles, with jitter.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from sharepoint.errors import StoreBusy, StoreRefused, Unreadable
from sharepoint.pace import Pace
from sharepoint.transport import Line

THREADS: Final = 8
BACKGROUND_AT_ONCE: Final = 3
"""How many of the threads background work may hold, so that people always find one free."""

UNREADABLE_TRIES: Final = 3
"""Attempts at something else's answer: JSON cut short comes right; a sign-in page stays, and a person must act."""

T = TypeVar("T")


@dataclass(slots=True)
class Spent:
    """What one person's turn has cost so far."""

    requests: int = 0


spending: ContextVar[Spent | None] = ContextVar("spending", default=None)
"""Where the requests of the current turn are counted; nothing is outside a turn."""


@dataclass(frozen=True, slots=True)
class Call:
    """The terms of one call: seconds, whether nobody waits for it, its cost, whether it writes, and whether it may be
    repeated `blindly`, when an attempt before may have made it."""

    within: float
    background: bool
    units: float
    writes: bool = False
    blindly: bool = True


class Asking:
    """The threads of one site and who may have them. `close` lets what is under way finish.

    `drop` is told when the site did not take the sign-in, and when that attempt began; true if another may be taken.
    """

    def __init__(self, pace: Pace, drop: Callable[[float], bool]) -> None:
        self._pace = pace
        self._drop = drop
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sharepoint")
        self._background = asyncio.Semaphore(BACKGROUND_AT_ONCE)

    async def close(self) -> None:
        """Wait for the threads to end."""
        await asyncio.to_thread(self._pool.shutdown)

    async def ask(self, work: Callable[[bool], T], call: Call) -> T:
        """Run one request on the pool, again while SharePoint is busy, until `within` seconds have passed.

        `work` is told whether it was tried before. A write may be repeated because it carries a unique key or an ETag;
        one that does not (see Call) is repeated only while it is known not to have been made. Once one attempt may have
        made it, no later refusal says that it was not.
        """
        deadline, pause, tries, uncertain = time.monotonic() + call.within, 0.1, 0, False
        dropped = False
        while True:
            tries += 1
            begun = time.monotonic()
            try:
                async with self._lane(call, deadline):
                    return await self._once(partial(work, tries > 1), call, deadline)
            except Unreadable as odd:
                busy = StoreBusy(str(odd), uncertain=call.writes)
                if tries >= UNREADABLE_TRIES:
                    if call.writes:
                        raise busy from odd
                    raise
            except StoreBusy as error:
                busy = error
            except StoreRefused as refused:
                # Expired or revoked before its time: SharePoint checks the token before it does anything.
                if refused.status == 401 and not dropped and self._drop(begun):
                    dropped = True
                    continue
                if uncertain and call.writes:
                    raise StoreBusy(str(refused), uncertain=True) from refused
                raise
            uncertain = busy.uncertain = busy.uncertain or uncertain
            wait = max(busy.retry_after, pause * random.uniform(0.7, 1.3))  # noqa: S311 - jitter, not a secret
            if not busy.soon or (uncertain and not call.blindly) or time.monotonic() + wait >= deadline:
                raise busy
            await asyncio.sleep(wait)
            pause = min(pause * 2, 5.0)

    @asynccontextmanager
    async def _lane(self, call: Call, deadline: float) -> AsyncIterator[None]:
        """People go at once; background work goes three at a time, when SharePoint has room for it."""
        if not call.background:
            yield
            return
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + deadline - time.monotonic()):
                await self._background.acquire()
        except TimeoutError as error:
            raise StoreBusy("other background work has not ended") from error
        try:
            while wait := self._pace.wait(call.units):
                if time.monotonic() + wait >= deadline:
                    raise StoreBusy("SharePoint is short of room: background work waits", retry_after=wait)
                await asyncio.sleep(wait)
            self._pace.spend(call.units)
            yield
        finally:
            self._background.release()

    async def _once(self, work: Callable[[], T], call: Call, deadline: float) -> T:
        """One attempt. When its time is over or nobody waits any more, its connection is cut and its thread free."""
        if (spent := spending.get()) is not None:
            spent.requests += 1
        line = Line()

        def on_a_thread() -> T:
            with line.open():
                return work()

        try:
            # Not asyncio.wait_for: Python 3.11's swallows a cancellation that meets a finished request.
            async with asyncio.timeout(max(deadline - time.monotonic(), 0.01)):
                return await asyncio.get_running_loop().run_in_executor(self._pool, on_a_thread)
        except TimeoutError as error:
            raise StoreBusy(f"no answer within {call.within:g} s", uncertain=line.begun) from error
        finally:
            line.cut()
