"""A fictional board to try the bot with. Nobody and nothing in it exists; the names say so.

Everything has a fixed key, so loading it again after a break adds only what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from board.records import SHOWN, Agency, Disclosure, Forum, Member, Referral, Return, Subject
from board.references import REFERRAL, reference
from board.referring import asked_agencies
from board.vocabulary import CONCERNS, LOOK_REASONS, AgencyKind, Answer, Role, Urgency
from bot.house import BOT, DEFAULT_FORUM, UK, utc_now
from sharepoint import queries as ask
from sharepoint.schema import AGENCIES, DISCLOSURES, FORUMS, MEMBERS, REFERRALS, RETURNS, SUBJECTS
from sharepoint.store import Store

WHY = "fictional data"

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


def user_id(number: int) -> str:
    """The Entra object id of a fictional member: a fixed one, so that scripts can speak as them."""
    return f"00000000-0000-4000-8000-{number:012d}"


async def is_wanted(store: Store) -> bool:
    """Whether the site has no members yet, or only fictional ones of a loading that broke off."""
    found: list[Member] = await store.find(ask.open_rows(MEMBERS))
    if not found:
        return True
    fictional = {f"demo:{name}" for name, _, _ in PEOPLE}
    return {member.key for member in found} < fictional


async def load(store: Store, say: Callable[[str], None]) -> None:
    """Write the fictional board, relative to today, telling how far it is. Raises the store's errors."""
    patient, now = store.patient(60), utc_now()
    today = now.astimezone(UK).date()
    agencies = [await _agency(patient, row, today) for row in PARTNERS]
    say(f"{len(agencies)} agencies")
    forum, _ = await patient.add_once(
        FORUMS, Forum(key=f"forum:{DEFAULT_FORUM}", code=DEFAULT_FORUM, name="MHRMB"), by=BOT, why=WHY
    )
    for case in CASES:
        await _case(patient, case, agencies, forum, now)
    say(f"{len(CASES)} referrals with their returns")
    members = [
        Member(key=f"demo:{name}", user_id=user_id(number), name=name, agency=agency, roles=frozenset(roles))
        for number, (name, agency, roles) in enumerate(PEOPLE, start=1)
    ]
    for member in members:
        await patient.add_once(MEMBERS, member, by=BOT, why=WHY)
    say(f"{len(members)} members")


async def _agency(store: Store, row: tuple[str, str, AgencyKind], today: date) -> Agency:
    code, name, kind = row
    lapses = today - timedelta(days=30) if code == LAPSED else today + timedelta(days=300)
    agency = Agency(
        key=f"agency:{code}",
        code=code,
        name=name,
        kind=kind,
        isa_signed_on=today - timedelta(days=400),
        isa_lapses_on=lapses,
    )
    kept, _ = await store.add_once(AGENCIES, agency, by=BOT, why=WHY)
    return kept


async def _case(store: Store, case: Case, agencies: list[Agency], forum: Forum, now: datetime) -> None:
    number = next(i for i, person in enumerate(PEOPLE, start=1) if person[0] == case.by)
    agency = PEOPLE[number - 1][1]
    received = now - timedelta(days=case.days_ago, hours=3)
    key = f"demo:{case.name}"
    person, _ = await store.add_once(
        SUBJECTS,
        Subject(key=f"{key}-subject", name=case.name, date_of_birth=case.born, address_area="Nowhere-on-Sea"),
        by=BOT,
        why=WHY,
    )
    referral, _ = await store.add_once(
        REFERRALS,
        Referral(
            key=key,
            agency=agency,
            referrer_id=user_id(number),
            referrer_name=case.by,
            concern=CONCERNS[case.concern],
            urgency=case.urgency,
            why_now=case.why,
            asked_for=case.ask,
            forum=forum.code,
            asked=asked_agencies(forum, agencies, agency, under_18=False),
            received_on=received,
        ),
        by=BOT,
        why=WHY,
    )
    if not referral.reference:
        referral = await store.number(REFERRALS, referral, by=BOT)
    about = replace(person, reference=reference(REFERRAL, referral.id))
    await store.change(SUBJECTS, person, about, by=BOT, why=WHY)
    for hours, (code, answer) in enumerate(case.answers, start=1):
        await _answer(store, referral, code, answer, received + timedelta(hours=hours))


async def _answer(store: Store, referral: Referral, code: str, answer: Answer, when: datetime) -> None:
    number = next(i for i, person in enumerate(PEOPLE, start=1) if person[1] == code)
    who = PEOPLE[number - 1][0]
    look = Disclosure(
        key=f"{referral.key}-look-{code}",
        reference=referral.reference,
        member_id=user_id(number),
        member_name=who,
        agency=code,
        reason=LOOK_REASONS[0],
        outcome=SHOWN,
        looked_on=when,
    )
    await store.add_once(DISCLOSURES, look, by=who, why="look")
    given = Return(
        key=f"{referral.key}-return-{code}",
        reference=referral.reference,
        agency=code,
        answer=answer,
        member_id=user_id(number),
        member_name=who,
        answered_on=when,
    )
    await store.add_once(RETURNS, given, by=who, why="answered")
