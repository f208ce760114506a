"""A case's record disposed of through the real door: nothing of the person is left in any file, the bare record is."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.board_people import CHAIR, MHT, NURSE, POL, POLICE, add_member
from tests.running import RunningBot
from tests.scenarios.actions import run_command
from tests.scenarios.board import PLANTED, Story, eventually, page, planted_in, sentence, text_of
from tests.teams import Person, find_action, inputs

pytestmark = pytest.mark.long

GOVERNANCE = Person("Gil Governance")
MORE = (
    "PLANTEDINFO",
    "PLANTEDEDIT",
    "PLANTEDACT",
    "PLANTEDPLAN",
    "PLANTEDBIN",
    "PLANTEDTITLE",
    "PLANTEDNOTE",
    "PLANTEDPAPER",
)
WORDS = (*PLANTED, *MORE)


def noon(days: int) -> str:
    """Noon of a day so many days from now, as SharePoint takes it."""
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT12:00:00Z")


async def said(story: Story, person: Person, text: str) -> str:
    """What the bot answers in this person's private chat."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    status, _ = await story.teams.say(person, text, chat)
    assert status == 200
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


def row_of(bot: RunningBot, name: str, number: int) -> dict[str, Any]:
    """One row of a list."""
    return next(row for row in bot.rows(name) if row["Id"] == number)


def recycle(bot: RunningBot, name: str, number: int) -> None:
    """Delete a row in SharePoint, as a person does: into the recycle bin."""
    answer = requests.post(
        f"{bot.site}/_api/web/lists/getByTitle('{name}')/items({number})/recycle()", headers=bot._headers(), timeout=10
    )
    answer.raise_for_status()


def residues(folder: Path, words: tuple[str, ...] = WORDS) -> list[tuple[str, str]]:
    """Which files hold which planted word, as UTF-8, UTF-16 or percent-encoded, in any case."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        held = path.read_bytes().lower()
        for word in words:
            spelled = (word.lower().encode(), word.lower().encode("utf-16-le"), quote(word.lower()).encode())
            found += [(path.name, word) for each in spelled if each in held]
    return found


def file_papers(bot: RunningBot, reference: str) -> None:
    """Put two papers into the case's folder of the library, and one of them into the bin; and one of another case."""
    headers = bot._headers() | {"Content-Type": "application/json;odata=nometadata"}

    def post(path: str, **body: Any) -> None:
        requests.post(f"{bot.site}/_api/{path}", headers=headers, timeout=10, **body).raise_for_status()

    for folder, words in ((reference, b"PLANTEDPAPER"), ("R-99", b"another case")):
        post(f"web/getFolderByServerRelativeUrl('CasePapers')/folders/add('{folder}')")
        for name in ("a.txt", "b.txt"):
            post(f"web/getFolderByServerRelativeUrl('CasePapers/{folder}')/files/add(url='{name}')", data=words)
        post(f"web/getFileByServerRelativeUrl('CasePapers/{folder}/b.txt')/recycle()")


async def closed_case(story: Story) -> str:
    """A case that was referred, looked at, answered, heard, planned, acted on, edited, and is closed and due."""
    bot = story.bot
    reference = await story.refer(POLICE)
    number = int(reference[2:])
    post = await story.card_of(reference)
    await story.look_and_answer(NURSE, post, "Here is the information", "PLANTEDINFO he missed two appointments")
    bot.change_row(
        "Referrals", number, Concern="PLANTEDEDIT Zebedee", HowKnown="PLANTEDEDIT by hand", Title="PLANTEDTITLE"
    )
    bot.add_row(
        "Actions",
        Title="x",
        What="PLANTEDACT visit Zebedee",
        Why="PLANTEDACT",
        Source=f"Referral R–{number} (by telephone)",
        OwnerUserId=NURSE.object_id,
        OwnerName=NURSE.name,
        Agency=MHT,
        DueDate=noon(9),
        Status="Verified",
        Open=False,
    )
    bot.add_row("Plans", Case=reference, Key="p1", Scenarios="PLANTEDPLAN", Status="Ended", Open=False, PlanVersion=1)
    bot.add_row("Hearings", Reference=reference, Key="h1", Information="PLANTEDNOTE", Meeting="S-1", Decision="Close")
    bin_row = bot.add_row("Subjects", Title=reference, Reference=reference, Key="s9", PersonName="PLANTEDBIN")
    recycle(bot, "Subjects", bin_row)
    file_papers(bot, reference)
    bot.change_row("Referrals", number, Status="Closed")
    await eventually(lambda: row_of(bot, "Referrals", number)["ReviewOn"], "the bot to see that it is closed")
    return reference


