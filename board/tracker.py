"""The action tracker: what is open, what has slipped, whose it is. Pure: actions and a viewer in, a view out."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from board.actions import CLAIMS, Action, ActionStatus
from board.calendar import uk_date
from board.entitlement import Sight
from board.records import Agency
from board.references import ACTION, reference
from board.scopes import FIRST

PAGE = 15
_STATUSES = frozenset(ActionStatus)
SOON = timedelta(days=7)


class Only(StrEnum):
    """Which actions are asked for."""

    OVERDUE = "overdue"
    DUE = "due"
    MINE = "mine"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What `tracker` was asked for. `said` is what was typed, to ask for the next page with."""

    agency: str = ""
    only: Only | None = None
    text: str = ""
    forum: str = ""


def read(said: str, agencies: Mapping[str, Agency], forums: Container[str] = ()) -> Asked:
    """Read the words after `tracker`: an agency's or a forum's code, one of the states; the rest is text."""
    agency, forum, only, rest = "", "", None, []
    for word in said.split():
        if not agency and word.upper() in agencies:
            agency = word.upper()
        elif not forum and word.upper() in forums:
            forum = word.upper()
        elif only is None and word.casefold() in tuple(Only):
            only = Only(word.casefold())
        else:
            rest.append(word)
    return Asked(agency, only, " ".join(rest)[:80], forum)


def spoken(asked: Asked, *, with_text: bool) -> str:
    """What was asked for in words that `read` reads back; without the free text where it may not be said again."""
    parts = (asked.agency, asked.forum, asked.only.value if asked.only else "", asked.text if with_text else "")
    return " ".join(part for part in parts if part)


def is_overdue(action: Action, today: date) -> bool:
    """Whether the due day has passed and the owner has not claimed it."""
    return action.live and action.due is not None and action.due < today and action.status not in CLAIMS


def is_soon(action: Action, today: date) -> bool:
    """Whether it is due today or within a week, and the owner has not claimed it."""
    waits = action.live and action.due is not None and action.status not in CLAIMS
    return waits and action.due is not None and today <= action.due <= today + SOON


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over everything that was asked for, not only the page. Ages are in days since it was agreed."""

    open: int
    overdue: int
    soon: int
    blocked: int
    to_verify: int
    median_age: int
    oldest_age: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `what` is empty where the viewer may see no more than an outline; `late` is days overdue."""

    reference: str
    what: str
    agency: str
    owner: str
    due: date | None
    late: int
    status: str
    immediate: bool


@dataclass(frozen=True, slots=True)
class Tracker:
    """One page of the tracker, grouped as it is read: an agency's name and its rows."""

    totals: Totals
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    page: int
    pages: int
    shown: tuple[int, int]


def track(
    actions: Iterable[Action],
    asked: Asked,
    *,
    viewer: str,
    sees: Callable[[Action], Sight],
    names: Mapping[str, Agency],
    today: date,
    page: int = 0,
) -> Tracker:
    """Choose, count, order and cut. Agencies with the most overdue come first; within one, the longest overdue."""
    wanted = chosen(actions, asked, viewer=viewer, sees=sees, names=names, today=today)
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(page, 0), pages - 1)
    cut = wanted[page * PAGE : (page + 1) * PAGE]
    groups: dict[str, list[Row]] = {}
    for action, amount in cut:
        groups.setdefault(_known(action, names), []).append(row(action, amount, today))
    return Tracker(
        totals=totals([action for action, _ in wanted], today),
        groups=tuple((names[code].name if code else "", tuple(rows)) for code, rows in groups.items()),
        page=page,
        pages=pages,
        shown=(page * PAGE + 1 if cut else 0, page * PAGE + len(cut)),
    )


