"""Who may open which list in SharePoint itself: reading what a site grants, and taking each list into its zone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sharepoint.client import SharePoint
from sharepoint.libraries import LIBRARIES, Place
from sharepoint.schema import LISTS, Zone

WAIT = 60.0
CASES_GROUP = "MHRMB mental health team"
READ, CONTRIBUTE, FULL_CONTROL = 1073741826, 1073741827, 1073741829
"""SharePoint's fixed ids of these permission levels."""
PLACES: tuple[Place, ...] = (*LISTS, *LIBRARIES)
"""All that is taken into its zone."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a site grants now: which lists there are, which of them are closed, and to whom each is opened."""

    closed: dict[str, bool]
    holders: dict[str, set[int]]
    owners: int
    members: int
    cases: int
    """The group of those who work in the case lists; 0 while nobody has made it."""

    def lacking(self, of: Place) -> list[tuple[int, int]]:
        """The grants (principal, permission level) that a list does not have yet."""
        grants = {
            Zone.TEAM: ((self.owners, FULL_CONTROL), (self.cases, CONTRIBUTE), (self.members, READ)),
            Zone.CASES: ((self.owners, FULL_CONTROL), (self.cases, CONTRIBUTE)),
            Zone.ADMINISTRATORS: ((self.owners, FULL_CONTROL),),
        }[of.zone]
        return [grant for grant in grants if grant[0] not in self.holders.get(of.name, ())]


async def still_open(site: SharePoint) -> list[str]:
    """What `close_zones` would do, in its words; lists that are not there yet among them. Changes nothing."""
    granted = await _read(site)
    return [_says(of) for of in PLACES if granted.lacking(of)]


async def close_zones(site: SharePoint) -> AsyncIterator[str]:
    """Take each list that is not yet in its zone there, telling each as it is done.

    A list that a break left closed, but not opened to those who need it, is finished; a grant beyond these is kept.
    """
    granted = await _read(site)
    if not granted.cases:
        made = await site.post(
            "web/sitegroups", {"__metadata": {"type": "SP.Group"}, "Title": CASES_GROUP}, within=WAIT
        )
        granted = Granted(granted.closed, granted.holders, granted.owners, granted.members, int(made["Id"]))
    for of in PLACES:
        lacking = granted.lacking(of)
        if of.name not in granted.closed or not lacking:
            continue
        path = f"web/lists/getByTitle('{of.name}')"
        if not granted.closed[of.name]:
            await site.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)", within=WAIT)
        for principal, level in lacking:
            grant = f"{path}/roleassignments/addroleassignment(principalid={principal},roledefid={level})"
            await site.post(grant, within=WAIT)
        yield _says(of)


def _says(of: Place) -> str:
    return f"close {of.name} to all but {of.zone.value}"


async def _read(site: SharePoint) -> Granted:
    answer = await site.get("web/lists?$select=Title,HasUniqueRoleAssignments&$top=500", within=WAIT)
    closed = {str(each["Title"]): bool(each.get("HasUniqueRoleAssignments")) for each in answer.get("value", [])}
    known = [of for of in PLACES if closed.get(of.name)]
    paths = [f"web/lists/getByTitle('{of.name}')/roleassignments" for of in known]
    groups = ["web/associatedownergroup", "web/associatedmembergroup", "web/sitegroups?$select=Id,Title"]
    *roles, owners, members, all_groups = await site.batch([*paths, *groups], within=WAIT)
    holders = {
        of.name: {int(each["PrincipalId"]) for each in one.get("value", [])}
        for of, one in zip(known, roles, strict=True)
    }
    cases = (int(group["Id"]) for group in all_groups.get("value", []) if group["Title"] == CASES_GROUP)
    return Granted(closed, holders, int(owners["Id"]), int(members["Id"]), next(cases, 0))
