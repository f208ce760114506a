"""Operations on files."""

from __future__ import annotations

import re

from sharepoint.embedded import branches, collection, contents, filing, names, places, removing, shelves
from sharepoint.embedded.call import Call, Key
from sharepoint.embedded.entities import Raw, Reply, Single
from sharepoint.embedded.errors import BadQuery, SharePointError
from sharepoint.embedded.lists import check_etag
from sharepoint.embedded.people import Right
from sharepoint.embedded.places import Node
from sharepoint.embedded.site import Site

_OVERWRITE = 1
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")


def read_all(site: Site, call: Call) -> Reply:
    """GET a folder's files."""
    folder = places.folder(site, call.person, call.keys[0])
    found = [one for one in shelves.children(site, call.person, folder) if not one.folder]
    return collection.page(call, [shelves.file(site, call.person, one) for one in found], "Files")


def read(site: Site, call: Call) -> Reply:
    """GET one file's properties."""
    return branches.reply(call, shelves.file(site, call.person, _file(site, call)))


def value(site: Site, call: Call) -> Reply:
    """GET $value or openBinaryStream: the bytes, or the Range of them asked for."""
    _, row = _file(site, call).held()
    data, etag = contents.read(site, row["blob"]), {"ETag": shelves.file_etag(row)}
    asked = _RANGE.fullmatch(call.headers.get("range", "").strip())
    if not asked:
        return Reply(Raw(data), headers=etag)
    first, last = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
    if first > last:
        raise SharePointError("The range asked for lies outside the file.", status=416)
    told = f"bytes {first}-{last}/{len(data)}"
    return Reply(Raw(data[first : last + 1]), 206, {**etag, "Content-Range": told})


def add(site: Site, call: Call) -> Reply:
    """POST files/add(url='…',overwrite=true), and addUsingPath(decodedurl='…',overwrite=true)."""
    folder = places.folder(site, call.person, call.keys[0])
    given = call.arg("url") or call.arg("decodedurl")
    name = _name_in(site, folder, given, by="path" if "decodedurl" in call.named else "url")
    overwrite = call.named.get("overwrite", call.args[1] if len(call.args) > 1 else "").lower() == "true"
    if call.named.get("ensureuniquefilename", "").lower() == "true":
        name = filing.unused(site, folder.path, name)
    made = filing.put(site, call.person, folder, name, call.body, overwrite=overwrite)
    return branches.reply(call, shelves.file(site, call.person, made))


def replace(site: Site, call: Call) -> Reply:
    """PUT $value, and POST saveBinaryStream: new bytes, a new version."""
    found = _file(site, call)
    _check(call, found, needed=False)
    filing.replace(site, call.person, found, call.body)
    return Reply(status=204, headers={"ETag": shelves.file_etag(filing.again(site, found).held()[1])})


def delete(site: Site, call: Call) -> Reply:
    """DELETE a file for good."""
    info, row = _to_write(site, call, needed=True).held()
    removing.delete(site, info, call.person, row["id"])
    return Reply(status=200)


def recycle(site: Site, call: Call) -> Reply:
    """POST recycle(): to the recycle bin."""
    info, row = _to_write(site, call, needed=False).held()
    return Reply(Single("Recycle", removing.recycle(site, info, call.person, row["id"])))


def check_out(site: Site, call: Call) -> Reply:
    """POST checkOut()."""
    filing.check_out(site, call.person, _file(site, call))
    return Reply(Single("CheckOut", None))


def check_in(site: Site, call: Call) -> Reply:
    """POST checkIn(comment='…',checkintype=1)."""
    filing.check_in(site, call.person, _file(site, call), call.arg("comment"))
    return Reply(Single("CheckIn", None))


def undo_check_out(site: Site, call: Call) -> Reply:
    """POST undoCheckOut(): whatever was saved meanwhile stays; SharePoint would drop it."""
    filing.undo_check_out(site, call.person, _file(site, call))
    return Reply(Single("UndoCheckOut", None))


def move(site: Site, call: Call) -> Reply:
    """POST moveTo(newurl='…',flags=1), and moveToUsingPath(decodedurl='…',moveoperations=1)."""
    found = _file(site, call)
    given = call.named.get("flags") or call.named.get("moveoperations") or call.arg("flags", 1) or "0"
    flags = Key("flags", given).number()
    filing.move(site, call.person, found, _target(site, call), overwrite=bool(flags & _OVERWRITE))
    return Reply(Single("MoveTo", None))


def copy(site: Site, call: Call) -> Reply:
    """POST copyTo(strnewurl='…',boverwrite=true), and copyToUsingPath(decodedurl='…',overwrite=true)."""
    found = _file(site, call)
    wanted = call.named.get("boverwrite") or call.named.get("overwrite") or call.arg("boverwrite", 1)
    filing.copy(site, call.person, found, _target(site, call), overwrite=wanted.lower() == "true")
    return Reply(Single("CopyTo", None))


def _target(site: Site, call: Call) -> str:
    for name in ("newurl", "strnewurl", "decodedurl", "newpath"):
        if name in call.named:
            return places.absolute(site, Key("path" if name in ("decodedurl", "newpath") else "url", call.named[name]))
    if not call.args:
        raise BadQuery("The address to move or copy to is missing.")
    return places.absolute(site, Key("url", call.args[0]))


def _name_in(site: Site, folder: Node, given: str, *, by: str) -> str:
    """A name, or an address that must lie in the folder. What `add(url=…)` makes of `#` or a bare `%` is not documented
    but as unsupported (doc: ResourcePath API), so they need addUsingPath here."""
    if by == "url" and ("#" in given or _BARE_PERCENT.search(given)):
        raise names.BadName("A name with # or % needs addUsingPath(decodedurl='...').")
    if "/" not in given:
        return places.absolute(site, Key(by, f"/{given}"))[1:] if by == "url" else given
    directory, name = names.split(places.absolute(site, Key(by, given)))
    if directory.casefold() != folder.path.casefold():
        raise names.BadName("The address of the new file does not lie in this folder.")
    return name


def _file(site: Site, call: Call) -> Node:
    return places.file(site, call.person, call.keys[0])


def _to_write(site: Site, call: Call, *, needed: bool) -> Node:
    found = _file(site, call)
    places.require(site, call.person, Right.WRITE, found)
    _check(call, found, needed=needed)
    return found


def _check(call: Call, found: Node, *, needed: bool) -> None:
    # Whether If-Match may be missing: DELETE is documented with it, saving and recycling are not.
    if needed or "if-match" in call.headers:
        check_etag(call, shelves.file_etag(found.held()[1]))
