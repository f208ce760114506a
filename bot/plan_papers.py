"""The document of each agreed plan, filed in its case's folder; what could not be filed is filed by a later round."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from board import references
from board.errors import BoardError
from board.records import Plan, SignOff
from board.signing import named
from board.vocabulary import PlanStatus
from bot.directory import Directory
from bot.house import BOT
from bot.logs import tell
from cards.papers.plan import plan_paper
from cards.plans import document
from sharepoint import queries as ask
from sharepoint.bookkeeping import Event
from sharepoint.errors import StoreError
from sharepoint.libraries import CASE_PAPERS
from sharepoint.papers import Papers
from sharepoint.schema import EVENTS, SIGN_OFFS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.plans")

KIND = "plan paper"
TOGETHER = 50


class PlanPapers:
    """Safe to repeat: what was filed is known by a row of `Events`, and the same name again is one file."""

    def __init__(self, store: Store, directory: Directory, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._now = now
        self._papers = Papers(store, CASE_PAPERS)

    async def file(self, plans: Iterable[Plan]) -> None:
        """File what agreed plans lack; one request asks for fifty, each that is filed takes five.

        A library that cannot be reached is said in the log: a plan is agreed without its document too.
        """
        agreed = [plan for plan in plans if plan.status == PlanStatus.AGREED and plan.open and _is_case(plan.case)]
        for start in range(0, len(agreed), TOGETHER):
            some = agreed[start : start + TOGETHER]
            found = await self._store.gather(*(ask.keyed(EVENTS, _key(plan)) for plan in some))
            for plan, rows in zip(some, found, strict=True):
                if not rows:
                    await self._file(plan)

    async def _file(self, plan: Plan) -> None:
        signs: list[SignOff] = await self._store.find(ask.about(SIGN_OFFS, named(plan)))
        agencies, now = (await self._directory.current()).agencies, self._now()
        content = await asyncio.to_thread(plan_paper, plan, signs, agencies, now)
        try:
            address = await self._papers.put(plan.case, document(plan), content, by=BOT, why="plan agreed")
            row = Event(key=_key(plan), kind=KIND, until=now, value=address)
            await self._store.add_once(EVENTS, row, by=BOT, why="filed")
        except (StoreError, BoardError) as error:
            tell(log, logging.WARNING, "a plan's document waits", reference=named(plan), error=type(error).__name__)


def filed_as(reference: str) -> str:
    """How the keys begin of the rows of `Events` that say a version's document is filed; their value is its address."""
    return f"paper/{reference}/"


def _key(plan: Plan) -> str:
    """Its document tells both days, so that it is filed anew when a review or a hand in the list changes one."""
    return f"{filed_as(named(plan))}{plan.review_on or ''}/{plan.expires_on or ''}"


def _is_case(reference: str) -> bool:
    try:
        return bool(references.item_id(reference, references.REFERRAL))
    except BoardError:
        return False
