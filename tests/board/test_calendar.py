"""The board's days: England's bank holidays, the six weeks, the clock changes, and reminders that are never lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.calendar import (
    MILESTONES,
    at_uk,
    board_days,
    is_working_day,
    milestones_between,
    next_board,
    previous_working_day,
    reminder_days,
    told_between,
    uk_date,
    working_days_from,
)

DAY = timedelta(days=1)

BANK_HOLIDAYS = {
    # As https://www.gov.uk/bank-holidays lists them for England, written out so that nothing here asks the product.
    date(2025, 1, 1),  # Wednesday, New Year's Day
    date(2025, 4, 18),  # Good Friday: Easter Sunday is 20 April 2025
    date(2025, 4, 21),  # Easter Monday
    date(2025, 5, 5),  # first Monday of May
    date(2025, 5, 26),  # last Monday of May
    date(2025, 8, 25),  # last Monday of August
    date(2025, 12, 25),  # Thursday
    date(2025, 12, 26),  # Friday
    date(2026, 1, 1),  # Thursday
    date(2026, 4, 3),  # Good Friday: Easter Sunday is 5 April 2026
    date(2026, 4, 6),  # Easter Monday
    date(2026, 5, 4),  # first Monday of May
    date(2026, 5, 25),  # last Monday of May
    date(2026, 8, 31),  # last Monday of August
    date(2026, 12, 25),  # Friday
    date(2026, 12, 28),  # Monday, for Boxing Day, which is a Saturday
    date(2027, 1, 1),  # Friday
    date(2027, 3, 26),  # Good Friday: Easter Sunday is 28 March 2027
    date(2027, 3, 29),  # Easter Monday
    date(2027, 5, 3),  # first Monday of May
    date(2027, 5, 31),  # last Monday of May
    date(2027, 8, 30),  # last Monday of August
    date(2027, 12, 27),  # Monday, for Christmas Day, which is a Saturday
    date(2027, 12, 28),  # Tuesday, for Boxing Day, which is a Sunday
    date(2028, 1, 3),  # Monday, for New Year's Day, which is a Saturday
    date(2028, 4, 14),  # Good Friday: Easter Sunday is 16 April 2028
    date(2028, 4, 17),  # Easter Monday
    date(2028, 5, 1),  # first Monday of May
    date(2028, 5, 29),  # last Monday of May
    date(2028, 8, 28),  # last Monday of August
    date(2028, 12, 25),  # Monday
    date(2028, 12, 26),  # Tuesday
}

DAYS = st.dates(date(2025, 3, 1), date(2028, 10, 31))
"""Days far enough inside the table that what is counted from them stays inside it too."""

MONDAYS = date(2026, 1, 12)
"""An anchor whose sequence meets Easter Monday: nominally 23 February, 6 April (Easter Monday), 18 May 2026 ..."""

FRIDAYS = date(2026, 1, 23)
"""An anchor whose sequence meets Christmas: nominally ... 13 November, 25 December 2026, 5 February 2027."""


def works(day: date) -> bool:
    """Whether people are at work, by the table above."""
    return day.isoweekday() <= 5 and day not in BANK_HOLIDAYS


def last_board(anchor: date, today: date) -> date:
    """The last board before today, of those that the calendar gives."""
    return board_days(anchor, today - 56 * DAY, today - DAY)[-1]


def on_or_after(day: date) -> date:
    """The first working day from this one on, by the table above."""
    while not works(day):
        day += DAY
    return day


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 4, 17), True),  # Thursday before Easter
        (date(2025, 4, 18), False),  # Good Friday
        (date(2025, 4, 19), False),  # Saturday
        (date(2025, 4, 21), False),  # Easter Monday
        (date(2025, 4, 22), True),  # Tuesday
        (date(2025, 5, 5), False),  # early May
        (date(2025, 5, 12), True),  # second Monday of May
        (date(2025, 5, 26), False),  # spring
        (date(2025, 8, 4), True),  # first Monday of August: Scotland's
        (date(2025, 8, 25), False),  # summer
        (date(2025, 12, 24), True),  # Wednesday, Christmas Eve
        (date(2025, 12, 29), True),  # Monday: Christmas was Thursday and Friday, so nothing moves
        (date(2026, 1, 2), True),  # Friday: Scotland's
        (date(2026, 3, 17), True),  # Tuesday: Northern Ireland's
        (date(2026, 11, 30), True),  # Monday: Scotland's
        (date(2026, 12, 26), False),  # Saturday
        (date(2026, 12, 28), False),  # Monday, in place of Saturday 26
        (date(2026, 12, 29), True),  # Tuesday
        (date(2027, 1, 4), True),  # Monday: New Year's Day was a Friday
        (date(2027, 7, 12), True),  # Monday: Northern Ireland's
        (date(2027, 12, 24), True),  # Friday: Christmas Day is a Saturday, its substitute comes after
        (date(2027, 12, 27), False),  # Monday, in place of Saturday 25
        (date(2027, 12, 28), False),  # Tuesday, in place of Sunday 26
        (date(2027, 12, 29), True),  # Wednesday
        (date(2027, 12, 31), True),  # Friday: New Year's Day is a Saturday, its substitute comes after
        (date(2028, 1, 3), False),  # Monday, in place of Saturday 1
        (date(2028, 1, 4), True),  # Tuesday
        (date(2028, 2, 29), True),  # Tuesday, the leap day
        (date(2028, 12, 27), True),  # Wednesday: Christmas was Monday and Tuesday
    ],
    ids=str,
)
def test_working_day(day: date, expected: bool) -> None:
    """Monday to Friday is a working day but for England's bank holidays and the days that stand in for them."""
    assert is_working_day(day) is expected


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_every_day_of_a_year_is_a_working_day_or_not_as_the_table_says(year: int) -> None:
    """Over whole years the working days are those of the published table, no more and no fewer."""
    days = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if is_working_day(day)] == [day for day in days if works(day)]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # An ordinary fortnight, from Monday 15 June 2026.
        (date(2026, 6, 15), 0, date(2026, 6, 15)),
        (date(2026, 6, 15), 1, date(2026, 6, 16)),
        (date(2026, 6, 15), 5, date(2026, 6, 22)),
        (date(2026, 6, 15), 10, date(2026, 6, 29)),
        (date(2026, 6, 15), -1, date(2026, 6, 12)),
        (date(2026, 6, 15), -5, date(2026, 6, 8)),
        # From a weekend: Saturday 13 and Sunday 14 June 2026.
        (date(2026, 6, 13), 0, date(2026, 6, 15)),
        (date(2026, 6, 13), 1, date(2026, 6, 15)),
        (date(2026, 6, 13), -1, date(2026, 6, 12)),
        (date(2026, 6, 14), 2, date(2026, 6, 16)),
        (date(2026, 6, 14), -2, date(2026, 6, 11)),
        # Easter 2026: Friday 3 to Monday 6 April.
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 4, 3), 0, date(2026, 4, 7)),
        (date(2026, 4, 3), 1, date(2026, 4, 7)),
        (date(2026, 4, 3), -1, date(2026, 4, 2)),
        (date(2026, 4, 5), -2, date(2026, 4, 1)),
        # Early May, spring and summer 2026: Mondays 4 and 25 May and 31 August.
        (date(2026, 5, 1), 1, date(2026, 5, 5)),
        (date(2026, 5, 26), -1, date(2026, 5, 22)),
        (date(2026, 8, 31), 0, date(2026, 9, 1)),
        # Christmas 2026: Friday 25 to Monday 28 December; Friday 1 January 2027.
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 24), 4, date(2027, 1, 4)),  # Tue 29, Wed 30, Thu 31, Mon 4
        (date(2027, 1, 4), -1, date(2026, 12, 31)),
        (date(2027, 1, 4), -10, date(2026, 12, 16)),  # 31 30 29 | 24 23 22 21 | 18 17 16
        # Christmas 2027: Saturday 25 to Tuesday 28 December; Saturday 1 to Monday 3 January 2028.
        (date(2027, 12, 24), 1, date(2027, 12, 29)),
        (date(2027, 12, 27), 0, date(2027, 12, 29)),
        (date(2027, 12, 28), -1, date(2027, 12, 24)),
        (date(2027, 12, 31), 1, date(2028, 1, 4)),
        (date(2028, 1, 1), 0, date(2028, 1, 4)),
        (date(2028, 1, 4), -1, date(2027, 12, 31)),
        # The end of February: Tuesday 29 in 2028, Friday 26 is the last working day of it in 2027.
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
        (date(2028, 3, 1), -1, date(2028, 2, 29)),
        (date(2027, 2, 26), 1, date(2027, 3, 1)),
    ],
)
def test_working_days_from(day: date, count: int, expected: date) -> None:
    """So many working days on or back skip weekends and bank holidays; none leads from a day off to the next one on."""
    assert working_days_from(day, count) == expected


