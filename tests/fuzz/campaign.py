"""Sends spoilt activities over HTTP, several at once, and judges what came back and what was posted meanwhile."""

from __future__ import annotations

import asyncio
import io
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp
import orjson

from cards import words
from tests.board_people import MEMBERS, STRANGER
from tests.fuzz import activities
from tests.fuzz.hostile import MARK
from tests.fuzz.mutation import Mutation, encoded, mutations, spoilt
from tests.scenarios.board import Story
from tests.teams import JSON, Person

AT_ONCE = 8
BOUND = 20.0
"""Seconds an answer may take: a turn waits four for the store, and the machine may be busy with eight of them."""

BODY_LIMIT = 256 * 1024
"""Beyond this the edge answers without reading on, which a client may notice as a broken connection."""

STATUSES = frozenset({200, 400, 403, 413})
REFUSED = words.STORE_REFUSED.split("{", maxsplit=1)[0]
NEVER_SAID = (words.SORRY, REFUSED, "Traceback (most recent call last)")
"""What no input may bring about: the apology for faults of ours, and SharePoint refusing what the bot should have."""

NEVER_LOGGED = ("Traceback", "turn failed", "request failed", "round broke", "sentence not sent")


@dataclass(frozen=True)
class Case:
    """One activity: all of it follows from a seed and a number."""

    name: str
    sound: JSON
    done: tuple[Mutation, ...]
    ascii_only: bool

    @property
    def body(self) -> bytes:
        """What is sent."""
        return encoded(_settled(spoilt(self.sound, list(self.done)), self.sound), ascii_only=self.ascii_only)

    def without(self, number: int) -> Case:
        """The same with one thing fewer done to it."""
        return Case(self.name, self.sound, self.done[:number] + self.done[number + 1 :], self.ascii_only)


def case(seed: int, number: int, story: Story, people: Sequence[Person]) -> Case:
    """The case with this number."""
    random = Random(f"{seed}/{number}")
    name, sound = activities.sound(random, story.teams, people)
    return Case(name, sound, tuple(mutations(random, sound)), random.random() < 0.5)


def _settled(made: JSON, sound: JSON) -> JSON:
    """Keep to what Teams vouches for: nobody becomes a member, and a channel's conversation is never a chat's."""
    sender, real = made.get("from"), sound["from"].get("aadObjectId")
    if isinstance(sender, dict):
        said = sender.get("aadObjectId")
        members = {person.object_id for person, _, _ in MEMBERS} | {each.object_id for each in activities.ACTING}
        if isinstance(said, str) and said.lower() in members and said != real:
            sender["aadObjectId"] = STRANGER.object_id
    where = made.get("conversation")
    if isinstance(where, dict) and isinstance(where.get("id"), str) and where["id"] != sound["conversation"]["id"]:
        where["id"] = f"{'a:' if _is_private(made, where) else '19:'}{where['id'][:300]}"
    elif isinstance(where, dict) and where.get("conversationType") != sound["conversation"]["conversationType"]:
        where["id"] = f"{'a:' if _is_private(made, where) else '19:'}other"
    return made


def _is_private(made: JSON, where: JSON) -> bool:
    said = where.get("conversationType")
    data = made.get("channelData")
    shared = isinstance(data, dict) and any(data.get(name) for name in ("team", "channel", "settings"))
    return said == "personal" or (not said and not shared)


@dataclass
class Told:
    """What a run came to. `wrong` holds a line for each thing that must not happen."""

    statuses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        """Count another run with this one."""
        self.statuses += other.statuses
        self.kinds += other.kinds
        self.posts += other.posts
        self.slowest = max(self.slowest, other.slowest)
        self.wrong += other.wrong


