"""The lists as data: provisioning makes them from this, and the store reads and writes by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from board import references
from board.actions import Action, ActionStatus, Priority
from board.measures import FigureStatus, Frequency, Good, MeasureKind, OverYear
from board.records import (
    Agency,
    AgendaItem,
    Agreement,
    Attendance,
    Definition,
    Disclosure,
    Figure,
    Forum,
    Hearing,
    Lesson,
    Measure,
    Meeting,
    Member,
    Plan,
    Referral,
    Request,
    Return,
    Risk,
    SignOff,
    Stored,
    Subject,
    TriggerReport,
)
from board.vocabulary import (
    CONCERNS,
    DECLINE_REASONS,
    LOOK_REASONS,
    MENTAL_HEALTH_ACT,
    REQUEST_REASONS,
    RESTRICT_REASONS,
    SHARING_BASES,
    AgencyKind,
    AgreementKind,
    AgreementStatus,
    Answer,
    Attended,
    Decision,
    Gate,
    LessonStatus,
    MeetingKind,
    PersonRole,
    PlanStatus,
    RequestStatus,
    Retention,
    SignedOff,
    Status,
    Urgency,
)
from sharepoint.bookkeeping import Conversation, Event, Post, PostStatus, Setting
from sharepoint.columns import (
    Column,
    amount,
    choice,
    codes,
    day,
    flag,
    moment,
    note,
    number,
    people,
    person,
    roles,
    several,
    text,
    yes_no,
)

R = TypeVar("R", bound=Stored)


class Zone(StrEnum):
    """Who may open a list in SharePoint itself (the zones of the design)."""

    TEAM = "the team may read"
    CASES = "the app and the mental health team"
    ADMINISTRATORS = "administrators and the app"


Put = Callable[[Any, Any], None]

READINGS = 64
"""Ways of reading a list that are kept: each query that is asked of it has one."""

KEPT_WITH = ("id", "etag", "chain", "written")
"""What a record holds of its row besides the columns."""


class Reading(NamedTuple):
    """How a record is made: the properties that are told, each with what puts it in, how it is read, what a blank one
    is and of which class a value needs no reading; what is put in where none is told; and what puts in what SharePoint
    keeps with a row (`KEPT_WITH`), None where the item does not tell it."""

    told: tuple[tuple[str, Put, Callable[[Any], Any], Any, type | None], ...]
    untold: tuple[tuple[Put, Any], ...]
    kept_with: tuple[Put, Put, Put | None, Put | None]


@dataclass(frozen=True)
class ListOf(Generic[R]):
    """One list: its name, who may open it, the record it holds and its columns. `letter` makes its references."""

    name: str
    zone: Zone
    record: type[R]
    own: tuple[Column, ...]
    purpose: str
    letter: str = ""
    title: Callable[[R], str] = lambda record: record.reference
    statuses: tuple[str, ...] = ()
    names: Callable[[R], str] | None = None
    """How a row is referred to, where that is not its list's letter and its number."""

    def reference_of(self, record: R) -> str:
        """The reference of a stored row, such as `R-14`."""
        return self.names(record) if self.names else references.reference(self.letter, record.id)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns every list has, then its own. `Status` is among the own ones where a record has a status."""
        has_status = any(column.name == "Status" for column in self.own)
        return BASE + (() if has_status else (_NO_STATUS,)) + self.own + ((CHAIN,) if self.sealed else ())

    @property
    def sealed(self) -> bool:
        """Whether its rows are records, which carry a chain; what the bot keeps about itself is none."""
        return self.record not in (Post, Conversation, Event, Setting)

    @cached_property
    def mapped(self) -> tuple[Column, ...]:
        """The columns that hold an attribute of the record."""
        return tuple(column for column in self.columns if column.attribute)

    def reading(self, names: tuple[str, ...]) -> Reading:
        """How a record is made of an item that tells these properties. The rows of an answer all tell the same."""
        known = self._readings
        found = known.get(names)
        if found is None:
            if len(known) >= READINGS:  # properties that nothing of ours asks for
                known.clear()
            found = known[names] = self._reading(frozenset(names))
        return found

    @cached_property
    def _readings(self) -> dict[tuple[str, ...], Reading]:
        return {}

    def _reading(self, names: frozenset[str]) -> Reading:
        """By slots: a frozen dataclass's own way of setting thirty attributes takes twice as long, and a query reads
        hundreds of records."""
        held = {name: of.__dict__[name] for of in self.record.__mro__ for name in of.__dict__.get("__slots__", ())}
        put = {each.name: held[each.name].__set__ for each in fields(self.record)}
        told = {column.attribute: column for column in self.mapped if column.name in names}
        blank = {each.name: each.default for each in fields(self.record)}
        blank |= {column.attribute: column.read(None) for column in self.mapped}
        lacks = {name for name, tells in TOLD_BY.items() if names.isdisjoint(tells)}
        kept = set(KEPT_WITH) - lacks
        return Reading(
            tuple((column.name, put[name], column.read, blank[name], column.ready) for name, column in told.items()),
            tuple((put[name], blank[name]) for name in put if name not in told and name not in kept),
            (put["id"], put["etag"], *(None if name in lacks else put[name] for name in TOLD_BY)),
        )


BASE = (
    text("Reference", "reference", indexed=True),
    text("Key", "key", indexed=True, unique=True, label="Key (set by the bot)"),
    yes_no("Open", "open", indexed=True),
    text("ChangedBy", "", label="Changed by"),
    text("ChangeReason", "", label="Why it was changed"),
    text("WriteMark", "", label="Mark of the last write (set by the bot)"),
)
"""What every record has. `ChangedBy` and `ChangeReason` are written with each change: the versions tell the story.

