"""The daily seal: the head of every chain that changed since the seal before, under the same key, chained in its turn.

A seal names lists, row numbers and MACs, nothing else. What was deleted behind SharePoint's back, or put back to an
earlier state with all its versions, is missed by the seals that knew better. Pure.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import orjson

from sharepoint.chain import Keys

FORM = 1
KIND = "seal"
MOST_HEADS = 2000
"""Heads in one row of `Events`: some 60 KB, well within a column of many lines."""

Heads = Mapping[str, Mapping[int, str]]
"""By list and row number, the head of the row's chain; empty for one that was never sealed."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One row of the seals. `token` is the change token up to which it speaks; empty in all parts but a day's last.

    `heads` by list and row, each `number:mac`; an empty one is of a row that was never sealed. `gone` are rows that the
    change feed said were deleted, or that were found missing.
    """

    day: date
    part: int
    at: str
    before: str = ""
    token: str = ""
    heads: Heads = field(default_factory=dict)
    gone: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    key_id: str = ""
    mac: str = ""

    @property
    def key(self) -> str:
        """The key of its row."""
        return f"{KIND}:{self.day.isoformat()}/{self.part}"

    @property
    def when(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.at).astimezone(UTC)

    def _said(self) -> dict[str, object]:
        heads = {name: {str(number): head for number, head in rows.items()} for name, rows in self.heads.items()}
        gone = {name: list(numbers) for name, numbers in self.gone.items()}
        said = {"v": FORM, "k": self.key_id, "d": self.day.isoformat(), "n": self.part, "t": self.at, "p": self.before}
        return {**said, "f": self.token, "h": heads, "g": gone, "c": dict(self.counts)}

    def text(self) -> str:
        """The seal as it is stored."""
        return orjson.dumps({**self._said(), "m": self.mac}).decode()

    def sealed(self, keys: Keys) -> Seal:
        """The same with its MAC."""
        named = replace(self, key_id=keys.first)
        return replace(named, mac=named._mac(keys))

    def _mac(self, keys: Keys) -> str:
        return keys.tag(self.key_id, 16, "seal", self._said())

    def is_ours(self, keys: Keys) -> bool:
        """Whether it is as it was made, with a key of ours."""
        return keys.known(self.key_id) and hmac.compare_digest(self.mac.encode(), self._mac(keys).encode())


def read(text: str) -> Seal | None:
    """Read a stored seal; None for anything else."""
    try:
        said = orjson.loads(text)
        if said["v"] != FORM:
            return None
        seal = Seal(
            day=date.fromisoformat(said["d"]),
            part=int(said["n"]),
            at=str(said["t"]),
            before=str(said["p"]),
            token=str(said["f"]),
            heads={name: {int(n): str(head) for n, head in rows.items()} for name, rows in said["h"].items()},
            gone={name: tuple(int(n) for n in numbers) for name, numbers in said["g"].items()},
            counts={name: int(count) for name, count in said["c"].items()},
            key_id=str(said["k"]),
            mac=str(said["m"]),
        )
        datetime.fromisoformat(seal.at)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return seal


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be sealed: heads of what changed, rows that are gone, rows in each list, and the token it goes to."""

    heads: Heads
    gone: Mapping[str, frozenset[int]]
    counts: Mapping[str, int]
    token: str


def made(keys: Keys, day: date, at: datetime, last: Seal | None, found: Found) -> list[Seal]:
    """The seals of one day, in parts of `MOST_HEADS`, each chained to the one before."""
    heads, gone, counts = found.heads, found.gone, found.counts
    flat = [(name, number, head) for name, rows in sorted(heads.items()) for number, head in sorted(rows.items())]
    chunks = [flat[start : start + MOST_HEADS] for start in range(0, len(flat), MOST_HEADS)] or [[]]
    stamp, before = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), last.mac if last else ""
    seals: list[Seal] = []
    first = last.part + 1 if last is not None and last.day == day else 1
    for part, chunk in enumerate(chunks, start=first):
        named: dict[str, dict[int, str]] = {}
        for name, number, head in chunk:
            named.setdefault(name, {})[number] = head
        seal = Seal(day, part, stamp, before, heads=named)
        if part == first + len(chunks) - 1:
            missing = {name: tuple(sorted(numbers)) for name, numbers in sorted(gone.items())}
            seal = replace(seal, token=found.token, gone=missing, counts=dict(sorted(counts.items())))
        seals.append(seal.sealed(keys))
        before = seals[-1].mac
    return seals


@dataclass(frozen=True, slots=True)
class Known:
    """What a run of seals knows: by list and row its newest head, and which seal kept it; rows told of as gone."""

    heads: Mapping[tuple[str, int], tuple[str, datetime]]
    gone: Mapping[tuple[str, int], datetime]
    last: Seal | None
    broken: tuple[str, ...] = ()


def known(keys: Keys, rows: Iterable[tuple[str, str]], *, from_the_first: bool) -> Known:
    """What these seals (their keys and texts, oldest first) know; `broken` says what is wrong with the run itself."""
    heads: dict[tuple[str, int], tuple[str, datetime]] = {}
    gone: dict[tuple[str, int], datetime] = {}
    broken: list[str] = []
    last: Seal | None = None
    for key, text in rows:
        seal = read(text)
        if seal is None or seal.key != key:
            broken.append(f"The seal {key} cannot be read.")
            continue
        if not keys.known(seal.key_id):
            broken.append(f"The seal {key} was made with a key that is not known here.")
        elif not seal.is_ours(keys):
            broken.append(f"The seal {key} was changed.")
            continue
        expected = last.mac if last else "" if from_the_first else seal.before
        if seal.before != expected:
            broken.append(f"A seal before {key} is missing.")
        for name, numbers in seal.heads.items():
            heads |= {(name, number): (head, seal.when) for number, head in numbers.items()}
            for number in numbers:
                gone.pop((name, number), None)
        for name, missing in seal.gone.items():
            gone |= {(name, number): seal.when for number in missing}
        last = seal
    return Known(heads, gone, last, tuple(broken))
