"""A site that an earlier version provisioned and people worked in, brought up to date: nothing of it is lost.

The fixture is read twice: as raw SQL before, which knows nothing of today's code, and over REST afterwards.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import pytest

from sharepoint.schema import LISTS
from tests.embedded_server import ROOT, EmbeddedServer

DUMP = Path(__file__).parents[1] / "fixtures" / "older_site.sql"
ACTIONS = "web/lists/getByTitle('Actions')"
OWN_VIEW = {
    "Title": "As the team likes it",
    "ViewQuery": '<OrderBy><FieldRef Name="Shelf" /></OrderBy>',
    "RowLimit": 17,
}
CHANGED = {"Settings"}
"""Where provisioning itself writes rows: the schema's fingerprint, and a new set-up code."""


@dataclass(frozen=True)
class Was:
    """One list as the fixture's tables have it."""

    title: str
    fields: dict[str, sqlite3.Row]
    rows: dict[int, dict[str, Any]]
    versions: dict[int, list[tuple[str, dict[str, Any]]]]


def read_fixture() -> dict[str, Was]:
    """Every list of the dump with its columns, its rows by column name, and each row's versions, newest first."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.executescript(DUMP.read_text())
    found = {}
    for held in database.execute("SELECT no, title FROM lists").fetchall():
        fields = {row["name"]: row for row in database.execute("SELECT * FROM fields WHERE list_no = ?", (held["no"],))}
        names = {row["sql"]: name for name, row in fields.items()}
        rows = {
            row["id"]: {names.get(key, key): row[key] for key in row.keys()}  # noqa: SIM118 - a Row
            for row in database.execute(f"SELECT * FROM items_{held['no']}")
        }
        versions: dict[int, list[tuple[str, dict[str, Any]]]] = {}
        for row in database.execute("SELECT * FROM versions WHERE list_no = ? ORDER BY number DESC", (held["no"],)):
            versions.setdefault(row["item"], []).append((row["label"], loads(row["content"])))
        found[held["title"]] = Was(held["title"], fields, rows, versions)
    database.close()
    return found


def provision(data: Path, *more: str) -> str:
    """`python -m bot provision` over a data folder, as an administrator runs it; what it said."""
    settings = {"MHRMB_DATA_DIR": str(data), "MHRMB_SHAREPOINT_PORT": "0", "MHRMB_SHAREPOINT_TOKEN": "test-token"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MHRMB_")} | settings
    command = [sys.executable, "-m", "bot", "provision", *more]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def was() -> dict[str, Was]:
    return read_fixture()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's data folder, opened once by today's server so that people could make views, then provisioned."""
    folder = tmp_path_factory.mktemp("older")
    database = sqlite3.connect(folder / "sharepoint.db")
    database.executescript(DUMP.read_text())
    database.close()
    with EmbeddedServer(folder) as server:
        own = server.post(f"{ACTIONS}/views", OWN_VIEW)["Id"]
        server.post(f"{ACTIONS}/views('{own}')/viewfields/addviewfield('Folder colour')")
        server.post("web/lists/getByTitle('Referrals')/defaultview/viewfields/addviewfield('Concern')")
        chosen = server.post("web/lists/getByTitle('Returns')/views", {"Title": "Ours", "DefaultView": True})["Id"]
        server.merge(f"web/lists/getByTitle('Returns')/views('{chosen}')", {"RowLimit": 5})
        formatter = '{"elmType":"div","txtContent":"@currentField"}'
        server.merge(f"{ACTIONS}/fields/getByInternalNameOrTitle('Priority')", {"CustomFormatter": formatter})
    dry = provision(folder, "--dry-run")
    assert "would add the view Actions: Overdue" in dry
    made = {line.rpartition(" ")[2] for line in dry.splitlines() if "create the list" in line}
    assert made == {of.name for of in LISTS} - THERE
    added = [line.split()[4].split(".") for line in dry.splitlines() if "add the column" in line]
    assert {name for name, column in added if column == "WriteMark"} >= THERE
    provision(folder)
    return folder


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(data) as running:
        yield running


