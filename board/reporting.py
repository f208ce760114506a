"""A subgroup's report to the board: figures counted from the records, and what may be told of them. Pure.

Figures count cases, never people by name; a count under five is not told, since whoever knows one of them would know
the others. In a breakdown that adds up to a total a second figure is left out too, or the first could be worked out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from board.boards import last_held, next_held
from board.calendar import at_uk, uk_date
from board.errors import FieldProblem, Problem
from board.forms import PARAGRAPH, Form
from board.identifying import Found, identifying
from board.records import AgendaItem, Attendance, Forum, Hearing, Meeting, Member, Plan, Referral, Return, Subject
from board.vocabulary import CONCERNS, OUTCOMES, Attended, MeetingStatus, PlanStatus, Status

REPORT = "Subgroup report"
SUPPLEMENT = "Supplement to a subgroup report"
SUBMITTED = "Submitted"

SMALL = 5
"""Counts from one to four are not told in anything that is posted (domain default)."""

FEWER = f"fewer than {SMALL}"
NOT_TOLD = "not told"
"""A figure left out because another one that is could be worked out from it."""

SIX_WEEKS = timedelta(weeks=6)
ITEM_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Period:
    """What a report speaks for: after one moment until another, for the board on a day (None: not known)."""

    after: datetime
    until: datetime
    board: date | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment falls within it."""
        return moment is not None and self.after < moment <= self.until

    def holds_day(self, day: date | None) -> bool:
        """Whether a day falls within it."""
        return day is not None and uk_date(self.after) < day <= uk_date(self.until)


def period(
    board: Forum | None, reports: Iterable[AgendaItem], forum: Forum, now: datetime, meetings: Iterable[Meeting] = ()
) -> Period:
    """The time since the subgroup's report to an earlier board, or since the last board; else six weeks.

    A report goes in days before its board, so what is heard in between belongs to the next.
    """
    today = uk_date(now)
    rows = list(meetings)
    day = next_held(board, rows, today) if board else None
    earlier = [
        r.submitted_on
        for r in _reports(reports, forum)
        if r.submitted_on and r.about != (_iso(day) or today.isoformat())
    ]
    if earlier:
        return Period(max(earlier), now, day)
    since = (last_held(board, rows, today) if board else None) or today - SIX_WEEKS
    return Period(at_uk(since, time(0)) - timedelta(seconds=1), now, day)


def _reports(items: Iterable[AgendaItem], forum: Forum) -> list[AgendaItem]:
    return [item for item in items if item.kind == REPORT and item.forum.upper() == forum.code.upper()]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@dataclass(frozen=True, slots=True)
class Engaged:
    """How far one agency took part: of `meetings` it `attended` some (a deputy counts) and sent information to others
    it could not come to; of the returns `asked` of it so many were there before the case was heard."""

    agency: str
    meetings: int = 0
    attended: int = 0
    informed: int = 0
    asked: int = 0
    in_time: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted. The breakdowns by concern and by status add up to `heard`; outcomes may be several a case."""

    heard: int = 0
    meetings: int = 0
    concerns: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)
    redirected: int = 0
    declined: int = 0
    repeats: int = 0
    agreed: int = 0
    expired: int = 0
    overdue: int = 0
    engaged: tuple[Engaged, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """The records a report counts: the subgroup's own, of the period and a little around it."""

    hearings: Sequence[Hearing] = ()
    referrals: Sequence[Referral] = ()
    meetings: Sequence[Meeting] = ()
    attendance: Sequence[Attendance] = ()
    returns: Sequence[Return] = ()
    plans: Sequence[Plan] = ()


