"""The risk register: its heat map with a list that says the same, one risk, and the form of its review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from board.actions import Action
from board.records import Agency, Risk
from board.risks import (
    CATEGORIES,
    IMPACTS,
    LIKELIHOODS,
    Level,
    Rating,
    RiskStep,
    Trend,
    after,
    before,
    heat_map,
    ranked,
    trend,
)
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Risk register"

LISTED = 12
"""Risks on one card; the filter finds the others."""

AGENCIES = 40
"""Agencies to choose from in a form; a board of more types the code."""

IN_A_SQUARE = 3
"""Numbers in one square of the heat map; more are counted."""

STYLES: Mapping[Level, str] = {
    Level.UNRATED: "default",
    Level.LOW: "good",
    Level.MODERATE: "accent",
    Level.HIGH: "warning",
    Level.VERY_HIGH: "attention",
}

MOVED: Mapping[Trend, str] = {
    Trend.NEW: "",
    Trend.RISING: "↑ rising",
    Trend.STEADY: "→ steady",
    Trend.FALLING: "↓ falling",
}

BUTTONS: Mapping[RiskStep, str] = {
    RiskStep.REVIEW: "Review it",
    RiskStep.ACCEPT: "Accept it",
    RiskStep.CLOSE: "Close it",
    RiskStep.REOPEN: "Open it again",
}

DONE: Mapping[RiskStep, str] = {
    RiskStep.REVIEW: "The review is kept.",
    RiskStep.ACCEPT: "It is accepted, and stays on the register until it is closed.",
    RiskStep.CLOSE: "It is closed. It can be opened again.",
    RiskStep.REOPEN: "It is on the register again.",
}

MAP_KEY = (
    "With the controls. Across, how bad: "
    f"{', '.join(f'{n} {name.lower()}' for n, name in enumerate(IMPACTS, start=1))}. "
    "Green is low, blue moderate, yellow high, red very high; the list below says the same in words."
)

TYPED = "*risk review K-12 4x5 2x4 2027-03-01 controls; why*"
HOW = "Type *risk* and its number to open one, *risk* alone to raise one."


def risks_card(risks: Sequence[Risk], *, asked: str, channel: bool) -> JSON:
    """The register: how many at which level, the heat map, and a list in its order.

    A channel has no words that somebody typed. `asked` is what the list was filtered by.
    """
    found, asked = ranked(risks), f" {e.shortened(words.tame(asked), 80)}" if asked else ""
    if not found:
        said = f"No risk{asked} is on the register."
        return e.card(
            [e.heading(TITLE), e.text(said), e.quiet("Type *risk* to raise one.")], speak=said, actions=_raise()
        )
    said = f"{words.count(len(found), 'risk')}{asked} on the register: {_levels(found)}."
    body = [e.heading(TITLE), e.text(said), *_map(found), *[_line(each, channel=channel) for each in found[:LISTED]]]
    if len(found) > LISTED:
        body.append(e.quiet(f"And {len(found) - LISTED} more: type *risks* and an agency, a kind or a level."))
    return e.card([*body, e.quiet(HOW)], speak=said, actions=_raise())


def _raise() -> list[JSON]:
    return [e.opens_dialog("Raise a risk", Verb.RAISE, what="risk")]


def _levels(risks: Sequence[Risk]) -> str:
    ratings = [after(each).level for each in risks]
    counted = [(level, ratings.count(level)) for level in (*reversed(list(Level)[1:]), Level.UNRATED)]
    return words.joined([f"{number} {level}" for level, number in counted if number])


def _map(risks: Sequence[Risk]) -> list[JSON]:
    """Five by five, the likeliest on top; nothing while no risk is rated."""
    squares = heat_map(risks)
    if not squares:
        return []
    rows = []
    for likelihood in range(5, 0, -1):
        row = [e.cell(f"{likelihood} {LIKELIHOODS[likelihood - 1]}", bold=True)]
        for impact in range(1, 6):
            level = Rating(likelihood, impact).level
            row.append(e.cell(_square(squares.get((likelihood, impact), [])), style=STYLES[level], bold=True))
        rows.append(row)
    heads = ("Likely ↓ bad →", *(str(number) for number in range(1, 6)))
    return [e.table(heads, rows, (4, 2, 2, 2, 2, 2)), e.quiet(MAP_KEY)]


def _square(risks: Sequence[Risk]) -> str:
    more = f" +{len(risks) - IN_A_SQUARE}" if len(risks) > IN_A_SQUARE else ""
    return (", ".join(each.reference for each in risks[:IN_A_SQUARE]) + more) or " "


def _line(risk: Risk, *, channel: bool) -> JSON:
    label = " · ".join(
        part
        for part in (
            risk.reference,
            rated(after(risk)),
            MOVED[trend(risk)],
            e.shortened(words.tame(risk.agency), 40) or "no agency",
            risk.status if risk.status in STATUSES else "",
        )
        if part
    )
    if channel:
        return e.entry(label, _review(risk))
    ahead = f"review {words.day(risk.review_on)}" if risk.review_on else "no review planned"
    return e.plain(f"{label} · {ahead}", e.shortened(risk.event or "Not stated", 200))


STATUSES = ("Raised", "Accepted")
"""What the register says beside a risk's rating; that it is on the register needs no word."""


