"""The risk register: gaps in the system that the partners hold together, rated before and after controls. Pure.

A risk is raised without a rating. Whoever owns it reviews it: how likely and how bad without controls and with them,
what the controls are, when it is looked at next. Chairs accept what is tolerated and close what is over, each with why,
and can open it again. Every step writes why into the risk; earlier words are in its row's versions.

The scale and its bands are those of *A risk matrix for risk managers* (National Patient Safety Agency, 2008), which NHS
partners use: five by five, 1 to 3 low, 4 to 6 moderate, 8 to 12 high, 15 to 25 very high.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from board.calendar import uk_date
from board.cycle import answerers
from board.errors import FieldProblem, NotAllowed, Problem, Refusal
from board.forms import PARAGRAPH, Form
from board.identifying import Found, in_fields, of_nobody
from board.notices import Audience, Notice, NoticeKind
from board.records import Agency, Member, Risk
from board.vocabulary import Role


class RiskStatus(StrEnum):
    """Where a risk stands. All but a closed one are on the register."""

    RAISED = "Raised"
    OPEN = "On the register"
    ACCEPTED = "Accepted"
    CLOSED = "Closed"


CATEGORIES = (
    "s135 backlog",
    "Bed availability",
    "Firearms licensing backlog",
    "Missing from health settings",
    "Violence in health settings",
    "Information sharing",
    "Workforce",
    "Other",
)
"""The kinds of gap that boards have seen (domain)."""

LIKELIHOODS = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
IMPACTS = ("Negligible", "Minor", "Moderate", "Major", "Catastrophic")
"""The names of 1 to 5."""

RATED_WITHIN = timedelta(days=14)
"""When a risk that was just raised is to be rated (domain default)."""

REVIEW_AFTER = timedelta(weeks=12)
"""When a risk is looked at next where nobody says (domain default: at the board after next)."""

FURTHEST = timedelta(days=366)
"""No review is further off: what is on the register is looked at each year."""

AHEAD = timedelta(days=7)
"""How long before a review its owners are reminded (domain default, as for actions)."""

DECIDE = (Role.CHAIR, Role.MENTAL_HEALTH_TEAM)
REVIEW = (Role.AGENCY_LEAD, Role.REPRESENTATIVE)


class Level(StrEnum):
    """How much a rated risk matters."""

    UNRATED = "not rated"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    VERY_HIGH = "very high"


class Trend(StrEnum):
    """How it moved with its latest review."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Rating:
    """How likely it is and how bad it would be, each 1 to 5; 0 where nobody has said."""

    likelihood: int = 0
    impact: int = 0

    @property
    def score(self) -> int:
        """Their product, 1 to 25; 0 when it is not rated."""
        return self.likelihood * self.impact if self.is_rated else 0

    @property
    def is_rated(self) -> bool:
        """Whether both are on the scale; a row edited into anything else is not rated."""
        return 1 <= self.likelihood <= 5 and 1 <= self.impact <= 5

    @property
    def level(self) -> Level:
        """The band of its score."""
        score = self.score
        if not score:
            return Level.UNRATED
        bands = ((4, Level.LOW), (7, Level.MODERATE), (15, Level.HIGH))
        return next((level for below, level in bands if score < below), Level.VERY_HIGH)


def before(risk: Risk) -> Rating:
    """Its rating without controls."""
    return Rating(risk.likelihood_before, risk.impact_before)


def after(risk: Risk) -> Rating:
    """Its rating with the controls that there are."""
    return Rating(risk.likelihood_after, risk.impact_after)


def trend(risk: Risk) -> Trend:
    """How its rating with controls moved with the latest review."""
    now = after(risk).score
    if not risk.last_score or not now:
        return Trend.NEW
    if now == risk.last_score:
        return Trend.STEADY
    return Trend.RISING if now > risk.last_score else Trend.FALLING


