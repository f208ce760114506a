"""`agenda`: what the board talks about; offering an item, and a chair's putting it on the agenda or not."""

from __future__ import annotations

import re

from board.agenda import MOST_MINUTES, ItemStatus, Move, found_in, moved, moves, offer, sees, spoken
from board.boards import Board
from board.entitlement import Act, refusal
from board.errors import Conflict, FieldProblem, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.records import AgendaItem
from bot.boards import Scene, add_numbered, focus_of, open_item, open_scene, with_row
from bot.filling import fills
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, page, text_in
from cards import agenda as show
from cards import words
from cards.verbs import Verb
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENDA_ITEMS

_COMMAND = re.compile(r"(add|offer|accept|decline|withdraw)\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_ITEM = re.compile(r"[Ii]\s*[-‐‑–—]?\s*[0-9]{1,9}")


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`agenda`, `agenda I-5`; `agenda add title; words; minutes`, `agenda accept I-5 10`, `agenda decline I-5 why`."""
    said = rest.strip()
    command = _COMMAND.fullmatch(said)
    if command is not None:
        only_privately(turn, "title")
        return await _commanded(house, turn, command[1].casefold(), command[2].strip())
    if _ITEM.fullmatch(said):
        only_privately(turn, "title")
        return await _shown(house, turn, said)
    scene = await open_scene(house, turn, Act.LIST)
    private = turn.reference.scope is Scope.PERSONAL
    card = await _agenda(house, scene, private=private)
    return Reply((Message(show.TITLE, card=card),))


async def _agenda(house: House, scene: Scene, *, private: bool) -> JSON:
    board = scene.board(house.today())
    if board is None:
        raise NotFound("board")
    focus = await focus_of(house.store, scene.people, scene.forum, board, house.today())
    shown, begins = scene.agenda(board, channel=not private)
    offered = [each for each in scene.items if each.status == ItemStatus.OFFERED and sees(scene.member, each)]
    of = show.Agenda(
        board.day,
        spoken(board),
        shown,
        begins,
        fills=await fills(house, scene, board),
        offered=[each for each in offered if each.reference and each.forum.upper() == scene.forum.code.upper()],
        focus=scene.people.agency_name(focus),
        link=scene.forum.link,
    )
    return show.agenda_card(of, private=private, arranges=may_run(house, scene))


def may_run(house: House, scene: Scene) -> bool:
    """Whether this person arranges and runs the board."""
    who = scene.people.standing(scene.member.user_id)
    return refusal(Act.RUN_BOARD, who, house.today()) is None


async def _commanded(house: House, turn: Turn, word: str, said: str) -> Answer:
    if word in ("add", "offer"):
        return await _typed_offer(house, turn, said)
    reference, _, more = said.partition(" ")
    values: JSON = {"key": key_of(turn, word), "why": more.strip()}
    if word == "accept":
        values["item_minutes"] = more.strip()
    return await _moved(house, turn, reference, Move(word), values)


async def _typed_offer(house: House, turn: Turn, said: str) -> Answer:
    if not said:
        await open_scene(house, turn, Act.OFFER_ITEM)
        return Reply((Message(show.TITLE, card=show.offer_form(house.new_key(), in_dialog=False)),))
    parts = [part.strip() for part in said.split(";")]
    values: JSON = {"key": key_of(turn, "agenda"), "title": parts[0]}
    if len(parts) > 1 and parts[-1].isdigit() and int(parts[-1][:4]) <= MOST_MINUTES:
        values["item_minutes"] = parts.pop()
    values["words"] = "; ".join(parts[1:])
    return await _offered(house, turn, values)


async def open_offer(house: House, turn: Turn) -> Answer:
    """Open the empty form."""
    await open_scene(house, turn, Act.OFFER_ITEM)
    return page(turn, show.offer_form(house.new_key(), in_dialog=in_dialog(turn)), show.TITLE)


async def take_offer(house: House, turn: Turn) -> Answer:
    """Keep the item; what cannot be kept comes back as it was typed."""
    return await _offered(house, turn, turn.value)


async def _offered(house: House, turn: Turn, values: JSON) -> Answer:
    scene = await open_scene(house, turn, Act.OFFER_ITEM)
    try:
        new = offer(Form(values), scene.member, scene.forum, now=house.now())
        kept = await add_numbered(house.store, new, scene.member.name, "offered")
    except NotUnderstood as wrong:
        said = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values)))}".strip()
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return _answer(turn, show.offered_card(kept.reference))
    key = Form(values).key() or house.new_key()
    return _answer(turn, show.offer_form(key, in_dialog=in_dialog(turn), values=values, said=said))


def _answer(turn: Turn, card: JSON) -> Answer:
    if turn.kind.value == "message":
        return Reply((Message(show.TITLE, card=card),))
    return page(turn, card, show.TITLE)


async def show_item(house: House, turn: Turn) -> Answer:
    """Open one item from its button."""
    return await _shown(house, turn, text_in(turn, "reference"))


async def _shown(house: House, turn: Turn, said: str) -> Answer:
    scene, found = await open_item(house, turn, said)
    return _answer(turn, _card(house, turn, scene, found))


def _card(  # noqa: PLR0917 - who asks, of what, and what is said above it
    house: House, turn: Turn, scene: Scene, found: AgendaItem, told: str = "", warned: str = ""
) -> JSON:
    allowed = moves(found, scene.member)
    return show.item_card(found, allowed, house.new_key(), in_dialog=in_dialog(turn), said=told, warned=warned)


async def take_move(house: House, turn: Turn) -> Answer:
    """Accept, decline or withdraw the item of the card."""
    try:
        move = Move(text_in(turn, "move"))
    except ValueError:
        raise NotUnderstood(FieldProblem("step", Problem.STALE)) from None
    return await _moved(house, turn, text_in(turn, "reference"), move, turn.value)


async def _moved(house: House, turn: Turn, reference: str, move: Move, values: JSON) -> Answer:
    """Decide and write; decided again on what is there now when somebody changed it meanwhile. Four requests."""
    for attempt in range(TRIES):
        scene, found = await open_item(house, turn, reference)
        try:
            board = await _on(house, scene, move)
            after = moved(found, move, Form(values), scene.member, spoken(board) if board else "")
            kept = await house.store.change(AGENDA_ITEMS, found, after, by=scene.member.name, why=move.value)
        except NotUnderstood as wrong:
            return _answer(turn, _card(house, turn, scene, found, warned=words.not_sent(wrong.problems)))
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            return _answer(turn, _card(house, turn, scene, kept, told=show.MOVED[move]))
    return None


async def _on(house: House, scene: Scene, move: Move) -> Board | None:
    """The board that an accepted item is on: its row is made when nobody made it yet."""
    if move is not Move.ACCEPT:
        return None
    board = scene.board(house.today())
    if board is None:
        raise NotFound("board")
    return await with_row(house.store, board, scene.member.name)


ROUTES = Routes(
    pressed={
        Verb.AGENDA_OFFER: open_offer,
        Verb.AGENDA_OFFER_SUBMIT: take_offer,
        Verb.AGENDA_ITEM: show_item,
        Verb.AGENDA_MOVE: take_move,
    },
    said={"agenda": typed},
    opens=frozenset({Verb.AGENDA_OFFER, Verb.AGENDA_ITEM}),
)
