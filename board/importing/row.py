"""Reading one row: its cells against the board's rules, with every problem it has and not only the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from board.actions import CLOSED, Action, ActionStatus, Priority
from board.calendar import at_uk
from board.forms import LINE, PARAGRAPH, length
from board.importing.cells import Row, is_formula_error, line, paragraph
from board.importing.days import Day, read_day
from board.importing.headings import Field, Headings
from board.importing.matching import Agencies, Owners
from board.importing.problems import OF_DAYS, RowProblem, Trouble
from board.importing.statuses import read_priority, read_status

NOTE = 30_000
"""The longest note: trackers keep a history in that cell. Excel holds 32,767 characters; SharePoint takes 63,999."""

LIMITS = {Field.WHAT: PARAGRAPH, Field.WHY: PARAGRAPH, Field.NOTE: NOTE}
"""In UTF-16 units, as SharePoint counts; a single line of text elsewhere."""

EARLIER = "earlier tracker"
"""How what has no column of its own is introduced where it is kept, below why the action was agreed."""


@dataclass(slots=True)
class RowRead:
    """What came of one row. `counted` holds what was read in a way worth telling: which tally, and the words."""

    action: Action
    reference: str = ""
    owners: int = 0
    status_said: str = ""
    problems: list[RowProblem] = field(default_factory=list)
    counted: list[tuple[str, str]] = field(default_factory=list)


class RowReader:
    """Reads rows of one sheet."""

    def __init__(
        self,
        headings: Headings,
        *,
        today: date,
        epoch: date,
        statuses: Mapping[str, ActionStatus],
        agencies: Agencies,
        owners: Owners,
    ) -> None:
        self._columns = {column.field: column for column in headings.columns if column.field}
        self._today = today
        self._epoch = epoch
        self._statuses = statuses
        self._agencies = agencies
        self._owners = owners

    def read(self, row: Row) -> RowRead:
        """The row as an action, without its key; not to be kept when there are problems."""
        read = RowRead(Action(what=self._text(row, Field.WHAT)), reference=self._text(row, Field.REFERENCE))
        self._refuse_unusable(row, read)
        due = self._day(row, Field.DUE, read)
        agreed = self._past(row, Field.AGREED, read)
        closed = self._past(row, Field.CLOSED, read)
        status = self._status(row, closed, read)
        read.action = replace(
            read.action,
            source=self._text(row, Field.SOURCE),
            programme=self._text(row, Field.PROGRAMME),
            note=self._text(row, Field.NOTE),
            priority=self._priority(row, read),
            status=status,
            open=status not in CLOSED,
            due=due.day,
            agreed_on=_noon(agreed),
            closed_on=_noon(closed) if status in CLOSED else None,
        )
        self._whose(row, read)
        self._keep_the_rest(row, read, due)
        return read

    def _text(self, row: Row, of: Field) -> str:
        column = self._columns.get(of)
        if column is None:
            return ""
        cell = row.cell(column.index)
        return paragraph(cell) if of in LIMITS else line(cell)

    def _problem(self, row: Row, of: Field, trouble: Trouble, number: int = 0) -> RowProblem:
        column = self._columns.get(of)
        return RowProblem(row.number, trouble, column.says if column else of.value, self._text(row, of), number)

    def _refuse_unusable(self, row: Row, read: RowRead) -> None:
        if not read.action.what:
            read.problems.append(self._problem(row, Field.WHAT, Trouble.NO_WORDS))
        for of in self._columns:
            text, limit = self._text(row, of), LIMITS.get(of, LINE)
            if is_formula_error(text):
                read.problems.append(self._problem(row, of, Trouble.FORMULA))
            elif length(text) > limit:
                read.problems.append(self._problem(row, of, Trouble.TOO_LONG, limit))

    def _day(self, row: Row, of: Field, read: RowRead) -> Day:
        column = self._columns.get(of)
        if column is None or is_formula_error(self._text(row, of)):
            return Day()
        day = read_day(row.cell(column.index), self._epoch)
        if day.trouble is not None:
            read.problems.append(self._problem(row, of, OF_DAYS[day.trouble]))
        if day.whole_month:
            read.counted.append(("month", ""))
        if day.said and of is Field.DUE:
            read.counted.append(("no_days", day.said))
        return day

    def _past(self, row: Row, of: Field, read: RowRead) -> date | None:
        day = self._day(row, of, read)
        if day.day is not None and day.day > self._today:
            if day.whole_month and (day.day.year, day.day.month) == (self._today.year, self._today.month):
                return self._today
            read.problems.append(self._problem(row, of, Trouble.IN_THE_FUTURE))
        return day.day

    def _status(self, row: Row, closed: date | None, read: RowRead) -> ActionStatus:
        said = read.status_said = self._text(row, Field.STATUS)
        if not said or is_formula_error(said):
            return ActionStatus.VERIFIED if closed else ActionStatus.AGREED
        found = read_status(said, self._statuses)
        if found.status is None:
            trouble = Trouble.COLOUR if found.colour else Trouble.STATUS
            read.problems.append(self._problem(row, Field.STATUS, trouble))
            return ActionStatus.AGREED
        if closed is not None and found.status not in CLOSED and found.status != ActionStatus.DONE:
            read.problems.append(self._problem(row, Field.CLOSED, Trouble.OPEN_BUT_CLOSED))
        return found.status

    def _priority(self, row: Row, read: RowRead) -> Priority:
        said = self._text(row, Field.PRIORITY)
        found = read_priority(said) if said else Priority.NORMAL
        if found is None:
            read.counted.append(("priorities", said))
        return found or Priority.NORMAL

    def _whose(self, row: Row, read: RowRead) -> None:
        """Whose it is. A name that is no member's, or more than one's, is kept as a name and nothing more."""
        name, email = self._text(row, Field.OWNER), self._text(row, Field.OWNER_EMAIL)
        members = self._owners.named(name, email)
        read.owners = len(members)
        said = self._text(row, Field.AGENCY)
        code = self._agencies.code(said) if said else ""
        if not said and not members:
            code = self._agencies.code(name)  # a tracker without a column for it names the agency as the owner
        if said and not code:
            read.counted.append(("agencies", said))
        owner = members[0] if len(members) == 1 else None
        read.action = replace(
            read.action,
            owner_id=owner.user_id if owner else "",
            owner_name=owner.name if owner else name or email,
            agency=code or (owner.agency if owner else ""),
        )

    def _keep_the_rest(self, row: Row, read: RowRead, due: Day) -> None:
        """What has no column of its own is kept with why the action was agreed, so that none of it is lost."""
        agency = self._text(row, Field.AGENCY)
        rest = {
            "Reference": read.reference,
            "Agency": agency if agency and not self._agencies.code(agency) else "",
            "Due": due.said,
        }
        told = [f"{name} in the {EARLIER}: {said}" for name, said in rest.items() if said]
        read.action = replace(
            read.action, why="\n".join([part for part in (self._text(row, Field.WHY), *told) if part])
        )


def _noon(day: date | None) -> datetime | None:
    return at_uk(day, time(12)) if day else None
