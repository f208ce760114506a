"""A data directory of the version before libraries opens with this one, and has lost nothing."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sharepoint.embedded.migration import upgrade
from tests.embedded_server import EmbeddedServer

# The tables as that version made them, written down here so that the present code cannot change them.
OLD = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lists (
    no INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL UNIQUE, title TEXT NOT NULL UNIQUE COLLATE NOCASE,
    entity TEXT NOT NULL, description TEXT NOT NULL, template INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0,
    versioning INTEGER NOT NULL, major_limit INTEGER NOT NULL, created TEXT NOT NULL, item_count INTEGER NOT NULL,
    item_modified TEXT NOT NULL, item_deleted TEXT NOT NULL, unique_roles INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0, settings TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS fields (
    no INTEGER PRIMARY KEY AUTOINCREMENT, list_no INTEGER NOT NULL, guid TEXT NOT NULL, name TEXT NOT NULL,
    title TEXT NOT NULL, kind TEXT NOT NULL, sql TEXT NOT NULL, builtin INTEGER NOT NULL, required INTEGER NOT NULL,
    hidden INTEGER NOT NULL, indexed INTEGER NOT NULL, is_unique INTEGER NOT NULL, settings TEXT NOT NULL,
    UNIQUE (list_no, name));
CREATE TABLE IF NOT EXISTS versions (
    list_no INTEGER NOT NULL, item INTEGER NOT NULL, number INTEGER NOT NULL, label TEXT NOT NULL,
    created TEXT NOT NULL, editor INTEGER NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (list_no, item, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, ticks INTEGER NOT NULL, list_no INTEGER NOT NULL, list_guid TEXT NOT NULL,
    object TEXT NOT NULL, change INTEGER NOT NULL, item INTEGER, guid TEXT NOT NULL, editor INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS changes_by_list ON changes (list_no, seq);
CREATE TABLE IF NOT EXISTS principals (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    title TEXT NOT NULL, email TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', admin INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS memberships (group_id INTEGER, user_id INTEGER, PRIMARY KEY (group_id, user_id));
CREATE TABLE IF NOT EXISTS assignments (
    list_no INTEGER NOT NULL, principal INTEGER NOT NULL, role INTEGER NOT NULL,
    PRIMARY KEY (list_no, principal, role));
CREATE TABLE IF NOT EXISTS recycled (
    guid TEXT PRIMARY KEY, list_no INTEGER NOT NULL, item INTEGER NOT NULL, deleted TEXT NOT NULL,
    deleted_by INTEGER NOT NULL, content TEXT NOT NULL);
CREATE TABLE items_1 (id INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL COLLATE NOCASE,
    version INTEGER NOT NULL, major INTEGER NOT NULL, label TEXT NOT NULL, created TEXT NOT NULL,
    modified TEXT NOT NULL, author INTEGER NOT NULL, editor INTEGER NOT NULL, title TEXT COLLATE NOCASE);
"""
LIST, SITE = "5f0e6f3e-6d39-4d0d-9d65-1d4c6f1a2b3c", "11111111-2222-3333-4444-555555555555"
WHEN = "2026-11-20T10:00:00Z"
FIELDS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("ID", "Counter", "id", {"ReadOnly": True}),
    ("FSObjType", "Integer", "0", {"ReadOnly": True, "Property": "FileSystemObjectType"}),
    ("ContentTypeId", "ContentTypeId", "'0x0100'", {"ReadOnly": True}),
    ("Title", "Text", "title", {"MaxLength": 255}),
    ("Modified", "DateTime", "modified", {"ReadOnly": True}),
    ("Created", "DateTime", "created", {"ReadOnly": True}),
    ("Author", "User", "author", {"ReadOnly": True}),
    ("Editor", "User", "editor", {"ReadOnly": True}),
    ("_UIVersionString", "Text", "label", {"ReadOnly": True}),
    ("Attachments", "Attachments", "0", {"ReadOnly": True}),
    ("GUID", "Guid", "guid", {"ReadOnly": True}),
]


