"""How SharePoint is asked: again while it is busy, people before background work, writes on threads, never for ever.

Asked again are 429, 502, 503, 504, a Save Conflict, dropped connections and answers nobody can read; nothing else, a
threshold 500 least of all. The wait is the greater of what SharePoint says and a pause that doubles, with jitter.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
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
    """What one person's turn has cost so far: its requests, `again` of them since SharePoint was busy or silent before.
    `people` of them read the people's lists, as whoever comes first after a change does for everybody. `lost` writes
    met somebody else's change and were decided again."""

    requests: int = 0
    again: int = 0
    people: int = 0
    lost: int = 0


spending: ContextVar[Spent | None] = ContextVar("spending", default=None)
"""Where the requests of the current turn are counted; nothing is outside a turn."""


@dataclass(frozen=True, slots=True)
class Call:
    """The terms of one call: seconds, whether nobody waits for it, its cost, and whether it writes.

    A write is repeated `blindly` because it carries a unique key or an ETag; one that does not is repeated only when it
    is known not to have been made.
    """

    within: float
    background: bool
    units: float
    writes: bool = False
    blindly: bool = True


class _OutOfTime(StoreBusy):
    """An attempt that the end of the call's time cut short."""


class Asking:
    """The threads of one site and who may have them. `close` lets what is under way finish.

    `drop` drops the token that a 401 refused, and says whether asking again may help (`sign_in.SignIn.drop`).
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

        `work` is told whether it was tried before. A write may be repeated because every write carries a unique key or
        an ETag. Once one attempt may have made it, no later refusal says that it was not.
        """
        return await self._patiently(lambda again, deadline: self._once(partial(work, again), call, deadline), call)

    async def read(self, work: Callable[[], Awaitable[T]], call: Call) -> T:
        """Make one request on the event loop, with the same patience; leaving it early ends it."""
        return await self._patiently(lambda _again, deadline: _here(work, call, deadline), call)

    async def _patiently(self, attempt: Callable[[bool, float], Awaitable[T]], call: Call) -> T:
        deadline, pause, tries, uncertain = time.monotonic() + call.within, 0.1, 0, False
        dropped, before = False, None
        while True:
            tries, begun = tries + 1, time.monotonic()
            try:
                async with self._lane(call, deadline):
                    return await attempt(tries > 1, deadline)
            except Unreadable as odd:
                busy = StoreBusy(str(odd), uncertain=call.writes)
                if tries >= UNREADABLE_TRIES:
                    if call.writes:
                        raise busy from odd
                    raise
            except StoreBusy as error:
                busy = before = _told(error, before)
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
            if not _again(busy, call) or time.monotonic() + wait >= deadline:
                raise busy
            await asyncio.sleep(wait)
            pause = min(pause * 2, 5.0)
            _count_again()

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
        _count()
        line = Line()

        def on_a_thread() -> T:
            with line.open():
                return work()

        try:
            # Not asyncio.wait_for: Python 3.11's swallows a cancellation that meets a finished request.
            async with asyncio.timeout(max(deadline - time.monotonic(), 0.01)):
                return await asyncio.get_running_loop().run_in_executor(self._pool, on_a_thread)
        except TimeoutError as error:
            raise _OutOfTime(f"no answer within {call.within:g} s", uncertain=line.begun) from error
        finally:
            line.cut()


async def _here(work: Callable[[], Awaitable[T]], call: Call, deadline: float) -> T:
    """One attempt on the event loop. When its time is over its connection is closed."""
    _count()
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0.01)):
            return await work()
    except TimeoutError as error:
        raise _OutOfTime(f"no answer within {call.within:g} s", uncertain=True) from error


def _told(busy: StoreBusy, before: StoreBusy | None) -> StoreBusy:
    """Why there had to be another attempt says more than that there was no time left for it."""
    if before is None or not isinstance(busy, _OutOfTime):
        return busy
    return StoreBusy(str(before), uncertain=busy.uncertain, signing_in=before.signing_in)


def was_lost() -> None:
    """Count, for the current turn, a write that was not made because of somebody else's."""
    if (spent := spending.get()) is not None:
        spent.lost += 1


def read_for_all() -> None:
    """Count, for the current turn, a reading that the turns after it are spared."""
    if (spent := spending.get()) is not None:
        spent.people += 1


def _count_again() -> None:
    if (spent := spending.get()) is not None:
        spent.again += 1


def _count() -> None:
    if (spent := spending.get()) is not None:
        spent.requests += 1


def _again(busy: StoreBusy, call: Call) -> bool:
    """Whether asking again is of use, and does no harm."""
    return busy.soon and (call.blindly or not busy.uncertain)
