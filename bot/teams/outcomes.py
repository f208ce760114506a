"""What Teams' HTTP answers mean for a post: taken, not taken, refused, or nobody knows."""

from __future__ import annotations

from typing import Any

import orjson

from bot.turn import OutcomeUnknown, TeamsBusy, TeamsDown, TeamsRefused

_NOT_TAKEN = frozenset({412, 429, 503})


def outcome(status: int, retry_after: str | None, content: bytes) -> Any:
    """Return a success's JSON (None when it is not JSON), or raise what the status means."""
    parsed = _parsed(content)
    if 200 <= status < 300:
        return parsed
    code = _code_in(parsed)
    if status in _NOT_TAKEN:
        kind = TeamsDown if status == 503 else TeamsBusy
        raise kind(f"Teams answered {status}", _seconds(retry_after))
    if status >= 500:
        raise OutcomeUnknown(f"Teams answered {status}")
    raise TeamsRefused(f"Teams answered {status} {code}".rstrip(), status, code)


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def id_in(answer: Any, name: str) -> str:
    """Return a text field of an answer, empty when it has none."""
    found = answer.get(name) if isinstance(answer, dict) else None
    return found if isinstance(found, str) else ""


def _code_in(answer: Any) -> str:
    """Return the error code of Teams' answer; the message beside it is left out, it may name people."""
    error = answer.get("error") if isinstance(answer, dict) else None
    return id_in(error, "code")[:100]


def _seconds(retry_after: str | None) -> float | None:
    """Read a Retry-After given in seconds; Teams gives no dates."""
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None
