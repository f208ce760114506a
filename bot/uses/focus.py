"""`focus`: whom the board looks at and when; a chair's swap, and what the agency in focus tells the board."""

from __future__ import annotations

from dataclasses import replace

from board.boards import Board
from board.entitlement import Act, require
from board.errors import FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal
from board.focus import FIELDS, Turn, found_in, may_answer, paper, paper_key, rotation, swapped
from board.forms import Form
from board.identifying import read_days
from board.records import AgendaItem, Meeting
from bot.boards import Scene, add_numbered, names, open_scene
from bot.house import House, key_of
from bot.packs import is_frozen
from bot.routes import Routes
from bot.turn import JSON, Answer, Kind, Message, Reply, Scope
from bot.turn import Turn as Said
from bot.uses.agenda import may_run
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, page, text_in
from cards import focus as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENDA_ITEMS, MEETINGS


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
    scene, current, before = await _current(house, turn)
    return _answer(turn, await _form(house, turn, scene, current, before))


async def _current(house: House, turn: Said) -> tuple[Scene, Turn, AgendaItem | None]:
    """The next board's turn and its paper, for those who answer for the agency in focus."""
    scene, turns = await _turns(house, turn)
    if not turns:
        raise NotFound("board")
    current = turns[0]
    if not may_answer(scene.member, current.agency):
        raise NotAllowed(Refusal.NOT_YOURS)
    found: list[AgendaItem] = await house.store.find(ask.keyed(AGENDA_ITEMS, paper_key(scene.forum, current.board)))
    return scene, current, found[0] if found else None


async def _form(  # noqa: PLR0917 - each is one thing that the form shows
    house: House, turn: Said, scene: Scene, current: Turn, before: AgendaItem | None, said: str = ""
) -> JSON:
    if before is not None and await is_frozen(house.store, scene.forum, current.board):
        told = said or words.refused(Refusal.PACK_FROZEN, "")
        return show.paper_card(before, current.agency, said=told)
    return show.focus_form(
        current.agency, current.board.day, house.new_key(), in_dialog=in_dialog(turn), before=before, said=said
    )


async def take_form(house: House, turn: Said) -> Answer:
    """Keep what the agency in focus tells the board."""
    return await _kept(house, turn, turn.value)


async def _kept(house: House, turn: Said, values: JSON) -> Answer:
    scene, current, before = await _current(house, turn)
    wanted = text_in(turn, "board")
    if wanted and wanted != current.board.day.isoformat():
        raise NotUnderstood(FieldProblem("key", Problem.STALE))
    if before is not None and await is_frozen(house.store, scene.forum, current.board):
        raise NotAllowed(Refusal.PACK_FROZEN)  # a paper that is late comes in a supplement, and stays as it came
    try:
        new = paper(Form(values), scene.member, scene.forum, current, now=house.now())
        kept = await _told(house, new, before, scene.member.name)
    except NotUnderstood as wrong:
        told = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values)))}".strip()
    except StoreBusy:
        told = words.STORE_MAYBE
    else:
        return _answer(turn, await _form(house, turn, scene, current, kept, said="Kept. Thank you."))
    key, day = house.new_key(), current.board.day
    card = show.focus_form(current.agency, day, key, in_dialog=in_dialog(turn), values=values, warned=told)
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
    if turn.kind is Kind.MESSAGE:
        return Reply((Message(show.TITLE, card=card),))
    return page(turn, card, show.TITLE)


ROUTES = Routes(
    pressed={Verb.FOCUS_FORM: open_form, Verb.FOCUS_SUBMIT: take_form},
    said={"focus": typed},
    opens=frozenset({Verb.FOCUS_FORM}),
)
"""What is answered about the agency in focus."""
