"""The site's regional settings: English (United Kingdom), locale 2057, and the clock of London.

A site has one locale and one time zone, and forms, views and CAML's days follow them. A new site of a UK tenant would
be set so; the REST properties of items stay in UTC whatever they are.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LOCALE = 2057
_STORED = "%Y-%m-%dT%H:%M:%SZ"
_ISO = "%Y-%m-%dT%H:%M:%S%z"
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]|$)")
_FORM = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp][Mm])?)?$")


@lru_cache(maxsize=1)
def zone() -> ZoneInfo:
    """The site's time zone."""
    return ZoneInfo("Europe/London")


def today() -> date:
    """The site's present day."""
    return datetime.now(zone()).date()


def iso_day(text: str) -> date:
    """The day that an ISO date, with or without a time, begins with; ValueError otherwise."""
    if not _ISO_DAY.match(text):
        raise ValueError(text)
    found = date.fromisoformat(text[:10])
    _refuse_year(found.year)
    return found


def _refuse_year(year: int) -> None:
    if not 1900 <= year <= 8900:  # SharePoint's dates run from 1900 to 8900
        raise ValueError(year)


def day(of: date) -> tuple[str, str]:
    """When a day of the site begins and when the next one does, as stored (UTC); ValueError beyond the calendar."""
    try:
        return _begins(of), _begins(of + timedelta(days=1))
    except OverflowError as error:
        raise ValueError(of) from error


def _begins(of: date) -> str:
    return datetime(of.year, of.month, of.day, tzinfo=zone()).astimezone(UTC).strftime(_STORED)


def local(stored: str) -> datetime:
    """A stored instant on the site's clock."""
    return datetime.strptime(stored, _ISO).astimezone(zone())


def shown(stored: str, *, date_only: bool) -> str:
    """A stored instant as a form or view shows it: 22/11/2026, or 22/11/2026 10:00."""
    return local(stored).strftime("%d/%m/%Y" if date_only else "%d/%m/%Y %H:%M")


def stored_local(text: str) -> str:
    """An ISO date and time without an offset, on the site's clock, as stored; ValueError otherwise."""
    moment = datetime.fromisoformat(text)
    if not _ISO_DAY.match(text) or moment.tzinfo is not None:
        raise ValueError(text)
    _refuse_year(moment.year)
    return moment.replace(tzinfo=zone()).astimezone(UTC).strftime(_STORED)


def from_form(text: str) -> str:
    """A date typed into a form (day first), as stored; ValueError otherwise."""
    found = _FORM.match(text.strip())
    if not found:
        raise ValueError(text)
    days, month, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    half = (found.group(7) or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half == "pm" else 0)
    _refuse_year(year)
    return datetime(year, month, days, hour, minute, second, tzinfo=zone()).astimezone(UTC).strftime(_STORED)
