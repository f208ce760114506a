"""Looking for a record by what is typed into a search box. Pure; who may see what was found is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from board.records import Agency, Risk
from board.references import RISK, reference

_SPOKEN = re.compile(r"([A-Za-z])\s*(?:[-‐‑–—]\s*)?0*([1-9][0-9]{0,8})")
_NUMBER = re.compile(r"0*([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class BoardPaper:
    """A paper of a board (`reference`) that every member may open: what it is called, when it was filed, and where."""

    title: str
    reference: str
    filed_on: datetime | None
    address: str


def number_in(said: str, letter: str) -> int | None:
    """The number that is meant by `R-14`, `r14` or `14` alone; None for anything else."""
    found = _SPOKEN.fullmatch(said.strip())
    if found is not None:
        return int(found[2]) if found[1].upper() == letter else None
    bare = _NUMBER.fullmatch(said.strip())
    return int(bare[1]) if bare is not None else None


def spelt(said: str) -> str:
    """What was typed, a reference alone in the board's own spelling."""
    found = _SPOKEN.fullmatch(said.strip())
    return reference(found[1].upper(), int(found[2])) if found is not None else said.strip()


def matches(said: str, *texts: str) -> bool:
    """Whether every word that was typed is somewhere in the texts; nothing typed matches all."""
    within = " ".join(texts).casefold()
    whole = spelt(said)
    return all(spelt(word).casefold() in within for word in whole.split())


def risks_like(risks: Iterable[Risk], said: str, forum: str, agencies: Mapping[str, Agency]) -> list[Risk]:
    """A forum's risks (and those of no forum) that match, the newest first. A number alone finds that one."""
    mine = [each for each in risks if (each.forum or forum).upper() == forum.upper()]
    number = number_in(said, RISK)
    if number is not None:
        return [each for each in mine if each.id == number]
    found = [each for each in mine if matches(said, *_words_of(each, agencies))]
    return sorted(found, key=lambda each: -each.id)


def _words_of(risk: Risk, agencies: Mapping[str, Agency]) -> tuple[str, ...]:
    agency = agencies.get(risk.agency.upper())
    name = agency.name if agency is not None else ""
    return (reference(RISK, risk.id), risk.category, risk.cause, risk.event, risk.impact, risk.agency, name)


def papers_like(papers: Iterable[BoardPaper], said: str) -> list[BoardPaper]:
    """The papers whose title or board was typed, in the order they come; of one title the first alone."""
    kept: dict[str, BoardPaper] = {}
    for each in papers:
        if matches(said, each.title, each.reference):
            kept.setdefault(each.title, each)
    return list(kept.values())
