"""Keeping or disposing of a case's record: when that is decided, by whom, and what the record then says.

Nothing goes by itself: a person decides, with a rationale, and what is disposed of goes only once a second person has
confirmed it. Disposal cannot be undone, and a record that went too early is missed where it matters most: at an inquest
or a review. So it takes two who hold the role, as destroying a record does elsewhere; until then *keep* takes the
first's decision back.

The first review is six years after closing. That is the least that the College of Policing's Authorised Professional
Practice on information management gives (review, retention and disposal; formerly Management of Police Information);
health bodies' own copies follow the NHS Records Management Code of Practice, whose periods differ. So the number of
years is a row of the list `Settings`, named `retention-years`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from board.calendar import uk_date
from board.entitlement import comes_from
from board.errors import FieldProblem, NotAllowed, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.identifying import Kind, identifying
from board.records import Member, Referral, Subject
from board.vocabulary import Retention, Status

YEARS = 6
MOST_YEARS = 100
SETTING = "retention-years"

CLOSING = (Status.CLOSED, Status.DECLINED, Status.WITHDRAWN)
"""The states in which a case is closed."""

REMOVED = "[removed]"
"""What stands in the place of words that would say who somebody is."""

GONE = (Retention.DISPOSED, Retention.IN_PART)


class Choice(StrEnum):
    """What somebody decides about a closed case's record."""

    KEEP = "keep"
    DISPOSE = "dispose"
    CONFIRM = "confirm"


class Stage(StrEnum):
    """How far a case's record has come on its way out."""

    OPEN = "open"
    NOT_DUE = "not due"
    DUE = "due"
    DECIDED = "decided"
    UNDER_WAY = "under way"
    IN_PART = "in part"
    DISPOSED = "disposed"


def years(told: str) -> int:
    """The years until the first review, as the setting says; six where it says nothing that can be meant."""
    said = told.strip()
    number = int(said) if re.fullmatch(r"[0-9]{1,3}", said) else 0
    return number if 1 <= number <= MOST_YEARS else YEARS


def review_day(closed_on: date, after: int = YEARS) -> date:
    """The day so many years later; never earlier than whole years, so 29 February becomes 1 March."""
    try:
        return closed_on.replace(year=closed_on.year + after)
    except ValueError:
        return date(closed_on.year + after, 3, 1)


def closed(referral: Referral, now: datetime, after: int = YEARS) -> Referral:
    """A case that closes, by whatever path: when it did, and when its keeping is decided. What it has is kept."""
    closed_on = referral.closed_on or now
    review_on = referral.review_on or review_day(uk_date(closed_on), after)
    return replace(referral, open=False, closed_on=closed_on, review_on=review_on)


def settled(row: Referral, now: datetime, after: int = YEARS) -> Referral:
    """A row as its state asks: one closed by hand gets its days, one opened again by hand loses them."""
    if row.retention in GONE or _under_way(row):
        return row
    if not row.open or row.status in CLOSING:
        return closed(row, now, after)
    if row.closed_on is None and row.review_on is None:
        return row
    bare = replace(row, closed_on=None, review_on=None, retention="", retention_why="")
    return replace(bare, retention_by="", retention_by_id="", retention_on=None)


def stage(referral: Referral, today: date) -> Stage:
    """How far this record has come, on this day."""
    if referral.retention == Retention.DISPOSED:
        return Stage.DISPOSED
    if referral.retention == Retention.IN_PART:
        return Stage.IN_PART
    if referral.open:
        return Stage.OPEN
    if referral.retention == Retention.DISPOSE and referral.retention_by_id:
        return Stage.UNDER_WAY if _under_way(referral) else Stage.DECIDED
    due = referral.review_on is not None and referral.review_on <= today
    return Stage.DUE if due else Stage.NOT_DUE


def _under_way(referral: Referral) -> bool:
    decided = referral.retention == Retention.DISPOSE and bool(referral.retention_by_id)
    return decided and bool(referral.disposal_by_id) and referral.disposal_by_id != referral.retention_by_id


AWAITING = (Stage.DUE, Stage.DECIDED, Stage.UNDER_WAY, Stage.IN_PART)
"""Stages in which somebody, or the bot, still has something to do."""


def due(rows: Iterable[Referral], until: date) -> list[Referral]:
    """Those whose keeping is to be decided by that day, the longest waiting first."""
    found = [row for row in rows if stage(row, until) in AWAITING]
    return sorted(found, key=lambda row: (row.review_on or until, row.id))


