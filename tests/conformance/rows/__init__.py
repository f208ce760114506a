"""Every row of the table, under the heading it is printed."""

from __future__ import annotations

from tests.conformance.row import Row
from tests.conformance.rows import items, lists, queries, service

PARTS: dict[str, list[Row]] = {
    "The site, lists and columns": lists.ROWS,
    "Items": items.ROWS,
    "Queries": queries.ROWS,
    "Batches, people, rights, changes, throttling": service.ROWS,
}
