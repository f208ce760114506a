"""The content types of a list: Item (of a library Document) and Folder, each the list's own child of the site's."""

from __future__ import annotations

from sharepoint.embedded import branches, collection, writing
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Entity, Reply
from sharepoint.embedded.errors import ResourceMissing
from sharepoint.embedded.schema import DOCUMENT_TYPE, FOLDER_TYPE, ITEM_TYPE, ListInfo
from sharepoint.embedded.site import Site

_GROUPS = {
    ITEM_TYPE: "List Content Types", DOCUMENT_TYPE: "Document Content Types", FOLDER_TYPE: "Folder Content Types",
}  # fmt: skip


def read_all(site: Site, call: Call) -> Reply:
    """GET lists/…/contenttypes."""
    return collection.page(call, of_list(site.open(call.person, call.keys[0])), "ContentTypes")


def read(site: Site, call: Call) -> Reply:
    """GET one content type, by its id."""
    wanted = call.keys[1].value.lower()
    for one in of_list(site.open(call.person, call.keys[0])):
        if str(one.values["StringId"]).lower() == wanted:
            return Reply(branches.shown(one, call.options))
    raise ResourceMissing("contenttypes")


def of_list(info: ListInfo) -> list[Entity]:
    """What new items are first: Item in a list, Document in a library."""
    if info.library:
        first = _shown(info, DOCUMENT_TYPE, "Document", "Create a new document.")
    else:
        first = _shown(info, ITEM_TYPE, "Item", "Create a new list item.")
    return [first, _shown(info, FOLDER_TYPE, "Folder", "Create a new folder.")]


def of_item(site: Site, info: ListInfo, item: int) -> Entity:
    """The content type of an item: the list's first, but for folders."""
    folder = info.library and bool(writing.find(site, info, item)["fs"])
    return of_list(info)[1 if folder else 0]


def _shown(info: ListInfo, stored: str, name: str, description: str) -> Entity:
    number = info.content_type(stored)
    values = {
        "Description": description, "DisplayFormTemplateName": "ListForm", "DisplayFormUrl": "",
        "DocumentTemplate": "", "DocumentTemplateUrl": "", "EditFormTemplateName": "ListForm", "EditFormUrl": "",
        "Group": _GROUPS[stored], "Hidden": False,
        "Id": Complex("SP.ContentTypeId", {"StringValue": number}), "JSLink": "", "Name": name,
        "NewFormTemplateName": "ListForm", "NewFormUrl": "", "ReadOnly": False,
        "Scope": info.root, "Sealed": False, "StringId": number,
    }  # fmt: skip
    return Entity("SP.ContentType", f"{info.path}/ContentTypes('{number}')", values)
