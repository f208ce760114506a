"""The look through what each scenario left finds what is there to be found, in every place that it looks at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import RunningBot
from tests.scenarios.actions import provisioned
from tests.scenarios.board import Story
from tests.scenarios.conftest import costly
from tests.scenarios.planted import PERSONS, in_the_channels, left_by
from tests.teams import Teams

__all__ = ["provisioned"]


async def test_each_place_is_looked_at(fresh_story: Story) -> None:
    """A word in the log, in a file's name, in a row of `Events`, in a channel: each is found, and nothing before."""
    bot, teams = fresh_story.bot, fresh_story.teams
    assert left_by(bot) == []
    assert in_the_channels(teams) == []

    bot.said.append("WARNING somebody said Wilhelmina")
    named = Path(bot.data_dir) / "Zebedee.txt"
    named.touch()
    row = bot.add_row("Events", Key="k", Kind="k", Value="PLANTEDWORD")
    found = "\n".join(left_by(bot))
    for place in ("the log: Wilhelmina", "a file's name: Zebedee", "Events: PLANTEDWORD"):
        assert place in found
    bot.said.remove("WARNING somebody said Wilhelmina")  # the last line may be another by now
    named.unlink()
    bot.change_row("Events", row, Value="")
    assert left_by(bot) == []

    post = teams.posts_in(fresh_story.channel)[-1]
    post.activity["text"] = "about Zebedee"
    assert in_the_channels(teams)
    post.activity["text"] = ""


def test_it_is_done_when_a_bot_and_its_teams_end() -> None:
    """The scenarios' own context managers are those that look."""
    for owner, name in ((RunningBot, "__exit__"), (Teams, "__aexit__")):
        assert "sweeping" in getattr(owner, name).__qualname__


@pytest.mark.parametrize("word", ["zebedee", "Zebbedee", "PLANTEDWHY", "PLANNEDSCENE", "943 476 5919", "01632 960001"])
def test_words_are_found_however_they_stand(word: str) -> None:
    """In any case, and with what the scenarios add to them; a status of a plan is no such word."""
    assert PERSONS.search(f'{{"x": "a {word}b"}}')
    assert not PERSONS.search('{"Status": "Planned", "Kind": "plan paper"}')


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("outcome=answered requests=4 ms=10 correlation=1f", False),
        ("outcome=answered requests=5 ms=10 correlation=1f", True),
        ("outcome=answered requests=6 ms=10 people=2 correlation=1f", False),
        ("outcome=answered requests=7 ms=10 people=2 correlation=1f", True),
        ("outcome=answered requests=9 ms=10 people=5 correlation=1f", True),
        ("outcome=answered requests=9 ms=10 again=1 people=1 correlation=1f", False),
        ("outcome=answered requests=9 ms=10 people=1 lost=1 correlation=1f", False),
        ("outcome=refused requests=9 ms=10 correlation=1f", False),
    ],
)
def test_a_turn_that_asked_too_often_is_found(line: str, told: bool) -> None:
    """Four requests of its own, beside a reading of the people's lists or two."""
    said = [f"2026-11-30T13:31:55+0000 INFO mhrmb.turn turn kind=message did=refer {line}", "Ready: here"]
    assert costly(said) == (said[:1] if told else [])
