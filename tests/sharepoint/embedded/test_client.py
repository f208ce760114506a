"""The same client the product uses, office365-rest-python-client, against the server."""

from __future__ import annotations

from typing import Any

import pytest
from office365.runtime.auth.token_response import TokenResponse
from office365.runtime.client_request_exception import ClientRequestException
from office365.sharepoint.changes.query import ChangeQuery
from office365.sharepoint.client_context import ClientContext
from office365.sharepoint.lists.creation_information import ListCreationInformation

from tests.embedded_server import EmbeddedServer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def context(server: EmbeddedServer) -> Any:
    """A fresh context, as the product makes one for each unit of work."""
    token = TokenResponse(access_token=server.token, token_type="Bearer", expires_in=3600)
    return ClientContext(server.url).with_access_token(lambda: token)


@pytest.fixture(scope="module")
def listed(server: EmbeddedServer) -> str:
    made = context(server).web.lists.add(ListCreationInformation("By client")).execute_query()
    made.fields.create_field_as_xml(
        '<Field Type="Text" Name="Key" DisplayName="Key" Indexed="TRUE" EnforceUniqueValues="TRUE"/>'
    ).execute_query()
    assert made.fields.add_text_field("Status").execute_query().properties["InternalName"] == "Status"
    return str(made.title)


def test_the_client_writes_and_reads_items(server: EmbeddedServer, listed: str) -> None:
    """Adding, updating with a real ETag, a stale update and a duplicate behave as on SharePoint Online."""
    target = context(server).web.lists.get_by_title(listed)
    made = target.add_item({"Title": "it's", "Status": "Open", "Key": "k1"}).execute_query()
    assert made.properties["GUID"]
    etag = f'"{made.properties["GUID"]},1"'

    def update(title: str) -> None:
        ctx = context(server)
        item = ctx.web.lists.get_by_title(listed).get_item_by_id(made.properties["Id"])
        item.set_property("Title", title).update()
        ctx.before_execute(lambda request: request.set_header("IF-MATCH", etag))
        ctx.execute_query()

    update("new")
    with pytest.raises(ClientRequestException) as stale:
        update("late")
    assert stale.value.response.status_code == 412
    with pytest.raises(ClientRequestException, match="SPDuplicateValuesFoundException"):
        context(server).web.lists.get_by_title(listed).add_item({"Key": "K1"}).execute_query()
    rows = target.items.filter("Title eq 'new'").select(["Id", "Title"]).top(5).get().execute_query()
    assert [row.properties["Title"] for row in rows] == ["new"]


def test_the_client_reads_changes(server: EmbeddedServer, listed: str) -> None:
    """GetChanges from a stored token tells the writes since."""
    target = context(server).web.lists.get_by_title(listed)
    start = server.get(f"web/lists/getByTitle('{listed}')/CurrentChangeToken")["StringValue"]
    made = target.add_item({"Title": "c", "Key": "changed"}).execute_query()
    query = ChangeQuery(Item=True, ChangeTokenStart={"StringValue": start})  # type: ignore[arg-type]
    found = context(server).web.lists.get_by_title(listed).get_changes(query).execute_query()
    assert [change.properties["ItemId"] for change in found] == [made.properties["Id"]]


def test_the_client_batches(server: EmbeddedServer, listed: str) -> None:
    """Its batches are read and its answers understood."""
    ctx = context(server)
    target = ctx.web.lists.get_by_title(listed)
    for n in range(5):
        target.add_item({"Title": f"b{n}", "Key": f"batch{n}"})
    ctx.execute_batch()
    path = f"web/lists/getByTitle('{listed}')/items?$filter=startswith(Key,'batch')&$select=Title"
    assert [row["Title"] for row in server.get(path)["value"]] == [f"b{n}" for n in range(5)]
