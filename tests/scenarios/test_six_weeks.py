"""Six weeks between two boards over Christmas, day by day: who hears of what when, against a table made by hand.

Nothing expected here is computed by the product: each line was worked out from a wall calendar and the board's rules.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.board_people import CHAIR, LAPSED, NURSE, POLICE, SOCIAL, TRUST_LEAD
from tests.scenarios.actions import CASE, CASE_WORDS, ActionStory, board_at, provisioned, run_command
from tests.scenarios.board import eventually, planted_in, text_of
from tests.teams import Person, Post, texts

__all__ = ["provisioned"]

pytestmark = [pytest.mark.timeout(180), pytest.mark.long]

POLL = 0.1
"""Seconds between two looks at the clock: half of what other scenarios use, for forty-four days in one test."""

BOARD = "2026-12-02"
"""A Wednesday. Six weeks on, the next board is on Wednesday 13 January 2027."""


class Day(NamedTuple):
    """What is posted on a day: the board's reminder, then the actions each digest names, `+n` when n days overdue.

    `asked`: who is asked or told something for a milestone in their own chat.
    """

    day: str
    board: str = ""
    channel: str = ""
    nurse: str = ""
    social: str = ""
    police: str = ""
    lead: str = ""
    chair: str = ""
    asked: str = ""


ACTIONS = (
    ("A-1", NURSE, "2026-12-11"),  # a Friday
    ("A-2", NURSE, "2026-12-12"),  # a Saturday
    ("A-3", SOCIAL, "2026-12-20"),  # a Sunday; later granted until Thursday 7 January
    ("A-4", POLICE, "2026-12-25"),  # Christmas Day, a Friday
    ("A-5", POLICE, "2026-12-28"),  # the Monday on which England has Boxing Day (the 26th is a Saturday)
    ("A-6", TRUST_LEAD, "2027-01-01"),  # New Year's Day, a Friday
    ("A-7", SOCIAL, "2027-01-13"),  # the day of the board; it comes from a case
    ("A-8", LAPSED, "2027-01-20"),  # its owner never opened a chat with the bot
    ("A-9", TRUST_LEAD, "2027-02-22"),  # so far off that nobody hears of it
)

# All are agreed on Monday 30 November, before that day's half past eight, so none is new to the first round below.
# The rules: an action is told 7 days before it is due, the day before, and on the day; from the next day on it is
# overdue and told daily, until its owner claims it. All of it on working days at half past eight; what falls on a
# weekend or bank holiday is told on the next working day. A board is told 10 working days before, 1 before, and on it.
# The chair has a brief the working day before. Items are called for 15 working days before, and who answers for the
# agency in focus is told; 10 before, who answers for an agency hears what it owes; 7 before, what is awaited is said;
# 2 after, what was decided. Nobody was featured yet, so ASC, the first of the codes, is in focus. It has no lead, so
# its representative answers; POL's too; MHT has a lead.
TABLE = (
    # Tuesday, the working day before the board. Its pack was due on 25 November, when the bot was not there yet.
    Day("2026-12-01", board="eve 2 December, pack 2 December", chair="brief 2 December"),
    Day("2026-12-02", board="day 2 December"),  # Wednesday, the board
    Day("2026-12-03"),
    # Friday: A-1 (the 11th) in 7 days. The board was two working days ago.
    Day("2026-12-04", board="after 2 December", channel="A-1", nurse="A-1"),
    Day("2026-12-05"),  # Saturday: A-2 (the 12th) in 7 days, told on Monday
    Day("2026-12-06"),
    Day("2026-12-07", channel="A-2", nurse="A-2"),  # Monday: carried from Saturday
    Day("2026-12-08"),
    Day("2026-12-09"),
    Day("2026-12-10", channel="A-1", nurse="A-1"),  # Thursday: A-1 tomorrow. Later its nurse says that it is done
    Day("2026-12-11", channel="A-2", nurse="A-2"),  # Friday: A-2 tomorrow; A-1 is due today, but claimed
    Day("2026-12-12"),  # Saturday: A-2 is due
    Day("2026-12-13"),  # Sunday: A-3 (the 20th) in 7 days, told on Monday
    Day("2026-12-14", channel="A-2+2 A-3", nurse="A-2+2", social="A-3"),  # Monday; later A-2 is said to be done
    Day("2026-12-15"),
    Day("2026-12-16"),  # Wednesday: later the chair returns A-2
    Day("2026-12-17", channel="A-2+5", nurse="A-2+5"),  # Thursday: 12 to 17 is 5 days
    # Friday: A-4 (the 25th) in 7 days. Later A-2 is done and verified. 15 working days before the board: on from the
    # ten of 29 December below, 24, 23, 22, 21 and 18 December.
    Day(
        "2026-12-18",
        board="call 13 January",
        channel="A-2+6 A-4",
        nurse="A-2+6",
        police="A-4",
        asked="social focus",
    ),
    Day("2026-12-19"),  # Saturday: A-3 is due tomorrow, and so is told when it is overdue already
    Day("2026-12-20"),  # Sunday: A-3 is due
    # Monday: A-3 was due yesterday; A-5 (the 28th) in 7 days.
    Day("2026-12-21", channel="A-3+1 A-5", social="A-3+1", police="A-5"),
    Day("2026-12-22", channel="A-3+2", social="A-3+2"),
    Day("2026-12-23", channel="A-3+3", social="A-3+3"),  # Wednesday: later more time is asked for, to 7 January
    # Thursday: asking is not getting, so A-3 is overdue still; A-4 tomorrow. Later the chair grants the 7th of January.
    Day("2026-12-24", channel="A-3+4 A-4", social="A-3+4", police="A-4"),
    Day("2026-12-25"),  # Friday, Christmas Day: A-4 is due; A-6 (1 January) in 7 days
    Day("2026-12-26"),  # Saturday, Boxing Day
    Day("2026-12-27"),  # Sunday: A-5 is due tomorrow
    Day("2026-12-28"),  # Monday, the bank holiday for Boxing Day: A-5 is due
    # Tuesday, 10 working days before the board of Wednesday 13 January: 12, 11, 8, 7, 6, 5 and 4 January are seven
    # (New Year's Day is none), 31, 30 and 29 December three. A-4 is 4 days overdue, A-5 one; A-6 is carried.
    Day(
        "2026-12-29",
        board="disseminate 13 January",
        channel="A-4+4 A-5+1 A-6",
        police="A-4+4 A-5+1",
        lead="A-6",
        asked="lead actions, police actions, social actions",
    ),
    Day("2026-12-30", channel="A-4+5 A-5+2", police="A-4+5 A-5+2"),  # Wednesday: A-5 is blocked, which stops nothing
    # Thursday: A-4 was done yesterday; A-6 tomorrow; A-3 (7 January by now) in 7 days.
    Day("2026-12-31", channel="A-5+3 A-6 A-3", police="A-5+3", lead="A-6", social="A-3"),
    Day("2027-01-01"),  # Friday, New Year's Day: A-6 is due
    Day("2027-01-02"),
    Day("2027-01-03"),
    # Monday: 28 December to 4 January is 7 days, 1 January to the 4th is 3. Later A-5 cannot be done, A-6 is done.
    # 7 working days before the board: 12, 11, 8, 7, 6, 5 and 4 January.
    Day(
        "2027-01-04",
        board="returns 13 January",
        channel="A-5+7 A-6+3",
        police="A-5+7",
        lead="A-6+3",
        asked="social focus",
    ),
    Day("2027-01-05"),
    # Wednesday: A-3 tomorrow, A-7 (the 13th) in 7 days. 5 working days before the board: 12, 11, 8, 7 and 6 January.
    Day("2027-01-06", board="pack 13 January", channel="A-3 A-7", social="A-3 A-7"),
    Day("2027-01-07", channel="A-3", social="A-3"),  # Thursday: A-3 is due; later it is done
    Day("2027-01-08"),
    Day("2027-01-09"),
    Day("2027-01-10"),
    Day("2027-01-11"),
    Day(
        "2027-01-12", board="eve 13 January", chair="brief 13 January", channel="A-7", social="A-7"
    ),  # Tuesday: both are tomorrow
    # Wednesday, the board: A-7 is due; A-8 (the 20th) in 7 days, of which its owner cannot be told.
    Day("2027-01-13", board="day 13 January", channel="A-7 A-8", social="A-7"),
)

WORKING_DAYS = {
    *("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"),
    *("2026-12-07", "2026-12-08", "2026-12-09", "2026-12-10", "2026-12-11"),
    *("2026-12-14", "2026-12-15", "2026-12-16", "2026-12-17", "2026-12-18"),
    *("2026-12-21", "2026-12-22", "2026-12-23", "2026-12-24"),
    *("2026-12-29", "2026-12-30", "2026-12-31"),
    *("2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-08"),
    *("2027-01-11", "2027-01-12", "2027-01-13"),
}

LATER_THAT_DAY = {
    "2026-12-10": ((NURSE, "done A-1 both wards agreed"),),
    "2026-12-14": ((NURSE, "done A-2"), (CHAIR, "verify A-1")),
    "2026-12-16": ((CHAIR, "return A-2 the second ward has not signed"),),
    "2026-12-18": ((NURSE, "done A-2 signed"), (CHAIR, "verify A-2")),
    "2026-12-23": ((SOCIAL, "more time A-3 2027-01-07 the panel meets then"),),
    "2026-12-24": ((CHAIR, "grant A-3"),),
    "2026-12-29": ((POLICE, "blocked A-5 no room until January"),),
    "2026-12-30": ((POLICE, "done A-4"),),
    "2027-01-04": (
        (POLICE, "not possible A-5 the room is gone"),
        (CHAIR, "verify A-5"),
        (TRUST_LEAD, "done A-6"),
        (CHAIR, "verify A-4"),
    ),
    "2027-01-07": ((SOCIAL, "done A-3"),),
}

RUN_DUE_AFTER = ("2026-12-29",)
"""Days after whose round another process asks too, and finds nothing to do: the fullest."""

RUN_DUE_FIRST = "2027-01-06"
"""A day whose round another process has done before the bot's own clock gets there."""

