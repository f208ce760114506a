"""`unreached`: whom the bot cannot write to, for those who run the board to help them."""

from __future__ import annotations

from board.entitlement import Act, require
from bot.house import House
from bot.reaching import REMEMBERED, cannot_be_reached
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Turn
from bot.uses.looking import only_privately
from cards import reaching as show


async def unreached(house: House, turn: Turn, _rest: str) -> Answer:
    """`unreached`: who has no chat with the bot, and whom something did not reach in six weeks. Two requests."""
    only_privately(turn, "unreached")
    people, today = await house.directory.current(), house.today()
    require(Act.RUN_BOARD, people.standing(turn.sender.user_id), today)
    found = await cannot_be_reached(house.store, people, house.now() - REMEMBERED, every=True)
    members = sum(member.open for member in people.members.values())
    return Reply((Message("Who cannot be reached", card=show.unreached_card(found, members)),))


ROUTES = Routes(said={"unreached": unreached})
