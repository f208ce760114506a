"""Tactical plans: one with what can be done, its forms, the list of them, and what agencies are told of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from board.alerting import triggers_of
from board.planning import SECTIONS, Move, seen
from board.records import Plan, TriggerReport
from board.signing import NO, YES, Signed, named
from board.vocabulary import LOOK_REASONS, PlanStatus, SignedOff
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

REASON = "Making or reviewing a plan"
URGENT = "Acting on an immediate risk"
LISTED = 20

TRIGGERS, TRIGGER_BYTES = 12, 300
"""Triggers of a plan offered in its report, and how much of each is shown."""

REPORTS = 3
"""Reports shown with a plan; what came before them is in its history."""

MOVES: dict[str, str] = {
    Move.SIGN: "Sign off",
    Move.CONTRIBUTE: "Contribute",
    Move.ASK: "Send for sign-off",
    Move.CHANGE: "New version",
    Move.REVIEW: "Reviewed",
    Move.REPORT: "Report a trigger",
    Move.END: "End the plan",
}
MOVED: dict[str, str] = {
    Move.SIGN: "Your agency's answer is kept. Thank you.",
    Move.CONTRIBUTE: "Kept in the plan.",
    Move.ASK: "Sent for sign-off. The agencies that sign hear of it now.",
    Move.CHANGE: "This is a new version. Nobody has signed it yet; what was agreed stands until it is agreed.",
    Move.REVIEW: "The review is kept.",
    Move.REPORT: "The report is kept. The agencies that the plan names are told now, whatever the hour.",
    Move.END: "The plan has ended.",
}
SAID: dict[str, str] = {
    "asked": "Plan {plan} waits for your agency's sign-off. Please look at it and answer.",
    "agreed": "Plan {plan} is agreed: every agency has signed it off.",
    "stopped": "An agency says that plan {plan} directs that somebody be refused care. It is stopped: see its reason.",
    "expiring": "Plan {plan} expires soon. Please review it, or make a new version.",
    "expired": "Plan {plan} has expired. Please make a new version, or end it.",
    "review": "Plan {plan} is to be reviewed.",
}
"""What people are told of a plan in a private chat, each with a way to open it."""

HEADS = {
    "scenarios": "What may happen",
    "triggers": "What shows that it does",
    "first_actions": "What each agency does first",
    "contingencies": "If that does not work",
    "victim_safety": "Keeping victims safe",
    "changes": "What this version changes",
}


def plan_reasons(reference: str, case: str, key: str, *, in_dialog: bool, urgent: bool = False, said: str = "") -> JSON:
    """The question before a plan is shown: why. Its answer is recorded first."""
    body = [
        *([e.warning(said)] if said else []),
        e.heading(f"The plan for {case}" if reference == case else f"Plan {reference}"),
        e.text("Who looked, when and why is recorded before the plan is shown."),
        e.choice_input("reason", LOOK_REASONS, URGENT if urgent else REASON, required=True),
    ]
    show = e.submits("Show me", Verb.PLAN_SHOW, main=True, in_dialog=in_dialog, reference=reference, case=case, key=key)
    return e.card(body, speak=f"Plan {reference}. Why do you need to see it?", actions=[show])


def none_yet(case: str, look: str, *, may_begin: bool, in_dialog: bool) -> JSON:
    """A case without a plan in use, and the way to begin one."""
    said = f"{case} has no plan."
    begin = e.submits("Make a plan", Verb.PLAN_BEGIN, in_dialog=in_dialog, reference=case, case=case, look=look)
    return e.card([e.heading(f"The plan for {case}"), e.text(said)], speak=said, actions=[begin] if may_begin else [])


def plan_card(
    plan: Plan,
    moves: Sequence[Move],
    signed: Signed,
    *,
    look: str,
    key: str,
    in_dialog: bool,
    said: str = "",
    may_begin: bool = False,
    reports: Sequence[TriggerReport] = (),
    filed: str = "",
) -> JSON:
    """A whole plan for one entitled person, after their look: its sections, how far it is, and what can be done.

    `filed` is the address of its document, empty while there is none.
    """
    data: JSON = {"reference": named(plan), "case": plan.case, "look": look, "key": key}
    actions = [
        e.submits(MOVES[move], Verb.PLAN_FORM, checks=False, in_dialog=in_dialog, move=move, **data) for move in moves
    ]
    if may_begin:
        actions.append(e.submits("Make a new plan", Verb.PLAN_BEGIN, checks=False, in_dialog=in_dialog, **data))
    actions += [
        e.submits(f"Raise a {what}", Verb.RAISE, checks=False, in_dialog=in_dialog, what=what, case=plan.case)
        for what in ("risk", "lesson")
    ]

    def made(share: float) -> JSON:
        limit = int(share * e.PARAGRAPH_BYTES)
        body = [
            *([e.text(said)] if said else []),
            e.heading(f"Plan {named(plan)} for {plan.case}"),
            e.facts(facts(plan, signed)),
            *_filed(plan, filed),
            *_reported(reports, limit),
            *[e.plain(HEADS[name], text, limit=limit) for name in HEADS if (text := str(getattr(plan, name)))],
            e.notice(words.NOT_MONITORED),
        ]
        return e.card(body, speak=f"Plan {named(plan)}. {status(plan)}.", actions=actions)

    return e.fitted(made)


def _filed(plan: Plan, address: str) -> list[JSON]:
    """Where the document is, whom the library lets in, and the way there: in the body, for Teams shows six buttons
    below a card and a chair's plan has as many."""
    if not address:
        return []
    where = e.entry("Document", f"CasePapers/{plan.case}/{document(plan)}")
    link = e.opens_link("Open the document", address)
    way = [{"type": "ActionSet", "actions": link}] if link else []
    return [where, e.quiet("It opens for those who work in the case lists."), *way]