@settings(deadline=None)
@given(DAYS, st.integers(1, 40))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    """Between a day and the one so many working days on or back lie exactly that many, the far one counted."""
    later, earlier = working_days_from(day, count), working_days_from(day, -count)
    between_later = sum(works(day + n * DAY) for n in range(1, (later - day).days + 1))
    between_earlier = sum(works(earlier + n * DAY) for n in range((day - earlier).days))
    assert (count, count) == (between_later, between_earlier)
    assert works(later)
    assert works(earlier)


@settings(deadline=None)
@given(DAYS)
def test_none_and_one_back(day: date) -> None:
    """No working days on is the first one from that day; the previous one is the last before it."""
    before = day - DAY
    while not works(before):
        before -= DAY
    assert (on_or_after(day), before) == (working_days_from(day, 0), previous_working_day(day))


IN_2026 = [
    date(2026, 1, 12),
    date(2026, 2, 23),
    date(2026, 4, 7),  # Tuesday: the Monday is Easter Monday
    date(2026, 5, 18),  # Monday, six weeks after 6 April and not after the 7th
    date(2026, 6, 29),
    date(2026, 8, 10),
    date(2026, 9, 21),
    date(2026, 11, 2),
    date(2026, 12, 14),
]


@pytest.mark.parametrize(
    "anchor",
    [
        date(2026, 1, 12),  # the first board of the year
        date(2025, 12, 1),  # the one before it
        date(2024, 1, 29),  # 17 cycles (714 days) before
        date(2026, 4, 6),  # the nominal day that is a bank holiday
        date(2026, 6, 29),  # inside the year
        date(2027, 1, 25),  # the one after the year
    ],
    ids=str,
)
def test_a_year_of_boards(anchor: date) -> None:
    """A year's boards follow from any one of them, past or to come; a bank holiday moves one and not those after."""
    assert board_days(anchor, date(2026, 1, 1), date(2026, 12, 31)) == IN_2026


