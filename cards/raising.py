"""Raising a risk or a lesson: an empty form, and what was found in it that may say who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from board.raising import FIELDS, Raised
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLES: dict[str, str] = {Raised.RISK: "Raise a risk", Raised.LESSON: "Raise a lesson"}
HOW = "Write about the system, not about anybody. No case's words are copied here, and none may be typed."
TYPED: dict[str, str] = {
    Raised.RISK: "Or type *risk cause; event; impact*.",
    Raised.LESSON: "Or type *lesson what happened; what changes; who should know*.",
}


def raise_form(
    what: Raised,
    key: str,
    *,
    case: str,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """The form, empty; after an error as it was typed. `case` is what it is checked against and is not kept."""
    send = e.submits(TITLES[what], Verb.RAISE_SUBMIT, main=True, in_dialog=in_dialog, what=what, case=case, key=key)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(TITLES[what]),
            e.text(HOW),
            *[e.paragraph_input(name, typed(name), required=name != "audience") for name in FIELDS[what]],
            e.quiet(TYPED[what]),
        ]
        return e.card(body, speak=f"{TITLES[what]}. {HOW}", actions=[send])

    return e.fitted(made)


def raised_card(what: Raised, reference: str) -> JSON:
    """Thanks: under which reference it is kept."""
    said = f"Kept as {reference}. It holds nothing of any case."
    return e.card([e.heading(TITLES[what]), e.text(said)], speak=said)
