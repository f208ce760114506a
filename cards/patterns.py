"""Looks that are out of the ordinary, for the information governance lead: members, numbers and cases, no reasons."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence

from board.months import Month
from board.patterns import (
    DAY_BEGINS,
    DAY_ENDS,
    MANY_CASES,
    REFUSALS,
    SAME_CASE,
    TIMES_MEDIAN,
    Pattern,
    Patterns,
    Unusual,
)
from cards import elements as e
from cards import words
from cards.elements import JSON

TITLE = "Unusual looks"
HOW = "I did not understand which month. Say *patterns*, *patterns october 2026* or *patterns this month*."
ORDINARY = (
    "None of this says that anybody did wrong: each has ordinary explanations, and you can ask. "
    "For one person's looks type *disclosures*, the name and the month."
)
SHOWN = 6
"""People of each kind on the card."""

CASES = 8
"""Cases named for each of them."""

KINDS: dict[Unusual, tuple[str, str]] = {
    Unusual.MANY_CASES: (
        "Many cases",
        f"More than {MANY_CASES}, and more than {TIMES_MEDIAN} times what half of those who looked stay within.",
    ),
    Unusual.NOT_INVOLVED: ("Their agency neither asked nor referring", "Of those who run the board it is expected."),
    Unusual.OUT_OF_HOURS: (
        "Out of hours",
        f"Before {DAY_BEGINS:%H:%M}, from {DAY_ENDS:%H:%M} on, on weekends and bank holidays.",
    ),
    Unusual.REFUSALS: ("Refused often", f"More than {REFUSALS} times. Nothing was shown."),
    Unusual.SAME_CASE: ("The same case, often", f"More than {SAME_CASE} times."),
}


def patterns_card(found: Patterns) -> JSON:
    """A month's list. What does not fit is counted, and the way to it is told."""
    told = (
        f"{words.count(found.shown, 'look')} shown and {found.refused} refused in {month(found.month)}, by "
        f"{words.count(found.people, 'person', 'people')}."
    )
    body = [e.heading(TITLE), e.text(told)]
    if not found.found:
        return e.card([*body, e.text("None of them is unusual.")], speak=f"{told} None of them is unusual.")
    for kind in Unusual:
        body += _kind(kind, found.of(kind))
    return e.card([*body, e.quiet(ORDINARY)], speak=f"{told} Some of them are unusual.")


def month(of: Month) -> str:
    """A month as people write it: `October 2026`."""
    return f"{calendar.month_name[of.number]} {of.year}"


def _kind(kind: Unusual, found: Sequence[Pattern]) -> list[JSON]:
    if not found:
        return []
    title, meant = KINDS[kind]
    lines = [e.subheading(title), e.quiet(meant), *(_row(each) for each in found[:SHOWN])]
    if len(found) > SHOWN:
        lines.append(e.quiet(f"And {words.count(len(found) - SHOWN, 'more person', 'more people')}."))
    return lines


def _row(each: Pattern) -> JSON:
    """One person: a name is shown as it is, since Teams or an administrator gave it."""
    name = e.shortened(each.name, e.NAME_BYTES) or "nobody named"
    who = e.run(f"{name} ({e.shortened(each.agency, 60)})", weight="Bolder")
    noun = "case" if each.kind is Unusual.MANY_CASES else "look"
    if each.kind is Unusual.REFUSALS:
        noun = "refusal"
    runs = " · runs the board" if each.arranges and each.kind is Unusual.NOT_INVOLVED else ""
    said = f" {words.count(each.count, noun)}{runs} · {_cases(each.cases)}"
    return {"type": "RichTextBlock", "spacing": "Small", "inlines": [who, e.run(said)]}


def _cases(cases: Iterable[str]) -> str:
    named = [e.shortened(each, 20) for each in cases]
    more = f" and {len(named) - CASES} more" if len(named) > CASES else ""
    return f"{', '.join(named[:CASES])}{more}"
