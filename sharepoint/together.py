"""Several writes of one turn in one request: additions by their keys, changes by their ETags, in any of the lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from board.errors import Conflict, NotFound
from board.records import Stored
from sharepoint.answers import Answer, Write, check
from sharepoint.client import entity_type
from sharepoint.errors import Duplicate
from sharepoint.queries import items_path
from sharepoint.schema import ListOf
from sharepoint.store import Store, difference, values

R = TypeVar("R", bound=Stored)


@dataclass(slots=True)
class Together:
    """Writes gathered for one request. A batch is not transactional: those that can be made are made."""

    store: Store
    by: str
    _writes: list[Write] = field(default_factory=list)
    _adds: list[bool] = field(default_factory=list)

    def add(self, of: ListOf[R], record: R, *, why: str) -> None:
        """Add a record; that its key made one already is no failure."""
        if not record.key:
            raise ValueError(f"a record without a key was given to {of.name}")
        self._write("POST", of, items_path(of), values(of, record, self.by, why))

    def change(self, of: ListOf[R], old: R, new: R, *, why: str) -> None:
        """Write what differs between two states of a record; nothing differing is no write."""
        changed = difference(of, old, new, by=self.by, why=why)
        if changed:
            self._write("MERGE", of, f"{items_path(of)}({old.id})", changed, old.etag)

    def _write(self, method: str, of: ListOf[Any], path: str, body: dict[str, Any], etag: str = "") -> None:
        typed = {"__metadata": {"type": entity_type(of.name)}, **body}
        self._writes.append(Write(method, path, typed, etag))
        self._adds.append(method == "POST")

    async def send(self) -> None:
        """Do them all. Raises Conflict after the rest was done when somebody changed one of the records meanwhile."""
        if not self._writes:
            return
        conflict = False
        for answer, adds in zip(await self.store.together(self._writes), self._adds, strict=True):
            conflict = _is_lost(answer, adds=adds) or conflict
        if conflict:
            raise Conflict


def _is_lost(answer: Answer, *, adds: bool) -> bool:
    """Whether this write was not made because of somebody else's; a busy SharePoint's StoreBusy goes on."""
    try:
        check(answer, "a write in a batch")
    except (Conflict, NotFound):
        return True
    except Duplicate:
        return not adds
    return False
