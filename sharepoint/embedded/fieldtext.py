"""FieldValuesAsText and FieldValuesAsHtml of an item: every column's value as words, in the site's locale."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from sharepoint.embedded import branches, texts, writing
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Reply
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


def linked_text(site: Site, info: ListInfo, item: int, select: branches.Names, expand: branches.Names) -> Entity:
    """The plain words, for `$expand`."""
    return branches.narrowed(as_text(site, info, item), select, expand)


def linked_html(site: Site, info: ListInfo, item: int, select: branches.Names, expand: branches.Names) -> Entity:
    """The HTML, for `$expand`."""
    return branches.narrowed(as_html(site, info, item), select, expand)


def read_text(site: Site, call: Call) -> Reply:
    """GET items(3)/fieldvaluesastext."""
    return _reply(site, call, as_text)


def read_html(site: Site, call: Call) -> Reply:
    """GET items(3)/fieldvaluesashtml."""
    return _reply(site, call, as_html)


def _reply(site: Site, call: Call, values: Callable[[Site, ListInfo, int], Entity]) -> Reply:
    info = site.open(call.person, call.keys[0], Right.READ)
    return Reply(branches.shown(values(site, info, call.keys[1].number()), call.options))


def _values(site: Site, info: ListInfo, item: int, named: tuple[str, Show]) -> Entity:
    name, show = named
    row = writing.find(site, info, item)
    values: dict[str, str] = {}
    for field in info.fields:
        stored = row[field.sql] if field.sql in row.keys() else _fixed(info, field)  # noqa: SIM118 — a Row
        values[escaped_name(field.name)] = show(field, texts.text(site, info.columns, field, stored))
    return Entity("SP.FieldStringValues", f"{info.path}/Items({item})/{name}", values)


def _fixed(info: ListInfo, field: Field) -> str | int:
    """Columns that are the same for every item."""
    return info.content_type if field.kind == "ContentTypeId" else 0


def _html(field: Field, words: str) -> str:
    if field.kind == "Note" and field.settings.get("RichText"):
        return words
    return escape(words).replace("\n", "<br>")
