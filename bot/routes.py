"""Routing tables: which use case a typed command or a button belongs to. Each use case names its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.house import House
from bot.turn import Answer, Turn

Press = Callable[[House, Turn], Awaitable[Answer]]
Say = Callable[[House, Turn, str], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Routes:
    """What a use case answers to: buttons by their verb (`pressed`), commands by their word with the rest (`said`).

    `opens` are the verbs that may open a dialog: those that need no form filled in. `shared` are buttons on cards that
    stand where others read along. All others of a card's own are on cards in private chats, or open a dialog: a client
    that presses one elsewhere would have details shown, or put away, where they are not.
    """

    pressed: Mapping[str, Press] = field(default_factory=dict)
    said: Mapping[str, Say] = field(default_factory=dict)
    opens: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()


def joined(*tables: Routes) -> Routes:
    """One table of several; raises ValueError when two claim the same verb or word."""
    pressed: dict[str, Press] = {}
    said: dict[str, Say] = {}
    for table in tables:
        twice = (pressed.keys() & table.pressed.keys()) | (said.keys() & table.said.keys())
        if twice:
            raise ValueError(f"claimed twice: {sorted(twice)}")
        pressed |= table.pressed
        said |= table.said
    return Routes(
        pressed,
        said,
        frozenset[str]().union(*(table.opens for table in tables)),
        frozenset[str]().union(*(table.shared for table in tables)),
    )
