"""Restricted referrals: restricting one, asking to be admitted, and the holder's answer. Everything is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from board import restricting
from board.entitlement import Act, admitted, require
from board.errors import Conflict, FieldProblem, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.records import Member, Referral, Request
from board.references import REFERRAL, item_id
from board.vocabulary import REQUEST_REASONS, RESTRICT_REASONS, RequestStatus
from bot.house import TRIES, House, key_of
from bot.routes import Press, Routes, Say
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses.case import Case, open_case
from bot.uses.pointing import TITLE, pointer_of
from bot.uses.refer import in_dialog, page, text_in
from cards import pointer as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as find
from sharepoint.schema import REFERRALS, REQUESTS

ANSWERS = {RequestStatus.ADMITTED: restricting.admit, RequestStatus.DECLINED: restricting.shut_out}


def _private(turn: Turn) -> None:
    if turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("restrict", Problem.NOT_PRIVATE))


def _reply(text: str) -> Answer:
    return Reply((Message(text, text=text),))


def _nearest(said: str, choices: tuple[str, ...]) -> str:
    """The choice whose beginning was typed."""
    folded = said.strip(" .").casefold()
    return next((each for each in choices if folded and each.casefold().startswith(folded)), "")


async def restrict_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`restrict R-14 a victim's safety`; without a reason, the form that asks for one."""
    _private(turn)
    spoken, _, said = rest.strip().partition(" ")
    why = _nearest(said, RESTRICT_REASONS)
    if why:
        values = {"restricted_why": why, "key": key_of(turn, "restrict")}
        return _reply(await _restricted(house, turn, spoken, values))
    case = await open_case(house, turn.sender.user_id, spoken)
    case.require(Act.RESTRICT, house)
    card = show.restrict_form(case.referral.reference, house.new_key(), in_dialog=False)
    return Reply((Message("Restrict a referral", card=card),))


async def restrict(house: House, turn: Turn) -> Answer:
    """Take the reason from the form."""
    reference = text_in(turn, "reference")
    try:
        said = await _restricted(house, turn, reference, turn.value)
    except NotUnderstood as wrong:
        told = words.not_sent(wrong.problems)
        number = item_id(reference, REFERRAL)
        card = show.restrict_form(f"R-{number}", house.new_key(), in_dialog=in_dialog(turn), said=told)
        return page(turn, card, TITLE)
    return page(turn, show.said("Restricted", said), TITLE)


async def _restricted(house: House, turn: Turn, spoken: str, values: JSON) -> str:
    key = Form(values).key()
    case = await _change(
        house,
        turn,
        spoken,
        Act.RESTRICT,
        key=key,
        decide=lambda case, who: restricting.restrict(case, who, Form(values)),
    )
    return f"{case.referral.reference} is restricted. Its holder answers who else is admitted."


async def unrestrict(house: House, turn: Turn, rest: str) -> Answer:
    """`unrestrict R-14`: by its referrer or its holder."""
    _private(turn)
    return _reply(await lifted(house, turn, rest, key_of(turn, "unrestrict")))


async def lifted(house: House, turn: Turn, spoken: str, key: str) -> str:
    """Restrict it no longer; what was done, in a sentence. Two requests."""
    case = await _change(house, turn, spoken, Act.RESTRICT, key=key, decide=lambda case, _: restricting.lift(case))
    return f"{case.referral.reference} is no longer restricted."


async def appoint(house: House, turn: Turn, rest: str) -> Answer:
    """`holder R-14 NAME`: passed on by its holder, or by a chair, who does not see it by that."""
    _private(turn)
    spoken, _, name = rest.strip().partition(" ")
    return _reply(await appointed(house, turn, spoken, name, key_of(turn, "holder")))


async def appointed(house: House, turn: Turn, spoken: str, named: str, key: str) -> str:
    """Give it another holder, by name or id; what was done, in a sentence. Three requests at most."""
    holder = _meant(named.strip(), (await house.directory.current()).members.values())
    case = await _change(
        house, turn, spoken, Act.APPOINT, key=key, decide=lambda r, who: restricting.appoint(r, who, holder)
    )
    return f"{case.referral.reference} has another holder. It is recorded who passed it on."


def _meant(named: str, members: Iterable[Member]) -> Member | None:
    """The one member of that id or name; None where there is none, or more than one."""
    found = [each for each in members if named and named.casefold() in (each.user_id.casefold(), each.name.casefold())]
    return found[0] if len(found) == 1 else None


async def _change(
    house: House, turn: Turn, spoken: str, act: Act, *, key: str, decide: Callable[[Referral, Member], Referral]
) -> Case:
    """Decide and write; decide again when somebody changed it meanwhile."""
    for attempt in range(TRIES):
        case = await open_case(house, turn.sender.user_id, spoken)
        if restricting.has_taken(case.referral, key):
            return case
        member = case.require(act, house)
        after = restricting.taken(decide(case.referral, member), key)
        try:
            kept = await house.store.change(REFERRALS, case.referral, after, by=member.name, why=act.value)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            house.nudge(kept.reference)
            return replace(case, referral=kept)
    raise NotFound(spoken)


