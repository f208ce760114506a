"""A board's meeting: what is kept of an item, typed or in a form, and its minutes until they are approved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.agenda import Part
from board.boardroom import (
    Outcome,
    approved,
    attended,
    begun,
    closed,
    correction,
    dealt_with,
    decisions,
    name_of,
    outcome,
    recorded,
    require_on,
    taken_back,
)
from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal
from board.forms import Form
from board.hearing import Room
from board.minuting import read_decision
from board.records import AgendaItem, Attendance, Meeting, Member
from board.vocabulary import MeetingStatus, Role
from tests.builders import KEY, create_forum, create_member, create_partners

NOW = datetime(2026, 12, 9, 10, 40, tzinfo=UTC)
DAY = date(2026, 12, 9)
CHAIR = create_member(Role.CHAIR, name="Ada Chairperson", user_id="chair", agency="POL")
TEAM = create_member(Role.MENTAL_HEALTH_TEAM, name="Cy Nurse", user_id="team", agency="MHT")
LEAD = create_member(Role.AGENCY_LEAD, id=5, name="Di Trustlead", user_id="lead", agency="MHT")
OFFICER = create_member(id=6, name="Bo Officer", user_id="officer", agency="POL")

ROOM = Room("B-7", create_forum("MHRMB"), date(2027, 1, 20), create_partners(), (LEAD, OFFICER))
ON = Meeting(id=7, reference="B-7", forum="MHRMB", held_on=DAY, status="In progress", kind="Board")
DRAFT = replace(ON, status="Held", open=False, minutes="Draft")

QUIET = AgendaItem(id=5, reference="I-5", forum="MHRMB", meeting="B-7", kind="Agenda item", status="Accepted")
PARTS = (Part("tracker", 20, 0), Part("item", 10, 20, QUIET), Part("other", 5, 30))

SOUND = {"key": KEY, "about": "tracker", "decision": "One number for nights."}
RING = {"action_what_1": "Print the number.", "action_agency_1": "MHT", "action_due_1": "2027-01-20"}


def keep(values: dict[str, Any], parts: tuple[Part, ...] = PARTS, meeting: Meeting = ON) -> Outcome:
    """What a chair's form, or a chair's line, comes to."""
    return outcome(Form(values), CHAIR, meeting, parts, ROOM, now=NOW)


def refused(values: dict[str, Any]) -> list[tuple[str, Problem]]:
    """The fields that are wrong in a form that is refused, each with what is wrong."""
    with pytest.raises(NotUnderstood) as wrong:
        keep(values)
    return [(each.field, each.problem) for each in wrong.value.problems]


def test_what_is_kept_of_an_item() -> None:
    """The decision is the board's and the item's; the action is its agency's lead's, and comes from the board."""
    kept = keep({**SOUND, **RING})
    assert kept.decision == AgendaItem(
        key=f"{KEY}-decision",
        forum="MHRMB",
        meeting="B-7",
        kind="Decision",
        about="tracker",
        words="One number for nights.",
        status="Recorded",
        owner_id="chair",
        owner_name="Ada Chairperson",
        agency="POL",
        submitted_on=NOW,
        open=False,
    )
    (action,) = kept.actions
    assert (action.key, action.what, action.agency, action.due) == (
        *(f"{KEY}-1", "Print the number.", "MHT"),
        date(2027, 1, 20),
    )
    assert (action.owner_id, action.source, action.forum, action.status) == ("lead", "B-7", "MHRMB", "Agreed")
    assert not action.about_a_case


def test_a_decision_or_an_action_is_enough() -> None:
    """Either may stand alone; an item of which nothing was made is not kept."""
    assert keep(SOUND).actions == ()
    alone = keep({"key": KEY, "about": "other", **RING})
    assert alone.decision is None
    assert len(alone.actions) == 1
    assert refused({"key": KEY, "about": "other", "decision": " \n "}) == [("decision", Problem.MISSING)]


@pytest.mark.parametrize(
    ("about", "kept"), [("tracker", "tracker"), (" Tracker ", "tracker"), ("I-5", "I-5"), ("i-5", "I-5")]
)
def test_what_a_decision_is_about(about: str, kept: str) -> None:
    """A standing item by its name or a member's by its reference, in small letters or capitals."""
    decision = keep({**SOUND, "about": about}).decision
    assert decision is not None
    assert decision.about == kept


