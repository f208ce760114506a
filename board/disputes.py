"""What an agency's lead says against a figure of its engagement: kept beside the figure, which stays as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from board.engagement import Part, Span
from board.errors import FieldProblem, Problem
from board.forms import PARAGRAPH, Form
from board.identifying import Found, in_fields, of_nobody
from board.records import Member

KIND = "engagement dispute"
BEGINS = "dispute/"
"""How the keys begin of the rows that keep one."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What was said against one part, looked at over some days: of which agency, by whom, and when."""

    agency: str
    part: Part
    span: Span
    words: str
    who: str = ""
    on: datetime | None = None

    def is_about(self, part: Part, span: Span) -> bool:
        """Whether it stands beside this part over these days: over any of the days that it was said of."""
        return self.part is part and self.span.first <= span.last and span.first <= self.span.last


def found_in(form: Form) -> dict[str, list[Found]]:
    """What in the words would say who somebody is: they stand in the pack, which every member of the team may read."""
    return in_fields(form.values, ("dispute",), of_nobody)


def dispute(form: Form, member: Member, span: Span, now: datetime) -> Dispute:
    """Read what a lead says against a figure of their own agency. Raises NotUnderstood with every problem."""
    part = form.choice("figure", tuple(Part), required=True)
    words = form.text("dispute", PARAGRAPH, required=True)
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form)]
    form.done()
    return Dispute(member.agency.upper(), Part(part), span, words, member.name, now)


def written(of: Dispute) -> str:
    """A dispute as the text that its row holds."""
    return "\n".join((of.part, of.span.first.isoformat(), of.span.last.isoformat(), of.who, of.words))


def read(agency: str, value: str, on: datetime | None) -> Dispute | None:
    """Read what `written` wrote; None for anything else."""
    part, _, rest = value.partition("\n")
    first, _, rest = rest.partition("\n")
    last, _, rest = rest.partition("\n")
    who, _, words = rest.partition("\n")
    try:
        span = Span(date.fromisoformat(first), date.fromisoformat(last))
        return Dispute(agency.upper(), Part(part), span, words, who, on)
    except ValueError:
        return None


def of_agency(every: Iterable[Dispute], agency: str, span: Span) -> list[Dispute]:
    """What an agency said against any of its parts over these days, in the order in which it was said."""
    mine = [each for each in every if each.agency == agency.upper() and each.is_about(each.part, span)]
    return sorted(mine, key=lambda each: (each.on is not None, each.on))
