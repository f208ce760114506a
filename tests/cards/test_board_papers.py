"""A board's papers as they are handed over: the pack, its supplement and the minutes, read back with python-docx."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from board.briefing import Brief
from board.escalation import Rung
from board.pack import Pack, supplement
from board.records import AgendaItem
from cards import words
from cards.papers.brief import brief_paper
from cards.papers.minutes import minutes_paper
from cards.papers.pack import CHAPTERS, pack_paper, supplement_paper
from tests.cards import example_board as example
from tests.cards.test_papers import HOSTILE, said, xml_of

EMPTY = replace(
    example.pack(),
    parts=(),
    starts=(),
    last=None,
    actions=(),
    escalated=(),
    risks=(),
    focus="",
    paper=None,
    reports=(),
    awaited=(),
    lessons=(),
    engaged=(),
    lapsing=(),
    agreements=(),
)


def headings(content: bytes, level: int = 1) -> list[str]:
    """The headings of one level, in order."""
    document: Any = Document(io.BytesIO(content))
    return [each.text for each in document.paragraphs if each.style.name == f"Heading {level}"]


def test_every_chapter_is_there_each_time() -> None:
    """Numbered and in their order, with something in each: what has nothing says so."""
    wanted = [f"{number}  {name}" for number, (name, _) in enumerate(CHAPTERS, start=1)]
    assert headings(pack_paper(example.pack())) == wanted
    assert headings(pack_paper(EMPTY)) == wanted
    text = said(pack_paper(EMPTY))
    for each in (
        "No action is open.",
        "Nothing was escalated since the last pack.",
        "No risk is on the register.",
        "Nobody is in focus this time.",
        "No subgroup reports to this board.",
        "No lesson was raised or disseminated since the last board.",
        "No agency belongs to this board yet.",
        "No board was recorded before this one.",
        "No agreement is to be reviewed or expires within three months.",
    ):
        assert each in text, each


def test_the_contents_lead_to_the_chapters() -> None:
    """Each line is a link to a bookmark in a heading, with that heading's words, and a page that Word fills in."""
    document: Any = Document(io.BytesIO(pack_paper(example.pack())))
    links = {
        link.get(qn("w:anchor")): "".join(text.text or "" for text in link.iter(qn("w:t")))
        for link in document.element.iter(qn("w:hyperlink"))
    }
    marked = {
        mark.get(qn("w:name")): "".join(text.text or "" for text in mark.getparent().iter(qn("w:t")))
        for mark in document.element.iter(qn("w:bookmarkStart"))
    }
    assert links == marked
    assert len(links) == len(CHAPTERS)
    codes = [each.text for each in document.element.iter(qn("w:instrText"))]
    assert [code.split()[1] for code in codes if code.strip().startswith("PAGEREF")] == list(links)
    dirty = [each for each in document.element.iter(qn("w:fldChar")) if each.get(qn("w:dirty")) == "true"]
    assert len(dirty) == len(CHAPTERS)


def test_the_pack_tells_all_that_it_is_made_of() -> None:
    """Whatever members brought stands in it as they wrote it; a case's action stands without its words."""
    of = example.pack()
    text = said(pack_paper(of))
    items = [part.item for part in of.parts if part.item]
    told = [item.words for item in items] + [item.about for item in items] + [each.words for each in of.reports]
    told += [text_ for risk in of.risks for text_ in (risk.cause, risk.event, risk.impact)]
    told += [text_ for each in of.lessons for text_ in (each.what, each.changes, each.audience, each.disseminated_by)]
    told += [each.words for each in of.last.decisions] if of.last else []
    told += [action.what for action in of.actions if not action.about_a_case]
    told += [action.reference for action in of.actions]
    for each in told:
        assert each in text, each
    case = replace(of, actions=[replace(each, what="PLANTEDWHAT", source="R-14") for each in of.actions])
    assert "PLANTEDWHAT" not in xml_of(pack_paper(case))


def test_the_pack_tells_how_agencies_take_part() -> None:
    """Each part by itself, and beside the figures what an agency says against one."""
    text = said(pack_paper(example.pack()))
    assert "From 1 June 2026 to 30 November 2026" in text
    assert "they are not added up" in text
    assert "disputes its meetings:" in text
    assert "our deputy sat at the police's desk" in text
    assert "disputes its" not in said(pack_paper(replace(example.pack(), disputes=())))


def test_the_pack_tells_what_is_due_of_agreements() -> None:
    """What is late says so; each with its number, its version and its day."""
    text = said(pack_paper(example.pack()))
    assert "G-4 Section 136 escalation policy, version 3" in text
    assert "Was to be reviewed by 30 November 2026" in text
    assert "The signature of AMB and POL lapses on 1 February 2027" in text


