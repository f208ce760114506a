"""Two boards in one installation: nothing that is typed, pressed, searched, told or exported crosses between them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from openpyxl import load_workbook

from cards.help import COMMANDS
from tests.board_people import CHAIR, NURSE, POLICE, TRUST_LEAD, add_member
from tests.scenarios.actions import ActionStory, board_at, provisioned, run_command
from tests.scenarios.board import eventually, text_of
from tests.scenarios.test_board import passes
from tests.teams import Person, Place

__all__ = ["provisioned"]

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

NORTH_CHAIR = Person("Nan Northchair")
NORTH_NURSE = Person("Ned Northnurse")
BOTH = Person("Bea Bothboards")

WORD = "Northward"
"""Stands in everything that the northern board has, and in nothing of the first board's."""


class Two:
    """Both boards, each with its channel."""

    def __init__(self, story: ActionStory) -> None:
        self.story = story
        self.north = story.teams.channel("north")

    def rows(self) -> str:
        """All that Teams was ever sent, outside the northern channel and the northern people's chats."""
        teams = self.story.teams
        theirs = {
            self.north.conversation_id,
            *(teams.chat(p).conversation_id for p in (NORTH_CHAIR, NORTH_NURSE, BOTH)),
        }
        sent = [
            each
            for post in teams.posts.values()
            if post.conversation_id.split(";")[0] not in theirs
            for each in (*post.versions, post.activity)
        ]
        return json.dumps(sent, ensure_ascii=False)


@pytest_asyncio.fixture(loop_scope="module")
async def two(tmp_path: Path, provisioned: Path) -> AsyncIterator[Two]:
    """The first board as usual; a northern one with a trust, a chair, a nurse and a channel of its own."""
    async with board_at(tmp_path, provisioned, "2026-11-30T07:00", anchor="2026-12-09") as story:
        made = Two(story)
        bot = story.bot
        (first,) = [row for row in bot.rows("Forums") if row["Forum"] == "MHRMB"]
        bot.change_row("Forums", first["Id"], Agencies="ASC; HOU; MHT; POL")
        north = {"Agencies": "NHT; POL", "Anchor": "2026-12-10T12:00:00Z", "MeetsAt": "14:00", "Open": True}
        bot.add_row("Forums", Forum="NORTH", ForumName=f"North {WORD}", Kind="Board", **north)
        dates = {"IsaSignedOn": "2025-01-06T12:00:00Z", "IsaLapsesOn": "2028-12-31T12:00:00Z"}
        bot.add_row("Agencies", Agency="NHT", AgencyName=f"North trust {WORD}", Open=True, **dates)
        add_member(bot, NORTH_CHAIR, "NHT", "Chair; Information governance lead; Mental health team")
        add_member(bot, NORTH_NURSE, "NHT", "Representative; Agency lead")
        add_member(bot, BOTH, "POL", "Representative", Forums="MHRMB; NORTH")
        for row in bot.rows("Members"):
            if row["Agency"] == "POL" and row["UserId"] != BOTH.object_id:
                bot.change_row("Members", row["Id"], Forums="MHRMB")
        await eventually(lambda: _knows(story), "the feed to bring the new rows", 20)
        await story.opens_a_chat(CHAIR, NURSE, POLICE, TRUST_LEAD, NORTH_CHAIR, NORTH_NURSE, BOTH)
        said = await bound(story, made.north)
        assert "This channel is now where North" in said
        yield made


def _knows(story: ActionStory) -> bool:
    return all(row["Key"] != "" for row in story.bot.rows("Members"))


async def bound(story: ActionStory, place: Place) -> str:
    """The northern chair binds the northern channel."""
    await story.teams.say(NORTH_CHAIR, "setup forum NORTH", place)
    return text_of(story.teams.last(place).activity)


