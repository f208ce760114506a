"""Getting posts to Teams: one send each, what becomes of it written in its row, and another try for what waits.

The row is the post: whoever crashes leaves it claimed, whoever is refused leaves it visible as not delivered. What
waits for one conversation goes in the order it was claimed, merged where `board.merging` allows.

Before anything is sent its row says Claimed, and until when, so a row that still says so afterwards is a send whose
outcome nobody knows: whoever finds it counts it as that and sends again. So duplicates never exceed unknown outcomes,
whoever dies where.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from board.errors import Conflict
from board.merging import together
from board.notices import NoticeKind
from bot.house import BOT
from bot.logs import tell
from bot.turn import Channel, Message, OutcomeUnknown, Reference, Sent, TeamsBusy, TeamsDown, TeamsError, TeamsRefused
from bot.uses.looking import DETAIL
from cards import look as look_cards
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post, PostStatus
from sharepoint.schema import POSTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.outbox")

CLAIM_STANDS = timedelta(seconds=60)
CLAIM_MARGIN = timedelta(seconds=5)
"""A claim is its claimer's for a minute, and is not relied on in its last seconds: another may send after that."""

LOOK_EVERY = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)
BUSY_WAIT = 60.0
"""Seconds at most between two tries while Teams is busy or down and did not say for how long."""

MOST_UNKNOWN = 20
"""Attempts without word whether Teams took the post, after some three hours, before it is left as not delivered."""

AT_ONCE = frozenset({NoticeKind.IMMEDIATE, NoticeKind.TRIGGER})
"""Kinds that go before whatever waits for the same conversation."""

Maker = Callable[[Post, Sequence[Post]], Awaitable[Message | None]]
"""Makes a post's message anew from the records, with those to be told within it; None when there is nothing to say."""