def test_every_paper_is_marked() -> None:
    """On each page, and in the properties."""
    for content in (
        pack_paper(example.pack()),
        pack_paper(example.pack(), draft=True),
        supplement_paper(supplement(example.pack(), frozenset())),
        minutes_paper(example.held(), example.MADE),
        brief_paper(Brief(example.DAY), example.FORUM, "B-7", example.MADE),
    ):
        document: Any = Document(io.BytesIO(content))
        assert document.core_properties.category == words.MARKING
        for section in document.sections:
            assert words.MARKING in section.header.paragraphs[0].text
            assert words.MARKING in section.footer.paragraphs[0].text


def test_a_supplement_has_only_what_came_in() -> None:
    """Its headings are those of what came in; nothing of the pack is repeated."""
    content = supplement_paper(supplement(example.pack(), frozenset({"I-5", "I-9", "K-3", "I-21", "L-2"})))
    assert headings(content) == ["Put on the agenda since", "Taken off the agenda since", "Risk register", "Focus"]
    text = said(content)
    assert "I-6: The triage car" in text
    assert "Beds at night" not in text
    assert "I-9." in text
    assert "K-4" in text
    assert "K-3" not in text


def test_the_minutes_tell_what_was_recorded() -> None:
    """Decisions under their items, actions with whose and by when, corrections with whose; who took part."""
    of = example.held()
    text = said(minutes_paper(of, example.MADE))
    for each in (*of.decisions, *of.corrections):
        assert each.words in text
    for action in of.actions:
        assert action.what in text
    lines = text.splitlines()
    assert lines.index("Decided: The trust keeps one number for the night from 4 January.") > lines.index(
        "9. I-5: Beds at night"
    )
    assert "Nothing was recorded of: Example Fire and Rescue (FRS)." in text
    approved = replace(of, meeting=replace(of.meeting, minutes="Approved", minutes_by="Ada Invented"))
    assert "Approved by Ada Invented" in said(minutes_paper(approved, example.MADE))
    assert "This is a draft" not in said(minutes_paper(approved, example.MADE))


TEXTS = st.one_of(st.text(max_size=60), st.just(HOSTILE))


@settings(max_examples=12, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_whatever_was_typed_makes_a_paper(first: str, second: str, third: str) -> None:
    """No text breaks a document or turns the reading direction of what stands beside it."""
    item = AgendaItem(forum="MHRMB", id=1, reference="I-1", about=first, words=second, agency=third)
    parts = [replace(part, item=item) if part.item else part for part in example.pack().parts]
    starts = ["10:00"] * len(parts)
    pack: Pack = replace(
        EMPTY,
        parts=parts,
        starts=starts,
        focus=third,
        paper=item,
        reports=[replace(item, figures=f"{first}: {second}")],
    )
    held = replace(
        example.held(), parts=parts, starts=starts, decisions=[replace(item, about="tracker")], corrections=[item]
    )
    for content in (pack_paper(pack), minutes_paper(held, example.MADE)):
        assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", xml_of(content))
        assert headings(content)


def test_the_brief_says_on_paper_what_its_card_says() -> None:
    """The same parts, labels and references; what has nothing says so; marked; hostile names stay text."""
    busy = Brief(
        example.DAY,
        to_verify=("A-103", "A-104"),
        with_chairs=("A-7",),
        overdue=3,
        slipped=(("MHT", 2, 30), ("", 1, 4)),
        escalated={Rung.CHAIRS: 1},
        awaited=(("POL", 2),),
        unsigned=(("P-14.2", ("MHT",)),),
        without_receipt=("R-9",),
        lessons=("L-3",),
        reviews=("G-4",),
    )
    content = brief_paper(busy, replace(example.FORUM, name=HOSTILE), "B-7", example.MADE)
    text = said(content)
    assert headings(content) == ["Decisions needed", "What slipped", "Who has not answered"]
    for each in (
        "A-103, A-104",
        "A-7",
        "MHT 2 (longest 30 days), no agency 1",
        "POL on 2 cases",
        "P-14.2 by MHT",
        "R-9",
        "L-3",
        "G-4",
    ):
        assert each in text, each
    assert "4 decisions wait for you, 3 actions overdue." in text
    quiet = said(brief_paper(Brief(example.DAY), example.FORUM, "B-7", example.MADE))
    for each in ("Nothing waits for a decision.", "Nothing is overdue.", "Every answer is in."):
        assert each in quiet, each
