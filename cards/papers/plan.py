"""A tactical plan as one page of Word, to be acted on at night: what shows that it happens, and who does what first.

It names nobody but its agencies and those who signed: who it is about is shown by the bot, after a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from board.records import Agency, Plan, SignOff
from board.sections import first_actions, lines
from board.signing import named
from cards import words
from cards.papers.house import Paper, agency_name
from cards.plans import HEADS as ON_CARDS
from cards.plans import status

HEADS = ON_CARDS | {"triggers": "Act when one of these happens", "first_actions": "Who does what first"}
"""The headings of the sections: on paper what is to be acted on comes first."""

NO_NAME = (
    "This page names nobody. To see who it is about, type “plan {reference}” to the bot in a private chat. Check there "
    "that this is still the version in use; report a trigger there, and the agencies named below hear at once."
)
UNSAID = "Nothing is written here."
DIRECTS_NO_REFUSAL = "said that it directs nobody to be refused care"


def plan_paper(plan: Plan, signs: Iterable[SignOff], agencies: Mapping[str, Agency], made: datetime) -> bytes:
    """The document of one version of a plan. What was typed in it is kept, however long: most plans fill one page."""
    reference = named(plan)
    paper = Paper(f"Tactical plan {reference}", reference=reference, made=made, made_for="its agencies", small=True)
    paper.paragraph(_at_a_glance(plan), bold=True)
    paper.note(f"{words.NOT_MONITORED} {NO_NAME.format(reference=reference)}")
    _section(paper, "triggers", plan.triggers)
    paper.heading(HEADS["first_actions"])
    actions = first_actions(plan.first_actions)
    if actions:
        rows = [(agency_name(code, agencies), said) for code, said in actions.items()]
        paper.table(("Agency", "First action"), rows, (0.3, 0.7))
    else:
        paper.paragraph(UNSAID)
    for name in ("scenarios", "contingencies", "victim_safety", "changes"):
        if name != "changes" or plan.changes:
            _section(paper, name, str(getattr(plan, name)))
    _standing(paper, plan, signs, agencies)
    return paper.to_bytes()


def _at_a_glance(plan: Plan) -> str:
    """Whose plan it is and until when it may be acted on: on a long plan the rest of its standing is pages away."""
    until = f" · expires {words.day(plan.expires_on)}" if plan.expires_on else ""
    return f"Case {plan.case} · {status(plan)}{until}"


def _section(paper: Paper, name: str, text: str) -> None:
    paper.heading(HEADS[name])
    said = lines(text).splitlines()
    if said:
        paper.bullets(said)
    else:
        paper.paragraph(UNSAID)


def _standing(paper: Paper, plan: Plan, signs: Iterable[SignOff], agencies: Mapping[str, Agency]) -> None:
    """How far the plan may be relied on: its state and days, and who signed it."""
    paper.heading("How far it stands")
    paper.facts(
        [
            ("Case", plan.case),
            ("Status", f"{status(plan)}, {words.when(plan.agreed_on)}" if plan.agreed_on else status(plan)),
            ("Review on", words.weekday(plan.review_on)),
            ("Expires on", words.weekday(plan.expires_on)),
            *[(agency_name(each.agency, agencies), _signed(each)) for each in _latest(plan, signs)],
        ]
    )


def _latest(plan: Plan, signs: Iterable[SignOff]) -> list[SignOff]:
    """What each agency said last of this version."""
    latest = {each.agency: each for each in sorted(signs, key=lambda each: each.id) if each.reference == named(plan)}
    return [latest[code] for code in sorted(latest)]


def _signed(sign: SignOff) -> str:
    care = f", and {DIRECTS_NO_REFUSAL}" if sign.refuses_care == "No" else ""
    return f"{sign.answer or 'Not stated'} by {sign.member_name}, {words.when(sign.signed_on)}{care}"
