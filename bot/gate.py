"""The gate in the background: what is late is chased once a working day, and referrers hear of each change of state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from board.calendar import uk_date
from board.notices import Audience, Notice, NoticeKind
from board.path import Waiting, waiting
from board.records import Referral
from board.rounds import Window
from board.vocabulary import Role, Status
from bot.directory import Directory
from bot.poster import Poster
from bot.scopes import for_member
from bot.turn import Message
from cards import triage as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import REFERRALS
from sharepoint.store import Store


class Gate:
    """Safe to repeat: every notice has its key."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        self._told: set[str] = set()
        poster.outbox.makers[NoticeKind.GATE] = self._late_again
        poster.outbox.makers[NoticeKind.STATE] = self._state_again

    async def daily(self, span: Window) -> list[str]:
        """One digest to each of the mental health team, when something is late; returns the keys of what was posted."""
        found = await self._waiting(span.until)
        if not found.late:
            return []
        people = await self._directory.current()
        board = f"@{people.home}" if people.scope is not None else ""
        team = [each for each in people.members.values() if each.open and each.has(Role.MENTAL_HEALTH_TEAM)]
        keys = {each.user_id.lower(): f"gate/{span.until.isoformat()}{board}/member:{each.user_id}" for each in team}
        message = _digest(found)
        return await self._poster.say_all(
            (Notice(key, NoticeKind.GATE, Audience(member=member), ""), message) for member, key in keys.items()
        )

    async def _waiting(self, today: date) -> Waiting:
        return waiting(await self._store.find_open(ask.for_the_list()), today)

    async def look(self, numbers: Iterable[int]) -> None:
        """Tell the referrers of these referrals the state that each is in now, once."""
        for row in await self._store.rows(REFERRALS, numbers):
            await self._tell(row)

    async def _tell(self, row: Referral) -> None:
        key = state_key(row)
        if not key or key in self._told:
            return
        member = (await self._directory.current()).members.get(row.referrer_id.lower())
        if member is not None and member.open:
            audience = Audience(member=member.user_id.lower())
            await self._poster.say(Notice(key, NoticeKind.STATE, audience, row.reference), _state(row))
        self._told.add(key)

    async def _late_again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        people, audience = await self._directory.current(), Audience.parse(post.audience)
        member = people.members.get(audience.member) if audience is not None else None
        store = self._store if member is None else for_member(self._store, people, member)
        found = waiting(await store.find_open(ask.for_the_list()), uk_date(self._now()))
        return _digest(found) if found.late else None

    async def _state_again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        number = post.reference.partition("-")[2]
        rows = await self._store.rows(REFERRALS, [int(number)] if number.isdecimal() else [])
        return _state(rows[0]) if rows and state_key(rows[0]) == post.key else None


def state_key(row: Referral) -> str:
    """The key of what the referrer hears of a referral's present state; empty while there is nothing to tell.

    A state that comes again (heard again, listed again) is told again: the day that goes with it is part of the key.
    """
    if row.status not in tuple(Status) or row.status == Status.RECEIVED or not row.referrer_id or not row.reference:
        return ""
    went = row.receipt_on or row.redirected_on if row.status == Status.REDIRECTED else row.closed_on
    mark = row.listed_for or (
        went.date().isoformat() if went else row.next_review.isoformat() if row.next_review else ""
    )
    received = "/received" if row.status == Status.REDIRECTED and row.receipt_on else ""
    return f"state/{row.reference}/{row.status}/{mark}{received}"


def _state(row: Referral) -> Message:
    there = row.status == Status.REDIRECTED and row.receipt_on is not None
    return Message(
        f"Your referral {row.reference}", card=show.state_card(row.reference, row.status, received_there=there)
    )


def _digest(found: Waiting) -> Message:
    return Message("Late at the gate", card=show.gate_digest(found))
