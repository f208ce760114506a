"""Tactical plans: seen after a look, worked on, signed off, and the way to report that a trigger has happened.

A plan's words are shown only in a dialog or a private chat whose look is on record; the buttons of what is then shown
carry that look's key. What needs no words of the plan (to sign, to report a trigger) can be typed.
"""

from __future__ import annotations

from dataclasses import replace

from board.alerting import report
from board.entitlement import ARRANGE, Act, refusal, require
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.planning import Moment, Move, act_of, begin, decide, has_taken, may_begin, moves, sign, taken
from board.planning import refusal as plan_refusal
from board.records import Member, Plan
from board.signing import Signed, as_of, named
from board.vocabulary import LOOK_REASONS, SignedOff
from bot.house import TRIES, House, key_of
from bot.routes import Routes, Say
from bot.turn import JSON, Answer, Message, Reply, Toast, Turn
from bot.uses.looking import entitled, look_first, nearest_reason, only_privately, show_for_a_while, stub_later
from bot.uses.planned import Opened, open_plan
from bot.uses.refer import NOT_KEPT, in_dialog, page, text_in, why_not
from cards import plans as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.schema import (
    EVENTS,
    PLANS,
    SIGN_OFFS,
    TRIGGER_REPORTS,
)

TITLE = "Tactical plan"


async def plan(house: House, turn: Turn, rest: str) -> Answer:
    """`plan R-14 reviewing a plan`: in private, after a reason, the plan or the way to make one."""
    only_privately(turn, "plan")
    spoken, _, said = rest.strip().partition(" ")
    opened = await open_plan(house, turn, spoken)
    await entitled(house, turn, opened.case, Act.SEE_PLAN)
    reason = nearest_reason(said)
    if not reason:
        return Reply((Message(f"Plan {opened.reference}", card=_reasons(house, turn, opened)),))
    look = key_of(turn, "plan")
    await look_first(house, turn, opened.case, Act.SEE_PLAN, reason, look)
    await show_for_a_while(house, turn, opened.case.referral.reference, TITLE, _card(house, turn, opened, look))
    return None


async def ask_why(house: House, turn: Turn) -> Answer:
    """Ask for the reason before a plan is shown; a person who may not see it is refused here, on record."""
    opened = await open_plan(house, turn, text_in(turn, "reference"))
    await entitled(house, turn, opened.case, Act.SEE_PLAN)
    return page(turn, _reasons(house, turn, opened), TITLE)


def _reasons(house: House, turn: Turn, opened: Opened, said: str = "") -> JSON:
    urgent = text_in(turn, "urgent") == "yes"
    case = opened.case.referral.reference
    return show.plan_reasons(
        opened.reference, case, house.new_key(), in_dialog=in_dialog(turn), urgent=urgent, said=said
    )


async def reveal(house: House, turn: Turn) -> Answer:
    """Take the reason, record the look, show the plan."""
    opened = await open_plan(house, turn, text_in(turn, "reference"), text_in(turn, "case"))
    await entitled(house, turn, opened.case, Act.SEE_PLAN)
    form = Form(turn.value)
    reason, key = form.choice("reason", LOOK_REASONS, required=True), form.key()
    if form.problems:
        return page(turn, _reasons(house, turn, opened, words.problems(form.problems)), TITLE)
    await look_first(house, turn, opened.case, Act.SEE_PLAN, reason, key)
    return await _shown(house, turn, opened, _card(house, turn, opened, key))


async def _shown(house: House, turn: Turn, opened: Opened, card: JSON) -> Answer:
    """Show a plan where the turn came from; in a private chat it is taken away after a while."""
    if not in_dialog(turn):
        await stub_later(house, turn, opened.case.referral.reference, turn.replied_to)
    return page(turn, card, TITLE)


def _card(house: House, turn: Turn, opened: Opened, look: str, said: str = "") -> JSON:
    today, case = house.today(), opened.case
    member = case.who.member
    if member is None:
        raise NotAllowed(Refusal.STRANGER)
    member = replace(member, agency=case.who.agency.code if case.who.agency else "")
    new = may_begin(opened.plans, member)
    if opened.plan is None:
        return show.none_yet(case.referral.reference, look, may_begin=new, in_dialog=in_dialog(turn))
    offered = [
        move
        for move in moves(opened.plan, member, opened.signs)
        if refusal(act_of(move), case.who, today, referral=case.referral, forum=case.forum) is None
    ]
    signed = Signed.of(opened.plan, opened.signs)
    return show.plan_card(
        opened.plan,
        offered,
        signed,
        look=look,
        key=house.new_key(),
        in_dialog=in_dialog(turn),
        said=said,
        may_begin=new,
        reports=opened.reports,
        filed=opened.document,
    )


