"""How a record's attribute becomes a column and comes back, whatever a person or the clock change did to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from board.vocabulary import Role
from sharepoint.columns import (
    Column,
    choice,
    codes,
    day,
    moment,
    note,
    number,
    read_moment,
    roles,
    several,
    text,
    yes_no,
)

UK = ZoneInfo("Europe/London")

DAY = day("DateOfBirth", "date_of_birth")
MOMENT = moment("ReceivedOn", "received_on")
CODES = codes("Asked", "asked")
ROLES = roles("Roles", "roles")
LINES = several("Indicators", "indicators")
OPEN = yes_no("Open", "open")
COUNT = number("Attempts", "attempts")
LINE = text("Contact", "contact")
NOTE = note("WhyNow", "why_now")
CHOICE = choice("Concern", "concern", ("One", "Two"))

AROUND = (
    date(2025, 3, 30),  # clocks go forward
    date(2025, 10, 26),  # and back
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2026, 12, 31),
    date(2028, 2, 29),
    date(1971, 7, 1),  # Britain kept summer time all the year round until October 1971
    date(1945, 6, 15),  # and double summer time in the war
    date(1916, 5, 21),
)
DAYS = sorted({middle + timedelta(days=n) for middle in AROUND for n in range(-4, 5)})


def as_sharepoint_answers(value: date) -> str:
    """A date-only column over REST: the site's midnight at the start of that day, told in UTC."""
    return datetime.combine(value, time(), UK).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("value", DAYS, ids=str)
def test_a_day_is_the_same_day_however_sharepoint_tells_it(value: date) -> None:
    """A date reads as itself both as we wrote it and as the site's midnight told in UTC."""
    assert value == DAY.read(DAY.write(value))
    assert value == DAY.read(as_sharepoint_answers(value))


def test_a_summer_day_is_told_as_the_evening_before() -> None:
    """The trap that the reading avoids is there: SharePoint tells a day in July as 23:00 of the day before."""
    assert as_sharepoint_answers(date(2026, 7, 14)) == "2026-07-13T23:00:00Z"
    assert as_sharepoint_answers(date(2026, 1, 14)) == "2026-01-14T00:00:00Z"
    assert DAY.read("2026-07-13T23:00:00Z") == date(2026, 7, 14)
    assert DAY.read("2026-01-14T00:00:00Z") == date(2026, 1, 14)


@given(some.dates(date(1900, 1, 2), date(2200, 12, 31)))
def test_every_day_comes_back(value: date) -> None:
    """No day of three centuries moves."""
    assert value == DAY.read(as_sharepoint_answers(value)) == DAY.read(DAY.write(value))


@given(some.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 31), timezones=some.timezones()))  # noqa: DTZ001
def test_an_instant_comes_back_to_the_second(value: datetime) -> None:
    """An instant of any zone reads back as the same instant in UTC, without its fraction of a second."""
    read = MOMENT.read(MOMENT.write(value))
    assert read == value.astimezone(UTC).replace(microsecond=0)
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("stored", "instant"),
    [
        ("2026-03-29T00:59:59Z", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("2026-03-29T02:00:00+01:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("2026-10-25T01:30:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-12-31T23:59:59Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-11-22T10:00:00.123Z", datetime(2026, 11, 22, 10, 0, 0, 123000, tzinfo=UTC)),
    ],
)
def test_an_instant_is_aware_whichever_way_it_is_spelt(stored: str, instant: datetime) -> None:
    """With `Z`, an offset or nothing, which is UTC in SharePoint, an instant is read aware."""
    assert instant == read_moment(stored)


RUBBISH: tuple[Any, ...] = (None, "", "  ", "soon", "31/12/2026", "2026-13-01", "2026-02-30T00:00:00Z", "T23:00:00Z")
WRONG_TYPE: tuple[Any, ...] = (20260101, 0, 1.5, True, [], ["2026-01-01"], {}, {"StringValue": "2026-01-01"})
EDGES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")


@pytest.mark.parametrize("value", [*RUBBISH, *WRONG_TYPE], ids=repr)
def test_what_is_no_date_reads_as_none(value: object) -> None:
    """A blank, rubbish or a value of another type is no date and no instant, and no error."""
    assert DAY.read(value) is None
    assert MOMENT.read(value) is None


@pytest.mark.parametrize("value", EDGES)
def test_the_ends_of_the_calendar_do_not_break_a_row(value: str) -> None:
    """The first and last instants a calendar holds (.NET's blank date is one) read as something or nothing."""
    assert DAY.read(value) is None or isinstance(DAY.read(value), date)


@example(float("nan"))
@example(float("inf"))
@example("0001-01-01T00:00:00Z")
@given(some.text() | some.integers() | some.floats() | some.none() | some.booleans() | some.lists(some.text()))
def test_anything_at_all_can_be_read(value: object) -> None:
    """No value in a column makes its row unreadable."""
    for column in (DAY, MOMENT, CODES, ROLES, LINES, OPEN, COUNT, LINE, NOTE, CHOICE):
        column.read(value)


@pytest.mark.parametrize("column", [LINE, NOTE, CHOICE], ids=lambda column: column.type.value)
def test_a_blank_text_is_an_empty_text(column: Column) -> None:
    """SharePoint keeps no empty text: a blank reads as one, and a number typed there as its figures."""
    assert column.read(None) == ""
    assert column.read("as it was ") == "as it was "
    assert column.read(14) == "14"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("POL; MHT", {"POL", "MHT"}),
        ("pol,mht", {"POL", "MHT"}),
        (" pol ;; ,Mht; ", {"POL", "MHT"}),
        ("POL; pol", {"POL"}),
        ("POL", {"POL"}),
        ("", set()),
        (" ; , ", set()),
        (None, set()),
        (7, {"7"}),
    ],
)
def test_agency_codes_as_people_type_them(typed: object, read: set[str]) -> None:
    """Commas or semicolons, any case, stray separators: codes are read as a set in capitals."""
    assert CODES.read(typed) == frozenset(read)


