"""The tracker: what is asked for, what is counted, in which order it is read, and what an outline gives away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.actions import Action, ActionStatus, Priority
from board.entitlement import Sight
from board.tracker import (
    PAGE,
    Asked,
    Only,
    Row,
    Totals,
    Tracker,
    Trend,
    is_overdue,
    is_soon,
    read,
    row,
    spoken,
    track,
    trend,
)
from board.tracker import totals as counted
from tests.action_builders import OWNER_ID, STRANGER_ID, create_action
from tests.builders import NOW, TODAY, create_partners

DAY = timedelta(days=1)
PARTNERS = create_partners()
NAMES = {"POL": "Example Police", "MHT": "Example Mental Health Trust", "ASC": "Example Council"}
A = ActionStatus
OVER = {A.VERIFIED, A.NOT_POSSIBLE, A.NOT_UNDERTAKEN, A.TRANSFERRED, A.SUPERSEDED}
CLAIMED = {A.DONE, A.NOT_POSSIBLE_CLAIMED}


def due_in(days: int) -> date:
    """The day so many days after TODAY (before, if negative)."""
    return TODAY + days * DAY


def tracked(
    actions: Iterable[Action], asked: Asked | None = None, page: int = 0, *, sees: Sight = Sight.FULL, viewer: str = ""
) -> Tracker:
    """A page as somebody sees it who may see that much of every action."""
    return track(actions, asked or Asked(), viewer=viewer, sees=lambda _: sees, names=PARTNERS, today=TODAY, page=page)


def rows_of(found: Tracker) -> list[Row]:
    return [line for _, rows in found.groups for line in rows]


def references_of(found: Tracker) -> list[str]:
    return [line.reference for line in rows_of(found)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", Asked()),
        ("   ", Asked()),
        ("MHT", Asked("MHT")),
        ("mht", Asked("MHT")),
        ("overdue", Asked(only=Only.OVERDUE)),
        ("Overdue", Asked(only=Only.OVERDUE)),
        ("due", Asked(only=Only.DUE)),
        ("mine", Asked(only=Only.MINE)),
        ("BLOCKED", Asked(only=Only.BLOCKED)),
        ("mht overdue", Asked("MHT", Only.OVERDUE)),
        ("overdue mht", Asked("MHT", Only.OVERDUE)),
        ("discharge", Asked(text="discharge")),
        ("pol blocked Discharge   planning", Asked("POL", Only.BLOCKED, "Discharge planning")),
        ("discharge overdue asc planning", Asked("ASC", Only.OVERDUE, "discharge planning")),
        # The second agency and the second state are looked for as text.
        ("MHT POL", Asked("MHT", text="POL")),
        ("mine overdue", Asked(only=Only.MINE, text="overdue")),
        # A code or a state inside a word is text.
        ("MHTs", Asked(text="MHTs")),
        ("overdue, please", Asked(text="overdue, please")),
        ("XYZ", Asked(text="XYZ")),
        ("x" * 100, Asked(text="x" * 80)),
        ("A-103", Asked(text="A-103")),
    ],
)
def test_read(said: str, expected: Asked) -> None:
    """The words after `tracker`: an agency's code and a state in either order and any case, and the rest as text."""
    assert read(said, PARTNERS) == expected


@given(st.text(max_size=200))
def test_nothing_typed_breaks_reading(said: str) -> None:
    """Whatever is typed is understood as something, and the text looked for stays short."""
    asked = read(said, PARTNERS)
    assert asked.agency in {"", *PARTNERS}
    assert len(asked.text) <= 80
    assert asked.text == asked.text.strip() or len(asked.text) == 80


@given(st.lists(st.sampled_from(("mht", "POL", "overdue", "Mine", "due", "discharge", "planning")), max_size=6))
def test_what_was_asked_for_is_said_again(words: list[str]) -> None:
    """What was asked for, said again for the next page, is read as the same; in a channel its text is left out."""
    asked = read(" ".join(words), PARTNERS)
    assert read(spoken(asked, with_text=True), PARTNERS) == asked
    assert read(spoken(asked, with_text=False), PARTNERS) == replace(asked, text="")


