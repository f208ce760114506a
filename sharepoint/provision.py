"""Making the site fit: lists, columns, indexes and zones from the schema. Safe to repeat and to resume half way.

Nothing is ever removed: a column or a list the schema does not know is left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from sharepoint.answers import JSON
from sharepoint.client import SharePoint
from sharepoint.columns import Column, Type
from sharepoint.errors import StoreBusy
from sharepoint.schema import LISTS, ListOf, Zone

WAIT = 60.0
VERSIONS_KEPT = 500
FIELD = "InternalName,Indexed,EnforceUniqueValues,Required"
NAME_COUNTS = 8
"""AddFieldInternalNameHint; without it SharePoint makes the internal name from the display name."""
CASES_GROUP = "MHRMB mental health team"
READ, CONTRIBUTE, FULL_CONTROL = 1073741826, 1073741827, 1073741829
"""SharePoint's fixed ids of these permission levels."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do to the site: what it does in words, and the request that does it."""

    says: str
    path: str
    body: JSON
    method: str = "POST"


def fingerprint() -> str:
    """A digest of the schema: while the site holds the same one, there is nothing to provision."""
    shape = [
        (of.name, of.zone.value, [(c.name, c.type.value, c.indexed, c.unique) for c in of.columns]) for of in LISTS
    ]
    return hashlib.sha256(repr(shape).encode()).hexdigest()


async def plan(site: SharePoint) -> list[Step]:
    """What the site lacks, in the order it has to be made, without the permissions. Changes nothing."""
    answer = await site.get("web/lists?$select=Title,EnableVersioning,MajorVersionLimit&$top=500", within=WAIT)
    there = {str(each["Title"]): each for each in answer.get("value", [])}
    known = [of for of in LISTS if of.name in there]
    fields = await site.batch([f"{_path(of)}/fields?$select={FIELD}" for of in known], within=WAIT) if known else []
    have = {
        of.name: {str(field["InternalName"]): field for field in each.get("value", [])}
        for of, each in zip(known, fields, strict=True)
    }
    steps: list[Step] = []
    for of in LISTS:
        steps += _list_steps(of, there.get(of.name), have.get(of.name, {}))
    return steps


def _list_steps(of: ListOf[Any], there: JSON | None, have: Mapping[str, JSON]) -> list[Step]:
    steps: list[Step] = []
    if there is None:
        body = {"__metadata": {"type": "SP.List"}, "Title": of.name, "BaseTemplate": 100, "Description": of.purpose}
        steps.append(Step(f"create the list {of.name}", "web/lists", body))
    if there is None or not _keeps_versions(there):
        body = {"__metadata": {"type": "SP.List"}, "EnableVersioning": True, "MajorVersionLimit": VERSIONS_KEPT}
        steps.append(Step(f"keep versions in {of.name}", _path(of), body, "MERGE"))
    if there is None or have.get("Title", {}).get("Required"):
        title = {"__metadata": {"type": "SP.Field"}, "Required": False}
        path = f"{_path(of)}/fields/getByInternalNameOrTitle('Title')"
        steps.append(Step(f"make Title optional in {of.name}", path, title, "MERGE"))
    for column in of.columns:
        field = have.get(column.internal)
        if field is None:
            steps.append(_column_step(of, column))
        elif _lacks_index(column, field):
            steps.append(_index_step(of, column))
    return steps


def _keeps_versions(there: JSON) -> bool:
    return bool(there.get("EnableVersioning")) and there.get("MajorVersionLimit") == VERSIONS_KEPT


def _column_step(of: ListOf[Any], column: Column) -> Step:
    kinds = [word for word, on in (("indexed", column.indexed), ("unique", column.unique)) if on]
    says = f"add the column {of.name}.{column.internal}" + (f" ({', '.join(kinds)})" if kinds else "")
    kind = {"type": "SP.XmlSchemaFieldCreationInformation"}
    body = {"parameters": {"__metadata": kind, "SchemaXml": field_xml(column), "Options": NAME_COUNTS}}
    return Step(says, f"{_path(of)}/fields/createFieldAsXml", body)


def _lacks_index(column: Column, field: JSON) -> bool:
    unique = column.unique and not field.get("EnforceUniqueValues")
    return unique or (column.indexed and not field.get("Indexed"))


def _index_step(of: ListOf[Any], column: Column) -> Step:
    body: JSON = {"__metadata": {"type": "SP.Field"}, "Indexed": True}
    if column.unique:
        body["EnforceUniqueValues"] = True
    path = f"{_path(of)}/fields/getByInternalNameOrTitle('{column.internal}')"
    return Step(f"index the column {of.name}.{column.internal}", path, body, "MERGE")