def item(number: int, title: str) -> dict[str, Any]:
    """A row of the list's table."""
    return {
        "id": number, "guid": f"aaaaaaaa-0000-0000-0000-00000000000{number}", "version": 2, "major": 2, "label": "2.0",
        "created": WHEN, "modified": WHEN, "author": 1, "editor": 1, "title": title,
    }  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A directory with one list of two items, one of them recycled."""
    connection = sqlite3.connect(tmp_path / "sharepoint.db")
    connection.executescript(OLD)
    connection.execute(
        "INSERT INTO lists VALUES (1, ?, 'It''s notes', 'Notes', '', 100, 0, 1, 50, ?, 1, ?, ?, 0, 3, '{}')",
        (LIST, WHEN, WHEN, WHEN),
    )
    connection.execute("INSERT INTO meta VALUES ('web', ?)", (SITE,))
    connection.execute(
        "INSERT INTO principals (id, kind, login, title, email, admin) "
        "VALUES (1, 1, 'app@sharepoint', 'SharePoint App', '', 1)"
    )
    for at, (name, kind, sql, settings) in enumerate(FIELDS, start=1):
        connection.execute(
            "INSERT INTO fields VALUES (?, 1, ?, ?, ?, ?, ?, 1, 0, 0, 0, 0, ?)",
            (at, f"bbbbbbbb-0000-0000-0000-0000000000{at:02}", name, name, kind, sql, json.dumps(settings)),
        )
    kept, gone = item(1, "kept"), item(2, "binned")
    connection.execute(f"INSERT INTO items_1 VALUES ({', '.join('?' * len(kept))})", list(kept.values()))
    connection.execute("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'items_1'")
    for number in (1, 2):
        for version in (1, 2):
            content = json.dumps({"Title": f"version {version}"})
            connection.execute(
                "INSERT INTO versions VALUES (1, ?, ?, ?, ?, 1, ?)", (number, version, f"{version}.0", WHEN, content)
            )
    connection.execute(
        "INSERT INTO recycled VALUES ('cccccccc-0000-0000-0000-000000000001', 1, 2, ?, 1, ?)", (WHEN, json.dumps(gone))
    )
    connection.execute("UPDATE recycled SET deleted = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')")
    connection.commit()
    connection.close()
    return tmp_path


def test_an_old_directory_opens_with_all_it_had(old: Path) -> None:
    """Items, versions and what was recycled are there; what is new works on the old list; and again after a restart."""
    path = f"web/lists(guid'{LIST}')"
    with EmbeddedServer(old) as server:
        shown = server.get(f"{path}/items(1)?$select=Title,Attachments,FileRef")
        assert shown == {"Title": "kept", "Attachments": False, "FileRef": "/sites/mhrmb/Lists/It's notes/1_.000"}
        assert len(server.get(f"{path}/items(1)/versions")["value"]) == 2
        (entry,) = server.get("web/recyclebin")["value"]
        assert (entry["Title"], entry["ItemType"], entry["DirName"]) == ("binned", 3, "sites/mhrmb/Lists/It's notes")
        server.post(f"web/recyclebin('{entry['Id']}')/restore()")
        assert server.get(f"{path}/items(2)")["Title"] == "binned"
        assert len(server.get(f"{path}/items(2)/versions")["value"]) == 2
        server.post(f"{path}/items(1)/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
        assert (
            server.call("POST", f"{path}/items(2)/AttachmentFiles/add(FileName='a.txt')", {"a": 1}).status_code == 200
        )
        server.merge(f"{path}/items(1)", {"Title": "changed"})
        assert server.post(f"{path}/items", {"Title": "third"})["Id"] == 3
        server.post("web/lists", {"Title": "Papers", "BaseTemplate": 101})
    with EmbeddedServer(old) as server:
        assert [one["Title"] for one in server.get(f"{path}/items")["value"]] == ["changed", "binned", "third"]
        assert server.get(f"{path}/items(2)")["Attachments"] is True
        assert server.get("web/folders?$select=Name")["value"] == [{"Name": "Papers"}, {"Name": "Lists"}]


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(old: Path) -> None:
    """All steps are one transaction: killed or refused half way, the next start begins again from the old form."""
    connection = sqlite3.connect(old / "sharepoint.db", isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("DROP TABLE items_1")  # the step of this list cannot be done
    before = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    with pytest.raises(sqlite3.OperationalError):
        upgrade(connection)
    assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before
    connection.close()


def test_lists_that_went_before_are_told_to_nobody(tmp_path: Path) -> None:
    """Which of them were closed is not known any more, so their changes are for the app alone; the rest is told on."""
    people = ("--member-token", "member-token")
    asked = {"query": {"List": True, "Add": True, "DeleteObject": True}}

    def told(server: EmbeddedServer, token: str = "") -> list[int]:
        return [one["ChangeType"] for one in server.post("web/getChanges", asked, token=token)["value"]]

    with EmbeddedServer(tmp_path, extra=people) as server:
        server.list("Kept")
        server.delete(server.list("Gone"))
        assert told(server, "member-token") == [1, 1, 3]
    with sqlite3.connect(tmp_path / "sharepoint.db") as connection:
        connection.execute("ALTER TABLE changes DROP COLUMN closed")
    connection.close()
    with EmbeddedServer(tmp_path, extra=people) as server:
        assert (told(server, "member-token"), told(server)) == ([1], [1, 1, 3])
