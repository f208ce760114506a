"""A board's agenda: its standing items and what members offer. Pure.

Anybody on the board may offer an item; a chair accepts it and says how long it has. Nothing of this may hold anything
about a person: what would say who somebody is is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from board import references
from board.boards import Board, boards, upcoming
from board.errors import FieldProblem, NotAllowed, Problem, Refusal
from board.forms import LINE, PARAGRAPH, Form
from board.identifying import Found, Kind, in_fields, of_nobody
from board.records import AgendaItem, Forum, Meeting, Member
from board.tuning import tuned
from board.vocabulary import MeetingStatus, Role

ITEM = "Agenda item"

BEGUN = timedelta(days=14)
"""How long a board that was begun and never closed is gone on with."""

DEFAULT_MINUTES = 10
MOST_MINUTES = 120
"""Minutes of one item: a board takes a morning."""

CHAIRS = (Role.CHAIR, Role.MENTAL_HEALTH_TEAM)
"""Who arranges the agenda, sees what is for the chairs only, and runs the board."""


class ItemStatus(StrEnum):
    """Where an item that a member offered stands."""

    OFFERED = "Offered"
    ACCEPTED = "Accepted"
    DECLINED = "Declined"
    WITHDRAWN = "Withdrawn"


STANDING: Mapping[str, int] = {
    "welcome": 5,
    "decisions": 10,
    "tracker": 20,
    "risks": 10,
    "focus": 20,
    "reports": 15,
    "measures": 10,
    "learning": 10,
    "other": 5,
    "next": 5,
}
"""The standing items in their order with their minutes (domain default; a board's own are in its row of `Forums`).

What members offer comes before any other business.
"""

BEFORE = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One item of an agenda: a standing one by its `name`, or a member's (`item`); `at` is its place in minutes."""

    name: str
    minutes: int
    at: int
    item: AgendaItem | None = None

    @property
    def chairs_only(self) -> bool:
        """Whether only the chairs see it."""
        return self.item is not None and self.item.chairs_only


def the_board(forum: Forum, rows: Sequence[Meeting], today: date) -> Board | None:
    """The board that goes on, or the next one that is held and not over; None where none is planned."""
    for each in upcoming(forum, rows, today - BEGUN):
        begun = each.row is not None and each.row.status == MeetingStatus.IN_PROGRESS
        over = each.row is not None and each.row.status == MeetingStatus.HELD
        if begun or (each.day >= today and not each.cancelled and not over):
            return each
    return None


def to_run(forum: Forum, rows: Sequence[Meeting], today: date) -> Board | None:
    """The board that can be run now: one that goes on, today's, or the last one that nobody recorded yet."""
    around = [each for each in boards(forum, rows, today - BEGUN, today) if not each.cancelled]
    for each in around:
        if each.row is not None and each.row.status == MeetingStatus.IN_PROGRESS:
            return each
    open_ = [each for each in around if each.row is None or each.row.status != MeetingStatus.HELD]
    return open_[-1] if open_ else None


def spoken(board: Board) -> str:
    """The board's reference, from its row's own number; empty while it has none."""
    return references.reference(references.BOARD, board.row.id) if board.row is not None and board.row.id else ""


def agenda(forum: Forum, items: Iterable[AgendaItem], meeting: str) -> list[Part]:
    """The agenda of a board (`meeting`, such as B-7): its standing items and those accepted for it, in order."""
    minutes = tuned(forum.agenda, STANDING, least=0, most=MOST_MINUTES)
    mine = [each for each in items if each.kind == ITEM and _is_on(each, meeting)]
    parts, at = list[Part](), 0
    for name in STANDING:
        for item in sorted(mine, key=lambda each: each.id) if name == BEFORE else ():
            parts.append(Part("item", item.minutes or DEFAULT_MINUTES, at, item))
            at += parts[-1].minutes
        if minutes[name]:
            parts.append(Part(name, minutes[name], at))
            at += minutes[name]
    return parts


def _is_on(item: AgendaItem, meeting: str) -> bool:
    return item.status == ItemStatus.ACCEPTED and item.meeting == meeting and bool(meeting)


def starts(parts: Sequence[Part], meets_at: str) -> list[str]:
    """When each part begins, such as `10:25`; empty texts where the forum names no time."""
    try:
        begins = datetime.combine(date(2000, 1, 1), time.fromisoformat(meets_at.strip().rjust(5, "0")), UTC)
    except ValueError:
        return [""] * len(parts)
    return [f"{begins + timedelta(minutes=part.at):%H:%M}" for part in parts]


def sees(member: Member, item: AgendaItem) -> bool:
    """Whether somebody sees an item: what is for the chairs only, they and whoever offered it."""
    return not item.chairs_only or member.has(*CHAIRS) or item.owner_id.lower() == member.user_id.lower()


def found_in(form: Form) -> dict[str, list[Found]]:
    """What in each field would say who somebody is, for whoever typed it."""
    return in_fields(form.values, ("title", "words"), says_who)


def says_who(text: str) -> list[Found]:
    """What in a text would say who somebody is. An action's reference does not: the board speaks of its tracker."""
    return [each for each in of_nobody(text) if each.kind is not Kind.REFERENCE or not each.said.startswith("a")]


def offer(form: Form, member: Member, forum: Forum, *, now: datetime) -> AgendaItem:
    """A new item. Raises NotUnderstood with every field that is missing, too long, or says who somebody is."""
    item = AgendaItem(
        key=form.key(),
        forum=forum.code,
        kind=ITEM,
        about=form.text("title", LINE, required=True),
        words=form.text("words", PARAGRAPH),
        status=ItemStatus.OFFERED,
        owner_id=member.user_id,
        owner_name=member.name,
        agency=member.agency,
        minutes=_minutes(form) or DEFAULT_MINUTES,
        chairs_only=form.choice("chairs_only", ("Yes", "No")) == "Yes",
        submitted_on=now,
    )
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    form.done()
    return item


def _minutes(form: Form) -> int:
    said = form.text("item_minutes")
    if not said:
        return 0
    if said.isascii() and said.isdigit() and 1 <= int(said[:4]) <= MOST_MINUTES:
        return int(said[:4])
    form.problems.append(FieldProblem("item_minutes", Problem.NOT_A_CHOICE))
    return 0


class Move(StrEnum):
    """What is done with an item that was offered."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


def moves(item: AgendaItem, member: Member) -> list[Move]:
    """What this person can do with an item now."""
    if item.kind != ITEM or not item.open or item.status not in (ItemStatus.OFFERED, ItemStatus.ACCEPTED):
        return []
    found = [Move.ACCEPT, Move.DECLINE] if member.has(*CHAIRS) else []
    return found + ([Move.WITHDRAW] if item.owner_id.lower() == member.user_id.lower() else [])


def moved(item: AgendaItem, move: Move, form: Form, member: Member, meeting: str) -> AgendaItem:
    """The item after it. Raises NotAllowed or NotUnderstood; declining needs a reason, which its owner is told."""
    allowed = moves(item, member)
    if move not in allowed:
        theirs = member.has(*CHAIRS) or item.owner_id.lower() == member.user_id.lower()
        raise NotAllowed(Refusal.ITEM_OVER if theirs else Refusal.NOT_YOURS)
    if move is Move.ACCEPT:
        minutes = _minutes(form) or item.minutes
        form.done()
        return replace(item, status=ItemStatus.ACCEPTED, meeting=meeting, minutes=minutes, why="", open=True)
    why = form.text("why", LINE, required=move is Move.DECLINE)
    form.problems += [FieldProblem("why", Problem.IDENTIFYING)] if says_who(why) else []
    form.done()
    status = ItemStatus.DECLINED if move is Move.DECLINE else ItemStatus.WITHDRAWN
    return replace(item, status=status, why=why, open=False)
