"""Columns: read, added (by properties or by SchemaXml), changed, indexed and deleted."""

from __future__ import annotations

import uuid
from typing import Any

import orjson

from sharepoint.embedded import changes, collection, lookups, viewtable
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Entity, Reply, Strings
from sharepoint.embedded.errors import (
    BadQuery,
    FieldMissing,
    NotBuilt,
    Refused,
    ResourceMissing,
    Throttled,
    UnknownProperty,
)
from sharepoint.embedded.fieldxml import read_schema, schema_xml
from sharepoint.embedded.kinds import BY_NUMBER, KINDS, LONGEST_TEXT, REFERENCES, wrong_type
from sharepoint.embedded.people import Right
from sharepoint.embedded.query import index_name
from sharepoint.embedded.schema import ADDING_AN_INDEX, INDEXES_PER_LIST, Field, ListInfo, encoded_name
from sharepoint.embedded.site import Site
from sharepoint.embedded.viewsettings import formatter
from sharepoint.embedded.writing import default_value

TYPES = tuple(dict.fromkeys(["SP.Field", *(kind.entity for kind in KINDS.values()), "SP.FieldCreationInformation"]))
_FLAGS = {"Required": "required", "Hidden": "hidden", "Indexed": "indexed", "EnforceUniqueValues": "is_unique"}
_SETTINGS: dict[str, type] = {
    "AllowHyperlink": bool, "AllowMultipleValues": bool, "AppendOnly": bool, "DateTimeCalendarType": int,
    "DefaultValue": str, "Description": str, "DisplayFormat": int, "EditFormat": int, "FillInChoice": bool,
    "FriendlyDisplayFormat": int, "Group": str, "LookupField": str, "LookupList": str, "MaxLength": int,
    "MaximumValue": float, "MinimumValue": float,
    "NumberOfLines": int, "RestrictedMode": bool, "RichText": bool, "SelectionGroup": int, "SelectionMode": int,
}  # fmt: skip
_IN_XML = frozenset({"CanToggleHidden", "ShowInDisplayForm", "ShowInEditForm", "ShowInNewForm"})
"""What only SchemaXml and the methods setShowIn…Form set: they are no properties of SP.Field."""


def read_all(site: Site, call: Call) -> Reply:
    """GET fields."""
    info = site.open(call.person, call.keys[0])
    return collection.page(call, [entity(info, field) for field in info.fields], "Fields")


def read(site: Site, call: Call) -> Reply:
    """GET one column."""
    info = site.open(call.person, call.keys[0])
    return Reply(entity(info, find(info, call.keys[1])).pick(call.options.select))


def create(site: Site, call: Call) -> Reply:
    """POST fields; the internal name is made from the title."""
    given = call.entity(*TYPES)
    lookups.refuse_post("Lookup" if given.get("FieldTypeKind") == KINDS["Lookup"].number else "")
    return _create(site, call, given)


def add(site: Site, call: Call) -> Reply:
    """POST fields/addField, the same with a parameter."""
    given = call.parameter("parameters", "SP.FieldCreationInformation")
    lookups.refuse_unknown(given)
    return _create(site, call, given)


def create_as_xml(site: Site, call: Call) -> Reply:
    """POST fields/createFieldAsXml. Without option 8 (AddFieldInternalNameHint) SharePoint makes the internal name
    from DisplayName and ignores Name; so does this. Option 16 (AddFieldToDefaultView) shows it there."""
    given = call.parameter("parameters", "SP.XmlSchemaFieldCreationInformation")
    xml, options = given.get("SchemaXml"), given.get("Options") or 0
    if not isinstance(xml, str) or not isinstance(options, int):
        raise BadQuery("SchemaXml must be a string and Options a number.")
    kind, name, properties = read_schema(xml, name_counts=bool(options & 8))
    kind, properties = lookups.settings_of(site, call, kind, properties)
    return _made(site, call, (kind, name), properties, in_default_view=bool(options & 16))


