"""Agreements: what is in force and who signed it, recording a signature, a new version, and what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from board.agreements import Due, Party, Stands, What, named
from board.records import Agency, Agreement
from board.vocabulary import AgreementKind
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Agreements"
LISTED = 25
OPENED = 5
"""Agreements that have a button of their own; any is opened by its reference."""

SIGNATORIES = 40
DUES = 20

TYPED = (
    "Or type *agreement signed ISA MHT 2026-11-29 until 2027-11-29*, or *agreement ended ISA MHT why*: "
    "ISA, TOR, S135, S136, ADVICE or a number such as G-3."
)
NO_ACCESS = "Its members see no case until it is signed again."


@dataclass(frozen=True, slots=True)
class Kept:
    """One agreement with those who are to sign it, as far as the person who asks may see."""

    agreement: Agreement
    parties: Sequence[Party]


def agreements_card(found: Sequence[Kept], due: Sequence[Due], today: date, *, may_keep: bool) -> JSON:
    """What is in force, who signed, and what is due within three months."""
    if not found:
        said = "No agreement is recorded yet."
        how = "Add the terms of reference and the information sharing agreement first." if may_keep else ""
        body = [e.heading(TITLE), e.text(f"{said} {how}".strip())]
        return e.card([*body, *_due_lines(due, today)], speak=said, actions=[_add()] if may_keep else [])
    said = f"{words.count(len(found), 'agreement')} in force."
    body = [e.heading(TITLE), e.text(said), *[_entry(each) for each in found[:LISTED]], *_due_lines(due, today)]
    body.append(e.quiet("Type *agreement* and its number, such as *agreement G-3*, to see one."))
    buttons = [_open(named(each.agreement)) for each in found[:OPENED]]
    return e.card(body, speak=said, actions=[*buttons, *([_add()] if may_keep else [])])


def _add() -> JSON:
    return e.submits("Add an agreement", Verb.AGREEMENT_FORM, in_dialog=False, checks=False)


def _open(reference: str) -> JSON:
    return e.submits(f"Open {reference}", Verb.AGREEMENT, in_dialog=False, checks=False, reference=reference)


def _title(agreement: Agreement, limit: int = 120) -> str:
    return f"{e.shortened(agreement.title or agreement.kind or 'Untitled', limit)}, version {agreement.version}"


def _entry(each: Kept) -> JSON:
    agreement = each.agreement
    parts = [_signed(each.parties)]
    parts += [f"review by {words.day(agreement.review_on)}"] if agreement.review_on else []
    parts += [f"expires on {words.day(agreement.expires_on)}"] if agreement.expires_on else []
    return e.entry(f"{named(agreement)} {_title(agreement)}", " · ".join(parts))


def _signed(parties: Sequence[Party]) -> str:
    there = [each for each in parties if each.stands is Stands.SIGNED]
    said = f"{len(there)} of {len(parties)} signed"
    for stands, what in ((Stands.LAPSED, "lapsed"), (Stands.UNSIGNED, "not signed"), (Stands.EARLIER, "asked anew")):
        codes = [e.shortened(words.tame(each.code), 20) for each in parties if each.stands is stands]
        said += f", {what}: {words.joined(codes[:12])}" if codes else ""
    return said


def _due_lines(due: Sequence[Due], today: date) -> list[JSON]:
    if not due:
        return []
    lines = [due_line(each, today) for each in due[:DUES]]
    more = [e.quiet(f"And {len(due) - DUES} more.")] if len(due) > DUES else []
    return [e.subheading("Due within three months, or late"), *lines, *more]


def due_line(due: Due, today: date) -> JSON:
    """One thing that is due of an agreement, in a line."""
    label = f"{due.reference} {e.shortened(due.title, 120)}".strip()
    return e.entry(label, due_words(due, today))


def due_words(due: Due, today: date) -> str:
    """What is due of an agreement, or was, in words; for a card or on paper."""
    codes = words.joined([e.shortened(words.tame(each), 20) for each in due.agencies[:SIGNATORIES]])
    past, day = due.on <= today, words.day(due.on)
    if due.what is What.ASKED:
        return f"version {due.version} asks {codes} to sign"
    if due.what is What.REVIEW:
        return f"was to be reviewed by {day}" if due.on < today else f"to be reviewed by {day}"
    if due.what is What.EXPIRY:
        return f"expired on {day}" if past else f"expires on {day}"
    follows = "; members see no case from that day until it is signed again" if due.shares else ""
    return f"the signature of {codes} {'lapsed' if past else 'lapses'} on {day}{follows}"


def agreement_card(
    of: Kept, agencies: Sequence[tuple[str, str]], *, may_keep: bool, in_dialog: bool, said: str = "", warned: str = ""
) -> JSON:
    """One agreement, who signed it until when; for those who keep it, recording a signature and its next version.

    `agencies` are the titles and codes to choose from.
    """
    agreement = of.agreement
    facts = [("Kind", agreement.kind if agreement.kind in tuple(AgreementKind) else "Not stated")]
    facts += [("Status", f"{_status(agreement)}, version {agreement.version}")]
    facts += [("Review by", words.day(agreement.review_on) if agreement.review_on else "no day")]
    facts += [("Expires on", words.day(agreement.expires_on) if agreement.expires_on else "no day")]

    def made(share: float) -> JSON:
        shown = of.parties[: max(int(share * SIGNATORIES), 3)]
        body = [
            *([e.warning(e.shortened(warned, 2000))] if warned else []),
            *([e.text(said)] if said else []),
            e.heading(f"Agreement {named(agreement)}"),
            e.plain("Title", agreement.title or "none"),
            e.facts(facts),
            e.subheading(f"Signatories: {_count(of.parties)}"),
            *[
                e.entry(f"{e.named(each.name) or 'No name'} ({e.shortened(each.code, 20)})", _party(each))
                for each in shown
            ],
            *([e.quiet(f"And {len(of.parties) - len(shown)} more.")] if len(shown) < len(of.parties) else []),
            *(_inputs(agencies) if may_keep else []),
        ]
        buttons = _keeps(agreement, in_dialog) if may_keep else []
        return e.card(body, speak=f"Agreement {named(agreement)}.", actions=[*buttons, *_text_of(agreement)])

    return e.fitted(made)


def _status(agreement: Agreement) -> str:
    return agreement.status if agreement.status in ("In force", "Replaced", "Ended") else "Not stated"


def _count(parties: Sequence[Party]) -> str:
    return f"{sum(each.stands is Stands.SIGNED for each in parties)} of {len(parties)}"


def _party(party: Party) -> str:
    until = f", until {words.day(party.until)}" if party.until else ""
    if party.stands is Stands.UNSIGNED:
        return "Not signed"
    if party.stands is Stands.LAPSED:
        return f"Lapsed on {words.day(party.until)}"
    if party.stands is Stands.EARLIER:
        return f"Asked anew: signed an earlier version on {words.day(party.signed_on)}{until}"
    return f"Signed on {words.day(party.signed_on)}{until}"


def _inputs(agencies: Sequence[tuple[str, str]]) -> list[JSON]:
    if not agencies:
        return []
    return [
        e.subheading("Record what an agency did"),
        e.titled_choices("signing_agency", agencies[:SIGNATORIES]),
        e.date_input("signed_on"),
        e.date_input("signed_until"),
        e.line_input("why", hint="Needed where a signature is ended"),
        e.quiet(TYPED),
    ]


def _keeps(agreement: Agreement, in_dialog: bool) -> list[JSON]:
    reference = named(agreement)
    return [
        e.submits("Record the signature", Verb.AGREEMENT_SIGN, main=True, in_dialog=in_dialog, reference=reference),
        e.submits("End its signature today", Verb.AGREEMENT_END, in_dialog=in_dialog, reference=reference),
        e.submits("New version", Verb.AGREEMENT_FORM, checks=False, in_dialog=in_dialog, reference=reference),
    ]


def _text_of(agreement: Agreement) -> list[JSON]:
    return e.opens_link("Read it", agreement.link)


def agreement_form(
    key: str,
    *,
    in_dialog: bool,
    of: Agreement | None = None,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """The form for a new agreement, or for the next version of one (`of`); after an error as it was typed."""
    send = e.submits(
        "Put it before the partners",
        Verb.AGREEMENT_SUBMIT,
        main=True,
        in_dialog=in_dialog,
        key=key,
        reference=named(of) if of else "",
    )

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"A new version of {named(of)}" if of else "A new agreement"),
            e.text("All who are to sign are asked anew. An earlier signature holds until it lapses."),
            *([e.plain("Title", of.title or "none")] if of else _kind(typed)),
            e.date_input("review_on", typed("review_on")),
            e.date_input("expires_on", typed("expires_on")),
            e.line_input("link", typed("link"), hint="https://"),
            e.line_input("parties", typed("parties")),
            e.quiet("Or type *agreement add ISA; title; 2027-06-01; 2028-01-01; https://…*: review, then expiry."),
        ]
        return e.card(body, speak="An agreement to be put before the partners.", actions=[send])

    return e.fitted(made)


def _kind(typed: Any) -> list[JSON]:
    return [
        e.choice_input("agreement_kind", tuple(AgreementKind), typed("agreement_kind"), required=True),
        e.line_input("agreement_title", typed("agreement_title"), limit=120),
    ]


def agreements_due_card(due: Sequence[Due], day: date) -> JSON:
    """What one person is told of agreements on a day, all in one."""
    said = f"Agreements: {words.count(len(due), 'thing')} to see to."
    more = [e.quiet(f"And {len(due) - DUES} more.")] if len(due) > DUES else []
    how = "Type *agreements* to see who signed. A chair or an administrator records a signature."
    body = [
        e.heading("Agreements due"),
        e.text(f"As of {words.weekday(day)}."),
        *[due_line(each, day) for each in due[:DUES]],
        *more,
    ]
    return e.card([*body, e.quiet(how)], speak=said)


def access_card(name: str, *, sees: bool, until: date | None) -> JSON:
    """That an agency's members see no case from now on, or see cases again."""
    agency = e.named(name) or "An agency"
    if sees:
        said = f"{agency} has signed the information sharing agreement: its members see cases again."
        follows = f"It holds until {words.day(until)}." if until else "It holds until it is ended."
        return e.card([e.heading("Signed again"), e.text(said), e.quiet(follows)], speak=said)
    said = f"{agency} has no information sharing agreement in force any more."
    follows = (
        "Answers asked of it stay awaited. A chair or an administrator records the new signature: "
        "*agreement signed ISA*, the agency's code and the day."
    )
    return e.card([e.heading("Agreement lapsed"), e.warning(f"{said} {NO_ACCESS}"), e.quiet(follows)], speak=said)


def recorded(agency: Agency, kind: str, *, ends: bool, today: date) -> str:
    """What was recorded, and what follows for the agency's members."""
    name = e.named(agency.name) or e.named(agency.code)
    shares = kind == AgreementKind.ISA
    if ends:
        return f"The signature of {name} ends today." + (f" {NO_ACCESS}" if shares else "")
    follows = " Its members see cases." if shares and agency.isa_current(today) else ""
    return f"Recorded: {name} has signed.{follows}"
