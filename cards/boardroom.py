"""The board's run-sheet, what it records of an item, and its minutes: for members, in their own chats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from board import references
from board.actions import Action
from board.agenda import Part
from board.boardroom import MinutesStatus, name_of
from board.records import AgendaItem, Attendance, Meeting
from cards import elements as e
from cards import words
from cards.agenda import title_of
from cards.elements import JSON
from cards.hearing import action_inputs
from cards.meeting import taking_part
from cards.verbs import Verb

TITLE = "Board"
LISTED = 20
"""Decisions, actions and items that are shown; the minutes hold them all."""

TYPED = (
    "Or type *board accept*, *board attend POL present*, *decide tracker: text; action MHT 2027-01-20: what*, "
    "*board undo I-12*, *board close*."
)
HOW = "Write of the system, not about anybody: no name, date of birth, number, address or case reference."
SEEN = "Every member sees the actions of a board: put nothing into them that is for the chairs only."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A board as it stands: its agenda as this person may see it, who takes part, and what was recorded so far."""

    day: date
    meeting: str
    parts: Sequence[Part]
    starts: Sequence[str]
    attendance: Mapping[str, Attendance] = field(default_factory=dict)
    agencies: Sequence[str] = ()
    decisions: Sequence[AgendaItem] = ()
    actions: Sequence[Action] = ()
    focus: str = ""

    @property
    def heading(self) -> str:
        """Its reference and its day."""
        return f"{TITLE} {self.meeting}".strip() + f", {words.weekday(self.day)}"

    @property
    def counted(self) -> str:
        """What was recorded, in numbers."""
        decided, agreed = words.count(len(self.decisions), "decision"), words.count(len(self.actions), "action")
        return f"{decided} and {agreed} recorded."


def sheet_card(of: Sheet, key: str, *, accepted: bool, begun: bool, in_dialog: bool, said: str = "") -> JSON:
    """Where the board stands and what comes next. `accepted`: whether the reader accepted the statement for it."""
    top = [*([e.text(said)] if said else []), e.heading(of.heading), e.text(of.counted)]
    speak = f"{of.heading}. {of.counted}"
    if not accepted:
        first = "It goes on once you accept it too." if begun else "The board begins when you accept it for the board."
        body = [*top, e.subheading("Confidentiality"), e.text(words.STATEMENT), e.text(first)]
        title = "I accept it" if begun else "I accept it: begin the board"
        accept = e.submits(title, Verb.BOARD_ACCEPT, main=True, in_dialog=in_dialog, key=key)
        return e.card([*body, e.quiet(TYPED)], speak=speak, actions=[accept])

    def made(share: float) -> JSON:
        body = [
            *top,
            *taking_part(of.attendance, of.agencies),
            e.subheading("Agenda"),
            *[_part(part, start, of) for part, start in list(zip(of.parts, of.starts, strict=True))[:LISTED]],
            *_recorded(of.decisions, of.actions, int(share * e.LINE_BYTES)),
            e.quiet(TYPED),
        ]
        return e.card(body, speak=speak, actions=_buttons(key, of.meeting, in_dialog=in_dialog))

    return e.fitted(made)


def _buttons(key: str, meeting: str, *, in_dialog: bool) -> list[JSON]:
    return [
        e.submits("Record an item", Verb.BOARD_RECORD, main=True, checks=False, in_dialog=in_dialog),
        e.submits("Attendance", Verb.BOARD_ATTENDANCE, checks=False, in_dialog=in_dialog),
        e.submits("Close the board", Verb.BOARD_CLOSE, checks=False, in_dialog=in_dialog, key=key, meeting=meeting),
    ]


def _part(part: Part, start: str, of: Sheet) -> JSON:
    label = f"{start} {title_of(part, of.focus)}".strip()
    number = sum(name_of(part) == each.about for each in of.decisions)
    about = [f"{part.minutes} min", *([words.count(number, "decision")] if number else [])]
    if part.item is not None:
        about.insert(0, e.shortened(part.item.about, 200))
        about += ["chairs only"] if part.item.chairs_only else []
    return e.entry(label, " · ".join(about))


