"""What the doctor reads of a site: a real one, put out of order, and answers that only SharePoint Online gives."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from typing import Any
from urllib.parse import unquote

import pytest

from board.findings import Finding, Level
from sharepoint.client import SharePoint
from sharepoint.examination import Examination
from sharepoint.schema import Zone
from sharepoint.sign_in import static
from sharepoint.zones import CONTRIBUTE, PLACES, READ
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client


def said(found: list[Finding], level: Level) -> list[str]:
    """What the findings of a level say."""
    return [each.says for each in found if each.level is level]


class TestZones:
    """Who may open what, on a provisioned site."""

    async def test_as_provisioned(self, site: SharePoint) -> None:
        """Provisioning leaves every list in its zone."""
        assert [each.level for each in await Examination(site).zones()] == [Level.GOOD]

    async def test_out_of_order(self, server: EmbeddedServer, site: SharePoint) -> None:
        """A list that inherits, a group beyond the zone, a group with too much, a group taken out: each is told."""
        members = server.get("web/associatedmembergroup?$select=Id")["Id"]
        cases = next(each["Id"] for each in server.get("web/sitegroups")["value"] if "mental health" in each["Title"])
        on = "web/lists/getByTitle('{}')/roleassignments".format
        server.post("web/lists/getByTitle('Subjects')/resetroleinheritance")
        server.post(f"{on('Returns')}/addroleassignment(principalid={members},roledefid={READ})")
        server.post(f"{on('Meetings')}/addroleassignment(principalid={members},roledefid={CONTRIBUTE})")
        server.delete(f"{on('Posts')}/getbyprincipalid({cases})")
        try:
            found = await Examination(site).zones()
            told = said(found, Level.FIX)
            assert len(told) == len(found) == 4
            for name, part in (
                ("Subjects", "every member of the Team"),
                ("Returns", f"principal {members}"),
                ("Meetings", f"principal {members}"),
                ("Posts", "not open to the mental health team"),
            ):
                assert any(each.startswith(name) and part in each for each in told), told
            read = await self._as_member(server, site)
            assert said(read, Level.FIX) == [
                "An ordinary member can read Subjects.",
                "An ordinary member can read Returns.",
            ]
        finally:
            server.delete(f"{on('Returns')}/getbyprincipalid({members})")
            server.post(f"{on('Meetings')}/removeroleassignment(principalid={members},roledefid={CONTRIBUTE})")
            server.post(f"{on('Posts')}/addroleassignment(principalid={cases},roledefid={CONTRIBUTE})")
            server.post("web/lists/getByTitle('Subjects')/breakroleinheritance(copyRoleAssignments=false)")
            server.post(f"{on('Subjects')}/addroleassignment(principalid={cases},roledefid={CONTRIBUTE})")

    async def test_read_as_a_member(self, server: EmbeddedServer, site: SharePoint) -> None:
        """On a provisioned site a member reads what the team may read."""
        assert [each.level for each in await self._as_member(server, site)] == [Level.GOOD]

    async def test_a_site_that_does_not_answer_the_member(self, server: EmbeddedServer, site: SharePoint) -> None:
        """What could not be tried is not counted as closed."""
        examination = Examination(site)
        await examination.lists()
        nobody = SharePoint("http://127.0.0.1:9/sites/none", static(MEMBER))
        try:
            found = await examination.as_member(_Impatient(nobody))  # type: ignore[arg-type]
        finally:
            await nobody.close()
        assert f"{len(PLACES)} lists could not be read" in said(found, Level.ADVICE)[0]

    async def _as_member(self, server: EmbeddedServer, site: SharePoint) -> list[Finding]:
        member = client(server, MEMBER)
        try:
            return await Examination(site).as_member(member)
        finally:
            await member.close()


class _Impatient:
    """A client that is asked for at most a twentieth of a second."""

    def __init__(self, site: SharePoint) -> None:
        self._site = site

    async def get(self, path: str, *, within: float) -> Any:
        return await self._site.get(path, within=min(within, 0.05))


async def test_an_empty_site(tmp_path: Any) -> None:
    """Where no list is yet, nothing is said to be in order."""
    with EmbeddedServer(tmp_path) as server:
        site = client(server)
        examination = Examination(site)
        for found in (await examination.sizes(), await examination.zones(), await examination.rights(embedded=True)):
            assert [each.level for each in found] == [Level.ADVICE]
        await site.close()


async def test_sizes_and_rights_of_a_small_site(site: SharePoint) -> None:
    """Nothing to say of a site as provisioned."""
    assert [each.level for each in await Examination(site).sizes()] == [Level.GOOD]
    assert [each.level for each in await Examination(site).rights(embedded=True)] == [Level.GOOD]


async def test_a_list_the_bot_may_not_read(server: EmbeddedServer) -> None:
    """Signed in as somebody with too few rights, each list that is closed is told."""
    site = client(server, MEMBER)
    found = await Examination(site).rights(embedded=True)
    assert said(found, Level.FIX), found
    told = {each.rstrip(".").rpartition(" ")[2]: each for each in said(found, Level.FIX)}
    assert told.keys() == {of.name for of in PLACES}
    for of in PLACES:
        may_not = "add, change rows" if of.zone is Zone.TEAM else "read, add, change rows"
        assert told[of.name].startswith(f"The bot may not {may_not} in {of.name}."), told[of.name]
    await site.close()


class Online:
    """A stand-in that answers as SharePoint Online does: masks, a large list, a query that is refused."""

    def __init__(self) -> None:
        self.site_mask = "432"
        self.list_mask: Any = {"High": "176", "Low": "138612833"}
        self.admin = False
        self.rows = 10
        self.open_rows: int | None = 10

    def reply(self, path: str) -> tuple[int, Any]:
        """The answer to a path below `_api/`."""
        if path.startswith("web/lists?"):
            return 200, {"value": [{"Title": "Actions", "ItemCount": self.rows, "HasUniqueRoleAssignments": True}]}
        if path.startswith("web/currentuser"):
            return 200, {"IsSiteAdmin": self.admin}
        if path == "web/EffectiveBasePermissions":
            return 200, {"High": "176", "Low": self.site_mask}
        if path.endswith("/EffectiveBasePermissions"):
            return 200, self.list_mask
        if self.open_rows is None:
            code = "-2147024860, Microsoft.SharePoint.SPQueryThrottledException"
            return 500, {"odata.error": {"code": code, "message": {"lang": "en-US", "value": "Too many."}}}
        return 200, {"value": [{"Id": number} for number in range(self.open_rows)]}


@contextmanager
def serving(online: Online) -> Iterator[str]:
    """The stand-in's site address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = online.reply(unquote(self.path).partition("/_api/")[2])
            held = dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json;odata=minimalmetadata")
            self.send_header("Content-Length", str(len(held)))
            self.end_headers()
            self.wfile.write(held)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}/sites/board"
        http.shutdown()
        thread.join(5)


