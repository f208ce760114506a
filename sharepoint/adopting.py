"""What people changed in a row by hand in SharePoint, told from its versions, so that a sealing write can adopt it.

Pure. SharePoint keeps a version for every change, with who made it. A version whose chain is the one of the version
before was not written by the bot. What no such version explains was done behind its back, and is never adopted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sharepoint import chain, sealed
from sharepoint.answers import JSON
from sharepoint.chain import Keys, State, Step
from sharepoint.schema import CHAIN, ListOf

SOMEBODY = "somebody"
"""Who edited a row, where SharePoint does not say."""


class Standing(Enum):
    """How a row stands, once its versions were asked."""

    SOUND = "as it was sealed"
    NEW = "never sealed"
    EDITED = "edited in SharePoint"
    TAMPERED = "changed by no way that SharePoint knows of"


@dataclass(frozen=True, slots=True)
class Told:
    """How a row stands; by whom it was edited, and the step that the adopting one follows."""

    standing: Standing
    editor: str = ""
    last: Step | None = None
    columns: tuple[str, ...] = ()


def needs_versions(keys: Keys, of: ListOf[Any], item: JSON) -> bool:
    """Whether the row alone does not tell how it stands: it differs, or was written since its last step."""
    verdict = sealed.verify(keys, of, item)
    if verdict.state is State.SOUND and verdict.step is not None:
        return sealed.times_written(item) > verdict.step.written
    return verdict.state is State.DIFFERENT


def told(keys: Keys, of: ListOf[Any], item: JSON, versions: Sequence[JSON]) -> Told:
    """How a row stands. `versions` are SharePoint's, newest first; empty where `needs_versions` says no."""
    verdict = sealed.verify(keys, of, item)
    if verdict.state is State.UNSEALED:
        return Told(Standing.NEW, editor_of(versions[0]) if versions else SOMEBODY)
    if verdict.step is None or verdict.state in (State.BROKEN, State.FOREIGN):
        return Told(Standing.TAMPERED, columns=verdict.columns)
    if not needs_versions(keys, of, item):
        return Told(Standing.SOUND, last=verdict.step)
    known = sealed.steps(keys, of, [*versions, item])
    last = max(known, key=lambda step: step.number, default=verdict.step)
    explained = edits(of, versions)
    if verdict.state is State.DIFFERENT and not set(verdict.columns) <= explained.keys():
        return Told(Standing.TAMPERED, columns=tuple(sorted(set(verdict.columns) - explained.keys())))
    editor = explained[verdict.columns[0]] if verdict.columns else editor_of(versions[0]) if versions else SOMEBODY
    return Told(Standing.EDITED, editor, last, verdict.columns)


def edits(of: ListOf[Any], versions: Sequence[JSON]) -> dict[str, str]:
    """By column, who changed it last by hand, where its present value came so and the bot has not written it since."""
    found: dict[str, str] = {}
    older: JSON | None = None
    for version in reversed(versions):
        now = sealed.content(of, version)
        was = sealed.content(of, older) if older is not None else {}
        changed = [name for name in now if now[name] != was.get(name, "")]
        if older is not None and by_hand(older, version):
            found |= dict.fromkeys(changed, editor_of(version))
        else:
            for name in changed:
                found.pop(name, None)
        older = version
    return found


def by_hand(older: JSON, newer: JSON) -> bool:
    """Whether the newer of two versions was not written by the bot, whose every write has a chain of its own.

    An earlier version that was restored brings back an earlier chain: so that one counts too, its number not growing.
    """
    before, now = chain.read(sealed.chain_of(older)), chain.read(sealed.chain_of(newer))
    return now is None or (before is not None and now.number <= before.number)


def editor_of(version: JSON) -> str:
    """Who made a version, as SharePoint names them."""
    editor = version.get("Editor")
    name = editor.get("LookupValue") or editor.get("Title") if isinstance(editor, dict) else ""
    return str(name or SOMEBODY)[:200]


def adopted(keys: Keys, of: ListOf[Any], item: JSON, found: Told, at: datetime) -> JSON:
    """The columns of the write that adopts an edit, or seals a row for the first time, naming who made it.

    A row that was typed by hand gets its key with it. One that the bot wrote before there was a chain keeps its words.
    """
    changed: JSON = {} if item.get("Key") else {"Key": f"row:{of.name}-{item['Id']}"}
    if found.standing is Standing.EDITED:
        changed |= {"ChangedBy": found.editor, "ChangeReason": "edited in the list"}
    elif not item.get("ChangedBy"):
        changed |= {"ChangedBy": found.editor, "ChangeReason": "typed into the list"}
    whole, written = item | changed, sealed.times_written(item) + 1
    where, words = sealed.place(of, whole), sealed.content(of, whole)
    if found.last is None:
        step = chain.begin(keys, where, words, at=at, written=written)
    else:
        step = chain.settled(keys, where, found.last, words, at=at, written=written)
    return {**changed, CHAIN.name: step.text()}