`WriteMark` is new with each write of the bot, so that one whose answer was lost can be told from somebody else's.
"""

CHAIN = note("Chain", "", label="Seal (set by the bot)")
"""Seals a record's row, with each write (see `chain`). No record holds it as its own: `Stored.chain` does."""

VERSION = "OData__UIVersionString"
"""SharePoint's label of a row's version, `3.0` for one that was written three times."""

TOLD_BY = {"chain": (CHAIN.name,), "written": (VERSION, "VersionLabel")}
"""The properties of an item that tell what is kept with its row; its id and its ETag it always tells."""

_NO_STATUS = text("Status", "", indexed=True)


def _status(values: type[StrEnum]) -> Column:
    return choice("Status", "status", tuple(values), indexed=True)


REFERRALS = ListOf(
    "Referrals",
    Zone.CASES,
    Referral,
    (
        _status(Status),
        text("Agency", "agency", indexed=True, label="Referring agency (code)"),
        choice("Concern", "concern", CONCERNS, indexed=True),
        choice("Urgency", "urgency", tuple(Urgency), indexed=True),
        moment("ReceivedOn", "received_on", indexed=True, label="Received"),
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        codes("Asked", "asked", label="Agencies asked (codes)"),
        note("WhyNow", "why_now", label="Why now"),
        note("AskedFor", "asked_for", label="What is asked, of whom"),
        several("Indicators", "indicators", label="Risk indicators"),
        note("HowKnown", "how_known", label="How it is known"),
        note("UrgencyReason", "urgency_reason", label="Why this urgency"),
        note("PoliceInvolvement", "police_involvement", label="Why police are involved"),
        choice("MentalHealthAct", "mental_health_act", MENTAL_HEALTH_ACT, label="Mental Health Act status"),
        choice("SharingBasis", "sharing_basis", SHARING_BASES, label="Basis for sharing"),
        text("PersonAware", "person_aware", label="Is the person aware"),
        text("CrimeReference", "crime_reference", label="Crime or incident reference"),
        text("ManagerSignOff", "manager_sign_off", label="Line manager"),
        text("Contact", "contact"),
        text("ReferrerUserId", "referrer_id", indexed=True, label="Referrer (Entra object id)"),
        text("ReferrerName", "referrer_name", label="Referrer"),
        flag("Restricted", "restricted", indexed=True),
        choice("RestrictedWhy", "restricted_why", RESTRICT_REASONS, label="Why it is restricted"),
        text("HolderUserId", "holder_id", label="Holder (Entra object id)"),
        text("HolderName", "holder_name", label="Holder"),
        people("Admitted", "admitted", label="Admitted (Entra object ids)"),
        choice("Gate", "gate", tuple(Gate), label="Where it belongs"),
        text("MappaStatus", "mappa_status", label="MAPPA status"),
        text("PdpStatus", "pdp_status", label="PDP status"),
        text("Definitions", "definitions", label="Definitions shown"),
        note("Rationale", "rationale", label="Rationale of the last step"),
        moment("TriagedOn", "triaged_on", label="Triaged"),
        text("TriagedBy", "triaged_by", label="Triaged by"),
        text("RedirectedTo", "redirected_to", label="Redirected to (forum)"),
        moment("RedirectedOn", "redirected_on", label="Redirected"),
        moment("ReceiptOn", "receipt_on", label="Their receipt"),
        text("ReceiptBy", "receipt_by", label="Who received it there"),
        choice("DeclineReason", "decline_reason", DECLINE_REASONS, label="Why it was declined"),
        text("RepeatOf", "repeat_of", label="Earlier referral of this person"),
        text("ListedFor", "listed_for", indexed=True, label="Listed for"),
        number("ListOrder", "list_order", label="Order on the list"),
        number("ListMinutes", "list_minutes", label="Minutes on the list"),
        flag("OnHold", "on_hold", label="Held back from the list"),
        day("NextReviewOn", "next_review", indexed=True, label="Next review of the case"),
        several("Outcomes", "outcomes"),
        moment("ClosedOn", "closed_on", indexed=True, label="Closed"),
        day("ReviewOn", "review_on", indexed=True, label="Keep or dispose: decide by"),
        choice("Retention", "retention", tuple(Retention), indexed=True, label="Keep or dispose"),
        note("RetentionWhy", "retention_why", label="Why kept or disposed"),
        text("RetentionBy", "retention_by", label="Who decided to keep or dispose"),
        text("RetentionByUserId", "retention_by_id", label="Who decided (Entra object id)"),
        moment("RetentionOn", "retention_on", label="When that was decided"),
        text("DisposalBy", "disposal_by", label="Who confirmed the disposal"),
        text("DisposalByUserId", "disposal_by_id", label="Who confirmed it (Entra object id)"),
        moment("DisposalOn", "disposal_on", label="When it was confirmed"),
        note("DisposalLeft", "disposal_left", label="What could not be disposed of"),
        text("StepKey", "step_key", label="Key of the last step (set by the bot)"),
    ),
    "One row for each referral. Nothing that says who it is about: that is in Subjects.",
    letter=references.REFERRAL,
)

