"""Rows of `Actions` typed or edited in SharePoint: completed where that is certain, reported where it is not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from board import references
from board.actions import Action, mend
from board.errors import Conflict
from board.notices import Audience, Notice, NoticeKind
from board.vocabulary import Role
from bot.directory import Directory, People
from bot.house import BOT, DEFAULT_FORUM
from bot.poster import Poster
from bot.turn import JSON, Message
from cards import actions as show
from sharepoint.bookkeeping import Post
from sharepoint.schema import ACTIONS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.actions")


class Actions:
    """Looks at changed rows. A row that is in order costs nothing beyond being read."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.makers[NoticeKind.REPORT] = self._again

    async def look(self, changed: Iterable[int], deleted: Iterable[int]) -> None:
        """Look at the rows with these numbers; say of the deleted ones that they must come back."""
        numbers = sorted(changed)
        if numbers:
            await self.rows(await self._store.rows(ACTIONS, numbers))
        for number in sorted(deleted):
            reference = references.reference(references.ACTION, number)
            await self._report(f"{reference}/deleted", show.report_card(reference, "", ()))

    async def rows(self, rows: Iterable[Action]) -> None:
        """Complete each row, and report what only a person can put right."""
        people = await self._directory.current()
        for row in rows:
            await self._row(row, people)

    async def _row(self, row: Action, people: People) -> None:
        reference = references.reference(references.ACTION, row.id)
        mended, faults = mend(row, people.members.values(), now=self._now())
        whole = replace(
            mended, reference=reference, key=row.key or f"row:{reference}", forum=row.forum or DEFAULT_FORUM
        )
        if not faults and whole == row:
            return
        typed = await self._store.typed_row(ACTIONS, row.id)
        if whole != row:
            try:
                await self._store.change(ACTIONS, row, whole, by=typed.editor or BOT, why="edited in the list")
            except Conflict:
                log.info("row changed meanwhile reference=%s", reference)
                return
        if faults:
            version = "".join(c for c in "-".join(faults) if c.isalpha() or c == "-")
            await self._report(f"{reference}/{version}", show.report_card(reference, typed.editor, faults))

    async def _again(self, post: Post) -> Message | None:
        """Make a report anew, for one that did not get through; None when the row has been put right meanwhile."""
        reference, what = post.key.split("/")[1:3]
        if what == "deleted":
            return _message(show.report_card(reference, "", ()))
        rows = await self._store.rows(ACTIONS, [references.item_id(reference, references.ACTION)])
        people = await self._directory.current()
        for row in rows:
            _, faults = mend(row, people.members.values(), now=self._now())
            if faults:
                typed = await self._store.typed_row(ACTIONS, row.id)
                return _message(show.report_card(reference, typed.editor, faults))
        return None

    async def _report(self, what: str, card: JSON) -> None:
        """Tell each of the mental health team, once for each thing that is wrong."""
        people = await self._directory.current()
        for member in people.members.values():
            if member.has(Role.MENTAL_HEALTH_TEAM):
                audience = Audience(member=member.user_id.lower())
                notice = Notice(f"report/{what}/{member.user_id}", NoticeKind.REPORT, audience, "")
                await self._poster.say(notice, _message(card))


def _message(card: JSON) -> Message:
    return Message("An action needs putting right", card=card)
