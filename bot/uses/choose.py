"""`my board`: which of several boards somebody speaks to in their own chat, and choosing another."""

from __future__ import annotations

from dataclasses import replace

from board.entitlement import Act, require
from board.errors import FieldProblem, NotUnderstood, Problem
from bot.house import House
from bot.routes import Routes
from bot.scopes import CHOICE, choice_key
from bot.turn import Answer, Message, ReplaceCard, Reply, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import text_in
from cards import boards as show
from cards.verbs import Verb
from sharepoint.bookkeeping import Event
from sharepoint.schema import EVENTS


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`my board`: those one belongs to, and the one that answers now; `my board NORTH`: speak to another."""
    only_privately(turn, "forum")
    people = await house.directory.current()
    require(Act.SEE_ACTIONS, people.standing(turn.sender.user_id), house.today())
    code = rest.strip()
    if code:
        await _choose(house, turn, code)
    shown = house.boards or (people.board,)
    card = show.boards_card(shown, (_meant(house, code) if code else house.board))
    return Reply((Message("Your boards", card=card),))


async def pressed(house: House, turn: Turn) -> Answer:
    """The same from a button."""
    only_privately(turn, "forum")
    code = text_in(turn, "forum")
    await _choose(house, turn, code)
    return ReplaceCard(show.boards_card(house.boards, _meant(house, code)))


def _meant(house: House, code: str) -> str:
    """The code of the board that is meant, as its row spells it. Raises NotUnderstood for none of theirs."""
    for board in house.boards:
        if code.casefold() in (board.code.casefold(), board.name.casefold()):
            return board.code
    raise NotUnderstood(FieldProblem("forum", Problem.NOT_A_CHOICE))


async def _choose(house: House, turn: Turn, said: str) -> None:
    """Keep it; chosen twice it is one row, written once. Two requests at most."""
    code, user_id = _meant(house, said), turn.sender.user_id
    row = Event(key=choice_key(user_id), kind=CHOICE, holder=user_id, value=code, until=house.now())
    kept, fresh = await house.store.add_once(EVENTS, row, by=turn.sender.name, why="chose a board")
    if not fresh and kept.value != code:
        await house.store.change(EVENTS, kept, replace(kept, value=code), by=turn.sender.name, why="chose a board")
    house.choose(user_id, code)


ROUTES = Routes(pressed={Verb.MY_BOARD: pressed}, said={"my board": typed})
"""What is answered about one's boards."""
