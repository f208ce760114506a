"""`list`: the subgroup's list for its next meeting, and every change to it, by those who run the meeting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from board import references
from board.entitlement import Act
from board.errors import Conflict, FieldProblem, NotAllowed, NotUnderstood, Problem
from board.forms import Form
from board.listing import MOVES, Arranging, arrange, in_order, order_after, spoken
from board.records import Referral
from board.stepping import has_step, with_step
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Kind, Message, ReplaceCard, Reply, Turn
from bot.uses.refer import text_in
from bot.uses.week import Week, course, number, open_week, settled_list, with_row
from cards import listing as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import MEETINGS, REFERRALS
from sharepoint.together import Together

SPOKEN = {"release": Arranging.UNHOLD, "top": Arranging.FIRST, "drop": Arranging.REMOVE, "minute": Arranging.MINUTES}
"""Other words for the steps, as people type them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step with one case; `number` is the place or the minutes, `key` the idempotency key of the press.

    `order` is what a move came to on the list as it first was: tried again, it finds a list that it has half changed.
    """

    step: Arranging
    key: str
    number: int = 0
    order: tuple[int, ...] = ()


async def the_list(house: House, turn: Turn, rest: str) -> Answer:
    """`list`, or `list hold R-14` and the other changes: the list as it then stands."""
    said = rest.split()
    if not said:
        week = await open_week(house, turn, Act.ARRANGE_LIST)
        return await _shown(house, turn, week)
    if said[0].casefold() == "settle":
        return await settle(house, turn)
    step = _step(said[0].casefold())
    if len(said) < 2:
        raise NotUnderstood(FieldProblem("reference", Problem.NOT_A_REFERENCE))
    place = int(said[2]) if len(said) > 2 and said[2].isascii() and said[2].isdigit() and len(said[2]) < 4 else 0
    week = await _arranged(house, turn, said[1], Change(step, key_of(turn, "list"), place))
    return await _shown(house, turn, week, said=_done(said[1], step))


def _step(said: str) -> Arranging:
    try:
        return SPOKEN[said] if said in SPOKEN else Arranging(said)
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.NOT_A_CHOICE)) from None


def _done(said: str, step: Arranging) -> str:
    return f"{references.reference(references.REFERRAL, _number(said))} is {show.DONE[step]}."


def _number(said: str) -> int:
    return references.item_id(said, references.REFERRAL)


async def change(house: House, turn: Turn) -> Answer:
    """Do what the card's fields say: add a referral, or take a step with one of the list. Four requests at most."""
    form = Form(turn.value)
    more, case = form.text("more", 12), form.text("case", 12)
    step = Arranging.ADD if more else _chosen(form)
    place = form.text("number", 3)
    key = form.key()
    week = None
    try:
        form.done()
        said = more or case
        asked = Change(step, f"{key}-{step}", int(place) if place.isascii() and place.isdigit() else 0)
        week = await _arranged(house, turn, said, asked)
        return await _shown(house, turn, week, said=_done(said, step))
    except NotUnderstood as wrong:
        warned = words.not_sent(wrong.problems)
    except NotAllowed as refused:
        warned = words.refused(refused.refusal, "")
    except StoreBusy:
        warned = words.STORE_MAYBE
    except Conflict:
        warned = words.CONFLICT
    again = await open_week(house, turn, Act.ARRANGE_LIST, code=text_in(turn, "forum"))
    return await _shown(house, turn, again, warned=warned)


def _chosen(form: Form) -> Arranging:
    said = form.choice("step", Arranging, required=True)
    return Arranging(said) if said else Arranging.HOLD


