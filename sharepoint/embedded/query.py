"""One page of a list's items: filter, order, page, and the list view threshold of 5,000 rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote

from sharepoint.embedded import filters
from sharepoint.embedded.entities import Many
from sharepoint.embedded.errors import BadQuery, BadRequest, Throttled
from sharepoint.embedded.filters import Node
from sharepoint.embedded.lookups import refuse_many
from sharepoint.embedded.options import PAGE, Options
from sharepoint.embedded.schema import THRESHOLD, Columns, ListInfo
from sharepoint.embedded.selection import choose, item
from sharepoint.embedded.site import Site
from sharepoint.embedded.where import Column, column, compile_filter, leading, named

Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """One step of `$orderby`."""

    column: Column
    descending: bool

    @property
    def turned(self) -> Order:
        """The same the other way round."""
        return Order(self.column, not self.descending)

    @property
    def sql(self) -> str:
        """For ORDER BY; nothing sorts first going up and last going down, as in SQL Server."""
        return f"{self.column.sql} {'DESC' if self.descending else 'ASC'}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What rows are wanted, in what order, from where, and how many; `notes` lets Note columns be searched (CAML), and
    `within` is the folder or depth of a library that they lie in."""

    where: Node | None
    order: list[Order]
    top: int
    token: str = ""
    notes: bool = False
    within: Condition = ("1", [])


def page(site: Site, info: ListInfo, options: Options, address: str) -> Many:
    """The items asked for, with the address of the next page if there are more. `address` has no query string."""
    chosen = choose(info.columns, options)
    node = filters.parse(options.filter) if options.filter else None
    order = _order(info.columns, options.orderby)
    refuse_joins(info.columns, [*options.select, *options.expand], node, order)
    top = PAGE if options.top is None else options.top
    rows, token = read(site, info, chosen.sql, Plan(node, order, top, options.skiptoken))
    next_link = f"{address}?{options.next_query(token)}" if token else None
    return Many([item(site, info, row, chosen) for row in rows], next_link, f"SP.ListData.{info.entity}ListItems")


def read(site: Site, info: ListInfo, selected: str, plan: Plan) -> tuple[list[sqlite3.Row], str]:
    """The rows of one page, and the token of the page after it ("" if there is none). `selected` begins with the id;
    Throttled if more than 5,000 rows would be touched."""
    condition, hint = _condition(site, info, plan)
    _refuse_slow_order(info, plan.order)
    place, back = _place(site, info, plan)
    keys = "".join(f", {one.column.sql}" for one in plan.order)
    order = [*((one.turned if back else one).sql for one in plan.order), "id DESC" if back else "id ASC"]
    rows = site.database.all(
        f"SELECT {selected}{keys} FROM {info.table} {hint} WHERE {condition[0]} AND {place[0]} "  # noqa: S608
        f"AND {info.visible} AND {plan.within[0]} ORDER BY {', '.join(order)} LIMIT ?",
        [*condition[1], *place[1], *plan.within[1], plan.top + 1],
    )
    more, shown = len(rows) > plan.top > 0, rows[: plan.top]
    if back:
        shown.reverse()  # there is a next page: the one that was come from
    if not shown or not (more or back):
        return shown, ""
    last = shown[-1]
    return shown, _token(plan.order, last["id"], tuple(last)[len(last) - len(plan.order) :])


def _condition(site: Site, info: ListInfo, plan: Plan) -> tuple[Condition, str]:
    node = plan.where
    if node is None:
        return ("1", []), ""
    condition = compile_filter(node, info.columns, notes=plan.notes)
    if not info.big:
        return condition, ""
    lead, part = leading(node, info.columns)
    sql, values = compile_filter(part, info.columns, notes=plan.notes)
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


def refuse_joins(columns: Columns, shown: Iterable[str], node: Node | None, order: list[Order]) -> None:
    """Throttled if what is shown, filtered and sorted by needs more than 12 person and lookup columns."""
    refuse_many(columns, [*shown, *(one.column.name for one in order), *(named(node) if node else ())])


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
        if not one.column.kind.filterable or one.column.several:
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


def _place(site: Site, info: ListInfo, plan: Plan) -> tuple[Condition, bool]:
    """The rows beyond the place a token names, and whether that is backwards (PagedPrev)."""
    if not plan.token:
        return ("1", []), False
    given = dict(parse_qsl(plan.token.removeprefix("?"), keep_blank_values=True))
    item_id = given.get("p_ID", "")
    if given.get("Paged", "").upper() != "TRUE" or not (item_id.isascii() and item_id.isdigit()) or len(item_id) > 15:
        raise BadQuery(f"The $skiptoken '{plan.token[:200]}' is not valid.")
    names = [f"p_{one.column.name}" for one in plan.order]
    if all(name in given for name in names):
        values: list[Any] = [given[name] or None for name in names]
    else:
        values = _values_of(site, info, plan.order, int(item_id))
    if given.get("PagedPrev", "").upper() == "TRUE":
        return _beyond([one.turned for one in plan.order], values, int(item_id), back=True), True
    return _beyond(plan.order, values, int(item_id)), False


def _values_of(site: Site, info: ListInfo, order: list[Order], item_id: int) -> list[Any]:
    wanted = ", ".join(one.column.sql for one in order)
    # Where an item out of the reader's sight stood would tell what it holds.
    row = site.database.one(f"SELECT {wanted} FROM {info.table} WHERE id = ? AND {info.visible}", (item_id,))  # noqa: S608
    if row is None:
        raise BadQuery(f"The $skiptoken does not tell where item {item_id} stood in the order asked for.")
    return list(row)


def _beyond(order: list[Order], values: list[Any], item_id: int, *, back: bool = False) -> Condition:
    """The rows after a place in an order: those that differ first in the right direction, the id breaking ties."""
    options: list[str] = []
    bound: list[Any] = []
    same: list[str] = []
    for one, value in zip(order, values, strict=True):
        further, given = _further(one, value)
        options.append(" AND ".join([*same, further]))
        bound += [*values[: len(same)], *given]
        same.append(f"{one.column.sql} IS ?")
    options.append(" AND ".join([*same, "id < ?" if back else "id > ?"]))
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
