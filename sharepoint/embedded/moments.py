"""Instants as the server stores and says them: UTC to the second, `2026-11-22T10:00:00Z`, and .NET ticks in tokens."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

_EPOCH_TICKS = 621_355_968_000_000_000
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?\s*(Z|z|[+-]\d\d:?\d\d)?$")


def now() -> str:
    """The present second, as stored."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def ticks() -> int:
    """The present in .NET ticks: units of 100 ns since the year 1."""
    return _EPOCH_TICKS + time.time_ns() // 100


def days_ago(days: float) -> int:
    """The ticks of that many days before now."""
    return ticks() - int(days * 86_400 * 10_000_000)


def from_ticks(value: int) -> str:
    """The second a tick count falls in; raises ValueError beyond what a calendar holds."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=(value - _EPOCH_TICKS) // 10)
    except OverflowError as error:
        raise ValueError(value) from error
    return _stored(moment)


def parse(text: str) -> str:
    """An ISO 8601 date or time as stored; without an offset it is UTC. Raises ValueError otherwise."""
    found = _ISO.match(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    offset = found.group(7)
    if offset and offset not in "Zz":
        away = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
        try:
            moment = moment - away if offset[0] == "+" else moment + away
        except OverflowError as error:
            raise ValueError(text) from error
    if moment.year < 1900:  # SharePoint's dates run from 1900 to 8900
        raise ValueError(text)
    return _stored(moment)


def _stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
