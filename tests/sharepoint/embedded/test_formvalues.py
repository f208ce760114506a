"""validateUpdateListItem and addValidateUpdateItemUsingPath: words in, each field answered for, all or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from office365.runtime.auth.token_response import TokenResponse
from office365.sharepoint.client_context import ClientContext

from tests.embedded_server import EmbeddedServer

ADA = "i:0#.f|membership|ada.example@board.example"


def people(*logins: str) -> str:
    return json.dumps([{"Key": login} for login in logins])


@pytest.fixture(scope="module")
def path(server: EmbeddedServer) -> str:
    server.post(f"{server.list('FormTowns')}/items", {"Title": "Ambridge"})
    server.post("web/lists/getByTitle('FormTowns')/items", {"Title": "Borchester"})
    columns = {
        "Key": {"FieldTypeKind": 2, "Indexed": True, "EnforceUniqueValues": True},
        "Score": {"FieldTypeKind": 9, "MaximumValue": 2000.0},
        "Open": {"FieldTypeKind": 8},
        "Due": {"FieldTypeKind": 4},
        "Day": {"FieldTypeKind": 4, "DisplayFormat": 0},
        "Status": {"FieldTypeKind": 6, "Choices": ["Open", "Closed"]},
        "Tags": {"FieldTypeKind": 15, "Choices": ["red", "blue"]},
        "Owner": {"FieldTypeKind": 20},
        "Team": {"FieldTypeKind": 20, "AllowMultipleValues": True},
        "Must": {"FieldTypeKind": 2, "Required": True},
    }
    made = server.list("Forms", columns)
    guid = server.get("web/lists/getByTitle('FormTowns')?$select=Id")["Id"]
    for title, several in (("Town", ""), ("Towns", "Multi")):
        xml = f"<Field Type='Lookup{several}' DisplayName='{title}' List='{guid}' ShowField='Title'/>"
        server.post(f"{made}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    return made


@pytest.fixture
def item(server: EmbeddedServer, path: str) -> str:
    made = server.post(f"{path}/items", {"Title": "form", "Score": 1})
    return f"{path}/items({made['Id']})"


def fill(server: EmbeddedServer, item: str, values: dict[str, str | None], **more: Any) -> list[dict[str, Any]]:
    listed = [{"FieldName": name, "FieldValue": value} for name, value in values.items()]
    answer: list[dict[str, Any]] = server.post(f"{item}/validateUpdateListItem", {"formValues": listed, **more})[
        "value"
    ]
    return answer


@pytest.mark.parametrize(
    ("name", "words", "shown", "stored"),
    [
        ("Title", "plain & simple", "Title", "plain & simple"),
        ("Title", "", "Title", None),
        ("Score", "1,234.5", "Score", 1234.5),
        ("Score", "-2", "Score", -2),
        ("Open", "1", "Open", True),
        ("Open", "No", "Open", False),
        ("Open", "2", "Open", False),
        # London is an hour ahead of UTC in July and with it in January.
        ("Due", "01/07/2026 10:05", "Due", "2026-07-01T09:05:00Z"),
        ("Due", "31/1/2026", "Due", "2026-01-31T00:00:00Z"),
        ("Due", "1/7/2026 12:30 AM", "Due", "2026-06-30T23:30:00Z"),
        ("Day", "25/12/2026", "Day", "2026-12-25T00:00:00Z"),
        ("Status", "Closed", "Status", "Closed"),
        ("Tags", "red;#blue", "Tags", ["red", "blue"]),
        ("Tags", ";#blue;#", "Tags", ["blue"]),
        ("Town", "2", "TownId", 2),
        ("Town", "2;#Borchester", "TownId", 2),
        ("Town", "", "TownId", None),
        ("Towns", "1;#;#2;#", "TownsId", [1, 2]),
        ("Towns", "2;#Borchester;#1;#Ambridge", "TownsId", [2, 1]),
        ("Owner", people("app@sharepoint"), "OwnerId", 1),
        ("Owner", "[]", "OwnerId", None),
        ("Team", people("app@sharepoint", "SHAREPOINT|app@sharepoint"), "TeamId", [1]),
    ],
)
def test_words_are_read_in_the_sites_locale(
    server: EmbeddedServer, item: str, name: str, words: str, shown: str, stored: Any
) -> None:
    """Each kind of column takes the words its form writes, days first and thousands apart."""
    (answer,) = fill(server, item, {name: words})
    assert (answer["FieldName"], answer["FieldValue"], answer["HasException"]) == (name, words, False), answer
    assert answer["ErrorMessage"] is None
    assert server.get(f"{item}?$select={shown}") == {shown: stored}


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("Title", "x" * 256, "no more than 255 characters"),
        ("Score", "many", "Only numbers"),
        ("Score", "nan", "Edm.Double"),
        ("Score", "2001", "outside the limits"),
        ("Open", "perhaps", "neither yes nor no"),
        ("Due", "2026-07-01", "Enter a date and time like this: 23/02/2012 14:25"),
        ("Due", "07/31/2026", "Enter a date and time like this"),
        ("Day", "30/02/2026", "Enter a date like this: 23/02/2012"),
        ("Due", "01/07/2026 25:00", "Enter a date and time"),
        ("Due", "01/07/2026 13:00 PM", "Enter a date and time"),
        ("Status", "Ajar", "not one of the choices"),
        ("Tags", "red;#green", "not one of the choices"),
        ("Town", "99", "Invalid lookup value"),
        ("Town", "Ambridge", "Invalid lookup value"),
        ("Town", "1;#;#2;#", "Only one value"),
        ("Owner", "Ada Example", "JSON array"),
        ("Owner", people("nobody@board.example"), "user could not be found"),
        ("Owner", people("app@sharepoint", ADA), "Only one value"),
        ("Must", "", "can't leave this blank"),
        ("ID", "5", "read-only"),
        ("Nowhere", "x", "Column 'Nowhere' does not exist"),
    ],
)
def test_a_refused_field_says_why_and_nothing_is_written(
    server: EmbeddedServer, item: str, name: str, words: str, says: str
) -> None:
    """The answer is 200 with the field's own message; the fields that were right are not written either."""
    before = server.get(item)
    good, bad = fill(server, item, {"Key": "kept out", name: words})
    assert (good["HasException"], bad["HasException"], says in bad["ErrorMessage"]) == (False, True, True), bad
    assert server.get(item) == before