def _recorded(decisions: Sequence[AgendaItem], actions: Sequence[Action], limit: int) -> list[JSON]:
    """What was decided and agreed, the latest of each; a text takes `limit` bytes at most."""
    shown = [e.subheading("Decided")] if decisions else []
    shown += [
        e.entry(_named(each), f"{about_words(each.about)}: {e.shortened(each.words, limit)}")
        for each in decisions[-LISTED:]
    ]
    shown += [e.subheading("Agreed to be done")] if actions else []
    return shown + [_action(each, limit) for each in actions[-LISTED:]]


def _named(item: AgendaItem) -> str:
    return references.reference(references.AGENDA_ITEM, item.id)


def about_words(name: str) -> str:
    """What a decision was about: a standing item in our words, a member's item by its reference."""
    return words.STANDING.get(name) or e.named(name)[:12] or "Not stated"


def _action(action: Action, limit: int) -> JSON:
    label = action.reference if e.named(action.reference) == action.reference else ""
    due = f"by {words.day(action.due)}" if action.due else "no day stated"
    return e.entry(
        f"{label} {e.named(action.agency)[:12]}".strip() or "?", f"{e.shortened(action.what, limit)} ({due})"
    )


def record_form(
    of: Sheet,
    key: str,
    *,
    codes: Sequence[str],
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """What the board made of one item: a decision, the actions it agreed, or both."""
    items = [(_choice(part, of.focus), name_of(part)) for part in of.parts]
    keep = e.submits("Keep", Verb.BOARD_RECORD_SUBMIT, main=True, in_dialog=in_dialog, key=key, meeting=of.meeting)
    back = e.submits("Back to the run-sheet", Verb.BOARD_SHEET, checks=False, in_dialog=in_dialog)

    def made(share: float) -> JSON:
        given, typed = values or {}, e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"Record an item of {of.meeting}"),
            e.text(f"{HOW} {SEEN}"),
            e.titled_choices("about", items, typed("about"), required=True),
            e.paragraph_input("decision", typed("decision")),
            *action_inputs(given, list(codes), share),
        ]
        return e.card(body, speak=f"Record what the board made of an item of {of.meeting}.", actions=[keep, back])

    return e.fitted(made)


def _choice(part: Part, focus: str) -> str:
    title = title_of(part, focus)
    return f"{title}: {e.named(part.item.about)[:80]}" if part.item is not None else title


def board_closed_card(of: Sheet, following: date | None) -> JSON:
    """The board is over: what was recorded, and what comes next."""
    said = f"{of.heading} is closed. {of.counted}"
    after = f" They are approved at the board of {words.weekday(following)}." if following else ""
    body = [
        e.heading("The board is closed"),
        e.text(said),
        e.text(f"The draft minutes are being made.{after}"),
        e.quiet("Type *minutes* to see them, *minutes correct* and your words to have them put right."),
        e.quiet("Where a recording is goes there too, or type *board recording https://…; who may open it; until*."),
    ]
    return e.card(body, speak=said)


@dataclass(frozen=True, slots=True)
class Minutes:
    """A board's minutes: its row, what it recorded, what members would have put right, and the document's address."""

    meeting: Meeting
    decisions: Sequence[AgendaItem] = ()
    actions: Sequence[Action] = ()
    corrections: Sequence[AgendaItem] = ()
    address: str = ""


def minutes_card(
    of: Minutes, key: str, *, private: bool, corrects: bool, approves: bool, arranges: bool = False, said: str = ""
) -> JSON:
    """A board's minutes: how far they are and, in a member's own chat, what was decided and would be put right.

    `corrects`, `approves` and `arranges` say what the reader may do: have them put right, approve them, keep where the
    recording is.
    """
    row = of.meeting
    heading = f"Minutes of {e.named(row.reference)[:12] or 'the board'}, {words.weekday(row.held_on)}"
    counted = f"{words.count(len(of.decisions), 'decision')}, {words.count(len(of.actions), 'action')}."

    def made(share: float) -> JSON:
        body = [
            *([e.text(said)] if said else []),
            e.heading(heading),
            e.text(f"{counted} {_standing(row)}"),
            *(
                [e.plain("Approved by", row.minutes_by or "nobody named")]
                if row.minutes == MinutesStatus.APPROVED
                else []
            ),
            *(_words_of(of, share) if private else []),
            *(_recording(row) if private else []),
            *(
                e.filed_as(of.address)
                if of.address
                else [e.quiet("The document is being made; it is here in a minute or two.")]
            ),
        ]
        actions = _minutes_buttons(of, key, corrects, approves, private)
        if private and arranges:
            meeting = e.named(row.reference)[:12]
            actions.append(e.submits("Recording", Verb.RECORDING, checks=False, in_dialog=False, meeting=meeting))
        return e.card(body, speak=f"{heading}. {counted}", actions=actions)

    return e.fitted(made)


