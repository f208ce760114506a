"""What the clock does for a subgroup: two working days before it meets, its list is settled and late returns chased."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from board.calendar import uk_date
from board.entitlement import Standing
from board.errors import Conflict
from board.late import Awaited, digests, is_chased, line, read_key
from board.listing import DEFAULT_CODE
from board.notices import NoticeKind
from board.records import Meeting
from board.rounds import Window
from board.vocabulary import MeetingKind, MeetingStatus
from bot.directory import Directory, People
from bot.house import BOT
from bot.logs import tell
from bot.poster import Poster
from bot.turn import Message
from bot.uses.week import LOOKED_BACK, Week, assembled, course, settled_list
from cards import meeting as show
from cards import words
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import MEETINGS, POSTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.meetings")


class Meetings:
    """The subgroups' part of the daily round. Safe to repeat: every notice has its key, every write its ETag."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.LATE] = self._again

    async def daily(self, span: Window) -> list[str]:
        """A working day's round for each subgroup; returns the keys of what was posted."""
        people, posted = await self._directory.current(), list[str]()
        for code in _codes(people):
            week = await self._week(code)
            await self._cancel(week, span)
            day = week.meeting.held_on
            if day is not None and is_chased(day, span.until) and (week.list.cases or week.list.held):
                posted += await self._chase(await self._settled(week))
        return posted

    async def _week(self, code: str) -> Week:
        people, today = await self._directory.current(), uk_date(self._now())
        meetings, referrals = await self._store.gather(ask.meetings_since(today - LOOKED_BACK), ask.for_the_list())
        return assembled(people, Standing(None, None), (meetings, referrals), today, code=code)

    async def _cancel(self, week: Week, span: Window) -> None:
        """A meeting whose day passed without anybody running it did not take place; its cases are on the next list."""
        for meeting in week.meetings:
            its = meeting.kind == MeetingKind.SUBGROUP and meeting.forum.upper() == week.forum.code.upper()
            passed = meeting.held_on is not None and meeting.held_on < span.until
            if its and passed and meeting.open and meeting.status == MeetingStatus.PLANNED:
                over = replace(meeting, status=MeetingStatus.CANCELLED, open=False)
                try:
                    await self._store.change(MEETINGS, meeting, over, by=BOT, why="its day passed")
                except Conflict:
                    tell(log, logging.INFO, "meeting changed meanwhile", reference=meeting.reference)

    async def _settled(self, week: Week) -> Week:
        try:
            settled, _ = await settled_list(self._store, week, BOT)
        except Conflict:
            settled = await self._week(week.forum.code)
            tell(log, logging.INFO, "list changed while it was settled", forum=week.forum.code)
        return settled

    async def _chase(self, week: Week) -> list[str]:
        meeting, awaited = week.meeting, await self._awaited(week)
        said = {post.key for post in await self._store.find(ask.about(POSTS, week.list.reference))}
        todo = [
            (notice, _digest(meeting, week.list.reference, cases))
            for notice, cases in digests(awaited, week.people.members.values(), week.people.agencies, self._today())
        ]
        missing = _missing(awaited)
        if missing:
            todo.append((line(week.list.reference, week.people.home), _line(meeting, week.list.reference, missing)))
        return await self._poster.say_all(each for each in todo if each[0].key not in said)

    def _today(self) -> date:
        return uk_date(self._now())

    async def _awaited(self, week: Week) -> Awaited:
        so_far = await course(self._store, week)
        return Awaited(week.list.reference, week.list.cases, so_far.awaited, week.people.forums)

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a late notice anew, for one that did not get through; None when nothing is awaited any more."""
        read, people = read_key(post.key), await self._directory.current()
        for code in _codes(people):
            week = await self._week(code)
            if read is None or week.list.reference != read[0]:
                continue
            awaited = await self._awaited(week)
            if not read[1]:
                missing = _missing(awaited)
                return _line(week.meeting, read[0], missing) if missing else None
            members = [m for m in people.members.values() if m.user_id == read[1]]
            for _, cases in digests(awaited, members, people.agencies, self._today()):
                return _digest(week.meeting, read[0], cases)
        return None


def _codes(people: People) -> list[str]:
    """The codes of the subgroups; a board without a row for one has the one that is made up for it."""
    forums = [f for f in people.forums.values() if f.kind.casefold() == MeetingKind.SUBGROUP.casefold()]
    return [f.code for f in forums] or [DEFAULT_CODE]


def _missing(awaited: Awaited) -> dict[str, tuple[str, ...]]:
    return {case.reference: codes for case in awaited.cases if (codes := awaited.codes.get(case.reference, ()))}


def _digest(meeting: Meeting, reference: str, cases: Sequence[str]) -> Message:
    card = show.late_card(reference, words.weekday(meeting.held_on), cases)
    return Message(f"Answers awaited for {reference}", card=card)


def _line(meeting: Meeting, reference: str, missing: dict[str, tuple[str, ...]]) -> Message:
    card = show.late_line(reference, words.weekday(meeting.held_on), missing)
    return Message(f"Answers awaited for {reference}", card=card)
