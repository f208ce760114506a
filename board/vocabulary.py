"""The words the board chooses from. They are stored as they read, so a list is legible in SharePoint itself.

Sources: the indicators, Mental Health Act statuses and roles are those published about such boards and in the Mental
Health Act 1983; the reasons for a look follow the logging that section 62 of the Data Protection Act 2018 asks for.
A value typed straight into a list that is not among these is never shown in a channel: it may be somebody's name.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member is to the board. A member may have several."""

    CHAIR = "Chair"
    MENTAL_HEALTH_TEAM = "Mental health team"
    SUBGROUP_CHAIR = "Subgroup chair"
    AGENCY_LEAD = "Agency lead"
    REPRESENTATIVE = "Representative"
    LIAISON = "Liaison"
    REFERRER = "Referrer"
    INFORMATION_GOVERNANCE_LEAD = "Information governance lead"
    ADMINISTRATOR = "Administrator"
    OBSERVER = "Observer"


class AgencyKind(StrEnum):
    """What an agency is; under-18 rules look for children's social care."""

    POLICE = "Police"
    MENTAL_HEALTH_TRUST = "Mental health trust"
    ADULT_SOCIAL_CARE = "Adult social care"
    CHILDRENS_SOCIAL_CARE = "Children's social care"
    AMBULANCE = "Ambulance"
    INTEGRATED_CARE_BOARD = "Integrated care board"
    ACUTE_HOSPITAL = "Acute hospital"
    FIRE = "Fire and rescue"
    PROBATION = "Probation"
    BRITISH_TRANSPORT_POLICE = "British Transport Police"
    SUBSTANCE_MISUSE = "Substance misuse"
    HOUSING = "Housing"
    OTHER = "Other"


class Status(StrEnum):
    """Where a referral stands on its path, in the words of the board."""

    RECEIVED = "Received"
    TRIAGED = "Triaged"
    REDIRECTED = "Redirected"
    DECLINED = "Declined"
    LISTED = "Listed"
    HEARD = "Heard"
    PLAN = "Plan agreed"
    NO_PLAN = "No plan"
    REVIEWED = "Reviewed"
    CLOSED = "Closed"
    WITHDRAWN = "Withdrawn"


class Urgency(StrEnum):
    """How soon a referral needs the partners. None of these replaces 999."""

    IMMEDIATE = "Immediate (today)"
    URGENT = "Urgent (before the next subgroup)"
    ROUTINE = "Routine (the next subgroup)"


class Answer(StrEnum):
    """What an agency returns about the person in a referral."""

    NOT_KNOWN = "Not known"
    KNOWN = "Known"
    KNOWN_REPORT = "Known, will bring a report"
    INFORMATION = "Information added"


class PersonRole(StrEnum):
    """Who somebody in `Subjects` is to the referral."""

    SUBJECT = "Subject"
    AT_RISK = "Person who may be at risk"
    THIRD_PARTY = "Third party"


class Gate(StrEnum):
    """Which forum a referral belongs before, asked in this order (MAPPA Guidance; Authorised Professional Practice)."""

    MAPPA = "MAPPA"
    PDP = "Potentially dangerous person"
    OTHER = "Another forum"
    SUBGROUP = "The subgroup"


class Retention(StrEnum):
    """What was decided about keeping a case. The empty word is a case nobody has decided about."""

    KEEP = "Keep"
    DISPOSE = "Dispose"
    IN_PART = "Disposed in part"
    DISPOSED = "Disposed"


class RequestStatus(StrEnum):
    """Where somebody's request to be admitted to a restricted referral stands."""

    ASKED = "Asked"
    ADMITTED = "Admitted"
    DECLINED = "Declined"


class MeetingKind(StrEnum):
    """What kind of meeting a row of `Meetings` is: its reference begins with B, S or C."""

    BOARD = "Board"
    SUBGROUP = "Subgroup"
    CONFERENCE = "Conference"


NO_BOARDS = (MeetingKind.SUBGROUP, MeetingKind.CONFERENCE)
"""Meetings that are not a board's: a conference is another forum's (MAPPA, child protection), counted and not run."""


class MeetingStatus(StrEnum):
    """Where a meeting stands."""

    PLANNED = "Planned"
    IN_PROGRESS = "In progress"
    HELD = "Held"
    CANCELLED = "Cancelled"


