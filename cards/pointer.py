"""A restricted referral for those not let in: that it is there, which agencies are involved, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from board.records import Request
from board.restricting import Pointer
from board.vocabulary import REQUEST_REASONS, RESTRICT_REASONS, RequestStatus
from cards import case_steps, words
from cards import elements as e
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Restricted referral"
SHOWN = 12
"""Agencies or requests shown at once."""


def pointer(seen: Pointer, key: str, *, in_dialog: bool, said: str = "", more: bool = False) -> JSON:
    """The pointer, and the way to ask its holder to be admitted; `more` offers a chair to give it another holder."""
    names = [name for each in seen.agencies[:SHOWN] if (name := e.named(each))]
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"Referral {seen.reference}"),
        e.text("This referral is restricted. You may know that it is there, and no more."),
        e.facts([("Agencies involved", words.joined(names) if names else "Not stated")]),
        e.plain("Whom to ask", seen.whom, limit=e.LINE_BYTES),
        e.quiet("This request has been recorded."),
        e.choice_input("request_reason", REQUEST_REASONS, required=True, expanded=True),
    ]
    if not in_dialog:
        body.append(e.quiet(f"Or type *ask {seen.reference}* and why."))
    ask = e.submits(
        "Ask to be admitted", Verb.POINTER_ASK, main=True, in_dialog=in_dialog, reference=seen.reference, key=key
    )
    others = [case_steps.more_button(seen.reference, in_dialog=in_dialog)] if more else []
    return e.card(body, speak=f"Referral {seen.reference} is restricted.", actions=[ask, *others])


def said(title: str, text: str) -> JSON:
    """What was done, in a sentence."""
    return e.card([e.heading(title), e.text(text)], speak=text)


def restrict_form(reference: str, key: str, *, in_dialog: bool, said: str = "") -> JSON:
    """Ask why a referral is to be restricted."""
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"Restrict {reference}"),
        e.text(
            "To all but its referrer, its holder and those they admit, it becomes a pointer: that it is there, which "
            "agencies are involved and whom to ask."
        ),
        e.choice_input("restricted_why", RESTRICT_REASONS, required=True, expanded=True),
    ]
    send = e.submits("Restrict", Verb.RESTRICT, main=True, in_dialog=in_dialog, reference=reference, key=key)
    return e.card(body, speak=f"Restrict {reference}", actions=[send])


def request_card(request: Request, agency: str) -> JSON:
    """A request as its holder hears of it: who asks and why, nothing of the case."""
    body, actions = _request(request, agency)
    return e.card(body, speak=f"Somebody asks to be admitted to {request.reference}.", actions=actions)


def _request(request: Request, agency: str) -> tuple[list[JSON], list[JSON]]:
    reason = request.reason if request.reason in REQUEST_REASONS else "Not stated"
    facts = [("Agency", e.named(agency) or "Not stated"), ("Why", reason)]
    body = [
        e.heading(f"A request to be admitted to {request.reference}"),
        e.plain("Who", request.member_name or "Not stated", limit=e.LINE_BYTES),
        e.facts([*facts, ("Asked", words.when(request.asked_on))]),
        e.quiet(f"Or type *admit {request.reference}* or *refuse {request.reference}* and the name."),
    ]
    reference, number = request.reference, str(request.id)
    return body, [
        e.submits(
            "Admit", Verb.ADMIT, in_dialog=False, main=True, reference=reference, request=number, key=request.key
        ),
        e.submits("Decline", Verb.REFUSE, in_dialog=False, reference=reference, request=number, key=request.key),
    ]


def answer_card(request: Request) -> JSON:
    """The holder's answer as the asker hears of it."""
    admitted = request.status == RequestStatus.ADMITTED
    told = (
        f"You are admitted to {request.reference}. Type *referral {request.reference}* to me to see it."
        if admitted
        else f"Its holder has not admitted you to {request.reference}, or no longer does."
    )
    return said(f"Referral {request.reference}", told)


def requests_card(found: Sequence[tuple[Request, str]]) -> JSON:
    """The requests that await an answer, each with its agency's name."""
    if not found:
        return said("Requests", "Nobody waits for an answer from you.")
    rows = [
        e.plain(f"{request.reference}, {e.named(agency) or 'agency not stated'}", request.member_name, limit=200)
        for request, agency in found[:SHOWN]
    ]
    body = [
        e.heading("Requests"),
        e.text(f"{words.count(len(found), 'person', 'people')} waiting for an answer from you."),
        *rows,
        e.quiet("Type *admit R-14* or *refuse R-14* and the name."),
    ]
    return e.card(body, speak=f"{words.count(len(found), 'request')} waiting for you.")
