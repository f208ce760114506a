"""What the README promises is run as it is written, against a bot with the fictional board."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from cards.help import COMMANDS
from tests.running import ROOT, RunningBot

README = (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """A bot as `make run` starts it, on ports of its own."""
    with RunningBot(tmp_path_factory.mktemp("readme"), MHRMB_DEMO="1", MHRMB_SHAREPOINT_TOKEN="") as running:
        yield running


def run(command: str, bot: RunningBot) -> str:
    """Run one of the README's commands with its ports and folder put in the place of the defaults."""
    command = command.replace(":3978/", f":{bot.port}/").replace(":3980/", f":{bot.sharepoint_port}/")
    command = command.replace(".mhrmb/", f"{bot.data_dir}/")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=30, check=True)
    return done.stdout


def commands() -> list[str]:
    """The `curl` commands in the README, in order."""
    return [block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if block.startswith("curl")]


def test_the_first_command_opens_a_look(bot: RunningBot) -> None:
    """The question why comes back in a dialog, for a member of the fictional board."""
    answer = json.loads(run(commands()[0], bot))

    assert answer["task"]["type"] == "continue"
    assert "Referral R-1" in json.dumps(answer)


def test_the_second_command_shows_the_rows(bot: RunningBot) -> None:
    """The rows of the fictional board come back over plain REST."""
    rows = json.loads(run(commands()[1], bot))["value"]

    assert [row["Reference"] for row in rows] == [f"R-{number}" for number in range(1, 36)]


def test_what_make_run_prints_is_what_the_readme_shows(bot: RunningBot) -> None:
    """Every line shown is printed, but for the code, the ports and the folder."""
    shown = README.split("prints something like this:\n\n```\n")[1].split("```")[0].strip().splitlines()

    def alike(line: str) -> str:
        return re.sub(r"[A-Z2-9]{4}-[A-Z2-9]{4}|:\d+|\(.*?\)", "…", line)

    printed = {alike(line) for line in bot.heard()}
    assert [line for line in shown if alike(line) not in printed] == []


def test_every_command_is_in_the_readme() -> None:
    """The table of commands is the one that help shows."""
    assert [c.typed for c in COMMANDS if f"| `{c.typed}` |" not in README] == []


def test_every_setting_is_in_the_readme() -> None:
    """A setting that the code reads is in the table."""
    read = set(re.findall(r'text\("([A-Z_]+)"', (ROOT / "bot" / "settings.py").read_text()))
    assert sorted(name for name in read if f"`MHRMB_{name}`" not in README) == []
    assert len(read) >= len(Settings.__dataclass_fields__) - 1


def test_every_setting_of_the_package_is_in_the_readme() -> None:
    """So is what only the app package is made from."""
    read = set(re.findall(r'"(MHRMB_[A-Z_]+)"', (ROOT / "manifest" / "publisher.py").read_text()))
    assert sorted(name for name in read if f"`{name}`" not in README) == []
    assert len(read) == 5


@pytest.mark.parametrize("picture", re.findall(r"\]\((docs/[^)]+)\)", README))
def test_every_picture_is_there(picture: str) -> None:
    """No picture in the README is broken."""
    assert Path(ROOT / picture).stat().st_size > 1000