CHATS = {"chair": CHAIR, "nurse": NURSE, "social": SOCIAL, "police": POLICE, "lead": TRUST_LEAD}


class Calendar:
    """A board whose clock is moved, and what it posted since it was last asked."""

    def __init__(self, story: ActionStory) -> None:
        self.story = story
        self._seen: set[str] = set(story.teams.posts)

    def new(self) -> list[Post]:
        """The messages posted since, whoever they are for."""
        found = [post for post in self.story.teams.posts.values() if post.id not in self._seen]
        self._seen |= {post.id for post in found}
        return found

    async def until(self, instant: str, done: str) -> list[Post]:
        """Move the clock, wait until the round of that day is done, and return what was posted."""
        self.story.moves_to(instant)
        await eventually(lambda: self.round_done() == done, f"the round of {done}")
        return self.new()

    async def quietly(self, instant: str) -> list[Post]:
        """Move the clock to where nothing is due, let it tick, and return what was posted all the same."""
        before = self.round_done()
        self.story.moves_to(instant)
        await asyncio.sleep(3 * POLL)
        assert self.round_done() == before
        return self.new()

    async def types(self, person: Person, said: str) -> None:
        """A step typed in a private chat; its one answer is not the round's."""
        answer = await self.story.answered(person, said)
        assert re.fullmatch(r"A-\d+: [A-Z].+\.", answer.text), answer.text
        self._seen.add(answer.id)

    def round_done(self) -> str:
        """The day up to which the clock has spoken."""
        return self.story.bot.round_done()

    async def run_due(self, at: str) -> tuple[int, str]:
        """`python -m bot run-due --at` beside the running bot, against the same SharePoint."""
        bot = self.story.bot
        port = str(bot.sharepoint_port)
        done = await asyncio.to_thread(
            lambda: run_command(
                "run-due", "--at", at, data_dir=bot.data_dir, MHRMB_SHAREPOINT_PORT=port, **bot.settings
            )
        )
        return done.returncode, done.stdout


