"""`python -m bot import` as a staff officer meets it: a preview, a question, the list filled once, nobody spammed."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from openpyxl import Workbook

from tests.board_people import CHAIR, MHT, NURSE
from tests.running import ROOT, TOKEN, RunningBot
from tests.scenarios.actions import QUIET, TEAM_OFFICER, ActionStory, board_at, provisioned, run_command
from tests.scenarios.board import eventually, text_of

__all__ = ["provisioned"]

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

HEADINGS = (
    "Ref",
    "Action",
    "Owner / Lead",
    "Agency",
    "Date raised",
    "Due date",
    "RAG",
    "Status",
    "Update",
    "Closed on",
)
SECRET = "PLANTEDWHAT"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board that this module's tests share; each brings in references of its own."""
    async with board_at(tmp_path_factory.mktemp("import"), provisioned) as made:
        await made.opens_a_chat(CHAIR, NURSE, TEAM_OFFICER)
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board of its own for one test."""
    async with board_at(tmp_path, provisioned) as made:
        await made.opens_a_chat(CHAIR, NURSE, TEAM_OFFICER)
        yield made


def tracker(path: Path, *rows: tuple[Any, ...], headings: tuple[Any, ...] = HEADINGS) -> Path:
    """A workbook with a title block above the headings, which stand in row 3, and a second sheet of lists."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Action log"
    for row in (("Fictonshire MHRMB",), (), headings, *rows):
        sheet.append(row)
    book.create_sheet("Lists").append(("Open", "Closed"))
    book.save(path)
    return path


def row(ref: str, **changed: Any) -> tuple[Any, ...]:
    """A sound open action of the trust's nurse, long overdue; `changed` names cells by their heading's first word."""
    cells: dict[str, Any] = {
        "Ref": ref,
        "Action": f"{SECRET} agree thing {ref}",
        "Owner": NURSE.name,
        "Agency": "Example Trust",
        "Date": "03.06.26",
        "Due": "1/7/2026",
        "RAG": "Red",
        "Status": "In progress",
        "Update": "Draft sent",
        "Closed": None,
    }
    return tuple({**cells, **changed}.values())


