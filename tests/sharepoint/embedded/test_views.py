"""Views as SharePoint's: one in a new list, made, changed and deleted by the requests clients send, and refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from sharepoint.embedded import database
from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
OPEN = '<Where><Eq><FieldRef Name="Open" /><Value Type="Boolean">1</Value></Eq></Where>'
VERBOSE = "application/json;odata=verbose"


def names(server: EmbeddedServer, view: str) -> list[str]:
    """The columns a view shows, in order."""
    shown: list[str] = server.get(f"{view}/viewfields")["Items"]
    return shown


def add(server: EmbeddedServer, path: str, title: str = "Mine", **more: Any) -> str:
    """Make a view as cli-microsoft365 does, and answer its path."""
    body = {"Title": title, "ViewFields": {"results": ["Status", "Due"]}, **more}
    made = server.post(f"{path}/views/add", {"parameters": body}, content_type=VERBOSE)
    return f"{path}/views(guid'{made['Id']}')"


def test_a_new_list_has_one_view(server: EmbeddedServer, new_list: NewList) -> None:
    """All Items, the default, shows the title, thirty rows a page (report: cli-microsoft365 recorded one)."""
    path = new_list()
    (view,) = server.get(f"{path}/views")["value"]
    expected = {
        "Title": "All Items", "DefaultView": True, "Paged": True, "RowLimit": 30, "PersonalView": False,
        "Hidden": False, "ViewType": "HTML", "ViewQuery": '<OrderBy><FieldRef Name="ID" /></OrderBy>',
        "CustomFormatter": None, "Scope": 0,
    }  # fmt: skip
    assert {name: view[name] for name in expected} == expected
    title = server.get(f"{path}/Title")["value"]
    assert view["ServerRelativeUrl"] == f"/sites/mhrmb/Lists/{title}/AllItems.aspx"
    assert server.get(f"{path}?$select=DefaultViewUrl")["DefaultViewUrl"] == view["ServerRelativeUrl"]
    assert names(server, f"{path}/DefaultView") == ["LinkTitle"]
    whole = ET.fromstring(view["ListViewXml"])
    assert whole.get("Name") == f"{{{view['Id'].upper()}}}"
    assert [ref.get("Name") for ref in whole.findall("ViewFields/FieldRef")] == ["LinkTitle"]
    assert (whole.findtext("RowLimit"), whole.get("DefaultView")) == ("30", "TRUE")


def test_a_view_by_every_address(server: EmbeddedServer, new_list: NewList) -> None:
    """By id in three spellings, by title, as the list's default view, and one property by itself."""
    path = new_list()
    guid = server.get(f"{path}/defaultview?$select=Id")["Id"]
    for address in (
        f"views('{guid}')",
        f"Views(guid'{guid.upper()}')",
        f"views/getById('{guid}')",
        "views/getByTitle('All%20Items')",
        f"getView('{guid}')",
        "DefaultView",
    ):
        assert server.get(f"{path}/{address}")["Id"] == guid, address
        assert server.get(f"{path}/{address}/RowLimit") == {"value": 30}, address
    verbose = server.get(f"{path}/DefaultView", accept=VERBOSE)["d"]
    assert verbose["__metadata"]["type"] == "SP.View"
    assert verbose["ViewFields"]["__deferred"]["uri"].endswith("/ViewFields")
    expanded = server.get(f"{path}/views?$select=Title,ViewFields&$expand=ViewFields&$top=1")["value"]
    assert expanded == [
        {"Title": "All Items", "ViewFields": {"SchemaXml": '<FieldRef Name="LinkTitle" />', "Items": ["LinkTitle"]}}
    ]
    assert server.get(f"{path}/views?$filter=Title eq 'None'")["value"] == []


def test_made_with_post(server: EmbeddedServer, new_list: NewList) -> None:
    """POST views takes a view's properties; its columns are added one by one, as PnPjs does."""
    path = new_list()
    body = {"Title": "Open ones", "PersonalView": False, "ViewQuery": OPEN, "RowLimit": 50, "Paged": True}
    made = server.post(f"{path}/views", body)
    assert (made["ViewQuery"], made["RowLimit"], made["DefaultView"]) == (OPEN, 50, False)
    assert made["ServerRelativeUrl"].endswith("/Open ones.aspx")
    view = f"{path}/views('{made['Id']}')"
    server.post(f"{view}/viewfields/removeallviewfields")
    assert names(server, view) == []
    for name in ("Status", "Due", "Created", "Owner"):
        server.post(f"{view}/viewfields/addviewfield('{name}')")
    server.post(f"{view}/viewfields/addviewfield('Due')")
    server.post(f"{view}/viewfields/addViewField", {"strField": "Created By"})
    server.post(f"{view}/viewfields/moveviewfieldto", {"field": "Owner", "index": 0})
    server.post(f"{view}/viewfields/removeviewfield('Created')")
    assert names(server, view) == ["Owner", "Status", "Due", "Author"]
    assert server.get(f"{view}/viewfields/schemaxml")["value"].count("<FieldRef ") == 4