@pytest.mark.parametrize("private", [True, False])
def test_what_the_chairs_decide_of_their_own_item(private: bool) -> None:
    """It is for the chairs only where the item is; of a standing item it is everybody's."""
    parts = (PARTS[0], Part("item", 10, 20, replace(QUIET, chairs_only=private)))
    of_item, of_standing = (keep({**SOUND, "about": about}, parts).decision for about in ("I-5", "tracker"))
    assert of_item is not None
    assert of_standing is not None
    assert (of_item.chairs_only, of_standing.chairs_only) == (private, False)


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"about": "weather"}, [("about", Problem.NOT_A_CHOICE)]),
        ({"about": "item"}, [("about", Problem.NOT_A_CHOICE)]),
        ({"about": "I-6"}, [("about", Problem.NOT_A_CHOICE)]),
        ({"about": " "}, [("about", Problem.MISSING)]),
        ({"about": "x" * 41}, [("about", Problem.TOO_LONG)]),
        ({"key": "x"}, [("key", Problem.STALE)]),
        ({"decision": "x" * 2001}, [("decision", Problem.TOO_LONG)]),
        ({"decision": "He was born in 1984."}, [("decision", Problem.IDENTIFYING)]),
        ({"decision": "As R-14 shows."}, [("decision", Problem.IDENTIFYING)]),
        ({**RING, "action_what_1": "Ring 01632 960001."}, [("action_what_1", Problem.IDENTIFYING)]),
        ({**RING, "action_agency_1": "XYZ"}, [("action_agency_1", Problem.NOT_A_CHOICE)]),
        ({**RING, "action_due_1": "2026-12-08"}, [("action_due_1", Problem.IN_THE_PAST)]),
        ({**RING, "action_due_1": "soon"}, [("action_due_1", Problem.NOT_A_DATE)]),
        ({"action_what_2": "Ring."}, [("action_agency_2", Problem.MISSING), ("action_due_2", Problem.MISSING)]),
        ({"action_agency_3": "POL", "action_due_3": "2027-01-20"}, [("action_what_3", Problem.MISSING)]),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], problems: list[tuple[str, Problem]]) -> None:
    """Each mistake with its field, and no other; an action that is begun lacks the rest of it."""
    assert refused({**SOUND, **changed}) == problems


def test_what_says_who_somebody_is_is_found_in_each_field() -> None:
    """In the decision and in every action's words, all at once; an action's reference says nobody's name."""
    values = dict(SOUND)
    for number in (1, 2, 3):
        values |= {f"action_agency_{number}": "POL", f"action_due_{number}": "2027-01-20"}
    texts = ("decision", "action_what_1", "action_what_2", "action_what_3")
    problems = refused({**values, **dict.fromkeys(texts, "See R-14.")})
    assert problems == [(name, Problem.IDENTIFYING) for name in texts]
    kept = keep({**values, **dict.fromkeys(texts, "See A-103.")})
    assert [action.what for action in kept.actions] == ["See A-103."] * 3
    assert kept.decision is not None


@pytest.mark.parametrize("status", MeetingStatus)
def test_only_while_the_board_goes_on(status: MeetingStatus) -> None:
    """Nothing is kept, taken back or closed of a board that is to come, was cancelled or is over."""
    here, decision = replace(ON, status=status), AgendaItem(forum="MHRMB", kind="Decision", status="Recorded")
    tries = (
        lambda: require_on(here),
        lambda: keep(SOUND, meeting=here),
        lambda: taken_back(decision, here),
        lambda: closed(here),
    )
    for one in tries:
        if status == "In progress":
            one()
        else:
            with pytest.raises(NotAllowed) as wrong:
                one()
            assert wrong.value.refusal is Refusal.BOARD_NOT_ON


