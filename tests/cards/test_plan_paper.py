"""A plan's page: everything of the plan is on it, nobody's identity is, and it reads well whatever was typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from board.planning import Move
from board.records import Plan, SignOff
from board.signing import Signed
from cards.papers.plan import plan_paper
from cards.plans import plan_card
from tests.builders import NOW, create_agency
from tests.cards.test_papers import HOSTILE, read, said, xml_of

AGENCIES = {"MHT": create_agency("MHT"), "POL": create_agency("POL", name="Example Police")}


ADDRESS = "https://example.sharepoint.com/sites/mhrmb/CasePapers/R-14/P-14.2%20plan.docx"


def create_plan(**values: Any) -> Plan:
    """The second version of plan 14, agreed by two agencies."""
    defaults: dict[str, Any] = {
        "id": 14,
        "reference": "P-14.2",
        "case": "R-14",
        "version": 2,
        "status": "Agreed",
        "scenarios": "goes to the house at night\nstops his medication",
        "triggers": "is not at the hostel by ten\nbuys petrol",
        "first_actions": "MHT: ring the night nurse\npol: send two officers\nXYZ: wait\nnot an action",
        "contingencies": "look at the station",
        "victim_safety": "the brother has an alarm",
        "changes": "He has moved",
        "signatories": frozenset({"MHT", "POL"}),
        "agreed_on": NOW,
        "expires_on": date(2026, 9, 13),
        "review_on": date(2026, 7, 13),
    }
    return Plan(**{**defaults, **values})


def signed(number: int, agency: str, **values: Any) -> SignOff:
    """What an agency said."""
    defaults: dict[str, Any] = {
        "id": number,
        "reference": "P-14.2",
        "agency": agency,
        "member_id": "00000000-0000-4000-8000-00000000000c",
        "member_name": f"{agency.title()} Member",
        "answer": "Signed",
        "refuses_care": "No",
        "signed_on": NOW + timedelta(hours=number),
    }
    return SignOff(**{**defaults, **values})


def page(plan: Plan | None = None, *signs: SignOff, made: datetime = NOW) -> bytes:
    """The page of a plan."""
    return plan_paper(plan or create_plan(), signs, AGENCIES, made)


def test_everything_of_the_plan_is_on_it() -> None:
    """Each section, what is to be acted on first; its standing, days, and who signed what, the latest word of each."""
    old = signed(1, "MHT", answer="Not signed", refuses_care="Yes")
    other = signed(9, "ASC", reference="P-14.1")
    content = page(None, old, signed(2, "MHT"), signed(3, "POL"), other)
    text = said(content)
    for words in (
        *("goes to the house at night", "stops his medication", "look at the station", "the brother has an alarm"),
        *("He has moved", "R-14", "Agreed, 15 June 2026, 10:30", "Monday 13 July 2026", "Sunday 13 September 2026"),
        *("If there is a risk to life, call 999", "plan P-14.2"),
    ):
        assert words in text, words
    assert text.index("is not at the hostel by ten") < text.index("goes to the house at night")
    first, standing = read(content).tables
    assert [[cell.text for cell in row.cells] for row in first.rows] == [
        ["Agency", "First action"],
        ["Example Mental Health Trust (MHT)", "ring the night nurse"],
        ["Example Police (POL)", "send two officers"],
        ["XYZ", "wait"],
    ]
    rows = {row.cells[0].text: row.cells[1].text for row in standing.rows}
    assert rows["Example Mental Health Trust (MHT)"] == (
        "Signed by Mht Member, 15 June 2026, 12:30, and said that it directs nobody to be refused care"
    )
    assert "ASC" not in "".join(rows)
    assert "00000000" not in text


def test_the_table_of_first_actions_repeats_its_head() -> None:
    """On a second page it still says which column is which."""
    many = "\n".join(f"A{number}: ring the duty manager" for number in range(60))
    table = read(page(create_plan(first_actions=many))).tables[0]
    assert len(table.rows) == 61
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows[1:]), "no action is torn"


def test_it_says_at_once_whether_it_still_holds() -> None:
    """Before anything else: which case, what state, and until when; a draft promises no day."""
    assert read(page()).paragraphs[1].text == "Case R-14 · Agreed · expires 13 September 2026"
    draft = read(page(create_plan(status="Draft", expires_on=None)))
    assert draft.paragraphs[1].text == "Case R-14 · Draft"


@pytest.mark.parametrize(
    ("address", "offered"),
    [
        (ADDRESS, [ADDRESS]),
        ("", []),
        ("http://127.0.0.1:3980/sites/mhrmb/CasePapers/R-14/P-14.2%20plan.docx", []),
        ("https://example.sharepoint.com@elsewhere.example/x.docx", []),
    ],
)
def test_the_card_leads_to_it_where_it_is_filed(address: str, offered: list[str]) -> None:
    """One link in the body, below no more than six buttons; none to where a reader cannot judge that it leads."""
    moves = [Move.CHANGE, Move.REVIEW, Move.REPORT, Move.END]
    card = plan_card(create_plan(), moves, Signed(), look="", key="f" * 32, in_dialog=True, filed=address)
    links = [link for each in card["body"] if each["type"] == "ActionSet" for link in each["actions"]]
    assert [(link["title"], link["url"]) for link in links] == [("Open the document", each) for each in offered]
    assert ("CasePapers/R-14/P-14.2 plan.docx" in str(card["body"])) == bool(address)
    assert len(card["actions"]) <= 6


def test_who_it_is_about_is_in_no_part_of_the_file() -> None:
    """Nothing but what the plan itself says: no id of anybody, and no name but those of who signed."""
    whole = xml_of(page(create_plan(owner_name="Olive Owner", step_key="f" * 32), signed(2, "MHT")))
    assert "Mht Member" in whole
    for hidden in ("Olive Owner", "f" * 32, "00000000-0000-4000-8000"):
        assert hidden not in whole


def test_an_empty_plan_says_so() -> None:
    """A section with nothing in it says that, not nothing."""
    blank = dict.fromkeys(("scenarios", "triggers", "first_actions", "contingencies", "victim_safety", "changes"), "")
    text = said(page(create_plan(**blank, review_on=None, expires_on=None, agreed_on=None, status="Draft")))
    assert text.count("Nothing is written here.") == 5
    assert "What this version changes" not in text


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=80))
def test_whatever_was_typed_makes_a_page(text: str) -> None:
    """Control characters, marks that turn the line, markup and very long words do not break it."""
    typed = f"{text}{HOSTILE}{'x' * 400}"
    sections = dict.fromkeys(("scenarios", "triggers", "contingencies", "victim_safety", "changes"), typed)
    content = page(create_plan(**sections, first_actions=f"MHT: {typed}"), signed(1, "MHT", member_name=typed))
    assert "abcde<w:p>&amp;{{x}}" in said(content)
