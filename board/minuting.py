"""Reading a decision as it is typed in one line: the typed equivalent of the hearing's form and the board's. Pure."""

from __future__ import annotations

from board.hearing import VOLUNTEERED
from board.vocabulary import OUTCOMES, Decision

DECISIONS = {
    "no plan": Decision.NO_PLAN,
    "plan": Decision.PLAN,
    "hear again": Decision.CONTINUE,
    "again": Decision.CONTINUE,
    "continue": Decision.CONTINUE,
    "redirect": Decision.REDIRECT,
    "close": Decision.CLOSE,
}
"""The words that begin a decision. A redirect's forum follows the word."""

TEXTS = {"shared": "shared", "information": "shared", "review": "next_review", "next review": "next_review"}


def read_hearing(said: str) -> dict[str, str]:
    """Read `plan: rationale; dissent POL: why; outcomes: arrest; review: 2026-12-09; action MHT 2026-12-04: what`.

    A part that begins with none of these words belongs to the text before it, so nothing typed is lost. What cannot
    be read is left out of the values, or kept as it is for the form's own rules to refuse.
    """
    values: dict[str, str] = {}
    last, actions = "rationale", 0
    for part in said.split(";"):
        label, colon, text = part.partition(":")
        words, text = " ".join(label.split()), text.strip()
        head, _, rest = words.partition(" ")
        head = head.casefold()
        if not values and _decision(words, values):
            values["rationale"], last = text, "rationale"
        elif colon and words.casefold() in TEXTS:
            last = TEXTS[words.casefold()]
            values[last] = text
        elif colon and head == "dissent":
            values["dissent"], values["dissent_by"], last = text, _codes(rest), "dissent"
        elif colon and head in ("outcome", "outcomes"):
            values["outcomes"], last = _outcomes(text), "outcomes"
        elif colon and head == "action" and actions < VOLUNTEERED:
            actions += 1
            agency, _, due = rest.partition(" ")
            last = f"action_what_{actions}"
            values |= {last: text, f"action_agency_{actions}": agency.upper(), f"action_due_{actions}": due.strip()}
        elif part.strip():
            values[last] = f"{values[last]}; {part.strip()}" if values.get(last) else part.strip()
    return values


def _decision(words: str, values: dict[str, str]) -> bool:
    folded = words.casefold()
    for spoken, decision in DECISIONS.items():
        if folded == spoken or (decision is Decision.REDIRECT and folded.startswith(f"{spoken} ")):
            values["decision"] = decision
            values["redirect_to"] = words[len(spoken) :].strip()
            return True
    return False


def _codes(said: str) -> str:
    return ",".join(code.upper() for code in said.replace(",", " ").split())


def _outcomes(said: str) -> str:
    """Outcomes by their beginnings; what is none is kept, to be refused with its field named."""
    found: list[str] = []
    for part in (each.strip() for each in said.split(",")):
        begun = [each for each in OUTCOMES if part and each.casefold().startswith(part.casefold())]
        found += begun[:1] or ([part] if part else [])
    return ",".join(found)


def read_decision(said: str) -> dict[str, str]:
    """Read `tracker: what was decided; action MHT 2027-01-20: what`, the board's decision on one item of its agenda.

    A part that does not begin an action belongs to the text before it, so nothing typed is lost.
    """
    about, _, rest = said.partition(":")
    values: dict[str, str] = {"about": " ".join(about.split())}
    last, actions = "decision", 0
    for part in rest.split(";"):
        label, colon, text = part.partition(":")
        head, _, whose = " ".join(label.split()).partition(" ")
        if colon and head.casefold() == "action" and actions < VOLUNTEERED:
            actions += 1
            agency, _, due = whose.partition(" ")
            last = f"action_what_{actions}"
            values |= {
                last: text.strip(),
                f"action_agency_{actions}": agency.upper(),
                f"action_due_{actions}": due.strip(),
            }
        elif part.strip():
            values[last] = f"{values[last]}; {part.strip()}" if values.get(last) else part.strip()
    return values
