"""A bundle: all of a case in order of time, and for each purpose without those who may not be in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from board.bundling import Bundle, Record, Variant, Withheld, as_json, bundle, labelled
from board.history import BOT, LOOKED, Change, Entry
from board.vocabulary import LOOK_REASONS, PersonRole
from tests.builders import NOW, create_subject

PERSON = create_subject(name="Zebedee Planted", aliases="", date_of_birth=date(1984, 3, 17))
MOTHER = create_subject(id=10, role=PersonRole.AT_RISK, name="Wilhelmina Invented", date_of_birth=date(1951, 3, 1))
SISTER = create_subject(id=11, role=PersonRole.AT_RISK, name="Xanthippe Invented", date_of_birth=None)
PEOPLE = (PERSON, MOTHER, SISTER)

NOTE = "Zebedee said to Bo Officer that Wilhelmina and Xanthippe had gone."
STAFF = (("Bo Officer", "POL"), ("Cy Nurse", "MHT"), ("", "ASC"))


def whole(variant: Variant = Variant.REVIEW, **changed: Any) -> Bundle:
    """A small case: the referral, three people, a return, and four steps out of order."""
    records = (
        Record("Referrals", "R-14", (("Why now", NOTE), ("Indicators", ("Threats to kill", "Wilhelmina")))),
        Record("Subjects", PersonRole.SUBJECT, (("Part", PersonRole.SUBJECT), ("Name", "Zebedee Planted"))),
        Record(
            "Subjects",
            PersonRole.AT_RISK,
            (("Part", PersonRole.AT_RISK), ("Name", "Wilhelmina Invented"), ("Date of birth", date(1951, 3, 1))),
        ),
        Record("Returns", "MHT", (("Information", "seen on 1 March 1951"), ("Day", date(1951, 3, 1)), ("Nil", False))),
    )
    entries = (
        Entry(NOW + timedelta(hours=3), "Returns", "MHT", "Cy Nurse", "answered", (Change("Information", None, NOTE),)),
        Entry(NOW, "Referrals", "R-14", "Bo Officer", "referred", (Change("Why now", None, NOTE),), made=True),
        Entry(NOW + timedelta(hours=1), LOOKED, "MHT", "Gone Member", "Triage"),
        Entry(
            NOW + timedelta(hours=2),
            "Subjects",
            PersonRole.AT_RISK,
            BOT,
            "",
            (Change("Name", "Wilhelmina Invented", "Wilhelmina Imagined"), Change("Aliases", "", "Mina")),
        ),
    )
    values = {"made_for": "Ada Chair", "agency": "Example Police", "made_on": NOW}
    return Bundle("R-14", variant, **{**values, "records": records, "entries": entries, **changed})


def said(of: Bundle) -> str:
    """All of a bundle's data as text."""
    return json.dumps(as_json(of), ensure_ascii=False)


def test_its_purposes_are_reasons_for_a_look() -> None:
    """Whoever has one made gives a reason that `Disclosures` takes."""
    assert {each.value for each in Variant} <= set(LOOK_REASONS)


def test_a_whole_one_is_in_order_of_time_and_leaves_all_in() -> None:
    """The oldest step comes first, and nothing else is changed."""
    made = bundle(whole(), PEOPLE, STAFF, redacted=False)
    assert [each.when for each in made.entries] == sorted(each.when for each in whole().entries if each.when)
    assert made.records == whole().records
    assert made.withheld == ()


def test_third_parties_are_taken_out_when_asked() -> None:
    """Others are labelled one from another; the person and members of staff keep their names."""
    made = bundle(whole(), PEOPLE, STAFF, redacted=True)
    text = said(made)
    for name in ("Wilhelmina", "Xanthippe", "1951", "Imagined", "Mina"):
        assert name not in text
    assert (
        "Zebedee said to Bo Officer that [person who may be at risk 1] and [person who may be at risk 2] had gone."
        in text
    )
    assert made.withheld == (Withheld.PEOPLE,)
    assert [each.who for each in made.entries] == ["Bo Officer", "Gone Member", BOT, "Cy Nurse"]


