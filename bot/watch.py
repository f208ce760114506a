"""Keeps Teams in step with the lists: the change feed in, repairs and posts out. One process at a time does it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from board import references
from board.errors import BoardError, Conflict
from bot.actions import Actions
from bot.agreements import Agreements
from bot.calendars import Calendars
from bot.directory import Directory
from bot.gate import Gate
from bot.lease import RENEWED_AFTER, Lease
from bot.logs import tell
from bot.minutes import FOLLOWED as RECORDED
from bot.minutes import Minutes
from bot.pace import Pace
from bot.persons import Persons
from bot.plans import FOLLOWED, Plans
from bot.poster import Poster
from bot.repair import Repair
from bot.sealing import Sealing
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError, StoreRefused
from sharepoint.feed import Changes, Feed
from sharepoint.schema import ACTIONS, AGENCIES, EVENTS, FORUMS, MEMBERS, REFERRALS, RETURNS, SUBJECTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.watch")

WAIT = 30.0
FEED_KEY = "feed:token"
SAVE_EVERY = 500.0
"""Seconds after which the token is kept even when nothing of ours changed, so that a restart has little to skip."""

READ_AGAIN = 60.0
"""Seconds between two full readings for want of a good token: should SharePoint refuse every token, reading all the
lists at each poll would make it slower still."""

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
        plans: Plans,
        minutes: Minutes,
        calendars: Calendars,
        sealing: Sealing,
        gate: Gate,
        agreements: Agreements,
        persons: Persons,
        poll_seconds: float,
    ) -> None:
        self._store = store
        self._directory = directory
        self._lease = lease
        self._poster = poster
        self._repair = repair
        self._actions = actions
        self._plans = plans
        self._minutes = minutes
        self._calendars = calendars
        self._sealing = sealing
        self._gate = gate
        self._agreements = agreements
        self._persons = persons
        self._poll = poll_seconds
        self.pace = Pace(poll_seconds, self._look_now)
        self._feed = Feed(store.site)
        self._token: Event | None = None
        self._saved_at = float("-inf")
        self._wanted: set[str] = set()
        self._everything = False
        self._wake = asyncio.Event()
        self._look_at = self._read_at = float("-inf")
        self._asked = False
        self.alive_at = float("-inf")

    def nudge(self, reference: str) -> None:
        """Bring this referral's posts up to date at once, if this process is the one that posts."""
        self._wanted.add(reference)
        self._look_now()

    def reconcile(self) -> None:
        """Look at every open referral again, at once."""
        self._everything = True
        self._look_now()

    def _look_now(self) -> None:
        self._look_at, self._asked = float("-inf"), True
        self._wake.set()

    async def run(self) -> None:
        """Go round for ever: what fails now is tried again at the next round, and said in the log."""
        while True:
            try:
                await self._round()
                self.alive_at = time.monotonic()
            except (StoreError, BoardError) as error:
                tell(log, logging.WARNING, "round failed", error=type(error).__name__, says=error)
            except Exception as error:  # noqa: BLE001 - the loop must outlive any one fault
                tell(log, logging.ERROR, "round broke", error=type(error).__name__)
            await self._pause()

    async def _pause(self) -> None:
        """Wait for the next round: however seldom the lists are looked at, it renews the lease and retries posts."""
        wait, left = min(self._poll, RENEWED_AFTER), self._look_at - time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(left if 0 < left < wait else wait):
                await self._wake.wait()
        self._wake.clear()

    async def _round(self) -> None:
        if not await self._lease.hold():
            self._token = None
            return
        if self._token is None or time.monotonic() >= self._look_at:
            await self._look()
        await self._poster.outbox.retry()
        await self._plans.follow()

    async def _look(self) -> None:
        """Look at the lists once; what breaks off is looked at again in the next round."""
        asked, self._asked = self._asked, False
        wanted, self._wanted = self._wanted, set()
        self._look_at = float("-inf")
        try:
            found = await self._changes(wanted)
            if self._everything:
                self._everything = False
                await self._read_everything()
        except BaseException as error:
            self._wanted |= wanted
            if isinstance(error, Conflict):
                self._token = None  # its row was changed by another process, or by a late write of one that died
            raise
        self.pace.looked(found=found, asked=asked)
        if not self._asked:  # else somebody has asked meanwhile
            self._look_at = time.monotonic() + self.pace.seconds

    async def _changes(self, wanted: set[str]) -> bool:
        """Follow the feed from the stored token; without one, or with one too old, read everything once.

        What somebody was waiting for (`wanted`) is shown together with what the feed brings. Tells whether it brought
        anything.
        """
        token, found = self._token or await self._stored_token(), False
        while True:
            asked_at = time.monotonic()
            changes = await self._feed.since(token.value, within=WAIT) if token.value else None
            if changes is None:
                await self._start_anew(token)
                return True
            touched = await self._touched(changes, wanted)
            found = found or touched
            if touched or time.monotonic() - self._saved_at > SAVE_EVERY:
                token = await self._save(token, changes.token)
            else:
                token = self._token = replace(token, value=changes.token)
            if not changes.more:
                self._directory.unchanged(asked_at)  # else `_touched` has had it expire
                return found

    async def _start_anew(self, token: Event) -> None:
        """Read everything, since what changed is not known, and follow the feed from before that reading."""
        if token.value and time.monotonic() - self._read_at < READ_AGAIN:
            raise StoreRefused("SharePoint refuses its own change tokens")
        self._read_at = time.monotonic() if token.value else self._read_at
        fresh = await self._feed.now(within=WAIT)
        present = await self._read_everything()
        await self._sealing.everything()
        if token.value:  # else this site is watched for the first time, and nothing was missed
            await self._actions.look((), await self._gone(present))
        await self._save(token, fresh)

    async def _gone(self, present: set[int]) -> frozenset[int]:
        """The actions that the log says were deleted and that are not there."""
        try:
            deleted = await self._feed.deleted(within=WAIT)
        except StoreRefused as refused:
            tell(log, logging.WARNING, "deleted actions are not known", status=refused.status, code=refused.code)
            return frozenset()
        return deleted.get(ACTIONS.name, frozenset()) - present

    async def _touched(self, changes: Changes, nudged: set[str]) -> bool:
        """Act on what changed in our lists; false when nothing did that anybody sees."""
        if any(name in changes.items for name in PEOPLE):
            self._directory.expire()
            await self._directory.current()  # here, so that nobody's turn waits for it
        wanted = await self._repair.referrals(changes.items.get(REFERRALS.name, frozenset()))
        wanted |= await self._repair.subjects(changes.items.get(SUBJECTS.name, frozenset()))
        await self._persons.look(changes.items.get(SUBJECTS.name, ()))
        if ACTIONS.name in changes.items:
            gone = changes.deleted.get(ACTIONS.name, frozenset())
            await self._actions.look(changes.items[ACTIONS.name] - gone, gone)
        await self._agreements.look(changes.items.get(AGENCIES.name, ()))  # before sealing writes to them
        await self._plans.look(changes.items)
        await self._minutes.look(changes.items)
        await self._calendars.look(changes.items)
        await self._sealing.look(changes.items)
        await self._gate.look(changes.items.get(REFERRALS.name, frozenset()))
        wanted |= await self._answered(changes.items.get(RETURNS.name, frozenset()))
        if changes.deleted.get(RETURNS.name):
            self._everything = True  # a row that is gone does not say which referral it answered
        if wanted or nudged:
            await self._poster.refresh(wanted | nudged)
        return bool(wanted) or any(name in changes.items for name in (*PEOPLE, ACTIONS.name, *FOLLOWED, *RECORDED))

    async def _answered(self, ids: Iterable[int]) -> set[str]:
        rows = await self._store.rows(RETURNS, ids)
        return {row.reference for row in rows if _is_referral(row.reference)}

    async def _read_everything(self) -> set[int]:
        """Page through all referrals and actions once: rows typed by hand have nothing to find them by.

        Returns the numbers of the actions that are there. The people's lists are read afresh at the next question.
        """
        self._directory.expire()
        loose = await self._store.find(ask.unnumbered(SUBJECTS))
        await self._repair.subjects([row.id for row in loose])
        async for page in self._store.pages(ask.Query(REFERRALS, order="Id", top=500)):
            wanted = await self._repair.rows(page)
            await self._poster.refresh(wanted)
        await self._plans.everything()
        await self._calendars.everything()
        present: set[int] = set()
        async for page in self._store.pages(ask.Query(ACTIONS, order="Id", top=500)):
            await self._actions.rows(page)
            present |= {row.id for row in page}
        return present

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
