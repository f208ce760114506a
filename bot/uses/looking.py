"""Looking first: whatever shows detail of a case asks here, so that its row in `Disclosures` is there before it.

Every use case that shows who a case is about, or what was written of it, calls `look_first` and then shows.
"""

from __future__ import annotations

import difflib
from datetime import timedelta

from board.entitlement import Act, refusal
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.records import SHOWN, Disclosure
from board.vocabulary import LOOK_REASONS
from bot.house import BOT, House, key_of, utc_now
from bot.turn import JSON, Message, Scope, Turn
from bot.uses.case import Case
from bot.uses.refer import text_in
from cards import look as show
from sharepoint.bookkeeping import Post, PostStatus
from sharepoint.schema import DISCLOSURES, POSTS

DETAIL = "detail"
FEWEST_LETTERS = 5
"""Letters of a reason's own words that are enough to mean it."""

DETAIL_STAYS = timedelta(minutes=10)
"""How long a person's details stay in a private chat before a stub takes their place."""


async def look_first(  # noqa: PLR0917 - a look is who, what and why: each is needed, none has a default
    house: House, turn: Turn, case: Case, act: Act, reason: str, key: str
) -> None:
    """Write the look that `act` is, or raise: nothing of the case may be shown before this has returned.

    Raises NotAllowed when the rules say no, after the attempt is on record; NotUnderstood for a reason that is none of
    the board's, or a key that another look used; a store error when the row cannot be written.
    """
    await entitled(house, turn, case, act)
    if reason not in LOOK_REASONS:
        raise NotUnderstood(FieldProblem("reason", Problem.NOT_A_CHOICE))
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
        outcome=SHOWN,
        forum=case.referral.forum,
        looked_on=house.now(),
    )
    kept, _ = await house.store.add_once(DISCLOSURES, row, by=member.name, why=act.value)
    if (kept.member_id, kept.reference) != (row.member_id, row.reference):
        raise NotUnderstood(FieldProblem("key", Problem.STALE))


async def entitled(house: House, turn: Turn, case: Case, act: Act = Act.LOOK) -> None:
    """Raise NotAllowed when the rules say no, after the attempt is on record."""
    against = refusal(act, case.who, house.today(), referral=case.referral, forum=case.forum)
    if against is None:
        return
    await _record_refusal(house, turn, case, act, against)
    raise NotAllowed(against, recorded=True)


async def _record_refusal(house: House, turn: Turn, case: Case, act: Act, against: Refusal) -> None:
    member = case.who.member
    row = Disclosure(
        key=key_of(turn, "refused"),
        reference=case.referral.reference,
        member_id=turn.sender.user_id,
        member_name=member.name if member else turn.sender.name,
        agency=member.agency if member else "",
        reason=text_in(turn, "reason") if text_in(turn, "reason") in LOOK_REASONS else "",
        outcome=f"refused: {against.value}",
        forum=case.referral.forum,
        looked_on=house.now(),
    )
    await house.store.add_once(DISCLOSURES, row, by=BOT, why=f"{act.value} refused")


def nearest_reason(said: str) -> str:
    """The reason meant by what was typed: the beginning of one, words of one alone, or much like one; else empty."""
    folded = said.strip().casefold()
    if not folded:
        return ""
    for reason in LOOK_REASONS:
        if reason.casefold().startswith(folded):
            return reason
    within = [reason for reason in LOOK_REASONS if folded in reason.casefold()]
    if len(within) == 1 and len(folded) >= FEWEST_LETTERS:
        return within[0]
    by_fold = {reason.casefold(): reason for reason in LOOK_REASONS}
    alike = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    return by_fold[alike[0]] if alike else ""


def only_privately(turn: Turn, command: str) -> None:
    """Raise NotUnderstood for a command about a person that was typed where others read along."""
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem(command, Problem.NOT_PRIVATE))


async def show_for_a_while(house: House, turn: Turn, reference: str, summary: str, card: JSON) -> None:
    """Show a card of details in a private chat, where a stub takes its place after ten minutes.

    The stub is sent first and the card put in its place, so the row that will take it away is there before it is.
    """
    sent = await house.channel.send(turn.reference, Message(summary, card=show.stub(reference)))
    await stub_later(house, turn, reference, sent.activity_id)
    await house.channel.update(turn.reference, sent.activity_id, Message(summary, card=card))


async def stub_later(house: House, turn: Turn, reference: str, activity_id: str) -> None:
    """Have the details taken out of a private chat after a while: a chat is a copy that stays."""
    if not activity_id:
        return
    post = Post(
        key=f"detail/{reference}/{key_of(turn, 'detail')}",
        reference=reference,
        kind=DETAIL,
        audience=f"member:{turn.sender.user_id}",
        status=PostStatus.WAITING,
        conversation=turn.reference.to_text(),
        activity_id=activity_id,
        next_attempt=utc_now() + DETAIL_STAYS,
    )
    await house.store.add_once(POSTS, post, by=BOT, why="details shown in a private chat")
