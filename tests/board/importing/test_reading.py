"""From rows to actions: statuses, owners, agencies, bounds, keys, and every problem by the spreadsheet's row number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from board.actions import CLOSED, ActionStatus, Priority, mend
from board.importing.cells import Cell, Row, Sheet
from board.importing.comparing import corrected
from board.importing.headings import find
from board.importing.marks import as_imported
from board.importing.problems import Trouble
from board.importing.reading import Known, Understanding, understand
from board.importing.statuses import STATUS_WORDS, StatusRead, read_status
from board.records import Agency, Member
from board.vocabulary import AgencyKind
from tests.builders import NOW, TODAY, create_agency, create_member

AGENCIES = (
    create_agency("MHT", name="Fictonshire Mental Health Trust"),
    create_agency("POL", name="Fictonshire Police", kind=AgencyKind.POLICE),
    create_agency("NGH", name="Nowhere General Hospital", kind=AgencyKind.ACUTE_HOSPITAL),
    create_agency("EGH", name="Elsewhere Hospital", kind=AgencyKind.ACUTE_HOSPITAL),
)
CY = create_member(user_id="00000000-0000-4000-8000-0000000000d1", name="Cy Nurse", email="cy.nurse@example.com")
BO = create_member(user_id="00000000-0000-4000-8000-0000000000d2", name="Bo Officer", agency="POL")
SAM_1 = create_member(user_id="00000000-0000-4000-8000-0000000000d3", name="Sam Same", agency="POL")
SAM_2 = create_member(user_id="00000000-0000-4000-8000-0000000000d4", name="Sam Same", agency="MHT")
MEMBERS = (CY, BO, SAM_1, SAM_2)

HEADINGS = ("Ref", "Action", "Owner", "Agency", "Due", "Status", "Date agreed", "Date closed", "Update", "Source")


def reading(*rows: dict[str, Cell], headings: tuple[str, ...] = HEADINGS, **known: object) -> Understanding:
    """What comes of rows below the headings, which stand in row 1; each row names its cells by heading."""
    sheet = Sheet(
        "Tracker",
        tuple(Row(n, tuple(cells)) for n, cells in enumerate([headings, *_in_order(rows, headings)], start=1)),
    )
    found = find(sheet, {})
    assert found is not None
    return understand(sheet, found, replace(Known(AGENCIES, MEMBERS, "MHRMB", TODAY), **known))  # type: ignore[arg-type]


def _in_order(rows: tuple[dict[str, Cell], ...], headings: tuple[str, ...]) -> list[list[Cell]]:
    return [[{"Ref": n, "Action": "Ring them", **row}.get(name) for name in headings] for n, row in enumerate(rows, 1)]


def test_a_whole_row() -> None:
    """Each cell has its place in the action, and nothing of the row is lost."""
    read = reading(
        {
            "Ref": 12.0,
            "Action": " Agree one number\r\nfor advice\u00a0",
            "Owner": "cy  NURSE",
            "Agency": "mht",
            "Due": "3/7/2026",
            "Status": "In Progress",
            "Date agreed": date(2026, 6, 3),
            "Update": "Draft sent",
            "Source": "Board 3 June",
        }
    )
    (entry,) = read.entries
    action = entry.action
    assert (entry.row, entry.reference, read.problems) == (2, "12", ())
    assert (action.what, action.owner_id, action.owner_name) == ("Agree one number\nfor advice", CY.user_id, "Cy Nurse")
    assert (action.agency, action.due, action.status, action.open) == ("MHT", date(2026, 7, 3), "In progress", True)
    assert action.agreed_on == datetime(2026, 6, 3, 11, tzinfo=UTC), "noon in the United Kingdom"
    assert (action.note, action.source, action.forum) == ("Draft sent", "Board 3 June", "MHRMB")
    assert action.why == "Reference in the earlier tracker: 12"
    assert action.about_a_case, "what is not certainly a board's may be about somebody"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Open", ActionStatus.AGREED),
        ("Not started", ActionStatus.AGREED),
        ("OVERDUE", ActionStatus.AGREED),
        ("in-progress", ActionStatus.IN_PROGRESS),
        ("Ongoing", ActionStatus.IN_PROGRESS),
        ("Amber - on track", ActionStatus.IN_PROGRESS),
        ("Complete", ActionStatus.VERIFIED),
        ("Closed.", ActionStatus.VERIFIED),
        ("Done", ActionStatus.VERIFIED),
        ("Complete (Blue)", ActionStatus.VERIFIED),
        ("On hold", ActionStatus.BLOCKED),
        ("blocked", ActionStatus.BLOCKED),
        ("No longer required", ActionStatus.SUPERSEDED),
        ("Done, to be verified", ActionStatus.DONE),
        ("Not undertaken", ActionStatus.NOT_UNDERTAKEN),
    ],
)
def test_words_for_where_it_stands(word: str, status: ActionStatus) -> None:
    """Common words become the board's own, and what is closed is not open."""
    (entry,) = reading({"Status": word}).entries
    assert (entry.action.status, entry.action.open) == (status, status not in CLOSED)


