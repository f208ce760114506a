"""Addresses under `_api/`, read raw: literals are found before percent-decoding, so `%2F` and `''` stay in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from sharepoint.embedded.errors import BadQuery

_ARGUMENT = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)\s*=\s*)?"
    r"(?:(?P<prefix>guid|datetime)?'(?P<text>(?:[^']|'')*)'|(?P<bare>[^,'()]+?))\s*(?P<end>,|$)",
    re.IGNORECASE,
)
_CALL = re.compile(r"(?P<name>[^()']*)(?:\((?P<inside>.*)\))?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a path: its name in lower case, as written, and its arguments (strings, decoded)."""

    name: str
    written: str
    args: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)


def split(raw: str) -> list[str]:
    """The pieces of a raw path between slashes that are outside quoted literals; empty pieces are dropped."""
    pieces, start, quoted, at = [], 0, False, 0
    while at < len(raw):
        if raw[at] == "'" or raw[at : at + 3] == "%27":
            quoted = not quoted
        elif raw[at] == "/" and not quoted:
            pieces.append(raw[start:at])
            start = at + 1
        at += 1
    if quoted:
        raise BadQuery("The path has a literal without its closing quote.")
    pieces.append(raw[start:])
    return [piece for piece in pieces if piece]


def parse(raw: str, aliases: Mapping[str, str]) -> list[Segment]:
    """A raw path as segments; `@name` arguments are looked up among the aliases of the query string."""
    if aliases:
        return [_segment(unquote(piece), aliases) for piece in split(raw)]
    return list(_plain(raw))


@lru_cache(maxsize=512)  # every address is read twice, to be counted and to be answered, and most are asked again
def _plain(raw: str) -> tuple[Segment, ...]:
    return tuple(_segment(unquote(piece), {}) for piece in split(raw))


def _segment(text: str, aliases: Mapping[str, str]) -> Segment:
    found = _CALL.match(text)
    if not found:
        raise BadQuery(f'The expression "{text}" is not valid.')
    written, inside = found.group("name"), found.group("inside")
    args: list[str] = []
    named: dict[str, str] = {}
    for name, value in _arguments(inside or "", aliases):
        if name:
            named[name.lower()] = value
        else:
            args.append(value)
    return Segment(written.lower(), written, tuple(args), named)


def _arguments(inside: str, aliases: Mapping[str, str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(inside):
        one = _ARGUMENT.match(inside, at)
        if not one:
            raise BadQuery(f'The expression "{inside}" is not valid.')
        found.append((one.group("name") or "", _value(one, aliases)))
        at = one.end()
    return found


def _value(one: re.Match[str], aliases: Mapping[str, str]) -> str:
    text = one.group("text")
    if text is not None:
        return text.replace("''", "'")
    bare = str(one.group("bare")).strip()
    if not bare.startswith("@"):
        return bare
    if bare not in aliases:
        raise BadQuery(f"The parameter alias '{bare}' has no value in the query string.")
    (_, value), *_ = _arguments(aliases[bare], {}) or [("", "")]
    return value
