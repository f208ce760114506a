"""Actions: seeing one, taking a step with it, adding one. A step is guarded by the ETag the action was read at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from board import references
from board.actions import Action, Step, add, decide, found_in, has_taken, steps, taken
from board.entitlement import Act, Sight, Standing, may_chair, own_forum, require, sight, sight_in_channel
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal
from board.escalation import Climb, Rung, climb
from board.forms import Form
from board.messages import message_link, words_of
from board.rearranging import changes
from board.records import Member, Referral
from bot.directory import People, people
from bot.escalating import SENIOR_PAPER, answers_in
from bot.house import TRIES, House, key_of
from bot.routes import Routes, Say
from bot.turn import JSON, Answer, Kind, Message, ReplaceCard, Reply, Scope, Turn
from bot.uses.refer import in_dialog, page, text_in
from cards import actions as show
from cards import words
from cards.extensions import RAISE_ACTION
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreBusy
from sharepoint.schema import ACTIONS, AGENCIES, EVENTS, FORUMS

TITLE = "Action"


@dataclass(frozen=True, slots=True)
class Seen:
    """An action and the standing of the person who asks, of one moment."""

    action: Action
    who: Standing
    people: People
    restricted: tuple[Referral, ...] = ()
    events: tuple[Event, ...] = ()

    def at(self, today: date) -> Climb | None:
        """Where it stands above its owner; None while it does not."""
        found = climb(self.action, answers_in(self.events), today, self.people.ladder(self.action.agency))
        return found if found is not None and found.rung is not Rung.OWNER else None

    @property
    def paper(self) -> str:
        """Where its paper for the Senior Partnership Board is; empty where there is none."""
        papers = [each for each in self.events if each.kind == SENIOR_PAPER]
        return max(papers, key=lambda each: each.id).value if papers else ""

    def full_member(self, house: House) -> Member:
        """Who asks. Raises NotAllowed for those who do not see the action in full."""
        if self.who.member is None or self.amount(house) is not Sight.FULL:
            raise NotAllowed(Refusal.NOT_YOURS)
        return self.who.member

    def amount(self, house: House) -> Sight:
        """How much of it this person may see in private."""
        return sight(self.action, self.who, house.today(), self.restricted)


async def read_action(house: House, user_id: str, spoken: str) -> Seen:
    """Read an action and who asks, afresh, in one request. Raises NotFound for what is not there or not for them."""
    number = references.item_id(spoken, references.ACTION)
    reference = references.reference(references.ACTION, number)
    members, agencies, forums, actions, restricted, events = await house.store.gather(
        ask.member(user_id),
        ask.open_rows(AGENCIES),
        ask.open_rows(FORUMS),
        ask.numbered(ACTIONS, number),
        ask.restricted_referrals(),
        ask.about(EVENTS, reference),
    )
    everybody = people(members, agencies, forums, house.board)
    who = everybody.standing(user_id)
    require(Act.SEE_ACTIONS, who, house.today())
    found = [action for action in actions if action.reference]
    if not found or sight(found[0], who, house.today()) is Sight.NOTHING:
        raise NotFound(reference)
    return Seen(found[0], who, everybody, tuple(restricted), tuple(events))


async def action(house: House, turn: Turn, rest: str) -> Answer:
    """`action A-103`: in private with what can be done; in a channel what a channel may see, and a button."""
    seen = await read_action(house, turn.sender.user_id, rest.split(" ", 1)[0])
    summary = f"Action {seen.action.reference}"
    if turn.reference.scope is Scope.PERSONAL:
        return Reply((Message(summary, card=action_view(house, turn, seen)),))
    card = show.channel_action(
        seen.action, amount=sight_in_channel(seen.action), today=house.today(), names=seen.people.agencies
    )
    return Reply((Message(summary, card=card),))


async def open_action(house: House, turn: Turn) -> Answer:
    """Open an action from a button: in a dialog, or in the place of the card in a private chat."""
    seen = await read_action(house, turn.sender.user_id, text_in(turn, "reference"))
    only_one_to_one(turn)
    return page(turn, action_view(house, turn, seen), TITLE)


async def view(house: House, turn: Turn) -> Answer:
    """The channel's card of an action as the person who sees it may act on it; nothing for whoever may not see it."""
    try:
        seen = await read_action(house, turn.sender.user_id, text_in(turn, "reference"))
    except (NotAllowed, NotFound):
        return None
    member, amount = seen.who.member, sight_in_channel(seen.action)
    mine = steps(seen.action, member) if member is not None and seen.amount(house) is Sight.FULL else []
    card = show.channel_action(seen.action, amount=amount, today=house.today(), names=seen.people.agencies, mine=mine)
    return ReplaceCard(card)


