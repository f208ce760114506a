"""Whom the board looks at and when, and what the agency in focus is asked to tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from board.focus import FIELDS, Turn
from board.records import Agency, AgendaItem
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Focus on an agency"
LISTED = 10
HOW = "Write about your service, not about anybody: no name, date of birth, number, address or case reference."
TYPED = "Or type *focus demands; blockers; enablers*."
SWAP = "*focus 2026-12-10 AMB why* gives a board to another agency (chairs); whoever gives way is next."


def rotation_card(turns: Sequence[Turn], agencies: Mapping[str, Agency], *, private: bool, arranges: bool) -> JSON:
    """The year's rotation: which board looks at whom, and when that agency was featured before."""
    if not turns:
        said = "No board is planned, or no agency belongs to it, so there is nobody to look at."
        return e.card([e.heading(TITLE), e.text(said)], speak=said)
    first = turns[0]
    said = f"The board of {words.weekday(first.board.day)} looks at {_name(first.agency, agencies)}."
    body = [
        e.heading(TITLE),
        e.text(said),
        *[e.entry(words.weekday(each.board.day), _line(each, agencies, private=private)) for each in turns[:LISTED]],
        e.quiet("Whoever was featured longest ago comes first."),
        *([e.quiet(SWAP)] if arranges and private else []),
    ]
    actions = []
    if private:
        actions = [e.submits("Demands, blockers, enablers", Verb.FOCUS_FORM, in_dialog=False, checks=False)]
    return e.card(body, speak=said, actions=actions)


def _line(turn: Turn, agencies: Mapping[str, Agency], *, private: bool) -> str:
    last = f"last on {words.day(turn.last)}" if turn.last else "not yet featured"
    swap = f" · out of its turn{f': {e.shortened(turn.why, 200)}' if private else ''}" if turn.swapped else ""
    return f"{_name(turn.agency, agencies)} · {last}{swap}"


def _name(code: str, agencies: Mapping[str, Agency]) -> str:
    agency = agencies.get(code)
    return e.named(agency.name if agency and agency.name else code)


def focus_form(
    agency: str,
    day: date,
    key: str,
    *,
    in_dialog: bool,
    before: AgendaItem | None = None,
    values: Mapping[str, Any] | None = None,
    said: str = "",
    warned: str = "",
) -> JSON:
    """What the agency in focus is asked; what was said before can be changed until the pack is issued."""
    kept = {"demands": before.words, "blockers": before.blockers, "enablers": before.enablers} if before else {}
    send = e.submits("Keep", Verb.FOCUS_SUBMIT, main=True, in_dialog=in_dialog, key=key, board=day.isoformat())

    def made(share: float) -> JSON:
        typed = e.typed({**kept, **(values or {})}, share)
        body = [
            *([e.warning(f"{e.shortened(warned, 2000)} {words.TYPED_BELOW}")] if warned else []),
            *([e.text(said)] if said else []),
            e.heading(f"Focus on {e.named(agency)}"),
            e.text(f"For the board of {words.weekday(day)}. {HOW}"),
            *[e.paragraph_input(name, typed(name)) for name in FIELDS],
            e.quiet(f"It goes into the pack, and can be changed until that is issued. {TYPED}"),
        ]
        speak = f"The board of {words.weekday(day)} looks at {e.named(agency)}."
        return e.card(body, speak=speak, actions=[send])

    return e.fitted(made)


def paper_card(paper: AgendaItem, agency: str, *, said: str) -> JSON:
    """What the agency in focus told, once the pack is issued: as it stands there."""

    def made(share: float) -> JSON:
        limit = int(share * e.PARAGRAPH_BYTES)
        shown = (("demands", paper.words), ("blockers", paper.blockers), ("enablers", paper.enablers))
        body = [
            e.heading(f"Focus on {e.named(agency)}"),
            *([e.text(said)] if said else []),
            *[e.plain(words.FIELDS[name], text, limit=limit) for name, text in shown if text],
        ]
        return e.card(body, speak=f"Focus on {e.named(agency)}. {said}")

    return e.fitted(made)


def asked_card(agency: str, day: date) -> JSON:
    """To those who answer for the agency in focus: the board looks at them, and what they are asked for."""
    said = f"The board of {words.weekday(day)} looks at {e.named(agency)}."
    ask = "Please tell it what rises and what is asked of you, what stands in your way, and what would help."
    body = [e.heading("Your agency is in focus"), e.text(said), e.text(ask), e.quiet(TYPED)]
    form = e.submits("Demands, blockers, enablers", Verb.FOCUS_FORM, main=True, in_dialog=False, checks=False)
    return e.card(body, speak=f"{said} {ask}", actions=[form])
