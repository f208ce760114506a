"""`history R-14`, `history A-103`: who did what, when, why, before and after, from the rows' own versions."""

from __future__ import annotations

import re
from typing import Any

from board import references
from board.entitlement import Act, Sight, refusal
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.history import LOOKED, Entry, page
from board.records import SHOWN, Disclosure
from board.vocabulary import LOOK_REASONS
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Kind, Message, Reply, Scope, Turn
from bot.uses.act import read_action
from bot.uses.case import Case, open_case
from bot.uses.looking import entitled, look_first, nearest_reason, only_privately, show_for_a_while, stub_later
from bot.uses.refer import in_dialog, text_in
from bot.uses.refer import page as dialog
from cards import history as show
from cards import words
from cards.verbs import Verb
from sharepoint import history as past
from sharepoint import queries as ask
from sharepoint.schema import (
    ACTIONS,
    HEARINGS,
    PLANS,
    REFERRALS,
    REQUESTS,
    RETURNS,
    SIGN_OFFS,
    SUBJECTS,
    TRIGGER_REPORTS,
    ListOf,
)

_LISTS: tuple[ListOf[Any], ...] = (SUBJECTS, RETURNS, REQUESTS, HEARINGS, PLANS, SIGN_OFFS, TRIGGER_REPORTS, ACTIONS)
"""Lists with rows about a case, in the order that `queries_of` asks for them."""

_PAGE = re.compile(r"\s*\bpage ([1-9]\d{0,3})\b", re.IGNORECASE)


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`history R-14 reason`, `history A-103`, with `page 2`: in a private chat, a case's for ten minutes."""
    only_privately(turn, "history")
    asked = _PAGE.search(rest)
    number = int(asked[1]) - 1 if asked else 0
    spoken, _, said = _PAGE.sub("", rest).strip().partition(" ")
    if spoken[:1].upper() == references.ACTION:
        return Reply((Message(show.TITLE, card=await _of_action(house, turn, spoken, number)),))
    reason = nearest_reason(said)
    case = await open_case(house, turn.sender.user_id, spoken, also=queries_of if reason else None)
    await entitled(house, turn, case, Act.HISTORY)
    if not reason:
        return Reply((Message(show.TITLE, card=_reasons(house, turn, case)),))
    await look_first(house, turn, case, Act.HISTORY, reason, key_of(turn, "history"))
    reference = case.referral.reference
    card = await _of_case(house, turn, case, reason, number)
    await show_for_a_while(house, turn, reference, f"{show.TITLE} of {reference}", card)
    return None


def _reasons(house: House, turn: Turn, case: Case, said: str = "") -> JSON:
    return show.history_reasons(case.referral.reference, house.new_key(), in_dialog=in_dialog(turn), said=said)


async def opened(house: House, turn: Turn) -> Answer:
    """The button *History*: of an action at once, of a case after the reason."""
    reference = text_in(turn, "reference")
    if reference[:1].upper() == references.ACTION:
        _private(turn)
        return dialog(turn, await _of_action(house, turn, reference, _number(turn)), show.TITLE)
    case = await open_case(house, turn.sender.user_id, reference)
    await entitled(house, turn, case, Act.HISTORY)
    return dialog(turn, _reasons(house, turn, case), show.TITLE)


async def revealed(house: House, turn: Turn) -> Answer:
    """Take the reason, record the look, show a page. Each page is a look of its own. Four requests at most."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"), also=queries_of)
    await entitled(house, turn, case, Act.HISTORY)
    form, number = Form(turn.value), _number(turn)
    reason, key = form.choice("reason", LOOK_REASONS, required=True), form.key()
    if form.problems:
        return dialog(turn, _reasons(house, turn, case, words.problems(form.problems)), show.TITLE)
    await look_first(house, turn, case, Act.HISTORY, reason, f"{key}-{number}")
    card = await _of_case(house, turn, case, reason, number)
    if not in_dialog(turn):
        await stub_later(house, turn, case.referral.reference, turn.replied_to)
    return dialog(turn, card, show.TITLE)


def _number(turn: Turn) -> int:
    said = text_in(turn, "page")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0


def _private(turn: Turn) -> None:
    """A message's button in a channel would answer where others read along; a dialog's is seen by one."""
    if turn.kind is Kind.CARD_ACTION and turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("history", Problem.NOT_PRIVATE))


async def _of_action(house: House, turn: Turn, spoken: str, number: int) -> JSON:
    """An action's own steps, for those who see it in full. Two requests."""
    seen = await read_action(house, turn.sender.user_id, spoken)
    if seen.amount(house) is not Sight.FULL:
        raise NotAllowed(Refusal.NOT_YOURS)
    action = seen.action
    entries = await past.read(house.store, [(ACTIONS, action, action.reference)])
    return show.history_card(action.reference, page(entries, number), in_dialog=in_dialog(turn))


async def _of_case(house: House, turn: Turn, case: Case, reason: str, number: int) -> JSON:
    reference = case.referral.reference
    entries = await read_case(house, case)
    may_bundle = refusal(Act.BUNDLE, case.who, house.today(), referral=case.referral, forum=case.forum) is None
    return show.history_card(
        reference,
        page(entries, number),
        in_dialog=in_dialog(turn),
        reason=reason,
        key=house.new_key(),
        may_bundle=may_bundle,
    )


def queries_of(reference: str) -> list[ask.Query]:
    """Every record of a case but itself, to be read with it."""
    asked = [ask.about(of, reference) for of in (SUBJECTS, RETURNS, REQUESTS, HEARINGS)]
    asked += [ask.plans_of(reference), ask.signed_of(reference), ask.reports_of(reference), ask.actions_of(reference)]
    return asked


def rows_of(case: Case) -> list[past.Row]:
    """The records of a case that was opened with `queries_of`, itself the first of them."""
    rows: list[past.Row] = [(REFERRALS, case.referral, case.referral.reference)]
    for of, records in zip(_LISTS, case.more, strict=True):
        rows += [(of, record, _which(record)) for record in records]
    return rows


async def read_case(house: House, case: Case) -> list[Entry]:
    """All that happened to a case that was opened with `queries_of`, and who looked, as it is now.

    One request for a hundred records.
    """
    looks = ask.disclosures_about(case.referral.reference)
    entries, (looked,) = await past.read_beside(house.store, rows_of(case), looks)
    return [*entries, *(_looked(row) for row in looked)]


def _which(record: object) -> str:
    """What tells a record from the others of its kind, in the board's own codes."""
    for name in ("role", "agency", "meeting", "reference"):
        said = getattr(record, name, "")
        if said and (name != "reference" or not str(said).startswith("R-")):
            return str(said)
    return ""


def _looked(row: Disclosure) -> Entry:
    outcome = row.reason if row.outcome == SHOWN else row.outcome
    return Entry(row.looked_on, LOOKED, row.agency, row.member_name, outcome)


ROUTES = Routes(
    pressed={Verb.HISTORY: opened, Verb.HISTORY_SHOW: revealed},
    said={"history": typed},
    opens=frozenset({Verb.HISTORY}),
)
