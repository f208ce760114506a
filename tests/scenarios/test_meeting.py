"""The subgroup's week as those who run it meet it: the list, and a meeting of twelve cases, to its close."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER, TRUST_LEAD
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, page, planted_in, text_of
from tests.teams import Person, find_action, inputs

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEDNESDAY = "2026-11-18T07:00"
"""A day on which the subgroup meets, before the day's digests."""

CONCERNS = ("Threats to kill or seriously harm", "Fire setting")
URGENCIES = ("Routine (the next subgroup)", "Urgent (before the next subgroup)", "Immediate (today)")
NAMES = ("Zebedee", "Planted", "PLANTEDWHY", "PLANTEDRETURN", "PLANTEDSHARED", "PLANTEDRATIONALE", "PLANTEDDISSENT")


def add_case(story: ActionStory, number: int, **changed: Any) -> str:
    """A triaged referral, as the lists hold it, with who it is about and one answer of the trust; its reference."""
    row: JSON = {
        "Key": f"case-{story.bot.port}-{number}",
        "Open": True,
        "Status": "Triaged",
        "Gate": "The subgroup",
        "Agency": "POL",
        "Asked": "MHT; ASC",
        "Concern": CONCERNS[number % 2],
        "Urgency": URGENCIES[number % 3],
        "WhyNow": "PLANTEDWHY said what he would do",
        "Forum": "MHRMB",
        "ReferredBy": None,
        "ReceivedOn": f"2026-11-{1 + number:02}T10:00:00Z",
        "ReferrerUserId": POLICE.object_id,
        "ReferrerName": POLICE.name,
    }
    del row["ReferredBy"]
    item = story.bot.add_row("Referrals", **{**row, **changed})
    reference = f"R-{item}"
    story.bot.change_row("Referrals", item, Reference=reference)
    story.bot.add_row(
        "Subjects", Reference=reference, Key=f"{row['Key']}-s", PersonRole="Subject", PersonName="Zebedee Planted"
    )
    story.bot.add_row(
        "Returns",
        Reference=reference,
        Key=f"{row['Key']}-r",
        Agency="MHT",
        Answer="Information added",
        Information="PLANTEDRETURN seen on the ward",
        MemberUserId=NURSE.object_id,
        MemberName=NURSE.name,
        AnsweredOn="2026-11-16T10:00:00Z",
    )
    return reference