@asynccontextmanager
async def board_from(data_dir: Path, provisioned: Path, instant: str) -> AsyncIterator[Calendar]:
    """A board every six weeks from 2 December 2026 at ten, and four owners reachable in a private chat."""
    async with board_at(data_dir, provisioned, instant, anchor=BOARD, MHRMB_POLL_SECONDS=str(POLL)) as story:
        await story.opens_a_chat(CHAIR, *CHATS.values())
        yield Calendar(story)


def as_told(day: str, posts: Iterable[Post], story: ActionStory) -> Day:
    """The posts of a day in the table's words; fails on a message that is neither a reminder nor that day's digest."""
    found, boards, asked = dict[str, str](), list[str](), list[str]()
    places = {story.teams.chat(person).conversation_id: name for name, person in CHATS.items()}
    for post in posts:
        heading, said = texts(post.card["body"])[1], text_of(post.card["body"])
        where = places.get(post.conversation_id, "channel")
        if where == "channel":
            assert post in story.teams.posts_in(story.channel)
        if heading in ASKED:
            asked.append(f"{where} {ASKED[heading]}")
            continue
        if heading in OF_THE_BOARD:
            assert where == "channel"
            boards.append(board_told(said))
            continue
        if heading == "Your brief":
            brief = re.search(r"The board of Wednesday (\d+ [A-Z][a-z]+) \d{4}:", said)
            assert brief, said
            what = f"brief {brief[1]}"
        else:
            title = "Actions" if where == "channel" else "Your actions"
            assert heading == f"{title}, {IN_FULL[day]}"
            what = " ".join(told(said))
        assert where not in found, f"two posts in one place on one day: {text_of(post.activity)}"
        found[where] = what
    if boards:
        found["board"] = ", ".join(boards)
    if asked:
        found["asked"] = ", ".join(sorted(asked))
    return Day(day, **found)


