"""Making a referral: what is enough, who is asked, what may be added, and how a row typed by hand becomes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from stdnum.gb import nhs

from board import pnc
from board.errors import FieldProblem, Problem
from board.forms import PARAGRAPH, Form
from board.records import Agency, Forum, Member, NewReferral, Referral, Subject
from board.vocabulary import (
    CONCERNS,
    INDICATORS,
    MENTAL_HEALTH_ACT,
    SHARING_BASES,
    AgencyKind,
    PersonRole,
    Status,
    Urgency,
)

ADULT_AT = 18

AWARE = ("Yes", "No", "Not known")


def asked_agencies(forum: Forum, agencies: Iterable[Agency], referring: str, *, under_18: bool) -> frozenset[str]:
    """Say who is asked: the forum's agencies but the one that refers; for a child, children's social care too."""
    here = [agency for agency in agencies if agency.open]
    asked = {agency.code for agency in here if forum.includes(agency.code)}
    if under_18:
        asked |= _for_children(here)
    return frozenset(asked - {referring})


def _for_children(agencies: Iterable[Agency]) -> set[str]:
    """Those asked about every child, whatever the forum."""
    return {each.code for each in agencies if each.open and each.kind == AgencyKind.CHILDRENS_SOCIAL_CARE}


def age(born: date, on: date) -> int:
    """Whole years on a day; somebody born on 29 February turns a year older on 1 March of a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_child(subject: Subject, on: date) -> bool:
    """Whether the person is under eighteen on that day, as far as the date of birth is known."""
    return subject.date_of_birth is not None and age(subject.date_of_birth, on) < ADULT_AT


def submit(
    form: Form, member: Member, forum: Forum, agencies: Iterable[Agency], *, now: datetime, today: date
) -> NewReferral:
    """Read the two-minute form. Enough are a name (or words for an unknown person), a concern, an urgency and why now.

    Raises NotUnderstood with every field that is wrong.
    """
    key = form.key()
    subject = Subject(
        key=f"{key}-subject",
        name=form.text("name", required=True),
        date_of_birth=form.day("date_of_birth", today),
    )
    referral = Referral(
        key=key,
        agency=member.agency,
        referrer_id=member.user_id,
        referrer_name=member.name,
        concern=form.choice("concern", CONCERNS, required=True),
        urgency=form.choice("urgency", Urgency, required=True),
        why_now=form.text("why_now", PARAGRAPH, required=True),
        asked_for=form.text("asked_for", PARAGRAPH),
        contact=form.text("contact"),
        forum=forum.code,
        status=Status.RECEIVED,
        received_on=now,
    )
    form.done()
    asked = asked_agencies(forum, agencies, member.agency, under_18=is_child(subject, today))
    return NewReferral(replace(referral, asked=asked), subject)


def nhs_number(form: Form, name: str = "nhs_number") -> str:
    """Read an NHS number: ten digits, the last a check digit (NHS Data Dictionary, NHS NUMBER)."""
    typed = form.text(name)
    if typed and not nhs.is_valid(typed):
        form.problems.append(FieldProblem(name, Problem.NOT_NHS_NUMBER))
        return ""
    return nhs.compact(typed) if typed else ""


def pnc_id(form: Form, name: str = "pnc_id") -> str:
    """Read a PNC id, in any of its spellings, as it is kept."""
    typed = form.text(name, 30)
    read = pnc.read(typed)
    if typed and not read:
        form.problems.append(FieldProblem(name, Problem.NOT_PNC_ID))
    return read


def asked_for_child(referral: Referral, subject: Subject, agencies: Iterable[Agency], today: date) -> Referral:
    """The referral with children's social care asked too, and nobody else, when the person is a child."""
    if not is_child(subject, today):
        return referral
    return replace(referral, asked=referral.asked | (_for_children(agencies) - {referral.agency}))


def add_details(
    form: Form,
    new: NewReferral,
    *,
    today: date,
    agencies: Iterable[Agency],
) -> NewReferral:
    """Read the second part of the form over what is stored; a field left empty keeps what was there.

    Asks children's social care too, and nobody else, when the date of birth now shows a child. Raises NotUnderstood.
    """
    old, person = new.referral, new.subject
    subject = replace(
        person,
        aliases=form.text("aliases") or person.aliases,
        date_of_birth=form.day("date_of_birth", today) or person.date_of_birth,
        nhs_number=nhs_number(form) or person.nhs_number,
        pnc_id=pnc_id(form) or person.pnc_id,
        other_ids=form.text("other_ids") or person.other_ids,
        address_area=form.text("address_area") or person.address_area,
        whereabouts=form.text("whereabouts") or person.whereabouts,
    )
    referral = replace(
        old,
        indicators=form.choices("indicators", INDICATORS) or old.indicators,
        how_known=form.text("how_known", PARAGRAPH) or old.how_known,
        urgency_reason=form.text("urgency_reason", PARAGRAPH) or old.urgency_reason,
        asked_for=form.text("asked_for", PARAGRAPH) or old.asked_for,
        police_involvement=form.text("police_involvement", PARAGRAPH) or old.police_involvement,
        mental_health_act=form.choice("mental_health_act", MENTAL_HEALTH_ACT) or old.mental_health_act,
        sharing_basis=form.choice("sharing_basis", SHARING_BASES) or old.sharing_basis,
        person_aware=form.choice("person_aware", AWARE) or old.person_aware,
        crime_reference=form.text("crime_reference", 60) or old.crime_reference,
        manager_sign_off=form.text("manager_sign_off") or old.manager_sign_off,
        contact=form.text("contact") or old.contact,
    )
    form.done()
    return NewReferral(asked_for_child(referral, subject, agencies, today), subject)


def add_person(form: Form, reference: str, *, today: date) -> Subject:
    """Read the form of somebody who may be at risk, or of another third party. Raises NotUnderstood.

    A name is needed, or words for somebody whose name is not known; numbers and dates are checked as the subject's are.
    """
    person = Subject(
        key=f"{form.key()}-person",
        reference=reference,
        role=form.choice("person_role", (PersonRole.AT_RISK, PersonRole.THIRD_PARTY), required=True),
        name=form.text("name", required=True),
        relationship=form.text("relationship"),
        aliases=form.text("aliases"),
        date_of_birth=form.day("date_of_birth", today),
        nhs_number=nhs_number(form),
        pnc_id=pnc_id(form),
        address_area=form.text("address_area"),
        whereabouts=form.text("whereabouts"),
    )
    form.done()
    return person


def adopt(row: Referral, forum: Forum, agencies: Iterable[Agency], created: datetime) -> Referral:
    """Complete a referral typed straight into the list: what it lacks is filled in, what it says is kept."""
    agencies = tuple(agencies)
    asked = row.asked or asked_agencies(forum, agencies, row.agency, under_18=False)
    return replace(
        row,
        forum=row.forum or forum.code,
        asked=asked,
        open=True,
        status=row.status or Status.RECEIVED,
        received_on=row.received_on or created,
    )