def test_a_board_that_begins_and_ends() -> None:
    """It keeps its calendar's day; once it is closed it was held, and its minutes are a draft."""
    planned = replace(ON, status="Planned")
    assert begun(planned) == ON
    assert begun(ON) == ON
    assert closed(ON) == DRAFT


def test_names_of_parts() -> None:
    """A standing item goes by its name, a member's by its reference."""
    assert [name_of(part) for part in PARTS] == ["tracker", "I-5", "other"]


def test_a_typed_line_is_the_form() -> None:
    """A chair who types one line keeps the very same as one who fills in the form."""
    line = "Tracker: One number for nights.; action mht 2027-01-20: Print the number.; action POL 2027-02-01: Tell all"
    form = {**SOUND, **RING, "action_what_2": "Tell all", "action_agency_2": "POL", "action_due_2": "2027-02-01"}
    assert keep({**read_decision(line), "key": KEY}) == keep(form)


TYPED_BADLY = st.text("aR-14 .;:\n\x00²é😀", max_size=12)
FIELDS = st.fixed_dictionaries(
    {"about": st.sampled_from(["tracker", "I-5", "other", "i-5", "weather"]) | TYPED_BADLY},
    optional={
        "decision": TYPED_BADLY | st.none() | st.integers(),
        "action_what_1": TYPED_BADLY | st.just("Ring."),
        "action_agency_1": TYPED_BADLY | st.sampled_from(["MHT", "pol"]),
        "action_due_1": TYPED_BADLY | st.just("2027-01-20"),
    },
)
"""What a form may hold, much of it as nobody should type it."""


@given(FIELDS)
def test_no_form_does_harm(values: dict[str, Any]) -> None:
    """Whatever a form holds, something is kept of an item that is on the agenda, or it is refused with its problems."""
    try:
        kept = keep({"key": KEY, **values})
    except NotUnderstood as wrong:
        assert wrong.problems  # noqa: PT017 - what is refused depends on what was drawn
    else:
        assert kept.decision is not None or kept.actions
        assert kept.decision is None or kept.decision.about in ("tracker", "I-5", "other")
        assert all(action.what and action.agency in ROOM.agencies and action.due for action in kept.actions)


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("tracker", {"about": "tracker"}),
        ("", {"about": ""}),
        (" any  other : yes", {"about": "any other", "decision": "yes"}),
        ("tracker: at 10:30; and again;; so", {"about": "tracker", "decision": "at 10:30; and again; so"}),
        ("risks: so; action is needed", {"about": "risks", "decision": "so; action is needed"}),
        ("I-5: actions are listed: see there", {"about": "I-5", "decision": "actions are listed: see there"}),
        (
            "risks: ;ACTION  pol   2027-01-20 : ring; then write",
            {
                "about": "risks",
                "action_what_1": "ring; then write",
                "action_agency_1": "POL",
                "action_due_1": "2027-01-20",
            },
        ),
        (
            "risks: so; action POL: ring",
            {"about": "risks", "decision": "so", "action_what_1": "ring", "action_agency_1": "POL", "action_due_1": ""},
        ),
    ],
)
def test_a_line_is_read(said: str, values: dict[str, str]) -> None:
    """What an item is called, what was decided, and each action: its agency, its day and what is to be done."""
    assert read_decision(said) == values


LETTERS = "abcdefghijklmnopqrstuvwxyzéü0123456789.,-'?()"
SENTENCE = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=6).map(" ".join)
WHOSE = st.tuples(st.sampled_from(["MHT", "POL", "ASC"]), st.dates(date(2026, 1, 1), date(2030, 1, 1)), SENTENCE)


