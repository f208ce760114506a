"""The views people meet in SharePoint itself and in a Teams tab: as data, in the order they are offered.

Each leads with a condition on an indexed column that touches few rows whatever the history, and sorts on indexed
columns, so that none meets the 5,000 rows of the list view threshold. `Today` is the site's midnight, so the site's
time zone must be London's. Dates are kept at noon UTC: `before(n)` and `since(n)` compare with a midnight, which is
right whether SharePoint looks at the hour or passes over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from board.actions import ActionStatus, Priority
from board.records import SHOWN
from board.vocabulary import LessonStatus, PlanStatus, RequestStatus, Retention, Status, Urgency
from sharepoint.bookkeeping import PostStatus
from sharepoint.schema import (
    ACTIONS,
    AGENCIES,
    AGENDA_ITEMS,
    AGREEMENTS,
    ATTENDANCE,
    CONVERSATIONS,
    DEFINITIONS,
    DISCLOSURES,
    EVENTS,
    FIGURES,
    FORUMS,
    HEARINGS,
    LESSONS,
    MEASURES,
    MEETINGS,
    MEMBERS,
    PLANS,
    POSTS,
    REFERRALS,
    REQUESTS,
    RETURNS,
    RISKS,
    SETTINGS,
    SIGN_OFFS,
    SUBJECTS,
    TRIGGER_REPORTS,
    ListOf,
)

ROWS = 50
ALL_ITEMS = "All Items"
"""The view that SharePoint gives every list; here it has every row, newest first."""


@dataclass(frozen=True, slots=True)
class View:
    """One view: the columns it shows by internal name, its condition and order as CAML."""

    title: str
    fields: tuple[str, ...]
    where: str = ""
    order: tuple[str, ...] = ()
    group: str = ""

    @property
    def query(self) -> str:
        """The inside of `Query`. A column of `order` that begins with `-` is sorted downwards."""
        grouped = f'<GroupBy Collapse="FALSE" GroupLimit="30">{_ref(self.group)}</GroupBy>' if self.group else ""
        order = "".join(_ref(name) for name in self.order)
        return (
            grouped
            + (f"<OrderBy>{order}</OrderBy>" if order else "")
            + (f"<Where>{self.where}</Where>" if self.where else "")
        )

    @property
    def xml(self) -> str:
        """The whole view, as SetViewXml takes it."""
        shown = "".join(_ref(name) for name in self.fields)
        limit = f'<RowLimit Paged="TRUE">{ROWS}</RowLimit>'
        return f"<View><Query>{self.query}</Query><ViewFields>{shown}</ViewFields>{limit}</View>"


def _ref(name: str) -> str:
    down = ' Ascending="FALSE"' if name.startswith("-") else ""
    return f"<FieldRef Name={quoteattr(name.lstrip('-'))}{down} />"


def _compare(word: str, name: str, kind: str, value: str) -> str:
    return f'<{word}>{_ref(name)}<Value Type="{kind}">{value}</Value></{word}>'


def equals(name: str, value: str) -> str:
    """A text or a choice is this."""
    return _compare("Eq", name, "Text", escape(value))


def unlike(name: str, value: str) -> str:
    """A text is not this; never the leading condition, which an index could not serve."""
    return _compare("Neq", name, "Text", escape(value))


def is_open(*, yes: bool = True) -> str:
    """The row is open, or is not."""
    return _compare("Eq", "Open", "Boolean", "1" if yes else "0")


def since(name: str, days: int = 0) -> str:
    """A date is today plus so many days, or later."""
    return _compare("Geq", name, "DateTime", _today(days))


def before(name: str, days: int = 0) -> str:
    """A date is earlier than today plus so many days."""
    return _compare("Lt", name, "DateTime", _today(days))


def _today(days: int) -> str:
    return f'<Today OffsetDays="{days}" />' if days else "<Today />"


def blank(name: str) -> str:
    """Nothing is in the column."""
    return f"<IsNull>{_ref(name)}</IsNull>"


def mine(name: str) -> str:
    """A person column holds whoever looks: `[Me]`."""
    return _compare("Eq", name, "Integer", "<UserID />")


def every(*conditions: str) -> str:
    """All of these; CAML joins two at a time, and the first stays the leading one."""
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = f"<And>{joined}{condition}</And>"
    return joined


def either(*conditions: str) -> str:
    """One of these; never the leading condition."""
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = f"<Or>{joined}{condition}</Or>"
    return joined


_ACTION = ("Reference", "What", "OwnerName", "Agency", "DueDate", "Status", "Priority", "Note")
_WITH_CHAIRS = (ActionStatus.DONE, ActionStatus.NOT_POSSIBLE_CLAIMED, ActionStatus.MORE_TIME)
_REFERRAL = ("Reference", "Urgency", "Concern", "Agency", "Status", "ReceivedOn", "Forum", "Asked")
_UNANSWERED = (Status.RECEIVED, Status.TRIAGED, Status.LISTED)
_RETURN = ("Reference", "Agency", "Answer", "MemberName", "AnsweredOn", "Information")
_DISCLOSURE = ("LookedOn", "MemberName", "Agency", "Reference", "Reason", "Outcome")
_AGENCY = ("AgencyName", "Agency", "Kind", "IsaSignedOn", "IsaLapsesOn", "Spoc")
_MEMBER = ("MemberName", "Agency", "Roles", "Email")
_POST = ("Kind", "Reference", "Audience", "Status", "Attempts", "Failure", "Modified")
_MEETING = ("Reference", "Forum", "HeldOn", "Status")
_HEARING = ("Reference", "Meeting", "Decision", "Outcomes", "NextReviewOn", "HeardOn", "RecordedBy")
_PLAN = ("Reference", "Case", "Status", "Signatories", "AgreedOn", "ReviewOn", "ExpiresOn", "OwnerName")

VIEWS: dict[str, tuple[View, ...]] = {
    ACTIONS.name: (
        View("Open", _ACTION, is_open(), ("DueDate",)),
        View("Overdue", _ACTION, every(is_open(), before("DueDate")), ("DueDate",)),
        View("Due in 7 days", _ACTION, every(is_open(), since("DueDate"), before("DueDate", 8)), ("DueDate",)),
        View("Immediate risk", _ACTION, every(is_open(), equals("Priority", Priority.IMMEDIATE)), ("DueDate",)),
        View("By agency", _ACTION, is_open(), ("DueDate",), group="Agency"),
        View("Mine", _ACTION, every(is_open(), mine("AssignedTo")), ("DueDate",)),
        View("Blocked", _ACTION, every(is_open(), equals("Status", ActionStatus.BLOCKED)), ("DueDate",)),
        View(
            "Waiting for the chairs",
            (*_ACTION, "AskedDue"),
            every(is_open(), either(*(equals("Status", each) for each in _WITH_CHAIRS))),
            ("DueDate",),
        ),
        View("Closed", (*_ACTION, "ClosedOn"), since("ClosedOn", -90), ("-ClosedOn",)),
    ),
    REFERRALS.name: (
        View("Open by urgency", _REFERRAL, is_open(), ("-ReceivedOn",), group="Urgency"),
        View(
            "Immediate and urgent",
            _REFERRAL,
            every(is_open(), either(equals("Urgency", Urgency.IMMEDIATE), equals("Urgency", Urgency.URGENT))),
            ("Urgency", "ReceivedOn"),
        ),
        View(
            "Awaiting answers",
            _REFERRAL,
            every(is_open(), either(*(equals("Status", each) for each in _UNANSWERED))),
            ("ReceivedOn",),
        ),
        View("Closed", _REFERRAL, every(since("ReceivedOn", -365), is_open(yes=False)), ("-ReceivedOn",)),
        View(
            "To be triaged", _REFERRAL, every(is_open(), equals("Status", Status.RECEIVED)), ("Urgency", "ReceivedOn")
        ),
        View(
            "Redirected, no receipt yet",
            (*_REFERRAL, "RedirectedTo", "RedirectedOn"),
            every(is_open(), equals("Status", Status.REDIRECTED)),
            ("ReceivedOn",),
        ),
        View(
            "Listed",
            (*_REFERRAL, "ListedFor", "ListOrder", "ListMinutes"),
            every(is_open(), equals("Status", Status.LISTED)),
            ("ListedFor",),
        ),
        View(
            "Keep or dispose: to be decided",
            (*_REFERRAL, "ClosedOn", "ReviewOn", "Retention"),
            every(before("ReviewOn", 31), is_open(yes=False), unlike("Retention", Retention.DISPOSED)),
            ("ReviewOn",),
        ),
    ),
    # A name is on the screen only when somebody opens a row, or chooses the second view.
    SUBJECTS.name: (
        View("Without names", ("Reference", "PersonRole", "Modified"), is_open(), ("-ID",)),
        View(
            "With names",
            ("Reference", "PersonRole", "PersonName", "DateOfBirth", "AddressArea", "Whereabouts"),
            is_open(),
            ("-ID",),
        ),
    ),
    RETURNS.name: (
        View("Newest", _RETURN, since("AnsweredOn", -90), ("-AnsweredOn",)),
        View("By agency", _RETURN, since("AnsweredOn", -90), ("-AnsweredOn",), group="Agency"),
    ),
    DISCLOSURES.name: (
        View("Newest", _DISCLOSURE, since("LookedOn", -90), ("-LookedOn",)),
        View("Refused", _DISCLOSURE, every(since("LookedOn", -90), unlike("Outcome", SHOWN)), ("-LookedOn",)),
        View("By agency", _DISCLOSURE, since("LookedOn", -90), ("-LookedOn",), group="Agency"),
    ),
    MEETINGS.name: (
        View("Meetings", _MEETING, since("HeldOn", -365), ("-HeldOn",)),
        View("To come", _MEETING, since("HeldOn"), ("HeldOn",)),
    ),
    REQUESTS.name: (
        View(
            "To be answered",
            ("Reference", "MemberName", "Agency", "Reason", "AskedOn", "Status"),
            every(is_open(), equals("Status", RequestStatus.ASKED)),
            ("AskedOn",),
        ),
    ),
    ATTENDANCE.name: (
        View("Newest", ("Reference", "Agency", "Status", "InformationSent", "MemberName"), is_open(), ("-ID",)),
    ),
    HEARINGS.name: (View("Newest", _HEARING, since("HeardOn", -90), ("-HeardOn",)),),
    PLANS.name: (
        View("In use", _PLAN, is_open(), ("ExpiresOn",)),
        View("To be signed off", _PLAN, every(is_open(), equals("Status", PlanStatus.SIGN_OFF)), ("-ID",)),
        View("Expiring", _PLAN, every(is_open(), before("ExpiresOn", 31)), ("ExpiresOn",)),
    ),
    SIGN_OFFS.name: (
        View(
            "Newest",
            ("Reference", "Agency", "Answer", "MemberName", "SignedOn"),
            since("SignedOn", -90),
            ("-SignedOn",),
        ),
    ),
    TRIGGER_REPORTS.name: (
        View(
            "Newest",
            ("Reference", "Case", "Agency", "MemberName", "ReportedOn"),
            since("ReportedOn", -90),
            ("-ReportedOn",),
        ),
    ),
    AGENDA_ITEMS.name: (
        View(
            "Open", ("Reference", "Kind", "About", "Meeting", "OwnerName", "Minutes", "Status"), is_open(), ("Meeting",)
        ),
    ),
    DEFINITIONS.name: (View("In use", ("Term", "Words", "Source", "Wording", "FromOn"), is_open(), ("Term",)),),
    RISKS.name: (View("Open", ("Reference", "Category", "Event", "Agency", "Status"), is_open(), ("Category",)),),
    LESSONS.name: (
        View("Newest", ("Reference", "What", "Changes", "Audience", "Status"), is_open(), ("-ID",)),
        View(
            "Waiting for a chair",
            ("Reference", "What", "Changes", "Audience", "RaisedOn"),
            every(is_open(), equals("Status", LessonStatus.RAISED)),
            ("-ID",),
        ),
    ),
    MEASURES.name: (
        View("In use", ("Measure", "MeasureName", "Agency", "Kind", "Unit", "Good"), is_open(), ("Measure",)),
        View("By owner", ("Measure", "MeasureName", "Kind", "Frequency"), is_open(), ("Measure",), group="Agency"),
    ),
    FIGURES.name: (
        View(
            "Newest",
            ("Measure", "Agency", "Month", "Part", "Whole", "Status", "MemberName", "ReportedOn"),
            since("ReportedOn", -90),
            ("-ReportedOn",),
        ),
    ),
    AGENCIES.name: (
        View("In use", _AGENCY, is_open(), ("Agency",)),
        View(
            "Agreement lapsed or lapsing",
            _AGENCY,
            every(is_open(), either(blank("IsaSignedOn"), before("IsaLapsesOn", 60))),
            ("IsaLapsesOn",),
        ),
    ),
    AGREEMENTS.name: (
        View(
            "In force",
            ("Reference", "AgreementTitle", "Kind", "AgreementVersion", "ReviewOn", "ExpiresOn", "Signatures", "Link"),
            is_open(),
            ("Kind",),
        ),
        View(
            "To be reviewed",
            ("Reference", "AgreementTitle", "Kind", "ReviewOn", "ExpiresOn"),
            every(is_open(), before("ReviewOn", 90)),
            ("ReviewOn",),
        ),
    ),
    MEMBERS.name: (
        View("In use", _MEMBER, is_open(), ("Agency",)),
        View("By agency", _MEMBER, is_open(), ("Agency",), group="Agency"),
        View("Without an agency", _MEMBER, every(is_open(), blank("Agency")), ("-ID",)),
    ),
    FORUMS.name: (
        View(
            "In use",
            ("ForumName", "Forum", "Kind", "MeetsAt", "Anchor", "Agencies", "Contact", "Link"),
            is_open(),
            ("Forum",),
        ),
    ),
    POSTS.name: (
        View("Not delivered", _POST, equals("Status", PostStatus.FAILED), ("-ID",)),
        View("On their way", (*_POST, "NextAttempt"), is_open(), ("-ID",)),
    ),
    CONVERSATIONS.name: (View("In use", ("Audience", "Scope", "Modified"), is_open(), ("Audience",)),),
    EVENTS.name: (View("Open", ("Kind", "Holder", "Until", "Modified"), is_open(), ("Kind",)),),
    SETTINGS.name: (View("Open", ("Name", "Tries", "Modified"), is_open(), ("-ID",)),),
}
"""Each list's views. The first is its default, and its columns are what `All Items` shows too."""


def views_of(of: ListOf[Any]) -> tuple[View, ...]:
    """The views of a list, its default one first and `All Items` last."""
    named = VIEWS[of.name]
    return (*named, View(ALL_ITEMS, named[0].fields, order=("-ID",)))
