"""Which properties of items a query shows, and how a row becomes an item."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sharepoint.embedded.entities import Entity
from sharepoint.embedded.errors import BadRequest, NotBuilt, Throttled, UnknownColumn
from sharepoint.embedded.kinds import show
from sharepoint.embedded.options import Options
from sharepoint.embedded.schema import Columns, Field, ListInfo
from sharepoint.embedded.site import Site

MOST_PEOPLE = 12
_PERSON = {"Id": "id", "ID": "id", "Title": "title", "EMail": "email", "Name": "login", "LoginName": "login"}
_NOT_BUILT = frozenset(
    {"ContentType", "EffectiveBasePermissions", "EncodedAbsUrl", "FieldValuesAsHtml", "FieldValuesAsText"}
)
# What hangs on an item and is no column, such as its file; `attached` fills it, since that is built on this module.
# Each takes the item's id and the inner $select and $expand; those in PLAIN are values, selected without $expand.
Linked = Callable[[Site, ListInfo, int, tuple[str, ...], tuple[str, ...]], Any]
LINKED: dict[str, Linked] = {}
PLAIN = frozenset({"HasUniqueRoleAssignments"})


@dataclass(frozen=True, slots=True)
class Selection:
    """Plain columns by property name, and for each expanded person column the properties of the person."""

    plain: dict[str, Field]
    people: dict[str, tuple[Field, list[str]]]
    linked: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """What to select, in the order that `item` reads it."""
        fields = [*self.plain.values(), *(field for field, _ in self.people.values())]
        return ", ".join(["id", "guid", "version", *(field.sql for field in fields)])


def choose(columns: Columns, options: Options) -> Selection:
    """The selection `$select` and `$expand` ask for; refuses unknown names and more than 12 person columns."""
    linked = _linked(options)
    options = replace(options, expand=tuple(name for name in options.expand if name.partition("/")[0] not in linked))
    wanted = [name for name in options.select if name.partition("/")[0] not in linked] if options.select else ["*"]
    for name in options.expand:
        _known_person(columns, name)
    plain: dict[str, Field] = {}
    people: dict[str, tuple[Field, list[str]]] = {}
    for name in wanted:
        head, slash, tail = name.partition("/")
        if name == "*":
            plain.update(columns.shown)
        elif name in columns.by_property:
            plain[name] = columns.by_property[name]
        elif slash and _known_person(columns, head) and tail in _PERSON and head in options.expand:
            people.setdefault(head, (columns.people[head], []))[1].append(tail)
        else:
            raise _refusal(columns, head, tail)
    _refuse_bare(options, people)
    return Selection(plain, people, linked)


def _linked(options: Options) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    heads = dict.fromkeys(name.partition("/")[0] for name in options.expand)
    heads.update(dict.fromkeys(name for name in options.select if name in PLAIN))
    return {head: (_below(options.select, head), _below(options.expand, head)) for head in heads if head in LINKED}


def _below(names: tuple[str, ...], head: str) -> tuple[str, ...]:
    return tuple(name[len(head) + 1 :] for name in names if name.startswith(f"{head}/"))


def item(site: Site, info: ListInfo, row: sqlite3.Row, chosen: Selection) -> Entity:
    """A row, selected with `chosen.sql`, as an item."""
    values: dict[str, Any] = {
        name: show(field.kind, row[at]) for at, (name, field) in enumerate(chosen.plain.items(), start=3)
    }
    for at, (name, (_, wanted)) in enumerate(chosen.people.items(), start=3 + len(chosen.plain)):
        person = _person(site, row[at], wanted)
        if person:
            values[name] = person
    for name, (select, expand) in chosen.linked.items():
        values[name] = LINKED[name](site, info, row["id"], select, expand)
    etag = f'"{row["guid"]},{row["version"]}"'
    return Entity(info.item_type, f"{info.path}/Items({row['id']})", values, etag, ("ParentList", "Versions"))


def _person(site: Site, user: int | None, wanted: list[str]) -> Entity | None:
    row = site.database.one("SELECT id, title, email, login FROM principals WHERE id = ?", (user,))
    if row is None:
        return None
    return Entity("SP.Data.UserInfoItem", f"Web/SiteUserInfoList/Items({user})", {n: row[_PERSON[n]] for n in wanted})


def _known_person(columns: Columns, name: str) -> bool:
    if name in _NOT_BUILT:
        raise NotBuilt(f"Expanding '{name}' is not built in this server.")
    if name not in columns.people:
        raise UnknownColumn(name)
    return True


def _refusal(columns: Columns, head: str, tail: str) -> Exception:
    if head in _NOT_BUILT:
        return NotBuilt(f"The property '{head}' is not built in this server.")
    if head in LINKED:
        return _incomplete(head)
    if head not in columns.people or (tail and tail not in _PERSON):
        return UnknownColumn(tail or head)
    return _incomplete(head)


def _refuse_bare(options: Options, people: dict[str, Any]) -> None:
    for name in options.expand:
        if name not in people:
            raise _incomplete(name)
    if len(people) > MOST_PEOPLE:
        raise Throttled(
            "The query cannot be completed because the number of lookup columns it contains exceeds the lookup column "
            "threshold enforced by the administrator."
        )


def _incomplete(name: str) -> BadRequest:
    return BadRequest(
        f"The query to field '{name}' is not valid. The $select query string must specify the target fields "
        f"and the $expand query string must contains {name}."
    )
