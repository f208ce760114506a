"""What is left of office365's answers before they are compared: plain JSON of the named properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from office365.runtime.client_object import ClientObject
from office365.runtime.client_object_collection import ClientObjectCollection


def pick(properties: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The named properties, nothing as None."""
    return {name: plain(properties.get(name)) for name in names}


def plain(value: Any) -> Any:
    """The client's own types as JSON would have them."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, ClientObjectCollection):
        return [plain(one) for one in value]
    if isinstance(value, ClientObject):  # an object of which nothing was read is one that the client put there itself
        return {name: plain(inner) for name, inner in value.properties.items() if not _unread(inner)}
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value.to_json() if hasattr(value, "to_json") else value
    return [plain(one) for one in value]


def _unread(value: Any) -> bool:
    return isinstance(value, ClientObject) and not isinstance(value, ClientObjectCollection) and not value.properties


def _mapping(value: Mapping[str, Any]) -> Any:
    if isinstance(value.get("results"), list):
        return plain(value["results"])
    if value and all(isinstance(name, int) for name in value):  # how the client keeps an array
        return plain(list(value.values()))
    return {name: plain(inner) for name, inner in value.items() if name != "__metadata" and "odata." not in name}
