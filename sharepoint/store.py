"""The typed store: records in and out of lists, by key and ETag, in as few requests as they need."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypedDict, TypeVar, cast

from board.errors import Conflict
from board.records import Stored
from sharepoint import sealed
from sharepoint.answers import JSON, Answer, Write
from sharepoint.asking import Spent, spending
from sharepoint.client import BATCH_LIMIT, SharePoint
from sharepoint.columns import read_moment
from sharepoint.errors import Duplicate, TooManyRows
from sharepoint.queries import MOST, Query, items_path, keyed, numbered
from sharepoint.schema import ListOf

R = TypeVar("R", bound=Stored)

Change = tuple[ListOf[Any], Any, JSON]
"""A write of a row: its list, the record as it was read, and the columns that change."""

PEOPLE_WAIT = 4.0
"""Seconds a person may be kept waiting for the store: Teams gives an invoke about five."""

LINE = 255
"""UTF-16 units that SharePoint keeps in a single line of text; an emoji is two."""


_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def one_turn(seconds: float = PEOPLE_WAIT) -> Iterator[Spent]:
    """Within this block, requests of a store without a patience of its own share so many seconds, and are counted."""
    spent = Spent()
    deadline, counting = _deadline.set(time.monotonic() + seconds), spending.set(spent)
    try:
        yield spent
    finally:
        _deadline.reset(deadline)
        spending.reset(counting)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """What SharePoint itself keeps of a row: its title, who made it and when, and who changed it last."""

    title: str
    author: str
    editor: str
    created: datetime | None


class Terms(TypedDict):
    """How long a request may take, and whether anybody waits for it."""

    within: float
    background: bool


class Store:
    """Records in their lists. Every method raises `StoreBusy`, `StoreRefused`, NotFound or Conflict as they apply."""

    def __init__(self, site: SharePoint, *, within: float | None = None) -> None:
        self.site = site
        self._within = within

    @property
    def within(self) -> float | None:
        """The patience of its own that it was made with, in seconds; None: a person's turn."""
        return self._within

    def _left(self) -> float:
        """Seconds the next request may take: a fixed patience, or what the person's turn has left."""
        if self._within is not None:
            return self._within
        return max(_deadline.get(time.monotonic() + PEOPLE_WAIT) - time.monotonic(), 0.01)

    def _terms(self) -> Terms:
        """A store with a patience of its own works in the background; one without works for a person's turn."""
        return {"within": self._left(), "background": self._within is not None}

    def patient(self, within: float) -> Store:
        """The same store for background work, which may wait longer than a person."""
        return Store(self.site, within=within)

    async def read(self, of: ListOf[R], item_id: int) -> R:
        """Read one record by its number."""
        item = await self.site.get(f"{items_path(of)}({item_id})", **self._terms())
        return from_item(of, item)

    async def typed_row(self, of: ListOf[Any], item_id: int) -> TypedRow:
        """What a person left in the columns that the bot otherwise fills itself."""
        path = f"{items_path(of)}({item_id})?$select=Id,Title,Created,Author/Title,Editor/Title&$expand=Author,Editor"
        item = await self.site.get(path, **self._terms())
        title = str(item.get("Title") or "").strip()
        return TypedRow(
            title, _person(item.get("Author")), _person(item.get("Editor")), read_moment(item.get("Created"))
        )

    async def before(self, of: ListOf[R], item_id: int) -> R | None:
        """The version before the present one; None when there is none."""
        answer = await self.site.get(f"{items_path(of)}({item_id})/versions?$top=2", **self._terms())
        versions = answer.get("value", [])
        return from_item(of, {**versions[1], "Id": item_id}) if len(versions) > 1 else None

    async def site_user(self, number: int) -> tuple[str, str]:
        """The e-mail address and name of somebody of the site by their number there."""
        found = await self.site.get(f"web/getUserById({number})?$select=Email,Title", **self._terms())
        return str(found.get("Email") or ""), str(found.get("Title") or "")

    async def ensure_site_user(self, email: str) -> int:
        """The site's number for an e-mail address, which becomes one of its users. Raises StoreRefused for nobody's."""
        body = {"logonName": f"i:0#.f|membership|{email}"}
        made = await self.site.post("web/ensureuser", body, **self._terms())
        return int(made["Id"])

    async def find(self, query: Query) -> list[Any]:
        """Read the records a query finds: one request."""
        return (await self.gather(query))[0]

    async def rows(self, of: ListOf[R], ids: Iterable[int]) -> list[R]:
        """Read rows by their numbers, in order, a hundred a request; those that are gone are left out.

        Not by a range of numbers: its first half alone touches every later row, which counts against the threshold.
        """
        return [row for rows in await self.each([numbered(of, number) for number in sorted(set(ids))]) for row in rows]

    async def gather(self, *queries: Query) -> list[list[Any]]:
        """Read several lists in one request."""
        if len(queries) == 1:
            answers = [await self.site.get(queries[0].path, **self._terms())]
        else:
            answers = await self.site.batch([query.path for query in queries], **self._terms())
        return [_records(query.of, answer) for query, answer in zip(queries, answers, strict=True)]

    async def each(self, queries: Sequence[Query]) -> list[list[Any]]:
        """Read however many lists, in order, a hundred to a request; none asked for is no request."""
        found = list[list[Any]]()
        for start in range(0, len(queries), BATCH_LIMIT):
            found += await self.gather(*queries[start : start + BATCH_LIMIT])
        return found

    async def pages(self, query: Query) -> AsyncIterator[list[Any]]:
        """Read all a query finds, a page at a time, however many there are."""
        path: str | None = query.path
        while path:
            answer = await self.site.get(path, **self._terms())
            yield _records(query.of, answer)
            link = answer.get("odata.nextLink")
            path = str(link).partition("/_api/")[2] if link else None

    async def find_open(self, query: Query) -> list[Any]:
        """Read the open rows a query finds, even when they are more than SharePoint gives: for background work only.

        Beyond 5,000 open rows `Open eq 1` is refused, and no narrower condition is sure to be taken: a range of numbers
        has been seen to count every row after its first half (report: SharePoint/sp-dev-docs#7149). Reading a list in
        the order of its numbers without any condition is always allowed (report: pnp/pnpjs#3149), so that is done,
        5,000 a request, and what is closed is passed over. Its cost grows with history, which nothing else's does.
        """
        try:
            return await self.find(query)
        except TooManyRows:
            whole = Query(query.of, order="Id", top=MOST, select=query.select)
            return [row async for page in self.pages(whole) for row in page if row.open]

    async def add(self, of: ListOf[R], record: R, *, by: str, why: str) -> R:
        """Add a record and return it with its id and ETag; raises Duplicate when its key is there already."""
        if not record.key:
            raise ValueError(f"a record without a key was given to {of.name}")
        written = values(of, record, by, why)
        written |= self.first_seal(of, written)
        item_id, etag = await self.site.add(of.name, written, **self._terms())
        return replace(record, id=item_id, etag=etag, chain=sealed.chain_of(written), written=1)

    async def add_once(self, of: ListOf[R], record: R, *, by: str, why: str) -> tuple[R, bool]:
        """Add a record, or return the one that its key already made; the second value says whether it is new."""
        try:
            return await self.add(of, record, by=by, why=why), True
        except Duplicate:
            found = await self.find(keyed(of, record.key))
            if not found:
                raise
            return found[0], False

    async def change(self, of: ListOf[R], old: R, new: R, *, by: str, why: str) -> R:
        """Write what differs between two states of a record, unless somebody changed it since: then raises Conflict.

        Nothing differing is no write.
        """
        changed = difference(of, old, new, by=by, why=why)
        if not changed:
            return old
        seal = await self._seal(of, old, changed)
        etag = await self.site.merge(of.name, old.id, changed | seal, etag=old.etag, **self._terms())
        # Read in part, or unsealed: then what the chain and its count are now is for the next reading to tell.
        known = bool(old.written and seal)
        kept = {"chain": sealed.chain_of(seal), "written": old.written + 1} if known else {"chain": None, "written": 0}
        return replace(new, id=old.id, etag=etag, **kept)

    async def _seal(self, of: ListOf[R], old: R, changed: JSON) -> JSON:
        return (await self.seals([(of, old, changed)]))[0]

    def first_seal(self, of: ListOf[Any], written: JSON) -> JSON:
        """The column that seals a new row, to be written with it; none where there is no key."""
        keys = self.site.keys
        return {} if keys is None or not of.sealed else sealed.first(keys, of, written, _now())

    async def seals(self, changes: Sequence[Change]) -> list[JSON]:
        """The next step of each row's chain as a column, to be written with the change that it speaks for.

        None for a row that has no chain yet: one made before there was a key or typed by hand is sealed when the change
        feed brings it. A record read in part does not hold its chain, and a new key seals all of the row: those rows
        are read first, in one request. Raises Conflict when one is no longer as it was read.
        """
        keys, at = self.site.keys, _now()
        if keys is None:
            return [{} for _ in changes]
        found = [sealed.following(keys, of, old, changed, at) if of.sealed else {} for of, old, changed in changes]
        unread = [number for number, seal in enumerate(found) if seal is None]
        for some in (unread[start : start + BATCH_LIMIT] for start in range(0, len(unread), BATCH_LIMIT)):
            items = await self._whole([changes[number] for number in some])
            for number, item in zip(some, items, strict=True):
                of, _, changed = changes[number]
                found[number] = sealed.following_whole(keys, of, item, changed, at)
        return [seal or {} for seal in found]

    async def _whole(self, changes: Sequence[Change]) -> list[JSON]:
        """The rows as SharePoint has them, if they are still the ones that were read: Conflict otherwise."""
        paths = [f"{items_path(of)}({old.id})" for of, old, _ in changes]
        items = [await self.site.get(paths[0], **self._terms())] if len(paths) == 1 else []
        items = items or await self.site.batch(paths, **self._terms())
        if any(item.get("odata.etag") != old.etag for item, (_, old, _) in zip(items, changes, strict=True)):
            raise Conflict
        return items

    async def erase(
        self,
        of: ListOf[R],
        record: R,
        blanked: Iterable[str],
        *,
        by: str,
        why: str,
        new: R | None = None,
        also: JSON | None = None,
    ) -> R:
        """Dispose of what these attributes hold, in one write, so that the record's chain still verifies afterwards.

        `new` says what else changes with it (a status, say); its values of `blanked` do not count. `also` are columns
        that no record knows. The write drops the salt of the earlier steps, and keeps of them what bears out the daily
        seals: delete the row's earlier versions afterwards, for they hold both. Three requests. Raises Conflict when
        the row was changed since it was read.
        """
        gone = set(blanked)
        blank = {column.name: column.write(column.read(None)) for column in of.mapped if column.attribute in gone}
        written: JSON = values(of, new or record, by, why) | blank | (also or {})
        if self.site.keys is not None and of.sealed:
            (item,), versions = await self._whole([(of, record, {})]), await self.versions(of, record.id)
            written |= sealed.wiped(self.site.keys, of, versions, item | written, blank, at=_now())
        etag = await self.site.merge(of.name, record.id, written, etag=record.etag, **self._terms())
        kept = from_item(of, {**written, "Id": record.id, "odata.etag": etag})
        return replace(kept, written=record.written + 1 if record.written else 0)

    async def versions(self, of: ListOf[Any], item_id: int) -> list[JSON]:
        """A row's versions, newest first, as SharePoint tells them."""
        answer = await self.site.get(f"{items_path(of)}({item_id})/versions?$top={MOST}", **self._terms())
        return list(answer.get("value", []))

    async def raw(self, paths: Sequence[str]) -> list[list[JSON]]:
        """What these paths list, as SharePoint tells it, in one request."""
        answers = await self.site.batch(paths, **self._terms()) if paths else []
        return [list(answer.get("value", [])) for answer in answers]

    async def together(self, writes: Sequence[Write]) -> list[Answer]:
        """Do up to a hundred writes in one request, and return each one's answer, refusals among them."""
        return await self.site.write_batch(writes, **self._terms())

    async def number(self, of: ListOf[R], record: R, *, by: str) -> R:
        """Give a new record its reference, which needs the id that adding it made."""
        named = replace(record, reference=of.reference_of(record))
        return await self.change(of, record, named, by=by, why="numbered")


