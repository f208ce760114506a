"""Enough of the expression language of column formatting to see what a column says, as its reference documents it.

Written from "Formatting syntax reference" (learn.microsoft.com), apart from the code that makes the formatting. Dates
are numbers of milliseconds, as the browser has them. Both sides of an `if` are worked out, since the reference does not
say that one is spared, so what is no number goes through as NaN.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|(@\w+|\[\$\w+\])|(\w+)(?=\()|(\|\||&&|[=!<>]=|[-+*/%<>(),]))")
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
DAY = 86_400_000


class Reader:
    """Somebody who looks at a row at an instant, in a time zone."""

    def __init__(self, row: Mapping[str, Any], column: str, now: datetime, zone: str = "Europe/London") -> None:
        self.names = {"@currentField": row.get(column, ""), "@now": now.timestamp() * 1000}
        self.names |= {f"[${name}]": value for name, value in row.items()}
        self.zone = ZoneInfo(zone)

    def shows(self, value: str) -> Any:
        """What a value of the formatting comes to: an expression after `=`, a name, or itself."""
        if value.startswith("="):
            tokens = _tokens(value[1:])
            result = self._level(tokens, 0)
            assert not tokens, f"left over: {tokens}"
            return result
        return self.names.get(value, value)

    def _level(self, tokens: list[tuple[str, Any]], level: int) -> Any:
        if level == len(_LEVELS):
            return self._one(tokens)
        left = self._level(tokens, level + 1)
        while tokens and tokens[0][0] == "op" and tokens[0][1] in _LEVELS[level]:
            word = tokens.pop(0)[1]
            left = _apply(word, left, self._level(tokens, level + 1))
        return left

    def _one(self, tokens: list[tuple[str, Any]]) -> Any:
        kind, value = tokens.pop(0)
        if kind in ("number", "text"):
            return value
        if kind == "name":
            return self.names[value]
        if kind == "call":
            return self._call(value, tokens)
        if value == "-":
            return -self._one(tokens)
        assert value == "(", value
        inside = self._level(tokens, 0)
        assert tokens.pop(0) == ("op", ")")
        return inside

    def _call(self, name: str, tokens: list[tuple[str, Any]]) -> Any:
        assert tokens.pop(0) == ("op", "(")
        arguments = [self._level(tokens, 0)]
        while tokens[0] == ("op", ","):
            tokens.pop(0)
            arguments.append(self._level(tokens, 0))
        assert tokens.pop(0) == ("op", ")"), name
        functions: dict[str, Any] = {
            "if": lambda test, yes, no: yes if test else no,
            "floor": lambda value: value if math.isnan(value) else math.floor(value),
            "abs": abs,
            "toString": lambda value: f"{value:g}" if isinstance(value, float) else str(value),
            "Number": lambda value: 0 if value in ("", None) else value,
            "toDateString": lambda moment: self._told(moment, "%a %b %d %Y"),
            "toLocaleDateString": lambda moment: self._told(moment, "%d/%m/%Y"),
            "Date": self._date,
        }
        return functions[name](*arguments)

    def _told(self, moment: Any, form: str) -> str:
        if isinstance(moment, str):
            return ""
        return datetime.fromtimestamp(moment / 1000, UTC).astimezone(self.zone).strftime(form)

    def _date(self, text: str) -> float:
        if not text:
            return math.nan
        return datetime.strptime(text, "%a %b %d %Y").replace(tzinfo=self.zone).timestamp() * 1000


def _tokens(text: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    at = 0
    while at < len(text.rstrip()):
        one = _TOKEN.match(text, at)
        assert one, f"not of the language: {text[at : at + 40]!r}"
        number, string, name, call, sign = one.groups()
        if number is not None:
            found.append(("number", float(number) if "." in number else int(number)))
        elif string is not None:
            found.append(("text", string))
        elif name:
            found.append(("name", name))
        elif call:
            found.append(("call", call))
        else:
            found.append(("op", sign))
        at = one.end()
    return found


def _apply(word: str, left: Any, right: Any) -> Any:
    match word:
        case "+":
            return f"{left}{right}" if isinstance(left, str) or isinstance(right, str) else left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
        case "%":
            return math.fmod(left, right)
        case "==":
            return left == right
        case "!=":
            return left != right
        case "||":
            return left or right
        case "&&":
            return left and right
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[word]