def test_a_repeated_unique_value_is_refused(server: EmbeddedServer, path: str, item: str) -> None:
    """The unique column is the one that answers, and nothing is written."""
    server.post(f"{path}/items", {"Key": "taken"})
    title, key = fill(server, item, {"Title": "changed", "Key": "TAKEN"})
    assert (title["HasException"], key["HasException"]) == (False, True)
    assert "already exists" in key["ErrorMessage"]
    assert server.get(f"{item}?$select=Title") == {"Title": "form"}


def test_a_new_document_update_keeps_the_version(server: EmbeddedServer, item: str) -> None:
    """bNewDocumentUpdate writes over the newest version; without it there is another. The ETag moves either way."""
    etag = server.call("GET", item).headers["ETag"]
    fill(server, item, {"Title": "over"}, bNewDocumentUpdate=True)
    versions = server.get(f"{item}/versions")["value"]
    assert [(one["VersionLabel"], one["Title"]) for one in versions] == [("1.0", "over")]
    assert server.call("GET", item).headers["ETag"] != etag
    fill(server, item, {"Title": "again"})
    versions = server.get(f"{item}/versions")["value"]
    assert [(one["VersionLabel"], one["Title"]) for one in versions] == [("2.0", "again"), ("1.0", "over")]


def test_only_an_owner_sets_who_and_when(server: EmbeddedServer, item: str) -> None:
    """Editor and Modified may be set by an owner of the list; a member is refused."""
    ada = server.post("web/ensureUser", {"logonName": ADA})["Id"]
    values: dict[str, str | None] = {"Editor": people(ADA), "Modified": "01/02/2026 09:00"}
    listed = [{"FieldName": name, "FieldValue": value} for name, value in values.items()]
    refused = server.call("POST", f"{item}/validateUpdateListItem", {"formValues": listed}, token="member-token").json()
    assert [one["HasException"] for one in refused["value"]] == [True, True]
    fill(server, item, values, bNewDocumentUpdate=True)
    assert server.get(f"{item}?$select=EditorId,Modified") == {"EditorId": ada, "Modified": "2026-02-01T09:00:00Z"}


def test_an_item_is_added_by_its_form(server: EmbeddedServer, path: str) -> None:
    """The new id comes as the field Id; a refused field makes no item."""

    def add(*values: tuple[str, str], **info: Any) -> Any:
        listed = [{"FieldName": name, "FieldValue": value} for name, value in values]
        body = {"formValues": listed, "bNewDocumentUpdate": False, "listItemCreateInfo": info, "checkInComment": None}
        return server.call("POST", f"{path}/AddValidateUpdateItemUsingPath()", body)

    folder = {"DecodedUrl": "/sites/mhrmb/Lists/Forms"}
    made = {one["FieldName"]: one for one in add(("Title", "added"), ("Town", "1"), FolderPath=folder).json()["value"]}
    row = server.get(f"{path}/items({made['Id']['FieldValue']})?$select=Title,TownId")
    assert row == {"Title": "added", "TownId": 1}
    count = server.get(f"{path}/ItemCount")["value"]
    refused = add(("Title", "not added"), ("Score", "x")).json()["value"]
    assert [(one["FieldName"], one["HasException"]) for one in refused] == [("Title", False), ("Score", True)]
    assert server.get(f"{path}/ItemCount")["value"] == count
    assert add(("Title", "x"), FolderPath={"DecodedUrl": "/sites/mhrmb/Lists/Forms/Sub"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"formValues": "x"}, 400),
        ({"formValues": [{"FieldName": "Title", "FieldValue": 5}]}, 400),
        ({"formValues": [], "nonsense": True}, 400),
        ({"formValues": [], "datesInUTC": True}, 501),
    ],
)
def test_a_malformed_form_is_refused(server: EmbeddedServer, item: str, body: dict[str, Any], status: int) -> None:
    """No values, values that are not texts, and parameters the method lacks."""
    assert server.call("POST", f"{item}/validateUpdateListItem", body).status_code == status


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_python_client_fills_in_a_form(server: EmbeddedServer, path: str, item: str) -> None:
    """office365 sends verbose JSON and reads each field's answer."""
    token = TokenResponse(access_token=server.token, token_type="Bearer", expires_in=3600)
    client = ClientContext(server.url).with_access_token(lambda: token)
    target = client.web.lists.get_by_title("Forms").items.get_by_id(int(item.rpartition("(")[2].rstrip(")")))
    result = target.validate_update_list_item({"Title": "by client", "Score": "x"}).execute_query()
    assert [(one.FieldName, one.HasException) for one in result.value] == [("Title", False), ("Score", True)]
