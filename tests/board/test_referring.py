"""Making a referral: what is enough, who is asked, and what adding to one may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.records import Agency, NewReferral, Subject
from board.referring import add_details, adopt, age, asked_agencies, is_child, nhs_number, submit
from board.vocabulary import AgencyKind
from tests.builders import (
    KEY,
    NOW,
    TODAY,
    create_agency,
    create_forum,
    create_member,
    create_partners,
    create_referral,
    create_subject,
)

ENOUGH = {
    "key": KEY,
    "name": "Zed Invented",
    "concern": "Stalking or fixation",
    "urgency": "Immediate (today)",
    "why_now": "He was seen outside her work this morning.",
}


def sent(values: dict[str, Any], *, agency: str = "POL") -> NewReferral:
    """What `submit` makes of a form sent by a member of that agency."""
    member = create_member(agency=agency, user_id="sender", name="Bo Officer")
    return submit(Form(values), member, create_forum(), create_partners().values(), now=NOW, today=TODAY)


def added(values: dict[str, Any], *, old: NewReferral | None = None, agencies: Any = None) -> NewReferral:
    """What `add_details` makes of a form over a stored referral."""
    return add_details(
        Form(values),
        old or NewReferral(create_referral(), create_subject()),
        today=TODAY,
        agencies=create_partners().values() if agencies is None else agencies,
    )


def problems_of(values: dict[str, Any]) -> set[tuple[str, Problem]]:
    with pytest.raises(NotUnderstood) as caught:
        sent(values)
    return {(found.field, found.problem) for found in caught.value.problems}


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2000, 6, 15), date(2026, 6, 14), 25),
        (date(2000, 6, 15), date(2026, 6, 15), 26),
        (date(2000, 6, 15), date(2026, 6, 16), 26),
        (date(2000, 12, 31), date(2026, 1, 1), 25),
        (date(2000, 1, 1), date(2025, 12, 31), 25),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 2, 28), date(2026, 2, 28), 18),
        (date(2008, 3, 1), date(2026, 2, 28), 17),
        (date(1900, 1, 1), date(2026, 1, 1), 126),
        (date(2026, 6, 15), date(2026, 6, 15), 0),
    ],
)
def test_age(born: date, on: date, years: int) -> None:
    """A year older on the birthday; one born on 29 February on 1 March of a common year."""
    assert age(born, on) == years


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 45_000))
def test_age_grows_by_at_most_a_year_a_day(born: date, days: int) -> None:
    """From one day to the next age stays or grows by one, and it agrees with the days lived to within one year."""
    on = born + timedelta(days)
    assert age(born, on + timedelta(1)) - age(born, on) in (0, 1)
    assert days / 366 - 1 <= age(born, on) <= days / 365


@pytest.mark.parametrize(
    ("born", "child"),
    [(None, False), (date(2008, 6, 15), False), (date(2008, 6, 16), True), (TODAY, True), (date(1950, 1, 1), False)],
)
def test_is_child(born: date | None, child: bool) -> None:
    """A child until the eighteenth birthday; without a date of birth nobody is taken for one."""
    assert is_child(Subject(date_of_birth=born), TODAY) is child


@pytest.mark.parametrize("referring", ["POL", "MHT", "ASC", "CSC", "AMB", ""])
@pytest.mark.parametrize("under_18", [True, False])
def test_who_is_asked(referring: str, under_18: bool) -> None:
    """The forum's agencies are asked, children's social care too for a child, and never the one that refers."""
    expected = {"POL", "MHT", "ASC"} | ({"CSC"} if under_18 else set())
    asked = asked_agencies(create_forum(), create_partners().values(), referring, under_18=under_18)
    assert asked == expected - {referring}


def test_closed_agencies_are_not_asked() -> None:
    """An agency whose row is closed is asked nothing, children's social care included."""
    closed = [replace(agency, open=agency.code == "MHT") for agency in create_partners().values()]
    assert asked_agencies(create_forum(), closed, "POL", under_18=True) == {"MHT"}


def test_forum_without_agencies_asks_everybody() -> None:
    """A forum that names no agency is everybody's."""
    everybody = create_forum(agencies=frozenset())
    assert asked_agencies(everybody, create_partners().values(), "POL", under_18=False) == {"MHT", "ASC", "CSC"}


def test_least_that_makes_a_referral() -> None:
    """A name, a concern, an urgency and why now are enough, and who sent them comes from the member, not the form."""
    new = sent({**ENOUGH, "agency": "MHT", "referrer_id": "somebody", "status": "Closed", "asked": "POL", "id": 7})
    assert new.subject == Subject(key=f"{KEY}-subject", name="Zed Invented")
    kept = new.referral
    assert (kept.agency, kept.referrer_id, kept.referrer_name) == ("POL", "sender", "Bo Officer")
    assert (kept.concern, kept.urgency) == ("Stalking or fixation", "Immediate (today)")
    assert kept.why_now == "He was seen outside her work this morning."
    assert (kept.forum, kept.status, kept.received_on, kept.open) == ("SUB", "Received", NOW, True)
    assert (kept.key, kept.id, kept.reference) == (KEY, 0, "")
    assert kept.asked == {"MHT", "ASC"}


