"""Verifying the record: each row against its chain, its versions and the daily seals, and the lists against the seals.

Changes nothing. What it finds is named by list and reference or row number, and dated; it quotes nothing of a record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from board import references
from board.findings import Finding, advice, good, must
from sharepoint import adopting, chain, sealed
from sharepoint.adopting import Standing
from sharepoint.answers import JSON
from sharepoint.chain import Keys, State, Step
from sharepoint.keeping import SEALED, Keeping, Row
from sharepoint.schema import ListOf
from sharepoint.seals import Known

BACKUP = "Find out who reached the database or the site by another way, and compare with a backup."


@dataclass(slots=True)
class Audit:
    """One verification. `known` is what the seals know; `everything` also asks every version of every row."""

    keeping: Keeping
    keys: Keys
    known: Known
    everything: bool = False
    progress: Callable[[str], None] = lambda _said: None
    found: list[Finding] = field(default_factory=list)
    there: dict[str, set[int]] = field(default_factory=dict)
    read: int = 0
    unsealed: int = 0
    edited: int = 0

    async def run(self, changed: Mapping[str, Iterable[int]] | None, counts: Mapping[str, int]) -> list[Finding]:
        """Verify what changed, is open or was lately sealed; all rows when `changed` is None, or with `everything`."""
        if changed is None or self.everything:
            for of in SEALED.values():
                self.there[of.name] = set()
                async for rows in self.keeping.every(of):
                    await self._rows(rows)
            self._missing(self.known.heads)
        else:
            await self._some(changed, counts)
        return self.found + self._summary()

    async def _some(self, changed: Mapping[str, Iterable[int]], counts: Mapping[str, int]) -> None:
        wanted = {name: set(numbers) for name, numbers in changed.items()}
        for name, number in self.known.heads:
            if (name, number) not in self.known.gone and name in SEALED:
                wanted.setdefault(name, set()).add(number)
        async for rows in self.keeping.open_rows():
            for of, item in rows:
                wanted.get(of.name, set()).discard(int(item["Id"]))
            await self._rows(rows)
        async for rows in self.keeping.named(wanted):
            await self._rows(rows)
        self._missing(self.known.heads)
        await self._counted(changed, counts)

    async def _counted(self, changed: Mapping[str, Iterable[int]], counts: Mapping[str, int]) -> None:
        """Compare how many rows there are with how many there were: of those that changed, some are new, some gone."""
        last = self.known.last
        if last is None:
            return
        for name, before in last.counts.items():
            numbers = set(changed.get(name, ()))
            sealed_ones = {number for listed, number in self.known.heads if listed == name}
            there = self.there.get(name, set())
            # A row that changed and is not in the seals read here may be old: only the whole check can tell.
            new, gone = len((numbers & there) - sealed_ones), len(numbers - there)
            now = counts.get(name, 0)
            if now < before - gone:
                said = (
                    f"{name}: {before - gone - now} of {before} rows are missing since the seal of {_day(last.when)}."
                )
                self.found.append(must(said, f"Name them with `python -m bot check --all`. {BACKUP}"))
            elif now > before + new:
                said = f"{name}: {now - before - new} rows came behind SharePoint's back since {_day(last.when)}."
                self.found.append(must(said, BACKUP))

    async def _rows(self, rows: list[Row]) -> None:
        for of, item in rows:
            self.there.setdefault(of.name, set()).add(int(item["Id"]))
        self.read += len(rows)
        asked = rows if self.everything else await asyncio.to_thread(lambda: [r for r in rows if self._is_asked(*r)])
        versions = await self.keeping.versions(asked)
        for (of, item), older in zip(asked, versions, strict=True):
            self._row(of, item, older)
        self.progress(f"{self.read} rows verified")

    def _is_asked(self, of: ListOf[Any], item: JSON) -> bool:
        """Whether the row's versions are needed: it is doubtful, or further than the seals know it."""
        step = chain.read(sealed.chain_of(item))
        head = self.known.heads.get((of.name, int(item["Id"])))
        return self.keeping.is_doubtful(of, item) or step is None or (head is not None and head[0] != step.head)

    def _row(self, of: ListOf[Any], item: JSON, versions: list[JSON]) -> None:
        verdict = sealed.verify(self.keys, of, item)
        if verdict.state is State.UNSEALED:
            self._never_sealed(of, item)
            return
        if verdict.step is None or verdict.state in (State.BROKEN, State.FOREIGN):
            self._unreadable(of, item, verdict.state)
            return
        told = adopting.told(self.keys, of, item, versions)
        if told.standing is Standing.TAMPERED:
            self._say(of, item, f"changed behind SharePoint's back ({', '.join(told.columns)})", verdict.step)
        elif told.standing is Standing.EDITED:
            self.edited += 1
        last = told.last or verdict.step
        steps = sealed.steps(self.keys, of, [*versions, item])
        self._against_seal(of, item, last, steps)
        if self.everything:
            self._links(of, item, steps)

    def _never_sealed(self, of: ListOf[Any], item: JSON) -> None:
        head = self.known.heads.get((of.name, int(item["Id"])))
        if head is not None and head[0]:
            self._say(of, item, f"without its seal, which it had on {_day(head[1])}", None)
        else:
            self.unsealed += 1

    def _unreadable(self, of: ListOf[Any], item: JSON, state: State) -> None:
        if state is State.FOREIGN:
            fix = "Set MHRMB_SEAL_KEY to all keys that were ever used, the present one first."
            self.found.append(must(f"{_named(of, item)} is sealed with a key that is not known here.", fix))
        else:
            self._say(of, item, "with a seal that the bot did not make", None)

    def _against_seal(self, of: ListOf[Any], item: JSON, step: Step, steps: list[Step]) -> None:
        head, when = self.known.heads.get((of.name, int(item["Id"])), ("", None))
        number = int(head.partition(":")[0] or 0)
        if when is None or not number:
            return
        if step.number < number:
            said = f"put back to step {step.number} of {number}; it was at {number} on {_day(when)}"
            self._say(of, item, said, step)
            return
        borne: dict[int, str] = {}
        for one in [*steps, step]:
            borne |= chain.heads(self.keys, one) or {}
        if number not in borne:
            said = (
                f"{_named(of, item)}: its version sealed on {_day(when)} is not there, so that seal cannot be verified."
            )
            self.found.append(
                advice(said, "Versions that a person deleted, or that the list's limit let go, explain this.")
            )
        elif borne[number] != head:
            self._say(of, item, f"not what was sealed on {_day(when)} (step {number})", step)

    def _links(self, of: ListOf[Any], item: JSON, steps: list[Step]) -> None:
        for earlier, later in pairwise(steps):
            if later.number == earlier.number + 1 and later.before != earlier.mac:
                self._say(of, item, f"broken between steps {earlier.number} and {later.number}", later)
            elif later.number != earlier.number + 1 and not later.trail:
                said = f"without its steps between {earlier.number} and {later.number}"
                self._say(of, item, said, later)

    def _missing(self, heads: Mapping[tuple[str, int], tuple[str, datetime]]) -> None:
        for (name, number), (_, when) in sorted(heads.items()):
            if name not in SEALED or number in self.there.get(name, set()):
                continue
            row = _row_name(SEALED[name], number)
            if (name, number) in self.known.gone:
                if self.everything:
                    said = f"{row} was deleted; the seal of {_day(self.known.gone[name, number])} missed it first."
                    self.found.append(
                        advice(said, "What somebody deleted in a list is in the recycle bin for 93 days.")
                    )
                continue
            said = f"{row} is deleted: it was there when it was sealed on {_day(when)}."
            self.found.append(must(said, f"Restore it from the site's recycle bins. If it is in none: {BACKUP}"))

    def _say(self, of: ListOf[Any], item: JSON, said: str, step: Step | None) -> None:
        when = step.when if step is not None else None
        last = f" The bot wrote it last on {_day(when)}." if when is not None else ""
        self.found.append(must(f"{_named(of, item)} is {said}.{last}", BACKUP))

    def _summary(self) -> list[Finding]:
        shown: list[Finding] = []
        if self.edited:
            said = f"{self.edited} rows were edited in SharePoint and are not sealed yet."
            shown.append(advice(said, "The running bot seals them within a minute, naming who edited them."))
        if self.unsealed:
            said = f"{self.unsealed} rows were never sealed."
            shown.append(advice(said, "The running bot seals them; they were made before there was a key, or by hand."))
        if not self.found:
            shown.insert(0, good(f"{self.read} rows are as the bot sealed them."))
        return shown


def _named(of: ListOf[Any], item: JSON) -> str:
    return _row_name(of, int(item["Id"]))


def _row_name(of: ListOf[Any], number: int) -> str:
    """A row by its list, and its reference where its list gives one by the number alone."""
    if of.letter in (references.REFERRAL, references.ACTION):
        return f"{of.name} {references.reference(of.letter, number)}"
    return f"{of.name} row {number}"


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y, %H:%M} UTC"
