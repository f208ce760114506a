"""Three stories of the kind that boards like this publish, told as their members live them, from referral to review.

Everybody in them is invented. Each ends with what the record must hold: a rationale at each decision, every action
somebody's, the history whole, and not a word of anybody in the channel.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE, SOCIAL, TRUST_LEAD
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, page, planted_in, text_of
from tests.scenarios.test_person import people
from tests.teams import Person, find_action

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

MONDAY, WEDNESDAY, NEXT_WEDNESDAY = "2026-11-16T09:00", "2026-11-18T10:00", "2026-12-16T10:00"


@pytest_asyncio.fixture(loop_scope="module")
async def board(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board on a Monday, whose subgroup meets on Wednesdays; everybody has opened a chat with the bot."""
    async with board_at(tmp_path, provisioned, MONDAY, MHRMB_POLL_SECONDS="0.2") as story:
        story.bot.add_row(
            "Forums", Key="forum:SUB", Forum="SUB", ForumName="Subgroup", Kind="Subgroup", Weeks=1,
            Anchor="2026-11-04T12:00:00Z", Open=True,
        )  # fmt: skip
        await story.opens_a_chat(CHAIR, POLICE, NURSE, SOCIAL, TRUST_LEAD, TEAM_OFFICER)
        yield story


async def says(story: ActionStory, person: Person, text: str, expects: str = "") -> str:
    """Type in a private chat; what is new there, which must hold what the story expects."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    await story.teams.say(person, text, chat)
    said = "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])
    assert expects in said, said
    return said


async def hears(story: ActionStory, person: Person, words: str) -> None:
    """Wait until a person's private chat says this."""
    chat = story.teams.chat(person)
    await eventually(
        lambda: any(words in text_of(post.activity) for post in story.teams.posts_in(chat)), f"{person.name}: {words}"
    )


async def decides(story: ActionStory, day: str, case: str, decision: str, *, present: str = "POL MHT ASC") -> None:
    """The meeting of a day: the chair accepts the statement, says who is there, records the case, and closes it."""
    story.moves_to(day)
    assert case in await says(story, CHAIR, "list")
    await says(story, CHAIR, "subgroup accept", "Accepted")
    for code in present.split():
        await says(story, CHAIR, f"attend {code} present", code)
    await says(story, CHAIR, f"hear {case} {decision}", f"{case} is kept")
    await says(story, CHAIR, "subgroup close", "is closed")
    await eventually(lambda: all(row["Reference"] for row in story.bot.rows("Actions")), "the actions to be numbered")


async def planned(story: ActionStory, case: str, sections: JSON) -> str:
    """The chair makes a plan, sends it round, and the agencies named sign it; its reference."""
    asked = page(await story.teams.open(CHAIR, {"do": "plan", "reference": case}, story.channel))
    card = await presses(story, CHAIR, asked, "Show me", reason="Making or reviewing a plan")
    card = await presses(story, CHAIR, card, "Make a plan")
    card = await presses(story, CHAIR, await presses(story, CHAIR, card, "Contribute"), "Contribute", **sections)
    found = re.search(r"Plan (P-\d+\.1) for", text_of(card))
    assert found
    await presses(story, CHAIR, await presses(story, CHAIR, card, "Send for sign-off"), "Send for sign-off")
    signing = {"MHT": NURSE, "POL": POLICE, "ASC": SOCIAL}
    for code in sections["signatories"].split(","):
        await hears(story, signing[code], f"Plan {found[1]} waits for your agency's sign-off")
        await says(story, signing[code], f"plan {found[1]} making or reviewing a plan")
        await says(story, signing[code], f"sign {found[1]} no", "answer is kept")
    return found[1]


async def presses(story: ActionStory, person: Person, card: JSON, title: str, **typed: Any) -> JSON:
    """Press a button of a dialog; its next page."""
    return page(await story.teams.submit(person, find_action(card, title=title)["data"], typed, story.channel))


def row_of(story: ActionStory, case: str) -> JSON:
    """The case as it stands."""
    return next(row for row in story.bot.rows("Referrals") if row["Reference"] == case)


async def is_in_order(story: ActionStory, case: str, secrets: tuple[str, ...], steps: tuple[str, ...]) -> None:
    """What every story must leave: owned actions, a rationale at each hearing, a whole history, a silent channel."""
    for row in story.bot.rows("Actions"):
        assert row["OwnerUserId"], row["Reference"]
        assert row["Agency"], row["Reference"]
    for row in story.bot.rows("Hearings"):
        assert row["Rationale"], row["Reference"]
    told = ""
    for number in range(1, 9):
        told += await says(story, CHAIR, f"history {case} statutory page {number}", f"Page {number} of")
        if f"Page {number} of {number}," in told:
            break
    for step in steps:
        assert step in told, step
    assert planted_in(story.in_the_channel(), secrets) == []
    assert planted_in("\n".join(story.bot.heard()), (*secrets, "Traceback")) == []