@pytest.mark.parametrize("field", ["name", "concern", "urgency", "why_now"])
@pytest.mark.parametrize("value", ["", None, " ", "\u200b"])
def test_what_a_referral_cannot_do_without(field: str, value: Any) -> None:
    """Without any one of the four nothing is made, and that field is named."""
    assert problems_of({**ENOUGH, field: value}) == {(field, Problem.MISSING)}


def test_every_problem_of_a_referral_is_told() -> None:
    """An empty form names all that is missing at once, the form's own key included."""
    missing = {(field, Problem.MISSING) for field in ("name", "concern", "urgency", "why_now")}
    assert problems_of({}) == missing | {("key", Problem.STALE)}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"date_of_birth": "2026-06-16"}, ("date_of_birth", Problem.IN_THE_FUTURE)),
        ({"concern": "Zed Invented"}, ("concern", Problem.ONE_OF)),
        ({"urgency": "Immediate"}, ("urgency", Problem.ONE_OF)),
        ({"why_now": "x" * 2001}, ("why_now", Problem.TOO_LONG)),
        ({"asked_for": ["x"]}, ("asked_for", Problem.NOT_TEXT)),
        ({"contact": "x" * 256}, ("contact", Problem.TOO_LONG)),
    ],
)
def test_what_a_referral_may_not_hold(values: dict[str, Any], problem: tuple[str, Problem]) -> None:
    """A field that cannot be used stops the whole form, and is named."""
    assert problems_of({**ENOUGH, **values}) == {problem}


@pytest.mark.parametrize(("born", "asks"), [("2008-06-16", True), ("2008-06-15", False), ("", False)])
def test_child_is_told_to_childrens_social_care(born: str, asks: bool) -> None:
    """A date of birth that shows a child has children's social care asked, though it is not of the forum."""
    assert ("CSC" in sent({**ENOUGH, "date_of_birth": born}).referral.asked) is asks


def test_childrens_social_care_does_not_ask_itself() -> None:
    """When it refers a child itself, the others are asked."""
    new = sent({**ENOUGH, "date_of_birth": "2015-01-01"}, agency="CSC")
    assert new.referral.asked == {"POL", "MHT", "ASC"}


def with_check_digit(nine: str) -> str:
    """The NHS number of nine digits, by the rule of the NHS Data Dictionary; empty where there is none.

    Each digit is weighted 10 down to 2; 11 less the remainder of the sum by 11 is the check digit; 11 counts as 0,
    and 10 means that no such number is issued.
    """
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    check = 11 - total % 11
    return "" if check == 10 else nine + ("0" if check == 11 else str(check))


def read_nhs(typed: Any) -> tuple[str, list[FieldProblem]]:
    form = Form({"nhs_number": typed})
    return nhs_number(form), form.problems


@given(st.text("0123456789", min_size=9, max_size=9))
def test_nhs_number(nine: str) -> None:
    """Of the ten numbers that begin alike at most one is right, and it is kept without its spaces."""
    right = with_check_digit(nine)
    for last in "0123456789":
        number = nine + last
        read, problems = read_nhs(f" {number[:3]} {number[3:6]} {number[6:]} ")
        if number == right:
            assert (read, problems) == (number, [])
        else:
            assert (read, problems) == ("", [FieldProblem("nhs_number", Problem.NOT_NHS_NUMBER)])


@pytest.mark.parametrize(
    "typed",
    ["943476587", "94347658701", "943 476 587O", "٩٤٣٤٧٦٥٨٧٠", "943.476.5870", "-", "NHS 9434765870"],
)
def test_what_is_no_nhs_number(typed: str) -> None:
    """Anything but ten plain digits is refused, whatever it looks like."""
    assert read_nhs(typed) == ("", [FieldProblem("nhs_number", Problem.NOT_NHS_NUMBER)])


@pytest.mark.parametrize("typed", ["943-476-5870", "943 476 5870", "9434765870", "９４３４７６５８７０"])
def test_nhs_number_as_it_is_written(typed: str) -> None:
    """Spaces and hyphens, as letters and wristbands print it, are read over; so are full-width digits."""
    assert read_nhs(typed) == ("9434765870", [])


def test_no_nhs_number_is_no_problem() -> None:
    """It may be left out."""
    assert read_nhs(None) == ("", [])
    assert read_nhs("  ") == ("", [])


@pytest.mark.parametrize("values", [{}, {"aliases": "", "how_known": " ", "indicators": "", "date_of_birth": None}])
def test_adding_nothing_changes_nothing(values: dict[str, Any]) -> None:
    """A field left empty keeps what was there."""
    old = NewReferral(create_referral(), create_subject())
    assert added(values, old=old) == old


LINES = ["contact", "crime_reference", "manager_sign_off"]
PARAGRAPHS = ["how_known", "urgency_reason", "asked_for", "police_involvement"]
OF_SUBJECT = ["aliases", "other_ids", "address_area", "whereabouts"]


