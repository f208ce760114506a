"""A year of nine boards, every day in order: what is done on each, and what everybody must hear, worked out by hand.

Nothing expected here is computed by the product. The days of the boards and of their milestones were counted on a wall
calendar; where an overdue action stands is counted by `Climbing`, which shares no line with the product's own rule.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.board_people import CHAIR, LAPSED, NURSE, POLICE, SOCIAL, TRUST_LEAD
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at
from tests.scenarios.board import eventually, text_of
from tests.teams import Person, texts

ANCHOR = "2026-11-16"
"""A Monday. Two of the boards that follow every six weeks are on bank holidays: 28 December 2026 and 3 May 2027."""

FIRST, LAST = date(2026, 10, 19), date(2027, 10, 22)

HOLIDAYS = {
    *(date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)),
    *(date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30)),
}
"""England's bank holidays of these months, as gov.uk lists them; 26 December 2026 is a Saturday, so the 28th is one."""

OUTAGE = (date(2027, 7, 19), date(2027, 7, 22))
"""Monday to Thursday: four working days on which nobody is told anything, a pack's day among them."""


CALENDAR = """
2026-11-16: 2026-10-26 call, 2026-11-02 disseminate, 2026-11-05 returns, 2026-11-09 pack, 2026-11-13 eve,
            2026-11-16 day, 2026-11-18 decisions
2026-12-29: 2026-12-04 call, 2026-12-11 disseminate, 2026-12-16 returns, 2026-12-18 pack, 2026-12-24 eve,
            2026-12-29 day, 2026-12-31 decisions
2027-02-10: 2027-01-05 moved
2027-02-11: 2027-01-18 moved, 2027-01-21 call, 2027-01-28 disseminate, 2027-02-02 returns, 2027-02-04 pack,
            2027-02-10 eve, 2027-02-11 day, 2027-02-15 decisions
2027-03-22: 2027-03-01 call, 2027-03-08 disseminate, 2027-03-11 returns, 2027-03-15 pack, 2027-03-19 eve,
            2027-03-22 day, 2027-03-24 decisions
2027-05-04: 2027-04-12 call, 2027-04-19 disseminate, 2027-04-22 returns, 2027-04-26 pack, 2027-04-30 eve,
            2027-05-04 day, 2027-05-06 decisions
2027-06-14: 2027-05-21 call, 2027-05-28 disseminate, 2027-06-02 cancelled
2027-07-26: 2027-07-05 call, 2027-07-12 disseminate, 2027-07-15 returns, 2027-07-23 pack, 2027-07-23 eve,
            2027-07-26 day, 2027-07-28 decisions
2027-09-06: 2027-08-13 call, 2027-08-20 disseminate, 2027-08-25 returns, 2027-08-27 pack
2027-09-13: 2027-09-03 moved, 2027-09-06 pack, 2027-09-10 eve, 2027-09-13 day, 2027-09-15 decisions
2027-10-18: 2027-09-27 call, 2027-10-04 disseminate, 2027-10-07 returns, 2027-10-11 pack, 2027-10-15 eve,
            2027-10-18 day, 2027-10-20 decisions
"""
"""Each board with the days on which its channel hears of it, and of what.

The second falls on a bank holiday and so does its 25 December: it meets on the Tuesday, and its eve is Christmas Eve.
The third is moved from 8 to 10 February on 4 January and to the 11th on 15 January, before anything of it was told. The
fifth falls on a bank holiday again, in summer time. June's is cancelled on the 1st. The pack of July's is due on the
19th, when nobody is there, and is handed over on the first day after. September's is moved a week when its pack is out.
"""

BOARDS: dict[str, dict[str, list[str]]] = {}
"""The calendar by board and day; days and kinds as they are written above."""

for _line in re.sub(r",\s+", ", ", CALENDAR.strip()).splitlines():
    _board, _, _told = _line.partition(": ")
    for _each in _told.split(", "):
        BOARDS.setdefault(_board, {}).setdefault(_each.split()[0], []).append(_each.split()[1])

