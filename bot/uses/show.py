"""What anybody may ask to see: help, the open referrals, one of them, who I am to the bot."""

from __future__ import annotations

from board.entitlement import Act, refusal, require
from board.errors import FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal
from board.notices import face
from board.returning import progress
from bot.house import House
from bot.routes import Routes
from bot.turn import Answer, Message, ReplaceCard, Reply, Scope, Turn
from bot.uses.case import open_case
from bot.uses.look import ask_why
from bot.uses.refer import text_in
from bot.uses.triage import define
from cards import help as help_cards
from cards import referral as show
from cards import setup as setup_cards
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.schema import RETURNS


def private(turn: Turn) -> bool:
    """Whether the turn came from a one-to-one chat with the bot."""
    return turn.reference.scope is Scope.PERSONAL


async def help_for(house: House, turn: Turn, rest: str) -> Answer:
    """`help`: needs no store, so it answers whatever else is down. `help serious harm`: what a word means."""
    defined = await define(house, rest) if rest.strip() else None
    if defined is not None:
        return Reply((defined,))
    return Reply((Message("What you can say", card=help_cards.help_card(private=private(turn))),))


async def known(house: House, turn: Turn) -> None:
    """Raise NotAllowed for a stranger, who is told whom to ask rather than which command was meant."""
    who = (await house.directory.current()).standing(turn.sender.user_id)
    if who.member is None:
        raise NotAllowed(Refusal.STRANGER)


def not_understood(nearest: str) -> Answer:
    """Words that are no command: the nearest one, never what was typed."""
    said = help_cards.not_understood(nearest)
    return Reply((Message("I did not understand that", text=said),))


async def referrals(house: House, turn: Turn, _rest: str) -> Answer:
    """`referrals`: those open, newest first, as a channel may see them. Two requests."""
    people = await house.directory.current()
    require(Act.LIST, people.standing(turn.sender.user_id), house.today())
    found = await house.store.find(ask.newest_open_referrals())
    found = [referral for referral in found if referral.reference]
    shown = found[: show.LIST_LIMIT]
    answers = await house.store.gather(*[ask.about(RETURNS, each.reference) for each in shown]) if shown else []
    faces = [face(each, given, people.agencies) for each, given in zip(shown, answers, strict=True)]
    return Reply((Message("Referrals", card=show.referrals_card(faces, len(found))),))


async def referral(house: House, turn: Turn, rest: str) -> Answer:
    """`referral R-14`: in a channel what a channel may see; in a private chat the way to see more."""
    spoken = rest.split(" ", 1)[0] if rest else ""
    if private(turn):
        return await ask_why(house, turn, spoken)
    case = await open_case(house, turn.sender.user_id, spoken)
    case.require(Act.LIST, house)
    made = case.face()
    return Reply((Message(show.summary(made), card=show.channel_card(made)),))


async def view(house: House, turn: Turn) -> Answer:
    """The channel's card of a referral as the person who sees it may act on it; nothing for whoever may not know it."""
    try:
        case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
        case.require(Act.LIST, house)
    except (NotAllowed, NotFound):
        return None
    against = refusal(Act.LOOK, case.who, house.today(), referral=case.referral, forum=case.forum)
    code = case.who.agency.code if case.who.agency else ""
    reached = progress(case.referral, case.returns)
    mine = show.Mine(
        asked=code in case.referral.asked,
        answered=code in reached.answered,
        refused=words.refused(against, words.whom_to_ask("", [])) if against else "",
    )
    return ReplaceCard(show.channel_card(case.face(), mine))


async def whoami(house: House, turn: Turn, _rest: str) -> Answer:
    """`whoami`: what the lists say of the person who asks, in private."""
    people = await house.directory.current()
    who = people.standing(turn.sender.user_id)
    if not private(turn):
        raise NotUnderstood(FieldProblem("whoami", Problem.NOT_PRIVATE))
    member = require(Act.LIST, who, house.today()) if who.member is None else who.member
    current = bool(who.agency and who.agency.isa_current(house.today()))
    return Reply((Message("You", card=setup_cards.whoami(member, who.agency, isa_current=current)),))


ROUTES = Routes(
    pressed={Verb.REFERRAL_VIEW: view},
    said={"help": help_for, "referrals": referrals, "referral": referral, "whoami": whoami},
    shared=frozenset({Verb.REFERRAL_VIEW}),
)
