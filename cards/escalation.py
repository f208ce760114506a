"""What is not done and climbs: what each rung is told and asked, and all that stand above their owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from board.escalation import CLOCK, Answer, Climb, LadderStep, Rung
from board.pack import Escalated
from board.tracker import Row
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

LISTED = 20
FROM_A_CASE = "It comes from a case. Open it to see what it is."

RUNGS: Mapping[Rung, str] = {
    Rung.OWNER: "the owner",
    Rung.MANAGER: "the owner's line manager, through their agency's lead",
    Rung.LEAD: "the agency's lead",
    Rung.MEMBER: "the agency's member of the board",
    Rung.CHAIRS: "the co-chairs",
    Rung.SENIOR: "the Senior Partnership Board",
}

ASKS: Mapping[Rung, str] = {
    Rung.MANAGER: "Please tell the owner's line manager, and say here that you have: they can free the owner to do it.",
    Rung.LEAD: "Please see that it is done, or say when it will be and what stands in its way.",
    Rung.MEMBER: "Please take it up within your agency before the board has to.",
    Rung.CHAIRS: "Please decide: another day, another owner, or the Senior Partnership Board.",
}


def escalation_card(row: Row, at: Climb, *, may_answer: bool, step: LadderStep | None = None) -> JSON:
    """What a rung is told of an overdue action: what, how long, what was tried, what is asked; and how to answer.

    `step` is the rung on the agency's own ladder.
    """
    clock, who = (step.clock, step.who) if step is not None else (CLOCK, "")
    said = f"{row.reference} is {words.count(at.late, 'working day')} overdue, and is with {RUNGS[at.rung]} now."
    facts = [("Agency", row.agency or "none"), ("Owner", row.owner or "nobody"), ("Due", words.weekday(row.due))]
    body = [
        e.heading(f"{row.reference} was not done"),
        e.text(said),
        e.plain("What", row.what) if row.what else e.quiet(FROM_A_CASE),
        *e.pairs(e.plain(label, value) for label, value in facts),
        _tried(at),
        e.text(ASKS.get(at.rung, "")),
        *([e.plain("Your agency's ladder names", who)] if who else []),
        e.quiet(_next(at.rung, clock)),
    ]
    actions = [e.submits(f"Open {row.reference}", Verb.ACTION, in_dialog=False, checks=False, reference=row.reference)]
    if may_answer:
        due = row.due.isoformat() if row.due else ""
        data: JSON = {"reference": row.reference, "rung": str(at.rung.value), "due": due}
        actions.insert(0, e.submits("I see to it", Verb.ESCALATION_ANSWER, main=True, in_dialog=False, **data))
    return e.card(body, speak=said, actions=actions)


def _next(rung: Rung, clock: int) -> str:
    if rung is Rung.CHAIRS:
        return "Above the co-chairs it goes by a chair's decision: type *senior board*, its number and what is asked."
    days = words.count(clock, "working day")
    return f"Unanswered, or still not done {days} after an answer, it goes a rung higher."


def _tried(at: Climb) -> JSON:
    """Whom it was told, and what came of it."""
    lines = ["the owner, each working day"]
    for rung, day in at.told:
        if rung != at.rung:
            answers = [each for each in at.answers if each.rung == rung]
            lines.append(f"{RUNGS[rung]}, {words.day(day)}: {_answered(answers)}")
    return e.plain("Told so far", "\n".join(lines))


def _answered(answers: Sequence[Answer]) -> str:
    if not answers:
        return "no answer"
    return "; ".join(f"{_name(each.who)} saw to it on {words.day(each.on)}" for each in answers[-2:])


def _name(who: str) -> str:
    return e.shortened(words.tame(who), 60)


def answered_card(reference: str, until: date) -> JSON:
    """That an answer is kept, and what it holds up."""
    said = f"Thank you: it is kept that you see to {reference}."
    follows = f"If it is still not done after {words.weekday(until)}, it goes a rung higher."
    return e.card([e.heading(said), e.text(follows)], speak=said)


def escalations_card(found: Sequence[tuple[Row, Climb]], ended: Sequence[Escalated] = ()) -> JSON:
    """All that climbed above their owners, the highest and the latest first: who was told, when, and what they said.

    `ended` came down again in the last six weeks, by being done, closed or given another day.
    """
    if not found:
        said = "Nothing is escalated."
        return e.card([e.heading("Escalations"), e.text(said), *_ended(ended)], speak=said)
    said = f"{words.count(len(found), 'action is', 'actions are')} escalated."
    body = [e.heading("Escalations"), e.text(said)]
    for row, at in found[:LISTED]:
        latest, agency = at.answered, e.shortened(words.tame(row.agency), 40) or "no agency"
        answer = f": {_name(latest.who)} sees to it, {words.day(latest.on)}" if latest else ": no answer"
        answer = "" if at.rung is Rung.SENIOR else answer
        label = f"{row.reference} · {agency} · {words.count(at.late, 'working day')} overdue"
        body.append(e.plain(label, f"With {RUNGS[at.rung]} since {words.day(at.since)}{answer}"))
    more = len(found) - LISTED
    body += [e.quiet(f"And {more} more.")] if more > 0 else []
    body += [*_ended(ended), e.quiet("To open one, type *action* and its number.")]
    return e.card(body, speak=said)


def _ended(ended: Sequence[Escalated]) -> list[JSON]:
    if not ended:
        return []
    lines = [
        e.plain(
            f"{each.action} · {_name(each.agency) or 'no agency'}", f"With {RUNGS[each.rung]} on {words.day(each.on)}"
        )
        for each in ended[:LISTED]
    ]
    more = [e.quiet(f"And {len(ended) - LISTED} more.")] if len(ended) > LISTED else []
    return [e.subheading("No longer escalated, in the last six weeks"), *lines, *more]
