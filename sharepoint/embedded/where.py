"""A filter as SQL with bound parameters, and the rule of the list view threshold about what leads it.

On a list of more than 5,000 rows the leftmost conjunct must be a comparison (not `ne`) or startswith on an indexed
column and itself touch at most 5,000 rows. SharePoint's own optimiser forgives a little more; the strict side is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sharepoint.embedded.errors import BadRequest, Throttled, UnknownColumn
from sharepoint.embedded.filters import And, Compare, Contains, DatePart, In, Literal, Node, Not, Or, Starts
from sharepoint.embedded.kinds import COLLECTIONS, KINDS, Kind
from sharepoint.embedded.lookups import joined
from sharepoint.embedded.schema import Columns, Field

_OPS = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_LAST = "\U0010ffff"
# Where each part stands in a stored instant, 2026-11-22T10:00:00Z: its first character and its length.
_PARTS = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hour": (12, 2), "minute": (15, 2), "second": (18, 2)}


@dataclass(frozen=True, slots=True)
class Column:
    """Something a filter or a sort may name; `field` is None for a sub-field of a person or lookup.

    Of a column that holds several values `several` is its own SQL, and `sql` stands for one of what it holds: a
    condition is met if one of them meets it.
    """

    name: str
    sql: str
    kind: Kind
    field: Field | None
    several: str = ""

    @property
    def stored(self) -> str:
        """The SQL that is NULL when the column is empty."""
        return self.several or self.sql

    def any(self, test: str) -> str:
        """A test of `sql` as a condition on the row."""
        if not self.several:
            return test
        return f"EXISTS (SELECT 1 FROM json_each({self.several}) j WHERE {test})"  # noqa: S608 — names of ours

    @property
    def indexed(self) -> bool:
        """Whether an index leads to its rows; the id counts as one."""
        return self.field is not None and (self.field.indexed or self.field.kind == "Counter")


def column(columns: Columns, name: str) -> Column:
    """The column a filter or sort names, such as `Status`, `AuthorId` or `Author/Title`; UnknownColumn otherwise."""
    head, slash, tail = name.partition("/")
    if not slash and head in columns.by_property:
        field = columns.by_property[head]
        if field.kind in COLLECTIONS:
            return Column(name, "j.value", KINDS["Text" if field.kind == "MultiChoice" else "Counter"], None, field.sql)
        return Column(name, field.sql, field.type, field)
    if slash and head in columns.references:
        field = columns.references[head]
        if field.kind in COLLECTIONS:
            sql, kind = joined(columns, field, tail, "j.value")
            return Column(name, sql, kind, None, field.sql)
        sql, kind = joined(columns, field, tail, field.sql)
        return Column(name, sql, kind, field if sql == field.sql else None)
    raise UnknownColumn(name)


def named(node: Node) -> Iterator[str]:
    """The columns a filter names."""
    if isinstance(node, (And, Or)):
        for one in node.parts:
            yield from named(one)
    elif isinstance(node, Not):
        yield from named(node.part)
    else:
        yield node.column


def compile_filter(node: Node, columns: Columns, *, notes: bool = False) -> tuple[str, list[Any]]:
    """The SQL of a condition and its parameters. Text compares without case (ASCII); nothing equals only null.

    `notes` lets Note columns be searched, as CAML may and $filter may not."""
    if isinstance(node, (And, Or)):
        return _joined(node, columns, notes=notes)
    if isinstance(node, Not):
        sql, values = compile_filter(node.part, columns, notes=notes)
        return f"NOT coalesce({sql}, 0)", values
    found = _filterable(columns, node.column, notes=notes)
    if isinstance(node, Compare):
        return _compare(found, node.op, node.value)
    if isinstance(node, DatePart):
        return _date_part(found, node)
    if isinstance(node, In):
        values = [found.kind.literal(value) for value in node.values]
        return found.any(f"{found.sql} IN ({', '.join('?' * len(values))})"), values
    text = found.kind.literal(Literal("string", node.text))
    if found.kind.edm != "Edm.String":
        raise BadRequest(f"The field '{node.column}' is not a text field, so it cannot be searched.")
    if isinstance(node, Starts):
        return found.any(f"({found.sql} >= ? AND {found.sql} < ?)"), [text, f"{text}{_LAST}"]
    return found.any(f"instr(lower({found.sql}), lower(?)) > 0"), [text]


def _date_part(found: Column, node: DatePart) -> tuple[str, list[Any]]:
    if found.kind.name != "DateTime":
        raise BadRequest(f"The field '{node.column}' is not a date, so it has no {node.part}.")
    start, length = _PARTS[node.part]
    op = "<>" if node.op == "ne" else _OPS[node.op]
    return f"CAST(substr({found.sql}, {start}, {length}) AS INTEGER) {op} ?", [node.number]


def _joined(node: And | Or, columns: Columns, *, notes: bool) -> tuple[str, list[Any]]:
    parts = [compile_filter(part, columns, notes=notes) for part in node.parts]
    word = " AND " if isinstance(node, And) else " OR "
    return f"({word.join(sql for sql, _ in parts)})", [value for _, values in parts for value in values]


def _compare(found: Column, op: str, value: Literal) -> tuple[str, list[Any]]:
    if value.kind == "null":
        # Nothing is neither more nor less than anything.
        return {"eq": f"{found.stored} IS NULL", "ne": f"{found.stored} IS NOT NULL"}.get(op, "0"), []
    stored = found.kind.literal(value)
    if op == "ne":
        # SharePoint's Neq keeps the rows that hold nothing (memory).
        return f"NOT coalesce({found.any(f'{found.sql} = ?')}, 0)", [stored]
    return found.any(f"{found.sql} {_OPS[op]} ?"), [stored]


def _filterable(columns: Columns, name: str, *, notes: bool) -> Column:
    found = column(columns, name)
    if not found.kind.filterable and not (notes and found.kind.name == "Note"):
        raise BadRequest(
            f"The field '{name}' of type '{found.kind.name}' cannot be used in the query filter expression."
        )
    return found


def leading(node: Node, columns: Columns) -> tuple[Column, Node]:
    """The leftmost conjunct of a filter on a big list; Throttled if it cannot use an index."""
    while isinstance(node, And):
        node = node.parts[0]
    if not isinstance(node, (Starts, Compare, In)) or (isinstance(node, Compare) and node.op == "ne"):
        raise Throttled
    found = column(columns, node.column)
    # In is one seek for each value; only the id's is known to be let through (memory).
    if not found.indexed or (isinstance(node, In) and found.kind.name != "Counter"):
        raise Throttled
    return found, node


def matches(node: Node, values: Mapping[str, Any]) -> bool:
    """A filter over the plain properties of something small, such as a column or a list."""
    if isinstance(node, And):
        return all(matches(part, values) for part in node.parts)
    if isinstance(node, Or):
        return any(matches(part, values) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, values)
    if node.column not in values:
        raise UnknownColumn(node.column)
    held = _plain(values[node.column])
    if isinstance(node, DatePart):
        start, length = _PARTS[node.part]
        digits = str(held or "")[start - 1 : start - 1 + length]
        return digits.isdigit() and _holds(int(digits), node.op, node.number)
    if isinstance(node, Starts):
        return str(held or "").startswith(node.text.lower())
    if isinstance(node, Contains):
        return node.text.lower() in str(held or "")
    if isinstance(node, In):
        return any(_holds(held, "eq", _plain(value.value)) for value in node.values)
    return _holds(held, node.op, _plain(node.value.value))


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value.lower() if isinstance(value, str) else value


def _holds(held: Any, op: str, given: Any) -> bool:
    if op in ("eq", "ne"):
        return bool(held == given) is (op == "eq")
    try:
        return bool({"lt": held < given, "le": held <= given, "gt": held > given, "ge": held >= given}[op])
    except TypeError:
        return False
