"""A row that was brought in before, and reads differently now: which of its columns were corrected in the file."""

from __future__ import annotations

from board.actions import Action
from board.importing.marks import untouched_by_steps

_COMPARED = {
    "what": "What",
    "why": "Why",
    "owner_name": "Owner",
    "agency": "Agency",
    "due": "Due",
    "status": "Status",
    "priority": "Priority",
    "programme": "Programme",
    "note": "Note",
    "agreed_on": "Agreed",
    "closed_on": "Closed",
}


def corrected(kept: Action, read: Action) -> tuple[str, ...]:
    """What the file says otherwise than what is kept; nothing where the action has moved on since, by a step."""
    if not untouched_by_steps(kept):
        return ()
    return tuple(name for attribute, name in _COMPARED.items() if _differ(kept, read, attribute))


def _differ(kept: Action, read: Action, attribute: str) -> bool:
    before, now = getattr(kept, attribute), getattr(read, attribute)
    if isinstance(before, str) and isinstance(now, str):  # a list may change a text's line ends
        return before.split() != now.split()
    return bool(before != now)
