"""Routing tables: which use case a typed command or a button belongs to. Each use case names its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.house import House
from bot.turn import Answer, Turn

T = TypeVar("T")
Press = Callable[[House, Turn], Awaitable[Answer]]
Say = Callable[[House, Turn, str], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Routes:
    """What a use case answers to: buttons by their verb (`pressed`), commands by their word with the rest (`said`).

    `opens` are the verbs that may open a dialog: those that need no form filled in. `shared` are buttons on cards that
    stand where others read along. All others of a card's own are on cards in private chats, or open a dialog: a client
    that presses one elsewhere would have details shown, or put away, where they are not. `searched` and `begun` are the
    searches and the dialogs that Teams' own box and menus offer, by the ids of `cards.extensions`.
    """

    pressed: Mapping[str, Press] = field(default_factory=dict)
    said: Mapping[str, Say] = field(default_factory=dict)
    opens: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    searched: Mapping[str, Press] = field(default_factory=dict)
    begun: Mapping[str, Press] = field(default_factory=dict)


def joined(*tables: Routes) -> Routes:
    """One table of several; raises ValueError when two claim the same verb, word or id."""
    return Routes(
        _one(table.pressed for table in tables),
        _one(table.said for table in tables),
        frozenset[str]().union(*(table.opens for table in tables)),
        frozenset[str]().union(*(table.shared for table in tables)),
        _one(table.searched for table in tables),
        _one(table.begun for table in tables),
    )


def _one(tables: Iterable[Mapping[str, T]]) -> dict[str, T]:
    made: dict[str, T] = {}
    for table in tables:
        if twice := made.keys() & table.keys():
            raise ValueError(f"claimed twice: {sorted(twice)}")
        made |= table
    return made
