"""Where the halves of the server meet: what a reader may not see is seen through no way; libraries are lists too."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.embedded_server import EmbeddedServer
from tests.receiver import Receiver

NewList = Callable[..., str]
Way = Callable[[EmbeddedServer, str, str], requests.Response]
MEMBER = "member-token"
SECRET = "kept apart"
EVERYTHING = dict.fromkeys(
    ("Item", "List", "Add", "Update", "DeleteObject", "Rename", "Restore", "RoleAssignmentAdd"), True
)
ADDED, UPDATED, DELETED, RENAMED, RESTORED, ASSIGNED = 1, 2, 3, 4, 7, 11
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server that notifies at once."""
    extra = ("--member-token", MEMBER, "--notify-after", "0.05", "--notify-retry", "0.1")
    with EmbeddedServer(tmp_path_factory.mktemp("site"), extra=extra) as running:
        yield running


def close(server: EmbeddedServer, path: str) -> None:
    """Give a list or an item permissions of its own, which nobody but the app holds."""
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")


@pytest.fixture(scope="module")
def path(server: EmbeddedServer) -> str:
    """A list of three items; the second is closed to the member, and its title is the secret."""
    made = server.list("Seams", {"Score": {"FieldTypeKind": 9, "Indexed": True}})
    for n, title in enumerate(("first", SECRET, "third"), start=1):
        server.post(f"{made}/items", {"Title": title, "Score": n})
    close(server, f"{made}/items(2)")
    return made


def asking(address: str) -> Way:
    return lambda server, path, token: server.call("GET", f"{path}/{address}", token=token)


def telling(address: str, body: Any) -> Way:
    return lambda server, path, token: server.call("POST", f"{path}/{address}", body, token=token)