@pytest_asyncio.fixture(loop_scope="module")
async def weekly(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board whose subgroup meets on this Wednesday, with a chair and an officer in their chats."""
    async with board_at(tmp_path, provisioned, WEDNESDAY) as made:
        made.bot.add_row(
            "Forums", Key="forum:SUB", Forum="SUB", ForumName="Subgroup", Kind="Subgroup", Weeks=1,
            Anchor="2026-11-04T12:00:00Z", Open=True,
        )  # fmt: skip
        await made.opens_a_chat(CHAIR, TEAM_OFFICER)
        yield made


def referral(story: ActionStory, reference: str) -> JSON:
    """A referral's row."""
    return next(row for row in story.bot.rows("Referrals") if row["Reference"] == reference)


def requests_of(story: ActionStory, since: int) -> list[int]:
    """How many SharePoint requests each turn took that the bot has told of since then."""
    told = [re.search(r" turn kind=.* requests=(\d+)", line) for line in story.bot.heard()[since:]]
    return [int(found[1]) for found in told if found]


async def sheet(story: ActionStory, person: Person) -> JSON:
    """Open the run-sheet in a dialog."""
    return page(await story.teams.open(person, {"do": "subgroup"}, story.teams.chat(person)))


async def pressed(story: ActionStory, person: Person, card: JSON, title: str, **typed: Any) -> JSON:
    """Press a button of the dialog with what the form shows and what was typed; the next page is returned."""
    button = find_action(card, title=title)
    shown = {name: each.get("value", "") for name, each in inputs(card).items()}
    return page(await story.teams.submit(person, button["data"], {**shown, **typed}, story.teams.chat(person)))


async def begun(story: ActionStory, person: Person = CHAIR) -> JSON:
    """The run-sheet after somebody accepted the statement."""
    card = await sheet(story, person)
    title = "I accept it" if "It goes on once you accept it" in text_of(card) else "I accept it: begin the meeting"
    return await pressed(story, person, card, title)


DECIDED = {
    "decision": "A tactical plan is needed",
    "rationale": "PLANTEDRATIONALE",
    "shared": "PLANTEDSHARED",
    "outcomes": "Arrest,Charge",
    "dissent": "PLANTEDDISSENT",
    "dissent_by": "POL",
}
VISIT = {"action_what_1": "Zebedee is to be visited", "action_agency_1": "MHT", "action_due_1": "2026-11-27"}


@pytest.mark.long
async def test_a_meeting_of_twelve_cases(weekly: ActionStory) -> None:
    """Twelve cases take a chair two submits each; every opening costs three requests at most, every act four; and
    nothing of anybody reaches the channel."""
    cases = [add_case(weekly, number) for number in range(12)]
    await eventually(lambda: all(row["Chain"] for row in weekly.bot.rows("Referrals")), "the typed rows to be sealed")
    since = len(weekly.bot.heard())
    said = await weekly.types(CHAIR, "list")
    assert all(f"{case}\n" in said for case in cases)
    assert "12 cases, 180 of 180 minutes" in said
    assert "awaited: ASC" in said
    card = await sheet(weekly, CHAIR)
    assert "What is said here is confidential" in text_of(card)
    assert max(requests_of(weekly, since)) <= 3
    since = len(weekly.bot.heard())
    card = await pressed(weekly, CHAIR, card, "I accept it: begin the meeting")
    card = await pressed(weekly, CHAIR, card, "Attendance")
    said_of = {"attend_POL": "Present", "attend_MHT": "Deputy", "attend_ASC": "Apologies, information sent"}
    card = await pressed(weekly, CHAIR, card, "Keep", **said_of)
    assert "ASC apologies, information sent, MHT deputy, POL present." in text_of(card)
    opened: list[int] = []
    for number in range(12):
        before = len(weekly.bot.heard())
        card = await pressed(weekly, CHAIR, card, "Open the next case" if number else "Open the case")
        opened += requests_of(weekly, before)
        assert "Zebedee Planted" in text_of(card)
        assert "PLANTEDRETURN seen on the ward" in text_of(card)
        decided = DECIDED | ({"decision": "No plan is needed"} if number % 2 else {})
        card = await pressed(weekly, CHAIR, card, "Keep", **decided, **VISIT)
        assert "1 action added" in text_of(card)
    assert max(opened) <= 3
    card = await pressed(weekly, CHAIR, card, "Run-sheet")
    assert "12 cases recorded, 0 to come" in text_of(card)
    card = await pressed(weekly, CHAIR, card, "Close the meeting")
    assert "is closed" in text_of(card)
    assert max(requests_of(weekly, since)) <= 4
    await held_to_the_record(weekly, cases)


async def held_to_the_record(story: ActionStory, cases: list[str]) -> None:
    """What the lists hold after the meeting."""
    hearings = {row["Reference"]: row for row in story.bot.rows("Hearings")}
    assert hearings.keys() == set(cases)
    one = hearings[cases[0]]
    kept = {name: one[name] for name in ("Decision", "Rationale", "Dissent", "DissentBy", "Outcomes", "RecordedBy")}
    assert kept == {
        "Decision": "A tactical plan is needed",
        "Rationale": "PLANTEDRATIONALE",
        "Dissent": "PLANTEDDISSENT",
        "DissentBy": "POL",
        "Outcomes": "Arrest\nCharge",
        "RecordedBy": CHAIR.name,
    }
    actions = story.bot.rows("Actions")
    assert sorted(row["Source"] for row in actions) == sorted(cases)
    assert {row["OwnerUserId"] for row in actions} == {TRUST_LEAD.object_id}
    states = [referral(story, case)["Status"] for case in cases]
    assert sorted(states) == ["Heard"] * 6 + ["No plan"] * 6
    looks = [row["Reference"] for row in story.bot.rows("Disclosures") if row["Reason"] == "Chairing the subgroup"]
    assert sorted(looks) == sorted(cases)
    attended = {row["Agency"]: row["Status"] for row in story.bot.rows("Attendance") if row["Status"]}
    assert attended == {"POL": "Present", "MHT": "Deputy", "ASC": "Apologies"}
    await eventually(lambda: all(row["Reference"] for row in story.bot.rows("Actions")), "the actions to be numbered")
    assert not planted_in(story.in_the_channel(), NAMES)


async def test_a_meeting_goes_on_after_the_machine_died(weekly: ActionStory) -> None:
    """A meeting half finished when both processes are killed goes on at the next case, for another who runs it."""
    first, second = add_case(weekly, 2), add_case(weekly, 3)
    card = await pressed(weekly, CHAIR, await begun(weekly), "Open the case", reference=first)
    await pressed(weekly, CHAIR, card, "Keep", **DECIDED)
    weekly.bot.kill()
    weekly.bot.start()
    card = await sheet(weekly, TEAM_OFFICER)
    assert "1 case recorded, 1 to come" in text_of(card)
    assert "It goes on once you accept it too." in text_of(card)
    card = await pressed(weekly, TEAM_OFFICER, await begun(weekly, TEAM_OFFICER), "Open the case")
    assert f"Case {second} in S-" in text_of(card)


async def test_two_people_record_at_once(weekly: ActionStory) -> None:
    """The second to keep a case sees what the first wrote beside their own words, and keeps both knowingly."""
    case = add_case(weekly, 4)
    hers = await pressed(weekly, CHAIR, await begun(weekly), "Open the case")
    his = await pressed(weekly, TEAM_OFFICER, await begun(weekly, TEAM_OFFICER), "Open the case")
    await pressed(weekly, CHAIR, hers, "Keep", **DECIDED)
    both = await pressed(
        weekly, TEAM_OFFICER, his, "Keep", decision="No plan is needed", rationale="HISRATIONALE", shared=""
    )
    said = text_of(both)
    assert "nothing was overwritten" in said
    assert "PLANTEDRATIONALE" in said
    assert "HISRATIONALE" in said
    assert inputs(both)["shared"]["value"] == "PLANTEDSHARED"
    (kept,) = weekly.bot.rows("Hearings")
    assert (kept["Rationale"], kept["RecordedBy"]) == ("PLANTEDRATIONALE", CHAIR.name)
    await pressed(weekly, TEAM_OFFICER, both, "Keep", rationale="PLANTEDRATIONALE and HISRATIONALE")
    (kept,) = weekly.bot.rows("Hearings")
    assert kept["Rationale"] == "PLANTEDRATIONALE and HISRATIONALE"
    assert kept["Information"] == "PLANTEDSHARED"
    assert referral(weekly, case)["Status"] == "No plan"


async def test_the_same_press_twice(weekly: ActionStory) -> None:
    """A press delivered twice at once keeps one hearing and its actions once."""
    add_case(weekly, 5)
    form = await pressed(weekly, CHAIR, await begun(weekly), "Open the case")
    keep = find_action(form, title="Keep")
    chat = weekly.teams.chat(CHAIR)
    answers = await asyncio.gather(
        *(weekly.teams.submit(CHAIR, keep["data"], {**DECIDED, **VISIT}, chat) for _ in range(3))
    )
    await weekly.teams.submit(CHAIR, keep["data"], {**DECIDED, **VISIT}, chat)
    assert [status for status, _ in answers] == [200] * 3
    assert len(weekly.bot.rows("Hearings")) == 1
    assert len(weekly.bot.rows("Actions")) == 1


async def test_what_is_wrong_comes_back_as_it_was_typed(weekly: ActionStory) -> None:
    """A form with several mistakes names each of them, keeps every word, and shows no detail of the person again."""
    add_case(weekly, 6)
    form = await pressed(weekly, CHAIR, await begun(weekly), "Open the case")
    wrong = {"decision": "", "rationale": "MYWORDS", "dissent": "NOT ME", "dissent_by": "", "next_review": "2026-11-18"}
    again = await pressed(weekly, CHAIR, form, "Keep", **wrong, action_what_1="Ring", action_due_1="2026-11-02")
    said = text_of(again)
    for part in (
        "Decision is needed.",
        "Whose dissent is needed.",
        "Next review is not later",
        "which agency is needed",
    ):
        assert part in said
    assert "Action 1: due is in the past." in said
    assert {inputs(again)[name]["value"] for name in ("rationale", "dissent", "action_what_1")} == {
        "MYWORDS",
        "NOT ME",
        "Ring",
    }
    assert "Zebedee" not in said
    assert not weekly.bot.rows("Hearings")
    kept = await pressed(weekly, CHAIR, again, "Keep", **DECIDED, next_review="", action_agency_1="POL",
                         action_due_1="2026-11-30")  # fmt: skip
    assert "is kept" in text_of(kept)


async def test_the_whole_week_typed(weekly: ActionStory) -> None:
    """Every button has a typed equivalent: the list, attendance, a case and the close, in a private chat."""
    first, second, third = (add_case(weekly, number) for number in (0, 1, 2))
    order = [third, second, first]
    assert placed(await weekly.types(CHAIR, "list")) == order
    assert placed(await weekly.types(CHAIR, f"list move {first} 1")) == [first, third, second]
    assert placed(await weekly.types(CHAIR, f"list down {first}")) == [third, first, second]
    assert placed(await weekly.types(CHAIR, f"list first {second}")) == [second, third, first]
    assert "42 of 180 minutes" in await weekly.types(CHAIR, f"list minutes {second} 12")
    assert placed(await weekly.types(CHAIR, f"list hold {third}")) == [second, first]
    assert placed(await weekly.types(CHAIR, f"list unhold {third}")) == [second, third, first]
    assert placed(await weekly.types(CHAIR, f"list remove {third}")) == [second, first]
    assert referral(weekly, third)["ListedFor"] == "S-1"
    assert "Settled as the list of S-2" in await weekly.types(CHAIR, "list settle")
    assert {referral(weekly, each)["ListedFor"] for each in (first, second)} == {"S-2"}
    assert placed(await weekly.types(CHAIR, f"list add {third}")) == [second, first, third]
    assert "accepts its confidentiality statement first" in await after_begin(weekly, second)
    assert "Accepted" in await weekly.types(CHAIR, "subgroup accept")
    assert "POL deputy." in await weekly.types(CHAIR, "attend S-2 POL deputy")
    typed = f"hear {second} plan: PLANTEDRATIONALE; and more; action mht 2026-11-27: ring; outcomes: arr"
    typed += "; review: 2026-12-02"
    assert f"{second} is kept in S-2: A tactical plan is needed. 1 action added." in await weekly.types(CHAIR, typed)
    (kept,) = weekly.bot.rows("Hearings")
    assert (kept["Rationale"], kept["Outcomes"]) == ("PLANTEDRATIONALE; and more", "Arrest")
    assert kept["NextReviewOn"].startswith("2026-12-02")
    assert "nothing was overwritten" in await weekly.types(CHAIR, f"hear {second} no plan: other")
    said = await weekly.types(CHAIR, "subgroup close")
    assert f"Not heard, and on the list for Wednesday 25 November 2026: {first} and {third}." in said
    assert {referral(weekly, each)["ListedFor"] for each in (first, third)} == {"S-1"}
    assert "not going on" in await weekly.types(CHAIR, f"hear {first} close: late")
    weekly.moves_to("2026-11-25T07:00")
    assert placed(await weekly.types(CHAIR, "list")) == [first, third]


async def test_a_move_that_is_half_refused_is_finished_as_it_was_meant(weekly: ActionStory) -> None:
    """Somebody changes one of two rows of a step meanwhile: it is tried again, and goes down one place, not two."""
    first, second, third = (add_case(weekly, number) for number in (0, 1, 2))
    await weekly.types(CHAIR, f"list move {first} 1")
    item = first.removeprefix("R-")
    lost = {"match": rf"MERGE .*Referrals.*items\({item}\)", "part": True, "status": 412, "count": 1}
    weekly.bot.control("POST", "/__faults", lost)
    assert placed(await weekly.types(CHAIR, f"list down {first}")) == [third, first, second]
    assert placed(await weekly.types(CHAIR, "list")) == [third, first, second]
    assert [each["struck"] for each in weekly.bot.control("GET", "/__faults")] == [1]
    weekly.bot.control("DELETE", "/__faults")


async def after_begin(story: ActionStory, case: str) -> str:
    """What an officer is told who records a case in a meeting that the chair began, before accepting the statement."""
    await story.types(CHAIR, "subgroup accept")
    return await story.types(TEAM_OFFICER, f"hear {case} plan: x")


def placed(said: str) -> list[str]:
    """The cases of a list in its order."""
    return re.findall(r"^\d+\. (R-\d+)$", said, re.MULTILINE)


async def test_who_is_refused(weekly: ActionStory) -> None:
    """Those who do not run the meeting are refused each part of it with a sentence, and nothing changes."""
    case = add_case(weekly, 7)
    await begun(weekly)
    before = [weekly.bot.rows(name) for name in ("Hearings", "Attendance", "Meetings", "AgendaItems")]
    for person in (NURSE, SOCIAL, OBSERVER, STRANGER):
        for typed in ("list", f"list hold {case}", "subgroup", "subgroup accept", "subgroup close", "report",
                      f"hear {case} plan: x", f"hear {case}", "attend POL present", "report submit x"):  # fmt: skip
            said = await weekly.types(person, typed)
            assert any(part in said for part in ("Only a chair", "Observers see no", "I do not know you")), said
    assert [weekly.bot.rows(name) for name in ("Hearings", "Attendance", "Meetings", "AgendaItems")] == before
    assert "do not take that in a channel" in await weekly.types(CHAIR, f"list hold {case}", weekly.channel.thread("1"))


async def test_a_case_that_cannot_be_listed(weekly: ActionStory) -> None:
    """What is not triaged to the subgroup, closed, redirected or not there is refused with a sentence."""
    cases = {
        "triaged to the subgroup first": add_case(weekly, 8, Status="Received", Gate=None),
        "This is closed": add_case(weekly, 9, Status="Closed", Open=False),
        "cannot be put on": add_case(weekly, 10, Status="Redirected", Gate="MAPPA"),
        "not a reference": "R-999",
    }
    for said, case in cases.items():
        assert said in await weekly.types(CHAIR, f"list add {case}")
    assert "is not on that list" in await weekly.types(CHAIR, f"list hold {cases['cannot be put on']}")
    assert not weekly.bot.rows("Meetings")


async def test_late_returns_are_chased_once(weekly: ActionStory) -> None:
    """Two working days before the meeting its list is settled, and each agency awaited hears once, privately."""
    await weekly.opens_a_chat(SOCIAL, NURSE, TRUST_LEAD)
    awaited, answered = add_case(weekly, 0), add_case(weekly, 1, Asked="MHT")
    weekly.moves_to("2026-11-20T09:00")
    await asyncio.sleep(1)
    assert not chased(weekly, SOCIAL)
    weekly.moves_to("2026-11-23T09:00")
    (told,) = await eventually(lambda: chased(weekly, SOCIAL), "the digest of late returns")
    assert f"{awaited}." in told
    assert answered not in told
    assert not planted_in(told, NAMES)
    weekly.moves_to("2026-11-24T09:00")
    await eventually(lambda: "2026-11-24" in str(weekly.bot.rows("Events")), "the next day's round")
    assert len(chased(weekly, SOCIAL)) == 1
    assert not chased(weekly, NURSE)
    lines = [
        text
        for text in (text_of(post.activity) for post in weekly.teams.posts_in(weekly.channel))
        if "Answers awaited" in text
    ]
    assert len(lines) == 1
    assert f"{awaited}\nASC\n" in lines[0]
    assert {referral(weekly, each)["Status"] for each in (awaited, answered)} == {"Listed"}


def chased(story: ActionStory, person: Person) -> list[str]:
    """The digests of late returns in somebody's chat."""
    said = [text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person))]
    return [each for each in said if "Answers awaited for S-" in each]


