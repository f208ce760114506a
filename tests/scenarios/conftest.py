"""A running product for each scenario module: the bot, its embedded SharePoint, a stand-in for Teams, a small board."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.board_people import fill
from tests.running import RunningBot
from tests.scenarios import planted
from tests.scenarios.actions import provisioned
from tests.scenarios.board import Story
from tests.teams import Teams

__all__ = ["provisioned"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[Story]:
    """A board set up in its channel, shared by a module's tests: they must not rely on what others left."""
    async for made in made_story(tmp_path_factory.mktemp("board") / "bot", provisioned):
        yield made


@pytest_asyncio.fixture(loop_scope="function")
async def fresh_story(tmp_path: Path, provisioned: Path) -> AsyncIterator[Story]:
    """A board of its own for one test, set up."""
    async for made in made_story(tmp_path / "bot", provisioned):
        yield made


async def made_story(data_dir: Path, provisioned: Path, **settings: str) -> AsyncIterator[Story]:
    """A board over a copy of a provisioned folder: making the lists anew each time takes longer than the tests."""
    shutil.copytree(provisioned, data_dir)
    with RunningBot(data_dir, **settings) as bot:
        fill(bot)
        async with Teams(bot.url) as teams:
            made = Story(bot, teams)
            await made.set_up()
            yield made


MOST_REQUESTS = 4
"""What a turn may ask until it is answered, but for the people's lists where one of them changed just before."""

OFTEN = "a turn asked Teams often"
"""What the log says of a turn that made more than three calls to Teams."""

TURN = re.compile(r" turn kind=.* outcome=answered requests=(\d+) (?!.* (?:again|lost)=)(?:.* people=([12]) )?")


def costly(said: list[str]) -> list[str]:
    """The turns that asked more, but for those that asked again since SharePoint was busy, or decided again on what
    somebody else had changed; and those that asked Teams more than three times."""
    found = [(line, match) for line in said if (match := TURN.search(line))]
    many = [line for line, match in found if int(match[1]) - int(match[2] or 0) > MOST_REQUESTS]
    return many + [line for line in said if OFTEN in line]


@pytest.fixture(scope="session", autouse=True)
def sweeping() -> Iterator[None]:
    """Whatever a scenario did, when its bot and its Teams end they are looked through for what was planted, and the log
    for turns that asked SharePoint too often."""
    leave_bot, leave_teams = RunningBot.__exit__, Teams.__aexit__

    def exits(bot: RunningBot, *raised: object) -> None:
        found = planted.left_by(bot) if raised[0] is None else []
        leave_bot(bot, *raised)
        assert found == []
        assert raised[0] is not None or costly(bot.said) == []

    async def aexits(teams: Teams, *raised: object) -> None:
        found = planted.in_the_channels(teams) if raised[0] is None else []
        await leave_teams(teams, *raised)
        assert found == []

    RunningBot.__exit__, Teams.__aexit__ = exits, aexits  # type: ignore[method-assign]
    yield
    RunningBot.__exit__, Teams.__aexit__ = leave_bot, leave_teams  # type: ignore[method-assign]
