"""Rows typed or broken off half way: given their reference, key and defaults, so that they work like any other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from board import references
from board.errors import Conflict
from board.records import Referral, Stored, Subject
from board.referring import adopt
from board.retention import SETTING, settled, years
from bot.directory import Directory
from bot.house import BOT
from bot.logs import tell
from bot.scopes import among
from sharepoint import queries as ask
from sharepoint.bookkeeping import Setting
from sharepoint.schema import REFERRALS, SETTINGS, SUBJECTS, ListOf
from sharepoint.store import Store

R = TypeVar("R", bound=Stored)

log = logging.getLogger("mhrmb.repair")


class Repair:
    """Looks at changed rows and completes those that lack something. Every method names the referrals concerned."""

    def __init__(self, store: Store, directory: Directory, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._now = now

    async def referrals(self, ids: Iterable[int]) -> set[str]:
        """Read these rows of `Referrals` and repair them."""
        return await self.rows(await self._read(REFERRALS, ids))

    async def rows(self, rows: Iterable[Referral]) -> set[str]:
        """Repair these referrals, and return the references of all that are there."""
        return {reference for row in rows if (reference := await self._one(row))}

    async def _one(self, row: Referral) -> str:
        reference = references.reference(references.REFERRAL, row.id)
        if row.reference == reference and row.key:
            await self._settle(row)
            return reference
        people = among(await self._directory.current(), row.forum)
        forum = people.forum(row.forum or people.home) or people.board
        if row.key:
            whole, why = row, "numbered by the feed"
        else:
            typed = await self._store.typed_row(REFERRALS, row.id)
            whole = adopt(row, forum, people.agencies.values(), typed.created or self._now())
            whole = replace(whole, key=f"row:{reference}", referrer_name=row.referrer_name or typed.author)
            why = "completed a row typed into the list"
            await self._move_title(reference, typed.title)
        try:
            # From a row without a reference, so that Title is written too: it may hold a name still.
            bare = replace(row, reference="")
            await self._store.change(REFERRALS, bare, replace(whole, reference=reference), by=BOT, why=why)
        except Conflict:
            tell(log, logging.INFO, "row changed meanwhile", reference=reference)
        return reference

    async def _settle(self, row: Referral) -> None:
        """Give a case that somebody closed in the list the day on which keeping its record is decided."""
        if settled(row, self._now()) == row:
            return
        whole = settled(row, self._now(), years(await self._setting(SETTING)))
        try:
            await self._store.change(REFERRALS, row, whole, by=BOT, why="closed or opened again in the list")
        except Conflict:
            tell(log, logging.INFO, "row changed meanwhile", reference=row.reference)

    async def _setting(self, name: str) -> str:
        """What a row of `Settings` says; typed by hand, so its name is all it has."""
        rows: list[Setting] = await self._store.find(ask.open_rows(SETTINGS))
        return next((row.value for row in rows if row.name.strip().casefold() == name), "")

    async def _move_title(self, reference: str, title: str) -> None:
        """What somebody typed into Title is most likely a name, so it goes where names belong."""
        if title and title != reference:
            person = Subject(key=f"row:{reference}-title", reference=reference, name=title)
            await self._store.add_once(SUBJECTS, person, by=BOT, why="moved from the title of a typed row")

    async def subjects(self, ids: Iterable[int]) -> set[str]:
        """Give rows of `Subjects` that a broken-off referral left without a reference theirs."""
        found: set[str] = set()
        for row in await self._read(SUBJECTS, ids):
            if row.reference or not row.key.endswith("-subject"):
                continue
            rows: list[Referral] = await self._store.find(ask.keyed(REFERRALS, row.key.removesuffix("-subject")))
            for referral in rows:
                reference = references.reference(references.REFERRAL, referral.id)
                try:
                    await self._store.change(SUBJECTS, row, replace(row, reference=reference), by=BOT, why="numbered")
                except Conflict:
                    tell(log, logging.INFO, "row changed meanwhile", subject_of=reference)
                found.add(reference)
        return found

    async def _read(self, of: ListOf[R], ids: Iterable[int]) -> list[R]:
        return await self._store.rows(of, ids)
