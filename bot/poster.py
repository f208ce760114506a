"""Making Teams show what the records say: claims a notice's key, posts its card, and later updates that same post."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from board import references
from board.errors import Conflict
from board.notices import Audience, Notice, NoticeKind, ReferralFace, face, notices
from board.records import Agency, Referral
from bot.directory import Directory
from bot.turn import Channel, Message, OutcomeUnknown, Reference, Sent, TeamsBusy, TeamsError, TeamsRefused
from bot.uses.look import DETAIL
from cards import look as look_cards
from cards import refer as refer_cards
from cards import referral as referral_cards
from sharepoint import queries as ask
from sharepoint.bookkeeping import Conversation, Post, PostStatus
from sharepoint.errors import Duplicate
from sharepoint.schema import CONVERSATIONS, POSTS, REFERRALS, RETURNS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.poster")

BOT = "MHRMB bot"
TOGETHER = 25
"""Referrals read in one batch: three reads each keep it under SharePoint's hundred."""

PACE = 0.5
"""Seconds between two sends in one conversation: Teams allows 60 in 30 s (and 7 in 1 s)."""

CLAIM_STANDS = timedelta(seconds=60)
LOOK_EVERY = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)


Maker = Callable[[Post], Awaitable[Message | None]]
"""Makes a post's message anew from the records, for one that did not get through; None when there is nothing to say."""


