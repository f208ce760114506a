"""The pack of a board: drawn from the lists, issued on its day, and what comes in afterwards told in a supplement.

What decides is the state of the lists and not the day alone, so a pack that could not be filed is issued by the next
round. A board that is moved after its pack was issued is handed another one for its new day.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from board import pack as rules
from board.boards import AROUND, Board, upcoming
from board.calendar import uk_date
from board.errors import BoardError, Conflict
from board.notices import Audience, Notice, NoticeKind
from board.pack import Pack
from board.records import Forum, Meeting
from board.rounds import HORIZON, Window
from bot.boards import forum_of, with_row
from bot.charting import pictures
from bot.directory import Directory, People
from bot.house import BOT
from bot.logs import tell
from bot.pack_drawn import drawn
from bot.poster import Poster
from bot.turn import Message
from cards import board as show
from cards.papers.measures import charts
from cards.papers.pack import pack_paper, supplement_paper
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event, Post
from sharepoint.errors import StoreError
from sharepoint.libraries import BOARD_PAPERS, CASE_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import EVENTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.packs")

KIND, LATER, DRAFT = "pack", "pack supplement", "pack draft"

PATIENCE = 30.0
"""Seconds for one request while a pack is made."""


def pack_key(forum: Forum, board: Board) -> str:
    """The key of the row of `Events` that says when a board's pack was issued, and where it is."""
    return f"pack/{forum.code.upper()}/{board.day.isoformat()}"


def supplement_key(forum: Forum, board: Board) -> str:
    """How the keys begin of the rows of `Events` that say where a pack's supplement is; the newest counts."""
    return f"supplement/{forum.code.upper()}/{board.day.isoformat()}/"


def draft_key(forum: Forum, board: Board) -> str:
    """The key of the row of `Events` that says where a board's draft is, and what it was made of."""
    return f"pack-draft/{forum.code.upper()}/{board.day.isoformat()}"


def papers_of(papers: Iterable[Event], meetings: Iterable[Meeting], people: People) -> list[Event]:
    """Those of the papers that are of these people's board; `meetings` are its own. With one board, all of them."""
    theirs = {each.reference for each in meetings}
    return [each for each in papers if people.scope is None or each.reference in theirs]


async def is_frozen(store: Store, forum: Forum, board: Board) -> bool:
    """Whether the pack was issued: what is told later comes in a supplement."""
    return bool(await store.find(ask.keyed(EVENTS, pack_key(forum, board))))


@dataclass(frozen=True, slots=True)
class Issued:
    """A pack that was issued: when, where it is, the references of what it held, and where its supplement is."""

    on: datetime | None
    address: str
    held: frozenset[str]
    supplement: str = ""


async def issued(store: Store, forum: Forum, board: Board) -> Issued | None:
    """The pack of a board, if it was issued. One request."""
    rows, later = await store.gather(
        ask.keyed(EVENTS, pack_key(forum, board)), ask.keyed_below(EVENTS, supplement_key(forum, board))
    )
    if not rows:
        return None
    address, _, held = rows[0].value.partition("\n")
    return Issued(rows[0].until, address, frozenset(held.split()), later[0].value if later else "")


async def issue(  # noqa: PLR0917 - whose pack, of which board, when and by whom
    store: Store, people: People, forum: Forum, board: Board, now: datetime, by: str = BOT
) -> str:
    """File the pack and freeze it; its address. What it held is kept, to know later what came after it.

    Drawing it takes longer than a person's turn gives its requests, so it waits as the round does.
    """
    store = store.patient(PATIENCE)
    board = await with_row(store, board, by)
    made = await _with_pictures(await drawn(store, people, forum, board, now))
    content = await asyncio.to_thread(pack_paper, made)
    papers, name = Papers(store, BOARD_PAPERS), f"{made.reference} pack.docx"
    address = await papers.put(made.reference, name, content, by=by, why="issued")
    value = f"{address}\n{' '.join(sorted(made.holds))}"
    row = Event(key=pack_key(forum, board), kind=KIND, reference=made.reference, until=now, value=value)
    await store.add_once(EVENTS, row, by=by, why="issued")
    return address


async def _with_pictures(made: Pack) -> Pack:
    """The pack with its charts, or without them where they could not be drawn: it then says so."""
    if made.measures is None:
        return made
    wanted = charts(made.measures)
    return replace(made, pictures=dict(zip(wanted, await pictures(list(wanted.values())), strict=False)))


async def draft(  # noqa: PLR0917 - as above
    store: Store, people: People, forum: Forum, board: Board, now: datetime, by: str
) -> str:
    """File the pack as it stands now, where those who arrange the board may open it; its address."""
    store = store.patient(PATIENCE)
    board = await with_row(store, board, by)
    return await _drafted(store, await drawn(store, people, forum, board, now), draft_key(forum, board), by)


