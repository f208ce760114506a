"""Reading what `sharepoint.doctor` decides on: lists and their sizes, rights, zones, posts. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from board.errors import NotFound
from board.findings import Finding, good
from sharepoint import doctor
from sharepoint.answers import JSON
from sharepoint.client import SharePoint
from sharepoint.doctor import Groups, Holder
from sharepoint.errors import StoreBusy, StoreRefused
from sharepoint.libraries import Library, Place
from sharepoint.provision import CASES_GROUP
from sharepoint.queries import items_path
from sharepoint.zones import PLACES

WAIT = 15.0
"""Seconds for each request: somebody sits at the terminal."""

_UNTOLD = frozenset({400, 404, 405, 501})
"""What a server answers that does not tell its permissions masks."""


class Examination:
    """Looks at one site. Methods raise the store's errors, and leave out lists that are not there."""

    def __init__(self, site: SharePoint) -> None:
        self._site = site
        self._there: dict[str, JSON] = {}

    async def lists(self) -> list[Place]:
        """Our lists that are there, with what SharePoint tells of each kept for the rest."""
        if not self._there:
            path = "web/lists?$select=Title,ItemCount,HasUniqueRoleAssignments&$top=500"
            answer = await self._site.get(path, within=WAIT)
            self._there = {str(each["Title"]): each for each in answer.get("value", [])}
        return [of for of in PLACES if of.name in self._there]

    async def sizes(self) -> list[Finding]:
        """How large each list has become; open rows are counted only where they could be too many."""
        found: list[Finding] = []
        ours = await self.lists()
        if not ours:
            return doctor.none_there()
        for of in ours:
            rows = int(self._there[of.name].get("ItemCount") or 0)
            crowded = rows >= doctor.THRESHOLD * doctor.NEAR and not isinstance(of, Library)
            found += doctor.size(of, rows, await self._open_rows(of) if crowded else None)
        return found or [good("Every list is well below SharePoint's thresholds.")]

    async def _open_rows(self, of: Place) -> int:
        path = f"{items_path(of)}?$select=Id&$filter=Open%20eq%201&$top={doctor.THRESHOLD}"
        try:
            return len((await self._site.get(path, within=WAIT)).get("value", []))
        except StoreRefused as refused:
            if "SPQueryThrottledException" in refused.code:
                return doctor.THRESHOLD
            raise

    async def rights(self, *, embedded: bool) -> list[Finding]:
        """What the running identity may do: too little in any list, or too much on the site."""
        ours = await self.lists()
        hidden = [of for of in PLACES if of not in ours]
        masks = await asyncio.gather(*(self._list_mask(of) for of in ours))
        # SharePoint leaves out of the site's lists those that the caller may not read.
        closed = await asyncio.gather(*(self._is_closed(of) for of in hidden))
        found = [each for of, mask in zip(ours, masks, strict=True) for each in doctor.rights(of, mask)]
        found += [each for of, shut in zip(hidden, closed, strict=True) if shut for each in doctor.rights(of, 0)]
        if not ours and not found:
            return doctor.none_there()
        if embedded:  # its one token may do everything, for provisioning is done with it too
            return found or [good("The bot may read and write every list.")]
        admin = (await self._site.get("web/currentuser?$select=IsSiteAdmin", within=WAIT)).get("IsSiteAdmin")
        mask = await self._mask("web/EffectiveBasePermissions")
        return found + doctor.rights_too_many(mask, site_admin=admin is True)

    async def _list_mask(self, of: Place) -> int:
        mask = await self._mask(f"web/lists/getByTitle('{of.name}')/EffectiveBasePermissions")
        return mask if mask is not None else await self._tried(of)

    async def _is_closed(self, of: Place) -> bool:
        """Whether a list that was not told of is there, but refused."""
        try:
            await self._site.get(f"web/lists/getByTitle('{of.name}')?$select=Title", within=WAIT)
        except StoreRefused as refused:
            return refused.status == 403
        except NotFound:
            return False
        return False

    async def _mask(self, path: str) -> int | None:
        """The low half of a permissions mask, which holds the rights that matter; None when the site does not tell."""
        try:
            told = await self._site.get(path, within=WAIT)
        except StoreRefused as refused:
            if refused.status in _UNTOLD:
                return None
            raise
        inner = told.get("EffectiveBasePermissions")
        low = (inner if isinstance(inner, dict) else told).get("Low")
        return int(low) if isinstance(low, str | int) and str(low).isdigit() else None

    async def _tried(self, of: Place) -> int:
        """What a trial read shows; whether writing is allowed is found out by writing only, so it is taken as given."""
        may = await readable(self._site, of)
        return doctor.May.VIEW | doctor.May.ADD | doctor.May.EDIT if may is not False else 0

    async def zones(self) -> list[Finding]:
        """Who may open each list, by its role assignments."""
        ours = await self.lists()
        if not ours:
            return doctor.none_there()
        groups = await self._groups()
        paths = [f"web/lists/getByTitle('{of.name}')/roleassignments{_EXPANDED}" for of in ours]
        answers = await self._site.batch(paths, within=WAIT)
        found: list[Finding] = []
        for of, answer in zip(ours, answers, strict=True):
            own = bool(self._there[of.name].get("HasUniqueRoleAssignments"))
            found += doctor.zone(of, own=own, holders=_holders(answer.get("value", [])), groups=groups)
        return found or [good("Every list is open to those of its zone, and to nobody else.")]

    async def _groups(self) -> Groups:
        owners = int((await self._site.get("web/associatedownergroup?$select=Id", within=WAIT))["Id"])
        members = int((await self._site.get("web/associatedmembergroup?$select=Id", within=WAIT))["Id"])
        named = (await self._site.get("web/sitegroups?$select=Id,Title&$top=500", within=WAIT)).get("value", [])
        cases = next((int(each["Id"]) for each in named if each.get("Title") == CASES_GROUP), 0)
        return Groups(owners, members, cases)

    async def as_member(self, member: SharePoint) -> list[Finding]:
        """What `member`, a client signed in as an ordinary member, can read of each list."""
        ours = await self.lists()
        could = await asyncio.gather(*(readable(member, of) for of in ours))
        return doctor.read_as_member(dict(zip([of.name for of in ours], could, strict=True)), ours)


_EXPANDED = (
    "?$select=PrincipalId,Member/LoginName,Member/PrincipalType,RoleDefinitionBindings/Id"
    "&$expand=Member,RoleDefinitionBindings"
)
_GROUP_KINDS = frozenset({4, 8})
"""SP.PrincipalType of a security group and of a SharePoint group (doc)."""


async def readable(site: SharePoint, of: Place) -> bool | None:
    """Whether a row of the list can be asked for; None when the site gave no answer."""
    try:
        await site.get(f"{items_path(of)}?$select=Id&$top=1", within=WAIT)
    except NotFound:
        return False
    except StoreRefused as refused:
        if refused.status in (401, 403, 404):  # SharePoint hides from some what it refuses to others
            return False
        raise
    except StoreBusy:
        return None
    return True


def _holders(rows: Iterable[JSON]) -> Sequence[Holder]:
    found = []
    for row in rows:
        member: Any = row.get("Member")
        told = member if isinstance(member, dict) else {}
        roles: Any = row.get("RoleDefinitionBindings")
        listed = roles.get("results", []) if isinstance(roles, dict) else roles or []
        found.append(
            Holder(
                id=int(row["PrincipalId"]),
                login=str(told.get("LoginName") or ""),
                is_group=told.get("PrincipalType") in _GROUP_KINDS,
                roles=frozenset(int(each["Id"]) for each in listed),
            )
        )
    return found