async def _pressed(house: House, turn: Turn) -> Opened:
    """What a button on a shown plan is about. Raises NotAllowed when the rules no longer allow it to be seen."""
    reference, case, look = text_in(turn, "reference"), text_in(turn, "case"), text_in(turn, "look")
    opened = await open_plan(house, turn, reference, case, look)
    await entitled(house, turn, opened.case, Act.SEE_PLAN)
    return opened


async def take_begin(house: House, turn: Turn) -> Answer:
    """Begin an empty draft for a case; whoever begins one at the same moment gets the same."""
    opened = await _pressed(house, turn)
    if not opened.looked:
        return page(turn, _reasons(house, turn, opened), TITLE)
    member = opened.member(Act.WRITE_PLAN, house)
    if not may_begin(opened.plans, member):
        raise NotAllowed(Refusal.PLAN_NOT_NOW if member.has(*ARRANGE) else Refusal.NOT_A_CHAIR)
    new = begin(opened.case.referral, member, len(opened.plans), opened.case.people.agencies.keys())
    kept, _ = await house.store.add_once(PLANS, new, by=member.name, why="begun")
    if not kept.reference:
        try:
            kept = await house.store.number(PLANS, kept, by=member.name)
        except Conflict:
            kept = replace(kept, reference=named(kept))
    fresh = replace(opened, plan=kept, plans=(*opened.plans, kept), signs=())
    card = _card(house, turn, fresh, text_in(turn, "look"), said=f"Begun as {named(kept)}.")
    return await _shown(house, turn, fresh, card)


def _move(said: str) -> Move:
    try:
        return Move(said)
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.STALE)) from None


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the form of one move."""
    opened, move = await _pressed(house, turn), _move(text_in(turn, "move"))
    if not opened.looked:
        return page(turn, _reasons(house, turn, opened), TITLE)
    _may(house, opened, move)
    return page(turn, _form(house, turn, opened, move), TITLE)


def _may(house: House, opened: Opened, move: Move) -> tuple[Plan, Member]:
    """The plan and the member when this move may be made now; raises NotAllowed."""
    member = opened.member(act_of(move), house)
    if opened.plan is None:
        raise NotFound(opened.reference)
    against = plan_refusal(opened.plan, member, move, opened.signs)
    if against is not None:
        raise NotAllowed(against)
    return opened.plan, member


def _form(house: House, turn: Turn, opened: Opened, move: Move, *, values: JSON | None = None, said: str = "") -> JSON:
    plan, member = opened.plan, opened.who.member
    if plan is None or member is None:
        raise NotFound(opened.reference)
    return show.move_form(
        plan,
        move,
        key=Form(values or {}).key() or house.new_key(),
        look=text_in(turn, "look"),
        in_dialog=in_dialog(turn),
        whole=member.has(*ARRANGE),
        agencies=sorted(opened.case.people.agencies),
        values=values,
        said=said,
    )


async def take_move(house: House, turn: Turn) -> Answer:
    """Make the move of a form that was sent; one that cannot be made comes back as it was typed."""
    move = _move(text_in(turn, "move"))
    opened = await _pressed(house, turn)
    try:
        after = await _moved(house, turn, opened, move, turn.value)
    except NOT_KEPT as wrong:
        said = why_not(wrong)
    else:
        if not opened.looked:
            return page(turn, _reasons(house, turn, after, show.MOVED[move]), TITLE)
        return await _shown(house, turn, after, _card(house, turn, after, text_in(turn, "look"), show.MOVED[move]))
    return page(turn, _form(house, turn, opened, move, values=turn.value, said=said), TITLE)


async def _moved(house: House, turn: Turn, opened: Opened, move: Move, values: JSON) -> Opened:
    """Decide and write; decide again on what is there now when somebody changed it meanwhile."""
    form = Form(values)
    key = f"{form.key()}-{move.name.lower()}"
    form.done()
    for attempt in range(TRIES):
        if opened.plan is not None and has_taken(opened.plan, key):
            return opened
        if move is Move.SIGN:
            return await _signed(house, opened, values)
        if move is Move.REPORT:
            return await _reported(house, opened, values)
        plan, member = _may(house, opened, move)
        at = Moment(house.now(), house.today(), tuple(sorted(opened.case.people.agencies)))
        after = decide(plan, member, move, Form(values), at)
        try:
            kept = await house.store.change(PLANS, plan, taken(after, key), by=member.name, why=move.value)
        except Conflict:
            if attempt == TRIES - 1:
                raise
            opened = await open_plan(house, turn, opened.reference, opened.case.referral.reference)
        else:
            house.nudge(opened.case.referral.reference)
            return replace(opened, plan=kept, signs=() if move is Move.CHANGE else opened.signs)
    raise NotFound(opened.reference)


async def _signed(house: House, opened: Opened, values: JSON) -> Opened:
    """Keep what an agency says of this version. Whether the plan is now agreed is settled behind, from the list."""
    member = opened.member(Act.SIGN_OFF, house)
    mine = next((each for each in opened.signs if each.agency == member.agency), None)
    said = (values.get("refuses_care"), values.get("answer") or SignedOff.SIGNED)
    if mine is not None and mine.member_id == member.user_id and (mine.refuses_care, mine.answer) == said:
        return opened
    plan, member = _may(house, opened, Move.SIGN)
    if member.agency not in opened.lookers:
        raise NotAllowed(Refusal.NOT_LOOKED)
    row = sign(plan, member, Form(values), opened.signs, now=house.now())
    if mine is None:
        kept, _ = await house.store.add_once(SIGN_OFFS, row, by=member.name, why="sign-off")
    else:
        kept = await house.store.change(SIGN_OFFS, mine, replace(row, key=mine.key), by=member.name, why="sign-off")
    house.nudge(opened.case.referral.reference)
    return replace(opened, signs=(*[each for each in opened.signs if each is not mine], kept))


async def _reported(house: House, opened: Opened, values: JSON) -> Opened:
    """Keep the report first; those it concerns are alerted from the list, so that no crash loses the alert."""
    plan, member = _may(house, opened, Move.REPORT)
    row = report(plan, member, Form(values), now=house.now())
    kept, _ = await house.store.add_once(TRIGGER_REPORTS, row, by=member.name, why="trigger reported")
    house.nudge(plan.case)
    return replace(opened, reports=(*[each for each in opened.reports if each.id != kept.id], kept))


TYPED = {Move.SIGN: "why", Move.REPORT: "note", Move.CHANGE: "changes", Move.END: "why"}
"""The field that the words after a typed move are."""


async def typed_move(house: House, turn: Turn, rest: str, move: Move) -> Answer:
    """`sign P-14.2 no`, `trigger P-14 what happened` and the others: in a private chat only, answered by a sentence."""
    only_privately(turn, "plan")
    spoken, _, said = rest.strip().partition(" ")
    values: JSON = {"key": key_of(turn, move)}
    if move is Move.SIGN:
        refuses, _, said = said.strip().partition(" ")
        values["refuses_care"] = refuses.strip(".,;:").capitalize()
    if move is Move.CONTRIBUTE:
        values |= _parts(said)
    elif move in TYPED:
        values[TYPED[move]] = said.strip()
    opened = await open_plan(house, turn, spoken)
    after = await _moved(house, turn, opened, move, values)
    answer = f"{after.reference}: {show.MOVED[move]}"
    return Reply((Message(f"Plan {after.reference}", text=answer),))


PARTS = {"scenario": "scenario", "trigger": "trigger", "contingency": "contingency", "safety": "safety"} | {
    "action": "first_action"
}


def _parts(said: str) -> JSON:
    """Read `scenario: …; trigger: …; action: …`; what names none of them is our agency's first action."""
    values: JSON = {}
    for part in said.split(";"):
        label, colon, value = part.partition(":")
        name = PARTS.get(label.strip().casefold()) if colon else None
        if name:
            values[name] = value.strip()
        elif part.strip():
            values["first_action"] = part.strip()
    return values


