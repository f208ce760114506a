"""Which commands Teams offers as people begin to type: a choice of those the bot understands, for each scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cards.help import COMMANDS

TEAM: Final = "team"
PERSONAL: Final = "personal"

CHOSEN: Final = {
    TEAM: ("refer", "referrals", "tracker", "escalations", "risks", "measures", "board", "agenda", "pack", "help"),
    PERSONAL: ("home", "refer", "my actions", "referrals", "tracker", "triage", "subgroup", "board", "whoami", "help"),
}
"""The words people need most often, each of which is a whole command by itself."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A command as Teams shows it: its title is what is typed for the person who picks it."""

    title: str
    description: str


def offers(scope: str) -> list[Offer]:
    """The commands of a scope, in the order they are shown; LookupError for a word that the bot does not have."""
    known = {command.word: command for command in COMMANDS}
    return [Offer(word, _sentence(known[word].does)) for word in CHOSEN[scope]]


def _sentence(does: str) -> str:
    """Without marks of emphasis, which Teams would show as they are."""
    plain = does.replace("*", "")
    return plain[:1].upper() + plain[1:]
