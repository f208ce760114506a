"""A SharePoint-compatible REST server in its own process, for whoever has no tenant.

Start it with `python -m sharepoint.embedded --port P --data DIR --token T`. It refuses what
SharePoint refuses. It serves one site, `/sites/mhrmb`, under
`/sites/mhrmb/_api`, keeps it in `DIR/sharepoint.db`, and imports nothing of the rest of the product. A request without
an Accept header is answered in JSON with minimal metadata (SharePoint itself would answer Atom XML, which no client of
ours reads).

Files and attachments are kept in the same database as their items (see contents: at most 64 MiB in one request, 250 MiB
in pieces), every write of theirs in one transaction with its version and change.

Answered with 501, for a later engineer to add: CAML (GetItems, renderListDataAsStream); validateUpdateListItem; views,
which read as an empty collection; webhook subscriptions; lookup, multiple-choice and multiple-person columns; changing
SchemaXml of an existing column; content types; paging backwards; the date functions of $filter (day, month, year, hour,
minute, second); SP.MoveCopyUtil, and moving a file to another library; publishing, approval and minor versions;
recycling single versions (they can be deleted); web parts and pages; folders in generic lists; EffectiveBasePermissions
as a column of items (it has an address); permissions of the site itself, other than by its groups.
"""