def _reported(reports: Sequence[TriggerReport], limit: int) -> list[JSON]:
    """What was reported against the case's plans, the newest first: whoever was alerted comes here to read it."""
    newest = sorted(reports, key=lambda each: each.id, reverse=True)[:REPORTS]
    return [
        e.plain(
            f"Trigger reported {words.when(each.reported_on)} by {e.shortened(words.tame(each.agency), 40)}",
            "\n".join(part for part in (each.trigger, each.note) if part) or "Nothing more was said.",
            limit=limit,
        )
        for each in newest
    ]


def status(plan: Plan) -> str:
    """Where a plan stands, in the board's own words."""
    return plan.status if plan.status in tuple(PlanStatus) else "Not stated"


def facts(plan: Plan, signed: Signed) -> list[tuple[str, str]]:
    """How far a plan is: nothing in it says what it is about."""
    found = [("Status", status(plan)), ("Signed off by", codes(signed.signed) or "nobody yet")]
    if plan.status == PlanStatus.SIGN_OFF and signed.awaited:
        found.append(("Still to sign", codes(signed.awaited)))
    if signed.stopped_by:
        found.append(("Stopped by", f"{codes(signed.stopped_by)}: it is said to direct that care be refused"))
    if plan.expires_on is not None:
        found += [("Expires on", words.weekday(plan.expires_on)), ("Review on", words.weekday(plan.review_on))]
    return found


def codes(of: Iterable[str]) -> str:
    """Agencies by their codes, a dozen at most."""
    every = sorted(e.shortened(words.tame(each), 40) for each in of)
    return ", ".join(every[:12]) + (f" and {len(every) - 12} more" if len(every) > 12 else "")


def move_form(
    plan: Plan,
    move: Move,
    *,
    key: str,
    look: str,
    in_dialog: bool,
    whole: bool,
    agencies: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
    said: str = "",
) -> JSON:
    """The form for one move. `whole` is for those who edit a plan's sections; others add lines and their own action.

    After an error it comes back as it was typed.
    """
    kept = {name: str(getattr(plan, name)) for name in SECTIONS} if values is None else values

    def made(share: float) -> JSON:
        typed = e.typed(kept, share)
        body = [
            *([e.warning(f"{said} {words.TYPED_BELOW}")] if said else []),
            e.heading(f"{MOVES[move]}: {named(plan)}"),
            *_inputs(plan, move, typed, whole=whole, agencies=agencies),
            e.notice(words.NOT_MONITORED),
        ]
        data: JSON = {"reference": named(plan), "case": plan.case, "look": look, "key": key, "move": move}
        if whole and move is Move.CONTRIBUTE:
            data["seen"] = str((values or {}).get("seen") or seen(plan))[:60]
        send = e.submits(MOVES[move], Verb.PLAN_MOVE, main=True, in_dialog=in_dialog, **data)
        return e.card(body, speak=f"{MOVES[move]}: plan {named(plan)}.", actions=[send])

    return e.fitted(made)


def _inputs(plan: Plan, move: Move, typed: Any, *, whole: bool, agencies: Sequence[str]) -> list[JSON]:
    if move is Move.CONTRIBUTE and whole:
        chosen = typed("signatories") or ",".join(sorted(plan.signatories))
        return [
            *[e.paragraph_input(name, typed(name)) for name in SECTIONS],
            *([e.choice_input("signatories", agencies[:60], chosen, many=True)] if agencies else []),
            e.date_input("expires_on", typed("expires_on")),
            e.date_input("review_on", typed("review_on")),
        ]
    if move is Move.CONTRIBUTE:
        names = ("first_action", "scenario", "trigger", "contingency", "safety")
        return [e.paragraph_input(name, typed(name)) for name in names]
    if move is Move.SIGN:
        return [
            e.choice_input("refuses_care", (YES, NO), typed("refuses_care"), required=True, expanded=True),
            e.choice_input("answer", SignedOff, typed("answer") or SignedOff.SIGNED, expanded=True),
            e.paragraph_input("why", typed("why"), hint="Needed if you do not sign, or if care would be refused"),
        ]
    if move is Move.REPORT:
        return [*_triggers(plan, typed), e.paragraph_input("note", typed("note"), hint="What happened, where, when")]
    if move is Move.CHANGE:
        return [e.paragraph_input("changes", typed("changes"), required=True)]
    if move is Move.END:
        return [e.paragraph_input("why", typed("why"), required=True)]
    if move is Move.REVIEW:
        return [e.date_input("review_on", typed("review_on"))]
    return [e.text("The agencies that sign off are told now. After this, a change makes a new version.")]


