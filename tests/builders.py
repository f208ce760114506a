"""Records for tests: every field has a fixed, invented default, so a test says only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from board.records import SHOWN, Agency, Disclosure, Figure, Forum, Measure, Member, Referral, Return, Subject
from board.vocabulary import AgencyKind, Answer, PersonRole, Role, Status, Urgency

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"


def create_agency(code: str = "MHT", **values: Any) -> Agency:
    """An open agency whose sharing agreement is current on TODAY."""
    defaults: dict[str, Any] = {
        "id": 1,
        "name": "Example Mental Health Trust",
        "kind": AgencyKind.MENTAL_HEALTH_TRUST,
        "isa_signed_on": date(2025, 9, 1),
        "isa_lapses_on": date(2027, 9, 1),
    }
    return Agency(code=code, **{**defaults, **values})


def create_forum(code: str = "SUB", **values: Any) -> Forum:
    """A subgroup of three agencies."""
    defaults: dict[str, Any] = {"id": 1, "name": "Example subgroup", "agencies": frozenset({"POL", "MHT", "ASC"})}
    return Forum(code=code, **{**defaults, **values})


def create_member(*roles: Role, **values: Any) -> Member:
    """A member of the trust; a representative unless roles are named. `roles=frozenset()` gives one with none."""
    defaults: dict[str, Any] = {
        "id": 1,
        "user_id": "00000000-0000-4000-8000-00000000000a",
        "name": "Cy Nurse",
        "agency": "MHT",
        "roles": frozenset(roles or {Role.REPRESENTATIVE}),
    }
    return Member(**{**defaults, **values})


def create_referral(**values: Any) -> Referral:
    """R-14: an open, urgent referral by the police that asks the trust and the council."""
    defaults: dict[str, Any] = {
        "id": 14,
        "reference": f"R-{values.get('id', 14)}",
        "key": KEY,
        "agency": "POL",
        "referrer_id": "00000000-0000-4000-8000-00000000000b",
        "referrer_name": "Bo Officer",
        "contact": "Extension 4410",
        "concern": "Violence towards family or carer",
        "indicators": ("Threats to kill", "Disengagement"),
        "urgency": Urgency.URGENT,
        "urgency_reason": "The next discharge meeting is on Friday.",
        "why_now": "He told his sister on Sunday that he will hurt their mother when he comes home.",
        "how_known": "Told by the sister to an officer; recorded in the incident.",
        "asked_for": "The trust: is a discharge planned? The council: is there a carer's assessment?",
        "police_involvement": "Two calls to the address this month.",
        "mental_health_act": "s3",
        "sharing_basis": "Prevention or detection of crime",
        "person_aware": "No",
        "crime_reference": "42/0000/26",
        "manager_sign_off": "Sgt Ex Ample",
        "forum": "SUB",
        "asked": frozenset({"MHT", "ASC"}),
        "status": Status.RECEIVED,
        "received_on": NOW,
    }
    return Referral(**{**defaults, **values})


def create_subject(**values: Any) -> Subject:
    """The adult that R-14 is about."""
    defaults: dict[str, Any] = {
        "id": 9,
        "reference": "R-14",
        "role": PersonRole.SUBJECT,
        "name": "Zed Invented",
        "aliases": "Zeddy",
        "date_of_birth": date(1990, 5, 31),
        "nhs_number": "9434765870",
        "pnc_id": "90/0123456K",
        "other_ids": "nDelius X000000",
        "address_area": "Nowhere-on-Sea",
        "whereabouts": "Ward 4, Example Hospital",
    }
    return Subject(**{**defaults, **values})


def create_return(agency: str = "MHT", **values: Any) -> Return:
    """One agency's answer about R-14: known."""
    defaults: dict[str, Any] = {
        "id": 1,
        "reference": "R-14",
        "answer": Answer.KNOWN,
        "member_id": "00000000-0000-4000-8000-00000000000a",
        "member_name": "Cy Nurse",
        "answered_on": NOW,
    }
    return Return(agency=agency, **{**defaults, **values})


def create_look(agency: str = "MHT", **values: Any) -> Disclosure:
    """One look at who R-14 is about, that was not refused."""
    defaults: dict[str, Any] = {
        "id": 1,
        "reference": "R-14",
        "member_id": "00000000-0000-4000-8000-00000000000a",
        "member_name": "Cy Nurse",
        "reason": "Checking our records to answer",
        "outcome": SHOWN,
        "looked_on": NOW,
    }
    return Disclosure(agency=agency, **{**defaults, **values})


def create_measure(code: str = "s136", **values: Any) -> Measure:
    """A count of detentions that the police own and report, where fewer is better."""
    defaults: dict[str, Any] = {
        "id": 1,
        "name": "s136 detentions",
        "agency": "POL",
        "kind": "Count",
        "unit": "detentions",
        "good": "Lower",
        "frequency": "Monthly",
        "over_year": "Added up",
    }
    return Measure(code=code, **{**defaults, **values})


def create_figure(month: str = "2026-05", number: object = 41, whole: object = None, **values: Any) -> Figure:
    """What the police reported of s136 for a month: final, and never revised."""
    defaults: dict[str, Any] = {"id": 1, "key": KEY, "measure": "s136", "agency": "POL", "status": "Final"}
    parts = {
        "numerator": None if number is None else Decimal(str(number)),
        "denominator": None if whole is None else Decimal(str(whole)),
    }
    return Figure(month=month, **{**defaults, **parts, **values})


def create_partners() -> dict[str, Agency]:
    """Four open agencies by code: the police, the trust, the council, and children's social care."""
    return {
        "POL": create_agency("POL", id=1, name="Example Police", kind=AgencyKind.POLICE),
        "MHT": create_agency("MHT", id=2),
        "ASC": create_agency("ASC", id=3, name="Example Council", kind=AgencyKind.ADULT_SOCIAL_CARE),
        "CSC": create_agency("CSC", id=4, name="Example Children's Services", kind=AgencyKind.CHILDRENS_SOCIAL_CARE),
    }
