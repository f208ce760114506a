"""A board's agenda: its parts one after another, whose board it is, who sees and moves an item, what is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from board.agenda import (
    ItemStatus,
    Move,
    Part,
    agenda,
    found_in,
    moved,
    moves,
    offer,
    says_who,
    sees,
    spoken,
    starts,
    the_board,
    to_run,
)
from board.boards import Board, key_of
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal, one_of
from board.forms import Form
from board.identifying import Kind
from board.records import AgendaItem, Meeting, Member
from board.vocabulary import Role
from tests.builders import KEY, NOW, create_forum, create_member

ANCHOR = date(2026, 12, 9)
"""A Wednesday; from a wall calendar the boards around it are on 28 October 2026 and 20 January 2027."""

FORUM = create_forum("MHRMB", kind="Board", anchor=ANCHOR, meets_at="10:00")
UNPLANNED = replace(FORUM, anchor=None)
TODAY = date(2026, 12, 9)

STANDING = (
    *(("welcome", 5), ("decisions", 10), ("tracker", 20), ("risks", 10), ("focus", 20), ("reports", 15)),
    *(("measures", 10), ("learning", 10), ("other", 5), ("next", 5)),
)
"""What a board talks about when nobody tunes it, with the minutes of each: 110 in all."""

NAMES = [name for name, _ in STANDING]

CHAIR = create_member(Role.CHAIR, id=1, user_id="c0", name="Ada Chairperson", agency="POL")
TEAM = create_member(Role.MENTAL_HEALTH_TEAM, id=2, user_id="c1", name="Cy Nurse", agency="MHT")
OWNER = create_member(Role.REPRESENTATIVE, id=3, user_id="c2", name="Ed Socialworker", agency="ASC")
OTHER = create_member(Role.REPRESENTATIVE, id=4, user_id="c3", name="Bo Officer", agency="POL")


def item(number: int = 5, **values: Any) -> AgendaItem:
    """I-5: ten minutes about the night shift, offered by OWNER and accepted for B-7."""
    defaults: dict[str, Any] = {
        "reference": f"I-{number}",
        "forum": "MHRMB",
        "meeting": "B-7",
        "kind": "Agenda item",
        "about": "Who answers at night",
        "status": "Accepted",
        "owner_id": "c2",
        "minutes": 10,
    }
    return AgendaItem(id=number, **{**defaults, **values})


ACCEPTED = st.builds(item, st.integers(1, 60), minutes=st.integers(0, 120), chairs_only=st.booleans())
ANY = st.builds(
    item,
    st.integers(1, 60),
    kind=st.sampled_from(["Agenda item", "Agenda item", "Decision", "Subgroup report"]),
    status=st.sampled_from(["Accepted", "Accepted", "Offered", "Declined", "Withdrawn"]),
    meeting=st.sampled_from(["B-7", "B-7", "B-8", "B-70", ""]),
    open=st.booleans(),
)
ITEMS = st.lists(ACCEPTED | ANY, unique_by=lambda each: each.id, max_size=10)
OWN = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 120), max_size=6)


def arranged(own: dict[str, int], items: list[AgendaItem]) -> list[Part]:
    """The agenda of B-7 for a board with its own minutes."""
    text = "\n".join(f"{name} {minutes}" for name, minutes in own.items())
    return agenda(replace(FORUM, agenda=text), items, "B-7")


def test_a_board_that_tunes_nothing() -> None:
    """Ten standing items in their order, 110 minutes in all, each beginning where the one before ends."""
    parts = agenda(FORUM, [], "B-7")
    assert [(part.name, part.minutes) for part in parts] == list(STANDING)
    assert [part.at for part in parts] == [0, 5, 15, 35, 45, 65, 80, 90, 100, 105]
    assert all(part.item is None and not part.chairs_only for part in parts)


@given(OWN, ITEMS)
def test_parts_lie_one_after_another(own: dict[str, int], items: list[AgendaItem]) -> None:
    """The first begins at once, each of the others where the one before it ends, and none takes no time."""
    parts = arranged(own, items)
    ends = list(itertools.accumulate(part.minutes for part in parts))
    assert [part.at for part in parts] == [0, *ends][: len(parts)]
    assert all(part.minutes > 0 for part in parts)


@given(OWN, ITEMS)
def test_each_accepted_item_is_there_once(own: dict[str, int], items: list[AgendaItem]) -> None:
    """Those accepted for this board, in the order of their numbers, with ten minutes where none are said; no other."""
    parts = arranged(own, items)
    due = [each for each in items if (each.kind, each.status, each.meeting) == ("Agenda item", "Accepted", "B-7")]
    expected = [(each.id, each.minutes if each.minutes > 0 else 10, each.chairs_only) for each in due]
    found = [(part.item.id, part.minutes, part.chairs_only) for part in parts if part.item is not None]
    assert found == sorted(expected)
    assert all((part.name == "item") == (part.item is not None) for part in parts)


@given(OWN, ITEMS)
def test_standing_items_keep_their_order(own: dict[str, int], items: list[AgendaItem]) -> None:
    """With a board's own minutes; one of no minutes is left out; what members offer comes just before the others."""
    parts = arranged(own, items)
    expected = [(name, own.get(name, default)) for name, default in STANDING if own.get(name, default) != 0]
    assert [(part.name, part.minutes) for part in parts if part.item is None] == expected
    places = {part.name: place for place, part in enumerate(parts)}
    offered = [place for place, part in enumerate(parts) if part.item is not None]
    assert all(places[name] < place for name in NAMES[:8] if name in places for place in offered)
    assert all(places[name] > place for name in NAMES[8:] if name in places for place in offered)


