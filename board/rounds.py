"""The daily round: what the clock has to say on a day, to whom. Pure: actions, forums and two days in, notices out.

A round speaks for the days after the last one (`after`) until its own (`until`), so what an outage or a weekend
swallowed is told once, in the next round, which says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from board.actions import CLAIMS, Action
from board.boards import AROUND, boards
from board.calendar import (
    DIGEST_AT,
    MILESTONES,
    at_uk,
    is_working_day,
    milestones_between,
    milestones_of,
    previous_working_day,
    told_between,
    uk_date,
)
from board.notices import Audience, Notice, NoticeKind
from board.rearranging import rests, wakes
from board.records import Forum, Meeting
from board.scopes import FIRST
from board.tracker import is_overdue

MOVED, CANCELLED = "moved", "cancelled"
"""What is told of a board beside its milestones: a part of the notice's key, so it never changes."""

HORIZON = timedelta(days=7 * 10)
"""How far ahead boards are looked for: more than the earliest milestone's working days can span."""

BEHIND = AROUND
"""How far back: what is told after a board may be as far from it."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days a round speaks for: after one, until another (counted)."""

    after: date
    until: date

    @property
    def missed(self) -> tuple[date, ...]:
        """Working days on which a round was due and did not happen."""
        days = (self.after + timedelta(days=n) for n in range(1, (self.until - self.after).days))
        return tuple(day for day in days if is_working_day(day))


def window(last: date | None, now: datetime) -> Window | None:
    """The days to speak for at this instant; None when it is not a working day's hour yet, or was done already.

    What was missed waits for the next working day's hour: an outage that ends at night or on a Saturday wakes nobody.
    The very first round speaks for its own day only, and for what the weekend before it held.
    """
    today = uk_date(now)
    if not is_working_day(today) or now < at_uk(today, DIGEST_AT):
        return None
    if last is None:
        last = previous_working_day(today)
    return Window(last, today) if last < today else None


def told(actions: Iterable[Action], span: Window) -> list[Action]:
    """The actions a digest mentions: new, overdue, or with a reminder day in the window; the most pressing first."""
    chosen = [action for action in actions if action.live and action.reference and _told(action, span)]
    return sorted(chosen, key=lambda action: (action.due or date.max, action.id))


def told_to_owners(actions: Iterable[Action], span: Window) -> list[Action]:
    """The actions that their owners' own digests mention: what rests is left out, and told again on its day."""
    every = list(actions)
    mentioned = {id(action) for action in told(every, span)}
    chosen = [
        action
        for action in every
        if action.reference
        and not rests(action, span.until)
        and (id(action) in mentioned or (wakes(action, span.after, span.until) and action.status not in CLAIMS))
    ]
    return sorted(chosen, key=lambda action: (action.due or date.max, action.id))


def _told(action: Action, span: Window) -> bool:
    if action.status in CLAIMS:
        return False
    if is_overdue(action, span.until) or _is_new(action, span):
        return True
    ahead = action.due is not None and action.due >= span.until
    return ahead and action.due is not None and told_between(action.due, span.after, span.until)


def _is_new(action: Action, span: Window) -> bool:
    """Whether it was agreed, or changed hands, since the last round: its owner hears of it the next morning."""
    since, until = at_uk(span.after, DIGEST_AT), at_uk(span.until, DIGEST_AT)
    return any(moment is not None and since < moment <= until for moment in (action.agreed_on, action.transferred_on))


def digests(actions: Iterable[Action], forums: Iterable[Forum], span: Window) -> list[Notice]:
    """One digest for each forum's channel and one for each owner with something to hear; none for those without."""
    actions = list(actions)
    every = told(actions, span)
    found = [
        _digest(Audience(forum=forum.code), span.until)
        for forum in forums
        if any(belongs(action, forum) for action in every)
    ]
    owners = dict.fromkeys(action.owner_id for action in told_to_owners(actions, span) if action.owner_id)
    return found + [_digest(Audience(member=owner), span.until) for owner in owners]


