"""What of a case stays and what goes is said of every column, and what stays holds nothing that somebody typed."""

from __future__ import annotations

from typing import Any

import pytest

from board.actions import Action
from board.records import Hearing, Referral
from sharepoint.columns import Type
from sharepoint.disposal import EVERY, PARTS, Part, bare
from sharepoint.schema import LISTS, REFERRALS, Zone
from tests.builders import create_referral

CODES = frozenset({"POL", "MHT", "ASC", "SUB"})
OF = {part.of.name: part for part in PARTS}

WITHOUT_A_CASE = {"Disclosures", "Attendance", "AgendaItems", "Figures", "Posts", "Conversations", "Events"}
"""Lists of the cases' zone that hold nothing of a case: who looked, who came, a board's items, the bot's own rows."""


def test_every_list_of_cases_is_decided_about() -> None:
    """A list that is added to the cases' zone is either part of a disposal or said to hold nothing of a case."""
    cases = {of.name for of in LISTS if of.zone is Zone.CASES}
    assert set(OF) | WITHOUT_A_CASE == cases
    assert set(OF).isdisjoint(WITHOUT_A_CASE)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.of.name)
def test_every_column_is_decided_about(part: Part) -> None:
    """Each column either stays or goes, and is named once: one that is added later is not kept by oversight."""
    named = [*part.stays, *part.goes]
    assert sorted(named) == sorted({column.attribute for column in part.of.mapped} - EVERY)


TYPED = {
    ("Referrals", "retention_why"): "what two people decided, and why: struck of the case's names",
    ("Referrals", "disposal_left"): "the bot's own words",
    ("Actions", "what"): "replaced by the bot's own words",
}
"""Paragraphs that stay although people could type them, and why."""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.of.name)
def test_no_paragraph_that_people_type_stays(part: Part) -> None:
    """Whatever holds several lines goes, save what is listed here with its reason."""
    for column in part.of.mapped:
        stays = column.type is Type.NOTE and column.attribute in part.stays
        if stays and column.attribute != "outcomes":
            assert (part.of.name, column.attribute) in TYPED


WORD = "PLANTED Zed"


def planted(row: Any) -> list[str]:
    """The attributes of a record that still hold the planted word."""
    return [name for name in row.__dataclass_fields__ if "PLANTED" in str(getattr(row, name))]


def test_a_bare_referral_holds_the_boards_words_only() -> None:
    """A name typed where one of the board's words belongs goes as well; who, what kind and when stay."""
    row = create_referral(
        agency="POL", concern=WORD, urgency=WORD, status=WORD, gate=WORD, decline_reason=WORD, listed_for=WORD,
        outcomes=("Arrest", WORD), asked=frozenset({"MHT", WORD}), why_now=WORD, rationale=WORD, contact=WORD,
        crime_reference=WORD, referrer_name=WORD, admitted=frozenset({WORD}), step_key=WORD,
    )  # fmt: skip
    left = bare(OF["Referrals"], row, CODES, "R-14")
    assert planted(left) == []
    assert (left.reference, left.agency, left.received_on, left.outcomes, left.asked) == (
        *("R-14", "POL", row.received_on, ("Arrest",)),
        frozenset({"MHT"}),
    )


def test_a_bare_action_stays_an_action() -> None:
    """Whose it was, when it was due and how it ended stay; its words go; its source is the case, plainly spelled."""
    row = Action(
        id=3, reference="A-3", key="k", what=WORD, why=WORD, note=WORD, programme=WORD, source="referral 14 PLANTED",
        evidence=WORD, transfers=WORD,
        owner_name="Cy Nurse", agency="MHT", status="Verified", open=False,
    )  # fmt: skip
    left = bare(OF["Actions"], row, CODES, "R-14")
    assert planted(left) == []
    assert (left.reference, left.owner_name, left.agency, left.status, left.source) == (
        *("A-3", "Cy Nurse", "MHT", "Verified"),
        "R-14",
    )
    assert left.what.strip()


def test_a_bare_hearing_keeps_what_was_decided() -> None:
    """That it was heard, when and with which decision is counted; what was said of somebody is not kept."""
    row = Hearing(
        id=2, reference="R-14", meeting="S-31", decision="Close", information=WORD, rationale=WORD, dissent=WORD,
        dissent_by=frozenset({"MHT", WORD}), outcomes=("Remand", WORD),
    )  # fmt: skip
    left = bare(OF["Hearings"], row, CODES, "R-14")
    assert planted(left) == []
    assert (left.meeting, left.decision, left.dissent_by, left.outcomes) == (
        *("S-31", "Close", frozenset({"MHT"})),
        ("Remand",),
    )


def test_bare_is_bare() -> None:
    """Taking away again what was taken away changes nothing, so a disposal that is resumed ends."""
    part = OF["Referrals"]
    once: Referral = bare(part, create_referral(), CODES, "R-14")
    assert bare(part, once, CODES, "R-14") == once
    assert part.of is REFERRALS