ASKED = {"Your agency is in focus": "focus", "Your agency's actions": "actions"}
OF_THE_BOARD = ("The board", "Call for agenda items", "Papers for the board", "The pack")


def told(said: str) -> list[str]:
    """The references a digest's lines begin with, `+n` when they are called n days overdue."""
    lines = re.findall(r"^(A-\d+) \n(?:(\d+) days? overdue \n)?", said, re.MULTILINE)
    return [f"{reference}+{late}" if late else reference for reference, late in lines]


def board_told(said: str) -> str:
    """Which reminder of which board a card is."""
    day = re.search(r"(?:on|of|today,) Wednesday (\d+ [A-Z][a-z]+) \d{4}", said)
    assert day, said
    kinds = {
        "meets today": "day",
        "These actions are outstanding": "disseminate",
        "Call for agenda items": "call",
        "Papers for the board": "returns",
        "Nothing was recorded here": "after",
        "The pack of the board": "pack",
    }
    return f"{next((kind for words, kind in kinds.items() if words in said), 'eve')} {day[1]}"


IN_FULL = {
    "2026-12-04": "Friday 4 December 2026",
    "2026-12-07": "Monday 7 December 2026",
    "2026-12-10": "Thursday 10 December 2026",
    "2026-12-11": "Friday 11 December 2026",
    "2026-12-14": "Monday 14 December 2026",
    "2026-12-17": "Thursday 17 December 2026",
    "2026-12-18": "Friday 18 December 2026",
    "2026-12-21": "Monday 21 December 2026",
    "2026-12-22": "Tuesday 22 December 2026",
    "2026-12-23": "Wednesday 23 December 2026",
    "2026-12-24": "Thursday 24 December 2026",
    "2026-12-29": "Tuesday 29 December 2026",
    "2026-12-30": "Wednesday 30 December 2026",
    "2026-12-31": "Thursday 31 December 2026",
    "2027-01-04": "Monday 4 January 2027",
    "2027-01-05": "Tuesday 5 January 2027",
    "2027-01-06": "Wednesday 6 January 2027",
    "2027-01-07": "Thursday 7 January 2027",
    "2027-01-12": "Tuesday 12 January 2027",
    "2027-01-13": "Wednesday 13 January 2027",
}
"""Written out, so that a digest's weekday is checked against a wall calendar too."""


