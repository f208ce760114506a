"""`patterns`: a month's unusual looks, for the information governance lead in a private chat."""

from __future__ import annotations

from board.entitlement import Act, require
from board.patterns import month_meant
from bot.house import House
from bot.patterns import message, read_patterns
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Turn
from bot.uses.looking import only_privately
from cards import patterns as show


async def patterns(house: House, turn: Turn, rest: str) -> Answer:
    """`patterns`, `patterns october 2026`: of the last month where none is named. Three requests."""
    only_privately(turn, "patterns")
    house.directory.expire()  # whose role was taken away learns nothing more from the log
    people = await house.directory.current()
    require(Act.DISCLOSURES, people.standing(turn.sender.user_id), house.today())
    month = month_meant(rest, house.today())
    if month is None:
        return Reply((Message(show.TITLE, text=show.HOW),))
    return Reply((message(await read_patterns(house.store, people, month)),))


ROUTES = Routes(said={"patterns": patterns})
