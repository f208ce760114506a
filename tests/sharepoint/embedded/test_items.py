"""Items over real HTTP: made, read, changed, deleted; ETags, versions, types, unique columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]


def error_code(response: object) -> str:
    return str(response.json()["odata.error"]["code"])  # type: ignore[attr-defined]


def test_created_item_comes_back_with_its_etag(server: EmbeddedServer, new_list: NewList) -> None:
    """POST answers 201, the item, and an ETag of its GUID and version; a GET then answers the same."""
    path = new_list()
    made = server.call("POST", f"{path}/items", {"Title": "it's", "Score": 2.5, "Open": True, "Notes": "n" * 5000})
    assert made.status_code == 201
    item = made.json()
    assert made.headers["ETag"] == f'"{item["GUID"]},1"'
    assert (item["Title"], item["Score"], item["Open"], len(item["Notes"])) == ("it's", 2.5, True, 5000)
    assert server.get(f"{path}/items(1)") == item
    assert server.get(f"{path}/items/getById(1)") == item
    assert server.get(f"{path}/getItemById(1)") == item


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("2026-11-22T10:00:00.789Z", "2026-11-22T10:00:00Z"),
        ("2026-07-01T10:00:00+01:00", "2026-07-01T09:00:00Z"),
        ("2026-11-22", "2026-11-22T00:00:00Z"),
        ("", None),
    ],
)
def test_dates_are_kept_to_the_second_in_utc(
    server: EmbeddedServer, new_list: NewList, written: str, read: str | None
) -> None:
    """Whatever the offset or fraction, a date is stored and shown in UTC to the second; an empty one is nothing."""
    path = new_list()
    assert server.post(f"{path}/items", {"Due": written})["Due"] == read


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"Title": 5}, 400, "InvalidClientQueryException"),
        ({"Score": "many"}, 400, "InvalidClientQueryException"),
        ({"Score": True}, 400, "InvalidClientQueryException"),
        ({"Open": "yes"}, 400, "InvalidClientQueryException"),
        ({"Due": "2026-02-30T00:00:00Z"}, 400, "InvalidClientQueryException"),
        ({"Due": "tomorrow"}, 400, "InvalidClientQueryException"),
        ({"OwnerId": 4711}, 400, "SPException"),
        ({"Title": "x" * 256}, 500, "-2130575336"),
        ({"Title": "\U0001f600" * 128}, 500, "-2130575336"),
        ({"Title": "a\u0000b"}, 400, "ArgumentException"),
        ({"Nowhere": 1}, 400, "InvalidClientQueryException"),
        ({"__metadata": {"type": "SP.ListItem"}}, 400, "InvalidClientQueryException"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(
    server: EmbeddedServer, new_list: NewList, body: dict[str, object], status: int, code: str
) -> None:
    """A wrong type, an over-long text or an unknown property is refused with SharePoint's code, and nothing is made."""
    path = new_list()
    response = server.call("POST", f"{path}/items", body)
    assert (response.status_code, code in error_code(response)) == (status, True), response.text
    assert server.get(f"{path}/ItemCount") == {"value": 0}


def test_the_longest_text_fits(server: EmbeddedServer, new_list: NewList) -> None:
    """255 characters fit; an empty text is stored as nothing."""
    path = new_list()
    assert server.post(f"{path}/items", {"Title": "x" * 255, "Status": ""})["Title"] == "x" * 255
    assert server.get(f"{path}/items(1)")["Status"] is None


def test_a_stale_or_missing_etag_is_refused(server: EmbeddedServer, new_list: NewList) -> None:
    """An update needs the current ETag or `*`; anything else is 412 and changes nothing."""
    path = new_list({"Title": "first"})
    first = server.call("GET", f"{path}/items(1)").headers["ETag"]
    second = server.merge(f"{path}/items(1)", {"Title": "second"}, etag=first)
    assert second != first
    for stale in (first, "", '"x"'):
        headers = {"if_match": stale} if stale else {}
        response = server.call("POST", f"{path}/items(1)", {"Title": "no"}, x_http_method="MERGE", **headers)
        assert response.status_code == 412
        assert error_code(response) == "-1, Microsoft.SharePoint.Client.ClientServiceException"
        assert second.strip('"') in response.json()["odata.error"]["message"]["value"]
    assert server.call("DELETE", f"{path}/items(1)", if_match=first).status_code == 412
    assert server.get(f"{path}/items(1)")["Title"] == "second"
    for verb in ("MERGE", "PATCH"):
        response = server.call(verb, f"{path}/items(1)", {"Title": verb}, if_match="*")
        assert (response.status_code, response.content) == (204, b"")
    assert server.get(f"{path}/items(1)")["Title"] == "PATCH"


def test_ids_are_never_given_twice(server: EmbeddedServer, new_list: NewList) -> None:
    """Even after the highest item is deleted or recycled, the next one has a new id."""
    path = new_list({}, {}, {})
    server.delete(f"{path}/items(3)")
    assert len(server.post(f"{path}/items(2)/recycle()")["value"]) == 36
    assert server.post(f"{path}/items", {})["Id"] == 4
    gone = server.call("GET", f"{path}/items(3)")
    assert (gone.status_code, error_code(gone)) == (404, "-2130575338, System.ArgumentException")
    assert server.get(f"{path}/ItemCount") == {"value": 2}


