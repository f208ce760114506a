"""Lookup, several-person and several-choice columns: made, written in each JSON dialect, expanded and filtered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from office365.sharepoint.client_context import ClientContext

from tests.embedded_server import EmbeddedServer

VERBOSE = {"accept": "application/json;odata=verbose", "content_type": "application/json;odata=verbose"}


@dataclass(frozen=True, slots=True)
class Case:
    """A list of towns, and a list of visits whose columns look them up."""

    towns: str
    towns_id: str
    visits: str
    kind: str


def add_lookup(server: EmbeddedServer, path: str, title: str, target: str, **more: Any) -> Any:
    given = {"Title": title, "FieldTypeKind": 7, "LookupListId": target, "LookupFieldName": "Title"}
    made = server.post(f"{path}/fields/addField", {"parameters": given})
    if more:
        server.merge(f"{path}/fields(guid'{made['Id']}')", {"odata.type": "SP.FieldLookup", **more})
    return made


@pytest.fixture(scope="module")
def case(server: EmbeddedServer) -> Case:
    towns = server.list("Towns", {"Size": {"FieldTypeKind": 9}, "Band": {"FieldTypeKind": 6, "Choices": ["x"]}})
    towns_id = server.get(f"{towns}?$select=Id")["Id"]
    for title, size in (("Ambridge", 3), ("Borchester", 20), ("Felpersham", 70)):
        server.post(f"{towns}/items", {"Title": title, "Size": size})
    visits = server.list("Visits")
    add_lookup(server, visits, "Town", towns_id)
    add_lookup(server, visits, "Towns", towns_id, AllowMultipleValues=True)
    choices = "<CHOICES><CHOICE>red</CHOICE><CHOICE>blue</CHOICE></CHOICES>"
    for xml in (
        "<Field Type='UserMulti' Mult='TRUE' DisplayName='People'/>",
        f"<Field Type='MultiChoice' DisplayName='Tags'>{choices}</Field>",
    ):
        server.post(f"{visits}/fields/createFieldAsXml", {"parameters": {"SchemaXml": xml}})
    for row in (
        {"Title": "one", "TownId": 1, "TownsId": [1, 2], "PeopleId": [1], "Tags": ["red", "blue"]},
        {"Title": "two", "TownId": 3, "TownsId": [2], "Tags": ["blue"]},
        {"Title": "none"},
    ):
        server.post(f"{visits}/items", row)
    kind = server.get(f"{visits}?$select=ListItemEntityTypeFullName")["ListItemEntityTypeFullName"]
    return Case(towns, towns_id, visits, kind)


def test_columns_say_what_they_are(server: EmbeddedServer, case: Case) -> None:
    """A lookup names its list and column; one that holds several has a type of its own and the same number."""
    fields = {one["InternalName"]: one for one in server.get(f"{case.visits}/fields")["value"]}
    told = {name: (fields[name]["TypeAsString"], fields[name]["FieldTypeKind"]) for name in ("Town", "Towns", "People")}
    assert told == {"Town": ("Lookup", 7), "Towns": ("LookupMulti", 7), "People": ("UserMulti", 20)}
    assert (fields["Tags"]["TypeAsString"], fields["Tags"]["Choices"]) == ("MultiChoice", ["red", "blue"])
    assert (fields["Town"]["LookupList"], fields["Town"]["LookupField"]) == (f"{{{case.towns_id}}}", "Title")
    assert [fields[name]["AllowMultipleValues"] for name in ("Town", "Towns", "People")] == [False, True, True]


def test_expanded_values_come_with_what_was_selected(server: EmbeddedServer, case: Case) -> None:
    """One value is an object, several are an array, and an empty column is left out."""
    query = "$select=Title,Town/Title,Town/Size,Towns/Id,Towns/Title,People/EMail&$expand=Town,Towns,People"
    assert server.get(f"{case.visits}/items?{query}")["value"] == [
        {
            "Title": "one",
            "Town": {"Title": "Ambridge", "Size": 3},
            "Towns": [{"Id": 1, "Title": "Ambridge"}, {"Id": 2, "Title": "Borchester"}],
            "People": [{"EMail": "app@sharepoint"}],
        },
        {
            "Title": "two",
            "Town": {"Title": "Felpersham", "Size": 70},
            "Towns": [{"Id": 2, "Title": "Borchester"}],
        },
        {"Title": "none"},
    ]


def test_ids_and_choices_are_shown_plainly(server: EmbeddedServer, case: Case) -> None:
    """Without $expand a reference is its id, or an array of ids; verbose wraps arrays in `results`."""
    query = f"{case.visits}/items?$select=TownId,TownsId,PeopleId,Tags&$top=1"
    shown = {"TownId": 1, "TownsId": [1, 2], "PeopleId": [1], "Tags": ["red", "blue"]}
    assert server.get(query)["value"] == [shown]
    row = server.get(query, **VERBOSE)["d"]["results"][0]
    assert row["TownsId"] == {"__metadata": {"type": "Collection(Edm.Int32)"}, "results": [1, 2]}
    assert row["Tags"] == {"__metadata": {"type": "Collection(Edm.String)"}, "results": ["red", "blue"]}
    assert server.get(f"{case.visits}/items(3)?$select=TownId,TownsId,Tags") == {
        "TownId": None,
        "TownsId": None,
        "Tags": None,
    }


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("Town/Title eq 'ambridge'", [1]),
        ("TownId eq 3", [2]),
        ("Town/Id eq 3", [2]),
        ("Town/Size gt 10", [2]),
        ("TownId eq null", [3]),
        ("startswith(Town/Title,'A')", [1]),
        ("substringof('sham',Town/Title)", [2]),
        ("Towns/Title eq 'Borchester'", [1, 2]),
        ("TownsId eq 1", [1]),
        ("TownsId ne 1", [2, 3]),
        ("TownsId eq null", [3]),
        ("People/Title eq 'SharePoint App'", [1]),
        ("Tags eq 'blue'", [1, 2]),
        ("Tags eq 'red' or Town/Title eq 'Felpersham'", [1, 2]),
    ],
)
def test_references_are_filtered(server: EmbeddedServer, case: Case, condition: str, found: list[int]) -> None:
    """A condition on a column of several is met if one of them meets it."""
    rows = server.get(f"{case.visits}/items?$select=Id&$filter={condition}")["value"]
    assert [row["Id"] for row in rows] == found


@pytest.mark.parametrize("order", ["Town/Size", "Town/Size desc", "Town/Title", "TownId desc", "Author/Title"])
def test_pages_sorted_by_a_reference_add_up(server: EmbeddedServer, case: Case, order: str) -> None:
    """Following nextLinks one row at a time gives every row once, in the order of the whole."""
    query = f"{case.visits}/items?$select=Id&$orderby={order}"
    whole = [row["Id"] for row in server.get(query)["value"]]
    paged, following = [], f"{query}&$top=1"
    while following:
        page = server.get(following)
        paged += [row["Id"] for row in page["value"]]
        following = page.get("odata.nextLink", "").partition("/_api/")[2]
    assert (paged, sorted(paged)) == (whole, [1, 2, 3])


def test_references_are_sorted_by_what_they_show(server: EmbeddedServer, case: Case) -> None:
    """A single lookup sorts by a sub-field, nothing first."""
    rows = server.get(f"{case.visits}/items?$select=Id&$orderby=Town/Title desc")["value"]
    assert [row["Id"] for row in rows] == [2, 1, 3]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("$select=Town", "'Town' is not valid"),
        ("$select=Town/Title", "'Town' is not valid"),
        ("$expand=Town", "'Town' is not valid"),
        ("$select=Town/Nowhere&$expand=Town", "'Nowhere' does not exist"),
        ("$select=Town/Band&$expand=Town", "'Town/Band' is not valid"),
        ("$select=People/Nowhere&$expand=People", "'Nowhere' does not exist"),
        ("$select=Tags/Title&$expand=Tags", "'Tags' does not exist"),
        ("$filter=Town/Nowhere eq 1", "'Nowhere' does not exist"),
        ("$orderby=Towns/Title", "cannot be used in the query sort expression"),
        ("$orderby=Tags", "cannot be used in the query sort expression"),
    ],
)
def test_a_projection_that_cannot_be_is_refused(server: EmbeddedServer, case: Case, query: str, says: str) -> None:
    """A lookup without its parts, with an unknown part, or sorted while it holds several, is 400."""
    response = server.call("GET", f"{case.visits}/items?{query}")
    assert (response.status_code, says in response.text) == (400, True), response.text


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"TownId": 99}, 500, "Invalid lookup value"),
        ({"TownsId": [1, 99]}, 500, "Invalid lookup value"),
        ({"PeopleId": [99]}, 400, "user could not be found"),
        ({"TownId": "1"}, 400, "Edm.Int32"),
        ({"TownsId": {"results": [1]}}, 400, "'StartObject' node"),
        ({"TownsId": 1}, 400, "'PrimitiveValue' node"),
        ({"Tags": "red"}, 400, "'PrimitiveValue' node"),
        ({"Tags": [1]}, 400, "Edm.String"),
        ({"Town": 1}, 400, "value of a navigation property"),
    ],
)
def test_a_wrong_reference_is_refused(
    server: EmbeddedServer, case: Case, body: dict[str, Any], status: int, says: str
) -> None:
    """Nothing and nobody can be referred to, each dialect has one way to write a collection, and nothing is made."""
    before = server.get(f"{case.visits}?$select=ItemCount")
    response = server.call("POST", f"{case.visits}/items", {"Title": "bad", **body})
    assert (response.status_code, says in response.text) == (status, True), response.text
    assert server.get(f"{case.visits}?$select=ItemCount") == before


def test_a_verbose_body_wraps_collections(server: EmbeddedServer, case: Case) -> None:
    """Verbose takes `results` only, and only in an entity of the list's own type."""
    path = f"{case.visits}/items"
    body = {"__metadata": {"type": case.kind}, "Title": "verbose", "TownsId": {"results": [3, 1]}}
    made = server.post(path, body, **VERBOSE)["d"]
    assert made["TownsId"]["results"] == [3, 1]
    for wrong, says in (
        ({**body, "TownsId": [3]}, "'StartArray' node"),
        ({**body, "__metadata": {"type": "SP.ListItem"}}, "open collection property 'TownsId'"),
    ):
        response = server.call("POST", path, wrong, **VERBOSE)
        assert (response.status_code, says in response.text) == (400, True), response.text
    server.delete(f"{path}({made['Id']})")


