"""One page of a list's items: filter, order, page, and the list view threshold of 5,000 rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from sharepoint.embedded import filters
from sharepoint.embedded.entities import Many
from sharepoint.embedded.errors import BadQuery, BadRequest, NotBuilt, Throttled
from sharepoint.embedded.options import PAGE, Options
from sharepoint.embedded.schema import THRESHOLD, Columns, ListInfo
from sharepoint.embedded.selection import choose, item
from sharepoint.embedded.site import Site
from sharepoint.embedded.where import Column, column, compile_filter, leading

Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """One step of `$orderby`."""

    column: Column
    descending: bool

    @property
    def sql(self) -> str:
        """For ORDER BY; nothing sorts first going up and last going down, as in SQL Server."""
        return f"{self.column.sql} {'DESC' if self.descending else 'ASC'}"


def page(site: Site, info: ListInfo, options: Options, address: str) -> Many:
    """The items asked for, with the address of the next page if there are more. `address` has no query string."""
    chosen = choose(info.columns, options)
    order = _order(info.columns, options.orderby)
    condition, hint = _condition(site, info, options.filter)
    _refuse_slow_order(info, order)
    conditions = [condition, (info.visible, [])]
    if options.skiptoken:
        conditions.append(_after(site, info, order, options.skiptoken))
    top = PAGE if options.top is None else options.top
    keys = "".join(f", {one.column.sql}" for one in order)
    sql = (
        f"SELECT {chosen.sql}{keys} FROM {info.table} {hint} WHERE {' AND '.join(part for part, _ in conditions)} "  # noqa: S608
        f"ORDER BY {', '.join([*(one.sql for one in order), 'id ASC'])} LIMIT ?"
    )
    rows = site.database.all(sql, [value for _, values in conditions for value in values] + [top + 1])
    next_link = None
    if len(rows) > top > 0:
        last = rows[top - 1]
        token = _token(order, last["id"], tuple(last)[len(last) - len(order) :])
        next_link = f"{address}?{options.next_query(token)}"
    shown = [item(site, info, row, chosen) for row in rows[:top]]
    return Many(shown, next_link, metadata=f"SP.ListData.{info.entity}ListItems")


def _condition(site: Site, info: ListInfo, text: str) -> tuple[Condition, str]:
    if not text:
        return ("1", []), ""
    node = filters.parse(text)
    condition = compile_filter(node, info.columns)
    if not info.big:
        return condition, ""
    lead, part = leading(node, info.columns)
    sql, values = compile_filter(part, info.columns)
    hint = ""
    if lead.field is not None and lead.field.indexed and sql != "0":
        hint = f"INDEXED BY {index_name(lead.field.no)}"
    counted = site.database.one(
        f"SELECT count(*) FROM (SELECT 1 FROM {info.table} {hint} WHERE {sql} LIMIT ?)",  # noqa: S608
        [*values, THRESHOLD + 1],
    )
    if counted is not None and counted[0] > THRESHOLD:
        raise Throttled
    return condition, hint


def index_name(field_no: int) -> str:
    """The SQL index of a column."""
    return f"index_{field_no}"


def _order(columns: Columns, text: str) -> list[Order]:
    found: list[Order] = []
    for part in text.split(",") if text else []:
        words = part.split()
        if not 1 <= len(words) <= 2 or words[1:] not in ([], ["asc"], ["desc"]):
            raise BadQuery(f'The expression "{text[:500]}" is not valid.')
        one = Order(column(columns, words[0]), words[1:] == ["desc"])
        if not one.column.kind.filterable:
            raise BadRequest(
                f"The field '{words[0]}' of type '{one.column.kind.name}' cannot be used in the query sort expression."
            )
        found.append(one)
    if len(found) > 8:
        raise BadQuery("The $orderby expression names too many columns.")
    return found


def _refuse_slow_order(info: ListInfo, order: list[Order]) -> None:
    if info.big and not all(one.column.indexed for one in order):
        raise Throttled


def _token(order: list[Order], item_id: int, values: tuple[Any, ...]) -> str:
    parts = [
        f"&p_{one.column.name}={'' if value is None else quote(str(value), safe='')}"
        for one, value in zip(order, values, strict=True)
    ]
    return f"Paged=TRUE{''.join(parts)}&p_ID={item_id}"


def _after(site: Site, info: ListInfo, order: list[Order], token: str) -> Condition:
    given = dict(parse_qsl(token, keep_blank_values=True))
    item_id = given.get("p_ID", "")
    if given.get("PagedPrev", "").upper() == "TRUE":
        raise NotBuilt("Paging backwards is not built in this server.")
    if given.get("Paged", "").upper() != "TRUE" or not (item_id.isascii() and item_id.isdigit()) or len(item_id) > 15:
        raise BadQuery(f"The $skiptoken '{token[:200]}' is not valid.")
    names = [f"p_{one.column.name}" for one in order]
    if all(name in given for name in names):
        values: list[Any] = [given[name] or None for name in names]
    else:
        values = _values_of(site, info, order, int(item_id))
    return _beyond(order, values, int(item_id))


def _values_of(site: Site, info: ListInfo, order: list[Order], item_id: int) -> list[Any]:
    wanted = ", ".join(one.column.sql for one in order)
    row = site.database.one(f"SELECT {wanted} FROM {info.table} WHERE id = ?", (item_id,))  # noqa: S608
    if row is None:
        raise BadQuery(f"The $skiptoken does not tell where item {item_id} stood in the order asked for.")
    return list(row)


def _beyond(order: list[Order], values: list[Any], item_id: int) -> Condition:
    """The rows after a place in an order: those that differ first in the right direction, the id breaking ties."""
    options: list[str] = []
    bound: list[Any] = []
    same: list[str] = []
    for one, value in zip(order, values, strict=True):
        further, given = _further(one, value)
        options.append(" AND ".join([*same, further]))
        bound += [*values[: len(same)], *given]
        same.append(f"{one.column.sql} IS ?")
    options.append(" AND ".join([*same, "id > ?"]))
    bound += [*values, item_id]
    condition = f"({' OR '.join(options)})"
    if order and values[0] is not None and not order[0].descending:
        # Said twice so that SQLite starts reading its index at the right place.
        return f"{order[0].column.sql} >= ? AND {condition}", [values[0], *bound]
    return condition, bound


def _further(one: Order, value: Any) -> Condition:
    sql = one.column.sql
    if one.descending:
        return ("0", []) if value is None else (f"({sql} < ? OR {sql} IS NULL)", [value])
    return (f"{sql} IS NOT NULL", []) if value is None else (f"{sql} > ?", [value])