async def types(story: ActionStory, person: Person, said: str) -> str:
    """What a person's chat shows after they typed something: its answer, and what was told meanwhile."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    await story.teams.say(person, said, chat)
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


async def fill_north(two: Two) -> dict[str, str]:
    """A case, an action, a risk, a lesson, an item and a plan of the northern board's, each with the word in it."""
    story = two.story
    made = {"case": await story.refer(NORTH_NURSE, why_now=f"{WORD} he said so", name=f"Zeb {WORD}")}
    values = {"what": f"{WORD} agree it", "owner": NORTH_NURSE.object_id, "due": "2026-12-02", "source": "B-7"}
    made["action"] = await story.add_action(NORTH_CHAIR, **values, why=WORD, programme=WORD)
    await types(story, NORTH_NURSE, f"risk {WORD} cause; {WORD} event; {WORD} impact")
    await types(story, NORTH_NURSE, f"lesson {WORD} happened; {WORD} changes; all")
    if not any(row["Forum"] == "NORTH" for row in story.bot.rows("Measures")):
        own = {"Forum": "NORTH", "Open": True}
        story.bot.add_row("Measures", Measure="s136", MeasureName=WORD, Suppliers="NHT; POL", Kind="Count", **own)
        story.bot.add_row("Agreements", Kind="Terms of reference", AgreementTitle=WORD, Status="In force", **own)
    said = await types(story, NORTH_NURSE, "measure s136 2026-10 41")
    assert "41" in said, said
    await types(story, NORTH_NURSE, f"agenda add {WORD} item; {WORD}; 10")
    await types(story, NORTH_CHAIR, "agenda accept I-1 10")
    await types(story, NORTH_CHAIR, f"plan {made['case']} hearing")
    await eventually(lambda: all(row["Reference"] for row in story.bot.rows("Risks")), "its number")
    return made


def held(story: ActionStory, action: str) -> list[object]:
    """What the northern board's rows say, but for what the bot keeps beside it."""
    own = ("Open", "Status", "Words", "Cause", "What", "Changes", "Case", "Meeting", "Concern", "WhyNow", "Rationale")
    rows = [row for name in ("Referrals", "Risks", "Lessons", "AgendaItems", "Plans") for row in story.bot.rows(name)]
    return [*story.kept(action), *({name: row.get(name) for name in own} for row in rows if WORD in str(row))]


def examples(made: dict[str, str]) -> list[str]:
    """Every command of help, and others, spoken of the northern board's records."""
    numbers = {"R-14": made["case"], "A-103": made["action"], "K-12": "K-1", "P-14.2": "P-1.1", "S-31": "S-1"}
    said = [command.typed for command in COMMANDS if command.word != "setup"]
    for old, new in numbers.items():
        said = [each.replace(old, new) for each in said]
    said += ["risk K-1", "risks NORTH", "tracker NORTH", "tracker NHT", "tracker agree", "minutes", "lessons"]
    said += [
        f"history {made['action']}",
        f"look {made['case']} hearing",
        "plan P-1.1",
        "disclosures NHT",
        "my board NORTH",
    ]
    said += ["setup", "setup member", "unreached", "home", "measures s136"]
    return said


async def test_nothing_crosses(two: Two) -> None:
    """Whatever people of the first board type, in a chat or in their channel, of the northern records by their
    numbers: no word of them comes back, and nothing of them changes."""
    made = await fill_north(two)
    story = two.story
    before = held(story, made["action"])
    for person in (CHAIR, NURSE, POLICE, TRUST_LEAD):
        for said in examples(made):
            for place in (None, story.channel):
                where = place or story.teams.chat(person)
                status, _ = await story.teams.say(person, said, where)
                assert status == 200, said
                assert WORD not in two.rows(), (person.name, said, place is None)
    assert held(story, made["action"]) == before
    assert WORD in json.dumps([post.activity for post in story.teams.posts_in(story.teams.chat(NORTH_CHAIR))])


async def test_each_board_has_its_own(two: Two) -> None:
    """What the northern board asks for it gets, and the first board's people are nobody's there."""
    made = await fill_north(two)
    story = two.story
    mine = await story.add_action(CHAIR, due="2026-12-22", what="Of the first board")
    for person, theirs, others in ((NORTH_CHAIR, made["action"], mine), (CHAIR, mine, made["action"])):
        said = await types(story, person, "tracker")
        assert theirs in said
        assert others not in said
    assert "10 December 2026 at 14:00" in await types(story, NORTH_NURSE, "board")
    assert "9 December 2026 at 10:00" in await types(story, NURSE, "board")
    assert WORD in await types(story, NORTH_NURSE, "risks")
    assert "41" in await types(story, NORTH_NURSE, "measures s136")
    assert "41" not in await types(story, TRUST_LEAD, "measures s136")
    assert WORD in await types(story, NORTH_CHAIR, "agreements")
    form = json.dumps(await story.add_form(CHAIR))
    assert NORTH_NURSE.object_id not in form, "nobody of another board can be given an action"