def only_one_to_one(turn: Turn) -> None:
    """Raise NotUnderstood for a button pressed in a channel: what it shows would take the card's place for all."""
    if turn.kind is Kind.CARD_ACTION and turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("action", Problem.NOT_PRIVATE))


def action_view(house: House, turn: Turn, seen: Seen, *, said: str = "", warned: str = "") -> JSON:
    """The card of an action with what this person can do."""
    amount = seen.amount(house)
    member = seen.who.member
    offered = steps(seen.action, member) if member is not None and amount is Sight.FULL else []
    return show.action_card(
        seen.action,
        offered,
        amount=amount,
        today=house.today(),
        key=house.new_key(),
        names=seen.people.agencies,
        in_dialog=in_dialog(turn),
        said=said,
        warned=warned,
        more=member is not None and amount is Sight.FULL and bool(changes(seen.action, member, house.today())),
        at=seen.at(house.today()),
        paper=seen.paper,
    )


async def take_step(house: House, turn: Turn) -> Answer:
    """Take the step of the button that was pressed. Two requests."""
    only_one_to_one(turn)
    reference = text_in(turn, "reference")
    step = _step(text_in(turn, "step"))
    try:
        seen = await _taken(house, turn, reference, step, turn.value)
    except NotUnderstood as wrong:
        warned = words.not_sent(wrong.problems)
    except StoreBusy:
        warned = words.STORE_MAYBE
    else:
        return page(turn, action_view(house, turn, seen, said=words.STEP_TAKEN[step]), TITLE)
    again = await read_action(house, turn.sender.user_id, reference)
    return page(turn, action_view(house, turn, again, warned=warned), TITLE)


def _step(said: str) -> Step:
    try:
        return Step(said)
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.STALE)) from None


async def typed_step(house: House, turn: Turn, rest: str, step: Step) -> Answer:
    """`done A-103 note` and the other typed steps. A note is taken in a private chat only."""
    reference, _, note = rest.strip().partition(" ")
    if note and turn.reference.scope is not Scope.PERSONAL:
        raise NotUnderstood(FieldProblem("note", Problem.NOT_PRIVATE))
    values: JSON = {"note": note, "key": key_of(turn, step)}
    if step is Step.DONE:
        note, _, evidence = note.partition("; evidence:")
        values |= {"note": note, "evidence": evidence}
    if step is Step.MORE_TIME:
        day, _, note = note.partition(" ")
        values |= {"asked_due": day, "note": note}
    seen = await _taken(house, turn, reference, step, values)
    said = f"{seen.action.reference}: {words.STEP_TAKEN[step]}"
    return Reply((Message(said, text=said),))


async def _taken(house: House, turn: Turn, reference: str, step: Step, values: Any) -> Seen:
    """Take one of its everyday steps."""

    def after(action: Action, member: Member) -> Action:
        return decide(action, member, step, Form(values), now=house.now(), today=house.today())

    return await written(house, turn, reference, step.value, values, after)


async def written(  # noqa: PLR0917 - who writes what of which action, and how it is decided
    house: House, turn: Turn, reference: str, name: str, values: Any, after: Callable[[Action, Member], Action]
) -> Seen:
    """Decide (`after`) and write; decide again on what is there now when somebody changed it meanwhile.

    Raises NotAllowed for those who do not see the action in full. The same press again changes nothing more.
    """
    form = Form(values)
    # All buttons of a card carry its one key, so their names are part of what was taken: another button is another.
    key = f"{form.key()}-{name}"
    form.done()
    for attempt in range(TRIES):
        seen = await read_action(house, turn.sender.user_id, reference)
        if has_taken(seen.action, key):
            return seen
        member = seen.full_member(house)
        try:
            new = taken(after(seen.action, member), key)
            kept = await house.store.change(ACTIONS, seen.action, new, by=member.name, why=name)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            return replace(seen, action=kept)
    raise NotFound(reference)


