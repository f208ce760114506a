"""A row that was brought in before, and reads differently now: which of its columns were corrected in the file."""

from __future__ import annotations

import re
from datetime import datetime

from board.actions import Action
from board.calendar import uk_date
from board.importing.cells import squeezed
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


def own_number(reference: str) -> int:
    """The number of the action that a row of an exported workbook was made from; 0 for a reference of another's."""
    found = re.fullmatch(r"A-([1-9][0-9]{0,8})", reference.strip().upper())
    return int(found[1]) if found else 0


def is_same(kept: Action, read: Action) -> bool:
    """Whether a row that names one of our references is that action: another board's A-7 says something else."""
    return squeezed(kept.what) == squeezed(read.what)


def _differ(kept: Action, read: Action, attribute: str) -> bool:
    before, now = getattr(kept, attribute), getattr(read, attribute)
    if isinstance(before, str) and isinstance(now, str):  # a list may change a text's line ends
        return before.split() != now.split()
    if isinstance(before, datetime) and isinstance(now, datetime):  # a workbook holds days
        return uk_date(before) != uk_date(now)
    return bool(before != now)
