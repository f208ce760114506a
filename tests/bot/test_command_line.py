"""`python -m bot` as an operator meets it: exit codes, what it prints, and no traceback ever."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from bot.__main__ import main
from sharepoint import provision
from sharepoint.schema import LISTS, MEMBERS
from sharepoint.zones import PLACES
from tests.certificates import certificate, private_pem, public_pem
from tests.embedded_server import EmbeddedServer
from tests.running import ROOT, RunningBot
from tests.token_issuer import APP, TENANT, EntraIssuer

pytestmark = pytest.mark.long

CODE = re.compile(r"^Set-up code: ([A-Z2-9]{4}-[A-Z2-9]{4})\b", re.MULTILINE)


def command(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, over a data folder, with no other MHRMB setting than these."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
    environment |= {"MHRMB_DATA_DIR": str(data), "MHRMB_SHAREPOINT_PORT": "0", "MHRMB_PORT": "0", **settings}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    """--help says what there is, and makes nothing."""
    done = command(tmp_path / "data", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(word in done.stdout for word in ("serve", "provision", "demo"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("arguments", [["dance"], ["provision", "--wet"], ["--port", "1"], ["demo", "extra"]])
def test_what_is_no_command_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command, option or argument ends with 2 and a usage line."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m bot" in capsys.readouterr().err


def test_the_data_folder_is_found_from_where_one_stands(tmp_path: Path) -> None:
    """A relative folder is beside whoever types the command: the records go there as the token does."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
    environment |= {"MHRMB_DATA_DIR": "kept", "MHRMB_SHAREPOINT_PORT": "0", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "bot", "provision", "--dry-run"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert {"token", "sharepoint.db"} <= {each.name for each in (tmp_path / "kept").iterdir()}


def test_wrong_usage_makes_nothing(tmp_path: Path) -> None:
    """Exit code 2 reaches the shell, and no data folder is made."""
    done = command(tmp_path / "data", "dance")
    assert done.returncode == 2
    assert "usage: python -m bot" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def failed(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """The command failed as commands fail: 1, and one sentence on stderr that has these words."""
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    assert all(word in sentence for word in words), sentence


def test_a_bad_setting_is_one_sentence(tmp_path: Path) -> None:
    """A setting that cannot be used is exit code 1 and its sentence."""
    failed(command(tmp_path, "provision", MHRMB_PORT="many"), "MHRMB_PORT")
    failed(command(tmp_path, MHRMB_HOST="0.0.0.0"), "MHRMB_HOST", "MHRMB_BOT_APP_ID")


@pytest.mark.parametrize("settings", [{}, {"MHRMB_SHAREPOINT_TOKEN": "token"}], ids=["own token", "token set"])
def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path: Path, settings: dict[str, str]) -> None:
    """A data folder that cannot be used is named, whoever would use it first."""
    path = tmp_path / "taken"
    path.write_text("a file")
    failed(command(path, "provision", **settings), str(path), "cannot be used")
    assert path.read_text() == "a file"


@pytest.mark.parametrize("more", [(), ("--dry-run",)], ids=["for real", "dry"])
def test_a_site_that_cannot_be_reached_is_one_sentence(
    tmp_path: Path,
    taken: int,
    more: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody listening is said after one short wait, with the address and what to do; nothing was changed."""
    assert provision.FIRST_WAIT <= 8
    monkeypatch.setattr(provision, "FIRST_WAIT", 0.3)
    monkeypatch.setattr(provision, "WAIT", 3600)
    site = f"http://127.0.0.1:{taken}/sites/mhrmb"
    for name, value in (("SITE_URL", site), ("TOKEN", "token")):
        monkeypatch.setenv(f"MHRMB_SHAREPOINT_{name}", value)
    monkeypatch.setenv("MHRMB_DATA_DIR", str(tmp_path))
    assert main(["provision", *more]) == 1
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert all(words in sentence for words in (site, "does not answer", "Nothing was changed")), sentence


def test_a_sign_in_that_cannot_be_reached_is_one_sentence(tmp_path: Path, taken: int) -> None:
    """Without a network nothing is begun: it is said soon that nothing was changed, not that it stopped half way."""
    pem = tmp_path / "app.pem"
    pem.write_bytes(private_pem("app") + public_pem(certificate("app")))
    settings = {
        "MHRMB_SHAREPOINT_SITE_URL": "https://example.sharepoint.com/sites/mhrmb",
        "MHRMB_SHAREPOINT_CLIENT_ID": APP,
        "MHRMB_SHAREPOINT_CERTIFICATE": str(pem),
        "MHRMB_TENANT_ID": TENANT,
        "MHRMB_AUTHORITY": f"https://127.0.0.1:{taken}",
    }
    done = command(tmp_path / "data", "provision", "--dry-run", **settings)
    failed(done, "could not be reached", "Nothing was changed")
    assert ".)" not in done.stderr


def test_a_first_evening(tmp_path: Path) -> None:
    """A dry run, provision twice and demo twice over one folder: each does its part once and says what it did."""
    dry = command(tmp_path, "provision", "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    for of in LISTS:
        assert f"would create the list {of.name}" in dry.stdout
    assert "would add the column Referrals.Key (indexed, unique)" in dry.stdout
    assert "would add the view Actions: Overdue" in dry.stdout
    assert f"would close Members to all but {MEMBERS.zone.value}" in dry.stdout
    total = len(dry.stdout.splitlines()) - 1
    last = dry.stdout.splitlines()[-1]
    assert re.match(rf"{total} steps \({len(PLACES)} lists, \d+ columns, .* views, {len(PLACES)} zones\)", last), last
    assert last.endswith("; nothing was changed.")
    assert counts(tmp_path).keys().isdisjoint(of.name for of in LISTS)

    first = command(tmp_path, "provision")
    assert (first.returncode, first.stderr) == (0, "")
    for of in LISTS:
        assert f"create the list {of.name}" in first.stdout
        assert f"close {of.name} to all but {of.zone.value}" in first.stdout
    (code,) = CODE.findall(first.stdout)
    assert first.stdout.strip().splitlines()[-1].startswith("Set-up code: ")

    second = command(tmp_path, "provision")
    assert (second.returncode, second.stderr) == (0, "")
    assert len(second.stdout.strip().splitlines()) == 1
    assert CODE.findall(second.stdout) not in ([], [code]), "a code that nobody used is replaced"
    loaded = command(tmp_path, "demo")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert all(word in loaded.stdout for word in ("agencies", "referrals", "members"))
    before = counts(tmp_path)
    assert before["Members"] > 10
    assert before["Referrals"] >= 5
    failed(command(tmp_path, "demo"), "nothing was changed")
    assert counts(tmp_path) == before


def counts(data: Path) -> dict[str, int]:
    """How many rows each list of a data folder's site holds."""
    with closing(sqlite3.connect(data / "sharepoint.db")) as database:
        return dict(database.execute("SELECT title, item_count FROM lists").fetchall())


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else has."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_a_taken_sharepoint_port_is_one_sentence(tmp_path: Path, taken: int) -> None:
    """When the embedded server cannot listen the command says so and ends."""
    done = command(tmp_path, "provision", MHRMB_SHAREPOINT_PORT=str(taken))
    failed(done, str(taken))


def test_a_taken_port_is_one_sentence(template: Path, tmp_path: Path, taken: int) -> None:
    """When the bot's own port is taken, serve ends with the setting to change, and no traceback."""
    copytree(template, tmp_path, dirs_exist_ok=True)
    done = command(tmp_path, MHRMB_PORT=str(taken))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith(f"Port {taken} on 127.0.0.1")
    assert "MHRMB_PORT" in done.stderr


def test_two_bots_over_one_folder_are_one_sentence(template: Path, tmp_path: Path) -> None:
    """A second bot over a folder in use says which folder and ends; the first goes on."""
    copytree(template, tmp_path, dirs_exist_ok=True)
    with RunningBot(tmp_path) as bot:
        failed(command(tmp_path, MHRMB_SHAREPOINT_TOKEN="another"), str(tmp_path))
        assert bot.rows("Forums")
        assert bot.stop() == 0
    assert not any("Traceback" in line for line in bot.heard())


def test_signing_in_with_a_certificate(template: Path, tmp_path: Path) -> None:
    """Over a site of one's own the command signs in with a certificate; what goes wrong is one sentence."""
    site, keys = tmp_path / "site", tmp_path / "keys"
    copytree(template, site)
    keys.mkdir()
    with EntraIssuer(keys) as entra, EmbeddedServer(site) as server:
        entra.apps[APP] = [certificate("app")]
        (keys / "app.pem").write_bytes(private_pem("app", "opens sesame") + public_pem(entra.apps[APP][0]))
        settings = {
            "MHRMB_SHAREPOINT_SITE_URL": server.url,
            "MHRMB_SHAREPOINT_CERTIFICATE": str(keys / "app.pem"),
            "MHRMB_SHAREPOINT_CERTIFICATE_PASSPHRASE": "opens sesame",
            "MHRMB_SHAREPOINT_CLIENT_ID": APP,
            "MHRMB_TENANT_ID": TENANT,
            "MHRMB_AUTHORITY": entra.url,
            "REQUESTS_CA_BUNDLE": str(entra.authority.bundle),
        }
        done = command(tmp_path / "data", "provision", **settings)
        assert (done.returncode, done.stderr) == (0, "")
        assert CODE.findall(done.stdout)
        assert entra.granted == 1
        failed(command(tmp_path, "provision", **settings | {"MHRMB_TENANT_ID": "nowhere.example"}), "no such tenant")
        failed(command(tmp_path, "provision", **settings | {"REQUESTS_CA_BUNDLE": ""}), "REQUESTS_CA_BUNDLE")
        wrong = settings | {"MHRMB_SHAREPOINT_CERTIFICATE_PASSPHRASE": "let me in"}
        failed(command(tmp_path, "provision", **wrong), "MHRMB_SHAREPOINT_CERTIFICATE_PASSPHRASE", "does not open")
        entra.grant = lambda: "not for this site"
        failed(command(tmp_path, "provision", **settings), "HTTP 401", "did not accept the sign-in")
