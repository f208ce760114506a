"""The month's digest of lessons: one post in a forum's channel on the first working day, each lesson once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from board.calendar import at_uk
from board.learning import Digest, digest_notice, digests, read_key
from board.months import Month
from board.notices import NoticeKind
from bot.house import DEFAULT_FORUM
from bot.poster import Poster
from bot.turn import Message
from cards import lessons as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.store import Store


class Learning:
    """Safe to repeat: every notice has its key. A month with nothing to tell of is told of by nothing."""

    def __init__(self, store: Store, poster: Poster) -> None:
        self._store = store
        self._poster = poster
        poster.outbox.makers[NoticeKind.LESSONS] = self._again

    async def tell(self, month: Month) -> list[str]:
        """Tell each forum's channel what was disseminated in a month; returns the keys of what was posted."""
        found = await self._digests(month)
        return await self._poster.say_all(
            (digest_notice(forum, month), _message(each)) for forum, each in found.items()
        )

    async def _digests(self, month: Month) -> dict[str, Digest]:
        """One request."""
        since = at_uk(month.first, time(0))
        told, back = await self._store.gather(ask.disseminated_since(since), ask.withdrawn_since(since))
        return digests([*told, *back], month, DEFAULT_FORUM)

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """The month's digest as it stands now; None when nothing of it holds any more."""
        read = read_key(post.key)
        digest = (await self._digests(read[0])).get(read[1]) if read else None
        return _message(digest) if digest else None


def _message(digest: Digest) -> Message:
    return Message("What we learned", card=show.lessons_digest(digest))
