"""validateUpdateListItem and addValidateUpdateItemUsingPath: values as a form sends them, as words.

Each field is answered for by itself; if one is refused nothing is written. Words are read in the site's locale, English
(United Kingdom): days first, `23/02/2012 14:25`, and `1,234.5` (see region; report: pnp/cli-microsoft365#475 for the
sentences about dates). With bNewDocumentUpdate the newest version is written over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sharepoint.embedded import addresses, formwords, names, renaming, scopes, writing
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Reply, Single
from sharepoint.embedded.errors import BadQuery, Duplicate, NotBuilt
from sharepoint.embedded.formwords import Wrong
from sharepoint.embedded.kinds import wrong_type
from sharepoint.embedded.people import Right
from sharepoint.embedded.schema import Field, ListInfo
from sharepoint.embedded.site import Site
from sharepoint.embedded.writing import Values

_KNOWN = frozenset(
    {"formValues", "bNewDocumentUpdate", "checkInComment", "datesInUTC", "numberInInvariantCulture",
     "listItemCreateInfo"}
)  # fmt: skip
# What a form may set although a body may not, by whoever owns the list.
_STAMPS = frozenset({"Author", "Editor", "Created", "Modified"})


@dataclass(slots=True)
class _Given:
    """One form value, and why it is refused ("" if it is not)."""

    name: str
    value: str | None
    refused: str = ""


def update(site: Site, call: Call) -> Reply:
    """POST items(3)/validateUpdateListItem; 200 whether or not a field is refused."""
    info = site.open(call.person, call.keys[0])
    item = call.keys[1].number()
    row = writing.find(site, info, item)
    scopes.require(site, call.person, Right.WRITE, info, row)
    body = _body(call, "ValidateUpdateListItem")
    given = _form_values(body)
    values = _read(site, info, given, rights=site.people.rights(call.person, info, row["scope"]))
    if values is not None:
        _write(given, lambda: writing.update(
            site, info, call.person, row["id"], values, overwrite=body.get("bNewDocumentUpdate") is True
        ))  # fmt: skip
    return _reply("ValidateUpdateListItem", given, item)


def add(site: Site, call: Call) -> Reply:
    """POST lists/…/addValidateUpdateItemUsingPath; a made item's id is the value of the field `Id`."""
    info = site.open(call.person, call.keys[0], Right.WRITE)
    body = _body(call, "AddValidateUpdateItemUsingPath")
    _refuse_elsewhere(site, info, body.get("listItemCreateInfo"))
    writing.refuse_library(info)
    given = _form_values(body)
    values = _read(site, info, given, rights=site.people.rights(call.person, info))
    made: list[int] = []
    if values is not None:
        filled = writing.with_defaults(info, values)
        _write(given, lambda: made.append(writing.create(site, info, call.person, filled)))
    if made:
        given.append(_Given("Id", str(made[0])))
    return _reply("AddValidateUpdateItemUsingPath", given, made[0] if made else 0)


def _body(call: Call, method: str) -> dict[str, Any]:
    body = call.json()
    for name in body.keys() - _KNOWN - {"__metadata"}:
        raise BadQuery(f"The parameter {name} does not exist in method {method}.")
    if body.get("datesInUTC") or body.get("numberInInvariantCulture"):
        raise NotBuilt("datesInUTC and numberInInvariantCulture are not built in this server.")
    return body


def _form_values(body: Mapping[str, Any]) -> list[_Given]:
    listed = body.get("formValues")
    if isinstance(listed, dict):
        listed = listed.get("results")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise BadQuery("The parameter formValues is missing or is not a collection.")
    found = []
    for one in listed:
        name, value = one.get("FieldName"), one.get("FieldValue")
        if not isinstance(name, str) or not isinstance(value, (str, type(None))):
            raise wrong_type("Edm.String")
        found.append(_Given(name, value))
    return found


def _read(site: Site, info: ListInfo, given: list[_Given], *, rights: Right) -> Values | None:
    """The values by SQL column, or None if any is refused; every one is looked at."""
    fields = {field.name: field for field in info.fields}
    values: Values = {}
    for one in given:
        try:
            field = _writable(fields.get(one.name), one.name, owner=Right.OWN in rights)
            values[field.sql] = formwords.read(site, info, field, one.value or "")
        except Wrong as wrong:
            one.refused = str(wrong)
    return None if any(one.refused for one in given) else values


def _writable(field: Field | None, name: str, *, owner: bool) -> Field:
    if field is None:
        raise Wrong(f"Column '{name}' does not exist. It may have been deleted by another user.")
    if field.read_only and not (field.name in _STAMPS and owner):
        raise Wrong("The column is read-only.")
    return field


def _write(given: list[_Given], write: Any) -> None:
    try:
        write()
    except Duplicate as duplicate:
        repeated = duplicate.message.rpartition("[")[2].rstrip("].").split(",")
        for one in given:
            if one.name in repeated:
                one.refused = "This value already exists in the list."
    except (renaming.NameTaken, names.BadName, names.PathTooLong) as refused:
        for one in given:
            if one.name == "FileLeafRef":
                one.refused = refused.message


def _reply(method: str, given: list[_Given], item: int) -> Reply:
    return Reply(Single(method, [
        Complex("SP.ListItemFormUpdateValue", {
            "ErrorCode": -2147467259 if one.refused else 0, "ErrorMessage": one.refused or None,
            "FieldName": one.name, "FieldValue": one.value, "HasException": bool(one.refused), "ItemId": item,
        })
        for one in given
    ]))  # fmt: skip


def _refuse_elsewhere(site: Site, info: ListInfo, create: Any) -> None:
    if create is None:
        return
    if not isinstance(create, dict):
        raise BadQuery("listItemCreateInfo is not an object.")
    if create.get("UnderlyingObjectType") or create.get("LeafName"):
        raise NotBuilt("Only items in the root folder of a list are made this way in this server.")
    addresses.refuse_other_folder(site, info, addresses.asked_folder(create))