async def ask_typed(house: House, turn: Turn, rest: str) -> Answer:
    """`ask R-14 my agency works with this person`."""
    _private(turn)
    spoken, _, said = rest.strip().partition(" ")
    values = {"request_reason": _nearest(said, REQUEST_REASONS), "key": key_of(turn, "ask")}
    case = await open_case(house, turn.sender.user_id, spoken)
    if case.referral.restricted and not values["request_reason"]:
        case.require(Act.ASK, house)
        card = show.pointer(pointer_of(case), house.new_key(), in_dialog=False)
        return Reply((Message("Restricted referral", card=card),))
    return _reply(await _asked(house, case, values))


async def ask(house: House, turn: Turn) -> Answer:
    """*Ask to be admitted*, from the pointer."""
    case = await open_case(house, turn.sender.user_id, text_in(turn, "reference"))
    try:
        said = await _asked(house, case, turn.value)
    except NotUnderstood as wrong:
        told = words.not_sent(wrong.problems)
        case.require(Act.ASK, house)
        return page(turn, show.pointer(pointer_of(case), house.new_key(), in_dialog=in_dialog(turn), said=told), TITLE)
    return page(turn, show.said("Request", said), TITLE)


async def _asked(house: House, case: Case, values: JSON) -> str:
    member, reference = case.require(Act.ASK, house), case.referral.reference
    if admitted(member, case.referral):
        return f"You need not ask: {reference} is not kept from you. Type *referral {reference}*."
    before: list[Request] = await house.store.find(find.about(REQUESTS, reference))
    if any(each.member_id == member.user_id and each.status == RequestStatus.ASKED for each in before):
        return f"You have asked already. The holder of {reference} was told and will answer."
    new = restricting.ask(Form(values), member, case.referral, house.now())
    kept, _ = await house.store.add_once(REQUESTS, new, by=member.name, why="asked to be admitted")
    if (kept.member_id, kept.reference) != (new.member_id, new.reference):
        raise NotUnderstood(FieldProblem("key", Problem.STALE))
    house.nudge(reference)
    return f"The holder of {reference} is told that you ask, and will answer."


def _answer_typed(status: RequestStatus) -> Say:
    async def say(house: House, turn: Turn, rest: str) -> Answer:
        _private(turn)
        spoken, _, name = rest.strip().partition(" ")
        folded = name.strip().casefold()
        return _reply(await _answered(house, turn, spoken, status, lambda r: r.member_name.casefold() == folded))

    return say


def _answer_pressed(status: RequestStatus) -> Press:
    async def press(house: House, turn: Turn) -> Answer:
        number = text_in(turn, "request")
        said = await _answered(house, turn, text_in(turn, "reference"), status, lambda r: str(r.id) == number)
        return page(turn, show.said("Request", said), TITLE)

    return press


async def _answered(
    house: House, turn: Turn, spoken: str, status: RequestStatus, is_meant: Callable[[Request], bool]
) -> str:
    """Write the holder's answer: on the referral first, so that a broken answer can be given again. Four requests."""
    case = await open_case(house, turn.sender.user_id, spoken)
    member = case.require(Act.ADMIT, house)
    rows: list[Request] = await house.store.find(find.about(REQUESTS, case.referral.reference))
    meant = sorted((each for each in rows if is_meant(each)), key=lambda each: each.id)
    if not meant:
        raise NotUnderstood(FieldProblem("request", Problem.NOT_A_CHOICE))
    request = meant[-1]
    after = ANSWERS[status](case.referral, request)
    await house.store.change(REFERRALS, case.referral, after, by=member.name, why=f"request {request.id}: {status}")
    answer = restricting.answered(request, member, status, house.now())
    await house.store.change(REQUESTS, request, answer, by=member.name, why=status)
    house.nudge(case.referral.reference)
    done = "admitted" if status is RequestStatus.ADMITTED else "not admitted"
    return f"Recorded: {words.tame(request.member_name)} is {done} to {case.referral.reference}, and is told."


async def requests(house: House, turn: Turn, _rest: str) -> Answer:
    """`requests`: what awaits my answer."""
    _private(turn)
    people = await house.directory.current()
    member = require(Act.LIST, people.standing(turn.sender.user_id), house.today())
    waiting: list[Request] = await house.store.find(find.open_rows(REQUESTS))
    numbers = {
        int(each.reference[2:]) for each in waiting if each.reference[:2] == "R-" and each.reference[2:].isdigit()
    }
    cases = {each.reference: each for each in await house.store.rows(REFERRALS, numbers)} if numbers else {}
    mine = [
        (each, agency.name if (agency := people.agencies.get(each.agency.upper())) else "")
        for each in waiting
        if (case := cases.get(each.reference)) and member.user_id == (case.holder_id or case.referrer_id)
    ]
    return Reply((Message("Requests", card=show.requests_card(mine)),))


ROUTES = Routes(
    pressed={
        Verb.RESTRICT: restrict,
        Verb.POINTER_ASK: ask,
        Verb.ADMIT: _answer_pressed(RequestStatus.ADMITTED),
        Verb.REFUSE: _answer_pressed(RequestStatus.DECLINED),
    },
    said={
        "restrict": restrict_typed,
        "unrestrict": unrestrict,
        "holder": appoint,
        "ask": ask_typed,
        "admit": _answer_typed(RequestStatus.ADMITTED),
        "refuse": _answer_typed(RequestStatus.DECLINED),
        "requests": requests,
    },
)
