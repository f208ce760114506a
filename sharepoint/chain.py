"""The chain that each record carries: a step for every write, sealed with a key that SharePoint does not hold. Pure.

A step holds a short keyed digest of each column that is not blank, and a MAC over those, over its place (the list and
the row's key) and over the MAC of the step before. What was not written keeps its digest from the step before, so a
narrow change needs no full read. The digests are salted: without the salt, which erasing drops, nobody can try guesses
against them, not even a holder of the key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import orjson

FORM = 1
"""Which form of chain this is: another one would be read beside it, never in its place."""

SHORTEST = 32
"""Bytes of the shortest key that is taken."""

Content = Mapping[str, str]
"""A row as its columns' canonical words; those that are blank are left out."""


class Keys:
    """The keys of a record: the first seals, all of them verify. Raises ValueError for none, or one that is short."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) < SHORTEST for key in keys):
            raise ValueError(f"a key of at least {SHORTEST} bytes is needed")
        self._by_id = {_id_of(key): key for key in reversed(keys)}
        self.first = _id_of(keys[0])

    def known(self, key_id: str) -> bool:
        """Whether a key of that id is among them."""
        return key_id in self._by_id

    def tag(self, key_id: str, size: int, *parts: object) -> str:
        """A MAC of so many bytes over the parts; KeyError for a key that is not known."""
        return _word(hmac.digest(self._by_id[key_id], orjson.dumps(parts), "sha256")[:size])


def _id_of(key: bytes) -> str:
    return hmac.digest(key, b"the id of this key", "sha256")[:4].hex()


def _word(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chain belongs: it verifies nowhere else."""

    list_name: str
    key: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A step whose version is gone: enough to work out its MAC again, and nothing of what it held."""

    number: int
    key_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Step:
    """The newest step of a record's chain.

    `written` is how many times SharePoint says the row had been written with this step; `before` the MAC of the step
    before. `erased` names columns whose content was disposed of; `trail` are the steps that went with their versions,
    `start` the MAC before the first of them. `doubt` is the number of the step that followed on one that was broken.
    """

    key_id: str
    number: int
    before: str
    salt: str
    at: str
    written: int
    fields: Mapping[str, str] = field(default_factory=dict)
    erased: tuple[str, ...] = ()
    start: str = ""
    trail: tuple[Passed, ...] = ()
    doubt: int = 0
    mac: str = ""

    @property
    def when(self) -> datetime | None:
        """When it was written."""
        try:
            return datetime.fromisoformat(self.at).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def head(self) -> str:
        """What a daily seal keeps of it."""
        return f"{self.number}:{self.mac[:12]}"

    def text(self) -> str:
        """The step as it stands in the row."""
        parts: dict[str, Any] = {"v": FORM, "k": self.key_id, "n": self.number, "p": self.before, "s": self.salt}
        parts |= {"t": self.at, "w": self.written, "f": dict(self.fields)}
        if self.erased:
            parts["e"] = list(self.erased)
        if self.trail:
            parts["r"] = [self.start, [[one.number, one.key_id, one.body] for one in self.trail]]
        if self.doubt:
            parts["d"] = self.doubt
        return orjson.dumps({**parts, "m": self.mac}).decode()


def read(text: str) -> Step | None:
    """The step that a row holds; None when it holds something else."""
    try:
        said = orjson.loads(text)
        if said["v"] != FORM:
            return None
        start, trail = said.get("r", ["", []])
        return Step(
            key_id=_string(said["k"]),
            number=_count(said["n"]),
            before=_string(said["p"]),
            salt=_string(said["s"]),
            at=_string(said["t"]),
            written=_count(said["w"]),
            fields={_string(name): _string(value) for name, value in said["f"].items()},
            erased=tuple(_string(name) for name in said.get("e", [])),
            start=_string(start),
            trail=tuple(Passed(_count(n), _string(k), _string(b)) for n, k, b in trail),
            doubt=_count(said.get("d", 0)),
            mac=_string(said["m"]),
        )
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise TypeError
    return value


def begin(keys: Keys, place: Place, content: Content, *, at: datetime, written: int) -> Step:
    """The first step of a row's chain, over all it holds."""
    bare = Step(keys.first, 1, "", secrets.token_urlsafe(12), _instant(at), written)
    return _sealed(keys, place, replace(bare, fields=_digests(keys, place, bare, content)))


def go_on(
    keys: Keys,
    place: Place,
    last: Step,
    changed: Content,
    *,
    at: datetime,
    written: int,
    whole: bool = False,
    doubted: bool = False,
) -> Step:
    """The step after `last`: the columns that are written get new digests, the others keep theirs.

    In `changed` a column that became blank is an empty text. `whole` says that it is all that the row holds, which it
    must be when `last` was sealed with another key than the first. `doubted` says that the row was not as sealed.
    """
    step = replace(
        last,
        key_id=keys.first,
        number=last.number + 1,
        before=last.mac,
        at=_instant(at),
        written=written,
        doubt=last.number + 1 if doubted else last.doubt,
    )
    kept = {} if whole else {name: value for name, value in last.fields.items() if name not in changed}
    fields = kept | _digests(keys, place, step, changed)
    erased = tuple(name for name in last.erased if not changed.get(name))
    return _sealed(keys, place, replace(step, fields=fields, erased=erased))


