"""The history of rows from their versions: what each changed, and who really did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from board.history import Change, Entry, Value
from board.records import Stored, Subject
from sharepoint import adopting, sealed
from sharepoint.answers import JSON
from sharepoint.client import BATCH_LIMIT
from sharepoint.columns import Column, read_moment
from sharepoint.descriptions import NOT_ON_FORMS
from sharepoint.queries import MOST, Query, items_path
from sharepoint.schema import SUBJECTS, ListOf
from sharepoint.store import Store, from_item

PLUMBING = NOT_ON_FORMS | {"Open", "Reference", "StepKey"}
"""Columns that tell nothing of what happened: the bot's own bookkeeping."""

Row = tuple[ListOf[Any], Stored, str]
"""A record with its list, and what tells it from the others of its kind (an agency's code, a name's role)."""


async def read(store: Store, rows: Iterable[Row]) -> list[Entry]:
    """Every step of these rows, in no order. One request for a hundred rows."""
    return (await read_beside(store, rows))[0]


async def read_beside(store: Store, rows: Iterable[Row], *queries: Query) -> tuple[list[Entry], list[list[Any]]]:
    """Every step of these rows, in no order, and what these queries find, in the same requests: a hundred of either."""
    wanted = list(rows)
    paths = [f"{items_path(of)}({row.id})/versions?$top={MOST}" for of, row, _ in wanted]
    paths += [query.path for query in queries]
    told = list[list[JSON]]()
    for start in range(0, len(paths), BATCH_LIMIT):
        told += await store.raw(paths[start : start + BATCH_LIMIT])
    found = list[Entry]()
    for (of, _, about), versions in zip(wanted, told, strict=False):
        found += steps(of, versions, about)
    asked = zip(queries, told[len(wanted) :], strict=True)
    return found, [[from_item(query.of, item) for item in items] for query, items in asked]


def steps(of: ListOf[Any], versions: list[JSON], about: str) -> Iterator[Entry]:
    """The steps of one row. `versions` come newest first; a write that only seals is none."""
    older: JSON | None = None
    for version in reversed(versions):
        changes = tuple(_changes(of, older, version))
        if changes or older is None:
            yield _entry(of, older, version, changes, about)
        older = version


def _entry(of: ListOf[Any], older: JSON | None, version: JSON, changes: tuple[Change, ...], about: str) -> Entry:
    hand = adopting.by_hand(older, version) if older is not None else not version.get("WriteMark")
    return Entry(
        when=read_moment(version.get("Created")) or read_moment(version.get("Modified")),
        kind=of.name,
        about=about,
        who=adopting.editor_of(version) if hand else str(version.get("ChangedBy") or adopting.editor_of(version)),
        why="" if hand else str(version.get("ChangeReason") or ""),
        changes=changes,
        made=older is None,
        by_hand=hand,
    )


def facts(of: ListOf[Any], row: Stored) -> tuple[tuple[str, Value], ...]:
    """What a record holds now, by the labels of its columns: those that are filled, without the bot's bookkeeping."""
    held = ((column, getattr(row, column.attribute)) for column in of.mapped if not _is_plumbing(column))
    return tuple((_label(column), value) for column, value in held if value not in (None, "", (), frozenset()))


def former(entries: Iterable[Entry]) -> Iterator[Subject]:
    """People as their rows named them before a correction: one for each change, with the values that it replaced."""
    labels = {_label(column): column.attribute for column in SUBJECTS.mapped}
    for entry in entries:
        if entry.kind == SUBJECTS.name and not entry.made:
            replaced = {
                labels[each.label]: each.before for each in entry.changes if each.before and each.label in labels
            }
            yield Subject(**{"role": entry.about, **replaced})  # type: ignore[arg-type]


def _is_plumbing(column: Column) -> bool:
    return column.name in PLUMBING or column.internal in PLUMBING


def _label(column: Column) -> str:
    return column.label or column.internal


def _changes(of: ListOf[Any], older: JSON | None, version: JSON) -> Iterator[Change]:
    was, now = sealed.content(of, older or {}), sealed.content(of, version)
    for column in of.mapped:
        if not _is_plumbing(column) and now.get(column.name, "") != was.get(column.name, ""):
            yield Change(_label(column), _value(column, older), _value(column, version))


def _value(column: Column, version: JSON | None) -> Value:
    value: Value = column.read(version.get(column.name)) if version is not None else None
    return value
