"""Versions of items and files: those of files read, and those of both deleted or made the present one again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import orjson

from sharepoint.embedded import branches, collection, contents, places, scopes, shelves, writing
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Entity, Raw, Reply, Single
from sharepoint.embedded.errors import BadQuery, Refused, SharePointError
from sharepoint.embedded.people import Right
from sharepoint.embedded.principals import principal
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.shelves import MAJOR
from sharepoint.embedded.site import PATH, Site

Subject = tuple[ListInfo, sqlite3.Row]


class VersionMissing(SharePointError):
    """No version of that id or label (code from memory)."""

    status = 404
    code = "-2146233086, System.ArgumentOutOfRangeException"

    def __init__(self) -> None:
        super().__init__("Specified argument was out of the range of valid values. Parameter name: version")


def read_all(site: Site, call: Call) -> Reply:
    """GET a file's versions: the earlier ones, oldest first; the present one is the file itself."""
    info, row = _file(site, call, Right.READ)
    shown = [_entity(site, info, row, one) for one in reversed(_rows(site, info, row)[1:])]
    return collection.page(call, shown, "FileVersions")


def read(site: Site, call: Call) -> Reply:
    """GET one version of a file."""
    info, row = _file(site, call, Right.READ)
    return branches.reply(call, _entity(site, info, row, _by_id(site, info, row, call.keys[1])))


def value(site: Site, call: Call) -> Reply:
    """GET the bytes of a version."""
    info, row = _file(site, call, Right.READ)
    return Reply(Raw(contents.read(site, _by_id(site, info, row, call.keys[1])["blob"])))


def _entity(site: Site, info: ListInfo, row: sqlite3.Row, version: sqlite3.Row) -> Entity:
    number, size = _id(version), contents.length(site, version["blob"])
    below = f"{row['dir']}/{row['leaf']}"[len(PATH) + 1 :]
    values: dict[str, Any] = {
        "CheckInComment": orjson.loads(version["content"]).get("_CheckinComment") or "", "Created": version["created"],
        "ID": number, "IsCurrentVersion": False, "Length": str(size), "Size": size,
        "Url": f"_vti_history/{number}/{below}", "VersionLabel": version["label"],
    }  # fmt: skip
    ways = {"CreatedBy": lambda: principal(site, version["editor"])}
    path = f"{shelves.address('File', f'{PATH}/{below}')}/Versions({number})"
    return Entity("SP.FileVersion", path, values, None, tuple(ways), ways=ways)


def delete(site: Site, call: Call, subject: Subject, given: str) -> Reply:
    """DELETE versions(512), and POST versions/deleteById(vid=512)."""
    _drop(site, subject, _by_id(site, *subject, Key("id", given or _last(call).value)))
    return Reply(Single("DeleteByID", None))


def delete_by_label(site: Site, _call: Call, subject: Subject, given: str) -> Reply:
    """POST versions/deleteByLabel(versionlabel='1.0')."""
    _drop(site, subject, _by_label(site, *subject, given))
    return Reply(Single("DeleteByLabel", None))


def delete_all(site: Site, _call: Call, subject: Subject, _given: str) -> Reply:
    """POST versions/deleteAll(): all but the present one."""
    info, row = subject
    site.database.forget()  # though there be none: the log holds the item as it was before its latest change
    for one in _rows(site, info, row)[1:]:
        _drop(site, subject, one)
    return Reply(Single("DeleteAll", None))


def restore_by_label(site: Site, call: Call, subject: Subject, given: str) -> Reply:
    """POST versions/restoreByLabel(versionlabel='1.0'): a new version with the values, and bytes, of that one."""
    info, row = subject
    version = _by_label(site, info, row, given)
    held = orjson.loads(version["content"])
    values = {
        field.sql: held[field.name]
        for field in info.fields
        if field.name in held and (not field.builtin or field.name == "Title")
    }
    if version["blob"] is not None:
        values |= {"blob": version["blob"], "length": contents.length(site, version["blob"])}
    writing.update(site, info, call.person, row["id"], values)
    return Reply(Single("RestoreByLabel", None))


Handler = Callable[[Site, Call, Subject, str], Reply]


def of_item(handler: Handler) -> Callable[[Site, Call], Reply]:
    """The handler for versions of an item."""

    def handle(site: Site, call: Call) -> Reply:
        info = site.open(call.person, call.keys[0])
        row = writing.find(site, info, call.keys[1].number())
        scopes.require(site, call.person, Right.WRITE, info, row)
        with site.database.write():
            return handler(site, call, (info, row), _given(call))

    return handle


def of_file(handler: Handler) -> Callable[[Site, Call], Reply]:
    """The handler for versions of a file."""

    def handle(site: Site, call: Call) -> Reply:
        with site.database.write():
            return handler(site, call, _file(site, call, Right.WRITE), _given(call))

    return handle


def _given(call: Call) -> str:
    given = [*call.named.values(), *call.args]
    # versions(512) is named by a key; deleteById(vid=512) by an argument of the last step.
    return given[0] if given and (not call.keys or given[0] != call.keys[-1].value) else ""


def _last(call: Call) -> Key:
    return call.keys[-1]


def _file(site: Site, call: Call, right: Right) -> Subject:
    found = places.file(site, call.person, call.keys[0])
    places.require(site, call.person, right, found)
    return found.held()


def _rows(site: Site, info: ListInfo, row: sqlite3.Row) -> list[sqlite3.Row]:
    return site.database.all(
        "SELECT * FROM versions WHERE list_no = ? AND item = ? ORDER BY number DESC", (info.no, row["id"])
    )


def _id(version: sqlite3.Row) -> int:
    return int(str(version["label"]).partition(".")[0]) * MAJOR


def _by_id(site: Site, info: ListInfo, row: sqlite3.Row, key: Key) -> sqlite3.Row:
    return _found(site, info, row, lambda one: _id(one) == key.number())


def _by_label(site: Site, info: ListInfo, row: sqlite3.Row, label: str) -> sqlite3.Row:
    if not label:
        raise BadQuery("The label of the version is missing.")
    return _found(site, info, row, lambda one: bool(one["label"] == label))


def _found(site: Site, info: ListInfo, row: sqlite3.Row, wanted: Callable[[sqlite3.Row], bool]) -> sqlite3.Row:
    for one in _rows(site, info, row):
        if wanted(one):
            return one
    raise VersionMissing


def _drop(site: Site, subject: Subject, version: sqlite3.Row) -> None:
    info, row = subject
    if version["number"] == _rows(site, info, row)[0]["number"]:
        raise Refused("You cannot delete the current version.", status=400)
    site.database.forget()
    site.database.run(
        "DELETE FROM versions WHERE list_no = ? AND item = ? AND number = ?", (info.no, row["id"], version["number"])
    )
