"""A board's weeks as its members live them, day by day in one process, from referral to review: a script with dice.

The dice are seeded, so that a run can be had again. What people do follows what practice tells: about 25 referrals a
month, some late triage, redirects that are slow to be received, repeats, withdrawals, a meeting every Wednesday.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.board_people import CHAIR, NURSE, POLICE, SOCIAL, TRUST_LEAD, add_member
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at
from tests.scenarios.board import JSON, eventually, page, text_of
from tests.scenarios.recount import Held, counted, held, instant, is_working
from tests.teams import Person, find_action

FIRST = (
    "Abelard",
    "Brunhild",
    "Cuthbert",
    "Drusilla",
    "Ethelred",
    "Fenella",
    "Gawaine",
    "Hortensia",
    "Isambard",
    "Jocasta",
)
LAST = ("Quillfeather", "Rumbelow", "Snodgrass", "Thistlewick", "Umberslade", "Vexworthy", "Wobblesham", "Yaffleton")

NAMES = (*FIRST, *LAST, "PLANTEDWHY", "PLANTEDASK")
"""What may stand nowhere but in `Subjects`; the planted words may stand in the case's own lists."""

REFERRERS = ((POLICE, 6), (NURSE, 3), (SOCIAL, 1))
"""Who refers, and how often one beside the other."""

CONCERNS = (
    "Threats to kill or seriously harm",
    "Violence towards family or carer",
    "Repeated crisis contact",
    "Fire setting",
)
URGENCIES = ("Routine (the next subgroup)", "Urgent (before the next subgroup)", "Immediate (today)")
GATE = (
    ("subgroup: no sign of MAPPA or PDP", 72),
    ("mappa cat 2 level 1: an earlier hospital order", 7),
    ("pdp: the test is met on what is known", 4),
    ("forum MARAC: it is domestic abuse", 7),
    ("decline below the threshold: nothing to act on", 10),
)
DECISIONS = (("plan", 35), ("no plan", 25), ("hear again", 10), ("close", 25), ("redirect MARAC", 5))
OUTCOMES = ("engagement", "health", "arrest", "charge", "no further")
COLLEAGUES = {code: tuple(Person(f"{code.title()} Colleague {n}") for n in range(5)) for code in ("POL", "MHT", "ASC")}
"""Who answers for each agency: several, since Teams takes no more than sixty messages a chat in half a minute."""

ATTENDED = ("present", "present", "present", "deputy", "apologies, information sent", "absent")

SECTIONS = {
    "scenarios": "goes to the house at night",
    "triggers": "is not at the hostel by ten",
    "first_actions": "MHT: ring the night nurse\nPOL: send two officers",
    "contingencies": "look at the station",
    "victim_safety": "an alarm is fitted",
    "signatories": "MHT,POL",
}


