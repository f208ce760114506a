"""`tracker` and `my actions`: what is open, as the person who asks may see it. One request besides the members'."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from board.actions import Action
from board.boards import last_held
from board.calendar import WEEKS, at_uk
from board.entitlement import Act, Sight, refusal, require, sight_for
from board.forms import Form
from board.programmes import programmes as count
from board.programmes import spellings
from board.records import Forum, Referral
from board.tracker import Trend, read, row, spoken, totals, track, trend
from bot.house import House
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, ReplaceCard, Reply, Scope, Turn
from cards import actions as show
from cards import programmes as show_programmes
from cards.verbs import Verb
from sharepoint import queries as ask

READ_BACK = timedelta(weeks=2 * WEEKS)
"""How far back meetings are read: the last board that was held is no further, unless two were cancelled."""


async def tracker(house: House, turn: Turn, rest: str) -> Answer:
    """`tracker [agency] [overdue|due|mine|blocked] [text]`: the first page."""
    return Reply((Message("Action tracker", card=await _page(house, turn, rest, 0)),))


async def turn_page(house: House, turn: Turn) -> Answer:
    """Another page, in the place of the one that is shown."""
    form = Form(turn.value)
    asked, number = form.text("asked", 200), form.text("page", 4)
    if form.problems or not (number.isascii() and number.isdigit()):
        asked, number = "", "0"
    return ReplaceCard(await _page(house, turn, asked, int(number)))


async def _page(house: House, turn: Turn, said: str, number: int) -> JSON:
    people, today = await house.directory.current(), house.today()
    who = people.standing(turn.sender.user_id)
    require(Act.SEE_ACTIONS, who, today)
    channel = turn.reference.scope is not Scope.PERSONAL
    actions, restricted, gone, since = await _read(house, people.board)
    asked = read(said, people.agencies, people.forums)
    if not asked.forum and house.forum and house.forum != house.board:
        asked = replace(asked, forum=house.forum)  # in a forum's own channel its own are meant
    found = track(
        actions,
        asked,
        viewer=turn.sender.user_id,
        sees=lambda action: sight_for(action, who, today, channel=channel, restricted=restricted),
        names=people.agencies,
        today=today,
        page=number,
    )
    moved: Trend | None = trend(actions, gone, since) if since else None
    # Free text typed in a channel is not said again, so the next page there goes without it.
    exports = refusal(Act.ADD_ACTION, who, today) is None
    asked_again = spoken(asked, with_text=not channel)
    return show.tracker_card(found, moved, asked_again, channel=channel, exports=exports)


async def _read(house: House, board: Forum | None) -> tuple[list[Action], list[Referral], list[Action], date | None]:
    """What is open, who restricted what, and what was closed since the last board that was held, with its day.

    One request; another only where that board is not the one that the anchor gives, since it was moved or cancelled.
    """
    today = house.today()
    planned = last_held(board, (), today) if board else None
    asked = [ask.open_actions(), ask.restricted_referrals(), ask.meetings_since(today - READ_BACK)]
    asked += [ask.actions_closed_since(at_uk(planned, time(0)))] if planned else []
    actions, restricted, meetings, *closed = await house.store.gather(*asked)
    since = last_held(board, meetings, today) if board else None
    if since is None or since == planned:
        return actions, restricted, closed[0] if closed else [], since
    return actions, restricted, await house.store.find(ask.actions_closed_since(at_uk(since, time(0)))), since


async def my_actions(house: House, turn: Turn, _rest: str) -> Answer:
    """`my actions`: one's own, the most pressing first. In a channel only with the words that a channel may see."""
    people, today = await house.directory.current(), house.today()
    who = people.standing(turn.sender.user_id)
    member = require(Act.SEE_ACTIONS, who, today)
    channel = turn.reference.scope is not Scope.PERSONAL
    actions: list[Action] = await house.store.find(ask.owned_actions(member.user_id))
    actions.sort(key=lambda action: (action.due or date.max, action.id))
    rows = [
        row(action, sight_for(action, who, today, channel=channel), today) for action in actions if action.reference
    ]
    return Reply((Message("My actions", card=show.mine_card(rows, totals(actions, today), private=not channel)),))


async def programmes(house: House, turn: Turn, _rest: str) -> Answer:
    """`programmes`: how far each is that has something open. Two requests, one more for ninety programmes."""
    people, today = await house.directory.current(), house.today()
    who = people.standing(turn.sender.user_id)
    require(Act.SEE_ACTIONS, who, today)
    channel = turn.reference.scope is not Scope.PERSONAL
    actions, restricted = await house.store.gather(ask.open_actions(), ask.restricted_referrals())

    def sees(action: Action) -> Sight:
        return sight_for(action, who, today, channel=channel, restricted=restricted)

    asked = [ask.of_programme(name) for name in spellings(actions, sees)]
    every = {row.id: row for rows in await house.store.each(asked) for row in rows}
    card = show_programmes.programmes_card(count(every.values(), sees, today), channel=channel)
    return Reply((Message("Programmes", card=card),))


ROUTES = Routes(
    pressed={Verb.TRACKER: turn_page},
    said={"tracker": tracker, "my actions": my_actions, "programmes": programmes},
    shared=frozenset({Verb.TRACKER}),
)
