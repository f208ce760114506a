"""`python -m bot export tracker FILE`: every action as a workbook that people use and `import` reads back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from board.actions import Action
from board.scopes import scopes
from bot.directory import People, people, queries
from bot.scopes import of_board
from cards.papers.tracker import tracker_workbook
from sharepoint import queries as ask
from sharepoint.schema import ACTIONS
from sharepoint.store import Store

PAGE = 1000


class NotExported(Exception):
    """Nothing was written; the message is the sentence a person reads."""


async def tracker(store: Store, path: Path, now: datetime, say: Callable[[str], None], *, board: str = "") -> None:
    """Write the workbook to a file that is not there yet, readable by its owner alone: it holds words of cases.

    Of several boards in one site it is the one whose code `board` is. Raises NotExported, and the store's errors.
    """
    if path.suffix.casefold() != ".xlsx":
        raise NotExported(f"{path.name} is not the name of a workbook. End it with .xlsx.")
    if await asyncio.to_thread(path.exists):
        raise NotExported(f"{path.name} is there already, and is left as it is. Name another file.")
    members, agencies, forums = await store.gather(*queries())
    store, everybody = one_board(store, people(members, agencies, forums), board)
    actions: list[Action] = []
    async for page in store.pages(ask.Query(ACTIONS, order="Id", top=PAGE)):
        actions += page
        say(f"{len(actions):,} actions read")
    content = tracker_workbook(actions, everybody.agencies, now)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise NotExported(f"{path} cannot be written ({error.strerror}).") from error
    live = sum(action.live for action in actions)
    say(f"Written to {path.name}: {len(actions):,} actions, {live:,} open. It holds words of cases.")


def one_board(store: Store, everybody: People, board: str) -> tuple[Store, People]:
    """The store and the people of one board of several; as they are where there is one. Raises NotExported."""
    codes = [each.code for each in scopes(everybody.forums.values())]
    if not codes:
        return store, everybody
    if board.upper() not in {code.upper() for code in codes}:
        raise NotExported(f"There are several boards here: say which with --board ({', '.join(codes)}).")
    return of_board(store, everybody, board)
