"""Small collections, such as columns, lists, users and versions, under the OData options. Items have `query`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sharepoint.embedded import branches
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Many, Reply
from sharepoint.embedded.errors import BadQuery
from sharepoint.embedded.filters import parse
from sharepoint.embedded.options import Options
from sharepoint.embedded.where import matches


def page(call: Call, found: list[Entity], name: str) -> Reply:
    """The members that `$filter` keeps, in the order of `$orderby`, from `$skip` to `$top`, under `$select` and
    `$expand`. Unlike items, these do skip (doc: $skip "does not work on list items")."""
    options = call.options
    if options.filter:
        node = parse(options.filter)
        found = [one for one in found if matches(node, one.values)]
    for column, descending in reversed(_order(options.orderby)):
        found = sorted(found, key=_by(column), reverse=descending)
    start = _skip(options)
    end = None if options.top is None else start + options.top
    shown = [branches.shown(one, options) for one in found[start:end]]
    return Reply(Many(shown, metadata=f"SP.ApiData.{name}"))


def _order(text: str) -> list[tuple[str, bool]]:
    found = []
    for part in text.split(",") if text else []:
        words = part.split()
        if not 1 <= len(words) <= 2 or words[1:] not in ([], ["asc"], ["desc"]):
            raise BadQuery(f'The expression "{text[:500]}" is not valid.')
        found.append((words[0], words[1:] == ["desc"]))
    return found


def _by(column: str) -> Callable[[Entity], tuple[int, Any]]:
    return lambda one: _key(one.read(column))


def _key(value: Any) -> tuple[int, Any]:
    """Nothing first, then numbers, then texts without case."""
    if isinstance(value, str) and value.isdecimal():  # whole numbers of 64 bits are texts in JSON, such as a length
        return 1, int(value)
    if isinstance(value, (bool, int, float)):
        return 1, value
    return (2, value.lower()) if isinstance(value, str) else (0, 0)


def _skip(options: Options) -> int:
    text = next((value for name, value in options.pairs if name.lower() == "$skip"), "0")
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadQuery(f"Incorrect format for $skip argument '{text[:40]}'.")
    return int(text)