class Campaign:
    """Cases against one running board."""

    def __init__(self, story: Story, seed: int, people: Sequence[Person]) -> None:
        self.story = story
        self.seed = seed
        self.people = tuple(people)
        self.told = Told()
        self._under_way: dict[int, Case] = {}
        self._recent: deque[Case] = deque(maxlen=2 * AT_ONCE)
        self._read = len(story.bot.said)
        self._session: aiohttp.ClientSession | None = None

    async def run(self, numbers: range) -> Told:
        """Send every case once."""
        waiting = iter(numbers)
        timeout = aiohttp.ClientTimeout(total=BOUND)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
            self._session = session
            await asyncio.gather(*[self._worker(waiting, numbers.start) for _ in range(AT_ONCE)])
        await asyncio.sleep(0.5)  # what was nudged is still being posted
        self._drain()
        return self.told

    async def _worker(self, waiting: Any, start: int) -> None:
        for number in waiting:
            made = case(self.seed, number, self.story, self.people)
            self._under_way[number] = made
            wrong = await self._sent(made)
            del self._under_way[number]
            self._recent.append(made)
            self.told.kinds[made.name.split(" ")[0]] += 1
            if wrong:
                self._blame(number, wrong, await self._smallest(made))
            if (number - start) % 250 == 0:
                self._drain()

    async def _smallest(self, made: Case) -> Case:
        """The case with as little done to it as still goes wrong."""
        for number in reversed(range(len(made.done))):
            smaller = made.without(number)
            if await self._sent(smaller):
                return await self._smallest(smaller)
        return made

    def _blame(self, number: int, wrong: str, smallest: Case) -> None:
        done = "; ".join(map(str, smallest.done)) or "nothing changed"
        body = smallest.body.decode()
        self.told.wrong.append(f"seed {self.seed} case {number}: {wrong}\n  {smallest.name}: {done}\n  {body[:1500]}")

    async def _sent(self, made: Case) -> str:
        """Send it; what was wrong with the answer, or nothing."""
        assert self._session is not None
        begun = time.monotonic()
        headers, body = {"Content-Type": "application/json; charset=utf-8"}, io.BytesIO(made.body)
        try:
            async with self._session.post(self.story.teams.bot, data=body, headers=headers) as response:
                status, answer = response.status, await response.read()
        except (TimeoutError, aiohttp.ClientError) as error:
            if isinstance(error, aiohttp.ClientError) and len(made.body) > BODY_LIMIT:
                self.told.statuses["413 before all was sent"] += 1
                return ""
            return f"no answer ({type(error).__name__}) in {time.monotonic() - begun:.1f} s"
        self.told.slowest = max(self.told.slowest, time.monotonic() - begun)
        self.told.statuses[str(status)] += 1
        return _wrong_with(status, answer)

    def _drain(self) -> None:
        """Judge what was posted and logged since the last time, and let go of it."""
        teams = self.story.teams
        calls, teams.calls[:] = list(teams.calls), []
        for call in calls:
            self.told.posts += 1
            said = call.body.decode()
            if any(never in said for never in (orjson.dumps(each).decode()[1:-1] for each in NEVER_SAID)):
                self._suspect(f"posted: {said[:300]}")
            in_public = call.conversation_id.startswith("19:")  # any other id names no place that people read
            if in_public and MARK.casefold() in _shown(call.json).casefold():
                self._suspect(f"echoed in {call.conversation_id}: {said[:600]}")
        for post_id in [key for key, post in teams.posts.items() if post.edits == 0][:-200]:
            del teams.posts[post_id]
        lines, self._read = self.story.bot.said[self._read :], len(self.story.bot.said)
        for line in lines:
            if MARK.casefold() in line.casefold() or any(never in line for never in NEVER_LOGGED):
                self._suspect(f"logged: {line[:300]}")

    def _suspect(self, what: str) -> None:
        """Something nobody's own answer showed: one of the latest cases brought it about."""
        latest = {each.name for each in (*self._under_way.values(), *self._recent)}
        self.told.wrong.append(f"seed {self.seed}: {what}\n  among {sorted(latest)}")


def _shown(sent: JSON) -> str:
    """What people see of a post: not the addresses, which are those the activity named."""
    activity = sent.get("activity", sent)
    return orjson.dumps([activity.get(name) for name in ("summary", "text", "attachments")]).decode()


def _wrong_with(status: int, body: bytes) -> str:
    if status not in STATUSES:
        return f"status {status}: {body[:300]!r}"
    said = body.decode()
    for never in NEVER_SAID:
        if never in said:
            return f"said {never[:60]!r}"
    if status != 200:
        told = orjson.loads(body)["error"]
        return "" if told["message"] and MARK.casefold() not in said.casefold() else f"refused with {told}"
    if body and not isinstance(orjson.loads(body), dict):
        return f"answered with {said[:100]}"
    return ""