def make_due(bot: RunningBot, reference: str) -> None:
    """Let its day have come."""
    bot.change_row("Referrals", int(reference[2:]), ReviewOn=noon(-1))


async def test_a_disposal_leaves_the_bare_record_and_nothing_of_the_person(fresh_story: Story) -> None:
    """Decided by one, confirmed by another; then no file of the data folder holds anything that was planted."""
    story, bot = fresh_story, fresh_story.bot
    add_member(bot, GOVERNANCE, POL, "Information governance lead")
    reference = await closed_case(story)
    number = int(reference[2:])
    closed_on = row_of(bot, "Referrals", number)["ClosedOn"]
    review_on = row_of(bot, "Referrals", number)["ReviewOn"]
    assert int(review_on[:4]) == int(closed_on[:4]) + 6
    assert "has not come yet" in await said(story, CHAIR, f"dispose {reference} no longer needed")
    make_due(bot, reference)
    due = {"data_dir": bot.data_dir, "MHRMB_SHAREPOINT_PORT": str(bot.sharepoint_port)}
    await asyncio.to_thread(run_command, "run-due", "--at", noon(1), check=True, **due)  # a seal of all that will go

    assert f"{reference}" in await said(story, GOVERNANCE, "retention")
    assert "Your role does not include" in await said(story, NURSE, f"dispose {reference} no longer needed")
    decided = await said(story, GOVERNANCE, f"dispose {reference} Zebedee's case is over")
    assert "a second person" in decided
    assert "somebody else" in await said(story, GOVERNANCE, f"dispose {reference} confirm")
    assert row_of(bot, "Subjects", 1)["PersonName"] == "Zebedee Planted", "nothing has gone yet"
    counts = {name: len(bot.rows(name)) for name in ("Referrals", "Subjects", "Returns", "Actions", "Disclosures")}
    assert "is being disposed of" in await said(story, CHAIR, f"dispose {reference} confirm")
    await eventually(lambda: row_of(bot, "Referrals", number)["Retention"] == "Disposed", "the disposal", 20)
    assert not row_of(bot, "Referrals", number)["DisposalLeft"]

    for person in (CHAIR, GOVERNANCE):
        told = await eventually(lambda who=person: _told(story, who, "is disposed of"), "word that it is done")
        assert planted_in(told, WORDS) == []
    row = row_of(bot, "Referrals", number)
    kept = ("Reference", "Status", "Agency", "Urgency", "Open", "ReviewOn", "RetentionBy", "DisposalBy", "Concern")
    assert [row[each] for each in kept] == [
        *(reference, "Closed", POL, "Urgent (before the next subgroup)", False, None, GOVERNANCE.name, CHAIR.name, None)
    ]
    assert row["RetentionWhy"] == "[removed] case is over"
    assert counts == {name: len(bot.rows(name)) for name in counts}
    assert "has been disposed of" in await said(story, CHAIR, f"referral {reference}")
    assert "has been disposed of" in await said(story, CHAIR, f"dispose {reference} again")
    assert reference not in await said(story, GOVERNANCE, "retention")
    looked = await said(story, NURSE, f"look {reference} checking our records")
    assert "has been disposed of" in looked
    assert planted_in(looked, WORDS) == []
    assert "1 look shown, 2 refused" in await said(story, GOVERNANCE, f"disclosures {reference}")
    papers = requests.get(
        f"{bot.site}/_api/web/getFolderByServerRelativeUrl('CasePapers/R-99')/files", headers=bot._headers(), timeout=10
    )
    assert [each["Name"] for each in papers.json()["value"]] == ["a.txt"], "another case's papers stay"
    bot.stop()
    assert residues(bot.data_dir) == []
    found = run_command("check", "--all", "--json", data_dir=bot.data_dir, MHRMB_SHAREPOINT_PORT="0")
    record = [row for row in json.loads(found.stdout)["findings"] if row["group"] == "Record"]
    assert [row for row in record if row["level"] != "good"] == [], "the chain still verifies, and every seal"