def ranked(risks: Iterable[Risk]) -> list[Risk]:
    """The register in its order: what is not rated yet first, then the highest with controls, then by number."""
    return sorted(risks, key=lambda each: (after(each).is_rated, -after(each).score, each.id))


def heat_map(risks: Iterable[Risk]) -> dict[tuple[int, int], list[Risk]]:
    """The rated risks by likelihood and impact with controls; a place without any is left out."""
    found: dict[tuple[int, int], list[Risk]] = {}
    for each in ranked(risks):
        rating = after(each)
        if rating.is_rated:
            found.setdefault((rating.likelihood, rating.impact), []).append(each)
    return found


def of_forum(risks: Iterable[Risk], code: str, *, default: str) -> list[Risk]:
    """The register of a forum by its code; a risk whose row names none is the board's (`default` is its code)."""
    return ranked(each for each in risks if (each.forum or default).upper() == code.upper())


class RiskStep(StrEnum):
    """What somebody can do with a risk; the words are those that are typed."""

    REVIEW = "review"
    ACCEPT = "accept"
    CLOSE = "close"
    REOPEN = "reopen"


def steps(risk: Risk, member: Member) -> list[RiskStep]:
    """What this member can do with this risk now, in the order it is offered."""
    decides = member.has(*DECIDE)
    if risk.status == RiskStatus.CLOSED or not risk.open:
        return [RiskStep.REOPEN] if decides else []
    found = [RiskStep.REVIEW] if decides or owns(risk, member) else []
    if decides:
        found += [RiskStep.ACCEPT] if risk.status != RiskStatus.ACCEPTED and after(risk).is_rated else []
        found.append(RiskStep.CLOSE)
    return found


def owns(risk: Risk, member: Member) -> bool:
    """Whether they answer for the agency that owns it."""
    return bool(risk.agency) and member.agency.upper() == risk.agency.upper() and member.has(*REVIEW)


def take(  # noqa: PLR0917 - a risk, what is done with it, by whom, with what, of which agencies and when
    risk: Risk, step: RiskStep, member: Member, form: Form, agencies: Mapping[str, Agency], now: datetime
) -> Risk:
    """The risk after a step. Raises NotAllowed or NotUnderstood with every problem, and changes nothing then."""
    if step not in steps(risk, member):
        theirs = member.has(*DECIDE) or (step is RiskStep.REVIEW and owns(risk, member))
        raise NotAllowed(Refusal.NOT_NOW if theirs else Refusal.NOT_YOURS)
    key = form.key()
    if step is RiskStep.REVIEW:
        return replace(_reviewed(risk, form, agencies, now), step_key=key)
    why = form.text("risk_why", PARAGRAPH, required=True)
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    form.done()
    status = {
        RiskStep.ACCEPT: RiskStatus.ACCEPTED,
        RiskStep.CLOSE: RiskStatus.CLOSED,
        RiskStep.REOPEN: RiskStatus.OPEN if after(risk).is_rated else RiskStatus.RAISED,
    }[step]
    over = step is RiskStep.CLOSE
    ahead = risk.review_on if step is RiskStep.ACCEPT else uk_date(now) + REVIEW_AFTER
    return replace(
        risk,
        status=status,
        open=not over,
        rationale=why,
        review_on=None if over else ahead,
        closed_on=now if over else None,
        step_key=key,
    )


