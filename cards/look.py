"""Seeing who a referral is about, after a reason, and answering for one's agency. Shown to one person only."""

from __future__ import annotations

from collections.abc import Sequence

from board.notices import ReferralFace
from board.records import Referral, Return, Subject
from board.vocabulary import LOOK_REASONS
from cards import case_steps, words
from cards import elements as e
from cards import referral as face_cards
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Who this is"

PEOPLE = 4
"""People of a case that one card shows; the history has them all."""


def reasons(
    face: ReferralFace,
    key: str,
    *,
    in_dialog: bool,
    may_add: bool = False,
    more: bool = False,
    said: str = "",
) -> JSON:
    """The question before the look: why. Its answer is recorded before anything is shown."""
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"Referral {face.reference}"),
        e.text(face.concern or "Kind of concern not stated"),
        face_cards.facts(face),
        e.text("Who looked, when and why is recorded before the person's details are shown."),
        e.choice_input("reason", LOOK_REASONS, required=True, expanded=True),
    ]
    if not in_dialog:
        body.append(e.quiet(f"Or type *look {face.reference} checking our records*."))
    actions = [
        e.submits("Show me", Verb.LOOK_SUBMIT, main=True, in_dialog=in_dialog, reference=face.reference, key=key)
    ]
    if may_add:
        add = e.submits(
            "Add to this referral", Verb.REFER_MORE, in_dialog=in_dialog, checks=False, reference=face.reference
        )
        person = e.submits(
            "Add somebody at risk", Verb.PERSON, in_dialog=in_dialog, checks=False, reference=face.reference
        )
        actions += [add, person]
    if more:
        actions.append(case_steps.more_button(face.reference, in_dialog=in_dialog))
    return e.card(body, speak=f"Referral {face.reference}. Why do you need to see who it is about?", actions=actions)


def detail(
    referral: Referral,
    subjects: Sequence[Subject],
    *,
    key: str,
    in_dialog: bool,
    may_answer: bool,
    agency: str = "",
    own: Return | None = None,
    may_review: bool = False,
    more: bool = False,
) -> JSON:
    """Who it is and why, then the answer for `agency`. `own` is what that agency answered before; `may_review` offers
    the case's history, `more` what else may be done with it.

    Texts too long for one card are cut, which an ellipsis shows.
    """

    def made_of(share: float) -> JSON:
        head = [e.heading(f"Referral {referral.reference}"), *_people(subjects, share), *_case(referral, share)]
        made = _detail(referral, head, key=key, in_dialog=in_dialog, may_answer=may_answer, agency=agency, own=own)
        reference, others = referral.reference, []
        if may_review:
            others.append(e.submits("History", Verb.HISTORY, checks=False, in_dialog=in_dialog, reference=reference))
        if more:
            others.append(case_steps.more_button(reference, in_dialog=in_dialog))
        return made | ({"actions": [*made.get("actions", []), *others]} if others else {})

    return e.fitted(made_of)


def _detail(
    referral: Referral,
    body: list[JSON],
    *,
    key: str,
    in_dialog: bool,
    may_answer: bool,
    agency: str,
    own: Return | None,
) -> JSON:
    speak = f"Who referral {referral.reference} is about."
    if not may_answer:
        return e.card(body, speak=speak)
    body = [*body, *_answering(agency, own)]
    if not in_dialog:
        typed = f"Or type *return {referral.reference} not known* (or *known*, *report*, or what you know)."
        body.append(e.quiet(typed))
    actions = _answers(referral.reference, key, in_dialog=in_dialog)
    return e.card([*body, e.notice(words.NOT_MONITORED)], speak=speak, actions=actions)


def who(referral: Referral, subjects: Sequence[Subject], share: float) -> list[JSON]:
    """The part of a card that shows a person's details and the referral; `share` is what of its bytes it may have."""
    return [*_people(subjects, share), *_case(referral, share)]


