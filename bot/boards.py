"""A board as the lists have it now: who asks, its forum, the meetings around it, and what is on its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from board import references
from board.agenda import Part, agenda, sees, spoken, starts, the_board
from board.boards import AROUND, Board, row_of
from board.entitlement import Act, require
from board.errors import Conflict, NotFound
from board.focus import rotation
from board.records import AgendaItem, Forum, Meeting, Member
from bot.directory import People
from bot.house import House
from bot.turn import Turn
from sharepoint import queries as ask
from sharepoint.schema import AGENDA_ITEMS, MEETINGS
from sharepoint.store import Store


@dataclass(frozen=True, slots=True)
class Scene:
    """What a use case about the board begins with; `meetings` are those since ten weeks ago, `items` the open ones."""

    member: Member
    people: People
    forum: Forum
    meetings: tuple[Meeting, ...]
    items: tuple[AgendaItem, ...] = ()
    more: tuple[list[Any], ...] = ()

    def board(self, today: date) -> Board | None:
        """The board that goes on, or the next one."""
        return the_board(self.forum, self.meetings, today)

    def agenda(self, board: Board, *, channel: bool = False) -> tuple[list[Part], list[str]]:
        """Its agenda as this person may see it, or a channel, and when each item of it begins."""
        parts = agenda(self.forum, self.items, spoken(board))
        timed = zip(parts, starts(parts, self.forum.meets_at), strict=True)
        seen = [(part, start) for part, start in timed if self._sees(part, channel=channel)]
        return [part for part, _ in seen], [start for _, start in seen]

    def _sees(self, part: Part, *, channel: bool) -> bool:
        if channel:
            return not part.chairs_only
        return part.item is None or sees(self.member, part.item)


async def open_scene(house: House, turn: Turn, act: Act, *more: ask.Query) -> Scene:
    """Read it, and what else is asked, in one request. Raises NotAllowed when who asks may not do this."""
    people = await house.directory.current()
    member = require(act, people.standing(turn.sender.user_id), house.today())
    meetings, items, *others = await house.store.gather(*_queries(house.today()), *more)
    return Scene(member, people, forum_of(people), tuple(meetings), tuple(items), tuple(others))


def _queries(today: date) -> tuple[ask.Query, ask.Query]:
    return ask.meetings_since(today - AROUND), ask.agenda_items()


def forum_of(people: People, code: str = "") -> Forum:
    """A board's forum (these people's own, if none is named), or one made up for a site that has no row for it."""
    return (people.forum(code) or Forum(code=code, name=code)) if code else people.board


def names(people: People, forum: Forum) -> list[str]:
    """The codes of the agencies that belong to a forum, in order."""
    return sorted(code for code, agency in people.agencies.items() if agency.open and forum.includes(code))


async def with_row(store: Store, board: Board, by: str) -> Board:
    """The board with its row and the row's number, made once whoever is first. Three requests at most."""
    row = board.row
    if row is None:
        row, _ = await store.add_once(MEETINGS, row_of(board), by=by, why="planned")
    if not row.reference:
        try:
            row = await store.number(MEETINGS, row, by=by)
        except Conflict:  # the feed numbered it first
            found: list[Meeting] = await store.find(ask.numbered(MEETINGS, row.id))
            row = found[0] if found else replace(row, reference=MEETINGS.reference_of(row))
    return replace(board, row=row)


async def focus_of(store: Store, people: People, forum: Forum, board: Board, today: date) -> str:
    """The code of the agency that a board looks at; what its row says, else whose turn it is."""
    if board.row is not None and board.row.focus:
        return board.row.focus.upper()
    rows: list[Meeting] = await store.find(ask.boards_since(today))
    return whose_turn(rows, people, forum, board, today)


def whose_turn(rows: Sequence[Meeting], people: People, forum: Forum, board: Board, today: date) -> str:
    """The code of the agency whose turn it is at a board, by the rows of `queries.boards_since`; empty for none."""
    turns = rotation(forum, rows, people.agencies, today)
    return next((turn.agency for turn in turns if turn.board.planned == board.planned), "")


async def add_numbered(store: Store, item: AgendaItem, by: str, why: str) -> AgendaItem:
    """Keep an item of the agenda once by its key, with its number."""
    kept, _ = await store.add_once(AGENDA_ITEMS, item, by=by, why=why)
    if kept.reference:
        return kept
    try:
        return await store.number(AGENDA_ITEMS, kept, by=by)
    except Conflict:
        return replace(kept, reference=references.reference(references.AGENDA_ITEM, kept.id))


async def open_item(house: House, turn: Turn, said: str) -> tuple[Scene, AgendaItem]:
    """One item by its reference, in one request. Raises NotFound, also for what is for the chairs only, and
    NotUnderstood for what is no reference."""
    number = references.item_id(said, references.AGENDA_ITEM)
    reference = references.reference(references.AGENDA_ITEM, number)
    scene = await open_scene(house, turn, Act.LIST, ask.numbered(AGENDA_ITEMS, number))
    mine = [each for each in scene.more[0] if each.forum.upper() == scene.forum.code.upper()]
    if not mine or not sees(scene.member, mine[0]):
        raise NotFound(reference)
    return scene, replace(mine[0], reference=reference)
