"""`transfer`, `snooze`, `not undertaken`, `supersede`, `senior board`: an action beside its everyday steps."""

from __future__ import annotations

from board.actions import Action
from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.identifying import read_days
from board.rearranging import Change, Now, change, changes, receivers
from board.records import Member
from bot.house import House, key_of
from bot.routes import Routes, Say
from bot.turn import JSON, Answer, Message, Reply, Turn
from bot.uses.act import TITLE, Seen, action_view, named_in, only_one_to_one, read_action, written
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, page, shown, text_in
from cards import rearranging as show
from cards import words
from cards.verbs import Verb
from sharepoint.errors import StoreBusy


async def open_form(house: House, turn: Turn) -> Answer:
    """Open what can be done with an action beside its steps. One request."""
    only_one_to_one(turn)
    seen = await read_action(house, turn.sender.user_id, text_in(turn, "reference"))
    return _answer(turn, await _form(house, turn, seen))


async def _form(house: House, turn: Turn, seen: Seen, *, values: JSON | None = None, said: str = "") -> JSON:
    member, everybody = seen.full_member(house), await house.directory.current()
    offered = changes(seen.action, member, house.today())
    key = Form(values or {}).key() or house.new_key()
    to = receivers(seen.action, member, everybody.members.values()) if Change.TRANSFER in offered else []
    return show.change_form(seen.action, offered, to, key, in_dialog=in_dialog(turn), values=values, said=said)


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, TITLE)


async def take(house: House, turn: Turn) -> Answer:
    """Do what the button says. Two requests; what cannot be done comes back as it was typed."""
    only_one_to_one(turn)
    try:
        what = Change(text_in(turn, "change"))
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.STALE)) from None
    reference = text_in(turn, "reference")
    try:
        seen = await _changed(house, turn, reference, what, turn.value)
    except NotUnderstood as wrong:
        said = words.not_sent(wrong.problems)
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return page(turn, action_view(house, turn, seen, said=show.DONE[what]), TITLE)
    seen = await read_action(house, turn.sender.user_id, reference)
    return page(turn, await _form(house, turn, seen, values=turn.value, said=said), TITLE)


async def _changed(house: House, turn: Turn, reference: str, what: Change, values: JSON) -> Seen:
    to = named_in(await house.directory.current(), str(values.get("owner") or ""))

    def after(action: Action, member: Member) -> Action:
        return change(action, what, Form(values), Now(member, to, house.now()))

    return await written(house, turn, reference, what.value, values, after)


async def _typed(house: House, turn: Turn, rest: str, what: Change) -> Answer:
    """The same, typed in a private chat; with nothing but a number, the form."""
    only_privately(turn, "note")
    reference, _, said = rest.strip().partition(" ")
    if not said.strip() and what is not Change.SNOOZE:
        return _answer(turn, await _form(house, turn, await read_action(house, turn.sender.user_id, reference)))
    values: JSON = {"key": key_of(turn, what), **_values(what, said)}
    seen = await _changed(house, turn, reference, what, values)
    told = f"{seen.action.reference}: {show.DONE[what]}"
    return Reply((Message(told, text=told),))


def _values(what: Change, said: str) -> JSON:
    if what is Change.SNOOZE:
        return {"snooze_until": _iso(said)}
    if what is Change.TRANSFER:
        name, why, due = (*[part.strip() for part in said.split(";", 2)], "", "")[:3]
        return {"owner": name, "note": why, "new_due": _iso(due)}
    return {"note": said.strip()}


def _iso(said: str) -> str:
    """A day as people write it, as a form sends it; what is none is left for the form's rules to refuse."""
    days, _ = read_days(said, most=1)
    return days[0].isoformat() if days else said.strip()


def _say(what: Change) -> Say:
    return lambda house, turn, rest: _typed(house, turn, rest, what)


ROUTES = Routes(
    pressed={Verb.ACTION_MORE: open_form, Verb.ACTION_CHANGE: take},
    said={each.value: _say(each) for each in Change},
    opens=frozenset({Verb.ACTION_MORE}),
)
"""What is answered."""
