"""The chair's brief: one page on the eve of a board, in references, codes and counts."""

from __future__ import annotations

from collections.abc import Sequence

from board.briefing import Brief
from board.escalation import Rung
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.escalation import RUNGS

TITLE = "Your brief for the board"

ON_PAPER = "The brief as a page"
"""What is being made, in a sentence."""

MOST = 12
"""References on a line; more are counted."""


def brief_card(brief: Brief, address: str = "") -> JSON:
    """What needs deciding first, then what slipped, then who has not answered; `address` is where it is on paper."""
    waits = words.count(brief.decisions, "thing waits", "things wait")
    said = f"The board of {words.weekday(brief.board)}: {waits} for you."
    body = [e.heading("Your brief"), e.text(said)]
    for heading, lines, otherwise in sections(brief):
        body.append(e.subheading(heading))
        body += [e.entry(label, told) for label, told in lines] or [e.text(otherwise)]
    body += e.filed_as(address)
    body.append(
        e.quiet(
            "Type *escalations*, *tracker overdue*, *triage*, *plans*, *lessons* or *agreements* for each; "
            "*brief document* for a page."
        )
    )
    return e.card(body, speak=said, actions=e.opens_link("Open it as a page", address))


def sections(brief: Brief) -> list[tuple[str, list[tuple[str, str]], str]]:
    """The brief's parts in order: a heading, its lines (a label and what is said), and what is said without any."""
    return [
        (
            "Decisions needed",
            _told(
                ("With the co-chairs", _some(brief.with_chairs)),
                ("Said to be done, to be verified", _some(brief.to_verify)),
                ("More time is asked for", _some(brief.more_time)),
                ("Plans that an agency stopped", _some(brief.stopped)),
                ("Lessons to be disseminated", _some(brief.lessons)),
            ),
            "Nothing waits for a decision.",
        ),
        ("What slipped", _told(*_slipped(brief)), "Nothing is overdue."),
        ("Who has not answered", _told(*_silent(brief)), "Every answer is in."),
    ]


def _told(*lines: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, said) for label, said in lines if said]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(e.shortened(words.tame(each), 40) for each in names[:MOST]) + more


def _slipped(brief: Brief) -> list[tuple[str, str]]:
    agencies = [
        f"{e.shortened(words.tame(code), 40) or 'no agency'} {number} (longest {words.count(days, 'day')})"
        for code, number, days in brief.slipped[:MOST]
    ]
    climbed = [f"{brief.escalated[rung]} with {RUNGS[rung]}" for rung in reversed(Rung) if brief.escalated.get(rung)]
    return [
        (f"{words.count(brief.overdue, 'action')} overdue", ", ".join(agencies)),
        ("Escalated", "; ".join(climbed)),
        ("Agreements past their review", _some(brief.reviews)),
    ]


def _silent(brief: Brief) -> list[tuple[str, str]]:
    awaited = [f"{_some([code])} on {words.count(number, 'case')}" for code, number in brief.awaited[:MOST]]
    unsigned = [f"{name} by {_some(codes)}" for name, codes in brief.unsigned[:MOST]]
    return [
        ("Answers awaited", ", ".join(awaited)),
        ("Plans to be signed", "; ".join(unsigned)),
        ("Redirected, without a receipt", _some(brief.without_receipt)),
    ]
