"""The subgroup's report to the board: its figures, the chair's words, and what the board gets of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from board.records import AgendaItem
from board.reporting import REPORT, SUPPLEMENT, Period, Told
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Report to the board"
LINES_LIMIT = 60
SUPPLEMENTS = 3
"""Supplements shown, the newest last; the list holds them all."""

HOW = (
    "Write of results, not of anybody: no name, date of birth, number, address or reference. "
    "What you send is frozen; anything later is a supplement."
)


def figures_card(
    lines: Sequence[Told],
    spoken: Period,
    *,
    forum: str,
    key: str,
    may_submit: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """The report before it is submitted: every figure as it is, for those who run the subgroup, and the form."""
    for_whom = f"For the board on {words.weekday(spoken.board)}." if spoken.board else "No day of the board is known."
    since = f"Counted since {words.when(spoken.after)}."
    data = {"key": key, "forum": forum, "what": REPORT}
    send = e.submits("Submit the report", Verb.REPORT_SUBMIT, main=True, in_dialog=False, **data)  # type: ignore[arg-type]

    def made(share: float) -> JSON:
        body = [
            *([e.warning(e.shortened(said, 2000))] if said else []),
            e.heading(TITLE),
            e.text(f"{for_whom} {since}"),
            _figures(lines),
            e.quiet("These are the figures as they are. In what is submitted, counts under five are not told."),
            *([e.text(HOW), e.paragraph_input("results", e.typed(values, share)("results"))] if may_submit else []),
            *(
                [e.quiet("Or type *report submit* and your words; later, *report supplement* and your words.")]
                if may_submit
                else []
            ),
        ]
        return e.card(body, speak=f"{TITLE}. {for_whom}", actions=[send] if may_submit else [])

    return e.fitted(made)


def _figures(lines: Sequence[Told]) -> JSON:
    return e.facts([(e.shortened(words.tame(label), 60) or "?", said or "?") for label, said in lines[:LINES_LIMIT]])


def submitted_card(
    report: AgendaItem,
    supplements: Sequence[AgendaItem],
    *,
    forum: str,
    key: str,
    may_submit: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
    warned: str = "",
) -> JSON:
    """The report as the board gets it: frozen, with its supplements and, for those who may, the way to add one."""
    data = {"key": key, "forum": forum, "what": SUPPLEMENT}
    send = e.submits("Add a supplement", Verb.REPORT_SUBMIT, main=True, in_dialog=False, **data)  # type: ignore[arg-type]
    read = _whole(report.figures)

    def made(share: float) -> JSON:
        limit = int(share * e.PARAGRAPH_BYTES)
        body = [
            *([e.warning(e.shortened(warned, 2000))] if warned else []),
            *([e.text(said)] if said else []),
            e.heading(f"{TITLE} {_named(report)}".strip()),
            e.text(f"Submitted {words.when(report.submitted_on)}."),
            e.plain("By", report.owner_name or "nobody named"),
            *([_figures(read)] if read else []),
            *([e.plain("Specific results", report.words, limit=limit)] if report.words else []),
            *[
                e.plain(f"Supplement of {words.when(each.submitted_on)}", each.words, limit=limit)
                for each in supplements[-SUPPLEMENTS:]
            ],
            *([e.text(HOW), e.paragraph_input("results", e.typed(values, share)("results"))] if may_submit else []),
        ]
        return e.card(body, speak=f"{TITLE}, submitted.", actions=[send] if may_submit else [])

    return e.fitted(made)


def _whole(figures: str) -> list[Told]:
    """The lines of a submitted report: the figure is what follows the last colon."""
    found = []
    for line in figures.splitlines():
        label, _, said = line.rpartition(": ")
        if label:
            found.append((label, e.shortened(words.tame(said), 120) or "—"))
    return found


def _named(report: AgendaItem) -> str:
    return e.named(report.reference)[:12]