@pytest.mark.parametrize(
    ("due", "status", "overdue", "soon"),
    [
        (due_in(-1), A.IN_PROGRESS, True, False),
        (due_in(0), A.IN_PROGRESS, False, True),
        (due_in(1), A.IN_PROGRESS, False, True),
        (due_in(7), A.IN_PROGRESS, False, True),
        (due_in(8), A.IN_PROGRESS, False, False),
        (None, A.IN_PROGRESS, False, False),
        (due_in(-400), A.AGREED, True, False),
        (due_in(-1), A.BLOCKED, True, False),
        (due_in(-1), A.MORE_TIME, True, False),  # asked for, not granted
        (due_in(-1), "waiting for Bo", True, False),  # typed by hand
        (due_in(-1), A.DONE, False, False),  # the owner has spoken
        (due_in(-1), A.NOT_POSSIBLE_CLAIMED, False, False),
        (due_in(1), A.DONE, False, False),
        (due_in(1), A.NOT_POSSIBLE_CLAIMED, False, False),
        *[(due_in(-1), status, False, False) for status in sorted(OVER)],
        *[(due_in(1), status, False, False) for status in sorted(OVER)],
    ],
)
def test_overdue_and_soon(due: date | None, status: str, overdue: bool, soon: bool) -> None:
    """Overdue is past its day, soon is today or within seven days; what is claimed or over is neither."""
    action = create_action(due=due, status=status)
    assert (overdue, soon) == (is_overdue(action, TODAY), is_soon(action, TODAY))
    gone = replace(action, open=False)
    assert not is_overdue(gone, TODAY)
    assert not is_soon(gone, TODAY)


ASKED_OF = [
    create_action(id=1, agency="MHT", due=due_in(-3), what="Discharge checklist", owner_id=OWNER_ID),
    create_action(id=2, agency="MHT", due=due_in(3), what="Bed call", status=A.BLOCKED),
    create_action(id=3, agency="POL", due=due_in(-1), what="Triage car", owner_id=STRANGER_ID, owner_name="Bo Officer"),
    create_action(id=4, agency="POL", due=due_in(60), what="Discharge letters", source="K-12"),
    create_action(id=5, agency="ASC", due=due_in(-9), what="Carer's offer", status=A.DONE),
    create_action(id=6, agency="ASC", due=due_in(-9), what="Old matter", open=False, status=A.VERIFIED),
    create_action(id=7, agency="ASC", due=None, what="No date", owner_id="", owner_name=""),
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(), {1, 2, 3, 4, 5, 7}),  # all but what is closed
        (Asked("MHT"), {1, 2}),
        (Asked("CSC"), set()),
        (Asked(only=Only.OVERDUE), {1, 3}),  # 5 is claimed
        (Asked(only=Only.DUE), {2}),
        (Asked(only=Only.BLOCKED), {2}),
        (Asked(only=Only.MINE), {3}),
        (Asked("MHT", Only.MINE), set()),
        (Asked("POL", Only.OVERDUE), {3}),
        (Asked(text="discharge"), {1, 4}),
        (Asked("POL", text="DISCHARGE"), {4}),
        (Asked(text="officer"), {3}),
        (Asked(text="a-5"), {5}),
        (Asked(text="K-12"), {4}),
        (Asked(text="old matter"), set()),
        (Asked(text="nowhere"), set()),
    ],
    ids=str,
)
def test_what_is_asked_for(asked: Asked, expected: set[int]) -> None:
    """An agency, a state and a text each narrow what is shown, and what is closed is never shown."""
    found = tracked(ASKED_OF, asked, viewer=STRANGER_ID)
    assert {f"A-{number}" for number in expected} == set(references_of(found))
    assert found.totals.open == len(expected)


def test_nobodys_actions_are_not_those_of_a_viewer_without_an_id() -> None:
    """Somebody who has no id owns nothing, also where an action has no owner."""
    assert references_of(tracked(ASKED_OF, Asked(only=Only.MINE), viewer="")) == []


