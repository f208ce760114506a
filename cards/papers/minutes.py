"""The minutes of a board as a Word document, drafted from what was recorded: nothing in it is about a person.

What is for the chairs only is left out: the paper lies where every member may open it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from board.actions import Action
from board.agenda import Part
from board.boardroom import MinutesStatus, name_of
from board.hearing import as_said
from board.records import Agency, AgendaItem, Attendance, Forum, Meeting
from cards import words
from cards.agenda import title_of
from cards.papers.house import Paper, agency_name

NOTHING = "Nothing was recorded."
DRAFT = (
    "This is a draft, made from what was recorded while the board met. Those who attended may have it put right with "
    "“minutes correct” and their words; the next board approves it."
)


@dataclass(frozen=True, slots=True)
class Held:
    """A board that was held, and all that is told of it. `parts` and `starts` are its agenda's."""

    forum: Forum
    meeting: Meeting
    parts: Sequence[Part]
    starts: Sequence[str]
    attendance: Mapping[str, Attendance]
    decisions: Sequence[AgendaItem]
    actions: Sequence[Action]
    corrections: Sequence[AgendaItem]
    agencies: Mapping[str, Agency]
    ran: Sequence[str] = ()
    focus: str = ""
    following: date | None = None


def minutes_paper(of: Held, made: datetime) -> bytes:
    """The document. A decision stands under the item that it was about, an action under all of them together."""
    row = of.meeting
    paper = Paper(
        f"Board minutes, {words.weekday(row.held_on)}",
        reference=row.reference,
        made=made,
        made_for="the members of the board",
    )
    paper.facts(_top(of))
    if row.minutes != MinutesStatus.APPROVED:
        paper.note(DRAFT)
    _who(paper, of)
    for number, (part, start) in enumerate(_public(of), start=1):
        _item(paper, of, number, part, start)
    _actions(paper, of)
    _corrections(paper, of)
    return paper.to_bytes()


def _top(of: Held) -> list[tuple[str, str]]:
    row = of.meeting
    status = "Draft"
    if row.minutes == MinutesStatus.APPROVED:
        status = f"Approved by {row.minutes_by}" if row.minutes_by else "Approved"
    facts = [("Board", f"{of.forum.name or of.forum.code}, {row.reference}"), ("Status", status)]
    facts += [("Run by", words.joined(list(of.ran)))] if of.ran else []
    facts += [("Next board", words.weekday(of.following))] if of.following else []
    if row.recording:
        until = f", until {words.day(row.recording_until)}" if row.recording_until else ""
        facts.append(("Recording", f"Kept for {row.recording_for or 'nobody stated'}{until}"))
    return facts


def _who(paper: Paper, of: Held) -> None:
    paper.heading("Who took part")
    rows = [(agency_name(code, of.agencies), as_said(row)) for code, row in sorted(of.attendance.items())]
    unsaid = [
        agency_name(code, of.agencies)
        for code in sorted(of.agencies)
        if code not in of.attendance and of.forum.includes(code)
    ]
    if rows:
        paper.table(("Agency", "How"), rows, (0.6, 0.4))
    else:
        paper.paragraph("Nobody's attendance was recorded.")
    if unsaid and rows:
        paper.paragraph(f"Nothing was recorded of: {words.joined(unsaid)}.", quiet=True)


def _public(of: Held) -> list[tuple[Part, str]]:
    return [(part, start) for part, start in zip(of.parts, of.starts, strict=True) if not part.chairs_only]


def _item(paper: Paper, of: Held, number: int, part: Part, start: str) -> None:
    item, title = part.item, title_of(part, of.focus)
    paper.heading(f"{number}. {title}: {item.about}" if item else f"{number}. {title}", 2)
    mine = [each for each in of.decisions if each.about == name_of(part)]
    about = [
        start,
        words.count(part.minutes, "minute"),
        *([f"offered by {item.agency or 'no agency'}"] if item else []),
    ]
    told = " · ".join(each for each in about if each)
    paper.paragraph(told if mine else f"{told}. {NOTHING}", quiet=True)
    if item is not None and item.words:
        paper.paragraph(item.words)
    paper.bullets(f"Decided: {each.words}" for each in mine)


def _actions(paper: Paper, of: Held) -> None:
    paper.heading("Actions agreed")
    if not of.actions:
        paper.paragraph("None.")
        return
    rows = [
        (
            each.reference or "new",
            each.what or "not stated",
            f"{each.owner_name or 'nobody named'} ({each.agency or 'no agency'})",
            words.day(each.due) if each.due else "no day",
        )
        for each in of.actions
    ]
    paper.table(("Action", "What", "Whose", "Due"), rows, (0.11, 0.47, 0.24, 0.18))


def _corrections(paper: Paper, of: Held) -> None:
    if of.corrections:
        paper.heading("To be put right")
        for each in of.corrections:
            paper.labelled(f"{agency_name(each.agency, of.agencies)}, {words.when(each.submitted_on)}:", each.words)
