"""A SharePoint-compatible REST server in its own process, for whoever has no tenant.

Start it with `python -m sharepoint.embedded --port P --data DIR --token T`. It refuses what
SharePoint refuses. It serves one site, `/sites/mhrmb`, under
`/sites/mhrmb/_api`, keeps it in `DIR/sharepoint.db`, and imports nothing of the rest of the product. A request without
an Accept header is answered in JSON with minimal metadata (SharePoint itself would answer Atom XML, which no client of
ours reads).

Answered with 501, for a later engineer to add: document libraries, files, folders and attachments; CAML (GetItems,
renderListDataAsStream); validateUpdateListItem; a view's renderAsHtml; webhook subscriptions;
lookup, multiple-choice and multiple-person columns; changing a column's type, but text to choice and back; reading
and restoring from the recycle bin; item-level permissions and EffectiveBasePermissions; content types; paging
backwards; $expand and $orderby of anything but items; the date functions of $filter (day, month, year, hour, minute,
second).
"""
