"""What words mean to the board, with their source: services use the same words for different things.

These are what provisioning puts into the list `Definitions`; people add newer wordings there as rows of their own. The
newest in use counts, and a triage records which wordings stood beside its choice.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date

from board.records import Definition

_MHA = "Mental Health Act 1983 (legislation.gov.uk)"
_MAPPA = "MAPPA Guidance, HM Prison and Probation Service"

SEEDED: tuple[Definition, ...] = (
    Definition(
        term="Serious harm",
        words=(
            "Harm that is life-threatening or traumatic, and from which recovery, whether physical or psychological, "
            "can be expected to be difficult or impossible."
        ),
        source="OASys definition, used in the MAPPA Guidance and in College of Policing guidance",
    ),
    Definition(
        term="Imminent",
        words="The event is more likely than not to happen at any time from now. It asks for action today.",
        source="OASys guidance: the meaning of a very high risk. The board's default",
    ),
    Definition(
        term="PDP",
        words=(
            "A potentially dangerous person: somebody who is not eligible for MAPPA, whose behaviour gives reasonable "
            "grounds for believing that there is a present likelihood of their committing an offence that will cause "
            "serious harm."
        ),
        source="Earlier wording of Authorised Professional Practice, Managing sexual offenders and violent offenders",
    ),
    Definition(
        term="PDP",
        version=2,
        words=(
            "A potentially dangerous person: somebody who is not eligible for MAPPA, whose behaviour gives reasonable "
            "grounds for believing that there is a risk of their committing an offence that will cause serious harm."
        ),
        source="Later wording of the same. Check the present one with your police force",
    ),
    Definition(
        term="MAPPA",
        words=(
            "Multi-agency public protection arrangements. Category 1: registered sexual offenders. 2: violent or other "
            "sexual offenders with twelve months or more of custody, or a hospital order. 3: other dangerous "
            "offenders. 4: terrorist offenders and those who may be. Levels 1 to 3: ordinary management, multi-agency "
            "meetings, and those with senior oversight."
        ),
        source=f"Criminal Justice Act 2003, sections 325 to 327B; {_MAPPA}",
    ),
    Definition(
        term="s135(1)",
        words=(
            "A magistrate's warrant to enter, and if need be take to a place of safety, somebody believed to suffer "
            "from mental disorder who is ill-treated, neglected, not kept under proper control, or living alone and "
            "unable to care for themselves."
        ),
        source=f"{_MHA}, section 135(1)",
    ),
    Definition(
        term="s135(2)",
        words="A magistrate's warrant to enter and take back a patient who is already liable to be taken or retaken.",
        source=f"{_MHA}, section 135(2)",
    ),
    Definition(
        term="s136",
        words=(
            "A constable's power to take somebody who appears to be suffering from mental disorder and in immediate "
            "need of care or control to a place of safety, or keep them there: up to 24 hours, or 36 when extended. "
            "Not in a private dwelling."
        ),
        source=f"{_MHA}, sections 136 to 136C",
    ),
    Definition(
        term="Place of safety",
        words=(
            "Where somebody may be taken under sections 135 and 136. A police station only in exceptional cases, and "
            "never a child."
        ),
        source=f"{_MHA}, sections 135(6) and 136A",
    ),
    Definition(
        term="Restricted patient",
        words="A patient under a hospital order with restrictions (s37/41) or a restricted transfer (s47/49).",
        source=f"{_MHA}, sections 37, 41, 47 and 49",
    ),
    Definition(
        term="Community treatment order",
        words="Treatment in the community on conditions, with a power to recall to hospital.",
        source=f"{_MHA}, sections 17A to 17G",
    ),
    Definition(
        term="Right care, right person",
        words="The agency with the right skills and powers answers a call for help about somebody's health or welfare.",
        source="National Partnership Agreement: Right Care, Right Person (2023)",
    ),
    Definition(
        term="Safeguarding enquiry",
        words=(
            "A council's enquiry where an adult with needs for care may be abused or neglected and cannot protect "
            "themselves."
        ),
        source="Care Act 2014, section 42",
    ),
)
"""The words of `domain` that were misheard between services."""

GATE = ("MAPPA", "PDP", "Serious harm")
"""Terms shown beside the choice at the gate, in the order in which it is asked."""

OFFERED = 0.5
"""How alike (difflib's ratio) a term must be to what was typed to be offered."""


def key_of(definition: Definition) -> str:
    """The key of a seeded wording: provisioning adds each once, and leaves what people made of it."""
    return f"definition:{definition.term.casefold()}/{definition.version}"


def current(rows: Iterable[Definition], on: date) -> dict[str, Definition]:
    """The wording in use of each term, by the term's folded name: the newest that is open and has begun."""
    found: dict[str, Definition] = {}
    for row in sorted(rows, key=lambda each: (each.version, each.id)):
        if row.open and row.term.strip() and (row.from_on is None or row.from_on <= on):
            found[row.term.strip().casefold()] = row
    return found


def meant(said: str, terms: dict[str, Definition]) -> tuple[Definition | None, str]:
    """The term that was typed, or none and the nearest to offer (empty when none is near)."""
    folded = " ".join(said.split()).strip(" ?.!").casefold()
    if folded in terms:
        return terms[folded], ""
    begun = [
        term for term in terms if folded and term.replace("section ", "s").startswith(folded.replace("section ", "s"))
    ]
    if len(begun) == 1:
        return terms[begun[0]], ""
    near = difflib.get_close_matches(folded, terms, n=1, cutoff=OFFERED)
    return None, terms[near[0]].term if near else terms[begun[0]].term if begun else ""


def shown(terms: dict[str, Definition]) -> list[Definition]:
    """What stands beside the choice at the gate."""
    return [terms[term.casefold()] for term in GATE if term.casefold() in terms]


def versions(beside: Iterable[Definition]) -> str:
    """Which wordings stood beside a choice, as the case keeps it."""
    return "; ".join(f"{each.term} ({each.version})" for each in beside)
