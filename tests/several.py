"""Several bots over one SharePoint, each a process of its own, with one Teams beside them all."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import NAMESPACE_OID, uuid5

from bot.turn import Reference, Scope
from tests.embedded_server import EmbeddedServer
from tests.running import RunningBot
from tests.teams import BOT_ID, TENANT, Person, Teams

JSON = dict[str, Any]
PROCESSES = 3


class Several:
    """`bots` over one `server`. They start together and share nothing but the lists."""

    def __init__(self, folder: Path, provisioned: Path, *, count: int = PROCESSES, module: str = "bot") -> None:
        shutil.copytree(provisioned, folder / "site")
        self.server = EmbeddedServer(folder / "site").start()
        site = {"MHRMB_SHAREPOINT_SITE_URL": self.server.url}
        self.bots = [RunningBot(folder / f"bot-{number}", module=module, **site) for number in range(count)]
        for bot in self.bots:
            bot.site = self.server.url

    def start(self) -> Self:
        """Start them all at once."""
        with ThreadPoolExecutor(len(self.bots)) as apart:
            list(apart.map(RunningBot.start, self.bots))
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bot in self.bots:
            with suppress(Exception):  # some are dead already
                bot.resume()
                bot.kill_alone()
        self.server.stop()

    @property
    def any(self) -> RunningBot:
        """A bot to read and write the lists with; it need not live."""
        return self.bots[0]

    def holder(self) -> RunningBot | None:
        """The bot whose name the lease bears."""
        names = {row["Holder"] for row in self.any.rows("Events") if row["Key"] == "lease:poster"}
        for bot in self.bots:
            name = bot.data_dir / "instance"
            if name.exists() and name.read_text() in names:
                return bot
        return None

    def bind(self, teams: Teams, audience: str, conversation_id: str, scope: Scope) -> None:
        """Say where an audience is reached, as `setup` and a first hello do."""
        where = Reference(teams.service_url, conversation_id, scope, TENANT, bot_id=BOT_ID)
        self.any.add_row(
            "Conversations",
            Key=audience,
            Audience=audience,
            Scope=scope.value,
            Stored=where.to_text(),
            TenantId=TENANT,
            Open=True,
        )

    def add_places(self, teams: Teams, count: int) -> tuple[list[str], list[str]]:
        """So many forums with a channel each, and members with a chat each; their codes and user ids."""
        forums = [f"FORUM{number}" for number in range(count)]
        members = [str(uuid5(NAMESPACE_OID, f"Several {number}")) for number in range(count)]
        for number, (forum, member) in enumerate(zip(forums, members, strict=True)):
            self.any.add_row("Forums", Key=f"forum:{forum}", Forum=forum, ForumName=f"Forum {number}", Open=True)
            self.bind(teams, f"forum:{forum}", teams.channel(forum).channel_id, Scope.CHANNEL)
            chat = teams.chat(Person(f"Several {number}", member)).conversation_id
            self.bind(teams, f"member:{member}", chat, Scope.PERSONAL)
        return forums, members

    def refer(self, forum: str, member: str) -> str:
        """A referral as it stands in the list, which makes two notices: a card and a receipt. Returns its reference."""
        row = self.any.add_row("Referrals", Concern="Fire setting", Forum=forum, ReferrerUserId=member)
        return f"R-{row}"


@dataclass
class Toll:
    """What happened: `kills` of each bot, and how many of all were of a bot that had just posted."""

    kills: Counter[int] = field(default_factory=Counter)
    after_a_post: int = 0


class Killer:
    """Kills each of several bots so often, SIGKILL, at random, and starts it again; several may be dead at once.

    Between two kills there are `pause` seconds at most. Every second one waits for a post and takes the bot that holds
    the lease right after it, where it hurts most.
    """

    def __init__(self, several: Several, teams: Teams, *, times: int, pause: float, seed: int = 0) -> None:
        self._several, self._teams, self._pause = several, teams, pause
        self._chance = random.Random(seed)
        self._left = dict.fromkeys(range(len(several.bots)), times)
        self._starting: dict[int, asyncio.Task[Any]] = {}
        self.toll = Toll()

    async def run(self) -> Toll:
        """Do it, and wait until all of them run again."""
        while any(self._left.values()):
            await asyncio.sleep(self._chance.uniform(0.1, self._pause))
            ready = [each for each, left in self._left.items() if left and self._runs(each)]
            if not ready:
                continue
            victim = self._chance.choice(ready)
            holder = await asyncio.to_thread(self._several.holder)
            posting = self._several.bots.index(holder) if holder else -1
            if sum(self._left.values()) % 2 and posting in ready and await self._posted():
                victim = posting
                self.toll.after_a_post += 1
            await self._kill(victim)
        await asyncio.gather(*self._starting.values())
        return self.toll

    def _runs(self, number: int) -> bool:
        started = self._starting.get(number)
        return started is None or started.done()

    async def _kill(self, number: int) -> None:
        bot = self._several.bots[number]
        bot.kill_alone()
        self._left[number] -= 1
        self.toll.kills[number] += 1
        self._starting[number] = asyncio.create_task(asyncio.to_thread(bot.start))

    async def _posted(self) -> bool:
        """Wait a while for a post; false when none comes."""
        before = len(self._teams.calls)
        for _ in range(300):
            await asyncio.sleep(0.01)
            if len(self._teams.calls) > before:
                return True
        return False


async def settled(several: Several, notices: int, within: float) -> list[JSON]:
    """The rows of all notices once none is on its way any more; fails saying how far they came."""
    deadline = time.monotonic() + within
    while True:
        rows = await asyncio.to_thread(several.any.rows, "Posts")
        if len(rows) >= notices and not any(row["Open"] for row in rows):
            return rows
        if time.monotonic() > deadline:
            raise AssertionError(
                f"{len(rows)} of {notices} rows: {Counter((row['Status'], row['Failure']) for row in rows)}"
            )
        await asyncio.sleep(0.5)


def shown(teams: Teams) -> Counter[tuple[str, str]]:
    """How often Teams shows each notice: by where it stands, and the referral it is about."""
    found: Counter[tuple[str, str]] = Counter()
    for post in teams.posts.values():
        first = (post.versions or [post.activity])[0]
        named = re.search(r"R-\d+", str(first.get("summary", "")))
        if named:
            found[post.conversation_id.partition(";")[0], named[0]] += 1
    return found


def duplicates(teams: Teams) -> int:
    """How many posts there are more than one of each notice."""
    return sum(count - 1 for count in shown(teams).values())


def unknown_outcomes(posts: list[JSON]) -> int:
    """How many sends of these rows nobody knows the outcome of."""
    return sum(int(row["UnknownOutcomes"] or 0) for row in posts)