def delete(site: Site, call: Call) -> Reply:
    """DELETE a column and what it held; built-in ones stay."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    field = find(info, call.keys[1])
    if field.builtin:
        raise Refused("The field cannot be deleted because it is a built-in column of the list.", status=400)
    with site.database.write():
        site.database.run(f"DROP INDEX IF EXISTS {index_name(field.no)}")
        site.database.run(f"ALTER TABLE {info.table} DROP COLUMN {field.sql}")
        site.database.run("DELETE FROM fields WHERE no = ?", (field.no,))
        viewtable.forget_field(site, info, field.name)
        changes.record(site, info, call.person, change=changes.DELETE, about=changes.FIELD, guid=field.guid)
    site.forget()
    return Reply(status=200)


def find(info: ListInfo, key: Key) -> Field:
    """The column a path names; FieldMissing otherwise."""
    wanted = key.value.strip("{}").lower() if key.by == "id" else key.value
    for field in info.fields:
        held = {"id": (field.guid,), "title": (field.title,), "internalnameortitle": (field.name, field.title)}
        if key.by not in held:
            raise ResourceMissing(f"getby{key.by}")
        if wanted in held[key.by]:
            return field
    raise FieldMissing(key.value)


def entity(info: ListInfo, field: Field) -> Entity:
    """A column as shown."""
    settings = field.settings
    values: dict[str, Any] = {
        "AutoIndexed": False, "CanBeDeleted": not field.builtin,
        "CustomFormatter": settings.get("CustomFormatter"), "DefaultValue": settings.get("DefaultValue"),
        "Description": settings.get("Description", ""), "EnforceUniqueValues": field.unique,
        "EntityPropertyName": field.entity_name, "FieldTypeKind": field.type.number,
        "Filterable": field.type.filterable,
        "FromBaseType": field.builtin, "Group": settings.get("Group", "Custom Columns"), "Hidden": field.hidden,
        "Id": field.guid, "Indexed": field.indexed, "InternalName": field.name, "ReadOnlyField": field.read_only,
        "Required": field.required, "SchemaXml": schema_xml(field), "Scope": info.root,
        "Sealed": False, "Sortable": field.type.filterable, "StaticName": field.name, "Title": field.title,
        "TypeAsString": field.kind, "TypeDisplayName": field.kind,
    }  # fmt: skip
    for name in ("MaxLength", "NumberOfLines", "RichText", "DisplayFormat", "FillInChoice", "SelectionMode"):
        if name in settings:
            values[name] = settings[name]
    if field.kind in REFERENCES:
        values["AllowMultipleValues"] = field.kind.endswith("Multi")
        values["LookupField"] = settings.get("LookupField", "")
        values["LookupList"] = f"{{{settings['LookupList']}}}" if settings.get("LookupList") else ""
    if field.kind in ("Choice", "MultiChoice"):
        values["Choices"] = Strings(tuple(settings.get("Choices", ())))
    return Entity(field.type.entity, f"{info.path}/Fields(guid'{field.guid}')", values)


def _create(site: Site, call: Call, given: dict[str, Any]) -> Reply:
    refuse_hiding(given, {})
    number = given.pop("FieldTypeKind", 0)
    kind = BY_NUMBER.get(number) if isinstance(number, int) else None
    if kind is None:
        raise NotBuilt("Only FieldTypeKind 1, 2, 3, 4, 6, 7, 8, 9, 15 and 20 are built in this server.")
    title = given.get("Title")
    if not isinstance(title, str) or not title:
        raise BadQuery("A column needs a Title.")
    given.pop("InternalName", None)
    static = given.pop("StaticName", None)  # SharePoint keeps a static name apart; nothing here reads it
    if static is not None and not isinstance(static, str):
        raise wrong_type("Edm.String")
    made, given = lookups.settings_of(site, call, kind.name, given)
    return _made(site, call, (made, encoded_name(title)), given)


def _made(
    site: Site, call: Call, kind_and_name: tuple[str, str], given: dict[str, Any], *, in_default_view: bool = False
) -> Reply:
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    kind, name = kind_and_name
    name = name[:32]  # SharePoint cuts internal names at 32 characters
    names = {field.name.lower() for field in info.fields} | {field.shown_as.lower() for field in info.fields}
    if name.lower() in names:
        raise Refused(
            f'A duplicate field name "{name}" was found.', code="-2130575257, Microsoft.SharePoint.SPException"
        )
    defaults = {"Text": {"MaxLength": 255}, "Note": {"NumberOfLines": 6, "RichText": False}}.get(kind, {})
    with site.database.write():
        guid = str(uuid.uuid4())
        no = site.database.run(
            "INSERT INTO fields (list_no, guid, name, title, kind, sql, builtin, required, hidden, indexed, is_unique,"
            " settings) VALUES (?, ?, ?, ?, ?, '', 0, 0, 0, 0, 0, ?)",
            (info.no, guid, name, name, kind, orjson.dumps(defaults).decode()),
        )
        site.database.run("UPDATE fields SET sql = ? WHERE no = ?", (f"f{no}", no))
        site.database.run(f"ALTER TABLE {info.table} ADD COLUMN f{no} {KINDS[kind].sql}")
        site.forget()
        info = site.again(info)
        apply(site, info, find(info, Key("id", guid)), given)
        if in_default_view:
            viewtable.show_in_default(site, info, name)
        changes.record(site, info, call.person, change=changes.ADD, about=changes.FIELD, guid=guid)
    info = site.again(info)
    shown = entity(info, find(info, Key("id", guid)))
    return Reply(shown, status=201, headers={"Location": site.api + shown.path})


def apply(site: Site, info: ListInfo, field: Field, given: dict[str, Any]) -> None:
    """Set properties of a column, inside the transaction of whoever asks; a reason to refuse undoes all of it."""
    settings = dict(field.settings)
    flags = {"indexed": field.indexed, "is_unique": field.unique, "required": field.required, "hidden": field.hidden}
    title = field.title
    for name, value in given.items():
        if name == "Title":
            title = _title(value)
        elif name in _FLAGS:
            flags[_FLAGS[name]] = _typed(value, bool)
        elif name == "Choices":
            settings["Choices"] = _choices(value)
        elif name == "CustomFormatter":
            settings["CustomFormatter"] = formatter(value)
        elif name == "ReadOnlyField" and not field.builtin:
            settings["ReadOnly"] = _typed(value, bool)
        elif name in _IN_XML:
            settings[name] = _typed(value, bool)
        elif name in _SETTINGS:
            settings[name] = value if value is None else _typed(value, _SETTINGS[name])
        elif name == "FieldTypeKind" and value == field.type.number:
            continue
        else:
            raise _unknown(name, field)
    _check_settings(field, settings)
    _reindex(site, info, field, indexed=flags["indexed"], unique=flags["is_unique"])
    site.database.run(
        "UPDATE fields SET title = ?, required = ?, hidden = ?, indexed = ?, is_unique = ?, settings = ? WHERE no = ?",
        (title, flags["required"], flags["hidden"], flags["indexed"], flags["is_unique"],
         orjson.dumps(settings).decode(), field.no),
    )  # fmt: skip
    site.forget()


def refuse_hiding(given: dict[str, Any], settings: dict[str, Any]) -> None:
    """Refused where `Hidden` is set of a column that is not marked CanToggleHidden in its XML.

    Report: aymanelhattab.com, "ReadOnly, Hidden and Sealed Fields"; public clients write the mark into SchemaXml first.
    """
    if given.get("Hidden") and not settings.get("CanToggleHidden"):
        raise Refused("Cannot change Hidden attribute for this field", status=400)
    for name in _IN_XML & given.keys():
        raise UnknownProperty(name, "SP.Field")


def _check_settings(field: Field, settings: dict[str, Any]) -> None:
    longest = settings.get("MaxLength")
    if longest is not None and not 1 <= longest <= LONGEST_TEXT:
        raise BadQuery(f"MaxLength must be from 1 to {LONGEST_TEXT}.")
    default = settings.get("DefaultValue")
    if default:
        try:
            default_value(field, default)
        except ValueError as error:
            raise BadQuery("The default value is not of the column's type.") from error


def _unknown(name: str, field: Field) -> Exception:
    if name in ("FieldTypeKind", "TypeAsString", "DefaultFormula", "ValidationFormula", "JSLink", "ReadOnlyField"):
        return NotBuilt(f"Setting {name} of a column is not built in this server.")
    return UnknownProperty(name, field.type.entity)


def _title(value: Any) -> str:
    title: str = _typed(value, str)
    if not title.strip() or len(title) > 255:
        raise Refused("Cannot use an empty value or more than 255 characters for the title of a column.", status=400)
    return title


def _typed(value: Any, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise wrong_type({str: "Edm.String", bool: "Edm.Boolean", int: "Edm.Int32", float: "Edm.Double"}[kind])
    return value


def _choices(value: Any) -> list[str]:
    items = value.get("results") if isinstance(value, dict) else value
    if not isinstance(items, list) or not all(isinstance(one, str) for one in items):
        raise wrong_type("Collection(Edm.String)")
    return items


def _reindex(site: Site, info: ListInfo, field: Field, *, indexed: bool, unique: bool) -> None:
    if (indexed, unique) == (field.indexed, field.unique):
        return
    if unique and not indexed:
        raise Refused("A column that enforces unique values must be indexed.", status=400)
    if indexed and not field.indexed:
        _refuse_index(info, field)
    if unique:
        _refuse_repeated(site, info, field)
        if site.database.one("SELECT 1 FROM item_scopes WHERE list_no = ?", (info.no,)):
            raise Refused(
                f"The field '{field.title}' cannot enforce unique values: items have their own permissions.", status=400
            )
    site.database.run(f"DROP INDEX IF EXISTS {index_name(field.no)}")
    if indexed:
        word = "UNIQUE INDEX" if unique else "INDEX"
        site.database.run(f"CREATE {word} {index_name(field.no)} ON {info.table} ({field.sql})")


def _refuse_index(info: ListInfo, field: Field) -> None:
    if not field.type.indexable or field.kind == "Counter" or field.sql.startswith(("0", "'", "(", "EXISTS")):
        raise Refused(f"The field '{field.title}' cannot be indexed.", status=400)
    if sum(one.indexed for one in info.fields) >= INDEXES_PER_LIST:
        raise Refused(
            "You cannot index this column because the list already has the maximum number of indexes.", status=400
        )
    if info.row["item_count"] > ADDING_AN_INDEX:
        raise Throttled


def _refuse_repeated(site: Site, info: ListInfo, field: Field) -> None:
    repeated = site.database.one(
        f"SELECT 1 FROM {info.table} WHERE {field.sql} IS NOT NULL GROUP BY {field.sql} HAVING count(*) > 1 LIMIT 1"  # noqa: S608
    )
    if field.kind in ("Boolean", "Note") or repeated:
        raise Refused(f"The field '{field.title}' cannot enforce unique values: it holds duplicates.", status=400)
