"""The pack of a board: whether it was issued, which freezes what it was made of."""

from __future__ import annotations

from board.boards import Board
from board.records import Forum
from sharepoint import queries as ask
from sharepoint.schema import EVENTS
from sharepoint.store import Store


def pack_key(forum: Forum, board: Board) -> str:
    """The key of the row of `Events` that says when a board's pack was issued, and where it is."""
    return f"pack/{forum.code.upper()}/{board.planned.isoformat()}"


async def is_frozen(store: Store, forum: Forum, board: Board) -> bool:
    """Whether the pack was issued: what is told later comes in a supplement."""
    return bool(await store.find(ask.keyed(EVENTS, pack_key(forum, board))))
