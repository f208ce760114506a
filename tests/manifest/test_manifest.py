"""The package an administrator uploads: by Teams' rules, from the settings, the same bytes each time."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cards import extensions
from cards.help import COMMANDS
from manifest import icons, package, rules
from manifest.contents import SCHEMA, VERSION, manifest
from manifest.offered import CHOSEN, PERSONAL, TEAM, offers
from manifest.png import size
from manifest.publisher import Publisher
from tests.running import ROOT

HERE = Path(__file__).parent
PUBLISHER = Publisher(
    bot_app_id="4f1c9a7e-1111-4000-8000-00000000b071",
    organisation="Fictonshire Police",
    website="https://www.example.org/mhrmb",
    privacy="https://www.example.org/privacy",
    terms="https://www.example.org/terms",
)


def judged(said: dict[str, Any], version: str) -> list[str]:
    """What Microsoft's schema of a version has against a manifest."""
    node = shutil.which("node")
    assert node, "node was not found; install Node 20 or newer"
    done = subprocess.run(
        [node, str(HERE / "judge.mjs"), version], input=json.dumps(said), capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


def known_versions() -> list[str]:
    """The versions Microsoft's package holds, oldest first."""
    folder = HERE.parent / "conformance" / "node_modules" / "@microsoft/app-manifest/build/json-schemas/teams"
    found = [each.name.removeprefix("v") for each in folder.iterdir() if each.name[1:2].isdigit()]
    return sorted(found, key=lambda name: [int(part) for part in name.split(".")])


@pytest.mark.node
@pytest.mark.parametrize("shared", [False, True], ids=["standard", "shared"])
def test_it_passes_the_official_schema(shared: bool) -> None:
    """The schema it names has nothing against it."""
    said = manifest(PUBLISHER, "1.2.3", shared_channels=shared)
    assert said["$schema"] == SCHEMA
    assert judged(said, VERSION) == []


@pytest.mark.node
def test_it_would_pass_the_newest_schema_too() -> None:
    """Nothing in it has gone out of use since: only the number would change."""
    newest = known_versions()[-1]
    assert judged({**manifest(PUBLISHER, "1.2.3"), "manifestVersion": newest}, newest) == []


@pytest.mark.node
def test_the_schema_refuses_what_is_wrong() -> None:
    """The judge can say no: to an unknown property, a missing one and a bot's id that is none."""
    said = manifest(PUBLISHER, "1.2.3")
    said["bots"][0]["botId"] = "nobody"
    del said["developer"]["privacyUrl"]
    complaints = " ".join(judged({**said, "suprise": True}, VERSION))
    assert "/bots/0/botId" in complaints
    assert "privacyUrl" in complaints
    assert "additional properties" in complaints


def test_the_zip_holds_three_files_at_its_top() -> None:
    """The manifest and its two icons, by the names the manifest gives them."""
    archive = zipfile.ZipFile(io.BytesIO(package.package(PUBLISHER)))
    said = json.loads(archive.read("manifest.json"))
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == sorted(["manifest.json", *said["icons"].values()])
    assert size(archive.read(said["icons"]["color"])) == (192, 192)
    assert size(archive.read(said["icons"]["outline"])) == (32, 32)


def test_the_same_settings_make_the_same_bytes() -> None:
    """No date of the day and nothing of the machine is in it; another publisher makes another."""
    other = Publisher(**{name: getattr(PUBLISHER, name) for name in Publisher.__slots__} | {"organisation": "Another"})
    assert package.package(PUBLISHER) == package.package(PUBLISHER)
    assert package.package(PUBLISHER) != package.package(other)


def test_its_version_is_the_products() -> None:
    """Teams compares versions to offer an update, so there is one to change: pyproject.toml's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    archive = zipfile.ZipFile(io.BytesIO(package.package(PUBLISHER)))
    assert json.loads(archive.read("manifest.json"))["version"] == project["version"]


def test_it_asks_for_no_more_than_it_needs() -> None:
    """No right over a team's data, no device, no domain, no sign-on; standard channels only until asked otherwise."""
    said = manifest(PUBLISHER, "1.2.3")
    assert said["permissions"] == ["messageTeamMembers"]
    asked = {"authorization", "devicePermissions", "validDomains", "webApplicationInfo", "supportsChannelFeatures"}
    assert asked & said.keys() == set()
    assert said["bots"][0]["scopes"] == [TEAM, PERSONAL]
    assert said["bots"][0]["supportsFiles"] is False
    assert manifest(PUBLISHER, "1.2.3", shared_channels=True)["supportsChannelFeatures"] == "tier1"


@pytest.mark.parametrize("scope", [TEAM, PERSONAL])
def test_every_command_offered_is_one_of_helps(scope: str) -> None:
    """Its title is a command's word, and help says the same of it; in a team none that is taken in private only."""
    known = {command.word: command for command in COMMANDS}
    for offer in offers(scope):
        assert known[offer.title].does.replace("*", "").casefold() == offer.description.casefold()
        assert scope == PERSONAL or not known[offer.title].private


def test_every_message_extension_is_one_the_bot_answers() -> None:
    """Each search and each command of the bot's own list, with the name of the box it reads."""
    offered = manifest(PUBLISHER, "1.2.3")["composeExtensions"][0]["commands"]
    boxes = {each["id"]: each["parameters"][0]["name"] for each in offered if each["type"] == "query"}
    dialogs = {each["id"]: tuple(each["context"]) for each in offered if each["type"] == "action"}
    assert boxes == {search.id: search.parameter for search in extensions.SEARCHES}
    assert dialogs == {command.id: command.contexts for command in extensions.COMMANDS}


def test_help_is_offered_everywhere() -> None:
    """Whoever knows nothing can begin there, at the end of each list."""
    assert [words[-1] for words in CHOSEN.values()] == ["help", "help"]


def test_the_outline_is_white_on_nothing() -> None:
    """Every pixel is white, the corners are clear, and the figure reaches the edge."""
    rows = pixels(icons.outline())
    assert {pixel[:3] for row in rows for pixel in row} == {(255, 255, 255)}
    assert [rows[0][0][3], rows[-1][-1][3]] == [0, 0]
    assert max(row[0][3] for row in rows) > 128


def test_the_colour_icon_keeps_its_figure_in_the_middle() -> None:
    """Outside of the middle 96 pixels there is one colour, opaque, so that nothing is cut off with the corners."""
    rows = pixels(icons.colour((31, 78, 95)))
    outside = {rows[y][x] for y in range(192) for x in range(192) if not (48 <= x < 144 and 48 <= y < 144)}
    assert outside == {(31, 78, 95, 255)}
    assert (255, 255, 255, 255) in {pixel for row in rows for pixel in row}


def pixels(picture: bytes) -> list[list[tuple[int, ...]]]:
    """A PNG of ours read back: eight bits a channel, no filter."""
    import struct  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    width, height = size(picture)
    at, held = 8, b""
    while at < len(picture):
        (long,) = struct.unpack(">I", picture[at : at + 4])
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + long]
        assert zlib.crc32(kind + content) == struct.unpack(">I", picture[at + 8 + long : at + 12 + long])[0]
        held += content if kind == b"IDAT" else b""
        at += 12 + long
    lines = zlib.decompress(held)
    each = 1 + width * 4
    return [[tuple(lines[y * each + 1 + x * 4 : y * each + 5 + x * 4]) for x in range(width)] for y in range(height)]