def test_a_row_closed_by_hand_in_one_column_is_not_tracked() -> None:
    """A row whose status was set to a final one in SharePoint is over, although it is still marked open."""
    assert references_of(tracked([create_action(status=status, due=due_in(-5)) for status in sorted(OVER)])) == []


def test_order_of_agencies_and_of_actions() -> None:
    """The agency with most overdue comes first; within one the longest overdue, then what is due next, then undated."""
    actions = [
        create_action(id=1, agency="ASC", due=due_in(-90)),  # one overdue, the longest of all
        create_action(id=2, agency="MHT", due=due_in(30)),
        create_action(id=3, agency="MHT", due=None),
        create_action(id=4, agency="MHT", due=due_in(-2)),
        create_action(id=5, agency="MHT", due=due_in(-20)),
        create_action(id=6, agency="POL", due=due_in(1)),
        create_action(id=7, agency="MHT", due=due_in(-50), status=A.DONE),  # claimed: not overdue
        create_action(id=8, agency="MHT", due=due_in(-2)),  # the same day as 4, younger
    ]
    found = tracked(actions)
    told = [(name, [line.reference for line in rows]) for name, rows in found.groups]
    assert told == [
        ("Example Mental Health Trust", ["A-5", "A-4", "A-8", "A-7", "A-2", "A-3"]),
        ("Example Council", ["A-1"]),
        ("Example Police", ["A-6"]),
    ]
    assert [line.late for line in rows_of(found)] == [20, 2, 2, 0, 0, 0, 90, 0]


def test_agencies_that_nobody_knows_are_one_group() -> None:
    """Codes that are no agency's, or none at all, are read together in their place, and their text is not a heading."""
    actions = [
        create_action(id=1, agency="Zed Invented", due=due_in(-1)),
        create_action(id=2, agency="", due=due_in(-3)),
        create_action(id=3, agency="MHT", due=due_in(-1)),
        create_action(id=4, agency="MHT", due=due_in(-1)),
        create_action(id=5, agency="XXX", due=due_in(-2)),
    ]
    told = [(name, [line.reference for line in rows]) for name, rows in tracked(actions).groups]
    assert told == [("", ["A-2", "A-5", "A-1"]), ("Example Mental Health Trust", ["A-3", "A-4"])]


def test_two_agencies_of_one_name_stay_apart() -> None:
    """Two agencies that are called the same are two groups, each in its own place."""
    names = {code: replace(PARTNERS["MHT"], code=code, name="Example Trust") for code in ("MHN", "MHS")}
    actions = [
        create_action(id=1, agency="MHN", due=due_in(-1)),
        create_action(id=2, agency="MHS", due=due_in(-1)),
        create_action(id=3, agency="MHS", due=due_in(-1)),
    ]
    found = track(actions, Asked(), viewer="", sees=lambda _: Sight.FULL, names=names, today=TODAY)
    told = [(name, [line.reference for line in rows]) for name, rows in found.groups]
    assert told == [("Example Trust", ["A-2", "A-3"]), ("Example Trust", ["A-1"])]


@pytest.mark.parametrize(
    ("count", "page", "expected"),
    [
        # (the page shown, how many pages, the first and last number shown)
        (0, 0, (0, 1, (0, 0))),
        (0, 3, (0, 1, (0, 0))),
        (0, -1, (0, 1, (0, 0))),
        (1, 0, (0, 1, (1, 1))),
        (15, 0, (0, 1, (1, 15))),
        (15, 1, (0, 1, (1, 15))),
        (16, 0, (0, 2, (1, 15))),
        (16, 1, (1, 2, (16, 16))),
        (16, 2, (1, 2, (16, 16))),
        (16, 9999, (1, 2, (16, 16))),
        (16, -1, (0, 2, (1, 15))),
        (30, 1, (1, 2, (16, 30))),
        (31, 2, (2, 3, (31, 31))),
    ],
)
def test_pages(count: int, page: int, expected: tuple[int, int, tuple[int, int]]) -> None:
    """A page holds fifteen; beyond either end is the one at that end; nothing at all is one empty page."""
    assert PAGE == 15
    found = tracked([create_action(id=n) for n in range(1, count + 1)], page=page)
    assert expected == (found.page, found.pages, found.shown)
    first, last = found.shown
    assert references_of(found) == [f"A-{n}" for n in range(first, last + 1) if n]


