"""The board's calendar as an iCalendar file (RFC 5545), for each member to add to their own.

Each board is one event whose `UID` is the day that its anchor gives it, so that adding the file again moves and cancels
what was added before. Nothing in it is more than every member of the team may read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from board.agenda import agenda
from board.boards import Board
from board.calendar import at_uk
from board.records import Forum
from cards import words

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//MHRMB//The board's calendar//EN"

LEAST = 30
"""Minutes that a board takes at least, however its agenda is tuned."""

HOW = "Type *board* to the bot for its milestones, and *agenda* for what it talks about."


def calendar_file(forum: Forum, boards: Sequence[Board], made: datetime, *, site: str) -> bytes:
    """The boards of a forum. One without a time of its own takes the whole day; `site` makes events' names unique."""
    from icalendar import Calendar  # noqa: PLC0415 - a tenth of a second, and only the day's round needs it

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words.tame(forum.name))
    for board in boards:
        calendar.add_component(_event(forum, board, made, site))
    return bytes(calendar.to_ical())


def _event(forum: Forum, board: Board, made: datetime, site: str) -> Event:
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", f"{board.planned.isoformat()}.{forum.id}@{site}")
    event.add("dtstamp", made.astimezone(UTC))
    event.add("sequence", board.row.written if board.row is not None else 0)
    event.add("status", "CANCELLED" if board.cancelled else "CONFIRMED")
    event.add("summary", f"{'Cancelled: ' if board.cancelled else ''}{words.tame(forum.name)}")
    event.add("description", "\n".join(_told(board)))
    starts, ends = _times(forum, board.day)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    if forum.link.lower().startswith("https://"):
        event.add("url", forum.link)
        event.add("location", "Microsoft Teams")
    return event


def _told(board: Board) -> list[str]:
    told = []
    if board.cancelled:
        told.append(f"Cancelled: {words.tame(board.why) or 'no reason is recorded'}.")
    elif board.moved:
        told.append(f"Moved from {words.weekday(board.planned)}: {words.tame(board.why) or 'no reason is recorded'}.")
    return [*told, HOW.replace("*", "")]


def _times(forum: Forum, day: date) -> tuple[date, date]:
    """When it begins and ends: instants in UTC where the forum names a UK wall time, else the whole day."""
    try:
        wall = time.fromisoformat(forum.meets_at.strip().rjust(5, "0"))
    except ValueError:
        return day, day + timedelta(days=1)
    parts = agenda(forum, (), "")
    minutes = max(LEAST, sum(part.minutes for part in parts))
    begins = at_uk(day, wall)
    return begins, begins + timedelta(minutes=minutes)
