"""A referral as a channel may see it, and the list of those open. Takes a `ReferralFace`, so it cannot say more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from board.notices import ReferralFace
from board.vocabulary import Urgency
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

LIST_LIMIT = 15
"""Rows shown at once: fifteen of the longest keep the card near 12 KB."""

AWAITED_LIMIT = 12
"""Awaited agencies named at once; the others are counted."""


def summary(face: ReferralFace) -> str:
    """What a notification says: no more than the card does."""
    return f"Referral {face.reference}: {'restricted' if face.restricted else _concern(face)}"


@dataclass(frozen=True, slots=True)
class Mine:
    """What a referral is to the person who sees its card: whether their agency is asked and has answered, and why they
    may not look, where they may not."""

    asked: bool = False
    answered: bool = False
    refused: str = ""


def channel_card(face: ReferralFace, mine: Mine | None = None) -> JSON:
    """The one card a channel gets for a referral; posted once and updated in place.

    `mine`: as one person sees it. It says no more of the referral, so it may stand where others read along.
    """
    made = _restricted(face) if face.restricted else _open(face, mine)
    return e.refreshed(made, Verb.REFERRAL_VIEW, reference=face.reference) if face.open else made


def _for_me(mine: Mine | None) -> tuple[str, str]:
    """What is said to one person, and what their button says; no button for whoever may not look."""
    if mine is None:
        return "", "See who this is"
    if mine.refused:
        return f"You: {mine.refused[:1].lower()}{mine.refused[1:]}", ""
    if mine.asked and not mine.answered:
        return "Your agency is awaited.", "See who this is, and answer"
    return "Your agency has answered." if mine.asked else "", "See who this is"


def _open(face: ReferralFace, mine: Mine | None) -> JSON:
    body = [
        e.heading(f"Referral {face.reference}"),
        e.text(_concern(face)),
        e.facts(_facts(face)),
        e.subheading(answers(face)),
        e.quiet(awaited(face)),
    ]
    if not face.open:
        return e.card([*body, e.text("This referral is closed.")], speak=_spoken(face))
    said, button = _for_me(mine)
    typed = f"Or type *referral {face.reference}* to me in a private chat."
    body += [*([e.text(said)] if said else []), *([e.quiet(typed)] if button else []), e.notice(words.NOT_MONITORED)]
    look = [e.opens_dialog(button, Verb.LOOK, reference=face.reference)] if button else []
    return e.card(body, speak=_spoken(face), actions=look)


def _restricted(face: ReferralFace) -> JSON:
    """The channel's card of a restricted referral: a pointer."""
    spoken = f"Referral {face.reference} is restricted."
    involved = f"{words.count(face.involved, 'agency is', 'agencies are')} involved."
    body = [e.heading(f"Referral {face.reference}"), e.text("This referral is restricted."), e.text(involved)]
    if not face.open:
        return e.card([*body, e.text("This referral is closed.")], speak=spoken)
    typed = f"To ask its holder to be admitted, type *ask {face.reference}* to me in a private chat."
    look = e.opens_dialog("See who this is", Verb.LOOK, reference=face.reference)
    return e.card([*body, e.quiet(typed), e.notice(words.NOT_MONITORED)], speak=spoken, actions=[look])


def referrals_card(faces: Sequence[ReferralFace], total: int) -> JSON:
    """The open referrals, newest first; `total` counts those beyond the card too."""
    if not faces:
        body = [e.heading("Referrals"), e.text("No referral is open. Say *refer* to make one.")]
        return e.card(body, speak="No referral is open.")
    shown = faces[:LIST_LIMIT]
    speak = f"{words.count(total, 'referral')} open."
    body = [e.heading("Referrals"), e.text(speak), *(_row(face) for face in shown)]
    if total > len(shown):
        body.append(e.quiet(f"The {len(shown)} newest are shown. Ask for one by its number: *referral R-14*."))
    return e.card(body, speak=speak)


def _row(face: ReferralFace) -> JSON:
    if face.restricted:
        return _listed(face, "Restricted", f"{words.count(face.involved, 'agency', 'agencies')} involved")
    urgency = face.urgency or "Urgency not stated"
    if face.urgency == Urgency.IMMEDIATE:
        urgency = f"**{urgency}**"
    return _listed(face, _concern(face), f"{urgency} · {_from(face)} · {answers(face)}")


def _listed(face: ReferralFace, what: str, more: str) -> JSON:
    return {
        "type": "Container",
        "separator": True,
        "spacing": "Small",
        "items": [
            {"type": "TextBlock", "text": f"**{face.reference}** · {what}", "wrap": True},
            e.quiet(more) | {"spacing": "None"},
        ],
    }


def facts(face: ReferralFace) -> JSON:
    """Where it comes from, how soon, since when: for cards that show more beside it."""
    return e.facts(_facts(face))


def _facts(face: ReferralFace) -> list[tuple[str, str]]:
    return [
        ("From", _from(face)),
        ("How soon", face.urgency or "Not stated"),
        ("Received", words.when(face.received_on)),
        ("Status", face.status or "Not stated"),
    ]


def _concern(face: ReferralFace) -> str:
    return face.concern or "Kind of concern not stated"


def _from(face: ReferralFace) -> str:
    return e.named(face.agency) or "Agency not stated"


def answers(face: ReferralFace) -> str:
    """How far the asking has come."""
    if not face.asked:
        return "No agency is asked yet"
    return f"{face.answered} of {words.count(face.asked, 'agency', 'agencies')} answered"


def awaited(face: ReferralFace) -> str:
    """Who has not answered yet; those without a name of theirs to show are counted, never left out."""
    if face.answered >= face.asked:
        return "Nobody is awaited." if face.asked else "The mental health team will say who is asked."
    names = [name for each in face.awaited[:AWAITED_LIMIT] if (name := e.named(each))]
    others = face.asked - face.answered - len(names)
    if others and names:
        names.append(words.count(others, "other agency", "other agencies"))
    elif others:
        names.append(f"{words.count(others, 'agency', 'agencies')} not on the list of agencies")
    return f"Awaited: {words.joined(names)}."


def _spoken(face: ReferralFace) -> str:
    return f"{summary(face)}. From {_from(face)}. {answers(face)}. {awaited(face)}"
