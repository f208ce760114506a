"""The board's agenda: standing items, what members offer, and each item with what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from board.agenda import DEFAULT_MINUTES, ItemStatus, Move, Part
from board.records import AgendaItem
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Agenda"
LISTED = 25
OPENED = 4
"""Items that have a button of their own; any is opened by its reference."""

TYPED = "Or type *agenda add a title; what is to be known; 10*."
HOW = "Write about the system, not about anybody: no name, date of birth, number, address or case reference."

MOVES: Mapping[Move, str] = {
    Move.ACCEPT: "Accept",
    Move.DECLINE: "Decline",
    Move.WITHDRAW: "Withdraw",
}
MOVED: Mapping[Move, str] = {
    Move.ACCEPT: "It is on the agenda.",
    Move.DECLINE: "Declined. Whoever offered it sees why.",
    Move.WITHDRAW: "Withdrawn.",
}


@dataclass(frozen=True, slots=True)
class Agenda:
    """An agenda to be shown: `fills` says what the records hold for a standing item, `offered` waits for a chair."""

    day: date
    meeting: str
    parts: Sequence[Part]
    starts: Sequence[str]
    fills: Mapping[str, str] = field(default_factory=dict)
    offered: Sequence[AgendaItem] = ()
    focus: str = ""
    link: str = ""


def title_of(part: Part, focus: str) -> str:
    """What an item is called: a standing one in our words, a member's by its reference."""
    if part.item is not None:
        return part.item.reference
    if part.name == "focus" and focus:
        return f"Focus on {e.named(focus)}"
    return words.STANDING[part.name]


def agenda_card(of: Agenda, *, private: bool, arranges: bool) -> JSON:
    """The agenda with its times. In a channel a member's item shows its reference and whose it is, not its words."""
    said = f"The agenda of the board of {words.weekday(of.day)}."
    minutes = sum(part.minutes for part in of.parts)
    body = [
        e.heading(f"{TITLE} {of.meeting}".strip()),
        e.text(f"{said} {minutes} minutes."),
        *[
            _line(part, start, of, private=private)
            for part, start in list(zip(of.parts, of.starts, strict=True))[:LISTED]
        ],
    ]
    if of.offered and private:
        body.append(e.subheading("Offered, and not on the agenda yet"))
        body += [_offered(each) for each in of.offered[:LISTED]]
    hint = "*agenda accept I-5 10* puts an item on it, *agenda decline I-5 why* does not." if arranges else TYPED
    body.append(e.quiet(hint if private else "To offer an item, type *agenda add* to me in a private chat."))
    return e.card(body, speak=said, actions=_buttons(of, private=private))


def _buttons(of: Agenda, *, private: bool) -> list[JSON]:
    if not private:
        return e.opens_link("Join", of.link)
    offer = e.submits("Offer an item", Verb.AGENDA_OFFER, in_dialog=False, checks=False)
    return [offer, *[_open(each.reference) for each in of.offered[:OPENED]], *e.opens_link("Join", of.link)]


def _open(reference: str) -> JSON:
    return e.submits(f"Open {reference}", Verb.AGENDA_ITEM, in_dialog=False, checks=False, reference=reference)


def _line(part: Part, start: str, of: Agenda, *, private: bool) -> JSON:
    label = f"{start} {title_of(part, of.focus)}".strip()
    about = [f"{part.minutes} min"]
    if part.item is not None:
        about.append(e.shortened(words.tame(part.item.agency), 20) or "no agency")
        about += [e.shortened(part.item.about, 300)] if private else []
        about += ["chairs only"] if part.item.chairs_only else []
    elif of.fills.get(part.name):
        about.append(of.fills[part.name])
    return e.entry(label, " · ".join(about))


def _offered(item: AgendaItem) -> JSON:
    only = " · chairs only" if item.chairs_only else ""
    agency = e.shortened(words.tame(item.agency), 20) or "no agency"
    return e.entry(item.reference, f"{agency} · {item.minutes} min{only} · {e.shortened(item.about, 300)}")


def offer_form(key: str, *, in_dialog: bool, values: Mapping[str, Any] | None = None, said: str = "") -> JSON:
    """The form for an item; after an error as it was typed."""
    send = e.submits("Offer the item", Verb.AGENDA_OFFER_SUBMIT, main=True, in_dialog=in_dialog, key=key)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading("Offer an item for the agenda"),
            e.text(HOW),
            e.line_input("title", typed("title"), required=True),
            e.paragraph_input("words", typed("words")),
            e.line_input("item_minutes", typed("item_minutes") or str(DEFAULT_MINUTES), limit=3),
            e.choice_input("chairs_only", ("No", "Yes"), typed("chairs_only") or "No"),
            e.quiet(TYPED),
        ]
        return e.card(body, speak="Offer an item for the board's agenda. A title is needed.", actions=[send])

    return e.fitted(made)


def item_card(
    item: AgendaItem, moves: Sequence[Move], key: str, *, in_dialog: bool, said: str = "", warned: str = ""
) -> JSON:
    """One item that somebody offered, and what this person can do with it."""
    known = item.status if item.status in tuple(ItemStatus) else "Not stated"
    facts = [("Status", known + (f" for {item.meeting}" if item.meeting else ""))]
    facts += [("For", "The chairs only")] if item.chairs_only else []

    def made(share: float) -> JSON:
        limit = int(share * e.PARAGRAPH_BYTES)
        body = [
            *([e.warning(e.shortened(warned, 2000))] if warned else []),
            *([e.text(said)] if said else []),
            e.heading(f"Item {item.reference}"),
            e.plain("Title", item.about or "none"),
            *([e.plain("What is to be known beforehand", item.words, limit=limit)] if item.words else []),
            e.plain("Offered by", f"{item.owner_name or 'nobody named'} ({item.agency or 'no agency'})"),
            e.facts([*facts, ("Minutes", str(item.minutes))]),
            *([e.plain("Why not", item.why)] if item.why else []),
            *([e.line_input("item_minutes", str(item.minutes), limit=3)] if Move.ACCEPT in moves else []),
            *([e.line_input("why")] if moves else []),
        ]
        return e.card(body, speak=f"Item {item.reference}. {known}.", actions=_moves(item, moves, key, in_dialog))

    return e.fitted(made)


def _moves(item: AgendaItem, moves: Iterable[Move], key: str, in_dialog: bool) -> list[JSON]:
    return [
        e.submits(
            MOVES[move],
            Verb.AGENDA_MOVE,
            main=move is Move.ACCEPT,
            in_dialog=in_dialog,
            reference=item.reference,
            move=move,
            key=key,
        )
        for move in moves
    ]


def offered_card(reference: str) -> JSON:
    """That an item is kept, and what becomes of it."""
    said = f"Kept as {reference}. A chair says whether it is on the agenda, and how long it has."
    return e.card([e.heading("Thank you"), e.text(said), e.quiet(f"Type *agenda {reference}* to see.")], speak=said)
