"""Columns that refer to rows elsewhere (people and lookups): how they are made, written, joined and shown.

A lookup may show only some kinds of column of its list (doc: "Create list relationships by using unique and lookup
columns": text, number, date and time, and calculated). A query may name at most 12 columns that need a join (doc: list
view lookup threshold).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Complex, Entity
from sharepoint.embedded.errors import (
    BadQuery,
    BadRequest,
    ListMissing,
    NotBuilt,
    Refused,
    Throttled,
    UnknownColumn,
    UnknownProperty,
)
from sharepoint.embedded.kinds import COLLECTIONS, KINDS, REFERENCES, SEVERAL, Kind, held, show
from sharepoint.embedded.schema import Columns, Field, ListInfo
from sharepoint.embedded.site import Site

MOST = 12
PERSON = {"Id": "id", "ID": "id", "Title": "title", "EMail": "email", "Name": "login", "LoginName": "login"}
_SHOWABLE = frozenset({"Text", "Number", "DateTime", "Counter", "Integer", "Guid"})
_CREATION = frozenset(
    {"Choices", "FieldTypeKind", "LookupFieldName", "LookupListId", "LookupWebId", "Required", "Title"}
)
_INVALID = "-2146232832, Microsoft.SharePoint.SPException"


def part(columns: Columns, field: Field, tail: str) -> tuple[str, Kind]:
    """The SQL column a sub-field such as `Title` of `X/Title` is in the table referred to, and its kind; UnknownColumn
    if there is none, BadRequest if a lookup cannot show it."""
    if field.kind in ("User", "UserMulti"):
        if tail not in PERSON:
            raise UnknownColumn(tail)
        return PERSON[tail], KINDS["Counter" if PERSON[tail] == "id" else "Text"]
    if tail in ("Id", "ID"):
        return "id", KINDS["Counter"]
    target = columns.target(field)
    if target is None:
        return "NULL", KINDS["Text"]
    found = target.columns.by_property.get(tail)
    if found is None:
        raise UnknownColumn(tail)
    if found.kind not in _SHOWABLE or not found.sql.isidentifier():
        raise not_valid(f"{field.entity_name}/{tail}", field.entity_name)
    return found.sql, found.type


def joined(columns: Columns, field: Field, tail: str, key: str) -> tuple[str, Kind]:
    """A sub-field as a SQL expression, given the expression of the id referred to."""
    sql, kind = part(columns, field, tail)
    table = table_of(columns, field)
    if sql == "id":
        return key, kind
    if table is None:
        return "NULL", kind
    text = " COLLATE NOCASE" if kind.edm == "Edm.String" else ""
    seen = visible(columns, field)
    return f"(SELECT r.{sql} FROM {table} r WHERE r.id = {key} AND {seen}){text}", kind  # noqa: S608 — names of ours


def table_of(columns: Columns, field: Field) -> str | None:
    """The SQL table a column refers to; None if a lookup's list cannot be read."""
    if field.kind in ("User", "UserMulti"):
        return "principals"
    target = columns.target(field)
    return target.table if target else None


def visible(columns: Columns, field: Field) -> str:
    """SQL true for the rows a column refers to that the reader may see."""
    target = columns.target(field) if field.kind not in ("User", "UserMulti") else None
    return target.visible if target else "1"


def not_valid(what: str, name: str) -> BadRequest:
    """The refusal of a person or lookup column asked for without its parts, or with a part it cannot show."""
    return BadRequest(
        f"The query to field '{what}' is not valid. The $select query string must specify the target fields "
        f"and the $expand query string must contains {name}."
    )


def expanded(site: Site, columns: Columns, field: Field, stored: Any, wanted: list[str]) -> Any:
    """What `$expand` shows: an entity, a list of them, or None if the column is empty or leads nowhere."""
    found = [one for number in held(stored) if (one := _one(site, columns, field, number, wanted))]
    if field.kind in COLLECTIONS:
        return found or None
    return found[0] if found else None


