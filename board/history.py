"""The history of a record: who did what, when, why, before and after. Pure: entries in, their order and pages out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

Value = str | bool | int | date | datetime | frozenset[str] | tuple[str, ...] | None
"""What a column held, as the record reads it."""

PAGE = 12
"""Entries on a page: with their values they fill a card."""

LOOKED = "Looks"
"""The kind of an entry that tells of a look, which is no change."""

BOT = "MHRMB bot"
"""Who a step was by when no person took it."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """One column, by its label, before and after."""

    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: `kind` is the list's name, `about` which of its records, `made` whether it began there.

    `who` is the real person: the member for whom the bot wrote, or who edited the row in SharePoint (`by_hand`).
    """

    when: datetime | None
    kind: str
    about: str
    who: str
    why: str
    changes: tuple[Change, ...] = ()
    made: bool = False
    by_hand: bool = False


def in_order(entries: Iterable[Entry], *, newest_first: bool = False) -> list[Entry]:
    """In order of time; what happened at one instant stays as it was given."""
    return sorted(entries, key=lambda each: each.when or _LONG_AGO, reverse=newest_first)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a history, the newest entries on the first (0)."""

    entries: tuple[Entry, ...]
    number: int
    pages: int


def page(entries: Sequence[Entry], number: int) -> Page:
    """One page of a history; a number beyond the last is the last."""
    ordered, pages = in_order(entries, newest_first=True), max(1, -(-len(entries) // PAGE))
    here = min(max(number, 0), pages - 1)
    return Page(tuple(ordered[here * PAGE : (here + 1) * PAGE]), here, pages)
