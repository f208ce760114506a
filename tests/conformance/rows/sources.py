"""Where expectations come from: `doc` is Microsoft's documentation, `report` a public issue or a client's source,
`memory` unproven."""

LISTS = "doc: Working with lists and list items with REST"
ODATA = "doc: Use OData query operations in SharePoint REST requests"
BATCH = "doc: Make batch requests with the REST APIs"
LARGE = "doc: Manage large lists and libraries"
LIMITS = "doc: SharePoint limits"
THROTTLING = "doc: Avoid getting throttled or blocked in SharePoint Online"
CHANGES = "doc: SP.ChangeQuery; sync with the change log"
FIELDS = "doc: Fields REST API reference"
PEOPLE = "doc: Users, groups, and roles REST API reference"
VERSIONS = "doc: SP.ListItemVersion; report: public issues, see sharepoint/embedded/items.py"
STALE = "report: blog.timwheeler.io, 412 precondition failed"
UNIQUE = "memory: SPDuplicateValuesFoundException"
VIEWS = "doc: Lists and list items REST API reference"
CAML = "doc: List.GetItems; CAML query schema"
STREAM = "doc: Working with lists and list items with REST, RenderListDataAsStream"
FORMS = "doc: ListItem.ValidateUpdateListItem"
FILES = "doc: Working with folders and files with REST"
BIN = "doc: SP.RecycleBinItem"
WEBHOOKS = "doc: SharePoint list webhooks"
REPORT = "report: public issues, see sharepoint/embedded/errors.py"
HTTP = "doc: RFC 6750; memory: the code"

ADDRESSES = {
    LISTS: "https://learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-lists-and-list-items-with-rest",
    ODATA: "https://learn.microsoft.com/sharepoint/dev/sp-add-ins/"
    "use-odata-query-operations-in-sharepoint-rest-requests",
    BATCH: "https://learn.microsoft.com/sharepoint/dev/sp-add-ins/make-batch-requests-with-the-rest-apis",
    THROTTLING: "https://learn.microsoft.com/sharepoint/dev/general-development/"
    "how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online",
    LIMITS: "https://learn.microsoft.com/office365/servicedescriptions/sharepoint-online-service-description/"
    "sharepoint-online-limits",
}