@pytest.mark.parametrize(
    ("anchor", "first", "last", "weeks", "expected"),
    [
        # Six weeks from Friday 13 November 2026 is Christmas Day; held on the Tuesday after the substitute Monday.
        (FRIDAYS, date(2026, 11, 1), date(2027, 2, 28), 6, ["2026-11-13", "2026-12-29", "2027-02-05"]),
        # Both ends count.
        (MONDAYS, date(2026, 4, 7), date(2026, 5, 18), 6, ["2026-04-07", "2026-05-18"]),
        (MONDAYS, date(2026, 4, 8), date(2026, 5, 17), 6, []),
        # The nominal day alone holds no board; the held day alone does.
        (MONDAYS, date(2026, 4, 6), date(2026, 4, 6), 6, []),
        (MONDAYS, date(2026, 4, 7), date(2026, 4, 7), 6, ["2026-04-07"]),
        # Weekly over Christmas: Fridays 18, 25 (to Tuesday 29), 1 January (to Monday 4), 8 January.
        (FRIDAYS, date(2026, 12, 14), date(2027, 1, 8), 1, ["2026-12-18", "2026-12-29", "2027-01-04", "2027-01-08"]),
        # An anchor typed on a Saturday: Monday, every time.
        (date(2026, 6, 13), date(2026, 6, 1), date(2026, 7, 31), 6, ["2026-06-15", "2026-07-27"]),
        # Over the leap day: Tuesday 18 January 2028 and six weeks on.
        (date(2028, 1, 18), date(2028, 1, 1), date(2028, 4, 30), 6, ["2028-01-18", "2028-02-29", "2028-04-11"]),
        # Nothing between a day and the day before it.
        (MONDAYS, date(2026, 1, 12), date(2026, 1, 11), 6, []),
    ],
)
def test_board_days(anchor: date, first: date, last: date, weeks: int, expected: list[str]) -> None:
    """Boards are found between two days, both counted, by the day on which they are held."""
    assert [day.isoformat() for day in board_days(anchor, first, last, weeks)] == expected


