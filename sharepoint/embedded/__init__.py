"""A SharePoint-compatible REST server in its own process, for whoever has no tenant.

Start it with `python -m sharepoint.embedded --port P --data DIR --token T`. It refuses what
SharePoint refuses. It serves one site, `/sites/mhrmb`, under
`/sites/mhrmb/_api`, keeps it in `DIR/sharepoint.db`, and imports nothing of the rest of the product. A request without
an Accept header is answered in JSON with minimal metadata (SharePoint itself would answer Atom XML, which no client of
ours reads).

The site's locale is English (United Kingdom), 2057, and its clock London's: forms, texts and CAML's days follow them.

Answered with 501, for a later engineer to add: document libraries, files, folders and attachments; views, which read
as an empty collection; changing SchemaXml of an existing column; reading and restoring from the
recycle bin; item-level permissions and EffectiveBasePermissions; lookups that depend on another, and what a lookup
reads from once it is made; FieldValuesForEdit; $expand of anything but items, lists and their columns.
Of CAML: Membership, DateRangesOverlap, joins, grouping and aggregations. Of renderListDataAsStream: views by id,
overrideParameters, sorting and filtering by the query string, and the render options beside ContextInfo, ListData,
ListSchema and those that change nothing here. Of forms: folders, datesInUTC and numberInInvariantCulture.
"""