def test_totals_count_beyond_the_page() -> None:
    """Totals are of everything that was asked for, on whichever page one is."""
    actions = [create_action(id=n, due=due_in(-1 if n <= 20 else 1)) for n in range(1, 41)]
    for page in range(3):
        found = tracked(actions, page=page)
        assert (found.totals.open, found.totals.overdue, found.totals.soon) == (40, 20, 20)


def test_totals() -> None:
    """Each count is of its own kind: open, overdue, due within a week, blocked, to verify, and the ages in days."""
    actions = [
        # Agreed 1, 8, 15 and 29 days before Monday 15 June 2026; the two in the middle make a median of 11.5.
        create_action(id=1, due=due_in(-3), agreed_on=datetime(2026, 6, 14, 9, tzinfo=UTC)),
        create_action(id=2, due=due_in(2), status=A.BLOCKED, agreed_on=datetime(2026, 6, 7, 9, tzinfo=UTC)),
        create_action(id=3, due=due_in(-3), status=A.DONE, agreed_on=datetime(2026, 5, 31, 9, tzinfo=UTC)),
        create_action(id=4, due=None, status=A.NOT_POSSIBLE_CLAIMED, agreed_on=datetime(2026, 5, 17, 9, tzinfo=UTC)),
        create_action(id=5, due=due_in(-1), status=A.BLOCKED, agreed_on=None),
    ]
    assert counted(actions, TODAY) == Totals(
        open=5, overdue=2, soon=1, blocked=2, to_verify=2, median_age=12, oldest_age=29
    )


def test_an_age_is_counted_in_days_of_the_united_kingdom() -> None:
    """An action agreed at 00:30 in summer, which is the evening before in UTC, is a day old on the next day."""
    assert counted([create_action(agreed_on=datetime(2026, 6, 13, 23, 30, tzinfo=UTC))], TODAY).oldest_age == 1


def test_totals_of_nothing() -> None:
    """Nothing asked for counts as nothing, without an age."""
    assert counted([], TODAY) == Totals(0, 0, 0, 0, 0, 0, 0) == tracked([]).totals


SECRETS = {
    "what": "Zed Invented moves to ward four",
    "why": "his sister rang",
    "note": "spoke to the landlord",
    "source": "R-14 Zebedee",
    "programme": "Homicide timetable",
}
"""Words of a case's action that an outline must not give away, a distinct text in each field."""


def secret(**values: object) -> Action:
    """A case's action in which every field of words holds one of the secrets."""
    return create_action(**{**SECRETS, "due": due_in(-2), **values})


def test_an_outline_gives_no_words_away() -> None:
    """An outline says the reference, whose it is, when it is due and how it stands, and none of its words."""
    line = row(secret(), Sight.OUTLINE, TODAY)
    assert line == Row("A-103", "", "MHT", "Dee Matron", due_in(-2), 2, "Agreed", False)
    assert row(secret(), Sight.FULL, TODAY).what == SECRETS["what"]


@pytest.mark.parametrize("word", [word for text in SECRETS.values() for word in text.split()])
def test_an_outline_is_not_found_by_its_words(word: str) -> None:
    """What an outline hides cannot be guessed by looking for it, nor read off the totals."""
    found = tracked([secret()], Asked(text=word), sees=Sight.OUTLINE)
    assert (references_of(found), found.totals.open) == ([], 0)


@pytest.mark.parametrize("text", ["A-103", "a-103", "matron"])
def test_an_outline_is_found_by_what_it_shows(text: str) -> None:
    """An outline is found by its reference and its owner, which it shows."""
    assert references_of(tracked([secret()], Asked(text=text), sees=Sight.OUTLINE)) == ["A-103"]