@given(some.frozensets(some.from_regex(r"[A-Z][A-Z0-9]{1,5}", fullmatch=True)))
def test_codes_come_back(value: frozenset[str]) -> None:
    """A set of codes is the same set after it was kept in one line, always in the same order."""
    assert value == CODES.read(CODES.write(value))
    assert CODES.write(value) == "; ".join(sorted(value))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Chair; Representative", {Role.CHAIR, Role.REPRESENTATIVE}),
        ("chair,REPRESENTATIVE", {Role.CHAIR, Role.REPRESENTATIVE}),
        (" mental health team ", {Role.MENTAL_HEALTH_TEAM}),
        ("Chairman; Agency lead", {Role.AGENCY_LEAD}),
        ("Chair Representative", set()),
        ("King", set()),
        ("", set()),
        (None, set()),
        (True, set()),
    ],
)
def test_roles_as_people_type_them(typed: object, read: set[Role]) -> None:
    """Known words count in any case; an unknown one gives nobody a role."""
    assert ROLES.read(typed) == frozenset(read)


@given(some.frozensets(some.sampled_from(Role)))
def test_roles_come_back(value: frozenset[Role]) -> None:
    """Any set of roles survives being kept in one line."""
    assert value == ROLES.read(ROLES.write(value))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("One\nTwo", ("One", "Two")),
        ("One\r\n\r\n  Two  \r\n", ("One", "Two")),
        ("", ()),
        ("\n \n", ()),
        (None, ()),
    ],
)
def test_lines_as_people_type_them(typed: object, read: tuple[str, ...]) -> None:
    """Several words are one on each line; blank lines and spaces around them do not count."""
    assert read == LINES.read(typed)
    assert read == LINES.read(LINES.write(read))


@pytest.mark.parametrize(("stored", "read"), [(True, True), (False, False), (None, True), ("", True), ("no", True)])
def test_only_a_no_is_a_no(stored: object, read: bool) -> None:
    """A row typed by hand is meant to count, so anything but a stored no reads as yes."""
    assert OPEN.read(stored) is read


@pytest.mark.parametrize(
    ("stored", "read"),
    [(3, 3), (3.0, 3), (2.9, 2), (None, 0), ("3", 0), ("", 0), ([], 0), (float("nan"), 0), (float("inf"), 0)],
    ids=repr,
)
def test_what_is_no_number_is_nought(stored: object, read: int) -> None:
    """A number loses its fraction, and whatever is no number reads as 0."""
    assert read == COUNT.read(stored)


def test_nothing_is_written_as_nothing() -> None:
    """A record's missing date becomes a blank cell, not a text."""
    assert DAY.write(None) is None
    assert MOMENT.write(None) is None
