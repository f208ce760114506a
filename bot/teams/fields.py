"""Reading single fields of an activity: wrong types are the caller's mistake and become a 400 that names the field."""

from __future__ import annotations

from typing import Any

from bot.turn import JSON

ID_LIMIT = 1_000
DEPTH_LIMIT = 32


class Refused(Exception):
    """The request is not served: `status` is the HTTP status, `code` and the message are for the calling machine."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def bad(message: str) -> Refused:
    """Return the refusal of a malformed activity."""
    return Refused(400, "BadSyntax", message)


def text_of(holder: JSON, name: str, limit: int = ID_LIMIT, *, required: bool = False) -> str:
    """Return a text field, empty when it is absent or null."""
    found = holder.get(name)
    if found is None and not required:
        return ""
    if not isinstance(found, str) or (required and not found):
        raise bad(f"`{name}` must be text")
    if len(found) > limit:
        raise bad(f"`{name}` is longer than {limit} characters")
    return found


def object_of(holder: JSON, name: str, *, required: bool = False) -> JSON:
    """Return an object field, empty when it is absent or null."""
    found = holder.get(name)
    if found is None and not required:
        return {}
    if not isinstance(found, dict):
        raise bad(f"`{name}` must be an object")
    return found


def list_of(holder: JSON, name: str) -> list[Any]:
    """Return a list field, empty when it is absent or null."""
    found = holder.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise bad(f"`{name}` must be a list")
    return found


def check_depth(activity: JSON, body: bytes) -> None:
    """Raise when the activity nests deeper than anything Teams sends, level by level, without recursion."""
    if body.count(b"{") + body.count(b"[") <= DEPTH_LIMIT:
        return  # as in nearly every activity: too few brackets to nest deep
    level: list[Any] = [activity]
    for _ in range(DEPTH_LIMIT):
        deeper: list[Any] = []
        for holder in level:
            inside = holder.values() if isinstance(holder, dict) else holder
            deeper.extend([item for item in inside if isinstance(item, dict | list)])
        if not deeper:
            return
        level = deeper
    raise bad(f"the activity nests deeper than {DEPTH_LIMIT} levels")