class Poster:
    """Posts and updates. `may_send` is the lease, asked just before each send. `makers` are the kinds others post."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        channel: Channel,
        *,
        now: Callable[[], datetime],
        may_send: Callable[[], bool],
    ) -> None:
        self._store = store
        self._directory = directory
        self._channel = channel
        self._now = now
        self._may_send = may_send
        self._last: dict[str, float] = {}
        self.makers: dict[str, Maker] = {}
        self._unbound: set[str] = set()
        self._look_again = datetime.min.replace(tzinfo=UTC)
        self.sent = self.updated = self.failed = self.unknown = 0

    async def refresh(self, wanted: Iterable[str]) -> None:
        """Post what is new about these referrals and bring what was posted up to date. Safe to repeat."""
        numbers = sorted({references.item_id(each, references.REFERRAL) for each in wanted})
        agencies = (await self._directory.current()).agencies
        for start in range(0, len(numbers), TOGETHER):
            some = numbers[start : start + TOGETHER]
            rows = await self._store.gather(*[query for number in some for query in _queries(number)])
            for referrals, returns, posts in zip(rows[0::3], rows[1::3], rows[2::3], strict=True):
                for referral in referrals:
                    await self._show(referral, face(referral, returns, agencies), posts)

    async def retry(self) -> bool:
        """Try again what is due, and take away details that have stayed long enough; true when something was due.

        Asks the store only when this process has something to try again, or has not asked for a while.
        """
        now = self._now()
        if now < self._look_again:
            return False
        self._look_again = now + LOOK_EVERY
        waiting: list[Post] = await self._store.find(ask.open_rows(POSTS))
        due = [post for post in waiting if post.next_attempt is None or post.next_attempt <= now]
        for post in due:
            await self._try_again(post)
        self._remember(*(post.next_attempt for post in waiting if post not in due))
        return bool(due)

    def _remember(self, *moments: datetime | None) -> None:
        """Look again at the earliest of these moments."""
        self._look_again = min([self._look_again, *(moment for moment in moments if moment)])

    async def _show(self, referral: Referral, seen: ReferralFace, posts: list[Post]) -> None:
        for notice in notices([referral], [post.key for post in posts]):
            await self.say(notice, _message(notice.kind, seen))
        for post in posts:
            stale = post.shown != _digest(_message(post.kind, seen))
            if post.status == PostStatus.SENT and post.kind == NoticeKind.REFERRAL and stale:
                await self._update(post, seen)

    async def say(self, notice: Notice, message: Message) -> bool:
        """Post a notice if nobody has; true when Teams took it now."""
        post = await self._claim(notice)
        return post is not None and await self._deliver(post, message)

    async def _claim(self, notice: Notice) -> Post | None:
        """Write the post's row first: whoever writes the key is the one to send. None when it cannot be sent at all."""
        where = await self._where(notice.audience)
        if where is None and notice.audience.forum:
            self._tell_unbound(notice.audience)
            return None
        post = Post(
            key=notice.key,
            reference=notice.about,
            kind=notice.kind,
            audience=str(notice.audience),
            conversation=where.to_text() if where else "",
            status=PostStatus.CLAIMED if where else PostStatus.FAILED,
            open=where is not None,
            failure="" if where else "this person has not opened a chat with the bot",
            next_attempt=self._now() + CLAIM_STANDS,
        )
        try:
            kept = await self._store.add(POSTS, post, by=BOT, why=f"claimed {notice.kind}")
        except Duplicate:
            return None
        return kept if where else None

    def _tell_unbound(self, audience: Audience) -> None:
        """Log once that a forum has no channel yet: its cards wait until a chair binds one."""
        if str(audience) not in self._unbound:
            self._unbound.add(str(audience))
            log.warning("no channel is bound yet, so its cards wait audience=%s", audience)

    async def _where(self, audience: Audience) -> Reference | None:
        rows: list[Conversation] = await self._store.find(ask.keyed(CONVERSATIONS, str(audience)))
        if not rows or not rows[0].open:
            return None
        try:
            return Reference.from_text(rows[0].stored)
        except ValueError:
            log.warning("a conversation reference cannot be read audience=%s", audience)
            return None

    async def _deliver(self, post: Post, message: Message) -> bool:
        attempted = replace(post, attempts=post.attempts + 1)
        try:
            where = Reference.from_text(post.conversation)
            await self._wait_turn(where.conversation_id)
            sent = await self._channel.start(where, message)
        except (TeamsError, ValueError) as error:
            settled = self._not_delivered(attempted, error)
        else:
            self.sent += 1
            settled = self._delivered(attempted, where, sent, message)
        await self._settle(post, settled)
        return settled.status == PostStatus.SENT

    def _delivered(self, post: Post, where: Reference, sent: Sent, message: Message) -> Post:
        there = replace(where, conversation_id=sent.conversation_id or where.conversation_id)
        return replace(
            post,
            status=PostStatus.SENT,
            open=False,
            conversation=there.to_text(),
            activity_id=sent.activity_id,
            shown=_digest(message),
            sent_on=self._now(),
            next_attempt=None,
            failure="",
        )

    def _not_delivered(self, post: Post, error: Exception) -> Post:
        """What becomes of a post that did not get through: tried again, or left to be seen as not delivered."""
        self.failed += 1
        log.warning("not delivered key=%s error=%s attempt=%d", post.key, type(error).__name__, post.attempts)
        if isinstance(error, OutcomeUnknown):
            self.unknown += 1
            unknown = post.unknown_outcomes + 1
            if unknown > 1:
                return replace(
                    post,
                    status=PostStatus.FAILED,
                    open=False,
                    unknown_outcomes=unknown,
                    failure="twice no word whether Teams took it",
                )
            soon = self._now() + timedelta(seconds=5)
            return replace(post, status=PostStatus.UNCERTAIN, unknown_outcomes=unknown, next_attempt=soon)
        if isinstance(error, TeamsBusy):
            wait = timedelta(seconds=max(error.retry_after or 0.0, 2.0 ** min(post.attempts, 9)))
            return replace(
                post,
                status=PostStatus.WAITING,
                next_attempt=self._now() + min(wait, LONGEST_WAIT),
                failure="Teams is not answering",
            )
        said = f"Teams refused it ({error.status} {error.code})" if isinstance(error, TeamsRefused) else "no address"
        return replace(post, status=PostStatus.FAILED, open=False, failure=said)

    async def _update(self, post: Post, seen: ReferralFace) -> None:
        message = _message(post.kind, seen)
        try:
            where = Reference.from_text(post.conversation)
            await self._wait_turn(where.conversation_id)
            await self._channel.update(where, post.activity_id, message)
        except (TeamsError, ValueError) as error:
            self.failed += 1
            log.warning("not updated key=%s error=%s", post.key, type(error).__name__)
            gone = isinstance(error, TeamsRefused)
            later = self._now() + timedelta(seconds=10)
            failure = "Teams refused an update" if gone else "an update is waiting"
            await self._settle(
                post, replace(post, open=not gone, next_attempt=None if gone else later, failure=failure)
            )
            return
        self.updated += 1
        await self._settle(post, replace(post, shown=_digest(message), open=False, next_attempt=None, failure=""))

    async def _try_again(self, post: Post) -> None:
        if post.kind == DETAIL:
            await self._take_away(post)
            return
        if post.kind in self.makers:
            message = await self.makers[post.kind](post)
            if message is not None:
                await self._deliver(await self._owned_up(post), message)
            else:
                await self._settle(post, replace(post, status=PostStatus.FAILED, open=False, failure="no longer so"))
            return
        if post.kind not in (NoticeKind.REFERRAL, NoticeKind.RECEIPT):
            failure = "a kind of post this version does not know"
            await self._settle(post, replace(post, status=PostStatus.FAILED, open=False, failure=failure))
            return
        number = references.item_id(post.reference, references.REFERRAL)
        referrals, returns, _ = await self._store.gather(*_queries(number))
        agencies: dict[str, Agency] = (await self._directory.current()).agencies
        for referral in referrals:
            seen = face(referral, returns, agencies)
            if post.activity_id:
                await self._update(post, seen)
            else:
                await self._deliver(await self._owned_up(post), _message(post.kind, seen))

    async def _owned_up(self, post: Post) -> Post:
        """Mark a post whose claimer did not live to say whether it was sent."""
        if post.status != PostStatus.CLAIMED:
            return post
        self.unknown += 1
        return await self._settle(post, replace(post, unknown_outcomes=post.unknown_outcomes + 1))

    async def _take_away(self, post: Post) -> None:
        message = Message(f"Referral {post.reference}", card=look_cards.stub(post.reference))
        try:
            await self._channel.update(Reference.from_text(post.conversation), post.activity_id, message)
        except TeamsRefused:
            log.warning("details could not be taken out of a chat key=%s", post.key)
        except (TeamsError, ValueError):
            later = self._now() + timedelta(seconds=30)
            await self._settle(post, replace(post, next_attempt=later))
            return
        await self._settle(post, replace(post, status=PostStatus.SENT, open=False, next_attempt=None))

    async def _settle(self, post: Post, settled: Post) -> Post:
        """Write what became of a post. Somebody who changed its row meanwhile has dealt with it."""
        if settled.open:
            self._remember(settled.next_attempt)
        try:
            return await self._store.change(POSTS, post, settled, by=BOT, why=settled.failure or settled.status)
        except Conflict:
            log.warning("a post was changed by another process key=%s", post.key)
            return settled

    async def _wait_turn(self, conversation: str) -> None:
        """Keep Teams' pace for one conversation; raises TeamsBusy when this process may no longer send."""
        root = conversation.split(";", 1)[0]
        wait = self._last.get(root, float("-inf")) + PACE - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        if not self._may_send():
            raise TeamsBusy("another process posts now")
        self._last[root] = time.monotonic()


def _queries(number: int) -> tuple[ask.Query, ask.Query, ask.Query]:
    reference = references.reference(references.REFERRAL, number)
    return (
        ask.numbered(REFERRALS, number, select=ask.FACE),
        ask.about(RETURNS, reference),
        ask.about(POSTS, reference),
    )


def _message(kind: str, seen: ReferralFace) -> Message:
    if kind == NoticeKind.RECEIPT:
        return Message(f"Your referral is kept as {seen.reference}", card=refer_cards.receipt_message(seen))
    return Message(referral_cards.summary(seen), card=referral_cards.channel_card(seen))


def _digest(message: Message) -> str:
    """A digest of what a post shows, to tell whether it is still right."""
    return hashlib.sha256(json.dumps([message.summary, message.card]).encode()).hexdigest()[:32]
