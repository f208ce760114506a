"""What is amiss with the site, and what to do about it. Decides only: what was read goes in, findings come out.

Reading is `sharepoint.examination`'s part. The bits of a permission mask are SharePoint's PermissionKind (doc); the
names of principals are how SharePoint Online writes them (memory).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag

from board.findings import Finding, advice, good, must
from sharepoint.libraries import Place
from sharepoint.schema import Zone
from sharepoint.step import Step
from sharepoint.zones import CONTRIBUTE, FULL_CONTROL, READ

THRESHOLD = 5_000
"""Rows that a query may touch (doc)."""
INDEX_LIMIT = 20_000
"""Rows above which SharePoint adds no index to a list (doc)."""
NEAR = 0.8
LIMITED_ACCESS = 1073741825
"""The role SharePoint gives somebody by itself so that they reach one thing inside; it lets nobody read a list."""
PROVISION = "Run python -m bot provision with the identity that may shape the site."
_STEPS_SHOWN = 10


class May(IntFlag):
    """The rights that matter here, as bits of SharePoint's mask."""

    VIEW = 1
    ADD = 1 << 1
    EDIT = 1 << 2
    MANAGE_LISTS = 1 << 11
    MANAGE_PERMISSIONS = 1 << 25
    MANAGE_WEB = 1 << 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a role on a list: a principal's id, what it is called, and its roles' ids."""

    id: int
    login: str
    is_group: bool
    roles: frozenset[int]

    @property
    def is_app(self) -> bool:
        """Whether it is an app: SharePoint writes all as app@sharepoint, or with the app's claim."""
        login = self.login.casefold()
        return "app@sharepoint" in login or login.startswith("i:0i.t|")


@dataclass(frozen=True, slots=True)
class Groups:
    """The ids of the groups that zones are made of; `cases` is 0 while provisioning has not made it."""

    owners: int
    members: int
    cases: int


def structure(steps: Sequence[Step]) -> list[Finding]:
    """What provisioning would still do."""
    if not steps:
        return [good("Every list, column, index and version limit is there.")]
    if len(steps) <= _STEPS_SHOWN:
        return [must(f"Missing: {step.says}.", PROVISION) for step in steps]
    some = "; ".join(step.says for step in steps[:3])
    return [must(f"{len(steps)} things are missing, such as: {some}.", f"{PROVISION} --dry-run lists them all.")]


def size(of: Place, rows: int, open_rows: int | None) -> list[Finding]:
    """A list's rows against SharePoint's thresholds; `open_rows` is None when it was not counted."""
    found: list[Finding] = []
    if open_rows is not None and open_rows >= THRESHOLD:
        found.append(
            must(
                f"{of.name} has {THRESHOLD:,} open rows or more: SharePoint refuses to search them, so the bot cannot "
                "work with this list.",
                "Set Open to No on those that are done with, in SharePoint, until fewer are left.",
            )
        )
    elif open_rows is not None and open_rows >= THRESHOLD * NEAR:
        found.append(
            advice(
                f"{of.name} has {open_rows:,} open rows; from {THRESHOLD:,} on SharePoint refuses to search them.",
                "Set Open to No on those that are done with.",
            )
        )
    if rows >= INDEX_LIMIT:
        found.append(
            advice(
                f"{of.name} has {rows:,} rows; above {INDEX_LIMIT:,} SharePoint adds no index, so a later version's "
                "new index would have to be added another way.",
                "Nothing now: every index of this version is there. Ask before upgrading.",
            )
        )
    elif rows >= INDEX_LIMIT * NEAR:
        found.append(
            advice(
                f"{of.name} has {rows:,} rows; above {INDEX_LIMIT:,} SharePoint adds no index.",
                "Upgrade, and provision, before it grows past that.",
            )
        )
    return found


def rights(of: Place, mask: int) -> list[Finding]:
    """What the running identity may do in a list, against what it has to do."""
    lacking = [word for may, word in ((May.VIEW, "read"), (May.ADD, "add"), (May.EDIT, "change")) if not mask & may]
    if not lacking:
        return []
    return [
        must(
            f"The bot may not {', '.join(lacking)} rows in {of.name}.",
            "Grant the running app write on the site, and run python -m bot provision again.",
        )
    ]


