"""The guides say what happens: each is followed line by line on a fresh board, and nothing in them leads nowhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from bot.__main__ import _parser as bot_parser
from bot.settings import Settings, read
from cards.help import COMMANDS
from manifest.__main__ import _parser as manifest_parser
from tests.running import ROOT, RunningBot
from tests.scenarios.guides import MEMBERS, Reader, blocks, now_in
from tests.teams import Teams

pytestmark = pytest.mark.long

DOCS = ROOT / "docs"
GUIDES = ("administrator", "officer", "chair", "partner", "engineer", "accessibility", "playground")
PLAYED = ("administrator", "officer", "chair", "partner", "accessibility", "playground")
BY_HAND = "by-hand"
LANGUAGES = {"teams", "answer", "sh", "azurecli", "powershell", "text", "yaml", "python", ""}
OWN = {"make", ".venv/bin/python", "python"}

every_guide = pytest.mark.parametrize("guide", [DOCS / f"{name}.md" for name in GUIDES], ids=GUIDES)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fictional board as `make run` makes it, to be copied: loading it takes longer than a guide."""
    made = tmp_path_factory.mktemp("board") / "bot"
    with RunningBot(made, MHRMB_DEMO="1"):
        pass
    return made


@pytest.mark.parametrize("name", PLAYED)
async def test_what_is_typed_is_answered_as_the_guide_says(name: str, tmp_path: Path, board: Path) -> None:
    """Every line is typed by whom the guide names, in its order, on a board as `make run` makes it."""
    clock = now_in(tmp_path / "clock")
    copytree(board, tmp_path / "bot")
    with RunningBot(tmp_path / "bot", MHRMB_CLOCK=str(clock)) as bot:
        async with Teams(bot.url) as teams:
            reader = Reader(bot, teams, clock)
            await reader.follow(DOCS / f"{name}.md")
    assert reader.faults == []


async def test_a_guide_that_is_wrong_would_be_noticed(tmp_path: Path, board: Path) -> None:
    """A wrong answer, a missing button, words that mean nothing and a refusal are each a fault."""
    guide = tmp_path / "wrong.md"
    guide.write_text(
        "```teams Gray private\nxyzzy\ntriage R-2 MAPPA: why\n```\n\n"
        "```teams Gray private\nhelp\n```\n\n```answer\nNobody says this\n[Explode]\n```\n"
    )
    clock = now_in(tmp_path / "clock")
    copytree(board, tmp_path / "bot")
    with RunningBot(tmp_path / "bot", MHRMB_CLOCK=str(clock)) as bot:
        async with Teams(bot.url) as teams:
            reader = Reader(bot, teams, clock)
            await reader.follow(guide)
    assert [fault.split()[0] for fault in reader.faults] == [
        "wrong.md:2",
        "wrong.md:3",
        "wrong.md:11",
        "wrong.md:11",
    ]


@every_guide
def test_shell_commands_do_what_the_guide_says(guide: Path, tmp_path: Path) -> None:
    """Each `sh` block that is not marked as done by hand ends well, or with the code it names, one after another."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
    environment |= {"PYTHONPATH": str(ROOT), "MHRMB_SHAREPOINT_PORT": "0", "MHRMB_PORT": "0"}
    for block in blocks(guide):
        if block.language != "sh" or BY_HAND in block.options:
            continue
        typed = "\n".join(block.lines).replace(".venv/bin/python", sys.executable)
        wanted = next((int(each.removeprefix("ends=")) for each in block.options if each.startswith("ends=")), 0)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", typed],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == wanted, (f"{guide.name}:{block.number}", done.stdout[-500:], done.stderr[-500:])


def test_settings_that_are_shown_are_taken() -> None:
    """Each `.env` in the administrator's guide is one the bot starts with."""
    shown = [block for block in blocks(DOCS / "administrator.md") if block.lines[:1][0].startswith("MHRMB_")]
    for block in shown:
        assert read(dict(line.split("=", 1) for line in block.lines)).site_url
    assert len(shown) == 2


@every_guide
def test_our_own_commands_are_spelt_right(guide: Path) -> None:
    """Whatever a block does with make or our modules, by hand or not, exists."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for block in blocks(guide):
        if block.language != "sh":
            continue
        for line in "\n".join(block.lines).replace("\\\n", " ").splitlines():
            words = [word for word in line.split("#")[0].split() if "=" not in word or word.startswith("--")]
            if words[:1] == ["make"]:
                assert words[1] in targets, line
            if words[1:3] == ["-m", "bot"]:
                bot_parser().parse_args(words[3:])
            if words[1:3] == ["-m", "manifest"]:
                manifest_parser().parse_args(words[3:])


@every_guide
def test_it_uses_blocks_a_reader_knows(guide: Path) -> None:
    """A block's language is one of a few, and who types is somebody of the fictional board."""
    for block in blocks(guide):
        assert block.language in LANGUAGES, block
        if block.language == "teams":
            assert block.options[0] in MEMBERS
            assert block.options[1] in ("private", "channel")


@pytest.mark.parametrize("guide", [DOCS / f"{name}.md" for name in (*GUIDES, "cards")], ids=lambda guide: guide.stem)
def test_no_link_leads_nowhere(guide: Path) -> None:
    """Files, pictures and headings that are linked to are there."""
    for target in re.findall(r"\]\(([^)\s]+)\)", guide.read_text()):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, heading = target.partition("#")
        file = (guide.parent / path).resolve() if path else guide
        assert file.exists(), target
        assert not heading or heading in headings(file), target


def headings(file: Path) -> set[str]:
    """The anchors that GitHub makes of a file's headings."""
    found = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.replace("`", "").lower()).replace(" ", "-") for each in found}


@every_guide
def test_every_setting_it_names_exists(guide: Path) -> None:
    """No guide tells of a setting that nothing reads."""
    code = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "manifest").rglob("*.py")]
    says = " ".join(each.read_text() for each in code)
    known = set(re.findall(r'text\("([A-Z_]+)"', says)) | set(re.findall(r'"MHRMB_([A-Z_]+)"', says))
    assert sorted(set(re.findall(r"MHRMB_([A-Z_]+)", guide.read_text())) - known) == []
    assert len(known) >= len(Settings.__dataclass_fields__) - 1


def test_every_guide_is_reached_from_the_readme() -> None:
    """Whoever opens the README finds them all."""
    readme = (ROOT / "README.md").read_text()
    assert [name for name in GUIDES if f"](docs/{name}.md)" not in readme] == []


def test_what_people_type_is_in_some_guide() -> None:
    """The words used most are shown at work, not only listed."""
    typed = " ".join(line for name in PLAYED for block in blocks(DOCS / f"{name}.md") for line in block.lines)
    needed = {"refer", "referral", "look", "return", "tracker", "my actions", "done", "triage", "list", "subgroup"}
    needed |= {"board", "agenda", "pack", "decide", "minutes", "brief", "plan", "history", "bundle", "risk", "lesson"}
    assert needed <= {command.word for command in COMMANDS}
    assert sorted(word for word in needed if not re.search(rf"\b{word}\b", typed)) == []
