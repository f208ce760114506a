"""The `$filter` grammar SharePoint takes, as a small tree; what it refuses is refused here with its sentences.

expression = term { "or" term };  term = factor { "and" factor }
factor = "not" factor | "(" expression ")" | startswith(column,'x') | substringof('x',column) | column op literal
         | year(column) op number (and month, day, hour, minute, second)

Length, terms and depth are bounded, so hostile input costs little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from sharepoint.embedded.errors import BadQuery

LONGEST = 16_000
MOST_TERMS = 400
DEEPEST = 40

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<prefixed>(?:datetime|guid)'(?:[^']|'')*')
    | (?P<string>'(?:[^']|'')*')
    | (?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[LlMmFfDd]?(?![\w']))
    | (?P<name>[A-Za-z_][\w]*(?:/[A-Za-z_]\w*)*)
    | (?P<mark>[(),])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
_DATE_FUNCTIONS = frozenset({"day", "month", "year", "hour", "minute", "second"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written: kind is string, number, bool, null, datetime or guid."""

    kind: str
    value: str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Compare:
    """`column op literal`; op is one of eq, ne, lt, le, gt, ge."""

    column: str
    op: str
    value: Literal


@dataclass(frozen=True, slots=True)
class Starts:
    """`startswith(column,'text')`."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Contains:
    """`substringof('text',column)`."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class DatePart:
    """`year(column) op number`; part is one of day, month, year, hour, minute, second, in UTC."""

    part: str
    column: str
    op: str
    number: float


@dataclass(frozen=True, slots=True)
class In:
    """The column holds one of these; only CAML can say so."""

    column: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds; the leftmost part leads, which is what the list view threshold looks at."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


Node = Compare | Starts | Contains | In | DatePart | And | Or | Not


def parse(text: str) -> Node:
    """The tree of a filter; BadQuery (400) if it does not parse."""
    if len(text) > LONGEST:
        raise BadQuery("The $filter expression is too long.")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0
        self.terms = 0

    def whole(self) -> Node:
        node = self.expression()
        if self.at < len(self.tokens):
            self.fail()
        return node

    def expression(self) -> Node:
        parts = [self.term()]
        while self.word("or"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def term(self) -> Node:
        parts = [self.factor()]
        while self.word("and"):
            parts.append(self.factor())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def factor(self) -> Node:
        self.depth += 1
        self.terms += 1
        if self.depth > DEEPEST or self.terms > MOST_TERMS:
            raise BadQuery("The $filter expression is too complex.")
        node = self.one()
        self.depth -= 1
        return node

    def one(self) -> Node:
        if self.mark("("):
            node = self.expression()
            self.expect(")")
            return node
        if self.word("not"):
            return Not(self.factor())
        column = self.take("name")
        if self.mark("("):
            return self.function(column.lower())
        op = self.take("name").lower()
        if op not in _COMPARISONS:
            self.fail()
        return Compare(column, op, self.literal())

    def function(self, name: str) -> Node:
        if name == "startswith":
            column = self.take("name")
            self.expect(",")
            node: Node = Starts(column, self.string())
        elif name == "substringof":
            text = self.string()
            self.expect(",")
            node = Contains(self.take("name"), text)
        elif name in _DATE_FUNCTIONS:
            return self.date_part(name)
        else:
            self.fail()
        self.expect(")")
        return node

    def date_part(self, name: str) -> Node:
        # Documented as supported ("Use OData query operations"); that the parts are those of UTC is memory.
        column = self.take("name")
        self.expect(")")
        op = self.take("name").lower()
        value = self.literal()
        if op not in _COMPARISONS or not isinstance(value.value, (int, float)) or value.kind != "number":
            self.fail()
        return DatePart(name, column, op, value.value)

    def literal(self) -> Literal:
        kind, text = self.peek()
        self.at += 1
        if kind == "string":
            return Literal("string", text[1:-1].replace("''", "'"))
        if kind == "prefixed":
            prefix, _, rest = text.partition("'")
            return Literal(prefix.lower(), rest[:-1].replace("''", "'"))
        if kind == "number":
            return Literal("number", _number(text))
        if kind == "name" and text.lower() in ("true", "false"):
            return Literal("bool", text.lower() == "true")
        if kind == "name" and text.lower() == "null":
            return Literal("null", None)
        return self.fail()

    def string(self) -> str:
        value = self.literal()
        if value.kind != "string":
            self.fail()
        return str(value.value)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, kind: str) -> str:
        found, text = self.peek()
        if found != kind:
            self.fail()
        self.at += 1
        return text

    def word(self, expected: str) -> bool:
        return self._skip(("name", expected))

    def mark(self, expected: str) -> bool:
        return self._skip(("mark", expected))

    def expect(self, mark: str) -> None:
        if not self.mark(mark):
            self.fail()

    def _skip(self, expected: tuple[str, str]) -> bool:
        kind, text = self.peek()
        found = (kind, text.lower()) == expected
        self.at += found
        return found

    def _tokens(self) -> list[tuple[str, str]]:
        found, at, text = [], 0, self.text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                self.fail()
            kind = str(match.lastgroup)
            found.append((kind, match.group(kind)))
            at = match.end()
        return found

    def fail(self) -> NoReturn:
        raise BadQuery(f'The expression "{self.text[:500]}" is not valid.')


def _number(text: str) -> float | int:
    digits = text.rstrip("LlMmFfDd")
    whole = digits.lstrip("+-").isdigit() and len(digits) < 20
    return int(digits) if whole else float(digits)
