"""A SharePoint-compatible REST server in its own process, for whoever has no tenant.

Start it with `python -m sharepoint.embedded --port P --data DIR --token T`. It refuses what
SharePoint refuses. It serves one site, `/sites/mhrmb`, under
`/sites/mhrmb/_api`, keeps it in `DIR/sharepoint.db`, and imports nothing of the rest of the product. A request without
an Accept header is answered in JSON with minimal metadata (SharePoint itself would answer Atom XML, which no client of
ours reads).

The site's locale is English (United Kingdom), 2057, and its clock London's: forms, texts and CAML's days follow them.
Files and attachments are kept in the same database as their items (see contents: at most 64 MiB in one request, 250 MiB
in pieces), every write of theirs in one transaction with its version and change.

Answered with 501, for a later engineer to add:
- of columns: changing the type, but text to choice and back and one value to several; lookups that depend on another,
  and what a lookup reads from once it is made;
- of items: FieldValuesForEdit; EncodedAbsUrl; EffectiveBasePermissions as a column (it has an address); folders in
  generic lists; getListItemChangesSinceToken;
- of $expand: anything but items, lists, columns, content types, files, folders, attachments, versions, the recycle bin
  and role assignments;
- of CAML: Membership, DateRangesOverlap, joins, grouping and aggregations;
- of views: renderAsHtml; of renderListDataAsStream: overrideParameters, sorting and filtering by the query string, and
  the render options beside ContextInfo, ListData, ListSchema and those that change nothing here;
- of forms: making folders, datesInUTC and numberInInvariantCulture;
- of files: moving a file to another library; publishing, approval and minor versions; recycling
  single versions (they can be deleted); web parts and pages;
- of permissions: those of the site itself, other than by its groups.
"""
