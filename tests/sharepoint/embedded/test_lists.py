"""Lists and columns: made, changed, indexed, deleted; and the site's own addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]


def test_context_info_in_each_dialect(server: EmbeddedServer) -> None:
    """Verbose nests the digest as clients expect it; the other dialects are flat."""
    flat = server.post("contextinfo")
    assert flat["FormDigestTimeoutSeconds"] == 1800
    verbose = server.post("contextinfo", accept="application/json;odata=verbose")["d"]["GetContextWebInformation"]
    assert verbose["WebFullUrl"] == server.url
    assert "15.0.0.0" in verbose["SupportedSchemaVersions"]["results"]


def test_without_an_accept_header_the_answer_is_minimal_metadata(server: EmbeddedServer, new_list: NewList) -> None:
    """Any Accept without odata gets JSON with minimal metadata, ETags included."""
    path = new_list({"Title": "a"})
    item = server.get(f"{path}/items(1)", accept="*/*")
    assert item["odata.etag"] == f'"{item["GUID"]},1"'
    assert item["odata.type"].startswith("SP.Data.List")
    assert item["odata.metadata"].startswith(f"{server.url}/_api/$metadata#")


def test_a_list_by_every_address(server: EmbeddedServer, new_list: NewList) -> None:
    """Title, GUID, other cases of the path and encoded quotes name the same list."""
    path = new_list()
    guid = server.get(path)["Id"]
    title = server.get(f"{path}/Title")["value"]
    for address in (
        f"Web/Lists(guid'{guid}')",
        f"web/lists('{guid}')",
        f"WEB/lists/GetById('{guid.upper()}')",
        f"web/lists/getbytitle(%27{title.lower()}%27)",
        f"lists/getByTitle(@t)?@t='{title}'",
        f"web/lists/getByTitle('{title}')/?$select=Id,Title",
    ):
        assert server.get(address)["Id"] == guid, address


def test_a_title_may_hold_quotes_and_slashes(server: EmbeddedServer) -> None:
    """A literal is found before the path is decoded, so `%2F` and doubled quotes stay within it."""
    server.post("web/lists", {"Title": "it's a/b"})
    assert server.get("web/lists/getByTitle('it''s%20a%2Fb')")["Title"] == "it's a/b"
    assert server.get("web/lists/getByTitle('it%27%27s%20a%2Fb')/ItemCount") == {"value": 0}
    assert "it_x0027_s" in server.get("web/lists/getByTitle('it''s a%2Fb')")["ListItemEntityTypeFullName"].lower()


def test_a_title_is_taken_once(server: EmbeddedServer) -> None:
    """A second list of the same title, in whatever case, is refused with SharePoint's code."""
    server.post("web/lists", {"Title": "Taken"})
    response = server.call("POST", "web/lists", {"Title": "TAKEN"})
    assert response.json()["odata.error"]["code"] == "-2130575342, Microsoft.SharePoint.SPException"


def test_settings_are_kept_and_a_deleted_list_is_gone(server: EmbeddedServer, new_list: NewList) -> None:
    """MERGE changes settings; after DELETE the list is 404 and its title is free."""
    path = new_list({})
    server.merge(path, {"MajorVersionLimit": 500, "Hidden": True, "Description": "d", "NoCrawl": True})
    shown = server.get(path)
    kept = [shown[name] for name in ("MajorVersionLimit", "Hidden", "Description", "NoCrawl", "ItemCount")]
    assert kept == [500, True, "d", True, 1]
    assert server.call("MERGE", path, {"Colour": "red"}, if_match="*").status_code == 400
    server.delete(path)
    missing = server.call("GET", f"{path}/items")
    assert missing.status_code == 404
    assert missing.json()["odata.error"]["code"] == "-1, System.ArgumentException"
    assert server.url in missing.json()["odata.error"]["message"]["value"]
    assert server.post("web/lists", {"Title": shown["Title"]})["ItemCount"] == 0