def _people(subjects: Sequence[Subject], share: float) -> list[JSON]:
    if not subjects:
        said = "Nobody's details are recorded with this referral yet. Please ask the agency that made it."
        return [e.text(said)]
    shown: list[JSON] = []
    for person in subjects[:PEOPLE]:
        shown.append(e.subheading(words.PEOPLE.get(person.role, words.PERSON)))
        born = words.day(person.date_of_birth) if person.date_of_birth else ""
        shown += _lines(
            share,
            ("Name", person.name),
            ("What they are to the person referred", person.relationship),
            ("Date of birth", born),
            ("Other names used", person.aliases),
            ("NHS number", words.nhs_number(person.nhs_number)),
            ("PNC id", person.pnc_id),
            ("Other numbers", person.other_ids),
            ("Address area", person.address_area),
            ("Where the person is now", person.whereabouts),
        )
    more = len(subjects) - PEOPLE
    return [*shown, *([e.quiet(f"And {words.count(more, 'more person', 'more people')}.")] if more > 0 else [])]


def _case(referral: Referral, share: float) -> list[JSON]:
    first = [("What, to whom, how soon, why now", referral.why_now), ("What is asked, of whom", referral.asked_for)]
    then = [
        ("How this is known", referral.how_known),
        ("Why this urgency", referral.urgency_reason),
        ("Why police are involved", referral.police_involvement),
    ]
    paragraphs = int(share * e.PARAGRAPH_BYTES)
    return [
        e.subheading("The referral"),
        *[e.plain(label, typed, limit=paragraphs) for label, typed in first if typed],
        *_lines(
            share,
            ("Referred before, as", referral.repeat_of),
            ("Kind of concern", referral.concern),
            ("How soon", referral.urgency),
            ("Risk indicators", ", ".join(referral.indicators)),
            ("Mental Health Act status", referral.mental_health_act),
        ),
        *[e.plain(label, typed, limit=paragraphs) for label, typed in then if typed],
        *_lines(
            share,
            ("Is the person aware", referral.person_aware),
            ("Basis for sharing", referral.sharing_basis),
            ("Crime or incident reference", referral.crime_reference),
            ("Referred by", referral.referrer_name),
            ("How to reach the referrer", referral.contact),
            ("Line manager", referral.manager_sign_off),
        ),
    ]


def _lines(share: float, *pairs: tuple[str, str]) -> list[JSON]:
    return e.pairs(e.plain(label, typed, limit=int(share * e.LINE_BYTES)) for label, typed in pairs if typed)


def answer_again(reference: str, key: str, *, in_dialog: bool, said: str, typed: str) -> JSON:
    """An answer that could not be kept, to be sent again with the information `typed`. Shows nobody's details."""
    body = [e.warning(said), e.heading(f"Referral {reference}"), _information(typed), e.notice(words.NOT_MONITORED)]
    return e.card(body, speak=said, actions=_answers(reference, key, in_dialog=in_dialog))


def _answering(agency: str, own: Return | None) -> list[JSON]:
    said = f"For {e.named(agency)}: is this person known to you?" if agency else "Is this person known to your agency?"
    body = [e.subheading(said)]
    if own is not None and own.answer in words.ANSWERS:
        when = words.when(own.answered_on)
        body.append(e.quiet(f"Your agency's answer of {when} was: {words.ANSWERS[own.answer]}. A new one replaces it."))
    return [*body, _information()]


def _information(typed: str = "") -> JSON:
    return e.paragraph_input(
        "information", typed, hint="Only what the partners need. Your agency stays its controller."
    )


def _answers(reference: str, key: str, *, in_dialog: bool) -> list[JSON]:
    """One button an answer, so that *not known* is one tap."""
    return [
        e.submits(title, Verb.ANSWER, in_dialog=in_dialog, reference=reference, key=key, answer=answer)
        for answer, title in words.ANSWERS.items()
    ]


def answered(face: ReferralFace, *, repeated: bool) -> JSON:
    """Thanks for an answer: what was kept and how far the asking has come. Names nobody."""
    said = (
        "This answer was already kept; nothing was added." if repeated else "Your agency's answer is kept. Thank you."
    )
    counted = f"{face_cards.answers(face)}. {face_cards.awaited(face)}"
    body = [e.heading(f"Referral {face.reference}"), e.text(said), e.text(counted)]
    return e.card(body, speak=f"{said} {counted}")


def stub(reference: str) -> JSON:
    """What stays in a private chat in the place of a person's details."""
    said = f"The details of {reference} were shown here and have been taken away."
    again = f"To see them again, type *referral {reference}*."
    return e.card([e.text(said), e.quiet(again)], speak=said)
