"""`export tracker`: what is open, as a workbook in the library of board papers, with no word of a case in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from board.actions import Action
from board.entitlement import Act, Sight, require, sight_in_channel
from board.errors import NotUnderstood, one_of
from bot.house import House
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Turn
from cards import actions as show
from cards.papers.tracker import tracker_workbook
from sharepoint import queries as ask
from sharepoint.libraries import BOARD_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import ACTIONS

WAIT = 6.0
"""Seconds for one request to the library: a person waits for it."""


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`export tracker`: one workbook a day, made anew each time; everybody on the site may open it."""
    if rest.strip().casefold() not in ("", "tracker", "the tracker", "actions"):
        raise NotUnderstood(one_of("export", ("tracker",)))
    people, now = await house.directory.current(), house.now()
    member = require(Act.ADD_ACTION, people.standing(turn.sender.user_id), house.today())
    actions: list[Action] = await house.store.find(ask.open_rows(ACTIONS))
    shown = [_outlined(action) for action in actions]
    content = await asyncio.to_thread(tracker_workbook, shown, people.agencies, now)
    which = f"{people.board.id} " if people.scope is not None else ""  # each of several boards has its own
    name = f"tracker {which}{house.today().isoformat()}.xlsx"
    papers = Papers(house.store, BOARD_PAPERS, within=WAIT)
    address = await papers.put("", name, content, by=member.name, why="exported the tracker")
    outlined = sum(sight_in_channel(action) is Sight.OUTLINE for action in actions)
    card = show.export_card(name, address, len(actions), outlined)
    return Reply((Message("The tracker as a workbook", card=card),))


def _outlined(action: Action) -> Action:
    """An action as everybody on the site may see it: of one that comes from a case whose it is, and when it is due."""
    if sight_in_channel(action) is Sight.FULL:
        return action
    return replace(action, what=show.FROM_A_CASE, why="", note="", programme="")


ROUTES = Routes(said={"export": typed})
