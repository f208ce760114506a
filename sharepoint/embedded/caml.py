"""CAML: the XML of a view or query, read into the same tree that `$filter` is read into (see filters).

What SharePoint cannot read it refuses with "Cannot complete this action" (0x80004005), and a column it does not know
with "One or more field types are not installed properly" (0x81020014; report: pnp/sp-dev-fx-webparts#6499).
Membership, DateRangesOverlap, joins, grouping and aggregations answer 501.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sharepoint.embedded import camlvalues
from sharepoint.embedded.errors import BadQuery, NotBuilt, SharePointError
from sharepoint.embedded.filters import And, Compare, Contains, In, Literal, Node, Not, Or, Starts
from sharepoint.embedded.people import Person
from sharepoint.embedded.schema import Columns, Field
from sharepoint.embedded.viewtable import COMPUTED
from sharepoint.embedded.where import column

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 200_000
DEEPEST = 60
MOST_IN = 500
# A document type could define entities that grow; nothing in CAML needs one. CDATA and comments are let through.
_DECLARATION = re.compile(r"<!(?!\[CDATA\[|--)")
_COMPARISONS = {"Eq": "eq", "Neq": "ne", "Lt": "lt", "Leq": "le", "Gt": "gt", "Geq": "ge"}
_SCOPES = frozenset({"", "Default", "FilesOnly", "Recursive", "RecursiveAll"})
_NOT_BUILT = frozenset({"Membership", "DateRangesOverlap", "Joins", "ProjectedFields", "Aggregations", "GroupBy"})
# Columns computed from others, as views name them.
ALIASES = {
    "LinkTitle": "Title", "LinkTitleNoMenu": "Title", "LinkTitle2": "Title", "LinkFilename": "FileLeafRef",
    "LinkFilenameNoMenu": "FileLeafRef", "LinkFilename2": "FileLeafRef",
}  # fmt: skip


class Malformed(SharePointError):
    """A query that cannot be read."""

    code = "-2147467259, Microsoft.SharePoint.SPException"

    def __init__(self) -> None:
        super().__init__("Cannot complete this action.\n\nPlease try again.")


class NotInstalled(SharePointError):
    """A query names a column the list does not have."""

    code = "-2130575340, Microsoft.SharePoint.SPException"

    def __init__(self) -> None:
        super().__init__(
            "One or more field types are not installed properly. Go to the list settings page to delete these fields."
        )


@dataclass(frozen=True, slots=True)
class View:
    """A view as read: `order` is columns (in filter names) and whether each goes down; `fields` is None if none are
    named; `limit` is 0 if there is none."""

    where: Node | None = None
    order: tuple[tuple[str, bool], ...] = ()
    fields: tuple[Field, ...] | None = None
    limit: int = 0
    paged: bool = False
    scope: str = ""


def read(xml: str, columns: Columns, person: Person) -> View:
    """The view that this XML says; an empty text is every item. Malformed, NotInstalled or NotBuilt otherwise."""
    if not xml.strip():
        return View()
    root = _root(xml)
    if root.tag != "View":
        raise Malformed
    _refuse_not_built(root)
    reader = _Reader(columns, person)
    limit, paged = _limit(root.find("RowLimit"))
    return View(
        where=reader.where(root.find("Query/Where")),
        order=tuple(reader.order(one) for one in root.findall("Query/OrderBy/FieldRef")),
        fields=reader.fields(root.find("ViewFields")),
        limit=limit,
        paged=paged,
        scope=_scope(root),
    )


def read_where(xml: str, columns: Columns, person: Person) -> Node | None:
    """The condition of an override: a View, a Query or a Where by itself; None of an empty text."""
    if not xml.strip():
        return None
    root = _root(xml)
    found = root if root.tag == "Where" else root.find({"View": "Query/Where", "Query": "Where"}.get(root.tag, "-"))
    _refuse_not_built(root)
    return _Reader(columns, person).where(found)


def _root(xml: str) -> Element:
    # Imported here: starting must be quick, and few requests need it.
    from xml.etree import ElementTree as Tree  # noqa: PLC0415

    if len(xml) > LONGEST or _DECLARATION.search(xml):
        raise Malformed
    try:
        return Tree.fromstring(xml)  # noqa: S314 — document types are refused above
    except (Tree.ParseError, ValueError):
        raise Malformed from None


def _refuse_not_built(root: Element) -> None:
    for part in root.iter():
        if part.tag in _NOT_BUILT:
            raise NotBuilt(f"The element '{part.tag}' of CAML is not built in this server.")


def _limit(found: Element | None) -> tuple[int, bool]:
    if found is None or not (found.text or "").strip():
        return 0, False
    text = str(found.text).strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Malformed
    return int(text), found.get("Paged", "").upper() == "TRUE"


def _scope(root: Element) -> str:
    options = root.find("QueryOptions/ViewAttributes")
    scope = root.get("Scope") or (options.get("Scope", "") if options is not None else "")
    if scope not in _SCOPES:
        raise Malformed
    return scope


class _Reader:
    def __init__(self, columns: Columns, person: Person) -> None:
        self._person = person
        self._columns = columns
        self._names = {field.name: field for field in columns.fields}
        self._guids = {field.guid: field for field in columns.fields}

    def where(self, found: Element | None) -> Node | None:
        if found is None or len(found) == 0:
            return None
        if len(found) != 1:
            raise Malformed
        return self._node(found[0], 0)

    def order(self, found: Element) -> tuple[str, bool]:
        field = self._field(found)
        return camlvalues.shown_by(self._columns, field), found.get("Ascending", "TRUE").upper() == "FALSE"

    def fields(self, found: Element | None) -> tuple[Field, ...] | None:
        if found is None:
            return None
        # What is computed from other columns is in every row, so only the columns themselves are read.
        named = [one for one in found.findall("FieldRef") if one.get("Name") not in COMPUTED - ALIASES.keys()]
        return tuple({field.no: field for field in map(self._field, named)}.values())

    def _node(self, found: Element, depth: int) -> Node:
        if depth > DEEPEST:
            raise Malformed
        if found.tag in ("And", "Or"):
            if len(found) != 2:  # SharePoint's And and Or are of two (doc)
                raise Malformed
            parts = (self._node(found[0], depth + 1), self._node(found[1], depth + 1))
            return And(parts) if found.tag == "And" else Or(parts)
        reference = found.find("FieldRef")
        if reference is None:
            raise Malformed
        build = self._builders().get(found.tag)
        if build is None:
            raise Malformed
        return build(self._field(reference), reference, found)

    def _builders(self) -> dict[str, Callable[[Field, Element, Element], Node]]:
        return {
            **dict.fromkeys(_COMPARISONS, self._compare),
            "IsNull": lambda field, _r, _f: Compare(field.shown_as, "eq", Literal("null", None)),
            "IsNotNull": lambda field, _r, _f: Compare(field.shown_as, "ne", Literal("null", None)),
            "BeginsWith": self._text(Starts),
            "Contains": self._text(Contains),
            "In": self._in,
            "Includes": self._compare,
            "NotIncludes": lambda field, reference, found: Not(self._compare(field, reference, found)),
        }

    def _compare(self, field: Field, reference: Element, found: Element) -> Node:
        value = _only_value(found)
        op = _COMPARISONS.get(found.tag, "eq")
        if field.kind == "DateTime":
            return _moment(field, op, value)
        name = camlvalues.compared(self._columns, field, reference, value)
        return Compare(name, op, self._literal(name, value))

    def _in(self, field: Field, reference: Element, found: Element) -> Node:
        values = found.findall("Values/Value")
        if not 1 <= len(values) <= MOST_IN:
            raise Malformed
        if field.kind == "DateTime":
            parts = tuple(_moment(field, "eq", value) for value in values)
            return Or(parts) if len(parts) > 1 else parts[0]
        name = camlvalues.compared(self._columns, field, reference, values[0])
        return In(name, tuple(self._literal(name, value) for value in values))

    def _text(self, kind: type[Starts] | type[Contains]) -> Callable[[Field, Element, Element], Node]:
        def build(field: Field, reference: Element, found: Element) -> Node:
            value = _only_value(found)
            name = camlvalues.compared(self._columns, field, reference, value)
            if column(self._columns, name).kind.edm != "Edm.String":
                raise Malformed
            return kind(name, "".join(value.itertext()))

        return build

    def _literal(self, name: str, value: Element) -> Literal:
        try:
            return camlvalues.literal(column(self._columns, name).kind, value, self._person)
        except ValueError:
            raise Malformed from None

    def _field(self, reference: Element) -> Field:
        name = ALIASES.get(reference.get("Name", ""), reference.get("Name", ""))
        field = self._names.get(name) or self._guids.get(reference.get("ID", "").strip("{}").lower())
        if field is None:
            raise NotInstalled
        return field


def _only_value(found: Element) -> Element:
    values = found.findall("Value")
    if len(values) != 1:
        raise Malformed
    return values[0]


def _moment(field: Field, op: str, value: Element) -> Node:
    try:
        return camlvalues.moment(field.shown_as, op, value)
    except ValueError:
        raise Malformed from None


def text_of(given: Any) -> str:
    """A ViewXml parameter as text; BadQuery if it is something else."""
    if given is None:
        return ""
    if not isinstance(given, str):
        raise BadQuery("ViewXml must be a string.")
    return given
