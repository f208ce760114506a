"""Answering an escalation, and `escalations`: what climbed above its owner, with whom it is, and what they said."""

from __future__ import annotations

from board import references
from board.actions import Action
from board.calendar import working_days_from
from board.entitlement import Act, Sight, require, sight_for
from board.errors import NotAllowed, NotFound, Refusal
from board.escalation import Climb, may_answer
from board.pack import came_down
from board.records import Member
from board.tracker import row
from bot.escalating import answer_event, climbing, escalated_in, kept_as, months_between
from bot.filling import SIX_WEEKS
from bot.house import House
from bot.routes import Routes
from bot.turn import Answer, Message, ReplaceCard, Reply, Scope, Turn
from bot.uses.refer import text_in
from cards import escalation as show
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.schema import EVENTS


async def escalations(house: House, turn: Turn, _rest: str) -> Answer:
    """`escalations`: the highest first, each as the person who asks, or a channel, may see it, and what came down in
    the last six weeks. Three requests."""
    people, today = await house.directory.current(), house.today()
    who = people.standing(turn.sender.user_id)
    require(Act.SEE_ACTIONS, who, today)
    channel = turn.reference.scope is not Scope.PERSONAL
    months = months_between(today - SIX_WEEKS, today)
    restricted, *kept = await house.store.gather(
        ask.restricted_referrals(), *(ask.keyed_below(EVENTS, kept_as(month)) for month in months)
    )
    up, found = await climbing(house.store, people, today), []
    for action, at in up:
        amount = sight_for(action, who, today, channel=channel, restricted=restricted)
        if amount is not Sight.NOTHING:
            found.append((row(action, amount, today), at))
    was = escalated_in((row for rows in kept for row in rows), today - SIX_WEEKS, today, people)
    ended = came_down(was, {action.reference for action, _ in up})
    return Reply((Message("Escalations", card=show.escalations_card(found, ended)),))


async def pressed(house: House, turn: Turn) -> Answer:
    """The button *I see to it*, in the place of the card; pressed twice it is one answer."""
    action, at, member = await _standing(house, turn, text_in(turn, "reference"))
    return ReplaceCard(await _kept(house, action, at, member))


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`see to A-103`: the same, typed."""
    action, at, member = await _standing(house, turn, rest.strip().partition(" ")[0])
    return Reply((Message("Kept", card=await _kept(house, action, at, member)),))


async def _standing(house: House, turn: Turn, spoken: str) -> tuple[Action, Climb, Member]:
    """The action where it stands now, if this person is among those who are asked there.

    Raises NotFound for one that has not climbed, NotAllowed for anybody else.
    """
    people, today = await house.directory.current(), house.today()
    member = require(Act.SEE_ACTIONS, people.standing(turn.sender.user_id), today)
    reference = references.reference(references.ACTION, references.item_id(spoken, references.ACTION))
    found = next((pair for pair in await climbing(house.store, people, today) if pair[0].reference == reference), None)
    if found is None:
        raise NotFound(reference)
    if not may_answer(found[0], found[1], member, people.members.values(), people.ladder(found[0].agency)):
        raise NotAllowed(Refusal.NOT_YOURS)
    return (*found, member)


async def _kept(house: House, action: Action, at: Climb, member: Member) -> dict[str, object]:
    people, now = await house.directory.current(), house.now()
    event = answer_event(action, at, member.user_id, member.name, now)
    await house.store.add_once(EVENTS, event, by=member.name, why="sees to it")
    clock = people.ladder(action.agency).at(at.rung).clock
    return show.answered_card(action.reference, working_days_from(house.today(), clock))


ROUTES = Routes(
    pressed={Verb.ESCALATION_ANSWER: pressed},
    said={"escalations": escalations, "see to": typed},
)
