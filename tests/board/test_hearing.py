"""Hearing a case: what a form must hold, what follows for the case, and reading the same from one typed line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.errors import FieldProblem, NotAllowed, NotUnderstood, Problem, Refusal, one_of
from board.forms import Form
from board.hearing import (
    TAKING_PART,
    Room,
    as_said,
    as_values,
    attendance,
    beside,
    by_agency,
    hear,
    took_part,
)
from board.late import Awaited, digests, is_chased, read_key
from board.minuting import read_hearing
from board.records import Hearing
from board.stepping import has_step, with_step
from board.vocabulary import OUTCOMES, Decision, Gate, Role, Status
from tests.builders import KEY, create_agency, create_forum, create_member, create_partners, create_referral

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
LEAD = create_member(Role.AGENCY_LEAD, id=5, name="Di Trustlead", user_id="lead", agency="MHT")
NURSE = create_member(id=2)
ROOM = Room("S-31", create_forum(), date(2026, 11, 25), create_partners(), (NURSE, LEAD))
CHAIR = create_member(Role.SUBGROUP_CHAIR, name="Ada Chairperson")
SOUND: dict[str, Any] = {"key": KEY, "decision": Decision.NO_PLAN, "rationale": "Nobody is at risk now."}

BECOMES: dict[tuple[str, str], str] = {
    **{(before, "A tactical plan is needed"): "Heard" for before in ("Triaged", "Listed", "Heard", "No plan")},
    **{(before, "No plan is needed"): "No plan" for before in ("Triaged", "Listed", "Heard", "No plan")},
    **{(before, "Hear again"): "Heard" for before in ("Triaged", "Listed", "Heard", "No plan")},
    **{
        (before, decision): "Reviewed"
        for before in ("Plan agreed", "Reviewed")
        for decision in ("A tactical plan is needed", "No plan is needed", "Hear again")
    },
    **{
        (before, decision): after
        for before in ("Triaged", "Listed", "Heard", "No plan", "Plan agreed", "Reviewed")
        for decision, after in (("Redirect to another forum", "Redirected"), ("Close", "Closed"))
    },
}
"""What each decision makes of a case in each state it can be heard in; there is no other."""


def case(status: str = "Listed", **values: Any) -> Any:
    """A case on the list."""
    return create_referral(status=status, gate=Gate.SUBGROUP, listed_for="S-31", list_order=3, **values)


def test_every_state_and_decision() -> None:
    """A case can be heard in six states; each decision makes of it what the board's path says."""
    for status in Status:
        for decision in Decision:
            form = Form({**SOUND, "decision": decision, "redirect_to": "MARAC"})
            after = BECOMES.get((status, decision))
            if after is None:
                with pytest.raises(NotAllowed) as refused:
                    hear(form, case(status), None, CHAIR, ROOM, now=NOW)
                assert refused.value.refusal is Refusal.NOT_HEARABLE
            else:
                heard = hear(form, case(status), None, CHAIR, ROOM, now=NOW)
                assert heard.referral.status == after
                assert heard.referral.open == (after != "Closed")
                assert (heard.referral.listed_for, heard.referral.list_order) == ("", 0)


def test_a_closed_case_is_not_heard() -> None:
    """Whatever its status says, a case that is not open is refused."""
    with pytest.raises(NotAllowed) as refused:
        hear(Form(SOUND), case(open=False), None, CHAIR, ROOM, now=NOW)
    assert refused.value.refusal is Refusal.CLOSED


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"decision": ""}, FieldProblem("decision", Problem.MISSING)),
        ({"decision": "Maybe"}, one_of("decision", Decision)),
        ({"rationale": "  "}, FieldProblem("rationale", Problem.MISSING)),
        ({"dissent": "Not so."}, FieldProblem("dissent_by", Problem.MISSING)),
        ({"dissent_by": "POL"}, FieldProblem("dissent", Problem.MISSING)),
        ({"dissent": "Not so.", "dissent_by": "XYZ"}, FieldProblem("dissent_by", Problem.NOT_A_CHOICE)),
        ({"outcomes": "Knighted"}, FieldProblem("outcomes", Problem.NOT_A_CHOICE)),
        ({"next_review": "2026-11-18"}, FieldProblem("next_review", Problem.NOT_LATER)),
        ({"next_review": "soon"}, FieldProblem("next_review", Problem.NOT_A_DATE)),
        ({"decision": Decision.REDIRECT}, FieldProblem("redirect_to", Problem.MISSING)),
        ({"action_what_2": "Ring"}, FieldProblem("action_agency_2", Problem.MISSING)),
        ({"action_what_2": "Ring"}, FieldProblem("action_due_2", Problem.MISSING)),
        ({"action_agency_3": "MHT"}, FieldProblem("action_what_3", Problem.MISSING)),
        ({"action_due_1": "2026-11-17"}, FieldProblem("action_due_1", Problem.IN_THE_PAST)),
        ({"action_agency_1": "MHT, POL"}, FieldProblem("action_agency_1", Problem.NOT_A_CHOICE)),
        ({"key": "x"}, FieldProblem("key", Problem.STALE)),
        ({"shared": ["a list"]}, FieldProblem("shared", Problem.NOT_TEXT)),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], problem: FieldProblem) -> None:
    """Each mistake is told with its field."""
    with pytest.raises(NotUnderstood) as wrong:
        hear(Form({**SOUND, **changed}), case(), None, CHAIR, ROOM, now=NOW)
    assert problem in wrong.value.problems


