"""A fictional board to try the bot with. Nobody and nothing in it exists; the names say so.

Everything has a fixed key and is dated relative to today, so loading it again after a break adds only what is missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from board.actions import CLAIMS, CLOSED, Action, ActionStatus
from board.boards import key_of
from board.calendar import at_uk, uk_date, working_days_from
from board.records import SHOWN, Agency, Disclosure, Forum, Meeting, Member, Referral, Return, Subject
from board.references import BOARD, REFERRAL, reference
from board.referring import asked_agencies
from board.vocabulary import CONCERNS, LOOK_REASONS, Answer, Role, Urgency
from bot import demo_agreements, demo_engagement, demo_lessons, demo_measures, demo_risks, demo_subgroup
from bot import demo_data as data
from bot.house import BOT, DEFAULT_FORUM, utc_now
from sharepoint import queries as ask
from sharepoint.schema import (
    ACTIONS,
    AGENCIES,
    DISCLOSURES,
    FORUMS,
    MEETINGS,
    MEMBERS,
    REFERRALS,
    RETURNS,
    SUBJECTS,
)
from sharepoint.store import Store

T = TypeVar("T")

WHY = "fictional data"
TOGETHER = 8
"""Rows written at once: as many as the store has threads."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a loading needs throughout: the store, the hour, and the agencies and forum it has made."""

    store: Store
    now: datetime
    agencies: tuple[Agency, ...]
    forum: Forum

    @property
    def today(self) -> date:
        """The day everything is dated from."""
        return uk_date(self.now)


def user_id(number: int) -> str:
    """The Entra object id of a fictional member: a fixed one, so that scripts can speak as them."""
    return f"00000000-0000-4000-8000-{number:012d}"


def _number(name: str) -> int:
    return next(number for number, person in enumerate(data.PEOPLE, start=1) if person[0] == name)


async def is_wanted(store: Store) -> bool:
    """Whether the site has no members yet, or only fictional ones of a loading that broke off."""
    found: list[Member] = await store.find(ask.open_rows(MEMBERS))
    fictional = {f"demo:{name}" for name, _, _ in data.PEOPLE}
    return {member.key for member in found} < fictional


async def load(store: Store, say: Callable[[str], None]) -> None:
    """Write the fictional board, telling how far it is; the members last, so that a broken loading is seen as one."""
    patient, now = store.patient(60), utc_now()
    agencies = tuple([await _agency(patient, row, uk_date(now)) for row in data.PARTNERS])
    load_ = Load(patient, now, agencies, await _forum(patient, uk_date(now)))
    say(f"{len(agencies)} agencies")
    say(await demo_agreements.load(patient, uk_date(now), now, agencies))
    say(await demo_lessons.load(patient, now))
    say(await demo_risks.load(patient, now))
    boards = await _meetings(load_)
    say(f"{len(boards)} boards")
    say(await demo_engagement.load(patient, uk_date(now), now, boards))
    for case in data.CASES:
        await _case(load_, case)
    older = await _together(_older(load_, number) for number in range(data.OLDER))
    say(f"{len(data.CASES) + data.OLDER} referrals with their returns")
    say(await demo_subgroup.load(patient, load_.today, older))
    await _together(_action(load_, number, boards) for number in range(data.ACTIONS))
    say(f"{data.ACTIONS} actions")
    say(await demo_measures.load(patient, agencies, load_.today))
    for number, (name, agency, roles) in enumerate(data.PEOPLE, start=1):
        member = Member(key=f"demo:{name}", user_id=user_id(number), name=name, agency=agency, roles=frozenset(roles))
        await patient.add_once(MEMBERS, member, by=BOT, why=WHY)
    say(f"{len(data.PEOPLE)} members")


