"""What makes a spreadsheet's row the same row again, and what an imported action looked like when it came."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from board.actions import IMPORTED, Action


def key_by_reference(forum: str, reference: str, source: str) -> str:
    """The key of a row that has a reference: the same in any file, whatever else is corrected in it.

    The source belongs to it, since many trackers count from 1 at each meeting.
    """
    return _key(forum, "reference", reference, source)


def key_by_words(forum: str, action: Action, nth: int) -> str:
    """The key of a row without one: its words, owner and source; `nth` tells rows apart that share all three."""
    return _key(forum, "words", action.what, action.owner_name, action.source, str(nth))


def _key(*parts: str) -> str:
    same = [" ".join(part.casefold().split()) for part in parts]
    return IMPORTED + hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]


def marked(action: Action) -> Action:
    """The action with a mark of how it was imported, in the place that its first step will take."""
    return replace(action, step_key=_mark(action))


def as_imported(action: Action) -> bool:
    """Whether nobody has taken a step or edited what matters since it was imported.

    Its faults were told to whoever imported it, all at once; telling each again would be hundreds of messages. An owner
    recognised meanwhile is no edit.
    """
    return action.step_key in (_mark(action), _mark(replace(action, owner_id="")))


def untouched_by_steps(action: Action) -> bool:
    """Whether no step has been taken since it was imported, though its row may have been edited."""
    return action.step_key.startswith(IMPORTED)


def _mark(action: Action) -> str:
    due = action.due.isoformat() if action.due else ""
    return _key(action.what, due, action.status, action.priority, action.owner_id, action.owner_name)
