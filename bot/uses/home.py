"""`home`: what one person finds when they come in. Kept of it is when they last looked, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from board import home as rules
from board.actions import Action
from board.agenda import the_board
from board.boards import Board
from board.cycle import awaited as still_awaited
from board.cycle import reports_for, subgroups
from board.entitlement import Act, Sight, Standing, refusal, require, sight_for
from board.errors import BoardError
from board.focus import may_answer, paper_key, rotation
from board.home import Before, Changed
from board.pack import SOON
from board.records import AgendaItem, Member, Referral
from board.tracker import row, totals
from board.vocabulary import Role
from bot import minutes, packs
from bot.boards import forum_of
from bot.directory import People
from bot.house import BOT, House
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Scope, Turn
from bot.uses.search import PAPERS
from cards import help as help_cards
from cards import home as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError
from sharepoint.schema import AGENDA_ITEMS, EVENTS, RETURNS

KIND = "home"
TOGETHER = 90
"""Referrals whose returns are read: the newest, in one request of SharePoint's hundred."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the card is made of, as the lists have it now."""

    mine: Sequence[Action]
    cases: Sequence[Referral]
    meetings: Sequence[Any]
    items: Sequence[AgendaItem]
    closed: Sequence[Action]
    papers: Sequence[Event]
    looked: Sequence[Event]


async def home(house: House, turn: Turn, _rest: str = "") -> Answer:
    """`home` in a private chat; help elsewhere. Four requests: two reads, the members', and when they looked."""
    if turn.reference.scope is not Scope.PERSONAL:
        return Reply((Message("What you can say", card=help_cards.help_card(private=False)),))
    return Reply((await drawn(house, turn),))


async def drawn(house: House, turn: Turn, said: str = "") -> Message:
    """The card for whoever the turn is from. Raises NotAllowed for a stranger."""
    people, today = await house.directory.current(), house.today()
    who = people.standing(turn.sender.user_id)
    member = require(Act.SEE_ACTIONS, who, today)
    listed = refusal(Act.LIST, who, today) is None
    read = await _read(house, member, people)
    forum = forum_of(people)
    board = the_board(forum, read.meetings, today) if listed else None
    awaited, papers = await _second(house, people, who, read, board)
    seen = [(each, sight_for(each, who, today, channel=False)) for each in read.mine]
    made = show.Home(
        rows=[row(each, amount, today) for each, amount in seen if amount is not Sight.NOTHING],
        totals=totals(read.mine, today),
        awaited=[each.reference for each in awaited],
        agency=who.agency.name if who.agency and listed else "",
        board=board,
        before=_before(people, member, read, board, papers=papers, today=today) if board else Before(),
        meets_at=forum.meets_at,
        link=forum.link,
        changed=await _changed(house, member, read, awaited),
        commands=rules.commands_for(who, today),
        board_shown=listed,
    )
    return Message("Home", card=show.home_card(made, said=said))


async def _read(house: House, member: Member, people: People) -> _Read:
    now, today = house.now(), house.today()
    mine, cases, meetings, items, closed, looked, *filed = await house.store.gather(
        ask.owned_actions(member.user_id),
        ask.newest_open_referrals(),
        ask.boards_since(today),
        ask.items_since(AGENDA_ITEMS, now - SOON),
        ask.actions_closed_since(now - rules.REMEMBERED),
        ask.keyed(EVENTS, _key(member)),
        ask.papers_filed(packs.KIND),
        ask.papers_filed(packs.LATER),
        ask.papers_filed(minutes.KIND),
    )
    return _Read(
        mine=sorted((each for each in mine if each.reference), key=lambda each: (each.due or date.max, each.id)),
        cases=[each for each in cases if each.reference],
        meetings=meetings,
        items=items,
        closed=[each for each in closed if each.owner_id == member.user_id],
        papers=packs.papers_of((each for rows in filed for each in rows), meetings, people),
        looked=looked,
    )


async def _second(
    house: House, people: People, who: Standing, read: _Read, board: Board | None
) -> tuple[list[Referral], bool]:
    """What waits for this person's agency, and whether the paper of the board's agency in focus is in. One request."""
    cases = [each for each in read.cases if who.agency and who.agency.code in each.asked][:TOGETHER]
    paper = paper_key(forum_of(people), board) if board is not None else "-"
    papers, *returns = await house.store.gather(
        ask.keyed(AGENDA_ITEMS, paper), *(ask.about(RETURNS, each.reference) for each in cases)
    )
    pairs = list(zip(cases, returns, strict=True))
    return rules.awaited_from(pairs, who, house.today(), people.forums, people.home), bool(papers)


def _before(people: People, member: Member, read: _Read, board: Board, *, papers: bool, today: date) -> Before:
    forum = forum_of(people)
    turns = rotation(forum, read.meetings, people.agencies, today)
    focus = next((each.agency for each in turns if each.board.planned == board.planned), "")
    awaited = still_awaited("", None, reports_for(read.items, board), subgroups(people.forums.values())).reports
    return rules.asked_before(
        forum,
        board,
        in_focus=bool(focus) and may_answer(member, focus),
        has_paper=papers,
        report_awaited=bool(awaited) and member.has(Role.SUBGROUP_CHAIR),
        mine=read.mine,
        today=today,
    )


async def _changed(house: House, member: Member, read: _Read, awaited: Sequence[Referral]) -> Changed | None:
    """What is new since they looked; and that they looked now is kept. One request, none where that is known."""
    now, kept = house.now(), read.looked[0] if read.looked else None
    since = rules.looked_since(kept.until if kept else None, _moment(kept.value) if kept else None, now)
    if kept is None or kept.until is None or now - kept.until >= rules.LOOKED_AGAIN:
        with suppress(StoreError, BoardError):  # then the next look tells a little more than it has to
            await _looked(house, member, kept, now)
    if since is None:
        return None
    papers = [(each.until, f"{PAPERS[each.kind]} {each.reference}") for each in read.papers]
    return rules.changed(since, read.mine, read.closed, awaited, papers)


async def _looked(house: House, member: Member, kept: Event | None, now: datetime) -> None:
    if kept is None:
        await house.store.add_once(EVENTS, Event(key=_key(member), kind=KIND, until=now), by=BOT, why="looked")
        return
    before = kept.until.isoformat() if kept.until else ""
    await house.store.change(EVENTS, kept, replace(kept, until=now, value=before), by=BOT, why="looked")


def _moment(said: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(said)
    except ValueError:
        return None
    return read if read.tzinfo else None


def _key(member: Member) -> str:
    return f"home/{member.user_id}"


ROUTES = Routes(said={"home": home})