async def _together(writes: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Do the writes in their order, several at once."""
    todo, made = list(writes), list[T]()
    for start in range(0, len(todo), TOGETHER):
        made += await asyncio.gather(*todo[start : start + TOGETHER])
    return made


async def _agency(store: Store, row: tuple[str, str, str], today: date) -> Agency:
    code, name, kind = row
    agency = Agency(
        key=f"agency:{code}",
        code=code,
        name=name,
        kind=kind,
        isa_signed_on=today - timedelta(days=400),
        isa_lapses_on=today + timedelta(days=-30 if code == data.LAPSED else 300),
        spoc=next(who for who, theirs, roles in data.PEOPLE if theirs == code and Role.AGENCY_LEAD in roles),
    )
    kept, _ = await store.add_once(AGENCIES, agency, by=BOT, why=WHY)
    return kept


async def _forum(store: Store, today: date) -> Forum:
    """The board, anchored so that its next meeting is about two weeks away."""
    anchor = working_days_from(today, 9)
    forum = Forum(key=f"forum:{DEFAULT_FORUM}", code=DEFAULT_FORUM, name="MHRMB", kind="Board")
    kept, _ = await store.add_once(FORUMS, forum, by=BOT, why=WHY)
    dated = replace(kept, anchor=anchor, meets_at="10:00", link="https://example.com/board")
    return await store.change(FORUMS, kept, dated, by=BOT, why=WHY)


async def _meetings(load_: Load) -> list[Meeting]:
    """Two boards past and the next."""
    assert load_.forum.anchor is not None
    made: list[Meeting] = []
    for ago, status in ((12, "Held"), (6, "Held"), (0, "Planned")):
        day = working_days_from(load_.forum.anchor - timedelta(weeks=ago), 0)
        meeting = Meeting(key=key_of(load_.forum.code, day), forum=load_.forum.code, held_on=day, status=status)
        kept, _ = await load_.store.add_once(MEETINGS, meeting, by=BOT, why=WHY)
        if not kept.reference:
            kept = await load_.store.number(MEETINGS, kept, by=BOT)
        made.append(kept)
    return made


async def _case(load_: Load, case: data.Case) -> None:
    referral = Referral(
        key=f"demo:{case.name}",
        agency=data.PEOPLE[_number(case.by) - 1][1],
        referrer_id=user_id(_number(case.by)),
        referrer_name=case.by,
        concern=CONCERNS[case.concern],
        urgency=case.urgency,
        why_now=case.why,
        asked_for=case.ask,
        received_on=load_.now - timedelta(days=case.days_ago, hours=3),
    )
    person = Subject(key="", name=case.name, date_of_birth=case.born, address_area="Nowhere-on-Sea")
    await _referral(load_, referral, person, case.answers)


async def _older(load_: Load, number: int) -> Referral:
    """One of the referrals of the last six months: the older, the further along its path."""
    by = data.REFERRERS[number % len(data.REFERRERS)]
    status = data.OLDER_STATES[number * len(data.OLDER_STATES) // data.OLDER]
    name = f"{data.FORENAMES[number % 5]} {data.SURNAMES[number % 6]}-{number + 10}"
    days = 180 - number * 150 // data.OLDER
    referral = Referral(
        key=f"demo:older-{number}",
        agency=data.PEOPLE[_number(by) - 1][1],
        referrer_id=user_id(_number(by)),
        referrer_name=by,
        concern=CONCERNS[number % len(CONCERNS)],
        urgency=tuple(Urgency)[number % 3],
        why_now=data.WHYS[number % len(data.WHYS)],
        status=status,
        open=status not in data.PAST,
        received_on=load_.now - timedelta(days=days, hours=number % 9),
    )
    answers = [(code, tuple(Answer)[(number + i) % 3]) for i, (code, _, _) in enumerate(data.PARTNERS[:9])]
    born = date(1955 + number, 1 + number % 12, 1 + number % 28)
    heard = [(code, answer) for code, answer in answers if code != referral.agency][: 3 + number % 6]
    passed = demo_subgroup.passed(referral, number, load_.today)
    return await _referral(load_, passed, Subject(key="", name=name, date_of_birth=born), heard)


async def _referral(
    load_: Load, referral: Referral, person: Subject, answers: Iterable[tuple[str, Answer]]
) -> Referral:
    store = load_.store
    asked = asked_agencies(load_.forum, load_.agencies, referral.agency, under_18=False)
    new = replace(referral, forum=load_.forum.code, asked=asked)
    someone, _ = await store.add_once(SUBJECTS, replace(person, key=f"{new.key}-subject"), by=BOT, why=WHY)
    kept, _ = await store.add_once(REFERRALS, new, by=BOT, why=WHY)
    if not kept.reference:
        kept = await store.number(REFERRALS, kept, by=BOT)
    about = replace(someone, reference=reference(REFERRAL, kept.id))
    await store.change(SUBJECTS, someone, about, by=BOT, why=WHY)
    received = kept.received_on or load_.now
    for hours, (code, answer) in enumerate(answers, start=1):
        await _answer(store, kept, code, answer, received + timedelta(hours=hours))
    return kept


async def _answer(store: Store, referral: Referral, code: str, answer: Answer, when: datetime) -> None:
    number = next(i for i, person in enumerate(data.PEOPLE, start=1) if person[1] == code)
    who = data.PEOPLE[number - 1][0]
    look = Disclosure(
        key=f"{referral.key}-look-{code}",
        reference=referral.reference,
        member_id=user_id(number),
        member_name=who,
        agency=code,
        reason=LOOK_REASONS[0],
        outcome=SHOWN,
        forum=referral.forum,
        looked_on=when,
    )
    await store.add_once(DISCLOSURES, look, by=who, why="look")
    given = Return(
        key=f"{referral.key}-return-{code}",
        reference=referral.reference,
        agency=code,
        answer=answer,
        member_id=user_id(number),
        member_name=who,
        answered_on=when,
    )
    await store.add_once(RETURNS, given, by=who, why="answered")


async def _action(load_: Load, number: int, boards: list[Meeting]) -> None:
    """One of the ninety: agreed over six months, every state in turn, due from four months ago to two months ahead."""
    agency, owner, what = data.TASKS[number % len(data.TASKS)]
    status = data.STATES[number % len(data.STATES)]
    agreed = load_.today - timedelta(days=180 - number * 2)
    due = agreed + timedelta(days=28 + number * 7 % 45)
    closed = status in CLOSED
    if not closed and due < load_.today - timedelta(days=21):
        due = load_.today - timedelta(days=number % 20) + timedelta(days=7)
    action = Action(
        key=f"demo:action-{number}",
        what=f"{what} (part {number // len(data.TASKS) + 1})",
        owner_id=user_id(_number(owner)),
        owner_name=owner,
        agency=agency,
        due=due,
        priority=data.PRIORITIES[number % len(data.PRIORITIES)],
        source=reference(BOARD, boards[number % 2].id),
        programme=data.PROGRAMMES[number % len(data.PROGRAMMES)],
        forum=load_.forum.code,
        status=status,
        note=data.NOTES.get(status, ""),
        asked_due=due + timedelta(days=21) if status == ActionStatus.MORE_TIME else None,
        agreed_on=at_uk(agreed, time(11)),
        claimed_on=at_uk(min(due, load_.today), time(12)) if status in CLAIMS else None,
        closed_on=at_uk(min(due, load_.today), time(15)) if closed else None,
        open=not closed,
    )
    kept, _ = await load_.store.add_once(ACTIONS, action, by=BOT, why=WHY)
    if not kept.reference:
        await load_.store.number(ACTIONS, kept, by=BOT)
