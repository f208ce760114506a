"""Papers in their libraries, over REST: filed once however often, read back, deleted for good, closed to the team."""

from __future__ import annotations

from typing import Any

import pytest

from board.errors import NotFound
from sharepoint import provision
from sharepoint.client import SharePoint
from sharepoint.libraries import BOARD_PAPERS, CASE_PAPERS
from sharepoint.papers import Papers
from sharepoint.store import Store
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER

NAME = "R-14 bundle.docx"


@pytest.fixture
def papers(store: Store) -> Papers:
    """The case papers of the module's site."""
    return Papers(store, CASE_PAPERS)


def item_of(server: EmbeddedServer, path: str) -> dict[str, Any]:
    """A file's row in its library."""
    found: dict[str, Any] = server.get(f"web/getFileByServerRelativeUrl('{path}')/ListItemAllFields")
    return found


async def test_a_paper_comes_back_as_it_was(server: EmbeddedServer, papers: Papers) -> None:
    """Its bytes, its address below the case's folder, and who it was made for are kept."""
    content = bytes(range(256)) * 500
    url = await papers.put("R-14", NAME, content, by="Ada Chair", why="A statutory or internal review")
    assert url == f"{server.url}/CasePapers/R-14/R-14%20bundle.docx"
    assert await papers.read("R-14", NAME) == content
    row = item_of(server, "CasePapers/R-14/R-14 bundle.docx")
    assert (row["ChangedBy"], row["ChangeReason"]) == ("Ada Chair", "A statutory or internal review")


async def test_the_same_name_again_is_a_new_version(server: EmbeddedServer, papers: Papers) -> None:
    """One file is left, with the newer bytes, and the earlier ones as its one version."""
    for content in (b"one", b"two"):
        await papers.put("R-15", "R-15 bundle.json", content, by="Ada", why="asked")
    assert await papers.read("R-15", "R-15 bundle.json") == b"two"
    folder = server.get("web/getFolderByServerRelativeUrl('CasePapers/R-15')/files?$select=Name")["value"]
    assert folder == [{"Name": "R-15 bundle.json"}]
    path = "web/getFileByServerRelativeUrl('CasePapers/R-15/R-15 bundle.json')/versions"
    assert len(server.get(path)["value"]) == 1


async def test_an_answer_that_is_lost_files_it_once(server: EmbeddedServer, papers: Papers) -> None:
    """The connection dropped after the file was taken, it is sent again and is one file all the same."""
    await papers.put("R-16", "R-16 bundle.docx", b"first", by="Ada", why="asked")
    server.fault(status="drop", match="POST .*addUsingPath", after=True, count=1)
    await papers.put("R-16", "R-16 bundle.docx", b"second", by="Ada", why="asked")
    server.no_faults()
    assert await papers.read("R-16", "R-16 bundle.docx") == b"second"
    assert len(server.get("web/getFolderByServerRelativeUrl('CasePapers/R-16')/files")["value"]) == 1


async def test_deleted_is_deleted_for_good(server: EmbeddedServer, papers: Papers) -> None:
    """Nothing of it is in the recycle bin, and deleting it again is no error."""
    await papers.put("R-17", "R-17 bundle.docx", b"gone", by="Ada", why="asked")
    await papers.delete("R-17", "R-17 bundle.docx")
    await papers.delete("R-17", "R-17 bundle.docx")
    with pytest.raises(NotFound):
        await papers.read("R-17", "R-17 bundle.docx")
    bin_ = server.get("site/RecycleBin?$select=LeafName")["value"]
    assert "R-17 bundle.docx" not in [each["LeafName"] for each in bin_]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("R-14", "Ada Example.docx"),
        ("R-14", "R-14 Ada Example.docx"),
        ("Ada", "R-14 bundle.docx"),
        ("R-14/..", "R-14 bundle.docx"),
        ("R-14", "R-14 it's.docx"),
        ("R-14", "R-14 bundle.exe"),
        ("R-14", "R-014 bundle.docx\n"),
    ],
)
async def test_a_name_is_made_of_references(papers: Papers, folder: str, name: str) -> None:
    """A name, a path or a quote in a file's name is refused before anything is sent: names show in logs and bins."""
    with pytest.raises(ValueError, match="references"):
        await papers.put(folder, name, b"x", by="Ada", why="asked")


async def test_case_papers_are_closed_to_the_team(server: EmbeddedServer, store: Store) -> None:
    """A member of the Team reads the board's papers, and neither lists, reads nor adds the papers of a case."""
    await Papers(store, BOARD_PAPERS).put("B-7", "B-7 pack.docx", b"pack", by="the bot", why="published")
    await Papers(store, CASE_PAPERS).put("R-18", "R-18 bundle.docx", b"case", by="Ada", why="asked")

    def status(path: str, method: str = "GET") -> int:
        return server.call(method, path, token=MEMBER).status_code

    assert status("web/getFileByServerRelativeUrl('BoardPapers/B-7/B-7 pack.docx')/$value") == 200
    assert status("web/getFileByServerRelativeUrl('CasePapers/R-18/R-18 bundle.docx')/$value") in (403, 404)
    assert status("web/getFolderByServerRelativeUrl('CasePapers/R-18')/files") in (403, 404)
    for library in ("CasePapers", "BoardPapers"):
        add = f"web/getFolderByServerRelativeUrl('{library}')/files/add(url='R-1.txt',overwrite=true)"
        assert status(add, "POST") in (403, 404)


async def test_a_library_that_was_opened_up_is_set_right(server: EmbeddedServer, site: SharePoint) -> None:
    """Search and check-out turned on by hand are put back, as is a column that somebody deleted."""
    path = "web/lists/getByTitle('CasePapers')"
    server.merge(path, {"NoCrawl": False, "ForceCheckout": True})
    server.delete(f"{path}/fields/getByInternalNameOrTitle('ChangeReason')")
    said = [step.says for step in await provision.plan(site)]
    assert said == ["add the column CasePapers.ChangeReason", "set up CasePapers"]
    async for _ in provision.make(site):
        pass
    told = server.get(path)
    assert (told["NoCrawl"], told["ForceCheckout"], told["MajorVersionLimit"]) == (True, False, 500)
    assert await provision.plan(site) == []