def _triggers(plan: Plan, typed: Any) -> list[JSON]:
    """The plan's own triggers to choose from by their number: one tap, in a hurry. Their words are not markup."""
    own = list(triggers_of(plan).items())[:TRIGGERS]
    if not own:
        return []
    listed = [e.entry(f"{n}.", e.shortened(line, TRIGGER_BYTES)) for n, (_, line) in enumerate(own, start=1)]
    choices = [(f"Trigger {n}", mark) for n, (mark, _) in enumerate(own, start=1)]
    return [*listed, e.titled_choices("which_trigger", choices, typed("which_trigger"))]


def plans_card(plans: Sequence[Plan]) -> JSON:
    """The plans in use: references, agencies and dates, which name nobody."""
    if not plans:
        said = "No plan is in use."
        return e.card([e.heading("Plans"), e.text(said)], speak=said)
    shown = [
        e.plain(
            f"{named(plan)} for {plan.case}",
            f"{status(plan)} · signed off by {codes(plan.signatories)}"
            + (f" · expires {words.day(plan.expires_on)}" if plan.expires_on else ""),
        )
        for plan in plans[:LISTED]
    ]
    more = len(plans) - LISTED
    body = [e.heading("Plans"), *shown, *([e.quiet(f"And {words.count(more, 'more plan')}.")] if more > 0 else [])]
    return e.card([*body, e.quiet("To see one, type *plan P-14* to me in a private chat.")], speak="The plans in use.")


def document(plan: Plan) -> str:
    """What the file of this version of a plan is called."""
    return f"{named(plan)} plan.docx"


def because_agreed(reference: str) -> str:
    """Why a case has a plan, as its record keeps it."""
    return f"Every agency that signs {reference} has signed it off."


def told_card(what: str, reference: str, case: str) -> JSON:
    """To one member in private: something is due with a plan. Names nobody."""
    said = SAID[what.partition("-")[0]].format(plan=reference)
    return e.card([e.heading(f"Plan {reference}"), e.text(said)], speak=said, actions=[_open(reference, case)])


UNSIGNED, NAMED = 5, 20
"""Plans that a reminder has a button for, and those it names."""


def unsigned_card(plans: Sequence[tuple[str, str]]) -> JSON:
    """To one member in private, once a working day: the plans, each with its case, that wait for their agency."""
    first, case = plans[0]
    if len(plans) == 1:
        said = f"Plan {first} still waits for your agency's sign-off. Please look at it and answer."
        return e.card([e.heading(f"Plan {first}"), e.text(said)], speak=said, actions=[_open(first, case)])
    said = f"{words.count(len(plans), 'plan')} still wait for your agency's sign-off. Please look at each and answer."
    names = words.joined([reference for reference, _ in plans[:NAMED]])
    body = [e.heading("Plans to sign off"), e.text(said), e.text(f"{names}.")]
    if len(plans) > NAMED:
        body.append(e.quiet(f"And {len(plans) - NAMED} more: type *plans*."))
    if len(plans) > UNSIGNED:
        body.append(e.quiet("For one without a button, type *plan* and its case's reference."))
    return e.card(body, speak=said, actions=[_open(each, of, title=f"Open {each}") for each, of in plans[:UNSIGNED]])


def alert_card(reference: str, case: str, agency: str, when: str, report: str) -> JSON:
    """To one member in private, whatever the hour: a trigger was reported. Its words are shown after a look."""
    said = f"A trigger was reported against {reference} by {e.named(agency)} at {when}."
    act = "Open the plan for your agency's first action. If there is a risk to life, call 999."
    noted = e.submits("I have seen this", Verb.PLAN_SEEN, in_dialog=False, checks=False, report=report)
    body = [e.warning(said), e.text(act), e.notice(words.NOT_MONITORED)]
    return e.card(body, speak=f"{said} {act}", actions=[_open(reference, case, urgent="yes"), noted])


def alert_channel(reference: str, agencies: Sequence[str]) -> JSON:
    """To the channel, for agencies that nobody could be told of privately: the reference alone."""
    said = f"A trigger was reported against {reference}: {codes(agencies)}, please look now."
    return e.card([e.warning(said), e.notice(words.NOT_MONITORED)], speak=said)


def _open(reference: str, case: str, *, title: str = "Open the plan", **data: Any) -> JSON:
    return e.submits(title, Verb.PLAN, in_dialog=False, checks=False, reference=reference, case=case, **data)