class Outbox:
    """Sends and updates posts. `may_send` is the lease, asked just before each send; `makers` know each kind's words.

    `sent`, `updated`, `failed`, `unknown` (outcomes) and `merged` count since the start.
    """

    def __init__(
        self, store: Store, channel: Channel, *, now: Callable[[], datetime], may_send: Callable[[], bool]
    ) -> None:
        self._store = store
        self._channel = channel
        self._now = now
        self._may_send = may_send
        self.makers: dict[str, Maker] = {}
        self._look_again = datetime.min.replace(tzinfo=UTC)
        self._queue: dict[str, Post] = {}
        self.sent = self.updated = self.failed = self.unknown = self.merged = 0

    @property
    def waiting(self) -> int:
        """How many posts wait for another attempt."""
        return len(self._queue)

    @property
    def late(self) -> float:
        """Seconds that the most overdue post has waited beyond its next attempt; 0 while Teams is down, as it must."""
        due = [post.next_attempt for post in self._queue.values() if post.next_attempt]
        return 0.0 if self._channel.down or not due else max(0.0, (self._now() - min(due)).total_seconds())

    async def deliver(self, post: Post, message: Message) -> bool:
        """Post a notice claimed just now; true when Teams took it. Behind others of its conversation it waits."""
        if post.kind not in AT_ONCE and self._is_behind(post):
            waiting = replace(post, status=PostStatus.WAITING, next_attempt=self._now(), failure="behind others")
            await self._settle(post, waiting)
            return False
        try:
            where = Reference.from_text(post.conversation)
            await self._room(where)
        except TeamsBusy as busy:
            await self._settle(post, self._later(post, busy))
            return False
        except ValueError as error:
            await self._settle(post, self._not_delivered(post, error))
            return False
        return (await self._send(post, where, message)).status == PostStatus.SENT

    async def update(self, post: Post, message: Message) -> None:
        """Bring a post up to date where it stands."""
        shown = True
        try:
            where = Reference.from_text(post.conversation)
            await self._room(where)
            await self._channel.update(where, post.activity_id, message, may_send=self._may_send)
        except (TeamsError, ValueError) as error:
            self.failed += 1
            tell(log, logging.WARNING, "not updated", key=post.key, error=type(error).__name__)
            shown = isinstance(error, OutcomeUnknown)
            gone = not shown and not isinstance(error, TeamsBusy)
            later = self._now() + timedelta(seconds=10)
            failure = "Teams refused an update" if gone else "an update is waiting"
            settled = replace(post, open=not gone, next_attempt=None if gone else later, failure=failure)
        else:
            self.updated += 1
            settled = replace(post, shown=digest(message), open=False, next_attempt=None, failure="")
        if await self._settle(post, settled) is None and shown:
            await self._update_again(post)

    async def retry(self) -> bool:
        """Try again what is due, oldest first, and take away details that stayed long enough; true when any was due.

        Asks the store only when this process has something to try again, or has not asked for a while; and nobody
        while Teams is down, since every row would only be written again.
        """
        now = self._now()
        if now < self._look_again or self._channel.down_for:
            return False
        self._look_again = now + LOOK_EVERY
        waiting: list[Post] = sorted(await self._store.find(ask.open_rows(POSTS)), key=lambda post: post.id)
        due = _in_turn(waiting, now)
        self._queue = {post.key: post for post in waiting}
        await self._try(due)
        self._remember(*(post.next_attempt for post in waiting if post not in due and _later_than(post, now)))
        return bool(due)

    def _is_behind(self, post: Post) -> bool:
        """Whether earlier posts of the same conversation still wait; one that may have been made holds up nobody."""
        ahead = (each for each in self._queue.values() if each.conversation == post.conversation)
        return any(each.status == PostStatus.WAITING and not each.activity_id for each in ahead)

    async def _try(self, due: list[Post]) -> None:
        by_key, full = {post.key: post for post in due}, set[str]()
        for key, within in together(by_key).items():
            post = by_key[key]
            if post.conversation in full:
                continue
            try:
                await self._room(Reference.from_text(post.conversation))
            except TeamsBusy as busy:  # no room, or no Teams: nothing was tried, so nothing needs writing
                full.add(post.conversation)
                self._remember(self._now() + timedelta(seconds=busy.retry_after or 1.0))
                if isinstance(busy, TeamsDown):
                    return
                continue
            except ValueError:
                pass  # told by the attempt itself
            if not await self._again(post, [by_key[each] for each in within]):
                full.add(post.conversation)

    async def _again(self, post: Post, within: Sequence[Post]) -> bool:
        """One more try for one post; false when its conversation should be left alone for now."""
        if post.kind == DETAIL:
            await self._take_away(post)
            return True
        maker = self.makers.get(post.kind)
        message = await maker(post, within) if maker else None
        if message is None:
            failure = "no longer so" if maker else "a kind of post this version does not know"
            await self._settle(post, replace(post, status=PostStatus.FAILED, open=False, failure=failure))
        elif post.activity_id:
            await self.update(post, message)
        else:
            return await self._send_again(post, within, message)
        return True

    async def _send_again(self, post: Post, within: Sequence[Post], message: Message) -> bool:
        """Send a post with those told within it; false when its conversation should be left alone for now."""
        try:
            where = Reference.from_text(post.conversation)
        except ValueError as error:
            await self._settle(post, self._not_delivered(post, error))
            return True
        claimed = await self._claimed_anew([post, *within])
        if not claimed:
            return True
        settled = await self._send(claimed[0], where, message)
        for each in claimed[1:]:
            await self._settle(each, self._as_told_in(settled, each))
        return settled.status != PostStatus.WAITING

    async def _claimed_anew(self, posts: Sequence[Post]) -> list[Post]:
        """Write that these are being sent now. None of them when another process has dealt with one meanwhile.

        A post whose last claimer did not live to say whether it was sent has an unknown outcome more.
        """
        claimed: list[Post] = []
        for post in posts:
            crashed = post.status == PostStatus.CLAIMED
            self.unknown += crashed
            unknown, until = post.unknown_outcomes + crashed, self._now() + CLAIM_STANDS
            mine = replace(post, status=PostStatus.CLAIMED, unknown_outcomes=unknown, next_attempt=until)
            kept = await self._settle(post, replace(mine, failure=""))
            if kept is None:
                for each in claimed:
                    await self._settle(each, replace(each, status=PostStatus.WAITING, next_attempt=self._now()))
                return []
            claimed.append(kept)
        return claimed

    def _as_told_in(self, main: Post, post: Post) -> Post:
        """What becomes of a post that was to be told in another, by what became of that one."""
        if main.status == PostStatus.SENT:
            self.merged += 1
            return replace(post, status=PostStatus.MERGED, open=False, next_attempt=None, failure=f"in {main.key}")
        if main.status == PostStatus.UNCERTAIN:
            return self._uncertain(post)
        soon = main.next_attempt or self._now()
        return replace(post, status=PostStatus.WAITING, next_attempt=soon, failure=main.failure)

    def _is_mine(self, post: Post) -> bool:
        """Whether this process may still send a post that it claimed."""
        stands = post.next_attempt is None or self._now() < post.next_attempt - CLAIM_MARGIN
        return stands and self._may_send()

    async def _send(self, post: Post, where: Reference, message: Message) -> Post:
        """Send a claimed post now: there is room. Returns what became of it."""
        attempted = replace(post, attempts=post.attempts + 1)
        try:
            sent = await self._channel.start(where, message, may_send=lambda: self._is_mine(post))
        except TeamsError as error:
            settled = self._not_delivered(attempted, error)
        else:
            self.sent += 1
            settled = self._delivered(attempted, where, sent, message)
        await self._settle(post, settled)
        return settled

    def _delivered(self, post: Post, where: Reference, sent: Sent, message: Message) -> Post:
        there = replace(where, conversation_id=sent.conversation_id or where.conversation_id)
        return replace(
            post,
            status=PostStatus.SENT,
            open=False,
            conversation=there.to_text(),
            activity_id=sent.activity_id,
            shown=digest(message),
            sent_on=self._now(),
            next_attempt=None,
            failure="",
        )

    def _not_delivered(self, post: Post, error: Exception) -> Post:
        """What becomes of a post that did not get through: tried again, or left to be seen as not delivered."""
        self.failed += 1
        tell(log, logging.WARNING, "not delivered", key=post.key, error=type(error).__name__, attempt=post.attempts)
        if isinstance(error, TeamsBusy):
            return self._later(post, error)
        if isinstance(error, OutcomeUnknown):
            return self._uncertain(post)
        said = f"Teams refused it ({error.status} {error.code})" if isinstance(error, TeamsRefused) else "no address"
        return replace(post, status=PostStatus.FAILED, open=False, failure=said)

    def _later(self, post: Post, busy: TeamsBusy) -> Post:
        wait = max(busy.retry_after or 0.0, min(2.0 ** min(post.attempts, 6), BUSY_WAIT))
        soon = self._now() + min(timedelta(seconds=wait), LONGEST_WAIT)
        failure = "Teams is not answering" if isinstance(busy, TeamsDown) else "Teams takes no more just now"
        return replace(post, status=PostStatus.WAITING, next_attempt=soon, failure=failure)

    def _uncertain(self, post: Post) -> Post:
        """Try again, ever less often: a notice told twice does less harm than one never told. Both are counted."""
        self.unknown += 1
        unknown = post.unknown_outcomes + 1
        if unknown >= MOST_UNKNOWN:
            given_up = replace(post, status=PostStatus.FAILED, open=False, unknown_outcomes=unknown)
            return replace(given_up, next_attempt=None, failure=f"{unknown} times no word whether Teams took it")
        soon = self._now() + min(timedelta(seconds=5 * 4.0 ** (unknown - 1)), LONGEST_WAIT)
        return replace(post, status=PostStatus.UNCERTAIN, unknown_outcomes=unknown, next_attempt=soon)

    async def _take_away(self, post: Post) -> None:
        message = Message(f"Referral {post.reference}", card=look_cards.stub(post.reference))
        try:
            where = Reference.from_text(post.conversation)
            await self._channel.update(where, post.activity_id, message, may_send=self._may_send)
        except (TeamsBusy, OutcomeUnknown):
            later = self._now() + timedelta(seconds=30)
            await self._settle(post, replace(post, next_attempt=later))
            return
        except (TeamsRefused, ValueError):
            tell(log, logging.WARNING, "details could not be taken out of a chat", key=post.key)
        await self._settle(post, replace(post, status=PostStatus.SENT, open=False, next_attempt=None))

    async def _room(self, where: Reference) -> None:
        """Wait until one more post is within Teams' limits; raises TeamsBusy when it is long off, or not ours to do."""
        await self._channel.room(where)
        if not self._may_send():
            raise TeamsBusy("another process posts now")

    async def _settle(self, post: Post, settled: Post) -> Post | None:
        """Write what became of a post. None when somebody changed its row meanwhile, and so has dealt with it."""
        if settled.open:
            self._queue[post.key] = settled
            self._remember(settled.next_attempt)
        else:
            self._queue.pop(post.key, None)
        try:
            return await self._store.change(POSTS, post, settled, by=BOT, why=settled.failure or settled.status)
        except Conflict:
            tell(log, logging.WARNING, "a post was changed by another process", key=post.key)
            self._queue.pop(post.key, None)
            return None

    async def _update_again(self, post: Post) -> None:
        """Have a post updated once more: two processes did it at once, and whose words came last is not known."""
        found: list[Post] = await self._store.find(ask.keyed(POSTS, post.key))
        for row in found:
            if row.status == PostStatus.SENT and row.activity_id:
                again = replace(row, open=True, next_attempt=self._now(), failure="updated twice at once")
                await self._settle(row, again)

    def _remember(self, *moments: datetime | None) -> None:
        """Look again at the earliest of these moments."""
        self._look_again = min([self._look_again, *(moment for moment in moments if moment)])


def _in_turn(waiting: Sequence[Post], now: datetime) -> list[Post]:
    """What is due, oldest first, save what is behind another of its conversation that is to wait longer."""
    held, due = set[str](), list[Post]()
    for post in waiting:
        if post.conversation in held and post.kind not in AT_ONCE:
            continue
        if not _later_than(post, now):
            due.append(post)
        elif post.status == PostStatus.WAITING and not post.activity_id:
            held.add(post.conversation)
    return due


def _later_than(post: Post, now: datetime) -> bool:
    return post.next_attempt is not None and post.next_attempt > now


def digest(message: Message) -> str:
    """A digest of what a post shows, to tell whether it is still right."""
    return hashlib.sha256(json.dumps([message.summary, message.card]).encode()).hexdigest()[:32]
