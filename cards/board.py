"""The board's calendar: when it meets next, the year ahead, and what is told when a board is moved or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from board.boards import Board
from board.calendar import MILESTONES, working_days_from
from cards import elements as e
from cards import words
from cards.actions import WALL_TIME
from cards.elements import JSON

LISTED = 10
"""Boards of a forecast: a year of them."""

HOW = "*board move 2026-12-10 2026-12-17 why*, *board cancel 2026-12-10 why* (chairs, in a private chat)."
TOLD = {
    "disseminate": "Outstanding actions go to every agency",
    "eve": "Reminder, agenda and overdue actions",
    "day": "The board meets",
}


def board_calendar(upcoming: Sequence[Board], *, meets_at: str, link: str, may_change: bool) -> JSON:
    """The next board with its milestones, and the forecast for a year."""
    following = next((each for each in upcoming if not each.cancelled), None)
    if following is None:
        said = "No board is planned. An administrator types its first day into *Anchor* of the list *Forums*."
        return e.card([e.heading("The board"), e.text(said)], speak=said)
    said = f"The next board is on {words.weekday(following.day)}{_at(meets_at)}."
    milestones = [
        (TOLD[m.name], words.weekday(working_days_from(following.day, -m.working_days_before)))
        for m in MILESTONES
        if m.working_days_before
    ]
    body = [
        e.heading("The board"),
        e.text(said),
        *_why(following),
        e.facts(milestones),
        e.subheading("The year ahead"),
        *[e.entry(words.weekday(each.day), _line(each)) for each in upcoming[:LISTED]],
        *([e.quiet(HOW)] if may_change else []),
    ]
    return e.card(body, speak=said, actions=e.opens_link("Join", link))


def _at(meets_at: str) -> str:
    return f" at {meets_at}" if WALL_TIME.fullmatch(meets_at) else ""


def _why(board: Board) -> list[JSON]:
    if not board.moved:
        return []
    return [e.entry(f"Moved from {words.weekday(board.planned)}", board.why or "No reason is recorded.")]


def _line(board: Board) -> str:
    """What is to be known of one board of the forecast."""
    why = f": {e.shortened(board.why, 200)}" if board.why else ""
    if board.cancelled:
        return f"cancelled{why}"
    return f"moved from {words.day(board.planned)}{why}" if board.moved else "as planned"


def changed_card(day: date, planned: date | None, *, why: str, cancelled: bool, meets_at: str) -> JSON:
    """That a board was moved or cancelled, in its channel."""
    if cancelled:
        said = f"The board of {words.weekday(day)} is cancelled."
    else:
        said = f"The board of {words.weekday(planned)} is moved: it meets on {words.weekday(day)}{_at(meets_at)}."
    body = [e.heading("The board"), e.text(said), e.entry("Why", why or "No reason is recorded.")]
    return e.card([*body, e.quiet("Type *board* for the year ahead.")], speak=said)


def calendar_kept(day: date, planned: date, *, cancelled: bool) -> JSON:
    """That a chair's change of the calendar is kept, and what follows."""
    said = f"The board of {words.weekday(planned)} is {'cancelled' if cancelled else f'moved to {words.weekday(day)}'}."
    follows = "The channel hears of it with the next morning's round. Reminders and reports follow the new calendar."
    back = f"To take it back: *board move {planned.isoformat()} {planned.isoformat()} why*."
    return e.card([e.heading("The board"), e.text(said), e.text(follows), e.quiet(back)], speak=said)