@pytest.mark.parametrize("text", ["tracker 121", "tracker -1", "tracker 1000", "tracker many", "trackers 9", "item 9"])
def test_minutes_that_cannot_be_change_nothing(text: str) -> None:
    """A standing item takes two hours at most; a word that is none of them is passed over."""
    assert agenda(replace(FORUM, agenda=text), [], "B-7") == agenda(FORUM, [], "B-7")


def test_a_board_without_a_reference_has_no_item() -> None:
    """An item that is accepted for no board is on none, not on every board that has no row yet."""
    assert [part.name for part in agenda(FORUM, [item(meeting="")], "")] == NAMES


@given(st.lists(st.integers(1, 120), max_size=20), st.integers(0, 23), st.integers(0, 59))
def test_when_each_part_begins(minutes: list[int], hour: int, minute: int) -> None:
    """The forum's hour and the minutes before it, counted on a clock of 24 hours."""
    begins = [0, *itertools.accumulate(minutes)][: len(minutes)]
    parts = [Part("tracker", long, at) for long, at in zip(minutes, begins, strict=True)]
    clock = [(hour * 60 + minute + at) % 1440 for at in begins]
    expected = [f"{at // 60:02}:{at % 60:02}" for at in clock]
    for spelled in (f"{hour:02}:{minute:02}", f"{hour}:{minute:02}", f" {hour}:{minute:02} "):
        assert starts(parts, spelled) == expected


@pytest.mark.parametrize("meets_at", ["", "  ", "in the morning", "25:00", "10:60", "10"])
def test_no_hour_no_beginnings(meets_at: str) -> None:
    """A forum that names no time has an empty text for each part, so that none is left without one."""
    assert starts(agenda(FORUM, [], ""), meets_at) == [""] * 10


def test_the_times_of_a_whole_board() -> None:
    """At ten o'clock, with one item of 25 minutes before any other business: over at a quarter past twelve."""
    parts = agenda(FORUM, [item(minutes=25)], "B-7")
    times = dict(zip((part.name for part in parts), starts(parts, "10:00"), strict=True))
    assert (times["welcome"], times["focus"], times["item"], times["other"]) == ("10:00", "10:45", "11:40", "12:05")
    assert times["next"] == "12:10"


def row(planned: str, status: str = "Planned", held: str = "") -> Meeting:
    """The row of one of the anchor's boards; held on another day where one is named."""
    day = date.fromisoformat(planned)
    held_on = date.fromisoformat(held) if held else day
    return Meeting(id=7, key=key_of("MHRMB", day), forum="MHRMB", held_on=held_on, status=status, kind="Board")