@dataclass
class Year:
    """Weeks of a board's life. `boards` are the days of its meetings, a Wednesday every six weeks."""

    story: ActionStory
    first: date
    boards: tuple[date, ...]
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    today: date = date(2026, 11, 18)
    people: list[JSON] = field(default_factory=list)
    reports: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    done: dict[str, int] = field(default_factory=dict)
    unsigned: list[tuple[Person, str]] = field(default_factory=list)
    """Plans that somebody has still to sign."""

    unsaid: list[str] = field(default_factory=list)
    """Answers that were not what the script expected."""

    async def live(self, weeks: int) -> Held:
        """Live so many weeks from the first day, and return what the record holds then."""
        for offset in range(weeks * 7):
            self.today = self.first + timedelta(days=offset)
            if is_working(self.today):
                await self.work()
        return self.record()

    def record(self) -> Held:
        """What is held now."""
        of = held(self.story.bot)
        of.channel, of.said = self.story.in_the_channel(), "\n".join(self.story.bot.heard())
        chat = self.story.teams.posts_in(self.story.teams.chat(TEAM_OFFICER))
        late = [said for post in chat for said in [text_of(post.activity)] if "late at the gate" in said.casefold()]
        of.officer, of.names, of.reports = "\n".join(late), (*FIRST, *LAST), self.reports
        return of

    async def work(self) -> None:
        """One working day: the round, what arrives, the gate, the answers, and on a Wednesday the meeting."""
        self.story.moves_to(f"{self.today.isoformat()}T08:35")
        await eventually(self.round_is_done, f"the round of {self.today}", 20)
        for _ in range(self.dice.choice((0, 1, 1, 2, 2))):
            await self.refer()
        await self.numbered()
        await self.triage()
        await self.receive()
        await self.withdraw()
        await self.finish()
        await self.sign_late()
        if self.today.weekday() == 2:
            await self.meet()
        if self.today + timedelta(days=1) in self.boards:
            await self.report()

    def round_is_done(self) -> bool:
        """Whether the day's round was had."""
        return self.story.bot.round_done() == self.today.isoformat()

    async def types(self, person: Person, text: str, expects: str = "") -> str:
        """Type in a private chat, and note an answer without the words that the script expects.

        A notice may come beside the answer: where words are expected, what is returned is the post that has them.
        """
        chat = self.story.teams.chat(person)
        before = len(self.story.teams.posts_in(chat))
        status, _ = await self.story.teams.say(person, text, chat)
        posts = [text_of(post.activity) for post in self.story.teams.posts_in(chat)[before:]]
        said = next((post for post in posts if expects and expects in post), "\n".join(posts))
        if status != 200 or (expects and expects not in said):
            self.unsaid.append(f"{self.today} {text}: {said}")
        self.count(text.split(maxsplit=1)[0])
        return said

    def count(self, what: str) -> None:
        """Note that something was done."""
        self.done[what] = self.done.get(what, 0) + 1

    def one_of(self, weighted: tuple[tuple[Any, int], ...]) -> Any:
        """One of several, by its weight."""
        return self.dice.choices([each for each, _ in weighted], [weight for _, weight in weighted])[0]

    # What arrives

    async def refer(self) -> None:
        """A referral by the form; one in eight is of somebody who was referred before, one in twenty typed as a row."""
        person = self.dice.choice(self.people) if self.people and self.dice.random() < 0.12 else self.somebody()
        values = {
            **person,
            "concern": self.dice.choice(CONCERNS),
            "urgency": self.dice.choice(URGENCIES),
            "why_now": "PLANTEDWHY said what he would do",
        }
        if self.dice.random() < 0.05:
            self.typed_row(values)
        else:
            await self.story.refer(self.one_of(REFERRERS), **values)
        self.count("referred")

    def somebody(self) -> JSON:
        """A person who was not referred before."""
        number = len(self.people)
        name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
        born = date(1960, 1, 1) + timedelta(days=97 * number % 17_000)
        self.people.append({"name": name, "date_of_birth": born.isoformat()})
        return self.people[-1]

    def typed_row(self, values: JSON) -> None:
        """A row added straight to the list, with its person in the list beside it."""
        number = self.story.bot.add_row(
            "Referrals",
            Title="typed",
            Agency="POL",
            Asked="MHT; ASC",
            Concern=values["concern"],
            Urgency=values["urgency"],
            WhyNow=values["why_now"],
            ReceivedOn=f"{self.today.isoformat()}T09:00:00Z",
            ReferrerUserId=POLICE.object_id,
            ReferrerName=POLICE.name,
            Open=True,
        )
        born = f"{values['date_of_birth']}T12:00:00Z"
        self.story.bot.add_row(
            "Subjects", Reference=f"R-{number}", PersonRole="Subject", PersonName=values["name"], DateOfBirth=born
        )

    async def numbered(self) -> None:
        """Wait until every row has its reference and its first state."""
        await eventually(
            lambda: all(row["Reference"] and row["Status"] for row in self.cases()), "the rows' numbers", 20
        )

    def cases(self) -> list[JSON]:
        """The open referrals as they stand."""
        return self.story.bot.rows("Referrals", filter="Open eq 1")

    # The gate

    async def triage(self) -> None:
        """The team takes most of what waits through the gate, and forgets some; then who is asked answers."""
        answers = []
        for row in self.cases():
            if row["Status"] == "Received" and self.dice.random() < 0.6:
                await self.types(TEAM_OFFICER, f"triage {row['Reference']} {self.one_of(GATE)}", row["Reference"])
                answers += self.answers(row)
        await asyncio.gather(*answers)

    def answers(self, row: JSON) -> Iterator[Coroutine[Any, Any, None]]:
        """Most agencies that are asked look, and answer: all at about the same time."""
        for code in sorted(each.strip() for each in (row["Asked"] or "").split(";")):
            if code in COLLEAGUES and self.dice.random() < 0.8:
                person = self.dice.choice(COLLEAGUES[code])
                said = self.dice.choice(("not known", "known", "known, will bring a report"))
                yield self.answer(person, row["Reference"], said)

    async def answer(self, person: Person, reference: str, said: str) -> None:
        """Somebody looks, and answers."""
        await self.types(person, f"look {reference} checking")
        await self.types(person, f"return {reference} {said}")

    async def receive(self) -> None:
        """Other forums are slow to say that they have a case; some send it back."""
        for row in self.cases():
            if row["Status"] == "Redirected" and row["Open"]:
                chance = self.dice.random()
                if chance < 0.2:
                    await self.types(TEAM_OFFICER, f"receipt {row['Reference']} A Coordinator", "closed here")
                elif chance < 0.23:
                    await self.types(TEAM_OFFICER, f"back {row['Reference']} it is not theirs", "goes to the subgroup")

    async def withdraw(self) -> None:
        """Now and then a referrer withdraws what is not decided."""
        by = {person.object_id: person for person, _ in REFERRERS}
        for row in self.cases():
            if row["Open"] and row["Status"] in ("Received", "Triaged") and self.dice.random() < 0.01:
                await self.types(
                    by[row["ReferrerUserId"]], f"withdraw {row['Reference']} it is settled", "is withdrawn"
                )

    async def finish(self) -> None:
        """Most actions are done about when they are due, and the chair verifies them; some slip, and climb."""
        for row in self.story.bot.rows("Actions", filter="Open eq 1"):
            due = str(row["DueDate"] or "9999")[:10] <= self.today.isoformat()
            if due and row["Reference"] and self.dice.random() < 0.3:
                await self.types(TEAM_OFFICER, f"done {row['Reference']} the ward was rung", row["Reference"])
                await self.types(CHAIR, f"verify {row['Reference']}", "Verified and closed")

    # The meeting

    async def meet(self) -> None:
        """The chair runs the week's meeting: who is there, each case, and its close."""
        self.story.moves_to(f"{self.today.isoformat()}T10:00")
        cases = re.findall(r"^\d+\. (R-\d+)$", await self.types(CHAIR, "list"), re.MULTILINE)[:12]
        if not cases:
            return
        await self.types(CHAIR, "subgroup accept", "Accepted")
        for code in COLLEAGUES:
            await self.types(CHAIR, f"attend {code} {self.dice.choice(ATTENDED)}", code)
        for case in cases:
            if self.dice.random() < 0.93:
                await self.hear(case)
        await self.types(CHAIR, "subgroup close", "closed")

    async def hear(self, case: str) -> None:
        """One case: a decision with its rationale, often an outcome, an action, a day to come back, or dissent."""
        decision = self.one_of(DECISIONS)
        said = f"hear {case} {decision}: on what was shared"
        if self.dice.random() < 0.6:
            said += f"; outcomes: {self.dice.choice(OUTCOMES)}"
        if self.dice.random() < 0.7:
            said += (
                f"; action {self.dice.choice(('MHT', 'POL', 'ASC'))} {self.today + timedelta(days=9)}: ring the ward"
            )
        if decision in ("plan", "no plan"):
            said += f"; review: {self.today + timedelta(days=7 * self.dice.choice((4, 6, 8)))}"
        if self.dice.random() < 0.1:
            said += "; dissent POL: would have closed it"
        await self.types(CHAIR, said, f"{case} is kept")
        if decision == "plan" and self.dice.random() < 0.7:
            await self.plan(case)

    # The plan

    async def plan(self, case: str) -> None:
        """The chair makes the plan and sends it round; the trust and the police sign, mostly."""
        if any(row["Case"] == case and row["Open"] for row in self.story.bot.rows("Plans", filter="Open eq 1")):
            return
        card = await self.opened(CHAIR, case)
        card = await self.pressed(CHAIR, card, "Make a plan")
        card = await self.pressed(CHAIR, await self.pressed(CHAIR, card, "Contribute"), "Contribute", **SECTIONS)
        found = re.search(r"Plan (P-\d+\.1) for", text_of(card))
        assert found, text_of(card)
        await self.pressed(CHAIR, await self.pressed(CHAIR, card, "Send for sign-off"), "Send for sign-off")
        at_once = [person for person in (NURSE, POLICE) if self.dice.random() < 0.9]
        self.unsigned += [(person, found[1]) for person in (NURSE, POLICE) if person not in at_once]
        await asyncio.gather(*(self.sign(person, found[1]) for person in at_once))

    async def sign(self, person: Person, plan: str) -> None:
        """Somebody looks at a plan, and signs it off."""
        await self.opened(person, plan)
        await self.types(person, f"sign {plan} no", "answer is kept")

    async def sign_late(self) -> None:
        """Who did not sign at once is reminded each day, and does before long."""
        for each in list(self.unsigned):
            if self.dice.random() < 0.2:
                self.unsigned.remove(each)
                await self.sign(*each)
                if each[1] not in {plan for _, plan in self.unsigned}:
                    await eventually(lambda each=each: not self.awaited(each[1]), f"{each[1]} to be agreed", 20)

    def awaited(self, plan: str) -> bool:
        """Whether a plan still waits to be signed off, or its case to say that it was."""
        (row,) = self.story.bot.rows("Plans", filter=f"Id eq {plan[2:].partition('.')[0]}")
        (case,) = self.story.bot.rows("Referrals", filter=f"Id eq {row['Case'][2:]}")
        return row["Status"] == "For sign-off" or (row["Status"], case["Status"]) == ("Agreed", "Heard")

    async def opened(self, person: Person, reference: str) -> JSON:
        """Open a plan in a dialog, after a reason."""
        asked = page(await self.story.teams.open(person, {"do": "plan", "reference": reference}, self.story.channel))
        return await self.pressed(person, asked, "Show me", reason="Making or reviewing a plan")

    async def pressed(self, person: Person, card: JSON, title: str, **typed: Any) -> JSON:
        """Press a button of the dialog; the next page."""
        self.count(title)
        return page(
            await self.story.teams.submit(person, find_action(card, title=title)["data"], typed, self.story.channel)
        )

    # The report

    async def report(self) -> None:
        """On the eve of a board its report is read, counted here from the rows, and submitted."""
        self.story.moves_to(f"{self.today.isoformat()}T16:00")
        now = datetime.fromisoformat(f"{self.today.isoformat()}T16:00:00+00:00")
        figures = lines(await self.types(CHAIR, "report", "Cases heard"))
        mine = counted(held(self.story.bot, versioned=()), self.since, now, COLLEAGUES)
        told = {label: figures[label] for label in figures if label in mine or ": " in label}
        self.reports.append((self.today.isoformat(), mine, told))
        await self.types(TEAM_OFFICER, "report submit Things went as planned", "Cases heard")
        sent = [row["SubmittedOn"] for row in self.story.bot.rows("AgendaItems") if row["SubmittedOn"]]
        self.since = max(instant(each) for each in sent)


