"""Word documents as they are handed over: read back with python-docx, as a reader's own program reads them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from board.bundling import Bundle, Record, Variant, bundle
from board.history import Change, Entry
from board.vocabulary import PersonRole
from cards import words
from cards.papers.bundle import QUESTIONS, bundle_paper
from cards.papers.house import Paper, clean
from tests.builders import NOW, create_subject

HOSTILE = "a\x00b\x0b\ud800c\u202ed\u2066e<w:p>&amp;{{x}}"
"""What XML cannot hold, what turns the reading direction, and what looks like markup."""


def read(content: bytes) -> Any:
    """The document."""
    return Document(io.BytesIO(content))


def said(content: bytes) -> str:
    """All that its pages say, in order within the body and then the tables."""
    document = read(content)
    lines = [each.text for each in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def xml_of(content: bytes) -> str:
    """Every part of the file as text, its properties and comments too."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def paper() -> Paper:
    """An empty one."""
    return Paper("The record of R-14", reference="R-14", made=NOW, made_for="Ada Chair")


def case(variant: Variant = Variant.REVIEW, *, redacted: bool = False, text: str = "Wilhelmina rang.") -> Bundle:
    """A bundle of a small case."""
    mother = create_subject(id=10, role=PersonRole.AT_RISK, name="Wilhelmina Invented", date_of_birth=date(1951, 3, 1))
    whole = Bundle(
        "R-14",
        variant,
        "Ada Chair",
        "Example Police",
        NOW,
        (
            Record("Referrals", "R-14", (("Why now", text), ("Received", NOW))),
            Record("Subjects", PersonRole.AT_RISK, (("Name", "Wilhelmina Invented"),)),
        ),
        (
            Entry(NOW, "Referrals", "R-14", "Bo Officer", "referred", (Change("Why now", None, text),), made=True),
            Entry(
                NOW + timedelta(hours=1),
                "Referrals",
                "R-14",
                "Cy Nurse",
                "",
                (Change("Status", "Received", "Triaged"),),
            ),
        ),
    )
    return bundle(whole, [create_subject(), mother], [("Bo Officer", "POL"), ("Cy Nurse", "MHT")], redacted=redacted)


def test_each_page_is_marked_and_numbered() -> None:
    """The marking heads and foots each page; the foot has the reference, the time, the person and two page fields."""
    document = read(paper().to_bytes())
    section = document.sections[0]
    assert section.header.paragraphs[0].text == words.MARKING == "OFFICIAL-SENSITIVE"
    foot = "\n".join(each.text for each in section.footer.paragraphs)
    assert words.MARKING in foot
    assert "R-14 · made 15 June 2026, 10:30 for Ada Chair" in foot  # 09:30 in UTC is summer time here
    fields = [each.text.strip() for each in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_its_properties_name_no_person() -> None:
    """The file says what it is, in what language and how it is marked; its author is the bot."""
    core = read(paper().to_bytes()).core_properties
    assert (core.title, core.author, core.language, core.category) == (
        "The record of R-14",
        words.BOT_NAME,
        "en-GB",
        "OFFICIAL-SENSITIVE",
    )
    assert core.created.replace(tzinfo=NOW.tzinfo) == NOW


def test_headings_are_headings_and_tables_say_their_columns() -> None:
    """What reads a document aloud finds its parts, and the head of a table that runs over a page is repeated."""
    made = paper()
    made.heading("Decisions")
    made.heading("R-14", 2)
    made.table(("What", "Who"), [("Ring", "POL")] * 3, (0.6, 0.4))
    document = read(made.to_bytes())
    styles = [each.style.name for each in document.paragraphs]
    assert styles[:3] == ["Title", "Heading 1", "Heading 2"]
    (table,) = document.tables
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows] == [True, False, False, False]
    assert [cell.text for cell in table.rows[0].cells] == ["What", "Who"]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_makes_a_document(text: str) -> None:
    """Whatever somebody typed, the file opens and says it, without what cannot be held or turns the line."""
    made = paper()
    made.paragraph(text + HOSTILE)
    made.facts([(text, HOSTILE)])
    made.bullets([text])
    made.boxes([text])
    made.note(text)
    made.step("10:30", text)
    assert "abcde<w:p>&amp;{{x}}" in said(made.to_bytes())


def test_cleaning_keeps_what_people_write() -> None:
    """Accents, signs and other scripts stay."""
    assert clean("Zoë O’Brien – 🙂 العربية") == "Zoë O’Brien – 🙂 العربية"


def test_a_review_bundle_tells_it_in_order() -> None:
    """The cover says what it is; the records come first, then the steps, the oldest first, with who and what."""
    text = said(bundle_paper(case()))
    for told in ("Ada Chair, Example Police", "A statutory or internal review", "2 records, 2 steps", "nothing"):
        assert told in text
    assert text.index("The record as it is now") < text.index("What happened, in order of time")
    assert text.index("made by Bo Officer: referred") < text.index("changed by Cy Nurse")
    assert "Status: Received → Triaged" in text
    assert QUESTIONS[0] not in text


def test_what_is_taken_out_is_nowhere_in_the_file() -> None:
    """Neither on its pages nor in any part of the package."""
    whole = xml_of(bundle_paper(case(redacted=True)))
    assert "Wilhelmina" not in whole
    assert "Bo Officer" in whole
    assert "[person who may be at risk 1] rang." in said(bundle_paper(case(redacted=True)))
    assert "Wilhelmina" in xml_of(bundle_paper(case()))


def test_for_the_persons_own_request_it_asks_first() -> None:
    """Before anything of the record stands the list that a person has to decide, and no member of staff is named."""
    content = bundle_paper(case(Variant.SUBJECT_ACCESS))
    text = said(content)
    assert text.index(QUESTIONS[0]) < text.index("The record as it is now")
    for name in ("Wilhelmina", "Bo Officer", "Cy Nurse"):
        assert name not in xml_of(content)
    assert "made by [member of staff, POL]" in text


def test_an_empty_record_says_so() -> None:
    """A case of which nothing is kept makes a paper that says that."""
    empty = Bundle("R-14", Variant.REVIEW, "", "", NOW, (), ())
    assert "Nothing is kept of it." in said(bundle_paper(empty))


@pytest.mark.parametrize("length", [0, 1])
def test_an_empty_table_of_facts_is_no_table(length: int) -> None:
    """No facts, no table: an empty frame would look like something missing."""
    made = paper()
    made.facts([("Why", "asked")] * length)
    assert len(read(made.to_bytes()).tables) == length