def test_the_python_client_reads_and_writes_lookups(server: EmbeddedServer, case: Case) -> None:
    """office365 makes an item with a lookup and reads what it shows."""
    token = {"access_token": server.token, "token_type": "Bearer", "expires_in": 3600}
    client = ClientContext(server.url).with_access_token(lambda: token)
    visits = client.web.lists.get_by_title("Visits")
    made = visits.add_item({"Title": "by client", "TownId": 2}).execute_query()
    read = visits.items.get_by_id(made.id).select(["Town/Title"]).expand(["Town"]).get().execute_query()
    assert read.properties["Town"]["Title"] == "Borchester"
    server.delete(f"{case.visits}/items({made.id})")


def test_at_most_twelve_joins_a_query(server: EmbeddedServer, case: Case) -> None:
    """The thirteenth person or lookup column of a query is refused, wherever it is named."""
    path = server.list("Joins", {f"P{n}": {"FieldTypeKind": 20} for n in range(13)})
    names = [f"P{n}" for n in range(13)]

    def ask(several: list[str], more: str = "") -> int:
        shown = ",".join(f"{name}/Title" for name in several)
        return server.call("GET", f"{path}/items?$select={shown}&$expand={','.join(several)}{more}").status_code

    assert ask(names[:12]) == 200
    assert ask(names) == 500
    assert ask(names[:12], "&$filter=P12/Title eq 'x'") == 500
    assert ask(names[:12], "&$filter=P0/Title eq 'x'") == 200
    refused = server.call("GET", f"{path}/items?$select={','.join(f'{name}Id' for name in names)}")
    assert "SPQueryThrottledException" in refused.text


