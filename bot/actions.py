"""Rows of `Actions` typed or edited in SharePoint: completed where that is certain, reported where it is not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from board import references
from board.actions import Action, Hands, assignee_changed, assignment, goes_at_once, mend, owner_is_unclear
from board.errors import Conflict, NotFound
from board.importing.marks import as_imported
from board.notices import Audience, Notice, NoticeKind
from board.records import Member
from board.vocabulary import Role
from bot.directory import Directory, People
from bot.house import BOT, DEFAULT_FORUM
from bot.logs import tell
from bot.poster import Poster
from bot.reaching import Reaching
from bot.scopes import among
from bot.senior import SeniorPapers
from bot.turn import JSON, Message
from cards import actions as show
from sharepoint.bookkeeping import Post
from sharepoint.errors import StoreRefused
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
        self._senior = SeniorPapers(store, directory, now)
        self.reaching = Reaching(store, directory, poster, now)
        poster.outbox.makers[NoticeKind.REPORT] = self._again
        poster.outbox.makers[NoticeKind.IMMEDIATE] = self._still_immediate

    async def look(self, changed: Iterable[int], deleted: Iterable[int]) -> None:
        """Look at the rows with these numbers; say of the deleted ones that they must come back."""
        numbers = sorted(changed)
        if numbers:
            await self.rows(await self._store.rows(ACTIONS, numbers))
        for number in sorted(deleted):
            reference = references.reference(references.ACTION, number)
            await self._report(f"{reference}/deleted", show.report_card(reference, "", ()), "")

    async def rows(self, rows: Iterable[Action]) -> None:
        """Complete each row, and report what only a person can put right."""
        people = await self._directory.current()
        for row in rows:
            await self._row(row, people)

    async def _row(self, row: Action, people: People) -> None:
        reference, people = references.reference(references.ACTION, row.id), among(people, row.forum)
        mended, faults = mend(row, people.members.values(), now=self._now(), hands=await self._hands(row, people))
        whole = replace(
            await self._assigned(mended, people),
            reference=reference,
            key=row.key or f"row:{reference}",
            forum=row.forum or DEFAULT_FORUM,
        )
        if as_imported(row):
            faults = ()  # told to whoever imported it, with all the others; a message for each would be hundreds
        else:
            await self._at_once(whole)
            await self._senior.file(whole)
        if not faults and whole == row:
            return
        typed = await self._store.typed_row(ACTIONS, row.id)
        by, why = typed.editor or BOT, "edited in the list"
        if row.key and mended == row:
            by, why = BOT, "kept in step"  # nobody edited it: what it lacks is the bot's own bookkeeping
        if whole != row:
            try:
                await self._store.change(ACTIONS, row, whole, by=by, why=why)
            except Conflict:
                tell(log, logging.INFO, "row changed meanwhile", reference=reference)
                return
        if faults:
            version = "".join(c for c in "-".join(faults) if c.isalpha() or c == "-")
            await self._report(f"{reference}/{version}", show.report_card(reference, typed.editor, faults), row.forum)

    async def _at_once(self, action: Action) -> None:
        """Tell the owner of an immediate risk now, not with the next digest."""
        if goes_at_once(action):
            audience = Audience(member=action.owner_id.lower())
            notice = Notice(f"immediate/{action.reference}/{action.owner_id}", NoticeKind.IMMEDIATE, audience, "")
            if not await self._poster.say(notice, _immediate(action.reference)):
                await self.reaching.at_once(notice, action)

    async def _hands(self, row: Action, people: People) -> Hands:
        """What the row alone does not tell of an edit; asked for only when it is needed."""
        before = ""
        if owner_is_unclear(row, people.members.values()):
            version = await self._store.before(ACTIONS, row.id)
            before = version.owner_id if version is not None else ""
        return Hands(before, await self._assignee(row, people) if assignee_changed(row) else None)

    async def _assignee(self, row: Action, people: People) -> Member | None:
        try:
            email, name = await self._store.site_user(row.assigned_to)
        except (StoreRefused, NotFound):
            return None
        members = people.members.values()
        by_email = [m for m in members if email and m.email.casefold() == email.casefold()]
        named = [m for m in members if name and m.name.casefold() == name.casefold()]
        found = by_email or named
        return found[0] if len(found) == 1 else None

    async def _assigned(self, row: Action, people: People) -> Action:
        """Have SharePoint's person column name the owner, where the members' list says how to find them there."""
        if row.assigned_sync == assignment(row):
            return row
        owner = people.members.get(row.owner_id.lower())
        number = row.assigned_to if assignee_changed(row) else 0
        if owner is not None and owner.email and not number:
            try:
                number = await self._store.ensure_site_user(owner.email)
            except StoreRefused:
                tell(log, logging.WARNING, "the owner is nobody in SharePoint", reference=row.reference)
        kept = replace(row, assigned_to=number)
        return replace(kept, assigned_sync=assignment(kept))

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        """Make a report anew, for one that did not get through; None when the row has been put right meanwhile."""
        reference, what = post.key.split("/")[1:3]
        if what == "deleted":
            return _message(show.report_card(reference, "", ()))
        rows = await self._store.rows(ACTIONS, [references.item_id(reference, references.ACTION)])
        people = await self._directory.current()
        for row in rows:
            _, faults = mend(row, among(people, row.forum).members.values(), now=self._now())
            if faults:
                typed = await self._store.typed_row(ACTIONS, row.id)
                return _message(show.report_card(reference, typed.editor, faults))
        return None

    async def _still_immediate(self, post: Post, _within: Sequence[Post]) -> Message | None:
        reference = post.key.split("/")[1]
        rows = await self._store.rows(ACTIONS, [references.item_id(reference, references.ACTION)])
        return _immediate(reference) if any(goes_at_once(row) for row in rows) else None

    async def _report(self, what: str, card: JSON, forum: str) -> None:
        """Tell each of the mental health team of a forum's board, once for each thing that is wrong."""
        people = among(await self._directory.current(), forum)
        for member in people.members.values():
            if member.has(Role.MENTAL_HEALTH_TEAM):
                audience = Audience(member=member.user_id.lower())
                notice = Notice(f"report/{what}/{member.user_id}", NoticeKind.REPORT, audience, "")
                await self._poster.say(notice, _message(card))


def _immediate(reference: str) -> Message:
    return Message(f"Immediate risk: action {reference}", card=show.immediate_card(reference))


def _message(card: JSON) -> Message:
    return Message("An action needs putting right", card=card)
