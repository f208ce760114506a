"""Makes `docs/entitlement.md` from the one rule: `python -m tests.entitlement_page`. A test fails when it is stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from board.entitlement import BY_ROLE, CHANGES_CASE, SEES, Act, Standing, refusal
from board.errors import Refusal
from board.records import Agency, Referral
from board.vocabulary import Role
from cards.words import REFUSALS, either
from tests.builders import TODAY, create_agency, create_forum, create_member, create_referral

PAGE = Path(__file__).parents[1] / "docs" / "entitlement.md"

BEGINS = """# Who may do what

Made from the rule that the product runs by (`python -m tests.entitlement_page`); a test fails when the two differ.

- Nobody may do anything without an open row in *Members* and an open agency.
- An observer sees no case. A role beside it lifts that.
- An agency without a current information sharing agreement is shown no case, whatever the role.
- A restricted referral is a pointer to all but its referrer, its holder and those the holder admitted by name:
  that it is there, which agencies are involved and whom to ask. An agency that was asked stays awaited until then.
- A closed case is shown to nobody, except to those whose work is looking back on it (*see the history*, *have a bundle
  made*). Of one that was disposed of, only that it was there and who had seen it is left.
- Every look, and every refused look, is recorded before anything is shown.

"""

Case = tuple[str, Agency, Referral | None]

NO_CASE = (
    *(Act.REFER, Act.SEE_ACTIONS, Act.ADD_ACTION, Act.RUN_MEETING, Act.REPORT_TO_BOARD, Act.RAISE),
    *(Act.OFFER_ITEM, Act.RUN_BOARD, Act.SET_UP, Act.SEE_AGREEMENTS, Act.KEEP_AGREEMENTS),
    *(Act.SEE_LESSONS, Act.DISSEMINATE, Act.SEE_ENGAGEMENT, Act.DISPUTE, Act.RECORD_CONFERENCE),
    *(Act.SEE_MEASURES, Act.REPORT_MEASURE),
)
"""Acts that are about no one case: the role decides, and nothing else."""


def cases() -> list[Case]:
    """The situations of the grid: where the agency stands, and how the case does."""
    agency = create_agency("AAA")
    base = create_referral(agency="POL", asked=frozenset({"MHT"}), referrer_id="somebody-else")
    asked = replace(base, asked=frozenset({"AAA"}))
    return [
        ("asked", agency, asked),
        ("made it (agency)", agency, replace(base, agency="AAA")),
        ("made it (person)", agency, replace(base, referrer_id="asker")),
        ("in the forum", agency, base),
        ("agreement lapsed", replace(agency, isa_lapses_on=TODAY - timedelta(1)), asked),
        ("closed", agency, replace(asked, open=False)),
        ("disposed of", agency, replace(asked, open=False, retention="Disposed")),
        ("restricted", agency, replace(asked, restricted=True)),
        ("admitted", agency, replace(asked, restricted=True, admitted=frozenset({"asker"}))),
        ("holds it", agency, replace(asked, restricted=True, holder_id="asker")),
    ]


def _cases(act: Act) -> list[Case]:
    return [("may", create_agency("AAA"), None)] if act in NO_CASE else cases()


def page() -> str:
    """The whole page."""
    parts = [BEGINS, "## Act by act\n\n", *map(_act, Act)]
    parts.append("## Signed\n\nI have read this table, and it is what the board agreed.\n\n")
    parts.append("Name: ______________________  Information governance lead  Date: ______________\n")
    return "".join(parts)


def _act(act: Act) -> str:
    found, rows = dict[Refusal, None](), []
    for role in Role:
        told = [_told(act, role, agency, referral) for _, agency, referral in _cases(act)]
        found |= dict.fromkeys(each for each in told if each)
        rows.append(f"| {role} | " + " | ".join("no" if each else "**yes**" for each in told) + " |\n")
    heads = [name for name, _, _ in _cases(act)]
    table = f"| Role | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}\n{''.join(rows)}\n"
    said = "".join(f"- {REFUSALS[each].format(whom='').strip()}\n" for each in found)
    refused = f"Who may not is told, as it applies:\n\n{said}\n" if said else ""
    return f"### {act.value[:1].upper()}{act.value[1:]}\n\n{_words(act)}\n\n{table}{refused}"


def _words(act: Act) -> str:
    roles = BY_ROLE.get(act)
    said = [f"Needs one of these roles: {either([str(role) for role in roles])}." if roles else "No role of its own."]
    if act in NO_CASE:
        said.append("About no one case.")
    if act in SEES:
        said.append("Rests on seeing who the referral is about: all that is said of looking holds.")
    if act in CHANGES_CASE:
        said.append("On an open case only.")
    return " ".join(said)


def _told(act: Act, role: Role, agency: Agency, referral: Referral | None) -> Refusal | None:
    who = Standing(create_member(role, agency="AAA", user_id="asker"), agency)
    forum = create_forum(agencies=frozenset({"POL", "AAA"}))
    return refusal(act, who, TODAY, referral=referral, forum=forum)


if __name__ == "__main__":
    PAGE.write_text(page())
