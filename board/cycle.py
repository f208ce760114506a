"""Who is told what of a board's milestones, beside its channel; and what follows for its actions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from board.actions import Action, ActionStatus
from board.boards import Board
from board.records import Agency, AgendaItem, Forum, Member
from board.reporting import REPORT, SUPPLEMENT
from board.rounds import belongs
from board.vocabulary import MeetingKind, Role


def answerers(agency: str, members: Iterable[Member]) -> list[Member]:
    """Who answers for an agency: its leads, else its representatives, else the mental health team for it."""
    open_ = sorted((member for member in members if member.open), key=lambda each: each.id)
    theirs = [member for member in open_ if member.agency.upper() == agency.upper()]
    for role in (Role.AGENCY_LEAD, Role.REPRESENTATIVE):
        if found := [member for member in theirs if member.has(role)]:
            return found
    return [member for member in open_ if member.has(Role.MENTAL_HEALTH_TEAM)]


def by_agency(actions: Iterable[Action], forum: Forum, agencies: Mapping[str, Agency]) -> dict[str, list[Action]]:
    """The open actions of a board by the code of the agency that owes them; an agency that owes none is left out."""
    found: dict[str, list[Action]] = {}
    for action in sorted(actions, key=lambda each: each.id):
        code = action.agency.upper()
        if action.live and action.reference and belongs(action, forum) and code in agencies:
            found.setdefault(code, []).append(action)
    return found


def to_disseminate(actions: Iterable[Action], forum: Forum) -> list[tuple[Action, Action]]:
    """The actions that were agreed and that their agencies are told of now: each as it is and as it is then."""
    fresh = [each for each in actions if each.live and each.status == ActionStatus.AGREED and belongs(each, forum)]
    return [(each, replace(each, status=ActionStatus.DISSEMINATED)) for each in fresh if each.reference]


def reports_for(items: Iterable[AgendaItem], board: Board) -> list[AgendaItem]:
    """The subgroups' reports to a board and what was added to them, also where it was moved since, in order."""
    days = {board.day.isoformat(), board.planned.isoformat()}
    kinds = (REPORT, SUPPLEMENT)
    return sorted((each for each in items if each.kind in kinds and each.about in days), key=lambda each: each.id)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a board still waits for: the paper of the agency in focus (its code), and subgroups' reports (codes)."""

    focus: str = ""
    reports: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether all is in."""
        return not self.focus and not self.reports


def awaited(focus: str, paper: AgendaItem | None, reports: Iterable[AgendaItem], subgroups: Iterable[Forum]) -> Awaited:
    """What is not in yet. `reports` are those submitted for this board."""
    there = {each.forum.upper() for each in reports if each.kind == REPORT}
    missing = tuple(each.code for each in subgroups if each.code.upper() not in there)
    return Awaited("" if paper is not None else focus, missing)


def subgroups(forums: Iterable[Forum]) -> list[Forum]:
    """The subgroups that report to a board, in order."""
    found = (each for each in forums if each.open and each.kind.casefold() == MeetingKind.SUBGROUP.casefold())
    return sorted(found, key=lambda each: each.id)
