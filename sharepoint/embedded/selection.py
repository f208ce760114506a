"""Which properties of items a query shows, and how a row becomes an item."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sharepoint.embedded import branches, lookups
from sharepoint.embedded.entities import Entity
from sharepoint.embedded.errors import NotBuilt, UnknownColumn
from sharepoint.embedded.kinds import show
from sharepoint.embedded.options import Options
from sharepoint.embedded.schema import Columns, Field, ListInfo
from sharepoint.embedded.site import Site

_NOT_BUILT = frozenset({"EffectiveBasePermissions", "EncodedAbsUrl", "FieldValuesForEdit"})
# What hangs on an item and is no column, such as its file; `attached` fills it, since that is built on this module.
# Each takes the item's id and the inner $select and $expand; those in PLAIN are values, selected without $expand.
Linked = Callable[[Site, ListInfo, int, tuple[str, ...], tuple[str, ...]], Any]
LINKED: dict[str, Linked] = {}
PLAIN = frozenset({"HasUniqueRoleAssignments"})


@dataclass(frozen=True, slots=True)
class Selection:
    """Plain columns by property name, and for each expanded person or lookup column the sub-fields wanted."""

    plain: dict[str, Field]
    joined: dict[str, tuple[Field, list[str]]]
    linked: tuple[branches.Branch, ...] = ()

    @property
    def sql(self) -> str:
        """What to select, in the order that `item` reads it."""
        fields = [*self.plain.values(), *(field for field, _ in self.joined.values())]
        return ", ".join(["id", "guid", "version", *(field.sql for field in fields)])


def choose(columns: Columns, options: Options) -> Selection:
    """The selection `$select` and `$expand` ask for; refuses unknown names and more than 12 such columns."""
    plainly = [name for name in options.select if name in PLAIN]
    found = branches.of_options(options.select, dict.fromkeys([*options.expand, *plainly]))
    linked = tuple(branch for branch in found if branch.name in LINKED)
    led = {branch.name for branch in linked}
    expand = [name for name in options.expand if name.partition("/")[0] not in led]
    for name in expand:
        _known(columns, name)
    plain: dict[str, Field] = {}
    joined: dict[str, tuple[Field, list[str]]] = {}
    for name in options.select or ("*",):
        head, slash, tail = name.partition("/")
        if head in led:
            continue
        if name == "*":
            plain.update(columns.shown)
        elif name in columns.by_property:
            plain[name] = columns.by_property[name]
        elif slash and _known(columns, head) and head in expand:
            lookups.part(columns, columns.references[head], tail)
            joined.setdefault(head, (columns.references[head], []))[1].append(tail)
        else:
            raise _refusal(columns, head, tail)
    for name in expand:
        if name not in joined:
            raise lookups.not_valid(name, name)
    lookups.refuse_many(columns, [*options.select, *options.expand])
    return Selection(plain, joined, linked)


def item(site: Site, info: ListInfo, row: sqlite3.Row, chosen: Selection) -> Entity:
    """A row, selected with `chosen.sql`, as an item."""
    values: dict[str, Any] = {
        name: show(field.kind, row[at]) for at, (name, field) in enumerate(chosen.plain.items(), start=3)
    }
    for at, (name, (field, wanted)) in enumerate(chosen.joined.items(), start=3 + len(chosen.plain)):
        # An empty person or lookup is left out, as it is in SharePoint without metadata (memory).
        found = lookups.expanded(site, info.columns, field, row[at], wanted)
        if found is not None:
            values[name] = found
    if "ContentTypeId" in values:
        values["ContentTypeId"] = info.content_type(values["ContentTypeId"])
    for branch in chosen.linked:
        values[branch.name] = LINKED[branch.name](site, info, row["id"], branch.select, branch.expand)
    etag = f'"{row["guid"]},{row["version"]}"'
    return Entity(info.item_type, f"{info.path}/Items({row['id']})", values, etag, ("ParentList", "Versions"))


def _known(columns: Columns, name: str) -> bool:
    if name in _NOT_BUILT:
        raise NotBuilt(f"Expanding '{name}' is not built in this server.")
    if name not in columns.references:
        raise UnknownColumn(name)
    return True


def _refusal(columns: Columns, head: str, tail: str) -> Exception:
    if head in _NOT_BUILT:
        return NotBuilt(f"The property '{head}' is not built in this server.")
    if head in LINKED:
        return lookups.not_valid(head, head)
    if head not in columns.references:
        return UnknownColumn(tail or head)
    if tail:
        lookups.part(columns, columns.references[head], tail)
    return lookups.not_valid(head, head)