async def test_a_caller_whose_health_options_are_exhausted(board: ActionStory) -> None:
    """She rings 999 forty times a month; no service has more to offer. A plan says who does what; an order follows."""
    case = await board.refer(
        POLICE, name="Griselda Rumbelow", date_of_birth="1979-04-04", concern="Repeated crisis contact",
        urgency="Routine (the next subgroup)", why_now="Forty calls this month, each to a different team.",
        asked_for="The trust: what is left to try? The council: who visits?",
    )  # fmt: skip
    card = await board.card_of(case)
    await board.look_and_answer(
        NURSE, card, "Here is the information", "Three teams discharged her; no bed would help."
    )
    await board.look_and_answer(SOCIAL, card, "Not known")
    await says(
        board, TEAM_OFFICER, f"triage {case} subgroup: neither MAPPA nor PDP; no one agency holds it", "goes to the"
    )
    await hears(board, POLICE, "It goes to the subgroup")

    await decides(
        board, WEDNESDAY, case,
        "plan: one plan for every service, and the same answer to each call; dissent ASC: wants her assessed first"
        "; action MHT 2026-11-27: name one person who rings her back each day; review: 2026-12-16",
    )  # fmt: skip
    assert row_of(board, case)["Status"] == "Heard"
    (hearing,) = board.bot.rows("Hearings")
    assert (hearing["DissentBy"], hearing["Dissent"]) == ("ASC", "wants her assessed first")
    plan = await planned(
        board,
        case,
        {
            "scenarios": "rings many services within an hour\nstands in the road outside the ward",
            "triggers": "a fifth call in a day",
            "first_actions": "MHT: ring her back within the hour\nPOL: one officer who knows her answers",
            "contingencies": "the street triage car",
            "victim_safety": "staff take her calls in pairs",
            "signatories": "MHT,POL",
        },
    )
    await eventually(lambda: row_of(board, case)["Status"] == "Plan agreed", "the case to have its plan")
    await says(board, POLICE, f"trigger {plan} a fifth call today", "told now")
    await hears(board, NURSE, f"A trigger was reported against {plan}")

    (action,) = board.bot.rows("Actions")
    assert (action["Agency"], action["OwnerUserId"]) == ("MHT", TRUST_LEAD.object_id)
    await says(board, TRUST_LEAD, f"done {action['Reference']} a nurse rings her daily")
    await says(board, CHAIR, f"verify {action['Reference']}")
    await decides(
        board, NEXT_WEDNESDAY, case,
        "close: the calls are down to three a month; outcomes: criminal behaviour, engagement",
    )  # fmt: skip
    row = row_of(board, case)
    assert (row["Status"], row["Outcomes"]) == ("Closed", "Engagement regained\nCriminal behaviour order")
    await hears(board, POLICE, "It is closed")
    report = await says(board, CHAIR, "report")
    assert "Outcome: Criminal behaviour order\n1\n" in report
    await is_in_order(board, case, ("Griselda", "Rumbelow", "Forty calls", "fifth call", "no bed"), (
        f"made by {POLICE.name}", "Received → Triaged", "Heard → Plan agreed",
        "Plan agreed → ", f"looked by {NURSE.name}",
    ))  # fmt: skip