def lines(said: str) -> dict[str, str]:
    """The facts of a card that was read aloud: each label with the line below it."""
    told = said.split("\n")
    return {told[at]: told[at + 1] for at in range(len(told) - 1)}


FIRST_DAY = date(2026, 11, 18)
BOARDS = tuple(date(2026, 12, 16) + timedelta(weeks=6 * n) for n in range(10))


@asynccontextmanager
async def live(folder: Path, provisioned: Path) -> AsyncIterator[Year]:
    """A board with a subgroup on Wednesdays, whose members have opened their chats, on the first day."""
    anchor = BOARDS[0].isoformat()
    fast = {"module": "tests.wide_windows", "MHRMB_POLL_SECONDS": "0.05", "MHRMB_SENDER_PER_MINUTE": "0"}
    async with board_at(folder, provisioned, f"{FIRST_DAY}T07:00", anchor=anchor, **fast) as story:
        story.bot.add_row(
            "Forums", Key="forum:SUB", Forum="SUB", ForumName="Subgroup", Kind="Subgroup", Weeks=1,
            Anchor="2026-11-04T12:00:00Z", Open=True,
        )  # fmt: skip
        for code, people in COLLEAGUES.items():
            for person in people:
                add_member(story.bot, person, code, "Representative")
        await story.opens_a_chat(CHAIR, POLICE, NURSE, SOCIAL, TRUST_LEAD, TEAM_OFFICER)
        yield Year(story, FIRST_DAY, BOARDS)
