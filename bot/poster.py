"""Making Teams show what the records say: claims a notice's key, posts its card, and later updates that same post."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime

from board import references, restricting
from board.notices import Audience, Notice, NoticeKind, ReferralFace, face, notices
from board.reaching import NOT_OPENED
from board.records import Agency, Referral, Request
from bot.chats import Chats, conversation
from bot.directory import Directory
from bot.logs import tell
from bot.outbox import CLAIM_STANDS, Outbox, digest
from bot.turn import Message, Reference
from cards import pointer as pointer_cards
from cards import refer as refer_cards
from cards import referral as referral_cards
from sharepoint import queries as ask
from sharepoint.asking import BACKGROUND_AT_ONCE
from sharepoint.bookkeeping import Post, PostStatus
from sharepoint.errors import Duplicate
from sharepoint.schema import POSTS, REFERRALS, REQUESTS, RETURNS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.poster")

BOT = "MHRMB bot"
OF_REQUESTS = (NoticeKind.REQUEST, NoticeKind.REQUEST_ANSWER)
TOGETHER = 25
"""Referrals read in one batch: four reads each keep it under SharePoint's hundred."""

SIDE_BY_SIDE = BACKGROUND_AT_ONCE
"""Conversations written to at once: as many as background work has threads to write rows with."""


class Poster:
    """Claims what is to be said and hands it to the outbox; posts of referrals are kept up to date."""

    def __init__(
        self, store: Store, directory: Directory, outbox: Outbox, chats: Chats, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._directory = directory
        self._chats = chats
        self.outbox = outbox
        self._now = now
        self._unbound: set[str] = set()
        self.between: Callable[[], Awaitable[object]] | None = None
        for kind in (NoticeKind.REFERRAL, NoticeKind.RECEIPT, *OF_REQUESTS):
            outbox.makers[kind] = self._again

    async def refresh(self, wanted: Iterable[str]) -> None:
        """Post what is new about these referrals and bring what was posted up to date. Safe to repeat.

        Many cards wait for Teams' limits; what cannot wait for them is done `between` two referrals.
        """
        numbers = sorted({references.item_id(each, references.REFERRAL) for each in wanted})
        agencies = (await self._directory.current()).agencies
        for start in range(0, len(numbers), TOGETHER):
            some = numbers[start : start + TOGETHER]
            rows = await self._store.gather(*[query for number in some for query in _queries(number)])
            for referrals, returns, posts, asked in zip(*(rows[n::4] for n in range(4)), strict=True):
                for referral in referrals:
                    await self._show(referral, face(referral, returns, agencies), posts)
                    await self._tell_of_requests(referral, asked, posts)
                    if self.between is not None:
                        await self.between()

    async def _show(self, referral: Referral, seen: ReferralFace, posts: list[Post]) -> None:
        for notice in notices([referral], [post.key for post in posts]):
            await self.say(notice, _message(notice.kind, seen))
        for post in posts:
            stale = post.shown != digest(_message(post.kind, seen))
            if post.status == PostStatus.SENT and post.kind == NoticeKind.REFERRAL and stale:
                await self.outbox.update(post, _message(post.kind, seen))

    async def _tell_of_requests(self, referral: Referral, asked: list[Request], posts: list[Post]) -> None:
        """Tell the holder of a restricted referral who asks to be admitted, and who asked what was answered."""
        agencies = (await self._directory.current()).agencies
        for notice, request in restricting.notices(referral, asked, [post.key for post in posts]):
            await self.say(notice, _of_request(notice.kind, request, agencies))

    async def say(self, notice: Notice, message: Message) -> bool:
        """Post a notice if nobody has; true when Teams took it now."""
        post = await self._claim(notice)
        return post is not None and await self.outbox.deliver(post, message)

    async def say_all(self, told: Iterable[tuple[Notice, Message]]) -> list[str]:
        """Post many notices, each if nobody has; the keys of those that Teams took now, in order.

        A few conversations side by side, so that nobody waits for all who come before; what goes to one stays in order.
        What could not be told holds up its own conversation only: its error is raised once the others are through.
        """
        told, room = list(told), asyncio.Semaphore(SIDE_BY_SIDE)
        lines: dict[Audience, list[tuple[Notice, Message]]] = {}
        for notice, message in told:
            lines.setdefault(notice.audience, []).append((notice, message))
        taken: set[str] = set()

        async def one(line: list[tuple[Notice, Message]]) -> None:
            async with room:
                taken.update([notice.key for notice, message in line if await self.say(notice, message)])

        for each in await asyncio.gather(*map(one, lines.values()), return_exceptions=True):
            if each is not None:
                raise each
        return [notice.key for notice, _ in told if notice.key in taken]

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
            failure="" if where else NOT_OPENED,
            next_attempt=self._now() + CLAIM_STANDS,
        )
        try:
            kept = await self._store.add(POSTS, post, by=BOT, why=f"claimed {notice.kind}")
        except Duplicate:
            return None
        return kept if where else None

    async def _where(self, audience: Audience) -> Reference | None:
        """A channel is asked for each time, since a chair may bind another; a member's chat stays the one it was."""
        if audience.member:
            return await self._chats.where(audience.member, self._store)
        return await conversation(self._store, str(audience))

    def _tell_unbound(self, audience: Audience) -> None:
        """Log once that a forum has no channel yet: its cards wait until a chair binds one."""
        if str(audience) not in self._unbound:
            self._unbound.add(str(audience))
            tell(log, logging.WARNING, "no channel is bound yet, so its cards wait", audience=audience)

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """A referral's card or receipt from what the records say now."""
        referrals, returns, _, asked = await self._store.gather(
            *_queries(references.item_id(post.reference, references.REFERRAL))
        )
        agencies = (await self._directory.current()).agencies
        if post.kind in OF_REQUESTS:
            meant = [each for each in asked if post.key.split("/")[2:3] == [str(each.id)]]
            return _of_request(post.kind, meant[0], agencies) if meant else None
        return _message(post.kind, face(referrals[0], returns, agencies)) if referrals else None


def _queries(number: int) -> tuple[ask.Query, ask.Query, ask.Query, ask.Query]:
    reference = references.reference(references.REFERRAL, number)
    return (
        ask.numbered(REFERRALS, number, select=ask.FACE),
        ask.about(RETURNS, reference),
        ask.about(POSTS, reference),
        ask.about(REQUESTS, reference),
    )


def _of_request(kind: str, request: Request, agencies: Mapping[str, Agency]) -> Message:
    if kind == NoticeKind.REQUEST_ANSWER:
        return Message(f"Referral {request.reference}", card=pointer_cards.answer_card(request))
    agency = agencies.get(request.agency.upper())
    card = pointer_cards.request_card(request, agency.name if agency else "")
    return Message(f"A request about {request.reference}", card=card)


def _message(kind: str, seen: ReferralFace) -> Message:
    if kind == NoticeKind.RECEIPT:
        return Message(f"Your referral is kept as {seen.reference}", card=refer_cards.receipt_message(seen))
    return Message(referral_cards.summary(seen), card=referral_cards.channel_card(seen))
