"""The buttons and short forms for what else may be done with a referral: each is also a command of its own."""

from __future__ import annotations

from contextlib import suppress

from board.case_steps import ACTS, MOVES, CaseStep
from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.records import Member
from bot.house import House
from bot.routes import Routes
from bot.turn import JSON, Answer, Turn
from bot.uses import restrict, triage
from bot.uses.case import open_case
from bot.uses.refer import NOT_KEPT, in_dialog, page, text_in, why_not
from cards import case_steps as show
from cards import pointer as pointer_cards
from cards.triage import named
from cards.verbs import Verb
from sharepoint.errors import StoreError


async def offered(house: House, turn: Turn) -> Answer:
    """*More*: the steps that this person may take. One request."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
    card = show.steps_card(case.referral.reference, case.steps(house), in_dialog=in_dialog(turn))
    return page(turn, card, show.TITLE)


def _step_in(turn: Turn) -> CaseStep:
    try:
        return CaseStep(text_in(turn, "step"))
    except ValueError:
        raise NotUnderstood(FieldProblem("button", Problem.STALE)) from None


async def opened(house: House, turn: Turn) -> Answer:
    """Open the form of a step. Raises NotAllowed for who may not take it; two requests at most."""
    step, case = _step_in(turn), await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
    case.require(ACTS[step], house)
    if step is CaseStep.RESTRICT:
        reference = case.referral.reference
        card = pointer_cards.restrict_form(reference, house.new_key(), in_dialog=in_dialog(turn))
        return page(turn, card, show.TITLE)
    return page(turn, await _form(house, turn, case.referral.reference, step), show.TITLE)


async def _form(
    house: House,
    turn: Turn,
    reference: str,
    step: CaseStep,
    *,
    key: str = "",
    values: JSON | None = None,
    said: str = "",
) -> JSON:
    members = await _others(house, turn) if step is CaseStep.HOLDER else []
    return show.case_step_form(
        reference,
        step,
        key or house.new_key(),
        in_dialog=in_dialog(turn),
        members=members,
        values=values,
        said=said,
    )


async def _others(house: House, turn: Turn) -> list[Member]:
    """Everybody but who asks; nobody while the members cannot be read, when a name is typed."""
    with suppress(StoreError):
        everybody = (await house.directory.current()).members.values()
        return [each for each in everybody if each.user_id != turn.sender.user_id]
    return []


async def taken(house: House, turn: Turn) -> Answer:
    """Take the step; what cannot be kept comes back as it was typed, while SharePoint is down too. Three requests."""
    step, reference = _step_in(turn), named(text_in(turn, "reference"))
    if step is CaseStep.RESTRICT:  # its form sends a verb of its own
        raise NotUnderstood(FieldProblem("button", Problem.STALE))
    key = Form(turn.value).key()
    try:
        said = await _take(house, turn, step, reference, key)
    except NOT_KEPT as wrong:
        told = why_not(wrong)
    else:
        return page(turn, show.taken_card(said), show.TITLE)
    form = await _form(house, turn, reference, step, key=key, values=turn.value, said=told)
    return page(turn, form, show.TITLE)


async def _take(house: House, turn: Turn, step: CaseStep, reference: str, key: str) -> str:
    if step in MOVES:
        return await triage.stepped(house, turn, reference, MOVES[step], turn.value)
    if step is CaseStep.HOLDER:
        return await restrict.appointed(house, turn, reference, text_in(turn, "holder"), key)
    return await restrict.lifted(house, turn, reference, key)


ROUTES = Routes(
    pressed={Verb.CASE: offered, Verb.CASE_FORM: opened, Verb.CASE_STEP: taken},
    opens=frozenset({Verb.CASE}),
)
"""What is answered to *More*."""