@pytest.mark.parametrize("field", LINES + PARAGRAPHS)
def test_adding_to_the_referral(field: str) -> None:
    """What is typed takes the place of what was there, in that field alone."""
    old = NewReferral(create_referral(), create_subject())
    assert added({field: "New words"}, old=old) == replace(old, referral=replace(old.referral, **{field: "New words"}))


@pytest.mark.parametrize("field", OF_SUBJECT)
def test_adding_to_the_person(field: str) -> None:
    """What is typed about the person goes to the record of the person alone."""
    old = NewReferral(create_referral(), create_subject())
    assert added({field: "New words"}, old=old) == replace(old, subject=replace(old.subject, **{field: "New words"}))


def test_adding_choices() -> None:
    """Chosen words take the place of those before."""
    choices = {
        "indicators": "Homeless,Threats to kill",
        "mental_health_act": "s136",
        "sharing_basis": "Vital interests",
        "person_aware": "Not known",
        "date_of_birth": "1991-01-02",
        "nhs_number": "943 476 5919",
        "pnc_id": "14/123456d",
    }
    new = added(choices)
    assert new.referral.indicators == ("Threats to kill", "Homeless")
    assert (new.referral.mental_health_act, new.referral.sharing_basis) == ("s136", "Vital interests")
    assert new.referral.person_aware == "Not known"
    assert (new.subject.date_of_birth, new.subject.nhs_number) == (date(1991, 1, 2), "9434765919")
    assert new.subject.pnc_id == "14/0123456D"


@pytest.mark.parametrize("field", ["name", "concern", "urgency", "why_now", "agency", "referrer_id", "status", "asked"])
def test_adding_cannot_touch_the_rest(field: str) -> None:
    """Fields that the second form does not have cannot be changed by sending them all the same."""
    old = NewReferral(create_referral(), create_subject())
    assert added({field: "Other"}, old=old) == old


def test_adding_something_wrong_adds_nothing() -> None:
    """Every wrong field is named, and what was right beside it is not taken alone."""
    wrong = {
        "nhs_number": "1234567890",
        "indicators": "Angry",
        "pnc_id": "x" * 31,
        "crime_reference": "x" * 61,
        "date_of_birth": "1899-01-01",
        "aliases": "fine",
    }
    with pytest.raises(NotUnderstood) as caught:
        added(wrong)
    assert {(found.field, found.problem) for found in caught.value.problems} == {
        ("nhs_number", Problem.NOT_NHS_NUMBER),
        ("indicators", Problem.NOT_A_CHOICE),
        ("pnc_id", Problem.TOO_LONG),
        ("crime_reference", Problem.TOO_LONG),
        ("date_of_birth", Problem.TOO_OLD),
    }


def test_learning_that_it_is_a_child_asks_only_childrens_social_care() -> None:
    """A date of birth added later asks children's social care as well, and nobody who was left out on purpose."""
    old = NewReferral(create_referral(asked=frozenset({"MHT"})), create_subject(date_of_birth=None))
    assert added({"date_of_birth": "2015-01-01"}, old=old).referral.asked == {"MHT", "CSC"}
    assert added({"date_of_birth": "1990-01-01"}, old=old).referral.asked == {"MHT"}


@pytest.mark.parametrize(
    "csc",
    [create_agency("CSC", kind=AgencyKind.CHILDRENS_SOCIAL_CARE, open=False), create_agency("CSC", kind="Housing")],
    ids=["closed", "of another kind"],
)
def test_only_open_childrens_social_care_is_asked_later(csc: Agency) -> None:
    """Adding a child's date of birth asks no agency that is closed or of another kind."""
    old = NewReferral(create_referral(asked=frozenset({"MHT"})), create_subject(date_of_birth=date(2015, 1, 1)))
    assert added({}, old=old, agencies=[csc]).referral.asked == {"MHT"}


def test_childrens_social_care_that_refers_is_not_asked_later() -> None:
    """The agency that made the referral is not asked about it when it adds the date of birth."""
    old = NewReferral(create_referral(agency="CSC", asked=frozenset({"MHT"})), create_subject())
    assert added({"date_of_birth": "2015-01-01"}, old=old).referral.asked == {"MHT"}


CREATED = datetime(2026, 6, 14, 22, 0, tzinfo=UTC)


def test_typed_row_is_completed() -> None:
    """A row with nothing but an agency gets the forum, those asked, a state and the time it was made."""
    row = create_referral(forum="", asked=frozenset(), status="", received_on=None, open=False)
    whole = adopt(row, create_forum(), create_partners().values(), CREATED)
    assert whole == replace(
        row, forum="SUB", asked=frozenset({"MHT", "ASC"}), status="Received", received_on=CREATED, open=True
    )


def test_typed_row_keeps_what_it_says() -> None:
    """What somebody typed into the row is not overwritten."""
    row = create_referral(forum="BED", asked=frozenset({"AMB"}), status="Withdrawn", received_on=NOW)
    assert adopt(row, create_forum(), create_partners().values(), CREATED) == row