async def test_the_report_to_the_board(weekly: ActionStory) -> None:
    """The report counts what was recorded, tells the board no small number, refuses a name, and is frozen once sent."""
    cases = [add_case(weekly, number, Concern="Fire setting" if number < 5 else "Other") for number in range(7)]
    await begun(weekly)
    await weekly.types(CHAIR, "attend MHT present")
    for number, case in enumerate(cases):
        decision = "no plan" if number < 6 else "close"
        assert "is kept" in await weekly.types(CHAIR, f"hear {case} {decision}: because; outcomes: arrest")
    said = await weekly.types(CHAIR, "report")
    for line in ("Cases heard\n7\n", "Concern: Fire setting\n5\n", "Concern: Other\n2\n", "Outcome: Arrest\n7\n",
                 "Now: No plan\n6\n", "Now: Closed\n1\n", "MHT\ncame to 1 of 1; answered 7 of 7 in time\n",
                 "ASC\ncame to 0 of 1; answered 0 of 7 in time\n"):  # fmt: skip
        assert line in said, line
    refused = await weekly.types(TEAM_OFFICER, f"report submit Mr Planted of {cases[0]} is in care again")
    assert "Specific results, in your own words holds something that may say who" in refused
    assert "“Planted” (a name)" in refused
    assert not weekly.bot.rows("AgendaItems")
    sent = await weekly.types(TEAM_OFFICER, "report submit Two people are in care again")
    assert "Concern: Other\nfewer than 5\n" in sent
    assert "Concern: Fire setting\nnot told\n" in sent
    before = weekly.bot.rows("AgendaItems")
    assert "stays as it is" in await weekly.types(TEAM_OFFICER, "report submit Something else")
    assert weekly.bot.rows("AgendaItems") == before
    await weekly.types(TEAM_OFFICER, "report supplement One more came back")
    first, added = weekly.bot.rows("AgendaItems")
    assert [first] == before
    assert (added["Kind"], added["Words"]) == ("Supplement to a subgroup report", "One more came back")
    assert "Your role does not include that" in await weekly.types(CHAIR, "report supplement x")