def from_item(of: ListOf[R], item: JSON) -> R:
    """Read a record from an item, whatever state a person left it in."""
    record: R = object.__new__(of.record)
    told, untold, (set_id, set_etag, set_chain, set_written) = of.reading(tuple(item))
    for name, put, read, blank, ready in told:
        value = item[name]
        if value.__class__ is ready:  # as it is: most values are texts, and need no reading
            put(record, value)
        else:
            put(record, blank if value is None else read(value))
    for put, blank in untold:
        put(record, blank)
    set_id(record, int(item["Id"]))
    set_etag(record, str(item.get("odata.etag") or ""))
    if set_chain is not None:
        set_chain(record, sealed.chain_of(item))
    if set_written is not None:
        set_written(record, sealed.times_written(item))
    return record


def _now() -> datetime:
    return datetime.now(UTC)


def _person(value: Any) -> str:
    return str(value.get("Title") or "") if isinstance(value, dict) else ""


def _records(of: ListOf[R], answer: JSON) -> list[R]:
    items = answer.get("value")
    rows = cast("Sequence[JSON]", items if isinstance(items, list) else [answer])
    return [from_item(of, item) for item in rows]


def difference(of: ListOf[R], old: R, new: R, *, by: str, why: str) -> JSON:
    """The columns in which two states of a record differ, with who and why; empty when they do not."""
    before, after = values(of, old, by, why), values(of, new, by, why)
    changed = {name: value for name, value in after.items() if before[name] != value}
    return changed and changed | {"ChangedBy": after["ChangedBy"], "ChangeReason": after["ChangeReason"]}


def values(of: ListOf[R], record: R, by: str, why: str) -> JSON:
    """A record as columns, with who wrote it and why."""
    values = {column.name: column.write(getattr(record, column.attribute)) for column in of.mapped}
    return values | {"Title": line(of.title(record)), "ChangedBy": line(by), "ChangeReason": line(why)}


def line(text: str) -> str:
    """As much of a text as a single line of SharePoint's holds."""
    return text.encode("utf-16-le")[: 2 * LINE].decode("utf-16-le", "ignore")
