"""The pack of a board: what it waits for, a draft of it, and where it is."""

from __future__ import annotations

from datetime import date, datetime

from board.cycle import Awaited
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "The pack"
DRAFT = "The draft of the pack"


def _waits(of: Awaited) -> list[str]:
    """What is not in yet, in words."""
    waits = [f"the paper of {e.named(of.focus)}"] if of.focus else []
    return [*waits, *(f"the report of {e.named(code)}" for code in of.reports[:12])]


def awaited_card(day: date, issued_on: date, of: Awaited, *, arranges: bool, draft: str = "") -> JSON:
    """When the pack is issued, and what is not in yet; for those who arrange it, where its draft is."""
    said = f"The pack of the board on {words.weekday(day)} is issued on {words.weekday(issued_on)}."
    waits = _waits(of)
    told = f"Awaited: {words.joined(waits)}." if waits else "Everything is in."
    body = [e.heading(TITLE), e.text(said), e.text(told)]
    if arranges:
        body += e.filed_as(draft)
        body.append(e.quiet("*pack draft* makes it as it stands now, for you; *pack issue* issues it now."))
    asks = e.submits("Issue it now", Verb.PACK_ISSUE, checks=False, in_dialog=False)
    offers = [e.as_typed("Make the draft", "pack draft"), asks] if arranges else []
    return e.card(body, speak=f"{said} {told}", actions=[*e.opens_link("Open the draft", draft), *offers])


def issue_card(day: date, of: Awaited) -> JSON:
    """Asked before the pack is issued early: what is not in it yet, and that it is frozen then."""
    waits = _waits(of)
    said = f"The pack of the board on {words.weekday(day)} would be issued now, to everybody."
    missing = f"It would lack {words.joined(waits)}." if waits else "Everything is in."
    then = "It is frozen then: what comes in later goes into a supplement."
    offers = [e.as_typed("Issue it", "pack issue"), e.as_typed("Not yet", "pack")]
    return e.card([e.heading(TITLE), e.text(said), e.text(missing), e.text(then)], speak=said, actions=offers)


def draft_card(day: date, address: str) -> JSON:
    """Where the draft is."""
    said = f"The pack of the board on {words.weekday(day)}, as it stands now, is made."
    body = [
        e.heading("Draft of the pack"),
        e.text(said),
        *e.filed_as(address),
        e.quiet("It lies among the case papers, where the members do not look; make it anew whenever you like."),
    ]
    return e.card(body, speak=said, actions=e.opens_link("Open the draft", address))


def issued_card(day: date, meeting: str, on: datetime | None, address: str, supplement: str) -> JSON:
    """Where the pack is, and what came in after it."""
    said = f"The pack of the board on {words.weekday(day)} was issued{f' on {words.when(on)}' if on else ''}."
    later = "What came in after it is in the supplement." if supplement else "Nothing came in after it so far."
    body = [e.heading(f"{TITLE} of {e.named(meeting)[:12]}".removesuffix(" of ")), e.text(said)]
    body += [*e.filed_as(address), e.quiet(later), *e.filed_as(supplement)]
    links = [*e.opens_link("Open the pack", address), *e.opens_link("Open the supplement", supplement)]
    return e.card(body, speak=said, actions=links)