def settled(keys: Keys, place: Place, last: Step, content: Content, *, at: datetime, written: int) -> Step:
    """The step that adopts what a person made of the row: over all it holds, whatever it was before."""
    return go_on(keys, place, replace(last, doubt=0), content, at=at, written=written, whole=True)


def wipe(
    keys: Keys,
    place: Place,
    earlier: Sequence[Step],
    content: Content,
    erased: Iterable[str],
    *,
    at: datetime,
    written: int,
) -> Step:
    """The step that disposes of columns: a new salt, and of the earlier steps (oldest first) only what bears out seals.

    `content` is all that is left. The last of `earlier` is the present step.
    """
    last = earlier[-1]
    trail = {one.number: one for step in earlier for one in step.trail}
    trail |= {step.number: Passed(step.number, step.key_id, _body(place, step)) for step in earlier}
    numbers = _unbroken(trail, last.number)
    starts = {step.number: step.before for step in earlier} | {
        step.trail[0].number: step.start for step in earlier if step.trail
    }
    step = replace(
        go_on(keys, place, last, content, at=at, written=written, whole=True),
        salt=secrets.token_urlsafe(12),
        erased=tuple(sorted({*last.erased, *erased})),
        start=starts[numbers[0]],
        trail=tuple(trail[number] for number in numbers),
    )
    return _sealed(keys, place, replace(step, fields=_digests(keys, place, step, content)))


def _unbroken(trail: Mapping[int, Passed], newest: int) -> list[int]:
    """The numbers that lead up to the newest without a gap: what lies before one cannot be worked out again."""
    oldest = newest
    while oldest - 1 in trail:
        oldest -= 1
    return list(range(oldest, newest + 1))


def heads(keys: Keys, step: Step) -> dict[int, str] | None:
    """By number, the heads that a step and its trail stand for; None when the trail does not lead up to it."""
    found, mac = {step.number: step.head}, step.start
    for one in step.trail:
        if not keys.known(one.key_id):
            return None
        mac = _mac(keys, one.key_id, mac, one.body)
        found[one.number] = f"{one.number}:{mac[:12]}"
    if step.trail and step.trail[-1].number == step.number - 1 and mac != step.before:
        return None
    return found


def is_ours(keys: Keys, place: Place, step: Step) -> bool:
    """Whether the step was sealed with a key of ours, for this place, and is as it was then."""
    if not keys.known(step.key_id):
        return False
    return hmac.compare_digest(step.mac.encode(), _mac(keys, step.key_id, step.before, _body(place, step)).encode())


class State(Enum):
    """How a row stands to the chain it carries."""

    UNSEALED = "not sealed"
    SOUND = "as it was sealed"
    DIFFERENT = "its content is not what was sealed"
    BROKEN = "its seal is not one that the bot made"
    FOREIGN = "sealed with a key that is not known here"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of verifying one row by itself: its state, its step, and the columns that are not as they were."""

    state: State
    step: Step | None = None
    columns: tuple[str, ...] = ()


def verify(keys: Keys, place: Place, text: str, content: Content) -> Verdict:
    """Verify a row by itself. That it is the newest state of it is for its versions and the daily seals to tell."""
    if not text:
        return Verdict(State.UNSEALED)
    step = read(text)
    if step is None:
        return Verdict(State.BROKEN)
    if not keys.known(step.key_id):
        return Verdict(State.FOREIGN, step)
    if not is_ours(keys, place, step):
        return Verdict(State.BROKEN, step)
    now = _digests(keys, place, step, content)
    columns = tuple(sorted(name for name in {*now, *step.fields} if now.get(name) != step.fields.get(name)))
    return Verdict(State.DIFFERENT if columns else State.SOUND, step, columns)


def _digests(keys: Keys, place: Place, step: Step, content: Content) -> dict[str, str]:
    return {
        name: keys.tag(step.key_id, 8, "field", step.salt, place.list_name, place.key, name, value)
        for name, value in sorted(content.items())
        if value
    }


def _sealed(keys: Keys, place: Place, step: Step) -> Step:
    return replace(step, mac=_mac(keys, step.key_id, step.before, _body(place, step)))


def _mac(keys: Keys, key_id: str, before: str, body: str) -> str:
    return keys.tag(key_id, 16, "step", before, body)


def _body(place: Place, step: Step) -> str:
    """A hash of all that a step says. The salt is in it, so that nothing can be guessed from it once that is gone."""
    trail = [step.start, [[one.number, one.key_id, one.body] for one in step.trail]]
    said = [FORM, place.list_name, place.key, step.key_id, step.number, step.before, step.salt, step.at, step.written]
    said += [sorted(step.fields.items()), sorted(step.erased), trail, step.doubt]
    return _word(hashlib.sha256(orjson.dumps(said)).digest()[:16])


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
