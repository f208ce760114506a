"""Understanding a spreadsheet of individual detentions: each row is checked, and what is kept are the month's figures.

Nothing of a row outlives this: no pseudonym, time or place. A sheet with a column that says who somebody is is refused
whole, whatever stands in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from board.detentions import COUNT, Detention, Times, is_repeated, placed, worked_out
from board.errors import Problem
from board.identifying import Kind, of_nobody
from board.importing.cells import Cell, Row, Sheet, paragraph, squeezed
from board.importing.columns import Columns, Refused, find
from board.importing.days import read_day
from board.importing.figures import Entry, Known, Read
from board.measures import named
from board.months import Month
from board.reported import read_number

WORDS: dict[str, tuple[str, ...]] = {
    "id": ("pseudonym", "pseudonymous id", "detention", "detention id", "record", "ref", "reference", "number"),
    "agency": ("agency code", "force", "police force", "organisation"),
    "place": ("place of safety", "site", "suite", "location"),
    "arrived": (
        *("arrival", "arrived at", "arrival time", "time of arrival", "date of arrival", "arrival at place of safety"),
        *("detained", "detained at", "start", "start time"),
    ),
    "ended": (
        *("end", "ended at", "end time", "time ended", "released or admitted", "released/admitted"),
        *("release or admission", "discharged"),
    ),
    "released": ("release", "release time", "released at", "time of release"),
    "admitted": ("admission", "admission time", "admitted at", "time of admission"),
    "handed": (
        *("handed over", "handover", "handover time", "time of handover", "police left", "police left at"),
        "police departed",
    ),
    "hours": ("police hours", "officer hours", "hours of police"),
}
NEEDED = (("id",), ("arrived",), ("ended", "released", "admitted"))

WHO = frozenset(
    {
        *("name", "fullname", "surname", "lastname", "forename", "firstname", "patient", "patientname", "person"),
        *(
            "dob",
            "dateofbirth",
            "birthdate",
            "nhs",
            "nhsnumber",
            "nhsno",
            "pnc",
            "pncid",
            "pncno",
            "address",
            "postcode",
        ),
        *("address", "postcode", "email", "telephone", "phone", "notes", "freetext", "comments", "circumstances"),
    }
)
"""Headings of what is never taken, squeezed."""

LONGEST_ID = 40
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]*")
_MOMENT = re.compile(
    r"(.+?)[T ,]+(?:at )?([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def recognised(sheets: Sequence[Sheet], sheet: str = "") -> Columns | None:
    """The columns of a sheet of detentions; None where no sheet is one."""
    return find(sheets, sheet, WORDS, NEEDED)


def says_who(columns: Columns) -> list[str]:
    """The headings of columns that say who somebody is, for which the file is refused."""
    return [each for each in columns.others if squeezed(each) in WHO]


@dataclass(frozen=True, slots=True)
class _Row:
    found: Detention | None
    wrong: list[Refused]
    repeated: bool = False


def understand(columns: Columns, known: Known) -> Read:
    """Read every row and work the figures out. Rows of the month that is not over are left aside, and said."""
    detentions, refused, ids = list[Detention](), list[Refused](), dict[str, int]()
    counted = Counter[str]()
    for row in columns.rows():
        read = _row(columns, row, known)
        first = ids.setdefault(paragraph(columns.cell(row, "id")).casefold(), row.number)
        if first != row.number and paragraph(columns.cell(row, "id")):
            read = _Row(None, [columns.refused(row, "id", Problem.SAME_ID, first)])
        refused += read.wrong
        if read.found is None or read.wrong:
            continue
        counted["repeated"] += read.repeated
        counted["long"] += read.found.is_long
        counted["no end"] += read.found.ended is None
        counted["no hours"] += read.found.hours is None
        if read.found.month >= Month.of(known.today):
            counted["not over"] += 1
        else:
            detentions.append(read.found)
    figures = worked_out(detentions, known.now)
    there = {each.code.strip().casefold() for each in known.measures}
    entries = tuple(Entry(each) for each in figures if each.measure in there)
    return Read(entries, tuple(refused), (*_remarks(counted, len(detentions)), *_gaps(detentions)))


def _row(columns: Columns, row: Row, known: Known) -> _Row:
    wrong = list[Refused]()
    problem = _id_problem(paragraph(columns.cell(row, "id")))
    wrong += [columns.refused(row, "id", problem)] if problem else []
    agency, problem = _agency(columns, row, known)
    wrong += [columns.refused(row, "agency", problem)] if problem else []
    walls = dict[str, datetime | None]()
    for name in ("arrived", "ended", "released", "admitted", "handed"):
        walls[name], problem = read_moment(columns.cell(row, name), columns.sheet.epoch)
        wrong += [columns.refused(row, name, problem)] if problem else []
    hours, problem = _number(columns.cell(row, "hours"))
    wrong += [columns.refused(row, "hours", problem)] if problem else []
    ends = [name for name in ("ended", "released", "admitted") if walls[name] is not None]
    if len(ends) > 1:
        wrong.append(columns.refused(row, ends[1], Problem.TWO_ENDS))
    arrived = walls["arrived"]
    if arrived is None and not any(each.heading == columns.says["arrived"] for each in wrong):
        wrong.append(columns.refused(row, "arrived", Problem.MISSING))
    if wrong or arrived is None:
        return _Row(None, wrong)
    end = ends[0] if ends else "ended"
    found, late = placed(agency, Times(arrived, walls[end], walls["handed"], hours), known.now)
    names = {"ended": end}
    refused = [columns.refused(row, names.get(name, name), each) for name, each in late]
    repeated = any(is_repeated(each) for each in walls.values() if each is not None)
    return _Row(found, refused, repeated)


def _id_problem(said: str) -> Problem | None:
    if not said:
        return Problem.MISSING
    who = [each for each in of_nobody(said) if each.kind is not Kind.REFERENCE]
    return Problem.NOT_A_PSEUDONYM if who or len(said) > LONGEST_ID or not _ID.fullmatch(said) else None


def _agency(columns: Columns, row: Row, known: Known) -> tuple[str, Problem | None]:
    measure = named(known.measures, COUNT)
    every = known.suppliers.get(COUNT, ()) if measure is not None else ()
    said = paragraph(columns.cell(row, "agency")).upper()
    if not said and len(every) == 1:
        return every[0], None
    if said in every:
        return said, None
    return "", Problem.NOT_ITS_SUPPLIER if said else Problem.MISSING


def _number(cell: Cell) -> tuple[Decimal | None, Problem | None]:
    if isinstance(cell, float):
        cell = f"{round(Decimal(repr(cell)), 2):f}"
    said = paragraph(cell)
    if not said:
        return None, None
    read = read_number(said)
    if isinstance(read, Problem):
        return None, read
    return (None, Problem.TOO_MANY_HOURS) if read > MOST_HOURS else (read, None)


MOST_HOURS = Decimal(336)
"""Two officers for a week."""


def read_moment(cell: Cell, epoch: date) -> tuple[datetime | None, Problem | None]:
    """A date with its time, as a spreadsheet holds it or as people write it in the United Kingdom; a day alone is no
    time, for it would count as midnight."""
    if isinstance(cell, datetime):
        return _whole_minute(cell), None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell), epoch)
    said = paragraph(cell)
    if not said:
        return None, None
    parts = _MOMENT.fullmatch(said)
    day = read_day(parts[1], epoch).day if parts else None
    if parts is None or day is None or int(parts[2]) > 23 or int(parts[3]) > 59 or int(parts[4] or 0) > 59:
        return None, Problem.NOT_A_TIME
    wall = datetime.combine(day, time(int(parts[2]), int(parts[3]), int(parts[4] or 0)))
    return (datetime.fromisoformat(f"{wall.isoformat()}{parts[5]}") if parts[5] else wall), None


def _serial(days: float, epoch: date) -> tuple[datetime | None, Problem | None]:
    """A number that Excel would show as a date and a time."""
    if not 36_000 < days < 80_000:  # the years 1998 to 2119
        return None, Problem.NOT_A_TIME
    return _whole_minute(datetime.combine(epoch, time()) + timedelta(days=days)), None


def _whole_minute(moment: datetime) -> datetime:
    """Excel's fractions of a day are a millisecond off; a second is all that matters."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