def _review(risk: Risk) -> str:
    return f"Next review {words.day(risk.review_on)}." if risk.review_on else "No review is planned."


def rated(of: Rating) -> str:
    """A rating in words, such as `high 12 (likely × moderate)`."""
    if not of.is_rated:
        return Level.UNRATED.value
    likely, bad = LIKELIHOODS[of.likelihood - 1].lower(), IMPACTS[of.impact - 1].lower()
    return f"{of.level} {of.score} ({likely} × {bad})"


def risk_card(
    risk: Risk,
    offered: Sequence[RiskStep],
    actions: Sequence[Action],
    key: str,
    *,
    agency: str,
    in_dialog: bool,
    said: str = "",
    why: str = "",
) -> JSON:
    """One risk with its linked actions, and what this person can do with it; `why` is what they had typed."""
    spoken = f"Risk {risk.reference}: {rated(after(risk))}, {risk.status}."

    def made(share: float) -> JSON:
        limit = int(e.PARAGRAPH_BYTES * share)
        body = [
            *([e.notice(said)] if said else []),
            e.heading(f"Risk {risk.reference}"),
            e.plain("Because", risk.cause or "not stated", limit=limit),
            e.plain("It may be that", risk.event or "not stated", limit=limit),
            e.plain("Which would mean", risk.impact or "not stated", limit=limit),
            *e.pairs(
                [
                    e.entry("Without controls", rated(before(risk))),
                    e.entry("With controls", f"{rated(after(risk))} {MOVED[trend(risk)]}".strip()),
                    e.plain("Whose", agency or "no agency"),
                    e.plain("Kind", risk.category or "not stated"),
                    e.plain("Status", risk.status or "not stated"),
                    e.entry("Review", _review(risk)),
                ]
            ),
            e.plain("Controls", risk.controls or "none stated", limit=limit),
            *([e.plain("Latest decision, and why", risk.rationale, limit=limit)] if risk.rationale else []),
            _linked(risk, actions),
            *_asks_why(offered, why, share),
        ]
        return e.card(body, speak=spoken, actions=_buttons(risk, offered, key, in_dialog=in_dialog))

    return e.fitted(made)


def _asks_why(offered: Sequence[RiskStep], why: str, share: float) -> list[JSON]:
    if not set(offered) - {RiskStep.REVIEW}:
        return []
    return [e.paragraph_input("risk_why", e.typed({"risk_why": why}, share)("risk_why"))]


def _linked(risk: Risk, actions: Sequence[Action]) -> JSON:
    if not actions:
        return e.entry("Actions", f"None yet. A chair adds one with {risk.reference} as where it comes from.")
    lines = [f"{each.reference} ({each.status}, due {words.day(each.due)})" for each in actions[:LISTED]]
    more = f" and {len(actions) - LISTED} more" if len(actions) > LISTED else ""
    return e.plain("Actions", f"{', '.join(lines)}{more}")