def _told(story: Story, person: Person, words: str) -> str:
    """What the person's chat says, once it says these words."""
    told = "\n".join(text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person)))
    return told if words in told else ""


HOLD = "-2147024891, System.UnauthorizedAccessException"


async def decided_and_confirmed(story: Story, fault: dict[str, Any]) -> str:
    """A due case that the governance lead decided to dispose of and the chair then confirmed, while a fault is on."""
    add_member(story.bot, GOVERNANCE, POL, "Information governance lead")
    reference = await closed_case(story)
    make_due(story.bot, reference)
    story.bot.control("POST", "/__faults", fault)
    assert "a second person" in await said(story, GOVERNANCE, f"dispose {reference} no longer needed")
    assert "is being disposed of" in await said(story, CHAIR, f"dispose {reference} confirm")
    return reference


async def test_what_the_tenant_forbids_is_told_and_resumed(fresh_story: Story) -> None:
    """Versions under a hold stay: the record says disposed of in part, and which; once the hold is gone it goes on."""
    story, bot = fresh_story, fresh_story.bot
    fault = {"status": 403, "code": HOLD, "match": "DELETE .*/versions\\(", "part": True}
    reference = await decided_and_confirmed(story, fault)
    number = int(reference[2:])
    await eventually(lambda: row_of(bot, "Referrals", number)["Retention"] == "Disposed in part", "the disposal", 20)
    left = row_of(bot, "Referrals", number)["DisposalLeft"]
    assert "Referrals: earlier versions of" in left
    assert "Subjects: earlier versions of 1 row" in left
    assert "error 403" in left
    assert "what was written" not in left
    told = await eventually(lambda: _told(story, CHAIR, "is disposed of in part"), "word of what is left")
    assert "Subjects: earlier versions of 1 row" in told
    assert planted_in(told, WORDS) == []
    assert row_of(bot, "Subjects", 1)["PersonName"] is None
    assert "is under way" in await said(story, CHAIR, f"dispose {reference} again and why")
    bot.control("DELETE", "/__faults")
    assert "tried again" in await said(story, CHAIR, f"dispose {reference}")
    await eventually(lambda: row_of(bot, "Referrals", number)["Retention"] == "Disposed", "the rest of it", 20)
    bot.stop()
    assert residues(bot.data_dir) == []


@pytest.mark.parametrize("step", ["MERGE .*Subjects", "DELETE .*/versions", "RecycleBin.*deleteObject"])
async def test_a_disposal_that_was_killed_goes_on(fresh_story: Story, step: str) -> None:
    """Killed while a step waits, nothing is claimed; started again, the same case goes to its end by itself."""
    story, bot = fresh_story, fresh_story.bot
    fault = {"status": 503, "match": step, "part": "MERGE" not in step}
    reference = await decided_and_confirmed(story, fault)
    number = int(reference[2:])
    await eventually(lambda: bot.control("GET", "/__faults")[0]["struck"], "the step to be tried", 20)
    bot.kill()
    bot.start()
    assert row_of(bot, "Referrals", number)["Retention"] in ("Dispose", "Disposed")
    await eventually(lambda: row_of(bot, "Referrals", number)["Retention"] == "Disposed", "the rest of it", 20)
    bot.stop()
    assert residues(bot.data_dir) == []


