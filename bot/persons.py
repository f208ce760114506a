"""What follows from who a referral is about: an earlier referral is linked, and a child's social care is asked.

It follows from the list, so a date of birth that is added or typed later counts as well as the form's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from board import references
from board.calendar import uk_date
from board.entitlement import Act, refusal
from board.errors import BoardError, Conflict
from board.notices import Audience, Notice, NoticeKind
from board.records import Member, Referral, Subject
from board.referring import asked_for_child
from board.repeats import Repeat, earlier
from board.vocabulary import PersonRole, Role
from bot.directory import Directory, People
from bot.house import BOT, TRIES
from bot.logs import tell
from bot.poster import Poster
from bot.scopes import among
from bot.turn import Message
from cards import triage as show
from sharepoint import queries as ask
from sharepoint.bookkeeping import Post
from sharepoint.schema import REFERRALS, SUBJECTS
from sharepoint.store import Store

log = logging.getLogger("mhrmb.persons")


class Persons:
    """Looks at rows of `Subjects` that changed. Safe to repeat: a link stays, every notice has its key."""

    def __init__(self, store: Store, directory: Directory, poster: Poster, now: Callable[[], datetime]) -> None:
        self._store = store
        self._directory = directory
        self._poster = poster
        self._now = now
        poster.outbox.makers[NoticeKind.REPEAT] = self._again

    async def look(self, ids: Iterable[int]) -> None:
        """Act on these rows. Two requests for each person that is looked for, one more where something is written."""
        for row in await self._store.rows(SUBJECTS, ids):
            if _is_case(row.reference):
                await self._one(row)

    async def _one(self, person: Subject) -> None:
        number = references.item_id(person.reference, references.REFERRAL)
        alike = await self._alike(person) if person.role in ("", PersonRole.SUBJECT) else {}
        for _ in range(TRIES):
            rows = await self._store.rows(REFERRALS, [number, *alike])
            case = next((row for row in rows if row.id == number), None)
            if case is None:
                return
            others = [(row, each) for row in rows for each in alike.get(row.id, ())]
            dated = replace(case, received_on=case.received_on or self._now())
            found = earlier(dated, person, others)
            people = among(await self._directory.current(), case.forum)
            today = uk_date(self._now())
            after = asked_for_child(case, person, people.agencies.values(), today) if case.open else case
            if found is not None and not case.repeat_of:
                after = replace(after, repeat_of=found.reference)
            try:
                if after != case:
                    case = await self._store.change(REFERRALS, case, after, by=BOT, why="who it is about")
            except Conflict:
                continue
            if found is not None and case.open and found.reference == case.repeat_of:
                await self._tell(case, found, next(row for row, _ in others if row.reference == found.reference))
            return
        tell(log, logging.INFO, "a case changed meanwhile", reference=person.reference)

    async def _alike(self, person: Subject) -> dict[int, list[Subject]]:
        """Rows with the same number or day of birth, by the number of their referral. One request."""
        asked = ask.alike(person)
        found: dict[int, dict[int, Subject]] = {}
        for rows in await self._store.gather(*asked) if asked else []:
            for row in rows:
                if row.id != person.id and _is_case(row.reference):
                    found.setdefault(references.item_id(row.reference, references.REFERRAL), {})[row.id] = row
        return {number: list(rows.values()) for number, rows in found.items()}

    async def _tell(self, case: Referral, found: Repeat, before: Referral) -> None:
        """Tell each of the mental health team who may look at both."""
        people = among(await self._directory.current(), case.forum)
        for member in people.members.values():
            if member.has(Role.MENTAL_HEALTH_TEAM) and self._may_know(people, member, case, before):
                audience = Audience(member=member.user_id.lower())
                key = f"repeat/{case.reference}/{found.reference}/{found.ground.name}/{audience}"
                notice = Notice(key, NoticeKind.REPEAT, audience, case.reference)
                await self._poster.say(notice, _message(case.reference, found.reference, found.ground.name))

    def _may_know(self, people: People, member: Member, *cases: Referral) -> bool:
        who, today = people.standing(member.user_id), uk_date(self._now())
        return member.open and all(
            refusal(Act.LOOK, who, today, referral=each, forum=people.forum(each.forum or people.home)) is None
            for each in cases
        )

    async def _again(self, post: Post, _within: Sequence[Post]) -> Message | None:
        _, reference, before, ground, audience = post.key.split("/")
        rows = await self._store.rows(
            REFERRALS, [references.item_id(r, references.REFERRAL) for r in (reference, before)]
        )
        people = await self._directory.current()
        member = people.members.get(audience.partition(":")[2])
        still = len(rows) == 2 and any(row.repeat_of == before for row in rows if row.reference == reference)
        if member is None or not still or not self._may_know(people, member, *rows):
            return None
        return _message(reference, before, ground)


def _message(reference: str, before: str, ground: str) -> Message:
    return Message(f"Referral {reference}", card=show.repeat_card(reference, before, ground))


def _is_case(reference: str) -> bool:
    try:
        return bool(references.item_id(reference, references.REFERRAL))
    except BoardError:
        return False
