"""The guides in docs/, taken apart into what a reader types, and played against a bot with the fictional board.

A block's first line says what it is. After `teams` stand a member of the fictional board and where they type, `private`
or `channel` (mentioning the bot), one message a line. An `answer` block below holds what the answer to the last of them
says, `…` standing for anything and `[Title]` for a button. The numbers and dates of the examples (R-14, 2026-12-10)
stand for those that the answer before named, and for the next board's day.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.demo import user_id
from bot.demo_data import PEOPLE
from cards import words
from tests.running import RunningBot
from tests.scenarios.board import text_of
from tests.teams import Person, Place, Post, Teams, elements

FENCE = re.compile(r"^```(\S*)[ ]?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = re.compile(r"\b(?:R-14|A-103|S-31|P-14(?:\.2)?|I-5)\b")
MEMBERS = {name.split()[0]: Person(name, user_id(number)) for number, (name, _, _) in enumerate(PEOPLE, start=1)}
REFUSED = re.compile(
    "did not understand|There is no |"
    + "|".join(
        re.sub(r"\\{.*?\\}", ".*", re.escape(sentence))
        for sentence in (*words.REFUSALS.values(), *words.PROBLEMS.values())
        if not sentence.startswith("{")
    )
)
"""What no example of a guide may be answered: that it is unknown, not allowed or wrong."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the words after that, its lines, and the number of its first line in the guide."""

    language: str
    options: tuple[str, ...]
    lines: tuple[str, ...]
    number: int


def blocks(guide: Path) -> list[Block]:
    """The fenced blocks of a guide, in order."""
    text = guide.read_text()
    return [
        Block(found[1], tuple(found[2].split()), tuple(found[3].splitlines()), text[: found.start()].count("\n") + 2)
        for found in FENCE.finditer(text)
    ]


MADE = re.compile("is made|was issued|could not be made")
BUSY = (words.STORE_BUSY, words.STORE_MAYBE)


class Reader:
    """Somebody who types what a guide says. `faults` names each line whose answer is not as the guide has it."""

    def __init__(self, bot: RunningBot, teams: Teams, clock: Path) -> None:
        self.bot, self.teams, self.clock = bot, teams, clock
        self.channel = teams.channel()
        self.faults: list[str] = []
        self._said: dict[Place, str] = {}
        self._posts: list[Post] = []
        self._board = self._board_day()

    async def follow(self, guide: Path) -> None:
        """Type all of it, in order."""
        shown: Block | None = None
        for block in blocks(guide):
            if block.language == "answer" and shown is not None:
                self._compare(block, f"{guide.name}:{block.number}")
            shown = block if block.language == "teams" else None
            if shown is not None:
                await self._type(block, guide)

    async def _type(self, block: Block, guide: Path) -> None:
        who, where, *options = block.options
        if "on-the-day" in options:
            self.clock.write_text(f"{self._board.isoformat()}T10:00:00+00:00")
        for at, line in enumerate(block.lines):
            place = self.channel if where == "channel" else self.teams.chat(MEMBERS[who])
            text = self._filled_in(line.removeprefix("@MHRMB "), place)
            status, said, again = await self._say(MEMBERS[who], text, place)
            self._said[place] = said
            if status != 200 or not said.strip() or (REFUSED.search(said) and not again):
                self.faults.append(f"{guide.name}:{block.number + at} {text!r} was answered {status} {said[:200]!r}")

    async def _say(self, person: Person, text: str, place: Place, again: int = 0) -> tuple[int, str, int]:
        """Type a line, and again when the bot asks for that, as it does on a machine that has much else to do.

        Status, what was said at last, and how often it was typed again: then it may have been done the first time.
        """
        before = set(self.teams.posts)
        status, _ = await self.teams.say(person, text, place)
        self._posts = list(self._answers(before, place))
        for _ in range(600):  # what takes longer comes after its announcement
            said = "\n".join(text_of(post.activity) for post in self._posts)
            if "comes here in a moment" not in said or MADE.search(said):
                break
            await asyncio.sleep(0.1)
            self._posts = list(self._answers(before, place))
        said = "\n".join(text_of(post.activity) for post in self._posts)
        if again < 3 and any(busy in said for busy in BUSY):
            return await self._say(person, text, place, again + 1)
        return status, said, again

    def _answers(self, before: set[str], place: Place) -> Iterator[Post]:
        """What is new where it was typed; cards of the board's own that come meanwhile start threads of their own."""
        for number, post in self.teams.posts.items():
            here = post.conversation_id.split(";")[0] == place.conversation_id
            if number not in before and here and not post.conversation_id.endswith(f"messageid={number}"):
                yield post

    def _filled_in(self, line: str, place: Place) -> str:
        """The examples' code, numbers and dates made those of this board."""
        said = self._said.get(place, "")

        def named(example: re.Match[str]) -> str:
            letter = example[0][0]
            pattern = rf"\b{letter}-\d+\.\d+" if "." in example[0] else rf"\b{letter}-\d+"
            found = re.search(pattern, said)
            return found[0] if found else example[0]

        days = {"2026-12-10": self._board, "2027-01-20": self._board + timedelta(weeks=6)}
        for shown, day in days.items():
            line = line.replace(shown, day.isoformat())
        return EXAMPLES.sub(named, line.replace("CODE", self.bot.code))

    def _board_day(self) -> date:
        """The day of the next board."""
        (row,) = [row for row in self.bot.rows("Meetings") if row["Forum"] == "MHRMB" and row["Status"] == "Planned"][
            :1
        ]
        return date.fromisoformat(row["HeldOn"][:10])

    def _compare(self, block: Block, where: str) -> None:
        said = " ".join(" ".join(text_of(post.activity) for post in self._posts).split())
        titles = {
            str(each.get("title"))
            for post in self._posts
            for each in elements(post.activity)
            if each["type"].startswith("Action.")
        }
        for line in block.lines:
            button = re.fullmatch(r"\[(.+)\]", line.strip())
            pattern = ".*?".join(re.escape(" ".join(part.split())) for part in line.split("…"))
            title = ".*".join(re.escape(part) for part in button[1].split("…")) if button else ""
            if button and not any(re.fullmatch(title, each) for each in titles):
                self.faults.append(f"{where} there is no button {button[1]!r} among {sorted(titles)}")
            if not button and not re.search(pattern, said):
                self.faults.append(f"{where} the answer does not say {line!r} but {said[:300]!r}")


def now_in(path: Path) -> Path:
    """A clock that stands at this moment until somebody moves it."""
    path.write_text(datetime.now(UTC).isoformat())
    return path