@pytest.mark.parametrize(
    ("anchor", "today", "last", "following"),
    [
        # The day before a board, the day itself and the day after.
        (MONDAYS, date(2026, 1, 11), date(2025, 12, 1), date(2026, 1, 12)),
        (MONDAYS, date(2026, 1, 12), date(2025, 12, 1), date(2026, 1, 12)),
        (MONDAYS, date(2026, 1, 13), date(2026, 1, 12), date(2026, 2, 23)),
        # Nominally Easter Monday 6 April, held on Tuesday 7.
        (MONDAYS, date(2026, 4, 5), date(2026, 2, 23), date(2026, 4, 7)),
        (MONDAYS, date(2026, 4, 6), date(2026, 2, 23), date(2026, 4, 7)),
        (MONDAYS, date(2026, 4, 7), date(2026, 2, 23), date(2026, 4, 7)),
        (MONDAYS, date(2026, 4, 8), date(2026, 4, 7), date(2026, 5, 18)),
        # Nominally Christmas Day, held on Tuesday 29: today may be any day between.
        (FRIDAYS, date(2026, 12, 24), date(2026, 11, 13), date(2026, 12, 29)),
        (FRIDAYS, date(2026, 12, 25), date(2026, 11, 13), date(2026, 12, 29)),
        (FRIDAYS, date(2026, 12, 27), date(2026, 11, 13), date(2026, 12, 29)),
        (FRIDAYS, date(2026, 12, 28), date(2026, 11, 13), date(2026, 12, 29)),
        (FRIDAYS, date(2026, 12, 29), date(2026, 11, 13), date(2026, 12, 29)),
        (FRIDAYS, date(2026, 12, 30), date(2026, 12, 29), date(2027, 2, 5)),
        # The anchor is years away, before or after.
        (date(2027, 1, 25), date(2026, 6, 15), date(2026, 5, 18), date(2026, 6, 29)),
        (date(2024, 1, 29), date(2026, 6, 15), date(2026, 5, 18), date(2026, 6, 29)),
    ],
)
def test_board_before_and_board_to_come(anchor: date, today: date, last: date, following: date) -> None:
    """The next board may be today; the last one was before today; both go by the day on which it is held."""
    assert (last, following) == (last_board(anchor, today), next_board(anchor, today))


@settings(deadline=None)
@given(anchor=DAYS, first=DAYS, span=st.integers(0, 400), weeks=st.integers(1, 8))
def test_held_boards(anchor: date, first: date, span: int, weeks: int) -> None:
    """Boards are held on working days, one a day, each on the first one from a day of the anchor's sequence."""
    last = min(first + span * DAY, date(2028, 12, 31))
    # Sixty days of margin and one loop over every day, instead of the product's arithmetic.
    nominal = [
        first + n * DAY for n in range(-60, (last - first).days + 1) if ((first - anchor).days + n) % (7 * weeks) == 0
    ]
    held = [day for day in map(on_or_after, nominal) if first <= day <= last]
    found = board_days(anchor, first, last, weeks)
    assert held == found
    assert all(works(day) for day in found)
    assert len(set(found)) == len(found)


