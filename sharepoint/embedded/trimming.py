"""Which changes a person may be told of.

A change names its list, its item and their ids, so whoever may not read an item is told nothing of it. What still
exists is judged by what the person may read now; what is gone can no longer be judged so, and is marked when it goes:
changes of what had permissions of its own are then for the app alone. That SharePoint trims its log so is memory; it
offers RequireSecurityTrim to ask for it (doc), and here nobody can ask for the rest.
"""

from __future__ import annotations

from sharepoint.embedded.people import Person, Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

_ITEM, _LIST = 1, 2  # bits of `closed`: the item, the list had permissions of its own when it went


def of_list(site: Site, person: Person, info: ListInfo) -> str:
    """SQL true for the changes of a list that the person may be told of, who may read the list as a whole."""
    if person.admin:
        return f"list_no = {info.no}"
    seen = site.people.visible(person, info)
    hidden = f"EXISTS (SELECT 1 FROM {info.table} i WHERE i.id = changes.item AND NOT ({seen}))"  # noqa: S608
    return f"(list_no = {info.no} AND closed & {_ITEM} = 0{'' if seen == '1' else f' AND NOT {hidden}'})"


def of_all(site: Site, person: Person) -> str:
    """SQL true for the changes of any list, also of one that is gone, that the person may be told of."""
    if person.admin:
        return "1"
    held = site.lists()
    # The log names every item, so seeing some of a list's items is not enough.
    parts = [of_list(site, person, info) for info in held if Right.READ in site.people.rights(person, info)]
    if Right.READ in site.people.rights(person):
        parts.append(f"(list_no NOT IN ({', '.join(str(info.no) for info in held)}) AND closed = 0)")
    return f"({' OR '.join(parts) or '0'})"


def seal_item(site: Site, info: ListInfo, item: int, scope: int) -> None:
    """Note that an item goes, inside the transaction that takes it out; `scope` is where its permissions came from."""
    if scope:
        site.database.run(
            f"UPDATE changes SET closed = closed | {_ITEM} WHERE list_no = ? AND item = ?",  # noqa: S608 — a number
            (info.no, item),
        )


def unseal_item(site: Site, info: ListInfo, item: int) -> None:
    """Note that an item is back, so that its permissions can be asked again."""
    site.database.run(
        f"UPDATE changes SET closed = closed & ~{_ITEM} WHERE list_no = ? AND item = ?",  # noqa: S608 — a number
        (info.no, item),
    )


def seal_list(site: Site, info: ListInfo) -> None:
    """Note that a list goes, with the items it holds."""
    site.database.run(
        f"UPDATE changes SET closed = closed | {_ITEM} WHERE list_no = ? AND item IN "  # noqa: S608 — names of ours
        f"(SELECT id FROM {info.table} WHERE scope <> 0)",
        (info.no,),
    )
    if info.row["unique_roles"]:
        site.database.run(f"UPDATE changes SET closed = closed | {_LIST} WHERE list_no = ?", (info.no,))  # noqa: S608


def unseal_list(site: Site, info: ListInfo) -> None:
    """Note that a list is back, with the items it holds."""
    site.database.run(
        f"UPDATE changes SET closed = closed & ~{_ITEM} WHERE list_no = ? AND item IN (SELECT id FROM {info.table})",  # noqa: S608
        (info.no,),
    )
