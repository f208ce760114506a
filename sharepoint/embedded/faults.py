"""Faults on request and counts of what was served, so that tests can make trouble and benchmarks can count."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sharepoint.embedded.errors import BadRequest


@dataclass(slots=True)
class Fault:
    """What to do to a matching request: answer `status` (or "drop" the connection), after `latency` seconds.

    `after` does the operation first, so that its outcome is unknown to the sender. `count` is how many are left.
    """

    status: int | str | None
    share: float
    retry_after: float | None
    latency: float
    count: int | None
    match: re.Pattern[str]
    after: bool


@dataclass(slots=True)
class Faults:
    """The faults in force, in the order they were posted; the first that matches a request is used."""

    faults: list[Fault] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 — repeatable on purpose

    def add(self, body: bytes) -> None:
        """One more fault, from its JSON."""
        try:
            given = orjson.loads(body)
            self.faults.append(_fault(given))
        except (ValueError, TypeError, AttributeError, re.error) as error:
            raise BadRequest(f"The fault could not be read: {type(error).__name__}.") from error
        if "seed" in given:
            self.chance.seed(str(given["seed"]))

    def clear(self) -> None:
        """No faults any more."""
        self.faults.clear()

    def strike(self, request: str) -> Fault | None:
        """The fault that befalls `VERB path`, if any; a request is tried against each once."""
        for fault in self.faults:
            if fault.count == 0 or not fault.match.search(request) or self.chance.random() >= fault.share:
                continue
            if fault.count is not None:
                fault.count -= 1
            return fault
        return None


@dataclass(slots=True)
class Counts:
    """Requests served since the start or the last clearing; a batch counts once, its parts apart."""

    by: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """Count from nothing."""
        self.by.clear()
        self.parts.clear()

    def shown(self) -> Mapping[str, Any]:
        """As `GET /__requests` answers."""
        return {"total": self.by.total(), "by": dict(self.by), "parts": dict(self.parts)}


def _fault(given: dict[str, Any]) -> Fault:
    status, count, retry_after = given.get("status"), given.get("count"), given.get("retry_after")
    if status not in (None, "drop") and not 400 <= int(status) <= 599:
        raise ValueError(status)
    return Fault(
        status=status,
        share=float(given.get("share", 1)),
        retry_after=None if retry_after is None else float(retry_after),
        latency=min(float(given.get("latency", 0)), 600),
        count=None if count is None else int(count),
        match=re.compile(str(given.get("match", "")), re.IGNORECASE),
        after=bool(given.get("after", False)),
    )