async def test_six_weeks_between_two_boards(tmp_path: Path, provisioned: Path) -> None:
    """Each day brings exactly its line of the table, once, whoever asks again; weekends and holidays nothing."""
    async with board_from(tmp_path, provisioned, "2026-11-30T07:00") as calendar:
        story = calendar.story
        for reference, owner, due in ACTIONS:
            more = {**CASE, "owner": owner.object_id, "due": due} if reference == "A-7" else {}
            assert await story.add_action(**{"owner": owner.object_id, "due": due, **more}) == reference
        calendar.new()

        for line in TABLE:
            at = f"{line.day}T09:00"
            if line.day == RUN_DUE_FIRST:
                code, printed = await calendar.run_due(at)
                assert (code, printed.splitlines()[-1]) == (0, "3 posted.")
            if line.day in WORKING_DAYS:
                posts = await calendar.until(at, line.day)
            else:
                posts = await calendar.quietly(at)
            assert as_told(line.day, posts, story) == line
            assert "I could not post" not in "".join(text_of(post.card) for post in posts)
            if line.day in RUN_DUE_AFTER:
                assert await calendar.run_due(at) == (0, "Nothing was due.\n")
            for person, said in LATER_THAT_DAY.get(line.day, ()):
                await calendar.types(person, said)

        # Even with its memory of having been done taken away, the last round posts nothing twice: the keys stand.
        (memory,) = [row for row in story.bot.rows("Events") if row["Key"] == "clock:round"]
        story.bot.change_row("Events", memory["Id"], Value="2027-01-12")
        assert await calendar.run_due("2027-01-13T09:00") == (0, "Nothing was due.\n")
        assert calendar.round_done() == "2027-01-13"
        await asyncio.sleep(2 * POLL)
        assert calendar.new() == []

        rows = [row for row in story.bot.rows("Posts") if row["Kind"] in ("digest", "board", "board paper", "brief")]
        of_boards = sum(len(line.board.split(", ")) for line in TABLE if line.board)
        assert len(rows) == of_boards + sum(bool(what) for line in TABLE for what in line[2:-1]) + 1
        asks = [row for row in story.bot.rows("Posts") if row["Kind"] == "board ask" and row["Status"] == "Sent"]
        assert len(asks) == sum(len(line.asked.split(", ")) for line in TABLE if line.asked)
        (undelivered,) = [row for row in rows if row["Status"] != "Sent"]
        assert undelivered["Key"] == f"digest/member:{LAPSED.object_id}/2027-01-13"
        assert undelivered["Failure"] == "this person has not opened a chat with the bot"
        assert {(row["Attempts"], row["UnknownOutcomes"]) for row in rows if row is not undelivered} == {(1, 0)}
        assert planted_in(story.in_the_channel(), CASE_WORDS) == []
        assert planted_in("\n".join(story.bot.heard()), (*CASE_WORDS, "Traceback", "round broke")) == []
        hers = story.teams.posts_in(story.teams.chat(SOCIAL))
        assert "PLANTEDWHAT" in text_of(hers[-1].card), "its owner's own digest says what it is"