def spoilt(**changed: Any) -> list[str]:
    """What our own rules say of a manifest with parts changed."""
    said = manifest(PUBLISHER, changed.pop("version", "1.2.3"))
    said |= changed
    return rules.problems(said, icons.colour((0, 0, 0)), changed.get("outline", icons.outline()))


def commands(*said: tuple[str, str]) -> list[dict[str, Any]]:
    """A bot with one list of commands."""
    listed = [{"title": title, "description": does} for title, does in said]
    return [{"commandLists": [{"scopes": ["team"], "commands": listed}]}]


def test_a_good_package_has_no_problem() -> None:
    """Ours passes, so that the refusals below mean something."""
    assert spoilt() == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": {"short": "x" * 31, "full": "y"}}, "name.short has 31 characters"),
        ({"description": {"short": "", "full": "y"}}, "description.short has 0 characters"),
        ({"version": "1.2"}, "not three numbers"),
        ({"version": "01.2.3"}, "not three numbers"),
        ({"bots": commands()}, "0 commands for team"),
        ({"bots": commands(*[(f"c{n}", "d") for n in range(11)])}, "11 commands for team"),
        ({"bots": commands(("help", "d"), ("Help", "d"))}, "offered twice"),
        ({"bots": commands(("x" * 33, "d"))}, "too long"),
        ({"bots": commands(("x", "d" * 129))}, "too long"),
        ({"outline": icons.colour((0, 0, 0))}, "outline icon is not 32 by 32"),
    ],
)
def test_what_teams_would_refuse_is_told(changed: dict[str, Any], says: str) -> None:
    """One sentence names the part and the limit."""
    (told,) = spoilt(**changed)
    assert says in told