async def _arranged(house: House, turn: Turn, said: str, wanted: Change) -> Week:
    """Decide and write; decide once more on what is there now when somebody changed it meanwhile."""
    referral = _number(said)
    for attempt in range(TRIES):
        week = await open_week(house, turn, Act.ARRANGE_LIST, code=text_in(turn, "forum"))
        case = next((each for each in week.referrals if each.id == referral), None) or await _other(house, referral)
        if has_step(case.step_key, wanted.key) and not wanted.order:
            return week
        if wanted.step in MOVES:
            order = order_after(week.list, case, wanted.step, wanted.number)
            wanted = replace(wanted, order=wanted.order or order)
        try:
            return await _written(house, week, case, wanted)
        except Conflict:
            if attempt == TRIES - 1:
                raise
    raise Conflict


async def _other(house: House, number_: int) -> Referral:
    """A referral that is not among the subgroup's open ones: it is read so that the refusal can say why."""
    rows: list[Referral] = await house.store.find(ask.numbered(REFERRALS, number_))
    if not rows:
        raise NotUnderstood(FieldProblem("reference", Problem.NOT_A_REFERENCE))
    return rows[0]


async def _written(house: House, week: Week, case: Referral, wanted: Change) -> Week:
    step, member = wanted.step, week.who.member
    assert member is not None
    # A dry run first: what is refused makes no meeting.
    _changes(week, case, wanted, "S-0")
    next_meeting = ""
    if step is Arranging.ADD:
        week = await with_row(house.store, week, member.name)
    if step is Arranging.REMOVE:
        following = week.next_meeting
        if not following.id:
            following, _ = await house.store.add_once(MEETINGS, following, by=member.name, why="planned")
        next_meeting = spoken(following)
        week = replace(week, meetings=(*(m for m in week.meetings if m.id != following.id), following))
    changes = _changes(week, case, wanted, next_meeting)
    batch, after = Together(house.store, member.name), list[Referral]()
    for before, changed in changes:
        mine = changed.id == case.id
        stepped = replace(changed, step_key=with_step(before.step_key, wanted.key)) if mine else changed
        batch.change(REFERRALS, before, stepped, why=f"list: {step.value}")
        after.append(stepped)
    for meeting in week.meetings:
        if meeting.id and not meeting.reference and meeting.forum == week.forum.code:
            batch.change(MEETINGS, meeting, number(meeting), why="numbered")
    await batch.send()
    for each in after:
        house.nudge(each.reference)
    return week.at(week.meeting, changed=after)


def _changes(week: Week, case: Referral, wanted: Change, next_meeting: str) -> list[tuple[Referral, Referral]]:
    if wanted.order:
        return in_order(week.list, wanted.order)
    return arrange(week.list, case, wanted.step, number=wanted.number, next_meeting=next_meeting)


async def settle(house: House, turn: Turn) -> Answer:
    """Settle the list: what it proposes becomes Listed, and those who referred hear of it. Four requests at most."""
    for attempt in range(TRIES):
        week = await open_week(house, turn, Act.ARRANGE_LIST, code=text_in(turn, "forum"))
        try:
            week, changed = await settled_list(house.store, week, _by(week))
            for each in changed:
                house.nudge(each)
            return await _shown(house, turn, week, said=f"Settled as the list of {week.list.reference}.")
        except Conflict:
            if attempt == TRIES - 1:
                raise
    return None


def _by(week: Week) -> str:
    return week.who.member.name if week.who.member else ""


async def _shown(house: House, turn: Turn, week: Week, *, said: str = "", warned: str = "") -> Answer:
    card = await _card(house, week, said=said, warned=warned)
    if turn.kind is Kind.MESSAGE:
        return Reply((Message(show.TITLE, card=card),))
    return ReplaceCard(card)


async def _card(house: House, week: Week, *, said: str, warned: str) -> JSON:
    so_far = await course(house.store, week)
    return show.list_card(
        week.list,
        so_far.faces,
        so_far.awaited,
        key=house.new_key(),
        forum=week.forum.code,
        said=said,
        warned=warned,
    )


ROUTES = Routes(pressed={Verb.LIST_CHANGE: change, Verb.LIST_SETTLE: settle}, said={"list": the_list})