def field_xml(column: Column) -> str:
    """The CAML of a column: `Name` is what the bot reads it by, and people see its label."""
    attributes = {
        "Type": column.type.value,
        "Name": column.internal,
        "StaticName": column.internal,
        "DisplayName": column.label or column.internal,
        "Indexed": "TRUE" if column.indexed else "FALSE",
        "EnforceUniqueValues": "TRUE" if column.unique else "FALSE",
    }
    if column.type is Type.NOTE:
        attributes |= {"NumLines": "6", "RichText": "FALSE"}
    if column.type is Type.DATE_TIME:
        attributes["Format"] = "DateOnly" if column.date_only else "DateTime"
    if column.type is Type.USER:
        attributes["UserSelectionMode"] = "PeopleOnly"
    if column.type is Type.CHOICE:
        attributes["FillInChoice"] = "FALSE"
    field = ET.Element("Field", attributes)
    if column.type is Type.BOOLEAN:
        ET.SubElement(field, "Default").text = "1"
    if column.choices:
        choices = ET.SubElement(field, "CHOICES")
        for each in column.choices:
            ET.SubElement(choices, "CHOICE").text = each
    return ET.tostring(field, encoding="unicode")


async def apply(site: SharePoint, steps: Iterable[Step]) -> AsyncIterator[str]:
    """Do the steps in order, telling each as it is done."""
    for step in steps:
        await _do(site, step)
        yield step.says


async def _do(site: SharePoint, step: Step) -> None:
    """Do one step; one whose answer was lost, or that met its own work when repeated, is done if no longer planned."""
    try:
        await site.post(step.path, step.body, within=WAIT, method=step.method)
    except StoreBusy as busy:
        if not busy.uncertain or step in await plan(site):
            raise


async def close_zones(site: SharePoint) -> AsyncIterator[str]:
    """Take each list that is not yet in its zone there, telling each as it is done.

    A list that a break left closed, but not opened to those who need it, is finished; a grant beyond these is kept.
    """
    answer = await site.get("web/lists?$select=Title,HasUniqueRoleAssignments&$top=500", within=WAIT)
    closed = {str(each["Title"]): bool(each.get("HasUniqueRoleAssignments")) for each in answer.get("value", [])}
    granted = await _granted(site, [of for of in LISTS if closed.get(of.name)])
    owners = await _group_id(site, "web/associatedownergroup")
    members = await _group_id(site, "web/associatedmembergroup")
    cases = await _cases_group(site)
    grants = {
        Zone.TEAM: ((owners, FULL_CONTROL), (cases, CONTRIBUTE), (members, READ)),
        Zone.CASES: ((owners, FULL_CONTROL), (cases, CONTRIBUTE)),
        Zone.ADMINISTRATORS: ((owners, FULL_CONTROL),),
    }
    for of in LISTS:
        lacking = [grant for grant in grants[of.zone] if grant[0] not in granted.get(of.name, ())]
        if of.name not in closed or not lacking:
            continue
        if not closed[of.name]:
            path = f"{_path(of)}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)"
            await site.post(path, within=WAIT)
        for principal, level in lacking:
            grant = f"{_path(of)}/roleassignments/addroleassignment(principalid={principal},roledefid={level})"
            await site.post(grant, within=WAIT)
        yield f"close {of.name} to all but {of.zone.value}"


async def _granted(site: SharePoint, lists: list[ListOf[Any]]) -> dict[str, set[int]]:
    """The ids of those who hold a role on each of these lists."""
    if not lists:
        return {}
    answers = await site.batch([f"{_path(of)}/roleassignments" for of in lists], within=WAIT)
    return {
        of.name: {int(each["PrincipalId"]) for each in answer.get("value", [])}
        for of, answer in zip(lists, answers, strict=True)
    }


async def _group_id(site: SharePoint, path: str) -> int:
    return int((await site.get(path, within=WAIT))["Id"])


async def _cases_group(site: SharePoint) -> int:
    groups = (await site.get("web/sitegroups?$select=Id,Title", within=WAIT)).get("value", [])
    for group in groups:
        if group["Title"] == CASES_GROUP:
            return int(group["Id"])
    made = await site.post("web/sitegroups", {"__metadata": {"type": "SP.Group"}, "Title": CASES_GROUP}, within=WAIT)
    return int(made["Id"])


def _path(of: ListOf[Any]) -> str:
    return f"web/lists/getByTitle('{of.name}')"
