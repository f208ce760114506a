"""A conference of another forum: that it was held, and who was there. It is counted, and not run here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from board.errors import FieldProblem, Problem, one_of
from board.forms import Form
from board.records import Forum, Meeting
from board.vocabulary import MeetingKind, MeetingStatus

_OURS = frozenset({"", MeetingKind.BOARD.casefold(), MeetingKind.SUBGROUP.casefold()})


def forums(every: Iterable[Forum]) -> list[Forum]:
    """The forums whose meetings are conferences: neither a board nor a subgroup."""
    return sorted(
        (each for each in every if each.open and each.kind.casefold() not in _OURS), key=lambda each: each.code
    )


def key_of(forum: str, day: date) -> str:
    """The key of a conference's row: a forum holds one on a day."""
    return f"conference:{forum.upper()}:{day.isoformat()}"


def held(form: Form, every: Mapping[str, Forum], today: date, *, cancelled: bool = False) -> Meeting:
    """The row of the conference that a form names. Raises NotUnderstood for no such forum, or a day to come."""
    code, day = form.text("forum", required=True).upper(), form.day("conference_day", today)
    known = [each.code.upper() for each in forums(every.values())]
    if code and code not in known:
        form.problems.append(one_of("forum", known))
    if day is None and all(each.field != "conference_day" for each in form.problems):
        form.problems.append(FieldProblem("conference_day", Problem.MISSING))
    form.done()
    assert day is not None
    return Meeting(
        key=key_of(code, day),
        forum=code,
        held_on=day,
        kind=MeetingKind.CONFERENCE,
        status=MeetingStatus.CANCELLED if cancelled else MeetingStatus.HELD,
        open=False,
    )
