"""What handlers answer with, before it is put in one of the three JSON dialects (see render)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sharepoint.embedded.errors import UnknownColumn


@dataclass(slots=True)
class Entity:
    """A thing with an address under `_api/`. `more` holds properties worked out only when selected,
    `ways` what `$expand` leads to: other things, or lists of them."""

    type: str
    path: str
    values: dict[str, Any]
    etag: str | None = None
    links: tuple[str, ...] = ()
    more: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    ways: Mapping[str, Callable[[], Any]] = field(default_factory=dict)

    def pick(self, names: tuple[str, ...]) -> Entity:
        """The same thing with only the named properties (`*` means the default ones); UnknownColumn otherwise."""
        if not names:
            return self
        values: dict[str, Any] = {}
        for name in names:
            if name == "*":
                values.update(self.values)
            else:
                values[name.partition("/")[0]] = self.read(name.partition("/")[0])
        return Entity(self.type, self.path, values, self.etag, self.links)

    def read(self, name: str) -> Any:
        """One property, by its exact name."""
        if name in self.values:
            return self.values[name]
        if name in self.more:
            return self.more[name]()
        raise UnknownColumn(name)


@dataclass(frozen=True, slots=True)
class Complex:
    """A value with a type and no address, such as a change token."""

    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Many:
    """A collection of entities, with the address of its next page if there is one."""

    items: list[Entity]
    next_link: str | None = None
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class Strings:
    """A collection of plain values, such as the choices of a column; `of` is their type."""

    items: tuple[Any, ...]
    of: str = "Edm.String"


@dataclass(frozen=True, slots=True)
class Single:
    """One named value: the answer to a property's own address or to a function such as recycle()."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Streamed:
    """JSON written as it is in every dialect: what SharePoint streams past OData."""

    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes of a file, answered as they are."""

    data: bytes


Answerable = Entity | Complex | Many | Single | Streamed | Raw | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A handler's answer."""

    value: Answerable = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
