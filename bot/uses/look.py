"""Seeing who a referral is about: a reason, the row in `Disclosures`, and only then the person's details."""

from __future__ import annotations

import difflib
from datetime import timedelta

from board.entitlement import Act, refusal
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import SHOWN, Disclosure
from board.returning import standing_answers
from board.vocabulary import LOOK_REASONS
from bot.house import BOT, House, key_of, utc_now
from bot.routes import Routes
from bot.turn import JSON, Answer, Kind, Message, ReplaceCard, Reply, Scope, Turn
from bot.uses.case import Case, open_case
from bot.uses.pointing import point
from bot.uses.refer import in_dialog, page, text_in
from cards import look as show
from cards import words
from cards.verbs import Verb
from sharepoint.bookkeeping import Post, PostStatus
from sharepoint.schema import DISCLOSURES, POSTS

DETAIL = "detail"
DETAIL_STAYS = timedelta(minutes=10)
"""How long a person's details stay in a private chat before a stub takes their place."""


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
        case.face(entitled=True), house.new_key(), in_dialog=in_dialog(turn), may_add=may_add, said=said
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
    await _record(house, case, key, reason, SHOWN)
    card = detail(house, turn, case)
    if in_dialog(turn):
        return page(turn, card, show.TITLE)
    await _stub_later(house, turn, case, turn.replied_to)
    return ReplaceCard(card)


async def reveal_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`look R-14 checking our records`: the same without buttons, in a private chat, taken away after ten minutes."""
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("look", Problem.NOT_PRIVATE))
    reference, _, said = rest.strip().partition(" ")
    case = await open_case(house, turn.sender.user_id, reference, subjects=True)
    if await _is_pointer(house, turn, case):
        return point(house, turn, case)
    reason = nearest_reason(said)
    if not reason:
        return await ask_why(house, turn, reference)
    await _record(house, case, key_of(turn, "look"), reason, SHOWN)
    summary = f"Referral {case.referral.reference}"
    sent = await house.channel.send(turn.reference, Message(summary, card=show.stub(case.referral.reference)))
    await _stub_later(house, turn, case, sent.activity_id)
    await house.channel.update(turn.reference, sent.activity_id, Message(summary, card=detail(house, turn, case)))
    return None


def nearest_reason(said: str) -> str:
    """The reason meant by what was typed: the beginning of one, or much like one; empty when none is."""
    folded = said.strip().casefold()
    if not folded:
        return ""
    for reason in LOOK_REASONS:
        if reason.casefold().startswith(folded):
            return reason
    by_fold = {reason.casefold(): reason for reason in LOOK_REASONS}
    alike = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    return by_fold[alike[0]] if alike else ""


def detail(house: House, turn: Turn, case: Case) -> JSON:
    """The card with the person's details, and the answer form where this agency is asked."""
    against = refusal(Act.ANSWER, case.who, house.today(), referral=case.referral, forum=case.forum)
    agency = case.who.agency
    return show.detail(
        case.referral,
        case.subjects,
        key=house.new_key(),
        in_dialog=in_dialog(turn),
        may_answer=against is None,
        agency=agency.name if agency else "",
        own=standing_answers(case.returns).get(agency.code) if agency else None,
    )


async def _is_pointer(house: House, turn: Turn, case: Case) -> bool:
    """Whether a pointer is all they may see. Raises NotAllowed for other refusals; each attempt is on record first."""
    against = refusal(Act.LOOK, case.who, house.today(), referral=case.referral, forum=case.forum)
    if against is None:
        return False
    await _record_refusal(house, turn, case, against)
    if against is Refusal.RESTRICTED:
        return True
    raise NotAllowed(against)


async def _record_refusal(house: House, turn: Turn, case: Case, against: Refusal) -> None:
    member = case.who.member
    row = Disclosure(
        key=key_of(turn, "refused"),
        reference=case.referral.reference,
        member_id=turn.sender.user_id,
        member_name=member.name if member else turn.sender.name,
        agency=member.agency if member else "",
        reason=text_in(turn, "reason") if text_in(turn, "reason") in LOOK_REASONS else "",
        outcome=f"refused: {against.value}",
        looked_on=house.now(),
    )
    await house.store.add_once(DISCLOSURES, row, by=BOT, why="look refused")


async def _record(house: House, case: Case, key: str, reason: str, outcome: str) -> None:
    """Write the look. Raises when it cannot be written, so that nothing is shown."""
    member = case.who.member
    if member is None:
        raise NotAllowed(Refusal.STRANGER)
    row = Disclosure(
        key=key,
        reference=case.referral.reference,
        member_id=member.user_id,
        member_name=member.name,
        agency=member.agency,
        reason=reason,
        outcome=outcome,
        looked_on=house.now(),
    )
    kept, _ = await house.store.add_once(DISCLOSURES, row, by=member.name, why="look")
    if (kept.member_id, kept.reference) != (row.member_id, row.reference):
        raise NotUnderstood(FieldProblem("key", Problem.STALE))


async def _stub_later(house: House, turn: Turn, case: Case, activity_id: str) -> None:
    """Have the details taken out of a private chat after a while: a chat is a copy that stays."""
    if not activity_id:
        return
    post = Post(
        key=f"detail/{case.referral.reference}/{key_of(turn, 'detail')}",
        reference=case.referral.reference,
        kind=DETAIL,
        audience=f"member:{turn.sender.user_id}",
        status=PostStatus.WAITING,
        conversation=turn.reference.to_text(),
        activity_id=activity_id,
        next_attempt=utc_now() + DETAIL_STAYS,
    )
    await house.store.add_once(POSTS, post, by=BOT, why="details shown in a private chat")


ROUTES = Routes(
    pressed={
        Verb.LOOK: lambda house, turn: ask_why(house, turn, text_in(turn, "reference")),
        Verb.LOOK_SUBMIT: reveal,
    },
    said={"look": reveal_typed},
    opens=frozenset({Verb.LOOK}),
)