def figures(of: Records, spoken: Period, agencies: Iterable[str]) -> Figures:
    """Count the records for a period. A case heard twice in it is one case, with the outcomes of both hearings."""
    hearings = [h for h in of.hearings if spoken.holds(h.heard_on)]
    heard = {h.reference for h in hearings}
    cases = {case.reference: case for case in of.referrals}
    known = [cases[reference] for reference in sorted(heard) if reference in cases]
    outcomes = {(h.reference, outcome) for h in hearings for outcome in h.outcomes}
    held = [m for m in of.meetings if _held(m, spoken, hearings)]
    return Figures(
        heard=len(heard),
        meetings=len(held),
        concerns=_counted((case.concern for case in known), CONCERNS, len(heard)),
        outcomes={each: n for each in OUTCOMES if (n := sum(outcome == each for _, outcome in outcomes))},
        statuses=_counted((case.status for case in known), tuple(Status), len(heard)),
        redirected=sum(spoken.holds(case.redirected_on) for case in cases.values()),
        declined=sum(case.status == Status.DECLINED and spoken.holds(case.closed_on) for case in cases.values()),
        repeats=sum(bool(case.repeat_of) for case in known),
        agreed=sum(spoken.holds(plan.agreed_on) for plan in of.plans),
        expired=sum(_expired(plan, spoken) for plan in of.plans),
        overdue=sum(_overdue(plan, uk_date(spoken.until)) for plan in of.plans),
        engaged=tuple(_engaged(code, of, held, hearings, cases) for code in sorted(agencies)),
    )


def _held(meeting: Meeting, spoken: Period, hearings: Iterable[Hearing]) -> bool:
    """Cancelled meetings, and those that are still to come, do not count."""
    took_place = meeting.status in (MeetingStatus.HELD, MeetingStatus.IN_PROGRESS)
    heard = any(hearing.meeting == meeting.reference for hearing in hearings)
    return took_place and (heard or spoken.holds_day(meeting.held_on))


def _counted(said: Iterable[str], words: Sequence[str], total: int) -> dict[str, int]:
    """Each of the board's words with its count; what is none of them, or not known, counts as not stated."""
    counts = Counter(each for each in said if each in words)
    found = {str(word): counts[word] for word in words if counts[word]}
    unknown = total - sum(found.values())
    return found | ({"Not stated": unknown} if unknown else {})


def _expired(plan: Plan, spoken: Period) -> bool:
    return spoken.holds_day(plan.expires_on) and plan.status in (PlanStatus.EXPIRED, PlanStatus.AGREED)


def _overdue(plan: Plan, today: date) -> bool:
    """A plan in force whose review day has passed."""
    return plan.open and plan.status == PlanStatus.AGREED and plan.review_on is not None and plan.review_on < today


def _engaged(
    code: str, of: Records, held: Sequence[Meeting], hearings: Sequence[Hearing], cases: Mapping[str, Referral]
) -> Engaged:
    its = {row.reference: row for row in of.attendance if row.agency.upper() == code and row.status}
    rows = [its[meeting.reference] for meeting in held if meeting.reference in its]
    first: dict[str, datetime] = {}
    for hearing in hearings:
        if hearing.heard_on is not None:
            first[hearing.reference] = min(hearing.heard_on, first.get(hearing.reference, hearing.heard_on))
    asked = [reference for reference in first if reference in cases and code in cases[reference].asked]
    return Engaged(
        agency=code,
        meetings=len(held),
        attended=sum(row.status in (Attended.PRESENT, Attended.DEPUTY) for row in rows),
        informed=sum(row.status == Attended.APOLOGIES and row.information_sent for row in rows),
        asked=len(asked),
        in_time=sum(_in_time(code, reference, first[reference], of.returns) for reference in asked),
    )


def _in_time(code: str, reference: str, heard_on: datetime, returns: Iterable[Return]) -> bool:
    theirs = (each.answered_on for each in returns if (each.reference, each.agency.upper()) == (reference, code))
    return any(answered is not None and answered <= heard_on for answered in theirs)


Told = tuple[str, str]
"""One line of a report: its label and its figure, in the board's own words."""