FOCUS = {
    "2026-11-16": "Example Council",
    "2026-12-29": "Example Homes",
    "2027-02-11": "Example Trust",
    "2027-03-22": "Example Police",
    "2027-05-04": "Example Council",
    "2027-06-14": "Example Homes",
    "2027-07-26": "Example Trust",
    "2027-09-06": "Example Homes",
    "2027-10-18": "Example Police",
}
"""By code ASC, HOU, MHT, POL: nobody was featured before. HOU had June, which is cancelled; July was given to MHT on 4
May, so in September HOU has waited longest, since December."""

ASKED = {
    "Example Council": (SOCIAL,),
    "Example Homes": (LAPSED,),
    "Example Trust": (TRUST_LEAD,),
    "Example Police": (POLICE,),
}
"""Who answers for each agency: the trust has a lead, the others a representative."""

NOT_RUN = "2026-12-29"
"""The board between Christmas and New Year, which nobody records."""

CHANGES: dict[str, tuple[Person, str, str]] = {
    "2027-01-04": (CHAIR, "board move 2027-02-08 2027-02-10 the room is let", "moved to Wednesday 10 February 2027"),
    "2027-01-15": (CHAIR, "board move 2027-02-10 2027-02-11 both chairs are away", "moved to Thursday 11 February"),
    "2027-05-04": (CHAIR, "focus 2027-07-26 MHT its inspection is out", "Example Trust"),
    "2027-06-01": (CHAIR, "board cancel 2027-06-14 an inquest sits that day", "is cancelled"),
    "2027-09-02": (CHAIR, "board move 2027-09-06 2027-09-13 the strike", "moved to Monday 13 September 2027"),
}
"""What changes the calendar, typed at ten on a day: who, what, and what the answer says."""


def works(day: date) -> bool:
    """Whether people are at work."""
    return day.weekday() < 5 and day not in HOLIDAYS


def days_of_year(last: date = LAST) -> Iterator[date]:
    """Every day of the year, weekends and holidays too."""
    day = FIRST
    while day <= last:
        yield day
        day += timedelta(days=1)


OWNER, MANAGER, LEAD, MEMBER, CO_CHAIRS = range(5)
SPOKEN = {
    MANAGER: "the owner's line manager, through their agency's lead",
    LEAD: "the agency's lead",
    MEMBER: "the agency's member of the board",
    CO_CHAIRS: "the co-chairs",
}

LADDERS = {
    **{code: dict.fromkeys(range(5), 5) for code in ("MHT", "ASC", "HOU")},
    "POL": {OWNER: 2, LEAD: 3, CO_CHAIRS: 4},
}
"""Working days of each rung; the police have a shorter ladder of their own in their row."""

POLICE_LADDER = "owner 2\nlead 3\nchairs 4"

HEARS = {
    "MHT": {MANAGER: (TRUST_LEAD,), LEAD: (TRUST_LEAD,), MEMBER: (NURSE,), CO_CHAIRS: (CHAIR,)},
    "ASC": {MANAGER: (TEAM_OFFICER,), LEAD: (TEAM_OFFICER,), MEMBER: (SOCIAL,), CO_CHAIRS: (CHAIR,)},
    "HOU": {MANAGER: (TEAM_OFFICER,), LEAD: (TEAM_OFFICER,), MEMBER: (LAPSED,), CO_CHAIRS: (CHAIR,)},
    "POL": {LEAD: (TEAM_OFFICER,), CO_CHAIRS: (CHAIR,)},
}
"""Who is told on a rung: where an agency has no lead in the team, the mental health team."""

OWNERS = {"MHT": NURSE, "ASC": SOCIAL, "HOU": LAPSED, "POL": POLICE}


