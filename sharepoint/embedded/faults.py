"""Faults on request and counts of what was served, so that tests can make trouble and benchmarks can count.

`POST /__faults` takes one fault as JSON, `GET` tells how often each has struck, `DELETE` takes them all away:

    status       an HTTP status from 400 to 599, or "drop": the connection is cut without an answer
    answer       what becomes of the answer: "half" (cut in the middle), "drip" (dealt out over `drip` seconds),
                 "html" (a page instead), "type" (sent as text/plain), "truncated" (JSON that ends too soon)
    after        do the work first, so that its outcome is unknown to the sender; all of `answer` but "html" always do
    code         SharePoint's error code in the refusal, such as "-2130575305, Microsoft.SharePoint.SPException"
    latency      seconds to wait first
    retry_after  seconds for Retry-After; with `as_date` it is told as an HTTP date
    ratelimit    {"limit", "remaining", "reset"}: the RateLimit headers; alone, they go with the true answer
    match        a pattern looked for in `VERB path`; `part` looks in the operations of each `$batch` instead
    share        how likely it is to strike, from 0 to 1; `seed` begins the chances anew; `count`, how often at most
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import orjson

from sharepoint.embedded.errors import BadRequest

ANSWERS = frozenset({"half", "drip", "html", "type", "truncated"})
LONGEST = 600.0
"""Seconds that a fault may hold an answer back."""


@dataclass(slots=True)
class Fault:
    """What to do to a matching request, in the words of the module; `count` is how often it may still strike."""

    status: int | str | None
    share: float
    headers: Mapping[str, str]
    retry_after: float | None
    as_date: bool
    latency: float
    count: int | None
    match: re.Pattern[str]
    after: bool
    answer: str
    drip: float
    part: bool
    code: str
    struck: int = 0

    @property
    def works(self) -> bool:
        """Whether the operation is done in spite of the fault."""
        return self.after or (self.status is None and self.answer != "html")

    def told(self, now: datetime) -> dict[str, str]:
        """The headers it adds to the answer."""
        headers = dict(self.headers)
        if self.retry_after is not None and self.as_date:
            headers["Retry-After"] = format_datetime(now + timedelta(seconds=self.retry_after), usegmt=True)
        elif self.retry_after is not None:
            headers["Retry-After"] = f"{self.retry_after:g}"
        return headers


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

    def shown(self) -> list[dict[str, Any]]:
        """As `GET /__faults` answers."""
        return [
            {"status": one.status, "answer": one.answer, "match": one.match.pattern, "struck": one.struck}
            for one in self.faults
        ]

    def strike(self, request: str, *, part: bool = False) -> Fault | None:
        """The fault that befalls `VERB path`, if any; a request is tried against each once."""
        for fault in self.faults:
            if fault.part is not part or fault.count == 0 or not fault.match.search(request):
                continue
            if self.chance.random() >= fault.share:
                continue
            if fault.count is not None:
                fault.count -= 1
            fault.struck += 1
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


def utc_now() -> datetime:
    """The instant that an HTTP date in Retry-After is told from."""
    return datetime.now(UTC)


def _fault(given: dict[str, Any]) -> Fault:
    status, count, retry_after = given.get("status"), given.get("count"), given.get("retry_after")
    answer, part = str(given.get("answer", "")), bool(given.get("part", False))
    if status not in (None, "drop") and not 400 <= int(status) <= 599:
        raise ValueError(status)
    if answer and answer not in ANSWERS:
        raise ValueError(answer)
    if part and not isinstance(status, int):
        raise ValueError("a part of a batch can only be answered with a status")
    return Fault(
        status=status,
        share=float(given.get("share", 1)),
        headers=_rate(given.get("ratelimit", {})),
        retry_after=None if retry_after is None else float(retry_after),
        as_date=bool(given.get("as_date", False)),
        latency=min(float(given.get("latency", 0)), LONGEST),
        count=None if count is None else int(count),
        match=re.compile(str(given.get("match", "")), re.IGNORECASE),
        after=bool(given.get("after", False)),
        answer=answer,
        drip=min(float(given.get("drip", 5)), LONGEST),
        part=part,
        code=str(given.get("code", "-1, Microsoft.SharePoint.Client.ClientServiceException")),
    )


def _rate(given: Mapping[str, Any]) -> dict[str, str]:
    """RateLimit-Limit, -Remaining and -Reset: what SharePoint tells from 80 % of an allowance (doc)."""
    return {f"RateLimit-{name.capitalize()}": f"{float(value):g}" for name, value in given.items()}