def chosen(
    actions: Iterable[Action],
    asked: Asked,
    *,
    viewer: str,
    sees: Callable[[Action], Sight],
    names: Mapping[str, Agency],
    today: date,
) -> list[tuple[Action, Sight]]:
    """All that was asked for and may be seen, in the tracker's order, each with how much of it may be shown."""
    seen = [(action, sees(action)) for action in actions if action.live]
    wanted = [pair for pair in seen if pair[1] is not Sight.NOTHING and _wanted(pair, asked, viewer, today)]
    known = [(pair, _known(pair[0], names), is_overdue(pair[0], today)) for pair in wanted]
    overdue = Counter(code for _, code, late in known if late)
    known.sort(key=lambda each: (-overdue[each[1]], each[1], not each[2], each[0][0].due or date.max, each[0][0].id))
    return [pair for pair, _, _ in known]


def _known(action: Action, names: Mapping[str, Agency]) -> str:
    """The code of its agency; those that are no agency's are one group, without a code."""
    return action.agency if action.agency in names else ""


def _wanted(pair: tuple[Action, Sight], asked: Asked, viewer: str, today: date) -> bool:
    action, amount = pair
    if asked.agency and action.agency != asked.agency:
        return False
    if asked.forum and (action.forum or FIRST).upper() != asked.forum:
        return False
    if asked.only is not None and not _ONLY[asked.only](action, viewer, today):
        return False
    if not asked.text:
        return True
    words = f"{reference(ACTION, action.id)} {shown_owner(action, amount)}"
    if amount is Sight.FULL:
        words += f" {action.what} {action.source}"
    return asked.text.casefold() in words.casefold()


_ONLY: dict[Only, Callable[[Action, str, date], bool]] = {
    Only.OVERDUE: lambda action, _viewer, today: is_overdue(action, today),
    Only.DUE: lambda action, _viewer, today: is_soon(action, today),
    Only.MINE: lambda action, viewer, _today: bool(viewer) and action.owner_id.casefold() == viewer.casefold(),
    Only.BLOCKED: lambda action, _viewer, _today: action.status == ActionStatus.BLOCKED,
}


def shown_owner(action: Action, amount: Sight) -> str:
    """The owner's name. Beside an outline only a member's: any other was typed by hand, and may be whom it is about."""
    return action.owner_name if action.owner_id or amount is Sight.FULL else ""


def row(action: Action, amount: Sight, today: date) -> Row:
    """One action as a line, cut to what the viewer may see. Its reference is made anew: one typed may be a name."""
    late = (today - action.due).days if action.due is not None and is_overdue(action, today) else 0
    return Row(
        reference=reference(ACTION, action.id),
        what=action.what if amount is Sight.FULL else "",
        agency=action.agency,
        owner=shown_owner(action, amount),
        due=action.due,
        late=late,
        status=action.status if action.status in _STATUSES else "",
        immediate=action.priority == "Immediate risk",
    )


def totals(actions: Iterable[Action], today: date) -> Totals:
    """Count what was asked for."""
    every, ages = list(actions), list[int]()
    overdue = soon = blocked = to_verify = 0
    for action in every:
        if action.agreed_on is not None:
            ages.append((today - uk_date(action.agreed_on)).days)
        if action.status in CLAIMS:
            to_verify += 1
        elif is_overdue(action, today):
            overdue += 1
        elif is_soon(action, today):
            soon += 1
        blocked += action.status == ActionStatus.BLOCKED
    return Totals(
        open=len(every),
        overdue=overdue,
        soon=soon,
        blocked=blocked,
        to_verify=to_verify,
        median_age=round(statistics.median(ages)) if ages else 0,
        oldest_age=max(ages, default=0),
    )


@dataclass(frozen=True, slots=True)
class Trend:
    """What happened since the last board: how many were agreed and how many closed; `since` is its day."""

    since: date
    agreed: int
    closed: int


def trend(open_now: Iterable[Action], closed_since: Iterable[Action], since: date) -> Trend:
    """Count what was agreed and what was closed on or after a day. An action agreed and closed since is in both."""
    still = [a for a in open_now if a.agreed_on is not None and uk_date(a.agreed_on) >= since]
    gone = list(closed_since)
    both = [a for a in gone if a.agreed_on is not None and uk_date(a.agreed_on) >= since]
    return Trend(since, len(still) + len(both), len(gone))
