"""Several writes of one turn in one request: additions by their keys, changes by their ETags, in any of the lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from board.errors import Conflict, NotFound
from board.records import Stored
from sharepoint.answers import JSON, Answer, Write, check
from sharepoint.asking import was_lost
from sharepoint.errors import Duplicate
from sharepoint.queries import entity_type, items_path
from sharepoint.schema import ListOf
from sharepoint.store import Change, Store, difference, values

R = TypeVar("R", bound=Stored)


@dataclass(slots=True)
class Together:
    """Writes gathered for one request. A batch is not transactional: those that can be made are made."""

    store: Store
    by: str
    _changes: list[Change] = field(default_factory=list)
    _adds: list[tuple[ListOf[Any], JSON]] = field(default_factory=list)

    def add(self, of: ListOf[R], record: R, *, why: str) -> None:
        """Add a record; that its key made one already is no failure."""
        if not record.key:
            raise ValueError(f"a record without a key was given to {of.name}")
        self._adds.append((of, values(of, record, self.by, why)))

    def change(self, of: ListOf[R], old: R, new: R, *, why: str) -> None:
        """Write what differs between two states of a record; nothing differing is no write."""
        changed = difference(of, old, new, by=self.by, why=why)
        if changed:
            self._changes.append((of, old, changed))

    async def _writes(self) -> list[Write]:
        """The writes with their seals. One request more for records that were read in part."""
        seals = await self.store.seals(self._changes)
        added = [
            Write("POST", items_path(of), _typed(of, body | self.store.first_seal(of, body))) for of, body in self._adds
        ]
        changed = [
            Write("MERGE", f"{items_path(of)}({old.id})", _typed(of, body | seal), old.etag)
            for (of, old, body), seal in zip(self._changes, seals, strict=True)
        ]
        return added + changed

    async def send(self) -> None:
        """Do them all. Raises Conflict after the rest was done when somebody changed one of the records meanwhile."""
        writes = await self._writes()
        if not writes:
            return
        conflict = False
        for write, answer in zip(writes, await self.store.together(writes), strict=True):
            conflict = _is_lost(answer, adds=write.method == "POST") or conflict
        if conflict:
            was_lost()
            raise Conflict


def _typed(of: ListOf[Any], body: JSON) -> JSON:
    return {"__metadata": {"type": entity_type(of.name)}, **body}


def _is_lost(answer: Answer, *, adds: bool) -> bool:
    """Whether this write was not made because of somebody else's; a busy SharePoint's StoreBusy goes on."""
    try:
        check(answer, "a write in a batch")
    except (Conflict, NotFound):
        return True
    except Duplicate:
        return not adds
    return False
