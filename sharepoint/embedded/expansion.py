"""`$select` and `$expand` of things that are reached through others, such as `ListItemAllFields/ParentList/Id`."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Entity, Many, Reply
from sharepoint.embedded.errors import BadQuery, NotBuilt, UnknownColumn
from sharepoint.embedded.filters import parse
from sharepoint.embedded.where import matches

Names = tuple[str, ...]


def shaped(entity: Entity, select: Names, expand: Names) -> Entity:
    """An entity with the properties selected and the links expanded; UnknownColumn for what it lacks."""
    if not select and not expand:
        return entity
    heads = dict.fromkeys(name.partition("/")[0] for name in expand)
    values: dict[str, Any] = {}
    for name in select or ("*",):
        head = name.partition("/")[0]
        if name == "*":
            values.update(entity.values)
        elif head not in heads:
            if "/" in name:
                raise BadQuery(f"The query to '{name}' is not valid: $expand must name '{head}'.")
            values[head] = entity.read(head)
    for head in heads:
        values[head] = _inner(_link(entity, head), _below(select, head), _below(expand, head))
    return Entity(entity.type, entity.path, values, entity.etag, entity.links)


def reply(call: Call, entity: Entity, status: int = 200) -> Reply:
    """One entity as asked for, with its ETag."""
    if call.options.filter or call.options.orderby:
        raise BadQuery("$filter and $orderby apply to collections, not to one of them.")
    shown = shaped(entity, call.options.select, call.options.expand)
    return Reply(shown, status, {"ETag": shown.etag} if shown.etag else {})


def page(call: Call, found: list[Entity], name: str) -> Reply:
    """A collection as asked for: $filter, one-column $orderby, $top, $select and $expand."""
    if call.options.filter:
        node = parse(call.options.filter)
        found = [one for one in found if matches(node, one.values)]
    found = _ordered(found, call.options.orderby)[: call.options.top]
    picked = [shaped(one, call.options.select, call.options.expand) for one in found]
    return Reply(Many(picked, metadata=f"SP.ApiData.{name}"))


def _ordered(found: list[Entity], orderby: str) -> list[Entity]:
    name, _, direction = orderby.partition(" ")
    if not name or not found:
        return found
    if direction not in ("", "asc", "desc") or "," in orderby:
        raise BadQuery("$orderby of this collection takes one property, and asc or desc.")
    found[0].read(name)
    return sorted(found, key=lambda one: _sortable(one.read(name)), reverse=direction == "desc")


def _sortable(value: Any) -> tuple[int, Any]:
    if isinstance(value, str) and value.isdigit():
        return (1, int(value))
    return (0, 0) if value is None else (1, value) if isinstance(value, (int, float)) else (2, str(value).casefold())


def _link(entity: Entity, name: str) -> Any:
    if name in entity.links and name not in entity.more and name not in entity.values:
        raise NotBuilt(f"Expanding '{name}' here is not built in this server.")
    found = entity.read(name)
    if found is not None and not isinstance(found, (Entity, list, Complex)):
        raise UnknownColumn(name)
    return found


def _inner(found: Any, select: Names, expand: Names) -> Any:
    if isinstance(found, list):
        return [shaped(one, select, expand) for one in found]
    return shaped(found, select, expand) if isinstance(found, Entity) else found


def _below(names: Names, head: str) -> Names:
    return tuple(name[len(head) + 1 :] for name in names if name.startswith(f"{head}/"))
