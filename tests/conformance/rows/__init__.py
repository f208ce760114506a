"""Every row of the table, under the heading it is printed."""

from __future__ import annotations

from tests.conformance.row import Row
from tests.conformance.rows import browsing, hooks, items, libraries, lists, lookups, queries, service, views

PARTS: dict[str, list[Row]] = {
    "The site, lists and columns": lists.ROWS,
    "Views and forms": views.ROWS,
    "Items": items.ROWS,
    "Queries": queries.ROWS,
    "Lookups, CAML, streams and form values": lookups.ROWS,
    "Libraries, bins, attachments and permissions of items": libraries.ROWS,
    "Browsing": browsing.ROWS,
    "Batches, people, rights, changes, throttling": service.ROWS,
    "Webhooks": hooks.ROWS,
}