@given(st.sampled_from(["tracker", "I-5"]), st.lists(SENTENCE, max_size=3), st.lists(WHOSE, max_size=3))
def test_a_line_that_is_made_is_read_back(about: str, decided: list[str], agreed: list[tuple[str, date, str]]) -> None:
    """A decision in one or more parts and up to three actions come back as they went in."""
    actions = [f"action {code.lower()} {due}: {what}" for code, due, what in agreed]
    expected = {"about": about} | ({"decision": "; ".join(decided)} if decided else {})
    for number, (code, due, what) in enumerate(agreed, start=1):
        expected[f"action_what_{number}"] = what
        expected[f"action_agency_{number}"] = code
        expected[f"action_due_{number}"] = due.isoformat()
    assert read_decision(f"{about}: {'; '.join([*decided, *actions])}") == expected


PIECES = st.sampled_from([" ", "; ", ";", ": ", ":", "action ", "; action MHT 2027-01-20: ", ";ACTION pol:", "\n", "-"])
TYPED = st.lists(PIECES | st.text(LETTERS, min_size=1, max_size=6), max_size=30).map("".join)


def words_of(text: str) -> list[str]:
    """Each word of a text in capitals, in order of the alphabet, but for the word that begins an action."""
    return sorted(word for word in re.split(r"[\s:;]+", text.upper()) if word and word != "ACTION")


@given(TYPED)
def test_nothing_typed_is_lost(said: str) -> None:
    """Whatever a chair types, every word of it is in the values, as often as it was typed, and no other word."""
    assert words_of(" ".join(read_decision(said).values())) == words_of(said)


def test_a_fourth_action_is_not_lost() -> None:
    """Three are taken; what follows belongs to the text of the third, where whoever typed it sees it."""
    line = "tracker: " + "; ".join(f"action POL 2027-01-2{n}: do {n}" for n in range(4))
    read = read_decision(line)
    assert [read[f"action_what_{n}"] for n in (1, 2, 3)] == ["do 0", "do 1", "do 2; action POL 2027-01-23: do 3"]
    assert "action_what_4" not in read


@pytest.mark.parametrize(
    ("changed", "goes"),
    [
        ({}, True),
        ({"status": "Offered"}, False),
        ({"status": "Declined"}, False),
        ({"open": False}, False),
        ({"meeting": "B-8"}, False),
        ({"meeting": "B-70"}, False),
        ({"kind": "Decision"}, False),
    ],
)
def test_what_was_dealt_with(changed: dict[str, Any], goes: bool) -> None:
    """The items that were accepted for this board are over with it; no other is."""
    here, other = replace(QUIET, **changed), replace(QUIET, id=6)
    expected = ([(here, replace(here, open=False))] if goes else []) + [(other, replace(other, open=False))]
    assert dealt_with([here, other], ON) == expected


RECORDED = st.lists(
    st.builds(
        AgendaItem,
        id=st.integers(1, 40),
        forum=st.just("MHRMB"),
        kind=st.sampled_from(["Decision", "Agenda item", "Correction of the minutes"]),
        status=st.sampled_from(["Recorded", "Withdrawn"]),
    ),
    unique_by=lambda each: each.id,
    max_size=12,
)


@given(RECORDED)
def test_decisions_in_their_order(items: list[AgendaItem]) -> None:
    """What was decided and not taken back, in the order of its numbers, and nothing else that the board wrote."""
    expected = sorted(each.id for each in items if each.kind == "Decision" and each.status == "Recorded")
    assert [each.id for each in decisions(items)] == expected


@given(RECORDED, st.integers(0, 12))
def test_a_decision_that_is_taken_back(items: list[AgendaItem], which: int) -> None:
    """It is in no minutes; the others stand, and its words are kept where it is."""
    items = [AgendaItem(id=41, forum="MHRMB", kind="Decision", status="Recorded", words="So."), *items]
    before = decisions(items)
    gone = before[which % len(before)]
    after = [taken_back(each, ON) if each == gone else each for each in items]
    assert decisions(after) == [each for each in before if each != gone]
    assert taken_back(gone, ON).words == gone.words


def test_who_attended() -> None:
    """In person or by deputy; neither apologies, nor absence, nor having accepted the statement."""
    said = {"pol": "Present", "MHT": "Deputy", "ASC": "Apologies", "CSC": "Absent", "AMB": ""}
    assert attended(Attendance(agency=code, status=status) for code, status in said.items()) == {"POL", "MHT"}


