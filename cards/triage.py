"""The gate: what waits, one case with the definitions beside the choice, and what a referrer hears of each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from board import references
from board.path import CHOICES, MAPPA, PDP, Waiting
from board.records import Definition, Referral, Return, Subject
from board.repeats import Ground
from board.returning import progress
from board.vocabulary import CONCERNS, DECLINE_REASONS, Status, Urgency
from cards import elements as e
from cards import look, words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Triage"
LIMIT = 20
HOW = (
    "Please say where it goes and why, after a colon: *triage R-14 subgroup: why*, *triage R-14 mappa cat 2 level 1: "
    "why*, *triage R-14 pdp: why*, *triage R-14 forum MARAC: why* or *triage R-14 decline below the threshold: why*."
)
ORDER = "The gate is asked in this order: MAPPA, then potentially dangerous person, then the subgroup."

KEPT: dict[str, str] = {
    Status.TRIAGED: "goes to the subgroup. It is on the list that is made for its next meeting.",
    Status.REDIRECTED: "is redirected. It stays open until you type *receipt {reference} NAME* for who has it there.",
    Status.DECLINED: "is declined and closed. Its referrer hears of it.",
    Status.WITHDRAWN: "is withdrawn and closed.",
}

HEARS: dict[str, str] = {
    Status.TRIAGED: "It goes to the subgroup, and is listed for one of its next meetings.",
    Status.REDIRECTED: "It is redirected to another forum. It stays open here until that forum has received it.",
    Status.DECLINED: "It is not taken on by the board. The mental health team can tell you more.",
    Status.LISTED: "It is on the list for the subgroup's next meeting.",
    Status.HEARD: "The subgroup has heard it. A plan for it may follow.",
    Status.PLAN: "A plan for it is agreed.",
    Status.NO_PLAN: "The subgroup has heard it and needs no plan for it.",
    Status.REVIEWED: "The subgroup has reviewed it.",
    Status.CLOSED: "It is closed.",
    Status.WITHDRAWN: "It is withdrawn.",
}
"""What a referrer is told of each state: what it is and what follows, never why or about whom."""

GROUNDS = {each.name: each.value for each in Ground}
"""By what somebody was recognised."""

RECEIVED_THERE = "The forum that it was redirected to has received it. It is closed here."


def waiting_card(found: Waiting) -> JSON:
    """What waits at the gate, by reference alone."""
    total = f"{words.count(len(found.untriaged), 'referral')} to triage, {len(found.unreceived)} without a receipt."
    body = [e.heading(TITLE), e.text(total)]
    for heading, rows in (("To triage", found.untriaged), ("Redirected, without a receipt", found.unreceived)):
        if rows:
            body += [e.subheading(heading), *[_waits(row, found.late) for row in rows[:LIMIT]]]
            if len(rows) > LIMIT:
                body.append(e.quiet(f"and {len(rows) - LIMIT} more"))
    body += e.buttons(
        e.opens_dialog(f"{row.reference}, redirected", Verb.CASE, reference=row.reference)
        for row in found.unreceived[:5]
    )
    if not found.untriaged and not found.unreceived:
        body.append(e.text("Nothing waits."))
    body.append(e.quiet("Type *triage R-14* to see one, *receipt R-14 NAME* once another forum has it."))
    first = [
        e.opens_dialog(f"Triage {row.reference}", Verb.TRIAGE, reference=row.reference) for row in found.untriaged[:5]
    ]
    return e.card(body, speak=f"{TITLE}: {total}", actions=first)


def _waits(row: Referral, late: frozenset[str]) -> JSON:
    concern = row.concern if row.concern in CONCERNS else "Concern not stated"
    urgency = row.urgency if row.urgency in tuple(Urgency) else "Urgency not stated"
    since = row.redirected_on if row.status == Status.REDIRECTED else row.received_on
    parts = [concern, urgency, f"since {words.when(since)}", "late" if row.reference in late else ""]
    return e.entry(row.reference, " · ".join(part for part in parts if part))


def triage_card(
    referral: Referral,
    subjects: Sequence[Subject],
    returns: Sequence[Return],
    beside: Sequence[Definition],
    *,
    forums: Sequence[str],
    key: str,
    in_dialog: bool,
    at_the_gate: bool,
) -> JSON:
    """A case to one member of the mental health team, after the look is recorded, and the gate's form."""
    reference = referral.reference

    def made(share: float) -> JSON:
        awaited = progress(referral, returns).awaited
        body = [
            e.heading(f"Triage of {reference}"),
            *look.who(referral, subjects, share / 2),
            *([e.plain("Answers awaited", ", ".join(awaited[:12]))] if awaited else []),
        ]
        if not at_the_gate:
            return e.card([*body, e.text("It is past the gate.")], speak=f"Triage of {reference}.")
        if in_dialog:
            body += _form({"urgency": referral.urgency}, beside, forums, share / 2)
            actions = [_send(reference, key, in_dialog=True)]
        else:
            body += [*_beside(beside, share), e.text(HOW)]
            actions = []
        return e.card(body, speak=f"Triage of {reference}.", actions=actions)

    return e.fitted(made)


