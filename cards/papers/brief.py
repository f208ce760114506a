"""The chair's brief on one page of paper: the same lines as the card's, for whoever reads it on the way."""

from __future__ import annotations

from datetime import datetime

from board.briefing import Brief
from board.records import Forum
from cards import words
from cards.brief import sections
from cards.papers.house import Paper

NEXT = "In Teams, escalations, tracker overdue, triage and plans show each of these; minutes and pack are the board's."


def brief_paper(brief: Brief, forum: Forum, reference: str, made: datetime) -> bytes:
    """The document: references, codes and counts, and no word of a case. `reference` is the board's, such as B-7."""
    paper = Paper(
        f"Chair's brief, {words.weekday(brief.board)}",
        reference=reference,
        made=made,
        made_for="the chairs",
        small=True,
    )
    waits = words.count(brief.decisions, "decision waits", "decisions wait")
    paper.note(f"{words.tame(forum.name)}: {waits} for you, {words.count(brief.overdue, 'action')} overdue.")
    for heading, lines, otherwise in sections(brief):
        paper.heading(heading)
        if lines:
            paper.facts(lines)
        else:
            paper.paragraph(otherwise)
    paper.paragraph(NEXT, quiet=True)
    return paper.to_bytes()
