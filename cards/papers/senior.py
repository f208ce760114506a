"""The paper that puts an action before the Senior Partnership Board: what, how long, what was tried, what is asked.

Of an action that comes from a case it holds no words: that board is told of the case by those who may.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from board.actions import Action
from board.escalation import Climb
from board.records import Agency
from cards import words
from cards.escalation import RUNGS
from cards.papers.house import Paper, agency_name

OUTLINED = "It comes from a case, so its words are not in this paper: those who are entitled see them in the bot."


def senior_paper(action: Action, at: Climb | None, agencies: Mapping[str, Agency], made: datetime) -> bytes:
    """The document, on one page. `at` says how it climbed; None where it is not overdue any more."""
    paper = Paper(
        f"For the Senior Partnership Board: {action.reference}",
        reference=action.reference,
        made=made,
        made_for="the co-chairs",
    )
    outlined = action.about_a_case
    late = f"{words.day(action.due)}, {words.count(at.late, 'working day')} overdue" if at else words.day(action.due)
    paper.facts(
        [
            ("Action", action.reference),
            ("Agency", agency_name(action.agency, agencies)),
            ("Owner", action.owner_name or "nobody named"),
            ("Agreed on", words.when(action.agreed_on) if action.agreed_on else "not recorded"),
            ("Due on", late if action.due else "no day"),
            ("Priority", action.priority or "not stated"),
            ("Put before the board", words.when(action.senior_on)),
        ]
    )
    paper.heading("What was to be done")
    paper.paragraph(OUTLINED if outlined else action.what or "Not stated.")
    if action.why and not outlined:
        paper.heading("Why")
        paper.paragraph(action.why)
    paper.heading("What was tried")
    paper.bullets(_tried(at))
    paper.heading("What is asked")
    paper.paragraph("See the action in the bot." if outlined else action.note or "Nothing was said.")
    if action.transfers and not outlined:
        paper.heading("Whose it was before")
        paper.bullets(action.transfers.splitlines())
    return paper.to_bytes()


def _tried(at: Climb | None) -> list[str]:
    told = ["The owner was reminded each working day."]
    for rung, day in at.told if at else ():
        answers = (
            [f"{each.who} saw to it on {words.day(each.on)}" for each in at.answers if each.rung == rung] if at else []
        )
        told.append(f"{RUNGS[rung].capitalize()}, {words.day(day)}: {'; '.join(answers) or 'no answer'}.")
    return told
