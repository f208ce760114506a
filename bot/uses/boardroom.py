"""Running the board: its statement accepted, who takes part, what it decides and agrees, its close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from board import references
from board.actions import Action
from board.agenda import spoken, the_board, to_run
from board.boardroom import begun, closed, dealt_with, decisions, found_in, outcome, require_on, taken_back
from board.boards import Board, row_of
from board.entitlement import Act
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem, Refusal, one_of
from board.forms import Form
from board.hearing import Room, acceptance, accepted_by, by_agency
from board.minuting import read_decision
from board.records import AgendaItem, Attendance, Meeting
from board.vocabulary import MeetingStatus
from bot.attending import HOW, TYPED, keep_attendance
from bot.boards import Scene, names, open_scene, whose_turn
from bot.house import TRIES, House, key_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Turn
from bot.uses.looking import only_privately
from bot.uses.refer import in_dialog, page, shown, text_in
from cards import boardroom as show
from cards import meeting as meeting_cards
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import ACTIONS, AGENDA_ITEMS, ATTENDANCE, MEETINGS
from sharepoint.together import Together


@dataclass(frozen=True, slots=True)
class Sitting:
    """The board that is run now: who runs it, and what was recorded of it so far."""

    scene: Scene
    board: Board
    focus: str = ""
    attendance: Sequence[Attendance] = ()
    items: Sequence[AgendaItem] = ()
    actions: Sequence[Action] = ()

    @property
    def reference(self) -> str:
        """Its reference, such as B-7; empty before anybody made its row."""
        return spoken(self.board)

    @property
    def meeting(self) -> Meeting:
        """Its row. Raises NotAllowed when it is not going on."""
        row = self.board.row
        if row is None:
            raise NotAllowed(Refusal.BOARD_NOT_ON)
        require_on(row)
        return row

    @property
    def is_on(self) -> bool:
        """Whether it goes on."""
        return self.board.row is not None and self.board.row.status == MeetingStatus.IN_PROGRESS

    @property
    def codes(self) -> list[str]:
        """The agencies that belong to it."""
        return names(self.scene.people, self.scene.forum)


async def sit(house: House, turn: Turn, *more: ask.Query) -> Sitting:
    """Read the board that is run now, and what else is asked, with what was recorded of it. Two requests, one where it
    has no row yet.

    Raises NotAllowed for those who do not run it, and when none is to be run.
    """
    scene = await open_scene(house, turn, Act.RUN_BOARD, *more)
    board = to_run(scene.forum, scene.meetings, house.today())
    if board is None:
        raise NotAllowed(Refusal.BOARD_NOT_ON)
    return await _recorded(house, Sitting(scene, board)) if board.row is not None else Sitting(scene, board)


async def _recorded(house: House, of: Sitting) -> Sitting:
    reference = of.reference or "-"
    attendance, items, actions = await house.store.gather(
        ask.about(ATTENDANCE, reference), ask.items_of(reference), ask.actions_of(reference)
    )
    row = of.board.row
    focus = row.focus.upper() if row is not None else ""
    return replace(of, attendance=tuple(attendance), items=tuple(items), actions=tuple(actions), focus=focus)


def _sheet(of: Sitting) -> show.Sheet:
    parts, starts = of.scene.agenda(of.board)
    return show.Sheet(
        of.board.day,
        of.reference,
        parts,
        starts,
        attendance=by_agency(of.attendance),
        agencies=of.codes,
        decisions=decisions(of.items),
        actions=sorted(of.actions, key=lambda each: each.id),
        focus=of.scene.people.agency_name(of.focus),
    )


async def open_sheet(house: House, turn: Turn) -> Answer:
    """Open the run-sheet from a button."""
    return _shown(house, turn, await sit(house, turn))


def _shown(house: House, turn: Turn, of: Sitting, said: str = "") -> Answer:
    accepted = of.is_on and accepted_by(of.attendance, of.scene.member.user_id)
    key = house.new_key()
    card = show.sheet_card(_sheet(of), key, accepted=accepted, begun=of.is_on, in_dialog=in_dialog(turn), said=said)
    return _answer(turn, card)


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, show.TITLE)


async def accept(house: House, turn: Turn) -> Answer:
    """Keep that the statement was accepted; the first to do so begins the board. Three requests."""
    for attempt in range(TRIES):
        of = await sit(house, turn, ask.boards_since(house.today()))
        member, board = of.scene.member, of.board
        if of.is_on and accepted_by(of.attendance, member.user_id):
            return _shown(house, turn, of, said="You accepted it before.")
        row = board.row
        if row is None:
            row, _ = await house.store.add_once(MEETINGS, row_of(board), by=member.name, why="planned")
        turn_of = whose_turn(of.scene.more[0], of.scene.people, of.scene.forum, board, house.today())
        on = replace(begun(row), reference=MEETINGS.reference_of(row), focus=row.focus or turn_of)
        batch, accepting = Together(house.store, member.name), acceptance(on.reference, member, house.now())
        batch.change(MEETINGS, row, on, why="begun")
        batch.add(ATTENDANCE, accepting, why="statement accepted")
        try:
            await batch.send()
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            of = replace(
                of, board=replace(board, row=on), focus=on.focus.upper(), attendance=(*of.attendance, accepting)
            )
            return _shown(house, turn, of, said="Accepted. It is recorded with the board.")
    return None


def _accepted(of: Sitting) -> Sitting:
    """The board, if it goes on and who asks accepted its statement. Raises NotAllowed."""
    require_on(of.meeting)
    if not accepted_by(of.attendance, of.scene.member.user_id):
        raise NotAllowed(Refusal.BOARD_NOT_ACCEPTED)
    return of


async def open_attendance(house: House, turn: Turn) -> Answer:
    """Open the form that asks how each agency takes part."""
    return _answer(turn, _attendance_form(house, turn, _accepted(await sit(house, turn))))


def _attendance_form(house: House, turn: Turn, of: Sitting, *, values: JSON | None = None, said: str = "") -> JSON:
    return meeting_cards.attendance_form(
        {code: of.scene.people.agencies[code] for code in of.codes},
        by_agency(of.attendance),
        meeting=of.reference,
        key=house.new_key(),
        forum=of.scene.forum.code,
        in_dialog=in_dialog(turn),
        values=values,
        said=said,
        verb=Verb.BOARD_ATTENDANCE_SUBMIT,
    )


async def take_attendance(house: House, turn: Turn) -> Answer:
    """Keep how the agencies take part, all at once. Three requests; decided again once on a conflict."""
    for attempt in range(TRIES):
        of = _accepted(await sit(house, turn))
        _same(of, text_in(turn, "meeting"))
        form = Form(turn.value)
        wanted = {code: form.text(f"attend_{code}") for code in of.codes}
        try:
            form.done()
            of = await _attending(house, of, {code: each for code, each in wanted.items() if each})
        except NotUnderstood as wrong:
            said = words.not_sent(wrong.problems)
        except StoreBusy:
            said = words.STORE_MAYBE
        except Conflict:
            if attempt < TRIES - 1:
                continue
            said = words.CONFLICT
        else:
            return _shown(house, turn, of, said="The attendance is kept.")
        return page(turn, _attendance_form(house, turn, of, values=turn.value, said=said), show.TITLE)
    return None


async def _attending(house: House, of: Sitting, said: dict[str, str]) -> Sitting:
    before = by_agency(of.attendance)
    kept = await keep_attendance(Together(house.store, of.scene.member.name), of.reference, before, said)
    others = [row for row in of.attendance if row not in before.values() or row.agency.upper() not in kept]
    return replace(of, attendance=(*others, *kept.values()))


def _same(of: Sitting, said: str) -> None:
    """Raise NotAllowed for what was sent from the card of another board."""
    if said and said != of.reference:
        raise NotAllowed(Refusal.BOARD_NOT_ON)


async def attend(house: House, turn: Turn, rest: str) -> Answer:
    """`board attend POL present`: one agency at the board that goes on."""
    code, _, how = rest.strip().partition(" ")
    of = _accepted(await sit(house, turn))
    if code.upper() not in of.codes:
        raise NotUnderstood(one_of("focus_agency", sorted(of.codes)))
    taken = HOW.get(" ".join(how.split()).strip(" .").casefold(), "")
    if not taken:
        raise NotUnderstood(one_of("attended", TYPED) if how else FieldProblem("attended", Problem.MISSING))
    of = await _attending(house, of, {code.upper(): taken})
    return _shown(house, turn, of, said="The attendance is kept.")


async def open_record(house: House, turn: Turn) -> Answer:
    """Open the form for what was made of an item."""
    of = _accepted(await sit(house, turn))
    card = show.record_form(_sheet(of), house.new_key(), codes=of.codes, in_dialog=in_dialog(turn))
    return _answer(turn, card)


async def take_record(house: House, turn: Turn) -> Answer:
    """Keep what was made of an item; what cannot be kept comes back as it was typed."""
    return await _record(house, turn, turn.value, text_in(turn, "meeting"))


async def decide(house: House, turn: Turn, rest: str) -> Answer:
    """`decide tracker: text; action MHT 2027-01-20: what`: what the board that goes on made of an item."""
    only_privately(turn, "decision")
    values: JSON = {**read_decision(rest), "key": key_of(turn, "decide")}
    return await _record(house, turn, values, "")


async def _record(house: House, turn: Turn, values: JSON, meeting: str) -> Answer:
    """Four requests: the board, what it recorded, the decision with its actions, and all of it as it is then."""
    of = _accepted(await sit(house, turn))
    _same(of, meeting)
    try:
        of, kept = await _kept(house, of, values)
    except NotUnderstood as wrong:
        said = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values)))}".strip()
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        return _shown(house, turn, of, said=kept)
    key = Form(values).key() or house.new_key()
    sheet, within = _sheet(of), in_dialog(turn)
    return _answer(turn, show.record_form(sheet, key, codes=of.codes, in_dialog=within, values=values, said=said))


async def _kept(house: House, of: Sitting, values: JSON) -> tuple[Sitting, str]:
    scene, meeting = of.scene, of.meeting
    agencies = {code: scene.people.agencies[code] for code in of.codes}
    members = tuple(scene.people.members.values())
    room = Room(of.reference, scene.forum, of.board.day, agencies, members)
    parts, _ = scene.agenda(of.board)
    found = outcome(Form(values), scene.member, meeting, parts, room, now=house.now())
    batch = Together(house.store, scene.member.name)
    if found.decision is not None:
        batch.add(AGENDA_ITEMS, found.decision, why=f"decided in {of.reference}")
    for action in found.actions:
        batch.add(ACTIONS, action, why=f"agreed in {of.reference}")
    await batch.send()
    told = [*(["The decision"] if found.decision else [])]
    told += [words.count(len(found.actions), "action")] if found.actions else []
    return await _recorded(house, of), f"Kept: {words.joined(told).lower()}."


async def undo(house: House, turn: Turn, rest: str) -> Answer:
    """`board undo I-12`: take back a decision that was recorded by mistake, while the board goes on. Three requests.

    Decided again when the row changed meanwhile: a fresh one is being numbered.
    """
    number = references.item_id(rest, references.AGENDA_ITEM)
    for attempt in range(TRIES):
        of = _accepted(await sit(house, turn))
        found = next((each for each in decisions(of.items) if each.id == number), None)
        if found is None:
            raise NotFound(references.reference(references.AGENDA_ITEM, number))
        after = taken_back(found, of.meeting)
        try:
            await house.store.change(AGENDA_ITEMS, found, after, by=of.scene.member.name, why="taken back")
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            of = replace(of, items=[after if each.id == after.id else each for each in of.items])
            said = "Taken back: it is in no minutes. Its actions stay; close them one by one."
            return _shown(house, turn, of, said=said)
    return None


async def close(house: House, turn: Turn) -> Answer:
    """End the board: its items are dealt with, and its minutes are a draft from now on. Three requests."""
    for attempt in range(TRIES):
        of = _accepted(await sit(house, turn))
        _same(of, text_in(turn, "meeting"))
        batch = Together(house.store, of.scene.member.name)
        for before, after in dealt_with(of.scene.items, of.meeting):
            batch.change(AGENDA_ITEMS, before, after, why=f"dealt with in {of.reference}")
        over = closed(of.meeting)
        batch.change(MEETINGS, of.meeting, over, why="closed")
        try:
            await batch.send()
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            rows = [over if each.id == over.id else each for each in of.scene.meetings]
            following = the_board(of.scene.forum, rows, house.today())
            return _answer(turn, show.board_closed_card(_sheet(of), following.day if following else None))
    return None


async def start(house: House, turn: Turn, _rest: str) -> Answer:
    """`board start`: the run-sheet of the board that is run now, with its statement until it is accepted."""
    return await open_sheet(house, turn)


async def _accept(house: House, turn: Turn, _rest: str) -> Answer:
    return await accept(house, turn)


async def _close(house: House, turn: Turn, _rest: str) -> Answer:
    return await close(house, turn)


WORDS = {"start": start, "accept": _accept, "attend": attend, "undo": undo, "close": _close}
"""What follows the word `board` to run one; each in a private chat."""

ROUTES = Routes(
    pressed={
        Verb.BOARD_SHEET: open_sheet,
        Verb.BOARD_ACCEPT: accept,
        Verb.BOARD_ATTENDANCE: open_attendance,
        Verb.BOARD_ATTENDANCE_SUBMIT: take_attendance,
        Verb.BOARD_RECORD: open_record,
        Verb.BOARD_RECORD_SUBMIT: take_record,
        Verb.BOARD_CLOSE: close,
    },
    said={"decide": decide},
    opens=frozenset({Verb.BOARD_SHEET, Verb.BOARD_RECORD, Verb.BOARD_ATTENDANCE}),
)
