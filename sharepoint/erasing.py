"""The steps by which a case's record is disposed of: detail, versions, files, both recycle bins, and reading back.

Each can be repeated, so what breaks off is resumed. What SharePoint refuses (a retention label or hold of the tenant, a
missing right) is kept as a `Left` and told; it stops nothing else. Known refusals: "Versions of this item cannot be
deleted because it is on hold or retention policy" (doc: Can't delete a site because of a retention policy or eDiscovery
hold), and a labelled file that may not be deleted (report: MicrosoftDocs/microsoft-365-docs#677). Their codes are not
documented, so any refusal counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from board import references
from board.errors import BoardError, Conflict, NotFound
from board.records import Plan, Referral, Stored
from board.retention import Left, What, struck
from sharepoint.answers import JSON
from sharepoint.client import BATCH_LIMIT
from sharepoint.disposal import PARTS, Part, bare
from sharepoint.errors import StoreBusy, StoreError, StoreRefused
from sharepoint.queries import Query, about, actions_from, items_path, numbered, plans_of
from sharepoint.schema import (
    ACTIONS,
    HEARINGS,
    PLANS,
    REFERRALS,
    REQUESTS,
    RETURNS,
    SIGN_OFFS,
    SUBJECTS,
    TRIGGER_REPORTS,
    ListOf,
)
from sharepoint.store import Store, values

LIBRARY = "CasePapers"
"""The library with a folder for each case, named by its reference."""

MANY = 5000


class Disposal:
    """The steps for one case, in the order in which they are taken; `left` grows with what SharePoint refuses.

    Raises StoreBusy, Conflict and the like when a step is to be tried again: each can be repeated from its beginning.
    """

    def __init__(self, store: Store, number: int, codes: frozenset[str], *, within: float = 30.0) -> None:
        self._store = store
        self._within = within
        self._codes = codes
        self._number = number
        self.reference = references.reference(references.REFERRAL, number)
        self.left: list[Left] = []
        self._rows: dict[str, list[Any]] = {}
        self._custom: dict[str, dict[str, Any]] = {}

    @property
    def referral(self) -> Referral:
        """The case's own row, as it was last read."""
        row: Referral = self._rows[REFERRALS.name][0]
        return row

    async def find(self) -> bool:
        """Read all that is kept of the case; false when there is no such referral. Two requests, and one for columns
        that somebody added by hand."""
        store, reference = self._store, self.reference
        plans: list[Plan] = await store.find(plans_of(reference))
        plain = (SUBJECTS, RETURNS, HEARINGS, REQUESTS)
        asked = [
            numbered(REFERRALS, self._number),
            *(about(of, reference) for of in plain),
            Query(TRIGGER_REPORTS, f"Case eq '{reference}'"),
            *actions_from(self._number, plans),
            *(Query(SIGN_OFFS, f"startswith(Reference,'P-{plan.id}.')") for plan in plans),
        ]
        found = await store.gather(*asked)
        self._rows = {PLANS.name: plans, SIGN_OFFS.name: [], ACTIONS.name: []}
        for query, rows in zip(asked, found, strict=True):
            kept = self._rows.setdefault(query.of.name, [])
            there = {row.id for row in kept}
            kept += [row for row in rows if row.id not in there]
        await self._find_custom()
        return bool(self._rows[REFERRALS.name])

    async def _find_custom(self) -> None:
        """The columns that people added to these lists: whatever they hold of the case goes too."""
        wanted = "InternalName,TypeAsString,CanBeDeleted,ReadOnlyField"
        paths = [f"web/lists/getByTitle('{part.of.name}')/fields?$select={wanted}&$top=500" for part in PARTS]
        answers = await self._store.site.batch(paths, within=self._within, background=True)
        for part, answer in zip(PARTS, answers, strict=True):
            ours = {column.internal for column in part.of.columns}
            self._custom[part.of.name] = dict(
                _emptied(field)
                for field in answer.get("value", [])
                if field.get("CanBeDeleted") and not field.get("ReadOnlyField") and field["InternalName"] not in ours
            )

    async def clear(self, may_go_on: Callable[[], bool], by: str) -> None:
        """Blank what goes, row after row, the referral's own first: it needs its people's names once more."""
        for part in PARTS:
            rows = self._rows.get(part.of.name, [])
            for at, row in enumerate(rows):
                if not may_go_on():
                    raise StoreBusy("another process goes on with this")
                new = bare(part, row, self._codes, self.reference)
                if part.of is REFERRALS:
                    new = replace(new, retention_why=struck(row.retention_why, self._rows.get(SUBJECTS.name, ())))
                try:
                    rows[at] = await self._blank(part.of, row, new, by)
                except StoreRefused as refused:
                    self._lose(What.DETAIL, part.of.name, refused)

    async def _blank(self, of: ListOf[Any], old: Stored, new: Any, by: str) -> Any:
        """Write a row as it stays: every column, whether it differs or not, for a title or a reason for a change may
        have been typed by hand. The one write of a disposal, guarded by the row's ETag."""
        body = {**values(of, new, by, "disposed of"), **self._custom.get(of.name, {})}
        body["Title"] = of.title(new)
        etag = await self._store.site.merge(of.name, old.id, body, etag=old.etag, within=self._within, background=True)
        return replace(new, etag=etag)

    async def versions(self) -> None:
        """Delete every version but the present one, of every row of the case."""
        places = [(of, row.id) for of, row in self._all()]
        for some in _hundreds(places):
            changes = [("POST", f"{items_path(of)}({number})/versions/deleteAll()", None) for of, number in some]
            outcomes = await self._together(changes)
            for (of, _), error in zip(some, outcomes, strict=True):
                if error is not None:
                    self._lose(What.VERSIONS, of.name, error)

    async def files(self) -> None:
        """Delete the case's folder in the library of case papers, with all that is in it."""
        root = urlsplit(self._store.site.site_url).path
        path = f"{root}/{LIBRARY}/{self.reference}"
        folder = f"web/getFolderByServerRelativeUrl('{quote(path)}')"
        try:
            there = await self._store.site.get(f"{folder}/Exists", within=self._within, background=True)
        except (NotFound, StoreRefused) as refused:
            if getattr(refused, "status", 404) != 404:
                self._lose(What.FILES, LIBRARY, refused)
            return
        if there.get("value") is False:
            return
        try:
            await self._store.site.post(folder, method="DELETE", within=self._within, background=True)
        except (NotFound, StoreRefused) as refused:
            if getattr(refused, "status", 404) != 404:
                self._lose(What.FILES, LIBRARY, refused)

    async def bins(self) -> None:
        """Purge both stages of the recycle bin of what belonged to the case."""
        try:
            found = await self._store.site.get(
                f"site/RecycleBin?$select=Id,Title,DirName,LeafName&$top={MANY}", within=self._within, background=True
            )
        except StoreRefused as refused:
            self._lose(What.BINS, "", refused)
            return
        plans = {plan.id for plan in self._rows[PLANS.name]}
        ours: list[str] = []
        for entry in found.get("value", []):
            place, mine = _place(entry), self._belongs(entry, plans)
            if place and mine:
                ours.append(str(entry["Id"]))
            elif place and mine is None:
                self._count(Left(What.UNNAMED, place))
        for some in _hundreds(ours):
            outcomes = await self._together(
                [("POST", f"site/RecycleBin('{guid}')/deleteObject()", None) for guid in some]
            )
            for error in outcomes:
                if error is not None and not isinstance(error, NotFound) and getattr(error, "status", 0) != 404:
                    self._lose(What.BIN, "", error)

    def _belongs(self, entry: JSON, plans: Iterable[int]) -> bool | None:
        """Whether something in the bin was the case's: None when it does not say whose it was."""
        title = str(entry.get("Title") or "").strip().upper()
        if _place(entry) == LIBRARY:
            below = f"{entry.get('DirName')}/{entry.get('LeafName')}".partition(f"/{LIBRARY}/")[2]
            return below.partition("/")[0].upper() == self.reference
        if re.fullmatch(r"R-[1-9][0-9]*", title):
            return title == self.reference
        plan = re.fullmatch(r"P-([1-9][0-9]*)(\.[0-9]+)?", title)
        return True if plan and int(plan[1]) in plans else None

    async def verify(self) -> None:
        """Read back every row and its versions: what is still there counts, whatever the steps were told."""
        for some in _hundreds(list(self._all()), BATCH_LIMIT // 2):
            paths = [f"{items_path(of)}({row.id}){more}" for of, row in some for more in ("", "/versions?$top=2")]
            answers = await self._store.site.batch(paths, within=self._within, background=True)
            for (of, row), item, versions in zip(some, answers[0::2], answers[1::2], strict=True):
                part = next(each for each in PARTS if each.of is of)
                if not self._is_bare(part, row, item):
                    self._note(Left(What.DETAIL, of.name))
                if len(versions.get("value", [])) > 1:
                    self._note(Left(What.VERSIONS, of.name))
                if item.get("Attachments") is True:
                    self._note(Left(What.ATTACHMENTS, of.name))

    def _is_bare(self, part: Part, row: Any, item: JSON) -> bool:
        wanted = values(part.of, row, "", "")
        goes = [column for column in part.of.mapped if column.attribute in part.goes]
        own = all(column.write(column.read(item.get(column.name))) == wanted[column.name] for column in goes)
        bare_row = bare(part, row, self._codes, self.reference) == row
        return own and bare_row and not any(item.get(name) for name in self._custom.get(part.of.name, ()))

    def _all(self) -> Iterable[tuple[ListOf[Any], Any]]:
        return [(part.of, row) for part in PARTS for row in self._rows.get(part.of.name, [])]

    async def _together(self, changes: Sequence[tuple[str, str, JSON | None]]) -> list[StoreError | BoardError | None]:
        """Make these changes in one request; raises for those that are only to be tried again."""
        outcomes = await self._store.site.change_together(changes, within=self._within, background=True)
        for error in outcomes:
            if isinstance(error, StoreBusy | Conflict):
                raise error
        return outcomes

    def _lose(self, what: What, where: str, error: Exception) -> None:
        status = getattr(error, "status", 404)
        found = next(
            (each for each in self.left if (each.what, each.where, each.status) == (what, where, status)), None
        )
        if found is None:
            self.left.append(Left(what, where, 1, status))
        else:
            self.left[self.left.index(found)] = replace(found, count=found.count + 1)

    def _note(self, seen: Left) -> None:
        """Count what is still there, unless a refusal has told of it already."""
        if not any(each.status for each in self.left if (each.what, each.where) == (seen.what, seen.where)):
            self._count(seen)

    def _count(self, one: Left) -> None:
        for at, each in enumerate(self.left):
            if replace(each, count=1) == one:
                self.left[at] = replace(each, count=each.count + 1)
                return
        self.left.append(one)


def _emptied(field: Mapping[str, Any]) -> tuple[str, Any]:
    """A column of whatever type as it is written when nothing is in it."""
    name, kind = str(field["InternalName"]), str(field.get("TypeAsString"))
    if kind in ("User", "Lookup"):
        return f"{name}Id", None
    if kind in ("UserMulti", "LookupMulti"):
        return f"{name}Id", {"results": []}
    return (name, {"results": []}) if kind == "MultiChoice" else (name, None)


def _place(entry: JSON) -> str:
    """The list or library of a case's that something in the bin was in; empty for any other."""
    steps = f"{entry.get('DirName') or ''}/{entry.get('LeafName') or ''}".split("/")
    names = {part.of.name.casefold(): part.of.name for part in PARTS} | {LIBRARY.casefold(): LIBRARY}
    return next((names[step.casefold()] for step in steps if step.casefold() in names), "")


def _hundreds(todo: Sequence[Any], size: int = BATCH_LIMIT) -> Iterable[Sequence[Any]]:
    return [todo[start : start + size] for start in range(0, len(todo), size)]
