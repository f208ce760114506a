"""Hunting for a sequence of commands and presses by which somebody learns what they may not, over the real door.

Entitled people work on the cases first, and every button that any of them was shown is kept. Then hypothesis makes
sequences in which those who may not type commands and press those buttons as their own, with values of their own, in
a chat, a channel and a dialog. Each word planted in a case says which case and which field it is of.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.board_people import (
    ASC,
    CHAIR,
    LAPSED,
    NURSE,
    OBSERVER,
    POL,
    POLICE,
    SOCIAL,
    STRANGER,
    TRUST_LEAD,
    add_member,
)
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, page
from tests.teams import Person, elements

__all__ = ["provisioned"]

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180), pytest.mark.long]

ADMIN, OTHER_REFERRER = Person("Al Administrator"), Person("Ref Referrer")

OPEN, CLOSED_TO_MOST, NOT_ASC = "PLANTEDA", "PLANTEDB", "PLANTEDC"
"""The words of three cases: one that asks the trust and the council, one restricted, one that asks the trust."""

EVERY = (OPEN, CLOSED_TO_MOST, NOT_ASC)

MAY_NOT: dict[Person, tuple[str, ...]] = {
    **dict.fromkeys((OBSERVER, STRANGER, LAPSED, ADMIN, OTHER_REFERRER), EVERY),
    SOCIAL: (CLOSED_TO_MOST, NOT_ASC),
    **dict.fromkeys((NURSE, TRUST_LEAD, CHAIR, TEAM_OFFICER), (CLOSED_TO_MOST,)),
}
"""Whose words each of them may never read: who has no part in any case, whose agency is not asked, and, of a case that
is restricted, all but its referrer, those who chair and triage too."""

COMMANDS = (
    *("look {r} checking our records", "referral {r}", "referrals", "return {r} known", "history {r} statutory"),
    *("history {a} statutory", "bundle {r} review", "plan {r} making or reviewing", "plan {p} making or reviewing"),
    *("plans", "sign {p} no", "trigger {p} seen", "triage", "triage {r}", "triage {r} subgroup: because"),
    *("list", "list add {r}", "subgroup", "subgroup accept", "hear {r}", "hear {r} no plan: because", "report"),
    *("tracker", "tracker {r}", "action {a}", "my actions", "done {a}", "update {a} so far", "disclosures {r}"),
    *("retention", "keep {r} until 2033-01-01 why", "ask {r} my agency works", "requests", "admit {r} Cy Nurse"),
    *("refuse {r} Cy Nurse", "unrestrict {r}", "restrict {r} a victim", "person {r} at risk: X", "receipt {r} X"),
    *("back {r} why", "risk a; b; c", "lesson a; b; c", "whoami", "help", "patterns", "contribute {p} scenario: x"),
)
TYPED = ({}, {"reason": "Triage"}, {"reason": "Making or reviewing a plan"}, {"reason": "Chairing the subgroup"})


class Step(NamedTuple):
    """One thing somebody does: who, in which way, with which command or button, of which case, with what typed."""

    who: int
    way: str
    what: int
    case: int
    typed: int


STEPS = st.builds(
    Step,
    st.integers(0, len(MAY_NOT) - 1),
    st.sampled_from(("chat", "chat", "channel", "submit", "submit", "open", "press")),
    st.integers(0, 10_000),
    st.integers(0, 2),
    st.integers(0, len(TYPED) - 1),
)


class Ground:
    """The board, its three cases, and every button that the entitled were shown."""

    def __init__(self, story: ActionStory) -> None:
        self.story = story
        self.cases: list[str] = []
        self.plans: list[str] = []
        self.actions: list[str] = []
        self.buttons: list[JSON] = []

    async def says(self, person: Person, text: str) -> str:
        """An entitled person types something; its buttons are kept."""
        chat = self.story.teams.chat(person)
        before = len(self.story.teams.posts_in(chat))
        await self.story.teams.say(person, text, chat)
        answers = [post.activity for post in self.story.teams.posts_in(chat)[before:]]
        self.keep(answers)
        return json.dumps(answers, ensure_ascii=False)

    async def presses(self, person: Person, data: JSON, **typed: Any) -> JSON:
        """An entitled person presses something in a dialog; its buttons are kept."""
        shown = page(await self.story.teams.submit(person, data, typed, self.story.channel))
        self.keep(shown)
        return shown

    def keep(self, shown: Any) -> None:
        """Keep the data of every button of what was shown."""
        found = [each for each in elements(shown) if str(each["type"]).startswith("Action.") and "data" in each]
        new = [{"do": each.get("verb", ""), **each["data"]} for each in found]
        self.buttons += [data for data in new if data not in self.buttons]

    async def prepared(self) -> None:
        """Make the cases and let the entitled work on them."""
        for word, more in ((OPEN, {}), (CLOSED_TO_MOST, {}), (NOT_ASC, {})):
            reference = await self.story.refer(
                POLICE, name=f"{word}NAME", date_of_birth="", why_now=f"{word}WHY", asked_for=f"{word}ASK", **more
            )
            self.cases.append(reference)
            await self.says(POLICE, f"person {reference} at risk: {word}VICTIM; is: {word}BROTHER")
            await self.says(NURSE, f"look {reference} checking our records")
            await self.says(NURSE, f"return {reference} {word}RETURN told by the ward")
        self.story.bot.change_row("Referrals", int(self.cases[2][2:]), Asked="MHT")
        await self.worked_on()
        await self.says(POLICE, f"restrict {self.cases[1]} a victim")
        await eventually(
            lambda: [bool(row["Restricted"]) for row in self.story.bot.rows("Referrals")] == [False, True, False],
            "the second case to be restricted",
        )

    async def worked_on(self) -> None:
        """Triage, a plan, an action and the history of each, while all are open to those who run the board."""
        for case, word in zip(self.cases, EVERY, strict=True):
            form = page(
                await self.story.teams.open(TEAM_OFFICER, {"do": "triage", "reference": case}, self.story.channel)
            )
            self.keep(form)
            await self.says(TEAM_OFFICER, f"triage {case} subgroup: {word}RATIONALE")
            asked = page(await self.story.teams.open(CHAIR, {"do": "plan", "reference": case}, self.story.channel))
            self.keep(asked)
            shown = await self.presses(CHAIR, named(asked, "Show me"), reason="Making or reviewing a plan")
            shown = await self.presses(CHAIR, named(shown, "Make a plan"))
            form = await self.presses(CHAIR, named(shown, "Contribute"))
            sections = {
                name: f"{word}{name.upper()}" for name in ("scenarios", "triggers", "contingencies", "victim_safety")
            }
            kept = await self.presses(CHAIR, named(form, "Contribute"), **sections, signatories="MHT,POL")
            self.plans += re.findall(r"P-\d+\.\d", json.dumps(kept))[:1]
            number = self.story.bot.add_row(
                "Actions", Title="x", What=f"{word}ACTION", Source=case, OwnerUserId=POLICE.object_id,
                OwnerName=POLICE.name, Agency="POL", DueDate="2026-12-04T12:00:00Z", Open=True,
            )  # fmt: skip
            self.actions.append(f"A-{number}")
            for person in (CHAIR, TEAM_OFFICER):
                for typed in ("history {0} statutory", "history {0}", "look {0} checking our records", "look {0}",
                              "bundle {0}", "plan {0}", "plan {0} making", "tracker", "triage", "list"):  # fmt: skip
                    await self.says(person, typed.format(case))
            await self.says(POLICE, f"history {case}")
            await self.says(POLICE, f"action A-{number}")
        await eventually(
            lambda: all(row["Reference"] for row in self.story.bot.rows("Actions")), "the actions' numbers"
        )

    async def taken(self, step: Step) -> tuple[Person, str]:
        """Take a step, and return all that its maker was answered and what was posted anywhere else they read."""
        teams, person = self.story.teams, tuple(MAY_NOT)[step.who]
        seen = {post.id: len(post.versions) for post in teams.posts.values()}
        answer: Any = None
        place = self.story.channel if step.way in ("channel", "submit", "open") else teams.chat(person)
        if step.way in ("chat", "channel"):
            typed = COMMANDS[step.what % len(COMMANDS)]
            words = {"r": self.cases[step.case], "p": self.plans[step.case], "a": self.actions[step.case]}
            _, answer = await teams.say(person, typed.format(**words), place)
        else:
            data = self.buttons[step.what % len(self.buttons)]
            typed_beside = TYPED[step.typed]
            if step.way == "submit":
                _, answer = await teams.submit(person, data, typed_beside, place)
            elif step.way == "open":
                _, answer = await teams.open(person, {**data, **typed_beside}, place)
            else:
                posts = teams.posts_in(teams.chat(person)) or teams.posts_in(self.story.channel)
                _, answer = await teams.press(person, posts[-1], {"verb": data["do"], "data": data}, typed_beside)
            self.keep(answer)
        fresh = [post.activity for post in teams.posts.values() if seen.get(post.id) != len(post.versions)]
        reads = (teams.chat(person).conversation_id, self.story.channel.conversation_id)
        mine = [each for each in fresh if each["conversation"]["id"].split(";")[0] in reads] if fresh else []
        return person, json.dumps([answer, mine], ensure_ascii=False)


def named(card: JSON, title: str) -> JSON:
    """The data of the button with this title."""
    return next(each["data"] for each in elements(card) if each.get("title") == title and "data" in each)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[Ground]:
    """A board whose entitled members have worked on three cases."""
    fast = {"module": "tests.wide_windows", "MHRMB_SENDER_PER_MINUTE": "0"}
    async with board_at(tmp_path_factory.mktemp("hunt"), provisioned, "2026-11-18T07:00", **fast) as story:
        add_member(story.bot, ADMIN, POL, "Administrator")
        add_member(story.bot, OTHER_REFERRER, ASC, "Referrer")
        await story.opens_a_chat(*(person for person in MAY_NOT if person is not STRANGER))
        made = Ground(story)
        await made.prepared()
        yield made


def learnt(person: Person, said: str) -> Iterator[str]:
    """The planted words of cases that this person may not read, where what they were shown holds any."""
    yield from (word for word in MAY_NOT[person] if word in said)


async def test_the_entitled_were_shown_what_is_hunted_for(ground: Ground) -> None:
    """Else nothing could be learnt from it: the cases hold the words, and there are buttons of every kind to try."""
    assert len(ground.plans) == len(ground.actions) == len(ground.cases) == 3
    shown = await ground.says(POLICE, f"look {ground.cases[1]} checking our records")
    assert "PLANTEDBNAME" in shown
    assert "PLANTEDBVICTIM" in shown
    done = {data.get("do") for data in ground.buttons}
    assert {"look.submit", "history.show", "triage.submit", "plan.show", "plan.move", "bundle"} <= done, done


async def test_the_hunt_sees_what_somebody_is_shown(ground: Ground) -> None:
    """A step by one who may look brings the words, so that one by another would bring them as well."""
    people = list(MAY_NOT)
    for way, what in (("chat", 0), ("chat", COMMANDS.index("history {r} statutory"))):
        _, said = await ground.taken(Step(people.index(TEAM_OFFICER), way, what, 0, 0))
        assert "PLANTEDANAME" in said
    shows = next(n for n, data in enumerate(ground.buttons) if data["do"] == "look.submit")
    _, said = await ground.taken(Step(people.index(TEAM_OFFICER), "submit", shows, 0, 1))
    assert "PLANTEDANAME" in said


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=1, max_size=12))
async def test_no_sequence_shows_what_may_not_be_seen(ground: Ground, steps: list[Step]) -> None:
    """Whatever they type and press, in whatever order, nobody reads a word of a case that is not theirs to read."""
    for step in steps:
        person, said = await ground.taken(step)
        assert list(learnt(person, said)) == [], (person.name, step)