def test_columns_from_schema_xml(server: EmbeddedServer, new_list: NewList) -> None:
    """SchemaXml makes the column it describes; Name is the internal name only with option 8."""
    path = new_list(columns={})
    xml = (
        '<Field Type="Choice" Name="Stage" DisplayName="The stage" Indexed="TRUE" Required="TRUE">'
        "<Default>New</Default><CHOICES><CHOICE>New</CHOICE><CHOICE>Old &amp; done</CHOICE></CHOICES></Field>"
    )
    hinted = server.post(f"{path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml, "Options": 8}})
    assert (hinted["InternalName"], hinted["Title"], hinted["Indexed"]) == ("Stage", "The stage", True)
    assert hinted["Choices"] == ["New", "Old & done"]
    plain = server.post(f"{path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    assert plain["InternalName"] == "The_x0020_stage"
    day = '<Field Type="DateTime" DisplayName="Day" Format="DateOnly"/>'
    made = server.post(f"{path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": day}})
    assert (made["DisplayFormat"], made["TypeAsString"], made["FieldTypeKind"]) == (0, "DateTime", 4)


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("<Field", 400),
        ("<!DOCTYPE x><Field Type='Text' Name='A'/>", 400),
        ("<Field Type='Text'/>", 400),
        ("<Field Type='Lookup' Name='A'/>", 400),
        ("<Field Type='Note' Name='A' Indexed='TRUE'/>", 400),
        ("<Field Type='Text' Name='A' EnforceUniqueValues='TRUE'/>", 400),
        ("<Field Type='Text' Name='Title'/>", 500),
    ],
)
def test_a_bad_column_is_refused_and_leaves_nothing(
    server: EmbeddedServer, new_list: NewList, xml: str, status: int
) -> None:
    """What cannot be made is refused, and the list's columns are as before."""
    path = new_list(columns={})
    before = server.get(f"{path}/fields")
    response = server.call("POST", f"{path}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    assert response.status_code == status, response.text
    assert server.get(f"{path}/fields") == before
    assert "A" not in server.post(f"{path}/items", {"Title": "a"})


def test_columns_are_found_changed_and_deleted(server: EmbeddedServer, new_list: NewList) -> None:
    """Columns are filtered and named as SharePoint does, and a deleted one is unknown afterwards."""
    path = new_list({"Status": "a"}, {"Status": "A"})
    indexed = server.get(f"{path}/fields?$filter=Indexed eq true and Hidden eq false&$select=InternalName")["value"]
    assert [one["InternalName"] for one in indexed] == ["Status", "Key", "Open"]
    status = f"{path}/fields/getByInternalNameOrTitle('Status')"
    server.merge(status, {"Title": "The status", "Required": True})
    assert server.get(f"{path}/fields/getByTitle('The status')")["InternalName"] == "Status"
    assert server.call("MERGE", status, {"EnforceUniqueValues": True}).status_code == 400
    assert server.call("MERGE", status, {"Hidden": True}).status_code == 400
    schema = server.get(f"{status}/SchemaXml")["value"]
    server.merge(status, {"SchemaXml": schema.replace("<Field ", '<Field CanToggleHidden="TRUE" ')})
    server.merge(status, {"Hidden": True})
    assert "Status" not in server.get(f"{path}/items(1)")
    assert server.get(f"{path}/items(1)?$select=Status") == {"Status": "a"}
    server.delete(status)
    assert server.call("GET", f"{path}/items?$select=Status").status_code == 400
    assert server.call("GET", status).status_code == 400


def test_at_most_twenty_indexes(server: EmbeddedServer) -> None:
    """The twenty-first index of a list is refused."""
    path = server.list("Indexes", {f"C{n}": {"FieldTypeKind": 2, "Indexed": True} for n in range(20)})
    refused = server.call("POST", f"{path}/fields", {"Title": "C20", "FieldTypeKind": 2, "Indexed": True})
    assert refused.status_code == 400
    assert server.call("GET", f"{path}/fields/getByTitle('C20')").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "web/nowhere", 404, "ResourceNotFoundException"),
        ("GET", "web/lists/getByTitle('Nope')", 404, "System.ArgumentException"),
        ("GET", "web/lists/getByTitle('Nope", 400, "InvalidClientQueryException"),
        ("DELETE", "web", 405, "ClientServiceException"),
        ("GET", "web/getFileByServerRelativeUrl('/x')", 404, "SPException"),
        ("POST", "web/lists/getByTitle('Taken')/getListItemChangesSinceToken", 501, "NotImplementedException"),
        ("GET", "web/folder", 404, "ResourceNotFoundException"),
        ("GET", "web/file/$value", 404, "ResourceNotFoundException"),
        ("GET", "web" + "/folders('a')" * 200, 400, "InvalidClientQueryException"),
        ("POST", "web/getFileByServerRelativeUrl('/x')/moveTo(newurl='/y',flags=z)", 404, "SPException"),
        ("POST", "web/getFileByServerRelativeUrl('/x')/publish(comment='')", 501, "NotImplementedException"),
        ("GET", "web/lists?$expand=Views", 501, "NotImplementedException"),
        ("GET", "web/lists/getByTitle('Taken')/items(99999999999999999999)", 400, "InvalidClientQueryException"),
        ("GET", "web/%ff%fe", 404, "ResourceNotFoundException"),
    ],
)
def test_what_is_not_there_says_so(server: EmbeddedServer, method: str, path: str, status: int, code: str) -> None:
    """Unknown, malformed, wrong verb and not built each have their status and code."""
    response = server.call(method, path)
    assert (response.status_code, code in response.json()["odata.error"]["code"]) == (status, True), response.text


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"x"', b"null"])
def test_a_malformed_body_is_refused(server: EmbeddedServer, body: bytes) -> None:
    """Whatever is not a JSON object is 400."""
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    response = server._session.post(f"{server.url}/_api/web/lists", data=body, headers=headers, timeout=30)
    assert response.status_code == 400


def test_a_body_over_two_megabytes_is_refused(server: EmbeddedServer, new_list: NewList) -> None:
    """A note of a megabyte is kept; a body beyond 2 MB is 413."""
    path = new_list()
    assert len(server.post(f"{path}/items", {"Notes": "n" * 1_000_000})["Notes"]) == 1_000_000
    assert server.call("POST", f"{path}/items", {"Notes": "n" * 2_200_000}).status_code == 413


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic test-token", "Bearer tést"])
def test_without_a_known_token_nothing_is_told(server: EmbeddedServer, header: str) -> None:
    """401 in the dialect asked for, with a challenge."""
    response = server.call("GET", "web", authorization=header.encode().decode("latin-1"))
    assert response.status_code == 401
    assert "odata.error" in response.json()
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