def brings_in(bot: RunningBot, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command beside the running bot, without a terminal."""
    port = str(bot.sharepoint_port)
    return run_command("import", str(path), *options, data_dir=bot.data_dir, MHRMB_SHAREPOINT_PORT=port, **_clock(bot))


def _clock(bot: RunningBot) -> dict[str, str]:
    return {"MHRMB_CLOCK": bot.settings["MHRMB_CLOCK"]}


def mine(bot: RunningBot, prefix: str) -> list[dict[str, Any]]:
    """The rows that a test brought in, by what their references begin with."""
    told = f"Reference in the earlier tracker: {prefix}"
    return [each for each in bot.rows("Actions") if told in str(each["Why"])]


async def test_a_preview_writes_nothing(story: ActionStory, tmp_path: Path) -> None:
    """Without a terminal and without --yes it shows what it understood, says it wrote nothing, and ends well."""
    path = tracker(tmp_path / "tracker.xlsx", row("P1"), row("P2", Owner="No Body", Agency="NHSE", Due="ASAP"))
    done = brings_in(story.bot, path)
    assert (done.returncode, done.stderr) == (0, "")
    for said in (
        "tracker.xlsx, sheet “Action log”: headings in row 3",
        "Left aside: “Lists”",
        "2 actions can be kept: 2 open (1 overdue), 0 closed. 0 rows with errors",
        "Owner / Lead",
        "→ Owner",
        "· left aside",
        "Owners who are not members: “No Body” (1)",
        "Agencies not in the list: “NHSE” (1)",
        "No due date, only words: “ASAP” (1)",
        f"{SECRET} agree thing P1",
        "Nothing was written: nobody was there to say yes. Add --yes to write.",
    ):
        assert said in done.stdout, said
    assert mine(story.bot, "P") == []


async def test_rows_are_kept_as_they_are_said(story: ActionStory, tmp_path: Path) -> None:
    """With --yes each row is an action with its reference, and a script's log repeats nothing of what rows say."""
    rows = (row("K1"), row("K2", Status="Complete", Closed="1/8/2026"), row("K3", Owner="No Body", Agency="NHSE"))
    done = brings_in(story.bot, tracker(tmp_path / "tracker.xlsx", *rows), "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 actions added, 0 were here already." in done.stdout
    assert SECRET not in done.stdout
    first, second, third = mine(story.bot, "K")
    assert {k: first[k] for k in ("Status", "Open", "OwnerUserId", "OwnerName", "Agency", "Note", "Forum")} == {
        "Status": "In progress",
        "Open": True,
        "OwnerUserId": NURSE.object_id,
        "OwnerName": NURSE.name,
        "Agency": MHT,
        "Note": "Draft sent",
        "Forum": "MHRMB",
    }
    assert (first["DueDate"][:10], first["AgreedOn"][:10], first["ClosedOn"]) == ("2026-07-01", "2026-06-03", None)
    assert (second["Status"], second["Open"], second["ClosedOn"][:10]) == ("Verified", False, "2026-08-01")
    assert (third["OwnerUserId"] or "", third["OwnerName"], third["Agency"] or "") == ("", "No Body", "")
    assert [each["Reference"] for each in (first, second, third)] == [f"A-{r['Id']}" for r in (first, second, third)]
    assert not any(SECRET in line for line in story.bot.heard())


async def test_the_same_file_again_adds_nothing(story: ActionStory, tmp_path: Path) -> None:
    """It says so; a corrected row is named with its reference and its columns, and what is kept stays."""
    path = tracker(tmp_path / "tracker.xlsx", row("S1"), row("S2"))
    brings_in(story.bot, path, "--yes")
    before = mine(story.bot, "S")
    again = brings_in(story.bot, path, "--yes")
    assert (again.returncode, again.stderr) == (0, "")
    assert "Everything in it is here already. Nothing was written." in again.stdout
    moved = tracker(tmp_path / "moved.xlsx", row("S2", Due="2/7/2026"), row("S1"), row("S3"))
    done = brings_in(story.bot, moved, "--yes")
    assert "1 actions added, 2 were here already." in done.stdout
    assert f"row 4 ({before[1]['Reference']}): Due" in done.stdout
    assert mine(story.bot, "S")[:2] == before


async def test_errors_by_row(story: ActionStory, tmp_path: Path) -> None:
    """Every wrong row is named and nothing is written, unless the others are asked for; once corrected they follow."""
    rows = [row("E1"), row("E2", Due="32/1/2026"), row("E3", Status="Green"), row("E4", Action=None)]
    path = tracker(tmp_path / "tracker.xlsx", *rows)
    done = brings_in(story.bot, path, "--yes", "--dry-run")
    assert done.returncode == 1
    assert [line.split(":")[0].strip() for line in done.stdout.splitlines() if line.startswith("  Row ")] == [
        "Row 5, Due date",
        "Row 6, Status",
        "Row 7, Action",
    ]
    assert "3 rows have errors, so nothing was written." in done.stderr
    assert mine(story.bot, "E") == []
    skipped = brings_in(story.bot, path, "--yes", "--skip-errors")
    assert (skipped.returncode, len(mine(story.bot, "E"))) == (0, 1)
    assert "3 rows with errors were left out" in skipped.stdout
    corrected = tracker(path, row("E1"), row("E2"), row("E3", Status="Green"), row("E4"))
    done = brings_in(story.bot, corrected, "--yes", "--status", "green=Complete")
    assert "3 actions added, 1 were here already." in done.stdout
    assert [each["Status"] for each in mine(story.bot, "E3")] == ["Verified"]


async def test_a_text_file_of_ones_own(story: ActionStory, tmp_path: Path) -> None:
    """A semicolon, Windows' letters and a heading of the board's own, which --column explains."""
    path = tmp_path / "tracker.csv"
    path.write_bytes("Ref;Task in hand;Who\r\nC1;Ring Renée;Cy Nurse\r\n".encode("cp1252"))
    refused = brings_in(story.bot, path, "--yes")
    assert refused.returncode == 1
    assert "--column 'Your heading=What'" in refused.stderr
    done = brings_in(story.bot, path, "--yes", "--column", "Task in hand=What")
    assert done.returncode == 0, done.stderr
    assert [(each["What"], each["OwnerUserId"]) for each in mine(story.bot, "C1")] == [("Ring Renée", NURSE.object_id)]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--column", "nonsense"), 2, "--column is written as"),
        (("--column", "Ref=Nonsense"), 2, "a field is one of: What, Reference"),
        (("--status", "Open=Nonsense"), 2, "a status is one of: Agreed"),
        (("--sheet", "Nowhere"), 1, "There is no sheet “Nowhere”. There are: “Action log”, “Lists”."),
        (("--sheet", "Lists"), 1, "No row of headings was found"),
    ],
)
async def test_wrong_usage(story: ActionStory, tmp_path: Path, options: tuple[str, ...], code: int, says: str) -> None:
    """One sentence, and the exit code of the kind of mistake."""
    done = brings_in(story.bot, tracker(tmp_path / "tracker.xlsx", row("W1")), "--yes", *options)
    assert done.returncode == code
    (sentence,) = done.stderr.strip().splitlines()
    assert says in sentence


async def test_a_file_that_is_not_there_starts_nothing(tmp_path: Path) -> None:
    """The file is read before any server is started or any folder is made."""
    done = run_command("import", "none.xlsx", data_dir=tmp_path / "data", MHRMB_SHAREPOINT_PORT="0")
    assert (done.returncode, done.stderr.strip()) == (1, "There is no file none.xlsx.")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("typed", "kept"), [("yes\n", 1), ("no\n", 0), ("\n", 0)], ids=["yes", "no", "enter"])
async def test_the_question_at_a_terminal(story: ActionStory, tmp_path: Path, typed: str, kept: int) -> None:
    """Only a yes writes."""
    ref = f"T{len(typed)}{kept}"
    said = at_a_terminal(story.bot, tracker(tmp_path / "tracker.xlsx", row(ref)), typed)
    assert "Write 1 actions? Type yes to write" in said
    assert ("Nothing was written." in said) == (not kept)
    assert len(mine(story.bot, ref)) == kept


