"""Raising a risk or a lesson: it starts empty, holds no case detail, and says nothing of where it came from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from board.calendar import uk_date
from board.errors import FieldProblem, Problem
from board.forms import PARAGRAPH, Form
from board.identifying import Found, identifying, in_fields
from board.records import Lesson, Member, Risk, Subject
from board.risks import RATED_WITHIN


class Raised(StrEnum):
    """What is raised."""

    RISK = "risk"
    LESSON = "lesson"


FIELDS = {Raised.RISK: ("cause", "event", "impact"), Raised.LESSON: ("learned", "change", "audience")}
"""The fields of each, in the order in which they are typed after the command."""


def found_in(form: Form, what: Raised, subjects: Iterable[Subject]) -> dict[str, list[Found]]:
    """What in each field would say who somebody is, for whoever typed it; no entry where nothing is found."""
    people = tuple(subjects)
    return in_fields(form.values, FIELDS[what], lambda text: identifying(text, people))


def raise_it(
    form: Form, what: Raised, member: Member, subjects: Iterable[Subject], *, forum: str, now: datetime
) -> Risk | Lesson:
    """The new record. Raises NotUnderstood with every field that is missing, too long, or says who somebody is."""
    key = form.key()
    texts = {name: form.text(name, PARAGRAPH, required=name != "audience") for name in FIELDS[what]}
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(form, what, subjects)]
    form.done()
    if what is Raised.RISK:
        return Risk(
            key=key,
            cause=texts["cause"],
            event=texts["event"],
            impact=texts["impact"],
            agency=member.agency,
            forum=forum,
            raised_on=now,
            review_on=uk_date(now) + RATED_WITHIN,
        )
    return Lesson(
        key=key,
        what=texts["learned"],
        changes=texts["change"],
        audience=texts["audience"],
        forum=forum,
        raised_on=now,
    )