def _reviewed(risk: Risk, form: Form, agencies: Mapping[str, Agency], now: datetime) -> Risk:
    """What was accepted is on the register again once it is reviewed: another rating asks for another decision."""
    today = uk_date(now)
    first = Rating(_mark(form, "likelihood_before"), _mark(form, "impact_before"))
    then = Rating(_mark(form, "likelihood_after"), _mark(form, "impact_after"))
    category = form.choice("risk_category", CATEGORIES) or risk.category
    agency = form.text("risk_agency").upper() or risk.agency
    if agency.upper() not in {code.upper() for code in agencies}:
        form.problems.append(FieldProblem("risk_agency", Problem.NOT_A_CHOICE))
    controls, why = form.text("controls", PARAGRAPH), form.text("risk_why", PARAGRAPH, required=True)
    ahead = form.any_day("review_on")
    if ahead is not None and not today < ahead <= today + FURTHEST:
        form.problems.append(FieldProblem("review_on", Problem.NOT_LATER if ahead <= today else Problem.BEYOND_A_YEAR))
    form.problems += _contradictions(first, then, controls)
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    form.done()
    keeps = risk.status == RiskStatus.ACCEPTED and after(risk) == then
    return replace(
        risk,
        likelihood_before=first.likelihood,
        impact_before=first.impact,
        likelihood_after=then.likelihood,
        impact_after=then.impact,
        category=category,
        agency=agency,
        controls=controls,
        rationale=why,
        review_on=ahead or today + REVIEW_AFTER,
        reviewed_on=now,
        last_score=after(risk).score,
        status=RiskStatus.ACCEPTED if keeps else RiskStatus.OPEN,
    )


def _mark(form: Form, name: str) -> int:
    """One mark of 1 to 5."""
    said = form.choice(name, ("1", "2", "3", "4", "5"), required=True)
    return int(said) if said else 0


def _contradictions(first: Rating, then: Rating, controls: str) -> list[FieldProblem]:
    """Controls never make a risk worse, and none make no difference."""
    if not (first.is_rated and then.is_rated):
        return []
    if then.likelihood > first.likelihood or then.impact > first.impact:
        return [FieldProblem("likelihood_after", Problem.WORSE)]
    if not controls and then != first:
        return [FieldProblem("controls", Problem.MISSING)]
    return []


def found_in(form: Form) -> dict[str, list[Found]]:
    """What in each field would say who somebody is, for whoever typed it."""
    return in_fields(form.values, ("controls", "risk_why"), of_nobody)


@dataclass(frozen=True, slots=True)
class Reviews:
    """What one member hears of on a day: risks whose review comes up or is past."""

    member: Member
    notice: Notice
    risks: tuple[Risk, ...]


def due(risks: Iterable[Risk], after_day: date, until: date) -> list[Risk]:
    """The risks of which their owners hear in a round that speaks for the days after one until another (counted).

    A week before the review, on its day, and each Monday once it is past.
    """
    days = [after_day + timedelta(days=n) for n in range(1, (until - after_day).days + 1)]
    monday = any(day.weekday() == 0 for day in days)
    found = []
    for each in risks:
        if each.review_on is None or not each.open:
            continue
        told = any(day in (each.review_on - AHEAD, each.review_on) for day in days)
        if told or (monday and each.review_on < until):
            found.append(each)
    return ranked(found)


def reviews(
    risks: Iterable[Risk], members: Iterable[Member], after_day: date, until: date, *, board: str = ""
) -> list[Reviews]:
    """One notice for each member who answers for an agency with something due, once a day whoever asks again.

    `board` is the code of the board whose risks they are, where there are several.
    """
    everybody, mine = list(members), dict[str, tuple[Member, list[Risk]]]()
    for each in due(risks, after_day, until):
        for member in answerers(each.agency, everybody):
            mine.setdefault(member.user_id.lower(), (member, []))[1].append(each)
    found = []
    for who, (member, theirs) in mine.items():
        audience = Audience(member=who)
        notice = Notice(
            f"risks/{until.isoformat()}{f'@{board}' if board else ''}/{audience}", NoticeKind.RISKS, audience, ""
        )
        found.append(Reviews(member, notice, tuple(theirs)))
    return found


def read_key(key: str) -> date | None:
    """Read a reminder's key back: its day; None for any other text."""
    parts = key.split("/")
    try:
        return date.fromisoformat(parts[1].partition("@")[0]) if len(parts) == 3 and parts[0] == "risks" else None
    except ValueError:
        return None
