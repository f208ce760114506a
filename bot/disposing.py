"""Carrying disposals out behind the scenes: what two people decided goes step by step, resumed wherever it broke off.

The record itself says how far it is, so nothing is lost with the process: a confirmed case is found by its decision,
and is called disposed of only once everything was read back. The process that posts does it. What a tenant's own
retention prevents is written on the record and told to both people, and is tried again every day.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from board import references, retention
from board.calendar import uk_date
from board.entitlement import Act, refusal
from board.errors import BoardError
from board.notices import Audience, Notice, NoticeKind
from board.records import Referral
from board.retention import Stage
from board.vocabulary import Retention
from bot.directory import Directory, People
from bot.house import BOT
from bot.lease import Lease
from bot.logs import tell
from bot.poster import Poster
from bot.turn import Message
from cards import retention as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.erasing import Disposal
from sharepoint.errors import StoreError
from sharepoint.schema import REFERRALS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.disposing")

LOOK_EVERY = 60.0
"""Seconds between two looks when nobody asked here: another process may have taken the confirmation."""

RETRY = 5.0


class Disposing:
    """Runs until cancelled; `nudge` has it look at once."""

    def __init__(
        self, store: Store, directory: Directory, poster: Poster, lease: Lease, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._lease = lease
        self._now = now
        self._wake = asyncio.Event()
        self._asked = True
        self._look_at = float("-inf")
        self._parts_tried: date | None = None
        poster.outbox.makers[NoticeKind.DISPOSAL] = self._again

    def nudge(self) -> None:
        """Look at once, also at what went in part."""
        self._asked = True
        self._wake.set()

    async def run(self) -> None:
        """Go on for ever: what fails now is tried again."""
        while True:
            wait = 1.0  # while another process holds the lease, and while this one takes it
            try:
                if self._lease.held() and (self._asked or time.monotonic() >= self._look_at):
                    wait = RETRY
                    await self.look()
            except (StoreError, BoardError) as error:
                self._asked = True
                tell(log, logging.WARNING, "a disposal waits", error=type(error).__name__, says=error)
            except Exception as error:  # noqa: BLE001 - the loop must outlive any one fault
                self._asked = True
                tell(log, logging.ERROR, "a disposal broke", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            self._wake.clear()

    async def look(self) -> None:
        """Carry out what is confirmed. What went in part is tried when somebody asks, and once a day."""
        asked, self._asked = self._asked, False
        today = uk_date(self._now())
        confirmed, in_part = await self._store.gather(
            ask.records_at(Retention.DISPOSE), ask.records_at(Retention.IN_PART)
        )
        people = await self._directory.current()
        todo = [row for row in confirmed if self._may_go(row, people, today)]
        if asked or self._parts_tried != today:
            todo += in_part
        failed: StoreError | BoardError | None = None
        for row in todo:
            try:
                await self._dispose(row.id, people)
            except (StoreError, BoardError) as error:
                failed = error
        self._look_at = time.monotonic() + LOOK_EVERY
        if failed is not None:
            raise failed
        self._parts_tried = today

    def _may_go(self, row: Referral, people: People, today: date) -> bool:
        """Whether two people who may decide it did: a row typed by hand says nothing."""
        if retention.stage(row, today) is not Stage.UNDER_WAY:
            return False
        for user_id in (row.retention_by_id, row.disposal_by_id):
            if refusal(Act.RETAIN, people.standing(user_id), today) is not None:
                tell(log, logging.WARNING, "not disposed of: whoever decided may not", reference=_reference(row.id))
                return False
        return True

    async def _dispose(self, number: int, people: People) -> None:
        codes = frozenset({*people.agencies, *people.forums})
        disposal = Disposal(self._store, number, codes)
        if not await disposal.find():
            return
        by = disposal.referral.disposal_by or BOT
        await disposal.clear(self._lease.held, by)
        await disposal.attachments()
        await disposal.versions()
        await disposal.files()
        await disposal.bins()
        await disposal.verify()
        await self._settle(disposal, by)

    async def _settle(self, disposal: Disposal, by: str) -> None:
        """Write what became of it, and only then tell it."""
        row, left = disposal.referral, show.left_lines(disposal.left)
        done = replace(
            row,
            retention=Retention.IN_PART if left else Retention.DISPOSED,
            review_on=row.review_on if left else None,
            disposal_left=left,
        )
        kept = await self._store.change(REFERRALS, row, done, by=by, why=done.retention.lower())
        told = "in part" if left else "done"
        tell(log, logging.INFO, "disposal", reference=_reference(row.id), outcome=told, left=len(disposal.left))
        await self._tell(kept)

    async def _tell(self, row: Referral) -> None:
        reference = _reference(row.id)
        state = hashlib.sha256(row.disposal_left.encode()).hexdigest()[:8] if row.disposal_left else "done"
        for user_id in {row.retention_by_id, row.disposal_by_id} - {""}:
            notice = Notice(
                f"disposal/{reference}/{state}/{user_id}",
                NoticeKind.DISPOSAL,
                Audience(member=user_id.lower()),
                reference,
            )
            await self._poster.say(notice, _message(reference, row.disposal_left))

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a notice anew, from what the record says now."""
        reference = post.key.split("/")[1]
        for row in await self._store.rows(REFERRALS, [references.item_id(reference, references.REFERRAL)]):
            return _message(reference, row.disposal_left)
        return None


def _reference(number: int) -> str:
    return references.reference(references.REFERRAL, number)


def _message(reference: str, left: str) -> Message:
    return Message(f"The record of {reference}", card=show.ended_card(reference, left))
