"""Random steps by everybody, over the real door: no referral leaves its path, and who may not, changes nothing."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.board_people import CHAIR, LAPSED, NURSE, OBSERVER, POL, POLICE, SOCIAL, STRANGER, TRUST_LEAD, add_member
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, text_of
from tests.scenarios.recount import MAY_COME
from tests.teams import Person

__all__ = ["provisioned"]

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120), pytest.mark.long]

GOVERNANCE, SUBCHAIR, LIAISON, POLICE_LEAD, ADMIN, REFERRER = (
    Person(name)
    for name in ("Gil Governance", "Sue Subchair", "Lia Liaison", "Pol Policelead", "Al Administrator", "Ref Referrer")
)
MORE = (
    (GOVERNANCE, "Information governance lead"),
    (SUBCHAIR, "Subgroup chair"),
    (LIAISON, "Liaison"),
    (POLICE_LEAD, "Agency lead"),
    (ADMIN, "Administrator"),
    (REFERRER, "Referrer"),
)
EVERYBODY = (
    *(CHAIR, POLICE, NURSE, TRUST_LEAD, SOCIAL, OBSERVER, LAPSED, STRANGER, TEAM_OFFICER),
    *(GOVERNANCE, SUBCHAIR, LIAISON, POLICE_LEAD, ADMIN, REFERRER),
)
STEPS = (
    "triage {case} subgroup: because",
    "triage {case} mappa cat 2 level 1: because",
    "triage {case} pdp: because",
    "triage {case} forum MARAC: because",
    "triage {case} decline below the threshold: because",
    "triage {case} subgroup:",
    "receipt {case} A Coordinator",
    "receipt {case}",
    "back {case} because",
    "withdraw {case} because",
    "withdraw {case}",
    "list add {case}",
    "list settle",
    "list remove {case}",
    "hear {case} plan: because",
    "hear {case} no plan: because",
    "hear {case} close: because",
    "hear {case} again: because",
    "hear {case} redirect MARAC: because",
    "hear {case} close:",
    "subgroup accept",
    "subgroup close",
)
OFTEN = ("hear {case}", "subgroup accept", "list add", "triage {case} subgroup: ")
WEIGHTS = [8 if step.startswith(OFTEN) else 1 for step in STEPS]
"""What ends a case is taken seldom enough for others to come far."""

WEDNESDAYS = ("2026-11-25T07:00", "2026-12-02T07:00", "2026-12-09T07:00", "2026-12-16T07:00", "2026-12-23T07:00")

GATE = {TEAM_OFFICER}
RUN = {CHAIR, SUBCHAIR, TEAM_OFFICER}
WITHDRAW = {POLICE, POLICE_LEAD, TEAM_OFFICER}
"""Who refers in this story, their agency's lead, and the team."""

MINDED = ("Status", "Open", "Rationale", "ReceiptOn", "ListedFor")
"""What a step may change."""

MAY = {"triage": GATE, "receipt": GATE, "back": GATE, "withdraw": WITHDRAW, "list": RUN, "hear": RUN, "subgroup": RUN}
"""Whose steps these are, from the board's terms: the gate is the team's, the meeting theirs who run it."""


def states(story: ActionStory) -> dict[str, JSON]:
    """Each referral with what a step may change."""
    names = (*MINDED, "ChangedBy")
    return {row["Reference"]: {name: row[name] for name in names} for row in story.bot.rows("Referrals")}


async def test_no_sequence_of_steps_leaves_the_path(tmp_path: Path, provisioned: Path) -> None:
    """Six hundred steps by fifteen people in every role: each is answered with a sentence; a state that follows is one
    that may follow, with a rationale, by somebody whose step it is; all else changes nothing."""
    dice, seen = random.Random(20261118), set[tuple[str, str]]()
    settings = {"module": "tests.wide_windows", "MHRMB_SENDER_PER_MINUTE": "0"}
    async with board_at(tmp_path, provisioned, "2026-11-18T07:00", **settings) as story:
        story.bot.add_row(
            "Forums", Key="forum:SUB", Forum="SUB", ForumName="Subgroup", Kind="Subgroup", Weeks=1,
            Anchor="2026-11-04T12:00:00Z", Open=True,
        )  # fmt: skip
        for person, role in MORE:
            add_member(story.bot, person, POL, role)
        cases = [await story.refer(POLICE, name=f"Zebedee {n}", date_of_birth="") for n in range(30)]
        await eventually(lambda: all(row["ReferrerName"] for row in story.bot.rows("Referrals")), "the rows")
        before = states(story)
        for number in range(600):
            if number % 120 == 119:
                story.moves_to(WEDNESDAYS[number // 120])
            person = dice.choice((*EVERYBODY, *(TEAM_OFFICER, CHAIR) * 5, POLICE))
            typed = dice.choices(STEPS, WEIGHTS)[0].format(case=dice.choice(cases))
            await answered(story, person, typed)
            after = states(story)
            seen |= judged(before, after, person, typed)
            before = after
        assert not any("Traceback" in line for line in story.bot.heard())
    assert len(seen) > 10, f"too little happened for this to mean anything: {sorted(seen)}"


def judged(before: dict[str, JSON], after: dict[str, JSON], person: Person, typed: str) -> set[tuple[str, str]]:
    """Hold what a step changed to the rules; the changes of state are returned."""
    changed = {case for case in after if any(after[case][name] != before[case][name] for name in MINDED)}
    if changed:
        assert person in MAY[typed.split(maxsplit=1)[0]], f"{person.name} changed {changed} by {typed}"
        assert not typed.endswith(":"), f"without a rationale: {typed}"
    moved = set()
    for case in changed:
        was, now = before[case]["Status"], after[case]["Status"]
        if was != now:
            assert now in MAY_COME[was], f"{case} went from {was} to {now} by {typed}"
            assert now == "Listed" or after[case]["Rationale"], f"{case} became {now} without a rationale"
            assert after[case]["ChangedBy"] in {person.name, "MHRMB bot"}, "the bot may have completed it since"
            moved.add((was, now))
    return moved


async def answered(story: ActionStory, person: Person, typed: str) -> None:
    """Type a step; it is answered by a sentence that begins like one."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    status, _ = await story.teams.say(person, typed, chat)
    assert status == 200
    said = "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])
    assert re.search(r"[A-Z].*[.:]", said), f"{typed}: {said!r}"
    assert "Something went wrong" not in said, f"{typed}: {said}"