def _one(site: Site, columns: Columns, field: Field, number: int, wanted: list[str]) -> Entity | None:
    table = table_of(columns, field)
    if table is None:
        return None
    parts = [part(columns, field, name) for name in wanted]
    row = site.database.one(
        f"SELECT {', '.join(sql for sql, _ in parts)} FROM {table} "  # noqa: S608 — names of ours
        f"WHERE id = ? AND {visible(columns, field)}",
        (number,),
    )
    if row is None:
        return None
    values = {name: show(kind.name, row[at]) for at, (name, (_, kind)) in enumerate(zip(wanted, parts, strict=True))}
    if table == "principals":
        return Entity("SP.Data.UserInfoItem", f"Web/SiteUserInfoList/Items({number})", values)
    target = columns.target(field)
    assert target is not None
    return Entity(target.item_type, f"{target.path}/Items({number})", values)


def shown_texts(site: Site, columns: Columns, field: Field, stored: Any) -> list[tuple[int, str]]:
    """Each id a column holds with the text its list shows for it; "" for one that is gone."""
    table, name = table_of(columns, field), show_field(columns, field)
    sql = f"SELECT {name} FROM {table} WHERE id = ? AND {visible(columns, field)}"  # noqa: S608 — names of ours
    found: list[tuple[int, str]] = []
    for number in held(stored):
        row = site.database.one(sql, (number,)) if table else None
        found.append((number, "" if row is None or row[0] is None else str(row[0])))
    return found


def show_field(columns: Columns, field: Field) -> str:
    """The SQL column that a reference is shown by: a person's title, or a lookup's LookupField."""
    if field.kind in ("User", "UserMulti"):
        return "title"
    return part(columns, field, shown_name(field))[0]


def shown_name(field: Field) -> str:
    """The sub-field a reference is shown by."""
    return str(field.settings.get("LookupField") or "Title")


def in_version(site: Site, columns: Columns, field: Field, stored: Any) -> Any:
    """A reference as a version shows it: FieldUserValue or FieldLookupValue, a list of them if it holds several."""
    values: list[Any] = []
    for number, text in shown_texts(site, columns, field, stored):
        value: dict[str, Any] = {"LookupId": number, "LookupValue": text}
        if table_of(columns, field) == "principals":
            row = site.database.one("SELECT email FROM principals WHERE id = ?", (number,))
            value["Email"] = row["email"] if row else ""
            values.append(Complex("SP.FieldUserValue", value))
        else:
            values.append(Complex("SP.FieldLookupValue", value))
    if field.kind in COLLECTIONS:
        return values or None
    return values[0] if values else None


def refuse_many(columns: Columns, names: Iterable[str]) -> None:
    """Throttled if the columns named (as `X/Title` or `XId`) are more than 12 person and lookup columns."""
    by_id = {field.shown_as: name for name, field in columns.references.items()}
    heads = {by_id.get(head, head) for head in (name.partition("/")[0] for name in names)}
    if len(heads & columns.references.keys()) > MOST:
        raise Throttled(
            "The query cannot be completed because the number of lookup columns it contains exceeds the lookup column "
            "threshold enforced by the administrator."
        )


def refuse_dangling(site: Site, columns: Columns, field: Field, stored: Any) -> None:
    """A reference to nobody or nothing is refused."""
    table = table_of(columns, field)
    sql = f"SELECT 1 FROM {table} WHERE id = ? AND {visible(columns, field)}"  # noqa: S608 — names of ours
    for number in held(stored):
        if table and site.database.one(sql, (number,)):
            continue
        if field.kind in ("User", "UserMulti"):
            raise BadRequest("The specified user could not be found.", code=_INVALID)
        raise Refused(
            "Invalid lookup value.\n\nA lookup field contains invalid data. Please check the value and try again.",
            code=_INVALID,
        )