def test_a_lookup_shows_nothing_of_a_list_one_may_not_read(server: EmbeddedServer, case: Case) -> None:
    """What a lookup shows is read with the reader's own rights on the list it reads from."""
    secret = server.list("Secrets")
    server.post(f"{secret}/items", {"Title": "hidden"})
    server.post(f"{secret}/breakRoleInheritance(copyRoleAssignments=false)")
    path = server.list("Open")
    add_lookup(server, path, "Secret", server.get(f"{secret}?$select=Id")["Id"])
    server.post(f"{path}/items", {"Title": "a", "SecretId": 1})
    query = f"{path}/items?$select=Title,Secret/Title&$expand=Secret"
    assert server.get(query)["value"] == [{"Title": "a", "Secret": {"Title": "hidden"}}]
    as_member = server.call("GET", query, token="member-token").json()["value"]
    assert as_member == [{"Title": "a"}]
    guess = server.call("GET", f"{path}/items?$filter=Secret/Title eq 'hidden'", token="member-token")
    assert guess.json()["value"] == []


def test_versions_show_references(server: EmbeddedServer, case: Case) -> None:
    """A version shows a lookup as its id and text, and several of them as a list."""
    version = server.get(f"{case.visits}/items(1)/versions")["value"][0]
    assert version["Town"] == {"LookupId": 1, "LookupValue": "Ambridge"}
    assert [one["LookupValue"] for one in version["Towns"]] == ["Ambridge", "Borchester"]


@pytest.mark.parametrize(
    "given",
    [
        {"FieldTypeKind": 20, "AllowMultipleValues": True},
        {"FieldTypeKind": 7},
        {"FieldTypeKind": 7, "LookupListId": "no", "LookupFieldName": "Title"},
        {"FieldTypeKind": 7, "LookupListId": "towns", "LookupFieldName": "No"},
        {"FieldTypeKind": 7, "LookupListId": "towns", "LookupFieldName": "Band"},
    ],
)
def test_a_lookup_that_cannot_be_made_is_refused(server: EmbeddedServer, case: Case, given: dict[str, Any]) -> None:
    """An unknown property, no list, no such list, no such column, a column a lookup cannot show: 400, and no column."""
    before = len(server.get(f"{case.visits}/fields")["value"])
    if given.get("LookupListId") == "towns":
        given = {**given, "LookupListId": case.towns_id}
    response = server.call("POST", f"{case.visits}/fields/addField", {"parameters": {"Title": "L", **given}})
    assert response.status_code == 400, response.text
    assert len(server.get(f"{case.visits}/fields")["value"]) == before


def test_a_lookup_is_not_made_by_posting_to_fields(server: EmbeddedServer, case: Case) -> None:
    """POST fields names addfield instead, as SharePoint does."""
    body = {"Title": "L", "FieldTypeKind": 7, "LookupList": case.towns_id, "LookupField": "Title"}
    response = server.call("POST", f"{case.visits}/fields", body)
    assert (response.status_code, "Please use addfield" in response.text) == (500, True)
