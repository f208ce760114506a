"""The board's own calendar: every so many weeks from its anchor, moved or cancelled by a chair with a reason. Pure.

The anchor gives each board its day. A row of `Meetings` with that day's key overrides it: another day, or cancelled.
A row that somebody typed on a day of its own is a board besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from board.calendar import board_days, is_working_day
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.records import Forum, Meeting, Member
from board.vocabulary import NO_BOARDS, MeetingKind, MeetingStatus, Role

AROUND = timedelta(days=70)
"""How far from its own day a board may be moved and still be found: further than to the one after next."""

YEAR = timedelta(days=366)
NEAR = timedelta(days=50)
"""Within which the last board mostly was; a year is looked through where it was not."""

CHANGED = (Role.CHAIR, Role.MENTAL_HEALTH_TEAM)
"""Who moves and cancels boards: its chairs, and the team that arranges everything."""


@dataclass(frozen=True, slots=True)
class Board:
    """One board: the day that its anchor gives (`planned`), the day on which it is held, and what became of it."""

    forum: str
    planned: date
    day: date
    row: Meeting | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it is not held at all."""
        return self.row is not None and self.row.status == MeetingStatus.CANCELLED

    @property
    def moved(self) -> bool:
        """Whether it is held on another day than its anchor gives."""
        return self.day != self.planned

    @property
    def why(self) -> str:
        """Why it was moved or cancelled; empty when it was neither."""
        return self.row.why if self.row is not None else ""


def key_of(forum: str, planned: date) -> str:
    """The key of the row that a board's own day has, however often it is moved."""
    return f"meeting:{forum.upper()}:{planned.isoformat()}"


def boards(forum: Forum, rows: Iterable[Meeting], first: date, last: date) -> list[Board]:
    """The boards whose day lies between two (both counted), in order of their days, the cancelled among them."""
    mine = [row for row in rows if row.forum.upper() == forum.code.upper() and row.kind not in NO_BOARDS]
    by_key = {row.key: row for row in mine}
    by_day = {row.held_on: row for row in mine if not row.key.startswith("meeting:") and row.held_on}
    found: list[Board] = []
    if forum.anchor is not None:
        for planned in board_days(forum.anchor, first - AROUND, last + AROUND):
            row = by_key.pop(key_of(forum.code, planned), None) or by_day.pop(planned, None)
            found.append(Board(forum.code, planned, (row.held_on if row else None) or planned, row))
    found += [
        Board(forum.code, day, day, row) for day, row in by_day.items() if row.key not in {key_of(forum.code, day)}
    ]
    return sorted((each for each in found if first <= each.day <= last), key=lambda each: each.day)


def upcoming(forum: Forum, rows: Iterable[Meeting], today: date, within: timedelta = YEAR) -> list[Board]:
    """The boards from today on: the forecast for a year."""
    return boards(forum, rows, today, today + within)


def next_held(forum: Forum, rows: Iterable[Meeting], today: date) -> date | None:
    """The day of the first board from today on that is not cancelled."""
    return next((each.day for each in upcoming(forum, rows, today) if not each.cancelled), None)


def last_held(forum: Forum, rows: Iterable[Meeting], today: date) -> date | None:
    """The day of the last board before today that was not cancelled."""
    mine = [row for row in rows if row.forum.upper() == forum.code.upper()]
    return _last_held(forum, mine, today) if mine else _last_planned(forum.anchor, today)


def _last_held(forum: Forum, rows: Sequence[Meeting], today: date) -> date | None:
    for back in (NEAR, YEAR):
        before = boards(forum, rows, today - back, today - timedelta(days=1))
        held = next((each.day for each in reversed(before) if not each.cancelled), None)
        if held is not None:
            return held
    return None


@lru_cache(64)
def _last_planned(anchor: date | None, today: date) -> date | None:
    """As above where no row changes what the anchor gives. Kept, since it is asked with every tracker."""
    return _last_held(Forum(code="", name="", anchor=anchor), (), today)


def moved(board: Board, to: date, why: str, others: Sequence[Board], today: date) -> Meeting:
    """The board's row once it is moved. Raises NotUnderstood for a day that cannot be, or without a reason.

    `others` are the forum's boards around it. A board that was cancelled is held again by being moved.
    """
    problems = [FieldProblem("why", Problem.MISSING)] if not why.strip() else []
    if to <= today:
        problems.append(FieldProblem("board_day", Problem.NOT_LATER))
    elif not is_working_day(to):
        problems.append(FieldProblem("board_day", Problem.NOT_A_WORKING_DAY))
    elif abs(to - board.planned) >= AROUND:
        problems.append(FieldProblem("board_day", Problem.TOO_FAR))
    elif any(each.day == to and not each.cancelled and each.planned != board.planned for each in others):
        problems.append(FieldProblem("board_day", Problem.TAKEN))
    if problems:
        raise NotUnderstood(*problems)
    return replace(row_of(board), held_on=to, status=MeetingStatus.PLANNED, why=why.strip(), open=True)


def cancelled(board: Board, why: str, today: date) -> Meeting:
    """The board's row once it is cancelled. Raises NotUnderstood without a reason, NotAllowed when it is past."""
    if board.day < today:
        raise NotAllowed(Refusal.MEETING_OVER)
    if not why.strip():
        raise NotUnderstood(FieldProblem("why", Problem.MISSING))
    return replace(row_of(board), status=MeetingStatus.CANCELLED, why=why.strip(), open=False)


def row_of(board: Board) -> Meeting:
    """The board's row, or the one that it is to have."""
    if board.row is not None:
        return board.row
    return Meeting(key=key_of(board.forum, board.planned), forum=board.forum, held_on=board.day, kind=MeetingKind.BOARD)


def may_change(member: Member) -> None:
    """Raise NotAllowed for those who neither chair the board nor arrange it."""
    if not member.has(*CHANGED):
        raise NotAllowed(Refusal.NOT_THAT_ROLE)
