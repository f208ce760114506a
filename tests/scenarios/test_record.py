"""The record's seals through the real commands: edits by hand are adopted, what was done behind its back found."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POLICE, fill
from tests.running import RunningBot
from tests.scenarios.actions import run_command
from tests.scenarios.board import Story, eventually
from tests.teams import Teams

pytestmark = pytest.mark.long

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT12:00:00Z")
Findings = list[tuple[str, str]]


@dataclass(frozen=True)
class Database:
    """The embedded server's file, changed with SQLite itself: no version, no change in the feed, nobody's name."""

    path: Path

    def run(self, sql: str, *values: Any) -> list[Any]:
        """Do one statement. `{Referrals}` in it is that list's table."""
        with closing(sqlite3.connect(self.path / "sharepoint.db")) as db:
            lists = {title: no for no, title in db.execute("SELECT no, title FROM lists")}
            tables = {title: f"items_{no}" for title, no in lists.items()}
            found = db.execute(sql.format(**tables), values).fetchall()
            db.commit()
        return found

    def column(self, name: str, column: str) -> str:
        """The expression by which a list's table holds a column."""
        (found,) = self.run(
            "SELECT f.sql FROM fields f JOIN lists l ON l.no = f.list_no WHERE l.title = ? AND f.name = ?", name, column
        )
        return str(found[0])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sealed(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> Path:
    """A folder with three referrals, one of them answered twice and edited by hand, sealed; nothing runs over it."""
    folder = tmp_path_factory.mktemp("record") / "bot"
    shutil.copytree(provisioned, folder)
    with RunningBot(folder) as bot:
        fill(bot)
        async with Teams(bot.url) as teams:
            story = Story(bot, teams)
            await story.set_up()
            for _ in range(3):
                reference = await story.refer(POLICE)
            post = await story.card_of(reference)
            await story.look_and_answer(NURSE, post, "Here is the information", "Seen in May")
            await adopted(story, 3, Urgency="Routine")
    await asyncio.to_thread(due, folder)
    return folder


async def adopted(story: Story, number: int, **values: Any) -> dict[str, Any]:
    """The row of a referral once an edit made in SharePoint is adopted."""
    before = story.bot.rows("Referrals")[number - 1]["Chain"]
    story.bot.change_row("Referrals", number, **values)
    return await eventually(lambda: _sealed_again(story.bot, number, before), "the edit to be sealed")


def _sealed_again(bot: RunningBot, number: int, before: str) -> dict[str, Any] | None:
    row = bot.rows("Referrals")[number - 1]
    return row if row["Chain"] != before and row["ChangeReason"] == "edited in the list" else None


def due(folder: Path, at: str = TOMORROW) -> None:
    """What the clock does on a day: among other things its seal."""
    done = run_command("run-due", "--at", at, data_dir=folder, MHRMB_SHAREPOINT_PORT="0")
    assert done.returncode == 0, done.stderr


def checked(folder: Path, *arguments: str) -> dict[str, Findings]:
    """What `check` finds about the record: level and sentence."""
    done = run_command("check", "--json", *arguments, data_dir=folder, MHRMB_SHAREPOINT_PORT="0")
    assert "Traceback" not in done.stdout + done.stderr
    rows = [row for row in json.loads(done.stdout)["findings"] if row["group"] == "Record"]
    return {level: [row["says"] for row in rows if row["level"] == level] for level in ("fix", "advice", "good")}


@pytest.fixture
def own(sealed: Path, tmp_path: Path) -> Database:
    """A copy of it, to be tampered with."""
    shutil.copytree(sealed, tmp_path / "bot")
    return Database(tmp_path / "bot")


@pytest.mark.parametrize("arguments", [(), ("--all",)], ids=["since the last seal", "everything"])
def test_an_untouched_record_is_sound(own: Database, arguments: tuple[str, ...]) -> None:
    """Nothing is found in what the bot wrote and adopted; the key is not in the database."""
    found = checked(own.path, *arguments)
    assert found["fix"] == []
    assert found["advice"] == []
    assert "are as the bot sealed them" in found["good"][0]
    key = (own.path / "seal.key").read_text().strip()
    assert key.encode() not in (own.path / "sharepoint.db").read_bytes()
    assert (own.path / "seal.key").stat().st_mode & 0o077 == 0


def change(own: Database) -> None:
    """Other words in a field, without a version."""
    own.run(f"UPDATE {{Referrals}} SET {own.column('Referrals', 'WhyNow')} = 'Other words' WHERE id = 2")


def delete(own: Database) -> None:
    """A row that is gone from the table and from no bin."""
    own.run("DELETE FROM {Referrals} WHERE id = 1")


def roll_back(own: Database) -> None:
    """The third referral as its first version had it, with the versions since gone."""
    (no,) = own.run("SELECT no FROM lists WHERE title = 'Referrals'")[0]
    first = own.run("SELECT number, label, content FROM versions WHERE list_no = ? AND item = 3 ORDER BY number", no)[0]
    content = json.loads(first[2])
    chain = next(value for value in walk(content) if isinstance(value, str) and value.startswith('{"v":1'))
    own.run(f"UPDATE {{Referrals}} SET {own.column('Referrals', 'Chain')} = ?, label = ? WHERE id = 3", chain, first[1])
    own.run("DELETE FROM versions WHERE list_no = ? AND item = 3 AND number > ?", no, first[0])


def walk(node: Any) -> list[Any]:
    """Every value in a structure."""
    if isinstance(node, dict):
        return [found for each in node.values() for found in walk(each)]
    return [found for each in node for found in walk(each)] if isinstance(node, list) else [node]


def forge(own: Database) -> None:
    """A seal with another number in it, as somebody without the key would make it."""
    column = own.column("Referrals", "Chain")
    own.run(f"UPDATE {{Referrals}} SET {column} = replace({column}, '\"n\":', '\"n\":1') WHERE id = 2")


TAMPERED: list[tuple[Callable[[Database], None], str]] = [
    (change, "Referrals R-2 is changed behind SharePoint's back (WhyNow)"),
    (delete, "Referrals R-1 is deleted: it was there when it was sealed on "),
    (roll_back, "Referrals R-3 is put back to step 1 of "),
    (forge, "Referrals R-2 is with a seal that the bot did not make"),
]


@pytest.mark.parametrize("arguments", [(), ("--all",)], ids=["since the last seal", "everything"])
@pytest.mark.parametrize(("tamper", "says"), TAMPERED, ids=lambda each: getattr(each, "__name__", ""))
def test_tampering_is_found_named_and_dated(
    own: Database, tamper: Callable[[Database], None], says: str, arguments: tuple[str, ...]
) -> None:
    """A field changed, a row deleted, a row put back, a seal forged: each is named, and dated."""
    tamper(own)
    found = checked(own.path, *arguments)
    named = [said for said in found["fix"] if said.startswith(says)]
    assert named, found
    assert tamper is forge or any(day in named[0] for day in dated()), named


def dated() -> list[str]:
    """How a sentence says the days of this test: written today, sealed tomorrow, or each a day earlier at midnight."""
    days = [datetime.now(UTC) + timedelta(days=each) for each in (-1, 0, 1)]
    return [f" on {day.day} {day:%B %Y}, " for day in days]


def test_a_seal_that_is_taken_away_is_missed(own: Database) -> None:
    """Of two seals the earlier one's absence shows in the later."""
    due(own.path, (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT12:00:00Z"))
    kind = own.column("Events", "Kind")
    own.run(f"DELETE FROM {{Events}} WHERE id = (SELECT min(id) FROM {{Events}} WHERE {kind} = 'seal')")
    assert any("A seal before seal:" in said for said in checked(own.path, "--all")["fix"])


def test_another_key_is_told_as_such(own: Database) -> None:
    """A copy of the bot with a key of its own does not call the record tampered with."""
    (own.path / "seal.key").write_text("ab" * 32 + "\n")
    found = checked(own.path)
    assert any("sealed with a key that is not known here" in said for said in found["fix"])
    assert not any("behind SharePoint's back" in said for said in found["fix"])


async def test_an_edit_by_hand_is_adopted_with_its_editor(fresh_story: Story) -> None:
    """Who edits a row in SharePoint is named by the write that seals it; so is who brings back an earlier version."""
    story, bot = fresh_story, fresh_story.bot
    await story.refer(POLICE)
    row = await adopted(story, 1, Urgency="Routine")
    editor = bot.rows("Referrals", select="Id,Editor/Title", expand="Editor")[0]["Editor"]["Title"]
    assert row["ChangedBy"] == editor != POLICE.name

    bot.change_row("Referrals", 1, Urgency="Immediate", Concern=row["Concern"])
    again = await eventually(lambda: _sealed_again(bot, 1, row["Chain"]), "the second edit to be sealed")
    assert again["Urgency"] == "Immediate"


async def test_a_row_typed_by_hand_is_sealed(fresh_story: Story) -> None:
    """A member whom an administrator adds gets a key and a seal; the bot's own rows have theirs."""
    bot = fresh_story.bot
    number = bot.add_row("Members", UserId="f" * 36, MemberName="Typed Byhand", Roles="Observer")
    row = await eventually(lambda: _with_seal(bot, number), "the typed row to be sealed")
    assert row["Key"] == f"row:Members-{number}"
    assert row["ChangeReason"] == "typed into the list"
    await fresh_story.refer(CHAIR)
    assert all(each["Chain"] for name in ("Referrals", "Subjects") for each in bot.rows(name))


def _with_seal(bot: RunningBot, number: int) -> dict[str, Any] | None:
    row = next(each for each in bot.rows("Members") if each["Id"] == number)
    return row if row["Chain"] else None
