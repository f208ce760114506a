"""Answering for one's agency: every answer is a row of its own, kept once by its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from board import references
from board.entitlement import Act
from board.errors import Conflict, FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.references import REFERRAL
from board.returning import answer
from board.vocabulary import Answer as Returned
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import Answer, Message, Reply, Scope, Turn
from bot.uses.case import Case, open_case
from bot.uses.refer import in_dialog, page, text_in
from cards import look as show
from cards import words
from cards.elements import JSON
from cards.verbs import Verb
from sharepoint.errors import StoreBusy
from sharepoint.schema import RETURNS

TYPED = {
    "not known": Returned.NOT_KNOWN,
    "unknown": Returned.NOT_KNOWN,
    "no": Returned.NOT_KNOWN,
    "known": Returned.KNOWN,
    "yes": Returned.KNOWN,
    "report": Returned.KNOWN_REPORT,
    "known report": Returned.KNOWN_REPORT,
    "known, will bring a report": Returned.KNOWN_REPORT,
}


async def take(house: House, turn: Turn) -> Answer:
    """Keep the answer from the form, and say how far the asking has come. Two requests.

    An answer that cannot be kept comes back to be sent again, without the person's details: those need a look.
    """
    reference = references.reference(REFERRAL, references.item_id(text_in(turn, "reference"), REFERRAL))
    try:
        case = await open_case(house, turn.sender.user_id, reference, looks=True)
        return page(turn, await _keep(house, case, turn.value), show.TITLE)
    except NotUnderstood as wrong:
        said = words.not_sent(wrong.problems)
    except (StoreBusy, Conflict):
        said = words.STORE_MAYBE
    key = Form(turn.value).key() or house.new_key()
    typed = text_in(turn, "information")
    return page(turn, show.answer_again(reference, key, in_dialog=in_dialog(turn), said=said, typed=typed), show.TITLE)


async def take_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`return R-14 not known`, or what is known in one's own words: in a private chat only."""
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("return", Problem.NOT_PRIVATE))
    reference, _, said = rest.strip().partition(" ")
    case = await open_case(house, turn.sender.user_id, reference, looks=True)
    plain = TYPED.get(said.strip(" .").casefold())
    values = {"answer": plain or (Returned.INFORMATION if said.strip() else ""), "information": "" if plain else said}
    card = await _keep(house, case, {**values, "key": key_of(turn, "return")})
    return Reply((Message(f"Referral {case.referral.reference}", card=card),))


async def _keep(house: House, case: Case, values: Mapping[str, Any]) -> JSON:
    member = case.require(Act.ANSWER, house)
    given = answer(Form(values), member, case.referral, case.looks, house.now())
    kept, fresh = await house.store.add_once(RETURNS, given, by=member.name, why="answered")
    if (kept.member_id, kept.reference) != (given.member_id, given.reference):
        raise NotUnderstood(FieldProblem("key", Problem.STALE))
    house.nudge(case.referral.reference)
    return show.answered(case.face([kept], entitled=True), repeated=not fresh)


ROUTES = Routes(pressed={Verb.ANSWER: take})
