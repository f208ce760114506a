"""What one list lacks, as the requests that give it: its settings, columns, formatting and views. Sends nothing.

What people changed stays theirs. What protects people (versions, no attachments, no folders, no search in case lists)
and what the bot needs (columns, indexes, choices) is put back; what is taste (labels, navigation) is set only when a
list or column is made, a description only where there is none, and a view or a column's formatting only while it still
has a shape that the bot has given it (see `shapes`). A view of ours that was deleted is made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from sharepoint import shapes
from sharepoint.answers import JSON
from sharepoint.columns import Column, Type
from sharepoint.descriptions import description, off_forms
from sharepoint.formatting import FORMATS
from sharepoint.libraries import Library, Place
from sharepoint.schema import CONVERSATIONS, EVENTS, POSTS, SETTINGS, Zone
from sharepoint.shipped import SHIPPED
from sharepoint.step import CHANGE, COLUMN, LIST, Found, Step, path_of
from sharepoint.viewsteps import view_steps

VERSIONS_KEPT = 500
GENERIC_LIST, DOCUMENT_LIBRARY = 100, 101
"""SharePoint's numbers of these templates."""
NAME_COUNTS = 8
"""AddFieldInternalNameHint; without it SharePoint makes the internal name from the display name."""
_OURS_ONLY = frozenset({POSTS.name, CONVERSATIONS.name, EVENTS.name, SETTINGS.name})
"""Lists that hold what the bot remembers: people seldom need them, so they are not in the site's navigation."""


def _field_path(of: Place, name: str) -> str:
    return f"{path_of(of)}/fields/getByInternalNameOrTitle('{name}')"


def settings(of: Place) -> JSON:
    """What every list is set to, however it was made. Attachments and folders would take names where no rule looks.

    A library has no attachments to forbid; a case's papers lie in a folder of it.
    """
    own: JSON = (
        {"EnableFolderCreation": True, "EnableMinorVersions": False, "ForceCheckout": False}
        if isinstance(of, Library)
        else {"EnableAttachments": False, "EnableFolderCreation": False}
    )
    return {
        "EnableVersioning": True,
        "MajorVersionLimit": VERSIONS_KEPT,
        **own,
        "EnableModeration": False,
        "NoCrawl": of.zone is not Zone.TEAM,
    }


def list_steps(of: Place, found: Found | None) -> list[Step]:
    """What a list lacks; everything, if it is not there (None)."""
    first = [_create(of)] if found is None else _settings_steps(of, found.settings)
    fields = {} if found is None else found.fields
    columns = [step for column in of.columns for step in _column_steps(of, column, fields.get(column.internal))]
    if isinstance(of, Library):  # its title is whatever a file says it is, and its views are people's own
        return first + columns
    title = _title_steps(of, fields.get("Title", {}))
    return first + title + columns + view_steps(of, found.views if found else None)


def _column_steps(of: Place, column: Column, field: JSON | None) -> list[Step]:
    return [_column(of, column)] if field is None else _changes(of, column, field)


def _create(of: Place) -> Step:
    shown = {"OnQuickLaunch": of.name not in _OURS_ONLY}
    body: JSON = {"__metadata": {"type": "SP.List"}, "Title": of.name, "Description": of.purpose}
    kind, template = ("library", DOCUMENT_LIBRARY) if isinstance(of, Library) else ("list", GENERIC_LIST)
    body["BaseTemplate"] = template
    return Step(f"create the {kind} {of.name}", "web/lists", {**body, **settings(of), **shown}, turn=LIST)


def _settings_steps(of: Place, there: JSON) -> list[Step]:
    lacking = {name: value for name, value in settings(of).items() if there.get(name) != value}
    if not lacking:
        return []
    versions = {"EnableVersioning", "MajorVersionLimit"}
    what = "keep versions in" if set(lacking) <= versions else "set up"
    body = {"__metadata": {"type": "SP.List"}, **lacking}
    return [Step(f"{what} {of.name}", path_of(of), body, "MERGE", CHANGE)]


def _title_steps(of: Place, field: JSON) -> list[Step]:
    """The title is computed, so nobody is asked for it: names of people would be typed there."""
    steps = _form_steps(of, "Title", field)
    if field.get("Required", True):
        body = {"__metadata": {"type": "SP.Field"}, "Required": False}
        says = f"make Title optional in {of.name}"
        steps.insert(0, Step(says, _field_path(of, "Title"), body, "MERGE", CHANGE))
    return steps


def _form_steps(of: Place, name: str, field: JSON) -> list[Step]:
    said = _attributes(field)
    return [
        Step(f"take {of.name}.{name} off {_FORMS[form]}", f"{_field_path(of, name)}/set{form}(false)", {}, turn=CHANGE)
        for form in off_forms(of.name, name)
        if form not in said  # whoever put it on a form again is left to it
    ]


