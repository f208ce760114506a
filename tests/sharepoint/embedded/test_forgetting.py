"""What is deleted for good is in no file any more, while the server goes on running and after it was killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.embedded_server import EmbeddedServer

WORD = "PLANTEDWORD"


def holders(folder: Path) -> list[str]:
    """The files that hold the planted word, as UTF-8 or UTF-16."""
    spelled = (WORD.encode(), WORD.encode("utf-16-le"))
    files = [each for each in folder.rglob("*") if each.is_file()]
    return sorted(each.name for each in files if any(word in each.read_bytes() for word in spelled))


def _versions(server: EmbeddedServer, notes: str) -> None:
    server.merge(f"{notes}/items(1)", {"Title": "bare"})
    server.post(f"{notes}/items(1)/versions/deleteAll()")


def _bin(server: EmbeddedServer, notes: str) -> None:
    server.post(f"{notes}/items(1)/recycle()")
    server.post("web/recyclebin/deleteAll()")


def _delete(server: EmbeddedServer, notes: str) -> None:
    server.delete(f"{notes}/items(1)")


def _list(server: EmbeddedServer, notes: str) -> None:
    server.delete(notes)


@pytest.mark.parametrize("way", [_versions, _bin, _delete, _list], ids=lambda way: way.__name__.strip("_"))
def test_what_is_deleted_leaves_no_bytes(tmp_path: Path, way: Callable[[EmbeddedServer, str], None]) -> None:
    """An item's words were in the files; once it and its versions are gone for good no file holds them, at once."""
    server = EmbeddedServer(tmp_path).start()
    try:
        notes = server.list("Notes")
        for number in range(3):  # others beside it keep its pages in use
            server.post(f"{notes}/items", {"Title": WORD if number == 0 else f"other {number}"})
        server.merge(f"{notes}/items(1)", {"Title": f"{WORD} " * 20})
        assert holders(tmp_path)
        way(server, notes)
        assert holders(tmp_path) == []
    finally:
        server.kill()
    assert holders(tmp_path) == []