@pytest.mark.parametrize("text", [SECRETS["what"], "WARD FOUR", SECRETS["source"], "A-103", "Dee Matron"])
def test_what_is_seen_in_full_is_found_by_its_words(text: str) -> None:
    """Who may read an action's words finds it by them, and by where it comes from."""
    assert references_of(tracked([secret()], Asked(text=text))) == ["A-103"]


def test_what_may_not_be_seen_is_not_counted() -> None:
    """An action of which somebody may see nothing is in no row, no total and no page."""
    actions = [create_action(id=n, due=due_in(-n)) for n in range(1, 20)]
    assert tracked(actions, sees=Sight.NOTHING) == tracked([])
    found = track(
        actions,
        Asked(),
        viewer="",
        sees=lambda action: Sight.OUTLINE if action.id % 2 else Sight.NOTHING,
        names=PARTNERS,
        today=TODAY,
    )
    assert set(references_of(found)) == {f"A-{n}" for n in range(1, 20, 2)}
    assert (found.totals.open, found.totals.overdue, found.pages) == (10, 10, 1)


@pytest.mark.parametrize("amount", [Sight.FULL, Sight.OUTLINE])
def test_a_row_does_not_repeat_what_was_typed_into_fixed_columns(amount: Sight) -> None:
    """A reference or a status typed by hand may be a name: the reference is made anew, an unknown status left out."""
    line = row(create_action(reference="Zed Invented", status="with Zed"), amount, TODAY)
    assert (line.reference, line.status) == ("A-103", "")


@pytest.mark.parametrize(
    ("priority", "immediate"),
    [(Priority.IMMEDIATE, True), (Priority.HIGH, False), (Priority.NORMAL, False), ("immediate", False)],
)
def test_immediate_risk_is_marked(priority: str, immediate: bool) -> None:
    """Only an action of immediate risk is marked as one."""
    assert row(create_action(priority=priority), Sight.OUTLINE, TODAY).immediate is immediate


@st.composite
def many_actions(draw: st.DrawFn) -> list[Action]:
    """Up to fifty actions, in any order: every state, dates around TODAY, known and unknown agencies."""
    drawn = st.tuples(
        st.sampled_from(("MHT", "POL", "ASC", "XXX", "")),
        st.sampled_from((*A, "typed by hand")),
        st.none() | st.integers(-12, 12).map(due_in),
        st.sampled_from((OWNER_ID, STRANGER_ID, "")),
        st.booleans(),
        st.sampled_from(("B-7", "R-14")),
    )
    numbers = draw(st.permutations(range(1, draw(st.integers(0, 50)) + 1)))
    made = draw(st.lists(drawn, min_size=len(numbers), max_size=len(numbers)))
    return [
        create_action(
            id=number,
            agency=agency,
            status=status,
            due=due,
            owner_id=owner,
            open=is_open and status not in OVER,
            source=source,
            what=f"Matter {number % 3}",
        )
        for number, (agency, status, due, owner, is_open, source) in zip(numbers, made, strict=True)
    ]


def chosen(actions: list[Action], asked: Asked, viewer: str) -> list[Action]:
    """What is asked for, one plain question after another; a case's action is an outline."""
    left = [action for action in actions if action.open]
    if asked.agency:
        left = [action for action in left if action.agency == asked.agency]
    if asked.only is Only.OVERDUE:
        left = [action for action in left if late(action)]
    elif asked.only is Only.DUE:
        left = [action for action in left if action.due is not None and 0 <= (action.due - TODAY).days <= 7]
        left = [action for action in left if action.status not in CLAIMED]
    elif asked.only is Only.BLOCKED:
        left = [action for action in left if action.status == "Blocked"]
    elif asked.only is Only.MINE:
        left = [action for action in left if action.owner_id == viewer]
    if asked.text:
        left = [action for action in left if action.source == "B-7" and action.what == asked.text]
    return left


def late(action: Action) -> int:
    """Days overdue of an open action, 0 when it is not or is claimed."""
    if action.due is None or action.due >= TODAY or action.status in CLAIMED:
        return 0
    return (TODAY - action.due).days


