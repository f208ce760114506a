"""`focus`: whom the board looks at and when; a chair's swap, and what the agency in focus tells the board."""

from __future__ import annotations

from dataclasses import dataclass, replace

from board.boards import Board
from board.entitlement import Act, require
from board.errors import FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal
from board.focus import FIELDS, Turn, found_in, may_answer, paper, paper_key, rotation, swapped
from board.forms import Form
from board.identifying import read_days
from board.records import AgendaItem, Meeting
from bot.boards import Scene, add_numbered, names, open_scene
from bot.house import House, key_of
from bot.packs import pack_key
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope
from bot.turn import Turn as Said
from bot.uses.agenda import may_run
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, shown, text_in
from cards import focus as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENDA_ITEMS, EVENTS, MEETINGS


async def typed(house: House, turn: Said, rest: str) -> Answer:
    """`focus`; `focus 2026-12-10 AMB why` (chairs); `focus demands; blockers; enablers` for the agency in focus."""
    said = rest.strip()
    if said:
        only_privately(turn, "demands")
    days, more = read_days(said, most=1)
    if days and said[:1].isdigit():
        return await _swapped(house, turn, days[0].isoformat(), more)
    if said:
        values: JSON = dict(zip(FIELDS, (part.strip() for part in said.split(";", 2)), strict=False))
        return await _kept(house, turn, {**values, "key": key_of(turn, "focus")})
    private = turn.reference.scope is Scope.PERSONAL
    scene, turns = await _turns(house, turn)
    card = show.rotation_card(turns, scene.people.agencies, private=private, arranges=may_run(house, scene))
    return Reply((Message(show.TITLE, card=card),))


async def _turns(house: House, turn: Said) -> tuple[Scene, list[Turn]]:
    scene = await open_scene(house, turn, Act.LIST, ask.boards_since(house.today()))
    return scene, rotation(scene.forum, scene.more[0], scene.people.agencies, house.today())


async def _swapped(house: House, turn: Said, day: str, more: str) -> Answer:
    """Give a board to another agency. Three requests; decided again when somebody changed it meanwhile."""
    agency, _, why = more.partition(" ")
    scene, turns = await _turns(house, turn)
    require(Act.RUN_BOARD, scene.people.standing(scene.member.user_id), house.today())
    board = next(
        (each.board for each in turns if day in (each.board.day.isoformat(), each.board.planned.isoformat())), None
    )
    if board is None:
        raise NotUnderstood(FieldProblem("board", Problem.NOT_A_CHOICE))
    row = swapped(board, agency.strip(" ,;:"), why, names(scene.people, scene.forum), house.today())
    kept = await _written(house, board, row, scene.member.name)
    rows = [each for each in scene.more[0] if each.id != kept.id and each.key != kept.key]
    after = rotation(scene.forum, [*rows, kept], scene.people.agencies, house.today())
    card = show.rotation_card(after, scene.people.agencies, private=True, arranges=True)
    return Reply((Message(show.TITLE, card=card),))


async def _written(house: House, board: Board, row: Meeting, by: str) -> Meeting:
    if board.row is not None:
        return await house.store.change(MEETINGS, board.row, row, by=by, why="focus swapped")
    kept, fresh = await house.store.add_once(MEETINGS, row, by=by, why="focus swapped")
    if fresh:
        return kept
    over = replace(kept, focus=row.focus, focus_why=row.focus_why)
    return await house.store.change(MEETINGS, kept, over, by=by, why="focus swapped")


async def open_form(house: House, turn: Said) -> Answer:
    """Open the form of the agency in focus, with what it said before."""
    return _answer(turn, _form(house, turn, await _current(house, turn)))


@dataclass(frozen=True, slots=True)
class _Current:
    """The next board's turn and its paper, which stays as it is once the pack is `frozen`."""

    scene: Scene
    turn: Turn
    before: AgendaItem | None
    frozen: bool


async def _current(house: House, turn: Said) -> _Current:
    """As it stands, for those who answer for the agency in focus. Two requests."""
    scene, turns = await _turns(house, turn)
    if not turns:
        raise NotFound("board")
    current = turns[0]
    if not may_answer(scene.member, current.agency):
        raise NotAllowed(Refusal.NOT_YOURS)
    papers, packs = await house.store.gather(
        ask.keyed(AGENDA_ITEMS, paper_key(scene.forum, current.board)),
        ask.keyed(EVENTS, pack_key(scene.forum, current.board)),
    )
    return _Current(scene, current, papers[0] if papers else None, frozen=bool(packs))


def _form(house: House, turn: Said, of: _Current, said: str = "") -> JSON:
    if of.before is not None and of.frozen:
        told = said or words.refused(Refusal.PACK_FROZEN, "")
        return show.paper_card(of.before, of.turn.agency, said=told)
    day = of.turn.board.day
    return show.focus_form(of.turn.agency, day, house.new_key(), in_dialog=in_dialog(turn), before=of.before, said=said)


async def take_form(house: House, turn: Said) -> Answer:
    """Keep what the agency in focus tells the board."""
    return await _kept(house, turn, turn.value)


async def _kept(house: House, turn: Said, values: JSON) -> Answer:
    """Four requests at most."""
    of = await _current(house, turn)
    wanted = text_in(turn, "board")
    if wanted and wanted != of.turn.board.day.isoformat():
        raise NotUnderstood(FieldProblem("key", Problem.STALE))
    if of.before is not None and of.frozen:
        raise NotAllowed(Refusal.PACK_FROZEN)  # a paper that is late comes in a supplement, and stays as it came
    try:
        new = paper(Form(values), of.scene.member, of.scene.forum, of.turn, now=house.now())
        kept = await _told(house, new, of.before, of.scene.member.name)
    except NotUnderstood as wrong:
        told = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values)))}".strip()
    except StoreBusy:
        told = words.STORE_MAYBE
    else:
        return _answer(turn, _form(house, turn, replace(of, before=kept), said="Kept. Thank you."))
    key, day = house.new_key(), of.turn.board.day
    card = show.focus_form(of.turn.agency, day, key, in_dialog=in_dialog(turn), values=values, warned=told)
    return _answer(turn, card)


async def _told(house: House, new: AgendaItem, before: AgendaItem | None, by: str) -> AgendaItem:
    if before is None:
        before = await add_numbered(house.store, new, by, "told the board")
    over = replace(new, id=before.id, etag=before.etag, reference=before.reference, key=before.key)
    over = replace(over, chain=before.chain, written=before.written, submitted_on=before.submitted_on)
    if over == before:
        return before
    return await house.store.change(
        AGENDA_ITEMS, before, replace(over, submitted_on=new.submitted_on), by=by, why="told the board"
    )


def _answer(turn: Said, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


ROUTES = Routes(
    pressed={Verb.FOCUS_FORM: open_form, Verb.FOCUS_SUBMIT: take_form},
    said={"focus": typed},
    opens=frozenset({Verb.FOCUS_FORM}),
)
"""What is answered about the agency in focus."""