async def invite_add(house: House, turn: Turn, _rest: str) -> Answer:
    """`add action`: the way to the form. What follows it in a channel is not kept."""
    await _chair(house, turn)
    return Reply((Message("Add an action", card=show.add_invitation()),))


async def _chair(house: House, turn: Turn) -> tuple[Member, People]:
    everybody = await house.directory.current()
    return require(Act.ADD_ACTION, everybody.standing(turn.sender.user_id), house.today()), everybody


async def open_add(house: House, turn: Turn) -> Answer:
    """Open the form for a new action."""
    _, everybody = await _chair(house, turn)
    return page(turn, show.add_form(house.new_key(), everybody.members.values(), in_dialog=in_dialog(turn)), TITLE)


async def from_message(house: House, turn: Turn) -> Answer:
    """Open the form with a message's words in it, for a chair to change; nothing is kept before they send it."""
    _, everybody = await _chair(house, turn)
    values = {"what": words_of(turn.text)}
    card = show.add_form(
        house.new_key(),
        everybody.members.values(),
        in_dialog=in_dialog(turn),
        values=values,
        message=message_link(text_in(turn, "link")),
        found=words.found_in_fields(found_in(Form(values))),
    )
    return page(turn, card, TITLE)


def _message_of(turn: Turn) -> str | None:
    """The way back to the message that an action is raised from, read anew; None for one that is raised from none."""
    return message_link(text_in(turn, "link")) if text_in(turn, "raised") else None


async def take_add(house: House, turn: Turn) -> Answer:
    """Keep a new action and show it. Two requests: the row, and its number."""
    chair, everybody = await _chair(house, turn)
    try:
        kept = await _added(house, turn, chair, everybody)
    except NotUnderstood as wrong:
        said = words.not_sent(wrong.problems)
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        seen = Seen(kept, everybody.standing(turn.sender.user_id), everybody)
        return page(turn, action_view(house, turn, seen, said=f"Kept as {kept.reference}."), TITLE)
    card = show.add_form(
        Form(turn.value).key() or house.new_key(),
        everybody.members.values(),
        in_dialog=in_dialog(turn),
        values=turn.value,
        said=said,
        message=_message_of(turn),
        found=words.found_in_fields(found_in(Form(turn.value))),
    )
    return page(turn, card, TITLE)


def named_in(everybody: People, said: str) -> Member | None:
    """The member chosen from the list, or named in full where the list was too long to show."""
    chosen = everybody.members.get(said.strip().lower())
    named = [member for member in everybody.members.values() if member.name.casefold() == said.strip().casefold()]
    return chosen or (named[0] if len(named) == 1 else None)


async def _added(house: House, turn: Turn, chair: Member, everybody: People) -> Action:
    owner = named_in(everybody, text_in(turn, "owner"))
    now, today, message = house.now(), house.today(), _message_of(turn)
    forum = house.forum or own_forum(chair, everybody.forums) or house.board
    may_chair(chair, forum)
    new = add(Form(turn.value), chair, owner, forum=forum, now=now, today=today, message=message)
    kept, _ = await house.store.add_once(ACTIONS, new, by=chair.name, why="agreed")
    if kept.reference:
        return kept
    try:
        return await house.store.number(ACTIONS, kept, by=chair.name)
    except Conflict:
        # The feed numbered it first.
        return replace(kept, reference=references.reference(references.ACTION, kept.id))


def _typed(step: Step) -> Say:
    return lambda house, turn, rest: typed_step(house, turn, rest, step)


ROUTES = Routes(
    pressed={
        Verb.ACTION: open_action,
        Verb.ACTION_VIEW: view,
        Verb.ACTION_STEP: take_step,
        Verb.ACTION_ADD: open_add,
        Verb.ACTION_ADD_SUBMIT: take_add,
    },
    said={
        "action": action,
        "add action": invite_add,
        **{step.value: _typed(step) for step in Step if step is not Step.RETURN},
    },
    opens=frozenset({Verb.ACTION, Verb.ACTION_ADD}),
    shared=frozenset({Verb.ACTION_VIEW}),
    begun={RAISE_ACTION: from_message},
)