THERE = {
    *("Agencies", "Forums", "Members", "Settings", "Meetings", "Actions", "Referrals", "Subjects", "Returns"),
    *("Disclosures", "Posts", "Conversations", "Events"),
}
"""The lists that the older version had."""


def path_of(title: str) -> str:
    return f"web/lists/getByTitle('{title}')"


def test_every_list_and_column_is_there(was: dict[str, Was], server: EmbeddedServer) -> None:
    """Each list and column has its identity, type, name, choices, index and uniqueness; none was lost or renamed."""
    now = {one["Title"]: one for one in server.get("web/lists")["value"]}
    assert was.keys() <= now.keys()
    for title, held in was.items():
        assert now[title]["ItemCount"] >= len(held.rows), title
        fields = {one["InternalName"]: one for one in server.get(f"{path_of(title)}/fields")["value"]}
        for name, before in held.fields.items():
            after = fields[name]
            kept = (after["Id"], after["Title"], after["TypeAsString"], after["Required"], after["Hidden"])
            assert kept == (before["guid"], before["title"], before["kind"], bool(before["required"]), False), name
            assert after["Indexed"] >= bool(before["indexed"]), name
            assert after["EnforceUniqueValues"] >= bool(before["is_unique"]), name
            assert set(loads(before["settings"]).get("Choices", ())) <= set(after.get("Choices") or ()), name


def test_every_value_is_there(was: dict[str, Was], server: EmbeddedServer) -> None:
    """Each row has its id, ETag, reference, author, times and every value it had, compared column by column."""
    compared = 0
    for title, held in was.items():
        if title in CHANGED:
            continue
        names = ["ID", "GUID", *(_shown(row) for row in held.fields.values() if row["sql"].startswith(("f", "title")))]
        path = f"{path_of(title)}/items?$top=5000&$select={','.join([*names, 'Created', 'Modified', 'AuthorId'])}"
        answer = server.get(path, accept="application/json;odata=minimalmetadata")["value"]
        rows = {row["ID"]: row for row in answer}
        assert rows.keys() == held.rows.keys(), title
        for number, before in held.rows.items():
            after = rows[number]
            assert after["odata.etag"] == f'"{before["GUID"]},{before["version"]}"'
            assert (after["Created"], after["Modified"]) == (before["Created"], before["Modified"])
            assert after["AuthorId"] == before["Author"]
            for name, field in held.fields.items():
                if field["sql"].startswith(("f", "title")):
                    assert _same(after[_shown(field)], before[name]), (title, number, name)
                    compared += 1
    assert compared > 2000


def test_every_version_is_there(was: dict[str, Was], server: EmbeddedServer) -> None:
    """Each row's history is as long as it was and says in each version what it said."""
    compared = 0
    for title, held in was.items():
        if title in CHANGED:
            continue
        own = [name for name, field in held.fields.items() if field["sql"].startswith(("f", "title"))]
        paths = [("GET", f"{path_of(title)}/items({number})/versions", None) for number in held.rows]
        answers = [one for at in range(0, len(paths), 100) for one in server.batch(paths[at : at + 100])]
        for (status, answer), number in zip(answers, held.rows, strict=True):
            assert status == 200
            told = [(one["VersionLabel"], one) for one in answer["value"]]
            assert [label for label, _ in told] == [label for label, _ in held.versions[number]]
            for (_, after), (_, before) in zip(told, held.versions[number], strict=True):
                for name in own:
                    spelled = name.replace("_", "_x005f_")
                    if before.get(name) is not None and held.fields[name]["kind"] != "User":
                        assert _same(after[spelled], before[name]), (title, number, name)
                        compared += 1
    assert compared > 2000


