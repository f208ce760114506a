"""The client that the product uses, office365-rest-python-client, on libraries, attachments, bins and permissions."""

from __future__ import annotations

import io
from typing import Any

import pytest
from office365.runtime.client_request_exception import ClientRequestException

from tests.embedded_server import EmbeddedServer
from tests.sharepoint.embedded.test_client import context

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
LIBRARY = "Client papers"


@pytest.fixture(scope="module")
def library(server: EmbeddedServer) -> str:
    server.post("web/lists", {"Title": LIBRARY, "BaseTemplate": 101})
    return f"/sites/mhrmb/{LIBRARY}"


def folder(server: EmbeddedServer, path: str) -> Any:
    return context(server).web.get_folder_by_server_relative_path(path)


def file(server: EmbeddedServer, path: str) -> Any:
    return context(server).web.get_file_by_server_relative_path(path)


def test_the_client_uploads_and_downloads(server: EmbeddedServer, library: str) -> None:
    """In one request and in pieces; it reads names with a quote, a hash and a percent sign that it cannot itself make
    (its files.add sends them as an address)."""
    data = bytes(range(256)) * 40
    made = folder(server, library).files.upload_content(data, "plain & simple.bin").execute_query()
    assert made.name == "plain & simple.bin"
    assert file(server, f"{library}/plain & simple.bin").get_content().execute_query().value == data
    file(server, f"{library}/plain & simple.bin").listItemAllFields.set_property(
        "FileLeafRef", "it's #1 50%.bin"
    ).update().execute_query()
    assert file(server, f"{library}/it's #1 50%.bin").get_content().execute_query().value == data
    pieces = folder(server, library).files.create_upload_session(io.BytesIO(data), 3000, file_name="pieces.bin")
    pieces.execute_query()
    assert file(server, f"{library}/pieces.bin").get_content().execute_query().value == data
    assert file(server, f"{library}/pieces.bin").get_content(10_000).execute_query().value == data[10_000:]


def test_the_client_makes_folders_and_reads_them(server: EmbeddedServer, library: str) -> None:
    """Folders are added, listed and their items' columns written."""
    made = folder(server, library).folders.add("2026 papers").execute_query()
    assert made.properties["ServerRelativeUrl"] == f"{library}/2026 papers"
    folder(server, f"{library}/2026 papers").files.add("a.txt", b"a", True).execute_query()
    names = folder(server, f"{library}/2026 papers").files.get().execute_query()
    assert [one.name for one in names] == ["a.txt"]
    item = file(server, f"{library}/2026 papers/a.txt").listItemAllFields
    item.set_property("Title", "Agenda").update().execute_query()
    assert (
        file(server, f"{library}/2026 papers/a.txt").listItemAllFields.get().execute_query().properties["Title"]
        == "Agenda"
    )


def test_the_client_sees_refusals(server: EmbeddedServer, library: str) -> None:
    """A missing file, and a taken name without overwrite, raise with SharePoint's codes."""
    with pytest.raises(ClientRequestException, match="-2130575338"):
        file(server, f"{library}/missing.txt").get().execute_query()
    folder(server, library).files.add("taken.txt", b"a", False).execute_query()
    with pytest.raises(ClientRequestException, match="-2130575257"):
        folder(server, library).files.add("taken.txt", b"b", False).execute_query()


def test_the_client_recycles_and_restores(server: EmbeddedServer, library: str) -> None:
    """The guid that recycle answers names the entry of the bin."""
    folder(server, library).files.add("gone.txt", b"gone", True).execute_query()
    guid = file(server, f"{library}/gone.txt").recycle().execute_query().value
    entry = context(server).web.recycle_bin.get_by_id(guid).get().execute_query()
    assert entry.properties["LeafName"] == "gone.txt"
    context(server).web.recycle_bin.get_by_id(guid).restore().execute_query()
    assert file(server, f"{library}/gone.txt").get_content().execute_query().value == b"gone"


def test_the_client_keeps_versions(server: EmbeddedServer, library: str) -> None:
    """Earlier bytes are versions, restored by label."""
    for data in (b"one", b"two"):
        folder(server, library).files.add("v.txt", data, True).execute_query()
    versions = file(server, f"{library}/v.txt").versions.get().execute_query()
    assert [one.properties["VersionLabel"] for one in versions] == ["1.0"]
    file(server, f"{library}/v.txt").versions.restore_by_label("1.0").execute_query()
    assert file(server, f"{library}/v.txt").get_content().execute_query().value == b"one"


def test_the_client_attaches_and_closes_items(server: EmbeddedServer) -> None:
    """Attachments are added and read; an item's permissions are its own after break_role_inheritance."""
    path = server.list("Client attachments")
    made = context(server).web.lists.get_by_title("Client attachments").add_item({"Title": "a"}).execute_query()
    number = made.properties["Id"]

    def item() -> Any:
        return context(server).web.lists.get_by_title("Client attachments").get_item_by_id(number)

    item().attachment_files.add({"filename": "plain.txt", "content": b"bytes"}).execute_query()
    (found,) = item().attachment_files.get().execute_query()
    assert found.file_name == "plain.txt"
    assert found.get_content().execute_query().value == b"bytes"
    item().break_role_inheritance(False).execute_query()
    assert server.get(f"{path}/items({number})/HasUniqueRoleAssignments") == {"value": True}
    assert server.get(f"{path}/items", authorization="Bearer member-token")["value"] == []