def _standing(row: Meeting) -> str:
    if row.minutes == MinutesStatus.APPROVED:
        return "Approved."
    if row.minutes == MinutesStatus.DRAFT:
        return "A draft: those who attended may have it put right until the next board approves it."
    return "No minutes are drafted yet: that is done when a chair closes the board."


def _words_of(of: Minutes, share: float) -> list[JSON]:
    limit = int(share * e.LINE_BYTES)
    shown = _recorded(of.decisions, of.actions, limit)
    shown += [e.subheading("To be put right")] if of.corrections else []
    return shown + [
        e.entry(e.named(each.agency)[:12] or "?", f"{words.when(each.submitted_on)}: {e.shortened(each.words, limit)}")
        for each in of.corrections[-LISTED:]
    ]


def _recording(row: Meeting) -> list[JSON]:
    if not row.recording:
        return []
    until = f"until {words.day(row.recording_until)}" if row.recording_until else "no day of disposal stated"
    return [e.plain("Recording", f"For {row.recording_for or 'nobody stated'}, {until}")]


def _minutes_buttons(of: Minutes, key: str, corrects: bool, approves: bool, private: bool) -> list[JSON]:
    shown = e.opens_link("Open the minutes", of.address)
    if not private:
        return shown
    meeting = e.named(of.meeting.reference)[:12]
    if corrects:
        shown.append(
            e.submits(
                "Have it put right", Verb.MINUTES_CORRECT, checks=False, in_dialog=False, key=key, meeting=meeting
            )
        )
    if approves:
        shown.append(
            e.submits(
                "Approve", Verb.MINUTES_APPROVE, main=True, checks=False, in_dialog=False, key=key, meeting=meeting
            )
        )
    return shown + e.opens_link("Open the recording", of.meeting.recording)


def correction_form(
    meeting: str, key: str, *, in_dialog: bool, values: Mapping[str, Any] | None = None, said: str = ""
) -> JSON:
    """What is to be put right in draft minutes."""
    send = e.submits("Send", Verb.MINUTES_CORRECT_SUBMIT, main=True, in_dialog=in_dialog, key=key, meeting=meeting)

    def made(share: float) -> JSON:
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"Minutes of {e.named(meeting)[:12]}"),
            e.text(HOW),
            e.paragraph_input("correction", e.typed(values, share)("correction"), required=True),
            e.quiet("It stands in the minutes under its own heading, with your agency. Or type *minutes correct* …"),
        ]
        return e.card(body, speak=f"What is to be put right in the minutes of {e.named(meeting)[:12]}?", actions=[send])

    return e.fitted(made)


def recording_form(meeting: str, *, in_dialog: bool, values: Mapping[str, Any] | None = None, said: str = "") -> JSON:
    """Where a board's recording is, who may open it, and until when; what is kept already stands in it."""
    named = e.named(meeting)[:12]
    send = e.submits("Keep", Verb.RECORDING_SUBMIT, main=True, in_dialog=in_dialog, meeting=named)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"Recording of {named}"),
            e.text("The recording itself stays where Teams put it: its own permissions say who can open it."),
            e.line_input("recording", typed("recording"), required=True, hint="https://…"),
            e.line_input("recording_for", typed("recording_for"), required=True, hint="Such as: the chairs"),
            e.date_input("recording_until", typed("recording_until"), required=True),
            e.quiet("Or type *board recording https://…; who may open it; until when* (of the last board)."),
        ]
        return e.card(body, speak=f"Where is the recording of {named}?", actions=[send])

    return e.fitted(made)


def no_minutes() -> JSON:
    """That no board was recorded yet."""
    said = "No board was recorded here yet, so there are no minutes."
    return e.card(
        [e.heading("Minutes"), e.text(said), e.quiet("A chair begins a board with *board start*.")], speak=said
    )