@given(
    st.dictionaries(st.sampled_from([*SOUND, "dissent", "dissent_by", "next_review", "shared"]), st.text() | st.none())
)
def test_no_form_does_harm(values: dict[str, Any]) -> None:
    """Whatever a form holds, it is a hearing with its rationale, or refused with its problems."""
    try:
        heard = hear(Form(values), case(), None, CHAIR, ROOM, now=NOW)
    except NotUnderstood as wrong:
        assert wrong.problems  # noqa: PT017 - what is refused depends on what was drawn
    else:
        assert heard.hearing.rationale
        assert heard.hearing.decision in set(Decision)
        assert bool(heard.hearing.dissent) == bool(heard.hearing.dissent_by)


def test_what_is_heard_again_comes_back_at_the_next_meeting() -> None:
    """A case to be heard again has the next meeting's day for its review unless another is named."""
    again = {**SOUND, "decision": Decision.CONTINUE}
    assert hear(Form(again), case(), None, CHAIR, ROOM, now=NOW).referral.next_review == date(2026, 11, 25)
    named = hear(Form({**again, "next_review": "2026-12-16"}), case(), None, CHAIR, ROOM, now=NOW)
    assert named.referral.next_review == date(2026, 12, 16)


def test_an_action_is_owned_by_its_agency_s_lead() -> None:
    """What an agency volunteers is its lead's until it names another; it comes from the case."""
    typed = {"action_what_2": "Ring the ward", "action_agency_2": "mht", "action_due_2": "2026-11-20"}
    (action,) = hear(Form({**SOUND, **typed}), case(), None, CHAIR, ROOM, now=NOW).actions
    assert (action.owner_name, action.agency, action.source) == ("Di Trustlead", "MHT", "R-14")
    assert action.key == f"{KEY}-2"
    assert action.about_a_case


def test_beside_keeps_mine_and_fills_in_theirs() -> None:
    """Of two recorders' words mine stand where I wrote any, theirs where I wrote none."""
    theirs = Hearing(meeting="S-31", decision=Decision.CLOSE, rationale="Theirs", outcomes=("Arrest", "Charge"))
    both = beside({"rationale": "Mine", "shared": "Said", "outcomes": ""}, theirs)
    assert {name: both[name] for name in ("rationale", "shared", "outcomes", "decision")} == {
        "rationale": "Mine",
        "shared": "Said",
        "outcomes": "Arrest,Charge",
        "decision": "Close",
    }


def test_what_was_recorded_makes_the_same_hearing_again() -> None:
    """A hearing opened again and kept as it is says what it said."""
    typed = {**SOUND, "dissent": "Not so.", "dissent_by": "POL,MHT", "outcomes": "Arrest", "next_review": "2026-12-02"}
    first = hear(Form(typed), case(), None, CHAIR, ROOM, now=NOW).hearing
    second = hear(Form({**as_values(first), "key": KEY}), case("Heard"), first, CHAIR, ROOM, now=NOW).hearing
    assert replace(second, step_key="") == replace(first, step_key="")


