"""Making a referral: the way in, the two-minute form, the rest of it, and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from board.notices import ReferralFace
from board.referring import AWARE
from board.vocabulary import CONCERNS, INDICATORS, MENTAL_HEALTH_ACT, SHARING_BASES, PersonRole, Urgency
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

PROMPT = "What happened or may happen, to whom, how soon, why now, and how do you know?"
TYPED = (
    "Or type it in a private chat: "
    "*refer name: …; concern: …; urgency: …; why: what, to whom, how soon, why now* "
    "(optional: *born: 1990-05-31; ask: …*)."
)


PERSON = "Somebody who may be at risk"
ROLES = (PersonRole.AT_RISK, PersonRole.THIRD_PARTY)
PERSON_TYPED = "Or type *person R-14 at risk: name; is: his brother; born: 1990-05-31* in a private chat."


def invitation(*, private: bool) -> JSON:
    """The way in. In a private chat the form can also be filled in on the spot, where dialogs do not open."""
    body = [
        e.heading("Make a referral"),
        e.text(
            "Two minutes are enough: who it is about, the kind of concern, how soon, and why now. The rest can follow."
        ),
        e.notice(words.NOT_MONITORED),
        e.quiet(TYPED),
    ]
    actions = [e.opens_dialog("Open the form", Verb.REFER)]
    if private:
        actions.append(e.submits("Fill it in here", Verb.REFER, in_dialog=False, checks=False))
    return e.card(body, speak="Make a referral. Choose Open the form.", actions=actions)


def form(
    key: str,
    *,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """The two-minute form. When it could not be sent it comes back with what was typed, and `said` says why."""

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *_warned(said, share),
            e.notice(words.NOT_MONITORED),
            e.quiet("Only the restricted list and people entitled to it see what you write here."),
            e.line_input("name", typed("name"), required=True, hint="If not known, what you know: a description"),
            e.date_input("date_of_birth", typed("date_of_birth")),
            e.choice_input("concern", CONCERNS, typed("concern"), required=True),
            e.choice_input("urgency", Urgency, typed("urgency"), required=True, expanded=True),
            e.paragraph_input("why_now", typed("why_now"), required=True, hint=PROMPT),
            e.paragraph_input("asked_for", typed("asked_for"), hint="Which agency is right for this, and to do what?"),
            e.line_input("contact", typed("contact"), hint="Telephone, if Teams is not the best way"),
        ]
        send = e.submits("Send the referral", Verb.REFER_SUBMIT, main=True, in_dialog=in_dialog, key=key)
        return e.card(body, speak="Referral form. Name, concern, urgency and why now are needed.", actions=[send])

    return e.fitted(made)


def person_form(
    key: str, reference: str, *, in_dialog: bool, values: Mapping[str, Any] | None = None, said: str = ""
) -> JSON:
    """Somebody who may be at risk, or another third party: kept with the referral, and shown as it is after a look."""

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *_warned(said, share),
            e.subheading(f"{PERSON}: {reference}"),
            e.notice(words.NOT_MONITORED),
            e.quiet("Write who they are here, not in what you tell about the case. Only people entitled to it see it."),
            e.choice_input("person_role", ROLES, typed("person_role") or ROLES[0], required=True, expanded=True),
            e.line_input("name", typed("name"), required=True, hint="If not known, what you know: a description"),
            e.line_input("relationship", typed("relationship"), hint="Brother, neighbour, member of staff"),
            e.date_input("date_of_birth", typed("date_of_birth")),
            e.line_input("aliases", typed("aliases")),
            e.line_input("nhs_number", typed("nhs_number"), limit=20),
            e.line_input("pnc_id", typed("pnc_id"), limit=30),
            e.line_input("address_area", typed("address_area"), hint="Town or district is enough"),
            e.line_input("whereabouts", typed("whereabouts")),
            e.quiet(PERSON_TYPED),
        ]
        send = e.submits(
            "Add this person", Verb.PERSON_SUBMIT, main=True, in_dialog=in_dialog, key=key, reference=reference
        )
        return e.card(body, speak=f"{PERSON} of {reference}. A name is needed.", actions=[send])

    return e.fitted(made)


def person_kept(reference: str, *, in_dialog: bool) -> JSON:
    """That somebody is kept with a referral: not who."""
    said = f"Kept with {reference}."
    again = e.submits("Add another person", Verb.PERSON, in_dialog=in_dialog, checks=False, reference=reference)
    return e.card([e.heading(said), e.notice(words.NOT_MONITORED)], speak=said, actions=[again])


def receipt(face: ReferralFace, *, in_dialog: bool) -> JSON:
    """Proof that a referral was kept, with its reference, and the way to add the rest now."""
    said = f"Your referral is kept as {face.reference}."
    body = [
        e.heading(said),
        e.text(
            f"{words.count(face.asked, 'agency is', 'agencies are')} being asked what they know. No card names anyone."
        ),
        e.text(f"To add to it later, type *referral {face.reference}* to me in a private chat."),
        e.notice(words.NOT_MONITORED),
    ]
    more = e.submits("Add the rest now", Verb.REFER_MORE, in_dialog=in_dialog, checks=False, reference=face.reference)
    person = e.submits("Add somebody at risk", Verb.PERSON, in_dialog=in_dialog, checks=False, reference=face.reference)
    return e.card(body, speak=said, actions=[more, person])


def receipt_message(face: ReferralFace) -> JSON:
    """The receipt as it stays in the referrer's private chat: the reference and no more."""
    said = f"Your referral is kept as {face.reference}."
    body = [
        e.heading(said),
        e.facts([("Received", words.when(face.received_on)), ("Agencies asked", str(face.asked))]),
        e.text(f"To see how far it has come, or to add to it, type *referral {face.reference}*."),
        e.notice(words.NOT_MONITORED),
    ]
    return e.card(body, speak=said)