def triage_again(
    reference: str,
    beside: Sequence[Definition],
    *,
    forums: Sequence[str],
    key: str,
    in_dialog: bool,
    values: Mapping[str, Any],
    said: str,
) -> JSON:
    """The gate's form as it was typed, to be sent again; without the person's details, which need a look."""

    def made(share: float) -> JSON:
        body = [
            e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}"),
            e.heading(f"Triage of {reference}"),
            *_form(values, beside, forums, share / 2),
        ]
        actions = [_send(reference, key, in_dialog=in_dialog)]
        return e.card(body, speak=f"Triage of {reference}, to be sent again.", actions=actions)

    return e.fitted(made)


def _send(reference: str, key: str, *, in_dialog: bool) -> JSON:
    return e.submits(
        "Keep the triage", Verb.TRIAGE_SUBMIT, main=True, in_dialog=in_dialog, reference=reference, key=key
    )


def _form(values: Mapping[str, Any], beside: Sequence[Definition], forums: Sequence[str], share: float) -> list[JSON]:
    typed = e.typed(values, share)
    return [
        e.subheading("The gate"),
        e.quiet(ORDER),
        *_beside(beside, share),
        e.choice_input("mappa", MAPPA, typed("mappa"), required=True),
        e.choice_input("pdp", PDP, typed("pdp"), required=True),
        e.choice_input("gate", CHOICES, typed("gate"), required=True),
        e.line_input("redirect_to", typed("redirect_to"), hint=_examples(forums)),
        e.choice_input("decline_reason", DECLINE_REASONS, typed("decline_reason")),
        e.choice_input("urgency", Urgency, typed("urgency")),
        e.paragraph_input("rationale", typed("rationale"), required=True),
    ]


def _examples(forums: Sequence[str]) -> str:
    shown = ", ".join(e.named(code)[:20] for code in forums[:4])
    return f"Only for another forum, such as {shown}" if shown else "Only for another forum"


def _beside(beside: Sequence[Definition], share: float) -> list[JSON]:
    """The wordings in use, with their source: people edit the list, so they stand as they are."""
    limit = int(share * e.PARAGRAPH_BYTES)
    return [
        e.entry(f"{e.shortened(each.term, 60)}:", e.shortened(f"{each.words} ({each.source})", limit))
        for each in beside
    ]


def triage_kept(referral: Referral) -> JSON:
    """What the gate's form came to."""
    said = kept(referral)
    return e.card([e.heading("Kept"), e.text(said)], speak=said)


def kept(referral: Referral) -> str:
    """What a move came to, in a sentence."""
    if referral.status == Status.REDIRECTED and referral.receipt_on is not None:
        return f"The receipt of {referral.reference} is kept, and it is closed here."
    return f"{referral.reference} {KEPT.get(referral.status, 'is kept.').format(reference=referral.reference)}"


def named(said: str) -> str:
    """A reference as we write it."""
    return references.reference(references.REFERRAL, references.item_id(said, references.REFERRAL))


def state_card(reference: str, status: str, *, received_there: bool) -> JSON:
    """What the referrer hears of a step, in a private chat."""
    said = RECEIVED_THERE if received_there else HEARS.get(status, "It has gone a step further.")
    body = [
        e.heading(f"Your referral {reference}"),
        e.text(said),
        e.quiet(f"Type *referral {reference}* to see it, or *withdraw {reference}* and why."),
        e.notice(words.NOT_MONITORED),
    ]
    over = received_there or status in (Status.DECLINED, Status.WITHDRAWN, Status.CLOSED)
    more = [] if over else [e.opens_dialog("More", Verb.CASE, reference=reference)]
    return e.card(body, speak=f"Your referral {reference}. {said}", actions=more)


def repeat_card(reference: str, before: str, ground: str) -> JSON:
    """That a referral is about somebody who was referred before, to a member who may look at both."""
    known = GROUNDS.get(ground, "")
    said = f"{reference} is about somebody who was referred before, as {before}."
    body = [
        e.heading(TITLE),
        e.text(said),
        *([e.text(f"Recognised by {known}. Please check that it is the same person.")] if known else []),
        e.quiet(f"Type *look {before}* and why to see who that was."),
    ]
    return e.card(body, speak=said)


def gate_digest(found: Waiting) -> JSON:
    """What is late at the gate, once a working day, to each of the mental health team."""
    rows = [row for row in (*found.untriaged, *found.unreceived) if row.reference in found.late]
    total = f"{words.count(len(rows), 'referral')} late at the gate."
    body = [
        e.heading(TITLE),
        e.text(total),
        *[_waits(row, frozenset()) for row in rows[:LIMIT]],
        e.quiet("Type *triage* for all that waits."),
    ]
    return e.card(body, speak=total)


def definition_card(definition: Definition) -> JSON:
    """What a word means to the board."""
    body = [
        e.heading("Definition"),
        e.plain("Term", definition.term),
        e.plain(f"Meaning (wording {definition.version})", definition.words, limit=e.PARAGRAPH_BYTES),
        e.plain("Source", definition.source or "not stated", limit=e.PARAGRAPH_BYTES),
        e.quiet("The list *Definitions* holds them; a newer wording is a row of its own."),
    ]
    return e.card(body, speak="What a word means to the board.")


def no_term(nearest: str, known: Iterable[str]) -> str:
    """The sentence for a word that has no definition here."""
    terms = ", ".join(words.tame(term) for term in known)[:600]
    offer = f" Did you mean *help {words.tame(nearest)}*?" if nearest else ""
    return f"I have no definition of that.{offer} I know: {terms}."