def test_made_in_one_request(server: EmbeddedServer, new_list: NewList) -> None:
    """views/add takes columns, query and all in one ViewCreationInformation, and may make it the default."""
    path = new_list()
    view = add(server, path, Query=OPEN, RowLimit=30, Paged=True, SetAsDefaultView=True, PersonalView=False)
    assert names(server, view) == names(server, f"{path}/defaultview") == ["Status", "Due"]
    defaults = [one["Title"] for one in server.get(f"{path}/views")["value"] if one["DefaultView"]]
    assert defaults == ["Mine"]


def test_changed(server: EmbeddedServer, new_list: NewList) -> None:
    """MERGE sets each property by itself; what is not named stays; there is one default view."""
    path = new_list()
    view = add(server, path)
    formatter = json.dumps({"additionalRowClass": "=if([$Open] == 1, '', '')"})
    changes: dict[str, Any] = {
        "Title": "Ours", "ViewQuery": OPEN, "RowLimit": 75, "Paged": False, "Hidden": True, "DefaultView": True,
        "CustomFormatter": formatter, "Scope": 1, "ViewType2": "TILES", "Aggregations": "",
    }  # fmt: skip
    for name, value in changes.items():
        server.merge(view, {"__metadata": {"type": "SP.View"}, name: value}, content_type=VERBOSE)
    shown = server.get(view)
    assert {name: shown[name] for name in changes} == changes
    assert names(server, view) == ["Status", "Due"]
    server.merge(view, {"DefaultView": False, "CustomFormatter": ""})
    assert [one["Title"] for one in server.get(f"{path}/views")["value"] if one["DefaultView"]] == ["Ours"]
    assert server.get(view)["CustomFormatter"] is None


@pytest.mark.parametrize("name", ["SetViewXml", "ListViewXml"])
def test_the_whole_xml_replaces_what_was_there(server: EmbeddedServer, new_list: NewList, name: str) -> None:
    """Columns, query and row limit in one write; what the XML leaves out is empty."""
    path = new_list()
    view = add(server, path, Query=OPEN)
    xml = (
        '<View><Query><OrderBy><FieldRef Name="Status" Ascending="FALSE"/></OrderBy></Query><ViewFields>'
        '<FieldRef Name="Key"/><FieldRef Name="Open"/></ViewFields><RowLimit Paged="TRUE">40</RowLimit></View>'
    )
    for whole in (xml, xml.removeprefix("<View>").removesuffix("</View>")):
        if name == "SetViewXml":
            server.post(f"{view}/SetViewXml()", {"viewXml": whole})
        else:
            server.merge(view, {"ListViewXml": whole})
        shown = server.get(view)
        assert (shown["RowLimit"], shown["Paged"]) == (40, True)
        query = ET.fromstring(shown["ViewQuery"])
        assert (query.tag, query[0].attrib) == ("OrderBy", {"Name": "Status", "Ascending": "FALSE"})
        assert names(server, view) == ["Key", "Open"]
    server.post(f"{view}/SetViewXml", {"ViewXml": "<View><RowLimit>5</RowLimit></View>"})
    assert (names(server, view), server.get(view)["ViewQuery"]) == ([], "")
    # What it answers as its whole XML can be sent back as it is.
    server.post(f"{view}/SetViewXml", {"viewXml": server.get(f"{path}/views/getByTitle('All Items')")["ListViewXml"]})
    assert names(server, view) == ["LinkTitle"]