async def test_a_new_action_is_told_the_next_morning_once(tmp_path: Path, provisioned: Path) -> None:
    """What is agreed on a Thursday, due far ahead, is in Friday's digests and in no other until it is nearly due."""
    async with board_from(tmp_path, provisioned, "2026-12-16T07:00") as calendar:
        story = calendar.story
        assert await calendar.until("2026-12-17T09:00", "2026-12-17") == []
        story.moves_to("2026-12-17T15:00")
        await story.add_action(owner=NURSE.object_id, due="2027-02-22")
        calendar.new()

        friday = await calendar.until("2026-12-18T09:00", "2026-12-18")

        call = {"board": "call 13 January", "asked": "social focus"}
        assert as_told("2026-12-18", friday, story) == Day("2026-12-18", channel="A-1", nurse="A-1", **call)
        assert await calendar.until("2026-12-21T09:00", "2026-12-21") == []


async def test_four_working_days_without_the_bot_are_made_up_for_once(tmp_path: Path, provisioned: Path) -> None:
    """After an outage over New Year one round tells what was missed, names the days, and is not told again."""
    async with board_from(tmp_path, provisioned, "2026-12-23T07:00") as calendar:
        story = calendar.story
        for owner, due in (
            (POLICE, "2026-12-30"),  # a Wednesday: its eve and its day both fall into the outage
            (NURSE, "2027-01-05"),  # a Tuesday: 7 days before is 29 December; its eve is missed; its day is not
            (SOCIAL, "2027-01-11"),  # a Monday: 7 days before is 4 January
            (TRUST_LEAD, "2027-01-18"),  # a Monday: 7 days before is 11 January, so nothing was missed
        ):
            await story.add_action(owner=owner.object_id, due=due)
        calendar.new()
        assert await calendar.until("2026-12-24T09:00", "2026-12-24") == []

        # Out from Christmas Eve to Tuesday 5 January: 29, 30, 31 December and 4 January were working days.
        story.bot.kill()
        story.moves_to("2027-01-05T07:00")
        story.bot.start()
        assert await calendar.quietly("2027-01-05T07:00") == [], "not before half past eight"
        posts = await calendar.until("2027-01-05T09:00", "2027-01-05")

        expected = Day(
            "2027-01-05",
            board="disseminate 13 January, returns 13 January",
            channel="A-1+6 A-2 A-3",
            police="A-1+6",
            nurse="A-2",
            social="A-3",
            asked="lead actions, police actions, social actions, social focus",
        )
        assert as_told("2027-01-05", posts, story) == expected
        sentence = (
            "I could not post on 29 December 2026, 30 December 2026, 31 December 2026 and 4 January 2027: "
            "this includes what was due then."
        )
        saying = [texts(post.card["body"])[1] for post in posts if sentence in text_of(post.card)]
        assert sorted(saying) == ["Actions, Tuesday 5 January 2027", *["Your actions, Tuesday 5 January 2027"] * 3]
        assert await calendar.quietly("2027-01-05T16:00") == []

        posts = await calendar.until("2027-01-06T09:00", "2027-01-06")
        told = {"board": "pack 13 January", "police": "A-1+7", "nurse": "A-2+1"}
        expected = Day("2027-01-06", channel="A-1+7 A-2+1", **told)
        assert as_told("2027-01-06", posts, story) == expected
        assert not any("I could not post" in text_of(post.card) for post in posts)


async def test_a_bot_mended_at_night_or_on_a_saturday_waits_for_the_morning(tmp_path: Path, provisioned: Path) -> None:
    """What Friday missed is told on Monday at half past eight, not at whatever hour somebody mends the machine."""
    async with board_from(tmp_path, provisioned, "2026-12-16T07:00") as calendar:
        story = calendar.story
        await story.add_action(owner=NURSE.object_id, due="2026-12-25")  # 7 days before is Friday 18 December
        calendar.new()
        assert await calendar.until("2026-12-17T09:00", "2026-12-17") == []

        for hour in ("19T07:00", "19T09:00", "20T23:59", "21T03:00", "21T08:29"):
            instant = f"2026-12-{hour}"
            assert await calendar.quietly(instant) == [], instant
        posts = await calendar.until("2026-12-21T08:30", "2026-12-21")

        missed = {"board": "call 13 January", "asked": "social focus"}
        assert as_told("2026-12-21", posts, story) == Day("2026-12-21", channel="A-1", nurse="A-1", **missed)
        digests = [post for post in posts if "ctions, Monday 21 December" in text_of(post.card)]
        assert len(digests) == 2
        assert all("I could not post on 18 December 2026: this" in text_of(post.card) for post in digests)


