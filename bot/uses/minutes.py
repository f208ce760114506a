"""`minutes`: how far a board's are, and what they tell; having them put right, and approving them; its recording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from board import references
from board.boardroom import MinutesStatus, approved, correction, decisions, found_in, public, recorded
from board.boards import YEAR
from board.entitlement import Act
from board.errors import Conflict, FieldProblem, NotAllowed, NotFound, NotUnderstood, Problem
from board.forms import Form
from board.identifying import read_days
from board.records import Meeting
from board.vocabulary import NO_BOARDS, MeetingStatus
from bot.boards import Scene, open_scene
from bot.house import TRIES, House, key_of
from bot.minutes import Of, queries_of
from bot.routes import Routes
from bot.turn import JSON, Answer, Message, Reply, Scope, Turn
from bot.uses.agenda import may_run
from bot.uses.looking import only_privately
from bot.uses.refer import NOT_KEPT, in_dialog, page, shown, text_in, why_not
from cards import boardroom as show
from cards import words
from cards.verbs import Verb
from sharepoint import queries as ask
from sharepoint.errors import StoreBusy
from sharepoint.schema import AGENDA_ITEMS, MEETINGS

_COMMAND = re.compile(
    r"(?:(?P<meeting>B\s*[-‐‑–—]?\s*[0-9]{1,9})\b)?\s*(?:(?P<what>correct|approve)\b)?\s*(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A board that began, what it recorded, and the boards of a year beside it."""

    scene: Scene
    meeting: Meeting
    of: Of
    boards: Sequence[Meeting]


async def typed(house: House, turn: Turn, rest: str) -> Answer:
    """`minutes`, `minutes B-7`; `minutes correct words`, `minutes approve`."""
    read = _COMMAND.fullmatch(rest.strip())
    if read is None:
        raise NotUnderstood(FieldProblem("reference", Problem.NOT_A_REFERENCE))
    meeting, what, said = read["meeting"] or "", (read["what"] or "").casefold(), read["rest"]
    if what:
        only_privately(turn, "correction")
    if what == "approve":
        return await _approve(house, turn, meeting)
    if what == "correct":
        return await _corrected(house, turn, meeting, {"correction": said, "key": key_of(turn, "minutes")})
    if said:
        raise NotUnderstood(FieldProblem("reference", Problem.NOT_A_REFERENCE))
    kept = await _read(house, turn, meeting)
    if kept is None:
        return Reply((Message("Minutes", card=show.no_minutes()),))
    return Reply((Message("Minutes", card=_card(house, turn, kept)),))


async def _read(house: House, turn: Turn, spoken: str, act: Act = Act.LIST) -> Kept | None:
    """One board's record; the last one's that began where none is named. Two requests.

    Raises NotFound for another that never began; None where none ever did.
    """
    scene = await open_scene(house, turn, act, ask.meetings_since(house.today() - YEAR))
    code = scene.forum.code.upper()
    every: list[Meeting] = scene.more[0]
    rows = [each for each in every if each.forum.upper() == code and each.kind not in NO_BOARDS]
    began = [each for each in rows if each.status in (MeetingStatus.IN_PROGRESS, MeetingStatus.HELD) and each.id]
    meeting = began[-1] if began else None
    if spoken:
        number = references.item_id(spoken, references.BOARD)
        meeting = next((each for each in began if each.id == number), None)
        if meeting is None:
            raise NotFound(references.reference(references.BOARD, number))
    elif last := [each for each in began if each.minutes]:
        meeting = last[-1]
    if meeting is None:
        return None
    found = await house.store.gather(*queries_of(references.reference(references.BOARD, meeting.id)))
    return Kept(scene, meeting, Of(*found), rows)


def _card(house: House, turn: Turn, kept: Kept, said: str = "") -> JSON:
    private = turn.reference.scope is Scope.PERSONAL
    arranges = may_run(house, kept.scene)
    decided = decisions(kept.of.items)
    of = show.Minutes(
        kept.meeting,
        decided if arranges and private else public(decided),
        sorted((each for each in kept.of.actions if not each.about_a_case), key=lambda each: each.id),
        public(kept.of.corrections),
        kept.of.address,
    )
    return show.minutes_card(
        of,
        house.new_key(),
        private=private,
        corrects=_may_correct(house, kept),
        approves=_may_approve(kept),
        arranges=arranges,
        said=said,
    )


def _may_correct(house: House, kept: Kept) -> bool:
    """Whether a correction of theirs would be taken, so that the button is offered to nobody else."""
    form = Form({"correction": "A word", "key": house.new_key()})
    try:
        correction(form, kept.scene.member, kept.meeting, kept.of.attendance, now=house.now())
    except NotAllowed:
        return False
    return True


def _may_approve(kept: Kept) -> bool:
    try:
        approved(kept.meeting, kept.boards, kept.scene.member)
    except NotAllowed:
        return False
    return True


async def open_correction(house: House, turn: Turn) -> Answer:
    """Open the form for what is to be put right."""
    await open_scene(house, turn, Act.LIST)
    meeting = _named(text_in(turn, "meeting"))
    return page(turn, show.correction_form(meeting, house.new_key(), in_dialog=in_dialog(turn)), "Minutes")


def _named(said: str) -> str:
    return references.reference(references.BOARD, references.item_id(said, references.BOARD))