@settings(deadline=None)
@given(DAYS, DAYS)
def test_today_is_between_the_last_board_and_the_next(anchor: date, today: date) -> None:
    """The last board is before today, the next is not, no other is between, and the two are about six weeks apart."""
    last, following = last_board(anchor, today), next_board(anchor, today)
    assert last < today <= following
    assert [following] == board_days(anchor, last + DAY, following)
    # A day off lasts four days at most (a weekend and two bank holidays), which moves either end.
    assert abs((following - last).days - 42) <= 4


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        # 2026: clocks go forward on Sunday 29 March at 01:00 UTC and back on Sunday 25 October at 01:00 UTC.
        (date(2026, 3, 28), time(8, 30), datetime(2026, 3, 28, 8, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(8, 30), datetime(2026, 3, 29, 7, 30, tzinfo=UTC)),
        (date(2026, 3, 30), time(8, 30), datetime(2026, 3, 30, 7, 30, tzinfo=UTC)),
        (date(2026, 10, 24), time(8, 30), datetime(2026, 10, 24, 7, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(8, 30), datetime(2026, 10, 25, 8, 30, tzinfo=UTC)),
        (date(2026, 10, 26), time(8, 30), datetime(2026, 10, 26, 8, 30, tzinfo=UTC)),
        # 2027: Sundays 28 March and 31 October.
        (date(2027, 3, 28), time(8, 30), datetime(2027, 3, 28, 7, 30, tzinfo=UTC)),
        (date(2027, 10, 31), time(8, 30), datetime(2027, 10, 31, 8, 30, tzinfo=UTC)),
        # Midnight in summer belongs to the evening before in UTC; in winter it does not.
        (date(2026, 7, 1), time(0), datetime(2026, 6, 30, 23, 0, tzinfo=UTC)),
        (date(2026, 1, 1), time(0), datetime(2026, 1, 1, 0, 0, tzinfo=UTC)),
        # The hour that is skipped, 01:00 to 02:00: 01:30 becomes 02:30 summer time, which is 01:30 UTC.
        (date(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # The hour that is there twice, 01:00 to 02:00: the first one, still in summer time.
        (date(2026, 10, 25), time(0, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 0), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_at_uk(day: date, wall: time, expected: datetime) -> None:
    """A UK wall time is the right instant on both sides of a clock change, in the hour skipped and the one doubled."""
    found = at_uk(day, wall)
    assert expected == found
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Summer: the day begins at 23:00 UTC.
        ("2026-06-14T22:59:59+00:00", date(2026, 6, 14)),
        ("2026-06-14T23:00:00+00:00", date(2026, 6, 15)),
        # Winter: it begins at midnight UTC.
        ("2026-01-14T23:59:59+00:00", date(2026, 1, 14)),
        ("2026-01-15T00:00:00+00:00", date(2026, 1, 15)),
        # The days of change: both begin in the offset of the day before.
        ("2026-03-28T23:30:00+00:00", date(2026, 3, 28)),
        ("2026-03-29T22:59:59+00:00", date(2026, 3, 29)),
        ("2026-03-29T23:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-24T23:00:00+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:30:00+00:00", date(2026, 10, 25)),
        # Ends of a year and of a leap February.
        ("2026-12-31T23:59:59+00:00", date(2026, 12, 31)),
        ("2028-02-28T23:59:59+00:00", date(2028, 2, 28)),
        ("2028-02-29T00:00:00+00:00", date(2028, 2, 29)),
        # An instant given in another zone.
        ("2026-06-15T01:00:00+05:30", date(2026, 6, 14)),
        ("2026-06-14T19:00:00-04:00", date(2026, 6, 15)),
    ],
)
def test_uk_date(moment: str, expected: date) -> None:
    """An instant has the date that a calendar on a wall in the United Kingdom shows."""
    assert uk_date(datetime.fromisoformat(moment)) == expected


def last_sunday(year: int, month: int) -> date:
    """The day of a clock change: both months have 31 days."""
    return date(year, month, 31) - (date(year, month, 31).isoweekday() % 7) * DAY


@given(st.dates(date(2020, 1, 1), date(2036, 12, 31)), st.times())
def test_wall_time_is_an_hour_ahead_in_summer(day: date, wall: time) -> None:
    """Summer time runs from 01:00 UTC on March's last Sunday to the same on October's; the date is kept throughout."""
    moment = at_uk(day, wall)
    begins = datetime.combine(last_sunday(day.year, 3), time(1), UTC)
    ends = datetime.combine(last_sunday(day.year, 10), time(1), UTC)
    shown = moment + timedelta(hours=1 if begins <= moment < ends else 0)
    skipped = day == begins.date() and wall.hour == 1
    assert datetime.combine(day, wall, UTC) + timedelta(hours=1 if skipped else 0) == shown
    assert uk_date(moment) == day


@pytest.mark.parametrize(
    ("board", "disseminate", "eve"),
    [
        # Monday 29 June 2026: an ordinary fortnight before is Monday 15; the Friday before.
        (date(2026, 6, 29), date(2026, 6, 15), date(2026, 6, 26)),
        # Monday 4 January 2027: 31 30 29 | 24 23 22 21 | 18 17 16 December; New Year's Eve is a Thursday.
        (date(2027, 1, 4), date(2026, 12, 16), date(2026, 12, 31)),
        # Tuesday 29 December 2026: 24 23 22 21 | 18 17 16 15 14 | 11 December; Christmas Eve is a Thursday.
        (date(2026, 12, 29), date(2026, 12, 11), date(2026, 12, 24)),
        # Tuesday 7 April 2026, after Easter: 2 1 April 31 30 March | 27 26 25 24 23 | 20; Maundy Thursday.
        (date(2026, 4, 7), date(2026, 3, 20), date(2026, 4, 2)),
        # Wednesday 1 March 2028, after the leap day: 29 28 | 25 24 23 22 21 | 18 17 16 February.
        (date(2028, 3, 1), date(2028, 2, 16), date(2028, 2, 29)),
        # A chair moved it to Saturday 13 June 2026: 12 11 10 9 8 | 5 4 3 2 1; the Friday; and the Saturday itself.
        (date(2026, 6, 13), date(2026, 6, 1), date(2026, 6, 12)),
    ],
    ids=str,
)
def test_milestones_of_a_board(board: date, disseminate: date, eve: date) -> None:
    """Before a board: ten working days to bring actions up to date, the working day before, and the day itself."""
    found = milestones_between(board, board - 60 * DAY, board + 60 * DAY)
    told = [(milestone.name, day) for milestone, day in found]
    assert [each for each in told if each[0] in ("disseminate", "eve", "day")] == [
        ("disseminate", disseminate),
        ("eve", eve),
        ("day", board),
    ]


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        # Of the board on Monday 4 January 2027: Wednesday 16 December, Thursday 31 December, the day.
        (date(2026, 12, 14), date(2026, 12, 15), []),
        (date(2026, 12, 15), date(2026, 12, 16), ["disseminate"]),
        (date(2026, 12, 16), date(2026, 12, 17), []),
        (date(2026, 12, 16), date(2026, 12, 30), []),
        (date(2026, 12, 30), date(2026, 12, 31), ["eve"]),
        (date(2026, 12, 31), date(2027, 1, 4), ["day"]),
        (date(2026, 12, 30), date(2027, 1, 4), ["eve", "day"]),
        (date(2026, 12, 1), date(2027, 1, 4), ["disseminate", "eve", "day"]),
        (date(2027, 1, 4), date(2027, 1, 5), []),
        (date(2026, 12, 16), date(2026, 12, 16), []),
    ],
)
def test_milestones_between(after: date, until: date, expected: list[str]) -> None:
    """A milestone belongs to the window that ends on its day or later and began before it."""
    found = [m.name for m, _ in milestones_between(date(2027, 1, 4), after, until)]
    assert [name for name in found if name in ("disseminate", "eve", "day")] == expected


@settings(deadline=None)
@given(DAYS, st.data())
def test_milestones_are_working_days_told_once(anchor: date, data: st.DataObject) -> None:
    """Every milestone of a held board is a working day, and windows one after another tell each exactly once."""
    board = next_board(anchor, anchor)
    start = board - 40 * DAY
    steps = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=8))
    end = board + 14 * DAY
    edges = [start, *[start + sum(steps[: n + 1]) * DAY for n in range(len(steps))], end]
    edges = sorted({edge for edge in edges if edge <= end})
    told = [found for a, b in pairwise(edges) for found in milestones_between(board, a, b)]
    assert [milestone for milestone, _ in told] == list(MILESTONES)
    assert all(works(day) for _, day in told)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 6, 22), [date(2026, 6, 15), date(2026, 6, 21), date(2026, 6, 22)]),
        (date(2028, 3, 1), [date(2028, 2, 23), date(2028, 2, 29), date(2028, 3, 1)]),
        (date(2028, 3, 7), [date(2028, 2, 29), date(2028, 3, 6), date(2028, 3, 7)]),
        (date(2027, 3, 7), [date(2027, 2, 28), date(2027, 3, 6), date(2027, 3, 7)]),
        (date(2027, 1, 1), [date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1)]),
    ],
    ids=str,
)
def test_reminder_days(due: date, expected: list[date]) -> None:
    """An owner hears of an action a week before, the day before and on the day, in calendar days."""
    assert reminder_days(due) == expected


