"""What may be done with a referral beside answering it, and the short form of each step. Shows nobody's details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from board.case_steps import CaseStep
from board.records import Member
from cards import elements as e
from cards import words
from cards.actions import member_input
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "More with a referral"

OFFERS: dict[CaseStep, str] = {
    CaseStep.RECEIPT: "Another forum has it",
    CaseStep.BACK: "Take it back",
    CaseStep.RESTRICT: "Restrict it",
    CaseStep.HOLDER: "Give it another holder",
    CaseStep.UNRESTRICT: "Restrict it no longer",
    CaseStep.WITHDRAW: "Withdraw it",
}
"""What each step's button says."""

MEANS: dict[CaseStep, str] = {
    CaseStep.RECEIPT: "The receiving forum has said that it has the referral. It is closed here.",
    CaseStep.BACK: "The other forum does not take it: it goes to the subgroup, and is listed for its next meeting.",
    CaseStep.HOLDER: "The holder answers who else is admitted, and sees what is restricted. It is recorded who passed "
    "it on.",
    CaseStep.UNRESTRICT: "Everybody who would see it without a restriction sees it again. Who was admitted is "
    "forgotten: restricting it again begins anew.",
    CaseStep.WITHDRAW: "It is closed, nobody is asked about it any more, and its record is kept. To have it taken up "
    "again, a new referral is made.",
}
"""What follows from a step, told before it is taken."""

TYPED: dict[CaseStep, str] = {
    CaseStep.RECEIPT: "receipt {reference} NAME",
    CaseStep.BACK: "back {reference} why",
    CaseStep.RESTRICT: "restrict {reference}",
    CaseStep.HOLDER: "holder {reference} name",
    CaseStep.UNRESTRICT: "unrestrict {reference}",
    CaseStep.WITHDRAW: "withdraw {reference} why",
}
"""What is typed for it instead."""


def more_button(reference: str, *, in_dialog: bool) -> JSON:
    """The way to this, on a referral's own cards."""
    return e.submits("More", Verb.CASE, checks=False, in_dialog=in_dialog, reference=reference)


def steps_card(reference: str, steps: Sequence[CaseStep], *, in_dialog: bool) -> JSON:
    """The steps that this person may take now, each with what is typed for it."""
    if not steps:
        said = f"There is nothing else that you can do with {reference} as it stands."
        return e.card([e.heading(f"Referral {reference}"), e.text(said)], speak=said)
    typed = [f"*{TYPED[step].format(reference=reference)}*" for step in steps]
    body = [
        e.heading(f"Referral {reference}"),
        e.text("What would you like to do? Nothing happens before you have seen what it means."),
        e.quiet(f"Or type {words.joined(typed)}."),
    ]
    actions = [
        e.submits(OFFERS[step], Verb.CASE_FORM, checks=False, in_dialog=in_dialog, reference=reference, step=step)
        for step in steps
    ]
    return e.card(body, speak=f"What you can do with {reference}.", actions=actions)


def case_step_form(
    reference: str,
    step: CaseStep,
    key: str,
    *,
    in_dialog: bool,
    members: Sequence[Member] = (),
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """What a step means, and the one thing it needs; after an error as it was typed."""
    send = e.submits(
        OFFERS[step], Verb.CASE_STEP, main=True, in_dialog=in_dialog, reference=reference, step=step, key=key
    )
    back = e.submits("Back", Verb.CASE, checks=False, in_dialog=in_dialog, reference=reference)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        told = f"{e.shortened(said, 2000)} {words.TYPED_BELOW}" if values else e.shortened(said, 2000)
        body = [
            *([e.warning(told)] if said else []),
            e.heading(f"{OFFERS[step]}: {reference}"),
            e.text(MEANS[step]),
            *_asked(step, members, typed),
        ]
        return e.card(body, speak=f"{OFFERS[step]}: {reference}. {MEANS[step]}", actions=[send, back])

    return e.fitted(made)


def _asked(step: CaseStep, members: Sequence[Member], typed: Any) -> list[JSON]:
    if step is CaseStep.HOLDER:
        return [member_input("holder", members, typed("holder"), required=True)]
    if step is CaseStep.RECEIPT:
        return [e.line_input("receipt_by", typed("receipt_by"), required=True, hint="A name, and their post")]
    if step is CaseStep.UNRESTRICT:
        return []
    return [e.paragraph_input("rationale", typed("rationale"), required=True)]


def taken_card(said: str) -> JSON:
    """What a step came to."""
    return e.card([e.heading("Kept"), e.text(said)], speak=said)
