"""When a month is told of, around bank holidays, year ends, clock changes and outages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.calendar import at_uk, is_working_day
from board.months import MOST_MISSED, Month, latest, monthly_key, read_monthly_key, to_tell, told_before, told_on

OCTOBER = Month(2026, 10)
DAYS = st.dates(date(2000, 1, 1), date(2190, 1, 1))


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2026-09", date(2026, 10, 1)),  # a Thursday
        ("2026-10", date(2026, 11, 2)),  # the 1st is a Sunday
        ("2026-12", date(2027, 1, 4)),  # New Year's Day is a Friday
        ("2027-12", date(2028, 1, 4)),  # a Saturday, whose holiday is kept on Monday the 3rd
        ("2029-03", date(2029, 4, 3)),  # Easter Day and Easter Monday
        ("2028-02", date(2028, 3, 1)),  # after the 29th
    ],
)
def test_the_day_is_the_first_working_day_of_the_next_month(month: str, day: date) -> None:
    """Weekends and England's bank holidays are passed over, across a year's end too."""
    read = Month.parse(month)
    assert read is not None
    assert told_on(read) == day


@pytest.mark.parametrize(
    ("instant", "months"),
    [
        (datetime(2026, 11, 1, 12, 0, tzinfo=UTC), []),  # a Sunday
        (datetime(2026, 11, 2, 8, 29, tzinfo=UTC), []),  # before the hour
        (datetime(2026, 11, 2, 8, 30, tzinfo=UTC), [OCTOBER]),
        (datetime(2026, 11, 7, 12, 0, tzinfo=UTC), []),  # a Saturday: an outage's end wakes nobody
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), [OCTOBER]),
        (datetime(2026, 12, 1, 9, 0, tzinfo=UTC), [OCTOBER, Month(2026, 11)]),
    ],
)
def test_a_month_is_told_when_its_day_has_come(instant: datetime, months: list[Month]) -> None:
    """From the digest's hour on, on working days; what was missed comes first."""
    assert to_tell(Month(2026, 9), instant) == months


def test_the_hour_follows_the_clock_change() -> None:
    """On 1 July the hour is 07:30 UTC, in summer time."""
    assert to_tell(Month(2026, 5), datetime(2026, 7, 1, 7, 29, tzinfo=UTC)) == []
    assert to_tell(Month(2026, 5), datetime(2026, 7, 1, 7, 30, tzinfo=UTC)) == [Month(2026, 6)]


def test_a_bot_set_up_in_the_middle_of_a_month_begins_with_it() -> None:
    """It has nothing to say of the month before, unless that month is told of this very day."""
    assert told_before(date(2026, 11, 16)) == OCTOBER
    assert told_before(date(2026, 11, 2)) == Month(2026, 9)
    assert told_before(date(2026, 11, 1)) == Month(2026, 9)


@given(DAYS)
def test_what_was_told_is_not_told_again(day: date) -> None:
    """After telling, nothing is due until another month's day has come."""
    now = at_uk(day, datetime.min.time().replace(hour=12))
    assert to_tell(latest(day), now) == []
    before = latest(day).before
    assert to_tell(before, now) == ([latest(day)] if is_working_day(day) else [])


def test_a_year_long_outage_is_caught_up_on_within_bounds() -> None:
    """Not more than a year of months is told of together, and the latest are."""
    told = to_tell(Month(2020, 1), datetime(2026, 11, 2, 12, 0, tzinfo=UTC))
    assert len(told) == MOST_MISSED
    assert (told[0], told[-1]) == (Month(2025, 11), OCTOBER)


@given(DAYS)
def test_a_month_reads_back(day: date) -> None:
    """Its text is read back, its days enclose every day of it, and the months follow one another."""
    month = Month.of(day)
    assert Month.parse(str(month)) == month
    assert month.first <= day <= month.last
    assert month.last + timedelta(days=1) == month.next.first
    assert month.next.before == month


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "0026-01", "2026-1", "2026-10-01", "x2026-10"])
def test_what_is_no_month_is_none(text: str) -> None:
    """Anything but a year and a month reads as none."""
    assert Month.parse(text) is None


def test_a_key_reads_back() -> None:
    """The key of a monthly notice names its kind, its month and its member; other keys are none."""
    key = monthly_key("patterns", OCTOBER, "0000-a")
    assert key == "patterns/2026-10/member:0000-a"
    assert read_monthly_key(key) == ("patterns", OCTOBER, "0000-a")
    assert read_monthly_key("digest/member:a/2026-10-01") is None
    assert read_monthly_key("patterns/2026-10/forum:MHRMB") is None
