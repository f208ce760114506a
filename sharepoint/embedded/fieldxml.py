"""A column's SchemaXml, read and written."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sharepoint.embedded.errors import BadQuery, NotBuilt
from sharepoint.embedded.kinds import BY_NUMBER, REFERENCES, SEVERAL
from sharepoint.embedded.schema import Field, encoded_name

_TYPES = frozenset(kind.name for kind in BY_NUMBER.values()) | SEVERAL.keys() | set(SEVERAL.values())
_DATE_FORMATS = {"DateOnly": 0, "DateTime": 1}
_FLAGS = ("Required", "Hidden", "Indexed", "EnforceUniqueValues", "RichText")
_FORMS = ("ShowInNewForm", "ShowInEditForm", "ShowInDisplayForm", "CanToggleHidden")
_TOLD = ("Description", "CustomFormatter")
_NUMBERS = {"MaxLength": "MaxLength", "NumLines": "NumberOfLines", "Min": "MinimumValue", "Max": "MaximumValue"}
_INERT = frozenset(
    {"Type", "Name", "StaticName", "DisplayName", "ID", "SourceID", "Format", "List", "UserSelectionMode", "Group",
     "Description", "RichTextMode", "IsolateStyles", "AppendOnly", "FillInChoice", "UserSelectionScope", "Sortable",
     "Decimals", "ShowField", "Customization", "ColName", "RowOrdinal", "Version", "Sealed", "AllowDeletion",
     "UnlimitedLengthInDocumentLibrary",
     "FriendlyDisplayFormat", "Mult", "Percentage", "ShowInViewForms", "CustomFormatter", "Viewable", "Filterable"}
)  # fmt: skip


def read_schema(xml: str, *, name_counts: bool) -> tuple[str, str, dict[str, Any]]:
    """The kind, internal name and properties of a new column; BadQuery or NotBuilt (an attribute not built)."""
    root = _root(xml)
    kind = root.get("Type", "")
    if kind not in _TYPES:
        raise NotBuilt(f"Columns of type '{kind[:40]}' are not built in this server.")
    display = root.get("DisplayName") or root.get("Name") or ""
    if not display:
        raise BadQuery("A column needs a Name or a DisplayName.")
    properties: dict[str, Any] = {"Title": display}
    for name, value in root.attrib.items():
        if name in (*_FLAGS, *_FORMS):
            properties[name] = value.upper() in ("TRUE", "1")
        elif name == "ReadOnly":
            properties["ReadOnlyField"] = value.upper() in ("TRUE", "1")
        elif name in _NUMBERS:
            properties[_NUMBERS[name]] = _number(value, whole=name in ("MaxLength", "NumLines"))
        elif name not in _INERT:
            raise NotBuilt(f"The attribute '{name[:40]}' of a column is not built in this server.")
    properties |= _inside(root, kind)
    hint = root.get("Name") or root.get("StaticName") if name_counts else None
    return kind, encoded_name(hint or display), properties


def schema_xml(field: Field) -> str:
    """A column's SchemaXml as SharePoint shows it."""
    attributes = {"Type": field.kind, "Name": field.name, "DisplayName": field.title, "ID": f"{{{field.guid}}}"}
    flags = {
        "Required": field.required, "Hidden": field.hidden, "Indexed": field.indexed,
        "EnforceUniqueValues": field.unique,
    }  # fmt: skip
    attributes |= {name: "TRUE" for name, value in flags.items() if value}
    attributes |= {name: str(field.settings[name]).upper() for name in _FORMS if name in field.settings}
    attributes |= {name: str(field.settings[name]) for name in _TOLD if field.settings.get(name)}
    if field.read_only:
        attributes["ReadOnly"] = "TRUE"
    if "MaxLength" in field.settings:
        attributes["MaxLength"] = str(field.settings["MaxLength"])
    if field.kind == "DateTime":
        attributes["Format"] = "DateOnly" if field.settings.get("DisplayFormat") == 0 else "DateTime"
    if field.kind.startswith("Lookup"):
        attributes["List"] = f"{{{field.settings.get('LookupList', '')}}}"
        attributes["ShowField"] = str(field.settings.get("LookupField", "Title"))
    if field.kind in SEVERAL.values():
        attributes["Mult"] = "TRUE"
    inside = _choices_xml(field) + _default_xml(field)
    return f"<Field {' '.join(f'{name}={quoteattr(value)}' for name, value in attributes.items())}>{inside}</Field>"


def _choices_xml(field: Field) -> str:
    choices = "".join(f"<CHOICE>{escape(one)}</CHOICE>" for one in field.settings.get("Choices", ()))
    return f"<CHOICES>{choices}</CHOICES>" if choices else ""


def _default_xml(field: Field) -> str:
    default = field.settings.get("DefaultValue")
    return f"<Default>{escape(str(default))}</Default>" if default else ""


def _root(xml: str) -> Any:
    # Imported here: only provisioning needs it, and starting must be quick.
    from xml.etree import ElementTree as Tree  # noqa: PLC0415

    if "<!" in xml:  # no document types, so no entities to expand
        raise BadQuery("SchemaXml must not hold a document type.")
    try:
        root = Tree.fromstring(xml)  # noqa: S314 — document types are refused above
    except Tree.ParseError as error:
        raise BadQuery("SchemaXml is not well-formed XML.") from error
    if root.tag != "Field":
        raise BadQuery("SchemaXml must be one Field element.")
    return root


def _inside(root: Any, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    default = root.findtext("Default")
    if default:
        found["DefaultValue"] = default
    if kind in REFERENCES and (kind in SEVERAL.values() or root.get("Mult", "").upper() == "TRUE"):
        found["AllowMultipleValues"] = True
    if kind.startswith("Lookup"):
        found |= {"LookupList": root.get("List", ""), "LookupField": root.get("ShowField", "Title")}
    if kind in ("Choice", "MultiChoice"):
        found["Choices"] = [choice.text or "" for choice in root.findall("CHOICES/CHOICE")]
    if kind == "DateTime":
        found["DisplayFormat"] = _DATE_FORMATS.get(root.get("Format", "DateTime"), 1)
    for name in ("Description", "Group", "CustomFormatter"):
        if root.get(name):
            found[name] = root.get(name)
    return found


def _number(text: str, *, whole: bool) -> int | float:
    try:
        return int(text) if whole else float(text)
    except ValueError as error:
        raise BadQuery(f"'{text[:40]}' is not a number.") from error
