"""Reading what a form sends back: every value is user input, checked field by field before any rule sees it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from board.errors import FieldProblem, NotUnderstood, Problem, one_of

LINE = 255
"""The longest single line: SharePoint's limit for a single-line text column."""

PARAGRAPH = 2_000
"""The longest paragraph: a page, so that every paragraph of a referral shown together stays inside a card's 24 KB."""

OLDEST, NEWEST = date(1900, 1, 1), date(2199, 12, 31)


def clean(text: str) -> str:
    """Normalise text from outside: one Unicode form, no control or direction-changing characters, no outer spaces."""
    kept = (
        c
        for c in text.replace("\r\n", "\n")
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def length(text: str) -> int:
    """How long SharePoint and browsers find a text: in UTF-16 code units, so an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class Form:
    """The values of one form. Reading collects every problem, so that a person hears of all of them at once."""

    values: Mapping[str, Any]
    problems: list[FieldProblem] = field(default_factory=list)

    def text(self, name: str, limit: int = LINE, *, required: bool = False) -> str:
        """Read a text of at most `limit` characters; empty when absent."""
        value = self.values.get(name)
        if value is None:
            value = ""
        if not isinstance(value, str):
            return self._problem(name, Problem.NOT_TEXT)
        value = clean(value)
        if limit <= LINE:
            value = " ".join(value.split())
        if length(value) > limit:
            return self._problem(name, Problem.TOO_LONG, limit)
        if required and not value:
            return self._problem(name, Problem.MISSING)
        return value

    def choice(self, name: str, choices: Iterable[str], *, required: bool = False, told: bool = True) -> str:
        """Read one of `choices`; empty when absent and not required. Whoever gave another is told which there are,
        unless not `told`, as where they are no words."""
        value, allowed = self.text(name, required=required), tuple(choices)
        if value and value not in allowed:
            self.problems.append(one_of(name, allowed if told else ()))
            return ""
        return value

    def choices(self, name: str, choices: Iterable[str]) -> tuple[str, ...]:
        """Read several of `choices`, in their own order; cards send them joined by commas."""
        allowed = tuple(choices)
        value = self.values.get(name) or ""
        if not isinstance(value, str) or len(value) > PARAGRAPH:
            self._problem(name, Problem.NOT_A_CHOICE)
            return ()
        chosen = {part.strip() for part in value.split(",") if part.strip()}
        if not chosen <= set(allowed):
            self._problem(name, Problem.NOT_A_CHOICE)
            return ()
        return tuple(choice for choice in allowed if choice in chosen)

    def day(self, name: str, today: date) -> date | None:
        """Read a past date in ISO form, as `Input.Date` sends it."""
        day = self._date(name)
        if day is None or OLDEST <= day <= today:
            return day
        self._problem(name, Problem.TOO_OLD if day < OLDEST else Problem.IN_THE_FUTURE)
        return None

    def any_day(self, name: str) -> date | None:
        """Read a date in ISO form, past or to come, between 1900 and the end of the next century."""
        day = self._date(name)
        if day is None or OLDEST <= day <= NEWEST:
            return day
        self._problem(name, Problem.NOT_A_DATE)
        return None

    def _date(self, name: str) -> date | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self._problem(name, Problem.NOT_A_DATE)
            return None

    def key(self, name: str = "key") -> str:
        """Read an idempotency key: 32 hexadecimal digits, made when the form was shown."""
        value = self.values.get(name)
        if isinstance(value, str) and len(value) == 32 and set(value) <= set("0123456789abcdef"):
            return value
        return self._problem(name, Problem.STALE)

    def done(self) -> None:
        """Raise NotUnderstood with every problem found, or return when there is none."""
        if self.problems:
            raise NotUnderstood(*self.problems)

    def _problem(self, name: str, problem: Problem, limit: int = 0) -> str:
        self.problems.append(FieldProblem(name, problem, limit))
        return ""
