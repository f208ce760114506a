"""The steps by which a case's record is disposed of: words, attachments, versions, files, bins, and reading back.

Each can be repeated, so what breaks off is resumed. What SharePoint refuses (a retention label or hold of the tenant, a
missing right) is kept as a `Left` and told; it stops nothing else. Known refusals: "Versions of this item cannot be
deleted because it is on hold or retention policy" (report: MicrosoftDocs/OfficeDocs-o365seccomp#881), and a labelled
file that may not be deleted (report: MicrosoftDocs/microsoft-365-docs#677). Their codes are not documented, so any
refusal counts. What a policy has copied to the tenant's Preservation Hold library no app can see or delete.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from board import references
from board.actions import Action
from board.errors import BoardError, Conflict, NotFound
from board.records import Plan, Referral, Stored
from board.retention import Left, What, came_from, struck
from sharepoint.answers import JSON
from sharepoint.client import BATCH_LIMIT
from sharepoint.columns import Column
from sharepoint.disposal import PARTS, Part, bare
from sharepoint.errors import StoreBusy, StoreError, StoreRefused
from sharepoint.queries import Query, about, items_path, numbered, plans_of, sources
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
LOCKED = 423
"""What SharePoint answers for a file that somebody has open: it may be long, so it is told and tried again tomorrow."""


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
        self._todo: list[tuple[ListOf[Any], str, str]] = []

    @property
    def referral(self) -> Referral:
        """The case's own row, as it was last read."""
        row: Referral = self._rows[REFERRALS.name][0]
        return row

    async def find(self) -> bool:
        """Read all that is kept of the case; false when there is no such referral. Two requests, some for the
        actions, and one for columns that somebody added by hand."""
        store, reference = self._store, self.reference
        plans: list[Plan] = await store.find(plans_of(reference))
        plain = (SUBJECTS, RETURNS, HEARINGS, REQUESTS)
        asked = [
            numbered(REFERRALS, self._number),
            *(about(of, reference) for of in plain),
            Query(TRIGGER_REPORTS, f"Case eq '{reference}'"),
            *(Query(SIGN_OFFS, f"startswith(Reference,'P-{plan.id}.')") for plan in plans),
        ]
        found = await store.gather(*asked)
        self._rows = {PLANS.name: plans, SIGN_OFFS.name: [], ACTIONS.name: []}
        for query, rows in zip(asked, found, strict=True):
            kept = self._rows.setdefault(query.of.name, [])
            there = {row.id for row in kept}
            kept += [row for row in rows if row.id not in there]
        self._rows[ACTIONS.name] = await self._actions({plan.id for plan in plans})
        await self._find_custom()
        return bool(self._rows[REFERRALS.name])

    async def _actions(self, plans: set[int]) -> list[Action]:
        """The actions that came from the case or a plan for it. A source is typed by hand in many ways, which no
        filter of SharePoint's can tell, so those of all actions are read."""
        found: list[int] = []
        async for page in self._store.pages(sources()):
            found += [row.id for row in page if came_from(row.source, self._number, plans)]
        return await self._store.rows(ACTIONS, found)

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
        have been typed by hand. The one write of a disposal, guarded by the row's ETag; the chain goes on past it."""
        gone = [column.attribute for column in of.mapped if _goes(column, old, new)]
        also = {**self._custom.get(of.name, {}), "Title": of.title(new)}
        store = self._store.patient(self._within)
        return await store.erase(of, old, gone, by=by, why="disposed of", new=new, also=also)

    async def attachments(self) -> None:
        """Delete the files attached to the case's rows; before the versions, for it makes one."""
        async for of, place, each in self._below("AttachmentFiles?$select=FileName"):
            self._todo.append((of, place, f"AttachmentFiles('{_quoted(str(each['FileName']))}')"))
        await self._delete(What.ATTACHMENTS)

    async def versions(self) -> None:
        """Delete every version but the present one, of every row of the case, each by itself: SharePoint documents no
        way to delete all of an item's, as it does of a file's."""
        async for of, place, each in self._below("versions?$select=VersionId,IsCurrentVersion&$top=5000"):
            if not each.get("IsCurrentVersion"):
                self._todo.append((of, place, f"versions({int(each['VersionId'])})"))
        await self._delete(What.VERSIONS)

    async def _below(self, wanted: str) -> AsyncIterator[tuple[ListOf[Any], str, JSON]]:
        """What hangs on each row of the case: the list, the row's path, and the thing itself."""
        for some in _hundreds(list(self._all())):
            places = [f"{items_path(of)}({row.id})" for of, row in some]
            paths = [f"{place}/{wanted}" for place in places]
            answers = await self._store.site.batch(paths, within=self._within, background=True)
            for (of, _), place, answer in zip(some, places, answers, strict=True):
                for each in answer.get("value", []):
                    yield of, place, each

    async def _delete(self, what: What) -> None:
        """Delete what was found, a hundred a request. What is gone already is as wanted; a row where something is
        refused counts once."""
        todo, self._todo = self._todo, []
        kept = set[str]()
        for some in _hundreds(todo):
            outcomes = await self._together([("DELETE", f"{place}/{below}", None) for _, place, below in some])
            for (of, place, _), error in zip(some, outcomes, strict=True):
                if error is not None and not _is_gone(error) and place not in kept:
                    kept.add(place)
                    self._lose(what, of.name, error)

    async def files(self) -> None:
        """Delete the case's folder in the library of case papers, with all that is in it."""
        root = urlsplit(self._store.site.site_url).path
        path = f"{root}/{LIBRARY}/{self.reference}"
        folder = f"web/getFolderByServerRelativeUrl('{quote(path)}')"
        try:
            there = await self._store.site.get(f"{folder}/Exists", within=self._within, background=True)
            if there.get("value") is not False:
                await self._store.site.post(folder, method="DELETE", within=self._within, background=True)
        except NotFound:
            return
        except StoreRefused as refused:
            if not _is_gone(refused):
                self._lose(What.FILES, LIBRARY, refused)
        except StoreBusy as busy:
            if busy.soon:
                raise
            self._lose(What.FILES, LIBRARY, busy)

    async def bins(self) -> None:
        """Purge both stages of the recycle bin of what belonged to the case."""
        try:
            entries = await self._entries()
        except StoreRefused as refused:
            self._lose(What.BINS, "", refused)
            return
        plans = {plan.id for plan in self._rows[PLANS.name]}
        ours: list[str] = []
        for entry in entries:
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
                if error is not None and not _is_gone(error):
                    self._lose(What.BIN, "", error)

    async def _entries(self) -> list[JSON]:
        """Everything in both stages of the recycle bin, whatever the number."""
        found: list[JSON] = []
        path = f"site/RecycleBin?$select=Id,Title,DirName,LeafName&$top={MANY}"
        while path:
            answer = await self._store.site.get(path, within=self._within, background=True)
            found += answer.get("value", [])
            path = str(answer.get("odata.nextLink") or "").partition("/_api/")[2]
        return found

    def _belongs(self, entry: JSON, plans: Iterable[int]) -> bool | None:
        """Whether something in the bin was the case's: None when it does not say whose it was."""
        title = str(entry.get("Title") or "").strip().upper()
        if _place(entry) == LIBRARY:
            below = f"{entry.get('DirName')}/{entry.get('LeafName')}".partition(f"/{LIBRARY}/")[2]
            return below.partition("/")[0].upper() == self.reference
        attached = re.search(r"/Attachments/([0-9]+)$", str(entry.get("DirName") or ""), re.IGNORECASE)
        if attached:
            return any((of.name, row.id) == (_place(entry), int(attached[1])) for of, row in self._all())
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
            if isinstance(error, Conflict) or (isinstance(error, StoreBusy) and error.soon):
                raise error
        return outcomes

    def _lose(self, what: What, where: str, error: Exception) -> None:
        status = LOCKED if isinstance(error, StoreBusy) else getattr(error, "status", 404)
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


def _quoted(name: str) -> str:
    return quote(name.replace("'", "''"), safe="")


def _is_gone(error: Exception) -> bool:
    """Whether what was to be deleted is not there: an earlier try may have done it."""
    return isinstance(error, NotFound) or getattr(error, "status", 0) == 404


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


def _goes(column: Column, old: Stored, new: Stored) -> bool:
    """Whether a disposal takes what this column holds."""
    kept, held = getattr(new, column.attribute), getattr(old, column.attribute)
    return bool(held != kept and kept == column.read(None))


def _hundreds(todo: Sequence[Any], size: int = BATCH_LIMIT) -> Iterable[Sequence[Any]]:
    return [todo[start : start + size] for start in range(0, len(todo), size)]