def extra(day: str, status: str = "Planned", **values: Any) -> Meeting:
    """A board that somebody typed on a day of its own."""
    return Meeting(**{"id": 8, "forum": "MHRMB", "held_on": date.fromisoformat(day), "status": status, **values})


@pytest.mark.parametrize(
    ("today", "rows", "day"),
    [
        ("2026-12-01", [], "2026-12-09"),
        ("2026-12-09", [], "2026-12-09"),
        ("2026-12-10", [], "2027-01-20"),
        ("2026-12-09", [row("2026-12-09", "Held")], "2027-01-20"),
        ("2026-12-01", [row("2026-12-09", "Cancelled")], "2027-01-20"),
        ("2026-12-09", [row("2026-12-09", "In progress")], "2026-12-09"),
        ("2026-12-23", [row("2026-12-09", "In progress")], "2026-12-09"),
        ("2026-12-24", [row("2026-12-09", "In progress")], "2027-01-20"),
        ("2026-12-16", [row("2026-12-09", "In progress"), extra("2026-12-16")], "2026-12-09"),
        ("2026-12-10", [row("2026-12-09", held="2026-12-16")], "2026-12-16"),
        ("2026-12-17", [row("2026-12-09", held="2026-12-16")], "2027-01-20"),
        ("2026-12-30", [row("2026-12-09", "In progress", "2026-12-16")], "2026-12-16"),
        ("2026-12-01", [extra("2026-12-03")], "2026-12-03"),
        ("2026-12-01", [extra("2026-12-03", kind="Subgroup")], "2026-12-09"),
        ("2026-12-01", [extra("2026-12-03", forum="SUB")], "2026-12-09"),
    ],
)
def test_which_board_is_next(today: str, rows: list[Meeting], day: str) -> None:
    """The one that goes on, for two weeks; else the next from today on that is neither cancelled nor over."""
    found = the_board(FORUM, rows, date.fromisoformat(today))
    assert found is not None
    assert found.day == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("today", "rows", "day"),
    [
        ("2026-12-08", [], None),
        ("2026-12-09", [], "2026-12-09"),
        ("2026-12-23", [], "2026-12-09"),
        ("2026-12-24", [], None),
        ("2026-12-09", [row("2026-12-09", "Held")], None),
        ("2026-12-09", [row("2026-12-09", "Cancelled")], None),
        ("2026-12-23", [row("2026-12-09", "In progress")], "2026-12-09"),
        ("2026-12-24", [row("2026-12-09", "In progress")], None),
        ("2026-12-16", [row("2026-12-09", "In progress"), extra("2026-12-16")], "2026-12-09"),
        ("2026-12-16", [row("2026-12-09"), extra("2026-12-16")], "2026-12-16"),
        ("2026-12-16", [row("2026-12-09"), extra("2026-12-16", "Held")], "2026-12-09"),
        ("2026-12-10", [row("2026-12-09", held="2026-12-16")], None),
        ("2026-12-16", [row("2026-12-09", held="2026-12-16")], "2026-12-16"),
        ("2026-12-02", [row("2026-12-09", held="2026-12-02")], "2026-12-02"),
        ("2026-12-09", [extra("2026-12-09", "Held", kind="Subgroup")], "2026-12-09"),
    ],
)
def test_which_board_can_be_run(today: str, rows: list[Meeting], day: str | None) -> None:
    """One that goes on, today's, or the last of two weeks that nobody recorded; never one that is to come."""
    found = to_run(FORUM, rows, date.fromisoformat(today))
    assert (found.day if found else None) == (date.fromisoformat(day) if day else None)


@given(st.dictionaries(st.integers(-30, 60), st.sampled_from(["Planned", "In progress", "Held", "Cancelled"])))
def test_boards_on_days_of_their_own(said: dict[int, str]) -> None:
    """Of any boards before and after today, the same rules pick one as a walk along their days does."""
    held = {days: status for days, status in said.items() if status != "In progress" or days <= 0}
    rows = [extra((TODAY + timedelta(days=days)).isoformat(), status) for days, status in held.items()]
    on = [days for days in range(-14, 1) if held.get(days) == "In progress"]
    to_come = [days for days in range(61) if held.get(days) == "Planned"]
    behind = [days for days in range(-14, 1) if held.get(days) == "Planned"]
    following, now = the_board(UNPLANNED, rows, TODAY), to_run(UNPLANNED, rows, TODAY)
    assert [(each.day - TODAY).days for each in (following,) if each] == [*on, *to_come][:1]
    assert [(each.day - TODAY).days for each in (now,) if each] == (on[:1] or behind[-1:])