async def test_somebody_of_both_is_asked_which(two: Two) -> None:
    """They speak to one at a time, change over, and what is the other's is found by its number all the same."""
    made = await fill_north(two)
    story = two.story
    assert "answers you in this chat" in await types(story, BOTH, "my board")
    assert made["action"] not in await types(story, BOTH, "tracker")
    assert made["action"] in await types(story, BOTH, f"action {made['action']}")
    assert f"North {WORD} answers you" in await types(story, BOTH, "my board NORTH")
    assert made["action"] in await types(story, BOTH, "tracker")
    assert "You belong to one board here" in await types(story, NURSE, "my board")
    kept = [row for row in story.bot.rows("Events") if row["Kind"] == "board choice"]
    assert [row["Value"] for row in kept] == ["NORTH"]
    assert WORD not in await types(story, NURSE, "my board NORTH")
    assert [row for row in story.bot.rows("Events") if row["Kind"] == "board choice"] == kept


async def test_what_is_told_by_itself_stays_apart(two: Two) -> None:
    """Digests, reminders, escalation, the brief, the pack and its minutes over three weeks: each to its own board."""
    await fill_north(two)
    await two.story.add_action(CHAIR, due="2026-12-02", what="Of the first board, late")
    for day in ("11-30", "12-01", "12-02", "12-03", "12-08", "12-09", "12-10", "12-14"):
        await passes(two.story, f"2026-{day}")
    assert WORD not in two.rows()
    north = json.dumps([post.activity for post in two.story.teams.posts_in(two.north)])
    assert "The pack of the board on Thursday 10 December 2026" in north
    assert "Of the first board" not in north
    assert WORD in north
    briefs = [text_of(p.activity) for p in two.story.teams.posts_in(two.story.teams.chat(NORTH_CHAIR))]
    assert any("The board of Thursday 10 December 2026" in each and "1 action overdue" in each for each in briefs)


async def test_no_search_crosses(two: Two) -> None:
    """What Teams' own box finds is one board's: the records of the other, and its papers, are in no answer."""
    made = await fill_north(two)
    story = two.story
    await types(story, NORTH_CHAIR, "pack issue")
    await eventually(lambda: [r for r in story.bot.rows("Events") if r["Kind"] == "pack"], "the pack", 20)
    (pack,) = [row["Reference"] for row in story.bot.rows("Events") if row["Kind"] == "pack"]
    numbers = (*made.values(), "K-1", f"Pack of {pack}")
    for person, place, finds in ((CHAIR, story.channel, False), (NORTH_CHAIR, two.north, True)):
        found = ""
        for command in ("actions", "referrals", "risks", "papers"):
            status, answer = await story.teams.search(person, command, "", place)
            assert status == 200
            found += json.dumps(answer, ensure_ascii=False)
        assert finds or WORD not in found
        there = [bool(re.search(rf"{each}(?![0-9])", found)) for each in numbers]
        assert there == [finds] * len(numbers), (person.name, found[:2000])
    assert f"Pack of {pack}" not in await types(story, NURSE, "home")


async def test_an_export_is_one_board_s(two: Two, tmp_path: Path) -> None:
    """From a chat and from the command line."""
    made = await fill_north(two)
    bot = two.story.bot
    names = [await types(two.story, person, "export tracker") for person in (CHAIR, NORTH_CHAIR)]
    first, north = (re.search(r"tracker [0-9 -]+\.xlsx", said) for said in names)
    assert first
    assert north
    assert first[0] != north[0], "nor does the one's take the place of the other's"
    port = str(bot.sharepoint_port)
    for board, there in (("MHRMB", False), ("NORTH", True)):
        file = tmp_path / f"{board}.csv.xlsx"
        done = run_command(
            *("export", "tracker", str(file), "--board", board),
            data_dir=bot.data_dir,
            MHRMB_SHAREPOINT_PORT=port,
            **bot.settings,
        )
        assert done.returncode == 0, done.stderr
        rows = [row for sheet in load_workbook(file) for row in sheet.iter_rows(values_only=True)]
        assert any(made["action"] in map(str, row) for row in rows) is there
