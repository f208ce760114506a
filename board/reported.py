"""Taking what an agency reports of a measure: from a form, typed after a command, or a row of a spreadsheet. Pure.

Every value is refused that cannot be one of this measure: a part of a person, more than the whole, a month that is not
over. A figure that was reported before is revised: the row is changed, its versions keep what it was, and it says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from board.agenda import says_who
from board.errors import FieldProblem, Problem
from board.forms import LINE, Form
from board.measures import FigureStatus, MeasureKind, has_whole, is_quarterly, kind_of
from board.months import Month
from board.records import Figure, Measure, Member
from board.scopes import FIRST as FIRST_BOARD

MOST = Decimal(10_000_000)
"""No agency counts more in a month."""

FIRST = Month(2015, 1)
"""Figures before it are of no use to a board of this kind: a slip of the finger."""

PLACES = 2

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,9})?")
_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[\s./’'-]*([0-9]{4}|[0-9]{2})|([0-9]{1,2})[./-]([0-9]{4})")
_FULL = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)


def read_month(text: str) -> Month | None:
    """A month as people write it: `2026-10`, `October 2026`, `Oct 26`, `10/2026`; None for anything else."""
    said = " ".join(text.split())
    if spelt := Month.parse(said):
        return spelt
    found = _MONTH.fullmatch(said)
    if found is None:
        return None
    if found[3]:
        number, year = int(found[3]), int(found[4])
    else:
        name = found[1].casefold()
        names = [n for n, full in enumerate(_FULL, 1) if name in (full, full[:3], "sept" if n == 9 else full)]
        number, year = (names[0] if names else 0), int(found[2]) + (2000 if len(found[2]) == 2 else 0)
    return Month.parse(f"{year:04}-{number:02}")


def check_month(month: Month | None, measure: Measure | None, today: date) -> Problem | None:
    """What is wrong with the month of a figure."""
    if month is None:
        return Problem.NOT_A_MONTH
    if month >= Month.of(today):
        return Problem.NOT_OVER
    if month < FIRST:
        return Problem.TOO_EARLY
    return Problem.NOT_A_QUARTER if measure and is_quarterly(measure) and month.number % 3 else None


def read_number(text: str) -> Decimal | Problem:
    """A number as people write it: `41`, `1,204`, `6.25`; or why it is none. A unit or a sign beside it is none."""
    said = text.strip()
    if said[:1] in ("-", "−", "–"):
        return Problem.NEGATIVE if _NUMBER.fullmatch(said[1:].strip()) else Problem.NOT_A_NUMBER
    if _THOUSANDS.fullmatch(said):
        said = said.replace(",", "")
    if not said.isascii() or not _NUMBER.fullmatch(said):
        return Problem.NOT_A_NUMBER
    try:
        number = Decimal(said)
    except InvalidOperation:
        return Problem.NOT_A_NUMBER
    if number > MOST:
        return Problem.TOO_LARGE
    return Problem.DECIMALS if number != round(number, PLACES) else number.normalize() + 0


def check(measure: Measure, part: Decimal, whole: Decimal | None) -> tuple[str, Problem] | None:
    """Which of the two cannot be a figure of this measure, and why; None when both can."""
    kind = kind_of(measure)
    whole_part = kind in (MeasureKind.COUNT, MeasureKind.SHARE)
    if whole_part and part != part.to_integral_value():
        return "numerator", Problem.NOT_WHOLE
    if not has_whole(measure):
        return None if whole is None else ("denominator", Problem.NO_WHOLE)
    if whole is None:
        return "denominator", Problem.NEEDS_WHOLE
    if whole != whole.to_integral_value():
        return "denominator", Problem.NOT_WHOLE
    if kind is MeasureKind.SHARE and part > whole:
        return "numerator", Problem.MORE_THAN_WHOLE
    return ("denominator", Problem.OF_NOTHING) if whole == 0 and part > 0 else None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed after `measure`: the code, an agency's code where one is named, and the values of the form."""

    code: str = ""
    agency: str = ""
    values: Mapping[str, str] | None = None