def exactly(of: Figures) -> list[Told]:
    """Every figure as it is, for those who run the subgroup."""
    return _lines(of, hidden=False)


def for_the_board(of: Figures) -> list[Told]:
    """Every figure as it may be told: none under five, and none from which such a one could be worked out."""
    return _lines(of, hidden=True)


def _lines(of: Figures, *, hidden: bool) -> list[Told]:
    def told(number: int) -> str:
        return FEWER if hidden and 0 < number < SMALL else str(number)

    def parts(label: str, counts: Mapping[str, int], *, adds_up: bool) -> list[Told]:
        shown = {name: told(number) for name, number in counts.items()}
        small = [name for name, said in shown.items() if said == FEWER]
        if adds_up and len(small) == 1 and len(shown) > 1:
            next_smallest = min((name for name in shown if name not in small), key=lambda name: counts[name])
            shown[next_smallest] = NOT_TOLD
        return [(f"{label}: {name}", said) for name, said in shown.items()]

    return [
        ("Meetings held", str(of.meetings)),
        ("Cases heard", told(of.heard)),
        *parts("Concern", of.concerns, adds_up=True),
        *parts("Outcome", of.outcomes, adds_up=False),
        *parts("Now", of.statuses, adds_up=True),
        ("Redirected", told(of.redirected)),
        ("Declined", told(of.declined)),
        ("Referred before", told(of.repeats)),
        ("Plans agreed", told(of.agreed)),
        ("Plans run out", told(of.expired)),
        ("Plans overdue for review", told(of.overdue)),
        *[(each.agency, _engagement(each)) for each in of.engaged],
    ]


def _engagement(of: Engaged) -> str:
    came = f"came to {of.attended} of {of.meetings}"
    informed = f", informed {of.informed} more" if of.informed else ""
    returned = f"; answered {of.in_time} of {of.asked} in time" if of.asked else ""
    return came + informed + returned


def found_in(form: Form, subjects: Iterable[Subject]) -> dict[str, list[Found]]:
    """What in the chair's words would say who somebody is; empty when nothing does."""
    typed = form.values.get("results")
    found = identifying(typed, subjects) if isinstance(typed, str) else []
    return {"results": found} if found else {}


def report_key(forum: Forum, spoken: Period) -> str:
    """The key that makes a subgroup's report to one board once."""
    return f"report/{forum.code}/{for_board(spoken)}"


def for_board(spoken: Period) -> str:
    """The day of the board that a report is for, in ISO form; the day it is made on where no board's is known."""
    return _iso(spoken.board) or uk_date(spoken.until).isoformat()


@dataclass(frozen=True, slots=True)
class Reporting:
    """What a report is made of besides the form: the subgroup, the period, the board's meeting, and the figures."""

    forum: Forum
    spoken: Period
    meeting: str
    figures: Figures


def submit(
    form: Form, member: Member, of: Reporting, subjects: Iterable[Subject], *, now: datetime, to: AgendaItem | None
) -> AgendaItem:
    """The report, or, once it was submitted (`to`), a supplement: neither is ever changed.

    Raises NotUnderstood with every problem. A supplement needs words; a report may be its figures alone.
    """
    key = form.key()
    words = form.text("results", PARAGRAPH, required=to is not None)
    if found_in(form, subjects):
        form.problems.append(FieldProblem("results", Problem.IDENTIFYING))
    form.done()
    lines = "\n".join(f"{label}: {said}" for label, said in for_the_board(of.figures))
    return AgendaItem(
        key=report_key(of.forum, of.spoken) if to is None else f"supplement-{key}",
        forum=of.forum.code,
        meeting=of.meeting,
        kind=REPORT if to is None else SUPPLEMENT,
        about=for_board(of.spoken),
        words=words,
        figures=lines if to is None else "",
        status=SUBMITTED,
        owner_id=member.user_id,
        owner_name=member.name,
        minutes=ITEM_MINUTES if to is None else 0,
        submitted_on=now,
    )