@dataclass
class Climbing:
    """One action of the script: when it is due, and what becomes of it on which day."""

    agency: str
    due: date
    immediate: bool = False
    answered: list[date] = field(default_factory=list)
    later: tuple[date, date] | None = None
    ended: date | None = None
    reference: str = ""

    def rungs(self, last: date = LAST) -> dict[date, int]:
        """On which day it comes to which rung, counted in the working days since it was due.

        Each rung is come to after its predecessor's clock has run; an answer given on a rung lets that clock begin
        again with the next working day. What ends it, or another due day, ends the count.
        """
        found = self._climb(self.due, self.later[0] if self.later else self.ended, last)
        if self.later:
            found |= self._climb(self.later[1], self.ended, last)
        return found

    def _climb(self, due: date, until: date | None, last: date) -> dict[date, int]:
        over = [day for n in range(1, (last - due).days + 1) if works(day := due + timedelta(days=n))]
        ladder = LADDERS[self.agency]
        rungs = [rung for rung in ladder if rung >= (LEAD if self.immediate else OWNER)]
        found, number, at = dict[date, int](), 0, 0
        if self.immediate and over:
            found[over[0]] = rungs[0]
        while number + 1 < len(rungs):
            comes = at + ladder[rungs[number]]
            for answer in self.answered:
                if answer in over and at <= (given := over.index(answer)) < comes:
                    comes = given + ladder[rungs[number]] + 1
            if comes >= len(over):
                break
            number, at = number + 1, comes
            found[over[comes]] = rungs[number]
        return {day: rung for day, rung in found.items() if until is None or day <= until}


