"""FieldValuesAsText and FieldValuesAsHtml of an item: every column's value as words, in the site's locale."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from sharepoint.embedded import branches, scopes, texts, writing
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Reply
from sharepoint.embedded.errors import ItemMissing
from sharepoint.embedded.people import Right
from sharepoint.embedded.schema import Field, ListInfo, escaped_name
from sharepoint.embedded.site import Site

Show = Callable[[Field, str], str]


def as_text(site: Site, info: ListInfo, item: int) -> Entity:
    """The values as plain words."""
    return _values(site, info, item, ("FieldValuesAsText", lambda _field, words: words))


def as_html(site: Site, info: ListInfo, item: int) -> Entity:
    """The values as HTML: rich text as it is, the rest escaped, lines ended by breaks."""
    return _values(site, info, item, ("FieldValuesAsHtml", _html))


def read_text(site: Site, call: Call) -> Reply:
    """GET items(3)/fieldvaluesastext."""
    return _reply(site, call, as_text)


def read_html(site: Site, call: Call) -> Reply:
    """GET items(3)/fieldvaluesashtml."""
    return _reply(site, call, as_html)


def _reply(site: Site, call: Call, values: Callable[[Site, ListInfo, int], Entity]) -> Reply:
    info = site.open(call.person, call.keys[0])
    row = writing.find(site, info, call.keys[1].number())
    scopes.require(site, call.person, Right.READ, info, row)
    return Reply(branches.shown(values(site, info, row["id"]), call.options))


def _values(site: Site, info: ListInfo, item: int, named: tuple[str, Show]) -> Entity:
    name, show = named
    # By position, since some columns are worked out by SQL.
    wanted = ", ".join(field.sql for field in info.fields)
    row = site.database.one(f"SELECT {wanted} FROM {info.table} WHERE id = ?", (item,))  # noqa: S608 — names of ours
    if row is None:
        raise ItemMissing
    values: dict[str, str] = {}
    for field, stored in zip(info.fields, row, strict=True):
        held = info.content_type(stored) if field.kind == "ContentTypeId" else stored
        values[escaped_name(field.name)] = show(field, texts.text(site, info.columns, field, held))
    return Entity("SP.FieldStringValues", f"{info.path}/Items({item})/{name}", values)


def _html(field: Field, words: str) -> str:
    if field.kind == "Note" and field.settings.get("RichText"):
        return words
    return escape(words).replace("\n", "<br>")
