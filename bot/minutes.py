"""The minutes of each board that was closed, filed among the board's papers and made anew when what they tell changed.

What could not be filed is filed by a later round; so is what a row of the lists edited by hand changed meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from board import references
from board.actions import Action
from board.agenda import agenda, starts, the_board
from board.boardroom import CORRECTION, DECISION, MinutesStatus, decisions, public
from board.boards import AROUND
from board.calendar import uk_date
from board.errors import BoardError, Conflict
from board.hearing import by_agency
from board.records import AgendaItem, Attendance, Meeting
from board.rounds import Window
from board.vocabulary import MeetingKind
from bot.boards import forum_of
from bot.directory import Directory, People
from bot.house import BOT
from bot.logs import tell
from cards.papers.minutes import Held, minutes_paper
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError
from sharepoint.libraries import BOARD_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import AGENDA_ITEMS, ATTENDANCE, EVENTS, MEETINGS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.minutes")

KIND = "minutes"
FOLLOWED = (MEETINGS.name, AGENDA_ITEMS.name)
"""The lists whose changes may be a board's minutes'."""


@dataclass(frozen=True, slots=True)
class Of:
    """What a board recorded: its attendance, what was decided and would be put right, and the actions it agreed."""

    attendance: Sequence[Attendance]
    items: Sequence[AgendaItem]
    actions: Sequence[Action]
    filed: Sequence[Event]

    @property
    def address(self) -> str:
        """Where the latest document is; empty before there is one."""
        return self.filed[0].value if self.filed else ""

    @property
    def corrections(self) -> list[AgendaItem]:
        """What members would have put right, in order."""
        return sorted((each for each in self.items if each.kind == CORRECTION), key=lambda each: each.id)


def filed_as(reference: str) -> str:
    """How the keys begin of the rows of `Events` that say where a board's minutes are, the newest counting."""
    return f"minutes/{reference}/"


def queries_of(reference: str) -> tuple[ask.Query, ...]:
    """The questions that `Of` is the answer to, asked in one request."""
    return (
        ask.about(ATTENDANCE, reference),
        ask.items_of(reference),
        ask.actions_of(reference),
        ask.keyed_below(EVENTS, filed_as(reference)),
    )


class Minutes:
    """Safe to repeat: what was filed is known by a row of `Events` that names what it was made of."""

    def __init__(self, store: Store, directory: Directory, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._now = now
        self._papers = Papers(store, BOARD_PAPERS)

    async def look(self, changed: Mapping[str, Iterable[int]]) -> None:
        """Number what a board decided, and file the minutes of the boards that changed."""
        items: list[AgendaItem] = await self._store.rows(AGENDA_ITEMS, changed.get(AGENDA_ITEMS.name, ()))
        await self._number(items)
        rows: list[Meeting] = await self._store.rows(MEETINGS, changed.get(MEETINGS.name, ()))
        numbers = {number for each in items if (number := _number(each.meeting))} - {row.id for row in rows}
        rows += await self._store.rows(MEETINGS, numbers)
        for row in rows:
            await self.file(row)

    async def daily(self, span: Window) -> list[str]:
        """File what the last boards lack. One request, and one for each of them."""
        rows: list[Meeting] = await self._store.find(ask.meetings_since(span.until - AROUND))
        for row in rows:
            await self.file(row)
        return []

    async def _number(self, items: Iterable[AgendaItem]) -> None:
        for item in items:
            if not item.reference and item.kind in (DECISION, CORRECTION):
                try:
                    await self._store.number(AGENDA_ITEMS, item, by=BOT)
                except Conflict:
                    tell(log, logging.INFO, "an item changed while it was numbered")

    async def file(self, row: Meeting) -> None:
        """File a board's minutes unless they lie there as they would be made. One request when they do.

        A library that cannot be reached is said in the log: the next round tries again.
        """
        if not row.minutes or not row.reference or row.kind == MeetingKind.SUBGROUP:
            return
        people = await self._directory.current()
        of = Of(*await self._store.gather(*queries_of(row.reference)))
        held = await self._held(row, of, people)
        beginning = f"{filed_as(row.reference)}{_mark(held)}/"
        if any(each.key.startswith(beginning) for each in of.filed[:1]):
            return
        now = self._now()
        content = await asyncio.to_thread(minutes_paper, held, now)
        try:
            name = f"{row.reference} minutes.docx"
            address = await self._papers.put(row.reference, name, content, by=BOT, why=f"minutes {row.minutes.lower()}")
            event = Event(
                key=f"{beginning}{len(of.filed)}", kind=KIND, reference=row.reference, until=now, value=address
            )
            await self._store.add_once(EVENTS, event, by=BOT, why="filed")
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "minutes wait", reference=row.reference, error=type(error).__name__)

    async def _held(self, row: Meeting, of: Of, people: People) -> Held:
        forum = forum_of(people, row.forum)
        parts = agenda(forum, of.items, row.reference)
        return Held(
            forum=forum,
            meeting=row,
            parts=parts,
            starts=starts(parts, forum.meets_at),
            attendance=by_agency(of.attendance),
            decisions=public(decisions(of.items)),
            actions=[each for each in sorted(of.actions, key=lambda each: each.id) if not each.about_a_case],
            corrections=public(of.corrections),
            agencies=people.agencies,
            ran=sorted({each.member_name for each in of.attendance if each.confidential_on and each.member_name}),
            focus=people.agency_name(row.focus),
            following=await self._following(row, people),
        )

    async def _following(self, row: Meeting, people: People) -> date | None:
        forum, day = forum_of(people, row.forum), row.held_on or uk_date(self._now())
        rows: list[Meeting] = await self._store.find(ask.meetings_since(day))
        later = [each for each in rows if each.id != row.id]
        found = the_board(forum, [*later, row], day)
        return found.day if found and found.day > day else None


def _mark(held: Held) -> str:
    """A short mark of all that the paper tells: another when any of it changed."""
    row = held.meeting
    told: list[Any] = [row.minutes, row.minutes_by, row.recording_for, row.recording_until, held.ran]
    told += [held.following] if row.minutes != MinutesStatus.APPROVED else []
    told += [(code, each.status, each.information_sent) for code, each in sorted(held.attendance.items())]
    told += [(each.id, each.about, each.words) for each in (*held.decisions, *held.corrections)]
    told += [(each.id, each.reference, each.what, each.owner_name, each.agency, each.due) for each in held.actions]
    told += [(part.name, part.item and (part.item.about, part.item.words)) for part in held.parts]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _number(spoken: str) -> int:
    try:
        return references.item_id(spoken, references.BOARD)
    except BoardError:
        return 0
