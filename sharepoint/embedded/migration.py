"""What later versions added to the SQLite file, put in place whenever a data directory is opened.

Every step looks before it acts, so that a new directory, an old one and one half way (killed meanwhile) all end the
same; there is no version number to get wrong. It runs in one transaction.
"""

from __future__ import annotations

import sqlite3

from sharepoint.embedded.schema import FIELD_ROW, attachments_flag, file_columns

# File bytes are in pieces so that an upload can grow, and in the database so that one commit covers the bytes, the
# item, its version and its change. The triggers let bytes go with the last version or attachment that needs them.
_ADDED = """
CREATE TABLE IF NOT EXISTS contents (no INTEGER PRIMARY KEY AUTOINCREMENT, length INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS pieces (
    content INTEGER NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (content, at));
CREATE TABLE IF NOT EXISTS uploads (
    guid TEXT NOT NULL, list_no INTEGER NOT NULL, item INTEGER NOT NULL, person INTEGER NOT NULL,
    blob INTEGER NOT NULL, started TEXT NOT NULL, PRIMARY KEY (guid, list_no, item));
CREATE TABLE IF NOT EXISTS attachments (
    list_no INTEGER NOT NULL, item INTEGER NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL, blob INTEGER NOT NULL,
    recycled TEXT);
CREATE INDEX IF NOT EXISTS attachments_by_item ON attachments (list_no, item);
CREATE TABLE IF NOT EXISTS item_scopes (list_no INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (list_no, item));
CREATE TABLE IF NOT EXISTS item_assignments (
    list_no INTEGER NOT NULL, item INTEGER NOT NULL, principal INTEGER NOT NULL, role INTEGER NOT NULL,
    PRIMARY KEY (list_no, item, principal, role));
CREATE TRIGGER IF NOT EXISTS versions_gone AFTER DELETE ON versions WHEN OLD.blob IS NOT NULL BEGIN
    DELETE FROM contents WHERE no = OLD.blob AND NOT EXISTS (
        SELECT 1 FROM versions WHERE list_no = OLD.list_no AND item = OLD.item AND blob = OLD.blob);
END;
CREATE TRIGGER IF NOT EXISTS attachments_gone AFTER DELETE ON attachments BEGIN
    DELETE FROM contents WHERE no = OLD.blob;
END;
CREATE TRIGGER IF NOT EXISTS uploads_gone AFTER DELETE ON uploads BEGIN
    DELETE FROM contents WHERE no = OLD.blob AND NOT EXISTS (
        SELECT 1 FROM versions WHERE list_no = OLD.list_no AND item = OLD.item AND blob = OLD.blob);
END;
CREATE TRIGGER IF NOT EXISTS contents_gone AFTER DELETE ON contents BEGIN
    DELETE FROM pieces WHERE content = OLD.no;
END
"""
_COLUMNS = {
    "versions": ("blob INTEGER",),
    "lists": ("root TEXT NOT NULL DEFAULT ''", "recycled TEXT"),
    "recycled": (
        "kind INTEGER NOT NULL DEFAULT 3", "title TEXT NOT NULL DEFAULT ''", "leaf TEXT NOT NULL DEFAULT ''",
        "dir TEXT NOT NULL DEFAULT ''", "stage INTEGER NOT NULL DEFAULT 1", "author INTEGER NOT NULL DEFAULT 0",
        "size INTEGER NOT NULL DEFAULT 0",
    ),
}  # fmt: skip


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an open file to the present form; nothing is kept if a step fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table, columns in _COLUMNS.items():
            for column in columns:
                _add_column(connection, table, column)
        for statement in _statements(_ADDED):
            connection.execute(statement)
        if _add_column(connection, "changes", "closed INTEGER NOT NULL DEFAULT 0"):
            # Which lists were closed before they were deleted is not known any more, so none of them is told of.
            connection.execute("UPDATE changes SET closed = 2 WHERE list_no NOT IN (SELECT no FROM lists)")
        for row in connection.execute("SELECT no, title, root FROM lists").fetchall():
            _upgrade_list(connection, row)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _upgrade_list(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    no = row["no"]
    _add_column(connection, f"items_{no}", "scope INTEGER NOT NULL DEFAULT 0")
    if row["root"]:
        return
    connection.execute("UPDATE lists SET root = ? WHERE no = ?", (f"/sites/mhrmb/Lists/{row['title']}", no))
    connection.execute(
        "UPDATE fields SET sql = ? WHERE list_no = ? AND name = 'Attachments'", (attachments_flag(no), no)
    )
    for values in file_columns(no, library=False):
        connection.execute(f"INSERT OR IGNORE INTO fields {FIELD_ROW}", values)
    # What the earlier version recycled: a row of one item, without a title of its own.
    connection.execute(
        "UPDATE recycled SET title = coalesce(json_extract(content, '$.title'), ''), leaf = item || '_.000', "
        "dir = ?, author = coalesce(json_extract(content, '$.author'), 0) WHERE list_no = ? AND dir = ''",
        (f"/sites/mhrmb/Lists/{row['title']}", no),
    )


def _add_column(connection: sqlite3.Connection, table: str, column: str) -> bool:
    held = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
    if column.partition(" ")[0] in held:
        return False
    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    return True


def _statements(script: str) -> list[str]:
    # executescript would commit the transaction this is part of.
    found, part = [], ""
    for piece in script.split(";"):
        part += f"{piece};"
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