class AgreementKind(StrEnum):
    """What kind of agreement binds the partners."""

    TERMS = "Terms of reference"
    ISA = "Information sharing agreement"
    S135 = "Section 135 procedure"
    S136 = "Section 136 escalation policy"
    ADVICE = "National advice adopted"


class AgreementStatus(StrEnum):
    """Where one version of an agreement stands."""

    IN_FORCE = "In force"
    REPLACED = "Replaced"
    ENDED = "Ended"


class LessonStatus(StrEnum):
    """Where a lesson stands."""

    RAISED = "Raised"
    DISSEMINATED = "Disseminated"
    WITHDRAWN = "Withdrawn"


class Attended(StrEnum):
    """How an agency took part in a meeting. Whether information was sent is kept beside apologies."""

    PRESENT = "Present"
    DEPUTY = "Deputy"
    APOLOGIES = "Apologies"
    ABSENT = "Absent"


class Decision(StrEnum):
    """What the subgroup decided of a case it heard."""

    PLAN = "A tactical plan is needed"
    NO_PLAN = "No plan is needed"
    CONTINUE = "Hear again"
    REDIRECT = "Redirect to another forum"
    CLOSE = "Close"


class PlanStatus(StrEnum):
    """Where a tactical plan stands."""

    DRAFT = "Draft"
    SIGN_OFF = "For sign-off"
    AGREED = "Agreed"
    EXPIRED = "Expired"
    SUPERSEDED = "Superseded"
    ENDED = "Ended"


class SignedOff(StrEnum):
    """What an agency says of a version of a plan."""

    SIGNED = "Signed off"
    NOT_SIGNED = "Not signed off"


OUTCOMES = (
    "Engagement regained",
    "Health reassessment instead of discharge",
    "Criminal behaviour order",
    "Breach of bail found",
    "Arrest",
    "Charge",
    "Remand",
    "Managed by MAPPA",
    "Safeguarding enquiry",
    "Other",
    "No further action",
)
"""Outcomes seen in practice; several may apply."""

DECLINE_REASONS = (
    "Below the threshold of serious violence",
    "No mental health element",
    "Already managed elsewhere",
    "Not enough information, and none to be had",
    "Referred by mistake",
)

REQUEST_REASONS = (
    "My agency works with this person",
    "My agency may be at risk or know somebody who is",
    "I was asked to advise",
)

RESTRICT_REASONS = (
    "Somebody working for a partner is involved",
    "A sensitive source could be identified",
    "A victim's safety",
    "A live investigation",
)

CONCERNS = (
    "Threats to kill or seriously harm",
    "Violence towards family or carer",
    "Violence towards staff",
    "Violence towards the public",
    "Stalking or fixation",
    "Weapons or firearms",
    "Fire setting",
    "Repeated crisis contact",
    "Missing or absconded from a health setting",
    "Other",
)

INDICATORS = (
    "Threats to kill",
    "Assaults on staff",
    "Escalating behaviour",
    "Weapons or firearms certificate",
    "Breach of bail or order",
    "Disengagement",
    "Medication non-adherence",
    "Discharge imminent",
    "Family or carer concern",
    "High-volume caller",
    "Absconded restricted patient (s37/41)",
    "Missing from a health setting",
    "Release from custody imminent",
    "Homeless",
    "Dual diagnosis",
    "Other",
)

MENTAL_HEALTH_ACT = (
    "Not known",
    "None",
    "Informal",
    "s2",
    "s3",
    "s37",
    "s37/41",
    "s47/49",
    "s135",
    "s136",
    "Community treatment order",
)

SHARING_BASES = (
    "The person consents",
    "Prevention or detection of crime",
    "Safeguarding an individual at risk",
    "Vital interests",
    "Substantial public interest",
)

LOOK_REASONS = (
    "Checking our records to answer",
    "Preparing for the subgroup",
    "Acting on an immediate risk",
    "Correcting or adding to the record",
    "Triage",
    "Chairing the subgroup",
    "Making or reviewing a plan",
    "Reviewing what was done",
    "Deciding whether to keep the record",
    "A statutory or internal review",
    "Answering the person's own request",
)