def test_a_board_is_spoken_of_by_its_number() -> None:
    """A board without a row, or whose row has no number yet, has no reference."""
    numbered = extra("2026-12-09")
    assert spoken(Board("MHRMB", ANCHOR, ANCHOR, numbered)) == "B-8"
    assert spoken(Board("MHRMB", ANCHOR, ANCHOR, replace(numbered, id=0))) == ""
    assert spoken(Board("MHRMB", ANCHOR, ANCHOR)) == ""


@pytest.mark.parametrize("role", Role)
def test_who_sees_what_is_for_the_chairs_only(role: Role) -> None:
    """The chairs, the team, and whoever offered it, however their id is spelled; everybody sees any other item."""
    somebody = create_member(role, user_id="c3")
    assert sees(somebody, item(chairs_only=True)) == (role in ("Chair", "Mental health team"))
    assert sees(somebody, item(chairs_only=False))
    assert sees(replace(somebody, user_id="c2"), item(chairs_only=True))
    assert sees(replace(somebody, user_id="c2"), item(chairs_only=True, owner_id="C2"))
    assert sees(replace(somebody, user_id="C2"), item(chairs_only=True, owner_id="c2"))


def test_what_an_offer_keeps() -> None:
    """Who offers it and for whom, when, and how long it takes: ten minutes where nothing is said."""
    typed = {"key": KEY, "title": " Who answers\nat night ", "words": "Two numbers ring out.", "chairs_only": "Yes"}
    assert offer(Form(typed), OWNER, FORUM, now=NOW) == AgendaItem(
        key=KEY,
        forum="MHRMB",
        kind="Agenda item",
        about="Who answers at night",
        words="Two numbers ring out.",
        status="Offered",
        owner_id="c2",
        owner_name="Ed Socialworker",
        agency="ASC",
        minutes=10,
        chairs_only=True,
        submitted_on=NOW,
        open=True,
    )
    plain = offer(Form({"key": KEY, "title": "Beds", "chairs_only": "No", "item_minutes": "25"}), OWNER, FORUM, now=NOW)
    assert (plain.chairs_only, plain.minutes, plain.words) == (False, 25, "")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"title": " "}, FieldProblem("title", Problem.MISSING)),
        ({"title": "x" * 256}, FieldProblem("title", Problem.TOO_LONG, 255)),
        ({"words": "x" * 2001}, FieldProblem("words", Problem.TOO_LONG, 2000)),
        ({"words": ["a list"]}, FieldProblem("words", Problem.NOT_TEXT)),
        ({"chairs_only": "Perhaps"}, one_of("chairs_only", ("Yes", "No"))),
        ({"item_minutes": "0"}, FieldProblem("item_minutes", Problem.NOT_A_CHOICE)),
        ({"item_minutes": "121"}, FieldProblem("item_minutes", Problem.NOT_A_CHOICE)),
        ({"item_minutes": "ten"}, FieldProblem("item_minutes", Problem.NOT_A_CHOICE)),
        ({"item_minutes": "-5"}, FieldProblem("item_minutes", Problem.NOT_A_CHOICE)),
        ({"item_minutes": "7.5"}, FieldProblem("item_minutes", Problem.NOT_A_CHOICE)),
        ({"item_minutes": "²"}, FieldProblem("item_minutes", Problem.NOT_A_CHOICE)),
        ({"title": "What R-14 teaches"}, FieldProblem("title", Problem.IDENTIFYING)),
        ({"words": "write to a.person@example.org"}, FieldProblem("words", Problem.IDENTIFYING)),
        ({"key": "x"}, FieldProblem("key", Problem.STALE)),
    ],
)
def test_an_offer_that_is_refused(changed: dict[str, Any], problem: FieldProblem) -> None:
    """Each mistake is named by its field, and is the only one."""
    with pytest.raises(NotUnderstood) as wrong:
        offer(Form({"key": KEY, "title": "Beds", **changed}), OWNER, FORUM, now=NOW)
    assert wrong.value.problems == (problem,)