REFUSED = [
    ("POST", "views", {}, 400),
    ("POST", "views", {"Title": ""}, 400),
    ("POST", "views", {"Title": "t" * 256}, 400),
    ("POST", "views", {"Title": "t", "ViewFields": {"results": ["Status"]}}, 400),
    ("POST", "views", {"Title": "t", "Query": OPEN}, 400),
    ("POST", "views", {"Title": "t", "Colour": "red"}, 400),
    ("POST", "views", {"Title": "t", "RowLimit": 0}, 400),
    ("POST", "views", {"Title": "t", "RowLimit": "30"}, 400),
    ("POST", "views", {"Title": "t", "RowLimit": 2**31}, 400),
    ("POST", "views", {"Title": "t", "PersonalView": True, "DefaultView": True}, 400),
    ("POST", "views", {"Title": "t", "ViewTypeKind": [1]}, 501),
    ("POST", "views/add", {"Title": "t"}, 400),
    ("POST", "views/add", {"parameters": {"Title": "t", "ViewQuery": OPEN}}, 400),
    ("POST", "views/add", {"parameters": {"Title": "t", "ViewFields": "Status"}}, 400),
    ("POST", "views/add", {"parameters": {"Title": "t", "ViewFields": ["Nowhere"]}}, 400),
    ("POST", "views/add", {"parameters": {"Title": "t", "SetAsDefaultView": "yes"}}, 400),
    ("POST", "views/add", {"parameters": {"Title": "t", "ViewType2": "POEM"}}, 400),
    ("MERGE", "defaultview", {"ViewQuery": "<Where><Eq>"}, 400),
    ("MERGE", "defaultview", {"ViewQuery": "<Query><Where /></Query>"}, 400),
    ("MERGE", "defaultview", {"ViewQuery": '<!DOCTYPE a [<!ENTITY b "c">]><Where>&b;</Where>'}, 400),
    ("MERGE", "defaultview", {"CustomFormatter": "not json"}, 400),
    ("MERGE", "defaultview", {"CustomFormatter": "[]"}, 400),
    ("MERGE", "defaultview", {"Hidden": "TRUE"}, 400),
    ("MERGE", "defaultview", {"ServerRelativeUrl": "/x"}, 400),
    ("MERGE", "defaultview", {"Id": "0"}, 400),
    ("MERGE", "views/getByTitle('Nothing')", {"RowLimit": 3}, 404),
    ("POST", "defaultview/viewfields/addviewfield('Nowhere')", None, 400),
    ("POST", "defaultview/viewfields/addviewfield", {}, 400),
    ("POST", "defaultview/viewfields/moveviewfieldto", {"field": "LinkTitle", "index": 4}, 400),
    ("POST", "defaultview/viewfields/moveviewfieldto", {"field": "Status", "index": 0}, 400),
    ("POST", "defaultview/viewfields/moveviewfieldto", {"field": "LinkTitle", "index": "-1"}, 400),
    ("POST", "defaultview/SetViewXml", {"viewXml": "<View><ViewFields>"}, 400),
    ("POST", "defaultview/SetViewXml", {"viewXml": '<View><ViewFields><FieldRef Name="No"/></ViewFields></View>'}, 400),
    ("POST", "defaultview/SetViewXml", {"viewXml": "<View><RowLimit>many</RowLimit></View>"}, 400),
    ("POST", "defaultview/SetViewXml", {}, 400),
    ("DELETE", "defaultview", None, 400),
    ("DELETE", "views/getByTitle('Nothing')", None, 404),
    ("GET", "views/getByColour('red')", None, 404),
    ("GET", "defaultview/renderashtml", None, 501),
    ("GET", "views?$orderby=Nowhere", None, 400),
    ("GET", "views?$expand=Nowhere", None, 400),
    ("GET", "views?$select=Colour", None, 400),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "address", "body", "status"), REFUSED, ids=range(len(REFUSED)))
def test_refused(server: EmbeddedServer, new_list: NewList, verb: str, address: str, body: Any, status: int) -> None:
    """What SharePoint refuses is refused, and leaves the views as they were."""
    path = new_list()
    before = server.get(f"{path}/views")
    named = {"x_http_method": verb, "if_match": "*"} if verb in ("MERGE", "DELETE") else {}
    response = server.call("GET" if verb == "GET" else "POST", f"{path}/{address}", body, **named)
    assert response.status_code == status, response.text
    assert response.json()["odata.error"]["message"]["value"]
    assert server.get(f"{path}/views") == before


def test_deleted(server: EmbeddedServer, new_list: NewList) -> None:
    """A view that is not the default one can go, also the former default; a deleted column leaves every view."""
    path = new_list()
    view = add(server, path, SetAsDefaultView=True)
    server.delete(f"{path}/views/getByTitle('All Items')")
    assert [one["Title"] for one in server.get(f"{path}/views")["value"]] == ["Mine"]
    server.delete(f"{path}/fields/getByInternalNameOrTitle('Due')")
    assert names(server, view) == ["Status"]
    server.delete(path)
    assert server.call("GET", view).status_code == 404


def test_two_of_one_title_have_pages_of_their_own(server: EmbeddedServer, new_list: NewList) -> None:
    """A title may repeat, the page's address does not (report: pnp/pnpframework#944)."""
    path = new_list()
    pages = [server.get(add(server, path, title))["ServerRelativeUrl"] for title in ("Due/now", "Due/now", "???")]
    assert [page.rpartition("/")[2] for page in pages] == ["Duenow.aspx", "Duenow1.aspx", "View.aspx"]