@pytest.mark.parametrize(
    ("due", "after", "until", "expected"),
    [
        # Due Monday 22 June 2026: Monday 15, Sunday 21 and Monday 22.
        (date(2026, 6, 22), date(2026, 6, 12), date(2026, 6, 15), True),
        (date(2026, 6, 22), date(2026, 6, 15), date(2026, 6, 16), False),
        (date(2026, 6, 22), date(2026, 6, 18), date(2026, 6, 19), False),
        (date(2026, 6, 22), date(2026, 6, 19), date(2026, 6, 22), True),
        (date(2026, 6, 22), date(2026, 6, 22), date(2026, 6, 23), False),
        # Due Saturday 20 June 2026: Saturday 13 (told on Monday 15), Friday 19, Saturday 20 (told on Monday 22).
        (date(2026, 6, 20), date(2026, 6, 11), date(2026, 6, 12), False),
        (date(2026, 6, 20), date(2026, 6, 12), date(2026, 6, 15), True),
        (date(2026, 6, 20), date(2026, 6, 18), date(2026, 6, 19), True),
        (date(2026, 6, 20), date(2026, 6, 19), date(2026, 6, 22), True),
        # Due Tuesday 14 April 2026: a week before is Tuesday 7, the first day back after Easter.
        (date(2026, 4, 14), date(2026, 4, 2), date(2026, 4, 7), True),
        # Due Monday 13 April 2026: a week before is Easter Monday, told on Tuesday 7.
        (date(2026, 4, 13), date(2026, 4, 1), date(2026, 4, 2), False),
        (date(2026, 4, 13), date(2026, 4, 2), date(2026, 4, 7), True),
        # Due Tuesday 7 March 2028: a week before is the leap day.
        (date(2028, 3, 7), date(2028, 2, 28), date(2028, 2, 29), True),
        # A window of no days tells nothing; one over an outage tells once what all of it held.
        (date(2026, 6, 22), date(2026, 6, 22), date(2026, 6, 22), False),
        (date(2026, 6, 22), date(2026, 6, 1), date(2026, 6, 30), True),
    ],
)
def test_told_between(due: date, after: date, until: date, expected: bool) -> None:
    """A reminder day is told in the digest of its own day, or of the next working day when it is a day off."""
    assert told_between(due, after, until) is expected


@settings(deadline=None)
@given(DAYS)
def test_no_reminder_day_is_lost_or_told_twice(due: date) -> None:
    """Digest after digest, each reminder day is told on the first working day from it, and no other digest tells it."""
    start = due - 30 * DAY
    edges = [day for n in range(60) if works(day := start + n * DAY)]
    telling = {until for after, until in pairwise(edges) if told_between(due, after, until)}
    assert telling == {on_or_after(due - 7 * DAY), on_or_after(due - DAY), on_or_after(due)}
