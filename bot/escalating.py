"""Escalation in the daily round: whoever an overdue action is with now is told once, and what they answered is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from board.actions import Action
from board.calendar import uk_date
from board.entitlement import Sight, sight
from board.escalation import Answer, Climb, Rung, came_to, climb, may_answer, notices, read_key
from board.notices import Notice, NoticeKind
from board.pack import Escalated
from board.records import Referral
from board.rounds import Window
from board.tracker import is_overdue, row
from bot.directory import Directory, People
from bot.house import BOT
from bot.poster import Poster
from bot.turn import Message
from cards import escalation as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.schema import EVENTS, POSTS
from sharepoint.store import Store
from sharepoint.together import Together

KIND = "escalation answer"
ESCALATED = "escalated"
SENIOR_PAPER = "senior partnership board paper"
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
        people = await self._directory.current()
        members = list(people.members.values())
        found = await climbing(self._store, people, span.until)
        if not found:
            return []
        await self._keep(found, span)
        seen, told = await self._sights(people, span.until), await self._told(found)
        return await self._poster.say_all(
            (notice, _message(notice, action, at, seen))
            for action, at in found
            for notice in notices(action, at, members, people.ladder(action.agency))
            if notice.key not in told
        )

    async def _keep(self, found: Sequence[tuple[Action, Climb]], span: Window) -> None:
        """Keep that actions came to rungs in these days: the board sees it when they have long come down again."""
        rows = [
            Event(
                key=f"{kept_as(day)}{day:-%d}/{action.reference}/{rung.value}",
                kind=ESCALATED,
                reference=action.reference,
                until=self._now(),
                holder=action.agency,
                value=action.forum,
            )
            for action, at in found
            for rung, day in came_to(at, span.after, span.until)
        ]
        for start in range(0, len(rows), TOGETHER):
            batch = Together(self._store, BOT)
            for each in rows[start : start + TOGETHER]:
                batch.add(EVENTS, each, why="escalated")
            await batch.send()

    async def _told(self, found: Sequence[tuple[Action, Climb]]) -> set[str]:
        """The keys of what was told of these actions. One request for ninety: a claim of what is told costs a write."""
        posts = await self._store.each([ask.about(POSTS, action.reference) for action, _ in found])
        return {post.key for rows in posts for post in rows}

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """As it stands now; None when it was done meanwhile, was given another day, or went on to another rung."""
        read, people, today = read_key(post.key), await self._directory.current(), uk_date(self._now())
        if read is None:
            return None
        for action, at in await climbing(self._store, people, today):
            for notice in notices(action, at, list(people.members.values()), people.ladder(action.agency)):
                if notice.key == post.key:
                    return _message(notice, action, at, await self._sights(people, today))
        return None

    async def _sights(self, people: People, today: date) -> Sights:
        return Sights(people, await self._store.find(ask.restricted_referrals()), today)


def kept_as(day: date) -> str:
    """How the keys begin of the rows of `Events` that say what was escalated in the month of a day."""
    return f"escalated/{day:%Y-%m}"


def escalated_in(rows: Iterable[Event], after: date, until: date, people: People) -> list[Escalated]:
    """What was escalated of these people's board after one day and until another (counted), in order; a row that cannot
    be read is left out."""
    found = []
    for each in rows:
        parts = each.key.split("/")
        try:
            day, rung = date.fromisoformat(parts[1]), Rung(int(parts[3]))
        except (ValueError, IndexError):
            continue
        if each.kind == ESCALATED and after < day <= until and people.holds(each.value):
            found.append(Escalated(parts[2], each.holder, rung, day))
    return sorted(found, key=lambda each: (each.on, each.action, each.rung))


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from one day to another, for `kept_as`."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(each // 12, each % 12 + 1, 1) for each in months]


async def climbing(store: Store, people: People, today: date) -> list[tuple[Action, Climb]]:
    """The overdue actions that stand above their owners. One request, and one more for ninety that are overdue."""
    late = overdue(await store.find_open(ask.open_actions()), today)
    events = await store.each([ask.about(EVENTS, each.reference) for each in late])
    return climbed(zip(late, events, strict=True), people, today)


def overdue(actions: Iterable[Action], today: date) -> list[Action]:
    """Those that may have climbed: what was answered of each is in `Events`."""
    return [action for action in actions if action.reference and is_overdue(action, today)]


def climbed(late: Iterable[tuple[Action, Iterable[Event]]], people: People, today: date) -> list[tuple[Action, Climb]]:
    """Of overdue actions with their rows of `Events` those that stand above their owners, the highest first."""
    found = []
    for action, rows in late:
        at = climb(action, answers_in(rows), today, people.ladder(action.agency))
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
    ladder, members = of.people.ladder(action.agency), of.people.members.values()
    may = who.member is not None and may_answer(action, at, who.member, members, ladder)
    card = show.escalation_card(seen, at, may_answer=may, step=ladder.at(at.rung))
    return Message(f"{action.reference} was not done", card=card)
