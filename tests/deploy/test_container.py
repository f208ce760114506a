"""The container file and the deployment settings name only what exists: neither can be built or deployed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from bot.operating import Operating
from bot.settings import read
from tests.running import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
BICEP = (ROOT / "deploy" / "container-app.bicep").read_text()
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()
SETTINGS = set(re.findall(r'text\("([A-Z_]+)"', (ROOT / "bot" / "settings.py").read_text()))


def copied() -> list[str]:
    """What the container file takes from the project."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def environment() -> dict[str, str]:
    """The settings that the container file makes."""
    return dict(re.findall(r"\b(MHRMB_[A-Z_]+)=(\S+)", DOCKERFILE.split("ENV ")[1]))


def test_all_that_is_copied_is_there_and_let_through() -> None:
    """Each path exists, and is not held back from the builder."""
    assert [path for path in copied() if not (ROOT / path).exists()] == []
    assert sorted(line[1:] for line in IGNORED if line.startswith("!")) == sorted(set(copied()))


def test_every_package_of_the_project_is_copied() -> None:
    """A package that is added to pyproject.toml is in the image too."""
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert {name.split(".")[0] for name in packages} <= set(copied())


def test_what_is_copied_is_enough_to_start(tmp_path: Path) -> None:
    """In a folder with nothing else, the bot, the package builder and the embedded server come up."""
    for path in copied():
        source = ROOT / path
        if source.is_dir():
            shutil.copytree(source, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / path)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MHRMB_", "PYTHONPATH"))}
    clean |= {"MHRMB_DATA_DIR": str(tmp_path / "data"), "MHRMB_SHAREPOINT_PORT": "0"}
    for arguments in (["bot", "provision", "--dry-run"], ["manifest", "--help"], ["sharepoint.embedded", "--help"]):
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=tmp_path,
            env=clean,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (arguments, done.stderr)


def test_the_code_is_compiled_beforehand(tmp_path: Path) -> None:
    """Every package, although the image's Python is told to keep nothing compiled."""
    (line,) = re.findall(r"^RUN python (-m compileall .+)$", DOCKERFILE, re.MULTILINE)
    packages = [path for path in copied() if (ROOT / path).is_dir()]
    for path in packages:
        shutil.copytree(ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
    assert "PYTHONDONTWRITEBYTECODE=1" in DOCKERFILE
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, *line.split()], cwd=tmp_path, env=environment, check=True, timeout=100)
    sources, compiled = [len(list(tmp_path.rglob(kind))) for kind in ("*.py", "*.pyc")]
    assert sources == compiled > len(packages)


def test_it_installs_what_is_locked_and_nobody_is_root() -> None:
    """Hashes are asked for, and what runs is an unprivileged user by number, as platforms that check it want."""
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert re.search(r"^USER [1-9]\d+$", DOCKERFILE, re.MULTILINE)
    made = re.search(r"--uid (\d+)", DOCKERFILE)
    assert made
    assert f"USER {made[1]}" in DOCKERFILE


def test_its_entry_is_a_command_of_the_bot() -> None:
    """What it runs when nothing is said is a command that exists."""
    assert 'ENTRYPOINT ["python", "-m", "bot"]' in DOCKERFILE
    said = re.search(r'^CMD \["(\w+)"\]$', DOCKERFILE, re.MULTILINE)
    assert said
    assert said[1] in COMMANDS


def test_its_settings_are_settings_that_the_bot_takes() -> None:
    """With an app id beside them they are accepted; without one the bot refuses to listen to everybody."""
    made = environment()
    assert {name.removeprefix("MHRMB_") for name in made} <= SETTINGS
    known = {
        "MHRMB_BOT_APP_ID": "4f1c9a7e-1111-4000-8000-00000000b071",
        "MHRMB_TENANT_ID": "t",
        "MHRMB_BOT_SECRET": "s",
    }
    settings = read({**made, **known})
    assert (settings.port, settings.log_format) == (3978, "json")
    assert f"EXPOSE {settings.port}" in DOCKERFILE
    with pytest.raises(Exception, match="MHRMB_BOT_APP_ID"):
        read(made)


def test_probes_ask_addresses_that_are_served() -> None:
    """Health is asked where the bot answers, on the port it listens on."""
    routes = set(re.findall(r'add_get\("(/\w+)"', Path(sys.modules[Operating.__module__].__file__ or "").read_text()))
    assert set(re.findall(r"127\.0\.0\.1:3978(/\w+)", DOCKERFILE)) <= routes
    probes = re.findall(r"type: '(\w+)'\s+httpGet: \{ path: '(/\w+)', port: (\d+) \}", BICEP)
    assert probes == [
        ("Startup", "/healthz", "3978"),
        ("Liveness", "/healthz", "3978"),
        ("Readiness", "/readyz", "3978"),
    ]
    assert "targetPort: 3978" in BICEP


def test_deployed_settings_are_settings_that_the_bot_takes() -> None:
    """Every one is read by the bot, and together, filled in, they are accepted."""
    names = re.findall(r"name: '(MHRMB_[A-Z_]+)'", BICEP)
    assert {name.removeprefix("MHRMB_") for name in names} <= SETTINGS
    filled = dict.fromkeys(names, "") | {
        "MHRMB_SHAREPOINT_SITE_URL": "https://example.sharepoint.com/sites/mhrmb",
        "MHRMB_BOT_APP_ID": "4f1c9a7e-1111-4000-8000-00000000b071",
        "MHRMB_MANAGED_IDENTITY": "4f1c9a7e-1111-4000-8000-00000000b071",
        "MHRMB_TENANT_ID": "6b8f2a4e-51d3-4c0a-9a7e-0d2f5c1e7b90",
        "MHRMB_PUBLIC_URL": "https://mhrmb.example.azurecontainerapps.io",
        "MHRMB_SEAL_KEY": "00" * 32,
        "MHRMB_LOG_FORMAT": "json",
    }
    assert read({**environment(), **filled}).managed_identity == filled["MHRMB_MANAGED_IDENTITY"]


def test_its_brackets_close() -> None:
    """No compiler looks at it here; at least nothing is left open, and each parameter is used."""
    bare = re.sub(r"//.*|'(?:[^'\\]|\\.)*'", "", BICEP)
    assert [bare.count(a) - bare.count(b) for a, b in ("{}", "[]", "()")] == [0, 0, 0]
    for parameter in re.findall(r"^param (\w+)", BICEP, re.MULTILINE):
        assert len(re.findall(rf"\b{parameter}\b", BICEP)) > 1, parameter


@pytest.mark.parametrize("text", [DOCKERFILE, BICEP], ids=["Dockerfile", "bicep"])
def test_what_could_not_be_tried_says_so(text: str) -> None:
    """Whoever opens it knows at once."""
    assert "Untried" in text.splitlines()[1]