async def take_correction(house: House, turn: Turn) -> Answer:
    """Keep what is to be put right."""
    return await _corrected(house, turn, _named(text_in(turn, "meeting")), turn.value)


async def _corrected(house: House, turn: Turn, meeting: str, values: JSON) -> Answer:
    """Three requests; the minutes are made anew behind it."""
    kept = await _read(house, turn, meeting)
    if kept is None:
        return _answer(turn, show.no_minutes())
    member = kept.scene.member
    try:
        new = correction(Form(values), member, kept.meeting, kept.of.attendance, now=house.now())
        row, fresh = await house.store.add_once(AGENDA_ITEMS, new, by=member.name, why="to be put right")
    except NotUnderstood as wrong:
        said = f"{words.not_sent(wrong.problems)} {words.found_in_fields(found_in(Form(values)))}".strip()
    except StoreBusy:
        said = words.STORE_MAYBE
    else:
        items = [*kept.of.items, row] if fresh else list(kept.of.items)
        kept = replace(kept, of=replace(kept.of, items=items))
        told = "Kept. It stands in the minutes in a minute or two."
        return _answer(turn, _card(house, turn, kept, told))
    key = Form(values).key() or house.new_key()
    name = references.reference(references.BOARD, kept.meeting.id)
    return _answer(turn, show.correction_form(name, key, in_dialog=in_dialog(turn), values=values, said=said))


def _answer(turn: Turn, card: JSON) -> Answer:
    return shown(turn, card, "Minutes")


async def approve(house: House, turn: Turn) -> Answer:
    """Approve the minutes of the card."""
    return await _approve(house, turn, _named(text_in(turn, "meeting")))


async def _approve(house: House, turn: Turn, meeting: str) -> Answer:
    """Three requests, two more where an earlier board's are meant. Decided again when its row changed meanwhile."""
    for attempt in range(TRIES):
        kept = await _read(house, turn, meeting)
        if kept is not None and not meeting and (earlier := _to_approve(kept)):
            kept = await _read(house, turn, earlier)
        if kept is None:
            return _answer(turn, show.no_minutes())
        after, by = approved(kept.meeting, kept.boards, kept.scene.member), kept.scene.member.name
        try:
            row = await house.store.change(MEETINGS, kept.meeting, after, by=by, why="minutes approved")
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            return _answer(turn, _card(house, turn, replace(kept, meeting=row), "Approved."))
    return None


def _to_approve(kept: Kept) -> str:
    """The last board whose minutes can be approved, where it is another than the last that has minutes."""
    others = [each for each in kept.boards if each.id != kept.meeting.id and each.minutes == MinutesStatus.DRAFT]
    if _may_approve(kept) or not others:
        return ""
    return references.reference(references.BOARD, others[-1].id)


async def recording(house: House, turn: Turn, rest: str) -> Answer:
    """`board recording https://…; who may open it; 2027-03-31`: where a board's recording is, for whom, how long."""
    link, who, until = (*[part.strip() for part in rest.split(";", 2)], "", "", "")[:3]
    return await _recorded(house, turn, "", link, who, until)


async def _recorded(house: House, turn: Turn, meeting: str, link: str, who: str, until: str) -> Answer:  # noqa: PLR0917
    """Keep where a board's recording is. Three requests. Raises NotUnderstood for what cannot be kept."""
    kept = await _read(house, turn, meeting, Act.RUN_BOARD)
    if kept is None:
        return _answer(turn, show.no_minutes())
    days, _ = read_days(until, most=1)
    if until and not days:
        raise NotUnderstood(FieldProblem("recording_until", Problem.NOT_A_DATE))
    after = recorded(kept.meeting, link, who, days[0] if days else None, house.today())
    by = kept.scene.member.name
    row = await house.store.change(MEETINGS, kept.meeting, after, by=by, why="recording")
    return _answer(turn, _card(house, turn, replace(kept, meeting=row), "The recording is kept."))


async def open_recording(house: House, turn: Turn) -> Answer:
    """Open the form of a board's recording, with what is kept of it already. Two requests."""
    kept = await _read(house, turn, _named(text_in(turn, "meeting")), Act.RUN_BOARD)
    if kept is None:
        return _answer(turn, show.no_minutes())
    row = kept.meeting
    until = row.recording_until.isoformat() if row.recording_until else ""
    known = {"recording": row.recording, "recording_for": row.recording_for, "recording_until": until}
    return _answer(turn, show.recording_form(row.reference, in_dialog=in_dialog(turn), values=known))


async def take_recording(house: House, turn: Turn) -> Answer:
    """Keep what the form says; what cannot be kept comes back as it was typed."""
    meeting = _named(text_in(turn, "meeting"))
    link, who, until = (text_in(turn, name).strip() for name in ("recording", "recording_for", "recording_until"))
    try:
        return await _recorded(house, turn, meeting, link, who, until)
    except NOT_KEPT as wrong:
        said = why_not(wrong)
    return _answer(turn, show.recording_form(meeting, in_dialog=in_dialog(turn), values=turn.value, said=said))


ROUTES = Routes(
    pressed={
        Verb.MINUTES_CORRECT: open_correction,
        Verb.MINUTES_CORRECT_SUBMIT: take_correction,
        Verb.MINUTES_APPROVE: approve,
        Verb.RECORDING: open_recording,
        Verb.RECORDING_SUBMIT: take_recording,
    },
    said={"minutes": typed},
    opens=frozenset({Verb.MINUTES_CORRECT}),
)