async def test_a_digest_that_teams_did_not_take_says_the_same_later(tmp_path: Path, provisioned: Path) -> None:
    """What was missed is not lost when Teams is not back yet either: the digest tried again holds it, and says so."""
    async with board_from(tmp_path, provisioned, "2026-12-16T07:00") as calendar:
        story = calendar.story
        await story.add_action(owner=NURSE.object_id, due="2026-12-25")  # 7 days before is Friday 18 December
        calendar.new()
        assert await calendar.until("2026-12-17T09:00", "2026-12-17") == []

        await story.teams.stop()
        assert await calendar.until("2026-12-21T09:00", "2026-12-21") == []
        await story.teams.start()
        keys = ("digest/forum:MHRMB/2026-12-21", f"digest/member:{NURSE.object_id}/2026-12-21")
        others = ("board/MHRMB/2027-01-13/call", f"ask/MHRMB/2027-01-13/call/member:{SOCIAL.object_id}")
        sent = {(key, "Sent") for key in (*keys, *others)}
        await eventually(
            lambda: sent <= {(row["Key"], row["Status"]) for row in story.bot.rows("Posts")}, "all to be sent", 20
        )

        posts = calendar.new()
        late = {"board": "call 13 January", "asked": "social focus"}
        assert as_told("2026-12-21", posts, story) == Day("2026-12-21", channel="A-1", nurse="A-1", **late)
        digests = [post for post in posts if "ctions, Monday 21 December" in text_of(post.card)]
        assert len(digests) == 2
        assert all("I could not post on 18 December 2026: this" in text_of(post.card) for post in digests)


async def test_what_teams_does_not_take_is_said_to_wait(tmp_path: Path, provisioned: Path) -> None:
    """Whoever runs the round by hand while Teams is down is not told that nothing was due."""
    async with board_from(tmp_path, provisioned, "2026-12-16T07:00") as calendar:
        await calendar.story.add_action(owner=NURSE.object_id, due="2026-12-25")
        await calendar.story.teams.stop()
        code, printed = await calendar.run_due("2026-12-18T09:00")
        waiting = {row["Key"] for row in calendar.story.bot.rows("Posts") if row["Status"] == "Waiting"}
        assert {"digest/forum:MHRMB/2026-12-18", f"digest/member:{NURSE.object_id}/2026-12-18"} <= waiting
        said = f"0 posted, {len(waiting)} wait for Teams: a running bot tries again.\n"
        assert (code, printed) == (0, said)


def test_the_clock_is_not_moved_where_notices_are_real(tmp_path: Path) -> None:
    """With an app id set, a future `--at` is refused with a sentence before anything is read or made."""
    done = run_command(
        "run-due",
        "--at",
        "2099-01-05T09:00:00Z",
        data_dir=tmp_path / "data",
        MHRMB_SHAREPOINT_PORT="0",
        MHRMB_BOT_APP_ID="4f1c9a7e-0000-4000-8000-00000000b071",
        MHRMB_TENANT_ID="6b8f2a4e-51d3-4c0a-9a7e-0d2f5c1e7b90",
        MHRMB_BOT_SECRET="not-a-secret",
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "--at is in the future, which would use up real notices: only a demonstration may do that."
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("at", ["soon", "2026-13-01", "09:00", ""])
def test_an_instant_that_is_none_is_wrong_usage(tmp_path: Path, at: str) -> None:
    """What cannot be read as an instant is exit code 2 with an example, and makes nothing."""
    done = run_command("run-due", "--at", at, data_dir=tmp_path / "data")
    assert done.returncode == 2
    assert "2026-11-22T09:00:00Z" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()
