"""What a check of the system found: one line each, with what to do about it.

Findings are read at a terminal by whoever operates the bot, so their sentences stand beside the rule that finds them.
They name rows and codes, never people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=30)
"""How long before an end (a sharing agreement's, a certificate's) it is told: time to have it renewed."""


class Level(StrEnum):
    """How much a finding matters. Only `FIX` makes the check fail."""

    GOOD = "good"
    ADVICE = "advice"
    FIX = "fix"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was found, and what to do about it (empty when nothing is)."""

    level: Level
    says: str
    fix: str = ""


def good(says: str) -> Finding:
    """Something is as it should be."""
    return Finding(Level.GOOD, says)


def advice(says: str, fix: str) -> Finding:
    """Something would be better otherwise; nothing breaks meanwhile."""
    return Finding(Level.ADVICE, says, fix)


def must(says: str, fix: str) -> Finding:
    """Something does not work, or is open to people it should not be open to."""
    return Finding(Level.FIX, says, fix)


def ending(what: str, ends: datetime, now: datetime, fix: str) -> list[Finding]:
    """Something that ends at a moment, such as a certificate: good until 30 days before, then advice, then a fix."""
    if ends <= now:
        return [must(f"{what} expired on {ends:%d %B %Y}.", fix)]
    days = (ends - now).days
    if ends - now <= SOON:
        left = "in less than a day" if days == 0 else "in 1 day" if days == 1 else f"in {days} days"
        return [advice(f"{what} expires on {ends:%d %B %Y}, {left}.", fix)]
    return [good(f"{what} is valid until {ends:%d %B %Y}, for {days} days more.")]