def test_every_mistake_of_an_offer_is_told_at_once() -> None:
    """Somebody who made four mistakes hears of four."""
    values = {"key": KEY, "title": "", "words": "R-14", "item_minutes": "ten", "chairs_only": "Perhaps"}
    with pytest.raises(NotUnderstood) as wrong:
        offer(Form(values), OWNER, FORUM, now=NOW)
    assert {each.field for each in wrong.value.problems} == {"title", "words", "item_minutes", "chairs_only"}


@given(st.integers(-200, 200_000))
@example(0)
@example(1)
@example(120)
@example(121)
def test_how_long_an_item_may_take(number: int) -> None:
    """From one minute to two hours, kept as it is said."""
    form = Form({"key": KEY, "title": "Beds", "item_minutes": str(number)})
    if 1 <= number <= 120:
        assert offer(form, OWNER, FORUM, now=NOW).minutes == number
    else:
        with pytest.raises(NotUnderstood) as wrong:
            offer(form, OWNER, FORUM, now=NOW)
        assert wrong.value.problems == (FieldProblem("item_minutes", Problem.NOT_A_CHOICE),)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("What A-103 came to", set()),
        ("a – 103 and A-104", set()),
        ("Calls on the A12, risk K-12, board B-7 and item I-5", set()),
        ("What R-14 came to", {Kind.REFERENCE}),
        ("what r14 came to", {Kind.REFERENCE}),
        ("Plan P-14.2", {Kind.REFERENCE}),
        ("A-103 after R-14", {Kind.REFERENCE}),
        ("A-103, born 1984", {Kind.BORN}),
        ("NHS 943 476 5870", {Kind.NUMBER}),
        ("A-943 476 5870", {Kind.NUMBER}),
        ("PNC 2011/7654321K", {Kind.NUMBER}),
        ("the flat at CM99 9ZZ", {Kind.ADDRESS}),
        ("ring 01632 960001", {Kind.CONTACT}),
        ("a.person@example.org", {Kind.CONTACT}),
    ],
)
def test_what_says_who_somebody_is(text: str, kinds: set[Kind]) -> None:
    """A number, an address, a contact, a date of birth, a case or a plan; the board's own references do not."""
    assert {found.kind for found in says_who(text)} == kinds


@given(st.integers(1, 999_999_999), st.sampled_from(["-", " - ", "–", "‑"]))
def test_an_action_may_be_named_and_a_case_may_not(number: int, dash: str) -> None:
    """Whatever its number and however it is spelled: the board speaks of its tracker, and of no case."""
    assert says_who(f"Since A{dash}{number} was done") == []
    assert {each.kind for each in says_who(f"Since R{dash}{number} was done")} == {Kind.REFERENCE}


def test_whoever_typed_it_is_shown_what_was_found() -> None:
    """By field, only where something was found; what is no text is left to the form's own rules."""
    form = Form({"title": 14, "words": "see R-14", "other": "see P-2"})
    found = {name: [each.said for each in every] for name, every in found_in(form).items()}
    assert found == {"words": ["r-14"]}
    assert found_in(Form({"title": "Beds", "words": "at night"})) == {}


@pytest.mark.parametrize("status", ["Offered", "Accepted"])
@pytest.mark.parametrize(
    ("member", "allowed"),
    [
        (CHAIR, ["accept", "decline"]),
        (TEAM, ["accept", "decline"]),
        (OWNER, ["withdraw"]),
        (replace(OWNER, user_id="C2"), ["withdraw"]),
        (replace(CHAIR, user_id="c2"), ["accept", "decline", "withdraw"]),
        (OTHER, []),
        (create_member(Role.SUBGROUP_CHAIR, user_id="c4"), []),
        (create_member(Role.ADMINISTRATOR, user_id="c5"), []),
    ],
)
def test_who_moves_an_item(member: Member, allowed: list[str], status: str) -> None:
    """The chairs and the team accept and decline, its owner withdraws it, nobody else does anything; or is refused."""
    here = item(status=status)
    assert moves(here, member) == allowed
    assert moves(replace(here, owner_id="C2"), member) == allowed
    for move in Move:
        if move in allowed:
            assert moved(here, move, Form({"why": "Not this time"}), member, "B-9") != here
        else:
            with pytest.raises(NotAllowed):
                moved(here, move, Form({"why": "Not this time"}), member, "B-9")