def test_whose_view_it_is(server: EmbeddedServer, new_list: NewList) -> None:
    """A personal view is seen by the person who made it alone; a reader of the list cannot make or change any."""
    path = new_list()
    made = server.call("POST", f"{path}/views", {"Title": "My own", "PersonalView": True}, token="ada-token").json()
    assert made["PersonalView"] is True
    assert {one["Title"] for one in server.get(f"{path}/views", authorization="Bearer ada-token")["value"]} == {
        "All Items",
        "My own",
    }
    assert [one["Title"] for one in server.get(f"{path}/views")["value"]] == ["All Items"]
    assert server.call("GET", f"{path}/views('{made['Id']}')").status_code == 404
    members = server.get("web/associatedmembergroup")["Id"]
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    server.post(f"{path}/roleassignments/addroleassignment(principalid={members},roledefid=1073741826)")
    for verb, address, body in (
        ("POST", "views", {"Title": "t"}),
        ("POST", "views", {"Title": "t", "PersonalView": True}),
        ("MERGE", "defaultview", {"RowLimit": 3}),
        ("POST", "defaultview/viewfields/removeallviewfields", None),
        ("DELETE", f"views('{made['Id']}')", None),
    ):
        named = {} if verb == "POST" else {"x_http_method": verb, "if_match": "*"}
        refused = server.call("POST", f"{path}/{address}", body, token="ada-token", **named)
        assert refused.status_code == 403, address


def test_changes_tell_of_views(server: EmbeddedServer, new_list: NewList) -> None:
    """getChanges tells a view made, changed and deleted when View is asked for, and only then."""
    path = new_list()
    token = server.get(f"{path}?$select=CurrentChangeToken")["CurrentChangeToken"]["StringValue"]
    view = add(server, path)
    guid = server.get(f"{view}/Id")["value"]
    server.merge(view, {"RowLimit": 7})
    server.delete(view)
    asked = {"Add": True, "Update": True, "DeleteObject": True, "ChangeTokenStart": {"StringValue": token}}
    told = server.post(f"{path}/getChanges", {"query": {**asked, "View": True}})["value"]
    assert [(one["ChangeType"], one["ViewId"]) for one in told] == [(1, guid), (2, guid), (3, guid)]
    assert server.post(f"{path}/getChanges", {"query": {**asked, "Item": True}})["value"] == []


def test_a_column_may_join_the_default_view(server: EmbeddedServer, new_list: NewList) -> None:
    """createFieldAsXml with option 16 shows the new column there; without it the view stays."""
    path = new_list()
    for name, options in (("Shown", 24), ("Apart", 8)):
        xml = f'<Field Type="Text" Name="{name}" DisplayName="{name}" />'
        server.post(f"{path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml, "Options": options}})
    assert names(server, f"{path}/defaultview") == ["LinkTitle", "Shown"]


def test_a_librarys_view_is_among_its_forms(server: EmbeddedServer) -> None:
    """A library (template 101) begins with All Documents: the file's icon, name, when and by whom it was changed. Its
    address is that of the library's root folder, whatever the library is called later."""
    server.post("web/lists", {"Title": "View Papers", "BaseTemplate": 101})
    server.merge("web/lists/getByTitle('View Papers')", {"Title": "View Papers Renamed"})
    path = "web/lists/getByTitle('View Papers Renamed')"
    (view,) = server.get(f"{path}/views")["value"]
    assert (view["Title"], view["DefaultView"]) == ("All Documents", True)
    assert view["ServerRelativeUrl"] == "/sites/mhrmb/View Papers/Forms/AllItems.aspx"
    assert server.get(f"{path}?$select=DefaultViewUrl") == {"DefaultViewUrl": view["ServerRelativeUrl"]}
    assert names(server, f"{path}/defaultview") == ["DocIcon", "LinkFilename", "Modified", "Editor"]


def test_lists_made_before_views_were_built_have_one(tmp_path: Path) -> None:
    """A data folder of the first version gets an All Items in every list, and keeps it; a newer one is refused."""
    with EmbeddedServer(tmp_path) as server:
        server.list("Old")
        server.list("Older")
    with sqlite3.connect(tmp_path / "sharepoint.db") as connection:
        connection.executescript("DROP TABLE views; PRAGMA user_version = 0")
    connection.close()
    with EmbeddedServer(tmp_path) as server:
        views = [server.get(f"web/lists/getByTitle('{title}')/defaultview") for title in ("Old", "Older")]
        assert [view["Title"] for view in views] == ["All Items", "All Items"]
        assert len({view["Id"] for view in views}) == 2
    with EmbeddedServer(tmp_path) as server:
        assert server.get("web/lists/getByTitle('Old')/defaultview?$select=Id")["Id"] == views[0]["Id"]
    with sqlite3.connect(tmp_path / "sharepoint.db") as connection:
        connection.execute(f"PRAGMA user_version = {len(database.STEPS) + 1}")
    connection.close()
    with pytest.raises(RuntimeError):
        EmbeddedServer(tmp_path).start()
