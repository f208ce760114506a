"""Actions and the people about them, for tests: every field has a fixed, invented default."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from board.actions import Action, ActionStatus, Priority
from board.records import Member
from board.vocabulary import Role
from tests.builders import KEY, create_member

OWNER_ID = "00000000-0000-4000-8000-0000000000c1"
STRANGER_ID = "00000000-0000-4000-8000-0000000000c9"
AGREED_ON = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
DUE = date(2026, 6, 22)
"""A Monday, a week after the builders' TODAY."""


def create_action(**values: Any) -> Action:
    """A-103: open, agreed on 1 June 2026 at board B-7, owned by somebody at the trust, due a week after TODAY."""
    number = values.get("id", 103)
    defaults: dict[str, Any] = {
        "id": number,
        "etag": '"1"',
        "reference": f"A-{number}",
        "key": KEY,
        "open": True,
        "what": "Agree one number for out of hours advice.",
        "why": "Officers ring three numbers.",
        "owner_id": OWNER_ID,
        "owner_name": "Dee Matron",
        "agency": "MHT",
        "due": DUE,
        "priority": Priority.NORMAL,
        "source": "B-7",
        "programme": "Winter plan",
        "forum": "MHRMB",
        "status": ActionStatus.AGREED,
        "note": "What was said before.",
        "agreed_on": AGREED_ON,
    }
    return Action(**{**defaults, **values})


def create_owner(*roles: Role, **values: Any) -> Member:
    """The member who owns A-103; a representative unless roles are named."""
    return create_member(*roles, **{"user_id": OWNER_ID, "name": "Dee Matron", **values})


def create_other(*roles: Role, **values: Any) -> Member:
    """A member who owns no action, of the owner's agency unless another is named."""
    return create_member(*roles, **{"user_id": STRANGER_ID, "name": "Ex Other", **values})