@settings(deadline=None)
@given(
    many_actions(),
    st.builds(
        Asked,
        st.sampled_from(("", "MHT", "POL")),
        st.none() | st.sampled_from(Only),
        st.sampled_from(("", "", "Matter 1")),
    ),
)
def test_the_pages_together_are_the_whole(actions: list[Action], asked: Asked) -> None:
    """Turning every page shows each action that was asked for exactly once, in order, under the same totals."""

    def turned(page: int) -> Tracker:
        return track(
            actions,
            asked,
            viewer=OWNER_ID,
            sees=lambda action: Sight.FULL if action.source == "B-7" else Sight.OUTLINE,
            names=PARTNERS,
            today=TODAY,
            page=page,
        )

    expected = chosen(actions, asked, OWNER_ID)
    pages = [turned(page) for page in range(turned(0).pages)]
    lines = [line for found in pages for line in rows_of(found)]
    assert sorted(line.reference for line in lines) == sorted(action.reference for action in expected)
    assert all(len(rows_of(found)) == PAGE for found in pages[:-1])
    assert {found.totals for found in pages} == {turned(-1).totals}
    totals = pages[0].totals
    assert totals.open == len(expected)
    assert totals.overdue == sum(1 for action in expected if late(action))
    assert totals.blocked == sum(1 for action in expected if action.status == "Blocked")
    assert totals.to_verify == sum(1 for action in expected if action.status in CLAIMED)
    assert all((line.what == "") is (action_of(actions, line).source == "R-14") for line in lines)
    in_order(lines)
    for found in pages:
        assert [name for name, _ in found.groups] == [name for name, _ in groupby(map(name_of, rows_of(found)))]


def action_of(actions: list[Action], line: Row) -> Action:
    (found,) = (action for action in actions if action.reference == line.reference)
    return found


def name_of(line: Row) -> str:
    return NAMES.get(line.agency, "")


def in_order(lines: list[Row]) -> None:
    """Each agency stands in one place, by its number overdue; inside, overdue by length, then by date, undated last."""
    names = [name for name, _ in groupby(map(name_of, lines))]
    assert len(set(names)) == len(names)
    overdue = Counter(name_of(line) for line in lines if line.late)
    assert [overdue[name] for name in names] == sorted((overdue[name] for name in names), reverse=True)
    for name in names:
        mine = [line for line in lines if name_of(line) == name]
        ages = [line.late for line in mine if line.late]
        assert [line.late for line in mine] == sorted(ages, reverse=True) + [0] * (len(mine) - len(ages))
        days = [line.due for line in mine if not line.late]
        assert days == sorted(days, key=lambda day: (day is None, day or TODAY))


@settings(max_examples=30, deadline=None)
@given(many_actions(), st.data())
def test_the_order_does_not_depend_on_the_store(actions: list[Action], data: st.DataObject) -> None:
    """However the store gives the rows, the tracker reads the same."""
    assert tracked(actions) == tracked(data.draw(st.permutations(actions)))


def test_trend_since_the_last_board() -> None:
    """Agreed since are those still open and those closed already; closed since are those; the day itself counts."""
    board = date(2026, 6, 1)  # a Monday in summer time: it begins at 23:00 UTC on 31 May
    before, since = datetime(2026, 5, 31, 22, 59, tzinfo=UTC), datetime(2026, 5, 31, 23, 0, tzinfo=UTC)
    still = [
        create_action(id=1, agreed_on=before),
        create_action(id=2, agreed_on=since),
        create_action(id=3, agreed_on=NOW),
        create_action(id=4, agreed_on=None),
    ]
    gone = [
        create_action(id=5, agreed_on=before, open=False, status=A.VERIFIED, closed_on=NOW),
        create_action(id=6, agreed_on=since, open=False, status=A.VERIFIED, closed_on=NOW),
        create_action(id=7, agreed_on=None, open=False, status=A.NOT_POSSIBLE, closed_on=NOW),
    ]
    assert trend(still, gone, board) == Trend(board, agreed=3, closed=3)
    assert trend([], [], board) == Trend(board, agreed=0, closed=0)
