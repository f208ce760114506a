"""How far each programme is: n of N closed."""

from __future__ import annotations

from collections.abc import Sequence

from board.programmes import Programme
from cards import elements as e
from cards import words
from cards.elements import JSON

LISTED = 25


def programmes_card(found: Sequence[Programme], *, channel: bool) -> JSON:
    """Each programme that has something open, with how many of its actions are closed and overdue."""
    if not found:
        said = "No open action belongs to a programme."
        how = "A chair names one in the form of a new action, or in the column *Programme* of the list *Actions*."
        return e.card([e.heading("Programmes"), e.text(said), e.quiet(how)], speak=said)
    said = f"{words.count(len(found), 'programme')} with something open."
    body = [e.heading("Programmes"), e.text(said), *[e.entry(_name(each), _line(each)) for each in found[:LISTED]]]
    if len(found) > LISTED:
        body.append(e.quiet(f"And {len(found) - LISTED} more."))
    if channel:
        body.append(e.quiet("Actions that come from a case are left out here. Ask me in a private chat."))
    return e.card(body, speak=said)


def _name(each: Programme) -> str:
    return e.shortened(each.name, 200)


def _line(each: Programme) -> str:
    late = f", {each.overdue} overdue" if each.overdue else ""
    return f"{each.closed} of {each.of} closed{late}"
