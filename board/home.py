"""What one person finds when they come in: theirs to do, what their agency owes, the next board, what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from board.actions import CLAIMS, Action
from board.boards import Board
from board.calendar import milestone_day, milestones_of
from board.entitlement import Act, Standing, refusal
from board.errors import Refusal
from board.records import Forum, Referral, Return
from board.returning import progress
from board.tracker import is_overdue

LOOKED_AGAIN = timedelta(minutes=15)
"""Who looks again within this is shown the same changes again: nobody reads a card only once."""

REMEMBERED = timedelta(weeks=6)
"""How far back changes are told: what is older was told by the board between."""

OFFERED: tuple[tuple[Act, str], ...] = (
    (Act.REFER, "refer"),
    (Act.SEE_ACTIONS, "my actions"),
    (Act.SEE_ACTIONS, "tracker"),
    (Act.LIST, "referrals"),
    (Act.LIST, "board"),
    (Act.LIST, "agenda"),
    (Act.ADD_ACTION, "add action"),
    (Act.TRIAGE, "triage"),
    (Act.ARRANGE_LIST, "list"),
    (Act.RUN_MEETING, "subgroup"),
    (Act.RUN_BOARD, "brief"),
    (Act.RETAIN, "retention"),
    (Act.DISCLOSURES, "patterns"),
)
"""The commands that take no more words, each with the act that it needs; in the order in which they are offered."""


def commands_for(who: Standing, today: date) -> list[str]:
    """The commands that this person can use, most wanted first."""
    return [word for act, word in OFFERED if refusal(act, who, today) is None]


@dataclass(frozen=True, slots=True)
class Changed:
    """What is new since somebody looked (`since`): references alone, and titles of the board's papers."""

    since: datetime
    given: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether all is as it was."""
        return not (self.given or self.closed or self.asked or self.papers)


@dataclass(frozen=True, slots=True)
class Before:
    """What a board asks of one person: the day by which their agency's paper is due, or that a report is awaited."""

    paper_by: date | None = None
    report: bool = False
    overdue: int = 0


def looked_since(last: datetime | None, before: datetime | None, now: datetime) -> datetime | None:
    """Since when changes are told: since the look before, while the last one is only just past; None the first time."""
    since = before if last is not None and now - last < LOOKED_AGAIN else last
    return max(since, now - REMEMBERED) if since is not None else None


def awaited_from(
    cases: Iterable[tuple[Referral, Sequence[Return]]],
    who: Standing,
    today: date,
    forums: Mapping[str, Forum],
    otherwise: str,
) -> list[Referral]:
    """The open referrals that wait for this person's agency, the longest first, as far as they may answer for it.

    A restricted one is among them: the agency is awaited whoever of it is let in.
    """
    found = []
    for referral, returns in cases:
        forum = forums.get((referral.forum or otherwise).upper())
        against = refusal(Act.ANSWER, who, today, referral=referral, forum=forum)
        mine = who.agency is not None and who.agency.code in progress(referral, returns).awaited
        if mine and against in (None, Refusal.RESTRICTED):
            found.append(referral)
    return sorted(found, key=lambda each: each.id)


def changed(
    since: datetime,
    mine: Iterable[Action],
    closed: Iterable[Action],
    awaited: Iterable[Referral],
    papers: Iterable[tuple[datetime | None, str]],
) -> Changed:
    """What came after an instant. `mine` are this person's open actions and `closed` theirs that are closed."""
    return Changed(
        since,
        given=tuple(
            each.reference for each in mine if _after(each.agreed_on, since) or _after(each.transferred_on, since)
        ),
        closed=tuple(each.reference for each in closed if _after(each.closed_on, since)),
        asked=tuple(each.reference for each in awaited if _after(each.received_on, since)),
        papers=tuple(title for on, title in papers if _after(on, since)),
    )


def _after(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment > since


def asked_before(
    forum: Forum,
    board: Board,
    *,
    in_focus: bool,
    has_paper: bool,
    report_awaited: bool,
    mine: Iterable[Action],
    today: date,
) -> Before:
    """What a board asks of somebody who answers for the agency in focus (`in_focus`), or for a subgroup's report."""
    returns = next(each for each in milestones_of(forum.milestones) if each.name == "returns")
    late = sum(is_overdue(action, today) and action.status not in CLAIMS for action in mine)
    due = milestone_day(board.day, returns) if in_focus and not has_paper else None
    return Before(due, report_awaited, late)
