"""The records the board keeps, as they are read: immutable, free of columns and of Teams.

`id` and `etag` are the store's: an id is a positive whole number, an etag an opaque text that guards the next write.
Times are aware and in UTC; dates are calendar dates in the United Kingdom.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from board.vocabulary import (
    AgreementStatus,
    LessonStatus,
    MeetingKind,
    MeetingStatus,
    PersonRole,
    PlanStatus,
    RequestStatus,
    Role,
    Status,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What every record has once it is in the list. `key` is the idempotency key of the write that made it.

    `chain` and `written` are the store's too, as `etag` is: the seal of the row as it was read (None: not read), and
    how many times it had been written then. They are no part of what a record says, so records compare without them.
    """

    id: int = 0
    etag: str = ""
    reference: str = ""
    key: str = ""
    open: bool = True
    chain: str | None = field(default=None, compare=False, repr=False)
    written: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Stored):
    """A partner. Case detail is open to it from `isa_signed_on` until the day before `isa_lapses_on`.

    `ladder` holds its own rungs of escalation, a line each: `manager 5: the duty superintendent`.
    """

    code: str
    name: str
    kind: str = ""
    isa_signed_on: date | None = None
    isa_lapses_on: date | None = None
    spoc: str = ""
    ladder: str = ""

    def isa_current(self, on: date) -> bool:
        """Whether the information sharing agreement is signed and has not lapsed on that day."""
        if self.isa_signed_on is None or self.isa_signed_on > on:
            return False
        return self.isa_lapses_on is None or on < self.isa_lapses_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Stored):
    """One version of what binds the partners: terms of reference, a sharing agreement, a procedure, advice adopted.

    `parties` are the codes of the agencies that are asked to sign (none: all). `signatures` holds a line for each that
    signed this version: `MHT 2026-11-29 until 2027-11-29`. `remind` are the days before a review, an expiry or a
    lapse on which it is told, such as `60; 30; 7`. `adopted_on` is when this version was put before the partners,
    of the board that `forum` names.
    """

    kind: str = ""
    title: str = ""
    version: int = 1
    status: str = AgreementStatus.IN_FORCE
    parties: frozenset[str] = frozenset()
    signatures: str = ""
    review_on: date | None = None
    expires_on: date | None = None
    link: str = ""
    remind: str = ""
    forum: str = ""
    adopted_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum(Stored):
    """A board, a subgroup or another meeting. `agencies` are the codes of its members; none named means all.

    `board` is the code of the board that a forum reports to (none: the first one); a board's own is not read.
    `anchor` is the day of one of its meetings, from which the others follow every `weeks` weeks (0: as its kind does);
    `meets_at` is a UK wall time such as `10:00`. `milestones` and `agenda` hold the board's own numbers, a line each:
    working days before it (`pack 6`), minutes of a standing item (`tracker 25`).
    """

    code: str
    name: str
    kind: str = ""
    agencies: frozenset[str] = frozenset()
    board: str = ""
    contact: str = ""
    anchor: date | None = None
    meets_at: str = ""
    link: str = ""
    weeks: int = 0
    milestones: str = ""
    agenda: str = ""

    @property
    def is_board(self) -> bool:
        """Whether it is a board: its row says so, or says nothing and names one of its days."""
        kind = self.kind.strip().casefold()
        return kind == MeetingKind.BOARD.casefold() or (not kind and self.anchor is not None)

    def includes(self, agency: str) -> bool:
        """Whether the agency of that code belongs to the forum."""
        return not self.agencies or agency in self.agencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Stored):
    """A person who may use the bot. `user_id` is the Entra object id in lower case.

    `forums` are the codes of the boards and other forums they belong to; none means those of their agency.
    """

    user_id: str
    name: str
    agency: str = ""
    email: str = ""
    roles: frozenset[Role] = frozenset()
    forums: frozenset[str] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the member holds any of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Stored):
    """A request that the partners look at somebody. Holds no identity: that is in `Subject`, in a list of its own.

    `rationale` is that of the latest step; earlier ones are in the item's versions. A restricted referral is a pointer
    to all but its referrer, its holder and those admitted (`admitted`, user ids). `repeat_of` is the reference of an
    earlier referral of the same person, for the entitled only. `review_on` is when keeping the record is decided
    (retention), `next_review` when the case is looked at again. `disposal_by` confirmed that the record goes, and
    `disposal_left` says what could not. `step_key` holds the keys of its latest steps.
    """

    agency: str
    referrer_id: str = ""
    referrer_name: str = ""
    contact: str = ""
    concern: str = ""
    indicators: tuple[str, ...] = ()
    urgency: str = ""
    urgency_reason: str = ""
    why_now: str = ""
    how_known: str = ""
    asked_for: str = ""
    police_involvement: str = ""
    mental_health_act: str = ""
    sharing_basis: str = ""
    person_aware: str = ""
    crime_reference: str = ""
    manager_sign_off: str = ""
    forum: str = ""
    asked: frozenset[str] = frozenset()
    status: str = Status.RECEIVED
    received_on: datetime | None = None
    restricted: bool = False
    restricted_why: str = ""
    holder_id: str = ""
    holder_name: str = ""
    admitted: frozenset[str] = frozenset()
    gate: str = ""
    mappa_status: str = ""
    pdp_status: str = ""
    definitions: str = ""
    rationale: str = ""
    triaged_on: datetime | None = None
    triaged_by: str = ""
    redirected_to: str = ""
    redirected_on: datetime | None = None
    receipt_on: datetime | None = None
    receipt_by: str = ""
    decline_reason: str = ""
    repeat_of: str = ""
    listed_for: str = ""
    list_order: int = 0
    list_minutes: int = 0
    on_hold: bool = False
    next_review: date | None = None
    outcomes: tuple[str, ...] = ()
    closed_on: datetime | None = None
    review_on: date | None = None
    retention: str = ""
    retention_why: str = ""
    retention_by: str = ""
    retention_by_id: str = ""
    retention_on: datetime | None = None
    disposal_by: str = ""
    disposal_by_id: str = ""
    disposal_on: datetime | None = None
    disposal_left: str = ""
    step_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Stored):
    """Somebody a referral names: the only record that holds who a person is.

    `relationship` is what a person who may be at risk, or a third party, is to the one referred.
    """

    role: str = PersonRole.SUBJECT
    name: str = ""
    aliases: str = ""
    date_of_birth: date | None = None
    nhs_number: str = ""
    pnc_id: str = ""
    other_ids: str = ""
    address_area: str = ""
    whereabouts: str = ""
    relationship: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Stored):
    """One agency's answer about one referral, of which it stays controller. Never altered: a later one counts."""

    agency: str
    answer: str
    information: str = ""
    member_id: str = ""
    member_name: str = ""
    answered_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Stored):
    """One look at who a referral is about, shown or refused: who, when, why (after section 62, DPA 2018)."""

    member_id: str
    member_name: str
    agency: str
    reason: str
    outcome: str
    forum: str = ""
    looked_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Stored):
    """Somebody's request to be admitted to a restricted referral (`reference`), and its holder's answer."""

    member_id: str
    member_name: str
    agency: str
    forum: str = ""
    reason: str = ""
    asked_on: datetime | None = None
    status: str = RequestStatus.ASKED
    answered_by: str = ""
    answered_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Stored):
    """A board or a subgroup that was held or is to be. `held_on` is its day, `why` why it was moved or cancelled.

    `focus` is the code of the agency that a board looks at, `focus_why` why it is another than its turn gave.
    `minutes` says how far a board's minutes are. `recording` is a link, for those that `recording_for` names, until
    `recording_until`.
    """

    forum: str
    held_on: date | None = None
    status: str = MeetingStatus.PLANNED
    kind: str = ""
    why: str = ""
    focus: str = ""
    focus_why: str = ""
    minutes: str = ""
    minutes_by: str = ""
    recording: str = ""
    recording_for: str = ""
    recording_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance(Stored):
    """How one agency took part in a meeting (`reference`). `confidential_on`: when the statement was accepted."""

    agency: str
    status: str = ""
    information_sent: bool = False
    member_id: str = ""
    member_name: str = ""
    confidential_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing(Stored):
    """What one meeting made of one case (`reference`): one row for each time it is heard; `meeting` such as S-31."""

    meeting: str
    forum: str = ""
    decision: str = ""
    information: str = ""
    rationale: str = ""
    dissent: str = ""
    dissent_by: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()
    next_review: date | None = None
    heard_on: datetime | None = None
    recorded_by: str = ""
    step_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Stored):
    """A tactical plan for one case (`case`, such as R-14). Its reference is `P-14.2`: plan 14, version 2.

    `scenarios`, `triggers` and `first_actions` hold one to a line; a first action begins with its agency's code and a
    colon. `signatories` are the codes of the agencies that are to sign off. `changes` says what this version changed.
    """

    case: str
    forum: str = ""
    version: int = 1
    status: str = PlanStatus.DRAFT
    scenarios: str = ""
    triggers: str = ""
    first_actions: str = ""
    contingencies: str = ""
    victim_safety: str = ""
    signatories: frozenset[str] = frozenset()
    changes: str = ""
    agreed_on: datetime | None = None
    expires_on: date | None = None
    review_on: date | None = None
    owner_name: str = ""
    step_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(Stored):
    """What one agency says of one version of a plan (`reference`, such as P-14.2). `refuses_care` answers the question
    whether the plan directs that care be refused."""

    agency: str
    member_id: str
    member_name: str
    answer: str = ""
    refuses_care: str = ""
    why: str = ""
    signed_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerReport(Stored):
    """Somebody's report that a plan's trigger has happened (`reference` is the plan's)."""

    case: str
    agency: str
    member_id: str
    member_name: str
    forum: str = ""
    trigger: str = ""
    note: str = ""
    reported_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem(Stored):
    """Something for a board's agenda: an item, a decision, a paper of the agency in focus, a correction of the minutes.

    A subgroup's report is one too, `figures` its numbers; frozen once submitted. `about` is a title, or what a decision
    was about; `blockers` and `enablers` are told beside the demands (`words`) of the agency in focus; `why` says why an
    item was declined.
    """

    forum: str
    meeting: str = ""
    kind: str = ""
    about: str = ""
    words: str = ""
    figures: str = ""
    status: str = "Draft"
    owner_id: str = ""
    owner_name: str = ""
    minutes: int = 0
    chairs_only: bool = False
    submitted_on: datetime | None = None
    agency: str = ""
    blockers: str = ""
    enablers: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Stored):
    """One version of what a term means to the board, with its source. The newest open version counts."""

    term: str
    version: int = 1
    words: str = ""
    source: str = ""
    from_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk(Stored):
    """A gap in the system, not a person: cause, event, impact. Never holds anything about a case.

    How likely it is and how bad it would be are 1 to 5, before controls and after (0: not rated); `last_score` is what
    the latest review found there. `agency` owns it; `rationale` is that of the latest step, whose key `step_key` is.
    """

    category: str = ""
    cause: str = ""
    event: str = ""
    impact: str = ""
    agency: str = ""
    forum: str = ""
    status: str = "Raised"
    raised_on: datetime | None = None
    likelihood_before: int = 0
    impact_before: int = 0
    controls: str = ""
    likelihood_after: int = 0
    impact_after: int = 0
    last_score: int = 0
    rationale: str = ""
    review_on: date | None = None
    reviewed_on: datetime | None = None
    closed_on: datetime | None = None
    step_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Stored):
    """What happened, what changes, who should know. Never holds anything about a case.

    `disseminated_by` is whoever had it told, a chair or the mental health team; `withdrawn_why` why it no longer holds.
    """

    what: str = ""
    changes: str = ""
    audience: str = ""
    forum: str = ""
    status: str = LessonStatus.RAISED
    raised_on: datetime | None = None
    disseminated_on: datetime | None = None
    disseminated_by: str = ""
    withdrawn_on: datetime | None = None
    withdrawn_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Stored):
    """What the board scrutinises, as data. `code` is its short word, such as s136; nothing of it is a figure.

    `agency` owns it and `suppliers` report it, each a code or a kind of agency (`Police`); no suppliers means its
    owner. `numerator` and `denominator` say in words what is counted, and of what. `rests_on` is the code of the count
    of people that its figures are about: where that is too small to be shown, so are they. `over_year` says whether its
    months are added up: detentions are, a backlog is not.
    """

    code: str
    name: str
    agency: str = ""
    suppliers: str = ""
    kind: str = ""
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    good: str = ""
    frequency: str = ""
    rests_on: str = ""
    over_year: str = ""
    source: str = ""
    forum: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Stored):
    """What one agency reported of one measure for one month (`2026-10`), as it is: small numbers too.

    `denominator` is there for a share and an average alone. `how` says whether it was typed, brought in, or worked
    out; `revisions` how often it was changed since it was first reported. Earlier ones are in the item's versions.
    """

    measure: str
    agency: str
    month: str
    forum: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    status: str = ""
    note: str = ""
    how: str = ""
    member_id: str = ""
    member_name: str = ""
    reported_on: datetime | None = None
    revisions: int = 0


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as a form gives it: its two records apart, one idempotency key between them."""

    referral: Referral
    subject: Subject


SHOWN = "shown"
"""The outcome of a disclosure that was not refused."""
