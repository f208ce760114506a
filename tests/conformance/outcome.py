"""What an operation came to, in a form in which clients can be compared: values without guids, refusals by code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """SharePoint said no. As an expectation, `code` and `message` may be just how theirs begin; "" says nothing."""

    status: int
    code: str = ""
    message: str = ""
    retry_after: str = ""

    def covers(self, other: object) -> bool:
        """Whether an outcome is this refusal."""
        return (
            isinstance(other, Refusal)
            and other.status == self.status
            and other.code.startswith(self.code)
            and other.message.startswith(self.message)
            and self.retry_after in ("", other.retry_after)
        )

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.status), self.code, f"“{self.message[:60]}”") if part != "“”")


@dataclass(frozen=True, slots=True)
class Failed:
    """The client itself broke, or has no way of doing it."""

    why: str

    def __str__(self) -> str:
        return f"failed: {self.why[:120]}"


def plain(value: Any, names: Mapping[str, str]) -> Any:
    """A value with what differs from run to run replaced: guids, and each of `names` by what it stands for."""
    if isinstance(value, Refusal):
        return replace(value, message=plain(value.message, names))
    if isinstance(value, Mapping):
        return {key: plain(inner, names) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner, names) for inner in value]
    if not isinstance(value, str):
        return value
    for name, stands_for in names.items():
        value = value.replace(name, stands_for)
    return _GUID.sub("{guid}", value)


def agrees(expected: object, outcome: object) -> bool:
    """Whether an outcome is what was expected."""
    return expected.covers(outcome) if isinstance(expected, Refusal) else expected == outcome
