"""`$select` and `$expand` of things that lead to other things: lists to their fields, items to their list, and on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Reply
from sharepoint.embedded.errors import BadQuery, NotBuilt, UnknownColumn
from sharepoint.embedded.options import Options

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One name that `$expand` begins with, and what is selected and expanded beyond it."""

    name: str
    select: Names
    expand: Names

    def of(self, value: Any) -> Any:
        """What the branch leads to, as it is to be shown."""
        if isinstance(value, list):
            return [self.of(one) for one in value]
        return narrowed(value, self.select, self.expand) if isinstance(value, Entity) else value


def of_options(select: Iterable[str], expand: Iterable[str]) -> tuple[Branch, ...]:
    """The branches of an `$expand`, in order; `ParentList/RootFolder` continues `ParentList`."""
    names = dict.fromkeys(name.partition("/")[0] for name in expand)
    return tuple(Branch(name, _beyond(name, select), _beyond(name, expand)) for name in names)


def _beyond(head: str, names: Iterable[str]) -> Names:
    return tuple(name.partition("/")[2] for name in names if name.startswith(f"{head}/"))


def reply(call: Call, entity: Entity, status: int = 200) -> Reply:
    """One entity as asked for, with its ETag."""
    if call.options.filter or call.options.orderby:
        raise BadQuery("$filter and $orderby apply to collections, not to one of them.")
    found = shown(entity, call.options)
    return Reply(found, status, {"ETag": found.etag} if found.etag else {})


def shown(entity: Entity, options: Options) -> Entity:
    """An entity under `$select` and `$expand`; UnknownColumn (400) or NotBuilt (501) if it does not lead there."""
    return narrowed(entity, options.select, options.expand)


def narrowed(entity: Entity, select: Names, expand: Names) -> Entity:
    """The same for names as given."""
    if not select and not expand:
        return entity
    found = of_options(select, expand)
    heads = {branch.name for branch in found}
    plain = tuple(name for name in select if name.partition("/")[0] not in heads)
    for name in plain:
        if "/" in name:
            raise BadQuery(f"The query to '{name}' is not valid: $expand must name '{name.partition('/')[0]}'.")
    # What leads elsewhere and is not expanded is a link, which JSON without metadata does not show.
    plain = tuple(name for name in plain if name not in entity.ways)
    values = {} if select and not plain else dict(entity.pick(plain).values)
    for branch in found:
        way = entity.ways.get(branch.name)
        if way is None:
            raise _nowhere(entity, branch.name)
        # As in OData, what is expanded is shown only if `$select` lets it.
        if not select or branch.select or branch.name in select or "*" in select:
            values[branch.name] = branch.of(way())
    return Entity(entity.type, entity.path, values, entity.etag, entity.links)


def _nowhere(entity: Entity, name: str) -> Exception:
    if name in entity.links:
        return NotBuilt(f"Expanding '{name}' is not built in this server.")
    return UnknownColumn(name)
