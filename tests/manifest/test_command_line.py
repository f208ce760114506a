"""`python -m manifest` as an administrator meets it: exit codes, sentences, and a file that is whole or not there."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from manifest import __main__ as command_line
from manifest import publisher

GOOD = {
    "MHRMB_BOT_APP_ID": "4F1C9A7E-1111-4000-8000-00000000B071",
    "MHRMB_ORGANISATION": "Fictonshire Police",
    "MHRMB_WEBSITE_URL": "https://www.example.org/mhrmb",
    "MHRMB_PRIVACY_URL": "https://www.example.org/privacy",
    "MHRMB_TERMS_URL": "https://www.example.org/terms",
}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every setting is there and good, and there is no `.env`."""
    monkeypatch.chdir(tmp_path)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_it_writes_the_package_and_says_what_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0; the id is that of the settings, and nothing is left beside the zip."""
    assert command_line.main(["--out", "app.zip"]) == 0
    said = json.loads(zipfile.ZipFile("app.zip").read("manifest.json"))
    assert said["bots"][0]["botId"] == said["id"] == GOOD["MHRMB_BOT_APP_ID"].lower()
    assert said["developer"]["name"] == "Fictonshire Police"
    assert [each.name for each in tmp_path.iterdir()] == ["app.zip"]
    assert "Upload it in the Teams admin centre" in capsys.readouterr().out


def test_without_a_name_it_has_one() -> None:
    """An administrator need not think of one."""
    assert command_line.main([]) == 0
    assert Path("mhrmb-teams-app.zip").exists()


def test_settings_come_from_a_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` holds them as it does for the bot; the environment goes before it."""
    monkeypatch.delenv("MHRMB_PRIVACY_URL")
    monkeypatch.setenv("MHRMB_TERMS_URL", "https://www.example.org/newer")
    Path(".env").write_text(
        "MHRMB_PRIVACY_URL=https://www.example.org/from-file\nMHRMB_TERMS_URL=https://www.example.org/older\n"
    )
    read = publisher.read()
    assert (read.privacy, read.terms) == ("https://www.example.org/from-file", "https://www.example.org/newer")


def test_everything_missing_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, one sentence for each setting, no file."""
    for name in GOOD:
        monkeypatch.delenv(name)
    assert command_line.main([]) == 1
    lines = capsys.readouterr().err.splitlines()
    wanted = [name for name in GOOD if name != "MHRMB_ORGANISATION"]
    assert [line.split()[0] for line in lines] == [*wanted, "Nothing"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MHRMB_BOT_APP_ID", "mhrmb-bot"),
        ("MHRMB_BOT_APP_ID", "00000000-0000-0000-0000-000000000000"),
        ("MHRMB_ORGANISATION", "x" * 33),
        ("MHRMB_WEBSITE_URL", "www.example.org"),
        ("MHRMB_WEBSITE_URL", "http://www.example.org"),
        ("MHRMB_PRIVACY_URL", "https://intranet"),
        ("MHRMB_PRIVACY_URL", "https://www.example.org/a b"),
        ("MHRMB_TERMS_URL", "https://[::1"),
        ("MHRMB_TERMS_URL", "https://user@www.example.org"),
        ("MHRMB_TERMS_URL", "https://www.example.org/" + "x" * 2048),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    """One sentence with the setting's name, exit code 1."""
    monkeypatch.setenv(name, value)
    assert command_line.main([]) == 1
    told, nothing = capsys.readouterr().err.splitlines()
    assert told.startswith(f"{name} is ")
    assert nothing.startswith("Nothing was written.")
    assert not Path("mhrmb-teams-app.zip").exists()


def test_where_it_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder that is not there ends with 1 and a sentence."""
    assert command_line.main(["--out", "nowhere/app.zip"]) == 1
    assert "nowhere/app.zip cannot be written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["app.zip"], ["--out"], ["--for", "everybody"]])
def test_wrong_usage_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Argparse says how it is used."""
    with pytest.raises(SystemExit) as ended:
        command_line.main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m manifest" in capsys.readouterr().err
