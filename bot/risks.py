"""Reviews of the risk register in the daily round: whoever answers for a risk's agency hears a week before, on the day,
and each Monday once it is past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from board.notices import Audience, NoticeKind
from board.records import Risk
from board.risks import AHEAD, read_key, reviews
from board.rounds import Window
from bot.directory import Directory
from bot.poster import Poster
from bot.scopes import for_member
from bot.turn import Message
from cards import risks as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.store import Store


class RiskReviews:
    """Safe to repeat: every notice has its key, one a person and day."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.RISKS] = self._again

    async def daily(self, span: Window) -> list[str]:
        """Remind them; returns the keys of what was posted. One request."""
        people = await self._directory.current()
        board = people.home if people.scope is not None else ""
        found = await self._due(self._store, span.until)
        wanted = reviews(found, people.members.values(), span.after, span.until, board=board)
        return await self._poster.say_all((each.notice, _message(each.risks)) for each in wanted)

    @staticmethod
    async def _due(store: Store, until: date) -> list[Risk]:
        rows: list[Risk] = await store.find(ask.risks_due(until + AHEAD))
        return [row for row in rows if row.reference]

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """What is still to be reviewed of what it would have told; None when nothing is."""
        day, audience = read_key(post.key), Audience.parse(post.audience)
        if day is None or audience is None:
            return None
        people = await self._directory.current()
        member = people.members.get(audience.member)
        if member is None:
            return None
        found = await self._due(for_member(self._store, people, member), day)
        mine = [each for each in reviews(found, [member], day - AHEAD, day) if each.notice.audience == audience]
        return _message(mine[0].risks) if mine else None


def _message(risks: Sequence[Risk]) -> Message:
    return Message("Risks to review", card=show.reminder_card(risks))