SUBJECTS = ListOf(
    "Subjects",
    Zone.CASES,
    Subject,
    (
        choice("PersonRole", "role", tuple(PersonRole), label="Role"),
        text("PersonName", "name", label="Name"),
        text("Aliases", "aliases"),
        day("DateOfBirth", "date_of_birth", label="Date of birth", indexed=True),
        text("NhsNumber", "nhs_number", label="NHS number", indexed=True),
        text("PncId", "pnc_id", label="PNC id", indexed=True),
        text("OtherIds", "other_ids", label="Other numbers"),
        text("AddressArea", "address_area", label="Address area"),
        text("Whereabouts", "whereabouts", label="Current whereabouts"),
        text("Relationship", "relationship", label="Relationship to the person referred"),
    ),
    "Who the referrals are about, and others they name. The only list with identities.",
)

RETURNS = ListOf(
    "Returns",
    Zone.CASES,
    Return,
    (
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        choice("Answer", "answer", tuple(Answer)),
        note("Information", "information"),
        text("MemberUserId", "member_id", indexed=True, label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        moment("AnsweredOn", "answered_on", indexed=True, label="Answered"),
    ),
    "What each agency returned about a referral. The agency stays controller of it.",
)

DISCLOSURES = ListOf(
    "Disclosures",
    Zone.CASES,
    Disclosure,
    (
        text("MemberUserId", "member_id", indexed=True, label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        choice("Reason", "reason", LOOK_REASONS),
        text("Outcome", "outcome", indexed=True),
        text("Forum", "forum", label="Forum (code)"),
        moment("LookedOn", "looked_on", indexed=True, label="When"),
    ),
    "Every look at who a referral is about, written before anything is shown; refusals too.",
)

AGENCIES = ListOf(
    "Agencies",
    Zone.ADMINISTRATORS,
    Agency,
    (
        text("Agency", "code", indexed=True, label="Code"),
        text("AgencyName", "name", label="Name"),
        choice("Kind", "kind", tuple(AgencyKind)),
        day("IsaSignedOn", "isa_signed_on", label="Sharing agreement signed"),
        day("IsaLapsesOn", "isa_lapses_on", label="Sharing agreement lapses", indexed=True),
        text("Spoc", "spoc", label="Single point of contact"),
        note("Ladder", "ladder", label="Rungs of escalation"),
    ),
    "The partners. Without a current information sharing agreement an agency sees no case detail.",
    title=lambda agency: agency.name,
)

AGREEMENTS = ListOf(
    "Agreements",
    Zone.ADMINISTRATORS,
    Agreement,
    (
        _status(AgreementStatus),
        choice("Kind", "kind", tuple(AgreementKind), indexed=True),
        text("AgreementTitle", "title", label="What it is called"),
        number("AgreementVersion", "version", label="Which version"),
        codes("Parties", "parties", label="Who is to sign (codes; none means all)"),
        note("Signatures", "signatures", label="Who signed this version"),
        day("ReviewOn", "review_on", indexed=True, label="Review"),
        day("ExpiresOn", "expires_on", indexed=True, label="Expires"),
        text("Link", "link"),
        text("Remind", "remind", label="Days of notice"),
        text("Forum", "forum", label="Board (code)"),
        moment("AdoptedOn", "adopted_on", label="Put before the partners"),
    ),
    "What binds the partners, version by version, and who signed it.",
    letter=references.AGREEMENT,
)

FORUMS = ListOf(
    "Forums",
    Zone.ADMINISTRATORS,
    Forum,
    (
        text("Forum", "code", indexed=True, label="Code"),
        text("ForumName", "name", label="Name"),
        text("Kind", "kind"),
        codes("Agencies", "agencies", label="Agencies (codes; none means all)"),
        text("Board", "board", label="The board it reports to (code; none means the first)"),
        text("Contact", "contact", label="Whom to ask"),
        day("Anchor", "anchor", label="One of its meeting days"),
        text("MeetsAt", "meets_at", label="Time (UK)"),
        text("Link", "link", label="Joining link"),
        number("Weeks", "weeks", label="Weeks between its meetings"),
        note("Milestones", "milestones", label="Working days before a board"),
        note("Agenda", "agenda", label="Minutes of standing items"),
    ),
    "Boards, subgroups and other meetings.",
    title=lambda forum: forum.name,
)

MEMBERS = ListOf(
    "Members",
    Zone.ADMINISTRATORS,
    Member,
    (
        text("UserId", "user_id", indexed=True, label="Entra object id"),
        text("MemberName", "name", label="Name"),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        roles("Roles", "roles"),
        codes("Forums", "forums", label="Boards and forums (codes; none means those of the agency)"),
        text("Email", "email"),
    ),
    "Who may use the bot, and as what. Whoever edits this list decides who is a chair.",
    title=lambda member: member.name,
)

ACTIONS = ListOf(
    "Actions",
    Zone.CASES,
    Action,
    (
        _status(ActionStatus),
        note("What", "what", label="What is to be done"),
        note("Why", "why"),
        text("OwnerUserId", "owner_id", indexed=True, label="Owner (Entra object id)"),
        text("OwnerName", "owner_name", label="Owner"),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        day("DueDate", "due", label="Due", indexed=True),
        choice("Priority", "priority", tuple(Priority), indexed=True),
        text("Source", "source", indexed=True),
        text("Programme", "programme", indexed=True),
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        note("Note", "note", label="Latest note"),
        day("AskedDue", "asked_due", label="New date asked for"),
        moment("AgreedOn", "agreed_on", indexed=True, label="Agreed"),
        moment("ClaimedOn", "claimed_on", label="Said to be done"),
        moment("ClosedOn", "closed_on", indexed=True, label="Closed"),
        person("AssignedToId", "assigned_to", label="Assigned to"),
        text("AssignedSync", "assigned_sync", label="Assignment (set by the bot)"),
        text("Evidence", "evidence", label="Where one sees that it was done"),
        note("Transfers", "transfers", label="Whose it was before"),
        moment("TransferredOn", "transferred_on", label="Last transferred"),
        day("SnoozedUntil", "snoozed_until", label="Its owner is not reminded before"),
        moment("SeniorOn", "senior_on", label="Put before the Senior Partnership Board"),
        text("StepKey", "step_key", label="Key of the last step (set by the bot)"),
    ),
    "What somebody has undertaken to do. An action is never deleted.",
    letter=references.ACTION,
)

_MEETING_LETTERS: dict[str, str] = {
    MeetingKind.SUBGROUP: references.SUBGROUP,
    MeetingKind.CONFERENCE: references.CONFERENCE,
}

MEETINGS = ListOf(
    "Meetings",
    Zone.TEAM,
    Meeting,
    (
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        day("HeldOn", "held_on", label="Day", indexed=True),
        text("Status", "status", indexed=True),
        choice("Kind", "kind", tuple(MeetingKind)),
        text("Why", "why", label="Why it was moved or cancelled"),
        text("Focus", "focus", label="Agency in focus (code)"),
        text("FocusWhy", "focus_why", label="Why that agency, out of its turn"),
        text("Minutes", "minutes", label="How far the minutes are"),
        text("MinutesBy", "minutes_by", label="Who approved the minutes"),
        text("Recording", "recording", label="Link to the recording"),
        text("RecordingFor", "recording_for", label="Who may open the recording"),
        day("RecordingUntil", "recording_until", label="Dispose of the recording by"),
    ),
    "The boards and subgroups that were held and those to come.",
    letter=references.BOARD,
    names=lambda meeting: references.reference(_MEETING_LETTERS.get(meeting.kind, references.BOARD), meeting.id),
)

REQUESTS = ListOf(
    "Requests",
    Zone.CASES,
    Request,
    (
        _status(RequestStatus),
        text("MemberUserId", "member_id", indexed=True, label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        text("Agency", "agency", label="Agency (code)"),
        text("Forum", "forum", label="Forum (code)"),
        choice("Reason", "reason", REQUEST_REASONS),
        moment("AskedOn", "asked_on", indexed=True, label="Asked"),
        text("AnsweredBy", "answered_by", label="Answered by"),
        moment("AnsweredOn", "answered_on", label="Answered"),
    ),
    "Who asked to be admitted to a restricted referral, and what its holder answered.",
)

ATTENDANCE = ListOf(
    "Attendance",
    Zone.CASES,
    Attendance,
    (
        _status(Attended),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        flag("InformationSent", "information_sent", label="Information was sent"),
        text("MemberUserId", "member_id", label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        moment("ConfidentialOn", "confidential_on", label="Confidentiality accepted"),
    ),
    "Who took part in a meeting, agency by agency.",
)

HEARINGS = ListOf(
    "Hearings",
    Zone.CASES,
    Hearing,
    (
        text("Meeting", "meeting", indexed=True),
        text("Forum", "forum", label="Forum (code)"),
        choice("Decision", "decision", tuple(Decision)),
        note("Information", "information", label="Information shared"),
        note("Rationale", "rationale"),
        note("Dissent", "dissent"),
        codes("DissentBy", "dissent_by", label="Whose dissent (codes)"),
        several("Outcomes", "outcomes"),
        day("NextReviewOn", "next_review", label="Next review"),
        moment("HeardOn", "heard_on", indexed=True, label="Heard"),
        text("RecordedBy", "recorded_by", label="Recorded by"),
        text("StepKey", "step_key", label="Key of the last step (set by the bot)"),
    ),
    "What a subgroup made of each case it heard.",
)

PLANS = ListOf(
    "Plans",
    Zone.CASES,
    Plan,
    (
        _status(PlanStatus),
        text("Case", "case", indexed=True, label="Referral"),
        text("Forum", "forum", label="Forum (code)"),
        number("PlanVersion", "version", label="Which version"),
        note("Scenarios", "scenarios"),
        note("Triggers", "triggers"),
        note("FirstActions", "first_actions", label="Each agency's first action"),
        note("Contingencies", "contingencies"),
        note("VictimSafety", "victim_safety", label="Victim safety"),
        codes("Signatories", "signatories", label="Who signs off (codes)"),
        note("Changes", "changes", label="What this version changed"),
        moment("AgreedOn", "agreed_on", indexed=True, label="Agreed"),
        day("ExpiresOn", "expires_on", indexed=True, label="Expires"),
        day("ReviewOn", "review_on", indexed=True, label="Review"),
        text("OwnerName", "owner_name", label="Who keeps it"),
        text("StepKey", "step_key", label="Key of the last step (set by the bot)"),
    ),
    "Tactical plans: what may happen, what shows that it does, and who then does what first.",
    letter=references.PLAN,
    names=lambda plan: f"{references.reference(references.PLAN, plan.id)}.{plan.version}",
)

SIGN_OFFS = ListOf(
    "SignOffs",
    Zone.CASES,
    SignOff,
    (
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        text("MemberUserId", "member_id", label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        choice("Answer", "answer", tuple(SignedOff)),
        text("RefusesCare", "refuses_care", label="Does it direct that care be refused?"),
        note("Why", "why"),
        moment("SignedOn", "signed_on", indexed=True, label="When"),
    ),
    "What each agency says of each version of a plan.",
)

TRIGGER_REPORTS = ListOf(
    "TriggerReports",
    Zone.CASES,
    TriggerReport,
    (
        text("Case", "case", indexed=True, label="Referral"),
        text("Forum", "forum", label="Forum (code)"),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        text("MemberUserId", "member_id", label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        note("Trigger", "trigger"),
        note("Note", "note"),
        moment("ReportedOn", "reported_on", indexed=True, label="Reported"),
    ),
    "Reports that a plan's trigger has happened. They alert the agencies it names at once.",
)

AGENDA_ITEMS = ListOf(
    "AgendaItems",
    Zone.CASES,
    AgendaItem,
    (
        text("Status", "status", indexed=True),
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        text("Meeting", "meeting", indexed=True),
        text("Kind", "kind", indexed=True),
        text("About", "about"),
        note("Words", "words"),
        note("Figures", "figures"),
        text("OwnerUserId", "owner_id", label="Owner (Entra object id)"),
        text("OwnerName", "owner_name", label="Owner"),
        number("Minutes", "minutes"),
        flag("ChairsOnly", "chairs_only", label="For the chairs only"),
        moment("SubmittedOn", "submitted_on", indexed=True, label="Submitted"),
        text("Agency", "agency", label="Agency (code)"),
        note("Blockers", "blockers", label="What blocks the agency in focus"),
        note("Enablers", "enablers", label="What would enable it"),
        note("Why", "why", label="Why it was declined"),
    ),
    "What is on the agenda of a board: a subgroup's report is an item.",
    letter=references.AGENDA_ITEM,
)

DEFINITIONS = ListOf(
    "Definitions",
    Zone.TEAM,
    Definition,
    (
        text("Term", "term", indexed=True),
        number("Wording", "version", label="Which wording"),
        note("Words", "words", label="What it means"),
        note("Source", "source"),
        day("FromOn", "from_on", label="From"),
    ),
    "What words mean to the board, with their source. A new version is a new row; the newest in use counts.",
    title=lambda definition: definition.term,
)

RISKS = ListOf(
    "Risks",
    Zone.TEAM,
    Risk,
    (
        text("Status", "status", indexed=True),
        text("Category", "category", indexed=True),
        note("Cause", "cause"),
        note("Event", "event"),
        note("Impact", "impact"),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        moment("RaisedOn", "raised_on", indexed=True, label="Raised"),
        number("LikelihoodBefore", "likelihood_before", label="Likelihood without controls (1 to 5)"),
        number("ImpactBefore", "impact_before", label="Impact without controls (1 to 5)"),
        note("Controls", "controls"),
        number("LikelihoodAfter", "likelihood_after", label="Likelihood with controls (1 to 5)"),
        number("ImpactAfter", "impact_after", label="Impact with controls (1 to 5)"),
        number("LastScore", "last_score", label="Score with controls before the latest review"),
        note("Rationale", "rationale"),
        day("ReviewOn", "review_on", indexed=True, label="Next review"),
        moment("ReviewedOn", "reviewed_on", label="Reviewed"),
        moment("ClosedOn", "closed_on", indexed=True, label="Closed"),
        text("StepKey", "step_key", label="Key of the latest step (set by the bot)"),
    ),
    "Gaps in the system that the partners hold together. Nothing about any case.",
    letter=references.RISK,
)

LESSONS = ListOf(
    "Lessons",
    Zone.TEAM,
    Lesson,
    (
        _status(LessonStatus),
        note("What", "what", label="What happened"),
        note("Changes", "changes", label="What changes"),
        note("Audience", "audience", label="Who should know"),
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        moment("RaisedOn", "raised_on", indexed=True, label="Raised"),
        moment("DisseminatedOn", "disseminated_on", indexed=True, label="Disseminated"),
        text("DisseminatedBy", "disseminated_by", label="Who disseminated it"),
        moment("WithdrawnOn", "withdrawn_on", indexed=True, label="Withdrawn"),
        text("WithdrawnWhy", "withdrawn_why", label="Why it was withdrawn"),
    ),
    "What the partners learned. Nothing about any case.",
    letter=references.LESSON,
)

MEASURES = ListOf(
    "Measures",
    Zone.TEAM,
    Measure,
    (
        text("Measure", "code", indexed=True, label="Code"),
        text("MeasureName", "name", label="Name"),
        text("Agency", "agency", indexed=True, label="Owner (code or kind)"),
        text("Suppliers", "suppliers", label="Who reports it (codes or kinds)"),
        choice("Kind", "kind", tuple(MeasureKind)),
        text("Unit", "unit"),
        text("Part", "numerator", label="What is counted"),
        text("Whole", "denominator", label="Of what"),
        choice("Good", "good", tuple(Good), label="Which direction is good"),
        choice("Frequency", "frequency", tuple(Frequency)),
        text("RestsOn", "rests_on", label="Rests on (code)"),
        choice("OverYear", "over_year", tuple(OverYear), label="Over a year"),
        note("Source", "source"),
        text("Forum", "forum", indexed=True, label="Forum (code)"),
        number("Place", "place", label="Its place in the order"),
    ),
    "What the board scrutinises: what each measure is, and no figure of any. Those are in Figures.",
    title=lambda measure: measure.name,
)

FIGURES = ListOf(
    "Figures",
    Zone.CASES,
    Figure,
    (
        choice("Status", "status", tuple(FigureStatus), indexed=True),
        text("Measure", "measure", indexed=True, label="Measure (code)"),
        text("Agency", "agency", indexed=True, label="Agency (code)"),
        text("Month", "month", indexed=True),
        text("Forum", "forum", label="Board (code)"),
        amount("Part", "numerator", label="Number"),
        amount("Whole", "denominator", label="Of"),
        note("Note", "note"),
        text("How", "how", label="How it came to be"),
        text("MemberUserId", "member_id", label="Member (Entra object id)"),
        text("MemberName", "member_name", label="Member"),
        moment("ReportedOn", "reported_on", indexed=True, label="Reported"),
        number("Revisions", "revisions"),
    ),
    "What each agency reported of a measure for a month, small numbers too: not for the whole team.",
    title=lambda figure: f"{figure.measure} {figure.agency} {figure.month}",
)

POSTS = ListOf(
    "Posts",
    Zone.CASES,
    Post,
    (
        _status(PostStatus),
        text("Kind", "kind"),
        text("Audience", "audience", indexed=True),
        note("Conversation", "conversation"),
        text("ActivityId", "activity_id"),
        text("Shown", "shown"),
        number("Attempts", "attempts"),
        number("UnknownOutcomes", "unknown_outcomes"),
        moment("NextAttempt", "next_attempt", indexed=True),
        moment("SentOn", "sent_on"),
        text("Failure", "failure"),
    ),
    "What the bot has posted in Teams, once each by its key.",
)

CONVERSATIONS = ListOf(
    "Conversations",
    Zone.CASES,
    Conversation,
    (
        text("Audience", "audience", indexed=True),
        text("Scope", "scope"),
        note("Stored", "stored", label="Conversation reference"),
        text("TenantId", "tenant_id"),
    ),
    "Where the bot may speak: a forum's channel, a member's personal chat.",
    title=lambda conversation: conversation.audience,
)

EVENTS = ListOf(
    "Events",
    Zone.CASES,
    Event,
    (
        text("Kind", "kind", indexed=True),
        text("Holder", "holder"),
        moment("Until", "until"),
        note("Value", "value"),
    ),
    "Leases, change tokens and whatever else has no list of its own.",
    title=lambda event: event.kind,
)

SETTINGS = ListOf(
    "Settings",
    Zone.ADMINISTRATORS,
    Setting,
    (text("Name", "name"), note("Value", "value"), number("Tries", "tries")),
    "What provisioning leaves for the running bot.",
    title=lambda setting: setting.name,
)

LISTS: tuple[ListOf[Any], ...] = (
    AGENCIES,
    AGREEMENTS,
    FORUMS,
    MEMBERS,
    SETTINGS,
    MEETINGS,
    ACTIONS,
    REFERRALS,
    SUBJECTS,
    RETURNS,
    REQUESTS,
    DISCLOSURES,
    HEARINGS,
    ATTENDANCE,
    PLANS,
    SIGN_OFFS,
    TRIGGER_REPORTS,
    AGENDA_ITEMS,
    DEFINITIONS,
    RISKS,
    LESSONS,
    MEASURES,
    FIGURES,
    POSTS,
    CONVERSATIONS,
    EVENTS,
)
"""Every list, in the order provisioning makes them."""