@pytest.mark.parametrize("word", ["Red", "amber", "G", "BLUE", "Red / Amber"])
def test_a_colour_alone_is_no_status(word: str) -> None:
    """Green is done for some boards and going well for others, so it is a problem until somebody says which."""
    read = reading({"Status": word})
    assert [(p.row, p.trouble, p.said) for p in read.problems] == [(2, Trouble.COLOUR, word)]
    assert read_status("Blue", {"blue": ActionStatus.VERIFIED}) == StatusRead(ActionStatus.VERIFIED)


def test_every_status_of_the_board_is_a_word() -> None:
    """What the product itself exports can be brought in."""
    assert {status for status in ActionStatus if status not in STATUS_WORDS.values()} == set()
    for status in ActionStatus:
        assert read_status(status, {}).status is status


@pytest.mark.parametrize(
    ("said", "member"),
    [
        ("Cy Nurse", CY),
        ("NURSE, Cy", CY),
        ("Dr Cy Nurse (MHT)", CY),
        ("Cy Nurse - Trust", CY),
        ("cy.nurse@example.com", CY),
        ("Cy <cy.nurse@example.com>", CY),
        ("DCI Bo Officer", BO),
        ("Sam Same", None),
        ("Cy", None),
        ("Cy Nurse / Bo Officer", None),
        ("Somebody Else", None),
    ],
)
def test_owners(said: str, member: Member | None) -> None:
    """A member is taken only when the name is certainly theirs; any other name is kept as a name and told."""
    read = reading({"Owner": said})
    (entry,) = read.entries
    told = {**read.tallies.unknown_owners, **read.tallies.unsure_owners}
    if member is None:
        assert (entry.action.owner_id, entry.action.owner_name, entry.action.agency) == ("", said, "")
        assert told == {said: 1}
        assert bool(read.tallies.unsure_owners) == (said == "Sam Same")
    else:
        assert (entry.action.owner_id, entry.action.owner_name) == (member.user_id, member.name)
        assert (entry.action.agency, told) == (member.agency, {})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("POL", "POL"),
        ("fictonshire police", "POL"),
        ("The Police", "POL"),
        ("Constabulary", "POL"),
        ("FMHT", "MHT"),
        ("MH Trust", "MHT"),
        ("Nowhere General Hospital", "NGH"),
        ("Hospital", ""),
        ("Police / MHT", ""),
        ("NHSE", ""),
    ],
)
def test_agencies(said: str, code: str) -> None:
    """By code, name, initials, or kind where only one is of it; what is not certain is kept in words and told."""
    read = reading({"Agency": said})
    (entry,) = read.entries
    assert entry.action.agency == code
    assert (f"Agency in the earlier tracker: {said}" in entry.action.why) == (not code)
    assert read.tallies.agencies == ({} if code else {said: 1})


