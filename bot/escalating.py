"""Escalation in the daily round: whoever an overdue action is with now is told once, and what they answered is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from board.actions import Action
from board.calendar import uk_date
from board.entitlement import Sight, sight
from board.escalation import Answer, Climb, Rung, climb, may_answer, notices, read_key
from board.notices import Notice, NoticeKind
from board.records import Referral
from board.rounds import Window
from board.tracker import is_overdue, row
from bot.directory import Directory, People
from bot.poster import Poster
from bot.turn import Message
from cards import escalation as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.schema import EVENTS, POSTS
from sharepoint.store import Store

KIND = "escalation answer"
TOGETHER = 90


@dataclass(frozen=True, slots=True)
class Sights:
    """What decides how much of an action somebody is told."""

    people: People
    restricted: Sequence[Referral]
    today: date


class Escalating:
    """Safe to repeat: every notice has its key. Its cost follows what is overdue, not history."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.ESCALATION] = self._again

    async def daily(self, span: Window) -> list[str]:
        """Tell each rung that an action came to; returns the keys of what was posted."""
        people, posted = await self._directory.current(), list[str]()
        members = list(people.members.values())
        found = await climbing(self._store, span.until)
        if not found:
            return posted
        seen, told = await self._sights(people, span.until), await self._told(found)
        for action, at in found:
            for notice in notices(action, at, members):
                if notice.key in told:
                    continue
                if await self._poster.say(notice, _message(notice, action, at, seen)):
                    posted.append(notice.key)
        return posted

    async def _told(self, found: Sequence[tuple[Action, Climb]]) -> set[str]:
        """The keys of what was told of these actions. One request for ninety: a claim of what is told costs a write."""
        keys = set[str]()
        for start in range(0, len(found), TOGETHER):
            some = [ask.about(POSTS, action.reference) for action, _ in found[start : start + TOGETHER]]
            keys |= {post.key for rows in await self._store.gather(*some) for post in rows}
        return keys

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """As it stands now; None when it was done meanwhile, was given another day, or went on to another rung."""
        read, people, today = read_key(post.key), await self._directory.current(), uk_date(self._now())
        if read is None:
            return None
        for action, at in await climbing(self._store, today):
            for notice in notices(action, at, list(people.members.values())):
                if notice.key == post.key:
                    return _message(notice, action, at, await self._sights(people, today))
        return None

    async def _sights(self, people: People, today: date) -> Sights:
        return Sights(people, await self._store.find(ask.restricted_referrals()), today)


async def climbing(store: Store, today: date) -> list[tuple[Action, Climb]]:
    """The overdue actions that stand above their owners. One request, and one more for ninety that are overdue."""
    actions: list[Action] = await store.find_open(ask.open_actions())
    late = [action for action in actions if action.reference and is_overdue(action, today)]
    found = []
    for start in range(0, len(late), TOGETHER):
        some = late[start : start + TOGETHER]
        events = await store.gather(*(ask.about(EVENTS, action.reference) for action in some))
        for action, rows in zip(some, events, strict=True):
            at = climb(action, answers_in(rows), today)
            if at is not None and at.rung is not Rung.OWNER:
                found.append((action, at))
    return sorted(found, key=lambda pair: (-pair[1].rung, -pair[1].late, pair[0].id))


def answers_in(rows: Iterable[Event]) -> list[Answer]:
    """What was answered, from the rows of `Events` about one action; a row edited into another is none."""
    found = []
    for each in rows:
        parts = each.key.split("/")
        if each.kind == KIND and len(parts) == 5 and each.until is not None:
            read = read_key("/".join(("escalation", *parts[1:4], "")))
            if read is not None:
                found.append(Answer(read[2], read[1], each.value, uk_date(each.until)))
    return found


def answer_event(action: Action, at: Climb, member_id: str, name: str, now: datetime) -> Event:
    """The row that keeps an answer: once for each person, rung, due day and day of answering."""
    key = f"escalation-answer/{action.reference}/{action.due}/{at.rung.value}/{member_id.lower()}:{uk_date(now)}"
    return Event(key=key, kind=KIND, reference=action.reference, holder=member_id, until=now, value=name)


def _message(notice: Notice, action: Action, at: Climb, of: Sights) -> Message:
    """What one person is told: no more of the action's words than they may see."""
    who = of.people.standing(notice.audience.member)
    amount = sight(action, who, of.today, of.restricted)
    seen = row(action, amount if amount is not Sight.NOTHING else Sight.OUTLINE, of.today)
    may = who.member is not None and may_answer(action, at, who.member, of.people.members.values())
    return Message(f"{action.reference} was not done", card=show.escalation_card(seen, at, may_answer=may))