def at_a_terminal(bot: RunningBot, path: Path, typed: str) -> str:
    """Run the command on a terminal of its own, type an answer to its question, and return all that it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
    environment |= {"MHRMB_DATA_DIR": str(bot.data_dir), "MHRMB_SHAREPOINT_TOKEN": TOKEN, **_clock(bot)}
    environment |= {"MHRMB_SHAREPOINT_PORT": str(bot.sharepoint_port)}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "import", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said, answered, until = "", False, time.monotonic() + 40
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        try:
            piece = os.read(ours, 65536).decode("utf-8", "replace") if ready else ""
        except OSError:  # the other end is closed
            break
        said += piece
        if "Type yes" in said and not answered:
            os.write(ours, typed.encode())
            answered = True
    process.wait(10)
    os.close(ours)
    return said


async def test_killed_half_way_and_run_again(story: ActionStory, tmp_path: Path) -> None:
    """What was kept stays, the rest follows, and each row is there once with its reference."""
    path = tracker(tmp_path / "tracker.xlsx", *(row(f"H{n:04}") for n in range(700)))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")}
    environment |= {"MHRMB_DATA_DIR": str(story.bot.data_dir), "MHRMB_SHAREPOINT_TOKEN": TOKEN, **_clock(story.bot)}
    environment |= {"MHRMB_SHAREPOINT_PORT": str(story.bot.sharepoint_port)}
    command = [sys.executable, "-m", "bot", "import", str(path), "--yes"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    await eventually(lambda: bool(mine(story.bot, "H")), "the first rows", within=30)
    process.kill()
    process.wait(10)
    assert 0 < len(mine(story.bot, "H")) < 700
    done = brings_in(story.bot, path, "--yes")
    assert done.returncode == 0, done.stderr
    found = mine(story.bot, "H")
    assert sorted(re.findall(r"H\d{4}", "".join(each["Why"] for each in found))) == [f"H{n:04}" for n in range(700)]
    assert all(each["Reference"] == f"A-{each['Id']}" for each in found)


async def test_more_open_than_can_be_shown(story: ActionStory, tmp_path: Path) -> None:
    """The tracker could not be asked for, so it is refused with what to do."""
    path = tmp_path / "tracker.csv"
    path.write_text("Ref,Action,Owner\n" + "".join(f"M{n},Ring,Cy Nurse\n" for n in range(5001)))
    done = brings_in(story.bot, path, "--yes")
    assert done.returncode == 1
    assert "SharePoint can show at most 5,000 at a time" in done.stderr
    assert mine(story.bot, "M") == []


async def test_nobody_is_spammed(fresh: ActionStory, tmp_path: Path) -> None:
    """Two hundred actions, half of them nobody's, all immediate: no message before the digest, then one each."""
    headings = (*HEADINGS, "Priority")
    rows = [
        (*row(f"N{n}", Owner=NURSE.name if n % 2 else "No Body", Due="1/7/2026" if n % 3 else "TBC"), "Immediate")
        for n in range(200)
    ]
    places = [fresh.channel, *(fresh.teams.chat(person) for person in (CHAIR, NURSE, TEAM_OFFICER))]
    before = [len(fresh.teams.posts_in(place)) for place in places]
    done = brings_in(fresh.bot, tracker(tmp_path / "tracker.xlsx", *rows, headings=headings), "--yes")
    assert done.returncode == 0, done.stderr
    marker = fresh.bot.add_row("Actions", What="Typed afterwards", DueDate="2026-12-01T12:00:00Z", Open=True)
    told = fresh.teams.chat(TEAM_OFFICER)
    await eventually(lambda: len(fresh.teams.posts_in(told)) > before[3], "the report of the row typed by hand", 30)
    new = [len(fresh.teams.posts_in(place)) - count for place, count in zip(places, before, strict=True)]
    assert new == [0, 0, 0, 1], "only the row typed by hand is reported"
    assert f"A-{marker}" in text_of(fresh.teams.posts_in(told)[-1].activity)

    fresh.moves_to(f"{QUIET[:11]}08:31")
    await eventually(lambda: len(fresh.teams.posts_in(fresh.teams.chat(NURSE))) > before[2], "the owner's digest", 30)
    await eventually(lambda: len(fresh.teams.posts_in(fresh.channel)) > before[0], "the channel's digest", 30)
    new = [len(fresh.teams.posts_in(place)) - count for place, count in zip(places, before, strict=True)]
    assert new == [1, 0, 1, 1], "one digest for the channel and one for the only owner"


async def test_what_was_brought_in_can_be_worked(story: ActionStory, tmp_path: Path) -> None:
    """Its owner sees it and says that it is done, like any action."""
    brings_in(story.bot, tracker(tmp_path / "tracker.xlsx", row("Z1")), "--yes")
    (kept,) = mine(story.bot, "Z1")
    said = await story.types(NURSE, f"done {kept['Reference']}")
    assert kept["Reference"] in said
    assert story.action(kept["Reference"])["Status"] == "Done, to be verified"