@pytest.mark.parametrize(
    ("cells", "trouble"),
    [
        ({"Action": None}, Trouble.NO_WORDS),
        ({"Action": " - "}, Trouble.NO_WORDS),
        ({"Action": "x" * 2001}, Trouble.TOO_LONG),
        ({"Action": "💥" * 1001}, Trouble.TOO_LONG),
        ({"Owner": "💥" * 128}, Trouble.TOO_LONG),
        ({"Source": "x" * 256}, Trouble.TOO_LONG),
        ({"Update": "x" * 30_001}, Trouble.TOO_LONG),
        ({"Due": "31/6/2026"}, Trouble.NO_SUCH_DAY),
        ({"Due": "#REF!"}, Trouble.FORMULA),
        ({"Action": "#N/A"}, Trouble.FORMULA),
        ({"Date agreed": "16/6/2026"}, Trouble.IN_THE_FUTURE),
        ({"Date closed": "16/6/2026", "Status": "Closed"}, Trouble.IN_THE_FUTURE),
        ({"Date closed": "1/6/2026", "Status": "Open"}, Trouble.OPEN_BUT_CLOSED),
        ({"Status": "Waiting for Godot"}, Trouble.STATUS),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_row_that_cannot_be_kept(cells: dict[str, Cell], trouble: Trouble) -> None:
    """It is named by its number, the others are read, and nothing of it is cut to fit."""
    read = reading({}, {**cells, "Owner": cells.get("Owner", "Cy Nurse")}, {"Ref": 3})
    assert [(p.row, p.trouble) for p in read.problems] == [(3, trouble)]
    assert [entry.row for entry in read.entries] == [2, 4]


def test_every_problem_of_a_row_is_told() -> None:
    """A person corrects a row once."""
    read = reading({"Action": None, "Due": "soon-ish", "Status": "Puce", "Owner": "Cy Nurse"})
    assert {p.trouble for p in read.problems} == {Trouble.NO_WORDS, Trouble.NOT_A_DATE, Trouble.STATUS}
    assert read.refused_rows == 1


def test_the_longest_texts_that_fit() -> None:
    """Counted as SharePoint counts: an emoji is two."""
    (entry,) = reading({"Action": "💥" * 1000, "Owner": "x" * 255, "Update": "x" * 30_000}).entries
    assert len(entry.action.what) == 1000


def test_no_due_date_but_words() -> None:
    """An action without a date is kept, and the words beside it."""
    read = reading({"Due": "ASAP"})
    assert read.entries[0].action.due is None
    assert "Due in the earlier tracker: ASAP" in read.entries[0].action.why
    assert read.tallies.no_days == {"ASAP": 1}


def test_a_blank_status() -> None:
    """With a date closed it is closed, without one it is open."""
    closed, still = reading({"Date closed": "1/6/2026"}, {"Ref": 2}).entries
    assert (closed.action.status, closed.action.closed_on) == ("Verified", datetime(2026, 6, 1, 11, tzinfo=UTC))
    assert (still.action.status, still.action.closed_on) == ("Agreed", None)


def test_keys_come_from_what_a_row_says() -> None:
    """By reference and source when there is one, so a correction keeps its key; else by words, owner and source."""
    (first,) = reading({"Source": "June"}).entries
    (later,) = reading({"Source": " june ", "Action": "Ring them all", "Due": "1/7/2026"}).entries
    assert first.action.key == later.action.key
    others = reading({"Source": "July"}, {"Source": "June", "Ref": 2}).entries
    assert len({first.action.key, *(entry.action.key for entry in others)}) == 3

    bare = reading(
        {"Ref": None, "Owner": "Bo Officer"}, {"Ref": None, "Due": "1/7/2026", "Owner": "Bo Officer"}
    ).entries
    again = reading({"Ref": None, "Owner": "Bo Officer", "Due": "9/7/2026"}).entries
    assert bare[0].action.key != bare[1].action.key, "the same words twice are two actions"
    assert bare[0].action.key == again[0].action.key, "a corrected date keeps the key"


def test_rows_that_are_there_twice() -> None:
    """The same row again is passed over; another under the same reference is a problem that names the first."""
    row: dict[str, Cell] = {"Ref": 7, "Owner": "Cy Nurse"}
    read = reading(row, row, {**row, "Action": "Another"})
    assert [entry.row for entry in read.entries] == [2]
    assert read.tallies.repeats == [3]
    assert [(p.row, p.trouble, p.number) for p in read.problems] == [(4, Trouble.SAME_REFERENCE, 2)]


def test_headings_between_rows() -> None:
    """A line over a group of rows, and the headings again, are no actions."""
    read = reading(
        {"Ref": "CLOSED ACTIONS", "Action": None}, {name: name for name in HEADINGS}, {"Ref": 3, "Owner": "Cy Nurse"}
    )
    assert (read.tallies.titles, [entry.row for entry in read.entries], read.problems) == ([2, 3], [4], ())


def test_priorities() -> None:
    """A word that is not known is Normal, and told."""
    headings = (*HEADINGS, "Priority")
    read = reading(
        *({"Ref": n, "Priority": p} for n, p in enumerate(["High", "P1", "", "Immediate"])), headings=headings
    )
    assert [e.action.priority for e in read.entries] == [
        Priority.HIGH,
        Priority.NORMAL,
        Priority.NORMAL,
        Priority.IMMEDIATE,
    ]
    assert read.tallies.priorities == {"P1": 1}


def test_an_imported_action_is_in_order_as_it_is() -> None:
    """The feed finds nothing to complete: not when it was agreed, nor when it was closed, for nobody knows that."""
    read = reading(
        {"Owner": "Cy Nurse"}, {"Ref": 2, "Status": "Closed"}, {"Ref": 3, "Owner": "Sam Same", "Due": "1/7/2026"}
    )
    for entry in read.entries:
        mended, _ = mend(entry.action, MEMBERS, now=NOW)
        assert mended == entry.action
        assert as_imported(entry.action)


def test_a_step_or_an_edit_ends_the_silence() -> None:
    """Once somebody changes what matters, its faults are told again; an owner recognised later is no edit."""
    (entry,) = reading({"Owner": "New Comer", "Due": "1/7/2026"}).entries
    comer = create_member(user_id="00000000-0000-4000-8000-0000000000d9", name="new comer")
    recognised, _ = mend(entry.action, [*MEMBERS, comer], now=NOW)
    assert recognised.owner_id == comer.user_id
    assert not as_imported(replace(entry.action, due=None))
    assert not as_imported(replace(entry.action, step_key="f" * 32))
    (owned,) = reading({"Owner": "Cy Nurse"}).entries
    assert not as_imported(replace(owned.action, owner_id="somebody-else"))


def test_what_was_corrected_in_the_file() -> None:
    """Columns that differ are named while no step was taken; afterwards the list knows better."""
    (kept,) = reading({"Due": "1/7/2026", "Update": "One\nTwo"}).entries
    (read,) = reading({"Due": "2/7/2026", "Update": "One Two", "Status": "Blocked"}).entries
    assert corrected(kept.action, read.action) == ("Due", "Status")
    assert corrected(kept.action, kept.action) == ()
    assert corrected(replace(kept.action, step_key="f" * 32), read.action) == ()


CELLS = some.none() | some.text(max_size=40) | some.integers() | some.floats() | some.booleans() | some.dates()


@given(some.lists(some.lists(CELLS, max_size=len(HEADINGS)), max_size=6))
def test_no_sheet_breaks_it(rows: list[list[Cell]]) -> None:
    """Every row is kept, passed over or has a problem, and what is kept has a key of its own and words."""
    sheet = Sheet("Any", tuple(Row(n, tuple(cells)) for n, cells in enumerate([HEADINGS, *rows], start=1)))
    found = find(sheet, {})
    assert found is not None
    read = understand(sheet, found, Known(AGENCIES, MEMBERS, "MHRMB", TODAY))
    keys = [entry.action.key for entry in read.entries]
    assert len(keys) == len(set(keys))
    assert all(entry.action.what and entry.action.status in tuple(ActionStatus) for entry in read.entries)
    passed = len(read.tallies.repeats) + len(read.tallies.titles)
    assert len(read.entries) + read.refused_rows + passed <= len(rows)


def test_agency_without_lists() -> None:
    """An empty board can bring its tracker in: nobody and nothing is matched, and nothing is lost."""
    nobody: tuple[Agency, ...] = ()
    read = reading({"Owner": "Cy Nurse", "Agency": "MHT"}, agencies=nobody, members=())
    assert (read.entries[0].action.owner_name, read.tallies.agencies) == ("Cy Nurse", {"MHT": 1})
