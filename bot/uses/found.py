"""Setting a board up in a private chat: how far it is, and a form for its agencies, its members and its day."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from board.entitlement import Act, require
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.records import Forum, Member
from board.scopes import scopes, theirs
from board.settingup import Progress, anchored, new_agency, new_member
from board.vocabulary import Role
from bot.directory import People
from bot.house import House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, page, text_in
from cards import founding as show
from cards import words
from cards.founding import Step
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENCIES, CONVERSATIONS, EVENTS, FORUMS, MEMBERS

JOIN = "join"


@dataclass(frozen=True, slots=True)
class Administering:
    """Who sets the board up, whom it has, and the rows of those who ask to be added, of one moment."""

    by: Member
    people: People
    joining: list[Event]

    @property
    def asking(self) -> dict[str, str]:
        """Who asks and is no member yet, by user id."""
        return _asking(self.joining, self.people)

    @property
    def board(self) -> Forum:
        """The board that they set up."""
        return _board(self.by, self.people)


async def progress(house: House, turn: Turn) -> Answer:
    """`setup` in a private chat: how far the board is, for its administrators. Two requests."""
    return Reply((Message(show.TITLE, card=await _card(house, await _administrator(house, turn))),))


async def _administrator(house: House, turn: Turn) -> Administering:
    """Read them afresh. One request. Raises NotAllowed for whoever may not."""
    people, (asking,) = await house.directory.afresh(ask.joining())
    by = require(Act.SET_UP, people.standing(turn.sender.user_id), house.today())
    return Administering(by, people, asking)


async def _card(house: House, of: Administering, said: str = "") -> JSON:
    return show.progress_card(await _progress(house, of), house.today(), said=said)


def _board(by: Member, people: People) -> Forum:
    """The board that an administrator sets up: their own where there are several."""
    mine = theirs(scopes(people.forums.values()), by)
    return mine[0].board if mine else people.board


async def _progress(house: House, of: Administering) -> Progress:
    """How far it is now, whatever was done since. One request."""
    channel = ask.keyed(CONVERSATIONS, f"forum:{of.board.code}")
    people, (bound, asking) = await house.directory.afresh(channel, ask.joining())
    forum = _board(of.by, people)
    return Progress(
        bound=bool(bound) and bound[0].open,
        agencies=tuple(people.agencies.values()),
        members=tuple(people.members.values()),
        forum=forum,
        asking=_asking(asking, people),
    )


def _asking(rows: list[Event], people: People) -> dict[str, str]:
    """Who asks and is no member yet, by user id, with the names that Teams gave."""
    found = {row.key.removeprefix(f"{JOIN}/"): row.holder or "Somebody" for row in rows}
    return {user_id: name for user_id, name in found.items() if user_id not in people.members}


async def open_form(house: House, turn: Turn) -> Answer:
    """Open the form of one step."""
    of = await _administrator(house, turn)
    return page(turn, _form(house, turn, of, _step(text_in(turn, "step"))), show.TITLE)


def _form(house: House, turn: Turn, of: Administering, step: Step, said: str = "") -> JSON:
    return show.step_form(
        step,
        Form(turn.value).key() or house.new_key(),
        agencies=list(of.people.agencies.values()),
        asking=of.asking if step is Step.MEMBER else {},
        forum=of.board,
        in_dialog=in_dialog(turn),
        values=turn.value if said else None,
        said=said,
    )


def _step(said: str) -> Step:
    try:
        return Step(said)
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.STALE)) from None


async def take_form(house: House, turn: Turn) -> Answer:
    """Keep what was typed and show how far the board is; what cannot be kept comes back as it was typed."""
    of = await _administrator(house, turn)
    step = _step(text_in(turn, "step"))
    try:
        said = await _kept(house, of, step, turn.value)
    except NotUnderstood as wrong:
        return page(turn, _form(house, turn, of, step, words.not_sent(wrong.problems)), show.TITLE)
    except StoreBusy:
        return page(turn, _form(house, turn, of, step, words.STORE_MAYBE), show.TITLE)
    return page(turn, await _card(house, of, said), show.TITLE)


async def typed(house: House, turn: Turn, step: Step, rest: str) -> Answer:
    """`setup agency AMB Name`, `setup member ID AMB chair; name`, `setup board 2026-12-10 10:00 link`."""
    only_privately(turn, "setup")
    of = await _administrator(house, turn)
    values, name = _READ[step](rest)
    said = await _kept(house, of, step, values | {"key": key_of(turn, step)}, name)
    return Reply((Message(show.TITLE, card=await _card(house, of, said)),))


def _agency_typed(rest: str) -> tuple[JSON, str]:
    code, _, name = rest.strip().partition(" ")
    return {"agency_code": code, "agency_name": name}, ""


def _member_typed(rest: str) -> tuple[JSON, str]:
    told, _, name = rest.partition(";")
    user_id, agency, roles = (*told.split(None, 2), "", "", "")[:3]
    meant = [str(role) for said in roles.split(",") for role in Role if said.strip().casefold() == role.casefold()]
    return {"member": user_id, "member_agency": agency, "member_roles": ",".join(meant)}, " ".join(name.split())[:200]


def _board_typed(rest: str) -> tuple[JSON, str]:
    day, at, link = (*rest.split(None, 2), "", "", "")[:3]
    return {"anchor": day, "meets_at": at, "board_link": link}, ""


_READ = {Step.AGENCY: _agency_typed, Step.MEMBER: _member_typed, Step.BOARD: _board_typed}


async def _kept(house: House, of: Administering, step: Step, values: JSON, name: str = "") -> str:
    """Add what a step adds, once by its own key. Two requests at most. Raises NotUnderstood with every problem."""
    form = Form(values)
    if step is Step.AGENCY:
        agency = new_agency(form, of.people.agencies.values())
        await house.store.add_once(AGENCIES, agency, by=of.by.name, why="set up")
        said = f"{agency.code} is added."
    elif step is Step.MEMBER:
        said = await _member_kept(house, of, form, name)
    else:
        said = await _board_kept(house, of, form)
    house.directory.expire()
    return said


async def _member_kept(house: House, of: Administering, form: Form, name: str) -> str:
    new = new_member(form, of.asking, of.people.members, of.people.agencies, name=name)
    kept, _ = await house.store.add_once(MEMBERS, new, by=of.by.name, why="set up")
    for row in of.joining:
        if row.key == f"{JOIN}/{new.user_id}":
            await house.store.change(EVENTS, row, replace(row, open=False), by=of.by.name, why="added")
    return f"{words.tame(kept.name)} is added. They hear from me once they open a chat with me."


async def _board_kept(house: House, of: Administering, form: Form) -> str:
    before, by = of.board, of.by
    after = anchored(form, before if before.id else replace(before, key=f"forum:{before.code}"), house.today())
    if before.id:
        await house.store.change(FORUMS, before, after, by=by.name, why="set up")
    else:
        await house.store.add_once(FORUMS, after, by=by.name, why="set up")
    return f"The board meets every six weeks from {words.weekday(after.anchor)}."


async def join(house: House, turn: Turn, _rest: str) -> Answer:
    """`join`: somebody who is no member asks to be one. Kept are their id and name, as Teams gave them."""
    only_privately(turn, "join")
    people = await house.directory.current()
    user_id = turn.sender.user_id
    if not user_id:
        raise NotAllowed(Refusal.STRANGER)
    if user_id in people.members:
        said = "You are a member of this board already. Type *home* to see what is yours."
        return Reply((Message(said, text=said),))
    row = Event(key=f"{JOIN}/{user_id}", kind=JOIN, holder=turn.sender.name[:100], until=house.now())
    _, fresh = await house.store.add_once(EVENTS, row, by=turn.sender.name or "Somebody", why="asks to be added")
    administrators = [m.name for m in people.members.values() if m.has(Role.ADMINISTRATOR)]
    whom = words.whom_to_ask("", administrators)
    return Reply((Message("Asking to be added", card=show.join_card(again=not fresh, whom=whom)),))


STEPS = re.compile(r"(agency|member|board)\b\s*(.*)", re.IGNORECASE | re.DOTALL)

ROUTES = Routes(
    pressed={Verb.SETUP_FORM: open_form, Verb.SETUP_SUBMIT: take_form},
    said={"join": join},
    opens=frozenset({Verb.SETUP_FORM}),
)
