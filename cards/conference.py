"""Recording who attended another forum's conference: a form with a line for each agency, and that it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from board.hearing import as_said
from board.records import Agency, Attendance
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.meeting import AGENCIES_LIMIT, agency_input
from cards.verbs import Verb

TITLE = "Conference"
TYPED = "Or type *conference MAPPA 2026-11-20 MHT present, ASC absent*; *conference MAPPA 2026-11-20 cancelled*."


def conference_form(
    forums: Sequence[tuple[str, str]],
    agencies: Mapping[str, Agency],
    key: str,
    *,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """Which forum met, when, and how each agency took part. `forums` are the titles and codes to choose from."""
    if not forums:
        told = "No other forum is known yet. An administrator adds it to the list *Forums*, such as MAPPA."
        return e.card([e.heading(TITLE), e.text(told)], speak=told)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        chosen = typed("forum") if typed("forum") in {code for _, code in forums} else forums[0][1]
        rows = [
            agency_input(code, agencies[code].name, typed(f"attend_{code}"))
            for code in sorted(agencies)[:AGENCIES_LIMIT]
        ]
        body = [
            *([e.warning(e.shortened(said, 2000))] if said else []),
            e.heading("Who attended a conference"),
            e.text("Whoever was not invited is left empty. What is recorded already is changed by recording it again."),
            e.titled_choices("forum", forums, chosen, required=True),
            e.date_input("conference_day", typed("conference_day"), required=True),
            *rows,
            e.quiet(TYPED),
        ]
        send = e.submits("Keep", Verb.CONFERENCE_SUBMIT, main=True, in_dialog=in_dialog, key=key)
        return e.card(body, speak="Who attended a conference.", actions=[send])

    return e.fitted(made)


def conference_card(
    reference: str, forum: str, day: date, attendance: Mapping[str, Attendance], *, cancelled: bool = False
) -> JSON:
    """That it is kept: which conference, and how each agency took part."""
    said = f"{reference}: {e.named(forum) or 'a forum'}, {words.weekday(day)}."
    if cancelled:
        text = f"{said} It is cancelled, so it counts for nobody."
        return e.card([e.heading(TITLE), e.text(text)], speak=text)
    lines = [
        e.entry(e.shortened(words.tame(code), 20) or "No code", as_said(row) or "not recorded")
        for code, row in sorted(attendance.items())[:40]
    ]
    more = e.quiet("*engagement* counts it by itself, beside boards and subgroups.")
    return e.card([e.heading("Kept"), e.text(said), *lines, more], speak=said)
