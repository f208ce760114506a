"""Changes of a column that is there: its properties, its SchemaXml, and on which forms it is shown."""

from __future__ import annotations

from typing import Any

from sharepoint.embedded import changes, lookups
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Reply
from sharepoint.embedded.errors import BadQuery, NotBuilt, Refused, UnknownProperty
from sharepoint.embedded.fields import TYPES, apply, find, refuse_hiding
from sharepoint.embedded.fieldxml import read_schema
from sharepoint.embedded.kinds import REFERENCES
from sharepoint.embedded.people import Right
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.site import Site

_FORMS = {
    "setshowinnewform": "ShowInNewForm",
    "setshowineditform": "ShowInEditForm",
    "setshowindisplayform": "ShowInDisplayForm",
}
_OF_TYPE: dict[str, frozenset[str]] = {
    "Text": frozenset({"MaxLength"}),
    "Note": frozenset({"AllowHyperlink", "AppendOnly", "NumberOfLines", "RestrictedMode", "RichText"}),
    "Choice": frozenset({"Choices", "EditFormat", "FillInChoice"}),
    "DateTime": frozenset({"DateTimeCalendarType", "DisplayFormat", "FriendlyDisplayFormat"}),
    "Number": frozenset({"DisplayFormat", "MaximumValue", "MinimumValue"}),
    "User": frozenset({"AllowMultipleValues", "SelectionGroup", "SelectionMode"}),
}
"""What only a body that names the column's own type may set (report: pnp/pnpcore#1644, #1541)."""
_CONVERTS: dict[str, frozenset[str]] = {
    "Text": frozenset({"Choice", "Note", "Number", "Currency", "DateTime", "MultiChoice"}),
    "Choice": frozenset({"Text", "Note", "Number", "Currency", "DateTime", "MultiChoice"}),
    "Note": frozenset({"Text", "Choice", "Number", "Currency", "DateTime"}),
    "Number": frozenset({"Text", "Choice", "Note", "Currency", "Boolean"}),
    "DateTime": frozenset({"Text", "Choice", "Note"}),
    "Boolean": frozenset({"Text", "Choice", "Note", "Number"}),
}
"""Which types SharePoint turns into which (doc: ListField.ConvertToField; the later rows from memory)."""


def update(site: Site, call: Call) -> Reply:
    """MERGE a column."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    field = find(info, call.keys[1])
    named, given = _type_named(call), call.entity(*TYPES)
    refuse_hiding(given, field.settings)
    _refuse_untyped(field, named, given)
    if {"LookupList", "LookupField"} & given.keys():
        raise _other_target()
    xml = given.pop("SchemaXml", None)
    with site.database.write():
        lookups.remake(site, info, field, given)
        if xml is not None:
            field = _redefine(site, info, field, xml)
        apply(site, info, field, given)
        _tell(site, call, info, field)
    return Reply(status=204)


def show_in_form(site: Site, call: Call) -> Reply:
    """POST fields/…/setShowInNewForm(false) and its two siblings."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    field = find(info, call.keys[1])
    (said,) = (*call.args, *call.named.values()) or ("",)
    if said.lower() not in ("true", "false"):
        raise BadQuery("The value must be true or false.")
    name = _FORMS[call.pattern.rpartition("/")[2]]
    with site.database.write():
        apply(site, info, field, {name: said.lower() == "true"})
        _tell(site, call, info, field)
    return Reply(status=204)


def _tell(site: Site, call: Call, info: ListInfo, field: Field) -> None:
    changes.record(site, info, call.person, change=changes.UPDATE, about=changes.FIELD, guid=field.guid)


def _type_named(call: Call) -> str:
    """The type that the body itself names, in either dialect; SP.Field when it names none."""
    body = call.json()
    inside = body.get("__metadata")
    named = inside.get("type") if isinstance(inside, dict) else body.get("odata.type", body.get("@odata.type"))
    return str(named or "SP.Field").removeprefix("#")


def _refuse_untyped(field: Field, named: str, given: dict[str, Any]) -> None:
    if named in ("SP.Field", "SP.FieldCreationInformation"):
        for name in given:
            if any(name in names for names in _OF_TYPE.values()):
                raise UnknownProperty(name, "SP.Field")
    elif named != field.type.entity:
        raise BadQuery(f"A column of type '{field.type.entity}' was expected, not '{named[:80]}'.")


def _redefine(site: Site, info: ListInfo, field: Field, xml: Any) -> Field:
    """Set a column to what its new SchemaXml says; attributes that it leaves out are taken back. Its name stays."""
    if not isinstance(xml, str):
        raise BadQuery("SchemaXml must be a string.")
    if field.builtin:
        raise NotBuilt("Changing the SchemaXml of a built-in column is not built in this server.")
    kind, name, properties = read_schema(xml, name_counts=True)
    if name not in (field.name, field.title):
        raise Refused("The internal name of a column cannot be changed.", status=400)
    if field.kind in REFERENCES and kind.removesuffix("Multi") == field.kind.removesuffix("Multi"):
        _keep_target(field, properties)
        lookups.remake(site, info, field, {"AllowMultipleValues": properties.get("AllowMultipleValues", False)})
    elif kind != field.kind:
        _convert(site, field, kind)
    flags = {"Required": False, "Indexed": False, "EnforceUniqueValues": False, "Hidden": False, "ReadOnlyField": False}
    settings = {"Description": "", "DefaultValue": None, "CustomFormatter": None}
    apply(site, info, field, {**flags, **settings, **properties})
    return find(site.again(info), Key("id", field.guid))


def _keep_target(field: Field, properties: dict[str, Any]) -> None:
    for name in ("LookupList", "LookupField"):
        given = properties.pop(name, None)
        if given is not None and str(given).strip("{}").lower() != str(field.settings.get(name, "")).lower():
            raise _other_target()


def _other_target() -> NotBuilt:
    return NotBuilt("What a lookup column reads from cannot be changed in this server.")


def _convert(site: Site, field: Field, kind: str) -> None:
    if kind not in _CONVERTS.get(field.kind, ()):
        raise Refused(f"A column of type {field.kind} cannot become one of type {kind}.", status=400)
    if {field.kind, kind} != {"Text", "Choice"}:
        raise NotBuilt(f"Turning a column of type {field.kind} into {kind} is not built in this server.")
    site.database.run("UPDATE fields SET kind = ? WHERE no = ?", (kind, field.no))
