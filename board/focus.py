"""Whom a board looks at: one agency each time, the least recently featured first; a chair swaps with a reason. Pure.

Whoever gives way to a swap has waited longest, so the board after is theirs; a board that is cancelled features nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from board.boards import Board, boards, row_of
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.identifying import Found, in_fields, of_nobody
from board.records import Agency, AgendaItem, Forum, Meeting, Member
from board.vocabulary import Role

REMEMBERED = timedelta(days=3 * 366)
"""How far back a board's focus counts: more agencies than meet in three years wait in the order of their codes."""

PAPER = "Focus paper"
FIELDS = ("demands", "blockers", "enablers")
"""What the agency in focus is asked for, in the order in which it is typed."""

ANSWERS = (Role.AGENCY_LEAD, Role.REPRESENTATIVE, Role.CHAIR)
"""Who answers for the agency in focus; the mental health team may for any."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One board with the agency that it looks at; `last` is the day that agency was featured before, if ever."""

    board: Board
    agency: str
    last: date | None = None
    why: str = ""

    @property
    def swapped(self) -> bool:
        """Whether a chair named it, with a reason."""
        return bool(self.why)


def rotation(forum: Forum, rows: Iterable[Meeting], agencies: Mapping[str, Agency], today: date) -> list[Turn]:
    """The boards of the year ahead that are held, each with its agency; none where no agency belongs to the forum."""
    eligible = sorted(code for code, agency in agencies.items() if agency.open and forum.includes(code))
    every = [
        each for each in boards(forum, rows, today - REMEMBERED, today + timedelta(days=366)) if not each.cancelled
    ]
    featured = {_said(each, eligible): each.day for each in every if each.day < today}
    ahead = [each for each in every if each.day >= today]
    named = {each.planned: _said(each, eligible) for each in ahead}
    turns = list[Turn]()
    for number, board in enumerate(ahead if eligible else ()):
        soon = ahead[number + 1 : number + len(eligible)]
        later = {code for each in soon if (code := named[each.planned])}
        agency = named[board.planned] or _longest(eligible, featured, later)
        why = board.row.focus_why if board.row is not None and named[board.planned] else ""
        turns.append(Turn(board, agency, featured.get(agency), why))
        featured[agency] = board.day
    return turns


def _longest(eligible: Sequence[str], featured: Mapping[str, date], later: set[str]) -> str:
    """Who has waited longest, but for those who have a board of their own before it would be their turn again."""
    free = [code for code in eligible if code not in later] or list(eligible)
    return min(free, key=lambda code: (featured.get(code, date.min), code))


def _said(board: Board, eligible: Sequence[str]) -> str:
    code = board.row.focus.strip().upper() if board.row is not None else ""
    return code if code in eligible else ""


def swapped(board: Board, agency: str, why: str, agencies: Iterable[str], today: date) -> Meeting:
    """The board's row once it looks at another agency. Raises NotUnderstood without a reason or for no agency of the
    forum's, NotAllowed for a board that is over."""
    if board.day < today:
        raise NotAllowed(Refusal.MEETING_OVER)
    problems = [FieldProblem("why", Problem.MISSING)] if not why.strip() else []
    if agency.upper() not in agencies:
        problems.insert(0, FieldProblem("focus_agency", Problem.NOT_A_CHOICE))
    if problems:
        raise NotUnderstood(*problems)
    return replace(row_of(board), focus=agency.upper(), focus_why=why.strip()[:PARAGRAPH])


def settled(turn: Turn) -> Meeting:
    """The board's row with the agency whose turn it is, so that the record says who was featured."""
    return replace(row_of(turn.board), focus=turn.agency)


def may_answer(member: Member, agency: str) -> bool:
    """Whether they may say what the agency in focus demands, and what blocks and would enable it."""
    theirs = member.agency.upper() == agency.upper() and member.has(*ANSWERS)
    return theirs or member.has(Role.MENTAL_HEALTH_TEAM)


def found_in(form: Form) -> dict[str, list[Found]]:
    """What in each field would say who somebody is, for whoever typed it."""
    return in_fields(form.values, FIELDS, of_nobody)


def paper_key(forum: Forum, board: Board) -> str:
    """The key of the one paper that the agency in focus brings to a board."""
    return f"focus:{forum.code.upper()}:{board.planned.isoformat()}"


def paper(form: Form, member: Member, forum: Forum, turn: Turn, *, now: datetime) -> AgendaItem:
    """What the agency in focus tells the board. Raises NotAllowed or NotUnderstood with every problem."""
    if not may_answer(member, turn.agency):
        raise NotAllowed(Refusal.NOT_YOURS)
    texts = {name: form.text(name, PARAGRAPH) for name in FIELDS}
    if not any(texts.values()) and not form.problems:
        form.problems.append(FieldProblem("demands", Problem.MISSING))
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    form.done()
    return AgendaItem(
        key=paper_key(forum, turn.board),
        forum=forum.code,
        kind=PAPER,
        about=turn.board.planned.isoformat(),
        agency=turn.agency,
        words=texts["demands"],
        blockers=texts["blockers"],
        enablers=texts["enablers"],
        status="Submitted",
        owner_id=member.user_id,
        owner_name=member.name,
        submitted_on=now,
    )