async def take_seen(house: House, turn: Turn) -> Answer:
    """Keep that somebody has seen an alert; pressed twice it is kept once."""
    number = text_in(turn, "report")
    if not number.isdigit() or len(number) > 9:
        raise NotUnderstood(FieldProblem("report", Problem.STALE))
    everybody = await house.directory.current()
    member = require(Act.LIST, everybody.standing(turn.sender.user_id), house.today())
    row = Event(
        key=f"trigger-seen/{number}/{member.user_id}",
        kind="trigger seen",
        holder=member.user_id,
        until=house.now(),
    )
    await house.store.add_once(EVENTS, row, by=member.name, why="trigger seen")
    return Toast("Thank you: it is kept that you have seen this.")


async def plans(house: House, turn: Turn, _rest: str) -> Answer:
    """`plans`: those in use, by reference, agency and date, which a channel may see."""
    everybody = await house.directory.current()
    require(Act.LIST, everybody.standing(turn.sender.user_id), house.today())
    rows: list[Plan] = await house.store.find(ask.open_rows(PLANS))
    found = [as_of(row, house.today()) for row in sorted(rows, key=lambda row: row.id) if row.reference]
    return Reply((Message("Plans", card=show.plans_card(found)),))


def _typed(move: Move) -> Say:
    return lambda house, turn, rest: typed_move(house, turn, rest, move)


ROUTES = Routes(
    pressed={
        Verb.PLAN: ask_why,
        Verb.PLAN_SHOW: reveal,
        Verb.PLAN_BEGIN: take_begin,
        Verb.PLAN_FORM: open_form,
        Verb.PLAN_MOVE: take_move,
        Verb.PLAN_SEEN: take_seen,
    },
    said={"plan": plan, "plans": plans, **{move.value: _typed(move) for move in Move}},
    opens=frozenset({Verb.PLAN}),
)