def belongs(action: Action, forum: Forum) -> bool:
    """Whether a forum's channel hears of an action; one without a forum is the board's."""
    return (action.forum or FIRST).upper() == forum.code.upper()


def _digest(audience: Audience, day: date) -> Notice:
    return Notice(f"digest/{audience}/{day.isoformat()}", NoticeKind.DIGEST, audience, "")


@dataclass(frozen=True, slots=True)
class BoardReminder:
    """A milestone of a forum's board that is due."""

    forum: Forum
    board: date
    milestone: str
    planned: date | None = None
    why: str = ""

    @property
    def notice(self) -> Notice:
        """The notice, keyed by forum, board and milestone for ever."""
        key = f"board/{self.forum.code}/{self.board.isoformat()}/{self.milestone}"
        return Notice(key, NoticeKind.BOARD, Audience(forum=self.forum.code), "")


def reminders(forums: Iterable[Forum], span: Window, meetings: Iterable[Meeting] = ()) -> list[BoardReminder]:
    """The milestones that fall in the window, in order; and of each board that was moved or cancelled, that it was.

    What comes before a board is told while it is still to come (or is today). One that was missed is told with what
    is due now, but for the reminder of the eve: on the day itself the day's own says all of it.
    """
    rows, found = list(meetings), list[BoardReminder]()
    for forum in forums:
        if not forum.is_board:  # a subgroup meets weekly, and has no milestones
            continue
        for board in boards(forum, rows, span.until - BEHIND, span.until + HORIZON):
            to_come = board.day >= span.until
            if to_come and (board.cancelled or board.moved):
                name = CANCELLED if board.cancelled else MOVED
                found.append(BoardReminder(forum, board.day, name, planned=board.planned, why=board.why))
            if not board.cancelled:
                names = _due(forum, board.day, span, to_come=to_come)
                found += [BoardReminder(forum, board.day, name, planned=board.planned) for name in names]
    return found


def _due(forum: Forum, day: date, span: Window, *, to_come: bool) -> list[str]:
    between = milestones_between(day, span.after, span.until, milestones_of(forum.milestones))
    names = [each.name for each, _ in between if to_come or each.working_days_before < 0]
    return [name for name in names if name != "eve" or "day" not in names]


@dataclass(frozen=True, slots=True)
class BoardAsk:
    """What one member is asked or told for a board's milestone, besides what the channel hears."""

    forum: str
    board: date
    milestone: str
    member: str

    @property
    def notice(self) -> Notice:
        """The notice, keyed by forum, board, milestone and member for ever."""
        audience = Audience(member=self.member)
        key = f"ask/{self.forum}/{self.board.isoformat()}/{self.milestone}/{audience}"
        return Notice(key, NoticeKind.BOARD_ASK, audience, "")

    @classmethod
    def parse(cls, key: str) -> BoardAsk | None:
        """Read a notice's key back; None for any other text."""
        parts = key.split("/")
        audience = Audience.parse(parts[4]) if len(parts) == 5 and parts[0] == "ask" else None
        if audience is None or parts[3] not in {milestone.name for milestone in MILESTONES}:
            return None
        try:
            return cls(parts[1], date.fromisoformat(parts[2]), parts[3], audience.member)
        except ValueError:
            return None


def read_board_key(key: str) -> tuple[str, date, str] | None:
    """Read a board reminder's key back: forum, board, milestone; None for any other text."""
    parts = key.split("/")
    if (
        len(parts) != 4
        or parts[0] != "board"
        or parts[3] not in {MOVED, CANCELLED, *(milestone.name for milestone in MILESTONES)}
    ):
        return None
    try:
        return parts[1], date.fromisoformat(parts[2]), parts[3]
    except ValueError:
        return None


def read_digest_key(key: str) -> tuple[Audience, date] | None:
    """Read a digest's key back: whom it is for and its day; None for any other text."""
    parts = key.split("/")
    audience = Audience.parse(parts[1]) if len(parts) == 3 and parts[0] == "digest" else None
    if audience is None:
        return None
    try:
        return audience, date.fromisoformat(parts[2])
    except ValueError:
        return None
