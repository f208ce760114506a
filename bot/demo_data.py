"""The fictional board's people, cases and actions, as tables. Nobody and nothing here exists; the names say so."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from board.actions import ActionStatus, Priority
from board.vocabulary import AgencyKind, Answer, Role, Status, Urgency

PARTNERS = (
    ("POL", "Fictonshire Police", AgencyKind.POLICE),
    ("MHT", "Fictonshire Mental Health Trust", AgencyKind.MENTAL_HEALTH_TRUST),
    ("ASC", "Fictonshire Council Adult Social Care", AgencyKind.ADULT_SOCIAL_CARE),
    ("CSC", "Fictonshire Council Children's Social Care", AgencyKind.CHILDRENS_SOCIAL_CARE),
    ("AMB", "Fictonshire Ambulance Service", AgencyKind.AMBULANCE),
    ("ICB", "Fictonshire Integrated Care Board", AgencyKind.INTEGRATED_CARE_BOARD),
    ("HOS", "Nowhere General Hospital", AgencyKind.ACUTE_HOSPITAL),
    ("FIR", "Fictonshire Fire and Rescue", AgencyKind.FIRE),
    ("PRO", "Fictonshire Probation", AgencyKind.PROBATION),
    ("HOU", "Imaginary Homes", AgencyKind.HOUSING),
)
"""Code, name, kind. Imaginary Homes has let its sharing agreement lapse."""

LAPSED = "HOU"

PEOPLE = (
    ("Avery Example", "POL", (Role.CHAIR, Role.ADMINISTRATOR)),
    ("Blake Invented", "MHT", (Role.CHAIR,)),
    ("Casey Madeup", "POL", (Role.MENTAL_HEALTH_TEAM,)),
    ("Drew Fictional", "POL", (Role.MENTAL_HEALTH_TEAM,)),
    ("Ellis Pretend", "MHT", (Role.SUBGROUP_CHAIR,)),
    ("Frankie Sample", "POL", (Role.AGENCY_LEAD,)),
    ("Gray Placeholder", "MHT", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Harper Notreal", "ASC", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Indigo Imagined", "CSC", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Jules Specimen", "AMB", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Kit Example", "ICB", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Lee Invented", "HOS", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Morgan Madeup", "FIR", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Noor Fictional", "PRO", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Ocean Pretend", "HOU", (Role.AGENCY_LEAD, Role.REPRESENTATIVE)),
    ("Parker Sample", "MHT", (Role.REPRESENTATIVE,)),
    ("Quinn Placeholder", "ASC", (Role.REPRESENTATIVE,)),
    ("Reese Notreal", "AMB", (Role.REPRESENTATIVE,)),
    ("Sage Imagined", "HOS", (Role.LIAISON,)),
    ("Taylor Specimen", "MHT", (Role.LIAISON,)),
    ("Uma Example", "POL", (Role.REFERRER,)),
    ("Val Invented", "HOS", (Role.REFERRER,)),
    ("Winter Madeup", "MHT", (Role.INFORMATION_GOVERNANCE_LEAD,)),
    ("Xen Fictional", "ICB", (Role.ADMINISTRATOR,)),
    ("Yael Pretend", "FIR", (Role.OBSERVER,)),
)


class Case(NamedTuple):
    """One fictional referral: who makes it, days ago, what about whom, and what came back from whom."""

    by: str
    days_ago: int
    concern: int
    urgency: Urgency
    name: str
    born: date | None
    why: str
    ask: str
    answers: tuple[tuple[str, Answer], ...] = ()


CASES = (
    Case(
        "Uma Example",
        20,
        7,
        Urgency.ROUTINE,
        "Fictitious Caller-One",
        date(1971, 2, 3),
        "Rings 999 most nights in distress; every health option offered so far was declined.",
        "Mental health trust: is there a plan, and who leads it?",
        (("MHT", Answer.KNOWN_REPORT), ("ASC", Answer.KNOWN), ("AMB", Answer.KNOWN), ("HOS", Answer.NOT_KNOWN)),
    ),
    Case(
        "Gray Placeholder",
        9,
        0,
        Urgency.IMMEDIATE,
        "Fictitious Relative-Two",
        date(1988, 7, 14),
        "Told a neighbour of a threat to a parent; the treating team did not know. Discharge is planned for Friday.",
        "Police: any earlier reports at the address? Trust: hold the discharge meeting first.",
        (("POL", Answer.KNOWN_REPORT), ("ASC", Answer.NOT_KNOWN), ("PRO", Answer.NOT_KNOWN)),
    ),
    Case(
        "Val Invented",
        6,
        2,
        Urgency.URGENT,
        "Fictitious Patient-Three",
        None,
        "Three members of staff assaulted during detention; none of it was taken forward.",
        "Police: review the three reports together.",
        (("MHT", Answer.KNOWN),),
    ),
    Case(
        "Quinn Placeholder",
        2,
        6,
        Urgency.URGENT,
        "Fictitious Tenant-Four",
        date(1995, 11, 30),
        "Two small fires set in the flat this month; says voices ask for it.",
        "Fire and rescue: a visit. Housing: what is known of the tenancy?",
        (("FIR", Answer.KNOWN),),
    ),
    Case(
        "Casey Madeup",
        0,
        4,
        Urgency.ROUTINE,
        "Fictitious Follower-Five",
        date(1979, 4, 1),
        "Fixated on a councillor; letters increasing, no threat so far.",
        "All: is this person known?",
    ),
)


OLDER = 30
"""Referrals beside the cases told above, spread over six months, most of them past."""

OLDER_STATES = (
    Status.CLOSED,
    Status.CLOSED,
    Status.REVIEWED,
    Status.DECLINED,
    Status.REDIRECTED,
    Status.WITHDRAWN,
    Status.NO_PLAN,
    Status.PLAN,
    Status.HEARD,
    Status.LISTED,
    Status.TRIAGED,
)
"""One state after another, the oldest referrals first; those at the end of their path are not open."""

PAST = frozenset({Status.CLOSED, Status.DECLINED, Status.WITHDRAWN})

RATIONALES = (
    "Outside MAPPA, no test of a dangerous person met; several agencies hold a part each.",
    "It is getting worse, and no one service can hold it.",
    "The family asked for help three times in a month.",
    "What was tried alone did not work; one plan for all is needed.",
)
"""Why the gate and the meeting decided as they did."""

DECLINED_BECAUSE = "Below the threshold of serious violence"
OUTCOMES_SEEN = ("Engagement regained", "Health reassessment instead of discharge", "Charge", "No further action")

SURNAMES = ("Person", "Subject", "Patient", "Resident", "Somebody", "Individual")
FORENAMES = ("Fictitious", "Imaginary", "Unreal", "Madeup", "Pretend")

REFERRERS = ("Uma Example", "Val Invented", "Casey Madeup", "Gray Placeholder", "Harper Notreal", "Noor Fictional")

WHYS = (
    "Escalating over a month; nobody holds the whole picture.",
    "Stopped taking medication and stopped answering the door.",
    "Released next week with nowhere to go.",
    "Third assault in the waiting room this quarter.",
    "Family say they are frightened and do not know whom to ring.",
)

TASKS = (
    ("POL", "Frankie Sample", "Send each partner the rota of inspectors who can authorise a joint visit"),
    ("MHT", "Parker Sample", "Agree who rings whom when a restricted patient does not return"),
    ("ASC", "Harper Notreal", "Name a lead for out-of-hours assessments and publish the number"),
    ("AMB", "Jules Specimen", "Report handover times for section 136 by site"),
    ("HOS", "Lee Invented", "Mark the quiet room and tell crews where it is"),
    ("ICB", "Kit Example", "Write down what the twice-daily bed call decides, and send it round"),
    ("PRO", "Noor Fictional", "Share release dates four weeks ahead for people on the list"),
    ("FIR", "Morgan Madeup", "Offer home fire safety visits where fire setting was reported"),
    ("CSC", "Indigo Imagined", "Check the pathway for a child in a household of concern"),
    ("MHT", "Gray Placeholder", "Tell the referrer what became of a referral within two working days"),
    ("POL", "Casey Madeup", "Bring the firearms licensing backlog down, and show it as a line"),
    ("ASC", "Quinn Placeholder", "Try joint training on serious harm with three teams"),
)
"""Agency, owner, what. None is about a person."""

ACTIONS = 90

STATES = (
    ActionStatus.VERIFIED,
    ActionStatus.IN_PROGRESS,
    ActionStatus.VERIFIED,
    ActionStatus.ACKNOWLEDGED,
    ActionStatus.DONE,
    ActionStatus.VERIFIED,
    ActionStatus.BLOCKED,
    ActionStatus.DISSEMINATED,
    ActionStatus.NOT_POSSIBLE,
    ActionStatus.AGREED,
    ActionStatus.MORE_TIME,
    ActionStatus.VERIFIED,
    ActionStatus.NOT_POSSIBLE_CLAIMED,
    ActionStatus.NOT_UNDERTAKEN,
    ActionStatus.SUPERSEDED,
    ActionStatus.TRANSFERRED,
    ActionStatus.IN_PROGRESS,
)
"""One state after another, so that every one is there."""

PRIORITIES = (Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.NORMAL, Priority.NORMAL, Priority.HIGH)

PROGRAMMES = ("", "", "Section 136 improvement plan", "")

NOTES = {
    ActionStatus.BLOCKED: "Waiting for the licence for the shared calendar.",
    ActionStatus.MORE_TIME: "The lead is on leave until the week after next.",
    ActionStatus.DONE: "Published, and sent to every partner.",
    ActionStatus.IN_PROGRESS: "Half of the teams have answered.",
    ActionStatus.NOT_POSSIBLE: "The building has been sold.",
    ActionStatus.NOT_POSSIBLE_CLAIMED: "The scheme this belonged to has ended.",
}