ALLOWED = {
    Choice.KEEP: (Stage.NOT_DUE, Stage.DUE, Stage.DECIDED),
    Choice.DISPOSE: (Stage.DUE,),
    Choice.CONFIRM: (Stage.DECIDED,),
}
"""What may be decided at which stage. A record may be kept longer before its day, for a live review or an inquest."""

_REFUSED = {
    Stage.OPEN: Refusal.STILL_OPEN,
    Stage.NOT_DUE: Refusal.NOT_DUE,
    Stage.DUE: Refusal.NOT_DECIDED,
    Stage.DECIDED: Refusal.DECIDED,
    Stage.UNDER_WAY: Refusal.UNDER_WAY,
    Stage.IN_PART: Refusal.UNDER_WAY,
    Stage.DISPOSED: Refusal.DISPOSED,
}


def refusal(referral: Referral, member: Member, choice: Choice, today: date, *, live: bool = False) -> Refusal | None:
    """Which rule forbids the choice. `live`: an action of the case is open or a plan for it is in force."""
    now_at = stage(referral, today)
    if now_at not in ALLOWED[choice]:
        return _REFUSED[now_at]
    if live and choice is not Choice.KEEP:
        return Refusal.STILL_LIVE
    if choice is Choice.CONFIRM and member.user_id == referral.retention_by_id:
        return Refusal.SECOND_PERSON
    return None


_PLAN = re.compile(r"\bP[A-Za-z]*\s*[-‐‑–—]?\s*0*([1-9][0-9]{0,8})", re.IGNORECASE)


def came_from(source: str, number: int, plans: Collection[int]) -> bool:
    """Whether an action's source names this case or one of its plans, however that was typed."""
    return comes_from(source, number) or any(int(found) in plans for found in _PLAN.findall(source))


def decide(
    referral: Referral, member: Member, choice: Choice, form: Form, *, now: datetime, live: bool = False
) -> Referral:
    """The record as decided. Raises NotAllowed, or NotUnderstood with every field that is wrong."""
    today = uk_date(now)
    against = refusal(referral, member, choice, today, live=live)
    if against is not None:
        raise NotAllowed(against)
    if choice is Choice.CONFIRM:
        return replace(referral, disposal_by=member.name, disposal_by_id=member.user_id, disposal_on=now)
    why = _rationale(form)
    review_on = _kept_until(form, today) if choice is Choice.KEEP else referral.review_on
    form.done()
    return replace(
        referral,
        retention=Retention.KEEP if choice is Choice.KEEP else Retention.DISPOSE,
        review_on=review_on,
        retention_why=why,
        retention_by=member.name,
        retention_by_id=member.user_id,
        retention_on=now,
        disposal_by="",
        disposal_by_id="",
        disposal_on=None,
    )


def _rationale(form: Form) -> str:
    """Why: it outlives the case, so what is certainly about a person is not taken."""
    why = form.text("retention_why", PARAGRAPH, required=True)
    if any(found.kind is not Kind.REFERENCE for found in identifying(why, ())):
        form.problems.append(FieldProblem("retention_why", Problem.IDENTIFYING))
    return why


def _kept_until(form: Form, today: date) -> date | None:
    until = form.any_day("keep_until")
    if until is None:
        if not form.problems or all(each.field != "keep_until" for each in form.problems):
            form.problems.append(FieldProblem("keep_until", Problem.MISSING))
    elif until <= today:
        form.problems.append(FieldProblem("keep_until", Problem.NOT_LATER))
    return until


def struck(text: str, people: Iterable[Subject]) -> str:
    """A text that outlives the case, without what would identify the case's people.

    Done when the case is disposed of, not when the text is typed: a refusal then would tell its writer that a name was
    the right one.
    """
    for found in sorted(identifying(text, people), key=lambda each: -len(each.said)):
        if found.kind is not Kind.REFERENCE:
            text = re.sub(re.escape(found.said), REMOVED, text, flags=re.IGNORECASE)
    mark = re.escape(REMOVED)
    return re.sub(rf"{mark}(?:\s+{mark})+", REMOVED, text)


DONE_WITH = "Disposed of with its case"
"""What an action says of itself afterwards: an action is never deleted, and one without words would be reported."""


class What(StrEnum):
    """What was to go, and did not."""

    DETAIL = "detail"
    VERSIONS = "versions"
    ATTACHMENTS = "attachments"
    FILES = "files"
    BIN = "bin"
    BINS = "bins"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is still there: in which list or place, how many, and SharePoint's status when it refused."""

    what: What
    where: str
    count: int = 1
    status: int = 0