def test_every_write_is_a_version(server: EmbeddedServer, new_list: NewList) -> None:
    """Versions come newest first, each with its label, its editor and the values it had."""
    path = new_list({"Title": "one", "Score": 1})
    server.merge(f"{path}/items(1)", {"Title": "two"})
    server.merge(f"{path}/items(1)", {"Score": 3}, authorization="Bearer ada-token")
    versions = server.get(f"{path}/items(1)/versions")["value"]
    seen = [(v["VersionId"], v["VersionLabel"], v["IsCurrentVersion"], v["Title"], v["Score"]) for v in versions]
    assert seen == [(1536, "3.0", True, "two", 3), (1024, "2.0", False, "two", 1), (512, "1.0", False, "one", 1)]
    assert [v["Editor"]["LookupValue"] for v in versions] == ["Ada Example", "SharePoint App", "SharePoint App"]
    assert server.get(f"{path}/items(1)")["OData__UIVersionString"] == "3.0"
    assert server.get(f"{path}/items(1)/versions(512)")["Title"] == "one"


def test_only_so_many_versions_are_kept(server: EmbeddedServer, new_list: NewList) -> None:
    """MajorVersionLimit bounds the versions of an item; without versioning only the present one is there."""
    path = new_list({})
    server.merge(path, {"EnableVersioning": True, "MajorVersionLimit": 3})
    for n in range(6):
        server.merge(f"{path}/items(1)", {"Score": n})
    assert [v["Score"] for v in server.get(f"{path}/items(1)/versions")["value"]] == [5, 4, 3]
    server.merge(path, {"EnableVersioning": False})
    server.merge(f"{path}/items(1)", {"Score": 9})
    assert [v["Score"] for v in server.get(f"{path}/items(1)/versions")["value"]] == [9]


def test_a_unique_column_holds_no_value_twice(server: EmbeddedServer, new_list: NewList) -> None:
    """The same value, in whatever case, is refused on making and on changing; blanks may repeat."""
    path = new_list({"Key": "Abc"}, {"Key": None}, {"Key": ""}, {"Key": "other"})
    for response in (
        server.call("POST", f"{path}/items", {"Key": "aBC"}),
        server.call("MERGE", f"{path}/items(4)", {"Key": "ABC"}, if_match="*"),
    ):
        assert error_code(response) == "-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException"
        assert "field(s) in the list: [Key]." in response.json()["odata.error"]["message"]["value"]
    server.merge(f"{path}/items(1)", {"Key": "abc"})
    assert server.get(f"{path}/ItemCount") == {"value": 4}


def test_a_verbose_body_names_its_type(server: EmbeddedServer, new_list: NewList) -> None:
    """In verbose JSON `__metadata.type` must be there and right; the answer is wrapped in `d` and carries the ETag."""
    path = new_list()
    kind = server.get(path)["ListItemEntityTypeFullName"]
    verbose = "application/json;odata=verbose"
    for body, status in (
        ({"__metadata": {"type": kind}, "Title": "a"}, 201),
        ({"__metadata": {"type": "SP.Data.OtherListItem"}, "Title": "a"}, 400),
        ({"Title": "a"}, 400),
    ):
        response = server.call("POST", f"{path}/items", body, content_type=verbose, accept=verbose)
        assert response.status_code == status
        shown = response.json()
        if status == 201:
            assert shown["d"]["__metadata"]["etag"] == response.headers["ETag"]
            assert shown["d"]["__metadata"]["type"] == kind
        else:
            assert set(shown["error"]) == {"code", "message"}
            assert shown["error"]["message"]["lang"] == "en-US"


def test_defaults_fill_what_is_not_given(server: EmbeddedServer, new_list: NewList) -> None:
    """A column's default is used when the body does not name it; an explicit null stays null. A default that is not
    of the column's type is refused."""
    columns = {
        "Stage": {"FieldTypeKind": 6, "Choices": ["New", "Old"], "DefaultValue": "New"},
        "On": {"FieldTypeKind": 8, "DefaultValue": "1"},
    }
    path = new_list({}, {"Stage": None, "On": False}, {"Stage": "Not a choice"}, columns=columns)
    rows = server.get(f"{path}/items?$select=Stage,On")["value"]
    assert rows == [
        {"Stage": "New", "On": True},
        {"Stage": None, "On": False},
        {"Stage": "Not a choice", "On": True},
    ]
    bad = server.call("POST", f"{path}/fields", {"Title": "N", "FieldTypeKind": 9, "DefaultValue": "x"})
    assert bad.status_code == 400


def test_read_only_properties_in_a_body_are_ignored(server: EmbeddedServer, new_list: NewList) -> None:
    """An item read and sent back does not change who made it, when, or its id."""
    path = new_list({"Title": "a"})
    before = server.get(f"{path}/items(1)")
    server.merge(f"{path}/items(1)", {**before, "Id": 77, "AuthorId": 99, "Created": "2001-01-01T00:00:00Z"})
    after = server.get(f"{path}/items(1)")
    assert (after["Id"], after["AuthorId"], after["Created"]) == (1, before["AuthorId"], before["Created"])
