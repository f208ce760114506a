"""A row of the table: one operation, what each client is told, and what must come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.outcome import Failed, Refusal
from tests.embedded_server import EmbeddedServer

OFFICE, PRODUCT, PNPJS = "the Python client", "the product's client", "PnPjs"
CLIENTS = (OFFICE, PRODUCT, PNPJS)

READING = frozenset(
    {"fields.filter", "fields.read", "items.count", "items.order_by", "items.page", "items.pages", "items.read",
     "items.read_etag", "lists.read", "web.read"}
)  # fmt: skip
COLUMNS: dict[str, dict[str, Any]] = {
    "Status": {"FieldTypeKind": 2, "Indexed": True},
    "Key": {"FieldTypeKind": 2, "Indexed": True, "EnforceUniqueValues": True},
    "Open": {"FieldTypeKind": 8, "Indexed": True},
    "Score": {"FieldTypeKind": 9},
    "Due": {"FieldTypeKind": 4},
    "Notes": {"FieldTypeKind": 3},
    "Owner": {"FieldTypeKind": 20},
    "WriteMark": {"FieldTypeKind": 2},  # what the product's client writes with every change
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a client does one row: a list of its own, which nobody else touches, and whom webhooks may call."""

    server: EmbeddedServer
    list: str
    receiver: str

    @property
    def path(self) -> str:
        """The list's address below `_api/`."""
        return f"web/lists/getByTitle('{self.list}')"

    @property
    def names(self) -> dict[str, str]:
        """What differs from run to run, and how it is written in an expectation."""
        return {self.list: "{list}", self.server.url: "{site}", self.receiver: "{receiver}"}

    def etag(self, item: int = 1) -> str:
        """The ETag of an item as it is now."""
        told = self.server.get(f"{self.path}/items({item})", accept="application/json;odata=minimalmetadata")
        return str(told["odata.etag"])


def nothing(_: Scene) -> Mapping[str, Any]:
    """The scene is set as it is."""
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """A client's own defect: what it makes of the row instead, and why that is not the server's fault."""

    gives: object
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One operation and its expected outcome, which comes from `source` and not from a client.

    `told` is what the clients are told, besides the list; `prepare` sets the scene and tells them more. `given` are the
    list's rows. `leaves` is an address below the list and what a plain GET must find there afterwards.
    """

    name: str
    operation: str
    gives: object
    source: str
    told: Mapping[str, Any] = field(default_factory=dict)
    given: tuple[Mapping[str, Any], ...] = ()
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: COLUMNS)
    prepare: Callable[[Scene], Mapping[str, Any]] = nothing
    leaves: tuple[str, object] | None = None
    token: str = ""
    known: Mapping[str, Known] = field(default_factory=dict)
    fault: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Whether nothing is changed by it, so that it may share its list with others."""
        return self.operation in READING and self.prepare is nothing

    def expected_of(self, client: str) -> object:
        """What this client must make of it: what is right, or its known defect. The product keeps no messages."""
        expected = self.known[client].gives if client in self.known else self.gives
        return replace(expected, message="") if client == PRODUCT and isinstance(expected, Refusal) else expected


__all__ = ["CLIENTS", "COLUMNS", "OFFICE", "PNPJS", "PRODUCT", "Failed", "Known", "Refusal", "Row", "Scene"]