REPRESENTATIVE = create_member(agency="asc", name="Ed Socialworker", user_id="ed")


@pytest.mark.parametrize(
    ("member", "status", "may"),
    [
        (REPRESENTATIVE, "Present", True),
        (REPRESENTATIVE, "Deputy", True),
        (REPRESENTATIVE, "Apologies", False),
        (REPRESENTATIVE, "Absent", False),
        (REPRESENTATIVE, "", False),
        (CHAIR, "Absent", True),
        (TEAM, "Absent", True),
        (LEAD, "Present", False),
    ],
)
def test_who_has_minutes_put_right(member: Member, status: str, may: bool) -> None:
    """Somebody of an agency that was there, or a chair; ASC alone took part in this board."""
    form = Form({"key": KEY, "correction": " It was the council. "})
    rows = [Attendance(agency="ASC", status=status)]
    if not may:
        with pytest.raises(NotAllowed) as wrong:
            correction(form, member, DRAFT, rows, now=NOW)
        assert wrong.value.refusal is Refusal.NOT_ATTENDED
        return
    assert correction(form, member, DRAFT, rows, now=NOW) == AgendaItem(
        key=KEY,
        forum="MHRMB",
        meeting="B-7",
        kind="Correction of the minutes",
        words="It was the council.",
        status="Submitted",
        open=False,
        owner_id=member.user_id,
        owner_name=member.name,
        agency=member.agency,
        submitted_on=NOW,
    )


@pytest.mark.parametrize(
    ("minutes", "refusal"), [("", Refusal.MINUTES_NOT_MADE), ("Approved", Refusal.MINUTES_APPROVED)]
)
def test_minutes_that_cannot_be_put_right(minutes: str, refusal: Refusal) -> None:
    """Not before there are any, and not once they are approved: not even by a chair."""
    with pytest.raises(NotAllowed) as wrong:
        correction(Form({"key": KEY, "correction": "So."}), CHAIR, replace(DRAFT, minutes=minutes), [], now=NOW)
    assert wrong.value.refusal is refusal


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, FieldProblem("correction", Problem.MISSING)),
        ({"correction": "It was R-14."}, FieldProblem("correction", Problem.IDENTIFYING)),
        ({"correction": "x" * 2001}, FieldProblem("correction", Problem.TOO_LONG, 2000)),
        ({"correction": "So.", "key": ""}, FieldProblem("key", Problem.STALE)),
    ],
)
def test_a_correction_that_is_not_understood(values: dict[str, Any], problem: FieldProblem) -> None:
    """Each mistake is named by its field; an action may be named."""
    with pytest.raises(NotUnderstood) as wrong:
        correction(Form({"key": KEY, **values}), CHAIR, DRAFT, [], now=NOW)
    assert wrong.value.problems == (problem,)
    named = correction(Form({"key": KEY, "correction": "It was A-103."}), CHAIR, DRAFT, [], now=NOW)
    assert named.words == "It was A-103."


LATER = Meeting(id=8, forum="MHRMB", held_on=date(2027, 1, 20), status="In progress", kind="Board")
BEGUN_LATER = [LATER, replace(LATER, status="Held"), replace(LATER, forum="mhrmb"), replace(LATER, kind="")]
NOT_LATER = [
    replace(LATER, status="Planned"),
    replace(LATER, status="Cancelled"),
    replace(LATER, held_on=DAY),
    replace(LATER, held_on=date(2026, 10, 28)),
    replace(LATER, held_on=None),
    replace(LATER, forum="SUB"),
    replace(LATER, kind="Subgroup"),
    DRAFT,
]