_FORMS = {
    "ShowInNewForm": "the form for new rows",
    "ShowInEditForm": "the form for editing",
    "ShowInDisplayForm": "the form that shows a row",
}


def _attributes(field: JSON) -> Mapping[str, str]:
    try:
        return ET.fromstring(str(field.get("SchemaXml") or "<Field />")).attrib  # noqa: S314 - SharePoint's own answer
    except ET.ParseError:
        return {}


def _column(of: Place, column: Column) -> Step:
    kinds = [word for word, on in (("indexed", column.indexed), ("unique", column.unique)) if on]
    says = f"add the column {of.name}.{column.internal}" + (f" ({', '.join(kinds)})" if kinds else "")
    kind = {"type": "SP.XmlSchemaFieldCreationInformation"}
    body = {
        "parameters": {"__metadata": kind, "SchemaXml": field_xml(column, _shown(of, column)), "Options": NAME_COUNTS}
    }
    return Step(says, f"{path_of(of)}/fields/createFieldAsXml", body, turn=COLUMN)


def _changes(of: Place, column: Column, field: JSON) -> list[Step]:
    steps = [_index(of, column)] if _lacks_index(column, field) else []
    if missing := [choice for choice in column.choices if choice not in _choices(field)]:
        body = {"__metadata": {"type": "SP.FieldChoice"}, "Choices": {"results": [*_choices(field), *missing]}}
        says = f"add choices to {of.name}.{column.internal}"
        steps.append(Step(says, _field_path(of, column.internal), body, "MERGE", CHANGE))
    if shown := _presentation(of, column, field):
        body = {"__metadata": {"type": "SP.Field"}, **shown}
        says = f"set out the column {of.name}.{column.internal}"
        steps.append(Step(says, _field_path(of, column.internal), body, "MERGE", CHANGE))
    return steps + _form_steps(of, column.internal, field)


def _lacks_index(column: Column, field: JSON) -> bool:
    unique = column.unique and not field.get("EnforceUniqueValues")
    return unique or (column.indexed and not field.get("Indexed"))


def _index(of: Place, column: Column) -> Step:
    body: JSON = {"__metadata": {"type": "SP.Field"}, "Indexed": True}
    if column.unique:
        body["EnforceUniqueValues"] = True
    says = f"index the column {of.name}.{column.internal}"
    return Step(says, _field_path(of, column.internal), body, "MERGE", CHANGE)


def _choices(field: JSON) -> list[str]:
    try:
        root = ET.fromstring(str(field.get("SchemaXml") or "<Field />"))  # noqa: S314 - SharePoint's own answer
    except ET.ParseError:
        return []
    return [choice.text or "" for choice in root.findall("CHOICES/CHOICE")]


def _presentation(of: Place, column: Column, field: JSON) -> JSON:
    lacking: JSON = {}
    if not field.get("Description"):
        lacking["Description"] = description(of.name, column.name)
    wanted, now = FORMATS.get((of.name, column.internal), ""), str(field.get("CustomFormatter") or "")
    shape = shapes.of_formatting(now) if now else ""
    if wanted and shape != shapes.of_formatting(wanted) and (not now or shape in SHIPPED):
        lacking["CustomFormatter"] = wanted
    return lacking


def _shown(of: Place, column: Column) -> dict[str, str]:
    """How a new column is presented, as attributes of its XML."""
    formatting = FORMATS.get((of.name, column.internal))
    return {
        "Description": description(of.name, column.name),
        **dict.fromkeys(off_forms(of.name, column.internal), "FALSE"),
        **({"CustomFormatter": formatting} if formatting else {}),
    }


def field_xml(column: Column, shown: Mapping[str, str]) -> str:
    """The CAML of a column: `Name` is what the bot reads it by, and people see its label."""
    attributes = {
        "Type": column.type.value,
        "Name": column.internal,
        "StaticName": column.internal,
        "DisplayName": column.label or column.internal,
        "Indexed": "TRUE" if column.indexed else "FALSE",
        "EnforceUniqueValues": "TRUE" if column.unique else "FALSE",
        **_of_type(column),
        **shown,
    }
    field = ET.Element("Field", attributes)
    if column.type is Type.BOOLEAN:
        ET.SubElement(field, "Default").text = "1" if column.default else "0"
    if column.choices:
        choices = ET.SubElement(field, "CHOICES")
        for each in column.choices:
            ET.SubElement(choices, "CHOICE").text = each
    return ET.tostring(field, encoding="unicode")


def _of_type(column: Column) -> dict[str, str]:
    return {
        Type.NOTE: {"NumLines": "6", "RichText": "FALSE"},
        Type.DATE_TIME: {"Format": "DateOnly" if column.date_only else "DateTime"},
        Type.USER: {"UserSelectionMode": "PeopleOnly"},
        Type.CHOICE: {"FillInChoice": "FALSE"},
    }.get(column.type, {})
