"""Whom something did not reach: their channel is told each day, and at once whoever can act where nothing can wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from board import references
from board.actions import Action, goes_at_once
from board.calendar import DIGEST_AT, at_uk
from board.notices import Audience, Notice, NoticeKind
from board.reaching import Unreached, instead, notice, read_instead, unreached
from board.rounds import Window
from bot.directory import Directory, People
from bot.poster import Poster
from bot.scopes import among
from bot.turn import Message
from cards import reaching as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import ACTIONS, CONVERSATIONS
from sharepoint.store import Store

REMEMBERED = timedelta(weeks=6)


async def cannot_be_reached(store: Store, people: People, since: datetime, *, every: bool = False) -> list[Unreached]:
    """The members whom something did not reach since then; with `every`, all who have no chat too. One request."""
    chats, missed = await store.gather(ask.open_rows(CONVERSATIONS), ask.undelivered_since(since))
    told = (each.audience for each in missed)
    return unreached(people.members.values(), (each.audience for each in chats), told, every=every)


class Reaching:
    """Safe to repeat: every notice has its key."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.UNREACHED] = self._again
        poster.outbox.makers[NoticeKind.INSTEAD] = self._again_instead

    async def daily(self, span: Window) -> list[str]:
        """Tell the channel whom the day's round, or anything since the last one, did not reach. One request."""
        people = await self._directory.current()
        found = await cannot_be_reached(self._store, people, at_uk(span.after, DIGEST_AT))
        today = notice(people.home, span.until)
        return [today.key] if found and await self._poster.say(today, _message(found)) else []

    async def at_once(self, about: Notice, action: Action) -> None:
        """Tell whoever answers for an owner's agency of what cannot wait, where the owner has no chat. One request."""
        people = among(await self._directory.current(), action.forum)
        owner = people.members.get(action.owner_id.lower())
        rows = await self._store.find(ask.open_rows(CONVERSATIONS))
        chats = {row.audience for row in rows}
        if owner is None or str(Audience(member=owner.user_id)) in chats:
            return
        wanted = instead(about, owner, people.members.values(), chats, people.home)
        await self._poster.say_all((each, _instead(action, each)) for each in wanted)

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        audience = Audience.parse(post.audience)
        people = among(await self._directory.current(), audience.forum if audience else "")
        found = await cannot_be_reached(self._store, people, self._now() - timedelta(days=1))
        return _message(found) if found else None

    async def _again_instead(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """As it stands now; None once somebody has taken the action up."""
        reference, audience = read_instead(post.key), Audience.parse(post.audience)
        if not reference or audience is None:
            return None
        rows = await self._store.rows(ACTIONS, [references.item_id(reference, references.ACTION)])
        wanted = Notice(post.key, NoticeKind.INSTEAD, audience, "")
        return next((_instead(row, wanted) for row in rows if goes_at_once(row)), None)


def _message(found: Sequence[Unreached]) -> Message:
    return Message("Please open a chat with me", card=show.unreached_notice(found))


def _instead(action: Action, told: Notice) -> Message:
    """In a channel without the owner's name where it was typed by hand: it may be whom the action is about."""
    owner = action.owner_name if told.audience.member or action.owner_id else ""
    return Message(f"Immediate risk: {action.reference}", card=show.instead_card(action.reference, owner))