def test_what_people_made_is_as_they_made_it(server: EmbeddedServer) -> None:
    """Their column, its value, their names for ours, their list, their typed row and their grant are all there."""
    row = server.get(f"{ACTIONS}/items(1)")
    assert (row["Folder_x0020_colour"], row["Shelf"]) == ("Green, as invented", 4)
    what = server.get(f"{ACTIONS}/fields/getByInternalNameOrTitle('What')")
    assert (what["Title"], what["Description"]) == ("The task", "In our own words")
    typed = server.get(f"{ACTIONS}/items?$filter=Id eq 91")["value"][0]
    assert (typed["What"], typed["Note"]) == ("Typed by hand by Nobody Real", "and edited once more")
    assert server.get(f"{path_of('Birthdays of nobody')}/items")["value"][0]["Cake"] == "Plum"
    members = server.get("web/associatedmembergroup")["Id"]
    assert members in [one["PrincipalId"] for one in server.get(f"{path_of('Forums')}/roleassignments")["value"]]
    priority = server.get(f"{ACTIONS}/fields/getByInternalNameOrTitle('Priority')")
    assert priority["CustomFormatter"] == '{"elmType":"div","txtContent":"@currentField"}'


def test_views_people_made_or_changed_are_theirs(server: EmbeddedServer) -> None:
    """A view of their own, a changed All Items and their choice of the first view stay; ours come beside them."""
    views = {one["Title"]: one for one in server.get(f"{ACTIONS}/views?$expand=ViewFields")["value"]}
    own = views["As the team likes it"]
    assert {name: own[name] for name in OWN_VIEW} == OWN_VIEW
    assert own["ViewFields"]["Items"] == ["LinkTitle", "Folder_x0020_colour"]
    assert [title for title, one in views.items() if one["DefaultView"]] == ["Open"]
    assert "Reference" in views["All Items"]["ViewFields"]["Items"], "one that nobody had touched is made useful"
    changed = server.get(f"{path_of('Referrals')}/views/getByTitle('All Items')/viewfields")["Items"]
    assert changed == ["LinkTitle", "Concern"]
    first = server.get(f"{path_of('Returns')}/defaultview")
    assert (first["Title"], first["RowLimit"]) == ("Ours", 5)


def test_it_is_as_one_made_today_where_nobody_changed_it(server: EmbeddedServer) -> None:
    """The upgrade also did its work: settings, descriptions, forms, formatting, a new index."""
    told = server.get(ACTIONS)
    assert (told["EnableAttachments"], told["NoCrawl"], told["MajorVersionLimit"]) == (False, True, 500)
    due = server.get(f"{ACTIONS}/fields/getByInternalNameOrTitle('DueDate')")
    assert "overdue by" in due["CustomFormatter"]
    assert due["Description"] == "The day by which it is to be done."
    key = server.get(f"{ACTIONS}/fields/getByInternalNameOrTitle('StepKey')")["SchemaXml"]
    assert 'ShowInEditForm="FALSE"' in key
    lapses = server.get(f"{path_of('Agencies')}/fields/getByInternalNameOrTitle('IsaLapsesOn')")
    assert lapses["Indexed"] is True


def test_a_deleted_rows_number_is_not_given_again(server: EmbeddedServer) -> None:
    """A new action has the number after the last there ever was, so references keep their meaning."""
    assert server.post(f"{ACTIONS}/items", {"What": "After the upgrade"})["Id"] == 92


def test_another_run_has_nothing_to_do(server: EmbeddedServer, data: Path) -> None:
    """The upgraded site is complete: the plan is empty, and another run changes no list, column or view."""
    lists = server.get("web/lists")["value"]
    before = [(one["Id"], server.get(f"{path_of(one['Title'])}/views"), one["ItemCount"]) for one in lists]
    server.stop()
    assert provision(data, "--dry-run").strip() == "Nothing to do: the site is as it should be."
    assert len(provision(data).strip().splitlines()) == 1
    server.start()
    again = server.get("web/lists")["value"]
    assert [(one["Id"], server.get(f"{path_of(one['Title'])}/views"), one["ItemCount"]) for one in again] == before


def _shown(field: sqlite3.Row) -> str:
    return f"{field['name']}Id" if field["kind"] == "User" else str(field["name"])


def _same(after: Any, before: Any) -> bool:
    return bool(after == before) or (isinstance(after, bool) and int(after) == before)
