"""The words trackers use for where an action stands and how much it matters, in the board's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from board.actions import ActionStatus, Priority
from board.importing.cells import squeezed

_WORDS: dict[ActionStatus, tuple[str, ...]] = {
    ActionStatus.AGREED: (
        *("open", "new", "agreed", "notstarted", "notyetstarted", "outstanding", "pending", "todo", "due", "overdue"),
        *("late", "raised", "assigned", "live", "current", "active", "carriedforward", "cf", "notdue", "notyetdue"),
    ),
    ActionStatus.DISSEMINATED: ("sent", "circulated", "issued"),
    ActionStatus.ACKNOWLEDGED: ("accepted", "received"),
    ActionStatus.IN_PROGRESS: (
        *("inprogress", "started", "underway", "ongoing", "ontrack", "onschedule", "progressing", "wip"),
        *("workinprogress", "partiallycomplete", "partlycomplete", "partcomplete", "atrisk", "delayed", "offtrack"),
    ),
    ActionStatus.DONE: (
        *("awaitingverification", "tobeverified", "awaitingsignoff", "forsignoff", "readytoclose", "proposeclose"),
        *("proposeclosure", "proposedforclosure", "awaitingclosure", "recommendclosure", "recommendforclosure"),
    ),
    ActionStatus.VERIFIED: (
        *("complete", "completed", "closed", "done", "finished", "achieved", "discharged", "resolved", "signedoff"),
        *("completeandclosed", "completedandclosed", "actioncomplete", "actioncompleted", "actionclosed"),
    ),
    ActionStatus.BLOCKED: ("onhold", "hold", "stalled", "paused", "stuck", "deferred", "suspended", "escalated"),
    ActionStatus.MORE_TIME: ("extensionrequested", "extensionasked", "moretimerequested"),
    ActionStatus.NOT_POSSIBLE: ("cannotbedone", "unachievable", "notachievable", "unabletocomplete"),
    ActionStatus.NOT_UNDERTAKEN: ("notdone", "notcompleted", "notprogressed", "abandoned", "nottakenforward"),
    ActionStatus.TRANSFERRED: ("moved", "reassigned", "passedon", "referredon"),
    ActionStatus.SUPERSEDED: ("cancelled", "canceled", "withdrawn", "nolongerrequired", "nolongerneeded", "merged"),
}  # fmt: skip

STATUS_WORDS: dict[str, ActionStatus] = {
    **{squeezed(word): status for status, words in _WORDS.items() for word in words},
    **{squeezed(status): status for status in ActionStatus},
}

COLOURS = frozenset({"red", "amber", "green", "blue", "yellow", "orange", "grey", "gray", "white", "black", "purple"})
COLOUR_LETTERS = frozenset({"r", "a", "g", "b"})

_COLOUR_FIRST = re.compile(rf"^(?:{'|'.join(sorted(COLOURS))})\s*[-:–—(/,]+\s*(.+?)\)?$", re.IGNORECASE)
_COLOUR_LAST = re.compile(rf"^(.+?)\s*[-:–—(/,]+\s*(?:{'|'.join(sorted(COLOURS))})\)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatusRead:
    """What a status cell says: a status, or whether it was only a colour. Neither is a word that is not known."""

    status: ActionStatus | None = None
    colour: bool = False


def read_status(text: str, told: Mapping[str, ActionStatus]) -> StatusRead:
    """Read a status that is not blank. `told` holds what the person said of words of their own, squeezed.

    A colour alone is not a status: some trackers mean done by green or blue, and some mean going well.
    """
    bare = squeezed(text)
    known = told.get(bare) or STATUS_WORDS.get(bare)
    if known is not None:
        return StatusRead(known)
    if bare in COLOURS or bare in COLOUR_LETTERS or bare == "rag":
        return StatusRead(colour=True)
    for pattern in (_COLOUR_FIRST, _COLOUR_LAST):
        if match := pattern.match(text):
            inner = squeezed(match[1])
            return StatusRead(told.get(inner) or STATUS_WORDS.get(inner), colour=inner in COLOURS)
    return StatusRead()


_PRIORITIES = {
    **dict.fromkeys(("immediate", "immediaterisk", "immediateriskoflife", "emergency"), Priority.IMMEDIATE),
    **dict.fromkeys(("high", "h", "urgent", "critical", "veryhigh", "important"), Priority.HIGH),
    **dict.fromkeys(("normal", "medium", "med", "m", "low", "l", "routine", "standard", "verylow"), Priority.NORMAL),
}  # fmt: skip


def read_priority(text: str) -> Priority | None:
    """The board's priority for a word; None when it is not known."""
    return _PRIORITIES.get(squeezed(text))