async def _drafted(store: Store, made: Pack, key: str, by: str) -> str:
    """File a draft and keep what it was made of. The picture of a mark that is kept twice is the same."""
    content = await asyncio.to_thread(pack_paper, await _with_pictures(made), draft=True)
    mark = await asyncio.to_thread(rules.mark_of, made)
    papers, name = Papers(store, CASE_PAPERS), f"{made.reference} pack draft.docx"
    address = await papers.put(made.reference, name, content, by=by, why="drafted")
    value = f"{address}\n{mark}"
    row = Event(key=key, kind=DRAFT, reference=made.reference, until=made.made, value=value)
    kept, fresh = await store.add_once(EVENTS, row, by=by, why="drafted")
    if not fresh:
        try:
            await store.change(EVENTS, kept, replace(kept, value=value, until=made.made), by=by, why="drafted anew")
        except Conflict:
            tell(log, logging.INFO, "a draft was made twice at once", reference=made.reference)
    return address


class Packs:
    """Safe to repeat: what was issued is known by a row of `Events`, and the same name again is one file."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        self._papers = Papers(store, BOARD_PAPERS)
        poster.outbox.makers[NoticeKind.BOARD_PAPER] = self._again

    async def daily(self, span: Window) -> list[str]:
        """Issue what is due, and tell what came in after; returns the keys of what was posted. Nothing due costs one
        request."""
        people, posted = await self._directory.current(), list[str]()
        forums = [forum for forum in people.forums.values() if forum.is_board]
        meetings: list[Meeting] = await self._store.find(ask.meetings_since(span.until - AROUND))
        for forum in forums:
            for board in upcoming(forum, meetings, span.until, HORIZON):
                if rules.is_issued_on(forum, board, span.until):
                    posted += await self._due(people, forum, board)
                elif rules.is_drafted_on(forum, board, span.until):
                    await self._keep_up(people, forum, board)
        return posted

    async def _keep_up(self, people: People, forum: Forum, board: Board) -> None:
        """Make the draft anew when anything that it tells changed; what cannot be filed now is filed tomorrow."""
        try:
            if await is_frozen(self._store, forum, board):
                return
            key, whole = draft_key(forum, board), await with_row(self._store, board, BOT)
            made = await drawn(self._store, people, forum, whole, self._now())
            rows: list[Event] = await self._store.find(ask.keyed(EVENTS, key))
            if not rows or rows[0].value.partition("\n")[2] != await asyncio.to_thread(rules.mark_of, made):
                await _drafted(self._store, made, key, BOT)
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a draft waits", forum=forum.code, error=type(error).__name__)

    async def _due(self, people: People, forum: Forum, board: Board) -> list[str]:
        """A library that cannot be reached is said in the log: the next round tries again."""
        try:
            before = await issued(self._store, forum, board)
            if before is not None:
                return await self._later(people, forum, board, before)
            address = await issue(self._store, people, forum, board, self._now())
            return await self._say(*told(forum, board, address))
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a pack waits", forum=forum.code, error=type(error).__name__)
            return []

    async def _later(self, people: People, forum: Forum, board: Board, before: Issued) -> list[str]:
        """Tell what came in after the pack, when it is something else than was told already."""
        board = await with_row(self._store, board, BOT)
        now = self._now()
        found = rules.supplement(await drawn(self._store, people, forum, board, now), before.held)
        key = f"{supplement_key(forum, board)}{found.mark}"
        if found.is_empty or await self._store.find(ask.keyed(EVENTS, key)):
            return []
        content, name = await asyncio.to_thread(supplement_paper, found), f"{found.pack.reference} pack supplement.docx"
        address = await self._papers.put(found.pack.reference, name, content, by=BOT, why="came in later")
        row = Event(key=key, kind=LATER, reference=found.pack.reference, until=now, value=address)
        await self._store.add_once(EVENTS, row, by=BOT, why="came in later")
        notice = replace(told(forum, board, address)[0], key=f"paper/{forum.code}/{board.day.isoformat()}/{found.mark}")
        return await self._say(notice, _message(board.day, address, later=True))

    async def _say(self, notice: Notice, message: Message) -> list[str]:
        return [notice.key] if await self._poster.say(notice, message) else []

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a post anew that did not get through: from where the paper is now; None once its board is over."""
        parts = post.key.split("/")
        if len(parts) != 4:
            return None
        try:
            day = date.fromisoformat(parts[2])
        except ValueError:
            return None
        forum = forum_of(await self._directory.current(), parts[1])
        found = await issued(self._store, forum, Board(forum.code, day, day))
        if found is None or day < uk_date(self._now()):
            return None
        later = parts[0] == "paper"
        address = found.supplement if later else found.address
        return _message(day, address, later=later)


def told(forum: Forum, board: Board, address: str) -> tuple[Notice, Message]:
    """What the channel hears of a pack that was issued."""
    key = f"board/{forum.code}/{board.day.isoformat()}/pack"
    notice = Notice(key, NoticeKind.BOARD_PAPER, Audience(forum=forum.code), "")
    return notice, _message(board.day, address, later=False)


def _message(day: date, address: str, *, later: bool) -> Message:
    return Message("The board: its pack", card=show.pack_card(day, address=address, supplement=later))
