"""The content types of a list: Item and Folder, each the list's own child of the site's, as a new list has them."""

from __future__ import annotations

import uuid

from sharepoint.embedded import addresses, branches, collection
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Complex, Entity, Reply
from sharepoint.embedded.errors import ResourceMissing
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site


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
    """Item first, which is what new items are."""
    folder = f"0x0120{uuid.uuid5(uuid.UUID(info.guid), 'Folder').hex.upper()}"
    return [
        _shown(info, info.content_type, "Item", "Create a new list item."),
        _shown(info, folder, "Folder", "Create a new folder."),
    ]


def linked(_site: Site, info: ListInfo, _item: int, select: branches.Names, expand: branches.Names) -> Entity:
    """The content type of an item, for `$expand`: every one is an Item."""
    return branches.narrowed(of_list(info)[0], select, expand)


def _shown(info: ListInfo, number: str, name: str, description: str) -> Entity:
    values = {
        "Description": description, "DisplayFormTemplateName": "ListForm", "DisplayFormUrl": "",
        "DocumentTemplate": "", "DocumentTemplateUrl": "", "EditFormTemplateName": "ListForm", "EditFormUrl": "",
        "Group": "Folder Content Types" if name == "Folder" else "List Content Types", "Hidden": False,
        "Id": Complex("SP.ContentTypeId", {"StringValue": number}), "JSLink": "", "Name": name,
        "NewFormTemplateName": "ListForm", "NewFormUrl": "", "ReadOnly": False,
        "Scope": addresses.root_folder(info), "Sealed": False, "StringId": number,
    }  # fmt: skip
    return Entity("SP.ContentType", f"{info.path}/ContentTypes('{number}')", values)
