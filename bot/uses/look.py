"""Seeing who a referral is about: a reason, the row in `Disclosures`, and only then the person's details."""

from __future__ import annotations

from board.entitlement import Act, refusal
from board.errors import NotAllowed, Refusal
from board.forms import Form
from board.returning import standing_answers
from board.vocabulary import LOOK_REASONS
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Kind, Message, ReplaceCard, Reply, Turn
from bot.uses.case import Case, as_shown, open_case
from bot.uses.looking import entitled, look_first, nearest_reason, only_privately, show_for_a_while, stub_later
from bot.uses.pointing import point
from bot.uses.refer import in_dialog, page, text_in
from cards import look as show
from cards import words
from cards.verbs import Verb


async def ask_why(house: House, turn: Turn, reference: str) -> Answer:
    """Ask for the reason; a person who may not look is refused here, on record."""
    case = await open_case(house, turn.sender.user_id, reference)
    if await _is_pointer(house, turn, case):
        return point(house, turn, case)
    card = _reasons(house, turn, case)
    if turn.kind is Kind.MESSAGE:
        return Reply((Message(f"Referral {case.referral.reference}", card=card),))
    return page(turn, card, show.TITLE)


def _reasons(house: House, turn: Turn, case: Case, said: str = "") -> JSON:
    may_add = refusal(Act.ADD, case.who, house.today(), referral=case.referral, forum=case.forum) is None
    return show.reasons(
        case.face(entitled=True),
        house.new_key(),
        in_dialog=in_dialog(turn),
        may_add=may_add,
        more=bool(case.steps(house)),
        said=said,
    )


async def reveal(house: House, turn: Turn) -> Answer:
    """Take the reason, record the look, show the details."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"), subjects=True)
    if await _is_pointer(house, turn, case):
        return point(house, turn, case)
    form = Form(turn.value)
    reason, key = form.choice("reason", LOOK_REASONS, required=True), form.key()
    if form.problems:
        return page(turn, _reasons(house, turn, case, words.problems(form.problems)), show.TITLE)
    await look_first(house, turn, case, Act.LOOK, reason, key)
    card = await detail(house, turn, case)
    if in_dialog(turn):
        return page(turn, card, show.TITLE)
    await stub_later(house, turn, case.referral.reference, turn.replied_to)
    return ReplaceCard(card)


async def reveal_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`look R-14 checking our records`: the same without buttons, in a private chat, taken away after ten minutes."""
    only_privately(turn, "look")
    reference, _, said = rest.strip().partition(" ")
    case = await open_case(house, turn.sender.user_id, reference, subjects=True)
    if await _is_pointer(house, turn, case):
        return point(house, turn, case)
    reason = nearest_reason(said)
    if not reason:
        return await ask_why(house, turn, reference)
    await look_first(house, turn, case, Act.LOOK, reason, key_of(turn, "look"))
    reference = case.referral.reference
    await show_for_a_while(house, turn, reference, f"Referral {reference}", await detail(house, turn, case))
    return None


async def detail(house: House, turn: Turn, case: Case) -> JSON:
    """The card with the person's details, and the answer form where this agency is asked."""
    against = refusal(Act.ANSWER, case.who, house.today(), referral=case.referral, forum=case.forum)
    agency = case.who.agency
    return show.detail(
        await as_shown(house, case),
        case.subjects,
        key=house.new_key(),
        in_dialog=in_dialog(turn),
        may_answer=against is None,
        may_review=refusal(Act.HISTORY, case.who, house.today(), referral=case.referral, forum=case.forum) is None,
        more=bool(case.steps(house)),
        agency=agency.name if agency else "",
        own=standing_answers(case.returns).get(agency.code) if agency else None,
    )


async def _is_pointer(house: House, turn: Turn, case: Case) -> bool:
    """Whether a pointer is all they may see. Raises NotAllowed for other refusals; each attempt is on record first."""
    try:
        await entitled(house, turn, case)
    except NotAllowed as refused:
        if refused.refusal is Refusal.RESTRICTED:
            return True
        raise
    return False


ROUTES = Routes(
    pressed={
        Verb.LOOK: lambda house, turn: ask_why(house, turn, text_in(turn, "reference")),
        Verb.LOOK_SUBMIT: reveal,
    },
    said={"look": reveal_typed},
    opens=frozenset({Verb.LOOK}),
)