_SAID: Mapping[str, str] = {
    "repeated": "{n} in the hour that the clocks repeat: the earlier is taken, unless the end would come first",
    "long": "{n} longer than 36 hours, the longest the Act allows: counted as they are",
    "no end": "{n} without an end: counted, but not in the mean, and the month stays provisional",
    "no hours": "{n} without police hours or a handover: not in those figures, and the month stays provisional",
    "not over": "{n} of the month that is not over: left aside until it is",
}


def _remarks(counted: Counter[str], kept: int) -> list[str]:
    said = [f"{kept} detentions read. Their rows are not kept: the month's figures are."]
    return said + [text.format(n=counted[name]) for name, text in _SAID.items() if counted[name]]


def _gaps(detentions: Sequence[Detention]) -> list[str]:
    """Months between the first and the last in which an agency has none: said, for none may mean not recorded."""
    by: dict[str, set[Month]] = {}
    for each in detentions:
        by.setdefault(each.agency, set()).add(each.month)
    found = list[str]()
    for agency, months in sorted(by.items()):
        last, span = max(months), (max(months).year - min(months).year) * 12 + max(months).number - min(months).number
        gaps = [str(each) for each in last.back(span + 1) if each not in months]
        if gaps:
            found.append(
                f"{agency} has none in {', '.join(gaps)}: nothing is kept for that, since none may mean not recorded. "
                f"If there were none, type measure s136 {agency} {gaps[0]} 0"
            )
    return found
