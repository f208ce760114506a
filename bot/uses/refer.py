"""Making a referral and adding to it: the form in a dialog or on a card, or typed in a private chat."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TypeVar

from board import references
from board.entitlement import Act, require
from board.errors import Conflict, FieldProblem, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.notices import ReferralFace, face
from board.records import Forum, Member, NewReferral, Referral, Subject
from board.references import REFERRAL
from board.referring import add_details, submit
from board.vocabulary import CONCERNS, PersonRole, Urgency
from bot.directory import People
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Dialog, Kind, Message, ReplaceCard, Reply, Scope, Turn
from bot.uses.case import open_case
from cards import refer as show
from cards import words
from cards.extensions import REFER
from cards.verbs import Verb
from sharepoint.errors import StoreBusy
from sharepoint.schema import REFERRALS, SUBJECTS

R = TypeVar("R", Subject, Referral)

TITLE = "Referral"
TYPED_FIELDS = {"name": "name", "born": "date_of_birth", "concern": "concern", "urgency": "urgency"} | {
    "why": "why_now",
    "ask": "asked_for",
    "contact": "contact",
}


async def invite(house: House, turn: Turn, rest: str) -> Answer:
    """`refer`: show the way in. What is typed after it is taken in a private chat only."""
    private = turn.reference.scope is Scope.PERSONAL
    people = await house.directory.current()
    require(Act.REFER, people.standing(turn.sender.user_id), house.today())
    if rest and private:
        return await _typed(house, turn, rest)
    shown = Message("Make a referral", card=show.invitation(private=private))
    if rest:
        return Reply((Message(words.PRIVATELY, text=words.PRIVATELY), shown))
    return Reply((shown,))


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the two-minute form with a key of its own."""
    people = await house.directory.current()
    require(Act.REFER, people.standing(turn.sender.user_id), house.today())
    return page(turn, show.form(house.new_key(), in_dialog=in_dialog(turn)))


async def take_form(house: House, turn: Turn) -> Answer:
    """Keep the referral and show its receipt; a form that cannot be kept comes back as it was typed."""
    key = Form(turn.value).key()
    try:
        kept = await _submit(house, turn, turn.value)
    except NotUnderstood as wrong:
        key = key or house.new_key()
        said = words.not_sent(wrong.problems)
        return page(turn, show.form(key, in_dialog=in_dialog(turn), values=turn.value, said=said))
    except StoreBusy:
        return page(turn, show.form(key, in_dialog=in_dialog(turn), values=turn.value, said=words.STORE_MAYBE))
    return page(turn, show.receipt(kept, in_dialog=in_dialog(turn)))


async def _typed(house: House, turn: Turn, rest: str) -> Answer:
    values = _parse(rest) | {"key": key_of(turn, "refer")}
    try:
        kept = await _submit(house, turn, values)
    except NotUnderstood as wrong:
        said = f"{words.not_sent(wrong.problems)} {show.TYPED}"
        return Reply((Message("Not sent yet", text=said),))
    return Reply((Message("Referral kept", card=show.receipt_message(kept)),))


def _parse(rest: str) -> JSON:
    """Read `name: …; concern: …`; a choice may be its beginning in any case, so long as it is the only such."""
    values: JSON = {}
    for part in rest.split(";"):
        label, _, value = part.partition(":")
        name = TYPED_FIELDS.get(label.strip().casefold())
        if name:
            values[name] = value.strip()
    for name, choices in (("concern", CONCERNS), ("urgency", tuple(Urgency))):
        begun = [c for c in choices if c.casefold().startswith(str(values.get(name) or "\0").casefold())]
        if len(begun) == 1:
            values[name] = str(begun[0])
    return values


async def _submit(house: House, turn: Turn, values: JSON) -> ReferralFace:
    people = await house.directory.current()
    member = require(Act.REFER, people.standing(turn.sender.user_id), house.today())
    new = submit(Form(values), member, _forum(people), people.agencies.values(), now=house.now(), today=house.today())
    kept = await _keep(house, member, new)
    house.nudge(kept.reference)
    return face(kept, (), people.agencies)


def _forum(people: People) -> Forum:
    return people.board


async def _keep(house: House, member: Member, new: NewReferral) -> Referral:
    """Write the person first, then the referral that makes them count: broken off anywhere, the same form completes it.

    Four requests; fewer leave a row whose reference the feed completes.
    """
    by, why = member.name, "referred"
    person, fresh = await house.store.add_once(SUBJECTS, new.subject, by=by, why=why)
    if not fresh and not person.reference:
        person = await house.store.change(SUBJECTS, person, _over(person, new.subject), by=by, why=why)
    referral, fresh = await house.store.add_once(REFERRALS, new.referral, by=by, why=why)
    if referral.referrer_id != member.user_id:
        raise NotUnderstood(FieldProblem("key", Problem.STALE))
    if referral.reference:
        return referral
    if not fresh:
        content = replace(new.referral, received_on=referral.received_on)
        referral = await house.store.change(REFERRALS, referral, _over(referral, content), by=by, why=why)
    return await _number(house, by, referral, person)