@pytest.fixture
def online() -> Online:
    """A site as the running bot should see it: it may write, and the list is small."""
    return Online()


@pytest.fixture
async def examination(online: Online) -> AsyncIterator[Examination]:
    """An examination of the stand-in."""
    with serving(online) as url:
        site = SharePoint(url, static("token"))
        yield Examination(site)
        await site.close()


LOW = {"contribute": "1011028719", "read": "138612833", "full": "4294967295"}
"""The low halves of the masks of SharePoint's own levels (report: what EffectiveBasePermissions answers)."""


@pytest.mark.parametrize(
    ("on_list", "on_site", "admin", "expected"),
    [
        ("contribute", "contribute", False, [Level.GOOD]),
        ("read", "contribute", False, [Level.FIX, Level.GOOD]),
        ("full", "full", False, [Level.ADVICE]),
        ("contribute", "contribute", True, [Level.ADVICE]),
    ],
)
async def test_masks(
    online: Online, examination: Examination, on_list: str, on_site: str, admin: bool, expected: list[Level]
) -> None:
    """What the masks of the lists and the site allow is read out of them."""
    online.list_mask = {"High": "176", "Low": LOW[on_list]}
    online.site_mask, online.admin = LOW[on_site], admin
    assert [each.level for each in await examination.rights(embedded=False)] == expected


async def test_masks_in_the_other_envelope(online: Online, examination: Examination) -> None:
    """Wrapped in its own name, a mask is read as well."""
    online.list_mask = {"EffectiveBasePermissions": {"High": "0", "Low": LOW["read"]}}
    online.site_mask = LOW["contribute"]
    assert [each.level for each in await examination.rights(embedded=False)] == [Level.FIX, Level.GOOD]


@pytest.mark.parametrize(
    ("rows", "open_rows", "expected"),
    [
        (3_999, None, [Level.GOOD]),
        (4_000, 100, [Level.GOOD]),
        (4_500, 4_200, [Level.ADVICE]),
        (60_000, None, [Level.FIX, Level.ADVICE]),
    ],
)
async def test_sizes(
    online: Online, examination: Examination, rows: int, open_rows: int | None, expected: list[Level]
) -> None:
    """Open rows are counted only in a large list, and a refusal for the threshold is the answer."""
    online.rows, online.open_rows = rows, open_rows
    assert [each.level for each in await examination.sizes()] == expected