def more_form(
    key: str,
    reference: str,
    *,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """The rest of the referral. Starts empty on purpose: what is stored is shown only after a recorded look."""

    def made(share: float) -> JSON:
        send = e.submits(
            "Add to the referral", Verb.REFER_MORE_SUBMIT, in_dialog=in_dialog, key=key, reference=reference
        )
        body = [*_warned(said, share), *_more_fields(e.typed(values, share), reference)]
        return e.card(body, speak=f"Adding to referral {reference}. Nothing here is compulsory.", actions=[send])

    return e.fitted(made)


def _more_fields(typed: Callable[[str], str], reference: str) -> list[JSON]:
    return [
        e.subheading(f"Adding to {reference}"),
        e.quiet("Fill in what you know. What you leave empty stays as it is."),
        e.choice_input("indicators", INDICATORS, typed("indicators"), many=True, expanded=True),
        e.paragraph_input("how_known", typed("how_known"), hint="Seen, told by whom, recorded where?"),
        e.paragraph_input("urgency_reason", typed("urgency_reason")),
        e.paragraph_input("asked_for", typed("asked_for"), hint="Which agency is right for this, and to do what?"),
        e.paragraph_input("police_involvement", typed("police_involvement")),
        e.choice_input("mental_health_act", MENTAL_HEALTH_ACT, typed("mental_health_act")),
        e.choice_input("sharing_basis", SHARING_BASES, typed("sharing_basis")),
        e.choice_input("person_aware", AWARE, typed("person_aware")),
        e.subheading("About the person"),
        e.line_input("aliases", typed("aliases")),
        e.date_input("date_of_birth", typed("date_of_birth")),
        e.line_input("nhs_number", typed("nhs_number"), limit=20),
        e.line_input("pnc_id", typed("pnc_id"), limit=30),
        e.line_input("other_ids", typed("other_ids"), hint="nDelius, trust number"),
        e.line_input("address_area", typed("address_area"), hint="Town or district is enough"),
        e.line_input("whereabouts", typed("whereabouts")),
        e.subheading("About this referral"),
        e.line_input("crime_reference", typed("crime_reference"), limit=60),
        e.line_input("manager_sign_off", typed("manager_sign_off")),
        e.line_input("contact", typed("contact")),
        e.notice(words.NOT_MONITORED),
    ]


def _warned(said: str, share: float) -> list[JSON]:
    """Why the form is back. One cut to fit says so, since what is sent again is what it shows."""
    below = words.TYPED_BELOW if share == 1 else words.TYPED_BELOW_CUT
    return [e.warning(f"{said} {below}")] if said else []