async def test_a_threat_that_the_ward_did_not_know_of(board: ActionStory) -> None:
    """He told an officer what he will do to his sister; the ward means to discharge him on Friday and has not heard."""
    case = await board.refer(
        POLICE, name="Ethelred Snodgrass", date_of_birth="1991-07-07", concern="Violence towards family or carer",
        urgency="Immediate (today)", why_now="In custody he said what he will do when he is home on Friday.",
        asked_for="The trust: does the ward know?",
    )  # fmt: skip
    await says(board, POLICE, f"person {case} at risk: Hortensia Snodgrass; is: his sister", "Kept with")
    (sister,) = people(board, case)
    assert sister["Relationship"] == "his sister"

    card = await board.card_of(case)
    shown = text_of(await board.look(NURSE, card))
    assert "Hortensia Snodgrass" in shown
    assert "his sister" in shown
    await board.look_and_answer(
        NURSE, card, "Here is the information", "Discharge is planned for Friday; we did not know."
    )
    await says(board, TEAM_OFFICER, f"triage {case} subgroup: it cannot wait for another forum", "goes to the subgroup")
    await decides(
        board, WEDNESDAY, case,
        "no plan: the ward holds the discharge and assesses him again; outcomes: health"
        "; action MHT 2026-11-19: hold the discharge until he is assessed"
        "; action POL 2026-11-19: see the sister, fit an alarm"
        "; review: 2026-12-16",
    )  # fmt: skip
    owners = {row["Agency"]: row["OwnerName"] for row in board.bot.rows("Actions")}
    assert owners == {"MHT": TRUST_LEAD.name, "POL": POLICE.name}
    for person, agency in ((TRUST_LEAD, "MHT"), (POLICE, "POL")):
        row = next(each for each in board.bot.rows("Actions") if each["Agency"] == agency)
        await says(board, person, f"done {row['Reference']} on the day")
        await says(board, CHAIR, f"verify {row['Reference']}")
    assert {row["Status"] for row in board.bot.rows("Actions")} == {"Verified"}

    data = {"do": "raise", "what": "lesson", "case": case}
    form = page(await board.teams.open(CHAIR, data, board.channel))
    lesson = {"learned": "A ward planned what Snodgrass feared", "change": "Wards ask first", "audience": "Wards"}
    again = await presses(board, CHAIR, form, "Raise a lesson", **lesson)
    assert "may say who" in text_of(again)
    assert board.bot.rows("Lessons") == []
    lesson["learned"] = "A ward planned a discharge without what custody knew"
    await presses(board, CHAIR, again, "Raise a lesson", **lesson)
    (kept,) = board.bot.rows("Lessons")
    assert planted_in(kept, (case, "Snodgrass")) == []
    await decides(board, NEXT_WEDNESDAY, case, "close: he stayed, was treated, and went home with support")
    assert row_of(board, case)["Status"] == "Closed"
    assert row_of(board, case)["Outcomes"] == "Health reassessment instead of discharge"
    await is_in_order(board, case, ("Ethelred", "Snodgrass", "Hortensia", "custody he said", "we did not know"), (
        f"made by {POLICE.name}", "Listed → No plan", "No plan → Closed",
    ))  # fmt: skip


async def test_assaults_on_a_ward_that_nobody_charged(board: ActionStory) -> None:
    """A detained patient breaks a nurse's wrist; the call was closed as a matter for the hospital. It is not."""
    case = await board.refer(
        NURSE, name="Isambard Wobblesham", date_of_birth="1968-02-29", concern="Violence towards staff",
        urgency="Urgent (before the next subgroup)", why_now="Three assaults in a week; the reports were closed.",
        asked_for="The police: will anybody come?",
    )  # fmt: skip
    assert "POL" in row_of(board, case)["Asked"]
    card = await board.card_of(case)
    await board.look_and_answer(POLICE, card, "Known, will bring a report")
    await says(
        board, TEAM_OFFICER, f"triage {case} subgroup: no one holds it, and staff are hurt", "goes to the subgroup"
    )
    await hears(board, NURSE, "It goes to the subgroup")
    await decides(
        board, WEDNESDAY, case,
        "no plan: detention is no bar to a charge, and capacity was recorded; outcomes: charge"
        "; action POL 2026-11-25: take statements on the ward; review: 2026-12-16",
    )  # fmt: skip
    (action,) = board.bot.rows("Actions")
    assert (action["Agency"], action["OwnerUserId"]) == ("POL", POLICE.object_id)
    assert "overdue" in await overdue(board, action["Reference"])
    await says(board, POLICE, f"done {action['Reference']} both statements are taken")
    await says(board, CHAIR, f"verify {action['Reference']}")

    await says(
        board, CHAIR, "risk Reports of assaults in health settings are closed; staff are hurt; nobody is charged"
    )
    (risk,) = board.bot.rows("Risks")
    assert planted_in(risk, (case, "Isambard", "Wobblesham")) == []
    await decides(board, NEXT_WEDNESDAY, case, "close: charged, and moved to a unit that can hold him")
    row = row_of(board, case)
    assert (row["Status"], row["Outcomes"]) == ("Closed", "Charge")
    await is_in_order(board, case, ("Isambard", "Wobblesham", "Three assaults", "wrist"), (
        f"made by {NURSE.name}", f"made by {POLICE.name}", "Listed → No plan", "No plan → Closed",
    ))  # fmt: skip


async def overdue(story: ActionStory, reference: str) -> str:
    """Let the action's day pass: the digest of the next working day says so."""
    story.moves_to("2026-11-27T09:00")
    chat = story.teams.chat(POLICE)
    await eventually(
        lambda: any(
            reference in text_of(post.activity) and "verdue" in text_of(post.activity)
            for post in story.teams.posts_in(chat)
        ),
        "the digest",
        20,
    )
    return "overdue"
