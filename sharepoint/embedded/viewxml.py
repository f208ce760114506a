"""A view's XML, read and written: the query alone, and the whole view as `ListViewXml` and `SetViewXml` have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from sharepoint.embedded.errors import BadRequest

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_QUERY = frozenset({"Where", "OrderBy", "GroupBy"})
_ARGUMENT = "-1, System.ArgumentException"
USUAL_ROWS = 30


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a view's XML says: its query (the inside of `Query`), columns by internal name, rows a page."""

    query: str
    fields: tuple[str, ...]
    row_limit: int
    paged: bool


def checked_query(text: str) -> str:
    """A ViewQuery; BadRequest unless it is XML of `Where`, `OrderBy` and `GroupBy` (doc: CamlQueryRoot).

    Which columns it names is not looked at: SharePoint keeps such a view and fails when it is opened (memory).
    """
    for part in _read(f"<Query>{text}</Query>"):
        if part.tag not in _QUERY:
            raise _malformed(f"a query has no {part.tag[:40]}")
    return text


def read(text: str) -> Drawn:
    """The XML of a view; a part that is absent is empty, since it replaces what was there.

    Client libraries send the inside of `View` as well as the whole (report: pnpframework sets the inner XML).
    """
    root = _read(f"<Whole>{text}</Whole>")
    inside = root[0] if len(root) == 1 and root[0].tag == "View" else root
    query, fields, limit = inside.find("Query"), inside.find("ViewFields"), inside.find("RowLimit")
    rows = USUAL_ROWS if limit is None else _rows(limit.text or "")
    paged = limit is not None and limit.get("Paged", "").upper() == "TRUE"
    return Drawn(
        checked_query("" if query is None else _inside(query)),
        tuple(ref.get("Name", "") for ref in ([] if fields is None else fields.findall("FieldRef"))),
        rows,
        paged,
    )


def fields_xml(names: tuple[str, ...]) -> str:
    """The columns of a view, one FieldRef each."""
    return "".join(f"<FieldRef Name={quoteattr(name)} />" for name in names)


def view_xml(attributes: dict[str, Any], drawn: Drawn, formatter: str) -> str:
    """The whole view, in the order SharePoint writes it (report: the answers recorded in cli-microsoft365's tests)."""
    head = " ".join(f"{name}={quoteattr(_told(value))}" for name, value in attributes.items() if value is not False)
    custom = f"<CustomFormatter>{escape(formatter)}</CustomFormatter>" if formatter else ""
    return (
        f"<View {head} ><Query>{drawn.query}</Query><ViewFields>{fields_xml(drawn.fields)}</ViewFields>"
        f'<RowLimit Paged="{_told(drawn.paged)}">{drawn.row_limit}</RowLimit>{custom}'
        '<JSLink>clienttemplates.js</JSLink><XslLink Default="TRUE">main.xsl</XslLink><Toolbar Type="Standard"/></View>'
    )


def _told(value: Any) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)


def _rows(text: str) -> int:
    if not text.strip().isdigit():
        raise _malformed("RowLimit is not a whole number")
    return int(text)


def _inside(element: Element) -> str:
    from xml.etree import ElementTree as Tree  # noqa: PLC0415 — as below

    return escape(element.text or "") + "".join(Tree.tostring(one, encoding="unicode") for one in element)


def _read(text: str) -> Element:
    # Imported here: only provisioning needs it, and starting must be quick.
    from xml.etree import ElementTree as Tree  # noqa: PLC0415

    if "<!" in text:  # no document types, so no entities to expand
        raise _malformed("it holds a document type")
    try:
        return Tree.fromstring(text)  # noqa: S314 — document types are refused above
    except Tree.ParseError as error:
        raise _malformed("it is not well-formed") from error


def _malformed(why: str) -> BadRequest:
    return BadRequest(f"The XML of the view cannot be used: {why}.", code=_ARGUMENT)