def plain(call: Call, info: ListInfo, given: dict[str, Any]) -> dict[str, Any]:
    """A body with its collections as plain lists: verbose JSON writes `{"results": […]}`, the others `[…]`.

    Each refuses the other's way (report: pnp/pnpjs#1722), and a verbose body of the type SP.ListItem can hold none
    (report: vgrem/office365-rest-python-client#717, SharePoint/sp-dev-docs#4831).
    """
    for name, field in info.columns.references.items():
        # As in SharePoint/PnP-JS-Core#826: the column's own name is a way to another entity, its id is `XId` (report).
        if given.get(name) is not None and field.shown_as != name:
            raise BadQuery(
                "A 'PrimitiveValue' node with non-null value was found when trying to read the value of a navigation "
                "property; however, a 'StartArray' node, a 'StartObject' node, or a 'PrimitiveValue' node with null "
                "value was expected."
            )
    several = {f.shown_as for f in info.fields if f.kind in COLLECTIONS and given.get(f.shown_as) is not None}
    if not several:
        return given
    metadata = call.json().get("__metadata")
    if isinstance(metadata, dict) and metadata.get("type") == "SP.ListItem":
        raise BadQuery(
            f"An open collection property '{min(several)}' was found. In OData, open collection properties are not "
            "supported."
        )
    verbose = isinstance(metadata, dict)
    return {name: _unwrapped(value, verbose=verbose) if name in several else value for name, value in given.items()}


def _unwrapped(value: Any, *, verbose: bool) -> Any:
    found = "StartObject" if isinstance(value, dict) else "StartArray" if isinstance(value, list) else "PrimitiveValue"
    wanted = "StartObject" if verbose else "StartArray"
    if found != wanted:
        raise BadQuery(
            f"An unexpected '{found}' node was found when reading from the JSON reader. A '{wanted}' node was expected."
        )
    return value.get("results") if verbose else value


def settings_of(site: Site, call: Call, kind: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and properties of a new column, with `LookupListId` and `LookupFieldName` checked and kept."""
    several = given.get("AllowMultipleValues") is True
    properties = dict(given)
    properties.pop("LookupWebId", None)  # there is one web
    if kind.startswith("Lookup"):
        guid = properties.pop("LookupListId", properties.pop("LookupList", None))
        shown = properties.pop("LookupFieldName", properties.pop("LookupField", None)) or "Title"
        if not isinstance(guid, str) or not guid or not isinstance(shown, str):
            raise Refused("A lookup column needs the list it reads from.", status=400)
        target = _target(site, call, guid)
        found = next((field for field in target.fields if field.name == shown), None)
        if found is None or found.kind not in _SHOWABLE:
            raise Refused(f"The field '{shown}' cannot be shown by a lookup column.", status=400)
        properties |= {"LookupList": target.guid, "LookupField": shown}
    return SEVERAL.get(kind, kind) if several else kind, properties


def refuse_post(kind: str) -> None:
    """POST fields makes no lookups: its entity could not name the list (report: SharePoint/PnP-JS-Core#631, #697)."""
    if kind == "Lookup":
        raise Refused("Please use addfield to add a lookup field instead.", code=_INVALID)


def refuse_unknown(given: dict[str, Any]) -> None:
    """addField takes few properties, AllowMultipleValues not among them (report: pnp/pnpjs#886)."""
    for name in given.keys() - _CREATION:
        raise UnknownProperty(name, "SP.FieldCreationInformation")


def _target(site: Site, call: Call, guid: str) -> ListInfo:
    if guid.lower() == "self":
        return site.open(call.person, call.keys[0])
    try:
        return site.open(call.person, Key("id", guid))
    except ListMissing:
        raise Refused("The list that the lookup column reads from does not exist.", status=400) from None


def remake(site: Site, info: ListInfo, field: Field, given: dict[str, Any]) -> None:
    """Let a column hold several values when a change of it says so; the way back is not built."""
    several = given.get("AllowMultipleValues")
    if field.kind not in REFERENCES or not isinstance(several, bool) or several is (field.kind in COLLECTIONS):
        return
    if not several:
        raise NotBuilt("A column of several values cannot become one of a single value in this server.")
    if field.indexed:
        raise Refused(f"The field '{field.title}' cannot hold several values while it is indexed.", status=400)
    site.database.run("UPDATE fields SET kind = ? WHERE no = ?", (SEVERAL[field.kind], field.no))
    site.database.run(
        f"UPDATE {info.table} SET {field.sql} = '[' || {field.sql} || ']' WHERE {field.sql} IS NOT NULL"  # noqa: S608
    )
    site.forget()
