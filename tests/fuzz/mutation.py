"""Spoiling an activity: fields it has, or that the bot would read, are removed, swapped, replaced or doubled."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz import hostile
from tests.fuzz.hostile import LONE, TWICE
from tests.teams import JSON

Path = tuple[str | int, ...]

READ: tuple[Path, ...] = tuple(
    tuple(path.split("."))
    for path in (
        *("type", "id", "name", "text", "action", "channelId", "serviceUrl", "replyToId", "value", "entities"),
        *("membersAdded", "membersRemoved", "from", "from.id", "from.name", "from.aadObjectId"),
        *("recipient", "recipient.id", "conversation", "conversation.id", "conversation.conversationType"),
        *("conversation.tenantId", "channelData", "channelData.tenant", "channelData.tenant.id", "channelData.team"),
        *("channelData.team.id", "channelData.team.name", "channelData.channel", "channelData.channel.id"),
        *("channelData.channel.name", "channelData.settings", "channelData.settings.selectedChannel"),
        *("channelData.settings.selectedChannel.id", "value.action", "value.action.verb", "value.action.data"),
        *("value.commandId", "value.parameters", "value.queryOptions", "value.queryOptions.skip"),
        *("value.messagePayload", "value.messagePayload.body", "value.messagePayload.linkToMessage"),
        *("value.data", "value.data.do", "value.data.verb", "value.data.msteams", "value.verb", "value.do"),
    )
)
"""What the edge reads of an activity, whether this one has it or not."""

EDGE_SHARE = 0.3
"""How often the field is one that the edge reads; otherwise it is one the activity has, mostly what a card sent."""


@dataclass(frozen=True)
class Mutation:
    """One thing done to one field. The same one can be done again to a fresh copy."""

    path: Path
    how: str
    value: Any = None
    other: Path = ()

    def __str__(self) -> str:
        shown = json.dumps(self.value, default=str)
        extra = (
            f" with {'.'.join(map(str, self.other))}"
            if self.other
            else f" {shown[:120]}"
            if self.how != "remove"
            else ""
        )
        return f"{self.how} {'.'.join(map(str, self.path))}{extra}"


def mutations(random: Random, activity: JSON) -> list[Mutation]:
    """One to three things to do to this activity; one time in twenty nothing, so that sound ones go by as well."""
    if random.random() < 0.05:
        return []
    paths = list(_paths(activity))
    told = [path for path in paths if path[0] in ("value", "text")] or paths
    return [_mutation(random, activity, paths, told) for _ in range(random.choice((1, 1, 1, 2, 3)))]


def _mutation(random: Random, activity: JSON, paths: list[Path], told: list[Path]) -> Mutation:
    chance = random.random()
    path = random.choice(READ if chance < EDGE_SHARE else told if chance < 0.95 else paths)
    how = random.choice(("remove", "swap", "replace", "replace", "replace", "nest", "lengthen", "double"))
    if how == "swap":
        return Mutation(path, how, other=random.choice(paths))
    if how == "nest":
        return Mutation(path, how, hostile.nested(random, hostile.text(random)))
    if how == "lengthen":
        return Mutation(path, how, hostile.long(random))
    return Mutation(path, how, hostile.value(random))


def _paths(node: Any, here: Path = ()) -> Iterator[Path]:
    items: list[tuple[str | int, Any]] = []
    if isinstance(node, dict):
        items = list(node.items())
    elif isinstance(node, list):
        items = list(enumerate(node))
    for name, inside in items:
        yield (*here, name)
        yield from _paths(inside, (*here, name))


def spoilt(activity: JSON, done: list[Mutation]) -> JSON:
    """A copy of the activity with all this done to it; what no longer has its place is passed over."""
    made = copy.deepcopy(activity)
    for each in done:
        _DO[each.how](made, each)
    return made


def _holder(made: JSON, path: Path, *, make: bool) -> tuple[Any, str | int] | None:
    holder: Any = made
    for name in path[:-1]:
        if isinstance(holder, dict) and make:
            holder = holder.setdefault(str(name), {})
        elif _has(holder, name):
            holder = holder[name]
        else:
            return None
    fits = isinstance(holder, dict) or (isinstance(holder, list) and _has(holder, path[-1]))
    return (holder, path[-1]) if fits else None


def _has(holder: Any, name: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(name, int) and name < len(holder)
    return isinstance(holder, dict) and name in holder


def _remove(made: JSON, each: Mutation) -> None:
    found = _holder(made, each.path, make=False)
    if found is not None and _has(*found):
        del found[0][found[1]]


def _replace(made: JSON, each: Mutation) -> None:
    found = _holder(made, each.path, make=True)
    if found is not None:
        found[0][found[1]] = copy.deepcopy(each.value)


def _swap(made: JSON, each: Mutation) -> None:
    one, two = _holder(made, each.path, make=True), _holder(made, each.other, make=False)
    if one is None or two is None or not _has(*two) or _within(each.path, each.other):
        return
    before = copy.deepcopy(one[0].get(one[1])) if isinstance(one[0], dict) else copy.deepcopy(one[0][one[1]])  # type: ignore[index]
    one[0][one[1]] = copy.deepcopy(two[0][two[1]])
    two[0][two[1]] = before


def _within(one: Path, two: Path) -> bool:
    short = min(len(one), len(two))
    return one[:short] == two[:short]


def _double(made: JSON, each: Mutation) -> None:
    found = _holder(made, each.path, make=True)
    if found is not None and isinstance(found[0], dict):
        found[0][f"{found[1]}{TWICE}"] = copy.deepcopy(each.value)


_DO: dict[str, Callable[[JSON, Mutation], None]] = {
    "remove": _remove,
    "replace": _replace,
    "nest": _replace,
    "lengthen": _replace,
    "swap": _swap,
    "double": _double,
}


def encoded(activity: JSON, *, ascii_only: bool) -> bytes:
    """The activity as it travels, with fields sent twice and halves of surrogate pairs."""
    text = json.dumps(activity, ensure_ascii=ascii_only)
    text = text.replace('\\u0001twice"', '"').replace(json.dumps(LONE)[1:-1], "\\ud83d")
    return text.encode()