@pytest.mark.parametrize("move", Move)
def test_somebody_else_is_told_that_it_is_not_theirs(move: Move) -> None:
    """Whether the item still waits or is over."""
    for here in (item(), item(status="Declined", open=False)):
        with pytest.raises(NotAllowed) as refused:
            moved(here, move, Form({}), OTHER, "B-9")
        assert refused.value.refusal is Refusal.NOT_YOURS


@pytest.mark.parametrize("member", [CHAIR, TEAM, OWNER, replace(OWNER, user_id="C2")])
@pytest.mark.parametrize(
    "here", [item(status="Declined"), item(status="Withdrawn"), item(open=False), item(kind="Decision")]
)
def test_what_is_over_stays_as_it_is(here: AgendaItem, member: Member) -> None:
    """Declined, withdrawn, dealt with or no item at all: nobody moves it, and those whose it was are told why."""
    assert moves(here, member) == []
    for move in Move:
        with pytest.raises(NotAllowed) as refused:
            moved(here, move, Form({"why": "so"}), member, "B-9")
        assert refused.value.refusal is Refusal.ITEM_OVER


@pytest.mark.parametrize("status", ["Offered", "Accepted"])
def test_an_item_that_is_accepted(status: str) -> None:
    """It is on the agenda of the board that is named, with the minutes that a chair gives it, or its own."""
    here = item(status=status, meeting="", minutes=15, why="what was said before")
    accepted = moved(here, Move.ACCEPT, Form({}), CHAIR, "B-9")
    assert accepted == replace(here, status=ItemStatus.ACCEPTED, meeting="B-9", why="")
    assert moved(here, Move.ACCEPT, Form({"item_minutes": "120"}), TEAM, "B-9") == replace(accepted, minutes=120)
    assert [part.minutes for part in agenda(FORUM, [accepted], "B-9") if part.item] == [15]


@pytest.mark.parametrize("said", ["0", "121", "ten"])
def test_an_item_cannot_be_accepted_for_any_time(said: str) -> None:
    """From one minute to two hours, as for whoever offers it."""
    with pytest.raises(NotUnderstood) as wrong:
        moved(item(), Move.ACCEPT, Form({"item_minutes": said}), CHAIR, "B-9")
    assert wrong.value.problems == (FieldProblem("item_minutes", Problem.NOT_A_CHOICE),)


@pytest.mark.parametrize(
    ("move", "why", "after"),
    [
        (Move.DECLINE, "Not this time", ("Declined", "Not this time")),
        (Move.WITHDRAW, "It was settled", ("Withdrawn", "It was settled")),
        (Move.WITHDRAW, "", ("Withdrawn", "")),
        (Move.DECLINE, " ", FieldProblem("why", Problem.MISSING)),
        (Move.DECLINE, "It is about R-14", FieldProblem("why", Problem.IDENTIFYING)),
        (Move.WITHDRAW, "ring 01632 960001", FieldProblem("why", Problem.IDENTIFYING)),
        (Move.DECLINE, "x" * 256, FieldProblem("why", Problem.TOO_LONG, 255)),
    ],
)
def test_an_item_that_goes(move: Move, why: str, after: tuple[str, str] | FieldProblem) -> None:
    """Declining needs a reason, withdrawing needs none; neither reason may say who somebody is."""
    here, both = item(), replace(CHAIR, user_id="c2")
    if isinstance(after, FieldProblem):
        with pytest.raises(NotUnderstood) as wrong:
            moved(here, move, Form({"why": why}), both, "")
        assert wrong.value.problems == (after,)
    else:
        gone = moved(here, move, Form({"why": why}), both, "")
        assert gone == replace(here, status=after[0], why=after[1], open=False)
        assert [part for part in agenda(FORUM, [gone], "B-7") if part.item] == []