def script(number: int = 36, seed: int = 11) -> list[Climbing]:
    """Actions due all through the year: left alone, done late or in time, given more time, answered, immediate."""
    dice, made = Random(seed), list[Climbing]()
    for n in range(number):
        due = FIRST + timedelta(days=10 + n * 9 + dice.randrange(5))
        one = Climbing(("MHT", "POL", "ASC", "HOU")[n % 4], due, immediate=n % 9 == 8)
        match n % 6:
            case 0:
                one.answered = _answers(one, 1 + n % 12 // 6)
            case 1:
                one.ended = _working(due - timedelta(days=dice.randrange(1, 6)))
            case 2 | 3:
                one.ended = _working(due + timedelta(days=dice.randrange(8, 45)))
            case 4:
                asked = _working(due + timedelta(days=dice.randrange(3, 12)))
                one.later = (asked, _working(asked + timedelta(days=dice.randrange(10, 30))))
        made.append(one)
    return made


def _answers(action: Climbing, number: int) -> list[date]:
    """Somebody sees to it a day or two after it came to its first rung, and again on the next one, once each."""
    for _ in range(number):
        rungs = action.rungs()
        come = sorted(
            day for day, rung in rungs.items() if rung < CO_CHAIRS and day > max(action.answered, default=FIRST)
        )
        if come:
            action.answered.append(_working(come[0] + timedelta(days=2)))
    return action.answered


def _working(day: date) -> date:
    """The day itself, or the first working day after it that the bot is there."""
    while not works(day) or OUTAGE[0] <= day <= OUTAGE[1]:
        day += timedelta(days=1)
    return day


Heard = tuple[str, str, str]
"""Who heard (`channel`, or a person's name), what kind of thing, and of which board or action."""


class Year:
    """The boards' year in a running bot: `live` goes through its days and returns what was wrong on which."""

    def __init__(self, story: ActionStory, actions: list[Climbing]) -> None:
        self.story = story
        self.actions = actions
        self.wrong = list[str]()
        self.days = 0
        self.posts = 0
        self._seen: set[str] = set(story.teams.posts)
        self._late: Counter[Heard] = Counter()

    async def live(self, last: date = LAST) -> None:
        """Every day of it: the morning's round, what was heard against what is right, then what people do."""
        for day in days_of_year(last):
            if OUTAGE[0] <= day <= OUTAGE[1]:
                self._out(day)
                continue
            if day == OUTAGE[1] + timedelta(days=1):
                self.story.moves_to(f"{day}T07:00")
                self.story.bot.start()
            self.story.moves_to(f"{day}T09:00")
            if works(day):
                await eventually(lambda day=day: self.round_done() == day.isoformat(), f"the round of {day}", 60)
            else:
                await asyncio.sleep(0.1)
            heard, right = Counter(self._heard()), Counter(self.expected(day)) + self._late
            self._late = Counter()
            if heard != right:
                self.wrong.append(f"{day}: too much {dict(heard - right)}, too little {dict(right - heard)}")
            self.days += 1
            if works(day):
                await self._work(day)

    def _out(self, day: date) -> None:
        """What is due while nobody is there is told by the first round after it."""
        if day == OUTAGE[0]:
            self.story.bot.kill()
        self._late += Counter(each for each in self.expected(day) if each[1] not in ("pack", "eve", "brief"))

    def expected(self, day: date) -> Iterator[Heard]:
        """What is right to be heard on a day."""
        said = day.isoformat()
        for board, told in BOARDS.items():
            for milestone in told.get(said, ()):
                yield "channel", milestone, board
                yield from self._asked(board, milestone, day)
        for action in self.actions:
            rung = action.rungs().get(day)
            if rung is not None:
                for person in HEARS[action.agency][rung]:
                    yield person.name, SPOKEN[rung], action.reference

    def _asked(self, board: str, milestone: str, day: date) -> Iterator[Heard]:
        """Who hears of a milestone in their own chat."""
        agency = FOCUS.get(board, "")
        if milestone == "eve":
            yield CHAIR.name, "brief", board
        if milestone in ("call", "returns") and agency:
            for person in ASKED[agency]:
                yield person.name, "focus", board
        if milestone == "disseminate":
            for code, person in (("ASC", SOCIAL), ("HOU", LAPSED), ("MHT", TRUST_LEAD), ("POL", POLICE)):
                if any(each.agency == code and self._is_open(each, day) for each in self.actions):
                    yield person.name, "actions", board

    def _is_open(self, action: Climbing, day: date) -> bool:
        return bool(action.reference) and (action.ended is None or action.ended >= day)

    def _heard(self) -> Iterator[Heard]:
        """What was posted since, by whom it was heard; digests and answers are other tests' matter."""
        chats = {self.story.teams.chat(person).conversation_id: person.name for person in PEOPLE}
        for post in list(self.story.teams.posts.values()):
            if post.id in self._seen:
                continue
            self._seen.add(post.id)
            self.posts += 1
            heading, said = _heading(post.card), text_of(post.card)
            who = chats.get(post.conversation_id, "channel")
            kind = _in_channel(heading, said) if who == "channel" else _in_a_chat(heading, said)
            if kind:
                yield who, *kind

    def round_done(self) -> str:
        """The day up to which the clock has spoken."""
        return self.story.bot.round_done()

    async def _work(self, day: date) -> None:
        """What people do at ten, after the round."""
        self.story.moves_to(f"{day}T10:00")
        if day.isoformat() in CHANGES:
            await self.types(*CHANGES[day.isoformat()])
        for action in self.actions:
            if action.reference and action.ended == day:
                await self.types(OWNERS[action.agency], f"done {action.reference} at last", "Kept as done")
                await self.types(CHAIR, f"verify {action.reference}", "")
            if action.later and action.later[0] == day and (action.ended is None or action.ended > day):
                more = f"more time {action.reference} {action.later[1]} the panel meets then"
                await self.types(OWNERS[action.agency], more, "")
                await self.types(CHAIR, f"grant {action.reference}", "")
            if day in action.answered:
                rung = max((each for each in action.rungs().items() if each[0] <= day), default=(day, OWNER))[1]
                await self.types(HEARS[action.agency][rung][0], f"see to {action.reference}", "it is kept")
        if day.isoformat() in BOARDS and ["day"] in BOARDS[day.isoformat()].values() and day.isoformat() != NOT_RUN:
            await self._meets(day)

    async def _meets(self, day: date) -> None:
        await self.types(CHAIR, "board accept", "Accepted")
        for code in OWNERS:
            await self.types(CHAIR, f"board attend {code} present", f"{code} present")
        await self.types(CHAIR, "decide tracker: Each agency looks at what is overdue", "Kept: the decision")
        await self.types(CHAIR, "board close", "1 decision")
        if day != date(2026, 11, 16):
            await self.types(CHAIR, "minutes approve", "")

    async def types(self, person: Person, said: str, expects: str) -> None:
        """Type something in a private chat; what is answered is looked at, and is no news."""
        chat, teams = self.story.teams.chat(person), self.story.teams
        before = len(teams.posts_in(chat))
        await teams.say(person, said, chat)
        answers = teams.posts_in(chat)[before:]
        if not answers or expects not in "\n".join(text_of(post.activity) for post in answers):
            self.wrong.append(f"{said}: {[text_of(post.activity) for post in answers]}")
        self._seen |= {post.id for post in answers}


PEOPLE = (CHAIR, NURSE, SOCIAL, POLICE, TRUST_LEAD, LAPSED, TEAM_OFFICER)


def _heading(card: object) -> str:
    found = texts(card.get("body", [])) if isinstance(card, dict) else []
    return found[1] if len(found) > 1 else ""


def _iso(said: str, before: str) -> str:
    found = re.search(before + r" [A-Z][a-z]+ (\d{1,2}) ([A-Z][a-z]+) (\d{4})", said)
    if not found:
        return said
    return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1])).isoformat()


MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    "December",
)


def _in_channel(heading: str, said: str) -> tuple[str, str] | None:
    """A milestone and the board's day; None for what is no milestone's post."""
    if heading == "Call for agenda items":
        board = _iso(said, "meets on")
        looks = f"It looks at {FOCUS.get(board, 'nobody')} this time."
        return ("call" if looks in said else f"call without: {looks}"), board
    if heading == "Papers for the board":
        return "returns", _iso(said, "board on")
    if heading == "The pack":
        return "pack", _iso(said, "board on")
    if heading == "Decisions and new actions":
        counted = "1 decision, 0 new actions" in said
        return ("decisions" if counted else f"decisions: {said}"), _iso(said, "board of")
    if heading != "The board":
        return None
    for words, kind, before in (
        ("meets today", "day", "today,"),
        ("is cancelled", "cancelled", "board of"),
        ("is moved", "moved", "meets on"),
        ("Nothing was recorded here", "decisions", "board of"),
        ("These actions are outstanding", "disseminate", "meets on"),
    ):
        if words in said:
            return kind, _iso(said, before)
    return "eve", _iso(said, "meets on")


def _in_a_chat(heading: str, said: str) -> tuple[str, str] | None:
    if heading == "Your agency is in focus":
        return "focus", _iso(said, "board of")
    if heading == "Your agency's actions":
        return "actions", _iso(said, "meets on")
    if heading == "Your brief":
        return "brief", _iso(said, "board of")
    climbed = re.fullmatch(r"(A-\d+) was not done", heading)
    if climbed is None:
        return None
    rung = next((words for words in SPOKEN.values() if f"is with {words} now" in said), said)
    return rung, climbed[1]


@asynccontextmanager
async def nine_boards(folder: Path, provisioned: Path, actions: list[Climbing]) -> AsyncIterator[Year]:
    """The board on the first morning, with everybody to be reached and every action agreed.

    Without Teams' limits: days pass in less than the half minute that they speak of, and a post that waits for room
    would be told on a later day.
    """
    fast = {"module": "tests.wide_windows", "MHRMB_POLL_SECONDS": "0.05"}
    async with board_at(folder, provisioned, f"{FIRST}T07:00", anchor=ANCHOR, **fast) as story:
        for row in story.bot.rows("Agencies"):
            more = {"Ladder": POLICE_LADDER} if row["Agency"] == "POL" else {}
            story.bot.change_row("Agencies", row["Id"], IsaLapsesOn="2029-12-31T12:00:00Z", **more)
        await story.opens_a_chat(*PEOPLE)
        for action in actions:
            values = {"owner": OWNERS[action.agency].object_id, "due": action.due.isoformat(), "source": "B-7"}
            action.reference = await story.add_action(
                **values, priority="Immediate risk" if action.immediate else "Normal"
            )
        yield Year(story, actions)
