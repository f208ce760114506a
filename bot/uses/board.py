"""`board`: when it meets, and the year ahead; `board move`, `board cancel`: a chair changes one, with a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from board.boards import AROUND, Board, boards, cancelled, may_change, moved, upcoming
from board.calendar import milestones_of
from board.entitlement import Act, require
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem
from board.identifying import read_days
from board.records import Forum, Meeting, Member
from bot.briefing import drawn, next_board
from bot.house import DEFAULT_FORUM, House
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Turn
from bot.uses import boardroom, minutes
from bot.uses.looking import only_privately
from cards import board as show
from cards.brief import brief_card
from sharepoint import queries as ask
from sharepoint.schema import MEETINGS

_CHANGE = re.compile(r"(move|cancel)\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_WORDS = {**boardroom.WORDS, "recording": minutes.recording}
_RUN = re.compile(rf"({'|'.join(_WORDS)})\b\s*(.*)", re.IGNORECASE | re.DOTALL)


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`board`; `board move 2026-12-10 2026-12-17 why`; `board cancel 2026-12-10 why`; `board start` and the rest."""
    run = _RUN.fullmatch(rest.strip())
    if run is not None:
        only_privately(turn, "board")
        return await _WORDS[run[1].casefold()](house, turn, run[2])
    people, today = await house.directory.current(), house.today()
    member = require(Act.LIST, people.standing(turn.sender.user_id), today)
    forum = people.forum(DEFAULT_FORUM) or Forum(code=DEFAULT_FORUM, name=DEFAULT_FORUM)
    meetings: list[Meeting] = await house.store.find(ask.meetings_since(today - AROUND))
    change = _CHANGE.fullmatch(rest.strip())
    if change is not None:
        only_privately(turn, "board")
        may_change(member)
        return await _changed(house, forum, meetings, member, change)
    card = show.board_calendar(
        upcoming(forum, meetings, today),
        meets_at=forum.meets_at,
        link=forum.link,
        may_change=_may(member),
        milestones=milestones_of(forum.milestones),
    )
    return Reply((Message("The board", card=card),))


async def asked_brief(house: House, turn: Turn, _rest: str) -> Answer:
    """`brief`: a chair's brief as it stands, in private."""
    only_privately(turn, "brief")
    people, today = await house.directory.current(), house.today()
    member = require(Act.SEE_ACTIONS, people.standing(turn.sender.user_id), today)
    may_change(member)
    day = await next_board(house.store, house.directory, today)
    made = await drawn(house.store, people, day or today, today)
    return Reply((Message("Your brief for the board", card=brief_card(made)),))


def _may(member: Member) -> bool:
    try:
        may_change(member)
    except NotAllowed:
        return False
    return True


async def _changed(
    house: House, forum: Forum, meetings: list[Meeting], member: Member, change: re.Match[str]
) -> Answer:
    """Write one board's row: made once by its own day's key, changed with its ETag afterwards. Two requests."""
    today, said = house.today(), change[2]
    days, why = read_days(said)
    is_move = change[1].casefold() == "move"
    if len(days) < (2 if is_move else 1):
        raise NotUnderstood(FieldProblem("board_day" if days else "board", Problem.NOT_A_DATE))
    board = _named(forum, meetings, days[0], today)
    others = upcoming(forum, meetings, today)
    row = moved(board, days[1], why, others, today) if is_move else cancelled(board, why, today)
    reason = "moved" if is_move else "cancelled"
    if board.row is None:
        kept, _ = await house.store.add_once(MEETINGS, row, by=member.name, why=reason)
        if (kept.held_on, kept.status, kept.why) != (row.held_on, row.status, row.why):
            await house.store.change(MEETINGS, kept, _over(kept, row), by=member.name, why=reason)
    else:
        await house.store.change(MEETINGS, board.row, row, by=member.name, why=reason)
    card = show.calendar_kept(days[1] if is_move else board.day, board.planned, cancelled=not is_move)
    return Reply((Message("The board", card=card),))


def _over(kept: Meeting, row: Meeting) -> Meeting:
    return replace(kept, held_on=row.held_on, status=row.status, why=row.why, open=row.open)


def _named(forum: Forum, meetings: list[Meeting], day: date, today: date) -> Board:
    """The board that is held on a day, or that its anchor gives that day; raises NotUnderstood when there is none."""
    around = boards(forum, meetings, today - AROUND, today + AROUND * 6)
    for found in (
        next((each for each in around if each.day == day and not each.cancelled), None),
        next((each for each in around if day in (each.day, each.planned)), None),
    ):
        if found is not None:
            return found
    raise NotUnderstood(FieldProblem("board", Problem.NOT_A_CHOICE))


ROUTES = Routes(said={"board": typed, "brief": asked_brief})