def _buttons(risk: Risk, offered: Sequence[RiskStep], key: str, *, in_dialog: bool) -> list[JSON]:
    shown = list[JSON]()
    for each in offered:
        if each is RiskStep.REVIEW:
            form = e.submits(
                BUTTONS[each], Verb.RISK_FORM, main=True, checks=False, in_dialog=in_dialog, reference=risk.reference
            )
            shown.append(form)
        else:
            data = {"reference": risk.reference, "risk_step": each.value, "key": key}
            shown.append(e.submits(BUTTONS[each], Verb.RISK_STEP, in_dialog=in_dialog, **data))  # type: ignore[arg-type]
    return shown


def review_form(
    risk: Risk,
    agencies: Mapping[str, Agency],
    key: str,
    *,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """What a review asks for, filled with what stands; after an error as it was typed."""
    filled = _standing(risk) if values is None else values
    codes = [_choice(code, agency) for code, agency in sorted(agencies.items()) if agency.open][:AGENCIES]

    def made(share: float) -> JSON:
        typed = e.typed(filled, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"Review of {risk.reference}"),
            e.plain("It may be that", risk.event or "not stated", limit=int(600 * share)),
            _scale("likelihood_before", LIKELIHOODS, typed),
            _scale("impact_before", IMPACTS, typed),
            e.paragraph_input("controls", typed("controls")),
            _scale("likelihood_after", LIKELIHOODS, typed),
            _scale("impact_after", IMPACTS, typed),
            e.choice_input("risk_category", CATEGORIES, typed("risk_category")),
            *([e.titled_choices("risk_agency", codes, _one_of(codes, typed("risk_agency")))] if codes else []),
            e.date_input("review_on", typed("review_on")),
            e.paragraph_input("risk_why", typed("risk_why"), required=True),
            e.quiet(f"Write about the system, not about anybody. Or type {TYPED}."),
        ]
        send = e.submits(
            "Keep the review",
            Verb.RISK_STEP,
            main=True,
            in_dialog=in_dialog,
            reference=risk.reference,
            risk_step=RiskStep.REVIEW.value,
            key=key,
        )
        back = e.submits("Back", Verb.RISK, checks=False, in_dialog=in_dialog, reference=risk.reference)
        return e.card(body, speak=f"Review of risk {risk.reference}", actions=[send, back])

    return e.fitted(made)


def _choice(code: str, agency: Agency) -> tuple[str, str]:
    """An agency by a short form of its name, and its code."""
    return f"{e.shortened(words.tame(agency.name), 60) or 'An agency'} ({e.shortened(words.tame(code), 20)})", code


def _scale(name: str, names: Sequence[str], typed: Any) -> JSON:
    choices = [(f"{number} {each}", str(number)) for number, each in enumerate(names, start=1)]
    return e.titled_choices(name, choices, _one_of(choices, typed(name)), required=True)


def _one_of(choices: Sequence[tuple[str, str]], said: str) -> str:
    """What is chosen, if it is there to choose."""
    return said if said in {value for _, value in choices} else ""


def _standing(risk: Risk) -> dict[str, str]:
    marks = {
        "likelihood_before": risk.likelihood_before,
        "impact_before": risk.impact_before,
        "likelihood_after": risk.likelihood_after,
        "impact_after": risk.impact_after,
    }
    return {
        **{name: str(mark) for name, mark in marks.items() if 1 <= mark <= 5},
        "controls": risk.controls,
        "risk_category": risk.category,
        "risk_agency": risk.agency.upper(),
    }


def reminder_card(risks: Sequence[Risk]) -> JSON:
    """To whoever answers for an agency: its risks whose review comes up or is past. A private chat only."""
    said = f"{words.count(len(risks), 'risk')} of your agency {'is' if len(risks) == 1 else 'are'} due for review."
    body = [e.heading("Risks to review"), e.text(said), *[_line(each, channel=False) for each in risks[:LISTED]]]
    if len(risks) > LISTED:
        body.append(e.quiet(f"And {len(risks) - LISTED} more: type *risks*."))
    how = "Open one with *risk* and its number, and review it: the rating, what is done about it, and when it is next."
    actions = [
        e.submits(f"Open {each.reference}", Verb.RISK, in_dialog=False, checks=False, reference=each.reference)
        for each in risks[:5]
    ]
    return e.card([*body, e.text(how)], speak=f"{said} {how}", actions=actions)
