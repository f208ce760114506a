"""Keeps Teams in step with the lists: the change feed in, repairs and posts out. One process at a time does it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from board import references
from board.errors import BoardError
from bot.actions import Actions
from bot.directory import Directory
from bot.lease import Lease
from bot.poster import Poster
from bot.repair import Repair
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError
from sharepoint.feed import Changes, Feed
from sharepoint.schema import ACTIONS, AGENCIES, EVENTS, FORUMS, MEMBERS, REFERRALS, RETURNS, SUBJECTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.watch")

WAIT = 30.0
FEED_KEY = "feed:token"
SAVE_EVERY = 500.0
"""Seconds after which the token is kept even when nothing of ours changed, so that a restart has little to skip."""

PEOPLE = (MEMBERS.name, AGENCIES.name, FORUMS.name)


class Watch:
    """Runs until cancelled. `alive_at` is when it last got round, on the monotonic clock."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        lease: Lease,
        poster: Poster,
        *,
        repair: Repair,
        actions: Actions,
        poll_seconds: float,
    ) -> None:
        self._store = store
        self._directory = directory
        self._lease = lease
        self._poster = poster
        self._repair = repair
        self._actions = actions
        self._poll = poll_seconds
        self._feed = Feed(store.site)
        self._token: Event | None = None
        self._saved_at = float("-inf")
        self._wanted: set[str] = set()
        self._everything = False
        self._wake = asyncio.Event()
        self.alive_at = float("-inf")

    def nudge(self, reference: str) -> None:
        """Bring this referral's posts up to date at once, if this process is the one that posts."""
        self._wanted.add(reference)
        self._wake.set()

    def reconcile(self) -> None:
        """Look at every open referral again, at once."""
        self._everything = True
        self._wake.set()

    async def run(self) -> None:
        """Go round for ever: what fails now is tried again at the next round, and said in the log."""
        while True:
            try:
                await self._round()
                self.alive_at = time.monotonic()
            except (StoreError, BoardError) as error:
                log.warning("round failed error=%s says=%s", type(error).__name__, error)
            except Exception as error:  # noqa: BLE001 - the loop must outlive any one fault
                log.error("round broke error=%s", type(error).__name__)  # noqa: TRY400 - a traceback may quote a record
            await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._wake.wait()
        self._wake.clear()

    async def _round(self) -> None:
        if not await self._lease.hold():
            self._token = None
            return
        wanted, self._wanted = self._wanted, set()
        try:
            await self._changes(wanted)
            if self._everything:
                self._everything = False
                await self._read_everything()
            await self._poster.outbox.retry()
        except BaseException:
            self._wanted |= wanted
            raise

    async def _changes(self, wanted: set[str]) -> None:
        """Follow the feed from the stored token; without one, or with one too old, read everything once.

        What somebody was waiting for (`wanted`) is shown together with what the feed brings.
        """
        token = self._token or await self._stored_token()
        while True:
            changes = await self._feed.since(token.value, within=WAIT) if token.value else None
            if changes is None:
                fresh = await self._feed.now(within=WAIT)
                await self._read_everything()
                await self._save(token, fresh)
                return
            touched = await self._touched(changes, wanted)
            if touched or time.monotonic() - self._saved_at > SAVE_EVERY:
                token = await self._save(token, changes.token)
            else:
                token = self._token = replace(token, value=changes.token)
            if not changes.more:
                return

    async def _touched(self, changes: Changes, nudged: set[str]) -> bool:
        """Act on what changed in our lists; false when nothing did that anybody sees."""
        if any(name in changes.items for name in PEOPLE):
            self._directory.expire()
        wanted = await self._repair.referrals(changes.items.get(REFERRALS.name, frozenset()))
        wanted |= await self._repair.subjects(changes.items.get(SUBJECTS.name, frozenset()))
        if ACTIONS.name in changes.items:
            gone = changes.deleted.get(ACTIONS.name, frozenset())
            await self._actions.look(changes.items[ACTIONS.name] - gone, gone)
        wanted |= await self._answered(changes.items.get(RETURNS.name, frozenset()))
        if wanted or nudged:
            await self._poster.refresh(wanted | nudged)
        return bool(wanted) or any(name in changes.items for name in (*PEOPLE, ACTIONS.name))

    async def _answered(self, ids: Iterable[int]) -> set[str]:
        rows = await self._store.rows(RETURNS, ids)
        return {row.reference for row in rows if _is_referral(row.reference)}

    async def _read_everything(self) -> None:
        """Page through all referrals once: rows typed by hand have nothing to find them by."""
        async for page in self._store.pages(ask.Query(REFERRALS, order="Id", top=500)):
            wanted = await self._repair.rows(page)
            await self._poster.refresh(wanted)
        async for page in self._store.pages(ask.Query(ACTIONS, order="Id", top=500)):
            await self._actions.rows(page)

    async def _stored_token(self) -> Event:
        rows: list[Event] = await self._store.find(ask.keyed(EVENTS, FEED_KEY))
        if rows:
            self._token = rows[0]
            return rows[0]
        made, _ = await self._store.add_once(
            EVENTS, Event(key=FEED_KEY, kind="change token"), by="MHRMB bot", why="feed"
        )
        return made

    async def _save(self, token: Event, value: str) -> Event:
        stored = replace(token, value="")
        self._token = await self._store.change(EVENTS, stored, replace(token, value=value), by="MHRMB bot", why="feed")
        self._saved_at = time.monotonic()
        return self._token


def _is_referral(text: str) -> bool:
    try:
        references.item_id(text, references.REFERRAL)
    except BoardError:
        return False
    return True
