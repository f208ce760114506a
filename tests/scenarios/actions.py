"""What members do with actions, as steps that read like the story, on a board whose clock stands where it is put."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.board_people import AGENCIES, CHAIR, HOU, MEMBERS, MHT, NURSE, POL, add_member
from tests.running import ROOT, TOKEN, RunningBot
from tests.scenarios.board import JSON, Story, eventually, page, text_of
from tests.teams import Person, Place, Post, Teams, find_action

TEAM_OFFICER = Person("Ivy Teamofficer")
"""Of the mental health team, who hears of rows that need putting right."""

QUIET = "2026-11-16T07:00"
"""A Monday morning before the digests: what these stories wait for is never mixed with the day's own posts."""

ACTION = {
    "what": "Agree the discharge protocol",
    "owner": NURSE.object_id,
    "due": "2026-11-27",
    "priority": "Normal",
    "source": "B-7",
    "why": "Two wards ring two numbers",
    "programme": "Winter plan",
}
"""A sound new action of the board's, due in eleven days."""

CASE_WORDS = ("PLANTEDWHAT", "PLANTEDWHY", "PLANTEDNOTE", "PLANTEDPLAN", "Zebedee")

CASE = {
    **ACTION,
    "what": "PLANTEDWHAT visit Zebedee at home",
    "why": "PLANTEDWHY his brother is afraid",
    "programme": "PLANTEDPLAN",
    "source": "R-14",
}
"""An action that comes from a case, its words planted so that they can be looked for where they must not be."""

MINDED = (
    *("Id", "Reference", "Open", "Status", "What", "Why", "OwnerUserId", "OwnerName", "Agency", "DueDate", "Priority"),
    *("Source", "Programme", "Note", "AskedDue", "ClosedOn", "StepKey"),
)
"""What a person minds of an action's row: all but what the bot keeps beside it for its own order."""

LARGEST_CARD = 24 * 1024
"""What Teams surely takes of a card: it refuses a message near 28 KB, envelope included."""


class ActionStory(Story):
    """A board at an instant that only `moves_to` changes."""

    def __init__(self, bot: RunningBot, teams: Teams, clock: Path) -> None:
        super().__init__(bot, teams)
        self.clock = clock

    def moves_to(self, instant: str) -> None:
        """Put the clock at an instant; without an offset it is UK time."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(instant)
        fresh.replace(self.clock)

    async def opens_a_chat(self, *people: Person) -> None:
        """Each says hello to the bot, so that it can write to them."""
        for person in people:
            await self.teams.say(person, "help", self.teams.chat(person))
        keys = {f"member:{person.object_id}" for person in people}
        await eventually(lambda: keys <= {row["Key"] for row in self.bot.rows("Conversations")}, "the chats to be kept")

    async def is_known(self, *people: Person) -> None:
        """Wait until the bot has come by the rows that were typed for them."""
        for person in people:
            deadline = time.monotonic() + 10
            while "do not know you" in await self.types(person, "whoami"):
                assert time.monotonic() < deadline, f"{person.name} is a member, and not known"
                await asyncio.sleep(0.1)

    async def add_form(self, chair: Person, place: Place | None = None) -> JSON:
        """Open the form that `add action` offers."""
        where = place or self.teams.chat(chair)
        await self.teams.say(chair, "add action", where)
        offers = [post for post in self.teams.posts_in(where) if "Add an action" in text_of(post.activity)]
        way_in = find_action(offers[-1].card, title="Open the form")
        return page(await self.teams.open(chair, way_in["data"], where))

    async def submit_action(self, chair: Person, form: JSON, values: JSON) -> JSON:
        """Send the form; the next page of the dialog is returned."""
        send = find_action(form, title="Add the action")
        return page(await self.teams.submit(chair, send["data"], values, self.teams.chat(chair)))

    async def add_action(self, chair: Person = CHAIR, **changed: str) -> str:
        """Add an action through the dialog, and return its reference."""
        kept = await self.submit_action(chair, await self.add_form(chair), {**ACTION, **changed})
        found = re.search(r"Kept as (A-\d+)\.", text_of(kept))
        assert found, text_of(kept)
        return found[1]

    async def opens(self, person: Person, reference: str) -> JSON:
        """Open the dialog of an action, as the channel's card offers it."""
        data = {"do": "action", "reference": reference}
        return page(await self.teams.open(person, data, self.channel))

    async def chooses(self, person: Person, card: JSON, button: str, **typed: str) -> JSON:
        """Press a button of an action's dialog; the next page is returned."""
        pressed = find_action(card, title=button)
        return page(await self.teams.submit(person, pressed["data"], typed, self.channel))

    async def takes(self, person: Person, reference: str, button: str, **typed: str) -> JSON:
        """Open an action and press one of its buttons."""
        return await self.chooses(person, await self.opens(person, reference), button, **typed)

    async def forges(self, person: Person, reference: Any, step: Any, key: Any = "f" * 32, **typed: Any) -> Any:
        """Send a step that no card offered; the raw answer is returned."""
        data = {"do": "action.step", "reference": reference, "step": step, "key": key}
        status, answer = await self.teams.submit(person, data, typed, self.channel)
        assert status == 200
        return answer

    async def types(self, person: Person, text: str, place: Place | None = None) -> str:
        """Type something, in a private chat unless a place is named, and return all that the answer says."""
        return text_of((await self.answered(person, text, place)).activity)

    async def answered(self, person: Person, text: str, place: Place | None = None) -> Post:
        """Type something and return the message that answers it."""
        where = place or self.teams.chat(person)
        before = len(self.teams.posts_in(where))
        status, _ = await self.teams.say(person, text, where)
        assert status == 200
        answer: Post = await eventually(lambda: self._answer(where, before), "one message that is the answer")
        return answer

    def _answer(self, where: Place, before: int) -> Post | None:
        """The one new message that is no notice: one may come at the same moment, and has a row in `Posts`."""
        new = self.teams.posts_in(where)[before:]
        if len(new) > 1:
            told = {row["ActivityId"] for row in self.bot.rows("Posts")}
            new = [post for post in new if post.id not in told]
        return new[0] if len(new) == 1 else None

    async def makes(self, person: Person, asked: str) -> str:
        """Ask for something that is made behind the answer: what comes once it is made, or what is said against it."""
        before = len(self.teams.posts_in(self.teams.chat(person)))
        await self.teams.say(person, asked, self.teams.chat(person))
        return text_of(await self.ready(person, before))

    async def ready(self, person: Person, before: int) -> JSON:
        """The message that comes after a chat said that it is being made, or the answer that says something else."""
        chat = self.teams.chat(person)
        if "comes here in a moment" in text_of(self.teams.posts_in(chat)[before].activity):
            await eventually(lambda: len(self.teams.posts_in(chat)) > before + 1, "what was being made", 30)
        return self.teams.last(chat).activity

    def action(self, reference: str) -> JSON:
        """The row of an action as SharePoint holds it; raises LookupError when it is not there."""
        number = int(reference[2:])
        return next(row for row in self.bot.rows("Actions") if row["Id"] == number)

    def kept(self, *references: str) -> list[JSON]:
        """What is kept of these actions, or of all when none is named."""
        rows = [self.action(reference) for reference in references] if references else self.bot.rows("Actions")
        return [{name: row[name] for name in MINDED} for row in rows]

    def buttons(self, card: JSON) -> list[str]:
        """What a card offers to do."""
        return [action["title"] for action in card.get("actions", [])]

    def in_the_channel(self) -> str:
        """Everything the channel shows or ever showed, as it was sent."""
        seen = [each for post in self.teams.posts_in(self.channel) for each in (*post.versions, post.activity)]
        return json.dumps(seen, ensure_ascii=False)