WHERE = "<Query><Where><Contains><FieldRef Name='Title'/><Value Type='Text'>t</Value></Contains></Where></Query>"
WAYS: dict[str, Way] = {
    "items": asking("items"),
    "$filter": asking(f"items?$filter=Title eq '{SECRET}'"),
    "$orderby": asking("items?$orderby=Score desc&$top=2"),
    "after a place": asking("items?$skiptoken=Paged%3DTRUE%26p_ID%3D1"),
    "$expand": asking("items?$select=Id,FieldValuesAsText/Title&$expand=FieldValuesAsText"),
    "GetItems": telling("GetItems", {"query": {"ViewXml": f"<View>{WHERE}</View>"}}),
    "GetItems of all": telling("GetItems", {"query": {"ViewXml": "<View Scope='RecursiveAll'/>"}}),
    "stream": telling("RenderListDataAsStream", {"parameters": {}}),
    "stream by an override": telling("RenderListDataAsStream", {"parameters": {"OverrideViewXml": WHERE[7:-8]}}),
    "text of a page": telling("RenderListData(@v)?@v='<View/>'", None),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_closed_item_is_in_no_query(server: EmbeddedServer, path: str, way: Way) -> None:
    """The member's answer holds nothing of it, whichever way is asked; the app's holds it."""
    answers = [way(server, path, token) for token in (server.token, MEMBER)]
    assert [(one.status_code, SECRET in one.text) for one in answers] == [(200, True), (200, False)]


FORM = {"formValues": [{"FieldName": "Title", "FieldValue": SECRET}]}
BY_ID: dict[str, Way] = {
    "item": asking("items(2)"),
    "texts": asking("items(2)/FieldValuesAsText"),
    "html": asking("items(2)/FieldValuesAsHtml"),
    "its list": asking("items(2)/ParentList"),
    "versions": asking("items(2)/versions"),
    "form": telling("items(2)/ValidateUpdateListItem()", FORM),
}


@pytest.mark.parametrize("way", BY_ID.values(), ids=BY_ID.keys())
def test_a_closed_item_is_not_there_by_its_id(server: EmbeddedServer, path: str, way: Way) -> None:
    """404 with the code of a missing item; the app is answered."""
    refused = way(server, path, MEMBER)
    assert (refused.status_code, refused.json()["odata.error"]["code"][:11]) == (404, "-2130575338")
    assert way(server, path, server.token).status_code == 200


def test_a_place_in_an_order_tells_nothing_of_a_closed_item(server: EmbeddedServer, path: str) -> None:
    """A page that begins after a closed item would tell what it holds by what follows; the member is refused."""
    query = f"{path}/items?$orderby=Title&$skiptoken=Paged%3DTRUE%26p_ID%3D2"
    assert [server.call("GET", query, token=token).status_code for token in (server.token, MEMBER)] == [200, 400]


def test_a_form_writes_with_the_items_own_rights(server: EmbeddedServer, new_list: NewList) -> None:
    """To read an item is not to change it, though the list may be changed."""
    path = new_list({"Title": "a"}, columns={})
    close(server, f"{path}/items(1)")
    number = server.get("web/currentuser", token=MEMBER)["Id"]
    form = f"{path}/items(1)/ValidateUpdateListItem()"
    assign = f"{path}/items(1)/roleassignments/addroleassignment(principalid={number},roledefid="
    server.post(f"{assign}1073741826)")
    assert server.call("POST", form, FORM, token=MEMBER).status_code == 403
    row = server.call("POST", f"{path}/RenderListDataAsStream", {"parameters": {}}, token=MEMBER).json()["Row"][0]
    assert row["PermMask"] == "0xb008431061", "of Read, although the list's is that of Edit"
    server.post(f"{assign}1073741827)")
    assert server.call("POST", form, FORM, token=MEMBER).status_code == 200
    assert server.get(f"{path}/items(1)")["Title"] == SECRET


def stream(server: EmbeddedServer, path: str, query: str = "", token: str = "") -> Any:
    return server.post(f"{path}/RenderListDataAsStream{query}", {"parameters": {}}, token=token)


def test_a_page_is_that_of_a_view(server: EmbeddedServer, new_list: NewList) -> None:
    """Without a ViewXml a page shows the default view, as it now is, or the one named, from page to page; somebody
    else's own view is not there."""
    path = new_list(*({"Score": n} for n in (1, 3, 2)), columns={"Score": {"FieldTypeKind": 9}})
    assert "Score" not in stream(server, path)["Row"][0]
    query = "<OrderBy><FieldRef Name='Score' Ascending='FALSE'/></OrderBy>"
    made = server.post(f"{path}/views", {"Title": "Best", "ViewQuery": query, "RowLimit": 2, "Paged": True})
    server.post(f"{path}/views(guid'{made['Id']}')/viewfields/addviewfield('Score')")
    first = stream(server, path, f"?View={{{made['Id']}}}")
    assert ([row["Score"] for row in first["Row"]], first["RowLimit"]) == (["3", "2"], 2)
    assert f"View={made['Id']}" in first["NextHref"]
    assert [row["Score"] for row in stream(server, path, first["NextHref"])["Row"]] == ["1"]
    server.merge(f"{path}/views(guid'{made['Id']}')", {"DefaultView": True})
    assert [row["Score"] for row in stream(server, path)["Row"]] == ["3", "2"]
    own = server.post(f"{path}/views", {"Title": "Own", "PersonalView": True})
    assert len(stream(server, path, f"?View={own['Id']}")["Row"]) == 3
    refused = server.call("POST", f"{path}/RenderListDataAsStream?View={own['Id']}", token=MEMBER)
    assert refused.status_code == 404


@pytest.fixture(scope="module")
def visits(server: EmbeddedServer) -> str:
    """A list whose lookups lead to a closed town (1) and an open one (2)."""
    towns = server.list("SeamTowns")
    for title in (SECRET, "Borchester"):
        server.post(f"{towns}/items", {"Title": title})
    close(server, f"{towns}/items(1)")
    made = server.list("SeamVisits", {"Note": {"FieldTypeKind": 3}})
    guid = server.get(f"{towns}?$select=Id")["Id"]
    for title, several in (("Town", ""), ("Towns", "Multi")):
        xml = f"<Field Type='Lookup{several}' DisplayName='{title}' List='{{{guid}}}' ShowField='Title'/>"
        server.post(f"{made}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    server.post(f"{made}/items", {"Title": "v1", "TownId": 1, "TownsId": [1, 2]})
    server.post(f"{made}/items", {"Title": "v2", "TownId": 2})
    return made


FIELDS = "<ViewFields><FieldRef Name='Title'/><FieldRef Name='Town'/><FieldRef Name='Towns'/></ViewFields>"
OF_TOWN = f"<FieldRef Name='Town'/><Value Type='Text'>{SECRET}</Value>"
LOOKED_UP: dict[str, Way] = {
    "$expand": asking("items?$select=Title,Town/Title,Towns/Title&$expand=Town,Towns"),
    "texts": asking("items(1)/FieldValuesAsText"),
    "versions": asking("items(1)/versions"),
    "stream": telling("RenderListDataAsStream", {"parameters": {"ViewXml": f"<View>{FIELDS}</View>"}}),
}


@pytest.mark.parametrize("way", LOOKED_UP.values(), ids=LOOKED_UP.keys())
def test_a_lookup_shows_nothing_of_a_closed_item(server: EmbeddedServer, visits: str, way: Way) -> None:
    """The item that looks it up is shown, without what it leads to; the open town stays."""
    answers = [way(server, visits, token) for token in (server.token, MEMBER)]
    assert [(one.status_code, SECRET in one.text) for one in answers] == [(200, True), (200, False)]
    assert "Borchester" in answers[1].text


@pytest.mark.parametrize(
    "way",
    [
        asking(f"items?$select=Title&$filter=Town/Title eq '{SECRET}'"),
        asking(f"items?$select=Title&$filter=startswith(Towns/Title,'{SECRET[:4]}')"),
        telling("GetItems", {"query": {"ViewXml": f"<View><Query><Where><Eq>{OF_TOWN}</Eq></Where></Query></View>"}}),
    ],
    ids=["$filter", "$filter of several", "CAML"],
)
def test_a_lookup_is_not_searched_by_what_is_closed(server: EmbeddedServer, visits: str, way: Way) -> None:
    """Else the title could be guessed letter by letter."""
    found = [[row["Title"] for row in way(server, visits, token).json()["value"]] for token in (server.token, MEMBER)]
    assert found == [["v1"], []]


def test_a_lookup_is_not_sorted_by_what_is_closed(server: EmbeddedServer, visits: str) -> None:
    """To the member the closed town is as nothing, which comes first; to the app it comes after Borchester."""
    query = f"{visits}/items?$select=Title&$orderby=Town/Title"
    assert [row["Title"] for row in server.get(query)["value"]] == ["v2", "v1"]
    assert [row["Title"] for row in server.get(query, token=MEMBER)["value"]] == ["v1", "v2"]


def test_what_is_closed_cannot_be_looked_up_anew(server: EmbeddedServer, visits: str) -> None:
    """A reference to it is refused as one to nothing, by body and by form."""
    body = server.call("POST", f"{visits}/items", {"TownId": 1}, token=MEMBER)
    assert (body.status_code, "Invalid lookup value" in body.text) == (500, True)
    form = {"formValues": [{"FieldName": "Town", "FieldValue": "1"}]}
    told = server.call("POST", f"{visits}/items(2)/ValidateUpdateListItem()", form, token=MEMBER).json()["value"]
    assert [one["HasException"] for one in told] == [True]
    assert server.call("POST", f"{visits}/items(2)/ValidateUpdateListItem()", form).json()["value"][0][
        "ErrorMessage"
    ] is None  # fmt: skip
    server.merge(f"{visits}/items(2)", {"TownId": 2})


def changes(server: EmbeddedServer, path: str, token: str, start: Any = None) -> list[tuple[int, int | None]]:
    """The type and item of each change told."""
    query = {**EVERYTHING, **({"ChangeTokenStart": start} if start else {})}
    answer = server.post(f"{path}/getChanges", {"query": query}, token=token)["value"]
    return [(one["ChangeType"], one.get("ItemId")) for one in answer]


def now(server: EmbeddedServer, path: str) -> Any:
    return server.get(f"{path}?$select=CurrentChangeToken")["CurrentChangeToken"]


def test_nobody_is_told_of_changes_of_what_they_may_not_read(server: EmbeddedServer, new_list: NewList) -> None:
    """Neither while a closed item is there nor when it is gone, in the list or the web; what is back is judged anew."""
    path = new_list({}, {}, {}, columns={})
    start, of_web = now(server, path), now(server, "web")
    for n in (1, 2):
        close(server, f"{path}/items({n})")
        server.merge(f"{path}/items({n})", {"Title": "x"})
    server.merge(f"{path}/items(3)", {"Title": "y"})
    open_ones = [(UPDATED, 3)]
    assert changes(server, path, MEMBER, start) == changes(server, "web", MEMBER, of_web) == open_ones
    entry = server.post(f"{path}/items(1)/recycle()")["value"]
    server.delete(f"{path}/items(2)")
    server.delete(f"{path}/items(3)")
    open_ones.append((DELETED, 3))
    assert changes(server, path, MEMBER, start) == changes(server, "web", MEMBER, of_web) == open_ones
    told = changes(server, path, server.token, start)
    assert told == changes(server, "web", server.token, of_web)
    assert told == [(UPDATED, 1), (UPDATED, 2), (UPDATED, 3), (DELETED, 1), (DELETED, 2), (DELETED, 3)]
    server.post(f"web/recyclebin('{entry}')/restore()")
    assert changes(server, path, MEMBER, start) == open_ones
    server.post(f"{path}/items(1)/resetroleinheritance")
    of_first = [(UPDATED, 1), (DELETED, 1), (RESTORED, 1)]
    assert sorted(changes(server, path, MEMBER, start)) == sorted([*of_first, *open_ones])


@pytest.mark.parametrize("away", ["delete", "recycle"])
@pytest.mark.parametrize("closed", ["list", "item", ""])
def test_what_was_in_a_closed_list_is_not_told_when_it_is_gone(
    server: EmbeddedServer, new_list: NewList, away: str, closed: str
) -> None:
    """Deleted or recycled, a closed list or a closed item of an open one is as unknown as before; the rest is told."""
    of_web = now(server, "web")
    path = new_list({}, {}, columns={})
    guid = server.get(path)["Id"]
    if closed:
        close(server, path if closed == "list" else f"{path}/items(2)")
    by_id = f"web/lists(guid'{guid}')"
    entry = server.delete(by_id) if away == "delete" else server.post(f"{by_id}/recycle()")["value"]
    whole = [(ADDED, None), (ADDED, 1), (ADDED, 2), (DELETED, None)]
    expected = {"list": [], "item": [one for one in whole if one != (ADDED, 2)], "": whole}[closed]
    assert changes(server, "web", MEMBER, of_web) == expected
    assert changes(server, "web", server.token, of_web) == whole
    if entry:
        server.post(f"web/recyclebin('{entry}')/restore()")
        expected = [*expected, (RESTORED, None)] if closed != "list" else []
        assert changes(server, "web", MEMBER, of_web) == expected
        if closed:
            server.post(f"{by_id}{'' if closed == 'list' else '/items(2)'}/resetroleinheritance")
        assert changes(server, "web", MEMBER, of_web) == [*whole, (RESTORED, None)]


def literal(text: str) -> str:
    return f"'{quote(text, safe='')}'"


def upload(server: EmbeddedServer, folder: str, name: str, data: bytes = b"x", token: str = "") -> requests.Response:
    """Put a file in a folder, over one of that name."""
    where = f"web/getFolderByServerRelativePath(decodedurl={literal(folder)})"
    return requests.post(
        f"{server.url}/_api/{where}/files/addUsingPath(decodedurl={literal(name)},overwrite=true)",
        data=data,
        headers={"Authorization": f"Bearer {token or server.token}"},
        timeout=30,
    )


@pytest.fixture
def library(server: EmbeddedServer) -> str:
    """The title of a fresh library: `a.txt`, `Sub/b.txt`, `Sub/Deep/c.txt`."""
    title = f"Seam Papers {next(_numbers)}"
    server.post("web/lists", {"Title": title, "BaseTemplate": 101})
    root = f"/sites/mhrmb/{title}"
    upload(server, root, "a.txt")
    for folder, name in (("Sub", "b.txt"), ("Sub/Deep", "c.txt")):
        server.post("web/folders", {"ServerRelativeUrl": f"{root}/{folder}"})
        upload(server, f"{root}/{folder}", name)
    return title


@pytest.mark.parametrize(
    ("scope", "folder", "expected"),
    [
        ("", "", ["a.txt", "Sub"]),
        ("FilesOnly", "", ["a.txt"]),
        ("Recursive", "", ["a.txt", "b.txt", "c.txt"]),
        ("RecursiveAll", "", ["a.txt", "Sub", "b.txt", "Deep", "c.txt"]),
        ("", "/Sub", ["b.txt", "Deep"]),
        ("FilesOnly", "/SUB/", ["b.txt"]),
        ("Recursive", "/Sub", ["b.txt", "c.txt"]),
        ("RecursiveAll", "/Sub", ["b.txt", "Deep", "c.txt"]),
    ],
)
def test_scope_tells_how_deep_a_view_of_a_library_reaches(
    server: EmbeddedServer, library: str, scope: str, folder: str, expected: list[str]
) -> None:
    """By GetItems and as a stream, from the root or a folder; files carry their names, addresses and types."""
    path, root = f"web/lists/getByTitle('{library}')", f"/sites/mhrmb/{library}"
    attribute = f" Scope='{scope}'" if scope else ""
    fields = "<ViewFields><FieldRef Name='LinkFilename'/></ViewFields>"
    asked: dict[str, Any] = {"ViewXml": f"<View{attribute}>{fields}</View>"}
    if folder:
        asked["FolderServerRelativeUrl"] = root + folder
    rows = server.post(f"{path}/GetItems?$select=FileLeafRef,FileSystemObjectType", {"query": asked})["value"]
    assert [row["FileLeafRef"] for row in rows] == expected
    streamed = server.post(f"{path}/RenderListDataAsStream", {"parameters": asked})["Row"]
    assert [row["LinkFilename"] for row in streamed] == expected
    kinds = [("1", "") if name in ("Sub", "Deep") else ("0", "txt") for name in expected]
    assert [(row["FSObjType"], row["File_x0020_Type"]) for row in streamed] == kinds
    depth = {"a.txt": "", "Sub": "", "b.txt": "/Sub", "Deep": "/Sub", "c.txt": "/Sub/Deep"}
    assert [row["FileRef"] for row in streamed] == [f"{root}{depth[name]}/{name}" for name in expected]


def test_a_library_is_read_by_its_own_view(server: EmbeddedServer, library: str) -> None:
    """All Documents shows names, in order, of what lies in the root; with a Scope of its own, of all files."""
    path = f"web/lists/getByTitle('{library}')"
    shown = stream(server, path)["Row"]
    assert [(row["LinkFilename"], row["Editor"][0]["title"]) for row in shown] == [
        ("a.txt", "SharePoint App"), ("Sub", "SharePoint App"),
    ]  # fmt: skip
    server.merge(f"{path}/defaultview", {"Scope": 1})
    assert 'Scope="Recursive"' in server.get(f"{path}/defaultview")["ListViewXml"]
    assert [row["LinkFilename"] for row in stream(server, path)["Row"]] == ["a.txt", "b.txt", "c.txt"]


def test_a_view_of_a_folder_that_is_not_there_is_refused(server: EmbeddedServer, library: str, path: str) -> None:
    """404, also for another list's folder, for a file, and for any folder below a list that is no library."""
    of_library, root = f"web/lists/getByTitle('{library}')", f"/sites/mhrmb/{library}"
    cases = [(of_library, f"{root}/None"), (of_library, "/sites/mhrmb/Lists/Seams"), (of_library, f"{root}/a.txt")]
    for where, folder in [*cases, (path, f"{root}/Sub"), (path, "/sites/mhrmb/Lists/Seams/Sub")]:
        asked = {"ViewXml": "<View/>", "FolderServerRelativeUrl": folder}
        answers = [
            server.call("POST", f"{where}/GetItems", {"query": asked}),
            server.call("POST", f"{where}/RenderListDataAsStream", {"parameters": asked}),
        ]
        assert [one.status_code for one in answers] == [404, 404], folder


@pytest.mark.parametrize(
    "condition", ["FileLeafRef eq 'B.TXT'", "startswith(FileLeafRef,'B')", "FileRef eq '{root}/sub/B.txt'"]
)
def test_names_are_searched_without_case(server: EmbeddedServer, library: str, condition: str) -> None:
    """As every text is; the name is shown as it was written."""
    query = f"$select=FileLeafRef&$filter={condition.format(root=f'/sites/mhrmb/{library}')}"
    rows = server.get(f"web/lists/getByTitle('{library}')/items?{query}")["value"]
    assert [row["FileLeafRef"] for row in rows] == ["b.txt"]


def test_a_closed_file_is_in_no_view(server: EmbeddedServer, library: str) -> None:
    """A closed folder hides what lies in it, at any Scope and by its address."""
    path, root = f"web/lists/getByTitle('{library}')", f"/sites/mhrmb/{library}"
    close(server, f"{path}/items(2)")
    asked = {"query": {"ViewXml": "<View Scope='RecursiveAll'/>"}}
    rows = server.post(f"{path}/GetItems?$select=FileLeafRef", asked, token=MEMBER)["value"]
    assert [row["FileLeafRef"] for row in rows] == ["a.txt"]
    asked["query"]["FolderServerRelativeUrl"] = f"{root}/Sub"
    assert server.call("POST", f"{path}/GetItems", asked, token=MEMBER).status_code == 404
    assert len(server.post(f"{path}/GetItems", asked)["value"]) == 3


def test_libraries_have_documents_and_folders(server: EmbeddedServer, library: str) -> None:
    """The content types are Document and Folder, and files and folders are of theirs, in every way of asking."""
    path = f"web/lists/getByTitle('{library}')"
    types = server.get(f"{path}/contenttypes?$select=Name,StringId")["value"]
    assert [(one["Name"], one["StringId"][:8]) for one in types] == [("Document", "0x010100"), ("Folder", "0x012000")]
    query = f"{path}/items?$select=ContentTypeId,ContentType/Name,FieldValuesAsText/ContentTypeId&$top=2"
    rows = server.get(f"{query}&$expand=ContentType,FieldValuesAsText")["value"]
    ids = [one["StringId"] for one in types]
    assert [(row["ContentTypeId"], row["ContentType"]["Name"]) for row in rows] == [
        (ids[0], "Document"), (ids[1], "Folder"),
    ]  # fmt: skip
    assert [row["FieldValuesAsText"]["ContentTypeId"] for row in rows] == ids
    assert server.get(f"{path}/items(1)/FieldValuesAsText?$select=FileLeafRef") == {"FileLeafRef": "a.txt"}


def form(server: EmbeddedServer, item: str, new: bool = False, token: str = "", **values: str) -> requests.Response:
    """Send form values; `new` writes over the newest version."""
    given = [{"FieldName": name, "FieldValue": value} for name, value in values.items()]
    body = {"formValues": given, "bNewDocumentUpdate": new}
    return server.call("POST", f"{item}/ValidateUpdateListItem()", body, token=token)


def test_a_form_renames_a_file(server: EmbeddedServer, library: str) -> None:
    """By FileLeafRef; a name that is taken or forbidden is told of that field, and nothing is written."""
    path = f"web/lists/getByTitle('{library}')"
    item, root = f"{path}/items(1)", f"/sites/mhrmb/{library}"
    for bad in ("Sub", "x:y.txt", ""):
        told = form(server, item, FileLeafRef=bad, Title="no").json()["value"]
        assert [(one["FieldName"], one["HasException"]) for one in told] == [("FileLeafRef", True), ("Title", False)]
    assert server.get(f"{item}?$select=Title,FileLeafRef") == {"Title": None, "FileLeafRef": "a.txt"}
    assert form(server, item, FileLeafRef="z.txt").json()["value"][0]["HasException"] is False
    file = f"web/getFileByServerRelativePath(decodedurl={literal(root + '/z.txt')})"
    assert server.get(f"{file}?$select=Name") == {"Name": "z.txt"}
    server.post(f"{file}/checkOut()")
    assert form(server, item, token=MEMBER, Title="mine").status_code == 423
    refused = server.call("POST", f"{path}/AddValidateUpdateItemUsingPath", {"formValues": []})
    assert (refused.status_code, "SPFileCollection.Add" in refused.text) == (400, True)


def test_a_version_written_over_keeps_its_bytes(server: EmbeddedServer, library: str) -> None:
    """bNewDocumentUpdate leaves as many versions as there were, the file as it was, and earlier bytes where they are;
    a write that is no version, such as a check-out, does not confuse it."""
    path, root = f"web/lists/getByTitle('{library}')", f"/sites/mhrmb/{library}"
    file = f"web/getFileByServerRelativePath(decodedurl={literal(root + '/a.txt')})"
    upload(server, root, "a.txt", b"second")
    server.post(f"{file}/checkOut()")
    assert form(server, f"{path}/items(1)", True, Title="over").json()["value"][0]["HasException"] is False
    assert server.call("GET", f"{file}/$value").content == b"second"
    shown = server.get(f"{path}/items(1)/versions")["value"]
    assert [(one["VersionLabel"], one["Title"]) for one in shown] == [("2.0", "over"), ("1.0", None)]
    assert server.call("GET", f"{file}/versions(512)/$value").content == b"x"


def test_files_reach_the_log_and_the_subscribers(server: EmbeddedServer, library: str) -> None:
    """A file is added, renamed, closed, given, recycled and restored: the log says so of its item, in the list and in
    the web, and whoever subscribed to the library is told after each."""
    path, root = f"web/lists/getByTitle('{library}')", f"/sites/mhrmb/{library}"
    expires = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    start, of_web = now(server, path), now(server, "web")
    with Receiver() as receiver:
        asked = {"resource": path, "notificationUrl": receiver.url, "expirationDateTime": expires}
        server.post(f"{path}/subscriptions", asked)
        guid = server.get(path)["Id"]
        entry = ""

        def recycle() -> None:
            nonlocal entry
            entry = server.post(f"{path}/items(6)/recycle()")["value"]

        steps: list[Callable[[], object]] = [
            lambda: upload(server, root, "new.txt"),
            lambda: server.merge(f"{path}/items(6)", {"FileLeafRef": "newer.txt"}),
            lambda: (
                close(server, f"{path}/items(6)")
                or server.post(f"{path}/items(6)/roleassignments/addroleassignment(principalid=1,roledefid=1073741826)")
            ),
            recycle,
            lambda: server.post(f"web/recyclebin('{entry}')/restore()"),
        ]
        for done, step in enumerate(steps, start=1):
            step()
            assert {one["resource"] for one in receiver.told(done)} == {guid}
    told = [(ADDED, 6), (UPDATED, 6), (RENAMED, 6), (ASSIGNED, 6), (DELETED, 6), (RESTORED, 6)]
    assert changes(server, path, server.token, start) == told
    assert changes(server, "web", server.token, of_web) == told
    server.delete(path)
    assert server.call("GET", f"{path}/subscriptions").status_code == 404
