"""How far each programme is: of all the actions that belong to it, how many are closed. Pure.

A programme is a name that its actions share, such as an inspection's improvement plan. Whoever asks is told of the
actions they may see in full: the name of one that comes from a case may be about somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from board.actions import Action
from board.entitlement import Sight
from board.tracker import is_overdue


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme: its name, how many of its actions are closed, of how many, and how many are overdue."""

    name: str
    closed: int
    of: int
    overdue: int


def spellings(actions: Iterable[Action], sees: Callable[[Action], Sight]) -> list[str]:
    """The programmes that open actions belong to, in every spelling but for capitals, to ask for all of each."""
    named = (action for action in actions if action.programme.strip() and action.live and sees(action) is Sight.FULL)
    return list({action.programme.casefold(): action.programme for action in named}.values())


def programmes(actions: Iterable[Action], sees: Callable[[Action], Sight], today: date) -> list[Programme]:
    """Count them; the one with the most overdue first, then by name. `actions` are open and closed ones, each once."""
    by_name: dict[str, list[Action]] = {}
    for action in sorted(actions, key=lambda each: each.id):
        name = " ".join(action.programme.split())
        if name and action.reference and sees(action) is Sight.FULL:
            by_name.setdefault(name.casefold(), []).append(action)
    found = [
        Programme(
            " ".join(each[0].programme.split()),
            sum(not action.live for action in each),
            len(each),
            sum(is_overdue(action, today) for action in each),
        )
        for each in by_name.values()
    ]
    return sorted(found, key=lambda each: (-each.overdue, each.name.casefold()))
