"""The calendar's file, read as a client reads it: by its lines (RFC 5545), not by the library that wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from board.boards import Board, key_of
from board.records import Forum, Meeting
from board.vocabulary import MeetingKind, MeetingStatus
from cards.papers.calendar import calendar_file

MADE = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
FORUM = Forum(
    id=3, code="MHRMB", name="Mental Health Risk Management Board", anchor=date(2026, 12, 9), meets_at="10:00"
)


def lines(forum: Forum, *boards: Board) -> list[str]:
    """The file's lines, the folded ones joined again."""
    text = calendar_file(forum, boards, MADE, site="board.example").decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75, "a line is longer than the format allows"
    return text.replace("\r\n ", "").split("\r\n")


def board(
    planned: date, day: date | None = None, status: MeetingStatus = MeetingStatus.PLANNED, why: str = ""
) -> Board:
    """A board with a row, written twice, unless it is as planned."""
    if day is None and status == MeetingStatus.PLANNED:
        return Board("MHRMB", planned, planned)
    row = Meeting(
        key=key_of("MHRMB", planned), forum="MHRMB", held_on=day or planned, kind=MeetingKind.BOARD, status=status
    )
    return Board("MHRMB", planned, day or planned, replace(row, why=why, written=2))


def test_a_winter_and_a_summer_board_keep_their_wall_time() -> None:
    """Ten o'clock in the United Kingdom is 10:00 UTC in December and 09:00 UTC in June; the agenda gives the length."""
    short = "".join(
        f"{name} 0\n" for name in ("welcome", "decisions", "tracker", "risks", "focus", "reports", "measures")
    )
    seen = lines(
        replace(FORUM, agenda=f"{short}learning 60\nother 20\nnext 5"),
        board(date(2026, 12, 9)),
        board(date(2027, 6, 9)),
    )
    assert "DTSTART:20261209T100000Z" in seen
    assert "DTSTART:20270609T090000Z" in seen
    assert "DTEND:20261209T112500Z" in seen
    assert seen.count("STATUS:CONFIRMED") == 2


def test_a_moved_board_keeps_its_name_and_says_why() -> None:
    """The same `UID` with a higher `SEQUENCE` and another day is what moves an event that was added before."""
    before, after = (
        lines(FORUM, board(date(2026, 12, 9))),
        lines(FORUM, board(date(2026, 12, 9), date(2026, 12, 16), why="the chairs are away; both, all week")),
    )
    (uid,) = [line for line in before if line.startswith("UID:")]
    assert uid in after
    assert "SEQUENCE:0" in before
    assert "SEQUENCE:2" in after
    assert "DTSTART:20261216T100000Z" in after
    told = next(line for line in after if line.startswith("DESCRIPTION:"))
    assert "Moved from Wednesday 9 December 2026: the chairs are away\\; both\\, all week." in told


def test_a_cancelled_board_is_said_to_be() -> None:
    """A client takes it out, or strikes it through."""
    seen = lines(FORUM, board(date(2026, 12, 9), status=MeetingStatus.CANCELLED, why="nobody can come"))
    assert "STATUS:CANCELLED" in seen
    assert "SUMMARY:Cancelled: Mental Health Risk Management Board" in seen


@pytest.mark.parametrize("meets_at", ["", "after lunch", "25:00"])
def test_without_a_time_it_is_the_whole_day(meets_at: str) -> None:
    """A forum whose row names no time, or none that is one."""
    seen = lines(replace(FORUM, meets_at=meets_at), board(date(2026, 12, 9)))
    assert "DTSTART;VALUE=DATE:20261209" in seen
    assert "DTEND;VALUE=DATE:20261210" in seen


def test_nothing_typed_becomes_a_line_of_its_own() -> None:
    """Names and links of a row that somebody edited stay inside their own lines, and only an https address is one."""
    hostile = replace(FORUM, name="Board\r\nATTACH:http://evil.example", link="http://evil.example", meets_at="9:30")
    seen = lines(hostile, board(date(2026, 12, 9)))
    assert not any(line.startswith(("ATTACH", "URL")) for line in seen)
    assert "DTSTART:20261209T093000Z" in seen
    joined = lines(replace(FORUM, link="https://teams.example/l/meetup-join/1"), board(date(2026, 12, 9)))
    assert any(line.startswith("URL") and "https://teams.example/l/meetup-join/1" in line for line in joined)