@pytest.mark.parametrize("row", BEGUN_LATER)
def test_a_later_board_approves_the_minutes(row: Meeting) -> None:
    """One of the same forum that began after it; whoever approved them is written down."""
    expected = replace(DRAFT, minutes="Approved", minutes_by="Ada Chairperson")
    assert approved(DRAFT, [row], CHAIR) == expected
    assert approved(DRAFT, [*NOT_LATER, row], CHAIR) == expected
    assert approved(replace(DRAFT, forum="Mhrmb"), [row], CHAIR) == replace(expected, forum="Mhrmb")


@pytest.mark.parametrize("row", NOT_LATER)
def test_no_other_board_approves_the_minutes(row: Meeting) -> None:
    """Not one that did not begin, was not later, or is another forum's; nor is there none."""
    for rows in ([row], []):
        with pytest.raises(NotAllowed) as wrong:
            approved(DRAFT, rows, CHAIR)
        assert wrong.value.refusal is Refusal.MINUTES_LATER


@pytest.mark.parametrize("role", Role)
def test_a_chair_approves(role: Role) -> None:
    """Nobody else does, the mental health team neither."""
    if role == "Chair":
        assert approved(DRAFT, [LATER], create_member(role)).minutes == "Approved"
    else:
        with pytest.raises(NotAllowed) as wrong:
            approved(DRAFT, [LATER], create_member(role))
        assert wrong.value.refusal is Refusal.NOT_A_CHAIR


def test_minutes_are_approved_once() -> None:
    """And not before there are any; those of a board whose day nobody knows have no later board."""
    done = approved(DRAFT, [LATER], CHAIR)
    for here, refusal in (
        (done, Refusal.MINUTES_APPROVED),
        (replace(ON, minutes=""), Refusal.MINUTES_NOT_MADE),
        (replace(DRAFT, held_on=None), Refusal.MINUTES_LATER),
    ):
        with pytest.raises(NotAllowed) as wrong:
            approved(here, [LATER], CHAIR)
        assert wrong.value.refusal is refusal


LINK = "https://example.org/recordings/b-7"


def test_where_a_recording_is() -> None:
    """Its link, who may open it and by when it goes are in the board's row; nothing else of the row changes."""
    after = recorded(DRAFT, LINK, " the chairs ", date(2027, 3, 31), DAY)
    assert after == replace(DRAFT, recording=LINK, recording_for="the chairs", recording_until=date(2027, 3, 31))
    longest = LINK.ljust(255, "x")
    assert recorded(DRAFT, longest, "x", date(2026, 12, 10), DAY).recording == longest


@pytest.mark.parametrize(
    ("link", "who", "until", "problems"),
    [
        ("http://example.org/b-7", "x", date(2027, 1, 1), [("recording", Problem.NOT_A_LINK)]),
        ("example.org", "x", date(2027, 1, 1), [("recording", Problem.NOT_A_LINK)]),
        ("", "x", date(2027, 1, 1), [("recording", Problem.NOT_A_LINK)]),
        (f"{LINK} b", "x", date(2027, 1, 1), [("recording", Problem.NOT_A_LINK)]),
        (LINK.ljust(256, "x"), "x", date(2027, 1, 1), [("recording", Problem.NOT_A_LINK)]),
        (LINK, "  ", date(2027, 1, 1), [("recording_for", Problem.MISSING)]),
        (LINK, "x", None, [("recording_until", Problem.MISSING)]),
        (LINK, "x", DAY, [("recording_until", Problem.NOT_LATER)]),
        (LINK, "x", date(2026, 12, 1), [("recording_until", Problem.NOT_LATER)]),
        (
            *("ftp://x", "", None),
            [
                ("recording", Problem.NOT_A_LINK),
                ("recording_for", Problem.MISSING),
                ("recording_until", Problem.MISSING),
            ],
        ),
    ],
)
def test_a_recording_that_is_refused(
    link: str, who: str, until: date | None, problems: list[tuple[str, Problem]]
) -> None:
    """A link that is none, for nobody, or without a day to come on which it goes: each is named, all at once."""
    with pytest.raises(NotUnderstood) as wrong:
        recorded(DRAFT, link, who, until, DAY)
    assert [(each.field, each.problem) for each in wrong.value.problems] == problems