def read_typed(said: str, agencies: Sequence[str]) -> Typed:
    """Read `s136 2026-10 41`, `s136-handover POL october 2026 30/41 final note`; what is left out stays empty."""
    code, _, rest = said.strip().partition(" ")
    first, _, after = rest.strip().partition(" ")
    agency = first.upper() if first.upper() in {each.upper() for each in agencies} else ""
    rest = after if agency else rest
    words = rest.split()
    count = next((n for n in (2, 1) if read_month(" ".join(words[:n])) is not None and words), 0) or min(len(words), 1)
    month, words = " ".join(words[:count]), words[count:]
    values = {"month": month}
    if words:
        part, slash, whole = words.pop(0).partition("/")
        values |= {"numerator": part, "denominator": whole if slash else ""}
    if words and words[0].casefold().strip(",;") in ("final", "provisional"):
        values["figure_status"] = words.pop(0).strip(",;").capitalize()
    return Typed(code, agency, {**values, "note": " ".join(words).lstrip(";,: ")})


def report(  # noqa: PLR0917 - of what, for whom, by whom and when
    form: Form, measure: Measure, agency: str, member: Member, now: datetime, today: date
) -> Figure:
    """The figure that a form holds. Raises NotUnderstood with every field that cannot be one of this measure."""
    month = read_month(form.text("month", required=True))
    if form.text("month"):
        _problem(form, "month", check_month(month, measure, today))
    part, whole = _number(form, "numerator", required=True), _number(form, "denominator")
    wrong = check(measure, part, whole) if part is not None and not form.problems else None
    if wrong is not None:
        _problem(form, *wrong)
    status = form.choice("figure_status", tuple(FigureStatus)) or FigureStatus.PROVISIONAL
    note = form.text("note", LINE)
    form.problems += [FieldProblem("note", Problem.IDENTIFYING)] if says_who(note) else []
    form.done()
    return Figure(
        key=figure_key(measure.code, agency, str(month)),
        reference=measure.code,
        measure=measure.code,
        agency=agency,
        month=str(month),
        numerator=part,
        denominator=whole,
        status=status,
        note=note,
        how=TYPED,
        member_id=member.user_id,
        member_name=member.name,
        reported_on=now,
    )


TYPED, BROUGHT_IN, WORKED_OUT = "Typed", "Brought in", "Worked out from detentions"
"""How a figure came to be."""


def figure_key(code: str, agency: str, month: str) -> str:
    """One figure for each measure, agency and month: a second report of it is a revision, never a second row."""
    return f"figure/{code.casefold()}/{agency.upper()}/{month}"


def placed(figure: Figure, board: str) -> Figure:
    """The figure as a board's own: two boards may count the same of the same agency, each in rows of its own."""
    if board.upper() == FIRST_BOARD:
        return figure
    return replace(figure, forum=board, key=f"{figure.key}@{board.upper()}")


def _number(form: Form, name: str, *, required: bool = False) -> Decimal | None:
    said = form.text(name, required=required)
    read = read_number(said) if said else None
    if isinstance(read, Problem):
        _problem(form, name, read)
        return None
    return read


def _problem(form: Form, name: str, wrong: Problem | None) -> None:
    if wrong is not None:
        form.problems.append(FieldProblem(name, wrong))


def says_the_same(kept: Figure, new: Figure) -> bool:
    """Whether a figure was reported like this before, so that nothing is changed; no note leaves the one there is."""
    numbers = (kept.numerator, kept.denominator, kept.status) == (new.numerator, new.denominator, new.status)
    return numbers and new.note in ("", kept.note)


def revised(kept: Figure, new: Figure) -> Figure:
    """The row after a second report. It counts as revised when the numbers differ, not when they became final."""
    differs = (kept.numerator, kept.denominator) != (new.numerator, new.denominator)
    over = replace(
        kept, numerator=new.numerator, denominator=new.denominator, status=new.status, note=new.note or kept.note
    )
    return replace(
        over,
        how=new.how,
        member_id=new.member_id,
        member_name=new.member_name,
        reported_on=new.reported_on,
        revisions=kept.revisions + differs,
        open=True,
    )