def test_a_name_from_before_a_correction_is_taken_out() -> None:
    """What a person's row said until it was put right stands in older texts still."""
    note = Entry(NOW, "Returns", "MHT", "Cy Nurse", "", (Change("Information", None, "Xena rang, Zeb was in."),))
    former = [create_subject(role=PersonRole.AT_RISK, name="Xena"), create_subject(name="Zeb")]
    made = bundle(whole(entries=(note,)), PEOPLE, STAFF, redacted=True, former=former)
    assert made.entries[0].changes[0].after == "[person who may be at risk] rang, Zeb was in."


def test_what_was_blank_stays_blank() -> None:
    """Of another person's step it shows which columns were filled when, not what with."""
    made = bundle(whole(), PEOPLE, STAFF, redacted=True)
    step = next(each for each in made.entries if each.kind == "Subjects")
    assert step.changes == (
        Change("Name", "(withheld)", "(withheld)"),
        Change("Aliases", "", "(withheld)"),
    )


def test_their_part_in_the_case_is_no_secret() -> None:
    """That there is a person at risk stays; a day that is their birthday does not, wherever it stands."""
    made = bundle(whole(), PEOPLE, STAFF, redacted=True)
    at_risk, answer = made.records[2], made.records[3]
    assert at_risk.facts == (
        ("Part", PersonRole.AT_RISK),
        ("Name", "(withheld)"),
        ("Date of birth", "(withheld)"),
    )
    assert answer.facts == (
        ("Information", "seen on [person who may be at risk 1]"),
        ("Day", "(withheld)"),
        ("Nil", False),
    )


@pytest.mark.parametrize("redacted", [False, True])
def test_for_the_persons_own_request_staff_are_agencies(redacted: bool) -> None:
    """Whether or not it was asked for, others and the names of staff are taken out; the bot stays the bot."""
    made = bundle(whole(Variant.SUBJECT_ACCESS), PEOPLE, STAFF, redacted=redacted)
    text = said(made)
    for name in ("Wilhelmina", "Xanthippe", "Bo Officer", "Cy Nurse", "Gone Member"):
        assert name not in text.replace('"for": "Ada Chair"', "")
    assert "Zebedee said to [member of staff, POL] that" in text
    assert [each.who for each in made.entries] == [
        "[member of staff, POL]",
        "[member of staff, MHT]",
        BOT,
        "[member of staff, MHT]",
    ]
    assert made.withheld == (Withheld.PEOPLE, Withheld.STAFF)


def test_labels_tell_one_from_another() -> None:
    """Each has a number within their part; the person referred has none."""
    third = create_subject(id=12, role=PersonRole.THIRD_PARTY, name="Yorick Invented")
    other = create_subject(id=13, role="", name="Unknown")
    labels = [each.label for each in labelled((*PEOPLE, third, other))]
    assert labels == [
        "[person who may be at risk 1]",
        "[person who may be at risk 2]",
        "[third party 1]",
        "[third party 2]",
    ]


def test_the_data_is_as_its_page_says() -> None:
    """Dates, times, sets and truths as docs/bundle-json.md gives them."""
    entry = Entry(
        datetime(2026, 6, 15, 9, 30, tzinfo=UTC),
        "Referrals",
        "R-14",
        "Bo Officer",
        "edited in the list",
        (
            Change("Asked", frozenset({"MHT", "ASC"}), ()),
            Change("Received", None, date(2026, 6, 1)),
            Change("Open", True, 3),
        ),
        by_hand=True,
    )
    data = as_json(whole(entries=(entry,), records=()))
    assert data == {
        "schema": "mhrmb-bundle/1",
        "reference": "R-14",
        "reason": "A statutory or internal review",
        "made": {"for": "Ada Chair", "agency": "Example Police", "on": "2026-06-15T09:30:00+00:00"},
        "withheld": [],
        "records": [],
        "history": [
            {
                "when": "2026-06-15T09:30:00+00:00",
                "did": "changed",
                "list": "Referrals",
                "about": "R-14",
                "who": "Bo Officer",
                "why": "edited in the list",
                "inSharePoint": True,
                "changes": [
                    {"label": "Asked", "before": ["ASC", "MHT"], "after": []},
                    {"label": "Received", "before": None, "after": "2026-06-01"},
                    {"label": "Open", "before": True, "after": 3},
                ],
            }
        ],
    }
