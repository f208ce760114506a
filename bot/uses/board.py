"""`board`: when it meets, and the year ahead; `board move`, `board cancel`: a chair changes one, with a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from board.boards import AROUND, Board, boards, cancelled, may_change, moved, upcoming
from board.calendar import milestones_of
from board.entitlement import Act, refusal, require
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem
from board.forms import Form
from board.identifying import read_days
from board.records import Forum, Meeting, Member
from bot.behind import begun
from bot.briefing import drawn, filed, next_board
from bot.calendars import filed_as
from bot.directory import People
from bot.house import House
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses import boardroom, minutes
from bot.uses.looking import only_privately
from bot.uses.refer import NOT_KEPT, in_dialog, page, why_not
from cards import board as show
from cards import brief
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.schema import EVENTS, MEETINGS

DOCUMENT = ("document", "paper", "page", "word")

TITLE = "The board"

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
    forum = people.board
    meetings, filed = await house.store.gather(
        ask.meetings_since(today - AROUND), ask.keyed_below(EVENTS, filed_as(forum))
    )
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
        arranges=turn.reference.scope is Scope.PERSONAL and _runs(people, member, today),
        milestones=milestones_of(forum.milestones),
        calendar=filed[0].value if filed else "",
    )
    return Reply((Message("The board", card=card),))


async def asked_brief(house: House, turn: Turn, rest: str) -> Answer:
    """`brief`: a chair's brief as it stands, in private; `brief document` files it as a page as well.

    Behind the answer, since a board's first paper makes its row and its folder.
    """
    only_privately(turn, "brief")
    people, today = await house.directory.current(), house.today()
    member = require(Act.SEE_ACTIONS, people.standing(turn.sender.user_id), today)
    may_change(member)
    forum = people.board
    board = await next_board(house.store, forum, today)
    if board is not None and rest.strip().casefold() in DOCUMENT:
        planned = board

        async def work() -> Message:
            made = await drawn(house.store, people, planned.day, today)
            address = await filed(house.store, made, forum, planned, house.now(), member.name)
            return Message(brief.TITLE, card=brief.brief_card(made, address))

        house.behind(turn, brief.ON_PAPER, work)
        return begun(brief.ON_PAPER)
    made = await drawn(house.store, people, board.day if board else today, today)
    return Reply((Message(brief.TITLE, card=brief.brief_card(made)),))


def _runs(people: People, member: Member, today: date) -> bool:
    return refusal(Act.RUN_BOARD, people.standing(member.user_id), today) is None


def _may(member: Member) -> bool:
    try:
        may_change(member)
    except NotAllowed:
        return False
    return True


async def _changed(
    house: House, forum: Forum, meetings: list[Meeting], member: Member, change: re.Match[str]
) -> Answer:
    """What was typed: `move` and two days, or `cancel` and one, and why."""
    days, why = read_days(change[2])
    is_move = change[1].casefold() == "move"
    if len(days) < (2 if is_move else 1):
        raise NotUnderstood(FieldProblem("board_day" if days else "board", Problem.NOT_A_DATE))
    to = days[1] if is_move else None
    return Reply((Message("The board", card=await _written(house, forum, meetings, member, days[0], to, why)),))


async def _written(  # noqa: PLR0917 - whose board, which, by whom, to when and why
    house: House, forum: Forum, meetings: list[Meeting], member: Member, day: date, to: date | None, why: str
) -> JSON:
    """Write one board's row: made once by its own day's key, changed with its ETag afterwards. Two requests.

    Without a day to move it to it is cancelled. Raises NotUnderstood or NotAllowed, and changes nothing then.
    """
    today = house.today()
    board = _named(forum, meetings, day, today)
    others = upcoming(forum, meetings, today)
    row = moved(board, to, why, others, today) if to is not None else cancelled(board, why, today)
    reason = "moved" if to is not None else "cancelled"
    if board.row is None:
        kept, _ = await house.store.add_once(MEETINGS, row, by=member.name, why=reason)
        if (kept.held_on, kept.status, kept.why) != (row.held_on, row.status, row.why):
            await house.store.change(MEETINGS, kept, _over(kept, row), by=member.name, why=reason)
    else:
        await house.store.change(MEETINGS, board.row, row, by=member.name, why=reason)
    return show.calendar_kept(to or board.day, board.planned, cancelled=to is None)


async def open_change(house: House, turn: Turn) -> Answer:
    """Open the form in which a chair moves or cancels a board."""
    _, forum, meetings = await _chaired(house, turn)
    return page(
        turn, show.change_board_form(upcoming(forum, meetings, house.today()), in_dialog=in_dialog(turn)), TITLE
    )


async def take_change(house: House, turn: Turn) -> Answer:
    """Move or cancel it; what cannot be done comes back as it was typed."""
    member, forum, meetings = await _chaired(house, turn)
    form = Form(turn.value)
    try:
        day, what = form.any_day("board"), form.choice("step", (show.MOVE, show.CANCEL), required=True)
        to, why = form.any_day("board_day"), form.text("why", required=True)
        if day is None or (what == show.MOVE and to is None):
            name = "board" if day is None else "board_day"
            if all(each.field != name for each in form.problems):
                form.problems.append(FieldProblem(name, Problem.MISSING))
        form.done()
        assert day is not None
        to = to if what == show.MOVE else None
        return page(turn, await _written(house, forum, meetings, member, day, to, why), TITLE)
    except NOT_KEPT as wrong:
        said = why_not(wrong)
    ahead = upcoming(forum, meetings, house.today())
    return page(turn, show.change_board_form(ahead, in_dialog=in_dialog(turn), values=turn.value, said=said), TITLE)


async def _chaired(house: House, turn: Turn) -> tuple[Member, Forum, list[Meeting]]:
    people, today = await house.directory.current(), house.today()
    member = require(Act.LIST, people.standing(turn.sender.user_id), today)
    may_change(member)
    return member, people.board, await house.store.find(ask.meetings_since(today - AROUND))


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


ROUTES = Routes(
    pressed={Verb.BOARD_CHANGE: open_change, Verb.BOARD_CHANGE_SUBMIT: take_change},
    said={"board": typed, "brief": asked_brief},
    opens=frozenset({Verb.BOARD_CHANGE}),
)
