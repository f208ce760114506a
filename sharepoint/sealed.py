"""Rows of sealed lists as their chain sees them: canonical words, whether they come from a write, an item or a version.

SharePoint gives back what was written with other line ends, without outer spaces, and dates as the site's midnight, so
what is sealed is what both forms have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from board.records import Stored
from sharepoint import chain
from sharepoint.answers import JSON
from sharepoint.chain import Keys, Place, State, Step, Verdict
from sharepoint.columns import Column, Type
from sharepoint.schema import CHAIN, VERSION, ListOf

_WORDS = (Type.TEXT, Type.NOTE, Type.CHOICE)
_TOLD = ("Title", "ChangedBy", "ChangeReason")
"""Columns that no attribute of a record holds, and that are sealed with the others."""


@cache
def _readers(of: ListOf[Any]) -> dict[str, Callable[[Any], str]]:
    """By column, how its raw value becomes its canonical word."""
    return dict.fromkeys(_TOLD, _words) | {column.name: _reader(column) for column in of.mapped}


def _reader(column: Column) -> Callable[[Any], str]:
    if column.type in _WORDS:
        return _words
    blank = str(column.write(column.read(None)))

    def word(value: Any) -> str:
        said = str(column.write(column.read(value)))
        return "" if said == blank else said

    return word


def _words(value: Any) -> str:
    """A text by itself, not as the record reads it: what is hidden in a column must not pass."""
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def content(of: ListOf[Any], item: JSON) -> dict[str, str]:
    """The canonical words of the columns that a write or an item holds; blank ones are empty."""
    readers = _readers(of)
    found = {name: readers[name](item[name]) for name in readers if name in item}
    for column in of.mapped:
        person = item.get(column.internal)
        if column.type is Type.USER and column.name not in item and isinstance(person, dict):  # as versions tell it
            found[column.name] = readers[column.name](person.get("LookupId"))
    return found


def place(of: ListOf[Any], item: JSON) -> Place:
    """Where an item's chain belongs."""
    return Place(of.name, str(item.get("Key") or ""))


def chain_of(item: JSON) -> str:
    """The text of an item's chain; empty when it was never sealed."""
    return str(item.get(CHAIN.name) or "")


def times_written(item: JSON) -> int:
    """How many times SharePoint says that an item was written; 0 when it does not say."""
    label = str(item.get(VERSION) or item.get("VersionLabel") or "")
    number = label.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0


def verify(keys: Keys, of: ListOf[Any], item: JSON) -> Verdict:
    """Verify an item, or a version of one, by itself."""
    return chain.verify(keys, place(of, item), chain_of(item), content(of, item))


def first(keys: Keys, of: ListOf[Any], values: JSON, at: datetime) -> JSON:
    """The column that a new row is written with, besides its own values."""
    step = chain.begin(keys, place(of, values), content(of, values), at=at, written=1)
    return {CHAIN.name: step.text()}


def following(keys: Keys, of: ListOf[Any], record: Stored, changed: JSON, at: datetime) -> JSON | None:
    """The column that a change is written with, from a record that holds its chain; empty where there is none yet.

    None when the record does not say enough: it was read in part, or its chain is not of the key that seals now.
    """
    last = chain.read(record.chain or "")
    if record.chain == "":
        return {}
    if last is None or last.key_id != keys.first or not record.written:
        return None
    where, words = Place(of.name, record.key), content(of, changed)
    doubted = not chain.is_ours(keys, where, last)
    step = chain.go_on(keys, where, last, words, at=at, written=record.written + 1, doubted=doubted)
    return {CHAIN.name: step.text()}


def following_whole(keys: Keys, of: ListOf[Any], item: JSON, changed: JSON, at: datetime) -> JSON:
    """The same from the whole item. Where the key is the same, what was not written keeps its digest all the same, so
    that what somebody did to it goes on showing."""
    last, verdict = chain.read(chain_of(item)), verify(keys, of, item)
    if last is None:
        return {}
    same = last.key_id == keys.first
    words = content(of, changed if same else item | changed)
    doubted = verdict.state is State.BROKEN or (verdict.state is State.DIFFERENT and not same)
    written = times_written(item) + 1
    step = chain.go_on(keys, place(of, item), last, words, at=at, written=written, whole=not same, doubted=doubted)
    return {CHAIN.name: step.text()}


def wiped(keys: Keys, of: ListOf[Any], versions: list[JSON], left: JSON, names: Iterable[str], *, at: datetime) -> JSON:
    """The column that a disposal is written with. `left` is the item as it will be, its chain that of before."""
    earlier, written = steps(keys, of, [*versions, left]), times_written(left) + 1
    where, words = place(of, left), content(of, left)
    if not earlier:
        return {CHAIN.name: chain.begin(keys, where, words, at=at, written=written).text()}
    return {CHAIN.name: chain.wipe(keys, where, earlier, words, names, at=at, written=written).text()}


def steps(keys: Keys, of: ListOf[Any], versions: list[JSON]) -> list[Step]:
    """The sound steps of a row's versions, oldest first, each once: a restored version repeats an earlier one."""
    found: dict[int, Step] = {}
    for version in versions:
        step = chain.read(chain_of(version))
        if step is not None and chain.is_ours(keys, place(of, version), step):
            found.setdefault(step.number, step)
    return [found[number] for number in sorted(found)]
