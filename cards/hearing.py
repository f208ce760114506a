"""One case in the meeting, to one person after the look is recorded: who it is, what came back, and the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from board.hearing import VOLUNTEERED
from board.records import Agency, Hearing, Referral, Return, Subject
from board.returning import progress, standing_answers
from board.vocabulary import OUTCOMES, Answer, Decision
from cards import elements as e
from cards import look, words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Case"
RETURNS_LIMIT, FEWEST = 20, 4
"""Returns shown with their words, and how few of them where the card would be too heavy: the others are named. Those
that know nothing are one line."""

CHOSEN_FROM = 16
"""Agencies to choose from in a list, four times over; with more of them their codes are typed."""


def case_card(
    case: Referral,
    subjects: Sequence[Subject],
    returns: Sequence[Return],
    names: Mapping[str, Agency],
    *,
    meeting: str,
    forum: str,
    key: str,
    seen: str,
    values: Mapping[str, Any],
    in_dialog: bool,
) -> JSON:
    """The person's details, all returns in one view, and the form. `seen` is what of the record the form was made
    from; `values` is what is recorded already."""

    def made(share: float) -> JSON:
        body = [
            e.heading(f"Case {case.reference} in {meeting}"),
            *look.who(case, subjects, share / 2),
            *_returns(case, returns, names, share / 2),
            *(_form(values, names, share / 2) if in_dialog else [e.quiet(_typed(case.reference))]),
        ]
        actions = _save(case.reference, meeting, forum=forum, key=key, seen=seen) if in_dialog else []
        return e.card(body, speak=f"Case {case.reference} in {meeting}.", actions=actions)

    return e.fitted(made)


def _typed(reference: str) -> str:
    return (
        f"Type *hear {reference} plan: rationale* (or *no plan*, *again*, *redirect FORUM*, *close*); then, after "
        "semicolons, *dissent POL: why*, *outcomes: arrest*, *review: 2026-12-09*, *action MHT 2026-12-04: what*."
    )


def _returns(case: Referral, returns: Sequence[Return], names: Mapping[str, Agency], share: float) -> list[JSON]:
    answers, waiting = standing_answers(returns), progress(case, returns).awaited
    nil = [code for code, each in answers.items() if each.answer == Answer.NOT_KNOWN and not each.information]
    told = [each for code, each in sorted(answers.items()) if code not in nil]
    limit = int(share * e.PARAGRAPH_BYTES)
    shown = [e.subheading("What agencies returned")]
    most = max(FEWEST, int(2 * share * RETURNS_LIMIT))
    shown += [e.entry(_answered(each, names), e.shortened(each.information, limit)) for each in told[:most]]
    more = [each.agency for each in told[most:]]
    for label, codes in (("Not known to", sorted(nil)), ("Still awaited", waiting), ("Answered too", more)):
        known = [e.named(names[code].name) for code in codes if code in names]
        if known:
            shown.append(e.text(f"{label}: {e.shortened(', '.join(known), 600)}."))
    return shown


def _answered(each: Return, names: Mapping[str, Agency]) -> str:
    name = e.shortened(e.named(names[each.agency].name), 80) if each.agency in names else "An agency"
    return f"{name or 'An agency'}: {words.ANSWERS.get(each.answer, 'Answered')}"


def _form(values: Mapping[str, Any], names: Mapping[str, Agency], share: float) -> list[JSON]:
    typed, codes = e.typed(values, share), sorted(names)
    chosen = e.typed(values, 1.0)
    return [
        e.subheading("What the meeting makes of it"),
        e.paragraph_input("shared", typed("shared")),
        e.choice_input("decision", Decision, chosen("decision"), required=True),
        e.paragraph_input("rationale", typed("rationale"), required=True),
        e.line_input("redirect_to", typed("redirect_to"), hint="MARAC: only where the case is redirected"),
        e.paragraph_input("dissent", typed("dissent"), hint="Who did not agree, and why; empty if all did"),
        _agencies("dissent_by", codes, chosen("dissent_by"), many=True),
        e.choice_input("outcomes", OUTCOMES, chosen("outcomes"), many=True),
        e.date_input("next_review", chosen("next_review")),
        *action_inputs(values, codes, share),
    ]


def action_inputs(values: Mapping[str, Any], codes: list[str], share: float) -> list[JSON]:
    """The rows that ask for the actions agencies took on: what, which agency, by when."""
    return [each for n in range(1, VOLUNTEERED + 1) for each in _action(n, values, codes, share)]


def _action(number: int, values: Mapping[str, Any], codes: list[str], share: float) -> list[JSON]:
    typed = e.typed(values, share)
    what, agency, due = (f"action_{part}_{number}" for part in ("what", "agency", "due"))
    return [
        e.paragraph_input(what, typed(what), limit=500),
        *e.pairs([_agencies(agency, codes, typed(agency)), e.date_input(due, typed(due))]),
    ]


def _agencies(name: str, codes: list[str], chosen: str, *, many: bool = False) -> JSON:
    if 0 < len(codes) <= CHOSEN_FROM:
        return e.choice_input(name, codes, chosen, many=many)
    return e.line_input(name, e.shortened(chosen, 200), hint="POL, MHT: the codes" if many else "MHT: the code")


def _save(reference: str, meeting: str, *, forum: str, key: str, seen: str) -> list[JSON]:
    data = {"reference": reference, "meeting": meeting, "forum": forum, "key": key, "seen": seen}
    return [
        e.submits("Keep", Verb.HEAR_SUBMIT, main=True, **data),  # type: ignore[arg-type]
        e.submits("Back to the run-sheet", Verb.SUBGROUP, checks=False, forum=forum),
    ]


def form_again(
    reference: str,
    names: Mapping[str, Agency],
    *,
    meeting: str,
    forum: str,
    key: str,
    seen: str,
    values: Mapping[str, Any],
    said: str,
    theirs: Hearing | None = None,
) -> JSON:
    """The form as it was typed, to be sent again; beside what another recorded meanwhile, where somebody did.

    Without the person's details: those need a look.
    """

    def made(share: float) -> JSON:
        body = [
            e.warning(e.shortened(said, 2000)),
            e.heading(f"Case {reference} in {meeting}"),
            *(_theirs(theirs, share / 2) if theirs else []),
            *_form(values, names, share / 2),
        ]
        actions = _save(reference, meeting, forum=forum, key=key, seen=seen)
        return e.card(body, speak=f"Case {reference} in {meeting}, to be sent again.", actions=actions)

    return e.fitted(made)


def _theirs(hearing: Hearing, share: float) -> list[JSON]:
    """What somebody else recorded, field by field."""
    limit = int(share * e.PARAGRAPH_BYTES)
    review = words.day(hearing.next_review) if hearing.next_review else ""
    fields = (
        ("shared", hearing.information),
        ("decision", hearing.decision),
        ("rationale", hearing.rationale),
        ("dissent", hearing.dissent),
        ("dissent_by", ", ".join(sorted(hearing.dissent_by))),
        ("outcomes", ", ".join(hearing.outcomes)),
        ("next_review", review),
    )
    return [
        e.subheading("What was recorded meanwhile"),
        e.plain("Recorded by", hearing.recorded_by or "nobody named"),
        *[e.plain(words.FIELDS[name], text, limit=limit) for name, text in fields if text],
        e.subheading("What you typed, with theirs where you left it empty"),
    ]


MEANWHILE = (
    "Somebody recorded this case while you did, so nothing was overwritten. Theirs is shown first, yours below it: "
    "put together what is to stand, and keep it."
)


def kept_card(reference: str, decision: str, actions: int, *, forum: str, meeting: str, key: str) -> JSON:
    """The case is recorded; on to the next."""
    also = f" {words.count(actions, 'action')} added." if actions else ""
    said = f"{reference} is kept: {decision}.{also}"
    buttons = [
        e.submits("Open the next case", Verb.HEAR, main=True, key=key, forum=forum, meeting=meeting, reference=""),
        e.submits("Run-sheet", Verb.SUBGROUP, checks=False, forum=forum),
    ]
    return e.card([e.heading("Kept"), e.text(said)], speak=said, actions=buttons)