def rights_too_many(site_mask: int | None, *, site_admin: bool) -> list[Finding]:
    """Whether the running identity could do more than write: `site_mask` is None when SharePoint would not say."""
    if site_admin:
        return [
            advice(
                "The bot runs as a site collection administrator, to whom every list is open whatever the zones say.",
                "Run it as an app that was granted write on the site; keep full control for provision.",
            )
        ]
    if site_mask is None:
        return [advice("Whether the bot may do too much cannot be told here.", "Check the app's grant for the site.")]
    powers = ((May.MANAGE_WEB, "the site"), (May.MANAGE_PERMISSIONS, "permissions"), (May.MANAGE_LISTS, "lists"))
    extra = [word for may, word in powers if site_mask & may]
    if extra:
        return [
            advice(
                f"The bot may also manage {', '.join(extra)}, which running it does not need.",
                "Run it as an app that was granted write on the site; keep full control for provision.",
            )
        ]
    return [good("The bot may write to the site, and may not reshape it.")]


def granted(roles: Iterable[str]) -> list[Finding]:
    """The application permissions in the token, in Entra's words; none when the token does not tell them."""
    return [
        advice(
            f"The app holds {role}, which reaches every site of the tenant.",
            "Take it away in Entra, and grant Sites.Selected with this one site instead.",
        )
        for role in sorted(roles)
        if role.startswith("Sites.") and role != "Sites.Selected"
    ]


def none_there() -> list[Finding]:
    """What is said in place of findings about lists, when there are none."""
    return [advice("Not checked, for none of the lists is there.", "Provision first, and check again.")]


def zone(of: Place, *, own: bool, holders: Iterable[Holder], groups: Groups) -> list[Finding]:
    """Who may open a list, against the zone it belongs to. `own` says whether it has permissions of its own."""
    if not own:
        return [
            must(
                f"{of.name} has the site's permissions: every member of the Team may open it, and change it.",
                PROVISION,
            )
        ]
    found: list[Finding] = []
    held = {holder.id: holder for holder in holders if holder.roles - {LIMITED_ACCESS}}
    for wanted, who in _wanted(of.zone, groups).items():
        if wanted not in held:
            found.append(must(f"{of.name} is not open to {who}, who need it.", PROVISION))
    beyond = [
        holder
        for holder in held.values()
        if not (holder.is_app or holder.roles - {LIMITED_ACCESS} <= _allowed(of.zone, groups, holder.id))
    ]
    if beyond:
        what = "groups" if all(holder.is_group for holder in beyond) else "people or groups"
        numbers = ", ".join(str(holder.id) for holder in sorted(beyond, key=lambda holder: holder.id)[:8])
        found.append(
            must(
                f"{of.name} is open to {len(beyond)} {what} beyond its zone ({of.zone.value}), or to one of its own "
                f"for more than it needs: principal {numbers}.",
                f"In SharePoint, open the list's settings, Permissions for this list, and take them out. Zone: "
                f"{of.zone.value}.",
            )
        )
    return found


def _wanted(zone_: Zone, groups: Groups) -> dict[int, str]:
    owners = {groups.owners: "the site's owners"}
    cases = {groups.cases: "the mental health team"}
    everybody = {groups.members: "the members of the Team"}
    return {
        Zone.TEAM: owners | cases | everybody,
        Zone.CASES: owners | cases,
        Zone.ADMINISTRATORS: owners,
    }[zone_]


def _allowed(zone_: Zone, groups: Groups, holder: int) -> frozenset[int]:
    """The roles a principal may hold on a list of a zone."""
    if holder == groups.owners:
        return frozenset({FULL_CONTROL, CONTRIBUTE, READ})
    if holder == groups.cases and zone_ is not Zone.ADMINISTRATORS:
        return frozenset({CONTRIBUTE, READ})
    return frozenset({READ}) if zone_ is Zone.TEAM else frozenset()


def read_as_member(read: Mapping[str, bool | None], lists: Iterable[Place]) -> list[Finding]:
    """What an ordinary member could read, by list; None where that could not be tried."""
    found: list[Finding] = []
    for of in lists:
        could = read.get(of.name)
        if could and of.zone is not Zone.TEAM:
            found.append(must(f"An ordinary member can read {of.name}.", PROVISION))
        if could is False and of.zone is Zone.TEAM:
            found.append(must(f"An ordinary member cannot read {of.name}.", PROVISION))
    untried = [name for name, could in read.items() if could is None]
    if untried:
        found.append(
            advice(f"{len(untried)} lists could not be read as a member: the site did not answer.", "Check again.")
        )
    return found or [good("An ordinary member reads what the team may read, and nothing else.")]