async def open_record(story: Story, person: Person, reference: str) -> dict[str, Any]:
    """Press *Decide on R-1* on the list that `retention` shows; returns the dialog's card."""
    chat = story.teams.chat(person)
    await story.teams.say(person, "retention", chat)
    shown = story.teams.posts_in(chat)[-1]
    way_in = find_action(shown.card, title=f"Decide on {reference}")
    return page(await story.teams.open(person, way_in["data"], chat))


async def test_the_same_with_buttons(fresh_story: Story) -> None:
    """A wrong form comes back as typed; a second press of one button changes nothing; the decider has no button to
    confirm; keeping takes the decision back, and then nothing is due."""
    story, bot = fresh_story, fresh_story.bot
    add_member(bot, GOVERNANCE, POL, "Information governance lead")
    reference = await closed_case(story)
    make_due(bot, reference)
    number, chat = int(reference[2:]), story.teams.chat(GOVERNANCE)

    form = await open_record(story, GOVERNANCE, reference)
    dispose = find_action(form, title="Decide to dispose")
    back = page(await story.teams.submit(GOVERNANCE, dispose["data"], {"retention_why": "born 17 March 1984"}, chat))
    assert "may say who somebody is" in text_of(back)
    assert inputs(back)["retention_why"]["value"] == "born 17 March 1984"
    assert row_of(bot, "Referrals", number)["Retention"] is None

    dispose = find_action(back, title="Decide to dispose")
    for press in (1, 2):
        done = page(await story.teams.submit(GOVERNANCE, dispose["data"], {"retention_why": "Nothing pending"}, chat))
        assert "a second person" in text_of(done), press
    row = row_of(bot, "Referrals", number)
    assert (row["Retention"], row["RetentionBy"], row["RetentionWhy"]) == (
        "Dispose",
        GOVERNANCE.name,
        "Nothing pending",
    )
    mark = row["WriteMark"]

    mine = await open_record(story, GOVERNANCE, reference)
    assert "Dispose of it now" not in str(mine)
    forged = {"do": "retain.confirm", "reference": reference, "key": "e" * 32}
    refused = await story.teams.submit(GOVERNANCE, forged, {}, chat)
    assert "somebody else" in sentence(refused[1])
    stranger = await story.teams.submit(NURSE, forged, {}, story.teams.chat(NURSE))
    assert "Your role does not include" in sentence(stranger[1])
    assert row_of(bot, "Referrals", number)["WriteMark"] == mark, "nothing was written"

    theirs = await open_record(story, CHAIR, reference)
    assert find_action(theirs, title="Dispose of it now")
    keep = find_action(theirs, title="Keep until that day")
    kept = await story.teams.submit(
        CHAIR, keep["data"], {"retention_why": "An inquest", "keep_until": "2090-01-01"}, story.teams.chat(CHAIR)
    )
    assert "comes up again on 1 January 2090" in text_of(page(kept))
    assert "0 records" in await said(story, CHAIR, "retention")
    assert row_of(bot, "Subjects", 1)["PersonName"] == "Zebedee Planted"


async def test_a_case_that_goes_on_is_not_disposed_of(fresh_story: Story) -> None:
    """An action of the case that is open, however its source is spelled, holds the disposal back and says so."""
    story, bot = fresh_story, fresh_story.bot
    reference = await closed_case(story)
    make_due(bot, reference)
    action = bot.add_row("Actions", Title="y", What="Call", Source=f"see r{reference[2:]}", Agency=MHT, Open=True)
    await eventually(lambda: row_of(bot, "Actions", action)["Reference"], "the bot to number the action")
    assert "An action of this case is open" in await said(story, CHAIR, f"dispose {reference} over")
    assert row_of(bot, "Referrals", int(reference[2:]))["Retention"] is None
    bot.change_row("Referrals", int(reference[2:]), Retention="Dispose", RetentionBy="Somebody")
    bot.change_row("Actions", action, Status="Superseded", Open=False)
    decided = await said(story, CHAIR, f"dispose {reference} over")
    assert "a second person" in decided, "a choice made in the list is no decision, and does not stand in the way"
