"""Files sent in pieces: startUpload, continueUpload, finishUpload, cancelUpload.

The file itself changes only when the upload is finished. Each piece is on disk before it is acknowledged. An upload
belongs to whoever began it, and one left alone for a day is forgotten when the server starts.
"""

from __future__ import annotations

import sqlite3

from sharepoint.embedded import branches, contents, filing, moments, places, shelves
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Reply, Single
from sharepoint.embedded.errors import BadQuery, SharePointError
from sharepoint.embedded.people import Right
from sharepoint.embedded.places import Node
from sharepoint.embedded.site import Site

KEPT_DAYS = 1


class UploadMissing(SharePointError):
    """No such upload of this file by this person (status and code from memory)."""

    status = 404
    code = "-2147024809, System.ArgumentException"

    def __init__(self) -> None:
        super().__init__("The upload session was not found. Start the upload again.")


class WrongOffset(SharePointError):
    """The piece does not begin where the last one ended (status and code from memory)."""

    status = 409
    code = "-2147024809, System.ArgumentOutOfRangeException"

    def __init__(self, held: int) -> None:
        super().__init__(f"The fileOffset does not match: the upload holds {held} bytes.")


def prune(site: Site) -> None:
    """Forget uploads that were begun more than a day ago."""
    with site.database.write():
        site.database.run("DELETE FROM uploads WHERE started < ?", (moments.from_ticks(moments.days_ago(KEPT_DAYS)),))


def start(site: Site, call: Call) -> Reply:
    """POST startUpload(uploadId=guid'…'): the first piece; answers how many bytes are held."""
    found = _file(site, call)
    info, row = found.held()
    with site.database.write():
        if _find(site, call, found):
            raise BadQuery("An upload with this uploadId has been started already.")
        blob = contents.store(site, call.body)
        site.database.run(
            "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?)",
            (_guid(call), info.no, row["id"], call.person.id, blob, moments.now()),
        )
    return Reply(Single("StartUpload", str(len(call.body))))


def proceed(site: Site, call: Call) -> Reply:
    """POST continueUpload(uploadId=guid'…',fileOffset=…): the next piece."""
    with site.database.write():
        held = contents.append(site, _going_on(site, call, _file(site, call))["blob"], call.body)
    return Reply(Single("ContinueUpload", str(held)))


def finish(site: Site, call: Call) -> Reply:
    """POST finishUpload(uploadId=guid'…',fileOffset=…): the last piece; the file takes the bytes as a new version."""
    found = _file(site, call)
    with site.database.write():
        upload = _going_on(site, call, found)
        contents.append(site, upload["blob"], call.body)
        filing.swap(site, call.person, found, upload["blob"])
        _forget(site, upload)
    return branches.reply(call, shelves.file(site, call.person, filing.again(site, found)))


def cancel(site: Site, call: Call) -> Reply:
    """POST cancelUpload(uploadId=guid'…'): the file stays as it was."""
    with site.database.write():
        upload = _find(site, call, _file(site, call))
        if upload is None:
            raise UploadMissing
        _forget(site, upload)
    return Reply(Single("CancelUpload", None))


def _file(site: Site, call: Call) -> Node:
    found = places.file(site, call.person, call.keys[0])
    places.require(site, call.person, Right.WRITE, found)
    return found


def _guid(call: Call) -> str:
    # The Python client sends the id in the body of cancelUpload, and spells it uploadID elsewhere.
    given = call.arg("uploadid")
    if not given and call.method == "POST" and len(call.body) < 200:
        given = str(call.json().get("uploadId", ""))
    given = given.strip("{}").lower()
    if len(given) != 36:
        raise BadQuery("The uploadId must be a GUID.")
    return given


def _find(site: Site, call: Call, found: Node) -> sqlite3.Row | None:
    info, row = found.held()
    return site.database.one(
        "SELECT * FROM uploads WHERE guid = ? AND list_no = ? AND item = ? AND person = ?",
        (_guid(call), info.no, row["id"], call.person.id),
    )


def _going_on(site: Site, call: Call, found: Node) -> sqlite3.Row:
    upload = _find(site, call, found)
    if upload is None:
        raise UploadMissing
    held = contents.length(site, upload["blob"])
    offset = call.arg("fileoffset", 1)
    if offset != str(held):
        raise WrongOffset(held)
    return upload


def _forget(site: Site, upload: sqlite3.Row) -> None:
    site.database.run(
        "DELETE FROM uploads WHERE guid = ? AND list_no = ? AND item = ?",
        (upload["guid"], upload["list_no"], upload["item"]),
    )