@pytest.mark.parametrize("said", TAKING_PART)
def test_attendance_reads_back(said: str) -> None:
    """How an agency took part is read back as it was said, and apologies say whether information was sent."""
    row = attendance("S-31", "POL", said)
    assert as_said(row) == said
    assert by_agency([row]) == {"POL": row}
    assert took_part(said)[1] == (said == "Apologies, information sent")


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("plan: because", {"decision": "A tactical plan is needed", "redirect_to": "", "rationale": "because"}),
        ("No Plan: a; b", {"decision": "No plan is needed", "redirect_to": "", "rationale": "a; b"}),
        ("redirect MARAC: x", {"decision": "Redirect to another forum", "redirect_to": "MARAC", "rationale": "x"}),
        ("again: x; review: 2026-12-02", {"decision": "Hear again", "redirect_to": "", "rationale": "x",
                                          "next_review": "2026-12-02"}),
        ("close: x; dissent pol, mht: no; so there", {"decision": "Close", "redirect_to": "", "rationale": "x",
                                                      "dissent_by": "POL,MHT", "dissent": "no; so there"}),
        ("close: x; outcomes: arr, no fur, odd", {"decision": "Close", "redirect_to": "", "rationale": "x",
                                                  "outcomes": "Arrest,No further action,odd"}),
        ("plan: x; action MHT 2026-12-01: ring; shared: y", {"decision": "A tactical plan is needed", "redirect_to": "",
         "rationale": "x", "action_what_1": "ring", "action_agency_1": "MHT", "action_due_1": "2026-12-01",
         "shared": "y"}),
        ("nothing of the kind", {"rationale": "nothing of the kind"}),
    ],
)  # fmt: skip
def test_one_typed_line(said: str, values: dict[str, str]) -> None:
    """A decision typed in one line fills the same fields as the form."""
    assert read_hearing(said) == values


@given(st.text(), st.sampled_from(OUTCOMES))
def test_no_typed_word_is_lost(said: str, outcome: str) -> None:
    """Whatever follows the decision is in the values, or refused with its field."""
    read = read_hearing(f"plan: {said}; outcomes: {outcome}")
    words = [word for word in said.replace(";", " ").replace(":", " ").split() if word.isalnum() and len(word) > 12]
    kept = " ".join(read.values()).casefold()
    assert all(word.casefold() in kept for word in words)


@given(st.lists(st.text("0123456789abcdef", min_size=1, max_size=8)))
def test_the_latest_steps_are_remembered(keys: list[str]) -> None:
    """A step just taken is known as taken, and five are kept at most."""
    kept = ""
    for key in keys:
        kept = with_step(kept, key)
        assert has_step(kept, key)
    assert len([each for each in kept.split(";") if each]) <= 5


@pytest.mark.parametrize(
    ("day", "until", "chased"),
    [
        (date(2026, 11, 25), date(2026, 11, 20), False),
        (date(2026, 11, 25), date(2026, 11, 23), True),
        (date(2026, 11, 25), date(2026, 11, 24), True),
        (date(2026, 11, 25), date(2026, 11, 25), False),
        (date(2026, 11, 23), date(2026, 11, 19), True),  # a Monday: the Thursday before
        (date(2026, 12, 29), date(2026, 12, 22), False),
        (date(2026, 12, 29), date(2026, 12, 23), True),  # the 25th and the 28th are holidays: the 24th and the 23rd
    ],
)
def test_late_returns_are_chased_two_working_days_before(day: date, until: date, chased: bool) -> None:
    """From two working days before the meeting until the day before it, bank holidays left out."""
    assert is_chased(day, until) is chased


def test_a_late_digest_names_only_what_its_reader_may_answer() -> None:
    """Leads and representatives of an awaited agency hear of it, others do not; without an agreement nobody does."""
    cases = (case(id=14), case(id=15))
    codes = {"R-14": ("MHT", "ASC"), "R-15": ("ASC",)}
    awaited = Awaited("S-31", cases, codes, {"SUB": create_forum()})
    officer = create_member(Role.MENTAL_HEALTH_TEAM, id=9, user_id="team", agency="MHT")
    agencies = create_partners() | {"ASC": create_agency("ASC", isa_signed_on=None)}
    social = create_member(id=7, user_id="social", agency="ASC")
    told = digests(awaited, [officer, social, LEAD], agencies, date(2026, 11, 16))
    assert [(notice.key, cases) for notice, cases in told] == [("late/S-31/MHT/lead", ("R-14",))]
    assert read_key("late/S-31/MHT/lead") == ("S-31", "lead")
    assert read_key("late/S-31/channel") == ("S-31", "")
    assert read_key("digest/x/y") is None
