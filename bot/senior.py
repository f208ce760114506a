"""The paper of an action that a chair put before the Senior Partnership Board, filed once for each decision."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from board.actions import Action
from board.calendar import uk_date
from board.errors import BoardError
from board.escalation import climb
from bot.directory import Directory
from bot.escalating import SENIOR_PAPER, answers_in
from bot.house import BOT
from bot.logs import tell
from cards.papers.senior import senior_paper
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError
from sharepoint.libraries import CASE_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import EVENTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.senior")


class SeniorPapers:
    """Safe to repeat: what was filed is known by a row of `Events`, and the same name again is one file."""

    def __init__(self, store: Store, directory: Directory, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._now = now
        self._papers = Papers(store, CASE_PAPERS)

    async def file(self, action: Action) -> None:
        """File the paper that an action lacks; none for one that is not before that board. One request, or five.

        A library that cannot be reached is said in the log: whatever changes the action next files it.
        """
        if action.senior_on is None or not action.live:
            return
        key = f"senior/{action.reference}/{uk_date(action.senior_on).isoformat()}"
        events: list[Event] = await self._store.find(ask.about(EVENTS, action.reference))
        if any(each.key == key for each in events):
            return
        people, now = await self._directory.current(), self._now()
        at = climb(action, answers_in(events), uk_date(now), people.ladder(action.agency))
        content = await asyncio.to_thread(senior_paper, action, at, people.agencies, now)
        name = f"{action.reference} senior partnership board.docx"
        try:
            address = await self._papers.put(action.reference, name, content, by=BOT, why="put before that board")
            row = Event(key=key, kind=SENIOR_PAPER, reference=action.reference, until=now, value=address)
            await self._store.add_once(EVENTS, row, by=BOT, why="filed")
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a paper waits", reference=action.reference, error=type(error).__name__)