@pytest.fixture(scope="session")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every list in it and nothing else, made once a session for boards to be copied from."""
    made = tmp_path_factory.getbasetemp() / "provisioned-for-actions"
    if not made.exists():
        run_command("provision", data_dir=made, MHRMB_SHAREPOINT_PORT="0", check=True)
    return made


def run_command(
    *arguments: str, data_dir: Path, check: bool = False, within: float = 60, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` with these settings and no other to its end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
    environment |= {"MHRMB_DATA_DIR": str(data_dir), "MHRMB_SHAREPOINT_TOKEN": TOKEN, **settings}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
        check=check,
    )


@asynccontextmanager
async def board_at(
    data_dir: Path, provisioned: Path, instant: str = QUIET, *, anchor: str = "", **settings: str
) -> AsyncIterator[ActionStory]:
    """A board set up at an instant, whose agreements and members do not depend on the machine's date.

    `anchor` is one of its meeting days, at ten o'clock.
    """
    clock = data_dir / "clock"
    clock.write_text(instant)
    shutil.copytree(provisioned, data_dir / "bot")
    with RunningBot(data_dir / "bot", MHRMB_CLOCK=str(clock), **settings) as bot:
        fill(bot)
        if anchor:
            (forum,) = bot.rows("Forums")
            bot.change_row("Forums", forum["Id"], Anchor=f"{anchor}T12:00:00Z", MeetsAt="10:00")
        async with Teams(bot.url) as teams:
            made = ActionStory(bot, teams, clock)
            await made.set_up()
            yield made


def fill(bot: RunningBot) -> None:
    """The agencies and members of `board_people` and one of the mental health team; the homes' agreement has lapsed."""
    for code, name in AGENCIES:
        lapses = "2026-10-31T12:00:00Z" if code == HOU else "2028-12-31T12:00:00Z"
        signed = "2025-01-06T12:00:00Z"
        bot.add_row("Agencies", Agency=code, AgencyName=name, IsaSignedOn=signed, IsaLapsesOn=lapses, Open=True)
    for person, agency, roles in (*MEMBERS, (TEAM_OFFICER, POL, "Mental health team")):
        add_member(bot, person, agency, roles)


def longest_action(number: int) -> JSON:
    """A row whose every text is as long as SharePoint lets somebody type it, in characters of four bytes."""
    return {
        "What": f"{number} " + "💥" * 30_000,
        "Why": "💥" * 30_000,
        "Note": "💥" * 30_000,
        "OwnerUserId": NURSE.object_id,
        "OwnerName": "💥" * 127,
        "Agency": MHT,
        "DueDate": f"2026-11-{number % 28 + 1:02}T12:00:00Z",
        "Source": "B-7",
        "Programme": "💥" * 127,
        "Status": "In progress",
    }


def weight(card: Any) -> int:
    """The bytes of a card as they travel."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())