async def _number(house: House, by: str, referral: Referral, person: Subject) -> Referral:
    reference = f"{REFERRALS.letter}-{referral.id}"
    about = replace(person, reference=reference)
    done = await asyncio.gather(
        house.store.number(REFERRALS, referral, by=by),
        house.store.change(SUBJECTS, person, about, by=by, why="numbered"),
        return_exceptions=True,
    )
    for result in done:
        # A conflict means that the feed numbered it first; what is busy now, the feed completes within a poll.
        if isinstance(result, BaseException) and not isinstance(result, Conflict | StoreBusy):
            raise result
    return replace(referral, reference=reference)


def _over(stored: R, content: R) -> R:
    return replace(content, id=stored.id, etag=stored.etag, reference=stored.reference)


async def open_more(house: House, turn: Turn) -> Answer:
    """Open the second part of the form."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
    case.require(Act.ADD, house)
    return page(turn, show.more_form(house.new_key(), case.referral.reference, in_dialog=in_dialog(turn)))


async def take_more(house: House, turn: Turn) -> Answer:
    """Add what was typed to the stored referral; deciding again once when somebody changed it meanwhile."""
    reference = references.reference(REFERRAL, references.item_id(text_in(turn, "reference"), REFERRAL))
    key = Form(turn.value).key() or house.new_key()
    try:
        kept = await _add_more(house, turn, reference)
    except NOT_KEPT as wrong:
        said = why_not(wrong)
    else:
        house.nudge(kept.reference)
        return page(turn, show.receipt(kept, in_dialog=in_dialog(turn)))
    return page(turn, show.more_form(key, reference, in_dialog=in_dialog(turn), values=turn.value, said=said))


async def _add_more(house: House, turn: Turn, reference: str) -> ReferralFace:
    for attempt in range(TRIES):
        case = await open_case(house, turn.sender.user_id, reference, subjects=True)
        member = case.require(Act.ADD, house)
        person = next((each for each in case.subjects if each.role == PersonRole.SUBJECT), None)
        stored = person or Subject(key=f"{case.referral.key}-subject", reference=case.referral.reference)
        new = add_details(
            Form(turn.value),
            NewReferral(case.referral, stored),
            today=house.today(),
            agencies=case.people.agencies.values(),
        )
        by, why = member.name, "added details"
        try:
            if person is not None:
                await house.store.change(SUBJECTS, person, new.subject, by=by, why=why)
            elif new.subject != stored:
                await house.store.add_once(SUBJECTS, new.subject, by=by, why=why)
            kept = await house.store.change(REFERRALS, case.referral, new.referral, by=by, why=why)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            return face(kept, case.returns, case.people.agencies, entitled=True)
    raise NotFound(reference)


def in_dialog(turn: Turn) -> bool:
    """Whether the turn came from a dialog, and so must be answered with one."""
    return turn.kind in (Kind.DIALOG_OPENED, Kind.DIALOG_SUBMITTED, Kind.COMMAND_OPENED)


def page(turn: Turn, card: JSON, title: str = TITLE) -> Answer:
    """Show a card where the turn came from: the dialog's next page, or in the place of the card acted on."""
    return Dialog(title, card) if in_dialog(turn) else ReplaceCard(card)


def shown(turn: Turn, card: JSON, title: str) -> Answer:
    """Show a card as the answer to what was typed, else as `page` does."""
    return Reply((Message(title, card=card),)) if turn.kind is Kind.MESSAGE else page(turn, card, title)


NOT_KEPT = (NotUnderstood, Conflict, StoreBusy)
"""Why what a form holds may not be kept; it then comes back as it was typed, with `why_not` above it."""


def why_not(error: NotUnderstood | Conflict | StoreBusy) -> str:
    """What is said of it."""
    if isinstance(error, NotUnderstood):
        return words.not_sent(error.problems)
    return words.CONFLICT if isinstance(error, Conflict) else words.STORE_MAYBE


def text_in(turn: Turn, name: str) -> str:
    """A text the card sent back; empty when it is anything else."""
    value = turn.value.get(name)
    return value if isinstance(value, str) else ""


ROUTES = Routes(
    pressed={
        Verb.REFER: open_form,
        Verb.REFER_SUBMIT: take_form,
        Verb.REFER_MORE: open_more,
        Verb.REFER_MORE_SUBMIT: take_more,
    },
    said={"refer": invite},
    begun={REFER: open_form},
    opens=frozenset({Verb.REFER, Verb.REFER_MORE}),
)
