"""References people say aloud: a list's letter and the item's own number, such as R-14."""

from __future__ import annotations

import re

from board.errors import FieldProblem, NotUnderstood, Problem

REFERRAL = "R"
ACTION = "A"
BOARD = "B"
SUBGROUP = "S"
PLAN = "P"
RISK = "K"
AGENDA_ITEM = "I"
LESSON = "L"
AGREEMENT = "G"
CONFERENCE = "C"

_SPOKEN = re.compile(r"([A-Za-z])\s*(?:[-‐‑–—]\s*)?0*([1-9][0-9]{0,8})")
"""Matched whole, without outer spaces. No two parts can take the same spaces, so a long text is refused at once."""


def reference(letter: str, item_id: int) -> str:
    """Make the reference of a stored item, such as `R-14`."""
    return f"{letter}-{item_id}"


def item_id(text: str, letter: str) -> int:
    """Read a reference as people type it (`r14`, `R 14`, `r-014`); raises NotUnderstood for any other text."""
    spoken = _SPOKEN.fullmatch(text.strip())
    if not spoken or spoken[1].upper() != letter:
        raise NotUnderstood(FieldProblem("reference", Problem.NOT_A_REFERENCE))
    return int(spoken[2])
